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
	"yike/internal/rules"
	"yike/placenames/numbering"
)

func preset(t testing.TB, key string) numbering.RuleSet {
	t.Helper()
	all, err := numbering.Presets()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(r numbering.RuleSet) bool { return r.Key == key })
	if i < 0 {
		t.Fatalf("there is no preset %q", key)
	}
	return all[i]
}

// middle is around which the roads of tests lie; points are metres east and north of it.
func at(x, y float64) orb.Point {
	return geo.Frame(orb.Point{108.75, 34.25}).From(orb.Point{x, y})
}

func road(points ...[2]float64) numbering.Road {
	line := orb.LineString{}
	for _, p := range points {
		line = append(line, at(p[0], p[1]))
	}
	return numbering.Road{Name: "试验路", Sections: []orb.LineString{line}}
}

func doorAt(id string, x, y float64) numbering.Frontage {
	return numbering.Frontage{ID: id, Shape: at(x, y)}
}

func propose(t *testing.T, r numbering.Road, set numbering.RuleSet, f []numbering.Frontage, e ...numbering.Existing) numbering.Result {
	t.Helper()
	out, err := numbering.Propose(r, set, f, e)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// numbersOf are what each frontage got, those of vacant ground joined.
func numbersOf(r numbering.Result) map[string]string {
	out := map[string]string{}
	for _, p := range r.Proposals {
		if out[p.FrontageID] != "" {
			out[p.FrontageID] += ","
		}
		out[p.FrontageID] += p.Number.String()
	}
	return out
}

func wantNumbers(t *testing.T, r numbering.Result, want map[string]string) {
	t.Helper()
	if d := cmp.Diff(want, numbersOf(r)); d != "" {
		t.Errorf("numbers (-want +got):\n%s", d)
	}
}

func verdict(t *testing.T, r numbering.Result, id string) numbering.Verdict {
	t.Helper()
	i := slices.IndexFunc(r.Verdicts, func(v numbering.Verdict) bool { return v.ID == id })
	if i < 0 {
		t.Fatalf("there is no verdict of %s", id)
	}
	return r.Verdicts[i]
}

func wantOutcome(t *testing.T, r numbering.Result, id string, want rules.Outcome) numbering.Verdict {
	t.Helper()
	v := verdict(t, r, id)
	if v.Outcome != want {
		t.Errorf("%s: outcome %s, want %s (%+v)", id, v.Outcome, want, v.Faults)
	}
	return v
}

// wantClean holds that no check found anything.
func wantClean(t *testing.T, r numbering.Result) {
	t.Helper()
	for _, v := range r.Verdicts {
		if len(v.Faults) > 0 {
			t.Errorf("%s found %+v", v.ID, v.Faults)
		}
	}
}

func TestPresetsAreValid(t *testing.T) {
	t.Parallel()
	all, err := numbering.Presets()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if faults := numbering.Validate(r); len(faults) > 0 {
			t.Errorf("%s: %+v", r.Key, faults)
		}
		for _, s := range r.Sources {
			if s.ZH == "" || s.EN == "" {
				t.Errorf("%s: the source of %s says nothing in one language", r.Key, s.Clause)
			}
		}
	}
}

