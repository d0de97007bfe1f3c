package estateexport

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/internal/docx"
	"yike/internal/papers"
	"yike/internal/record"
	"yike/internal/rules"
)

// LetterKind names a template of letters: the code word of a milestone, or Rectification.
type LetterKind string

// Rectification is the notice (整改通知) that a refusal is sent as, whatever the milestone.
const Rectification LetterKind = "rectification"

// LetterKinds lists the templates with what people call them.
func LetterKinds() []premises.Code {
	out := []premises.Code{
		{Code: estates.PlanningConditions.Code().Code, ZH: "规划条件意见", EN: "opinion on planning conditions"},
		{Code: estates.PlanReview.Code().Code, ZH: "方案审查意见", EN: "opinion on the plan"},
		{Code: estates.Construction.Code().Code, ZH: "开工核查意见", EN: "opinion on construction"},
		{Code: estates.Acceptance.Code().Code, ZH: "联合验收意见", EN: "opinion on acceptance"},
		{Code: estates.HandOver.Code().Code, ZH: "移交接收意见", EN: "opinion on hand-over"},
	}
	return append(out, premises.Code{Code: string(Rectification), ZH: "整改通知", EN: "rectification notice"})
}

// ParseLetterKind finds a kind by its code word.
func ParseLetterKind(code string) (LetterKind, bool) {
	for _, c := range LetterKinds() {
		if c.Code == code {
			return LetterKind(code), true
		}
	}
	return "", false
}

// Letter is what a letter says of an opinion. It has no word about persons but the signer.
type Letter struct {
	Estate    estates.Estate
	Place     []string // names of the divisions that it lies in, from the largest
	Request   estates.Request
	Opinion   estates.Opinion
	Earlier   []estates.Opinion // conditions of opinions at milestones before
	Set       *rules.Set
	Check     estates.Check // at the milestone
	CheckedOn record.Day
	Household float64 // people of a household; 0 is the usual number
	Community estates.Owing
	Elderly   estates.Owing
}

// Kind is the template that the letter is made from.
func (l Letter) Kind() LetterKind {
	if l.Opinion.Verdict == estates.Refused {
		return Rectification
	}
	return LetterKind(l.Opinion.Milestone.Code().Code)
}

// FileName is what the letter is called as a file, without what ends it.
func (l Letter) FileName() string {
	what, _ := premises.Words(LetterKinds(), string(l.Kind()))
	return strings.Join(strings.Fields(l.Estate.Name+" "+what+" "+l.Opinion.Letter), "-")
}

// Placeholders lists every name, those of texts first.
func Placeholders() []papers.Field[Letter] {
	t := func(zh, en string, text func(Letter) string) papers.Field[Letter] {
		return papers.Field[Letter]{ZH: zh, EN: en, Text: text}
	}
	out := []papers.Field[Letter]{
		t("发文机关", "office", func(l Letter) string { return l.Opinion.Office }),
		t("发文字号", "letter.number", func(l Letter) string { return l.Opinion.Letter }),
		t("成文日期", "letter.day", func(l Letter) string { return dayZH(l.Opinion.Day) }),
		t("签发人", "signer", func(l Letter) string { return l.Opinion.Signer }),
		t("主送单位", "addressee", func(l Letter) string { return l.Request.By }),
		t("来文日期", "request.day", func(l Letter) string { return dayZH(l.Request.Day) }),
		t("来文说明", "request.note", func(l Letter) string { return l.Request.Note }),
		t("环节", "milestone", func(l Letter) string { return l.Opinion.Milestone.Code().ZH }),
		t("用房类别", "premises", func(l Letter) string { zh, _ := premises.Words(premises.Norms(), string(l.Opinion.Norm)); return zh }),
		t("意见结论", "verdict", func(l Letter) string { return verdictZH(l.Opinion.Verdict) }),
		t("附加条件", "conditions", func(l Letter) string { return l.said(estates.Conditional) }),
		t("整改要求", "rectify", func(l Letter) string { return l.said(estates.Refused) }),
		t("整改期限", "rectify.by", func(l Letter) string { return dayZH(l.Opinion.RectifyBy) }),
		t("小区名称", "estate.name", func(l Letter) string { return l.Estate.Name }),
		t("所在辖区", "estate.place", func(l Letter) string { return strings.Join(l.Place, "") }),
		t("建设单位", "estate.developer", func(l Letter) string { return l.Estate.Developer }),
		t("规划户数", "estate.households", func(l Letter) string { return whole(l.Estate.Households) }),
		t("规划人口", "estate.people", func(l Letter) string { n, _ := l.Estate.PlannedPeople(l.Household); return whole(n) }),
		t("用地面积", "estate.site_area", func(l Letter) string { return squares(l.Estate.SiteArea) }),
		t("住宅建筑面积", "estate.housing_floor", func(l Letter) string { return squares(l.Estate.HousingFloor) }),
		t("地上建筑面积", "estate.floor_above", func(l Letter) string { return squares(l.Estate.FloorAbove) }),
		t("规划条件文号", "estate.conditions", func(l Letter) string { return paper(l.Estate.Conditions) }),
		t("批准方案文号", "estate.plan", func(l Letter) string { return paper(l.Estate.Plan) }),
		t("用房数", "rooms.count", func(l Letter) string { return strconv.Itoa(len(l.Estate.Rooms)) }),
		t("核查日期", "check.day", func(l Letter) string { return dayZH(l.CheckedOn) }),
		t("核查结论", "check.conclusion", func(l Letter) string { return conclusion(l.concluded()).ZH }),
		t("不合标条数", "check.failed", func(l Letter) string { return strconv.Itoa(l.count(rules.Fail)) }),
		t("待定条数", "check.unknown", func(l Letter) string { return strconv.Itoa(l.count(rules.Undetermined)) }),
	}
	for _, n := range []struct {
		zh, en string
		of     func(Letter) estates.Owing
	}{{"社区用房", "community", func(l Letter) estates.Owing { return l.Community }}, {"养老用房", "elderly", func(l Letter) estates.Owing { return l.Elderly }}} {
		out = append(out,
			t(n.zh+"面积", n.en+".area", func(l Letter) string { return n.of(l).Has.String() }),
			t(n.zh+"应配", n.en+".owed", func(l Letter) string { return known(n.of(l).Owes) }),
			t(n.zh+"尚缺", n.en+".short", func(l Letter) string { return known(n.of(l).Short) }))
	}
	return append(out, letterLists()...)
}

