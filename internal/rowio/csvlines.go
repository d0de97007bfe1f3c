package rowio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// csv looks at a delimited text: its encoding over the whole, the delimiter and heads by
// its first records, and how many records there are.
func (s *sniffer) csv() (Format, error) {
	text, found, err := openDetected(s.ctx, s.path, "")
	if err != nil {
		return Format{}, s.named(err)
	}
	defer text.Close() //nolint:errcheck // read only
	f := Format{Kind: KindCSV, Encoding: found.name, Marked: found.marked, RowsAreAll: true}
	head, comma, err := s.delimiter(text)
	if err != nil {
		return Format{}, err
	}
	if f.Delimiter = string(rune(comma)); comma == '\t' {
		f.Kind = KindTSV
	}
	t, err := s.records(newDelimited(io.MultiReader(strings.NewReader(head), text), comma, s.limits.CellBytes), &f)
	if err != nil {
		return Format{}, err
	}
	f.Tables = []Table{t}
	if found.name == encodingGB18030 {
		f.note("文字编码是 GB18030（GBK），已转换", "the text is in GB18030 (GBK) and was converted")
	}
	return f, nil
}

// delimiter reads the beginning of the text and chooses among comma, semicolon, tab and
// bar the one that cuts its records into the most columns most evenly.
func (s *sniffer) delimiter(r io.Reader) (head string, comma byte, err error) {
	buf := make([]byte, 256<<10)
	n, err := io.ReadFull(r, buf)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return "", 0, fmt.Errorf("read %s: %w", s.name, err)
	}
	head = string(buf[:n])
	if binary(head) {
		return "", 0, s.fail(nil, "这不是文本文件，也不是可以读取的表格或地图格式", "it is neither text nor a table or map format that can be read")
	}
	comma, best := byte(','), 0.0
	for _, c := range []byte{',', '\t', ';', '|'} {
		if score := evenness(head, c, s.limits.CellBytes); score > best {
			comma, best = c, score
		}
	}
	return head, comma, nil
}

// binary reports a text that has a zero, or so many control characters and characters
// that stand for nothing as only a file has that is none.
func binary(head string) bool {
	odd := 0
	for _, r := range head {
		switch {
		case r == 0:
			return true
		case r < 0x20 && r != '\t' && r != '\r' && r != '\n' && r != 0x1e, r == utf8.RuneError, r >= 0xe000 && r <= 0xf8ff:
			odd++
		}
	}
	return odd > 8 && odd*20 > utf8.RuneCountInString(head)
}

// evenness scores a delimiter: the usual number of delimiters in a record, weighed by
// the share of records that have that number.
func evenness(head string, comma byte, mostCell int) float64 {
	d := newDelimited(strings.NewReader(head), comma, mostCell)
	counts := map[int]int{}
	total := 0
	for range 200 {
		record, _, err := d.read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || blank(record) {
			continue
		}
		counts[len(record)-1]++
		total++
	}
	best := 0.0
	for n, times := range counts {
		best = max(best, float64(n)*float64(times)/float64(total))
	}
	return best
}

// records finds the heads and counts what follows.
func (s *sniffer) records(d *delimited, f *Format) (Table, error) {
	var grid []gridRow
	t := Table{}
	ragged := 0
	for n := 0; ; n++ {
		if n%4096 == 0 && s.ctx.Err() != nil {
			return Table{}, s.ctx.Err()
		}
		record, line, err := d.read()
		if errors.Is(err, io.EOF) {
			break
		}
		if errors.Is(err, errQuote) || errors.Is(err, errLongRecord) {
			ragged++
			continue
		}
		if err != nil {
			return Table{}, fmt.Errorf("read %s: %w", s.name, err)
		}
		if blank(record) {
			continue
		}
		if t.Rows++; t.Rows > s.limits.Rows {
			return Table{}, s.fail(nil, fmt.Sprintf("行数超过 %d", s.limits.Rows), fmt.Sprintf("there are more than %d rows", s.limits.Rows))
		}
		if len(grid) < headOfTable {
			grid = append(grid, gridRow{number: line, cells: cleanAll(record)})
		}
	}
	if len(grid) == 0 && ragged > 0 {
		return Table{}, s.fail(nil, "没有可以读取的行：每一行都过长，或引号没有配对", "there is no row that can be read: each is too long or has a quote that is not closed")
	}
	if len(grid) == 0 {
		return Table{}, s.fail(nil, "文件中没有内容", "there is nothing in the file")
	}
	if ragged > 0 {
		f.note("有 %d 行的引号没有配对，会逐一列出", "%d rows have a quote that is not closed; each will be listed", ragged)
	}
	t, twice := t.withHeads(grid)
	f.noteTwice(twice)
	if len(t.Columns) > s.limits.Columns {
		return Table{}, s.fail(nil, fmt.Sprintf("列数超过 %d", s.limits.Columns), fmt.Sprintf("there are more than %d columns", s.limits.Columns))
	}
	return t, nil
}

