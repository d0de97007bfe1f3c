package main

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/internal/auth"
	"yike/internal/httpapi"
)

const estatesPath = "/api/v1/estates"

type apiEstate struct {
	ID           string
	Version      int
	DivisionCode string `json:"division_code"`
	MayWrite     bool   `json:"may_write"`
	Position     *[2]float64
	Rooms        []map[string]any
	Households   int
}

type apiCheck struct {
	Conclusion, Day string
	Milestone       *string
	Failed, Unknown int
	Community       struct {
		Known      bool
		Households int
		Area       float64
	}
	Findings []apiFinding
}

type apiFinding struct {
	Rule, Outcome, Sentence, Subject string
	Value                            *float64
	Missing                          float64
	MissingUnit                      string `json:"missing_unit"`
	Share                            *struct {
		Area float64
		Owed *float64
	} `json:"estate_share"`
}

func (c apiCheck) outcome(rule string) string {
	for _, f := range c.Findings {
		if f.Rule == rule {
			return f.Outcome
		}
	}
	return ""
}

// answer asks and reads what is answered; another status fails.
func answer[T any](t *testing.T, o *office, method, path string, header http.Header, body any, status int) T {
	t.Helper()
	w := o.Do(method, path, header, body)
	var out T
	if w.Code != status {
		t.Fatalf("%s %s: %d %s; want %d", method, path, w.Code, w.Body, status)
	}
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
	}
	return out
}

func square(at orb.Point) map[string]any {
	const half = 0.00005
	ring := [][2]float64{{at[0] - half, at[1] - half}, {at[0] + half, at[1] - half}, {at[0] + half, at[1] + half}, {at[0] - half, at[1] + half}}
	return map[string]any{"type": "Polygon", "coordinates": [][][2]float64{ring}}
}

// TestEstates follows an estate through the API as people of several roles: drawn, checked
// against its community, tried out otherwise, changed and listed.
func TestEstates(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	at, own, other := o.home(t)
	o.hire(t, "reviewer", auth.EstateReviewer, own)
	o.hire(t, "stranger", auth.Planner, other)
	o.hire(t, "reader", auth.ReadOnly, "")
	content := map[string]any{
		"name": "和顺家园", "kind": "new", "boundary": square(at), "households": 1000, "people": 3100, "housing_floor": 120000, "floor_above": nil,
		"phases": []any{map[string]any{"no": 1, "households": 1000}}, "conditions": map[string]any{"number": "规条1"}, "plan": map[string]any{"number": "建审1", "day": nil},
		"rooms": []any{
			map[string]any{"name": "党群服务中心", "use": "party_mass", "area": 170.5, "phase": 1, "position": at, "floor": "1"},
			map[string]any{"name": "日间照料", "use": "elderly_service", "area": 400, "land_share": 620, "lift": true, "parts": []any{}},
		},
	}
	created := map[string]any{"reason": "登记"}
	for k, v := range content {
		created[k] = v
	}
	created["place_name_id"] = "01900000-0000-7000-8000-000000000001"
	if w := o.Do(http.MethodPost, estatesPath, as("reviewer", "Idempotency-Key", "e0"), created); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "place_name_id") {
		t.Errorf("linked to a place name that is not there: %d %s", w.Code, w.Body)
	}
	delete(created, "place_name_id")
	first := answer[apiEstate](t, o, http.MethodPost, estatesPath, as("reviewer", "Idempotency-Key", "e1"), created, http.StatusCreated)
	if again := answer[apiEstate](t, o, http.MethodPost, estatesPath, as("reviewer", "Idempotency-Key", "e1"), created, http.StatusCreated); again.ID != first.ID {
		t.Errorf("the same request made %s and %s", first.ID, again.ID)
	}
	if w := o.Do(http.MethodPost, estatesPath, as("stranger", "Idempotency-Key", "e2"), created); w.Code != http.StatusForbidden {
		t.Errorf("next door: %d %s", w.Code, w.Body)
	}
	one := estatesPath + "/" + first.ID
	if e := answer[apiEstate](t, o, http.MethodGet, one, as("reader"), nil, http.StatusOK); e.MayWrite || e.Position == nil || len(e.Rooms) != 2 {
		t.Errorf("a reader sees %+v", e)
	}
	o.checkEstate(t, one, first, content)
	o.listEstates(t, first, own)
	patch := map[string]any{"households": nil, "boundary": nil, "reason": "核"}
	if e := answer[apiEstate](t, o, http.MethodPatch, one, as("reviewer", "If-Match", `"1"`), patch, http.StatusOK); e.Households != 0 || e.Position != nil || e.DivisionCode != first.DivisionCode {
		t.Errorf("emptied: %+v", e)
	}
	if w := o.Do(http.MethodPatch, one, as("reviewer", "If-Match", `"1"`), patch); w.Code != http.StatusPreconditionFailed {
		t.Errorf("a version behind: %d %s", w.Code, w.Body)
	}
	if w := o.Do(http.MethodGet, one+"/history", as("reader"), nil); w.Code != http.StatusForbidden {
		t.Errorf("a reader asks for history: %d", w.Code)
	}
	h := answer[httpapi.RecordVersions](t, o, http.MethodGet, one+"/history", as("reviewer"), nil, http.StatusOK)
	if len(h.Versions) != 2 || h.Versions[0].Why != "核" {
		t.Errorf("history: %+v", h)
	}
	if w := o.Do(http.MethodDelete, one+"?reason=a", as("stranger", "If-Match", `"2"`), nil); w.Code != http.StatusForbidden {
		t.Errorf("removed from next door: %d", w.Code)
	}
	if w := o.Do(http.MethodDelete, one+"?reason=a", as("reviewer", "If-Match", `"2"`), nil); w.Code != http.StatusNoContent {
		t.Errorf("removed: %d %s", w.Code, w.Body)
	}
}

