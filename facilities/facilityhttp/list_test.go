package facilityhttp_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/facilityhttp"
	"yike/internal/httpapi"
	"yike/internal/record"
)

func (r *fakeRecords) List(_ context.Context, f facilities.Filter, p facilities.Page, at record.At) (facilities.List, error) {
	r.filter, r.page, r.at = f, p, at
	if r.fail != nil {
		return facilities.List{}, r.fail
	}
	list := facilities.List{Facilities: r.registry.Facilities[:2], Next: &facilities.Cursor{Value: "甲", ID: "1"}, Overdue: map[string]bool{"1": true}}
	if p.Count {
		n := 4
		list.Total = &n
	}
	if p.After != nil {
		list.Next = nil
	}
	return list, nil
}

func (r *fakeRecords) Count(_ context.Context, f facilities.Filter) (facilities.Counts, error) {
	r.filter = f
	return facilities.Counts{
		Total: 6, Unplaced: 2, Overdue: 1, ByType: map[facilities.Type]int{"meal_point": 1, "columbarium": 5},
		ByStatus: map[facilities.Status]int{facilities.Open: 3, facilities.Closed: 3}, ByStage: map[facilities.Stage]int{facilities.Published: 6},
	}, r.fail
}

func TestListAsks(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	first := facilities.Page{Sort: facilities.ByID, Limit: 200}
	for _, tc := range []struct {
		name, query string
		filter      facilities.Filter
		page        facilities.Page
		at          record.At
	}{
		{"all", "", facilities.Filter{}, first, record.At{}},
		{"of types", "type=columbarium,meal_point", facilities.Filter{Types: []facilities.Type{"columbarium", "meal_point"}}, first, record.At{}},
		{"not placed", "placed=false", facilities.Filter{Placed: &no}, first, record.At{}},
		{
			"everything",
			"type=columbarium&status=open,closed&stage=draft&division=990101001&q=a%20b&serves=1&batch=2&ids=3,4&placed=true&verified_before=2026-01-02" +
				"&overdue=true&tombstones=true&area=1,2%3B3,4%3B5,6.5&sort=-name&limit=7&count=true&valid=2026-11-01&recorded=2026-11-02T00:00:00Z",
			facilities.Filter{
				Types: []facilities.Type{"columbarium"}, Statuses: []facilities.Status{facilities.Open, facilities.Closed}, Stages: []facilities.Stage{facilities.Draft},
				Division: "990101001", Text: "a b", Serves: "1", Batch: "2", IDs: []string{"3", "4"}, Placed: &yes, VerifiedBefore: "2026-01-02", Overdue: true,
				Tombstones: true, Area: orb.Polygon{{{1, 2}, {3, 4}, {5, 6.5}, {1, 2}}},
			},
			facilities.Page{Sort: facilities.ByName, Descending: true, Limit: 7, Count: true},
			record.At{Valid: "2026-11-01", Known: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)},
		},
	} {
		r := &fakeRecords{registry: registry(t)}
		w := serveRecords(t, r).Get("/api/v1/facilities?"+tc.query, nil)
		if d := cmp.Diff(tc.filter, r.filter) + cmp.Diff(tc.page, r.page) + cmp.Diff(tc.at, r.at); d != "" || w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", tc.name, w.Code, d)
		}
	}
}

