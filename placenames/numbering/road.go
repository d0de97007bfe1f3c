package numbering

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yike/geo"
)

// Metres within which the sections of a road are one.
const (
	crossingM = 30 // a gap no wider is a crossing, which a road runs over
	besideM   = 40 // lines no farther apart are lanes of one road
	besidePer = 0.7
	sampleM   = 10
)

// Line is a road as it is numbered: from its start to its end.
type Line struct {
	Parts   []orb.LineString // in their order, drawn from the start on; a part ends where the road is interrupted
	LengthM float64          // with interruptions
	Gaps    []Gap
	Start   Compass // the end at which numbers begin, as seen from the other one
	Why     Reason  // why they begin there
	Decided bool    // the rule set or somebody says so; else the line's own direction was taken
	Lanes   int     // sections left out since they run beside another

	frame  geo.LocalFrame
	points []orb.Point // on the plane, in metres; over interruptions, too
	at     []float64   // of each point, from the start of the road
}

// Gap is where a road is interrupted.
type Gap struct{ FromM, ToM float64 }

// Place is where something lies along a road.
type Place struct {
	AlongM  float64
	OffsetM float64 // above 0 to the left, below 0 to the right, 0 on the line
}

// Lay puts the sections of a road in their order, from the end at which a rule set has numbers
// begin. It returns ErrNoRoad and ErrRing. O(sections² + points).
func Lay(r Road, set *RuleSet) (*Line, error) {
	l := &Line{frame: geo.Frame(middle(r.Sections))}
	sections := l.sections(r.Sections)
	if len(sections) == 0 {
		return nil, ErrNoRoad
	}
	sections = l.withoutLanes(sections)
	a, b := farthest(sections)
	if math.Hypot(a[0]-b[0], a[1]-b[1]) < 1 {
		return nil, ErrRing
	}
	l.direct(r, set, &a, &b)
	l.chain(sections, a)
	l.LengthM = l.at[len(l.at)-1]
	l.draw()
	return l, nil
}

// draw gives the parts between interruptions.
func (l *Line) draw() {
	l.Parts = make([]orb.LineString, len(l.Gaps)+1)
	for i, p := range l.points {
		n := l.section(l.at[i])
		if n > 0 && l.at[i] == l.Gaps[n-1].FromM {
			n--
		}
		l.Parts[n] = append(l.Parts[n], l.frame.From(p))
	}
}

// section counts the interruptions before or at a distance from the start.
func (l *Line) section(m float64) int {
	n := 0
	for n < len(l.Gaps) && l.Gaps[n].FromM <= m {
		n++
	}
	return n
}

// middle is the middle of the bounds, which no order of the sections changes.
func middle(sections []orb.LineString) orb.Point {
	bound := orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
	for _, s := range sections {
		for _, p := range s {
			bound = bound.Extend(p)
		}
	}
	if bound.IsEmpty() {
		return orb.Point{}
	}
	return bound.Center()
}

// sections gives the sections on the plane, each from its lesser end, in an order of their own.
func (l *Line) sections(in []orb.LineString) [][]orb.Point {
	var out [][]orb.Point
	for _, s := range in {
		var on []orb.Point
		for _, p := range s {
			if at := l.frame.To(p); len(on) == 0 || distance(on[len(on)-1], at) > 0.001 {
				on = append(on, at)
			}
		}
		if len(on) < 2 {
			continue
		}
		if comparePoints(on[0], on[len(on)-1]) > 0 {
			slices.Reverse(on)
		}
		out = append(out, on)
	}
	slices.SortFunc(out, func(a, b []orb.Point) int { return slices.CompareFunc(a, b, comparePoints) })
	return out
}

func comparePoints(a, b orb.Point) int {
	return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
}

func distance(a, b orb.Point) float64 { return math.Hypot(a[0]-b[0], a[1]-b[1]) }

