package coverageexport

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/internal/pdf"
)

func each(rows []pdf.Row) iter.Seq[pdf.Row] { return slices.Values(rows) }

func right(title string) pdf.Column { return pdf.Column{Title: title, Align: pdf.Right} }

func orDash(s string) string { return cmp.Or(s, "—") }

// grouped puts a comma between thousands of a whole number.
func grouped(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "−", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// people are whole persons for reading.
func people(p coverage.People) string { return grouped(p.Fixed(0)) }

func signed(p coverage.People) string {
	s := people(p)
	if p > 0 && s != "0" {
		return "+" + s
	}
	return s
}

func percent(share float64, ok bool) string {
	if !ok {
		return "—"
	}
	return strconv.FormatFloat(100*share, 'f', 1, 64) + "%"
}

// money is an amount in yuan, in ten-thousands where that is shorter to read.
func (d *Dossier) money(fen int64) string {
	const wan = 1_000_000 // fen
	if !d.English && fen >= wan {
		s := strconv.FormatFloat(float64(fen)/wan, 'f', 2, 64)
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
		whole, part, _ := strings.Cut(s, ".")
		if part != "" {
			part = "." + part
		}
		return grouped(whole) + part + " 万元"
	}
	return grouped(strconv.FormatInt((fen+50)/100, 10)) + d.say(" 元", " yuan")
}

// mostRows is how many rows a table of the report has before the workbook has to be asked.
const mostRows = 40

// optionHeads are the columns of options: by number where there are many.
func (r *report) optionHeads() []pdf.Column {
	var out []pdf.Column
	for i := range r.Options {
		title := r.option(i)
		if len(r.Options) > 3 || len([]rune(title)) > 14 {
			title = r.say(fmt.Sprintf("方案 %d", i+1), fmt.Sprintf("Option %d", i+1))
		}
		out = append(out, right(title))
	}
	return out
}

// gainAndLoss is "+12 −3", what is nought left out.
func gainAndLoss(gained, lost coverage.People) string {
	var parts []string
	if gained != 0 {
		parts = append(parts, "+"+people(gained))
	}
	if lost != 0 {
		parts = append(parts, "−"+people(lost))
	}
	return strings.Join(parts, " ")
}

// byDivision has the divisions in which something changes; of today those with the most
// people who are not covered.
func (r *report) byDivision() {
	what := ""
	if len(r.Options) > 0 {
		what = r.say("，得失", ", gains and losses")
	}
	r.doc.Heading(r.say("按辖区（", "By division (") + r.band(r.Band) + what + r.say("）", ")"))
	lines := r.divisionLines(r.Band)
	if len(r.Options) > 0 {
		lines = slices.DeleteFunc(lines, func(l divisionLine) bool {
			return !slices.ContainsFunc(l.changes, func(c coverage.Change) bool { return c.Gained != 0 || c.Lost != 0 })
		})
	}
	slices.SortStableFunc(lines, func(a, b divisionLine) int {
		return cmp.Compare(b.count.Uncovered+b.count.Unsnapped, a.count.Uncovered+a.count.Unsnapped)
	})
	t := pdf.Table{Size: 8.5, Empty: r.say("没有辖区有变化。", "Nothing changes in any division."), Columns: append([]pdf.Column{
		{Title: r.say("辖区", "Division"), Weight: 2}, right(r.say("人口", "Population")), right(r.say("现状未覆盖", "Without today")), right(r.say("现状覆盖率", "Covered today")),
	}, r.optionHeads()...)}
	var rows []pdf.Row
	for _, l := range lines[:min(len(lines), mostRows)] {
		cells := []string{l.name, people(l.count.Population), people(l.count.Uncovered + l.count.Unsnapped), percent(l.count.PopulationCoverage())}
		for _, c := range l.changes {
			cells = append(cells, gainAndLoss(c.Gained, c.Lost))
		}
		rows = append(rows, pdf.Texts(cells...))
	}
	today := r.Comparison.Baseline.Summary.Total[r.Band]
	cells := []string{r.say("全区合计", "The whole district"), people(today.Population), people(today.Uncovered + today.Unsnapped), percent(today.PopulationCoverage())}
	for _, o := range r.Comparison.Options {
		cells = append(cells, gainAndLoss(o.Delta.Total[r.Band].Gained, o.Delta.Total[r.Band].Lost))
	}
	total := pdf.Texts(cells...)
	total.Bold = true
	r.doc.Table(t, each(append(rows, total)))
	r.more(len(lines))
}

// more says how many rows are left out.
func (r *report) more(rows int) {
	if rows > mostRows {
		r.doc.Note(r.say(fmt.Sprintf("另有 %d 行，见成果表。", rows-mostRows), fmt.Sprintf("%d more rows are in the workbook.", rows-mostRows)))
	}
}

// byFacility has the facilities for which something changes; of today all, by whom they
// serve.
func (r *report) byFacility() {
	lines := r.siteLines(r.Band)
	heads := []pdf.Column{{Title: r.say("设施", "Facility"), Weight: 2.4}, {Title: r.say("所在辖区", "Division"), Weight: 1.4}, right(r.say("现状时限内", "Within today"))}
	title := r.say("按设施（", "By facility (")
	if len(r.Options) > 0 {
		lines = touched(lines)
		heads = append(heads, r.optionHeads()...)
	} else {
		slices.SortStableFunc(lines, func(a, b siteLine) int { return cmp.Compare(b.today.Nearest, a.today.Nearest) })
		heads = append(heads, right(r.say("以此为最近", "Nearest for")), right(r.say("只到得了这里", "This one only")))
	}
	r.doc.Heading(title + r.band(r.Band) + r.say("）", ")"))
	var rows []pdf.Row
	for _, l := range lines[:min(len(lines), mostRows)] {
		cells := []string{l.name, r.division(l.division), people(l.today.Only + l.today.Shared)}
		for _, in := range l.options {
			text := gainAndLoss(in.gained, in.lost)
			if in.fate != stays {
				text = strings.TrimSpace(r.fate(in.fate) + " " + text)
			}
			cells = append(cells, text)
		}
		if len(r.Options) == 0 {
			cells = append(cells, people(l.today.Nearest), people(l.today.Only))
		}
		rows = append(rows, pdf.Texts(cells...))
	}
	r.doc.Table(pdf.Table{Size: 8.5, Columns: heads, Empty: r.say("没有设施有变化。", "Nothing changes for any facility.")}, each(rows))
	r.more(len(lines))
}

// placesListed is how many places the report lists and numbers on the map.
func (d *Dossier) placesListed() int {
	if len(d.Options) == 0 {
		return 30
	}
	return 12
}

// places has who remains without, by place, and how many live at those that are left out.
func (r *report) places(situation int) {
	title := r.say("现状未覆盖的人，按地方", "Who is not covered today, by place")
	if situation > 0 {
		title = r.say("仍未覆盖的人，按地方：", "Who remains without, by place: ") + r.option(situation-1)
	}
	r.doc.Heading(title)
	widest := coverage.Widest(r.bands())
	columns := []pdf.Column{
		{Title: r.say("序号", "No."), Width: 10 * pdf.MM, Align: pdf.Right}, {Title: r.say("地方", "Place"), Weight: 3}, {Title: r.band(r.Band), Width: 19 * pdf.MM, Align: pdf.Right},
	}
	if widest != r.Band {
		columns = append(columns, pdf.Column{Title: r.band(widest), Width: 17 * pdf.MM, Align: pdf.Right})
	}
	columns = append(columns, pdf.Column{Title: r.say("原因与最近的一处", "Why, and the nearest one"), Weight: 3})
	all := r.unserved(situation)
	listed := all[:min(len(all), r.placesListed())]
	var rows []pdf.Row
	row := func(n, name string, who func(int) coverage.People, why string) pdf.Row {
		cells := []string{n, name, people(who(r.Band))}
		if widest != r.Band {
			cells = append(cells, people(who(widest)))
		}
		return pdf.Texts(append(cells, why)...)
	}
	for n, p := range listed {
		rows = append(rows, row(strconv.Itoa(n+1), r.label(p), func(k int) coverage.People { return p.gap.People[k] }, r.whyAndNearest(situation, p.place)))
	}
	if rest := all[len(listed):]; len(rest) > 0 {
		rows = append(rows, row("", r.say(fmt.Sprintf("其余 %d 处，见成果表", len(rest)), fmt.Sprintf("%d other places, see the workbook", len(rest))), func(k int) coverage.People {
			n := coverage.People(0)
			for _, p := range rest {
				n += p.gap.People[k]
			}
			return n
		}, ""))
	}
	r.doc.Table(pdf.Table{Size: 8.5, Columns: columns, Empty: r.say("没有人未被覆盖。", "Everybody is covered.")}, each(rows))
}

func (r *report) whyAndNearest(situation int, p coverage.Place) string {
	if p.Reason != coverage.TooFar || p.Nearest < 0 {
		return r.why(p)
	}
	name := r.facility(r.facilitiesOf(situation)[p.Nearest])
	write, unit := minutes, r.say(" 分钟", " minutes")
	if r.Question.Metres > 0 {
		write, unit = wholeMetres, r.say(" 米", " m")
	}
	walk := write(p.Shortest)
	if longest := write(p.Longest); longest != walk {
		walk += "–" + longest
	}
	beyond := write(p.Shortest - r.Question.Params.Limit)
	if beyond == "0" {
		return r.say(fmt.Sprintf("到%s %s%s，刚刚超出", name, walk, unit), fmt.Sprintf("%s%s to %s, just beyond", walk, unit, name))
	}
	return r.say(
		fmt.Sprintf("到%s %s%s，至少超出 %s%s", name, walk, unit, beyond, unit),
		fmt.Sprintf("%s%s to %s, at least %s beyond", walk, unit, name, beyond))
}

// wholeMetres is a walk asked for by distance, of which a second is a metre.
func wholeMetres(t walknet.Milliseconds) string { return strconv.Itoa(int(t+500) / 1000) }

// method says how people are counted, what the circle is and where the limits are.
func (r *report) method() {
	r.doc.Heading(r.say("怎样计算", "How it is counted"))
	if r.Question.Params.Mode == coverage.ByDivision {
		r.doc.Paragraph(r.say(
			"这类设施不按步行判断。一个人所在的辖区有一处，或有一处写明服务这个辖区，就算覆盖。不知道住在哪个辖区的人单列。",
			"This type is not judged by walks. People are covered where their division has a facility, or one is written down as serving it. People of whom no division is known are listed apart."))
		return
	}
	r.doc.Paragraph(r.say(
		"人口按楼或格网的点给出。每个点走到最近一处开放设施的路程，沿步行路网算：门到路、沿路、路到设施的门。路程不超过时限（含恰好等于）的人算覆盖。所以数人靠路程，不靠图上的圈；圈只是把同样的路程画出来，约 10 米精细。",
		"People are given at points, one per building or cell. For each point the way to the nearest open facility is walked on the pedestrian network: from the door to the path, along the paths, and to the facility's door. Who needs no more than the limit (exactly the limit counts) is covered. So people are counted by their own way and never by a circle on the map; the circle only draws the same ways, to about 10 m."))
	r.doc.Paragraph(r.say(
		"方案与现状用同一份数据比较：只重算方案改动的地方，得失精确到每个点。“新增”是原来不在、现在在时限内的人，“失去”相反；净增等于新增减失去。按设施时，每人只算在最近的一处。费用由提出方案的人填写，未经核价。",
		"Options and today are compared on the same data: only what an option changes is worked out again, exactly for each point. Gained are those who were not within the limit and now are, lost the other way round, and net is the one less the other. By facility each person counts once, for the nearest. Costs are as entered by whoever proposes an option; nobody has checked them."))
	r.doc.Paragraph(r.say(
		"找不到近路的人（“附近无路”）既不算覆盖也不算未覆盖，但留在分母里，所以覆盖率不会因为缺路而偏高。地名取自辖区界线、楼栋与小区名、路名和设施名。",
		"People with no path near belong to neither side, yet stay in the base, so that missing paths never flatter the share covered. Places are told by the names of divisions, estates, streets and facilities in the data."))
}

// sources says what the data are and how far they may be trusted.
func (r *report) sources() {
	r.doc.Heading(r.say("数据与局限", "Data and their limits"))
	t := pdf.Table{Size: 8.5, Columns: []pdf.Column{{Title: r.say("项目", "Item"), Width: 34 * pdf.MM}, {Title: r.say("内容", "Content")}}}
	skip := map[string]bool{r.say("问题", "Question"): true, r.say("人怎样数", "How people are counted"): true}
	var rows []pdf.Row
	for _, f := range r.facts() {
		if !skip[f.name] && !strings.HasPrefix(f.name, r.say("方案 ", "Option ")) {
			rows = append(rows, pdf.Texts(f.name, f.text))
		}
	}
	r.doc.Table(t, each(rows))
}
