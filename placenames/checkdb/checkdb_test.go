package checkdb_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/checkdb"
	"yike/placenames/wordlists"
)

const (
	adcode = "990001"
	today  = record.Day("2026-11-27")
)

type fixture struct {
	db                *postgres.DB
	store             *checkdb.Store
	registrar, worker postgres.Writer
	keys              int
}

func newFixture(t testing.TB) *fixture {
	t.Helper()
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	db := dbtest.New(t)
	return &fixture{
		db: db, store: checkdb.New(db, catalogue),
		registrar: dbtest.Person(t, db, adcode, "place_name_registrar", ""), worker: dbtest.Person(t, db, adcode, "field_worker", ""),
	}
}

// once gives the registrar with a key that nobody used.
func (f *fixture) once() postgres.Writer {
	f.keys++
	w := f.registrar
	w.Key = fmt.Sprint("key ", f.keys)
	return w
}

func (f *fixture) exec(t testing.TB, sql string, args pgx.StrictNamedArgs) {
	t.Helper()
	err := f.db.Write(t.Context(), postgres.System(adcode, "test"), "the ground", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), sql, args)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func (f *fixture) road(t testing.TB, name, class, wkt string, heights []float32) {
	t.Helper()
	f.exec(t, `INSERT INTO road (adcode, id, source_id, name, class, walkable, geom, heights) VALUES (@adcode, gen_random_uuid(), gen_random_uuid()::text, @name, @class, true, ST_GeomFromText(@wkt, 4326), @heights)`,
		pgx.StrictNamedArgs{"adcode": adcode, "name": name, "class": class, "wkt": wkt, "heights": heights})
}

// name puts a record in use on the register and gives its id.
func (f *fixture) name(t testing.TB, text, kind, class, wkt string) string {
	t.Helper()
	f.keys++
	id := fmt.Sprintf("01900000-0000-7000-8000-%012d", f.keys)
	f.exec(t, `
INSERT INTO place_name (adcode, id, text, kind, class, state, divisions, geom, decision_kind, decision_title)
VALUES (@adcode, @id, @text, @kind, @class, 'customary', '{990001}', CASE WHEN @wkt <> '' THEN ST_GeomFromText(@wkt, 4326) END, 'observed', '普查')`,
		pgx.StrictNamedArgs{"adcode": adcode, "id": id, "text": text, "kind": kind, "class": class, "wkt": wkt})
	return id
}

