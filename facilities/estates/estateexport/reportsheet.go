package estateexport

import (
	"fmt"
	"io"
	"slices"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/internal/xlsx"
)

// WriteXLSX writes a workbook: the list of estates with all columns, the rates as formulas
// over it, debts by division, milestones and the trend.
func (f ReportFile) WriteXLSX(w io.Writer) (err error) {
	f = f.indexed()
	book := xlsx.NewWriter()
	defer func() {
		if closed := book.Close(); err == nil {
			err = closed
		}
	}()
	list, err := f.listSheet(book)
	if err == nil {
		err = f.rateSheet(book, list)
	}
	for _, sheet := range []func(*xlsx.Writer) error{f.debtSheet, f.stageSheet, f.trendSheet} {
		if err == nil {
			err = sheet(book)
		}
	}
	if err == nil {
		_, err = book.WriteTo(w)
	}
	if err != nil {
		return fmt.Errorf("write the report of estates: %w", err)
	}
	return nil
}

// listed is where the rows of the list are.
type listed struct {
	sheet   string
	first   int // row, as Excel numbers it
	last    int // before first where there are none
	columns []reportColumn
}

func (f ReportFile) listSheet(book *xlsx.Writer) (listed, error) {
	out := listed{sheet: f.say("小区清单", "Estates"), columns: f.columns()}
	spec := xlsx.TableSpec{Name: out.sheet, Title: f.Title(), Notes: f.notes(), Freeze: 1, Landscape: true, A3: true}
	for _, c := range out.columns {
		spec.Columns = append(spec.Columns, xlsx.Column{Head: f.say(c.zh, c.en), Kind: sheetKind(c.kind), Width: c.width})
	}
	t, err := book.Table(spec)
	if err != nil {
		return out, err
	}
	out.first = t.Rows() + 1
	for _, h := range f.Report.Estates {
		row := make([]any, len(out.columns))
		for i, c := range out.columns {
			row[i] = f.tonedCell(c, h)
		}
		if err := t.Row(row...); err != nil {
			return out, err
		}
	}
	out.last = t.Rows()
	return out, nil
}

// tonedCell has what is missing and what fails stand out.
func (f ReportFile) tonedCell(c reportColumn, h estates.Held) any {
	v := sheetValue(c.kind, c.value(f, h))
	n, isNumber := v.(float64)
	fails := c.code == "conclusion" && h.Estate.Kind != estates.Built && h.Conclusion == estates.NotCompliant
	if fails || isNumber && n > 0 && (c.code == "community_short" || c.code == "elderly_short") {
		return xlsx.Toned{Value: v, Tone: xlsx.Bad}
	}
	return v
}

// count is a formula that counts the estates that stand to a rate as a word says.
func (l listed) count(code, word string, is int) xlsx.Formula {
	at := slices.IndexFunc(l.columns, func(c reportColumn) bool { return c.code == code })
	column := xlsx.ColumnName(at)
	if l.last < l.first {
		return xlsx.Formula{Text: "0", Value: 0}
	}
	return xlsx.Formula{Text: fmt.Sprintf(`COUNTIF('%s'!$%s$%d:$%s$%d,"%s")`, l.sheet, column, l.first, column, l.last, word), Value: is}
}

