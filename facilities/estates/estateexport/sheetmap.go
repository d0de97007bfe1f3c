package estateexport

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"yike/facilities/premises"
	"yike/geo"
	"yike/internal/mapprint"
	"yike/internal/pdf"
)

// roomMark is where a room lies on the map, with its number in the list.
type roomMark struct {
	at   orb.Point
	no   int
	norm premises.Norm
}

// marks are those of the rooms whose place is known.
func (s Sheet) marks() []roomMark {
	var out []roomMark
	for i, r := range s.Estate.Rooms {
		if !r.Placed {
			continue
		}
		m := roomMark{at: r.Point, no: i + 1, norm: premises.NoNorm}
		for _, n := range []premises.Norm{premises.CommunityNorm, premises.ElderlyNorm} {
			if r.For(n) > 0 {
				m.norm = n
			}
		}
		out = append(out, m)
	}
	return out
}

// sketch is the map being drawn. Shapes tell kinds apart, not colours alone.
type sketch struct {
	*page
	c        *pdf.Canvas
	box      pdf.Box
	frame    geo.LocalFrame
	perMetre float64 // points
}

// drawMap draws the estate with its rooms, north up and true to scale.
func (p *page) drawMap(c *pdf.Canvas, box pdf.Box) {
	const legend = 5 * pdf.MM
	m := &sketch{page: p, c: c, box: pdf.Box{X: box.X, Y: box.Y, W: box.W, H: box.H - legend}}
	points := m.points()
	if len(points) == 0 {
		c.Rect(box, pdf.Fill{}, pdf.Stroke{Width: 0.6, Color: pdf.Grey()})
		c.TextBox(box.X+4*pdf.MM, box.Y+box.H/2-6*pdf.MM, box.W-8*pdf.MM, p.say("范围和用房位置还没有登记，图略。", "No map: neither the boundary nor the places of the rooms are recorded."), pdf.Style{Size: 8.5, Color: pdf.Grey(), Align: pdf.Centre})
		return
	}
	m.fit(points.Bound())
	c.Clip(m.box, func() {
		m.streets()
		m.boundary()
		m.rooms()
	})
	c.Rect(m.box, pdf.Fill{}, pdf.Stroke{Width: 0.6})
	m.north()
	m.bar()
	m.legend(box.Y + box.H - legend + 1*pdf.MM)
}

func (m *sketch) points() orb.MultiPoint {
	var out orb.MultiPoint
	for _, ring := range m.Estate.Boundary {
		out = append(out, ring...)
	}
	for _, r := range m.marks {
		out = append(out, r.at)
	}
	return out
}

// fit chooses the scale at which a bound has room around it.
func (m *sketch) fit(b orb.Bound) {
	m.frame = geo.Frame(b.Center())
	low, high := m.frame.To(b.Min), m.frame.To(b.Max)
	const least, room = 120.0, 1.25 // metres across, and what is left around
	m.perMetre = min(m.box.W/(max(high[0]-low[0], least)*room), m.box.H/(max(high[1]-low[1], least)*room))
}

func (m *sketch) at(p orb.Point) (x, y float64) {
	v := m.frame.To(p)
	return m.box.X + m.box.W/2 + v[0]*m.perMetre, m.box.Y + m.box.H/2 - v[1]*m.perMetre
}

func (m *sketch) line(points []orb.Point) []float64 {
	out := make([]float64, 0, 2*len(points))
	for _, p := range points {
		x, y := m.at(p)
		out = append(out, x, y)
	}
	return out
}

func (m *sketch) streets() {
	for _, s := range m.Streets {
		m.c.Path(m.line(s), pdf.Stroke{Width: 0.9, Color: pdf.Color{R: 0xC8, G: 0xCC, B: 0xCC}})
	}
}

func (m *sketch) boundary() {
	var rings [][]float64
	for _, r := range m.Estate.Boundary {
		rings = append(rings, m.line(r))
	}
	m.c.Rings(rings, pdf.Fill{Pattern: pdf.Tint, Color: pdf.Accent()}, pdf.Stroke{Width: 1.2, Color: pdf.Accent()})
}

// clump is rooms whose marks would lie over one another.
type clump struct {
	x, y float64
	list []roomMark
}

// clumps puts marks that touch together, each to the first that it touches.
func (m *sketch) clumps() []clump {
	const wide, tall = 9 * pdf.MM, 3.2 * pdf.MM // a mark with its number
	var out []clump
	for _, r := range m.marks {
		x, y := m.at(r.at)
		i := slices.IndexFunc(out, func(c clump) bool { return math.Abs(c.x-x) < wide && math.Abs(c.y-y) < tall })
		if i < 0 {
			out = append(out, clump{x, y, []roomMark{r}})
			continue
		}
		out[i].list = append(out[i].list, r)
	}
	return out
}

// label writes the numbers of rooms.
func (m *sketch) label(list []roomMark) string {
	var numbers []int
	for _, r := range list {
		numbers = append(numbers, r.no)
	}
	slices.Sort(numbers)
	return runs(numbers, m.say("、", ", "))
}

// runs writes numbers that are in order, three or more that follow one another as a run:
// 1–3、7.
func runs(numbers []int, between string) string {
	var parts []string
	for i := 0; i < len(numbers); {
		k := i
		for k+1 < len(numbers) && numbers[k+1] == numbers[k]+1 {
			k++
		}
		if k-i < 2 {
			k = i
			parts = append(parts, strconv.Itoa(numbers[i]))
		} else {
			parts = append(parts, fmt.Sprintf("%d–%d", numbers[i], numbers[k]))
		}
		i = k + 1
	}
	return strings.Join(parts, between)
}

