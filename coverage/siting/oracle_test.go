package siting_test

import (
	"context"
	"math"
	"math/bits"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yike/coverage/siting"
)

// drawQuestion draws a small question: candidates of equal and of empty lists, points that
// nobody reaches and points without people come up.
func drawQuestion(t *rapid.T, priced, capped bool) siting.Question {
	n, m := rapid.IntRange(1, 10).Draw(t, "points"), rapid.IntRange(1, 8).Draw(t, "candidates")
	q := siting.Question{Reach: siting.Reach{Start: []int{0}}}
	for range n {
		q.Weight = append(q.Weight, rapid.Int64Range(0, 12).Draw(t, "weight"))
	}
	often := rapid.IntRange(1, 9).Draw(t, "often")
	for range m {
		for i := range n {
			if rapid.IntRange(0, 9).Draw(t, "listed") < often {
				q.Reach.Demand = append(q.Reach.Demand, int32(i))
				q.Reach.Cost = append(q.Reach.Cost, rapid.Int32Range(0, 9).Draw(t, "cost"))
			}
		}
		q.Reach.Start = append(q.Reach.Start, len(q.Reach.Demand))
		q.Standing = append(q.Standing, rapid.SampledFrom([]siting.Standing{
			siting.Free, siting.Free, siting.Free, siting.Free, siting.Existing, siting.Excluded,
		}).Draw(t, "standing"))
		if priced {
			q.Price = append(q.Price, rapid.Int64Range(1, 6).Draw(t, "price"))
		}
		if capped {
			q.Capacity = append(q.Capacity, rapid.Int64Range(0, 25).Draw(t, "capacity"))
		}
	}
	return q
}

func price(q siting.Question, j int) int64 {
	if q.Price == nil {
		return 1
	}
	return q.Price[j]
}

// each calls with every set of free candidates: those open with the existing ones, how many
// were chosen, and at what price.
func each(q siting.Question, f func(open []int, sites int, price int64)) {
	m := q.Reach.Candidates()
	for set := range uint(1) << m {
		var open []int
		sum, fits := int64(0), true
		for j := range m {
			in := set>>j&1 == 1
			fits = fits && (!in || q.Standing[j] == siting.Free)
			if in {
				sum += price(q, j)
			}
			if in || q.Standing[j] == siting.Existing {
				open = append(open, j)
			}
		}
		if fits {
			f(open, bits.OnesCount(set), sum)
		}
	}
}

// costs are those from each point to each candidate; -1 where it is not listed.
func costs(q siting.Question) [][]int64 {
	out := make([][]int64, len(q.Weight))
	for i := range out {
		out[i] = slices.Repeat([]int64{-1}, q.Reach.Candidates())
	}
	for j := range q.Reach.Candidates() {
		for at := q.Reach.Start[j]; at < q.Reach.Start[j+1]; at++ {
			out[q.Reach.Demand[at]][j] = int64(q.Reach.Cost[at])
		}
	}
	return out
}

// served is the weight that open sites serve. Within capacities it is the least cut: for
// some of the sites their capacities, for the others all weight in their reach (Ford and
// Fulkerson 1956).
func served(q siting.Question, open []int) int64 {
	c := costs(q)
	reached := func(by []int) int64 {
		sum := int64(0)
		for i, w := range q.Weight {
			if slices.ContainsFunc(by, func(j int) bool { return c[i][j] >= 0 }) {
				sum += w
			}
		}
		return sum
	}
	if q.Capacity == nil {
		return reached(open)
	}
	least := int64(math.MaxInt64)
	for cut := range uint(1) << len(open) {
		sum := int64(0)
		var rest []int
		for at, j := range open {
			if cut>>at&1 == 1 {
				sum += q.Capacity[j]
			} else {
				rest = append(rest, j)
			}
		}
		least = min(least, sum+reached(rest))
	}
	return least
}

// ways are the cost to the nearest open site, per point.
func ways(q siting.Question, open []int, beyond int64) []int64 {
	c := costs(q)
	out := slices.Repeat([]int64{beyond}, len(q.Weight))
	for i := range out {
		for _, j := range open {
			if c[i][j] >= 0 {
				out[i] = min(out[i], c[i][j])
			}
		}
	}
	return out
}

func median(q siting.Question, open []int, beyond int64) int64 {
	sum := int64(0)
	for i, c := range ways(q, open, beyond) {
		sum += q.Weight[i] * c
	}
	return sum
}

func longest(q siting.Question, open []int, beyond int64) int64 {
	most := int64(0)
	for i, c := range ways(q, open, beyond) {
		if q.Weight[i] > 0 {
			most = max(most, c)
		}
	}
	return most
}

