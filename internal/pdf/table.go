package pdf

import (
	"cmp"
	"iter"
)

// Table is a table's columns and head. It runs over as many pages as it needs and repeats
// its head on each.
type Table struct {
	Columns []Column
	Head    [][]Cell // rows of the head with merged cells; nil makes one row of the columns' titles
	Size    float64  // of the type in points; 0 is 9
	Empty   string   // what stands instead of rows when there are none
	Frame   bool     // lines around all cells, as forms to fill in have; else only between rows
}

// Column is one column of a table.
type Column struct {
	Title  string
	Width  float64 // points; 0 shares what is left by Weight
	Weight float64 // 0 is 1
	Align  Align   // of the cells; figures stand at the right
}

// Cell is one cell of a row.
type Cell struct {
	Text  string
	Span  int // columns that it covers; 0 is 1
	Rows  int // rows of the head that it covers; 0 is 1; not used in the body
	Align Align
	Bold  bool
	Color Color
	Fill  Fill   // drawn behind the text, which keeps a white ground on a hatch
	Link  string // where the cell leads
}

// Row is a row of the body.
type Row struct {
	Cells []Cell
	Bold  bool    // for subtotals
	Fill  Fill    // of cells that have none of their own
	Keep  bool    // not the last on a page: a heading of the rows that follow
	Least float64 // height at least, for rows that are filled in by hand
}

// Texts makes a row of plain texts.
func Texts(texts ...string) Row {
	cells := make([]Cell, len(texts))
	for i, t := range texts {
		cells[i].Text = t
	}
	return Row{Cells: cells}
}

// Table sets a table into the flow and returns how many rows it had. A row is not broken
// over two pages unless it is higher than a page.
func (d *Document) Table(t Table, rows iter.Seq[Row]) int {
	if len(t.Columns) == 0 {
		return 0
	}
	s := d.newSetter(t)
	n := 0
	var waiting []laidRow // headings that must not stand alone, and the row after them
	for row := range rows {
		n++
		waiting = append(waiting, s.lay(row))
		if !row.Keep {
			s.place(waiting)
			waiting = nil
		}
	}
	s.place(waiting)
	if n == 0 {
		s.place([]laidRow{s.lay(Row{Cells: []Cell{{Text: t.Empty, Span: len(t.Columns), Align: Left, Color: Grey()}}})})
	}
	s.end()
	return n
}

const (
	cellX = 1.2 * MM
	cellY = 0.9 * MM
)

// setter sets one table.
type setter struct {
	doc    *Document
	table  Table
	style  Style
	edges  []float64 // of the columns, from the left edge of the first
	head   []laidRow
	tall   float64 // the head
	opened bool    // the head stands on this page
	page   *Canvas
}

func (d *Document) newSetter(t Table) *setter {
	s := &setter{doc: d, table: t, style: Style{Size: cmp.Or(max(t.Size, 0), 9), Lead: 1.4}}
	s.edges = columnEdges(t.Columns, d.Body().W)
	s.head = s.layHead()
	for _, row := range s.head {
		s.tall += row.height
	}
	return s
}

// columnEdges shares the width among the columns: first those with a width of their own,
// made narrower where they want more than there is, then the others by weight.
func columnEdges(columns []Column, width float64) []float64 {
	const narrowest = 6 * MM
	fixed, weights, free := 0.0, 0.0, 0
	for _, c := range columns {
		if c.Width > 0 {
			fixed += c.Width
		} else {
			free++
			weights += weight(c)
		}
	}
	spare := width - fixed
	scale := 1.0
	if least := narrowest * float64(free); spare < least || free == 0 && fixed > width {
		least = min(least, width/2)
		scale, spare = min((width-least)/max(fixed, 1), 1), least
		if fixed*scale+spare < width {
			spare = width - fixed*scale
		}
	}
	edges := make([]float64, 1, len(columns)+1)
	for i, c := range columns {
		w := c.Width * scale
		if c.Width <= 0 {
			w = spare * weight(c) / weights
		}
		edges = append(edges, edges[i]+w)
	}
	return edges
}

func weight(c Column) float64 {
	if c.Weight > 0 {
		return c.Weight
	}
	return 1
}

// place draws rows that belong together, on the next page if they do not fit on this one.
func (s *setter) place(rows []laidRow) {
	if len(rows) == 0 {
		return
	}
	height := 0.0
	for _, row := range rows {
		height += row.height
	}
	if !s.fits(height) && !s.alone() {
		s.begin()
	}
	for _, row := range rows {
		s.placeRow(row)
	}
}

// placeRow draws a row where it fits, on a page of its own if need be, and divided if it
// is higher than that.
func (s *setter) placeRow(row laidRow) {
	for !s.fits(row.height) {
		if !s.alone() {
			s.begin()
			continue
		}
		first, rest, ok := row.split(s)
		if !ok {
			break // not one line fits under the head: it is cut at the page's end
		}
		s.draw(first)
		s.begin()
		row = rest
	}
	s.draw(row)
}

// fits tells whether so much still fits on the page at hand, with the head if it is not there yet.
func (s *setter) fits(height float64) bool {
	b := s.doc.Body()
	if !s.here() {
		height += s.tall
	}
	return s.doc.y+height <= b.Y+b.H+0.01
}

// here tells whether the head stands on the page at hand.
func (s *setter) here() bool { return s.opened && s.page == s.doc.page }

// alone tells whether nothing but the head stands on the page at hand.
func (s *setter) alone() bool {
	at := s.doc.Body().Y
	if s.here() {
		at += s.tall
	}
	return s.doc.y <= at+0.01
}

// begin ends the table on this page and goes on with its head on the next.
func (s *setter) begin() {
	s.doc.Page()
	s.opened = false
}

// draw draws a row at the flow's place, under the head.
func (s *setter) draw(row laidRow) {
	if !s.here() {
		s.doc.canvas()
		s.opened, s.page = true, s.doc.page
		s.drawHead()
	}
	s.drawRow(row)
}

func (s *setter) end() { s.doc.Space(3 * MM) }
