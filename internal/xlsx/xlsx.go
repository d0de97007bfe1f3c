// Package xlsx owns workbooks: reading the rows of a sheet as the person who filled it
// in meant them, in bounded memory and whatever the file claims; writing tables and
// templates; and giving a person's own workbook back with cells marked. It is the only
// package that knows how Excel, WPS and LibreOffice store a table, and the fence around
// the library that writes one. It knows no feature of the product and opens no file: it
// reads from an io.ReaderAt and writes to an io.Writer.
package xlsx

import (
	"context"
	"fmt"
	"io"
	"path"
	"strings"

	"yike/internal/safezip"
	"yike/internal/xmltok"
)

// Limits bound what a workbook may make us do. Zero takes the default of each.
type Limits struct {
	Rows          int   // rows with content in one sheet; default 1,048,576, all that Excel has
	Columns       int   // the last column that may have content; default 1,024
	CellBytes     int   // bytes of a cell's text; default 131,072, four for each character that Excel allows
	SharedStrings int   // texts in the table of shared ones; default 4,000,000
	SharedBytes   int   // their bytes; default 256 MiB
	Sheets        int   // default 256
	Merges        int   // merged ranges of one sheet; default 200,000
	Total         int64 // bytes of the whole workbook unpacked; default 2 GiB
}

func (l Limits) withDefaults() Limits {
	for _, d := range []struct {
		v *int
		d int
	}{
		{&l.Rows, 1 << 20},
		{&l.Columns, 1024},
		{&l.CellBytes, 128 << 10},
		{&l.SharedStrings, 4_000_000},
		{&l.SharedBytes, 256 << 20},
		{&l.Sheets, 256},
		{&l.Merges, 200_000},
	} {
		if *d.v <= 0 {
			*d.v = d.d
		}
	}
	if l.Total <= 0 {
		l.Total = 2 << 30
	}
	return l
}

// Error says in both languages what is wrong with a workbook or a place in it.
type Error struct {
	Sheet  string // "" for the workbook as a whole
	Row    int    // 0 for the sheet as a whole
	ZH, EN string
	Err    error // the cause, may be nil
}

// Error is the English sentence.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Sheet != "" {
		fmt.Fprintf(&b, "sheet %q", e.Sheet)
		if e.Row > 0 {
			fmt.Fprintf(&b, ", row %d", e.Row)
		}
		b.WriteString(": ")
	}
	return b.String() + e.EN
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

// Sheet is a table of a workbook. Sheets that hold a chart only are not listed.
type Sheet struct {
	Name   string
	Hidden bool // the person who opens the workbook does not see it
	part   string
}

// Book is an opened workbook. Its sheets may be read one after another; it is not safe
// for concurrent use.
type Book struct {
	zip      *safezip.Archive
	limits   Limits
	sheets   []Sheet
	date1904 bool
	formats  []numberFormat // by cell style
	strings  sharedStrings
	part     string // of the workbook itself
}

// Open reads the table of contents of a workbook. Errors of the file are *Error.
func Open(r io.ReaderAt, size int64, limits Limits) (*Book, error) {
	b := &Book{limits: limits.withDefaults()}
	var err error
	b.zip, err = safezip.Open(r, size, safezip.Limits{Total: b.limits.Total})
	if err != nil {
		return nil, wrap(err)
	}
	links, err := b.links("_rels/.rels", "")
	if err != nil {
		return nil, err
	}
	b.part = "xl/workbook.xml"
	for _, l := range links {
		if l.kind == "officeDocument" {
			b.part = l.target
		}
	}
	if b.zip.Find(b.part) == nil {
		return nil, &Error{ZH: "不是 XLSX 工作簿", EN: "it is not an XLSX workbook"}
	}
	if err := b.readWorkbook(); err != nil {
		return nil, err
	}
	return b, nil
}

// Sheets are the tables in the order of their tabs.
func (b *Book) Sheets() []Sheet { return b.sheets }

func (b *Book) sheet(name string) (Sheet, error) {
	for _, s := range b.sheets {
		if s.Name == name {
			return s, nil
		}
	}
	return Sheet{}, &Error{ZH: fmt.Sprintf("工作簿中没有名为“%s”的工作表", name), EN: fmt.Sprintf("the workbook has no sheet %q", name)}
}

