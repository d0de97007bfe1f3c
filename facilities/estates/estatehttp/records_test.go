package estatehttp_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/facilities/estates"
	"yike/facilities/estates/estatehttp"
	"yike/facilities/premises"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/record"
)

const (
	recordsDay  = record.Day("2026-11-27")
	recordID    = "01900000-0000-7000-8000-000000000001"
	recordRoom  = "01900000-0000-7000-8000-000000000002"
	recordsPath = "/api/v1/estates"
)

// fakeRecords keeps what it was asked, and answers with one estate or an error.
type fakeRecords struct {
	t         *testing.T
	fail      error
	item      estates.Item
	standings []estates.Standing
	filter    estates.Filter
	division  string
	at        record.Day
	estate    estates.Estate
	patch     estates.Patch
	change    record.Change
	expected  int
	reason    string
	milestone *estates.Milestone
	id        string
}

func (r *fakeRecords) Standings(_ context.Context, f estates.Filter, division string, at record.Day) ([]estates.Standing, error) {
	r.filter, r.division, r.at = f, division, at
	return r.standings, r.fail
}

func (r *fakeRecords) One(_ context.Context, id string) (estates.Item, error) {
	if id != recordID {
		return estates.Item{}, estates.ErrNotFound
	}
	return r.item, r.fail
}

func (r *fakeRecords) Create(_ context.Context, e estates.Estate, c record.Change) (estates.Item, error) {
	r.estate, r.change = e, c
	return r.item, r.fail
}

func (r *fakeRecords) Update(_ context.Context, _ string, expected int, p estates.Patch, c record.Change) (estates.Item, error) {
	r.expected, r.patch, r.change = expected, p, c
	return r.item, r.fail
}

func (r *fakeRecords) Remove(_ context.Context, _ string, expected int, reason string) error {
	r.expected, r.reason = expected, reason
	return r.fail
}

func (r *fakeRecords) History(context.Context, string) ([]httpapi.RecordVersion, error) {
	return []httpapi.RecordVersion{{Version: 1, Fields: []httpapi.RecordField{}}}, r.fail
}

func (r *fakeRecords) Check(_ context.Context, id string, at *estates.Milestone) (estatehttp.Checked, error) {
	r.id = id
	return r.check(r.item.Estate, at)
}

func (r *fakeRecords) Try(_ context.Context, e estates.Estate, id string, at *estates.Milestone) (estatehttp.Checked, error) {
	r.estate, r.id = e, id
	return r.check(e, at)
}

// check holds an estate in Xiqing against the rules that come with the program, in a community
// of 2,000 households with 400 m².
func (r *fakeRecords) check(e estates.Estate, at *estates.Milestone) (estatehttp.Checked, error) {
	r.milestone = at
	set, err := estates.Set()
	if err != nil {
		r.t.Fatal(err)
	}
	c := estatehttp.Checked{Estate: e, Set: set, Milestone: at, Context: estates.Context{
		Regions: set.Chain("120111"), Day: recordsDay, Community: estates.Community{Known: true, Name: "花桥里", Households: 2000, Area: 40_000},
	}}
	c.Check = estates.CheckAll(set, e, c.Context)
	return c, r.fail
}

func recordsItem() estates.Item {
	yes := true
	return estates.Item{MayWrite: true, Estate: estates.Estate{
		ID: recordID, Version: 3, Name: "和顺家园", Kind: estates.New, DivisionCode: "120111001001", Households: 1000, SiteArea: 5_000_050,
		Boundary: orb.Polygon{{{117, 39}, {117.01, 39}, {117.01, 39.01}, {117, 39.01}, {117, 39}}}, CompletedOn: "2026-06-30",
		Phases: []estates.Phase{{No: 1, Households: 1000, HousingStarted: "2024-03-01"}},
		Rooms: []estates.Room{{
			ID: recordRoom, Name: "党群服务中心", Use: premises.PartyMass, Area: 20_050, Floor: "1", OwnEntrance: &yes, Point: orb.Point{117.005, 39.005}, Placed: true,
			Parts: []premises.Part{{Use: premises.PartyMass, Area: 20_050, CountsFor: premises.CommunityNorm}},
		}},
		Conditions: estates.Paper{Number: "规条1", Day: "2023-06-01"}, Provided: []estates.Element{estates.CultureStation},
		Hub: &estates.Hub{Area: 60_000, Functions: []estates.Element{estates.DayCare}}, ValidFrom: recordsDay,
	}}
}

