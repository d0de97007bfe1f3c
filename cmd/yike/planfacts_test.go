package main

import (
	"strings"
	"testing"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/geo/divisions"
)

// Elders are counted from bands of ten years as from the one that holds them all, and where
// the bands leave a year out the reason names it.
func TestElders(t *testing.T) {
	t.Parallel()
	counted := func(bands []coverage.Band, people ...[]coverage.People) *coveragelive.State {
		return &coveragelive.State{Bands: bands, Demand: map[divisions.Base]*coverage.Demand{divisions.Registered: {People: people}}}
	}
	band := func(id string, from, to int) coverage.Band { return coverage.Band{ID: id, FromAge: from, ToAge: to} }
	one := []coverage.People{30_000, 20_000}
	for _, c := range []struct {
		name string
		s    *coveragelive.State
		want float64
		why  string
	}{
		{"one band", counted([]coverage.Band{band("all", 0, -1), band("60+", 60, -1), band("70+", 70, -1)}, nil, one, nil), 5, ""},
		{"three bands", counted([]coverage.Band{band("60-69", 60, 69), band("70-79", 70, 79), band("80+", 80, -1)}, one, one, one), 15, ""},
		{"a year short", counted([]coverage.Band{band("60-69", 60, 69), band("80+", 80, -1)}, one, one), 0, "age of 70"},
		{"from 65 only", counted([]coverage.Band{band("65+", 65, -1)}, one), 0, "age of 60"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, note := elders(c.s)
			if c.why != "" {
				if len(got) != 0 || !strings.Contains(note.EN, c.why) || note.ZH == "" {
					t.Errorf("got %v, %+v", got, note)
				}
				return
			}
			if len(got) != 1 || got[0].Base != divisions.Registered || got[0].Number != c.want || !strings.Contains(note.EN, "no resident people") {
				t.Errorf("got %v, %+v", got, note)
			}
		})
	}
}
