package demogen

import (
	"math"

	"github.com/paulmach/orb"
)

// building is one house.
type building struct {
	use        string // residential, commercial, office, school, hospital, industrial, farm, public
	kind       use    // the block's use, for its people
	block      int32
	middle     vec
	ring       orb.Ring
	floors     int
	weight     float64 // floor area that people share, square metres
	households int
	title      name
	number     int // of the building in its estate, 0 for none
	people     counts
}

// rows is how houses of one kind stand: depth and length of a house, the pitch
// from row to row, the gap along a row, metres.
type rows struct {
	depth, length, pitch, gap float64
}

// builder puts up buildings and the paths inside blocks.
type builder struct {
	l         *layout
	net       *net
	blocks    []block
	buildings []building
	d         dice
	locked    int // gates shut so far
	gates     int
}

// put adds a building unless it has no room.
func (b *builder) put(i int32, use string, at vec, w, d float64, floors int, crowd float64) {
	tilt := 0.0
	if kind := b.blocks[i].use; kind == village || kind == lanes {
		tilt = b.d.span(-0.05, 0.05)
	}
	h := building{
		use: use, kind: b.blocks[i].use, block: i, middle: at, floors: floors,
		ring: b.net.ground.box(at, w, d, tilt),
	}
	if use == "residential" {
		h.weight = mul(mul(w, d), mul(float64(floors), crowd))
	}
	b.buildings = append(b.buildings, h)
}

// rowSites lists where houses of the given rows fit into a convex outline, with
// the middle line of each row. spine is the x of a path to keep free, NaN for none.
func rowSites(p polygon, r rows, spine float64) (sites []site, lines []float64) {
	lo, hi := p.bounds()
	n := int((hi.y - lo.y - r.depth) / r.pitch)
	first := lo.y + (hi.y-lo.y-mul(float64(n), r.pitch))/2
	for k := range n + 1 {
		y := first + mul(float64(k), r.pitch)
		a0, a1, ok1 := p.span(y - r.depth/2)
		b0, b1, ok2 := p.span(y + r.depth/2)
		if !ok1 || !ok2 {
			continue
		}
		x0, x1 := max(a0, b0), min(a1, b1)
		lines = append(lines, y)
		if math.IsNaN(spine) || spine < x0+r.length/2 || spine > x1-r.length/2 {
			sites = fillRow(sites, x0, x1, y, r)
			continue
		}
		sites = fillRow(sites, x0, spine-7, y, r)
		sites = fillRow(sites, spine+7, x1, y, r)
	}
	return sites, lines
}

// site is the place of one house: its middle and its width.
type site struct {
	at vec
	w  float64
}

// fillRow stretches or shortens the houses a little so that they fill the row.
func fillRow(sites []site, x0, x1, y float64, r rows) []site {
	room := x1 - x0
	n := int(math.Floor((room+r.gap)/(r.length+r.gap) + 0.35))
	if n < 1 {
		if room < mul(0.55, r.length) {
			return sites
		}
		n = 1
	}
	w := (room - mul(float64(n-1), r.gap)) / float64(n)
	w = min(w, mul(1.3, r.length))
	gap := r.gap
	if n > 1 {
		gap = (room - mul(float64(n), w)) / float64(n-1)
	}
	x := x0 + w/2
	if n == 1 {
		x = (x0 + x1) / 2
	}
	for range n {
		sites = append(sites, site{vec{x, y}, w})
		x += w + gap
	}
	return sites
}

// build fills every block.
func (b *builder) build() {
	for i := range int32(len(b.blocks)) {
		switch b.blocks[i].use {
		case walkup, midrise, tower:
			b.estate(i)
		case lanes:
			b.oldLanes(i)
		case village:
			b.village(i)
		case commerce, office, school, hospital, industry:
			b.campus(i)
		case park, green:
			b.park(i)
		}
	}
}

func (b *builder) oldLanes(i int32) {
	for _, f := range b.blocks[i].faces {
		p := b.l.mesh.outline(f).inset(2.6)
		if p == nil {
			continue
		}
		r := rows{depth: b.d.span(8.5, 10.5), length: b.d.span(16, 27), gap: 1.2}
		r.pitch = r.depth + b.d.span(2.5, 3.6)
		sites, _ := rowSites(p, r, math.NaN())
		for _, s := range sites {
			use := "residential"
			if b.d.chance(0.06) {
				use = "commercial"
			}
			b.put(i, use, s.at, s.w, r.depth, b.d.between(2, 3), 1.15)
		}
	}
}

func (b *builder) village(i int32) {
	for _, f := range b.blocks[i].faces {
		p := b.l.mesh.outline(f).inset(4)
		if p == nil {
			continue
		}
		r := rows{depth: b.d.span(9, 11), length: b.d.span(11, 15), gap: b.d.span(2, 5)}
		r.pitch = r.depth + b.d.span(7, 11)
		sites, _ := rowSites(p, r, math.NaN())
		for _, s := range sites {
			if b.d.chance(0.1) {
				continue // a yard
			}
			at := s.at.add(vec{b.d.span(-1, 1), b.d.span(-1.5, 1.5)})
			b.put(i, "residential", at, s.w, r.depth, b.d.between(1, 2), 0.62)
		}
	}
}

// campus is a block of large buildings without residents, with a drive through it.
func (b *builder) campus(i int32) {
	blk := b.blocks[i]
	kind := map[use]string{
		commerce: "commercial", office: "office", school: "school", hospital: "hospital", industry: "industrial",
	}[blk.use]
	p := b.l.mesh.outline(blk.faces[0]).inset(16)
	if p == nil {
		return
	}
	r := rows{depth: b.d.span(18, 26), length: b.d.span(45, 70), pitch: b.d.span(48, 60), gap: b.d.span(14, 24)}
	floors := b.d.between(4, 6)
	switch blk.use {
	case industry:
		r = rows{depth: b.d.span(34, 48), length: b.d.span(60, 95), pitch: b.d.span(64, 78), gap: b.d.span(16, 24)}
		floors = b.d.between(1, 2)
	case commerce:
		floors = b.d.between(3, 8)
		r.depth = b.d.span(26, 34)
	case office:
		r.length = b.d.span(36, 48)
		floors = b.d.between(8, 22)
	}
	inner := p.inset(8)
	if inner == nil {
		return
	}
	sites, lines := rowSites(inner, r, math.NaN())
	for _, s := range sites {
		if b.d.chance(0.12) {
			continue // a yard or a sports ground
		}
		b.put(i, kind, s.at, s.w, r.depth, floors, 0)
	}
	b.grounds(i, p, lines, r, "service")
}
