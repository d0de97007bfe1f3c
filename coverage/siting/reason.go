package siting

import (
	"cmp"
	"math"
	"slices"
)

// openSites are the chosen and the existing sites, both by index.
func (q *Question) openSites(set []int32) (chosen, existing []int32) {
	for j := range q.Reach.Candidates() {
		if q.standing(j) == Existing {
			existing = append(existing, int32(j))
		}
	}
	chosen = slices.Clone(set)
	slices.Sort(chosen)
	return chosen, existing
}

// list are the entries of a candidate's list, as indices.
func (r Reach) list(j int32) (from, to int) { return r.Start[j], r.Start[j+1] }

// nearest is, per point, what its best open site and the best but that one save.
type nearest struct {
	owner         []int32 // a place in a list of open sites, or -1
	first, second []int64
}

func (q *Question) nearest(open []int32, saving func(at int) int64) nearest {
	n := nearest{
		owner: make([]int32, len(q.Weight)),
		first: make([]int64, len(q.Weight)), second: make([]int64, len(q.Weight)),
	}
	for i := range n.owner {
		n.owner[i] = -1
	}
	for place, j := range open {
		from, to := q.Reach.list(j)
		for at := from; at < to; at++ {
			i, s := q.Reach.Demand[at], saving(at)
			switch {
			case n.owner[i] < 0 || s > n.first[i]:
				n.second[i] = n.first[i]
				n.first[i], n.owner[i] = s, int32(place)
			case s > n.second[i]:
				n.second[i] = s
			}
		}
	}
	return n
}

// runnersUp finds for each of the first sites of open the candidate whose standing in for
// it loses least.
func (q *Question) runnersUp(open []int32, sites int, n nearest, saving func(at int) int64, l Limit) []Site {
	out, loss := make([]Site, sites), make([]int64, len(open))
	for i, owner := range n.owner {
		if owner >= 0 {
			loss[owner] += n.first[i] - n.second[i]
		}
	}
	spare := int64(unlimited)
	if l.Budget > 0 {
		spare = l.Budget
	}
	for at := range out {
		out[at] = Site{Candidate: open[at], RunnerUp: -1, Loss: loss[at]}
		spare -= q.price(int(open[at]))
	}
	extra := make([]int64, len(open))
	for r := range int32(q.Reach.Candidates()) {
		if q.standing(int(r)) != Free || slices.Contains(open[:sites], r) {
			continue
		}
		gain := int64(0)
		clear(extra)
		from, to := q.Reach.list(r)
		for at := from; at < to; at++ {
			i, s := q.Reach.Demand[at], saving(at)
			gain += max(0, s-n.first[i])
			if n.owner[i] >= 0 {
				extra[n.owner[i]] += max(0, s-n.second[i]) - max(0, s-n.first[i])
			}
		}
		for at := range out {
			d := loss[at] - gain - extra[at]
			if d < out[at].Loss && spare+q.price(int(open[at])) >= q.price(int(r)) {
				out[at].RunnerUp, out[at].Loss = r, d
			}
		}
	}
	return out
}

// explainCover says who is served by whom without capacities.
func (p *Plan) explainCover(q *Question, set []int32, l Limit) {
	chosen, existing := q.openSites(set)
	open := append(slices.Clone(chosen), existing...)
	saving := func(at int) int64 { return q.Weight[q.Reach.Demand[at]] }
	n := q.nearest(open, saving)
	p.Sites = q.runnersUp(open, len(chosen), n, saving, l)
	for _, j := range existing {
		p.Existing = append(p.Existing, Site{Candidate: j, RunnerUp: -1})
	}
	for i, w := range q.Weight {
		p.Demand += w
		if n.owner[i] >= 0 {
			p.Served += w
		}
	}
	for place, j := range open {
		s := p.site(place)
		from, to := q.Reach.list(j)
		for at := from; at < to; at++ {
			i := q.Reach.Demand[at]
			if n.owner[i] == int32(place) && n.second[i] == 0 {
				s.Alone += q.Weight[i]
			} else {
				s.Shared += q.Weight[i]
			}
		}
	}
	for at := range p.Existing {
		p.Existing[at].Loss = p.Existing[at].Alone
	}
}

// site is one of the chosen and the existing sites, in that order.
func (p *Plan) site(place int) *Site {
	if place < len(p.Sites) {
		return &p.Sites[place]
	}
	return &p.Existing[place-len(p.Sites)]
}

// explainMedian says which site is nearest to whom; beyond is what a point pays that no
// open site lists.
func (p *Plan) explainMedian(q *Question, set []int32, l Limit, beyond int32) {
	chosen, existing := q.openSites(set)
	open := append(slices.Clone(chosen), existing...)
	saving := func(at int) int64 { return q.Weight[q.Reach.Demand[at]] * int64(beyond-q.Reach.Cost[at]) }
	n := q.nearest(open, saving)
	p.Sites = q.runnersUp(open, len(chosen), n, saving, l)
	loss := make([]int64, len(open))
	for i, owner := range n.owner {
		if owner >= 0 {
			loss[owner] += n.first[i] - n.second[i]
		}
	}
	for at, j := range existing {
		p.Existing = append(p.Existing, Site{Candidate: j, RunnerUp: -1, Loss: loss[len(chosen)+at]})
	}
	p.serveNearest(q, n)
}

func (p *Plan) serveNearest(q *Question, n nearest) {
	for i, w := range q.Weight {
		p.Demand += w
		if n.owner[i] >= 0 {
			p.Served += w
			p.site(int(n.owner[i])).Alone += w
		}
	}
}

