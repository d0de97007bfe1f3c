package coverage

import (
	"strconv"
	"strings"
)

// String writes the number of persons as the shortest exact decimal: "12.0345", "7".
func (p People) String() string {
	sign, n := "", uint64(p)
	if p < 0 {
		sign, n = "-", -uint64(p)
	}
	whole, part := n/uint64(Person), n%uint64(Person)
	s := sign + strconv.FormatUint(whole, 10)
	if part == 0 {
		return s
	}
	digits := strconv.FormatUint(uint64(Person)+part, 10)[1:]
	return s + "." + strings.TrimRight(digits, "0")
}

// Fixed writes the number of persons rounded half away from zero to so many
// decimals, 0 to 4; it is for display only.
func (p People) Fixed(decimals int) string {
	unit := People(1)
	for range 4 - min(max(decimals, 0), 4) {
		unit *= 10
	}
	sign, n := "", p
	if p < 0 {
		sign, n = "-", -p
	}
	n = (n + unit/2) / unit
	per := Person / unit
	s := sign + strconv.FormatInt(int64(n/per), 10)
	if per == 1 {
		return s
	}
	return s + "." + strconv.FormatInt(int64(per+n%per), 10)[1:]
}
