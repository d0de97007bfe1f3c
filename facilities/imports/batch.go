package imports

import (
	"encoding/json"
	"time"
)

// State is where a batch is.
type State string

// The states. A batch whose job broke off in the middle stays where it is, and goes on
// when it is asked for again.
const (
	Uploaded   State = "uploaded"
	Mapped     State = "mapped"  // what its columns mean is said
	Checked    State = "checked" // its results are of what is said now
	Committing State = "committing"
	Committed  State = "committed"
	Undoing    State = "undoing"
	Undone     State = "undone"
)

// Batch is one file.
type Batch struct {
	ID           string
	Version      int
	DivisionCode string // where its rows may lie
	FileName     string
	FileSize     int64
	SHA256       string
	State        State
	Source       json.RawMessage // how the file is read; of whoever reads files
	Profile      Profile
	Headers      string // names the set of its headings
	Mapping      Mapping
	Options      Options
	RowCount     int
	Staged       string         // names the source that its stored rows are of; "" for none
	Checked      int            // the version that its results are of; 0 for none
	Counts       Counts         // of the results
	Done         Counts         // of the rows taken so far
	Undone       map[string]int // what an undo did: removed, restored, changed, gone
	CheckJob     string         // the last asked for; "" for none
	CommitJob    string
	UndoJob      string
	AskedBy      string // account; "" for the system
	AskedWho     string
	CreatedAt    time.Time
	CheckedAt    *time.Time
	CommittedAt  *time.Time
	UndoneAt     *time.Time
}

// Row is one row as the file has it.
type Row struct {
	Number int
	Cells  []string
	Faults []Fault // of the reading itself; the row is wrong when one is no warning
}

// Answer is what a person decided of a row.
type Answer struct {
	Row      int
	Verdict  Verdict // Undecided takes it back
	Facility string  // of VerdictOf
}

// Seen is a row with what became of it, and what was decided.
type Seen struct {
	Row    Row
	Result Result
	Answer Answer // of this batch; Undecided where nobody did
	Undo   string // what an undo did with it: removed, restored, changed, gone; "" nothing
}

// Reading says how a file is read, for people.
type Reading struct {
	Kind      string    `json:"kind"` // xlsx, csv, geojson, …
	Encoding  string    `json:"encoding,omitempty"`
	Delimiter string    `json:"delimiter,omitempty"`
	Tables    []Tabular `json:"tables"`
	Table     string    `json:"table"`      // the one that is read; "" of a simple file
	HeaderRow int       `json:"header_row"` // the first row of headings; 0 for a format without
	CRS       string    `json:"crs,omitempty"`
	Type      string    `json:"type,omitempty"` // that one of our templates is for
	Notes     []Note    `json:"notes"`
}

// Tabular is one table of a file.
type Tabular struct {
	Name   string `json:"name"`
	Rows   int    `json:"rows"`
	Hidden bool   `json:"hidden,omitempty"`
}

// Note tells whoever brought a file something about it.
type Note struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}
