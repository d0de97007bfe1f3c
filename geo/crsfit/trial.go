package crsfit

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yike/geo"
)

// bins is the number of bins of distance that a fit looks at.
const bins = 6

// binEnds are their outer ends in metres: the width of a lane, of a street, the depth
// of a plot. Farther than the last the roads say nothing of a point's place.
func binEnds() [bins]float64 { return [bins]float64{4, 8, 14, 22, 36, 60} }

// distances are those of a set of points to the nearest road.
type distances struct {
	hist   [bins]float64 // points by bin
	inBins float64       // their sum
	points float64       // all points measured
	near   int           // points within reachM
	median float64       // of all, at most reachM
}

// trial measures positions of one sample against one network.
type trial struct {
	frame geo.LocalFrame
	roads *index
}

func newTrial(sample []orb.Point, roads []orb.LineString) *trial {
	bound := orb.MultiPoint(sample).Bound()
	frame := geo.Frame(bound.Center())
	const aroundM = 3000 // shifts, chance moves and a cell more
	metres := orb.Bound{Min: frame.To(bound.Min), Max: frame.To(bound.Max)}
	metres.Min[0], metres.Min[1] = metres.Min[0]-aroundM, metres.Min[1]-aroundM
	metres.Max[0], metres.Max[1] = metres.Max[0]+aroundM, metres.Max[1]+aroundM
	return &trial{frame: frame, roads: newIndex(roads, frame, metres)}
}

func (t *trial) measure(points []orb.Point) distances {
	return t.measureMoved(points, orb.Point{})
}

// measureMoved measures the points moved by metres.
func (t *trial) measureMoved(points []orb.Point, by orb.Point) distances {
	ends := binEnds()
	d := distances{points: float64(len(points))}
	all := make([]float64, len(points))
	for i, p := range points {
		m := t.frame.To(p)
		v := t.roads.distance(orb.Point{m[0] + by[0], m[1] + by[1]})
		all[i] = v
		if v < reachM {
			d.near++
		}
		for b, end := range ends {
			if v < end {
				d.hist[b]++
				d.inBins++
				break
			}
		}
	}
	slices.Sort(all)
	d.median = all[len(all)/2]
	return d
}

// chance is what distances look like where points and roads do not belong together.
type chance struct {
	share [bins]float64 // mean share of each bin
	best  float64       // best fit among the chance positions
}

// chance measures the points in each of the moved positions.
func (t *trial) chance(points, moves []orb.Point) chance {
	all := make([]distances, 0, len(moves))
	for _, by := range moves {
		all = append(all, t.measureMoved(points, by))
	}
	var c chance
	var sum float64
	for _, d := range all {
		for b, n := range d.hist {
			c.share[b] += n
			sum += n
		}
	}
	for b := range c.share {
		c.share[b] = (c.share[b] + 1) / (sum + bins) // no bin is impossible
	}
	for _, d := range all {
		c.best = math.Max(c.best, c.fit(d))
	}
	return c
}

// chanceMoves are moves in metres as far as the shifts and in all directions, that
// stay clear of the shifts themselves, forth and back.
func chanceMoves(shifts []shift) []orb.Point {
	const (
		rings, spokes = 5, 16
		clearM        = 100
	)
	shortest, longest := math.Inf(1), 0.0
	for _, s := range shifts {
		shortest, longest = math.Min(shortest, s.lengthM), math.Max(longest, s.lengthM)
	}
	shortest, longest = math.Max(shortest, 200), math.Max(longest, 400) // beyond the blocks of a town
	var moves []orb.Point
	for ring := range rings {
		length := shortest * math.Pow(longest/shortest, float64(ring)/(rings-1))
		for spoke := range spokes {
			// Rings are turned against one another, so that no street runs through all.
			sin, cos := math.Sincos(2 * math.Pi * (float64(spoke)/spokes + 0.618*float64(ring)/spokes))
			by := orb.Point{length * cos, length * sin}
			if !slices.ContainsFunc(shifts, func(s shift) bool { return math.Hypot(s.by[0]-by[0], s.by[1]-by[1]) < clearM }) {
				moves = append(moves, by)
			}
		}
	}
	return moves
}

// fit is the divergence of the distances from those of chance, in nats per point of
// the sample: points off the network bring nothing, so that a position with few
// points near roads does not fit by accident.
func (c *chance) fit(d distances) float64 {
	var sum float64
	for b, n := range d.hist {
		if n > 0 {
			sum += n * math.Log(n/d.inBins/c.share[b])
		}
	}
	return sum / d.points
}

// standsOut reports whether distances fit beyond what chance reaches.
func (c *chance) standsOut(d distances) bool {
	fit := c.fit(d)
	return d.near >= fewest && fit >= leastFit && fit >= beyondFit*c.best && 2*fit*d.points >= leastProof
}
