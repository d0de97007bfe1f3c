package access_test

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yike/coverage/access"
)

func TestHospitals(t *testing.T) {
	t.Parallel()
	// PySAL access, access/tests/test_hospital_example.py (BSD 3-Clause, Copyright (c) 2018
	// pysal-access developers): three places with people and doctors, 1 unit to themselves, at
	// most 61 units to each other, weights of 1/cost. Costs by scenario from row to column.
	people, doctors := []int64{100, 50, 10}, []float64{15, 20, 100}
	for _, c := range []struct {
		name  string
		cost  [3][3]int32
		two   []float64
		three []float64
	}{
		{
			"all roads equal",
			[3][3]int32{{1, 80, 40}, {80, 1, 40}, {40, 40, 1}},
			[]float64{0.3314441169802766, 0.5798281320669381, 7.286418169862544},
			[]float64{0.15625658829061984, 0.4062164524508606, 9.906351854839498},
		},
		{
			"faster to the hospital",
			[3][3]int32{{1, 80, 20}, {80, 1, 20}, {40, 40, 1}},
			[]float64{0.4353402208763805, 0.683724235963042, 5.727976611420986},
			[]float64{0.17381354292075435, 0.42377244008875437, 9.643002370348684},
		},
		{
			"faster from the hospital",
			[3][3]int32{{1, 80, 40}, {80, 1, 40}, {20, 20, 1}},
			[]float64{0.3310719131614654, 0.5778577857785778, 7.299991939492457},
			[]float64{0.15652592741822577, 0.40637274095207443, 9.902877021057371},
		},
		{
			"faster everywhere",
			[3][3]int32{{1, 40, 20}, {40, 1, 20}, {20, 20, 1}},
			[]float64{0.4425683953985841, 0.6667582799658271, 5.7405246461850234},
			[]float64{0.1748021480798136, 0.42403550855652616, 9.631800976419234},
		},
	} {
		q := access.Question{People: people, Supply: doctors, Links: access.Links{Start: []int{0}}}
		for j := range 3 {
			for i := range 3 {
				q.Links.Place = append(q.Links.Place, int32(i))
				q.Links.Time = append(q.Links.Time, c.cost[i][j])
			}
			q.Links.Start = append(q.Links.Start, len(q.Links.Place))
		}
		for _, steps := range []struct {
			rule access.Rule
			want []float64
		}{
			{access.Rule{Weight: access.Inverse(61, 1)}, c.two},
			{access.Rule{Weight: access.Inverse(61, 1), Choice: access.Inverse(math.MaxInt32, 1)}, c.three},
		} {
			m, err := access.New(q, steps.rule)
			if err != nil {
				t.Fatal(err)
			}
			for i, a := range m.Access() {
				if math.Abs(a-steps.want[i]) > 1e-9 {
					t.Errorf("%s: place %d has %.12f instead of %.12f", c.name, i, a, steps.want[i])
				}
			}
		}
	}
}

// drawQuestion draws a small question; places without people, sites that nobody reaches and
// sites without supply come up.
func drawQuestion(t *rapid.T) access.Question {
	places, sites := rapid.IntRange(1, 9).Draw(t, "places"), rapid.IntRange(0, 6).Draw(t, "sites")
	q := access.Question{Unit: rapid.SampledFrom([]int64{0, 1, 10_000}).Draw(t, "unit"), Links: access.Links{Start: []int{0}}}
	for range places {
		q.People = append(q.People, rapid.Int64Range(0, 50).Draw(t, "people"))
	}
	for range sites {
		place, time := drawList(t, places)
		q.Links.Place = append(q.Links.Place, place...)
		q.Links.Time = append(q.Links.Time, time...)
		q.Links.Start = append(q.Links.Start, len(q.Links.Place))
		q.Supply = append(q.Supply, float64(rapid.IntRange(0, 30).Draw(t, "supply")))
	}
	return q
}

func drawList(t *rapid.T, places int) (place, time []int32) {
	for i := range int32(places) {
		if rapid.Bool().Draw(t, "listed") {
			place = append(place, i)
			time = append(time, rapid.Int32Range(0, 1100).Draw(t, "time"))
		}
	}
	return place, time
}

func drawRule(t *rapid.T) access.Rule {
	r := access.Rule{Weight: drawDecay(t)}
	switch rapid.IntRange(0, 2).Draw(t, "choice") {
	case 1:
		r.Choice = r.Weight
	case 2:
		r.Choice = drawDecay(t)
	}
	return r
}

func drawDecay(t *rapid.T) access.Decay {
	steps, err := access.Steps(access.Step{Limit: 300, Weight: 1}, access.Step{Limit: 700, Weight: 0.4})
	if err != nil {
		t.Fatal(err)
	}
	return rapid.SampledFrom([]access.Decay{
		access.Binary(900), access.Gaussian(900), access.Thirds(900), access.Inverse(900, 60), steps,
	}).Draw(t, "decay")
}