func (f ReportFile) rateSheet(book *xlsx.Writer, l listed) error {
	t, err := book.Table(xlsx.TableSpec{
		Name: f.say("达标率", "Rates"), Title: f.say("达标率", "Pass rates"), Notes: f.notes()[:2], Freeze: 1, Landscape: true, NoFilter: true,
		Columns: []xlsx.Column{
			{Head: f.say("指标", "rate"), Width: 34},
			{Head: f.say("达标", "passes"), Kind: xlsx.Integer, Width: 9},
			{Head: f.say("不达标", "fails"), Kind: xlsx.Integer, Width: 9},
			{Head: f.say("待定", "undetermined"), Kind: xlsx.Integer, Width: 9},
			{Head: f.say("分母", "of"), Kind: xlsx.Integer, Width: 9},
			{Head: f.say("达标率", "rate"), Kind: xlsx.Percent, Width: 10},
			{Head: f.say("待定全部达标时", "if all undetermined passed"), Kind: xlsx.Percent, Width: 14},
			{Head: f.say("目标", "target"), Kind: xlsx.Percent, Width: 9},
			{Head: f.say("日期不详（不计）", "undated (not counted)"), Kind: xlsx.Integer, Width: 14},
			{Head: f.say("计算口径", "what is counted"), Width: 60},
			{Head: f.say("原文", "in the text's words"), Width: 60},
		},
	})
	if err != nil {
		return err
	}
	passed, failed, undetermined, undated, _ := f.rateWords()
	for i, r := range f.Report.Rates {
		row, code := t.Rows()+1, verdictColumns()[i].code
		share := func(sum string, v float64, ok bool) xlsx.Formula {
			out := xlsx.Formula{Text: fmt.Sprintf(`IF(E%d=0,"",(%s)/E%d)`, row, sum, row)}
			if ok {
				out.Value = v / 100
			}
			return out
		}
		is, ok := r.Percent()
		most, _ := r.AtMost()
		err := t.Row(f.rateTitle(r), l.count(code, passed, len(r.Passed)), l.count(code, failed, len(r.Failed)), l.count(code, undetermined, len(r.Undetermined)),
			xlsx.Formula{Text: fmt.Sprintf("SUM(B%d:D%d)", row, row), Value: r.Denominator()}, share(fmt.Sprintf("B%d", row), is, ok), share(fmt.Sprintf("B%d+D%d", row, row), most, ok),
			r.Target/100, l.count(code, undated, len(r.Undated)), f.say(r.WhatZH, r.WhatEN), f.rateSource(r))
		if err != nil {
			return err
		}
	}
	return nil
}

func (f ReportFile) debtSheet(book *xlsx.Writer) error {
	columns := []xlsx.Column{
		{Head: f.say("街镇", "subdistrict"), Width: 16},
		{Head: f.say("村居", "community"), Width: 18},
		{Head: f.say("新建小区", "new estates"), Kind: xlsx.Integer, Width: 10},
		{Head: f.say("合标", "compliant"), Kind: xlsx.Integer, Width: 9},
		{Head: f.say("不合标", "not compliant"), Kind: xlsx.Integer, Width: 9},
		{Head: f.say("待定", "open"), Kind: xlsx.Integer, Width: 9},
		{Head: f.say("已建成小区", "standing estates"), Kind: xlsx.Integer, Width: 11},
	}
	for _, n := range premises.Norms() {
		group := f.say(n.ZH, n.EN)
		columns = append(columns, xlsx.Column{Group: group, Head: f.say("应配", "owed"), Kind: xlsx.Number, Width: 11}, xlsx.Column{Group: group, Head: f.say("已配", "provided"), Kind: xlsx.Number, Width: 11},
			xlsx.Column{Group: group, Head: f.say("欠配", "missing"), Kind: xlsx.Number, Width: 11}, xlsx.Column{Group: group, Head: f.say("欠配小区", "estates in debt"), Kind: xlsx.Integer, Width: 10},
			xlsx.Column{Group: group, Head: f.say("不详小区", "estates unknown"), Kind: xlsx.Integer, Width: 10})
	}
	t, err := book.Table(xlsx.TableSpec{Name: f.say("各辖区欠账", "Debts"), Title: f.say("各辖区应配与欠配面积", "What is owed and missing by division"), Notes: f.notes()[:1], Freeze: 2, Landscape: true, Columns: columns})
	if err != nil {
		return err
	}
	for _, r := range f.Report.Communities {
		if err := t.Row(f.debtRow(f.place(r.Division.Code, "subdistrict"), f.name(r.Division), r)...); err != nil {
			return err
		}
	}
	if e := f.Report.Elsewhere; e.Outcomes.Estates+e.Built > 0 {
		if err := t.TonedRow(xlsx.Muted, f.debtRow("", f.say("未落到村居", "in no community"), e)...); err != nil {
			return err
		}
	}
	for _, r := range f.Report.Subdistricts {
		if err := t.TonedRow(xlsx.Strong, f.debtRow(f.name(r.Division), f.say("小计", "subtotal"), r)...); err != nil {
			return err
		}
	}
	return t.TonedRow(xlsx.Strong, f.debtRow(f.say("合计", "total"), "", f.Report.All)...)
}