// wrap makes an *Error of what reading a part gave.
func wrap(err error) error {
	switch e := err.(type) { //nolint:errorlint // only what the readers below give as it is
	case nil:
		return nil
	case *Error:
		return e
	case *safezip.Error:
		zh := e.ZH
		if e.Entry != "" {
			zh = e.Entry + "：" + e.ZH
		}
		return &Error{ZH: zh, EN: e.Error(), Err: err}
	}
	if isErr(err, context.Canceled) || isErr(err, context.DeadlineExceeded) {
		return err
	}
	return &Error{ZH: "工作簿的内容已损坏：" + reason(err), EN: "the workbook is damaged: " + err.Error(), Err: err}
}

// reason is a cause in Chinese as far as we know it.
func reason(err error) string {
	switch {
	case isErr(err, xmltok.ErrDocumentType):
		return "含有不允许的 DOCTYPE 声明"
	case isErr(err, xmltok.ErrTooLarge):
		return "标签过长或嵌套过深"
	case isErr(err, io.ErrUnexpectedEOF):
		return "文件不完整"
	}
	return "XML 格式不正确"
}

// each reads a part of the workbook and calls do at each start tag; do may read on. A
// part that is missing has no tags.
func (b *Book) each(part string, do func(s *xmltok.Scanner) error) (err error) {
	e := b.zip.Find(part)
	if e == nil {
		return nil
	}
	r, err := b.zip.Open(e)
	if err != nil {
		return wrap(err)
	}
	defer r.Close() //nolint:errcheck // read only
	s := xmltok.New(r)
	for {
		kind, err := s.Next()
		if isErr(err, io.EOF) {
			return nil
		}
		if err != nil {
			return wrap(err)
		}
		if kind == xmltok.Start {
			if err := do(s); err != nil {
				return wrap(err)
			}
		}
	}
}

// link is a relationship of a part.
type link struct {
	id, kind, target string
}

// links reads a part of relationships; targets are resolved against the folder. Those
// that lead out of the workbook are left out.
func (b *Book) links(part, folder string) ([]link, error) {
	var all []link
	err := b.each(part, func(s *xmltok.Scanner) error {
		if string(s.Name()) != "Relationship" || strings.EqualFold(s.AttrString("TargetMode"), "External") {
			return nil
		}
		target := s.AttrString("Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join(folder, target)
		}
		all = append(all, link{
			id: s.AttrString("Id"), kind: path.Base(s.AttrString("Type")),
			target: strings.TrimPrefix(path.Clean("/"+target), "/"),
		})
		if len(all) > 10_000 {
			return &Error{ZH: "工作簿的内部关系过多", EN: "the workbook has too many relationships"}
		}
		return nil
	})
	return all, err
}

// relsOf is the name of the part that holds the relationships of a part.
func relsOf(part string) string {
	return path.Join(path.Dir(part), "_rels", path.Base(part)+".rels")
}

func (b *Book) readWorkbook() error {
	links, err := b.links(relsOf(b.part), path.Dir(b.part))
	if err != nil {
		return err
	}
	byID := map[string]link{}
	var styles, texts string
	for _, l := range links {
		byID[l.id] = l
		switch l.kind {
		case "styles":
			styles = l.target
		case "sharedStrings":
			texts = l.target
		}
	}
	err = b.each(b.part, func(s *xmltok.Scanner) error {
		switch string(s.Name()) {
		case "workbookPr":
			v := s.AttrString("date1904")
			b.date1904 = v == "1" || v == "true"
		case "sheet":
			return b.addSheet(s, byID)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(b.sheets) == 0 {
		return &Error{ZH: "工作簿中没有工作表", EN: "the workbook has no sheet"}
	}
	b.strings.part = texts
	return b.readStyles(styles)
}

func (b *Book) addSheet(s *xmltok.Scanner, byID map[string]link) error {
	name, state := s.AttrString("name"), s.AttrString("state")
	l, ok := byID[s.AttrString("id")]
	if !ok || l.kind != "worksheet" {
		return nil
	}
	if len(b.sheets) >= b.limits.Sheets {
		return &Error{ZH: fmt.Sprintf("工作表超过 %d 张", b.limits.Sheets), EN: fmt.Sprintf("it has more than %d sheets", b.limits.Sheets)}
	}
	for _, other := range b.sheets {
		if other.Name == name {
			return &Error{ZH: "工作簿中有同名的工作表：" + clip(name), EN: "two sheets have the name " + clip(name)}
		}
	}
	b.sheets = append(b.sheets, Sheet{Name: name, Hidden: state == "hidden" || state == "veryHidden", part: l.target})
	return nil
}

func clip(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