func (f *fixture) around(t testing.TB, a checkdb.Asked) checkdb.Around {
	t.Helper()
	a.Day = today
	got, err := f.store.Around(t.Context(), f.registrar, a)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestLists(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	why := record.Change{Reason: "按通知录入"}
	empty, err := f.store.List(t.Context(), f.registrar, wordlists.Leaders)
	if err != nil || empty.Version != 0 || !empty.MayWrite || len(empty.Words) != 0 {
		t.Fatalf("a list that nobody entered: %+v, %v", empty, err)
	}
	made, err := f.store.Put(t.Context(), f.registrar, wordlists.List{Kind: wordlists.Leaders, Words: []wordlists.Word{{Word: " 甲乙丙 "}, {Word: "甲乙丙"}, {Word: "丁戊", Reading: "dīng wù"}}}, 0, why, today)
	if err != nil || made.Version != 1 || !slices.Equal(made.Texts(), []string{"甲乙丙", "丁戊"}) || made.Words[1].Reading != "dīng wù" {
		t.Fatalf("entered: %+v, %v", made, err)
	}
	if same, err := f.store.Put(t.Context(), f.registrar, made, 1, why, today); err != nil || same.Version != 1 {
		t.Errorf("the same again: version %d, %v", same.Version, err)
	}
	later, err := f.store.Put(t.Context(), f.registrar, wordlists.List{Kind: wordlists.Leaders, Words: made.Words[:1], Whole: true}, 1, why, today)
	if err != nil || later.Version != 2 || !later.Whole {
		t.Errorf("changed: %+v, %v", later, err)
	}
	all, err := f.store.Lists(t.Context(), f.worker)
	if err != nil || len(all) != 1 || !slices.Equal(all[wordlists.Leaders].Texts(), []string{"甲乙丙"}) {
		t.Errorf("all: %+v, %v", all, err)
	}
	seen, err := f.store.List(t.Context(), f.worker, wordlists.Leaders)
	if err != nil || seen.MayWrite {
		t.Errorf("as others see it: %+v, %v", seen, err)
	}
	versions, err := f.store.HistoryOf(t.Context(), f.registrar, wordlists.Leaders)
	if err != nil || len(versions) != 2 {
		t.Errorf("%d versions, %v", len(versions), err)
	}
	if none, err := f.store.HistoryOf(t.Context(), f.registrar, wordlists.Brands); err != nil || len(none) != 0 {
		t.Errorf("of a list that nobody entered: %v, %v", none, err)
	}
	var stale *postgres.StaleError
	if _, err := f.store.Put(t.Context(), f.registrar, later, 1, why, today); !errors.As(err, &stale) || stale.Current != 2 {
		t.Errorf("of an old version: %v", err)
	}
	var invalid *record.InvalidError
	if _, err := f.store.Put(t.Context(), f.registrar, wordlists.List{Kind: wordlists.Brands, Words: []wordlists.Word{{Word: "甲"}}}, 0, record.Change{}, today); !errors.As(err, &invalid) || len(invalid.Faults) != 2 {
		t.Errorf("with faults: %v", err)
	}
	if _, err := f.store.Put(t.Context(), f.worker, later, 2, why, today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("by somebody who may not: %v", err)
	}
}

func TestClearances(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	id := f.name(t, "丁戊苑", "estate", "residence", "")
	say := wordlists.Clearance{NameID: id, Kind: wordlists.Persons, Word: "丁戊", By: "某专家", Reason: "系自然地名"}
	made, err := f.store.Clear(t.Context(), f.once(), say)
	if err != nil || made.Text != "丁戊苑" || made.By != "某专家" || made.At.IsZero() {
		t.Fatalf("%+v, %v", made, err)
	}
	say.Reason = "系自然地名，县志有载"
	again, err := f.store.Clear(t.Context(), f.once(), say)
	if err != nil {
		t.Fatal(err)
	}
	list, err := f.store.Clearances(t.Context(), f.worker, id)
	if err != nil || len(list) != 1 || list[0].ID != again.ID || list[0].Reason != say.Reason {
		t.Errorf("%+v, %v", list, err)
	}
	var invalid *record.InvalidError
	if _, err := f.store.Clear(t.Context(), f.once(), wordlists.Clearance{NameID: id, Kind: wordlists.Leaders, Word: "丁戊"}); !errors.As(err, &invalid) || len(invalid.Faults) != 3 {
		t.Errorf("with faults: %v", err)
	}
	worker := f.worker
	worker.Key = "w"
	if _, err := f.store.Clear(t.Context(), worker, say); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("by somebody who may not: %v", err)
	}
	for _, unknown := range []string{"no id", "01900000-0000-7000-8000-00000000ffff"} {
		if _, err := f.store.Clear(t.Context(), f.once(), wordlists.Clearance{NameID: unknown}); !errors.Is(err, wordlists.ErrNoName) {
			t.Errorf("of %s: %v", unknown, err)
		}
		if err := f.store.Unclear(t.Context(), f.registrar, id, unknown, "误录"); !errors.Is(err, wordlists.ErrNoClearance) {
			t.Errorf("taken back %s: %v", unknown, err)
		}
	}
	if none, err := f.store.Clearances(t.Context(), f.registrar, "no id"); err != nil || none != nil {
		t.Errorf("%v, %v", none, err)
	}
	if err := f.store.Unclear(t.Context(), f.worker, id, again.ID, "误录"); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("taken back by somebody who may not: %v", err)
	}
	if err := f.store.Unclear(t.Context(), f.registrar, id, again.ID, "误录"); err != nil {
		t.Error(err)
	}
	if list, err := f.store.Clearances(t.Context(), f.registrar, id); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestCovers(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	say := wordlists.Cover{Class: "street", Area: "秦汉", Source: "地名普查", Since: "2018-06-30"}
	first, err := f.store.Cover(t.Context(), f.once(), say, "普查验收", today)
	if err != nil {
		t.Fatal(err)
	}
	say.Since = "2026-06-30"
	again, err := f.store.Cover(t.Context(), f.once(), say, "年度核对", today)
	if err != nil || again.ID == first.ID {
		t.Fatalf("%+v, %v", again, err)
	}
	list, err := f.store.Covers(t.Context(), f.worker)
	if err != nil || len(list) != 1 || list[0] != again {
		t.Errorf("%+v, %v", list, err)
	}
	var invalid *record.InvalidError
	if _, err := f.store.Cover(t.Context(), f.once(), wordlists.Cover{}, "", today); !errors.As(err, &invalid) || len(invalid.Faults) != 4 {
		t.Errorf("with faults: %v", err)
	}
	worker := f.worker
	worker.Key = "w"
	if _, err := f.store.Cover(t.Context(), worker, say, "我说的", today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("by somebody who may not: %v", err)
	}
	if err := f.store.Uncover(t.Context(), f.registrar, "no id", "误录"); !errors.Is(err, wordlists.ErrNoCover) {
		t.Error(err)
	}
	if err := f.store.Uncover(t.Context(), f.worker, again.ID, "误录"); !errors.Is(err, postgres.ErrForbidden) {
		t.Error(err)
	}
	if err := f.store.Uncover(t.Context(), f.registrar, again.ID, "误录"); err != nil {
		t.Error(err)
	}
	if err := f.store.Uncover(t.Context(), f.registrar, again.ID, "误录"); !errors.Is(err, wordlists.ErrNoCover) {
		t.Error(err)
	}
}

