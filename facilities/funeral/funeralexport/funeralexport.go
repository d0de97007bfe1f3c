// Package funeralexport writes the balance sheet of niches as files: a table of text, a
// workbook, and A3 paper. It must not know where the figures come from.
package funeralexport

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"yike/facilities/funeral"
	"yike/internal/pdf"
	"yike/internal/record"
	"yike/internal/xlsx"
)

// Sheet is what is written.
type Sheet struct {
	Balance   funeral.Balance
	Halls     map[string]funeral.Hall // every columbarium by id
	Divisions map[string]string       // names by code, in the language of the sheet
	Authority string
	Base      string // of the people, in words
	Made      record.Day
	English   bool
	Synthetic bool // the data are of no real place
}

func (s Sheet) say(zh, en string) string {
	if s.English {
		return en
	}
	return zh
}

// Title is the question that the sheet answers.
func (s Sheet) Title() string {
	return s.say("骨灰堂格位够用到哪一年", "Until when are there niches enough")
}

// notes say what the figures rest on.
func (s Sheet) notes() []string {
	a := s.Balance.Assumptions
	out := []string{
		fmt.Sprintf(s.say("人口口径：%s；年死亡率 %s‰，其中 %s%% 安放格位（公式见 DB34/T 4180-2022，读自转载文本）",
			"People: %s; mortality %s‰ a year, of which %s%% come to rest in niches (formula of DB34/T 4180-2022, read in a copy)"),
			s.Base, decimal(a.MortalityPPM, 1_000), decimal(a.SharePPM, 10_000)),
		s.say("负数为缺口；“不详”不按 0 计", "A negative number is a deficit; “not known” is not counted as none"),
	}
	if n := len(s.Balance.UnknownHalls); n > 0 {
		out = append(out, fmt.Sprintf(s.say("%d 处骨灰堂格位不详，没有计入", "The niches of %d columbaria are not known and left out"), n))
	}
	if n := len(s.Balance.UnknownPeople); n > 0 {
		out = append(out, fmt.Sprintf(s.say("%d 个村居人口不详，按 0 计，实际需要更多", "The people of %d communities are not known and count as none; more will be needed"), n))
	}
	if s.Synthetic {
		out = append(out, s.say("合成示例区，不是真实地方", "Synthetic district; no such place exists"))
	}
	return out
}

// decimal is n parts of scale, with the decimals that it has.
func decimal(n, scale int64) string {
	return strconv.FormatFloat(float64(n)/float64(scale), 'f', -1, 64)
}

func (s Sheet) heads() []string {
	heads := []string{
		s.say("类别", "Kind"), s.say("骨灰堂", "Columbarium"), s.say("辖区", "Division"), s.say("去向", "Fate"),
		s.say("总格位", "Niches"), s.say("已用", "Used"),
	}
	for _, year := range s.Balance.Years {
		heads = append(heads, fmt.Sprintf(s.say("%d 年末空余", "Free, end of %d"), year))
	}
	return append(heads, s.say("用满年份", "Full in"), s.say("尚未安排迁出", "Not planned yet"))
}

// row is a line of the sheet: nil is blank, an int64 a figure, a string a text.
type row struct {
	cells []any
	total bool
}

// rows are the receiving halls, those to close, and the whole.
func (s Sheet) rows() []row {
	var out []row
	for _, r := range s.Balance.Receiving {
		cells := s.facts(s.say("接收", "receives"), r.Hall)
		for i := range s.Balance.Years {
			if i < len(r.Years) {
				cells = append(cells, r.Years[i].Free)
			} else {
				cells = append(cells, s.say("不详", "not known"))
			}
		}
		var full any
		if r.Full > 0 {
			full = strconv.Itoa(r.Full)
		}
		out = append(out, row{cells: append(cells, full, nil)})
	}
	for _, c := range s.Balance.Closing {
		cells := append(s.facts(s.say("拟关闭", "closes"), c.Hall), make([]any, len(s.Balance.Years))...)
		var remaining any = s.say("不详", "not known")
		if c.Known {
			remaining = c.Remaining
		}
		out = append(out, row{cells: append(cells, nil, remaining)})
	}
	return append(out, s.total())
}

func (s Sheet) total() row {
	cells := []any{s.say("合计", "total"), nil, nil, nil, nil, nil}
	var left any
	for _, y := range s.Balance.Totals {
		cells = append(cells, y.Free)
		left = y.ToMove
	}
	return row{cells: append(cells, nil, left), total: true}
}

func (s Sheet) facts(kind string, h funeral.Hall) []any {
	zh, en := h.Fate.Text()
	name := h.NameZH
	if s.English && h.NameEN != "" {
		name = h.NameEN
	}
	division := s.Divisions[h.DivisionCode]
	if division == "" {
		division = h.DivisionCode
	}
	return []any{kind, name, division, s.say(zh, en), s.figure(h.Total), s.figure(h.Used)}
}

func (s Sheet) figure(n *int64) any {
	if n == nil {
		return s.say("不详", "not known")
	}
	return *n
}

func text(cell any) string {
	if cell == nil {
		return ""
	}
	return fmt.Sprint(cell)
}

