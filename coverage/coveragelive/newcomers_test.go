package coveragelive_test

import (
	"context"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
)

// aroundAsked is an estate of 1,000 people on the street of the village.
func aroundAsked(east float64) coveragelive.AroundAsked {
	return coveragelive.AroundAsked{Query: coveragelive.Query{LimitS: 600, Speed: 900}, At: at(east, -20), People: 1000}
}

func typeAround(t *testing.T, a *coveragelive.Around, id facilities.Type) coveragelive.AroundType {
	t.Helper()
	for _, x := range a.Types {
		if x.Type.Type == id {
			return x
		}
	}
	t.Fatalf("no %s", id)
	return coveragelive.AroundType{}
}

// TestAround asks one village everything, since loading it takes longest.
func TestAround(t *testing.T) {
	t.Parallel()
	s := load(t)
	for name, test := range map[string]func(*testing.T, *coveragelive.State){
		"the village": aroundTheVillage, "with what comes": aroundWithWhatComes, "an elder": aroundOfAnElder, "errors": aroundErrors, "like the people": likeThePeople, "the way out": theWayOut,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, s)
		})
	}
}

func aroundTheVillage(t *testing.T, s *coveragelive.State) {
	a, err := s.Around(t.Context(), aroundAsked(200))
	if err != nil {
		t.Fatal(err)
	}
	if a.Query.Base != divisions.Resident || a.Query.Type != "" || a.People[0] != 1000*coverage.Person || !a.Snap.OK() {
		t.Errorf("%+v, people %v", a.Query, a.People)
	}
	old := typeAround(t, a, "elderly_canteen")
	// 230 m at 0.9 m/s: 20 to the street, some 200 along it, 10 to the canteen.
	if old.Without.After.State != coverage.Covered || old.Without.Time != 255_478 || len(old.Strains) != 1 || old.With != nil || old.Gained != nil {
		t.Errorf("the canteen: %+v, loads %+v", old.Without, old.Strains)
	}
	today, err := s.Coverage(t.Context(), canteens(600))
	if err != nil {
		t.Fatal(err)
	}
	if got := old.Strains[0]; got.Before[0] != today.Summary.Total[0].Covered || got.CapacityKnown {
		t.Errorf("the only canteen has %v within its reach, %v are covered", got.Before[0], today.Summary.Total[0].Covered)
	}
	if c := typeAround(t, a, "columbarium"); c.Without.After.State != coverage.Covered || c.Strains != nil || c.Without.Time != walknet.Unreached {
		t.Errorf("by division: %+v", c.Without)
	}
	far, err := s.Around(t.Context(), aroundAsked(1400))
	if err != nil {
		t.Fatal(err)
	}
	if c := typeAround(t, far, "elderly_canteen").Without; c.Reason != coverage.NoneNear || c.Nearest != -1 {
		t.Errorf("far off: %+v", c)
	}
	for _, x := range far.Types {
		if x.Type.Type == "elderly_station" && x.Without.Reason != coverage.NoSite {
			t.Errorf("a type of which there is none: %+v", x.Without)
		}
	}
}

