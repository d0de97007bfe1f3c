package facilities

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"yike/internal/record"
)

// Show gives a value of the field for people, with its unit; what the field would not
// take is shown as it is.
func (f FieldInfo) Show(v any) (zh, en string) {
	switch x := v.(type) {
	case float64:
		return withUnit(x, f.Kind, f.UnitZH), withUnit(x, f.Kind, f.UnitEN)
	case bool:
		if x {
			return "是", "yes"
		}
		return "否", "no"
	case string:
		if f.Kind == Chosen {
			return f.choiceWords([]string{x})
		}
		return x, x
	case []string:
		return f.choiceWords(x)
	case nil:
		return "", ""
	}
	text := fmt.Sprint(v)
	return text, text
}

func withUnit(n float64, kind Kind, unit string) string {
	text := plain(math.Round(n*100) / 100)
	if kind == Year || unit == "" {
		return text
	}
	return text + "\u2009" + unit
}

func (f FieldInfo) choiceWords(values []string) (zh, en string) {
	var a, b []string
	for _, value := range values {
		wordZH, wordEN := value, value
		for _, c := range f.Choices {
			if c.Value == value {
				wordZH, wordEN = c.ZH, c.EN
			}
		}
		a, b = append(a, wordZH), append(b, wordEN)
	}
	return strings.Join(a, "、"), strings.Join(b, ", ")
}

// CleanFields is TidyFields that also writes hours in one way. Hours that cannot be read
// stay, for the rules to refuse.
func CleanFields(info TypeInfo, values map[string]any) map[string]any {
	out := TidyFields(values)
	for name, v := range out {
		if f, ok := info.Declared(name); ok {
			out[name] = f.clean(v)
		}
	}
	return out
}

func (f FieldInfo) clean(v any) any {
	text, ok := v.(string)
	if !ok || f.Kind != Hours {
		return v
	}
	parts, err := ParseHours(text)
	if err != nil {
		return v
	}
	return WriteHours(parts)
}

// Read makes a value of the field from a text as people write it in a table: choices by
// code word or by name in either language, 是 and 否, 1,200.5 with or without the unit,
// days as 2026-11-27, 2026/11/27 or 2026年11月27日. An empty text is nil, which is not
// known. The fault is nil when the field takes the value.
func (f FieldInfo) Read(text string) (any, *record.Fault) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, nil
	}
	v := f.clean(tidyValue(f.read(text)))
	if zh, en := f.fault(v); zh != "" {
		return nil, &record.Fault{Field: FieldPrefix + f.Field, Value: written(text), ZH: zh, EN: en}
	}
	return v, nil
}

func (f FieldInfo) read(text string) any {
	switch f.Kind {
	case Integer, Number, Year:
		return f.readFigure(text)
	case Boolean:
		switch strings.ToLower(text) {
		case "是", "有", "已", "y", "yes", "true", "1", "√", "✓":
			return true
		case "否", "无", "未", "没有", "n", "no", "false", "0", "×":
			return false
		}
		return text
	case Chosen:
		return f.readChoice(text)
	case Several:
		var out []string
		for _, word := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(";；,，、/\n", c) }) {
			out = append(out, f.readChoice(strings.TrimSpace(word)))
		}
		return out
	case Date:
		return readDay(text)
	}
	return text
}

func (f FieldInfo) readFigure(text string) any {
	for _, unit := range []string{f.UnitZH, f.UnitEN, "平方米", "平米", "m2", "年"} {
		if unit != "" {
			text = strings.TrimSuffix(text, unit)
		}
	}
	digits := strings.NewReplacer(",", "", "，", "").Replace(strings.TrimSpace(text))
	n, err := strconv.ParseFloat(digits, 64)
	if err != nil || strings.Trim(digits, "+-.0123456789") != "" { // no 1e3, 0x10 or inf
		return text
	}
	return n
}

func (f FieldInfo) readChoice(text string) string {
	same := func(word string) bool {
		// 一级（自制餐食） is written 一级 by most.
		short, _, _ := strings.Cut(word, "（")
		return strings.EqualFold(text, word) || text == short
	}
	i := slices.IndexFunc(f.Choices, func(c Choice) bool { return c.Value == text })
	if i < 0 {
		i = slices.IndexFunc(f.Choices, func(c Choice) bool { return same(c.ZH) || same(c.EN) })
	}
	if i < 0 {
		return text
	}
	return f.Choices[i].Value
}

func readDay(text string) string {
	for _, layout := range []string{time.DateOnly, "2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "20060102"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	return text
}
