package numbering_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/geo"
	"yike/placenames/numbering"
)

// simulated is a winding road with doors of which the side and the place are known.
type simulated struct {
	road  numbering.Road
	doors []numbering.Frontage
	truth map[string]struct {
		m    float64
		left bool // looking from the end that was drawn first
	}
	points []orb.Point // metres, from the end drawn first
}

// simulate makes a road that bends gently enough for nothing to be near two parts of it.
func simulate(r *rand.Rand, doors int) simulated {
	out := simulated{truth: map[string]struct {
		m    float64
		left bool
	}{}}
	heading := r.Float64() * 2 * math.Pi
	bend := (r.Float64() - 0.5) * 0.01
	p := orb.Point{}
	out.points = append(out.points, p)
	for range 40 + r.IntN(40) {
		heading += bend
		p = orb.Point{p[0] + 25*math.Cos(heading), p[1] + 25*math.Sin(heading)}
		out.points = append(out.points, p)
	}
	var line orb.LineString
	for _, p := range out.points {
		line = append(line, at(p[0], p[1]))
	}
	out.road = numbering.Road{Name: "模拟路", Sections: []orb.LineString{line[:20], line[19:]}}
	for k := range doors {
		i := 1 + r.IntN(len(out.points)-1)
		a, b := out.points[i-1], out.points[i]
		ux, uy := (b[0]-a[0])/25, (b[1]-a[1])/25
		along, off := 1+r.Float64()*23, 4+r.Float64()*30
		left := r.IntN(2) == 0
		if !left {
			off = -off
		}
		id := fmt.Sprintf("d%05d", k)
		out.truth[id] = struct {
			m    float64
			left bool
		}{float64(i-1)*25 + along, left}
		out.doors = append(out.doors, doorAt(id, a[0]+ux*along-uy*off, a[1]+uy*along+ux*off))
	}
	return out
}

// nearest is the oracle: the nearest of points every 5 cm of the line, and the side by the
// direction there.
func (s simulated) nearest(p orb.Point) (m float64, left bool) {
	at := geo.Frame(orb.Point{108.75, 34.25}).To(p)
	best := math.Inf(1)
	for i := 1; i < len(s.points); i++ {
		a, b := s.points[i-1], s.points[i]
		for k := range 500 {
			t := float64(k) / 500
			q := orb.Point{a[0] + (b[0]-a[0])*t, a[1] + (b[1]-a[1])*t}
			if d := math.Hypot(at[0]-q[0], at[1]-q[1]); d < best {
				best, m = d, (float64(i-1)+t)*25
				left = (b[0]-a[0])*(at[1]-a[1])-(b[1]-a[1])*(at[0]-a[0]) > 0
			}
		}
	}
	return m, left
}

// wantInOrder holds numbers against the truth by brute force, and gives how many were looked at.
func (s simulated) wantInOrder(t *testing.T, got numbering.Result, set numbering.RuleSet) int {
	t.Helper()
	first := s.road.Sections[0][0]
	start := got.Line.At(0, 0)
	turned := geo.Distance(first, start) > 1
	byNumber := slices.Clone(got.Proposals)
	slices.SortFunc(byNumber, func(a, b numbering.Proposal) int { return a.Number.Compare(b.Number) })
	last := map[bool]float64{true: math.Inf(-1), false: math.Inf(-1)}
	for _, p := range byNumber {
		truth := s.truth[p.FrontageID]
		m, left := truth.m, truth.left
		if turned {
			m, left = -m, !left
		}
		if odd := p.Number.N%2 == 1; odd != (left == (set.OddBy == numbering.OddLeft)) {
			t.Errorf("%s has %s on the wrong side", p.FrontageID, p.Number)
		}
		if m < last[left]-0.2 {
			t.Errorf("%s has %s, though a lower number is %.1f m farther on", p.FrontageID, p.Number, last[left]-m)
		}
		last[left] = max(last[left], m)
	}
	return len(byNumber)
}

func TestTenThousandFrontages(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(8, 2))
	looked := 0
	for k := range 50 {
		s := simulate(r, 200)
		set := preset(t, []string{"tianjin", "beijing", "distance"}[k%3])
		got := propose(t, s.road, set, s.doors)
		looked += s.wantInOrder(t, got, set)
		for _, id := range []string{"PLT-01", "PLT-02", "PLT-03", "PLT-04", "PLT-13"} {
			if v := verdict(t, got, id); len(v.Faults) > 0 {
				t.Errorf("road %d: %s found %+v", k, id, v.Faults[0])
			}
		}
	}
	if looked != 10_000 {
		t.Errorf("%d frontages were numbered, want 10,000", looked)
	}
}