// said is the text of an opinion of a verdict.
func (l Letter) said(v estates.Verdict) string {
	if l.Opinion.Verdict != v {
		return ""
	}
	return l.Opinion.Text
}

// letterLists are the lists, each with its fields.
func letterLists() []papers.Field[Letter] {
	finding := papers.Names([2]string{"序号", "no"}, [2]string{"编号", "rule"}, [2]string{"事项", "title"}, [2]string{"用房", "room"}, [2]string{"要求", "threshold"}, [2]string{"现状", "value"},
		[2]string{"结果", "outcome"}, [2]string{"尚缺", "missing"}, [2]string{"说明", "reason"}, [2]string{"情况", "summary"}, [2]string{"依据", "source"}, [2]string{"原文", "sentence"})
	findings := func(keep func(estates.Found) bool) func(Letter) []map[string]string {
		return func(l Letter) []map[string]string { return l.findings(keep) }
	}
	decides := func(f estates.Found) bool { return f.Rule.Severity == rules.Error }
	return []papers.Field[Letter]{
		{ZH: "用房", EN: "rooms", Items: Letter.rooms, Fields: papers.Names([2]string{"序号", "no"}, [2]string{"名称", "name"}, [2]string{"用途", "use"}, [2]string{"位置", "place"},
			[2]string{"楼栋", "building"}, [2]string{"楼层", "floor"}, [2]string{"房号", "room_no"}, [2]string{"建筑面积", "area"}, [2]string{"用地面积", "land_share"},
			[2]string{"分期", "phase"}, [2]string{"独立出入口", "own_entrance"}, [2]string{"电梯或坡道", "lift"})},
		{ZH: "核查", EN: "findings", Fields: finding, Items: findings(func(f estates.Found) bool {
			return f.Rule.Severity != rules.Info && f.Outcome != rules.NotApplicable
		})},
		{ZH: "不合标", EN: "failures", Fields: finding, Items: findings(func(f estates.Found) bool { return decides(f) && f.Outcome == rules.Fail })},
		{ZH: "待定", EN: "open", Fields: finding, Items: findings(func(f estates.Found) bool { return decides(f) && f.Outcome == rules.Undetermined })},
		{ZH: "前次条件", EN: "earlier", Items: Letter.earlier, Fields: papers.Names([2]string{"序号", "no"}, [2]string{"机关", "office"}, [2]string{"文号", "letter"}, [2]string{"日期", "day"}, [2]string{"环节", "milestone"}, [2]string{"内容", "text"})},
	}
}

func (l Letter) rooms() []map[string]string {
	var out []map[string]string
	for i, r := range l.Estate.Rooms {
		use, _ := premises.UseWords(r.Use)
		out = append(out, map[string]string{
			"序号": strconv.Itoa(i + 1), "名称": r.Called(), "用途": use, "位置": r.Building + floorZH(r.Floor) + r.RoomNo, "楼栋": r.Building, "楼层": r.Floor, "房号": r.RoomNo,
			"建筑面积": squares(r.Area), "用地面积": squares(r.Land), "分期": whole(r.Phase), "独立出入口": yesNo(r.OwnEntrance), "电梯或坡道": yesNo(r.Lift),
		})
	}
	return out
}

