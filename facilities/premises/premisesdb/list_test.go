package premisesdb_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yike/facilities/premises"
	"yike/internal/postgres"
	"yike/internal/record"
)

func TestFilters(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	add := func(name, division string, change func(*premises.Room)) premises.Item {
		r := x.room()
		r.Name, r.DivisionCode = name, division
		if change != nil {
			change(&r)
		}
		return x.create(t, r)
	}
	add("甲", "990001001001", func(r *premises.Room) { r.Estate = "Lake_View 100%" })
	add("乙", "990001001002", func(r *premises.Room) { r.PresentUse, r.FacilityID = premises.Commercial, "" })
	add("丙", "880001", func(r *premises.Room) {
		r.ApprovedUse, r.PresentUse, r.Parts, r.State, r.HandedOverOn = premises.ElderlyService, premises.Vacant, nil, premises.Accepted, ""
	})
	add("丁", "990001002", func(r *premises.Room) { r.Owner = "" })
	add("戊", "990001001001", func(r *premises.Room) {
		r.State, r.WithdrawnOn, r.PresentUse = premises.Withdrawn, today, premises.Commercial
	})
	ordered := add("己", "990001", nil)
	x.inspect(t, ordered, "2026-11-20", premises.Misuse, premises.Commercial, "2026-11-26")
	x.inspect(t, ordered, "2026-11-21", premises.Idle, premises.Vacant, "")
	for name, tc := range map[string]struct {
		filter premises.Filter
		want   string
	}{
		"everything":           {premises.Filter{}, "丙 己 甲 乙 丁"},
		"approved":             {premises.Filter{Use: premises.ElderlyService}, "丙 己 甲 乙 丁"},
		"approved as a whole":  {premises.Filter{Use: premises.PartyMass}, ""},
		"used for":             {premises.Filter{Present: premises.Vacant}, "丙 己"},
		"state":                {premises.Filter{State: premises.Accepted}, "丙"},
		"withdrawn":            {premises.Filter{State: premises.Withdrawn}, "戊"},
		"a community":          {premises.Filter{Division: "990001001001"}, "甲"},
		"a subdistrict":        {premises.Filter{Division: "990001001"}, "甲 乙"},
		"one of odd codes":     {premises.Filter{Division: "990001002"}, "丙 丁"},
		"the district":         {premises.Filter{Division: "990001"}, "丙 己 甲 乙 丁"},
		"an unknown division":  {premises.Filter{Division: "9"}, "己 甲 乙 丁"}, // a prefix of codes, as grants have it
		"text in any case":     {premises.Filter{Text: "lake_view 100%"}, "甲"},
		"text that is no sign": {premises.Filter{Text: "_"}, "甲"},
		"text of the owner":    {premises.Filter{Text: "民政局"}, "丙 己 甲 乙"},
		"at a facility":        {premises.Filter{Facility: nobody}, "丙 己 甲 丁"},
		"misused or ordered":   {premises.Filter{Misused: true}, "己 乙"},
		"overdue":              {premises.Filter{Overdue: true, Today: "2026-11-27"}, "己"},
		"not overdue yet":      {premises.Filter{Overdue: true, Today: "2026-11-26"}, ""},
		"lacking":              {premises.Filter{Lacking: true}, "丁"},
		"several at once":      {premises.Filter{Misused: true, Present: premises.Commercial}, "乙"},
	} {
		list, err := x.store.All(t.Context(), x.planner, tc.filter)
		var got []string
		for _, i := range list {
			got = append(got, i.Name)
		}
		if s := strings.Join(got, " "); s != tc.want || err != nil {
			t.Errorf("%s: %s, %v; want %s", name, s, err, tc.want)
		}
	}
}

// TestPages holds that pages of any size are together the whole, in order, whatever is
// entered before a page that was read.
func TestPages(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	const rooms = 11
	for i := range rooms {
		r := x.room()
		r.Name = fmt.Sprint("室", i%3)
		r.DivisionCode = []string{"990001001001", "990001001002"}[i%2]
		x.create(t, r)
	}
	all, err := x.store.All(t.Context(), x.planner, premises.Filter{})
	if err != nil || len(all) != rooms {
		t.Fatal(len(all), err)
	}
	for _, limit := range []int{1, 2, 5, 11, 12} {
		var got []premises.Item
		after := &premises.After{}
		for after != nil {
			var page []premises.Item
			if page, after, err = x.store.List(t.Context(), x.planner, premises.Filter{}, *after, limit); err != nil {
				t.Fatal(err)
			}
			got = append(got, page...)
		}
		if d := cmp.Diff(all, got); d != "" {
			t.Errorf("in pages of %d: %s", limit, d)
		}
	}
}

