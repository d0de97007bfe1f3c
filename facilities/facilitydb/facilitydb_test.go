package facilitydb_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

func TestReplaceListByID(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := facilitydb.New(db)
	canteen := facilities.Facility{
		SourceID: "1", Type: "elderly_canteen", NameZH: "甲食堂", NameEN: "Jia", Status: facilities.Open, Example: true,
		Address: "花桥路 1 号", Capacity: 80, Serves: []string{"990001001", "990001002"}, DivisionCode: "990001001", Point: orb.Point{114.1, 30.1},
	}
	hall := facilities.Facility{
		SourceID: "2", Type: "columbarium", NameZH: "乙堂", Status: facilities.Planned, Serves: []string{}, DivisionCode: "990001001", Point: orb.Point{114.2, 30.2},
	}
	replace := func(list ...facilities.Facility) {
		t.Helper()
		err := db.Write(t.Context(), postgres.System("", "test"), "replace", func(tx *postgres.Tx) error {
			_, err := s.Replace(t.Context(), tx, "990001", list)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	replace(canteen, hall)
	got, err := s.List(t.Context(), "990001")
	ignore := cmpopts.IgnoreFields(facilities.Facility{}, "ID", "Version")
	for _, f := range []*facilities.Facility{&hall, &canteen} { // what a pack does not say
		f.Stage, f.PlacedBy = facilities.Published, facilities.PlacedGiven
	}
	if d := cmp.Diff([]facilities.Facility{hall, canteen}, got, ignore, cmpopts.EquateEmpty()); d != "" || err != nil {
		t.Fatal(d, err)
	}
	id := got[1].ID
	canteen.Capacity = 90
	replace(canteen)
	one, err := s.ByID(t.Context(), postgres.System("990001", "test"), id)
	if err != nil || one.Version != 2 || one.Capacity != 90 || one.ID != id {
		t.Errorf("got %+v, %v", one, err)
	}
	for name, key := range map[string][2]string{
		"removed": {"990001", got[0].ID}, "another adcode": {"990002", id}, "no id at all": {"990001", "'; DROP TABLE facility"},
	} {
		if _, err := s.ByID(t.Context(), postgres.System(key[0], "test"), key[1]); !errors.Is(err, facilitydb.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
