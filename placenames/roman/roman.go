// Package roman owns the spelling of a Chinese place name in Latin letters by the rules of
// 1984 ((84)中地字第17号): which parts stand apart, capitals, apostrophes, numerals, 儿 and ü,
// with the rules that were used; and which reading each character has, with where it is
// from.
//
// Readings come from people: a confirmed one outranks what was confirmed for other names, and
// that outranks a dictionary of characters, which alone reads most hard names wrongly
// (重庆, 六安). A spelling is certain only where each reading was confirmed or is the only one
// that the dictionary has. A dictionary of phrases would choose rightly between readings more
// often; none comes with the program (CC-CEDICT is CC BY-SA, phrase-pinyin-data MIT), and it
// would still have to be confirmed.
//
// The package is pure and read-only once made.
package roman

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"yike/internal/hanzi"
	"yike/placenames"
)

//go:embed rules.json
var rulesJSON []byte

type rulesFile struct {
	SourceZH       string            `json:"source_zh"`
	SourceEN       string            `json:"source_en"`
	Grade          string            `json:"grade"`
	Rules          []placenames.Code `json:"rules"`
	GenericsSource string            `json:"generics_source"`
	Generics       map[string]string `json:"generics"`
}

// Source is where a reading comes from.
type Source string

// The sources, from the best.
const (
	Confirmed Source = "confirmed" // by people, of this name
	Precedent Source = "precedent" // by people, of another name that has the same characters
	Generic   Source = "generic"   // of a generic part, as it is always read
	Only      Source = "only"      // the dictionary has no other
	Usual     Source = "usual"     // the dictionary has others: somebody must confirm it
	None      Source = "none"      // nobody knows how the character is read
)

// Confirmation is how people read a name, or a piece of one.
type Confirmation struct {
	Text     string
	Readings []string // of each character, with tones
	Where    string   // the record or the decision, for people
}

// Reading is how a character is read.
type Reading struct {
	Character  string
	Chosen     string // with tone; "" where nobody knows
	Source     Source
	Where      string         // of the precedent; "" for other sources
	Candidates []string       // all that the dictionary has, the most usual first
	Nearest    []Confirmation // precedents that have the character, the longest shared text first; where it has several readings
}

// Segment is a part that stands apart.
type Segment struct {
	Text      string   // Fengdong
	Syllables []string // Feng, dong: a line may be broken between them
}

// Spelling is a name spelled.
type Spelling struct {
	Text     string // Fengdong Dadao
	Toned    string // Fēngdōng Dàdào
	Segments []Segment
	Readings []Reading
	Rules    []string // numbers of the rules that were used, in their order
	Certain  bool     // each reading was confirmed or is the only one, and the parts are beyond doubt
	WhyZH    []string // what keeps it from being certain
	WhyEN    []string
}

// Request is a name to be spelled.
type Request struct {
	Text     string
	Parts    placenames.Parts
	Class    string   // code of its class: numerals of streets are figures
	Joined   bool     // the name of a natural village or town, which is joined whole
	Readings []string // confirmed, of each character; "" for one that nobody confirmed
	Words    []string // pieces of the specific part that stand apart, as people cut it; nil for one
}

// Speller spells names. Read-only once made.
type Speller struct {
	file  rulesFile
	chars *hanzi.Characters
	known map[string][]Confirmation // by text
	with  map[rune][]Confirmation   // by a character in it
	most  int                       // characters of the longest
}

// NewSpeller makes a speller that knows what people confirmed. The error says which
// confirmation does not read each character.
func NewSpeller(confirmed []Confirmation) (*Speller, error) {
	s := &Speller{chars: hanzi.NewCharacters(), known: map[string][]Confirmation{}, with: map[rune][]Confirmation{}}
	if err := json.Unmarshal(rulesJSON, &s.file); err != nil {
		return nil, fmt.Errorf("read the rules of spelling: %w", err)
	}
	for _, c := range confirmed {
		n := utf8.RuneCountInString(c.Text)
		if n == 0 || n != len(c.Readings) || slices.Contains(c.Readings, "") {
			return nil, fmt.Errorf("precedent %q: needs a reading of each character", c.Text)
		}
		s.known[c.Text] = append(s.known[c.Text], c)
		s.most = max(s.most, n)
		for i, r := range c.Text {
			if strings.IndexRune(c.Text, r) == i { // once, however often it has the character
				s.with[r] = append(s.with[r], c)
			}
		}
	}
	return s, nil
}

