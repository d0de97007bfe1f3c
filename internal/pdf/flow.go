package pdf

// The sizes of a report's type in points.
const (
	titleSize   = 18.0
	headingSize = 12.0
	bodySize    = 10.0
	smallSize   = 8.5
)

// Title sets the question that the document answers, large, and space after it.
func (d *Document) Title(text string) {
	d.flow(text, Style{Size: titleSize, Bold: true, Lead: 1.35}, 0, 3*MM)
}

// Heading sets the title of a section. It is not left alone at the foot of a page.
func (d *Document) Heading(text string) {
	d.Keep(25 * MM)
	d.flow(text, Style{Size: headingSize, Bold: true, Lead: 1.5}, 3*MM, 1*MM)
}

// Paragraph sets text of the body. Newlines are kept.
func (d *Document) Paragraph(text string) {
	d.flow(text, Style{Size: bodySize, Lead: 1.6}, 0, 2*MM)
}

// Note sets small grey text, such as a definition or the source of one table.
func (d *Document) Note(text string) {
	d.flow(text, Style{Size: smallSize, Color: Grey()}, 0, 2*MM)
}

// Text sets text in a style of one's own in the flow.
func (d *Document) Text(text string, style Style) { d.flow(text, style, 0, 0) }

// Space leaves room, unless the page begins here.
func (d *Document) Space(height float64) {
	if d.page != nil && d.y > d.Body().Y {
		d.y += max(height, 0)
	}
}

// Keep begins a page if less than height is left on this one.
func (d *Document) Keep(height float64) {
	d.canvas()
	if b := d.Body(); d.y > b.Y && d.y+height > b.Y+b.H {
		d.Page()
	}
}

// Room is what is left of the page's body, to draw in by coordinates; Advance says how
// much of it was used.
func (d *Document) Room() (*Canvas, Box) {
	c := d.canvas()
	b := d.Body()
	return c, Box{X: b.X, Y: d.y, W: b.W, H: max(b.Y+b.H-d.y, 0)}
}

// Advance moves the flow down by height.
func (d *Document) Advance(height float64) {
	d.canvas()
	d.y += max(height, 0)
}

// Figure is a number that leads a report, with what it counts.
type Figure struct {
	Value string // "98.7 %"
	Label string // "步行 15 分钟以内的老人"
	Color Color
}

// Figures sets up to four leading numbers beside one another.
func (d *Document) Figures(figures ...Figure) {
	figures = figures[:min(len(figures), 4)]
	if len(figures) == 0 {
		return
	}
	c := d.canvas()
	label := Style{Size: smallSize, Color: Grey(), Lead: 1.4}
	width := d.Body().W / float64(len(figures))
	const value = 20.0
	tallest := 0.0
	for _, f := range figures {
		tallest = max(tallest, c.TextHeight(width-4*MM, f.Label, label))
	}
	height := value*1.3 + tallest + 3*MM
	d.Keep(height)
	c = d.canvas()
	for i, f := range figures {
		x := d.margin + float64(i)*width
		c.Text(x, d.y, width-4*MM, f.Value, Style{Size: value, Bold: true, Color: f.Color, Lead: 1.3})
		c.TextBox(x, d.y+value*1.3, width-4*MM, f.Label, label)
	}
	d.y += height
}

// flow sets lines one under the other over as many pages as they need.
func (d *Document) flow(text string, style Style, before, after float64) {
	d.canvas()
	d.Space(before)
	lines := d.faces.wrap(clean(text), style.size(), style.Bold, d.Body().W)
	for len(lines) > 0 {
		b := d.Body()
		n := int((b.Y + b.H - d.y + 0.01) / style.line())
		if n < 1 {
			if d.y > b.Y {
				d.Page()
				continue
			}
			n = 1 // higher than a page: better cut than endless
		}
		n = min(n, len(lines))
		d.page.lines(d.margin, d.y, b.W, lines[:n], style)
		d.y += float64(n) * style.line()
		lines = lines[n:]
	}
	d.Space(after)
}
