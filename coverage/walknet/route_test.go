package walknet_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/coverage/walknet"
	"yike/geo"
)

// checkRoute holds a route to the time that a search counts, and to itself: the parts add
// up, and they are one line from door to door.
func checkRoute(t *rapid.T, n *walknet.Network, from, to walknet.Door, limit walknet.Milliseconds, speed walknet.Speed) (walknet.Route, bool) {
	want := n.Reach(to.Snap, limit, speed).At(from.Snap)
	r, ok := n.Route(from, to, limit, speed)
	if !ok {
		r.Time = walknet.Unreached
	}
	if r.Time != want {
		t.Fatalf("the route from %+v to %+v takes %d ms, a search says %d", from, to, r.Time, want)
	}
	if !ok {
		return r, false
	}
	var time walknet.Milliseconds
	var length int64
	at := from.Point
	for i, s := range r.Stretches {
		time += s.Time
		length += s.LengthMM
		if s.Time < 0 || s.LengthMM < 0 || s.Wait < 0 || s.Wait > s.Time || len(s.Line) < 2 {
			t.Fatalf("stretch %d makes no sense: %+v", i, s)
		}
		if s.Kind == walknet.ThroughGate {
			if !s.Gate.Open || s.Time != 0 || s.LengthMM != 0 {
				t.Fatalf("through a gate: %+v", s)
			}
			continue
		}
		if d := geo.Distance(at, s.Line[0]); d > 0.002 {
			t.Fatalf("stretch %d begins %g m from where the last ended: %+v", i, d, r)
		}
		at = s.Line[len(s.Line)-1]
		if drawn := lengthM(s.Line) * 1000; abs64(int64(drawn)-s.LengthMM) > 3*int64(len(s.Line)) {
			t.Fatalf("stretch %d is %d mm long, its line %g: %+v", i, s.LengthMM, drawn, s)
		}
	}
	if time != r.Time || length != r.LengthMM {
		t.Fatalf("the stretches take %d ms and are %d mm long, the route %d and %d", time, length, r.Time, r.LengthMM)
	}
	if d := geo.Distance(at, to.Point); d > 0.002 {
		t.Fatalf("the route ends %g m from the door", d)
	}
	return r, true
}

func lengthM(line orb.LineString) float64 {
	sum := 0.0
	for i := 1; i < len(line); i++ {
		sum += geo.Distance(line[i-1], line[i])
	}
	return sum
}

func abs64(v int64) int64 { return max(v, -v) }

func doors(n *walknet.Network, points []orb.Point) []walknet.Door {
	out := make([]walknet.Door, len(points))
	for i, p := range points {
		out[i] = walknet.Door{Point: p, Snap: n.Snap(p, 60)}
	}
	return out
}

func TestRoutesTakeTheTimeThatIsCounted(t *testing.T) {
	t.Parallel()
	walked := 0
	rapid.Check(t, func(t *rapid.T) {
		ways, barriers := drawNetwork(t)
		n, _ := build(t, ways, barriers...)
		speed := rapid.SampledFrom([]walknet.Speed{900, 1200, 1 << 21}).Draw(t, "speed")
		limit := rapid.SampledFrom([]walknet.Milliseconds{400_000, 400_000, 60_000, 0, -1}).Draw(t, "limit")
		people, sites := drawPoints(t, "people"), drawPoints(t, "sites")
		for _, from := range doors(n, people) {
			for _, to := range doors(n, append(sites, people[0])) {
				r, ok := checkRoute(t, n, from, to, limit, speed)
				if !ok {
					continue
				}
				walked++
				if off := int64(r.Time) - 1000*r.LengthMM/int64(speed); abs64(off) > int64(n.Edges())+4 {
					t.Fatalf("%d mm in %d ms at %d mm/s: not the same way", r.LengthMM, r.Time, speed)
				}
			}
		}
	})
	if walked < 100 && !testing.Short() { // which draws fewer
		t.Errorf("only %d walks", walked)
	}
}

func TestRoutesOfProfilesAndEdits(t *testing.T) {
	t.Parallel()
	walked := 0
	rapid.Check(t, func(t *rapid.T) {
		src := drawTown(t)
		drawTraits(t, src)
		n, _ := build(t, src.ways, src.barriers...)
		if n.Edges() == 0 {
			return
		}
		var err error
		if rapid.Bool().Draw(t, "profile") {
			if n, err = n.For(drawProfile(t)); err != nil {
				t.Fatal(err)
			}
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "edits") {
			if next, err := n.Edit(drawEdit(t, src, i)); err == nil {
				n = next
			}
		}
		for _, from := range doors(n, drawPoints(t, "people")) {
			for _, to := range doors(n, drawPoints(t, "sites")) {
				if _, ok := checkRoute(t, n, from, to, 500_000, 900); ok {
					walked++
				}
			}
		}
	})
	if walked < 500 && !testing.Short() {
		t.Errorf("only %d walks", walked)
	}
}

