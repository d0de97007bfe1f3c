package rowio

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"yike/internal/xlsx"
)

// headOfTable is how many rows are looked at to find the heads.
const headOfTable = 60

// workbook looks at every sheet.
func (s *sniffer) workbook(r io.ReaderAt, size int64) (Format, error) {
	b, err := xlsx.Open(r, size, s.limits.xlsx())
	if err != nil {
		return Format{}, workbookFault(s.name, err)
	}
	f := Format{Kind: KindXLSX, RowsAreAll: true, Table: -1}
	if f.Template, err = b.ReadTemplateMark(s.ctx); err != nil {
		return Format{}, workbookFault(s.name, err)
	}
	best := 0
	for _, sheet := range b.Sheets() {
		survey, err := b.Survey(s.ctx, sheet.Name, headOfTable)
		if err != nil {
			return Format{}, workbookFault(s.name, err)
		}
		t, twice := tableOf(sheet, survey, f.Template)
		if f.Template != nil && sheet.Hidden {
			continue
		}
		f.Tables = append(f.Tables, t)
		// The sheet that is shown and has the most cells is the one that is meant.
		if weight := (t.Rows + 1) * len(t.Columns); !sheet.Hidden && (weight > best || f.Table < 0) {
			f.Table, best = len(f.Tables)-1, weight
		}
		if f.Template != nil && sheet.Name == f.Template.Sheet {
			f.Table, best = len(f.Tables)-1, 1<<62
		}
		f.noteSheet(sheet, survey)
		f.noteTwice(twice)
	}
	if f.Table = max(f.Table, 0); len(f.Tables) == 0 || !slices.ContainsFunc(f.Tables, func(t Table) bool { return len(t.Columns) > 0 }) {
		return Format{}, s.fail(nil, "工作簿中没有内容", "there is nothing in the workbook")
	}
	return f, nil
}

// tableOf finds the heads of a sheet.
func tableOf(sheet xlsx.Sheet, survey xlsx.Survey, mark *Template) (t Table, twice []string) {
	grid := make([]gridRow, len(survey.Head))
	for i, row := range survey.Head {
		grid[i] = gridRow{number: row.Number, cells: textsOf(row.Cells)}
	}
	h := guessHeader(grid, survey.Merges)
	if mark != nil && mark.Sheet == sheet.Name {
		if i := slices.IndexFunc(grid, func(r gridRow) bool { return r.number == mark.HeaderRow }); i >= 0 {
			h = header{at: i, rows: 1}
		}
	}
	t = Table{Name: sheet.Name, Hidden: sheet.Hidden, Rows: survey.Rows, HiddenRows: survey.HiddenRows}
	if h.at < 0 {
		t.Columns, twice = unique(make([]string, survey.Columns))
		return t, twice
	}
	t.HeaderRow, t.HeaderRows = grid[h.at].number, h.rows
	t.Rows -= h.at + h.rows
	t.Columns, twice = unique(heads(grid[h.at:h.at+h.rows], survey.Columns, survey.Merges))
	return t, twice
}

func textsOf(cells []xlsx.Cell) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = clean(c.Text)
	}
	return out
}

func (f *Format) noteSheet(sheet xlsx.Sheet, s xlsx.Survey) {
	if sheet.Hidden && s.Rows > 0 {
		f.note("工作表“%s”是隐藏的", "the sheet %q is hidden", clip(sheet.Name))
	}
	if s.HiddenRows > 0 {
		f.note("工作表“%s”有 %d 行被隐藏或筛选掉，读取时仍包含在内", "%[2]d rows of the sheet %[1]q are hidden or filtered out; they are read all the same", clip(sheet.Name), s.HiddenRows)
	}
	if s.HiddenColumns > 0 {
		f.note("工作表“%s”有 %d 列被隐藏，读取时仍包含在内", "%[2]d columns of the sheet %[1]q are hidden; they are read all the same", clip(sheet.Name), s.HiddenColumns)
	}
	if s.Formulas > 0 {
		f.note("工作表“%s”有 %d 个公式，读取的是保存时的结果", "%[2]d cells of the sheet %[1]q are formulas; what is read is the result saved with them", clip(sheet.Name), s.Formulas)
	}
	if s.Troubled > 0 {
		f.note("工作表“%s”有 %d 个单元格的值有问题（如 #REF!），会逐一列出", "%[2]d cells of the sheet %[1]q have values with a fault (such as #REF!); each will be listed", clip(sheet.Name), s.Troubled)
	}
}

// sheetLines reads the rows of a sheet.
type sheetLines struct {
	table
	file  *os.File
	book  *xlsx.Book
	rows  *xlsx.Rows
	fills *fills
}

func openSheet(ctx context.Context, path string, f Format, t Table, o Options) (Lines, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fileError(path, err, "文件无法打开", "the file cannot be opened")
	}
	l := &sheetLines{table: table{ctx: ctx, name: filepath.Base(path), info: t, limits: o.Limits}, file: file}
	if f.Template != nil && f.Template.Sheet == t.Name {
		l.example, l.exampleRow = f.Template.Example, f.Template.ExampleRow
	}
	if err := l.open(t); err != nil {
		return nil, errors.Join(workbookOr(l.name, err), l.Close())
	}
	return l, nil
}

