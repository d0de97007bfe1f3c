package estatedb_test

import (
	"errors"
	"testing"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/internal/postgres"
)

// The office whose conditions they are says whether they are met, and whoever keeps the records
// where it is not for the office alone; what was said stays.
func TestMarkCondition(t *testing.T) {
	t.Parallel()
	x := newSteps(t)
	x.numbered(t)
	e, first := x.estate(t, "春和家园"), estates.PlanningConditions
	if _, err := x.ask(t, x.planner, e, first, "2026-01-01"); err != nil {
		t.Fatal(err)
	}
	o := agreed(first, premises.CommunityNorm, "2026-01-05", "西社工函〔2026〕4号")
	o.Verdict, o.Text, o.RectifyBy = estates.Conditional, "入口单设", "2026-03-01"
	id, err := x.answer(t, x.social, e, o)
	if err != nil {
		t.Fatal(err)
	}
	m := estates.ConditionMark{Opinion: id, Met: true, Day: "2026-02-01", By: "赵", Document: "建审2号"}
	mark := func(w postgres.Writer, m estates.ConditionMark) (string, error) {
		return x.store.MarkCondition(t.Context(), w, e.ID, m, stepToday)
	}
	if _, err := mark(x.social, m); !errors.Is(err, estates.ErrNoCondition) {
		t.Errorf("before the round has passed: %v", err)
	}
	if _, err := x.answer(t, x.civil, e, agreed(first, premises.ElderlyNorm, "2026-01-06", "")); err != nil {
		t.Fatal(err)
	}
	for name, w := range map[string]postgres.Writer{"civil for social": x.civil, "reviewer for an office that alone answers": x.reviewer, "next door": x.other} {
		if _, err := mark(w, m); !errors.Is(err, postgres.ErrForbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	later := m
	later.Day = "2026-12-01"
	if _, err := mark(x.social, later); !errors.Is(err, estates.ErrFuture) {
		t.Errorf("tomorrow: %v", err)
	}
	once := x.social
	once.Key = "m"
	made, err := mark(once, m)
	if again, errAgain := mark(once, m); err != nil || errAgain != nil || again != made {
		t.Fatalf("marked twice: %s %s %v %v", made, again, err, errAgain)
	}
	undone := estates.ConditionMark{Opinion: id, Day: "2026-02-10", By: "赵", Note: "又改了"}
	if _, err := mark(x.social, undone); err != nil {
		t.Fatal(err)
	}
	steps, err := x.store.Steps(t.Context(), x.reviewer, e.ID)
	if err != nil {
		t.Fatal(err)
	}
	p, err := estates.Replay(steps.Events)
	if err != nil {
		t.Fatal(err)
	}
	c := p.Conditions()
	if len(c) != 1 || c[0].Met() || len(c[0].Marks) != 2 || c[0].RectifyBy != "2026-03-01" {
		t.Fatalf("%+v", c)
	}
	m.ID = made
	if c[0].Marks[0] != m || c[0].Marks[1].Note != undone.Note {
		t.Errorf("%+v", c[0].Marks)
	}
	lists, err := x.store.EventsOf(t.Context(), x.reviewer, e.ID)
	if err != nil || len(lists[e.ID]) != len(steps.Events) {
		t.Errorf("for lists: %v, %v", lists, err)
	}
}
