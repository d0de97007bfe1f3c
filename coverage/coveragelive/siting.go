package coveragelive

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"yike/coverage"
	"yike/coverage/siting"
	"yike/coverage/walknet"
)

// reachBlock is how many candidates are walked from at a time: then it is looked whether
// anybody still waits, and whether the lists are too long.
const reachBlock = 128

// SitingQuestion asks where new sites should be, for the people of one band: the sites of
// the baseline stay open and come first, candidates follow in their order, so candidate k
// of the question is candidates[k − len(b.Sites)]. Capacities, in coverage.People, are asked
// for when any candidate has one or those of the baseline's sites are given, and what is 0
// counts as boundless. Reach is that of the baseline's limit and speed, its costs are
// milliseconds. People off the network are in no list, but in the weights, so that
// shares are of all. Errors are ErrCandidates, ErrTooMuchReach and those of the context.
// O(reach of the candidates).
func SitingQuestion(ctx context.Context, b *coverage.Baseline, candidates []Candidate, capacity []int64, band, workers int) (siting.Question, error) {
	if b.Params.Mode != coverage.OnFoot {
		return siting.Question{}, fmt.Errorf("%w: nobody walks to these sites", ErrCandidates)
	}
	if len(capacity) > 0 && len(capacity) != len(b.Sites) {
		return siting.Question{}, fmt.Errorf("%w: %d capacities of %d sites", ErrCandidates, len(capacity), len(b.Sites))
	}
	q := siting.Question{Reach: siting.Reach{Start: []int{0}}}
	for _, n := range b.Ground.Demand.People[band] {
		q.Weight = append(q.Weight, int64(n))
	}
	for j := range b.Sites {
		q.Standing = append(q.Standing, siting.Existing)
		appendReach(&q.Reach, b.Points, int32(j))
	}
	snaps := make([]walknet.Snap, len(candidates))
	for k, c := range candidates {
		snaps[k], q.Standing = c.Snap, append(q.Standing, siting.Free)
	}
	places := b.Ground.Network.NewPlaces(b.Ground.Demand.Snaps)
	if err := reachOf(ctx, &q.Reach, places, snaps, b.Params, workers); err != nil {
		return siting.Question{}, err
	}
	priceAndCapacity(&q, candidates, capacity, len(b.Sites))
	return q, nil
}

// reachOf adds a list for each snap.
func reachOf(ctx context.Context, r *siting.Reach, places *walknet.Places, snaps []walknet.Snap, p coverage.Params, workers int) error {
	for block := range slices.Chunk(snaps, reachBlock) {
		if err := ctx.Err(); err != nil {
			return err
		}
		lists := places.Lists(block, p.Limit, p.Speed, workers)
		of := func(k int32) ([]int32, []walknet.Milliseconds) { return lists.Of(int(k)) }
		for k := range block {
			appendReach(r, of, int32(k)) //nolint:gosec // at most reachBlock
		}
		if len(r.Demand) > mostReach {
			return fmt.Errorf("%w: more than %d", ErrTooMuchReach, mostReach)
		}
	}
	return nil
}

// appendReach adds a list in the order of points.
func appendReach(r *siting.Reach, of func(int32) ([]int32, []walknet.Milliseconds), row int32) {
	points, times := of(row)
	order := make([]int, len(points))
	for at := range order {
		order[at] = at
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(points[a], points[b]) })
	for _, at := range order {
		r.Demand = append(r.Demand, points[at])
		r.Cost = append(r.Cost, int32(times[at]))
	}
	r.Start = append(r.Start, len(r.Demand))
}

// priceAndCapacity fills in what the candidates say, if any says something.
func priceAndCapacity(q *siting.Question, candidates []Candidate, capacity []int64, sites int) {
	all := int64(1)
	for _, w := range q.Weight {
		all += w
	}
	price, room := slices.Repeat([]int64{1}, sites), slices.Repeat([]int64{all}, sites)
	for j, c := range capacity {
		if c > 0 {
			room[j] = min(c, all)
		}
	}
	priced, bounded := false, len(capacity) > 0
	for _, c := range candidates {
		price, room = append(price, max(c.Price, 1)), append(room, all)
		if c.Capacity > 0 {
			room[len(room)-1] = min(c.Capacity, all)
		}
		priced, bounded = priced || c.Price > 1, bounded || c.Capacity > 0
	}
	if priced {
		q.Price = price
	}
	if bounded {
		q.Capacity = room
	}
}

// PlanOf makes of an answer the plan that opens its sites, to be answered, shown and saved
// like one that was drawn by hand. Without capacities it covers exactly the people that the
// answer says are served.
func PlanOf(b *coverage.Baseline, candidates []Candidate, answer *siting.Plan) coverage.Plan {
	var p coverage.Plan
	for _, s := range answer.Sites {
		c := candidates[int(s.Candidate)-len(b.Sites)]
		p.Sites = append(p.Sites, coverage.SiteEdit{
			Kind: coverage.AddSite,
			To:   coverage.Site{ID: c.ID, Point: c.Point, Snap: c.Snap, Division: -1},
		})
	}
	return p
}
