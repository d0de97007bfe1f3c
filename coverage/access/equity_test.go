package access_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yike/coverage/access"
)

// drawAccess draws places with access and people, and everybody's access one by one.
func drawAccess(t *rapid.T) (have []float64, people []int64, each []float64) {
	for range rapid.IntRange(0, 8).Draw(t, "places") {
		a, p := float64(rapid.IntRange(0, 6).Draw(t, "access"))/4, rapid.Int64Range(0, 4).Draw(t, "people")
		have, people = append(have, a), append(people, p)
		each = append(each, slices.Repeat([]float64{a}, int(p))...)
	}
	slices.Sort(each)
	return have, people, each
}

func TestGiniIsTheMeanDifference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		have, people, each := drawAccess(t)
		sum, apart := 0.0, 0.0
		for _, a := range each {
			sum += a
			for _, b := range each {
				apart += math.Abs(a - b)
			}
		}
		got, ok := access.Gini(have, people)
		if ok != (sum > 0) {
			t.Fatalf("defined: %v for a sum of %v", ok, sum)
		}
		if want := apart / 2 / float64(len(each)) / sum; ok && !near(got, want) {
			t.Fatalf("%v instead of %v", got, want)
		}
	})
}

func TestSpreadsCountPersons(t *testing.T) {
	t.Parallel()
	percentiles := []float64{0, 0.1, 0.5, 0.9, 1}
	rapid.Check(t, func(t *rapid.T) {
		have, people, each := drawAccess(t)
		division := make([]int32, len(have))
		got, err := access.Spreads(have, people, division, 1, percentiles)
		if err != nil {
			t.Fatal(err)
		}
		want := access.Spread{People: int64(len(each))}
		for _, a := range each {
			want.Mean += a / float64(len(each))
			if a == 0 {
				want.Without++
			}
		}
		for _, q := range percentiles {
			if len(each) > 0 {
				want.At = append(want.At, each[max(0, int(math.Ceil(q*float64(len(each))))-1)])
			}
		}
		if !near(got[0].Mean, want.Mean) {
			t.Fatalf("mean %v instead of %v", got[0].Mean, want.Mean)
		}
		want.Mean = got[0].Mean
		if d := cmp.Diff(want, got[0]); d != "" {
			t.Fatal(d)
		}
		thresholds := []float64{0, 0.5, 0.75, 9}
		for at, under := range access.Under(have, people, thresholds) {
			n := len(slices.DeleteFunc(slices.Clone(each), func(a float64) bool { return a >= thresholds[at] }))
			if int(under) != n {
				t.Fatalf("%d have less than %v instead of %d", under, thresholds[at], n)
			}
		}
	})
}

func TestSpreadsByDivision(t *testing.T) {
	t.Parallel()
	got, err := access.Spreads([]float64{0, 1, 2, 5, 9}, []int64{3, 1, 6, 2, 4}, []int32{0, 0, 0, 2, -1}, 3, []float64{0.25, 0.5})
	want := []access.Spread{
		{People: 10, Without: 3, Mean: 1.3, At: []float64{0, 2}},
		{},
		{People: 2, Mean: 5, At: []float64{5, 5}},
	}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%v, %s", err, d)
	}
	if _, err := access.Spreads([]float64{1}, nil, nil, 0, nil); !errors.Is(err, access.ErrShape) {
		t.Errorf("places without people: %v", err)
	}
	for _, q := range []float64{-0.1, 1.1, math.NaN()} {
		if _, err := access.Spreads(nil, nil, nil, 0, []float64{q}); !errors.Is(err, access.ErrShape) {
			t.Errorf("percentile %v: %v", q, err)
		}
	}
}
