package naming

import (
	"slices"
	"strings"

	"yike/internal/hanzi"
	"yike/placenames"
)

// Entry is a name of the register as the search knows it.
type Entry struct {
	ID          string
	Text        string // the name whole
	Stem        string // specific part with its modifier: what two names are compared by
	Generic     string
	Class       string   // code of its class
	Readings    []string // confirmed, of each character of Text; nil where nobody confirmed
	Division    string   // adcode or longer code of a division
	BuiltUpArea string   // "" unknown
	State       placenames.State
	Former      bool // Text is a former name or alias of the record, not its standard name
}

// EntryOf gives the entry of a record's standard name.
func EntryOf(c *placenames.Catalogue, n placenames.Name) Entry {
	p, _ := c.PartsOf(n)
	e := Entry{
		ID: n.ID, Text: n.Text, Stem: p.Specific + p.Modifier, Generic: p.Generic, Readings: n.Readings,
		BuiltUpArea: n.BuiltUpArea, State: n.State,
	}
	if _, class, ok := c.Of(n.Kind); ok {
		e.Class = class.Code.Code
	}
	if len(n.Divisions) > 0 {
		e.Division = n.Divisions[0]
	}
	return e
}

// Relation is how like two names are.
type Relation int

// The relations, from none to the closest.
const (
	Unlike    Relation = iota
	OneApart           // one character more, fewer or other, of stems of which one has three or more
	LookAlike          // characters that look alike stand for one another
	NearSound          // the stems may be read alike, whatever the tones: 丰惠路, 沣汇街
	SameSound          // both names are read alike, tones too, whoever reads them
	SameStem           // the same specific part with another generic: 长安路, 长安街
	SameName
)

// Codes lists the relations with their words, the closest first.
func (Relation) Codes() []placenames.Code {
	return []placenames.Code{
		{Code: SameName.Code(), ZH: "重名", EN: "the same name"},
		{Code: SameStem.Code(), ZH: "专名相同、通名不同", EN: "the same specific part"},
		{Code: SameSound.Code(), ZH: "同音", EN: "sounds the same"},
		{Code: NearSound.Code(), ZH: "近音", EN: "may sound alike"},
		{Code: LookAlike.Code(), ZH: "形近", EN: "looks alike"},
		{Code: OneApart.Code(), ZH: "一字之差", EN: "one character apart"},
	}
}

// Code is the code word of a relation.
func (r Relation) Code() string {
	switch r {
	case SameName:
		return "same_name"
	case SameStem:
		return "same_stem"
	case SameSound:
		return "same_sound"
	case NearSound:
		return "near_sound"
	case LookAlike:
		return "look_alike"
	case OneApart:
		return "one_apart"
	}
	return "unlike"
}

// shape is what a name is compared by.
type shape struct {
	text, stem, generic string // folded
	runes               []rune // of the stem
	sound               []readings
	last                []readings // of the generic
}

// readings are those that a character may have.
type readings struct {
	toned []string
	plain []string // without tones
}

// sounds knows readings and look-alikes of characters. Read-only once made.
type sounds struct {
	chars *hanzi.Characters
	known map[rune]readings
	looks map[rune]rune
}

func newSounds(c *hanzi.Characters, groups []string) *sounds {
	s := &sounds{chars: c, known: map[rune]readings{}, looks: map[rune]rune{}}
	for r := rune(0x3400); r <= 0x9fff; r++ {
		if c.Level(r) > 0 {
			s.known[r] = s.work(r, c.Readings(r))
		}
	}
	for _, g := range groups {
		all := []rune(g)
		for _, r := range all {
			s.looks[r] = all[0]
		}
	}
	return s
}

// work makes readings of marked ones; a character that nobody can read sounds as itself
// only.
func (*sounds) work(r rune, toned []string) readings {
	if len(toned) == 0 {
		return readings{[]string{string(r)}, []string{string(r)}}
	}
	out := readings{toned: toned}
	for _, t := range toned {
		if p := hanzi.Toneless(t); !slices.Contains(out.plain, p) {
			out.plain = append(out.plain, p)
		}
	}
	return out
}

func (s *sounds) of(r rune) readings {
	if k, ok := s.known[r]; ok {
		return k
	}
	return s.work(r, s.chars.Readings(r))
}

