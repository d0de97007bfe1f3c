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
	"yike/coverage/coveragelive"
	"yike/coverage/siting"
	"yike/coverage/walknet"
)

// quarter is a lattice of streets, 6 by 6 blocks of 100 m, with a point of demand off each
// crossing drawn at random and one too far from any street.
func quarter(t *rapid.T) *coverage.Ground {
	var ways []walknet.Way
	for k := range 7 {
		across, up := walknet.Way{SourceID: fmt.Sprintf("x%d", k)}, walknet.Way{SourceID: fmt.Sprintf("y%d", k)}
		for l := range 7 {
			across.NodeIDs, up.NodeIDs = append(across.NodeIDs, int64(7*k+l+1)), append(up.NodeIDs, int64(7*l+k+1))
			across.Line = append(across.Line, at(float64(100*l), float64(100*k)))
			up.Line = append(up.Line, at(float64(100*k), float64(100*l)))
		}
		ways = append(ways, across, up)
	}
	net, _, err := walknet.Build(ways, nil, walknet.BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d := &coverage.Demand{Bands: []coverage.Band{{ID: "all", ToAge: -1, Widest: true}}, People: [][]coverage.People{nil}}
	add := func(p orb.Point) {
		d.IDs, d.Points = append(d.IDs, fmt.Sprint(len(d.IDs))), append(d.Points, p)
		d.Snaps, d.Division = append(d.Snaps, net.Snap(p, 60)), append(d.Division, -1)
		d.People[0] = append(d.People[0], coverage.People(rapid.Int64Range(0, 300_000).Draw(t, "people")))
	}
	for range rapid.IntRange(1, 30).Draw(t, "points") {
		add(at(float64(rapid.IntRange(0, 600).Draw(t, "east")), float64(rapid.IntRange(0, 600).Draw(t, "north"))))
	}
	add(at(5000, 5000))
	return coverage.NewGround(net, d, coverage.NewHierarchy(nil), 60)
}

func TestAnAnswerIsWhatItsPlanCovers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := quarter(t)
		var sites []coverage.Site
		for range rapid.IntRange(0, 2).Draw(t, "sites") {
			p := at(float64(rapid.IntRange(0, 600).Draw(t, "site east")), float64(rapid.IntRange(0, 600).Draw(t, "site north")))
			sites = append(sites, coverage.Site{ID: "old", Point: p, Snap: g.Network.Snap(p, 60), Division: -1})
		}
		b := g.Baseline(sites, coverage.Params{Limit: 200_000, Speed: 1000}, 1)
		rules := coveragelive.CandidateRules{
			SpacingM: 150, Excluded: []orb.MultiPolygon{square(0, 0, 250, 250)},
			Places: []coveragelive.CandidatePlace{{ID: "room", Point: at(410, 290)}, {ID: "away", Point: at(3000, 0)}, {ID: "park", Point: at(110, 100)}},
		}
		candidates, refused, err := coveragelive.Candidates(g.Network, rules, 60)
		if err != nil {
			t.Fatal(err)
		}
		wantRefused := []coveragelive.Refused{{ID: "away", Reason: coveragelive.OffTheStreet}, {ID: "park", Reason: coveragelive.InExcluded}}
		if d := cmp.Diff(wantRefused, refused); d != "" {
			t.Fatal(d)
		}
		q, err := coveragelive.SitingQuestion(t.Context(), b, candidates, nil, 0, 2)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := siting.MaxCoverage(t.Context(), q, siting.Limit{Sites: 2}, siting.Effort{})
		if err != nil {
			t.Fatal(err)
		}
		delta, err := b.Apply(coveragelive.PlanOf(b, candidates, answer))
		if err != nil {
			t.Fatal(err)
		}
		total := delta.Summary().Total[0]
		if int64(total.Covered) != answer.Value || int64(total.Population) != answer.Demand {
			t.Fatalf("the plan covers %d of %d, the answer %d of %d", total.Covered, total.Population, answer.Value, answer.Demand)
		}
		for _, s := range answer.Sites {
			if p := candidates[int(s.Candidate)-len(sites)].Point; p[0] < at(250, 0)[0] && p[1] < at(0, 250)[1] {
				t.Fatalf("a site in the excluded area: %v", p)
			}
		}
	})
}

func TestCandidatesByRules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := quarter(t)
		for name, rules := range map[string]coveragelive.CandidateRules{
			"too close":        {SpacingM: 1},
			"no number":        {SpacingM: math.NaN()},
			"too many":         {SpacingM: 20, Within: []orb.MultiPolygon{square(0, 0, 90_000, 90_000)}},
			"a price below":    {Places: []coveragelive.CandidatePlace{{Point: at(0, 0), Price: -1}}},
			"a capacity below": {Places: []coveragelive.CandidatePlace{{Point: at(0, 0), Capacity: -1}}},
		} {
			if _, _, err := coveragelive.Candidates(g.Network, rules, 60); !errors.Is(err, coveragelive.ErrCandidates) {
				t.Fatalf("%s: %v", name, err)
			}
		}
		rules := coveragelive.CandidateRules{
			Within: []orb.MultiPolygon{square(150, 150, 450, 450)}, SpacingM: 100,
			Places: []coveragelive.CandidatePlace{{ID: "out", Point: at(0, 0)}, {ID: "in", Point: at(200, 210), Price: 7, Capacity: 20_000}},
		}
		got, refused, err := coveragelive.Candidates(g.Network, rules, 60)
		if err != nil {
			t.Fatal(err)
		}
		if len(refused) != 1 || refused[0] != (coveragelive.Refused{ID: "out", Reason: coveragelive.OutsideArea}) {
			t.Fatalf("refused %v", refused)
		}
		if len(got) < 5 || got[0].ID != "in" {
			t.Fatalf("candidates %v", got)
		}
		b := g.Baseline(nil, coverage.Params{Limit: 200_000, Speed: 1000}, 1)
		q, err := coveragelive.SitingQuestion(t.Context(), b, got, nil, 0, 1)
		if err != nil || q.Price[0] != 7 || q.Price[1] != 1 || q.Capacity[0] > 20_000 || q.Capacity[1] < q.Weight[0] {
			t.Fatalf("prices %v, capacities %v: %v", q.Price, q.Capacity, err)
		}
		if _, err := coveragelive.SitingQuestion(t.Context(), b, got, []int64{1}, 0, 1); !errors.Is(err, coveragelive.ErrCandidates) {
			t.Fatalf("capacities of sites that are not there: %v", err)
		}
		b.Params.Mode = coverage.ByDivision
		if _, err := coveragelive.SitingQuestion(t.Context(), b, got, nil, 0, 1); !errors.Is(err, coveragelive.ErrCandidates) {
			t.Fatalf("nobody walks: %v", err)
		}
	})
}
