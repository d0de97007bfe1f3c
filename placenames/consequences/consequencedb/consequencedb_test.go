package consequencedb_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/consequences"
	"yike/placenames/consequences/consequencedb"
)

const (
	adcode = "990001"
	west   = "990001001"
	east   = "990001002"
	today  = record.Day("2026-11-28")
	road   = "01900000-0000-7000-8000-000000000001"
	bridge = "01900000-0000-7000-8000-000000000002"
	branch = "01900000-0000-7000-8000-000000000003"
	longer = "01900000-0000-7000-8000-000000000004"
	other  = "01900000-0000-7000-8000-000000000005"
	clinic = "01900000-0000-7000-8000-000000000011"
	school = "01900000-0000-7000-8000-000000000012"
	sign   = "01900000-0000-7000-8000-000000000021"
	nobody = "01900000-0000-7000-8000-0000000000ff"
)

type fixture struct {
	t         testing.TB
	db        *postgres.DB
	store     *consequencedb.Store
	registrar postgres.Writer
	planner   postgres.Writer
}

// newFixture has 中山路 with a sign, a branch, a bridge and what says it.
func newFixture(t testing.TB) *fixture {
	t.Helper()
	x := &fixture{t: t, db: dbtest.New(t)}
	x.store = consequencedb.New(x.db)
	x.registrar, x.planner = dbtest.Person(t, x.db, adcode, "place_name_registrar", ""), dbtest.Person(t, x.db, adcode, "planner", "")
	x.name(road, "中山路", "road", west, "", "")
	x.name(branch, "中山路北街", "road", west, road, "")
	x.name(bridge, "中山桥", "bridge", west, "", road)
	x.name(longer, "东中山路", "road", east, "", "")
	x.exec(`INSERT INTO place_name_sign (adcode, id, name_id, kind, text, placed_at, division_code, state, stood_on)
VALUES (@adcode, @id, @name, 'road', '中山路', '东口', '990001001', 'standing', '2020-01-01')`, pgx.StrictNamedArgs{"id": sign, "name": road})
	x.facility(clinic, "东段卫生站", "中山路3号", west)
	x.facility(school, "中山路小学", "长安街1号", east)
	x.facility("01900000-0000-7000-8000-000000000013", "北街书屋", "中山路北街8号", west)
	x.facility("01900000-0000-7000-8000-000000000014", "东边的店", "东中山路8号", east)
	x.exec(`INSERT INTO premises (adcode, id, name, address, division_code, area, state) VALUES (@adcode, gen_random_uuid(), '社区用房', '中山路5号', '990001001', 1000, 'built')`, pgx.StrictNamedArgs{})
	x.exec(`INSERT INTO estate (adcode, id, name, place_name_id, kind, division_code) VALUES (@adcode, gen_random_uuid(), '某苑', @name, 'new', '990001001')`, pgx.StrictNamedArgs{"name": road})
	x.exec(`INSERT INTO planned_name (adcode, id, text, kind, plan, division_code, taken_by) VALUES (@adcode, gen_random_uuid(), '中山路', 'road', '规划', '990001001', @name)`, pgx.StrictNamedArgs{"name": road})
	x.exec(`INSERT INTO attachment (adcode, id, owner_kind, owner_id, division_code, kind, title, file_name, media_type, size, sha256, original_sha256)
VALUES (@adcode, gen_random_uuid(), 'name', @name, '990001001', 'document', '批复', 'a.pdf', 'application/pdf', 1, repeat('a', 64), repeat('a', 64))`, pgx.StrictNamedArgs{"name": road})
	return x
}

func (x *fixture) as(w postgres.Writer, sql string, args pgx.StrictNamedArgs) {
	x.t.Helper()
	args["adcode"] = adcode
	err := x.db.Write(x.t.Context(), w, "a test", func(tx *postgres.Tx) error {
		_, err := tx.Exec(x.t.Context(), sql, args)
		return err
	})
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x *fixture) exec(sql string, args pgx.StrictNamedArgs) {
	x.t.Helper()
	x.as(postgres.System(adcode, "test"), sql, args)
}

