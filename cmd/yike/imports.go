package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/facilities/importdb"
	"yike/facilities/importhttp"
	"yike/facilities/importjob"
	"yike/facilities/imports"
	"yike/facilities/placing/placingdb"
	"yike/geo/crsguess"
	"yike/geo/divisions/divisiondb"
	"yike/internal/jobs"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/internal/rowio"
)

// importFiles gives importhttp files of facilities, as the person who asks may see and
// take them.
type importFiles struct {
	db      *postgres.DB
	store   *importdb.Store
	adcode  string
	held    *coveragelive.Holder
	survey  importjob.Surveyor
	types   typesOf
	refused refusals
	now     func() time.Time
	taken   func(ctx context.Context) // the registry was changed
}

var _ importhttp.Imports = (*importFiles)(nil)

// mountImports serves the taking in of files, and what waits for a position.
func (s *server) mountImports(r chi.Router, api huma.API, held *coveragelive.Holder) {
	files := &importFiles{
		db: s.db, store: importdb.New(s.db), adcode: s.people.adcode, held: held, survey: s.surveyor(), types: s.app.typesOf(s.db),
		refused: refusals{db: s.db, log: s.app.log}, now: time.Now, taken: s.showTaken,
	}
	importhttp.Register(r, api, files, &unplacedRecords{
		store: facilitydb.New(s.db).WithCatalogue(s.app.catalogue()), adcode: s.people.adcode, held: held,
		search: &placeSearch{store: placingdb.New(s.db), held: held},
	})
}

// surveyor makes what rows are held against out of what is loaded.
func (s *server) surveyor() importjob.Surveyor { return surveyorOf(s.db, s.app.typesOf(s.db)) }

// importJobs are the kinds of jobs that take files in and reverse them.
func (s *server) importJobs() map[string]jobs.Kind {
	return importjob.Job{
		DB: s.db, Now: time.Now, Ready: s.surveyor().Ready, Open: importjob.Open, Taken: s.showTaken,
	}.Kinds()
}

// showTaken shows what an import, or its undo, changed.
func (s *server) showTaken(ctx context.Context) {
	held := s.held.Load()
	if held == nil {
		return
	}
	live := &liveFacilities{held: held, from: s.app.stores(s.db)}
	if err := live.refresh(context.WithoutCancel(ctx)); err != nil {
		s.app.log.WarnContext(ctx, "what was imported is not shown yet", slog.Any("error", err))
	}
}

func (f *importFiles) writer(ctx context.Context) postgres.Writer { return writer(ctx, f.adcode) }

// Upload keeps a file with what was found in it.
func (f *importFiles) Upload(ctx context.Context, name string, body io.Reader) (imports.Batch, error) {
	dir, err := os.MkdirTemp("", "yike-import-*")
	if err != nil {
		return imports.Batch{}, fmt.Errorf("make room for a file to import: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // the system clears its folder of temporary files, too
	path := filepath.Join(dir, "file")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_EXCL, 0o600)
	if err != nil {
		return imports.Batch{}, fmt.Errorf("make room for a file to import: %w", err)
	}
	defer file.Close() //nolint:errcheck // what is not kept by then fails below
	n, err := io.Copy(file, body)
	if err != nil {
		return imports.Batch{}, fmt.Errorf("keep a file to import: %w", err)
	}
	if n == 0 {
		return imports.Batch{}, &importhttp.FileError{ZH: "文件是空的", EN: "the file is empty"}
	}
	w := f.writer(ctx)
	b, err := f.keep(ctx, w, path, name, file)
	f.refused.note(ctx, w, err, postgres.Note{Action: "import.upload", Kind: "import_batch", After: name})
	return b, f.told(err)
}

// keep finds out what a file is and keeps it, mapped as its headings or a mapping that was
// kept for them say.
func (f *importFiles) keep(ctx context.Context, w postgres.Writer, path, name string, file io.ReadSeeker) (imports.Batch, error) {
	found, err := importjob.Inspect(ctx, path, name, nil, importjob.Chosen{})
	if err != nil {
		return imports.Batch{}, err
	}
	words, names, err := f.words(ctx)
	if err != nil {
		return imports.Batch{}, err
	}
	batch, err := batchOf(name, found, words, names)
	if err != nil {
		return imports.Batch{}, err
	}
	id, err := postgres.WriteOnce(ctx, f.db, w, "上传导入文件 / bring a file of facilities: "+name, func(tx *postgres.Tx) (string, error) {
		if err := tx.Require(ctx, "facility.import", ""); err != nil {
			return "", err
		}
		saved, ok, err := importdb.MappingFor(ctx, tx, w.AdCode, batch.Headers)
		if err != nil {
			return "", err
		}
		if m, fits := fitted(saved.Mapping, found.Profile.Names()); ok && fits {
			batch.Mapping, batch.Options = m, saved.Options
			if err := importdb.MappingUsed(ctx, tx, saved.ID); err != nil {
				return "", err
			}
		}
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return "", fmt.Errorf("read a file to keep it: %w", err)
		}
		return importdb.Create(ctx, tx, batch, file)
	})
	if err != nil {
		return imports.Batch{}, err
	}
	return f.store.Read(ctx, w, id)
}

