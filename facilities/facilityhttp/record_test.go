package facilityhttp_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/facilityhttp"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/record"
)

// fakeRecords keeps what it was asked, and answers from a registry or with an error.
type fakeRecords struct {
	registry *facilityhttp.Registry
	fail     error

	made     facilities.Facility
	patch    facilities.Patch
	change   record.Change
	expected int
	at       record.At
	filter   facilities.Filter
	page     facilities.Page
	asked    string
}

func (r *fakeRecords) find(id string) (facilities.Facility, error) {
	if r.fail != nil {
		return facilities.Facility{}, r.fail
	}
	if r.registry == nil {
		return facilities.Facility{}, facilityhttp.ErrNotReady
	}
	i := slices.IndexFunc(r.registry.Facilities, func(f facilities.Facility) bool { return f.ID == id })
	if i < 0 {
		return facilities.Facility{}, facilityhttp.ErrNotFound
	}
	return r.registry.Facilities[i], nil
}

func (r *fakeRecords) Create(_ context.Context, f facilities.Facility, c record.Change) (facilities.Facility, error) {
	r.made, r.change = f, c
	f.ID, f.Version, f.DivisionCode, f.ValidFrom, f.Edited = "9", 1, "990101001", "2026-11-27", true
	if f.Stage == "" {
		f.Stage = facilities.Published
	}
	return f, r.fail
}

func (r *fakeRecords) Update(_ context.Context, id string, expected int, p facilities.Patch, c record.Change) (facilities.Facility, error) {
	r.patch, r.change, r.expected = p, c, expected
	f, err := r.find(id)
	f.Version++
	return p.Apply(f), err
}

func (r *fakeRecords) AsOf(_ context.Context, id string, at record.At) (facilities.Facility, error) {
	r.at = at
	return r.find(id)
}

func (r *fakeRecords) History(_ context.Context, id string) ([]httpapi.RecordVersion, error) {
	if _, err := r.find(id); err != nil {
		return nil, err
	}
	at, day, from := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC), "2026-11-27", "10.0.0.7"
	gone := at.Add(time.Hour)
	return []httpapi.RecordVersion{
		{
			Version: 2, ValidFrom: &day, RecordedFrom: at, RecordedTo: &gone,
			RecordDeed: httpapi.RecordDeed{Who: "王", Why: "更名", From: &from, At: &at, Change: "c2", Action: "facility.update"},
			Removed:    &httpapi.RecordDeed{Who: "李", Why: "换包", At: &gone, Change: "c3", Action: "pack.load"},
			Fields:     []httpapi.RecordField{{Field: "name_zh", Before: "甲", After: "乙"}, {Field: "capacity", Before: 1, After: 2}},
		},
		{Version: 1, ValidTo: &day, RecordedFrom: at, Fields: []httpapi.RecordField{{Field: "serves", After: []string{"1"}}}},
	}, nil
}

func serveRecords(t *testing.T, r *fakeRecords) *httpapitest.Server {
	t.Helper()
	router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	facilityhttp.Register(httpapi.NewAPI(router), source{r.registry}, r)
	return httpapitest.New(t, router)
}

func keyed(key string) http.Header { return http.Header{"Idempotency-Key": {key}} }

func held(tag string) http.Header { return http.Header{"If-Match": {tag}} }

type body = map[string]any

func canteen() body {
	return body{"type": "elderly_canteen", "name_zh": "新食堂", "status": "open", "capacity": 60, "serves": []string{"1"}, "lon": 114.2, "lat": 30.6, "reason": "新开"}
}

