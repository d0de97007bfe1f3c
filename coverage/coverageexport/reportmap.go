package coverageexport

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/geo"
	"yike/geo/divisions"
	"yike/internal/mapprint"
	"yike/internal/pdf"
)

// drawing is a map on a page. Shapes and patterns tell things apart, not colours alone.
type drawing struct {
	*Dossier
	c         *pdf.Canvas
	box       pdf.Box
	situation int
	frame     geo.LocalFrame
	perMetre  float64 // points
	bound     orb.Bound
}

// newDrawing fits what a situation is about into a box.
func (d *Dossier) newDrawing(c *pdf.Canvas, box pdf.Box, situation int) *drawing {
	b := d.extent(situation)
	m := &drawing{Dossier: d, c: c, box: box, situation: situation, frame: geo.Frame(b.Center())}
	low, high := m.frame.To(b.Min), m.frame.To(b.Max)
	const least, room = 1200.0, 1.08 // metres across, and what is left around
	w, h := max(high[0]-low[0], least)*room, max(high[1]-low[1], least)*room
	m.perMetre = min(box.W/w, box.H/h)
	half := orb.Point{box.W / m.perMetre / 2, box.H / m.perMetre / 2}
	m.bound = orb.Bound{Min: m.frame.From(orb.Point{-half[0], -half[1]}), Max: m.frame.From(half)}
	return m
}

// extent is what a map of a situation shows: of today the district, of an option where it
// changes something.
func (d *Dossier) extent(situation int) orb.Bound {
	var points orb.MultiPoint
	if situation > 0 {
		delta := d.Comparison.Options[situation-1].Delta
		for _, p := range delta.Points {
			points = append(points, d.demand().Points[p.Point])
		}
		for i, s := range delta.Sites {
			was := d.Comparison.Baseline.Sites
			if i >= len(was) || !delta.Open[i] || s.Point != was[i].Point {
				points = append(points, s.Point)
			}
		}
		for _, area := range d.Options[situation-1].Circles {
			b := area.Bound()
			points = append(points, b.Min, b.Max)
		}
	}
	if len(points) > 0 {
		return points.Bound()
	}
	b := d.Comparison.Baseline.Ground.Network.Bound()
	for i, v := range d.Divisions {
		if i == 0 {
			b = v.Boundary.Bound()
		}
		b = b.Union(v.Boundary.Bound())
	}
	return b
}

func (m *drawing) at(p orb.Point) (x, y float64) {
	v := m.frame.To(p)
	return m.box.X + m.box.W/2 + v[0]*m.perMetre, m.box.Y + m.box.H/2 - v[1]*m.perMetre
}

func (m *drawing) line(points []orb.Point) []float64 {
	out := make([]float64, 0, 2*len(points))
	for _, p := range points {
		x, y := m.at(p)
		out = append(out, x, y)
	}
	return out
}

func (m *drawing) area(a orb.MultiPolygon, f pdf.Fill, s pdf.Stroke) {
	if len(a) == 0 || !a.Bound().Intersects(m.bound) {
		return
	}
	var rings [][]float64
	for _, polygon := range a {
		for _, ring := range polygon {
			rings = append(rings, m.line(ring))
		}
	}
	m.c.Rings(rings, f, s)
}

// draw draws the whole map.
func (m *drawing) draw() {
	m.c.Rect(m.box, pdf.Fill{Pattern: pdf.Plain, Color: pdf.White()}, pdf.Stroke{})
	m.c.Clip(m.box, func() {
		m.circles()
		m.streets()
		m.boundaries()
		m.gaps()
		m.changes()
		m.names()
		m.numbers()
		m.sites()
	})
	m.c.Rect(m.box, pdf.Fill{}, pdf.Stroke{Width: 0.8})
	m.north()
	m.bar()
}

// served is the pale ground of what can be reached.
func served() pdf.Fill {
	return pdf.Fill{Pattern: pdf.Plain, Color: pdf.Color{R: 0xDF, G: 0xEA, B: 0xEA}}
}

