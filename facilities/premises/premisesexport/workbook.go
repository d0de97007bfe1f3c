package premisesexport

import (
	"fmt"
	"io"

	"yike/facilities/premises"
	"yike/geo/divisions"
	"yike/internal/xlsx"
)

// WriteXLSX writes a workbook: the list of rooms, and the sums by subdistrict and
// community.
func (f File) WriteXLSX(w io.Writer) (err error) {
	f = f.indexed()
	book := xlsx.NewWriter()
	defer func() {
		if closed := book.Close(); err == nil {
			err = closed
		}
	}()
	if err := f.listSheet(book); err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	if err := f.sumSheet(book); err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	if _, err := book.WriteTo(w); err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	return nil
}

func (f File) notes() []string {
	out := []string{f.say("制表日期 ", "As of ") + string(f.Made)}
	for _, n := range f.Notices {
		out = append(out, f.say(n.ZH, n.EN))
	}
	return out
}

func (f File) listSheet(book *xlsx.Writer) error {
	cols := columns()
	spec := xlsx.TableSpec{
		Name: f.say("台账", "Ledger"), Title: f.say("社区非经营性公建台账", "Ledger of non-commercial public premises"), Notes: f.notes(), Freeze: 1, Landscape: true, A3: true,
	}
	for _, c := range cols {
		spec.Columns = append(spec.Columns, xlsx.Column{Head: f.say(c.zh, c.en), Kind: c.kind, Width: c.width})
	}
	table, err := book.Table(spec)
	if err != nil {
		return err
	}
	for _, i := range f.Items {
		row := make([]any, len(cols))
		for n, c := range cols {
			row[n] = c.value(f, i)
		}
		if err := table.Row(row...); err != nil {
			return err
		}
	}
	return nil
}

func (f File) sumSheet(book *xlsx.Writer) error {
	spec := xlsx.TableSpec{
		Name: f.say("汇总", "Summary"), Title: f.say("公建台账汇总", "The ledger by place"), Freeze: 2, Landscape: true, NoFilter: true,
		Notes: append(f.notes(), f.say("“计入”只算已移交、没有挪作他用的面积；每百户只按户数已知的村居计算，空白为不详。",
			"Only rooms handed over and not misused count; rates are of communities of which the households are known; blank is unknown.")),
	}
	number := func(zh, en string, kind xlsx.Kind) {
		spec.Columns = append(spec.Columns, xlsx.Column{Head: f.say(zh, en), Kind: kind, Width: 13})
	}
	spec.Columns = []xlsx.Column{{Head: f.say("街镇", "subdistrict"), Width: 16}, {Head: f.say("村居", "community"), Width: 18}}
	number("处数", "rooms", xlsx.Integer)
	number("面积（㎡）", "area (m²)", xlsx.Number)
	for _, u := range premises.Uses() {
		if u.Approved {
			number(u.ZH+"（㎡）", u.EN+" (m²)", xlsx.Number)
		}
	}
	number("已移交面积（㎡）", "handed over (m²)", xlsx.Number)
	number("已移交占比", "share handed over", xlsx.Percent)
	for _, n := range premises.Norms() {
		number("计入"+n.ZH+"（㎡）", "counts for "+n.EN+" (m²)", xlsx.Number)
		number(n.ZH+"每百户（㎡）", n.EN+" per 100 households (m²)", xlsx.Decimal)
	}
	number("户数", "households", xlsx.Integer)
	number("挪用处数", "misused", xlsx.Integer)
	number("空置处数", "vacant", xlsx.Integer)
	number("缺项处数", "facts missing", xlsx.Integer)
	number("整改逾期", "overdue", xlsx.Integer)
	table, err := book.Table(spec)
	if err != nil {
		return err
	}
	for _, sub := range f.Summary.Subdistricts {
		for _, c := range f.Summary.Communities {
			if c.Division.ParentCode != sub.Division.Code {
				continue
			}
			if err := table.Row(f.sumRow(f.name(sub.Division), f.name(c.Division), c)...); err != nil {
				return err
			}
		}
		if err := table.TonedRow(xlsx.Strong, f.sumRow(f.name(sub.Division), f.say("小计", "subtotal"), sub)...); err != nil {
			return err
		}
	}
	if f.Summary.Outside.Rooms > 0 {
		if err := table.Row(f.sumRow("", f.say("未分到村居", "in no community"), f.Summary.Outside)...); err != nil {
			return err
		}
	}
	return table.TonedRow(xlsx.Strong, f.sumRow(f.say("合计", "total"), "", f.Summary.Total)...)
}

func (f File) sumRow(subdistrict, community string, l premises.Line) []any {
	row := []any{subdistrict, community, l.Rooms, l.Area.M2()}
	for _, u := range premises.Uses() {
		if u.Approved {
			row = append(row, l.ByUse[premises.Use(u.Code.Code)].M2())
		}
	}
	row = append(row, l.HandedOver.M2(), orBlank(l.HandedOverShare()))
	for _, n := range premises.Norms() {
		norm := premises.Norm(n.Code)
		row = append(row, l.Counted[norm].M2(), orBlank(l.Per100(norm)))
	}
	return append(row, households(l), l.Misused, l.Idle, l.Incomplete, l.Overdue)
}

func orBlank(v float64, ok bool) any {
	if !ok {
		return nil
	}
	return v
}

// households are those of the place, or of all together where they are known of every
// community.
func households(l premises.Line) any {
	switch {
	case l.Households.Known():
		return l.Households.Count
	case l.Division.Level == divisions.Level("") && l.Communities > 0 && l.KnownCommunities == l.Communities:
		return l.KnownHouseholds
	}
	return nil
}