func TestSidesAndStarts(t *testing.T) {
	t.Parallel()
	// Four doors around the middle of a road of 200 m, named by where they are along its axis
	// and across: a is at the end drawn first on the left of the drawing.
	type want struct{ firstLeft, firstRight, lastLeft, lastRight string }
	cases := []struct {
		name   string
		preset string
		from   [2]float64 // where the drawing begins
		want   want
	}{
		{"Tianjin, east to west as drawn", "tianjin", [2]float64{100, 0}, want{"1", "2", "3", "4"}},
		{"Tianjin, drawn from the west", "tianjin", [2]float64{-100, 0}, want{"4", "3", "2", "1"}},
		{"Tianjin, north to south as drawn", "tianjin", [2]float64{0, 100}, want{"1", "2", "3", "4"}},
		{"Tianjin, from the north-east", "tianjin", [2]float64{100, 100}, want{"1", "2", "3", "4"}},
		{"Tianjin, from the north-west", "tianjin", [2]float64{-100, 100}, want{"1", "2", "3", "4"}},
		{"Tianjin, drawn from the south-east", "tianjin", [2]float64{100, -100}, want{"4", "3", "2", "1"}},
		{"Beijing, east to west as drawn", "beijing", [2]float64{100, 0}, want{"2", "1", "4", "3"}},
		{"Beijing, drawn from the south", "beijing", [2]float64{0, -100}, want{"3", "4", "1", "2"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := road(c.from, [2]float64{-c.from[0], -c.from[1]})
			d := math.Hypot(c.from[0], c.from[1])
			ux, uy := -c.from[0]/d, -c.from[1]/d
			place := func(id string, along, left float64) numbering.Frontage {
				return doorAt(id, ux*along-uy*left, uy*along+ux*left)
			}
			got := propose(t, r, preset(t, c.preset), []numbering.Frontage{
				place("fl", -50, 12), place("fr", -50, -12), place("ll", 50, 12), place("lr", 50, -12),
			})
			wantNumbers(t, got, map[string]string{"fl": c.want.firstLeft, "fr": c.want.firstRight, "ll": c.want.lastLeft, "lr": c.want.lastRight})
			wantClean(t, got)
		})
	}
}

func TestOddSideByCompass(t *testing.T) {
	t.Parallel()
	set := preset(t, "beijing")
	set.OddBy, set.OddSides = numbering.OddCompass, []numbering.Compass{numbering.S, numbering.E}
	got := propose(t, road([2]float64{100, 0}, [2]float64{-100, 0}), set, []numbering.Frontage{doorAt("north", 0, 10), doorAt("south", 0, -10)})
	wantNumbers(t, got, map[string]string{"north": "2", "south": "1"})
	got = propose(t, road([2]float64{0, 100}, [2]float64{0, -100}), set, []numbering.Frontage{doorAt("east", 10, 0), doorAt("west", -10, 0)})
	wantNumbers(t, got, map[string]string{"east": "1", "west": "2"})
}

// a street of Tianjin, from east to west: its left is the south.
func street() numbering.Road { return road([2]float64{0, 0}, [2]float64{-400, 0}) }

func south(id string, m float64) numbering.Frontage { return doorAt(id, -m, -12) }

func there(id string, n, suffix int, m float64) numbering.Existing {
	p := at(-m, -12)
	return numbering.Existing{ID: id, Number: numbering.Number{N: n, Suffix: suffix}, Point: &p}
}

func TestInfill(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name     string
		existing []numbering.Existing
		doors    []numbering.Frontage
		want     map[string]string
	}{
		{
			"a free number between",
			[]numbering.Existing{there("a", 1, 0, 10), there("b", 7, 0, 90)},
			[]numbering.Frontage{south("new", 60)},
			map[string]string{"new": "5"},
		},
		{
			"two between neighbours get sub-numbers",
			[]numbering.Existing{there("a", 1, 0, 10), there("b", 3, 0, 90)},
			[]numbering.Frontage{south("x", 30), south("y", 60)},
			map[string]string{"x": "1-1", "y": "1-2"},
		},
		{
			"one number is free for two doors",
			[]numbering.Existing{there("a", 1, 0, 10), there("b", 5, 0, 90)},
			[]numbering.Frontage{south("x", 30), south("y", 60)},
			map[string]string{"x": "1-1", "y": "3"},
		},
		{
			"after sub-numbers",
			[]numbering.Existing{there("a", 1, 0, 10), there("a1", 1, 1, 20), there("b", 3, 0, 90)},
			[]numbering.Frontage{south("x", 30)},
			map[string]string{"x": "1-2"},
		},
		{
			"between a number and its sub-number nothing is free",
			[]numbering.Existing{there("a", 1, 0, 10), there("a1", 1, 1, 50), there("b", 3, 0, 90)},
			[]numbering.Frontage{south("x", 30)},
			map[string]string{"x": "1-2"},
		},
		{
			"before the first number",
			[]numbering.Existing{there("a", 1, 0, 50)},
			[]numbering.Frontage{south("x", 10)},
			map[string]string{"x": "1-1"},
		},
		{
			"after the last number",
			[]numbering.Existing{there("a", 1, 0, 50)},
			[]numbering.Frontage{south("x", 80), south("y", 90)},
			map[string]string{"x": "3", "y": "5"},
		},
		{
			"a number on the other side is not free",
			[]numbering.Existing{there("a", 1, 0, 10), there("b", 5, 0, 90), {ID: "c", Number: numbering.Number{N: 3}}},
			[]numbering.Frontage{south("x", 30)},
			map[string]string{"x": "1-1"},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wantNumbers(t, propose(t, street(), preset(t, "tianjin"), c.doors, c.existing...), c.want)
		})
	}
}

