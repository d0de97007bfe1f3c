package coveragelive_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/coveragedb"
	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/pack"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// hill is a street with stairs in its middle and a ramp of 500 m around them, a lane
// behind a gate that keeps hours, and canteens of three tiers.
func hill(t *testing.T) *coveragelive.State {
	t.Helper()
	db := dbtest.New(t)
	from := stores(db)
	line := func(id, class string, points ...orb.Point) coveragedb.Road {
		return coveragedb.Road{SourceID: id, Class: class, Walkable: true, Line: points}
	}
	canteen := func(id, tier string, p orb.Point) facilities.Facility {
		f := facilities.Facility{SourceID: id, Type: "elderly_canteen", NameZH: id, Status: facilities.Open, DivisionCode: "990101001001", Point: p}
		if tier != "" {
			f.Fields = map[string]any{facilities.LifeCircleField: tier}
		}
		return f
	}
	err := db.Write(t.Context(), postgres.System("", "test"), "a hill", func(tx *postgres.Tx) error {
		m := &pack.Manifest{
			Format: pack.Format, ID: "hill", AdCode: adcode, Name: pack.Text{ZH: "坡", EN: "Hill"},
			Bands:  []pack.Band{{ID: "all", From: 0, Widest: true}},
			Layers: pack.Layers{Roads: &pack.Layer{File: "roads.geojson"}, Population: &pack.Layer{File: "people.csv"}},
		}
		if err := from.Packs.SavePack(t.Context(), tx, m); err != nil {
			return err
		}
		_, divisionErr := from.Divisions.Replace(t.Context(), tx, adcode, []divisions.Division{
			{Code: "990101001", Level: divisions.Subdistrict, NameZH: "某镇", Complete: true, Boundary: square(-100, -500, 2000, 500)},
			{Code: "990101001001", Level: divisions.Community, ParentCode: "990101001", NameZH: "坡上", Complete: true, Boundary: square(-100, -500, 2000, 500)},
		})
		_, roadErr := from.Coverage.ReplaceRoads(t.Context(), tx, adcode, []coveragedb.Road{
			line("west", "residential", at(0, 0), at(500, 0)),
			line("stairs", "steps", at(500, 0), at(600, 0)),
			line("east", "residential", at(600, 0), at(1500, 0)),
			line("ramp", "footway", at(500, 0), at(500, 200), at(600, 200), at(600, 0)),
			line("lane", "residential", at(250, 0), at(250, 100), at(250, 400)),
		}, []walknet.Barrier{{SourceID: "gate", Kind: "gate", Point: at(250, 100), Passable: true, Hours: []walknet.Opening{{From: 6 * 60, To: 22 * 60}}}})
		_, peopleErr := from.Coverage.ReplacePopulation(t.Context(), tx, adcode, []coveragedb.PopulationPoint{
			{SourceID: "flat", Base: divisions.Resident, People: []coverage.People{1}, DivisionCode: "990101001001", Point: at(100, -20)},
			{SourceID: "above", Base: divisions.Resident, People: []coverage.People{10}, DivisionCode: "990101001001", Point: at(700, -20)},
			{SourceID: "lane", Base: divisions.Resident, People: []coverage.People{100}, DivisionCode: "990101001001", Point: at(270, 300)},
			{SourceID: "fields", Base: divisions.Resident, People: []coverage.People{1000}, DivisionCode: "990101001001", Point: at(700, -450)},
		})
		_, facilityErr := from.Facilities.Replace(t.Context(), tx, adcode, []facilities.Facility{
			canteen("five", "5", at(0, 10)), canteen("fifteen", "15", at(1500, 10)), canteen("unknown", "", at(1400, 10)),
			{SourceID: "station", Type: "elderly_station", NameZH: "站", Status: facilities.Open, DivisionCode: "990101001001", Point: at(0, 10)},
		})
		return errors.Join(divisionErr, roadErr, peopleErr, facilityErr)
	})
	if err != nil {
		t.Fatalf("store the hill: %v", err)
	}
	s, err := coveragelive.Load(t.Context(), from, "", nil)
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	return s
}

