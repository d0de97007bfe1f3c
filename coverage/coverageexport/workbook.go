package coverageexport

import (
	"fmt"
	"io"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/internal/xlsx"
)

// WriteXLSX writes the workbook of a comparison: what was asked of which data, the totals,
// the figures by division and by facility, steps and costs, and everybody who is not
// served, by place. Rates and sums are formulas over the cells beside them. The same
// dossier gives the same bytes.
func (d *Dossier) WriteXLSX(to io.Writer) error {
	w := xlsx.NewWriter()
	defer func() { _ = w.Close() }() // temporary files only
	w.Steady()
	b := &book{Dossier: d, w: w}
	for _, sheet := range []func() error{b.notes, b.totals, b.byDivision, b.byFacility, b.stepsAndCosts, b.unservedPeople} {
		if err := sheet(); err != nil {
			return fmt.Errorf("write the workbook: %w", err)
		}
	}
	if _, err := w.WriteTo(to); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return nil
}

// book is a workbook being written.
type book struct {
	*Dossier
	w *xlsx.Writer

	totalsSheet string
	netCells    []string // per option, the net gain of the leading band on the sheet of totals
}

// number is people as a cell has them.
func peopleCell(p coverage.People) float64 { return float64(p) / float64(coverage.Person) }

// ref is the address of a cell by its column, from 0, and its row, from 1.
func ref(column, row int) string { return xlsx.CellName(column, row) }

// rate is a share that is not said of nobody.
func rate(part, whole string, of, all coverage.People) xlsx.Formula {
	f := xlsx.Formula{Text: fmt.Sprintf(`IF(%s=0,"",%s/%s)`, whole, part, whole)}
	if all != 0 {
		f.Value = peopleCell(of) / peopleCell(all)
	}
	return f
}

func sum(from, to string, value any) xlsx.Formula {
	return xlsx.Formula{Text: "SUM(" + from + ":" + to + ")", Value: value}
}

// head are notes that stand over every table.
func (b *book) head() []string {
	notes := []string{b.Asked()}
	if b.Data.Synthetic {
		notes = append(notes, b.say("合成示例数据，不是真实情况", "Synthetic example data, not a real place"))
	}
	return notes
}

// table begins a sheet. Only the list of places has filters: the others end in sums of all
// their rows, and a filter would have them say something else.
func (b *book) table(name, title string, freeze int, columns []xlsx.Column, filter bool) (*xlsx.TableWriter, error) {
	return b.w.Table(xlsx.TableSpec{Name: name, Title: title, Notes: b.head(), Columns: columns, Freeze: freeze, Landscape: true, A3: len(columns) > 14, NoFilter: !filter})
}

// totals are today's figures and those of each option, per band.
func (b *book) totals() error {
	b.totalsSheet = b.say("总体", "Totals")
	p := func(zh, en string, kind xlsx.Kind) xlsx.Column {
		return xlsx.Column{Head: b.say(zh, en), Kind: kind, Width: 12}
	}
	t, err := b.table(b.totalsSheet, b.say("总体", "Totals"), 2, []xlsx.Column{
		{Head: b.say("年龄段", "Ages"), Width: 16},
		{Head: b.say("情形", "Situation"), Width: 24},
		p("人口", "Population", xlsx.Integer), p("已覆盖", "Covered", xlsx.Integer), p("未覆盖", "Not covered", xlsx.Integer), p("附近无路", "No path near", xlsx.Integer),
		p("覆盖率", "Share covered", xlsx.Percent), p("新增覆盖", "Gained", xlsx.Integer), p("失去覆盖", "Lost", xlsx.Integer), p("净增", "Net", xlsx.Integer),
		p("走得更近", "Nearer", xlsx.Integer), p("走得更远", "Farther", xlsx.Integer),
		p("有设施的社区", "Communities with one", xlsx.Integer), p("社区总数", "Communities", xlsx.Integer), p("覆盖率·单位", "Share of communities", xlsx.Percent),
	}, false)
	if err != nil {
		return err
	}
	b.netCells = make([]string, len(b.Options))
	for _, k := range b.bandsLed() {
		today := t.Rows() + 1
		if err := b.totalRow(t, k, 0, today); err != nil {
			return err
		}
		for i := range b.Options {
			if k == b.Band {
				b.netCells[i] = fmt.Sprintf("'%s'!%s", b.totalsSheet, ref(9, t.Rows()+1))
			}
			if err := b.totalRow(t, k, i+1, today); err != nil {
				return err
			}
		}
	}
	return nil
}

