package attachmentdb_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"yike/internal/attachments/attachmentdb"
	"yike/internal/postgres"
)

// hung is which files hang on a record, by the first characters of their names.
func (x fixture) hung(t *testing.T, id string) string {
	t.Helper()
	list, err := x.store.List(t.Context(), x.planner, x.owner, id)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, a := range list {
		out.WriteString(a.SHA256[:1])
		if !strings.HasPrefix(a.DivisionCode, east) && !strings.HasPrefix(a.DivisionCode, west) {
			t.Errorf("in division %q", a.DivisionCode)
		}
	}
	return out.String()
}

func (x fixture) moving(t *testing.T, w postgres.Writer, move func(tx *postgres.Tx) error) string {
	t.Helper()
	var change string
	err := x.db.Write(t.Context(), w, "move", func(tx *postgres.Tx) error {
		change = tx.Change()
		return move(tx)
	})
	if err != nil {
		t.Fatal(err)
	}
	return change
}

// TestFilesFollowAndReturn moves files with their record, on with the next, and back.
func TestFilesFollowAndReturn(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	var second, third string
	x.moving(t, postgres.System(adcode, "test"), func(tx *postgres.Tx) error {
		for source, id := range map[string]*string{"y": &second, "z": &third} {
			err := tx.QueryRow(t.Context(), `
INSERT INTO facility (adcode, id, source_id, type, name_zh, status, division_code, geom)
VALUES (@adcode, gen_random_uuid(), @source, 'elderly_canteen', '食堂', 'open', @division, ST_Point(117.25, 39.05, 4326)) RETURNING id::text`,
				pgx.StrictNamedArgs{"adcode": adcode, "division": east + "001", "source": source}).Scan(id)
			if err != nil {
				return err
			}
		}
		return nil
	})
	for _, digit := range []string{"a", "b"} {
		if _, err := x.store.Create(t.Context(), x.planner, x.owner, x.file(digit), ""); err != nil {
			t.Fatal(err)
		}
	}
	own := x.file("c")
	own.OwnerID = second
	if _, err := x.store.Create(t.Context(), x.planner, x.owner, own, ""); err != nil {
		t.Fatal(err)
	}
	merge := x.moving(t, x.planner, func(tx *postgres.Tx) error { return x.store.Follow(t.Context(), tx, "facility", x.facility, second) })
	if got := x.hung(t, x.facility) + "," + x.hung(t, second); got != ",abc" {
		t.Fatalf("after it followed: %s", got)
	}
	list, err := x.store.List(t.Context(), x.planner, x.owner, second)
	if err != nil || list[0].DivisionCode != east+"001" || list[0].Version != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	if err := x.store.Remove(t.Context(), x.eastSteward, x.owner, second, list[1].ID, 2, "模糊"); err != nil {
		t.Fatalf("a steward of the place where it is now: %v", err)
	}
	on := x.moving(t, x.planner, func(tx *postgres.Tx) error { return x.store.Follow(t.Context(), tx, "facility", second, third) })
	x.moving(t, x.planner, func(tx *postgres.Tx) error {
		return x.store.Return(t.Context(), tx, "facility", x.facility, merge, []string{second, third})
	})
	if got := x.hung(t, x.facility) + "," + x.hung(t, second) + "," + x.hung(t, third); got != "a,,c" {
		t.Errorf("after the first came back: %s; what was removed stays away", got)
	}
	x.moving(t, x.planner, func(tx *postgres.Tx) error {
		return x.store.Return(t.Context(), tx, "facility", second, on, []string{third})
	})
	if got := x.hung(t, x.facility) + "," + x.hung(t, second) + "," + x.hung(t, third); got != "a,c," {
		t.Errorf("after the second did: %s; what the first has again is the first's", got)
	}
	err = x.db.Write(t.Context(), x.planner, "move", func(tx *postgres.Tx) error {
		return x.store.Follow(t.Context(), tx, "facility", x.facility, "0198c0de-0000-7000-8000-000000000000")
	})
	if !errors.Is(err, attachmentdb.ErrNoOwner) {
		t.Errorf("onto nothing: %v", err)
	}
}
