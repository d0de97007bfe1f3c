package walknet

import "github.com/paulmach/orb"

// dangleM is how near another line a dead end must stop to look like a mistake.
const dangleM = 5.0

// dangles are the dead ends of line-layer ways that stop short of an edge which
// they do not join.
func (n *Network) dangles(ways []*Way) []orb.Point {
	lines := make(map[string]bool)
	for _, w := range ways {
		if w.NodeIDs == nil {
			lines[w.SourceID] = true
		}
	}
	if len(lines) == 0 {
		return nil
	}
	degree := make([]int32, len(n.points))
	for e := range n.from {
		degree[n.from[e]]++
		degree[n.to[e]]++
	}
	var found []orb.Point
	for e := range n.from {
		if !lines[n.ways[n.way[e]].sourceID] {
			continue
		}
		for _, v := range [2]int32{n.from[e], n.to[e]} {
			if degree[v] == 1 && n.stopsShort(v, int32(e)) {
				found = append(found, n.points[v])
			}
		}
	}
	return found
}

// stopsShort says whether an edge that does not meet e passes within dangleM of the
// dead end v of e.
func (n *Network) stopsShort(v, e int32) bool {
	p := planeAt(n.points[v])
	margin := vec{dangleM, dangleM}
	box := orb.Bound{Min: p.from(vec{}.sub(margin)), Max: p.from(margin)}
	near := false
	n.index.in(box, func(s int32) {
		if near || n.beside(n.vertEdge[s], e) {
			return
		}
		_, d2 := nearestOn(vec{}, p.to(n.verts[s]), p.to(n.verts[s+1]))
		near = d2 <= dangleM*dangleM
	})
	return near
}

// beside says whether two edges are one or have an end at the same place. A barrier
// may have cut them there.
func (n *Network) beside(a, b int32) bool {
	for _, u := range [2]int32{n.from[a], n.to[a]} {
		for _, v := range [2]int32{n.from[b], n.to[b]} {
			if n.points[u] == n.points[v] {
				return true
			}
		}
	}
	return false
}