func serveRecords(t *testing.T) (*fakeRecords, *httpapitest.Server) {
	t.Helper()
	r := &fakeRecords{t: t, item: recordsItem()}
	router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	estatehttp.Register(httpapi.NewAPI(router), r)
	return r, httpapitest.New(t, router)
}

type recordBody = map[string]any

func decodeRecord(t *testing.T, raw []byte) recordBody {
	t.Helper()
	var got recordBody
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	return got
}

func keyed() http.Header            { return http.Header{"Idempotency-Key": {"k"}} }
func seen() http.Header             { return http.Header{"If-Match": {`"3"`}} }
func pointerTo[T any](v T) *T       { return &v }
func recordsOne(more string) string { return recordsPath + "/" + recordID + more }

func TestEstateCodes(t *testing.T) {
	t.Parallel()
	_, s := serveRecords(t)
	w := s.Get("/api/v1/estate-codes", nil)
	got := decodeRecord(t, w.Body.Bytes())
	if w.Code != http.StatusOK || len(got["milestones"].([]any)) != 5 || len(got["elements"].([]any)) != len(estates.Elements()) || len(got["fields"].([]any)) != len(estates.Fields()) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := s.Get("/api/v1/estate-codes", http.Header{"If-None-Match": {w.Header().Get("ETag")}}); w.Code != http.StatusNotModified {
		t.Errorf("held already: %d", w.Code)
	}
}

// TestARecordGoesBackAsItCame sends what was answered and holds that nothing is lost.
func TestARecordGoesBackAsItCame(t *testing.T) {
	t.Parallel()
	r, s := serveRecords(t)
	w := s.Get(recordsOne(""), nil)
	got := decodeRecord(t, w.Body.Bytes())
	if w.Code != http.StatusOK || w.Header().Get("ETag") != `"3"` || got["site_area"] != 50000.5 || got["planned_people"] != 3100.0 || got["may_write"] != true ||
		got["plan"] != nil || got["position"] == nil || got["boundary_area"].(float64) < 900_000 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	sent := recordBody{"reason": "登记"}
	for _, key := range []string{
		"name", "kind", "division_code", "boundary", "completed_on", "households", "people", "measured_people", "site_area", "housing_floor", "floor_above", "floor_below",
		"phases", "rooms", "conditions", "plan", "provided", "hub",
	} {
		sent[key] = got[key]
	}
	if w := s.Do(http.MethodPost, recordsPath, keyed(), sent); w.Code != http.StatusCreated || w.Header().Get("Location") != recordsOne("") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	want := recordsItem().Estate
	want.ID, want.Version, want.ValidFrom = "", 0, ""
	if d := cmp.Diff(want, r.estate); d != "" || r.change.Reason != "登记" {
		t.Errorf("sent and read: %s", d)
	}
	delete(sent, "name")
	delete(sent, "kind")
	if w := s.Do(http.MethodPatch, recordsOne(""), seen(), sent); w.Code != http.StatusOK || r.expected != 3 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if d := cmp.Diff(want, r.patch.Apply(estates.Estate{Name: want.Name, Kind: want.Kind})); d != "" {
		t.Errorf("patched: %s", d)
	}
}