// checkEstate holds the check to the community as it is, and to what would be.
func (o *office) checkEstate(t *testing.T, one string, first apiEstate, content map[string]any) {
	t.Helper()
	c := answer[apiCheck](t, o, http.MethodGet, one+"/check", as("reader"), nil, http.StatusOK)
	if c.outcome("RAT-07") != "pass" || c.outcome("RAT-13") != "undetermined" || c.Milestone != nil || c.Day != "2026-11-27" {
		t.Errorf("%+v", c)
	}
	i := slices.IndexFunc(c.Findings, func(f apiFinding) bool { return f.Rule == "RAT-01" })
	if i < 0 || !c.Community.Known {
		t.Fatalf("no norm for the community, or nobody knows it: %+v", c.Community)
	}
	f := c.Findings[i]
	want := (c.Community.Area + 170.5) * 100 / float64(c.Community.Households+1000)
	if f.Value == nil || math.Abs(*f.Value-want) > 1e-9 || f.Share == nil || f.Share.Area != 170.5 || f.Sentence == "" || f.Subject != "community" {
		t.Errorf("the community as it will be: %+v, want %v", f, want)
	}
	owed := math.Max(0, 0.3*float64(c.Community.Households+1000)-c.Community.Area)
	if f.Share.Owed == nil || math.Abs(*f.Share.Owed-owed) > 1e-6 {
		t.Errorf("owes %v, want %v", f.Share.Owed, owed)
	}
	if due := answer[apiCheck](t, o, http.MethodGet, one+"/check?milestone=conditions", as("reader"), nil, http.StatusOK); due.outcome("RAT-13") != "" || *due.Milestone != "conditions" {
		t.Errorf("at the conditions: %+v", due)
	}
	// What if there were 50 m² less land for elders?
	rooms := content["rooms"].([]any)
	rooms[1].(map[string]any)["land_share"] = 260
	trial := answer[apiCheck](t, o, http.MethodPost, estatesPath+"/check", as("reader"), map[string]any{"estate": content, "id": first.ID}, http.StatusOK)
	k := slices.IndexFunc(trial.Findings, func(f apiFinding) bool { return f.Rule == "RAT-07" })
	if k < 0 || trial.Findings[k].Outcome != "fail" || math.Abs(trial.Findings[k].Missing-50) > 1e-9 || trial.Findings[k].MissingUnit != "m2" || trial.Conclusion != "not_compliant" {
		t.Errorf("tried: %+v", trial.Findings[k])
	}
	if after := answer[apiEstate](t, o, http.MethodGet, one, as("reader"), nil, http.StatusOK); after.Version != 1 {
		t.Error("trying wrote something")
	}
	unsaved := map[string]any{"estate": map[string]any{"name": "", "kind": "new"}}
	if c := answer[apiCheck](t, o, http.MethodPost, estatesPath+"/check", as("reader"), unsaved, http.StatusOK); c.Conclusion == "compliant" || c.Community.Known {
		t.Errorf("one of which nothing is known: %+v", c)
	}
	for _, w := range []struct {
		body   any
		status int
	}{
		{map[string]any{"estate": content, "id": "01900000-0000-7000-8000-000000000009"}, http.StatusNotFound},
		{map[string]any{"estate": map[string]any{"name": "a", "kind": "new", "site_area": 1.001}}, http.StatusUnprocessableEntity},
	} {
		if got := o.Do(http.MethodPost, estatesPath+"/check", as("reader"), w.body); got.Code != w.status {
			t.Errorf("%d %s, want %d", got.Code, got.Body, w.status)
		}
	}
	if w := o.Do(http.MethodGet, estatesPath+"/x/check", as("reader"), nil); w.Code != http.StatusNotFound {
		t.Errorf("check of none: %d", w.Code)
	}
}

