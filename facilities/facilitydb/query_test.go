package facilitydb_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

// listed is what a list holds, in its order, page by page.
func (x fixture) listed(t testing.TB, w postgres.Writer, f facilities.Filter, p facilities.Page) string {
	t.Helper()
	var out []string
	p.After = nil
	for range 100 {
		l, err := x.store.Query(t.Context(), w, f, p, record.At{}, today)
		if err != nil {
			return fmt.Sprint(err)
		}
		for _, each := range l.Facilities {
			out = append(out, each.NameZH)
		}
		if p.After = l.Next; p.After == nil {
			return strings.Join(out, " ")
		}
		if len(l.Facilities) != p.Limit {
			t.Errorf("%d on a page of %d that is not the last", len(l.Facilities), p.Limit)
		}
	}
	t.Fatal("the pages do not end")
	return ""
}

// register makes the facilities that the lists of the tests are of.
func (x fixture) register(t testing.TB, list ...facilities.Facility) []facilities.Facility {
	t.Helper()
	out := make([]facilities.Facility, len(list))
	for i, f := range list {
		made, err := x.store.Create(t.Context(), x.planner, f, because("登记"), today)
		if err != nil {
			t.Fatalf("register %s: %v", f.NameZH, err)
		}
		out[i] = made
	}
	return out
}

// various are five records that differ in everything that a list can be asked for.
func various() []facilities.Facility {
	named := func(name string, typ facilities.Type, status facilities.Status, stage facilities.Stage, at int) facilities.Facility {
		return facilities.Facility{NameZH: name, Type: typ, Status: status, Stage: stage, Point: place(at)}
	}
	b := named("B", "elderly_canteen", facilities.Open, facilities.Published, 0)
	b.Address, b.Capacity, b.Serves, b.VerifiedOn = "解放路 100% 号", 80, []string{"990001001001", "990001001002"}, "2026-11-01"
	a := named("A", "meal_point", facilities.Planned, facilities.Draft, 1)
	a.NameEN, a.BureauNo = "Alpha point", "W-7"
	d := named("D", "columbarium", facilities.Closed, facilities.Published, 2)
	d.Capacity, d.VerifiedOn, d.Fields = 1200, "2020-01-01", map[string]any{"level": "village"}
	c := named("C", "elderly_canteen", facilities.Suspended, facilities.Submitted, 0)
	c.Unplaced, c.Point, c.DivisionCode, c.InstitutionCode, c.Capacity = true, orb.Point{}, "990001001", "I_9", 9
	e := named("E", "elderly_canteen", facilities.Open, facilities.Published, 3)
	e.USCC, e.VerifiedOn, e.Capacity = "91350100M000100Y43", "2025-11-26", 20
	return []facilities.Facility{b, a, d, c, e}
}

func ring(west, south, east, north float64) orb.Polygon {
	return orb.Polygon{{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}}
}

