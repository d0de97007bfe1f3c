// Package importhttp serves the taking in of files of facilities, step by step: the file,
// what its columns mean, where its coordinates lie, the trial, the taking and the undo,
// with the rows and what became of each; and the list of records that wait for a position.
// It owns the JSON shapes and knows nothing of storage, jobs or formats: what it serves it
// takes from Imports and Unplaced.
package importhttp

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/imports"
	"yike/geo/crsguess"
	"yike/internal/httpapi"
)

// Imports takes files in, as the person of the context may. Besides those named, its
// errors are problems already, or faults of the server. It is safe for concurrent use.
type Imports interface {
	// Upload keeps a file, once for each idempotency key. *FileError.
	Upload(ctx context.Context, name string, body io.Reader) (imports.Batch, error)
	// List gives files, the newest first; cursor is the next of the page before, "" for the
	// beginning. ErrBadCursor.
	List(ctx context.Context, cursor string, limit int) (list []imports.Batch, next string, err error)
	// Detail gives one with all that is known of it. ErrNotFound.
	Detail(ctx context.Context, id string) (Detail, error)
	// Reread reads the file in another way. ErrNotFound, ErrState and *FileError.
	Reread(ctx context.Context, id string, expected int, c Chosen) (Detail, error)
	// Map says what the columns mean. ErrNotFound, ErrState and *record.InvalidError.
	Map(ctx context.Context, id string, expected int, m imports.Mapping, o imports.Options) (Detail, error)
	// Guesses gives the coordinate systems that the file may be in, by the columns of its
	// mapping. None where it has no coordinates. ErrNotFound.
	Guesses(ctx context.Context, id string) ([]crsguess.Candidate, []int, error)
	// Ask asks for a step as a job, once for each idempotency key. ErrNotFound, ErrState.
	Ask(ctx context.Context, id string, expected int, step Step) (job string, err error)
	// UndoRows reverses single rows of a file that was taken, once for each idempotency key,
	// and says what became of each, in their order: removed, restored, changed (since, so it
	// stays), gone, or "" where there is nothing to reverse. ErrNotFound, ErrState, ErrBusy,
	// ErrTooLate and *record.InvalidError.
	UndoRows(ctx context.Context, id string, expected int, rows []int, reason string) ([]RowUndone, error)
	// Rows gives rows with what became, or would become, of each. ErrNotFound.
	Rows(ctx context.Context, id string, f RowFilter) ([]imports.Seen, error)
	// Decide keeps what a person decided of rows. ErrNotFound, ErrState.
	Decide(ctx context.Context, id string, expected int, list []imports.Answer) (Detail, error)
	// Original writes the file as it came, and Marked the table with its faults marked in
	// it: open is called once with the name of what follows. ErrNotFound.
	Original(ctx context.Context, id string, open func(name string, size int64) io.Writer) error
	Marked(ctx context.Context, id string, open func(name string, size int64) io.Writer) error
	// Discard takes a file away of which nothing was taken. ErrNotFound, ErrState.
	Discard(ctx context.Context, id string) error

	// Mappings lists the mappings that are kept. SaveMapping keeps that of a file under a
	// name, in the place of another one of that name. ErrNotFound. ForgetMapping takes one
	// away. ErrNoMapping.
	Mappings(ctx context.Context) ([]Saved, error)
	SaveMapping(ctx context.Context, batch, name string) (Saved, error)
	ForgetMapping(ctx context.Context, id string) error
}

// Detail is a file with all that is known of it.
type Detail struct {
	Batch       imports.Batch
	Reading     imports.Reading
	Suggestions []imports.Suggestion // for each column
	Targets     []imports.Target     // what columns may mean
	Same        []imports.Batch      // that had the same file before
	Saved       *Saved               // a mapping that was kept for such headings
	Undoable    bool                 // an undo is possible still
}

// Chosen is how a person wants a file to be read. Zero keeps what was found.
type Chosen struct {
	Table     string
	HeaderRow int
	Encoding  string
	Delimiter string
}

// Step is what is asked for as a job.
type Step string

// The steps.
const (
	Check  Step = "check"
	Commit Step = "commit"
	Undo   Step = "undo"
)

// RowUndone is what an undo did with one row.
type RowUndone struct {
	Row  int
	Undo string
}

// RowFilter picks rows. Zero values pick all.
type RowFilter struct {
	Outcome imports.Outcome
	Warned  bool   // only those with a fault or a warning
	Undo    string // only those with which an undo did this
	After   int    // row
	Limit   int
}