func TestReservedNumbers(t *testing.T) {
	t.Parallel()
	set := preset(t, "tianjin")
	vacant := numbering.Frontage{ID: "v", Vacant: true, Shape: orb.LineString{at(-20, -12), at(-33, -12)}}
	got := propose(t, street(), set, []numbering.Frontage{south("a", 10), vacant, south("b", 50)})
	wantNumbers(t, got, map[string]string{"a": "1", "v": "3,5,7", "b": "9"})
	wantClean(t, got)

	kept := []numbering.Existing{there("a", 1, 0, 10), there("b", 9, 0, 50)}
	for _, p := range got.Proposals {
		if p.Kind == numbering.Reserved {
			kept = append(kept, numbering.Existing{ID: "r" + p.Number.String(), Number: p.Number, Point: &p.Point, Reserved: true})
		}
	}
	got = propose(t, street(), set, []numbering.Frontage{south("new", 27), vacant}, kept...)
	wantNumbers(t, got, map[string]string{"new": "5", "v": ""})
	i := slices.IndexFunc(got.Proposals, func(p numbering.Proposal) bool { return p.FrontageID == "new" })
	if p := got.Proposals[i]; p.ExistingID != "r5" || p.Kind != numbering.Given {
		t.Errorf("the door takes %+v, want the number reserved there", p)
	}
	set.ReserveM = 0
	got = propose(t, street(), set, []numbering.Frontage{vacant})
	wantNumbers(t, got, map[string]string{"v": ""})
	wantOutcome(t, got, "PLT-06", rules.NotApplicable)
}

func TestByDistance(t *testing.T) {
	t.Parallel()
	set := preset(t, "distance")
	got := propose(t, street(), set, []numbering.Frontage{south("a", 10.2), south("b", 101), south("c", 101.4), doorAt("d", -101, 12)})
	wantNumbers(t, got, map[string]string{"a": "11", "b": "101", "c": "101-1", "d": "102"})
	wantClean(t, got)
	set.StepM = 5
	got = propose(t, street(), set, []numbering.Frontage{south("a", 26), south("b", 300)}, there("x", 21, 0, 105))
	wantNumbers(t, got, map[string]string{"a": "5", "b": "61"})
	got = propose(t, street(), set, nil, there("x", 21, 0, 205))
	v := wantOutcome(t, got, "PLT-13", rules.Fail)
	if v.Severity != rules.Warning {
		t.Errorf("severity %s of a rule read in an excerpt, want warning", v.Severity)
	}
}

func TestWhatNobodyMayHave(t *testing.T) {
	t.Parallel()
	set := preset(t, "tianjin")
	set.Skip = []int{3}
	skip := south("skip", 30)
	skip.Skip = true
	fixed := south("fixed", 60)
	fixed.Fixed = numbering.Number{N: 11}
	corner := south("corner", 70)
	corner.Corner = &numbering.Corner{Road: "大路", Main: true}
	got := propose(t, street(), set, []numbering.Frontage{south("a", 10), south("b", 20), skip, fixed, corner, doorAt("on", -80, 0), {ID: "nowhere"}, south("z", 90)})
	wantNumbers(t, got, map[string]string{"a": "1", "b": "5", "skip": "", "fixed": "11", "corner": "", "on": "", "nowhere": "", "z": "13"})
}

