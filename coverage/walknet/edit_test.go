package walknet_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/coverage/walknet"
	"yike/geo"
)

// source is what a network is built from. Every junction carries a bollard, so that an
// edge does not become longer when a street that met it is closed.
type source struct {
	ways     []walknet.Way
	barriers []walknet.Barrier
	nextNode int64
}

func sourceOf(ways []walknet.Way, barriers []walknet.Barrier) *source {
	s := &source{ways: ways, barriers: barriers, nextNode: 1_000_000}
	seen := map[int64]bool{}
	for _, w := range ways {
		for i, id := range w.NodeIDs {
			if !seen[id] {
				seen[id] = true
				s.barriers = append(s.barriers, walknet.Barrier{
					SourceID: fmt.Sprintf("bollard/%d", id), Kind: "bollard", NodeID: id, Point: w.Line[i], Passable: true,
				})
			}
		}
	}
	return s
}

// edit makes the edit in the source. n is the network before it.
func (s *source) edit(t *rapid.T, n *walknet.Network, e walknet.Edit) {
	switch e.Kind {
	case walknet.CloseWay:
		s.ways = slices.DeleteFunc(s.ways, func(w walknet.Way) bool { return w.SourceID == e.ID })
	case walknet.OpenGate, walknet.ShutGate:
		for i := range s.barriers {
			if s.barriers[i].SourceID == e.ID {
				s.barriers[i].Passable = e.Kind == walknet.OpenGate
			}
		}
	case walknet.AddPath:
		last := len(e.Path.Line) - 1
		start := s.junction(t, n, n.Snap(e.Path.Line[0], 30))
		end := s.junction(t, n, n.Snap(e.Path.Line[last], 30))
		way := walknet.Way{SourceID: e.Path.ID, Class: "footway", Direction: e.Path.Direction}
		way.Line = append(append(orb.LineString{s.place(start)}, e.Path.Line...), s.place(end))
		way.NodeIDs = append(way.NodeIDs, start)
		for range e.Path.Line {
			s.nextNode++
			way.NodeIDs = append(way.NodeIDs, s.nextNode)
		}
		way.NodeIDs = append(way.NodeIDs, end)
		s.ways = append(s.ways, way)
	default:
		t.Fatalf("no such edit: %+v", e)
	}
}

func (s *source) place(id int64) orb.Point {
	for _, w := range s.ways {
		if i := slices.Index(w.NodeIDs, id); i >= 0 {
			return w.Line[i]
		}
	}
	return orb.Point{}
}

// junction puts a vertex with a bollard into the way that a place is on.
func (s *source) junction(t *rapid.T, n *walknet.Network, snap walknet.Snap) int64 {
	at := snap.Point
	f := geo.Frame(at)
	best, found, vertex := 1e9, -1, -1
	for w := range s.ways {
		if s.ways[w].SourceID != way(n, snap) {
			continue
		}
		for i, p := range s.ways[w].Line {
			if geo.Distance(p, at) < 0.0005 {
				return s.ways[w].NodeIDs[i]
			}
			if i == 0 {
				continue
			}
			a, b := f.To(s.ways[w].Line[i-1]), f.To(p)
			if d := fromSegment(a, b); d < best {
				best, found, vertex = d, w, i
			}
		}
	}
	if found < 0 || best > 0.001 {
		t.Fatalf("no way passes %v: the nearest is %g m away", at, best)
	}
	s.nextNode++
	w := &s.ways[found]
	w.Line, w.NodeIDs = slices.Insert(w.Line, vertex, at), slices.Insert(w.NodeIDs, vertex, s.nextNode)
	s.barriers = append(s.barriers, walknet.Barrier{
		SourceID: fmt.Sprintf("bollard/%d", s.nextNode), Kind: "bollard", NodeID: s.nextNode, Point: at, Passable: true,
	})
	return s.nextNode
}

// fromSegment is how far the origin lies from a→b.
func fromSegment(a, b orb.Point) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	t := 0.0
	if l2 := dx*dx + dy*dy; l2 > 0 {
		t = min(max(-(a[0]*dx+a[1]*dy)/l2, 0), 1)
	}
	x, y := a[0]+t*dx, a[1]+t*dy
	return math.Hypot(x, y)
}

