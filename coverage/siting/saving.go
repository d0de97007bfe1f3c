package siting

import (
	"context"
	"math/rand/v2"
)

// savings relaxes that a row is saved by one candidate only: at multiplier λ a row gives
// λ, and each chosen candidate what it saves above λ (Cornuejols, Fisher and Nemhauser
// 1977).
type savings struct {
	t     *table
	limit Limit
	shift uint
	most  []int64
	state *state
}

func newSavings(t *table, l Limit, s *state) *savings {
	m := &savings{t: t, limit: l, state: s, most: make([]int64, t.rows)}
	m.shift = shiftFor(t.total(), t.overlap(l))
	for i := range t.rows {
		if t.rowStart[i] < t.rowStart[i+1] {
			m.most[i] = t.save[t.rowStart[i]] << m.shift
		}
	}
	return m
}

// most62 bounds sums: two of them fit into 63 bits.
const most62 = int64(1) << 61

// overlap is how often a row may be paid for at most: once per site or per candidate of it.
// No sum of profits exceeds the total that many times.
func (t *table) overlap(l Limit) int64 {
	deep := int64(1)
	for i := range t.rows {
		deep = max(deep, int64(t.rowStart[i+1]-t.rowStart[i]))
	}
	return min(deep, max(1, int64(l.slots(t))))
}

// shiftFor is the finest scale, of at most 2^-20, at which total × times stays within bounds.
func shiftFor(total, times int64) uint {
	shift := uint(0)
	for shift < 20 && total+1 < most62/(times+1)>>(shift+1) {
		shift++
	}
	return shift
}

func (m *savings) multipliers() []int64 { return m.most }

// begin are multipliers in the middle of what the state leaves open.
func (m *savings) begin() []int64 {
	at := make([]int64, m.t.rows)
	for i := range at {
		first, second := m.state.saving(m.state.best[i]), m.state.saving(m.state.second[i])
		at[i] = (first + second) << m.shift / 2
	}
	return at
}

func (m *savings) profits(at, profit []int64) int64 {
	clear(profit)
	rest := int64(0)
	t := m.t
	for i, multiplier := range at {
		rest += multiplier
		end := t.rowStart[i+1]
		for e := t.rowStart[i]; e < end; e++ {
			above := t.save[e]<<m.shift - multiplier
			if above <= 0 {
				break
			}
			profit[t.cand[e]] += above
		}
	}
	return rest
}

func (m *savings) slope(at []int64, chosen []int32, by []float64) {
	for i := range by {
		by[i] = 1
	}
	for _, j := range chosen {
		for _, e := range m.t.col(j) {
			if row := m.t.rowOf[e]; m.t.save[e]<<m.shift > at[row] {
				by[row]--
			}
		}
	}
}

func (m *savings) improve(chosen []int32) (int64, []int32) {
	m.state.become(m.allowed(chosen))
	m.state.climb(m.limit)
	return m.state.worth, m.state.set()
}

// allowed cuts a choice to the limit.
func (m *savings) allowed(chosen []int32) []int32 {
	var out []int32
	spent := int64(0)
	for _, j := range chosen {
		if len(out) < m.state.slots && spent+m.t.price[j] <= m.limit.Budget {
			out = append(out, j)
			spent += m.t.price[j]
		}
	}
	return out
}

func (m *savings) value(set []int32) (int64, bool) {
	return m.t.worth(set), len(set) <= m.limit.Sites && m.t.cost(set) <= m.limit.Budget
}

func (m *savings) possible([]fate) bool { return true }

// maximise finds candidates of the largest worth within a limit.
func maximise(ctx context.Context, t *table, l Limit, effort Effort) found {
	slots := l.slots(t)
	if slots == 0 {
		return found{}
	}
	s := newState(t, slots)
	s.climb(l)
	m := newSavings(t, l, s)
	tr := newTree(ctx, m, t, l, m.shift, effort)
	tr.goal = t.total()
	tr.offer(s.worth, s.set())
	top := tr.root(m.begin())
	top.bound = tr.goal
	tr.work.Nodes++
	if effort.Steps > 0 {
		tr.descend(top, effort.Steps, true)
	}
	if !tr.done(top.bound) {
		tr.kick(s)
		tr.descend(top, effort.Steps/4, true)
	}
	f := found{set: tr.set, value: tr.best, bound: top.bound, work: tr.work, stopped: tr.stopped}
	if !tr.done(top.bound) {
		f = tr.narrow(t, top, func(small *table, set []int32) (relaxed, []int64, uint) {
			s := newState(small, l.slots(small))
			s.become(set)
			m := newSavings(small, l, s)
			return m, m.begin(), m.shift
		})
	}
	f.bound = max(f.bound, f.value)
	return f
}

// kick restarts the exchange from the best choice with some sites replaced at random.
func (s *tree) kick(st *state) {
	rng := rand.New(rand.NewPCG(s.effort.Seed, 0x51717))
	for range s.effort.Kicks {
		if s.cancelled() || s.done(s.goal) {
			return
		}
		s.work.Kicks++
		st.become(s.set)
		for range 1 + rng.IntN(1+min(st.open/3, 8)) {
			st.replaceAny(rng, s.limit)
		}
		st.climb(s.limit)
		s.offer(st.worth, st.set())
	}
}
