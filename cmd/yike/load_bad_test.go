package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/geo"
	"yike/internal/pack"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// refused loads a pack that must be refused as bad input, and holds that nothing of it
// was stored.
func refused(t *testing.T, db *postgres.DB, dir string) *pack.BadPackError {
	t.Helper()
	before := contents(t, db, true)
	_, err := runLoad(t.Context(), db, dir, loadOptions{}, silent)
	var bad *pack.BadPackError
	if !errors.As(err, &bad) || !isBadInput(err) {
		t.Fatalf("got %v, want bad input", err)
	}
	if d := cmp.Diff(before, contents(t, db, true)); d != "" {
		t.Errorf("something was stored: %s", d)
	}
	for _, f := range bad.Faults {
		if f.Reason.ZH == "" || f.Reason.EN == "" {
			t.Errorf("not in both languages: %+v", f)
		}
	}
	return bad
}

// Every way in which a pack can be wrong stops the load with file, row, field and
// reason, before anything is stored; over an earlier load too.
func TestBadPacks(t *testing.T) {
	t.Parallel()
	exchange := func(p orb.Point) orb.Point { return orb.Point{p[1], p[0]} }
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, dir string)
		layer string
		fault pack.Fault // file, row (0: none or any), field
		says  string     // in the reason, English
	}{
		{
			"a truncated extract", func(t *testing.T, dir string) { cut(t, dir, "roads.osm") },
			pack.Roads,
			pack.Fault{File: "roads.osm"},
			"cut off",
		},
		{
			"a file that is not there", func(t *testing.T, dir string) { remove(t, dir, "population.csv") },
			"manifest",
			pack.Fault{File: "manifest.yaml", Field: "layers.population.file"},
			"no such file",
		},
		{
			"no manifest", func(t *testing.T, dir string) { remove(t, dir, "manifest.yaml") },
			"manifest",
			pack.Fault{File: "manifest.yaml"},
			"no manifest",
		},
		{"an undeclared coordinate system", func(t *testing.T, dir string) {
			replaceIn(t, dir, "manifest.yaml", "file: buildings.geojson\n    crs: EPSG:4326", "file: buildings.geojson")
		}, "manifest", pack.Fault{File: "manifest.yaml", Field: "layers.buildings.crs"}, "not declared"},
		{"exchanged coordinates of people", func(t *testing.T, dir string) {
			edit(t, dir, func(m *pack.Manifest) { m.Layers.Population.Fields = map[string]string{"lon": "lat", "lat": "lon"} })
		}, pack.Population, pack.Fault{File: "population.csv"}, "exchanged"},
		{
			"exchanged coordinates of buildings", func(t *testing.T, dir string) { move(t, dir, "buildings.geojson", exchange) },
			pack.Buildings,
			pack.Fault{File: "buildings.geojson"},
			"exchanged",
		},
		{"a column that is not there", func(t *testing.T, dir string) {
			edit(t, dir, func(m *pack.Manifest) { m.Layers.Population.Bands["60+"] = []string{"elders"} })
		}, pack.Population, pack.Fault{File: "population.csv", Field: "layers.population.bands.60+"}, "no such column"},
		{
			"a negative population", func(t *testing.T, dir string) { setCell(t, dir, 1, 3, "-2") },
			pack.Population,
			pack.Fault{File: "population.csv", Row: 2, Field: "resident_all"},
			"negative",
		},
		{
			"a word for a number", func(t *testing.T, dir string) { setCell(t, dir, 4, 6, "some") },
			pack.Population,
			pack.Fault{File: "population.csv", Row: 5, Field: "resident_60plus"},
			"not a number",
		},
		{"a facility outside every division", func(t *testing.T, dir string) {
			moveFirst(t, dir, "facilities.geojson", orb.Point{0.03, 0.09})
		}, pack.Facilities, pack.Fault{File: "facilities.geojson", Row: 1, Field: "geometry"}, "outside every division"},
		{"a facility of no known type", func(t *testing.T, dir string) {
			replaceIn(t, dir, "facilities.geojson", `"type":"day_care_centre"`, `"type":"tea_house"`)
		}, pack.Facilities, pack.Fault{File: "facilities.geojson", Row: 1, Field: "type"}, "catalogue"},
		{"a boundary that crosses itself", func(t *testing.T, dir string) {
			knot := `{"type":"MultiPolygon","coordinates":[[[[117,39],[117.1,39.1],[117.1,39],[117,39.1],[117,39]]]]}`
			replaceIn(t, dir, "divisions.geojson", "]}\n", `,{"type":"Feature","properties":{"code":"990100099","level":"subdistrict","name_zh":"结"},"geometry":`+knot+"}\n]}\n")
			fillPeople(t, dir)
		}, pack.Divisions, pack.Fault{Field: "geometry"}, "crosses itself"},
		{"another place on earth", func(t *testing.T, dir string) {
			move(t, dir, "buildings.geojson", func(p orb.Point) orb.Point { return orb.Point{p[0] + 3, p[1]} })
		}, pack.Buildings, pack.Fault{File: "buildings.geojson", Field: "layers.buildings.crs"}, "km from the roads"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db, dir := dbtest.New(t), town(t, 2000, 3)
			mustLoad(t, db, dir, loadOptions{})
			c.spoil(t, dir)
			bad := refused(t, db, dir)
			if bad.Layer != c.layer {
				t.Errorf("blames %s, want %s", bad.Layer, c.layer)
			}
			f := bad.Faults[0]
			if f.File != c.fault.File || c.fault.Row != 0 && f.Row != c.fault.Row || c.fault.Field != "" && f.Field != c.fault.Field || !strings.Contains(f.Reason.EN, c.says) {
				t.Errorf("says %s", bad)
			}
		})
	}
}

