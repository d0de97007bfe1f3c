package walknet

import (
	"cmp"
	"slices"
)

// connect finds the connected pieces, longest first, and reports them. One-way
// rules are left aside: a piece is what could be reached if they were lifted.
func (n *Network) connect(rep *Report) {
	sets := newUnionFind(len(n.points))
	for e := range n.from {
		sets.union(n.from[e], n.to[e])
	}
	type tally struct {
		mm, edges, nodes int64
	}
	tallies := make([]tally, len(n.points))
	for v := range n.points {
		tallies[sets.find(int32(v))].nodes++
	}
	total := int64(0)
	for e := range n.from {
		t := &tallies[sets.find(n.from[e])]
		t.mm += int64(n.lengthMM[e])
		t.edges++
		total += int64(n.lengthMM[e])
	}
	var roots []int32
	for v := range n.points {
		if sets[v] == int32(v) {
			roots = append(roots, int32(v))
		}
	}
	slices.SortStableFunc(roots, func(a, b int32) int { return cmp.Compare(tallies[b].mm, tallies[a].mm) })
	rank := make([]int32, len(n.points))
	for i, r := range roots {
		rank[r] = int32(i)
		t := tallies[r]
		rep.Components = append(rep.Components, Component{
			Nodes: int(t.nodes), Edges: int(t.edges), LengthM: float64(t.mm) / 1000, Point: n.points[r],
		})
	}
	for e := range n.from {
		n.comp[e] = rank[sets.find(n.from[e])]
	}
	if len(rep.Components) > 1 {
		rep.Islands = rep.Components[1:]
	}
	rep.LengthM = float64(total) / 1000
}
