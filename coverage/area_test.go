package coverage_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/coverage"
	"yike/coverage/walknet"
)

// drawRing draws corners on a lattice, so that rings touch and cross themselves and points
// lie on them.
func drawRing(t *rapid.T) orb.Ring {
	var ring orb.Ring
	for range rapid.IntRange(3, 8).Draw(t, "corners") {
		ring = append(ring, orb.Point{float64(rapid.IntRange(0, 8).Draw(t, "x")), float64(rapid.IntRange(0, 8).Draw(t, "y"))})
	}
	if rapid.Bool().Draw(t, "closed") {
		ring = append(ring, ring[0])
	}
	return ring
}

func drawShapes(t *rapid.T) orb.MultiPolygon {
	var shapes orb.MultiPolygon
	for range rapid.IntRange(0, 3).Draw(t, "polygons") {
		var polygon orb.Polygon
		for range rapid.IntRange(1, 3).Draw(t, "rings") {
			polygon = append(polygon, drawRing(t))
		}
		shapes = append(shapes, polygon)
	}
	return shapes
}

// inRing is the rule in whole numbers: no division, so no rounding.
func inRing(ring orb.Ring, p orb.Point) bool {
	in := false
	for i := range ring {
		a, b := ring[i], ring[(i+1)%len(ring)]
		if (a[1] > p[1]) == (b[1] > p[1]) {
			continue
		}
		side := (int(b[0])-int(a[0]))*(int(p[1])-int(a[1])) - (int(p[0])-int(a[0]))*(int(b[1])-int(a[1]))
		if (side > 0) == (b[1] > a[1]) && side != 0 {
			in = !in
		}
	}
	return in
}

func inPolygon(polygon orb.Polygon, p orb.Point) bool {
	return inRing(polygon[0], p) && !slices.ContainsFunc(polygon[1:], func(hole orb.Ring) bool { return inRing(hole, p) })
}

func TestWhoLivesInAnArea(t *testing.T) {
	t.Parallel()
	h := coverage.NewHierarchy(townDivisions())
	rapid.Check(t, func(t *rapid.T) {
		d := &coverage.Demand{}
		for x := range 10 {
			for y := range 10 {
				d.Points = append(d.Points, orb.Point{float64(x), float64(y)})
				d.Division = append(d.Division, int32(rapid.IntRange(-1, 4).Draw(t, "division")))
			}
		}
		a := coverage.Area{Shapes: drawShapes(t), Divisions: rapid.SliceOfN(rapid.Int32Range(0, 4), 0, 3).Draw(t, "divisions")}
		var want []int32
		for i, p := range d.Points {
			in := slices.ContainsFunc(a.Shapes, func(polygon orb.Polygon) bool { return inPolygon(polygon, p) })
			for up := d.Division[i]; up >= 0; up = h.Parent(up) {
				in = in || slices.Contains(a.Divisions, up)
			}
			if in {
				want = append(want, int32(i))
			}
		}
		if diff := cmp.Diff(want, a.Points(d, h)); diff != "" {
			t.Fatalf("%v\n%s", a, diff)
		}
	})
}

func TestShapesThatShareASideShareNobody(t *testing.T) {
	t.Parallel()
	h := coverage.NewHierarchy(nil)
	d := &coverage.Demand{}
	for x := range 5 {
		for y := range 5 {
			d.Points, d.Division = append(d.Points, orb.Point{float64(x), float64(y)}), append(d.Division, -1)
		}
	}
	box := func(w, s, e, n float64) orb.MultiPolygon {
		return orb.MultiPolygon{{{{w, s}, {e, s}, {e, n}, {w, n}, {w, s}}}}
	}
	in := func(shapes orb.MultiPolygon) int { return len(coverage.Area{Shapes: shapes}.Points(d, h)) }
	west, east, both := in(box(0, 0, 2, 4)), in(box(2, 0, 4, 4)), in(box(0, 0, 4, 4))
	if west != 8 || east != 8 || both != 16 {
		t.Errorf("%d in the west, %d in the east, %d in both", west, east, both)
	}
	overlapping := append(box(0, 0, 3, 4), box(1, 0, 4, 4)...)
	if got := in(overlapping); got != both {
		t.Errorf("%d in two that overlap, %d in their union", got, both)
	}
	holed := box(0, 0, 4, 4)
	holed[0] = append(holed[0], orb.Ring{{1, 1}, {3, 1}, {3, 3}, {1, 3}, {1, 1}})
	if got := in(holed); got != 12 {
		t.Errorf("%d round the hole; want 12", got)
	}
	touching := orb.MultiPolygon{{{{0, 0}, {2, 0}, {2, 2}, {4, 2}, {4, 4}, {2, 4}, {2, 2}, {0, 2}}}}
	if got := in(touching); got != 8 {
		t.Errorf("%d in a ring that touches itself; want 8", got)
	}
}

