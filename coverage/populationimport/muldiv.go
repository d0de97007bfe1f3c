package populationimport

import "math/bits"

// mulDiv is a·b/c rounded down and its remainder, for a, b >= 0 and c > 0 with b <= c,
// without overflow on the way.
func mulDiv(a, b, c int64) (quotient int64, remainder uint64) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	q, r := bits.Div64(hi, lo, uint64(c))
	return int64(q), r
}