// Saved is a mapping that is kept.
type Saved struct {
	ID      string
	Name    string
	Mapping imports.Mapping
	Options imports.Options
	Who     string
	SavedAt string // RFC 3339
}

// Unplaced gives the records that wait for a position, as the person of the context may
// see them.
type Unplaced interface {
	// List gives records behind an id, of a division or below it, of a type and of a file,
	// "" for any, and counts all of them. ErrNotReady.
	List(ctx context.Context, f UnplacedFilter) (list []Waiting, total int, err error)
	// Candidates gives where the address of a record may be. ErrNotReady and ErrNotFound.
	Candidates(ctx context.Context, id string) (Candidates, error)
}

// Waiting is a record that waits for a position, with what its division is called.
type Waiting struct {
	facilities.Facility
	PlaceZH, PlaceEN string
}

// UnplacedFilter picks records that wait for a position.
type UnplacedFilter struct {
	Division, Type, Batch, Text string
	After                       string
	Limit                       int
}

// Candidates are the places that an address may mean.
type Candidates struct {
	ZH, EN   string // what came of looking for it
	Division string // the finest that the address names; "" for none
	List     []Candidate
}

// Candidate is one place that an address may mean.
type Candidate struct {
	Kind       string
	Name       string
	Placed     bool // Point is set; else only an area is known
	Point      orb.Point
	Show       orb.Bound // what the map should show
	Confidence int       // 1–100
	ZH, EN     string    // what was matched
}

// What Imports and Unplaced may answer.
var (
	ErrNotFound  = errors.New("no such import")
	ErrNoMapping = errors.New("no such mapping")
	ErrState     = errors.New("the import is in another state")
	ErrBadCursor = errors.New("cursor is not one of ours")
	ErrNotReady  = errors.New("the data are not loaded yet")
	ErrBusy      = errors.New("a job of this import is under way")
	ErrTooLate   = errors.New("the import was taken too long ago to be reversed")
)

// FileError says that a file cannot be read.
type FileError struct {
	Row    int // 0 for the file as a whole
	Column string
	Value  string
	ZH, EN string
}

// Error is the English sentence.
func (e *FileError) Error() string { return e.EN }

type handlers struct {
	imports  Imports
	unplaced Unplaced
}

// Register mounts /api/v1/imports, /api/v1/import-mappings and /api/v1/facilities/unplaced.
func Register(r chi.Router, api huma.API, all Imports, unplaced Unplaced) {
	h := handlers{all, unplaced}
	h.registerFiles(r, api)
	h.registerSteps(api)
	h.registerMappings(api)
	h.registerUnplaced(api)
}

// tags group the operations in the document.
func tags() []string { return []string{"imports"} }

// problem tells a client what is wrong.
func problem(err error) error {
	var file *FileError
	switch {
	case errors.Is(err, ErrNotReady):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "not_ready", "数据还没有载入完毕，请稍后再试", "The data are not loaded yet; try again shortly")
	case errors.Is(err, ErrNotFound):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_import", "没有这次导入", "There is no such import")
	case errors.Is(err, ErrNoMapping):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_mapping", "没有这套列对应", "There is no such mapping")
	case errors.Is(err, ErrState):
		return httpapi.NewProblem(http.StatusConflict, "import_state", "这次导入已进行到别的步骤，请刷新后再试", "The import is at another step by now; read it again")
	case errors.Is(err, ErrBusy):
		return httpapi.NewProblem(http.StatusConflict, "import_busy", "这次导入的任务正在进行，请等它完成或先取消", "A job of this import is under way; wait for it, or cancel it first")
	case errors.Is(err, ErrTooLate):
		return httpapi.NewProblem(http.StatusConflict, "import_too_old", "导入已超过 30 天，不能整批撤销；请逐条更正", "The import is older than 30 days and is not reversed as a whole any more; correct its records one by one")
	case errors.Is(err, ErrBadCursor):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_cursor", "cursor 不是上一页给出的 next", "cursor is not the next of the page before")
	case errors.As(err, &file):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "unreadable_file", "文件读不出来："+file.ZH, "The file cannot be read: "+file.EN).
			With(httpapi.Fault{Row: file.Row, Column: file.Column, Value: file.Value, Reason: httpapi.Text{ZH: file.ZH, EN: file.EN}})
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}
