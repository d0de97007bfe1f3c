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
func (r *Rule) holdsIn(chain []string) bool {
	return len(r.Regions) == 0 || slices.ContainsFunc(r.Regions, func(code string) bool { return slices.Contains(chain, code) })
}

// Holds reports whether any rule of a subject is in force in the regions on a day: whether
// its inputs are worth measuring.
func (s *Set) Holds(subject string, regions []string, day record.Day) bool {
	return slices.ContainsFunc(s.Rules, func(r Rule) bool { return r.Subject == subject && r.holdsIn(regions) && r.holdsOn(day) })
}

// holdsOn reports whether a rule is in force on a day.
func (r *Rule) holdsOn(day record.Day) bool {
	return (r.From == "" || r.From <= day) && (r.Until == "" || day <= r.Until)
}
