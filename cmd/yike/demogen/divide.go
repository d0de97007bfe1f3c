package demogen

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Sizes that divisions aim at, in residents.
const (
	communityPeople   = 2_600.0
	subdistrictPeople = 30_000.0
	adCode            = "990100"
)

// division is a subdistrict or a community as it will be written.
type division struct {
	code, parent, level string
	name                name
	rural               bool
	households          int
	people              counts
	blocks              []int32
	boundary            orb.MultiPolygon
	neighbours          []int // of a community: indices of those it borders on
}

// divide groups the blocks into subdistricts and those into communities.
func (l *layout) divide(blocks []block, people int, names *namer) (subdistricts, communities []division) {
	links := l.links(len(blocks))
	weigh := func(b *block) float64 { return float64(b.people.resident[0]) + mul(b.area, 0.0007) }
	g := &growth{blocks: blocks, links: links, allow: func(int32) bool { return true }, weigh: weigh}
	g.mix = func(_, b *block) float64 { return 1 }
	var homes []int32
	for i := range blocks {
		if blocks[i].people.resident[0] > 0 {
			homes = append(homes, int32(i))
		}
	}
	k := max(1, int(math.Round(float64(people)/subdistrictPeople)))
	if people >= 3000 {
		k = max(3, k)
	}
	k = min(k, 90)
	g.target = float64(people) / float64(k)
	seeds := g.spread(homes, k)
	subdistricts = g.subdistricts(seeds, names)
	for s := range subdistricts {
		communities = append(communities, g.communities(&subdistricts[s], names)...)
	}
	for c := range communities {
		for _, i := range communities[c].blocks {
			blocks[i].member = int32(c)
		}
	}
	neighbours(communities, blocks, links)
	return subdistricts, communities
}

// subdistricts makes a subdistrict of every part grown from the seeds: a town where
// most of the land is country.
func (g *growth) subdistricts(seeds []int32, names *namer) []division {
	part := g.grow(seeds)
	out := make([]division, len(seeds))
	towns, streets := 0, 0
	for s := range out {
		d := &out[s]
		d.level = "subdistrict"
		town, land := 0.0, 0.0
		for i, p := range part {
			if int(p) != s {
				continue
			}
			b := &g.blocks[i]
			d.blocks = append(d.blocks, int32(i))
			d.people.add(b.people)
			if !b.use.band() {
				land += b.area
			}
			if b.urban {
				town += b.area
			}
		}
		if d.rural = mul(0.4, land) > town; d.rural {
			towns++
			d.code, d.name = fmt.Sprintf("%s%03d", adCode, 99+towns), names.next(genericTown)
			continue
		}
		streets++
		d.code, d.name = fmt.Sprintf("%s%03d", adCode, streets), names.next(genericSubdistrict)
	}
	return out
}

// communities divides one subdistrict: each village is one, the town's people are
// shared out among residents' committees.
func (g *growth) communities(s *division, names *namer) []division {
	var seeds, town []int32
	urban := 0
	for _, i := range s.blocks {
		b := &g.blocks[i]
		switch {
		case b.use == village:
			seeds = append(seeds, i)
		case b.people.resident[0] > 0 && b.urban:
			town = append(town, i)
			urban += b.people.resident[0]
		}
	}
	villages := len(seeds)
	k := max(1, int(math.Round(float64(urban)/communityPeople)))
	if urban > 0 {
		seeds = append(seeds, g.spread(town, k)...)
	}
	if len(seeds) == 0 {
		seeds = []int32{s.blocks[0]}
	}
	mine := map[int32]bool{}
	for _, i := range s.blocks {
		mine[i] = true
	}
	sub := *g
	sub.allow = func(i int32) bool { return mine[i] }
	sub.target = communityPeople
	sub.mix = func(seed, b *block) float64 {
		if !b.use.band() && (seed.use == village) == b.urban {
			return 3
		}
		return 1
	}
	part := sub.grow(seeds)
	out := make([]division, len(seeds))
	for n := range out {
		d := &out[n]
		d.level, d.parent, d.rural = "community", s.code, n < villages
		kind, number := genericCommunity, n-villages+1
		if d.rural {
			kind, number = genericVillage, 200+n
		}
		d.code = fmt.Sprintf("%s%03d", s.code, number)
		d.name = names.next(kind)
		for i, p := range part {
			if int(p) == n {
				d.blocks = append(d.blocks, int32(i))
				d.people.add(g.blocks[i].people)
			}
		}
	}
	return out
}

