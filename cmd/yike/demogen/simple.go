package demogen

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// side is one side of a boundary in whole ten-millionths of a degree, as it is written,
// from its western end to its eastern one: crossings are decided without rounding.
type side struct{ ax, ay, bx, by int64 }

func sidesOf(mp orb.MultiPolygon) []side {
	whole := func(v float64) int64 { return int64(math.Round(v * perDegree)) }
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

// crossing finds two sides of a boundary that meet elsewhere than at a common end, which
// makes it no area. A sweep from west to east: O(n·k) for n sides of which k overlap in
// longitude.
func crossing(mp orb.MultiPolygon) (orb.Point, bool) {
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

// checkBoundaries is the last look before anything is written: a pack that a load would
// refuse is not made.
func (d *district) checkBoundaries() error {
	for _, list := range [][]division{d.subdistricts, d.communities} {
		for _, v := range list {
			if at, bad := crossing(v.boundary); bad || len(v.boundary) == 0 {
				return fmt.Errorf("the boundary of %s (people %d, seed %d) crosses itself near %v", v.code, d.opts.People, d.opts.Seed, at)
			}
		}
	}
	return nil
}
