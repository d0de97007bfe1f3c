package facilities

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"yike/internal/record"
)

// FieldPrefix begins the names of what a type declares, where fields are named: the
// fault of beds is that of fields.beds.
const FieldPrefix = "fields."

// Patch is what a person wants otherwise; nil leaves a field as it is.
type Patch struct {
	Type     *Type
	NameZH   *string
	NameEN   *string
	Status   *Status
	Stage    *Stage
	Address  *string
	Capacity *int
	Serves   *[]string

	Lon, Lat        *float64 // place the record; PlacedGiven unless PlacedBy says otherwise
	PlacedBy        *Placing
	PlaceConfidence *int
	Unplaced        *bool   // true takes the position away
	DivisionCode    *string // of a record that is not placed; else it follows from the point

	USCC            *string
	InstitutionCode *string
	BureauNo        *string
	Fields          map[string]any // by name; nil takes the value out
	VerifiedOn      *record.Day
}

// Apply gives f with what the patch says, tidied as Clean does.
func (p Patch) Apply(f Facility) Facility {
	set(&f.Type, p.Type, same)
	set(&f.NameZH, p.NameZH, strings.TrimSpace)
	set(&f.NameEN, p.NameEN, strings.TrimSpace)
	set(&f.Status, p.Status, same)
	set(&f.Stage, p.Stage, same)
	set(&f.Address, p.Address, strings.TrimSpace)
	set(&f.Capacity, p.Capacity, same)
	set(&f.Serves, p.Serves, eachOnce)
	set(&f.USCC, p.USCC, tidyCode)
	set(&f.InstitutionCode, p.InstitutionCode, tidyCode)
	set(&f.BureauNo, p.BureauNo, tidyCode)
	set(&f.VerifiedOn, p.VerifiedOn, same)
	if len(p.Fields) > 0 {
		f.Fields = merged(f.Fields, p.Fields)
	}
	return p.place(f)
}

