package main

import (
	"context"
	"fmt"
	"math"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/facilities/indicators"
	"yike/geo/divisions"
	"yike/internal/record"
)

// elderAge is from which age the plans count elders.
const elderAge = 60

// Facts are what the registry said on a year's last day, or says today. Figures of a past
// day are everybody's who may see the map; which facilities there were is not, and whoever
// shows that asks for the right.
func (a *planAPI) Facts(ctx context.Context, year int) (*indicators.Facts, error) {
	s, err := a.state()
	if err != nil {
		return nil, err
	}
	today := a.Today()
	day, ok := indicators.FactsDay(year, today)
	if !ok {
		return nil, nil
	}
	list, err := a.registry.AsOfAll(ctx, s.Pack.AdCode, record.At{Valid: day})
	if err != nil {
		return nil, err
	}
	facts := &indicators.Facts{Day: day, Types: s.Types, Facilities: list, Divisions: s.Divisions}
	facts.Elders, facts.ElderNote = elders(s)
	facts.Reach = func(types []facilities.Type) indicators.Reach {
		return reach(ctx, s, types, today)
	}
	if a.rates != nil {
		facts.Rate = a.rates(ctx, day)
	}
	return facts, nil
}

// elders counts the people who are elderAge and older, by base: in the one band that holds
// them, or in bands that together hold each of them once.
func elders(s *coveragelive.State) ([]indicators.People, indicators.Text) {
	bands, gap, ok := coverage.BandsFrom(s.Bands, elderAge)
	if !ok {
		return nil, indicators.Text{
			ZH: fmt.Sprintf("数据包的年龄段合不成 %d 岁及以上：没有从 %d 岁起相接的年龄段。", elderAge, gap),
			EN: fmt.Sprintf("The data pack's bands do not make up the people aged %d and over: none goes on from the age of %d.", elderAge, gap),
		}
	}
	var out []indicators.People
	var note indicators.Text
	for _, base := range []divisions.Base{divisions.Registered, divisions.Resident} {
		demand := s.Demand[base]
		if demand == nil {
			note = map[divisions.Base]indicators.Text{
				divisions.Registered: {ZH: "数据包没有户籍人口，只能按常住人口计算。", EN: "The data pack has no registered people, so resident ones are used."},
				divisions.Resident:   {ZH: "数据包没有常住人口，只能按户籍人口计算。", EN: "The data pack has no resident people, so registered ones are used."},
			}[base]
			continue
		}
		var sum coverage.People
		for _, band := range bands {
			for _, n := range demand.People[band] {
				sum += n
			}
		}
		out = append(out, indicators.People{Base: base, Number: float64(sum) / float64(coverage.Person)})
	}
	return out, note
}

// reach counts who walks to a facility of one of the types within the usual limit, by the
// usual people; a type that is not for walking is left out. Walks are those of today,
// whatever the day of the facts.
func reach(ctx context.Context, s *coveragelive.State, types []facilities.Type, today record.Day) indicators.Reach {
	none := func(zh, en string) indicators.Reach { return indicators.Reach{Reason: indicators.Text{ZH: zh, EN: en}} }
	ask := defaultQuestion(s)
	band := coverage.BandIndex(s.Bands, ask.Band)
	if len(s.Bases) == 0 || band < 0 {
		return none("数据包没有人口，算不出步行覆盖。", "The data pack has no people, so walks cannot be counted.")
	}
	out := indicators.Reach{Base: s.Bases[0], Band: ask.Band, Minutes: ask.LimitS / 60, Day: today}
	var answers []*coveragelive.Answer
	for _, t := range types {
		if info, ok := s.TypeInfo(t); !ok || info.Measure != facilities.Walk {
			continue
		}
		answer, err := s.Coverage(ctx, coveragelive.Query{Type: t, LimitS: ask.LimitS, Speed: walknet.Speed(math.Round(ask.Speed * 1000))})
		if err != nil {
			return none("步行覆盖没有算成，请稍后再看。", "Walks could not be worked out; look again later.")
		}
		answers = append(answers, answer)
	}
	if len(answers) == 0 {
		return none("这类设施没有步行标准，不算步行覆盖。", "There is no walking standard for such facilities, so no walks are counted.")
	}
	var covered, all coverage.People
	for i, n := range answers[0].Demand.People[band] {
		all += n
		for _, a := range answers {
			if a.Result.State[i] == coverage.Covered {
				covered += n
				break
			}
		}
	}
	out.Covered, out.Population = float64(covered)/float64(coverage.Person), float64(all)/float64(coverage.Person)
	return out
}
