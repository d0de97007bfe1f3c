package estates

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"yike/internal/record"
	"yike/internal/rules"
)

// Case is an estate with all that checking it needs. The day of its context is not used.
type Case struct {
	Estate  Estate
	Context Context
}

// Side is what one set of rules found of an estate in one aspect.
type Side struct {
	Key         string // of the rule; "" where the set asks nothing here
	Local       string // the local rule that it is; "" for one of the program
	Outcome     rules.Outcome
	ThresholdZH string
	ThresholdEN string
	Value       *float64
	Missing     float64 // in Unit
	Unit        string
	Waiver      string // the local rule that sets it aside
}

// Difference is one finding that a change of rules turns.
type Difference struct {
	Estate           string // id
	Version          int    // of the estate that was checked
	Name             string
	Division         string
	Room             int // index into the estate's rooms; -1 for the estate as a whole
	RoomName         string
	Rule             string // its id in the catalogue, e.g. RAT-01
	Subject          string
	TitleZH, TitleEN string
	Before, After    Side
	ConclusionBefore Conclusion // of the whole estate
	ConclusionAfter  Conclusion
}

// RecheckTally counts estates by their conclusion. Short is what findings that differ lack in square
// metres; what a community lacks counts once, however many estates it has.
type RecheckTally struct {
	Compliant, NotCompliant, Open int
	Short                         float64
}

func (t *RecheckTally) count(c Conclusion) {
	switch c {
	case Compliant:
		t.Compliant++
	case NotCompliant:
		t.NotCompliant++
	case Open:
		t.Open++
	}
}

// Turnout is what a change comes to in one division, or in all.
type Turnout struct {
	Division      string // "" for all
	Checked       int
	Changed       int // estates with a difference
	Turned        int // estates whose conclusion differs
	Before, After RecheckTally
}

// Trial is what a change of rules would come to on a day.
type Trial struct {
	Day         record.Day
	All         Turnout
	Divisions   []Turnout // by code, those with an estate
	Differences []Difference
}

// Recheck checks every case by two sets of rules on a day, and lists what differs, by division,
// name and rule. One thread and several give the same. O(cases × rules × rooms) in time; it
// keeps what differs only. The error is that of ctx.
func Recheck(ctx context.Context, before, after *rules.Set, day record.Day, cases []Case, threads int) (Trial, error) {
	results := make([]compared, len(cases))
	pair := [2]*Checker{NewChecker(before), NewChecker(after)}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(max(1, threads), max(1, len(cases))) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(cases) || ctx.Err() != nil {
					return
				}
				results[i] = compareCase(pair, day, &cases[i])
			}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return Trial{}, err
	}
	return gather(day, cases, results), nil
}

// compared is what one estate comes to.
type compared struct {
	before, after Conclusion
	differences   []Difference
}

func compareCase(pair [2]*Checker, day record.Day, c *Case) compared {
	ctx := c.Context
	ctx.Day = day
	facts := factsOf(c.Estate, ctx)
	a, b := pair[0].of(facts, nil), pair[1].of(facts, nil)
	out := compared{before: a.Conclusion, after: b.Conclusion}
	if sameFindings(a.Findings, b.Findings) {
		return out
	}
	for _, p := range paired(a.Findings, b.Findings) {
		d := Difference{
			Estate: c.Estate.ID, Version: c.Estate.Version, Name: c.Estate.Name, Division: c.Estate.DivisionCode, Room: p.one().Room,
			Rule: p.one().Rule.ID, Subject: p.one().Rule.Subject, TitleZH: p.one().Rule.TitleZH, TitleEN: p.one().Rule.TitleEN,
			Before: side(pair[0].set, p.before), After: side(pair[1].set, p.after),
			ConclusionBefore: a.Conclusion, ConclusionAfter: b.Conclusion,
		}
		if d.Room >= 0 {
			d.RoomName = c.Estate.Rooms[d.Room].Name
		}
		out.differences = append(out.differences, d)
	}
	return out
}

// sameFindings reports whether two checks found the same by the same rules.
func sameFindings(a, b []Found) bool {
	return slices.EqualFunc(a, b, func(x, y Found) bool { return x.Room == y.Room && sameRule(x.Rule, y.Rule) && sameFinding(&x, &y) })
}

func sameRule(a, b *rules.Rule) bool {
	return a == b || a.Aspect == b.Aspect && a.Local == b.Local && slices.Equal(a.Regions, b.Regions)
}

// sameFinding reports whether two findings say the same of a case.
func sameFinding(a, b *Found) bool {
	return a.Outcome == b.Outcome && a.Missing == b.Missing && a.Rule.Severity == b.Rule.Severity && (a.Waiver == nil) == (b.Waiver == nil)
}

// pairing is a finding before and after; one of them may be nil.
type pairing struct{ before, after *Found }

