package geo_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/geo"
)

func near(a, b orb.Point, tolerance float64) bool {
	return math.Abs(a[0]-b[0]) <= tolerance && math.Abs(a[1]-b[1]) <= tolerance
}

// inChina draws a point well within the box of GCJ-02.
func inChina(t *rapid.T) orb.Point {
	return orb.Point{rapid.Float64Range(73, 136).Draw(t, "lon"), rapid.Float64Range(3, 54).Draw(t, "lat")}
}

func parse(t interface{ Fatal(...any) }, name string) geo.CRS {
	c, err := geo.ParseCRS(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestShiftsRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := inChina(t)
		for _, name := range []string{"GCJ-02", "BD-09", "EPSG:3857", "EPSG:4490"} {
			c := parse(t, name)
			there, err := c.FromWGS84(p)
			if err != nil {
				t.Fatal(err)
			}
			if back, err := c.ToWGS84(there); err != nil || !near(back, p, 1e-9) {
				t.Fatalf("%s: %v came back as %v, %v", name, p, back, err)
			}
		}
	})
}

func TestGaussKruegerRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.IntRange(4491, 4554).Draw(t, "code")
		c := parse(t, "EPSG:"+itoa(code))
		x := rapid.Float64Range(-400_000, 400_000).Draw(t, "x")
		xy := orb.Point{x + falseEasting(code), rapid.Float64Range(300_000, 6_000_000).Draw(t, "y")}
		lonLat, err := c.ToWGS84(xy)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := c.FromWGS84(lonLat); err != nil || !near(back, xy, 0.001) {
			t.Fatalf("EPSG:%d: %v came back as %v, %v", code, xy, back, err)
		}
	})
}

func itoa(n int) string {
	return string([]byte{byte('0' + n/1000), byte('0' + n/100%10), byte('0' + n/10%10), byte('0' + n%10)})
}

func falseEasting(code int) float64 {
	switch {
	case code <= 4501:
		return float64(code-4491+13)*1e6 + 5e5
	case code >= 4513 && code <= 4533:
		return float64(code-4513+25)*1e6 + 5e5
	}
	return 5e5
}

func TestDistanceIsAMetric(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) orb.Point {
			return orb.Point{rapid.Float64Range(-180, 180).Draw(t, name+" lon"), rapid.Float64Range(-90, 90).Draw(t, name+" lat")}
		}
		a, b, c := draw("a"), draw("b"), draw("c")
		ab, ba := geo.Distance(a, b), geo.Distance(b, a)
		if ab < 0 || math.IsNaN(ab) || math.Abs(ab-ba) > 1e-6 || geo.Distance(a, a) != 0 {
			t.Fatalf("there %v, back %v", ab, ba)
		}
		// The great circle of nearly antipodal points is up to 0.6 % wrong.
		if detour := geo.Distance(a, c) + geo.Distance(c, b); ab > detour*1.006+0.001 {
			t.Fatalf("%v direct, %v by way of %v", ab, detour, c)
		}
	})
}

// TestDistanceHasNoStep crosses the border between the short and the long formula.
func TestDistanceHasNoStep(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := inChina(t)
		for _, step := range []orb.Point{{0.05, 0}, {0, 0.05}, {0.05, 0.05}} {
			short := geo.Distance(a, orb.Point{a[0] + step[0]*0.999999, a[1] + step[1]*0.999999})
			long := geo.Distance(a, orb.Point{a[0] + step[0]*1.000001, a[1] + step[1]*1.000001})
			if d := long - short - 0.000002*short; math.Abs(d) > 0.001 {
				t.Fatalf("a step of %v m at %v", d, a)
			}
		}
	})
}

