package demogen

import (
	"cmp"
	"math"
	"slices"
)

// block is a piece of land between streets with one use. Its faces are its parts:
// one, or the many cells of a quarter of lanes.
type block struct {
	use    use
	urban  bool
	area   float64 // square metres
	middle vec
	faces  []int32
	title  name   // of an estate, a park or a school; empty for others
	people counts // residents of its buildings
	member int32  // index of its community, set when communities are grown
}

// subdivide cuts a face until no part is larger than target square metres. Each
// cut lays one new road, made by the caller for the depth of the cut.
func (l *layout) subdivide(f int32, target, skew float64, d dice, lay func(depth int) int32) {
	type job struct {
		f     int32
		depth int
	}
	jobs := []job{{f, 0}}
	for len(jobs) > 0 {
		j := jobs[len(jobs)-1]
		jobs = jobs[:len(jobs)-1]
		area := l.mesh.outline(j.f).area()
		if area < mul(target, d.span(0.9, 1.5)) {
			continue
		}
		mid, along := l.mesh.widest(j.f)
		reach := mul(0.1, math.Sqrt(area))
		c := cut{o: mid.add(along.scale(d.span(-reach, reach))), snap: min(24, 0.08*math.Sqrt(area))}
		c.d = along.left().add(along.scale(d.span(-skew, skew))).unit()
		c.road = -1
		n := int32(len(l.mesh.faces))
		if !l.mesh.split(j.f, c) {
			continue
		}
		l.mesh.edges[len(l.mesh.edges)-1].road = lay(j.depth)
		jobs = append(jobs, job{j.f, j.depth + 1}, job{n, j.depth + 1})
	}
}

// layBlocks cuts the superblocks into blocks and returns them, strips included.
func (l *layout) layBlocks(d dice) []block {
	m := l.mesh
	l.markOldQuarter()
	for f := range int32(len(m.faces)) {
		if m.faces[f].use.band() {
			continue
		}
		m.faces[f].town = m.faces[f].old || mul(l.townRadius(m.outline(f).centroid()), d.span(0.92, 1.1)) < 1
		switch {
		case m.faces[f].old:
			l.subdivide(f, 26_000, 0.12, d, l.street("residential", "tertiary"))
		case m.faces[f].town:
			l.subdivide(f, d.span(24_000, 52_000), 0.05, d, l.street("tertiary", "residential"))
		default:
			l.subdivide(f, d.span(45_000, 110_000), 0.16, d, l.street("unclassified", "track"))
		}
	}
	l.trim(d)
	var blocks []block
	for f := range m.faces {
		if m.faces[f].use == outside {
			continue
		}
		p := m.outline(int32(f))
		b := block{use: m.faces[f].use, area: p.area(), middle: p.centroid(), faces: []int32{int32(f)}, member: -1}
		b.urban = m.faces[f].town
		if m.faces[f].old {
			b.use = lanes
		}
		m.faces[f].block = int32(len(blocks))
		blocks = append(blocks, b)
	}
	return blocks
}

// street makes roads of one class for the first cut of a superblock and another
// for the later ones.
func (l *layout) street(first, later string) func(int) int32 {
	return func(depth int) int32 {
		r := road{class: later, generic: genericLane, overRail: closedOff}
		if depth == 0 {
			r.class, r.generic = first, genericStreet
		}
		if r.class == "track" {
			r.generic = noGeneric
		}
		return l.addRoad(r)
	}
}

// mostOld is how large the quarter of old lanes grows, in square metres: an old town
// within its walls does not grow with the city.
const mostOld = 1.5e6

// markOldQuarter chooses the superblocks of the old lanes: by the river, in the middle.
func (l *layout) markOldQuarter() {
	m := l.mesh
	type candidate struct {
		f    int32
		dist float64
	}
	var all []candidate
	town := 0.0
	for f := range int32(len(m.faces)) {
		if m.faces[f].use != unset {
			continue
		}
		p := m.outline(f)
		c := p.centroid()
		if l.townRadius(c) < 1 {
			town += p.area()
		}
		dist := c.dist(l.core) + math.Abs(l.strips[0].off(c))
		if l.strips[0].off(c) < 0 {
			dist += 400 // the old town grew on the north bank
		}
		all = append(all, candidate{f, dist})
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(a.dist, b.dist) })
	most := min(0.11*town, mostOld)
	taken := 0.0
	for _, c := range all {
		a := m.outline(c.f).area()
		if taken+a > most && (taken > 0 || a > 0.3*town) {
			break
		}
		m.faces[c.f].old = true
		taken += a
	}
}

// cutLanes cuts the old quarter and the villages into small cells, each lane its
// own path.
func (l *layout) cutLanes(blocks []block, d dice) {
	for i := range blocks {
		b := &blocks[i]
		var target, skew float64
		switch b.use {
		case lanes:
			target, skew = d.span(1300, 2100), 0.1
		case village:
			target, skew = d.span(2600, 4200), 0.17
		default:
			continue
		}
		first := int32(len(l.mesh.faces))
		l.subdivide(b.faces[0], target, skew, d, func(depth int) int32 {
			r := road{class: "footway", generic: noGeneric, overRail: closedOff}
			switch {
			case depth <= 1 && b.use == village:
				r.class = "residential"
			case depth <= 1:
				r.class, r.generic = "living_street", genericLane
			case depth == 2 && b.use == village:
				r.class = "service"
			case depth == 3:
				r.class = "pedestrian"
			}
			return l.addRoad(r)
		})
		for f := first; f < int32(len(l.mesh.faces)); f++ {
			b.faces = append(b.faces, f)
		}
	}
}