// batchOf is a file with what its own words say of it.
func batchOf(name string, found importjob.Inspected, words *imports.Language, names imports.Divisions) (importdb.NewBatch, error) {
	source, err := json.Marshal(found.Source)
	if err != nil {
		return importdb.NewBatch{}, fmt.Errorf("encode how a file is read: %w", err)
	}
	o := imports.UsualOptions()
	reading := found.Source.Reading()
	o.Type = facilities.Type(reading.Type)
	if o.Type == "" {
		o.Type = words.Guess(name, reading.Table)
	}
	columns := found.Profile.Sources()
	m := imports.Taken(columns, words.Suggest(columns, o.Type, names))
	if m.Has("type") && reading.Type == "" {
		o.Type = "" // each row says it
	}
	if m.Has(imports.KeyID.Field()) {
		o.Key = imports.KeyID // an export that comes back
	}
	return importdb.NewBatch{
		FileName: name, FileSize: found.Size, SHA256: found.SHA256, Source: source, Profile: found.Profile, Headers: imports.Headers(columns),
		Mapping: m, Options: o,
	}, nil
}

// fitted gives a mapping for columns in another order; false where it has not all of them.
func fitted(m imports.Mapping, columns []string) (imports.Mapping, bool) {
	byHeader := map[string]imports.Column{}
	for _, c := range m.Columns {
		byHeader[c.Header] = c
	}
	out := imports.Mapping{Columns: make([]imports.Column, len(columns))}
	for i, name := range columns {
		c, ok := byHeader[name]
		if !ok {
			return m, false
		}
		out.Columns[i] = c
	}
	return out, true
}

// words are what people of the district call things.
func (f *importFiles) words(ctx context.Context) (*imports.Language, imports.Divisions, error) {
	list, err := divisiondb.New(f.db).List(ctx, f.adcode)
	if err != nil {
		return nil, imports.Divisions{}, err
	}
	types, err := f.types(ctx, f.adcode)
	if err != nil {
		return nil, imports.Divisions{}, err
	}
	words, err := imports.NewLanguage(types)
	return words, imports.NewDivisions(f.adcode, list), err
}

// List gives files, the newest first.
func (f *importFiles) List(ctx context.Context, cursor string, limit int) ([]imports.Batch, string, error) {
	from, err := importdb.ParseCursor(cursor)
	if err != nil {
		return nil, "", importhttp.ErrBadCursor
	}
	list, err := f.store.List(ctx, f.writer(ctx), from, limit+1)
	if err != nil || len(list) <= limit {
		return list, "", err
	}
	last := list[limit-1]
	return list[:limit], importdb.Cursor{At: last.CreatedAt, ID: last.ID}.Text(), nil
}

