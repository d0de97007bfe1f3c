package coveragelive_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/geo/divisions"
)

// Several plans are each what they are alone, and stand on one baseline, also where one of
// them cannot be taken.
func TestSeveralPlansAtOnce(t *testing.T) {
	t.Parallel()
	s := load(t)
	plans := [][]coveragelive.Step{
		{{Kind: coveragelive.AddSite, ID: "a", At: at(1200, 10)}},
		{{Kind: coveragelive.CloseSite, ID: "nobody"}},
		{{Kind: coveragelive.CloseSite, ID: canteen(t, s, "老食堂")}},
		make([]coveragelive.Step, coveragelive.MostSteps+1),
		nil,
	}
	q, b, got, err := s.WhatIfs(t.Context(), canteens(900), plans)
	if err != nil {
		t.Fatal(err)
	}
	if q.Base == "" {
		t.Error("the question is not complete")
	}
	var options []coverage.Option
	for i, plan := range plans {
		alone, err := s.WhatIf(t.Context(), canteens(900), plan)
		if i == 1 || i == 3 {
			if got[i].WhatIf != nil || err == nil || got[i].Err == nil || got[i].Err.Error() != err.Error() {
				t.Errorf("plan %d: %v, alone %v", i, got[i].Err, err)
			}
			continue
		}
		if err != nil || got[i].Err != nil {
			t.Fatalf("plan %d: %v, alone %v", i, got[i].Err, err)
		}
		if diff := cmp.Diff(alone.Delta.Total, got[i].WhatIf.Delta.Total); diff != "" {
			t.Errorf("plan %d: %s", i, diff)
		}
		options = append(options, coverage.Option{Delta: got[i].WhatIf.Delta, After: got[i].WhatIf.After})
	}
	if _, err := coverage.Compare(b, options, divisions.Community); err != nil {
		t.Error(err)
	}
}

func TestSeveralPlansRefused(t *testing.T) {
	t.Parallel()
	s := load(t)
	if _, _, _, err := s.WhatIfs(t.Context(), coveragelive.Query{Type: "?"}, nil); !errors.Is(err, coveragelive.ErrUnknownType) {
		t.Errorf("%v", err)
	}
	if _, _, _, err := s.WhatIfs(t.Context(), canteens(900), nil); err != nil {
		t.Errorf("no plans: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, _, err := s.WhatIfs(gone, canteens(900), make([][]coveragelive.Step, 2)); !errors.Is(err, context.Canceled) {
		t.Errorf("hung up: %v", err)
	}
}
