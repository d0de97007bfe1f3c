// Package namesearch finds place names by what people type: characters, pinyin whole or begun,
// initials, a mixture of them (沣dong), other names of the place, names that it had, characters
// that sound or look alike, and names with one character wrong, missing or too many. Each find
// says which of these it was and which text was matched.
//
// The order is the same for all questions: the standard name (whole, its beginning, within it),
// other names, former names, pinyin, initials, characters that sound alike, characters that look
// alike, one character; of one kind what is in use first, then what is asked for or reserved,
// then what ended; then the shorter name, then pinyin.
//
// An index keeps the texts in that order and under each key the numbers of its texts, so that
// the best come first and a search ends when it has enough; what a key promises is checked
// against the text. A Book is a large index and a small one of what changed since.
//
// The package is pure and read-only once made, so safe for concurrent use. It knows nothing of
// storage, rules or who asks.
package namesearch

import (
	"github.com/paulmach/orb"

	"yike/placenames"
)

// Name is a record as the search knows it. An index keeps the names that it was given.
type Name struct {
	ID       string
	Text     string // the standard name
	Roman    string // as confirmed; "" unknown
	Kind     string
	Class    string
	Division string
	State    placenames.State
	Position orb.Point // lon/lat WGS 84, where Placed
	Placed   bool
	Readings []string // confirmed, of each character of Text, with tones; nil where nobody confirmed
	Aliases  []string
	Former   []string
}

// By is what of a name was matched, or how.
type By string

// The ways in which names are found.
const (
	Standard     By = "standard"      // characters of the standard name
	Alias        By = "alias"         // characters of another name
	Former       By = "former"        // characters of a name that the place had
	Pinyin       By = "pinyin"        // letters, perhaps with characters
	Initials     By = "initials"      // letters of which some are first ones only
	SameSound    By = "same_sound"    // characters that may be read alike
	LookAlike    By = "look_alike"    // characters that look alike
	OneCharacter By = "one_character" // one character is another, missing or too many
)

// Codes lists the ways with their words, in the order of what is found.
func (By) Codes() []placenames.Code {
	return []placenames.Code{
		{Code: string(Standard), ZH: "标准名", EN: "standard name"},
		{Code: string(Alias), ZH: "别名", EN: "other name"},
		{Code: string(Former), ZH: "曾用名", EN: "former name"},
		{Code: string(Pinyin), ZH: "拼音", EN: "pinyin"},
		{Code: string(Initials), ZH: "首字母", EN: "initials"},
		{Code: string(SameSound), ZH: "同音", EN: "sounds alike"},
		{Code: string(LookAlike), ZH: "形近", EN: "looks alike"},
		{Code: string(OneCharacter), ZH: "一字之差", EN: "one character apart"},
	}
}

// Hit is a name that was found.
type Hit struct {
	Name     Name
	By       By
	Of       By     // Standard, Alias or Former: whose text it is
	Text     string // that was matched
	Spelling string // the text in pinyin as the letters were read, without tones; "" where none were typed

	rank int
	at   place
}

// place is a text of an index.
type place struct {
	index *Index
	text  uint32
}

// Options narrow a search.
type Options struct {
	Limit int    // hits to give at most; less than 1 gives none
	Class string // only of this class; "" of all
}
