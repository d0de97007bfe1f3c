package estates

import (
	"math"
	"strconv"
	"strings"
)

// unitWord is a way to write a unit, and how many of the form's unit one of it is.
type unitWord struct {
	word   string
	factor float64
}

// unitWords are the ways to write the units that parameters have, with what converts into
// them. The first is how the unit is written back.
func unitWords(unit string) []unitWord {
	const mu = 10_000.0 / 15
	switch unit {
	case "m2_per_100":
		return []unitWord{
			{"㎡/百户", 1}, {"m²per100households", 1}, {"㎡/100户", 1}, {"㎡/户", 100}, {"m²perhousehold", 100}, {"㎡/千户", 0.1}, {"㎡/1000户", 0.1}, {"㎡/万户", 0.01},
		}
	case "m2_per_person":
		return []unitWord{{"㎡/人", 1}, {"m²aperson", 1}, {"m²perperson", 1}, {"㎡/百人", 0.01}, {"㎡/千人", 0.001}, {"㎡/万人", 0.0001}}
	case "m2":
		return []unitWord{{"㎡", 1}, {"公顷", 10_000}, {"ha", 10_000}, {"亩", mu}, {"万㎡", 10_000}}
	case "permille":
		return []unitWord{{"‰", 1}, {"%", 10}, {"permille", 1}, {"percent", 10}}
	case "percent":
		return []unitWord{{"%", 1}, {"‰", 0.1}, {"percent", 1}, {"permille", 0.1}}
	case "months":
		return []unitWord{{"个月", 1}, {"months", 1}, {"month", 1}, {"月", 1}, {"年", 12}, {"years", 12}, {"year", 12}}
	case "days":
		return []unitWord{{"天", 1}, {"days", 1}, {"day", 1}, {"日", 1}, {"周", 7}, {"weeks", 7}}
	case "m":
		return []unitWord{{"m", 1}, {"米", 1}, {"km", 1000}, {"公里", 1000}, {"千米", 1000}}
	case "floor":
		return []unitWord{{"层", 1}, {"floor", 1}, {"floors", 1}, {"楼", 1}}
	case "items":
		return []unitWord{{"项", 1}, {"items", 1}, {"item", 1}, {"个", 1}, {"种", 1}}
	}
	return nil
}

// UnitWords write the unit of a form's parameter behind a number, with a space where one
// belongs there.
func (f LocalForm) UnitWords() (zh, en string) {
	switch f.Unit {
	case "":
		return "", ""
	case "m2_per_100":
		return "\u2009㎡/百户", "\u2009m² per 100 households"
	case "m2_per_person":
		return "\u2009㎡/人", "\u2009m² a person"
	case "m2":
		return "\u2009㎡", "\u2009m²"
	}
	all := unitWords(f.Unit)
	if len(all) == 1 || f.Unit == "permille" || f.Unit == "percent" || f.Unit == "m" {
		return all[0].word, all[0].word
	}
	return "\u2009" + all[0].word, "\u2009" + all[1].word
}

// Quantity is a number as somebody wrote it, read into a form's unit.
type Quantity struct {
	Value     float64
	Converted bool // it was written in another unit of the same kind
}

// ReadQuantity reads a parameter as people write it, with or without its unit: 30, 30㎡/百户,
// 0.3 ㎡/户, 3‰, 0.3%, 1亩. ok is false for what is no number; foreign is the unit that was
// written where it is none of the parameter's kind: square metres a person are never square
// metres per 100 households.
func (f LocalForm) ReadQuantity(text string) (q Quantity, foreign string, ok bool) {
	text = strings.NewReplacer(
		" ", "", "\u2009", "", "\u3000", "", ",", "", "，", "", "平方米", "㎡", "m2", "㎡", "M2", "㎡", "㎡每", "㎡/", "／", "/", "％", "%", "每", "/", "－", "-", "．", ".",
	).Replace(text)
	end := 0
	for end < len(text) && strings.ContainsRune("0123456789.-+", rune(text[end])) {
		end++
	}
	n, err := strconv.ParseFloat(text[:end], 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return Quantity{}, "", false
	}
	unit := text[end:]
	if unit == "" {
		return Quantity{Value: n}, "", true
	}
	for _, w := range unitWords(f.Unit) {
		same := strings.EqualFold(strings.ReplaceAll(w.word, "m²", "㎡"), strings.ReplaceAll(unit, "m²", "㎡"))
		if same {
			scale := math.Pow10(max(f.Decimals, 2) + 2) // what binary fractions lose does not show
			return Quantity{Value: math.Round(n*w.factor*scale) / scale, Converted: w.factor != 1}, "", true
		}
	}
	return Quantity{}, unit, true
}
