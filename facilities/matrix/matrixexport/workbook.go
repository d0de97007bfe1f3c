package matrixexport

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"yike/facilities/matrix"
	"yike/internal/xlsx"
)

// WriteXLSX writes a workbook: the table, the three levels, and what is asked by which
// text.
func (f File) WriteXLSX(w io.Writer) (err error) {
	book := xlsx.NewWriter()
	defer func() {
		if closed := book.Close(); err == nil {
			err = closed
		}
	}()
	for _, sheet := range []func(*xlsx.Writer) error{f.tableSheet, f.levelSheet, f.sourceSheet} {
		if err := sheet(book); err != nil {
			return fmt.Errorf("write the table of communities: %w", err)
		}
	}
	if _, err := book.WriteTo(w); err != nil {
		return fmt.Errorf("write the table of communities: %w", err)
	}
	return nil
}

func toned(text string, t tone) any {
	switch t {
	case lackTone:
		return xlsx.Toned{Value: text, Tone: xlsx.Bad}
	case mutedTone:
		return xlsx.Toned{Value: text, Tone: xlsx.Muted}
	default:
		return text
	}
}

func (f File) tableSheet(book *xlsx.Writer) error {
	spec := xlsx.TableSpec{
		Name: f.say("一览表", "Table"), Title: f.Title(), Notes: f.notes(), Freeze: 2, Landscape: true, A3: true,
		Columns: []xlsx.Column{
			{Head: f.say("街镇", "subdistrict"), Width: 14},
			{Head: f.say("村居", "community"), Width: 16},
			{Head: f.say("城乡", "setting"), Width: 8},
			{Head: f.say("户数", "households"), Kind: xlsx.Integer, Width: 9},
			{Head: f.say("社区用房（㎡）", "premises (m²)"), Kind: xlsx.Number, Width: 11},
			{Head: f.say("面积来源", "source of the area"), Width: 11},
			{Head: f.say("每百户（㎡）", "per 100 households (m²)"), Kind: xlsx.Decimal, Width: 11},
			{Head: f.say("对照标准", "against the norm"), Width: 12},
		},
	}
	for _, c := range f.Matrix.Columns {
		spec.Columns = append(spec.Columns, xlsx.Column{Head: f.column(c), Width: 11})
	}
	table, err := book.Table(spec)
	if err != nil {
		return err
	}
	for _, g := range f.Matrix.Groups {
		for _, r := range g.Rows {
			if err := table.Row(f.tableRow(g, r)...); err != nil {
				return err
			}
		}
		if g.HasRest {
			row := append([]any{f.groupName(g), f.say("未落到村居", "in no community")}, make([]any, 6)...)
			for i, c := range g.Rest.Cells {
				text, t := f.cell(c, f.Matrix.Columns[i])
				row = append(row, toned(text, t))
			}
			if err := table.TonedRow(xlsx.Muted, row...); err != nil {
				return err
			}
		}
		if err := table.TonedRow(xlsx.Strong, f.sumRow(f.groupName(g), f.say("小计", "subtotal"), g.Sums, g.Premises)...); err != nil {
			return err
		}
	}
	return table.TonedRow(xlsx.Strong, f.sumRow(f.say("合计", "total"), "", f.Matrix.Sums, f.Matrix.Premises)...)
}

func (f File) tableRow(g matrix.Group, r matrix.Row) []any {
	p := r.Premises
	setting := map[string]string{"urban": f.say("城市", "urban"), "rural": f.say("农村", "rural")}[string(r.Division.Setting)]
	row := []any{f.groupName(g), f.name(r.Division), setting, nil, pointed(p.AreaM2), f.source(p), pointed(p.Per100)}
	if p.Households.Known() {
		row[3] = p.Households.Count
	}
	row = append(row, f.verdict(p))
	for i, c := range r.Cells {
		text, t := f.cell(c, f.Matrix.Columns[i])
		row = append(row, toned(text, t))
	}
	return row
}