// openOf are the open sites of a plan with one exchanged; -1 stands for none.
func openOf(q siting.Question, p *siting.Plan, out, in int) []int {
	var open []int
	for j, s := range q.Standing {
		if s == siting.Existing {
			open = append(open, j)
		}
	}
	for _, s := range p.Sites {
		if int(s.Candidate) != out {
			open = append(open, int(s.Candidate))
		}
	}
	if in >= 0 {
		open = append(open, in)
	}
	return open
}

// drawEffort draws one that ends a small search with a proof, or one that is too small.
func drawEffort(t *rapid.T) (siting.Effort, bool) {
	if rapid.Bool().Draw(t, "all effort") {
		return siting.Effort{Seed: rapid.Uint64().Draw(t, "seed")}, true
	}
	return siting.Effort{Kicks: -1, Steps: rapid.SampledFrom([]int{-1, 1, 5}).Draw(t, "steps"), Nodes: -1}, false
}

// holds checks value and bound of a plan against the best value, where more is better or less is.
func holds(t *rapid.T, p *siting.Plan, best int64, more, all bool) {
	t.Helper()
	value, bound := p.Value, p.Bound
	if !more {
		value, bound, best = -value, -bound, -best
	}
	if value > best || bound < best {
		t.Fatalf("value %d and bound %d of a best value %d", p.Value, p.Bound, best)
	}
	if all && value != bound {
		t.Fatalf("value %d and bound %d are not proven", p.Value, p.Bound)
	}
	if p.Proven() != (p.Gap() == 0) {
		t.Fatalf("proven %v with a gap of %v", p.Proven(), p.Gap())
	}
}

// explains checks a plan's runners-up: worse says by how much less a set is worth.
func explains(t *rapid.T, q siting.Question, p *siting.Plan, l siting.Limit, worse func(open []int) int64) {
	t.Helper()
	spent := int64(0)
	for _, s := range p.Sites {
		spent += price(q, int(s.Candidate))
	}
	for _, s := range p.Sites {
		best := worse(openOf(q, p, int(s.Candidate), -1))
		if s.RunnerUp >= 0 {
			if got := worse(openOf(q, p, int(s.Candidate), int(s.RunnerUp))); got != s.Loss {
				t.Fatalf("%d for %d loses %d, not %d", s.RunnerUp, s.Candidate, got, s.Loss)
			}
		}
		for r, standing := range q.Standing {
			open := openOf(q, p, -1, -1)
			if standing != siting.Free || slices.Contains(open, r) || l.Budget > 0 && spent-price(q, int(s.Candidate))+price(q, r) > l.Budget {
				continue
			}
			best = min(best, worse(openOf(q, p, int(s.Candidate), r)))
		}
		if best != s.Loss {
			t.Fatalf("the runner-up of %d loses %d, not %d", s.Candidate, best, s.Loss)
		}
	}
}

func TestMaxCoverageIsTheBest(t *testing.T) {
	t.Parallel()
	for _, kind := range []struct {
		name           string
		priced, capped bool
	}{{"plain", false, false}, {"priced", true, false}, {"capacities", false, true}, {"all", true, true}} {
		t.Run(kind.name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				q := drawQuestion(t, kind.priced, kind.capped)
				l := siting.Limit{Sites: rapid.IntRange(0, 4).Draw(t, "sites")}
				if l.Sites == 0 || rapid.Bool().Draw(t, "budgeted") {
					l.Budget = rapid.Int64Range(1, 12).Draw(t, "budget")
				}
				e, all := drawEffort(t)
				p, err := siting.MaxCoverage(context.Background(), q, l, e)
				if err != nil {
					t.Fatal(err)
				}
				best := int64(0)
				each(q, func(open []int, sites int, price int64) {
					if (l.Sites == 0 || sites <= l.Sites) && (l.Budget == 0 || price <= l.Budget) {
						best = max(best, served(q, open))
					}
				})
				holds(t, p, best, true, all)
				open := openOf(q, p, -1, -1)
				if got := served(q, open); got != p.Value || got != p.Served {
					t.Fatalf("the sites serve %d; value %d, served %d", got, p.Value, p.Served)
				}
				explains(t, q, p, l, func(open []int) int64 { return p.Value - served(q, open) })
				for _, s := range slices.Concat(p.Sites, p.Existing) {
					without := slices.DeleteFunc(slices.Clone(open), func(j int) bool { return j == int(s.Candidate) })
					if alone := p.Value - served(q, without); alone != s.Alone {
						t.Fatalf("%d serves %d alone, not %d", s.Candidate, alone, s.Alone)
					}
				}
			})
		})
	}
}

