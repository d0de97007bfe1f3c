package addresses

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"yike/internal/record"
	"yike/placenames"
)

// Known is what an address is held against.
type Known struct {
	Today      record.Day
	Name       bool                   // there is such a place name
	NameInUse  bool                   // and it has not ended
	Division   bool                   // the district has divisions and one has the code, or it has none
	IsDivision func(code string) bool // whether a code is of a division here; nil takes none
	Parent     *Address               // nil where it has none or there is no such address
	Main       *Address               // of an auxiliary address
	Circle     bool                   // the parent is within the address itself
	Box        orb.Bound              // of the district; the zero value where nobody knows
}

// The longest texts, in characters.
const (
	longestLabel = 30
	longestNote  = 1000
	mostCodes    = 20
	mostPlaces   = 30
)

type faults []record.Fault

func (f *faults) add(field, value, zh, en string) {
	*f = append(*f, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
}

// Clean gives an address with its texts trimmed, widths as they are.
func Clean(a Address) Address {
	for _, t := range []*string{&a.Number, &a.Suffix, &a.Label, &a.Note, &a.Code.Text, &a.Decision.Number, &a.Decision.Body, &a.Roman} {
		*t = strings.TrimSpace(*t)
	}
	return a
}

// Validate gives everything about an address that a person may not write so; the field of a
// fault names the row, as positions/0/accuracy_m. O(positions + codes).
func Validate(a Address, k Known) []record.Fault {
	var f faults
	f.numbered(a)
	f.tree(a, k)
	f.main(a, k)
	f.positions(a, k)
	f.codes(a, k)
	f.life(a, k.Today)
	f.texts(a)
	return f
}

// numberForm reports whether a text is a house number without its sub-number: 12, 甲12, 12甲,
// A12, 6906.
func numberForm(s string) bool {
	mark := func(r rune) bool { return r >= 'A' && r <= 'Z' || strings.ContainsRune("甲乙丙丁戊", r) }
	if r, n := utf8.DecodeRuneInString(s); mark(r) {
		s = s[n:]
	} else if r, n := utf8.DecodeLastRuneInString(s); mark(r) {
		s = s[:len(s)-n]
	}
	return s != "" && len(s) <= 6 && s[0] != '0' && strings.Trim(s, "0123456789") == ""
}

func (f *faults) numbered(a Address) {
	switch {
	case a.Level.depth() < 0:
		f.add("level", string(a.Level), "没有这一级地址", "there is no such level")
	case a.Level == Number:
		if a.Label != "" {
			f.add("label", a.Label, "门牌号写在编号里，不写标注", "a house number goes into number, not into label")
		}
		if !numberForm(a.Number) {
			f.add("number", a.Number, "应为门牌号，如 12、甲12、12A", "must be a house number such as 12, 甲12 or 12A")
		}
		if a.Suffix != "" && !subForm(a.Suffix) {
			f.add("suffix", a.Suffix, "附号只有一级，应为数字，如 1（附号之下不设附号，江门市门楼号牌管理条例第六条）", "a sub-number is one level deep and a figure such as 1; there is none under a sub-number")
		}
	default:
		if a.Number != "" || a.Suffix != "" {
			f.add("number", a.Numbered(), "只有门牌号这一级有编号", "only a house number has a number")
		}
		if a.Label == "" {
			f.add("label", "", "请填写门上的标注，如 3号楼、2单元", "give what is on the door, such as 3号楼 or 2单元")
		}
		if strings.ContainsAny(a.Label, "/|") || strings.ContainsFunc(a.Label, unicode.IsSpace) {
			f.add("label", a.Label, "标注中不应有空格、斜线或竖线；写“1幢”，不写“1/1栋”", "a label has no spaces, slashes or bars")
		}
	}
}

func subForm(s string) bool {
	return len(s) <= 4 && s[0] != '0' && strings.Trim(s, "0123456789") == ""
}

func (f *faults) tree(a Address, k Known) {
	switch {
	case a.NameID == "" || !k.Name:
		f.add("name_id", a.NameID, "没有这条地名", "there is no such place name")
	case !k.NameInUse && a.State.Live():
		f.add("name_id", a.NameID, "这条地名不在使用，不能编制新地址", "the place name is not in use, so it takes no addresses")
	}
	if !k.Division {
		f.add("division_code", a.Division, "没有这个编码的辖区", "no division has this code")
	}
	switch {
	case a.ParentID == "":
		if a.Level.depth() > Building.depth() {
			f.add("parent_id", "", "单元、楼层、户室应有上级地址", "a unit, floor or room is within another address")
		}
		return
	case k.Circle || a.ID != "" && a.ParentID == a.ID:
		f.add("parent_id", a.ParentID, "上级地址成环", "the address would be within itself")
		return
	case k.Parent == nil:
		f.add("parent_id", a.ParentID, "没有这个上级地址", "there is no such address above it")
		return
	}
	if !a.Level.Below(k.Parent.Level) {
		f.add("parent_id", a.ParentID, "上级地址应比本级更大：门牌号、楼栋、单元、楼层、户室", "the address above must be of a wider level: number, building, unit, floor, room")
	}
	if k.Parent.NameID != a.NameID {
		f.add("name_id", a.NameID, "应与上级地址在同一条地名上", "must stand on the place name of the address above it")
	}
	if k.Parent.State == Historical && a.State.Live() {
		f.add("parent_id", a.ParentID, "上级地址已停用", "the address above it is historical")
	}
}

func (f *faults) main(a Address, k Known) {
	switch {
	case a.Main && a.MainID != "":
		f.add("main_id", a.MainID, "主地址不再指向其他主地址", "a main address names no other")
	case !a.Main && a.MainID == "":
		f.add("main_id", "", "副地址应指明主地址", "an auxiliary address names its main one")
	case a.MainID != "" && (k.Main == nil || a.MainID == a.ID):
		f.add("main_id", a.MainID, "没有这个主地址", "there is no such main address")
	case k.Main != nil && !a.Main && !k.Main.Main:
		f.add("main_id", a.MainID, "所指的是副地址，应指向主地址", "that is an auxiliary address itself; name the main one")
	}
}

func (f *faults) positions(a Address, k Known) {
	if len(a.Positions) > mostPlaces {
		f.add("positions", fmt.Sprint(len(a.Positions)), fmt.Sprintf("最多 %d 个位置", mostPlaces), fmt.Sprintf("at most %d positions", mostPlaces))
		return
	}
	box := k.Box
	if box.IsZero() {
		box = orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}
	}
	for i, p := range a.Positions {
		at := fmt.Sprintf("positions/%d/", i)
		if indexOf(PositionKinds(), string(p.Kind)) == len(PositionKinds()) {
			f.add(at+"kind", string(p.Kind), "没有这种位置", "there is no such kind of position")
		}
		if indexOf(PositionSources(), string(p.Source)) == len(PositionSources()) {
			f.add(at+"source", string(p.Source), "请说明位置的来源：实测、地图定位、导入或推算", "say where the position is from: survey, map, import or computed")
		}
		if math.IsNaN(p.Accuracy) || p.Accuracy < 0 || p.Accuracy > 5000 {
			f.add(at+"accuracy_m", fmt.Sprint(p.Accuracy), "精度应为 0 到 5000 米", "the accuracy must be from 0 to 5,000 m")
		}
		if math.IsNaN(p.Point[0]) || math.IsNaN(p.Point[1]) || !box.Contains(p.Point) {
			f.add(at+"geometry", fmt.Sprintf("%.6f, %.6f", p.Point[0], p.Point[1]),
				fmt.Sprintf("超出辖区范围：经度 %.6f 至 %.6f，纬度 %.6f 至 %.6f", box.Min[0], box.Max[0], box.Min[1], box.Max[1]),
				fmt.Sprintf("is outside the district: longitude %.6f to %.6f, latitude %.6f to %.6f", box.Min[0], box.Max[0], box.Min[1], box.Max[1]))
		}
		if _, ok := record.ParseDay(string(p.Day)); p.Day != "" && !ok || p.Day > k.Today {
			f.add(at+"day", string(p.Day), fmt.Sprintf("应为不晚于今天（%s）的日期", k.Today), fmt.Sprintf("must be a day not after today, %s", k.Today))
		}
	}
}

