package postgres_test

import (
	"errors"
	"strings"
	"testing"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

func TestWriteCommitsWithWriterNamed(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	var who, why, change string
	err := db.Write(t.Context(), postgres.System("", "planner"), "a test", func(tx *postgres.Tx) error {
		if _, err := tx.Exec(t.Context(), `CREATE TABLE note (line text)`); err != nil {
			return err
		}
		change = tx.Change()
		return nil
	})
	if err != nil {
		t.Fatalf("Write = %v", err)
	}
	err = db.Pool().QueryRow(t.Context(), `SELECT who, why FROM audit_entry WHERE id = $1`, change).Scan(&who, &why)
	if err != nil || who != "planner" || why != "a test" {
		t.Fatalf("the entry says who %q, why %q: %v", who, why, err)
	}
	if _, err := db.Pool().Exec(t.Context(), `SELECT line FROM note`); err != nil {
		t.Errorf("what Write did is not there: %v", err)
	}
}

func TestWriteRollsBack(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	stop := errors.New("stop")
	err := db.Write(t.Context(), postgres.System("", "planner"), "a test", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `CREATE TABLE note (line text)`)
		return errors.Join(err, stop)
	})
	if !errors.Is(err, stop) {
		t.Fatalf("Write = %v; want the function's error", err)
	}
	_, err = db.Pool().Exec(t.Context(), `SELECT line FROM note`)
	if postgres.Code(err) != "42P01" {
		t.Errorf("reading the rolled-back table: %v; want undefined_table", err)
	}
}

func TestWriteRefusesAnonymous(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	for _, who := range [][2]string{{"", "why"}, {"who", ""}} {
		err := db.Write(t.Context(), postgres.System("", who[0]), who[1], func(*postgres.Tx) error { t.Error("ran"); return nil })
		if !errors.Is(err, postgres.ErrAnonymous) {
			t.Errorf("Write(%q, %q) = %v; want ErrAnonymous", who[0], who[1], err)
		}
	}
}

func TestOpenErrorsHideThePassword(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{
		"nonsense":  "postgres://u:s3cret@host:port/x",
		"no server": "postgres://u:s3cret@/x?host=/nowhere",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := postgres.Open(t.Context(), url)
			if err == nil {
				t.Fatal("opened; want an error")
			}
			if got := err.Error(); strings.Contains(got, "s3cret") {
				t.Errorf("error %q shows the password", got)
			}
		})
	}
}

func TestMigrateTwiceDoesNothing(t *testing.T) {
	t.Parallel()
	n, err := postgres.Migrate(t.Context(), dbtest.URL(t))
	if n != 0 || err != nil {
		t.Errorf("Migrate on a migrated database = %d, %v; want 0, nil", n, err)
	}
}