// same compares all walks on an edited network and on one built from the edited source.
// Places that the two put elsewhere, at a corner, are left out.
func same(t *rapid.T, edited, built *walknet.Network, people, sites []orb.Point, limit walknet.Milliseconds) (compared int) {
	agree := func(points []orb.Point) (a, b []walknet.Snap) {
		for _, p := range points {
			x, y := edited.Snap(p, 60), built.Snap(p, 60)
			if x.OK() != y.OK() || (x.OK() && abs(x.AccessMM-y.AccessMM) > 1) {
				t.Fatalf("%v snaps to %+v, after a build to %+v", p, x, y)
			}
			if x.OK() && (way(edited, x) != way(built, y) || x.AccessMM != y.AccessMM || !sameEnds(edited, built, x, y)) {
				continue
			}
			a, b = append(a, x), append(b, y)
		}
		return a, b
	}
	peopleA, peopleB := agree(people)
	sitesA, sitesB := agree(sites)
	const speed = 900
	nearestA, nearestB := edited.Nearest(sitesA, limit, speed), built.Nearest(sitesB, limit, speed)
	lists := edited.NewPlaces(peopleA).Lists(sitesA, limit, speed, 2)
	for i := range sitesA {
		a, b := edited.Reach(sitesA[i], limit, speed), built.Reach(sitesB[i], limit, speed)
		at, times := lists.Of(i)
		for k := range peopleA {
			x, y := a.At(peopleA[k]), b.At(peopleB[k])
			if x != y {
				t.Fatalf("from %+v to %+v: %d ms, after a build %d", peopleA[k], sitesA[i], x, y)
			}
			listed := walknet.Unreached
			if j := slices.Index(at, int32(k)); j >= 0 {
				listed = times[j]
			}
			if listed != x {
				t.Fatalf("from %+v to %+v: %d ms on the list, %d asked for", peopleA[k], sitesA[i], listed, x)
			}
			if x >= 0 {
				compared++
			}
		}
	}
	for k := range peopleA {
		x, i := nearestA.At(peopleA[k])
		y, j := nearestB.At(peopleB[k])
		if x != y || i != j {
			t.Fatalf("from %+v: nearest %d in %d ms, after a build %d in %d", peopleA[k], i, x, j, y)
		}
	}
	return compared
}

func way(n *walknet.Network, s walknet.Snap) string {
	source, _, _ := n.EdgeWay(s.Edge)
	return source
}

// sameEnds says whether two snaps are on one stretch of street and run the same way.
func sameEnds(a, b *walknet.Network, x, y walknet.Snap) bool {
	return slices.Equal(a.EdgeLine(x.Edge), b.EdgeLine(y.Edge)) && x.OffsetMM == y.OffsetMM
}

func abs(v int32) int32 { return max(v, -v) }

func TestEditsEqualABuildOnRandomNetworks(t *testing.T) {
	t.Parallel()
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		ways, barriers := drawNetwork(t)
		src := sourceOf(ways, barriers)
		n, _ := build(t, src.ways, src.barriers...)
		edited := n
		for range rapid.IntRange(1, 6).Draw(t, "edits") {
			e := walknet.Edit{Kind: rapid.SampledFrom([]walknet.EditKind{walknet.CloseWay, walknet.OpenGate, walknet.ShutGate}).Draw(t, "kind")}
			e.ID = fmt.Sprintf("way/%d", rapid.IntRange(0, len(ways)-1).Draw(t, "way"))
			if e.Kind != walknet.CloseWay {
				e.ID = rapid.SampledFrom(src.barriers).Draw(t, "barrier").SourceID
			}
			if src.joinsWithoutLength(e) {
				continue // what such a line joined stays joined when it is closed
			}
			next, err := edited.Edit(e)
			if errors.Is(err, walknet.ErrNoGate) || errors.Is(err, walknet.ErrNoWay) {
				continue // of a way without length
			}
			if err != nil {
				t.Fatal(err)
			}
			src.edit(t, edited, e)
			edited = next
		}
		built, _ := build(t, src.ways, src.barriers...)
		compared += same(t, edited, built, drawPoints(t, "people"), drawPoints(t, "sites"), 400_000)
	})
	t.Logf("%d walks compared", compared)
	if compared < 100 && !testing.Short() { // which draws fewer
		t.Errorf("only %d walks were compared", compared)
	}
}

// joinsWithoutLength says whether the edit closes a line without length or a gate on one.
func (s *source) joinsWithoutLength(e walknet.Edit) bool {
	gates := map[int64]bool{}
	for _, b := range s.barriers {
		if e.Kind == walknet.ShutGate && b.SourceID == e.ID {
			gates[b.NodeID] = true
		}
	}
	return slices.ContainsFunc(s.ways, func(w walknet.Way) bool {
		for i := 1; i < len(w.Line); i++ {
			if w.Line[i] != w.Line[i-1] || w.NodeIDs[i] == w.NodeIDs[i-1] {
				continue
			}
			if (e.Kind == walknet.CloseWay && w.SourceID == e.ID) || gates[w.NodeIDs[i]] || gates[w.NodeIDs[i-1]] {
				return true
			}
		}
		return false
	})
}

