package coverage

import (
	"slices"

	"github.com/paulmach/orb"

	"yike/coverage/walknet"
)

// Ground is what all questions about one district and one population base share: the
// streets, the people put onto them, and the divisions. It is read-only and safe for
// any number of readers; make one per loaded state and base and keep it.
type Ground struct {
	Network    *walknet.Network
	Demand     *Demand // its Division indexes Hierarchy
	Hierarchy  *Hierarchy
	SnapLimitM float64 // how far from a path somebody may be, in metres

	places *walknet.Places
}

// NewGround prepares questions. The demand must be snapped onto the network already.
// O(points + edges), about 12 bytes a point and 4 an edge.
func NewGround(net *walknet.Network, d *Demand, h *Hierarchy, snapLimitM float64) *Ground {
	return &Ground{Network: net, Demand: d, Hierarchy: h, SnapLimitM: snapLimitM, places: net.NewPlaces(d.Snaps)}
}

// Overlap splits the covered people of a Count: One can walk to one site only, Several
// to more. One + Several = Covered, and with Uncovered and Unsnapped, Population.
type Overlap struct{ One, Several People }

func (o *Overlap) merge(p Overlap) {
	o.One += p.One
	o.Several += p.Several
}

// add puts n people who can walk to so many sites into the overlap.
func (o *Overlap) add(n People, sites int32) {
	switch {
	case sites == 1:
		o.One += n
	case sites > 1:
		o.Several += n
	}
}

// Overlaps is the overlap added up as Summary adds up counts.
type Overlaps struct {
	Total     []Overlap   // per band
	Divisions [][]Overlap // per division of the hierarchy, per band; people below count in every ancestor
	Outside   []Overlap   // per band, the people in no division at all
}

// Served is the people of one band whom one site serves. Only can walk to no other site
// within the limit, Shared to others too; for Nearest it is the nearest. Over all sites
// the Only add up to Overlap.One and the Nearest to Count.Covered.
type Served struct{ Only, Shared, Nearest People }

func (s *Served) merge(o Served) {
	s.Only += o.Only
	s.Shared += o.Shared
	s.Nearest += o.Nearest
}

// Baseline is one question answered for the sites that there are, with every walk
// within the limit kept, so that plans can be answered as differences to it. It never
// changes; any number of plans may be applied to it at once.
//
// It holds 16 bytes a walk: a point and a site within the limit of each other.
type Baseline struct {
	Ground   *Ground
	Sites    []Site
	Params   Params
	Result   *Result  // OnFoot equal to Compute's
	Summary  Summary  // equal to Summarise's
	Overlaps Overlaps // covered by one, by several
	Served   [][]Served

	bySite, byPoint *walknet.Lists
	presence        *presence // for ByDivision
	scratch         *scratchPool
}

// Baseline answers a question in full and keeps what plans need. The sites are those
// that serve people today; what a plan may reopen but is closed today is added by the
// plan. Served is per site and band. By so many workers (at least one), on whose number
// the answer does not depend. O(area within the limit of each site + walks × log).
func (g *Ground) Baseline(sites []Site, p Params, workers int) *Baseline {
	sites = g.Onto(sites)
	b := &Baseline{Ground: g, Sites: sites, Params: p, scratch: newScratchPool(len(g.Demand.Points))}
	if p.Mode == ByDivision {
		b.presence = g.presence(p.Level)
		b.bySite = b.presence.lists(sites)
	} else {
		b.bySite = g.places.Lists(snapsOf(sites), p.Limit, p.Speed, workers)
	}
	b.byPoint = b.bySite.Turned(len(g.Demand.Points))
	b.Result = b.result()
	b.Summary = Summarise(g.Demand, b.Result, g.Hierarchy, sites)
	b.sumOverlaps()
	b.sumServed()
	return b
}

// For gives the ground as people of a profile walk it, for the same questions: who lived
// on a street that the profile leaves out is put onto another one. Errors are those of
// walknet's For.
func (g *Ground) For(p walknet.Profile) (*Ground, error) {
	net, err := g.Network.For(p)
	if err != nil || net == g.Network {
		return g, err
	}
	moved, now := net.Resnap(g.Demand.Points, g.Demand.Snaps, g.SnapLimitM)
	return &Ground{
		Network: net, Demand: g.Demand.moved(moved, now), Hierarchy: g.Hierarchy, SnapLimitM: g.SnapLimitM,
		places: g.places.Moved(net, moved, now),
	}, nil
}

// moved is the demand with some points elsewhere on the streets.
func (d *Demand) moved(points []int32, now []walknet.Snap) *Demand {
	next := *d
	next.Snaps = slices.Clone(d.Snaps)
	for k, i := range points {
		next.Snaps[i] = now[k]
	}
	return &next
}