// Who is covered, as the sum of their people: 1 lives on the flat, 10 above the stairs, 100
// in the lane behind the gate, 1000 in the fields. From above it is 730 m down the stairs
// (for an elder as long as 830 m) and 1,130 m down the ramp; from the lane 580 m.
func TestWhoWalksHowFarAndWhen(t *testing.T) {
	t.Parallel()
	s := hill(t)
	five := coveragelive.Query{Type: "elderly_canteen", Tier: 5}
	timed := func(limitS int, who coverage.Walker, hour walknet.Hour) coveragelive.Query {
		q := five
		q.LimitS, q.Speed, q.Profile, q.Hour = limitS, 1000, who, hour
		return q
	}
	within := func(metres int, hour walknet.Hour) coveragelive.Query {
		q := five
		q.Metres, q.Hour = metres, hour
		return q
	}
	for name, c := range map[string]struct {
		ask  coveragelive.Query
		want coverage.People
	}{
		"anybody, by the stairs":              {timed(740, coverage.Anybody, walknet.AnyHour), 111},
		"anybody, not as far":                 {timed(720, coverage.Anybody, walknet.AnyHour), 101},
		"an elder, slower on stairs":          {timed(740, coverage.Elder, walknet.AnyHour), 101},
		"an elder with more time":             {timed(840, coverage.Elder, walknet.AnyHour), 111},
		"without steps, down the ramp":        {timed(1140, coverage.StepFree, walknet.AnyHour), 111},
		"without steps, not as far":           {timed(1120, coverage.StepFree, walknet.AnyHour), 101},
		"in the morning":                      {timed(740, coverage.Anybody, walknet.AtMinute(8*60)), 111},
		"at night the gate is shut":           {timed(740, coverage.Anybody, walknet.AtMinute(23*60)), 11},
		"by gates that are never shut":        {timed(740, coverage.Anybody, walknet.AllHours), 11},
		"an elder at night":                   {timed(740, coverage.Elder, walknet.AtMinute(23*60)), 1},
		"within a distance":                   {within(740, walknet.AnyHour), 111},
		"within a shorter one":                {within(720, walknet.AnyHour), 101},
		"within a distance, at night":         {within(740, walknet.AtMinute(3*60)), 11},
		"another tier":                        {coveragelive.Query{Type: "elderly_canteen", Tier: 15, LimitS: 900, Speed: 1000}, 10},
		"a tier that nobody is of":            {coveragelive.Query{Type: "elderly_canteen", Tier: 10, LimitS: 900, Speed: 1000}, 0},
		"a tier that the type says":           {coveragelive.Query{Type: "elderly_station", Tier: 5, LimitS: 740, Speed: 1000}, 111},
		"a wider tier than the type's":        {coveragelive.Query{Type: "elderly_station", Tier: 15, LimitS: 740, Speed: 1000}, 0},
		"a distance whatever is said of time": {coveragelive.Query{Type: "elderly_canteen", Tier: 5, Metres: 740, LimitS: 60, Speed: 300}, 111},
	} {
		a, err := s.Coverage(t.Context(), c.ask)
		if err != nil {
			t.Fatal(err)
		}
		if got := a.Summary.Total[0]; got.Covered != c.want || got.Covered+got.Uncovered+got.Unsnapped != 1111 {
			t.Errorf("%s: %d covered of %+v, want %d", name, got.Covered, got, c.want)
		}
		want := 0
		if c.ask.Type == "elderly_canteen" {
			want = 1
		}
		if a.Untiered != want {
			t.Errorf("%s: %d facilities of unknown tier", name, a.Untiered)
		}
		checkCounting(t, a)
		plan, err := s.WhatIf(t.Context(), c.ask, nil)
		if err != nil || !plan.Delta.Empty() {
			t.Fatalf("%s: a plan of nothing: %v", name, err)
		}
		if diff := cmp.Diff(a.Summary, plan.After); diff != "" {
			t.Errorf("%s: the plan's ground has other figures: %s", name, diff)
		}
		if !slices.Equal(a.Result.Time, plan.Delta.Baseline.Result.Time) {
			t.Errorf("%s: the plan's ground has other times", name)
		}
	}
}