func drawPoints(t *rapid.T, label string) []orb.Point {
	points := make([]orb.Point, rapid.IntRange(1, 10).Draw(t, label))
	for i := range points {
		points[i] = metres(rapid.Float64Range(-30, 260).Draw(t, "east"), rapid.Float64Range(-30, 220).Draw(t, "north"))
	}
	return points
}

// drawTown draws a grid of crooked streets, some of them missing, with gates.
func drawTown(t *rapid.T) *source {
	const side = 5
	var places [side * side]orb.Point
	for i := range places {
		places[i] = metres(float64(i%side)*55+rapid.Float64Range(-9, 9).Draw(t, "x"), float64(i/side)*45+rapid.Float64Range(-9, 9).Draw(t, "y"))
	}
	var ways []walknet.Way
	add := func(a, b int) {
		if rapid.IntRange(0, 5).Draw(t, "missing") == 0 {
			return
		}
		ways = append(ways, walknet.Way{
			SourceID: fmt.Sprintf("way/%d-%d", a, b), Class: "residential", NodeIDs: []int64{int64(a + 1), int64(b + 1)},
			Line: orb.LineString{places[a], places[b]},
		})
	}
	for i := range places {
		if i%side < side-1 {
			add(i, i+1)
		}
		if i/side < side-1 {
			add(i, i+side)
		}
	}
	src := sourceOf(ways, nil)
	for i := range rapid.IntRange(0, 4).Draw(t, "gates") {
		id := rapid.IntRange(0, len(places)-1).Draw(t, "gate")
		src.barriers = append(src.barriers, walknet.Barrier{
			SourceID: fmt.Sprintf("gate/%d", i), Kind: "gate", NodeID: int64(id + 1), Point: places[id], Passable: rapid.Bool().Draw(t, "open"),
		})
	}
	return src
}

func TestPathsAndClosingsEqualABuild(t *testing.T) {
	t.Parallel()
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		src := drawTown(t)
		if len(src.ways) == 0 {
			return
		}
		n, _ := build(t, src.ways, src.barriers...)
		edited := n
		for i := range rapid.IntRange(1, 6).Draw(t, "edits") {
			e := drawEdit(t, src, i)
			next, err := edited.Edit(e)
			if errors.Is(err, walknet.ErrLoosePath) || errors.Is(err, walknet.ErrNoPath) || errors.Is(err, walknet.ErrNoWay) || errors.Is(err, walknet.ErrNoGate) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if src.unclear(edited, e) {
				continue
			}
			checkUntouched(t, edited, next)
			src.edit(t, edited, e)
			edited = next
		}
		built, _ := build(t, src.ways, src.barriers...)
		compared += same(t, edited, built, drawPoints(t, "people"), drawPoints(t, "sites"), 300_000)
	})
	t.Logf("%d walks compared", compared)
	if compared < 1000 && !testing.Short() { // which draws fewer
		t.Errorf("only %d walks were compared", compared)
	}
}

// unclear says whether a source cannot say what the edit does: a path that ends on one
// side of a shut gate, or where a way runs back along itself.
func (s *source) unclear(n *walknet.Network, e walknet.Edit) bool {
	if e.Kind != walknet.AddPath {
		return false
	}
	for _, end := range [2]orb.Point{e.Path.Line[0], e.Path.Line[len(e.Path.Line)-1]} {
		snap := n.Snap(end, 30)
		f, stretches := geo.Frame(snap.Point), 0
		for _, b := range s.barriers {
			if !b.Passable && geo.Distance(b.Point, snap.Point) < 0.001 {
				return true
			}
		}
		for _, w := range s.ways {
			for i := 1; i < len(w.Line); i++ {
				if w.SourceID == way(n, snap) && fromSegment(f.To(w.Line[i-1]), f.To(w.Line[i])) < 0.01 {
					stretches++
				}
			}
		}
		if stretches > 1 && !slices.ContainsFunc(s.barriers, func(b walknet.Barrier) bool { return b.Point == snap.Point }) {
			return true
		}
	}
	return false
}

