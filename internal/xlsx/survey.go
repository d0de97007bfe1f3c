package xlsx

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"yike/internal/xmltok"
)

// Range is a block of cells; rows from 1, columns from 0, both ends inside.
type Range struct {
	FirstRow, LastRow       int
	FirstColumn, LastColumn int
}

// SurveyedRow is a row as a Survey keeps it.
type SurveyedRow struct {
	Number int
	Cells  []Cell
}

// Survey is what one pass over a sheet tells.
type Survey struct {
	Rows          int // with any text
	LastRow       int // the number of the last of them
	Columns       int // up to the last that has any text
	HiddenRows    int // of Rows
	HiddenColumns int // of Columns
	Formulas      int // cells
	Troubled      int // cells that have a Trouble
	Merges        []Range
	Head          []SurveyedRow // the first rows with text
}

// Survey reads a sheet to its end and keeps the first head rows. Errors as of Rows.
func (b *Book) Survey(ctx context.Context, sheet string, head int) (Survey, error) {
	rows, err := b.Rows(ctx, sheet)
	if err != nil {
		return Survey{}, err
	}
	defer rows.Close() //nolint:errcheck // read only
	var s Survey
	for {
		cells, err := rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Survey{}, err
		}
		s.add(rows, cells, head)
	}
	if s.Merges, err = readMerges(rows.scan, b.limits.Merges); err != nil {
		return Survey{}, rows.located(err)
	}
	for _, c := range rows.hiddenColumns {
		s.HiddenColumns += max(0, min(c.LastColumn, s.Columns-1)-c.FirstColumn+1)
	}
	return s, nil
}

func (s *Survey) add(rows *Rows, cells []Cell, head int) {
	width := 0
	for i, c := range cells {
		if c.Formula {
			s.Formulas++
		}
		if c.Trouble != NoTrouble {
			s.Troubled++
		}
		if c.Trouble != NoTrouble || strings.TrimSpace(c.Text) != "" {
			width = i + 1
		}
	}
	if width == 0 {
		return
	}
	s.Rows++
	s.LastRow = rows.Number()
	s.Columns = max(s.Columns, width)
	if rows.Hidden() {
		s.HiddenRows++
	}
	if len(s.Head) < head {
		s.Head = append(s.Head, SurveyedRow{Number: rows.Number(), Cells: append([]Cell(nil), cells[:width]...)})
	}
}

// Merges gives the merged ranges of a sheet, which stand behind its rows, without
// reading the rows.
func (b *Book) Merges(ctx context.Context, sheet string) ([]Range, error) {
	s, err := b.sheet(sheet)
	if err != nil {
		return nil, err
	}
	e := b.zip.Find(s.part)
	if e == nil {
		return nil, nil
	}
	r, err := b.zip.Open(e)
	if err != nil {
		return nil, wrap(err)
	}
	defer r.Close() //nolint:errcheck // read only
	rest, err := seek(ctx, r, "mergeCells")
	if rest == nil || err != nil {
		return nil, wrap(err)
	}
	merges, err := readMerges(xmltok.Fragment(rest), b.limits.Merges)
	return merges, wrap(err)
}

// seek finds the start tag of that name and gives what is from it on; nil if there is
// none.
func seek(ctx context.Context, r io.Reader, name string) (io.Reader, error) {
	const window = 256 << 10
	b := bufio.NewReaderSize(r, window)
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		head, err := b.Peek(window)
		if at := tagAt(head, name); at >= 0 {
			_, err := b.Discard(at)
			return b, err
		}
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		const overlap = 64 // a tag cut by the window, with its prefix
		if _, err := b.Discard(len(head) - overlap); err != nil {
			return nil, err
		}
	}
}

// tagAt is the place of the < of a start tag, whatever its prefix; -1 if there is none.
func tagAt(head []byte, name string) int {
	from := 0
	for {
		i := bytes.Index(head[from:], []byte(name))
		if i < 0 {
			return -1
		}
		i += from
		open := bytes.LastIndexByte(head[max(0, i-32):i], '<')
		if open >= 0 {
			open += max(0, i-32)
			if prefix := head[open+1 : i]; len(prefix) == 0 || prefix[len(prefix)-1] == ':' && !bytes.ContainsAny(prefix, " />\"'") {
				return open
			}
		}
		from = i + len(name)
	}
}

// readMerges reads mergeCell elements up to the end of the text.
func readMerges(s *xmltok.Scanner, most int) ([]Range, error) {
	var all []Range
	for {
		kind, err := s.Next()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if kind == xmltok.End && string(s.Name()) == "mergeCells" {
			return all, nil
		}
		if kind != xmltok.Start || string(s.Name()) != "mergeCell" {
			continue
		}
		if r, ok := parseRange(s.AttrString("ref")); ok {
			all = append(all, r)
		}
		if len(all) > most {
			return nil, &Error{ZH: fmt.Sprintf("合并单元格超过 %d 处", most), EN: fmt.Sprintf("more than %d ranges are merged", most)}
		}
	}
}

// parseRange reads B2:D7.
func parseRange(ref string) (Range, bool) {
	from, to, ok := strings.Cut(ref, ":")
	if !ok {
		return Range{}, false
	}
	c1, r1, ok1 := parseCell(from)
	c2, r2, ok2 := parseCell(to)
	return Range{FirstRow: r1, LastRow: r2, FirstColumn: c1, LastColumn: c2}, ok1 && ok2 && r1 <= r2 && c1 <= c2
}

// parseCell reads B2 as column 1, row 2.
func parseCell(ref string) (column, row int, ok bool) {
	ref = strings.ReplaceAll(ref, "$", "")
	digits := strings.IndexAny(ref, "0123456789")
	if digits <= 0 {
		return 0, 0, false
	}
	row, err := strconv.Atoi(ref[digits:])
	column = columnOf([]byte(ref))
	return column, row, err == nil && row >= 1 && row <= 1<<20 && column >= 0 && column < 1<<14
}

// CellName is how a person finds a cell: column 1, row 2 is B2.
func CellName(column, row int) string { return ColumnName(column) + strconv.Itoa(row) }

// ColumnName is the letters over a column: A for 0.
func ColumnName(column int) string {
	var b [8]byte
	i := len(b)
	for n := column + 1; n > 0 && i > 0; n = (n - 1) / 26 {
		i--
		b[i] = byte('A' + (n-1)%26)
	}
	return string(b[i:])
}
