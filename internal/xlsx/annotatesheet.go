package xlsx

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"yike/internal/xmltok"
)

// writeSheet streams the sheet from the old workbook into the new one and changes it on
// the way. Two streams of the same part go side by side: one is cut into tokens, the
// other copied up to where a change begins.
func (a *annotator) writeSheet() error {
	e := a.book.zip.Find(a.sheet.part)
	tokens, err := a.book.zip.Open(e)
	if err != nil {
		return err
	}
	defer tokens.Close() //nolint:errcheck // read only
	copied, err := a.book.zip.Open(e)
	if err != nil {
		return err
	}
	defer copied.Close() //nolint:errcheck // read only
	w, err := a.out.Create(e.Name)
	if err != nil {
		return err
	}
	p := &sheetPatch{a: a, s: xmltok.New(tokens), from: copied, to: w}
	return p.run()
}

// sheetPatch is the work on the sheet.
type sheetPatch struct {
	a      *annotator
	s      *xmltok.Scanner
	from   io.Reader
	to     io.Writer
	done   int64 // of the old text that is copied or dropped
	prefix string
	row    int
	cols   bool // widths of columns were told
	drawn  bool // the drawing of comments was named
}

// copyTo copies the old text up to a place.
func (p *sheetPatch) copyTo(place int64) error {
	n, err := io.CopyN(p.to, p.from, place-p.done)
	p.done += n
	return err
}

// drop leaves the old text up to a place out.
func (p *sheetPatch) drop(place int64) error {
	n, err := io.CopyN(io.Discard, p.from, place-p.done)
	p.done += n
	return err
}

func (p *sheetPatch) write(text string) error {
	_, err := io.WriteString(p.to, text)
	return err
}

// element writes the start of an element of the sheet's own namespace.
func (p *sheetPatch) element(text string) error { return p.write(string(prefixed(text, p.prefix))) }

func (p *sheetPatch) run() error {
	for n := 0; ; n++ {
		if n%4096 == 0 && p.a.ctx.Err() != nil {
			return p.a.ctx.Err()
		}
		kind, err := p.s.Next()
		if errors.Is(err, io.EOF) {
			_, err := io.Copy(p.to, p.from)
			return err
		}
		if err != nil {
			return err
		}
		if err := p.token(kind); err != nil {
			return err
		}
	}
}

func (p *sheetPatch) token(kind xmltok.Kind) error {
	name, depth := string(p.s.Name()), p.s.Depth()
	begin, end := p.s.Place()
	switch {
	case kind == xmltok.Start && depth == 1:
		p.prefix = strings.TrimSuffix(string(p.s.FullName()), name)
	case kind == xmltok.End && depth == 0:
		return p.drawing(begin)
	case kind != xmltok.Start:
		return nil
	case depth == 2 && name == "dimension": // it may be left out, and would be too small
		if err := p.copyTo(begin); err != nil {
			return err
		}
		if err := p.skipElement(); err != nil {
			return err
		}
		_, end = p.s.Place()
		return p.drop(end)
	case depth == 2 && name == "cols":
		p.cols = true
		return p.widths()
	case depth == 2 && name == "sheetData" && !p.cols:
		if err := p.copyTo(begin); err != nil {
			return err
		}
		return p.element(`<cols>` + p.col() + `</cols>`)
	case depth == 3 && name == "row":
		return p.patchRow(begin, end)
	case depth == 2 && behindDrawing(name):
		return p.drawing(begin)
	case depth == 2 && name == "legacyDrawing":
		p.drawn = true
	}
	return nil
}

// skipElement reads to the end of the element that just began.
func (p *sheetPatch) skipElement() error {
	depth := p.s.Depth()
	for {
		kind, err := p.s.Next()
		if err != nil {
			return unexpected(err)
		}
		if kind == xmltok.End && p.s.Depth() < depth {
			return nil
		}
	}
}

// behindDrawing are the elements that have to follow the legacyDrawing.
func behindDrawing(name string) bool {
	return slices.Contains([]string{"legacyDrawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"}, name)
}

// drawing names the drawing of the comments where it is due.
func (p *sheetPatch) drawing(place int64) error {
	if p.drawn || !p.a.links.newDrawing {
		return nil
	}
	p.drawn = true
	if err := p.copyTo(place); err != nil {
		return err
	}
	return p.element(fmt.Sprintf(`<legacyDrawing xmlns:r="%s" r:id="%s"/>`, transitional, p.a.links.drawingID))
}

func (p *sheetPatch) col() string {
	n := p.a.column + 1
	return fmt.Sprintf(`<col min="%d" max="%d" width="60" customWidth="1"/>`, n, n)
}

