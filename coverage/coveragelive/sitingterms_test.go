package coveragelive_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/coverage/siting"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo"
	"yike/geo/divisions"
)

// oracle knows who in the village walks how long to which place, and tries every choice.
type oracle struct {
	people [][]int64 // per band and point
	times  [][]int64 // per place and point, −1 where nobody can walk there
}

// openCanteen is the one that is open, the only one in the village.
func openCanteen(s *coveragelive.State) *facilities.Facility {
	i := slices.IndexFunc(s.Facilities, func(f facilities.Facility) bool { return f.Type == "elderly_canteen" && f.Status == facilities.Open })
	return &s.Facilities[i]
}

// newOracle walks from places, the open canteen first, on the village's streets.
func newOracle(s *coveragelive.State, places []coveragelive.CandidatePlace, limitS int) oracle {
	d := s.Demand[divisions.Resident]
	o := oracle{}
	for _, row := range d.People {
		counts := make([]int64, len(row))
		for i, n := range row {
			counts[i] = int64(n)
		}
		o.people = append(o.people, counts)
	}
	snaps := []walknet.Snap{s.Network.Snap(openCanteen(s).Point, s.SnapLimitM)}
	for _, p := range places {
		snaps = append(snaps, s.Network.Snap(p.Point, s.SnapLimitM))
	}
	lists := s.Network.NewPlaces(d.Snaps).Lists(snaps, walknet.Milliseconds(limitS)*1000, 900, 1)
	for row := range snaps {
		times := slices.Repeat([]int64{-1}, len(d.Points))
		points, walks := lists.Of(row)
		for at, i := range points {
			times[i] = int64(walks[at])
		}
		o.times = append(o.times, times)
	}
	return o
}

// subsets calls with every set of candidates, each with the open canteen where that stays.
func (o oracle) subsets(stays bool, each func(chosen, open []int)) {
	for mask := range 1 << (len(o.times) - 1) {
		var chosen, open []int
		if stays {
			open = append(open, 0)
		}
		for k := range len(o.times) - 1 {
			if mask&(1<<k) != 0 {
				chosen, open = append(chosen, k), append(open, k+1)
			}
		}
		each(chosen, open)
	}
}

func (o oracle) covered(weight []int64, open []int) int64 {
	sum := int64(0)
	for i, w := range weight {
		if slices.ContainsFunc(open, func(j int) bool { return o.times[j][i] >= 0 }) {
			sum += w
		}
	}
	return sum
}

// longest is the longest of the shortest walks of everybody who can walk to some place; −1
// where somebody of them cannot walk to an open one.
func (o oracle) longest(weight []int64, open []int) int64 {
	worst := int64(0)
	for i, w := range weight {
		best, any := int64(-1), false
		for j, row := range o.times {
			any = any || row[i] >= 0
			if row[i] >= 0 && slices.Contains(open, j) && (best < 0 || row[i] < best) {
				best = row[i]
			}
		}
		switch {
		case w == 0 || !any:
		case best < 0:
			return -1
		default:
			worst = max(worst, best)
		}
	}
	return worst
}

// served is how many find a place, by the theorem of Ford and Fulkerson: the least cut over
// all sets of sites. A site in the set is cut off by its capacity, the people whom it alone
// leaves to the others by their number.
func (o oracle) served(weight []int64, open []int, room func(j int) int64) int64 {
	least := int64(math.MaxInt64)
	for mask := range 1 << len(open) {
		cut := int64(0)
		for at, j := range open {
			if mask&(1<<at) != 0 {
				cut += room(j)
			}
		}
		for i, w := range weight {
			for at, j := range open {
				if mask&(1<<at) == 0 && o.times[j][i] >= 0 {
					cut += w
					break
				}
			}
		}
		least = min(least, cut)
	}
	return least
}

// proposed draws places along the village's street.
func proposed(t *rapid.T, most int) []coveragelive.CandidatePlace {
	var out []coveragelive.CandidatePlace
	for k := range rapid.IntRange(1, most).Draw(t, "places") {
		east := rapid.IntRange(0, 30).Draw(t, "east")
		out = append(out, coveragelive.CandidatePlace{ID: fmt.Sprintf("p%d", k), Kind: coveragelive.GivenPlace, Point: at(float64(50*east), 0)})
	}
	return out
}