func (t Table) withHeads(grid []gridRow) (_ Table, twice []string) {
	h := guessHeader(grid, nil)
	width := usualWidth(grid, h)
	if h.at < 0 {
		t.Columns, twice = unique(make([]string, width))
		return t, twice
	}
	t.HeaderRow, t.HeaderRows = grid[h.at].number, h.rows
	t.Rows -= h.at + h.rows
	t.Columns, twice = unique(heads(grid[h.at:h.at+h.rows], max(width, 1), nil))
	return t, twice
}

// noteTwice tells of headings that several columns have.
func (f *Format) noteTwice(heads []string) {
	for _, head := range heads[:min(len(heads), 5)] {
		f.note("有几列都叫“%s”，后面的已加上序号", "several columns are called %q; the later ones are numbered", clip(head))
	}
}

// usualWidth is that of the heads, or more if at least half of the rows below have more:
// a single one that is wider has a delimiter that was not quoted.
func usualWidth(grid []gridRow, h header) int {
	width := 0
	if h.at >= 0 {
		for _, row := range grid[h.at : h.at+h.rows] {
			width = max(width, trimmedWidth(row.cells))
		}
		grid = grid[h.at+h.rows:]
	}
	widths := make([]int, len(grid))
	for i, row := range grid {
		widths[i] = trimmedWidth(row.cells)
	}
	slices.Sort(widths)
	switch {
	case len(widths) == 0:
	case h.at < 0:
		width = widths[len(widths)-1]
	default:
		width = max(width, widths[len(widths)/2])
	}
	return width
}

// trimmedWidth is how many columns a record has without blank ones at its end.
func trimmedWidth(record []string) int {
	n := len(record)
	for n > 0 && strings.TrimSpace(record[n-1]) == "" {
		n--
	}
	return n
}

func cleanAll(record []string) []string {
	for i, c := range record {
		record[i] = clean(Unguarded(c))
	}
	return record
}

// csvLines reads the records of a delimited text.
type csvLines struct {
	table
	text   *textFile
	d      *delimited
	count  int
	faults int
}

func openText2(ctx context.Context, path string, f Format, t Table, o Options) (Lines, error) {
	encoding, delimiter := f.Encoding, f.Delimiter
	if o.Encoding != "" {
		encoding = o.Encoding
	}
	if o.Delimiter != "" {
		delimiter = o.Delimiter
	}
	if len(delimiter) != 1 || delimiter[0] == '"' || delimiter[0] == '\n' || delimiter[0] == '\r' {
		return nil, fileError(path, nil, "分隔符应为一个字符", "the delimiter has to be one character")
	}
	text, _, err := openDetected(ctx, path, encoding)
	if err != nil {
		return nil, err
	}
	l := &csvLines{table: table{ctx: ctx, name: filepath.Base(path), info: t, limits: o.Limits}, text: text}
	l.d = newDelimited(text, delimiter[0], o.Limits.CellBytes)
	changed := o.Delimiter != "" && o.Delimiter != f.Delimiter || o.Encoding != "" && o.Encoding != f.Encoding
	if err := l.open(t, changed); err != nil {
		return nil, errors.Join(err, text.Close())
	}
	return l, nil
}

