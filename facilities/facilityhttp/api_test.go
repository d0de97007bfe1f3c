package facilityhttp_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/facilityhttp"
	"yike/geo/divisions"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
)

type source struct{ registry *facilityhttp.Registry }

func (s source) Registry(context.Context) (facilityhttp.Registry, error) {
	if s.registry == nil {
		return facilityhttp.Registry{}, facilityhttp.ErrNotReady
	}
	return *s.registry, nil
}

func registry(t *testing.T) *facilityhttp.Registry {
	t.Helper()
	types, err := facilities.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	groups, err := facilities.Groups()
	if err != nil {
		t.Fatal(err)
	}
	facility := func(id string, typ facilities.Type, zh string, status facilities.Status, division string) facilities.Facility {
		return facilities.Facility{
			ID: id, Version: 3, Type: typ, NameZH: zh, NameEN: "Number " + id, Address: "解放路" + id + "号",
			Status: status, Stage: facilities.Published, PlacedBy: facilities.PlacedGiven, DivisionCode: division, Point: orb.Point{114.2, 30.6}, Capacity: 80,
		}
	}
	return &facilityhttp.Registry{
		Version: "v1", Types: types, Groups: groups,
		Facilities: []facilities.Facility{
			facility("4", "columbarium", "骨灰堂", facilities.Open, "990101002"),
			facility("1", "elderly_canteen", "东食堂", facilities.Open, "990101001001"),
			facility("2", "elderly_canteen", "西食堂", facilities.Planned, "990101001"),
			facility("3", "elderly_canteen", "南食堂", facilities.Open, "990101002"),
		},
		Divisions: []divisions.Division{
			{Code: "990101001"},
			{Code: "990101001001", ParentCode: "990101001"},
			{Code: "990101002"},
		},
	}
}

func serve(t *testing.T, r *facilityhttp.Registry) *httpapitest.Server {
	t.Helper()
	router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	facilityhttp.Register(httpapi.NewAPI(router), source{r}, &fakeRecords{registry: r})
	return httpapitest.New(t, router)
}

func TestTypes(t *testing.T) {
	t.Parallel()
	w := serve(t, registry(t)).Get("/api/v1/facility-types", nil)
	var body struct {
		Types []struct {
			Type, Measure string
			GroupZH       string `json:"group_zh"`
			Open, Total   int
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, typ := range body.Types {
		if typ.GroupZH == "" {
			t.Errorf("%s has no group's name", typ.Type)
		}
		switch typ.Type {
		case "elderly_canteen":
			found++
			if typ.Open != 2 || typ.Total != 3 || typ.Measure != "walk" {
				t.Errorf("%+v", typ)
			}
		case "rescue_station":
			found++
			if typ.Total != 0 {
				t.Errorf("%+v", typ)
			}
		}
	}
	if found != 2 {
		t.Error("types are missing")
	}
}

func TestOne(t *testing.T) {
	t.Parallel()
	s := serve(t, registry(t))
	w := s.Get("/api/v1/facilities/2", nil)
	var f map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &f); err != nil || f["name_zh"] != "西食堂" || f["version"] != 3.0 || w.Header().Get("ETag") != `"3"` {
		t.Errorf("%d %s, ETag %s", w.Code, w.Body, w.Header().Get("ETag"))
	}
	if w := s.Get("/api/v1/facilities/2", http.Header{"If-None-Match": {`"3"`}}); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("asked again: %d", w.Code)
	}
}

func TestBadQuestions(t *testing.T) {
	t.Parallel()
	s, loading := serve(t, registry(t)), serve(t, nil)
	for _, tc := range []struct {
		s          *httpapitest.Server
		path, code string
		status     int
	}{
		{s, "/api/v1/facilities/nothing", "unknown_facility", 404},
		{loading, "/api/v1/facilities/1", "not_ready", 503},
		{loading, "/api/v1/facility-types", "not_ready", 503},
		{s, "/api/v1/facilities/2?valid=yesterday", "bad_day", 422},
		{s, "/api/v1/facilities/2?valid=2026-02-30", "bad_day", 422},
		{s, "/api/v1/facilities/2?recorded=yesterday", "validation", 422},
		{s, "/api/v1/facilities/nothing/history", "unknown_facility", 404},
		{loading, "/api/v1/facilities/2/history", "not_ready", 503},
	} {
		w := tc.s.Get(tc.path, nil)
		if w.Code != tc.status || !strings.Contains(w.Body.String(), `"code":"`+tc.code) {
			t.Errorf("%s: %d %s", tc.path, w.Code, w.Body)
		}
	}
}