func drawEdit(t *rapid.T, src *source, i int) walknet.Edit {
	switch rapid.IntRange(0, 3).Draw(t, "edit") {
	case 0:
		return walknet.Edit{Kind: walknet.CloseWay, ID: rapid.SampledFrom(src.ways).Draw(t, "way").SourceID}
	case 1:
		kind := rapid.SampledFrom([]walknet.EditKind{walknet.OpenGate, walknet.ShutGate}).Draw(t, "gate edit")
		return walknet.Edit{Kind: kind, ID: rapid.SampledFrom(src.barriers).Draw(t, "barrier").SourceID}
	}
	path := walknet.Path{ID: fmt.Sprintf("path/%d", i), Direction: rapid.SampledFrom([]walknet.Direction{walknet.Both, walknet.Forward}).Draw(t, "direction")}
	// Never back along itself, where one could not say which stretch a later one joins.
	x, y := rapid.Float64Range(-5, 165).Draw(t, "x"), rapid.Float64Range(-5, 185).Draw(t, "y")
	path.Line = append(path.Line, metres(x, y))
	for range rapid.IntRange(1, 2).Draw(t, "more points") {
		x, y = x+rapid.Float64Range(33, 70).Draw(t, "east"), rapid.Float64Range(-5, 185).Draw(t, "y")
		path.Line = append(path.Line, metres(x, y))
	}
	return walknet.Edit{Kind: walknet.AddPath, Path: path}
}

// checkUntouched holds Affected and Resnap to what they promise: what they leave out is
// as it was.
func checkUntouched(t *rapid.T, before, after *walknet.Network) {
	points := drawPoints(t, "checked")
	was := make([]walknet.Snap, len(points))
	for i, p := range points {
		was[i] = before.Snap(p, 60)
	}
	moved, fresh := after.Resnap(points, was, 60)
	var old []walknet.Snap
	now := slices.Clone(was)
	for k, i := range moved {
		now[i] = fresh[k]
	}
	for i := range points {
		if !slices.Contains(moved, int32(i)) && (now[i] != was[i] || after.Snap(points[i], 60) != was[i]) {
			t.Fatalf("point %d is said to stay at %+v and is at %+v", i, was[i], after.Snap(points[i], 60))
		}
	}
	for _, i := range moved {
		old = append(old, was[i])
	}
	limit := walknet.Milliseconds(rapid.IntRange(0, 200_000).Draw(t, "limit"))
	affected := after.Affected(was, old, fresh, limit, 900)
	for i, site := range was {
		if slices.Contains(affected, int32(i)) {
			continue
		}
		a, b := before.Reach(site, limit, 900), after.Reach(site, limit, 900)
		for k := range points {
			if x, y := a.At(was[k]), b.At(now[k]); x != y {
				t.Fatalf("site %d is said to be unaffected, but from point %d it was %d ms and is %d", i, k, x, y)
			}
		}
	}
}

// A circle on an edited network is that of a network built so, but for raster points
// that the two lay elsewhere.
func TestCircleOfAnEditedNetwork(t *testing.T) {
	t.Parallel()
	src := sourceOf(grid(12, 60), nil)
	n, _ := build(t, src.ways, src.barriers...)
	site := n.Snap(metres(360, 365), 50)
	before := n.Reach(site, 300_000, 900).Circle(walknet.CircleOptions{})
	edits := []walknet.Edit{
		{Kind: walknet.CloseWay, ID: "way/x0007"},
		{Kind: walknet.CloseWay, ID: "way/x0008"},
		{Kind: walknet.CloseWay, ID: "way/y0005"},
		{Path: walknet.Path{ID: "bridge", Line: orb.LineString{metres(360, 425), metres(500, 560), metres(650, 700)}}},
	}
	edited, err := n.Edit(edits...)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range edits[:3] {
		src.ways = slices.DeleteFunc(src.ways, func(w walknet.Way) bool { return w.SourceID == e.ID })
	}
	bridge := edited.EdgeLine(int32(edited.Edges() - 1))
	src.ways = append(src.ways, walknet.Way{SourceID: "bridge", Class: "footway", NodeIDs: []int64{nodeAt(src, bridge[0]), -1, -2}, Line: bridge[:3]})
	built, _ := build(t, src.ways, src.barriers...)
	a := edited.Reach(edited.Snap(metres(360, 365), 50), 300_000, 900).Circle(walknet.CircleOptions{})
	b := built.Reach(built.Snap(metres(360, 365), 50), 300_000, 900).Circle(walknet.CircleOptions{})
	was, is, want := geo.Area(before), geo.Area(a), geo.Area(b)
	if math.Abs(is-want) > 0.005*want || math.Abs(is-was) < 0.01*was {
		t.Errorf("%.0f m² before the edits, %.0f after, %.0f of a network built so", was, is, want)
	}
	if again := geo.Area(n.Reach(site, 300_000, 900).Circle(walknet.CircleOptions{})); again != was {
		t.Errorf("the edits changed the network that they were asked of: %.0f m², %.0f before", again, was)
	}
}

