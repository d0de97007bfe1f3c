// Package imports owns what becomes of a list of facilities that somebody has: which
// column means what, what a cell says, which record of the registry a row is of, and what
// is to be done with it. It is pure: files, the registry, the map and the database are
// given to it as values, and it knows nothing of storage, HTTP or jobs.
//
// A row is read (Reader), held against a record where it is of one (Options.Of), and
// becomes one of the outcomes below. Reading the same row again gives the same: what is
// not in the row is never made up, and a place that is not known stays unknown.
package imports

import (
	"yike/facilities"
	"yike/internal/record"
)

// Outcome is what becomes, or became, of a row.
type Outcome string

// The outcomes. Of a row that is wrong, doubtful or passed over nothing is written.
const (
	Create    Outcome = "create"    // a new record with a position
	Unplaced  Outcome = "unplaced"  // a new record whose position is to be found (待落图)
	Update    Outcome = "update"    // the record is changed
	Unchanged Outcome = "unchanged" // the record says the same already
	Skip      Outcome = "skip"      // left out by the mode or by a decision
	Duplicate Outcome = "duplicate" // perhaps a record that there is: a person decides
	Wrong     Outcome = "error"     // it has faults
)

// Outcomes lists all of them in the order in which people are shown them.
func Outcomes() []Outcome {
	return []Outcome{Create, Unplaced, Update, Unchanged, Duplicate, Skip, Wrong}
}

// Writes reports whether a row of this outcome changes the registry.
func (o Outcome) Writes() bool { return o == Create || o == Unplaced || o == Update }

// Fault is one thing that is wrong, or doubtful, with a row.
type Fault struct {
	Column  string `json:"column,omitempty"` // heading of the column in the file; "" for the row
	Field   string `json:"field,omitempty"`  // as the API calls it
	Value   string `json:"value,omitempty"`  // what the cell has, cut to 80 characters
	Code    string `json:"code"`             // stable word, e.g. bad_number
	ZH      string `json:"zh"`
	EN      string `json:"en"`
	HintZH  string `json:"hint_zh,omitempty"` // what to do about it
	HintEN  string `json:"hint_en,omitempty"`
	Warning bool   `json:"warning,omitempty"` // the row is taken all the same
}

// Faulty reports whether any of the faults keeps the row out.
func Faulty(list []Fault) bool {
	for _, f := range list {
		if !f.Warning {
			return true
		}
	}
	return false
}

// Change is one field that a row changes.
type Change struct {
	Field  string `json:"field"`
	ZH     string `json:"zh"`
	EN     string `json:"en"`
	Before any    `json:"before"`
	After  any    `json:"after"`
}

// Changes are the differences of two facilities, as a row's result tells them.
func Changes(before, after facilities.Facility) []Change {
	list := facilities.Differences(before, after)
	out := make([]Change, len(list))
	for i, d := range list {
		out[i] = Change(d)
	}
	return out
}

// Alike is a record, or an earlier row of the same file, that a row may be of.
type Alike struct {
	Facility string `json:"facility,omitempty"` // id; "" for a row of this file
	Row      int    `json:"row,omitempty"`      // of this file; 0 for a record
	Name     string `json:"name"`
	Address  string `json:"address,omitempty"`
	Score    int    `json:"score"` // 1–100
	ZH       string `json:"zh"`    // what is alike
	EN       string `json:"en"`
}

// Result is what became of one row, or would.
type Result struct {
	Row      int // as the file counts its rows
	Outcome  Outcome
	Facility string // id of the record that it is of; "" for none
	Matched  string // how it was found: a Key, "row" for an earlier import of the same row, "decision"; "" for not
	Faults   []Fault
	Changes  []Change // of Update
	Alike    []Alike  // of Duplicate
	Print    string   // names what the row says; see Draft.Print
	// Of a new record:
	PlacedBy   facilities.Placing
	Confidence int // of PlacedAddress
}

// Counts says how many rows had each outcome.
type Counts map[Outcome]int

// Count counts results.
func Count(list []Result) Counts {
	out := Counts{}
	for _, r := range list {
		out[r.Outcome]++
	}
	return out
}

// Add adds other counts.
func (c Counts) Add(more Counts) {
	for o, n := range more {
		c[o] += n
	}
}

// Mode says what rows may do.
type Mode string

// The modes.
const (
	ModeUpsert Mode = "upsert" // new rows become records, known ones change theirs
	ModeCreate Mode = "create" // known rows are left out
	ModeUpdate Mode = "update" // new rows are left out
)

// Key says by what a row finds the record that it is of.
type Key string

// The keys. Without one a row is known again only where the same row came before.
const (
	KeyNone        Key = "none"
	KeyID          Key = "id" // that of the record itself, as exports have it
	KeyBureauNo    Key = "bureau_no"
	KeyInstitution Key = "institution_code"
	KeyUSCC        Key = "uscc"
	KeySource      Key = "source_id"
	KeyNamePlace   Key = "name_community" // name within the community or the subdistrict
)

// Keys lists the keys.
func Keys() []Key {
	return []Key{KeyNone, KeyID, KeyBureauNo, KeyInstitution, KeyUSCC, KeySource, KeyNamePlace}
}

// Field is the target that a key needs a column for; "" for none.
func (k Key) Field() string {
	switch k {
	case KeyID, KeyBureauNo, KeyInstitution, KeyUSCC, KeySource:
		return string(k)
	case KeyNamePlace:
		return "name_zh"
	}
	return ""
}

// Blank says what an empty cell means.
type Blank string

// The meanings of an empty cell.
const (
	BlankKeep  Blank = "keep"  // it says nothing
	BlankClear Blank = "clear" // the record's value goes
)

// The two ways to give every row of a file one stage.
const (
	StageComplete = "" // published where all that publication needs is there, else submitted
)

// Options says how a file is taken, besides what its columns mean.
type Options struct {
	Mode   Mode              `json:"mode"`
	Key    Key               `json:"key"`
	Blank  Blank             `json:"blank"`
	Type   facilities.Type   `json:"type,omitempty"`   // of every row; "" by column
	Status facilities.Status `json:"status,omitempty"` // of new records without one; open by default
	Stage  facilities.Stage  `json:"stage,omitempty"`  // of new records; StageComplete by default
	CRS    string            `json:"crs,omitempty"`    // key of the guess that coordinates are read by; "" for WGS 84
	// Duplicates looks for records that new rows may be of.
	Duplicates bool       `json:"duplicates"`
	Reason     string     `json:"reason"`
	ValidFrom  record.Day `json:"valid_from,omitempty"`
}

// UsualOptions are what most files need.
func UsualOptions() Options {
	return Options{Mode: ModeUpsert, Key: KeyNone, Blank: BlankKeep, Status: facilities.Open, Duplicates: true}
}
