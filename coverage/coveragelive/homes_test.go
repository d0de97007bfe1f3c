package coveragelive_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yike/coverage/coveragelive"
	"yike/facilities"
)

// The village by hand: houses every 100 m along the street, 20 m off it, the canteen 10 m
// off its western end; the courtyard has no path to it.
func TestHomes(t *testing.T) {
	t.Parallel()
	s := load(t)
	find := func(source string) facilities.Facility {
		for _, f := range s.Facilities {
			if f.SourceID == source {
				return f
			}
		}
		t.Fatalf("no facility %s", source)
		return facilities.Facility{}
	}
	q := coveragelive.HomesQuery{Band: 1, WithinM: 300, LimitS: 500, Speed: 1000}
	got := s.Homes(find("1"), q)
	if math.Abs(got.FarthestM-730) > 2 || math.Abs(got.FarthestS-730) > 2 {
		t.Errorf("the farthest is %v m and %v s away", got.FarthestM, got.FarthestS)
	}
	got.FarthestM, got.FarthestS = 0, 0
	want := coveragelive.Homes{
		Communities: []string{"990101001001"}, Base: "resident", Everybody: 8*30_000 + 28 + 70_000, People: 8*5_000 + 28 + 10_000,
		WithinM: 3*5_000 + 3, WithinLimit: 5*5_000 + 10, OffNetwork: 10_000, Reached: true,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	// Half as fast: as far, for twice as long.
	q.Speed = 500
	if slow := s.Homes(find("1"), q); math.Abs(slow.FarthestM-730) > 2 || math.Abs(slow.FarthestS-1460) > 4 || slow.WithinLimit != 3*5_000+3 {
		t.Errorf("slowly: %+v", slow)
	}
	// It serves the other village, where one house in the fields has no path.
	if hall := s.Homes(find("3"), q); !cmp.Equal(hall.Communities, []string{"990101001002"}) || hall.Everybody == 0 || hall.Reached {
		t.Errorf("the hall: %+v", hall)
	}
	unplaced := facilities.Facility{Unplaced: true, DivisionCode: "990101001001"}
	if got := s.Homes(unplaced, q); got.Reached || got.People != want.People {
		t.Errorf("not placed: %+v", got)
	}
	if got := s.Homes(facilities.Facility{DivisionCode: "990101001", Serves: []string{"nowhere"}}, q); len(got.Communities) != 0 || got.Everybody != 0 {
		t.Errorf("of no community: %+v", got)
	}
	canteen, other := find("1"), find("2")
	if m, ok := s.NearestM(canteen, []facilities.Facility{{Unplaced: true}, other}); !ok || math.Abs(m-1520) > 3 {
		t.Errorf("to the other canteen: %v m, %v", m, ok)
	}
	if _, ok := s.NearestM(canteen, nil); ok {
		t.Error("found one of none")
	}
	if _, ok := s.NearestM(canteen, []facilities.Facility{find("3")}); ok {
		t.Error("found what no path leads to")
	}
}

// Whoever has a path is counted once, and the sums are those of the community.
func TestHomesAddUp(t *testing.T) {
	t.Parallel()
	s := load(t)
	canteen := s.Facilities[0]
	rapid.Check(t, func(t *rapid.T) {
		q := coveragelive.HomesQuery{
			Band: rapid.IntRange(0, 1).Draw(t, "band"), WithinM: float64(rapid.IntRange(0, 2000).Draw(t, "m")),
			LimitS: rapid.IntRange(0, 4000).Draw(t, "s"), Speed: 900,
		}
		got := s.Homes(canteen, q)
		all := q
		all.WithinM, all.LimitS = 1e6, 1e6
		if whole := s.Homes(canteen, all); whole.WithinM != whole.WithinLimit || whole.WithinM+whole.OffNetwork != whole.People || got.WithinM > whole.WithinM || got.WithinLimit > whole.WithinM {
			t.Fatalf("%+v of %+v", got, whole)
		}
		if got.FarthestM <= q.WithinM && got.WithinM+got.OffNetwork != got.People {
			t.Fatalf("the farthest is %v m away, yet %v of %v are within %v m", got.FarthestM, got.WithinM, got.People, q.WithinM)
		}
	})
}
