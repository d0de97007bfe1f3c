package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yike/cmd/yike/demogen"
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

// BenchmarkWhatIf asks over HTTP what a drag on the map asks, one home after another, on a
// generated district of 850,000 people, with and without the circle, and with all that the
// map draws of it; what closing one way
// after another takes, and what working the same question out anew takes.
func BenchmarkWhatIf(b *testing.B) {
	dir := b.TempDir()
	if _, err := demogen.Generate(b.Context(), demogen.Options{People: 850_000, Seed: 1}, dir); err != nil {
		b.Fatal(err)
	}
	db := dbtest.New(b)
	if _, err := runLoad(b.Context(), db, dir, loadOptions{}, func(string, string, int, int) {}); err != nil {
		b.Fatal(err)
	}
	state, err := coveragelive.Load(b.Context(), stores(db), "", nil)
	if err != nil {
		b.Fatal(err)
	}
	held := &coveragelive.Holder{}
	held.Publish(state)
	handler := whatIfRouter(held)
	homes := state.Demand[state.Bases[0]].Points
	place := func(i int) orb.Point { return homes[i*7919%len(homes)] }
	plans := map[string]func(int) string{
		"add":        func(i int) string { return addBody(place(i), false) },
		"add+circle": func(i int) string { return addBody(place(i), true) },
		"map":        func(i int) string { return strings.Replace(addBody(place(i), true), "{", `{"points":true,`, 1) },
		"close way": func(i int) string {
			way, _, _ := state.Network.EdgeWay(int32(i * 7919 % state.Network.Edges())) //nolint:gosec // fewer than 2^31
			return fmt.Sprintf(`{"type":"elderly_canteen","steps":[{"do":"close_way","id":%q}]}`, way)
		},
	}
	b.Logf("%d people points, %d edges, %d divisions", len(homes), state.Network.Edges(), len(state.Divisions))
	for name, plan := range plans {
		try(b, handler, plan(0)) // makes the baseline
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			i := 0
			for b.Loop() {
				i++
				begun := time.Now()
				try(b, handler, plan(i))
				took = append(took, time.Since(begun))
			}
			slices.Sort(took)
			for _, p := range []int{50, 95, 99} {
				b.ReportMetric(float64(took[len(took)*p/100])/1e6, fmt.Sprintf("p%d-ms", p))
			}
		})
	}
	b.Run("anew", func(b *testing.B) {
		for b.Loop() {
			if _, err := state.Once(b.Context(), coveragelive.Query{Type: "elderly_canteen", LimitS: 900, Speed: 900}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func addBody(at orb.Point, circles bool) string {
	return fmt.Sprintf(`{"type":"elderly_canteen","circles":%v,"steps":[{"do":"add","id":"a","lon":%v,"lat":%v}]}`, circles, at.Lon(), at.Lat())
}

func try(b *testing.B, handler http.Handler, body string) {
	b.Helper()
	r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, whatIfPath, bytes.NewBufferString(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		b.Fatalf("%d %s", w.Code, w.Body)
	}
}
