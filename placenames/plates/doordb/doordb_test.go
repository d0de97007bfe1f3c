package doordb_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
	"yike/placenames/plates"
	"yike/placenames/plates/doordb"
	"yike/placenames/plates/doors"
)

const (
	adcode = "990001"
	west   = "990001001"
	east   = "990001002"
	road   = "01900000-0000-7000-8000-000000000001"
	door   = "01900000-0000-7000-8000-0000000000a1"
	unit   = "01900000-0000-7000-8000-0000000000a2"
	spare  = "01900000-0000-7000-8000-0000000000a3"
	far    = "01900000-0000-7000-8000-0000000000a4"
	old    = "01900000-0000-7000-8000-0000000000a5"
)

// now is a Saturday.
func now() time.Time { return time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC) }

func token(n byte) string {
	t, err := plates.NewToken(bytes.NewReader(bytes.Repeat([]byte{n}, 13)))
	if err != nil {
		panic(err)
	}
	return t.String()
}

type fixture struct {
	db     *postgres.DB
	store  *doordb.Store
	types  facilities.Types
	keeper postgres.Writer // of plates everywhere
	wester postgres.Writer // of those in the west
	reader postgres.Writer
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	db := dbtest.New(t)
	types, err := facilities.ParseCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{db: db, types: types, store: doordb.New(db, func(code facilities.Type) bool {
		info, ok := types.Find(code)
		return ok && info.DoorPage
	})}
	f.write(t, `
INSERT INTO division (adcode, id, code, level, name_zh, geom) VALUES
	(@adcode, gen_random_uuid(), @west, 'subdistrict', '西街', ST_Multi(ST_MakeEnvelope(117, 39, 117.2, 39.1, 4326))),
	(@adcode, gen_random_uuid(), @east, 'subdistrict', '东街', ST_Multi(ST_MakeEnvelope(117.2, 39, 117.4, 39.1, 4326)))`, pgx.StrictNamedArgs{"west": west, "east": east})
	f.write(t, `
INSERT INTO place_name (adcode, id, text, roman, kind, class, state, divisions, former, decision_kind, decision_number, decision_day, decision_body) VALUES
	(@adcode, @road, '沣东大道', 'Fengdong Dadao', 'road', 'street', 'approved', ARRAY[@west], '[{"text": "规划一路", "until": "2020-05-01", "decision": {}}]', 'naming', '1号', '2020-05-01', '区政府')`,
		pgx.StrictNamedArgs{"road": road, "west": west})
	f.write(t, `
INSERT INTO address (adcode, id, level, name_id, parent_id, number, label, state, text, short_text, roman, division_code, geom, custody, decision_kind, decision_body, ended_on, successor_ids) VALUES
	(@adcode, @door, 'number', @road, NULL, '1', '', 'approved', '甲区西街沣东大道1号', '沣东大道1号', 'Fengdong Dadao 1 Hao', @west, ST_SetSRID(ST_MakePoint(117.1, 39.05), 4326), 'own', 'observed', '现场', NULL, '{}'),
	(@adcode, @unit, 'unit', @road, @door, '', '2单元', 'provisional', '甲区西街沣东大道1号2单元', '沣东大道1号2单元', '', @west, NULL, 'own', '', '', NULL, '{}'),
	(@adcode, @spare, 'number', @road, NULL, '3', '', 'reserved', '甲区西街沣东大道3号', '沣东大道3号', '', @west, NULL, 'own', '', '', NULL, '{}'),
	(@adcode, @far, 'number', @road, NULL, '5', '', 'approved', '甲区东街沣东大道5号', '沣东大道5号', '', @east, NULL, 'own', 'observed', '现场', NULL, '{}'),
	(@adcode, @old, 'number', @road, NULL, '7', '', 'historical', '甲区西街沣东大道7号', '沣东大道7号', '', @west, NULL, 'own', 'retirement', '区政府', '2026-01-01', ARRAY[@door]::uuid[])`,
		pgx.StrictNamedArgs{"road": road, "door": door, "unit": unit, "spare": spare, "far": far, "old": old, "west": west, "east": east})
	f.keeper = dbtest.Person(t, db, adcode, "plate_manager", "")
	f.wester = dbtest.Person(t, db, adcode, "plate_manager", west)
	f.reader = dbtest.Person(t, db, adcode, "read_only", "")
	return f
}

func (f *fixture) write(t *testing.T, sql string, args pgx.StrictNamedArgs) {
	t.Helper()
	args["adcode"] = adcode
	err := f.db.Write(t.Context(), postgres.System(adcode, "test"), "a test", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), sql, args)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// plate hangs a plate of a state; what no plate is made for is let be so that reading it is tested.
