package coverage_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yike/coverage"
	"yike/geo/divisions"
)

func TestUnitCoverage(t *testing.T) {
	t.Parallel()
	const east, one, two, west, grid = 0, 1, 2, 3, 4
	for _, tc := range []struct {
		name  string
		sites []coverage.Site
		with  int
	}{
		{"no site", nil, 0},
		{"a site in a community", []coverage.Site{{Division: one}}, 1},
		{"a site in a grid counts for its community", []coverage.Site{{Division: grid}}, 1},
		{"a site in the subdistrict only", []coverage.Site{{Division: east}}, 0},
		{"a site in the other subdistrict", []coverage.Site{{Division: west}}, 0},
		{"assigned by a documented service area", []coverage.Site{{Division: west, Serves: []int32{two}}}, 1},
		{"a subdistrict named as served is no community", []coverage.Site{{Division: west, Serves: []int32{east, -1}}}, 0},
		{"twice in one community", []coverage.Site{{Division: one}, {Division: west, Serves: []int32{one}}}, 1},
		{"in both", []coverage.Site{{Division: one}, {Division: grid}}, 2},
		{"outside all", []coverage.Site{{Division: -1}}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			empty := &coverage.Demand{Bands: townBands(), People: make([][]coverage.People, 2)}
			s := coverage.Summarise(empty, &coverage.Result{}, coverage.NewHierarchy(townDivisions()), tc.sites)
			if want := (coverage.Units{Total: 2, With: tc.with}); s.AllUnits != want || s.Units[east] != want {
				t.Errorf("all %+v, subdistrict %+v; want %+v", s.AllUnits, s.Units[east], want)
			}
			if _, ok := s.Units[west].UnitCoverage(); ok {
				t.Error("a subdistrict without communities has a unit coverage")
			}
		})
	}
}

func TestHierarchyWithFaults(t *testing.T) {
	t.Parallel()
	h := coverage.NewHierarchy([]divisions.Division{
		{Code: "1", Level: divisions.Community, ParentCode: "2"},
		{Code: "2", Level: divisions.Subdistrict, ParentCode: "1"}, // each other's parent
		{Code: "3", Level: divisions.Community, ParentCode: "9"},   // not loaded
		{Code: "4", Level: divisions.Grid, ParentCode: "4"},        // its own
	})
	var parents []int32
	for i := range h.Len() {
		parents = append(parents, h.Parent(int32(i)))
	}
	if diff := cmp.Diff([]int32{1, -1, -1, -1}, parents); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]divisions.Level{divisions.Subdistrict, divisions.Community, divisions.Grid}, h.Levels()); diff != "" {
		t.Error(diff)
	}
	if h.Find("3") != 2 || h.Find("") != -1 || h.At(0, divisions.Subdistrict) != 1 || h.At(2, divisions.Subdistrict) != -1 {
		t.Error("look-ups are wrong")
	}
}

func TestAbsentLevels(t *testing.T) {
	t.Parallel()
	if got := len(coverage.AbsentLevels(coverage.NewHierarchy(nil))); got != 3 {
		t.Errorf("nothing loaded: %d sentences", got)
	}
	if got := coverage.AbsentLevels(coverage.NewHierarchy(townDivisions())); len(got) != 0 {
		t.Errorf("all levels loaded, yet %v", got)
	}
}

func TestWidest(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		bands []coverage.Band
		want  int
	}{
		{"none", nil, -1},
		{"declared", []coverage.Band{{ID: "0+", ToAge: -1}, {ID: "20+", FromAge: 20, ToAge: -1, Widest: true}}, 1},
		{"by span", []coverage.Band{{FromAge: 60, ToAge: 69}, {FromAge: 60, ToAge: -1}, {FromAge: 70, ToAge: -1}}, 1},
		{"first of equals", []coverage.Band{{FromAge: 60, ToAge: 69}, {FromAge: 70, ToAge: 79}}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := coverage.Widest(tc.bands); got != tc.want {
				t.Errorf("got %d, want %d", got, tc.want)
			}
		})
	}
}

