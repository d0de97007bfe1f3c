package addressdb_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
	"yike/placenames/addressdb"
	"yike/placenames/addresses"
)

const (
	adcode = "990001"
	today  = record.Day("2026-11-28")
	west   = "990001001001"
	road   = "01900000-0000-7000-8000-000000000001"
	estate = "01900000-0000-7000-8000-000000000002"
	ended  = "01900000-0000-7000-8000-000000000003"
)

type fixture struct {
	db     *postgres.DB
	store  *addressdb.Store
	keeper postgres.Writer // of plates, everywhere
	reader postgres.Writer
}

// newFixture has a district with a subdistrict, a community and a grid in it, a road, an estate with
// an outline and a road that ended.
func newFixture(t *testing.T) *fixture {
	t.Helper()
	db := dbtest.New(t)
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "a town", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `
INSERT INTO division (adcode, id, code, level, name_zh, parent_code, geom) VALUES
	(@adcode, gen_random_uuid(), @adcode, 'district', '示范区', NULL, ST_Multi(ST_MakeEnvelope(117, 39, 117.4, 39.1, 4326))),
	(@adcode, gen_random_uuid(), '990001001', 'subdistrict', '西街道', @adcode, ST_Multi(ST_MakeEnvelope(117, 39, 117.2, 39.1, 4326))),
	(@adcode, gen_random_uuid(), @west, 'community', '友谊社区', '990001001', ST_Multi(ST_MakeEnvelope(117, 39, 117.1, 39.1, 4326))),
	(@adcode, gen_random_uuid(), @west || '001', 'grid', '一网格', @west, ST_Multi(ST_MakeEnvelope(117, 39, 117.05, 39.1, 4326)))`,
			pgx.StrictNamedArgs{"adcode": adcode, "west": west})
		if err != nil {
			return err
		}
		_, err = tx.Exec(t.Context(), `
INSERT INTO place_name (adcode, id, text, roman, kind, class, state, divisions, geom, decision_kind, decision_number, decision_day, decision_body, valid) VALUES
	(@adcode, @road, '沣东大道', 'Fengdong Dadao', 'road', 'street', 'approved', ARRAY['990001001'], NULL, 'naming', '1号', '2026-01-05', '区政府', '[2026-01-05,)'),
	(@adcode, @estate, '嘉枫苑', '', 'estate', 'residence', 'approved', ARRAY['990001001'], ST_MakeEnvelope(117.01, 39.01, 117.02, 39.02, 4326), 'naming', '3号', '2026-01-05', '区政府', '[2026-01-05,)'),
	(@adcode, @ended, '旧街', 'Jiu Jie', 'road', 'street', 'retired', ARRAY['990001001'], NULL, 'retirement', '2号', '2026-02-05', '区政府', '[2026-02-05,)')`,
			pgx.StrictNamedArgs{"adcode": adcode, "road": road, "estate": estate, "ended": ended})
		return err
	})
	if err != nil {
		t.Fatalf("make the town: %v", err)
	}
	return &fixture{db: db, store: addressdb.New(db), keeper: dbtest.Person(t, db, adcode, "plate_manager", ""), reader: dbtest.Person(t, db, adcode, "read_only", "")}
}

func decision() addresses.Decision {
	return addresses.Decision{Kind: addresses.Numbering, Number: "编号〔2026〕1号", Day: "2026-02-01", Body: "区民政局"}
}

func door(number string) addresses.Address {
	return addresses.Address{
		Level: addresses.Number, NameID: road, Number: number, Main: true, State: addresses.Approved, Custody: addresses.Own, Decision: decision(),
		Positions: []addresses.Position{{Kind: addresses.AtEntrance, Source: addresses.FromSurvey, Accuracy: 2, Point: orb.Point{117.02, 39.05}}},
	}
}

func inside(level addresses.Level, label string) addresses.Address {
	return addresses.Address{Level: level, NameID: estate, Label: label, State: addresses.Approved, Custody: addresses.Own, Decision: decision()}
}

