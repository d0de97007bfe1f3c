package rowio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"yike/internal/xlsx"
)

// CellMark says what is wrong with a cell, or with a whole row.
type CellMark struct {
	Row    int    // as Line.Number
	Column string // as in Lines.Columns; "" for the row as a whole
	Text   string // what is wrong and what to do, a sentence
}

// MarkedWorkbook gives a file back as a workbook with its faults marked: red cells with a
// comment and a column 错误 behind the last. Of a workbook it is the sender's own, in
// which nothing else changes; of any other format it is a new one with the same rows.
func MarkedWorkbook(ctx context.Context, to io.Writer, path string, f Format, o Options, marks []CellMark) error {
	o.Limits = o.Limits.withDefaults()
	t, err := f.choose(path, o)
	if err != nil {
		return err
	}
	lines, err := OpenAs(ctx, path, f, o)
	if err != nil {
		return err
	}
	defer lines.Close() //nolint:errcheck // read only
	if f.Kind == KindXLSX {
		return markOriginal(ctx, to, path, t, lines.Columns(), o, marks)
	}
	return markCopy(to, filepath.Base(path), lines, marks)
}

const (
	markHead   = "错误"
	markAuthor = "一刻"
)

func markOriginal(ctx context.Context, to io.Writer, path string, t Table, columns []string, o Options, marks []CellMark) error {
	file, err := os.Open(path)
	if err != nil {
		return fileError(path, err, "文件无法打开", "the file cannot be opened")
	}
	defer file.Close() //nolint:errcheck // read only
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("look at %s: %w", filepath.Base(path), err)
	}
	cells := make([]xlsx.Mark, len(marks))
	for i, m := range marks {
		cells[i] = xlsx.Mark{Row: m.Row, Column: slices.Index(columns, m.Column), Text: m.Text}
	}
	options := xlsx.AnnotateOptions{Sheet: t.Name, HeaderRow: t.HeaderRow, Head: markHead, Author: markAuthor}
	if err := xlsx.Annotate(ctx, to, file, info.Size(), cells, options, o.Limits.xlsx()); err != nil {
		var e *xlsx.Error
		if errors.As(err, &e) {
			return workbookFault(path, err)
		}
		return err
	}
	return nil
}

// markCopy writes the rows of any format. A row that could not be read is there too, as
// far as its text is known.
func markCopy(to io.Writer, name string, lines Lines, marks []CellMark) error {
	w := xlsx.NewWriter()
	defer w.Close() //nolint:errcheck // its temporary file is the system's to clean
	columns := lines.Columns()
	spec := xlsx.TableSpec{Name: strings.TrimSuffix(name, filepath.Ext(name)), Columns: []xlsx.Column{{Head: "行号", Kind: xlsx.Number, Width: 8}}, NoFilter: len(columns) == 0}
	for _, c := range columns {
		spec.Columns = append(spec.Columns, xlsx.Column{Head: c})
	}
	spec.Columns = append(spec.Columns, xlsx.Column{Head: markHead, Width: 60})
	sheet, err := w.Table(spec)
	if err != nil {
		return err
	}
	byRow := map[int][]CellMark{}
	for _, m := range marks {
		byRow[m.Row] = append(byRow[m.Row], m)
	}
	for {
		line, err := lines.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		var bad *RowError
		if errors.As(err, &bad) {
			line = Line{Number: bad.Row, Cells: make([]string, len(columns))}
			if len(byRow[bad.Row]) == 0 {
				byRow[bad.Row] = []CellMark{{Row: bad.Row, Text: bad.ReasonZH}}
			}
		} else if err != nil {
			return err
		}
		if err := sheet.Row(markedRow(line, columns, byRow[line.Number])...); err != nil {
			return err
		}
	}
	_, err = w.WriteTo(to)
	return err
}

func markedRow(line Line, columns []string, marks []CellMark) []any {
	row := []any{line.Number}
	for i, text := range line.Cells {
		var cell any = text
		if slices.ContainsFunc(marks, func(m CellMark) bool { return m.Column == columns[i] }) {
			cell = xlsx.Toned{Value: text, Tone: xlsx.Bad}
		}
		row = append(row, cell)
	}
	var all []string
	for _, m := range marks {
		if m.Column != "" {
			m.Text = m.Column + "：" + m.Text
		}
		all = append(all, m.Text)
	}
	if len(all) == 0 {
		return row
	}
	return append(row, xlsx.Toned{Value: strings.Join(all, "；"), Tone: xlsx.Bad})
}
