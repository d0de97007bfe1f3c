package crsguess

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"yike/geo"
)

// shift is what a web map does to degrees.
type shift uint8

const (
	unshifted shift = iota
	gcj02
	bd09
)

// reading is how a candidate reads a row.
type reading struct {
	crs     geo.CRS // the shift of degrees is in it
	shifted bool    // Web Mercator of GCJ-02
	swapped bool    // the first column is the latitude, or the northing
	pair    bool    // one column holds both
	packed  bool    // ddd.mmss
	refused refusal
}

// refusal is a system that is recognised and not converted.
type refusal string

const (
	xian80    refusal = "Xian1980"
	beijing54 refusal = "Beijing1954"
	local     refusal = "local"
)

// crs gives a system that geo knows; the name is one of ours, so there is no error.
func crs(name string) geo.CRS {
	c, err := geo.ParseCRS(name)
	if err != nil {
		return geo.WGS84()
	}
	return c
}

// withShift gives the reading under a shift; only degrees and Web Mercator have any.
func (r reading) withShift(s shift) reading {
	switch {
	case !r.crs.Geographic():
		r.shifted = s == gcj02
	case s == gcj02:
		r.crs = crs("GCJ-02")
	case s == bd09:
		r.crs = crs("BD-09")
	default:
		r.crs = geo.WGS84()
	}
	return r
}

// grid reports whether the coordinates are of a Gauss-Krüger zone.
func (r reading) grid() bool { return !r.crs.Geographic() && r.crs != crs("EPSG:3857") }

func (r reading) key() string {
	key := r.crs.String()
	if r.refused != "" {
		key = string(r.refused)
	}
	if r.shifted {
		key += "+GCJ-02"
	}
	for _, word := range []struct {
		on   bool
		text string
	}{{r.swapped, " swapped"}, {r.pair, " pair"}, {r.packed, " packed"}} {
		if word.on {
			key += word.text
		}
	}
	return key
}

func parseKey(key string) (reading, bool) {
	words := strings.Split(key, " ")
	var r reading
	for _, word := range words[1:] {
		switch word {
		case "swapped":
			r.swapped = true
		case "pair":
			r.pair = true
		case "packed":
			r.packed = true
		}
	}
	switch name, shifted := strings.CutSuffix(words[0], "+GCJ-02"); refusal(name) {
	case xian80, beijing54, local:
		r.refused = refusal(name)
	default:
		c, err := geo.ParseCRS(name)
		if err != nil {
			return reading{}, false
		}
		r.crs, r.shifted = c, shifted
	}
	return r, r.key() == key
}

// Apply reads one row as this guess says and gives its place in WGS 84. The error is a
// *RowError, which says why in both languages. O(1).
func (c Candidate) Apply(x, y string) (orb.Point, error) {
	if c.reading.refused != "" {
		zh, en := c.reading.refused.advice()
		return orb.Point{}, &RowError{Value: x + ", " + y, ZH: zh, EN: en}
	}
	a, b, err := c.reading.cells(x, y)
	if err != nil {
		return orb.Point{}, err
	}
	p, err := c.reading.place(a, b)
	if err != nil {
		e := rowError(err, c.reading.crs.Geographic(), x, y)
		if c.reading.swapped && e.Column != "" {
			e.Column = map[string]string{"x": "y", "y": "x"}[e.Column]
		}
		return orb.Point{}, e
	}
	return p, nil
}

// cells reads the two coordinates of a row in the order in which they are written.
func (r reading) cells(x, y string) (a, b cell, err error) {
	if r.pair {
		text := x
		if blank(x) {
			text = y
		}
		var ok bool
		if x, y, ok = splitPair(text); !ok {
			return a, b, &RowError{Value: text, ZH: "不是用逗号或空格分开的两个坐标", EN: "it is not two coordinates with a comma or a space between them"}
		}
	}
	for i, in := range []struct{ text, column string }{{x, "x"}, {y, "y"}} {
		c, ok := readCell(in.text)
		switch {
		case blank(in.text):
			return a, b, &RowError{Column: in.column, ZH: "坐标没有填写", EN: "the coordinate is empty"}
		case !ok:
			return a, b, &RowError{Column: in.column, Value: in.text, ZH: "不是坐标", EN: "it is no coordinate"}
		case i == 0:
			a = c
		default:
			b = c
		}
	}
	return a, b, nil
}

var errAxis = errors.New("the cell names the other axis")

// place converts two cells. The error is errAxis, errPacked or a *geo.CoordinateError.
func (r reading) place(a, b cell) (orb.Point, error) {
	if r.swapped {
		a, b = b, a
	}
	if a.mark == latitude || b.mark == longitude {
		return orb.Point{}, errAxis
	}
	p := orb.Point{a.v, b.v}
	if r.packed {
		for i, v := range p {
			var ok bool
			if p[i], ok = unpack(v); !ok {
				return orb.Point{}, errPacked
			}
		}
	}
	p, err := r.crs.ToWGS84(p)
	if err != nil {
		return orb.Point{}, err
	}
	if r.shifted {
		p = geo.GCJ02ToWGS84(p)
	}
	if p[0] == 0 && p[1] == 0 {
		return orb.Point{}, errZero
	}
	return p, nil
}

var (
	errPacked = errors.New("no degrees, minutes and seconds")
	errZero   = errors.New("zero")
)

// rowError says for people why a row cannot be converted.
func rowError(err error, degrees bool, x, y string) *RowError {
	var coordinate *geo.CoordinateError
	switch {
	case errors.Is(err, errAxis):
		return &RowError{Value: x + ", " + y, ZH: "单元格里写明的经度、纬度与此相反", EN: "the cells name longitude and latitude the other way round"}
	case errors.Is(err, errPacked):
		return &RowError{Value: x + ", " + y, ZH: "不是度.分秒的写法：分、秒应小于 60", EN: "it is not degrees.minutes-seconds: minutes and seconds are less than 60"}
	case errors.Is(err, errZero):
		return &RowError{Value: x + ", " + y, ZH: "坐标为 0，等于没有填写", EN: "the coordinates are 0, which is as good as empty"}
	case errors.As(err, &coordinate):
		e := &RowError{Column: coordinate.Axis, Value: fmt.Sprint(coordinate.Value), ZH: coordinate.ReasonZH, EN: coordinate.ReasonEN}
		if degrees && math.Abs(coordinate.Value) > 1000 {
			e.ZH, e.EN = "数值像是以米为单位的平面坐标，而按此应为度", "it looks like metres of a grid, and degrees are expected"
		}
		return e
	}
	return &RowError{Value: x + ", " + y, ZH: "无法换算", EN: err.Error()}
}

func blank(s string) bool { return strings.TrimSpace(strings.Trim(s, "　\u00a0-—/")) == "" }
