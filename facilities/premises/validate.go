package premises

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"yike/geo/divisions"
	"yike/internal/record"
)

// Limits of what a person may write.
const (
	LongestName    = 100 // characters
	LongestAddress = 200
	LongestNote    = 1000
	longestShort   = 40
	MostParts      = 12
	MostDocuments  = 20
)

// Known is what a room is held against.
type Known struct {
	divisions.Standing      // of the room's point
	Facility           bool // there is a facility of the room's id
	Today              record.Day
}

// faults gathers what is wrong with a room.
type faults []record.Fault

func (f *faults) add(field, value, zh, en string) {
	*f = append(*f, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
}

// Validate gives everything about r that a person may not write so. What is merely
// missing is no fault: a ledger begins with what people know, and Missing says the rest.
func Validate(r Room, k Known) []record.Fault {
	var f faults
	f.words(r)
	f.codes(r)
	f.areas(r)
	f.milestones(r, k.Today)
	f.place(r, k)
	if r.FacilityID != "" && !k.Facility {
		f.add("facility_id", r.FacilityID, "设施名录里没有这个编号", "no facility has this id")
	}
	return f
}

func (f *faults) words(r Room) {
	for _, t := range r.texts() {
		v := *t.value
		if v == "" && t.needed {
			f.add(t.field, "", "请填写", "is needed")
		}
		f.text(t.field, v, t.longest)
	}
	if n := len(r.Documents); n > MostDocuments {
		f.add("documents", fmt.Sprint(n), fmt.Sprintf("不应多于 %d 份", MostDocuments), fmt.Sprintf("at most %d", MostDocuments))
	}
	for _, d := range r.Documents {
		f.text("documents", d, LongestAddress)
	}
}

func (f *faults) text(field, v string, longest int) {
	if n := utf8.RuneCountInString(v); n > longest {
		f.add(field, fmt.Sprint(n), fmt.Sprintf("不应超过 %d 个字", longest), fmt.Sprintf("at most %d characters", longest))
	}
	control := func(c rune) bool { return unicode.IsControl(c) && (field != "note" || c != '\n') }
	if !utf8.ValidString(v) || strings.ContainsFunc(v, control) {
		f.add(field, strings.ToValidUTF8(v, "?"), "含有控制字符", "holds control characters")
	}
}

func (f *faults) codes(r Room) {
	if info, ok := r.ApprovedUse.Info(); r.ApprovedUse != "" && (!ok || !info.Approved) {
		f.add("approved_use", string(r.ApprovedUse), "不是可以批准的用途", "is no use that is ever approved")
	}
	if _, ok := r.PresentUse.Info(); r.PresentUse != "" && !ok {
		f.add("present_use", string(r.PresentUse), "没有这种用途", "is no use")
	}
	for _, c := range []struct {
		field, value string
		list         []Code
		needed       bool
	}{{"state", string(r.State), States(), true}, {"title", string(r.Title), Titles(), false}, {"obtained_by", string(r.ObtainedBy), Ways(), false}} {
		if c.value == "" && !c.needed {
			continue
		}
		if !slices.ContainsFunc(c.list, func(i Code) bool { return i.Code == c.value }) {
			zh, en := listed(c.list)
			f.add(c.field, c.value, "应为："+zh, "must be one of: "+en)
		}
	}
}

func listed(list []Code) (zh, en string) {
	var words, codes []string
	for _, c := range list {
		words, codes = append(words, c.ZH), append(codes, c.Code)
	}
	return strings.Join(words, "、"), strings.Join(codes, ", ")
}

// areas holds that each square metre has one purpose: the parts are together no more
// than the room, and a part counts for one norm that its use is meant for.
func (f *faults) areas(r Room) {
	for _, a := range []struct {
		field string
		value Area
	}{{"area_m2", r.Area}, {"land_share_m2", r.LandShare}} {
		if a.value < 0 || a.value > MostArea {
			f.add(a.field, a.value.String(), fmt.Sprintf("应为 0（不详）至 %s 平方米", MostArea), fmt.Sprintf("must be from 0 (unknown) to %s m²", MostArea))
		}
	}
	if len(r.Parts) > MostParts {
		f.add("parts", fmt.Sprint(len(r.Parts)), fmt.Sprintf("不应多于 %d 项", MostParts), fmt.Sprintf("at most %d", MostParts))
	}
	var sum Area
	for i, p := range r.Parts {
		f.part(r, i)
		sum += p.Area
	}
	switch {
	case len(r.Parts) > 0 && r.Area == 0:
		f.add("area_m2", "0", "分用途之前请先填写建筑面积", "give the room's area before splitting it by use")
	case sum > r.Area:
		f.add("parts", sum.String(),
			fmt.Sprintf("各用途合计 %s 平方米，超出建筑面积 %s 平方米 %s 平方米：同一面积不得重复计算", sum, r.Area, sum-r.Area),
			fmt.Sprintf("the parts are %s m² together, %s m² more than the room's %s m²: no area counts twice", sum, sum-r.Area, r.Area))
	}
}

func (f *faults) part(r Room, i int) {
	p, field := r.Parts[i], fmt.Sprintf("parts/%d/", i)
	info, ok := p.Use.Info()
	switch {
	case !ok || !info.Approved:
		f.add(field+"use", string(p.Use), "不是可以批准的用途", "is no use that is ever approved")
	case p.CountsFor != NoNorm && r.ApprovedUse == PropertyOffice:
		f.add(field+"counts_for", string(p.CountsFor), "批准用途为物业管理用房，不得计入社区或养老用房", "the room was approved for property management, which counts for no other premises")
	case !p.Use.mayCountFor(p.CountsFor):
		f.add(field+"counts_for", string(p.CountsFor), fmt.Sprintf("%s面积不能计入这项指标", info.ZH), fmt.Sprintf("%s does not count for this norm", info.EN))
	}
	if p.Area <= 0 || p.Area > MostArea {
		f.add(field+"area_m2", p.Area.String(), "面积应大于 0", "the area must be more than 0")
	}
	if slices.ContainsFunc(r.Parts[:i], func(q Part) bool { return q.Use == p.Use && q.CountsFor == p.CountsFor }) {
		f.add(field+"use", string(p.Use), "与前面的一项相同，请合并", "is the same as one before; join them")
	}
}

// milestone is a day of a room's life and the state that it begins.
type milestone struct {
	field  string
	state  State
	day    record.Day
	zh, en string
}

func (r Room) milestones() []milestone {
	return []milestone{
		{"planned_on", Planned, r.PlannedOn, "规划", "planned"},
		{"built_on", Built, r.BuiltOn, "建成", "built"},
		{"accepted_on", Accepted, r.AcceptedOn, "验收", "accepted"},
		{"handed_over_on", HandedOver, r.HandedOverOn, "移交", "handed over"},
		{"withdrawn_on", Withdrawn, r.WithdrawnOn, "退出", "withdrawn"},
	}
}

// milestones holds that days follow one another and that none belongs to a state that
// the room has not reached.
func (f *faults) milestones(r Room, today record.Day) {
	order := []State{Planned, Built, Accepted, HandedOver, Withdrawn}
	reached := slices.Index(order, r.State)
	var last milestone
	for i, m := range r.milestones() {
		if m.day == "" {
			continue
		}
		if _, ok := record.ParseDay(string(m.day)); !ok {
			f.add(m.field, string(m.day), "应为日期，如 2026-11-27", "must be a day such as 2026-11-27")
			continue
		}
		switch {
		case m.day > today:
			f.add(m.field, string(m.day), fmt.Sprintf("不应晚于今天（%s）", today), fmt.Sprintf("must not be after today, %s", today))
		case reached >= 0 && i > reached || r.State == Disputed && m.state == Withdrawn:
			f.add(m.field, string(m.day), "与移交状态不符：尚未到这一步", "does not go with the state: the room is not that far")
		case m.day < last.day:
			f.add(m.field, string(m.day), fmt.Sprintf("不应早于%s日期 %s", last.zh, last.day), fmt.Sprintf("must not be before %s, when it was %s", last.day, last.en))
		}
		last = m
	}
}

func (f *faults) place(r Room, k Known) {
	if !r.Placed {
		f.division(r, k)
		return
	}
	bounds := k.Bounds
	if bounds.IsZero() {
		bounds = orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}
	}
	wrong := false
	for i, field := range []string{"lon", "lat"} {
		if v := r.Point[i]; math.IsNaN(v) || v < bounds.Min[i] || v > bounds.Max[i] {
			wrong = true
			f.add(field, fmt.Sprint(v), fmt.Sprintf("超出辖区范围 %.6f 至 %.6f", bounds.Min[i], bounds.Max[i]),
				fmt.Sprintf("is outside the district, which is from %.6f to %.6f", bounds.Min[i], bounds.Max[i]))
		}
	}
	switch {
	case wrong || !k.Divided:
	case !k.LyingInAny:
		for i, field := range []string{"lon", "lat"} {
			f.add(field, fmt.Sprint(r.Point[i]), "该位置不在任何辖区内", "the place lies outside every division")
		}
	case k.Division && !k.Holds:
		f.add("division_code", r.DivisionCode, fmt.Sprintf("所填位置不在这个辖区内，而在%s", k.LyingIn), fmt.Sprintf("the place is not in this division but in %s", k.LyingIn))
	default:
		f.division(r, k)
	}
}

