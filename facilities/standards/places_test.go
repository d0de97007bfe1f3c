package standards

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yike/geo/divisions"
	"yike/internal/rules"
)

type goldenPlace struct {
	id, where string
	p         Place
	want      rules.Outcome // "" where nothing is to be found
}

func everyLevel() map[divisions.Level]bool {
	return map[divisions.Level]bool{divisions.Subdistrict: true, divisions.Community: true, divisions.Grid: true}
}

// placeGoldens are worked by hand, each threshold at, just under and just over.
func placeGoldens() []goldenPlace {
	const pass, fail, open, no = rules.Pass, rules.Fail, rules.Undetermined, rules.NotApplicable
	of := func(level divisions.Level, change func(*Place)) Place {
		p := Place{Division: divisions.Division{Level: level, Complete: true}, Has: everyLevel()}
		if change != nil {
			change(&p)
		}
		return p
	}
	centres := func(n int) Place { return of(divisions.Subdistrict, func(p *Place) { p.Centres = n }) }
	homes := func(level divisions.Level, n int, s divisions.Setting) Place {
		return of(level, func(p *Place) {
			p.Setting, p.Households = s, divisions.Households{Count: n, Source: divisions.HouseholdsDeclared}
		})
	}
	staffed := func(households, workers int) Place {
		p := homes(divisions.Community, households, divisions.Urban)
		in := Number(float64(workers))
		p.Workers = &in
		return p
	}
	seams := func(gap, overlap float64) Place {
		return of(divisions.Community, func(p *Place) { p.Seams = &Seams{gap, overlap} })
	}
	ledger := func(rooms, complete int) Place {
		return of(divisions.Subdistrict, func(p *Place) { p.Ledger = &Ledger{rooms, complete} })
	}
	cut := centres(0)
	cut.Division.Complete = false
	without := func(levels ...divisions.Level) Place {
		p := of(divisions.District, nil)
		for _, l := range levels {
			delete(p.Has, l)
		}
		return p
	}
	noGrids := seams(0, 0)
	delete(noGrids.Has, divisions.Grid)
	return []goldenPlace{
		{"FAC-07", xiqing, centres(1), pass},
		{"FAC-07", xiqing, centres(0), fail},
		{"FAC-07", xiqing, cut, open},
		{"FAC-07", dongchang, centres(0), no},
		{"FAC-07", xiqing, without(divisions.Subdistrict), open},
		{"FAC-07", xiqing, without(), ""},
		{"FAC-30", dongchang, homes(divisions.Grid, 300, divisions.Urban), pass},
		{"FAC-30", dongchang, homes(divisions.Grid, 500, divisions.Urban), pass},
		{"FAC-30", dongchang, homes(divisions.Grid, 299, divisions.Urban), fail},
		{"FAC-30", dongchang, homes(divisions.Grid, 501, divisions.Urban), fail},
		{"FAC-30", dongchang, homes(divisions.Grid, 20, divisions.Rural), no},
		{"FAC-30", dongchang, homes(divisions.Grid, 300, ""), open},
		{"FAC-30", dongchang, of(divisions.Grid, func(p *Place) { p.Setting = divisions.Urban }), open},
		{"FAC-30", dongchang, without(divisions.Grid), open},
		{"FAC-31", xiqing, staffed(660, 2), pass},
		{"FAC-31", xiqing, staffed(661, 2), fail},
		{"FAC-31", xiqing, staffed(661, 0), open},
		{"FAC-31", xiqing, homes(divisions.Community, 660, divisions.Urban), open},
		{"FAC-31", tianjin, staffed(661, 1), no},
		{"FAC-32", dongchang, seams(0.3, 0.4), pass},
		{"FAC-32", dongchang, seams(0, 1), fail},
		{"FAC-32", dongchang, seams(1, 0), fail},
		{"FAC-32", dongchang, of(divisions.Community, nil), open},
		{"FAC-32", dongchang, noGrids, ""},
		{"FAC-32", dongchang, without(divisions.Grid), open},
		{"FAC-33", elsewhere, homes(divisions.Community, 100, divisions.Urban), pass},
		{"FAC-33", elsewhere, homes(divisions.Community, 700, divisions.Urban), pass},
		{"FAC-33", elsewhere, homes(divisions.Community, 99, divisions.Urban), fail},
		{"FAC-33", elsewhere, homes(divisions.Community, 701, divisions.Urban), fail},
		{"FAC-33", elsewhere, homes(divisions.Community, 701, divisions.Rural), no},
		{"FAC-33", elsewhere, of(divisions.Community, func(p *Place) { p.Setting = divisions.Urban }), open},
		{"FAC-33", elsewhere, without(divisions.Community), open},
		{"FAC-34 ledger", xiqing, ledger(40, 40), pass},
		{"FAC-34 ledger", xiqing, ledger(40, 39), fail},
		{"FAC-34 ledger", xiqing, ledger(0, 0), open},
		{"FAC-34 ledger", xiqing, of(divisions.Subdistrict, nil), open},
	}
}