func TestNullEmpties(t *testing.T) {
	t.Parallel()
	r, s := serveRecords(t)
	empty := recordBody{"reason": "改"}
	for _, key := range []string{"households", "people", "measured_people", "site_area", "housing_floor", "floor_above", "floor_below", "boundary", "completed_on", "conditions", "plan", "hub", "place_name_id"} {
		empty[key] = nil
	}
	if w := s.Do(http.MethodPatch, recordsOne(""), seen(), empty); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	got := r.patch.Apply(recordsItem().Estate)
	if got.Households != 0 || got.SiteArea != 0 || got.Boundary != nil || got.CompletedOn != "" || got.Conditions.Known() || got.Hub != nil || len(got.Rooms) != 1 {
		t.Errorf("%+v", got)
	}
	if w := s.Do(http.MethodPatch, recordsOne(""), seen(), recordBody{"reason": "改"}); w.Code != http.StatusOK || cmp.Diff(estates.Patch{}, r.patch) != "" {
		t.Errorf("nothing given: %d %+v", w.Code, r.patch)
	}
	nulls := recordBody{
		"name": "a", "kind": "new", "households": nil, "site_area": nil, "place_name_id": nil, "boundary": nil, "completed_on": nil, "reason": "a",
		"rooms":  []any{recordBody{"area": nil, "land_share": nil, "phase": nil, "lift": nil, "position": nil, "ledger_id": nil, "present_use": nil, "started_on": nil}},
		"phases": []any{recordBody{"no": 1, "households": nil}}, "hub": recordBody{"area": nil},
	}
	if w := s.Do(http.MethodPost, recordsPath, keyed(), nulls); w.Code != http.StatusCreated || len(r.estate.Rooms) != 1 || r.estate.Rooms[0].Placed {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	_, s := serveRecords(t)
	for name, c := range map[string]struct {
		body    recordBody
		pointer string
	}{
		"too fine":     {recordBody{"site_area": 1.001}, "#/site_area"},
		"too large":    {recordBody{"floor_above": 1e8}, "#/floor_above"},
		"a room":       {recordBody{"rooms": []any{recordBody{"area": -1}}}, "#/rooms/0/area"},
		"a part":       {recordBody{"rooms": []any{recordBody{}, recordBody{"parts": []any{recordBody{"use": "health", "area": -1}}}}}, "#/rooms/1/parts/0/area"},
		"the hub":      {recordBody{"hub": recordBody{"area": 0.001}}, "#/hub/area"},
		"no polygon":   {recordBody{"boundary": recordBody{"type": "Point", "coordinates": []any{}}}, "#/boundary/type"},
		"a kind":       {recordBody{"kind": "old"}, "#/kind"},
		"half a place": {recordBody{"rooms": []any{recordBody{"position": []any{117}}}}, "#/rooms/0/position"},
	} {
		sent := recordBody{"name": "a", "kind": "new", "reason": "a"}
		for k, v := range c.body {
			sent[k] = v
		}
		for method, path := range map[string]string{http.MethodPost: recordsPath, http.MethodPatch: recordsOne("")} {
			header := keyed()
			header.Set("If-Match", `"3"`)
			if w := s.Do(method, path, header, sent); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `"`+c.pointer+`"`) {
				t.Errorf("%s %s: %d %s; want %s", method, name, w.Code, w.Body, c.pointer)
			}
		}
		trial := recordBody{"estate": sent}
		delete(sent, "reason")
		if w := s.Do(http.MethodPost, recordsPath+"/check", nil, trial); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("try %s: %d %s", name, w.Code, w.Body)
		}
	}
}

// problemOf is a status and what the problem says.
type problemOf struct {
	status int
	code   string
}