// withoutLanes leaves out what runs beside a longer section: the other carriageway.
func (l *Line) withoutLanes(sections [][]orb.Point) [][]orb.Point {
	if len(sections) < 2 {
		return sections
	}
	order := make([]int, len(sections))
	long := make([]float64, len(sections))
	for i, s := range sections {
		order[i], long[i] = i, length(s)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(long[b], long[a]) })
	var kept []int
	for _, i := range order {
		if long[i] > 2*besideM && beside(sections[i], kept, sections) {
			l.Lanes++
			continue
		}
		kept = append(kept, i)
	}
	slices.Sort(kept)
	out := make([][]orb.Point, len(kept))
	for i, k := range kept {
		out[i] = sections[k]
	}
	return out
}

func beside(s []orb.Point, kept []int, sections [][]orb.Point) bool {
	near, all := 0, 0
	for _, p := range sampled(s, sampleM) {
		all++
		for _, k := range kept {
			if nearestOn(sections[k], p) <= besideM {
				near++
				break
			}
		}
	}
	return float64(near) >= besidePer*float64(all)
}

func length(s []orb.Point) float64 {
	var sum float64
	for i := 1; i < len(s); i++ {
		sum += distance(s[i-1], s[i])
	}
	return sum
}

// sampled gives the points of a line and points between them, at most step apart.
func sampled(s []orb.Point, step float64) []orb.Point {
	out := []orb.Point{s[0]}
	for i := 1; i < len(s); i++ {
		n := max(1, int(math.Ceil(distance(s[i-1], s[i])/step)))
		for k := 1; k <= n; k++ {
			out = append(out, between(s[i-1], s[i], float64(k)/float64(n)))
		}
	}
	return out
}

func between(a, b orb.Point, t float64) orb.Point {
	return orb.Point{a[0] + (b[0]-a[0])*t, a[1] + (b[1]-a[1])*t}
}

func nearestOn(s []orb.Point, p orb.Point) float64 {
	best := math.Inf(1)
	for i := 1; i < len(s); i++ {
		best = min(best, distance(p, between(s[i-1], s[i], along(s[i-1], s[i], p))))
	}
	return best
}

// along is how far along a segment its point nearest to p is, 0 to 1.
func along(a, b, p orb.Point) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	t := ((p[0]-a[0])*dx + (p[1]-a[1])*dy) / (dx*dx + dy*dy)
	return math.Max(0, math.Min(1, t))
}

// farthest gives the two ends of sections that are farthest apart, the lesser first.
func farthest(sections [][]orb.Point) (a, b orb.Point) {
	var ends []orb.Point
	for _, s := range sections {
		ends = append(ends, s[0], s[len(s)-1])
	}
	slices.SortFunc(ends, comparePoints)
	a, b = ends[0], ends[0]
	best := 0.0
	for i, p := range ends {
		for _, q := range ends[i+1:] {
			if d := distance(p, q); d > best {
				best, a, b = d, p, q
			}
		}
	}
	return a, b
}

// direct decides which of the two ends is the start, and puts it first.
func (l *Line) direct(r Road, set *RuleSet, a, b *orb.Point) {
	near := func(p orb.Point, why Reason) {
		if at := l.frame.To(p); distance(at, *b) < distance(at, *a) {
			*a, *b = *b, *a
		}
		l.Decided, l.Why = true, why
	}
	switch {
	case r.Start != nil:
		near(*r.Start, reasonChosenStart())
	case r.Mouth != nil && set.DeadEndInward:
		near(*r.Mouth, reasonMouth())
	default:
		toward, ok := choose(set.From, orb.Point{a[0] - b[0], a[1] - b[1]})
		if ok && !toward {
			*a, *b = *b, *a
		}
		l.Decided, l.Why = ok, reasonUndecided()
	}
	l.Start = heading(orb.Point{a[0] - b[0], a[1] - b[1]}, diagonal(set.From))
	if l.Decided && l.Why.Code == codeUndecided {
		l.Why = reasonCompass(l.Start)
	}
}

