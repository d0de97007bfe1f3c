package likenessdb_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/facilities/likeness"
	"yike/facilities/likeness/likenessdb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

const (
	adcode = "990001"
	today  = record.Day("2026-11-27")
	west   = "990001001"
	east   = "990001002"
)

type fixture struct {
	db                      *postgres.DB
	store                   *likenessdb.Store
	planner, steward, field postgres.Writer
	ids                     []string // two in the west, one in the east, a draft in the east, a tombstone, an example
}

func newFixture(t *testing.T) fixture {
	t.Helper()
	db := dbtest.New(t)
	x := fixture{db: db, store: likenessdb.New(db)}
	x.planner, x.steward, x.field = person(t, db, "planner", ""), person(t, db, "subdistrict_steward", west), person(t, db, "field_worker", "")
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "a town", func(tx *postgres.Tx) error {
		for i, f := range []struct {
			name, division, stage string
			replaced              bool
		}{
			{"甲食堂", west + "001", "published", false},
			{"甲老人家食堂", west + "001", "published", false},
			{"丙食堂", east + "001", "published", false},
			{"草食堂", east + "001", "draft", false},
			{"旧食堂", west + "001", "published", true},
			{"例食堂", west + "001", "published", false},
		} {
			var id string
			point, by := any(nil), ""
			if i == 0 {
				point, by = "SRID=4326;POINT(117 39)", "map"
			}
			err := tx.QueryRow(t.Context(), `
INSERT INTO facility (adcode, id, source_id, type, name_zh, status, stage, division_code, geom, placed_by, fields, uscc, address, replaced_by, example)
VALUES (@adcode, @id, @name, 'elderly_canteen', @name, 'open', @stage, @division, @point::text::geometry, @by, '{"contact_phone": "27391234"}', 'U1', '解放路1号',
	CASE WHEN @replaced THEN ARRAY[gen_random_uuid()] ELSE '{}' END, @example) RETURNING id::text`,
				pgx.StrictNamedArgs{
					"adcode": adcode, "id": uuid.Must(uuid.NewV7()).String(), "name": f.name, "division": f.division, "stage": f.stage,
					"point": point, "by": by, "replaced": f.replaced, "example": f.name == "例食堂",
				}).Scan(&id)
			if err != nil {
				return err
			}
			x.ids = append(x.ids, id)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func person(t *testing.T, db *postgres.DB, role, division string) postgres.Writer {
	t.Helper()
	w := postgres.Writer{AdCode: adcode, Who: role}
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "make an account", func(tx *postgres.Tx) error {
		return tx.QueryRow(t.Context(), `
WITH made AS (INSERT INTO account (adcode, id, name, display_name) VALUES (@adcode, gen_random_uuid(), @name, @name) RETURNING adcode, id)
INSERT INTO account_grant (adcode, id, account_id, role, division_code) SELECT adcode, gen_random_uuid(), id, @role, @division FROM made RETURNING account_id::text`,
			pgx.StrictNamedArgs{"adcode": adcode, "name": "a-" + role[:4] + division, "role": role, "division": division}).Scan(&w.Account)
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestRecords(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	list, err := x.store.Records(t.Context(), adcode)
	if err != nil || len(list) != 4 {
		t.Fatalf("%d records, %v; want those that are neither replaced nor examples", len(list), err)
	}
	r := list[0]
	if r.ID != x.ids[0] || r.Name != "甲食堂" || !r.Placed || r.Point[0] != 117 || r.Phone != "27391234" || r.USCC != "U1" || r.Address != "解放路1号" || r.DivisionCode != west+"001" || list[1].Placed {
		t.Errorf("%+v", r)
	}
	before, err := x.store.Mark(t.Context(), adcode)
	if err != nil || before == "" {
		t.Fatal(before, err)
	}
	err = x.db.Write(t.Context(), postgres.System(adcode, "test"), "rename", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE facility SET name_zh = '乙食堂' WHERE id = $1`, x.ids[1])
		return err
	})
	if after, markErr := x.store.Mark(t.Context(), adcode); err != nil || markErr != nil || after == before {
		t.Errorf("the mark stays %s: %v %v", after, err, markErr)
	}
	if list, err := x.store.Records(t.Context(), "990009"); err != nil || len(list) != 0 {
		t.Errorf("another authority has %d records, %v", len(list), err)
	}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	a, b := x.ids[1], x.ids[0] // in the wrong order
	d, err := x.store.Decide(t.Context(), x.steward, likeness.Decision{A: a, B: b, Verdict: likeness.Different, Reason: " 两处灶台 "}, today)
	if err != nil || d.A != b || d.B != a || d.Division != west+"001" || d.By != x.steward.Who || d.At.IsZero() || d.Reason != "两处灶台" {
		t.Fatalf("%+v, %v", d, err)
	}
	decided, err := x.store.Decided(t.Context(), adcode)
	if err != nil || decided.Of(a, b) != likeness.Different || decided.Of(b, a) != likeness.Different || decided.Of(a, x.ids[2]) != "" {
		t.Errorf("%v, %v", decided, err)
	}
	// Another decision of the same pair takes its place, and the one before is in the history.
	if _, err := x.store.Decide(t.Context(), x.planner, likeness.Decision{A: a, B: b, Verdict: likeness.Same, Reason: "看错了"}, today); err != nil {
		t.Fatal(err)
	}
	list, err := x.store.Decisions(t.Context(), adcode)
	if err != nil || len(list) != 1 || list[0].Verdict != likeness.Same || list[0].Reason != "看错了" || list[0].By != "planner" {
		t.Errorf("%+v, %v", list, err)
	}
	var past, entries int
	err = x.db.Reader().QueryRow(t.Context(), `SELECT (SELECT count(*) FROM match_decision_history), (SELECT count(*) FROM audit_entry WHERE action = 'facility.match')`).Scan(&past, &entries)
	if err != nil || past != 1 || entries != 2 {
		t.Errorf("%d past versions, %d audit entries, %v", past, entries, err)
	}
}

func TestDecideOnce(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	w := x.planner
	w.Key, w.RequestHash = "k1", []byte("hash")
	d := likeness.Decision{A: x.ids[0], B: x.ids[1], Verdict: likeness.Different, Reason: "不是一处"}
	first, err := x.store.Decide(t.Context(), w, d, today)
	again, err2 := x.store.Decide(t.Context(), w, d, today)
	if err != nil || err2 != nil || !first.At.Equal(again.At) {
		t.Errorf("%+v, %v; %+v, %v", first, err, again, err2)
	}
	w.RequestHash = []byte("other")
	if _, err := x.store.Decide(t.Context(), w, d, today); !errors.Is(err, postgres.ErrKeyReused) {
		t.Error(err)
	}
}

func TestDecideRefuses(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	good := likeness.Decision{A: x.ids[0], B: x.ids[1], Verdict: likeness.Different, Reason: "不是一处"}
	with := func(change func(*likeness.Decision)) likeness.Decision {
		d := good
		change(&d)
		return d
	}
	invalid := func(err error) bool { var e *record.InvalidError; return errors.As(err, &e) }
	forbidden := func(err error) bool { return errors.Is(err, postgres.ErrForbidden) }
	missing := func(err error) bool { return errors.Is(err, likenessdb.ErrNotFound) }
	for _, tc := range []struct {
		name string
		w    postgres.Writer
		d    likeness.Decision
		want func(error) bool
	}{
		{"no reason", x.planner, with(func(d *likeness.Decision) { d.Reason = " " }), invalid},
		{"a long reason", x.planner, with(func(d *likeness.Decision) { d.Reason = strings.Repeat("长", 501) }), invalid},
		{"no verdict", x.planner, with(func(d *likeness.Decision) { d.Verdict = "maybe" }), invalid},
		{"one and itself", x.planner, with(func(d *likeness.Decision) { d.B = d.A }), invalid},
		{"no facility", x.planner, with(func(d *likeness.Decision) { d.B = "01900000-0000-7000-8000-000000000000" }), missing},
		{"no id", x.planner, with(func(d *likeness.Decision) { d.B = "x" }), missing},
		{"no right", x.field, good, forbidden},
		{"a draft of another subdistrict", x.steward, with(func(d *likeness.Decision) { d.B = x.ids[3] }), missing},
		{"a row without a place", x.planner, with(func(d *likeness.Decision) { d.A, d.B = "row:1", "row:2" }), forbidden},
	} {
		if _, err := x.store.Decide(t.Context(), tc.w, tc.d, today); !tc.want(err) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	// Where one of the two is hers, a steward may decide; where none is, she may not.
	if _, err := x.store.Decide(t.Context(), x.steward, with(func(d *likeness.Decision) { d.B = x.ids[2] }), today); err != nil {
		t.Error(err)
	}
	other := person(t, x.db, "subdistrict_steward", "990001003")
	if _, err := x.store.Decide(t.Context(), other, good, today); !forbidden(err) {
		t.Error(err)
	}
	list, err := x.store.Decisions(t.Context(), adcode)
	if err != nil || len(list) != 1 {
		t.Errorf("%d decisions, %v", len(list), err)
	}
}

// Rows of a file have no id; their fingerprint names them, and the file says where they lie.
func TestDecideOnRows(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	err := x.db.Write(t.Context(), x.steward, "导入", func(tx *postgres.Tx) error {
		_, err := likenessdb.DecideIn(t.Context(), tx, likeness.Decision{A: x.ids[0], B: "row:abc", Verdict: likeness.Different, Reason: "另一处", Division: west + "002"}, today)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	decided, err := x.store.Decided(t.Context(), adcode)
	if err != nil || decided.Of("row:abc", x.ids[0]) != likeness.Different {
		t.Errorf("%v, %v", decided, err)
	}
}

func TestScopesAndSight(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	for _, tc := range []struct {
		w      postgres.Writer
		scopes []string
		seen   int
	}{
		{x.planner, []string{""}, 6},
		{x.steward, []string{west}, 5}, // not the draft of the east
		{x.field, []string{}, 5},
		{postgres.System(adcode, "test"), []string{""}, 6},
	} {
		scopes, err := x.store.Scopes(t.Context(), tc.w)
		if err != nil || strings.Join(scopes, ",") != strings.Join(tc.scopes, ",") || len(scopes) != len(tc.scopes) {
			t.Errorf("%s: %q, %v", tc.w.Who, scopes, err)
		}
		seen, err := x.store.Visible(t.Context(), tc.w, x.ids)
		if err != nil || len(seen) != tc.seen {
			t.Errorf("%s sees %d, %v; want %d", tc.w.Who, len(seen), err, tc.seen)
		}
	}
	if seen, err := x.store.Visible(t.Context(), x.planner, nil); err != nil || len(seen) != 0 {
		t.Error(seen, err)
	}
}
