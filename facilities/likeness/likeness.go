// Package likeness finds records of the registry that may be of the same place, and says
// why: names, the sound of names, addresses, telephones, codes and distance. It owns the
// scoring and the index that makes looking for likenesses among 300,000 records cheap. It
// knows nothing of storage, files or screens, and it never decides: a person does, and
// what was decided is not asked again.
package likeness

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/hanzi"
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
	Score int    // 0–99: nothing is certain
	Parts []Part // what was compared, the weightiest first
}

// Part is one thing that was compared, and what came of it.
type Part struct {
	Part   string  // name, number, function, address, distance, phone, code, operator, type, division
	Score  float64 // -1 (speaks against) to 1 (speaks for)
	Weight float64 // how much it counts
	ZH, EN string
}

// The scores from which something is to be done.
const (
	Likely   = 80 // very probably the same place: shown first, and ticked beforehand
	Possible = 60 // to be looked at; less is no match
)

// Words are the words of a district that say little of a name: most have the community's
// name in them.
type Words struct {
	Divisions []divisions.Division // of the district; boundaries are not looked at
	Types     []facilities.TypeInfo
}

// Finder compares records. It is read-only once made and may be used by many at once.
type Finder struct {
	sounds    *hanzi.Sounds
	divisions map[string]divisions.Division // by code
	types     map[facilities.Type]facilities.TypeInfo
	ends      []end
}

// New makes a finder for the words of a district. It reads a dictionary of sounds, so keep
// what it gives.
func New(words Words) *Finder {
	f := &Finder{sounds: hanzi.NewSounds(), divisions: map[string]divisions.Division{}, types: map[facilities.Type]facilities.TypeInfo{}}
	for _, d := range words.Divisions {
		f.divisions[d.Code] = d
	}
	for _, t := range words.Types {
		f.types[t.Type] = t
	}
	f.ends = endsOf(words.Types)
	return f
}

// Compare scores two records. O(length of the names squared).
func (f *Finder) Compare(a, b Record) Match {
	x, y := f.profile(a), f.profile(b)
	return f.compare(&x, &y, true)
}

// Fingerprint is the same for two records that say the same of a place, however it is
// spelled; a row of a file, which has no id, is named by it in decisions.
func (f *Finder) Fingerprint(r Record) string {
	p := f.profile(r)
	place := ""
	if r.Placed {
		place = fmt.Sprintf("%.4f %.4f", r.Point[0], r.Point[1])
	}
	where := p.addressKey
	if where == "" {
		where = p.addressText
	}
	text := strings.Join([]string{
		string(r.Type), p.place, string(p.own), p.number, p.note, string(p.said), where, strings.Join(p.phones, " "),
		p.uscc, p.institution, p.bureau, r.DivisionCode, place,
	}, "\x1f")
	sum := sha256.Sum256([]byte(text))
	return rowSide + hex.EncodeToString(sum[:12])
}
