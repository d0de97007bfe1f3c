package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/coverage/scenarios"
	"yike/coverage/scenarios/scenariodb"
	"yike/facilities"
	"yike/internal/postgres"
	"yike/internal/record"
)

// fillScenarios gives the desk of a demonstration a few scenarios to set side by side, once
// the district can be asked. It is shown all the same where that fails.
func (s *server) fillScenarios(ctx context.Context) {
	st := s.live.held.State()
	if !s.people.demo.Load() || s.app.config.EmptyDesk || st == nil {
		return
	}
	if err := fillDemoScenarios(ctx, s.db, st, record.DayOf(time.Now())); err != nil {
		s.app.log.WarnContext(ctx, "the demonstration has no scenarios", "error", err)
	}
}

// fillDemoScenarios makes three shared scenarios of canteens where nobody keeps any. They
// say that they are examples.
func fillDemoScenarios(ctx context.Context, db *postgres.DB, st *coveragelive.State, today record.Day) error {
	store, w := scenariodb.New(db), postgres.System(st.Pack.AdCode, "演示数据 / demonstration")
	known, _, err := store.List(ctx, w, scenarios.Filter{}, scenarios.After{}, 1)
	return once(known, err, func() error {
		for _, d := range demoScenarios(ctx, st) {
			now, err := scenarioNow(ctx, st, d)
			if err != nil {
				return fmt.Errorf("%s: %w", d.Name, err)
			}
			d.Saved, d.DataVersion = now.Figures, now.Version
			made, err := store.Create(ctx, w, d, "演示数据，由程序生成 / demonstration data, made by the program")
			if err != nil {
				return fmt.Errorf("%s: %w", d.Name, err)
			}
			shared := scenarios.Shared
			if _, err := store.Update(ctx, w, made.ID, made.Version, scenarios.Patch{State: &shared}, nil, "", today); err != nil {
				return fmt.Errorf("share %s: %w", d.Name, err)
			}
		}
		return nil
	})
}

// demoScenarios are two ways to put canteens where most people miss one, and a move. There
// are none where the district has no open canteen or nobody misses one.
func demoScenarios(ctx context.Context, st *coveragelive.State) []scenarios.Scenario {
	const canteen = facilities.Type("elderly_canteen")
	q, whole, err := questionAsked(st, scenarios.Question{"type": string(canteen)})
	if err != nil {
		return nil
	}
	a, err := st.Coverage(ctx, q)
	if err != nil || len(a.Facilities) == 0 {
		return nil
	}
	homes := missed(a, 2)
	if len(homes) < 2 {
		return nil
	}
	old, err := leastMissed(ctx, st, q, a.Facilities, homes[0])
	if err != nil {
		return nil
	}
	add := func(turn int, name string) scenarios.Step {
		return scenarios.Step{Do: "add", ID: fmt.Sprintf("new-%c", 'a'+turn), Name: name, At: homes[turn]}
	}
	cost := func(what string, kind scenarios.CostKind, yuan int64, source string) scenarios.CostLine {
		return scenarios.CostLine{What: what, Kind: kind, Fen: yuan * 100, Source: source}
	}
	const note = "合成示例：地点和金额都是编造的。\nA synthetic example: places and amounts are made up."
	return []scenarios.Scenario{
		{
			Name: "迁一处食堂（示例）", Note: note, Question: whole,
			Steps: []scenarios.Step{{Do: "move", ID: old.ID, Name: old.NameZH, At: homes[0]}},
			Costs: []scenarios.CostLine{cost("搬迁与装修", scenarios.OneOff, 520_000, "福彩公益金（示例）")},
		},
		{
			Name: "先设一处食堂（示例）", Note: note, Question: whole, Steps: []scenarios.Step{add(0, "示例地块一")},
			Costs: []scenarios.CostLine{
				cost("装修与厨房设备", scenarios.OneOff, 480_000, "区财政（示例）"), cost("运营补贴", scenarios.PerYear, 120_000, "街道（示例）"),
			},
		},
		{
			Name: "新设两处食堂（示例）", Note: note, Question: whole, Steps: []scenarios.Step{add(0, "示例地块一"), add(1, "示例地块二")},
			Costs: []scenarios.CostLine{
				cost("装修与厨房设备", scenarios.OneOff, 960_000, "区财政（示例）"), cost("运营补贴", scenarios.PerYear, 240_000, "街道（示例）"),
			},
		},
	}
}

// leastMissed is the one of the first canteens whose move to a place leaves most covered.
func leastMissed(ctx context.Context, st *coveragelive.State, q coveragelive.Query, list []facilities.Facility, to orb.Point) (facilities.Facility, error) {
	const tried = 20 // a city has hundreds
	plans := make([][]coveragelive.Step, min(len(list), tried))
	for i := range plans {
		plans[i] = []coveragelive.Step{{Kind: coveragelive.MoveSite, ID: list[i].ID, At: to}}
	}
	_, _, moves, err := st.WhatIfs(ctx, q, plans)
	if err != nil {
		return facilities.Facility{}, err
	}
	best := 0
	covered := func(i int) coverage.People {
		return moves[i].WhatIf.After.Total[max(coverage.Widest(st.Bands), 0)].Covered
	}
	for i := range moves {
		if moves[i].Err != nil {
			return facilities.Facility{}, moves[i].Err
		}
		if covered(i) > covered(best) {
			best = i
		}
	}
	return list[best], nil
}

// missed are so many homes beyond the limit with the most people, each some way from the
// others.
func missed(a *coveragelive.Answer, n int) []orb.Point {
	const apartM = 600
	band := max(coverage.Widest(a.Demand.Bands), 0)
	var beyond []int
	for i, s := range a.Result.State {
		if s == coverage.Uncovered && a.Demand.Division[i] >= 0 {
			beyond = append(beyond, i)
		}
	}
	people := a.Demand.People[band]
	slices.SortFunc(beyond, func(x, y int) int { return cmp.Or(cmp.Compare(people[y], people[x]), cmp.Compare(x, y)) })
	var out []orb.Point
	for _, i := range beyond {
		p := a.Demand.Points[i]
		if len(out) < n && !slices.ContainsFunc(out, func(q orb.Point) bool { return geo.Distance(p, q) < apartM }) {
			out = append(out, p)
		}
	}
	return out
}