// Detail gives one with all that is known of it.
func (f *importFiles) Detail(ctx context.Context, id string) (importhttp.Detail, error) {
	w := f.writer(ctx)
	var d importhttp.Detail
	err := f.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		if d.Batch, err = importdb.Read(ctx, q, w.AdCode, id); err != nil {
			return err
		}
		if d.Same, err = importdb.Same(ctx, q, w.AdCode, d.Batch.SHA256, id); err != nil {
			return err
		}
		saved, ok, err := importdb.MappingFor(ctx, q, w.AdCode, d.Batch.Headers)
		if ok {
			kept := savedOf(saved)
			d.Saved = &kept
		}
		return err
	})
	if err != nil {
		return d, f.told(err)
	}
	words, names, err := f.words(ctx)
	if err != nil {
		return d, err
	}
	var source importjob.Source
	if err := json.Unmarshal(d.Batch.Source, &source); err != nil {
		return d, fmt.Errorf("read how an import is read: %w", err)
	}
	d.Reading = source.Reading()
	d.Suggestions = words.Suggest(d.Batch.Profile.Sources(), d.Batch.Options.Type, names)
	d.Targets = words.Targets()
	d.Undoable = importdb.Undoable(d.Batch, f.now())
	return d, nil
}

// Reread reads the file in another way.
func (f *importFiles) Reread(ctx context.Context, id string, expected int, c importhttp.Chosen) (importhttp.Detail, error) {
	w := f.writer(ctx)
	b, err := f.store.Read(ctx, w, id)
	if err != nil {
		return importhttp.Detail{}, f.told(err)
	}
	found, err := importjob.Reread(ctx, f.db.Pool(), w.AdCode, b, importjob.Chosen(c))
	if err != nil {
		return importhttp.Detail{}, f.told(err)
	}
	words, names, err := f.words(ctx)
	if err != nil {
		return importhttp.Detail{}, err
	}
	batch, err := batchOf(b.FileName, found, words, names)
	if err != nil {
		return importhttp.Detail{}, err
	}
	return f.change(ctx, w, id, expected, importdb.Change{Source: batch.Source, Profile: &batch.Profile, Headers: batch.Headers, Mapping: &batch.Mapping, Options: &batch.Options})
}

// Map says what the columns mean.
func (f *importFiles) Map(ctx context.Context, id string, expected int, m imports.Mapping, o imports.Options) (importhttp.Detail, error) {
	w := f.writer(ctx)
	b, err := f.store.Read(ctx, w, id)
	if err != nil {
		return importhttp.Detail{}, f.told(err)
	}
	words, _, err := f.words(ctx)
	if err != nil {
		return importhttp.Detail{}, err
	}
	faults := words.Faults(m, o, b.Profile.Names())
	today := record.DayOf(f.now())
	if _, ok := record.ParseDay(string(o.ValidFrom)); o.ValidFrom != "" && (!ok || o.ValidFrom > today) {
		faults = append(faults, record.Fault{Field: "options.valid_from", Value: string(o.ValidFrom), ZH: "应为不晚于今天的日期", EN: "must be a day, today at the latest"})
	}
	if _, err := importjob.PlaceBy(o.CRS); err != nil {
		faults = append(faults, record.Fault{Field: "options.crs", Value: o.CRS, ZH: "没有这种坐标系", EN: "there is no such coordinate system"})
	}
	if err := record.Invalid(faults); err != nil {
		return importhttp.Detail{}, err
	}
	return f.change(ctx, w, id, expected, importdb.Change{Mapping: &m, Options: &o})
}

func (f *importFiles) change(ctx context.Context, w postgres.Writer, id string, expected int, c importdb.Change) (importhttp.Detail, error) {
	err := f.db.Write(ctx, w, "说明导入文件 / say how a file is taken", func(tx *postgres.Tx) error {
		_, err := importdb.Apply(ctx, tx, id, expected, c)
		return err
	})
	f.refused.note(ctx, w, err, postgres.Note{Action: "import.map", Kind: "import_batch", ID: id})
	if err != nil {
		return importhttp.Detail{}, f.told(err)
	}
	return f.Detail(ctx, id)
}

// Guesses gives the coordinate systems that the file may be in.
func (f *importFiles) Guesses(ctx context.Context, id string) ([]crsguess.Candidate, []int, error) {
	b, err := f.store.Read(ctx, f.writer(ctx), id)
	if err != nil {
		return nil, nil, f.told(err)
	}
	list, rows, err := f.survey.Guesses(ctx, f.adcode, b, roadLines(f.held.State()))
	return list, rows, f.told(err)
}

