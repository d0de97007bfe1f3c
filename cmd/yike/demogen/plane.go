package demogen

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// vec is a point or direction on the plan: metres east and north of the district's
// centre, before the ground is bent.
type vec struct{ x, y float64 }

// mul is a product that no compiler may fuse with a following sum: the language
// allows fused multiply-add on some machines, and the bytes written must be the
// same on all of them. Every product in this package that meets a sum goes
// through it or through an explicit conversion; halving and doubling are exact and need neither.
func mul(a, b float64) float64 { return float64(a * b) }

func (a vec) add(b vec) vec             { return vec{a.x + b.x, a.y + b.y} }
func (a vec) sub(b vec) vec             { return vec{a.x - b.x, a.y - b.y} }
func (a vec) scale(k float64) vec       { return vec{mul(a.x, k), mul(a.y, k)} }
func (a vec) dot(b vec) float64         { return mul(a.x, b.x) + mul(a.y, b.y) }
func (a vec) cross(b vec) float64       { return mul(a.x, b.y) - mul(a.y, b.x) }
func (a vec) length() float64           { return math.Sqrt(a.dot(a)) }
func (a vec) dist(b vec) float64        { return a.sub(b).length() }
func (a vec) left() vec                 { return vec{-a.y, a.x} }
func (a vec) toward(b vec) vec          { return b.sub(a).unit() }
func (a vec) lerp(b vec, t float64) vec { return a.add(b.sub(a).scale(t)) }

func (a vec) unit() vec {
	l := a.length()
	if l == 0 {
		return vec{1, 0}
	}
	return vec{a.x / l, a.y / l}
}

// polygon is a simple ring on the plan, counter-clockwise, not closed.
type polygon []vec

func (p polygon) area() float64 {
	sum := 0.0
	for i, a := range p {
		sum += a.cross(p[(i+1)%len(p)])
	}
	return sum / 2
}

// sound reports whether an outline runs counter-clockwise round some ground and no two of
// its sides cross. O(n²).
func (p polygon) sound() bool {
	for i, a := range p {
		b := p[(i+1)%len(p)]
		for k := i + 2; k < len(p); k++ {
			if crosses(a, b, p[k], p[(k+1)%len(p)]) {
				return false
			}
		}
	}
	return p.area() > 0
}

// crosses reports whether the lines a–b and c–d cross between their ends, by more than the
// rounding of lines that lie along one another.
func crosses(a, b, c, d vec) bool {
	const slight = 1e-6 // metres
	apart := func(o, along, p, q vec) bool {
		s, t := along.cross(p.sub(o)), along.cross(q.sub(o))
		return s > slight && t < -slight || s < -slight && t > slight
	}
	return apart(a, a.toward(b), c, d) && apart(c, c.toward(d), a, b)
}

func (p polygon) perimeter() float64 {
	sum := 0.0
	for i, a := range p {
		sum += a.dist(p[(i+1)%len(p)])
	}
	return sum
}

func (p polygon) centroid() vec {
	var c vec
	sum := 0.0
	o := p[0]
	for i := 1; i+1 < len(p); i++ {
		a, b := p[i].sub(o), p[i+1].sub(o)
		w := a.cross(b)
		c = c.add(a.add(b).scale(w))
		sum += w
	}
	if sum == 0 {
		return o
	}
	return o.add(vec{c.x / (3 * sum), c.y / (3 * sum)})
}

// corners drops the vertices where the outline hardly turns: junctions on a straight street.
func (p polygon) corners() polygon {
	var out polygon
	for i, b := range p {
		a, c := p[(i+len(p)-1)%len(p)], p[(i+1)%len(p)]
		if a.toward(b).cross(b.toward(c)) > 0.05 || a.toward(b).dot(b.toward(c)) < 0.9 {
			out = append(out, b)
		}
	}
	if len(out) < 3 {
		return slices.Clone(p)
	}
	return out
}

// clip keeps the part of a convex outline to the left of the line through o along d.
func (p polygon) clip(o, d vec) polygon {
	var out polygon
	for i, a := range p {
		b := p[(i+1)%len(p)]
		sa, sb := d.cross(a.sub(o)), d.cross(b.sub(o))
		if sa >= 0 {
			out = append(out, a)
		}
		if (sa < 0) != (sb < 0) {
			out = append(out, a.lerp(b, sa/(sa-sb)))
		}
	}
	return out
}

// inset moves every side inwards by d metres; nil when nothing is left. Exact for
// convex outlines; slightly concave ones lose a sliver.
func (p polygon) inset(d float64) polygon {
	c := p.corners()
	out := slices.Clone(c)
	for i, a := range c {
		along := a.toward(c[(i+1)%len(c)])
		out = out.clip(a.add(along.left().scale(d)), along)
		if len(out) < 3 {
			return nil
		}
	}
	if out.area() < 100 {
		return nil
	}
	return out
}

// holds reports whether q is inside a convex outline or within a millimetre of it.
func (p polygon) holds(q vec) bool {
	for i, a := range p {
		if a.toward(p[(i+1)%len(p)]).cross(q.sub(a)) < -1e-3 {
			return false
		}
	}
	return len(p) >= 3
}

// span is the x-extent of a convex outline at height y.
func (p polygon) span(y float64) (x0, x1 float64, ok bool) {
	x0, x1 = math.Inf(1), math.Inf(-1)
	for i, a := range p {
		b := p[(i+1)%len(p)]
		if (a.y < y) == (b.y < y) {
			continue
		}
		x := a.x + mul(b.x-a.x, (y-a.y)/(b.y-a.y))
		x0, x1, ok = min(x0, x), max(x1, x), true
	}
	return x0, x1, ok
}

