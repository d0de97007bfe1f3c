package coveragelive_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/coveragedb"
	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/geo/divisions"
	"yike/geo/divisions/divisiondb"
	"yike/internal/pack"
	"yike/internal/pack/packdb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

const adcode = "990101"

func stores(db *postgres.DB) coveragelive.Stores {
	return coveragelive.Stores{
		Packs: packdb.New(db), Divisions: divisiondb.New(db), Coverage: coveragedb.New(db), Facilities: facilitydb.New(db),
		Snapshot: func(ctx context.Context, read func(coveragelive.Stores) error) error {
			return db.Snapshot(ctx, func(at *postgres.DB) error { return read(stores(at)) })
		},
	}
}

func at(east, north float64) orb.Point { return orb.Point{114.27 + east/95_900, 30.63 + north/110_900} }

func square(west, south, east, north float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{at(west, south), at(east, south), at(east, north), at(west, north), at(west, south)}}}
}

// village is a street of 1,500 m with people along it and a canteen at its western
// end, a courtyard street that nothing leads to, and a house in the fields.
func village(t *testing.T, db *postgres.DB) {
	t.Helper()
	from := stores(db)
	err := db.Write(t.Context(), postgres.System("", "test"), "a small village", func(tx *postgres.Tx) error {
		m := &pack.Manifest{
			Format: pack.Format, ID: "village", AdCode: adcode, Name: pack.Text{ZH: "小村", EN: "Village"},
			Bands:  []pack.Band{{ID: "20+", From: 20, Widest: true}, {ID: "70+", From: 70}},
			Layers: pack.Layers{Roads: &pack.Layer{File: "roads.geojson"}, Population: &pack.Layer{File: "people.csv"}},
		}
		if err := from.Packs.SavePack(t.Context(), tx, m); err != nil {
			return err
		}
		_, divisionErr := from.Divisions.Replace(t.Context(), tx, adcode, []divisions.Division{
			{Code: "990101001", Level: divisions.Subdistrict, NameZH: "某镇", Complete: true, Boundary: square(-100, -500, 2000, 500)},
			{Code: "990101001001", Level: divisions.Community, ParentCode: "990101001", NameZH: "西村", Complete: true, Boundary: square(-100, -500, 750, 500)},
			{Code: "990101001002", Level: divisions.Community, ParentCode: "990101001", NameZH: "东村", Complete: true, Boundary: square(750, -500, 2000, 500)},
		})
		_, roadErr := from.Coverage.ReplaceRoads(t.Context(), tx, adcode, []coveragedb.Road{
			{SourceID: "street", Class: "residential", Walkable: true, Line: orb.LineString{at(0, 0), at(1500, 0)}},
			{SourceID: "yard", Class: "residential", Walkable: true, Line: orb.LineString{at(0, 300), at(200, 300)}},
			{SourceID: "motorway", Class: "motorway", Line: orb.LineString{at(0, -300), at(1500, -300)}},
		}, nil)
		_, peopleErr := from.Coverage.ReplacePopulation(t.Context(), tx, adcode, villagers())
		_, facilityErr := from.Facilities.Replace(t.Context(), tx, adcode, []facilities.Facility{
			{SourceID: "1", Type: "elderly_canteen", NameZH: "老食堂", Status: facilities.Open, DivisionCode: "990101001001", Point: at(0, 10)},
			{SourceID: "2", Type: "elderly_canteen", NameZH: "新食堂", Status: facilities.Planned, DivisionCode: "990101001002", Point: at(1500, 10)},
			{SourceID: "3", Type: "columbarium", NameZH: "骨灰堂", Status: facilities.Open, DivisionCode: "990101001001", Point: at(100, 450), Serves: []string{"990101001002"}},
		})
		return errors.Join(divisionErr, roadErr, peopleErr, facilityErr)
	})
	if err != nil {
		t.Fatalf("store the village: %v", err)
	}
}

func villagers() []coveragedb.PopulationPoint {
	var out []coveragedb.PopulationPoint
	add := func(id string, p orb.Point, code string, people ...coverage.People) {
		out = append(out, coveragedb.PopulationPoint{SourceID: id, Base: divisions.Resident, People: people, DivisionCode: code, Point: p})
	}
	for i := range 15 {
		code := "990101001001"
		if i >= 8 {
			code = "990101001002"
		}
		add(fmt.Sprintf("house %02d", i), at(float64(i)*100, -20), code, coverage.People(30_000+i), coverage.People(5_000+i))
	}
	add("yard", at(100, 310), "990101001001", 70_000, 10_000)
	add("fields", at(1700, 400), "990101001002", 12_345, 1)
	add("beyond", at(1550, 5), "", 20_000, 2)
	return out
}

func load(t *testing.T) *coveragelive.State {
	t.Helper()
	db := dbtest.New(t)
	village(t, db)
	s, err := coveragelive.Load(t.Context(), stores(db), "", nil)
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	return s
}