func (f *fixture) create(t *testing.T, a addresses.Address) addresses.Item {
	t.Helper()
	made, err := f.store.Create(t.Context(), f.keeper, a, record.Change{Reason: "编号"}, today)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func fields(err error) string {
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

func TestLifeOfAnAddress(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	made := f.create(t, door("12"))
	if made.Division != west || made.Text != "示范区西街道友谊社区沣东大道12号" || made.Roman != "Fengdong Dadao 12 Hao" || !made.MayWrite || !made.Main {
		t.Errorf("made %+v", made)
	}
	if _, err := f.store.Create(t.Context(), f.keeper, door("12"), record.Change{Reason: "再来"}, today); fields(err) != "number" {
		t.Errorf("the number again: %v", err)
	}
	note := "东门"
	changed, err := f.store.Update(t.Context(), f.keeper, made.ID, made.Version, addresses.Patch{Note: &note}, record.Change{Reason: "补充"}, today)
	if err != nil || changed.Note != note || changed.Version != made.Version+1 {
		t.Fatalf("%+v, %v", changed, err)
	}
	if same, err := f.store.Update(t.Context(), f.keeper, made.ID, changed.Version, addresses.Patch{Note: &note}, record.Change{Reason: "再来"}, today); err != nil || same.Version != changed.Version {
		t.Errorf("what changes nothing made version %d, %v", same.Version, err)
	}
	other := "16"
	if _, err := f.store.Update(t.Context(), f.keeper, made.ID, changed.Version, addresses.Patch{Number: &other}, record.Change{Reason: "改号"}, today); fields(err) != "number" {
		t.Errorf("renumbered by editing: %v", err)
	}
	if _, err := f.store.Update(t.Context(), f.keeper, made.ID, 1, addresses.Patch{Note: &other}, record.Change{Reason: "改"}, today); !errors.Is(err, postgres.ErrStale) {
		t.Errorf("another version: %v", err)
	}
	next := f.create(t, door("14"))
	renumbered := addresses.Move{To: addresses.Historical, Decision: addresses.Decision{Kind: addresses.Renumbering, Number: "2", Day: "2026-03-01", Body: "区民政局"}, Reason: "改号"}
	if _, err := f.store.Move(t.Context(), f.keeper, made.ID, changed.Version, renumbered, today); fields(err) != "successor_ids" {
		t.Errorf("renumbered to nothing: %v", err)
	}
	renumbered.Successors = []string{road}
	if _, err := f.store.Move(t.Context(), f.keeper, made.ID, changed.Version, renumbered, today); fields(err) != "successor_ids/0" {
		t.Errorf("renumbered to what is none: %v", err)
	}
	renumbered.Successors = []string{next.ID}
	gone, err := f.store.Move(t.Context(), f.keeper, made.ID, changed.Version, renumbered, today)
	if err != nil || gone.State != addresses.Historical || gone.ValidUntil != today {
		t.Fatalf("%+v, %v", gone, err)
	}
	if _, err := f.store.Move(t.Context(), f.keeper, made.ID, gone.Version, addresses.Move{To: addresses.Approved, Decision: decision()}, today); fields(err) != "to" {
		t.Errorf("revived: %v", err)
	}
	rows, err := f.store.Pairs(t.Context(), f.reader, addresses.Filter{})
	if err != nil || len(rows) != 1 || rows[0].Old != "沣东大道12号" || rows[0].New != "沣东大道14号" {
		t.Errorf("old–new table %+v, %v", rows, err)
	}
	list, err := f.store.HistoryOf(t.Context(), f.keeper, made.ID)
	if err != nil || len(list) != gone.Version {
		t.Errorf("%d versions, %v", len(list), err)
	}
	if again := f.create(t, door("12")); again.ID == made.ID {
		t.Error("the id of an ended address is used again")
	}
}

// The database itself keeps the life and the tree, whatever writes.
func TestDatabaseHoldsTheTree(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ids, err := f.store.CreateAll(t.Context(), f.keeper, []addresses.Entry{
		{Address: inside(addresses.Unit, "2"), ParentRef: "b"}, {Address: inside(addresses.Building, "3"), Ref: "b"}, {Address: door("12")},
	}, record.Change{Reason: "编号"}, today)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.system(t, `UPDATE address SET state = 'historical', ended_on = '2026-03-01', decision_kind = 'retirement' WHERE id = @id`, ids[2]); err != nil {
		t.Fatal(err)
	}
	for name, sql := range map[string]string{
		"revived":                   `UPDATE address SET state = 'approved', ended_on = NULL WHERE id = '` + ids[2] + `' AND @id::uuid IS NOT NULL`,
		"reserved again":            `UPDATE address SET state = 'reserved', ended_on = NULL WHERE id = '` + ids[2] + `' AND @id::uuid IS NOT NULL`,
		"within what is within it":  `UPDATE address SET parent_id = @id WHERE level = 'building'`,
		"on another name":           `UPDATE address SET name_id = '` + road + `' WHERE id = @id`,
		"as fine as what it is in":  `UPDATE address SET level = 'building' WHERE id = @id`,
		"ended over live ones":      `UPDATE address SET state = 'historical', ended_on = '2026-03-01', decision_kind = 'retirement' WHERE level = 'building' AND @id::uuid IS NOT NULL`,
		"auxiliary of an auxiliary": `UPDATE address SET main_id = CASE level WHEN 'unit' THEN '` + ids[1] + `'::uuid ELSE '` + ids[2] + `'::uuid END WHERE level <> 'number' AND @id::uuid IS NOT NULL`,
		"a successor that is not":   `UPDATE address SET successor_ids = ARRAY['` + road + `'::uuid] WHERE id = '` + ids[2] + `' AND @id::uuid IS NOT NULL`,
		"without a document":        `UPDATE address SET decision_kind = '' WHERE id = @id`,
		"two live of a label":       `INSERT INTO address (adcode, id, level, name_id, label, state, text, short_text, division_code, custody) SELECT adcode, gen_random_uuid(), 'building', name_id, '3', 'provisional', 't', 't', division_code, 'own' FROM address WHERE id = @id`,
		"a room of nothing":         `INSERT INTO address (adcode, id, level, name_id, label, state, text, short_text, division_code, custody) SELECT adcode, gen_random_uuid(), 'room', name_id, '3', 'provisional', 't', 't', division_code, 'own' FROM address WHERE id = @id`,
	} {
		if err := f.system(t, sql, ids[0]); err == nil {
			t.Errorf("%s: nothing holds it", name)
		}
	}
	if err := f.system(t, `DELETE FROM address WHERE id = @id`, ids[0]); err != nil {
		t.Fatal(err)
	}
	err = f.system(t, `INSERT INTO address (adcode, id, level, name_id, label, state, text, short_text, division_code, custody)
SELECT adcode, @id, 'building', name_id, '9', 'provisional', 't', 't', division_code, 'own' FROM address WHERE level = 'building'`, ids[0])
	if err == nil {
		t.Error("an id that was removed is used again")
	}
}

func (f *fixture) system(t *testing.T, sql, id string) error {
	t.Helper()
	return f.db.Write(t.Context(), postgres.System(adcode, "test"), "test", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), sql, pgx.StrictNamedArgs{"id": id})
		return err
	})
}

