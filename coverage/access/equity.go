package access

import (
	"fmt"
	"slices"
)

// Spread is how access falls among the people of one division. A mean alone hides those
// who have nothing, so it never comes alone.
type Spread struct {
	People  int64     // all, in the unit given
	Without int64     // those whose access is 0
	Mean    float64   // per person; 0 where nobody lives
	At      []float64 // per percentile asked for: the access of the person there, from the least served; nil where nobody lives
	Under   []int64   // per threshold asked for: those who have less; who has as much has enough
	Half    int64     // those who have less than half of the mean over all people, of this division and others
	Gini    float64   // see Gini; 0 and without meaning where Mean is 0
	Lorenz  []float64 // see Lorenz; nil where no parts are asked for
}

// Divisions say where places lie. Whoever lives in a division lives in all above it.
type Divisions struct {
	Of     []int32 // per place, the index of the finest division that holds it; -1 outside of all
	Parent []int32 // per division, the index of the one above; -1 at the top. There are no circles.
}

// Wanted is what Spreads tells besides means.
type Wanted struct {
	Percentiles []float64 // 0 to 1; that of q is the least access such that a share of q of the people have no more
	Under       []float64 // thresholds of access per person
	Parts       int       // of Lorenz curves
}

// Spreads tells how access falls among all people, also those outside of all divisions, and
// among those of each division. O(n × (log n + levels × wanted)).
func Spreads(access []float64, people []int64, in Divisions, want Wanted) (Spread, []Spread, error) {
	if len(access) != len(people) || len(in.Of) != len(people) {
		return Spread{}, nil, fmt.Errorf("spread access: %w: %d places with access, %d with people, %d with divisions",
			ErrShape, len(access), len(people), len(in.Of))
	}
	for _, q := range want.Percentiles {
		if !(q >= 0 && q <= 1) {
			return Spread{}, nil, fmt.Errorf("spread access: %w: percentile %v", ErrShape, q)
		}
	}
	order := byAccess(access, people)
	members := make([][]int32, len(in.Parent))
	for _, i := range order {
		for d := in.Of[i]; d >= 0 && int(d) < len(members); d = in.Parent[d] {
			members[d] = append(members[d], i)
		}
	}
	half := mean(access, people, order) / 2
	out := make([]Spread, len(members))
	for d, of := range members {
		out[d] = spread(access, people, of, want, half)
	}
	return spread(access, people, order, want, half), out, nil
}

// byAccess are the places where people live, from the least access to the largest.
func byAccess(access []float64, people []int64) []int32 {
	type entry struct {
		access float64
		place  int32
	}
	order := make([]int32, 0, len(people))
	entries := make([]entry, 0, len(people))
	for i, p := range people {
		switch {
		case p <= 0:
		case access[i] == 0: // many, and in order already
			order = append(order, int32(i))
		default:
			entries = append(entries, entry{access[i], int32(i)})
		}
	}
	slices.SortFunc(entries, func(a, b entry) int {
		switch {
		case a.access < b.access:
			return -1
		case a.access > b.access:
			return 1
		}
		return int(a.place - b.place)
	})
	for _, e := range entries {
		order = append(order, e.place)
	}
	return order
}

func mean(access []float64, people []int64, order []int32) float64 {
	sum, all := 0.0, int64(0)
	for _, i := range order {
		all += people[i]
		sum += float64(access[i] * float64(people[i]))
	}
	if all == 0 {
		return 0
	}
	return sum / float64(all)
}

// spread tells of places in the order of their access.
func spread(access []float64, people []int64, order []int32, want Wanted, half float64) Spread {
	s := Spread{Under: make([]int64, len(want.Under)), Mean: mean(access, people, order)}
	for _, i := range order {
		s.People += people[i]
		if access[i] == 0 {
			s.Without += people[i]
		}
		if access[i] < half {
			s.Half += people[i]
		}
		for at, t := range want.Under {
			if access[i] < t {
				s.Under[at] += people[i]
			}
		}
	}
	if s.People == 0 {
		return s
	}
	s.Gini, _ = gini(access, people, order)
	if want.Parts > 0 {
		s.Lorenz = lorenz(access, people, order, want.Parts)
	}
	for _, q := range want.Percentiles {
		wanted, before := q*float64(s.People), int64(0)
		at := access[order[len(order)-1]]
		for _, i := range order {
			if before += people[i]; float64(before) >= wanted {
				at = access[i]
				break
			}
		}
		s.At = append(s.At, at)
	}
	return s
}

// Gini is how unevenly access falls among people: 0 when each has as much, towards 1 when
// few have all. It is half the mean difference between any two people over the mean. It is
// not defined (false) where nobody lives or nobody has access. O(n log n).
func Gini(access []float64, people []int64) (float64, bool) {
	return gini(access, people, byAccess(access, people))
}

func gini(access []float64, people []int64, order []int32) (float64, bool) {
	before, all, half := 0.0, 0.0, 0.0
	for _, i := range order {
		p := float64(people[i])
		have := float64(p * access[i])
		// The area under Lorenz's curve: people times what those before them have and half of theirs.
		half += float64(p * (all + have/2))
		all += have
		before += p
	}
	if !(all > 0) {
		return 0, false
	}
	return max(0, 1-2*half/float64(before*all)), true
}

// Lorenz is, at each k of so many equal parts of the people (at least one), from the least
// served on, the share of all access that they have together: parts+1 numbers from 0 to 1,
// on a straight line where each has as much. Within a place all have the same, so a part may
// end in the midst of it. It is not defined (nil) where Gini is not. O(n log n).
func Lorenz(access []float64, people []int64, parts int) []float64 {
	return lorenz(access, people, byAccess(access, people), parts)
}

func lorenz(access []float64, people []int64, order []int32, parts int) []float64 {
	all, everybody := 0.0, 0.0
	for _, i := range order {
		everybody += float64(people[i])
		all += float64(access[i] * float64(people[i]))
	}
	if !(all > 0) {
		return nil
	}
	out := make([]float64, 1, parts+1)
	at, before, have := 0, 0.0, 0.0
	for k := 1; k < parts; k++ {
		wanted := everybody * float64(k) / float64(parts)
		for at < len(order) && before+float64(people[order[at]]) <= wanted {
			before += float64(people[order[at]])
			have += float64(access[order[at]] * float64(people[order[at]]))
			at++
		}
		part := have
		if at < len(order) {
			part += float64(access[order[at]] * (wanted - before))
		}
		out = append(out, min(1, part/all))
	}
	return append(out, 1)
}