func (x *fixture) name(id, text, kind, division, parent, host string) {
	x.t.Helper()
	orNull := func(id string) any {
		if id == "" {
			return nil
		}
		return id
	}
	x.exec(`INSERT INTO place_name (adcode, id, text, kind, class, state, divisions, decision_kind, decision_title, parent_id, host_id, valid)
VALUES (@adcode, @id, @text, @kind, 'street', 'customary', ARRAY[@division], 'observed', '普查', @parent, @host, '[2000-01-01,)')`,
		pgx.StrictNamedArgs{"id": id, "text": text, "kind": kind, "division": division, "parent": orNull(parent), "host": orNull(host)})
}

func (x *fixture) facility(id, name, address, division string) {
	x.t.Helper()
	x.exec(`INSERT INTO facility (adcode, id, source_id, type, name_zh, status, address, division_code, geom)
VALUES (@adcode, @id::uuid, @id::uuid::text, 'clinic', @name, 'open', @address, @division, 'SRID=4326;POINT(117 39)')`,
		pgx.StrictNamedArgs{"id": id, "name": name, "address": address, "division": division})
}

// rename gives the road the name of 逸仙路 by a decision.
func (x *fixture) rename() {
	x.t.Helper()
	x.exec(`UPDATE place_name SET text = @to, state = 'approved', decision_kind = 'renaming', decision_number = '1', decision_day = current_date - 1, decision_body = '区', valid = daterange(current_date - 1, NULL),
	former = jsonb_build_array(jsonb_build_object('text', text, 'until', (current_date - 1)::text, 'decision', '{"kind":"renaming","number":"1"}'::jsonb)) WHERE adcode = @adcode AND id = @id`,
		pgx.StrictNamedArgs{"id": road, "to": "逸仙路"})
}

func counts(r consequences.Report) map[consequences.Kind]int {
	out := map[consequences.Kind]int{}
	for _, g := range r.Groups {
		out[g.Kind] = g.Count
	}
	return out
}

func TestWhatCarriesAName(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	n, r, err := x.store.Before(t.Context(), x.registrar, road)
	if err != nil || n.Text != "中山路" || r.Shared {
		t.Fatalf("%+v, %+v, %v", n, r, err)
	}
	want := map[consequences.Kind]int{
		consequences.Sign: 1, consequences.Part: 1, consequences.Derived: 2, consequences.Facility: 2, consequences.Estate: 1, consequences.Premises: 1,
		consequences.Planned: 1, consequences.Document: 1,
	}
	got := counts(r)
	for kind, n := range want {
		if got[kind] != n {
			t.Errorf("%s: %d, want %d", kind, got[kind], n)
		}
	}
	for _, g := range r.Groups {
		for _, c := range g.Items {
			if c.Kind == consequences.Facility && (c.Basis != consequences.Written || c.Says == "") {
				t.Errorf("%+v", c)
			}
		}
	}
	if len(r.Cost.Missing) == 0 || r.Cost.Fen != 0 {
		t.Errorf("a cost without prices: %+v", r.Cost)
	}
	for _, id := range []string{nobody, "x"} {
		if _, _, err := x.store.Before(t.Context(), x.registrar, id); !errors.Is(err, placenames.ErrNotFound) {
			t.Errorf("%s: %v", id, err)
		}
	}
	// Another place of the name: then words count in the divisions of this one alone.
	x.name(other, "中山路", "road", east, "", "")
	if _, r, err = x.store.Before(t.Context(), x.registrar, road); err != nil || !r.Shared || counts(r)[consequences.Facility] != 1 {
		t.Errorf("%+v, %v", counts(r), err)
	}
}

