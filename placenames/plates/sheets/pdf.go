package sheets

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"yike/internal/pdf"
	"yike/internal/pdf/objects"
	"yike/placenames/plates/faces"
	"yike/placenames/plates/symbol"
)

// ErrSheet is returned for a sheet on which not one plate of the face has room.
var ErrSheet = errors.New("the sheet is too small for the plate")

// Batch is what all sheets of one file say.
type Batch struct {
	ID    string `json:"id"`    // of the order, printed on each sheet
	Title string `json:"title"` // of the file
	Day   string `json:"day"`   // 2026-11-28; the only time in the file
	Sheet Sheet  `json:"sheet"`
}

// mm is a millimetre in points.
const mm = 72 / 25.4

// PDF is a file of sheets that is being written: plate after plate, then the delivery list.
// It is not for concurrent use. Memory grows with the number of plates by their entry in the
// list only.
type PDF struct {
	batch   Batch
	letters *faces.Letters
	out     *objects.Writer
	tree    int
	pages   []int
	shared  int // the resources of all pages
	names   []byte
	glyphs  map[*faces.Glyph]int
	grounds map[*faces.Face]int
	page    []byte // what is drawn on the page at hand
	face    *faces.Face
	columns int
	most    int // plates of a page
	on      int // plates on the page at hand
	plate   []byte
	listed  []Entry
	err     error
}

// NewPDF begins a file. letters sets what stands beside the plates and in the list.
func NewPDF(w io.Writer, letters *faces.Letters, batch Batch) *PDF {
	p := &PDF{batch: batch, letters: letters, out: objects.NewFast(w), glyphs: map[*faces.Glyph]int{}, grounds: map[*faces.Face]int{}}
	p.tree, p.shared = p.out.Reserve(), p.out.Reserve()
	return p
}

// Add draws a plate in the next place: the next of the sheet, or the first of a new sheet
// where the face is another one. It returns ErrSheet, an error of the letters, or the first
// error of writing.
func (p *PDF) Add(plate Plate, d faces.Drawing) error {
	if p.err != nil {
		return p.err
	}
	if err := p.turn(d.Face); err != nil {
		p.err = err
		return err
	}
	at := p.batch.Sheet.place(d.Face, p.on, p.columns)
	at.Page = len(p.pages) + 1
	p.draw(d)
	entry := entryOf(plate, d, at, digest(p.plate))
	p.page = append(p.page, "q 1 0 0 1 "...)
	p.page = append(objects.Numbers(p.page, at.X, at.Y), "cm\n"...)
	p.page = append(append(p.page, p.plate...), "Q\n"...)
	p.cropMarks(at, d.Face)
	caption := fmt.Sprintf("%s  %d-%d-%d  %s", p.batch.ID, at.Page, at.Row, at.Column, plate.Token.Grouped())
	p.write(at.X+8, at.Y+d.Face.Height+9, 3, 0, caption)
	p.listed = append(p.listed, entry)
	p.on++
	return p.fault()
}

// Entries are the plates in the file so far, in order.
func (p *PDF) Entries() []Entry { return p.listed }

func (p *PDF) fault() error {
	if p.err == nil {
		p.err = p.out.Err()
	}
	return p.err
}

// turn begins a new sheet if there is no room for a plate of the face.
func (p *PDF) turn(f *faces.Face) error {
	if p.face == f && p.on < p.most {
		return nil
	}
	p.endPage(p.batch.Sheet)
	if p.face != f {
		columns, rows := p.batch.Sheet.grid(f)
		if columns < 1 || rows < 1 {
			return fmt.Errorf("%w: %g × %g mm for %s", ErrSheet, p.batch.Sheet.Width, p.batch.Sheet.Height, f.ID)
		}
		p.face, p.columns, p.most = f, columns, columns*rows
	}
	p.beginPage(p.batch.Sheet)
	p.write(border, border+4, 5, 0, fmt.Sprintf("%s  %s  %s %g×%g mm  %d  %s", p.batch.ID, p.batch.Title, f.ZH, f.Width, f.Height, len(p.pages)+1, p.batch.Day))
	return p.fault()
}

