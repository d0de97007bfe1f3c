// Package crsfit tells whether a layer of points lies on the roads as it is declared,
// or only after one of the shifts of Chinese web maps (GCJ-02, BD-09) is taken off it
// or put on it. It knows points and lines, not what they stand for.
//
// How it decides. Things that people build keep to the roads in their own way:
// buildings stand beside them and never on them, bus stops and named streets lie on
// them. Where layer and roads do not belong together that pattern is gone and the
// distances to the nearest road are those of chance. What chance looks like is taken
// from the data themselves: the layer is moved as far as the shifts would move it, but
// in other directions. The fit of a position is how far its distances differ from
// that, as the Kullback-Leibler divergence over bins of distance. A regular grid or
// random points fit nowhere better than anywhere else, so they never stand out.
// The median distance alone does not tell: buildings of a town are as far from the
// roads in the middle when the whole layer is 600 m off.
package crsfit

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yike/geo"
)

// Hypothesis says which shift brings the points onto the roads.
type Hypothesis string

// The hypotheses. The inverse ones say that the points are shifted although declared
// otherwise, the forward ones that the roads are.
const (
	Declared    Hypothesis = "as declared"
	GCJ02Points Hypothesis = "gcj02 inverse"
	BD09Points  Hypothesis = "bd09 inverse"
	GCJ02Roads  Hypothesis = "gcj02 forward"
	BD09Roads   Hypothesis = "bd09 forward"
)

// Verdict is the outcome of Check.
type Verdict struct {
	Points    int // points given
	NearRoads int // of them within 150 m of a road as declared, or under Best if more
	// Best is the hypothesis under which the points fit the roads. It is Declared
	// unless another is clearly better.
	Best Hypothesis
	// Medians of the distance to the nearest road in metres, at most 150: as declared
	// and under Best.
	MedianDeclaredM, MedianBestM float64
	// ShiftM is the median length in metres by which Best moves the points, and
	// BearingDeg the direction, clockwise from north, in which the layer lies wrong:
	// from where the point belongs to where it is declared (for the forward
	// hypotheses, where the roads are wrong against the points). 0 for Declared.
	ShiftM, BearingDeg float64
	// Fits in nats per point: as declared, under Best, and the best of the chance
	// positions.
	FitDeclared, FitBest, FitChance float64
	// Suspicious: Best is not Declared.
	Suspicious bool
	// TooFew: fewer than 30 points are near roads, so nothing can be said.
	TooFew bool
}

// The thresholds. On the synthetic towns of the tests, over seeds they were not set
// by, 1,098 layers of points where they belong, at random, in clusters or in grids
// raised no false alarm; shifted layers were named in 192 of 192 trials with 200
// buildings, in 188 of 192 with 80, and in 39 of 192 with 40, which is about as few as
// can tell anything.
const (
	fewest     = 30   // points near roads
	mostPoints = 4000 // looked at; more tell nothing new
	beyondFit  = 1.5  // a fit has to be this many times the best by chance
	confirmFit = 1.2  // and this many times the best by chance of its own moves
	leastFit   = 0.06 // nats per point
	leastProof = 40.0 // twice the fit times the points: a likelihood ratio, its mean by chance 5
)

// Check compares the points with the roads, both in WGS 84 as declared. Of more than
// 4000 points an even selection is looked at. Points far from all roads do not count.
// O(points + segments), with 80 to 400 lookups for each point that is looked at.
func Check(points []orb.Point, roads []orb.LineString) Verdict {
	v := Verdict{Points: len(points), Best: Declared}
	sample := choose(points, roads)
	if len(sample) == 0 {
		v.TooFew = true
		return v
	}
	t := newTrial(sample, roads)
	declared := t.measure(sample)
	v.NearRoads, v.MedianDeclaredM = declared.near, declared.median
	v.MedianBestM = declared.median
	shifts := hypotheses(sample)
	near := declared.near
	for i := range shifts {
		shifts[i].distances = t.measure(shifts[i].points)
		near = max(near, shifts[i].distances.near)
	}
	if near < fewest {
		v.TooFew = true
		v.NearRoads = scale(near, len(sample), len(points))
		return v
	}
	v.decide(t, sample, declared, shifts)
	v.NearRoads = scale(v.NearRoads, len(sample), len(points))
	return v
}

