package premiseshttp_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/facilities/premises"
	"yike/facilities/premises/premiseshttp"
	"yike/geo/divisions"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/record"
)

const (
	today = record.Day("2026-11-27")
	one   = "01900000-0000-7000-8000-000000000001"
)

// fakeLedger keeps what it was asked, and answers with one room or an error.
type fakeLedger struct {
	fail     error
	item     premises.Item
	filter   premises.Filter
	after    premises.After
	limit    int
	more     bool
	room     premises.Room
	patch    premises.Patch
	change   record.Change
	expected int
	in       premises.Inspection
	order    premises.Order
	follow   premises.Follow
	reason   string
}

func (l *fakeLedger) Today() record.Day { return today }

func (l *fakeLedger) List(_ context.Context, f premises.Filter, after premises.After, limit int) ([]premises.Item, *premises.After, error) {
	l.filter, l.after, l.limit = f, after, limit
	if l.more {
		return []premises.Item{l.item}, &premises.After{Division: "9", Name: "甲\n", ID: one}, l.fail
	}
	return []premises.Item{l.item}, nil, l.fail
}

func (l *fakeLedger) Summary(_ context.Context, f premises.Filter) (premises.Summary, error) {
	l.filter = f
	list := []divisions.Division{{Code: "1", Level: divisions.Subdistrict, NameZH: "甲街"}, {Code: "2", Level: divisions.Community, ParentCode: "1", Setting: divisions.Urban}}
	r := l.item.Room
	r.DivisionCode = "2"
	return premises.Summarise([]premises.Room{r}, list, map[string]divisions.Households{"2": {Count: 1000, Source: divisions.HouseholdsDeclared}}, nil), l.fail
}

func (l *fakeLedger) One(_ context.Context, id string) (premises.Item, error) {
	if id != one {
		return premises.Item{}, premises.ErrNotFound
	}
	return l.item, l.fail
}

func (l *fakeLedger) Create(_ context.Context, r premises.Room, c record.Change) (premises.Item, error) {
	l.room, l.change = r, c
	return l.item, l.fail
}

func (l *fakeLedger) Update(_ context.Context, id string, expected int, p premises.Patch, c record.Change) (premises.Item, error) {
	l.patch, l.expected, l.change = p, expected, c
	return l.item, l.fail
}

func (l *fakeLedger) Remove(_ context.Context, _ string, expected int, reason string) error {
	l.expected, l.reason = expected, reason
	return l.fail
}

func (l *fakeLedger) History(context.Context, string) ([]httpapi.RecordVersion, error) {
	return []httpapi.RecordVersion{{Version: 1, RecordedFrom: time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC), Fields: []httpapi.RecordField{}}}, l.fail
}

func (l *fakeLedger) Inspections(context.Context, string) ([]premises.Inspection, []premises.Rectification, error) {
	return []premises.Inspection{{ID: "i", RoomID: one, Day: "2026-11-20", By: "科", UseFound: premises.Commercial, AreaFound: 1250, Verdict: premises.Misuse, RecordedBy: "王"}},
		[]premises.Rectification{*open()}, l.fail
}

func (l *fakeLedger) Inspect(_ context.Context, in premises.Inspection, o premises.Order) (premises.Item, error) {
	l.in, l.order = in, o
	return l.item, l.fail
}

func (l *fakeLedger) FollowUp(_ context.Context, room, id string, expected int, f premises.Follow, reason string) (premises.Rectification, error) {
	l.follow, l.expected, l.reason = f, expected, reason
	return *open(), l.fail
}

func (l *fakeLedger) Write(_ context.Context, w io.Writer, format string, f premises.Filter, english bool) error {
	l.filter = f
	if l.fail != nil {
		return l.fail
	}
	_, err := fmt.Fprintf(w, "%s, English %v", format, english)
	return err
}

func open() *premises.Rectification {
	return &premises.Rectification{
		ID: "x", Version: 4, RoomID: one, Found: "i", FoundOn: "2026-11-10", UseFound: premises.Commercial,
		Order: premises.Order{Deadline: "2026-11-20", Number: "8 号"}, Progress: premises.Ordered,
	}
}