// Faults are those of a patch that says two things at once, or asks f for what cannot be
// set by itself.
func (p Patch) Faults(f Facility) []record.Fault {
	var out []record.Fault
	add := func(field, value, zh, en string) {
		out = append(out, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
	}
	away := p.Unplaced != nil && *p.Unplaced
	switch {
	case away && (p.Lon != nil || p.Lat != nil):
		add("unplaced", "true", "不能同时给出位置", "a position is given too")
	case p.Unplaced != nil && !away && f.Unplaced && p.Lon == nil && p.Lat == nil:
		add("unplaced", "false", "请给出经度和纬度", "give longitude and latitude")
	case !away && f.Unplaced && p.Lon != nil && p.Lat == nil:
		add("lat", "", "经度和纬度应一并填写", "longitude and latitude go together")
	case !away && f.Unplaced && p.Lat != nil && p.Lon == nil:
		add("lon", "", "经度和纬度应一并填写", "longitude and latitude go together")
	}
	if p.DivisionCode != nil && *p.DivisionCode != f.DivisionCode && !p.Apply(f).Unplaced {
		add("division_code", *p.DivisionCode, "已落图的记录，所属辖区由位置决定", "follows from the position of a record that is placed")
	}
	return out
}

// place moves a facility, or takes its position away.
func (p Patch) place(f Facility) Facility {
	switch {
	case p.Unplaced != nil && *p.Unplaced:
		f.Unplaced, f.Point, f.PlacedBy, f.PlaceConfidence = true, [2]float64{}, NotPlaced, 0
	case p.Lon != nil || p.Lat != nil:
		before := f.Point
		set(&f.Point[0], p.Lon, same)
		set(&f.Point[1], p.Lat, same)
		if f.Unplaced || f.Point != before {
			f.Unplaced, f.PlacedBy, f.PlaceConfidence = false, PlacedGiven, 0
		}
	}
	if p.PlacedBy != nil && *p.PlacedBy != f.PlacedBy {
		f.PlacedBy, f.PlaceConfidence = *p.PlacedBy, 0
	}
	set(&f.PlaceConfidence, p.PlaceConfidence, same)
	if f.Unplaced {
		set(&f.DivisionCode, p.DivisionCode, strings.TrimSpace)
	}
	return f
}

// merged gives the fields with those of the patch, leaving both as they are.
func merged(fields, patch map[string]any) map[string]any {
	out := maps.Clone(fields)
	if out == nil {
		out = map[string]any{}
	}
	for name, v := range patch {
		if v = tidyValue(v); v == nil {
			delete(out, name)
		} else {
			out[name] = v
		}
	}
	return out
}

// tidyValue gives a value in one of the forms that Fields has, nil for what says nothing.
// What is of no such form stays, for the rules to refuse.
func tidyValue(v any) any {
	switch v := v.(type) {
	case string:
		if v = strings.TrimSpace(v); v == "" {
			return nil
		}
		return v
	case int:
		return float64(v)
	case []any:
		words := make([]string, 0, len(v))
		for _, item := range v {
			word, ok := item.(string)
			if !ok {
				return v
			}
			words = append(words, word)
		}
		return tidyValue(words)
	case []string:
		if v = eachOnce(v); len(v) == 0 {
			return nil
		}
		return v
	}
	return v
}

// TidyFields gives fields as a record keeps them: lists as []string, numbers as float64,
// nothing that says nothing. It is never nil.
func TidyFields(fields map[string]any) map[string]any { return merged(nil, fields) }

func set[T any](field, to *T, tidy func(T) T) {
	if to != nil {
		*field = tidy(*to)
	}
}

func same[T any](v T) T { return v }

func tidyCode(code string) string { return strings.ToUpper(strings.TrimSpace(code)) }

func eachOnce(codes []string) []string {
	once := []string{}
	for _, code := range codes {
		if code = strings.TrimSpace(code); code != "" && !slices.Contains(once, code) {
			once = append(once, code)
		}
	}
	return once
}

// Clean takes away what nobody means to write: space around words, codes given twice. A
// position that came with the record and does not say whence was given with it.
func Clean(f Facility) Facility {
	f.NameZH, f.NameEN, f.Address = strings.TrimSpace(f.NameZH), strings.TrimSpace(f.NameEN), strings.TrimSpace(f.Address)
	f.USCC, f.InstitutionCode, f.BureauNo = tidyCode(f.USCC), tidyCode(f.InstitutionCode), tidyCode(f.BureauNo)
	f.Serves, f.Fields = eachOnce(f.Serves), TidyFields(f.Fields)
	switch {
	case f.Unplaced:
		f.Point, f.PlacedBy, f.PlaceConfidence = [2]float64{}, NotPlaced, 0
	case f.PlacedBy == NotPlaced:
		f.PlacedBy = PlacedGiven
	}
	return f
}

// Difference is a field that two facilities have otherwise.
type Difference struct {
	Field         string // as the API calls it
	ZH, EN        string // as people do
	Before, After any
}

// Differences gives the fields in which after is not before, in the order in which
// people are shown them. Ids, versions and what follows from the place are no content.
// What types declare comes last, by the names of the fields.
func Differences(before, after Facility) []Difference {
	from, to := content(before), content(after)
	var out []Difference
	for i, d := range from {
		d.After = to[i].Before
		if !reflect.DeepEqual(d.Before, d.After) {
			out = append(out, d)
		}
	}
	names := map[string]bool{}
	for _, fields := range []map[string]any{before.Fields, after.Fields} {
		for name := range fields {
			names[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if a, b := before.Fields[name], after.Fields[name]; !reflect.DeepEqual(a, b) {
			out = append(out, Difference{Field: FieldPrefix + name, ZH: name, EN: name, Before: a, After: b})
		}
	}
	return out
}

// content lists what a person may write of a facility, as Before.
func content(f Facility) []Difference {
	serves, replaced := f.Serves, f.ReplacedBy
	if serves == nil {
		serves = []string{}
	}
	if replaced == nil {
		replaced = []string{}
	}
	var lon, lat any
	division := ""
	if f.Unplaced {
		division = f.DivisionCode
	} else {
		lon, lat = f.Point.Lon(), f.Point.Lat()
	}
	return []Difference{
		{Field: "type", ZH: "类型", EN: "type", Before: f.Type},
		{Field: "name_zh", ZH: "名称", EN: "name", Before: f.NameZH},
		{Field: "name_en", ZH: "英文名", EN: "English name", Before: f.NameEN},
		{Field: "status", ZH: "状态", EN: "status", Before: f.Status},
		{Field: "stage", ZH: "办理阶段", EN: "stage", Before: f.Stage},
		{Field: "address", ZH: "地址", EN: "address", Before: f.Address},
		{Field: "capacity", ZH: "容量", EN: "capacity", Before: f.Capacity},
		{Field: "serves", ZH: "服务村居", EN: "communities served", Before: serves},
		{Field: "lon", ZH: "经度", EN: "longitude", Before: lon},
		{Field: "lat", ZH: "纬度", EN: "latitude", Before: lat},
		{Field: "division_code", ZH: "所属辖区（未落图）", EN: "division (not placed)", Before: division},
		{Field: "placed_by", ZH: "位置来源", EN: "source of the position", Before: f.PlacedBy},
		{Field: "place_confidence", ZH: "位置可信度", EN: "confidence of the position", Before: f.PlaceConfidence},
		{Field: "uscc", ZH: "统一社会信用代码", EN: "unified social credit code", Before: f.USCC},
		{Field: "institution_code", ZH: "上级系统机构编码", EN: "institution code", Before: f.InstitutionCode},
		{Field: "bureau_no", ZH: "本局编号", EN: "bureau's number", Before: f.BureauNo},
		{Field: "verified_on", ZH: "最近核实日期", EN: "last verified", Before: f.VerifiedOn},
		{Field: "replaced_by", ZH: "并入", EN: "replaced by", Before: replaced},
	}
}

// Values are the differences as an audit entry keeps them.
func Values(list []Difference) (before, after map[string]any) {
	before, after = map[string]any{}, map[string]any{}
	for _, d := range list {
		before[d.Field], after[d.Field] = d.Before, d.After
	}
	return before, after
}

// Text says a difference for people.
func (d Difference) Text() (zh, en string) {
	return fmt.Sprintf("%s %s→%s", d.ZH, show(d.Before, "（空）"), show(d.After, "（空）")),
		fmt.Sprintf("%s %s→%s", d.EN, show(d.Before, "(none)"), show(d.After, "(none)"))
}

func show(v any, none string) string {
	if v == nil {
		return none
	}
	text := fmt.Sprint(v)
	if codes, ok := v.([]string); ok {
		text = strings.Join(codes, ",")
	}
	if text == "" {
		return none
	}
	return text
}
