package contour

import "github.com/paulmach/orb"

// polygons sorts the rings into polygons: all rings round one connected part of
// the inside belong to one polygon, of which exactly one runs outside.
func (t *Tracer) polygons() orb.MultiPolygon {
	result := orb.MultiPolygon{}
	var outer []ring
	for _, r := range t.rings {
		if r.area > 0 {
			outer = append(outer, r)
			result = append(result, orb.Polygon{r.line})
		}
	}
	of := func(ring) int { return 0 }
	if len(outer) > 1 {
		of = t.polygonOf(outer)
	}
	for _, r := range t.rings {
		if r.area <= 0 {
			i := of(r)
			result[i] = append(result[i], r.line)
		}
	}
	return result
}

// polygonOf finds the polygon of a ring by the part of the inside that it bounds.
func (t *Tracer) polygonOf(outer []ring) func(ring) int {
	part := t.parts()
	polygon := make(map[int32]int, len(outer))
	for i, r := range outer {
		polygon[part[r.y*t.g.W+r.x]] = i
	}
	return func(r ring) int { return polygon[part[r.y*t.g.W+r.x]] }
}

// parts labels the raster points inside by the connected part they are in, with
// the same rule for saddles as the outlines.
func (t *Tracer) parts() []int32 {
	g := t.g
	parent := make([]int32, g.W*g.H)
	for i := range parent {
		parent[i] = int32(i)
	}
	find := func(v int32) int32 {
		for parent[v] != v {
			parent[v] = parent[parent[v]]
			v = parent[v]
		}
		return v
	}
	union := func(a, b int) {
		x, y := find(int32(a)), find(int32(b))
		parent[max(x, y)] = min(x, y)
	}
	for y := range g.H {
		for x := range g.W {
			i := y*g.W + x
			c := t.corners(x, y)
			if c&3 == 3 {
				union(i, i+1)
			}
			if c&9 == 9 {
				union(i, i+g.W)
			}
			if c == 5 && t.middle(x, y) {
				union(i, i+g.W+1)
			}
			if c == 10 && t.middle(x, y) {
				union(i+1, i+g.W)
			}
		}
	}
	for i := range parent {
		parent[i] = find(int32(i))
	}
	return parent
}
