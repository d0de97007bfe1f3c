package main

import (
	"context"
	"slices"
	"sync"

	"yike/facilities/estates"
	"yike/facilities/indicators"
	"yike/internal/postgres"
	"yike/internal/record"
)

// passRates gives the pass rates of new estates on a day by their code, each worked out when it
// is first asked for.
type passRates func(ctx context.Context, day record.Day) func(code string) indicators.PassRate

// passRates gives the rates of the report on estates. Those of a past day are of the estates,
// milestones and rules of that day and everybody's who may see the map, as all figures of the
// plan board are; what estates there were is not said.
func (r *estateReports) passRates(ctx context.Context, day record.Day) func(code string) indicators.PassRate {
	held := sync.OnceValues(func() ([]estates.Held, error) {
		if day >= r.Today() {
			all, _, err := r.held(ctx)
			return all, err
		}
		return r.stood(ctx, day)
	})
	return func(code string) indicators.PassRate {
		all, err := held()
		if err != nil {
			return indicators.PassRate{Reason: indicators.Text{ZH: "小区配建没有算成，请稍后再看。", EN: "The estates could not be checked; look again later."}}
		}
		rates := estates.RatesOf(nil, all)
		i := slices.IndexFunc(rates, func(x estates.Rate) bool { return string(x.ID) == code })
		if i < 0 {
			return indicators.PassRate{Reason: indicators.Text{ZH: "没有这项达标率。", EN: "There is no such pass rate."}}
		}
		out := indicators.PassRate{Passed: len(rates[i].Passed), Failed: len(rates[i].Failed), Undetermined: len(rates[i].Undetermined), Undated: len(rates[i].Undated)}
		if day < r.Today() {
			out.Notes = []indicators.Text{{
				ZH: "小区、节点和规则按当日，村居的现有用房和户数按今日。", EN: "Estates, milestones and rules are those of the day; what communities have is that of today.",
			}}
		}
		return out
	}
}

// stood checks every estate as it was on a day by the rules of that day, for figures alone.
func (r *estateReports) stood(ctx context.Context, day record.Day) ([]estates.Held, error) {
	items, err := r.records.store.AsOf(ctx, postgres.System(r.records.adcode, "plan board"), record.At{Valid: day})
	if err != nil {
		return nil, err
	}
	b, err := r.records.basis(ctx, day)
	if err != nil {
		return nil, err
	}
	progress, err := r.records.progressOf(ctx, day)
	if err != nil {
		return nil, err
	}
	return holdAll(b, items, progress), nil
}
