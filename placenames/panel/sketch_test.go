package panel_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/placenames/panel"
)

func TestSketches(t *testing.T) {
	t.Parallel()
	square := orb.Ring{{117, 39}, {117.01, 39}, {117.01, 39.01}, {117, 39.01}, {117, 39}}
	for name, c := range map[string]struct {
		place orb.Geometry
		lines int
		area  bool
	}{
		"a point":   {orb.Point{117, 39}, 1, false},
		"a line":    {orb.LineString{{117, 39}, {117.01, 39}}, 1, false},
		"two lines": {orb.MultiLineString{{{117, 39}, {117.01, 39}}, {{117, 39.01}, {117.01, 39.01}}}, 2, false},
		"an area":   {orb.Polygon{square}, 1, true},
		"two areas": {orb.MultiPolygon{{square}, {square}}, 2, true},
		"nothing":   {nil, 0, false},
		"no place":  {orb.Collection{}, 0, false},
	} {
		s := panel.DrawSketch(c.place, nil)
		if len(s.Subject) != c.lines || s.Area != c.area || (s.Metres >= 300) != (c.lines > 0) {
			t.Errorf("%s: %+v", name, s)
		}
	}
	east := panel.DrawSketch(orb.LineString{{117, 39}, {117.02, 39.01}}, nil).Subject[0]
	if a, b := east[0], east[1]; a[0] >= b[0] || a[1] <= b[1] {
		t.Errorf("north-east is drawn from %v to %v", a, b)
	}
}

// TestSketchesAreSmall holds whatever is drawn to its bound in bytes.
func TestSketchesAreSmall(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		point := rapid.Custom(func(t *rapid.T) orb.Point {
			return orb.Point{rapid.Float64Range(117, 117.02).Draw(t, "lon"), rapid.Float64Range(39, 39.02).Draw(t, "lat")}
		})
		line := rapid.Custom(func(t *rapid.T) orb.LineString { return rapid.SliceOfN(point, 2, 6).Draw(t, "line") })
		var roads []panel.Road
		for i, l := range rapid.SliceOfN(line, 0, 80).Draw(t, "roads") {
			roads = append(roads, panel.Road{Name: fmt.Sprintf("测试第%d大街", i), Line: l})
		}
		s := panel.DrawSketch(line.Draw(t, "place"), roads)
		raw, err := json.Marshal(s)
		if err != nil || len(raw) > 6<<10 {
			t.Fatalf("%d bytes, %v", len(raw), err)
		}
		for _, l := range s.Labels {
			if l.X < 0 || l.Y < 0 || l.X > 1000 || l.Y > 1000 {
				t.Fatalf("a label at %d, %d", l.X, l.Y)
			}
		}
		for _, l := range s.Subject {
			for _, p := range l {
				if p[0] < 0 || p[0] > 1000 || p[1] < 0 || p[1] > 1000 {
					t.Fatalf("the place at %v", p)
				}
			}
		}
	})
}
