package walknet_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/coverage/walknet"
	"yike/geo"
)

// drawTraits gives a town's ways and gates what profiles ask for.
func drawTraits(t *rapid.T, src *source) {
	heights := map[int64]float32{}
	for i := range src.ways {
		w := &src.ways[i]
		w.Class = rapid.SampledFrom([]string{"footway", "footway", "steps"}).Draw(t, "class")
		w.Crossing = rapid.SampledFrom([]walknet.Crossing{0, 0, walknet.Uncontrolled, walknet.Signals}).Draw(t, "crossing")
		w.Wheels = rapid.SampledFrom([]walknet.Wheels{0, 0, walknet.WheelsYes, walknet.WheelsNo}).Draw(t, "wheels")
		switch rapid.IntRange(0, 2).Draw(t, "climbs") {
		case 1:
			w.Incline = int16(rapid.IntRange(-200, 200).Draw(t, "incline"))
		case 2:
			for _, id := range w.NodeIDs {
				if _, ok := heights[id]; !ok {
					heights[id] = float32(rapid.IntRange(0, 20).Draw(t, "height"))
				}
				w.Heights = append(w.Heights, heights[id])
			}
		}
	}
	for i := range src.barriers {
		if src.barriers[i].Kind == "gate" && rapid.Bool().Draw(t, "keeps hours") {
			src.barriers[i].Hours = []walknet.Opening{{From: int16(rapid.IntRange(0, 1439).Draw(t, "from")), To: int16(rapid.IntRange(0, 1439).Draw(t, "to"))}}
		}
	}
}

func drawProfile(t *rapid.T) walknet.Profile {
	return walknet.Profile{
		Stairs:   int32(rapid.SampledFrom([]int{0, 333, 500, 1000}).Draw(t, "stairs")),
		Signals:  walknet.Milliseconds(rapid.SampledFrom([]int{0, 30_000}).Draw(t, "signals")),
		Crossing: walknet.Milliseconds(rapid.SampledFrom([]int{0, 7_001}).Draw(t, "waits")),
		Slope:    rapid.Bool().Draw(t, "slope"), StepFree: rapid.Bool().Draw(t, "step-free"),
		Hour: walknet.Hour(rapid.IntRange(-1, 1440).Draw(t, "hour")),
	}
}

// asProfiled leaves out of the source what a profile does, in the rule's own words.
func (s *source) asProfiled(p walknet.Profile) *source {
	c := &source{}
	for _, w := range s.ways {
		if p.StepFree && (w.Wheels == walknet.WheelsNo || (w.Class == "steps" && w.Wheels != walknet.WheelsYes)) {
			continue
		}
		c.ways = append(c.ways, w)
	}
	for _, b := range s.barriers {
		open := len(b.Hours) == 0 || p.Hour == walknet.AnyHour
		all := true
		for m := range 1440 {
			held := false
			for _, o := range b.Hours {
				held = held || (o.From < o.To && m >= int(o.From) && m < int(o.To)) || (o.From >= o.To && (m >= int(o.From) || m < int(o.To)))
			}
			all = all && held
			open = open || (p.Hour == walknet.AtMinute(m) && held)
		}
		b.Passable = b.Passable && (open || (p.Hour == walknet.AllHours && all))
		b.Hours = nil
		c.barriers = append(c.barriers, b)
	}
	return c
}

// profileCost is the rule of a profile for one arc.
func profileCost(n *walknet.Network, src *source, p walknet.Profile, a walknet.Arc, speed walknet.Speed) int64 {
	var w walknet.Way
	for _, o := range src.ways {
		if id, _, _ := n.EdgeWay(a.Edge); o.SourceID == id {
			w = o
		}
	}
	mm := int64(a.LengthMM)
	rise := 0.0 // every way of a town is one edge
	switch {
	case w.Heights != nil:
		rise = float64(w.Heights[1] - w.Heights[0])
	case w.Incline != 0:
		rise = geo.Distance(w.Line[0], w.Line[1]) * float64(w.Incline) / 1000
	}
	if !a.Forward {
		rise = -rise
	}
	if w.Class == "steps" {
		rise = 0
		if p.Stairs > 0 {
			mm = (mm*1000 + int64(p.Stairs)/2) / int64(p.Stairs)
		}
	}
	if p.Slope && rise != 0 {
		height := int64(rise*1000+0.5) * 40 / 3
		if rise < 0 {
			height = int64(-rise*1000+0.5) * 8
		}
		mm = max(mm, height) + (min(mm, height)+1)/2
	}
	ms := edgeCost(mm, speed)
	switch w.Crossing {
	case walknet.Signals:
		ms += int64(p.Signals)
	case walknet.Uncontrolled:
		ms += int64(p.Crossing)
	}
	return ms
}

