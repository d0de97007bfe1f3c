package mapprint

import "yike/internal/pdf"

const (
	signWidth  = 9 * pdf.MM
	signHeight = 4 * pdf.MM
	signGap    = 2 * pdf.MM
)

// drawLegend draws as many signs as the box holds, one column beside the other, and
// returns the rest.
func (s Sheet) drawLegend(c *pdf.Canvas, box pdf.Box, signs []Sign) (rest []Sign) {
	if len(signs) == 0 || box.H <= 0 {
		return signs
	}
	c.Rect(box, pdf.Fill{}, pdf.Stroke{Width: 0.5, Color: pdf.Grey()})
	inner := box.Inset(2 * pdf.MM)
	c.Text(inner.X, inner.Y, inner.W, s.say("图例", "Legend"), pdf.Style{Size: 10.5, Bold: true})
	inner.Y, inner.H = inner.Y+6.5*pdf.MM, inner.H-6.5*pdf.MM
	columns := max(int(inner.W/(54*pdf.MM)), 1)
	width := (inner.W - float64(columns-1)*gap) / float64(columns)
	x, y, column := inner.X, inner.Y, 0
	for i, sign := range signs {
		height := s.signHeight(c, sign, width)
		if sign.Kind == Heading && i+1 < len(signs) { // not alone at the end of a column
			if y+height+s.signHeight(c, signs[i+1], width) > inner.Y+inner.H {
				y = inner.Y + inner.H
			}
		}
		if y+height > inner.Y+inner.H {
			column++
			if column == columns {
				return signs[i:]
			}
			x, y = x+width+gap, inner.Y
		}
		s.drawSign(c, sign, pdf.Box{X: x, Y: y, W: width, H: height})
		y += height
	}
	return nil
}

// continueLegend sets what did not fit beside the map on the next page.
func (s Sheet) continueLegend(doc *pdf.Document, rest []Sign) {
	for len(rest) > 0 {
		c := doc.Page()
		before := len(rest)
		rest = s.drawLegend(c, doc.Body(), rest)
		if len(rest) == before { // a sign higher than a page
			return
		}
	}
}

func labelStyle() pdf.Style { return pdf.Style{Size: 8.5, Lead: 1.35} }

func (sign Sign) textStyle() pdf.Style {
	style := labelStyle()
	style.Bold = sign.Kind == Heading
	return style
}

// isText tells that no sign stands beside the text, which then has all the width.
func (k Kind) isText() bool { return k == Heading || k == Note }

func (s Sheet) signHeight(c *pdf.Canvas, sign Sign, width float64) float64 {
	if sign.Kind.isText() {
		return c.TextHeight(width, sign.Label, sign.textStyle()) + 1.5*pdf.MM
	}
	return max(c.TextHeight(width-signWidth-signGap, sign.Label, labelStyle()), signHeight) + 1.1*pdf.MM
}

func (s Sheet) drawSign(c *pdf.Canvas, sign Sign, box pdf.Box) {
	style := sign.textStyle()
	if sign.Kind.isText() {
		c.TextBox(box.X, box.Y+0.8*pdf.MM, box.W, sign.Label, style)
		return
	}
	// The sign stands beside the middle of the first line.
	mark := pdf.Box{X: box.X, Y: box.Y + style.Size*style.Lead/2 - signHeight/2, W: signWidth, H: signHeight}
	sign.draw(c, mark)
	c.TextBox(box.X+signWidth+signGap, box.Y, box.W-signWidth-signGap, sign.Label, style)
}

func (sign Sign) draw(c *pdf.Canvas, box pdf.Box) {
	color, colored := colorOf(sign.Color)
	fill := pdf.Fill{}
	if colored {
		fill = pdf.Fill{Pattern: pdf.Plain, Color: color}
	}
	edge := pdf.Stroke{}
	if e, ok := colorOf(sign.Edge); ok {
		edge = pdf.Stroke{Width: 0.7, Color: e}
	}
	if sign.Dashed {
		edge.Dash = 2
	}
	x, y := box.X+box.W/2, box.Y+box.H/2
	switch sign.Kind {
	case Area:
		c.Rect(box, fill, pdf.Stroke{})
		if hatch, ok := colorOf(sign.Hatch); ok {
			c.Rect(box, pdf.Fill{Pattern: pdf.Hatch, Color: hatch, Step: 3}, pdf.Stroke{})
		}
		c.Rect(box, pdf.Fill{}, edge)
	case Line:
		line := pdf.Stroke{Width: 1.4, Color: color}
		if sign.Dashed {
			line.Dash = 3
		}
		c.Line(box.X, y, box.X+box.W, y, line)
	case Dot:
		c.Circle(x, y, 1.5*pdf.MM, fill, edge)
	case Ramp:
		to, _ := colorOf(sign.To)
		const steps = 12
		for i := range steps {
			part := box.W / steps
			c.Rect(pdf.Box{X: box.X + float64(i)*part, Y: box.Y, W: part, H: box.H}, pdf.Fill{Pattern: pdf.Plain, Color: between(color, to, float64(i)/(steps-1))}, pdf.Stroke{})
		}
		c.Rect(box, pdf.Fill{}, pdf.Stroke{Width: 0.4, Color: pdf.Grey()})
	case Drawn:
		const height = 5 * pdf.MM
		c.Picture(sign.Picture, pdf.Box{X: box.X, Y: y - height/2, W: box.W, H: height})
	}
}

// between is the colour a share of the way from one to another.
func between(a, b pdf.Color, share float64) pdf.Color {
	mix := func(u, v uint8) uint8 { return uint8(float64(u) + (float64(v)-float64(u))*share + 0.5) }
	return pdf.Color{R: mix(a.R, b.R), G: mix(a.G, b.G), B: mix(a.B, b.B)}
}