// workbookOr leaves a *RowError as it is.
func workbookOr(name string, err error) error {
	var e *RowError
	if errors.As(err, &e) || err == nil {
		return err
	}
	return workbookFault(name, err)
}

func (l *sheetLines) open(t Table) error {
	info, err := l.file.Stat()
	if err != nil {
		return err
	}
	if l.book, err = xlsx.Open(l.file, info.Size(), l.limits.xlsx()); err != nil {
		return err
	}
	merges, err := l.book.Merges(l.ctx, t.Name)
	if err != nil {
		return err
	}
	if l.rows, err = l.book.Rows(l.ctx, t.Name); err != nil {
		return err
	}
	l.fills = newFills(merges, t.HeaderRow+t.HeaderRows)
	if t.HeaderRow <= 0 {
		l.columns = t.Columns
		return nil
	}
	var top []gridRow
	width := 0
	for len(top) < t.HeaderRows {
		cells, err := l.rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		texts := textsOf(cells)
		if n := l.rows.Number(); n >= t.HeaderRow && n < t.HeaderRow+10 && filled(texts) > 0 {
			top = append(top, gridRow{number: n, cells: texts})
			width = max(width, len(texts))
		} else if n >= t.HeaderRow+10 {
			break
		}
	}
	if len(top) == 0 {
		return fileError(l.name, nil, "所选的表头行没有内容", "there is nothing in the row that was chosen for the heads")
	}
	l.setHeads(top, max(width, len(t.Columns)), merges)
	return nil
}

// Next reads the next row that has text.
func (l *sheetLines) Next() (Line, error) {
	for !l.ended {
		cells, err := l.rows.Next()
		if err != nil {
			l.ended = true
			if errors.Is(err, io.EOF) || l.ctx.Err() != nil {
				return Line{}, err
			}
			return Line{}, workbookFault(l.name, err)
		}
		number := l.rows.Number()
		if !slices.ContainsFunc(cells, func(c xlsx.Cell) bool { return c.Trouble != xlsx.NoTrouble || strings.TrimSpace(c.Text) != "" }) {
			continue
		}
		l.fills.apply(number, &cells)
		line := Line{Number: number, Hidden: l.rows.Hidden(), Cells: make([]string, len(l.columns))}
		for i, c := range cells {
			if i >= len(l.columns) {
				break
			}
			line.Cells[i] = clean(c.Text)
			if c.Trouble != xlsx.NoTrouble {
				line.Faults = append(line.Faults, l.trouble(number, i, c))
			}
		}
		if l.passOver(line) {
			continue
		}
		return line, nil
	}
	return Line{}, io.EOF
}

func (l *sheetLines) trouble(row, column int, c xlsx.Cell) *RowError {
	e := &RowError{File: l.name, Row: row, Column: l.columns[column], Value: clip(c.Text)}
	switch c.Trouble {
	case xlsx.ErrorValue:
		e.ReasonZH, e.ReasonEN = "单元格是公式错误，请改正公式或填入值", "the cell is an error of a formula; correct the formula or put the value in"
	case xlsx.NoStoredResult:
		e.ReasonZH, e.ReasonEN = "公式的结果没有保存，请用 Excel 或 WPS 打开后再保存一次", "the result of the formula was not saved; open the file in Excel or WPS and save it once more"
	case xlsx.LostDigits:
		e.ReasonZH, e.ReasonEN = "超过 15 位的数字，Excel 已把末尾的数字变成 0；请将该列设为文本格式后重新填写", "a number of more than 15 digits: Excel has turned the last ones into 0; make the column text and type it again"
	case xlsx.UnknownShared:
		e.ReasonZH, e.ReasonEN = "单元格的内容缺失，工作簿可能已损坏", "the content of the cell is missing; the workbook may be damaged"
	default:
		e.ReasonZH, e.ReasonEN = "单元格的数值无效", "the number in the cell is not one"
	}
	return e
}

// Close ends the reading.
func (l *sheetLines) Close() error {
	var err error
	if l.rows != nil {
		err = l.rows.Close()
	}
	return errors.Join(err, l.file.Close())
}

// fills carries the text of a block that is merged over several rows down to each of
// them, as a person reads it.
type fills struct {
	byRow  map[int][]xlsx.Range // by first row
	active []fill
}

type fill struct {
	last, column int
	cell         xlsx.Cell
}

func newFills(merges []xlsx.Range, from int) *fills {
	f := &fills{byRow: map[int][]xlsx.Range{}}
	for _, m := range merges {
		if m.LastRow > m.FirstRow && m.FirstRow >= from {
			f.byRow[m.FirstRow] = append(f.byRow[m.FirstRow], m)
		}
	}
	return f
}

func (f *fills) apply(row int, cells *[]xlsx.Cell) {
	f.active = slices.DeleteFunc(f.active, func(a fill) bool { return a.last < row })
	for _, a := range f.active {
		for len(*cells) <= a.column {
			*cells = append(*cells, xlsx.Cell{})
		}
		if c := &(*cells)[a.column]; c.Text == "" && c.Trouble == xlsx.NoTrouble {
			*c = a.cell
		}
	}
	for _, m := range f.byRow[row] {
		if m.FirstColumn < len(*cells) && (*cells)[m.FirstColumn].Text != "" {
			f.active = append(f.active, fill{last: m.LastRow, column: m.FirstColumn, cell: (*cells)[m.FirstColumn]})
		}
	}
}