func missing() pdf.Fill { return pdf.Fill{Pattern: pdf.Hatch, Color: pdf.Warning(), Step: 3} }

func missingEdge() pdf.Stroke { return pdf.Stroke{Width: 0.7, Color: pdf.Warning()} }

// circles draws those of all facilities that are open; those of an option stand out.
func (m *drawing) circles() {
	own := m.standing(m.situation).Circles
	for i := range m.Facilities {
		site := int32(i) //nolint:gosec // fewer than 2^31
		if _, other := own[site]; m.situation > 0 && (other || !m.Comparison.Options[m.situation-1].Delta.Open[i]) {
			continue
		}
		m.area(m.Today.Circles[site], served(), pdf.Stroke{})
	}
	if m.situation == 0 {
		return
	}
	for _, site := range sorted(own) {
		m.area(own[site], served(), pdf.Stroke{})
	}
	for _, site := range sorted(own) {
		m.area(own[site], pdf.Fill{}, pdf.Stroke{Width: 1, Color: pdf.Accent()})
	}
}

func sorted(circles map[int32]orb.MultiPolygon) []int32 {
	out := make([]int32, 0, len(circles))
	for site := range circles {
		out = append(out, site)
	}
	slices.Sort(out)
	return out
}

// mostStreets is how many pieces of streets a map has room for: beyond it only those with
// a name are drawn, and of too many of these none.
const mostStreets = 5000

func (m *drawing) streets() {
	net := m.Comparison.Baseline.Ground.Network
	if m.situation > 0 {
		net = m.Comparison.Options[m.situation-1].Delta.Network
	}
	var all, named [][]orb.Point
	for e := range int32(net.Edges()) { //nolint:gosec // fewer than 2^31
		if !net.Usable(e) {
			continue
		}
		line := net.EdgeLine(e)
		if !line.Bound().Intersects(m.bound) {
			continue
		}
		if _, name, _ := net.EdgeWay(e); name != "" {
			named = append(named, line)
		}
		if len(all) <= mostStreets {
			all = append(all, line)
		}
		if len(named) > mostStreets {
			return
		}
	}
	if len(all) > mostStreets {
		all = named
	}
	for _, line := range all {
		m.c.Path(m.line(line), pdf.Stroke{Width: 0.35, Color: pdf.Color{R: 0xB4, G: 0xB9, B: 0xB9}})
	}
}

func (m *drawing) boundaries() {
	for _, v := range m.Divisions {
		switch v.Level {
		case divisions.Subdistrict, divisions.District:
			m.area(v.Boundary, pdf.Fill{}, pdf.Stroke{Width: 0.8, Color: pdf.Color{R: 0x6E, G: 0x6E, B: 0x78}, Dash: 4})
		case divisions.Community:
			if m.perMetre > 0.04 { // about 1 : 70 000
				m.area(v.Boundary, pdf.Fill{}, pdf.Stroke{Width: 0.4, Color: pdf.Color{R: 0x8C, G: 0x8C, B: 0x96}, Dash: 1.5})
			}
		}
	}
}

func (m *drawing) gaps() {
	for _, g := range m.standing(m.situation).Unserved.Gaps {
		m.area(g.Area, missing(), missingEdge())
	}
}

// clump is people who are drawn as one.
type clump struct {
	x, y, who float64
}

