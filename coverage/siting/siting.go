// Package siting owns the choice of places: where p new sites serve the most people,
// how few sites serve enough of them, and which sites make the walks shortest.
//
// Each answer comes with a proven bound: a value that no choice whatsoever can beat. It is
// found by Lagrangian relaxation and computed in integers, so that rounding cannot make it
// claim too much; where value and bound meet, the answer is the best there is. Values are
// found by greedy choice, exchanges of one site for another (Teitz and Bart 1968, with the
// updates of Resende and Werneck 2007) and restarts; what is left open is closed by
// branching. See Church and ReVelle 1974 (maximal covering), Toregas et al. 1971 (set
// covering), Hakimi 1964 (median and centre).
//
// The package is pure. It knows neither maps nor walking nor what a site is: candidates and
// points of demand are indices, reach is given as lists. The same question gives the same
// answer, byte for byte: chance is seeded and effort is counted in steps, never in time.
package siting

import (
	"errors"
	"fmt"
)

// What may be wrong with a question. They are wrapped with what was found where.
var (
	ErrShape    = errors.New("siting: lists do not fit together")
	ErrTooLarge = errors.New("siting: sums would not fit into 63 bits; use coarser units")
	ErrLimit    = errors.New("siting: limit makes no sense")
	// ErrTarget is wrapped by a *TargetError, which says what can be reached.
	ErrTarget = errors.New("siting: target is beyond what all candidates reach together")
)

// TargetError says that a target cannot be met by any choice of candidates.
type TargetError struct {
	Target, Most int64 // in the unit of weights: what was asked, and what all candidates reach together
}

// Error names both figures.
func (e *TargetError) Error() string {
	return fmt.Sprintf("%v: %d of %d", ErrTarget, e.Most, e.Target)
}

// Unwrap returns ErrTarget.
func (e *TargetError) Unwrap() error { return ErrTarget }

// Standing says what may become of a candidate.
type Standing uint8

// The standings of a candidate.
const (
	Free     Standing = iota // may be chosen
	Existing                 // is open, stays open, costs nothing and is not counted
	Excluded                 // may not be chosen
)

// Reach lists which points of demand each of m candidates serves, all lists in one array:
// candidate j serves Demand[Start[j]:Start[j+1]], ascending and without repeats.
type Reach struct {
	Start  []int   // m+1, ascending from 0 to len(Demand)
	Demand []int32 // indices of points
	Cost   []int32 // parallel to Demand, at least 0, such as milliseconds of walking; nil where only reach matters
}

// Candidates is m, the number of lists.
func (r Reach) Candidates() int { return max(len(r.Start)-1, 0) }

// Within keeps of each list what costs at most limit, the limit included. O(len(Demand)).
func (r Reach) Within(limit int32) Reach {
	out := Reach{Start: make([]int, 1, len(r.Start))}
	for j := range r.Candidates() {
		for at := r.Start[j]; at < r.Start[j+1]; at++ {
			if r.Cost[at] <= limit {
				out.Demand = append(out.Demand, r.Demand[at])
				out.Cost = append(out.Cost, r.Cost[at])
			}
		}
		out.Start = append(out.Start, len(out.Demand))
	}
	return out
}

// Question is what is common to all kinds of choices, as parallel arrays over n points of
// demand and m candidates.
type Question struct {
	Weight   []int64    // n, at least 0: people in a unit of the caller's
	Reach    Reach      // m lists over n points
	Standing []Standing // m, or nil: all free
	Price    []int64    // m, at least 1, or nil: 1 each
	Capacity []int64    // m in the unit of weights, at least 0, or nil: no bounds
}

// Effort bounds the work, not the time: a zero field takes the value of DefaultEffort.
// A negative field leaves that part out.
type Effort struct {
	Seed  uint64 // of the restarts
	Kicks int    // restarts of the exchange
	Steps int    // of the bound's descent, at the root
	Nodes int    // of the branching
	Reads int    // entries of the lists that the branching reads, in all nodes together
}

// DefaultEffort ends small questions with a proof and leaves large ones, of hundreds of
// candidates and tens of thousands of points, with a bound close by after seconds.
func DefaultEffort() Effort {
	return Effort{Seed: 1, Kicks: 60, Steps: 400, Nodes: 2000, Reads: 400_000_000}
}

func (e Effort) filled() Effort {
	d := DefaultEffort()
	for _, f := range []struct {
		have *int
		with int
	}{{&e.Kicks, d.Kicks}, {&e.Steps, d.Steps}, {&e.Nodes, d.Nodes}, {&e.Reads, d.Reads}} {
		if *f.have == 0 {
			*f.have = f.with
		}
		*f.have = max(*f.have, 0)
	}
	return e
}

// Site is a place of a plan, and why it is there. Weight is that of coverage; of a median
// or a centre, a site serves the points that it is nearest to, ties going to the lower index.
type Site struct {
	Candidate int32 // its index in the question
	Alone     int64 // weight that would not be served without it; of a median or centre, the weight it serves
	Shared    int64 // weight in its reach, or at its capacity, that the other open sites could serve too; of a median or centre, 0
	Load      int64 // weight that it serves within capacities, in one way of sharing all that is served; 0 without capacities
	// RunnerUp is the free candidate that would stand in its place best, within the
	// limit. It is -1 where there is none, and for existing sites.
	RunnerUp int32
	// Loss is what that would cost: weight no longer served, for a median weight × cost,
	// for a centre cost. Where there is no runner-up, it is that of closing the site; a
	// centre then has none, since no cost stands for a point without a site.
	Loss int64
}

// Plan is an answer. Value and Bound are in the unit of the objective: weight served,
// price, weight × cost, or cost.
type Plan struct {
	Sites    []Site // chosen, by index
	Existing []Site // those that are open anyway, by index
	Value    int64
	Bound    int64 // no choice is better: at most this where more is better, at least this where less is
	Demand   int64 // all weight
	Served   int64 // weight in reach of an open site, within its capacity
	Work     Work
	Stopped  bool // the context ended first; the figures hold, more was possible
}

// Work says how much was done.
type Work struct{ Kicks, Steps, Nodes int }

// Proven says whether no choice is better.
func (p *Plan) Proven() bool { return p.Value == p.Bound }

// Gap is how far the value may at most be from the best possible one, as a share of the
// bound: 0 when proven. Where the bound is 0 and the value is not, it is 1.
func (p *Plan) Gap() float64 {
	switch {
	case p.Value == p.Bound:
		return 0
	case p.Bound == 0:
		return 1
	}
	return max(float64(p.Value-p.Bound), float64(p.Bound-p.Value)) / float64(p.Bound)
}
