package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/geo/divisions"
)

// printTables prints every type: rows per level, what the levels do not hold, the
// gaps, and a total per age band that closes; then what must be said of the data.
func (c *coverageCmd) printTables(w io.Writer, s *coveragelive.State, reports []coverageReport) error {
	out := bufio.NewWriter(w)
	c.printHead(out, s)
	for _, r := range reports {
		c.printType(out, s, r)
	}
	printSaid(out, s, reports)
	if err := out.Flush(); err != nil {
		return fmt.Errorf("print the tables: %w", err)
	}
	return nil
}

func (c *coverageCmd) printHead(w io.Writer, s *coveragelive.State) {
	m := s.Pack.Manifest
	say(w, "%s / %s (%s)\n", m.Name.ZH, m.Name.EN, s.Pack.AdCode)
	if m.Synthetic {
		say(w, "合成数据，不是真实地区 / Synthetic data, not a real place\n")
	}
	far := c.howFar()
	say(w, "步行 %s以内（含）；人数按各自的步行路程计，不按图形计\n", far.ZH)
	say(w, "Within %s on foot, inclusive; people are counted by their own walk, not by polygon\n", far.EN)
	if r := s.Report; len(r.Islands) > 0 {
		say(w, "步行路网 %.1f 千米，另有 %d 处孤岛共 %.1f 千米 / network %.1f km, %d islands of %.1f km in all\n",
			(r.LengthM-r.IslandLengthM())/1000, len(r.Islands), r.IslandLengthM()/1000,
			(r.LengthM-r.IslandLengthM())/1000, len(r.Islands), r.IslandLengthM()/1000)
	}
}

// howFar is the limit in words, with who walks, when and to which tier.
func (c *coverageCmd) howFar() coverage.Text {
	far := coverage.Text{
		ZH: fmt.Sprintf("%s 分钟（%g 米/秒）", minutes(c.Limit.Minutes()), c.Speed),
		EN: fmt.Sprintf("%s minutes (%g m/s)", minutes(c.Limit.Minutes()), c.Speed),
	}
	if c.Metres > 0 {
		far = coverage.Text{ZH: fmt.Sprintf("%d 米", c.Metres), EN: fmt.Sprintf("%d m", c.Metres)}
	}
	add := func(zh, en string) { far.ZH, far.EN = far.ZH+"、"+zh, far.EN+", "+en }
	switch c.walker() {
	case coverage.Elder:
		add("老年人", "elders")
	case coverage.StepFree:
		add("无台阶", "step-free")
	}
	switch c.At {
	case "":
	case "always":
		add("只走全天开放的门", "by gates that are open all day")
	default:
		add("时刻 "+c.At, "at "+c.At)
	}
	if c.Tier > 0 {
		add(fmt.Sprintf("%d 分钟生活圈的设施", c.Tier), fmt.Sprintf("facilities of the %d-minute life circle", c.Tier))
	}
	return far
}

func minutes(m float64) string { return strconv.FormatFloat(m, 'f', -1, 64) }

// rowBand is the band of the rows: the one asked for, else 60+, else the widest.
func (c *coverageCmd) rowBand(bands []coverage.Band) int {
	id := c.Band
	if id == "" {
		id = defaultBand
	}
	if i := coverage.BandIndex(bands, id); i >= 0 {
		return i
	}
	return coverage.Widest(bands)
}

// defaultBand is the age from which people are elders in the plans.
const defaultBand = "60+"

