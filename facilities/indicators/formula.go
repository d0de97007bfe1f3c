package indicators

import (
	"fmt"
	"slices"
	"strings"

	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/record"
)

// FormulaKind is one way in which the registry tells an indicator. The set is closed: a
// bureau chooses and fills in, and writes no code.
type FormulaKind string

// The formulas.
const (
	ByHand               FormulaKind = "entered"                 // the registry cannot tell
	Count                FormulaKind = "count"                   // open facilities
	Sum                  FormulaKind = "sum"                     // of a field
	ShareOfSum           FormulaKind = "share_of_sum"            // of one field in another, per cent
	ShareOfCount         FormulaKind = "share_of_count"          // of those that are so in all, per cent
	Per1000Elders        FormulaKind = "per_1000_elders"         // of a field
	UnitCoverage         FormulaKind = "unit_coverage"           // communities that have or are assigned to one, per cent
	SubdistrictCoverage  FormulaKind = "subdistrict_coverage"    // subdistricts that have one, per cent
	SubdistrictCount     FormulaKind = "subdistrict_count"       // subdistricts that have one
	AreaPer100Households FormulaKind = "area_per_100_households" // of floor area
	PremisesStandard     FormulaKind = "premises_standard"       // communities with enough floor area, per cent
	EstateRate           FormulaKind = "estate_rate"             // a pass rate of new estates, per cent
)

// FormulaInfo says of a formula what it needs.
type FormulaInfo struct {
	Kind                            FormulaKind
	ZH, EN                          string
	Of, Field, OfField, Part        bool // what must be given
	Setting, Rank, MinArea, Minimum bool // what may be given
	Rate                            bool // a pass rate must be given
}

// Formulas lists every formula in the order people are shown them.
func Formulas() []FormulaInfo {
	return []FormulaInfo{
		{Kind: ByHand, ZH: "填报（登记中算不出）", EN: "entered; the registry cannot tell"},
		{Kind: Count, ZH: "设施数", EN: "number of facilities", Of: true},
		{Kind: Sum, ZH: "某项之和", EN: "sum of a field", Of: true, Field: true},
		{Kind: ShareOfSum, ZH: "一项占另一项的比例", EN: "share of one field in another", Of: true, Field: true, OfField: true},
		{Kind: ShareOfCount, ZH: "符合条件的设施所占比例", EN: "share of facilities that are so", Of: true, Part: true},
		{Kind: Per1000Elders, ZH: "每千名老人拥有", EN: "per 1,000 elders", Of: true, Field: true},
		{Kind: UnitCoverage, ZH: "村居覆盖率（单位覆盖率）", EN: "unit coverage of communities", Of: true, Setting: true},
		{Kind: SubdistrictCoverage, ZH: "街镇覆盖率", EN: "unit coverage of subdistricts", Of: true, Rank: true, MinArea: true},
		{Kind: SubdistrictCount, ZH: "有设施的街镇数", EN: "subdistricts that have one", Of: true, Rank: true, MinArea: true},
		{Kind: AreaPer100Households, ZH: "每百户建筑面积", EN: "floor area per 100 households", Of: true},
		{Kind: PremisesStandard, ZH: "用房面积达标率", EN: "communities with enough floor area", Of: true, Minimum: true},
		{Kind: EstateRate, ZH: "新建小区配建达标率（取自配建报告）", EN: "pass rate of new estates, of the report on estates", Rate: true},
	}
}

// Formula is how the registry tells an indicator.
type Formula struct {
	Kind     FormulaKind       `json:"kind"`
	Of       []Selection       `json:"of,omitempty"` // the facilities counted
	Field    string            `json:"field,omitempty"`
	OfField  string            `json:"of_field,omitempty"` // below the line
	Part     []Condition       `json:"part,omitempty"`     // what makes a facility count above the line; all of them
	Setting  divisions.Setting `json:"setting,omitempty"`  // urban communities, villages, or both
	Rank     Rank              `json:"rank,omitempty"`     // of subdistricts
	MinArea  float64           `json:"min_area,omitempty"` // m² of floor area; a smaller one does not count
	UrbanMin float64           `json:"urban_min,omitempty"`
	RuralMin float64           `json:"rural_min,omitempty"` // m² a village; UrbanMin is m² per 100 households
	DivideBy float64           `json:"divide_by,omitempty"` // 10,000 where the unit is 万
	Rate     string            `json:"rate,omitempty"`      // code of a pass rate of new estates
}

// Rank tells streets from towns and townships by the last three digits of a subdistrict's
// code (GB/T 10114): 001–099 are streets.
type Rank string

