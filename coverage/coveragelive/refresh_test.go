package coveragelive_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

func write(t testing.TB, db *postgres.DB, sql string, args pgx.StrictNamedArgs) {
	t.Helper()
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "a test", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), sql, args)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// sameAnswers wants two states to say the same to every question.
func sameAnswers(t testing.TB, got, want *coveragelive.State) error {
	if got.Version != want.Version || got.GroundVersion != want.GroundVersion || !reflect.DeepEqual(got.Facilities, want.Facilities) {
		return fmt.Errorf("version %s with %d facilities, want %s with %d", got.Version, len(got.Facilities), want.Version, len(want.Facilities))
	}
	for _, info := range want.Types {
		for _, limit := range []int{300, 900} {
			q := coveragelive.Query{Type: info.Type, LimitS: limit, Speed: 900}
			var reports [2]any
			for i, s := range []*coveragelive.State{got, want} {
				a, err := s.Coverage(t.Context(), q)
				if err != nil {
					return err
				}
				r, err := a.Report(t.Context())
				if err != nil {
					return err
				}
				reports[i] = []any{a.Facilities, r.Sites, r.Result, r.Summary, r.Circles, r.Gaps}
			}
			if !reflect.DeepEqual(reports[0], reports[1]) {
				return fmt.Errorf("%+v: another answer", q)
			}
		}
	}
	return nil
}

// TestRefreshIsALoad holds that a state whose facilities were read again says to every
// question what a fresh load says, whatever was done to them.
func TestRefreshIsALoad(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	village(t, db)
	live, err := coveragelive.Load(t.Context(), stores(db), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	ground := live.GroundVersion
	rapid.Check(t, func(rt *rapid.T) {
		for i := range rapid.IntRange(1, 3).Draw(rt, "writes") {
			change(t, rt, db, i)
		}
		outdated, err := live.Outdated(t.Context(), stores(db))
		if err != nil {
			rt.Fatal(err)
		}
		next, err := live.Refresh(t.Context(), stores(db))
		if err != nil {
			rt.Fatal(err)
		}
		if (next == live) == outdated {
			rt.Fatalf("outdated: %v, and the same state: %v", outdated, next == live)
		}
		fresh, err := coveragelive.Load(t.Context(), stores(db), "", nil)
		if err != nil {
			rt.Fatal(err)
		}
		if err := sameAnswers(t, next, fresh); err != nil {
			rt.Fatal(err)
		}
		if next.Network != live.Network || next.GroundVersion != ground {
			rt.Fatal("the ground is another one")
		}
		live = next
	})
}

// change does one thing to the facilities.
func change(t *testing.T, rt *rapid.T, db *postgres.DB, i int) {
	t.Helper()
	east := float64(rapid.IntRange(-50, 1800).Draw(rt, "east"))
	args := pgx.StrictNamedArgs{
		"point": at(east, 10), "status": rapid.SampledFrom([]string{"open", "planned"}).Draw(rt, "status"),
		"type": rapid.SampledFrom([]string{"elderly_canteen", "columbarium", "meal_point"}).Draw(rt, "type"), "nth": rapid.IntRange(0, 5).Draw(rt, "nth"),
	}
	const nth = `(SELECT id FROM facility ORDER BY id OFFSET @nth LIMIT 1)`
	switch rapid.SampledFrom([]string{"add", "move", "change", "remove", "nothing"}).Draw(rt, "what") {
	case "add":
		delete(args, "nth")
		args["source"] = fmt.Sprint("new ", i, " ", rapid.Uint64().Draw(rt, "source"))
		write(t, db, `
INSERT INTO facility (adcode, id, source_id, type, name_zh, status, division_code, geom)
VALUES ('990101', gen_random_uuid(), @source, @type, '新', @status, '990101001001', @point) ON CONFLICT DO NOTHING`, args)
	case "move":
		write(t, db, `UPDATE facility SET geom = @point WHERE id = `+nth, pgx.StrictNamedArgs{"point": args["point"], "nth": args["nth"]})
	case "change":
		write(t, db, `UPDATE facility SET status = @status, type = @type WHERE id = `+nth,
			pgx.StrictNamedArgs{"status": args["status"], "type": args["type"], "nth": args["nth"]})
	case "remove":
		write(t, db, `DELETE FROM facility WHERE id = `+nth, pgx.StrictNamedArgs{"nth": args["nth"]})
	}
}

// TestRefreshAfterAReload holds that facilities of one load are never put on the ground
// of another.
func TestRefreshAfterAReload(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	village(t, db)
	live, err := coveragelive.Load(t.Context(), stores(db), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	before := append([]facilities.Facility{}, live.Facilities...)
	write(t, db, `UPDATE pack SET manifest = manifest || '{"snap_limit_m": 50}'`, pgx.StrictNamedArgs{})
	write(t, db, `UPDATE facility SET status = 'closed'`, pgx.StrictNamedArgs{})
	if _, err := live.Refresh(t.Context(), stores(db)); !errors.Is(err, coveragelive.ErrReloaded) {
		t.Errorf("got %v", err)
	}
	if !reflect.DeepEqual(before, live.Facilities) {
		t.Error("the old state changed")
	}
	write(t, db, `DELETE FROM pack`, pgx.StrictNamedArgs{})
	if _, err := live.Refresh(t.Context(), stores(db)); err == nil {
		t.Error("a pack that is gone was refreshed")
	}
}