// Data in the coordinates of Chinese web maps but declared WGS 84 stop the load; a
// person may insist, which is kept; declared rightly they come out where they belong.
func TestShiftedBuildings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		crs   string
		shift func(orb.Point) orb.Point
	}{
		{"GCJ-02", geo.WGS84ToGCJ02},
		{"BD-09", func(p orb.Point) orb.Point { return geo.GCJ02ToBD09(geo.WGS84ToGCJ02(p)) }},
	} {
		t.Run(c.crs, func(t *testing.T) {
			t.Parallel()
			db, dir := dbtest.New(t), town(t, 10000, 3)
			mustLoad(t, db, dir, loadOptions{})
			places := buildingPlaces(t, db)
			move(t, dir, "buildings.geojson", c.shift)
			bad := refused(t, db, dir)
			f := bad.Faults[0]
			shift := geo.Distance(orb.Point{117, 39.1}, c.shift(orb.Point{117, 39.1}))
			if bad.Layer != pack.Buildings || f.File != "buildings.geojson" || !strings.Contains(f.Reason.EN, c.crs) {
				t.Errorf("says %s", bad)
			}
			for _, says := range []string{fmt.Sprintf("%.0f", shift/10), "in the median", "--accept-crs buildings"} {
				if !strings.Contains(bad.Error(), says) {
					t.Errorf("%q is not in %s", says, bad)
				}
			}
			mustLoad(t, db, dir, loadOptions{AcceptCRS: []string{pack.Buildings}})
			if !crsAccepted(t, db)[pack.Buildings] || crsAccepted(t, db)[pack.Population] {
				t.Error("what a person insisted on is not kept")
			}
			edit(t, dir, func(m *pack.Manifest) { m.Layers.Buildings.CRS = c.crs })
			mustLoad(t, db, dir, loadOptions{})
			if crsAccepted(t, db)[pack.Buildings] {
				t.Error("accepted although nothing was wrong")
			}
			for id, p := range buildingPlaces(t, db) {
				if m := geo.Distance(p, places[id]); m > 0.02 {
					t.Fatalf("%s is %.2f m off", id, m)
				}
			}
		})
	}
}

// Fewer than thirty points near roads say too little, shifted or not: a warning, no more.
func TestFewShiftedPointsOnlyWarn(t *testing.T) {
	t.Parallel()
	db, dir := dbtest.New(t), town(t, 2000, 3)
	move(t, dir, "facilities.geojson", geo.WGS84ToGCJ02)
	edit(t, dir, func(m *pack.Manifest) {
		m.Layers.Divisions = nil // else they would lie outside
		m.Layers.Facilities.Fields = map[string]string{"serves": ""}
	})
	got := mustLoad(t, db, dir, loadOptions{})
	f := got.Layers[len(got.Layers)-1]
	if f.Kind != pack.Facilities || f.Rows >= 30 || !strings.Contains(fmt.Sprint(f.Report.Warnings), "too few to check") {
		t.Errorf("got %+v", f)
	}
}