func (c *coverageCmd) printType(w io.Writer, s *coveragelive.State, r coverageReport) {
	a, bands := r.answer, s.Bands
	examples := 0
	for _, f := range a.Facilities {
		if f.Example {
			examples++
		}
	}
	say(w, "\n== %s / %s (%s) ==\n", a.Type.ZH, a.Type.EN, a.Type.Type)
	say(w, "开放 %d 处", len(a.Facilities))
	if examples > 0 {
		say(w, "，其中示例 %d 处", examples)
	}
	say(w, "；%s / %d open", baseText(a.Query.Base).ZH, len(a.Facilities))
	if examples > 0 {
		say(w, ", %d of them examples", examples)
	}
	say(w, "; %s\n", baseText(a.Query.Base).EN)
	if a.Note != nil {
		say(w, "注意：%s\nNote: %s\n", a.Note.ZH, a.Note.EN)
	}
	for _, remark := range s.Remarks(r.asked, a) {
		say(w, "注意：%s\nNote: %s\n", remark.ZH, remark.EN)
	}
	if o := r.report.Overlaps; o != nil {
		one, several := o.Total[c.rowBand(bands)].One, o.Total[c.rowBand(bands)].Several
		say(w, "已覆盖者中只有一处可去 %s 人，有两处及以上 %s 人 / of the covered, %s by one facility only, %s by several\n",
			one.Fixed(0), several.Fixed(0), one.Fixed(0), several.Fixed(0))
	}
	c.printUnsnapped(w, r)
	for _, level := range s.Hierarchy.Levels() {
		if c.Level == "" || string(level) == c.Level {
			printLevel(w, s, r, level, c.rowBand(bands))
		}
	}
	c.printGaps(w, s, r, c.rowBand(bands))
	printTotals(w, r)
}

func (c *coverageCmd) printUnsnapped(w io.Writer, r coverageReport) {
	var names []string
	for i, site := range r.answer.Sites {
		if !site.Snap.OK() {
			names = append(names, r.answer.Facilities[i].NameZH)
		}
	}
	if len(names) > 0 {
		list := strings.Join(names, "、")
		say(w, "附近没有道路、无法计入的设施 %d 处 / %d facilities too far from any path: %s\n", len(names), len(names), list)
	}
	if n := r.answer.Summary.Unsnapped; n > 0 {
		say(w, "附近没有道路的人口点 %d 个(共 %d 个)，列于 GeoJSON / %d of %d population points are too far from any path; the GeoJSON file lists them\n",
			n, r.answer.Summary.Points, n, r.answer.Summary.Points)
	}
}

// printLevel prints the divisions of one level, the most unserved people first.
func printLevel(w io.Writer, s *coveragelive.State, r coverageReport, level divisions.Level, band int) {
	sum := r.answer.Summary
	var rows []int
	for i, d := range s.Divisions {
		if d.Level == level {
			rows = append(rows, i)
		}
	}
	slices.SortStableFunc(rows, func(a, b int) int {
		return cmp.Compare(sum.Divisions[b][band].Uncovered, sum.Divisions[a][band].Uncovered)
	})
	name := levelText(level)
	t := textTable{right: []bool{false, false, true, true, true, true, true, true}}
	t.add("代码", name.ZH, "人口", "已覆盖", "未覆盖", "未接入路网", "人口覆盖率", "单位覆盖率")
	t.add("code", name.EN, "people", "covered", "uncovered", "unsnapped", "of people", "of units")
	if sum.AllUnits.Total == 0 { // no communities: a sentence below says so, a column of dashes says nothing
		t.drop()
	}
	cut := false
	for _, i := range rows {
		d := s.Divisions[i]
		label := d.NameZH
		if !d.Complete {
			label, cut = label+"*", true
		}
		t.add(append([]string{d.Code, label}, countCells(sum.Divisions[i][band], sum.Units[i])...)...)
	}
	for _, rest := range sum.Rest {
		if rest.Level == level && rest.Counts[band].Population != 0 {
			t.add(append([]string{"", "不在该级辖区内"}, countCells(rest.Counts[band], coverage.Units{})...)...)
		}
	}
	say(w, "\n%s / %s · %s\n", name.ZH, name.EN, s.Bands[band].ID)
	t.print(w)
	if cut {
		say(w, "* 界线被数据范围截断，只计范围内的部分 / boundary cut by the edge of the data; figures are of the part inside\n")
	}
}

func countCells(c coverage.Count, u coverage.Units) []string {
	units := percent(u.UnitCoverage())
	if u.Total > 0 {
		units = fmt.Sprintf("%s (%d/%d)", units, u.With, u.Total)
	}
	return []string{
		c.Population.Fixed(1), c.Covered.Fixed(1), c.Uncovered.Fixed(1), c.Unsnapped.Fixed(1),
		percent(c.PopulationCoverage()), units,
	}
}

