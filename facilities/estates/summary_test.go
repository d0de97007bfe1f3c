package estates_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/geo/divisions"
	"yike/internal/record"
	"yike/internal/rules"
)

// TestDebts has cases worked by hand from the sentences cited.
func TestDebts(t *testing.T) {
	t.Parallel()
	s := set(t)
	for _, tc := range []struct {
		name               string
		ctx                estates.Context
		norm               premises.Norm
		change             func(*estates.Estate, *estates.Context)
		owed, short, share string // share is "" for what it owes
		known, binds       bool
		ofTheCommunity     bool
	}{
		// S1: 30 m² per 100 households, 1,000 households: 300 m².
		{name: "Tianjin, enough", ctx: at(s, "120111"), norm: premises.CommunityNorm, owed: "300", short: "0", known: true, binds: true, ofTheCommunity: true},
		{
			name: "Tianjin, 50 short", ctx: at(s, "120111"), norm: premises.CommunityNorm,
			change: func(e *estates.Estate, _ *estates.Context) { e.Rooms[0].Area = m2(250) },
			owed:   "300", short: "50", known: true, binds: true, ofTheCommunity: true,
		},
		// The community as it will be lacks 50 of 900 m², although the estate brings more than its own 300.
		{
			name: "Tianjin, the community lacked it before", ctx: at(s, "120111"), norm: premises.CommunityNorm,
			change: func(e *estates.Estate, c *estates.Context) {
				e.Rooms[0].Area = m2(650)
				c.Community = estates.Community{Known: true, Households: 2000, Area: m2(200)}
			},
			owed: "700", short: "50", share: "300", known: true, binds: true, ofTheCommunity: true,
		},
		// The community has more than it needs, so that nothing lacks although the estate brings little.
		{
			name: "Tianjin, the community has enough", ctx: at(s, "120111"), norm: premises.CommunityNorm,
			change: func(e *estates.Estate, c *estates.Context) {
				e.Rooms[0].Area = m2(10)
				c.Community = estates.Community{Known: true, Households: 100, Area: m2(1000)}
			},
			owed: "0", short: "0", share: "300", known: true, binds: true, ofTheCommunity: true,
		},
		{
			name: "nobody knows the community", ctx: at(s, "120111"), norm: premises.CommunityNorm,
			change: func(_ *estates.Estate, c *estates.Context) { c.Community = estates.Community{} },
			owed:   "0", short: "0", share: "0", binds: true, ofTheCommunity: true, // in the country 300 m² would do whatever the households
		},
		// Xixian: 120,000 m² of housing ask 1,700 m².
		{
			name: "Xixian", ctx: at(s, "610100", "xixian"), norm: premises.CommunityNorm,
			change: func(e *estates.Estate, _ *estates.Context) { e.Rooms[0].Area = m2(1500.5) },
			owed:   "1700", short: "199.5", known: true, binds: true,
		},
		{
			name: "Xixian, housing unknown", ctx: at(s, "610100", "xixian"), norm: premises.CommunityNorm,
			change: func(e *estates.Estate, _ *estates.Context) { e.HousingFloor = 0 },
			owed:   "0", short: "0", binds: true,
		},
		// Dongchang: more than 30, so that nothing is missing where it fails by that alone.
		{
			name: "Dongchang, 30 exactly", ctx: at(s, "220502"), norm: premises.CommunityNorm,
			change: func(e *estates.Estate, _ *estates.Context) { e.Rooms[0].Area = m2(300) },
			owed:   "300", short: "0", known: true, binds: true, ofTheCommunity: true,
		},
		// Qingdao: 20 m² per 100, 1,000 households: 200 m².
		{name: "Qingdao", ctx: at(s, "370200"), norm: premises.ElderlyNorm, owed: "200", short: "0", known: true, binds: true},
		// Nothing that binds in Tianjin: what is remembered is for information.
		{
			name: "Tianjin, elderly", ctx: at(s, "120111"), norm: premises.ElderlyNorm,
			change: func(e *estates.Estate, _ *estates.Context) { e.Rooms = e.Rooms[:1] },
			owed:   "200", short: "200", known: true,
		},
		{
			name: "a room without an area", ctx: at(s, "370200"), norm: premises.ElderlyNorm,
			change: func(e *estates.Estate, _ *estates.Context) { e.Rooms[0].Area = 0 },
			owed:   "0", short: "0", binds: true,
		},
	} {
		e, ctx := estate(), tc.ctx
		if tc.change != nil {
			tc.change(&e, &ctx)
		}
		d := estates.CheckAll(s, e, ctx).Debt(e, tc.norm)
		if d.Owed.String() != tc.owed || d.Short.String() != tc.short || d.Share.String() != cmp.Or(tc.share, tc.owed) || d.ShortKnown != tc.known || d.Binds() != tc.binds || d.OfCommunity != tc.ofTheCommunity {
			t.Errorf("%s: owed %s, share %s, short %s, known %v, binds %v, of the community %v", tc.name, d.Owed, d.Share, d.Short, d.ShortKnown, d.Binds(), d.OfCommunity)
		}
		checkStanding(t, s, e, ctx, tc.norm, d)
		if !d.ShortKnown && d.WhyZH == "" {
			t.Errorf("%s: says not why", tc.name)
		}
	}
	if d := (estates.Held{}).Debt(premises.ElderlyNorm); d.Rule != nil || d.Binds() {
		t.Errorf("nothing was checked: %+v", d)
	}
}

