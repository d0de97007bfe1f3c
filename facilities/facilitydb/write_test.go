package facilitydb_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

const (
	adcode = "990001"
	today  = record.Day("2026-11-27")
)

// place is the middle of a community of the town.
func place(community int) orb.Point {
	return []orb.Point{{117.05, 39.05}, {117.15, 39.05}, {117.25, 39.05}, {117.35, 39.05}}[community]
}

// town has two subdistricts side by side, the western with two communities.
func town(t testing.TB, db *postgres.DB) {
	t.Helper()
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "a town", func(tx *postgres.Tx) error {
		for _, d := range []struct {
			code, level string
			west, east  float64
		}{
			{"990001", "district", 117, 117.4},
			{"990001001", "subdistrict", 117, 117.2},
			{"990001001001", "community", 117, 117.1},
			{"990001001002", "community", 117.1, 117.2},
			{"990001002", "subdistrict", 117.2, 117.3}, // the rest is of no subdistrict
		} {
			_, err := tx.Exec(t.Context(), `
INSERT INTO division (adcode, id, code, level, name_zh, geom)
VALUES (@adcode, gen_random_uuid(), @code, @level, @code, ST_Multi(ST_MakeEnvelope(@west, 39, @east, 39.1, 4326)))`,
				pgx.StrictNamedArgs{"adcode": adcode, "code": d.code, "level": d.level, "west": d.west, "east": d.east})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("make the town: %v", err)
	}
}

func canteen(community int) facilities.Facility {
	return facilities.Facility{
		Type: "elderly_canteen", NameZH: " 甲食堂 ", NameEN: "Jia", Status: facilities.Open, Address: "花桥路 1 号", Capacity: 80,
		Serves: []string{"990001001001", "990001001001"}, Point: place(community),
	}
}

// meals is what a canteen of a capacity declares.
func meals(n float64) map[string]any { return map[string]any{"meals_per_day": n} }

func because(reason string) record.Change { return record.Change{Reason: reason} }

func ptr[T any](v T) *T { return &v }

type fixture struct {
	db      *postgres.DB
	store   *facilitydb.Store
	planner postgres.Writer
}

func newFixture(t *testing.T) fixture {
	t.Helper()
	db := dbtest.New(t)
	town(t, db)
	return fixture{db: db, store: facilitydb.New(db), planner: dbtest.Person(t, db, adcode, "planner", "")}
}

func (x fixture) create(t *testing.T, community int) facilities.Facility {
	t.Helper()
	f, err := x.store.Create(t.Context(), x.planner, canteen(community), because("新开"), today)
	if err != nil {
		t.Fatalf("create: %v", err)
	}
	return f
}

func (x fixture) update(t *testing.T, f facilities.Facility, p facilities.Patch, c record.Change, day record.Day) facilities.Facility {
	t.Helper()
	f, err := x.store.Update(t.Context(), x.planner, f.ID, f.Version, p, c, day)
	if err != nil {
		t.Fatalf("update: %v", err)
	}
	return f
}

func TestCreate(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	got := x.create(t, 0)
	want := canteen(0)
	want.NameZH, want.Serves, want.DivisionCode, want.Edited, want.ValidFrom, want.Version = "甲食堂", []string{"990001001001"}, "990001001001", true, today, 1
	want.Stage, want.PlacedBy, want.Fields = facilities.Published, facilities.PlacedGiven, meals(80)
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(facilities.Facility{}, "ID", "SourceID"), cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
	if got.SourceID != "yike:"+got.ID {
		t.Errorf("source id %s of %s", got.SourceID, got.ID)
	}
	again, err := x.store.ByID(t.Context(), x.planner, got.ID)
	if d := cmp.Diff(got, again); d != "" || err != nil {
		t.Error(d, err)
	}
	for community, code := range map[int]string{1: "990001001002", 2: "990001002", 3: "990001"} {
		if f := x.create(t, community); f.DivisionCode != code {
			t.Errorf("in %s, want %s", f.DivisionCode, code)
		}
	}
	early, err := x.store.Create(t.Context(), x.planner, canteen(0), record.Change{Reason: "补录", ValidFrom: "2019-03-01"}, today)
	if err != nil || early.ValidFrom != "2019-03-01" {
		t.Errorf("from a day before: %+v, %v", early, err)
	}
	var who, why, action, kind, subject, division string
	var detail struct {
		Notes []struct{ Before, After map[string]any }
	}
	err = x.db.Pool().QueryRow(t.Context(), `
SELECT who, why, action, subject_kind, subject_id, division_code, detail FROM audit_entry WHERE id = (SELECT change_id FROM facility WHERE id = $1)`, got.ID).
		Scan(&who, &why, &action, &kind, &subject, &division, &detail)
	if err != nil || who != x.planner.Who || why != "新开" || action != "facility.create" || kind != "facility" || subject != got.ID || division != got.DivisionCode ||
		detail.Notes[0].After["name_zh"] != "甲食堂" || len(detail.Notes[0].Before) != 0 {
		t.Errorf("the audit log says %s %s %s %s %s %s %+v, %v", who, why, action, kind, subject, division, detail, err)
	}
}

func TestCreateOnce(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	x.planner.Key, x.planner.RequestHash = "k", []byte{1}
	first := x.create(t, 0)
	// What the town is by now does not matter to a request that was answered.
	if _, err := x.store.Update(t.Context(), x.planner, first.ID, 1, facilities.Patch{Status: ptr(facilities.Closed)}, because("关停"), today); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(first, x.create(t, 0)); d != "" {
		t.Errorf("asked again: %s", d)
	}
	x.planner.RequestHash = []byte{2}
	if _, err := x.store.Create(t.Context(), x.planner, canteen(1), because("新开"), today); !errors.Is(err, postgres.ErrKeyReused) {
		t.Errorf("another request with the key: %v", err)
	}
	if list, err := x.store.List(t.Context(), adcode); len(list) != 1 || err != nil {
		t.Errorf("%d facilities, %v", len(list), err)
	}
}

// Without divisions a facility belongs to the authority itself.
func TestCreateWithoutDivisions(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	f := canteen(0)
	f.Serves, f.Point = nil, orb.Point{-70, -33}
	got, err := facilitydb.New(db).Create(t.Context(), dbtest.Person(t, db, adcode, "planner", ""), f, because("新开"), today)
	if err != nil || got.DivisionCode != adcode {
		t.Errorf("got %+v, %v", got, err)
	}
}

func invalidFields(err error) string {
	var invalid *record.InvalidError
	if !errors.As(err, &invalid) {
		return fmt.Sprint(err)
	}
	var out []string
	for _, f := range invalid.Faults {
		out = append(out, f.Field)
	}
	return strings.Join(out, " ")
}

func TestWhatIsNotTaken(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	old := x.create(t, 0)
	for _, tc := range []struct {
		name   string
		change func(*facilities.Facility)
		why    record.Change
		want   string
	}{
		{"outside the district", func(f *facilities.Facility) { f.Point = orb.Point{118, 39.05} }, because("a"), "lon"},
		{"north of the district", func(f *facilities.Facility) { f.Point = orb.Point{117.25, 39.1000001} }, because("a"), "lat"},
		{"exchanged", func(f *facilities.Facility) { f.Point = orb.Point{39.05, 117.05} }, because("a"), "lon lat"},
		{"a subdistrict served", func(f *facilities.Facility) { f.Serves = []string{"990001001", "990001001002"} }, because("a"), "serves"},
		{"no reason", func(*facilities.Facility) {}, because(""), "reason"},
		{"a blank reason", func(*facilities.Facility) {}, because(" "), "reason"},
		{"tomorrow", func(*facilities.Facility) {}, record.Change{Reason: "a", ValidFrom: "2026-11-28"}, "valid_from"},
		{"everything at once", func(f *facilities.Facility) { f.Type, f.NameZH, f.Capacity = "pub", "  ", -1 }, record.Change{ValidFrom: "soon"}, "reason valid_from type name_zh capacity"},
	} {
		f := canteen(0)
		tc.change(&f)
		if _, err := x.store.Create(t.Context(), x.planner, f, tc.why, today); invalidFields(err) != tc.want {
			t.Errorf("created %s: %v, want %s", tc.name, err, tc.want)
		}
	}
	for _, tc := range []struct {
		name  string
		patch facilities.Patch
		why   record.Change
		want  string
	}{
		{"a name of nothing", facilities.Patch{NameZH: ptr(" ")}, because("a"), "name_zh"},
		{"moved out of the district", facilities.Patch{Lat: ptr(39.2)}, because("a"), "lat"},
		{"no reason", facilities.Patch{Capacity: ptr(1)}, because(""), "reason"},
		{"before the present version", facilities.Patch{Capacity: ptr(1)}, record.Change{Reason: "a", ValidFrom: "2026-11-26"}, "valid_from"},
		{"no reason and nothing to change", facilities.Patch{}, because(""), "reason"},
		{"its division", facilities.Patch{DivisionCode: ptr("990001002")}, because("a"), "division_code"},
		{"a place and none", facilities.Patch{Unplaced: ptr(true), Lon: ptr(117.0)}, because("a"), "unplaced"},
		{"a division that there is not", facilities.Patch{Unplaced: ptr(true), DivisionCode: ptr("990001009")}, because("a"), "division_code"},
		{"a field of no form", facilities.Patch{Fields: map[string]any{"beds": map[string]any{}}}, because("a"), "fields.beds"},
	} {
		if _, err := x.store.Update(t.Context(), x.planner, old.ID, 1, tc.patch, tc.why, today); invalidFields(err) != tc.want {
			t.Errorf("changed %s: %v, want %s", tc.name, err, tc.want)
		}
	}
	if list, err := x.store.List(t.Context(), adcode); len(list) != 1 || list[0].Version != 1 || err != nil {
		t.Errorf("left behind: %+v, %v", list, err)
	}
}

// A hole in the divisions: a point in the district's box that no boundary holds.
func TestOutsideEveryDivision(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	err := x.db.Write(t.Context(), postgres.System(adcode, "test"), "a hole", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `DELETE FROM division WHERE level = 'district' OR code = '990001001002'; DELETE FROM division WHERE code = '990001001'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	f := canteen(1)
	if _, err := x.store.Create(t.Context(), x.planner, f, because("a"), today); invalidFields(err) != "lon lat" {
		t.Errorf("got %v", err)
	}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	first := x.create(t, 0)
	moved := x.update(t, first, facilities.Patch{Capacity: ptr(120), Lon: ptr(place(1)[0])}, because("扩建"), "2026-12-05")
	want := first
	want.Capacity, want.Point, want.DivisionCode, want.Version, want.ValidFrom = 120, place(1), "990001001002", 2, "2026-12-05"
	want.Fields = meals(120)
	if d := cmp.Diff(want, moved); d != "" {
		t.Error(d)
	}
	if same := x.update(t, moved, facilities.Patch{Capacity: ptr(120)}, because("又一次"), "2026-12-06"); same.Version != 2 {
		t.Errorf("a change of nothing made version %d", same.Version)
	}
	fixed := x.update(t, moved, facilities.Patch{Capacity: ptr(110)}, record.Change{Reason: "登记有误", Correction: true}, "2026-12-06")
	if fixed.Version != 3 || fixed.ValidFrom != "2026-12-05" {
		t.Errorf("corrected: %+v", fixed)
	}
	for _, tc := range []struct {
		day      record.Day
		capacity int
	}{{"2026-11-26", -1}, {"2026-11-27", 80}, {"2026-12-04", 80}, {"2026-12-05", 110}, {"2030-01-01", 110}} {
		f, err := x.store.AsOf(t.Context(), x.planner, first.ID, record.At{Valid: tc.day})
		if tc.capacity < 0 && !errors.Is(err, facilitydb.ErrNotFound) || tc.capacity >= 0 && (err != nil || f.Capacity != tc.capacity) {
			t.Errorf("on %s: %+v, %v; want %d", tc.day, f, err, tc.capacity)
		}
	}
	list, err := x.store.HistoryOf(t.Context(), x.planner, first.ID)
	if err != nil || len(list) != 3 || list[0].Made.Why != "登记有误" || list[1].KnownTo == nil || list[2].ValidTo != "2026-12-05" || list[2].Made.Action != "facility.create" {
		t.Fatalf("history %+v, %v", list, err)
	}
	asKnown, err := x.store.AsOf(t.Context(), x.planner, first.ID, record.At{Valid: "2026-12-05", Known: list[1].KnownFrom})
	if err != nil || asKnown.Capacity != 120 || asKnown.Version != 2 {
		t.Errorf("as was known then: %+v, %v", asKnown, err)
	}
	var changed []string
	for _, c := range list[1].Changes {
		changed = append(changed, fmt.Sprintf("%s %s→%s", c.Name, c.Before, c.After))
	}
	if d := cmp.Diff([]string{"capacity 80→120", "lon 117.05→117.15", `division_code "990001001001"→"990001001002"`, "fields.meals_per_day 80→120"}, changed); d != "" {
		t.Error(d)
	}
	var detail json.RawMessage
	if err := x.db.Pool().QueryRow(t.Context(), `SELECT detail FROM audit_entry WHERE id = $1`, list[1].Made.Change).Scan(&detail); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(detail), `"before": {"lon": 117.05, "capacity": 80, "fields.meals_per_day": 80}`) || !strings.Contains(string(detail), `"after": {"lon": 117.15`) {
		t.Errorf("the audit log says %s", detail)
	}
}

func TestStaleAndUnknown(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	f := x.create(t, 0)
	x.update(t, f, facilities.Patch{Capacity: ptr(1)}, because("a"), today)
	var stale *postgres.StaleError
	if _, err := x.store.Update(t.Context(), x.planner, f.ID, 1, facilities.Patch{Capacity: ptr(2)}, because("a"), today); !errors.As(err, &stale) || stale.Current != 2 || !errors.Is(err, postgres.ErrStale) {
		t.Errorf("a version behind: %v", err)
	}
	for _, id := range []string{"01900000-0000-7000-8000-000000000001", "nothing"} {
		_, update := x.store.Update(t.Context(), x.planner, id, 1, facilities.Patch{}, because("a"), today)
		_, asOf := x.store.AsOf(t.Context(), x.planner, id, record.At{Valid: today})
		_, history := x.store.HistoryOf(t.Context(), x.planner, id)
		for _, err := range []error{update, asOf, history} {
			if !errors.Is(err, facilitydb.ErrNotFound) {
				t.Errorf("%s: %v", id, err)
			}
		}
	}
}

// TestRights holds who may write and read where: the store asks, and where it did not
// the database refuses.
func TestRights(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	steward := dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001001")
	reader := dbtest.Person(t, x.db, adcode, "read_only", "")
	stranger := steward
	stranger.AdCode = "990002"
	token := steward
	token.TokenActions = []string{"map.read"}
	own, other := x.create(t, 0), x.create(t, 2)
	rename := facilities.Patch{NameZH: ptr("乙食堂")}
	for _, tc := range []struct {
		name string
		do   func() error
		want error
	}{
		{"registers at home", func() error {
			_, err := x.store.Create(t.Context(), steward, canteen(1), because("a"), today)
			return err
		}, nil},
		{"registers next door", func() error {
			_, err := x.store.Create(t.Context(), steward, canteen(2), because("a"), today)
			return err
		}, postgres.ErrForbidden},
		{"registers with a token that may not", func() error {
			_, err := x.store.Create(t.Context(), token, canteen(0), because("a"), today)
			return err
		}, postgres.ErrForbidden},
		{"changes next door", func() error {
			_, err := x.store.Update(t.Context(), steward, other.ID, 1, rename, because("a"), today)
			return err
		}, postgres.ErrForbidden},
		{"fetches from next door", func() error {
			_, err := x.store.Update(t.Context(), steward, other.ID, 1, facilities.Patch{Lon: ptr(place(0)[0])}, because("a"), today)
			return err
		}, postgres.ErrForbidden},
		{"gives to next door", func() error {
			_, err := x.store.Update(t.Context(), steward, own.ID, 1, facilities.Patch{Lon: ptr(place(2)[0])}, because("a"), today)
			return err
		}, postgres.ErrForbidden},
		{"changes at home", func() error {
			_, err := x.store.Update(t.Context(), steward, own.ID, 1, rename, because("a"), today)
			return err
		}, nil},
		{"a reader changes", func() error {
			_, err := x.store.Update(t.Context(), reader, own.ID, 2, rename, because("a"), today)
			return err
		}, postgres.ErrForbidden},
		{"another authority looks", func() error { _, err := x.store.ByID(t.Context(), stranger, own.ID); return err }, facilitydb.ErrNotFound},
		{"a reader looks", func() error { _, err := x.store.ByID(t.Context(), reader, own.ID); return err }, nil},
		{"a reader looks back", func() error {
			_, err := x.store.AsOf(t.Context(), reader, own.ID, record.At{Valid: today})
			return err
		}, postgres.ErrForbidden},
		{"a reader asks for history", func() error { _, err := x.store.HistoryOf(t.Context(), reader, own.ID); return err }, postgres.ErrForbidden},
		{"a steward asks for history", func() error { _, err := x.store.HistoryOf(t.Context(), steward, own.ID); return err }, nil},
		{"a steward asks for history next door", func() error { _, err := x.store.HistoryOf(t.Context(), steward, other.ID); return err }, postgres.ErrForbidden},
		{"nobody registers", func() error {
			_, err := x.store.Create(t.Context(), postgres.Writer{AdCode: adcode}, canteen(0), because("a"), today)
			return err
		}, postgres.ErrAnonymous},
	} {
		if err := tc.do(); !errors.Is(err, tc.want) || tc.want == nil && err != nil {
			t.Errorf("%s: %v, want %v", tc.name, err, tc.want)
		}
	}
	// SQL that forgot to ask.
	for name, sql := range map[string]string{
		"changes":  `UPDATE facility SET name_zh = '丙' WHERE id = '` + other.ID + `' RETURNING 1`,
		"moves in": `UPDATE facility SET division_code = '990001001' WHERE id = '` + other.ID + `' RETURNING 1`,
		"removes":  `DELETE FROM facility WHERE id = '` + own.ID + `' RETURNING 1`,
	} {
		var n int
		err := x.db.Write(t.Context(), steward, "a test", func(tx *postgres.Tx) error { return tx.QueryRow(t.Context(), sql).Scan(&n) })
		if !errors.Is(err, pgx.ErrNoRows) && !errors.Is(err, postgres.ErrForbidden) {
			t.Errorf("%s past the store: %v", name, err)
		}
	}
}

func TestMark(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	seen := map[string]bool{}
	see := func(what string) {
		t.Helper()
		mark, err := x.store.Mark(t.Context(), adcode)
		if err != nil || seen[mark] {
			t.Errorf("%s left the mark at %s: %v", what, mark, err)
		}
		seen[mark] = true
	}
	see("nothing")
	a := x.create(t, 0)
	see("a new one")
	x.create(t, 1)
	see("another")
	x.update(t, a, facilities.Patch{Capacity: ptr(1)}, because("a"), today)
	see("a change")
	err := x.db.Write(t.Context(), postgres.System(adcode, "test"), "a test", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `DELETE FROM facility WHERE id = $1`, a.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	see("a removal")
	again, err := x.store.Mark(t.Context(), adcode)
	if err != nil || !seen[again] {
		t.Errorf("asked twice: %s, %v", again, err)
	}
}

// TestOneOfManyWins holds that of a hundred who saw the same version one is taken.
func TestOneOfManyWins(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	f := x.create(t, 0)
	const clients = 100
	var wg sync.WaitGroup
	errs := make([]error, clients)
	for i := range clients {
		wg.Go(func() {
			_, errs[i] = x.store.Update(t.Context(), x.planner, f.ID, 1, facilities.Patch{Capacity: ptr(1000 + i)}, because(fmt.Sprint(i)), today)
		})
	}
	wg.Wait()
	winner, won := -1, 0
	for i, err := range errs {
		if err == nil {
			won, winner = won+1, i
		} else if !errors.Is(err, postgres.ErrStale) {
			t.Errorf("client %d: %v", i, err)
		}
	}
	now, err := x.store.ByID(t.Context(), x.planner, f.ID)
	if won != 1 || err != nil || now.Version != 2 || now.Capacity != 1000+winner {
		t.Errorf("%d of %d were taken; now %+v, %v", won, clients, now, err)
	}
}

// attempt is what one client does again and again: read, add to the capacity, write.
type attempt struct {
	Add  int
	Lag  int  // versions that the client is behind
	Move bool // to the other community
}

// otherSide is the longitude of the other of the two communities.
func otherSide(p orb.Point) float64 {
	if p == place(0) {
		return place(1)[0]
	}
	return place(0)[0]
}

// accepted is an update that was taken.
type accepted struct {
	saw, made facilities.Facility
	attempt   attempt
}

// TestConcurrentHistories holds that whatever clients do at the same time, each update
// that was taken followed the very version it saw, and the record is what all of them
// together make of it: nothing is lost and nothing comes twice.
func TestConcurrentHistories(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	histories := 0
	rapid.Check(t, func(rt *rapid.T) {
		var wg sync.WaitGroup
		faults := make([]error, 2)
		for i := range faults {
			plan := rapid.SliceOfN(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) attempt {
				return attempt{rapid.IntRange(1, 9).Draw(t, "add"), rapid.IntRange(0, 1).Draw(t, "lag"), rapid.Bool().Draw(t, "move")}
			}), 1, 4), 2, 4).Draw(rt, "clients")
			histories++
			wg.Go(func() { faults[i] = x.runTogether(t, plan) })
		}
		wg.Wait()
		if err := errors.Join(faults...); err != nil {
			rt.Fatal(err)
		}
	})
	if histories < 200 {
		t.Errorf("only %d histories", histories)
	}
}

// runTogether lets clients at one record and checks what became of it.
func (x fixture) runTogether(t *testing.T, clients [][]attempt) error {
	first, err := x.store.Create(t.Context(), x.planner, canteen(0), because("新开"), today)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	taken := []accepted{}
	var wg sync.WaitGroup
	failed := make([]error, len(clients))
	for i, plan := range clients {
		wg.Go(func() {
			for _, a := range plan {
				saw, err := x.store.ByID(t.Context(), x.planner, first.ID)
				if err != nil {
					failed[i] = err
					return
				}
				p := facilities.Patch{Capacity: ptr(saw.Capacity + a.Add)}
				if a.Move {
					p.Lon = ptr(otherSide(saw.Point))
				}
				made, err := x.store.Update(t.Context(), x.planner, first.ID, max(1, saw.Version-a.Lag), p, because("a"), today)
				switch {
				case err == nil:
					mu.Lock()
					taken = append(taken, accepted{saw, made, a})
					mu.Unlock()
				case !errors.Is(err, postgres.ErrStale):
					failed[i] = err
					return
				}
			}
		})
	}
	wg.Wait()
	if err := errors.Join(failed...); err != nil {
		return err
	}
	return x.checkComposed(t, first, taken)
}

// checkComposed puts the updates one after the other, as their versions say.
func (x fixture) checkComposed(t *testing.T, first facilities.Facility, taken []accepted) error {
	slices.SortFunc(taken, func(a, b accepted) int { return a.made.Version - b.made.Version })
	now := first
	for _, a := range taken {
		want := now
		want.Capacity += a.attempt.Add
		want.Fields = meals(float64(want.Capacity))
		if a.attempt.Move {
			want.Point[0] = otherSide(want.Point)
			want.DivisionCode = map[bool]string{true: "990001001002", false: "990001001001"}[want.Point[0] > 117.1]
		}
		want.Version++
		if d := cmp.Diff(now, a.saw) + cmp.Diff(want, a.made); d != "" {
			return fmt.Errorf("version %d: %s", a.made.Version, d)
		}
		now = a.made
	}
	end, err := x.store.ByID(t.Context(), x.planner, first.ID)
	if err != nil {
		return err
	}
	list, err := x.store.HistoryOf(t.Context(), x.planner, first.ID)
	if err != nil {
		return err
	}
	if d := cmp.Diff(now, end); d != "" || len(list) != 1+len(taken) {
		return fmt.Errorf("%d versions of %d updates; the end: %s", len(list), len(taken), d)
	}
	return nil
}
