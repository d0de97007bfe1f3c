package hanzi

import (
	"slices"
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// Sounds knows how single characters are read, without tones. A dictionary of characters
// reads some 4 % of place names wrongly (重庆, 六安), so this is never to be shown; it tells
// whether two spellings may sound alike, for which every reading of a character is
// enough. Read-only once made.
type Sounds struct {
	of   []uint16 // of characters from firstHan on: a number of sets
	sets [][]string
}

const (
	firstHan = 0x3400
	lastHan  = 0x9fff
)

// NewSounds reads the dictionary, which takes some ten milliseconds; keep what it gives.
// Source: mozillazg/go-pinyin (MIT), which is made of the Unihan database.
func NewSounds() *Sounds {
	s := &Sounds{of: make([]uint16, lastHan-firstHan+1), sets: [][]string{nil}}
	known := map[string]uint16{}
	for code, marked := range pinyin.PinyinDict {
		if code < firstHan || code > lastHan {
			continue
		}
		plain := toneless(marked)
		n, ok := known[plain]
		if !ok {
			n = uint16(len(s.sets))
			known[plain] = n
			s.sets = append(s.sets, strings.Split(plain, ","))
		}
		s.of[code-firstHan] = n
	}
	return s
}

// toneless takes the tones off a list of readings, and those off that are then twice in it.
func toneless(marked string) string {
	const (
		with    = "āáǎàēéěèōóǒòīíǐìūúǔùüǖǘǚǜńňǹḿ"
		without = "aaaaeeeeooooiiiiuuuuvvvvvnnnm"
	)
	all := []rune(with)
	plain := strings.Map(func(r rune) rune {
		if i := slices.Index(all, r); i >= 0 {
			return rune(without[i])
		}
		if r >= 0x300 && r < 0x370 { // marks on their own
			return -1
		}
		return r
	}, marked)
	list := strings.Split(plain, ",")
	once := list[:0]
	for _, reading := range list {
		if !slices.Contains(once, reading) {
			once = append(once, reading)
		}
	}
	return strings.Join(once, ",")
}

// Of gives the readings of a character, the most usual first; none for what is no
// character that it knows.
func (s *Sounds) Of(r rune) []string {
	if r < firstHan || r > lastHan {
		return nil
	}
	return s.sets[s.of[r-firstHan]]
}

// Alike reports whether two characters are the same or share a reading.
func (s *Sounds) Alike(a, b rune) bool {
	if a == b {
		return true
	}
	of := s.Of(b)
	return slices.ContainsFunc(s.Of(a), func(reading string) bool { return slices.Contains(of, reading) })
}

// Key is s with each character replaced by its usual reading, so that most homophones have
// the same key; a character of several readings may have another there than the writer
// meant. What is no character stays.
func (s *Sounds) Key(text string) string {
	var out strings.Builder
	for _, r := range text {
		if of := s.Of(r); len(of) > 0 {
			out.WriteString(of[0])
			out.WriteByte('\'')
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}