func TestProfilesEqualBruteForce(t *testing.T) {
	t.Parallel()
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		src := drawTown(t)
		drawTraits(t, src)
		p := drawProfile(t)
		n, _ := build(t, src.ways, src.barriers...)
		walked, err := n.For(p)
		if err != nil {
			t.Fatal(err)
		}
		if p == (walknet.Profile{}) != (walked == n) {
			t.Fatal("the plain profile is not the network itself, or another is")
		}
		left := src.asProfiled(p)
		built, _ := build(t, left.ways, left.barriers...)
		points, from := drawPoints(t, "sites"), drawPoints(t, "people")
		const speed, limit = 900, 500_000
		for _, site := range points {
			x, y := walked.Snap(site, 60), built.Snap(site, 60)
			if x.OK() != y.OK() {
				t.Fatalf("%v snaps to %+v, without what the profile leaves out to %+v", site, x, y)
			}
			if !x.OK() || way(walked, x) != way(built, y) {
				continue
			}
			times := bruteForce(built, left, p, y, speed)
			reach := walked.Reach(x, limit, speed)
			for _, person := range from {
				a, b := walked.Snap(person, 60), built.Snap(person, 60)
				if !a.OK() || way(walked, a) != way(built, b) {
					continue
				}
				want := times(b)
				if want > limit {
					want = -1
				}
				if got := reach.At(a); int64(got) != want {
					t.Fatalf("%+v: from %+v to %+v in %d ms, by the rule %d", p, a, x, got, want)
				}
				compared++
			}
		}
	})
	t.Logf("%d walks compared", compared)
	if compared < 500 && !testing.Short() { // which draws fewer
		t.Errorf("only %d walks were compared", compared)
	}
}

// bruteForce gives the times to a site by Bellman and Ford, on costs from the rule.
func bruteForce(n *walknet.Network, src *source, p walknet.Profile, site walknet.Snap, speed walknet.Speed) func(walknet.Snap) int64 {
	const never = 1 << 40
	at := make([]int64, n.Nodes())
	for i := range at {
		at[i] = never
	}
	cost := func(a walknet.Arc) int64 { return profileCost(n, src, p, a, speed) }
	for a := range arcsOf(n, site.Edge) {
		at[a.From] = min(at[a.From], edgeCost(int64(site.AccessMM), speed)+partCost(cost(a), along(a, site), int64(a.LengthMM)))
	}
	for range n.Nodes() {
		for a := range n.Arcs() {
			at[a.From] = min(at[a.From], at[a.To]+cost(a))
		}
	}
	return func(s walknet.Snap) int64 {
		best := int64(never)
		for a := range arcsOf(n, s.Edge) {
			best = min(best, at[a.To]+partCost(cost(a), int64(a.LengthMM)-along(a, s), int64(a.LengthMM)))
			if s.Edge == site.Edge && along(a, site) >= along(a, s) {
				best = min(best, edgeCost(int64(site.AccessMM), speed)+partCost(cost(a), along(a, site)-along(a, s), int64(a.LengthMM)))
			}
		}
		return best + edgeCost(int64(s.AccessMM), speed)
	}
}