// shape works out what a name is compared by.
func (s *sounds) shape(e Entry) shape {
	out := shape{text: hanzi.Fold(e.Text), stem: hanzi.Fold(e.Stem), generic: hanzi.Fold(e.Generic)}
	out.runes = []rune(out.stem)
	generic := []rune(out.generic)
	// Confirmed readings are of the name whole, and of use where folding lost no character.
	confirmed := e.Readings
	if len(confirmed) != len(out.runes)+len(generic) || out.stem+out.generic != out.text {
		confirmed = nil
	}
	reads := func(runes []rune, from int) []readings {
		list := make([]readings, len(runes))
		for i, r := range runes {
			if confirmed != nil && confirmed[from+i] != "" {
				list[i] = s.work(r, []string{confirmed[from+i]})
				continue
			}
			list[i] = s.of(r)
		}
		return list
	}
	out.sound, out.last = reads(out.runes, 0), reads(generic, len(out.runes))
	return out
}

// Relate says how like two names are: the closest of the relations that they have.
func (k *Checker) Relate(a, b Entry) Relation {
	return k.sounds.relate(k.sounds.shape(a), k.sounds.shape(b))
}

func (s *sounds) relate(a, b shape) Relation {
	switch {
	case a.text == "" || b.text == "":
		return Unlike
	case a.text == b.text:
		return SameName
	case a.stem == "" || b.stem == "":
		return Unlike
	case a.stem == b.stem:
		return SameStem
	case len(a.runes) == len(b.runes) && alike(a.sound, b.sound, plainOf):
		if alike(a.last, b.last, tonedOf) && certain(a, b) {
			return SameSound
		}
		return NearSound
	case s.lookAlike(a.runes, b.runes):
		return LookAlike
	case apart(a.runes, b.runes):
		return OneApart
	}
	return Unlike
}

func plainOf(r readings) []string { return r.plain }
func tonedOf(r readings) []string { return r.toned }

// alike reports whether at each place the two share a reading.
func alike(a, b []readings, of func(readings) []string) bool {
	return slices.EqualFunc(a, b, func(x, y readings) bool {
		return slices.ContainsFunc(of(x), func(t string) bool { return slices.Contains(of(y), t) })
	})
}

// certain reports whether the stems sound the same however they are read: at each place
// the characters are the same, or each has one reading and it is the same.
func certain(a, b shape) bool {
	for i := range a.runes {
		x, y := a.sound[i], b.sound[i]
		if a.runes[i] == b.runes[i] && slices.Equal(x.toned, y.toned) {
			continue
		}
		if len(x.toned) != 1 || len(y.toned) != 1 || x.toned[0] != y.toned[0] {
			return false
		}
	}
	return true
}

func (s *sounds) look(r rune) rune {
	if to, ok := s.looks[r]; ok {
		return to
	}
	return r
}

func (s *sounds) lookAlike(a, b []rune) bool {
	return slices.EqualFunc(a, b, func(x, y rune) bool { return s.look(x) == s.look(y) })
}

// shortest is how many characters the longer of two stems has at least for one other to be
// worth a look: of two characters every second name of a town is one apart from another.
const shortest = 3

// apart reports whether one character more, fewer or other makes a of b. O(n).
func apart(a, b []rune) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a)-len(b) > 1 || len(a) < shortest {
		return false
	}
	i := 0
	for i < len(b) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i < len(a) && slices.Equal(a[i+1:], b[i+1:])
	}
	return slices.Equal(a[i+1:], b[i:])
}

// Where says whether two names are in one scope.
type Where int

// Whether they are.
const (
	Elsewhere Where = iota
	Perhaps         // nobody knows
	Here
)

// Within says whether two names lie in one scope, by the codes of their divisions and the
// built-up areas. Names of a built-up area that nobody gave may lie in one where they lie in
// one prefecture; a built-up area is never of two.
func Within(scope string, a, b Entry) Where {
	prefix := func(digits int) Where {
		switch {
		case len(a.Division) < digits || len(b.Division) < digits:
			if strings.HasPrefix(a.Division, b.Division) || strings.HasPrefix(b.Division, a.Division) {
				return Perhaps
			}
			return Elsewhere
		case a.Division[:digits] == b.Division[:digits]:
			return Here
		}
		return Elsewhere
	}
	switch scope {
	case placenames.Nation:
		return Here
	case placenames.Province:
		return prefix(2)
	case placenames.County:
		return prefix(6)
	case placenames.BuiltUpArea:
		switch {
		case a.BuiltUpArea != "" && a.BuiltUpArea == b.BuiltUpArea:
			return Here
		case a.BuiltUpArea != "" && b.BuiltUpArea != "", prefix(4) == Elsewhere:
			return Elsewhere
		}
		return Perhaps
	}
	return Elsewhere
}
