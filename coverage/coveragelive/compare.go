package coveragelive

import (
	"context"
	"errors"

	"yike/coverage"
)

// Tried is one of several plans: what it would change, or why it cannot be taken.
type Tried struct {
	WhatIf *WhatIf
	Err    error // of this plan alone: ErrTooManySteps or a *StepError; else nil
}

// WhatIfs answers several plans for one question, each as WhatIf does and all against the
// same baseline, so that they can be set side by side by coverage.Compare. A plan that
// cannot be taken does not keep the others from it. Errors are those of WhatIf that are of
// the question and not of a plan. It also gives the question as it was answered.
func (s *State) WhatIfs(ctx context.Context, q Query, plans [][]Step) (Query, *coverage.Baseline, []Tried, error) {
	q, t, err := s.begin(ctx, q)
	if err != nil {
		return q, nil, nil, err
	}
	out := make([]Tried, len(plans))
	err = each(ctx, len(plans), s.workers, func(i int) { out[i].WhatIf, out[i].Err = s.try(ctx, q, t, plans[i]) })
	if err != nil {
		return q, nil, nil, err
	}
	for _, tried := range out {
		var step *StepError
		if tried.Err != nil && !errors.As(tried.Err, &step) && !errors.Is(tried.Err, ErrTooManySteps) {
			return q, nil, nil, tried.Err
		}
	}
	return q, t.baseline, out, nil
}