// The ranks.
const (
	AnyRank Rank = ""
	Street  Rank = "street"
	Town    Rank = "town"
)

// Selection is facilities of a type, all or those that are so.
type Selection struct {
	Type  facilities.Type `json:"type"`
	Where []Condition     `json:"where,omitempty"` // all of them
}

// Condition is one field that must be one of some values, in their text form.
type Condition struct {
	Field string   `json:"field"`
	Is    []string `json:"is"`
}

// Computed reports whether the registry can tell.
func (f Formula) Computed() bool { return f.Kind != ByHand && f.Kind != "" }

// Types lists the types that the formula counts, each once.
func (f Formula) Types() []facilities.Type {
	var out []facilities.Type
	for _, s := range f.Of {
		if !slices.Contains(out, s.Type) {
			out = append(out, s.Type)
		}
	}
	return out
}

// Bounds of what a person may write into a formula.
const (
	mostSelections = 20
	mostConditions = 5
	mostValues     = 20
)

// Check gives everything about a formula that cannot be computed with these types; field
// is what the API calls the formula.
func (f Formula) Check(types []facilities.TypeInfo, field string) []record.Fault {
	var out []record.Fault
	add := func(part, value, zh, en string) {
		out = append(out, record.Fault{Field: field + part, Value: value, ZH: zh, EN: en})
	}
	at := slices.IndexFunc(Formulas(), func(i FormulaInfo) bool { return i.Kind == f.Kind })
	if at < 0 {
		add(".kind", string(f.Kind), "没有这种算法", "there is no such formula")
		return out
	}
	info := Formulas()[at]
	if info.Of && len(f.Of) == 0 {
		add(".of", "", "请选择至少一种设施", "choose a facility type")
	}
	if len(f.Of) > mostSelections {
		add(".of", fmt.Sprint(len(f.Of)), fmt.Sprintf("不应超过 %d 种", mostSelections), fmt.Sprintf("at most %d", mostSelections))
	}
	for n, s := range f.Of {
		part := fmt.Sprintf(".of[%d]", n)
		t, ok := typeOf(types, s.Type)
		if !ok {
			add(part+".type", string(s.Type), "设施类型目录里没有", "is not in the catalogue of facility types")
			continue
		}
		out = append(out, checkConditions(t, s.Where, field+part+".where")...)
		out = append(out, f.checkFields(info, t, field)...)
	}
	if info.Part && len(f.Part) == 0 {
		add(".part", "", "请写明哪些算在内", "say which of them count")
	}
	return append(out, f.checkNumbers(field)...)
}

func (f Formula) checkFields(info FormulaInfo, t facilities.TypeInfo, field string) []record.Fault {
	var out []record.Fault
	for _, need := range []struct {
		wanted     bool
		name, text string
	}{{info.Field, ".field", f.Field}, {info.OfField, ".of_field", f.OfField}} {
		if need.wanted && !isNumber(t, need.text) {
			out = append(out, record.Fault{Field: field + need.name, Value: need.text, ZH: t.ZH + "没有这个数字项", EN: t.EN + " has no such number"})
		}
	}
	if info.Part {
		out = append(out, checkConditions(t, f.Part, field+".part")...)
	}
	return out
}

func (f Formula) checkNumbers(field string) []record.Fault {
	var out []record.Fault
	for _, n := range []struct {
		name  string
		value float64
	}{{".min_area", f.MinArea}, {".urban_min", f.UrbanMin}, {".rural_min", f.RuralMin}, {".divide_by", f.DivideBy}} {
		if !(n.value >= 0 && n.value <= 1e9) {
			out = append(out, record.Fault{Field: field + n.name, Value: fmt.Sprint(n.value), ZH: "应为不小于 0 的数", EN: "must be 0 or more"})
		}
	}
	if f.Kind == PremisesStandard && (f.UrbanMin == 0 || f.RuralMin == 0) {
		out = append(out, record.Fault{Field: field + ".urban_min", ZH: "请填写社区和村的最低面积", EN: "give the least areas for urban communities and villages"})
	}
	if f.Setting != "" && f.Setting != divisions.Urban && f.Setting != divisions.Rural {
		out = append(out, record.Fault{Field: field + ".setting", Value: string(f.Setting), ZH: "应为 urban 或 rural", EN: "must be urban or rural"})
	}
	if _, ok := rateOf(f.Rate); !ok && (f.Kind == EstateRate || f.Rate != "") {
		out = append(out, record.Fault{Field: field + ".rate", Value: f.Rate, ZH: "请选择一项达标率", EN: "choose a pass rate"})
	}
	if f.Rank != AnyRank && f.Rank != Street && f.Rank != Town {
		out = append(out, record.Fault{Field: field + ".rank", Value: string(f.Rank), ZH: "应为 street 或 town", EN: "must be street or town"})
	}
	return out
}