// Onto puts sites that lie on the network before a profile onto that for it. A site that
// stays where it is keeps its snap; nothing of the caller's is changed.
func (g *Ground) Onto(sites []Site) []Site {
	points := make([]orb.Point, len(sites))
	for i, s := range sites {
		points[i] = s.Point
	}
	moved, now := g.Network.Resnap(points, snapsOf(sites), g.SnapLimitM)
	if len(moved) == 0 {
		return sites
	}
	out := slices.Clone(sites)
	for k, i := range moved {
		out[i].Snap = now[k]
	}
	return out
}

func snapsOf(sites []Site) []walknet.Snap {
	snaps := make([]walknet.Snap, len(sites))
	for i, s := range sites {
		snaps[i] = s.Snap
	}
	return snaps
}

// Walks are the sites within the limit of a point, the nearest first and of equally
// near ones the lowest index first, with the times: its first k are the k nearest.
// Neither slice may be written to. ByDivision all times are 0 and say nothing.
func (b *Baseline) Walks(point int32) ([]int32, []walknet.Milliseconds) {
	return b.byPoint.Of(int(point))
}

// Points are the points within the limit of a site, with the times, in an order that is
// the same for the same baseline. Neither slice may be written to.
func (b *Baseline) Points(site int32) ([]int32, []walknet.Milliseconds) {
	return b.bySite.Of(int(site))
}

// standing is what holds for a point today.
func (b *Baseline) standing(point int32) Standing {
	near, _ := b.byPoint.Of(int(point))
	return Standing{
		Time: b.Result.Time[point], Nearest: b.Result.Nearest[point], Sites: int32(len(near)), State: b.Result.State[point],
	}
}

func (b *Baseline) result() *Result {
	n := len(b.Ground.Demand.Points)
	r := &Result{
		Params: b.Params, Time: make([]walknet.Milliseconds, n), Nearest: make([]int32, n), State: make([]State, n),
	}
	for i, s := range b.Ground.Demand.Snaps {
		r.Time[i], r.Nearest[i], r.State[i] = walknet.Unreached, -1, Unsnapped
		if !b.known(int32(i), s) {
			continue
		}
		r.State[i] = Uncovered
		if sites, times := b.byPoint.Of(i); len(sites) > 0 {
			r.Time[i], r.Nearest[i], r.State[i] = b.time(times[0]), sites[0], Covered
		}
	}
	return r
}

// known says whether it can be known if a point with this snap is reached.
func (b *Baseline) known(point int32, snap walknet.Snap) bool {
	if b.presence != nil {
		return b.presence.knows(b.Ground.Demand.Division[point])
	}
	return snap.OK()
}

// time is what is said of the time of a walk: nothing where nobody walks.
func (b *Baseline) time(ms walknet.Milliseconds) walknet.Milliseconds {
	if b.presence != nil {
		return walknet.Unreached
	}
	return ms
}

func (b *Baseline) sumOverlaps() {
	d, h := b.Ground.Demand, b.Ground.Hierarchy
	bands := len(d.Bands)
	own := rowsOf[Overlap](h.Len(), bands)
	o := Overlaps{Total: make([]Overlap, bands), Outside: make([]Overlap, bands), Divisions: rowsOf[Overlap](h.Len(), bands)}
	for i, at := range d.Division {
		near, _ := b.byPoint.Of(i)
		row := o.Outside
		if at >= 0 {
			row = own[at]
		}
		for k := range bands {
			row[k].add(d.People[k][i], int32(len(near)))
		}
	}
	for at, row := range own {
		for k := range bands {
			o.Total[k].merge(row[k])
			for up := int32(at); up >= 0; up = h.Parent(up) {
				o.Divisions[up][k].merge(row[k])
			}
		}
	}
	for k := range bands {
		o.Total[k].merge(o.Outside[k])
	}
	b.Overlaps = o
}

func (b *Baseline) sumServed() {
	d := b.Ground.Demand
	b.Served = rowsOf[Served](len(b.Sites), len(d.Bands))
	for i := range d.Points {
		near, _ := b.byPoint.Of(i)
		for k := range d.Bands {
			n := d.People[k][i]
			for _, site := range near {
				if len(near) == 1 {
					b.Served[site][k].Only += n
				} else {
					b.Served[site][k].Shared += n
				}
			}
			if len(near) > 0 {
				b.Served[near[0]][k].Nearest += n
			}
		}
	}
}

// rowsOf is so many rows of so many zero values.
func rowsOf[T any](rows, columns int) [][]T {
	all := make([]T, rows*columns)
	out := make([][]T, rows)
	for i := range out {
		out[i] = all[i*columns : (i+1)*columns : (i+1)*columns]
	}
	return out
}
