package pdf

// laidRow is a row whose lines are broken and whose height is known.
type laidRow struct {
	cells  []laidCell
	height float64
}

type laidCell struct {
	Cell
	column, span int
	rows         int
	lines        []string
	style        Style
}

// lay breaks a row's texts into lines. Cells past the last column are left out, and
// missing ones are empty.
func (s *setter) lay(row Row) laidRow {
	laid := laidRow{height: max(row.Least, s.style.line()+2*cellY)}
	column := 0
	for _, cell := range row.Cells {
		if column >= len(s.table.Columns) {
			break
		}
		cell.Bold = cell.Bold || row.Bold
		if cell.Fill.Pattern == Empty {
			cell.Fill = row.Fill
		}
		c := s.layCell(cell, column, s.table.Columns[column].Align)
		laid.cells = append(laid.cells, c)
		laid.height = max(laid.height, s.heightOf(c))
		column += c.span
	}
	if column < len(s.table.Columns) && (row.Fill.Pattern != Empty || s.table.Frame) {
		for ; column < len(s.table.Columns); column++ {
			laid.cells = append(laid.cells, s.layCell(Cell{Fill: row.Fill}, column, Left))
		}
	}
	return laid
}

func (s *setter) layCell(cell Cell, column int, align Align) laidCell {
	c := laidCell{Cell: cell, column: column, span: min(max(cell.Span, 1), len(s.table.Columns)-column), rows: max(cell.Rows, 1)}
	c.style = s.style
	c.style.Bold, c.style.Color, c.style.Align = cell.Bold, cell.Color, cell.Align
	if c.style.Align == Natural {
		c.style.Align = align
	}
	c.lines = s.doc.faces.wrap(clean(cell.Text), c.style.size(), c.style.Bold, max(s.width(c)-2*cellX, 1))
	return c
}

func (s *setter) width(c laidCell) float64 { return s.edges[c.column+c.span] - s.edges[c.column] }

func (s *setter) heightOf(c laidCell) float64 {
	return float64(len(c.lines))*c.style.line() + 2*cellY
}

// layHead lays the rows of the head; a cell may reach over several columns and rows.
func (s *setter) layHead() []laidRow {
	head := s.table.Head
	if head == nil {
		var row []Cell
		for _, c := range s.table.Columns {
			row = append(row, Cell{Text: c.Title, Align: c.Align})
		}
		head = [][]Cell{row}
	}
	taken := make([][]bool, len(head))
	for i := range taken {
		taken[i] = make([]bool, len(s.table.Columns))
	}
	rows := make([]laidRow, len(head))
	for i, cells := range head {
		rows[i].height = s.style.line() + 2*cellY
		column := 0
		for _, cell := range cells {
			for column < len(taken[i]) && taken[i][column] {
				column++
			}
			if column == len(taken[i]) {
				break
			}
			cell.Bold = true
			c := s.layCell(cell, column, Centre)
			c.rows = min(c.rows, len(head)-i)
			for down := range c.rows {
				for right := range c.span {
					taken[i+down][column+right] = true
				}
			}
			rows[i].cells = append(rows[i].cells, c)
			if c.rows == 1 {
				rows[i].height = max(rows[i].height, s.heightOf(c))
			}
		}
	}
	s.stretch(rows)
	return rows
}

// stretch makes the last row under a cell that reaches over several rows high enough for it.
func (s *setter) stretch(rows []laidRow) {
	for i := range rows {
		for _, c := range rows[i].cells {
			sum := 0.0
			for down := range c.rows {
				sum += rows[i+down].height
			}
			if want := s.heightOf(c); want > sum {
				rows[i+c.rows-1].height += want - sum
			}
		}
	}
}

func (s *setter) drawHead() {
	y := s.doc.y
	for i, row := range s.head {
		for _, c := range row.cells {
			height := 0.0
			for down := range c.rows {
				height += s.head[i+down].height
			}
			box := Box{X: s.doc.margin + s.edges[c.column], Y: y, W: s.width(c), H: height}
			if c.Fill.Pattern == Empty {
				c.Fill = Fill{Pattern: Tint, Color: Black()}
			}
			s.doc.page.Rect(box, c.Fill, Stroke{Width: 0.4, Color: Grey()})
			s.text(c, box, true)
		}
		y += row.height
	}
	s.doc.y = y
	s.rule(Stroke{Width: 0.8, Color: Black()})
}

func (s *setter) drawRow(row laidRow) {
	for _, c := range row.cells {
		box := Box{X: s.doc.margin + s.edges[c.column], Y: s.doc.y, W: s.width(c), H: row.height}
		frame := Stroke{}
		if s.table.Frame {
			frame = Stroke{Width: 0.4, Color: Grey()}
		}
		s.doc.page.Rect(box, c.Fill, frame)
		s.text(c, box, false)
		if c.Link != "" {
			s.doc.page.Link(box, c.Link)
		}
	}
	s.doc.y += row.height
	s.rule(Stroke{Width: 0.3, Color: Grey()})
}

// rule draws a line over the whole table at the flow's place.
func (s *setter) rule(stroke Stroke) {
	x := s.doc.margin
	s.doc.page.Line(x, s.doc.y, x+s.edges[len(s.edges)-1], s.doc.y, stroke)
}

// text sets a cell's lines; on a hatch each has a white ground, or it could not be read.
func (s *setter) text(c laidCell, box Box, middle bool) {
	y := box.Y + cellY
	if middle {
		y = box.Y + max((box.H-float64(len(c.lines))*c.style.line())/2, 0)
	}
	x, width := box.X+cellX, max(box.W-2*cellX, 1)
	if c.Fill.Pattern >= Hatch {
		s.ground(c, x, y, width)
	}
	s.doc.page.lines(x, y, width, c.lines, c.style)
}

func (s *setter) ground(c laidCell, x, y, width float64) {
	for i, line := range c.lines {
		w := s.doc.faces.width(line, c.style.size(), c.style.Bold)
		if w == 0 {
			continue
		}
		at := x
		switch c.style.Align {
		case Centre:
			at += max((width-w)/2, 0)
		case Right:
			at += max(width-w, 0)
		}
		s.doc.page.Rect(Box{X: at - 1, Y: y + float64(i)*c.style.line() + 1, W: w + 2, H: c.style.line() - 2}, Fill{Pattern: Plain, Color: White()}, Stroke{})
	}
}

// split divides a row into what fits on the page at hand and what does not. It is not ok
// if no line fits or all do.
func (row laidRow) split(s *setter) (first, rest laidRow, ok bool) {
	b := s.doc.Body()
	room := b.Y + b.H - s.doc.y - 2*cellY
	if !s.here() {
		room -= s.tall
	}
	n := max(int(room/s.style.line()), 0)
	for _, c := range row.cells {
		k := min(n, len(c.lines))
		a, z := c, c
		a.lines, z.lines = c.lines[:k], c.lines[k:]
		first.cells, rest.cells = append(first.cells, a), append(rest.cells, z)
		first.height, rest.height = max(first.height, s.heightOf(a)), max(rest.height, s.heightOf(z))
		ok = ok || k > 0 && k < len(c.lines)
	}
	return first, rest, ok
}
