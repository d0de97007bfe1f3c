// Package readinglive keeps what spells the names of an authority in memory: the dictionaries,
// which are read when the first name is spelled, and what people confirmed, which is read anew
// when the lexicon or the register changed. It knows no HTTP and no SQL.
package readinglive

import (
	"context"
	"sync"

	"yike/placenames/roman"
)

// Confirmed is where the readings that people confirmed are kept.
type Confirmed interface {
	// Mark changes, and grows, whenever what Precedents gives may have.
	Mark(ctx context.Context) (int64, error)
	// Precedents gives all that was confirmed, with the mark of the same moment.
	Precedents(ctx context.Context) (int64, []roman.Confirmation, error)
}

// Book gives the speller of an authority as it is at a moment. It is safe for concurrent use.
type Book struct {
	store Confirmed
	first func() (*roman.Speller, error)

	mu      sync.Mutex
	speller *roman.Speller // nil before the first name
	mark    int64          // of what it knows
}

// New gives a book over what was confirmed. It reads nothing yet.
func New(store Confirmed) *Book {
	return &Book{store: store, first: sync.OnceValues(func() (*roman.Speller, error) { return roman.NewSpeller(nil) })}
}

// Speller gives a speller that knows what people confirmed up to now, at the cost of one small
// query; some fifteen milliseconds more the first time, and the confirmed readings are read
// again after each change of the register.
func (b *Book) Speller(ctx context.Context) (*roman.Speller, error) {
	mark, err := b.store.Mark(ctx)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	known, ok := b.speller, b.speller != nil && b.mark >= mark
	b.mu.Unlock()
	if ok {
		return known, nil
	}
	base, err := b.first()
	if err != nil {
		return nil, err
	}
	mark, all, err := b.store.Precedents(ctx)
	if err != nil {
		return nil, err
	}
	made, err := base.With(all)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.speller == nil || b.mark < mark {
		b.speller, b.mark = made, mark
	}
	return b.speller, nil
}
