package xlsx

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"yike/internal/xmltok"
)

// Mark says what is wrong with a cell, or with a whole row.
type Mark struct {
	Row    int // as Excel numbers it
	Column int // from 0; -1 for the row as a whole
	Text   string
}

// AnnotateOptions say how marks are shown.
type AnnotateOptions struct {
	Sheet     string
	HeaderRow int    // where the head of the added column goes; 0 for none
	Head      string // of the added column, such as 错误
	Author    string // of the comments
	Comments  int    // at most so many, since each is an object that Excel draws; 0 takes 2,000
}

// mostPart bounds the parts of a workbook that are taken into memory to be changed; the
// sheets, which are the large ones, are not.
const mostPart = 64 << 20

// Annotate gives a person's own workbook back with marks: the cells get a red ground and
// a comment, and a column behind the last says all that is wrong with a row. Everything
// else stays what it was, byte for byte where nothing had to change: pictures, formulas,
// other sheets, macros. The sheet is streamed; memory grows with the marks only.
func Annotate(ctx context.Context, to io.Writer, r io.ReaderAt, size int64, marks []Mark, o AnnotateOptions, limits Limits) error {
	b, err := Open(r, size, limits)
	if err != nil {
		return err
	}
	survey, err := b.Survey(ctx, o.Sheet, 0)
	if err != nil {
		return err
	}
	sheet, err := b.sheet(o.Sheet)
	if err != nil {
		return err
	}
	if o.Comments <= 0 {
		o.Comments = 2000
	}
	a := &annotator{
		ctx: ctx, book: b, sheet: sheet, options: o, out: zip.NewWriter(to), changed: map[string][]byte{},
		marks: gatherMarks(marks), column: survey.Columns, styles: map[int]int{},
	}
	if err := a.run(); err != nil {
		return fmt.Errorf("mark the workbook: %w", wrap(err))
	}
	if err := a.out.Close(); err != nil {
		return fmt.Errorf("write the marked workbook: %w", err)
	}
	return nil
}

// annotator is the work on one workbook.
type annotator struct {
	ctx     context.Context //nolint:containedctx // it lives within one call
	book    *Book
	sheet   Sheet
	options AnnotateOptions
	out     *zip.Writer
	changed map[string][]byte // parts to be written instead of the old, or added
	marks   map[int]*rowMarks
	column  int // of the texts: behind the last that has any
	sheets  *styleSheet
	again   bool        // the workbook has marks of an earlier time, which go
	styles  map[int]int // new style by old style
	links   sheetLinks
}

// rowMarks are the marks of a row.
type rowMarks struct {
	cells map[int][]string // by column
	all   []string         // with the name of the column before it, in order
}

func gatherMarks(marks []Mark) map[int]*rowMarks {
	slices.SortStableFunc(marks, func(x, y Mark) int { return x.Column - y.Column })
	rows := map[int]*rowMarks{}
	for _, m := range marks {
		row := rows[m.Row]
		if row == nil {
			row = &rowMarks{cells: map[int][]string{}}
			rows[m.Row] = row
		}
		if m.Column < 0 {
			row.all = append(row.all, m.Text)
			continue
		}
		row.cells[m.Column] = append(row.cells[m.Column], m.Text)
		row.all = append(row.all, ColumnName(m.Column)+" 列："+m.Text)
	}
	return rows
}

// run writes the sheet first, since only it tells which styles are needed.
func (a *annotator) run() error {
	var err error
	if err := a.findStyles(); err != nil {
		return err
	}
	if err := a.findColumn(); err != nil {
		return err
	}
	if a.links, err = a.readLinks(); err != nil {
		return err
	}
	if err := a.comments(); err != nil {
		return err
	}
	if err := a.writeSheet(); err != nil {
		return err
	}
	a.changed[a.sheets.part] = a.sheets.bytes()
	if err := a.contentTypes(); err != nil {
		return err
	}
	for _, e := range a.book.zip.Entries() {
		text, replaced := a.changed[e.Name]
		switch {
		case e.Name == a.sheet.part:
			continue
		case replaced:
			delete(a.changed, e.Name)
			err = a.put(e.Name, text)
		default:
			err = a.book.zip.Copy(a.out, e)
		}
		if err != nil {
			return err
		}
	}
	for _, name := range sortedNames(a.changed) {
		if err := a.put(name, a.changed[name]); err != nil {
			return err
		}
	}
	return nil
}

