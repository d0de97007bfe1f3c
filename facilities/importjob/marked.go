package importjob

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"yike/facilities/imports"
	"yike/internal/postgres"
	"yike/internal/rowio"
	"yike/internal/xlsx"
)

// Rows of a batch with their results, behind a row: what Marked asks for again and again.
type look func(after, limit int) ([]imports.Seen, error)

// lookAt is how many rows are asked for at once.
const lookAt = 2000

// errorsHead is the heading of the column that says what is wrong with a row.
const errorsHead = "错误"

// MarkedName is what the marked table of a file is called.
func MarkedName(b imports.Batch) string {
	base := strings.TrimSuffix(b.FileName, filepath.Ext(b.FileName))
	return base + "（标出错误）.xlsx"
}

// Marked writes the table of a batch with its faults marked: a workbook is given back as
// it was, with the cells coloured and a column that says what is wrong; any other file
// becomes a workbook of its rows. rows gives all rows with their results.
func Marked(ctx context.Context, q postgres.Querier, adcode string, b imports.Batch, rows look, into io.Writer) error {
	var s Source
	if err := json.Unmarshal(b.Source, &s); err != nil {
		return fmt.Errorf("read how an import is read: %w", err)
	}
	if s.Format.Kind != rowio.KindXLSX {
		return tabled(b, rows, into)
	}
	marks, err := marksOf(b, rows)
	if err != nil {
		return err
	}
	path, dir, err := spool(ctx, q, adcode, b)
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // the system clears its folder of temporary files, too
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read the file of an import: %w", err)
	}
	defer file.Close() //nolint:errcheck // read only
	head := s.Reading().HeaderRow
	o := xlsx.AnnotateOptions{Sheet: s.table().Name, HeaderRow: head, Head: errorsHead, Author: "一刻"}
	if err := xlsx.Annotate(ctx, into, file, b.FileSize, marks, o, xlsx.Limits{}); err != nil {
		return fmt.Errorf("mark the faults of an import: %w", err)
	}
	return nil
}

// each gives every row that there is a word about.
func each(rows look, take func(imports.Seen) error) error {
	for after := 0; ; {
		list, err := rows(after, lookAt)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, s := range list {
			if err := take(s); err != nil {
				return err
			}
		}
		after = list[len(list)-1].Row.Number
	}
}

func marksOf(b imports.Batch, rows look) ([]xlsx.Mark, error) {
	columns := columnIndex(b)
	var marks []xlsx.Mark
	err := each(rows, func(s imports.Seen) error {
		for _, f := range s.Result.Faults {
			column, ok := columns[f.Column]
			if !ok {
				column = -1
			}
			marks = append(marks, xlsx.Mark{Row: s.Row.Number, Column: column, Text: sentence(f)})
		}
		if text := doubt(s); text != "" {
			marks = append(marks, xlsx.Mark{Row: s.Row.Number, Column: -1, Text: text})
		}
		return nil
	})
	return marks, err
}

func columnIndex(b imports.Batch) map[string]int {
	out := map[string]int{}
	for i, c := range b.Mapping.Columns {
		out[c.Header] = i
	}
	return out
}

// sentence says a fault for the person whose file it is.
func sentence(f imports.Fault) string {
	text := f.ZH
	if f.Warning {
		text = "提示：" + text
	}
	if f.HintZH != "" {
		text += "。" + f.HintZH
	}
	return text
}

// doubt says what a row may be a duplicate of.
func doubt(s imports.Seen) string {
	if s.Result.Outcome != imports.Duplicate {
		return ""
	}
	var parts []string
	for _, a := range s.Result.Alike {
		where := a.Name
		if a.Row > 0 {
			where = fmt.Sprintf("第 %d 行 %s", a.Row, a.Name)
		}
		parts = append(parts, where)
	}
	return "疑似重复：" + strings.Join(parts, "、")
}

// tabled makes a workbook of the rows of a file that is none.
func tabled(b imports.Batch, rows look, into io.Writer) (err error) {
	w := xlsx.NewWriter()
	defer func() { err = errors.Join(err, w.Close()) }()
	spec := xlsx.TableSpec{Name: b.FileName}
	for _, c := range b.Mapping.Columns {
		spec.Columns = append(spec.Columns, xlsx.Column{Head: c.Header})
	}
	spec.Columns = append(spec.Columns, xlsx.Column{Head: "行号", Kind: xlsx.Integer}, xlsx.Column{Head: errorsHead, Width: 60})
	table, err := w.Table(spec)
	if err != nil {
		return fmt.Errorf("mark the faults of an import: %w", err)
	}
	err = each(rows, func(seen imports.Seen) error { return table.Row(tableRow(b, seen)...) })
	if err != nil {
		return err
	}
	if _, err := w.WriteTo(into); err != nil {
		return fmt.Errorf("mark the faults of an import: %w", err)
	}
	return nil
}

func tableRow(b imports.Batch, s imports.Seen) []any {
	var said []string
	bad := map[string]xlsx.Tone{}
	for _, f := range s.Result.Faults {
		text := sentence(f)
		if f.Column != "" {
			text = f.Column + "：" + text
		}
		said = append(said, text)
		if f.Warning && bad[f.Column] == xlsx.Plain {
			bad[f.Column] = xlsx.Warn
		} else if !f.Warning {
			bad[f.Column] = xlsx.Bad
		}
	}
	if text := doubt(s); text != "" {
		said = append(said, text)
	}
	out := make([]any, 0, len(b.Mapping.Columns)+2)
	for i, c := range b.Mapping.Columns {
		cell := ""
		if i < len(s.Row.Cells) {
			cell = s.Row.Cells[i]
		}
		out = append(out, xlsx.Toned{Value: cell, Tone: bad[c.Header]})
	}
	return slices.Concat(out, []any{s.Row.Number, strings.Join(said, "；")})
}
