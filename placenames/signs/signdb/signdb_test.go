package signdb_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
	"yike/placenames/signs"
	"yike/placenames/signs/signdb"
)

const (
	adcode = "990001"
	today  = record.Day("2026-11-28")
	west   = "990001001"
	east   = "990001002"
	road   = "01900000-0000-7000-8000-000000000001"
	ended  = "01900000-0000-7000-8000-000000000002"
	aCase  = "01900000-0000-7000-8000-000000000003"
)

type fixture struct {
	db     *postgres.DB
	store  *signdb.Store
	worker postgres.Writer // in the west
	keeper postgres.Writer // of the register, everywhere
}

// newFixture has two subdistricts side by side, a road in the west and one that ended.
func newFixture(t *testing.T) *fixture {
	t.Helper()
	db := dbtest.New(t)
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "a town", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `
INSERT INTO division (adcode, id, code, level, name_zh, geom) VALUES
	(@adcode, gen_random_uuid(), @west, 'subdistrict', '西街', ST_Multi(ST_MakeEnvelope(117, 39, 117.2, 39.1, 4326))),
	(@adcode, gen_random_uuid(), @east, 'subdistrict', '东街', ST_Multi(ST_MakeEnvelope(117.2, 39, 117.4, 39.1, 4326)))`,
			pgx.StrictNamedArgs{"adcode": adcode, "west": west, "east": east})
		if err != nil {
			return err
		}
		_, err = tx.Exec(t.Context(), `
INSERT INTO place_name (adcode, id, text, roman, kind, class, state, divisions, decision_kind, decision_number, decision_day, decision_body, valid) VALUES
	(@adcode, @road, '沣东大道', 'Fengdong Dadao', 'road', 'street', 'approved', ARRAY[@west], 'naming', '1号', '2026-01-05', '区政府', '[2026-01-05,)'),
	(@adcode, @ended, '旧街', 'Jiu Jie', 'road', 'street', 'retired', ARRAY[@west], 'retirement', '2号', '2026-02-05', '区政府', '[2026-02-05,)')`,
			pgx.StrictNamedArgs{"adcode": adcode, "west": west, "road": road, "ended": ended})
		return err
	})
	if err != nil {
		t.Fatalf("make the town: %v", err)
	}
	return &fixture{
		db: db, store: signdb.New(db), worker: dbtest.Person(t, db, adcode, "field_worker", west), keeper: dbtest.Person(t, db, adcode, "place_name_registrar", ""),
	}
}

