package coverageexport

import (
	"fmt"
	"strings"

	"yike/coverage"
	"yike/coverage/scenarios"
	"yike/coverage/walknet"
	"yike/internal/xlsx"
)

// stepsAndCosts has what each option does, what it costs, and what that is for each person
// whom it newly covers.
func (b *book) stepsAndCosts() error {
	t, err := b.table(b.say("方案步骤与费用", "Steps and costs"), b.say("方案步骤与费用", "Steps and costs"), 1, []xlsx.Column{
		{Head: b.say("方案", "Option"), Width: 24},
		{Head: b.say("类别", "Kind"), Width: 16},
		{Head: b.say("内容", "What"), Width: 60},
		{Head: b.say("出资", "Who pays"), Width: 20},
		{Head: b.say("一次性（元）", "Once (yuan)"), Kind: xlsx.Decimal, Width: 16},
		{Head: b.say("每年（元）", "Each year (yuan)"), Kind: xlsx.Decimal, Width: 16},
	}, false)
	if err != nil {
		return err
	}
	if len(b.Options) == 0 {
		return t.Row(b.today(), "", b.say("没有方案：本文件只说现状。", "There are no options: these files are of today."))
	}
	for i := range b.Options {
		if err := b.optionBlock(t, i); err != nil {
			return err
		}
	}
	return nil
}

func (b *book) optionBlock(t *xlsx.TableWriter, i int) error {
	o, name := b.Options[i], b.option(i)
	var rows [][]any
	if o.Note != "" {
		rows = append(rows, []any{name, b.say("说明", "Note"), o.Note})
	}
	for n, s := range o.Steps {
		rows = append(rows, []any{name, b.say("步骤", "Step"), fmt.Sprintf("%d. %s", n+1, b.text(s))})
	}
	for _, row := range rows {
		if err := t.Row(row...); err != nil {
			return err
		}
	}
	if len(o.Costs) == 0 {
		return t.TonedRow(xlsx.Strong, name, b.say("费用", "Costs"), b.say("没有填写费用", "Nobody said what it costs"))
	}
	first := t.Rows() + 1
	for _, c := range o.Costs {
		row := []any{name, b.say("费用", "Cost"), c.What, c.Source, nil, nil}
		if c.Kind == scenarios.PerYear {
			row[5] = yuan(c.Fen)
		} else {
			row[4] = yuan(c.Fen)
		}
		if err := t.Row(row...); err != nil {
			return err
		}
	}
	last := t.Rows()
	cost := scenarios.Cost(o.Costs)
	total := last + 1
	if err := t.TonedRow(xlsx.Strong, name, b.say("合计", "Total"), nil, nil, sum(ref(4, first), ref(4, last), yuan(cost.OneOff)), sum(ref(5, first), ref(5, last), yuan(cost.PerYear))); err != nil {
		return err
	}
	net := b.Comparison.Options[i].Net(b.Band)
	if err := t.Row(name, b.say("净增覆盖", "Net gain"), b.say("人（", "people (")+b.band(b.Band)+b.say("）", ")"), nil, xlsx.Formula{Text: b.netCells[i], Value: peopleCell(net)}, xlsx.Formula{Text: b.netCells[i], Value: peopleCell(net)}); err != nil {
		return err
	}
	each := func(column int, fen int64) xlsx.Formula {
		f := xlsx.Formula{Text: fmt.Sprintf(`IF(%s>0,%s/%s,"")`, ref(column, total+1), ref(column, total), ref(column, total+1))}
		if net > 0 {
			f.Value = yuan(fen) / peopleCell(net)
		}
		return f
	}
	return t.TonedRow(xlsx.Strong, name, b.say("每净增一人", "For each person gained"), b.say("元", "yuan"), nil, each(4, cost.OneOff), each(5, cost.PerYear))
}

func yuan(fen int64) float64 { return float64(fen) / 100 }