// widths adds that of the new column if no other width is told for it.
func (p *sheetPatch) widths() error {
	depth := p.s.Depth()
	free := true
	for {
		kind, err := p.s.Next()
		if err != nil {
			return unexpected(err)
		}
		if kind == xmltok.Start {
			last, err := strconv.Atoi(p.s.AttrString("max"))
			free = free && err == nil && last <= p.a.column
		}
		if kind == xmltok.End && p.s.Depth() < depth {
			begin, end := p.s.Place()
			if !free || begin == end {
				return nil
			}
			if err := p.copyTo(begin); err != nil {
				return err
			}
			return p.element(p.col())
		}
	}
}

// patchRow changes a row that has marks, and the row of heads.
func (p *sheetPatch) patchRow(begin, end int64) error {
	number := p.row + 1
	if n, err := strconv.Atoi(p.s.AttrString("r")); err == nil {
		number = n
	}
	p.row = number
	marks, head := p.a.marks[number], number == p.a.options.HeaderRow
	if marks == nil && !head && !p.a.again {
		return nil
	}
	if marks == nil {
		marks = &rowMarks{}
	}
	if err := p.copyTo(begin); err != nil {
		return err
	}
	tag, selfClosing := p.startTag("row", "spans")
	if err := p.write(tag); err != nil {
		return err
	}
	if err := p.drop(end); err != nil {
		return err
	}
	text := p.a.options.Head
	if !head {
		text = strings.Join(marks.all, "；")
	}
	if selfClosing {
		if _, err := p.s.Next(); err != nil { // its end
			return unexpected(err)
		}
		if err := p.rest(marks, number, -1, text); err != nil {
			return err
		}
		return p.write("</" + p.prefix + "row>")
	}
	return p.cells(marks, number, text)
}

// startTag writes the start tag of the last token anew, open, without one attribute.
func (p *sheetPatch) startTag(name, without string) (tag string, selfClosing bool) {
	var b strings.Builder
	b.WriteString("<" + p.prefix + name)
	p.s.EachAttr(func(key, value []byte) {
		if string(key) != without {
			fmt.Fprintf(&b, ` %s="%s"`, key, attrText(value))
		}
	})
	return b.String() + ">", p.s.SelfClosing()
}

func attrText(value []byte) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;", "\n", "&#10;", "\t", "&#9;", "\r", "&#13;").Replace(string(value))
}

// cells goes through the cells of the row.
func (p *sheetPatch) cells(marks *rowMarks, row int, text string) error {
	depth := p.s.Depth()
	column := -1
	for {
		kind, err := p.s.Next()
		if err != nil {
			return unexpected(err)
		}
		begin, end := p.s.Place()
		if kind == xmltok.End && p.s.Depth() < depth {
			if err := p.copyTo(begin); err != nil {
				return err
			}
			return p.rest(marks, row, column, text)
		}
		if kind != xmltok.Start || string(p.s.Name()) != "c" {
			continue
		}
		before := column
		column++
		if c := columnOf([]byte(p.s.AttrString("r"))); c >= 0 {
			column = c
		}
		if err := p.copyTo(begin); err != nil {
			return err
		}
		if err := p.blanks(marks, row, before, column); err != nil {
			return err
		}
		if err := p.cell(marks, column, end); err != nil {
			return err
		}
	}
}

// cell changes the style of a marked cell; one that stands where the texts go is blank
// and is dropped.
func (p *sheetPatch) cell(marks *rowMarks, column int, end int64) error {
	old, _ := strconv.Atoi(p.s.AttrString("s"))
	_, marked := marks.cells[column]
	switch {
	case column >= p.a.column:
		if err := p.skipElement(); err != nil {
			return err
		}
		_, end = p.s.Place()
		return p.drop(end)
	case !marked && !p.a.sheets.marked(old):
		return nil
	}
	style := p.a.cleared
	if marked {
		style = p.a.red
	}
	tag, selfClosing := p.startTag("c", "s")
	tag = setAttr(strings.TrimSuffix(tag, ">"), "s", strconv.Itoa(style(old)))
	if selfClosing {
		tag += "/"
	}
	if err := p.write(tag + ">"); err != nil {
		return err
	}
	return p.drop(end)
}

// blanks writes the marked cells between two columns that the row does not have.
func (p *sheetPatch) blanks(marks *rowMarks, row, after, before int) error {
	var missing []int
	for c := range marks.cells {
		if c > after && c < before && c < p.a.column {
			missing = append(missing, c)
		}
	}
	slices.Sort(missing)
	for _, c := range missing {
		if err := p.element(fmt.Sprintf(`<c r="%s" s="%d"/>`, CellName(c, row), p.a.red(0))); err != nil {
			return err
		}
	}
	return nil
}

// rest writes what follows the last cell of a row: marked cells and the text.
func (p *sheetPatch) rest(marks *rowMarks, row, after int, text string) error {
	if err := p.blanks(marks, row, min(after, p.a.column), p.a.column); err != nil || text == "" {
		return err
	}
	return p.element(fmt.Sprintf(`<c r="%s" s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, CellName(p.a.column, row), p.a.red(0), xmlText(text)))
}