// byFormula is the formula of the package, place by place over a full matrix.
func byFormula(q access.Question, rule access.Rule) []float64 {
	n, m := len(q.People), len(q.Supply)
	w, c := make([][]float64, n), make([][]float64, n)
	for i := range w {
		w[i], c[i] = make([]float64, m), make([]float64, m)
	}
	for j := range m {
		for at := q.Links.Start[j]; at < q.Links.Start[j+1]; at++ {
			i, time := q.Links.Place[at], q.Links.Time[at]
			w[i][j] = rule.Weight(time)
			if rule.Choice != nil {
				c[i][j] = rule.Choice(time)
			}
		}
	}
	g := func(i, j int) float64 {
		sum := 0.0
		for _, v := range c[i] {
			sum += v
		}
		switch {
		case rule.Choice == nil:
			return 1
		case sum == 0:
			return 0
		}
		return c[i][j] / sum
	}
	unit := float64(max(q.Unit, 1))
	out := make([]float64, n)
	for i := range n {
		for j := range m {
			demand := 0.0
			for k := range n {
				demand += float64(q.People[k]) / unit * g(k, j) * w[k][j]
			}
			if demand > 0 {
				out[i] += q.Supply[j] / demand * g(i, j) * w[i][j]
			}
		}
	}
	return out
}

func near(a, b float64) bool {
	return math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b))
}

func TestAccessIsItsFormula(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q, rule := drawQuestion(t), drawRule(t)
		m, err := access.New(q, rule)
		if err != nil {
			t.Fatal(err)
		}
		handed := 0.0
		want := byFormula(q, rule)
		for i, a := range m.Access() {
			if !near(a, want[i]) {
				t.Fatalf("place %d has %v instead of %v", i, a, want[i])
			}
			handed += a * float64(q.People[i]) / float64(max(q.Unit, 1))
		}
		if !near(handed, m.Reached()) {
			t.Fatalf("people have %v of a supply of %v", handed, m.Reached())
		}
		for j, supply := range q.Supply {
			if d := m.Demand(j); d > 0 && !near(d*m.Ratio(j), supply) || d == 0 && m.Ratio(j) != 0 {
				t.Fatalf("site %d shares %v among %v at %v each", j, supply, d, m.Ratio(j))
			}
		}
	})
}

func TestAShorterWayIsNoLoss(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q, rule := drawQuestion(t), access.Rule{Weight: access.Gaussian(1000)}
		if len(q.Links.Time) == 0 {
			return
		}
		before, err := access.New(q, rule)
		if err != nil {
			t.Fatal(err)
		}
		at := rapid.IntRange(0, len(q.Links.Time)-1).Draw(t, "link")
		time := append([]int32(nil), q.Links.Time...)
		time[at] /= 2
		who := q.Links.Place[at]
		if q.People[who] == 0 {
			return
		}
		q.Links.Time = time
		after, err := access.New(q, rule)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range q.People {
			if p == 0 {
				continue // without people a place may have been the only one near a site
			}
			d := after.Access()[i] - before.Access()[i]
			if int32(i) == who && d < -1e-9 || int32(i) != who && d > 1e-9 {
				t.Fatalf("place %d gains %v when the way of %d is shorter", i, d, who)
			}
		}
	})
}

// without is a question that leaves sites out.
func without(q access.Question, closed map[int]bool) access.Question {
	out := access.Question{People: q.People, Unit: q.Unit, Links: access.Links{Start: []int{0}}}
	for j, supply := range q.Supply {
		if closed[j] {
			continue
		}
		from, to := q.Links.Start[j], q.Links.Start[j+1]
		out.Links.Place = append(out.Links.Place, q.Links.Place[from:to]...)
		out.Links.Time = append(out.Links.Time, q.Links.Time[from:to]...)
		out.Links.Start = append(out.Links.Start, len(out.Links.Place))
		out.Supply = append(out.Supply, supply)
	}
	return out
}

func TestChangesAreAskingAnew(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q, rule := drawQuestion(t), drawRule(t)
		m, err := access.New(q, rule)
		if err != nil {
			t.Fatal(err)
		}
		base, kept := append([]float64(nil), m.Access()...), m
		if rapid.Bool().Draw(t, "a scenario") {
			m = m.Ready().Clone()
		}
		closed := map[int]bool{}
		for range rapid.IntRange(1, 5).Draw(t, "changes") {
			what := rapid.IntRange(0, 2).Draw(t, "change")
			if len(q.Supply) == 0 || what == 0 {
				place, time := drawList(t, len(q.People))
				supply := float64(rapid.IntRange(0, 30).Draw(t, "new supply"))
				at, err := m.Open(place, time, supply)
				if err != nil || at != len(q.Supply) {
					t.Fatalf("opened site %d: %v", at, err)
				}
				q.Links.Place = append(q.Links.Place[:len(q.Links.Place):len(q.Links.Place)], place...)
				q.Links.Time = append(q.Links.Time[:len(q.Links.Time):len(q.Links.Time)], time...)
				q.Links.Start = append(q.Links.Start[:len(q.Links.Start):len(q.Links.Start)], len(q.Links.Place))
				q.Supply = append(q.Supply[:len(q.Supply):len(q.Supply)], supply)
				continue
			}
			j := rapid.IntRange(0, len(q.Supply)-1).Draw(t, "site")
			if what == 1 {
				closed[j] = rapid.Bool().Draw(t, "closed")
				m.SetOpen(j, !closed[j])
				continue
			}
			q.Supply = append([]float64(nil), q.Supply...)
			q.Supply[j] = float64(rapid.IntRange(0, 30).Draw(t, "changed supply"))
			if err := m.SetSupply(j, q.Supply[j]); err != nil {
				t.Fatal(err)
			}
		}
		anew, err := access.New(without(q, closed), rule)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(anew.Access(), m.Access()); d != "" || anew.Reached() != m.Reached() {
			t.Fatalf("changes are not asking anew: %s", d)
		}
		if kept != m {
			if d := cmp.Diff(base, kept.Access()); d != "" {
				t.Fatalf("a scenario changed its baseline: %s", d)
			}
		}
	})
}