func TestDistanceAndLengthEdges(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	if d := geo.Distance(orb.Point{nan, 0}, orb.Point{0, 0}); !math.IsNaN(d) {
		t.Errorf("distance from NaN = %v", d)
	}
	if d := geo.Distance(orb.Point{0, 0}, orb.Point{179.9, 0.1}); math.Abs(d-20e6) > 0.1e6 {
		t.Errorf("nearly antipodal: %v", d)
	}
	if l := geo.Length(nil); l != 0 {
		t.Errorf("length of nothing = %v", l)
	}
	line := orb.LineString{{117, 39}, {117.01, 39}, {117.01, 39.01}}
	if got, want := geo.Length(line), geo.Distance(line[0], line[1])+geo.Distance(line[1], line[2]); got != want {
		t.Errorf("length = %v; want %v", got, want)
	}
}

func TestArea(t *testing.T) {
	t.Parallel()
	outer := orb.Ring{{117, 39}, {117.1, 39}, {117.1, 39.1}, {117, 39.1}, {117, 39}}
	inner := orb.Ring{{117.02, 39.02}, {117.04, 39.02}, {117.04, 39.04}, {117.02, 39.04}, {117.02, 39.02}}
	reversed := outer.Clone()
	reversed.Reverse()
	whole, hole := geo.Area(outer), geo.Area(inner)
	for _, tc := range []struct {
		name string
		g    orb.Geometry
		want float64
	}{
		{"nil", nil, 0},
		{"point", orb.Point{1, 2}, 0},
		{"empty polygon", orb.Polygon{}, 0},
		{"two points", orb.Ring{{0, 0}, {1, 1}}, 0},
		{"the other way round", reversed, whole},
		{"unclosed", outer[:4], whole},
		{"with a hole", orb.Polygon{outer, inner}, whole - hole},
		{"two", orb.MultiPolygon{{outer}, {inner}}, whole + hole},
		{"bound", orb.Bound{Min: outer[0], Max: outer[2]}, whole},
		{"collection", orb.Collection{outer, orb.Point{}, inner}, whole + hole},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := geo.Area(tc.g); math.Abs(got-tc.want) > 1e-3 {
				t.Errorf("Area = %v; want %v", got, tc.want)
			}
		})
	}
}

func TestFrame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		origin := inChina(t)
		f := geo.Frame(origin)
		m := orb.Point{rapid.Float64Range(-3000, 3000).Draw(t, "x"), rapid.Float64Range(-3000, 3000).Draw(t, "y")}
		p := f.From(m)
		if back := f.To(p); !near(back, m, 1e-6) {
			t.Fatalf("%v came back as %v", m, back)
		}
		// 4 km from the origin the scale along a parallel is off by tan φ · 4 km / R.
		if d, want := geo.Distance(origin, p), math.Hypot(m[0], m[1]); math.Abs(d-want) > 0.001*want+1e-6 {
			t.Fatalf("distance %v; want %v", d, want)
		}
	})
}

func TestParseCRS(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"EPSG:4326": "EPSG:4326", "epsg:4326": "EPSG:4326", "4326": "EPSG:4326", "WGS 84": "EPSG:4326", "OGC:CRS84": "EPSG:4326",
		"urn:ogc:def:crs:OGC:1.3:CRS84": "EPSG:4326", "http://www.opengis.net/def/crs/OGC/1.3/CRS84": "EPSG:4326",
		"CGCS2000": "EPSG:4490", "EPSG:4490": "EPSG:4490", "国家2000": "EPSG:4490", "GCS_China_Geodetic_Coordinate_System_2000": "EPSG:4490",
		"EPSG:3857": "EPSG:3857", "urn:ogc:def:crs:EPSG::3857": "EPSG:3857",
		"http://www.opengis.net/def/crs/EPSG/0/4547": "EPSG:4547", "EPSG:4513": "EPSG:4513", "EPSG:4554": "EPSG:4554", "EPSG:4491": "EPSG:4491", "EPSG:4512": "EPSG:4512",
		"CGCS2000_3_Degree_GK_CM_114E": "EPSG:4547", "CGCS2000_3_Degree_GK_Zone_38": "EPSG:4526", "CGCS2000_GK_Zone_20": "EPSG:4498", "CGCS2000_GK_CM_117E": "EPSG:4509",
		"CGCS2000 / 3-degree Gauss-Kruger CM 117E": "EPSG:4548", "CGCS2000 / Gauss-Kruger zone 19": "EPSG:4497",
		"GCJ-02": "GCJ-02", "gcj02": "GCJ-02", "火星坐标": "GCJ-02", "BD-09": "BD-09", "bd09ll": "BD-09", " BD 09 ": "BD-09",
	} {
		c, err := geo.ParseCRS(in)
		if err != nil || c.String() != want {
			t.Errorf("ParseCRS(%q) = %v, %v; want %s", in, c, err, want)
		}
	}
	for _, in := range []string{"", "EPSG:", "EPSG:1", "EPSG:4555", "EPSG:32650", "UTM", "EPSG:45470000", "CGCS2000_3_Degree_GK_CM_115E", "CGCS2000_3_Degree_GK_Zone_99"} {
		if c, err := geo.ParseCRS(in); !errors.Is(err, geo.ErrUnknownCRS) {
			t.Errorf("ParseCRS(%q) = %v, %v; want ErrUnknownCRS", in, c, err)
		}
	}
	if _, err := geo.ParseCRS("EPSG:2384"); err == nil || !strings.Contains(err.Error(), "西安80") {
		t.Errorf("EPSG:2384: %v; want it to say what to do with Xian 1980", err)
	}
}

