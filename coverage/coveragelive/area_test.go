package coveragelive_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/internal/postgres/dbtest"
)

func TestAreaOfTheVillage(t *testing.T) {
	t.Parallel()
	s := load(t)
	west := square(-100, -500, 450, 500) // houses 0 to 4 and the yard, of whom the yard walks nowhere
	got, err := s.Area(t.Context(), canteens(600), coveragelive.AreaQuery{Shapes: west}, nil)
	if err != nil {
		t.Fatal(err)
	}
	people := coverage.People(5*30_000 + 0 + 1 + 2 + 3 + 4)
	want := coverage.AreaBand{
		Count:   coverage.Count{Population: people + 70_000, Covered: people, Uncovered: 70_000},
		Overlap: coverage.Overlap{One: people},
	}
	if d := cmp.Diff(want, got.Before.Bands[0]); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(got.Before, got.After); d != "" || got.Before.Points != 6 || got.Reaching != nil {
		t.Errorf("%d points, reaching %v; without steps the plan differs: %s", got.Before.Points, got.Reaching, d)
	}
	if len(got.Before.Sites) != 1 || !got.Before.Sites[0].Inside || got.Before.Sites[0].Nearest[0] != people {
		t.Errorf("sites %+v", got.Before.Sites)
	}
	// The canteen closes and one opens outside of the area, which still serves it.
	plan := []coveragelive.Step{{Kind: "close", ID: canteen(t, s, "老食堂")}, {Kind: "add", ID: "a", At: at(500, 10)}}
	if got, err = s.Area(t.Context(), canteens(600), coveragelive.AreaQuery{Shapes: west, Divisions: []string{"990101001001"}}, plan); err != nil {
		t.Fatal(err)
	}
	if got.Before.Points != 9 || got.After.Bands[0].Covered == 0 || len(got.After.Sites) != 1 || !got.After.Sites[0].Inside {
		t.Errorf("with the division %+v", got.After)
	}
}

func TestServiceAreaOfAFacility(t *testing.T) {
	t.Parallel()
	s := load(t)
	urns := canteen(t, s, "骨灰堂")
	q := canteens(600)
	q.Type = "columbarium"
	got, err := s.Area(t.Context(), q, coveragelive.AreaQuery{Facility: urns}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.Before.Points != 8 || len(got.Divisions) != 1 || len(got.Reaching) != 2 {
		t.Errorf("%d points, divisions %v, reaching %v", got.Before.Points, got.Divisions, got.Reaching)
	}
	// Of another type than is asked for: its area, but nobody reaches it.
	got, err = s.Area(t.Context(), canteens(600), coveragelive.AreaQuery{Facility: urns, Divisions: []string{"990101001002"}}, nil)
	if err != nil || got.Before.Points != 8 || got.Reaching != nil {
		t.Errorf("%v, %+v", err, got)
	}
}

func TestAreasThatAreNone(t *testing.T) {
	t.Parallel()
	s := load(t)
	var code *coveragelive.CodeError
	var shape *coverage.ShapeError
	_, err := s.Area(t.Context(), canteens(600), coveragelive.AreaQuery{Divisions: []string{"990101001", "1"}}, nil)
	if !errors.As(err, &code) || code.Index != 1 || !errors.Is(err, coveragelive.ErrNoDivision) {
		t.Errorf("%v of an unknown code", err)
	}
	_, err = s.Area(t.Context(), canteens(600), coveragelive.AreaQuery{Shapes: orb.MultiPolygon{{{{0, 0}}}}}, nil)
	if !errors.As(err, &shape) {
		t.Errorf("%v of a shape", err)
	}
	for name, c := range map[string]struct {
		area coveragelive.AreaQuery
		want error
	}{
		"nothing":         {coveragelive.AreaQuery{}, coveragelive.ErrNoArea},
		"no such":         {coveragelive.AreaQuery{Facility: "nobody"}, coveragelive.ErrAreaOfFacility},
		"no service area": {coveragelive.AreaQuery{Facility: canteen(t, s, "老食堂")}, coveragelive.ErrNoServiceArea},
	} {
		if _, err := s.Area(t.Context(), canteens(600), c.area, nil); !errors.Is(err, c.want) {
			t.Errorf("%s: %v; want %v", name, err, c.want)
		}
	}
	if _, err := s.Area(t.Context(), canteens(7200), coveragelive.AreaQuery{Divisions: []string{"990101001"}}, nil); !errors.Is(err, coveragelive.ErrTooWide) {
		t.Errorf("%v of too long walks", err)
	}
}

// TestAreasHoldWhatPostGISSays asks ST_Contains about random stars with a hole, some of
// them two, over random points; none lies on a ring but by a chance that no seed has.
func TestAreasHoldWhatPostGISSays(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	random := rand.New(rand.NewPCG(7, 7))
	d := &coverage.Demand{}
	var dots orb.MultiPoint
	for range 2_000 {
		p := orb.Point{114 + random.Float64(), 30 + random.Float64()}
		d.Points, d.Division, dots = append(d.Points, p), append(d.Division, -1), append(dots, p)
	}
	h := coverage.NewHierarchy(nil)
	for i := range 40 {
		shapes := orb.MultiPolygon{star(random, 114.35, 0.3)}
		if i%2 == 0 {
			shapes = append(shapes, star(random, 114.8, 0.15))
		}
		var want []int32
		rows, err := db.Pool().Query(t.Context(),
			`SELECT (dot).path[1] - 1 FROM ST_Dump(ST_GeomFromText($1)) AS dot WHERE ST_Contains(ST_GeomFromText($2), (dot).geom) ORDER BY 1`,
			wkt.MarshalString(dots), wkt.MarshalString(shapes))
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var at int32
			if err := rows.Scan(&at); err != nil {
				t.Fatal(err)
			}
			want = append(want, at)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, (coverage.Area{Shapes: shapes}).Points(d, h)); diff != "" || len(want) == 0 {
			t.Fatal(fmt.Sprint(shapes), diff)
		}
	}
}

// star is a ring round a middle with a smaller one inside of it as a hole.
func star(random *rand.Rand, lon, size float64) orb.Polygon {
	var outer, hole orb.Ring
	const spikes = 24
	for i := range spikes {
		angle := 2 * math.Pi * float64(i) / spikes
		far := size * (0.5 + 0.5*random.Float64())
		outer = append(outer, orb.Point{lon + far*math.Cos(angle), 30.5 + far*math.Sin(angle)})
		hole = append(hole, orb.Point{lon + 0.4*far*math.Cos(angle), 30.5 + 0.4*far*math.Sin(angle)})
	}
	return orb.Polygon{append(outer, outer[0]), append(hole, hole[0])}
}
