package coveragelive_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/coverage"
	"yike/coverage/access"
	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
)

func TestSupplyReachesWhomItCovers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := quarter(t)
		p := at(float64(rapid.IntRange(0, 600).Draw(t, "site east")), 300)
		b := g.Baseline([]coverage.Site{{ID: "home", Point: p, Snap: g.Network.Snap(p, 60), Division: -1}},
			coverage.Params{Limit: 300_000, Speed: 1000}, 1)
		m, err := access.New(coveragelive.AccessQuestion(b, []int32{0}, []float64{40}, 0), access.Rule{Weight: access.Binary(300_000)})
		if err != nil {
			t.Fatal(err)
		}
		covered := float64(b.Summary.Total[0].Covered) / float64(coverage.Person)
		for i, state := range b.Result.State {
			want := 0.0
			if state == coverage.Covered && covered > 0 {
				want = 40 / covered
			}
			if got := m.Access()[i]; math.Abs(got-want) > 1e-9*max(1, want) {
				t.Fatalf("point %d, %v, has %v instead of %v", i, state, got, want)
			}
		}
	})
}

// supplied is the village with capacities: 40 in the old canteen, 25 in the planned one.
func supplied(t *testing.T) *coveragelive.State {
	t.Helper()
	s := load(t)
	for i, f := range s.Facilities {
		switch f.NameZH {
		case "老食堂":
			s.Facilities[i].Capacity = 40
		case "新食堂":
			s.Facilities[i].Capacity = 25
		}
	}
	return s
}

func nearly(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b)) }

// rules are what the methods are by the papers.
func rules(limit int32) map[coveragelive.AccessMethod]access.Rule {
	bell := access.Gaussian(limit)
	return map[coveragelive.AccessMethod]access.Rule{
		coveragelive.TwoStep:         {Weight: access.Binary(limit)},
		coveragelive.GaussianTwoStep: {Weight: bell},
		coveragelive.EnhancedTwoStep: {Weight: access.Thirds(limit)},
		coveragelive.Gravity:         {Weight: access.Inverse(limit, 60_000)},
		coveragelive.ThreeStep:       {Weight: bell, Choice: bell},
	}
}

// checkAccess holds figures to a measure of the open facilities that is made anew, and to
// the law of access.
func checkAccess(t *rapid.T, s *coveragelive.State, a *coveragelive.Access, f *coveragelive.AccessFigures, net *walknet.Network, d *coverage.Demand) {
	b := a.Delta.Baseline
	var sites []coverage.Site
	var supply []float64
	var numbers []int
	var which []int32
	for i, site := range f.Sites {
		if !site.Counts() {
			continue
		}
		at := a.Delta.Sites[i]
		if f == a.Before {
			at = b.Sites[i]
		}
		at.Snap = net.Snap(at.Point, s.SnapLimitM)
		which = append(which, int32(len(sites)))
		sites, supply, numbers = append(sites, at), append(supply, site.Capacity), append(numbers, i)
	}
	anew := coverage.NewGround(net, d, s.Hierarchy, s.SnapLimitM).Baseline(sites, b.Params, 1)
	m, err := access.New(coveragelive.AccessQuestion(anew, which, supply, a.Band), rules(int32(b.Params.Limit))[a.Method])
	if err != nil {
		t.Fatal(err)
	}
	handed := 0.0
	for i, has := range m.Access() {
		if !nearly(has, f.Access[i]) {
			t.Fatalf("%s: point %d has %v, anew %v", a.Method, i, f.Access[i], has)
		}
		handed += has * float64(d.People[a.Band][i]) / float64(coverage.Person)
	}
	reached := 0.0
	for k, i := range numbers {
		site := f.Sites[i]
		if !nearly(site.Demand, m.Demand(k)) || !nearly(site.Ratio, m.Ratio(k)) {
			t.Fatalf("%s: facility %d is shared among %v, anew %v", a.Method, i, site.Demand, m.Demand(k))
		}
		if served := anew.Served[k][a.Band]; site.Within != served.Only+served.Shared {
			t.Fatalf("%s: %v are within reach of facility %d, anew %v", a.Method, site.Within, i, served)
		}
		if site.Demand > 0 {
			reached += site.Capacity
		}
	}
	if !nearly(f.Handed, handed) || !nearly(f.Reached, reached) || !nearly(f.Handed, f.Reached) {
		t.Fatalf("%s: %v of %v are handed out; anew %v of %v", a.Method, f.Handed, f.Reached, handed, reached)
	}
}

