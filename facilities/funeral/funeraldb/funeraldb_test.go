package funeraldb_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"yike/facilities/funeral"
	"yike/facilities/funeral/funeraldb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

const (
	adcode = "990001"
	today  = record.Day("2026-11-27")
	west   = "990001001"
	east   = "990001002"
)

type fixture struct {
	db                    *postgres.DB
	store                 *funeraldb.Store
	closing, hall, parlor string // ids
	planner, eastSteward  postgres.Writer
}

func newFixture(t *testing.T) fixture {
	t.Helper()
	db := dbtest.New(t)
	x := fixture{db: db, store: funeraldb.New(db)}
	x.planner, x.eastSteward = person(t, db, "planner", ""), person(t, db, "subdistrict_steward", east)
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "a town", func(tx *postgres.Tx) error {
		for _, code := range []string{west + "001", west + "002"} {
			_, err := tx.Exec(t.Context(), `
INSERT INTO division (adcode, id, code, level, name_zh, geom)
VALUES (@adcode, gen_random_uuid(), @code, 'community', @code, ST_Multi(ST_MakeEnvelope(117, 39, 117.1, 39.1, 4326)))`,
				pgx.StrictNamedArgs{"adcode": adcode, "code": code})
			if err != nil {
				return err
			}
		}
		for _, f := range []struct {
			id                         *string
			kind, name, fields, placed string
		}{
			{&x.closing, "columbarium", "关", `{"fate":"merge","niches_total":80,"niches_used":70,"level":"village"}`, "given"},
			{&x.hall, "columbarium", "收", `{"fate":"improve","niches_total":300,"niches_used":100}`, ""},
			{&x.parlor, "cemetery", "墓", `{}`, "given"},
		} {
			err := tx.QueryRow(t.Context(), `
INSERT INTO facility (adcode, id, source_id, type, name_zh, status, division_code, geom, placed_by, fields)
VALUES (@adcode, gen_random_uuid(), @name, @kind, @name, 'open', @division, CASE WHEN @placed = '' THEN NULL ELSE ST_Point(117.05, 39.05, 4326) END, @placed, @fields)
RETURNING id::text`, pgx.StrictNamedArgs{"adcode": adcode, "name": f.name, "kind": f.kind, "division": west + "001", "placed": f.placed, "fields": f.fields}).Scan(f.id)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func person(t *testing.T, db *postgres.DB, role, division string) postgres.Writer {
	t.Helper()
	w := postgres.Writer{AdCode: adcode, Who: role}
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "make an account", func(tx *postgres.Tx) error {
		return tx.QueryRow(t.Context(), `
WITH made AS (INSERT INTO account (adcode, id, name, display_name) VALUES (@adcode, gen_random_uuid(), @name, @name) RETURNING adcode, id)
INSERT INTO account_grant (adcode, id, account_id, role, division_code) SELECT adcode, gen_random_uuid(), id, @role, @division FROM made RETURNING account_id::text`,
			pgx.StrictNamedArgs{"adcode": adcode, "name": "a-" + role[:4] + "-" + division + "0", "role": role, "division": division}).Scan(&w.Account)
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func because(reason string) record.Change { return record.Change{Reason: reason} }

func (x fixture) move() funeral.Transfer {
	return funeral.Transfer{From: x.closing, To: x.hall, Year: 2027, Niches: 70, Villages: []string{west + "001"}, Note: "清明后"}
}

func TestTransfers(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	w := x.planner
	w.Key, w.RequestHash = "k", []byte("h")
	made, err := x.store.Create(t.Context(), w, x.move(), because("整合"), today)
	want := x.move()
	want.DivisionCode, want.Version = west+"001", 1
	if d := cmp.Diff(want, made, cmpopts.IgnoreFields(funeral.Transfer{}, "ID")); d != "" || err != nil {
		t.Fatal(d, err)
	}
	again, err := x.store.Create(t.Context(), w, x.move(), because("整合"), today)
	if d := cmp.Diff(made, again); d != "" || err != nil {
		t.Error("the same request again:", d, err)
	}
	year, cancelled := 2028, true
	changed, err := x.store.Update(t.Context(), x.planner, made.ID, 1, funeral.Patch{Year: &year}, because("推迟"), today)
	if err != nil || changed.Year != 2028 || changed.Version != 2 {
		t.Errorf("%+v, %v", changed, err)
	}
	same, err := x.store.Update(t.Context(), x.planner, made.ID, 2, funeral.Patch{Year: &year}, because("再说一遍"), today)
	if err != nil || same.Version != 2 {
		t.Errorf("nothing to change: %+v, %v", same, err)
	}
	var stale *postgres.StaleError
	if _, err := x.store.Update(t.Context(), x.planner, made.ID, 1, funeral.Patch{Cancelled: &cancelled}, because("取消"), today); !errors.As(err, &stale) || stale.Current != 2 {
		t.Errorf("a stale version: %v", err)
	}
	if _, err := x.store.Update(t.Context(), x.planner, made.ID, 2, funeral.Patch{Cancelled: &cancelled}, because("取消"), today); err != nil {
		t.Error(err)
	}
	list, err := x.store.List(t.Context(), x.planner)
	if err != nil || len(list) != 1 || !list[0].Cancelled || list[0].Version != 3 {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestTransfersThatAreRefused(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	made, err := x.store.Create(t.Context(), x.planner, x.move(), because("整合"), today)
	if err != nil {
		t.Fatal(err)
	}
	bad := x.move()
	bad.Villages, bad.Year = []string{"1"}, 1999
	var invalid *record.InvalidError
	if _, err := x.store.Create(t.Context(), x.planner, bad, because(""), today); !errors.As(err, &invalid) || len(invalid.Faults) != 3 {
		t.Errorf("%v", err)
	}
	year := 1999
	if _, err := x.store.Update(t.Context(), x.planner, made.ID, 1, funeral.Patch{Year: &year}, because("早些"), today); !errors.As(err, &invalid) {
		t.Errorf("%v", err)
	}
	var forbidden *postgres.ForbiddenError
	if _, err := x.store.Create(t.Context(), x.eastSteward, x.move(), because("整合"), today); !errors.As(err, &forbidden) {
		t.Errorf("of another subdistrict: %v", err)
	}
	if _, err := x.store.Update(t.Context(), x.eastSteward, made.ID, 1, funeral.Patch{}, because("整合"), today); !errors.As(err, &forbidden) {
		t.Errorf("of another subdistrict: %v", err)
	}
	for _, id := range []string{"", "x", x.hall} {
		if _, err := x.store.Update(t.Context(), x.planner, id, 1, funeral.Patch{}, because("整合"), today); !errors.Is(err, funeraldb.ErrNotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	list, err := x.store.Places(t.Context(), x.eastSteward)
	if err != nil || len(list) != 3 {
		t.Fatalf("%+v, %v", list, err)
	}
	for _, f := range list {
		if h := funeral.HallOf(f); f.ID == x.closing && (h.Fate != funeral.Merge || *h.Used != 70) || f.Unplaced != (f.ID == x.hall) {
			t.Errorf("%+v", f)
		}
	}
	none, err := x.store.Places(t.Context(), postgres.Writer{AdCode: adcode, Account: x.hall, Who: "nobody"})
	if err != nil || len(none) != 0 {
		t.Errorf("as nobody: %d, %v", len(none), err)
	}
}