func idsOf(got *coveragelive.Siting) []string {
	var out []string
	for _, s := range got.Plan.Sites {
		out = append(out, got.Candidates[int(s.Candidate)-len(got.Delta.Baseline.Sites)].ID)
	}
	return out
}

// mustBe holds the value of an answer between the best there is and what it says of itself.
func mustBe(t *rapid.T, got *siting.Plan, best int64, more bool) {
	t.Helper()
	if got.Proven() && got.Value != best || more && (got.Value > best || got.Bound < best) || !more && (got.Value < best || got.Bound > best) {
		t.Fatalf("value %d, bound %d, the best is %d", got.Value, got.Bound, best)
	}
}

func longestIsShortest(t *rapid.T, s *coveragelive.State) {
	places := proposed(t, 7)
	a := coveragelive.SitingAsked{
		Query: canteens(600), Aim: coveragelive.ShortestLongest, Sites: rapid.IntRange(1, 4).Draw(t, "sites"), Rules: coveragelive.CandidateRules{Places: places},
	}
	o := newOracle(s, places, 10_000)
	best := int64(math.MaxInt64)
	o.subsets(true, func(chosen, open []int) {
		if l := o.longest(o.people[0], open); l >= 0 && len(chosen) <= a.Sites {
			best = min(best, l)
		}
	})
	got, err := s.Siting(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	mustBe(t, got.Plan, best, false)
	if before := o.longest(o.people[0], []int{0}); got.Before != before {
		t.Fatalf("%d before, %d by hand", got.Before, before)
	}
	// The yard is an island and the fields are off the streets: named, and left out.
	want := []coveragelive.LeftOut{
		{Division: s.Hierarchy.Find("990101001001"), Why: coverage.OnIsland, People: 70_000, Points: 1},
		{Division: s.Hierarchy.Find("990101001002"), Why: coverage.NoPath, People: 12_345, Points: 1},
	}
	if d := cmp.Diff(want, got.LeftOut); d != "" {
		t.Fatal(d)
	}
}

// TestSitingTerms holds answers to a trial of every choice.
func TestSitingTerms(t *testing.T) {
	t.Parallel()
	unknown, known := load(t), load(t)
	openCanteen(known).Capacity = 3
	for name, c := range map[string]struct {
		state *coveragelive.State
		holds func(*rapid.T, *coveragelive.State)
	}{
		"the longest walk is the shortest":           {unknown, longestIsShortest},
		"a budget is never exceeded":                 {unknown, budgetHolds},
		"preferred people count more":                {unknown, preferredCountMore},
		"candidates keep to every rule":              {unknown, rulesHold},
		"a capacity is never exceeded":               {known, capacitiesHold},
		"a capacity is never exceeded by the others": {unknown, capacitiesHold},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) { c.holds(t, c.state) })
		})
	}
	t.Run("the field at fault is named", func(t *testing.T) {
		t.Parallel()
		namesTheField(t, unknown)
	})
}