func aroundWithWhatComes(t *testing.T, s *coveragelive.State) {
	ask := aroundAsked(1400)
	ask.Planned = []coveragelive.PlannedSite{{ID: "x", Type: "columbarium", At: at(1400, 10)}, {ID: "y", Type: "elderly_canteen", At: at(1400, 10)}}
	a, err := s.Around(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	c := typeAround(t, a, "elderly_canteen")
	w, err := s.WhatIf(t.Context(), canteens(600), []coveragelive.Step{{Kind: "add", ID: "y", At: at(1400, 10)}})
	if err != nil {
		t.Fatal(err)
	}
	if c.Gained[0] != w.Delta.Total[0].Gained || c.Gained[0] == 0 || c.Uncovered[0] != w.Delta.Baseline.Summary.Total[0].Uncovered {
		t.Errorf("gains %v of %v, as a plan %v", c.Gained, c.Uncovered, w.Delta.Total[0].Gained)
	}
	if c.Without.After.State != coverage.Uncovered || c.With == nil || c.With.After.State != coverage.Covered {
		t.Errorf("the newcomers: %+v, with the canteen %+v", c.Without, c.With)
	}
	ask.Planned[1].At[0] = 200
	var step *coveragelive.StepError
	if _, err := s.Around(t.Context(), ask); !errors.As(err, &step) || step.Step != 1 || !errors.Is(err, coveragelive.ErrBadPlace) {
		t.Errorf("a canteen off the earth: %v", err)
	}
}

func aroundOfAnElder(t *testing.T, s *coveragelive.State) {
	ask := aroundAsked(200)
	ask.Profile = coverage.Elder
	a, err := s.Around(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	q := canteens(600)
	q.Profile = coverage.Elder
	w, err := s.WhatIf(t.Context(), q, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := typeAround(t, a, "elderly_canteen")
	if served := w.Delta.Baseline.Served[0][0]; c.Strains[0].Before[0] != served.Only+served.Shared || a.Query.Profile != coverage.Elder {
		t.Errorf("%v within an elder's reach, the baseline has %+v", c.Strains[0].Before[0], served)
	}
}

func theWayOut(t *testing.T, s *coveragelive.State) {
	// A field south of the street, whose northern border is 40 m from it; and the yard, which is nearer.
	field := square(300, -200, 400, -40)[0]
	e, ok := s.ExitOf(field)
	if !ok || e.Gate || e.Snap.AccessMM > 41_000 || e.Snap.AccessMM < 39_000 {
		t.Errorf("out of the field: %+v, %v", e, ok)
	}
	// Between both, with the yard, which is joined to nothing, 10 m off.
	if e, ok = s.ExitOf(square(50, 60, 150, 290)[0]); !ok || s.Network.Component(e.Snap.Edge) != 0 {
		t.Errorf("people come out where the street leads nowhere: %+v, %v", e, ok)
	}
	if _, ok := s.ExitOf(square(300, 3000, 400, 3100)[0]); ok {
		t.Error("out of fields far off")
	}
	if _, ok := s.ExitOf(nil); ok {
		t.Error("out of nothing")
	}
}

func aroundErrors(t *testing.T, s *coveragelive.State) {
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Around(gone, aroundAsked(0)); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits: %v", err)
	}
	for name, tc := range map[string]struct {
		change func(*coveragelive.AroundAsked)
		want   error
	}{
		"off the earth":   {func(a *coveragelive.AroundAsked) { a.At[1] = 91 }, coveragelive.ErrBadPlace},
		"an unknown base": {func(a *coveragelive.AroundAsked) { a.Base = "tourists" }, coveragelive.ErrUnknownBase},
		"too long a walk": {func(a *coveragelive.AroundAsked) { a.LimitS, a.Speed = 7200, 2000 }, coveragelive.ErrTooWide},
		"too much": {func(a *coveragelive.AroundAsked) {
			a.Planned = make([]coveragelive.PlannedSite, coveragelive.MostSteps+1)
		}, coveragelive.ErrTooManySteps},
	} {
		ask := aroundAsked(0)
		tc.change(&ask)
		if _, err := s.Around(t.Context(), ask); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
}

func likeThePeople(t *testing.T, s *coveragelive.State) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(-5, 1_000_000).Draw(t, "people")
		got := s.LikeThePeople(divisions.Resident, n)
		if want := coverage.People(max(n, 0)) * coverage.Person; got[0] != want || got[1] < 0 || got[1] > got[0] {
			t.Fatalf("%d people are %v", n, got)
		}
	})
	if got := s.LikeThePeople("tourists", 10); got[0] != 0 {
		t.Errorf("of no base: %v", got)
	}
}

func TestStrainsThatGrowMostComeFirst(t *testing.T) {
	t.Parallel()
	x := coveragelive.AroundType{Strains: []coveragelive.Strain{
		{Facility: 1, Before: []coverage.People{30}}, {Facility: 2, Before: []coverage.People{10}, Time: 9}, {Facility: 3, Before: []coverage.People{10}, Time: 2},
	}}
	x.SortStrains(0)
	if x.Strains[0].Facility != 3 || x.Strains[1].Facility != 2 || x.Strains[2].Facility != 1 {
		t.Errorf("%+v", x.Strains)
	}
}
