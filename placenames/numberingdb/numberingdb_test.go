package numberingdb_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
	"yike/placenames/numbering"
	"yike/placenames/numberingdb"
)

const (
	adcode = "990001"
	west   = "990001001"
	today  = record.Day("2026-11-28")
	drawn  = "01900000-0000-7000-8000-000000000001" // a road of the register with a line
	bare   = "01900000-0000-7000-8000-000000000002" // one whose line only the network has
)

type fixture struct {
	db     *postgres.DB
	store  *numberingdb.Store
	keeper postgres.Writer
	reader postgres.Writer
}

// newFixture has a main road from west to east, a lane that leaves it to the north, buildings
// along both and at their corner, and two numbers.
func newFixture(t *testing.T) *fixture {
	t.Helper()
	db := dbtest.New(t)
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "a town", func(tx *postgres.Tx) error {
		args := pgx.StrictNamedArgs{"adcode": adcode, "west": west, "drawn": drawn, "bare": bare}
		for _, sql := range []string{
			`INSERT INTO division (adcode, id, code, level, name_zh, geom) SELECT @adcode, gen_random_uuid(), @west, 'subdistrict', '西街', ST_Multi(ST_MakeEnvelope(117, 39, 117.2, 39.1, 4326)) WHERE @drawn <> @bare`,
			`INSERT INTO place_name (adcode, id, text, kind, class, state, divisions, decision_kind, decision_number, decision_day, decision_body, geom, valid) VALUES
				(@adcode, @drawn, '大路', 'road', 'street', 'approved', ARRAY[@west], 'naming', '1号', '2026-01-05', '区政府', ST_GeomFromText('LINESTRING(117.1 39.05, 117.11 39.05)', 4326), '[2026-01-05,)'),
				(@adcode, @bare, '小巷', 'road', 'street', 'approved', ARRAY[@west], 'naming', '2号', '2026-01-05', '区政府', NULL, '[2026-01-05,)')`,
			`INSERT INTO road (adcode, id, source_id, name, class, walkable, geom) SELECT @adcode, gen_random_uuid(), x.id, x.name, x.class, true, ST_GeomFromText(x.line, 4326) FROM (VALUES
				('r1', '大路', 'primary', 'LINESTRING(117.1 39.05, 117.11 39.05)'),
				('r2', '小巷', 'residential', 'LINESTRING(117.105 39.05, 117.105 39.053)'),
				('r3', '', 'service', 'LINESTRING(117.101 39.0501, 117.101 39.0502)')) AS x (id, name, class, line) WHERE @west <> @drawn AND @bare <> ''`,
			// Along the main road, at the corner but nearer to the lane, along the lane, and far from all.
			`INSERT INTO building (adcode, id, source_id, name, geom) SELECT @adcode, gen_random_uuid(), x.id, x.name, ST_Multi(ST_MakeEnvelope(x.w, x.s, x.w + 0.0002, x.s + 0.0001, 4326)) FROM (VALUES
				('b1', '沿路楼', 117.101, 39.0502), ('b2', '转角楼', 117.1051, 39.0502), ('b3', '巷内楼', 117.1051, 39.052), ('b4', '远处楼', 117.101, 39.06)) AS x (id, name, w, s)
				WHERE @west <> @drawn AND @bare <> ''`,
			`INSERT INTO address (adcode, id, level, name_id, number, suffix, state, text, short_text, division_code, custody, geom)
				SELECT @adcode, gen_random_uuid(), 'number', @drawn, x.number, x.suffix, x.state, x.number, x.number, @west, 'own', ST_SetSRID(ST_MakePoint(117.1011, 39.05025), 4326)
				FROM (VALUES ('2', '', 'provisional'), ('2', '1-3', 'provisional'), ('甲4', '', 'provisional'), ('6', '', 'reserved')) AS x (number, suffix, state) WHERE @bare <> ''`,
		} {
			if _, err := tx.Exec(t.Context(), sql, onlyUsed(sql, args)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("make the town: %v", err)
	}
	return &fixture{
		db: db, store: numberingdb.New(db), keeper: dbtest.Person(t, db, adcode, "plate_manager", ""), reader: dbtest.Person(t, db, adcode, "field_worker", west),
	}
}

// onlyUsed leaves out arguments that a statement does not name.
func onlyUsed(sql string, args pgx.StrictNamedArgs) pgx.StrictNamedArgs {
	out := pgx.StrictNamedArgs{}
	for name, value := range args {
		for i := 0; i+len(name) < len(sql); i++ {
			if sql[i:i+len(name)+1] == "@"+name {
				out[name] = value
			}
		}
	}
	return out
}

func preset(t *testing.T, key string) numbering.RuleSet {
	t.Helper()
	all, err := numbering.Presets()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(r numbering.RuleSet) bool { return r.Key == key })
	out := all[i]
	out.Key = ""
	return out
}

func TestRuleSetsOfTheBureau(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	because := record.Change{Reason: "本区采用"}
	first, err := f.store.Create(t.Context(), f.keeper, numbering.LocalRule{Rules: preset(t, "tianjin"), Standard: true, Document: "〔2026〕1号"}, because, today)
	if err != nil {
		t.Fatal(err)
	}
	if !first.Standard || first.Rules.NameZH == "" || first.ValidFrom != today || first.Rules.Rows == nil {
		t.Errorf("kept as %+v", first)
	}
	second, err := f.store.Create(t.Context(), f.keeper, numbering.LocalRule{Rules: preset(t, "distance"), Standard: true}, because, today)
	if err != nil {
		t.Fatal(err)
	}
	list, err := f.store.List(t.Context(), f.reader)
	if err != nil || len(list) != 2 || list[0].ID != second.ID || list[1].Standard {
		t.Errorf("the list is %+v, %v; want the new standard one first and only", list, err)
	}
	changed := list[1]
	changed.Rules.ReserveM = 6
	if _, err := f.store.Update(t.Context(), f.keeper, first.ID, first.Version, changed, because, today); !errors.Is(err, postgres.ErrStale) {
		t.Errorf("of another version: %v", err)
	}
	made, err := f.store.Update(t.Context(), f.keeper, first.ID, list[1].Version, changed, because, today)
	if err != nil || made.Rules.ReserveM != 6 || made.Version != list[1].Version+1 {
		t.Errorf("changed to %+v, %v", made, err)
	}
	same, err := f.store.Update(t.Context(), f.keeper, first.ID, made.Version, made, because, today)
	if err != nil || same.Version != made.Version {
		t.Errorf("what changes nothing makes version %d, %v", same.Version, err)
	}
	versions, err := f.store.HistoryOf(t.Context(), f.keeper, first.ID)
	if err != nil || len(versions) != 3 {
		t.Errorf("%d versions, %v; want 3", len(versions), err)
	}
}

func TestWhoMakesRuleSets(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	because := record.Change{Reason: "试"}
	if _, err := f.store.Create(t.Context(), f.reader, numbering.LocalRule{Rules: preset(t, "tianjin")}, because, today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("somebody without the right: %v", err)
	}
	for _, want := range []bool{true, false} {
		w := f.reader
		if want {
			w = f.keeper
		}
		if may, err := f.store.MayMake(t.Context(), w); err != nil || may != want {
			t.Errorf("may make: %v, %v; want %v", may, err, want)
		}
	}
	var invalid *record.InvalidError
	if _, err := f.store.Create(t.Context(), f.keeper, numbering.LocalRule{Standard: true, Retired: true}, record.Change{}, today); !errors.As(err, &invalid) || len(invalid.Faults) < 5 {
		t.Errorf("an empty rule set: %v", err)
	}
	for _, id := range []string{"none", drawn} {
		if _, err := f.store.ByID(t.Context(), f.keeper, id); !errors.Is(err, numbering.ErrNoRule) {
			t.Errorf("%q: %v", id, err)
		}
		if _, err := f.store.Update(t.Context(), f.keeper, id, 1, numbering.LocalRule{}, because, today); !errors.Is(err, numbering.ErrNoRule) {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func (f *fixture) ground(t *testing.T, asked numberingdb.Asked) numbering.Ground {
	t.Helper()
	asked.ReachM = 60
	g, err := f.store.Ground(t.Context(), f.keeper, asked)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func labels(g numbering.Ground) []string {
	var out []string
	for _, f := range g.Frontages {
		out = append(out, g.Labels[f.ID])
	}
	slices.Sort(out)
	return out
}

func TestGroundAlongARoad(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	g := f.ground(t, numberingdb.Asked{NameID: drawn})
	if g.Road.Name != "大路" || len(g.Road.Sections) != 1 || g.Division != west || !slices.Equal(labels(g), []string{"沿路楼", "转角楼"}) {
		t.Errorf("along the main road: %+v, %v", g.Road, labels(g))
	}
	for _, one := range g.Frontages {
		if corner := one.Corner; (g.Labels[one.ID] == "转角楼") != (corner != nil) || corner != nil && (corner.Main || corner.Road != "小巷") {
			t.Errorf("%s has the corner %+v", g.Labels[one.ID], corner)
		}
	}
	if len(g.Existing) != 3 || g.Unread != 1 || g.Use != nil {
		t.Errorf("numbers %+v, %d not read", g.Existing, g.Unread)
	}
	for _, e := range g.Existing {
		if e.Point == nil || e.Reserved != (e.Number.N == 6) || (e.Deeper == "-3") != (e.Number.Suffix == 1) {
			t.Errorf("a number is %+v", e)
		}
	}
	lane := f.ground(t, numberingdb.Asked{NameID: bare})
	if len(lane.Road.Sections) != 1 || !slices.Equal(labels(lane), []string{"巷内楼", "转角楼"}) {
		t.Errorf("along the lane: %+v, %v", lane.Road, labels(lane))
	}
	for _, one := range lane.Frontages {
		if lane.Labels[one.ID] == "转角楼" && (one.Corner == nil || !one.Corner.Main) {
			t.Errorf("the corner belongs to the main road and has %+v", one.Corner)
		}
	}
	line := f.ground(t, numberingdb.Asked{Sections: []orb.LineString{{{117.1, 39.0595}, {117.103, 39.0595}}}})
	if line.NameID != "" || !slices.Equal(labels(line), []string{"远处楼"}) {
		t.Errorf("along a line that somebody drew: %v", labels(line))
	}
	byName := f.ground(t, numberingdb.Asked{Name: "大路"})
	if byName.NameID != drawn {
		t.Errorf("by name the road is %q", byName.NameID)
	}
	for _, asked := range []numberingdb.Asked{{NameID: "none"}, {NameID: "01900000-0000-7000-8000-0000000000ff"}, {Name: "没有的路"}} {
		if _, err := f.store.Ground(t.Context(), f.keeper, asked); !errors.Is(err, numbering.ErrUnknown) {
			t.Errorf("%+v: %v", asked, err)
		}
	}
}

func TestReservedNumbersAreNotToldToEverybody(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	g, err := f.store.Ground(t.Context(), f.reader, numberingdb.Asked{NameID: drawn, ReachM: 60})
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(g.Existing, func(e numbering.Existing) bool { return e.Reserved }) {
		t.Error("somebody without the right to number is told of a reserved number")
	}
}

func TestStreets(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	list, err := f.store.Streets(t.Context(), f.keeper, "", "", 10)
	if err != nil || len(list) != 2 || list[0].Name != "大路" || list[0].Numbers != 4 || list[0].NameID != drawn || list[1].LengthM < 300 {
		t.Errorf("roads %+v, %v", list, err)
	}
	if list, err = f.store.Streets(t.Context(), f.keeper, "巷", west, 10); err != nil || len(list) != 1 || list[0].NameID != bare {
		t.Errorf("lanes of the west: %+v, %v", list, err)
	}
	if list, err = f.store.Streets(t.Context(), f.keeper, "%", "", 10); err != nil || len(list) != 0 {
		t.Errorf("a percent sign finds %+v, %v", list, err)
	}
}

func TestUseOfARoad(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	mouth := orb.Point{117.105, 39.05}
	u := numbering.Use{NameID: bare, RuleRef: numbering.RuleRef{Rule: "tianjin"}, OneSided: true, Mouth: &mouth}
	set := func(w postgres.Writer, u numbering.Use) error {
		return f.db.Write(t.Context(), w, "试", func(tx *postgres.Tx) error { return f.store.UseIn(t.Context(), tx, u, today) })
	}
	for range 2 { // the same again makes no version
		if err := set(f.keeper, u); err != nil {
			t.Fatal(err)
		}
	}
	g := f.ground(t, numberingdb.Asked{NameID: bare})
	if g.Use == nil || g.Use.Rule != "tianjin" || !g.Road.OneSided || g.Road.Mouth == nil || *g.Road.Mouth != mouth || g.Road.Start != nil {
		t.Errorf("the road is numbered by %+v, %+v", g.Use, g.Road)
	}
	if err := set(f.reader, u); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("somebody without the right: %v", err)
	}
	u.NameID = "01900000-0000-7000-8000-0000000000ff"
	if err := set(f.keeper, u); !errors.Is(err, numbering.ErrUnknown) {
		t.Errorf("an unknown road: %v", err)
	}
}