func TestCoordinatesThatCannotBe(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, crs string
		p         orb.Point
		axis, say string
	}{
		{"metres as degrees", "EPSG:4326", orb.Point{528764.3257, 3388883.521}, "x", "metres"},
		{"zone metres as CGCS2000", "EPSG:4490", orb.Point{38528764, 3388883}, "x", "metres"},
		{"longitude 181", "EPSG:4326", orb.Point{181, 30}, "x", "longitude"},
		{"exchanged degrees", "EPSG:4326", orb.Point{30.6, 114.3}, "y", "exchanged"},
		{"GCJ-02 exchanged", "GCJ-02", orb.Point{30.6, 114.3}, "y", "exchanged"},
		{"NaN", "BD-09", orb.Point{math.NaN(), 30}, "x", "finite"},
		{"infinite", "EPSG:4547", orb.Point{500000, math.Inf(1)}, "y", "finite"},
		{"degrees as metres", "EPSG:4547", orb.Point{114.3, 30.6}, "x", "degrees"},
		{"prefix too many", "EPSG:4547", orb.Point{38528764, 3388883}, "x", "zone prefix"},
		{"prefix missing", "EPSG:4526", orb.Point{528764, 3388883}, "x", "no zone prefix"},
		{"other zone", "EPSG:4526", orb.Point{40528764, 3388883}, "x", "another"},
		{"exchanged metres", "EPSG:4547", orb.Point{3388883, 528764}, "x", "exchanged"},
		{"exchanged zone metres", "EPSG:4526", orb.Point{3388883, 38528764}, "x", "exchanged"},
		{"northing too far", "EPSG:4547", orb.Point{528764, 9388883}, "y", "northing"},
		{"south", "EPSG:4547", orb.Point{528764, -5}, "y", "northing"},
		{"Mercator too far", "EPSG:3857", orb.Point{3e7, 0}, "x", "outside"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := parse(t, tc.crs).ToWGS84(tc.p)
			var bad *geo.CoordinateError
			if !errors.As(err, &bad) {
				t.Fatalf("%v, %v; want a CoordinateError", got, err)
			}
			if bad.Axis != tc.axis || !strings.Contains(bad.ReasonEN, tc.say) || bad.ReasonZH == "" || bad.CRS != tc.crs || !bad.BadInput() {
				t.Errorf("%+v; want axis %s and %q", bad, tc.axis, tc.say)
			}
			if v := tc.p[strings.Index("xy", bad.Axis)]; bad.Value != v && !math.IsNaN(v) {
				t.Errorf("value %v; want %v", bad.Value, v)
			}
		})
	}
}