func (p polygon) bounds() (lo, hi vec) {
	lo, hi = p[0], p[0]
	for _, a := range p {
		lo = vec{min(lo.x, a.x), min(lo.y, a.y)}
		hi = vec{max(hi.x, a.x), max(hi.y, a.y)}
	}
	return lo, hi
}

// at walks s metres along the outline from its first vertex.
func (p polygon) at(s float64) vec {
	for i, a := range p {
		b := p[(i+1)%len(p)]
		l := a.dist(b)
		if s <= l && l > 0 {
			return a.lerp(b, s/l)
		}
		s -= l
	}
	return p[0]
}

// meet returns where the ray from o along d first meets the outline, as metres
// along the outline; ok is false when it does not.
func (p polygon) meet(o, d vec) (s float64, ok bool) {
	best, walked := math.Inf(1), 0.0
	for i, a := range p {
		b := p[(i+1)%len(p)]
		side := b.sub(a)
		l := side.length()
		den := d.cross(side)
		if den != 0 {
			t := a.sub(o).cross(side) / den
			u := a.sub(o).cross(d) / den
			if t > 0 && u >= 0 && u <= 1 && t < best {
				best, s, ok = t, walked+mul(u, l), true
			}
		}
		walked += l
	}
	return s, ok
}

// The centre of the synthetic district, and metres per degree there. Round
// numbers on an empty sheet: nothing of the real ground is copied.
const (
	centreLon     = 117.0
	centreLat     = 39.1
	metresPerLon  = 86_510.0
	metresPerLat  = 111_020.0
	perDegree     = 1e7 // coordinates are written with seven decimals
	longestChordM = 45.0
)

// swell is one long wave of the bent ground.
type swell struct {
	along, push vec     // direction in which it runs; displacement at its crest, metres
	length      float64 // metres from crest to crest
	phase       float64 // turns
}

// ground bends the plan into the world, so that straight streets become gently
// curved ones and the grid is no graph paper. It is one-to-one: the slopes of all
// waves add up to less than one half.
type ground struct {
	swells []swell
	turn   vec // unit vector: the plan's x axis in the world
}

func newGround(d dice) ground {
	g := ground{turn: vec{1, d.span(0.10, 0.24)}.unit()}
	if d.chance(0.5) {
		g.turn.y = -g.turn.y
	}
	// The river runs along x: the first wave makes it meander.
	g.swells = []swell{
		{along: vec{1, 0.12}.unit(), push: vec{0, d.span(66, 84)}, length: d.span(2100, 2500), phase: d.span(0, 1)},
		{along: vec{0.15, 1}.unit(), push: vec{d.span(42, 56), 0}, length: d.span(2300, 2900), phase: d.span(0, 1)},
		{along: vec{0.7, 0.7}.unit(), push: vec{9, -11}, length: d.span(900, 1200), phase: d.span(0, 1)},
		{along: vec{0.8, -0.5}.unit(), push: vec{110, 160}, length: d.span(9000, 11000), phase: d.span(0, 1)},
	}
	return g
}

// wave is a smooth periodic curve between -1 and 1, built of parabolas because
// library sines differ in the last bit from machine to machine.
func wave(turns float64) float64 {
	f := turns - math.Floor(turns)
	if f < 0.5 {
		h := 2 * f
		return mul(4*h, 1-h)
	}
	h := 2*f - 1
	return -mul(4*h, 1-h)
}

func (g ground) bend(p vec) vec {
	q := p
	for _, s := range g.swells {
		q = q.add(s.push.scale(wave(p.dot(s.along)/s.length + s.phase)))
	}
	return vec{mul(q.x, g.turn.x) - mul(q.y, g.turn.y), mul(q.x, g.turn.y) + mul(q.y, g.turn.x)}
}

// lonLat places a bent point on the earth, rounded as it will be written.
func lonLat(w vec) orb.Point {
	lon := centreLon + w.x/metresPerLon
	lat := centreLat + w.y/metresPerLat
	return orb.Point{math.Round(lon*perDegree) / perDegree, math.Round(lat*perDegree) / perDegree}
}

func (g ground) point(p vec) orb.Point { return lonLat(g.bend(p)) }

// box is a building's outline: a true rectangle in the world, turned as the ground
// is turned at its centre. w and d are its width along the plan's x axis and depth.
func (g ground) box(c vec, w, d, tilt float64) orb.Ring {
	o := g.bend(c)
	ax := g.bend(c.add(vec{5, mul(5, tilt)})).sub(g.bend(c.sub(vec{5, mul(5, tilt)}))).unit()
	ay := ax.left()
	ring := make(orb.Ring, 0, 5)
	for _, k := range [...]vec{{-0.5, -0.5}, {0.5, -0.5}, {0.5, 0.5}, {-0.5, 0.5}, {-0.5, -0.5}} {
		ring = append(ring, lonLat(o.add(ax.scale(mul(k.x, w))).add(ay.scale(mul(k.y, d)))))
	}
	return ring
}

// chords divides a straight line of the plan so that its bent image is smooth.
func chords(a, b vec) []vec {
	n := int(math.Ceil(a.dist(b) / longestChordM))
	var out []vec
	for i := 1; i < n; i++ {
		out = append(out, a.lerp(b, float64(i)/float64(n)))
	}
	return out
}
