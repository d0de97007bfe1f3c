package xlsx

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// TemplateColumn is a column that people fill in.
type TemplateColumn struct {
	Code     string // by which the field is known when the sheet comes back
	Head     string
	Kind     string // text, phone, hours, integer, number, year, day, boolean, choice, choices
	Required bool
	Choices  []string // of choice and choices, as a person reads them
	Unit     string
	Hint     string // what to write, a sentence
	Min, Max *float64
	Example  string // as it is to be written
}

// TemplateSpec says what a template is for.
type TemplateSpec struct {
	Type    string // a code, found again by Book.ReadTemplateMark
	Title   string // what it is called, such as 老年食堂
	Columns []TemplateColumn
	Guide   []string // sentences on top of the sheet that explains
	English bool     // sheets, advice and messages are in English; in Chinese else
}

// templateRows is how far drop-downs and checks reach down.
const templateRows = 5000

// listSheet is the hidden sheet with the values of the drop-downs.
const listSheet = "_yike_lists"

// WriteTemplate writes a workbook to be filled in: heads with a mark where a value is
// required, drop-downs and checks, an example that an import passes over as long as it
// is untouched, a sheet that explains, and hidden sheets from which the columns are
// known again.
func WriteTemplate(to io.Writer, t TemplateSpec) error {
	w := NewWriter()
	defer w.Close() //nolint:errcheck // nothing temporary was made
	if err := w.template(t); err != nil {
		return fmt.Errorf("write the template %s: %w", t.Type, err)
	}
	_, err := w.WriteTo(to)
	return err
}

func (w *Writer) template(t TemplateSpec) error {
	steps := []func(TemplateSpec) error{w.fillIn, w.guide, w.lists, w.checks, w.mark}
	for _, name := range []string{t.words().fill, t.words().guide, listSheet, markSheet} {
		if _, err := w.addSheet(name); err != nil {
			return err
		}
	}
	for _, step := range steps {
		if err := step(t); err != nil {
			return err
		}
	}
	if err := w.file.SetSheetVisible(listSheet, false, true); err != nil {
		return err
	}
	return w.file.SetSheetVisible(markSheet, false, true)
}

// head is the head of a column with its unit and its mark.
func (w *templateWords) head(c TemplateColumn) string {
	head := c.Head
	if c.Unit != "" {
		head += w.open + c.Unit + w.close
	}
	if c.Required {
		head += " *"
	}
	return head
}

