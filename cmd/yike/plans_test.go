package main

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/auth"
)

type apiBoard struct {
	Day   string
	Year  int
	Lines []apiLine
}

type apiLine struct {
	Indicator struct{ ID, Key string }
	Number    *float64
	From      string
	Status    string
	Apart     struct{ ZH string }
	Live      *struct {
		Bases []struct {
			Base           string
			People, Number float64
		}
		Reach *struct {
			Share               *float64
			Covered, Population float64
			Day                 string
		}
		Units *struct{ Total, Own, Assigned int }
	}
}

func (o *office) board(t *testing.T, plan, query string) apiBoard {
	t.Helper()
	w := o.Do(http.MethodGet, "/api/v1/plans/"+plan+"/board"+query, as("reader"), nil)
	var b apiBoard
	if err := json.Unmarshal(w.Body.Bytes(), &b); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", query, w.Code, w.Body)
	}
	return b
}

func (b apiBoard) line(t *testing.T, key string) apiLine {
	t.Helper()
	for _, l := range b.Lines {
		if l.Indicator.Key == key || l.Indicator.ID == key {
			return l
		}
	}
	t.Fatalf("no line %s", key)
	return apiLine{}
}

// made gives the id of what a request made.
func (o *office) made(t *testing.T, path, key string, body map[string]any) string {
	t.Helper()
	w := o.Do(http.MethodPost, path, as("planner", "Idempotency-Key", key), body)
	var out struct{ ID string }
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusCreated {
		t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return out.ID
}

func openPlans(t *testing.T) *office {
	t.Helper()
	_, db := demo(t)
	o := openOffice(t, db)
	o.hire(t, "planner", auth.Planner, "")
	o.hire(t, "reader", auth.ReadOnly, "")
	return o
}

// The figures of a plan that was taken over are those that one counts oneself.
func TestBoardCountsTheRegistry(t *testing.T) {
	t.Parallel()
	o := openPlans(t)
	plan := o.made(t, "/api/v1/plans", "adopt", map[string]any{"template": "xiqing-145", "reason": "采用"})
	b := o.board(t, plan, "?year=2026")
	if b.Day != "2026-11-27" || len(b.Lines) != 36 {
		t.Fatalf("on %s, %d lines", b.Day, len(b.Lines))
	}
	open, beds := map[facilities.Type]float64{}, map[facilities.Type]float64{}
	for _, f := range o.state.Facilities {
		if f.Status == facilities.Open {
			open[f.Type]++
			beds[f.Type] += float64(f.Capacity)
		}
	}
	for key, want := range map[string]float64{
		"1": open["elderly_institution"], "2": beds["elderly_institution"], "5": open["day_care_centre"], "6": open["elderly_canteen"], "8": beds["rescue_station"], "17": open["volunteer_station"],
	} {
		if got := b.line(t, key).Number; got == nil || *got != want {
			t.Errorf("row %s: %v, want %v", key, got, want)
		}
	}
	// Beds per 1,000 elders, by each base.
	rate := b.line(t, "4")
	band := coverage.BandIndex(o.state.Bands, "60+")
	for n, base := range []divisions.Base{divisions.Registered, divisions.Resident} {
		var elders coverage.People
		for _, p := range o.state.Demand[base].People[band] {
			elders += p
		}
		want := beds["elderly_institution"] / (float64(elders) / float64(coverage.Person)) * 1000
		if got := rate.Live.Bases[n]; got.Base != string(base) || math.Abs(got.Number-want) > 1e-9 {
			t.Errorf("%s: %+v, want %v", base, got, want)
		}
	}
	// What the registry cannot tell is nothing, not 0.
	if l := b.line(t, "10"); l.Number != nil || l.Live != nil || l.Status != "unknown" {
		t.Errorf("%+v", l)
	}
}

// Both notions of coverage: the units are those that one counts oneself, and the people
// are those that walk to at least one of the types.
func TestBoardShowsBothNotions(t *testing.T) {
	t.Parallel()
	o := openPlans(t)
	plan := o.made(t, "/api/v1/plans", "adopt", map[string]any{"template": "xiqing-145", "reason": "采用"})
	l := o.board(t, plan, "?year=2026").line(t, "9")
	own := map[string]bool{}
	walked := make([]bool, len(o.state.Demand[o.state.Bases[0]].Points))
	for _, typ := range []facilities.Type{"elderly_centre", "day_care_centre", "elderly_station", "elderly_canteen", "meal_point", "rural_elderly_centre"} {
		for _, f := range o.state.Facilities {
			if f.Type == typ && f.Status == facilities.Open && len(f.DivisionCode) >= 12 {
				own[f.DivisionCode[:12]] = true
			}
		}
		info, _ := o.state.TypeInfo(typ)
		if info.Measure != facilities.Walk {
			continue
		}
		a, err := o.state.Coverage(t.Context(), coveragelive.Query{Type: typ, LimitS: 900, Speed: walknet.Speed(900)})
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range a.Result.State {
			walked[i] = walked[i] || s == coverage.Covered
		}
	}
	var covered coverage.People
	for i, n := range o.state.Demand[o.state.Bases[0]].People[coverage.BandIndex(o.state.Bands, "60+")] {
		if walked[i] {
			covered += n
		}
	}
	if l.Live.Units.Own != len(own) || l.Live.Reach == nil || math.Abs(l.Live.Reach.Covered-float64(covered)/float64(coverage.Person)) > 1e-9 || l.Live.Reach.Day != "2026-11-27" {
		t.Errorf("own %d, want %d; %+v, want %v covered", l.Live.Units.Own, len(own), l.Live.Reach, covered)
	}
	// A year past has its own units and the walks of today.
	if past := o.board(t, plan, "?year=2025").line(t, "9"); past.Live.Reach == nil || past.Live.Reach.Day != "2026-11-27" {
		t.Errorf("%+v", past.Live)
	}
}

// TestBoardLooksBack follows a figure through the years: what was closed in January still
// counts on the last day of December, and what was sealed stays whatever comes after.
func TestBoardLooksBack(t *testing.T) {
	t.Parallel()
	o := openPlans(t)
	at, _, _ := o.home(t)
	plan := o.made(t, "/api/v1/plans", "own", map[string]any{"title": map[string]any{"zh": "“十五五”规划"}, "base_year": 2025, "target_year": 2030, "reason": "新编"})
	row := o.made(t, "/api/v1/plans/"+plan+"/indicators", "row", map[string]any{
		"name": map[string]any{"zh": "老人家食堂总数"}, "unit": map[string]any{"zh": "个"}, "target": "9", "reason": "新编",
		"formula": map[string]any{"kind": "count", "of": []any{map[string]any{"type": "elderly_canteen"}}},
	})
	count := func(query string) float64 {
		t.Helper()
		n := o.board(t, plan, query).line(t, row).Number
		if n == nil {
			t.Fatalf("%s: nothing", query)
		}
		return *n
	}
	before := count("?year=2026")
	made := o.register(t, "planner", "canteen", at)
	if got := count("?year=2026"); got != before+1 {
		t.Errorf("with a new one: %v", got)
	}
	if got := count("?year=2025"); got != before {
		t.Errorf("it was not there the year before: %v", got)
	}
	o.now = time.Date(2027, 1, 10, 9, 0, 0, 0, time.UTC)
	facilityIn(t, o.Do(http.MethodPatch, facilitiesPath+"/"+made.ID, as("planner", "If-Match", made.tag), map[string]any{"status": "closed", "reason": "停办", "valid_from": "2027-01-05"}), http.StatusOK)
	if last, now := count("?year=2026"), count("?year=2027"); last != before+1 || now != before {
		t.Errorf("closed in January: %v at the end of 2026, %v now; want %v and %v", last, now, before+1, before)
	}
	w := o.Do(http.MethodPost, "/api/v1/plans/"+plan+"/seals", as("planner", "Idempotency-Key", "seal"), map[string]any{"year": 2026, "reason": "封存 2026 年度数值"})
	if w.Code != http.StatusCreated || !strings.Contains(w.Body.String(), `"kept":1`) {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	// One that was open since June is registered late: the sealed figure stands, and the
	// two are shown.
	late := newCanteen(at)
	late["valid_from"] = "2026-06-01"
	facilityIn(t, o.Do(http.MethodPost, facilitiesPath, as("planner", "Idempotency-Key", "late"), late), http.StatusCreated)
	l := o.board(t, plan, "?year=2026").line(t, row)
	if l.From != "sealed" || *l.Number != before+1 || !strings.Contains(l.Apart.ZH, fmt.Sprintf("现在算得 %v\u2009个，相差 1\u2009个", before+2)) {
		t.Errorf("sealed: %+v", l)
	}
	if got := o.board(t, plan, "?year=2029"); got.Day != "" || got.Lines[0].Number != nil {
		t.Errorf("a year to come: %+v", got)
	}
}

// A planner of one subdistrict writes no plan of the whole authority, and the refusal is
// in the audit log.
func TestPlansAreOfTheWholeAuthority(t *testing.T) {
	t.Parallel()
	o := openPlans(t)
	_, own, _ := o.home(t)
	o.hire(t, "local", auth.Planner, own)
	body := map[string]any{"title": map[string]any{"zh": "规划"}, "base_year": 2025, "target_year": 2030, "reason": "新编"}
	w := o.Do(http.MethodPost, "/api/v1/plans", as("local", "Idempotency-Key", "k"), body)
	if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), `"code":"forbidden"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	var refused int
	if err := o.db.Pool().QueryRow(t.Context(), `SELECT count(*) FROM audit_entry WHERE action = 'plan.create' AND outcome = 'refused'`).Scan(&refused); err != nil || refused != 1 {
		t.Errorf("%d refusals in the log, %v", refused, err)
	}
	if w := o.Do(http.MethodGet, "/api/v1/plans", as("local"), nil); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// The files of a review are those of its format.
func TestReviewFiles(t *testing.T) {
	t.Parallel()
	o := openPlans(t)
	plan := o.made(t, "/api/v1/plans", "adopt", map[string]any{"template": "dongchang-145", "reason": "采用"})
	for format, begins := range map[string]string{"csv": "\ufeff", "xlsx": "PK", "pdf": "%PDF-"} {
		w := o.Raw(fmt.Sprintf("/api/v1/plans/%s/review.%s?kind=final", plan, format), as("reader"))
		if format == "pdf" && w.Code == http.StatusServiceUnavailable {
			continue // no fonts here
		}
		if w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), begins) {
			t.Errorf("%s: %d %.80s", format, w.Code, w.Body)
		}
	}
	if w := o.Do(http.MethodGet, "/api/v1/plans/"+plan+"/review?kind=final", as("reader"), nil); !strings.Contains(w.Body.String(), `"year":2025`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