func (f *faults) codes(a Address, k Known) {
	if a.Code != (Code{}) {
		l, ok := LayoutOf(a.Code.Layout)
		switch {
		case !ok:
			f.add("code/layout", a.Code.Layout, "没有这种编码规则", "there is no such layout of codes")
		case a.Code.Text == "":
			f.add("code/text", "", "请填写编码", "give the code")
		default:
			is := k.IsDivision
			if is == nil {
				is = func(string) bool { return false }
			}
			_, found := l.Read(a.Code.Text, is)
			*f = append(*f, found...)
		}
	}
	if len(a.Codes) > mostCodes {
		f.add("foreign_codes", fmt.Sprint(len(a.Codes)), fmt.Sprintf("最多 %d 个外部编码", mostCodes), fmt.Sprintf("at most %d codes of other systems", mostCodes))
	}
	for i, c := range a.Codes {
		if c.System == "" || c.Code == "" || slices.Contains(a.Codes[:i], c) {
			f.add(fmt.Sprintf("foreign_codes/%d", i), c.Code, "请填写系统名称和编码，且不重复", "name the system and its code, each pair once")
		}
	}
}

func (f *faults) life(a Address, today record.Day) {
	if indexOf(States(), string(a.State)) == len(States()) {
		f.add("state", string(a.State), "没有这种状态", "there is no such state")
	}
	if a.Custody != Own && a.Custody != Foreign {
		f.add("custody", string(a.Custody), "没有这种管理关系", "there is no such custody")
	}
	switch {
	case a.Decision != (Decision{}):
		f.document("decision", a.Decision, today)
	case a.State == Approved:
		f.add("decision", "", "标准地址应写明依据的文件，或现状登记的出处", "a standard address says by which document, or where it was found")
	}
	if a.State == Historical && a.ValidUntil == "" {
		f.add("valid_until", "", "请填写停用日期", "say until when it held")
	}
	if a.State != Historical && (a.ValidUntil != "" || len(a.Successors) > 0) {
		f.add("valid_until", string(a.ValidUntil), "只有停用的地址才有停用日期和新地址", "only an address that ended has a last day and successors")
	}
	if _, ok := record.ParseDay(string(a.ValidUntil)); a.ValidUntil != "" && !ok || a.ValidUntil > today {
		f.add("valid_until", string(a.ValidUntil), fmt.Sprintf("应为不晚于今天（%s）的日期", today), fmt.Sprintf("must be a day not after today, %s", today))
	}
}