func canteens(limitS int) coveragelive.Query {
	return coveragelive.Query{Type: "elderly_canteen", LimitS: limitS, Speed: 900}
}

func TestLoadedVillage(t *testing.T) {
	t.Parallel()
	s := load(t)
	a, err := s.Coverage(t.Context(), canteens(600))
	if err != nil {
		t.Fatal(err)
	}
	if a.Query.Base != divisions.Resident || len(a.Facilities) != 1 || a.Note != nil {
		t.Errorf("base %q, %d open canteens, note %v", a.Query.Base, len(a.Facilities), a.Note)
	}
	// 600 s at 0.9 m/s are 540 m; the legs of 20 and 10 m leave 510: houses 0 to 5.
	want := coverage.Count{Covered: 6*30_000 + 0 + 1 + 2 + 3 + 4 + 5, Unsnapped: 12_345}
	want.Uncovered = 9*30_000 + 6 + 7 + 8 + 9 + 10 + 11 + 12 + 13 + 14 + 70_000 + 20_000
	want.Population = want.Covered + want.Uncovered + want.Unsnapped
	if diff := cmp.Diff(want, a.Summary.Total[0]); diff != "" {
		t.Error(diff)
	}
	if got := a.Summary.AllUnits; got != (coverage.Units{Total: 2, With: 1}) {
		t.Errorf("units %+v", got)
	}
	if len(a.Absent) != 1 { // no grids
		t.Errorf("absent levels %v", a.Absent)
	}
	island, unsnapped := s.IslandPeople(divisions.Resident)
	if island[0] != 70_000 || unsnapped[0] != 12_345 {
		t.Errorf("on islands %d, off the network %d", island[0], unsnapped[0])
	}
}