// said is a stretch without its line.
type said struct {
	Kind        walknet.StretchKind
	Name, Gate  string
	LengthM     int64
	Time, Wait  walknet.Milliseconds
	Rise, Falls int64
}

func saidOf(r walknet.Route) []said {
	var out []said
	for _, s := range r.Stretches {
		out = append(out, said{s.Kind, s.Name, s.Gate.SourceID, (s.LengthMM + 500) / 1000, s.Time, s.Wait, s.RiseMM, s.FallMM})
	}
	return out
}

// A street, a gate, a crossing with signals, stairs up a hill, and the same way back.
func TestRouteTellsItsStretches(t *testing.T) {
	t.Parallel()
	ways := []walknet.Way{
		{SourceID: "w1", Name: "东街", Class: "residential", NodeIDs: []int64{1, 2}, Line: orb.LineString{metres(0, 0), metres(90, 0)}},
		{SourceID: "w2", Name: "东街", Class: "residential", NodeIDs: []int64{2, 3}, Line: orb.LineString{metres(90, 0), metres(180, 0)}},
		{SourceID: "w3", Class: "footway", Crossing: walknet.Signals, NodeIDs: []int64{3, 4}, Line: orb.LineString{metres(180, 0), metres(198, 0)}},
		{SourceID: "w4", Class: "steps", NodeIDs: []int64{4, 5}, Line: orb.LineString{metres(198, 0), metres(198, 18)}, Heights: []float32{0, 9}},
		{SourceID: "w5", Name: "山路", Class: "footway", NodeIDs: []int64{5, 6}, Line: orb.LineString{metres(198, 18), metres(198, 108)}, Heights: []float32{9, 9}},
	}
	gates := []walknet.Barrier{{SourceID: "g", Kind: "gate", NodeID: 3, Point: metres(180, 0), Passable: true}}
	n, _ := build(t, ways, gates...)
	n, err := n.For(walknet.Elder())
	if err != nil {
		t.Fatal(err)
	}
	pair := doors(n, []orb.Point{metres(45, 9), metres(207, 63)})
	there, ok := n.Route(pair[0], pair[1], 900_000, 900)
	if !ok {
		t.Fatal("no way")
	}
	want := []said{
		{walknet.OffStreet, "", "", 9, 10_000, 0, 0, 0},
		{walknet.OnStreet, "东街", "", 135, 150_000, 0, 0, 0},
		{walknet.ThroughGate, "", "g", 0, 0, 0, 0, 0},
		{walknet.OnCrossing, "", "", 18, 50_000, 30_000, 0, 0},
		{walknet.OnStairs, "", "", 18, 40_000, 0, 9000, 0},
		{walknet.OnStreet, "山路", "", 45, 50_000, 0, 0, 0},
		{walknet.OffStreet, "", "", 9, 10_000, 0, 0, 0},
	}
	if diff := cmp.Diff(want, saidOf(there), cmp.Comparer(func(a, b walknet.Milliseconds) bool { return max(a-b, b-a) <= 5 })); diff != "" {
		t.Error(diff)
	}
	if got := there.Stretches[1].Ways; !cmp.Equal(got, []string{"w1", "w2"}) {
		t.Errorf("the street is made of %v", got)
	}
	back, ok := n.Route(pair[1], pair[0], 900_000, 900)
	if !ok || back.Time != there.Time || back.Stretches[2].FallMM != 9000 || back.Stretches[4].Gate.SourceID != "g" {
		t.Errorf("the way back: %+v", saidOf(back))
	}
	if _, ok := n.Route(pair[0], pair[1], there.Time-1, 900); ok {
		t.Error("a limit that is a millisecond short is kept")
	}
	if _, ok := n.Route(pair[0], walknet.Door{Snap: walknet.NoSnap()}, 900_000, 900); ok {
		t.Error("a door on no street is reached")
	}
	if _, ok := n.Route(pair[0], pair[1], 900_000, 0); ok {
		t.Error("somebody who does not move arrives")
	}
}

// Round a one-way street to a door a few steps back, and to one's own door.
func TestRouteOnOneEdge(t *testing.T) {
	t.Parallel()
	ways := []walknet.Way{
		{SourceID: "a", Direction: walknet.Forward, NodeIDs: []int64{1, 2}, Line: orb.LineString{metres(0, 0), metres(100, 0)}},
		{SourceID: "b", NodeIDs: []int64{2, 3, 4, 1}, Line: orb.LineString{metres(100, 0), metres(100, 40), metres(0, 40), metres(0, 0)}},
	}
	n, _ := build(t, ways)
	d := doors(n, []orb.Point{metres(30, 0), metres(60, 0)})
	for _, tt := range []struct {
		from, to int
		metres   int64
	}{{0, 1, 30}, {1, 0, 250}, {0, 0, 0}} {
		r, ok := n.Route(d[tt.from], d[tt.to], 900_000, 1000)
		if !ok || abs64(r.LengthMM-1000*tt.metres) > 20 {
			t.Errorf("from %d to %d: %d mm, want %d m", tt.from, tt.to, r.LengthMM, tt.metres)
		}
	}
}
