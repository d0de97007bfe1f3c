package estates

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"yike/internal/record"
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
	Waived     int // findings that a declaration of the bureau sets aside
}

// CheckAll holds an estate against every rule, however far it is. O(rules × rooms). Many
// estates are checked faster by one Checker.
func CheckAll(set *rules.Set, e Estate, ctx Context) Check { return NewChecker(set).All(e, ctx) }

// CheckAt holds an estate against the rules that are due at a milestone: those of the
// milestones before it and its own.
func CheckAt(set *rules.Set, e Estate, ctx Context, m Milestone) Check {
	return NewChecker(set).At(e, ctx, m)
}

// Checker checks estates by one set of rules. What is the same for all estates of a place is
// worked out once. It is safe for concurrent use; the set must not change under it.
type Checker struct {
	set   *rules.Set
	place map[string]int // of a rule's id in the set

	mu   sync.Mutex
	kept map[string]*standings // by places, day and milestone
}

// standings are the questions about one estate.
type standings struct{ estate, community, room *rules.Standing }

// NewChecker gives a checker by a set. O(rules).
func NewChecker(set *rules.Set) *Checker {
	c := &Checker{set: set, place: map[string]int{}, kept: map[string]*standings{}}
	for i := range set.Rules {
		if _, ok := c.place[set.Rules[i].ID]; !ok {
			c.place[set.Rules[i].ID] = i
		}
	}
	return c
}

// All holds an estate against every rule, however far it is.
func (c *Checker) All(e Estate, ctx Context) Check { return c.check(e, ctx, nil) }

// At holds an estate against the rules that are due at a milestone.
func (c *Checker) At(e Estate, ctx Context, m Milestone) Check { return c.check(e, ctx, m.rules()) }

func (c *Checker) check(e Estate, ctx Context, only []string) Check {
	return c.of(factsOf(e, ctx), only)
}

// facts are an estate's inputs, the same for whatever set of rules.
type facts struct {
	estate, community map[string]rules.Input
	rooms             []map[string]rules.Input
	division          string
	regions           []string
	day               record.Day
}

func factsOf(e Estate, ctx Context) facts {
	own := e.EstateInputs(ctx)
	f := facts{estate: own, community: communityInputs(own, ctx.Community), division: e.DivisionCode, regions: ctx.Regions, day: ctx.Day}
	for _, r := range e.Rooms {
		f.rooms = append(f.rooms, r.RoomInputs())
	}
	return f
}

func (c *Checker) of(f facts, only []string) Check {
	asked := c.standing(f, only)
	type part struct {
		findings []rules.Finding
		room     int
	}
	parts, n := make([]part, 0, 2+len(f.rooms)), 0
	add := func(s *rules.Standing, room int, inputs map[string]rules.Input) {
		found := applicable(s.Evaluate(inputs))
		parts, n = append(parts, part{found, room}), n+len(found)
	}
	add(asked.estate, -1, f.estate)
	add(asked.community, -1, f.community)
	for i, inputs := range f.rooms {
		add(asked.room, i, inputs)
	}
	// Findings are large, so places are sorted in their stead.
	type at struct{ place, part, finding int }
	order := make([]at, 0, n)
	for p := range parts {
		for i := range parts[p].findings {
			order = append(order, at{c.place[parts[p].findings[i].Rule.ID], p, i})
		}
	}
	slices.SortStableFunc(order, func(a, b at) int { return a.place - b.place })
	all := make([]Found, 0, n)
	for _, o := range order {
		all = append(all, Found{parts[o.part].findings[o.finding], parts[o.part].room})
	}
	return conclude(all)
}

// standing gives what is asked where an estate lies: in its district, and in the divisions
// of it that the set has rules of.
func (c *Checker) standing(f facts, only []string) *standings {
	regions := slices.Clone(f.regions)
	for _, code := range c.set.Chain(f.division) {
		if !slices.Contains(regions, code) {
			regions = append(regions, code)
		}
	}
	key := strings.Join(regions, " ") + "|" + string(f.day) + "|" + strings.Join(only, " ")
	c.mu.Lock()
	defer c.mu.Unlock()
	if s, ok := c.kept[key]; ok {
		return s
	}
	of := func(subject string) *rules.Standing {
		return c.set.Standing(rules.Question{Subject: subject, Only: only, Regions: regions, Day: f.day})
	}
	s := &standings{of(OfEstate), of(OfCommunity), of(OfRoom)}
	c.kept[key] = s
	return s
}

// applicable leaves out what does not apply where another rule of the same id does, and of
// rules that are equal but for their place the country's where there is one of the place.
// What a declaration sets aside always stays to be seen. It writes over all.
func applicable(all []rules.Finding) []rules.Finding {
	ids := make([]string, 0, 16)
	local := map[string]*nearest{}
	for i := range all {
		f := &all[i]
		if f.Outcome == rules.NotApplicable && f.Waiver == nil {
			continue
		}
		if !slices.Contains(ids, f.Rule.ID) {
			ids = append(ids, f.Rule.ID)
		}
		if have := local[f.Rule.Aspect]; f.Waiver == nil && len(f.Rule.Regions) > 0 && (have == nil || nearer(f.Rule, have.rule)) {
			local[f.Rule.Aspect] = &nearest{f.Rule, f.Outcome}
		}
	}
	return slices.DeleteFunc(all, func(f rules.Finding) bool {
		if f.Outcome == rules.NotApplicable {
			return f.Waiver == nil && slices.Contains(ids, f.Rule.ID)
		}
		l := local[f.Rule.Aspect]
		return l != nil && l.rule != f.Rule && l.outcome == f.Outcome && sameAsk(l.rule, f.Rule)
	})
}

// nearest is what the rule of the smallest place found.
type nearest struct {
	rule    *rules.Rule
	outcome rules.Outcome
}

// nearer reports whether a rule is of a smaller place than another.
func nearer(a, b *rules.Rule) bool { return len(a.Regions[0]) > len(b.Regions[0]) }

// sameAsk reports whether a rule asks the same as another, and is as grave.
func sameAsk(a, b *rules.Rule) bool {
	grave := []rules.Severity{rules.Info, rules.Warning, rules.Error}
	bound := func(x, y *rules.Bound) bool {
		return x == nil && y == nil || x != nil && y != nil && x.Value == y.Value && x.Strict == y.Strict &&
			x.TierOf == y.TierOf && slices.Equal(x.Of, y.Of) && slices.EqualFunc(x.Tiers, y.Tiers, sameTier)
	}
	return a.Form == b.Form && slices.Equal(a.Over, b.Over) && slices.Index(grave, a.Severity) >= slices.Index(grave, b.Severity) &&
		slices.Equal(a.Among, b.Among) && bound(a.AtLeast, b.AtLeast) && bound(a.AtMost, b.AtMost)
}

func sameTier(a, b rules.Tier) bool {
	return a.Value == b.Value && (a.Below == nil) == (b.Below == nil) && (a.Below == nil || *a.Below == *b.Below)
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
		case f.Waiver != nil:
			c.Waived++
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
