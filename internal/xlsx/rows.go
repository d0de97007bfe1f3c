package xlsx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"yike/internal/xmltok"
)

// Trouble is what a cell's text does not tell.
type Trouble uint8

// What may be the matter with a cell.
const (
	NoTrouble       Trouble = iota
	ErrorValue              // the text is an error of Excel's, such as #REF!
	NoStoredResult          // a formula whose result the program that wrote it did not store
	LostDigits              // a number of more than 15 digits: Excel has lost the last ones
	UnknownShared           // the cell refers to a text that the workbook does not have
	ImpossibleValue         // a number that is none
)

// Cell is what stands in one place of a sheet.
type Cell struct {
	Text    string // as it is meant: days as 2026-11-27, percent with %, numbers in all their digits
	Formula bool   // the text is the stored result of a formula
	Trouble Trouble
}

// Rows reads a sheet row by row.
type Rows struct {
	book    *Book
	sheet   Sheet
	ctx     context.Context //nolint:containedctx // it lives within the call that opened it
	closer  io.Closer
	scan    *xmltok.Scanner
	cells   []Cell
	number  int
	hidden  bool
	count   int
	scratch []byte
	ended   bool

	hiddenColumns []Range
}

// Rows opens a sheet for reading. Errors are *Error, or that of ctx.
func (b *Book) Rows(ctx context.Context, sheet string) (*Rows, error) {
	s, err := b.sheet(sheet)
	if err != nil {
		return nil, err
	}
	e := b.zip.Find(s.part)
	if e == nil {
		return nil, &Error{Sheet: s.Name, ZH: "工作表的内容缺失", EN: "the content of the sheet is missing"}
	}
	r, err := b.zip.Open(e)
	if err != nil {
		return nil, wrap(err)
	}
	return &Rows{book: b, sheet: s, ctx: ctx, closer: r, scan: xmltok.New(r)}, nil
}

// Number is the row's number as Excel shows it.
func (r *Rows) Number() int { return r.number }

// Hidden reports whether the row is hidden or filtered out.
func (r *Rows) Hidden() bool { return r.hidden }

// Close ends the reading.
func (r *Rows) Close() error { return r.closer.Close() }

// Next gives the cells of the next row that the sheet stores, blank ones included: the
// first stands for column A. They are valid until the next call. The end is io.EOF.
// After an error there is nothing more to read.
func (r *Rows) Next() ([]Cell, error) {
	if r.ended {
		return nil, io.EOF
	}
	cells, err := r.next()
	if err != nil {
		r.ended = true
		if !errors.Is(err, io.EOF) && r.ctx.Err() == nil {
			return nil, r.located(err)
		}
	}
	return cells, err
}

func (r *Rows) located(err error) error {
	var e *Error
	if !errors.As(wrap(err), &e) {
		return err
	}
	at := *e
	at.Sheet, at.Row = r.sheet.Name, r.number
	return &at
}

func (r *Rows) next() ([]Cell, error) {
	for {
		kind, err := r.scan.Next()
		if err != nil {
			return nil, err // a whole document without the end of its rows is io.EOF too
		}
		switch {
		case kind == xmltok.Start && string(r.scan.Name()) == "row":
			return r.row()
		case kind == xmltok.Start && string(r.scan.Name()) == "col":
			r.column()
		case kind == xmltok.End && string(r.scan.Name()) == "sheetData":
			return nil, io.EOF
		}
	}
}

// column notes a col element whose columns are hidden.
func (r *Rows) column() {
	v, _ := r.scan.Attr("hidden")
	if string(v) != "1" && string(v) != "true" {
		return
	}
	first, err1 := strconv.Atoi(r.scan.AttrString("min"))
	last, err2 := strconv.Atoi(r.scan.AttrString("max"))
	if err1 == nil && err2 == nil && first >= 1 && last >= first && len(r.hiddenColumns) < 1024 {
		r.hiddenColumns = append(r.hiddenColumns, Range{FirstColumn: first - 1, LastColumn: min(last, 1<<14) - 1})
	}
}

func (r *Rows) row() ([]Cell, error) {
	if r.count++; r.count > r.book.limits.Rows {
		return nil, &Error{ZH: fmt.Sprintf("行数超过 %d", r.book.limits.Rows), EN: fmt.Sprintf("there are more than %d rows", r.book.limits.Rows)}
	}
	if r.count%256 == 0 {
		if err := r.ctx.Err(); err != nil {
			return nil, err
		}
	}
	number := r.number + 1
	if v, ok := r.scan.Attr("r"); ok {
		n, err := strconv.Atoi(string(v))
		if err != nil || n < number || n > 1<<24 {
			return nil, &Error{ZH: "行号混乱，工作簿已损坏", EN: "the numbers of the rows are out of order; the workbook is damaged"}
		}
		number = n
	}
	r.number = number
	v, _ := r.scan.Attr("hidden")
	r.hidden = string(v) == "1" || string(v) == "true"
	r.cells = r.cells[:0]
	for {
		kind, err := r.scan.Next()
		if err != nil {
			return nil, unexpected(err)
		}
		switch {
		case kind == xmltok.End && string(r.scan.Name()) == "row":
			return r.cells, nil
		case kind == xmltok.Start && string(r.scan.Name()) == "c":
			if err := r.cell(); err != nil {
				return nil, err
			}
		}
	}
}

