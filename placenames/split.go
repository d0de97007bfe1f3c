package placenames

import (
	"slices"
	"strings"
)

// Parts are the parts of a name. Specific, Modifier and Generic one after another are the
// name: 长安 + 北 + 路.
type Parts struct {
	Specific  string // 专名
	Modifier  string // a direction or a number between the two (方位、序数); "" for none
	Generic   string // 通名; "" where none was found
	Confirmed bool   // a person said so; else it was worked out
}

// Text is the name whole.
func (p Parts) Text() string { return p.Specific + p.Modifier + p.Generic }

// Split works out the parts of a name by the generics of its kind, and gives other ways to
// read it behind the likeliest. The longest generic that leaves a specific part is taken. A
// direction or number before the generic is a modifier only where two characters or more
// stand before it: 长安北路 is 长安·北·路, 沣东大道 is 沣东·大道 and 河南路 is 河南·路. A person
// may correct it, since no rule reads 大河南路 rightly. Without a generic the name whole is
// the specific part. O(generics).
func (k Kind) Split(name string) []Parts {
	var generics []string
	for _, g := range k.Generics {
		if strings.HasSuffix(name, g) && len(g) < len(name) && !slices.Contains(generics, g) {
			generics = append(generics, g)
		}
	}
	slices.SortStableFunc(generics, func(a, b string) int { return len(b) - len(a) })
	var out []Parts
	for _, g := range generics {
		specific := strings.TrimSuffix(name, g)
		if p, ok := modified(specific, g); ok {
			out = append(out, p)
		}
		out = append(out, Parts{Specific: specific, Generic: g})
	}
	return append(out, Parts{Specific: name})
}

const (
	directions = "东西南北中前后左右上下内外"
	figures    = "一二三四五六七八九十百零〇第0123456789"
)

// modified takes the direction or number off the end of a specific part.
func modified(specific, generic string) (Parts, bool) {
	const least = 2 // characters that stay
	runes := []rune(specific)
	end := len(runes)
	for end > 0 && strings.ContainsRune(figures, runes[end-1]) {
		end--
	}
	if end == len(runes) && end > 0 && strings.ContainsRune(directions, runes[end-1]) {
		end--
	}
	if end == len(runes) || end < least {
		return Parts{}, false
	}
	return Parts{Specific: string(runes[:end]), Modifier: string(runes[end:]), Generic: generic}, true
}

// PartsOf gives the parts of a record: those that a person confirmed where they still make
// its name, else those that are worked out. False where no generic was found or the kind is
// not known.
func (c *Catalogue) PartsOf(n Name) (Parts, bool) {
	if n.Parts.Confirmed && n.Parts.Text() == n.Text {
		return n.Parts, n.Parts.Generic != "" && n.Parts.Specific != ""
	}
	k, _, ok := c.Of(n.Kind)
	if !ok || n.Text == "" {
		return Parts{Specific: n.Text}, false
	}
	p := k.Split(n.Text)[0]
	return p, p.Generic != ""
}