func (f *faults) division(r Room, k Known) {
	switch {
	case !k.Divided:
	case r.DivisionCode == "":
		f.add("division_code", "", "请选择所在村居，或在地图上定位", "choose the community, or place the room on the map")
	case !k.Division:
		f.add("division_code", r.DivisionCode, "没有这个编码的辖区", "no division has this code")
	}
}

// ValidateChange gives the faults of the fields that a person changed, and those of the
// split by use whenever it or the area changes: what was imported otherwise must not
// keep anybody from mending something else.
func ValidateChange(before, after Room, k Known) []record.Fault {
	changed := map[string]bool{}
	for _, d := range Differences(before, after) {
		changed[d.Field] = true
	}
	related := [][]string{
		{"area_m2", "parts", "approved_use"},
		{"state", "planned_on", "built_on", "accepted_on", "handed_over_on", "withdrawn_on"},
		{"lon", "lat", "division_code"},
	}
	for _, group := range related {
		if slices.ContainsFunc(group, func(field string) bool { return changed[field] }) {
			for _, field := range group {
				changed[field] = true
			}
		}
	}
	return slices.DeleteFunc(Validate(after, k), func(f record.Fault) bool {
		field, _, _ := strings.Cut(f.Field, "/")
		return !changed[field]
	})
}
