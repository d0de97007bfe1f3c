package demogen

import (
	"math"
	"slices"
)

// use is what a block of land is for.
type use uint8

const (
	unset use = iota
	outside
	river
	railway
	motorway
	field
	village
	lanes
	walkup
	midrise
	tower
	commerce
	office
	school
	hospital
	park
	industry
	green
	outsideBit use = 0x80 // set beside a use while the rim is being drawn
)

// band reports whether the land is a strip that streets cross only here and there.
func (u use) band() bool { return u == river || u == railway || u == motorway }

// gated reports whether the block is walled, with gates.
func (u use) gated() bool { return u >= walkup && u <= tower }

// strip is a river, a railway or a motorway: a straight band on the plan.
type strip struct {
	use  use
	o, d vec
	half float64 // metres from the middle to the edge
}

func (s strip) off(p vec) float64 { return s.d.cross(p.sub(s.o)) }

// road is one street of the plan. Its edges are those that carry its index.
type road struct {
	class     string // OSM highway value
	name      name
	generic   generic
	overRail  form // how it passes a railway or motorway, closedOff if it does not
	overRiver bool
}

// layout is the plan of the ground: strips, roads and the mesh they cut.
type layout struct {
	mesh   *mesh
	roads  []road
	strips []strip
	half   vec     // half extents of the district
	core   vec     // middle of the town
	urban  float64 // the town's share of the half extents
}

// Densities per square kilometre that the sizes follow, and the share of people in villages.
const (
	urbanDensity = 12_000.0
	ruralDensity = 1_700.0
	ruralShare   = 0.11
	leastKM2     = 1.1
)

func newLayout(people int, d dice) *layout {
	urbanKM2 := mul(float64(people), 1-ruralShare) / urbanDensity
	ruralKM2 := mul(float64(people), ruralShare) / ruralDensity
	area := max(leastKM2, urbanKM2+ruralKM2) * 1e6
	b := math.Sqrt(area / (3.6 * 1.22))
	l := &layout{half: vec{1.22 * b, b}, urban: math.Sqrt(urbanKM2 * 1e6 / area)}
	l.core = vec{mul(d.span(-0.12, 0.12), l.half.x), mul(d.span(0.02, 0.12), l.half.y)}
	w, h := 1.15*l.half.x, 1.15*l.half.y
	l.mesh = newMesh(polygon{{-w, -h}, {w, -h}, {w, h}, {-w, h}})
	l.layStrips(d)
	l.layArterials(d)
	l.sway(d)
	return l
}

// radius is 0 in the middle of the district and 1 on its rim.
func (l *layout) radius(p vec) float64 {
	x, y := p.x/l.half.x, p.y/l.half.y
	x, y = mul(x, x), mul(y, y)
	return math.Sqrt(math.Sqrt(mul(x, x) + mul(y, y)))
}

// townRadius is 0 in the middle of the town and 1 on its rim.
func (l *layout) townRadius(p vec) float64 {
	if l.urban == 0 {
		return math.Inf(1)
	}
	return l.radius(p.sub(l.core)) / l.urban
}

func (l *layout) addRoad(r road) int32 {
	l.roads = append(l.roads, r)
	return int32(len(l.roads) - 1)
}

func (l *layout) layStrips(d dice) {
	b := l.half.y
	slope := d.span(-0.05, 0.05)
	riverDir := vec{1, slope}.unit()
	width := min(62, 24+b/90)
	l.strips = append(l.strips, strip{river, l.core.add(vec{0, -mul(d.span(0.10, 0.2), b)}), riverDir, width})
	side := 1.0
	if d.chance(0.5) {
		side = -1
	}
	railDir := vec{mul(side, d.span(0.08, 0.2)), 1}.unit()
	l.strips = append(l.strips, strip{railway, l.core.add(vec{mul(side, mul(d.span(0.3, 0.42), l.half.x)), 0}), railDir, 19})
	if b > 1900 {
		l.strips = append(l.strips, strip{motorway, vec{0, mul(0.83, b)}, vec{1, slope + d.span(-0.04, 0.04)}.unit(), 24})
	}
	for i, s := range l.strips {
		n := s.d.left()
		bank := [2]int32{-1, -1}
		if s.use == river {
			for k := range bank {
				bank[k] = l.addRoad(road{class: "secondary", generic: genericRoad, overRail: onGround})
			}
			l.mesh.splitAll(cut{s.o, s.d, -1, 0}, nil)
		}
		l.mesh.splitAll(cut{s.o.add(n.scale(s.half)), s.d, bank[0], 0}, nil)
		l.mesh.splitAll(cut{s.o.sub(n.scale(s.half)), s.d, bank[1], 0}, nil)
		l.markStrips(i)
	}
}

func (l *layout) markStrips(i int) {
	s := l.strips[i]
	for f := range l.mesh.faces {
		if l.mesh.faces[f].use.band() {
			continue
		}
		if math.Abs(s.off(l.mesh.outline(int32(f)).centroid())) < s.half {
			l.mesh.faces[f].use = s.use
		}
	}
}

// line is an arterial before it is cut: its place across, and which strips stop it.
type line struct {
	c      cut
	across bool // runs across the river
	only   int  // index of a strip on whose one side alone it runs, -1 for both
	side   float64
}

