package rowio

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/paulmach/orb"
)

// parseGeometry reads a GeoJSON geometry object. null, absent and empty coordinates
// give nil. Heights and measures are dropped.
func parseGeometry(raw []byte) (orb.Geometry, *RowError) {
	return geometryWithin(raw, 0)
}

func geometryWithin(raw []byte, depth int) (orb.Geometry, *RowError) {
	const deepest = 8 // collections in collections
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	var kind string
	var coords, geometries []byte
	isObject := eachMember(raw, func(key string, value []byte) {
		switch key {
		case "type":
			kind = fieldText(value)
		case "coordinates":
			coords = value
		case "geometries":
			geometries = value
		}
	})
	if !isObject {
		return nil, badGeometry(raw, "不是 GeoJSON 几何对象", "not a GeoJSON geometry")
	}
	if kind != "GeometryCollection" {
		return coordinates(kind, coords)
	}
	var members []json.RawMessage
	if len(geometries) > 0 && json.Unmarshal(geometries, &members) != nil {
		return nil, badGeometry(raw, "几何集合的成员不是数组", "the members of the geometry collection are no array")
	}
	if depth == deepest {
		return nil, badGeometry(raw, "几何集合嵌套过深", "geometry collections are nested too deep")
	}
	var all orb.Collection
	for _, member := range members {
		m, err := geometryWithin(member, depth+1)
		if err != nil {
			return nil, err
		}
		if m != nil {
			all = append(all, m)
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	return all, nil
}

func coordinates(kind string, raw []byte) (orb.Geometry, *RowError) {
	c := &coordParser{text: raw}
	var g orb.Geometry
	switch kind {
	case "Point":
		if c.empty() {
			return nil, nil
		}
		g = c.point()
	case "MultiPoint":
		g = orb.MultiPoint(list(c, (*coordParser).point))
	case "LineString":
		g = c.line()
	case "MultiLineString":
		g = orb.MultiLineString(list(c, (*coordParser).line))
	case "Polygon":
		g = c.polygon()
	case "MultiPolygon":
		g = orb.MultiPolygon(list(c, (*coordParser).polygon))
	default:
		return nil, badGeometry([]byte(kind), "不认识的几何类型", "unknown geometry type")
	}
	c.end()
	if c.fault != nil {
		return nil, c.fault
	}
	if c.points == 0 {
		return nil, nil
	}
	return g, nil
}

// coordParser reads the nested arrays of a "coordinates" member that encoding/json
// has already found to be JSON. It is written by hand because encoding/json reads
// null as 0, and for speed. The first fault stops it.
type coordParser struct {
	text   []byte
	at     int
	points int
	fault  *RowError
}

func (c *coordParser) fail(zh, en string) {
	if c.fault == nil {
		from := max(0, min(c.at, len(c.text))-20)
		c.fault = badGeometry(c.text[from:], zh, en)
	}
}

// peek skips blanks and returns the next byte, 0 at the end.
func (c *coordParser) peek() byte {
	for c.at < len(c.text) {
		switch c.text[c.at] {
		case ' ', '\t', '\r', '\n':
			c.at++
		default:
			return c.text[c.at]
		}
	}
	return 0
}

func (c *coordParser) take(b byte) bool {
	if c.fault != nil || c.peek() != b {
		return false
	}
	c.at++
	return true
}

// empty reports whether the whole text is an empty array or nothing.
func (c *coordParser) empty() bool {
	probe := *c
	return probe.peek() == 0 || probe.take('[') && probe.take(']') && probe.peek() == 0
}

func (c *coordParser) end() {
	if c.fault == nil && c.peek() != 0 {
		c.fail("坐标的层次与几何类型不符", "the coordinates are not nested as the geometry type demands")
	}
}

// list reads an array of elements.
func list[E any](c *coordParser, element func(*coordParser) E) []E {
	if !c.take('[') {
		c.fail("坐标的层次与几何类型不符", "the coordinates are not nested as the geometry type demands")
		return nil
	}
	var all []E
	if c.take(']') {
		return nil
	}
	for c.fault == nil {
		all = append(all, element(c))
		if c.take(']') {
			return all
		}
		if !c.take(',') {
			c.fail("坐标的层次与几何类型不符", "the coordinates are not nested as the geometry type demands")
		}
	}
	return nil
}

func (c *coordParser) point() orb.Point {
	var p orb.Point
	n := 0
	list(c, func(c *coordParser) struct{} {
		v := c.number()
		if n < len(p) {
			p[n] = v
		}
		n++
		return struct{}{}
	})
	if c.fault == nil && n < len(p) {
		c.fail("坐标点少于两个数", "a position has fewer than two numbers")
	}
	c.points++
	return p
}

func (c *coordParser) number() float64 {
	c.peek()
	from := c.at
	for c.at < len(c.text) && numeric(c.text[c.at]) {
		c.at++
	}
	v, err := strconv.ParseFloat(string(c.text[from:c.at]), 64)
	if err != nil {
		c.fail("坐标不是有限的数", "a coordinate is not a finite number")
	}
	return v
}

func numeric(b byte) bool {
	return b >= '0' && b <= '9' || b == '-' || b == '+' || b == '.' || b == 'e' || b == 'E'
}

func (c *coordParser) line() orb.LineString {
	l := orb.LineString(list(c, (*coordParser).point))
	if c.fault == nil && len(l) == 1 {
		c.fail("线只有一个点", "a line has only one point")
	}
	return l
}

func (c *coordParser) polygon() orb.Polygon { return list(c, (*coordParser).ring) }

func (c *coordParser) ring() orb.Ring {
	r := orb.Ring(list(c, (*coordParser).point))
	switch {
	case c.fault != nil || len(r) == 0:
	case r[0] != r[len(r)-1]:
		c.fail("面的环没有闭合", "a ring of the polygon is not closed")
	case len(r) < 4:
		c.fail(fmt.Sprintf("面的环只有 %d 个点，至少要 4 个", len(r)), fmt.Sprintf("a ring of the polygon has %d points and needs 4", len(r)))
	}
	return r
}

func badGeometry(text []byte, zh, en string) *RowError {
	return &RowError{Value: clip(string(text)), ReasonZH: zh, ReasonEN: en}
}