// totalRow is one band in one situation; of an option, who is covered is today's and its
// gains less its losses.
func (b *book) totalRow(t *xlsx.TableWriter, band, situation, today int) error {
	r := t.Rows() + 1
	count, units := b.Comparison.Baseline.Summary.Total[band], b.Comparison.Baseline.Summary.AllUnits
	covered := any(peopleCell(count.Covered))
	changes := make([]any, 5)
	if situation > 0 {
		o := b.Comparison.Options[situation-1]
		c := o.Delta.Total[band]
		count, units = o.After.Total[band], o.After.AllUnits
		covered = xlsx.Formula{Text: ref(3, today) + "+" + ref(7, r) + "-" + ref(8, r), Value: peopleCell(count.Covered)}
		changes = []any{
			peopleCell(c.Gained), peopleCell(c.Lost),
			xlsx.Formula{Text: ref(7, r) + "-" + ref(8, r), Value: peopleCell(c.Gained - c.Lost)},
			peopleCell(c.Nearer), peopleCell(c.Farther),
		}
	}
	row := append([]any{
		b.band(band), b.situations()[situation],
		sum(ref(3, r), ref(5, r), peopleCell(count.Population)), covered, peopleCell(count.Uncovered), peopleCell(count.Unsnapped),
		rate(ref(3, r), ref(2, r), count.Covered, count.Population),
	}, changes...)
	if units.Total > 0 {
		share, _ := units.UnitCoverage()
		row = append(row, units.With, units.Total, xlsx.Formula{Text: ref(12, r) + "/" + ref(13, r), Value: share})
	}
	tone := xlsx.Plain
	if situation == 0 {
		tone = xlsx.Strong
	}
	return t.TonedRow(tone, row...)
}

// byDivision has the divisions of the level, per band, with the options side by side.
func (b *book) byDivision() error {
	count := func(group, zh, en string, kind xlsx.Kind) xlsx.Column {
		return xlsx.Column{Group: group, Head: b.say(zh, en), Kind: kind, Width: 11}
	}
	columns := []xlsx.Column{
		{Head: b.say("年龄段", "Ages"), Width: 15}, {Head: b.say("代码", "Code"), Width: 15}, {Head: b.say("辖区", "Division"), Width: 20}, {Head: b.say("界线完整", "Whole"), Width: 9},
	}
	columns = append(columns,
		count(b.today(), "人口", "Population", xlsx.Integer), count(b.today(), "已覆盖", "Covered", xlsx.Integer), count(b.today(), "未覆盖", "Not covered", xlsx.Integer),
		count(b.today(), "附近无路", "No path near", xlsx.Integer), count(b.today(), "覆盖率", "Share covered", xlsx.Percent))
	for i := range b.Options {
		group := b.option(i)
		columns = append(columns, count(group, "新增覆盖", "Gained", xlsx.Integer), count(group, "失去覆盖", "Lost", xlsx.Integer), count(group, "净增", "Net", xlsx.Integer),
			count(group, "已覆盖", "Covered", xlsx.Integer), count(group, "覆盖率", "Share covered", xlsx.Percent))
	}
	t, err := b.table(b.say("按辖区", "By division"), b.say("按辖区", "By division"), 4, columns, false)
	if err != nil {
		return err
	}
	for _, k := range b.bandsLed() {
		if err := b.divisionBlock(t, k); err != nil {
			return err
		}
	}
	return nil
}

// divisionBlock is one band: a row per division, one of the people in none where there are
// any, and the total.
func (b *book) divisionBlock(t *xlsx.TableWriter, band int) error {
	first := t.Rows() + 1
	for _, l := range b.divisionLines(band) {
		whole := b.say("是", "yes")
		if !l.whole {
			whole = b.say("否", "no")
		}
		if err := t.Row(b.divisionRow(t.Rows()+1, l, l.code, l.name, whole, nil)...); err != nil {
			return err
		}
	}
	last := t.Rows()
	total := divisionLine{count: b.Comparison.Baseline.Summary.Total[band]}
	total.band = band
	for _, o := range b.Comparison.Options {
		total.changes = append(total.changes, o.Delta.Total[band])
	}
	column := func(c int, value any) any {
		if last < first {
			return value
		}
		return sum(ref(c, first), ref(c, last), value)
	}
	return t.TonedRow(xlsx.Strong, b.divisionRow(last+1, total, "", b.say("合计", "Total"), "", column)...)
}

// divisionRow is a row of the table by division; of a total, column makes the sums.
func (b *book) divisionRow(r int, l divisionLine, code, name, whole string, column func(int, any) any) []any {
	value := func(c int, p coverage.People) any {
		if column != nil {
			return column(c, peopleCell(p))
		}
		return peopleCell(p)
	}
	row := []any{
		b.band(l.band), code, name, whole,
		xlsx.Formula{Text: "SUM(" + ref(5, r) + ":" + ref(7, r) + ")", Value: peopleCell(l.count.Population)},
		value(5, l.count.Covered), value(6, l.count.Uncovered), value(7, l.count.Unsnapped), rate(ref(5, r), ref(4, r), l.count.Covered, l.count.Population),
	}
	for _, change := range l.changes {
		c := len(row)
		after := l.count.Covered + change.Gained - change.Lost
		row = append(row,
			value(c, change.Gained), value(c+1, change.Lost),
			xlsx.Formula{Text: ref(c, r) + "-" + ref(c+1, r), Value: peopleCell(change.Gained - change.Lost)},
			xlsx.Formula{Text: ref(5, r) + "+" + ref(c+2, r), Value: peopleCell(after)},
			rate(ref(c+3, r), ref(4, r), after, l.count.Population))
	}
	return row
}

// minutesCell is a time in minutes, blank where there is none.
func minutesCell(t walknet.Milliseconds) any {
	if t == walknet.Unreached {
		return nil
	}
	return float64(t) / 60_000
}
