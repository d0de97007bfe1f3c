package siting_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/coverage/siting"
)

// lists makes reach of lists of points, all at the cost 1.
func lists(of ...[]int32) siting.Reach {
	r := siting.Reach{Start: []int{0}}
	for _, l := range of {
		r.Demand = append(r.Demand, l...)
		r.Cost = append(r.Cost, slices.Repeat([]int32{1}, len(l))...)
		r.Start = append(r.Start, len(r.Demand))
	}
	return r
}

func TestQuestionsThatDoNotFit(t *testing.T) {
	t.Parallel()
	weight := []int64{1, 1}
	for name, c := range map[string]struct {
		q    siting.Question
		want error
	}{
		"points without lists":    {siting.Question{Weight: weight, Reach: siting.Reach{Demand: []int32{0}}}, siting.ErrShape},
		"lists that begin late":   {siting.Question{Weight: weight, Reach: siting.Reach{Start: []int{1, 1}, Demand: []int32{0}}}, siting.ErrShape},
		"lists that end early":    {siting.Question{Weight: weight, Reach: siting.Reach{Start: []int{0, 0}, Demand: []int32{0}}}, siting.ErrShape},
		"a list backwards":        {siting.Question{Weight: weight, Reach: siting.Reach{Start: []int{0, 2, 1, 2}, Demand: []int32{0, 1}}}, siting.ErrShape},
		"a list beyond the array": {siting.Question{Weight: weight, Reach: siting.Reach{Start: []int{0, 3, 1}, Demand: []int32{0}}}, siting.ErrShape},
		"a point twice":           {siting.Question{Weight: weight, Reach: lists([]int32{1, 1})}, siting.ErrShape},
		"a point too many":        {siting.Question{Weight: weight, Reach: lists([]int32{2})}, siting.ErrShape},
		"a point below none":      {siting.Question{Weight: weight, Reach: lists([]int32{-1})}, siting.ErrShape},
		"a cost missing":          {siting.Question{Weight: weight, Reach: siting.Reach{Start: []int{0, 1}, Demand: []int32{0}, Cost: []int32{}}}, siting.ErrShape},
		"a cost below none":       {siting.Question{Weight: weight, Reach: siting.Reach{Start: []int{0, 1}, Demand: []int32{0}, Cost: []int32{-1}}}, siting.ErrShape},
		"weight below none":       {siting.Question{Weight: []int64{-1}}, siting.ErrShape},
		"too much weight":         {siting.Question{Weight: []int64{math.MaxInt64 / 2, math.MaxInt64 / 2}}, siting.ErrTooLarge},
		"standings missing":       {siting.Question{Weight: weight, Reach: lists(nil), Standing: []siting.Standing{}}, siting.ErrShape},
		"a price of nothing":      {siting.Question{Weight: weight, Reach: lists(nil), Price: []int64{0}}, siting.ErrShape},
		"prices missing":          {siting.Question{Weight: weight, Reach: lists(nil), Price: []int64{}}, siting.ErrShape},
		"too high prices":         {siting.Question{Weight: weight, Reach: lists(nil, nil), Price: []int64{math.MaxInt64 / 2, math.MaxInt64 / 2}}, siting.ErrTooLarge},
		"capacity below none":     {siting.Question{Weight: weight, Reach: lists(nil), Capacity: []int64{-1}}, siting.ErrShape},
		"capacities missing":      {siting.Question{Weight: weight, Reach: lists(nil), Capacity: []int64{}}, siting.ErrShape},
	} {
		if _, err := siting.MaxCoverage(t.Context(), c.q, siting.Limit{Sites: 1}, siting.Effort{}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := siting.FewestSites(t.Context(), c.q, 0, siting.Effort{}); !errors.Is(err, c.want) {
			t.Errorf("%s, fewest: %v", name, err)
		}
		if _, err := siting.Center(t.Context(), c.q, 1, siting.Effort{}); !errors.Is(err, c.want) && !errors.Is(err, siting.ErrShape) {
			t.Errorf("%s, centre: %v", name, err)
		}
		if _, err := siting.Median(t.Context(), c.q, siting.Limit{Sites: 1}, 1, siting.Effort{}); !errors.Is(err, c.want) && !errors.Is(err, siting.ErrShape) {
			t.Errorf("%s, median: %v", name, err)
		}
	}
}

func TestLimitsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	q := siting.Question{Weight: []int64{1}, Reach: lists([]int32{0})}
	for _, l := range []siting.Limit{{}, {Sites: -1}, {Budget: -1}} {
		if _, err := siting.MaxCoverage(t.Context(), q, l, siting.Effort{}); !errors.Is(err, siting.ErrLimit) {
			t.Errorf("%+v: %v", l, err)
		}
		if _, err := siting.Median(t.Context(), q, l, 1, siting.Effort{}); !errors.Is(err, siting.ErrLimit) {
			t.Errorf("%+v, median: %v", l, err)
		}
	}
	if _, err := siting.Center(t.Context(), q, -1, siting.Effort{}); !errors.Is(err, siting.ErrLimit) {
		t.Errorf("centre: %v", err)
	}
	if _, err := siting.Median(t.Context(), q, siting.Limit{Sites: 1}, 0, siting.Effort{}); !errors.Is(err, siting.ErrShape) {
		t.Errorf("a cost beyond beyond: %v", err)
	}
	heavy := siting.Question{Weight: []int64{math.MaxInt64 / 8}, Reach: lists([]int32{0})}
	if _, err := siting.Median(t.Context(), heavy, siting.Limit{Sites: 1}, 1000, siting.Effort{}); !errors.Is(err, siting.ErrTooLarge) {
		t.Errorf("weight × cost: %v", err)
	}
	// Sums that fit, but not as often as their rows are looked at.
	heavy = siting.Question{Weight: []int64{1 << 60}, Reach: lists([]int32{0}, []int32{0})}
	for name, price := range map[string][]int64{"no prices": nil, "high prices": {1 << 60, 1 << 60}} {
		heavy.Price = price
		if _, err := siting.FewestSites(t.Context(), heavy, 1, siting.Effort{}); (err == nil) != (price == nil) || err != nil && !errors.Is(err, siting.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	heavy.Price = nil
	heavy.Weight = []int64{1 << 61}
	if _, err := siting.MaxCoverage(t.Context(), heavy, siting.Limit{Sites: 2}, siting.Effort{}); !errors.Is(err, siting.ErrTooLarge) {
		t.Errorf("most: %v", err)
	}
	heavy.Capacity = []int64{1, 1}
	if _, err := siting.MaxCoverage(t.Context(), heavy, siting.Limit{Sites: 2}, siting.Effort{}); !errors.Is(err, siting.ErrTooLarge) {
		t.Errorf("most within capacities: %v", err)
	}
	q.Capacity = []int64{1}
	if _, err := siting.FewestSites(t.Context(), q, 1, siting.Effort{}); !errors.Is(err, siting.ErrCapacity) {
		t.Errorf("fewest within capacities: %v", err)
	}
}

func TestTargetsOutOfReach(t *testing.T) {
	t.Parallel()
	q := siting.Question{Weight: []int64{5, 7, 9}, Reach: lists([]int32{0}, []int32{0, 1})}
	_, err := siting.FewestSites(t.Context(), q, 13, siting.Effort{})
	var target *siting.TargetError
	if !errors.As(err, &target) || *target != (siting.TargetError{Target: 13, Most: 12}) || !errors.Is(err, siting.ErrTarget) {
		t.Errorf("fewest: %v", err)
	}
	_, err = siting.Center(t.Context(), q, 2, siting.Effort{})
	if !errors.As(err, &target) || *target != (siting.TargetError{Target: 3, Most: 2}) {
		t.Errorf("centre: %v", err)
	}
}

// TestAStreet tells a plan that can be followed by hand: points 0 to 5 along a street with
// 10 people each and 40 at point 4, a site at each point serving its neighbours, one of them
// open and one of them not to be had.
func TestAStreet(t *testing.T) {
	t.Parallel()
	q := siting.Question{
		Weight:   []int64{10, 10, 10, 10, 40, 10},
		Reach:    lists([]int32{0, 1}, []int32{0, 1, 2}, []int32{1, 2, 3}, []int32{2, 3, 4}, []int32{3, 4, 5}, []int32{4, 5}),
		Standing: []siting.Standing{siting.Existing, siting.Free, siting.Free, siting.Free, siting.Excluded, siting.Free},
	}
	got, err := siting.MaxCoverage(t.Context(), q, siting.Limit{Sites: 1}, siting.Effort{})
	if err != nil {
		t.Fatal(err)
	}
	want := &siting.Plan{
		Sites:    []siting.Site{{Candidate: 3, Alone: 60, RunnerUp: 5, Loss: 10}},
		Existing: []siting.Site{{Candidate: 0, Alone: 20, RunnerUp: -1, Loss: 20}},
		Value:    80, Bound: 80, Demand: 90, Served: 80, Work: got.Work,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	few, err := siting.FewestSites(t.Context(), q, 90, siting.Effort{})
	if err != nil {
		t.Fatal(err)
	}
	if few.Value != 2 || !few.Proven() || few.Served != 90 {
		t.Errorf("all are served by %d more", few.Value)
	}
	q.Capacity = []int64{5, 30, 30, 45, 30, 30}
	within, err := siting.MaxCoverage(t.Context(), q, siting.Limit{Sites: 2}, siting.Effort{})
	if err != nil {
		t.Fatal(err)
	}
	if within.Value != 75 || !within.Proven() {
		t.Errorf("within capacities %d are served, at most %d", within.Value, within.Bound)
	}
}

func TestNothingToChoose(t *testing.T) {
	t.Parallel()
	for name, q := range map[string]siting.Question{
		"nothing":              {},
		"no candidates":        {Weight: []int64{3}},
		"nobody in reach":      {Weight: []int64{3}, Reach: lists(nil, nil)},
		"nobody there":         {Weight: []int64{0}, Reach: lists([]int32{0})},
		"nothing free":         {Weight: []int64{3}, Reach: lists([]int32{0}), Standing: []siting.Standing{siting.Excluded}},
		"no room":              {Weight: []int64{3}, Reach: lists([]int32{0}), Capacity: []int64{0}},
		"too dear":             {Weight: []int64{3}, Reach: lists([]int32{0}), Price: []int64{9}},
		"too dear, capacities": {Weight: []int64{3}, Reach: lists([]int32{0}), Price: []int64{9}, Capacity: []int64{4}},
	} {
		l := siting.Limit{Sites: 2, Budget: 5}
		p, err := siting.MaxCoverage(t.Context(), q, l, siting.Effort{})
		if err != nil || p.Value != 0 || !p.Proven() || len(p.Sites) != 0 {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
		p, err = siting.Median(t.Context(), q, l, 8, siting.Effort{})
		if q.Capacity != nil {
			if !errors.Is(err, siting.ErrCapacity) {
				t.Errorf("%s, median: %v", name, err)
			}
			continue
		}
		if want := sumOf(q.Weight) * 8; err != nil || p.Value != want || !p.Proven() {
			t.Errorf("%s, median: %+v, %v", name, p, err)
		}
	}
	none := siting.Question{Weight: []int64{3}, Reach: lists([]int32{0}), Standing: []siting.Standing{siting.Existing}}
	if p, err := siting.FewestSites(t.Context(), none, 3, siting.Effort{}); err != nil || p.Value != 0 || !p.Proven() || p.Served != 3 {
		t.Errorf("fewest: %+v, %v", p, err)
	}
	if p, err := siting.Center(t.Context(), none, 0, siting.Effort{}); err != nil || p.Value != 1 || !p.Proven() {
		t.Errorf("centre: %+v, %v", p, err)
	}
}

func sumOf(of []int64) int64 {
	sum := int64(0)
	for _, v := range of {
		sum += v
	}
	return sum
}

func TestAnEndedContextStops(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	q := town(300, 12, 3)
	within, err := siting.MaxCoverage(ended, q, siting.Limit{Sites: 9}, siting.Effort{})
	if err != nil || !within.Stopped || within.Bound < within.Value || within.Work.Kicks+within.Work.Steps > 0 {
		t.Errorf("within capacities: %+v, %v", within, err)
	}
	q.Capacity = nil
	whole, err := siting.MaxCoverage(t.Context(), q, siting.Limit{Sites: 9}, siting.Effort{})
	if err != nil || whole.Stopped {
		t.Fatal(err)
	}
	p, err := siting.MaxCoverage(ended, q, siting.Limit{Sites: 9}, siting.Effort{})
	if err != nil || !p.Stopped || p.Bound < whole.Value || p.Value > whole.Value || p.Work.Kicks+p.Work.Steps > 0 {
		t.Errorf("stopped at %d and %d of %d: %+v, %v", p.Value, p.Bound, whole.Value, p.Work, err)
	}
	if p, err = siting.FewestSites(ended, q, whole.Demand, siting.Effort{}); err != nil || !p.Stopped || p.Bound > p.Value {
		t.Errorf("fewest: %+v, %v", p, err)
	}
}

func TestWithin(t *testing.T) {
	t.Parallel()
	r := siting.Reach{Start: []int{0, 3, 3, 4}, Demand: []int32{0, 1, 2, 1}, Cost: []int32{5, 6, 4, 7}}
	want := siting.Reach{Start: []int{0, 2, 2, 2}, Demand: []int32{0, 2}, Cost: []int32{5, 4}}
	if d := cmp.Diff(want, r.Within(5)); d != "" {
		t.Error(d)
	}
	if n := (siting.Reach{}).Candidates(); n != 0 {
		t.Errorf("%d candidates in nothing", n)
	}
}

func TestGap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		value, bound int64
		want         float64
	}{{8, 8, 0}, {0, 0, 0}, {95, 100, 0.05}, {105, 100, 0.05}, {3, 0, 1}} {
		p := siting.Plan{Value: c.value, Bound: c.bound}
		if p.Gap() != c.want || p.Proven() != (c.want == 0) {
			t.Errorf("%d and %d: %v", c.value, c.bound, p.Gap())
		}
	}
}