// CSV writes the sheet as UTF-8 with a byte order mark. Names that a spreadsheet would take
// for a formula get an apostrophe before them.
func (s Sheet) CSV(to io.Writer) error {
	if _, err := io.WriteString(to, "\uFEFF"); err != nil {
		return fmt.Errorf("write the balance: %w", err)
	}
	w := csv.NewWriter(to)
	lines := [][]string{s.heads()}
	for _, r := range s.rows() {
		var line []string
		for _, cell := range r.cells {
			word := text(cell)
			if _, written := cell.(string); written && strings.ContainsAny(word[:min(1, len(word))], "=+-@\t\r") {
				word = "'" + word
			}
			line = append(line, word)
		}
		lines = append(lines, line)
	}
	if err := w.WriteAll(lines); err != nil {
		return fmt.Errorf("write the balance: %w", err)
	}
	return nil
}

// XLSX writes the sheet as a workbook; deficits and what is not planned stand out.
func (s Sheet) XLSX(to io.Writer) (err error) {
	book := xlsx.NewWriter()
	defer func() {
		if closed := book.Close(); err == nil {
			err = closed
		}
	}()
	spec := xlsx.TableSpec{Name: s.say("迁移平衡表", "Balance"), Title: s.Title(), Notes: s.notes(), Freeze: 2, Landscape: true, A3: true}
	for i, head := range s.heads() {
		c := xlsx.Column{Head: head, Kind: xlsx.Integer}
		if i < 4 {
			c.Kind, c.Width = xlsx.Text, 18
		}
		spec.Columns = append(spec.Columns, c)
	}
	table, err := book.Table(spec)
	if err != nil {
		return fmt.Errorf("write the balance: %w", err)
	}
	for _, r := range s.rows() {
		tone := xlsx.Plain
		if r.total {
			tone = xlsx.Strong
		}
		cells := make([]any, len(r.cells))
		for i, cell := range r.cells {
			cells[i] = cell
			if s.lacks(i, cell) {
				cells[i] = xlsx.Toned{Value: cell, Tone: xlsx.Bad}
			}
		}
		if err := table.TonedRow(tone, cells...); err != nil {
			return fmt.Errorf("write the balance: %w", err)
		}
	}
	if _, err := book.WriteTo(to); err != nil {
		return fmt.Errorf("write the balance: %w", err)
	}
	return nil
}

// lacks reports whether a figure is a deficit, or niches that nobody planned to move.
func (s Sheet) lacks(column int, cell any) bool {
	n, ok := cell.(int64)
	return ok && (column >= 6 && n < 0 || column == len(s.heads())-1 && n > 0)
}

// PDF writes the sheet on A3. fonts must have Chinese characters.
func (s Sheet) PDF(to io.Writer, fonts *pdf.Fonts) error {
	doc := pdf.New(to, fonts, pdf.Options{
		Paper: pdf.A3(), Landscape: true,
		Meta:   pdf.Meta{Title: s.Title(), Author: s.Authority, Lang: s.say("zh-CN", "en"), Day: string(s.Made)},
		Footer: pdf.Footer{Source: s.say("来源：设施登记与迁移安排", "Source: the registry and the planned moves"), Notices: s.notes()},
	})
	doc.Title(s.Title())
	if n := s.Balance.Demand; n != nil {
		doc.Paragraph(fmt.Sprintf(s.say("按上述口径，%d 年共需 %d 个格位。", "On these assumptions %[2]d niches are needed over %[1]d years."), funeral.HorizonYears, *n))
	}
	table := pdf.Table{Empty: s.say("名录里没有骨灰堂。", "The registry has no columbaria.")}
	for i, head := range s.heads() {
		c := pdf.Column{Title: head, Align: pdf.Right}
		if i < 4 {
			c.Align, c.Weight = pdf.Left, []float64{1, 2.4, 1.6, 1}[i]
		}
		table.Columns = append(table.Columns, c)
	}
	doc.Table(table, func(yield func(pdf.Row) bool) {
		for _, r := range s.rows() {
			if !yield(s.paperRow(r)) {
				return
			}
		}
	})
	s.moves(doc)
	if err := doc.Close(); err != nil {
		return fmt.Errorf("write the balance: %w", err)
	}
	return nil
}

func (s Sheet) paperRow(r row) pdf.Row {
	out := pdf.Row{Bold: r.total}
	for i, cell := range r.cells {
		c := pdf.Cell{Text: text(cell)}
		if s.lacks(i, cell) {
			c.Bold, c.Fill = true, pdf.Fill{Pattern: pdf.Hatch, Color: pdf.Warning()}
		}
		out.Cells = append(out.Cells, c)
	}
	return out
}

// moves sets what is planned, hall by hall.
func (s Sheet) moves(doc *pdf.Document) {
	doc.Heading(s.say("迁移安排", "Planned moves"))
	table := pdf.Table{Empty: s.say("还没有安排。", "None yet."), Columns: []pdf.Column{
		{Title: s.say("年份", "Year"), Width: 18 * pdf.MM},
		{Title: s.say("迁出", "From"), Weight: 2},
		{Title: s.say("迁入", "To"), Weight: 2},
		{Title: s.say("格位", "Niches"), Width: 24 * pdf.MM, Align: pdf.Right},
		{Title: s.say("提示", "Remark"), Weight: 2},
	}}
	doc.Table(table, func(yield func(pdf.Row) bool) {
		for _, c := range s.Balance.Closing {
			for _, m := range c.Moves {
				remark := ""
				if m.Late {
					remark = s.say("接收方届时尚未启用", "the receiving hall is not open by then")
				}
				if !yield(pdf.Texts(strconv.Itoa(m.Year), c.Hall.NameZH, s.Halls[m.To].NameZH, strconv.FormatInt(m.Niches, 10), remark)) {
					return
				}
			}
		}
	})
}