func checkConditions(t facilities.TypeInfo, list []Condition, field string) []record.Fault {
	var out []record.Fault
	if len(list) > mostConditions {
		out = append(out, record.Fault{Field: field, Value: fmt.Sprint(len(list)), ZH: fmt.Sprintf("不应超过 %d 条", mostConditions), EN: fmt.Sprintf("at most %d", mostConditions)})
	}
	for n, c := range list {
		at := fmt.Sprintf("%s[%d]", field, n)
		info, ok := t.Field(c.Field)
		if !ok {
			out = append(out, record.Fault{Field: at + ".field", Value: c.Field, ZH: t.ZH + "没有这一项", EN: t.EN + " has no such field"})
			continue
		}
		if len(c.Is) == 0 || len(c.Is) > mostValues {
			out = append(out, record.Fault{Field: at + ".is", Value: fmt.Sprint(len(c.Is)), ZH: "请选择取值", EN: "choose its values"})
		}
		for _, v := range c.Is {
			if !takes(info, v) {
				out = append(out, record.Fault{Field: at + ".is", Value: v, ZH: info.ZH + "没有这个取值", EN: info.EN + " has no such value"})
			}
		}
	}
	return out
}

// takes reports whether a field can have a value, which is a choice or yes and no.
func takes(info facilities.FieldInfo, v string) bool {
	if string(info.Kind) == "boolean" {
		return v == "true" || v == "false"
	}
	return slices.ContainsFunc(info.Choices, func(c facilities.Choice) bool { return c.Value == v })
}

func isNumber(t facilities.TypeInfo, field string) bool {
	info, ok := t.Field(field)
	return ok && (string(info.Kind) == "integer" || string(info.Kind) == "number")
}

func typeOf(types []facilities.TypeInfo, t facilities.Type) (facilities.TypeInfo, bool) {
	i := slices.IndexFunc(types, func(info facilities.TypeInfo) bool { return info.Type == t })
	if i < 0 {
		return facilities.TypeInfo{}, false
	}
	return types[i], true
}

// Describe says in words what a formula computes on a day.
func (f Formula) Describe(types []facilities.TypeInfo) Text {
	if !f.Computed() {
		return Text{"登记中算不出，由业务科室填报并附依据。", "The registry cannot tell; the office in charge enters it with evidence."}
	}
	var zh, en []string
	for _, s := range f.Of {
		t, ok := typeOf(types, s.Type)
		if !ok {
			t.ZH, t.EN = string(s.Type), string(s.Type)
		}
		where := conditionsText(t, s.Where)
		zh, en = append(zh, t.ZH+where.ZH), append(en, t.EN+where.EN)
	}
	of := Text{strings.Join(zh, "、"), strings.Join(en, ", ")}
	return f.sentence(of, f.fieldText(types, f.Field), f.fieldText(types, f.OfField), f.partText(types))
}

