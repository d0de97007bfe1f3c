// Package placenames owns the record of a standard place name (标准地名): what is named and
// of which class of the regulations, the name with its specific and generic part, where it
// lies, what it means, which names it had, by which document each version was decided, and
// the states that it passes from a proposal to its end.
//
// An id is of one place for its life, and what is retired stays so: the same characters may
// be given again only to a new record that says so on purpose. Classes, generics and scopes
// are data (classes.json), from articles 3, 9 and 12 of the regulations on place names.
//
// The package is pure: values in, values out, no I/O, no clock. It knows nothing of the
// checks of a name, of the procedure that decides on it, of storage or HTTP; its children
// naming, process and roman do the first three and know it.
package placenames

import (
	"slices"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"yike/internal/record"
)

// Code is a code word with what people call it.
type Code struct {
	Code string `json:"code"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

// Name is one version of the record of a place and its name. What is empty is not known.
type Name struct {
	ID          string // UUIDv7, text form; of the place for its life
	Version     int
	Text        string // the standard name whole: 沣东大道
	Parts       Parts
	Roman       string   // as confirmed: Fengdong Dadao; "" until somebody confirmed it
	Readings    []string // confirmed reading of each character of Text, with tone; nil until then
	Kind        string   // code of the catalogue: road, estate, bridge
	State       State
	Divisions   []string     // codes of the divisions that it lies in, the first decides the authority
	BuiltUpArea string       // the built-up area (建成区) that it lies in; "" unknown
	Famous      *bool        // 国内著名, of a natural feature; nil where nobody said
	Important   *bool        // 具有重要地理方位意义, which estates, buildings and facilities need to be place names at all; nil where nobody said
	Geometry    orb.Geometry // lon/lat WGS 84: a point, a line or an area; nil where nobody drew it
	Extent      Extent
	Size        Size
	Origin      string // 来历
	Meaning     string // 含义
	Aliases     []Alias
	Former      []Former // what it was called before, the latest last
	Decision    Decision // by which this version was decided
	Heritage    *Heritage
	Planned     string // reserved name of the plan that it takes; "" for none
	ParentID    string // the road, river or estate of which it is a part, perhaps in another division
	HostID      string // the place that gave it its name: 沣河 of 沣河大桥
	SuccessorID string // the record that has its place since it ended; "" for none
	Reuses      *Reuse // the retired name whose characters it takes again on purpose
	Note        string
	ValidFrom   record.Day
}

// Extent says in words where a place begins and ends, as a decision does.
type Extent struct {
	From     string `json:"from,omitempty"`     // 起点: 东起沣东大道
	To       string `json:"to,omitempty"`       // 止点
	Via      string `json:"via,omitempty"`      // 途经
	Position string `json:"position,omitempty"` // 位置描述 of what has no two ends
}

// Size is how large a place is, for the checks of its generic. 0 is not known.
type Size struct {
	LengthM  float64  `json:"length_m,omitempty"` // metres
	WidthM   float64  `json:"width_m,omitempty"`  // metres, between the red lines
	SiteM2   float64  `json:"site_m2,omitempty"`
	FloorM2  float64  `json:"floor_m2,omitempty"`   // floor area above ground
	HousingM float64  `json:"housing_m2,omitempty"` // m² of housing within FloorM2
	OpenM2   float64  `json:"open_m2,omitempty"`    // public open ground
	HeightM  float64  `json:"height_m,omitempty"`
	Floors   int      `json:"floors,omitempty"`
	GreenPct *float64 `json:"green_pct,omitempty"` // green ratio in per cent; nil where nobody knows
}

// AliasKind says what an alias is.
type AliasKind string

// The kinds.
const (
	Short      AliasKind = "short"      // 简称
	Colloquial AliasKind = "colloquial" // 俗称
	Historic   AliasKind = "historic"   // 历史上的名称, never decided on
	Foreign    AliasKind = "minority"   // in another language of the country
	Promotion  AliasKind = "promotion"  // 推广名, which a developer uses and nobody approved
)

// Alias is another name that people use for the place now.
type Alias struct {
	Text string    `json:"text"`
	Kind AliasKind `json:"kind"`
	Note string    `json:"note,omitempty"`
}

// Former is a name that the place had as its standard one.
type Former struct {
	Text     string     `json:"text"`
	Roman    string     `json:"roman,omitempty"`
	From     record.Day `json:"from,omitempty"` // "" unknown
	Until    record.Day `json:"until,omitempty"`
	Decision Decision   `json:"decision"` // by which it ended
}

// DecisionKind is what a document decided.
type DecisionKind string

// The kinds.
const (
	Naming     DecisionKind = "naming"     // 命名
	Renaming   DecisionKind = "renaming"   // 更名
	Retirement DecisionKind = "retirement" // 注销
	Annulment  DecisionKind = "annulment"  // 撤销、取缔
	Ruling     DecisionKind = "ruling"     // 复议决定、判决
	Observed   DecisionKind = "observed"   // found in use or in an old register, without a decision
)

// Decision is the document by which a version of a record was decided.
type Decision struct {
	Kind   DecisionKind `json:"kind,omitempty"`
	Number string       `json:"number,omitempty"` // 文号
	Day    record.Day   `json:"day,omitempty"`
	Body   string       `json:"body,omitempty"` // the authority
	Title  string       `json:"title,omitempty"`
}

// Known reports whether there is a document, or an observation that says where from.
func (d Decision) Known() bool {
	return d.Number != "" && d.Day != "" && d.Body != "" || d.Kind == Observed && d.Title != ""
}

// Heritage is an entry of the list of protected names (地名保护名录).
type Heritage struct {
	List     string     `json:"list"`            // which list
	Level    string     `json:"level,omitempty"` // of which authority
	Since    record.Day `json:"since,omitempty"`
	Reason   string     `json:"reason,omitempty"`
	Measures string     `json:"measures,omitempty"` // 保护措施 for a renaming; "" where there are none
}

// Reuse says that a record takes the characters of a retired name again, and why.
type Reuse struct {
	ID     string `json:"id"` // of the retired record
	Reason string `json:"reason"`
}

// Planned is a reserved name of the name plan (地名规划, 地名方案).
type Planned struct {
	ID       string
	Text     string
	Kind     string
	Plan     string // title of the plan
	Document Decision
	Division string
	TakenBy  string     // the record that took it; "" while it is free
	Until    record.Day // the last day of the reservation; "" without end
	Note     string
}

// Free reports whether the reserved name may be taken on a day.
func (p Planned) Free(day record.Day) bool {
	return p.TakenBy == "" && (p.Until == "" || day <= p.Until)
}

// Characters are the characters of a text, also those beyond the first 65,536 of Unicode,
// which have two units in UTF-16 and four bytes in UTF-8.
func Characters(text string) int { return utf8.RuneCountInString(text) }

// Family gives the ids of a road or river with all its parts, in whichever division they
// lie: the record at the top first, the others in the order given. Records that name one
// another in a circle are given once. O(records²) at worst.
func Family(all []Name, id string) []string {
	parent := make(map[string]string, len(all))
	for _, n := range all {
		parent[n.ID] = n.ParentID
	}
	top := func(of string) string {
		for seen := map[string]bool{}; parent[of] != "" && !seen[of]; of = parent[of] {
			seen[of] = true
		}
		return of
	}
	root := top(id)
	out := []string{root}
	for _, n := range all {
		if n.ID != root && top(n.ID) == root && !slices.Contains(out, n.ID) {
			out = append(out, n.ID)
		}
	}
	return out
}

// Circular reports whether giving a record a parent makes a circle; parent gives the parent
// of a record, "" for none.
func Circular(id, parentID string, parent func(id string) string) bool {
	for seen := map[string]bool{}; parentID != "" && !seen[parentID]; parentID = parent(parentID) {
		if parentID == id {
			return true
		}
		seen[parentID] = true
	}
	return false
}
