package pdf

import (
	"fmt"
	"strings"

	"yike/internal/pdf/objects"
)

const (
	footSize    = 8.0
	footLead    = 1.5
	footGap     = 4 * MM // between the body and the foot's rule
	runningHead = 8 * MM
	pageRoom    = 42 * MM // of the page number, at the right
)

// foot is what stands under each page, broken into lines once.
type foot struct {
	source  []string
	notices []string
	height  float64 // from the body's end to the margin
}

func footStyle() Style { return Style{Size: footSize, Color: Grey(), Lead: footLead} }

func (d *Document) layFoot() foot {
	width := max(d.paper.Width-2*d.margin, 1)
	f := foot{source: d.faces.wrap(clean(d.opts.Footer.Source), footSize, false, max(width-pageRoom-5*MM, 1))}
	if joined := strings.Join(d.opts.Footer.Notices, "\n"); joined != "" {
		f.notices = d.faces.wrap(clean(joined), footSize, false, width)
	}
	const most = 12 // lines: more is a text for the body
	f.source, f.notices = f.source[:min(len(f.source), most)], f.notices[:min(len(f.notices), most)]
	f.height = footGap + 1*MM + float64(len(f.source)+len(f.notices))*footSize*footLead
	return f
}

// drawFoot draws the rule, the source, the notices and the page number. How many pages
// there are is not known yet: it is a drawing of its own that the last act fills.
func (d *Document) drawFoot(c *Canvas, page int) {
	width := d.paper.Width - 2*d.margin
	y := d.paper.Height - d.margin - d.foot.height + footGap
	c.Line(d.margin, y, d.margin+width, y, Stroke{Width: 0.5, Color: Grey()})
	y += 1 * MM
	c.lines(d.margin, y, width, d.foot.source, footStyle())
	here := fmt.Sprintf("第 %d 页 ", page)
	if d.english() {
		here = fmt.Sprintf("Page %d ", page)
	}
	if d.opts.Meta.Day != "" {
		here = clean(d.opts.Meta.Day) + "　" + here
	}
	// The number of pages is taken to have two digits, so that all ends near the margin.
	end := d.paper.Width - d.margin - d.faces.width(d.totalText(99), footSize, false)
	start := end - d.faces.width(here, footSize, false)
	c.lines(start, y, end-start, []string{here}, footStyle())
	base := y + (footLead-1)/2*footSize + 0.88*footSize
	c.body = append(objects.Numbers(append(c.body, "q 1 0 0 1 "...), end, d.paper.Height-base), "cm /Total Do Q\n"...)
	y += float64(len(d.foot.source)) * footSize * footLead
	c.lines(d.margin, y, width, d.foot.notices, Style{Size: footSize, Lead: footLead})
}

func (d *Document) english() bool { return strings.HasPrefix(d.opts.Meta.Lang, "en") }

func (d *Document) totalText(pages int) string {
	if d.english() {
		return fmt.Sprintf("of %d", pages)
	}
	return fmt.Sprintf("共 %d 页", pages)
}

// writeTotal writes the drawing that says how many pages there are.
func (d *Document) writeTotal(pages int) {
	c := &Canvas{doc: d}
	c.fill(Grey())
	c.show(0, 0, d.totalText(pages), footSize, false)
	d.objects.Stream(d.total, fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [-10 -10 200 20] /Resources %d 0 R", d.resources), c.body)
}

// head repeats the document's title above the pages after the first.
func (d *Document) head() {
	width := d.paper.Width - 2*d.margin
	d.page.Text(d.margin, d.margin-2*MM, width, d.opts.Meta.Title, footStyle())
	d.page.Line(d.margin, d.margin+3.5*MM, d.margin+width, d.margin+3.5*MM, Stroke{Width: 0.5, Color: Grey()})
}
