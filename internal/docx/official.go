package docx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Official is a paper of an office in a form of GB/T 9704-2012: A4, the office's name in red,
// number, title, whom it is to, text, signature and day, and tables. What is empty is left out.
// Its texts may have placeholders, so that it is a template, and a paragraph may begin with a
// condition.
type Official struct {
	Form                    OfficialForm
	Head, Number, Title, To string
	Body                    []string
	Sign, Day               string
	Tables                  []OfficialTable
}

// OfficialForm is how a paper looks.
type OfficialForm int

// The forms.
const (
	LetterForm   OfficialForm = iota // 10.1, 信函格式: the name over a double red line
	DocumentForm                     // 7.2, 文件格式: the name large, the number over a red line
	RecordForm                       // a record or form to sign: no red, the title on top
)

// OfficialTable is a table of a paper.
type OfficialTable struct {
	Title   string
	Note    string // under the table; "" for none
	Columns []OfficialColumn
	Rows    [][]string // in place of the one row of the columns' cells, which is repeated; a head only where a column has a title
	Inline  bool       // on the page where the text ends, and before the signature; else on a page of its own behind it
}

// OfficialColumn is a column: its head, what stands in the one row of the body, and its
// share of the width.
type OfficialColumn struct {
	Title, Cell string
	Weight      float64
}

// The measures of GB/T 9704-2012 in twentieths of a point: margins of 37, 35, 28 and 26 mm,
// 22 lines of 28 characters on a page.
const (
	marginTop, marginBottom, marginLeft, marginRight = 2098, 1984, 1587, 1474
	pageWidth, pageHeight                            = 11906, 16838
	textWidth                                        = pageWidth - marginLeft - marginRight
	lineHeight                                       = 579
	headFromTop, footFromBottom                      = 1701, 1134 // 30 mm, 20 mm
)