// checkStanding holds that the report and the list of estates say the same.
func checkStanding(t *testing.T, s *rules.Set, e estates.Estate, ctx estates.Context, n premises.Norm, d estates.Debt) {
	t.Helper()
	st := estates.Stand(estates.NewChecker(s), estates.Item{Estate: e}, ctx, estates.Progress{})
	list := st.Community
	if n == premises.ElderlyNorm {
		list = st.Elderly
	}
	if (list.Owes != nil) != (d.Binds() && d.OwedKnown) || list.Owes != nil && (math.Abs(*list.Owes-d.Owed.M2()) > 0.01 || math.Abs(*list.Short-d.Short.M2()) > 0.01) {
		t.Errorf("the list says %+v, the report %+v", list, d)
	}
}

func town() []divisions.Division {
	return []divisions.Division{
		{Code: "120111", Level: divisions.District},
		{Code: "120111001", Level: divisions.Subdistrict, ParentCode: "120111"},
		{Code: "120111002", Level: divisions.Subdistrict, ParentCode: "120111"},
		{Code: "120111001001", Level: divisions.Community, ParentCode: "120111001"},
		{Code: "120111001002", Level: divisions.Community, ParentCode: "120111001"},
		{Code: "120111002001", Level: divisions.Community, ParentCode: "120111002"},
	}
}

// drawEstate draws an estate of which this and that is not known.
func drawEstate(t *rapid.T, n int) estates.Estate {
	e := estate()
	e.ID = fmt.Sprintf("e%d", n)
	e.Kind = rapid.SampledFrom([]estates.Kind{estates.New, estates.Built}).Draw(t, "kind")
	e.DivisionCode = rapid.SampledFrom([]string{"120111001001", "120111001002", "120111002001", "120111002", "nowhere", ""}).Draw(t, "division")
	e.Households = rapid.IntRange(0, 3000).Draw(t, "households")
	e.CompletedOn = record.Day(rapid.SampledFrom([]string{"", "2015-12-31", "2016-01-01", "2024-05-01"}).Draw(t, "completed"))
	e.Rooms = slices.Clone(e.Rooms[:rapid.IntRange(0, 2).Draw(t, "rooms")])
	for i := range e.Rooms {
		e.Rooms[i].Area = premises.Area(rapid.Int64Range(0, 120_000).Draw(t, "area"))
		e.Rooms[i].Phase = rapid.IntRange(0, 3).Draw(t, "phase")
	}
	if rapid.Bool().Draw(t, "phased") {
		half := e.Households / 2
		e.Phases = []estates.Phase{{No: 1, Households: half}, {No: 2, Households: e.Households - half}}
	}
	return e
}

