package divisions

import (
	"errors"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"
)

func box(w, s, e, n float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{w, s}, {e, s}, {e, n}, {w, n}, {w, s}}}}
}

func TestLevelsOfCodes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code, parent string
		level        Level
		known        bool
	}{
		{"12", "", Province, true},
		{"1201", "12", City, true},
		{"120111", "1201", District, true},
		{"120111001", "120111", Subdistrict, true},
		{"120111001002", "120111001", Community, true},
		{"120111001002003", "120111001002", Grid, true},
		{"12011", "", "", false},
		{"", "", "", false},
	} {
		level, known := LevelOf(c.code)
		if level != c.level || known != c.known || ParentOf(c.code) != c.parent {
			t.Errorf("%q: level %q %v, parent %q; want %q %v, %q", c.code, level, known, ParentOf(c.code), c.level, c.known, c.parent)
		}
	}
}

func TestTree(t *testing.T) {
	t.Parallel()
	list := []Division{
		{Code: "120111", Level: District},
		{Code: "120111001", Level: Subdistrict, ParentCode: "120111"},
		{Code: "120111001002", Level: Community, ParentCode: "120111001"},
		{Code: "120111002", Level: Subdistrict, ParentCode: "120111"},
	}
	tree, err := NewTree(list)
	if err != nil {
		t.Fatal(err)
	}
	if tree.Index("120111002") != 3 || tree.Index("9") != -1 || tree.Parent(0) != -1 || tree.Parent(2) != 1 {
		t.Error("index or parent is wrong")
	}
}

func TestTreeFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		list []Division
		want error
	}{
		{"twice", []Division{{Code: "1", Level: City}, {Code: "1", Level: City}}, ErrTwice},
		{"no parent", []Division{{Code: "1", Level: City, ParentCode: "2"}}, ErrNoParent},
		{"own parent", []Division{{Code: "1", Level: City, ParentCode: "1"}}, ErrWider},
		{"cycle", []Division{{Code: "1", Level: City, ParentCode: "2"}, {Code: "2", Level: District, ParentCode: "1"}}, ErrWider},
		{"level", []Division{{Code: "1", Level: "ward"}}, ErrLevel},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := NewTree(c.list)
			var te *TreeError
			if !errors.Is(err, c.want) || !errors.As(err, &te) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestLocate(t *testing.T) {
	t.Parallel()
	holed := orb.MultiPolygon{
		{{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}}, {{1, 1}, {1, 3}, {3, 3}, {3, 1}, {1, 1}}},
		{{{1.5, 1.5}, {2.5, 1.5}, {2.5, 2.5}, {1.5, 2.5}, {1.5, 1.5}}},
	}
	l := NewLocator([]Division{
		{Code: "d", Level: District, Boundary: box(-1, -1, 10, 10)},
		{Code: "holed", Level: Subdistrict, Boundary: holed},
		{Code: "fine", Level: Community, Boundary: box(0, 0, 0.5, 0.5)},
		{Code: "bare", Level: Grid},
	})
	for _, c := range []struct {
		name string
		p    orb.Point
		want int32
	}{
		{"finest wins", orb.Point{0.25, 0.25}, 2},
		{"ring", orb.Point{0.75, 0.75}, 1},
		{"hole falls to the wider", orb.Point{1.2, 1.2}, 0},
		{"island in the hole", orb.Point{2, 2}, 1},
		{"outside the box", orb.Point{20, 0}, -1},
		{"not a number", orb.Point{nan(), 0}, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := l.Locate(c.p); got != c.want {
				t.Errorf("Locate(%v) = %d, want %d", c.p, got, c.want)
			}
		})
	}
	if got := NewLocator(nil).Locate(orb.Point{0, 0}); got != -1 {
		t.Errorf("no divisions: %d", got)
	}
}

func nan() float64 {
	var zero float64
	return zero / zero
}