func (w *Writer) fillIn(t TemplateSpec) error {
	f, words := w.file, t.words()
	for i, c := range t.Columns {
		key := styleKey{head: 1}
		if c.Required {
			key.head = 4
		}
		column := ColumnName(i)
		if err := f.SetColWidth(words.fill, column, column, min(36, max(12, 2*float64(len([]rune(words.head(c))))+2))); err != nil {
			return err
		}
		style, err := w.style(styleKey{kind: c.cellKind()})
		if err != nil {
			return err
		}
		if err := f.SetColStyle(words.fill, column, style); err != nil {
			return err
		}
		if err := w.set(words.fill, i, 1, words.head(c), key); err != nil {
			return err
		}
		if err := w.example(words.fill, i, c); err != nil {
			return err
		}
	}
	last := len(t.Columns)
	if err := w.set(words.fill, last, 1, words.remark, styleKey{head: 1}); err != nil {
		return err
	}
	if err := w.set(words.fill, last, 2, words.tip, styleKey{tone: Muted}); err != nil {
		return err
	}
	if err := f.SetColWidth(words.fill, ColumnName(last), ColumnName(last), 40); err != nil {
		return err
	}
	return f.SetPanes(words.fill, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// example writes an example as what it is, so that it looks as typed.
func (w *Writer) example(sheet string, i int, c TemplateColumn) error {
	var value any = safeText(c.Example)
	if v, err := strconv.ParseFloat(c.Example, 64); err == nil && c.cellKind() == Number {
		value = v
	} else if c.cellKind() == Date {
		value, _ = dayValue(Day(c.Example))
	}
	style, err := w.style(styleKey{kind: c.cellKind(), tone: Muted})
	if err != nil {
		return err
	}
	cell := CellName(i, 2)
	if err := w.file.SetCellStyle(sheet, cell, cell, style); err != nil {
		return err
	}
	return w.file.SetCellValue(sheet, cell, value)
}

// cellKind is how Excel is to treat what is typed into the column. Everything but
// numbers and days stays text, so that 001 keeps its zeros.
func (c TemplateColumn) cellKind() Kind {
	switch c.Kind {
	case "integer", "number":
		return Number
	case "day":
		return Date
	}
	return Text
}

func (w *Writer) set(sheet string, column, row int, text string, key styleKey) error {
	style, err := w.style(key)
	if err != nil {
		return err
	}
	cell := CellName(column, row)
	if err := w.file.SetCellStyle(sheet, cell, cell, style); err != nil {
		return err
	}
	return w.file.SetCellStr(sheet, cell, safeText(text))
}

func (w *Writer) guide(t TemplateSpec) error {
	words := t.words()
	rows := [][]string{{t.Title + words.title}}
	for _, g := range t.Guide {
		rows = append(rows, []string{g})
	}
	rows = append(rows, nil, words.guideHeads)
	heads := len(rows)
	for _, c := range t.Columns {
		required := words.optional
		if c.Required {
			required = words.required
		}
		rows = append(rows, []string{c.Head, required, words.advice(c), strings.Join(words.values(c), words.comma), c.Example})
	}
	for i, row := range rows {
		for j, text := range row {
			key := styleKey{}
			switch {
			case i == 0:
				key.head = 2
			case i < heads-1:
				key.head = 3
			case i == heads-1:
				key.head = 1
			}
			if err := w.set(words.guide, j, i+1, text, key); err != nil {
				return err
			}
		}
	}
	for i, width := range []float64{26, 10, 60, 50, 30} {
		if err := w.file.SetColWidth(words.guide, ColumnName(i), ColumnName(i), width); err != nil {
			return err
		}
	}
	return nil
}

func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// lists writes the values of the drop-downs, a column for each.
func (w *Writer) lists(t TemplateSpec) error {
	for i, c := range t.Columns {
		for j, v := range t.words().values(c) {
			if err := w.file.SetCellStr(listSheet, CellName(i, j+1), safeText(v)); err != nil {
				return err
			}
		}
	}
	return nil
}

// checks adds a drop-down, a check and a hint to each column that has one.
func (w *Writer) checks(t TemplateSpec) error {
	words := t.words()
	for i, c := range t.Columns {
		dv := excelize.NewDataValidation(true)
		name := ColumnName(i)
		dv.Sqref = fmt.Sprintf("%s2:%s%d", name, name, templateRows)
		if advice := words.advice(c); advice != "" {
			dv.SetInput(cut(c.Head, 32), cut(advice, 250))
		}
		wrong, err := words.check(c, dv, i)
		if err != nil {
			return err
		}
		if wrong != "" {
			dv.SetError(excelize.DataValidationErrorStyleStop, cut(c.Head, 32), cut(wrong, 220))
		}
		if dv.Type == "" && dv.Prompt == nil {
			continue
		}
		if err := w.file.AddDataValidation(words.fill, dv); err != nil {
			return err
		}
	}
	return nil
}

// check says what may stand in a column, and what to tell whoever writes something else.
func (w *templateWords) check(c TemplateColumn, dv *excelize.DataValidation, i int) (wrong string, err error) {
	low, high := -1e15, 1e15
	if c.Min != nil {
		low = *c.Min
	}
	if c.Max != nil {
		high = *c.Max
	}
	switch {
	case (c.Kind == "choice" || c.Kind == "boolean") && len(w.values(c)) > 0:
		name := ColumnName(i)
		dv.SetSqrefDropList(fmt.Sprintf("%s!$%s$1:$%s$%d", listSheet, name, name, len(w.values(c))))
		return w.pick, nil
	case c.Kind == "day":
		const first, last = 1, 2958465 // 1900-01-01, 9999-12-31
		return w.write + w.day, dv.SetRange(first, last, excelize.DataValidationTypeDate, excelize.DataValidationOperatorBetween)
	case c.Kind == "integer":
		return w.write + w.whole + w.between(c), dv.SetRange(low, high, excelize.DataValidationTypeWhole, excelize.DataValidationOperatorBetween)
	case c.Kind == "number":
		return w.write + w.number + w.between(c), dv.SetRange(low, high, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorBetween)
	}
	return "", nil
}

// mark writes the hidden sheet that ReadTemplateMark reads.
func (w *Writer) mark(t TemplateSpec) error {
	words := t.words()
	example := []string{"example"}
	rows := [][]string{{"type", t.Type}, {"sheet", words.fill}, {"header_row", "1"}, {"example_row", "2"}}
	for _, c := range t.Columns {
		head := strings.TrimSuffix(words.head(c), " *")
		if slices.ContainsFunc(rows, func(r []string) bool { return r[0] == "column" && r[1] == head }) {
			return fmt.Errorf("two columns have the head %q", head)
		}
		rows = append(rows, []string{"column", head, c.Code})
		example = append(example, safeText(c.Example))
	}
	example = append(example, words.tip)
	rows = append(rows, []string{"column", words.remark, ""}, example)
	for i, row := range rows {
		for j, text := range row {
			if err := w.file.SetCellStr(markSheet, CellName(j, i+1), text); err != nil {
				return err
			}
		}
	}
	return nil
}