func TestQuery(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	made := x.register(t, various()...)
	for _, tc := range []struct {
		name   string
		filter facilities.Filter
		want   string
	}{
		{"all", facilities.Filter{}, "B A D C E"},
		{"of a type", facilities.Filter{Types: []facilities.Type{"elderly_canteen"}}, "B C E"},
		{"of two", facilities.Filter{Types: []facilities.Type{"meal_point", "columbarium"}}, "A D"},
		{"of a type that there is not", facilities.Filter{Types: []facilities.Type{"pub"}}, ""},
		{"in states", facilities.Filter{Statuses: []facilities.Status{facilities.Open, facilities.Planned}}, "B A E"},
		{"in a stage", facilities.Filter{Stages: []facilities.Stage{facilities.Submitted, facilities.Draft}}, "A C"},
		{"in a subdistrict", facilities.Filter{Division: "990001001"}, "B A C"},
		{"in a community", facilities.Filter{Division: "990001001002"}, "A"},
		{"in the whole", facilities.Filter{Division: adcode}, "B A D C E"},
		{"by name", facilities.Filter{Text: "b"}, "B"},
		{"by English name in any case", facilities.Filter{Text: "ALPHA"}, "A"},
		{"by two words in different places", facilities.Filter{Text: " w-7  alpha "}, "A"},
		{"by address, with what patterns mean otherwise", facilities.Filter{Text: "100%"}, "B"},
		{"by a code, with what patterns mean otherwise", facilities.Filter{Text: "i_9"}, "C"},
		{"by what no pattern may mean", facilities.Filter{Text: `_\`}, ""},
		{"by credit code", facilities.Filter{Text: "91350100m"}, "E"},
		{"that serve", facilities.Filter{Serves: "990001001002"}, "B"},
		{"placed", facilities.Filter{Placed: ptr(true)}, "B A D E"},
		{"not placed", facilities.Filter{Placed: ptr(false)}, "C"},
		{"verified long ago or never", facilities.Filter{VerifiedBefore: "2026-01-01"}, "A D C E"},
		{"overdue", facilities.Filter{Overdue: true}, "E"},
		{"in a shape", facilities.Filter{Area: ring(117, 39, 117.2, 39.06)}, "B A"},
		{"in a bow tie", facilities.Filter{Area: orb.Polygon{{{117, 39}, {117.4, 39.1}, {117.4, 39}, {117, 39.1}, {117, 39}}}}, "B A D E"},
		{"nowhere", facilities.Filter{Area: ring(10, 10, 11, 11)}, ""},
		{"chosen", facilities.Filter{IDs: []string{made[2].ID, made[0].ID, "nothing"}}, "B D"},
		{"none chosen", facilities.Filter{IDs: []string{}}, ""},
		{"all at once", facilities.Filter{
			Types: []facilities.Type{"elderly_canteen"}, Statuses: []facilities.Status{facilities.Open}, Stages: []facilities.Stage{facilities.Published},
			Division: "990001001", Text: "解放路", Serves: "990001001001", IDs: []string{made[0].ID}, Placed: ptr(true), VerifiedBefore: "2026-11-02",
			Area: ring(117, 39, 117.2, 39.06),
		}, "B"},
		{"in a division that there is not", facilities.Filter{Division: "1"}, facilitydb.ErrUnknownDivision.Error()},
		{"in a state that there is not", facilities.Filter{Statuses: []facilities.Status{"shut"}}, "not valid: status: must be planned, building, open, suspended or closed"},
	} {
		for _, limit := range []int{1, 2, 5, 100} {
			if got := x.listed(t, x.planner, tc.filter, facilities.Page{Limit: limit}); got != tc.want {
				t.Errorf("%s, by %d: %q, want %q", tc.name, limit, got, tc.want)
			}
		}
	}
}

func TestOrders(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	x.register(t, various()...)
	for key, want := range map[facilities.SortKey]string{
		facilities.ByID: "B A D C E", facilities.ByName: "A B C D E", facilities.ByType: "D B C E A", facilities.ByStatus: "D B E A C",
		facilities.ByStage: "A B D E C", facilities.ByDivision: "E C B A D", facilities.ByCapacity: "A C E B D", facilities.ByVerified: "A C D E B",
	} {
		for _, limit := range []int{1, 2, 100} {
			if got := x.listed(t, x.planner, facilities.Filter{}, facilities.Page{Sort: key, Limit: limit}); got != want {
				t.Errorf("by %s, %d a page: %s, want %s", key, limit, got, want)
			}
			down := x.listed(t, x.planner, facilities.Filter{}, facilities.Page{Sort: key, Limit: limit, Descending: true})
			words := strings.Fields(down)
			slices.Reverse(words)
			if got := strings.Join(words, " "); got != want {
				t.Errorf("by %s down, %d a page: %s, want the reverse of %s", key, limit, down, want)
			}
		}
	}
	for _, c := range []struct {
		key facilities.SortKey
		facilities.Cursor
	}{
		{facilities.ByID, facilities.Cursor{ID: "1"}},
		{facilities.ByID, facilities.Cursor{ID: "01900000-0000-7000-8000-000000000001", Value: "x"}},
		{facilities.ByCapacity, facilities.Cursor{ID: "01900000-0000-7000-8000-000000000001", Value: "many"}},
		{facilities.ByVerified, facilities.Cursor{ID: "01900000-0000-7000-8000-000000000001", Value: "soon"}},
	} {
		_, err := x.store.Query(t.Context(), x.planner, facilities.Filter{}, facilities.Page{Sort: c.key, Limit: 1, After: &c.Cursor}, record.At{}, today)
		if !errors.Is(err, facilitydb.ErrBadCursor) {
			t.Errorf("after %+v: %v", c, err)
		}
	}
}

// Whoever may not work on a record sees it when it is published; counts are of what one sees.
func TestListsShowWhatOneMaySee(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	x.register(t, various()...)
	steward := dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001001")
	reader := dbtest.Person(t, x.db, adcode, "read_only", "")
	for _, tc := range []struct {
		who  postgres.Writer
		want string
	}{{steward, "B A D C E"}, {reader, "B D E"}, {dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001002"), "B D E"}} {
		if got := x.listed(t, tc.who, facilities.Filter{}, facilities.Page{Limit: 2}); got != tc.want {
			t.Errorf("%s sees %q, want %q", tc.who.Who, got, tc.want)
		}
	}
	got, err := x.store.Count(t.Context(), steward, facilities.Filter{}, today)
	want := facilities.Counts{
		Total: 5, Unplaced: 1, Overdue: 1,
		ByType:   map[facilities.Type]int{"elderly_canteen": 3, "meal_point": 1, "columbarium": 1},
		ByStatus: map[facilities.Status]int{facilities.Open: 2, facilities.Planned: 1, facilities.Closed: 1, facilities.Suspended: 1},
		ByStage:  map[facilities.Stage]int{facilities.Published: 3, facilities.Draft: 1, facilities.Submitted: 1},
	}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Error(d, err)
	}
	if got, err := x.store.Count(t.Context(), reader, facilities.Filter{Overdue: true}, today); err != nil || got.Total != 1 || got.Overdue != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	l, err := x.store.Query(t.Context(), reader, facilities.Filter{}, facilities.Page{Limit: 2, Count: true}, record.At{}, today)
	if err != nil || l.Total == nil || *l.Total != 3 || len(l.Facilities) != 2 || len(l.Overdue) != 0 {
		t.Errorf("%+v, %v", l, err)
	}
	l, err = x.store.Query(t.Context(), reader, facilities.Filter{}, facilities.Page{Limit: 2, Count: true, After: l.Next}, record.At{}, today)
	if err != nil || l.Total != nil || len(l.Overdue) != 1 || l.Next != nil {
		t.Errorf("%+v, %v", l, err)
	}
	for _, ask := range []func() error{
		func() error {
			_, err := x.store.Query(t.Context(), reader, facilities.Filter{Division: "1"}, facilities.Page{Limit: 1}, record.At{}, today)
			return err
		},
		func() error {
			_, err := x.store.Count(t.Context(), reader, facilities.Filter{Division: "1"}, today)
			return err
		},
	} {
		if err := ask(); !errors.Is(err, facilitydb.ErrUnknownDivision) {
			t.Error(err)
		}
	}
}

// A steward's rule decides what is overdue; the finest division's comes first.
func TestOverdue(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	x.register(t, various()...)
	err := x.db.Write(t.Context(), postgres.System(adcode, "test"), "stewards", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `
INSERT INTO division_steward (adcode, id, division_code, office, verify_days) VALUES
	(@adcode, gen_random_uuid(), '990001', '区民政局', 366), (@adcode, gen_random_uuid(), '990001001', '花桥街道', 26)`, pgx.StrictNamedArgs{"adcode": adcode})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		day  record.Day
		want string
	}{{today, ""}, {"2026-11-28", "B E"}, {"2026-11-27", ""}} {
		l, err := x.store.Query(t.Context(), x.planner, facilities.Filter{Overdue: true}, facilities.Page{Limit: 9}, record.At{}, tc.day)
		var names []string
		for _, f := range l.Facilities {
			names = append(names, f.NameZH)
		}
		if got := strings.Join(names, " "); err != nil || got != tc.want {
			t.Errorf("on %s: %q, %v; want %q", tc.day, got, err, tc.want)
		}
	}
}

// A list of a day before shows what held then, to those who may read history.
func TestListAsOf(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	made := x.register(t, various()...)
	x.update(t, made[0], facilities.Patch{NameZH: ptr("新B"), Lon: ptr(place(2)[0])}, because("迁址"), "2026-12-05")
	ask := func(w postgres.Writer, at record.At) string {
		l, err := x.store.Query(t.Context(), w, facilities.Filter{Types: []facilities.Type{"elderly_canteen"}}, facilities.Page{Limit: 9, Count: true, Sort: facilities.ByName}, at, "2026-12-06")
		if err != nil {
			return err.Error()
		}
		names := []string{fmt.Sprint(*l.Total)}
		for _, f := range l.Facilities {
			names = append(names, f.NameZH+"@"+f.DivisionCode)
		}
		return strings.Join(names, " ")
	}
	for at, want := range map[record.At]string{
		{Valid: "2026-12-04"}: "3 B@990001001001 C@990001001 E@990001", {Valid: "2026-12-05"}: "3 新B@990001002 C@990001001 E@990001",
		{Valid: "2026-11-26"}: "0",
	} {
		if got := ask(x.planner, at); got != want {
			t.Errorf("on %s: %s, want %s", at.Valid, got, want)
		}
	}
	if got := ask(dbtest.Person(t, x.db, adcode, "read_only", ""), record.At{Valid: today}); !strings.Contains(got, "history.read") {
		t.Errorf("a reader looks back: %s", got)
	}
}

// Whatever is asked, pages of any length hold together what one page does, without gaps
// and repetitions, and the order is that of the key.
func TestPagesHoldTogether(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	for i := range 30 {
		f := various()[i%5]
		f.NameZH, f.BureauNo, f.InstitutionCode = fmt.Sprint("N", i*7%11), "", ""
		x.register(t, f)
	}
	rapid.Check(t, func(rt *rapid.T) {
		f := facilities.Filter{Placed: rapid.SampledFrom([]*bool{nil, ptr(true)}).Draw(rt, "placed")}
		p := facilities.Page{
			Sort: rapid.SampledFrom(facilities.SortKeys()).Draw(rt, "sort"), Descending: rapid.Bool().Draw(rt, "down"), Limit: 100,
		}
		whole := x.listed(t, x.planner, f, p)
		p.Limit = rapid.IntRange(1, 31).Draw(rt, "limit")
		if got := x.listed(t, x.planner, f, p); got != whole {
			rt.Fatalf("by %d: %s\nat once: %s", p.Limit, got, whole)
		}
	})
}

// TestListsByPinyin holds that names are in the order of their pinyin on every page, forth
// and back, and are found by it, whole, begun and by initials.
func TestListsByPinyin(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	names := []string{"中山公园站", "汉口区食堂", "重庆路站", "安心之家", "汉口里食堂", "B站", "12号站", "2号站", "长者食堂"}
	list := make([]facilities.Facility, len(names))
	for i, name := range names {
		list[i] = facilities.Facility{NameZH: name, Type: "elderly_canteen", Status: facilities.Open, Point: place(0)}
	}
	x.register(t, list...)
	want := "2号站 12号站 安心之家 重庆路站 汉口里食堂 汉口区食堂 长者食堂 中山公园站 B站"
	for limit := 1; limit <= 10; limit += 3 {
		if got := x.listed(t, x.planner, facilities.Filter{}, facilities.Page{Sort: facilities.ByName, Limit: limit}); got != want {
			t.Errorf("pages of %d: %s", limit, got)
		}
	}
	back := strings.Fields(want)
	slices.Reverse(back)
	if got := x.listed(t, x.planner, facilities.Filter{}, facilities.Page{Sort: facilities.ByName, Descending: true, Limit: 3}); got != strings.Join(back, " ") {
		t.Errorf("back: %s", got)
	}
	for _, tc := range []struct{ text, want string }{
		{"hkq", "汉口区食堂"},
		{"hankou", "汉口里食堂 汉口区食堂"},
		{"HanKouL", "汉口里食堂"},
		{"st", "汉口里食堂 汉口区食堂 长者食堂"},
		{"hankou shitang", "汉口里食堂 汉口区食堂"},
		{"食堂 hkq", "汉口区食堂"},
		{"chongqing", "重庆路站"},
		{"b", "B站"},
		{"hkx", ""},
	} {
		if got := x.listed(t, x.planner, facilities.Filter{Text: tc.text}, facilities.Page{Sort: facilities.ByName, Limit: 2}); got != tc.want {
			t.Errorf("%s: %q; want %q", tc.text, got, tc.want)
		}
	}
	l, err := x.store.Query(t.Context(), x.planner, facilities.Filter{Text: "hkq"}, facilities.Page{Limit: 9}, record.At{Valid: today}, today)
	if err != nil || len(l.Facilities) != 1 {
		t.Errorf("as of a day: %d, %v", len(l.Facilities), err)
	}
}
