package coveragedb_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/coverage/coveragedb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// Houses of an estate are told by the estate, those of another division apart, and what
// nobody lives in by nothing.
func TestEstates(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := coveragedb.New(db)
	if got, err := s.Estates(t.Context(), adcode); err != nil || len(got) != 0 {
		t.Errorf("%v, %v of no buildings", got, err)
	}
	var list []coveragedb.Building
	add := func(name, use, division string) {
		x := float64(len(list)) / 1000
		list = append(list, coveragedb.Building{
			SourceID: string(rune('a' + len(list))), Name: name, Use: use, DivisionCode: division,
			Boundary: orb.MultiPolygon{{{{x, 0}, {x + 0.0002, 0}, {x + 0.0002, 0.0002}, {x, 0.0002}, {x, 0}}}},
		})
	}
	add("晴辰小区1号楼", "residential", "990001001")
	add("晴辰小区12号楼", "residential", "990001001")
	add("晴辰小区（3栋）", "apartments", "990001001")
	add("晴辰小区B座", "residential", "990001002")
	add("友柳家园", "", "990001001")
	add("18号楼", "residential", "990001001")
	add("第一小学", "school", "990001001")
	add("", "residential", "990001001")
	write(t, db, func(tx pgx.Tx) (postgres.Changes, error) {
		return s.ReplaceBuildings(t.Context(), tx, adcode, list)
	})
	got, err := s.Estates(t.Context(), adcode)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, l := range got {
		if !l.Home || l.Point.Lat() < 0.00009 || l.Point.Lat() > 0.00011 {
			t.Errorf("%+v", l)
		}
		names = append(names, l.Name.ZH)
	}
	if diff := cmp.Diff([]string{"友柳家园", "晴辰小区", "晴辰小区"}, names); diff != "" {
		t.Error(diff)
	}
	if x := got[1].Point.Lon(); x < 0.00109 || x > 0.00111 {
		t.Errorf("the middle of three houses is at %v", x)
	}
}
