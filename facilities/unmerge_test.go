package facilities_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yike/facilities"
)

func TestUnmerged(t *testing.T) {
	t.Parallel()
	before := facilities.Facility{
		ID: "b", Version: 1, NameZH: "甲食堂", Address: "一号", Serves: []string{"1"}, Unplaced: true, DivisionCode: "990001001",
		Fields: map[string]any{"seats": 40.0, "operator": "甲公司"},
	}
	gone := facilities.Facility{
		ID: "a", NameZH: "旧食堂", Address: "二号", Serves: []string{"2", "3"}, BureauNo: "A-1", USCC: "U", Point: [2]float64{117, 39},
		PlacedBy: facilities.PlacedGiven, DivisionCode: "990001002", Fields: map[string]any{"seats": 60.0, "meals_per_day": 80.0},
	}
	_, after, faults := facilities.Merge{Take: []string{"address", facilities.Placement, "fields.seats", "fields.meals_per_day"}}.Merged(gone, before)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if d := cmp.Diff(before, facilities.Unmerged(before, after, after)); d != "" {
		t.Errorf("at once: %s", d)
	}
	now := after
	now.Version, now.Address, now.USCC, now.Capacity = 7, "三号", "V", 9
	now.Serves, now.Fields = []string{"2", "4", "1"}, map[string]any{"seats": 70.0, "meals_per_day": 80.0, "operator": "乙公司"}
	want := now
	want.BureauNo, want.Serves, want.Fields = "", []string{"4", "1"}, map[string]any{"seats": 70.0, "operator": "乙公司"}
	want.Unplaced, want.Point, want.PlacedBy, want.DivisionCode = true, before.Point, "", "990001001"
	if d := cmp.Diff(want, facilities.Unmerged(before, after, now)); d != "" {
		t.Errorf("with changes since: %s", d)
	}
	now.Point[0] = 118
	if got := facilities.Unmerged(before, after, now); got.Unplaced || got.Point != now.Point || got.DivisionCode != "990001002" {
		t.Errorf("moved since: %+v", got)
	}
}

// TestUnmergedUndoesAnyMerge holds that a merge that nothing followed leaves no trace on
// the record that stays.
func TestUnmergedUndoesAnyMerge(t *testing.T) {
	t.Parallel()
	draw := func(t *rapid.T, id string) facilities.Facility {
		text := rapid.SampledFrom([]string{"", "甲", "乙"})
		f := facilities.Facility{
			ID: id, NameZH: text.Draw(t, "name"), Address: text.Draw(t, "address"), BureauNo: text.Draw(t, "no"), USCC: text.Draw(t, "uscc"),
			Capacity: rapid.IntRange(0, 2).Draw(t, "capacity"), Serves: rapid.SliceOfDistinct(rapid.SampledFrom([]string{"1", "2", "3"}), rapid.ID).Draw(t, "serves"),
			Point: [2]float64{rapid.SampledFrom([]float64{117, 118}).Draw(t, "lon"), 39}, DivisionCode: id, Fields: map[string]any{},
		}
		for _, name := range []string{"seats", "beds"} {
			if n := rapid.IntRange(0, 2).Draw(t, name); n > 0 {
				f.Fields[name] = float64(n)
			}
		}
		return f
	}
	rapid.Check(t, func(t *rapid.T) {
		gone, before := draw(t, "a"), draw(t, "b")
		take := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"name_zh", "address", "bureau_no", "capacity", facilities.Placement, "fields.seats", "fields.beds"}), rapid.ID).Draw(t, "take")
		_, after, _ := facilities.Merge{Take: take}.Merged(gone, before)
		got := facilities.Unmerged(before, after, after)
		if before.Point == gone.Point {
			got.DivisionCode = before.DivisionCode // found from the point wherever it is stored
		}
		if d := cmp.Diff(facilities.Differences(before, got), []facilities.Difference(nil)); d != "" {
			t.Fatal(d)
		}
		if got.DivisionCode != before.DivisionCode {
			t.Fatal(got.DivisionCode)
		}
	})
}
