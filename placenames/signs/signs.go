// Package signs owns the inventory of place-name signs (地名标志): which sign stands where and
// for which name, the life of a sign from the day that it is needed until it is taken down,
// what its face must say, and the work that follows from the register: names without a sign,
// signs that say a former name, signs of names that ended, what is damaged or was not seen
// for long.
//
// A sign carries the standard name and its spelling by 汉语拼音 (articles 15 and 19 of the
// regulations on place names); how large and of which colour its face is, is not for this
// package. It is pure: no I/O, no clock. It knows no procedure, no storage and no HTTP.
package signs

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yike/internal/record"
	"yike/placenames"
)

// ErrNotFound says that there is no such sign.
var ErrNotFound = errors.New("没有这块标志 / there is no such sign")

// State is how far a sign is.
type State string

// The states. The zero value is none of them.
const (
	Needed   State = "needed"   // 待设置
	Ordered  State = "ordered"  // 已委托制作
	Made     State = "made"     // 已制作
	Standing State = "standing" // 已设置
	Damaged  State = "damaged"  // 破损
	Missing  State = "missing"  // 缺失
	Removed  State = "removed"  // 已拆除, or never needed
)

// States lists the states with their words, in the order of a life.
func States() []placenames.Code {
	return []placenames.Code{
		{Code: string(Needed), ZH: "待设置", EN: "needed"},
		{Code: string(Ordered), ZH: "已委托制作", EN: "ordered"},
		{Code: string(Made), ZH: "已制作", EN: "made"},
		{Code: string(Standing), ZH: "已设置", EN: "standing"},
		{Code: string(Damaged), ZH: "破损", EN: "damaged"},
		{Code: string(Missing), ZH: "缺失", EN: "missing"},
		{Code: string(Removed), ZH: "已拆除", EN: "removed"},
	}
}

// Next are the states that a state leads to; of a removed sign there is none.
func (s State) Next() []State {
	switch s {
	case Needed:
		return []State{Ordered, Made, Standing, Removed}
	case Ordered:
		return []State{Made, Standing, Removed}
	case Made:
		return []State{Standing, Removed}
	case Standing:
		return []State{Damaged, Missing, Removed}
	case Damaged:
		return []State{Standing, Ordered, Missing, Removed}
	case Missing:
		return []State{Standing, Ordered, Removed}
	}
	return nil
}

// There reports whether something stands on the ground.
func (s State) There() bool { return s == Standing || s == Damaged }

// Kinds lists the kinds of signs with their words.
func Kinds() []placenames.Code {
	return []placenames.Code{
		{Code: "street", ZH: "街路巷标志", EN: "street sign"},
		{Code: "bridge", ZH: "桥梁、隧道标志", EN: "sign of a bridge or tunnel"},
		{Code: "estate", ZH: "住宅区、楼宇标志", EN: "sign of an estate or building"},
		{Code: "village", ZH: "村居标志", EN: "sign of a village"},
		{Code: "division", ZH: "政区标志", EN: "sign of a division"},
		{Code: "natural", ZH: "自然地理实体标志", EN: "sign of a natural feature"},
		{Code: "other", ZH: "其他地名标志", EN: "another sign"},
	}
}

// KindFor gives the kind of sign that a name of a kind and class of the catalogue has.
func KindFor(kind, class string) string {
	switch kind {
	case "bridge", "interchange", "tunnel":
		return "bridge"
	case "natural_village":
		return "village"
	}
	switch class {
	case "street":
		return "street"
	case "residence":
		return "estate"
	case "seat":
		return "village"
	case "division", "natural":
		return class
	}
	return "other"
}

// Sign is one version of the record of a sign. What is empty is not known.
type Sign struct {
	ID        string // UUIDv7, text form
	Version   int
	NameID    string // of the name that it is a sign of
	Kind      string
	Text      string // what its face says, or is to say
	Roman     string // and in Latin letters
	Where     string // 设置位置 in words: 沣东大道与沣惠路口东北角
	Placed    bool
	Point     orb.Point // lon/lat WGS 84, where Placed
	Division  string    // that it stands in
	Keeper    string    // 设置、维护单位
	State     State
	NeededOn  record.Day // since when it is needed, or in the state it began with
	OrderedOn record.Day // when it was last ordered
	MadeOn    record.Day
	StoodOn   record.Day // when it was last put up
	SeenOn    record.Day // when somebody last looked at it
	BadSince  record.Day // damaged or missing since
	RemovedOn record.Day
	DueBy     record.Day // the last day to put it up; "" for none
	Note      string
	ValidFrom record.Day
}

// The longest texts, in characters.
const (
	longestWhere = 200
	longestNote  = 1000
	longestRoman = 200
)

// Clean gives a sign with its texts trimmed.
func Clean(s Sign) Sign {
	for _, t := range []*string{&s.Text, &s.Roman, &s.Where, &s.Keeper, &s.Note} {
		*t = strings.TrimSpace(*t)
	}
	return s
}

type faults []record.Fault

