package rowio

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"yike/internal/xlsx"
)

// gridRow is a row of the top of a table.
type gridRow struct {
	number int
	cells  []string
}

// header says where the heads stand: the index of their first row in the grid, -1 for
// none, and how many rows they take.
type header struct{ at, rows int }

// guessHeader looks for the row of heads below titles. It is the first that fills most
// of the table's width with short texts, each different, none of them a number; heads
// over heads, as merged cells make them, take more than one row.
func guessHeader(grid []gridRow, merges []xlsx.Range) header {
	width := 0
	for _, row := range grid {
		width = max(width, filled(row.cells))
	}
	const titles = 20 // rows that may stand above
	for i, row := range grid[:min(len(grid), titles)] {
		if likeHeads(row.cells, width) {
			return header{at: i, rows: headRows(grid, i, merges)}
		}
	}
	return header{at: -1}
}

// likeHeads is strict enough that a row of data rarely passes: data have numbers, or
// texts that repeat.
func likeHeads(cells []string, width int) bool {
	n, texts := 0, 0
	seen := map[string]bool{}
	for _, c := range cells {
		c = CleanHead(c)
		if c == "" {
			continue
		}
		n++
		seen[c] = true
		if !numeral(c) && utf8.RuneCountInString(c) <= 40 {
			texts++
		}
	}
	switch {
	case n == 0 || n == 1 && width > 1:
		return false
	case n*10 < width*6:
		return false
	}
	return texts == n && len(seen)*2 >= n
}

// headRows counts the rows of heads from row i on.
func headRows(grid []gridRow, i int, merges []xlsx.Range) int {
	const most = 3
	rows, number := 1, grid[i].number
	side := false // a head over several columns: something stands below it
	for _, m := range merges {
		if m.FirstRow == number && m.LastRow > m.FirstRow {
			rows = max(rows, m.LastRow-m.FirstRow+1)
		}
		side = side || m.FirstRow == number && m.LastRow == number && m.LastColumn > m.FirstColumn
	}
	if rows == 1 && (side || gaps(grid[i].cells)) && i+1 < len(grid) && below(grid[i].cells, grid[i+1].cells) {
		rows = 2
	}
	rows = min(rows, most, len(grid)-i)
	if n := i + rows; n < len(grid) && isIndexRow(grid[n].cells) {
		rows++
	}
	return rows
}

// gaps reports a blank between heads.
func gaps(cells []string) bool {
	last := len(cells)
	for last > 0 && CleanHead(cells[last-1]) == "" {
		last--
	}
	return slices.ContainsFunc(cells[:last], func(c string) bool { return CleanHead(c) == "" }) || last < len(cells)
}

// below reports whether the lower row has heads for the blanks of the upper, and only
// for some of its columns.
func below(upper, lower []string) bool {
	n := 0
	for i, c := range lower {
		c = CleanHead(c)
		if c == "" {
			continue
		}
		if numeral(c) || utf8.RuneCountInString(c) > 40 {
			return false
		}
		n++
		if i >= len(upper) || CleanHead(upper[i]) == "" {
			continue
		}
		// A head above: it has to be one that spans to the right.
		if i+1 < len(upper) && CleanHead(upper[i+1]) != "" {
			return false
		}
	}
	return n >= 2 && n < filled(upper)+n && n < max(len(upper), len(lower))
}

// heads makes the names of the columns from the rows of heads: texts one over the other
// are joined by a slash, a head over several columns stands for each.
func heads(rows []gridRow, width int, merges []xlsx.Range) []string {
	names := make([]string, width)
	for level, row := range rows {
		if level > 0 && isIndexRow(row.cells) {
			continue
		}
		left := ""
		for i := range width {
			text := ""
			if i < len(row.cells) {
				text = CleanHead(row.cells[i])
			}
			if text == "" && len(rows) > 1 && spans(rows, level, i, left) && !covered(merges, row.number, i) {
				text = left
			} else if text == "" {
				text = mergedText(rows, merges, row.number, i)
			}
			left = text
			names[i] = joinHead(names[i], text)
		}
	}
	return names
}

// spans reports whether the head to the left also stands over column i: nothing is over
// it and something is below.
func spans(rows []gridRow, level, i int, left string) bool {
	if left == "" || level == len(rows)-1 {
		return false
	}
	for _, row := range rows[level+1:] {
		if i < len(row.cells) && CleanHead(row.cells[i]) != "" && !isIndexRow(row.cells) {
			return true
		}
	}
	return false
}

func covered(merges []xlsx.Range, row, column int) bool {
	return slices.ContainsFunc(merges, func(m xlsx.Range) bool {
		return row >= m.FirstRow && row <= m.LastRow && column >= m.FirstColumn && column <= m.LastColumn
	})
}

// mergedText is the text of the block that a cell belongs to, if that lies in the row.
func mergedText(rows []gridRow, merges []xlsx.Range, row, column int) string {
	for _, m := range merges {
		if m.FirstRow != row || column < m.FirstColumn || column > m.LastColumn {
			continue
		}
		for _, r := range rows {
			if r.number == row && m.FirstColumn < len(r.cells) {
				return CleanHead(r.cells[m.FirstColumn])
			}
		}
	}
	return ""
}

func joinHead(above, text string) string {
	switch {
	case above == "" || above == text:
		return text
	case text == "":
		return above
	}
	return above + "/" + text
}

// unique gives every column a name of its own: one without is named after its letter, a
// second of the same name is numbered. It tells of what it had to change.
func unique(names []string) (out []string, twice []string) {
	out = make([]string, len(names))
	seen := map[string]bool{}
	for i, name := range names {
		if name == "" {
			name = "#" + xlsx.ColumnName(i)
		}
		base := name
		for n := 2; seen[name]; n++ {
			if n == 2 && !slices.Contains(twice, base) {
				twice = append(twice, base)
			}
			name = base + " (" + strconv.Itoa(n) + ")"
		}
		seen[name] = true
		out[i] = name
	}
	return out, twice
}

// CleanHead is a head without what is only decoration: line breaks, doubled blanks, and
// the marks of a column that has to be filled in.
func CleanHead(s string) string {
	s = strings.Join(strings.FieldsFunc(clean(s), func(r rune) bool { return unicode.IsSpace(r) }), " ")
	for _, mark := range []string{"*", "＊", "（必填）", "(必填)", "(required)", "（required）"} {
		s = strings.TrimSpace(strings.TrimPrefix(strings.TrimSuffix(s, mark), mark))
	}
	const most = 200
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most])
	}
	return s
}

func filled(cells []string) int {
	n := 0
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// numeral reports a number, a percentage or a day.
func numeral(s string) bool {
	s = strings.TrimSuffix(strings.TrimSpace(s), "%")
	if _, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64); err == nil {
		return true
	}
	return len(s) >= 8 && strings.Trim(s, "0123456789-/.: ") == ""
}

// isIndexRow reports the row of column numbers that statistical tables have below their
// heads: 1 2 3 …, or 甲 乙 1 2 ….
func isIndexRow(cells []string) bool {
	const stems = "甲乙丙丁戊己庚辛壬癸"
	n, next, seen := 0, 1, 0
	for _, c := range cells {
		c = strings.Trim(strings.TrimSpace(c), "（）()①")
		switch {
		case c == "":
			continue
		case next == 1 && n < 10 && c == string([]rune(stems)[n]):
			n++
		case c == strconv.Itoa(next):
			next++
		default:
			return false
		}
		seen++
	}
	return seen >= 3
}