func TestWhatFollowsARenaming(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	if _, tasks, err := x.store.After(t.Context(), x.registrar, road); err != nil || tasks != nil {
		t.Fatalf("nothing was decided: %+v, %v", tasks, err)
	}
	x.rename()
	_, tasks, err := x.store.After(t.Context(), x.registrar, road)
	if err != nil {
		t.Fatal(err)
	}
	state := func(tasks []consequences.Task, id string) string {
		for _, each := range tasks {
			if each.ID == id {
				return fmt.Sprint(each.State, each.By != "", each.Reason)
			}
		}
		return "none"
	}
	if got := []string{state(tasks, sign), state(tasks, clinic), state(tasks, school), state(tasks, branch), state(tasks, bridge), state(tasks, longer)}; !cmp.Equal(got, []string{
		"openfalse", "openfalse", "openfalse", "openfalse", "none", "openfalse",
	}) {
		t.Errorf("%v in %+v", got, tasks)
	}
	before, err := x.store.Outstanding(t.Context(), x.registrar, []string{road, bridge, nobody})
	if err != nil || before[road] == 0 || before[bridge] != 0 {
		t.Errorf("%v, %v", before, err)
	}
	steward := dbtest.Person(t, x.db, adcode, "subdistrict_steward", "")
	x.exec(`UPDATE place_name_sign SET text = '逸仙路' WHERE adcode = @adcode AND id = @id`, pgx.StrictNamedArgs{"id": sign})
	x.exec(`UPDATE facility SET address = '逸仙路3号' WHERE adcode = @adcode AND id = @id`, pgx.StrictNamedArgs{"id": clinic})
	for _, key := range []string{"1", "1", "2"} {
		w := x.registrar
		w.Key, w.RequestHash = key, []byte("a")
		if err := x.store.Mark(t.Context(), w, road, consequences.Mark{Kind: consequences.Facility, ItemID: school, State: consequences.SetAside, Reason: "校名不改"}); err != nil {
			t.Fatal(err)
		}
	}
	_, tasks, err = x.store.After(t.Context(), x.registrar, road)
	if got := []string{state(tasks, sign), state(tasks, clinic), state(tasks, school), state(tasks, branch)}; err != nil || !cmp.Equal(got, []string{
		"donetrue", "donetrue", "set_asidetrue校名不改", "openfalse",
	}) {
		t.Errorf("%v, %v", got, err)
	}
	after, err := x.store.Outstanding(t.Context(), steward, []string{road})
	if err != nil || after[road] != before[road]-3 {
		t.Errorf("%v after %v, %v", after, before, err)
	}
	m := consequences.Mark{Kind: consequences.Sign, ItemID: sign, State: consequences.Done, Reason: "x"}
	if err := x.store.Mark(t.Context(), steward, road, m); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("by somebody else: %v", err)
	}
	if err := x.store.Mark(t.Context(), x.registrar, nobody, m); !errors.Is(err, placenames.ErrNotFound) {
		t.Errorf("of nothing: %v", err)
	}
	var bad *record.InvalidError
	if err := x.store.Mark(t.Context(), x.registrar, road, consequences.Mark{Kind: "x", ItemID: "y"}); !errors.As(err, &bad) || len(bad.Faults) != 4 {
		t.Errorf("at fault: %v", err)
	}
}

func TestTheTableOfOldAndNewNames(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	if all, err := x.store.Changes(t.Context(), x.registrar, consequencedb.Filter{}); err != nil || all != nil {
		t.Errorf("nothing changed: %+v, %v", all, err)
	}
	x.rename()
	x.exec(`UPDATE place_name SET state = 'retired', decision_kind = 'retirement', decision_number = '2', decision_day = '2021-05-01', decision_body = '区', successor_id = @road WHERE adcode = @adcode AND id = @id`,
		pgx.StrictNamedArgs{"id": longer, "road": road})
	for _, c := range []struct {
		f    consequencedb.Filter
		want []string
	}{
		{consequencedb.Filter{}, []string{"中山路→逸仙路", "东中山路→逸仙路"}},
		{consequencedb.Filter{Text: "东中"}, []string{"东中山路→逸仙路"}},
		{consequencedb.Filter{Within: []string{west}}, []string{"中山路→逸仙路"}},
		{consequencedb.Filter{Till: "2021-12-31"}, []string{"东中山路→逸仙路"}},
		{consequencedb.Filter{From: "2022-01-01", Text: "逸仙"}, []string{"中山路→逸仙路"}},
	} {
		all, err := x.store.Changes(t.Context(), x.registrar, c.f)
		var got []string
		for _, each := range all {
			got = append(got, each.Old+"→"+each.New)
		}
		if err != nil || !cmp.Equal(got, c.want) {
			t.Errorf("%+v: %v, %v", c.f, got, err)
		}
	}
}