// A file that changes while it is read is not stored under the digest of the old one.
func TestFileChangedWhileReading(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, kind, file string
		change           func(t *testing.T, dir string)
	}{
		{"written anew", pack.Facilities, "facilities.geojson", func(t *testing.T, dir string) {
			replaceIn(t, dir, "facilities.geojson", `"status":"open"`, `"status":"closed"`)
		}},
		{"gone", pack.Population, "population.csv", func(t *testing.T, dir string) { remove(t, dir, "population.csv") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db, dir := dbtest.New(t), town(t, 2000, 3)
			m, err := pack.Read(dir)
			if err != nil {
				t.Fatal(err)
			}
			l := newLoader(db, m, dir, loadOptions{}, silent)
			s := l.step(c.kind)
			read := s.read
			s.read = func(ctx context.Context, s *loadStep) error {
				err := read(ctx, s)
				c.change(t, dir)
				return err
			}
			var bad *pack.BadPackError
			if err := l.prepare(t.Context()); !errors.As(err, &bad) || bad.Layer != c.kind || bad.Faults[0].File != c.file ||
				!strings.Contains(bad.Faults[0].Reason.EN, "changed while") || bad.Faults[0].Hint.ZH == "" {
				t.Errorf("got %v", err)
			}
		})
	}
}

// Two layers of one GeoPackage in two systems: the one that contradicts its file is
// found, whichever comes last.
func TestTwoLayersOfOneFile(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("needs ogr2ogr (Debian package gdal-bin)")
		}
		t.Skip("needs ogr2ogr (Debian package gdal-bin)")
	}
	for wrong, layers := range [][2]string{{"EPSG:4549", "EPSG:4548"}, {"EPSG:4548", "EPSG:4549"}} {
		db, dir := dbtest.New(t), town(t, 2000, 3)
		where := `"level" = 'community'`
		ogr(t, dir, "-f", "GPKG", "-t_srs", "EPSG:4548", "-nln", "wide", "-where", "NOT "+where, "d.gpkg", "divisions.geojson")
		ogr(t, dir, "-f", "GPKG", "-update", "-t_srs", "EPSG:4548", "-nln", "fine", "-where", where, "d.gpkg", "divisions.geojson")
		edit(t, dir, func(m *pack.Manifest) {
			wide := *m.Layers.Divisions[0]
			wide.File, wide.SubName, wide.CRS = "d.gpkg", "wide", layers[0]
			fine := wide
			fine.SubName, fine.CRS = "fine", layers[1]
			m.Layers.Divisions = []*pack.Layer{&wide, &fine}
		})
		bad := refused(t, db, dir)
		if f := bad.Faults[0]; f.Field != fmt.Sprintf("layers.divisions[%d].crs", wrong) || !strings.Contains(f.Reason.EN, "the file itself says") {
			t.Errorf("says %s", bad)
		}
	}
}

func TestAcceptNamesALayer(t *testing.T) {
	t.Parallel()
	_, err := runLoad(t.Context(), dbtest.New(t), town(t, 2000, 3), loadOptions{AcceptCRS: []string{"houses"}}, silent)
	var bad *pack.BadPackError
	if !errors.As(err, &bad) || bad.Faults[0].Value != "houses" {
		t.Errorf("got %v", err)
	}
}

func cut(t *testing.T, dir, file string) {
	t.Helper()
	name := filepath.Join(dir, file)
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, info.Size()/2); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, dir, file string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, file)); err != nil {
		t.Fatal(err)
	}
}

// setCell changes one cell of population.csv; row 0 is the head.
func setCell(t *testing.T, dir string, row, column int, value string) {
	t.Helper()
	name := filepath.Join(dir, "population.csv")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	cells := strings.Split(lines[row], ",")
	cells[column] = value
	lines[row] = strings.Join(cells, ",")
	if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
}

// moveFirst moves the first point of a GeoJSON file and leaves the others.
func moveFirst(t *testing.T, dir, file string, by orb.Point) {
	t.Helper()
	first := true
	move(t, dir, file, func(p orb.Point) orb.Point {
		if first {
			p = orb.Point{p[0] + by[0], p[1] + by[1]}
		}
		first = false
		return p
	})
}

// fillPeople takes the people from the divisions, so that a row without them is fine.
func fillPeople(t *testing.T, dir string) {
	t.Helper()
	edit(t, dir, func(m *pack.Manifest) { m.Layers.Divisions[0].Bands, m.Layers.Divisions[0].RegisteredBands = nil, nil })
}

func buildingPlaces(t *testing.T, db *postgres.DB) map[string]orb.Point {
	t.Helper()
	rows, err := db.Pool().Query(t.Context(), `SELECT source_id, ST_Centroid(geom) FROM building`)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]orb.Point{}
	var id string
	var p orb.Point
	if _, err := pgx.ForEachRow(rows, []any{&id, &p}, func() error { out[id] = p; return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

func crsAccepted(t *testing.T, db *postgres.DB) map[string]bool {
	t.Helper()
	rows, err := db.Pool().Query(t.Context(), `SELECT kind, crs_accepted FROM layer`)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	var kind string
	var yes bool
	if _, err := pgx.ForEachRow(rows, []any{&kind, &yes}, func() error { out[kind] = yes; return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}