func TestTypesWithoutWalkingStandard(t *testing.T) {
	t.Parallel()
	s := load(t)
	a, err := s.Coverage(t.Context(), coveragelive.Query{Type: "columbarium", LimitS: 900, Speed: 900})
	if err != nil {
		t.Fatal(err)
	}
	if a.Note == nil || a.Summary.AllUnits != (coverage.Units{Total: 2, With: 2}) {
		t.Errorf("note %v, units %+v; the columbarium lies in one community and serves the other", a.Note, a.Summary.AllUnits)
	}
	r, err := a.Report(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if r.Circles[0].Area != nil || r.Result.Params.Mode != coverage.ByDivision || r.Result.Params.Level != divisions.Community {
		t.Errorf("circle %v, judged by %+v; nobody walks to a columbarium", r.Circles[0].Area, r.Result.Params)
	}
	var inside, covered coverage.People
	for i, at := range a.Demand.Division {
		if s.Hierarchy.At(at, divisions.Community) >= 0 {
			inside += a.Demand.People[0][i]
		}
		if a.Result.State[i] == coverage.Covered {
			covered += a.Demand.People[0][i]
		}
	}
	if covered != inside || covered == 0 || r.Circles[0].Reached[0] != inside {
		t.Errorf("%s people covered, %s of the facility, %s in the communities that it serves", covered, r.Circles[0].Reached[0], inside)
	}
}

func TestQuestionsThatCannotBeAnswered(t *testing.T) {
	t.Parallel()
	s := load(t)
	if _, err := s.Coverage(t.Context(), coveragelive.Query{Type: "pub", LimitS: 60, Speed: 900}); !errors.Is(err, coveragelive.ErrUnknownType) {
		t.Errorf("unknown type: %v", err)
	}
	q := canteens(60)
	q.Base = divisions.Registered
	if _, err := s.Coverage(t.Context(), q); !errors.Is(err, coveragelive.ErrUnknownBase) {
		t.Errorf("base without people: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Coverage(ctx, canteens(61)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	a, err := s.Coverage(t.Context(), canteens(61))
	if err != nil {
		t.Fatalf("asked again after a cancelled question: %v", err)
	}
	if _, err := a.Circles(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("circles when cancelled: %v", err)
	}
	if c, err := a.Circles(t.Context()); err != nil || len(c) != 1 {
		t.Errorf("circles asked again: %d, %v", len(c), err)
	}
}

func TestEqualQuestionsShareOneAnswer(t *testing.T) {
	t.Parallel()
	s := load(t)
	answers := make([]*coveragelive.Answer, 8)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() {
			q := canteens(300)
			if i%2 == 0 {
				q.Base = divisions.Resident
			}
			answers[i], _ = s.Coverage(t.Context(), q)
		})
	}
	wg.Wait()
	for _, a := range answers {
		if a == nil || a != answers[0] {
			t.Fatal("the same question was worked out twice")
		}
	}
}

// A question asked once has the same answer, and leaves those that are kept alone.
func TestOnce(t *testing.T) {
	t.Parallel()
	s := load(t)
	kept, err := s.Coverage(t.Context(), canteens(300))
	if err != nil {
		t.Fatal(err)
	}
	for limit := 60; limit < 160; limit++ {
		if _, err := s.Once(t.Context(), canteens(limit)); err != nil {
			t.Fatal(err)
		}
	}
	if again, err := s.Coverage(t.Context(), canteens(300)); err != nil || again != kept {
		t.Errorf("the answer was pushed out: %v", err)
	}
	once, err := s.Once(t.Context(), canteens(300))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(kept.Summary, once.Summary); d != "" {
		t.Error(d)
	}
	if _, err := s.Once(t.Context(), coveragelive.Query{Type: "pub", LimitS: 60, Speed: 900}); !errors.Is(err, coveragelive.ErrUnknownType) {
		t.Errorf("unknown type: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Once(ctx, canteens(61)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestVersionFollowsTheData(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	village(t, db)
	version := func() string {
		s, err := coveragelive.Load(t.Context(), stores(db), adcode, nil)
		if err != nil {
			t.Fatal(err)
		}
		return s.Version
	}
	before := version()
	if again := version(); again != before {
		t.Errorf("loaded twice: %s and %s", before, again)
	}
	err := db.Write(t.Context(), postgres.System("", "test"), "close a canteen", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE facility SET status = 'closed' WHERE source_id = '1'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if after := version(); after == before {
		t.Error("a facility changed and the version did not")
	}
}

func TestPointsAreFoundById(t *testing.T) {
	t.Parallel()
	s := load(t)
	d := s.Demand[divisions.Resident]
	for i, id := range d.IDs {
		if base, got, ok := s.Point(id); !ok || base != divisions.Resident || int(got) != i {
			t.Errorf("%s: %v %d %v", id, base, got, ok)
		}
	}
	if _, _, ok := s.Point("nobody"); ok {
		t.Error("found a point that is not there")
	}
}

// Drawings must be valid for everyone who reads them; PostGIS is the judge.
func TestDrawingsAreValid(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	village(t, db)
	s, err := coveragelive.Load(t.Context(), stores(db), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, limit := range []int{60, 300, 900, 1800} {
		a, err := s.Coverage(t.Context(), canteens(limit))
		if err != nil {
			t.Fatal(err)
		}
		r, err := a.Report(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		checkValid(t, db, r)
	}
}

func checkValid(t *testing.T, db *postgres.DB, r *coverage.Report) {
	t.Helper()
	drawings := map[string]orb.MultiPolygon{}
	for i, c := range r.Circles {
		if r.Sites[i].Snap.OK() {
			drawings["circle "+r.Sites[i].ID] = c.Area
		}
	}
	for _, g := range r.Gaps {
		drawings[g.ID] = g.Area
	}
	for name, area := range drawings {
		var valid bool
		var why string
		err := db.Pool().QueryRow(t.Context(), `SELECT ST_IsValid(g), ST_IsValidReason(g) FROM (SELECT $1::geometry AS g) AS drawn`, area).Scan(&valid, &why)
		if err != nil {
			t.Fatal(err)
		}
		if !valid {
			t.Errorf("%s at %d ms: %s", name, r.Result.Params.Limit, why)
		}
	}
}

func TestNothingLoaded(t *testing.T) {
	t.Parallel()
	_, err := coveragelive.Load(t.Context(), stores(dbtest.New(t)), "", nil)
	if !errors.Is(err, packdb.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	var h coveragelive.Holder
	if h.State() != nil {
		t.Error("a state before the first is published")
	}
	h.Publish(&coveragelive.State{Version: "1"})
	if h.State().Version != "1" {
		t.Error("the published state is not seen")
	}
}

// A load that commits while a district is read must not be mixed into it: every layer
// is of the moment of the first.
func TestReadsOneMoment(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	village(t, db)
	want, err := coveragelive.Load(t.Context(), stores(db), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	emptied := false
	got, err := coveragelive.Load(t.Context(), stores(db), "", func(stage string, done, _ int) {
		if stage != coveragelive.StageRead || done != 0 {
			return
		}
		emptied = true
		err := db.Write(t.Context(), postgres.System("", "test"), "another load", func(tx *postgres.Tx) error {
			_, err := tx.Exec(t.Context(), `DELETE FROM facility; DELETE FROM population_point; DELETE FROM road`)
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
	if err != nil || !emptied {
		t.Fatalf("load: %v, emptied meanwhile: %v", err, emptied)
	}
	if got.Version != want.Version || len(got.Facilities) != len(want.Facilities) || got.Network.Edges() != want.Network.Edges() ||
		len(got.Demand[got.Bases[0]].IDs) != len(want.Demand[want.Bases[0]].IDs) {
		t.Error("what was written during the load is mixed into what it read")
	}
}
