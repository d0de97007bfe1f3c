package estates_test

import (
	"errors"
	"testing"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/internal/record"
)

// conditional is an estate whose planning conditions passed on 2026-01-08 with a condition that is
// to be met by 2026-03-01.
func conditional(t *testing.T) []estates.Event {
	t.Helper()
	first := estates.PlanningConditions
	duties := []estates.Duty{{Milestone: first, Norm: premises.ElderlyNorm, Office: "区民政局", Days: 15}, {Milestone: first, Norm: premises.CommunityNorm, Office: "区委社会工作部", Days: 15}}
	return []estates.Event{
		{ID: "r", Request: &estates.Request{Milestone: first, Day: "2026-01-01", By: "规划", Norms: []premises.Norm{premises.ElderlyNorm, premises.CommunityNorm}}, Asked: duties},
		{ID: "a", Opinion: &estates.Opinion{Milestone: first, Norm: premises.ElderlyNorm, Office: "区民政局", Verdict: estates.Conditional, Letter: "1", Day: "2026-01-05", Signer: "王", Text: "入口单设", RectifyBy: "2026-03-01"}},
		{ID: "b", Opinion: &estates.Opinion{Milestone: first, Norm: premises.CommunityNorm, Office: "区委社会工作部", Verdict: estates.Agreed, Letter: "2", Day: "2026-01-08", Signer: "李"}},
	}
}

func TestConditionsAreMet(t *testing.T) {
	t.Parallel()
	events := conditional(t)
	mark := func(met bool, day record.Day) estates.ConditionMark {
		return estates.ConditionMark{Opinion: "a", Met: met, Day: day, By: "赵", Document: "津建审2号", Note: "又改了"}
	}
	p, err := estates.Replay(events)
	if err != nil {
		t.Fatal(err)
	}
	dues := func(p estates.Progress, day record.Day) []estates.Due {
		return estates.Dues(estates.Estate{Kind: estates.New}, p, estates.HandoverLimit{}, day)
	}
	if d := dues(p, "2026-03-03"); len(d) != 1 || d[0].Kind != estates.ConditionDue || d[0].Late != 2 || d[0].Since != "2026-01-08" || d[0].Office != "区民政局" {
		t.Errorf("due: %+v", d)
	}
	// An open condition holds nothing up.
	if next, ok := p.Next(); !ok || next != estates.PlanReview {
		t.Errorf("next is %v", next)
	}
	if _, err := p.Ask(estates.Request{Milestone: estates.PlanReview, Day: "2026-02-01", By: "规划"}, nil); err != nil {
		t.Errorf("the next milestone: %v", err)
	}
	without := func(change func(*estates.ConditionMark)) estates.ConditionMark {
		m := mark(true, "2026-02-01")
		change(&m)
		return m
	}
	for _, tc := range []struct {
		name, field string
		mark        estates.ConditionMark
		want        error
	}{
		{"an opinion that agreed", "opinion", without(func(m *estates.ConditionMark) { m.Opinion = "b" }), estates.ErrNoCondition},
		{"no opinion", "opinion", without(func(m *estates.ConditionMark) { m.Opinion = "" }), estates.ErrNoCondition},
		{"open already", "met", mark(false, "2026-02-01"), estates.ErrMarked},
		{"before the round passed", "day", mark(true, "2026-01-07"), estates.ErrNotBefore},
		{"without a day", "day", without(func(m *estates.ConditionMark) { m.Day = "" }), estates.ErrIncomplete},
		{"by nobody", "by", without(func(m *estates.ConditionMark) { m.By = "" }), estates.ErrIncomplete},
		{"without a document", "document", without(func(m *estates.ConditionMark) { m.Document = "" }), estates.ErrIncomplete},
	} {
		var at *estates.StepError
		if _, err := p.Mark(tc.mark); !errors.Is(err, tc.want) || !errors.As(err, &at) || at.Field != tc.field {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	first, second := mark(true, "2026-02-01"), mark(false, "2026-02-10")
	events = append(events, estates.Event{ID: "m", Mark: &first})
	if p, err = estates.Replay(events); err != nil || len(dues(p, "2026-06-01")) != 0 || !p.Conditions()[0].Met() || p.Conditions()[0].Marks[0].ID != "m" {
		t.Fatalf("met: %v, %+v", err, p.Conditions())
	}
	silent := second
	silent.Note = ""
	if _, err := p.Mark(silent); !errors.Is(err, estates.ErrIncomplete) {
		t.Errorf("not met after all, without saying why: %v", err)
	}
	events = append(events, estates.Event{ID: "n", Mark: &second})
	if p, err = estates.Replay(events); err != nil || len(dues(p, "2026-06-01")) != 1 {
		t.Errorf("not met after all: %v, %+v", err, p.Conditions())
	}
	// How far it was on any day can be told, and what the marks are of stays.
	for _, day := range []record.Day{"2025-12-31", "2026-01-05", "2026-02-01", "2026-02-09"} {
		if _, err := estates.Replay(estates.Until(events, day)); err != nil {
			t.Errorf("on %s: %v", day, err)
		}
	}
	agreed := *events[1].Opinion
	agreed.Verdict, agreed.RectifyBy = estates.Agreed, ""
	if _, err := estates.Correct(events, estates.Event{Corrects: "a", Reason: "误", Opinion: &agreed}); !errors.Is(err, estates.ErrFollows) {
		t.Errorf("a condition that was met never was: %v", err)
	}
	if _, err := estates.Correct(events, estates.Event{Corrects: "m", Reason: "误", Opinion: &agreed}); !errors.Is(err, estates.ErrNoEvent) {
		t.Errorf("a mark is corrected: %v", err)
	}
}
