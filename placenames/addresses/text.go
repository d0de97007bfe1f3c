package addresses

import (
	"strings"
	"unicode"
)

// Named is the place name that an address stands on, as it is written.
type Named struct {
	Text  string // 沣东大道
	Roman string // Fengdong Dadao; "" until somebody confirmed it
}

// Written is an address in words.
type Written struct {
	Full  string // with the chain of divisions
	Short string // from the place name on
	Roman string // the short text in Latin letters; "" where the name's spelling is not confirmed or a label has no rule
}

// Text builds the standard text of the last address of a chain, which goes from the top of its
// tree down to it: divisions from the widest, place name, number, building, unit, floor, room.
// A label that is a bare number gets the word of its level; one that has a word keeps it. A
// community that the place name repeats is not said twice. O(characters).
func Text(divisions []string, name Named, chain []Address) Written {
	var short strings.Builder
	short.WriteString(name.Text)
	roman, spelt := []string{name.Roman}, name.Roman != ""
	for _, a := range chain {
		part := a.Part()
		short.WriteString(part)
		latin, ok := latin(a)
		spelt = spelt && ok
		roman = append(roman, latin)
	}
	w := Written{Short: short.String()}
	var full strings.Builder
	for i, d := range divisions {
		if i == len(divisions)-1 && name.Text != "" && strings.HasPrefix(name.Text, d) {
			continue
		}
		full.WriteString(d)
	}
	w.Full = full.String() + w.Short
	if spelt {
		w.Roman = strings.Join(roman, " ")
	}
	return w
}

// Part is what an address adds to the text of the one above it: 12-1号, 3号楼.
func (a Address) Part() string {
	if a.Level == Number {
		if n := a.Numbered(); n != "" {
			return n + "号"
		}
		return ""
	}
	return Labelled(a.Level, a.Label)
}

// Labelled is a label of a level as it is written: a bare number gets the word of the level (3
// of a building becomes 3号楼), anything else is taken as it stands on the door.
func Labelled(l Level, label string) string {
	if !figures(label) {
		return label
	}
	switch l {
	case Building:
		return label + "号楼"
	case Unit:
		return label + "单元"
	case Floor:
		return label + "层"
	case Room:
		return label + "室"
	}
	return label
}

// figures reports whether a label is a number, perhaps with letters: 3, 12A, 2-1.
func figures(label string) bool {
	return strings.ContainsAny(label, "0123456789") && strings.Trim(strings.ToUpper(label), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-") == ""
}

// latin spells what an address adds, by the words that stand behind its number: 12 Hao, 3 Hao
// Lou, 2 Danyuan, 5 Ceng, 501 Shi. False for a label of other characters, which somebody has to
// spell.
func latin(a Address) (string, bool) {
	part := a.Part()
	end := strings.IndexFunc(part, func(r rune) bool { return r > unicode.MaxASCII })
	if end <= 0 {
		return part, end < 0
	}
	words := map[string]string{"号": "Hao", "号楼": "Hao Lou", "栋": "Dong", "幢": "Zhuang", "座": "Zuo", "单元": "Danyuan", "层": "Ceng", "室": "Shi", "号院": "Hao Yuan"}
	word, ok := words[part[end:]]
	return part[:end] + " " + word, ok
}
