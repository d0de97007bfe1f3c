// Package namelive keeps the register of place names in memory: for finding a name by what
// people type, and for what is like a name that somebody proposes. It asks the register each
// time whether it changed and reads what did, so a name is found by the question after the write
// that made it, also where another server wrote it.
//
// What is in memory is a large index of the register as it was and a small one of what changed
// since, behind one pointer that questions take once; when changes are many the two are made
// one. It knows neither SQL nor HTTP.
package namelive

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"

	"yike/placenames"
	"yike/placenames/namesearch"
	"yike/placenames/naming"
)

// Register is where place names are kept. It is safe for concurrent use.
type Register interface {
	// Mark is the number of the last change: it grows with each.
	Mark(ctx context.Context) (int64, error)
	// Each calls yield with every record as it is at some moment, in any order.
	Each(ctx context.Context, yield func(placenames.Name) error) error
	// Since gives what changed after a mark, all of one moment.
	Since(ctx context.Context, mark int64) (Changes, error)
}

// Changes are what became of the register since a mark.
type Changes struct {
	Mark    int64             // of which this is the register
	Changed []placenames.Name // as they are now
	Gone    []string          // ids of records that were removed
}

// Live is a register in memory. It is safe for concurrent use.
type Live struct {
	register  Register
	adcode    string
	checks    *naming.Checker
	catalogue *placenames.Catalogue
	readings  *namesearch.Readings

	now atomic.Pointer[state]
	one chan struct{} // held by who reads the register
}

// state is the register at a mark. It never changes.
type state struct {
	mark  int64
	book  *namesearch.Book
	likes likes
}

// New makes the memory of the register of an authority, which is read when somebody asks first.
func New(register Register, adcode string, checks *naming.Checker, catalogue *placenames.Catalogue, readings *namesearch.Readings) *Live {
	return &Live{register: register, adcode: adcode, checks: checks, catalogue: catalogue, readings: readings, one: make(chan struct{}, 1)}
}

// Search finds names by what people type, the best first.
func (l *Live) Search(ctx context.Context, text string, o namesearch.Options) ([]namesearch.Hit, error) {
	s, err := l.current(ctx)
	if err != nil {
		return nil, err
	}
	return s.book.Search(text, o), nil
}

// Like gives the names of the register, and the other and former ones of its records, that are
// like a name: the closest first. Names of the record with the entry's id are none of them. Whole
// is whether the register has every name of the scope within which the entry's must be the only
// one: that of a county has those of a county, that of a prefecture those of built-up areas, too,
// since one of these is never of two prefectures.
func (l *Live) Like(ctx context.Context, e naming.Entry) (list []naming.Match, whole bool, err error) {
	s, err := l.current(ctx)
	if err != nil {
		return nil, false, err
	}
	return s.likes.find(e), l.covers(e), nil
}

func (l *Live) covers(e naming.Entry) bool {
	var scope string
	for _, class := range l.catalogue.Classes {
		if class.Code.Code == e.Class {
			scope = class.Scope
		}
	}
	own := strings.TrimSuffix(strings.TrimSuffix(l.adcode, "00"), "00") // 610102, 6101 or 61
	if !strings.HasPrefix(e.Division, own) {
		return false
	}
	switch scope {
	case placenames.County:
		return true
	case placenames.BuiltUpArea:
		return len(own) <= 4
	case placenames.Province:
		return len(own) <= 2
	}
	return false
}

// Refresh reads what changed in the register, all of it the first time.
func (l *Live) Refresh(ctx context.Context) error {
	_, err := l.current(ctx)
	return err
}

// current gives the register as it is now.
func (l *Live) current(ctx context.Context) (*state, error) {
	mark, err := l.register.Mark(ctx)
	if err != nil {
		return nil, fmt.Errorf("look whether place names changed: %w", err)
	}
	if s := l.now.Load(); s != nil && s.mark >= mark {
		return s, nil
	}
	select {
	case l.one <- struct{}{}:
		defer func() { <-l.one }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	s := l.now.Load() // as somebody else may have left it meanwhile
	if s != nil && s.mark >= mark {
		return s, nil
	}
	if s == nil {
		s, err = l.load(ctx, mark)
	} else {
		s, err = l.follow(ctx, s)
	}
	if err != nil {
		return nil, err
	}
	l.now.Store(s)
	return s, nil
}

// load reads the register. What changes while it is read has a later mark and is read again by
// the next question.
func (l *Live) load(ctx context.Context, mark int64) (*state, error) {
	var names []namesearch.Name
	var entries []naming.Entry
	err := l.register.Each(ctx, func(n placenames.Name) error {
		name, own := l.keep(n)
		names, entries = append(names, name), append(entries, own...)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the register of place names: %w", err)
	}
	return &state{mark: mark, book: namesearch.NewBook(l.readings, names), likes: newLikes(l.checks, entries)}, nil
}

// The small index is made anew at each change, the large one when the small has this many names
// and is this share of it.
const (
	fewChanges = 1000
	smallShare = 16
)

func (l *Live) follow(ctx context.Context, s *state) (*state, error) {
	c, err := l.register.Since(ctx, s.mark)
	if err != nil {
		return nil, fmt.Errorf("read what changed in the register of place names: %w", err)
	}
	names := make([]namesearch.Name, 0, len(c.Changed))
	var entries []naming.Entry
	changed := make(map[string]struct{}, len(c.Changed)+len(c.Gone))
	for _, n := range c.Changed {
		name, own := l.keep(n)
		names, entries = append(names, name), append(entries, own...)
		changed[n.ID] = struct{}{}
	}
	for _, id := range c.Gone {
		changed[id] = struct{}{}
	}
	next := &state{mark: c.Mark, book: s.book.With(names, c.Gone), likes: s.likes.with(entries, changed)}
	if n := next.book.Changes(); n > fewChanges && n > next.book.Len()/smallShare {
		next.book, next.likes = next.book.Whole(), next.likes.whole()
	}
	return next, nil
}