// Write writes the letter as a document. The same letter gives the same bytes.
func (o Official) Write(w io.Writer) error {
	z := zip.NewWriter(w)
	for _, p := range [][2]string{
		{typesFile, officialTypes},
		{"_rels/.rels", officialRels},
		{"word/document.xml", o.document()},
		{"word/_rels/document.xml.rels", officialLinks},
		{"word/styles.xml", officialStyles},
		{"word/settings.xml", officialSettings},
		{"word/fontTable.xml", officialFonts},
		{"word/header1.xml", o.letterhead()},
		{"word/footer1.xml", pageFoot},
		{"word/footer2.xml", o.firstFoot()},
	} {
		out, err := z.CreateHeader(&zip.FileHeader{Name: p[0], Method: zip.Deflate})
		if err == nil {
			_, err = io.WriteString(out, xmlHead+p[1])
		}
		if err != nil {
			return fmt.Errorf("write a letter: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write a letter: %w", err)
	}
	return nil
}

// Bytes is Write into memory.
func (o Official) Bytes() ([]byte, error) {
	var b bytes.Buffer
	err := o.Write(&b)
	return b.Bytes(), err
}

func styled(style, text string) string {
	return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr><w:r><w:t xml:space="preserve">` + escape(text) + `</w:t></w:r></w:p>`
}

func (o Official) document() string {
	var b strings.Builder
	b.WriteString(`<w:document ` + officialSpaces + `><w:body>`)
	o.top(&b)
	for _, p := range o.Body {
		b.WriteString(styled("LetterBody", p))
	}
	for _, t := range o.Tables {
		if t.Inline {
			t.write(&b, "TableTitle")
		}
	}
	some(&b, "LetterSign", o.Sign)
	some(&b, "LetterDay", o.Day)
	style := "FirstTableTitle"
	for _, t := range o.Tables {
		if !t.Inline {
			t.write(&b, style)
			style = "TableTitle"
		}
	}
	fmt.Fprintf(&b, `<w:sectPr><w:headerReference w:type="first" r:id="rId4"/><w:footerReference w:type="default" r:id="rId5"/><w:footerReference w:type="first" r:id="rId6"/>`+
		`<w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="%d" w:footer="%d" w:gutter="0"/>`+
		`<w:cols w:space="425"/><w:titlePg/><w:docGrid w:type="lines" w:linePitch="%d"/></w:sectPr></w:body></w:document>`,
		pageWidth, pageHeight, marginTop, marginRight, marginBottom, marginLeft, headFromTop, footFromBottom, lineHeight)
	return b.String()
}

// some writes a paragraph unless it is empty.
func some(b *strings.Builder, style, text string) {
	if text != "" {
		b.WriteString(styled(style, text))
	}
}

// top is what stands above the text.
func (o Official) top(b *strings.Builder) {
	number, title := "LetterNumber", "LetterTitle"
	switch o.Form {
	case DocumentForm:
		some(b, "DocumentHead", o.Head)
		number = "DocumentNumber"
	case RecordForm:
		title = "RecordTitle"
	case LetterForm:
	}
	some(b, number, o.Number)
	some(b, title, o.Title)
	some(b, "LetterTo", o.To)
}

func (o Official) firstFoot() string {
	if o.Form == LetterForm {
		return firstFoot
	}
	return pageFoot
}

func (t OfficialTable) write(b *strings.Builder, style string) {
	some(b, style, t.Title)
	b.WriteString(t.xml())
	b.WriteString(styled("TableNote", t.Note))
}

func (t OfficialTable) xml() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<w:tbl><w:tblPr><w:tblStyle w:val="LetterTable"/><w:tblW w:w="%d" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`, textWidth)
	widths := t.widths()
	for _, w := range widths {
		fmt.Fprintf(&b, `<w:gridCol w:w="%d"/>`, w)
	}
	b.WriteString(`</w:tblGrid>`)
	row := func(properties string, style, cell func(int) string) {
		b.WriteString(`<w:tr><w:trPr>` + properties + `</w:trPr>`)
		for i := range t.Columns {
			fmt.Fprintf(&b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>%s</w:tc>`, widths[i], styled(style(i), cell(i)))
		}
		b.WriteString(`</w:tr>`)
	}
	if t.Rows == nil || slices.ContainsFunc(t.Columns, func(c OfficialColumn) bool { return c.Title != "" }) {
		row(`<w:cantSplit/><w:tblHeader/>`, func(int) string { return "TableHead" }, func(i int) string { return t.Columns[i].Title })
	}
	if t.Rows == nil {
		row(`<w:cantSplit/>`, func(int) string { return "TableCell" }, func(i int) string { return t.Columns[i].Cell })
	}
	for _, cells := range t.Rows {
		row(`<w:cantSplit/>`, func(i int) string {
			if i%2 == 0 {
				return "TableHead" // what is asked
			}
			return "TableCell"
		}, func(i int) string { return cells[i] })
	}
	b.WriteString(`</w:tbl>`)
	return b.String()
}

// widths shares the width of the text among the columns to the last twentieth of a point.
func (t OfficialTable) widths() []int {
	sum := 0.0
	for _, c := range t.Columns {
		sum += c.Weight
	}
	out := make([]int, len(t.Columns))
	left, share := textWidth, 0.0
	for i, c := range t.Columns {
		share += c.Weight
		out[i] = int(float64(textWidth)*share/sum+0.5) - (textWidth - left)
		left -= out[i]
	}
	return out
}

func (o Official) letterhead() string {
	if o.Form != LetterForm {
		return `<w:hdr ` + officialSpaces + `>` + styled("PageNumber", "") + `</w:hdr>`
	}
	return `<w:hdr ` + officialSpaces + `>` + styled("LetterHead", o.Head) + `</w:hdr>`
}

const (
	xmlHead        = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	officialSpaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	officialTypes  = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="` + typeMain + `"/>` +
		`<Override PartName="/word/styles.xml" ContentType="` + typePart + `styles+xml"/>` +
		`<Override PartName="/word/settings.xml" ContentType="` + typePart + `settings+xml"/>` +
		`<Override PartName="/word/fontTable.xml" ContentType="` + typePart + `fontTable+xml"/>` +
		`<Override PartName="/word/header1.xml" ContentType="` + typePart + `header+xml"/>` +
		`<Override PartName="/word/footer1.xml" ContentType="` + typePart + `footer+xml"/>` +
		`<Override PartName="/word/footer2.xml" ContentType="` + typePart + `footer+xml"/></Types>`
	relBase       = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
	relsSpace     = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	officialRels  = relsSpace + `<Relationship Id="rId1" Type="` + relBase + `officeDocument" Target="word/document.xml"/></Relationships>`
	officialLinks = relsSpace +
		`<Relationship Id="rId1" Type="` + relBase + `styles" Target="styles.xml"/><Relationship Id="rId2" Type="` + relBase + `settings" Target="settings.xml"/>` +
		`<Relationship Id="rId3" Type="` + relBase + `fontTable" Target="fontTable.xml"/><Relationship Id="rId4" Type="` + relBase + `header" Target="header1.xml"/>` +
		`<Relationship Id="rId5" Type="` + relBase + `footer" Target="footer1.xml"/><Relationship Id="rId6" Type="` + relBase + `footer" Target="footer2.xml"/></Relationships>`
	officialSettings = `<w:settings ` + officialSpaces + `><w:zoom w:percent="100"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>`
	// Where an office has not bought the typeface of official titles, Song stands for it.
	officialFonts = `<w:fonts ` + officialSpaces + `><w:font w:name="方正小标宋简体"><w:altName w:val="宋体"/></w:font><w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/></w:font></w:fonts>`
	redLine       = `w:sz="24" w:space="1" w:color="E60012"/>`
	pageFoot      = `<w:ftr ` + officialSpaces + `><w:p><w:pPr><w:pStyle w:val="PageNumber"/></w:pPr><w:r><w:t xml:space="preserve">— </w:t></w:r>` +
		`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>` +
		`<w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>`
	firstFoot = `<w:ftr ` + officialSpaces + `><w:p><w:pPr><w:pStyle w:val="FirstFoot"/></w:pPr></w:p></w:ftr>`
)
