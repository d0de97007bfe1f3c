package coverage

import (
	"math/bits"
	"slices"
	"sync"

	"yike/coverage/walknet"
)

// Apply answers a plan as the difference to the baseline: one search for each site that
// was added or moved, none for those that were closed, and then only the points that a
// changed site served or serves are looked at. Of a changed network only the sites whose
// reach it touches are searched again. Errors are a *StepError or a *walknet.EditError.
// The same plan gives the same delta, and plans may be applied at the same time.
//
// O(steps + area within the limit of each place searched + walks of the points touched),
// and with steps about the network O(points) to see which lie on another street now.
func (b *Baseline) Apply(p Plan) (*Delta, error) {
	after, err := b.fold(p.Sites)
	if err != nil {
		return nil, err
	}
	s := b.scratch.get()
	defer b.scratch.put(s)
	g := b.Ground
	a := application{base: b, plan: after, scratch: s, network: g.Network, changed: make([]bool, len(after.sites))}
	places := g.places
	if len(p.Network) > 0 {
		if places, err = a.edit(p.Network); err != nil {
			return nil, err
		}
	}
	a.plan.settle(a.network, g.Network, g.SnapLimitM)
	a.collect(places)
	return a.delta(), nil
}

// application is one plan being applied.
type application struct {
	base    *Baseline
	plan    planned
	network *walknet.Network
	moved   []int32        // points that lie on another street now, ascending
	now     []walknet.Snap // where those are
	changed []bool         // per site: its walks are those of scratch, not of the baseline
	walks   []SiteWalks    // of those sites
	*scratch
}

// edit edits the network, puts the points onto it and marks the sites that it touches.
func (a *application) edit(steps []walknet.Edit) (*walknet.Places, error) {
	g := a.base.Ground
	net, err := g.Network.Edit(steps...)
	if err != nil {
		return nil, err
	}
	a.network = net
	a.moved, a.now = net.Resnap(g.Demand.Points, g.Demand.Snaps, g.SnapLimitM)
	was := make([]walknet.Snap, len(a.moved))
	for k, i := range a.moved {
		a.touch(i)
		was[k] = g.Demand.Snaps[i]
	}
	p := a.base.Params
	if p.Mode == ByDivision {
		return g.places, nil // streets are of no matter
	}
	for _, i := range net.Affected(snapsOf(a.base.Sites), was, a.now, p.Limit, p.Speed) {
		a.changed[i] = true
	}
	return g.places.Moved(net, a.moved, a.now), nil
}

// collect marks the sites whose walks differ and touches the points of their walks,
// old and new.
func (a *application) collect(places *walknet.Places) {
	places.Lister(func(l *walknet.Lister) {
		for i := range a.plan.sites {
			site := int32(i)
			if !a.changed[i] && !a.differs(site) {
				continue
			}
			a.changed[i] = true
			if i < len(a.base.Sites) {
				points, _ := a.base.Points(site)
				for _, p := range points {
					a.touch(p)
				}
			}
			w := SiteWalks{Site: site}
			if a.base.presence != nil {
				w.Points = a.base.presence.of(a.plan.sites[i])
				w.Times = make([]walknet.Milliseconds, len(w.Points))
			} else {
				points, times := l.Within(a.plan.sites[i].Snap, a.base.Params.Limit, a.base.Params.Speed)
				w.Points, w.Times = slices.Clone(points), slices.Clone(times)
			}
			for k, p := range w.Points {
				a.arrive(p, site, w.Times[k])
			}
			a.walks = append(a.walks, w)
		}
	})
}

func (a *application) differs(site int32) bool {
	if int(site) >= len(a.base.Sites) {
		return a.plan.open[site]
	}
	if a.base.presence != nil {
		return !sameReach(a.plan.sites[site], a.base.Sites[site])
	}
	return a.plan.sites[site].Snap != a.base.Sites[site].Snap
}

// after is how a point stands in the plan.
func (a *application) after(point int32) Standing {
	s := Standing{Time: walknet.Unreached, Nearest: -1, State: Unsnapped}
	sites, times := a.base.Walks(point)
	for k, site := range sites {
		if !a.changed[site] {
			s.meet(site, times[k])
		}
	}
	for _, w := range a.arrivals(point) {
		s.meet(w.site, w.time)
	}
	switch {
	case s.Sites > 0:
		s.State, s.Time = Covered, a.base.time(s.Time)
	case a.base.known(point, a.snap(point)):
		s.State = Uncovered
	}
	return s
}

// snap is where a point is on the plan's streets.
func (a *application) snap(point int32) walknet.Snap {
	if k, ok := slices.BinarySearch(a.moved, point); ok {
		return a.now[k]
	}
	return a.base.Ground.Demand.Snaps[point]
}

// meet takes one more site within the limit into account.
func (s *Standing) meet(site int32, time walknet.Milliseconds) {
	s.Sites++
	if s.Nearest < 0 || time < s.Time || (time == s.Time && site < s.Nearest) {
		s.Time, s.Nearest = time, site
	}
}

// delta looks at every touched point.
func (a *application) delta() *Delta {
	d := &Delta{
		Baseline: a.base, Network: a.network, Sites: a.plan.sites, Open: a.plan.open, Walks: a.walks, Moved: a.moved, now: a.now,
	}
	sums := newSums(a)
	for w, word := range a.touched {
		for ; word != 0; word &= word - 1 {
			point := int32(w*64 + bits.TrailingZeros64(word))
			c := PointChange{point, a.base.standing(point), a.after(point)}
			sums.walks(c)
			if c.Before != c.After {
				d.Points = append(d.Points, c)
				sums.point(c)
			}
		}
	}
	sums.finish(d)
	return d
}

// scratch is the memory of one application: per point the new walks of changed sites.
type scratch struct {
	touched []uint64 // a bit per point
	head    []int32  // per point, 1 + its last new walk; 0 for none
	news    []newWalk
	row     []newWalk
}

// newWalk is a walk from a point to a changed site.
type newWalk struct {
	site int32
	time walknet.Milliseconds
	next int32 // 1 + the walk before it from the same point
}

func (s *scratch) touch(point int32) { s.touched[point/64] |= 1 << (point % 64) }

func (s *scratch) arrive(point, site int32, time walknet.Milliseconds) {
	s.touch(point)
	s.news = append(s.news, newWalk{site, time, s.head[point]})
	s.head[point] = int32(len(s.news))
}

// arrivals are the new walks from a point, good until the next call.
func (s *scratch) arrivals(point int32) []newWalk {
	s.row = s.row[:0]
	for i := s.head[point]; i > 0; i = s.news[i-1].next {
		s.row = append(s.row, s.news[i-1])
	}
	return s.row
}

// scratchPool keeps scratches for a number of points.
type scratchPool struct {
	points int
	pool   sync.Pool
}

func newScratchPool(points int) *scratchPool { return &scratchPool{points: points} }

func (p *scratchPool) get() *scratch {
	if s, ok := p.pool.Get().(*scratch); ok {
		return s
	}
	return &scratch{touched: make([]uint64, (p.points+63)/64), head: make([]int32, p.points)}
}

// put forgets what was touched.
func (p *scratchPool) put(s *scratch) {
	for w, word := range s.touched {
		for ; word != 0; word &= word - 1 {
			s.head[w*64+bits.TrailingZeros64(word)] = 0
		}
		s.touched[w] = 0
	}
	s.news = s.news[:0]
	p.pool.Put(s)
}