func TestShapesAreChecked(t *testing.T) {
	t.Parallel()
	good := orb.Ring{{0, 0}, {1, 0}, {1, 1}}
	for name, c := range map[string]struct {
		shapes orb.MultiPolygon
		want   error
		at     [3]int
	}{
		"nothing":       {nil, nil, [3]int{}},
		"a triangle":    {orb.MultiPolygon{{good}}, nil, [3]int{}},
		"no ring":       {orb.MultiPolygon{{good}, {}}, coverage.ErrNoRing, [3]int{1, -1, -1}},
		"two corners":   {orb.MultiPolygon{{good, {{0, 0}, {1, 1}, {0, 0}, {1, 1}}}}, coverage.ErrFewCorners, [3]int{0, 1, -1}},
		"empty ring":    {orb.MultiPolygon{{{}}}, coverage.ErrFewCorners, [3]int{0, 0, -1}},
		"off the earth": {orb.MultiPolygon{{{{0, 0}, {1, 91}, {1, 1}}}}, coverage.ErrNoPlace, [3]int{0, 0, 1}},
		"no number":     {orb.MultiPolygon{{{{0, 0}, {1, 0}, {math.NaN(), 1}}}}, coverage.ErrNoPlace, [3]int{0, 0, 2}},
		"far too fine":  {orb.MultiPolygon{{slices.Repeat(good, coverage.MostCorners)}}, coverage.ErrManyCorners, [3]int{-1, -1, -1}},
	} {
		err := coverage.Area{Shapes: c.shapes}.Check()
		var at *coverage.ShapeError
		if !errors.Is(err, c.want) || (c.want == nil) != (err == nil) {
			t.Errorf("%s: %v; want %v", name, err, c.want)
		} else if errors.As(err, &at) && [3]int{at.Polygon, at.Ring, at.Corner} != c.at {
			t.Errorf("%s: at %+v; want %v", name, at, c.at)
		}
	}
}

// drawGround draws an area of the town: a triangle or two, or divisions.
func drawGround(t *rapid.T) coverage.Area {
	a := coverage.Area{Divisions: rapid.SliceOfN(rapid.Int32Range(0, 4), 0, 2).Draw(t, "of the area")}
	for range rapid.IntRange(0, 2).Draw(t, "triangles") {
		var ring orb.Ring
		for range 3 {
			ring = append(ring, orb.Point{
				townLon + rapid.Float64Range(-3, 12).Draw(t, "lon")*step, townLat + rapid.Float64Range(-3, 12).Draw(t, "lat")*step,
			})
		}
		a.Shapes = append(a.Shapes, orb.Polygon{ring})
	}
	return a
}

// TestPeopleOfAnAreaOneByOne holds the counts, today and of any plan, to one search per site
// and point.
func TestPeopleOfAnAreaOneByOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t)
		b := baselineOf(c)
		a := drawGround(t)
		d, err := b.Apply(coverage.Plan{Sites: drawSteps(t, c)})
		if err != nil {
			t.Fatal(err)
		}
		all := func(int) bool { return true }
		if diff := cmp.Diff(countedOneByOne(c, a, b.Sites, all), b.In(a)); diff != "" {
			t.Fatal("today", diff)
		}
		if diff := cmp.Diff(countedOneByOne(c, a, d.Sites, func(i int) bool { return d.Open[i] }), d.In(a)); diff != "" {
			t.Fatal("in the plan", diff)
		}
		for i, s := range b.Sites {
			want := make([]coverage.People, 2)
			reach := c.net.Reach(s.Snap, c.params.Limit, c.params.Speed)
			for _, p := range a.Points(c.demand, coverage.NewHierarchy(townDivisions())) {
				if reach.At(c.demand.Snaps[p]) != walknet.Unreached {
					want[0] += c.demand.People[0][p]
					want[1] += c.demand.People[1][p]
				}
			}
			if diff := cmp.Diff(want, b.Reaching(int32(i), a)); diff != "" {
				t.Fatal("who reaches", s.ID, diff)
			}
		}
	})
}

func countedOneByOne(c townCase, a coverage.Area, sites []coverage.Site, open func(int) bool) coverage.AreaCount {
	h := coverage.NewHierarchy(townDivisions())
	points := a.Points(c.demand, h)
	out := coverage.AreaCount{Points: len(points), Bands: make([]coverage.AreaBand, 2)}
	nearest := map[int][]coverage.People{}
	for _, p := range points {
		snap := c.demand.Snaps[p]
		best, near, reached := walknet.Unreached, -1, 0
		for i, s := range sites {
			at := c.net.Reach(s.Snap, c.params.Limit, c.params.Speed).At(snap)
			if at == walknet.Unreached {
				continue
			}
			if reached++; near < 0 || at < best {
				best, near = at, i
			}
		}
		for k := range 2 {
			n, band := c.demand.People[k][p], &out.Bands[k]
			band.Population += n
			switch {
			case !snap.OK():
				band.Unsnapped += n
			case reached == 0:
				band.Uncovered += n
			case reached == 1:
				band.Covered += n
				band.One += n
			default:
				band.Covered += n
				band.Several += n
			}
		}
		if near >= 0 {
			if nearest[near] == nil {
				nearest[near] = make([]coverage.People, 2)
			}
			nearest[near][0] += c.demand.People[0][p]
			nearest[near][1] += c.demand.People[1][p]
		}
	}
	for i, s := range sites {
		where := &coverage.Demand{Points: []orb.Point{s.Point}, Division: []int32{s.Division}}
		inside := open(i) && len(a.Points(where, h)) == 1
		if people, known := nearest[i]; inside || known {
			if !known {
				people = make([]coverage.People, 2)
			}
			out.Sites = append(out.Sites, coverage.AreaSite{Site: int32(i), Inside: inside, Nearest: people})
		}
	}
	return out
}