// nodeAt is the id of the vertex nearest to a place.
func nodeAt(s *source, p orb.Point) int64 {
	best, id := math.Inf(1), int64(0)
	for _, w := range s.ways {
		for i, q := range w.Line {
			if d := geo.Distance(p, q); d < best {
				best, id = d, w.NodeIDs[i]
			}
		}
	}
	return id
}

func TestEditRefusesWhatItCannotDo(t *testing.T) {
	t.Parallel()
	n, _ := build(t, grid(2, 50))
	far := orb.LineString{metres(0, 0), metres(5000, 0)}
	for _, tt := range []struct {
		name string
		edit walknet.Edit
		want error
	}{
		{"edge below", walknet.Edit{Kind: walknet.CloseEdge, Edge: -1}, walknet.ErrNoEdge},
		{"edge above", walknet.Edit{Kind: walknet.CloseEdge, Edge: int32(n.Edges())}, walknet.ErrNoEdge},
		{"way", walknet.Edit{Kind: walknet.CloseWay, ID: "no such"}, walknet.ErrNoWay},
		{"gate", walknet.Edit{Kind: walknet.OpenGate, ID: "no such"}, walknet.ErrNoGate},
		{"loose", walknet.Edit{Path: walknet.Path{Line: far}}, walknet.ErrLoosePath},
		{"one point", walknet.Edit{Path: walknet.Path{Line: far[:1]}}, walknet.ErrNoPath},
		{"off the earth", walknet.Edit{Path: walknet.Path{Line: orb.LineString{{math.NaN(), 0}, {0, 0}}}}, walknet.ErrNoPath},
		{"no length", walknet.Edit{Path: walknet.Path{Line: orb.LineString{metres(0, 0), metres(0, 0)}}}, walknet.ErrNoPath},
		{"kind", walknet.Edit{Kind: 77}, walknet.ErrNoEditKind},
	} {
		_, err := n.Edit(walknet.Edit{Kind: walknet.CloseEdge}, tt.edit)
		var at *walknet.EditError
		if !errors.Is(err, tt.want) || !errors.As(err, &at) || at.Step != 1 {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if same, err := n.Edit(); err != nil || same != n {
		t.Errorf("no edits: %v", err)
	}
	if a, b := version(t, n, 0), version(t, n, 1); a == b || a == n.Version() || a != version(t, n, 0) {
		t.Error("versions do not tell edits apart")
	}
}

func version(t *testing.T, n *walknet.Network, edge int32) string {
	t.Helper()
	n, err := n.Edit(walknet.Edit{Kind: walknet.CloseEdge, Edge: edge})
	if err != nil {
		t.Fatal(err)
	}
	return n.Version()
}

// Gates come as they were given, those on no way left out.
func TestGates(t *testing.T) {
	t.Parallel()
	ways := []walknet.Way{
		{SourceID: "a", Line: orb.LineString{metres(0, 0), metres(50, 0)}},
		{SourceID: "b", Line: orb.LineString{metres(50, 0), metres(100, 0)}},
	}
	n, _ := build(t, ways,
		walknet.Barrier{SourceID: "open", Kind: "gate", Point: metres(50, 0), Passable: true},
		walknet.Barrier{SourceID: "shut", Kind: "wall", Point: metres(50, 0.1)},
		walknet.Barrier{SourceID: "far", Kind: "gate", Point: metres(500, 0), Passable: true})
	through := func(n *walknet.Network) bool {
		return n.Reach(n.Snap(metres(90, 0), 1), 900_000, 900).At(n.Snap(metres(10, 0), 1)) >= 0
	}
	if g := n.Gates(); len(g) != 2 || g[0].SourceID != "open" || !g[0].Open || g[1].Open || through(n) {
		t.Errorf("%+v", g)
	}
	opened, err := n.Edit(walknet.Edit{Kind: walknet.OpenGate, ID: "shut"})
	if err != nil {
		t.Fatal(err)
	}
	if g := opened.Gates(); !g[1].Open || !through(opened) || through(n) {
		t.Errorf("opened: %+v", g)
	}
	joints := 0
	for a := range opened.Arcs() {
		if a.Edge < 0 {
			joints++
		}
	}
	if joints != 2 {
		t.Errorf("%d arcs through the gate", joints)
	}
}