func (f *fixture) create(t *testing.T, w postgres.Writer, s signs.Sign) signs.Sign {
	t.Helper()
	made, err := f.store.Create(t.Context(), w, s, record.Change{Reason: "补登"}, today)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestLifeOfASign(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	made := f.create(t, f.worker, signs.Sign{NameID: road, Kind: "street", State: signs.Needed, NeededOn: "2026-01-06", Where: "东端"})
	if made.Text != "沣东大道" || made.Roman != "Fengdong Dadao" || made.Division != west {
		t.Errorf("what follows from the name is not there: %+v", made)
	}
	if _, err := f.store.Move(t.Context(), f.worker, made.ID, 7, signs.Move{To: signs.Ordered, Day: "2026-02-01"}, today); !errors.Is(err, postgres.ErrStale) {
		t.Errorf("another version: %v", err)
	}
	stands, err := f.store.Move(t.Context(), f.worker, made.ID, made.Version, signs.Move{To: signs.Standing, Day: "2026-02-01"}, today)
	if err != nil || stands.State != signs.Standing || stands.StoodOn != "2026-02-01" {
		t.Fatalf("%+v, %v", stands, err)
	}
	var invalid *record.InvalidError
	if _, err := f.store.Move(t.Context(), f.worker, made.ID, stands.Version, signs.Move{To: signs.Ordered, Day: "2026-02-02"}, today); !errors.As(err, &invalid) {
		t.Errorf("ordered while it stands: %v", err)
	}
	where := "东端路口东北角"
	changed, err := f.store.Update(t.Context(), f.worker, made.ID, stands.Version, signs.Patch{Where: &where, Point: &orb.Point{117.1, 39.05}}, record.Change{Reason: "定位"}, today)
	if err != nil || changed.Where != where || !changed.Placed || changed.Division != west {
		t.Fatalf("%+v, %v", changed, err)
	}
	same, err := f.store.Update(t.Context(), f.worker, made.ID, changed.Version, signs.Patch{Where: &where}, record.Change{Reason: "再来一次"}, today)
	if err != nil || same.Version != changed.Version {
		t.Errorf("what changes nothing made version %d, %v", same.Version, err)
	}
	list, err := f.store.HistoryOf(t.Context(), f.keeper, made.ID)
	if err != nil || len(list) != changed.Version {
		t.Errorf("%d versions, %v", len(list), err)
	}
	if err := f.store.Remove(t.Context(), f.worker, made.ID, changed.Version, record.Change{Reason: "误登"}, today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("a field worker takes it out: %v", err)
	}
	if err := f.store.Remove(t.Context(), f.keeper, made.ID, changed.Version, record.Change{Reason: "误登"}, today); err != nil {
		t.Fatal(err)
	}
	if _, err := f.store.ByID(t.Context(), f.keeper, made.ID); !errors.Is(err, signs.ErrNotFound) {
		t.Errorf("it is there still: %v", err)
	}
}

func TestWhoMayEnterASign(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	eastern := signs.Sign{NameID: road, Kind: "street", State: signs.Needed, Placed: true, Point: orb.Point{117.3, 39.05}}
	if _, err := f.store.Create(t.Context(), f.worker, eastern, record.Change{Reason: "补登"}, today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("of another subdistrict: %v", err)
	}
	if made := f.create(t, f.keeper, eastern); made.Division != east {
		t.Errorf("it belongs to %s", made.Division)
	}
	reader := dbtest.Person(t, f.db, adcode, "read_only", "")
	if _, err := f.store.Create(t.Context(), reader, eastern, record.Change{Reason: "补登"}, today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("by a reader: %v", err)
	}
	var invalid *record.InvalidError
	for name, s := range map[string]signs.Sign{
		"of no name":        {NameID: aCase, Kind: "street", State: signs.Needed, Text: "无"},
		"in an unknown":     {NameID: road, Kind: "street", State: signs.Needed, Division: "9"},
		"outside all of it": {NameID: road, Kind: "street", State: signs.Needed, Placed: true, Point: orb.Point{116, 39}},
	} {
		if _, err := f.store.Create(t.Context(), f.keeper, s, record.Change{Reason: "补登"}, today); !errors.As(err, &invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := f.store.Create(t.Context(), f.keeper, eastern, record.Change{}, today); !errors.As(err, &invalid) {
		t.Errorf("without a reason: %v", err)
	}
}

func TestNamesOfWork(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	texts := func() []string {
		t.Helper()
		list, err := f.store.Named(t.Context(), f.keeper)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, n := range list {
			out = append(out, n.Text)
		}
		return out
	}
	if got := texts(); !slices.Equal(got, []string{"沣东大道"}) {
		t.Errorf("names %v: one that ended without a sign is no work", got)
	}
	f.create(t, f.keeper, signs.Sign{NameID: ended, Kind: "street", State: signs.Standing, StoodOn: "2020-01-01", Where: "路口"})
	if got := texts(); !slices.Equal(got, []string{"旧街", "沣东大道"}) && !slices.Equal(got, []string{"沣东大道", "旧街"}) {
		t.Errorf("names %v", got)
	}
	all, err := f.store.All(t.Context(), f.keeper, "")
	if err != nil || len(all) != 1 {
		t.Fatalf("%d signs, %v", len(all), err)
	}
	if none, err := f.store.All(t.Context(), f.keeper, "not an id"); err != nil || len(none) != 0 {
		t.Errorf("%v, %v", none, err)
	}
	list, err := f.store.Named(t.Context(), f.keeper)
	if err != nil {
		t.Fatal(err)
	}
	tally := signs.Tally(signs.List(list, all, signs.Usual(), today))
	if tally[signs.TakeOff] != 1 || tally[signs.Add] != 1 || len(tally) != 2 {
		t.Errorf("work %v", tally)
	}
	if shown, err := f.store.Shown(t.Context(), f.keeper, aCase); err != nil || shown {
		t.Errorf("a case that is not there shows a sign: %v, %v", shown, err)
	}
}