// block is a square of some 900 m around 117.05, 39.05.
func block() orb.Polygon {
	return orb.Polygon{{{117.045, 39.045}, {117.055, 39.045}, {117.055, 39.055}, {117.045, 39.055}, {117.045, 39.045}}}
}

func near(a, b orb.Point) bool { return math.Hypot(a[0]-b[0], a[1]-b[1]) < 1e-9 }

// TestNothingIsKnownOfNowhere: of a name without a place and without others the district says
// nothing, and of a place without roads neither.
func TestNothingIsKnownOfNowhere(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for _, a := range []checkdb.Asked{
		{Name: placenames.Name{Text: "沣惠南路", Kind: "road"}, Class: "street", References: []string{"沣惠路"}},
		{Name: placenames.Name{Text: "沣惠苑", Kind: "estate", Geometry: block()}, Class: "residence"},
	} {
		got := f.around(t, a)
		if got.Reference != nil || got.Cut.Known || got.OnHill != nil || got.Relief != nil || got.Host != nil || got.Plan != nil || got.Uses != nil || got.Size != (placenames.Size{}) {
			t.Errorf("%s: %+v", a.Name.Text, got)
		}
	}
}

func TestReference(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.road(t, "沣惠路", "primary", "LINESTRING(117 39.02, 117.1 39.02)", nil)
	north := orb.LineString{{117.04, 39.03}, {117.06, 39.03}}
	ask := func(texts ...string) *checkdb.Around {
		got := f.around(t, checkdb.Asked{Name: placenames.Name{Text: "沣惠北路", Kind: "road", Geometry: north}, Class: "street", References: texts})
		return &got
	}
	got := ask("沣惠南路", "沣惠路").Reference
	if got == nil || got.Name != "沣惠路" || !near(got.At, orb.Point{117.05, 39.02}) {
		t.Errorf("the street: %+v", got)
	}
	// A record of the register goes before a street of the map, and a likelier name before both.
	f.name(t, "沣惠路", "road", "street", "LINESTRING(117 39.01, 117.1 39.01)")
	if got := ask("沣惠南路", "沣惠路").Reference; got == nil || got.At[1] != 39.01 {
		t.Errorf("the record: %+v", got)
	}
	f.name(t, "沣惠南路", "road", "street", "LINESTRING(117 39, 117.1 39)")
	if got := ask("沣惠南路", "沣惠路").Reference; got == nil || got.Name != "沣惠南路" || got.At[1] != 39 {
		t.Errorf("the other part: %+v", got)
	}
	// What runs through the place is seen from its middle.
	f.name(t, "沣惠", "river", "natural", "LINESTRING(117.05 39.03, 117.05 39.01)")
	if got := ask("沣惠").Reference; got == nil || !near(got.At, orb.Point{117.05, 39.02}) {
		t.Errorf("through the place: %+v", got)
	}
	if got := ask("没有的路").Reference; got != nil {
		t.Errorf("%+v", got)
	}
}

