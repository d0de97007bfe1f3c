package panel

import (
	"fmt"
	"slices"

	"yike/internal/record"
)

// Invitation says whom to ask: experts by their ids, or some drawn by lot.
type Invitation struct {
	Experts  []string
	Draw     int      // how many, where no ids are given
	Fields   []string // of whom one is drawn; none for any
	Seed     uint64   // of the lot
	Day, Due record.Day
}

// Questions asks some offices the same.
type Questions struct {
	Offices  []string
	Day, Due record.Day // without Due each office has the days of the rules
	Question string
	Document string
}

// Asks makes the questions by the rules of the offices, and gives what is wrong about them.
func (in Questions) Asks(m Matter, rules Rules, before []Ask, today record.Day) ([]Ask, []record.Fault) {
	var out []Ask
	var faults []record.Fault
	if len(in.Offices) == 0 || len(in.Offices) > 40 {
		faults = append(faults, record.Fault{Field: "offices", ZH: "请选择 1 到 40 个单位", EN: "choose 1 to 40 offices"})
	}
	const usualDays = 10
	for i, office := range in.Offices {
		a := Ask{
			CaseID: m.CaseID, Round: m.Rounds.Consultation, Office: office, Question: in.Question, Document: in.Document, AskedOn: in.Day, Due: After(in.Day, usualDays),
		}
		for _, o := range rules.Offices {
			if o.Name == office {
				a.Due, a.SilenceAgrees, a.Source = After(in.Day, o.Days), o.SilenceAgrees, o.Source
			}
		}
		if in.Due != "" {
			a.Due = in.Due
		}
		for _, f := range a.Validate(today) {
			if f.Field == "office" {
				f.Field = fmt.Sprintf("offices/%d", i)
			}
			faults = append(faults, f)
		}
		twice := func(b Ask) bool { return b.Round == a.Round && b.Office == office && b.Withdrawn == "" }
		if slices.ContainsFunc(before, twice) || slices.ContainsFunc(out, twice) {
			faults = append(faults, record.Fault{Field: fmt.Sprintf("offices/%d", i), Value: office, ZH: "本轮已征求过", EN: "was asked in this round already"})
		}
		out = append(out, a)
	}
	return out, faults
}

// Work is what the reader has to do: as an expert, for an office, on the committee.
type Work struct {
	Reviews  []Review
	Asks     []Ask
	Meetings []Meeting // that are planned, or were held in the last year, where the reader sits on the committee
	Sits     bool
	Matters  map[string]Matter // by the id of the case
}

// InRound gives what was asked and answered in one round.
func (c Consulted) InRound(round int) Consulted {
	out := Consulted{}
	notices := map[string]bool{}
	for _, a := range c.Asks {
		if a.Round == round {
			out.Asks = append(out.Asks, a)
		}
	}
	for _, n := range c.Notices {
		if n.Round == round {
			out.Notices = append(out.Notices, n)
			notices[n.ID] = true
		}
	}
	for _, x := range c.Comments {
		if notices[x.NoticeID] {
			out.Comments = append(out.Comments, x)
		}
	}
	return out
}

// Case is everything that was asked and said about a case, of all rounds, as a reader may see it.
type Case struct {
	Matter    Matter
	Sketch    Sketch
	Rules     Rules
	Reviews   []Review
	Consulted Consulted
	Meetings  []Meeting // that had it on their agenda
	Reads     bool      // the reader sees all of it, not only what was asked of them
}

// Present gives the reviews of the present round.
func (c Case) Present() []Review {
	return slices.DeleteFunc(slices.Clone(c.Reviews), func(r Review) bool { return r.Round != c.Matter.Rounds.Experts })
}

// Ready says which materials are there in the present rounds, as Ready does.
func (c Case) Ready(today record.Day) Readiness {
	return Ready(Known{
		CaseID: c.Matter.CaseID, Round: c.Matter.Rounds.Deliberation, Reviews: c.Present(), Consulted: c.Consulted.InRound(c.Matter.Rounds.Consultation), Meetings: c.Meetings,
	}, c.Rules, today)
}