// unservedPeople has everybody who is not served, by place, today and in each option.
func (b *book) unservedPeople() error {
	columns := []xlsx.Column{
		{Head: b.say("情形", "Situation"), Width: 20},
		{Head: b.say("序号", "No."), Kind: xlsx.Integer, Width: 7},
		{Head: b.say("地方", "Place"), Width: 44},
		{Head: b.say("街镇", "Subdistrict"), Width: 16},
		{Head: b.say("社区（村）", "Community"), Width: 16},
	}
	ages := b.bandsByAge()
	for _, k := range ages {
		columns = append(columns, xlsx.Column{Group: b.say("人口", "People"), Head: b.band(k), Kind: xlsx.Integer, Width: 12})
	}
	columns = append(columns,
		xlsx.Column{Head: b.say("原因", "Why"), Width: 22}, xlsx.Column{Head: b.say("最近的设施", "Nearest facility"), Width: 24},
		xlsx.Column{Head: b.say("最近的一户（分钟）", "Nearest home (minutes)"), Kind: xlsx.Decimal, Width: 12}, xlsx.Column{Head: b.say("最远的一户（分钟）", "Farthest home (minutes)"), Kind: xlsx.Decimal, Width: 12},
		xlsx.Column{Head: b.say("时限（分钟）", "Limit (minutes)"), Kind: xlsx.Decimal, Width: 10}, xlsx.Column{Head: b.say("至少超出（分钟）", "Beyond by at least (minutes)"), Kind: xlsx.Decimal, Width: 12},
		xlsx.Column{Head: b.say("附近", "Nearby"), Width: 40}, xlsx.Column{Head: b.say("经度", "Longitude"), Kind: xlsx.Number, Width: 12}, xlsx.Column{Head: b.say("纬度", "Latitude"), Kind: xlsx.Number, Width: 12},
		xlsx.Column{Head: b.say("编号", "Id"), Width: 24})
	t, err := b.table(b.say("未覆盖人口", "People not covered"), b.say("未覆盖人口，按地方", "People not covered, by place"), 3, columns, true)
	if err != nil {
		return err
	}
	for s, name := range b.situations() {
		first := t.Rows() + 1
		total := make([]coverage.People, len(ages))
		for n, p := range b.unserved(s) {
			if err := t.Row(b.placeRow(s, n, name, p, ages, t.Rows()+1)...); err != nil {
				return err
			}
			for c, k := range ages {
				total[c] += p.gap.People[k]
			}
		}
		row := []any{name, nil, b.say("合计", "Total"), nil, nil}
		for c := range ages {
			if t.Rows() < first {
				row = append(row, 0)
				continue
			}
			row = append(row, sum(ref(5+c, first), ref(5+c, t.Rows()), peopleCell(total[c])))
		}
		if err := t.TonedRow(xlsx.Strong, row...); err != nil {
			return err
		}
	}
	return nil
}

func (b *book) placeRow(situation, n int, name string, p unservedPlace, ages []int, r int) []any {
	row := []any{name, n + 1, b.label(p), b.division(p.place.Subdistrict), b.division(p.place.Community)}
	for _, k := range ages {
		row = append(row, peopleCell(p.gap.People[k]))
	}
	c := len(row)
	var limit, beyond any
	if p.place.Shortest != walknet.Unreached {
		limit = float64(b.Question.Params.Limit) / 60_000
		beyond = xlsx.Formula{Text: ref(c+2, r) + "-" + ref(c+4, r), Value: float64(p.place.Shortest-b.Question.Params.Limit) / 60_000}
	}
	nearest := ""
	if p.place.Nearest >= 0 {
		nearest = b.facility(b.facilitiesOf(situation)[p.place.Nearest])
	}
	return append(row, b.why(p.place), nearest, minutesCell(p.place.Shortest), minutesCell(p.place.Longest), limit, beyond,
		b.nearby(p.place), p.gap.Centre.Lon(), p.gap.Centre.Lat(), p.gap.ID)
}

// why is the reason in words, and that for some it is farther than was looked.
func (d *Dossier) why(p coverage.Place) string {
	s := d.text(p.Reason.Text())
	if p.Reason == coverage.TooFar && p.Shortest == walknet.Unreached {
		s = d.say(fmt.Sprintf("步行超过时限的 %d 倍", coverage.FarTimes), fmt.Sprintf("The walk is more than %d times the limit", coverage.FarTimes))
	}
	if p.Reason != coverage.OnIsland && len(p.CutOff) > 0 && p.CutOff[d.Band] > 0 {
		s += d.say("；其中 "+p.CutOff[d.Band].Fixed(0)+" 人的路是孤岛", "; the streets of "+p.CutOff[d.Band].Fixed(0)+" of them are an island")
	}
	return s
}

// nearby lists what the place lies at, with distance and side.
func (d *Dossier) nearby(p coverage.Place) string {
	var parts []string
	for _, spots := range [][]coverage.Spot{p.Estates, p.Streets} {
		for _, s := range spots {
			parts = append(parts, d.spot(s))
		}
	}
	if p.Near != nil {
		parts = append(parts, d.spot(*p.Near))
	}
	return strings.Join(parts, d.say("；", "; "))
}

func (d *Dossier) spot(s coverage.Spot) string {
	name, side := d.text(s.Name), d.text(s.Side.Text())
	m := int(s.Metres/10+0.5) * 10
	if m == 0 {
		return name
	}
	return d.say(fmt.Sprintf("%s以%s约 %d 米", name, side, m), fmt.Sprintf("about %d m %s of %s", m, side, name))
}