func newLedger() *fakeLedger {
	return &fakeLedger{item: premises.Item{
		MayWrite: true, Open: open(), Facility: "花桥里党群服务中心",
		Room: premises.Room{
			ID: one, Version: 3, Name: "花桥里社区用房", DivisionCode: "2", Point: orb.Point{117.05, 39.05}, Placed: true, ApprovedUse: premises.CommunityService,
			PresentUse: premises.CommunityService, Area: 50_000, State: premises.HandedOver, HandedOverOn: "2022-09-01", ValidFrom: today,
			Parts: []premises.Part{{Use: premises.CommunityService, Area: 30_000, CountsFor: premises.CommunityNorm}}, Documents: []string{"协议"},
		},
	}}
}

func serve(t *testing.T, l *fakeLedger) *httpapitest.Server {
	t.Helper()
	router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	premiseshttp.Register(httpapi.NewAPI(router), l, l)
	return httpapitest.New(t, router)
}

type body = map[string]any

func decode(t *testing.T, raw []byte) body {
	t.Helper()
	var got body
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	return got
}

func keyed() http.Header { return http.Header{"Idempotency-Key": {"k"}} }

func held(tag string) http.Header { return http.Header{"If-Match": {tag}} }

const path = "/api/v1/premises"

func TestCodes(t *testing.T) {
	t.Parallel()
	s := serve(t, newLedger())
	w := s.Get("/api/v1/premises-codes", nil)
	got := decode(t, w.Body.Bytes())
	if w.Code != http.StatusOK || len(got["uses"].([]any)) != len(premises.Uses()) || len(got["verdicts"].([]any)) != len(premises.Verdicts()) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := s.Get("/api/v1/premises-codes", http.Header{"If-None-Match": {w.Header().Get("ETag")}}); w.Code != http.StatusNotModified {
		t.Errorf("held already: %d", w.Code)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	l := newLedger()
	l.more = true
	s := serve(t, l)
	w := s.Get(path+"?use=health&present=commercial&state=accepted&division=99&q=%20a%20&facility=f&misuse=true&overdue=true&lacking=true&limit=7", nil)
	want := premises.Filter{
		Use: premises.Health, Present: premises.Commercial, State: premises.Accepted, Division: "99", Text: "a", Facility: "f", Misused: true, Overdue: true, Lacking: true, Today: today,
	}
	if d := cmp.Diff(want, l.filter); d != "" || w.Code != http.StatusOK || l.limit != 7 {
		t.Errorf("%d, limit %d: %s", w.Code, l.limit, d)
	}
	got := decode(t, w.Body.Bytes())
	room := got["premises"].([]any)[0].(body)
	if room["area_m2"] != 500.0 || room["remaining_m2"] != 200.0 || room["lon"] != 117.05 || room["misused"] != false || room["may_write"] != true ||
		room["rectification"].(body)["overdue"] != true || room["facility_name"] != "花桥里党群服务中心" || len(room["missing"].([]any)) != 2 {
		t.Errorf("%v", room)
	}
	s.Get(path+"?cursor="+got["next"].(string), nil)
	if l.after != (premises.After{Division: "9", Name: "甲\n", ID: one}) || l.limit != 100 {
		t.Errorf("the next page begins behind %+v", l.after)
	}
	for _, cursor := range []string{"x", "W10", "WyIxIiwiMiIsIjMiXQ"} {
		if w := s.Get(path+"?cursor="+cursor, nil); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "bad_cursor") {
			t.Errorf("cursor %s: %d %s", cursor, w.Code, w.Body)
		}
	}
	l.more, l.item = false, premises.Item{}
	if room := decode(t, s.Get(path, nil).Body.Bytes()); room["next"] != nil || room["premises"].([]any)[0].(body)["lon"] != nil {
		t.Errorf("%v", room)
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	l := newLedger()
	w := serve(t, l).Get("/api/v1/premises-summary?division=1", nil)
	got := decode(t, w.Body.Bytes())
	com := got["communities"].([]any)[0].(body)
	counted := com["counted"].([]any)[0].(body)
	if w.Code != http.StatusOK || l.filter.Division != "1" || com["households"] != 1000.0 || counted["per_100_households"] != 30.0 || com["handed_over_share"] != 1.0 ||
		com["by_use"].([]any)[0].(body)["area_m2"] != 300.0 || com["unassigned_m2"] != 200.0 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	outside := got["outside"].(body)
	if outside["rooms"] != 0.0 || outside["households"] != nil || outside["handed_over_share"] != nil || outside["counted"].([]any)[0].(body)["per_100_households"] != nil {
		t.Errorf("outside: %v", outside)
	}
}

func TestOne(t *testing.T) {
	t.Parallel()
	s := serve(t, newLedger())
	w := s.Get(path+"/"+one, nil)
	got := decode(t, w.Body.Bytes())
	if w.Code != http.StatusOK || w.Header().Get("ETag") != `"3"` || got["version"] != 3.0 || got["valid_from"] != "2026-11-27" || len(got["checks"].([]any)) != 3 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := s.Get(path+"/"+one+"/history", nil); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"versions"`) {
		t.Errorf("history: %d %s", w.Code, w.Body)
	}
	seen := decode(t, s.Get(path+"/"+one+"/inspections", nil).Body.Bytes())
	if i := seen["inspections"].([]any)[0].(body); i["area_found_m2"] != 12.5 || i["verdict"] != "misuse" || seen["rectifications"].([]any)[0].(body)["order_no"] != "8 号" {
		t.Errorf("seen: %v", seen)
	}
}

func content() body {
	return body{
		"name": "甲", "estate": "a", "building": "b", "floor": "c", "room_no": "d", "address": "e", "division_code": "f", "lon": 1.5, "lat": 2.5, "owner": "g",
		"title": "leased", "approved_use": "health", "present_use": "vacant", "area_m2": 12.34, "land_share_m2": 1, "state": "withdrawn",
		"planned_on": "2001-01-01", "built_on": "2002-01-01", "accepted_on": "2003-01-01", "handed_over_on": "2004-01-01", "withdrawn_on": "2005-01-01",
		"parts": []body{{"use": "health", "area_m2": 0.5, "counts_for": "community_premises"}}, "key_holder": "h", "key_contact": "i", "facility_id": "j",
		"obtained_by": "lease", "documents": []string{"k"}, "note": "l", "reason": "m", "valid_from": "2026-11-01",
	}
}

func TestCreate(t *testing.T) {
	t.Parallel()
	l := newLedger()
	s := serve(t, l)
	w := s.Do(http.MethodPost, path, keyed(), content())
	want := premises.Room{
		Name: "甲", Estate: "a", Building: "b", Floor: "c", RoomNo: "d", Address: "e", DivisionCode: "f", Point: orb.Point{1.5, 2.5}, Placed: true, Owner: "g",
		Title: premises.TitleLeased, ApprovedUse: premises.Health, PresentUse: premises.Vacant, Area: 1234, LandShare: 100, State: premises.Withdrawn,
		PlannedOn: "2001-01-01", BuiltOn: "2002-01-01", AcceptedOn: "2003-01-01", HandedOverOn: "2004-01-01", WithdrawnOn: "2005-01-01",
		Parts: []premises.Part{{Use: premises.Health, Area: 50, CountsFor: premises.CommunityNorm}}, KeyHolder: "h", KeyContact: "i", FacilityID: "j",
		ObtainedBy: premises.ByLease, Documents: []string{"k"}, Note: "l",
	}
	if d := cmp.Diff(want, l.room); d != "" || w.Code != http.StatusCreated || w.Header().Get("Location") != path+"/"+one || w.Header().Get("ETag") != `"3"` ||
		l.change != (record.Change{Reason: "m", ValidFrom: "2026-11-01"}) {
		t.Errorf("%d %s %+v: %s", w.Code, w.Body, l.change, d)
	}
	bare := s.Do(http.MethodPost, path, keyed(), body{"name": "乙", "state": "planned", "reason": "a", "lon": nil, "lat": nil})
	if bare.Code != http.StatusCreated || l.room.Placed || l.room.Parts != nil {
		t.Errorf("%d %s: %+v", bare.Code, bare.Body, l.room)
	}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	l := newLedger()
	s := serve(t, l)
	b := content()
	b["correction"] = true
	w := s.Do(http.MethodPatch, path+"/"+one, held(`"3"`), b)
	patched := l.patch.Apply(premises.Room{})
	if w.Code != http.StatusOK || l.expected != 3 || !l.change.Correction || patched.Area != 1234 || patched.LandShare != 100 || patched.Parts[0].Area != 50 ||
		patched.State != premises.Withdrawn || patched.WithdrawnOn != "2005-01-01" || patched.Point != (orb.Point{1.5, 2.5}) || patched.Documents[0] != "k" || patched.KeyContact != "i" {
		t.Errorf("%d %s: %+v", w.Code, w.Body, patched)
	}
	s.Do(http.MethodPatch, path+"/"+one, held(`"3"`), body{"lon": nil, "lat": nil, "reason": "a"})
	if !l.patch.Unplace || l.patch.Lon != nil {
		t.Errorf("taken off the map: %+v", l.patch)
	}
	s.Do(http.MethodPatch, path+"/"+one, held(`"3"`), body{"key_contact": "***", "reason": "a"})
	if l.patch.KeyContact != nil {
		t.Errorf("a mask became a contact: %q", *l.patch.KeyContact)
	}
	w = s.Do(http.MethodDelete, path+"/"+one+"?reason=%E8%AF%AF", held(`"3"`), nil)
	if w.Code != http.StatusNoContent || l.expected != 3 || l.reason != "误" {
		t.Errorf("removed: %d %s", w.Code, w.Body)
	}
}

func TestInspect(t *testing.T) {
	t.Parallel()
	l := newLedger()
	s := serve(t, l)
	w := s.Do(http.MethodPost, path+"/"+one+"/inspections", keyed(), body{
		"day": "2026-11-20", "by": "科", "use_found": "commercial", "area_found_m2": 12.5, "condition": "poor", "verdict": "misuse", "note": "n", "deadline": "2026-12-20", "order_no": "8 号",
	})
	want := premises.Inspection{
		RoomID: one, Day: "2026-11-20", By: "科", UseFound: premises.Commercial, AreaFound: 1250, Condition: premises.Poor, Verdict: premises.Misuse, Note: "n",
	}
	if d := cmp.Diff(want, l.in); d != "" || w.Code != http.StatusCreated || l.order != (premises.Order{Deadline: "2026-12-20", Number: "8 号"}) {
		t.Errorf("%d %s %+v: %s", w.Code, w.Body, l.order, d)
	}
	w = s.Do(http.MethodPatch, path+"/"+one+"/rectifications/x", held(`"4"`), body{"deadline": "2026-12-30", "order_no": "9 号", "reported_on": "", "report": "r", "reason": "a"})
	f := l.follow
	if w.Code != http.StatusOK || w.Header().Get("ETag") != `"4"` || l.expected != 4 || l.reason != "a" || *f.Deadline != "2026-12-30" || *f.Number != "9 号" || *f.ReportedOn != "" || *f.Report != "r" {
		t.Errorf("%d %s: %+v", w.Code, w.Body, f)
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	l := newLedger()
	s := serve(t, l)
	for format, mime := range map[string]string{"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"} {
		w := s.Raw(path+"."+format+"?misuse=true&words=en", nil) // the reader of documents knows no workbooks
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != mime || w.Body.String() != format+", English true" || !l.filter.Misused ||
			!strings.Contains(w.Header().Get("Content-Disposition"), `filename="premises-2026-11-27.`+format) {
			t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
		}
	}
	l.fail = premiseshttp.ErrNotReady
	if w := s.Get(path+".csv", nil); w.Code != http.StatusServiceUnavailable {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestWhatIsNotTaken asks for each way in which a request may be wrong.
func TestWhatIsNotTaken(t *testing.T) {
	t.Parallel()
	with := func(field string, v any) body {
		b := content()
		b[field] = v
		return b
	}
	faulty := record.Invalid([]record.Fault{{Field: "parts/0/area_m2", Value: "9", ZH: "超出", EN: "too much"}})
	look := body{"day": "2026-11-20", "by": "科", "verdict": "ok"}
	for name, tc := range map[string]struct {
		method, path string
		header       http.Header
		body         any
		fail         error
		status       int
		code, at     string
	}{
		"no key":                  {http.MethodPost, path, nil, content(), nil, 400, "idempotency_key_required", ""},
		"no key for a look":       {http.MethodPost, path + "/" + one + "/inspections", nil, look, nil, 400, "idempotency_key_required", ""},
		"half a place":            {http.MethodPost, path, keyed(), with("lat", nil), nil, 422, "validation", "#/lat"},
		"the other half":          {http.MethodPost, path, keyed(), with("lon", nil), nil, 422, "validation", "#/lon"},
		"an area too fine":        {http.MethodPost, path, keyed(), with("area_m2", 1.234), nil, 422, "validation", "#/area_m2"},
		"a part too fine":         {http.MethodPost, path, keyed(), with("parts", []body{{"use": "health", "area_m2": 0.001}}), nil, 422, "validation", "#/parts/0/area_m2"},
		"a norm that is none":     {http.MethodPost, path, keyed(), with("parts", []body{{"use": "health", "area_m2": 1, "counts_for": "both"}}), nil, 422, "validation", "#/parts/0/counts_for"},
		"an unknown field":        {http.MethodPost, path, keyed(), with("beds", 1), nil, 422, "validation", "#/beds"},
		"refused by the rules":    {http.MethodPost, path, keyed(), content(), faulty, 422, "validation", "#/parts/0/area_m2"},
		"no tag":                  {http.MethodPatch, path + "/" + one, nil, body{"reason": "a"}, nil, 428, "precondition_required", ""},
		"no tag to remove":        {http.MethodDelete, path + "/" + one, nil, nil, nil, 428, "precondition_required", ""},
		"no tag to follow":        {http.MethodPatch, path + "/" + one + "/rectifications/x", nil, body{"reason": "a"}, nil, 428, "precondition_required", ""},
		"emptied by null":         {http.MethodPatch, path + "/" + one, held(`"3"`), body{"owner": nil, "reason": "a"}, nil, 422, "validation", "#/owner"},
		"half emptied":            {http.MethodPatch, path + "/" + one, held(`"3"`), body{"lon": nil, "reason": "a"}, nil, 422, "validation", "#/lon"},
		"half emptied, half told": {http.MethodPatch, path + "/" + one, held(`"3"`), body{"lon": nil, "lat": 1, "reason": "a"}, nil, 422, "validation", "#/lon"},
		"a patch too fine":        {http.MethodPatch, path + "/" + one, held(`"3"`), body{"land_share_m2": -1, "reason": "a"}, nil, 422, "validation", "#/land_share_m2"},
		"a look too fine":         {http.MethodPost, path + "/" + one + "/inspections", keyed(), body{"day": "2026-11-20", "by": "科", "verdict": "ok", "area_found_m2": 0.001}, nil, 422, "validation", "#/area_found_m2"},
		"inspected":               {http.MethodDelete, path + "/" + one, held(`"3"`), nil, premises.ErrInspected, 409, "inspected", ""},
		"no rectification":        {http.MethodPatch, path + "/" + one + "/rectifications/x", held(`"3"`), body{"reason": "a"}, premises.ErrNoRectification, 404, "unknown_rectification", ""},
		"unknown":                 {http.MethodGet, path + "/2", nil, nil, nil, 404, "unknown_premises", ""},
		"unknown history":         {http.MethodGet, path + "/2/history", nil, nil, premises.ErrNotFound, 404, "unknown_premises", ""},
		"unknown inspections":     {http.MethodGet, path + "/2/inspections", nil, nil, premises.ErrNotFound, 404, "unknown_premises", ""},
		"not ready":               {http.MethodGet, "/api/v1/premises-summary", nil, nil, premiseshttp.ErrNotReady, 503, "not_ready", ""},
		"a fault of the server":   {http.MethodGet, path, nil, nil, errors.New("secret"), 500, "internal", ""},
		"a look refused":          {http.MethodPost, path + "/" + one + "/inspections", keyed(), look, faulty, 422, "validation", "#/parts/0/area_m2"},
		"a patch refused":         {http.MethodPatch, path + "/" + one, held(`"3"`), body{"reason": "a"}, faulty, 422, "validation", "#/parts/0/area_m2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLedger()
			l.fail = tc.fail
			w := serve(t, l).Do(tc.method, tc.path, tc.header, tc.body)
			var p struct {
				Code   string
				Errors []struct{ Pointer string }
			}
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != tc.status || p.Code != tc.code {
				t.Fatalf("%d %s; want %d %s", w.Code, w.Body, tc.status, tc.code)
			}
			if tc.at != "" && (len(p.Errors) == 0 || p.Errors[0].Pointer != tc.at) {
				t.Errorf("at fault: %+v, want %s", p.Errors, tc.at)
			}
		})
	}
}