func TestRecordErrors(t *testing.T) {
	t.Parallel()
	notFound, notReady := problemOf{http.StatusNotFound, "unknown_estate"}, problemOf{http.StatusServiceUnavailable, "not_ready"}
	invalid, broken := problemOf{http.StatusUnprocessableEntity, "#/rooms/0/area"}, problemOf{http.StatusInternalServerError, "internal"}
	errs := map[problemOf]error{
		notFound: estates.ErrNotFound, notReady: estatehttp.ErrNotReady, broken: errors.New("the database went away"),
		invalid:                                record.Invalid([]record.Fault{{Field: "rooms/0/area", ZH: "错", EN: "wrong"}}),
		{http.StatusConflict, "estate_in_use"}: estates.ErrInUse,
		{http.StatusNotFound, "unknown_division"}: estatehttp.ErrUnknownDivision,
	}
	content := recordBody{"name": "a", "kind": "new", "reason": "a"}
	for _, c := range []struct {
		method, path string
		header       http.Header
		body         any
		may          []problemOf
	}{
		{http.MethodGet, recordsPath, nil, nil, []problemOf{{http.StatusNotFound, "unknown_division"}, notReady, broken}},
		{http.MethodGet, recordsOne(""), nil, nil, []problemOf{notFound, broken}},
		{http.MethodGet, recordsOne("/history"), nil, nil, []problemOf{notFound, broken}},
		{http.MethodGet, recordsOne("/check"), nil, nil, []problemOf{notFound, notReady, broken}},
		{http.MethodPost, recordsPath + "/check", nil, recordBody{"estate": recordBody{"name": "a", "kind": "new"}}, []problemOf{notFound, notReady, broken}},
		{http.MethodPost, recordsPath, keyed(), content, []problemOf{invalid, broken}},
		{http.MethodPatch, recordsOne(""), seen(), content, []problemOf{notFound, invalid, broken}},
		{http.MethodDelete, recordsOne("?reason=a"), seen(), nil, []problemOf{notFound, {http.StatusConflict, "estate_in_use"}, invalid, broken}},
	} {
		for _, want := range c.may {
			r, s := serveRecords(t)
			r.fail = errs[want]
			if w := s.Do(c.method, c.path, c.header, c.body); w.Code != want.status || !strings.Contains(w.Body.String(), want.code) {
				t.Errorf("%s %s, %v: %d %s", c.method, c.path, r.fail, w.Code, w.Body)
			}
		}
	}
	_, s := serveRecords(t)
	if w := s.Do(http.MethodPost, recordsPath, nil, recordBody{"name": "a", "kind": "new", "reason": "a"}); w.Code != http.StatusBadRequest {
		t.Errorf("without a key: %d", w.Code)
	}
	for method, body := range map[string]any{http.MethodPatch: recordBody{"reason": "a"}, http.MethodDelete: nil} {
		if w := s.Do(method, recordsOne(""), nil, body); w.Code != http.StatusPreconditionRequired {
			t.Errorf("%s without a version: %d", method, w.Code)
		}
	}
	if w := s.Do(http.MethodDelete, recordsOne("?reason=a"), seen(), nil); w.Code != http.StatusNoContent {
		t.Errorf("removed: %d %s", w.Code, w.Body)
	}
}

func TestEstateList(t *testing.T) {
	t.Parallel()
	r, s := serveRecords(t)
	for i := range 5 {
		item := recordsItem()
		item.ID = recordID[:35] + string(rune('1'+i))
		st := estates.Standing{
			Item: item, Conclusion: []estates.Conclusion{estates.Compliant, estates.NotCompliant, estates.Open}[i%3], Position: orb.Point{117, 39}, Placed: i > 0, Passed: []estates.Milestone{estates.PlanningConditions},
			Next: estates.PlanReview, Day: recordsDay, Community: estates.Owing{Has: 20_050, Owes: pointerTo(300.0), Short: pointerTo(99.5)}, Done: i == 4,
		}
		r.standings = append(r.standings, st)
	}
	w := s.Get(recordsPath+"?division=12&kind=new&milestone=construction&overdue=true&short=elderly_premises&q=%20a%20&at=2026-01-01&limit=2", nil)
	want := estates.Filter{Kind: estates.New, Milestone: "construction", Overdue: true, Short: premises.ElderlyNorm, Text: "a"}
	if d := cmp.Diff(want, r.filter); d != "" || r.division != "12" || r.at != "2026-01-01" {
		t.Errorf("asked for %s, %s on %s", d, r.division, r.at)
	}
	got := decodeRecord(t, w.Body.Bytes())
	rows := got["estates"].([]any)
	row := rows[1].(recordBody)
	if got["total"] != 5.0 || len(rows) != 2 || row["community_area"] != 200.5 || row["community_owed"] != 300.0 || row["community_short"] != 99.5 || row["elderly_owed"] != nil ||
		row["next_milestone"] != "plan_review" || row["passed"].([]any)[0] != "conditions" || rows[0].(recordBody)["position"] != nil || row["people"] != 3100.0 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	// The second page goes on behind the first, also where its last estate is gone.
	next := "?limit=2&cursor=" + got["next"].(string)
	gone := r.standings[2:]
	for _, list := range [][]estates.Standing{r.standings, append(append([]estates.Standing{}, r.standings[0], r.standings[0]), gone...)} {
		r.standings = list
		page := decodeRecord(t, s.Get(recordsPath+next, nil).Body.Bytes())
		if first := page["estates"].([]any)[0].(recordBody); first["id"] != recordID[:35]+"3" {
			t.Errorf("the second page begins with %v", first["id"])
		}
	}
	r.standings = gone[:1]
	if page := decodeRecord(t, s.Get(recordsPath+next, nil).Body.Bytes()); len(page["estates"].([]any)) != 0 || page["next"] != nil {
		t.Errorf("behind the end: %v", page)
	}
	r.standings = gone
	asked := decodeRecord(t, s.Get(recordsPath+"?conclusion=open&milestone=done", nil).Body.Bytes())
	if !r.filter.Done || r.filter.Milestone != "" || r.filter.Conclusion != "" || asked["total"] != 1.0 || asked["counts"].(recordBody)["compliant"] != 1.0 {
		t.Errorf("by conclusion: %v", asked)
	}
	if done := asked["estates"].([]any)[0].(recordBody); done["next_milestone"] == nil {
		t.Errorf("%v", done)
	}
	for _, cursor := range []string{"x", "W10", "e30"} {
		if w := s.Get(recordsPath+"?cursor="+cursor, nil); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "bad_cursor") {
			t.Errorf("cursor %s: %d %s", cursor, w.Code, w.Body)
		}
	}
}