func (p pairing) one() *Found { return cmp.Or(p.after, p.before) }

// paired puts findings of one aspect and room beside each other that do not say the same: first
// those of one rule, then the rest in their order. What applies to neither is left out.
func paired(a, b []Found) []pairing {
	taken := make([]bool, len(b))
	match := func(x *Found, same func(*Found) bool) int {
		return slices.IndexFunc(b, func(y Found) bool { return y.Room == x.Room && y.Rule.Aspect == x.Rule.Aspect && same(&y) })
	}
	var out []pairing
	rest := make([]*Found, 0, len(a))
	for i := range a {
		x := &a[i]
		if k := match(x, func(y *Found) bool { return sameRule(x.Rule, y.Rule) }); k >= 0 && !taken[k] {
			taken[k] = true
			if !sameFinding(x, &b[k]) {
				out = append(out, pairing{x, &b[k]})
			}
			continue
		}
		rest = append(rest, x)
	}
	for _, x := range rest {
		k := -1
		for j := range b {
			if !taken[j] && b[j].Room == x.Room && b[j].Rule.Aspect == x.Rule.Aspect {
				k = j
				break
			}
		}
		if k < 0 {
			out = append(out, pairing{x, nil})
			continue
		}
		taken[k] = true
		if !sameFinding(x, &b[k]) {
			out = append(out, pairing{x, &b[k]})
		}
	}
	for j := range b {
		if !taken[j] {
			out = append(out, pairing{nil, &b[j]})
		}
	}
	return slices.DeleteFunc(out, func(p pairing) bool { return idle(p.before) && idle(p.after) })
}

// idle reports whether a finding says nothing of the case: it is not there, or its rule does
// not apply for another reason than a declaration.
func idle(f *Found) bool { return f == nil || f.Outcome == rules.NotApplicable && f.Waiver == nil }

func side(set *rules.Set, f *Found) Side {
	if f == nil {
		return Side{}
	}
	s := Side{Key: f.Rule.Key(), Local: f.Rule.Local, Outcome: f.Outcome, Value: f.Value}
	s.ThresholdZH, s.ThresholdEN = set.Threshold(f.Rule, f.Limits)
	if f.Outcome == rules.Fail && f.Value != nil {
		s.Missing, s.Unit = f.Missing, set.MissingUnit(f.Finding)
	}
	if f.Waiver != nil {
		s.Waiver = f.Waiver.Local
	}
	return s
}

// gather puts what was found of all cases together, in the order in which people read it.
func gather(day record.Day, cases []Case, results []compared) Trial {
	order := make([]int, len(cases))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := &cases[a].Estate, &cases[b].Estate
		return cmp.Or(cmp.Compare(x.DivisionCode, y.DivisionCode), cmp.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID))
	})
	out := Trial{Day: day, Divisions: []Turnout{}, Differences: []Difference{}}
	for _, i := range order {
		code := cases[i].Estate.DivisionCode
		if n := len(out.Divisions); n == 0 || out.Divisions[n-1].Division != code {
			out.Divisions = append(out.Divisions, Turnout{Division: code})
		}
		for _, t := range []*Turnout{&out.All, &out.Divisions[len(out.Divisions)-1]} {
			t.Checked++
			t.Before.count(results[i].before)
			t.After.count(results[i].after)
			if len(results[i].differences) > 0 {
				t.Changed++
			}
			if results[i].before != results[i].after {
				t.Turned++
			}
		}
		out.Differences = append(out.Differences, results[i].differences...)
	}
	out.sumShort()
	return out
}

// sumShort adds up what the differing findings lack in square metres.
func (t *Trial) sumShort() {
	sums := map[string]*RecheckTally{} // before in Short of the first, after in that of the second
	at := func(division, side string) *RecheckTally {
		key := division + side
		if sums[key] == nil {
			sums[key] = &RecheckTally{}
		}
		return sums[key]
	}
	type once struct{ division, key, side string }
	community := map[once]float64{}
	add := func(d *Difference, s Side, side string) {
		if s.Unit != "m2" {
			return
		}
		missing := s.Missing
		if d.Subject == OfCommunity {
			seen := once{d.Division, s.Key, side}
			missing, community[seen] = max(0, missing-community[seen]), max(missing, community[seen])
		}
		at(d.Division, side).Short += missing
	}
	for i := range t.Differences {
		d := &t.Differences[i]
		add(d, d.Before, "|before")
		add(d, d.After, "|after")
	}
	for i := range t.Divisions {
		v := &t.Divisions[i]
		v.Before.Short, v.After.Short = at(v.Division, "|before").Short, at(v.Division, "|after").Short
		t.All.Before.Short += v.Before.Short
		t.All.After.Short += v.After.Short
	}
}
