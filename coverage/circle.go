package coverage

import (
	"math"

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

// Circles draws the circles of many sites among the same people. It is read-only and
// safe for any number of readers.
type Circles struct {
	net   *walknet.Network
	d     *Demand
	index pointIndex
	off   orb.Point // degrees that somebody's place on the streets is from where they live, at most
}

// NewCircles prepares the drawing. O(points), 5 bytes a point.
func NewCircles(net *walknet.Network, d *Demand) *Circles {
	c := &Circles{net: net, d: d, index: newPointIndex(d.Points)}
	for i, snap := range d.Snaps {
		if snap.OK() {
			for axis := range c.off {
				c.off[axis] = max(c.off[axis], math.Abs(snap.Point[axis]-d.Points[i][axis]))
			}
		}
	}
	return c
}

// CircleOf is the circle of one site alone, see Of. O(area within the limit + points).
func CircleOf(net *walknet.Network, d *Demand, s Site, p Params, opt walknet.CircleOptions) Circle {
	return NewCircles(net, d).Of(s, p, opt)
}

// Of searches from one site alone, whatever other sites there are, counts the people
// within the limit, draws the circle and measures how far the drawing is from the count.
// O(area within the limit + points near it).
func (c *Circles) Of(s Site, p Params, opt walknet.CircleOptions) Circle {
	out := Circle{Reached: make([]People, len(c.d.Bands))}
	if !s.Snap.OK() {
		return out
	}
	reach := c.net.Reach(s.Snap, p.Limit, p.Speed)
	out.Area = reach.Circle(opt)
	out.AreaM2 = geo.Area(out.Area)
	out.Drawing = newDisagreement(len(c.d.Bands))
	drawn, box, late := newDrawn(out.Area), reach.Bound(), []walknet.Snap(nil)
	c.index.in(c.around(box, out.Area), func(i int32) {
		snap := c.d.Snaps[i]
		inside := drawn.contains(c.d.Points[i])
		inTime := snap.OK() && box.Contains(snap.Point) && reach.At(snap) != walknet.Unreached
		if inTime {
			out.Points++
			c.d.addTo(out.Reached, i)
		}
		if inside && !inTime {
			late = append(late, snap)
		}
		out.Drawing.add(c.d, i, inside, inTime)
	})
	out.Drawing.WorstLate = latest(c.net, s, p, late)
	return out
}

// around is a box of all who live in the drawing or may be put onto a street in a box.
func (c *Circles) around(box orb.Bound, area orb.MultiPolygon) orb.Bound {
	box.Min = orb.Point{box.Min[0] - c.off[0], box.Min[1] - c.off[1]}
	box.Max = orb.Point{box.Max[0] + c.off[0], box.Max[1] + c.off[1]}
	if len(area) == 0 {
		return box
	}
	return box.Union(area.Bound())
}

// addTo adds the people of a point to sums per band.
func (d *Demand) addTo(sums []People, i int32) {
	for b := range d.Bands {
		sums[b] += d.People[b][i]
	}
}
