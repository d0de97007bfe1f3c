package crsguess

import (
	"strconv"
	"strings"

	"yike/internal/hanzi"
)

// mark is the axis that a cell names itself.
type mark uint8

const (
	unmarked  mark = iota
	longitude      // E, 东经
	latitude       // N, 北纬
)

// cell is one coordinate as it is written.
type cell struct {
	v           float64
	mark        mark
	sexagesimal bool // degrees, minutes and seconds
}

// readCell reads one coordinate: a decimal number, with thousands separated or not, with
// a unit or not, or degrees, minutes and seconds in any of the ways people write them.
func readCell(text string) (cell, bool) {
	s := strings.TrimSpace(hanzi.Width(text))
	if v, ok := decimal(s); ok {
		return cell{v: v}, true // most are
	}
	s = strings.NewReplacer("º", "°", "˚", "°", "''", `"`).Replace(s)
	s, c, negative := takeMark(s)
	v, sexagesimal, ok := angle(s)
	if !ok {
		return cell{}, false
	}
	if negative {
		v = -v
	}
	c.v, c.sexagesimal = v, sexagesimal
	return c, true
}

// decimal reads a plain number. What ParseFloat takes besides, such as hexadecimal,
// underscores and "inf", is no coordinate.
func decimal(s string) (float64, bool) {
	if s == "" || strings.Trim(s, "0123456789+-.,eE") != "" {
		return 0, false
	}
	if strings.Contains(s, ",") {
		if s = thousands(s); s == "" {
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}

// thousands takes the commas out of 4,338,468.97; "" when they are not where they would be.
func thousands(s string) string {
	whole, _, _ := strings.Cut(s, ".")
	groups := strings.Split(whole, ",")
	for i, g := range groups {
		if i > 0 && len(g) != 3 || i == 0 && (g == "" || len(g) > 3) {
			return ""
		}
	}
	if strings.Contains(s[len(whole):], ",") {
		return ""
	}
	return strings.ReplaceAll(s, ",", "")
}

// takeMark takes the words off that say which axis a coordinate is of.
func takeMark(s string) (rest string, c cell, negative bool) {
	rest = s
	for _, word := range []struct {
		text     string
		mark     mark
		negative bool
	}{
		{"东经", longitude, false},
		{"西经", longitude, true},
		{"北纬", latitude, false},
		{"南纬", latitude, true},
		{"经度", longitude, false},
		{"纬度", latitude, false},
		{"LON", longitude, false},
		{"LNG", longitude, false},
		{"LAT", latitude, false},
		{"E", longitude, false},
		{"W", longitude, true},
		{"N", latitude, false},
		{"S", latitude, true},
		{"X", unmarked, false},
		{"Y", unmarked, false},
	} {
		upper := strings.ToUpper(rest)
		cut, found := strings.CutPrefix(upper, word.text)
		if !found {
			if cut, found = strings.CutSuffix(upper, word.text); !found || word.text == "S" && !strings.HasSuffix(cut, `"`) {
				continue
			}
		}
		rest, c.mark, negative = strings.Trim(cut, " :="), word.mark, word.negative
		break
	}
	return rest, c, negative
}

// angle reads a number with or without a unit, or degrees, minutes and seconds.
func angle(s string) (v float64, sexagesimal, ok bool) {
	for _, unit := range []string{"°", "度", "DEG", "米", "M"} {
		if cut, found := strings.CutSuffix(strings.ToUpper(s), unit); found {
			if v, ok := decimal(strings.TrimSpace(cut)); ok {
				return v, false, true
			}
		}
	}
	if v, ok := decimal(s); ok {
		return v, false, true
	}
	v, ok = sexagesimalAngle(s)
	return v, true, ok
}

// sexagesimalAngle reads 117°05′12.3″, 117度5分12秒, 117 05 12.3, 117-05-12, 117:05:12
// and 117°5.205′.
func sexagesimalAngle(s string) (float64, bool) {
	numbers, separators, ok := split(s)
	if !ok || len(numbers) < 2 || len(numbers) > 3 {
		return 0, false
	}
	if len(numbers) == 2 && separators[0] != "°" {
		return 0, false // 117 39 is as well a longitude and a latitude
	}
	for i, allowed := range []string{`° : - `, `' : - `, `"`} {
		if i < len(separators) && !strings.Contains(allowed, separators[i]) && separators[i] != "" {
			return 0, false
		}
	}
	var parts [3]float64
	for i, n := range numbers {
		v, err := strconv.ParseFloat(n, 64)
		if err != nil || i < len(numbers)-1 && strings.Contains(n, ".") || i > 0 && v >= 60 {
			return 0, false
		}
		parts[i] = v
	}
	return parts[0] + parts[1]/60 + parts[2]/3600, true
}

// split cuts an angle into its numbers and what stands after each, in one spelling.
func split(s string) (numbers, separators []string, ok bool) {
	s = strings.NewReplacer("度", "°", "D", "°", "分", "'", "M", "'", "秒", `"`, "S", `"`).Replace(strings.ToUpper(s))
	for s != "" {
		n := len(s) - len(strings.TrimLeft(s, "0123456789."))
		if n == 0 {
			return nil, nil, false
		}
		number := s[:n]
		s = s[n:]
		rest := ""
		if at := strings.IndexAny(s, "0123456789"); at >= 0 {
			rest = s[at:]
		}
		separator := s[:len(s)-len(rest)]
		if trimmed := strings.TrimSpace(separator); trimmed != "" {
			separator = trimmed
		} else if separator != "" {
			separator = " "
		}
		numbers, separators, s = append(numbers, number), append(separators, separator), rest
		if len(numbers) > 3 {
			return nil, nil, false
		}
	}
	return numbers, separators, true
}

// splitPair cuts a text of two coordinates into them: "117.1,39.1", "(117.1 39.1)",
// "POINT(117.1 39.1)", "东经117.1 北纬39.1".
func splitPair(text string) (x, y string, ok bool) {
	s := strings.TrimSpace(hanzi.Width(text))
	s = strings.TrimSpace(strings.TrimPrefix(strings.ToUpper(s), "POINT"))
	s = strings.TrimSpace(strings.Trim(s, `()"'`+" "))
	// A second prime at the end was taken off with the quotes; reading does not miss it.
	for _, separators := range []string{",", "/|", " "} {
		for at, r := range s {
			if !strings.ContainsRune(separators, r) {
				continue
			}
			a, b := strings.TrimSpace(s[:at]), strings.TrimSpace(s[at+1:])
			_, okA := readCell(a)
			_, okB := readCell(b)
			if okA && okB {
				return a, b, true
			}
		}
	}
	for _, between := range []string{"EN", "NE"} { // 117.1E39.1N
		if at := strings.IndexByte(s, between[0]); at > 0 {
			_, okA := readCell(s[:at+1])
			_, okB := readCell(s[at+1:])
			if okA && okB {
				return s[:at+1], s[at+1:], true
			}
		}
	}
	if at := strings.Index(s, "北纬"); at > 0 { // 东经117.1北纬39.1
		_, okA := readCell(s[:at])
		_, okB := readCell(s[at:])
		return s[:at], s[at:], okA && okB
	}
	return "", "", false
}

// unpack reads the ddd.mmssss of surveyors' calculators: 117.0512 is 117°05′12″. False
// for what cannot be one.
func unpack(v float64) (float64, bool) {
	const half = 1e-9 // so that .0512 is not .05119999
	d := float64(int(v))
	m := float64(int((v-d)*100 + half))
	s := ((v-d)*100 - m) * 100
	if v < 0 || m >= 60 || s >= 60 {
		return 0, false
	}
	return d + m/60 + max(s, 0)/3600, true
}
