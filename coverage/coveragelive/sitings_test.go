package coveragelive_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/coverage/siting"
)

// TestSitingInTheVillage holds each aim to an answer worked out by hand, and to a trial of
// all candidates one by one.
func TestSitingInTheVillage(t *testing.T) {
	t.Parallel()
	s := load(t)
	asked := coveragelive.SitingAsked{Query: canteens(600), Aim: coveragelive.MostPeople, Sites: 1, Rules: coveragelive.CandidateRules{SpacingM: 100}}
	got, err := s.Siting(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Plan.Sites) != 1 || !got.Plan.Proven() || got.Band != 0 || got.Query.Base != "resident" || got.Version != s.Version {
		t.Fatalf("%+v", got)
	}
	best := int64(0)
	for _, c := range got.Candidates {
		w, err := s.WhatIf(t.Context(), canteens(600), []coveragelive.Step{{Kind: coveragelive.AddSite, ID: "new", At: c.Point}})
		if err != nil {
			t.Fatal(err)
		}
		best = max(best, int64(w.After.Total[0].Covered))
	}
	if best != got.Plan.Value || int64(got.After.Total[0].Covered) != best || got.Before >= best {
		t.Errorf("%d covered, %d before; one by one %d", got.Plan.Value, got.Before, best)
	}
	if at := got.Places[int(got.Plan.Sites[0].Candidate)-1]; s.Divisions[at].NameZH != "东村" || got.After.AllUnits.With != 2 {
		t.Errorf("it lies in %v; %+v", s.Divisions[at].NameZH, got.After.AllUnits)
	}
	again, err := s.Siting(t.Context(), asked)
	if err != nil || !cmp.Equal(again.Plan, got.Plan) {
		t.Errorf("asked again: %v, %v", again, err)
	}

	asked.Aim, asked.Share = coveragelive.FewestSites, 0.6
	few, err := s.Siting(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	total := few.After.Total[0]
	if few.Plan.Value != 1 || !few.Plan.Proven() || total.Covered*10 < total.Population*6 {
		t.Errorf("%+v covers %+v", few.Plan, total)
	}

	asked.Aim, asked.Sites = coveragelive.ShortestWays, 2
	short, err := s.Siting(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	if short.Plan.Value >= short.Before || short.Plan.Bound > short.Plan.Value {
		t.Errorf("walks of %d, bound %d, were %d", short.Plan.Value, short.Plan.Bound, short.Before)
	}
}

func TestSitingWhereItMayBe(t *testing.T) {
	t.Parallel()
	s := load(t)
	asked := coveragelive.SitingAsked{
		Query: canteens(600), Aim: coveragelive.MostPeople, Sites: 1, Band: "70+", Within: []string{"990101001001"},
		Rules: coveragelive.CandidateRules{SpacingM: 100, Excluded: []orb.MultiPolygon{square(400, -100, 800, 100)}, Places: []coveragelive.CandidatePlace{{ID: "east", Point: at(1000, 0)}}},
	}
	got, err := s.Siting(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]coveragelive.Refused{{ID: "east", Reason: coveragelive.OutsideArea}}, got.Refused); d != "" {
		t.Error(d)
	}
	for i, c := range got.Candidates {
		if got.Places[i] < 0 || s.Divisions[got.Places[i]].NameZH != "西村" || c.Point.Lon() > at(400, 0).Lon() {
			t.Errorf("candidate %v in %d", c.Point, got.Places[i])
		}
	}
	if got.Band != 1 {
		t.Errorf("band %d", got.Band)
	}
}

func TestSitingRefuses(t *testing.T) {
	t.Parallel()
	s := load(t)
	usual := coveragelive.SitingAsked{Query: canteens(600), Aim: coveragelive.MostPeople, Sites: 1, Rules: coveragelive.CandidateRules{SpacingM: 100}}
	for name, c := range map[string]struct {
		change func(*coveragelive.SitingAsked)
		want   error
	}{
		"no such type":     {func(a *coveragelive.SitingAsked) { a.Type = "pub" }, coveragelive.ErrUnknownType},
		"no such base":     {func(a *coveragelive.SitingAsked) { a.Base = "registered" }, coveragelive.ErrUnknownBase},
		"nobody walks":     {func(a *coveragelive.SitingAsked) { a.Type = "columbarium" }, coveragelive.ErrNotWalked},
		"people drive":     {func(a *coveragelive.SitingAsked) { a.Type = "rescue_station" }, coveragelive.ErrNotWalked},
		"no such band":     {func(a *coveragelive.SitingAsked) { a.Band = "3+" }, coveragelive.ErrUnknownBand},
		"no such aim":      {func(a *coveragelive.SitingAsked) { a.Aim = "fame" }, coveragelive.ErrUnknownAim},
		"no site":          {func(a *coveragelive.SitingAsked) { a.Sites = 0 }, coveragelive.ErrBadCount},
		"too many sites":   {func(a *coveragelive.SitingAsked) { a.Sites = coveragelive.MostNewSites + 1 }, coveragelive.ErrBadCount},
		"more than all":    {func(a *coveragelive.SitingAsked) { a.Aim, a.Share = coveragelive.FewestSites, 1.1 }, coveragelive.ErrBadCount},
		"too long walks":   {func(a *coveragelive.SitingAsked) { a.LimitS = 7200 }, coveragelive.ErrTooWide},
		"nowhere":          {func(a *coveragelive.SitingAsked) { a.Rules = coveragelive.CandidateRules{} }, coveragelive.ErrNoCandidates},
		"too close":        {func(a *coveragelive.SitingAsked) { a.Rules.SpacingM = 1 }, coveragelive.ErrCandidates},
		"no such division": {func(a *coveragelive.SitingAsked) { a.Within = []string{"1"} }, coveragelive.ErrUnknownWithin},
		"out of reach":     {func(a *coveragelive.SitingAsked) { a.Aim, a.Share = coveragelive.FewestSites, 1 }, siting.ErrTarget},
	} {
		a := usual
		c.change(&a)
		if _, err := s.Siting(t.Context(), a); !errors.Is(err, c.want) {
			t.Errorf("%s: %v; want %v", name, err, c.want)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Siting(gone, usual); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits: %v", err)
	}
	var covered coverage.People
	if got, err := s.Siting(t.Context(), usual); err != nil || got.After.Total[0].Covered <= covered {
		t.Errorf("after all that: %v", err)
	}
}