func TestRoomsAreListedByPinyinAndNumber(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	want := []string{"爱民里 1 号", "爱民里 2 号", "爱民里 10 号", "花桥里", "中山里"}
	for _, i := range []int{2, 4, 1, 3, 0} {
		r := x.room()
		r.Name = want[i]
		x.create(t, r)
	}
	all, err := x.store.All(t.Context(), x.planner, premises.Filter{})
	var got []string
	for _, item := range all {
		got = append(got, item.Name)
	}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Error(d, err)
	}
}

// anyRoom makes rooms of every kind, many of which are not taken.
func anyRoom() *rapid.Generator[premises.Room] {
	uses := []premises.Use{""}
	for _, u := range premises.Uses() {
		uses = append(uses, premises.Use(u.Code.Code))
	}
	return rapid.Custom(func(t *rapid.T) premises.Room {
		draw := func(name string, of ...string) string { return rapid.SampledFrom(append(of, "")).Draw(t, name) }
		r := premises.Room{
			Name: "a", DivisionCode: "990001", Owner: draw("owner", "甲", "乙"), KeyHolder: draw("key", "甲", "乙"),
			ApprovedUse: rapid.SampledFrom(uses[:9]).Draw(t, "approved"), PresentUse: rapid.SampledFrom(uses).Draw(t, "present"),
			Area:  premises.Area(rapid.SampledFrom([]int64{0, 100, 100}).Draw(t, "area")),
			State: premises.State(rapid.SampledFrom(premises.States()).Draw(t, "state").Code),
		}
		for _, d := range []struct {
			state premises.State
			day   *record.Day
		}{{premises.Planned, &r.PlannedOn}, {premises.Built, &r.BuiltOn}, {premises.Accepted, &r.AcceptedOn}, {premises.HandedOver, &r.HandedOverOn}, {premises.Withdrawn, &r.WithdrawnOn}} {
			if d.state == r.State {
				*d.day = record.Day(draw("day", string(today)))
			}
		}
		if r.Area > 0 {
			r.Parts = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) premises.Part {
				return premises.Part{Use: rapid.SampledFrom(uses[1:9]).Draw(t, "use"), Area: 10}
			}), 0, 2).Draw(t, "parts")
		}
		return r
	})
}

// TestFiltersAreTheRules holds what SQL says of a room to what the rules say, for rooms
// of every kind.
func TestFiltersAreTheRules(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	seen := map[string]int{}
	want := map[string][2]bool{} // by id: misused, lacking
	for i := range 150 {
		item, err := x.store.Create(t.Context(), x.planner, anyRoom().Example(i), because("a"), today)
		if invalidFields(err) == fmt.Sprint(err) && err != nil {
			t.Fatal(err)
		}
		if err != nil {
			continue
		}
		want[item.ID] = [2]bool{item.Misused(), len(item.Missing()) > 0}
		seen[fmt.Sprint(want[item.ID])]++
	}
	if seen["[true true]"] == 0 || seen["[true false]"] == 0 || seen["[false true]"] == 0 || seen["[false false]"] == 0 {
		t.Fatalf("not every kind of room was drawn: %v", seen)
	}
	got := map[string][2]bool{}
	for _, state := range premises.States() {
		for i, f := range []premises.Filter{{}, {Misused: true}, {Lacking: true}} {
			f.State = premises.State(state.Code)
			list, err := x.store.All(t.Context(), x.planner, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range list {
				is := got[item.ID]
				if i > 0 {
					is[i-1] = true
				}
				got[item.ID] = is
			}
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	r := x.create(t, x.room())
	x.db.Close()
	_, _, list := x.store.List(t.Context(), x.planner, premises.Filter{}, premises.After{}, 1)
	_, read := x.store.ByID(t.Context(), x.planner, r.ID)
	_, seen := x.store.Inspections(t.Context(), x.planner, r.ID)
	_, create := x.store.Create(t.Context(), x.planner, x.room(), because("a"), today)
	for i, err := range []error{list, read, seen, create} {
		if err == nil || postgres.Code(err) != "" {
			t.Errorf("%d: %v", i, err)
		}
	}
}
