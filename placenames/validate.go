package placenames

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"yike/internal/record"
)

// Known is what a record is held against.
type Known struct {
	Catalogue *Catalogue
	Today     record.Day
	Divisions func(code string) bool   // whether the district has such a division; nil where it has none
	Parent    func(id string) string   // parent of a record, "" for none; nil where nobody asks
	Past      func(text string) []Past // records at their end that had this name; nil where nobody asks
}

// Past is a record at its end.
type Past struct{ ID, Text string }

// The longest texts, in characters.
const (
	LongestName = 30
	LongestText = 2000
)

type faults []record.Fault

func (f *faults) add(field, value, zh, en string) {
	*f = append(*f, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
}

// Validate gives everything about a record that a person may not write so; the field of a
// fault names the row, as aliases/0/text. What the rules of naming find wrong is no fault: a
// proposal is recorded as it was handed in, and checked.
func Validate(n Name, k Known) []record.Fault {
	var f faults
	f.words(n)
	f.kind(n, k)
	f.parts(n)
	f.place(n, k)
	f.sizes(n.Size)
	f.names(n, k)
	f.life(n, k)
	return f
}

func (f *faults) words(n Name) {
	if n.Text == "" {
		f.add("text", "", "请填写标准名称", "give the name")
	}
	type text struct {
		field, value string
		longest      int
	}
	all := []text{
		{"text", n.Text, LongestName},
		{"roman", n.Roman, 6 * LongestName},
		{"origin", n.Origin, LongestText},
		{"meaning", n.Meaning, LongestText},
		{"note", n.Note, LongestText},
		{"extent/from", n.Extent.From, 200},
		{"extent/to", n.Extent.To, 200},
		{"extent/via", n.Extent.Via, 200},
		{"extent/position", n.Extent.Position, 500},
	}
	for i, a := range n.Aliases {
		all = append(all, text{fmt.Sprintf("aliases/%d/text", i), a.Text, LongestName}, text{fmt.Sprintf("aliases/%d/note", i), a.Note, 500})
	}
	for i, o := range n.Former {
		all = append(all, text{fmt.Sprintf("former/%d/text", i), o.Text, LongestName})
	}
	for _, t := range all {
		if c := Characters(t.value); c > t.longest {
			f.add(t.field, fmt.Sprint(c), fmt.Sprintf("不应超过 %d 个字", t.longest), fmt.Sprintf("at most %d characters", t.longest))
		}
		long := t.longest >= LongestText
		if !utf8.ValidString(t.value) || strings.ContainsRune(t.value, utf8.RuneError) {
			f.add(t.field, strings.ToValidUTF8(t.value, "?"), "文字已损坏，请重新输入", "the text is damaged; type it again")
		} else if strings.ContainsFunc(t.value, func(r rune) bool { return unicode.IsControl(r) && (r != '\n' || !long) }) {
			f.add(t.field, t.value, "含有控制字符", "holds control characters")
		}
		if privateUse(t.value) {
			f.add(t.field, t.value, "含有未编码的造字（私用区字符），请改用正式编码", "holds a made-up character of the private use area; use its proper code")
		}
	}
	for _, name := range append([]string{n.Text}, n.Parts.Specific, n.Parts.Generic) {
		if name != strings.TrimSpace(name) || strings.ContainsFunc(name, unicode.IsSpace) {
			f.add("text", name, "名称中不应有空格", "a name has no spaces")
			return
		}
	}
}

// privateUse reports whether a text has characters of the private use areas, where old systems
// put rare characters that had no code; elsewhere they are other characters, or none.
func privateUse(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return r >= 0xe000 && r <= 0xf8ff || r >= 0xf0000 && r <= 0xffffd || r >= 0x100000 && r <= 0x10fffd
	})
}

func (f *faults) kind(n Name, k Known) {
	if k.Catalogue == nil {
		return
	}
	kind, _, ok := k.Catalogue.Of(n.Kind)
	if !ok {
		f.add("kind", n.Kind, "没有这个类别", "there is no such kind")
		return
	}
	if shape := shapeOf(n.Geometry); n.Geometry != nil && !slices.Contains(kind.Geometries, shape) {
		f.add("geometry", shape, fmt.Sprintf("“%s”不能用这种图形表示", kind.ZH), fmt.Sprintf("a %s is not drawn so", kind.EN))
	}
}

// shapeOf is the code of a geometry's shape; "" for one that no place has.
func shapeOf(g orb.Geometry) string {
	switch g.(type) {
	case orb.Point:
		return "point"
	case orb.LineString, orb.MultiLineString:
		return "line"
	case orb.Polygon, orb.MultiPolygon:
		return "area"
	}
	return ""
}

func (f *faults) parts(n Name) {
	p := n.Parts
	if p == (Parts{}) {
		return
	}
	if p.Text() != n.Text {
		f.add("parts", p.Text(), "专名、修饰字、通名相连应等于标准名称", "specific part, modifier and generic must make the name")
	}
	if n.Readings != nil && len(n.Readings) != Characters(n.Text) {
		f.add("readings", fmt.Sprint(len(n.Readings)), "每个字应有一个读音", "one reading for each character")
	}
}

