package main

import (
	"io"
	"log/slog"
	"slices"
	"testing"

	"yike/facilities"
	"yike/internal/pack/packdb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// TestFollow holds that a server shows at its next look what another one wrote: a
// facility without reading the district again, and a loaded pack by reading all of it.
func TestFollow(t *testing.T) {
	t.Parallel()
	db, dir := dbtest.New(t), town(t, 2000, 3)
	mustLoad(t, db, dir, loadOptions{})
	s := newServer(&app{
		log: slog.New(slog.DiscardHandler), config: config{Addr: "127.0.0.1", StateDir: t.TempDir()}, stdout: io.Discard, stderr: io.Discard,
	})
	s.db = db
	record, err := packdb.New(db).Opened(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if s.people, err = openPeople(t.Context(), s.app, db, record); err != nil {
		t.Fatal(err)
	}
	if err := s.show(t.Context(), record, silent); err != nil {
		t.Fatal(err)
	}
	shown := func(name string) bool {
		return slices.ContainsFunc(s.live.held.State().Facilities, func(f facilities.Facility) bool { return f.NameZH == name })
	}
	look := func() {
		t.Helper()
		if err := s.follow(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	network := s.live.held.State().Network
	look()
	if shown("别处改的") {
		t.Fatal("shown before it was written")
	}
	err = db.Write(t.Context(), postgres.System(record.AdCode, "another server"), "a test", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE facility SET name_zh = '别处改的', edited = true WHERE id = (SELECT min(id::text)::uuid FROM facility)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	look()
	if !shown("别处改的") || s.live.held.State().Network != network {
		t.Error("a facility that another server changed is not shown, or the district was read again")
	}
	replaceIn(t, dir, "facilities.geojson", `"status":"open"`, `"status":"closed"`)
	mustLoad(t, db, dir, loadOptions{})
	if err := s.live.refresh(t.Context()); err != nil {
		t.Errorf("facilities of a new load on the old ground: %v", err)
	}
	if s.live.held.State().Network != network {
		t.Error("the facilities of a new load are shown on the ground of the old one")
	}
	look()
	if s.live.held.State().Network == network || !shown("别处改的") {
		t.Error("the loaded pack is not shown")
	}
}
