package demogen_test

import (
	"testing"

	"yike/internal/postgres/dbtest"

	"github.com/jackc/pgx/v5"
)

// TestPostGISAgrees is the oracle for the shapes: PostGIS finds every division and
// building valid, no two divisions of a level overlapping, and no gap between them.
func TestPostGISAgrees(t *testing.T) {
	t.Parallel()
	dir, _ := generate(t, 20_000, 1)
	db := dbtest.New(t)
	ctx := t.Context()
	p := readPack(t, dir)
	conn, err := db.Pool().Acquire(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, `CREATE TEMP TABLE shape (code text, level text, geom geometry)`); err != nil {
		t.Fatal(err)
	}
	batch := &pgx.Batch{}
	for _, d := range p.divisions {
		batch.Queue(`INSERT INTO shape VALUES ($1, $2, $3)`, d.code, d.level, d.shape)
	}
	for _, f := range readFeatures(t, dir+"/buildings.geojson") {
		batch.Queue(`INSERT INTO shape VALUES ($1, 'building', $2)`, f.Properties.MustString("source"), f.Geometry)
	}
	if err := conn.SendBatch(ctx, batch).Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, sql string }{
		{"invalid", `SELECT count(*) FROM shape WHERE NOT ST_IsValid(geom)`},
		{"overlapping divisions", `SELECT count(*) FROM shape a JOIN shape b ON a.level = b.level AND a.code < b.code
			AND a.level <> 'building' AND ST_Intersects(a.geom, b.geom) WHERE ST_Area(ST_Intersection(a.geom, b.geom)) > 1e-16`},
		{"overlapping buildings", `SELECT count(*) FROM shape a JOIN shape b ON a.level = 'building' AND b.level = 'building'
			AND a.code < b.code AND a.geom && b.geom WHERE ST_Area(ST_Intersection(a.geom, b.geom)) > 1e-10`},
		{"levels whose union is not the sum of its parts", `SELECT count(*) FROM (SELECT level, ST_Area(ST_Union(geom)) u, sum(ST_Area(geom)) s
			FROM shape WHERE level <> 'building' GROUP BY level) x WHERE abs(u - s) > 1e-12 * s + 1e-16`},
		{"holes in the district", `SELECT coalesce(sum(ST_NumInteriorRings(g)), 0) FROM
			(SELECT (ST_Dump(ST_Union(geom))).geom g FROM shape WHERE level = 'community') x`},
		{"pieces of the district beyond the first", `SELECT ST_NumGeometries(ST_Multi(ST_Union(geom))) - 1 FROM shape WHERE level = 'community'`},
		{"communities outside their subdistrict", `SELECT count(*) FROM shape c JOIN shape s ON s.level = 'subdistrict'
			AND c.level = 'community' AND left(c.code, 9) = s.code WHERE ST_Area(ST_Difference(c.geom, s.geom)) > 1e-16`},
	} {
		var n int
		if err := conn.QueryRow(ctx, c.sql).Scan(&n); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if n != 0 {
			t.Errorf("%d %s", n, c.name)
		}
	}
}
