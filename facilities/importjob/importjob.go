// Package importjob takes files of facilities in: it reads and stores their rows, tries
// them on the very path on which they are taken, takes them chunk by chunk as a job that
// goes on where it was when its worker dies, and reverses what was taken. It joins the
// rules of package imports with what the district has loaded: its divisions, its addresses
// and its registry.
package importjob

import (
	"context"
	"errors"
	"fmt"
	"time"

	"yike/facilities/importdb"
	"yike/facilities/imports"
	"yike/internal/jobs"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/internal/rowio"
)

// The kinds of jobs.
const (
	Kind     = "facility_import"
	UndoKind = "facility_import_undo"
)

// chunk is how many rows one transaction takes.
const chunk = 1000

// Step is what a job of Kind does.
type Step string

// The steps.
const (
	Check  Step = "check"
	Commit Step = "commit"
)

// Args are what a job of Kind is asked.
type Args struct {
	Batch   string `json:"batch"`
	Step    Step   `json:"step"`
	Version int    `json:"version"` // of the batch, as its asker saw it
}

// UndoArgs are what a job of UndoKind is asked.
type UndoArgs struct {
	Batch string `json:"batch"`
}

// Done is what a job leaves as its result.
type Done struct {
	Batch  string         `json:"batch"`
	Step   string         `json:"step"`
	Rows   int            `json:"rows"`
	Counts imports.Counts `json:"counts,omitempty"`
	Undone map[string]int `json:"undone,omitempty"`
}

// Job does the work. Its fields are set once.
type Job struct {
	DB    *postgres.DB
	Now   func() time.Time
	Ready func(ctx context.Context, adcode string, b imports.Batch) (Field, error) // what rows are held against
	Open  func(ctx context.Context, q postgres.Querier, adcode string, b imports.Batch) (Rows, error)
	Taken func(ctx context.Context) // the registry was changed; nil for nobody who cares
}

// Field is what the rows of one file are held against.
type Field struct {
	Words  *imports.Language
	Ground imports.Ground // but for the rights
	Place  imports.Place
	Alike  Alike // nil where the file asks for none
}

// Rows reads the rows of a file.
type Rows interface {
	Next() (imports.Row, bool, error) // false after the last
	Word() string                     // names how it is read
	Close() error
}

// Kinds are the kinds of jobs with what does them.
func (j Job) Kinds() map[string]jobs.Kind {
	return map[string]jobs.Kind{
		Kind:     {ZH: "导入设施", EN: "Import facilities", Run: j.run},
		UndoKind: {ZH: "撤销导入", EN: "Reverse an import", Run: j.undo},
	}
}

func (j Job) run(ctx context.Context, t *jobs.Task) error {
	var args Args
	if err := t.Args(&args); err != nil {
		return err
	}
	b, err := importdb.Read(ctx, j.DB.Pool(), t.Job().AdCode, args.Batch)
	if errors.Is(err, importdb.ErrNotFound) {
		return jobs.Permanent(jobs.Tell(err, "这次导入已被删除", "The import was discarded"))
	}
	if err != nil {
		return err
	}
	switch args.Step {
	case Check:
		err = j.check(ctx, t, b, args)
	case Commit:
		err = j.commit(ctx, t, b)
	default:
		err = jobs.Permanent(fmt.Errorf("no such step of an import: %q", args.Step))
	}
	return tell(err)
}

// errChanged says that somebody changed what the columns mean while the file was tried.
var errChanged = errors.New("the import was changed meanwhile")

// tell gives failures words for those who watch, and says which no further attempt mends.
func tell(err error) error {
	var forbidden *postgres.ForbiddenError
	var bad *rowio.RowError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, postgres.ErrLoading):
		return jobs.Later(5*time.Second, "正在载入数据包，稍后继续", "A data pack is being loaded; this goes on when that is done")
	case errors.Is(err, errChanged):
		return jobs.Permanent(jobs.Tell(err, "检查期间有人改动了对应关系，请重新检查", "Somebody changed the mapping meanwhile; check again"))
	case errors.As(err, &forbidden):
		return jobs.Permanent(jobs.Tell(err, "账号已无权导入这些设施", "The account may not import these facilities any more"))
	case errors.Is(err, postgres.ErrStale), postgres.Code(err) == uniqueViolation:
		return jobs.Tell(err, "导入期间有人改动了同一批设施，将自动重试", "Somebody changed the same facilities meanwhile; it will be tried again")
	case errors.As(err, &bad):
		return jobs.Permanent(jobs.Tell(err, "文件读不出来："+bad.ReasonZH, "The file cannot be read: "+bad.ReasonEN))
	}
	return err
}

// uniqueViolation is the SQLSTATE of a key that another row has.
const uniqueViolation = "23505"

// session begins the taking of a file's rows behind one of them.
func (j Job) session(ctx context.Context, adcode string, b imports.Batch, last int) (*Session, error) {
	field, err := j.Ready(ctx, adcode, b)
	if err != nil {
		return nil, err
	}
	if !b.Options.Duplicates {
		field.Alike = nil
	}
	reader := imports.NewReader(field.Words, b.Mapping, b.Options, field.Ground.Names, field.Place)
	s, err := newSession(ctx, j.DB.Pool(), adcode, b, reader, field.Ground, last)
	if err != nil {
		return nil, err
	}
	s.alike, s.today = field.Alike, record.DayOf(j.Now())
	return s, nil
}

// why is the reason in the audit log and in the history of what a file changed.
func why(b imports.Batch) string {
	text := "导入“" + b.FileName + "” / import of " + b.FileName
	if b.Options.Reason != "" {
		text = b.Options.Reason + "（" + text + "）"
	}
	return text
}
