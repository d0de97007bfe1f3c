package pdf

import (
	"fmt"
	"math"
	"strings"

	"yike/internal/pdf/objects"
)

// Align says where text stands in its box.
type Align int

// The places of text. The zero value leaves it to the column, and is left where there
// is none.
const (
	Natural Align = iota
	Left
	Centre
	Right
)

// Style is how a piece of text is set.
type Style struct {
	Size  float64 // points; 0 is 10
	Bold  bool
	Color Color
	Align Align
	Lead  float64 // from one line to the next in type sizes; 0 is 1.5
}

func (s Style) size() float64 {
	if s.Size >= 1 && s.Size < 1000 {
		return s.Size
	}
	return 10
}

func (s Style) line() float64 {
	if s.Lead > 0 {
		return s.Lead * s.size()
	}
	return 1.5 * s.size()
}

// Stroke is how a line is drawn. The zero value draws none.
type Stroke struct {
	Width float64
	Color Color
	Dash  float64 // length of dashes and of the gaps between them; 0 is a whole line
}

// Canvas is a page to be drawn on by coordinates.
type Canvas struct {
	doc   *Document
	paper Paper
	body  []byte
	links []link

	evenOdd bool // areas are filled where an odd number of rings is around
}

type link struct {
	box Box
	url string
}

// Text sets one line of text at most so many points wide, which is cut with … when it is
// longer, with its upper left corner at x, y.
func (c *Canvas) Text(x, y, width float64, text string, style Style) {
	lines := c.doc.faces.wrap(clean(text), style.size(), style.Bold, math.Inf(1))
	c.lines(x, y, width, []string{c.doc.faces.fit(lines[0], style.size(), style.Bold, width)}, style)
}

// TextBox sets text in lines no wider than width and returns the height that they take.
func (c *Canvas) TextBox(x, y, width float64, text string, style Style) float64 {
	lines := c.doc.faces.wrap(clean(text), style.size(), style.Bold, width)
	c.lines(x, y, width, lines, style)
	return float64(len(lines)) * style.line()
}

// TextHeight is the height that TextBox would take.
func (c *Canvas) TextHeight(width float64, text string, style Style) float64 {
	return float64(len(c.doc.faces.wrap(clean(text), style.size(), style.Bold, width))) * style.line()
}

// TextWidth is how wide a line of text is.
func (c *Canvas) TextWidth(text string, style Style) float64 {
	return c.doc.faces.width(clean(text), style.size(), style.Bold)
}

// lines sets lines of clean text one under the other.
func (c *Canvas) lines(x, y, width float64, lines []string, style Style) {
	size := style.size()
	c.fill(style.Color)
	for i, line := range lines {
		if line == "" {
			continue
		}
		at := x
		if style.Align == Right || style.Align == Centre {
			spare := width - c.doc.faces.width(line, size, style.Bold)
			if style.Align == Centre {
				spare /= 2
			}
			at += max(spare, 0)
		}
		// The body of a Chinese character reaches from 0.12 below the line to 0.88 above it.
		base := y + float64(i)*style.line() + (style.line()-size)/2 + 0.88*size
		c.show(at, base, line, size, style.Bold)
	}
}

// show sets clean text with its pen starting at x on the base line.
func (c *Canvas) show(x, base float64, text string, size float64, bold bool) {
	var now *subset
	begun := false
	for _, r := range text {
		g := c.doc.faces.glyph(r, bold)
		if g.subset != now {
			if begun {
				c.body = append(c.body, "> Tj\n"...)
			} else {
				c.body = append(c.body, "BT\n"...)
			}
			c.body = objects.Number(fmt.Appendf(c.body, "/F%d ", g.subset.object), size)
			c.body = append(c.body, " Tf\n"...)
			if !begun {
				c.body = append(objects.Numbers(append(c.body, "1 0 0 1 "...), x, c.paper.Height-base), "Tm\n"...)
			}
			c.body = append(c.body, '<')
			now, begun = g.subset, true
		}
		c.body = fmt.Appendf(c.body, "%04X", g.cid)
	}
	if begun {
		c.body = append(c.body, "> Tj\nET\n"...)
	}
}