// TestEstateCheckAnswer holds the shape of findings: the community's norm with the estate's
// share, what is missing with its unit, and rooms without what does not apply to them.
func TestEstateCheckAnswer(t *testing.T) {
	t.Parallel()
	r, s := serveRecords(t)
	w := s.Get(recordsOne("/check?milestone=acceptance"), nil)
	got := decodeRecord(t, w.Body.Bytes())
	if w.Code != http.StatusOK || *r.milestone != estates.Acceptance || got["milestone"] != "acceptance" || got["conclusion"] != "not_compliant" ||
		got["community"].(recordBody)["name"] != "花桥里" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	var norm recordBody
	for _, each := range got["findings"].([]any) {
		f := each.(recordBody)
		if f["rule"] == "RAT-01" {
			norm = f
		}
		if f["room_index"].(float64) >= 0 && (f["outcome"] == "not_applicable" || f["room_id"] != recordRoom || f["room_name"] != "党群服务中心") {
			t.Errorf("of a room: %v", f)
		}
	}
	// 3,000 households ask 900 m², and 400 + 200.5 are there.
	share := norm["estate_share"].(recordBody)
	if norm["outcome"] != "fail" || math.Abs(norm["missing"].(float64)-299.5) > 1e-9 || norm["missing_unit"] != "m2" || share["area"] != 200.5 || share["owed"] != 500.0 || share["per_100"] != 20.05 ||
		norm["sentence"] == "" || norm["subject"] != "community" || norm["room_index"] != -1.0 {
		t.Errorf("%v", norm)
	}
	if first := got["findings"].([]any)[0].(recordBody); first["outcome"] != "fail" || first["severity"] != "error" {
		t.Errorf("first of all: %v", first)
	}
	trial := recordBody{"estate": recordBody{"name": "a", "kind": "new"}, "id": recordID, "milestone": "handover"}
	if w := s.Do(http.MethodPost, recordsPath+"/check", nil, trial); w.Code != http.StatusOK || r.id != recordID || *r.milestone != estates.HandOver || r.estate.Name != "a" {
		t.Errorf("tried: %d %s", w.Code, w.Body)
	}
	if w := s.Get(recordsOne("/check"), nil); w.Code != http.StatusOK || r.milestone != nil || decodeRecord(t, w.Body.Bytes())["milestone"] != nil {
		t.Errorf("all rules: %d", w.Code)
	}
	for _, path := range []string{recordsOne("/check?milestone=x"), recordsPath + "?conclusion=x", recordsPath + "?at=soon"} {
		if w := s.Get(path, nil); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}