func TestRoadsThatDivide(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.road(t, "沣东大道", "primary", "LINESTRING(117 39.05, 117.05 39.05)", nil) // in two pieces, as maps have it
	f.road(t, "沣东大道", "primary", "LINESTRING(117.05 39.05, 117.1 39.05)", nil)
	f.road(t, "边路", "primary", "LINESTRING(117.0452 39, 117.0452 39.1)", nil) // along the boundary
	f.road(t, "断头路", "secondary", "LINESTRING(117.05 39, 117.05 39.048)", nil)
	f.road(t, "宅间路", "residential", "LINESTRING(117.048 39, 117.048 39.1)", nil)
	f.road(t, "", "tertiary", "LINESTRING(117.053 39, 117.053 39.1)", nil)
	got := f.around(t, checkdb.Asked{Name: placenames.Name{Text: "沣惠苑", Kind: "estate", Geometry: block()}, Class: "residence"}).Cut
	if !got.Known || !slices.Equal(got.Roads, []string{"沣东大道", "（tertiary）"}) {
		t.Errorf("%+v", got)
	}
	away := orb.Polygon{{{117.031, 39.031}, {117.032, 39.031}, {117.032, 39.032}, {117.031, 39.031}}}
	if got := f.around(t, checkdb.Asked{Name: placenames.Name{Text: "沣惠苑", Kind: "estate", Geometry: away}, Class: "residence"}).Cut; got.Known {
		t.Errorf("far from all roads: %+v", got)
	}
	between := orb.MultiPolygon{{{{117.046, 39.046}, {117.0475, 39.046}, {117.0475, 39.0475}, {117.046, 39.046}}}}
	if got := f.around(t, checkdb.Asked{Name: placenames.Name{Text: "沣惠苑", Kind: "estate", Geometry: between}, Class: "residence"}).Cut; !got.Known || len(got.Roads) != 0 {
		t.Errorf("between roads: %+v", got)
	}
	point := f.around(t, checkdb.Asked{Name: placenames.Name{Text: "沣惠苑", Kind: "estate", Geometry: orb.Point{117.05, 39.05}}, Class: "residence"}).Cut
	if point.Known {
		t.Errorf("a point: %+v", point)
	}
}

func TestHill(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	for name, tc := range map[string]struct {
		heights []float32
		want    *bool
	}{
		"flat":            {[]float32{1, 2, 1, 3}, &no},
		"steep":           {[]float32{1, 10, 20, 30}, &yes},
		"between":         {[]float32{1, 5, 8, 10}, nil},
		"without heights": {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			f.road(t, "坡路", "residential", "LINESTRING(117.05 39.05, 117.0505 39.05, 117.051 39.05, 117.0515 39.05)", tc.heights)
			f.road(t, "远路", "residential", "LINESTRING(117.06 39.05, 117.07 39.05)", []float32{0, 300})
			got := f.around(t, checkdb.Asked{Name: placenames.Name{Text: "沣惠山庄", Kind: "estate", Geometry: orb.Point{117.05, 39.05}}, Class: "residence"})
			if (got.OnHill == nil) != (tc.want == nil) || got.OnHill != nil && *got.OnHill != *tc.want || (got.Relief != nil) != (tc.heights != nil) {
				t.Errorf("%+v", got)
			}
		})
	}
	f := newFixture(t)
	f.name(t, "凤栖山", "mountain", "natural", "POINT(117.051 39.05)")
	if got := f.around(t, checkdb.Asked{Name: placenames.Name{Text: "沣惠山庄", Geometry: orb.Point{117.05, 39.05}}}).OnHill; got == nil || !*got {
		t.Error("beside a hill of the register it is not on one")
	}
	if got := f.around(t, checkdb.Asked{Name: placenames.Name{Text: "沣惠山庄", Geometry: orb.Point{117.06, 39.05}}}).OnHill; got != nil {
		t.Error("far from it, it is known to be on one or not")
	}
}

