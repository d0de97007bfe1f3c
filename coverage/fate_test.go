package coverage_test

import (
	"testing"

	"yike/coverage"
	"yike/coverage/walknet"
)

func TestFates(t *testing.T) {
	t.Parallel()
	covered := func(ms walknet.Milliseconds) coverage.Standing {
		return coverage.Standing{State: coverage.Covered, Time: ms}
	}
	out, off := coverage.Standing{State: coverage.Uncovered}, coverage.Standing{State: coverage.Unsnapped}
	for _, c := range []struct {
		before, after coverage.Standing
		want          coverage.Fate
	}{
		{out, covered(1), coverage.FateGained},
		{off, covered(1), coverage.FateGained},
		{covered(1), out, coverage.FateLost},
		{covered(1), off, coverage.FateLost},
		{covered(2), covered(1), coverage.FateNearer},
		{covered(1), covered(2), coverage.FateFarther},
		{covered(1), covered(1), coverage.FateSame},
		{out, off, coverage.FateSame},
	} {
		if got := (coverage.PointChange{Before: c.before, After: c.after}).Fate(); got != c.want {
			t.Errorf("%v to %v is %s; want %s", c.before, c.after, got, c.want)
		}
	}
}
