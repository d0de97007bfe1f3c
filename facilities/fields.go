package facilities

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"yike/internal/record"
)

// Kind says what values a field takes.
type Kind string

// The kinds, with the Go type of their values in Facility.Fields.
const (
	Integer Kind = "integer" // float64 without a fraction
	Number  Kind = "number"  // float64
	Text    Kind = "text"    // string of one line
	Chosen  Kind = "choice"  // string: the value of one choice
	Several Kind = "choices" // []string: values of choices, each once
	Date    Kind = "day"     // string as 2026-11-27
	Boolean Kind = "boolean" // bool
	Hours   Kind = "hours"   // string that ParseHours reads
	Phone   Kind = "phone"   // string
	Year    Kind = "year"    // float64 from 1900 to 2100
)

// Tab is where a field belongs: to what a place is, or to what it does for people.
type Tab string

// The tabs.
const (
	Signature Tab = "signature" // 签名信息
	Service   Tab = "service"   // 服务信息
)

// Words are the tab's name for people.
func (t Tab) Words() (zh, en string) {
	if t == Service {
		return "服务信息", "Service"
	}
	return "签名信息", "Signature"
}

// FieldInfo is a field that a type declares.
type FieldInfo struct {
	Field    string   `json:"field"` // its code word, the key in Facility.Fields
	ZH       string   `json:"zh"`
	EN       string   `json:"en"`
	Kind     Kind     `json:"kind"`
	Unit     string   `json:"unit,omitempty"` // a code word of the units, for numbers
	UnitZH   string   `json:"-"`              // the unit in words
	UnitEN   string   `json:"-"`
	Tab      Tab      `json:"tab"`
	Choices  []Choice `json:"choices,omitempty"`
	Min      *float64 `json:"min,omitempty"`
	Max      *float64 `json:"max,omitempty"`
	AtMost   string   `json:"at_most,omitempty"`   // a field that this one may not exceed, e.g. niches_total
	Required bool     `json:"required,omitempty"`  // to be published; a draft may lack it
	DoorPage bool     `json:"door_page,omitempty"` // a resident's door page may show it
	// Uncounted fields are for some places only, so a record is not less complete without.
	Uncounted bool   `json:"uncounted,omitempty"`
	HintZH    string `json:"hint_zh,omitempty"`
	HintEN    string `json:"hint_en,omitempty"`
}

