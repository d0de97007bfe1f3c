package main

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/auth"
	"yike/internal/httpapi"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/readingdb"
	"yike/placenames/readinghttp"
	"yike/placenames/readinglive"
	"yike/placenames/roman"
)

// readings gives readinghttp the lexicon of the district, as the person who asks may see and
// write it, and the speller that knows it.
type readings struct {
	store   *readingdb.Store
	book    *readinglive.Book
	adcode  string
	refused refusals
	now     func() time.Time
}

var _ readinghttp.Lexicon = (*readings)(nil)

// mountReadings serves spelling and the lexicon of readings.
func mountReadings(api huma.API, d desk, refused refusals, now func() time.Time) error {
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		return err
	}
	store := readingdb.New(d.db)
	readinghttp.Register(api, &readings{store, newSpelling(store, d.adcode), d.adcode, refused, now}, catalogue)
	return nil
}

// newSpelling keeps the speller of an authority in memory; it reads nothing before the first
// name is spelled.
func newSpelling(store *readingdb.Store, adcode string) *readinglive.Book {
	return readinglive.New(confirmedReadings{store, postgres.System(adcode, "spelling")})
}

// confirmedReadings gives readinglive what was confirmed. What is spelled is the same for
// everybody, so it is read by the system.
type confirmedReadings struct {
	store  *readingdb.Store
	system postgres.Writer
}

// Mark changes whenever what was confirmed does.
func (c confirmedReadings) Mark(ctx context.Context) (int64, error) {
	return c.store.Mark(ctx, c.system)
}

// Precedents gives all that was confirmed.
func (c confirmedReadings) Precedents(ctx context.Context) (int64, []roman.Confirmation, error) {
	return c.store.Precedents(ctx, c.system)
}

func (r *readings) writer(ctx context.Context) postgres.Writer { return writer(ctx, r.adcode) }

// Speller gives a speller that knows all that was confirmed.
func (r *readings) Speller(ctx context.Context) (*roman.Speller, error) { return r.book.Speller(ctx) }

// List gives the lexicon, and whether the reader may add to it.
func (r *readings) List(ctx context.Context, text string) ([]roman.RulingItem, bool, error) {
	w := r.writer(ctx)
	list, err := r.store.List(ctx, w, text)
	if err != nil {
		return nil, false, err
	}
	if w.Account == "" {
		return list, false, nil
	}
	may, err := r.store.MayMake(ctx, w)
	return list, may, err
}

// Ruling gives one entry.
func (r *readings) Ruling(ctx context.Context, id string) (roman.RulingItem, error) {
	return r.store.ByID(ctx, r.writer(ctx), id)
}

// Add puts an entry in.
func (r *readings) Add(ctx context.Context, entry roman.Ruling, c record.Change) (roman.RulingItem, error) {
	w := r.writer(ctx)
	made, err := r.store.Add(ctx, w, entry, c, r.today())
	r.refused.note(ctx, w, err, postgres.Note{Action: "place_reading.create", Kind: "place_reading", After: entry.Text})
	return made, err
}

// Change writes an entry anew.
func (r *readings) Change(ctx context.Context, id string, expected int, entry roman.Ruling, c record.Change) (roman.RulingItem, error) {
	w := r.writer(ctx)
	made, err := r.store.Change(ctx, w, id, expected, entry, c, r.today())
	r.refused.note(ctx, w, err, postgres.Note{Action: "place_reading.update", Kind: "place_reading", ID: id})
	return made, err
}

// Remove takes an entry out.
func (r *readings) Remove(ctx context.Context, id string, expected int, reason string) error {
	w := r.writer(ctx)
	err := r.store.Remove(ctx, w, id, expected, record.Change{Reason: reason}, r.today())
	r.refused.note(ctx, w, err, postgres.Note{Action: "place_reading.remove", Kind: "place_reading", ID: id})
	return err
}

// History gives the versions of an entry.
func (r *readings) History(ctx context.Context, id string) ([]httpapi.RecordVersion, error) {
	if _, signedIn := auth.From(ctx); !signedIn {
		return nil, postgres.ErrAnonymous
	}
	list, err := r.store.HistoryOf(ctx, r.writer(ctx), id)
	if err != nil {
		return nil, err
	}
	return recordVersions(list), nil
}

func (r *readings) today() record.Day { return record.DayOf(r.now()) }