func (f *faults) add(field, value, zh, en string) {
	*f = append(*f, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
}

// Known is what a sign is held against.
type Known struct {
	Today record.Day
	Name  bool      // there is such a name
	Held  bool      // the district has divisions and one of them has the code, or it has none
	Box   orb.Bound // of the district; the zero value where nobody knows
}

// Validate gives everything about a sign that a person may not write so.
func Validate(s Sign, k Known) []record.Fault {
	var f faults
	if !k.Name {
		f.add("name_id", s.NameID, "没有这条地名", "there is no such name")
	}
	if !slices.ContainsFunc(Kinds(), func(c placenames.Code) bool { return c.Code == s.Kind }) {
		f.add("kind", s.Kind, "没有这种标志", "there is no such kind of sign")
	}
	if !slices.ContainsFunc(States(), func(c placenames.Code) bool { return c.Code == string(s.State) }) {
		f.add("state", string(s.State), "没有这种状态", "there is no such state")
	}
	if s.Text == "" {
		f.add("text", "", "请填写标志上的名称", "give the name on the sign")
	}
	for _, t := range []struct {
		field, value string
		longest      int
	}{
		{"text", s.Text, placenames.LongestName}, {"roman", s.Roman, longestRoman}, {"where", s.Where, longestWhere}, {"keeper", s.Keeper, 100}, {"note", s.Note, longestNote},
	} {
		if n := placenames.Characters(t.value); n > t.longest {
			f.add(t.field, fmt.Sprint(n), fmt.Sprintf("不应超过 %d 个字", t.longest), fmt.Sprintf("at most %d characters", t.longest))
		}
	}
	if s.State.There() && s.Where == "" && !s.Placed {
		f.add("where", "", "已设置的标志请写明位置或在地图上定位", "say where a sign stands, or place it on the map")
	}
	f.place(s, k)
	f.days(s, k.Today)
	return f
}

func (f *faults) place(s Sign, k Known) {
	if s.Division != "" && !k.Held {
		f.add("division_code", s.Division, "没有这个编码的辖区", "no division has this code")
	}
	if !s.Placed {
		return
	}
	box := k.Box
	if box.IsZero() {
		box = orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}
	}
	for i, field := range []string{"lon", "lat"} {
		if v := s.Point[i]; math.IsNaN(v) || v < box.Min[i] || v > box.Max[i] {
			f.add(field, fmt.Sprint(v), fmt.Sprintf("超出辖区范围 %.6f 至 %.6f", box.Min[i], box.Max[i]),
				fmt.Sprintf("is outside the district, which is from %.6f to %.6f", box.Min[i], box.Max[i]))
		}
	}
}

func (f *faults) days(s Sign, today record.Day) {
	for _, d := range []struct {
		field string
		day   record.Day
	}{
		{"needed_on", s.NeededOn}, {"ordered_on", s.OrderedOn}, {"made_on", s.MadeOn}, {"stood_on", s.StoodOn}, {"seen_on", s.SeenOn}, {"bad_since", s.BadSince}, {"removed_on", s.RemovedOn},
	} {
		if d.day > today {
			f.add(d.field, string(d.day), fmt.Sprintf("不应晚于今天（%s）", today), fmt.Sprintf("must not be after today, %s", today))
		}
	}
	if s.State == Standing && s.StoodOn == "" {
		f.add("stood_on", "", "请填写设置日期", "say when it was put up")
	}
}

// Move is what somebody says of what became of a sign.
type Move struct {
	To     State
	Day    record.Day // on which it came to be so
	Reason string
}

// After gives the sign after a move, or the faults that forbid it. O(1).
func (s Sign) After(m Move, today record.Day) (Sign, []record.Fault) {
	var f faults
	if !slices.Contains(s.State.Next(), m.To) {
		zh, en := Words(s.State)
		toZH, toEN := Words(m.To)
		f.add("state", string(m.To), fmt.Sprintf("“%s”的标志不能改为“%s”", zh, toZH), fmt.Sprintf("a sign that is %s cannot become %s", en, toEN))
	}
	last := max(s.NeededOn, s.OrderedOn, s.MadeOn, s.StoodOn, s.BadSince)
	switch {
	case m.Day == "":
		f.add("day", "", "请填写日期", "say on which day")
	case m.Day > today:
		f.add("day", string(m.Day), fmt.Sprintf("不应晚于今天（%s）", today), fmt.Sprintf("must not be after today, %s", today))
	case m.Day < last:
		f.add("day", string(m.Day), fmt.Sprintf("不应早于上一步的日期 %s", last), fmt.Sprintf("must not be before the step before it, %s", last))
	}
	if m.Reason == "" && (m.To == Removed || m.To == Damaged || m.To == Missing) {
		f.add("reason", "", "请写明情况", "say what is the matter")
	}
	if m.To == Standing && s.Where == "" && !s.Placed {
		f.add("where", "", "请先写明位置或在地图上定位", "first say where it stands, or place it on the map")
	}
	if len(f) > 0 {
		return s, f
	}
	s.State = m.To
	switch m.To {
	case Ordered:
		s.OrderedOn, s.MadeOn = m.Day, ""
	case Made:
		s.MadeOn = m.Day
	case Standing:
		s.StoodOn, s.SeenOn, s.BadSince = m.Day, m.Day, ""
	case Damaged, Missing:
		s.SeenOn, s.BadSince = m.Day, m.Day
	case Removed:
		s.RemovedOn = m.Day
	}
	return s, nil
}

// Words says a state in both languages; one that is none as it is.
func Words(s State) (zh, en string) {
	all := States()
	if i := slices.IndexFunc(all, func(c placenames.Code) bool { return c.Code == string(s) }); i >= 0 {
		return all[i].ZH, all[i].EN
	}
	return string(s), string(s)
}
