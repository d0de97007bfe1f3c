package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"yike/facilities/estates"
	"yike/facilities/estates/estatedb"
	"yike/facilities/matrix/matrixdb"
	"yike/facilities/premises"
	"yike/facilities/premises/premisesdb"
	"yike/geo/divisions/divisiondb"
	"yike/internal/postgres"
	"yike/internal/record"
)

// demoSteps walks the new estates of the demonstration through their milestones, each as far
// as its record says, and leaves the next one waiting, late, refused or asked again.
type demoSteps struct {
	*demoDesk
	store   *estatedb.Store
	records *estateRecords
}

// fillSteps fills in what happened to the estates of a demonstration, once the district can be
// asked: what a check says rests on the communities that are shown. The district is shown all
// the same where that fails.
func (s *server) fillSteps(ctx context.Context) {
	held := s.live.held
	st := held.State()
	if !s.people.demo.Load() || s.app.config.EmptyDesk || st == nil {
		return
	}
	table := &communityMatrix{store: matrixdb.New(s.db), ledger: premisesdb.New(s.db), grounds: grounds{held: held, db: divisiondb.New(s.db)}, now: time.Now}
	d := desk{db: s.db, adcode: st.Pack.AdCode, served: &districtAPI{held: held, status: readyStatus}}
	records := newEstateRecords(s.app.config, d, table, refusals{db: s.db, log: s.app.log}, time.Now)
	records.program = new(postgres.System(d.adcode, "演示数据 / demonstration"))
	table.program = records.program
	if err := fillDemoSteps(ctx, records); err != nil {
		s.app.log.WarnContext(ctx, "the estates of the demonstration have no milestones", "error", err)
	}
}

// fillDemoSteps adopts a local rule and fills in what happened at the milestones of the estates,
// each where there is nothing. Whatever is checked is checked as it is for everybody.
func fillDemoSteps(ctx context.Context, records *estateRecords) error {
	d := newDemoDesk(records.db, records.adcode, records.Today())
	s := demoSteps{d, records.store, records}
	all, err := s.store.All(ctx, s.w)
	if err != nil || len(all) == 0 {
		return err
	}
	if err := s.localRules(ctx); err != nil {
		return fmt.Errorf("local rules: %w", err)
	}
	events, err := s.store.EventsOf(ctx, s.w)
	if err != nil || len(events) > 0 {
		return err
	}
	if err := s.duties(ctx); err != nil {
		return err
	}
	// What is handed over changes what a community has, for its other estates, too.
	for _, through := range []bool{true, false} {
		n := 0
		for _, e := range all {
			if e.Kind != estates.New {
				continue
			}
			if (reached(e.Estate, estates.HandOver) != "") == through {
				if err := s.walk(ctx, e.Estate, n); err != nil {
					return fmt.Errorf("%s: %w", e.Name, err)
				}
			}
			n++
		}
	}
	return nil
}

// duties are the usual ones, with a series of letters for the civil-affairs bureau.
func (s demoSteps) duties(ctx context.Context) error {
	d := estates.UsualDuties()
	for i := range d.List {
		if d.List[i].Norm == premises.ElderlyNorm {
			d.List[i].Series = "清澜民意"
		}
	}
	return s.store.SetDuties(ctx, s.w, 0, d, s.change, s.today)
}

// reached is the day by which an estate's record says that a milestone was passed; "" for not
// yet.
func reached(e estates.Estate, m estates.Milestone) record.Day {
	all := func(day func(estates.Room) record.Day) record.Day {
		var last record.Day
		for _, r := range e.Rooms {
			if day(r) == "" {
				return ""
			}
			last = max(last, day(r))
		}
		return last
	}
	switch m {
	case estates.PlanningConditions:
		return e.Conditions.Day
	case estates.PlanReview:
		return e.Plan.Day
	case estates.Construction:
		return all(func(r estates.Room) record.Day { return r.StartedOn })
	case estates.Acceptance:
		return all(func(r estates.Room) record.Day { return r.AcceptedOn })
	case estates.HandOver:
		return all(func(r estates.Room) record.Day { return r.HandedOverOn })
	}
	return ""
}

// walk takes one estate through its milestones.
func (s demoSteps) walk(ctx context.Context, e estates.Estate, n int) error {
	var last record.Day
	for _, m := range estates.Milestones() {
		day := reached(e, m)
		if day == "" || day > s.today {
			return s.next(ctx, e, m, n, last)
		}
		asked := max(estates.DaysAfter(day, -14), last)
		answered := max(estates.DaysAfter(day, -3), asked)
		if err := s.ask(ctx, e, m, asked); err != nil {
			return err
		}
		verdict := estates.Agreed
		if m == estates.PlanReview && n%3 == 0 {
			verdict = estates.Conditional
		}
		if err := s.answers(ctx, e, m, answered, verdict); err != nil {
			return err
		}
		if verdict == estates.Conditional && n%2 == 0 {
			if err := s.meet(ctx, e, answered); err != nil {
				return err
			}
		}
		last = answered
	}
	return s.handOver(ctx, e)
}

