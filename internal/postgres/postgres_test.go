package postgres_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

func TestWriteCommitsWithWriterNamed(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	var who, why string
	err := db.Write(t.Context(), "planner", "a test", func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), `CREATE TABLE note (line text)`); err != nil {
			return err
		}
		return tx.QueryRow(t.Context(), `SELECT current_setting('yike.who'), current_setting('yike.why')`).Scan(&who, &why)
	})
	if err != nil || who != "planner" || why != "a test" {
		t.Fatalf("Write = %v, who %q, why %q", err, who, why)
	}
	if _, err := db.Pool().Exec(t.Context(), `SELECT line FROM note`); err != nil {
		t.Errorf("what Write did is not there: %v", err)
	}
}

func TestWriteRollsBack(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	stop := errors.New("stop")
	err := db.Write(t.Context(), "planner", "a test", func(tx pgx.Tx) error {
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
		err := db.Write(t.Context(), who[0], who[1], func(pgx.Tx) error { t.Error("ran"); return nil })
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
