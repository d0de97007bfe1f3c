package walknet

import (
	"slices"

	"github.com/paulmach/orb"
)

// Resnap finds, of places that lay on the parent as snaps say, those that the last Edit
// put elsewhere: their street is no more, or a new path is nearer. It returns their
// indices, ascending, and, in step, where they are now. points are where the places are,
// limitM is that of Snap. O(points).
func (n *Network) Resnap(points []orb.Point, snaps []Snap, limitM float64) (moved []int32, now []Snap) {
	if n.patch == nil {
		return nil, nil
	}
	paths := n.newPaths(limitM)
	for i, s := range snaps {
		gone := s.OK() && !n.Usable(s.Edge)
		if !gone && !slices.ContainsFunc(paths, func(b orb.Bound) bool { return b.Contains(points[i]) }) {
			continue
		}
		if next := n.Snap(points[i], limitM); gone || next != s {
			moved, now = append(moved, int32(i)), append(now, next)
		}
	}
	return moved, now
}

// newPaths are the boxes, wider by so many metres, of the paths that the last Edit added.
func (n *Network) newPaths(m float64) []orb.Bound {
	var boxes []orb.Bound
	for k := n.patch.first - len(n.from); k < len(n.patch.edges); k++ {
		e := &n.patch.edges[k]
		if !e.path || !n.Usable(int32(len(n.from)+k)) {
			continue
		}
		kx, ky := metresPerDegree(e.box.Center()[1])
		const slack = 1.01 // for a degree of longitude being narrower elsewhere in the box
		boxes = append(boxes, orb.Bound{
			Min: orb.Point{e.box.Min[0] - slack*m/kx, e.box.Min[1] - slack*m/ky},
			Max: orb.Point{e.box.Max[0] + slack*m/kx, e.box.Max[1] + slack*m/ky},
		})
	}
	return boxes
}

// Affected finds, of sites on the parent, those whose reach the last Edit may have
// changed: those that somebody at a place it touched could walk to within the limit,
// and those on a street that is no more. was and now are the snaps, before and after,
// of the places that the edit moved, which count as touched too. The indices are
// ascending; of all other sites every walk is what it was. It is one search of the
// parent from all touched places at once.
func (n *Network) Affected(sites []Snap, was, now []Snap, limit Milliseconds, speed Speed) []int32 {
	if n.patch == nil || speed <= 0 {
		return nil
	}
	old := n.parent
	s := old.borrow()
	defer old.giveBackSearcher(s)
	edges := make(map[int32]struct{})
	s.queue.reset(max(limit, 0))
	touch := func(v int32) {
		if int(v) < old.Nodes() {
			s.offer(v, 0, int64(limit))
		}
	}
	for _, v := range n.patch.fresh {
		touch(v)
	}
	for _, list := range [2][]Snap{was, now} {
		for _, p := range list {
			if p.OK() {
				edges[p.Edge] = struct{}{}
				from, to := n.EdgeEnds(p.Edge)
				touch(from)
				touch(to)
			}
		}
	}
	g := old.gait(speed)
	s.runOut(&g, int64(limit))
	var found []int32
	for i, site := range sites {
		if !site.OK() {
			continue
		}
		_, beside := edges[site.Edge]
		if beside || !n.Usable(site.Edge) || s.gets(&g, site, int64(limit)) {
			found = append(found, int32(i))
		}
	}
	s.clear()
	return found
}

// runOut searches in the walking direction from what is in the queue.
func (s *Searcher) runOut(g *gait, limit int64) {
	for b := 0; b < len(s.queue.head); b++ {
		for {
			e, ok := s.queue.pop(b)
			if !ok {
				break
			}
			if s.dist[e.node] != e.label {
				continue
			}
			if s.net.patched(e.node) {
				for _, a := range s.net.patch.out[e.node] {
					s.offer(a.node, int64(e.label)+g.arc(a), limit)
				}
				continue
			}
			for _, a := range g.out.arcs[g.out.start[e.node]:g.out.start[e.node+1]] {
				s.offer(a.node, int64(e.label)+g.street.cost(a.mm), limit)
			}
		}
	}
}

// gets says whether a walker of the search gets to a site within the limit.
func (s *Searcher) gets(g *gait, site Snap, limit int64) bool {
	l := g.arrivals(site.Edge, site.OffsetMM)
	access := g.foot.cost(site.AccessMM)
	within := func(node int32, via int64) bool {
		return via >= 0 && s.dist[node] != far && int64(s.dist[node])+via+access <= limit
	}
	return within(l.from, l.viaFrom) || within(l.to, l.viaTo)
}