func find(set *rules.Set, g goldenPlace) *rules.Finding {
	all := CheckPlace(set, g.p, Context{Regions: set.Chain(g.where), Day: "2026-11-27"})
	for i := range all {
		if all[i].Rule.Aspect == g.id || all[i].Rule.ID == g.id {
			return &all[i]
		}
	}
	return nil
}

func TestGoldenOfPlaces(t *testing.T) {
	t.Parallel()
	set, _ := load(t)
	for i, g := range placeGoldens() {
		found := find(set, g)
		switch {
		case g.want == "" && found != nil:
			t.Errorf("%d %s of a %s: found %s, want none", i, g.id, g.p.Division.Level, found.Outcome)
		case g.want != "" && (found == nil || found.Outcome != g.want):
			t.Errorf("%d %s of a %s: %+v, want %s", i, g.id, g.p.Division.Level, found, g.want)
		case g.want == rules.Undetermined && (found.ReasonZH == "" || found.ReasonEN == ""):
			t.Errorf("%d %s: nothing says why", i, g.id)
		}
	}
	if got := CheckPlace(set, Place{Division: divisions.Division{Level: divisions.City}}, Context{}); got != nil {
		t.Errorf("a city is held to %v", got)
	}
}

// Of what is not known nothing passes, whatever the level and the place.
func TestUnknownPlaceNeverPasses(t *testing.T) {
	t.Parallel()
	set, _ := load(t)
	rapid.Check(t, func(t *rapid.T) {
		g := rapid.SampledFrom(placeGoldens()).Draw(t, "case")
		if rapid.Bool().Draw(t, "no households") {
			g.p.Households = divisions.Households{}
		}
		if rapid.Bool().Draw(t, "no setting") {
			g.p.Setting = ""
		}
		if rapid.Bool().Draw(t, "no workers") {
			g.p.Workers = nil
		}
		if rapid.Bool().Draw(t, "no ledger") {
			g.p.Ledger = nil
		}
		if rapid.Bool().Draw(t, "no seams") {
			g.p.Seams = nil
		}
		for _, f := range CheckPlace(set, g.p, Context{Regions: set.Chain(g.where), Day: "2026-11-27"}) {
			for _, in := range f.Inputs {
				if in.Value == nil && (f.Outcome == rules.Pass || in.WhyZH == "" || in.WhyEN == "") {
					t.Fatalf("%s: %s, %s is not known: %q", f.Rule.ID, f.Outcome, in.Name, in.WhyEN)
				}
			}
		}
	})
}

// catalogueRow is what the written catalogue of checks (§6b) says of one, held against the
// rules: where with which severity and evidence, since when, and of which inputs.
type catalogueRow struct{ id, where, from, inputs string }

