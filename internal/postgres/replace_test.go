package postgres_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// barrier is a row of the smallest table there is.
type barrier struct {
	Source, Kind string
	Point        orb.Point
}

type stored struct {
	ID, Source, Kind string
	Version          int
	Point            orb.Point
}

func replaceBarriers(t testing.TB, db *postgres.DB, adcode string, list []barrier) postgres.Changes {
	t.Helper()
	records := postgres.Records{Table: "road_barrier", Key: []string{"source_id"}, Content: []string{"kind", "passable", "geom"}}
	var changes postgres.Changes
	err := db.Write(t.Context(), postgres.System("", "test"), "replace", func(tx *postgres.Tx) error {
		var err error
		changes, err = records.Replace(t.Context(), tx, adcode, len(list), func(i int) ([]any, error) {
			return []any{list[i].Source, list[i].Kind, true, list[i].Point}, nil
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

func barriersOf(t testing.TB, db *postgres.DB, adcode string) map[string]stored {
	t.Helper()
	rows, err := db.Pool().Query(t.Context(), `SELECT id::text, source_id, kind, version, geom FROM road_barrier WHERE adcode = @adcode`,
		pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[stored])
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]stored{}
	for _, s := range list {
		out[s.Source] = s
	}
	return out
}

// Replacing gives exactly the new rows; a key keeps its id, and its version grows only
// where its content changed. Other adcodes are left alone.
func TestReplaceAgainstAModel(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	replaceBarriers(t, db, "990002", []barrier{{"other", "gate", orb.Point{1, 1}}})
	rapid.Check(t, func(rt *rapid.T) {
		before := barriersOf(t, db, "990001")
		keys := rapid.SliceOfDistinct(rapid.IntRange(0, 12), func(i int) int { return i }).Draw(rt, "keys")
		var list []barrier
		var want postgres.Changes
		for _, k := range keys {
			b := barrier{
				Source: fmt.Sprint(k), Kind: rapid.SampledFrom([]string{"gate", "wall"}).Draw(rt, "kind"),
				Point: orb.Point{float64(rapid.IntRange(0, 1).Draw(rt, "x")), 0},
			}
			list = append(list, b)
			switch old, was := before[b.Source]; {
			case !was:
				want.Created++
			case old.Kind == b.Kind && old.Point == b.Point:
				want.Unchanged++
			default:
				want.Updated++
			}
		}
		want.Removed = int64(len(before)) - want.Updated - want.Unchanged
		if d := cmp.Diff(want, replaceBarriers(t, db, "990001", list)); d != "" {
			rt.Fatal(d)
		}
		after := barriersOf(t, db, "990001")
		if len(after) != len(list) {
			rt.Fatalf("%d rows, want %d", len(after), len(list))
		}
		for _, b := range list {
			got, old := after[b.Source], before[b.Source]
			version := 1
			if old.ID != "" {
				version = old.Version
				if old.Kind != b.Kind || old.Point != b.Point {
					version++
				}
			}
			if got.Kind != b.Kind || got.Point != b.Point || old.ID != "" && got.ID != old.ID || got.Version != version {
				rt.Fatalf("%+v became %+v", old, got)
			}
		}
	})
	if other := barriersOf(t, db, "990002"); len(other) != 1 || other["other"].Version != 1 {
		t.Errorf("another adcode was touched: %+v", other)
	}
}

// New ids are of version 7 and sort by the time they were made.
func TestReplaceGivesUUIDv7(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	replaceBarriers(t, db, "990001", []barrier{{"a", "gate", orb.Point{}}, {"b", "gate", orb.Point{}}, {"c", "gate", orb.Point{}}})
	got := barriersOf(t, db, "990001")
	ids := []string{got["a"].ID, got["b"].ID, got["c"].ID}
	if !slices.IsSorted(ids) || ids[0][14] != '7' {
		t.Errorf("ids %v", ids)
	}
}

// A row that breaks a rule of the table leaves everything as it was.
func TestReplaceIsAllOrNothing(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	replaceBarriers(t, db, "990001", []barrier{{"a", "gate", orb.Point{}}})
	records := postgres.Records{Table: "road_barrier", Key: []string{"source_id"}, Content: []string{"kind", "passable", "geom"}}
	for name, rows := range map[string][][]any{
		"key twice": {{"b", "gate", true, orb.Point{}}, {"b", "wall", true, orb.Point{}}},
		"null":      {{"b", nil, true, orb.Point{}}},
	} {
		err := db.Write(t.Context(), postgres.System("", "test"), "fail", func(tx *postgres.Tx) error {
			_, err := records.Replace(t.Context(), tx, "990001", len(rows), func(i int) ([]any, error) { return rows[i], nil })
			return err
		})
		if err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if got := barriersOf(t, db, "990001"); len(got) != 1 || got["a"].Version != 1 {
		t.Errorf("got %+v", got)
	}
}