// The package's table of moves and the database's are one.
func TestTransitionsAgree(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	got := map[string][]string{}
	rows, err := f.db.Pool().Query(t.Context(), `SELECT from_state || ' ' || to_state, decisions FROM address_transition`)
	if err != nil {
		t.Fatal(err)
	}
	var step string
	var needed []string
	if _, err := pgx.ForEachRow(rows, []any{&step, &needed}, func() error { got[step] = slices.Clone(needed); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(addresses.Transitions())+len(addresses.Beginnings()) {
		t.Errorf("%d steps in the database", len(got))
	}
	for _, s := range addresses.Beginnings() {
		if _, ok := got[" "+string(s)]; !ok {
			t.Errorf("no beginning as %s", s)
		}
	}
	for _, tr := range addresses.Transitions() {
		var want []string
		for _, d := range tr.Decisions {
			want = append(want, string(d))
		}
		have, ok := got[string(tr.From)+" "+string(tr.To)]
		if !ok || !slices.Equal(have, want) && len(have)+len(want) > 0 {
			t.Errorf("%s to %s needs %v, want %v", tr.From, tr.To, have, want)
		}
	}
}

// A reserved number is in no list, page, map, table or history of who does not number.
func TestReservedNumbersStayInside(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	reserved := door("18")
	reserved.State, reserved.Decision = addresses.Reserved, addresses.Decision{}
	kept := f.create(t, reserved)
	reserved.Number = "20"
	dropped := f.create(t, reserved)
	if _, err := f.store.Move(t.Context(), f.keeper, dropped.ID, dropped.Version, addresses.Move{To: addresses.Historical, Reason: "不再预留"}, today); err != nil {
		t.Fatal(err)
	}
	planner := dbtest.Person(t, f.db, adcode, "planner", "")
	for _, id := range []string{kept.ID, dropped.ID} {
		for name, w := range map[string]postgres.Writer{"reader": f.reader, "planner": planner} {
			if _, err := f.store.ByID(t.Context(), w, id); !errors.Is(err, addresses.ErrNotFound) {
				t.Errorf("%s reads it: %v", name, err)
			}
			if list, err := f.store.HistoryOf(t.Context(), w, id); err == nil || len(list) > 0 {
				t.Errorf("%s reads its history: %v", name, list)
			}
		}
	}
	if page, err := f.store.List(t.Context(), f.reader, addresses.Filter{}, addressdb.After{}, 10); err != nil || len(page.Rows) != 0 {
		t.Errorf("in the list: %+v, %v", page, err)
	}
	if page, err := f.store.List(t.Context(), planner, addresses.Filter{At: today}, addressdb.After{}, 10); err != nil || len(page.Rows) != 0 {
		t.Errorf("in the list of a day: %+v, %v", page, err)
	}
	if counts, err := f.store.Counts(t.Context(), f.reader, addresses.Filter{}); err != nil || len(counts) != 0 {
		t.Errorf("counted: %+v, %v", counts, err)
	}
	frame := orb.Bound{Min: orb.Point{117, 39}, Max: orb.Point{118, 40}}
	if list, _, err := f.store.Map(t.Context(), f.reader, frame, addresses.Filter{}, 10); err != nil || len(list) != 0 {
		t.Errorf("on the map: %+v, %v", list, err)
	}
	if rows, err := f.store.Pairs(t.Context(), f.keeper, addresses.Filter{}); err != nil || len(rows) != 0 {
		t.Errorf("in the old–new table: %+v, %v", rows, err)
	}
	if page, err := f.store.List(t.Context(), f.keeper, addresses.Filter{}, addressdb.After{}, 10); err != nil || len(page.Rows) != 2 {
		t.Errorf("who numbers sees %d, %v", len(page.Rows), err)
	}
	if err := f.store.Remove(t.Context(), f.keeper, kept.ID, kept.Version, record.Change{Reason: "误登"}, today); err != nil {
		t.Error(err)
	}
}

func TestBatchIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	batch := []addresses.Entry{{Address: door("12")}, {Address: door("12")}, {Address: door("x")}, {Address: inside(addresses.Unit, "1"), ParentRef: "nobody"}}
	_, err := f.store.CreateAll(t.Context(), f.keeper, batch, record.Change{Reason: "编号"}, today)
	if got := fields(err); got != "addresses/3/parent_ref addresses/1/number addresses/2/number addresses/3/parent_id" {
		t.Errorf("faults in %q", got)
	}
	if page, err := f.store.List(t.Context(), f.keeper, addresses.Filter{}, addressdb.After{}, 10); err != nil || len(page.Rows) != 0 {
		t.Errorf("%d were made, %v", len(page.Rows), err)
	}
	if _, err := f.store.CreateAll(t.Context(), f.reader, batch[:1], record.Change{Reason: "编号"}, today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("by a reader: %v", err)
	}
	if _, err := f.store.CreateAll(t.Context(), f.keeper, nil, record.Change{}, today); fields(err) != "reason addresses" {
		t.Errorf("nothing, for no reason: %v", err)
	}
	foreign := door("12")
	foreign.Custody = addresses.Foreign
	if _, err := f.store.Create(t.Context(), f.keeper, foreign, record.Change{Reason: "编号"}, today); fields(err) != "custody" {
		t.Errorf("of another office: %v", err)
	}
	once := f.keeper
	once.Key, once.RequestHash = "key", []byte("hash")
	first, err := f.store.CreateAll(t.Context(), once, batch[:1], record.Change{Reason: "编号"}, today)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := f.store.CreateAll(t.Context(), once, batch[:1], record.Change{Reason: "编号"}, today); err != nil || !slices.Equal(first, again) {
		t.Errorf("sent twice: %v, %v", again, err)
	}
}

func TestForeignAddressesAreOnlyRead(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	foreign := door("12")
	foreign.Custody = addresses.Foreign
	made, err := f.store.Create(t.Context(), postgres.System(adcode, "import"), foreign, record.Change{Reason: "导入"}, today)
	if err != nil {
		t.Fatal(err)
	}
	seen, err := f.store.ByID(t.Context(), f.keeper, made.ID)
	if err != nil || seen.MayWrite {
		t.Errorf("may be written: %+v, %v", seen, err)
	}
	note := "改"
	if _, err := f.store.Update(t.Context(), f.keeper, made.ID, made.Version, addresses.Patch{Note: &note}, record.Change{Reason: "改"}, today); fields(err) != "custody" {
		t.Errorf("changed: %v", err)
	}
	err = f.db.Write(t.Context(), f.keeper, "test", func(tx *postgres.Tx) error {
		tag, err := tx.Exec(context.Background(), `UPDATE address SET note = 'x' WHERE adcode = @adcode`, pgx.StrictNamedArgs{"adcode": adcode})
		if err == nil && tag.RowsAffected() != 0 {
			t.Error("the database let a request write it")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestTreeAndTexts(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	building := inside(addresses.Building, "3号楼")
	building.Positions = []addresses.Position{{Kind: addresses.AtBuilding, Source: addresses.FromMap, Accuracy: 5, Point: orb.Point{117.3, 39.05}}}
	ids, err := f.store.CreateAll(t.Context(), f.keeper, []addresses.Entry{
		{Address: building, Ref: "b"}, {Address: inside(addresses.Unit, "2"), Ref: "u", ParentRef: "b"}, {Address: inside(addresses.Room, "501"), ParentRef: "u"}, {Address: inside(addresses.Unit, "3"), MainRef: "u", ParentRef: "b"},
	}, record.Change{Reason: "编号"}, today)
	if err != nil {
		t.Fatal(err)
	}
	room, err := f.store.ByID(t.Context(), f.keeper, ids[2])
	if err != nil || room.Short != "嘉枫苑3号楼2单元501室" {
		t.Fatalf("%s, %v", room.Short, err)
	}
	chain, err := f.store.Lineage(t.Context(), f.keeper, room.ID)
	if err != nil || len(chain) != 3 || chain[0].ID != ids[0] {
		t.Errorf("chain %v, %v", chain, err)
	}
	top, err := f.store.ByID(t.Context(), f.keeper, ids[0])
	if err != nil || top.Within != 2 {
		t.Errorf("%d within, %v", top.Within, err)
	}
	retired := addresses.Move{To: addresses.Historical, Gone: true, Decision: addresses.Decision{Kind: addresses.Retirement, Number: "5", Day: "2026-05-01", Body: "局"}}
	if _, err := f.store.Move(t.Context(), f.keeper, top.ID, top.Version, retired, today); fields(err) != "to" {
		t.Errorf("ended over live ones: %v", err)
	}
	label := "5号楼"
	if _, err := f.store.Update(t.Context(), f.keeper, top.ID, top.Version, addresses.Patch{Label: &label}, record.Change{Reason: "录错", Correction: true}, today); err != nil {
		t.Fatal(err)
	}
	if room, err = f.store.ByID(t.Context(), f.keeper, ids[2]); err != nil || room.Short != "嘉枫苑5号楼2单元501室" || len(room.Former) != 0 {
		t.Errorf("after the correction %+v, %v", room, err)
	}
	facts, err := f.store.Facts(t.Context(), f.reader, ids[0])
	if err != nil || facts.Outline == nil || facts.Inside == nil || !*facts.Inside || facts.OffsetM != nil || len(facts.Chain) != 1 || facts.Circle {
		t.Errorf("facts %+v, %v", facts, err)
	}
	if _, err := f.store.Facts(t.Context(), f.reader, road); !errors.Is(err, addresses.ErrNotFound) {
		t.Errorf("facts of nothing: %v", err)
	}
	f.rename(t, ids)
}

// rename gives the estate another name, and the addresses follow.
func (f *fixture) rename(t *testing.T, ids []string) {
	t.Helper()
	if err := f.system(t, `UPDATE place_name SET text = '嘉枫里', former = '[{"text": "嘉枫苑"}]', decision_kind = 'renaming' WHERE id = @id`, estate); err != nil {
		t.Fatal(err)
	}
	renaming := addressdb.Renaming{Decision: addresses.Decision{Kind: addresses.Renaming, Number: "9号", Day: "2026-06-01", Body: "区政府"}, Until: "2026-05-31"}
	if _, err := f.store.Renamed(t.Context(), f.reader, estate, renaming, record.Change{Reason: "更名"}, today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("by a reader: %v", err)
	}
	n, err := f.store.Renamed(t.Context(), f.keeper, estate, renaming, record.Change{Reason: "更名"}, today)
	if err != nil || n != 4 {
		t.Fatalf("%d renamed, %v", n, err)
	}
	room, err := f.store.ByID(t.Context(), f.keeper, ids[2])
	if err != nil || room.Short != "嘉枫里5号楼2单元501室" || len(room.Former) != 1 {
		t.Errorf("%+v, %v", room.Address, err)
	}
	rows, err := f.store.Pairs(t.Context(), f.reader, addresses.Filter{NameID: estate})
	if err != nil || len(rows) != 4 || rows[0].OldID != rows[0].NewID {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	if n, err := f.store.Renamed(t.Context(), f.keeper, estate, renaming, record.Change{Reason: "再来"}, today); err != nil || n != 0 {
		t.Errorf("again: %d, %v", n, err)
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	var batch []addresses.Entry
	for i := 1; i <= 12; i++ {
		a := door(fmt.Sprint(2 * i))
		a.Codes = []addresses.ForeignCode{{System: "公安标准地址", Code: fmt.Sprintf("GA%04d", i)}}
		batch = append(batch, addresses.Entry{Address: a})
	}
	if _, err := f.store.CreateAll(t.Context(), f.keeper, batch, record.Change{Reason: "编号", ValidFrom: "2026-02-01"}, today); err != nil {
		t.Fatal(err)
	}
	var numbers []string
	after := addressdb.After{}
	for {
		page, err := f.store.List(t.Context(), f.reader, addresses.Filter{NameID: road}, after, 5)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Rows {
			numbers = append(numbers, r.Number)
		}
		if !page.More {
			break
		}
		last := page.Rows[len(page.Rows)-1]
		after = addressdb.After{Text: last.Short, ID: last.ID}
	}
	if got := strings.Join(numbers, " "); got != "2 4 6 8 10 12 14 16 18 20 22 24" {
		t.Errorf("listed %s", got)
	}
	for name, tc := range map[string]struct {
		filter addresses.Filter
		n      int
	}{
		"by a code":         {addresses.Filter{Text: "ga0003"}, 1},
		"by words":          {addresses.Filter{Text: "大道 12号"}, 1},
		"in a division":     {addresses.Filter{Within: []string{west}}, 12},
		"in no division":    {addresses.Filter{Within: []string{}}, 0},
		"of a state":        {addresses.Filter{States: []addresses.State{addresses.Historical}}, 0},
		"of a level":        {addresses.Filter{Levels: []addresses.Level{addresses.Number}}, 12},
		"without a place":   {addresses.Filter{Unplaced: true}, 0},
		"of another office": {addresses.Filter{Custody: addresses.Foreign}, 0},
		"on a day before":   {addresses.Filter{At: "2026-01-01"}, 0},
		"on a day since":    {addresses.Filter{At: "2026-02-02"}, 12},
		"within another":    {addresses.Filter{ParentID: road}, 0},
	} {
		page, err := f.store.List(t.Context(), f.keeper, tc.filter, addressdb.After{}, 100)
		if err != nil || len(page.Rows) != tc.n {
			t.Errorf("%s: %d, %v", name, len(page.Rows), err)
		}
		counts, err := f.store.Counts(t.Context(), f.keeper, tc.filter)
		n := 0
		for _, c := range counts {
			n += c.N
		}
		if err != nil || n != tc.n {
			t.Errorf("%s: counted %d, %v", name, n, err)
		}
	}
	frame := orb.Bound{Min: orb.Point{117, 39}, Max: orb.Point{118, 40}}
	if list, more, err := f.store.Map(t.Context(), f.reader, frame, addresses.Filter{}, 10); err != nil || len(list) != 10 || !more {
		t.Errorf("%d on the map, %v, %v", len(list), more, err)
	}
	if a, err := f.store.AsOf(t.Context(), f.keeper, road, today); !errors.Is(err, addresses.ErrNotFound) {
		t.Errorf("%+v, %v", a, err)
	}
}
