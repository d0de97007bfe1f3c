package lists

import (
	"math"
	"strconv"
	"strings"

	"yike/internal/hanzi"
)

// Texts takes a cell of several texts apart at semicolons and line breaks; empty for none.
func Texts(cell string) []string {
	out := []string{}
	for text := range strings.FieldsFuncSeq(cell, func(c rune) bool { return c == ';' || c == '；' || c == '\n' }) {
		if text = strings.TrimSpace(text); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// Amount reads a number as people write it and the unit behind it, folded: 1,200.5,
// １２０户, 85.5㎡, 1.2万平方米, 117.05°. False for what is not one decimal number: no
// exponents, no ranges, no thousands apart in other than threes.
func Amount(cell string) (v float64, unit string, ok bool) {
	text := hanzi.Fold(cell)
	end := strings.IndexFunc(text, func(c rune) bool { return (c < '0' || c > '9') && c != '.' && c != ',' && c != '-' })
	if end < 0 {
		end = len(text)
	}
	text, unit = text[:end], text[end:]
	whole, fraction, _ := strings.Cut(text, ".")
	if groups := strings.Split(whole, ","); len(groups) > 1 {
		for i, g := range groups {
			if i > 0 && len(g) != 3 || g == "" || len(g) > 3 {
				return 0, unit, false
			}
		}
		text = strings.Join(groups, "")
		if fraction != "" {
			text += "." + fraction
		}
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, unit, err == nil && !math.IsInf(v, 0)
}

// areaUnits are units of area in square metres. A mu (亩) is a fifteenth of a hectare.
func areaUnits() map[string]float64 {
	const tenThousand, hectare, kilometre, mu = 1e4, 1e4, 1e6, 1e4 / 15.0
	return map[string]float64{
		"㎡": 1, "m²": 1, "m2": 1, "平方米": 1, "平米": 1, "平方": 1,
		"万㎡": tenThousand, "万m²": tenThousand, "万m2": tenThousand, "万平方米": tenThousand, "万平米": tenThousand, "万平方": tenThousand, "万平": tenThousand, "万": tenThousand,
		"公顷": hectare, "ha": hectare, "hm²": hectare, "hm2": hectare,
		"km²": kilometre, "km2": kilometre, "平方公里": kilometre, "平方千米": kilometre, "亩": mu,
	}
}

// countUnits are units of things that are counted.
func countUnits() map[string]float64 {
	return map[string]float64{
		"户": 1, "套": 1, "人": 1, "个": 1, "households": 1, "people": 1, "persons": 1,
		"万户": 1e4, "万套": 1e4, "万人": 1e4, "万": 1e4, "千户": 1e3, "千人": 1e3,
	}
}

// degreeUnits are those of positions.
func degreeUnits() map[string]float64 { return map[string]float64{"°": 1, "度": 1} }

// isUnit reports whether a text is a unit that a heading may end with.
func isUnit(text string) bool {
	for _, units := range []map[string]float64{areaUnits(), countUnits(), degreeUnits()} {
		if _, ok := units[text]; ok {
			return true
		}
	}
	return false
}

// Measure is a number in the unit of its kind, and how it was written.
type Measure struct {
	Value float64
	Unit  string // that it was written in; "" for none
	Own   bool   // the cell itself names the unit, not its heading
	Times float64
}

// Area reads an area in square metres, to a hundredth where it was written in another unit.
// The unit is that of the cell, else that of its heading, else square metres. False for what
// is no number, or of a unit that is none of area.
func Area(cell, headUnit string) (Measure, bool) { return measure(cell, headUnit, areaUnits(), 100) }

// Count reads a number of households or people, as Area does.
func Count(cell, headUnit string) (Measure, bool) { return measure(cell, headUnit, countUnits(), 1) }

// Degrees reads degrees.
func Degrees(cell string) (float64, bool) {
	m, ok := measure(cell, "", degreeUnits(), 0)
	return m.Value, ok
}

func measure(cell, headUnit string, units map[string]float64, fineness float64) (Measure, bool) {
	v, unit, ok := Amount(cell)
	m := Measure{Value: v, Unit: headUnit, Times: 1}
	if unit != "" {
		m.Unit, m.Own = unit, true
	}
	if m.Unit != "" {
		factor, known := units[m.Unit]
		if !known {
			return m, false
		}
		m.Times = factor
	}
	if m.Times != 1 {
		m.Value = math.Round(v*m.Times*fineness) / fineness
	}
	return m, ok
}

// Ordinal reads the number of a phase or a part: 2, 第2期, 二期; false where it has none.
func Ordinal(cell string) (int, bool) {
	text := hanzi.Arabic(hanzi.Fold(cell))
	text = strings.TrimSuffix(strings.TrimPrefix(text, "第"), "期")
	n, err := strconv.Atoi(text)
	return n, err == nil && n > 0
}

// Truth reads yes or no as people write it; false where it is neither.
func Truth(cell string) (yes, ok bool) {
	switch hanzi.Fold(cell) {
	case "是", "有", "具备", "设", "已设", "√", "✓", "✔", "yes", "y", "true", "1":
		return true, true
	case "否", "无", "没有", "不具备", "未设", "×", "✗", "x", "no", "n", "false", "0":
		return false, true
	}
	return false, false
}

// Key is a name as it is compared: without case, width, blanks and traditional characters.
func Key(name string) string { return hanzi.Fold(name) }

// Says reports whether a text is a word of a list: in either language, or its code.
func Says(text, code, zh, en string) bool {
	key := hanzi.Fold(text)
	return key == hanzi.Fold(zh) || key == hanzi.Fold(en) || key == code
}