func TestTheReportAddsUp(t *testing.T) {
	t.Parallel()
	s := set(t)
	rapid.Check(t, func(t *rapid.T) {
		ctx := rapid.SampledFrom([]estates.Context{at(s, "120111"), at(s, "610100", "xixian"), at(s, "370200"), at(s, "220502")}).Draw(t, "place")
		var all []estates.Held
		for i := range rapid.IntRange(0, 8).Draw(t, "estates") {
			h := estates.Hold(estates.NewChecker(s), drawEstate(t, i), estates.Progress{}, ctx)
			checkPhases(t, h.Estate)
			all = append(all, h)
		}
		r := estates.Summarise(ctx.Regions, today, all, town())
		rows := append(slices.Clone(r.Communities), r.Elsewhere)
		sum := rows[0]
		sum.Balances = slices.Clone(rows[0].Balances)
		for _, row := range rows[1:] {
			sum.Built += row.Built
			addOutcomes(&sum.Outcomes, row.Outcomes)
			for i, o := range row.Balances {
				addBalance(&sum.Balances[i], o)
			}
		}
		if sum.Outcomes != r.All.Outcomes || sum.Built != r.All.Built || !slices.Equal(sum.Balances, r.All.Balances) {
			t.Fatalf("communities and elsewhere come to %+v, all are %+v", sum, r.All)
		}
		if n := r.All.Outcomes; n.Estates+r.All.Built != len(all) || n.Compliant+n.NotCompliant+n.Open != n.Estates {
			t.Fatalf("%d estates, %+v", len(all), r.All)
		}
		for _, list := range [][]estates.Trend{r.Completed, r.Concluded} {
			var of estates.Outcomes
			for _, year := range list {
				addOutcomes(&of, year.Outcomes)
			}
			if of != r.All.Outcomes {
				t.Fatalf("years come to %+v, all are %+v", of, r.All.Outcomes)
			}
		}
		for _, o := range r.All.Balances {
			if o.Short > o.Owed || o.InDebt+o.Unknown > o.Estates {
				t.Fatalf("%+v", o)
			}
		}
		checkRates(t, r)
	})
}

func addOutcomes(t *estates.Outcomes, o estates.Outcomes) {
	t.Estates += o.Estates
	t.Compliant += o.Compliant
	t.NotCompliant += o.NotCompliant
	t.Open += o.Open
	t.Households += o.Households
	t.People += o.People
}

func addBalance(t *estates.Balance, o estates.Balance) {
	t.Owed += o.Owed
	t.Provided += o.Provided
	t.Short += o.Short
	t.Estates += o.Estates
	t.InDebt += o.InDebt
	t.Unknown += o.Unknown
}

func checkPhases(t *rapid.T, e estates.Estate) {
	var households int
	var community, elderly premises.Area
	for _, p := range e.ByPhase() {
		households += p.Households
		community += p.Community
		elderly += p.Elderly
	}
	if community != e.For(premises.CommunityNorm) || elderly != e.For(premises.ElderlyNorm) {
		t.Fatalf("phases have %s and %s", community, elderly)
	}
	phased := 0
	for _, p := range e.Phases {
		phased += p.Households
	}
	if households != max(e.Households, phased) {
		t.Fatalf("phases have %d households of %d", households, e.Households)
	}
}

