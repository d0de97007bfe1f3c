package geo

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// perDegree is the grain in which crossings are decided: seven decimals of a degree.
const perDegree = 1e7

// Grained gives a polygon with its corners rounded to seven decimals of a degree, about a
// centimetre, its rings closed and corners that follow themselves left out.
func Grained(p orb.Polygon) orb.Polygon {
	if p == nil {
		return nil
	}
	out := make(orb.Polygon, len(p))
	for i, ring := range p {
		r := orb.Ring{}
		for _, at := range ring {
			at = orb.Point{math.Round(at[0]*perDegree) / perDegree, math.Round(at[1]*perDegree) / perDegree}
			if len(r) == 0 || r[len(r)-1] != at {
				r = append(r, at)
			}
		}
		if len(r) > 0 && r[0] != r[len(r)-1] {
			r = append(r, r[0])
		}
		out[i] = r
	}
	return out
}

// What the shape of a polygon may be wrong about.
var (
	ErrNoRing      = errors.New("a polygon needs a ring")
	ErrFewCorners  = errors.New("a ring needs three different corners")
	ErrNoPlace     = errors.New("a corner is no longitude and latitude")
	ErrCrosses     = errors.New("the line meets itself")
	ErrHoleOutside = errors.New("a hole lies outside of the polygon, or in another hole")
	ErrOpenRing    = errors.New("a ring does not end where it begins")
)

// ShapeError says where the shape of a polygon is wrong, and why.
type ShapeError struct {
	Ring int       // index; -1 where it is of none
	At   orb.Point // the zero point where it is of none
	Err  error
}

// Error names the ring as GeoJSON counts, from 0 on.
func (e *ShapeError) Error() string { return fmt.Sprintf("ring %d near %v: %v", e.Ring, e.At, e.Err) }

// Unwrap gives the reason.
func (e *ShapeError) Unwrap() error { return e.Err }

// CheckPolygon gives the first fault of a polygon of longitudes and latitudes as a
// *ShapeError: its rings are closed, none meets itself or another, and holes lie inside. It
// decides on what Grained leaves, and takes nothing that ST_IsValid of PostGIS refuses.
// O(corners × sides side by side).
func CheckPolygon(p orb.Polygon) error {
	if len(p) == 0 {
		return &ShapeError{Ring: -1, Err: ErrNoRing}
	}
	for i, ring := range p {
		for _, at := range ring {
			if !(math.Abs(at.Lon()) <= 180 && math.Abs(at.Lat()) <= 90) { // not so for what is no number, too
				return &ShapeError{i, at, ErrNoPlace}
			}
		}
		if err := checkRing(i, ring); err != nil {
			return err
		}
	}
	if at, bad := Crossing(orb.MultiPolygon{p}); bad {
		return &ShapeError{ringThrough(p, at), at, ErrCrosses}
	}
	return checkHoles(p)
}

// checkRing finds what sides that share a corner hide: a corner passed twice, and a side
// that goes back over the one before it.
func checkRing(i int, ring orb.Ring) error {
	if len(ring) == 0 || ring[0] != ring[len(ring)-1] {
		return &ShapeError{Ring: i, Err: ErrOpenRing}
	}
	seen := map[orb.Point]bool{}
	for _, at := range ring[1:] {
		if seen[at] {
			return &ShapeError{i, at, ErrCrosses}
		}
		seen[at] = true
	}
	if len(seen) < 3 {
		return &ShapeError{i, ring[0], ErrFewCorners}
	}
	for k := 1; k < len(ring); k++ {
		a, b, c := ring[k-1], ring[k], ring[1]
		if k+1 < len(ring) {
			c = ring[k+1]
		}
		s := side{whole(a[0]), whole(a[1]), whole(b[0]), whole(b[1])}
		back := (b[0]-a[0])*(c[0]-b[0])+(b[1]-a[1])*(c[1]-b[1]) < 0
		if back && s.turn(whole(c[0]), whole(c[1])) == 0 {
			return &ShapeError{i, b, ErrCrosses}
		}
	}
	return nil
}

// ringThrough is the ring that a corner near a crossing is of.
func ringThrough(p orb.Polygon, at orb.Point) int {
	return max(0, slices.IndexFunc(p, func(r orb.Ring) bool { return slices.Contains(r, at) }))
}

// checkHoles holds that holes touch nothing, not in a corner either, and lie inside.
func checkHoles(p orb.Polygon) error {
	corners := map[orb.Point]bool{}
	for i, ring := range p {
		for _, at := range ring[1:] {
			if corners[at] {
				return &ShapeError{i, at, ErrCrosses}
			}
			corners[at] = true
		}
		for k, other := range p[:i] {
			if (k == 0) != planar.RingContains(other, ring[0]) || k > 0 && planar.RingContains(ring, other[0]) {
				return &ShapeError{i, ring[0], ErrHoleOutside}
			}
		}
	}
	return nil
}

func whole(v float64) int64 { return int64(math.Round(v * perDegree)) }

// side is one side of a boundary in whole ten-millionths of a degree, about a centimetre, from its western end to its eastern one: crossings are decided without rounding.
type side struct{ ax, ay, bx, by int64 }

func sidesOf(mp orb.MultiPolygon) []side {
	var out []side
	for _, p := range mp {
		for _, r := range p {
			for i := 1; i < len(r); i++ {
				s := side{whole(r[i-1][0]), whole(r[i-1][1]), whole(r[i][0]), whole(r[i][1])}
				if s.bx < s.ax {
					s = side{s.bx, s.by, s.ax, s.ay}
				}
				out = append(out, s)
			}
		}
	}
	return out
}

// Crossing finds two sides of a boundary that meet elsewhere than at a common end, which
// makes it no area. A sweep from west to east: O(n·k) for n sides of which k overlap in
// longitude.
func Crossing(mp orb.MultiPolygon) (orb.Point, bool) {
	all := sidesOf(mp)
	slices.SortFunc(all, func(a, b side) int { return cmp.Compare(a.ax, b.ax) })
	var open []side
	for _, s := range all {
		open = slices.DeleteFunc(open, func(o side) bool { return o.bx < s.ax })
		for _, o := range open {
			if s.meets(o) {
				return orb.Point{float64(s.ax) / perDegree, float64(s.ay) / perDegree}, true
			}
		}
		open = append(open, s)
	}
	return orb.Point{}, false
}

func (s side) meets(o side) bool {
	if max(s.ay, s.by) < min(o.ay, o.by) || max(o.ay, o.by) < min(s.ay, s.by) || s.joins(o) {
		return false
	}
	return s.turn(o.ax, o.ay)*s.turn(o.bx, o.by) <= 0 && o.turn(s.ax, s.ay)*o.turn(s.bx, s.by) <= 0
}

// joins reports whether two sides have an end in common.
func (s side) joins(o side) bool {
	a, b := [2]int64{s.ax, s.ay}, [2]int64{s.bx, s.by}
	c, d := [2]int64{o.ax, o.ay}, [2]int64{o.bx, o.by}
	return a == c || a == d || b == c || b == d
}

// turn is on which side of s a point lies: -1, 0 or 1.
func (s side) turn(x, y int64) int {
	return cmp.Compare((s.bx-s.ax)*(y-s.ay), (s.by-s.ay)*(x-s.ax))
}
