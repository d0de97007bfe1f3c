package facilities

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"yike/internal/record"
)

// Limits of what a person may write of a type.
const (
	LongestTypeName = 30  // characters, in Chinese
	LongestWords    = 100 // characters of a name in English, and of fields and choices
	LongestHint     = 200
	MostFields      = 80 // of a type, the common ones among them
	MostChoices     = 60
	MostLimits      = 10
)

// holding gathers the faults of a bureau's version of a type.
type holding struct {
	catalogue Types // without what the bureau keeps
	t         TypeInfo
	before    int        // how many fields stand before those that it names
	now       []TypeInfo // with it
	standards []string
	faults    []record.Fault
}

func (h *holding) add(field, value, zh, en string) {
	h.faults = append(h.faults, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
}

func (h *holding) hold() {
	h.names()
	h.choose()
	h.doors()
	for i, l := range h.t.Limits {
		h.limit(fmt.Sprintf("limits.%d", i), l)
	}
	h.many("limits", len(h.t.Limits), MostLimits)
	for _, id := range h.t.Standards {
		if !slices.Contains(h.standards, id) {
			h.add("standards", id, "没有这项标准", "there is no such check")
		}
	}
	h.many("fields", len(h.t.Fields)+len(h.t.Past), MostFields)
	h.fields("fields", h.t.Fields)
	h.fields("past_fields", h.t.Past)
	h.capacity()
}

func (h *holding) many(field string, n, most int) {
	if n > most {
		h.add(field, fmt.Sprint(n), fmt.Sprintf("不应多于 %d 项", most), fmt.Sprintf("at most %d", most))
	}
}

// words holds a name to what a line of a form takes.
func (h *holding) words(field, text string, longest int, needed bool) {
	switch n := utf8.RuneCountInString(text); {
	case needed && text == "":
		h.add(field, "", "请填写", "is needed")
	case n > longest:
		h.add(field, fmt.Sprint(n), fmt.Sprintf("不应超过 %d 个字", longest), fmt.Sprintf("at most %d characters", longest))
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
		h.add(field, strings.ToValidUTF8(text, "?"), "含有换行等控制字符", "holds control characters such as line breaks")
	}
}

func (h *holding) code(field, code string) {
	if !isCode(code) {
		h.add(field, code, "代码只能由字母、数字和下划线组成，最多 40 个，不以下划线开头", "a code word is of letters, digits and _, at most 40, and does not begin with _")
	}
}

func (h *holding) names() {
	h.code("type", string(h.t.Type))
	h.words("zh", h.t.ZH, LongestTypeName, true)
	h.words("en", h.t.EN, LongestWords, true)
	for _, other := range h.now {
		if other.Type == h.t.Type {
			continue
		}
		if other.ZH == h.t.ZH {
			h.add("zh", h.t.ZH, "已有同名的设施类型（"+string(other.Type)+"）", "another type has this name: "+string(other.Type))
		}
		if strings.EqualFold(other.EN, h.t.EN) {
			h.add("en", h.t.EN, "已有同英文名的设施类型（"+string(other.Type)+"）", "another type has this name: "+string(other.Type))
		}
	}
}

func (h *holding) choose() {
	if !slices.ContainsFunc(h.catalogue.Groups, func(g Group) bool { return g.Group == h.t.Group }) {
		h.add("group", h.t.Group, "请选择分组", "choose one of the groups")
	}
	if !slices.Contains([]Measure{Walk, Presence, Drive}, h.t.Measure) {
		h.add("measure", string(h.t.Measure), "应为 walk、presence 或 drive", "must be walk, presence or drive")
	}
	if !slices.Contains([]string{"elders", "residents", "minors", "destitute", "bereaved"}, h.t.Serves) {
		h.add("serves", h.t.Serves, "请选择服务对象", "choose whom it serves")
	}
	if _, ok := h.catalogue.file.unit(h.t.CapacityUnit); !ok {
		h.add("capacity_unit", h.t.CapacityUnit, "请选择容量单位", "choose the unit of its capacity")
	}
	if h.t.Icon != "" && !isCode(h.t.Icon) {
		h.add("icon", h.t.Icon, "没有这个图标", "there is no such sign")
	}
}

// doors says why a door page may not name facilities of the type.
func (h *holding) doors() {
	if !h.t.DoorPage || h.catalogue.MayBeAtDoors(h.t) {
		return
	}
	const field, yes = "door_page", "true"
	group := slices.IndexFunc(h.catalogue.Groups, func(g Group) bool { return g.Group == h.t.Group })
	word, private := privateWord(h.t)
	switch _, over := h.catalogue.Find(h.t.Type); {
	case group >= 0 && h.catalogue.Groups[group].NeverAtDoors:
		h.add(field, yes, "“"+h.catalogue.Groups[group].ZH+"”类设施一律不在门牌页上出现", "facilities of the group "+h.catalogue.Groups[group].EN+" are never named at doors")
	case over:
		h.add(field, yes, "系统规定这一类型不在门牌页上出现，只能收回、不能放开", "this type is not named at doors; a bureau may take that away from a type and not give it")
	case private:
		h.add(field, yes, "名称中有“"+word+"”：殡葬、救助、未成年人等设施不在门牌页上出现", "its name has “"+word+"”: funeral, rescue and minors' facilities are never named at doors")
	default:
		h.add(field, yes, "只有为老年人或居民服务的设施可以在门牌页上出现", "only facilities for elders or residents may be named at doors")
	}
}

func (h *holding) limit(at string, l Limit) {
	said := 0
	for _, is := range []bool{l.Minutes != 0, l.DistanceM != 0, l.Per != ""} {
		if is {
			said++
		}
	}
	const mostMinutes, mostMetres = 240, 100_000
	switch {
	case said != 1:
		h.add(at, "", "时间、距离、按辖区设置三者填一项", "give one of a time, a distance and a division")
	case l.Minutes < 0 || l.Minutes > mostMinutes:
		h.add(at+".minutes", fmt.Sprint(l.Minutes), fmt.Sprintf("应为 1 至 %d 分钟", mostMinutes), fmt.Sprintf("must be 1 to %d minutes", mostMinutes))
	case l.DistanceM < 0 || l.DistanceM > mostMetres:
		h.add(at+".distance_m", fmt.Sprint(l.DistanceM), fmt.Sprintf("应为 1 至 %d 米", mostMetres), fmt.Sprintf("must be 1 to %d metres", mostMetres))
	case l.Per != "" && !slices.Contains([]string{"community", "subdistrict", "district"}, l.Per):
		h.add(at+".per", l.Per, "应为 community、subdistrict 或 district", "must be community, subdistrict or district")
	}
	if !isEvidence(l.Grade) {
		h.add(at+".grade", l.Grade, "请说明依据的可靠程度", "say how good the evidence is: S0 to S4, R, r, D or P")
	}
	h.words(at+".cite_zh", l.CiteZH, LongestHint, true)
	h.words(at+".cite_en", l.CiteEN, LongestHint, false)
}

func (h *holding) fields(list string, fields []FieldInfo) {
	for i, f := range fields {
		at := fmt.Sprintf("%s.%d", list, i)
		if list == "fields" {
			at = fmt.Sprintf("%s.%d", list, i-h.before)
		}
		h.code(at+".field", f.Field)
		h.words(at+".zh", f.ZH, LongestWords, true)
		h.words(at+".en", f.EN, LongestWords, true)
		h.words(at+".hint_zh", f.HintZH, LongestHint, false)
		h.words(at+".hint_en", f.HintEN, LongestHint, false)
		for k, other := range slices.Concat(h.t.Fields, h.t.Past) {
			if list == "past_fields" {
				k -= len(h.t.Fields)
			}
			if k == i {
				break // of two that are alike the later is at fault
			}
			if other.Field == f.Field {
				h.add(at+".field", f.Field, "这个代码已有字段使用", "another field has this code word")
			}
			if list == "fields" && other.ZH == f.ZH {
				h.add(at+".zh", f.ZH, "已有同名字段", "another field has this name")
			}
		}
		h.field(at, f)
	}
}

func (h *holding) field(at string, f FieldInfo) {
	kinds := []Kind{Integer, Number, Text, Chosen, Several, Date, Boolean, Hours, Phone, Year}
	if !slices.Contains(kinds, f.Kind) {
		h.add(at+".kind", string(f.Kind), "请选择内容类型", "choose what kind of value it takes")
		return
	}
	if f.Tab != Signature && f.Tab != Service {
		h.add(at+".tab", string(f.Tab), "应为 signature 或 service", "must be signature or service")
	}
	if _, ok := h.catalogue.file.unit(f.Unit); f.Unit != "" && !ok {
		h.add(at+".unit", f.Unit, "没有这个单位", "there is no such unit")
	}
	switch chosen := f.Kind == Chosen || f.Kind == Several; {
	case chosen && len(f.Choices) == 0:
		h.add(at+".choices", "", "请至少填写一个选项", "give one choice at least")
	case !chosen && len(f.Choices) > 0:
		h.add(at+".choices", "", "只有单选和多选才有选项", "choices are for the kinds choice and choices")
	case !f.isFigure() && (f.Unit != "" || f.Min != nil || f.Max != nil || f.AtMost != ""):
		h.add(at+".unit", f.Unit, "只有数字才有单位和范围", "unit, min, max and at_most are for numbers")
	case f.Min != nil && f.Max != nil && *f.Min > *f.Max:
		h.add(at+".min", plain(*f.Min), "最小值大于最大值", "is above the greatest value")
	}
	if other, ok := h.t.Declared(f.AtMost); f.AtMost != "" && (!ok || !other.isFigure() || f.AtMost == f.Field) {
		h.add(at+".at_most", f.AtMost, "没有这个数字字段", "the type has no other number of this code word")
	}
	h.choices(at, f.Choices)
}

func (h *holding) choices(at string, list []Choice) {
	h.many(at+".choices", len(list), MostChoices)
	for k, c := range list {
		here := fmt.Sprintf("%s.choices.%d", at, k)
		h.code(here+".value", c.Value)
		h.words(here+".zh", c.ZH, LongestWords, true)
		h.words(here+".en", c.EN, LongestWords, true)
		for _, other := range list[:k] {
			if other.Value == c.Value {
				h.add(here+".value", c.Value, "选项代码重复", "another choice has this code word")
			} else if other.ZH == c.ZH {
				h.add(here+".zh", c.ZH, "选项重复", "another choice has this name")
			}
		}
	}
}

func (h *holding) capacity() {
	name := h.t.CapacityField
	if name == "" {
		return
	}
	f, ok := h.t.Field(name)
	switch {
	case !ok:
		h.add("capacity_field", name, "容量所取的字段不在表中；该字段停用前，请先改由另一个字段表示容量", "the type has no such field, or it is no longer asked for")
	case !f.isFigure():
		h.add("capacity_field", name, "容量所取的字段应是数字", "the field that capacity follows must be a number")
	case f.Unit != h.t.CapacityUnit:
		h.add("capacity_field", name, "该字段的单位与容量单位不同", "the field is in another unit than the capacity")
	}
}
