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
	b := d.Baseline
	a := Arrival{Newcomers: n, Snap: d.Network.Snap(n.At, b.Ground.SnapLimitM), After: Standing{Time: walknet.Unreached, Nearest: -1, State: Unsnapped}}
	if b.presence != nil {
		a.present(d)
	} else {
		a.walk(d)
	}
	for k, site := range a.Sites {
		a.After.meet(site, a.Times[k])
	}
	switch {
	case a.After.Sites > 0:
		a.After.State, a.After.Time = Covered, b.time(a.After.Time)
	case b.presence != nil && b.presence.knows(n.Division) || b.presence == nil && a.Snap.OK():
		a.After.State = Uncovered
	}
	a.look(d)
	return a
}

// walk finds the sites within the limit on foot.
func (a *Arrival) walk(d *Delta) {
	p := d.Baseline.Params
	lists := d.Network.NewPlaces([]walknet.Snap{a.Snap}).Lists(snapsOf(d.Sites), p.Limit, p.Speed, 1).Turned(1)
	sites, times := lists.Of(0)
	a.Sites, a.Times = slices.Clone(sites), slices.Clone(times)
}

// present finds the sites that serve the newcomers' division.
func (a *Arrival) present(d *Delta) {
	p := d.Baseline.presence
	if !p.knows(a.Division) {
		return
	}
	for i, s := range d.Sites {
		if p.reaches(s, p.holder[a.Division]) {
			a.Sites, a.Times = append(a.Sites, int32(i)), append(a.Times, 0)
		}
	}
}

// look looks beyond the limit.
func (a *Arrival) look(d *Delta) {
	a.Time, a.Nearest = a.After.Time, a.After.Nearest
	switch {
	case a.After.State == Covered:
		return
	case d.Baseline.presence != nil && a.After.State == Unsnapped:
		a.Reason = NoUnitKnown
		return
	case d.Baseline.presence != nil:
		a.Reason = NoSiteHere
		return
	case !a.Snap.OK():
		a.Reason = NoPath
		return
	}
	p := d.Baseline.Params
	snaps, index := snapped(d.Sites)
	if len(index) == 0 {
		a.Reason = NoSite
		return
	}
	time, site := d.Network.Nearest(snaps, p.Outlook(), p.Speed).At(a.Snap)
	switch {
	case site >= 0:
		a.Time, a.Nearest, a.Reason = time, index[site], TooFar
	case d.Network.Component(a.Snap.Edge) != 0:
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