// findColumn takes the column of an earlier marking, which is the last, once more.
func (a *annotator) findColumn() error {
	a.again = a.sheets.old >= 0
	rows, err := a.book.Rows(a.ctx, a.sheet.Name)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // read only
	for rows.Number() < a.options.HeaderRow {
		cells, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if last := a.column - 1; rows.Number() == a.options.HeaderRow && last >= 0 && last < len(cells) && cells[last].Text == a.options.Head {
			a.column, a.again = last, true
		}
	}
	return nil
}

func sortedNames(parts map[string][]byte) []string {
	names := make([]string, 0, len(parts))
	for name := range parts {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (a *annotator) put(name string, text []byte) error {
	w, err := a.out.Create(name)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// part is the text of a part; nil if there is none.
func (b *Book) partText(name string) ([]byte, error) {
	e := b.zip.Find(name)
	if e == nil {
		return nil, nil
	}
	if e.Size > mostPart {
		return nil, &Error{ZH: "工作簿的样式或批注过大", EN: "the styles or comments of the workbook are too large"}
	}
	r, err := b.zip.Open(e)
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // read only
	return io.ReadAll(r)
}

// sheetLinks are the parts that belong to the sheet.
type sheetLinks struct {
	part        string // of the relationships
	text        []byte
	comments    string // part
	newComments bool
	drawing     string // part
	drawingID   string // of the relationship
	newDrawing  bool
}

const (
	transitional = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageRels  = "http://schemas.openxmlformats.org/package/2006/relationships"
)

// readLinks finds the comments that the sheet has, or plans new ones.
func (a *annotator) readLinks() (sheetLinks, error) {
	l := sheetLinks{part: relsOf(a.sheet.part)}
	var err error
	if l.text, err = a.book.partText(l.part); err != nil {
		return l, err
	}
	links, err := a.book.links(l.part, path.Dir(a.sheet.part))
	if err != nil {
		return l, err
	}
	for _, k := range links {
		switch {
		case k.kind == "comments" && a.book.zip.Find(k.target) != nil:
			l.comments = a.book.zip.Find(k.target).Name
		case k.kind == "vmlDrawing" && strings.Contains(strings.ToLower(k.target), "vml") && a.book.zip.Find(k.target) != nil && l.drawing == "":
			l.drawing, l.drawingID = a.book.zip.Find(k.target).Name, k.id
		}
	}
	if l.comments == "" {
		l.comments, l.newComments = "xl/yike_comments.xml", true
	}
	if l.drawing == "" {
		l.drawing, l.drawingID, l.newDrawing = "xl/drawings/yike_comments.vml", "rIdYikeDrawing", true
	}
	if len(l.text) == 0 {
		l.text = []byte(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" + `<Relationships xmlns="` + packageRels + `"></Relationships>`)
	}
	return l, nil
}

// linkParts adds the relationships of new comments.
func (a *annotator) linkParts() error {
	var b strings.Builder
	if a.links.newComments {
		fmt.Fprintf(&b, `<Relationship Id="rIdYikeComments" Type="%s/comments" Target="/%s"/>`, transitional, a.links.comments)
	}
	if a.links.newDrawing {
		fmt.Fprintf(&b, `<Relationship Id="%s" Type="%s/vmlDrawing" Target="/%s"/>`, a.links.drawingID, transitional, a.links.drawing)
	}
	if b.Len() == 0 {
		return nil
	}
	text, err := insertAtEnd(a.links.text, "Relationships", b.String())
	if err != nil {
		return err
	}
	a.changed[a.links.part] = text
	return nil
}

// contentTypes names the kinds of the parts that were added.
func (a *annotator) contentTypes() error {
	const name = "[Content_Types].xml"
	text, err := a.book.partText(name)
	if err != nil {
		return err
	}
	if text == nil {
		return &Error{ZH: "不是 XLSX 工作簿", EN: "it is not an XLSX workbook"}
	}
	var b strings.Builder
	if a.links.newDrawing && !bytes.Contains(bytes.ToLower(text), []byte(`extension="vml"`)) {
		b.WriteString(`<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>`)
	}
	if a.links.newComments {
		fmt.Fprintf(&b, `<Override PartName="/%s" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"/>`, a.links.comments)
	}
	if a.sheets.added {
		fmt.Fprintf(&b, `<Override PartName="/%s" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>`, a.sheets.part)
	}
	if b.Len() == 0 {
		return nil
	}
	a.changed[a.book.zip.Find(name).Name], err = insertAtEnd(text, "Types", b.String())
	return err
}

// insertAtEnd puts more before the end tag of the outermost element, which has to have
// that name.
func insertAtEnd(text []byte, element, more string) ([]byte, error) {
	s := xmltok.New(bytes.NewReader(text))
	var prefix string
	selfClosing := false
	for {
		kind, err := s.Next()
		if err != nil {
			return nil, unexpected(err)
		}
		if kind == xmltok.Start && s.Depth() == 1 {
			if string(s.Name()) != element {
				return nil, &xmltok.SyntaxError{Reason: "the element is " + clip(string(s.Name())) + ", not " + element}
			}
			prefix, _, _ = strings.Cut(string(s.FullName()), element)
			_, end := s.Place()
			selfClosing = text[end-2] == '/'
		}
		if kind != xmltok.End || s.Depth() > 0 {
			continue
		}
		begin, _ := s.Place()
		if selfClosing {
			return slices.Concat(text[:begin-2], []byte(">"), prefixed(more, prefix), []byte("</"+prefix+element+">"), text[begin:]), nil
		}
		return slices.Concat(text[:begin], prefixed(more, prefix), text[begin:]), nil
	}
}

// prefixed puts the prefix of the namespace before the name of every element.
func prefixed(more, prefix string) []byte {
	if prefix == "" {
		return []byte(more)
	}
	more = strings.ReplaceAll(more, "<", "<"+prefix)
	return []byte(strings.ReplaceAll(more, "<"+prefix+"/", "</"+prefix))
}

// xmlText writes text as XML holds it.
func xmlText(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "_x", "_x005F_x").Replace(safeText(s))
}

// comments adds a comment to the marked cells that have none yet.
func (a *annotator) comments() error {
	cells := a.commented()
	if len(cells) == 0 && a.links.newComments {
		a.links.newDrawing, a.links.newComments = false, false
		return nil
	}
	cells, gone, err := a.commentPart(cells)
	if err != nil {
		return err
	}
	if err := a.drawingPart(cells, gone); err != nil {
		return err
	}
	return a.linkParts()
}

// place is a marked cell.
type place struct {
	row, column int
	text        string
}

// commented are the cells that get a comment, in reading order.
func (a *annotator) commented() []place {
	var cells []place
	for row, m := range a.marks {
		for column, texts := range m.cells {
			cells = append(cells, place{row, column, strings.Join(texts, "\n")})
		}
	}
	slices.SortFunc(cells, func(x, y place) int {
		if x.row != y.row {
			return x.row - y.row
		}
		return x.column - y.column
	})
	return cells[:min(len(cells), a.options.Comments)]
}

// commentPart adds the comments and takes those of an earlier marking away; it gives the
// cells of both.
func (a *annotator) commentPart(cells []place) (added []place, gone map[string]bool, err error) {
	text, err := a.book.partText(a.links.comments)
	if err != nil {
		return nil, nil, err
	}
	if a.links.newComments {
		text = []byte(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" + `<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors></authors><commentList></commentList></comments>`)
	}
	c, err := readComments(text, a.options.Author)
	if err != nil {
		return nil, nil, err
	}
	var b strings.Builder
	for _, cell := range cells {
		if ref := CellName(cell.column, cell.row); !c.cells[ref] {
			added = append(added, cell)
			fmt.Fprintf(&b, `<comment ref="%s" authorId="%d"><text><r><t xml:space="preserve">%s</t></r></text></comment>`, ref, c.author, xmlText(cell.text))
		}
	}
	text = c.rest
	if c.author == c.authors {
		if text, err = insertInside(text, "authors", `<author>`+xmlText(a.options.Author)+`</author>`); err != nil {
			return nil, nil, err
		}
	}
	a.changed[a.links.comments], err = insertInside(text, "commentList", b.String())
	return added, c.gone, err
}

// comments is what a part of comments holds.
type comments struct {
	cells   map[string]bool // that have a comment of somebody else
	gone    map[string]bool // whose comment is of an earlier marking
	rest    []byte          // the part without those
	authors int
	author  int // our number among the authors; the next free one if we are not there yet
}

func readComments(text []byte, author string) (comments, error) {
	c := comments{cells: map[string]bool{}, gone: map[string]bool{}, author: -1}
	s := xmltok.New(bytes.NewReader(text))
	var from, kept int64
	var ref, name string
	ours, inAuthor := false, false
	for {
		kind, err := s.Next()
		if errors.Is(err, io.EOF) {
			if c.rest = append(c.rest, text[kept:]...); c.author < 0 {
				c.author = c.authors
			}
			return c, nil
		}
		if err != nil {
			return c, err
		}
		begin, end := s.Place()
		switch local := string(s.Name()); {
		case kind == xmltok.Text && inAuthor:
			name += string(s.Text())
		case kind == xmltok.Start && local == "author":
			inAuthor, name = true, ""
		case kind == xmltok.End && local == "author":
			if name == author && c.author < 0 {
				c.author = c.authors
			}
			inAuthor = false
			c.authors++
		case kind == xmltok.Start && local == "comment":
			from, ref = begin, s.AttrString("ref")
			ours = c.author >= 0 && s.AttrString("authorId") == strconv.Itoa(c.author)
		case kind == xmltok.End && local == "comment" && ours:
			c.gone[ref] = true
			c.rest = append(c.rest, text[kept:from]...)
			kept = end
		case kind == xmltok.End && local == "comment":
			c.cells[ref] = true
		}
	}
}

// insertInside puts more before the end of the first element of that name, in its
// namespace.
func insertInside(text []byte, element, more string) ([]byte, error) {
	return insert(text, element, func(prefix string) []byte { return prefixed(more, prefix) })
}

func insert(text []byte, element string, more func(prefix string) []byte) ([]byte, error) {
	s := xmltok.New(bytes.NewReader(text))
	for {
		kind, err := s.Next()
		if err != nil {
			return nil, unexpected(err)
		}
		if kind != xmltok.Start || string(s.Name()) != element {
			continue
		}
		full := string(s.FullName())
		prefix := strings.TrimSuffix(full, element)
		_, end := s.Place()
		if text[end-2] == '/' {
			return slices.Concat(text[:end-2], []byte(">"), more(prefix), []byte("</"+full+">"), text[end:]), nil
		}
		depth := s.Depth()
		for {
			kind, err := s.Next()
			if err != nil {
				return nil, unexpected(err)
			}
			if begin, _ := s.Place(); kind == xmltok.End && s.Depth() < depth {
				return slices.Concat(text[:begin], more(prefix), text[begin:]), nil
			}
		}
	}
}

// drawingPart adds the note that Excel draws for each comment.
func (a *annotator) drawingPart(cells []place, gone map[string]bool) error {
	text, err := a.book.partText(a.links.drawing)
	if err != nil {
		return err
	}
	if a.links.newDrawing {
		text = []byte(`<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>`)
	}
	text = withoutShapes(text, gone)
	end := bytes.LastIndex(text, []byte("</xml>")) // as Excel, WPS and LibreOffice write it; VML need not be well-formed XML
	if end < 0 {
		return &Error{ZH: "工作簿的批注图形已损坏", EN: "the drawing of the workbook's comments is damaged"}
	}
	var b bytes.Buffer
	b.Write(text[:end])
	const ns = `xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"`
	for i, c := range cells {
		fmt.Fprintf(&b, `<v:shape %s id="_x0000_s%d" type="#_x0000_t202" style="position:absolute;width:220px;height:80px;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox><div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>%d, 15, %d, 2, %d, 31, %d, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>`,
			ns, 900_001+i, c.column+1, max(0, c.row-2), c.column+4, c.row+3, c.row-1, c.column)
	}
	b.Write(text[end:])
	a.changed[a.links.drawing] = b.Bytes()
	return nil
}

// withoutShapes takes the notes of comments that are gone out of a drawing. VML need not
// be well-formed XML, so it is cut where its shapes begin and end.
func withoutShapes(text []byte, gone map[string]bool) []byte {
	if len(gone) == 0 {
		return text
	}
	row, column := regexp.MustCompile(`<x:Row>\s*(\d+)\s*</x:Row>`), regexp.MustCompile(`<x:Column>\s*(\d+)\s*</x:Column>`)
	shape := regexp.MustCompile(`(?s)<v:shape[ \r\n\t].*?</v:shape>`)
	return shape.ReplaceAllFunc(text, func(s []byte) []byte {
		r, c := row.FindSubmatch(s), column.FindSubmatch(s)
		if r == nil || c == nil {
			return s
		}
		rowNumber, err1 := strconv.Atoi(string(r[1]))
		columnNumber, err2 := strconv.Atoi(string(c[1]))
		if err1 == nil && err2 == nil && columnNumber < 1<<14 && gone[CellName(columnNumber, rowNumber+1)] {
			return nil
		}
		return s
	})
}
