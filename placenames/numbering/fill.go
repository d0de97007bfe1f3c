package numbering

import (
	"math"
	"slices"
)

// filled is the number that a slot got.
type filled struct {
	slot   slot
	number Number
	taken  string // id of the reserved number that it takes
	reason Reason
}

// fill gives the slots of a lane their numbers.
func (t *task) fill(l *lane) []filled {
	l.sort()
	out := t.takeReserved(l)
	var lo *mark
	rest := l.slots
	for i := 0; i <= len(l.marks); i++ {
		var hi *mark
		n := len(rest)
		if i < len(l.marks) {
			hi = &l.marks[i]
			n = countBefore(rest, hi.at)
		}
		if n > 0 {
			out = append(out, t.fillBetween(l, lo, hi, rest[:n])...)
			rest = rest[n:]
		}
		lo = hi
	}
	return out
}

func countBefore(slots []slot, at float64) int {
	n := 0
	for n < len(slots) && slots[n].at < at {
		n++
	}
	return n
}

// takeReserved gives doors the numbers that were reserved where they stand: each the nearest
// one that is no farther than a reserved number's own share of the road.
func (t *task) takeReserved(l *lane) []filled {
	reach := math.Max(8, t.set.ReserveM)
	var out []filled
	left := l.slots[:0:0]
	for _, s := range l.slots {
		best := -1
		for i, m := range l.marks {
			if d := math.Abs(m.at - s.at); m.reserved && d <= reach && (best < 0 || d < math.Abs(l.marks[best].at-s.at)) && t.inOrder(l, i, s.at) {
				best = i
			}
		}
		if s.reserve || best < 0 {
			left = append(left, s)
			continue
		}
		out = append(out, t.convert(l, best, s))
	}
	l.slots = left
	l.sort()
	return out
}

// inOrder reports whether mark i may move to at without passing another number.
func (t *task) inOrder(l *lane, i int, at float64) bool {
	lo, hi := math.Min(at, l.marks[i].at), math.Max(at, l.marks[i].at)
	for k, m := range l.marks {
		if k != i && m.at >= lo && m.at <= hi {
			return false
		}
	}
	return true
}

func (t *task) convert(l *lane, i int, s slot) filled {
	m := &l.marks[i]
	f := filled{slot: s, number: m.number, taken: m.id, reason: reasonTakesReserved(m.number)}
	m.reserved, m.at = false, s.at
	return f
}

// fillBetween gives numbers between two marks, either of which may be nil.
func (t *task) fillBetween(l *lane, lo, hi *mark, slots []slot) []filled {
	if hi == nil {
		return t.fillOn(l, lo, slots)
	}
	var low int
	if lo != nil {
		low = lo.number.N
	}
	var free []int
	for n := l.numbers.after(low); n < hi.number.N && (l.numbers.last == 0 || n <= l.numbers.last); n += l.numbers.step {
		if t.free(n) {
			free = append(free, n)
		}
	}
	var out []filled
	slots, dropped := dropReserves(slots, len(free))
	out = append(out, dropped...)
	if len(slots) > len(free) && lo != nil && lo.reserved {
		out = append(out, t.convertMark(lo, slots[0]))
		slots = slots[1:]
	}
	if len(slots) > len(free) && hi.reserved {
		out = append(out, t.convertMark(hi, slots[len(slots)-1]))
		slots = slots[:len(slots)-1]
	}
	over := max(0, len(slots)-len(free))
	last := lo
	for _, s := range slots[:over] {
		f := t.suffix(last, hi, s)
		out = append(out, f)
		last = &mark{at: s.at, number: f.number}
	}
	return append(out, t.spread(l, lo, hi, slots[over:], free)...)
}

func (t *task) convertMark(m *mark, s slot) filled {
	m.reserved = false
	return filled{slot: s, number: m.number, taken: m.id, reason: reasonTakesReserved(m.number)}
}