func TestYardsAndOneSidedRoads(t *testing.T) {
	t.Parallel()
	set := preset(t, "tianjin")
	a, b := south("side", 10), south("gate", 30)
	a.Yard, b.Yard, b.Gate = "院", "院", true
	got := propose(t, street(), set, []numbering.Frontage{a, b, south("c", 50)})
	wantNumbers(t, got, map[string]string{"side": "1", "gate": "1", "c": "3"})
	wantClean(t, got)
	r := street()
	r.OneSided = true
	got = propose(t, r, set, []numbering.Frontage{south("a", 10), south("b", 20), south("c", 30)})
	wantNumbers(t, got, map[string]string{"a": "1", "b": "2", "c": "3"})
	wantClean(t, got)
}

func TestInterruptedRoads(t *testing.T) {
	t.Parallel()
	set := preset(t, "tianjin")
	r := numbering.Road{Sections: []orb.LineString{
		{at(-400, 0), at(-220, 0)}, {at(-100, 0), at(0, 0)}, {at(-100, 0), at(-120, 0)},
	}}
	got := propose(t, r, set, []numbering.Frontage{south("a", 50), south("b", 90), south("c", 250)})
	wantNumbers(t, got, map[string]string{"a": "1", "b": "3", "c": "5"})
	if got.Line.LengthM < 399.9 || got.Line.LengthM > 400.1 || len(got.Line.Parts) != 2 || len(got.Line.Gaps) != 1 {
		t.Errorf("line of %.2f m with %d parts and gaps %v", got.Line.LengthM, len(got.Line.Parts), got.Line.Gaps)
	}
	wantOutcome(t, got, "PLT-10", rules.Pass)
	got = propose(t, r, set, nil, there("a", 1, 0, 50), there("b", 3, 0, 90), there("c", 1, 0, 250), there("d", 3, 0, 300))
	wantOutcome(t, got, "PLT-10", rules.Fail)
	wantOutcome(t, got, "PLT-04", rules.Pass)
	set.ReserveGaps, set.ReserveM = true, 50
	got = propose(t, r, set, []numbering.Frontage{south("a", 50), south("c", 250)})
	wantNumbers(t, got, map[string]string{"a": "1", "c": "7", "gap-1-left": "3,5", "gap-1-right": "2,4"})
}

func TestCarriagewaysAreOneRoad(t *testing.T) {
	t.Parallel()
	r := numbering.Road{Sections: []orb.LineString{{at(-400, 8), at(0, 8)}, {at(0, -8), at(-401, -8)}}}
	got := propose(t, r, preset(t, "tianjin"), []numbering.Frontage{south("a", 50), doorAt("b", -60, 30)})
	wantNumbers(t, got, map[string]string{"a": "1", "b": "2"})
	if got.Line.Lanes != 1 {
		t.Errorf("%d lanes left out, want 1", got.Line.Lanes)
	}
}

func TestBuildingsKeepTheNumberOnTheirEdge(t *testing.T) {
	t.Parallel()
	house := func(id string, m float64) numbering.Frontage { // 10 m wide, wall to wall with the next
		return numbering.Frontage{ID: id, Shape: orb.Polygon{{at(-m, -8), at(-m-10, -8), at(-m-10, -20), at(-m, -20), at(-m, -8)}}}
	}
	houses := []numbering.Frontage{house("a", 20), house("b", 30), house("c", 40)}
	first := propose(t, street(), preset(t, "tianjin"), houses)
	wantNumbers(t, first, map[string]string{"a": "1", "b": "3", "c": "5"})
	there := taken(first)
	for i := range there {
		there[i].FrontageID = ""
	}
	again := propose(t, street(), preset(t, "tianjin"), houses, there...)
	wantNumbers(t, again, map[string]string{"a": "1", "b": "3", "c": "5"})
	for _, p := range again.Proposals {
		if p.Kind != numbering.Kept {
			t.Errorf("%s is proposed %s as %s", p.FrontageID, p.Number, p.Kind)
		}
	}
}

