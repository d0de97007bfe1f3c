package rowout

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// kmlWriter writes KML 2.2. A placemark is called what its first column of text says;
// every column is in its ExtendedData under its heading. KML is in WGS 84 by definition:
// another system is named in the description of the document.
type kmlWriter struct {
	placed
	options Options
	buffer  *bufio.Writer
	name    int // the column that names a placemark
}

func newKML(to io.Writer, p placed, o Options) (Writer, error) {
	w := &kmlWriter{placed: p, options: o, buffer: bufio.NewWriterSize(to, 64<<10)}
	for i := len(p.table.Columns) - 1; i >= 0; i-- {
		if p.table.Columns[i].Kind == Text {
			w.name = i
		}
	}
	for i, c := range p.table.Columns {
		if c.Code == "name_zh" {
			w.name = i
		}
	}
	notes := strings.Join(append(append([]string{}, p.table.Notes...), o.sentence()), "\n")
	w.print(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>` + escape(p.table.Name) + `</name><description>` + escape(notes) + `</description>` + "\n")
	return w, nil
}

func (w *kmlWriter) print(text string) { _, _ = w.buffer.WriteString(text) }

// escape writes text as XML holds it.
func escape(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, plainText(s))
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}

// Row writes one placemark.
func (w *kmlWriter) Row(r Row) error {
	r, err := w.place(r)
	if err != nil {
		return err
	}
	name, _ := w.options.text(r.Values[w.name])
	w.print("<Placemark><name>" + escape(name) + "</name><ExtendedData>")
	for i, v := range r.Values {
		if text, _ := w.options.text(v); text != "" {
			w.print(`<Data name="` + escape(w.table.Columns[i].Head) + `"><value>` + escape(text) + `</value></Data>`)
		}
	}
	w.print("</ExtendedData>")
	if r.Point != nil {
		w.print("<Point><coordinates>" + number(r.Point.Lon()) + "," + number(r.Point.Lat()) + "</coordinates></Point>")
	}
	w.print("</Placemark>\n")
	return nil
}

// Close finishes the file.
func (w *kmlWriter) Close() error {
	w.print("</Document></kml>\n")
	if err := w.buffer.Flush(); err != nil {
		return fmt.Errorf("write the file: %w", err)
	}
	return nil
}

// Discard has nothing to remove.
func (w *kmlWriter) Discard() {}
