package main

import (
	"testing"

	"github.com/paulmach/orb/planar"

	"yike/coverage"
	"yike/coverage/coveragelive"
)

// checkGapsAgree holds the drawn gaps against the points they are about: on a real
// district hardly a point may lie on the wrong side, and each of those lies in a cell
// with points of the other kind or beside a rounded corner.
func checkGapsAgree(t *testing.T, s *coveragelive.State, most float64) {
	a := ask(t, s, "elderly_canteen", 900, 900)
	gaps, err := a.Gaps(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wrong := map[coverage.State]int{}
	for i, p := range a.Demand.Points {
		inGap := false
		for _, g := range gaps {
			if g.Area.Bound().Contains(p) && planar.MultiPolygonContains(g.Area, p) {
				inGap = true
				break
			}
		}
		if state := a.Result.State[i]; inGap != (state == coverage.Uncovered) {
			wrong[state]++
		}
	}
	t.Logf("%d points on the wrong side of %d drawn gaps, by state: %v of %d", wrong[0]+wrong[1]+wrong[2], len(gaps), wrong, len(a.Demand.Points))
	for state, n := range wrong {
		if share := float64(n) / float64(len(a.Demand.Points)); share > most {
			t.Errorf("%.2f%% of the points are %v and drawn otherwise; want at most %.2f%%", 100*share, state, 100*most)
		}
	}
}