func TestBandsFrom(t *testing.T) {
	t.Parallel()
	band := func(from, to int) coverage.Band { return coverage.Band{FromAge: from, ToAge: to} }
	for _, tc := range []struct {
		name  string
		bands []coverage.Band
		want  []int
		gap   int
	}{
		{"one open band", []coverage.Band{band(0, -1), band(60, -1), band(70, -1)}, []int{1}, 0},
		{"bands that follow one another", []coverage.Band{band(0, -1), band(60, 69), band(70, 79), band(80, -1)}, []int{1, 2, 3}, 0},
		{"in any order", []coverage.Band{band(80, -1), band(70, 79), band(60, 69)}, []int{2, 1, 0}, 0},
		{"the one before the many", []coverage.Band{band(60, 69), band(70, -1), band(60, -1)}, []int{2}, 0},
		{"past a dead end", []coverage.Band{band(60, 74), band(60, 69), band(70, -1)}, []int{1, 2}, 0},
		{"a year is missing", []coverage.Band{band(60, 69), band(71, -1)}, nil, 70},
		{"a year is in two", []coverage.Band{band(60, 70), band(70, -1)}, nil, 71},
		{"the last is not open", []coverage.Band{band(60, 69), band(70, 79)}, nil, 80},
		{"they begin before", []coverage.Band{band(55, 64), band(65, -1)}, nil, 60},
		{"none", nil, nil, 60},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, gap, ok := coverage.BandsFrom(tc.bands, 60)
			if !slices.Equal(got, tc.want) || gap != tc.gap || ok != (tc.want != nil) {
				t.Errorf("got %v, %d, %v", got, gap, ok)
			}
		})
	}
}

// What is chosen holds every age from 60 on exactly once, and where anything is chosen
// nothing shorter would do.
func TestBandsFromHoldEachAgeOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var bands []coverage.Band
		for range rapid.IntRange(0, 8).Draw(t, "bands") {
			b := coverage.Band{FromAge: rapid.IntRange(58, 66).Draw(t, "from"), ToAge: -1}
			if rapid.Bool().Draw(t, "closed") {
				b.ToAge = b.FromAge + rapid.IntRange(0, 4).Draw(t, "years")
			}
			bands = append(bands, b)
		}
		got, _, ok := coverage.BandsFrom(bands, 60)
		if !ok {
			return
		}
		for age := 55; age < 120; age++ {
			n := 0
			for _, i := range got {
				if b := bands[i]; age >= b.FromAge && (b.ToAge < 0 || age <= b.ToAge) {
					n++
				}
			}
			if want := map[bool]int{true: 1}[age >= 60]; n != want {
				t.Fatalf("age %d is in %d of %v of %v", age, n, got, bands)
			}
		}
	})
}

func TestPeopleText(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		n                  coverage.People
		text, whole, tenth string
	}{
		{0, "0", "0", "0.0"},
		{1, "0.0001", "0", "0.0"},
		{10_000, "1", "1", "1.0"},
		{123_450, "12.345", "12", "12.3"},
		{125_000, "12.5", "13", "12.5"},
		{-125_000, "-12.5", "-13", "-12.5"},
		{999_999, "99.9999", "100", "100.0"},
	} {
		if got := tc.n.String(); got != tc.text {
			t.Errorf("%d: %q, want %q", int64(tc.n), got, tc.text)
		}
		if got := tc.n.Fixed(0); got != tc.whole {
			t.Errorf("%d in whole persons: %q, want %q", int64(tc.n), got, tc.whole)
		}
		if got := tc.n.Fixed(1); got != tc.tenth {
			t.Errorf("%d in tenths: %q, want %q", int64(tc.n), got, tc.tenth)
		}
		if got := tc.n.Fixed(4); coverage.People(0) == tc.n && got != "0.0000" {
			t.Errorf("four decimals of nobody: %q", got)
		}
	}
}