// checkCounting wants one + several + uncovered + unsnapped to be everybody, in all and in
// every division, and the same of the facilities.
func checkCounting(t *testing.T, a *coveragelive.Answer) {
	t.Helper()
	c, err := a.Counting(t.Context())
	if err != nil || c == nil {
		t.Fatalf("counting: %v, %v", c, err)
	}
	r, err := a.Report(t.Context())
	if err != nil || r.Overlaps == nil || len(r.Served) != len(a.Sites) || len(r.Circles) != len(a.Sites) {
		t.Fatalf("report: %v", err)
	}
	rows := append([][]coverage.Count{a.Summary.Total, a.Summary.Outside}, a.Summary.Divisions...)
	overlaps := append([][]coverage.Overlap{c.Overlaps.Total, c.Overlaps.Outside}, c.Overlaps.Divisions...)
	for i, row := range rows {
		for k, n := range row {
			if o := overlaps[i][k]; o.One+o.Several != n.Covered || o.One+o.Several+n.Uncovered+n.Unsnapped != n.Population {
				t.Errorf("row %d band %d: %+v and %+v do not close", i, k, o, n)
			}
		}
	}
	for k := range a.Demand.Bands {
		var only, nearest coverage.People
		for i := range a.Sites {
			served := c.Served[i][k]
			only, nearest = only+served.Only, nearest+served.Nearest
			if served.Only+served.Shared != r.Circles[i].Reached[k] {
				t.Errorf("facility %d: only %d and shared %d of %d reached", i, served.Only, served.Shared, r.Circles[i].Reached[k])
			}
		}
		if only != c.Overlaps.Total[k].One || nearest != a.Summary.Total[k].Covered {
			t.Errorf("band %d: facilities have %d alone and %d nearest, people are %+v and %+v", k, only, nearest, c.Overlaps.Total[k], a.Summary.Total[k])
		}
	}
}

func TestQuestionsInTheirOneForm(t *testing.T) {
	t.Parallel()
	s, plain := hill(t), load(t)
	for name, c := range map[string]struct {
		state     *coveragelive.State
		ask, want coveragelive.Query
		remarks   int
	}{
		"a distance": {
			s,
			coveragelive.Query{Type: "elderly_canteen", Metres: 500, LimitS: 900, Speed: 900},
			coveragelive.Query{Type: "elderly_canteen", Base: "resident", Metres: 500, LimitS: 500, Speed: 1000},
			0,
		},
		"an hour where no gate keeps any": {
			plain,
			coveragelive.Query{Type: "elderly_canteen", LimitS: 900, Speed: 900, Hour: walknet.AtMinute(480)},
			coveragelive.Query{Type: "elderly_canteen", Base: "resident", LimitS: 900, Speed: 900},
			1,
		},
		"a type judged by division": {
			plain,
			coveragelive.Query{Type: "columbarium", LimitS: 900, Speed: 900},
			coveragelive.Query{Type: "columbarium", Base: "resident"},
			0,
		},
		"a type judged by division, asked of walks": {
			plain,
			coveragelive.Query{Type: "columbarium", Metres: 300, Profile: coverage.Elder, Hour: walknet.AllHours},
			coveragelive.Query{Type: "columbarium", Base: "resident"},
			1,
		},
		"a tier": {
			s,
			coveragelive.Query{Type: "elderly_canteen", LimitS: 900, Speed: 900, Tier: 15},
			coveragelive.Query{Type: "elderly_canteen", Base: "resident", LimitS: 900, Speed: 900, Tier: 15},
			1,
		},
	} {
		a, err := c.state.Coverage(t.Context(), c.ask)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if a.Query != c.want || len(c.state.Remarks(c.ask, a)) != c.remarks {
			t.Errorf("%s: %+v, want %+v; remarks %v", name, a.Query, c.want, c.state.Remarks(c.ask, a))
		}
		if again, err := c.state.Coverage(t.Context(), c.want); err != nil || again != a {
			t.Errorf("%s: the same question is worked out twice", name)
		}
		checkCounting(t, a)
	}
	for name, c := range map[string]struct {
		ask  coveragelive.Query
		want error
	}{
		"too short":       {coveragelive.Query{Type: "elderly_canteen", Metres: 49}, coveragelive.ErrBadMetres},
		"too far":         {coveragelive.Query{Type: "elderly_canteen", Metres: 3601}, coveragelive.ErrBadMetres},
		"metres of elder": {coveragelive.Query{Type: "elderly_canteen", Metres: 500, Profile: coverage.Elder}, coveragelive.ErrMetresOf},
		"no such walker":  {coveragelive.Query{Type: "elderly_canteen", LimitS: 60, Speed: 900, Profile: "runner"}, coverage.ErrWalker},
		"no such tier":    {coveragelive.Query{Type: "elderly_canteen", LimitS: 60, Speed: 900, Tier: 7}, coveragelive.ErrUnknownTier},
	} {
		if _, err := s.Coverage(t.Context(), c.ask); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// Where walks are too long to keep them all, overlaps are not counted, and the rest is.
func TestOverlapsOfLongWalks(t *testing.T) {
	t.Parallel()
	a, err := load(t).Coverage(t.Context(), canteens(7200))
	if err != nil {
		t.Fatal(err)
	}
	c, err := a.Counting(t.Context())
	if err != nil || c != nil {
		t.Errorf("%v, %v", c, err)
	}
	if r, err := a.Report(t.Context()); err != nil || r.Overlaps != nil || r.Served != nil || len(r.Circles) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}
