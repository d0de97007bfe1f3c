package facilities

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

// Limits of what a person may write.
const (
	LongestName    = 100       // characters
	LongestAddress = 200       // characters
	LongestCode    = 64        // characters of a code of another register
	MostCapacity   = 1_000_000 // of whatever unit
	MostServes     = 500       // communities
)

// Known is what a facility is held against.
type Known struct {
	Types       []TypeInfo
	Communities []string  // codes of communities, at least those that the facility may name
	Bounds      orb.Bound // of the district; the zero value where it has no divisions
}

// Validate gives everything about f that a person may not write so. Whether a place lies
// in a division is not for here: that needs the boundaries.
func Validate(f Facility, known Known) []record.Fault {
	var out []record.Fault
	add := func(field, value, zh, en string) {
		out = append(out, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
	}
	info, ok := (Types{Types: known.Types}).Find(f.Type)
	switch {
	case !ok:
		add("type", string(f.Type), "设施类型目录里没有", "is not in the catalogue of facility types")
	case info.Retired:
		add("type", string(f.Type), "“"+info.ZH+"”已停用，不能再新增", info.EN+" is retired: no new facility can be of it")
	}
	if f.NameZH == "" {
		add("name_zh", "", "请填写名称", "a name is needed")
	}
	for _, text := range []struct {
		field, value string
		longest      int
	}{{"name_zh", f.NameZH, LongestName}, {"name_en", f.NameEN, LongestName}, {"address", f.Address, LongestAddress}} {
		if n := utf8.RuneCountInString(text.value); n > text.longest {
			add(text.field, fmt.Sprint(n), fmt.Sprintf("不应超过 %d 个字", text.longest), fmt.Sprintf("at most %d characters", text.longest))
		}
		if !utf8.ValidString(text.value) || strings.ContainsFunc(text.value, unicode.IsControl) {
			add(text.field, strings.ToValidUTF8(text.value, "?"), "含有换行等控制字符", "holds control characters such as line breaks")
		}
	}
	if _, ok := ParseStatus(string(f.Status)); !ok {
		add("status", string(f.Status), "应为 planned、building、open、suspended 或 closed", "must be planned, building, open, suspended or closed")
	}
	if _, ok := ParseStage(string(f.Stage)); !ok {
		add("stage", string(f.Stage), "应为 draft、submitted 或 published", "must be draft, submitted or published")
	}
	if f.Capacity < 0 || f.Capacity > MostCapacity {
		add("capacity", fmt.Sprint(f.Capacity), fmt.Sprintf("应为 0（不详）至 %d", MostCapacity), fmt.Sprintf("must be from 0 (unknown) to %d", MostCapacity))
	}
	if len(f.Serves) > MostServes {
		add("serves", fmt.Sprint(len(f.Serves)), fmt.Sprintf("不应多于 %d 个", MostServes), fmt.Sprintf("at most %d", MostServes))
	}
	for _, code := range f.Serves {
		if !slices.Contains(known.Communities, code) {
			add("serves", code, "没有这个编码的村居", "no community has this code")
		}
	}
	out = append(out, codeFaults(f)...)
	if ok {
		out = append(out, ValidateFields(info, f.Fields)...)
	}
	out = append(out, originFaults(f)...)
	if f.Unplaced {
		return out
	}
	return append(out, placeFaults(f.Point, known.Bounds)...)
}

// codeFaults are those of the codes that other registers gave.
func codeFaults(f Facility) []record.Fault {
	var out []record.Fault
	if f.USCC != "" && !ValidUSCC(f.USCC) {
		out = append(out, record.Fault{
			Field: "uscc", Value: f.USCC, ZH: "不是有效的统一社会信用代码：应为 18 位且校验位相符",
			EN: "is no unified social credit code: 18 characters, of which the last checks the others",
		})
	}
	for _, code := range []struct{ field, value string }{{"institution_code", f.InstitutionCode}, {"bureau_no", f.BureauNo}} {
		if utf8.RuneCountInString(code.value) > LongestCode || !utf8.ValidString(code.value) || strings.ContainsFunc(code.value, unicode.IsControl) {
			out = append(out, record.Fault{
				Field: code.field, Value: strings.ToValidUTF8(code.value, "?"),
				ZH: fmt.Sprintf("不应超过 %d 个字，也不应含控制字符", LongestCode), EN: fmt.Sprintf("at most %d characters and no control characters", LongestCode),
			})
		}
	}
	return out
}

// ValidUSCC reports whether code is a unified social credit code: 18 characters of the
// alphabet of GB 32100-2015, of which the last is the check character that its clause on
// check codes computes (weights 3^i modulo 31).
func ValidUSCC(code string) bool {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	if len(code) != 18 {
		return false
	}
	sum, weight := 0, 1
	for i := range 17 {
		v := strings.IndexByte(alphabet, code[i])
		if v < 0 {
			return false
		}
		sum += v * weight
		weight = weight * 3 % 31
	}
	return code[17] == alphabet[(31-sum%31)%31]
}

// originFaults are those of where the position comes from.
func originFaults(f Facility) []record.Fault {
	fault := func(field, value, zh, en string) []record.Fault {
		return []record.Fault{{Field: field, Value: value, ZH: zh, EN: en}}
	}
	found := f.PlacedBy == PlacedAddress
	switch {
	case f.Unplaced && f.PlacedBy != NotPlaced:
		return fault("placed_by", string(f.PlacedBy), "记录尚未落图，没有位置来源", "the record has no position, so none has a source")
	case !f.Unplaced && f.PlacedBy != PlacedGiven && f.PlacedBy != PlacedMap && !found:
		return fault("placed_by", string(f.PlacedBy), "应为 given、address 或 map", "must be given, address or map")
	case found && (f.PlaceConfidence < 1 || f.PlaceConfidence > 100):
		return fault("place_confidence", fmt.Sprint(f.PlaceConfidence), "由地址得到的位置，可信度应为 1 至 100", "of a position found from the address it must be from 1 to 100")
	case !found && f.PlaceConfidence != 0:
		return fault("place_confidence", fmt.Sprint(f.PlaceConfidence), "只有由地址得到的位置才有可信度", "only a position found from the address has one")
	}
	return nil
}

// placeFaults names the coordinate that is outside, so that one exchanged with the other
// is seen at once.
func placeFaults(p orb.Point, bounds orb.Bound) []record.Fault {
	if bounds.IsZero() {
		bounds = orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}
	}
	var out []record.Fault
	for i, field := range []string{"lon", "lat"} {
		if v := p[i]; math.IsNaN(v) || v < bounds.Min[i] || v > bounds.Max[i] {
			out = append(out, record.Fault{
				Field: field, Value: fmt.Sprint(v),
				ZH: fmt.Sprintf("超出辖区范围 %.6f 至 %.6f", bounds.Min[i], bounds.Max[i]),
				EN: fmt.Sprintf("is outside the district, which is from %.6f to %.6f", bounds.Min[i], bounds.Max[i]),
			})
		}
	}
	return out
}

// Outside are the faults of a place that lies in no division.
func Outside(p orb.Point) []record.Fault {
	const zh, en = "该位置不在任何辖区内", "the place lies outside every division"
	return []record.Fault{
		{Field: "lon", Value: fmt.Sprint(p.Lon()), ZH: zh, EN: en},
		{Field: "lat", Value: fmt.Sprint(p.Lat()), ZH: zh, EN: en},
	}
}

// ValidateChange gives the faults of the fields that a person changed: what a data pack
// brought otherwise must not keep anybody from mending something else. A part that comes
// to exceed its whole is a fault whichever of the two was changed.
func ValidateChange(before, after Facility, known Known) []record.Fault {
	changed := map[string]bool{}
	for _, d := range Differences(before, after) {
		changed[d.Field] = true
	}
	info, _ := (Types{Types: known.Types}).Find(after.Type)
	for _, f := range info.Fields {
		if f.AtMost != "" && changed[FieldPrefix+f.AtMost] {
			changed[FieldPrefix+f.Field] = true
		}
	}
	return slices.DeleteFunc(Validate(after, known), func(f record.Fault) bool { return !changed[f.Field] })
}
