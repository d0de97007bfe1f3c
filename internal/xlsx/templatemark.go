package xlsx

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
)

// markSheet is the name of the hidden sheet by which a template of ours is known again.
const markSheet = "_yike"

// TemplateMark is what a template of ours says of itself, so that its columns need no
// guessing when it comes back filled in.
type TemplateMark struct {
	Type       string            `json:"type"`  // what the template is for, a code
	Sheet      string            `json:"sheet"` // where the rows are
	HeaderRow  int               `json:"header_row"`
	Columns    map[string]string `json:"columns"` // head → code
	ExampleRow int               `json:"example_row,omitempty"`
	Example    []string          `json:"example,omitempty"` // its cells as written; an untouched example is no data
}

// ReadTemplateMark looks for the mark of a template; nil if the workbook is none of ours.
func (b *Book) ReadTemplateMark(ctx context.Context) (*TemplateMark, error) {
	if !slices.ContainsFunc(b.sheets, func(s Sheet) bool { return s.Name == markSheet && s.Hidden }) {
		return nil, nil
	}
	rows, err := b.Rows(ctx, markSheet)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // read only
	m := &TemplateMark{Columns: map[string]string{}}
	for range b.limits.Columns + 100 {
		cells, err := rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		m.take(cells)
	}
	if m.Type == "" || m.Sheet == "" || len(m.Columns) == 0 {
		return nil, nil
	}
	return m, nil
}

func (m *TemplateMark) take(cells []Cell) {
	if len(cells) < 2 {
		return
	}
	key, value := cells[0].Text, cells[1].Text
	switch key {
	case "type":
		m.Type = value
	case "sheet":
		m.Sheet = value
	case "header_row":
		m.HeaderRow, _ = strconv.Atoi(value)
	case "example_row":
		m.ExampleRow, _ = strconv.Atoi(value)
	case "column":
		if len(cells) >= 3 {
			m.Columns[value] = cells[2].Text
		}
	case "example":
		for _, c := range cells[1:] {
			m.Example = append(m.Example, c.Text)
		}
	}
}
