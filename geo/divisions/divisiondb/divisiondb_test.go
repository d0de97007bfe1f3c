package divisiondb_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/geo/divisions"
	"yike/geo/divisions/divisiondb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

func box(w, s, e, n float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{w, s}, {e, s}, {e, n}, {w, n}, {w, s}}}}
}

func replace(t *testing.T, db *postgres.DB, list []divisions.Division) postgres.Changes {
	t.Helper()
	var changes postgres.Changes
	err := db.Write(t.Context(), postgres.System("", "test"), "replace", func(tx *postgres.Tx) error {
		var err error
		changes, err = divisiondb.New(db).Replace(t.Context(), tx, "120111", list)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

func TestReplaceAndList(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	if got, err := divisiondb.New(db).List(t.Context(), "120111"); err != nil || len(got) != 0 {
		t.Fatalf("an empty table gives %v, %v", got, err)
	}
	community := divisions.Division{
		Code: "120111001002", Level: divisions.Community, ParentCode: "120111001", NameZH: "甲村", NameEN: "Jia", Pinyin: "Jiacun",
		Setting: divisions.Rural, Households: 12, Complete: true, Boundary: box(117, 39, 117.1, 39.1),
		People: []divisions.BandCount{{Base: divisions.Registered, Band: "all", People: 123_4567}, {Base: divisions.Resident, Band: "all", People: 1}},
	}
	sub := divisions.Division{Code: "120111001", Level: divisions.Subdistrict, NameZH: "乙街", Boundary: box(117, 39, 118, 40)}
	replace(t, db, []divisions.Division{community, sub})
	got, err := divisiondb.New(db).List(t.Context(), "120111")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]divisions.Division{sub, community}, got, cmpopts.IgnoreFields(divisions.Division{}, "ID")); d != "" {
		t.Error(d)
	}
	id := got[1].ID
	community.Households = 13
	community.People = community.People[:1]
	if c := replace(t, db, []divisions.Division{community}); c != (postgres.Changes{Updated: 1, Removed: 2, Unchanged: 1}) {
		t.Errorf("changes %+v", c)
	}
	if c := replace(t, db, []divisions.Division{community}); c.Any() || c.Unchanged != 2 {
		t.Errorf("the same again: %+v", c)
	}
	community.People[0].People++
	if c := replace(t, db, []divisions.Division{community}); c != (postgres.Changes{Updated: 1, Unchanged: 1}) {
		t.Errorf("only its people changed: %+v", c)
	}
	got, err = divisiondb.New(db).List(t.Context(), "120111")
	if err != nil || len(got) != 1 || got[0].ID != id || got[0].Households != 13 || len(got[0].People) != 1 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestInvalid(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	bow := divisions.Division{
		Code: "120111001", Level: divisions.Subdistrict, NameZH: "结",
		Boundary: orb.MultiPolygon{{{{0, 0}, {1, 1}, {1, 0}, {0, 1}, {0, 0}}}},
	}
	err := db.Write(t.Context(), postgres.System("", "test"), "invalid", func(tx *postgres.Tx) error {
		s := divisiondb.New(db)
		if _, err := s.Replace(t.Context(), tx, "120111", []divisions.Division{bow, {Code: "120111002", Level: divisions.Subdistrict, NameZH: "好", Boundary: box(0, 0, 1, 1)}}); err != nil {
			return err
		}
		got, err := s.Invalid(t.Context(), tx, "120111")
		if len(got) != 1 || got[0].Code != "120111001" || got[0].Reason == "" {
			t.Errorf("got %+v", got)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// PostGIS is the oracle of which division holds a point, off the boundary lines.
func TestLocatorAgreesWithPostGIS(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	list := []divisions.Division{
		{Code: "120111001", Level: divisions.Subdistrict, NameZH: "环", Boundary: orb.MultiPolygon{
			{{{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0}}, {{3, 3}, {3, 7}, {7, 7}, {7, 3}, {3, 3}}},
			{{{4, 4}, {6, 4.5}, {5, 6}, {4, 4}}},
		}},
		{Code: "120111002", Level: divisions.Subdistrict, NameZH: "斜", Boundary: orb.MultiPolygon{{{{10, 0}, {19, 3}, {17, 9}, {12, 11}, {10, 10}, {10, 0}}}}},
	}
	replace(t, db, list)
	locator := divisions.NewLocator(list)
	rows, err := db.Pool().Query(t.Context(), `
SELECT x / 7.0, y / 7.0, coalesce((SELECT code FROM division WHERE ST_Contains(geom, ST_SetSRID(ST_Point(x / 7.0, y / 7.0), 4326))), '')
FROM generate_series(-5, 140) AS x, generate_series(-5, 80) AS y
WHERE NOT EXISTS (SELECT 1 FROM division WHERE ST_DWithin(ST_Boundary(geom), ST_SetSRID(ST_Point(x / 7.0, y / 7.0), 4326), 1e-9))`)
	if err != nil {
		t.Fatal(err)
	}
	var x, y float64
	var code string
	n, inside := 0, 0
	_, err = pgx.ForEachRow(rows, []any{&x, &y, &code}, func() error {
		n++
		if code != "" {
			inside++
		}
		if got := locator.Code(orb.Point{x, y}); got != code {
			t.Errorf("%g, %g: %q, PostGIS says %q", x, y, got, code)
		}
		return nil
	})
	if err != nil || n < 10_000 || inside < 4_000 {
		t.Fatalf("%d points, %d inside: %v", n, inside, err)
	}
}

// TestStand asks where places stand in a district with divisions, and in one without.
func TestStand(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	replace(t, db, []divisions.Division{
		{Code: "120111001", Level: divisions.Subdistrict, NameZH: "乙街", Boundary: box(117, 39, 118, 40)},
		{Code: "120111001002", Level: divisions.Community, ParentCode: "120111001", NameZH: "甲村", Setting: divisions.Rural, Boundary: box(117, 39, 117.1, 39.1)},
	})
	bounds := orb.Bound{Min: orb.Point{117, 39}, Max: orb.Point{118, 40}}
	cases := map[string]struct {
		place divisiondb.Place
		want  divisiondb.Found
	}{
		"nothing is said":            {divisiondb.Place{}, divisiondb.Found{}},
		"a code only":                {divisiondb.Place{Code: "120111001"}, divisiondb.Found{Code: "120111001", Standing: divisions.Standing{Division: true}}},
		"an unknown code":            {divisiondb.Place{Code: "9"}, divisiondb.Found{Code: "9"}},
		"a point in the finest":      {divisiondb.Place{At: &orb.Point{117.05, 39.05}}, divisiondb.Found{Code: "120111001002", Standing: divisions.Standing{Division: true, Holds: true, LyingIn: "甲村", LyingInAny: true}}},
		"a point on its edge":        {divisiondb.Place{At: &orb.Point{117.1, 39.1}}, divisiondb.Found{Code: "120111001002", Standing: divisions.Standing{Division: true, Holds: true, LyingIn: "甲村", LyingInAny: true}}},
		"a point and the wider code": {divisiondb.Place{Code: "120111001", At: &orb.Point{117.05, 39.05}}, divisiondb.Found{Code: "120111001", Standing: divisions.Standing{Division: true, Holds: true, LyingIn: "甲村", LyingInAny: true}}},
		"a point beside its code":    {divisiondb.Place{Code: "120111001002", At: &orb.Point{117.5, 39.5}}, divisiondb.Found{Code: "120111001002", Standing: divisions.Standing{Division: true, LyingIn: "乙街", LyingInAny: true}}},
		"a point outside":            {divisiondb.Place{At: &orb.Point{10, 10}}, divisiondb.Found{}},
	}
	var names []string
	var places []divisiondb.Place
	for name, c := range cases {
		names, places = append(names, name), append(places, c.place)
	}
	for _, adcode := range []string{"120111", "990001"} {
		got, err := divisiondb.StandAll(t.Context(), db.Reader(), adcode, places)
		if err != nil || len(got) != len(places) {
			t.Fatal(len(got), err)
		}
		for i, name := range names {
			want := divisiondb.Found{Code: adcode} // of a district without divisions
			if adcode == "120111" {
				want = cases[name].want
				want.Divided, want.Bounds = true, bounds
			}
			if got[i] != want {
				t.Errorf("%s in %s: %+v, want %+v", name, adcode, got[i], want)
			}
			if one, err := divisiondb.Stand(t.Context(), db.Reader(), adcode, places[i]); err != nil || one != got[i] {
				t.Errorf("%s alone: %+v, %v", name, one, err)
			}
		}
	}
}