// open reads up to the end of the heads.
func (l *csvLines) open(t Table, changed bool) error {
	if t.HeaderRow <= 0 {
		l.columns = t.Columns
		return nil
	}
	var top []gridRow
	width := 0
	for len(top) < t.HeaderRows {
		record, line, err := l.d.read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, errQuote) && !errors.Is(err, errLongRecord) {
			return fmt.Errorf("read %s: %w", l.name, err)
		}
		if line >= t.HeaderRow && !blank(record) {
			top = append(top, gridRow{number: line, cells: cleanAll(record)})
			width = max(width, trimmedWidth(record))
		}
	}
	if len(top) == 0 {
		return fileError(l.name, nil, "所选的表头行没有内容", "there is nothing in the row that was chosen for the heads")
	}
	if !changed {
		width = max(width, len(t.Columns))
	}
	l.setHeads(top, min(width, l.limits.Columns), nil)
	return nil
}

// Next reads the next record that has text.
func (l *csvLines) Next() (Line, error) {
	for !l.ended {
		if l.count++; l.count%1024 == 0 && l.ctx.Err() != nil {
			return Line{}, l.ctx.Err()
		}
		record, number, err := l.d.read()
		switch {
		case errors.Is(err, io.EOF):
			l.ended = true
			return Line{}, io.EOF
		case errors.Is(err, errQuote), errors.Is(err, errLongRecord):
			return Line{}, l.bad(number, err)
		case err != nil:
			l.ended = true
			return Line{}, fmt.Errorf("read %s: %w", l.name, err)
		}
		if blank(record) {
			continue
		}
		line, bad := l.line(number, record)
		if bad != nil {
			return Line{}, bad
		}
		if !l.passOver(line) {
			return line, nil
		}
	}
	return Line{}, io.EOF
}

// line brings a record to the width of the heads. A shorter one has blanks at its end,
// as spreadsheets write it; a longer one has lost its order.
func (l *csvLines) line(number int, record []string) (Line, error) {
	width := trimmedWidth(record)
	if width > len(l.columns) {
		e := &RowError{
			File: l.name, Row: number, Value: clip(strings.Join(record[len(l.columns):width], l.delimiter())),
			ReasonZH: fmt.Sprintf("这一行有 %d 列，表头有 %d 列；值中若含分隔符，须用引号括起", width, len(l.columns)),
			ReasonEN: fmt.Sprintf("the row has %d columns, the heads %d; a value with the delimiter in it has to be quoted", width, len(l.columns)),
		}
		return Line{}, l.counted(e)
	}
	cells := make([]string, len(l.columns))
	copy(cells, record)
	for i, c := range cells {
		if len(c) > l.limits.CellBytes {
			return Line{}, l.counted(&RowError{
				File: l.name, Row: number, Column: l.columns[i], Value: clip(c[:80]),
				ReasonZH: fmt.Sprintf("单元格的文字超过 %d 字节", l.limits.CellBytes), ReasonEN: fmt.Sprintf("the text of the cell has more than %d bytes", l.limits.CellBytes),
			})
		}
	}
	return Line{Number: number, Cells: cleanAll(cells)}, nil
}

func (l *csvLines) delimiter() string { return string(rune(l.d.comma)) }

func (l *csvLines) bad(number int, err error) error {
	e := &RowError{File: l.name, Row: number, Err: err}
	e.ReasonZH, e.ReasonEN = "引号没有配对；值中的引号须写两遍，整个值用引号括起", "a quote is not closed; a quote inside of a value has to be doubled, and the value quoted"
	if errors.Is(err, errLongRecord) {
		e.ReasonZH, e.ReasonEN = "这一行过长，不像表格中的一行", "the row is too long to be one of a table"
	}
	return l.counted(e)
}

// counted ends the reading of a file that is nothing but faults.
func (l *csvLines) counted(e *RowError) error {
	if l.faults++; l.faults > l.limits.RowFaults {
		l.ended = true
		e.Fatal = true
		e.ReasonZH, e.ReasonEN = "出错的行太多，停止读取；"+e.ReasonZH, "too many rows have faults, reading stops; "+e.ReasonEN
	}
	return e
}

// Close ends the reading.
func (l *csvLines) Close() error { return l.text.Close() }
