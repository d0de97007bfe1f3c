package rules

import (
	"testing"

	"yike/internal/record"
)

// Whether inputs are worth measuring: a rule of the subject holds in one of the regions, on
// that day.
func TestHolds(t *testing.T) {
	t.Parallel()
	s := Set{Rules: []Rule{
		{Subject: "grid", Regions: []string{"12", "22"}, From: "2021-01-01", Until: "2025-12-31"},
		{Subject: "place"},
	}}
	for _, c := range []struct {
		subject, region, day string
		want                 bool
	}{
		{"grid", "12", "2021-01-01", true},
		{"grid", "22", "2025-12-31", true},
		{"grid", "11", "2022-01-01", false},
		{"grid", "12", "2020-12-31", false},
		{"grid", "12", "2026-01-01", false},
		{"place", "11", "1999-01-01", true},
		{"ledger", "12", "2022-01-01", false},
	} {
		if got := s.Holds(c.subject, []string{c.region}, record.Day(c.day)); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
