package postgres_test

import (
	"errors"
	"testing"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// TestGround: a load keeps out those who stand on the ground, of its authority alone, and
// they do not keep out one another.
func TestGround(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	stand := func(adcode string) error {
		return db.Write(t.Context(), postgres.System(adcode, "test"), "a test", func(tx *postgres.Tx) error { return tx.StandOnGround(t.Context()) })
	}
	err := db.Write(t.Context(), postgres.System("990101", "load"), "a test", func(tx *postgres.Tx) error {
		if err := postgres.LockGround(t.Context(), tx, "990101"); err != nil {
			return err
		}
		if err := stand("990101"); !errors.Is(err, postgres.ErrLoading) {
			t.Errorf("while a load stores: %v; want ErrLoading", err)
		}
		if err := stand("990102"); err != nil {
			t.Errorf("of another authority: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Write(t.Context(), postgres.System("990101", "test"), "a test", func(tx *postgres.Tx) error {
		return errors.Join(tx.StandOnGround(t.Context()), stand("990101"))
	})
	if err != nil {
		t.Errorf("two at once, after the load: %v", err)
	}
}
