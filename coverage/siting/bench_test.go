package siting_test

import (
	"context"
	"fmt"
	"slices"
	"syscall"
	"testing"

	"yike/coverage/siting"
)

// BenchmarkMedian asks for each of the forty p-medians of the OR-Library once per round and
// prints how far values and bounds are from the published optima.
func BenchmarkMedian(b *testing.B) {
	best := optima(b, "pmedopt.txt")
	benchmarkPmed(b, best, func(q siting.Question, p int) (*siting.Plan, error) {
		return siting.Median(context.Background(), q, siting.Limit{Sites: p}, slices.Max(q.Reach.Cost), siting.Effort{Reads: 100_000_000})
	})
}

// BenchmarkCenter does so for the p-centers.
func BenchmarkCenter(b *testing.B) {
	best := optima(b, "kcenteropt.txt")
	benchmarkPmed(b, best, func(q siting.Question, p int) (*siting.Plan, error) {
		return siting.Center(context.Background(), q, p, siting.Effort{})
	})
}

func benchmarkPmed(b *testing.B, best map[int]int64, ask func(siting.Question, int) (*siting.Plan, error)) {
	b.Helper()
	var questions []siting.Question
	var counts []int
	for number := range 40 {
		q, p := pmed(b, number+1)
		questions, counts = append(questions, q), append(counts, p)
	}
	before := processor(b)
	defer func() { b.ReportMetric((processor(b)-before)/float64(b.N), "cpu-s/op") }()
	for b.Loop() {
		exact, proven, sum, worst, certificate := 0, 0, 0.0, 0.0, 0.0
		for at, q := range questions {
			plan, err := ask(q, counts[at])
			if err != nil {
				b.Fatal(err)
			}
			want := best[at+1]
			if plan.Value < want || plan.Bound > want {
				b.Fatalf("pmed%d: value %d and bound %d of %d", at+1, plan.Value, plan.Bound, want)
			}
			gap := 100 * float64(plan.Value-want) / float64(want)
			sum, worst, certificate = sum+gap, max(worst, gap), max(certificate, 100*plan.Gap())
			if plan.Value == want {
				exact++
			}
			if plan.Proven() {
				proven++
			}
		}
		b.ReportMetric(float64(exact), "exact")
		b.ReportMetric(float64(proven), "proven")
		b.ReportMetric(sum/40, "%gap-mean")
		b.ReportMetric(worst, "%gap-worst")
		b.ReportMetric(certificate, "%certificate-worst")
	}
}

// BenchmarkMaxCoverage asks generated towns in which every point is a candidate. The
// certificate is what value and bound leave open.
func BenchmarkMaxCoverage(b *testing.B) {
	for _, n := range []int{324, 818, 3038, 10_000} {
		for _, sites := range []int{10, 40, 160} {
			q := town(n, 40, 1)
			q.Capacity = nil
			b.Run(fmt.Sprintf("points=%d/sites=%d", n, sites), func(b *testing.B) {
				benchmarkCertificate(b, func() (*siting.Plan, error) {
					return siting.MaxCoverage(context.Background(), q, siting.Limit{Sites: sites}, siting.Effort{})
				})
			})
		}
	}
}

// BenchmarkDistrict asks what a district asks: 500 candidates, 20,000 points, some 400 in
// reach of each candidate.
func BenchmarkDistrict(b *testing.B) {
	q := townOf(20_000, 500, 400, 1)
	within := q
	q.Capacity = nil
	all := int64(0)
	for _, w := range q.Weight {
		all += w
	}
	ctx := context.Background()
	for name, ask := range map[string]func() (*siting.Plan, error){
		"most": func() (*siting.Plan, error) {
			return siting.MaxCoverage(ctx, q, siting.Limit{Sites: 20}, siting.Effort{})
		},
		"within": func() (*siting.Plan, error) {
			return siting.MaxCoverage(ctx, within, siting.Limit{Sites: 20}, siting.Effort{})
		},
		"fewest": func() (*siting.Plan, error) { return siting.FewestSites(ctx, q, all/2, siting.Effort{}) },
		"median": func() (*siting.Plan, error) {
			return siting.Median(ctx, q, siting.Limit{Sites: 20}, 200_000, siting.Effort{})
		},
	} {
		b.Run(name, func(b *testing.B) { benchmarkCertificate(b, ask) })
	}
}

// BenchmarkMaxCoverageWithin asks generated towns within capacities.
func BenchmarkMaxCoverageWithin(b *testing.B) {
	for _, n := range []int{324, 818} {
		for _, sites := range []int{10, 40} {
			q := town(n, 40, 1)
			b.Run(fmt.Sprintf("points=%d/sites=%d", n, sites), func(b *testing.B) {
				benchmarkCertificate(b, func() (*siting.Plan, error) {
					return siting.MaxCoverage(context.Background(), q, siting.Limit{Sites: sites}, siting.Effort{})
				})
			})
		}
	}
}

// BenchmarkFewestSites asks for all and for nine tenths of the people.
func BenchmarkFewestSites(b *testing.B) {
	for _, n := range []int{324, 818, 3038} {
		for _, tenths := range []int64{9, 10} {
			q := town(n, 40, 1)
			q.Capacity = nil
			all := int64(0)
			for _, w := range q.Weight {
				all += w
			}
			b.Run(fmt.Sprintf("points=%d/tenths=%d", n, tenths), func(b *testing.B) {
				benchmarkCertificate(b, func() (*siting.Plan, error) {
					return siting.FewestSites(context.Background(), q, (all*tenths+9)/10, siting.Effort{})
				})
			})
		}
	}
}

// processor is the time that this process has spent on processors, in seconds: on a busy machine
// it says more than the clock.
func processor(b *testing.B) float64 {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

func benchmarkCertificate(b *testing.B, ask func() (*siting.Plan, error)) {
	b.Helper()
	before := processor(b)
	defer func() { b.ReportMetric((processor(b)-before)/float64(b.N), "cpu-s/op") }()
	for b.Loop() {
		plan, err := ask()
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(100*plan.Gap(), "%certificate")
		b.ReportMetric(float64(plan.Value), "value")
	}
}
