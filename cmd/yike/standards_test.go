package main

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/facilities/facilityhttp"
	"yike/facilities/standards"
	"yike/geo/divisions"
	"yike/internal/auth"
	"yike/internal/pack/packdb"
	"yike/internal/record"
	"yike/internal/rules"
)

// A whole demo district is held to its standards: every type that has checks is found
// something of, walks are measured, and what was found is kept until the day changes.
func TestStandardsOfADistrict(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	state, err := coveragelive.Load(t.Context(), stores(db), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	held := &coveragelive.Holder{}
	log := slog.New(slog.DiscardHandler)
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	records := &facilityRecords{
		store: facilitydb.New(db), live: &liveFacilities{held: held, from: stores(db)}, refused: refusals{db: db, log: log}, log: log, now: func() time.Time { return now },
	}
	a, err := newStandardsAPI(&app{config: config{Regions: []string{"120111", "12"}}}, held, db, records)
	if err != nil {
		t.Fatal(err)
	}
	a.now = func() time.Time { return now }
	if _, err := a.District(t.Context()); !errors.Is(err, facilityhttp.ErrNotReady) {
		t.Errorf("before there is a district: %v", err)
	}
	if _, err := a.Facility(t.Context(), "x"); !errors.Is(err, facilityhttp.ErrNotReady) {
		t.Errorf("before there is a district: %v", err)
	}
	held.Publish(state)
	d, err := a.District(t.Context())
	if err != nil || len(d.Facilities) != len(state.Facilities) {
		t.Fatalf("%d facilities, %v", len(d.Facilities), err)
	}
	if !slices.IsSortedFunc(d.Facilities, func(a, b facilityhttp.CheckedFacility) int { return cmp.Compare(a.Facility.ID, b.Facility.ID) }) {
		t.Error("not in the order of their ids")
	}
	decided := checkDistrict(t, state, d)
	for _, id := range []string{"FAC-01", "FAC-08", "FAC-09", "FAC-11"} {
		if decided[id] == 0 {
			t.Errorf("%s is decided of nothing", id)
		}
	}
	again, err := a.District(t.Context())
	if err != nil || &again.Facilities[0] != &d.Facilities[0] {
		t.Error("worked out again although nothing changed")
	}
	checkPlaces(t, state, d)
	now = now.AddDate(0, 0, 1)
	if tomorrow, err := a.District(t.Context()); err != nil || tomorrow.Version == d.Version || tomorrow.Facilities[0].Day != "2026-11-28" {
		t.Errorf("the next day: %s, %v", tomorrow.Version, err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	now = now.AddDate(0, 0, 1)
	if _, err := a.District(stopped); !errors.Is(err, context.Canceled) {
		t.Errorf("for who went away: %v", err)
	}

	// A draft is not in memory, yet whoever may see it may check it.
	w := hire(t, db, state.Pack.AdCode, "planner")
	ctx := auth.With(t.Context(), auth.Identity{AdCode: state.Pack.AdCode, AccountID: w.Account, Display: "planner"})
	draft := facilities.Facility{Type: "elderly_canteen", NameZH: "新食堂", Status: facilities.Open, Stage: facilities.Draft, Point: state.Demand[state.Bases[0]].Points[0], Fields: map[string]any{"food_licence": "valid", "fire_safety": "none"}}
	w.Key = "draft"
	made, err := records.store.Create(ctx, w, draft, record.Change{Reason: "登记"}, "2026-11-27")
	if err != nil {
		t.Fatal(err)
	}
	got, err := a.Facility(ctx, made.ID)
	if err != nil || got.Score.Points == 0 || len(got.Missing) != 1 || !slices.ContainsFunc(got.Findings, func(f rules.Finding) bool { return f.Rule.ID == "FAC-22" && f.Outcome == rules.Fail }) {
		t.Errorf("a draft: %+v, %v", got, err)
	}
	if _, err := a.Facility(ctx, "00000000-0000-7000-8000-000000000000"); !errors.Is(err, facilityhttp.ErrNotFound) {
		t.Errorf("of none: %v", err)
	}
}

// checkDistrict holds findings to what must be true of any, and counts those that were
// decided.
func checkDistrict(t *testing.T, s *coveragelive.State, d facilityhttp.CheckedDistrict) map[string]int {
	t.Helper()
	decided := map[string]int{}
	for _, c := range d.Facilities {
		info, _ := s.TypeInfo(c.Facility.Type)
		if c.Facility.Status != facilities.Closed && len(info.Standards) > 0 && len(c.Findings) == 0 {
			t.Errorf("nothing is found of %s", c.Facility.NameZH)
		}
		for _, f := range c.Findings {
			if f.Outcome == rules.Pass || f.Outcome == rules.Fail {
				decided[f.Rule.ID]++
			}
			value := map[string]float64{}
			for _, in := range f.Inputs {
				if n, ok := in.Value.(float64); ok {
					value[in.Name] = n
				}
			}
			if value[standards.PeopleWithin15Min] > value[standards.PeopleServed] || value[standards.PeopleWithin300M] > value[standards.PeopleServed] {
				t.Errorf("%s of %s: %v", f.Rule.ID, c.Facility.NameZH, value)
			}
			if f.Rule.ID == "FAC-08" && f.Outcome == rules.Pass && value[standards.PeopleWithin300M]+value[standards.PeopleOffNetwork] < value[standards.PeopleServed]-1 {
				t.Errorf("%s is near every home, yet not: %v", c.Facility.NameZH, value)
			}
		}
	}
	return decided
}

// checkPlaces wants a finding of every division of a level that the standards speak of.
func checkPlaces(t *testing.T, s *coveragelive.State, d facilityhttp.CheckedDistrict) {
	t.Helper()
	found := map[string]rules.Outcome{}
	for _, p := range d.Places {
		for _, f := range p.Findings {
			found[f.Rule.ID+" "+p.Division.Code] = f.Outcome
		}
	}
	for _, division := range s.Divisions {
		id := map[divisions.Level]string{divisions.Subdistrict: "FAC-07", divisions.Community: "FAC-33"}[division.Level]
		if got := found[id+" "+division.Code]; got == "" || id == "FAC-07" && got != rules.Pass && got != rules.Fail {
			t.Errorf("%s of %s: %q", id, division.Code, got)
		}
	}
	for _, id := range []string{"FAC-30", "FAC-32"} {
		if got := found[id+" "+s.Pack.AdCode]; got != rules.NotApplicable {
			t.Errorf("%s of a district without grids, elsewhere: %q", id, got)
		}
	}
}

// A subdistrict without a centre is told so although there is no facility to be told; what
// the ledger and the premises say of communities is counted; grids are measured where a rule
// asks for them.
func TestStandardsOfDivisions(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	const sub, other = "990100001", "990100002"
	list := []divisions.Division{
		{Code: sub, Level: divisions.Subdistrict, NameZH: "甲街道", Complete: true},
		{Code: other, Level: divisions.Subdistrict, NameZH: "乙街道", Complete: true},
		{Code: sub + "001", ParentCode: sub, Level: divisions.Community, NameZH: "一社区", Complete: true, Setting: divisions.Urban, Households: 660},
		{Code: sub + "002", ParentCode: sub, Level: divisions.Community, NameZH: "二社区", Complete: true, Setting: divisions.Urban, Households: 900},
		{Code: sub + "00101", ParentCode: sub + "001", Level: divisions.Grid, NameZH: "一网格", Complete: true, Households: 330},
	}
	premises := func(community string, workers any) facilities.Facility {
		f := facilities.Facility{Type: "community_premises", Status: facilities.Open, NameZH: "中心" + community, DivisionCode: community, Fields: map[string]any{}}
		if workers != nil {
			f.Fields["community_workers"] = workers
		}
		return f
	}
	s := &coveragelive.State{
		Pack: packdb.Record{AdCode: "990100"}, Divisions: list, Hierarchy: coverage.NewHierarchy(list),
		Facilities: []facilities.Facility{
			{Type: centreType, Status: facilities.Open, DivisionCode: sub + "001"},
			{Type: centreType, Status: facilities.Closed, DivisionCode: other},
			premises(sub+"001", 2.0), premises(sub+"002", 1.0), premises(sub+"002", nil), premises("990100009", 5.0),
		},
	}
	a, err := newStandardsAPI(&app{config: config{Regions: []string{"120111", "12", "220502"}}}, &coveragelive.Holder{}, db, nil)
	if err != nil {
		t.Fatal(err)
	}
	places, err := a.places(t.Context(), s, newSurroundings(s), "2026-11-27")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, p := range places {
		for _, f := range p.Findings {
			got[f.Rule.ID+" "+p.Division.NameZH] = string(f.Outcome)
		}
	}
	for key, want := range map[string]string{
		"FAC-07 甲街道": "pass", "FAC-07 乙街道": "fail", "FAC-34 甲街道": "undetermined",
		"FAC-31 一社区": "pass", "FAC-31 二社区": "undetermined", "FAC-33 一社区": "pass", "FAC-33 二社区": "fail",
		"FAC-30 一网格": "pass", // urban as the community that it lies in
		"FAC-32 一社区": "fail", // the database has none of its grids
	} {
		if got[key] != want {
			t.Errorf("%s: %q, want %s", key, got[key], want)
		}
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := a.places(stopped, s, newSurroundings(s), "2026-11-27"); !errors.Is(err, context.Canceled) {
		t.Errorf("for who went away: %v", err)
	}
}

// Where something is not known the reason says which.
func TestWhyInputsAreNotKnown(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	s, err := coveragelive.Load(t.Context(), stores(db), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := newStandardsAPI(&app{}, &coveragelive.Holder{}, db, nil)
	if err != nil {
		t.Fatal(err)
	}
	home := s.Demand[s.Bases[0]].Points[0]
	var community string
	for _, f := range s.Facilities {
		if len(f.DivisionCode) > 9 {
			community = f.DivisionCode
		}
	}
	station := facilities.Facility{Type: clinicType, Status: facilities.Open, Point: home}
	why := func(kind facilities.Type, around surroundings, f facilities.Facility, name string) string {
		info, _ := s.TypeInfo(kind)
		f.Type = kind
		in := a.beyond(s, around, f, info)[name]
		if in.Value != nil {
			return "known"
		}
		return in.WhyEN
	}
	none := newSurroundings(s)
	none.clinics = nil
	near := none
	near.clinics = []facilities.Facility{station}
	for _, tc := range []struct {
		kind   facilities.Type
		around surroundings
		f      facilities.Facility
		name   string
		want   string
	}{
		{"day_care_centre", none, facilities.Facility{Point: home, DivisionCode: community}, standards.FarthestHomeM, "known"},
		{"day_care_centre", none, facilities.Facility{Unplaced: true, DivisionCode: community}, standards.FarthestHomeM, "the facility is not placed yet"},
		{"day_care_centre", none, facilities.Facility{Unplaced: true, DivisionCode: community}, standards.PeopleServed, "known"},
		{"day_care_centre", none, facilities.Facility{Point: home}, standards.FarthestHomeM, "it names no communities that it serves and lies in none"},
		{"day_care_centre", none, facilities.Facility{DivisionCode: community}, standards.FarthestHomeM, "no path leads from the homes of the communities served to it"},
		{"day_care_centre", none, facilities.Facility{Point: home}, standards.HealthStationM, "no open health facility is registered"},
		{"day_care_centre", near, facilities.Facility{Unplaced: true}, standards.HealthStationM, "the facility is not placed yet"},
		{"day_care_centre", near, facilities.Facility{Point: home}, standards.HealthStationM, "known"},
		{"day_care_centre", near, facilities.Facility{}, standards.HealthStationM, "no registered health facility is within a walk of 8 km"},
		{"columbarium", none, facilities.Facility{Point: home}, standards.ResidentsServed, "it names no communities that it serves and lies in none"},
		{"columbarium", none, facilities.Facility{Point: home, DivisionCode: community}, standards.ResidentsServed, "known"},
	} {
		if got := why(tc.kind, tc.around, tc.f, tc.name); got != tc.want {
			t.Errorf("%s of %s %+v: %q, want %q", tc.name, tc.kind, tc.f, got, tc.want)
		}
	}
}

func TestRegionsOfAnInstallation(t *testing.T) {
	t.Parallel()
	if got, err := loadRegions(" xixian, 12 ,"); err != nil || !slices.Equal(got, []string{"xixian", "12"}) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := loadRegions("atlantis"); err == nil || !isBadInput(err) {
		t.Errorf("a region there is not: %v", err)
	}
}
