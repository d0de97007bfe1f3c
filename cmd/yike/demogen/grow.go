package demogen

import (
	"math"
	"slices"
)

// borders between blocks, for growing divisions: how well a boundary fits there.
const (
	easy      = 1.0 // a street inside a superblock
	ontoStrip = 1.4
	mainRoad  = 2.2
	overBand  = 5.0
	overRiver = 60.0
)

// link is a shared border of two blocks.
type link struct {
	to   int32
	cost float64
}

// links lists the neighbours of every block in a fixed order.
func (l *layout) links(n int) [][]link {
	out := make([][]link, n)
	for _, e := range l.mesh.edges {
		if e.left < 0 || e.right < 0 {
			continue
		}
		a, b := l.mesh.faces[e.left], l.mesh.faces[e.right]
		if a.use == outside || b.use == outside || a.block == b.block {
			continue
		}
		there, back := l.borderCosts(a, b, e)
		out[a.block] = append(out[a.block], link{b.block, there})
		out[b.block] = append(out[b.block], link{a.block, back})
	}
	return out
}

// borderCosts is how unwelcome it is to grow over an edge from a to b, and back:
// a part may take a strip beside it, but hardly the land beyond.
func (l *layout) borderCosts(a, b face, e edge) (there, back float64) {
	switch {
	case a.use == river && b.use == river && e.road < 0 && l.alongRiver(e):
		return overRiver, overRiver
	case a.use.band() && !b.use.band():
		return overBand, ontoStrip
	case b.use.band() && !a.use.band():
		return ontoStrip, overBand
	case e.road >= 0 && (l.roads[e.road].class == "primary" || l.roads[e.road].class == "secondary"):
		return mainRoad, mainRoad
	}
	return easy, easy
}

// alongRiver reports whether an edge is a piece of the line in mid-stream.
func (l *layout) alongRiver(e edge) bool {
	d := l.mesh.points[e.a].toward(l.mesh.points[e.b])
	return math.Abs(d.dot(l.strips[0].d)) > 0.9
}

// growth shares blocks out among seeds so that every part is one piece and the
// parts are near one another in people.
type growth struct {
	blocks []block
	links  [][]link
	allow  func(i int32) bool
	weigh  func(b *block) float64       // what is to be balanced
	mix    func(seed, b *block) float64 // 1, or more where the two do not belong together
	target float64
}

// grow returns the part of each block, -1 where not allowed or out of reach.
func (g *growth) grow(seeds []int32) []int32 {
	part := make([]int32, len(g.blocks))
	for i := range part {
		part[i] = -1
	}
	load := make([]float64, len(seeds))
	frontier := make([]map[int32]float64, len(seeds)) // block -> cheapest border cost
	reach := func(k int, i int32) {
		part[i] = int32(k)
		load[k] += g.weigh(&g.blocks[i])
		for _, n := range g.links[i] {
			if part[n.to] >= 0 || !g.allow(n.to) {
				continue
			}
			if c, ok := frontier[k][n.to]; !ok || n.cost < c {
				frontier[k][n.to] = n.cost
			}
		}
	}
	for k, s := range seeds {
		frontier[k] = map[int32]float64{}
		part[s] = int32(k)
	}
	for k, s := range seeds {
		reach(k, s)
	}
	for {
		k, i := g.cheapest(seeds, part, load, frontier)
		if k < 0 {
			return part
		}
		reach(k, i)
	}
}

// cheapest is the next block to take and who takes it. Ties go to the lower
// numbers, whatever the order of the maps.
func (g *growth) cheapest(seeds, part []int32, load []float64, frontier []map[int32]float64) (int, int32) {
	best, who, what := math.Inf(1), -1, int32(-1)
	for k, f := range frontier {
		s := &g.blocks[seeds[k]]
		full := load[k] / g.target
		for i, border := range f {
			if part[i] >= 0 {
				delete(f, i)
				continue
			}
			b := &g.blocks[i]
			cost := mul(b.middle.dist(s.middle)+60, mul(border, mul(g.mix(s, b), 0.25+mul(full, full))))
			if cost < best || (cost == best && k == who && i < what) {
				best, who, what = cost, k, i
			}
		}
	}
	return who, what
}

// spread chooses k seeds among candidates, each as far from the others as can be;
// the first is the candidate of most people.
func (g *growth) spread(candidates []int32, k int) []int32 {
	if len(candidates) == 0 {
		return nil
	}
	first := candidates[0]
	for _, c := range candidates {
		if g.weigh(&g.blocks[c]) > g.weigh(&g.blocks[first]) {
			first = c
		}
	}
	seeds := []int32{first}
	far := make([]float64, len(candidates))
	for n := range far {
		far[n] = math.Inf(1)
	}
	for len(seeds) < min(k, len(candidates)) {
		last := g.blocks[seeds[len(seeds)-1]].middle
		best, at := -1.0, -1
		for n, c := range candidates {
			far[n] = min(far[n], g.blocks[c].middle.dist(last))
			if far[n] > best && !slices.Contains(seeds, c) {
				best, at = far[n], n
			}
		}
		seeds = append(seeds, candidates[at])
	}
	return seeds
}
