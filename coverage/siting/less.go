package siting

import (
	"math"
	"math/rand/v2"
	"slices"
)

// fewer asks the exchange to serve as much for less, as long as it can.
func (s *tree) fewer(m *needs) { s.less(m, 0) }

// shrink does so with restarts.
func (s *tree) shrink(m *needs) { s.less(m, s.effort.Kicks) }

func (s *tree) less(m *needs, kicks int) {
	rng := rand.New(rand.NewPCG(s.effort.Seed, 0x1e55))
	t, need := m.t, m.need
	if m.full {
		t = t.counted()
	}
	for s.best < s.goal && -s.best > slices.Min(s.price) {
		l := Limit{Sites: math.MaxInt32, Budget: -s.best - 1}
		slots := l.slots(t)
		if int64(slots)*int64(t.cands) > math.MaxInt32/8 {
			return
		}
		st := newState(t, slots)
		st.become((&savings{t: t, limit: l, state: st}).allowed(s.set))
		st.climb(l)
		if m.full {
			s.press(st, l, 25*kicks)
			need = t.total()
		} else {
			s.jolt(st, l, need, kicks, rng)
		}
		if st.worth < need {
			return
		}
		s.offer(-st.spent, st.set())
	}
}

// jolt restarts the exchange with some sites replaced at random until it serves the need.
func (s *tree) jolt(st *state, l Limit, need int64, kicks int, rng *rand.Rand) {
	for range kicks {
		if s.cancelled() || st.worth >= need {
			return
		}
		s.work.Kicks++
		before, worth := st.set(), st.worth
		for range 1 + rng.IntN(3) {
			st.replaceAny(rng, l)
		}
		st.climb(l)
		if st.worth < worth {
			st.become(before)
		}
	}
}

// press gives the rows that are not served more weight and goes on exchanging, until all
// are: whatever is hard to serve is soon worth an exchange.
func (s *tree) press(st *state, l Limit, rounds int) {
	for range rounds {
		served := true
		for row := range int32(st.t.rows) {
			if st.best[row] < 0 {
				served = false
				st.heavier(row)
			}
		}
		if served || s.cancelled() {
			return
		}
		s.work.Kicks++
		st.climb(l)
	}
}

// heavier adds one to what a row saves, whoever serves it.
func (s *state) heavier(row int32) {
	s.account(row, -1)
	for e := s.t.rowStart[row]; e < s.t.rowStart[row+1]; e++ {
		s.t.save[e]++
	}
	s.account(row, 1)
}

// counted is the table with a saving of 1 for each row, its own to change.
func (t *table) counted() *table {
	out := *t
	out.save = slices.Repeat([]int64{1}, len(t.save))
	return &out
}

// replaceAny exchanges a random site for a random candidate, within the budget.
func (s *state) replaceAny(rng *rand.Rand, l Limit) {
	if s.open == 0 {
		return
	}
	set := s.set()
	in, out := int32(rng.IntN(s.t.cands)), set[rng.IntN(len(set))]
	if s.slotOf[in] < 0 && s.spent-s.t.price[out]+s.t.price[in] <= l.Budget {
		s.change(out, in)
	}
}