// explainCenter says which site is nearest to whom, and how long the longest way would be
// with another candidate in the place of each.
func (p *Plan) explainCenter(q *Question, set []int32) {
	chosen, existing := q.openSites(set)
	open := append(slices.Clone(chosen), existing...)
	n := q.nearest(open, func(at int) int64 { return math.MaxInt32 - int64(q.Reach.Cost[at]) })
	for _, j := range chosen {
		p.Sites = append(p.Sites, Site{Candidate: j, RunnerUp: -1, Loss: math.MaxInt64})
	}
	for _, j := range existing {
		p.Existing = append(p.Existing, Site{Candidate: j, RunnerUp: -1})
	}
	p.serveNearest(q, n)
	cost := make([]int64, len(q.Weight))
	for r := range int32(q.Reach.Candidates()) {
		if q.standing(int(r)) != Free || slices.Contains(chosen, r) {
			continue
		}
		for i := range cost {
			cost[i] = math.MaxInt32
		}
		from, to := q.Reach.list(r)
		for at := from; at < to; at++ {
			cost[q.Reach.Demand[at]] = int64(q.Reach.Cost[at])
		}
		for place, worst := range q.worst(n, cost, len(open)) {
			if place < len(chosen) && worst < math.MaxInt32 && worst-p.Value < p.Sites[place].Loss {
				p.Sites[place].RunnerUp, p.Sites[place].Loss = r, worst-p.Value
			}
		}
	}
	for at := range p.Sites {
		if p.Sites[at].RunnerUp < 0 {
			p.Sites[at].Loss = 0
		}
	}
}

// worst is, per open site, the largest cost of any point with another candidate of these
// costs in its place.
func (q *Question) worst(n nearest, cost []int64, open int) []int64 {
	with, without := make([]int64, open), make([]int64, open)
	for i, owner := range n.owner {
		if q.Weight[i] == 0 || owner < 0 {
			continue
		}
		with[owner] = max(with[owner], min(cost[i], math.MaxInt32-n.first[i]))
		without[owner] = max(without[owner], min(cost[i], math.MaxInt32-n.second[i]))
	}
	top, next := int64(0), int64(0)
	for _, w := range with {
		next = max(next, min(top, w))
		top = max(top, w)
	}
	for at, w := range with {
		others := top
		if w == top {
			others = next
		}
		without[at] = max(without[at], others)
	}
	return without
}

// explainLoads says who is served by whom within capacities.
func (p *Plan) explainLoads(q *Question, t *table, set []int32, l Limit) {
	chosen, existing := q.openSites(set)
	name := make(map[int32]int32, t.cands)
	capacity := make([]int64, t.cands)
	for j, origin := range t.origin {
		name[origin] = int32(j)
		capacity[j] = q.Capacity[origin]
	}
	f := newFlows(t, capacity)
	spare := l.Budget
	for _, j := range append(slices.Clone(existing), chosen...) {
		if at, ok := name[j]; ok {
			f.exchange(-1, at)
		}
	}
	for _, j := range chosen {
		spare -= q.price(int(j))
	}
	for _, w := range q.Weight {
		p.Demand += w
	}
	p.Served = f.served
	for _, j := range existing {
		p.Existing = append(p.Existing, explainLoad(f, name, j))
	}
	for _, j := range chosen {
		p.Sites = append(p.Sites, explainLoad(f, name, j))
	}
	// Trying others shares the weight anew, so that loads are read before.
	for at, j := range chosen {
		standIn(q, f, name[j], &p.Sites[at], spare+q.price(int(j)))
	}
}

func explainLoad(f *flows, name map[int32]int32, j int32) Site {
	s := Site{Candidate: j, RunnerUp: -1}
	at, ok := name[j]
	if !ok {
		return s // it reaches nobody
	}
	s.Load = f.capacity[at] - f.free[at]
	s.Alone = -f.trial(at, -1)
	s.Loss = s.Alone
	reach := int64(0)
	for _, e := range f.t.col(at) {
		reach += f.t.save[e]
	}
	s.Shared = min(reach, f.capacity[at]) - s.Alone
	return s
}

// standIn finds the candidate that would serve most in the place of a site. None can serve
// more than its capacity and its reach.
func standIn(q *Question, f *flows, at int32, s *Site, budget int64) {
	var others []offer
	for r := range int32(f.t.cands) {
		if f.open[r] || q.standing(int(f.t.origin[r])) != Free || f.t.price[r] > budget {
			continue
		}
		reach := int64(0)
		for _, e := range f.t.col(r) {
			reach += f.t.save[e]
		}
		others = append(others, offer{r, min(reach, f.capacity[r]), 1})
	}
	slices.SortFunc(others, func(a, b offer) int {
		return cmp.Or(cmp.Compare(b.gain, a.gain), cmp.Compare(a.cand, b.cand))
	})
	f.exchange(at, -1)
	best := int64(0)
	for _, o := range others {
		if o.gain <= best {
			break
		}
		if g := f.trial(-1, o.cand); g > best {
			best = g
			s.RunnerUp, s.Loss = f.t.origin[o.cand], s.Alone-g
		}
	}
	f.exchange(-1, at)
}

// ByAlone gives sites in the order of the weight that only they serve, the most first; of
// equals the lower candidate. O(n log n).
func ByAlone(sites []Site) []Site {
	out := slices.Clone(sites)
	slices.SortFunc(out, func(a, b Site) int {
		return cmp.Or(cmp.Compare(b.Alone, a.Alone), cmp.Compare(a.Candidate, b.Candidate))
	})
	return out
}