// A profile and edits may come in either order.
func TestProfileAndEditsCommute(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		src := drawTown(t)
		drawTraits(t, src)
		n, _ := build(t, src.ways, src.barriers...)
		p := drawProfile(t)
		if n.Edges() == 0 || p.StepFree { // where a path joins depends on what is left out
			return
		}
		e := drawEdit(t, src, 1)
		edited, err := n.Edit(e)
		if err != nil {
			return
		}
		first, err := edited.For(p)
		if err != nil {
			t.Fatal(err)
		}
		second, err := n.For(p)
		if err != nil {
			t.Fatal(err)
		}
		if p.Hour != walknet.AnyHour && e.Kind != walknet.CloseWay {
			return // a gate opened last is open at all hours, and a path ends before one that is shut
		}
		second, err = second.Edit(e)
		if err != nil {
			t.Fatal(err)
		}
		site := drawPoints(t, "site")[0]
		u, v := first.Snap(site, 60), second.Snap(site, 60)
		if !u.OK() || !v.OK() || way(first, u) != way(second, v) {
			return
		}
		a, b := first.Reach(u, 300_000, 900), second.Reach(v, 300_000, 900)
		for _, person := range drawPoints(t, "people") {
			x, y := first.Snap(person, 60), second.Snap(person, 60)
			if x.OK() && y.OK() && way(first, x) == way(second, y) && a.At(x) != b.At(y) {
				t.Fatalf("%+v: from %+v in %d ms, the other way round %d", p, x, a.At(x), b.At(y))
			}
		}
	})
}

func TestGateHours(t *testing.T) {
	t.Parallel()
	ways := []walknet.Way{
		{SourceID: "a", NodeIDs: []int64{1, 2}, Line: orb.LineString{metres(0, 0), metres(50, 0)}},
		{SourceID: "b", NodeIDs: []int64{2, 3}, Line: orb.LineString{metres(50, 0), metres(100, 0)}},
	}
	gate := walknet.Barrier{SourceID: "gate", Kind: "gate", NodeID: 2, Point: metres(50, 0), Passable: true}
	for _, tt := range []struct {
		hours []walknet.Opening
		at    walknet.Hour
		open  bool
	}{
		{nil, walknet.AllHours, true},
		{[]walknet.Opening{{From: 360, To: 1320}}, walknet.AnyHour, true},
		{[]walknet.Opening{{From: 360, To: 1320}}, walknet.AllHours, false},
		{[]walknet.Opening{{From: 360, To: 1320}}, walknet.AtMinute(359), false},
		{[]walknet.Opening{{From: 360, To: 1320}}, walknet.AtMinute(360), true},
		{[]walknet.Opening{{From: 360, To: 1320}}, walknet.AtMinute(1319), true},
		{[]walknet.Opening{{From: 360, To: 1320}}, walknet.AtMinute(1320), false},
		{[]walknet.Opening{{From: 1320, To: 120}}, walknet.AtMinute(60), true},
		{[]walknet.Opening{{From: 1320, To: 120}}, walknet.AtMinute(121), false},
		{[]walknet.Opening{{From: 0, To: 720}, {From: 720, To: 1440}}, walknet.AllHours, true},
	} {
		t.Run(fmt.Sprint(tt.hours, tt.at), func(t *testing.T) {
			t.Parallel()
			gate := gate
			gate.Hours = tt.hours
			n, _ := build(t, ways, gate)
			n, err := n.For(walknet.Profile{Hour: tt.at})
			if err != nil {
				t.Fatal(err)
			}
			got := n.Reach(n.Snap(metres(90, 0), 1), 900_000, 900).At(n.Snap(metres(10, 0), 1))
			if (got >= 0) != tt.open {
				t.Errorf("through the gate in %d ms", got)
			}
		})
	}
}

func TestProfileRefusesNonsense(t *testing.T) {
	t.Parallel()
	n, _ := build(t, grid(2, 50))
	for _, p := range []walknet.Profile{{Stairs: -1}, {Stairs: 2001}, {Signals: -1}, {Crossing: 4_000_000}, {Hour: -2}, {Hour: 1441}} {
		if _, err := n.For(p); !errors.Is(err, walknet.ErrProfile) {
			t.Errorf("%+v: %v", p, err)
		}
	}
	elder, err := n.For(walknet.Elder())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := elder.For(walknet.Profile{Slope: true}); !errors.Is(err, walknet.ErrProfiled) {
		t.Errorf("another profile on top of one: %v", err)
	}
	if again, err := elder.For(walknet.Elder()); err != nil || again != elder {
		t.Errorf("the same profile again: %v", err)
	}
}
