package main

import (
	"math"
	"net/http"
	"testing"
	"time"

	"yike/facilities/estates"
	"yike/facilities/indicators"
)

// The plan board may follow the rates that the report on estates has, by the same names.
func TestBoardKnowsTheRates(t *testing.T) {
	t.Parallel()
	board, report := indicators.Rates(), estates.Rates()
	if len(board) != len(report) {
		t.Fatalf("%d rates, %d in the report", len(board), len(report))
	}
	for i, r := range report {
		if want := (indicators.RateInfo{Code: string(r.ID), ZH: r.TitleZH, EN: r.TitleEN}); board[i] != want {
			t.Errorf("%+v, want %+v", board[i], want)
		}
	}
}

// TestBoardAndReportAgree follows the pass rates of new estates through the board and the
// report on estates: one figure, today and looked back at, whoever asks.
func TestBoardAndReportAgree(t *testing.T) {
	t.Parallel()
	o := openPlans(t)
	_, own, _ := o.home(t)
	enter := func(key string, more map[string]any) {
		t.Helper()
		body := map[string]any{"name": "小区 " + key, "kind": "new", "division_code": own, "households": 1000, "people": 3000, "completed_on": "2025-06-01", "reason": "登记"}
		for k, v := range more {
			body[k] = v
		}
		answer[apiEstate](t, o, http.MethodPost, estatesPath, as("planner", "Idempotency-Key", key), body, http.StatusCreated)
	}
	room := func(area any) []any {
		return []any{map[string]any{"name": "日间照料", "use": "elderly_service", "area": area}}
	}
	enter("enough", map[string]any{"rooms": room(2000)})
	enter("none", nil)
	enter("unknown", map[string]any{"people": nil, "households": nil, "rooms": room(2000)})
	plan := o.made(t, "/api/v1/plans", "own", map[string]any{"title": map[string]any{"zh": "“十五五”规划"}, "base_year": 2025, "target_year": 2030, "reason": "新编"})
	rows := map[string]string{}
	for _, r := range indicators.Rates() {
		rows[r.Code] = o.made(t, "/api/v1/plans/"+plan+"/indicators", r.Code, map[string]any{
			"name": map[string]any{"zh": r.ZH}, "unit": map[string]any{"zh": "%"}, "target": "100", "reason": "新编", "formula": map[string]any{"kind": "estate_rate", "rate": r.Code},
		})
	}
	type told struct {
		Rates []struct {
			ID      string
			Percent *float64
			Passed  []string
		}
	}
	agree := func(year string) {
		t.Helper()
		report, some := answer[told](t, o, http.MethodGet, "/api/v1/estates-report", as("reader"), nil, http.StatusOK), 0
		b := o.board(t, plan, "?year="+year)
		for _, r := range report.Rates {
			l := b.line(t, rows[r.ID])
			if l.Live == nil || (l.Number == nil) != (r.Percent == nil) || r.Percent != nil && math.Abs(*l.Number-*r.Percent) > 1e-9 {
				t.Errorf("%s in %s: the board has %v, the report %v", r.ID, year, l.Number, r.Percent)
			}
			if r.Percent != nil && len(r.Passed) > 0 {
				some++
			}
		}
		if len(report.Rates) != len(rows) || some == 0 {
			t.Errorf("%d rates, %d of them above nothing", len(report.Rates), some)
		}
	}
	agree("2026")
	before := *o.board(t, plan, "?year=2026").line(t, rows["IND-29"]).Number
	// A year later another is there: the board of that year is the report, the past stays.
	o.now = time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	enter("another", nil)
	agree("2027")
	if after := *o.board(t, plan, "?year=2026").line(t, rows["IND-29"]).Number; after != before {
		t.Errorf("the year past: %v, was %v", after, before)
	}
	if b := o.board(t, plan, "?year=2025").line(t, rows["IND-29"]); b.Number != nil {
		t.Errorf("before any was on record: %v", *b.Number)
	}
}
