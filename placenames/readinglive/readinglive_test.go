package readinglive_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
	"yike/placenames/readingdb"
	"yike/placenames/readinglive"
	"yike/placenames/roman"
)

func TestWhatIsConfirmedHoldsAtOnce(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	store := readingdb.New(db)
	b := readinglive.New(store, "990001")
	w := postgres.System("990001", "test")
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
	before, err := b.Speller(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if again, err := b.Speller(t.Context()); err != nil || again != before {
		t.Errorf("it is made anew without need: %v", err)
	}
	made, err := store.Add(t.Context(), w, roman.Ruling{Text: "六安", Readings: []string{"lù", "ān"}, Note: "审定"}, record.Change{Reason: "审定"}, "2026-11-27")
	if err != nil {
		t.Fatal(err)
	}
	if got := read(); got.Source != roman.Precedent || got.Where != "审定" {
		t.Errorf("%+v", got)
	}
	if err := store.Remove(t.Context(), w, made.ID, 1, record.Change{Reason: "误收"}, "2026-11-27"); err != nil {
		t.Fatal(err)
	}
	if got := read(); got.Source != roman.InPlace {
		t.Errorf("%+v", got)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Speller(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestManyAskAtOnce(t *testing.T) {
	t.Parallel()
	b := readinglive.New(readingdb.New(dbtest.New(t)), "990001")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if s, err := b.Speller(t.Context()); err != nil || s.Read(roman.Request{Text: "重庆路"})[0].Chosen != "chóng" {
				t.Errorf("%v", err)
			}
		})
	}
	group.Wait()
}