// decide fills in the verdict. A hypothesis has to stand out twice: among chance moves
// of the points as declared, and among those of the points it has moved. The second
// counts where a shift that is not quite the same everywhere had blurred a regular
// pattern, so that no move of the blurred points could bring it back.
func (v *Verdict) decide(t *trial, sample []orb.Point, declared distances, shifts []shift) {
	moves := chanceMoves(shifts)
	chance := t.chance(sample, moves)
	v.FitDeclared, v.FitChance = chance.fit(declared), chance.best
	v.FitBest = v.FitDeclared
	if v.FitDeclared > chance.best*beyondFit {
		return // the layer stands where it belongs
	}
	for _, s := range shifts {
		fit := chance.fit(s.distances)
		if s.distances.near*10 < declared.near*9 { // it leaves the roads instead
			continue
		}
		if !chance.standsOut(s.distances) || v.Suspicious && fit <= v.FitBest {
			continue
		}
		if own := t.chance(s.points, moves); own.fit(s.distances) < confirmFit*own.best {
			continue
		}
		v.Suspicious, v.Best, v.FitBest = true, s.hypothesis, fit
		v.MedianBestM, v.NearRoads = s.distances.median, max(declared.near, s.distances.near)
		v.ShiftM, v.BearingDeg = s.lengthM, s.bearingDeg
	}
}

// shift is a hypothesis other than Declared and what it does to the points.
type shift struct {
	hypothesis          Hypothesis
	points              []orb.Point
	distances           distances
	lengthM, bearingDeg float64   // as in Verdict
	by                  orb.Point // mean move of the points in metres east and north
}

func hypotheses(points []orb.Point) []shift {
	all := []struct {
		hypothesis Hypothesis
		move       func(orb.Point) orb.Point
		side       float64 // of the layer that lies wrong: -1 the points, 1 the roads
	}{
		{GCJ02Points, geo.GCJ02ToWGS84, -1},
		{BD09Points, func(p orb.Point) orb.Point { return geo.GCJ02ToWGS84(geo.BD09ToGCJ02(p)) }, -1},
		{GCJ02Roads, geo.WGS84ToGCJ02, 1},
		{BD09Roads, func(p orb.Point) orb.Point { return geo.GCJ02ToBD09(geo.WGS84ToGCJ02(p)) }, 1},
	}
	shifts := make([]shift, 0, len(all))
	for _, h := range all {
		s := shift{hypothesis: h.hypothesis, points: make([]orb.Point, len(points))}
		for i, p := range points {
			s.points[i] = h.move(p)
		}
		s.lengthM, s.by = displacement(points, s.points)
		s.bearingDeg = bearing(h.side*s.by[0], h.side*s.by[1])
		shifts = append(shifts, s)
	}
	return shifts
}

// displacement is the way from each point to its partner: the median length and the
// mean move, in metres.
func displacement(from, to []orb.Point) (lengthM float64, by orb.Point) {
	lengths := make([]float64, len(from))
	for i := range from {
		d := geo.Frame(from[i]).To(to[i])
		lengths[i] = math.Hypot(d[0], d[1])
		by[0], by[1] = by[0]+d[0]/float64(len(from)), by[1]+d[1]/float64(len(from))
	}
	slices.Sort(lengths)
	return lengths[len(lengths)/2], by
}

// bearing is the direction of a vector in degrees clockwise from north, in [0, 360).
func bearing(east, north float64) float64 {
	return math.Mod(math.Atan2(east, north)*180/math.Pi+360, 360)
}

// choose gives the points that any hypothesis could bring near a road, each place
// once, thinned to mostPoints. The thinning goes by a hash, since every n-th point of
// a regular grid would be another regular grid.
func choose(points []orb.Point, roads []orb.LineString) []orb.Point {
	var reach orb.Bound
	some := false
	for _, road := range roads {
		if len(road) < 2 {
			continue
		}
		if b := road.Bound(); finite(b.Min) && finite(b.Max) {
			if !some {
				reach, some = b, true
			}
			reach = reach.Union(b)
		}
	}
	if !some {
		return nil
	}
	const farthestDeg = 0.03 // more than the longest shift, BD-09's 1.8 km
	reach = reach.Pad(farthestDeg)
	type keyed struct {
		key   uint64
		point orb.Point
	}
	var all []keyed
	seen := make(map[orb.Point]struct{}, len(points))
	for _, p := range points {
		if _, again := seen[p]; again || !finite(p) || !reach.Contains(p) {
			continue
		}
		seen[p] = struct{}{}
		all = append(all, keyed{hash(p), p})
	}
	slices.SortFunc(all, func(a, b keyed) int {
		switch {
		case a.key < b.key:
			return -1
		case a.key > b.key:
			return 1
		}
		return 0
	})
	chosen := make([]orb.Point, min(len(all), mostPoints))
	for i := range chosen {
		chosen[i] = all[i].point
	}
	return chosen
}

// hash mixes the bits of a point (the finaliser of SplitMix64).
func hash(p orb.Point) uint64 {
	h := math.Float64bits(p[0]) ^ math.Float64bits(p[1])*0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// scale brings a count of the sample to the whole.
func scale(n, sample, whole int) int {
	if sample < mostPoints {
		return n
	}
	return int(math.Round(float64(n) * float64(whole) / float64(sample)))
}
