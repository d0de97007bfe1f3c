package siting

import (
	"cmp"
	"context"
	"slices"
)

// loads relaxes that no weight is served twice: at price λ a row's weight earns λ once, and
// each candidate fills its capacity with the weight that earns most beyond λ.
type loads struct {
	t        *table
	capacity []int64
	fixed    []bool // per candidate: existing
	limit    Limit  // existing sites included
	shift    uint
	most     []int64
	order    []int32 // per candidate, its entries by earning, as of the last profits
	load     []int64 // per entry, what it took then
	reads    int     // entries that exchanges may still read
	flows    *flows  // the choice that multipliers begin with
}

func newLoads(t *table, capacity []int64, fixed []bool, l Limit, reads int) *loads {
	m := &loads{
		t: t, capacity: capacity, fixed: fixed, limit: l, reads: reads,
		most: make([]int64, t.rows), order: slices.Clone(t.ent), load: make([]int64, len(t.ent)),
	}
	m.shift = shiftFor(t.total(), t.overlap(Limit{Sites: t.cands, Budget: unlimited}))
	for i := range m.most {
		m.most[i] = 1 << m.shift
	}
	return m
}

func (m *loads) multipliers() []int64 { return m.most }

func (m *loads) begin() []int64 {
	at := make([]int64, m.t.rows)
	for i := range at {
		if m.flows.unserved[i] == 0 {
			at[i] = m.most[i] / 2
		}
	}
	return at
}

func (m *loads) profits(at, profit []int64) int64 {
	t, one := m.t, int64(1)<<m.shift
	rest := int64(0)
	for i, price := range at {
		rest += price * t.save[t.rowStart[i]]
	}
	for j := range int32(t.cands) {
		col := m.order[t.colStart[j]:t.colStart[j+1]]
		slices.SortFunc(col, func(a, b int32) int {
			return cmp.Or(cmp.Compare(at[t.rowOf[a]], at[t.rowOf[b]]), cmp.Compare(a, b))
		})
		free := m.capacity[j]
		profit[j] = 0
		for _, e := range col {
			earn := one - at[t.rowOf[e]]
			m.load[e] = 0
			if earn > 0 {
				m.load[e] = min(free, t.save[e])
				free -= m.load[e]
				profit[j] += earn * m.load[e]
			}
		}
	}
	return rest
}

func (m *loads) slope(_ []int64, chosen []int32, by []float64) {
	for i := range by {
		by[i] = float64(m.t.save[m.t.rowStart[i]])
	}
	for _, j := range chosen {
		for _, e := range m.t.col(j) {
			by[m.t.rowOf[e]] -= float64(m.load[e])
		}
	}
}

func (m *loads) value(set []int32) (int64, bool) {
	f := newFlows(m.t, m.capacity)
	for _, j := range set {
		f.exchange(-1, j)
	}
	return f.served, len(set) <= m.limit.Sites && m.t.cost(set) <= m.limit.Budget
}

func (m *loads) possible([]fate) bool { return true }

func (m *loads) improve(chosen []int32) (int64, []int32) {
	f := newFlows(m.t, m.capacity)
	sites, spent := 0, int64(0)
	for pass := range 2 {
		for _, j := range chosen {
			if m.fixed[j] == (pass == 0) && sites < m.limit.Sites && spent+m.t.price[j] <= m.limit.Budget {
				f.exchange(-1, j)
				sites, spent = sites+1, spent+m.t.price[j]
			}
		}
	}
	m.climb(f, spent)
	m.flows = f
	return f.served, f.set()
}

// climb opens what the limit allows and then exchanges sites, as long as that serves more
// and effort is left. What a candidate adds never grows when others open, so what opening
// it gains now bounds what any exchange for it can.
func (m *loads) climb(f *flows, spent int64) {
	defer func() { m.reads -= f.reads }()
	for {
		spent = m.fill(f, spent)
		if f.reads > m.reads {
			return
		}
		out, in := m.bestExchange(f, m.gains(f), spent)
		if in < 0 {
			return
		}
		f.exchange(out, in)
		spent += m.t.price[in] - m.t.price[out]
	}
}

