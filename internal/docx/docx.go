// Package docx fills the letters of an office: a Word template (.docx) with placeholders
// such as {{小区名称}} becomes a document that can still be edited.
//
// A placeholder may be split over runs, as Word does when somebody corrects a letter of it,
// and takes the looks of its first character. {{list.field}} stands for a field of each item
// of a list: the row of a table that has one, else the paragraph, is repeated. A paragraph
// or a row with {{如有 name}} or {{if name}} stays only where there is something of that
// name, one with {{如无 name}} or {{unless name}} only where there is nothing.
//
// What is not a placeholder stays as it is, byte for byte; a part without any is copied as
// it was packed. The same template and data give the same bytes. Templates come from
// outside: what runs, fetches or hides something is refused when the template is opened.
//
// The package knows no feature of the product: which names there are is for the caller.
package docx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"yike/internal/safezip"
)

// MaxTemplate is how many bytes a template may have.
const MaxTemplate = 5 << 20

const (
	maxEntries  = 500
	maxUnpacked = 32 << 20
	maxPart     = 4 << 20  // of XML, which is kept as a tree
	maxFilled   = 32 << 20 // of one part
)

// ErrTooLong says that a letter would be longer than is sensible.
var ErrTooLong = errors.New("the filled document is too long")

// Error says in both languages why a template is refused.
type Error struct {
	Part   string // of the archive; "" for the whole
	ZH, EN string
	Err    error // the cause, may be nil
}

// Error is the English sentence.
func (e *Error) Error() string {
	if e.Part == "" {
		return e.EN
	}
	return e.Part + ": " + e.EN
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

// Template is a template that was found in order. It is read-only and safe for concurrent
// use, as long as its bytes are left alone.
type Template struct {
	archive *safezip.Archive
	parts   map[string]*part // those that may have placeholders, by name
}

// Open reads a template. Errors are *Error: the archive is damaged or a bomb, it is no
// Word document, it has macros, embedded objects, links to other files, tracked changes or
// comments, or its XML is not well-formed. O(size).
func Open(data []byte) (*Template, error) {
	if len(data) > MaxTemplate {
		return nil, &Error{ZH: fmt.Sprintf("模板超过 %d MB", MaxTemplate>>20), EN: fmt.Sprintf("the template has more than %d MB", MaxTemplate>>20)}
	}
	archive, err := safezip.Open(bytes.NewReader(data), int64(len(data)), safezip.Limits{Entries: maxEntries, Total: maxUnpacked})
	if err != nil {
		return nil, archiveError("", err)
	}
	names, err := guard(archive)
	if err != nil {
		return nil, err
	}
	t := &Template{archive: archive, parts: map[string]*part{}}
	for _, name := range names {
		raw, err := read(archive, name)
		if err != nil {
			return nil, err
		}
		if t.parts[name], err = parsePart(name, raw); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func archiveError(part string, err error) error {
	var bad *safezip.Error
	if errors.As(err, &bad) {
		if bad.Entry != "" {
			part = bad.Entry
		}
		return &Error{Part: part, ZH: bad.ZH, EN: bad.EN, Err: err}
	}
	return &Error{Part: part, ZH: "文件读不出来", EN: "it cannot be read", Err: err}
}

// read unpacks a part of XML.
func read(archive *safezip.Archive, name string) ([]byte, error) {
	entry := archive.Find(name)
	if entry == nil {
		return nil, &Error{Part: name, ZH: "文件不完整：缺少这一部分", EN: "this part is missing"}
	}
	r, err := archive.Open(entry)
	if err != nil {
		return nil, archiveError(name, err)
	}
	raw, err := io.ReadAll(io.LimitReader(r, maxPart+1))
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, archiveError(name, err)
	}
	if len(raw) > maxPart {
		return nil, &Error{Part: name, ZH: "这一部分过大", EN: "this part is too large"}
	}
	return raw, nil
}

// Data is what placeholders stand for, by their names in the template. A name may be there
// in several languages.
type Data struct {
	Texts map[string]string
	Lists map[string]List
	// Blanks are what stands for texts that are empty, by their names: a line to fill in by
	// hand. Conditions go by the text and not by its blank.
	Blanks map[string]string
}

// List is a list of items, each with its fields by name. Every item has the same fields;
// Fields names them where there is no item.
type List struct {
	Fields []string
	Items  []map[string]string
}

// Fill writes the template with its placeholders replaced. Names that the data do not have
// become empty: Check finds them first. A text of several lines gets line breaks, and a
// paragraph that has nothing but a placeholder of one is repeated for each line. It returns
// ErrTooLong and the errors of writing. O(template + result).
func (t *Template) Fill(w io.Writer, data Data) error {
	known := newNames(data)
	z := zip.NewWriter(w)
	for _, e := range t.archive.Entries() {
		p := t.parts[e.Name]
		if p == nil || !p.marked() {
			if err := t.archive.Copy(z, e); err != nil {
				return fmt.Errorf("fill a template: %w", err)
			}
			continue
		}
		filled, err := p.fill(known)
		if err != nil {
			return err
		}
		out, err := z.CreateHeader(&zip.FileHeader{Name: e.Name, Method: zip.Deflate})
		if err == nil {
			_, err = out.Write(filled)
		}
		if err != nil {
			return fmt.Errorf("fill a template: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("fill a template: %w", err)
	}
	return nil
}

// Names lists the placeholders of the template, each once, as they are written there.
func (t *Template) Names() []string {
	var out []string
	for _, p := range t.inOrder() {
		for _, para := range p.paragraphs {
			for _, m := range para.marks {
				if !slices.Contains(out, m.name) {
					out = append(out, m.name)
				}
			}
		}
	}
	return out
}

// Open lists the names of blanks that would stand in the filled template, each once and as the
// data have it: what is left to be filled in by hand. Of a name in several languages it gives
// the one that the template has.
func (t *Template) Open(data Data) []string {
	known := newNames(data)
	as := map[string]string{}
	for name := range data.Blanks {
		as[key(name)] = name
	}
	var out []string
	for _, p := range t.inOrder() {
		for _, para := range p.paragraphs {
			for _, m := range para.marks {
				name, blank := as[m.key]
				if m.sense == value && !m.broken && blank && !known.there(m.key) && !slices.Contains(out, name) && known.hold(para.marks, item{}) {
					out = append(out, name)
				}
			}
		}
	}
	return out
}

// inOrder gives the parts in the order of the archive.
func (t *Template) inOrder() []*part {
	var out []*part
	for _, e := range t.archive.Entries() {
		if p := t.parts[e.Name]; p != nil {
			out = append(out, p)
		}
	}
	return out
}