// chain follows the sections from the start, each time into the one that begins nearest.
func (l *Line) chain(sections [][]orb.Point, start orb.Point) {
	used := make([]bool, len(sections))
	at := start
	for range sections {
		best, turn, gap := -1, false, math.Inf(1)
		for i, s := range sections {
			if used[i] {
				continue
			}
			if d := distance(at, s[0]); d < gap {
				best, turn, gap = i, false, d
			}
			if d := distance(at, s[len(s)-1]); d < gap {
				best, turn, gap = i, true, d
			}
		}
		used[best] = true
		s := slices.Clone(sections[best])
		if turn {
			slices.Reverse(s)
		}
		l.add(s, gap)
		at = s[len(s)-1]
	}
}

func (l *Line) add(s []orb.Point, gap float64) {
	if len(l.points) == 0 {
		l.points, l.at = []orb.Point{s[0]}, []float64{0}
	} else if gap > crossingM {
		from := l.at[len(l.at)-1]
		l.Gaps = append(l.Gaps, Gap{from, from + gap})
	}
	for _, p := range s {
		if d := distance(l.points[len(l.points)-1], p); d > 0.001 {
			l.points = append(l.points, p)
			l.at = append(l.at, l.at[len(l.at)-1]+d)
		}
	}
}

// Locate gives the place of a WGS 84 point along the road: that of the nearest point of its
// line, and of several the first. What lies beside an interruption is beside the straight line
// across it. O(points of the road).
func (l *Line) Locate(p orb.Point) Place { return l.locate(l.frame.To(p)) }

func (l *Line) locate(p orb.Point) Place {
	var out Place
	best := math.Inf(1)
	for i := 1; i < len(l.points); i++ {
		a, b := l.points[i-1], l.points[i]
		t := along(a, b, p)
		if d := distance(p, between(a, b, t)); d < best {
			best = d
			out = Place{AlongM: l.at[i-1] + t*(l.at[i]-l.at[i-1]), OffsetM: d * l.side(i, t, p)}
		}
	}
	if math.Abs(out.OffsetM) < 0.01 {
		out.OffsetM = 0
	}
	return out
}

// side is 1 to the left of segment i at t, -1 to the right, 0 on the line that it is on. At a
// bend the line is taken to run half-way between its two directions, in whose fan p lies.
func (l *Line) side(i int, t float64, p orb.Point) float64 {
	dir, from := direction(l.points[i-1], l.points[i]), l.points[i-1]
	switch {
	case t == 1 && i+1 < len(l.points):
		next := direction(l.points[i], l.points[i+1])
		dir, from = orb.Point{dir[0] + next[0], dir[1] + next[1]}, l.points[i]
	case t == 0 && i > 1:
		before := direction(l.points[i-2], l.points[i-1])
		dir = orb.Point{dir[0] + before[0], dir[1] + before[1]}
	}
	cross := dir[0]*(p[1]-from[1]) - dir[1]*(p[0]-from[0])
	switch {
	case cross > 0:
		return 1
	case cross < 0:
		return -1
	}
	return 0
}

func direction(a, b orb.Point) orb.Point {
	d := distance(a, b)
	return orb.Point{(b[0] - a[0]) / d, (b[1] - a[1]) / d}
}

// At is the WGS 84 point at metres from the start and metres to the left of the line.
func (l *Line) At(m, left float64) orb.Point {
	i := 1
	for i < len(l.points)-1 && l.at[i] < m {
		i++
	}
	a, b := l.points[i-1], l.points[i]
	t := math.Max(0, math.Min(1, (m-l.at[i-1])/(l.at[i]-l.at[i-1])))
	on, d := between(a, b, t), direction(a, b)
	return l.frame.From(orb.Point{on[0] - d[1]*left, on[1] + d[0]*left})
}

// towards is the direction of the road from its start to its end, as a vector of metres.
func (l *Line) towards() orb.Point {
	a, b := l.points[0], l.points[len(l.points)-1]
	return orb.Point{b[0] - a[0], b[1] - a[1]}
}
