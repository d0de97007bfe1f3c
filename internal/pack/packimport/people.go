package packimport

import (
	"math"
	"strconv"
	"strings"

	"yike/internal/pack"
)

const (
	nano       = 1_000_000_000 // columns are summed in billionths of a person
	perUnit    = nano / 10_000 // a unit of people is a ten-thousandth
	mostPeople = 1_000_000_000 // in one value
)

// People is the sum of the named columns of the file in ten-thousandths of a person,
// rounded half up once after the sum. An empty, unreadable or negative value is a
// fault.
func (r *Row) People(columns []string) int64 {
	sum := int64(0)
	for _, c := range columns {
		value := strings.TrimSpace(r.fields[c])
		n, zh, en := parsePeople(value)
		if zh != "" {
			r.bad = true
			r.columnFault(c, value, zh, en)
			continue
		}
		if n > mostPeople*nano-sum { // many columns must not overflow either
			r.bad = true
			r.columnFault(c, value, "与其他列合计人数过大", "is too many people together with the other columns")
			continue
		}
		sum += n
	}
	return (sum + perUnit/2) / perUnit
}

func (r *Row) columnFault(column, value, zh, en string) {
	r.t.Faults.Add(pack.Fault{File: r.t.file, Row: r.Number, Field: column, Value: value, Reason: pack.Text{ZH: zh, EN: en}})
}

// parsePeople reads a number of people in billionths; digits after the ninth decimal
// are dropped. zh and en say what is wrong, and are empty where nothing is.
func parsePeople(s string) (n int64, zh, en string) {
	switch {
	case s == "":
		return 0, "不能为空，没有人请写 0", "must not be empty; write 0 for nobody"
	case strings.HasPrefix(s, "-"):
		if f, err := strconv.ParseFloat(s, 64); err == nil && f != 0 {
			return 0, "人数不能为负", "a number of people must not be negative"
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	switch {
	case err != nil || math.IsNaN(f) || math.IsInf(f, 0):
		return 0, "不是数", "is not a number"
	case f > mostPeople:
		return 0, "人数过大", "is too many people"
	}
	if n, ok := exactNano(s); ok {
		return n, "", ""
	}
	return int64(math.Round(f * nano)), "", ""
}

// exactNano reads plain decimals without going through floats.
func exactNano(s string) (int64, bool) {
	whole, fraction, _ := strings.Cut(s, ".")
	if len(whole) > 10 || len(whole)+len(fraction) == 0 {
		return 0, false
	}
	if len(fraction) > 9 {
		fraction = fraction[:9]
	}
	n := int64(0)
	for _, c := range []byte(whole + fraction + strings.Repeat("0", 9-len(fraction))) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int64(c-'0')
	}
	return n, true
}
