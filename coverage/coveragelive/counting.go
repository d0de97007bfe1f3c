package coveragelive

import (
	"context"

	"yike/coverage"
)

// Counting is by how many facilities people are covered, and whom each of them serves.
type Counting struct {
	Overlaps coverage.Overlaps
	Served   [][]coverage.Served // per facility and band
}

// Counting counts every walk within the limit. It is worked out when first asked for and
// kept with the answer; the walks themselves are not. Nil where the limit is more than
// 3,600 m of way, as of a plan: there are too many walks. It stops with the context's error.
func (a *Answer) Counting(ctx context.Context) (*Counting, error) {
	if a.baseline != nil {
		return &Counting{a.baseline.Overlaps, a.baseline.Served}, nil
	}
	if a.Query.tooWide() {
		return nil, nil //nolint:nilnil // told above: no counting is an answer
	}
	return a.counting.get(ctx, inSlot(a.state.slots, a.count))
}

func (a *Answer) count(ctx context.Context) (*Counting, error) {
	// What-ifs keep their walks for a while; then nobody need walk them again.
	if kept, ok := a.state.baselines.peek(a.Query); ok {
		if t := kept.value.Load(); t != nil {
			b := (*t).baseline
			return &Counting{b.Overlaps, b.Served}, nil
		}
	}
	g, err := a.state.ground(ctx, a.Query)
	if err != nil {
		return nil, err
	}
	b := g.Baseline(a.Sites, a.Result.Params, a.state.workers)
	return &Counting{b.Overlaps, b.Served}, nil
}

// tooWide says whether a complete question asks for walks too long to keep them all.
func (q Query) tooWide() bool { return int64(q.LimitS)*int64(q.Speed) > mostWalkM*1000 }
