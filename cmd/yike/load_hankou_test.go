package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"yike/geo"
	"yike/internal/pack"
	"yike/internal/postgres/dbtest"
)

// hankouFiles copies the real district's files and manifest into a folder of the
// test's own, or skips where they are not.
func hankouFiles(t *testing.T) string {
	t.Helper()
	const manifest = "../../packs/hankou"
	m, err := pack.Read(manifest)
	if err != nil {
		t.Fatal(err)
	}
	root := m.Folder(manifest, os.Getenv(pack.DataDirEnv))
	if _, err := os.Stat(root); err != nil {
		t.Skipf("the data of Hankou are not on this machine: %v", err)
	}
	dir := t.TempDir()
	for _, n := range m.All() {
		if n.File == "" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(root, n.File))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, n.File), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m.Root = ""
	if err := pack.Write(dir, m); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestHankouLayers(t *testing.T) {
	t.Parallel()
	dir := hankouFiles(t)
	db := dbtest.New(t)
	got := mustLoad(t, db, dir, loadOptions{})
	rows := map[string]int{}
	for _, l := range got.Layers {
		rows[l.Kind] = l.Rows
	}
	for kind, n := range map[string]int{"divisions": 13, "buildings": 1040, "population": 3727} {
		if rows[kind] != n {
			t.Errorf("%d %s, want %d", rows[kind], kind, n)
		}
	}
	if rows["roads"] < 792 || rows["facilities"] < 20 {
		t.Errorf("rows %v", rows)
	}
	var whole, examples, others int
	err := db.Pool().QueryRow(t.Context(), `
SELECT (SELECT count(*) FROM division WHERE complete), (SELECT count(DISTINCT type) FROM facility WHERE example AND name_zh LIKE '示例%'),
	(SELECT count(*) FROM facility WHERE NOT example)`).Scan(&whole, &examples, &others)
	if err != nil || whole != 1 || examples != 5 || others != 0 {
		t.Errorf("%d whole subdistricts, examples of %d types, %d others: %v", whole, examples, others, err)
	}
	for kind, state := range states(mustLoad(t, db, dir, loadOptions{})) {
		if state != "unchanged" {
			t.Errorf("%s is %s the second time", kind, state)
		}
	}
}

// The real extract cut off, and the real buildings shifted as web maps shift them.
func TestHankouSpoiled(t *testing.T) {
	t.Parallel()
	dir := hankouFiles(t)
	db := dbtest.New(t)
	move(t, dir, "buildings.geojson", geo.WGS84ToGCJ02)
	bad := refused(t, db, dir)
	if bad.Layer != pack.Buildings || !strings.Contains(bad.Error(), "GCJ-02") || !strings.Contains(bad.Error(), "south-east") {
		t.Errorf("says %s", bad)
	}
	cut(t, dir, "hankou.osm.pbf")
	if bad := refused(t, db, dir); bad.Layer != pack.Roads || bad.Faults[0].File != "hankou.osm.pbf" {
		t.Errorf("says %s", bad)
	}
}

// GDAL's own reading of the extract is the oracle for which lines are roads and where
// they run.
func TestHankouRoadsAgreeWithGDAL(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("needs ogr2ogr (Debian package gdal-bin)")
		}
		t.Skip("needs ogr2ogr (Debian package gdal-bin)")
	}
	dir := hankouFiles(t)
	cmd := exec.CommandContext(t.Context(), "ogr2ogr", "-f", "CSV", "/vsistdout/", filepath.Join(dir, "hankou.osm.pbf"),
		"-dialect", "sqlite", "-sql", "SELECT 'way/' || osm_id, ST_NumPoints(geometry) FROM lines WHERE highway IS NOT NULL")
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		t.Skipf("this GDAL cannot: %s", exit.Stderr)
	} else if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n")[1:] {
		want[strings.ReplaceAll(strings.TrimSpace(line), `"`, "")] = true
	}
	db := dbtest.New(t)
	mustLoad(t, db, dir, loadOptions{})
	rows, err := db.Pool().Query(t.Context(), `SELECT source_id || ',' || ST_NPoints(geom) FROM road`)
	if err != nil {
		t.Fatal(err)
	}
	missing := len(want)
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		if want[line] {
			missing--
		} else {
			t.Logf("GDAL has no line %s", line)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	// GDAL makes closed pedestrian areas polygons, and keeps lines that are no roads yet.
	if len(want) < 700 || missing > 10 {
		t.Errorf("%d of GDAL's %d lines are not among the roads", missing, len(want))
	}
}
