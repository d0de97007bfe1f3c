package naming

import (
	"github.com/paulmach/orb"

	"yike/internal/record"
	"yike/placenames"
)

// Facts are what is known of a name and its proposal. What is nil, empty or zero where a
// field says so is not known, and what a rule asks of it undetermined.
type Facts struct {
	Name    placenames.Name
	Act     placenames.DecisionKind // Naming or Renaming; "" unknown
	Regions []string                // where, as rules.Set.Chain gives them
	Day     record.Day              // of the check

	Register Register
	Lists    Lists
	Cleared  []Clearance // words of lists that an expert let pass, with the reason
	Reviewed Reviewed    // what an expert looked at beyond the lists
	Roman    string      // as the spelling rules make it of confirmed readings; "" where nobody worked it out

	Use       Use          // of an estate or building
	OnHill    *bool        // lies on a hill or slope, or within 200 m of one
	Cut       Cut          // city roads that divide the estate
	Reference *Reference   // what a direction word in the name refers to
	Host      *Entry       // the place that the name is derived from; nil where none is named
	Papers    Papers       //
	Plan      PlanAnswer   //
	Clock     Clock        //
	StaleUses *int         // records, signs and papers that still use another name
	Approver  string       // code of the catalogue; "" unknown
	Fields    Announcement // of the announcement
}

// Register is what a register has that is like the name.
type Register struct {
	Searched bool // a register was searched at all
	Whole    bool // and it has every name of the scope
	Like     []Match
}

// Lists are lists of words that the bureau has; nil for one that it has not.
type Lists struct {
	Leaders *List // names of state leaders
	Persons *List // names of persons, with aliases and characters of works of art
	Foreign *List // foreign persons and places; Checker.Foreign gives the one of the program
	Brands  *List // enterprises and trade marks
	Banned  *List // 禁限用字词库
}

// Clearance is an expert's word that a word of a list does no harm here: that it has no
// specific link with the person or the enterprise (measures, articles 3 and 4), or that the
// characters are no foreign name where they stand. Leaders and banned words are never cleared.
type Clearance struct{ Word, Reason, By string }

// Reviewed says of what an expert confirmed that the name has none, beyond the lists.
type Reviewed struct{ Leaders, Persons, Foreign, Brands, Banned bool }

// Use is what an estate or building is for.
type Use string

// The uses.
const (
	Housing Use = "housing"
	Mixed   Use = "mixed"
	Shops   Use = "shops"
	Offices Use = "offices"
	Else    Use = "else"
)

// Cut is whether city roads divide an estate.
type Cut struct {
	Known bool
	Roads []string // names of those that do
}

// Reference is the place that a direction word of a name refers to: of 沣惠南路 the northern
// part or 沣惠路, of 东长安街 the middle.
type Reference struct {
	Name string
	At   orb.Point // lon/lat WGS 84
}

// Papers are the papers of a proposal, by code words of the rules.
type Papers struct {
	Known        bool     // somebody looked
	Materials    []string // reasons, place, size, nature, …
	Needs        []string // reports that the case needs: assessment, experts, consultation
	NeedsKnown   bool
	Assessment   []string // headings that each report has; nil where nobody looked
	Experts      []string
	Consultation []string
	Visits       *int  // surveys of the place
	VisitsFull   *bool // each with day, people, and track or photographs
	ExpertCount  *int
	FromBank     *bool // all experts are of the bureau's bank
	Conflicted   *int  // experts with an interest
}

// PlanAnswer is how the name stands to the plan of names (地名方案).
type PlanAnswer struct {
	In     *bool  // the plan has it; nil where nobody looked
	Reason string // why it is not in it
}

// Clock are the days that the law counts from the approval. "" is not yet.
type Clock struct {
	Approved, Filed, Announced, Sign record.Day
	OtherDepartment                  *bool // approved by another department: announced within 15 days of the filing
}

// Announcement says which of the fields an announcement has; nil where there is none yet.
type Announcement []string
