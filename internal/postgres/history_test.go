package postgres_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// barrierBy writes through the door, with a reason of its own for each write.
func barrierBy(t *testing.T, db *postgres.DB, w postgres.Writer, why, sql string) {
	t.Helper()
	err := db.Write(t.Context(), w, why, func(tx *postgres.Tx) error {
		tx.Note(postgres.Note{Action: "barrier.test", Kind: "road_barrier", ID: modelA})
		_, err := tx.Exec(t.Context(), sql)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", why, err)
	}
}

const addBarrier = `INSERT INTO road_barrier (adcode, id, source_id, kind, passable, geom)
VALUES ('990101', '` + modelA + `', 'a', 'gate', true, 'SRID=4326;POINT(117 39)')`

func versionsFor(t *testing.T, db *postgres.DB, w postgres.Writer) []postgres.Version {
	t.Helper()
	var list []postgres.Version
	err := db.Read(t.Context(), w, func(q postgres.Querier) error {
		var err error
		list, err = barrierHistory().Versions(t.Context(), q, "990101", modelA)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestVersionsSayWhoAndWhy follows a record from its making to its removal and back.
func TestVersionsSayWhoAndWhy(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	system := postgres.System("990101", "甲")
	system.From = "10.0.0.7"
	barrierBy(t, db, system, "made", addBarrier)
	barrierBy(t, db, system, "wrong", `UPDATE road_barrier SET kind = 'bollard'`)
	barrierBy(t, db, system, "moved", `UPDATE road_barrier SET geom = 'SRID=4326;POINT(118 39)', valid = daterange('2026-05-01', NULL)`)
	barrierBy(t, db, system, "gone", `DELETE FROM road_barrier`)
	barrierBy(t, db, system, "back", addBarrier)
	list := versionsFor(t, db, system)
	if len(list) != 4 {
		t.Fatalf("%d versions", len(list))
	}
	whys := []string{"back", "moved", "wrong", "made"}
	for i, v := range list {
		if v.Number != 4-i || v.Made.Why != whys[i] || v.Made.Who != "甲" || v.Made.From != "10.0.0.7" || v.Made.Action != "barrier.test" || v.Made.At.IsZero() {
			t.Errorf("version %d is %+v", i, v)
		}
	}
	back, moved, wrong, made := list[0], list[1], list[2], list[3]
	if back.KnownTo != nil || back.Removed != nil || back.ValidFrom != "" {
		t.Errorf("the record that came back: %+v", back)
	}
	if moved.ValidFrom != "2026-05-01" || moved.KnownTo == nil || moved.Removed == nil || moved.Removed.Why != "gone" {
		t.Errorf("the last version before: %+v", moved)
	}
	if c := moved.Changes; len(c) != 1 || c[0].Name != "lon" || string(c[0].Before) != "117" || string(c[0].After) != "118" {
		t.Errorf("what moved: %+v", c)
	}
	if wrong.ValidTo != "2026-05-01" || wrong.KnownTo == nil || !wrong.KnownTo.Equal(*moved.KnownTo) || wrong.Removed != nil {
		t.Errorf("the version that held for some days: %+v", wrong)
	}
	if made.ValidTo != "" || made.KnownTo == nil || !made.KnownTo.Equal(wrong.KnownFrom) || made.Removed != nil {
		t.Errorf("the version that was corrected: %+v", made)
	}
	if c := made.Changes; len(c) != 2 || c[0].Before != nil || string(c[0].After) != `"gate"` {
		t.Errorf("what was made: %+v", c)
	}
}

// TestVersionsAreForThoseWhoMay holds that history is history.read's, that addresses
// are for readers of the audit log, and that nobody reads who did what elsewhere.
func TestVersionsAreForThoseWhoMay(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	system := postgres.System("990101", "甲")
	system.From = "10.0.0.7"
	barrierBy(t, db, system, "made", addBarrier)
	barrierBy(t, db, system, "wrong", `UPDATE road_barrier SET kind = 'bollard'`)
	planner := person(t, db, "990101", somebody, "planner", "990101001")
	auditor := person(t, db, "990101", somebodyElse, "security_auditor", "")
	reader := person(t, db, "990101", "01900000-0000-7000-8000-000000000003", "read_only", "")
	stranger := person(t, db, "990102", "01900000-0000-7000-8000-000000000004", "security_auditor", "")

	if list := versionsFor(t, db, planner); len(list) != 2 || list[1].Made.Why != "made" || list[1].Made.Who != "甲" || list[1].Made.From != "" {
		t.Errorf("a planner sees %+v", list)
	}
	if list := versionsFor(t, db, auditor); len(list) != 2 || list[1].Made.From != "10.0.0.7" {
		t.Errorf("an auditor sees %+v", list)
	}
	if list := versionsFor(t, db, reader); len(list) != 1 || list[0].Made.Who != "" {
		t.Errorf("somebody without history.read sees %+v", list)
	}
	if list := versionsFor(t, db, stranger); len(list) != 0 {
		t.Errorf("another authority sees %+v", list)
	}
	for _, tc := range []struct {
		name, table string
		who         postgres.Writer
		want        int
	}{
		{"a planner", "road_barrier", planner, 2},
		{"a reader", "road_barrier", reader, 0},
		{"another authority", "road_barrier", stranger, 0},
		{"a planner of accounts", "account", planner, 0},
		{"an auditor of accounts", "account", auditor, 1},
		{"a table without history", "audit_entry", auditor, 0},
		{"no table", "x; DROP TABLE road", auditor, 0},
	} {
		id := modelA
		if tc.table == "account" {
			id = somebody
		}
		var n int
		err := db.Read(t.Context(), tc.who, func(q postgres.Querier) error {
			return q.QueryRow(t.Context(), `SELECT count(*) FROM yike_changes_of(@table, '990101', @id)`, pgx.StrictNamedArgs{"table": tc.table, "id": id}).Scan(&n)
		})
		if err != nil || n != tc.want {
			t.Errorf("%s sees %d changes: %v", tc.name, n, err)
		}
	}
	err := db.Read(t.Context(), reader, func(q postgres.Querier) error {
		return postgres.Require(t.Context(), q, reader, "history.read", "")
	})
	if !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("a reader asks for history: %v", err)
	}
}

// TestAWaitingWriterIsNotEarlier holds that a transaction which began first and wrote
// last loses nothing of what was written meanwhile: by its own clock it came before.
func TestAWaitingWriterIsNotEarlier(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	system := postgres.System("990101", "test")
	barrierBy(t, db, system, "made", addBarrier)
	var began time.Time
	err := db.Write(t.Context(), system, "the slow one", func(tx *postgres.Tx) error {
		if err := tx.QueryRow(t.Context(), `SELECT now()`).Scan(&began); err != nil {
			return err
		}
		barrierBy(t, db, system, "the quick one", `UPDATE road_barrier SET kind = 'quick'`)
		_, err := tx.Exec(t.Context(), `UPDATE road_barrier SET kind = 'slow'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	list := versionsFor(t, db, system)
	if len(list) != 3 || list[1].Made.Why != "the quick one" || !list[1].KnownFrom.After(began) ||
		list[1].KnownTo == nil || !list[1].KnownTo.Equal(list[0].KnownFrom) || !list[0].KnownFrom.After(list[1].KnownFrom) {
		t.Errorf("the versions are %+v", list)
	}
}

// TestHistoryCannotBeWritten holds what the triggers refuse and what they put right.
func TestHistoryCannotBeWritten(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	system := postgres.System("990101", "test")
	barrierBy(t, db, system, "made", `
INSERT INTO road_barrier (adcode, id, source_id, kind, passable, geom, version, recorded, change_id)
VALUES ('990101', '`+modelA+`', 'a', 'gate', true, 'SRID=4326;POINT(117 39)', 77, tstzrange('2001-01-01', '2002-01-01'), gen_random_uuid())`)
	barrierBy(t, db, system, "changed", `UPDATE road_barrier SET kind = 'wall', version = 99, recorded = tstzrange('2001-01-01', NULL), change_id = gen_random_uuid()`)
	list := versionsFor(t, db, system)
	if len(list) != 2 || list[0].Number != 2 || list[0].Made.Why != "changed" || list[1].Number != 1 || list[1].Made.Why != "made" || list[1].KnownFrom.Year() < 2026 {
		t.Errorf("forged: %+v", list)
	}
	planner := person(t, db, "990101", somebody, "planner", "")
	for _, tc := range []struct {
		name, sql, code string
		who             postgres.Writer
	}{
		{"another key", `UPDATE road_barrier SET id = gen_random_uuid()`, "YK003", system},
		{"another authority", `UPDATE road_barrier SET adcode = '990102'`, "YK003", system},
		{"all at once", `TRUNCATE road_barrier`, "YK003", system},
		{"no day at all", `UPDATE road_barrier SET valid = 'empty'`, "23514", system},
		{"a person writes history", `INSERT INTO facility_history SELECT FROM facility_history`, "42501", planner},
		{"a person changes history", `DELETE FROM facility_history`, "42501", planner},
	} {
		err := db.Write(t.Context(), tc.who, "a test", func(tx *postgres.Tx) error {
			_, err := tx.Exec(t.Context(), tc.sql)
			return err
		})
		if postgres.Code(err) != tc.code {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

// TestWhatIsNoContentMakesNoVersion holds that opening a pack is no change of it.
func TestWhatIsNoContentMakesNoVersion(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	system := postgres.System("990101", "test")
	barrierBy(t, db, system, "made", `INSERT INTO pack (adcode, id, slug, manifest) VALUES ('990101', gen_random_uuid(), 'a', '{}')`)
	barrierBy(t, db, system, "opened", `UPDATE pack SET opened_at = clock_timestamp()`)
	barrierBy(t, db, system, "renamed", `UPDATE pack SET opened_at = clock_timestamp(), slug = 'b'`)
	barrierBy(t, db, system, "opened again", `UPDATE pack SET opened_at = clock_timestamp()`)
	var version, history int
	err := db.Pool().QueryRow(t.Context(), `SELECT version, (SELECT count(*) FROM pack_history) FROM pack`).Scan(&version, &history)
	if err != nil || version != 2 || history != 1 {
		t.Errorf("version %d with %d in the history: %v", version, history, err)
	}
}

// TestWhatWasThereBefore holds that records from before history began have one, made by
// nobody that is known.
func TestWhatWasThereBefore(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	if _, err := db.Pool().Exec(t.Context(), `BEGIN; SET LOCAL session_replication_role = replica; `+
		strings.Replace(strings.Replace(addBarrier, "geom)", "geom, change_id)", 1), "39)')", "39)', NULL)", 1)+`; COMMIT`); err != nil {
		t.Fatal(err)
	}
	system := postgres.System("990101", "test")
	barrierBy(t, db, system, "changed", `UPDATE road_barrier SET kind = 'wall'`)
	list := versionsFor(t, db, system)
	if len(list) != 2 || list[0].Made.Why != "changed" || list[1].Made != (postgres.Deed{}) || list[1].KnownTo == nil || len(list[1].Changes) != 2 {
		t.Errorf("the versions are %+v", list)
	}
}
