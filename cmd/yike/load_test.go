package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/cmd/yike/demogen"
	"yike/internal/pack"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// town writes a small synthetic pack of its own for a test.
func town(t *testing.T, people int, seed uint64) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "town")
	if _, err := demogen.Generate(t.Context(), demogen.Options{People: people, Seed: seed}, dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// edit changes a pack's manifest.
func edit(t *testing.T, dir string, change func(*pack.Manifest)) {
	t.Helper()
	m, err := pack.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	change(m)
	if err := pack.Write(dir, m); err != nil {
		t.Fatal(err)
	}
}

// replaceIn changes text in one of a pack's files, once.
func replaceIn(t *testing.T, dir, file, old, with string) {
	t.Helper()
	name := filepath.Join(dir, file)
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(data), old, with, 1)
	if text == string(data) {
		t.Fatalf("%s does not hold %q", file, old)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// move changes every point of one of a pack's GeoJSON files.
func move(t *testing.T, dir, file string, to func(orb.Point) orb.Point) {
	t.Helper()
	name := filepath.Join(dir, file)
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	var walk func(any)
	walk = func(v any) {
		list, ok := v.([]any)
		if !ok {
			return
		}
		if x, ok := list[0].(float64); ok {
			p := to(orb.Point{x, list[1].(float64)})
			list[0], list[1] = p[0], p[1]
			return
		}
		for _, e := range list {
			walk(e)
		}
	}
	for _, f := range doc["features"].([]any) {
		walk(f.(map[string]any)["geometry"].(map[string]any)["coordinates"])
	}
	if data, err = json.Marshal(doc); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func silent(string, string, int, int) {}

func mustLoad(t *testing.T, db *postgres.DB, dir string, opts loadOptions) loadResult {
	t.Helper()
	r, err := runLoad(t.Context(), db, dir, opts, silent)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func states(r loadResult) map[string]string {
	out := map[string]string{}
	for _, l := range r.Layers {
		out[l.Kind] = l.State
	}
	return out
}

// contents sums up every table: with ids, versions and times, or content alone.
func contents(t *testing.T, db *postgres.DB, withIDs bool) map[string]string {
	t.Helper()
	without := `- 'id' - 'recorded' - 'version' - 'change_id' - 'opened_at'`
	if withIDs {
		without = `- 'opened_at'`
	}
	out := map[string]string{}
	for _, table := range []string{
		"pack", "layer", "division", "division_people", "road", "road_barrier", "building", "population_point", "facility",
	} {
		rows, err := db.Pool().Query(t.Context(), `SELECT (to_jsonb(r) `+without+`)::text FROM `+table+` AS r ORDER BY 1`)
		if err != nil {
			t.Fatal(err)
		}
		list, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		h := sha256.Sum256([]byte(strings.Join(list, "\n")))
		out[table] = fmt.Sprint(len(list), " rows ", hex.EncodeToString(h[:8]))
	}
	return out
}

func TestLoadingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	db, dir := dbtest.New(t), town(t, 2000, 3)
	first := mustLoad(t, db, dir, loadOptions{})
	before := contents(t, db, true)
	again := mustLoad(t, db, dir, loadOptions{})
	if d := cmp.Diff(before, contents(t, db, true)); d != "" {
		t.Error(d)
	}
	for i, l := range again.Layers {
		if l.State != "unchanged" || l.Rows != first.Layers[i].Rows || first.Layers[i].State != "stored" {
			t.Errorf("%s: %s, then %s", l.Kind, first.Layers[i].State, l.State)
		}
		if d := cmp.Diff(first.Layers[i].Report, l.Report); d != "" {
			t.Error(d)
		}
	}
}

// Two databases given the same pack hold the same, ids and times apart.
func TestLoadingElsewhereGivesTheSame(t *testing.T) {
	t.Parallel()
	dir := town(t, 2000, 4)
	one, two := dbtest.New(t), dbtest.New(t)
	mustLoad(t, one, dir, loadOptions{})
	mustLoad(t, two, dir, loadOptions{})
	if d := cmp.Diff(contents(t, one, false), contents(t, two, false)); d != "" {
		t.Error(d)
	}
}

func TestOnlyWhatChangedIsStored(t *testing.T) {
	t.Parallel()
	db, dir := dbtest.New(t), town(t, 2000, 3)
	mustLoad(t, db, dir, loadOptions{})
	before := contents(t, db, true)
	replaceIn(t, dir, "facilities.geojson", `"status":"open"`, `"status":"closed"`)
	got := mustLoad(t, db, dir, loadOptions{})
	want := map[string]string{"divisions": "unchanged", "roads": "unchanged", "buildings": "unchanged", "population": "unchanged", "facilities": "stored"}
	if d := cmp.Diff(want, states(got)); d != "" {
		t.Error(d)
	}
	if c := got.Layers[4].Changes; c.Updated != 1 || c.Created+c.Removed != 0 {
		t.Errorf("changes %+v", c)
	}
	after := contents(t, db, true)
	for table := range before {
		if changed := before[table] != after[table]; changed != (table == "facility" || table == "layer") {
			t.Errorf("%s changed: %v", table, changed)
		}
	}
	// The manifest's words alone, without any layer.
	edit(t, dir, func(m *pack.Manifest) { m.Absent = []pack.Text{{ZH: "缺", EN: "absent"}} })
	for kind, state := range states(mustLoad(t, db, dir, loadOptions{})) {
		if state != "unchanged" {
			t.Errorf("%s is %s", kind, state)
		}
	}
	if contents(t, db, true)["pack"] == after["pack"] {
		t.Error("the manifest was not stored")
	}
}

// A layer that the pack no longer has goes, and what stood on it is read again.
func TestLayersGoAndBandsChange(t *testing.T) {
	t.Parallel()
	db, dir := dbtest.New(t), town(t, 2000, 3)
	mustLoad(t, db, dir, loadOptions{})
	edit(t, dir, func(m *pack.Manifest) {
		m.Layers.Buildings, m.Layers.Facilities = nil, nil
		m.Bands = m.Bands[:2]
		delete(m.Layers.Divisions[0].Bands, "0-6")
		for _, sums := range []map[string][]string{
			m.Layers.Divisions[0].Bands, m.Layers.Divisions[0].RegisteredBands, m.Layers.Population.Bands, m.Layers.Population.RegisteredBands,
		} {
			for id := range sums {
				if id != m.Bands[0].ID && id != m.Bands[1].ID {
					delete(sums, id)
				}
			}
		}
	})
	got := states(mustLoad(t, db, dir, loadOptions{}))
	if got["buildings"] != "removed" || got["facilities"] != "removed" || got["population"] != "stored" {
		t.Errorf("got %v", got)
	}
	var buildings, facilities, bands, layers int
	err := db.Pool().QueryRow(t.Context(), `
SELECT (SELECT count(*) FROM building), (SELECT count(*) FROM facility), (SELECT max(cardinality(people)) FROM population_point), (SELECT count(*) FROM layer)`).
		Scan(&buildings, &facilities, &bands, &layers)
	if err != nil || buildings != 0 || facilities != 0 || bands != 2 || layers != 3 {
		t.Errorf("%d buildings, %d facilities, %d bands, %d layers: %v", buildings, facilities, bands, layers, err)
	}
}

// A dry run says what a load would do, and does nothing.
func TestDryRun(t *testing.T) {
	t.Parallel()
	db, dir := dbtest.New(t), town(t, 2000, 3)
	empty := contents(t, db, true)
	dry := mustLoad(t, db, dir, loadOptions{DryRun: true})
	if d := cmp.Diff(empty, contents(t, db, true)); d != "" {
		t.Errorf("a dry run stored something: %s", d)
	}
	wet := mustLoad(t, db, dir, loadOptions{})
	for i, l := range dry.Layers {
		if w := wet.Layers[i]; l.State != "checked" || l.Rows != w.Rows || l.Changes != w.Changes || !cmp.Equal(l.Report, w.Report) {
			t.Errorf("%s: a dry run says %+v, the load %+v", l.Kind, l, w)
		}
	}
}

// Two loads of two packs for one adcode at the same time end as one of the two.
func TestLoadsAtTheSameTime(t *testing.T) {
	t.Parallel()
	one, two := town(t, 2000, 3), town(t, 2000, 4)
	alone := map[string]bool{}
	for _, dir := range []string{one, two} {
		db := dbtest.New(t)
		mustLoad(t, db, dir, loadOptions{})
		alone[fmt.Sprint(contents(t, db, false))] = true
	}
	db := dbtest.New(t)
	done := make(chan error, 2)
	for _, dir := range []string{one, two} {
		go func() {
			_, err := runLoad(t.Context(), db, dir, loadOptions{}, silent)
			done <- err
		}()
	}
	failed := 0
	for range 2 {
		if err := <-done; err != nil {
			failed++
			t.Logf("one of two gave way: %v", err)
		}
	}
	if failed == 2 {
		t.Fatal("both gave way")
	}
	if failed == 0 {
		t.Log("one came after the other")
	}
	if !alone[fmt.Sprint(contents(t, db, false))] {
		t.Error("the database holds a mixture of two packs")
	}
}