func TestListAnswers(t *testing.T) {
	t.Parallel()
	r := &fakeRecords{registry: registry(t)}
	s := serveRecords(t, r)
	var got struct {
		Facilities []struct {
			ID      string
			Version int
			Overdue bool
		}
		Next  *string
		Total *int
	}
	w := s.Get("/api/v1/facilities?sort=name&limit=2&count=true", nil)
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || len(got.Facilities) != 2 || got.Facilities[0].ID != "4" || got.Facilities[0].Version != 3 ||
		got.Facilities[0].Overdue || !got.Facilities[1].Overdue || got.Total == nil || *got.Total != 4 || got.Next == nil {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	next := url.QueryEscape(*got.Next)
	w = s.Get("/api/v1/facilities?sort=name&limit=2&cursor="+next, nil)
	if d := cmp.Diff(&facilities.Cursor{Value: "甲", ID: "1"}, r.page.After); d != "" || !strings.Contains(w.Body.String(), `"next":null`) || strings.Contains(w.Body.String(), "total") {
		t.Errorf("%s%s", d, w.Body)
	}
	if w := s.Get("/api/v1/facilities?sort=-name&cursor="+next, nil); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "bad_cursor") {
		t.Errorf("a cursor of another order: %d %s", w.Code, w.Body)
	}
	tag := s.Get("/api/v1/facilities?sort=name", nil).Header().Get("ETag")
	if w := s.Get("/api/v1/facilities?sort=name", http.Header{"If-None-Match": {tag}}); w.Code != http.StatusNotModified || tag == "" {
		t.Errorf("asked again: %d", w.Code)
	}
	if w := s.Get("/api/v1/facilities?sort=name&count=true", http.Header{"If-None-Match": {tag}}); w.Code == http.StatusNotModified {
		t.Error("another list has the same tag")
	}
}

func TestCounts(t *testing.T) {
	t.Parallel()
	r := &fakeRecords{registry: registry(t)}
	w := serveRecords(t, r).Get("/api/v1/facilities/counts?division=1", nil)
	const want = `{"total":6,"unplaced":2,"overdue":1,"types":[{"value":"columbarium","count":5},{"value":"meal_point","count":1}],` +
		`"statuses":[{"value":"closed","count":3},{"value":"open","count":3}],"stages":[{"value":"published","count":6}]}`
	if got := strings.TrimSpace(w.Body.String()); got != want || r.filter.Division != "1" {
		t.Errorf("%d %s", w.Code, got)
	}
}

func TestBadLists(t *testing.T) {
	t.Parallel()
	forbidden := httpapi.NewProblem(http.StatusForbidden, "forbidden", "无权", "not allowed")
	for _, tc := range []struct {
		query, code string
		fail        error
		status      int
	}{
		{"?type=pub", "unknown_facility_type", nil, 404},
		{"?division=1", "unknown_division", facilityhttp.ErrUnknownDivision, 404},
		{"?limit=0", "validation", nil, 422},
		{"?limit=1001", "validation", nil, 422},
		{"?placed=perhaps", "validation", nil, 422},
		{"?verified_before=soon", "validation", nil, 422},
		{"?status=shut", "validation", nil, 422},
		{"?area=1,2", "validation", nil, 422},
		{"?area=1,2%3B3,4%3B500,4", "validation", nil, 422},
		{"?sort=size", "bad_sort", nil, 422},
		{"?cursor=%25", "bad_cursor", nil, 422},
		{"?cursor=YQ", "bad_cursor", nil, 422},
		{"", "bad_cursor", facilityhttp.ErrBadCursor, 422},
		{"?valid=yesterday", "bad_day", nil, 422},
		{"?valid=2026-11-01", "forbidden", forbidden, 403},
		{"", "not_ready", facilityhttp.ErrNotReady, 503},
		{"/counts?type=pub", "unknown_facility_type", nil, 404},
		{"/counts?stage=done", "validation", nil, 422},
		{"/counts", "not_ready", facilityhttp.ErrNotReady, 503},
	} {
		w := serveRecords(t, &fakeRecords{registry: registry(t), fail: tc.fail}).Get("/api/v1/facilities"+tc.query, nil)
		if w.Code != tc.status || !strings.Contains(w.Body.String(), `"code":"`+tc.code) {
			t.Errorf("%s: %d %s; want %d %s", tc.query, w.Code, w.Body, tc.status, tc.code)
		}
	}
	if w := serveRecords(t, &fakeRecords{}).Get("/api/v1/facilities", nil); w.Code != http.StatusServiceUnavailable {
		t.Errorf("before anything is loaded: %d", w.Code)
	}
}