// changes draws who is gained and who is lost, near neighbours together.
func (m *drawing) changes() {
	if m.situation == 0 {
		return
	}
	const cell = 2 * pdf.MM
	type key struct {
		x, y   int
		gained bool
	}
	by := map[key]*clump{}
	demand := m.demand()
	for _, p := range m.Comparison.Options[m.situation-1].Delta.Points {
		was, is := p.Before.State == coverage.Covered, p.After.State == coverage.Covered
		who := float64(demand.People[m.Band][p.Point]) / float64(coverage.Person)
		if was == is || who == 0 {
			continue
		}
		x, y := m.at(demand.Points[p.Point])
		k := key{int(math.Floor(x / cell)), int(math.Floor(y / cell)), is}
		if by[k] == nil {
			by[k] = &clump{}
		}
		by[k].x, by[k].y, by[k].who = by[k].x+x*who, by[k].y+y*who, by[k].who+who
	}
	keys := make([]key, 0, len(by))
	for k := range by {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.y, b.y), cmp.Compare(a.x, b.x), cmp.Compare(by[a].who, by[b].who))
	})
	for _, k := range keys {
		c := by[k]
		m.mark(c.x/c.who, c.y/c.who, min(0.45*pdf.MM+math.Sqrt(c.who)*0.12*pdf.MM, 1.6*pdf.MM), k.gained)
	}
}

// mark is a disc for people gained and a cross for people lost.
func (m *drawing) mark(x, y, r float64, gained bool) { changeMark(m.c, x, y, r, gained) }

func changeMark(c *pdf.Canvas, x, y, r float64, gained bool) {
	if gained {
		c.Circle(x, y, r, pdf.Fill{Pattern: pdf.Plain, Color: pdf.Accent()}, pdf.Stroke{Width: 0.3, Color: pdf.White()})
		return
	}
	for _, s := range []pdf.Stroke{{Width: 2, Color: pdf.White()}, {Width: 1, Color: pdf.Danger()}} {
		c.Line(x-r, y-r, x+r, y+r, s)
		c.Line(x-r, y+r, x+r, y-r, s)
	}
}

func (m *drawing) sites() {
	if m.situation == 0 {
		for _, s := range m.Comparison.Baseline.Sites {
			m.site(s.Point, stays)
		}
		return
	}
	delta, was := m.Comparison.Options[m.situation-1].Delta, m.Comparison.Baseline.Sites
	for i, s := range delta.Sites {
		switch {
		case i >= len(was) && delta.Open[i]:
			m.site(s.Point, added)
		case i >= len(was):
		case !delta.Open[i]:
			m.site(s.Point, shut)
		case s.Point != was[i].Point:
			m.site(was[i].Point, shut)
			m.site(s.Point, moved)
		default:
			m.site(s.Point, stays)
		}
	}
}

func (m *drawing) site(p orb.Point, f siteFate) {
	if !m.bound.Contains(p) {
		return
	}
	x, y := m.at(p)
	siteMark(m.c, x, y, f)
}

// siteMark is a square for a facility, a triangle for a new place and an empty square with
// a stroke for one that is given up.
func siteMark(c *pdf.Canvas, x, y float64, f siteFate) {
	const r = 1.1 * pdf.MM
	white := pdf.Stroke{Width: 0.5, Color: pdf.White()}
	black := pdf.Fill{Pattern: pdf.Plain, Color: pdf.Black()}
	switch f {
	case added, moved:
		c.Polygon([]float64{x, y - 2*r, x - 1.8*r, y + 1.2*r, x + 1.8*r, y + 1.2*r}, black, white)
	case shut:
		c.Rect(pdf.Box{X: x - r, Y: y - r, W: 2 * r, H: 2 * r}, pdf.Fill{Pattern: pdf.Plain, Color: pdf.White()}, pdf.Stroke{Width: 0.8})
		c.Line(x-1.6*r, y+1.6*r, x+1.6*r, y-1.6*r, pdf.Stroke{Width: 0.8})
	default:
		c.Rect(pdf.Box{X: x - r, Y: y - r, W: 2 * r, H: 2 * r}, black, white)
	}
}