func (p *PDF) beginPage(s Sheet) {
	p.page = append(p.page[:0], "q "...)
	p.page = append(objects.Numbers(p.page, mm, 0, 0, -mm, 0, s.Height*mm), "cm\n"...)
	p.on = 0
}

// endPage writes the page at hand, if there is one.
func (p *PDF) endPage(s Sheet) {
	if len(p.page) == 0 {
		return
	}
	content, page := p.out.Reserve(), p.out.Reserve()
	p.out.Stream(content, "", append(p.page, "Q\n"...))
	p.out.Put(page, fmt.Sprintf("<< /Type /Page /Parent %d 0 R /MediaBox [%s] /Resources %d 0 R /Contents %d 0 R >>",
		p.tree, objects.Numbers(nil, 0, 0, s.Width*mm, s.Height*mm), p.shared, content))
	p.pages = append(p.pages, page)
	p.page = p.page[:0]
}

// draw writes the operators of a plate, its corner at the origin.
func (p *PDF) draw(d faces.Drawing) {
	b := append(p.plate[:0], "/B"...)
	b = append(appendInt(b, p.ground(d.Face)), " Do "...)
	if len(d.Faint) > 0 {
		b = append(p.marks(append(b, "q /Faint gs "...), d.Face.Ink, d.Faint), "Q "...)
	}
	b = p.marks(b, d.Face.Ink, d.Marks)
	s := d.Face.Symbol
	b = append(b, "1 g "...)
	b = append(objects.Numbers(b, s.X, s.Y, s.Side, s.Side), "re f 0 g "...)
	b = append(objects.Numbers(b, d.Module, 0, 0, d.Module, s.X+symbol.QuietZone*d.Module, s.Y+symbol.QuietZone*d.Module), "cm\n"...)
	for r := range d.Symbol.Runs {
		b = append(appendInt(b, r.X), ' ')
		b = append(appendInt(b, r.Y), ' ')
		b = append(appendInt(b, r.Length), " 1 re\n"...)
	}
	p.plate = append(b, "f\n"...)
}

func (p *PDF) marks(b []byte, ink string, marks []faces.Mark) []byte {
	b = append(paint(b, ink), "rg\n"...)
	for _, m := range marks {
		id := p.glyph(m.Glyph)
		b = append(objects.Numbers(append(b, "q "...), m.M[0], m.M[1], m.M[2], m.M[3], m.M[4], m.M[5]), "cm /G"...)
		b = append(appendInt(b, id), " Do Q\n"...)
	}
	return b
}

// write sets a line of black text outside of plates, from x or, with a width, centred in it.
// A character that no font has cannot stand here: what names a plate is checked before.
func (p *PDF) write(x, base, size, width float64, text string) {
	p.page = append(p.page, "0 g "...)
	for _, r := range text {
		g, err := p.letters.Glyph(r)
		if err != nil || g == nil {
			if g, err = p.letters.Glyph('?'); err != nil || g == nil {
				continue
			}
		}
		if width > 0 && x+g.Advance*size > width {
			return
		}
		if len(g.Segments) > 0 {
			p.page = append(objects.Numbers(append(p.page, "q "...), size, 0, 0, -size, x, base), "cm /G"...)
			p.page = append(appendInt(p.page, p.glyph(g)), " Do Q\n"...)
		}
		x += g.Advance * size
	}
}

// cropMarks are two short lines at each corner, 2 mm away from it.
func (p *PDF) cropMarks(at Place, f *faces.Face) {
	const away, long = 2.0, 4.0
	b := append(p.page, "0 G 0.15 w "...)
	line := func(x1, y1, x2, y2 float64) {
		b = append(objects.Numbers(b, x1, y1), "m "...)
		b = append(objects.Numbers(b, x2, y2), "l "...)
	}
	for _, x := range []struct{ at, out float64 }{{at.X, -1}, {at.X + f.Width, 1}} {
		for _, y := range []struct{ at, out float64 }{{at.Y, -1}, {at.Y + f.Height, 1}} {
			line(x.at+x.out*away, y.at, x.at+x.out*(away+long), y.at)
			line(x.at, y.at+y.out*away, x.at, y.at+y.out*(away+long))
		}
	}
	p.page = append(b, "S\n"...)
}

