package indicatorhttp

import (
	"yike/facilities"
	"yike/facilities/indicators"
	"yike/internal/record"
)

type planInput struct {
	Name   planText `json:"name"`
	Number *float64 `json:"number" nullable:"true"`
	Unit   planText `json:"unit"`
}

type planBaseRate struct {
	Base   string  `json:"base"`
	People float64 `json:"people"`
	Number float64 `json:"number"`
}

type planUnits struct {
	Total    int `json:"total"`
	Own      int `json:"own" doc:"Have one"`
	Assigned int `json:"assigned" doc:"Have none and are assigned to one"`
	Without  int `json:"without"`
}

type planReach struct {
	Share      *float64 `json:"share" nullable:"true" doc:"Per cent of people within a walk; null where there is no figure"`
	Covered    float64  `json:"covered"`
	Population float64  `json:"population"`
	Base       string   `json:"base"`
	Band       string   `json:"band"`
	Minutes    int      `json:"minutes"`
	Day        string   `json:"day" doc:"Of the facilities and paths; walks are worked out for the present only"`
	Reason     planText `json:"reason" doc:"Why there is no figure"`
}

type planResult struct {
	Day     string         `json:"day" doc:"Of the registry"`
	Number  *float64       `json:"number" nullable:"true"`
	AtLeast *float64       `json:"at_least" nullable:"true" doc:"Of what is known so far, where the number is null"`
	Reason  planText       `json:"reason" doc:"Why the number is null"`
	Inputs  []planInput    `json:"inputs" nullable:"false"`
	Bases   []planBaseRate `json:"bases" nullable:"false" doc:"The rate by each base; the indicator's own first"`
	Units   *planUnits     `json:"units,omitempty"`
	Reach   *planReach     `json:"reach,omitempty" doc:"People within a walk, beside a coverage of units"`
	Notes   []planText     `json:"notes" nullable:"false"`
	Counted int            `json:"counted" doc:"Facilities that count"`
	Lacking int            `json:"lacking" doc:"Facilities that lack what is needed"`
}

func resultOf(r indicators.Result) *planResult {
	out := &planResult{
		Day: string(r.Day), Number: r.Number, AtLeast: r.AtLeast, Reason: textOf(r.Reason), Counted: len(r.Counted), Lacking: len(r.Lacking), Notes: each(r.Notes, textOf),
		Inputs: each(r.Inputs, func(i indicators.Input) planInput { return planInput{textOf(i.Name), i.Number, textOf(i.Unit)} }),
		Bases:  each(r.Bases, func(b indicators.BaseRate) planBaseRate { return planBaseRate{string(b.Base), b.People, b.Number} }),
	}
	if u := r.Units; u != nil {
		out.Units = &planUnits{u.Total, u.Own, u.Assigned, len(u.Without)}
	}
	if p := r.Reach; p != nil {
		out.Reach = &planReach{nil, p.Covered, p.Population, string(p.Base), p.Band, p.Minutes, string(p.Day), textOf(p.Reason)}
		if share, ok := p.Share(); ok {
			out.Reach.Share = &share
		}
	}
	return out
}

type planYear struct {
	Year   int         `json:"year"`
	Target *planAmount `json:"target,omitempty" doc:"Of the plan itself; left out where it names none"`
	Number *float64    `json:"number" nullable:"true" doc:"What there was; the baseline in the base year"`
	From   string      `json:"from" enum:",computed,sealed,entered"`
	Status string      `json:"status" enum:"met,near,behind,unknown"`
}

type planLine struct {
	Indicator planIndicator `json:"indicator"`
	Live      *planResult   `json:"live,omitempty" doc:"Computed now; left out where the registry cannot tell or the year has not begun"`
	Sealed    *planValue    `json:"sealed,omitempty"`
	Entered   *planValue    `json:"entered,omitempty"`
	Number    *float64      `json:"number" nullable:"true" doc:"What the indicator is judged by"`
	AtLeast   *float64      `json:"at_least" nullable:"true" doc:"A lower bound, where the number is null"`
	From      string        `json:"from" enum:",computed,sealed,entered" doc:"Which value that is"`
	Status    string        `json:"status" enum:"met,near,behind,unknown"`
	Against   string        `json:"against" enum:",yearly,earlier,final,line" doc:"What it is held against"`
	Expected  *float64      `json:"expected" nullable:"true"`
	Why       planText      `json:"why"`
	Way       *float64      `json:"way" nullable:"true" doc:"How much of the way from the baseline to the last target is done, 0 to 1"`
	Apart     planText      `json:"apart" doc:"Where values do not agree; else empty"`
	Years     []planYear    `json:"years" nullable:"false"`
}

func lineOf(l indicators.Line, types []facilities.TypeInfo) planLine {
	out := planLine{
		Indicator: indicatorOf(l.Indicator, types), Number: l.Actual.Number, AtLeast: l.Actual.AtLeast, From: string(l.From),
		Status: string(l.Judgement.Status), Against: string(l.Judgement.Against), Expected: l.Judgement.Expected, Why: textOf(l.Judgement.Why), Way: l.Judgement.Way, Apart: textOf(l.Apart),
		Years: each(l.Years, func(y indicators.YearLine) planYear {
			line := planYear{Year: y.Year, Number: y.Number, From: string(y.From), Status: string(y.Status)}
			if y.Target != nil {
				target := amountOf(*y.Target)
				line.Target = &target
			}
			return line
		}),
	}
	if l.Live != nil {
		out.Live = resultOf(*l.Live)
	}
	if l.Sealed != nil {
		v := valueOf(*l.Sealed, types)
		out.Sealed = &v
	}
	if l.Entered != nil {
		v := valueOf(*l.Entered, types)
		out.Entered = &v
	}
	return out
}

type planTally struct {
	Met     int `json:"met"`
	Near    int `json:"near"`
	Behind  int `json:"behind"`
	Unknown int `json:"unknown"`
}

func tallyOf(n map[indicators.Status]int) planTally {
	return planTally{n[indicators.Met], n[indicators.Near], n[indicators.Behind], n[indicators.Unknown]}
}

type planBoard struct {
	Plan     PlanRecord    `json:"plan"`
	Year     int           `json:"year"`
	Kind     string        `json:"kind" enum:",mid-term,final" doc:"Of a review"`
	Day      string        `json:"day" doc:"Of the facts; empty for a year that has not begun"`
	Today    string        `json:"today"`
	Tally    planTally     `json:"tally"`
	Binding  planTally     `json:"binding" doc:"Of the binding indicators"`
	Lines    []planLine    `json:"lines" nullable:"false"`
	Projects []planProject `json:"projects" nullable:"false"`
	Notices  []planText    `json:"notices" nullable:"false"`
}

func boardOf(b indicators.Board, kind string, today record.Day, types []facilities.TypeInfo, notices []indicators.Text) planBoard {
	all, binding := b.Tally()
	return planBoard{
		Plan: recordOf(b.Plan), Year: b.Year, Kind: kind, Day: string(b.Day), Today: string(today), Tally: tallyOf(all), Binding: tallyOf(binding),
		Lines: each(b.Lines, func(l indicators.Line) planLine { return lineOf(l, types) }), Projects: each(b.Projects, projectOf), Notices: each(notices, textOf),
	}
}
