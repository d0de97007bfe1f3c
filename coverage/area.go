package coverage

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yike/geo/divisions"
)

// Area is a piece of ground whose people are counted together: shapes that somebody drew,
// divisions with all that lies below them, or both. Who is in several of its parts counts
// once. The zero Area holds nobody.
//
// A point lies in a polygon if it lies in its first ring and in none of the others, its
// holes, and in a ring if a line from it to the east crosses the ring an odd number of
// times. So where a ring crosses itself what it went round twice is outside, and of the
// points on a ring those on its western and southern sides are inside, the others not:
// shapes that share a side share no point. It is the rule by which divisions hold points.
// ST_Contains of PostGIS agrees but on rings themselves, and takes no ring that crosses
// itself.
type Area struct {
	Shapes    orb.MultiPolygon // lon/lat WGS 84; rings may be closed or not; shapes may overlap
	Divisions []int32          // indices into the hierarchy
}

// MostCorners bounds the corners of an area's shapes together.
const MostCorners = 20_000

// What a shape may be wrong about.
var (
	ErrFewCorners  = errors.New("a ring needs at least three different corners")
	ErrNoPlace     = errors.New("a corner is no longitude and latitude")
	ErrManyCorners = errors.New("the shapes have too many corners")
	ErrNoRing      = errors.New("a polygon has no ring")
)

// ShapeError says which part of a shape is wrong.
type ShapeError struct {
	Polygon, Ring, Corner int // indices; -1 where the fault is of all of them
	Err                   error
}

// Error names the part by its place, from 0 on, as GeoJSON counts.
func (e *ShapeError) Error() string {
	return fmt.Sprintf("polygon %d, ring %d, corner %d: %v", e.Polygon, e.Ring, e.Corner, e.Err)
}

// Unwrap gives the reason.
func (e *ShapeError) Unwrap() error { return e.Err }

// Check gives the first fault of the shapes as a *ShapeError. O(corners).
func (a Area) Check() error {
	corners := 0
	for i, polygon := range a.Shapes {
		if len(polygon) == 0 {
			return &ShapeError{i, -1, -1, ErrNoRing}
		}
		for j, ring := range polygon {
			if corners += len(ring); corners > MostCorners {
				return &ShapeError{-1, -1, -1, fmt.Errorf("%w: at most %d", ErrManyCorners, MostCorners)}
			}
			for k, p := range ring {
				if !(math.Abs(p.Lon()) <= 180 && math.Abs(p.Lat()) <= 90) {
					return &ShapeError{i, j, k, ErrNoPlace}
				}
			}
			if !threeDifferent(ring) {
				return &ShapeError{i, j, -1, ErrFewCorners}
			}
		}
	}
	return nil
}

func threeDifferent(ring orb.Ring) bool {
	var seen []orb.Point
	for _, p := range ring {
		if !slices.Contains(seen, p) {
			seen = append(seen, p)
		}
		if len(seen) == 3 {
			return true
		}
	}
	return false
}

// areaGround is an area made ready for asking what lies in it. It is read-only and safe for
// any number of readers.
type areaGround struct {
	shapes    []areaShape
	divisions []bool // per division of the hierarchy, those below included; nil for none
}

// areaShape is a polygon: its first ring and its holes.
type areaShape struct{ outer, holes *divisions.Locator }

func (s areaShape) holds(p orb.Point) bool { return s.outer.Locate(p) >= 0 && s.holes.Locate(p) < 0 }

// ringsOf makes rings ready, each by itself.
func ringsOf(rings []orb.Ring) *divisions.Locator {
	parts := make([]divisions.Division, len(rings))
	for i, ring := range rings {
		parts[i].Boundary = orb.MultiPolygon{{ring}}
	}
	return divisions.NewLocator(parts)
}

// on makes an area ready. O(corners + divisions × depth).
func (a Area) on(h *Hierarchy) areaGround {
	var g areaGround
	for _, polygon := range a.Shapes {
		g.shapes = append(g.shapes, areaShape{ringsOf(polygon[:1]), ringsOf(polygon[1:])})
	}
	if len(a.Divisions) > 0 {
		g.divisions = make([]bool, h.Len())
		for i := range g.divisions {
			for up := int32(i); up >= 0 && !g.divisions[i]; up = h.Parent(up) {
				g.divisions[i] = slices.Contains(a.Divisions, up)
			}
		}
	}
	return g
}