func TestVillagesByRow(t *testing.T) {
	t.Parallel()
	set := preset(t, "village")
	var houses []numbering.Frontage
	for row := range 2 {
		for k := range 3 { // from west to east
			houses = append(houses, doorAt(fmt.Sprintf("%d%d", row, k), float64(k)*12, float64(-row)*25))
		}
	}
	got := propose(t, numbering.Road{}, set, houses)
	wantNumbers(t, got, map[string]string{"02": "1", "01": "2", "00": "3", "12": "4", "11": "5", "10": "6"})
	wantClean(t, got)
	set.Rows = &numbering.Rows{First: numbering.N, Within: numbering.E, Serpentine: true}
	wantNumbers(t, propose(t, numbering.Road{}, set, houses), map[string]string{"02": "1", "01": "2", "00": "3", "10": "4", "11": "5", "12": "6"})
	set.Rows = &numbering.Rows{First: numbering.S, Within: numbering.W, Hundreds: true}
	wantNumbers(t, propose(t, numbering.Road{}, set, houses), map[string]string{"10": "101", "11": "102", "12": "103", "00": "201", "01": "202", "02": "203"})
}

func TestRoadsThatCannotBeNumbered(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]numbering.Road{
		"none": {}, "a point": {Sections: []orb.LineString{{at(0, 0)}, {at(1, 1), at(1, 1)}}},
		"a ring": {Sections: []orb.LineString{{at(0, 0), at(100, 0), at(50, 80), at(0, 0)}}},
	} {
		if _, err := numbering.Propose(r, preset(t, "tianjin"), nil, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestFindingsOfWhatIsThere(t *testing.T) {
	t.Parallel()
	set := preset(t, "tianjin")
	north := at(-40, 12)
	nowhere := numbering.Existing{ID: "n", Number: numbering.Number{N: 3}, Provisional: true}
	deep := there("deep", 9, 1, 70)
	deep.Deeper = "-2"
	got := propose(t, street(), set, nil, there("a", 1, 0, 10), there("b", 13, 0, 30), there("c", 5, 0, 50), nowhere,
		numbering.Existing{ID: "odd north", Number: numbering.Number{N: 3}, Point: &north}, deep, there("x", 11, 0, 90))
	for id, want := range map[string]rules.Outcome{
		"PLT-01": rules.Fail, "PLT-02": rules.Fail, "PLT-03": rules.Fail, "PLT-04": rules.Fail, "PLT-05": rules.Pass, "PLT-07": rules.Fail, "PLT-12": rules.Fail, "PLT-13": rules.NotApplicable,
	} {
		wantOutcome(t, got, id, want)
	}
	if v := verdict(t, got, "PLT-01"); v.Severity != rules.Error || !slices.Equal(v.Faults[0].Existing, []string{"n", "odd north"}) {
		t.Errorf("PLT-01: %+v", v)
	}
	if v := verdict(t, got, "PLT-03"); v.Severity != rules.Warning {
		t.Errorf("PLT-03 is of severity %s though its text was read in a copy only", v.Severity)
	}
	if v := verdict(t, got, "PLT-04"); len(v.Faults) != 1 || v.Faults[0].Numbers[0] != "13" {
		t.Errorf("PLT-04: %+v, want the one number out of order", v.Faults)
	}
	if v := verdict(t, propose(t, street(), preset(t, "jiangmen"), nil, there("a", 1, 0, 10), there("b", 5, 0, 30)), "PLT-02"); v.Severity != rules.Error || v.Outcome != rules.Fail {
		t.Errorf("PLT-02 of Jiangmen: %+v", v)
	}
}

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
