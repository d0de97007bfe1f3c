package rules

import "slices"

// strictest leaves out the findings that another of the same aspect makes needless.
func strictest(all []Finding) []Finding {
	var limited []int // only these can beat or be beaten
	for i := range all {
		if all[i].limited {
			limited = append(limited, i)
		}
	}
	var beaten []int
	for _, i := range limited {
		for _, k := range limited {
			if i == k || all[i].Rule.Aspect != all[k].Rule.Aspect || slices.Contains(beaten, i) || slices.Contains(beaten, k) || !beats(&all[i], &all[k]) {
				continue
			}
			// Of two that ask the same the one listed first stays.
			if beats(&all[k], &all[i]) && k < i {
				continue
			}
			beaten = append(beaten, k)
			all[i].Beat = append(append(all[i].Beat, all[k].Rule), all[k].Beat...)
		}
	}
	if len(beaten) == 0 {
		return all
	}
	out := all[:0]
	for i := range all {
		if !slices.Contains(beaten, i) {
			out = append(out, all[i])
		}
	}
	return out
}

// beats reports whether a makes b needless: both are of the same value, a asks at least
// as much of it at either end, and it is as grave.
func beats(a, b *Finding) bool {
	decided := func(f *Finding) bool { return f.Outcome == Pass || f.Outcome == Fail }
	switch {
	case a.Rule.Aspect != b.Rule.Aspect || !a.limited || !b.limited:
		return false
	case decided(a) != decided(b):
		return false
	case !decided(a) && len(a.Rule.When) > 0: // it may turn out not to apply
		return false
	case a.Rule.Severity.rank() < b.Rule.Severity.rank():
		return false
	}
	return asHigh(a.Limits, b.Limits) && asLow(a.Limits, b.Limits)
}

// asHigh reports whether the lower threshold of a lets nothing pass that that of b stops.
func asHigh(a, b Limits) bool {
	switch {
	case b.AtLeast == nil:
		return true
	case a.AtLeast == nil:
		return false
	case *a.AtLeast == *b.AtLeast:
		return a.StrictAbove || !b.StrictAbove
	}
	return *a.AtLeast > *b.AtLeast
}

func asLow(a, b Limits) bool {
	switch {
	case b.AtMost == nil:
		return true
	case a.AtMost == nil:
		return false
	case *a.AtMost == *b.AtMost:
		return a.StrictBelow || !b.StrictBelow
	}
	return *a.AtMost < *b.AtMost
}