func (f Formula) sentence(of, field, ofField, part Text) Text {
	setting := map[divisions.Setting]Text{"": {"村居", "communities"}, divisions.Urban: {"社区", "urban communities"}, divisions.Rural: {"村", "villages"}}[f.Setting]
	rank := map[Rank]Text{AnyRank: {"街镇", "subdistricts"}, Street: {"街道", "streets"}, Town: {"镇、乡", "towns and townships"}}[f.Rank]
	if f.MinArea > 0 {
		of.ZH += fmt.Sprintf("（建筑面积不少于 %s\u2009㎡）", FormatNumber(f.MinArea))
		of.EN += fmt.Sprintf(" of at least %s\u2009m²", FormatNumber(f.MinArea))
	}
	var t Text
	switch f.Kind {
	case Count:
		t = Text{"当日开放且已发布的" + of.ZH + "数。", "Open, published facilities on the day: " + of.EN + "."}
	case Sum:
		t = Text{"当日开放且已发布的" + of.ZH + "的" + field.ZH + "之和。", "The sum of " + field.EN + " over open, published facilities: " + of.EN + "."}
	case ShareOfSum:
		t = Text{"当日开放且已发布的" + of.ZH + "的" + field.ZH + " ÷ " + ofField.ZH + " × 100。", field.EN + " ÷ " + ofField.EN + " × 100 over open, published facilities: " + of.EN + "."}
	case ShareOfCount:
		t = Text{"当日开放且已发布的" + of.ZH + "中，" + part.ZH + "的所占比例。", "Of the open, published facilities (" + of.EN + "), the share of those with " + part.EN + "."}
	case Per1000Elders:
		t = Text{"当日开放且已发布的" + of.ZH + "的" + field.ZH + " ÷ 60 岁及以上人口 × 1000。", field.EN + " ÷ people aged 60 and over × 1,000, over open, published facilities: " + of.EN + "."}
	case UnitCoverage:
		t = Text{"有或被指定（服务村居）一处当日开放且已发布的" + of.ZH + "的" + setting.ZH + " ÷ 全部" + setting.ZH + " × 100。", setting.EN + " that have, or are assigned to, an open, published facility (" + of.EN + ") ÷ all × 100."}
	case SubdistrictCoverage:
		t = Text{"有一处当日开放且已发布的" + of.ZH + "的" + rank.ZH + " ÷ 全部" + rank.ZH + " × 100。", rank.EN + " that have an open, published facility (" + of.EN + ") ÷ all × 100."}
	case SubdistrictCount:
		t = Text{"有一处当日开放且已发布的" + of.ZH + "的" + rank.ZH + "数。", "The number of " + rank.EN + " that have an open, published facility: " + of.EN + "."}
	case AreaPer100Households:
		t = Text{"当日开放且已发布的" + of.ZH + "的建筑面积之和 ÷ 户数 × 100。", "Floor area of open, published facilities (" + of.EN + ") ÷ households × 100."}
	case PremisesStandard:
		t = Text{
			fmt.Sprintf("当日开放且已发布的%s面积达标的村居 ÷ 全部村居 × 100；社区每百户不低于 %s\u2009㎡，村不低于 %s\u2009㎡。", of.ZH, FormatNumber(f.UrbanMin), FormatNumber(f.RuralMin)),
			fmt.Sprintf("Communities with enough floor area of open, published facilities (%s) ÷ all × 100: urban %s\u2009m² per 100 households, villages %s\u2009m².", of.EN, FormatNumber(f.UrbanMin), FormatNumber(f.RuralMin)),
		}
	}
	if f.Kind == EstateRate {
		info, _ := rateOf(f.Rate)
		t = Text{"配建报告的 " + f.Rate + " " + info.ZH + "：达标的小区 ÷ 适用的小区 × 100，待定的计入分母。", f.Rate + " of the report on estates, “" + info.EN + "”: estates that pass ÷ estates that it is of × 100; what is undetermined is below the line."}
	}
	if f.DivideBy > 1 {
		t.ZH += fmt.Sprintf("再除以 %s。", FormatNumber(f.DivideBy))
		t.EN += fmt.Sprintf(" Divided by %s.", FormatNumber(f.DivideBy))
	}
	return t
}

func (f Formula) fieldText(types []facilities.TypeInfo, field string) Text {
	for _, t := range f.Types() {
		if info, ok := typeOf(types, t); ok {
			if is, ok := info.Field(field); ok {
				return Text{is.ZH, is.EN}
			}
		}
	}
	return Text{field, field}
}

func (f Formula) partText(types []facilities.TypeInfo) Text {
	if len(f.Of) == 0 {
		return Text{}
	}
	t, _ := typeOf(types, f.Of[0].Type)
	text := conditionsText(t, f.Part)
	return Text{strings.Trim(text.ZH, "（）"), strings.Trim(text.EN, " ()")}
}

// conditionsText says conditions in brackets; nothing where there are none.
func conditionsText(t facilities.TypeInfo, list []Condition) Text {
	var zh, en []string
	for _, c := range list {
		info, _ := t.Field(c.Field)
		var valuesZH, valuesEN []string
		for _, v := range c.Is {
			word := Text{map[string]string{"true": "是", "false": "否"}[v], map[string]string{"true": "yes", "false": "no"}[v]}
			if at := slices.IndexFunc(info.Choices, func(c facilities.Choice) bool { return c.Value == v }); at >= 0 {
				word = Text{info.Choices[at].ZH, info.Choices[at].EN}
			}
			valuesZH, valuesEN = append(valuesZH, word.ZH), append(valuesEN, word.EN)
		}
		zh = append(zh, info.ZH+"为"+strings.Join(valuesZH, "、"))
		en = append(en, info.EN+" "+strings.Join(valuesEN, " or "))
	}
	if len(zh) == 0 {
		return Text{}
	}
	return Text{"（" + strings.Join(zh, "，") + "）", " (" + strings.Join(en, "; ") + ")"}
}
