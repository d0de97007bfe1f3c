package platedb_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
	"yike/placenames/plates"
	"yike/placenames/plates/life"
	"yike/placenames/plates/platedb"
)

const (
	adcode = "990001"
	today  = record.Day("2026-11-28")
	west   = "990001001"
	east   = "990001002"
	road   = "01900000-0000-7000-8000-000000000001"
	estate = "01900000-0000-7000-8000-000000000002"
)

type fixture struct {
	db      *postgres.DB
	store   *platedb.Store
	manager postgres.Writer // of all plates
	fitter  postgres.Writer // in the west
}

// address is the id of the nth address of the fixture: 1 to 8 are numbers of the road, 9 and 10 of
// them in the east, 11 is reserved, 12 historical, 13 kept by another office, 14 a building.
func address(n int) string { return fmt.Sprintf("01900000-0000-7000-8000-0000000001%02d", n) }

func newFixture(t *testing.T) *fixture {
	t.Helper()
	db := dbtest.New(t)
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "a town", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `
INSERT INTO place_name (adcode, id, text, roman, kind, class, state, divisions, decision_kind, decision_number, decision_day, decision_body, valid) VALUES
	(@adcode, @road, '沣东大道', 'Fengdong Dadao', 'road', 'street', 'approved', ARRAY[@west], 'naming', '1号', '2026-01-05', '区政府', '[2026-01-05,)'),
	(@adcode, @estate, '桂园', 'Guiyuan', 'estate', 'residence', 'approved', ARRAY[@west], 'naming', '2号', '2026-01-05', '区政府', '[2026-01-05,)')`,
			pgx.StrictNamedArgs{"adcode": adcode, "west": west, "road": road, "estate": estate})
		if err != nil {
			return err
		}
		for n := 1; n <= 14; n++ {
			name, short, number, label, level, state, custody, division := road, fmt.Sprintf("沣东大道%d号", n), fmt.Sprint(n), "", "number", "approved", "own", west
			switch n {
			case 9, 10:
				division = east
			case 11:
				state = "reserved"
			case 12:
				state = "historical"
			case 13:
				custody = "foreign"
			case 14:
				name, short, number, label, level = estate, "桂园3号楼", "", "3", "building"
			}
			_, err := tx.Exec(t.Context(), `
INSERT INTO address (adcode, id, level, name_id, number, label, state, text, short_text, division_code, custody, geom, decision_kind, decision_number, decision_day, decision_body, ended_on)
VALUES (@adcode, @id, @level, @name, @number, @label, @state, @short, @short, @division, @custody, ST_SetSRID(ST_MakePoint(117 + @n * 0.0002, 39), 4326), 'numbering', '3号', '2026-02-01', '区民政局',
	CASE WHEN @state = 'historical' THEN '2026-05-01'::date END)`, pgx.StrictNamedArgs{
				"adcode": adcode, "id": address(n), "level": level, "name": name, "number": number, "label": label, "state": state, "short": short, "division": division,
				"custody": custody, "n": n,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("make the town: %v", err)
	}
	return &fixture{
		db: db, store: platedb.New(db, rand.Reader), manager: dbtest.Person(t, db, adcode, "plate_manager", ""), fitter: dbtest.Person(t, db, adcode, "field_worker", west),
	}
}

func (f *fixture) order(t *testing.T, sel life.Selection) (life.PlateOrder, []life.Item) {
	t.Helper()
	o, err := f.store.Order(t.Context(), f.manager, life.NewOrder{Title: "第一批", Selection: sel}, today)
	if err != nil {
		t.Fatal(err)
	}
	list, err := f.store.OfOrder(t.Context(), f.manager, o.ID)
	if err != nil {
		t.Fatal(err)
	}
	return o, list
}

func (f *fixture) all(t *testing.T, o life.PlateOrder, k life.Kind, codes ...plates.Token) int {
	t.Helper()
	n, err := f.store.All(t.Context(), f.manager, o.ID, life.Batch{Kind: k, Day: today, Note: "说明", Tokens: codes}, today)
	if err != nil {
		t.Fatalf("%s: %v", k, err)
	}
	return n
}

// photo puts a photo on a plate.
func (f *fixture) photo(t *testing.T, p life.Item, key string) {
	t.Helper()
	err := f.db.Write(t.Context(), postgres.System(adcode, "test"), "a photo", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `
INSERT INTO attachment (adcode, id, owner_kind, owner_id, division_code, kind, title, subject, file_name, media_type, size, sha256, original_sha256)
VALUES (@adcode, gen_random_uuid(), 'plate', @plate, @division, 'photo', 'x', @key, 'x.jpg', 'image/jpeg', 1, repeat('0', 64), repeat('0', 64))`,
			pgx.StrictNamedArgs{"adcode": adcode, "plate": p.ID, "division": p.Division, "key": key})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (f *fixture) take(t *testing.T, w postgres.Writer, p life.Item, e life.Told) life.Item {
	t.Helper()
	if e.Day == "" {
		e.Day = today
	}
	after, err := f.store.Take(t.Context(), w, p.Token, e, life.Rules{Today: today})
	if err != nil {
		t.Fatalf("%s: %v", e.Kind, err)
	}
	return after
}

func TestTransitionsAreThoseOfTheCore(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	rows, err := db.Reader().Query(t.Context(), `SELECT from_state, kind, to_state FROM plate_transition`)
	if err != nil {
		t.Fatal(err)
	}
	have, err := pgx.CollectRows(rows, pgx.RowToStructByPos[life.Step])
	if err != nil {
		t.Fatal(err)
	}
	want := life.Steps()
	if len(have) != len(want) {
		t.Errorf("%d transitions, the core has %d", len(have), len(want))
	}
	for _, s := range want {
		if !slices.Contains(have, s) {
			t.Errorf("the database does not know %+v", s)
		}
	}
	for _, k := range life.Kinds() {
		var right string
		if err := db.Reader().QueryRow(t.Context(), `SELECT plate_event_right(@kind)`, pgx.StrictNamedArgs{"kind": k.Code}).Scan(&right); err != nil {
			t.Fatal(err)
		}
		if life.Kind(k.Code).AtWall() != (right == "plate.fit") {
			t.Errorf("%s needs %s", k.Code, right)
		}
	}
}

func TestSelectionLeavesOutWhatGetsNoPlate(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c, err := f.store.Choose(t.Context(), f.manager, life.Selection{NameIDs: []string{road}})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Takes) != 10 || c.Left[life.IsEnded] != 1 || c.Left[life.IsForeign] != 1 || c.Left[life.HasPlate] != 0 {
		t.Errorf("%d taken, left %v", len(c.Takes), c.Left)
	}
	if c.Takes[1].Face != (life.Face{Name: "沣东大道", Number: "2号", Roman: "Fengdong Dadao"}) || c.Takes[9].Face.Number != "10号" {
		t.Errorf("faces %+v, the last %+v", c.Takes[1].Face, c.Takes[9].Face)
	}
	o, list := f.order(t, life.Selection{NameIDs: []string{road}, Kind: plates.Large})
	if o.Number() != "2026-001" || o.Total != 10 || o.Counts[life.Ordered] != 10 || o.Division != adcode || len(list) != 10 || list[0].Kind != plates.Large {
		t.Errorf("order %+v", o)
	}
	c, err = f.store.Choose(t.Context(), f.manager, life.Selection{NameIDs: []string{road}})
	if err != nil || len(c.Takes) != 0 || c.Left[life.HasPlate] != 10 {
		t.Errorf("%d taken again, left %v, %v", len(c.Takes), c.Left, err)
	}
	var invalid *record.InvalidError
	for name, sel := range map[string]life.Selection{
		"nothing":              {},
		"no id":                {NameIDs: []string{"x"}},
		"no code":              {Tokens: []string{"x"}},
		"no slot":              {NameIDs: []string{road}, Slot: "north"},
		"a size of no number":  {NameIDs: []string{road}, Kind: plates.Room},
		"what has plates":      {NameIDs: []string{road}},
		"no way to renew":      {NameIDs: []string{road}, Renew: "all"},
		"a division of nobody": {Division: "99"},
	} {
		n := life.NewOrder{Title: "x", Selection: sel}
		if name == "a division of nobody" {
			n.Title = ""
		}
		if _, err := f.store.Order(t.Context(), f.manager, n, today); !errors.As(err, &invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := f.store.Order(t.Context(), f.fitter, life.NewOrder{Title: "x", Selection: life.Selection{NameIDs: []string{estate}}}, today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("a fitter orders: %v", err)
	}
	if o, list = f.order(t, life.Selection{AddressIDs: []string{address(14)}}); list[0].Kind != plates.Building || list[0].Face.Number != "3号楼" && list[0].Face.Number != "3" || o.Division != west || o.No != 2 {
		t.Errorf("a building has %+v", list[0].Plate)
	}
	if second, _ := f.order(t, life.Selection{AddressIDs: []string{address(14)}, Slot: "2"}); second.Total != 1 {
		t.Error("a second slot has no plate")
	}
}

func TestLifeInTheDatabase(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	o, list := f.order(t, life.Selection{NameIDs: []string{road}})
	if n := f.all(t, o, life.Make); n != 10 {
		t.Errorf("%d made", n)
	}
	if n := f.all(t, o, life.Deliver, list[0].Token, list[1].Token); n != 2 {
		t.Errorf("%d delivered in part", n)
	}
	if n := f.all(t, o, life.Deliver); n != 8 {
		t.Errorf("%d delivered after that", n)
	}
	p := list[0]
	at := orb.Point{117.0002 + 0.0001, 39}
	fix := life.Told{Event: life.Event{Kind: life.Fix, Day: today, Scanned: p.Token.Lower(), Point: &at, AccuracyM: 6, HeightM: 2.2}, Key: "phone0001"}
	var invalid *record.InvalidError
	if _, err := f.store.Take(t.Context(), f.fitter, p.Token, fix, life.Rules{Today: today}); !errors.As(err, &invalid) {
		t.Errorf("fixed without a photo: %v", err)
	}
	f.photo(t, p, "phone0001")
	other := fix
	other.Scanned = list[1].Token.String()
	if _, err := f.store.Take(t.Context(), f.fitter, p.Token, other, life.Rules{Today: today}); !errors.As(err, &invalid) {
		t.Errorf("another plate in its place: %v", err)
	}
	p = f.take(t, f.fitter, p, fix)
	if p.State != life.Fixed || p.PhotoID == "" || p.OffsetM < 8 || p.OffsetM > 9 || p.FixedBy != f.fitter.Account {
		t.Errorf("fixed: %+v", p)
	}
	if again := f.take(t, f.fitter, p, fix); again.Events != p.Events || again.Version != p.Version {
		t.Errorf("sent twice it happened twice: %d events, then %d", p.Events, again.Events)
	}
	if _, err := f.store.Take(t.Context(), f.fitter, p.Token, life.Told{Event: life.Event{Kind: life.Verify, Day: today, Scanned: p.Token.String()}}, life.Rules{Today: today}); !errors.As(err, &invalid) {
		t.Errorf("verified by the fitter: %v", err)
	}
	p = f.take(t, f.manager, p, life.Told{Event: life.Event{Kind: life.Verify, Scanned: p.Token.String()}})
	p = f.take(t, f.fitter, p, life.Told{Event: life.Event{Kind: life.Inspect, Scanned: "https://evil.example/x", Layer: life.OnTop}})
	p = f.take(t, f.fitter, p, life.Told{Event: life.Event{Kind: life.Damage, Trouble: "sticker"}})
	if p.State != life.Damaged || p.BadSince != today || p.VerifiedOn != today {
		t.Errorf("damaged: %+v", p.Plate)
	}
	second, fresh := f.order(t, life.Selection{Tokens: []string{p.Token.Grouped()}})
	old, err := f.store.ByToken(t.Context(), f.manager, p.Token)
	if err != nil || old.State != life.Replaced || old.Successor != fresh[0].Token.String() || fresh[0].State != life.Ordered || fresh[0].AddressID != old.AddressID || second.Total != 1 {
		t.Errorf("replaced: %+v by %+v, %v", old.Plate, fresh[0].Plate, err)
	}
	events, err := f.store.Events(t.Context(), f.manager, p.Token)
	if err != nil || len(events) != 8 || events[5].Verdict != life.StuckOn || events[3].Recorded == "" || events[7].Successor != old.Successor {
		t.Errorf("%d events, %v", len(events), err)
	}
	versions, err := f.store.HistoryOf(t.Context(), f.manager, p.Token)
	if err != nil || len(versions) < 7 {
		t.Errorf("%d versions, %v", len(versions), err)
	}
}

// What the database makes of events is what the core makes of them.
func TestTheRowFollowsAsTheCoreSays(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	o, list := f.order(t, life.Selection{AddressIDs: []string{address(1)}})
	f.all(t, o, life.Make)
	f.all(t, o, life.Return)
	f.all(t, o, life.Make)
	f.all(t, o, life.Deliver)
	p, err := f.store.ByToken(t.Context(), f.manager, list[0].Token)
	if err != nil {
		t.Fatal(err)
	}
	f.photo(t, p, "all")
	door, at := *p.Door, orb.Point{117.0003, 39}
	for i, k := range []life.Kind{
		life.Fix, life.Inspect, life.Verify, life.Damage, life.Inspect, life.Repair, life.Lose, life.Repair, life.Verify, life.Lose, life.Withdraw,
	} {
		w := f.manager
		if k == life.Fix || k == life.Repair {
			w = f.fitter
		}
		e := life.Event{Kind: k, Day: today, Scanned: p.Token.String(), Trouble: "loose", Note: "说明", Point: &at, HeightM: 2 + float64(i)/8, By: w.Account}
		e.PhotoID = f.onlyPhoto(t)
		want, faults := p.Take(e, life.Ground{Today: today, Door: &door})
		if len(faults) > 0 {
			t.Fatalf("%s: %v", k, faults)
		}
		p = f.take(t, w, p, life.Told{Event: e})
		want.Version, want.OffsetM, want.HeightM = p.Version, p.OffsetM, p.HeightM // kept in single precision
		if p.Plate != want {
			t.Fatalf("after %s the database has\n%+v\nand the core\n%+v", k, p.Plate, want)
		}
	}
}

func (f *fixture) onlyPhoto(t *testing.T) string {
	t.Helper()
	var id string
	if err := f.db.Reader().QueryRow(t.Context(), `SELECT id::text FROM attachment LIMIT 1`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

func TestWhatTheDatabaseRefuses(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	_, list := f.order(t, life.Selection{AddressIDs: []string{address(1), address(2)}})
	const plain = `INSERT INTO plate (adcode, token, id, address_id, kind, slot, face_name, face_number, division_code, order_id)
		SELECT adcode, 'ZZZZZZZZZZZZZZ', gen_random_uuid(), '`
	const rest = `', kind, 'main', face_name, face_number, division_code, order_id FROM plate LIMIT 1`
	event := func(kind, state, no, more string) string {
		return `INSERT INTO plate_event (adcode, id, token, no, kind, state, day, note, recorded_by) SELECT adcode, gen_random_uuid(), token, ` + no + `, '` + kind + `', '` + state + `', '2026-11-28', 'x', 'x' FROM plate WHERE token = '` + list[0].Token.String() + `'` + more
	}
	for name, sql := range map[string]string{
		"a second live plate of a slot":  plain + address(1) + rest,
		"a plate of a reserved number":   plain + address(11) + rest,
		"a plate of an ended address":    plain + address(12) + rest,
		"a plate for another office":     plain + address(13) + rest,
		"a plate of no address":          plain + road + rest,
		"another face":                   `UPDATE plate SET face_number = '99号'`,
		"another code":                   `UPDATE plate SET token = 'ZZZZZZZZZZZZZZ' WHERE token = '` + list[0].Token.String() + `'`,
		"a state without an event":       `UPDATE plate SET state = 'made'`,
		"an event changed":               `UPDATE plate_event SET note = 'x'`,
		"an event taken away":            `DELETE FROM plate_event`,
		"all events taken away":          `TRUNCATE plate_event`,
		"fixed before it is delivered":   event("fixed", "fixed", "2", ""),
		"another end than that of a way": event("made", "verified", "2", ""),
		"out of turn":                    event("made", "made", "3", ""),
		"twice in one statement":         event("made", "made", "2", "") + ` UNION ALL SELECT adcode, gen_random_uuid(), token, 3, 'delivered', 'delivered', '2026-11-28', 'x', 'x' FROM plate WHERE token = '` + list[0].Token.String() + `'`,
	} {
		err := f.db.Write(t.Context(), postgres.System(adcode, "test"), name, func(tx *postgres.Tx) error {
			_, err := tx.Exec(t.Context(), sql)
			return err
		})
		if err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	for name, sql := range map[string]string{
		"a request sets the state": `UPDATE plate SET state = 'made', events = 2`,
		"a fitter has it made":     event("made", "made", "2", ""),
	} {
		err := f.db.Write(t.Context(), f.fitter, name, func(tx *postgres.Tx) error {
			_, err := tx.Exec(t.Context(), sql)
			return err
		})
		if err == nil {
			t.Errorf("%s", name)
		}
	}
}
