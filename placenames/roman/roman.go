// Package roman owns the spelling of a Chinese place name in Latin letters by the rules of
// 1984 ((84)中地字第17号): which parts stand apart, capitals, apostrophes, numerals, 儿 and ü,
// with the rules that were used; and which reading each character has, with where it is
// from.
//
// Readings come from people: a confirmed one outranks what was confirmed for other names, and
// that outranks what was compiled: our list of places (places.txt), the generic parts, a table
// of phrases (phrases.txt: MIT, its head says of what it was made and how), and the characters
// alone, which read most hard names wrongly (重庆, 六安). A spelling is certain only where each
// reading was confirmed, is that of a generic part, or is the only one that the characters have:
// whatever a dictionary chose among several, people confirm.
//
// The package is pure and read-only once made. It owns no store: who keeps what people
// confirmed gives it to With.
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
	InPlace   Source = "place"     // our list of places: somebody must confirm it
	Generic   Source = "generic"   // of a generic part, as it is always read
	InPhrase  Source = "phrase"    // the table of phrases: somebody must confirm it
	Only      Source = "only"      // the dictionary has no other
	Usual     Source = "usual"     // the dictionary has others: somebody must confirm it
	None      Source = "none"      // nobody knows how the character is read
)

// Confirmation is how people read a name, or a piece of one.
type Confirmation struct {
	Text     string
	Readings []string // of each character, with tones
	Where    string   // the record or the decision, for people
	Ruled    bool     // it is of the lexicon of the committee, which outranks what records of names have
}

// Reading is how a character is read.
type Reading struct {
	Character  string
	Chosen     string // with tone; "" where nobody knows
	Source     Source
	Where      string         // of the precedent, or what the list of places was taken from; "" for other sources
	Within     string         // the text that is read so: of a precedent, a place or a phrase; "" for other sources
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
	*books
	known map[string][]Confirmation // by text
	with  map[rune][]Confirmation   // by a character in it
	most  int                       // characters of the longest
}

// books are what comes with the program.
type books struct {
	file    rulesFile
	chars   *hanzi.Characters
	places  *table
	phrases *table
}

// NewSpeller makes a speller that knows what people confirmed. It reads the dictionaries, which
// takes some fifteen milliseconds and two megabytes: make one and take others from it by
// With. The error says which confirmation does not read each character.
func NewSpeller(confirmed []Confirmation) (*Speller, error) {
	b := &books{chars: hanzi.NewCharacters()}
	if err := json.Unmarshal(rulesJSON, &b.file); err != nil {
		return nil, fmt.Errorf("read the rules of spelling: %w", err)
	}
	var err error
	if b.places, err = readPlaces(); err != nil {
		return nil, err
	}
	if b.phrases, err = readPhrases(); err != nil {
		return nil, err
	}
	return (&Speller{books: b}).With(confirmed)
}

// With gives a speller of the same dictionaries that knows these confirmations and no others.
// The error says which one does not read each character. O(confirmations).
func (s *Speller) With(confirmed []Confirmation) (*Speller, error) {
	out := &Speller{books: s.books, known: map[string][]Confirmation{}, with: map[rune][]Confirmation{}}
	for _, c := range confirmed {
		n := utf8.RuneCountInString(c.Text)
		if n == 0 || n != len(c.Readings) || slices.Contains(c.Readings, "") {
			return nil, fmt.Errorf("precedent %q: needs a reading of each character", c.Text)
		}
		out.known[c.Text] = append(out.known[c.Text], c)
		out.most = max(out.most, n)
		for i, r := range c.Text {
			if strings.IndexRune(c.Text, r) == i { // once, however often it has the character
				out.with[r] = append(out.with[r], c)
			}
		}
	}
	return out, nil
}

// Bare gives a speller of the characters alone, with neither lists nor precedents: what the
// others are measured against.
func (s *Speller) Bare() *Speller {
	none := newTable(0)
	return &Speller{books: &books{file: s.file, chars: s.chars, places: none, phrases: none}}
}

// Rules lists the fourteen rules with their words.
func (s *Speller) Rules() []placenames.Code { return slices.Clone(s.file.Rules) }

// Source says where the rules were read, and how well.
func (s *Speller) Source() (zh, en, grade string) {
	return s.file.SourceZH, s.file.SourceEN, s.file.Grade
}

