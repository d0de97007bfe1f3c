package coveragelive

import (
	"math"

	"github.com/paulmach/orb"

	"yike/coverage/walknet"
	"yike/geo"
)

// Exit is where people of an area come out onto the street.
type Exit struct {
	Point orb.Point // lon/lat WGS 84
	Gate  bool      // an open gate of the street data; else the place of the border that is nearest to a street
	Snap  walknet.Snap
}

const (
	gateNearM   = 30 // a gate stands on the border, as far as two drawings of it agree
	exitEveryM  = 10 // the border is looked at in steps
	mostSamples = 2000
)

// ExitOf finds where people of an area would come out: by the open gate on its border that is
// nearest to a street, else where the border is nearest to one; streets that are joined to the
// rest go before others. False where no street is near any of it. O(gates + length of the border).
func (s *State) ExitOf(area orb.Polygon) (Exit, bool) {
	if len(area) == 0 || len(area[0]) == 0 {
		return Exit{}, false
	}
	best, found := Exit{}, false
	take := func(p orb.Point, gate bool) {
		e := Exit{Point: p, Gate: gate, Snap: s.Network.Snap(p, s.SnapLimitM)}
		if e.Snap.OK() && (!found || s.nearerExit(e, best)) {
			best, found = e, true
		}
	}
	border := area[0]
	for _, g := range s.Network.Gates() {
		if g.Open && border.Bound().Pad(0.001).Contains(g.Point) && toRing(g.Point, border) <= gateNearM {
			take(g.Point, true)
		}
	}
	if found {
		return best, true
	}
	along(border, func(p orb.Point) { take(p, false) })
	return best, found
}

func (s *State) nearerExit(a, b Exit) bool {
	joined := func(e Exit) bool { return s.Network.Component(e.Snap.Edge) == 0 }
	if joined(a) != joined(b) {
		return joined(a)
	}
	return a.Snap.AccessMM < b.Snap.AccessMM
}

// along visits a line every few metres, its corners among them.
func along(line orb.Ring, visit func(orb.Point)) {
	every := max(exitEveryM, geo.Length(orb.LineString(line))/mostSamples)
	for i, p := range line {
		visit(p)
		if i+1 == len(line) {
			return
		}
		q := line[i+1]
		steps := int(geo.Distance(p, q) / every)
		for k := 1; k <= steps; k++ {
			t := float64(k) / float64(steps+1)
			visit(orb.Point{p[0] + t*(q[0]-p[0]), p[1] + t*(q[1]-p[1])})
		}
	}
}

// toRing is how far a place is from a ring, in metres.
func toRing(p orb.Point, ring orb.Ring) float64 {
	nearest := math.Inf(1)
	scale := math.Cos(p[1] * math.Pi / 180) // so that the nearest place in degrees is that on the ground
	for i := range len(ring) - 1 {
		a, b := ring[i], ring[i+1]
		dx, dy := (b[0]-a[0])*scale, b[1]-a[1]
		t := 0.0
		if long := dx*dx + dy*dy; long > 0 {
			t = min(1, max(0, ((p[0]-a[0])*scale*dx+(p[1]-a[1])*dy)/long))
		}
		nearest = min(nearest, geo.Distance(p, orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}))
	}
	return nearest
}
