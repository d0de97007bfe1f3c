package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"yike/geo"
	"yike/internal/pack"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// A layer declared shifted that is not blames itself, not the roads.
func TestWronglyDeclaredShiftBlamesItsLayer(t *testing.T) {
	t.Parallel()
	db, dir := dbtest.New(t), town(t, 10000, 3)
	edit(t, dir, func(m *pack.Manifest) { m.Layers.Buildings.CRS = "GCJ-02" })
	bad := refused(t, db, dir)
	if f := bad.Faults[0]; bad.Layer != pack.Buildings || f.File != "buildings.geojson" || !strings.Contains(f.Reason.EN, "read as WGS 84") || !strings.Contains(f.Reason.EN, "too far west") {
		t.Errorf("says %s", bad)
	}
}

// Shifted facilities lie outside their divisions; what is named is the shift.
func TestShiftedFacilitiesNameTheShift(t *testing.T) {
	t.Parallel()
	db, dir := dbtest.New(t), town(t, 200000, 1)
	move(t, dir, "facilities.geojson", geo.WGS84ToGCJ02)
	bad := refused(t, db, dir)
	if f := bad.Faults[0]; bad.Layer != pack.Facilities || !strings.Contains(f.Reason.EN, "GCJ-02") || !strings.Contains(bad.Error(), "--accept-crs facilities") {
		t.Errorf("says %s", bad)
	}
}

// Divisions that are shifted leave people outside. No road tells, so that does.
func TestShiftedDivisionsLeavePeopleOutside(t *testing.T) {
	t.Parallel()
	db, dir := dbtest.New(t), town(t, 20000, 3)
	move(t, dir, "divisions.geojson", geo.WGS84ToGCJ02)
	bad := refused(t, db, dir)
	if f := bad.Faults[0]; bad.Layer != pack.Population || !strings.Contains(f.Reason.EN, "outside every division") || !strings.Contains(bad.Error(), "--accept-crs population") {
		t.Errorf("says %s", bad)
	}
}

func TestEmptyPopulationIsRefused(t *testing.T) {
	t.Parallel()
	db, dir := dbtest.New(t), town(t, 2000, 3)
	name := filepath.Join(dir, "population.csv")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(data), "\n")
	if err := os.WriteFile(name, []byte(head+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	bad := refused(t, db, dir)
	if f := bad.Faults[0]; bad.Layer != pack.Population || f.File != "population.csv" || !strings.Contains(f.Reason.EN, "not one record") {
		t.Errorf("says %s", bad)
	}
}

// Two divisions of one level on the same ground would share their people by chance.
func TestDivisionsOnTheSameGroundAreRefused(t *testing.T) {
	t.Parallel()
	db, dir := dbtest.New(t), town(t, 20000, 3)
	name := filepath.Join(dir, "divisions.geojson")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	twin := ""
	for _, line := range lines {
		if strings.Contains(line, `"code":"990100001001"`) {
			twin = strings.TrimSuffix(strings.Replace(line, `"code":"990100001001"`, `"code":"990100001099"`, 1), ",")
		}
	}
	if twin == "" {
		t.Fatal("the demo has no community 990100001001")
	}
	if err := os.WriteFile(name, []byte(strings.Replace(string(data), lines[1], twin+",\n"+lines[1], 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	bad := refused(t, db, dir)
	if f := bad.Faults[0]; bad.Layer != pack.Divisions || !strings.Contains(f.Reason.EN, "990100001099") || !strings.Contains(f.Reason.EN, "by 100%") {
		t.Errorf("says %s", bad)
	}
}

// A pack takes the place of another one of its authority only when it is told to, and
// then no record of the old one lends its id to a new place.
func TestAnotherPackOfTheSameAuthority(t *testing.T) {
	t.Parallel()
	db, first, second := dbtest.New(t), town(t, 2000, 3), town(t, 2000, 4)
	for _, dir := range []string{first, second} {
		edit(t, dir, func(m *pack.Manifest) { m.Synthetic = false })
	}
	edit(t, second, func(m *pack.Manifest) { m.ID = "another" })
	mustLoad(t, db, first, loadOptions{})
	old := facilityIDs(t, db)
	if bad := refused(t, db, second); bad.Faults[0].Field != "id" || !strings.Contains(bad.Error(), "--replace") {
		t.Errorf("says %s", bad)
	}
	mustLoad(t, db, second, loadOptions{Replace: true})
	for id := range facilityIDs(t, db) {
		if old[id] {
			t.Fatalf("facility %s of the old pack is now another place", id)
		}
	}
	whole := dbtest.New(t)
	mustLoad(t, whole, second, loadOptions{})
	if got, want := contents(t, db, false), contents(t, whole, false); len(got) == 0 || !maps.Equal(got, want) {
		t.Error("a replaced pack differs from one loaded first")
	}
}

func facilityIDs(t *testing.T, db *postgres.DB) map[string]bool {
	t.Helper()
	rows, err := db.Pool().Query(t.Context(), `SELECT id::text FROM facility`)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(list) == 0 {
		t.Fatalf("read facilities: %v, %d of them", err, len(list))
	}
	ids := map[string]bool{}
	for _, id := range list {
		ids[id] = true
	}
	return ids
}