// Read gives the reading of each character of a name: of people, else of our places, else of
// generic parts, else of phrases, else of characters. O(characters × precedents that share one).
func (s *Speller) Read(q Request) []Reading {
	runes := []rune(q.Text)
	out := make([]Reading, len(runes))
	for i, r := range runes {
		out[i] = s.one(r)
		if r == '儿' && i > 0 { // a syllable, or the r of the one before it
			out[i].Candidates, out[i].Source = append(slices.Clone(out[i].Candidates), "r"), Usual
		}
	}
	// What a dictionary has across the border of the parts is chance (银|行路), but for a name
	// from its beginning on (长|江); and what our list has at its end is meant (盆|儿胡同).
	end := utf8.RuneCountInString(q.Parts.Specific)
	within := func(from, to int) bool { return from == 0 || to <= end || from >= end || q.Parts.Generic == "" }
	ending := func(from, to int) bool { return within(from, to) || to == len(runes) }
	s.tables(out, find(runes, s.phrases.most, s.phrases.look, within), InPhrase)
	s.generic(out, q)
	s.tables(out, find(runes, s.places.most, s.places.look, ending), InPlace)
	s.precedents(out, runes)
	for i := range out {
		if i < len(q.Readings) && q.Readings[i] != "" {
			out[i].Chosen, out[i].Source, out[i].Where, out[i].Within = q.Readings[i], Confirmed, "", ""
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
		if e, ok := s.places.look(out.Character); ok { // most usual in names, not in sentences
			out.Chosen, out.Where = e.readings[0], e.where
			out.Candidates = append([]string{out.Chosen}, slices.DeleteFunc(slices.Clone(of), func(c string) bool { return c == out.Chosen })...)
		}
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
			out[from+i].Chosen, out[from+i].Source, out[from+i].Within = r, Generic, ""
		}
	}
}

// tables reads what was found in a table; a character with one reading is beyond doubt already.
func (s *Speller) tables(out []Reading, all []found, of Source) {
	for _, f := range all {
		for k, reading := range f.readings {
			r := &out[f.from+k]
			if r.Source == Only && r.Chosen == reading {
				continue
			}
			if !slices.Contains(r.Candidates, reading) {
				r.Candidates = append(slices.Clone(r.Candidates), reading)
			}
			r.Chosen, r.Source, r.Where, r.Within = reading, of, f.where, f.text
		}
	}
}

// precedents reads pieces of two characters and more as they were confirmed elsewhere; a piece
// that was confirmed in two ways is left.
func (s *Speller) precedents(out []Reading, runes []rune) {
	look := func(text string) (entry, bool) {
		c, ok := s.agreed(text)
		return entry{readings: c.Readings, where: c.Where}, ok
	}
	for _, f := range find(runes, s.most, look, func(int, int) bool { return true }) {
		for k, reading := range f.readings {
			r := &out[f.from+k]
			r.Chosen, r.Source, r.Where, r.Within = reading, Precedent, f.where, f.text
		}
	}
}

// agreed is how a text was confirmed: as the lexicon has it, else as every record has it.
func (s *Speller) agreed(text string) (Confirmation, bool) {
	all := s.known[text]
	if slices.ContainsFunc(all, func(c Confirmation) bool { return c.Ruled }) {
		all = slices.DeleteFunc(slices.Clone(all), func(c Confirmation) bool { return !c.Ruled })
	}
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

// nearest are the precedents that have the character at a place, those that share the longest
// text around it first, and of those the rulings; three at most.
func (s *Speller) nearest(runes []rune, i int) []Confirmation {
	const most = 3
	type near struct {
		Confirmation
		rank int
	}
	var best []near
	for _, c := range s.with[runes[i]] {
		n := near{c, 2 * shared(runes, i, []rune(c.Text))}
		if c.Ruled {
			n.rank++
		}
		at := len(best)
		for at > 0 && best[at-1].rank < n.rank {
			at--
		}
		if at < most {
			best = slices.Insert(best, at, n)
			best = best[:min(most, len(best))]
		}
	}
	out := make([]Confirmation, len(best))
	for k, n := range best {
		out[k] = n.Confirmation
	}
	return out
}

// shared is how many characters around the one at i of a name stand so around it in another.
func shared(runes []rune, i int, other []rune) int {
	best := 0
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
