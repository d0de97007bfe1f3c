package walknet_test

import (
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"yike/coverage/walknet"
	"yike/geo"
)

func (v *valhalla) circle(b *testing.B, from orb.Point) orb.Geometry {
	b.Helper()
	c := v.must(b, map[string]any{"ask": "circle", "from": from, "speed": 1, "minutes": minutes}).Circle
	if c == nil || len(c.Features) != 1 {
		b.Fatalf("Valhalla's circle: %v", c)
	}
	return c.Features[0].Geometry
}

// shared keeps the places on whose streets Valhalla has one too, within a metre, that is
// no island.
func (v *valhalla) shared(b *testing.B, places []walknet.Snap) []walknet.Snap {
	b.Helper()
	var kept []walknet.Snap
	for len(places) > 0 {
		some := places[:min(len(places), 500)]
		places = places[len(some):]
		for i, near := range v.must(b, map[string]any{"ask": "near", "places": pointsOf(some)}).Near {
			if near {
				kept = append(kept, some[i])
			}
		}
	}
	return kept
}

func pointsOf(snaps []walknet.Snap) []orb.Point {
	points := make([]orb.Point, len(snaps))
	for i, s := range snaps {
		points[i] = s.Point
	}
	return points
}

// connected keeps the places on the longest component.
func connected(n *walknet.Network, places []walknet.Snap) []walknet.Snap {
	var kept []walknet.Snap
	for _, s := range places {
		if n.Component(s.Edge) == 0 {
			kept = append(kept, s)
		}
	}
	return kept
}

// around are the places whose longitude and latitude differ from a site's by less than
// 2 km, which is twice as far as anybody walks.
func around(site orb.Point, places []walknet.Snap) []walknet.Snap {
	box := orb.Bound{Min: site, Max: site}.Pad(0.018)
	var near []walknet.Snap
	for _, s := range places {
		if box.Contains(s.Point) {
			near = append(near, s)
		}
	}
	return near
}

func contains(circle orb.Geometry, p orb.Point) bool {
	switch c := circle.(type) {
	case orb.Polygon:
		return planar.PolygonContains(c, p)
	case orb.MultiPolygon:
		return planar.MultiPolygonContains(c, p)
	}
	return false
}

// judge holds both circles of a site against each engine's own walking times, at the
// same junctions: those within the straight distance that can be walked, and all others
// that lie in either circle.
func (v *valhalla) judge(b *testing.B, n *walknet.Network, site walknet.Snap, junctions []walknet.Snap, ours, theirs *truth) {
	b.Helper()
	reach := n.Reach(site, quarter, 1000)
	mine := orb.Geometry(reach.Circle(walknet.CircleOptions{}))
	their := v.circle(b, site.Point)
	straight := orb.Bound{Min: site.Point, Max: site.Point}.Pad(0.0122) // 1.0 km east, 1.3 km north
	var places []walknet.Snap
	for _, s := range around(site.Point, junctions) {
		if straight.Contains(s.Point) || contains(mine, s.Point) || contains(their, s.Point) {
			places = append(places, s)
		}
	}
	seconds := v.must(b, map[string]any{"ask": "times", "from": site.Point, "places": pointsOf(places), "speed": 1}).Seconds
	for i, s := range places {
		if seconds[i] == nil {
			continue // no way there in Valhalla: not a shared place
		}
		ours.add(contains(mine, s.Point), reach.At(s) >= 0)
		theirs.add(contains(their, s.Point), *seconds[i]*1000 <= quarter)
	}
}

// nodes are the junctions of the longest component.
func nodes(n *walknet.Network) []walknet.Snap {
	var places []walknet.Snap
	seen := make(map[int32]bool)
	for e := range int32(n.Edges()) {
		for _, v := range pair(n.EdgeEnds(e)) {
			if n.Component(e) == 0 && !seen[v] {
				seen[v] = true
				places = append(places, n.Snap(n.NodePoint(v), 1))
			}
		}
	}
	return places
}