// findings are those that keep takes, in the order of the rules.
func (l Letter) findings(keep func(estates.Found) bool) []map[string]string {
	var out []map[string]string
	for _, f := range l.Check.Findings {
		if !keep(f) || !l.concerns(f) {
			continue
		}
		r := row(l.Set, l.Estate, f)
		title := r.Title.ZH
		if r.Room != "" {
			title += "（" + r.Room + "）"
		}
		out = append(out, map[string]string{
			"序号": strconv.Itoa(len(out) + 1), "编号": f.Rule.ID, "事项": title, "用房": r.Room, "情况": r.summary(), "要求": r.Threshold.ZH, "现状": r.Value.ZH, "结果": r.Outcome.ZH,
			"尚缺": r.Missing.ZH, "说明": r.Reason.ZH, "依据": r.Source.ZH, "原文": r.Sentence.ZH,
		})
	}
	return out
}

// concerns reports whether a finding is about the premises that the office answers for, or
// about the estate as a whole: another office answers for the others.
func (l Letter) concerns(f estates.Found) bool {
	if f.Room >= 0 && f.Room < len(l.Estate.Rooms) {
		return l.Estate.Rooms[f.Room].For(l.Opinion.Norm) > 0
	}
	other := map[string]premises.Norm{
		"community_area": premises.CommunityNorm, "area_all": premises.CommunityNorm, "spread_m": premises.CommunityNorm,
		"elderly_area": premises.ElderlyNorm, "elderly_land": premises.ElderlyNorm, "elderly_smallest": premises.ElderlyNorm, "day_care_area": premises.ElderlyNorm,
	}
	return !slices.ContainsFunc(f.Rule.Over, func(input string) bool { return other[input] != "" && other[input] != l.Opinion.Norm })
}

// count is how many rules that must be kept have an outcome, of those that concern the letter.
func (l Letter) count(o rules.Outcome) int {
	n := 0
	for _, f := range l.Check.Findings {
		if f.Rule.Severity == rules.Error && f.Outcome == o && l.concerns(f) {
			n++
		}
	}
	return n
}

// concluded is what the findings that concern the letter come to.
func (l Letter) concluded() estates.Conclusion {
	switch {
	case l.count(rules.Fail) > 0:
		return estates.NotCompliant
	case l.count(rules.Undetermined) > 0 || l.count(rules.Pass) == 0:
		return estates.Open
	}
	return estates.Compliant
}

func (l Letter) earlier() []map[string]string {
	var out []map[string]string
	for i, o := range l.Earlier {
		out = append(out, map[string]string{
			"序号": strconv.Itoa(i + 1), "机关": o.Office, "文号": o.Letter, "日期": dayZH(o.Day), "环节": o.Milestone.Code().ZH, "内容": o.Text,
		})
	}
	return out
}

// Data are the values of all placeholders, by both of their names. The zero letter has the
// names, too, so that a template can be checked without an opinion.
func (l Letter) Data() docx.Data { return papers.Data(Placeholders(), l) }

// notRecorded stands where nobody filled something in: a letter with a gap reads as if a
// number were 0.
const notRecorded = "（未登记）"

func whole(n int) string {
	if n <= 0 {
		return notRecorded
	}
	return strconv.Itoa(n)
}

func squares(a premises.Area) string {
	if a <= 0 {
		return notRecorded
	}
	return a.String()
}

func known(m2 *float64) string {
	if m2 == nil {
		return "（待定）"
	}
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", *m2), "0"), ".")
}

func yesNo(v *bool) string {
	switch {
	case v == nil:
		return notRecorded
	case *v:
		return "有"
	}
	return "无"
}

func paper(p estates.Paper) string {
	switch {
	case !p.Known():
		return notRecorded
	case p.Number == "":
		return "《" + p.Title + "》"
	case p.Title == "":
		return p.Number
	}
	return "《" + p.Title + "》（" + p.Number + "）"
}

// floorZH is a floor as people write it, with the word for floor behind a number.
func floorZH(floor string) string {
	if floor == "" || strings.ContainsAny(floor, "层楼") || strings.Trim(floor, "-0123456789–—~、,") != "" {
		return floor
	}
	return floor + "层"
}

// dayZH writes a day as it stands on letters: 2026年11月8日.
func dayZH(d record.Day) string {
	var y, m, day int
	if _, err := fmt.Sscanf(string(d), "%d-%d-%d", &y, &m, &day); err != nil {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", y, m, day)
}

func verdictZH(v estates.Verdict) string {
	switch v {
	case estates.Agreed:
		return "同意"
	case estates.Conditional:
		return "有条件同意"
	case estates.Refused:
		return "不同意"
	}
	return ""
}

// WriteLetter fills a template. The error of a template that cannot be read is a
// *docx.Error. The same template and letter give the same bytes.
func WriteLetter(w io.Writer, template []byte, l Letter) error {
	t, err := docx.Open(template)
	if err != nil {
		return fmt.Errorf("read the template of a letter: %w", err)
	}
	return t.Fill(w, l.Data())
}
