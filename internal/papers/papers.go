// Package papers owns what all papers of an office have in common, of whichever feature: names
// that stand in templates for what a record says, templates that a bureau brings in its own
// looks, and how these are found to be in order.
//
// It knows no feature: which kinds of papers there are and what their names stand for is for
// the caller. It is pure; its children paperdb and paperhttp keep and serve templates.
package papers

import (
	"errors"
	"fmt"
	"time"

	"yike/internal/docx"
	"yike/internal/record"
)

// Kind is a kind of papers with what people call it.
type Kind struct{ Code, ZH, EN string }

// Template is a bureau's template of a kind of papers. The zero version is that of the program,
// and so is a version without a file.
type Template struct {
	Kind     string
	Version  int
	SHA256   string // "" for the template of the program
	Size     int64
	FileName string
	Who      string
	SavedAt  time.Time
}

// Own gives the version where the template is the bureau's own, else 0.
func (t Template) Own() int {
	if t.SHA256 == "" {
		return 0
	}
	return t.Version
}

// Name is a name in a template, without braces, in both languages.
type Name struct{ ZH, EN string }

// Field is a name that templates may have and what it stands for in a paper about a T: a text,
// or a list whose row or paragraph is repeated.
type Field[T any] struct {
	ZH, EN string
	Fields []Name // of a list
	Text   func(T) string
	Items  func(T) []map[string]string // of a list: its fields by their Chinese names
	Blank  string                      // of a text that a paper has to have: what stands where it is not known; "" for a text that may be missing
}

// Names gives some names of list fields: pairs of the Chinese and the English one.
func Names(pairs ...[2]string) []Name {
	out := make([]Name, len(pairs))
	for i, p := range pairs {
		out[i] = Name{ZH: p[0], EN: p[1]}
	}
	return out
}

// Data gives what the names stand for in a paper about of, by both of their languages. The zero
// value has all names, too, so that a template can be checked without a record.
func Data[T any](fields []Field[T], of T) docx.Data {
	d := docx.Data{Texts: map[string]string{}, Lists: map[string]docx.List{}, Blanks: map[string]string{}}
	for _, p := range fields {
		if p.Items == nil {
			v := p.Text(of)
			d.Texts[p.ZH], d.Texts[p.EN] = v, v
			if p.Blank != "" {
				d.Blanks[p.ZH], d.Blanks[p.EN] = p.Blank, p.Blank
			}
			continue
		}
		var list docx.List
		for _, f := range p.Fields {
			list.Fields = append(list.Fields, f.ZH, f.EN)
		}
		for _, item := range p.Items(of) {
			both := map[string]string{}
			for _, f := range p.Fields {
				both[f.ZH], both[f.EN] = item[f.ZH], item[f.ZH]
			}
			list.Items = append(list.Items, both)
		}
		d.Lists[p.ZH], d.Lists[p.EN] = list, list
	}
	return d
}

// Faults are all that is wrong with a file as a template whose names are those of known; nil for
// nothing. Values are names with their braces, or a part of the file.
func Faults(file []byte, known docx.Data) []record.Fault {
	t, err := docx.Open(file)
	var bad *docx.Error
	if errors.As(err, &bad) {
		return []record.Fault{{Field: "file", Value: bad.Part, ZH: bad.ZH, EN: bad.EN}}
	}
	if err != nil {
		return []record.Fault{{Field: "file", ZH: "文件读不出来", EN: "the file cannot be read"}}
	}
	var out []record.Fault
	for _, f := range t.Check(known) {
		fault := record.Fault{Field: "file", Value: "{{" + f.Name + "}}", ZH: fmt.Sprintf("%s（所在段落：%s）", f.ZH, f.Where), EN: fmt.Sprintf("%s (in: %s)", f.EN, f.Where)}
		if f.Near != "" {
			fault.ZH, fault.EN = fault.ZH+"；是不是 {{"+f.Near+"}}？", fault.EN+"; did you mean {{"+f.Near+"}}?"
		}
		out = append(out, fault)
	}
	return out
}