func TestFromWGS84OutOfReach(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		crs string
		p   orb.Point
	}{
		{"EPSG:4547", orb.Point{100, 30}},
		{"EPSG:4547", orb.Point{-66, 30}},
		{"EPSG:4547", orb.Point{114, -30}},
		{"EPSG:3857", orb.Point{114, 89}},
		{"EPSG:4326", orb.Point{114, 91}},
	} {
		var bad *geo.CoordinateError
		if got, err := parse(t, tc.crs).FromWGS84(tc.p); !errors.As(err, &bad) {
			t.Errorf("%s %v: %v, %v; want a CoordinateError", tc.crs, tc.p, got, err)
		}
	}
}

func TestGeometryToWGS84(t *testing.T) {
	t.Parallel()
	c := parse(t, "EPSG:4547")
	a, b := orb.Point{528764.3257, 3388883.521}, orb.Point{529330.4427, 3392255.3357}
	ring := orb.Ring{a, b, {529330, 3388883}, a}
	count := func(g orb.Geometry) (n int) {
		switch g := g.(type) {
		case orb.Collection:
			for _, m := range g {
				n += len(m.(orb.MultiPolygon)[0][0])
			}
		case orb.MultiPolygon:
			n = len(g[0][0])
		}
		return n
	}
	for _, g := range []orb.Geometry{
		a,
		orb.MultiPoint{a, b},
		orb.LineString{a, b},
		orb.MultiLineString{{a, b}},
		ring,
		orb.Polygon{ring},
		orb.MultiPolygon{{ring}},
		orb.Collection{orb.MultiPolygon{{ring}}},
		orb.Bound{Min: a, Max: orb.Point{a[0] + 100, a[1] + 100}},
	} {
		before := orb.Clone(g)
		got, err := c.GeometryToWGS84(g)
		if err != nil {
			t.Errorf("%T: %v", g, err)
			continue
		}
		if min := got.Bound().Min; !near(min, orb.Point{114.3, 30.62}, 1e-4) {
			t.Errorf("%T begins at %v", g, min)
		}
		if !orb.Equal(before, g) || count(before) != count(got) {
			t.Errorf("%T was changed", g)
		}
	}
	if got, err := c.GeometryToWGS84(nil); got != nil || err != nil {
		t.Errorf("nil: %v, %v", got, err)
	}
	var bad *geo.CoordinateError
	if got, err := c.GeometryToWGS84(orb.Polygon{{a, {114.3, 30.6}, b, a}}); got != nil || !errors.As(err, &bad) {
		t.Errorf("a vertex in degrees: %v, %v", got, err)
	}
}

func FuzzParseCRS(f *testing.F) {
	for _, s := range []string{"EPSG:4547", "urn:ogc:def:crs:EPSG::4490", "CGCS2000 / 3-degree Gauss-Kruger zone 38", "火星坐标", "::", "EPSG:99999999999999999999"} {
		f.Add(s, 114.3, 30.6)
	}
	f.Fuzz(func(t *testing.T, s string, x, y float64) {
		c, err := geo.ParseCRS(s)
		if err != nil {
			if !errors.Is(err, geo.ErrUnknownCRS) {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		if again, err := geo.ParseCRS(c.String()); err != nil || again != c {
			t.Fatalf("%q is %v, whose name is read as %v, %v", s, c, again, err)
		}
		p, err := c.ToWGS84(orb.Point{x, y})
		if err == nil && (math.IsNaN(p[0]+p[1]) || math.Abs(p[1]) > 90) {
			t.Fatalf("%v %v became %v", c, orb.Point{x, y}, p)
		}
	})
}

func BenchmarkDistance(b *testing.B) {
	for name, to := range map[string]orb.Point{"100m": {117.001, 39.0005}, "100km": {118, 39.5}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				geo.Distance(orb.Point{117, 39}, to)
			}
		})
	}
}

func BenchmarkGaussKrueger(b *testing.B) {
	c, err := geo.ParseCRS("EPSG:4547")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := c.ToWGS84(orb.Point{528764.3257, 3388883.521}); err != nil {
			b.Fatal(err)
		}
	}
}