// TestAccessOfAPlanIsWorkedOutAnew takes random steps with random capacities, by every method.
func TestAccessOfAPlanIsWorkedOutAnew(t *testing.T) {
	t.Parallel()
	s := supplied(t)
	old, planned := canteen(t, s, "老食堂"), canteen(t, s, "新食堂")
	methods := []coveragelive.AccessMethod{"2sfca", "gaussian", "enhanced", "gravity", "3sfca"}
	rapid.Check(t, func(rt *rapid.T) {
		ask := coveragelive.AccessAsked{
			Query: canteens(rapid.SampledFrom([]int{300, 900}).Draw(rt, "limit")), Method: rapid.SampledFrom(methods).Draw(rt, "method"),
			Band: rapid.SampledFrom([]string{"", "70+"}).Draw(rt, "band"), Unknown: float64(rapid.SampledFrom([]int{0, 10}).Draw(rt, "unknown")),
		}
		ids := []string{old, planned}
		reopened := false
		for i := range rapid.IntRange(0, 4).Draw(rt, "steps") {
			where := at(float64(rapid.IntRange(-50, 1600).Draw(rt, "east")), float64(rapid.IntRange(-50, 350).Draw(rt, "north")))
			step := coveragelive.Step{
				Kind: rapid.SampledFrom([]coveragelive.StepKind{"add", "add", "move", "close", "reopen", "close_way", "add_path"}).Draw(rt, "kind"),
				ID:   rapid.SampledFrom(ids).Draw(rt, "id"), At: where,
			}
			switch step.Kind {
			case coveragelive.AddSite:
				step.ID = fmt.Sprint("new", i)
				ids = append(ids, step.ID)
				if rapid.Bool().Draw(rt, "a capacity") {
					ask.Capacities = append(ask.Capacities, coveragelive.PlannedCapacity{ID: step.ID, Capacity: float64(rapid.IntRange(0, 50).Draw(rt, "capacity"))})
				}
			case coveragelive.ReopenSite:
				reopened = reopened || step.ID == planned
			case coveragelive.MoveSite:
				if step.ID == planned && !reopened {
					continue
				}
			case coveragelive.CloseWay:
				step.ID = rapid.SampledFrom([]string{"street", "yard"}).Draw(rt, "way")
			case coveragelive.AddPath:
				step.ID, step.Line = fmt.Sprint("path", i), orb.LineString{at(100, 300), at(100, 0)}
			}
			ask.Steps = append(ask.Steps, step)
		}
		if rapid.Bool().Draw(rt, "enlarge") {
			ask.Capacities = append(ask.Capacities, coveragelive.PlannedCapacity{ID: old, Capacity: float64(rapid.IntRange(0, 90).Draw(rt, "larger"))})
		}
		a, err := s.Access(t.Context(), ask)
		if errors.Is(err, walknet.ErrLoosePath) {
			return
		}
		if err != nil {
			rt.Fatal(err)
		}
		checkAccess(rt, s, a, a.Before, s.Network, s.Demand[a.Query.Base])
		if a.After == nil {
			if len(ask.Steps)+len(ask.Capacities) > 0 {
				rt.Fatal("a plan has no figures")
			}
			return
		}
		checkAccess(rt, s, a, a.After, a.Delta.Network, a.Delta.Demand())
		checkRise(rt, a)
	})
}

// checkRise counts who has more and who has less one by one.
func checkRise(t *rapid.T, a *coveragelive.Access) {
	d, h := a.Delta.Baseline.Ground.Demand, a.Delta.Baseline.Ground.Hierarchy
	rise, fall := make([]coverage.People, h.Len()+1), make([]coverage.People, h.Len()+1)
	for i, n := range d.People[a.Band] {
		into := rise
		if change := a.After.Access[i] - a.Before.Access[i]; math.Abs(change) < 1e-11 {
			continue
		} else if change < 0 {
			into = fall
		}
		into[h.Len()] += n
		for at := range h.Len() {
			if h.At(d.Division[i], h.Level(int32(at))) == int32(at) {
				into[at] += n
			}
		}
	}
	if diff := cmp.Diff([][]coverage.People{rise, fall}, [][]coverage.People{a.Rise, a.Fall}); diff != "" {
		t.Fatal(diff)
	}
}

