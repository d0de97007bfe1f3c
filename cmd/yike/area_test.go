package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"testing"

	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/postgres/dbtest"
)

// TestAreaOfADistrict counts a subdistrict by its code, by its outline and as a service area,
// and holds all to the coverage answer.
func TestAreaOfADistrict(t *testing.T) {
	t.Parallel()
	state := loaded(t, dbtest.New(t), demoPack(t, 3_000))
	held := &coveragelive.Holder{}
	var subdistrict divisions.Division
	for _, d := range state.Divisions {
		if d.Level == divisions.Subdistrict {
			subdistrict = d
		}
	}
	var communities []string
	for _, d := range state.Divisions {
		if d.ParentCode == subdistrict.Code {
			communities = append(communities, d.Code)
		}
	}
	saved := []facilities.ServiceArea{{ID: "all", Communities: communities}, {ID: "left", Communities: communities, Closed: true}, {ID: "old", Communities: []string{"1"}}}
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	coveragehttp.RegisterArea(httpapi.NewAPI(r), areaCounts{&districtAPI{held: held}, func(context.Context) ([]facilities.ServiceArea, error) { return saved, nil }})
	s := httpapitest.New(t, r)
	ask := func(area map[string]any) (int, string) {
		area["type"] = "elderly_canteen"
		w := s.Do(http.MethodPost, "/api/v1/coverage/area", nil, area)
		var got struct {
			Points int
			Bands  json.RawMessage
			Errors []struct{ Pointer string }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if w.Code != http.StatusOK {
			if len(got.Errors) == 0 {
				return w.Code, ""
			}
			return w.Code, got.Errors[0].Pointer
		}
		return got.Points, string(got.Bands)
	}
	if code, _ := ask(map[string]any{"facility": "x"}); code != http.StatusServiceUnavailable {
		t.Errorf("%d while loading", code)
	}
	held.Publish(state)
	byCode, figures := ask(map[string]any{"divisions": []string{subdistrict.Code}})
	shape := map[string]any{"type": "MultiPolygon", "coordinates": subdistrict.Boundary}
	for name, area := range map[string]map[string]any{
		"outline": {"geometry": shape}, "service area": {"service_area": "all"}, "all of them": {"geometry": shape, "service_area": "all", "divisions": communities},
	} {
		if points, same := ask(area); points != byCode || same != figures {
			t.Errorf("%s: %d points, want %d", name, points, byCode)
		}
	}
	if byCode == 0 {
		t.Error("nobody lives there")
	}
	for pointer, area := range map[string]map[string]any{
		"#/service_area": {"service_area": "left"}, "#/divisions/1": {"divisions": []string{subdistrict.Code, "1"}, "service_area": "all"},
		"#/facility": {"facility": "nobody"},
	} {
		if code, at := ask(area); code != http.StatusUnprocessableEntity || at != pointer {
			t.Errorf("%s: %d at %s", pointer, code, at)
		}
	}
	if code, at := ask(map[string]any{"service_area": "old"}); code != http.StatusUnprocessableEntity || at != "#/service_area" {
		t.Errorf("communities that are no more: %d at %s", code, at)
	}
}
