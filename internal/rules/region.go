package rules

import (
	"slices"
	"strings"

	"yike/internal/record"
)

// Chain gives the regions of the set that a district lies in, by its adcode and by the
// names of areas that it is said to belong to, in the order of the set.
func (s *Set) Chain(adcode string, areas ...string) []string {
	var out []string
	for _, r := range s.Regions {
		within := slices.Contains(areas, r.Code) || slices.Contains(r.Adcodes, adcode)
		// A named area's code begins no adcode, since those are digits.
		if within || adcode != "" && strings.HasPrefix(adcode, r.Code) {
			out = append(out, r.Code)
		}
	}
	return out
}

// holdsIn reports whether a rule holds in one of the regions.
func (r *Rule) holdsIn(chain []string) bool { return within(r.Regions, chain) }

func within(regions, chain []string) bool {
	return len(regions) == 0 || slices.ContainsFunc(regions, func(code string) bool { return slices.Contains(chain, code) })
}

// Holds reports whether any rule of a subject is in force in the regions on a day: whether
// its inputs are worth measuring.
func (s *Set) Holds(subject string, regions []string, day record.Day) bool {
	return slices.ContainsFunc(s.Rules, func(r Rule) bool { return r.Subject == subject && r.HoldsAt(regions, day) })
}

// HoldsAt reports whether a rule is in force in one of the regions on a day, whoever waived it.
func (r *Rule) HoldsAt(regions []string, day record.Day) bool {
	return r.holdsIn(regions) && r.holdsOn(day)
}

// WaivedAt gives the declaration by which a rule does not hold in one of the regions on a
// day; nil where there is none.
func (r *Rule) WaivedAt(regions []string, day record.Day) *Waiver {
	for i, w := range r.Waivers {
		if within(w.Regions, regions) && inForce(w.From, w.Until, day) {
			return &r.Waivers[i]
		}
	}
	return nil
}

// holdsOn reports whether a rule is in force on a day.
func (r *Rule) holdsOn(day record.Day) bool { return inForce(r.From, r.Until, day) }

func inForce(from, until, day record.Day) bool {
	return (from == "" || from <= day) && (until == "" || day <= until)
}

// Key names a rule among all of its set: what it computes, where, and whose it is. Two rules
// that come with a program are never of one aspect and the same places.
func (r *Rule) Key() string {
	key := r.Aspect + "@" + strings.Join(r.Regions, "+")
	if r.Local != "" {
		key += "#" + r.Local
	}
	return key
}