// dropReserves leaves out reservations that would take numbers from doors, the last first.
func dropReserves(slots []slot, room int) (kept []slot, dropped []filled) {
	kept = slices.Clone(slots)
	for i := len(kept) - 1; i >= 0 && len(kept) > room; i-- {
		if kept[i].reserve {
			dropped = append(dropped, filled{slot: kept[i], reason: reasonNoRoom()})
			kept = slices.Delete(kept, i, i+1)
		}
	}
	return kept, dropped
}

// spread gives slots free numbers in order, each as near as can be to what its place between
// the marks comes to. There are at least as many numbers as slots.
func (t *task) spread(l *lane, lo, hi *mark, slots []slot, free []int) []filled {
	var out []filled
	from, low := 0.0, Number{}
	if lo != nil {
		from, low = lo.at, lo.number
	}
	next := 0
	for j, s := range slots {
		most := len(free) - (len(slots) - j)
		var want int
		if t.set.Counting == ByDistance {
			n := l.numbers.near(s.at / t.set.StepM)
			want, _ = slices.BinarySearch(free, n)
		} else if hi.at > from {
			want = int(math.Round((s.at-from)/(hi.at-from)*float64(len(free)+1))) - 1
		}
		i := max(next, min(want, most))
		next = i + 1
		number := Number{N: free[i]}
		t.take(number)
		f := filled{slot: s, number: number, reason: reasonBefore(hi.number)}
		switch {
		case t.set.Counting == ByDistance:
			f.reason = reasonDistance(s.at)
		case lo != nil:
			f.reason = reasonBetween(low, hi.number)
		}
		out = append(out, f)
	}
	return out
}

// fillOn gives numbers after the last mark.
func (t *task) fillOn(l *lane, lo *mark, slots []slot) []filled {
	var out []filled
	for _, s := range slots {
		var low int
		if lo != nil {
			low = lo.number.N
		}
		n := t.nextFree(l, low)
		reason := reasonSequence()
		if t.set.Counting == ByDistance {
			want := l.numbers.near(s.at / t.set.StepM)
			if want > n {
				n = t.nextFree(l, want-l.numbers.step)
			}
			reason = reasonDistance(s.at)
			if lo != nil && !t.closeEnough(n, s.at) && t.closeEnough(low, s.at) {
				n = 0
			}
		}
		if n == 0 || l.numbers.last > 0 && n > l.numbers.last {
			f := t.suffix(lo, nil, s)
			out = append(out, f)
			lo = &mark{at: s.at, number: f.number}
			continue
		}
		number := Number{N: n}
		t.take(number)
		out = append(out, filled{slot: s, number: number, reason: reason})
		lo = &mark{at: s.at, number: number}
	}
	return out
}

// closeEnough reports whether a number by distance is within the step of what it should be.
func (t *task) closeEnough(n int, at float64) bool {
	return math.Abs(float64(n)-at/t.set.StepM) <= t.tolerance()
}

// tolerance is what a number by distance may be off: the step as PLT-13 has it, at least one
// number, which the side of odd numbers alone may cost.
func (t *task) tolerance() float64 { return math.Max(1, t.set.StepM) }

func (t *task) nextFree(l *lane, after int) int {
	n := l.numbers.after(after)
	for !t.free(n) {
		n += l.numbers.step
	}
	return n
}

// suffix gives the next sub-number after lo, or of hi where nothing is before it.
func (t *task) suffix(lo, hi *mark, s slot) filled {
	base := lo
	if base == nil {
		base = hi
	}
	if base == nil { // the numbers of a lane begin above its last one
		return filled{slot: s, reason: reasonNoRoom()}
	}
	f := filled{slot: s, number: Number{base.number.N, base.number.Suffix + 1}, reason: reasonSuffix(base.number)}
	for t.taken[f.number] {
		f.number.Suffix++
	}
	if lo == nil || hi != nil && f.number.Compare(hi.number) >= 0 {
		f.reason = reasonCrowded(base.number)
	}
	t.take(f.number)
	return f
}

func (t *task) free(n int) bool {
	return !t.taken[Number{N: n}] && !slices.Contains(t.set.Skip, n)
}

func (t *task) take(n Number) { t.taken[n] = true }
