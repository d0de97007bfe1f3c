package estates_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/internal/record"
)

func duties() []estates.Duty {
	var out []estates.Duty
	for _, m := range estates.Milestones() {
		out = append(out,
			estates.Duty{Milestone: m, Norm: premises.ElderlyNorm, Office: "区民政局", Days: 10},
			estates.Duty{Milestone: m, Norm: premises.CommunityNorm, Office: "区委社会工作部", Days: 15})
	}
	return out
}

func both() []premises.Norm { return []premises.Norm{premises.CommunityNorm, premises.ElderlyNorm} }

func ask(m estates.Milestone, day record.Day) estates.Request {
	return estates.Request{Milestone: m, Day: day, By: "区规划资源局", Norms: both()}
}

func answer(m estates.Milestone, n premises.Norm, office string, v estates.Verdict, day record.Day) estates.Opinion {
	return estates.Opinion{Milestone: m, Norm: n, Office: office, Verdict: v, Letter: "函1", Day: day, Signer: "王", Text: "说明"}
}

func TestARefusalAndItsRectification(t *testing.T) {
	t.Parallel()
	var p estates.Progress
	must := func(next estates.Progress, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		p = next
	}
	refuse := func(_ estates.Progress, err error, field string, want error) {
		t.Helper()
		var at *estates.StepError
		if !errors.As(err, &at) || at.Field != field || !errors.Is(err, want) || at.Error() == "" {
			t.Fatalf("got %v, want %s at %s", err, want, field)
		}
	}
	first := estates.PlanningConditions
	_, err := p.Ask(ask(estates.PlanReview, "2026-01-01"), duties())
	refuse(p, err, "milestone", estates.ErrSkips)
	_, err = p.Answer(answer(first, premises.ElderlyNorm, "区民政局", estates.Agreed, "2026-01-05"))
	refuse(p, err, "milestone", estates.ErrNoRound)
	_, err = p.Ask(estates.Request{Milestone: first, Day: "soon", By: "x"}, nil)
	refuse(p, err, "day", estates.ErrIncomplete)
	_, err = p.Ask(estates.Request{Milestone: first, Day: "2026-01-01"}, nil)
	refuse(p, err, "by", estates.ErrIncomplete)
	must(p.Ask(ask(first, "2026-01-01"), duties()))
	_, err = p.Ask(ask(first, "2026-01-02"), duties())
	refuse(p, err, "milestone", estates.ErrRunning)
	estate := estates.Estate{Kind: estates.New}
	if late := estates.Overdue(estates.Dues(estate, p, estates.HandoverLimit{}, "2026-01-14")); len(late) != 1 || late[0].Late != 3 || late[0].Office != "区民政局" || late[0].By != "2026-01-11" {
		t.Fatalf("late: %+v", late)
	}
	for field, spoil := range map[string]func(*estates.Opinion){
		"office": func(o *estates.Opinion) { o.Office = "别的局" }, "verdict": func(o *estates.Opinion) { o.Verdict = "maybe" },
		"letter": func(o *estates.Opinion) { o.Letter = "" }, "signer": func(o *estates.Opinion) { o.Signer = "" },
		"text": func(o *estates.Opinion) { o.Verdict, o.Text = estates.Refused, "" }, "day": func(o *estates.Opinion) { o.Day = "2025-12-31" },
		"rectify_by": func(o *estates.Opinion) { o.RectifyBy = "2026-02-01" },
	} {
		o := answer(first, premises.ElderlyNorm, "区民政局", estates.Agreed, "2026-01-05")
		spoil(&o)
		_, err := p.Answer(o)
		var at *estates.StepError
		if !errors.As(err, &at) || at.Field != field {
			t.Errorf("%s: got %v", field, err)
		}
	}
	must(p.Answer(answer(first, premises.ElderlyNorm, "区民政局", estates.Refused, "2026-01-05")))
	_, err = p.Answer(answer(first, premises.ElderlyNorm, "区民政局", estates.Agreed, "2026-01-06"))
	refuse(p, err, "office", estates.ErrGiven)
	if p.Passed(first) {
		t.Fatal("passed after a refusal")
	}
	_, err = p.Ask(ask(first, "2026-01-04"), duties())
	refuse(p, err, "day", estates.ErrNotBefore)
	must(p.Ask(ask(first, "2026-02-01"), duties()))
	must(p.Answer(answer(first, premises.ElderlyNorm, "区民政局", estates.Conditional, "2026-02-03")))
	must(p.Answer(answer(first, premises.CommunityNorm, "区委社会工作部", estates.Agreed, "2026-02-04")))
	if p.OpinionKnown() {
		t.Error("the acceptance is decided before anybody asked")
	}
	if !p.Passed(first) || len(p.Conditions()) != 1 || len(p.Rounds) != 2 || p.OpinionKept() {
		t.Fatalf("not passed: %+v", p)
	}
	if next, ok := p.Next(); !ok || next != estates.PlanReview {
		t.Fatalf("next is %v", next)
	}
	_, err = p.Ask(ask(first, "2026-03-01"), duties())
	refuse(p, err, "milestone", estates.ErrPassed)
	_, err = p.Ask(ask(estates.HandOver+1, "2026-03-01"), duties())
	refuse(p, err, "milestone", estates.ErrSkips)
}

