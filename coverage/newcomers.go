package coverage

import (
	"slices"

	"github.com/paulmach/orb"

	"yike/coverage/walknet"
)

// Newcomers are people at one place who are not among those who are counted: those that a
// housing estate is planned for.
type Newcomers struct {
	At       orb.Point // lon/lat WGS 84: where they come out onto the street
	Division int32     // index into the hierarchy of the finest one that holds them; -1 outside all
	People   []People  // per band of the demand; none is nobody
}

// Arrival is how newcomers would stand to the sites of a plan. It changes nothing for anybody
// else but how many share a site, so that an answer with them is the answer without them and
// what is said here, exactly.
type Arrival struct {
	Newcomers
	Snap  walknet.Snap // on the plan's streets
	After Standing     // to the plan's sites
	Sites []int32      // within the limit, the nearest first and of equally near ones the lowest number first
	Times []walknet.Milliseconds
	// Nearest is looked for beyond the limit too, as Outlook does; -1 and walknet.Unreached
	// where there is none. Reason is why they are not covered; "" for who is.
	Nearest int32
	Time    walknet.Milliseconds
	Reason  Reason
}

// Arrive says how newcomers would stand to the sites of the plan. O(area within the limit of
// each site).
func (d *Delta) Arrive(n Newcomers) Arrival {
	return arriving{d.Network, d.Baseline.Ground, d.Sites, d.Baseline.Params}.arrive(n)
}

// Arrive says how newcomers would stand to sites, without a baseline of them: for a question
// about one place that would not be worth keeping every walk. O(area within the limit of each
// site).
func (g *Ground) Arrive(sites []Site, p Params, n Newcomers) Arrival {
	return arriving{g.Network, g, g.Onto(sites), p}.arrive(n)
}

// Within counts, per site and band, the people within the limit of it: Served.Only and
// Served.Shared of a baseline together. For walks only. By so many workers (at least one).
// O(area within the limit of each site).
func (g *Ground) Within(sites []Site, p Params, workers int) [][]People {
	lists := g.places.Lists(snapsOf(g.Onto(sites)), p.Limit, p.Speed, workers)
	out := rowsOf[People](len(sites), len(g.Demand.Bands))
	for i := range sites {
		points, _ := lists.Of(i)
		for k := range out[i] {
			for _, at := range points {
				out[i][k] += g.Demand.People[k][at]
			}
		}
	}
	return out
}

// arriving is what newcomers are held against.
type arriving struct {
	network *walknet.Network
	ground  *Ground
	sites   []Site
	params  Params
}

func (w arriving) arrive(n Newcomers) Arrival {
	a := Arrival{Newcomers: n, Snap: w.network.Snap(n.At, w.ground.SnapLimitM), After: Standing{Time: walknet.Unreached, Nearest: -1, State: Unsnapped}}
	known := a.Snap.OK()
	if w.params.Mode == ByDivision {
		known = w.present(&a)
	} else {
		w.walk(&a)
	}
	for k, site := range a.Sites {
		a.After.meet(site, a.Times[k])
	}
	switch {
	case a.After.Sites > 0:
		a.After.State = Covered
		if w.params.Mode == ByDivision {
			a.After.Time = walknet.Unreached
		}
	case known:
		a.After.State = Uncovered
	}
	w.look(&a)
	return a
}

// walk finds the sites within the limit on foot.
func (w arriving) walk(a *Arrival) {
	lists := w.network.NewPlaces([]walknet.Snap{a.Snap}).Lists(snapsOf(w.sites), w.params.Limit, w.params.Speed, 1).Turned(1)
	sites, times := lists.Of(0)
	a.Sites, a.Times = slices.Clone(sites), slices.Clone(times)
}

// present finds the sites that serve the newcomers' division; false where that is not known.
func (w arriving) present(a *Arrival) bool {
	h := w.ground.Hierarchy
	p := presence{hierarchy: h, level: w.params.Level, holder: h.Holders(w.params.Level)}
	if !p.knows(a.Division) {
		return false
	}
	for i, s := range w.sites {
		if p.reaches(s, p.holder[a.Division]) {
			a.Sites, a.Times = append(a.Sites, int32(i)), append(a.Times, 0)
		}
	}
	return true
}

// look looks beyond the limit.
func (w arriving) look(a *Arrival) {
	a.Time, a.Nearest = a.After.Time, a.After.Nearest
	byDivision := w.params.Mode == ByDivision
	switch {
	case a.After.State == Covered:
		return
	case byDivision && a.After.State == Unsnapped:
		a.Reason = NoUnitKnown
		return
	case byDivision:
		a.Reason = NoSiteHere
		return
	case !a.Snap.OK():
		a.Reason = NoPath
		return
	}
	snaps, index := snapped(w.sites)
	if len(index) == 0 {
		a.Reason = NoSite
		return
	}
	time, site := w.network.Nearest(snaps, w.params.Outlook(), w.params.Speed).At(a.Snap)
	switch {
	case site >= 0:
		a.Time, a.Nearest, a.Reason = time, index[site], TooFar
	case w.network.Component(a.Snap.Edge) != 0:
		a.Reason = OnIsland
	default:
		a.Reason = NoneNear
	}
}

// Count is what the newcomers of a band add to the counts of all and of every division that
// holds them, and to the overlaps.
func (a Arrival) Count(band int) (Count, Overlap) {
	var c Count
	var o Overlap
	n := a.of(band)
	c.add(n, a.After.State)
	o.add(n, a.After.Sites)
	return c, o
}

// Served is what the newcomers of a band add to those whom a site serves.
func (a Arrival) Served(site int32, band int) Served {
	var s Served
	if !slices.Contains(a.Sites, site) {
		return s
	}
	n := a.of(band)
	if len(a.Sites) == 1 {
		s.Only = n
	} else {
		s.Shared = n
	}
	if a.After.Nearest == site {
		s.Nearest = n
	}
	return s
}

func (a Arrival) of(band int) People {
	if band < 0 || band >= len(a.People) {
		return 0
	}
	return a.People[band]
}
