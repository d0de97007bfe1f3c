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
	want := access.Wanted{Percentiles: []float64{0, 0.1, 0.5, 0.9, 1}, Under: []float64{0, 0.5, 0.75, 9}, Parts: 3}
	rapid.Check(t, func(t *rapid.T) {
		have, people, each := drawAccess(t)
		got, _, err := access.Spreads(have, people, access.Divisions{Of: slices.Repeat([]int32{-1}, len(have))}, want)
		if err != nil {
			t.Fatal(err)
		}
		expected := access.Spread{People: int64(len(each)), Under: make([]int64, len(want.Under))}
		for _, a := range each {
			expected.Mean += a / float64(len(each))
			if a == 0 {
				expected.Without++
			}
		}
		for _, q := range want.Percentiles {
			if len(each) > 0 {
				expected.At = append(expected.At, each[max(0, int(math.Ceil(q*float64(len(each))))-1)])
			}
		}
		for at, threshold := range want.Under {
			expected.Under[at] = less(each, threshold)
		}
		expected.Half = less(each, got.Mean/2)
		if !near(got.Mean, expected.Mean) {
			t.Fatalf("mean %v instead of %v", got.Mean, expected.Mean)
		}
		expected.Mean = got.Mean
		expected.Gini, _ = access.Gini(have, people)
		expected.Lorenz = access.Lorenz(have, people, want.Parts)
		if d := cmp.Diff(expected, got); d != "" {
			t.Fatal(d)
		}
	})
}

func less(each []float64, threshold float64) int64 {
	return int64(len(slices.DeleteFunc(slices.Clone(each), func(a float64) bool { return a >= threshold })))
}

func TestSpreadsByDivision(t *testing.T) {
	t.Parallel()
	// 0 and 1 lie in 3, and 2 is empty.
	in := access.Divisions{Of: []int32{0, 0, 0, 1, 3, -1}, Parent: []int32{3, 3, 3, -1}}
	all, got, err := access.Spreads([]float64{0, 1, 2, 5, 0, 9}, []int64{3, 1, 6, 2, 4, 4}, in, access.Wanted{Percentiles: []float64{0.25, 0.5}, Under: []float64{2}})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*access.Spread{&all, &got[0], &got[1], &got[2], &got[3]} {
		s.Gini = 0 // has tests of its own
	}
	want := []access.Spread{
		{People: 10, Without: 3, Mean: 1.3, At: []float64{0, 2}, Under: []int64{4}, Half: 4},
		{People: 2, Mean: 5, At: []float64{5, 5}, Under: []int64{0}},
		{Under: []int64{0}},
		{People: 16, Without: 7, Mean: 23.0 / 16, At: []float64{0, 1}, Under: []int64{8}, Half: 8},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(access.Spread{People: 20, Without: 7, Mean: 59.0 / 20, At: []float64{0, 2}, Under: []int64{8}, Half: 8}, all); d != "" {
		t.Error(d)
	}
	if _, _, err := access.Spreads([]float64{1}, nil, access.Divisions{}, access.Wanted{}); !errors.Is(err, access.ErrShape) {
		t.Errorf("places without people: %v", err)
	}
	for _, q := range []float64{-0.1, 1.1, math.NaN()} {
		if _, _, err := access.Spreads(nil, nil, access.Divisions{}, access.Wanted{Percentiles: []float64{q}}); !errors.Is(err, access.ErrShape) {
			t.Errorf("percentile %v: %v", q, err)
		}
	}
}

func TestLorenzAddsUpTheLeastServed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		have, people, each := drawAccess(t)
		sum := 0.0
		for _, a := range each {
			sum += a
		}
		// So many parts that each person is one.
		got := access.Lorenz(have, people, max(1, len(each)))
		if sum == 0 {
			if got != nil {
				t.Fatalf("%v of nothing", got)
			}
			return
		}
		before := 0.0
		for k, share := range got {
			if !near(share, before/sum) {
				t.Fatalf("the first %d have %v instead of %v", k, share, before/sum)
			}
			if k < len(each) {
				before += each[k]
			}
		}
		// Where each has as much, a part has its share, also where it ends in the midst of a place.
		if even := access.Lorenz([]float64{2, 2}, []int64{1, 2}, 4); !slices.Equal(even, []float64{0, 0.25, 0.5, 0.75, 1}) {
			t.Fatalf("even access: %v", even)
		}
	})
}
