package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"yike/cmd/yike/demogen"
	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/internal/postgres/dbtest"
)

// BenchmarkAccess asks over HTTP for the access to meals in a generated district of 850,000
// people: what a drag on the map asks, one home after another, and a question that nobody
// asked before over walks that are known.
func BenchmarkAccess(b *testing.B) {
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
	handler := accessRouter(held)
	homes := state.Demand[state.Bases[0]].Points
	open := 0
	for _, f := range state.Facilities {
		if f.Type == "meal_point" && f.Status == facilities.Open {
			open++
		}
	}
	const ask = `{"type":"meal_point","method":%q,"under":[%d]%s}`
	plan := func(i int) string {
		at := homes[i*7919%len(homes)]
		return fmt.Sprintf(`,"steps":[{"do":"add","id":"a","lon":%v,"lat":%v}],"capacities":[{"id":"a","capacity":60}]`, at.Lon(), at.Lat())
	}
	for _, method := range []string{"gaussian", "3sfca"} {
		for name, body := range map[string]func(int) string{
			"plan": func(i int) string { return fmt.Sprintf(ask, method, 20, plan(i)) },
			"anew": func(i int) string { return fmt.Sprintf(ask, method, 1000+i, "") },
		} {
			askAccess(b, handler, body(0)) // makes the baseline
			b.Run(fmt.Sprintf("points=%d/facilities=%d/method=%s/%s", len(homes), open, method, name), func(b *testing.B) {
				var took []time.Duration
				for b.Loop() {
					begun := time.Now()
					askAccess(b, handler, body(len(took)+1))
					took = append(took, time.Since(begun))
				}
				slices.Sort(took)
				for _, p := range []int{50, 95, 99} {
					b.ReportMetric(float64(took[len(took)*p/100])/1e6, fmt.Sprintf("p%d-ms", p))
				}
			})
		}
	}
}

func askAccess(b *testing.B, handler http.Handler, body string) {
	b.Helper()
	r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, accessPath, bytes.NewBufferString(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		b.Fatalf("%d %s", w.Code, w.Body)
	}
}
