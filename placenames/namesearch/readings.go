package namesearch

import (
	"slices"
	"strings"
	"unicode"

	"yike/internal/hanzi"
)

// Readings are how characters may be read, without tones, and which look alike. Read-only
// once made.
type Readings struct {
	pages     [lastRune>>8 + 1]*[256]uint16 // of a character: a number of sets
	sets      [][]uint32                    // syllables, the most usual first
	syllables []string                      // in the order of letters
	numbers   map[string]uint32             // of syllables
	begun     map[string]bool               // beginnings of syllables that are none themselves
	looks     map[rune][]rune               // those that look like it, and itself
}

const (
	lastRune     = 0x33fff
	mostReadings = 4       // of a character: dictionaries have many that no name uses
	literal      = 1 << 16 // what has no reading sounds as itself
	longestRead  = 6       // zhuang
)

// NewReadings makes the readings of what a dictionary of characters knows, and of groups of
// characters that look alike. It takes some ten milliseconds; keep what it gives.
func NewReadings(c *hanzi.Characters, lookAlike []string) *Readings {
	r := &Readings{sets: [][]uint32{nil}, numbers: map[string]uint32{}, begun: map[string]bool{}, looks: map[rune][]rune{}}
	plain := map[rune][]string{}
	for _, block := range [][2]rune{{0x3400, 0x9fff}, {0xf900, 0xfaff}, {0x20000, lastRune}} {
		for char := block[0]; char <= block[1]; char++ {
			if list := plainReadings(c.Readings(char)); len(list) > 0 {
				plain[char] = list
				for _, s := range list {
					r.numbers[s] = 0
				}
			}
		}
	}
	for s := range r.numbers {
		r.syllables = append(r.syllables, s)
	}
	slices.Sort(r.syllables)
	for i, s := range r.syllables {
		r.numbers[s] = uint32(i)
		for n := 1; n < len(s); n++ {
			r.begun[s[:n]] = true
		}
	}
	known := map[string]uint16{}
	for char, list := range plain {
		key := strings.Join(list, ",")
		set, ok := known[key]
		if !ok {
			set = uint16(len(r.sets))
			known[key] = set
			numbers := make([]uint32, len(list))
			for i, s := range list {
				numbers[i] = r.numbers[s]
			}
			r.sets = append(r.sets, numbers)
		}
		page := &r.pages[char>>8]
		if *page == nil {
			*page = new([256]uint16)
		}
		(*page)[char&0xff] = set
	}
	for _, group := range lookAlike {
		for _, char := range group {
			for _, other := range group {
				if !slices.Contains(r.looks[char], other) {
					r.looks[char] = append(r.looks[char], other)
				}
			}
		}
	}
	return r
}

func plainReadings(toned []string) []string {
	var out []string
	for _, t := range toned {
		p := hanzi.Toneless(t)
		if len(out) < mostReadings && isSyllable(p) && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

func isSyllable(s string) bool {
	return s != "" && len(s) <= longestRead && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") == ""
}

// of gives the numbers of the syllables of a character; none for what is not read.
func (r *Readings) of(char rune) []uint32 {
	if char < 0 || char > lastRune {
		return nil
	}
	page := r.pages[char>>8]
	if page == nil {
		return nil
	}
	return r.sets[page[char&0xff]]
}

// usual is the sound under which a character is looked up: any that its texts are listed under.
func (r *Readings) usual(char rune) uint32 {
	if list := r.of(char); len(list) > 0 {
		return list[0]
	}
	return literal + uint32(char)
}

// initial is the first letter of a sound, or the character that sounds as itself.
func (r *Readings) initial(sound uint32) uint32 {
	if sound >= literal {
		return sound - literal
	}
	return uint32(r.syllables[sound][0])
}

// alike reports whether two characters share a reading.
func (r *Readings) alike(a, b rune) bool {
	if a == b {
		return true
	}
	of := r.of(b)
	return slices.ContainsFunc(r.of(a), func(s uint32) bool { return slices.Contains(of, s) })
}

// longestText is how many characters of a text are looked at.
const longestText = 60

// fold gives a text as it is compared: simplified, half width, small letters without tones,
// neither spaces nor the signs that part syllables. Bit i of breaks says that there was one
// before character i.
func fold(text string) (runes []rune, breaks uint64) {
	text = hanzi.Plain(text)
	if strings.IndexFunc(text, func(r rune) bool { return r >= 0xc0 && r < 0x370 }) >= 0 {
		text = hanzi.Toneless(strings.ReplaceAll(text, ",", " "))
	}
	for _, r := range text {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r), strings.ContainsRune(`'"·-.`, r):
			breaks |= 1 << min(len(runes), 63)
		case len(runes) < longestText+1:
			runes = append(runes, r)
		}
	}
	return runes, breaks
}