// names writes the subdistricts' names where their middle is on the map.
func (m *drawing) names() {
	style := pdf.Style{Size: 7.5, Color: pdf.Grey(), Align: pdf.Centre, Lead: 1.2}
	for i, v := range m.Divisions {
		if v.Level != divisions.Subdistrict || len(v.Boundary) == 0 {
			continue
		}
		middle := v.Boundary.Bound().Center()
		if !m.bound.Contains(middle) {
			continue
		}
		x, y := m.at(middle)
		m.label(x, y, m.division(int32(i)), style) //nolint:gosec // fewer than 2^31
	}
}

// label is text on white, so that it can be read on a hatch.
func (m *drawing) label(x, y float64, text string, style pdf.Style) {
	w := m.c.TextWidth(text, style) + 2
	h := style.Size * 1.2
	m.c.Rect(pdf.Box{X: x - w/2, Y: y - h/2, W: w, H: h}, pdf.Fill{Pattern: pdf.Plain, Color: pdf.White()}, pdf.Stroke{})
	m.c.Text(x-w/2, y-h/2, w, text, style)
}

// numbers writes on the largest gaps their numbers in the table of places.
func (m *drawing) numbers() {
	places := m.unserved(m.situation)
	for n, p := range places[:min(len(places), m.placesListed())] {
		if !m.bound.Contains(p.gap.Centre) {
			continue
		}
		x, y := m.at(p.gap.Centre)
		m.c.Circle(x, y, 1.9*pdf.MM, pdf.Fill{Pattern: pdf.Plain, Color: pdf.White()}, pdf.Stroke{Width: 0.6, Color: pdf.Warning()})
		style := pdf.Style{Size: 7, Bold: true, Align: pdf.Centre, Lead: 1}
		m.c.Text(x-2*pdf.MM, y-style.Size/2, 4*pdf.MM, strconv.Itoa(n+1), style)
	}
}

func (m *drawing) north() {
	x, y := m.box.X+m.box.W-6*pdf.MM, m.box.Y+7*pdf.MM
	m.c.Circle(x, y, 4.2*pdf.MM, pdf.Fill{Pattern: pdf.Plain, Color: pdf.White()}, pdf.Stroke{Width: 0.5})
	black := pdf.Fill{Pattern: pdf.Plain, Color: pdf.Black()}
	m.c.Polygon([]float64{x, y - 0.8*pdf.MM, x - 1.2*pdf.MM, y + 3.2*pdf.MM, x, y + 2.4*pdf.MM, x + 1.2*pdf.MM, y + 3.2*pdf.MM}, black, pdf.Stroke{})
	m.c.Text(x-4*pdf.MM, y-3.6*pdf.MM, 8*pdf.MM, m.say("北", "N"), pdf.Style{Size: 7, Bold: true, Align: pdf.Centre, Lead: 1})
}

// bar is the scale, true to the paper.
func (m *drawing) bar() {
	scale := mapprint.ScaleOf(1/m.perMetre, 1, 1, 40*pdf.MM)
	text, style := scale.Length(m.English)+" · "+scale.Ratio(), pdf.Style{Size: 7.5, Lead: 1.2}
	x, y, wide := m.box.X+3*pdf.MM, m.box.Y+m.box.H-5*pdf.MM, m.c.TextWidth(text, style)
	m.c.Rect(pdf.Box{X: x - 1.5*pdf.MM, Y: y - 1.8*pdf.MM, W: scale.BarPoints + wide + 5*pdf.MM, H: 5 * pdf.MM}, pdf.Fill{Pattern: pdf.Plain, Color: pdf.White()}, pdf.Stroke{})
	for i := range 4 {
		fill := pdf.Fill{Pattern: pdf.Plain, Color: pdf.Black()}
		if i%2 == 1 {
			fill.Color = pdf.White()
		}
		m.c.Rect(pdf.Box{X: x + float64(i)*scale.BarPoints/4, Y: y, W: scale.BarPoints / 4, H: 1.3 * pdf.MM}, fill, pdf.Stroke{Width: 0.4})
	}
	m.c.Text(x+scale.BarPoints+2*pdf.MM, y-1*pdf.MM, wide+1, text, style)
}