func catalogueRows() []catalogueRow {
	const plan = "2021-01-01"
	return []catalogueRow{
		{"FAC-01", "120111 error S0", plan, "beds"},
		{"FAC-02", "120111 error S0", plan, "floor_area"},
		{"FAC-03", "120111 error S0", plan, "dormitory_area beds"},
		{"FAC-04", "120111 error S0", plan, "outdoor_area"},
		{"FAC-05", "all error R", "2003-08-01", "rooms_men rooms_women"},
		{"FAC-06", "12 error S1, 52 warning r", plan, "floor_area"},
		{"FAC-07", "12 error S1", plan, "centres_in_subdistrict"},
		{"FAC-08", "all warning r", "", "farthest_home_m"},
		{"FAC-09", "all warning r", "", "farthest_home_m type"},
		{"FAC-10", "35 warning r, 52 warning r", "", "farthest_home_m"},
		{"FAC-11", "12 warning S1, xixian warning S3, 220502 warning S4", plan, "farthest_home_min"},
		{"FAC-12", "all warning r", "", "floor_area beds"},
		{"FAC-13", "all warning r", "", "land_area beds"},
		{"FAC-14", "all warning r", "", "beds"},
		{"FAC-15", "all error r", "", "room_area beds single_room_area double_room_area"},
		{"FAC-16", "all error r", "", "rest_area places"},
		{"FAC-17", "all warning r", "", "dining_seats places dining_area"},
		{"FAC-18", "all warning r", "", "footprint land_area own_site"},
		{"FAC-19", "12 info P", plan, "health_station_m"},
		{"FAC-20", "34 info r", "", "meals_at_once dining_area"},
		{"FAC-21", "34 info r", "", "diners dining_area floor"},
		{"FAC-22", "all error r", "", "food_licence fire_safety"},
		{"FAC-23", "all warning r", "", "spaces_total residents_served mortality_permille"},
		{"FAC-24", "all warning P", "", "spaces_free spaces_total residents_served mortality_permille"},
		{"FAC-25", "all info R unread", "", "forbidden_ground"},
		{"FAC-26", "11 error R, 41 error R, 34 error r", "", "plot_area double_plot_area multiple_plot_area"},
		{"FAC-27", "all info R unread", "", "outsiders_buried kind"},
		{"FAC-28", "120111 warning S0", plan, "fate level"},
		{"FAC-29", "220502 warning S4", plan, "rooms"},
		{"FAC-30", "220502 warning S4", plan, "households setting"},
		{"FAC-31", "120111 warning S0", plan, "households workers"},
		{"FAC-32", "220502 error S4", plan, "grid_gap_m2 grid_overlap_m2"},
		{"FAC-33", "all info R", "", "households setting"},
		{"FAC-34", "120111 warning S2", "2022-01-01", "ledger_complete ledger_rooms ledger_filled ledger_asked"},
	}
}

func TestCatalogueOfChecks(t *testing.T) {
	t.Parallel()
	set, _ := load(t)
	rows := map[string]*catalogueRow{}
	var ids []string
	add := func(list *string, sep, word string) {
		if !strings.Contains(sep+*list+sep, sep+word+sep) {
			*list = strings.TrimPrefix(*list+sep+word, sep)
		}
	}
	for i := range set.Rules {
		r := &set.Rules[i]
		row := rows[r.ID]
		if row == nil {
			row = &catalogueRow{id: r.ID, from: string(r.From)}
			rows[r.ID] = row
			ids = append(ids, r.ID)
		}
		where := "all"
		if len(r.Regions) > 0 {
			where = strings.Join(r.Regions, "+")
		}
		where += " " + string(r.Severity) + " " + string(r.Grade)
		if r.Unread {
			where += " unread"
		}
		add(&row.where, ", ", where)
		for _, in := range r.Inputs() {
			add(&row.inputs, " ", in)
		}
	}
	var got []catalogueRow
	for _, id := range ids {
		got = append(got, *rows[id])
	}
	if d := cmp.Diff(catalogueRows(), got, cmp.AllowUnexported(catalogueRow{})); d != "" {
		t.Error(d)
	}
}

// Every check of the catalogue has a case by hand that passes, one that fails and one that
// is undetermined, in a place and on a day on which it holds.
func TestEveryCheckHasItsThreeCases(t *testing.T) {
	t.Parallel()
	set, _ := load(t)
	seen := map[string]map[rules.Outcome]bool{}
	note := func(id string, o rules.Outcome) {
		id = strings.Fields(id)[0]
		if seen[id] == nil {
			seen[id] = map[rules.Outcome]bool{}
		}
		seen[id][o] = true
	}
	for _, g := range goldens() {
		note(g.id, g.want)
	}
	for _, g := range placeGoldens() {
		note(g.id, g.want)
	}
	// Where FAC-10 holds another check of the same walk is stricter, so it is asked alone.
	for v, want := range map[float64]rules.Outcome{699.9: rules.Pass, 700: rules.Fail, -1: rules.Undetermined} {
		in := map[string]rules.Input{FarthestHomeM: Number(v)}
		if v < 0 {
			in = nil
		}
		got := set.Evaluate(rules.Question{Subject: OfFacility, Only: []string{"FAC-10"}, Regions: set.Chain("350102"), Day: "2026-11-27", Inputs: in})
		if len(got) != 2 || got[0].Outcome != want {
			t.Errorf("FAC-10 of %v: %+v", v, got)
		}
		note("FAC-10", want)
	}
	for _, row := range catalogueRows() {
		for _, o := range []rules.Outcome{rules.Pass, rules.Fail, rules.Undetermined} {
			if !seen[row.id][o] {
				t.Errorf("%s has no case that comes to %s", row.id, o)
			}
		}
	}
}
