package placenamehttp_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/placenamehttp"
)

const (
	nameID = "01900000-0000-7000-8000-000000000001"
	other  = "01900000-0000-7000-8000-000000000002"
	path   = "/api/v1/place-names"
)

// fake keeps what it was asked, and answers with one record or an error.
type fake struct {
	fail     error
	item     placenames.Item
	page     placenames.Page
	counted  int
	filter   placenames.Filter
	division string
	at       record.At
	after    placenamehttp.Place
	limit    int
	name     placenames.Name
	change   record.Change
	expected int
	reason   string
	move     placenames.Move
	renaming placenamehttp.Renaming
	kin      []placenames.Kin
	drawn    []placenames.Drawn
	frame    orb.Bound
	planned  placenames.PlannedItem
	plan     placenames.PlannedFilter
	reserved placenames.Planned
}

func (f *fake) List(_ context.Context, filter placenames.Filter, division string, at record.At, after placenamehttp.Place, limit int) (placenames.Page, error) {
	f.filter, f.division, f.at, f.after, f.limit = filter, division, at, after, limit
	return f.page, f.fail
}

func (f *fake) Counts(context.Context, placenames.Filter, string, record.At) ([]placenames.Count, error) {
	f.counted++
	return []placenames.Count{{Class: "street", State: placenames.Approved, N: 2}, {Class: "street", State: placenames.Retired, N: 1}}, nil
}

func (f *fake) Name(_ context.Context, id string, at record.At) (placenames.Item, error) {
	f.at = at
	if id != nameID {
		return placenames.Item{}, placenames.ErrNotFound
	}
	return f.item, f.fail
}

func (f *fake) Create(_ context.Context, n placenames.Name, c record.Change) (placenames.Item, error) {
	f.name, f.change = n, c
	return f.item, f.fail
}

func (f *fake) Update(_ context.Context, _ string, expected int, change func(placenames.Name) (placenames.Name, []record.Fault), c record.Change) (placenames.Item, error) {
	f.expected, f.change = expected, c
	after, faults := change(f.item.Name)
	f.name = after
	if err := record.Invalid(faults); err != nil {
		return f.item, err
	}
	return f.item, f.fail
}

func (f *fake) Remove(_ context.Context, _ string, expected int, reason string) error {
	f.expected, f.reason = expected, reason
	return f.fail
}

func (f *fake) History(context.Context, string) ([]httpapi.RecordVersion, error) {
	return []httpapi.RecordVersion{{Version: 1, Fields: []httpapi.RecordField{}}}, f.fail
}

func (f *fake) Move(_ context.Context, _ string, expected int, m placenames.Move) (placenames.Item, error) {
	f.expected, f.move = expected, m
	return f.item, f.fail
}

func (f *fake) Rename(_ context.Context, _ string, expected int, r placenamehttp.Renaming) (placenames.Item, error) {
	f.expected, f.renaming = expected, r
	return f.item, f.fail
}

// full is a record with everything that there is.
func full() placenames.Name {
	yes, green := true, 30.0
	d := placenames.Decision{Kind: placenames.Renaming, Number: "1号", Day: "2020-01-01", Body: "区政府", Title: "批复"}
	return placenames.Name{
		ID: nameID, Version: 3, Text: "𬭚北路", Parts: placenames.Parts{Specific: "𬭚", Modifier: "北", Generic: "路", Confirmed: true}, Roman: "Yi Beilu",
		Readings: []string{"yì", "běi", "lù"}, Kind: "road", State: placenames.Approved, Divisions: []string{"990001001"}, BuiltUpArea: "清澜", Famous: &yes, Important: &yes,
		Geometry: orb.LineString{{117, 39}, {117.1, 39}, {117.2, 39}}, Extent: placenames.Extent{From: "东", To: "西", Via: "中", Position: "北"},
		Size:   placenames.Size{LengthM: 1, WidthM: 2, SiteM2: 3, FloorM2: 4, HousingM: 5, OpenM2: 6, HeightM: 7, Floors: 8, GreenPct: &green},
		Origin: "来历", Meaning: "含义", Aliases: []placenames.Alias{{Text: "北路", Kind: placenames.Short, Note: "x"}},
		Former:   []placenames.Former{{Text: "旧路", Roman: "Jiu Lu", From: "1990-01-01", Until: "2020-01-01", Decision: d}},
		Decision: d, Heritage: &placenames.Heritage{List: "一", Level: "区", Since: "2021-01-01", Reason: "老", Measures: "牌"}, Planned: other, ParentID: other, HostID: other,
		SuccessorID: other, Reuses: &placenames.Reuse{ID: other, Reason: "恢复"}, Note: "注", ValidFrom: "2020-01-01",
	}
}

