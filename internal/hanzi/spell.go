package hanzi

import "strings"

// Speller tells which characters letters may stand for that somebody types instead of
// them: whole syllables without tones (hankou), the last of which may only be begun
// (hank), or initials (hkq). Every reading of a character counts, since which one is meant
// a dictionary of characters cannot know. Read-only once made.
type Speller struct {
	whole map[string]string // the characters that are read so, by syllable, in order
	begun map[string]string // the characters with a reading that begins so, in order
}

const (
	longestSyllable = 6  // zhuang
	mostWays        = 16 // that letters are read in; fangan has three
)

// NewSpeller makes a speller of what is known of single characters: those that names have,
// U+4E00 to U+9FA5. It takes some ten milliseconds; keep what it gives.
func NewSpeller(s *Sounds) *Speller {
	const first, last = 0x4e00, 0x9fa5
	whole, begun := map[string][]rune{}, map[string][]rune{}
	add := func(to map[string][]rune, key string, r rune) {
		if list := to[key]; len(list) == 0 || list[len(list)-1] != r {
			to[key] = append(list, r)
		}
	}
	for r := rune(first); r <= last; r++ {
		for _, reading := range s.Of(r) {
			add(whole, reading, r)
			for n := 1; n <= len(reading); n++ {
				add(begun, reading[:n], r)
			}
		}
	}
	return &Speller{whole: joined(whole), begun: joined(begun)}
}

func joined(lists map[string][]rune) map[string]string {
	out := make(map[string]string, len(lists))
	for key, list := range lists {
		out[key] = string(list)
	}
	return out
}

// Way is one way to read letters: for each character in turn those that it may be.
type Way []string

// Pattern is a regular expression of what letters that may be read in these ways stand for; ""
// for none. O(characters of the ways).
func Pattern(ways []Way) string {
	each := make([]string, len(ways))
	for i, way := range ways {
		each[i] = "[" + strings.Join(way, "][") + "]"
	}
	return strings.Join(each, "|")
}

// Ways gives the ways to read letters as characters that follow one another, at most 16:
// those of long syllables first, those of initials last. None for what is no pinyin, or
// has anything but its letters in it; capital ones are as small ones, and ü is as v.
func (s *Speller) Ways(letters string) []Way {
	letters = strings.ReplaceAll(strings.ToLower(letters), "ü", "v")
	var out []Way
	for _, piece := range []func(piece string, last bool) string{s.syllable, s.initial} {
		r := reading{letters: letters, piece: piece, out: out}
		r.look()
		r.read(0, nil)
		out = r.out
	}
	return out
}

// syllable are the characters of a whole syllable, or of one that is only begun where it
// is the last.
func (s *Speller) syllable(piece string, last bool) string {
	if last {
		return s.begun[piece]
	}
	return s.whole[piece]
}

// initial are the characters of a first letter, or of zh, ch or sh.
func (s *Speller) initial(piece string, _ bool) string {
	if len(piece) == 1 || piece == "zh" || piece == "ch" || piece == "sh" {
		return s.begun[piece]
	}
	return ""
}

// reading reads letters in pieces of one sort.
type reading struct {
	letters string
	piece   func(piece string, last bool) string
	ends    []bool // whether what begins at a letter can be read to its end
	out     []Way
}

// look finds out from behind where letters can be read to their end, so that no time is
// lost on ways that lead nowhere, of which there may be very many.
func (r *reading) look() {
	r.ends = make([]bool, len(r.letters)+1)
	r.ends[len(r.letters)] = true
	for from := len(r.letters) - 1; from >= 0; from-- {
		for to := from + 1; to <= min(from+longestSyllable, len(r.letters)) && !r.ends[from]; to++ {
			r.ends[from] = r.ends[to] && r.piece(r.letters[from:to], to == len(r.letters)) != ""
		}
	}
}

func (r *reading) read(from int, way Way) {
	if from == len(r.letters) {
		if len(way) > 0 {
			r.out = append(r.out, append(Way{}, way...))
		}
		return
	}
	for to := min(from+longestSyllable, len(r.letters)); to > from && len(r.out) < mostWays; to-- {
		if one := r.piece(r.letters[from:to], to == len(r.letters)); one != "" && r.ends[to] {
			r.read(to, append(way, one))
		}
	}
}