func capacitiesHold(t *rapid.T, s *coveragelive.State) {
	places := proposed(t, 5)
	for k := range places {
		places[k].Capacity = rapid.Int64Range(0, 8).Draw(t, "own")
	}
	a := coveragelive.SitingAsked{
		Query: canteens(600), Aim: coveragelive.MostPeople, Sites: rapid.IntRange(1, 3).Draw(t, "sites"), Rules: coveragelive.CandidateRules{Places: places},
		Capacity: coveragelive.CapacityAsked{New: rapid.Int64Range(1, 6).Draw(t, "new"), UseRate: rapid.SampledFrom([]float64{0.12, 0.5, 1}).Draw(t, "rate")},
	}
	a.Capacity.Unknown = rapid.SampledFrom([]coveragelive.Unknown{coveragelive.Boundless, coveragelive.NotCounted}).Draw(t, "unknown")
	units := func(j int) int64 {
		if j == 0 {
			return int64(openCanteen(s).Capacity)
		}
		if own := places[j-1].Capacity; own > 0 {
			return own
		}
		return a.Capacity.New
	}
	room := func(j int) int64 {
		if units(j) == 0 {
			return 1 << 40
		}
		return int64(float64(units(j)) * 10_000 / a.Capacity.UseRate)
	}
	o := newOracle(s, places, 600)
	stays := openCanteen(s).Capacity > 0 || a.Capacity.Unknown == coveragelive.Boundless
	best, before := int64(0), int64(0)
	o.subsets(stays, func(chosen, open []int) {
		if len(chosen) == 0 {
			before = o.served(o.people[0], open, room)
		}
		if len(chosen) <= a.Sites {
			best = max(best, o.served(o.people[0], open, room))
		}
	})
	got, err := s.Siting(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	mustBe(t, got.Plan, best, true)
	if got.Before != before {
		t.Fatalf("%d served today, %d by hand", got.Before, before)
	}
	sum, open := int64(0), []int{}
	for _, e := range got.Loads.Existing {
		if e.LeftOut == stays || int64(e.Load) > room(0) {
			t.Fatalf("%+v, stays %v, room for %d", e, stays, room(0))
		}
		sum += int64(e.Load)
		if stays {
			open = append(open, 0)
		}
	}
	for k, c := range got.Plan.Sites {
		j := slices.IndexFunc(places, func(p coveragelive.CandidatePlace) bool { return p.ID == idsOf(got)[k] }) + 1
		if c.Load > room(j) {
			t.Fatalf("%d people in a place for %d", c.Load, room(j))
		}
		sum, open = sum+c.Load, append(open, j)
	}
	if l := got.Loads; sum != int64(l.Served) || l.Served+l.TurnedAway != coverage.People(o.covered(o.people[0], open)) || int64(l.Served) != got.Plan.Value {
		t.Fatalf("%+v; loads of %d", l, sum)
	}
}

func budgetHolds(t *rapid.T, s *coveragelive.State) {
	places := proposed(t, 8)
	even := rapid.Bool().Draw(t, "even")
	for k := range places {
		if !even && rapid.Bool().Draw(t, "priced") {
			places[k].Price = rapid.Int64Range(1, 9).Draw(t, "price")
		}
	}
	a := coveragelive.SitingAsked{
		Query: canteens(300), Aim: rapid.SampledFrom([]coveragelive.Aim{coveragelive.MostPeople, coveragelive.FewestSites}).Draw(t, "aim"),
		Sites: rapid.IntRange(1, 4).Draw(t, "sites"), Price: rapid.Int64Range(1, 9).Draw(t, "all"), Rules: coveragelive.CandidateRules{Places: places},
	}
	if rapid.Bool().Draw(t, "requires") {
		a.Required = []string{places[rapid.IntRange(0, len(places)-1).Draw(t, "required")].ID}
	}
	stays := !rapid.Bool().Draw(t, "replaces")
	if !stays {
		a.Replaced = []string{openCanteen(s).ID}
	}
	price := func(k int) int64 {
		if places[k].Price > 0 {
			return places[k].Price
		}
		return a.Price
	}
	o := newOracle(s, places, 300)
	share := rapid.IntRange(1, 5).Draw(t, "tenths")
	if a.Aim == coveragelive.MostPeople {
		a.Budget = rapid.Int64Range(9, 30).Draw(t, "budget")
	} else {
		a.Share = float64(share) / 10
	}
	cost := func(chosen []int) int64 {
		sum := int64(0)
		for _, k := range chosen {
			sum += price(k)
		}
		return sum
	}
	fits := func(chosen []int) bool {
		return len(a.Required) == 0 || slices.ContainsFunc(chosen, func(k int) bool { return places[k].ID == a.Required[0] })
	}
	total := int64(0)
	for _, n := range o.people[0] {
		total += n
	}
	most, cheapest, fewest := int64(-1), int64(-1), -1
	o.subsets(stays, func(chosen, open []int) {
		covers := o.covered(o.people[0], open)
		if !fits(chosen) {
			return
		}
		if a.Aim == coveragelive.MostPeople && len(chosen) <= a.Sites && cost(chosen) <= a.Budget {
			most = max(most, covers)
		}
		if covers*10 >= total*int64(share) {
			if c := cost(chosen); cheapest < 0 || c < cheapest {
				cheapest = c
			}
			if fewest < 0 || len(chosen) < fewest {
				fewest = len(chosen)
			}
		}
	})
	got, err := s.Siting(t.Context(), a)
	if a.Aim == coveragelive.FewestSites && cheapest < 0 {
		if !errors.Is(err, siting.ErrTarget) {
			t.Fatalf("nobody can cover so many: %v", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	chosen := idsOf(got)
	for _, id := range a.Required {
		if !slices.Contains(chosen, id) || len(got.Required) != 1 {
			t.Fatalf("%s was required; %v chosen", id, chosen)
		}
	}
	if !stays == got.Delta.Open[0] {
		t.Fatal("what is replaced is open, or what stays is closed")
	}
	switch {
	case a.Aim == coveragelive.MostPeople:
		mustBe(t, got.Plan, most, true)
		if got.Cost > a.Budget || len(chosen) > a.Sites || got.Plan.Value != int64(got.After.Total[0].Covered) {
			t.Fatalf("%d sites for %d of %d; covers %d", len(chosen), got.Cost, a.Budget, got.After.Total[0].Covered)
		}
	case got.Priced:
		mustBe(t, got.Plan, cheapest, false)
		if got.Cost != got.Plan.Value {
			t.Fatalf("it costs %d and says %d", got.Cost, got.Plan.Value)
		}
	default:
		mustBe(t, got.Plan, int64(fewest), false)
	}
}

func preferredCountMore(t *rapid.T, s *coveragelive.State) {
	places := proposed(t, 7)
	a := coveragelive.SitingAsked{
		Query: canteens(300), Aim: coveragelive.MostPeople, Sites: rapid.IntRange(1, 3).Draw(t, "sites"), Rules: coveragelive.CandidateRules{Places: places},
		Prefer: coveragelive.Preference{Band: "70+", Times: rapid.IntRange(2, 10).Draw(t, "times")},
	}
	o := newOracle(s, places, 300)
	weight := slices.Clone(o.people[0])
	for i, n := range o.people[1] {
		weight[i] += n * int64(a.Prefer.Times-1)
	}
	best := int64(0)
	o.subsets(true, func(chosen, open []int) {
		if len(chosen) <= a.Sites {
			best = max(best, o.covered(weight, open))
		}
	})
	got, err := s.Siting(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	mustBe(t, got.Plan, best, true)
	if before := o.covered(weight, []int{0}); got.Before != before {
		t.Fatalf("%d before, %d by hand", got.Before, before)
	}
}

// rulesHold says that no candidate lies where it may not, and that no
// proposed place is lost.
func rulesHold(t *rapid.T, s *coveragelive.State) {
	box := func(what string) (west, east float64, area orb.MultiPolygon) {
		west = float64(rapid.IntRange(-50, 1200).Draw(t, what))
		east = west + float64(rapid.IntRange(50, 900).Draw(t, what+" wide"))
		return west, east, square(west, -200, east, 200)
	}
	west, east, only := box("only")
	notWest, notEast, not := box("not")
	a := coveragelive.SitingAsked{
		Query: canteens(600), Aim: coveragelive.MostPeople, Sites: 2, ApartM: float64(rapid.IntRange(0, 400).Draw(t, "apart")),
		Rules: coveragelive.CandidateRules{SpacingM: 60, Within: []orb.MultiPolygon{only}, Excluded: []orb.MultiPolygon{not}, Places: proposed(t, 6)},
	}
	a.Rules.Dismissed = []coveragelive.Refused{{ID: "room", Kind: coveragelive.RoomPlace, Reason: "too dark"}}
	village := ""
	if rapid.Bool().Draw(t, "in a village") {
		village, a.Within = "990101001002", []string{"990101001002"}
	}
	got, err := s.Siting(t.Context(), a)
	if errors.Is(err, coveragelive.ErrNoCandidates) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	lon := func(east float64) float64 { return at(east, 0)[0] }
	for i, c := range got.Candidates {
		x := c.Point[0]
		if x < lon(west) || x > lon(east) || x > lon(notWest) && x < lon(notEast) || geo.Distance(c.Point, openCanteen(s).Point) < a.ApartM {
			t.Fatalf("a candidate at %v: only %v–%v, not %v–%v, apart %v", x, west, east, notWest, notEast, a.ApartM)
		}
		if village != "" && s.Divisions[got.Places[i]].Code != village {
			t.Fatalf("a candidate in %v", s.Divisions[got.Places[i]])
		}
	}
	told := map[string]bool{}
	for _, c := range got.Candidates {
		told[c.ID] = true
	}
	for _, r := range got.Refused {
		if told[r.ID] || r.Reason == "" {
			t.Fatalf("%+v is told twice or without a reason", r)
		}
		told[r.ID] = true
	}
	for _, p := range append(slices.Clone(a.Rules.Places), coveragelive.CandidatePlace{ID: "room"}) {
		if !told[p.ID] {
			t.Fatalf("%s is lost", p.ID)
		}
	}
}

func namesTheField(t *testing.T, s *coveragelive.State) {
	t.Helper()
	points := []coveragelive.CandidatePlace{{ID: "a", Kind: coveragelive.GivenPlace, Point: at(900, 0)}, {ID: "b", Kind: coveragelive.GivenPlace, Point: at(1200, 0)}}
	priced := []coveragelive.CandidatePlace{{ID: "a", Point: at(900, 0), Price: 5}, {ID: "b", Point: at(1200, 0)}}
	for name, c := range map[string]struct {
		change func(*coveragelive.SitingAsked)
		field  string
		want   error
	}{
		"no such aim":             {func(a *coveragelive.SitingAsked) { a.Aim = "fame" }, "aim", coveragelive.ErrUnknownAim},
		"no sites":                {func(a *coveragelive.SitingAsked) { a.Sites = 0 }, "sites", coveragelive.ErrBadCount},
		"no share":                {func(a *coveragelive.SitingAsked) { a.Aim, a.Share = coveragelive.FewestSites, math.NaN() }, "share", coveragelive.ErrBadCount},
		"no distance":             {func(a *coveragelive.SitingAsked) { a.ApartM = math.NaN() }, "candidates/apart_m", coveragelive.ErrBadNumber},
		"a division unheard of":   {func(a *coveragelive.SitingAsked) { a.Within = []string{"990101001001", "1"} }, "candidates/within/1", coveragelive.ErrUnknownWithin},
		"a budget for the fewest": {func(a *coveragelive.SitingAsked) { a.Aim, a.Share, a.Budget = coveragelive.FewestSites, 0.5, 10 }, "budget", coveragelive.ErrNotOfAim},
		"prices for the longest": {func(a *coveragelive.SitingAsked) {
			a.Aim, a.Budget, a.Price, a.Rules.Places = coveragelive.ShortestLongest, 10, 1, priced
		}, "budget", coveragelive.ErrNotOfAim},
		"a budget without prices": {func(a *coveragelive.SitingAsked) { a.Budget = 10 }, "price", coveragelive.ErrNoPrice},
		"some without a price":    {func(a *coveragelive.SitingAsked) { a.Rules.Places = priced }, "price", coveragelive.ErrNoPrice},
		"a price below":           {func(a *coveragelive.SitingAsked) { a.Price = -1 }, "price", coveragelive.ErrBadNumber},
		"a budget beyond":         {func(a *coveragelive.SitingAsked) { a.Budget = coveragelive.MostPrice + 1 }, "budget", coveragelive.ErrBadNumber},
		"a place's price below":   {func(a *coveragelive.SitingAsked) { a.Rules.Places = []coveragelive.CandidatePlace{{Price: -1}} }, "candidates/points", coveragelive.ErrBadNumber},
		"a place's capacity beyond": {func(a *coveragelive.SitingAsked) {
			a.Rules.Places = []coveragelive.CandidatePlace{{Capacity: coveragelive.MostUnits + 1}}
		}, "candidates/points", coveragelive.ErrBadNumber},
		"the required are too dear": {func(a *coveragelive.SitingAsked) {
			a.Budget, a.Price, a.Sites, a.Required = 3, 2, 2, []string{"a", "b"}
		}, "budget", coveragelive.ErrOverBudget},
		"more required than sites": {func(a *coveragelive.SitingAsked) { a.Required = []string{"a", "b"} }, "required", coveragelive.ErrManyRequired},
		"what is required is away": {func(a *coveragelive.SitingAsked) { a.Sites, a.Required = 2, []string{"a", "moon"} }, "required/1", coveragelive.ErrNotCandidate},
		"what is replaced is away": {func(a *coveragelive.SitingAsked) { a.Replaced = []string{"moon"} }, "replaced/0", coveragelive.ErrNotOpen},
		"capacities for walks":     {func(a *coveragelive.SitingAsked) { a.Aim, a.Capacity.New = coveragelive.ShortestWays, 3 }, "capacity", coveragelive.ErrNotOfAim},
		"nobody says how many":     {func(a *coveragelive.SitingAsked) { a.Capacity.New = 3 }, "capacity/use_rate", coveragelive.ErrNoUse},
		"no use rate":              {func(a *coveragelive.SitingAsked) { a.Capacity.New, a.Capacity.UseRate = 3, math.NaN() }, "capacity/use_rate", coveragelive.ErrBadNumber},
		"a capacity below":         {func(a *coveragelive.SitingAsked) { a.Capacity.New = -1 }, "capacity/new", coveragelive.ErrBadNumber},
		"no such rule": {func(a *coveragelive.SitingAsked) {
			a.Capacity = coveragelive.CapacityAsked{New: 1, UseRate: 1, Unknown: "maybe"}
		}, "capacity/unknown", coveragelive.ErrBadNumber},
		"nothing has a capacity": {func(a *coveragelive.SitingAsked) {
			a.Capacity = coveragelive.CapacityAsked{UseRate: 1, Unknown: coveragelive.Boundless}
		}, "capacity/new", coveragelive.ErrNoCapacity},
		"preferring everybody": {func(a *coveragelive.SitingAsked) { a.Prefer = coveragelive.Preference{Band: "20+", Times: 2} }, "prefer/band", coveragelive.ErrBandApart},
		"preferring others": {func(a *coveragelive.SitingAsked) {
			a.Band, a.Prefer = "70+", coveragelive.Preference{Band: "20+", Times: 2}
		}, "prefer/band", coveragelive.ErrBandApart},
		"preferring nobody":   {func(a *coveragelive.SitingAsked) { a.Prefer = coveragelive.Preference{Band: "3+", Times: 2} }, "prefer/band", coveragelive.ErrUnknownBand},
		"preferring a little": {func(a *coveragelive.SitingAsked) { a.Prefer = coveragelive.Preference{Band: "70+", Times: 1} }, "prefer/times", coveragelive.ErrBadNumber},
		"preferring for the longest": {func(a *coveragelive.SitingAsked) {
			a.Aim, a.Prefer = coveragelive.ShortestLongest, coveragelive.Preference{Band: "70+", Times: 2}
		}, "prefer", coveragelive.ErrNotOfAim},
		"preferring within places": {func(a *coveragelive.SitingAsked) {
			a.Capacity, a.Prefer = coveragelive.CapacityAsked{New: 1, UseRate: 1}, coveragelive.Preference{Band: "70+", Times: 2}
		}, "prefer", coveragelive.ErrNotOfAim},
	} {
		a := coveragelive.SitingAsked{Query: canteens(600), Aim: coveragelive.MostPeople, Sites: 1, Rules: coveragelive.CandidateRules{Places: points}}
		c.change(&a)
		_, err := s.Siting(t.Context(), a)
		var at *coveragelive.FieldError
		if !errors.As(err, &at) || at.Field != c.field || !errors.Is(err, c.want) {
			t.Errorf("%s: %v; want %s: %v", name, err, c.field, c.want)
		}
	}
	a := coveragelive.SitingAsked{
		Query: canteens(600), Aim: coveragelive.MostPeople, Sites: 1, Rules: coveragelive.CandidateRules{Places: points}, Capacity: coveragelive.CapacityAsked{New: 1, UseRate: 1},
	}
	var unknown *coveragelive.UnknownCapacityError
	if _, err := s.Siting(t.Context(), a); !errors.As(err, &unknown) || len(unknown.Facilities) != 1 || unknown.Facilities[0].Status != facilities.Open {
		t.Errorf("a capacity that nobody knows: %v", err)
	}
}