func serve(t *testing.T, f *fake) *httpapitest.Server {
	t.Helper()
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	api := httpapi.NewAPI(r)
	placenamehttp.Register(api, f, catalogue)
	placenamehttp.RegisterAround(api, f)
	placenamehttp.RegisterPlan(api, f)
	return httpapitest.New(t, r)
}

func seen() http.Header { return http.Header{"If-Match": {`"3"`}, "Idempotency-Key": {"k"}} }

func bodyOf(t *testing.T, w *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestEverythingGoesThereAndBack sends what the API gives of a record back to it.
func TestEverythingGoesThereAndBack(t *testing.T) {
	t.Parallel()
	f := &fake{item: placenames.Item{Name: full(), Class: "street", MayWrite: true}}
	s := serve(t, f)
	w := s.Get(path+"/"+nameID, nil)
	if w.Code != http.StatusOK || w.Header().Get("ETag") != `"3"` {
		t.Fatalf("%d %s %s", w.Code, w.Header().Get("ETag"), w.Body)
	}
	got := bodyOf(t, w)
	if got["position"].([]any)[0] != 117.1 || len(got["next_states"].([]any)) != 4 {
		t.Errorf("%v %v", got["position"], got["next_states"])
	}
	for _, field := range []string{"id", "version", "class", "successor_id", "valid_from", "position", "next_states", "may_write", "$schema"} {
		delete(got, field)
	}
	got["reason"], got["state"] = "登记", "approved"
	if w := s.Do(http.MethodPost, path, seen(), got); w.Code != http.StatusCreated || w.Header().Get("Location") != path+"/"+nameID {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	want := full()
	want.ID, want.Version, want.SuccessorID, want.ValidFrom = "", 0, "", ""
	if diff := cmp.Diff(want, f.name); diff != "" || f.change.Reason != "登记" {
		t.Errorf("there and back: %s", diff)
	}
	delete(got, "state")
	if w := s.Do(http.MethodPatch, path+"/"+nameID, seen(), got); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	want.SuccessorID = other
	if diff := cmp.Diff(want, f.name); diff != "" || f.expected != 3 {
		t.Errorf("a patch of everything: %s", diff)
	}
}

func TestAPatch(t *testing.T) {
	t.Parallel()
	f := &fake{item: placenames.Item{Name: full(), Class: "street"}}
	s := serve(t, f)
	same := full()
	same.ID, same.Version, same.ValidFrom = "", 0, ""
	for _, tc := range []struct {
		patch  string
		change func(n *placenames.Name)
	}{
		{`{}`, func(*placenames.Name) {}},
		{`{"heritage":null,"reuses":null,"famous":null,"geometry":null,"planned":null,"readings":null,"aliases":null}`, func(n *placenames.Name) {
			n.Heritage, n.Reuses, n.Famous, n.Geometry, n.Planned, n.Readings, n.Aliases = nil, nil, nil, nil, "", nil, nil
		}},
		{`{"heritage":{"level":"市"},"extent":{"to":null},"size":{"green_pct":null,"floors":9}}`, func(n *placenames.Name) {
			n.Heritage.Level, n.Extent.To, n.Size.GreenPct, n.Size.Floors = "市", "", nil, 9
		}},
		{`{"aliases":[{"text":"老路","kind":"historic"}],"geometry":{"type":"Point","coordinates":[117,39]}}`, func(n *placenames.Name) {
			n.Aliases, n.Geometry = []placenames.Alias{{Text: "老路", Kind: placenames.Historic}}, orb.Point{117, 39}
		}},
	} {
		body := `{"reason":"改",` + strings.TrimPrefix(tc.patch, "{")
		if w := s.Do(http.MethodPatch, path+"/"+nameID, seen(), json.RawMessage(strings.Replace(body, ",}", "}", 1))); w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", tc.patch, w.Code, w.Body)
			continue
		}
		want := same
		h := *same.Heritage
		want.Heritage = &h
		tc.change(&want)
		if diff := cmp.Diff(want, f.name); diff != "" {
			t.Errorf("%s: %s", tc.patch, diff)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	f := &fake{item: placenames.Item{Name: full()}}
	s := serve(t, f)
	for _, tc := range []struct {
		name, method, path, body string
		header                   http.Header
		fail                     error
		status                   int
		code                     string
	}{
		{"nobody", "GET", path + "/" + other, "", nil, nil, 404, "unknown_place_name"},
		{"no key", "POST", path, `{"text":"甲路","kind":"road","state":"draft","reason":"x"}`, nil, nil, 400, ""},
		{"no version", "PATCH", path + "/" + nameID, `{"reason":"x"}`, nil, nil, 428, ""},
		{"a shape that is none", "PATCH", path + "/" + nameID, `{"reason":"x","geometry":{"type":"LineString","coordinates":["a"]}}`, seen(), nil, 422, ""},
		{"a shape without points", "PATCH", path + "/" + nameID, `{"reason":"x","geometry":{"type":"LineString","coordinates":[]}}`, seen(), nil, 422, ""},
		{"a state by hand", "PATCH", path + "/" + nameID, `{"reason":"x","state":"retired"}`, seen(), nil, 422, ""},
		{"no draft", "DELETE", path + "/" + nameID + "?reason=x", "", seen(), placenames.ErrStays, 409, "place_name_stays"},
		{"no version to remove", "DELETE", path + "/" + nameID + "?reason=x", "", nil, nil, 428, ""},
		{"a move without a key", "POST", path + "/" + nameID + "/moves", `{"to":"retired","reason":"x"}`, nil, nil, 400, ""},
		{"a renaming without a key", "POST", path + "/" + nameID + "/renaming", `{"text":"乙路","decision":{},"reason":"x"}`, nil, nil, 400, ""},
		{"a move to nowhere", "POST", path + "/" + nameID + "/moves", `{"to":"heaven","reason":"x"}`, seen(), nil, 422, ""},
		{"faults", "POST", path + "/" + nameID + "/moves", `{"to":"retired","reason":"x"}`, seen(), record.Invalid([]record.Fault{{Field: "decision/number", ZH: "缺", EN: "missing"}}), 422, ""},
		{"no such division", "GET", path + "?division=1", "", nil, placenamehttp.ErrUnknownDivision, 404, "unknown_division"},
		{"a cursor of others", "GET", path + "?cursor=abc", "", nil, nil, 422, "bad_cursor"},
		{"known without a day", "GET", path + "?known=2026-01-01T00:00:00Z", "", nil, nil, 422, "bad_known"},
		{"known without a day, of one", "GET", path + "/" + nameID + "?known=2026-01-01T00:00:00Z", "", nil, nil, 422, "bad_known"},
		{"history of nobody", "GET", path + "/" + nameID + "/history", "", nil, placenames.ErrNotFound, 404, "unknown_place_name"},
	} {
		f.fail = tc.fail
		var body any
		if tc.body != "" {
			body = json.RawMessage(tc.body)
		}
		w := s.Do(tc.method, tc.path, tc.header, body)
		if code, _ := bodyOf(t, w)["code"].(string); w.Code != tc.status || tc.code != "" && code != tc.code {
			t.Errorf("%s: %d %s", tc.name, w.Code, w.Body)
		}
	}
}

func TestMovesAndRenamings(t *testing.T) {
	t.Parallel()
	f := &fake{item: placenames.Item{Name: full()}}
	s := serve(t, f)
	w := s.Do(http.MethodPost, path+"/"+nameID+"/moves", seen(), json.RawMessage(`{"to":"merged","decision":{"kind":"renaming","number":"2号","day":"2026-01-01","body":"区","title":"并"},"successor_id":"`+other+`","reason":"同一条路"}`))
	want := placenames.Move{To: placenames.Merged, SuccessorID: other, Reason: "同一条路", Decision: placenames.Decision{Kind: placenames.Renaming, Number: "2号", Day: "2026-01-01", Body: "区", Title: "并"}}
	if diff := cmp.Diff(want, f.move); diff != "" || w.Code != http.StatusOK || f.expected != 3 {
		t.Errorf("%d %s", w.Code, diff)
	}
	w = s.Do(http.MethodPost, path+"/"+nameID+"/renaming", seen(), json.RawMessage(`{"text":"乙北路","roman":"Yi Beilu","specific":"乙","modifier":"北","generic":"路","parts_confirmed":true,"readings":["yǐ","běi","lù"],
"decision":{"kind":"renaming","number":"2号","day":"2026-01-01","body":"区"},"planned":"`+other+`","reuses":{"id":"`+other+`","reason":"恢复"},"measures":"立牌","reason":"更名"}`))
	renaming := placenamehttp.Renaming{
		Text: "乙北路", Roman: "Yi Beilu", Parts: placenames.Parts{Specific: "乙", Modifier: "北", Generic: "路", Confirmed: true}, Readings: []string{"yǐ", "běi", "lù"},
		Decision: placenames.Decision{Kind: placenames.Renaming, Number: "2号", Day: "2026-01-01", Body: "区"}, Planned: other,
		Reuses: &placenames.Reuse{ID: other, Reason: "恢复"}, Measures: "立牌", Reason: "更名",
	}
	if diff := cmp.Diff(renaming, f.renaming); diff != "" || w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, diff)
	}
	if w := s.Do(http.MethodDelete, path+"/"+nameID+"?reason=误登", seen(), nil); w.Code != http.StatusNoContent || f.reason != "误登" {
		t.Errorf("%d %s", w.Code, f.reason)
	}
	if w := s.Get(path+"/"+nameID+"/history", nil); w.Code != http.StatusOK {
		t.Errorf("%d", w.Code)
	}
}

func TestTheList(t *testing.T) {
	t.Parallel()
	rows := []placenames.Row{{ID: nameID, Text: "甲路", Kind: "road", Class: "street", State: placenames.Approved, Divisions: []string{"1"}, Position: orb.Point{117, 39}, Placed: true, Heritage: true}}
	f := &fake{page: placenames.Page{Rows: rows, More: true}}
	s := serve(t, f)
	w := s.Get(path+"?class=street,other&kind=road&state=approved,retired&initial=J&division=990001001&heritage=false&q=%20甲%20&at=2025-01-01&known=2026-01-01T00:00:00Z&limit=1", nil)
	got := bodyOf(t, w)
	if w.Code != http.StatusOK || got["total"] != 3.0 || got["next"] == nil || len(got["counts"].([]any)) != 2 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	no := false
	want := placenames.Filter{
		Classes: []string{"street", "other"}, Kinds: []string{"road"}, States: []placenames.State{placenames.Approved, placenames.Retired}, Initial: "J", Heritage: &no, Text: "甲",
	}
	if diff := cmp.Diff(want, f.filter); diff != "" || f.division != "990001001" || f.at.Valid != "2025-01-01" || f.at.Known.Year() != 2026 || f.limit != 1 {
		t.Errorf("%s %s %+v", diff, f.division, f.at)
	}
	f.page.More = false
	got = bodyOf(t, s.Get(path+"?cursor="+got["next"].(string), nil))
	if f.after != (placenamehttp.Place{Text: "甲路", ID: nameID}) || got["next"] != nil || got["total"] != nil || f.counted != 1 {
		t.Errorf("%+v %v %v", f.after, got["next"], got["total"])
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	s := serve(t, &fake{})
	w := s.Get("/api/v1/place-name-codes", nil)
	got := bodyOf(t, w)
	for list, least := range map[string]int{
		"classes": 8, "states": 12, "steps": len(placenames.Transitions()), "decisions": 6, "aliases": 5, "sizes": 9, "scopes": 5, "geometries": 3, "approvers": 8,
	} {
		if n := len(got[list].([]any)); n != least {
			t.Errorf("%d %s", n, list)
		}
	}
	if w := s.Get("/api/v1/place-name-codes", http.Header{"If-None-Match": {w.Header().Get("ETag")}}); w.Code != http.StatusNotModified {
		t.Errorf("again: %d", w.Code)
	}
}
