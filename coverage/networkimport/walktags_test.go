package networkimport

import (
	"slices"
	"testing"

	"yike/coverage/walknet"
)

func TestWhatAWayAsksOfWalkers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		tags     string
		crossing walknet.Crossing
		wheels   walknet.Wheels
		incline  int16
	}{
		{tags: "highway=footway"},
		{tags: "highway=footway footway=crossing crossing=traffic_signals", crossing: walknet.Signals},
		{tags: "highway=footway footway=crossing crossing:signals=yes", crossing: walknet.Signals},
		{tags: "highway=path path=crossing crossing=zebra", crossing: walknet.Uncontrolled},
		{tags: "highway=cycleway cycleway=crossing", crossing: walknet.Uncontrolled},
		{tags: "highway=footway footway=crossing crossing=no"},
		{tags: "highway=crossing", crossing: walknet.Uncontrolled},
		{tags: "highway=residential crossing=traffic_signals"},
		{tags: "highway=footway footway=crossing kerb=raised", crossing: walknet.Uncontrolled, wheels: walknet.WheelsNo},
		{tags: "highway=footway kerb=raised"},
		{tags: "highway=footway wheelchair=no", wheels: walknet.WheelsNo},
		{tags: "highway=steps wheelchair=yes", wheels: walknet.WheelsYes},
		{tags: "highway=steps ramp:wheelchair=yes", wheels: walknet.WheelsYes},
		{tags: "highway=steps"},
		{tags: "highway=elevator", wheels: walknet.WheelsYes},
		{tags: "highway=footway wheelchair=limited"},
		{tags: "highway=footway incline=5%", incline: 50},
		{tags: "highway=footway incline=-8.5%", incline: -85},
		{tags: "highway=footway incline=3°", incline: 52},
		{tags: "highway=footway incline=up"},
		{tags: "highway=footway incline=5"},
		{tags: "highway=footway incline=500%"},
		{tags: "highway=footway incline=NaN%"},
		{tags: "highway=footway incline=90°"},
	} {
		got, ok := readTags(tagsOf(tt.tags))
		if !ok || got.crossing != tt.crossing || got.wheels != tt.wheels || got.incline != tt.incline {
			t.Errorf("%s: crossing %d, wheels %d, incline %d", tt.tags, got.crossing, got.wheels, got.incline)
		}
	}
}

func TestHoursOfGates(t *testing.T) {
	t.Parallel()
	day := []walknet.Opening{{From: 360, To: 1320}}
	for _, tt := range []struct {
		key, value string
		want       []walknet.Opening
	}{
		{"opening_hours", "06:00-22:00", day},
		{"opening_hours", "Mo-Su 06:00-22:00", day},
		{"opening_hours", "Mo-Su,PH 06:00-22:00", day},
		{"opening_hours", "06:00-12:00, 14:00-24:00", []walknet.Opening{{From: 360, To: 720}, {From: 840, To: 1440}}},
		{"opening_hours", "22:00-02:00", []walknet.Opening{{From: 1320, To: 120}}},
		{"opening_hours", "24/7", nil},
		{"opening_hours", "Mo-Fr 06:00-22:00", nil},
		{"opening_hours", "06:00-22:00; Su off", nil},
		{"opening_hours", "sunrise-sunset", nil},
		{"opening_hours", "6-22", nil},
		{"opening_hours", "06:60-22:00", nil},
		{"opening_hours", "06:00-24:30", nil},
		{"access:conditional", "no @ (22:00-06:00)", day},
		{"foot:conditional", "private @ (22:00-06:00)", day},
		{"access:conditional", "no @ (00:00-06:00)", []walknet.Opening{{From: 360, To: 0}}},
		{"access:conditional", "no @ (Mo-Fr 22:00-06:00)", nil},
		{"access:conditional", "no @ 22:00", nil},
		{"access:conditional", "yes @ (06:00-22:00)", nil},
	} {
		if got := hoursOf(Tags{tt.key: tt.value}); !slices.Equal(got, tt.want) {
			t.Errorf("%s=%s: %v, want %v", tt.key, tt.value, got, tt.want)
		}
	}
}

func FuzzWalkTags(f *testing.F) {
	for _, s := range []string{"06:00-22:00", "no @ (22:00-06:00)", "5%", "-3°", "24:00-00:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if v := inclineOf(s); v < -steepest || v > steepest {
			t.Errorf("incline %q: %d", s, v)
		}
		for _, key := range []string{"opening_hours", "access:conditional"} {
			for _, o := range hoursOf(Tags{key: s}) {
				if o.From < 0 || o.To < 0 || o.From > 1440 || o.To > 1440 {
					t.Errorf("hours %q: %+v", s, o)
				}
			}
		}
	})
}