// Ask asks for a step as a job.
func (f *importFiles) Ask(ctx context.Context, id string, expected int, step importhttp.Step) (string, error) {
	w := f.writer(ctx)
	job, err := postgres.WriteOnce(ctx, f.db, w, "请求"+stepText(step), func(tx *postgres.Tx) (string, error) {
		return f.begin(ctx, tx, id, expected, step, 0)
	})
	f.refused.note(ctx, w, err, postgres.Note{Action: "import." + string(step), Kind: "import_batch", ID: id})
	return job, f.told(err)
}

// begin asks for the job of a step, which servers leave alone for the time of a head start.
func (f *importFiles) begin(ctx context.Context, tx *postgres.Tx, id string, expected int, step importhttp.Step, start time.Duration) (string, error) {
	b, err := importdb.Begin(ctx, tx, id, string(step), expected, f.now())
	if err != nil {
		return "", err
	}
	r := jobs.Request{Kind: importjob.Kind, Args: importjob.Args{Batch: id, Step: importjob.Step(step), Version: b.Version}, Dedupe: id, RunAfter: start}
	if step == importhttp.Undo {
		r = jobs.Request{Kind: importjob.UndoKind, Args: importjob.UndoArgs{Batch: id}, Dedupe: id, RunAfter: start}
	}
	job, err := jobs.Ask(ctx, tx, r)
	if err != nil {
		return "", err
	}
	return job, importdb.SetJob(ctx, tx, id, string(step)+"_job", job)
}

func stepText(step importhttp.Step) string {
	switch step {
	case importhttp.Commit:
		return "导入 / ask for an import"
	case importhttp.Undo:
		return "撤销导入 / ask for the undo of an import"
	}
	return "检查导入 / ask for the check of an import"
}

// Rows gives rows with what became of each.
func (f *importFiles) Rows(ctx context.Context, id string, r importhttp.RowFilter) ([]imports.Seen, error) {
	w := f.writer(ctx)
	if _, err := f.store.Read(ctx, w, id); err != nil {
		return nil, f.told(err)
	}
	list, err := f.store.Look(ctx, w, id, r.Outcome, r.Warned, r.Undo, r.After, r.Limit)
	return list, f.told(err)
}

// Decide keeps what a person decided of rows.
func (f *importFiles) Decide(ctx context.Context, id string, expected int, list []imports.Answer) (importhttp.Detail, error) {
	w := f.writer(ctx)
	err := f.db.Write(ctx, w, "处理疑似重复 / decide rows that may be duplicates", func(tx *postgres.Tx) error {
		_, err := importdb.Decide(ctx, tx, id, expected, list)
		return err
	})
	f.refused.note(ctx, w, err, postgres.Note{Action: "import.decide", Kind: "import_batch", ID: id})
	if err != nil {
		return importhttp.Detail{}, f.told(err)
	}
	return f.Detail(ctx, id)
}

// Discard takes a file away of which nothing was taken.
func (f *importFiles) Discard(ctx context.Context, id string) error {
	w := f.writer(ctx)
	err := f.db.Write(ctx, w, "删除未导入的文件 / discard a file", func(tx *postgres.Tx) error { return importdb.Discard(ctx, tx, id) })
	f.refused.note(ctx, w, err, postgres.Note{Action: "import.discard", Kind: "import_batch", ID: id})
	return f.told(err)
}

// told gives what the store and the readers of files fail of in the words of importhttp.
func (f *importFiles) told(err error) error {
	var bad *rowio.RowError
	switch {
	case errors.Is(err, importdb.ErrNotFound):
		return importhttp.ErrNotFound
	case errors.Is(err, importdb.ErrState):
		return importhttp.ErrState
	case errors.Is(err, importdb.ErrBusy):
		return importhttp.ErrBusy
	case errors.Is(err, importdb.ErrTooLate):
		return importhttp.ErrTooLate
	case errors.Is(err, importdb.ErrNoMapping):
		return importhttp.ErrNoMapping
	case errors.As(err, &bad):
		return &importhttp.FileError{Row: bad.Row, Column: bad.Column, Value: bad.Value, ZH: bad.ReasonZH, EN: bad.ReasonEN}
	}
	return err
}