func TestPricesOfTheBureau(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	list := []consequences.Price{{Kind: consequences.Sign, Fen: 80_000, Source: "2026年合同", Day: "2026-03-01"}}
	if err := x.store.SetPrices(t.Context(), x.planner, 0, list, "年度单价", today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("by a planner: %v", err)
	}
	if err := x.store.SetPrices(t.Context(), x.registrar, 0, list, "年度单价", today); err != nil {
		t.Fatal(err)
	}
	var bad *record.InvalidError
	if err := x.store.SetPrices(t.Context(), x.registrar, 1, []consequences.Price{{}}, "", today); !errors.As(err, &bad) {
		t.Errorf("at fault: %v", err)
	}
	if err := x.store.SetPrices(t.Context(), x.registrar, 0, list, "x", today); !errors.Is(err, postgres.ErrStale) {
		t.Errorf("stale: %v", err)
	}
	got, version, may, err := x.store.Prices(t.Context(), x.registrar)
	if err != nil || version != 1 || !may || !cmp.Equal(got, list) {
		t.Errorf("%+v, %d, %v, %v", got, version, may, err)
	}
	if _, _, may, err := x.store.Prices(t.Context(), x.planner); err != nil || may {
		t.Errorf("%v, %v", may, err)
	}
	if _, r, err := x.store.Before(t.Context(), x.planner, road); err != nil || r.Cost.Fen != 80_000 {
		t.Errorf("%+v, %v", r.Cost, err)
	}
}

// numbers gives the road so many standard addresses, each with a plate.
func (x *fixture) numbers(n int) {
	x.t.Helper()
	x.exec(`INSERT INTO address (adcode, id, level, name_id, number, state, text, short_text, division_code, custody)
SELECT @adcode, gen_random_uuid(), 'number', @name, i::text, 'provisional', '示例区中山路' || i || '号', '中山路' || i || '号', '990001001', 'own' FROM generate_series(1, @n::int) AS i`,
		pgx.StrictNamedArgs{"name": road, "n": n})
	x.exec(`INSERT INTO plate (adcode, token, id, address_id, kind, slot, face_name, face_number, division_code)
SELECT a.adcode, lpad(a.number, 14, '0'), gen_random_uuid(), a.id, 'small', 'main', '中山路', a.number, a.division_code FROM address AS a WHERE a.adcode = @adcode`, pgx.StrictNamedArgs{})
}

func TestNumbersOfARoad(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	x.numbers(250)
	_, r, err := x.store.Before(t.Context(), x.registrar, road)
	if got := counts(r); err != nil || got[consequences.Address] != 250 || got[consequences.Plate] != 250 {
		t.Fatalf("%v, %v", got, err)
	}
	for _, g := range r.Groups {
		if (g.Kind == consequences.Address || g.Kind == consequences.Plate) && (len(g.Items) != consequencedb.MostShown || !g.More() || g.Items[0].Says == "") {
			t.Errorf("%s: %d, %+v", g.Kind, len(g.Items), g.Items[0])
		}
	}
	x.rename()
	open, err := x.store.Outstanding(t.Context(), x.registrar, []string{road})
	if err != nil || open[road] < 500 {
		t.Errorf("%v, %v", open, err)
	}
}

// BenchmarkFiveThousandNumbers tells what carries the name of a road with that many numbers and
// plates, and what has to follow once it has another.
func BenchmarkFiveThousandNumbers(b *testing.B) {
	x := newFixture(b)
	x.numbers(5000)
	b.Run("before", func(b *testing.B) {
		for b.Loop() {
			if _, r, err := x.store.Before(b.Context(), x.registrar, road); err != nil || counts(r)[consequences.Plate] != 5000 {
				b.Fatal(counts(r), err)
			}
		}
	})
	x.rename()
	b.Run("after", func(b *testing.B) {
		for b.Loop() {
			if _, tasks, err := x.store.After(b.Context(), x.registrar, road); err != nil || len(tasks) < 10_000 {
				b.Fatal(len(tasks), err)
			}
		}
	})
}
