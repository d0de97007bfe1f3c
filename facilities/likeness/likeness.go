// Package likeness finds records of the registry that may be of the same place, and says
// why: names, the sound of names, addresses, telephones, codes and distance. It owns the
// scoring and the index that makes looking for likenesses among 300,000 records cheap. It
// knows nothing of storage, files or screens, and it never decides: a person does, and
// what was decided is not asked again.
package likeness

import (
	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/geo/divisions"
)

// Record is what is compared: of the registry, or a row of a file.
type Record struct {
	ID              string // whatever the caller knows it by; pairs are named by it
	Type            facilities.Type
	Name, Address   string
	Phone           string
	USCC            string // may repeat: one operator, many places
	InstitutionCode string
	BureauNo        string
	DivisionCode    string // where it lies, or where the row says it does; "" unknown
	Point           orb.Point
	Placed          bool // Point is known
}

// Match is how alike two records are.
type Match struct {
	A, B  string // ids, in the order asked
	Score int    // 0–100
	Parts []Part // what was compared, the weightiest first
}

// Part is one thing that was compared, and what came of it.
type Part struct {
	Part   string  // name, sound, address, distance, phone, code, type, division
	Score  float64 // -1 (speaks against) to 1 (speaks for)
	Weight float64 // how much it counts
	ZH, EN string
}

// The scores from which something is to be done.
const (
	Likely   = 80 // very probably the same place: shown first, and ticked beforehand
	Possible = 60 // to be looked at; less is no match
)

// Words are the words of a district that say little of a name: every canteen has 食堂 in
// it, and most have the community's name.
type Words struct {
	Divisions []divisions.Division // of the district
	Types     []facilities.TypeInfo
}

// Finder compares records. It is read-only once made and may be used by many at once.
type Finder struct{}

// New makes a finder for the words of a district.
func New(words Words) *Finder { return &Finder{} }

// Compare scores two records.
func (f *Finder) Compare(a, b Record) Match { return Match{} }

// Fingerprint is the same for two records that say the same of a place, however it is
// spelled; a row of a file, which has no id, is named by it in decisions.
func (f *Finder) Fingerprint(r Record) string { return "" }

// Index holds records to be found by likeness. It may be read by many at once, and Add
// may not run beside anything else.
type Index struct{}

// NewIndex indexes records. O(n · k) for k grams of a name.
func (f *Finder) NewIndex(records []Record) *Index { return &Index{} }

// Add puts one more record in, such as the row of a file that was just read.
func (x *Index) Add(r Record) {}

// Len is how many records there are.
func (x *Index) Len() int { return 0 }

// Like gives the records that may be of the same place as r, the likest first, at most
// limit of them, none below Possible. A record with the id of r is left out.
func (x *Index) Like(r Record, limit int) []Match { return nil }

// Pairs gives every pair within the index that scores Possible or more, the likest first
// and, where they are equal, in the order of their ids. decided names the pairs that were
// decided and are left out; nil for none.
func (x *Index) Pairs(decided func(a, b string) bool) []Match { return nil }