// glyph gives the number of a glyph's form, which is written when it is first used.
func (p *PDF) glyph(g *faces.Glyph) int {
	id, ok := p.glyphs[g]
	if ok {
		return id
	}
	id = p.out.Reserve()
	p.glyphs[g] = id
	p.names = fmt.Appendf(p.names, "/G%d %d 0 R\n", id, id)
	var b []byte
	low, high := [2]float64{}, [2]float64{}
	for _, s := range g.Segments {
		n, op := 1, "m\n"
		switch s.Op {
		case pdf.Line:
			op = "l\n"
		case pdf.Curve:
			n, op = 3, "c\n"
		case pdf.Move:
			if len(b) > 0 {
				b = append(b, "h\n"...)
			}
		}
		for _, q := range s.To[:n] {
			b = objects.Numbers(b, 1000*q[0], 1000*q[1])
			low = [2]float64{min(low[0], q[0]), min(low[1], q[1])}
			high = [2]float64{max(high[0], q[0]), max(high[1], q[1])}
		}
		b = append(b, op...)
	}
	box := objects.Numbers(nil, 1000*low[0], 1000*low[1], 1000*high[0], 1000*high[1])
	p.out.Stream(id, fmt.Sprintf("/Type /XObject /Subtype /Form /Matrix [.001 0 0 .001 0 0] /BBox [%s]", box), append(b, "h f\n"...))
	return id
}

// ground is the face without text.
func (p *PDF) ground(f *faces.Face) int {
	id, ok := p.grounds[f]
	if ok {
		return id
	}
	id = p.out.Reserve()
	p.grounds[f] = id
	p.names = fmt.Appendf(p.names, "/B%d %d 0 R\n", id, id)
	b := append(paint(nil, f.Background), "rg\n"...)
	for i, c := range rounded(f.Width, f.Height, f.Corner) {
		op := "l\n"
		if i == 0 {
			op = "m\n"
		}
		b = append(objects.Numbers(b, c[0], c[1]), op...)
		b = append(objects.Numbers(b, c[2], c[3], c[4], c[5], c[6], c[7]), "c\n"...)
	}
	p.out.Stream(id, "/Type /XObject /Subtype /Form /BBox ["+string(objects.Numbers(nil, 0, 0, f.Width, f.Height))+"]", append(b, "h f\n"...))
	return id
}

// Close writes the delivery list and the end of the file. It returns the first error.
func (p *PDF) Close() error {
	if p.err != nil {
		return p.err
	}
	p.endPage(p.batch.Sheet)
	p.list()
	p.out.Put(p.shared, fmt.Sprintf("<< /XObject <<\n%s>> /ExtGState << /Faint << /ca %g >> >> >>", p.names, faint))
	var kids strings.Builder
	for _, id := range p.pages {
		fmt.Fprintf(&kids, "%d 0 R ", id)
	}
	p.out.Put(p.tree, fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", len(p.pages), kids.String()))
	root, info := p.out.Reserve(), p.out.Reserve()
	p.out.Put(root, fmt.Sprintf("<< /Type /Catalog /Pages %d 0 R /Lang (zh-CN) >>", p.tree))
	p.out.Put(info, fmt.Sprintf("<< /Title %s /Producer (Yike) >>", objects.TextString(p.batch.ID+" "+p.batch.Title)))
	p.out.End(root, info)
	return p.fault()
}

// paint appends a colour that Face.Check has passed.
func paint(b []byte, colour string) []byte {
	c, _ := faces.Colour(colour)
	return objects.Numbers(b, float64(c[0])/255, float64(c[1])/255, float64(c[2])/255)
}

func digest(b []byte) string {
	d := sha256.Sum256(b)
	return hex.EncodeToString(d[:])
}
