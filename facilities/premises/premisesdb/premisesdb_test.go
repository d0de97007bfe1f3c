package premisesdb_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/facilities/premises"
	"yike/facilities/premises/premisesdb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

const (
	adcode = "990001"
	today  = record.Day("2026-11-27")
	nobody = "01900000-0000-7000-8000-000000000001"
)

// town has two subdistricts side by side, the western with two communities.
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
			{"880001", "community", "990001002", 117.2, 117.25}, // a code that says nothing of its parent
		} {
			_, err := tx.Exec(t.Context(), `
INSERT INTO division (adcode, id, code, level, parent_code, name_zh, geom)
VALUES (@adcode, gen_random_uuid(), @code, @level, nullif(@parent, ''), @code, ST_Multi(ST_MakeEnvelope(@west, 39, @east, 39.1, 4326)))`,
				pgx.StrictNamedArgs{"adcode": adcode, "code": d.code, "level": d.level, "parent": d.parent, "west": d.west, "east": d.east})
			if err != nil {
				return err
			}
		}
		_, err := tx.Exec(t.Context(), `
INSERT INTO facility (adcode, id, source_id, type, name_zh, status, division_code, geom)
VALUES (@adcode, @id, '1', 'community_premises', '花桥里党群服务中心', 'open', '990001001001', 'SRID=4326;POINT(117.05 39.05)')`,
			pgx.StrictNamedArgs{"adcode": adcode, "id": nobody})
		return err
	})
	if err != nil {
		t.Fatalf("make the town: %v", err)
	}
}

type fixture struct {
	db      *postgres.DB
	store   *premisesdb.Store
	planner postgres.Writer
	n       int
}

func newFixture(t testing.TB) *fixture {
	t.Helper()
	db := dbtest.New(t)
	town(t, db)
	return &fixture{db: db, store: premisesdb.New(db), planner: dbtest.Person(t, db, adcode, "planner", "")}
}

// room is one in the western community, each with a number of its own.
func (x *fixture) room() premises.Room {
	x.n++
	return premises.Room{
		Name: " 花桥里社区用房 ", Estate: "花桥里", Building: "3", Floor: "1", RoomNo: fmt.Sprint(100 + x.n), DivisionCode: "990001001001",
		Owner: "某区民政局", Title: premises.TitleRegistered, ApprovedUse: premises.CommunityService, PresentUse: premises.CommunityService, Area: 50_000,
		Parts: []premises.Part{
			{Use: premises.CommunityService, Area: 30_000, CountsFor: premises.CommunityNorm},
			{Use: premises.ElderlyService, Area: 15_050, CountsFor: premises.ElderlyNorm},
		},
		State: premises.HandedOver, PlannedOn: "2019-05-01", AcceptedOn: "2022-06-30", HandedOverOn: "2022-09-01",
		KeyHolder: "花桥里社区居委会主任", KeyContact: "13800001234", FacilityID: nobody, ObtainedBy: premises.ByProvision, Documents: []string{"移交协议〔2022〕3 号"},
		Note: "一层\n临街",
	}
}

func because(reason string) record.Change { return record.Change{Reason: reason} }

func ptr[T any](v T) *T { return &v }

func (x *fixture) create(t testing.TB, r premises.Room) premises.Item {
	t.Helper()
	item, err := x.store.Create(t.Context(), x.planner, r, because("建账"), today)
	if err != nil {
		t.Fatalf("create: %v", err)
	}
	return item
}

func (x *fixture) update(t testing.TB, i premises.Item, p premises.Patch) premises.Item {
	t.Helper()
	item, err := x.store.Update(t.Context(), x.planner, i.ID, i.Version, p, because("核实"), today)
	if err != nil {
		t.Fatalf("update: %v", err)
	}
	return item
}

