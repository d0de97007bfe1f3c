package exportdb_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/facilities/exportdb"
	"yike/facilities/exports"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

const adcode = "990001"

// person makes an account with a role everywhere.
func person(t *testing.T, db *postgres.DB, role string) postgres.Writer {
	t.Helper()
	w := postgres.Writer{AdCode: adcode, Who: role}
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "make an account", func(tx *postgres.Tx) error {
		return tx.QueryRow(t.Context(), `
WITH made AS (INSERT INTO account (adcode, id, name, display_name) VALUES (@adcode, gen_random_uuid(), @role, @role) RETURNING adcode, id)
INSERT INTO account_grant (adcode, id, account_id, role, division_code) SELECT adcode, gen_random_uuid(), id, @role, '' FROM made RETURNING account_id::text`,
			pgx.StrictNamedArgs{"adcode": adcode, "role": role}).Scan(&w.Account)
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func profile(name string) exports.Profile {
	return exports.Profile{
		Name: name, Types: []facilities.Type{"elderly_canteen"}, Format: "xlsx", System: "wgs84", Days: exports.DaySlash,
		Columns: []exports.ProfileColumn{{Head: "名称", Field: "name_zh"}, {Head: "状态", Field: "status", Default: "无", Codes: []exports.Code{{From: "open", To: "1"}}}, {Head: "单位", Constant: "民政局"}},
	}
}

func good(exports.Profile) []record.Fault { return nil }

func TestProfilesAreKept(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := exportdb.New(db)
	planner, reader := person(t, db, "planner"), person(t, db, "read_only")
	w := planner
	w.Key = "k1"
	made, err := s.Create(t.Context(), w, profile(" 季报 "), good)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.Create(t.Context(), w, profile(" 季报 "), good); err != nil || again.ID != made.ID {
		t.Errorf("the same request: %v, %v", again, err)
	}
	want := profile("季报")
	want.ID, want.Version, want.Who = made.ID, 1, "planner"
	if d := cmp.Diff(want, made); d != "" {
		t.Error(d)
	}
	name := "年报"
	changed, err := s.Update(t.Context(), planner, made.ID, 1, exports.Patch{Name: &name}, good)
	if err != nil || changed.Name != "年报" || changed.Version != 2 {
		t.Fatalf("%+v, %v", changed, err)
	}
	if same, err := s.Update(t.Context(), planner, made.ID, 2, exports.Patch{Name: &name}, good); err != nil || same.Version != 2 {
		t.Errorf("a change of nothing: %+v, %v", same, err)
	}
	if list, err := s.List(t.Context(), reader); err != nil || len(list) != 1 || list[0].Name != "年报" {
		t.Errorf("%v, %v", list, err)
	}
	if err := s.Remove(t.Context(), planner, made.ID, 2); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ByID(t.Context(), reader, made.ID); !errors.Is(err, exportdb.ErrNotFound) {
		t.Error(err)
	}
}

func TestRefusedProfiles(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := exportdb.New(db)
	planner, reader := person(t, db, "planner"), person(t, db, "read_only")
	planner.Key = "k"
	made, err := s.Create(t.Context(), planner, profile("甲"), good)
	if err != nil {
		t.Fatal(err)
	}
	other := planner
	other.Key = "k2"
	var invalid *record.InvalidError
	if _, err := s.Create(t.Context(), other, profile("甲"), good); !errors.As(err, &invalid) || invalid.Faults[0].Field != "name" {
		t.Errorf("the same name: %v", err)
	}
	bad := func(exports.Profile) []record.Fault { return []record.Fault{{Field: "columns", ZH: "x", EN: "x"}} }
	other.Key = "k3"
	if _, err := s.Create(t.Context(), other, profile("乙"), bad); !errors.As(err, &invalid) {
		t.Errorf("invalid: %v", err)
	}
	if _, err := s.Update(t.Context(), planner, made.ID, 1, exports.Patch{}, bad); !errors.As(err, &invalid) {
		t.Errorf("invalid: %v", err)
	}
	var stale *postgres.StaleError
	if _, err := s.Update(t.Context(), planner, made.ID, 7, exports.Patch{}, good); !errors.As(err, &stale) || stale.Current != 1 {
		t.Errorf("stale: %v", err)
	}
	if err := s.Remove(t.Context(), planner, made.ID, 7); !errors.As(err, &stale) {
		t.Errorf("stale: %v", err)
	}
	for _, id := range []string{"x", "00000000-0000-7000-8000-000000000000"} {
		if _, err := s.Update(t.Context(), planner, id, 1, exports.Patch{}, good); !errors.Is(err, exportdb.ErrNotFound) {
			t.Errorf("%s: %v", id, err)
		}
	}
	reader.Key = "k4"
	if _, err := s.Create(t.Context(), reader, profile("丙"), good); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("a reader keeps: %v", err)
	}
	if _, err := s.Update(t.Context(), reader, made.ID, 1, exports.Patch{}, good); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("a reader changes: %v", err)
	}
	if err := s.Remove(t.Context(), reader, made.ID, 1); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("a reader removes: %v", err)
	}
}