// Rules lists the fourteen rules with their words.
func (s *Speller) Rules() []placenames.Code { return slices.Clone(s.file.Rules) }

// Source says where the rules were read, and how well.
func (s *Speller) Source() (zh, en, grade string) {
	return s.file.SourceZH, s.file.SourceEN, s.file.Grade
}

// Read gives the reading of each character of a name. O(characters × precedents that share
// one).
func (s *Speller) Read(q Request) []Reading {
	runes := []rune(q.Text)
	out := make([]Reading, len(runes))
	for i, r := range runes {
		out[i] = s.one(r)
		if r == '儿' && i > 0 { // a syllable, or the r of the one before it
			out[i].Candidates, out[i].Source = append(slices.Clone(out[i].Candidates), "r"), Usual
		}
	}
	s.generic(out, q)
	s.precedents(out, runes)
	for i := range out {
		if i < len(q.Readings) && q.Readings[i] != "" {
			out[i].Chosen, out[i].Source, out[i].Where = q.Readings[i], Confirmed, ""
		}
		if len(out[i].Candidates) > 1 {
			out[i].Nearest = s.nearest(runes, i)
		}
	}
	return out
}

func (s *Speller) one(r rune) Reading {
	of := s.chars.Readings(r)
	out := Reading{Character: string(r), Candidates: of, Source: None}
	switch {
	case len(of) == 1:
		out.Chosen, out.Source = of[0], Only
	case len(of) > 1:
		out.Chosen, out.Source = of[0], Usual
	case r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)):
		out.Chosen, out.Source = string(r), Only // letters and figures stand for themselves
	}
	return out
}

// generic reads the generic part as it is always read.
func (s *Speller) generic(out []Reading, q Request) {
	reads := strings.Fields(s.file.Generics[q.Parts.Generic])
	from := len(out) - len(reads)
	if len(reads) == 0 || from < 0 || q.Parts.Text() != q.Text {
		return
	}
	for i, r := range reads {
		if len(out[from+i].Candidates) > 1 {
			out[from+i].Chosen, out[from+i].Source = r, Generic
		}
	}
}

// precedents reads pieces of two characters and more as they were confirmed elsewhere, the
// longest first; a piece that was confirmed in two ways is left.
func (s *Speller) precedents(out []Reading, runes []rune) {
	taken := make([]bool, len(runes))
	for n := min(s.most, len(runes)); n >= 2; n-- {
		for i := 0; i+n <= len(runes); i++ {
			c, ok := s.agreed(string(runes[i : i+n]))
			if !ok || slices.Contains(taken[i:i+n], true) {
				continue
			}
			for k := range n {
				taken[i+k] = true
				out[i+k].Chosen, out[i+k].Source, out[i+k].Where = c.Readings[k], Precedent, c.Where
			}
		}
	}
}

func (s *Speller) agreed(text string) (Confirmation, bool) {
	all := s.known[text]
	if len(all) == 0 {
		return Confirmation{}, false
	}
	for _, c := range all[1:] {
		if !slices.Equal(c.Readings, all[0].Readings) {
			return Confirmation{}, false
		}
	}
	return all[0], true
}

// nearest are the precedents that have the character at a place, those that share the
// longest text around it first; three at most.
func (s *Speller) nearest(runes []rune, i int) []Confirmation {
	const most = 3
	shared := func(c Confirmation) int {
		other, best := []rune(c.Text), 0
		for k, r := range other {
			if r != runes[i] {
				continue
			}
			n := 1
			for d := 1; i-d >= 0 && k-d >= 0 && runes[i-d] == other[k-d]; d++ {
				n++
			}
			for d := 1; i+d < len(runes) && k+d < len(other) && runes[i+d] == other[k+d]; d++ {
				n++
			}
			best = max(best, n)
		}
		return best
	}
	all := slices.Clone(s.with[runes[i]])
	slices.SortStableFunc(all, func(a, b Confirmation) int { return shared(b) - shared(a) })
	return all[:min(most, len(all))]
}