func TestHostPlanUsesAndSize(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	river := f.name(t, "沣河", "river", "natural", "")
	own := f.name(t, "沣河大桥", "bridge", "facility", "")
	if got := f.around(t, checkdb.Asked{Name: placenames.Name{Text: "沣河大桥", HostID: river}}).Host; got == nil || got.Text != "沣河" || got.Kind != "river" {
		t.Errorf("the host: %+v", got)
	}
	if got := f.around(t, checkdb.Asked{Name: placenames.Name{Text: "沣河支流", ParentID: river}}).Host; got == nil || got.Text != "沣河" {
		t.Errorf("what it is a part of: %+v", got)
	}
	if got := f.around(t, checkdb.Asked{Name: placenames.Name{Text: "沣河大桥", HostID: "01900000-0000-7000-8000-00000000ffff"}}).Host; got != nil {
		t.Errorf("one that is gone: %+v", got)
	}

	f.exec(t, `INSERT INTO planned_name (adcode, id, text, kind, plan, division_code, until, taken_by) VALUES
		(@adcode, gen_random_uuid(), '丰惠路', 'road', '地名方案', '990001', NULL, NULL),
		(@adcode, gen_random_uuid(), '丰裕路', 'road', '地名方案', '990001', '2026-01-01', NULL),
		(@adcode, gen_random_uuid(), '丰登路', 'lane', '地名方案', '990001', NULL, @own)`, pgx.StrictNamedArgs{"adcode": adcode, "own": own})
	for _, tc := range []struct {
		text, class, id string
		want            string
	}{
		{"丰惠路", "street", "", "true"},
		{"丰裕路", "street", "", "false"}, // lapsed
		{"丰登路", "street", "", "false"}, // taken by another
		{"丰登路", "street", own, "true"}, // taken by itself
		{"丰产路", "street", "", "false"},
		{"丰惠苑", "residence", "", "nil"}, // no plan of the class
	} {
		got := f.around(t, checkdb.Asked{Name: placenames.Name{ID: tc.id, Text: tc.text}, Class: tc.class}).Plan
		said := "nil"
		if got != nil {
			said = fmt.Sprint(*got)
		}
		if said != tc.want {
			t.Errorf("%+v: %s", tc, said)
		}
	}

	f.exec(t, `INSERT INTO facility (adcode, id, source_id, type, name_zh, status, address, division_code, geom) VALUES
		(@adcode, gen_random_uuid(), '1', 'park', '沣东公园', 'open', '老沣路3号', '990001', ST_Point(117, 39, 4326)),
		(@adcode, gen_random_uuid(), '2', 'park', '老沣路公园', 'closed', '', '990001', ST_Point(117, 39, 4326)),
		(@adcode, gen_random_uuid(), '3', 'park', '公园', 'open', '新老沣路3号', '990001', ST_Point(117, 39, 4326))`, pgx.StrictNamedArgs{"adcode": adcode})
	f.exec(t, `INSERT INTO estate (adcode, id, name, place_name_id, kind, division_code, site_area, floor_above, housing_floor) VALUES
		(@adcode, gen_random_uuid(), '老沣路小区', @own, 'new', '990001', 1000000, 2500050, 2000000)`, pgx.StrictNamedArgs{"adcode": adcode, "own": own})
	f.road(t, "老沣路", "primary", "LINESTRING(117 39, 117.1 39)", nil)
	got := f.around(t, checkdb.Asked{Name: placenames.Name{ID: own, Text: "新老沣路", Former: []placenames.Former{{Text: "老沣路"}}, Aliases: []placenames.Alias{{Text: "沣路", Kind: placenames.Colloquial}}}})
	if want := []checkdb.Used{{"estate", 1}, {"facility", 1}, {"road", 1}}; !slices.Equal(got.Uses, want) {
		t.Errorf("uses: %+v", got.Uses)
	}
	if want := (placenames.Size{SiteM2: 10000, FloorM2: 25000.5, HousingM: 20000}); got.Size != want {
		t.Errorf("size: %+v", got.Size)
	}
	if got := f.around(t, checkdb.Asked{Name: placenames.Name{ID: own, Text: "新路", Aliases: []placenames.Alias{{Text: "领海国际", Kind: placenames.Promotion}}}}).Uses; got == nil || len(got) != 0 {
		t.Errorf("of a name that nothing uses: %+v", got)
	}
}

func TestSights(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	drawn, not := f.name(t, "沣惠路", "road", "street", "LINESTRING(117 39.01, 117.1 39.01)"), f.name(t, "沣东路", "road", "street", "")
	got, err := f.store.Sights(t.Context(), f.worker, []string{drawn, not, "no id"}, orb.Point{117.05, 39})
	if err != nil || len(got) != 1 || got[drawn].Distance == nil || *got[drawn].Distance < 1100 || *got[drawn].Distance > 1120 {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := f.store.Sights(t.Context(), f.worker, []string{drawn}, nil); err != nil || got[drawn].Distance != nil {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := f.store.Sights(t.Context(), f.worker, nil, nil); err != nil || len(got) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}
