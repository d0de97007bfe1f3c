package coverage

import (
	"github.com/paulmach/orb"

	"yike/coverage/walknet"
	"yike/geo"
)

// Circle is the service circle of one site: the people who can walk to it within
// the limit, and a drawing of the ground from which one can.
type Circle struct {
	Reached []People         // per band, counted by each point's own walking time, not by the drawing
	Points  int              // points reached
	Area    orb.MultiPolygon // valid, lon/lat; nil for a site off the network
	AreaM2  float64
	Drawing Disagreement // of Area and the walking times; zero for a site off the network
}

// CircleOf searches from one site alone, whatever other sites there are, counts the
// people within the limit, draws the circle and measures how far the drawing is from the
// count. O(area within the limit + points).
func CircleOf(net *walknet.Network, d *Demand, s Site, p Params, opt walknet.CircleOptions) Circle {
	c := Circle{Reached: make([]People, len(d.Bands))}
	if !s.Snap.OK() {
		return c
	}
	reach := net.Reach(s.Snap, p.Limit, p.Speed)
	box := reach.Bound()
	for i, snap := range d.Snaps {
		if !snap.OK() || !box.Contains(snap.Point) || reach.At(snap) == walknet.Unreached {
			continue
		}
		c.Points++
		for b := range d.Bands {
			c.Reached[b] += d.People[b][i]
		}
	}
	c.Area = reach.Circle(opt)
	c.AreaM2 = geo.Area(c.Area)
	c.Drawing = disagreement(net, d, s, p, reach, c.Area)
	return c
}
