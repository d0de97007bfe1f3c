package tiles

import (
	"fmt"
	"math/big"
)

// checkGeometry holds the rules of a strict reader: ranges, repeated points, winding,
// area, and polygons that are valid after OGC.
func checkGeometry(f readFeature) error {
	for _, part := range f.parts {
		for i, p := range part {
			if p.x < -64 || p.x > 4160 || p.y < -64 || p.y > 4160 {
				return fmt.Errorf("point %v out of range", p)
			}
			if f.kind != 1 && i > 0 && part[i-1] == p {
				return fmt.Errorf("point %v repeated", p)
			}
		}
		if f.kind == 3 && part[0] == part[len(part)-1] {
			return fmt.Errorf("ring closed by a point of its own")
		}
	}
	if f.kind != 3 {
		return nil
	}
	if shoelace(f.parts[0]) <= 0 {
		return fmt.Errorf("first ring is not a shell: area %d", shoelace(f.parts[0]))
	}
	for _, r := range f.parts {
		if shoelace(r) == 0 {
			return fmt.Errorf("ring of no area")
		}
	}
	return checkPolygons(f.parts)
}

func shoelace(r []pt) int64 {
	var s int64
	for i, a := range r {
		b := r[(i+1)%len(r)]
		s += int64(a.x)*int64(b.y) - int64(b.x)*int64(a.y)
	}
	return s
}

// checkPolygons tests that rings neither cross nor run along one another, do not touch
// themselves, and that each hole lies in the shell before it and each shell outside the
// other polygons.
func checkPolygons(rings [][]pt) error {
	type side struct {
		a, b pt
		ring int
		at   int
	}
	var sides []side
	for i, r := range rings {
		for j, a := range r {
			sides = append(sides, side{a, r[(j+1)%len(r)], i, j})
		}
	}
	for i, p := range sides {
		for _, q := range sides[i+1:] {
			where := meet(p.a, p.b, q.a, q.b)
			if where == apart {
				continue
			}
			n := len(rings[p.ring])
			next := p.ring == q.ring && ((p.at+1)%n == q.at || (q.at+1)%n == p.at)
			switch {
			case where == along || where == through:
				return fmt.Errorf("sides %v and %v cross or overlap", p, q)
			case p.ring == q.ring && !next:
				return fmt.Errorf("ring touches itself: %v and %v", p, q)
			}
		}
	}
	return checkNesting(rings)
}

func checkNesting(rings [][]pt) error {
	shell := 0
	depth := func(i int, skip func(j int) bool) int {
		n := 0
		for j := range rings {
			if j != i && !skip(j) && insideBy(rings[j], rings[i]) {
				n++
			}
		}
		return n
	}
	for i, r := range rings {
		if shoelace(r) > 0 {
			shell = i
			if d := depth(i, func(int) bool { return false }); d%2 != 0 {
				return fmt.Errorf("shell %d lies inside ground", i)
			}
			continue
		}
		if !insideBy(rings[shell], r) {
			return fmt.Errorf("hole %d is outside its shell", i)
		}
		if d := depth(i, func(int) bool { return false }); d%2 != 1 {
			return fmt.Errorf("hole %d lies inside a hole", i)
		}
	}
	return nil
}

// insideBy reports whether most of ring in lies inside ring out; sides of in that touch
// out are undecided, so every midpoint votes.
func insideBy(out, in []pt) bool {
	for i, a := range in {
		b := in[(i+1)%len(in)]
		x, y := float64(a.x+b.x)/2, float64(a.y+b.y)/2
		odd, on := false, false
		for j, p := range out {
			q := out[(j+1)%len(out)]
			px, py, qx, qy := float64(p.x), float64(p.y), float64(q.x), float64(q.y)
			if (qx-px)*(y-py) == (qy-py)*(x-px) && x >= min(px, qx) && x <= max(px, qx) && y >= min(py, qy) && y <= max(py, qy) {
				on = true
			}
			if (py > y) != (qy > y) && x < (qx-px)*(y-py)/(qy-py)+px {
				odd = !odd
			}
		}
		if !on {
			return odd
		}
	}
	return false
}

type meeting int

const (
	apart meeting = iota
	atEnd
	through
	along
)

// meet says how two sides meet, by exact fractions.
func meet(a, b, c, d pt) meeting {
	cross := func(o, p, q pt) *big.Int {
		l := new(big.Int).Mul(big.NewInt(int64(p.x)-int64(o.x)), big.NewInt(int64(q.y)-int64(o.y)))
		r := new(big.Int).Mul(big.NewInt(int64(p.y)-int64(o.y)), big.NewInt(int64(q.x)-int64(o.x)))
		return l.Sub(l, r)
	}
	if max(a.x, b.x) < min(c.x, d.x) || max(c.x, d.x) < min(a.x, b.x) || max(a.y, b.y) < min(c.y, d.y) || max(c.y, d.y) < min(a.y, b.y) {
		return apart
	}
	s1, s2 := cross(a, b, c).Sign(), cross(a, b, d).Sign()
	s3, s4 := cross(c, d, a).Sign(), cross(c, d, b).Sign()
	switch {
	case s1 == 0 && s2 == 0:
		// On one line: they share a point; more than one is an overlap.
		if a == c || a == d || b == c || b == d {
			return endOrAlong(a, b, c, d)
		}
		return along
	case s1*s2 < 0 && s3*s4 < 0:
		return through
	case s1*s2 <= 0 && s3*s4 <= 0:
		return atEnd
	}
	return apart
}

// endOrAlong tells sides on one line that only share an end from sides that overlap.
func endOrAlong(a, b, c, d pt) meeting {
	if a == d || b == d {
		c, d = d, c
	}
	if b == c {
		a, b = b, a
	}
	// now a == c
	if int64(b.x-a.x)*int64(d.x-c.x)+int64(b.y-a.y)*int64(d.y-c.y) > 0 {
		return along
	}
	return atEnd
}
