package coveragedb_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/coveragedb"
	"yike/coverage/walknet"
	"yike/geo/divisions"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

const adcode = "990001"

func write(t *testing.T, db *postgres.DB, fn func(tx pgx.Tx) (postgres.Changes, error)) (changes postgres.Changes) {
	t.Helper()
	err := db.Write(t.Context(), postgres.System("", "test"), "write", func(tx *postgres.Tx) (err error) {
		changes, err = fn(tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

// A gate that opens is a change of the roads, and nothing is none.
func TestChangesOfBarriers(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := coveragedb.New(db)
	roads := []coveragedb.Road{{SourceID: "way/1", Class: "footway", Walkable: true, Line: orb.LineString{{114.1, 30.1}, {114.2, 30.2}}}}
	barriers := []walknet.Barrier{{SourceID: "node/1", Kind: "gate", NodeID: 1, Point: orb.Point{114.1, 30.1}}}
	store := func() postgres.Changes {
		return write(t, db, func(tx pgx.Tx) (postgres.Changes, error) {
			return s.ReplaceRoads(t.Context(), tx, adcode, roads, barriers)
		})
	}
	if c := store(); c != (postgres.Changes{Created: 2}) {
		t.Errorf("new: %+v", c)
	}
	if c := store(); c != (postgres.Changes{Unchanged: 2}) {
		t.Errorf("the same: %+v", c)
	}
	barriers[0].Passable = true
	if c := store(); c != (postgres.Changes{Updated: 1, Unchanged: 1}) {
		t.Errorf("the gate opened: %+v", c)
	}
	barriers = nil
	if c := store(); c != (postgres.Changes{Removed: 1, Unchanged: 1}) {
		t.Errorf("the gate went: %+v", c)
	}
}

func TestRoads(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := coveragedb.New(db)
	roads := []coveragedb.Road{
		{SourceID: "way/2", Name: "二桥", Class: "footway", Walkable: true, Direction: walknet.Backward, Bridge: true, Level: 2, NodeIDs: []int64{1, 1 << 40}, Line: orb.LineString{{114.1, 30.1}, {114.2, 30.2}}, Crossing: walknet.Signals, Wheels: walknet.WheelsNo, Incline: -85, Heights: []float32{21.5, -3}},
		{SourceID: "way/1", Class: "motorway", Tunnel: true, Level: -1, Line: orb.LineString{{114.1, 30.1}, {114.2, 30.2}, {114.3, 30.1}}},
	}
	barriers := []walknet.Barrier{{
		SourceID: "node/1", Kind: "gate", NodeID: 1, Point: orb.Point{114.1, 30.1}, Hours: []walknet.Opening{{From: 360, To: 720}, {From: 1320, To: 60}},
	}}
	write(t, db, func(tx pgx.Tx) (postgres.Changes, error) {
		return s.ReplaceRoads(t.Context(), tx, adcode, roads, barriers)
	})
	got, err := s.Roads(t.Context(), adcode)
	if d := cmp.Diff([]coveragedb.Road{roads[1], roads[0]}, got); d != "" || err != nil {
		t.Error(d, err)
	}
	ways, gates, err := s.Ways(t.Context(), adcode)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]walknet.Way{roads[0].Way()}, ways); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(barriers, gates); d != "" {
		t.Error(d)
	}
	if ways, gates, err := s.Ways(t.Context(), "990002"); err != nil || len(ways)+len(gates) > 0 {
		t.Errorf("another adcode has %v %v %v", ways, gates, err)
	}
}

func TestBuildings(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := coveragedb.New(db)
	list := []coveragedb.Building{
		{SourceID: "a", Name: "甲楼", Use: "residential", Floors: 6, Households: 12, DivisionCode: "990001001", Boundary: orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}}},
		{SourceID: "b", Boundary: orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}}},
	}
	write(t, db, func(tx pgx.Tx) (postgres.Changes, error) {
		return s.ReplaceBuildings(t.Context(), tx, adcode, list)
	})
	got, err := s.Buildings(t.Context(), adcode)
	if d := cmp.Diff(list, got, cmpopts.IgnoreFields(coveragedb.Building{}, "ID")); d != "" || err != nil {
		t.Error(d, err)
	}
	if got[0].ID == "" || got[0].ID == got[1].ID {
		t.Error("ids are not given")
	}
}

func TestPeople(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := coveragedb.New(db)
	list := []coveragedb.PopulationPoint{
		{SourceID: "a", Base: divisions.Registered, People: []coverage.People{5, 1}, DivisionCode: "990001001", Point: orb.Point{114.1, 30.1}},
		{SourceID: "a", Base: divisions.Resident, People: []coverage.People{7, 2}, DivisionCode: "990001001", Point: orb.Point{114.1, 30.1}},
		{SourceID: "b", Base: divisions.Resident, People: []coverage.People{9, 3}, Point: orb.Point{114.2, 30.2}},
	}
	write(t, db, func(tx pgx.Tx) (postgres.Changes, error) {
		return s.ReplacePopulation(t.Context(), tx, adcode, list)
	})
	all, err := s.Population(t.Context(), adcode)
	if d := cmp.Diff(list, all); d != "" || err != nil {
		t.Error(d, err)
	}
	bases, err := s.Bases(t.Context(), adcode)
	if d := cmp.Diff([]divisions.Base{divisions.Resident, divisions.Registered}, bases); d != "" || err != nil {
		t.Error(d, err)
	}
	bands := []coverage.Band{{ID: "all", ToAge: -1, Widest: true}, {ID: "60+", FromAge: 60, ToAge: -1}}
	demand, codes, err := s.Demand(t.Context(), adcode, divisions.Resident, bands)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([][]coverage.People{{7, 9}, {2, 3}}, demand.People); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"990001001", ""}, codes); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]orb.Point{{114.1, 30.1}, {114.2, 30.2}}, demand.Points); d != "" || len(demand.IDs) != 2 || demand.Snaps != nil {
		t.Error(d)
	}
	if _, _, err := s.Demand(t.Context(), adcode, divisions.Resident, bands[:1]); !errors.Is(err, coveragedb.ErrBands) {
		t.Errorf("other bands: %v", err)
	}
	if d, _, err := s.Demand(t.Context(), "990002", divisions.Resident, bands); err != nil || len(d.Points) != 0 || len(d.People) != 2 {
		t.Errorf("nobody: %+v, %v", d, err)
	}
}
