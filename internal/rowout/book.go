package rowout

import (
	"errors"
	"io"

	"yike/internal/xlsx"
)

// bookWriter writes a workbook: the table, headings in its first row, and a second sheet
// with what is to be said of it.
type bookWriter struct {
	placed
	options Options
	to      io.Writer
	book    *xlsx.Writer
	sheet   *xlsx.TableWriter
}

func newBook(to io.Writer, p placed, o Options) (Writer, error) {
	w := &bookWriter{placed: p, options: o, to: to, book: xlsx.NewWriter()}
	spec := xlsx.TableSpec{Name: p.table.Name, Landscape: true, Freeze: 1}
	for _, c := range p.table.Columns {
		spec.Columns = append(spec.Columns, xlsx.Column{Head: c.Head, Kind: c.Kind.cell(), Width: c.width()})
	}
	var err error
	if w.sheet, err = w.book.Table(spec); err != nil {
		return nil, errors.Join(err, w.book.Close())
	}
	return w, nil
}

func (k Kind) cell() xlsx.Kind {
	switch k {
	case Integer, Number:
		return xlsx.Number
	case Day:
		return xlsx.Date
	}
	return xlsx.Text
}

func (c Column) width() float64 {
	switch {
	case c.Lon || c.Lat:
		return 16
	case c.Kind == Text:
		return 22
	}
	return 0
}

// Row writes one row.
func (w *bookWriter) Row(r Row) error {
	r, err := w.place(r)
	if err != nil {
		return err
	}
	for i, v := range r.Values {
		switch v := v.(type) {
		case string:
			if w.table.Columns[i].Kind == Day {
				r.Values[i] = xlsx.Day(v)
			}
		case bool:
			r.Values[i], _ = w.options.text(v)
		}
	}
	return w.sheet.Row(r.Values...)
}

// Close finishes the file.
func (w *bookWriter) Close() error {
	notes, err := w.book.Table(xlsx.TableSpec{Name: "说明", Columns: []xlsx.Column{{Head: "说明", Width: 90}}, NoFilter: true})
	if err != nil {
		return err
	}
	for _, n := range append(append([]string{}, w.table.Notes...), w.options.sentence()) {
		if err := notes.Row(n); err != nil {
			return err
		}
	}
	_, err = w.book.WriteTo(w.to)
	return err
}

// Discard removes temporary files.
func (w *bookWriter) Discard() { _ = w.book.Close() }
