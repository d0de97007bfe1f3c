package facilities

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

var (
	allStages   = []Stage{Draft, Submitted, Published}
	allStatuses = []Status{Planned, Building, Open, Suspended, Closed}
)

// The whole table of Stage × Status: what may become what.
func TestTransitions(t *testing.T) {
	t.Parallel()
	stages := map[string]string{
		"draft→submitted": "facility.submit", "submitted→draft": "facility.return", "draft→published": "facility.publish",
		"submitted→published": "facility.publish", "published→draft": "facility.withdraw",
	}
	const statuses = ` planned→building planned→open planned→closed building→open building→closed open→suspended open→closed
		suspended→open suspended→closed closed→open `
	for _, s1 := range allStages {
		for _, s2 := range allStages {
			for _, t1 := range allStatuses {
				for _, t2 := range allStatuses {
					before, after := canteen(), canteen()
					before.Stage, before.Status, after.Stage, after.Status = s1, t1, s2, t2
					var want []string
					if s1 != s2 && stages[fmt.Sprintf("%s→%s", s1, s2)] == "" {
						want = append(want, "stage")
					}
					mayBecome := t1 == t2 || slices.Contains(strings.Fields(statuses), fmt.Sprintf("%s→%s", t1, t2))
					if !mayBecome {
						want = append(want, "status")
					}
					name := fmt.Sprintf("%s %s → %s %s", s1, t1, s2, t2)
					if got := fieldsOf(LifeFaults(before, after, false)); got != strings.Join(want, " ") {
						t.Errorf("%s: faults in %q, want %q", name, got, want)
					}
					if got := fieldsOf(LifeFaults(before, after, true)); strings.Contains(got, "status") {
						t.Errorf("%s, corrected: faults in %q", name, got)
					}
					if slices.Contains(NextStatuses(before), t2) != (t1 != t2 && mayBecome) {
						t.Errorf("%s: the next are %v", name, NextStatuses(before))
					}
					if slices.Contains(NextStages(before), s2) != (stages[fmt.Sprintf("%s→%s", s1, s2)] != "") {
						t.Errorf("%s: the next are %v", name, NextStages(before))
					}
				}
			}
		}
	}
	for _, s := range StageSteps() {
		if stages[fmt.Sprintf("%s→%s", s.From, s.To)] != s.Action || s.ZH == "" || s.EN == "" || (s.Right == "") != (s.Action == "facility.submit" || s.Action == "facility.return") {
			t.Errorf("%+v", s)
		}
	}
	gone := canteen()
	gone.ReplacedBy = []string{"1"}
	if len(NextStages(gone))+len(NextStatuses(gone)) != 0 || len(NextStatuses(Facility{Status: "shut"})) != 0 {
		t.Error("a tombstone goes on living")
	}
}

func TestPublishFaults(t *testing.T) {
	t.Parallel()
	types := known(t).Types
	f := canteen()
	f.Capacity = 0 // else it stands in for the field
	if got := fieldsOf(PublishFaults(f, types)); got != "fields.meals_per_day" {
		t.Errorf("without meals: %q", got)
	}
	f.Fields["meals_per_day"] = 80.0
	if got := fieldsOf(PublishFaults(f, types)); got != "" {
		t.Errorf("with meals: %q", got)
	}
	f.Type = "pub"
	if got := PublishFaults(f, types); got != nil {
		t.Errorf("of no type: %v", got)
	}
}

func TestDeed(t *testing.T) {
	t.Parallel()
	before := canteen()
	for _, tc := range []struct {
		change func(*Facility)
		want   string
	}{
		{func(f *Facility) { f.Stage = Draft; f.Capacity = 3 }, "facility.withdraw"},
		{func(f *Facility) { f.VerifiedOn = "2026-11-27" }, "facility.verify"},
		{func(f *Facility) { f.VerifiedOn = "2026-11-27"; f.Capacity = 3 }, "facility.update"},
		{func(f *Facility) { f.Status = Closed }, "facility.update"},
	} {
		after := canteen()
		tc.change(&after)
		if got := Deed(before, after); got != tc.want {
			t.Errorf("%s, want %s", got, tc.want)
		}
	}
}