// TestRandomWalks takes 10,000 walks of random events: whatever they are, no milestone is
// passed before the one ahead of it, none without its opinions, and what was taken stays.
func TestRandomWalks(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	finished := 0
	for range 10_000 {
		var p estates.Progress
		day := 0
		for range 40 {
			before := p
			m := estates.Milestones()[rng.IntN(5)]
			if next, ok := p.Next(); ok && rng.IntN(3) > 0 {
				m = next
			}
			day += rng.IntN(3) - rng.IntN(2)
			when := record.Day(fmt.Sprintf("2026-%02d-%02d", 1+max(day, 0)/28%12, 1+max(day, 0)%28))
			var err error
			if rng.IntN(3) == 0 {
				p, err = p.Ask(ask(m, when), duties())
			} else {
				d := duties()[rng.IntN(10)]
				v := []estates.Verdict{estates.Agreed, estates.Agreed, estates.Conditional, estates.Refused}[rng.IntN(4)]
				p, err = p.Answer(answer(m, d.Norm, d.Office, v, when))
			}
			if err != nil && events(p) != events(before) {
				t.Fatal("a refused event left something behind")
			}
			holds(t, p)
		}
		if _, ok := p.Next(); !ok {
			finished++
		}
	}
	if finished == 0 {
		t.Error("no walk came to the end: the walks show nothing")
	}
}

// events counts rounds and opinions.
func events(p estates.Progress) int {
	n := len(p.Rounds)
	for _, r := range p.Rounds {
		n += len(r.Opinions)
	}
	return n
}

func holds(t *testing.T, p estates.Progress) {
	t.Helper()
	for _, m := range estates.Milestones() {
		if m > 0 && p.Passed(m) && !p.Passed(m-1) {
			t.Fatalf("%s is passed before the one ahead of it", m.Code().EN)
		}
	}
	for _, r := range p.Rounds {
		if r.Passed() && len(r.Opinions) != 2 {
			t.Fatalf("passed with %d opinions", len(r.Opinions))
		}
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	for _, m := range estates.Milestones() {
		if got, ok := estates.ParseMilestone(m.Code().Code); !ok || got != m || m.Code().ZH == "" {
			t.Errorf("%v", m)
		}
	}
	if _, ok := estates.ParseMilestone("5"); ok {
		t.Error("5 is no milestone")
	}
	s := set(t)
	for _, in := range s.Inputs {
		if in.Name == "provided" && len(in.Choices) != len(estates.Elements()) {
			t.Error("the rules know other elements")
		}
	}
}
