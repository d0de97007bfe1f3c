package main

import (
	"encoding/json"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/postgres/dbtest"
)

const whatIfPath = "/api/v1/coverage/what-if"

func whatIfRouter(held *coveragelive.Holder) http.Handler {
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	coveragehttp.RegisterWhatIf(httpapi.NewAPI(r), &districtAPI{held: held})
	return r
}

func TestWhatIfOfADistrict(t *testing.T) {
	t.Parallel()
	state := loaded(t, dbtest.New(t), demoPack(t, 3_000))
	held := &coveragelive.Holder{}
	s := httpapitest.New(t, whatIfRouter(held))
	ask := func(body map[string]any) *httptest.ResponseRecorder {
		body["type"] = "elderly_canteen"
		return s.Do(http.MethodPost, whatIfPath, nil, body)
	}
	if w := ask(map[string]any{"steps": []any{}}); w.Code != http.StatusServiceUnavailable {
		t.Errorf("%d while loading", w.Code)
	}
	held.Publish(state)
	var canteens []facilities.Facility
	var other facilities.Facility
	for _, f := range state.Facilities {
		if f.Type == "elderly_canteen" && f.Status == facilities.Open {
			canteens = append(canteens, f)
		} else if f.Type != "elderly_canteen" {
			other = f
		}
	}
	type figures struct {
		Bands []struct {
			Gained, Lost  float64
			Before, After struct{ Covered float64 }
		}
		Circles []struct{ ID string }
	}
	var got figures
	var shut []any
	for _, f := range canteens {
		shut = append(shut, map[string]any{"do": "close", "id": f.ID})
	}
	at := canteens[0].Point
	steps := slices.Concat(shut, []any{map[string]any{"do": "add", "id": "new", "lon": at.Lon(), "lat": at.Lat()}})
	w := ask(map[string]any{"steps": steps, "circles": true})
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %v", w.Code, err)
	}
	b := got.Bands[0]
	if b.After.Covered == 0 || math.Abs(b.Before.Covered+b.Gained-b.Lost-b.After.Covered) > 1e-6 || len(got.Circles) != 1 || got.Circles[0].ID != "new" {
		t.Errorf("%+v", got)
	}
	for name, c := range map[string]struct {
		body map[string]any
		code string
	}{
		"another type's":  {map[string]any{"steps": []any{map[string]any{"do": "close", "id": other.ID}}}, "step_impossible"},
		"no such way":     {map[string]any{"steps": []any{map[string]any{"do": "close_way", "id": "?"}}}, "step_impossible"},
		"too wide":        {map[string]any{"limit": 7200, "steps": []any{}}, "walks_too_long"},
		"too many":        {map[string]any{"steps": slices.Repeat([]any{map[string]any{"do": "shut_gate", "id": "?"}}, 21)}, "too_many_steps"},
		"same id":         {map[string]any{"steps": []any{map[string]any{"do": "add", "id": canteens[0].ID, "lon": 1, "lat": 1}}}, "step_impossible"},
		"loose path":      {map[string]any{"steps": []any{map[string]any{"do": "add_path", "id": "p", "line": [][2]float64{{1, 1}, {1, 1.001}}}}}, "step_impossible"},
		"path of nothing": {map[string]any{"steps": []any{map[string]any{"do": "add_path", "id": "p"}}}, "step_impossible"},
	} {
		var p struct{ Code string }
		w := ask(c.body)
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Code != c.code {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}