func (f *fixture) plate(t *testing.T, n byte, address, state string) string {
	t.Helper()
	if _, err := f.db.Pool().Exec(t.Context(), `ALTER TABLE plate DISABLE TRIGGER plate_stands`); err != nil {
		t.Fatal(err)
	}
	f.write(t, `
INSERT INTO plate (adcode, token, id, address_id, kind, slot, face_name, face_number, division_code, state, events, fixed_on, successor)
SELECT @adcode, @token, gen_random_uuid(), @address, 'medium', @slot, '沣东大道', '1', a.division_code, @state, 1, '2026-05-01', CASE WHEN @state = 'replaced' THEN @other END
FROM address AS a WHERE a.adcode = @adcode AND a.id = @address`,
		pgx.StrictNamedArgs{"token": token(n), "address": address, "state": state, "slot": string('0' + rune(n%9) + 1), "other": token(1)})
	return token(n)
}

func (f *fixture) facility(t *testing.T, id string, kind facilities.Type, fields string) string {
	t.Helper()
	f.write(t, `
INSERT INTO facility (adcode, id, source_id, type, name_zh, status, address, division_code, geom, placed_by, fields)
VALUES (@adcode, @id::uuid, @id::text, @kind, @name, 'open', '西街1号', @west, ST_SetSRID(ST_MakePoint(117.1, 39.05), 4326), 'given', @fields::jsonb)`,
		pgx.StrictNamedArgs{"id": id, "kind": string(kind), "name": string(kind), "west": west, "fields": fields})
	return id
}