func (f File) verdict(p matrix.Premises) any {
	switch {
	case p.Source == matrix.FromShared:
		return f.say("共享", "shared")
	case p.Finding == nil:
		return nil
	case p.Short():
		return xlsx.Toned{Value: p.Finding.Rule.ID + f.say(" 不足", " short"), Tone: xlsx.Bad}
	case p.Finding.Value != nil:
		return p.Finding.Rule.ID + f.say(" 达到", " met")
	}
	return xlsx.Toned{Value: p.Finding.Rule.ID + f.say(" 无法判断", " cannot tell"), Tone: xlsx.Muted}
}

func (f File) sumRow(group, community string, sums []matrix.Sum, t matrix.Total) []any {
	row := []any{group, community, nil, t.Households, t.AreaM2, nil, pointed(t.Per100), fmt.Sprintf(f.say("达到 %d，不足 %d", "%d met, %d short"), t.Met, t.Short)}
	if t.Unknown > 0 {
		row[5] = fmt.Sprintf(f.say("按 %d/%d 个村居", "of %d/%d communities"), t.Communities-t.Unknown, t.Communities)
	}
	for i, s := range sums {
		text, tn := f.sum(s, f.Matrix.Columns[i])
		if tn == lackTone {
			row = append(row, xlsx.Toned{Value: text, Tone: xlsx.Bad})
			continue
		}
		row = append(row, text)
	}
	return row
}

func pointed(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

func (f File) levelSheet(book *xlsx.Writer) error {
	l := f.Matrix.Levels
	table, err := book.Table(xlsx.TableSpec{
		Name: f.say("三级网络", "Three levels"), Title: f.text(l.Rule), Notes: append(f.notes(), f.text(l.Source), f.say("一区一中心：", "Centre of the district: ")+f.district()), Freeze: 1, Landscape: true,
		Columns: []xlsx.Column{
			{Head: f.say("街镇", "subdistrict"), Width: 16},
			{Head: f.say("综合养老服务中心", "comprehensive elderly centre"), Width: 14},
			{Head: f.say("中心名称与面积", "centres and areas"), Width: 40},
			{Head: f.say("村居数", "communities"), Kind: xlsx.Integer, Width: 10},
			{Head: f.say("有养老服务场所", "with an elderly-care place"), Kind: xlsx.Integer, Width: 12},
			{Head: f.say("缺养老服务场所的村居", "communities without one"), Width: 40},
			{Head: f.say("有社区用房", "with community premises"), Kind: xlsx.Integer, Width: 12},
		},
	})
	if err != nil {
		return err
	}
	for _, line := range l.Lines {
		text, t := f.centre(line)
		err := table.Row(f.name(line.Division), toned(text, t), f.refs(line.Centres), line.Communities, line.WithPlace, f.names(line.Lacking), line.WithPremises)
		if err != nil {
			return err
		}
	}
	return nil
}

func (f File) district() string {
	d := f.Matrix.Levels.District
	text := map[matrix.State]string{matrix.Own: f.say("有", "has one"), matrix.Planned: f.say("规划中", "planned")}[d.State]
	if text == "" {
		text = f.say("无", "none")
	}
	return joined(f.say("；", "; "), text, f.refs(d.Centres), f.text(d.Counted))
}

// joined puts what is said one behind the other, without what is empty.
func joined(by string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), by)
}

func (f File) sourceSheet(book *xlsx.Writer) error {
	table, err := book.Table(xlsx.TableSpec{
		Name: f.say("依据", "Sources"), NoFilter: true,
		Columns: []xlsx.Column{{Head: f.say("列或规则", "column or rule"), Width: 32}, {Head: f.say("依据", "source"), Width: 100}},
	})
	if err != nil {
		return err
	}
	for _, c := range f.Matrix.Columns {
		if err := table.Row(f.column(c), f.text(c.Source)); err != nil {
			return err
		}
	}
	for _, n := range f.Matrix.Norms {
		if err := table.Row(n.Rule.ID, f.norm(n)); err != nil {
			return err
		}
	}
	return nil
}
