package importdb_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"yike/facilities/importdb"
	"yike/facilities/imports"
	"yike/internal/postgres"
)

var errBroken = errors.New("the line broke")

// TestAFileIsKeptAsItCame holds that a file of several parts comes back byte by byte, to
// whoever may see it.
func TestAFileIsKeptAsItCame(t *testing.T) {
	t.Parallel()
	o := open(t)
	whole := bytes.Repeat([]byte("清澜区0123456789\x00\xff"), 140_000)
	n := sheet("甲")
	n.FileSize = int64(len(whole))
	var id string
	err := o.write(t, o.planner, func(tx *postgres.Tx) error {
		var err error
		id, err = importdb.Create(t.Context(), tx, n, bytes.NewReader(whole))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := o.store.WriteFile(t.Context(), o.planner, id, &got); err != nil || !bytes.Equal(got.Bytes(), whole) {
		t.Errorf("%d of %d bytes, %v", got.Len(), len(whole), err)
	}
	for name, tc := range map[string]struct {
		w  postgres.Writer
		id string
	}{"no such file": {o.planner, uuid.NewString()}, "no id": {o.planner, "1'; DROP"}, "another subdistrict's": {o.steward, id}, "who may not import": {o.reader, id}} {
		if err := o.store.WriteFile(t.Context(), tc.w, tc.id, io.Discard); !errors.Is(err, importdb.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := o.store.WriteFile(t.Context(), o.planner, id, brokenPipe{}); !errors.Is(err, errBroken) {
		t.Errorf("a client that has gone: %v", err)
	}
	// Of a file that breaks off nothing is kept.
	err = o.write(t, o.planner, func(tx *postgres.Tx) error {
		_, err := importdb.Create(t.Context(), tx, n, io.MultiReader(bytes.NewReader(whole), iotest.ErrReader(errBroken)))
		return err
	})
	list, listErr := o.store.List(t.Context(), o.planner, nil, 10)
	if !errors.Is(err, errBroken) || listErr != nil || len(list) != 1 {
		t.Errorf("%v, %v, %d batches", err, listErr, len(list))
	}
}

type brokenPipe struct{}

// Write fails.
func (brokenPipe) Write([]byte) (int, error) { return 0, errBroken }

// TestWhoSeesABatch holds that a batch belongs to where its bringer may import, and is seen
// there and by its bringer.
func TestWhoSeesABatch(t *testing.T) {
	t.Parallel()
	o := open(t)
	all, mine := o.bring(t, o.planner, sheet("甲")), o.bring(t, o.steward, sheet("乙"))
	if all.DivisionCode != adcode || mine.DivisionCode != west || all.State != imports.Uploaded || all.AskedBy != o.planner.Account || mine.AskedWho != o.steward.Who || all.RowCount != 1 {
		t.Errorf("%+v, %+v", all, mine)
	}
	other := o.person(t, "subdistrict_steward", east)
	for name, tc := range map[string]struct {
		w    postgres.Writer
		sees int
	}{"planner": {o.planner, 2}, "steward": {o.steward, 1}, "the other steward": {other, 0}, "reader": {o.reader, 0}} {
		list, err := o.store.List(t.Context(), tc.w, nil, 10)
		if err != nil || len(list) != tc.sees {
			t.Errorf("%s sees %d, %v", name, len(list), err)
		}
		if _, err := o.store.Read(t.Context(), tc.w, all.ID); errors.Is(err, importdb.ErrNotFound) == (tc.sees == 2) {
			t.Errorf("%s: %v", name, err)
		}
	}
	err := o.write(t, o.reader, func(tx *postgres.Tx) error {
		_, err := importdb.Create(t.Context(), tx, sheet(), strings.NewReader(""))
		return err
	})
	if !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("who may not import brings a file: %v", err)
	}
	// Whoever may import in several places brings for the widest.
	both := o.person(t, "planner", west)
	if b := o.bring(t, both, sheet()); b.DivisionCode != west || b.RowCount != 0 {
		t.Errorf("%+v", b)
	}
}

// TestHistoryGoesOnBehindACursor pages through batches, the newest first, while more come.
func TestHistoryGoesOnBehindACursor(t *testing.T) {
	t.Parallel()
	o := open(t)
	if list, err := o.store.List(t.Context(), o.planner, nil, 10); err != nil || len(list) != 0 {
		t.Fatal(list, err)
	}
	var want []string
	for range 5 {
		want = append([]string{o.bring(t, o.planner, sheet()).ID}, want...)
	}
	var got []string
	var from *importdb.Cursor
	for {
		list, err := o.store.List(t.Context(), o.planner, from, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		for _, b := range list {
			got = append(got, b.ID)
			if len(b.Profile.Columns) > 0 {
				t.Error("a list carries profiles")
			}
		}
		last := list[len(list)-1]
		if from, err = importdb.ParseCursor(importdb.Cursor{At: last.CreatedAt, ID: last.ID}.Text()); err != nil {
			t.Fatal(err)
		}
		o.bring(t, o.planner, sheet()) // which does not move what is behind
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for _, text := range []string{"!", "YWJj", "MjAyNi0xMS0yN1QwMDowMDowMFogMQ", strings.Repeat("a", 500)} {
		if c, err := importdb.ParseCursor(text); err == nil {
			t.Errorf("%q is a cursor: %+v", text, c)
		}
	}
	if c, err := importdb.ParseCursor(""); c != nil || err != nil {
		t.Errorf("the beginning: %+v, %v", c, err)
	}
}

// theSameFileIsToldOf lists earlier batches of the same bytes, ten at most.
func theSameFileIsToldOf(t *testing.T, o office) {
	t.Helper()
	other := sheet("乙")
	other.SHA256 = strings.Repeat("b", 64)
	o.bring(t, o.planner, other)
	var last imports.Batch
	for range 12 {
		last = o.bring(t, o.planner, sheet("甲"))
	}
	same, err := importdb.Same(t.Context(), o.db.Pool(), adcode, last.SHA256, last.ID)
	if err != nil || len(same) != 10 || same[0].CreatedAt.Before(same[9].CreatedAt) {
		t.Errorf("%d, %v", len(same), err)
	}
	if none, err := importdb.Same(t.Context(), o.db.Pool(), adcode, strings.Repeat("c", 64), last.ID); err != nil || len(none) != 0 {
		t.Errorf("%d, %v", len(none), err)
	}
}

// mappingsAreKeptByName keeps, finds, replaces and forgets mappings.
func mappingsAreKeptByName(t *testing.T, o office) {
	t.Helper()
	save := func(w postgres.Writer, name, field string) (importdb.Saved, error) {
		var kept importdb.Saved
		err := o.write(t, w, func(tx *postgres.Tx) error {
			var err error
			kept, err = importdb.SaveMapping(t.Context(), tx, importdb.Saved{
				Name: name, Headers: "h1", Mapping: imports.Mapping{Columns: []imports.Column{{Header: "甲", Field: field}}}, Options: imports.UsualOptions(),
			})
			return err
		})
		return kept, err
	}
	first, err := save(o.planner, "季报", "name_zh")
	if err != nil {
		t.Fatal(err)
	}
	again, err := save(o.steward, "季报", "address")
	if err != nil || again.ID != first.ID || again.Who != o.steward.Who || again.Mapping.Columns[0].Field != "address" {
		t.Errorf("%+v, %v", again, err)
	}
	second, err := save(o.planner, "年报", "-")
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		headers string
		want    string
		ok      bool
	}{"used last": {"h1", second.ID, true}, "none": {"h2", "", false}} {
		got, ok, err := importdb.MappingFor(t.Context(), o.db.Pool(), adcode, tc.headers)
		if err != nil || ok != tc.ok || got.ID != tc.want {
			t.Errorf("%s: %+v, %v, %v", name, got, ok, err)
		}
	}
	if err := o.write(t, o.planner, func(tx *postgres.Tx) error { return importdb.MappingUsed(t.Context(), tx, first.ID) }); err != nil {
		t.Fatal(err)
	}
	if got, _, err := importdb.MappingFor(t.Context(), o.db.Pool(), adcode, "h1"); err != nil || got.ID != first.ID {
		t.Errorf("%+v, %v", got, err)
	}
	for who, n := range map[*postgres.Writer]int{&o.planner: 2, &o.steward: 2, &o.reader: 0} {
		if list, err := o.store.Mappings(t.Context(), *who); err != nil || len(list) != n {
			t.Errorf("%s sees %d, %v", who.Who, len(list), err)
		}
	}
	if _, err := save(o.reader, "偷", "-"); !errors.Is(err, postgres.ErrForbidden) {
		t.Error(err)
	}
	forget := func(w postgres.Writer, id string) error {
		return o.write(t, w, func(tx *postgres.Tx) error { return importdb.ForgetMapping(t.Context(), tx, id) })
	}
	if err := forget(o.reader, first.ID); !errors.Is(err, postgres.ErrForbidden) {
		t.Error(err)
	}
	if err := forget(o.planner, first.ID); err != nil {
		t.Error(err)
	}
	for _, id := range []string{first.ID, "x", ""} {
		if err := forget(o.planner, id); !errors.Is(err, importdb.ErrNoMapping) {
			t.Errorf("%q: %v", id, err)
		}
	}
}