func TestPlacesAgreeWithBruteForce(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 4))
	for range 10 {
		s := simulate(r, 20)
		set := preset(t, "tianjin")
		line, err := numbering.Lay(s.road, &set)
		if err != nil {
			t.Fatal(err)
		}
		turned := geo.Distance(s.road.Sections[0][0], line.At(0, 0)) > 1
		for _, d := range s.doors {
			p := d.Shape.(orb.Point)
			m, left := s.nearest(p)
			if turned {
				m, left = line.LengthM-m, !left
			}
			if got := line.Locate(p); math.Abs(got.AlongM-m) > 0.1 || (got.OffsetM > 0) != left {
				t.Errorf("%s lies at %+v, by brute force at %.2f m, left %v", d.ID, got, m, left)
			}
		}
	}
}

func TestOrderOfInputChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		r := rand.New(rand.NewPCG(seed, 1))
		s := simulate(r, 30)
		all, err := numbering.Presets()
		if err != nil {
			t.Fatal(err)
		}
		set := all[r.IntN(3)]
		first, err := numbering.Propose(s.road, set, s.doors[:20], nil)
		if err != nil {
			t.Fatal(err)
		}
		existing := taken(first)
		want, err := numbering.Propose(s.road, set, s.doors, existing)
		if err != nil {
			t.Fatal(err)
		}
		r.Shuffle(len(s.doors), func(i, k int) { s.doors[i], s.doors[k] = s.doors[k], s.doors[i] })
		r.Shuffle(len(existing), func(i, k int) { existing[i], existing[k] = existing[k], existing[i] })
		slices.Reverse(s.road.Sections)
		s.road.Sections[0] = slices.Clone(s.road.Sections[0])
		slices.Reverse(s.road.Sections[0])
		got, err := numbering.Propose(s.road, set, s.doors, existing)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want.Proposals, got.Proposals); d != "" {
			t.Fatalf("another order gives (-want +got):\n%s", d)
		}
		if d := cmp.Diff(want.Verdicts, got.Verdicts); d != "" {
			t.Fatalf("another order finds (-want +got):\n%s", d)
		}
	})
}

// taken are the proposals as numbers that are there.
func taken(r numbering.Result) []numbering.Existing {
	var out []numbering.Existing
	for _, p := range r.Proposals {
		if p.Number.N > 0 && p.Kind != numbering.SideDoor {
			point := p.Point
			out = append(out, numbering.Existing{ID: "e-" + p.FrontageID, Number: p.Number, Point: &point, FrontageID: p.FrontageID, Reserved: p.Kind == numbering.Reserved})
		}
	}
	return out
}

func TestInfillChangesNoNumber(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		r := rand.New(rand.NewPCG(seed, 2))
		s := simulate(r, 60)
		all, err := numbering.Presets()
		if err != nil {
			t.Fatal(err)
		}
		set := all[r.IntN(3)]
		have := map[string]numbering.Number{}
		var existing []numbering.Existing
		for built := 15; built <= 60; built += 15 {
			got, err := numbering.Propose(s.road, set, s.doors[:built], existing)
			if err != nil {
				t.Fatal(err)
			}
			seen := map[numbering.Number]string{}
			crowded := false
			for _, p := range got.Proposals {
				if n, ok := have[p.FrontageID]; ok && (n != p.Number || p.Kind != numbering.Kept) {
					t.Fatalf("%s had %s and has %s (%s)", p.FrontageID, n, p.Number, p.Kind)
				}
				if other, twice := seen[p.Number]; twice {
					t.Fatalf("%s and %s both have %s", other, p.FrontageID, p.Number)
				}
				if p.Number.N == 0 {
					t.Fatalf("%s got no number: %s", p.FrontageID, p.Reason.EN)
				}
				seen[p.Number] = p.FrontageID
				have[p.FrontageID] = p.Number
				crowded = crowded || p.Reason.Code == "crowded"
			}
			for _, v := range got.Verdicts {
				if len(v.Faults) > 0 && (v.ID == "PLT-01" || v.ID == "PLT-03" || v.ID == "PLT-04" && !crowded) {
					t.Fatalf("after %d doors %s found %+v", built, v.ID, v.Faults)
				}
			}
			if crowded {
				return // what follows builds on numbers that nothing could have put in order
			}
			existing = taken(got)
		}
	})
}

func BenchmarkPropose(b *testing.B) {
	s := simulate(rand.New(rand.NewPCG(1, 1)), 1000)
	set := preset(b, "tianjin")
	for b.Loop() {
		if _, err := numbering.Propose(s.road, set, s.doors, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(1000*b.N)/b.Elapsed().Seconds(), "doors/s")
}
