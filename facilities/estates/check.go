package estates

import (
	_ "embed"
	"fmt"
	"slices"

	"yike/internal/rules"
)

//go:embed estates.json
var estatesJSON []byte

// Set reads the rules that come with the program. The error says what is wrong with the
// embedded file; a test keeps it nil.
func Set() (*rules.Set, error) {
	s, err := rules.Parse(estatesJSON)
	if err != nil {
		return nil, fmt.Errorf("read the rules of estates: %w", err)
	}
	return s, nil
}

// Found is a finding and what it is of.
type Found struct {
	rules.Finding
	Room int // index into the estate's rooms; -1 for the estate as a whole
}

// Conclusion is what all findings come to (RAT-20, 合标配建结论).
type Conclusion string

// The conclusions.
const (
	Compliant    Conclusion = "compliant"     // every rule that is an error passes
	NotCompliant Conclusion = "not_compliant" // one fails
	Open         Conclusion = "open"          // none fails, and of one nobody knows: never a pass
)

// Check is what checking an estate comes to.
type Check struct {
	Findings   []Found // in the order of the rules, rooms in theirs; what does not apply is left out where another rule of the id does
	Conclusion Conclusion
	Failed     int // errors that fail
	Unknown    int // errors of which nobody knows
	Warnings   int // warnings that fail
}

// CheckAll holds an estate against every rule, however far it is. O(rules × rooms).
func CheckAll(set *rules.Set, e Estate, ctx Context) Check { return checkIDs(set, e, ctx, nil) }

// CheckAt holds an estate against the rules that are due at a milestone: those of the
// milestones before it and its own.
func CheckAt(set *rules.Set, e Estate, ctx Context, m Milestone) Check {
	return checkIDs(set, e, ctx, m.rules())
}

func checkIDs(set *rules.Set, e Estate, ctx Context, only []string) Check {
	var all []Found
	ask := func(subject string, room int, inputs map[string]rules.Input) {
		q := rules.Question{Subject: subject, Only: only, Regions: ctx.Regions, Day: ctx.Day, Inputs: inputs}
		for _, f := range applicable(set.Evaluate(q)) {
			all = append(all, Found{f, room})
		}
	}
	ask(OfEstate, -1, e.EstateInputs(ctx))
	ask(OfCommunity, -1, e.CommunityInputs(ctx))
	for i, r := range e.Rooms {
		ask(OfRoom, i, r.RoomInputs())
	}
	place := map[string]int{}
	for i := range set.Rules {
		if _, ok := place[set.Rules[i].ID]; !ok {
			place[set.Rules[i].ID] = i
		}
	}
	slices.SortStableFunc(all, func(a, b Found) int { return place[a.Rule.ID] - place[b.Rule.ID] })
	return conclude(all)
}

// applicable leaves out what does not apply where another rule of the same id does, and of
// rules that are equal but for their place the country's where there is one of the place.
func applicable(all []rules.Finding) []rules.Finding {
	applies, local := map[string]bool{}, map[string]*rules.Finding{}
	for i, f := range all {
		if f.Outcome == rules.NotApplicable {
			continue
		}
		applies[f.Rule.ID] = true
		if have := local[f.Rule.Aspect]; len(f.Rule.Regions) > 0 && (have == nil || nearer(f.Rule, have.Rule)) {
			local[f.Rule.Aspect] = &all[i]
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(f rules.Finding) bool {
		if f.Outcome == rules.NotApplicable {
			return applies[f.Rule.ID]
		}
		l := local[f.Rule.Aspect]
		return l != nil && l.Rule != f.Rule && sameAsk(l.Rule, f.Rule)
	})
}

// nearer reports whether a rule is of a smaller place than another.
func nearer(a, b *rules.Rule) bool { return len(a.Regions[0]) > len(b.Regions[0]) }

// sameAsk reports whether a rule asks the same as another, and is as grave.
func sameAsk(a, b *rules.Rule) bool {
	grave := []rules.Severity{rules.Info, rules.Warning, rules.Error}
	bound := func(x, y *rules.Bound) bool {
		return x == nil && y == nil || x != nil && y != nil && x.Value == y.Value && x.Strict == y.Strict && x.TierOf == y.TierOf
	}
	return a.Form == b.Form && slices.Equal(a.Over, b.Over) && slices.Index(grave, a.Severity) >= slices.Index(grave, b.Severity) && bound(a.AtLeast, b.AtLeast) && bound(a.AtMost, b.AtMost)
}

func conclude(all []Found) Check {
	c := Check{Findings: all, Conclusion: Compliant}
	for _, f := range all {
		switch {
		case f.Rule.Severity == rules.Error && f.Outcome == rules.Fail:
			c.Failed++
		case f.Rule.Severity == rules.Error && f.Outcome == rules.Undetermined:
			c.Unknown++
		case f.Rule.Severity == rules.Warning && f.Outcome == rules.Fail:
			c.Warnings++
		}
	}
	switch {
	case c.Failed > 0:
		c.Conclusion = NotCompliant
	case c.Unknown > 0 || !slices.ContainsFunc(all, decisive):
		c.Conclusion = Open
	}
	return c
}

// decisive reports whether a finding can make an estate compliant: where no such rule holds,
// nothing was checked.
func decisive(f Found) bool {
	return f.Rule.Severity == rules.Error && f.Outcome == rules.Pass
}
