package walknet

import (
	"math"
	"math/bits"
)

// Cost is the time to walk mm millimetres at speed s, rounded half up:
// floor((2·mm·1000 + s) / (2·s)). It saturates at the largest Milliseconds, which
// is also the answer for a speed that is not positive. mm must not be negative.
func (s Speed) Cost(mm int64) Milliseconds {
	if s <= 0 || mm > math.MaxInt64/4000 {
		return math.MaxInt32
	}
	v := int64(s)
	return saturate((2000*mm + v) / (2 * v))
}

// pace is a speed prepared for many costs: it divides by multiplying with the
// reciprocal, which is exact while numerator × divisor stays below 2^64.
type pace struct {
	v       uint64
	inverse uint64 // ceil(2^64 / 2v); 0 where the speed is too high for exactness
}

const maxExactSpeed = 1 << 20 // mm/s; 2^42 (numerator) × 2^21 (divisor) < 2^64

func (s Speed) pace() pace {
	v := uint64(s)
	if s > maxExactSpeed {
		return pace{v: v}
	}
	return pace{v: v, inverse: math.MaxUint64/(2*v) + 1}
}

// cost equals Speed.Cost.
func (p pace) cost(mm int32) int64 {
	n := 2000*uint64(mm) + p.v
	if p.inverse == 0 {
		return int64(n / (2 * p.v))
	}
	hi, _ := bits.Mul64(n, p.inverse)
	return int64(min(hi, math.MaxInt32))
}

// share is the part of an edge's cost that falls on part of its length, rounded up.
func share(cost int64, part, length int32) int64 {
	return (cost*int64(part) + int64(length) - 1) / int64(length)
}

func saturate(ms int64) Milliseconds {
	return Milliseconds(min(ms, math.MaxInt32))
}
