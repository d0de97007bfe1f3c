package numbering_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

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
