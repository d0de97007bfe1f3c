package coverage_test

import (
	"testing"

	"pgregory.net/rapid"

	"yike/coverage"
)

func TestPublic(t *testing.T) {
	t.Parallel()
	const person = coverage.Person
	for _, tc := range []struct {
		n, want coverage.People
		shown   bool
	}{
		{0, 0, true},
		{1, 0, false},
		{10*person - 1, 0, false},
		{10 * person, 10 * person, true},
		{15*person - 1, 10 * person, true},
		{15 * person, 20 * person, true},
	} {
		if got, shown := tc.n.Public(); got != tc.want || shown != tc.shown {
			t.Errorf("%v: %v, %v; want %v, %v", tc.n, got, shown, tc.want, tc.shown)
		}
	}
}

// One person more or less must not be read off what is published, but at the edges of
// the steps, which nobody outside can tell.
func TestPublicHidesThePerson(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := coverage.People(rapid.Int64Range(0, 1_000_000*int64(coverage.Person)).Draw(t, "n"))
		got, shown := n.Public()
		if shown && (got%coverage.PublicStep != 0 || got-n > coverage.PublicStep/2 || n-got > coverage.PublicStep/2) {
			t.Fatalf("%v is published as %v", n, got)
		}
		if !shown && (n == 0 || n >= coverage.PublicStep) {
			t.Fatalf("%v is not published", n)
		}
		c := coverage.Count{Covered: n, Uncovered: coverage.People(rapid.Int64Range(0, 100*int64(coverage.Person)).Draw(t, "uncovered"))}
		c.Population = c.Covered + c.Uncovered
		share, shown := c.PublicCoverage()
		if _, uncovered := c.Uncovered.Public(); shown && (!uncovered || share < 0 || share > 1) {
			t.Fatalf("%+v is published with a share of %v", c, share)
		}
	})
}
