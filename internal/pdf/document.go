package pdf

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"yike/internal/pdf/objects"
)

// Meta is what a document says of itself.
type Meta struct {
	Title   string // the question that it answers
	Subject string
	Author  string // the office
	Lang    string // "zh-CN" or "en": the language of the page numbers, too
	Day     string // "2026-11-27": when it was made; the only time in the file
}

// Footer stands on each page.
type Footer struct {
	Source  string   // where the figures come from
	Notices []string // what must be said of the data, such as that they are synthetic
}

// Options are a document's sheet and what stands on each page.
type Options struct {
	Paper     Paper // the zero value is A4
	Landscape bool
	Margin    float64 // 0 is 15 mm
	Meta      Meta
	Footer    Footer
}

// Document is being written. It is not for concurrent use.
type Document struct {
	objects *objects.Writer
	faces   *typesetter
	opts    Options
	paper   Paper
	margin  float64
	page    *Canvas
	y       float64 // where the flow goes on
	foot    foot

	pages     []int
	pictures  []int
	stored    map[*Picture]int
	tree      int
	resources int
	total     int
	closed    bool
}

// ErrClosed reports that a document was drawn on after it was closed.
var ErrClosed = errors.New("pdf: the document is closed")

// New begins a document. Nothing is read or written of the fonts until text is set.
func New(w io.Writer, fonts *Fonts, opts Options) *Document {
	if opts.Paper == (Paper{}) {
		opts.Paper = A4()
	}
	opts.Margin = cmp.Or(max(opts.Margin, 0), 15*MM)
	d := &Document{objects: objects.New(w), opts: opts, paper: opts.Paper, margin: opts.Margin, stored: map[*Picture]int{}}
	if opts.Landscape {
		d.paper = opts.Paper.Turned()
	}
	d.faces = newTypesetter(fonts, d.objects)
	d.tree, d.resources, d.total = d.objects.Reserve(), d.objects.Reserve(), d.objects.Reserve()
	d.foot = d.layFoot()
	return d
}

// Missing lists the characters that no font has and that stand as boxes on the pages.
func (d *Document) Missing() []rune { return d.faces.lacking() }

// Pages is how many pages have been begun.
func (d *Document) Pages() int {
	if d.page != nil {
		return len(d.pages) + 1
	}
	return len(d.pages)
}

// Err is the first error of writing, which Close returns too.
func (d *Document) Err() error { return cmp.Or(d.objects.Err(), d.faces.err) }

// Body is the part of the page between the margins, above the foot and below the head.
func (d *Document) Body() Box {
	top := d.margin
	if d.Pages() > 1 {
		top += runningHead
	}
	return Box{X: d.margin, Y: top, W: max(d.paper.Width-2*d.margin, 1), H: max(d.paper.Height-d.margin-d.foot.height-top, 1)}
}

// Page ends the page at hand, if there is one, and begins the next, for drawing by
// coordinates. The flow goes on at the top of its body.
func (d *Document) Page() *Canvas {
	d.endPage()
	d.page = &Canvas{doc: d, paper: d.paper}
	d.y = d.Body().Y
	if d.Pages() > 1 {
		d.head()
	}
	return d.page
}

// canvas is the page at hand, begun when there is none.
func (d *Document) canvas() *Canvas {
	if d.page == nil {
		return d.Page()
	}
	return d.page
}

func (d *Document) endPage() {
	if d.closed {
		d.objects.Fail(ErrClosed)
	}
	if d.page == nil {
		return
	}
	c := d.page
	d.drawFoot(c, len(d.pages)+1)
	content, page := d.objects.Reserve(), d.objects.Reserve()
	d.objects.Stream(content, "", c.body)
	var links strings.Builder
	for _, l := range c.links {
		b := objects.Numbers(nil, l.box.X, c.paper.Height-l.box.Y-l.box.H, l.box.X+l.box.W, c.paper.Height-l.box.Y)
		fmt.Fprintf(&links, "<< /Type /Annot /Subtype /Link /Border [0 0 0] /Rect [%s] /A << /S /URI /URI %s >> >>\n", b, objects.ASCIIString(l.url))
	}
	size := objects.Numbers(nil, 0, 0, c.paper.Width, c.paper.Height)
	d.objects.Put(page, fmt.Sprintf("<< /Type /Page /Parent %d 0 R /MediaBox [%s] /Resources %d 0 R /Contents %d 0 R /Annots [%s] >>",
		d.tree, size, d.resources, content, links.String()))
	d.pages = append(d.pages, page)
	d.page = nil
}

// Close ends the document and returns the first error of its writing. A document on which
// nothing was drawn has one empty page.
func (d *Document) Close() error {
	if d.closed {
		return d.Err()
	}
	if d.Pages() == 0 {
		d.Page()
	}
	d.endPage()
	d.closed = true
	d.writeTotal(len(d.pages))
	d.faces.embed()
	d.writeResources()
	var kids strings.Builder
	for _, p := range d.pages {
		fmt.Fprintf(&kids, "%d 0 R\n", p)
	}
	d.objects.Put(d.tree, fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", len(d.pages), kids.String()))
	root, info := d.objects.Reserve(), d.objects.Reserve()
	lang := cmp.Or(d.opts.Meta.Lang, "zh-CN")
	d.objects.Put(root, fmt.Sprintf("<< /Type /Catalog /Pages %d 0 R /Lang %s /ViewerPreferences << /DisplayDocTitle true >> >>", d.tree, objects.ASCIIString(lang)))
	d.objects.Put(info, d.info())
	d.objects.End(root, info)
	return d.Err()
}

func (d *Document) info() string {
	m := d.opts.Meta
	b := "<< /Producer (Yike)"
	for _, field := range [][2]string{{"Title", m.Title}, {"Subject", m.Subject}, {"Author", m.Author}} {
		if field[1] != "" {
			b += " /" + field[0] + " " + objects.TextString(clean(field[1]))
		}
	}
	if day := strings.ReplaceAll(m.Day, "-", ""); len(day) == 8 && !slices.ContainsFunc([]byte(day), func(c byte) bool { return c < '0' || c > '9' }) {
		b += " /CreationDate (D:" + day + ")"
	}
	return b + " >>"
}

// writeResources writes what all pages share: fonts, pictures, the number of pages.
func (d *Document) writeResources() {
	var b strings.Builder
	b.WriteString("<< /Font <<")
	for _, s := range d.faces.subsets {
		fmt.Fprintf(&b, " /F%d %d 0 R", s.object, s.object)
	}
	fmt.Fprintf(&b, " >>\n/XObject << /Total %d 0 R", d.total)
	for _, p := range d.pictures {
		fmt.Fprintf(&b, " /P%d %d 0 R", p, p)
	}
	b.WriteString(" >> >>")
	d.objects.Put(d.resources, b.String())
}
