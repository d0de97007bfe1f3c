package coveragelive

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"

	"yike/coverage"
	"yike/coverage/siting"
	"yike/coverage/walknet"
)

// Bounds of a question about the longest walk.
const (
	firstWalkM  = 3_600
	mostLongM   = 8 * firstWalkM // nobody is thought to walk farther
	centerKicks = 10
	centerReads = 20_000_000 // of each step of the bisection
)

// LeftOut are people for whom no choice of candidates makes a walk, who therefore have no
// say in how long the longest one is.
type LeftOut struct {
	Division int32           // the finest that holds them; -1 outside all
	Why      coverage.Reason // NoPath; OnIsland, with neither a site nor a candidate; or TooFar: none within mostLongM, or one-way paths only
	People   coverage.People // of the band
	Points   int
}

// bare is the question without lists, which the longest walk decides on.
func (p *posing) bare() siting.Question {
	q := siting.Question{Standing: make([]siting.Standing, len(p.standing)+len(p.out.Candidates))}
	for _, n := range p.trial.baseline.Ground.Demand.People[p.out.Band] {
		q.Weight = append(q.Weight, int64(n))
	}
	return q
}

// center asks for the shortest longest walk, among everybody who can walk to a site at
// all. How long that is, only the answer tells: lists are made for longer and longer walks
// until they hold it.
func (p *posing) center(ctx context.Context) error {
	b := p.trial.baseline
	snaps := make([]walknet.Snap, 0, len(p.q.Standing))
	for _, s := range b.Sites {
		snaps = append(snaps, s.Snap)
	}
	for _, c := range p.out.Candidates {
		snaps = append(snaps, c.Snap)
	}
	places := b.Ground.Network.NewPlaces(b.Ground.Demand.Snaps)
	why := p.cutOff(snaps)
	full := slices.Clone(p.q.Weight)
	pick := min(p.limit.Sites, p.asked.Sites-len(p.out.Required))
	for walkM := int64(firstWalkM); ; walkM *= 2 {
		params := b.Params
		params.Limit = walknet.Milliseconds(walkM * 1_000_000 / int64(params.Speed)) //nolint:gosec // at most 10^8
		p.q.Reach = siting.Reach{Start: []int{0}}
		if err := reachOf(ctx, &p.q.Reach, places, snaps, params, 1); err != nil {
			return err
		}
		left, far := p.leave(full, why)
		if far > 0 && walkM < mostLongM {
			continue
		}
		plan, err := siting.Center(ctx, p.q, pick, siting.Effort{Kicks: centerKicks, Reads: centerReads})
		var target *siting.TargetError
		switch {
		case errors.As(err, &target) && walkM < mostLongM && ctx.Err() == nil:
			continue
		case target != nil:
			return blame("sites", err)
		case err != nil:
			return err
		}
		p.out.Plan, p.out.LeftOut, p.out.Before = plan, left, p.longest()
		return nil
	}
}

// cutOff says per point why no site and no candidate can be walked to, "" where one can.
func (p *posing) cutOff(snaps []walknet.Snap) []coverage.Reason {
	g := p.trial.baseline.Ground
	pieces := map[int32]bool{}
	for j, s := range snaps {
		if s.OK() && p.q.Standing[j] != siting.Excluded {
			pieces[g.Network.Component(s.Edge)] = true
		}
	}
	out := make([]coverage.Reason, len(g.Demand.Snaps))
	for i, s := range g.Demand.Snaps {
		switch {
		case !s.OK():
			out[i] = coverage.NoPath
		case !pieces[g.Network.Component(s.Edge)]:
			out[i] = coverage.OnIsland
		}
	}
	return out
}

// leave takes the weight from all points that no list has, and says whose it was and how
// many points no list has for no other reason than that they are far.
func (p *posing) leave(full []int64, why []coverage.Reason) (out []LeftOut, far int) {
	var all []siting.Site
	for j, s := range p.q.Standing {
		if s != siting.Excluded {
			all = append(all, siting.Site{Candidate: int32(j)}) //nolint:gosec // fewer than 2^31
		}
	}
	type key struct {
		division int32
		why      coverage.Reason
	}
	at := map[key]int{}
	copy(p.q.Weight, full)
	for i, on := range p.reached(all) {
		if on || full[i] == 0 {
			continue
		}
		k := key{p.trial.baseline.Ground.Demand.Division[i], cmp.Or(why[i], coverage.TooFar)}
		if k.why == coverage.TooFar {
			far++
		}
		n, known := at[k]
		if !known {
			n = len(out)
			at[k], out = n, append(out, LeftOut{Division: k.division, Why: k.why})
		}
		out[n].People += coverage.People(full[i])
		out[n].Points++
		p.q.Weight[i] = 0
	}
	slices.SortFunc(out, func(a, b LeftOut) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(a.Division, b.Division), cmp.Compare(a.Why, b.Why))
	})
	return out, far
}

// longest is the longest walk to the sites that are open today, of the people who have a
// say; -1 where somebody has none.
func (p *posing) longest() int64 {
	near := make([]int32, len(p.q.Weight))
	for i := range near {
		near[i] = math.MaxInt32
	}
	r := p.q.Reach
	for j := range p.trial.baseline.Sites {
		for at := r.Start[j]; at < r.Start[j+1]; at++ {
			near[r.Demand[at]] = min(near[r.Demand[at]], r.Cost[at])
		}
	}
	longest := int32(0)
	for i, w := range p.q.Weight {
		if w > 0 {
			longest = max(longest, near[i])
		}
	}
	if longest == math.MaxInt32 {
		return -1
	}
	return int64(longest)
}
