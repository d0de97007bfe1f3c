package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"yike/coverage"
	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
	"yike/facilities/facilityhttp"
	"yike/internal/httpapi"
)

func serveDistrict(held *coveragelive.Holder) func(t *testing.T, path string, into any) int {
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	api := httpapi.NewAPI(r)
	d := &districtAPI{held: held, status: readyStatus}
	coveragehttp.Register(api, d)
	facilityhttp.Register(api, d, &facilityRecords{live: &liveFacilities{held: held}})
	return func(t *testing.T, path string, into any) int {
		t.Helper()
		w := httptest.NewRecorder()
		r.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			t.Fatalf("%s: %d %v", path, w.Code, err)
		}
		return w.Code
	}
}

func TestDistrictAPI(t *testing.T) {
	t.Parallel()
	var held coveragelive.Holder
	get := serveDistrict(&held)
	var problem struct{ Code string }
	for _, path := range []string{"/api/v1/district", "/api/v1/coverage?type=elderly_canteen", "/api/v1/people/1?type=elderly_canteen", "/api/v1/facilities"} {
		if code := get(t, path, &problem); code != http.StatusServiceUnavailable || problem.Code != "not_ready" {
			t.Errorf("%s before anything is loaded: %d %s", path, code, problem.Code)
		}
	}
	s, _ := demo(t)
	held.Publish(s)

	var d coveragehttp.District
	if code := get(t, "/api/v1/district", &d); code != http.StatusOK || !d.Synthetic || d.Version != s.Version || len(d.Bands) != len(s.Bands) {
		t.Errorf("district: %d %+v", code, d)
	}
	var answer struct {
		Bands     []struct{ Population, Covered coveragehttp.Persons }
		Divisions []json.RawMessage
	}
	if code := get(t, "/api/v1/coverage?type="+d.Defaults.Type, &answer); code != http.StatusOK || len(answer.Divisions) < len(s.Divisions) {
		t.Errorf("coverage: %d, %d divisions", code, len(answer.Divisions))
	}
	a := ask(t, s, "elderly_canteen", 900, 900)
	for b, total := range a.Summary.Total {
		if got := answer.Bands[b]; coverage.People(got.Population) != total.Population || coverage.People(got.Covered) != total.Covered {
			t.Errorf("band %d: %+v, in memory %+v", b, got, total)
		}
	}
	for i, id := range a.Demand.IDs {
		if a.Result.State[i] != coverage.Covered {
			continue
		}
		var p struct {
			State   string
			Seconds float64
			Nearest struct{ ID string }
		}
		get(t, "/api/v1/people/"+id+"?type=elderly_canteen", &p)
		if p.State != "covered" || p.Nearest.ID != a.Facilities[a.Result.Nearest[i]].ID || p.Seconds != float64(a.Result.Time[i])/1000 {
			t.Errorf("point %s: %+v", id, p)
		}
		break
	}
	if code := get(t, "/api/v1/people/"+a.Demand.IDs[0]+"?type=pub", &problem); code != http.StatusNotFound || problem.Code != "unknown_facility_type" {
		t.Errorf("unknown type: %d %s", code, problem.Code)
	}
	var types struct{ Types []struct{ Open int } }
	if code := get(t, "/api/v1/facility-types", &types); code != http.StatusOK || len(types.Types) != len(s.Types) {
		t.Errorf("types: %d, %d of %d", code, len(types.Types), len(s.Types))
	}
}