// A partition by shared vertices gives every point inside to exactly one part, corner
// and edge points included.
func TestLocatePartition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := orb.Point{rapid.Float64Range(0.2, 0.8).Draw(t, "x"), rapid.Float64Range(0.2, 0.8).Draw(t, "y")}
		corners := []orb.Point{{0, 0}, {1, 0}, {1, 1}, {0, 1}}
		var list []Division
		for i := range corners {
			a, b := corners[i], corners[(i+1)%4]
			list = append(list, Division{Level: Community, Boundary: orb.MultiPolygon{{{a, b, c, a}}}})
		}
		p := orb.Point{rapid.Float64Range(0.001, 0.999).Draw(t, "px"), rapid.Float64Range(0.001, 0.999).Draw(t, "py")}
		if rapid.Bool().Draw(t, "on a spoke") {
			k := rapid.Float64Range(0, 0.99).Draw(t, "k")
			v := corners[rapid.IntRange(0, 3).Draw(t, "corner")]
			p = orb.Point{c[0] + k*(v[0]-c[0]), c[1] + k*(v[1]-c[1])}
		}
		owners := 0
		for i := range list {
			if NewLocator(list[i:i+1]).Locate(p) == 0 {
				owners++
			}
		}
		if owners != 1 {
			t.Fatalf("%v has %d owners", p, owners)
		}
	})
}

// A comb of tall teeth has many edges over all its height. Its index stays linear in
// them, and still finds who is in a tooth and who is between two.
func TestLocatorOfTallZigzag(t *testing.T) {
	t.Parallel()
	const teeth = 10_000
	ring := orb.Ring{{teeth, -1}, {0, -1}}
	for i := range teeth {
		ring = append(ring, orb.Point{float64(i), 0}, orb.Point{float64(i) + 0.5, 1})
	}
	ring = append(ring, orb.Point{teeth, 0}, ring[0])
	l := NewLocator([]Division{{Code: "comb", Level: Grid, Boundary: orb.MultiPolygon{{ring}}}})
	kept := 0
	for _, s := range l.areas[0].strips {
		kept += len(s)
	}
	if kept > 6*len(ring) {
		t.Errorf("%d edges kept for a ring of %d", kept, len(ring))
	}
	for i := 0; i < teeth; i += 97 {
		in, out := orb.Point{float64(i) + 0.5, 0.9}, orb.Point{float64(i), 0.1}
		if l.Code(in) != "comb" || l.Code(out) != "" {
			t.Errorf("tooth %d: %q inside, %q outside", i, l.Code(in), l.Code(out))
		}
	}
}

// A round boundary keeps its many strips: a point looks at a few edges, not at all.
func TestLocatorOfRoundBoundary(t *testing.T) {
	t.Parallel()
	const n = 10_000
	var ring orb.Ring
	for i := range n {
		s, c := math.Sincos(2 * math.Pi * float64(i) / n)
		ring = append(ring, orb.Point{c, s})
	}
	ring = append(ring, ring[0])
	l := NewLocator([]Division{{Level: Grid, Boundary: orb.MultiPolygon{{ring}}}})
	if strips := len(l.areas[0].strips); strips < n/8 {
		t.Errorf("%d strips for %d edges", strips, n)
	}
}

// orb's own test of a point in a polygon is the oracle away from the boundary.
func TestLocateOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 40).Draw(t, "n")
		var ring orb.Ring
		for range n {
			ring = append(ring, orb.Point{rapid.Float64Range(0, 1).Draw(t, "x"), rapid.Float64Range(0, 1).Draw(t, "y")})
		}
		ring = append(ring, ring[0])
		p := orb.Point{rapid.Float64Range(-0.1, 1.1).Draw(t, "px"), rapid.Float64Range(-0.1, 1.1).Draw(t, "py")}
		if planar.DistanceFrom(orb.LineString(ring), p) < 1e-9 {
			t.Skip("on the boundary")
		}
		got := NewLocator([]Division{{Level: Grid, Boundary: orb.MultiPolygon{{ring}}}}).Locate(p) == 0
		if want := planar.RingContains(ring, p); got != want {
			t.Fatalf("%v in %v: %v, want %v", p, ring, got, want)
		}
	})
}
