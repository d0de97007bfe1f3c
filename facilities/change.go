package facilities

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Patch is what a person wants otherwise; nil leaves a field as it is.
type Patch struct {
	Type     *Type
	NameZH   *string
	NameEN   *string
	Status   *Status
	Address  *string
	Capacity *int
	Serves   *[]string
	Lon, Lat *float64
}

// Apply gives f with what the patch says, tidied as Clean does.
func (p Patch) Apply(f Facility) Facility {
	set(&f.Type, p.Type, same)
	set(&f.NameZH, p.NameZH, strings.TrimSpace)
	set(&f.NameEN, p.NameEN, strings.TrimSpace)
	set(&f.Status, p.Status, same)
	set(&f.Address, p.Address, strings.TrimSpace)
	set(&f.Capacity, p.Capacity, same)
	set(&f.Serves, p.Serves, eachOnce)
	set(&f.Point[0], p.Lon, same)
	set(&f.Point[1], p.Lat, same)
	return f
}

func set[T any](field, to *T, tidy func(T) T) {
	if to != nil {
		*field = tidy(*to)
	}
}

func same[T any](v T) T { return v }

func eachOnce(codes []string) []string {
	once := []string{}
	for _, code := range codes {
		if code = strings.TrimSpace(code); code != "" && !slices.Contains(once, code) {
			once = append(once, code)
		}
	}
	return once
}

// Clean takes away what nobody means to write: space around words, codes given twice.
func Clean(f Facility) Facility {
	f.NameZH, f.NameEN, f.Address = strings.TrimSpace(f.NameZH), strings.TrimSpace(f.NameEN), strings.TrimSpace(f.Address)
	f.Serves = eachOnce(f.Serves)
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
func Differences(before, after Facility) []Difference {
	from, to := content(before), content(after)
	var out []Difference
	for i, d := range from {
		d.After = to[i].Before
		if !reflect.DeepEqual(d.Before, d.After) {
			out = append(out, d)
		}
	}
	return out
}

// content lists what a person may write of a facility, as Before.
func content(f Facility) []Difference {
	serves := f.Serves
	if serves == nil {
		serves = []string{}
	}
	return []Difference{
		{Field: "type", ZH: "类型", EN: "type", Before: f.Type},
		{Field: "name_zh", ZH: "名称", EN: "name", Before: f.NameZH},
		{Field: "name_en", ZH: "英文名", EN: "English name", Before: f.NameEN},
		{Field: "status", ZH: "状态", EN: "status", Before: f.Status},
		{Field: "address", ZH: "地址", EN: "address", Before: f.Address},
		{Field: "capacity", ZH: "容量", EN: "capacity", Before: f.Capacity},
		{Field: "serves", ZH: "服务村居", EN: "communities served", Before: serves},
		{Field: "lon", ZH: "经度", EN: "longitude", Before: f.Point.Lon()},
		{Field: "lat", ZH: "纬度", EN: "latitude", Before: f.Point.Lat()},
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
	text := fmt.Sprint(v)
	if codes, ok := v.([]string); ok {
		text = strings.Join(codes, ",")
	}
	if text == "" {
		return none
	}
	return text
}
