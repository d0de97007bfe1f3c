package facilities

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yike/internal/record"
)

func TestQuality(t *testing.T) {
	t.Parallel()
	info := everyKind(t)
	const today = record.Day("2026-11-27")
	full := map[string]any{
		"operator": "甲", "operation_mode": "public", "contact_phone": "27390000", "floor_area": 1.0, "land_area": 1.0, "opened_on": "2020-01-01",
		"certificate_no": "1", "fire_safety": "valid", "opening_hours": "全天", "whole": 5.0, "part": 1.0, "size": 1.0, "note": "好", "one": "a",
		"many": []string{"x"}, "on": "2020-01-01", "yes": true, "hours": "全天", "call": "27390000", "built": 1999.0,
	}
	best := Facility{Address: "路 1 号", Fields: full, PlacedBy: PlacedMap, VerifiedOn: today}
	with := func(change func(*Facility)) Facility {
		f := best
		change(&f)
		return f
	}
	without := func(names ...string) map[string]any { // weights: 2 required of 3, 18 others, the address of 3
		out := map[string]any{}
		for name, v := range full {
			out[name] = v
		}
		for _, name := range names {
			delete(out, name)
		}
		return out
	}
	for _, tc := range []struct {
		name string
		f    Facility
		want int
		says string
	}{
		{"nothing to wish for", best, 100, ""},
		{"verified a year ago", with(func(f *Facility) { f.VerifiedOn = "2025-11-27" }), 80, "365 days ago"},
		{"verified two years ago", with(func(f *Facility) { f.VerifiedOn = "2024-11-27" }), 60, "730 days"},
		{"verified tomorrow", with(func(f *Facility) { f.VerifiedOn = "2026-11-28" }), 100, ""},
		{"never verified, written today", with(func(f *Facility) { f.VerifiedOn, f.ValidFrom = "", today }), 80, "never verified on site; last changed"},
		{"never verified, for ever", with(func(f *Facility) { f.VerifiedOn = "" }), 60, "never verified"},
		{"verified long ago, written today", with(func(f *Facility) { f.VerifiedOn, f.ValidFrom = "2020-01-01", today }), 80, "last verified"},
		{"no address: 24 of 27", with(func(f *Facility) { f.Address = "" }), 95, "1 fields are not filled in: address"},
		{"no choice that publishing needs", with(func(f *Facility) { f.Fields = without("many") }), 95, "functions"},
		{"the capacity stands in", with(func(f *Facility) { f.Fields, f.Capacity = without("whole"), 5 }), 100, ""},
		{"seven lack", with(func(f *Facility) {
			f.Fields = without("operator", "land_area", "opened_on", "size", "note", "one", "built")
		}), 89, "and others"},
		{"not placed", with(func(f *Facility) { f.PlacedBy, f.Unplaced = NotPlaced, true }), 80, "not yet placed"},
		{"found from the address", with(func(f *Facility) { f.PlacedBy, f.PlaceConfidence = PlacedAddress, 70 }), 94, "confidence 70"},
		{"an example", with(func(f *Facility) { f.Example = true }), 80, "example"},
		{"nothing but a name", Facility{Unplaced: true}, 0, ""},
	} {
		got := Quality(tc.f, info, today)
		var words []string
		lost := 0
		for _, r := range got.Reasons {
			words = append(words, r.EN)
			lost += r.Lost
			if r.ZH == "" || r.Lost <= 0 {
				t.Errorf("%s: %+v", tc.name, r)
			}
		}
		if got.Points != tc.want || got.Points+lost != 100 || !strings.Contains(strings.Join(words, "; "), tc.says) {
			t.Errorf("%s: %d, want %d; %s", tc.name, got.Points, tc.want, words)
		}
	}
}

// As days pass the score never rises; verifying never lowers it; it is from 0 to 100, and
// what is lost makes it up to 100.
func TestQualityDecays(t *testing.T) {
	t.Parallel()
	types := builtIn(t).Types
	epoch := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	on := func(n int) record.Day { return record.Day(epoch.AddDate(0, 0, n).Format(time.DateOnly)) }
	rapid.Check(t, func(t *rapid.T) {
		info := rapid.SampledFrom(types).Draw(t, "type")
		f := Facility{
			PlacedBy: rapid.SampledFrom([]Placing{PlacedGiven, PlacedAddress, PlacedMap}).Draw(t, "placed"), PlaceConfidence: rapid.IntRange(0, 100).Draw(t, "confidence"),
			Unplaced: rapid.Bool().Draw(t, "unplaced"), Address: rapid.SampledFrom([]string{"", "路"}).Draw(t, "address"), Capacity: rapid.IntRange(0, 3).Draw(t, "capacity"),
			Fields: map[string]any{},
		}
		for _, field := range info.Fields {
			if rapid.Bool().Draw(t, field.Field) {
				f.Fields[field.Field] = "x"
			}
		}
		if rapid.Bool().Draw(t, "verified") {
			f.VerifiedOn = on(rapid.IntRange(0, 2000).Draw(t, "verified on"))
		}
		if rapid.Bool().Draw(t, "changed") {
			f.ValidFrom = on(rapid.IntRange(0, 2000).Draw(t, "changed on"))
		}
		day := rapid.IntRange(0, 3000).Draw(t, "day")
		now, later := Quality(f, info, on(day)), Quality(f, info, on(day+rapid.IntRange(0, 1000).Draw(t, "later")))
		lost := 0
		for _, r := range now.Reasons {
			lost += r.Lost
		}
		if later.Points > now.Points || now.Points < 0 || now.Points > 100 || now.Points+lost != 100 {
			t.Fatalf("%d, later %d, lost %d", now.Points, later.Points, lost)
		}
		verified := f
		verified.VerifiedOn = max(f.VerifiedOn, on(rapid.IntRange(0, day).Draw(t, "verified then")))
		if got := Quality(verified, info, on(day)); got.Points < now.Points {
			t.Fatalf("verifying made %d of %d", got.Points, now.Points)
		}
	})
}