func (f ReportFile) debtRow(subdistrict, community string, r estates.Row) []any {
	row := []any{subdistrict, community, r.Outcomes.Estates, r.Outcomes.Compliant, r.Outcomes.NotCompliant, r.Outcomes.Open, r.Built}
	for _, b := range r.Balances {
		row = append(row, b.Owed.M2(), b.Provided.M2(), b.Short.M2(), b.InDebt, b.Unknown)
	}
	return row
}

func (f ReportFile) stageSheet(book *xlsx.Writer) error {
	if f.Public {
		return nil
	}
	t, err := book.Table(xlsx.TableSpec{
		Name: f.say("四同步", "Milestones"), Title: f.say("新建小区各环节进展", "How far new estates are"), Notes: f.notes()[:1], NoFilter: true,
		Columns: []xlsx.Column{
			{Head: f.say("环节", "milestone"), Width: 24},
			{Head: f.say("已通过", "passed"), Kind: xlsx.Integer, Width: 10},
			{Head: f.say("办理中", "in progress"), Kind: xlsx.Integer, Width: 10},
			{Head: f.say("待申请", "to be asked"), Kind: xlsx.Integer, Width: 10},
			{Head: f.say("逾期", "overdue"), Kind: xlsx.Integer, Width: 10},
			{Head: f.say("已通过且合标", "passed and compliant"), Kind: xlsx.Integer, Width: 14},
			{Head: f.say("已通过但不合标", "passed, not compliant"), Kind: xlsx.Integer, Width: 14},
			{Head: f.say("已通过、待定", "passed, open"), Kind: xlsx.Integer, Width: 14},
		},
	})
	if err != nil {
		return err
	}
	for _, s := range f.Report.Stages {
		if err := t.Row(f.say(s.Milestone.Code().ZH, s.Milestone.Code().EN), s.Passed, s.Asked, s.Waiting, s.Overdue, s.Conform, s.Fail, s.Unclear); err != nil {
			return err
		}
	}
	return nil
}

func (f ReportFile) trendSheet(book *xlsx.Writer) error {
	t, err := book.Table(xlsx.TableSpec{
		Name: f.say("逐年", "By year"), Title: f.say("新建小区逐年情况", "New estates by year"), Notes: f.notes()[:1], NoFilter: true,
		Columns: []xlsx.Column{
			{Head: f.say("年份按", "year of"), Width: 16},
			{Head: f.say("年", "year"), Width: 10},
			{Head: f.say("小区", "estates"), Kind: xlsx.Integer, Width: 9},
			{Head: f.say("合标", "compliant"), Kind: xlsx.Integer, Width: 9},
			{Head: f.say("不合标", "not compliant"), Kind: xlsx.Integer, Width: 9},
			{Head: f.say("待定", "open"), Kind: xlsx.Integer, Width: 9},
			{Head: f.say("合标率", "compliant, %"), Kind: xlsx.Percent, Width: 10},
		},
	})
	if err != nil {
		return err
	}
	for _, part := range f.trends() {
		for _, y := range part.years {
			row := t.Rows() + 1
			rate := xlsx.Formula{Text: fmt.Sprintf(`IF(C%d=0,"",D%d/C%d)`, row, row, row), Value: float64(y.Outcomes.Compliant) / float64(max(1, y.Outcomes.Estates))}
			if err := t.Row(part.title, f.year(y.Year), y.Outcomes.Estates, y.Outcomes.Compliant, y.Outcomes.NotCompliant, y.Outcomes.Open, rate); err != nil {
				return err
			}
		}
	}
	return nil
}

// yearly is a trend with what its years are of.
type yearly struct {
	title string
	years []estates.Trend
}

func (f ReportFile) trends() []yearly {
	out := []yearly{{f.say("建成年份", "completion"), f.Report.Completed}}
	if !f.Public {
		out = append(out, yearly{f.say("验收意见年份", "acceptance"), f.Report.Concluded})
	}
	return out
}

func (f ReportFile) year(y int) string {
	if y == 0 {
		return f.say("未填写", "not known")
	}
	return fmt.Sprint(y)
}