// BenchmarkCircleBesideValhalla draws the same 500 service circles of 15 minutes with
// Valhalla and the package, 50 by 50 in turn, each from the search to the GeoJSON text, and
// holds the circles of the first 50 sites against each engine's own walking times. ×cpu is
// how many times as much processor time Valhalla takes, in the median; × how many times as
// long by the clock, which means little on a machine that does other things. Without node, the package or the extract it says so and measures the package alone.
func BenchmarkCircleBesideValhalla(b *testing.B) {
	x := city(b)
	v, version, why := beginValhalla(b)
	if why != nil {
		b.Logf("Valhalla is left out: %v", why)
	}
	sites := connected(x.net, onStreets(x.net, 2000, 7))
	if v != nil {
		sites = v.shared(b, sites)
	}
	sites = sites[:500]
	judgeCircles(b, x.net, v, sites[:50])
	if v != nil { // a new one: one that answered matrices before was seen to be slower, why is not known
		if v, version, why = beginValhalla(b); why != nil {
			b.Fatal(why)
		}
	}
	for _, s := range sites { // works the ground out, see BenchmarkSurvey
		x.net.Reach(s, quarter, 1000).Circle(walknet.CircleOptions{})
	}
	var ours, ourCPU, theirs, theirCPU []time.Duration
	for b.Loop() {
		for some := range slices.Chunk(sites, 50) {
			for _, s := range some {
				wall, cpu := drawn(b, x.net, s)
				ours, ourCPU = append(ours, wall), append(ourCPU, cpu)
			}
			if v == nil {
				continue
			}
			for _, s := range v.must(b, map[string]any{"ask": "circles", "places": pointsOf(some), "speed": 1, "minutes": minutes}).Spent {
				theirs, theirCPU = append(theirs, milliseconds(s.MS)), append(theirCPU, milliseconds(s.CPU))
			}
		}
	}
	b.ReportMetric(middle(ours).Seconds()*1000, "ours-ms")
	b.ReportMetric(middle(ourCPU).Seconds()*1000, "ours-cpu-ms")
	if v == nil {
		return
	}
	b.Logf("Valhalla %s; a call that does nothing takes its binding %.2f ms of processor time", version.Version, version.CPU)
	b.ReportMetric(middle(theirs).Seconds()*1000, "valhalla-ms")
	b.ReportMetric(middle(theirCPU).Seconds()*1000, "valhalla-cpu-ms")
	b.ReportMetric(float64(middle(theirs))/float64(middle(ours)), "×")
	b.ReportMetric(float64(middle(theirCPU))/float64(middle(ourCPU)), "×cpu")
}

func milliseconds(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

// drawn is how long one circle takes up to its text, of six decimals as Valhalla's and as
// the server's, by the clock and of processor time.
func drawn(b *testing.B, n *walknet.Network, s walknet.Snap) (wall, cpu time.Duration) {
	b.Helper()
	spent, start := processorTime(), time.Now()
	circle := n.Reach(s, quarter, 1000).Circle(walknet.CircleOptions{})
	text := geo.AppendCoordinates([]byte(`{"type":"MultiPolygon","coordinates":`), circle)
	wall, cpu = time.Since(start), processorTime()-spent
	if len(circle) == 0 || len(text) < 100 {
		b.Fatalf("a circle of %s", text)
	}
	return wall, cpu
}

// judgeCircles prints precision and recall, and fails where ours are not as promised.
func judgeCircles(b *testing.B, n *walknet.Network, v *valhalla, sites []walknet.Snap) {
	b.Helper()
	var ours, theirs truth
	if v == nil {
		ours = junctions(n, sites[:30], quarter, walknet.CircleOptions{})
	} else {
		var near []walknet.Snap
		all, used := nodes(n), make(map[orb.Point]bool)
		for _, site := range sites {
			for _, s := range around(site.Point, all) {
				if !used[s.Point] {
					used[s.Point] = true
					near = append(near, s)
				}
			}
		}
		shared := v.shared(b, near)
		for _, site := range sites {
			v.judge(b, n, site, shared, &ours, &theirs)
		}
		b.Logf("Valhalla: precision %.4f, recall %.4f of %d pairs of site and junction", theirs.precision(), theirs.recall(), theirs.both+theirs.onlyReach)
		b.ReportMetric(theirs.precision(), "valhalla-precision")
		b.ReportMetric(theirs.recall(), "valhalla-recall")
	}
	b.Logf("ours: precision %.4f, recall %.4f of %d pairs of site and junction", ours.precision(), ours.recall(), ours.both+ours.onlyReach)
	if ours.precision() < 0.97 || ours.recall() < 0.995 {
		b.Error("the circle is too far from the walking times")
	}
}
