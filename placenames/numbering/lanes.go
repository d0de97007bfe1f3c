package numbering

import (
	"cmp"
	"math"
	"slices"
)

// lane is a run of numbers that follow one another: a side of a road, or a row of a village.
type lane struct {
	key     laneKey
	numbers progression
	marks   []mark
	slots   []slot
}

type laneKey struct {
	side Side
	row  int
}

// progression are the numbers that a lane may have: first, first+step, … up to last; 0 for
// without an end.
type progression struct{ first, step, last int }

func (p progression) has(n int) bool {
	return n >= p.first && (n-p.first)%p.step == 0 && (p.last == 0 || n <= p.last)
}

// after is the first number of the progression above n.
func (p progression) after(n int) int {
	if n < p.first {
		return p.first
	}
	return n + p.step - (n-p.first)%p.step
}

// near is the number of the progression nearest to a value, the lower of two.
func (p progression) near(v float64) int {
	k := math.Ceil((v-float64(p.first))/float64(p.step) - 0.5)
	return p.first + max(0, int(k))*p.step
}

// mark is a number that is in its place already.
type mark struct {
	at       float64
	number   Number
	id       string // of the existing number; "" for one that somebody just chose
	reserved bool
}

// slot is what wants a number.
type slot struct {
	at       float64
	frontage int // index
	part     int
	reserve  bool
	id       string
	spot     spot
	reason   Reason // why it is reserved
}

func (l *lane) sort() {
	slices.SortFunc(l.marks, func(a, b mark) int {
		return cmp.Or(cmp.Compare(a.at, b.at), a.number.Compare(b.number), cmp.Compare(a.id, b.id))
	})
	slices.SortFunc(l.slots, func(a, b slot) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.id, b.id), cmp.Compare(a.part, b.part))
	})
}

// numbersOf gives the numbers that a side may have.
func (t *task) numbersOf(k laneKey) progression {
	if k.row > 0 {
		return progression{first: 100*k.row + 1, step: 1, last: 100*k.row + 99}
	}
	switch {
	case t.plain():
		return progression{first: 1, step: 1}
	case k.side == t.oddSide():
		return progression{first: 1, step: 2}
	}
	return progression{first: 2, step: 2}
}

// oddSide is the side that has odd numbers.
func (t *task) oddSide() Side {
	switch t.set.OddBy {
	case OddLeft:
		return Left
	case OddRight:
		return Right
	}
	to := t.line.towards()
	if left, _ := choose(t.set.OddSides, [2]float64{-to[1], to[0]}); left {
		return Left
	}
	return Right
}

func (t *task) lane(k laneKey) *lane {
	if t.plain() {
		k.side = NoSide
	}
	l, ok := t.lanes[k]
	if !ok {
		l = &lane{key: k, numbers: t.numbersOf(k)}
		t.lanes[k] = l
	}
	return l
}