// checkRates holds that no estate is counted twice, and that what is undetermined never raises a rate.
func checkRates(t *rapid.T, r estates.Report) {
	if len(r.Rates) != len(estates.Rates()) {
		t.Fatalf("%d rates", len(r.Rates))
	}
	for _, rate := range r.Rates {
		ids := slices.Concat(rate.Passed, rate.Failed, rate.Undetermined, rate.Undated)
		slices.Sort(ids)
		if len(slices.Compact(slices.Clone(ids))) != len(ids) {
			t.Fatalf("%s counts an estate twice: %v", rate.ID, ids)
		}
		is, ok := rate.Percent()
		most, _ := rate.AtMost()
		if ok != (rate.Denominator() > 0) || is > most || most > 100 || len(rate.Undetermined) > 0 && is == 100 {
			t.Fatalf("%s: %v, at most %v", rate.ID, is, most)
		}
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	s := set(t)
	made := func(id string, change func(*estates.Estate)) estates.Estate {
		e := estate()
		e.ID, e.CompletedOn = id, "2020-05-01"
		change(&e)
		return e
	}
	list := []estates.Estate{
		made("good", func(*estates.Estate) {}),
		made("bad", func(e *estates.Estate) { e.Rooms = e.Rooms[:1]; e.Rooms[0].Area = m2(100) }),
		made("unknown", func(e *estates.Estate) {
			e.Rooms[1].Area, e.Rooms[1].Land = 0, 0
		}),
		made("old", func(e *estates.Estate) { e.Kind, e.CompletedOn = estates.Built, "2015-12-31" }),
		made("undated", func(e *estates.Estate) { e.Kind, e.CompletedOn = estates.Built, "" }),
		made("running", func(e *estates.Estate) { e.CompletedOn = "" }),
	}
	for place, want := range map[string]map[estates.RateID]string{
		"120111": {
			estates.RateCompliant: "[good running] [bad] [unknown] []",
			estates.RateCommunity: "[] [] [] []", // no tiers there
			// Without elderly premises there is no land for them: RAT-07 fails.
			estates.RateElderly:   "[good running] [bad] [unknown] []",
			estates.RateSince2015: "[good] [bad] [unknown] [undated]",
		},
		"xixian": {
			estates.RateCompliant: "[good running] [bad] [unknown] []",
			estates.RateCommunity: "[good running] [bad] [unknown] []",
			estates.RateElderly:   "[good running] [bad] [unknown] []",
			estates.RateSince2015: "[good] [bad] [unknown] [undated]",
		},
	} {
		ctx := at(s, place)
		if place == "xixian" {
			ctx = at(s, "610100", "xixian")
		}
		var all []estates.Held
		for _, e := range list {
			all = append(all, estates.Hold(estates.NewChecker(s), e, estates.Progress{}, ctx))
		}
		for _, r := range estates.Summarise(ctx.Regions, today, all, nil).Rates {
			if got := fmt.Sprint(r.Passed, r.Failed, r.Undetermined, r.Undated); got != want[r.ID] {
				t.Errorf("%s in %s: %s, want %s", r.ID, place, got, want[r.ID])
			}
			if r.Sentence == "" || r.Grade == "" || r.WhatZH == "" || r.WhatEN == "" {
				t.Errorf("%s says not what it is", r.ID)
			}
			if r.Here != (r.Region == "12" && place == "120111" || r.Region == place) {
				t.Errorf("%s here: %v in %s", r.ID, r.Here, place)
			}
		}
	}
}

func TestStages(t *testing.T) {
	t.Parallel()
	s := set(t)
	ctx := at(s, "120111")
	pass := func(p estates.Progress, m estates.Milestone, day record.Day) estates.Progress {
		p, err := p.Ask(ask(m, day), duties())
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range duties() {
			if d.Milestone == m {
				if p, err = p.Answer(answer(m, d.Norm, d.Office, estates.Agreed, day)); err != nil {
					t.Fatal(err)
				}
			}
		}
		return p
	}
	var done estates.Progress
	for i, m := range estates.Milestones() {
		done = pass(done, m, record.Day(fmt.Sprintf("202%d-01-01", i)))
	}
	running := pass(estates.Progress{}, estates.PlanningConditions, "2026-01-01")
	running, err := running.Ask(ask(estates.PlanReview, "2026-02-01"), duties())
	if err != nil {
		t.Fatal(err)
	}
	old := estate()
	old.Kind = estates.Built
	all := []estates.Held{
		estates.Hold(estates.NewChecker(s), estate(), done, ctx), estates.Hold(estates.NewChecker(s), estate(), running, ctx),
		estates.Hold(estates.NewChecker(s), estate(), estates.Progress{}, ctx), estates.Hold(estates.NewChecker(s), old, estates.Progress{}, ctx),
	}
	r := estates.Summarise(ctx.Regions, today, all, town())
	var got []string
	for _, st := range r.Stages {
		got = append(got, fmt.Sprint(st.Passed, st.Asked, st.Waiting, st.Overdue, st.Conform))
	}
	if want := []string{"2 0 1 0 2", "1 1 0 1 1", "1 0 0 0 1", "1 0 0 0 1", "1 0 0 0 1"}; !slices.Equal(got, want) {
		t.Errorf("passed, asked, waiting, overdue, conform: %q, want %q", got, want)
	}
	if got := fmt.Sprint(r.Concluded[0].Year, r.Concluded[0].Outcomes.Estates, r.Concluded[1].Year, r.Concluded[1].Outcomes.Estates); got != "2023 1 0 2" {
		t.Errorf("concluded %s", got)
	}
}

func TestRetrofit(t *testing.T) {
	t.Parallel()
	s := set(t)
	ctx := at(s, "120111")
	make := func(id string, kind estates.Kind, completed record.Day, measured int, rooms []estates.Room) estates.Held {
		e := estate()
		e.ID, e.Name, e.Kind, e.CompletedOn, e.Measured, e.Rooms = id, id, kind, completed, measured, rooms
		return estates.Hold(estates.NewChecker(s), e, estates.Progress{}, ctx)
	}
	community := estate().Rooms[:1]
	small := slices.Clone(community)
	small[0].Area, small[0].LedgerID = m2(100), "own"
	all := []estates.Held{
		make("enough", estates.New, "2020-01-01", 10, estate().Rooms),
		make("few", estates.Built, "2010-01-01", 100, small),
		make("many", estates.New, "2018-01-01", 900, small),
		make("bare", estates.Built, "", 0, nil),
		make("planned", estates.New, "2027-01-01", 0, nil),
		make("running", estates.New, "", 0, nil),
	}
	here := orb.Point{117, 39}
	room := func(id string, east float64, area float64, change func(*premises.Room)) premises.Room {
		r := premises.Room{ID: id, Placed: true, Point: orb.Point{117 + east, 39}, Area: m2(area), Floor: "1", State: premises.HandedOver, PresentUse: premises.Vacant, ApprovedUse: premises.ElderlyService}
		change(&r)
		return r
	}
	none := func(*premises.Room) {}
	ledger := []premises.Room{
		room("own", 0, 900, none),
		room("far", 0.02, 900, none),
		room("used", 0, 900, func(r *premises.Room) { r.PresentUse = premises.Culture }),
		room("upstairs", 0, 900, func(r *premises.Room) { r.Floor = "4" }),
		room("unmeasured", 0, 0, none),
		room("small", 0.0001, 50, none),
		room("large", 0.002, 400, none),
		room("leased", 0.001, 300, func(r *premises.Room) { r.Title = premises.TitleLeased }),
		room("other", 0.003, 600, func(r *premises.Room) { r.ApprovedUse = premises.Culture }),
	}
	where := map[string]orb.Point{"many": here, "few": here}
	list := estates.RetrofitList(ctx.Regions, today, all, ledger, where)
	var got []string
	for _, r := range list {
		got = append(got, fmt.Sprint(r.Estate.ID, " ", r.Age, " ", r.Affected, " ", r.Counted, " ", r.Nothing, " ", r.Late))
	}
	want := []string{"bare undated 3100 false false true", "many since_2015 900 true true true", "few older 100 true false true"}
	if !slices.Equal(got, want) {
		t.Fatalf("%q, want %q", got, want)
	}
	said := func(r estates.Retrofit, n premises.Norm) string {
		var out string
		for _, w := range r.Suggested[n] {
			out += string(w.Way) + ":"
			for _, near := range w.Rooms {
				out += fmt.Sprintf(" %s%v%v", near.Room.ID, near.AllOfIt, near.NewUse)
			}
			out += "; "
			if w.WhyZH == "" || w.WhyEN == "" {
				t.Errorf("%s says not why", w.Way)
			}
		}
		return out
	}
	// 200 m² of elderly premises lack, and 200 of community ones.
	if got, want := said(list[1], premises.ElderlyNorm), "exchange: largetruefalse othertruetrue smallfalsefalse; lease: leasedtruefalse; "; got != want {
		t.Errorf("many: %s, want %s", got, want)
	}
	if got, want := said(list[0], premises.ElderlyNorm), "purchase:; "; got != want {
		t.Errorf("bare: %s, want %s", got, want)
	}
	for _, r := range estates.RetrofitList(nil, today, all, nil, where) {
		if r.Deadline != nil || r.Late || r.Suggested[premises.ElderlyNorm][0].Way != estates.Purchase {
			t.Errorf("elsewhere, with an empty ledger: %+v", r.Deadline)
		}
	}
}
