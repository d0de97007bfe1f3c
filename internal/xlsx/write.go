package xlsx

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Kind says how a column's values are shown and aligned.
type Kind uint8

// The kinds of column.
const (
	Text    Kind = iota // stays text when a person edits it: =1+1 never becomes a formula
	Integer             // with thousands apart
	Number              // all its digits
	Decimal             // two places
	Percent             // the value 0.455 is shown as 45.5%
	Date                // values are Day
)

// Day is a day such as 2026-11-27, stored as a date of Excel's; "" leaves the cell blank.
type Day string

// Tone is how a cell or row stands out. Each is told by more than its colour.
type Tone uint8

// The tones.
const (
	Plain  Tone = iota
	Strong      // bold: subtotals
	Muted       // grey: remarks, examples
	Warn        // ochre ground
	Bad         // red ground, bold
)

// Toned is a value that stands out.
type Toned struct {
	Value any
	Tone  Tone
}

// Column is a column of a table.
type Column struct {
	Head  string
	Group string // a head over this and its neighbours of the same group; "" for none
	Kind  Kind
	Width float64 // in characters; 0 takes one that fits the head
}

// TableSpec says how a table looks.
type TableSpec struct {
	Name      string   // of the sheet; what Excel does not allow in it is left out
	Title     string   // in large letters over the table; "" for none
	Notes     []string // below the title, one row each: source, date, unit
	Columns   []Column
	Freeze    int  // columns that stay in sight, besides the heads
	Landscape bool // on paper
	A3        bool // on paper; else A4
	NoFilter  bool // leaves the filter buttons of the heads out
}

// Writer makes a workbook of tables, one sheet each. It holds what does not fit into a
// few MiB in a temporary file. It is not safe for concurrent use.
type Writer struct {
	file   *excelize.File
	styles map[styleKey]int
	sheets int
	open   *TableWriter
}

type styleKey struct {
	kind Kind
	tone Tone
	head uint8 // 1 head, 2 title, 3 note, 4 required head
}

// NewWriter makes an empty workbook.
func NewWriter() *Writer {
	f := excelize.NewFile()
	_ = f.SetDefaultFont(fontName) // fails for no font at all only
	return &Writer{file: f, styles: map[styleKey]int{}}
}

const fontName = "微软雅黑"

// TableWriter takes the rows of one sheet.
type TableWriter struct {
	w     *Writer
	spec  TableSpec
	sheet string
	sw    *excelize.StreamWriter
	row   int // the last written
	head  int // row of the lowest heads
}

// Table begins a sheet; the one before is finished by it.
func (w *Writer) Table(spec TableSpec) (*TableWriter, error) {
	if err := w.finish(); err != nil {
		return nil, err
	}
	name, err := w.addSheet(spec.Name)
	if err != nil {
		return nil, err
	}
	sw, err := w.file.NewStreamWriter(name)
	if err != nil {
		return nil, fmt.Errorf("begin the sheet %s: %w", name, err)
	}
	t := &TableWriter{w: w, spec: spec, sheet: name, sw: sw}
	if err := t.begin(); err != nil {
		return nil, fmt.Errorf("begin the sheet %s: %w", name, err)
	}
	w.open = t
	return t, nil
}

// addSheet makes a sheet of a name that Excel takes and no other sheet has.
func (w *Writer) addSheet(name string) (string, error) {
	base := SheetName(name)
	name = base
	for n := 2; w.taken(name); n++ {
		suffix := fmt.Sprintf(" (%d)", n)
		name = cut(base, longestSheetName-len(suffix)) + suffix
	}
	w.sheets++
	if w.sheets == 1 {
		return name, w.file.SetSheetName("Sheet1", name)
	}
	_, err := w.file.NewSheet(name)
	return name, err
}

func (w *Writer) taken(name string) bool {
	if w.sheets == 0 {
		return false
	}
	i, err := w.file.GetSheetIndex(name)
	return err == nil && i >= 0
}

const longestSheetName = 31

// SheetName makes a name that Excel takes for a sheet: at most 31 characters, none of
// : \ / ? * [ ], no apostrophe at either end.
func SheetName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) || r < 0x20 || r == utf8.RuneError {
			return ' '
		}
		return r
	}, name)
	name = strings.Trim(cut(strings.TrimSpace(name), longestSheetName), "' ")
	if name == "" {
		return "Sheet1"
	}
	return name
}

// cut keeps so many characters, counted as Excel does: those beyond the first plane as two.
func cut(s string, most int) string {
	n := 0
	for i, r := range s {
		if n++; r > 0xffff {
			n++
		}
		if n > most {
			return s[:i]
		}
	}
	return s
}