func (f *fixture) walks(t *testing.T, walks ...doordb.Walk) int {
	t.Helper()
	changed := 0
	err := f.db.Write(t.Context(), postgres.System(adcode, "test"), "walks", func(tx *postgres.Tx) (err error) {
		changed, err = f.store.SaveWalks(t.Context(), tx, adcode, walks)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

func (f *fixture) door(t *testing.T, code string) doordb.Found {
	t.Helper()
	d, err := f.store.Door(t.Context(), adcode, code, now())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestADoorInOneRead(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	code := f.plate(t, 1, door, "fixed")
	canteen := f.facility(t, "01900000-0000-7000-8000-0000000000f1", "elderly_canteen",
		`{"contact_phone": "022-27390000", "opening_hours": "08:00-20:00", "meal_times": "周一至周五 11:00-13:00；周六 11:30-12:30"}`)
	rooms := f.facility(t, "01900000-0000-7000-8000-0000000000f2", "community_premises", `{"opening_hours": "周一至周五 08:30-17:00"}`)
	if d := f.door(t, code); d.Walked || len(d.Near) != 0 {
		t.Errorf("walks that nobody worked out: %+v", d)
	}
	f.walks(t, doordb.Walk{ID: door, Facilities: []string{canteen, "", "", rooms}, MS: []int32{240_000, 0, 0, 600_001}})
	d := f.door(t, code)
	if d.Text != "甲区西街沣东大道1号" || d.Short != "沣东大道1号" || d.Standing != doors.Current || d.Face != "沣东大道 1" || d.FixedOn != "2026-05-01" || d.Division != west || d.Kind != "medium" {
		t.Errorf("%+v", d)
	}
	if len(d.Former) != 1 || d.Former[0] != (doors.Former{Text: "规划一路", Until: "2020-05-01"}) {
		t.Errorf("formerly %+v", d.Former)
	}
	want := []doors.Near{
		{Ask: 0, NameZH: "elderly_canteen", Address: "西街1号", WalkMS: 240_000, Phone: "022-27390000", Hours: "周一至周五 11:00-13:00；周六 11:30-12:30", TodayZH: "11:30-12:30", TodayEN: "11:30-12:30"},
		{Ask: 3, NameZH: "community_premises", Address: "西街1号", WalkMS: 600_001, Hours: "周一至周五 08:30-17:00", TodayZH: "休息", TodayEN: "closed"},
	}
	if len(d.Near) != 2 || d.Near[0] != want[0] || d.Near[1] != want[1] {
		t.Errorf("near %+v", d.Near)
	}
	f.write(t, `UPDATE facility SET status = 'closed' WHERE adcode = @adcode AND id = @id`, pgx.StrictNamedArgs{"id": canteen})
	if d := f.door(t, code); len(d.Near) != 1 {
		t.Errorf("a place that closed is still near: %+v", d.Near)
	}
}

// TestWhatIsNeverNamedWhateverIsStored puts every type of the catalogue where each kind of place
// stands, as a job that went wrong might, and holds that no door tells of what may never be told.
func TestWhatIsNeverNamedWhateverIsStored(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	code := f.plate(t, 1, door, "fixed")
	never := map[string]bool{}
	for _, g := range f.types.Groups {
		never[g.Group] = g.NeverAtDoors
	}
	told := 0
	for i, info := range f.types.Types {
		id := f.facility(t, "01900000-0000-7000-8000-00000000e"+hex3(i), info.Type, `{}`)
		for slot := range doors.Asks() {
			w := doordb.Walk{ID: door, Facilities: make([]string, len(doors.Asks())), MS: make([]int32, len(doors.Asks()))}
			w.Facilities[slot], w.MS[slot] = id, 1000
			f.walks(t, w)
			near := f.door(t, code).Near
			told += len(near)
			if len(near) > 0 && (never[info.Group] || !info.DoorPage || doors.AskOf(string(info.Type)) != slot) {
				t.Errorf("%s of the group %s is named at a door", info.Type, info.Group)
			}
		}
	}
	if told != 5 {
		t.Errorf("%d types are named, want 5", told)
	}
}

func hex3(i int) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[i>>8&15], digits[i>>4&15], digits[i&15]})
}

func TestStandingsOfDoors(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	n := byte(1)
	for _, c := range []struct {
		address, state string
		want           doors.Standing
	}{
		{door, "fixed", doors.Current},
		{door, "verified", doors.Current},
		{door, "damaged", doors.Damaged},
		{door, "lost", doors.Withdrawn},
		{door, "withdrawn", doors.Withdrawn},
		{door, "replaced", doors.Replaced},
		{door, "made", doors.NotYet},
		{spare, "fixed", doors.NotYet},
		{unit, "fixed", doors.Current},
		{old, "fixed", doors.Current},
	} {
		code := f.plate(t, n, c.address, c.state)
		n++
		d := f.door(t, code)
		if d.Standing != c.want || d.Provisional != (c.address == unit) || d.Ended != (c.address == old) || (d.Successor != "") != (c.address == old) {
			t.Errorf("%s of %s: %+v", c.state, c.address, d.Door)
		}
		if p := d.Public(); !c.want.Names() && strings.Contains(p.Text+p.Short, "沣东大道") {
			t.Errorf("%s tells its address", c.state)
		}
	}
	if d := f.door(t, token(31)); d.Standing != doors.Unknown || d.Text != "" {
		t.Errorf("%+v", d)
	}
	if _, err := f.store.Photo(t.Context(), adcode, token(1)); !errors.Is(err, doors.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

func TestWalksAreStoredWhereTheyChanged(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ctx := t.Context()
	if due, err := f.store.Due(ctx, adcode); err != nil || !due {
		t.Fatalf("new addresses wait for nothing: %v", err)
	}
	steps, err := f.store.DueSteps(ctx, adcode, 100)
	if err != nil || len(steps) != 5 {
		t.Fatalf("%d wait, %v", len(steps), err)
	}
	placed := map[string]bool{}
	var walks []doordb.Walk
	for _, s := range steps {
		placed[s.ID] = s.Placed
		w := doordb.Walk{ID: s.ID}
		if s.Placed {
			w.Facilities, w.MS = []string{"", "", "", ""}, []int32{0, 0, 0, 0}
		}
		walks = append(walks, w)
	}
	if !placed[door] || !placed[unit] || placed[far] {
		t.Errorf("a unit is reached through its door: %v", placed)
	}
	if n := f.walks(t, walks...); n != 2 {
		t.Errorf("%d were stored", n)
	}
	if n := f.walks(t, walks...); n != 0 {
		t.Errorf("%d changed though nothing did", n)
	}
	if due, err := f.store.Due(ctx, adcode); err != nil || due {
		t.Errorf("somebody waits still: %v", err)
	}
	f.write(t, `UPDATE address SET note = 'x' WHERE adcode = @adcode`, pgx.StrictNamedArgs{})
	if due, _ := f.store.Due(ctx, adcode); due {
		t.Error("a note moves a door")
	}
	f.write(t, `UPDATE address SET geom = ST_SetSRID(ST_MakePoint(117.11, 39.05), 4326) WHERE adcode = @adcode AND id = @door`, pgx.StrictNamedArgs{"door": door})
	if again, err := f.store.DueSteps(ctx, adcode, 100); err != nil || len(again) != 2 {
		t.Errorf("a door that moved takes its units with it: %v %v", again, err)
	}
	all, err := f.store.Doorsteps(ctx, adcode, "", 3)
	if err != nil || len(all) != 3 {
		t.Fatalf("%v %v", all, err)
	}
	rest, err := f.store.Doorsteps(ctx, adcode, all[2].ID, 3)
	if err != nil || len(rest) != 2 {
		t.Errorf("%v %v", rest, err)
	}
	if r, err := f.store.Run(ctx, adcode); err != nil || r != (doordb.WalkRun{}) {
		t.Errorf("%+v %v", r, err)
	}
	run := doordb.WalkRun{Version: "v1", Doors: 5, Changed: 2}
	f.write(t, `INSERT INTO door_walk (adcode, address_id, facilities, walk_ms) VALUES (@adcode, gen_random_uuid(), ARRAY[NULL]::uuid[], ARRAY[NULL]::int[])`, pgx.StrictNamedArgs{})
	err = f.db.Write(ctx, postgres.System(adcode, "test"), "run", func(tx *postgres.Tx) error { return f.store.SaveRun(ctx, tx, adcode, run) })
	if got, errRun := f.store.Run(ctx, adcode); err != nil || errRun != nil || got != run {
		t.Errorf("%+v %v %v", got, err, errRun)
	}
	var left int
	if err := f.db.Reader().QueryRow(ctx, `SELECT count(*) FROM door_walk`).Scan(&left); err != nil || left != 2 {
		t.Errorf("%d walks are left, %v", left, err)
	}
}

func TestReportsOfThePublic(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ctx := t.Context()
	western, eastern, nobodys := f.plate(t, 1, door, "fixed"), f.plate(t, 2, far, "fixed"), token(3)
	take := func(receipt, code string, problem doors.Problem, note string) {
		t.Helper()
		if err := f.store.Take(ctx, adcode, doors.Report{Code: code, Problem: problem, Note: note}, doordb.Files{}, receipt, now()); err != nil {
			t.Fatal(err)
		}
	}
	take("r1", western, doors.BrokenPlate, "裂了")
	take("r2", western, doors.BrokenPlate, "")
	take("r3", western, doors.FakePlate, "")
	take("r4", eastern, doors.CoveredPlate, "")
	take("r5", nobodys, doors.FakePlate, "")
	open := func(w postgres.Writer) []doordb.Report {
		t.Helper()
		list, err := f.store.List(ctx, w, doordb.Filter{Most: 50})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if all := open(f.keeper); len(all) != 4 || all[3].Reports != 2 || all[3].Note != "裂了" || all[3].AddressText != "甲区西街沣东大道1号" || !all[3].Placed || all[0].Known || all[0].Division != adcode {
		t.Errorf("%+v", all)
	}
	if part := open(f.wester); len(part) != 2 {
		t.Errorf("the west sees %d", len(part))
	}
	if none := open(f.reader); len(none) != 0 {
		t.Errorf("a reader sees %d", len(none))
	}
	head := open(f.keeper)[3]
	nothing := func(*postgres.Tx, doordb.Report) error { return nil }
	today := record.DayOf(now())
	var invalid *record.InvalidError
	for name, c := range map[string]struct {
		w       postgres.Writer
		id      string
		version int
		outcome string
		want    func(error) bool
	}{
		"by a reader":     {f.reader, head.ID, 1, "repair", func(err error) bool { return errors.Is(err, postgres.ErrForbidden) }},
		"of another area": {f.wester, open(f.keeper)[1].ID, 1, "repair", func(err error) bool { return errors.Is(err, doors.ErrNotFound) }},
		"unknown":         {f.keeper, road, 1, "repair", func(err error) bool { return errors.Is(err, doors.ErrNotFound) }},
		"no id":           {f.keeper, "x", 1, "repair", func(err error) bool { return errors.Is(err, doors.ErrNotFound) }},
		"another version": {f.keeper, head.ID, 9, "repair", func(err error) bool { return errors.Is(err, postgres.ErrStale) }},
		"no such outcome": {f.keeper, head.ID, 1, "because", func(err error) bool { return errors.As(err, &invalid) }},
	} {
		if _, err := f.store.Decide(ctx, c.w, c.id, c.version, c.outcome, today, nothing); !c.want(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	broken := errors.New("the repair cannot be ordered")
	if _, err := f.store.Decide(ctx, f.wester, head.ID, 1, "repair", today, func(*postgres.Tx, doordb.Report) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	done, err := f.store.Decide(ctx, f.wester, head.ID, 1, "repair", today, nothing)
	if err != nil || done.State != doors.Accepted || done.Version != 2 || done.DecidedOn != today {
		t.Fatalf("%+v %v", done, err)
	}
	for _, receipt := range []string{"r1", "r2"} {
		fate, err := f.store.Fate(ctx, adcode, receipt)
		if err != nil || fate.State != doors.Accepted || fate.Outcome != "repair" || fate.Note != "" {
			t.Errorf("%s: %+v %v", receipt, fate, err)
		}
	}
	if _, err := f.store.Fate(ctx, adcode, "none"); !errors.Is(err, doors.ErrNotFound) {
		t.Errorf("%v", err)
	}
	if done, err = f.store.Decide(ctx, f.keeper, head.ID, 2, "done", today, nothing); err != nil || done.State != doors.Done {
		t.Fatalf("%+v %v", done, err)
	}
	if _, err := f.store.Decide(ctx, f.keeper, head.ID, 3, "right", today, nothing); !errors.As(err, &invalid) {
		t.Errorf("what was done is done again: %v", err)
	}
	take("r6", western, doors.BrokenPlate, "又坏了")
	if again := open(f.keeper); len(again) != 4 || again[0].ID == head.ID || again[0].Reports != 1 {
		t.Errorf("%+v", again)
	}
	forgotten := int64(0)
	err = f.db.Write(ctx, postgres.System(adcode, "test"), "forget", func(tx *postgres.Tx) (err error) {
		forgotten, err = f.store.ForgetSaid(ctx, tx, "2026-11-29")
		return err
	})
	if err != nil || forgotten != 1 {
		t.Errorf("%d, %v", forgotten, err)
	}
	f.alarmed(t, western)
}

// alarmed holds that three codes in the west that are suspected are an alarm, and one of nobody.
func (f *fixture) alarmed(t *testing.T, western string) {
	t.Helper()
	list, err := f.store.Alarms(t.Context(), f.keeper, now().Unix()/3600, doors.UsualAlarms())
	if err != nil || len(list) != 1 || list[0].Code == western {
		t.Errorf("%+v %v", list, err)
	}
	if _, err := f.store.Alarms(t.Context(), f.reader, 0, doors.UsualAlarms()); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("%v", err)
	}
}

func TestUnknownCodesAreCounted(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	hour := now().Unix() / 3600
	var misses []doors.Miss
	for _, back := range []int64{0, 5, 30, 60} {
		misses = append(misses, doors.Miss{Code: token(9), Hour: hour - back, Scans: 2})
	}
	misses = append(misses, doors.Miss{Code: token(8), Hour: hour, Scans: 40}, doors.Miss{Code: "odd", Hour: hour, Scans: 1})
	for range 2 {
		if err := f.store.AddMisses(t.Context(), adcode, misses, hour, 14*24); err != nil {
			t.Fatal(err)
		}
	}
	list, err := f.store.Alarms(t.Context(), f.keeper, hour, doors.UsualAlarms())
	if err != nil || len(list) != 1 || list[0].Code != token(9) || list[0].Scans != 16 || list[0].Hours != 4 {
		t.Errorf("%+v %v", list, err)
	}
	if err := f.store.AddMisses(t.Context(), adcode, []doors.Miss{{Code: token(7), Hour: hour + 400, Scans: 1}}, hour+400, 14*24); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := f.db.Reader().QueryRow(t.Context(), `SELECT count(*) FROM door_miss`).Scan(&left); err != nil || left != 1 {
		t.Errorf("%d are left, %v", left, err)
	}
	if err := f.store.AddMisses(t.Context(), adcode, nil, hour, 1); err != nil {
		t.Error(err)
	}
}

func TestPhotosOfReports(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	sha := strings.Repeat("a", 64)
	if err := f.store.Take(t.Context(), adcode, doors.Report{Code: token(3), Problem: doors.FakePlate}, doordb.Files{Photo: sha, Thumb: strings.Repeat("b", 64)}, "r", now()); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{sha: true, strings.Repeat("b", 64): true, strings.Repeat("c", 64): false, "": false} {
		if got, err := doordb.PhotoFile(t.Context(), f.db.Reader(), name); err != nil || got != want {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
	list, err := f.store.List(t.Context(), f.keeper, doordb.Filter{Most: 9, Problem: "fake", State: "received"})
	if err != nil || len(list) != 1 || list[0].Files.Photo != sha {
		t.Errorf("%+v %v", list, err)
	}
}
