package divisiondb_test

import (
	"math"
	"testing"

	"yike/geo"
	"yike/geo/divisions"
	"yike/geo/divisions/divisiondb"
	"yike/internal/postgres/dbtest"
)

// Grids that tile a community leave no seam; a gap, an overlap and a community without any
// are measured in square metres.
func TestGridSeams(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	const sub = "120111001"
	of := func(code string, level divisions.Level, parent string, w, e float64) divisions.Division {
		return divisions.Division{Code: code, Level: level, ParentCode: parent, NameZH: code, Complete: true, Boundary: box(w, 39, e, 39.001)}
	}
	community := func(n string, w, e float64) divisions.Division {
		return of(sub+n, divisions.Community, sub, w, e)
	}
	grid := func(n, g string, w, e float64) divisions.Division {
		return of(sub+n+g, divisions.Grid, sub+n, w, e)
	}
	replace(t, db, []divisions.Division{
		of(sub, divisions.Subdistrict, "", 117, 117.04),
		community("001", 117, 117.01), grid("001", "01", 117, 117.004), grid("001", "02", 117.004, 117.01),
		community("002", 117.01, 117.02), grid("002", "01", 117.01, 117.016),
		community("003", 117.02, 117.03), grid("003", "01", 117.02, 117.026), grid("003", "02", 117.025, 117.03),
		community("004", 117.03, 117.04),
	})
	got, err := divisiondb.New(db).GridSeams(t.Context(), "120111")
	if err != nil || len(got) != 4 {
		t.Fatal(got, err)
	}
	tenth := geo.Area(box(117, 39, 117.001, 39.001))
	for code, want := range map[string]divisiondb.Seams{"001": {}, "002": {GapM2: 4 * tenth}, "003": {OverlapM2: tenth}, "004": {GapM2: 10 * tenth}} {
		m := got[sub+code]
		if math.Abs(m.GapM2-want.GapM2) > 0.01*want.GapM2+0.4 || math.Abs(m.OverlapM2-want.OverlapM2) > 0.01*want.OverlapM2+0.4 {
			t.Errorf("%s: %+v, want %+v", code, m, want)
		}
	}
	if none, err := divisiondb.New(db).GridSeams(t.Context(), "990001"); err != nil || len(none) != 0 {
		t.Error(none, err)
	}
}