// Line draws from one point to another.
func (c *Canvas) Line(x1, y1, x2, y2 float64, s Stroke) { c.Path([]float64{x1, y1, x2, y2}, s) }

// Path draws through points given as x, y, x, y and so on.
func (c *Canvas) Path(points []float64, s Stroke) {
	if s.Width <= 0 || len(points) < 4 {
		return
	}
	c.stroke(s)
	c.trace(points)
	c.body = append(c.body, "S\n"...)
}

// Polygon draws the area within points given as x, y, x, y and so on, and its outline.
func (c *Canvas) Polygon(points []float64, f Fill, s Stroke) {
	if len(points) < 6 {
		return
	}
	c.area(f, bounds(points), func() { c.trace(points); c.body = append(c.body, "h "...) })
	if s.Width > 0 {
		c.stroke(s)
		c.trace(points)
		c.body = append(c.body, "h S\n"...)
	}
}

// Rect draws a rectangle and its outline.
func (c *Canvas) Rect(b Box, f Fill, s Stroke) {
	c.Polygon([]float64{b.X, b.Y, b.X + b.W, b.Y, b.X + b.W, b.Y + b.H, b.X, b.Y + b.H}, f, s)
}

// Circle draws a disc of radius r around x, y and its outline.
func (c *Canvas) Circle(x, y, r float64, f Fill, s Stroke) {
	circle := func() {
		const k = 0.5522847498 // control points of a quarter of a circle
		y := c.paper.Height - y
		c.body = append(objects.Numbers(c.body, x+r, y), "m\n"...)
		for _, q := range [][6]float64{
			{r, k * r, k * r, r, 0, r}, {-k * r, r, -r, k * r, -r, 0}, {-r, -k * r, -k * r, -r, 0, -r}, {k * r, -r, r, -k * r, r, 0},
		} {
			c.body = append(objects.Numbers(c.body, x+q[0], y+q[1], x+q[2], y+q[3], x+q[4], y+q[5]), "c\n"...)
		}
	}
	c.area(f, Box{X: x - r, Y: y - r, W: 2 * r, H: 2 * r}, circle)
	if s.Width > 0 {
		c.stroke(s)
		circle()
		c.body = append(c.body, "s\n"...)
	}
}

// Link makes an area of the page lead to a web address. Others are left out: a document
// that runs something when touched is none for an office.
func (c *Canvas) Link(b Box, url string) {
	if strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://") {
		c.links = append(c.links, link{box: b, url: url})
	}
}

func (c *Canvas) trace(points []float64) {
	for i := 0; i+1 < len(points); i += 2 {
		op := "l\n"
		if i == 0 {
			op = "m\n"
		}
		c.body = append(objects.Numbers(c.body, points[i], c.paper.Height-points[i+1]), op...)
	}
}

func (c *Canvas) stroke(s Stroke) {
	c.body = append(paint(c.body, s.Color), "RG "...)
	c.body = append(objects.Number(c.body, s.Width), " w ["...)
	if s.Dash > 0 {
		c.body = objects.Number(c.body, s.Dash)
	}
	c.body = append(c.body, "] 0 d\n"...)
}

func (c *Canvas) fill(col Color) { c.body = append(paint(c.body, col), "rg\n"...) }

func paint(b []byte, c Color) []byte {
	return objects.Numbers(b, float64(c.R)/255, float64(c.G)/255, float64(c.B)/255)
}

func bounds(points []float64) Box {
	x1, y1, x2, y2 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for i := 0; i+1 < len(points); i += 2 {
		x1, x2 = min(x1, points[i]), max(x2, points[i])
		y1, y2 = min(y1, points[i+1]), max(y2, points[i+1])
	}
	return Box{X: x1, Y: y1, W: x2 - x1, H: y2 - y1}
}