type apiEstatePage struct {
	Estates []struct {
		ID string
	}
	Total  int
	Counts map[string]int
	Next   *string
}

func (o *office) listEstates(t *testing.T, first apiEstate, own string) {
	t.Helper()
	for i := range 3 {
		answer[apiEstate](t, o, http.MethodPost, estatesPath, as("reviewer", "Idempotency-Key", fmt.Sprint("list", i)),
			map[string]any{"name": fmt.Sprintf("旧小区%d", i+1), "kind": "built", "division_code": first.DivisionCode, "reason": "登记"}, http.StatusCreated)
	}
	all := answer[apiEstatePage](t, o, http.MethodGet, estatesPath+"?limit=3", as("reader"), nil, http.StatusOK)
	if all.Total != 4 || len(all.Estates) != 3 || all.Next == nil {
		t.Fatalf("%+v", all)
	}
	rest := answer[apiEstatePage](t, o, http.MethodGet, estatesPath+"?limit=3&cursor="+*all.Next, as("reader"), nil, http.StatusOK)
	if len(rest.Estates) != 1 || rest.Next != nil || rest.Estates[0].ID == all.Estates[2].ID {
		t.Errorf("the rest: %+v", rest)
	}
	for query, want := range map[string]int{
		"division=" + own: 4, "kind=built": 3, "kind=new&q=%E5%92%8C%E9%A1%BA": 1, "milestone=conditions": 1, "milestone=done": 0, "overdue=true": 0, "q=%E6%97%A7": 3,
		"at=2026-11-26": 0, "at=2026-11-27": 4, "short=elderly_premises": 0,
	} {
		if got := answer[apiEstatePage](t, o, http.MethodGet, estatesPath+"?"+query, as("reader"), nil, http.StatusOK); got.Total != want {
			t.Errorf("%s: %d, want %d", query, got.Total, want)
		}
	}
	sum := 0
	for _, n := range all.Counts {
		sum += n
	}
	if sum != 4 {
		t.Errorf("counts: %v", all.Counts)
	}
	for query, want := range map[string]int{"division=1": http.StatusNotFound, "cursor=x": http.StatusUnprocessableEntity, "kind=old": http.StatusUnprocessableEntity} {
		if w := o.Do(http.MethodGet, estatesPath+"?"+query, as("reader"), nil); w.Code != want {
			t.Errorf("%s: %d, want %d", query, w.Code, want)
		}
	}
}

// TestNothingCountsTwice holds that an estate's rooms and households are taken out of its
// community, which has them already.
func TestNothingCountsTwice(t *testing.T) {
	t.Parallel()
	room := premises.Room{ID: "r", DivisionCode: "c", State: premises.HandedOver, ApprovedUse: premises.PartyMass, Area: 20_000}
	elders := premises.Room{ID: "o", DivisionCode: "c", State: premises.HandedOver, ApprovedUse: premises.ElderlyService, Area: 7_000}
	planned := premises.Room{ID: "p", DivisionCode: "c", State: premises.Planned, ApprovedUse: premises.PartyMass, Area: 9_000}
	g := estates.Ground{
		Communities: map[string]estates.Community{"c": {Known: true, Households: 3000, Area: 50_000, Elderly: 8_000}, "d": {}},
		Ledger:      map[string]premises.Room{"r": room, "o": elders, "p": planned}, InLedger: map[string]bool{"c": true},
	}
	e := estates.Estate{Kind: estates.New, DivisionCode: "c", Households: 1000, Rooms: []estates.Room{{LedgerID: "r"}, {LedgerID: "o"}, {LedgerID: "p"}, {}, {LedgerID: "gone"}}}
	if got := g.Of(e); got.Area != 30_000 || got.Elderly != 1_000 || got.Households != 3000 {
		t.Errorf("under way: %+v", got)
	}
	e.CompletedOn = "2026-01-01"
	if got := g.Of(e); got.Households != 2000 {
		t.Errorf("lived in: %+v", got)
	}
	g.InLedger["c"] = false
	if got := g.Of(e); got.Area != 50_000 {
		t.Errorf("where another register says the area: %+v", got)
	}
	for _, code := range []string{"d", "nowhere"} {
		e.DivisionCode = code
		if got := g.Of(e); got.Known {
			t.Errorf("%s: %+v", code, got)
		}
	}
}