func (m *sketch) rooms() {
	style := pdf.Style{Size: 7.5, Bold: true, Lead: 1}
	all := m.clumps()
	for _, c := range all {
		norm := c.list[0].norm
		for _, r := range c.list {
			if r.norm != norm {
				norm = mixed
			}
		}
		m.mark(c.x, c.y, norm)
	}
	for _, c := range all {
		text := m.label(c.list)
		w := min(m.c.TextWidth(text, style), m.box.W/2)
		x := c.x + 1.9*pdf.MM
		if x+w > m.box.X+m.box.W-1 {
			x = c.x - 1.9*pdf.MM - w
		}
		m.c.Rect(pdf.Box{X: x - 0.6, Y: c.y - style.Size/2 - 0.4, W: w + 1.2, H: style.Size + 0.8}, pdf.Fill{Pattern: pdf.Plain, Color: pdf.White()}, pdf.Stroke{})
		m.c.Text(x, c.y-style.Size/2, w+0.5, text, style)
	}
}

// mixed is the mark of rooms of several kinds at one place.
const mixed premises.Norm = "mixed"

// mark is a square for community premises, a disc for elderly ones, an empty disc for
// others and a disc in a square for several at one place.
func (m *sketch) mark(x, y float64, n premises.Norm) {
	const r = 1.3 * pdf.MM
	white, black := pdf.Stroke{Width: 0.6, Color: pdf.White()}, pdf.Fill{Pattern: pdf.Plain, Color: pdf.Black()}
	square := pdf.Box{X: x - r, Y: y - r, W: 2 * r, H: 2 * r}
	switch n {
	case premises.CommunityNorm:
		m.c.Rect(square, black, white)
	case premises.ElderlyNorm:
		m.c.Circle(x, y, r, pdf.Fill{Pattern: pdf.Plain, Color: pdf.Danger()}, white)
	case mixed:
		m.c.Rect(square, black, white)
		m.c.Circle(x, y, r*0.7, pdf.Fill{Pattern: pdf.Plain, Color: pdf.Danger()}, white)
	default:
		m.c.Circle(x, y, r, pdf.Fill{Pattern: pdf.Plain, Color: pdf.White()}, pdf.Stroke{Width: 0.8})
	}
}

func (m *sketch) legend(y float64) {
	style := pdf.Style{Size: 7.5, Lead: 1.2}
	x := m.box.X + 2*pdf.MM
	for _, s := range []struct {
		norm premises.Norm
		text string
	}{{premises.CommunityNorm, m.say("社区用房", "community")}, {premises.ElderlyNorm, m.say("养老用房", "elderly")}, {mixed, m.say("两类", "both")}, {premises.NoNorm, m.say("其他（号同下表）", "other (numbers as below)")}} {
		m.mark(x, y+1.6*pdf.MM, s.norm)
		w := m.c.TextWidth(s.text, style)
		m.c.Text(x+2.2*pdf.MM, y+1.6*pdf.MM-style.Size*0.6, w+1, s.text, style)
		x += w + 7*pdf.MM
	}
}

func (m *sketch) north() {
	x, y := m.box.X+m.box.W-5*pdf.MM, m.box.Y+6*pdf.MM
	m.c.Circle(x, y, 3.6*pdf.MM, pdf.Fill{Pattern: pdf.Plain, Color: pdf.White()}, pdf.Stroke{Width: 0.4})
	m.c.Polygon([]float64{x, y - 0.8*pdf.MM, x - 1*pdf.MM, y + 2.8*pdf.MM, x, y + 2.1*pdf.MM, x + 1*pdf.MM, y + 2.8*pdf.MM}, pdf.Fill{Pattern: pdf.Plain, Color: pdf.Black()}, pdf.Stroke{})
	m.c.Text(x-4*pdf.MM, y-3.2*pdf.MM, 8*pdf.MM, m.say("北", "N"), pdf.Style{Size: 6.5, Bold: true, Align: pdf.Centre, Lead: 1})
}

// bar is the scale, true to the paper.
func (m *sketch) bar() {
	scale := mapprint.ScaleOf(1/m.perMetre, 1, 1, 22*pdf.MM)
	words, style := scale.Length(m.English)+" · "+scale.Ratio(), pdf.Style{Size: 7, Lead: 1.2}
	x, y, wide := m.box.X+2.5*pdf.MM, m.box.Y+m.box.H-4*pdf.MM, m.c.TextWidth(words, style)
	m.c.Rect(pdf.Box{X: x - 1*pdf.MM, Y: y - 1.4*pdf.MM, W: scale.BarPoints + wide + 4*pdf.MM, H: 4 * pdf.MM}, pdf.Fill{Pattern: pdf.Plain, Color: pdf.White()}, pdf.Stroke{})
	for i := range 2 {
		fill := pdf.Fill{Pattern: pdf.Plain, Color: pdf.Black()}
		if i == 1 {
			fill.Color = pdf.White()
		}
		m.c.Rect(pdf.Box{X: x + float64(i)*scale.BarPoints/2, Y: y, W: scale.BarPoints / 2, H: 1.1 * pdf.MM}, fill, pdf.Stroke{Width: 0.4})
	}
	m.c.Text(x+scale.BarPoints+1.5*pdf.MM, y-0.9*pdf.MM, wide+1, words, style)
}
