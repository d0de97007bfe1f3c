package postgres_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/internal/postgres/dbtest"
)

func TestGeometryRoundTrip(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	square := orb.Ring{{117, 39}, {117.1, 39}, {117.1, 39.1}, {117, 39.1}, {117, 39}}
	hole := orb.Ring{{117.02, 39.02}, {117.02, 39.04}, {117.04, 39.04}, {117.04, 39.02}, {117.02, 39.02}}
	for name, g := range map[string]orb.Geometry{
		"point":      orb.Point{117.1234567, 39.7654321},
		"points":     orb.MultiPoint{{117, 39}, {118, 40}},
		"line":       orb.LineString{{117, 39}, {117.5, 39.5}, {118, 39}},
		"lines":      orb.MultiLineString{{{117, 39}, {118, 40}}, {{1, 2}, {3, 4}, {5, 6}}},
		"polygon":    orb.Polygon{square, hole},
		"polygons":   orb.MultiPolygon{{square, hole}, {{{1, 1}, {2, 1}, {2, 2}, {1, 1}}}},
		"empty":      orb.MultiPolygon{},
		"collection": orb.Collection{orb.Point{1, 2}, orb.LineString{{1, 2}, {3, 4}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got orb.Geometry
			var srid int
			var text string
			err := db.Pool().QueryRow(t.Context(), `SELECT $1::geometry, ST_SRID($1::geometry), ST_AsText($1::geometry)`, g).Scan(&got, &srid, &text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(g, got); diff != "" || srid != 4326 {
				t.Errorf("SRID %d, text %s, difference (-want +got):\n%s", srid, text, diff)
			}
		})
	}
}

func TestGeometryNullAndMismatch(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	line := orb.LineString{{1, 1}, {2, 2}}
	if err := db.Pool().QueryRow(t.Context(), `SELECT NULL::geometry`).Scan(&line); err != nil || line != nil {
		t.Errorf("NULL scans into %v, %v; want nil, nil", line, err)
	}
	var isNull bool
	if err := db.Pool().QueryRow(t.Context(), `SELECT $1::geometry IS NULL`, orb.LineString(nil)).Scan(&isNull); err != nil || !isNull {
		t.Errorf("nil line is NULL: %v, %v; want true", isNull, err)
	}
	var p orb.Point
	if err := db.Pool().QueryRow(t.Context(), `SELECT 'LINESTRING(0 0,1 1)'::geometry`).Scan(&p); err == nil {
		t.Error("a line scans into a point; want an error")
	}
	if err := db.Pool().QueryRow(t.Context(), `SELECT 'SRID=3857;POINT(13000000 4800000)'::geometry`).Scan(&p); err == nil {
		t.Errorf("metres scan into %v as degrees; want an error", p)
	}
}

func TestGeometryCopy(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	var all []orb.Point
	err := db.Pool().QueryRow(t.Context(), `SELECT array_agg(g) FROM (VALUES ($1::geometry), ($2::geometry)) v(g)`,
		orb.Point{1, 2}, orb.Point{3, 4}).Scan(&all)
	if diff := cmp.Diff([]orb.Point{{1, 2}, {3, 4}}, all); err != nil || diff != "" {
		t.Errorf("array: %v, difference (-want +got):\n%s", err, diff)
	}
}
