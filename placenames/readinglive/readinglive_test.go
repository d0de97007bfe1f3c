package readinglive_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"yike/placenames/readinglive"
	"yike/placenames/roman"
)

// fake is a lexicon in memory.
type fake struct {
	mu          sync.Mutex
	mark        int64
	all         []roman.Confirmation
	read        int
	failMark    error
	failReading error
}

func (f *fake) Mark(context.Context) (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.mark, f.failMark
}

func (f *fake) Precedents(context.Context) (int64, []roman.Confirmation, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.read++
	return f.mark, f.all, f.failReading
}

func TestWhatIsConfirmedHoldsAtOnce(t *testing.T) {
	t.Parallel()
	f := &fake{}
	b := readinglive.New(f)
	read := func() roman.Reading {
		t.Helper()
		s, err := b.Speller(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return s.Read(roman.Request{Text: "六安路"})[0]
	}
	if got := read(); got.Source != roman.InPlace {
		t.Errorf("%+v", got)
	}
	read()
	if f.read != 1 {
		t.Errorf("read %d times without a change", f.read)
	}
	f.mark, f.all = 1, []roman.Confirmation{{Text: "六安", Readings: []string{"lù", "ān"}, Where: "审定"}}
	if got := read(); got.Source != roman.Precedent || got.Where != "审定" {
		t.Errorf("%+v", got)
	}
	f.mark, f.all = 2, nil
	if got := read(); got.Source != roman.InPlace || f.read != 3 {
		t.Errorf("%+v, read %d times", got, f.read)
	}
	f.mark, f.failReading = 3, context.Canceled
	if _, err := b.Speller(t.Context()); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	f.failReading, f.all = nil, []roman.Confirmation{{Text: "六安"}}
	if _, err := b.Speller(t.Context()); err == nil {
		t.Error("an entry without readings is taken")
	}
	f.failMark = context.Canceled
	if _, err := b.Speller(t.Context()); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestManyAskAtOnce(t *testing.T) {
	t.Parallel()
	f := &fake{}
	b := readinglive.New(f)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			if i%2 == 0 {
				f.mu.Lock()
				f.mark++
				f.mu.Unlock()
			}
			if s, err := b.Speller(t.Context()); err != nil || s.Read(roman.Request{Text: "重庆路"})[0].Chosen != "chóng" {
				t.Errorf("%v", err)
			}
		})
	}
	group.Wait()
}