func (f *faults) texts(a Address) {
	type text struct {
		field, value string
		longest      int
	}
	all := []text{
		{"label", a.Label, longestLabel},
		{"note", a.Note, longestNote},
		{"roman", a.Roman, 300},
		{"code/text", a.Code.Text, LongestCode},
		{"decision/number", a.Decision.Number, 100},
		{"decision/body", a.Decision.Body, 100},
	}
	for i, c := range a.Codes {
		all = append(all, text{fmt.Sprintf("foreign_codes/%d/system", i), c.System, 60}, text{fmt.Sprintf("foreign_codes/%d/code", i), c.Code, LongestCode})
	}
	for i, p := range a.Positions {
		all = append(all, text{fmt.Sprintf("positions/%d/note", i), p.Note, 200})
	}
	for _, t := range all {
		if n := placenames.Characters(t.value); n > t.longest {
			f.add(t.field, fmt.Sprint(n), fmt.Sprintf("不应超过 %d 个字", t.longest), fmt.Sprintf("at most %d characters", t.longest))
		}
		if strings.ContainsFunc(t.value, func(r rune) bool {
			return unicode.IsControl(r) && (r != '\n' || t.field != "note") || r == unicode.ReplacementChar
		}) {
			f.add(t.field, t.value, "含有控制字符或已损坏的文字", "holds control characters or damaged text")
		}
	}
}