// Choice is one value of a field that is chosen from a list.
type Choice struct {
	Value string `json:"value"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
}

// Limits of what a person may write into a field.
const (
	LongestText  = 200 // characters
	LongestHours = 200
	firstYear    = 1900
	lastYear     = 2100
)

func (f FieldInfo) isFigure() bool { return f.Kind == Integer || f.Kind == Number || f.Kind == Year }

// check gives what is wrong with a declaration in type t.
func (f FieldInfo) check(t TypeInfo) error {
	kinds := []Kind{Integer, Number, Text, Chosen, Several, Date, Boolean, Hours, Phone, Year}
	chosen := f.Kind == Chosen || f.Kind == Several
	switch {
	case !isCode(f.Field):
		return errors.New("field must be a code word of letters, digits and _")
	case f.ZH == "" || f.EN == "":
		return errors.New("zh and en must not be empty")
	case !slices.Contains(kinds, f.Kind):
		return fmt.Errorf("kind: must be one of %v, not %q", kinds, f.Kind)
	case f.Tab != Signature && f.Tab != Service:
		return fmt.Errorf("tab: must be signature or service, not %q", f.Tab)
	case chosen != (len(f.Choices) > 0):
		return errors.New("choices: are given for the kinds choice and choices, and for no other")
	case !f.isFigure() && (f.Unit != "" || f.Min != nil || f.Max != nil || f.AtMost != ""):
		return fmt.Errorf("unit, min, max and at_most are for numbers, not for the kind %s", f.Kind)
	case f.Min != nil && f.Max != nil && *f.Min > *f.Max:
		return errors.New("min: is above max")
	case (f.HintZH == "") != (f.HintEN == ""):
		return errors.New("hint_zh and hint_en: give both or none")
	}
	for _, c := range f.Choices {
		if !isCode(c.Value) || c.ZH == "" || c.EN == "" {
			return fmt.Errorf("choices: %q needs a code word, zh and en", c.Value)
		}
	}
	if f.AtMost != "" {
		if other, ok := t.Declared(f.AtMost); !ok || !other.isFigure() || f.AtMost == f.Field {
			return fmt.Errorf("at_most: the type has no other number %q", f.AtMost)
		}
	}
	return once("choices", f.Choices, func(c Choice) string { return c.Value })
}

// ValidateFields gives everything about the values that the type does not take, in the
// order of its fields; the faults' fields are called fields.beds and so on. A field that
// is not there is not known, which is no fault here: see Missing. What a record has of a
// field that is no longer asked for is held to what the field was.
func ValidateFields(info TypeInfo, values map[string]any) []record.Fault {
	var out []record.Fault
	for _, f := range slices.Concat(info.Fields, info.Past) {
		v, ok := values[f.Field]
		if !ok {
			continue
		}
		zh, en := f.fault(v)
		if zh == "" && f.AtMost != "" {
			zh, en = f.above(info, v, values)
		}
		if zh != "" {
			out = append(out, record.Fault{Field: FieldPrefix + f.Field, Value: written(v), ZH: zh, EN: en})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if _, ok := info.Declared(name); !ok {
			out = append(out, record.Fault{
				Field: FieldPrefix + name, Value: written(values[name]),
				ZH: info.ZH + "没有这个字段", EN: "the type " + info.EN + " has no such field",
			})
		}
	}
	return out
}

// Missing are the fields that the type needs to be published and the record lacks.
func Missing(info TypeInfo, f Facility) []FieldInfo {
	var out []FieldInfo
	for _, field := range info.Fields {
		if field.Required && f.Value(info, field.Field) == nil {
			out = append(out, field)
		}
	}
	return out
}

// Value gives what is known of a field, nil for nothing. The capacity stands in for the
// field that it follows, since a data pack brings the one and not the other.
func (f Facility) Value(info TypeInfo, field string) any {
	if v, ok := f.Fields[field]; ok {
		return v
	}
	if field != "" && field == info.CapacityField && f.Capacity > 0 {
		return float64(f.Capacity)
	}
	return nil
}

// Settle gives after with what follows from its type: hours written in one way, and one
// number for the capacity and the field that it follows. Of those two the one that was
// changed leads, the field where both were. before is the zero value for a new record.
func Settle(before, after Facility, types []TypeInfo) Facility {
	info, ok := (Types{Types: types}).Find(after.Type)
	if !ok {
		return after
	}
	after.Fields = CleanFields(info, after.Fields)
	name := info.CapacityField
	if name == "" || before.ID != "" && before.Type != after.Type && after.Fields[name] == nil {
		return after
	}
	was, is := before.Fields[name], after.Fields[name]
	n, figure := is.(float64)
	switch {
	case reflect.DeepEqual(was, is) && after.Capacity != before.Capacity:
		delete(after.Fields, name)
		if after.Capacity != 0 {
			after.Fields[name] = float64(after.Capacity)
		}
	case figure && n >= 0 && n <= MostCapacity:
		after.Capacity = int(math.Floor(n + 0.5))
	case is == nil && was != nil:
		after.Capacity = 0
	}
	return after
}

// written is a value as a fault repeats it.
func written(v any) string {
	text := fmt.Sprint(v)
	if list, ok := v.([]string); ok {
		text = strings.Join(list, "; ")
	}
	const longest = 100
	if utf8.RuneCountInString(text) > longest {
		text = string([]rune(text)[:longest]) + "…"
	}
	return strings.ToValidUTF8(text, "?")
}

// fault says why the field does not take a value; "" for one that it takes.
func (f FieldInfo) fault(v any) (zh, en string) {
	switch f.Kind {
	case Integer, Number, Year:
		return f.figureFault(v)
	case Boolean:
		if _, ok := v.(bool); !ok {
			return "应为 true 或 false", "must be true or false"
		}
		return "", ""
	case Several:
		return f.severalFault(v)
	default:
		text, ok := v.(string)
		if !ok || text == "" {
			return "应为不空的文字；不详时请留空不报", "must be a text that is not empty; leave it out where it is not known"
		}
		return f.textFault(text)
	}
}

func (f FieldInfo) figureFault(v any) (zh, en string) {
	n, ok := v.(float64)
	switch {
	case !ok || math.IsNaN(n) || math.IsInf(n, 0):
		return "应为数字", "must be a number"
	case f.Kind != Number && n != math.Trunc(n):
		return "应为整数", "must be a whole number"
	case f.Kind == Year && (n < firstYear || n > lastYear):
		return fmt.Sprintf("应为 %d 至 %d 之间的年份", firstYear, lastYear), fmt.Sprintf("must be a year from %d to %d", firstYear, lastYear)
	case f.Min != nil && n < *f.Min:
		return "不应小于 " + plain(*f.Min), "must not be less than " + plain(*f.Min)
	case f.Max != nil && n > *f.Max:
		return "不应大于 " + plain(*f.Max), "must not be more than " + plain(*f.Max)
	}
	return "", ""
}

// plain is a number without an exponent.
func plain(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// above says that a part is more than its whole.
func (f FieldInfo) above(info TypeInfo, v any, values map[string]any) (zh, en string) {
	part, _ := v.(float64)
	whole, ok := values[f.AtMost].(float64)
	if !ok || part <= whole {
		return "", ""
	}
	other, _ := info.Declared(f.AtMost)
	return fmt.Sprintf("不应大于%s（%s）", other.ZH, plain(whole)), fmt.Sprintf("must not be more than %s (%s)", other.EN, plain(whole))
}

func (f FieldInfo) severalFault(v any) (zh, en string) {
	list, ok := v.([]string)
	if !ok || len(list) == 0 {
		return "应为选项的列表，至少一项", "must be a list of choices, one at least"
	}
	for i, value := range list {
		if zh, en := f.choiceFault(value); zh != "" {
			return zh, en
		}
		if slices.Contains(list[:i], value) {
			return "“" + value + "”重复", value + " is there twice"
		}
	}
	return "", ""
}

func (f FieldInfo) choiceFault(value string) (zh, en string) {
	var words, wordsEN []string
	for _, c := range f.Choices {
		if c.Value == value {
			return "", ""
		}
		words = append(words, fmt.Sprintf("%s（%s）", c.Value, c.ZH))
		wordsEN = append(wordsEN, fmt.Sprintf("%s (%s)", c.Value, c.EN))
	}
	return "应为" + strings.Join(words, "、") + "之一", "must be one of " + strings.Join(wordsEN, ", ")
}

// isTelephone takes what people write: country and area codes, extensions, several numbers.
func isTelephone(text string) bool {
	const shortest, longest = 3, 60
	n := 0
	for _, c := range text {
		digit := c >= '0' && c <= '9' || c == '+'
		if !digit && (n == 0 || !strings.ContainsRune("-() 转#,;/、；，", c)) {
			return false
		}
		n++
	}
	return n >= shortest && n <= longest
}

func (f FieldInfo) textFault(text string) (zh, en string) {
	if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		return "含有换行等控制字符", "holds control characters such as line breaks"
	}
	switch f.Kind {
	case Chosen:
		return f.choiceFault(text)
	case Date:
		if _, ok := record.ParseDay(text); !ok {
			return "应为日期，如 2026-11-27", "must be a day such as 2026-11-27"
		}
	case Phone:
		if !isTelephone(text) {
			return "应为电话号码，如 022-27390000 或 022-27390000转8", "must be a telephone number such as 022-27390000"
		}
	case Hours:
		if _, err := ParseHours(text); err != nil {
			return "应写成如“周一至周五 08:30-17:00；周六 09:00-12:00”，多段之间用分号", "must be written as Mon-Fri 08:30-17:00; Sat 09:00-12:00, with semicolons between parts: " + err.Error()
		}
	default:
		if n := utf8.RuneCountInString(text); n > LongestText {
			return fmt.Sprintf("不应超过 %d 个字", LongestText), fmt.Sprintf("at most %d characters", LongestText)
		}
	}
	return "", ""
}