// cell reads one c element to its end.
func (r *Rows) cell() error {
	column := len(r.cells)
	var kind byte
	style := 0
	r.scan.EachAttr(func(name, value []byte) {
		switch string(name) {
		case "r":
			if c := columnOf(value); c >= 0 {
				column = c
			}
		case "t":
			kind = cellKind(value)
		case "s":
			style, _ = strconv.Atoi(string(value))
		}
	})
	if column >= r.book.limits.Columns {
		return &Error{ZH: fmt.Sprintf("列数超过 %d", r.book.limits.Columns), EN: fmt.Sprintf("there are more than %d columns", r.book.limits.Columns)}
	}
	if column < len(r.cells) {
		return &Error{ZH: "单元格次序混乱，工作簿已损坏", EN: "the cells are out of order; the workbook is damaged"}
	}
	for len(r.cells) <= column {
		r.cells = append(r.cells, Cell{})
	}
	raw, has, err := r.content()
	if err != nil {
		return err
	}
	r.cells[column].Formula = has.formula
	if has.formula && !has.value {
		r.cells[column].Trouble = NoStoredResult
	}
	return r.fill(&r.cells[column], kind, style, raw)
}

// cellKind is one letter for the t of a cell.
func cellKind(t []byte) byte {
	switch string(t) {
	case "inlineStr":
		return 'i'
	case "str":
		return 'f'
	case "s", "b", "e", "d":
		return t[0]
	}
	return 'n'
}

// columnOf reads the letters of AB12: 0 for A, -1 if there are none.
func columnOf(ref []byte) int {
	n := 0
	for i, c := range ref {
		switch {
		case c >= 'A' && c <= 'Z':
			n = n*26 + int(c-'A') + 1
		case c >= 'a' && c <= 'z':
			n = n*26 + int(c-'a') + 1
		default:
			if i == 0 {
				return -1
			}
			return n - 1
		}
		if n > 1<<20 {
			return 1 << 20
		}
	}
	return n - 1
}

// has is which elements a cell has.
type has struct{ formula, value bool }

// content reads to the end of the c element: its value or inline text.
func (r *Rows) content() (raw []byte, h has, err error) {
	r.scratch = r.scratch[:0]
	depth := r.scan.Depth()
	inValue := false
	for {
		kind, err := r.scan.Next()
		if err != nil {
			return nil, h, unexpected(err)
		}
		switch kind {
		case xmltok.Start:
			inValue = false
			switch string(r.scan.Name()) {
			case "v":
				inValue, h.value = true, true
			case "f":
				h.formula = true
			case "is":
				if r.scratch, err = appendText(r.scratch, r.scan, r.book.limits.CellBytes); err != nil {
					return nil, h, err
				}
			}
		case xmltok.End:
			inValue = false
			if r.scan.Depth() < depth {
				return r.scratch, h, nil
			}
		case xmltok.Text:
			if inValue {
				if r.scratch = append(r.scratch, r.scan.Text()...); len(r.scratch) > r.book.limits.CellBytes {
					return nil, h, cellTooLong(r.book.limits.CellBytes)
				}
			}
		}
	}
}

// fill makes the cell of what was read.
func (r *Rows) fill(c *Cell, kind byte, style int, raw []byte) error {
	switch {
	case len(raw) == 0:
	case kind == 's':
		i, err := strconv.Atoi(string(raw))
		if err != nil {
			i = -1
		}
		text, ok, err := r.book.sharedString(i)
		if err != nil {
			return err
		}
		if c.Text = text; !ok {
			c.Trouble = UnknownShared
		}
	case kind == 'i' || kind == 'f':
		c.Text = string(tidy(raw, 0))
	case kind == 'b':
		c.Text = "FALSE"
		if raw[0] == '1' || raw[0] == 't' {
			c.Text = "TRUE"
		}
	case kind == 'e':
		c.Text, c.Trouble = string(raw), ErrorValue
	case kind == 'd':
		c.Text = isoText(string(raw))
	default:
		r.numberCell(c, style, string(raw))
	}
	return nil
}

func (r *Rows) numberCell(c *Cell, style int, raw string) {
	v, err := strconv.ParseFloat(raw, 64)
	if err != nil || v != v || v > 1e308 || v < -1e308 {
		c.Text, c.Trouble = clip(raw), ImpossibleValue
		return
	}
	var format numberFormat
	if style >= 0 && style < len(r.book.formats) {
		format = r.book.formats[style]
	}
	text, exact := format.shown(v, raw, r.book.date1904)
	if c.Text = text; !exact {
		c.Trouble = LostDigits
	}
}

// isoText shortens 2026-11-27T00:00:00Z as the days of other cells are written.
func isoText(raw string) string {
	const day, minute = len("2026-11-27"), len("2026-11-27T08:30")
	if len(raw) < minute || raw[day] != 'T' {
		return raw
	}
	clock := raw[day+1 : minute]
	if rest := raw[minute:]; len(rest) >= 3 && rest[:3] != ":00" {
		clock += rest[:3]
	}
	if clock == "00:00" {
		return raw[:day]
	}
	return raw[:day] + " " + clock
}