func TestCapacitiesThatNobodyRecorded(t *testing.T) {
	t.Parallel()
	s := load(t)
	old := canteen(t, s, "老食堂")
	limit := 900
	ask := func(unknown float64, capacities ...coveragelive.PlannedCapacity) *coveragelive.Access {
		t.Helper()
		a, err := s.Access(t.Context(), coveragelive.AccessAsked{Query: canteens(limit), Method: "2sfca", Unknown: unknown, Capacities: capacities, Under: []float64{0.5, 9}})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	none := ask(0)
	if f := none.Before; f.Supply != 0 || f.Handed != 0 || f.All.Mean != 0 || f.All.Lorenz != nil || f.All.Without != f.All.People || none.After != nil ||
		f.Capacity != (coveragelive.CapacityCensus{Open: 1, Unknown: 1}) || f.Sites[0].Source != coveragelive.Nowhere || f.Sites[0].Counts() {
		t.Errorf("left out: %+v", f)
	}
	if none.Unsnapped != 12_345 {
		t.Errorf("%v are off the network", none.Unsnapped)
	}
	stated := ask(30)
	if f := stated.Before; f.Supply != 30 || !nearly(f.Handed, 30) || f.Capacity != (coveragelive.CapacityCensus{Open: 1, Stated: 1}) || len(f.All.Lorenz) != 21 ||
		f.All.Under[1] != f.All.People || f.All.Under[0] == 0 {
		t.Errorf("one value for all: %+v", f)
	}
	larger := ask(0, coveragelive.PlannedCapacity{ID: old, Capacity: 60})
	if f := larger.After; f.Supply != 60 || f.Capacity != (coveragelive.CapacityCensus{Open: 1, Planned: 1}) || larger.Before.Supply != 0 || larger.Rise[len(larger.Rise)-1] == 0 {
		t.Errorf("a plan that says it: %+v", f)
	}
	empty := ask(0, coveragelive.PlannedCapacity{ID: old})
	if f := empty.After; f.Supply != 0 || f.Capacity != (coveragelive.CapacityCensus{Open: 1, Planned: 1, Zero: 1}) || f.Sites[0].Demand == 0 || f.Sites[0].Ratio != 0 || f.Handed != 0 {
		t.Errorf("a facility with room for nobody: %+v", f)
	}
	info, _ := s.TypeInfo("elderly_canteen")
	for i := range s.Facilities { // the registry says 0, which is known
		if s.Facilities[i].ID == old {
			s.Facilities[i].Fields = map[string]any{info.CapacityField: 0.0}
		}
	}
	limit = 840 // a question that is not known yet
	if f := ask(31).Before; f.Capacity != (coveragelive.CapacityCensus{Open: 1, Recorded: 1, Zero: 1}) {
		t.Errorf("a recorded capacity of 0: %+v", f.Capacity)
	}
}

func TestFacilitiesOfNoRecordedTier(t *testing.T) {
	t.Parallel()
	s := supplied(t)
	q := canteens(900)
	q.Tier = 15
	a, err := s.Access(t.Context(), coveragelive.AccessAsked{Query: q, Method: "gaussian"})
	if err != nil {
		t.Fatal(err)
	}
	if a.Untiered != 1 || a.Before.Capacity != (coveragelive.CapacityCensus{}) || a.Before.Supply != 0 {
		t.Errorf("%d of no tier, %+v", a.Untiered, a.Before)
	}
}

func TestAFacilityThatNobodyReaches(t *testing.T) {
	t.Parallel()
	s := supplied(t)
	a, err := s.Access(t.Context(), coveragelive.AccessAsked{
		Query: canteens(300), Method: "gaussian", Steps: []coveragelive.Step{{Kind: "add", ID: "far", At: at(700, 9000)}},
		Capacities: []coveragelive.PlannedCapacity{{ID: "far", Capacity: 7}},
	})
	if err != nil {
		t.Fatal(err)
	}
	f := a.After
	if f.Supply != 47 || f.Reached != 40 || !nearly(f.Handed, 40) || f.Capacity.Unreached != 1 || f.Sites[1].Demand != 0 {
		t.Errorf("%+v", f)
	}
	if diff := cmp.Diff(a.Before.Access, f.Access); diff != "" || a.Rise[len(a.Rise)-1]+a.Fall[len(a.Fall)-1] != 0 {
		t.Errorf("it changes something: %s", diff)
	}
}

func TestABandThatNobodyIsIn(t *testing.T) {
	t.Parallel()
	s := supplied(t)
	d := s.Demand["resident"]
	clear(d.People[1])
	a, err := s.Access(t.Context(), coveragelive.AccessAsked{Query: canteens(900), Method: "3sfca", Band: "70+"})
	if err != nil {
		t.Fatal(err)
	}
	if f := a.Before; f.All.People != 0 || f.All.At != nil || f.Reached != 0 || f.Handed != 0 || f.Supply != 40 || f.Capacity.Unreached != 1 || f.All.Lorenz != nil {
		t.Errorf("%+v", f)
	}
}

func TestAccessThatCannotBeAsked(t *testing.T) {
	t.Parallel()
	s := supplied(t)
	old := canteen(t, s, "老食堂")
	usual := coveragelive.AccessAsked{Query: canteens(900), Method: "gaussian"}
	for name, c := range map[string]struct {
		change func(*coveragelive.AccessAsked)
		want   error
	}{
		"no such type":       {func(a *coveragelive.AccessAsked) { a.Type = "pub" }, coveragelive.ErrUnknownType},
		"no such base":       {func(a *coveragelive.AccessAsked) { a.Base = "registered" }, coveragelive.ErrUnknownBase},
		"nobody walks there": {func(a *coveragelive.AccessAsked) { a.Type = "columbarium" }, coveragelive.ErrNotWalked},
		"no such band":       {func(a *coveragelive.AccessAsked) { a.Band = "7+" }, coveragelive.ErrUnknownBand},
		"no such method":     {func(a *coveragelive.AccessAsked) { a.Method = "4sfca" }, coveragelive.ErrUnknownMethod},
		"less than nothing":  {func(a *coveragelive.AccessAsked) { a.Unknown = -1 }, coveragelive.ErrCapacity},
		"no number":          {func(a *coveragelive.AccessAsked) { a.Unknown = math.NaN() }, coveragelive.ErrCapacity},
		"a threshold of 0":   {func(a *coveragelive.AccessAsked) { a.Under = []float64{0} }, coveragelive.ErrThresholds},
		"many thresholds":    {func(a *coveragelive.AccessAsked) { a.Under = []float64{1, 2, 3, 4, 5, 6} }, coveragelive.ErrThresholds},
		"too wide":           {func(a *coveragelive.AccessAsked) { a.LimitS = 7200 }, coveragelive.ErrTooWide},
		"a step":             {func(a *coveragelive.AccessAsked) { a.Steps = []coveragelive.Step{{Kind: "fly"}} }, coveragelive.ErrStepKind},
		"capacity of another": {func(a *coveragelive.AccessAsked) {
			a.Capacities = []coveragelive.PlannedCapacity{{ID: "x", Capacity: 1}}
		}, coveragelive.ErrNoFacility},
		"capacity twice": {func(a *coveragelive.AccessAsked) { a.Capacities = []coveragelive.PlannedCapacity{{ID: old}, {ID: old}} }, coveragelive.ErrSameID},
		"capacity below none": {func(a *coveragelive.AccessAsked) {
			a.Capacities = []coveragelive.PlannedCapacity{{ID: old, Capacity: -1}}
		}, coveragelive.ErrCapacity},
		"capacity without end": {func(a *coveragelive.AccessAsked) {
			a.Capacities = []coveragelive.PlannedCapacity{{ID: old, Capacity: math.Inf(1)}}
		}, coveragelive.ErrCapacity},
	} {
		ask := usual
		c.change(&ask)
		_, err := s.Access(t.Context(), ask)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		var which *coveragelive.PlannedCapacityError
		if len(ask.Capacities) > 0 && (!errors.As(err, &which) || which.At != len(ask.Capacities)-1) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