func (l *layout) layArterials(d dice) {
	rv, rl := l.strips[0], l.strips[1]
	along := l.offsets(d, l.half.y, rv.o.y)
	across := l.offsets(d, l.half.x, l.core.x)
	wobble := min(0.03, 0.16*480/l.half.x)
	var lines []line
	for i, y := range along {
		if i == 0 {
			continue // the river itself
		}
		dir := vec{1, rv.d.y/rv.d.x + d.span(-wobble, wobble)}.unit()
		lines = append(lines, line{c: cut{o: vec{l.core.x, y}, d: dir, snap: 14}, only: -1})
	}
	for _, x := range across {
		if near := x - rl.o.x; math.Abs(near) < 150 {
			continue
		}
		dir := vec{rl.d.x/rl.d.y + d.span(-wobble, wobble), 1}.unit()
		lines = append(lines, line{c: cut{o: vec{x, l.core.y}, d: dir, snap: 14}, across: true, only: -1})
	}
	bridges, crossings := 0, 0
	for i := range lines {
		ln := &lines[i]
		r := road{class: "secondary", generic: genericRoad, overRail: closedOff}
		if i%3 == 0 || (i+1 < len(lines) && lines[i+1].across != ln.across) {
			r.class = "primary"
		}
		if ln.across {
			l.planAcross(d, ln, &r, bridges)
			bridges++
		} else {
			l.planAlong(d, ln, &r, crossings)
			crossings++
		}
		ln.c.road = l.addRoad(r)
		l.cutLine(*ln, r)
	}
	l.cutDiagonal(d)
}

// planAcross decides which of the streets that reach the river have a bridge: few.
func (l *layout) planAcross(d dice, ln *line, r *road, nth int) {
	r.overRail = inTunnel // of a motorway
	switch nth % 4 {
	case 0, 2:
		r.overRiver = true
		r.class = "primary"
	case 3:
		ln.only, ln.side = 0, 1
		if d.chance(0.5) {
			ln.side = -1
		}
	}
	if r.class == "primary" {
		r.generic = genericAvenue
	}
}

// planAlong decides which of the streets that reach the railway pass it: few.
func (l *layout) planAlong(d dice, ln *line, r *road, nth int) {
	switch nth % 4 {
	case 0:
		r.overRail = inTunnel
		r.class = "primary"
	case 1:
		r.overRail = onFootbridge
	case 2:
		r.overRail = closedOff
		if d.chance(0.6) {
			ln.only, ln.side = 1, 1
			if d.chance(0.5) {
				ln.side = -1
			}
		}
	case 3:
		r.overRail = onBridge
	}
}

// offsets spaces arterials outwards from a middle, wider beyond the town.
func (l *layout) offsets(d dice, half, middle float64) []float64 {
	usual := max(360, min(540, 0.42*half))
	out := []float64{middle}
	for _, sign := range [...]float64{1, -1} {
		at := middle
		for {
			step := mul(usual, d.span(0.78, 1.28))
			if math.Abs(at-middle) > mul(l.urban, half) {
				step = mul(step, 1.35)
			}
			at += mul(sign, step)
			if math.Abs(at) > 1.1*half {
				break
			}
			out = append(out, at)
		}
	}
	return out
}

func (l *layout) cutLine(ln line, r road) {
	for f := range int32(len(l.mesh.faces)) {
		c := l.mesh.outline(f).centroid()
		if ln.only >= 0 && mul(l.strips[ln.only].off(c), ln.side) < 0 {
			continue
		}
		k := ln.c
		switch u := l.mesh.faces[f].use; {
		case u == river && !r.overRiver, u.band() && u != river && r.overRail == closedOff:
			k.road = -1
		}
		l.mesh.split(f, k)
	}
}

// cutDiagonal lays one old road aslant through a quarter of the town.
func (l *layout) cutDiagonal(d dice) {
	if mul(l.half.x, l.urban) < 900 {
		return
	}
	r := l.addRoad(road{class: "secondary", generic: genericStreet, overRail: closedOff})
	rail := l.strips[1]
	away := -1.0
	if rail.off(l.core) > 0 {
		away = 1
	}
	o := l.core.add(vec{0, mul(0.3*l.urban, l.half.y)})
	dir := vec{1, mul(away, d.span(0.55, 0.8))}.unit()
	l.mesh.splitAll(cut{o, dir, r, 40}, func(f int32) bool {
		c := l.mesh.outline(f).centroid()
		return !l.mesh.faces[f].use.band() && l.strips[0].off(c) > 0 &&
			mul(rail.off(c), away) > 0 && l.townRadius(c) < 1
	})
}

// sway moves the junctions a little, so that long roads bend there. Where that would turn a
// narrow piece of land inside out its junctions stay.
func (l *layout) sway(d dice) {
	m := l.mesh
	straight := slices.Clone(m.points)
	fixed := make([]bool, len(m.points))
	for _, e := range m.edges {
		if m.isBand(e.left) || m.isBand(e.right) {
			fixed[e.a], fixed[e.b] = true, true
		}
	}
	for v := range m.points {
		dx, dy := d.span(-1, 1), d.span(-1, 1)
		reach := 15.0
		if l.townRadius(m.points[v]) > 1 {
			reach = 34
		}
		if !fixed[v] {
			m.points[v] = m.points[v].add(vec{mul(dx, reach), mul(dy, reach)})
		}
	}
	for m.straighten(straight) {
	}
}

// straighten puts the corners of faces that are not sound back where they were, and reports
// whether any moved: a face beside may be unsound now. Faces of straight cuts all are sound,
// so that it ends.
func (m *mesh) straighten(straight []vec) bool {
	moved := false
	for f := range int32(len(m.faces)) {
		if m.outline(f).sound() {
			continue
		}
		for _, h := range m.faces[f].ring {
			v := m.origin(h)
			moved = moved || m.points[v] != straight[v]
			m.points[v] = straight[v]
		}
	}
	return moved
}

func (m *mesh) isBand(f int32) bool { return f >= 0 && m.faces[f].use.band() }
