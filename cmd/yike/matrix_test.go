package main

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	communities "yike/facilities/matrix"
	"yike/facilities/standards"
	"yike/internal/auth"
	"yike/internal/record"
	"yike/internal/rules"
)

type apiMatrix struct {
	Columns []struct{ ID string }
	Groups  []struct {
		Code string
		Rows []struct {
			Code     string
			Cells    []struct{ State string }
			Premises struct {
				Source string
				AreaM2 *float64 `json:"area_m2"`
			}
		}
	}
	Sums []struct{ Facilities, Own, Shared, None int }
}

func (o *office) matrix(t *testing.T, query string) apiMatrix {
	t.Helper()
	w := o.Do(http.MethodGet, "/api/v1/community-matrix"+query, as("reader"), nil)
	var m apiMatrix
	if err := json.Unmarshal(w.Body.Bytes(), &m); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", query, w.Code, w.Body)
	}
	return m
}

// TestMatrix holds the table to the registry and the ledger as they change: a facility
// that is registered is there at once, and rooms take the place of what the registry says
// of premises.
func TestMatrix(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	at, _, _ := o.home(t)
	o.hire(t, "planner", auth.Planner, "")
	o.hire(t, "reader", auth.ReadOnly, "")
	before := o.matrix(t, "?types=elderly_canteen")
	made := o.register(t, "planner", "k1", at)
	after := o.matrix(t, "?types=elderly_canteen")
	if after.Sums[0].Facilities != before.Sums[0].Facilities+1 || len(after.Columns) != 1 {
		t.Errorf("%+v after %+v", after.Sums, before.Sums)
	}
	if again := o.matrix(t, "?types=elderly_canteen"); again.Sums[0] != after.Sums[0] {
		t.Errorf("asked again: %+v", again.Sums)
	}
	state := func(m apiMatrix) string {
		for _, g := range m.Groups {
			for _, r := range g.Rows {
				if r.Code == made.Division {
					return r.Cells[0].State + " " + r.Premises.Source
				}
			}
		}
		return "no line " + made.Division
	}
	if got := state(after); got != "own registry" {
		t.Errorf("the community has %s", got)
	}
	o.room(t, http.MethodPost, premisesPath, as("planner", "Idempotency-Key", "k2"), map[string]any{
		"name": "用房", "lon": at.Lon(), "lat": at.Lat(), "approved_use": "community_service", "area_m2": 640, "state": "accepted", "reason": "建账",
	}, http.StatusCreated)
	if got := state(o.matrix(t, "?types=elderly_canteen")); got != "own ledger" {
		t.Errorf("with a room the community has %s", got)
	}
	if usual := o.matrix(t, ""); len(usual.Columns) < 12 {
		t.Errorf("%d usual columns", len(usual.Columns))
	}
}

// TestNormsAgree holds the thresholds that the table and the checks of facilities both
// have to one another.
func TestNormsAgree(t *testing.T) {
	t.Parallel()
	set, err := standards.Set()
	if err != nil {
		t.Fatal(err)
	}
	table, err := communities.Build(communities.Input{AdCode: "120111", Day: record.Day("2026-11-27")})
	if err != nil {
		t.Fatal(err)
	}
	held := 0
	for _, n := range table.Norms {
		i := slices.IndexFunc(set.Rules, func(r rules.Rule) bool { return r.ID == n.Rule.ID && slices.Contains(r.Regions, "12") })
		if i < 0 {
			continue // rules of estates are not among those of facilities
		}
		held++
		if r := set.Rules[i]; r.AtLeast.Value != n.Rule.AtLeast.Value || r.Severity != n.Rule.Severity || r.Grade != n.Rule.Grade || r.Cite.Sentence != n.Rule.Cite.Sentence {
			t.Errorf("%s: %+v, but %+v", r.ID, n.Rule, r)
		}
	}
	if held != 2 {
		t.Errorf("%d norms are in both", held)
	}
}