func percent(share float64, ok bool) string {
	if !ok {
		return "–"
	}
	return strconv.FormatFloat(share*100, 'f', 1, 64) + "%"
}

func (c *coverageCmd) printGaps(w io.Writer, s *coveragelive.State, r coverageReport, band int) {
	gaps := slices.Clone(r.report.Gaps)
	if len(gaps) == 0 || c.Gaps <= 0 {
		return
	}
	slices.SortStableFunc(gaps, func(a, b coverage.Gap) int { return cmp.Compare(b.People[band], a.People[band]) })
	shown := min(c.Gaps, len(gaps))
	say(w, "\n盲区 %d 处，人数最多的 %d 处 / %d gaps, the %d with the most people · %s\n", len(gaps), shown, len(gaps), shown, s.Bands[band].ID)
	t := textTable{right: []bool{true, true, false, true, true}}
	t.add("人口", "公顷", "所在辖区", "经度", "纬度")
	t.add("people", "ha", "division", "lon", "lat")
	for _, g := range gaps[:shown] {
		where := "–"
		if g.Division >= 0 {
			where = s.Divisions[g.Division].NameZH
		}
		t.add(g.People[band].Fixed(1), strconv.FormatFloat(g.AreaM2/1e4, 'f', 1, 64), where,
			strconv.FormatFloat(g.Centre.Lon(), 'f', 5, 64), strconv.FormatFloat(g.Centre.Lat(), 'f', 5, 64))
	}
	t.print(w)
}

// printTotals ends a type: per band the sum, exact, and that its parts make it up.
func printTotals(w io.Writer, r coverageReport) {
	say(w, "\n合计 / total\n")
	t := textTable{right: []bool{false, true, false, true, false, true, false, true, true}}
	t.add("年龄段", "已覆盖", "", "未覆盖", "", "未接入路网", "", "人口", "人口覆盖率")
	t.add("band", "covered", "", "uncovered", "", "unsnapped", "", "people", "of people")
	for b, c := range r.answer.Summary.Total {
		t.add(r.answer.Demand.Bands[b].ID, c.Covered.Fixed(4), "+", c.Uncovered.Fixed(4), "+", c.Unsnapped.Fixed(4), "=",
			c.Population.Fixed(4), percent(c.PopulationCoverage()))
	}
	t.print(w)
	if u := r.answer.Summary.AllUnits; u.Total > 0 {
		say(w, "单位覆盖率 / unit coverage: %s (%d/%d 社区（村） communities)\n", percent(u.UnitCoverage()), u.With, u.Total)
	}
}

// printSaid prints what the data lack and the notices that must go with them.
func printSaid(w io.Writer, s *coveragelive.State, reports []coverageReport) {
	say(w, "\n")
	if len(reports) > 0 {
		for _, t := range reports[0].answer.Absent {
			say(w, "%s\n%s\n", t.ZH, t.EN)
		}
	}
	for _, t := range s.Pack.Manifest.Absent {
		say(w, "%s\n%s\n", t.ZH, t.EN)
	}
	for _, n := range s.Pack.Manifest.Notices {
		say(w, "%s\n", strings.Join(slices.DeleteFunc([]string{n.ZH, n.EN, n.URL, n.Licence}, func(s string) bool { return s == "" }), " · "))
	}
}

func levelText(l divisions.Level) coverage.Text {
	switch l {
	case divisions.Province:
		return coverage.Text{ZH: "省", EN: "province"}
	case divisions.City:
		return coverage.Text{ZH: "市", EN: "city"}
	case divisions.District:
		return coverage.Text{ZH: "区（县）", EN: "district"}
	case divisions.Subdistrict:
		return coverage.Text{ZH: "街镇", EN: "subdistrict"}
	case divisions.Community:
		return coverage.Text{ZH: "社区（村）", EN: "community"}
	case divisions.Grid:
		return coverage.Text{ZH: "网格", EN: "grid"}
	default:
		return coverage.Text{ZH: string(l), EN: string(l)}
	}
}

func baseText(b divisions.Base) coverage.Text {
	if b == divisions.Registered {
		return coverage.Text{ZH: "户籍人口", EN: "registered population"}
	}
	return coverage.Text{ZH: "常住人口", EN: "resident population"}
}
