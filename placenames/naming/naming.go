// Package naming owns the checks of a place name before it is given: the rules of article 9
// of the regulations and of places that have more (naming.json, NAM-01 to NAM-40), each with
// its sentence, place, evidence and severity; what the rules ask of a name, worked out from
// its characters, sounds, size, place and papers; and the search of a register for names that
// are the same, sound alike, look alike or are one character apart.
//
// What nobody knows is undetermined, never passed: a list of persons that has no match says
// nothing about persons that it does not have. The lists that come with the program are
// data with their source (words.json); lists of leaders, persons, brands and banned words do
// not come with it, and whoever has them brings them.
//
// The package is pure and read-only once made, so safe for concurrent use. It knows nothing
// of storage, of the procedure or of who asks.
package naming

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"yike/internal/hanzi"
	"yike/internal/rules"
	"yike/placenames"
)

//go:embed naming.json
var namingJSON []byte

//go:embed words.json
var wordsJSON []byte

// OfName is the subject of the rules.
const OfName = "name"

// Set reads the rules that come with the program. The error says what is wrong with the
// embedded file; a test keeps it nil.
func Set() (*rules.Set, error) {
	s, err := rules.Parse(namingJSON)
	if err != nil {
		return nil, fmt.Errorf("read the rules of naming: %w", err)
	}
	return s, nil
}

// List is a list of words with where it comes from.
type List struct {
	ZH      string   `json:"zh"`
	EN      string   `json:"en"`
	Source  string   `json:"source"`
	Licence string   `json:"licence"`
	Whole   bool     `json:"whole"` // it has all that there are: what is not in it is none
	Words   []string `json:"words"`
}

// In gives the words of the list that a text has in it, in the order of the list. O(words).
func (l *List) In(text string) []string {
	var out []string
	for _, w := range l.Words {
		if strings.Contains(text, w) && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// words are the lists that come with the program.
type words struct {
	Foreign         List     `json:"foreign"`
	Transliterating List     `json:"transliterating"` // characters
	Grand           List     `json:"grand"`
	National        List     `json:"national"`
	Administrative  List     `json:"administrative"`
	Landforms       List     `json:"landforms"`
	Feudal          List     `json:"feudal"`
	LookAlike       List     `json:"look_alike"` // groups of characters
	NotGeneric      []string `json:"not_administrative"`
}

// Checker checks names. It is read-only once made.
type Checker struct {
	catalogue *placenames.Catalogue
	set       *rules.Set
	words     words
	chars     *hanzi.Characters
	sounds    *sounds
}

// NewChecker makes a checker by a set of rules and a catalogue, which takes some ten
// milliseconds; keep what it gives.
func NewChecker(set *rules.Set, c *placenames.Catalogue) (*Checker, error) {
	if set == nil || c == nil {
		return nil, errors.New("check names: there are no rules or no classes")
	}
	k := &Checker{catalogue: c, set: set, chars: hanzi.NewCharacters()}
	if err := json.Unmarshal(wordsJSON, &k.words); err != nil {
		return nil, fmt.Errorf("read the words of naming: %w", err)
	}
	k.sounds = newSounds(k.chars, k.words.LookAlike.Words)
	return k, nil
}

// Foreign is the list of foreign names that comes with the program, for a Lists.
func (k *Checker) Foreign() *List { l := k.words.Foreign; return &l }

// LookAlike are the groups of characters that look alike.
func (k *Checker) LookAlike() []string { return slices.Clone(k.words.LookAlike.Words) }

// Check holds a name against the rules, and gives a finding for each in their order. Of rules
// that do not hold here or now, or not for the case, the finding says so.
func (k *Checker) Check(f Facts) []rules.Finding {
	return k.set.Evaluate(rules.Question{Subject: OfName, Regions: f.Regions, Day: f.Day, Inputs: k.Inputs(f)})
}

// Only is Check by some rules.
func (k *Checker) Only(f Facts, ids ...string) []rules.Finding {
	return k.set.Evaluate(rules.Question{Subject: OfName, Only: ids, Regions: f.Regions, Day: f.Day, Inputs: k.Inputs(f)})
}