func (f *faults) place(n Name, k Known) {
	if len(n.Divisions) == 0 {
		f.add("divisions", "", "请选择所在政区", "give the division that it lies in")
	}
	for i, code := range n.Divisions {
		field := fmt.Sprintf("divisions/%d", i)
		if slices.Contains(n.Divisions[:i], code) {
			f.add(field, code, "重复的政区", "is there twice")
		} else if k.Divisions != nil && !k.Divisions(code) {
			f.add(field, code, "没有这个政区", "there is no such division")
		}
	}
	if k.Parent != nil && n.ParentID != "" && Circular(n.ID, n.ParentID, k.Parent) {
		f.add("parent_id", n.ParentID, "上级地名不能是自己或自己的下级", "the parent must not be the record itself or one of its parts")
	}
	if n.Geometry == nil {
		return
	}
	b := n.Geometry.Bound()
	if b.IsEmpty() || b.Min[0] < -180 || b.Max[0] > 180 || b.Min[1] < -90 || b.Max[1] > 90 || anyNaN(b) {
		f.add("geometry", "", "坐标应为经纬度", "must be longitudes and latitudes")
	}
}

func anyNaN(b orb.Bound) bool {
	return math.IsNaN(b.Min[0]) || math.IsNaN(b.Min[1]) || math.IsNaN(b.Max[0]) || math.IsNaN(b.Max[1])
}

func (f *faults) sizes(s Size) {
	for _, v := range []struct {
		field string
		value float64
	}{
		{"length_m", s.LengthM},
		{"width_m", s.WidthM},
		{"site_m2", s.SiteM2},
		{"floor_m2", s.FloorM2},
		{"housing_m2", s.HousingM},
		{"open_m2", s.OpenM2},
		{"height_m", s.HeightM},
		{"floors", float64(s.Floors)},
	} {
		if v.value < 0 || math.IsNaN(v.value) || math.IsInf(v.value, 0) {
			f.add("size/"+v.field, fmt.Sprint(v.value), "不应小于 0", "must not be below 0")
		}
	}
	if s.HousingM > s.FloorM2 && s.FloorM2 > 0 {
		f.add("size/housing_m2", fmt.Sprint(s.HousingM), "不应大于总建筑面积", "must not be above the whole floor area")
	}
	if g := s.GreenPct; g != nil && !(*g >= 0 && *g <= 100) {
		f.add("size/green_pct", fmt.Sprint(*g), "应在 0 至 100 之间", "must be from 0 to 100")
	}
}

func (f *faults) names(n Name, k Known) {
	for i, a := range n.Aliases {
		field := fmt.Sprintf("aliases/%d", i)
		switch a.Text {
		case "":
			f.add(field+"/text", "", "请填写别名", "give the alias")
		case n.Text:
			f.add(field+"/text", a.Text, "与标准名称相同", "is the standard name itself")
		}
		if !slices.Contains([]AliasKind{Short, Colloquial, Historic, Foreign, Promotion}, a.Kind) {
			f.add(field+"/kind", string(a.Kind), "没有这种别名", "there is no such kind of alias")
		}
	}
	for i, o := range n.Former {
		field := fmt.Sprintf("former/%d", i)
		if o.Text == "" {
			f.add(field+"/text", "", "请填写曾用名", "give the former name")
		}
		if o.From != "" && o.Until != "" && o.Until < o.From {
			f.add(field+"/until", string(o.Until), "不应早于开始日期", "must not be before its first day")
		}
		f.document(field+"/decision", o.Decision, k.Today)
	}
	if h := n.Heritage; h != nil && h.List == "" {
		f.add("heritage/list", "", "请写明是哪一份保护名录", "say which list of protected names it is on")
	}
}

func (f *faults) life(n Name, k Known) {
	if !slices.ContainsFunc(States(), func(c Code) bool { return c.Code == string(n.State) }) {
		f.add("state", string(n.State), "没有这个状态", "there is no such state")
	}
	if n.Version == 1 && n.State != "" && !slices.Contains(Beginnings(), n.State) {
		f.add("state", string(n.State), "新记录不能从这个状态开始", "a record does not begin so")
	}
	// A version that people rely on says by which document it holds.
	if n.State.InUse() || n.State == Retired || n.State == Annulled {
		f.document("decision", n.Decision, k.Today)
	}
	if n.SuccessorID != "" && n.SuccessorID == n.ID {
		f.add("successor_id", n.SuccessorID, "不能接续自己", "a record does not succeed itself")
	}
	f.day("valid_from", n.ValidFrom, "")
	if k.Past == nil || n.State.Ended() {
		return
	}
	f.reuse(n, k.Past(n.Text))
}

// reuse holds a name that other records had to the end to the purpose that it needs.
func (f *faults) reuse(n Name, past []Past) {
	past = slices.DeleteFunc(slices.Clone(past), func(p Past) bool { return p.ID == n.ID })
	if len(past) == 0 {
		return
	}
	switch r := n.Reuses; {
	case r == nil || !slices.ContainsFunc(past, func(p Past) bool { return p.ID == r.ID }):
		f.add("text", n.Text, "与已注销的地名相同；确需重新使用的，请指明该记录并写明理由", "is the name of a retired record; to use it again on purpose, name that record and say why")
	case strings.TrimSpace(r.Reason) == "":
		f.add("reuses/reason", "", "重新使用已注销的名称，请写明理由", "say why a retired name is used again")
	}
}

func (f *faults) day(field string, d, today record.Day) {
	if d == "" {
		return
	}
	if _, ok := record.ParseDay(string(d)); !ok {
		f.add(field, string(d), "应为日期，如 2026-11-27", "must be a day such as 2026-11-27")
	} else if today != "" && d > today {
		f.add(field, string(d), fmt.Sprintf("不应晚于今天（%s）", today), fmt.Sprintf("must not be after today, %s", today))
	}
}