func TestCreate(t *testing.T) {
	t.Parallel()
	r := &fakeRecords{registry: registry(t)}
	s := serveRecords(t, r)
	b := canteen()
	b["valid_from"] = "2026-11-01"
	w := s.Do(http.MethodPost, "/api/v1/facilities", keyed("k"), b)
	var got map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusCreated || w.Header().Get("ETag") != `"1"` ||
		w.Header().Get("Location") != "/api/v1/facilities/9" || got["division_code"] != "990101001" || got["edited"] != true || got["valid_from"] != "2026-11-27" {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	want := facilities.Facility{Type: "elderly_canteen", NameZH: "新食堂", Status: facilities.Open, Capacity: 60, Serves: []string{"1"}, Point: orb.Point{114.2, 30.6}}
	if d := cmp.Diff(want, r.made); d != "" || r.change != (record.Change{Reason: "新开", ValidFrom: "2026-11-01"}) {
		t.Errorf("asked for %+v: %s", r.change, d)
	}
}

func TestCreateWithEverything(t *testing.T) {
	t.Parallel()
	r := &fakeRecords{registry: registry(t)}
	s := serveRecords(t, r)
	b := canteen()
	delete(b, "lon")
	delete(b, "lat")
	maps.Copy(b, body{
		"stage": "draft", "division_code": "990101001", "uscc": "u", "institution_code": "i", "bureau_no": "b",
		"fields": body{"seats": 4, "functions": []string{"a"}}, "verified_on": "2026-11-01",
	})
	w := s.Do(http.MethodPost, "/api/v1/facilities", keyed("k"), b)
	var got map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusCreated || got["lon"] != nil || got["lat"] != nil ||
		got["stage"] != "draft" || got["placed_by"] != "" || got["uscc"] != "u" || got["verified_on"] != "2026-11-01" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	want := facilities.Facility{
		Type: "elderly_canteen", NameZH: "新食堂", Status: facilities.Open, Stage: facilities.Draft, Capacity: 60, Serves: []string{"1"}, DivisionCode: "990101001",
		Unplaced: true, USCC: "u", InstitutionCode: "i", BureauNo: "b", Fields: map[string]any{"seats": 4.0, "functions": []any{"a"}}, VerifiedOn: "2026-11-01",
	}
	if d := cmp.Diff(want, r.made); d != "" {
		t.Error(d)
	}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	r := &fakeRecords{registry: registry(t)}
	s := serveRecords(t, r)
	w := s.Do(http.MethodPatch, "/api/v1/facilities/2", held(`"3"`), body{"capacity": 0, "serves": []string{}, "lat": 30.7, "reason": "核实", "correction": true})
	if w.Code != http.StatusOK || w.Header().Get("ETag") != `"4"` || !strings.Contains(w.Body.String(), `"lat":30.7`) {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	zero, none, lat := 0, []string{}, 30.7
	if d := cmp.Diff(facilities.Patch{Capacity: &zero, Serves: &none, Lat: &lat}, r.patch); d != "" || r.expected != 3 || r.change != (record.Change{Reason: "核实", Correction: true}) {
		t.Errorf("expected %d, %+v: %s", r.expected, r.change, d)
	}
	all := body{"type": "meal_point", "name_zh": "甲", "name_en": "A", "status": "closed", "address": "乙", "lon": 1.5, "reason": "a", "valid_from": "2026-11-01"}
	if w := s.Do(http.MethodPatch, "/api/v1/facilities/2", held(`"3"`), all); w.Code != http.StatusOK || r.change.ValidFrom != "2026-11-01" ||
		*r.patch.Type != "meal_point" || *r.patch.NameZH != "甲" || *r.patch.NameEN != "A" || *r.patch.Status != facilities.Closed || *r.patch.Address != "乙" || *r.patch.Lon != 1.5 {
		t.Errorf("%d %s: %+v", w.Code, w.Body, r.patch)
	}
	rest := body{
		"reason": "a", "stage": "draft", "placed_by": "map", "place_confidence": 0, "unplaced": false, "division_code": "1", "uscc": "u",
		"institution_code": "i", "bureau_no": "b", "fields": body{"seats": 4, "grade": nil}, "verified_on": "2026-11-01",
	}
	if w := s.Do(http.MethodPatch, "/api/v1/facilities/2", held(`"3"`), rest); w.Code != http.StatusOK || *r.patch.Stage != facilities.Draft ||
		*r.patch.PlacedBy != facilities.PlacedMap || *r.patch.PlaceConfidence != 0 || *r.patch.Unplaced || *r.patch.DivisionCode != "1" || *r.patch.USCC != "u" ||
		*r.patch.InstitutionCode != "i" || *r.patch.BureauNo != "b" || *r.patch.VerifiedOn != "2026-11-01" {
		t.Errorf("%d %s: %+v", w.Code, w.Body, r.patch)
	}
	if d := cmp.Diff(map[string]any{"seats": 4.0, "grade": nil}, r.patch.Fields); d != "" {
		t.Error(d)
	}
	merge := http.Header{"If-Match": {`"3"`}, "Content-Type": {"application/merge-patch+json"}}
	if w := s.RawDo(http.MethodPatch, "/api/v1/facilities/2", merge, body{"capacity": 5, "reason": "a"}); w.Code != http.StatusOK || *r.patch.Capacity != 5 {
		t.Errorf("as a merge patch: %d %s", w.Code, w.Body)
	}
}

func TestAsOf(t *testing.T) {
	t.Parallel()
	r := &fakeRecords{registry: registry(t)}
	s := serveRecords(t, r)
	for query, want := range map[string]record.At{
		"":                                      {},
		"?valid=2026-11-01":                     {Valid: "2026-11-01"},
		"?recorded=2026-11-01T08:00:00%2B08:00": {Known: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)},
		"?valid=2020-01-01&recorded=2026-11-01T00:00:00Z": {Valid: "2020-01-01", Known: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)},
	} {
		w := s.Get("/api/v1/facilities/2"+query, nil)
		if w.Code != http.StatusOK || w.Header().Get("ETag") != `"3"` || r.at.Valid != want.Valid || !r.at.Known.Equal(want.Known) {
			t.Errorf("%q: %d, asked as of %+v", query, w.Code, r.at)
		}
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	s := serveRecords(t, &fakeRecords{registry: registry(t)})
	w := s.Get("/api/v1/facilities/2/history", nil)
	var got struct {
		Versions []struct {
			Version        int
			Who, Why, From string
			Removed        *struct{ Who string }
			RecordedTo     *time.Time `json:"recorded_to"`
			Fields         []struct {
				Field         string
				Before, After any
			}
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK || len(got.Versions) != 2 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	v := got.Versions[0]
	if v.Version != 2 || v.Who != "王" || v.From != "10.0.0.7" || v.Removed.Who != "李" || v.RecordedTo == nil || v.Fields[0].After != "乙" || v.Fields[1].Before != 1.0 {
		t.Errorf("%+v", v)
	}
	if v := got.Versions[1]; v.Removed != nil || v.RecordedTo != nil || strings.Contains(w.Body.String(), `"from":""`) || v.Fields[0].Before != nil {
		t.Errorf("%+v", v)
	}
}

func TestWritesThatAreNotTaken(t *testing.T) {
	t.Parallel()
	faulty := record.Invalid([]record.Fault{{Field: "lon", Value: "200", ZH: "超出范围", EN: "is outside"}})
	without := func(field string) body {
		b := canteen()
		delete(b, field)
		return b
	}
	with := func(b body, field string, v any) body {
		b[field] = v
		return b
	}
	fix := func() body { return body{"capacity": 1, "reason": "a"} }
	for _, tc := range []struct {
		name, method, path string
		header             http.Header
		body               body
		fail               error
		status             int
		says               string
	}{
		{"no key", "POST", "", nil, canteen(), nil, 400, "idempotency_key_required"},
		{"a long key", "POST", "", keyed(strings.Repeat("k", 200)), canteen(), nil, 400, "bad_idempotency_key"},
		{"no name", "POST", "", keyed("k"), without("name_zh"), nil, 422, "name_zh"},
		{"the other half", "POST", "", keyed("k"), without("lon"), nil, 422, "#/lon"},
		{"no reason", "POST", "", keyed("k"), without("reason"), nil, 422, "reason"},
		{"an unknown field", "POST", "", keyed("k"), with(canteen(), "owner", "x"), nil, 422, "#/owner"},
		{"a word for a number", "POST", "", keyed("k"), with(canteen(), "capacity", "many"), nil, 422, "#/capacity"},
		{"no day", "POST", "", keyed("k"), with(canteen(), "valid_from", "soon"), nil, 422, "#/valid_from"},
		{"no status", "POST", "", keyed("k"), with(canteen(), "status", "shut"), nil, 422, "#/status"},
		{"against the rules", "POST", "", keyed("k"), canteen(), faulty, 422, `"pointer":"#/lon","value":"200","reason":"is outside"`},
		{"not let", "POST", "", keyed("k"), canteen(), httpapi.NewProblem(403, "forbidden", "无权", "not allowed"), 403, "forbidden"},
		{"not signed in", "POST", "", keyed("k"), canteen(), httpapi.NewProblem(401, "unauthenticated", "请登录", "sign in"), 401, "unauthenticated"},
		{"not loaded", "POST", "", keyed("k"), canteen(), facilityhttp.ErrNotReady, 503, "not_ready"},
		{"no version", "PATCH", "/2", nil, fix(), nil, 428, "precondition_required"},
		{"no version that there can be", "PATCH", "/2", held("three"), fix(), nil, 412, ""},
		{"an old version", "PATCH", "/2", held(`"1"`), fix(), httpapi.Stale(3), 412, "stale"},
		{"nothing there", "PATCH", "/nothing", held(`"1"`), fix(), nil, 404, "unknown_facility"},
		{"a change without a reason", "PATCH", "/2", held(`"3"`), body{"capacity": 1}, nil, 422, "reason"},
		{"nothing for a name", "PATCH", "/2", held(`"3"`), with(fix(), "name_zh", nil), nil, 422, "#/name_zh"},
		{"a stage that there is not", "PATCH", "/2", held(`"3"`), with(fix(), "stage", "done"), nil, 422, "#/stage"},
		{"no source of a place", "PATCH", "/2", held(`"3"`), with(fix(), "placed_by", ""), nil, 422, "#/placed_by"},
		{"half a place", "POST", "", keyed("k"), without("lat"), nil, 422, "#/lat"},
		{"a change against the rules", "PATCH", "/2", held(`"3"`), fix(), faulty, 422, "#/lon"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := serveRecords(t, &fakeRecords{registry: registry(t), fail: tc.fail})
			header := http.Header{"Accept-Language": {"en"}}
			for k, v := range tc.header {
				header[k] = v
			}
			w := s.Do(tc.method, "/api/v1/facilities"+tc.path, header, tc.body)
			if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.says) {
				t.Errorf("%d %s; want %d with %s", w.Code, w.Body, tc.status, tc.says)
			}
		})
	}
}
