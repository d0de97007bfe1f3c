// Package indicators owns the plan board (规划): what a plan promises, what the registry
// says of it on a day, and whether that is on the way. It knows plans and their
// indicators with the sentences they stand in, a closed set of formulas over facts of the
// registry, how a value is judged against a yearly target, and the plans that come with
// the program.
//
// A blank stays blank: what a plan or the registry does not say is never counted as 0.
//
// The package is pure. It must not know storage, HTTP, walking or a clock: facts and days
// are handed to it.
package indicators

import "yike/internal/record"

// Text is a sentence for people in both languages. A person may leave the English out.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en,omitempty"`
}

// Empty reports whether there are no words at all.
func (t Text) Empty() bool { return t.ZH == "" && t.EN == "" }

// Kind says how strictly a plan means an indicator; Unstated for a target in the text.
type Kind string

// The kinds.
const (
	Unstated     Kind = ""             // 正文目标: the text promises it and no table lists it
	Binding      Kind = "binding"      // 约束性
	Anticipatory Kind = "anticipatory" // 预期性
)

// Base is what a rate is a rate of. Registered and resident people are two numbers.
type Base string

// The bases.
const (
	NoBase           Base = "" // a count
	Registered       Base = "registered"
	Resident         Base = "resident"
	Households       Base = "households"
	Communities      Base = "communities" // urban communities and villages
	UrbanCommunities Base = "urban_communities"
	Villages         Base = "villages"
	Subdistricts     Base = "subdistricts"
	Beds             Base = "beds"
	OfFacilities     Base = "facilities"
	OtherBase        Base = "other" // what the definition says
)

// BaseInfo names a base for people.
type BaseInfo struct {
	Base   Base
	ZH, EN string
}

// Bases lists every base in the order people are shown them.
func Bases() []BaseInfo {
	return []BaseInfo{
		{NoBase, "个数，没有基数", "a count, no base"},
		{Registered, "户籍人口", "registered people"},
		{Resident, "常住人口", "resident people"},
		{Households, "户数", "households"},
		{Communities, "全部村居", "all communities"},
		{UrbanCommunities, "社区（不含村）", "urban communities"},
		{Villages, "村", "villages"},
		{Subdistricts, "街镇", "subdistricts"},
		{Beds, "床位", "beds"},
		{OfFacilities, "同类设施", "facilities of the kind"},
		{OtherBase, "见指标含义", "see the definition"},
	}
}

// Source is where a document says something, in its very words.
type Source struct {
	Document string `json:"document,omitempty"` // key of the plan's documents, or its title
	Where    string `json:"where,omitempty"`    // row, section
	Quote    string `json:"quote"`              // verbatim, white space apart
}

// Document is a text that a plan is in.
type Document struct {
	Key   string `json:"key"`
	Title string `json:"title"`
}

// Plan is what an authority promises for some years.
type Plan struct {
	ID         string // UUIDv7, text form; "" of a template
	Version    int
	Template   string // key of the template it was made from; ""
	Title      Text
	Authority  Text
	Region     string // area code of the authority, up to six digits; "" not known
	BaseYear   int    // whose figures are the baselines
	TargetYear int
	Documents  []Document
	Note       Text         // what to keep in mind with the whole plan
	Reviews    []ReviewYear // when the plan says it is to be reviewed
	Groups     []Group
	Ended      bool // kept to read, no longer worked with
}

// Group is a heading of a plan's indicators.
type Group struct {
	Key string `json:"key"`
	Text
}

// ReviewKind is what a review is for.
type ReviewKind string

// The reviews.
const (
	MidTerm ReviewKind = "mid-term" // 中期评估
	Final   ReviewKind = "final"    // 终期评估
)

// ReviewYear is a year in which a plan says that it is reviewed.
type ReviewYear struct {
	Year   int        `json:"year"`
	Kind   ReviewKind `json:"kind"`
	Source Source     `json:"source"`
}

// Indicator is one row of a plan's table, or one target in its text.
type Indicator struct {
	ID         string // UUIDv7; "" of a template
	Version    int
	PlanID     string
	Key        string // of the template's row; "" where a person made it
	Position   int    // order within the plan
	Number     int    // in the plan's own table; 0 for a target in the text
	Group      string // key of a group of the plan
	Name       Text   // in the plan's own words
	Unit       Text
	Kind       Kind
	Ratio      bool // a share or a rate: between two known years a straight line may stand in
	Definition Text // what it counts, in our words
	Base       Base
	Scope      Text
	Baseline   Amount
	Target     Amount
	Yearly     []YearTarget // by year, each once
	Sources    []Source
	Office     string  // that answers for it
	Formula    Formula // how the registry tells it
	Prefer     Prefer
	Contradict []Contradiction
}

// YearTarget is what a plan wants in a year before the last.
type YearTarget struct {
	Year   int
	Target Amount
	Source Source
}

// Prefer says which value an indicator is judged by where there are two.
type Prefer string

// The two. What is computed leads unless somebody decided otherwise.
const (
	PreferComputed Prefer = "computed"
	PreferEntered  Prefer = "entered"
)

// Contradiction is two places that do not agree about one thing. Both are shown; neither
// is smoothed away.
type Contradiction struct {
	What Text    `json:"what"`
	A    Version `json:"a"`
	B    Version `json:"b"`
}

// Version is one side of a contradiction.
type Version struct {
	Says   Text   `json:"says"`
	Source Source `json:"source"`
}

// ProjectState is how far a project is.
type ProjectState string

// The states.
const (
	ProjectPlanned  ProjectState = "planned"
	ProjectBuilding ProjectState = "building"
	ProjectDone     ProjectState = "done"
	ProjectDropped  ProjectState = "dropped"
)

// Project is something a plan says will be built or done.
type Project struct {
	ID           string
	Version      int
	PlanID       string
	Key          string // of the template's project; ""
	Name         Text
	From, To     int // years; 0 not said
	State        ProjectState
	Place        string
	IndicatorID  string // that it serves; "" for none
	IndicatorKey string // of a template's row
	FacilityID   string // that came of it; "" not known
	Note         string
	Source       Source
}

// Evidence is what an entered value rests on.
type Evidence struct {
	Document string     `json:"document"`        // a file or a table
	Quote    string     `json:"quote,omitempty"` // the sentence or the line in it
	Day      record.Day `json:"day,omitempty"`   // of the document
}

// Verdict is what a person says of a target that is in words, or that no number decides.
type Verdict string

// The verdicts.
const (
	NoVerdict  Verdict = ""
	VerdictMet Verdict = "met"
	VerdictNot Verdict = "not_met"
)

// ValueSource says where a value of a year comes from.
type ValueSource string

// The sources of values.
const (
	Entered ValueSource = "entered" // a person wrote it, with evidence
	Sealed  ValueSource = "sealed"  // computed and kept (封存)
)

// Value is what an indicator was in a year.
type Value struct {
	ID          string
	Version     int
	IndicatorID string
	Year        int
	Source      ValueSource
	Number      *float64 // nil where there is none
	Words       string   // what was written where it is no number, or beside it
	Verdict     Verdict
	Evidence    Evidence
	Who         string     // wrote or sealed it
	On          record.Day // when
	Kept        *Kept      // of a sealed value: what it was computed from
}

// Kept is the computation behind a sealed value, as it was.
type Kept struct {
	Day     record.Day `json:"day"`
	Formula Formula    `json:"formula"`
	Result  Result     `json:"result"`
}