func (t *TableWriter) begin() error {
	for i, c := range t.spec.Columns {
		width := c.Width
		if width == 0 {
			width = min(40, max(9, 2*float64(utf8.RuneCountInString(c.Head))+3))
		}
		if err := t.sw.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	// The frozen part has to be told before the first row.
	t.head = len(t.spec.Notes) + 1
	if t.spec.Title != "" {
		t.head++
	}
	if t.grouped() {
		t.head++
	}
	corner, err := excelize.CoordinatesToCellName(t.spec.Freeze+1, t.head+1)
	if err != nil {
		return err
	}
	pane := "bottomLeft"
	if t.spec.Freeze > 0 {
		pane = "bottomRight"
	}
	if err := t.sw.SetPanes(&excelize.Panes{Freeze: true, XSplit: t.spec.Freeze, YSplit: t.head, TopLeftCell: corner, ActivePane: pane}); err != nil {
		return err
	}
	if err := t.page(); err != nil {
		return err
	}
	return t.heads()
}

func (t *TableWriter) grouped() bool {
	for _, c := range t.spec.Columns {
		if c.Group != "" {
			return true
		}
	}
	return false
}

// page sets up the print: all columns on one page's width, heads on each page, page x of y.
func (t *TableWriter) page() error {
	paper, orientation, wide, high := 9, "portrait", 1, 0
	if t.spec.A3 {
		paper = 8
	}
	if t.spec.Landscape {
		orientation = "landscape"
	}
	f := t.w.file
	fit := true
	return errors.Join(
		f.SetPageLayout(t.sheet, &excelize.PageLayoutOptions{Size: &paper, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &high}),
		f.SetSheetProps(t.sheet, &excelize.SheetPropsOptions{FitToPage: &fit}),
		f.SetHeaderFooter(t.sheet, &excelize.HeaderFooterOptions{OddFooter: "&C第 &P 页　共 &N 页"}),
		f.SetDefinedName(&excelize.DefinedName{
			Name: "_xlnm.Print_Titles", Scope: t.sheet,
			RefersTo: fmt.Sprintf("'%s'!$%d:$%d", strings.ReplaceAll(t.sheet, "'", "''"), t.topHead(), t.head),
		}),
	)
}

func (t *TableWriter) topHead() int {
	if t.grouped() {
		return t.head - 1
	}
	return t.head
}

// heads writes everything above the rows.
func (t *TableWriter) heads() error {
	if t.spec.Title != "" {
		if err := t.wide(t.spec.Title, 2); err != nil {
			return err
		}
	}
	for _, n := range t.spec.Notes {
		if err := t.wide(n, 3); err != nil {
			return err
		}
	}
	style, err := t.w.style(styleKey{head: 1})
	if err != nil {
		return err
	}
	if t.grouped() {
		if err := t.groups(style); err != nil {
			return err
		}
	}
	cells := make([]any, len(t.spec.Columns))
	for i, c := range t.spec.Columns {
		cells[i] = excelize.Cell{StyleID: style, Value: safeText(c.Head)}
		if t.grouped() && c.Group == "" {
			cells[i] = excelize.Cell{StyleID: style}
		}
	}
	t.row++
	return t.sw.SetRow(fmt.Sprintf("A%d", t.row), cells)
}

// wide writes a row of one text over the whole table.
func (t *TableWriter) wide(text string, head uint8) error {
	style, err := t.w.style(styleKey{head: head})
	if err != nil {
		return err
	}
	t.row++
	return t.sw.SetRow(fmt.Sprintf("A%d", t.row), []any{excelize.Cell{StyleID: style, Value: safeText(text)}})
}

// groups writes the heads over heads; a head without a group takes both rows.
func (t *TableWriter) groups(style int) error {
	t.row++
	columns := t.spec.Columns
	cells := make([]any, len(columns))
	for i := 0; i < len(columns); {
		end := i + 1
		for end < len(columns) && columns[i].Group != "" && columns[end].Group == columns[i].Group {
			end++
		}
		text, lastRow := columns[i].Group, t.row
		if text == "" {
			text, lastRow = columns[i].Head, t.row+1
		}
		for j := i; j < end; j++ {
			cells[j] = excelize.Cell{StyleID: style}
		}
		cells[i] = excelize.Cell{StyleID: style, Value: safeText(text)}
		if end > i+1 || lastRow > t.row {
			if err := t.sw.MergeCell(CellName(i, t.row), CellName(end-1, lastRow)); err != nil {
				return err
			}
		}
		i = end
	}
	return t.sw.SetRow(fmt.Sprintf("A%d", t.row), cells)
}

// Row writes the values of one row: nil, string, int, int64, float64, bool, Day, a
// Formula, or a Toned one. Text is never a formula, whatever it begins with.
func (t *TableWriter) Row(values ...any) error { return t.TonedRow(Plain, values...) }

// TonedRow is Row for a row that stands out as a whole.
func (t *TableWriter) TonedRow(tone Tone, values ...any) error {
	if t.row >= excelize.TotalRows {
		return &Error{Sheet: t.sheet, ZH: "行数超过 Excel 的上限", EN: "there are more rows than Excel allows"}
	}
	cells := make([]any, len(values))
	for i, v := range values {
		cellTone := tone
		if toned, ok := v.(Toned); ok {
			v, cellTone = toned.Value, toned.Tone
		}
		kind := Text
		if i < len(t.spec.Columns) {
			kind = t.spec.Columns[i].Kind
		}
		cell, isText := cellOf(v)
		if isText {
			kind = Text
		}
		if cell.Value == nil && cell.Formula == "" && cellTone == Plain {
			continue
		}
		style, err := t.w.style(styleKey{kind: kind, tone: cellTone})
		if err != nil {
			return err
		}
		cell.StyleID = style
		cells[i] = cell
	}
	t.row++
	if err := t.sw.SetRow(fmt.Sprintf("A%d", t.row), cells); err != nil {
		return fmt.Errorf("write row %d of %s: %w", t.row, t.sheet, err)
	}
	return nil
}

// Rows is how many rows the sheet has so far, titles and heads included.
func (t *TableWriter) Rows() int { return t.row }

// cellValue makes what the library stores; isText says that it is text although the
// column may be of numbers.
func cellValue(v any) (value any, isText bool) {
	switch v := v.(type) {
	case nil:
		return nil, false
	case string:
		if v == "" {
			return nil, false
		}
		return safeText(v), true
	case Day:
		return dayValue(v)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, false
		}
		return v, false
	case bool:
		if v {
			return "是", true
		}
		return "否", true
	case int, int64:
		return v, false
	}
	return safeText(fmt.Sprint(v)), true
}