// holds says whether the area holds a place that lies in a division; -1 outside all.
func (g areaGround) holds(p orb.Point, division int32) bool {
	if g.divisions != nil && division >= 0 && g.divisions[division] {
		return true
	}
	return slices.ContainsFunc(g.shapes, func(s areaShape) bool { return s.holds(p) })
}

// Points are the points of the demand that lie in the area, ascending. O(points × the
// edges of shapes that pass by).
func (a Area) Points(d *Demand, h *Hierarchy) []int32 {
	g := a.on(h)
	var out []int32
	for i, p := range d.Points {
		if g.holds(p, d.Division[i]) {
			out = append(out, int32(i))
		}
	}
	return out
}

// AreaCount is what became of the people of an area: by their own walks, wherever the
// sites are that they walk to.
type AreaCount struct {
	Points int        // population points in the area
	Bands  []AreaBand // per band
	Sites  []AreaSite // ascending; those in the area and those that somebody in it has as the nearest
}

// AreaBand is the people of one band. Covered + Uncovered + Unsnapped = Population and
// One + Several = Covered, exactly; the uncovered are those who walk to none.
type AreaBand struct {
	Count
	Overlap
}

// AreaSite is a site with what it has to do with an area.
type AreaSite struct {
	Site    int32
	Inside  bool     // it lies in the area
	Nearest []People // per band, people of the area whose nearest it is; over all sites they add up to Covered
}

// In counts the people of an area today. O(points + sites).
func (b *Baseline) In(a Area) AreaCount {
	points := a.Points(b.Ground.Demand, b.Ground.Hierarchy)
	return b.Ground.areaCount(a, points, b.Sites, func(int32) bool { return true }, b.standing)
}

// In counts the people of an area in the plan. An added site lies in an area by its place
// or by the division that the plan says it lies in. O(points + sites).
func (d *Delta) In(a Area) AreaCount {
	g := d.Baseline.Ground
	points := a.Points(g.Demand, g.Hierarchy)
	return g.areaCount(a, points, d.Sites, func(site int32) bool { return d.Open[site] }, func(point int32) Standing { _, is := d.Standing(point); return is })
}

func (g *Ground) areaCount(a Area, points []int32, sites []Site, open func(int32) bool, standing func(int32) Standing) AreaCount {
	bands := len(g.Demand.Bands)
	out := AreaCount{Points: len(points), Bands: make([]AreaBand, bands)}
	nearest := newSparse[People](len(sites), bands)
	for _, point := range points {
		s := standing(point)
		for k := range bands {
			n := g.Demand.People[k][point]
			out.Bands[k].Count.add(n, s.State)
			out.Bands[k].Overlap.add(n, s.Sites)
			if s.Nearest >= 0 {
				nearest.row(s.Nearest)[k] += n
			}
		}
		if s.Nearest >= 0 {
			nearest.row(s.Nearest) // also where no band has people
		}
	}
	ground := a.on(g.Hierarchy)
	for i, s := range sites {
		site := int32(i)
		inside := open(site) && ground.holds(s.Point, s.Division)
		if !inside && nearest.slot[i] == 0 {
			continue
		}
		out.Sites = append(out.Sites, AreaSite{site, inside, slices.Clone(nearest.row(site))})
	}
	return out
}

// Reaching counts the people of an area, per band, who can walk to one site within the
// limit, be it their nearest or not. O(points).
func (b *Baseline) Reaching(site int32, a Area) []People {
	d := b.Ground.Demand
	g := a.on(b.Ground.Hierarchy)
	out := make([]People, len(d.Bands))
	points, _ := b.Points(site)
	for _, i := range points {
		if !g.holds(d.Points[i], d.Division[i]) {
			continue
		}
		for k := range out {
			out[k] += d.People[k][i]
		}
	}
	return out
}