func TestMerged(t *testing.T) {
	t.Parallel()
	gone, into := canteen(), canteen()
	gone.ID, into.ID = "g", "i"
	gone.NameZH, gone.Address, gone.Point, gone.PlacedBy, gone.BureauNo, gone.InstitutionCode = "甲食堂（旧）", "解放路 9 号", orb.Point{117.2, 39.1}, PlacedGiven, "G-1", "G-2"
	gone.Serves, gone.Fields = []string{"990001001002", "990001001001"}, map[string]any{"seats": 44.0, "floor": 1.0}
	into.USCC, into.BureauNo = "", "I-1"
	tombstone, kept, faults := Merge{Take: []string{"address", Placement, "fields.seats"}, Reason: "重复登记"}.Merged(gone, into)
	want := into
	want.Address, want.Point, want.PlacedBy, want.USCC, want.InstitutionCode = gone.Address, gone.Point, PlacedGiven, gone.USCC, "G-2"
	want.Serves, want.Fields = []string{"990001001001", "990001001002"}, map[string]any{"seats": 44.0, "subsidised": true}
	if d := cmp.Diff(want, kept); d != "" || len(faults) > 0 {
		t.Error(d, faults)
	}
	want = gone
	want.Status, want.ReplacedBy = Closed, []string{"i"}
	if d := cmp.Diff(want, tombstone); d != "" {
		t.Error(d)
	}
	if into.Fields["seats"] != 40.0 || len(into.Serves) != 1 {
		t.Error("the merge wrote into what it was given")
	}
	for _, tc := range []struct {
		name   string
		change func(gone, into *Facility)
		take   []string
		want   string
	}{
		{"into itself", func(g, i *Facility) { i.ID = g.ID }, nil, "into"},
		{"into a tombstone", func(_, i *Facility) { i.ReplacedBy = []string{"x"} }, nil, "into"},
		{"into a draft", func(_, i *Facility) { i.Stage = Draft }, nil, "into"},
		{"a draft into a draft", func(g, i *Facility) { g.Stage, i.Stage = Draft, Draft }, nil, ""},
		{"fields that there are not", func(*Facility, *Facility) {}, []string{"stage", "fields.beds", "lon", ""}, "take take take take"},
		{"every field that there is", func(*Facility, *Facility) {}, []string{
			"type", "name_zh", "name_en", "status", "address", "capacity", "uscc", "institution_code", "bureau_no", "verified_on", Placement, "fields.floor",
		}, ""},
	} {
		g, i := gone, into
		tc.change(&g, &i)
		_, kept, faults := Merge{Take: tc.take}.Merged(g, i)
		if got := fieldsOf(faults); got != tc.want {
			t.Errorf("%s: faults in %q, want %q", tc.name, got, tc.want)
		}
		if len(tc.take) > 5 {
			same := cmpopts.IgnoreFields(Facility{}, "ID", "Serves", "Fields", "Stage")
			if d := cmp.Diff(g, kept, same); d != "" {
				t.Error(d)
			}
		}
	}
}

// However two records are merged, nothing that only one of them knew is lost: it is in
// the one that stays, or in the tombstone.
func TestMergesLoseNothing(t *testing.T) {
	t.Parallel()
	draw := rapid.Custom(func(t *rapid.T) Facility {
		word := rapid.SampledFrom([]string{"", "A", "B"})
		return Clean(Facility{
			ID: rapid.StringMatching(`[a-z]{8}`).Draw(t, "id"), Stage: Published, Status: Open, USCC: word.Draw(t, "uscc"), BureauNo: word.Draw(t, "no"),
			InstitutionCode: word.Draw(t, "code"), Serves: rapid.SliceOfN(word, 0, 3).Draw(t, "serves"), Point: orb.Point{1, 1},
		})
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw.Draw(t, "a"), draw.Draw(t, "b")
		tombstone, kept, _ := Merge{}.Merged(a, b)
		for _, code := range append(slices.Clone(a.Serves), b.Serves...) {
			if !slices.Contains(kept.Serves, code) {
				t.Fatalf("%s is served no more", code)
			}
		}
		for _, each := range [][3]string{{a.USCC, b.USCC, kept.USCC}, {a.BureauNo, b.BureauNo, kept.BureauNo}, {a.InstitutionCode, b.InstitutionCode, kept.InstitutionCode}} {
			if want := each[1]; want != "" && each[2] != want || want == "" && each[2] != each[0] {
				t.Fatalf("codes %v", each)
			}
		}
		if !tombstone.Tombstone() || tombstone.Status != Closed || tombstone.BureauNo != a.BureauNo {
			t.Fatalf("%+v", tombstone)
		}
	})
}

func TestPart(t *testing.T) {
	t.Parallel()
	from := canteen()
	from.ID, from.SourceID, from.Version, from.ValidFrom, from.Edited, from.BureauNo, from.InstitutionCode, from.VerifiedOn = "1", "yike:1", 4, "2020-01-01", true, "B", "I", "2026-01-01"
	got := Part(from, Patch{NameZH: ptr("甲食堂二部"), Fields: map[string]any{"seats": 10}})
	want := canteen()
	want.NameZH, want.Fields = "甲食堂二部", map[string]any{"seats": 10.0, "subsidised": true}
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" || from.Fields["seats"] != 40.0 {
		t.Error(d)
	}
	if got := Part(from, Patch{BureauNo: ptr("B")}); got.BureauNo != "B" || got.USCC != from.USCC {
		t.Errorf("%+v", got)
	}
}