// dayValue is the serial number of a day; text that is no day stays text.
func dayValue(d Day) (value any, isText bool) {
	if d == "" {
		return nil, false
	}
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil || t.Year() < 1900 || t.Year() > 9999 {
		return safeText(string(d)), true
	}
	days := int(t.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
	if days < 61 {
		days-- // Excel counts a 29 February 1900 that never was
	}
	return days, false
}

// longestCell is how many characters Excel takes in a cell.
const longestCell = 32767

// safeText leaves out what XML or Excel cannot hold.
func safeText(s string) string {
	s = strings.ToValidUTF8(s, "�")
	if strings.ContainsRune(s, '\r') {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	s = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, s)
	return cut(s, longestCell)
}

// style makes each style once.
func (w *Writer) style(k styleKey) (int, error) {
	if id, ok := w.styles[k]; ok {
		return id, nil
	}
	id, err := w.file.NewStyle(k.excel())
	if err != nil {
		return 0, fmt.Errorf("make a cell style: %w", err)
	}
	w.styles[k] = id
	return id, nil
}

func (k styleKey) excel() *excelize.Style {
	font := &excelize.Font{Family: fontName, Size: 10}
	s := &excelize.Style{Font: font, Alignment: &excelize.Alignment{Vertical: "center"}}
	switch k.head {
	case 1, 4:
		font.Bold = true
		s.NumFmt = textFormat
		s.Fill = solid("E4EEEF")
		if k.head == 4 {
			font.Color = "FFFFFF"
			s.Fill = solid("1F6F78")
		}
		s.Alignment = &excelize.Alignment{Vertical: "center", Horizontal: "center", WrapText: true}
		s.Border = []excelize.Border{{Type: "bottom", Color: "9AA5A6", Style: 1}, {Type: "right", Color: "CBD2D3", Style: 1}}
		return s
	case 2:
		font.Size, font.Bold, s.NumFmt = 15, true, textFormat
		return s
	case 3:
		font.Color, s.NumFmt = "5B6566", textFormat
		return s
	}
	switch k.kind {
	case Text:
		s.NumFmt = textFormat
		s.Alignment.WrapText = true
	case Integer:
		s.NumFmt = 3
	case Decimal:
		s.NumFmt = 4
	case Percent:
		code := "0.0%"
		s.CustomNumFmt = &code
	case Date:
		code := "yyyy-mm-dd"
		s.CustomNumFmt = &code
	}
	switch k.tone {
	case Strong:
		font.Bold = true
	case Muted:
		font.Color, font.Italic = "7A8485", true
	case Warn:
		s.Fill = solid("FBEBCB")
	case Bad:
		font.Bold, font.Color = true, "9C0006"
		s.Fill = solid("FFC7CE")
	}
	return s
}

const textFormat = 49 // @: what is typed stays text

func solid(colour string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
}

func (w *Writer) finish() error {
	t := w.open
	if t == nil {
		return nil
	}
	w.open = nil
	if err := t.sw.Flush(); err != nil {
		return fmt.Errorf("finish the sheet %s: %w", t.sheet, err)
	}
	if t.spec.NoFilter || len(t.spec.Columns) == 0 || t.row <= t.head {
		return nil
	}
	area := CellName(0, t.head) + ":" + CellName(len(t.spec.Columns)-1, t.row)
	return w.file.AutoFilter(t.sheet, area, nil)
}

// WriteTo finishes the workbook and writes it. The Writer is then of no more use.
func (w *Writer) WriteTo(to io.Writer) (int64, error) {
	if err := w.finish(); err != nil {
		return 0, err
	}
	n, err := w.file.WriteTo(to)
	if err != nil {
		err = fmt.Errorf("write the workbook: %w", err)
	}
	return n, err
}

// Close removes temporary files. It is to be called whatever happened.
func (w *Writer) Close() error { return w.file.Close() }