func TestFewestSitesAreTheFewest(t *testing.T) {
	t.Parallel()
	for _, priced := range []bool{false, true} {
		rapid.Check(t, func(t *rapid.T) {
			q := drawQuestion(t, priced, false)
			most := int64(0)
			each(q, func(open []int, _ int, _ int64) { most = max(most, served(q, open)) })
			target := rapid.SampledFrom([]int64{0, most / 2, most * 9 / 10, most, most + 1}).Draw(t, "target")
			e, all := drawEffort(t)
			p, err := siting.FewestSites(context.Background(), q, target, e)
			if target > most {
				var beyond *siting.TargetError
				if !errorsAs(err, &beyond) || beyond.Most != most || beyond.Target != target {
					t.Fatalf("%d of %d: %v", target, most, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			best := int64(math.MaxInt64)
			each(q, func(open []int, _ int, price int64) {
				if served(q, open) >= target {
					best = min(best, price)
				}
			})
			holds(t, p, best, false, all)
			if p.Served < target || p.Served != served(q, openOf(q, p, -1, -1)) {
				t.Fatalf("%d are served instead of %d", p.Served, target)
			}
			explains(t, q, p, siting.Limit{}, func(open []int) int64 { return p.Served - served(q, open) })
		})
	}
}

func TestMedianIsTheShortest(t *testing.T) {
	t.Parallel()
	for _, priced := range []bool{false, true} {
		rapid.Check(t, func(t *rapid.T) {
			q := drawQuestion(t, priced, false)
			l := siting.Limit{Sites: rapid.IntRange(1, 4).Draw(t, "sites")}
			if priced {
				l.Budget = rapid.Int64Range(1, 12).Draw(t, "budget")
			}
			beyond := rapid.Int32Range(9, 20).Draw(t, "beyond")
			e, all := drawEffort(t)
			p, err := siting.Median(context.Background(), q, l, beyond, e)
			if err != nil {
				t.Fatal(err)
			}
			best := int64(math.MaxInt64)
			each(q, func(open []int, sites int, price int64) {
				if sites <= l.Sites && (l.Budget == 0 || price <= l.Budget) {
					best = min(best, median(q, open, int64(beyond)))
				}
			})
			holds(t, p, best, false, all)
			if got := median(q, openOf(q, p, -1, -1), int64(beyond)); got != p.Value {
				t.Fatalf("the ways are %d, not %d", got, p.Value)
			}
			explains(t, q, p, l, func(open []int) int64 { return median(q, open, int64(beyond)) - p.Value })
			alone := int64(0)
			for _, s := range slices.Concat(p.Sites, p.Existing) {
				alone += s.Alone
			}
			if alone != p.Served {
				t.Fatalf("sites serve %d of %d", alone, p.Served)
			}
		})
	}
}

func TestCenterIsTheShortest(t *testing.T) {
	t.Parallel()
	const beyond = 1000
	rapid.Check(t, func(t *rapid.T) {
		q := drawQuestion(t, false, false)
		sites := rapid.IntRange(0, 4).Draw(t, "sites")
		e, all := drawEffort(t)
		p, err := siting.Center(context.Background(), q, sites, e)
		best := int64(beyond)
		each(q, func(open []int, chosen int, _ int64) {
			if chosen <= sites {
				best = min(best, longest(q, open, beyond))
			}
		})
		if best == beyond && err != nil || err != nil && !all {
			var most *siting.TargetError
			if !errorsAs(err, &most) {
				t.Fatal(err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		holds(t, p, best, false, all)
		if got := longest(q, openOf(q, p, -1, -1), beyond); got != p.Value {
			t.Fatalf("the longest way is %d, not %d", got, p.Value)
		}
		for _, s := range p.Sites {
			least, at := int64(beyond), -1
			for r, standing := range q.Standing {
				if standing != siting.Free || slices.Contains(openOf(q, p, -1, -1), r) {
					continue
				}
				if l := longest(q, openOf(q, p, int(s.Candidate), r), beyond); l < least {
					least, at = l, r
				}
			}
			if at >= 0 && (s.RunnerUp < 0 || least-p.Value != s.Loss) || at < 0 && s.RunnerUp >= 0 {
				t.Fatalf("the runner-up of %d is %d with %d, not %d with %d", s.Candidate, s.RunnerUp, s.Loss, at, least-p.Value)
			}
		}
	})
}

func TestSameQuestionSameAnswer(t *testing.T) {
	t.Parallel()
	q := town(400, 30, 5)
	q.Capacity = nil
	ask := func(seed uint64) []*siting.Plan {
		e := siting.Effort{Seed: seed, Nodes: 20}
		most, err := siting.MaxCoverage(context.Background(), q, siting.Limit{Sites: 12}, e)
		if err != nil {
			t.Fatal(err)
		}
		few, err := siting.FewestSites(context.Background(), q, most.Demand*9/10, e)
		if err != nil {
			t.Fatal(err)
		}
		short, err := siting.Median(context.Background(), q, siting.Limit{Sites: 9}, 200_000, e)
		if err != nil {
			t.Fatal(err)
		}
		return []*siting.Plan{most, few, short}
	}
	if d := cmp.Diff(ask(3), ask(3)); d != "" {
		t.Errorf("asked twice: %s", d)
	}
}
