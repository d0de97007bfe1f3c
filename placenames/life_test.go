package placenames_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"yike/internal/record"
	"yike/placenames"
)

// TestAMillionStepsReviveNothing walks records at random, by moves and renamings that may be and
// that may not, and holds what a record promises for its life: its id stays, each step is one
// version, what people rely on has a document, and nothing comes back from its end.
func TestAMillionStepsReviveNothing(t *testing.T) {
	t.Parallel()
	steps := 1_000_000
	if testing.Short() {
		steps = 10_000
	}
	const today = record.Day("2026-11-27")
	r := rand.New(rand.NewPCG(7, 27))
	states, kinds, begin := placenames.States(), placenames.DecisionKinds(), placenames.Beginnings()
	document := func() placenames.Decision {
		return placenames.Decision{Kind: placenames.DecisionKind(kinds[r.IntN(5)].Code), Number: "1", Day: today, Body: "区"}
	}
	lives, taken, ended := 0, 0, 0
	for done := 0; done < steps; lives++ {
		n := placenames.Name{ID: fmt.Sprint(lives), Version: 1, Text: "甲路", State: begin[r.IntN(len(begin))], Decision: document()}
		for range 12 {
			done++
			var after placenames.Name
			var faults []record.Fault
			if r.IntN(8) == 0 {
				after, faults = n.Rename(fmt.Sprintf("%d路", done), "", placenames.Parts{}, document(), today)
			} else {
				m := placenames.Move{To: placenames.State(states[r.IntN(len(states))].Code), Decision: document(), SuccessorID: []string{"", "x"}[r.IntN(2)], Reason: "走"}
				after, faults = n.After(m, today)
			}
			switch {
			case len(faults) > 0 && (after.State != n.State || after.Version != n.Version || after.Text != n.Text):
				t.Fatalf("a refused step changed %+v to %+v", n, after)
			case len(faults) > 0:
				continue
			case n.State.Ended():
				t.Fatalf("%s came back as %s", n.State, after.State)
			case after.ID != n.ID || after.Version != n.Version+1:
				t.Fatalf("%+v became %+v", n, after)
			case (after.State.InUse() || after.State == placenames.Retired) && !after.Decision.Known():
				t.Fatalf("%s without a document", after.State)
			case after.Text != n.Text && after.Former[len(after.Former)-1].Text != n.Text:
				t.Fatalf("%s was forgotten", n.Text)
			}
			n = after
			taken++
		}
		if n.State.Ended() {
			ended++
		}
	}
	if taken == 0 || ended == 0 {
		t.Errorf("%d steps taken, %d lives ended", taken, ended)
	}
}
