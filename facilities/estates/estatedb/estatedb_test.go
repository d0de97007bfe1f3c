package estatedb_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/facilities/estates"
	"yike/facilities/estates/estatedb"
	"yike/facilities/premises"
	"yike/geo"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

const (
	adcode = "990001"
	today  = record.Day("2026-11-27")
	nobody = "01900000-0000-7000-8000-000000000001"
	inBook = "01900000-0000-7000-8000-000000000002" // a room of the ledger
)

// town has two subdistricts side by side, the western with two communities, and a ledger of
// one room.
func town(t testing.TB, db *postgres.DB) {
	t.Helper()
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "a town", func(tx *postgres.Tx) error {
		for _, d := range []struct {
			code, level, parent string
			west, east          float64
		}{
			{"990001", "district", "", 117, 117.4},
			{"990001001", "subdistrict", "990001", 117, 117.2},
			{"990001001001", "community", "990001001", 117, 117.1},
			{"990001001002", "community", "990001001", 117.1, 117.2},
			{"990001002", "subdistrict", "990001", 117.2, 117.3},
		} {
			_, err := tx.Exec(t.Context(), `
INSERT INTO division (adcode, id, code, level, parent_code, name_zh, geom)
VALUES (@adcode, gen_random_uuid(), @code, @level, nullif(@parent, ''), @code, ST_Multi(ST_MakeEnvelope(@west, 39, @east, 39.1, 4326)))`,
				pgx.StrictNamedArgs{"adcode": adcode, "code": d.code, "level": d.level, "parent": d.parent, "west": d.west, "east": d.east})
			if err != nil {
				return err
			}
		}
		_, err := tx.Exec(t.Context(), `INSERT INTO premises (adcode, id, name, division_code, state) VALUES (@adcode, @id, '用房', '990001001001', 'handed_over')`,
			pgx.StrictNamedArgs{"adcode": adcode, "id": inBook})
		return err
	})
	if err != nil {
		t.Fatalf("make the town: %v", err)
	}
}

type fixture struct {
	db       *postgres.DB
	store    *estatedb.Store
	reviewer postgres.Writer
	n        int
}

func newFixture(t testing.TB) *fixture {
	t.Helper()
	db := dbtest.New(t)
	town(t, db)
	return &fixture{db: db, store: estatedb.New(db), reviewer: dbtest.Person(t, db, adcode, "estate_reviewer", "")}
}

// block is a square of ground in the western community.
func block() orb.Polygon {
	return orb.Polygon{{{117.01, 39.01}, {117.02, 39.01}, {117.02, 39.02}, {117.01, 39.02}, {117.01, 39.01}}}
}

func ptr[T any](v T) *T { return &v }

// estate is one with every field filled in, each with a name of its own.
func (x *fixture) estate() estates.Estate {
	x.n++
	return estates.Estate{
		Name: fmt.Sprintf(" 和顺家园%d ", x.n), PlaceNameID: "PN-1", Kind: estates.New, DivisionCode: "990001001001", Boundary: block(), Developer: "某某置业有限公司",
		CompletedOn: "2026-06-30", Households: 1000, People: 3100, Measured: 2900, SiteArea: 5_000_000, HousingFloor: 12_000_050, FloorAbove: 13_000_000, FloorBelow: 4_000_000,
		Phases: []estates.Phase{
			{No: 1, Name: "一期", Households: 600, HousingStarted: "2024-03-01", HousingAccepted: "2026-03-01"}, {No: 2, Households: 400, HousingStarted: "2025-03-01"},
		},
		Rooms: []estates.Room{
			{
				Name: "党群服务中心", Building: "1", Floor: "1", RoomNo: "101", Use: premises.PartyMass, Area: 170_025, Phase: 1, OwnEntrance: ptr(true), Lift: ptr(false),
				Parts:     []premises.Part{{Use: premises.PartyMass, Area: 100_025, CountsFor: premises.CommunityNorm}, {Use: premises.ElderlyService, Area: 70_000, CountsFor: premises.ElderlyNorm}},
				StartedOn: "2024-03-01", AcceptedOn: "2026-03-01", HandedOverOn: "2026-06-01", PresentUse: premises.PartyMass, LedgerID: inBook,
			},
			{Name: "日间照料中心", Building: "1", Floor: "1–2", Use: premises.ElderlyService, Area: 40_000, Land: 62_000, Phase: 2, Point: orb.Point{117.015, 39.015}, Placed: true},
		},
		Conditions: estates.Paper{Number: "规条2023-12", Day: "2023-06-01", Title: "规划条件通知书"}, Plan: estates.Paper{Title: "总平面图"},
		Provided: []estates.Element{estates.ElderlyStation, estates.CultureStation},
		Hub:      &estates.Hub{Area: 60_000, Functions: []estates.Element{estates.DayCare, estates.Canteen}}, Note: "一行\n两行",
	}
}