func (x *fixture) inspect(t testing.TB, i premises.Item, day record.Day, v premises.Verdict, found premises.Use, until record.Day) premises.Item {
	t.Helper()
	item, err := x.store.Inspect(t.Context(), x.planner, premises.Inspection{RoomID: i.ID, Day: day, By: "街道城建科", Verdict: v, UseFound: found}, premises.Order{Deadline: until}, today)
	if err != nil {
		t.Fatalf("inspect: %v", err)
	}
	return item
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

func TestCreateAndUpdate(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	want := x.room()
	got := x.create(t, want)
	want.Name, want.Version, want.ValidFrom = "花桥里社区用房", 1, today
	if d := cmp.Diff(want, got.Room, cmpopts.IgnoreFields(premises.Room{}, "ID")); d != "" || !got.MayWrite || got.Open != nil || got.Facility != "花桥里党群服务中心" {
		t.Errorf("%s; %+v", d, got)
	}
	moved := x.update(t, got, premises.Patch{Lon: ptr(117.15), Lat: ptr(39.05), Area: ptr(premises.Area(60_000))})
	want = got.Room
	want.Version, want.Point, want.Placed, want.DivisionCode, want.Area = 2, orb.Point{117.15, 39.05}, true, "990001001002", 60_000
	if d := cmp.Diff(want, moved.Room); d != "" {
		t.Error(d)
	}
	if same := x.update(t, moved, premises.Patch{Area: ptr(premises.Area(60_000))}); same.Version != 2 {
		t.Errorf("a change of nothing made version %d", same.Version)
	}
	off := x.update(t, moved, premises.Patch{Unplace: true, Parts: &[]premises.Part{}, FacilityID: ptr(""), HandedOverOn: ptr(record.Day("")), State: ptr(premises.Accepted)})
	if off.Placed || off.Parts != nil || off.FacilityID != "" || off.HandedOverOn != "" || off.DivisionCode != "990001001002" {
		t.Errorf("emptied: %+v", off)
	}
	list, err := x.store.HistoryOf(t.Context(), x.planner, got.ID)
	if err != nil || len(list) != 3 || list[2].Made.Action != "premises.create" || list[2].Made.Why != "建账" {
		t.Fatalf("history %+v, %v", list, err)
	}
	var changed []string
	for _, c := range list[1].Changes {
		changed = append(changed, fmt.Sprintf("%s %s→%s", c.Name, c.Before, c.After))
	}
	if d := cmp.Diff([]string{`division_code "990001001001"→"990001001002"`, "lon null→117.15", "lat null→39.05", "area_m2 500→600"}, changed); d != "" {
		t.Error(d)
	}
	for _, c := range list[2].Changes {
		if c.Name == "key_contact" && string(c.After) != `"***"` || c.Name == "parts" && string(c.After) != `["community_service=300>community_premises", "elderly_service=150.5>elderly_premises"]` {
			t.Errorf("%s %s", c.Name, c.After)
		}
	}
	var detail string
	if err := x.db.Pool().QueryRow(t.Context(), `SELECT string_agg(detail::text, '') FROM audit_entry`).Scan(&detail); err != nil || strings.Contains(detail, "13800001234") || !strings.Contains(detail, `"***"`) {
		t.Errorf("the audit log says %s, %v", detail, err)
	}
}

func TestCreateOnce(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	x.planner.Key, x.planner.RequestHash = "k", []byte{1}
	r := x.room()
	first := x.create(t, r)
	if again := x.create(t, r); again.ID != first.ID {
		t.Errorf("asked again: %s, not %s", again.ID, first.ID)
	}
	x.planner.Key = "l"
	for range 2 {
		x.inspect(t, first, today, premises.Misuse, premises.Commercial, today)
	}
	if list, err := x.store.Inspections(t.Context(), x.planner, first.ID); len(list) != 1 || err != nil {
		t.Errorf("%d inspections, %v", len(list), err)
	}
}

func TestWithoutDivisions(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	x := &fixture{db: db, store: premisesdb.New(db), planner: dbtest.Person(t, db, adcode, "planner", "")}
	r := x.room()
	r.DivisionCode, r.FacilityID, r.Placed, r.Point = "", "", true, orb.Point{-70, -33}
	if got := x.create(t, r); got.DivisionCode != adcode || got.Point != r.Point {
		t.Errorf("got %+v", got)
	}
}

func TestWhatIsNotTaken(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	old := x.create(t, x.room())
	for _, tc := range []struct {
		name   string
		change func(*premises.Room)
		why    record.Change
		want   string
	}{
		{"no reason", func(*premises.Room) {}, because(""), "reason"},
		{"tomorrow", func(*premises.Room) {}, record.Change{Reason: "a", ValidFrom: "2026-11-28"}, "valid_from"},
		{"parts beyond the area", func(r *premises.Room) { r.Area = 45_049 }, because("a"), "parts"},
		{"the same room again", func(r *premises.Room) { r.RoomNo = old.RoomNo }, because("a"), "room_no"},
		{"an unknown division", func(r *premises.Room) { r.DivisionCode = "990001009" }, because("a"), "division_code"},
		{"a division elsewhere", func(r *premises.Room) { r.Placed, r.Point = true, orb.Point{117.15, 39.05} }, because("a"), "division_code"},
		{"a place outside", func(r *premises.Room) { r.Placed, r.Point, r.DivisionCode = true, orb.Point{118, 39.05}, "" }, because("a"), "lon"},
		{"an unknown facility", func(r *premises.Room) { r.FacilityID = old.ID }, because("a"), "facility_id"},
		{"a facility that is no id", func(r *premises.Room) { r.FacilityID = "1" }, because("a"), "facility_id"},
	} {
		r := x.room()
		tc.change(&r)
		if _, err := x.store.Create(t.Context(), x.planner, r, tc.why, today); invalidFields(err) != tc.want {
			t.Errorf("created %s: %v, want %s", tc.name, err, tc.want)
		}
	}
	other := x.create(t, x.room())
	for _, tc := range []struct {
		name  string
		patch premises.Patch
		why   record.Change
		want  string
	}{
		{"no reason", premises.Patch{Note: ptr("a")}, because(" "), "reason"},
		{"before the present version", premises.Patch{Note: ptr("a")}, record.Change{Reason: "a", ValidFrom: "2026-11-26"}, "valid_from"},
		{"made smaller than its parts", premises.Patch{Area: ptr(premises.Area(1))}, because("a"), "parts"},
		{"to be the same room", premises.Patch{RoomNo: &other.RoomNo}, because("a"), "room_no"},
		{"moved and said to be elsewhere", premises.Patch{Lon: ptr(117.15), Lat: ptr(39.05), DivisionCode: ptr("990001001001")}, because("a"), "division_code"},
	} {
		if _, err := x.store.Update(t.Context(), x.planner, old.ID, 1, tc.patch, tc.why, today); invalidFields(err) != tc.want {
			t.Errorf("changed %s: %v, want %s", tc.name, err, tc.want)
		}
	}
	if list, err := x.store.All(t.Context(), x.planner, premises.Filter{}); len(list) != 2 || list[0].Version+list[1].Version != 2 || err != nil {
		t.Errorf("left behind: %+v, %v", list, err)
	}
	// What forgot to ask: the database itself holds that no area counts twice.
	for name, sql := range map[string]string{
		"parts beyond the area":       `UPDATE premises SET area = 45049`,
		"property management counted": `UPDATE premises SET approved_use = 'property_management'`,
	} {
		err := x.db.Write(t.Context(), postgres.System(adcode, "test"), "a test", func(tx *postgres.Tx) error {
			_, err := tx.Exec(t.Context(), sql)
			return err
		})
		if postgres.Code(err) != "23514" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestStaleAndUnknown(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	r := x.create(t, x.room())
	x.update(t, r, premises.Patch{Note: ptr("a")})
	var stale *postgres.StaleError
	if _, err := x.store.Update(t.Context(), x.planner, r.ID, 1, premises.Patch{Note: ptr("b")}, because("a"), today); !errors.As(err, &stale) || stale.Current != 2 {
		t.Errorf("a version behind: %v", err)
	}
	if err := x.store.Remove(t.Context(), x.planner, r.ID, 1, because("a"), today); !errors.As(err, &stale) {
		t.Errorf("removed a version behind: %v", err)
	}
	for _, id := range []string{nobody, "nothing"} {
		_, read := x.store.ByID(t.Context(), x.planner, id)
		_, update := x.store.Update(t.Context(), x.planner, id, 1, premises.Patch{}, because("a"), today)
		_, history := x.store.HistoryOf(t.Context(), x.planner, id)
		_, seen := x.store.Inspections(t.Context(), x.planner, id)
		_, orders := x.store.Rectifications(t.Context(), x.planner, id)
		_, look := x.store.Inspect(t.Context(), x.planner, premises.Inspection{RoomID: id}, premises.Order{}, today)
		_, follow := x.store.FollowUp(t.Context(), x.planner, id, nobody, 1, premises.Follow{}, "a", today)
		remove := x.store.Remove(t.Context(), x.planner, id, 1, because("a"), today)
		for i, err := range []error{read, update, history, seen, orders, look, follow, remove} {
			if !errors.Is(err, premises.ErrNotFound) {
				t.Errorf("%d of %s: %v", i, id, err)
			}
		}
	}
	for _, id := range []string{nobody, "nothing"} {
		if _, err := x.store.FollowUp(t.Context(), x.planner, r.ID, id, 1, premises.Follow{}, "a", today); !errors.Is(err, premises.ErrNoRectification) {
			t.Errorf("rectification %s: %v", id, err)
		}
	}
}

func TestRemove(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	r := x.create(t, x.room())
	if err := x.store.Remove(t.Context(), x.planner, r.ID, 1, because(""), today); invalidFields(err) != "reason" {
		t.Errorf("without a reason: %v", err)
	}
	if err := x.store.Remove(t.Context(), x.planner, r.ID, 1, because("重复登记"), today); err != nil {
		t.Fatal(err)
	}
	if _, err := x.store.ByID(t.Context(), x.planner, r.ID); !errors.Is(err, premises.ErrNotFound) {
		t.Errorf("after it was removed: %v", err)
	}
	if list, err := x.store.HistoryOf(t.Context(), x.planner, r.ID); err != nil || len(list) != 1 || list[0].Removed == nil || list[0].Removed.Why != "重复登记" {
		t.Errorf("its history: %+v, %v", list, err)
	}
	seen := x.inspect(t, x.create(t, x.room()), today, premises.Fine, premises.CommunityService, "")
	if err := x.store.Remove(t.Context(), x.planner, seen.ID, seen.Version, because("a"), today); !errors.Is(err, premises.ErrInspected) {
		t.Errorf("one that was inspected: %v", err)
	}
}

// TestMisuse follows a room from the misuse that is found to the re-check.
func TestMisuse(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	r := x.create(t, x.room())
	r = x.inspect(t, r, "2026-11-10", premises.Misuse, premises.Commercial, "2026-11-20")
	if r.Open == nil || r.PresentUse != premises.Commercial || r.InspectedOn != "2026-11-10" || r.Open.Order.Deadline != "2026-11-20" || !r.Open.Overdue(today) {
		t.Fatalf("found: %+v %+v", r, r.Open)
	}
	if list, err := x.store.All(t.Context(), x.planner, premises.Filter{Overdue: true, Today: today}); len(list) != 1 || err != nil {
		t.Errorf("overdue: %v, %v", list, err)
	}
	follow := func(version int, f premises.Follow) (premises.Rectification, error) {
		return x.store.FollowUp(t.Context(), x.planner, r.ID, r.Open.ID, version, f, "催办", today)
	}
	one, err := follow(1, premises.Follow{Deadline: ptr(record.Day("2026-12-10")), Number: ptr("整改〔2026〕8 号")})
	if err != nil || one.Version != 2 || one.Order.Deadline != "2026-12-10" {
		t.Fatalf("put off: %+v, %v", one, err)
	}
	if _, err := follow(1, premises.Follow{Report: ptr("a")}); !errors.Is(err, postgres.ErrStale) {
		t.Errorf("a version behind: %v", err)
	}
	if same, err := follow(2, premises.Follow{}); err != nil || same.Version != 2 {
		t.Errorf("nothing said: %+v, %v", same, err)
	}
	if _, err := follow(2, premises.Follow{ReportedOn: ptr(record.Day("2027-01-01"))}); invalidFields(err) != "reported_on" {
		t.Errorf("reported in time to come: %v", err)
	}
	if _, err := x.store.FollowUp(t.Context(), x.planner, r.ID, r.Open.ID, 2, premises.Follow{Report: ptr("a")}, "", today); invalidFields(err) != "reason" {
		t.Errorf("for no reason: %v", err)
	}
	two, err := follow(2, premises.Follow{ReportedOn: ptr(record.Day("2026-11-25")), Report: ptr("已腾退")})
	if err != nil || two.Progress != premises.Reported {
		t.Fatalf("reported: %+v, %v", two, err)
	}
	r = x.inspect(t, r, "2026-11-26", premises.Misuse, premises.Residential, "2026-12-31")
	if r.Open == nil || r.Open.ID != one.ID || r.Open.Progress != premises.Ordered || r.Open.UseFound != premises.Residential {
		t.Fatalf("found again: %+v", r.Open)
	}
	closed := x.inspect(t, r, today, premises.Fine, premises.CommunityService, "")
	if closed.Open != nil || closed.PresentUse != premises.CommunityService {
		t.Errorf("closed: %+v", closed)
	}
	orders, err := x.store.Rectifications(t.Context(), x.planner, r.ID)
	if err != nil || len(orders) != 1 || orders[0].Progress != premises.Closed || orders[0].ClosedOn != today || orders[0].Recheck == "" {
		t.Errorf("rectifications: %+v, %v", orders, err)
	}
	seen, err := x.store.Inspections(t.Context(), x.planner, r.ID)
	if err != nil || len(seen) != 3 || seen[0].ID != orders[0].Recheck || seen[2].ID != orders[0].Found || seen[0].RecordedBy != x.planner.Who || seen[0].RecordedAt.IsZero() {
		t.Errorf("inspections: %+v, %v", seen, err)
	}
	if _, err := follow(orders[0].Version, premises.Follow{Report: ptr("再改")}); invalidFields(err) != "progress" {
		t.Errorf("after it was closed: %v", err)
	}
	if _, err := x.store.Inspect(t.Context(), x.planner, premises.Inspection{RoomID: r.ID, Day: today, By: "a", Verdict: premises.Misuse, UseFound: premises.Commercial}, premises.Order{}, today); invalidFields(err) != "deadline" {
		t.Errorf("without a deadline: %v", err)
	}
	if seen, err := x.store.Inspections(t.Context(), x.planner, r.ID); len(seen) != 3 || err != nil {
		t.Errorf("one that was refused is recorded: %v, %v", seen, err)
	}
	late := x.inspect(t, closed, "2026-11-01", premises.Misuse, premises.Commercial, "")
	if late.Open != nil || late.Version != closed.Version {
		t.Errorf("entered late: %+v", late)
	}
}

// TestManyInspectAtOnce holds that of many who find the same misuse one orders.
func TestManyInspectAtOnce(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	r := x.create(t, x.room())
	const people = 12
	var wg sync.WaitGroup
	errs := make([]error, people)
	for i := range people {
		wg.Go(func() {
			_, errs[i] = x.store.Inspect(t.Context(), x.planner, premises.Inspection{RoomID: r.ID, Day: today, By: fmt.Sprint(i), Verdict: premises.Misuse, UseFound: premises.Commercial},
				premises.Order{Deadline: today}, today)
		})
	}
	wg.Wait()
	orders, err := x.store.Rectifications(t.Context(), x.planner, r.ID)
	seen, err2 := x.store.Inspections(t.Context(), x.planner, r.ID)
	if e := errors.Join(append(errs, err, err2)...); e != nil || len(orders) != 1 || len(seen) != people {
		t.Errorf("%d orders of %d inspections: %v", len(orders), len(seen), e)
	}
}

// TestRights holds who may write and see what where: the store asks, and where it did not
// the database refuses.
func TestRights(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	steward := dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001001")
	reader := dbtest.Person(t, x.db, adcode, "read_only", "")
	token := steward
	token.TokenActions = []string{"map.read"}
	own, east := x.create(t, x.room()), x.room()
	east.DivisionCode = "990001002"
	other := x.create(t, east)
	note := premises.Patch{Note: ptr("a")}
	update := func(w postgres.Writer, i premises.Item, p premises.Patch) error {
		_, err := x.store.Update(t.Context(), w, i.ID, 1, p, because("a"), today)
		return err
	}
	look := func(w postgres.Writer, i premises.Item) error {
		_, err := x.store.Inspect(t.Context(), w, premises.Inspection{RoomID: i.ID, Day: today, By: "a", Verdict: premises.Misuse, UseFound: premises.Commercial}, premises.Order{Deadline: today}, today)
		return err
	}
	for _, tc := range []struct {
		name string
		do   func() error
		want error
	}{
		{"enters next door", func() error { _, err := x.store.Create(t.Context(), steward, east, because("a"), today); return err }, postgres.ErrForbidden},
		{"a reader enters", func() error { _, err := x.store.Create(t.Context(), reader, x.room(), because("a"), today); return err }, postgres.ErrForbidden},
		{"changes next door", func() error { return update(steward, other, note) }, postgres.ErrForbidden},
		{"gives to next door", func() error { return update(steward, own, premises.Patch{DivisionCode: ptr("990001002")}) }, postgres.ErrForbidden},
		{"changes with a token that may not", func() error { return update(token, own, note) }, postgres.ErrForbidden},
		{"removes next door", func() error { return x.store.Remove(t.Context(), steward, other.ID, 1, because("a"), today) }, postgres.ErrForbidden},
		{"inspects next door", func() error { return look(steward, other) }, postgres.ErrForbidden},
		{"a reader inspects", func() error { return look(reader, own) }, postgres.ErrForbidden},
		{"inspects at home", func() error { return look(steward, own) }, nil},
		{"asks for history at home", func() error { _, err := x.store.HistoryOf(t.Context(), steward, own.ID); return err }, nil},
		{"asks for history next door", func() error { _, err := x.store.HistoryOf(t.Context(), steward, other.ID); return err }, postgres.ErrForbidden},
		{"a reader asks for history", func() error { _, err := x.store.HistoryOf(t.Context(), reader, own.ID); return err }, postgres.ErrForbidden},
		{"nobody enters", func() error {
			_, err := x.store.Create(t.Context(), postgres.Writer{AdCode: adcode}, x.room(), because("a"), today)
			return err
		}, postgres.ErrAnonymous},
	} {
		if err := tc.do(); !errors.Is(err, tc.want) || tc.want == nil && err != nil {
			t.Errorf("%s: %v, want %v", tc.name, err, tc.want)
		}
	}
	found := x.inspect(t, other, today, premises.Misuse, premises.Commercial, today)
	if _, err := x.store.FollowUp(t.Context(), steward, other.ID, found.Open.ID, 1, premises.Follow{Report: ptr("a")}, "a", today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("follows up next door: %v", err)
	}
	for _, tc := range []struct {
		who      postgres.Writer
		own, far string
	}{
		{x.planner, "13800001234", "13800001234"}, {steward, "13800001234", "***"}, {reader, "***", "***"}, {postgres.System(adcode, "test"), "13800001234", "13800001234"},
	} {
		a, err := x.store.ByID(t.Context(), tc.who, own.ID)
		b, err2 := x.store.ByID(t.Context(), tc.who, other.ID)
		if err != nil || err2 != nil || a.KeyContact != tc.own || b.KeyContact != tc.far || a.MayWrite != (tc.own != "***") {
			t.Errorf("%s sees %q and %q, %v %v", tc.who.Who, a.KeyContact, b.KeyContact, err, err2)
		}
	}
	// SQL that forgot to ask.
	for name, sql := range map[string]string{
		"changes":    `UPDATE premises SET name = '丙' WHERE id = '` + other.ID + `' RETURNING 1`,
		"moves away": `UPDATE premises SET division_code = '990001002' WHERE id = '` + own.ID + `' RETURNING 1`,
		"removes":    `DELETE FROM premises WHERE id = '` + other.ID + `' RETURNING 1`,
		"inspects":   `INSERT INTO premises_inspection (adcode, id, premises_id, day, by_whom, verdict, recorded_by) VALUES ('990001', gen_random_uuid(), '` + other.ID + `', '2026-11-27', 'a', 'ok', 'a') RETURNING 1`,
		"rewrites":   `UPDATE premises_inspection SET verdict = 'ok' RETURNING 1`,
		"puts off":   `UPDATE premises_rectification SET deadline = '2030-01-01' WHERE premises_id = '` + other.ID + `' RETURNING 1`,
		"orders twice": `INSERT INTO premises_rectification (adcode, id, premises_id, found, found_on, use_found, deadline, progress)
			SELECT adcode, gen_random_uuid(), premises_id, found, found_on, use_found, deadline, progress FROM premises_rectification WHERE premises_id = '` + other.ID + `' RETURNING 1`,
	} {
		var n int
		err := x.db.Write(t.Context(), steward, "a test", func(tx *postgres.Tx) error { return tx.QueryRow(t.Context(), sql).Scan(&n) })
		if !errors.Is(err, pgx.ErrNoRows) && !errors.Is(err, postgres.ErrForbidden) {
			t.Errorf("%s past the store: %v", name, err)
		}
	}
}
