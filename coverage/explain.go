package coverage

import (
	"cmp"
	"slices"

	"yike/coverage/walknet"
)

// Part says which of the people of a place a figure counts.
type Part uint8

// The parts. Of a plan they are those with the plan, but for Lost people, who are covered
// without it. Of one site Reached are those within its limit, however many others there
// are, and ByOne and BySeveral those of them with no other and with others; Nearest,
// Gained and Lost are those whose nearest it is or was.
const (
	Everybody  Part = iota
	Reached         // covered
	Beyond          // uncovered
	OffNetwork      // unsnapped
	ByOne
	BySeveral
	Nearest
	Gained
	Lost
	Nearer
	Farther
)

// partWords are the words of the API and of addresses, in the order of the parts.
func partWords() []string {
	return []string{"population", "covered", "uncovered", "unsnapped", "one", "several", "nearest", "gained", "lost", "nearer", "farther"}
}

// String is the word that the API has for the part.
func (p Part) String() string {
	if words := partWords(); int(p) < len(words) {
		return words[p]
	}
	return ""
}

// ParsePart finds the part of a word.
func ParsePart(word string) (Part, bool) {
	i := slices.Index(partWords(), word)
	return Part(max(i, 0)), i >= 0 //nolint:gosec // a handful
}

// Places of a figure that are no division.
const (
	Everywhere int32 = -1 // all points
	NoDivision int32 = -2 // the points in no division at all
)

// AnySite is the site of a figure that is not of one site.
const AnySite int32 = -1

// Figure is one number of an answer, by whose people it counts.
type Figure struct {
	Part     Part
	Band     int     // index into the demand's
	Division int32   // index into the hierarchy, in it and below; Everywhere or NoDivision
	Site     int32   // its number; AnySite
	Among    []int32 // only these points, ascending, as those of a Gap; nil for all
}

// Behind are the points whose people make a figure.
type Behind struct {
	Points []int32 // the most people of the band first, then by index; nobody's are left out
	People People  // of the band at these points: the figure itself
}

// Behind finds the people that a figure of the plan counts; of the plan that changes
// nothing these are those of the baseline's answer. It is one search of the plan's streets
// for a figure of one site. O(points), sorted.
func (d *Delta) Behind(f Figure) Behind {
	var out Behind
	ground, reached := d.Baseline.Ground, d.reachedBy(f.Site)
	people := ground.Demand.People[f.Band]
	look := func(point int32) {
		if people[point] == 0 || !ground.lies(point, f.Division) {
			return
		}
		before, after := d.Standing(point)
		if f.counts(before, after, reached(point)) {
			out.Points = append(out.Points, point)
			out.People += people[point]
		}
	}
	if f.Among != nil {
		for _, point := range f.Among {
			look(point)
		}
	} else {
		for point := range ground.Demand.Points {
			look(int32(point))
		}
	}
	slices.SortFunc(out.Points, func(a, b int32) int {
		return cmp.Or(cmp.Compare(people[b], people[a]), cmp.Compare(a, b))
	})
	return out
}

// Standing is how a point stands without the plan and with it. O(log changes).
func (d *Delta) Standing(point int32) (before, after Standing) {
	i, ok := slices.BinarySearchFunc(d.Points, point, func(c PointChange, p int32) int { return cmp.Compare(c.Point, p) })
	if ok {
		return d.Points[i].Before, d.Points[i].After
	}
	s := d.Baseline.standing(point)
	return s, s
}

// reachedBy says which points a site reaches; all where it is no one site.
func (d *Delta) reachedBy(site int32) func(int32) bool {
	b := d.Baseline
	switch {
	case site < 0:
		return func(int32) bool { return true }
	case int(site) >= len(d.Sites):
		return func(int32) bool { return false }
	case b.presence != nil:
		in := make([]bool, len(b.Ground.Demand.Points))
		for _, p := range b.presence.of(d.Sites[site]) {
			in[p] = true
		}
		return func(point int32) bool { return in[point] }
	}
	demand, reach := d.Demand(), d.Network.Reach(d.Sites[site].Snap, b.Params.Limit, b.Params.Speed)
	return func(point int32) bool { return reach.At(demand.Snaps[point]) != walknet.Unreached }
}

// lies says whether a point lies in the place of a figure.
func (g *Ground) lies(point, division int32) bool {
	at := g.Demand.Division[point]
	switch division {
	case Everywhere:
		return true
	case NoDivision:
		return at < 0
	}
	return g.Hierarchy.under(at, division)
}

// counts says whether a figure counts somebody; reached is whether its site reaches them.
func (f Figure) counts(before, after Standing, reached bool) bool {
	ofSite := f.Site >= 0
	was, is := before.State == Covered, after.State == Covered
	switch f.Part {
	case Everybody:
		return true
	case Reached:
		return is && reached
	case Beyond:
		return after.State == Uncovered
	case OffNetwork:
		return after.State == Unsnapped
	case ByOne:
		return after.Sites == 1 && reached
	case BySeveral:
		return after.Sites > 1 && reached
	case Nearest:
		return is && (!ofSite || after.Nearest == f.Site)
	case Gained:
		return is && !was && (!ofSite || after.Nearest == f.Site)
	case Lost:
		return was && !is && (!ofSite || before.Nearest == f.Site)
	case Nearer:
		return was && is && after.Time < before.Time
	case Farther:
		return was && is && after.Time > before.Time
	}
	return false
}