func because(reason string) record.Change { return record.Change{Reason: reason} }

func (x *fixture) create(t testing.TB, e estates.Estate) estates.Item {
	t.Helper()
	item, err := x.store.Create(t.Context(), x.reviewer, e, because("登记"), today)
	if err != nil {
		t.Fatalf("create: %v", err)
	}
	return item
}

func (x *fixture) update(id string, version int, p estates.Patch) (estates.Item, error) {
	return x.store.Update(context.Background(), x.reviewer, id, version, p, because("核对"), today)
}

// fieldsOf gives the fields of an invalid record, "" for no error.
func fieldsOf(t testing.TB, err error) string {
	t.Helper()
	var invalid *record.InvalidError
	if err == nil {
		return ""
	}
	if !errors.As(err, &invalid) {
		t.Fatalf("%v is no *record.InvalidError", err)
	}
	var out []string
	for _, f := range invalid.Faults {
		if f.ZH == "" || f.EN == "" {
			t.Errorf("%s has no words", f.Field)
		}
		out = append(out, f.Field)
	}
	return strings.Join(out, " ")
}

func TestAnEstateComesBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	e := x.estate()
	made := x.create(t, e)
	want := estates.Clean(e)
	want.Version, want.ValidFrom = 1, today
	if diff := cmp.Diff(want, made.Estate, cmpopts.IgnoreFields(estates.Estate{}, "ID"), cmpopts.IgnoreFields(estates.Room{}, "ID")); diff != "" {
		t.Errorf("written and read: %s", diff)
	}
	if !made.MayWrite || made.Rooms[0].ID == "" || made.Rooms[0].ID == made.Rooms[1].ID {
		t.Errorf("%+v", made)
	}
	least := x.create(t, estates.Estate{Name: "只有名字", Kind: estates.Built, DivisionCode: "990001002"})
	if diff := cmp.Diff(estates.Estate{ID: least.ID, Version: 1, Name: "只有名字", Kind: estates.Built, DivisionCode: "990001002", ValidFrom: today}, least.Estate); diff != "" {
		t.Errorf("one of which little is known: %s", diff)
	}
	drawn := x.create(t, estates.Estate{Name: "画出来的", Kind: estates.New, Boundary: block()})
	if drawn.DivisionCode != "990001001001" {
		t.Errorf("drawn in %s", drawn.DivisionCode)
	}
	all, err := x.store.All(t.Context(), dbtest.Person(t, x.db, adcode, "read_only", ""))
	if err != nil || len(all) != 3 || all[2].Name != "只有名字" || all[0].MayWrite {
		t.Errorf("%d estates, %v", len(all), err)
	}
	for _, id := range []string{nobody, "x", ""} {
		if _, err := x.store.ByID(t.Context(), x.reviewer, id); !errors.Is(err, estates.ErrNotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestOnceForAKey(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	w := x.reviewer
	w.Key, w.RequestHash = "key", []byte("a")
	first, err := x.store.Create(t.Context(), w, x.estate(), because("登记"), today)
	if err != nil {
		t.Fatal(err)
	}
	again, err := x.store.Create(t.Context(), w, x.estate(), because("登记"), today)
	if err != nil || again.ID != first.ID {
		t.Errorf("again: %s and %s, %v", first.ID, again.ID, err)
	}
	e := x.estate()
	e.Name, e.Rooms = "和顺家园1", nil
	if _, err := x.store.Create(t.Context(), x.reviewer, e, because("登记"), today); fieldsOf(t, err) != "name" {
		t.Errorf("the same name: %v", err)
	}
	e.DivisionCode, e.Boundary = "990001002", nil
	x.create(t, e) // elsewhere it is another
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	made := x.create(t, x.estate())
	rooms := append([]estates.Room{}, made.Rooms...)
	rooms[1].Area = 52_000
	rooms = append(rooms, estates.Room{Name: "物业用房", Use: premises.PropertyOffice, Area: 12_000})
	got, err := x.update(made.ID, 1, estates.Patch{Rooms: &rooms, Households: ptr(1000), Conditions: &estates.Paper{}, Hub: ptr[*estates.Hub](nil)})
	if err != nil {
		t.Fatal(err)
	}
	if got.Version != 2 || got.Rooms[0].ID != made.Rooms[0].ID || got.Rooms[1].Area != 52_000 || got.Rooms[2].ID == "" || got.Conditions.Known() || got.Hub != nil {
		t.Errorf("%+v", got)
	}
	if same, err := x.update(made.ID, 2, estates.Patch{Households: ptr(1000)}); err != nil || same.Version != 2 {
		t.Errorf("nothing changed: version %d, %v", same.Version, err)
	}
	var stale *postgres.StaleError
	if _, err := x.update(made.ID, 1, estates.Patch{Note: ptr("x")}); !errors.As(err, &stale) || stale.Current != 2 {
		t.Errorf("stale: %v", err)
	}
	stranger := append([]estates.Room{}, got.Rooms...)
	stranger[2].ID = nobody
	stranger[1].ID = stranger[0].ID
	if _, err := x.update(made.ID, 2, estates.Patch{Rooms: &stranger}); fieldsOf(t, err) != "rooms/1/id rooms/2/id" {
		t.Errorf("strange rooms: %v", err)
	}
	// Drawn elsewhere it belongs there.
	moved := orb.Polygon{{{117.21, 39.01}, {117.22, 39.01}, {117.22, 39.02}, {117.21, 39.01}}}
	if got, err := x.update(made.ID, 2, estates.Patch{Boundary: &moved}); err != nil || got.DivisionCode != "990001002" {
		t.Errorf("moved to %s: %v", got.DivisionCode, err)
	}
	if _, err := x.update(made.ID, 3, estates.Patch{Boundary: &moved, DivisionCode: ptr("990001001001")}); err != nil {
		t.Logf("the same boundary in another division: %v", err)
	} else {
		t.Error("an estate lies in a division that does not hold it")
	}
	if got, err := x.update(made.ID, 3, estates.Patch{Boundary: ptr[orb.Polygon](nil)}); err != nil || got.Boundary != nil || got.DivisionCode != "990001002" {
		t.Errorf("off the map: %v", err)
	}
	if _, err := x.update(nobody, 1, estates.Patch{}); !errors.Is(err, estates.ErrNotFound) {
		t.Errorf("none: %v", err)
	}
}

func TestFaultsNameTheFieldAndRow(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	for name, c := range map[string]struct {
		change func(*estates.Estate)
		want   string
	}{
		"nothing":                 {func(e *estates.Estate) { *e = estates.Estate{} }, "name kind division_code"},
		"no such division":        {func(e *estates.Estate) { e.Boundary, e.DivisionCode = nil, "990009" }, "division_code"},
		"another division":        {func(e *estates.Estate) { e.DivisionCode = "990001002" }, "division_code"},
		"outside":                 {func(e *estates.Estate) { e.Boundary = orb.Polygon{{{1, 1}, {2, 1}, {2, 2}, {1, 1}}} }, "boundary"},
		"crossing itself":         {func(e *estates.Estate) { e.Boundary[0][1], e.Boundary[0][2] = e.Boundary[0][2], e.Boundary[0][1] }, "boundary"},
		"a long name":             {func(e *estates.Estate) { e.Name = strings.Repeat("名", 101) }, "name"},
		"control characters":      {func(e *estates.Estate) { e.Rooms[1].Name = "a\x00b" }, "rooms/1/name"},
		"no kind":                 {func(e *estates.Estate) { e.Kind = "old" }, "kind"},
		"households":              {func(e *estates.Estate) { e.Households = -1 }, "households"},
		"phases do not sum":       {func(e *estates.Estate) { e.Phases[1].Households = 401 }, "phases"},
		"one phase twice":         {func(e *estates.Estate) { e.Phases[1].No = 1; e.Rooms[1].Phase = 1 }, "phases/1/no"},
		"no phase":                {func(e *estates.Estate) { e.Rooms[1].Phase = 3 }, "rooms/1/phase"},
		"more housing":            {func(e *estates.Estate) { e.HousingFloor = 13_000_001 }, "housing_floor"},
		"more rooms":              {func(e *estates.Estate) { e.FloorAbove, e.FloorBelow, e.HousingFloor = 100_000, 50_000, 0 }, "rooms"},
		"the ledger":              {func(e *estates.Estate) { e.Rooms[0].LedgerID = nobody }, "rooms/0/ledger_id"},
		"the ledger's room twice": {func(e *estates.Estate) { e.Rooms[0].LedgerID, e.Rooms[1].LedgerID = inBook, inBook }, "rooms/1/ledger_id"},
		"a day to come":           {func(e *estates.Estate) { e.CompletedOn = "2026-11-28" }, "completed_on"},
		"no day":                  {func(e *estates.Estate) { e.Conditions.Day = "soon" }, "conditions/day"},
		"accepted before begun":   {func(e *estates.Estate) { e.Rooms[0].AcceptedOn = "2024-02-29" }, "rooms/0/accepted_on"},
		"a shop":                  {func(e *estates.Estate) { e.Rooms[1].Use = premises.Commercial }, "rooms/1/use"},
		"no use":                  {func(e *estates.Estate) { e.Rooms[1].PresentUse = "cellar" }, "rooms/1/present_use"},
		"a part":                  {func(e *estates.Estate) { e.Rooms[0].Parts[1] = premises.Part{CountsFor: "x"} }, "rooms/0/parts/1/use rooms/0/parts/1/counts_for rooms/0/parts/1/area"},
		"a place":                 {func(e *estates.Estate) { e.Rooms[1].Point = orb.Point{39, 117} }, "rooms/1/position"},
		"an element":              {func(e *estates.Estate) { e.Provided = append(e.Provided, "pool"); e.Hub.Functions[0] = "bar" }, "provided/2 hub/functions/0"},
		"an area":                 {func(e *estates.Estate) { e.SiteArea, e.Hub.Area = -1, estates.MostFloor+1 }, "hub/area site_area"},
	} {
		e := x.estate()
		e.Rooms[0].LedgerID = ""
		c.change(&e)
		_, err := x.store.Create(t.Context(), x.reviewer, e, because("登记"), today)
		if got := fieldsOf(t, err); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if _, err := x.store.Create(t.Context(), x.reviewer, x.estate(), record.Change{}, today); fieldsOf(t, err) != "reason" {
		t.Errorf("no reason: %v", err)
	}
	a := x.create(t, x.estate())
	b := x.estate()
	if _, err := x.store.Create(t.Context(), x.reviewer, b, because("登记"), today); fieldsOf(t, err) != "rooms/0/ledger_id" {
		t.Errorf("a room of another estate: %v", err)
	}
	if _, err := x.update(a.ID, 1, estates.Patch{Note: ptr("仍有台账用房")}); err != nil {
		t.Errorf("its own room: %v", err)
	}
}

// TestWhoMayWhat asks as every role, within the division and outside of it.
func TestWhoMayWhat(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	made := x.create(t, x.estate())
	for role, may := range map[string]bool{
		"planner": true, "estate_reviewer": true, "subdistrict_steward": false, "consulted_department": false, "field_worker": false, "read_only": false, "system_admin": false,
	} {
		for _, division := range []string{"990001001", "990001002"} {
			w := dbtest.Person(t, x.db, adcode, role, division)
			allowed := may && division == "990001001"
			item, err := x.store.ByID(t.Context(), w, made.ID)
			if err != nil || item.MayWrite != allowed {
				t.Errorf("%s in %s reads: %v, may write: %v", role, division, err, item.MayWrite)
			}
			e := x.estate()
			e.Rooms[0].LedgerID = ""
			_, created := x.store.Create(t.Context(), w, e, because("登记"), today)
			_, updated := x.store.Update(t.Context(), w, made.ID, item.Version, estates.Patch{Note: ptr(role + division)}, because("改"), today)
			for what, err := range map[string]error{"create": created, "update": updated} {
				if errors.Is(err, postgres.ErrForbidden) == allowed || allowed && err != nil {
					t.Errorf("%s in %s: %s: %v", role, division, what, err)
				}
			}
			if !allowed {
				if err := x.store.Remove(t.Context(), w, made.ID, item.Version, because("删"), today); !errors.Is(err, postgres.ErrForbidden) {
					t.Errorf("%s in %s removes: %v", role, division, err)
				}
			}
		}
	}
	// Moving it out of where one may write is no way around.
	w := dbtest.Person(t, x.db, adcode, "planner", "990001001001")
	item, err := x.store.ByID(t.Context(), w, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	away := estates.Patch{Boundary: ptr[orb.Polygon](nil), DivisionCode: ptr("990001002")}
	if _, err := x.store.Update(t.Context(), w, made.ID, item.Version, away, because("移"), today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("moved away: %v", err)
	}
}

// TestTheDatabaseRefuses holds the policies to what the store asks anyway.
func TestTheDatabaseRefuses(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	made := x.create(t, x.estate())
	for name, w := range map[string]postgres.Writer{"elsewhere": dbtest.Person(t, x.db, adcode, "planner", "990001002"), "no right": dbtest.Person(t, x.db, adcode, "subdistrict_steward", "")} {
		err := x.db.Write(t.Context(), w, "around the store", func(tx *postgres.Tx) error {
			tag, err := tx.Exec(t.Context(), `UPDATE estate SET note = 'x' WHERE id = @id`, pgx.StrictNamedArgs{"id": made.ID})
			if err != nil || tag.RowsAffected() != 0 {
				t.Errorf("%s: %d rows changed, %v", name, tag.RowsAffected(), err)
			}
			tag, err = tx.Exec(t.Context(), `DELETE FROM estate`)
			if err != nil || tag.RowsAffected() != 0 {
				t.Errorf("%s: %d rows removed, %v", name, tag.RowsAffected(), err)
			}
			_, err = tx.Exec(t.Context(), `INSERT INTO estate (adcode, id, name, kind, division_code) VALUES (@adcode, gen_random_uuid(), 'x', 'new', '990001001')`,
				pgx.StrictNamedArgs{"adcode": adcode})
			return err
		})
		if !errors.Is(err, postgres.ErrForbidden) {
			t.Errorf("%s adds: %v", name, err)
		}
	}
	err := x.db.Read(t.Context(), postgres.Writer{AdCode: "880001", Account: x.reviewer.Account, Who: "another authority"}, func(q postgres.Querier) error {
		var n int
		if err := q.QueryRow(t.Context(), `SELECT count(*) FROM estate`).Scan(&n); err != nil || n != 0 {
			t.Errorf("another authority sees %d: %v", n, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	e := x.estate()
	made, err := x.store.Create(t.Context(), x.reviewer, e, record.Change{Reason: "登记", ValidFrom: "2026-01-01"}, today)
	if err != nil {
		t.Fatal(err)
	}
	rooms := append([]estates.Room{}, made.Rooms...)
	rooms[0].LedgerID = ""
	if _, err := x.store.Update(t.Context(), x.reviewer, made.ID, 1, estates.Patch{Rooms: &rooms, SiteArea: ptr(premises.Area(4_000_050))},
		record.Change{Reason: "改", ValidFrom: "2026-06-01"}, today); err != nil {
		t.Fatal(err)
	}
	list, err := x.store.HistoryOf(t.Context(), x.reviewer, made.ID)
	if err != nil || len(list) != 2 {
		t.Fatalf("%d versions, %v", len(list), err)
	}
	got := ""
	for _, c := range list[0].Changes {
		got += c.Name + " "
		if c.Name == "site_area" && (!strings.HasPrefix(string(c.After), "40000.5") || !strings.HasPrefix(string(c.Before), "50000")) {
			t.Errorf("site area: %s, %s", c.Before, c.After)
		}
		if c.Name == "rooms" && !strings.Contains(string(c.After), `"area":1700.25`) {
			t.Errorf("rooms: %s", c.After)
		}
	}
	if got != "site_area rooms " {
		t.Errorf("changed: %s", got)
	}
	then, err := x.store.AsOf(t.Context(), x.reviewer, record.At{Valid: "2026-03-01"})
	if err != nil || len(then) != 1 || then[0].SiteArea != 5_000_000 || len(then[0].Rooms) != 2 {
		t.Errorf("as of March: %+v, %v", then, err)
	}
	if then, err := x.store.AsOf(t.Context(), x.reviewer, record.At{Valid: "2025-12-31"}); err != nil || len(then) != 0 {
		t.Errorf("before it: %d, %v", len(then), err)
	}
	for name, w := range map[string]postgres.Writer{"elsewhere": dbtest.Person(t, x.db, adcode, "planner", "990001002"), "no right": dbtest.Person(t, x.db, adcode, "read_only", "")} {
		if _, err := x.store.HistoryOf(t.Context(), w, made.ID); !errors.Is(err, postgres.ErrForbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, id := range []string{nobody, "x"} {
		if _, err := x.store.HistoryOf(t.Context(), x.reviewer, id); !errors.Is(err, estates.ErrNotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
	var stale *postgres.StaleError
	if err := x.store.Remove(t.Context(), x.reviewer, made.ID, 1, because("误登"), today); !errors.As(err, &stale) {
		t.Errorf("stale: %v", err)
	}
	if err := x.store.Remove(t.Context(), x.reviewer, made.ID, 2, record.Change{}, today); fieldsOf(t, err) != "reason" {
		t.Errorf("no reason: %v", err)
	}
	if err := x.store.Remove(t.Context(), x.reviewer, made.ID, 2, because("误登"), today); err != nil {
		t.Fatal(err)
	}
	if list, err := x.store.HistoryOf(t.Context(), x.reviewer, made.ID); err != nil || len(list) != 2 || list[0].Removed == nil {
		t.Errorf("removed: %d versions, %v", len(list), err)
	}
	inLedger := x.create(t, x.estate())
	if err := x.store.Remove(t.Context(), x.reviewer, inLedger.ID, 1, because("误登"), today); !errors.Is(err, estates.ErrInUse) {
		t.Errorf("with rooms in the ledger: %v", err)
	}
}

// TestAtOnce has many write one version: one of them is taken.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	made := x.create(t, x.estate())
	var mu sync.Mutex
	var wg sync.WaitGroup
	taken := 0
	for i := range 8 {
		wg.Go(func() {
			_, err := x.update(made.ID, 1, estates.Patch{Note: ptr(fmt.Sprint(i))})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				taken++
			} else if !errors.Is(err, postgres.ErrStale) {
				t.Errorf("%v", err)
			}
		})
	}
	wg.Wait()
	if taken != 1 {
		t.Errorf("%d were taken", taken)
	}
}

// TestPostGISTakesWhatWeTake holds the shape of boundaries to the database's: nothing passes
// here that it refuses, and what it finds valid passes but for rings that touch.
func TestPostGISTakesWhatWeTake(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	rapid.Check(t, func(t *rapid.T) {
		corner := rapid.Custom(func(t *rapid.T) orb.Point {
			// Sixty-fourths have seven decimals at most and no rounding in binary.
			return orb.Point{117 + float64(rapid.IntRange(0, 6).Draw(t, "x"))/64, 39 + float64(rapid.IntRange(0, 6).Draw(t, "y"))/64}
		})
		p := geo.Grained(orb.Polygon{rapid.SliceOfN(corner, 3, 8).Draw(t, "ring")})
		if len(p[0]) < 4 {
			return // the codec of the database takes no such ring
		}
		var valid bool
		if err := db.Reader().QueryRow(context.Background(), `SELECT ST_IsValid(@p::geometry)`, pgx.StrictNamedArgs{"p": p}).Scan(&valid); err != nil {
			t.Fatal(err)
		}
		if err := geo.CheckPolygon(p); (err == nil) != valid {
			t.Fatalf("%v: PostGIS says %v, we say %v", p, valid, err)
		}
	})
}
