package walknet

import (
	"cmp"
	"slices"
)

// near is the nearest point of a way to some place.
type near struct {
	way int32
	seg int32
	t   float64
	d2  float64
}

// joinVertices joins ends to ends and to lines within the join distance, and other
// vertices to lines that they lie on.
func (n *noder) joinVertices() {
	var found []near
	for v := range int32(len(n.verts)) {
		reach := touchM
		if n.isEnd(v) {
			reach = n.join
			n.joinEnds(v)
		}
		found = n.nearWays(v, reach, found[:0])
		for _, m := range found {
			if !n.isEnd(v) || !n.endWithin(v, m.way) {
				n.joined(n.vertexCut(v), n.cutAt(m.seg, m.t))
			}
		}
	}
}

// joinEnds joins the end v to the ends of other ways near it, whatever their
// level, and to the other end of its own way if that is long enough to be a ring.
func (n *noder) joinEnds(v int32) {
	n.index.in(n.box(n.xy[v], n.join), func(s int32) {
		for _, u := range [2]int32{s, s + 1} {
			if u > v && n.isEnd(u) && n.meets(v, u) {
				n.joined(n.vertexCut(v), n.vertexCut(u))
			}
		}
	})
}

// meets says whether two ends are one.
func (n *noder) meets(v, u int32) bool {
	if n.owner[u] == n.owner[v] && !n.apart(v, u, 0) {
		return false
	}
	return n.xy[v].dist(n.xy[u]) <= n.join
}

// apart says whether vertex v and a place beyond vertex u of the same way are so far
// from one another along it that their meeting is no accident of their nearness.
func (n *noder) apart(v, u int32, beyond float64) bool {
	d := n.along[u] + beyond - n.along[v]
	return max(d, -d) > 2*n.join
}

// endWithin says whether an end of the way is one with the end v.
func (n *noder) endWithin(v, way int32) bool {
	for _, u := range [2]int32{n.first[way], n.first[way+1] - 1} {
		if u != v && n.meets(v, u) {
			return true
		}
	}
	return false
}

// nearWays finds, for each way of v's level that passes within reach of it, the
// nearest point. Of v's own way only what is far from v along it counts.
func (n *noder) nearWays(v int32, reach float64, found []near) []near {
	own := n.owner[v]
	p, level := n.xy[v], n.level(own)
	n.index.in(n.box(p, reach), func(s int32) {
		way := n.owner[s]
		t, d2 := nearestOn(p, n.xy[s], n.xy[s+1])
		if d2 > reach*reach || n.level(way) != level {
			return
		}
		if way == own && (s == v || s+1 == v || !n.apart(v, s, t*(n.along[s+1]-n.along[s]))) {
			return
		}
		found = append(found, near{way, s, t, d2})
	})
	slices.SortFunc(found, func(a, b near) int {
		return cmp.Or(cmp.Compare(a.way, b.way), cmp.Compare(a.d2, b.d2), cmp.Compare(a.seg, b.seg), cmp.Compare(b.t, a.t))
	})
	return slices.CompactFunc(found, func(a, b near) bool { return a.way == b.way })
}

// joinCrossings joins lines of one level where they truly cross. Crossings at a
// vertex or beside a joined end are left to joinVertices.
func (n *noder) joinCrossings() {
	seen := make(map[[2]int32]struct{})
	for s := range int32(len(n.verts) - 1) {
		if n.owner[s] != n.owner[s+1] {
			continue
		}
		level := n.level(n.owner[s])
		clear(seen)
		box := orbBound(n.verts[s], n.verts[s+1])
		n.index.in(box, func(o int32) {
			if o <= s || n.level(n.owner[o]) != level || (n.owner[o] == n.owner[s] && o == s+1) {
				return
			}
			if _, ok := seen[[2]int32{s, o}]; ok {
				return
			}
			seen[[2]int32{s, o}] = struct{}{}
			n.joinCrossing(s, o)
		})
	}
}

func (n *noder) joinCrossing(s, o int32) {
	t, u, ok := crossing(n.xy[s], n.xy[s+1], n.xy[o], n.xy[o+1])
	if !ok || n.leftToVertices(s, o, t) || n.leftToVertices(o, s, u) {
		return
	}
	n.joined(n.cutAt(s, t), n.cutAt(o, u))
}

// leftToVertices says whether the crossing at share t of segment s is so near one
// of its vertices that the vertex itself is joined to segment o.
func (n *noder) leftToVertices(s, o int32, t float64) bool {
	length := n.xy[s].dist(n.xy[s+1])
	for i, v := range [2]int32{s, s + 1} {
		away := length * t
		if i == 1 {
			away = length * (1 - t)
		}
		reach := touchM
		if n.isEnd(v) {
			reach = n.join
		}
		if away > 2*reach {
			continue
		}
		if _, d2 := nearestOn(n.xy[v], n.xy[o], n.xy[o+1]); d2 <= reach*reach {
			return true
		}
	}
	return false
}

// crossing is where a→b and c→d cross inside both.
func crossing(a, b, c, d vec) (t, u float64, ok bool) {
	r, s := b.sub(a), d.sub(c)
	det := r.cross(s)
	if det == 0 {
		return 0, 0, false
	}
	ac := c.sub(a)
	t, u = ac.cross(s)/det, ac.cross(r)/det
	return t, u, t > 0 && t < 1 && u > 0 && u < 1
}

// matchBarriers finds for each barrier without a node id the nearest vertex or cut
// within the join distance, and returns these cuts by barrier.
func (n *noder) matchBarriers(barriers []Barrier, matched []bool) map[int]int32 {
	found := make(map[int]int32)
	for i, b := range barriers {
		if b.NodeID != 0 || !validPoint(b.Point) {
			continue
		}
		c, ok := n.nearestCut(n.plane.to(b.Point))
		if !ok {
			continue
		}
		matched[i] = true
		found[i] = c
	}
	return found
}

// nearestCut is the cut at the nearest vertex or crossing; of equally near ones the
// first made, vertices before crossings.
func (n *noder) nearestCut(p vec) (int32, bool) {
	best, vertex, at := n.join, int32(-1), int32(-1)
	n.index.in(n.box(p, n.join), func(s int32) {
		for _, v := range [2]int32{s, s + 1} {
			if d := p.dist(n.xy[v]); d < best || (d == best && (vertex < 0 || v < vertex)) {
				best, vertex = d, v
			}
		}
	})
	for c := range n.cuts {
		if n.cuts[c].t == 0 {
			continue
		}
		if d := p.dist(n.plane.to(n.cuts[c].place)); d < best {
			best, at = d, int32(c)
		}
	}
	if at >= 0 {
		return at, true
	}
	if vertex < 0 {
		return -1, false
	}
	return n.vertexCut(vertex), true
}
