package roman

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"yike/internal/hanzi"
)

// Phrase is a word and how a dictionary reads it.
type Phrase struct {
	Text     string
	Readings []string // of each character, with tones
}

// longest is how long a phrase of names is: what is longer are sayings.
const longest = 4

// Derive gives those phrases that a table of phrases needs, the shortest first and then in the
// order of their characters: of two to four characters, with readings that the characters have,
// and read otherwise than characters, as names usually read them, and shorter phrases would. What speech does to tones
// (yí gè, light syllables) is taken back first, since a spelling has the tone of the character
// (rule 9). A text that comes with two ways of reading is left out, since nothing chooses
// between them. O(n log n).
func (s *Speller) Derive(all []Phrase) []Phrase {
	ways := map[string][]string{}
	disputed := map[string]bool{}
	for _, p := range all {
		reads, ok := original(p, s.chars)
		if !ok {
			continue
		}
		if before, known := ways[p.Text]; known && !slices.Equal(before, reads) {
			disputed[p.Text] = true
		}
		ways[p.Text] = reads
	}
	texts := make([]string, 0, len(ways))
	for text := range ways {
		if !disputed[text] {
			texts = append(texts, text)
		}
	}
	slices.SortFunc(texts, func(a, b string) int {
		return cmp.Or(cmp.Compare(utf8.RuneCountInString(a), utf8.RuneCountInString(b)), cmp.Compare(a, b))
	})
	kept := newTable(len(texts))
	var out []Phrase
	for _, text := range texts {
		if !slices.Equal(s.alone(kept, text), ways[text]) {
			kept.add(text, entry{readings: ways[text]})
			out = append(out, Phrase{Text: text, Readings: ways[text]})
		}
	}
	return out
}

// alone reads a text by a table and by characters where it has nothing.
func (s *Speller) alone(t *table, text string) []string {
	runes := []rune(text)
	out := make([]string, len(runes))
	for i, r := range runes {
		out[i] = s.one(r).Chosen
	}
	for _, f := range find(runes, t.most, t.look, func(int, int) bool { return true }) {
		copy(out[f.from:f.to], f.readings)
	}
	return out
}

// original gives the readings of a phrase in the tones of its characters; false for one that
// no name needs or whose readings the characters do not have.
func original(p Phrase, chars *hanzi.Characters) ([]string, bool) {
	runes := []rune(p.Text)
	if n := len(runes); n < 2 || n > longest || n != len(p.Readings) {
		return nil, false
	}
	out := make([]string, len(runes))
	for i, r := range runes {
		of := chars.Readings(r)
		if !hanzi.IsHan(r) || len(of) == 0 {
			return nil, false
		}
		same := slices.DeleteFunc(slices.Clone(of), func(c string) bool { return hanzi.Toneless(c) != hanzi.Toneless(p.Readings[i]) })
		changes := strings.ContainsRune("一不", r) || p.Readings[i] == hanzi.Toneless(p.Readings[i])
		switch {
		case !changes && slices.Contains(of, p.Readings[i]):
			out[i] = p.Readings[i]
		case changes && len(same) > 0:
			out[i] = same[0]
		default:
			return nil, false
		}
	}
	return out, true
}
