package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"yike/coverage"
	"yike/coverage/coveragedb"
	"yike/geo"
	"yike/geo/divisions"
	"yike/geo/divisions/divisiondb"
	"yike/internal/pack"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// bureau turns a synthetic town into what a bureau has: centrelines as a Shapefile in a
// 3-degree zone, divisions as a GeoPackage, one table of people by community in the
// encoding of Chinese offices, and buildings in GCJ-02.
func bureau(t *testing.T, db *postgres.DB, dir string) {
	t.Helper()
	roads, err := coveragedb.New(db).Roads(t.Context(), "990100")
	if err != nil {
		t.Fatal(err)
	}
	var features []string
	for _, r := range roads {
		var points []string
		for _, p := range r.Line {
			points = append(points, fmt.Sprintf("[%.9f,%.9f]", p[0], p[1]))
		}
		features = append(features, fmt.Sprintf(
			`{"type":"Feature","properties":{"BH":%q,"LB":%q,"MC":%q,"QL":%q,"CJ":%d,"RX":%q},"geometry":{"type":"LineString","coordinates":[%s]}}`,
			r.SourceID, "类"+r.Class, r.Name, map[bool]string{true: "是", false: "否"}[r.Bridge], r.Level,
			map[bool]string{true: "是", false: "否"}[r.Walkable], strings.Join(points, ",")))
	}
	text := `{"type":"FeatureCollection","features":[` + strings.Join(features, ",\n") + `]}`
	if err := os.WriteFile(filepath.Join(dir, "roads.geojson"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ogr(t, dir, "-f", "ESRI Shapefile", "-t_srs", "EPSG:4527", "-lco", "ENCODING=GBK", "道路.shp", "roads.geojson")
	ogr(t, dir, "-f", "GPKG", "-t_srs", "EPSG:4490", "-nln", "辖区", "divisions.gpkg", "divisions.geojson")
	move(t, dir, "buildings.geojson", geo.WGS84ToGCJ02)
	communityTable(t, db, dir)

	edit(t, dir, func(m *pack.Manifest) {
		classes := map[string]string{}
		for _, r := range roads {
			classes["类"+r.Class] = r.Class
		}
		m.Layers.Roads = &pack.Layer{
			File: "道路.shp", CRS: "EPSG:4527",
			Fields: map[string]string{"source": "BH", "class": "LB", "name": "MC", "bridge": "QL", "level": "CJ", "foot": "RX"},
			Values: map[string]map[string]string{"class": classes},
		}
		m.Layers.Divisions[0].File, m.Layers.Divisions[0].CRS, m.Layers.Divisions[0].SubName = "divisions.gpkg", "EPSG:4490", "辖区"
		m.Layers.Buildings.CRS = "GCJ-02"
		m.Layers.Population = &pack.Layer{
			File: "communities.csv", Kind: "communities", Base: "registered", Fields: map[string]string{"code": "编码"},
			Bands: map[string][]string{},
		}
		for _, b := range m.Bands {
			m.Layers.Population.Bands[b.ID] = []string{b.ID}
		}
	})
}

func ogr(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "ogr2ogr", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("ogr2ogr: %v: %s", err, out)
	}
}

// communityTable writes the registered people of each community as divisions have them.
func communityTable(t *testing.T, db *postgres.DB, dir string) {
	t.Helper()
	m, err := pack.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	list, err := divisiondb.New(db).List(t.Context(), "990100")
	if err != nil {
		t.Fatal(err)
	}
	head := []string{"编码"}
	for _, b := range m.Bands {
		head = append(head, b.ID)
	}
	table := [][]string{head}
	for _, d := range list {
		if d.Level != divisions.Community {
			continue
		}
		row := []string{d.Code}
		for _, b := range m.Bands {
			for _, c := range d.People {
				if c.Base == divisions.Registered && c.Band == b.ID {
					row = append(row, coverage.People(c.People).String())
				}
			}
		}
		table = append(table, row)
	}
	var b strings.Builder
	if err := csv.NewWriter(&b).WriteAll(table); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "communities.csv"), []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A bureau's own files give the same town as OSM's: the same divisions, the roads at
// the same places, and the people of each community to the last ten-thousandth.
func TestBureauPack(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("needs ogr2ogr (Debian package gdal-bin)")
		}
		t.Skip("needs ogr2ogr (Debian package gdal-bin)")
	}
	first, db, dir := dbtest.New(t), dbtest.New(t), town(t, 5000, 3)
	mustLoad(t, first, dir, loadOptions{})
	bureau(t, first, dir)
	got := mustLoad(t, db, dir, loadOptions{})
	for _, l := range got.Layers {
		t.Logf("%s: %v %v", l.Kind, l.Report.Facts, l.Report.Warnings)
	}
	if d := cmp.Diff(lengths(t, first), lengths(t, db)); d != "" {
		t.Errorf("roads differ: %s", d)
	}
	byCommunity(t, db)
	var km, kmOSM float64
	for i, at := range []*postgres.DB{first, db} {
		err := at.Pool().QueryRow(t.Context(), `SELECT (report->'counts'->>'length_m')::float FROM layer WHERE kind = 'roads'`).Scan([]any{&kmOSM, &km}[i])
		if err != nil {
			t.Fatal(err)
		}
	}
	if km < 0.99*kmOSM || km > 1.01*kmOSM {
		t.Errorf("the network is %.0f m long, from OSM %.0f m", km, kmOSM)
	}
}

// lengths gives each road's length in decimetres and whether one may walk on it.
func lengths(t *testing.T, db *postgres.DB) map[string]string {
	t.Helper()
	rows, err := db.Pool().Query(t.Context(), `SELECT source_id, format('%s %s %s %s', class, walkable, bridge, round(ST_Length(geom::geography)::numeric, 1)) FROM road`)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	var id, text string
	if _, err := pgx.ForEachRow(rows, []any{&id, &text}, func() error { out[id] = text; return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

// byCommunity holds the people of each community's buildings against its table.
func byCommunity(t *testing.T, db *postgres.DB) {
	t.Helper()
	const sums = `
SELECT d.division_code, d.band, d.people, coalesce(p.people, 0)
FROM division_people d
JOIN division v ON v.code = d.division_code AND v.level = 'community'
JOIN (SELECT band->>'id' AS name, n FROM pack, jsonb_array_elements(manifest->'bands') WITH ORDINALITY AS e(band, n)) AS b ON b.name = d.band
LEFT JOIN LATERAL (
	SELECT sum(q.people[b.n::int])::bigint AS people FROM population_point q
	WHERE q.base = 'registered' AND split_part(q.source_id, '/', 1) = d.division_code
) p ON true
WHERE d.base = 'registered'`
	rows, err := db.Pool().Query(t.Context(), sums)
	if err != nil {
		t.Fatal(err)
	}
	var code, band string
	var want, got int64
	n := 0
	_, err = pgx.ForEachRow(rows, []any{&code, &band, &want, &got}, func() error {
		n++
		if want != got {
			t.Errorf("%s %s: %d, want %d", code, band, got, want)
		}
		return nil
	})
	if err != nil || n < 10 {
		t.Fatalf("%d sums: %v", n, err)
	}
}