// next leaves the milestone that is not passed in one of the states that there are.
func (s demoSteps) next(ctx context.Context, e estates.Estate, m estates.Milestone, n int, last record.Day) error {
	on := func(days int) record.Day { return max(s.ago(days), last) }
	switch n % 5 {
	case 0: // late
		return s.ask(ctx, e, m, on(27))
	case 1: // in time
		return s.ask(ctx, e, m, on(4))
	case 2, 3: // refused; every second one asked again
		if err := s.ask(ctx, e, m, on(70)); err != nil {
			return err
		}
		if err := s.refuse(ctx, e, m, on(60)); err != nil || n%5 == 2 {
			return err
		}
		return s.ask(ctx, e, m, on(6))
	}
	return nil
}

// checked is what the check of the estate as it is says on a day.
func (s demoSteps) checked(ctx context.Context, e estates.Estate, m estates.Milestone, day record.Day) (estates.Frozen, error) {
	c, err := s.records.checkedOn(ctx, e, &m, day)
	if err != nil {
		return estates.Frozen{}, fmt.Errorf("check at %s: %w", m.Code().EN, err)
	}
	return c.Freeze(c.Set, c.Estate, day), nil
}

func (s demoSteps) ask(ctx context.Context, e estates.Estate, m estates.Milestone, day record.Day) error {
	checked, err := s.checked(ctx, e, m, day)
	if err != nil {
		return err
	}
	_, err = s.store.Ask(ctx, s.w, e.ID, estates.Request{Milestone: m, Day: day, By: e.Developer + "（示例）", Note: "示例"}, checked, s.today)
	return err
}

// answers gives every opinion that is asked for; one with conditions says which.
func (s demoSteps) answers(ctx context.Context, e estates.Estate, m estates.Milestone, day record.Day, v estates.Verdict) error {
	steps, err := s.store.Steps(ctx, s.w, e.ID)
	if err != nil {
		return err
	}
	asked := slices.Clone(steps.Events[len(steps.Events)-1].Asked)
	for _, d := range asked {
		o := s.opinion(e, m, d, day)
		if v == estates.Conditional && d.Norm == premises.ElderlyNorm {
			o.RectifyBy = estates.DaysAfter(day, 120)
			o.Verdict, o.Text = v, "一、养老用房设独立出入口。\n二、竣工前报送无障碍设计图。（示例）"
		}
		if err := s.answer(ctx, e, o); err != nil {
			return err
		}
	}
	return nil
}

func (s demoSteps) answer(ctx context.Context, e estates.Estate, o estates.Opinion) error {
	checked, err := s.checked(ctx, e, o.Milestone, o.Day)
	if err != nil {
		return err
	}
	_, err = s.store.Answer(ctx, s.w, e.ID, o, checked, s.today)
	return err
}

func (s demoSteps) opinion(e estates.Estate, m estates.Milestone, d estates.Duty, day record.Day) estates.Opinion {
	o := estates.Opinion{Milestone: m, Norm: d.Norm, Office: d.Office, Verdict: estates.Agreed, Day: day, Signer: "示例签发人"}
	if d.Series == "" {
		o.Letter = fmt.Sprintf("示例函〔%d〕%s-%d", day.Year(), e.Name, int(m)+1)
		if d.Office == "区民政局" {
			o.Letter += "-社区"
		}
	}
	return o
}

func (s demoSteps) refuse(ctx context.Context, e estates.Estate, m estates.Milestone, day record.Day) error {
	steps, err := s.store.Steps(ctx, s.w, e.ID)
	if err != nil {
		return err
	}
	for _, d := range steps.Events[len(steps.Events)-1].Asked {
		if d.Norm != premises.ElderlyNorm {
			continue
		}
		o := s.opinion(e, m, d, day)
		o.Verdict, o.Text = estates.Refused, "养老用房与所列标准不符，请调整后再报。（示例）"
		if err := s.answer(ctx, e, o); err != nil {
			return err
		}
	}
	return nil
}

// meet marks the conditions of an estate as met soon after they were set.
func (s demoSteps) meet(ctx context.Context, e estates.Estate, day record.Day) error {
	steps, err := s.store.Steps(ctx, s.w, e.ID)
	if err != nil {
		return err
	}
	p, err := estates.Replay(steps.Events)
	if err != nil {
		return err
	}
	for _, c := range p.Conditions() {
		m := estates.ConditionMark{Opinion: c.ID, Met: true, Day: day, By: "示例核查员", Document: "施工图审查合格书（示例）"}
		if _, err := s.store.MarkCondition(ctx, s.w, e.ID, m, s.today); err != nil {
			return err
		}
	}
	return nil
}

// handOver has the ledger take over the rooms of an estate that is through.
func (s demoSteps) handOver(ctx context.Context, e estates.Estate) error {
	if len(e.Rooms) == 0 || !slices.ContainsFunc(e.Rooms, func(r estates.Room) bool { return r.LedgerID == "" }) {
		return nil
	}
	_, err := s.store.HandOver(ctx, s.w, e.ID, estates.Transfer{
		Day: reached(e, estates.HandOver), Owner: "清澜区示例街道办事处", KeyHolder: "社区居委会", Note: "示例",
	}, s.change, s.today, enterRooms(s.today))
	return err
}