// neighbours notes which communities border on which.
func neighbours(communities []division, blocks []block, links [][]link) {
	for i, ls := range links {
		a := blocks[i].member
		for _, n := range ls {
			b := blocks[n.to].member
			if a != b && !slices.Contains(communities[a].neighbours, int(b)) {
				communities[a].neighbours = append(communities[a].neighbours, int(b))
			}
		}
	}
}

// drawBoundary traces the union of a division's faces. Neighbours walk the same
// nodes, so their borders are equal to the last digit.
func (l *layout) drawBoundary(n *net, blocks []block, d *division) {
	m := l.mesh
	in := make(map[int32]bool)
	var faces []int32
	for _, i := range d.blocks {
		for _, f := range blocks[i].faces {
			in[f] = true
			faces = append(faces, f)
		}
	}
	next := func(h int32) int32 { // the half-edge after h in its face
		ring := m.faces[m.faceOf(h)].ring
		return ring[(slices.Index(ring, h)+1)%len(ring)]
	}
	used := map[int32]bool{}
	var rings []orb.Ring
	for _, f := range faces {
		for _, h := range m.faces[f].ring {
			if used[h] || in[m.beyond(h)] {
				continue
			}
			var ids []int64
			for g := h; !used[g]; {
				used[g] = true
				part := n.halfEdge(m, g)
				ids = append(ids, part[:len(part)-1]...)
				g = next(g)
				for in[m.beyond(g)] {
					g = next(g ^ 1)
				}
			}
			rings = append(rings, n.rings(ids)...)
		}
	}
	d.boundary = assemble(rings)
}

// faceOf is the face to the left of a half-edge.
func (m *mesh) faceOf(h int32) int32 { return m.beyond(h ^ 1) }

// rings cuts a walk that visits a node twice into simple rings.
func (n *net) rings(walk []int64) []orb.Ring {
	var out []orb.Ring
	var stack []int64
	at := map[int64]int{}
	closeRing := func(ids []int64) {
		ring := make(orb.Ring, 0, len(ids)+1)
		for _, id := range ids {
			ring = append(ring, n.nodes[id-1].p)
		}
		out = append(out, append(ring, ring[0]))
	}
	for _, id := range walk {
		if k, ok := at[id]; ok {
			closeRing(stack[k:])
			for _, gone := range stack[k+1:] {
				delete(at, gone)
			}
			stack = stack[:k+1]
			continue
		}
		at[id] = len(stack)
		stack = append(stack, id)
	}
	closeRing(stack)
	return out
}

// assemble sorts rings into outer ones and the holes that lie in them.
func assemble(rings []orb.Ring) orb.MultiPolygon {
	var out orb.MultiPolygon
	for _, r := range rings {
		if r.Orientation() == orb.CCW {
			out = append(out, orb.Polygon{r})
		}
	}
	for _, r := range rings {
		if r.Orientation() != orb.CW {
			continue
		}
		for k := range out {
			if ringHolds(out[k][0], r) {
				out[k] = append(out[k], r)
				break
			}
		}
	}
	return out
}

// ringHolds reports whether a hole lies in an outer ring; they may touch.
func ringHolds(outer, hole orb.Ring) bool {
	for _, p := range hole {
		switch inRing(outer, p) {
		case 1:
			return true
		case -1:
			return false
		}
	}
	return false
}

// inRing is 1 inside, 0 at a vertex of, -1 outside a ring.
func inRing(r orb.Ring, p orb.Point) int {
	in := -1
	for i := 0; i+1 < len(r); i++ {
		a, b := r[i], r[i+1]
		if a == p {
			return 0
		}
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+mul(b[0]-a[0], (p[1]-a[1])/(b[1]-a[1])) {
			in = -in
		}
	}
	return in
}
