package postgres_test

import (
	"errors"
	"testing"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// person makes an account with one role and gives its writer.
func person(t *testing.T, db *postgres.DB, adcode, id, role, division string) postgres.Writer {
	t.Helper()
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "make an account", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `
WITH made AS (INSERT INTO account (adcode, id, name, display_name) VALUES ($1, $2, $3, $3) RETURNING adcode, id)
INSERT INTO account_grant (adcode, id, account_id, role, division_code) SELECT adcode, gen_random_uuid(), id, $4, $5 FROM made`,
			adcode, id, role+"-"+division, role, division)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return postgres.Writer{AdCode: adcode, Account: id, Who: role}
}

const (
	somebody     = "01900000-0000-7000-8000-000000000001"
	somebodyElse = "01900000-0000-7000-8000-000000000002"
)

const addFacility = `
INSERT INTO facility (adcode, id, source_id, type, name_zh, status, stage, division_code, geom)
VALUES ('990101', gen_random_uuid(), $1, 'elderly_canteen', '食堂', 'open', 'submitted', $1, 'SRID=4326;POINT(117 39)')`

// TestRowsAreBounded holds that the database itself keeps a person inside her divisions,
// her authority and her rights, whatever SQL a store sends.
func TestRowsAreBounded(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	steward := person(t, db, "990101", somebody, "subdistrict_steward", "990101001")
	reader := person(t, db, "990101", somebodyElse, "read_only", "")
	asTokenOf := func(w postgres.Writer, actions ...string) postgres.Writer { w.TokenActions = actions; return w }
	elsewhere := steward
	elsewhere.AdCode = "990102"
	for _, tc := range []struct {
		name, sql, division string
		who                 postgres.Writer
		taken               bool
	}{
		{"own division", addFacility, "990101001", steward, true},
		{"below it", addFacility, "990101001001", steward, true},
		{"above it", addFacility, "990101", steward, false},
		{"beside it", addFacility, "990101002", steward, false},
		{"a role without the right", addFacility, "990101001", reader, false},
		{"a token without the right", addFacility, "990101001002", asTokenOf(steward, "map.read"), false},
		{"a token with the right", addFacility, "990101001003", asTokenOf(steward, "map.read", "facility.write"), true},
		{"under another authority", addFacility, "990101001", elsewhere, false},
		{"the system", addFacility, "990101009", postgres.System("990101", "test"), true},
		{"secrets", `SELECT password_hash FROM account_secret WHERE $1 <> ''`, "-", steward, false},
		{"a right for oneself", `INSERT INTO account_grant (adcode, id, account_id, role) VALUES ('990101', gen_random_uuid(), yike_account(), $1)`, "planner", steward, false},
		{"changing the log", `UPDATE audit_entry SET who = $1`, "nobody", steward, false},
		{"reading the roads", `SELECT FROM road WHERE name <> $1`, "", reader, true},
	} {
		err := db.Write(t.Context(), tc.who, "a test", func(tx *postgres.Tx) error {
			_, err := tx.Exec(t.Context(), tc.sql, tc.division)
			return err
		})
		if tc.taken && err != nil || !tc.taken && !errors.Is(err, postgres.ErrForbidden) {
			t.Errorf("%s: %v", tc.name, err)
		}
		asked := db.Write(t.Context(), tc.who, "a test", func(tx *postgres.Tx) error {
			return tx.Require(t.Context(), "facility.write", tc.division)
		})
		if tc.sql == addFacility && (asked == nil) != tc.taken {
			t.Errorf("%s: the store's own question says %v", tc.name, asked)
		}
	}
	var seen int
	if err := db.Read(t.Context(), reader, func(q postgres.Querier) error {
		return q.QueryRow(t.Context(), `SELECT count(*) FROM audit_entry`).Scan(&seen)
	}); err != nil || seen != 0 {
		t.Errorf("a reader sees %d audit entries: %v", seen, err)
	}
}

// TestHistory holds what a version leaves behind.
func TestHistory(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	system := postgres.System("990101", "test")
	write := func(sql string, args ...any) string {
		t.Helper()
		var change string
		if err := db.Write(t.Context(), system, "a test", func(tx *postgres.Tx) error {
			change = tx.Change()
			_, err := tx.Exec(t.Context(), sql, args...)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return change
	}
	write(addFacility, "990101001")
	write(`UPDATE facility SET name_zh = '二'`)
	third := write(`UPDATE facility SET name_zh = '三', valid = daterange('2026-05-01', NULL)`)
	gone := write(`DELETE FROM facility`)
	type row struct {
		Name, Valid, Ended string
		Version            int
		Open               bool
	}
	var got []row
	rows, err := db.Pool().Query(t.Context(), `SELECT name_zh, valid::text, ended_by::text, version, upper_inf(recorded) FROM facility_history ORDER BY version, lower(recorded)`)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.Name, &r.Valid, &r.Ended, &r.Version, &r.Open); err != nil {
			t.Fatal(err)
		}
		got = append(got, r)
	}
	if len(got) != 4 || got[0].Name != "食堂" || got[1] != (row{"二", "(,)", third, 2, false}) ||
		got[2] != (row{"二", "(,2026-05-01)", gone, 2, false}) || got[3] != (row{"三", "[2026-05-01,)", gone, 3, false}) {
		t.Errorf("the history is %+v", got)
	}
	if _, err := db.Pool().Exec(t.Context(), addFacility, "990101002"); postgres.Code(err) != "YK001" {
		t.Errorf("a write outside the door: %v", err)
	}
}

// TestOnce holds that a key has one effect, and that another request may not use it.
func TestOnce(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	w := postgres.Writer{AdCode: "990101", Who: "test", Key: "k", RequestHash: []byte{1}}
	runs := 0
	once := func(w postgres.Writer) (int, error) {
		return postgres.WriteOnce(t.Context(), db, w, "a test", func(*postgres.Tx) (int, error) { runs++; return runs, nil })
	}
	for range 3 {
		if n, err := once(w); n != 1 || err != nil {
			t.Errorf("got %d, %v; want the first answer", n, err)
		}
	}
	other := w
	other.RequestHash = []byte{2}
	if _, err := once(other); !errors.Is(err, postgres.ErrKeyReused) {
		t.Errorf("another request with the key: %v", err)
	}
	other.Key = ""
	if n, err := once(other); n != 2 || err != nil {
		t.Errorf("without a key: %d, %v", n, err)
	}
}