// fill opens candidates within the limit, the largest gain per price first. Only the first
// in line is tried again, since gains only fall.
func (m *loads) fill(f *flows, spent int64) int64 {
	sites := len(f.set())
	if sites >= m.limit.Sites || spent >= m.limit.Budget {
		return spent
	}
	line := m.gains(f)
	for sites < m.limit.Sites && len(line) > 0 {
		first := line[0]
		line = line[1:]
		if spent+first.price > m.limit.Budget {
			continue
		}
		if first.gain = f.trial(-1, first.cand); first.gain <= 0 {
			continue
		}
		if len(line) > 0 && compareOffers(first, line[0]) > 0 {
			at, _ := slices.BinarySearchFunc(line, first, compareOffers)
			line = slices.Insert(line, at, first)
			continue
		}
		f.exchange(-1, first.cand)
		sites, spent = sites+1, spent+first.price
	}
	return spent
}

// gains are the candidates that would serve more, the largest gain per price first.
func (m *loads) gains(f *flows) []offer {
	var out []offer
	for j := range int32(m.t.cands) {
		if f.open[j] {
			continue
		}
		if g := f.trial(-1, j); g > 0 {
			out = append(out, offer{j, g, m.t.price[j]})
		}
	}
	slices.SortFunc(out, compareOffers)
	return out
}

func (m *loads) bestExchange(f *flows, gains []offer, spent int64) (out, in int32) {
	out, in = -1, -1
	best := int64(0)
	for _, k := range f.set() {
		if m.fixed[k] {
			continue
		}
		for _, o := range gains {
			if o.gain <= best || spent-m.t.price[k]+o.price > m.limit.Budget {
				continue
			}
			if f.reads > m.reads {
				return out, in
			}
			if d := f.trial(k, o.cand); d > best {
				out, in, best = k, o.cand, d
			}
		}
		if best > 0 {
			return out, in
		}
	}
	return out, in
}

// maximiseLoads is maximise within capacities. Existing sites are candidates of the table.
func maximiseLoads(ctx context.Context, q *Question, t *table, l Limit, effort Effort) found {
	capacity, fixed := make([]int64, t.cands), make([]bool, t.cands)
	var existing []int32
	for j, origin := range t.origin {
		capacity[j] = q.Capacity[origin]
		if q.standing(int(origin)) == Existing {
			fixed[j] = true
			existing = append(existing, int32(j))
			l.Sites++
			l.Budget += t.price[j]
		}
	}
	m := newLoads(t, capacity, fixed, l, effort.Kicks*1_000_000)
	tr := newTree(ctx, m, t, l, m.shift, effort)
	value, set := m.improve(existing)
	tr.offer(value, set)
	tr.goal, tr.size = t.total(), 8*len(t.ent) // its profits sort their entries
	top := tr.root(m.begin())
	top.bound = tr.goal
	for _, j := range existing {
		top.fates[j] = taken
	}
	tr.work.Nodes++
	if effort.Steps > 0 && !tr.done(top.bound) {
		tr.descend(top, effort.Steps, true)
	}
	bound := tr.branch(top)
	f := found{value: tr.best, bound: max(bound, tr.best), work: tr.work, stopped: tr.stopped}
	for _, j := range tr.set {
		if !fixed[j] {
			f.set = append(f.set, j)
		}
	}
	return f
}

// loadTable is a question of coverage within capacities: existing sites are candidates of it,
// since what they serve depends on what else is open.
func loadTable(q *Question) *table {
	var entries []triple
	for j := range q.Reach.Candidates() {
		if q.standing(j) == Excluded || q.Capacity[j] == 0 {
			continue
		}
		for _, i := range q.Reach.Demand[q.Reach.Start[j]:q.Reach.Start[j+1]] {
			if q.Weight[i] > 0 {
				entries = append(entries, triple{i, int32(j), q.Weight[i]})
			}
		}
	}
	return newTable(q, len(q.Weight), entries, true).keep(func(int32) bool { return true })
}
