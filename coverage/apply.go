package coverage

import (
	"math/bits"
	"sync"

	"yike/coverage/walknet"
)

// Apply answers a plan as the difference to the baseline: one search for each site that
// was added or moved, none for those that were closed, and then only the points that a
// changed site served or serves are looked at. Errors are a *StepError. The same plan
// gives the same delta, and plans may be applied at the same time.
//
// O(steps + area within the limit of each new place + walks of the points touched).
func (b *Baseline) Apply(p Plan) (*Delta, error) {
	after, err := b.fold(p.Sites)
	if err != nil {
		return nil, err
	}
	after.settle(b.Ground.Network, b.Ground.SnapLimitM)
	s := b.scratch.get()
	defer b.scratch.put(s)
	a := application{
		base: b, plan: after, scratch: s, snaps: b.Ground.Demand.Snaps,
		changed: make([]bool, len(after.sites)),
	}
	a.collect(b.Ground.places)
	return a.delta(), nil
}

// application is one plan being applied.
type application struct {
	base    *Baseline
	plan    planned
	snaps   []walknet.Snap // of the points, on the plan's streets
	changed []bool         // per site: its walks are those of scratch, not of the baseline
	*scratch
}

// collect marks the sites whose walks differ and touches the points of their walks,
// old and new.
func (a *application) collect(places *walknet.Places) {
	places.Lister(func(l *walknet.Lister) {
		for i := range a.plan.sites {
			site := int32(i)
			if !a.differs(site) {
				continue
			}
			a.changed[i] = true
			if i < len(a.base.Sites) {
				points, _ := a.base.Points(site)
				for _, p := range points {
					a.touch(p)
				}
			}
			points, times := l.Within(a.plan.sites[i].Snap, a.base.Params.Limit, a.base.Params.Speed)
			for k, p := range points {
				a.arrive(p, site, times[k])
			}
		}
	})
}

func (a *application) differs(site int32) bool {
	if int(site) >= len(a.base.Sites) {
		return a.plan.open[site]
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
		s.State = Covered
	case a.snaps[point].OK():
		s.State = Uncovered
	}
	return s
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
	d := &Delta{Baseline: a.base, Sites: a.plan.sites, Open: a.plan.open}
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
