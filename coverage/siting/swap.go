package siting

// state is a set of open candidates of a table, with what opening, closing and exchanging
// any of them would change, kept up to date by the rows that a change touches (Resende and
// Werneck 2007): opening j and closing the site in slot s changes the worth by
// gain[j] − loss[s] + extra[j×slots+s].
type state struct {
	t       *table
	slots   int
	sites   []int32 // per slot the candidate, or -1
	slotOf  []int32 // per candidate its slot, or -1
	best    []int32 // per row, the entry of its open candidate of largest saving, or -1
	second  []int32
	gain    []int64
	loss    []int64
	extra   []int64
	worth   int64
	spent   int64
	open    int
	cursor  int32   // the candidate that climbing looks at next
	touched []int32 // scratch: rows
	mark    []bool  // scratch: per row
}

func newState(t *table, slots int) *state {
	s := &state{
		t: t, slots: slots,
		sites: make([]int32, slots), slotOf: make([]int32, t.cands),
		best: make([]int32, t.rows), second: make([]int32, t.rows),
		gain: make([]int64, t.cands), loss: make([]int64, slots), extra: make([]int64, t.cands*slots),
		mark: make([]bool, t.rows),
	}
	for i := range s.sites {
		s.sites[i] = -1
	}
	for j := range s.slotOf {
		s.slotOf[j] = -1
	}
	for i := range s.best {
		s.best[i], s.second[i] = -1, -1
		s.account(int32(i), 1)
	}
	return s
}

func (s *state) saving(e int32) int64 {
	if e < 0 {
		return 0
	}
	return s.t.save[e]
}

// account adds (sign 1) or takes back (sign -1) what a row contributes to the figures.
func (s *state) account(row int32, sign int64) {
	t := s.t
	first, next := s.saving(s.best[row]), s.saving(s.second[row])
	slot := -1
	if s.best[row] >= 0 {
		slot = int(s.slotOf[t.cand[s.best[row]]])
		s.loss[slot] += sign * (first - next)
	}
	s.worth += sign * first
	end := t.rowStart[row+1]
	at := t.rowStart[row]
	for ; at < end && t.save[at] > first; at++ {
		j := t.cand[at]
		s.gain[j] += sign * (t.save[at] - first)
		if slot >= 0 {
			s.extra[int(j)*s.slots+slot] += sign * (first - next)
		}
	}
	if slot < 0 {
		return
	}
	for ; at < end && t.save[at] > next; at++ {
		s.extra[int(t.cand[at])*s.slots+slot] += sign * (t.save[at] - next)
	}
}

// change closes one candidate and opens another; -1 stands for none.
func (s *state) change(out, in int32) {
	t := s.t
	s.touched = s.touched[:0]
	touch := func(row int32) {
		if !s.mark[row] {
			s.mark[row] = true
			s.touched = append(s.touched, row)
		}
	}
	if out >= 0 {
		for _, e := range t.col(out) {
			if row := t.rowOf[e]; s.best[row] == e || s.second[row] == e {
				touch(row)
			}
		}
	}
	if in >= 0 {
		for _, e := range t.col(in) {
			if row := t.rowOf[e]; t.save[e] > s.saving(s.second[row]) {
				touch(row)
			}
		}
	}
	for _, row := range s.touched {
		s.account(row, -1)
	}
	s.occupy(out, in)
	for _, row := range s.touched {
		s.rank(row)
		s.account(row, 1)
		s.mark[row] = false
	}
}

func (s *state) occupy(out, in int32) {
	if out >= 0 {
		s.sites[s.slotOf[out]] = -1
		s.slotOf[out] = -1
		s.spent -= s.t.price[out]
		s.open--
	}
	if in < 0 {
		return
	}
	for slot, j := range s.sites {
		if j < 0 {
			s.sites[slot], s.slotOf[in] = in, int32(slot)
			break
		}
	}
	s.spent += s.t.price[in]
	s.open++
}

// rank finds a row's two open candidates of largest saving.
func (s *state) rank(row int32) {
	s.best[row], s.second[row] = -1, -1
	for e := s.t.rowStart[row]; e < s.t.rowStart[row+1]; e++ {
		if s.slotOf[s.t.cand[e]] < 0 {
			continue
		}
		if s.best[row] >= 0 {
			s.second[row] = e
			return
		}
		s.best[row] = e
	}
}

// set are the open candidates, ascending.
func (s *state) set() []int32 {
	out := make([]int32, 0, s.open)
	for j, slot := range s.slotOf {
		if slot >= 0 {
			out = append(out, int32(j))
		}
	}
	return out
}

// become changes the state to another set.
func (s *state) become(set []int32) {
	want := make(map[int32]bool, len(set))
	var in []int32
	for _, j := range set {
		want[j] = true
		if s.slotOf[j] < 0 {
			in = append(in, j)
		}
	}
	for _, j := range s.set() {
		if want[j] {
			continue
		}
		if len(in) > 0 {
			s.change(j, in[0])
			in = in[1:]
			continue
		}
		s.change(j, -1)
	}
	for _, j := range in {
		s.change(-1, j)
	}
}

// fill opens candidates while the limit allows and something is gained, the largest gain
// per price first.
func (s *state) fill(l Limit) {
	for s.open < min(l.Sites, s.slots) && s.spent < l.Budget {
		best := int32(-1)
		for j := range int32(s.t.cands) {
			if s.gain[j] <= 0 || s.slotOf[j] >= 0 || s.spent+s.t.price[j] > l.Budget {
				continue
			}
			if best < 0 || better(s.gain[j], s.t.price[j], s.gain[best], s.t.price[best]) {
				best = j
			}
		}
		if best < 0 {
			return
		}
		s.change(-1, best)
	}
}

// better says whether gain a per price exceeds gain b per price.
func better(gainA, priceA, gainB, priceB int64) bool {
	if priceA == priceB {
		return gainA > gainB
	}
	return ratioLess(gainB, priceB, gainA, priceA)
}

// climb exchanges one site for another until no exchange helps. It goes round the
// candidates and takes the best exchange for each as it comes.
func (s *state) climb(l Limit) {
	s.fill(l)
	for idle := 0; idle < s.t.cands; idle++ {
		j := s.cursor
		if s.cursor++; s.cursor == int32(s.t.cands) {
			s.cursor = 0
		}
		// No exchange for j changes the worth by more than its gain.
		if s.gain[j] <= 0 || s.slotOf[j] >= 0 {
			continue
		}
		if out := s.bestFor(j, l); out >= 0 {
			s.change(out, j)
			s.fill(l)
			idle = -1
		}
	}
}

// bestFor is the site for which a candidate is exchanged with the largest gain, or -1.
func (s *state) bestFor(j int32, l Limit) int32 {
	out, delta := int32(-1), int64(0)
	extra := s.extra[int(j)*s.slots : (int(j)+1)*s.slots]
	for slot, loss := range s.loss {
		d := s.gain[j] - loss + extra[slot]
		if d <= delta {
			continue
		}
		if k := s.sites[slot]; k >= 0 && s.spent-s.t.price[k]+s.t.price[j] <= l.Budget {
			out, delta = k, d
		}
	}
	return out
}