func TestDecays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		decay access.Decay
		want  map[int32]float64
	}{
		{"binary", access.Binary(900), map[int32]float64{0: 1, 900: 1, 901: 0}},
		{"thirds", access.Thirds(900), map[int32]float64{0: 1, 300: 1, 301: 0.68, 600: 0.68, 601: 0.22, 900: 0.22, 901: 0}},
		{"gaussian", access.Gaussian(900), map[int32]float64{
			0: 1, 450: (math.Exp(-0.125) - math.Exp(-0.5)) / (1 - math.Exp(-0.5)), 900: 0, 901: 0,
		}},
		{"gaussian of nothing", access.Gaussian(0), map[int32]float64{0: 0, 1: 0}},
		{"inverse", access.Inverse(900, 60), map[int32]float64{0: 1, 60: 1, 120: 0.5, 900: 1.0 / 15, 901: 0}},
		{"inverse of no unit", access.Inverse(9, 0), map[int32]float64{0: 1, 4: 0.25}},
	} {
		for time, want := range c.want {
			if got := c.decay(time); !near(got, want) {
				t.Errorf("%s at %d is %v instead of %v", c.name, time, got, want)
			}
		}
	}
	for _, bad := range [][]access.Step{
		{{Limit: 3, Weight: 1}, {Limit: 3, Weight: 0.5}}, {{Limit: 3, Weight: 2}}, {{Limit: 3, Weight: math.NaN()}},
	} {
		if _, err := access.Steps(bad...); !errors.Is(err, access.ErrShape) {
			t.Errorf("bands %v: %v", bad, err)
		}
	}
}

func TestQuestionsThatDoNotFit(t *testing.T) {
	t.Parallel()
	list := func(start []int, place, time []int32) access.Links {
		return access.Links{Start: start, Place: place, Time: time}
	}
	for name, q := range map[string]access.Question{
		"more supplies than lists": {Supply: []float64{1}},
		"a time missing":           {People: []int64{1}, Supply: []float64{1}, Links: list([]int{0, 1}, []int32{0}, nil)},
		"people below none":        {People: []int64{-1}},
		"places without lists":     {People: []int64{1}, Links: list(nil, []int32{0}, []int32{0})},
		"lists that end early":     {People: []int64{1}, Supply: []float64{1}, Links: list([]int{0, 0}, []int32{0}, []int32{0})},
		"a list backwards":         {People: []int64{1}, Supply: []float64{1, 1}, Links: list([]int{0, 2, 1}, []int32{0}, []int32{0})},
		"a place twice":            {People: []int64{1}, Supply: []float64{1}, Links: list([]int{0, 2}, []int32{0, 0}, []int32{0, 0})},
		"a place too many":         {People: []int64{1}, Supply: []float64{1}, Links: list([]int{0, 1}, []int32{1}, []int32{0})},
		"time below none":          {People: []int64{1}, Supply: []float64{1}, Links: list([]int{0, 1}, []int32{0}, []int32{-1})},
		"supply below none":        {Supply: []float64{-1}, Links: list([]int{0, 0}, nil, nil)},
		"supply that is no number": {Supply: []float64{math.NaN()}, Links: list([]int{0, 0}, nil, nil)},
		"supply without end":       {Supply: []float64{math.Inf(1)}, Links: list([]int{0, 0}, nil, nil)},
		"a unit below none":        {Unit: -1},
	} {
		if _, err := access.New(q, access.Rule{Weight: access.Binary(1)}); !errors.Is(err, access.ErrShape) {
			t.Errorf("%s: %v", name, err)
		}
	}
	m, err := access.New(access.Question{People: []int64{1}, Supply: []float64{1}, Links: list([]int{0, 0}, nil, nil)}, access.Rule{Weight: access.Binary(1)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Open([]int32{1}, []int32{0}, 1); !errors.Is(err, access.ErrShape) {
		t.Errorf("opened at no place: %v", err)
	}
	if err := m.SetSupply(0, -1); !errors.Is(err, access.ErrShape) {
		t.Errorf("supplied less than nothing: %v", err)
	}
}
