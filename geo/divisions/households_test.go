package divisions_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/geo/divisions"
)

func TestCountHouseholds(t *testing.T) {
	t.Parallel()
	list := []divisions.Division{
		{Code: "1", Level: divisions.District},
		{Code: "11", Level: divisions.Subdistrict, ParentCode: "1"},
		{Code: "111", Level: divisions.Community, ParentCode: "11", Households: 500},
		{Code: "112", Level: divisions.Community, ParentCode: "11"},
		{Code: "1121", Level: divisions.Grid, ParentCode: "112"},
		{Code: "12", Level: divisions.Subdistrict, ParentCode: "1"},
		{Code: "121", Level: divisions.Community, ParentCode: "12"},
		{Code: "122", Level: divisions.Community, ParentCode: "12"},
		{Code: "13", Level: divisions.Subdistrict, ParentCode: "1", Households: 70},
	}
	got := divisions.CountHouseholds(list, map[string]divisions.Dwellings{
		"111":  {Households: 480},            // its source knows better
		"112":  {Households: 30},             // and those of its grid
		"1121": {Households: 12},             //
		"121":  {Households: 90, Unknown: 1}, // one dwelling is missing
	})
	want := map[string]divisions.Households{
		"1": {}, "11": {542, divisions.HouseholdsBelow}, "111": {500, divisions.HouseholdsDeclared}, "112": {42, divisions.HouseholdsBuildings},
		"1121": {12, divisions.HouseholdsBuildings}, "12": {}, "121": {}, "122": {}, "13": {70, divisions.HouseholdsDeclared},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if got["1"].Known() || !got["11"].Known() {
		t.Error("known is not told from unknown")
	}
	if empty := divisions.CountHouseholds(nil, nil); len(empty) != 0 {
		t.Errorf("of nothing: %v", empty)
	}
}
