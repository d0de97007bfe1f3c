package coverage

import (
	"slices"

	"yike/coverage/walknet"
)

// Delta is what a plan changes against its baseline, and nothing else: exact, so that
// baseline and delta together equal an answer worked out anew over Sites. It never
// changes once it is made.
type Delta struct {
	Baseline *Baseline
	Network  *walknet.Network // the plan's streets
	// Sites are the plan's, by number. A closed one keeps its ID and Point, but has no
	// snap, no division and serves nobody.
	Sites []Site
	Open  []bool // per site

	Points    []PointChange    // ascending by point; only those for which something differs
	Total     []Change         // per band, over all points
	Outside   []Change         // per band, over the people in no division at all
	Divisions []DivisionChange // ascending by index; only those with a change
	Served    []ServedChange   // ascending by site; only those with a change
	Walks     []SiteWalks      // ascending by site; only of those whose walks are others than the baseline's
	Moved     []int32          // points that lie on another street now, or on none; ascending

	now []walknet.Snap // where those are
}

// Demand is the people on the plan's streets, for drawings (CircleOf, Gaps) and for
// questions worked out anew. O(points) where the plan changes streets.
func (d *Delta) Demand() *Demand {
	if len(d.Moved) == 0 {
		return d.Baseline.Ground.Demand
	}
	return d.Baseline.Ground.Demand.moved(d.Moved, d.now)
}

// SiteWalks are all walks to a site of the plan: the points within the limit of it, with
// the times, in an order that is the same for the same plan. A closed site has none. Of a
// site that has no SiteWalks they are Baseline.Points.
type SiteWalks struct {
	Site   int32
	Points []int32
	Times  []walknet.Milliseconds // ByDivision all are 0 and say nothing
}

// Standing is how a point stands to the sites.
type Standing struct {
	Time    walknet.Milliseconds // to the nearest site; walknet.Unreached beyond the limit
	Nearest int32                // its number; -1 beyond the limit
	Sites   int32                // how many are within the limit
	State   State
}

// PointChange is a point that stands otherwise than before.
type PointChange struct {
	Point         int32
	Before, After Standing
}

// Change is people of one band for whom something differs. Count and Overlap are the
// plan's figures minus the baseline's: Count.Covered = Gained − Lost, and what is Gained
// was uncovered or unsnapped before. Nearer and Farther are people covered before and
// after whose walk to the nearest site became shorter or longer.
type Change struct {
	Gained, Lost    People
	Nearer, Farther People
	Count           Count
	Overlap         Overlap
}

func (c *Change) merge(o Change) {
	c.Gained += o.Gained
	c.Lost += o.Lost
	c.Nearer += o.Nearer
	c.Farther += o.Farther
	c.Count.merge(o.Count)
	c.Overlap.merge(o.Overlap)
}

// DivisionChange is the change in one division, in it and below.
type DivisionChange struct {
	Division int32    // index into the hierarchy
	Bands    []Change // per band
}

// ServedChange is the change for one site.
type ServedChange struct {
	Site  int32
	Bands []ServedBand // per band
}

// ServedBand is the people of one band for whom something about one site differs.
// Served is the plan's figures minus the baseline's. Gained are covered now and were
// not, and have this site as their nearest; Lost are covered no more, and this was
// their nearest. Over all sites they add up to the Change's.
type ServedBand struct {
	Served       Served
	Gained, Lost People
}

// Empty says whether the plan changes nothing for anybody.
func (d *Delta) Empty() bool { return len(d.Points) == 0 && len(d.Served) == 0 }

// Result is the answer over the plan's sites for every point: the baseline's with the
// changed points put in. O(points).
func (d *Delta) Result() *Result {
	was := d.Baseline.Result
	r := &Result{
		Params: was.Params, Time: slices.Clone(was.Time), Nearest: slices.Clone(was.Nearest), State: slices.Clone(was.State),
	}
	for _, c := range d.Points {
		r.Time[c.Point], r.Nearest[c.Point], r.State[c.Point] = c.After.Time, c.After.Nearest, c.After.State
	}
	return r
}

// Summary is the baseline's with the changes put in, and the plan's units. It equals
// Summarise of Result. O(divisions × bands + sites).
func (d *Delta) Summary() Summary {
	was, h := d.Baseline.Summary, d.Baseline.Ground.Hierarchy
	bands := len(was.Total)
	s := Summary{
		Total: slices.Clone(was.Total), Outside: slices.Clone(was.Outside), Divisions: rowsOf[Count](h.Len(), bands),
		Points: was.Points, Unsnapped: was.Unsnapped, Beyond: was.Beyond,
	}
	for i, row := range was.Divisions {
		copy(s.Divisions[i], row)
	}
	for k := range bands {
		s.Total[k].merge(d.Total[k].Count)
		s.Outside[k].merge(d.Outside[k].Count)
	}
	for _, c := range d.Divisions {
		for k := range bands {
			s.Divisions[c.Division][k].merge(c.Bands[k].Count)
		}
	}
	for _, c := range d.Points {
		if c.Before.State == Unsnapped {
			s.Unsnapped--
		}
		if c.After.State == Unsnapped {
			s.Unsnapped++
		}
	}
	s.Rest = rests(s.Total, s.Divisions, h)
	s.Units, s.AllUnits = unitsOf(h, d.Sites)
	return s
}

// ServedBy is whom a site of the plan serves, per band. O(log changes).
func (d *Delta) ServedBy(site int32) []Served {
	out := make([]Served, len(d.Total))
	if int(site) < len(d.Baseline.Served) {
		copy(out, d.Baseline.Served[site])
	}
	at, ok := slices.BinarySearchFunc(d.Served, site, func(c ServedChange, s int32) int { return int(c.Site - s) })
	if ok {
		for k := range out {
			out[k].merge(d.Served[at].Bands[k].Served)
		}
	}
	return out
}
