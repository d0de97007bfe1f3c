package main

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/postgres"
	"yike/placenames"
	"yike/placenames/readingdb"
	"yike/placenames/readinghttp"
	"yike/placenames/readinglive"
	"yike/placenames/roman"
)

// readings gives readinghttp the lexicon of the district, as the person who asks may see and
// write it, and the speller that knows it.
type readings struct {
	recordDesk[roman.Ruling, roman.RulingItem, roman.Ruling]
	store *readingdb.Store
	book  *readinglive.Book
}

var _ readinghttp.Lexicon = (*readings)(nil)

// mountReadings serves spelling and the lexicon of readings, and gives what spells by it.
func mountReadings(api huma.API, d desk, refused refusals, now func() time.Time) (*readinglive.Book, error) {
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		return nil, err
	}
	store := readingdb.New(d.db)
	book := newSpelling(store, d.adcode)
	readinghttp.Register(api, &readings{
		recordDesk: recordDesk[roman.Ruling, roman.RulingItem, roman.Ruling]{
			records: store, kind: "place_reading", called: func(r roman.Ruling) string { return r.Text }, adcode: d.adcode, refused: refused, now: now,
		},
		store: store, book: book,
	}, catalogue)
	return book, nil
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
