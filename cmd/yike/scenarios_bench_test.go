package main

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"yike/cmd/yike/demogen"
	"yike/coverage/coveragelive"
	"yike/coverage/scenarios"
	"yike/coverage/scenarios/scenariodb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

// BenchmarkCompareScenarios sets five scenarios of three new canteens each side by side, over
// HTTP as BenchmarkWhatIf asks, on a generated district of 850,000 people: asked again and
// again (the baseline is kept), and by another question each time (it is worked out).
func BenchmarkCompareScenarios(b *testing.B) {
	dir, url := b.TempDir(), dbtest.URL(b)
	if _, err := demogen.Generate(b.Context(), demogen.Options{People: 850_000, Seed: 1}, dir); err != nil {
		b.Fatal(err)
	}
	planner := published(b, []string{"DATABASE_URL=" + url, "YIKE_STATE_DIR=" + b.TempDir()}, dir, "990100")
	db, err := postgres.Open(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(db.Close)
	state, err := coveragelive.Load(b.Context(), stores(db), "", nil)
	if err != nil {
		b.Fatal(err)
	}
	const most = 40 // limits asked for, one after another
	var ids []string
	for i := range 5 + most {
		ids = append(ids, keepForBench(b, db, state, i))
	}
	body := func(of int) string {
		asked, err := json.Marshal(map[string]any{"ids": ids[:5], "question_of": ids[of]})
		if err != nil {
			b.Fatal(err)
		}
		return string(asked)
	}
	const path = scenariosPath + "/compare"
	planner.post(b, path, body(0)) // makes the baseline
	b.Run("five, asked again", func(b *testing.B) { each(b, func(int) { planner.post(b, path, body(0)) }) })
	b.Run("five, with the baseline to be worked out", func(b *testing.B) {
		each(b, func(i int) {
			asked, err := json.Marshal(map[string]any{"ids": append(ids[:4:4], ids[5+i%most]), "question_of": ids[5+i%most]})
			if err != nil {
				b.Fatal(err)
			}
			planner.post(b, path, string(asked))
		})
	})
}

// keepForBench keeps and shares a scenario of three new canteens. From the sixth on each asks
// for another limit.
func keepForBench(b *testing.B, db *postgres.DB, state *coveragelive.State, i int) string {
	b.Helper()
	homes := state.Demand[state.Bases[0]].Points
	limit := 900
	if i >= 5 {
		limit = 600 + i
	}
	s := scenarios.Scenario{
		Name: fmt.Sprint("方案", i), Question: scenarios.Question{"type": "elderly_canteen", "limit": fmt.Sprint(limit)},
		Costs: []scenarios.CostLine{{What: "装修", Kind: scenarios.OneOff, Fen: int64(1+i) * 10_000_000}},
	}
	for k := range 3 {
		s.Steps = append(s.Steps, scenarios.Step{Do: "add", ID: fmt.Sprint("new-", k), At: homes[(3*i+k)*7919%len(homes)]})
	}
	store, w := scenariodb.New(db), postgres.System(state.Pack.AdCode, "bench")
	made, err := store.Create(b.Context(), w, s, "")
	if err != nil {
		b.Fatal(err)
	}
	shared := scenarios.Shared
	if _, err := store.Update(b.Context(), w, made.ID, made.Version, scenarios.Patch{State: &shared}, nil, "", record.DayOf(time.Now())); err != nil {
		b.Fatal(err)
	}
	return made.ID
}
