package packdb_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"yike/internal/pack"
	"yike/internal/pack/packdb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

func write(t *testing.T, db *postgres.DB, fn func(tx *postgres.Tx) error) {
	t.Helper()
	if err := db.Write(t.Context(), postgres.System("", "test"), "write", fn); err != nil {
		t.Fatal(err)
	}
}

func TestPacksAndLayers(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := packdb.New(db)
	if _, err := s.Opened(t.Context(), ""); !errors.Is(err, packdb.ErrNotFound) {
		t.Fatalf("nothing is loaded: %v", err)
	}
	to := 17
	one := &pack.Manifest{ID: "one", AdCode: "990001", Name: pack.Text{ZH: "一", EN: "One"}, Bands: []pack.Band{{ID: "0-17", To: &to}}}
	two := &pack.Manifest{ID: "two", AdCode: "990002"}
	roads := packdb.LayerRecord{Kind: pack.Roads, Digest: "r", CRS: "EPSG:4326", Rows: 3, Report: json.RawMessage(`{"counts": {"ways": 3}}`)}
	people := packdb.LayerRecord{Kind: pack.Population, Digest: "p", CRS: "BD-09", CRSAccepted: true, Rows: 2, Report: json.RawMessage(`{}`)}
	write(t, db, func(tx *postgres.Tx) error {
		return errors.Join(s.SavePack(t.Context(), tx, one), s.SaveLayer(t.Context(), tx, "990001", people), s.SaveLayer(t.Context(), tx, "990001", roads))
	})
	write(t, db, func(tx *postgres.Tx) error {
		return errors.Join(s.SavePack(t.Context(), tx, two), s.Open(t.Context(), tx, "990002"))
	})
	got, err := s.Opened(t.Context(), "one")
	if d := cmp.Diff(packdb.Record{AdCode: "990001", Slug: "one", Manifest: *one, Layers: []packdb.LayerRecord{roads, people}}, got, cmpopts.IgnoreFields(packdb.LayerRecord{}, "StoredAt")); d != "" || err != nil {
		t.Error(d, err)
	}
	if l, ok := got.Layer(pack.Roads); !ok || l.Digest != "r" || l.StoredAt.IsZero() {
		t.Error("the roads are not found")
	}
	if _, ok := got.Layer(pack.Buildings); ok {
		t.Error("there are no buildings")
	}
	for which, want := range map[string]string{"": "two", "990001": "one", "two": "two"} {
		if got, err := s.Opened(t.Context(), which); err != nil || got.Slug != want {
			t.Errorf("%q opened %q, %v", which, got.Slug, err)
		}
	}
	write(t, db, func(tx *postgres.Tx) error { return s.Open(t.Context(), tx, "990001") })
	if got, err := s.Opened(t.Context(), ""); err != nil || got.Slug != "one" {
		t.Errorf("last opened is %q, %v", got.Slug, err)
	}
	write(t, db, func(tx *postgres.Tx) error { return s.DropLayer(t.Context(), tx, "990001", pack.Roads) })
	if layers, err := s.Layers(t.Context(), "990001"); err != nil || len(layers) != 1 {
		t.Errorf("layers %v, %v", layers, err)
	}
}

// The same again writes nothing: version and time stay.
func TestSavePackAgain(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := packdb.New(db)
	m := &pack.Manifest{ID: "one", AdCode: "990001"}
	version := func() (n int) {
		if err := db.Pool().QueryRow(t.Context(), `SELECT version FROM pack`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for range 2 {
		write(t, db, func(tx *postgres.Tx) error { return s.SavePack(t.Context(), tx, m) })
	}
	if n := version(); n != 1 {
		t.Errorf("version %d after the same twice", n)
	}
	m.Synthetic = true
	write(t, db, func(tx *postgres.Tx) error { return s.SavePack(t.Context(), tx, m) })
	if n := version(); n != 2 {
		t.Errorf("version %d after a change", n)
	}
}

func TestExpect(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := packdb.New(db)
	write(t, db, func(tx *postgres.Tx) error {
		return s.SaveLayer(t.Context(), tx, "990001", packdb.LayerRecord{Kind: pack.Roads, Digest: "r"})
	})
	for name, c := range map[string]struct {
		want map[string]string
		err  error
	}{
		"as stored":        {map[string]string{pack.Roads: "r", pack.Buildings: ""}, nil},
		"other digest":     {map[string]string{pack.Roads: "x"}, packdb.ErrChanged},
		"should not exist": {map[string]string{pack.Roads: ""}, packdb.ErrChanged},
		"should exist":     {map[string]string{pack.Buildings: "b"}, packdb.ErrChanged},
	} {
		write(t, db, func(tx *postgres.Tx) error {
			if err := s.Expect(t.Context(), tx, "990001", c.want); !errors.Is(err, c.err) {
				t.Errorf("%s: %v", name, err)
			}
			return nil
		})
	}
}
