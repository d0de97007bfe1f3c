package placenamedb_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/placenamedb"
)

const (
	adcode = "990001"
	today  = record.Day("2026-11-27")
	nobody = "01900000-0000-7000-8000-000000000001"
	west   = "990001001"
	east   = "990001002"
)

type fixture struct {
	t         testing.TB
	db        *postgres.DB
	store     *placenamedb.Store
	registrar postgres.Writer
}

// newFixture has two subdistricts side by side and a registrar.
func newFixture(t testing.TB) *fixture {
	t.Helper()
	db := dbtest.New(t)
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "a town", func(tx *postgres.Tx) error {
		for _, d := range []struct {
			code, level string
			west, east  float64
		}{{adcode, "district", 117, 117.4}, {west, "subdistrict", 117, 117.2}, {east, "subdistrict", 117.2, 117.4}} {
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
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return &fixture{t: t, db: db, store: placenamedb.New(db, catalogue), registrar: dbtest.Person(t, db, adcode, "place_name_registrar", "")}
}

func because(reason string) record.Change { return record.Change{Reason: reason} }

func decision(kind placenames.DecisionKind, day record.Day) placenames.Decision {
	return placenames.Decision{Kind: kind, Number: "示例地名〔2026〕" + string(day), Day: day, Body: "示例区人民政府", Title: "关于地名的批复"}
}

func seen() placenames.Decision {
	return placenames.Decision{Kind: placenames.Observed, Title: "第二次全国地名普查"}
}

// road is one in use in the west, of which little is known.
func road(text string) placenames.Name {
	return placenames.Name{Text: text, Kind: "road", State: placenames.Approved, Divisions: []string{west}, Decision: decision(placenames.Naming, "2020-05-01")}
}

func (x *fixture) create(n placenames.Name) placenames.Item {
	x.t.Helper()
	item, err := x.store.Create(x.t.Context(), x.registrar, n, because("登记"), today)
	if err != nil {
		x.t.Fatalf("create %s: %v", n.Text, err)
	}
	return item
}

func (x *fixture) change(i placenames.Item, c record.Change, change func(n *placenames.Name)) (placenames.Item, error) {
	return x.store.Update(x.t.Context(), x.registrar, i.ID, i.Version, func(n placenames.Name) (placenames.Name, []record.Fault) {
		change(&n)
		return n, nil
	}, c, today)
}

// texts are the names of a list.
func (x *fixture) texts(f placenames.Filter) string {
	x.t.Helper()
	page, err := x.store.List(x.t.Context(), x.registrar, f, record.At{}, placenamedb.After{}, 100)
	if err != nil {
		x.t.Fatal(err)
	}
	var out []string
	for _, r := range page.Rows {
		out = append(out, r.Text)
	}
	return strings.Join(out, " ")
}

// fieldsOf gives the fields of an invalid record, "" for no error.
func fieldsOf(t testing.TB, err error) string {
	t.Helper()
	var invalid *record.InvalidError
	if err == nil {
		return ""
	}
	if !errors.As(err, &invalid) {
		t.Fatalf("%v is no *record.InvalidError", err)
	}
	var out []string
	for _, f := range invalid.Faults {
		if f.ZH == "" || f.EN == "" {
			t.Errorf("%s has no words", f.Field)
		}
		out = append(out, f.Field)
	}
	return strings.Join(out, " ")
}

func ptr[T any](v T) *T { return &v }

func TestARecordComesBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	river := x.create(placenames.Name{Text: "沣河", Kind: "river", State: placenames.Customary, Divisions: []string{west, east}, Decision: seen()})
	n := placenames.Name{
		Text: " 沣河北大桥 ", Parts: placenames.Parts{Specific: "沣河", Modifier: "北", Generic: "大桥", Confirmed: true}, Roman: "Fenghe Beidaqiao",
		Readings: []string{"fēng", "hé", "běi", "dà", "qiáo"}, Kind: "bridge", State: placenames.Approved, Divisions: []string{east, west}, BuiltUpArea: "清澜",
		Famous: ptr(false), Important: ptr(true), Geometry: orb.LineString{{117.19, 39.05}, {117.21, 39.05}},
		Extent: placenames.Extent{From: "东起沣东大道", To: "西至沣西路", Via: "沣河", Position: "沣河上"},
		Size:   placenames.Size{LengthM: 1720, WidthM: 40, SiteM2: 1, FloorM2: 3, HousingM: 2, OpenM2: 4, HeightM: 12.5, Floors: 1, GreenPct: ptr(30.5)},
		Origin: "以沣河得名", Meaning: "沣河上的大桥\n示例", Aliases: []placenames.Alias{{Text: "北桥", Kind: placenames.Colloquial, Note: "当地人"}},
		Former:   []placenames.Former{{Text: "胜利桥", Roman: "Shengli Qiao", From: "1970-01-01", Until: "1990-01-01", Decision: decision(placenames.Renaming, "1990-01-01")}},
		Decision: decision(placenames.Renaming, "1990-01-01"), Heritage: &placenames.Heritage{List: "第一批", Level: "区", Since: "2024-01-01", Reason: "老桥", Measures: "立牌"},
		ParentID: "", HostID: river.ID, Note: "备注",
	}
	made := x.create(n)
	want := n
	want.Text, want.Version, want.ValidFrom = "沣河北大桥", 1, "1990-01-01"
	if diff := cmp.Diff(want, made.Name, cmpopts.IgnoreFields(placenames.Name{}, "ID")); diff != "" {
		t.Errorf("written and read: %s", diff)
	}
	if made.Class != "facility" || !made.MayWrite {
		t.Errorf("%s, may write %v", made.Class, made.MayWrite)
	}
	least := x.create(placenames.Name{Text: "长安北路", Kind: "road", State: placenames.Draft, Geometry: orb.LineString{{117.1, 39.05}, {117.25, 39.05}}})
	if !slices.Equal(least.Divisions, []string{west, east}) || least.Parts.Specific != "长安" || least.Parts.Modifier != "北" || least.ValidFrom != today {
		t.Errorf("where it lies, its parts, its day: %+v", least)
	}
	for _, id := range []string{nobody, "x", ""} {
		if _, err := x.store.ByID(t.Context(), x.registrar, id); !errors.Is(err, placenames.ErrNotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
	some, err := x.store.Some(t.Context(), x.registrar, []string{least.ID, nobody})
	if err != nil || len(some) != 1 || some[0].ID != least.ID {
		t.Errorf("some: %+v, %v", some, err)
	}
	if none, err := x.store.Some(t.Context(), x.registrar, nil); err != nil || none != nil {
		t.Errorf("of no ids: %+v, %v", none, err)
	}
}

func TestOnceForAKey(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	w := x.registrar
	w.Key, w.RequestHash = "key", []byte("a")
	first, err := x.store.Create(t.Context(), w, road("和顺路"), because("登记"), today)
	if err != nil {
		t.Fatal(err)
	}
	again, err := x.store.Create(t.Context(), w, road("和顺路"), because("登记"), today)
	if err != nil || again.ID != first.ID {
		t.Errorf("again: %s and %s, %v", first.ID, again.ID, err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	for _, tc := range []struct {
		name   string
		change func(n *placenames.Name)
		want   string
	}{
		{"no document", func(n *placenames.Name) { n.Decision = placenames.Decision{} }, "decision/number decision/body decision/day"},
		{"an observation that says nothing", func(n *placenames.Name) {
			n.State, n.Decision = placenames.Customary, placenames.Decision{Kind: placenames.Observed}
		}, "decision/title"},
		{"another kind", func(n *placenames.Name) { n.Kind = "castle" }, "kind"},
		{"nowhere", func(n *placenames.Name) { n.Divisions = nil }, "divisions"},
		{"a division of others", func(n *placenames.Name) { n.Divisions = []string{"990001009"} }, "divisions/0"},
		{"it crosses itself", func(n *placenames.Name) {
			n.Kind, n.Text, n.Geometry = "estate", "和顺家园", orb.Polygon{{{117, 39}, {117.1, 39.1}, {117.1, 39}, {117, 39.1}, {117, 39}}}
		}, "geometry"},
		{"no such parent", func(n *placenames.Name) { n.ParentID = nobody }, "parent_id"},
		{"no such host", func(n *placenames.Name) { n.HostID = "x" }, "host_id"},
		{"no such name of the plan", func(n *placenames.Name) { n.Planned = nobody }, "planned"},
		{"an id of no plan", func(n *placenames.Name) { n.Planned = "x" }, "planned"},
		{"a beginning that is none", func(n *placenames.Name) { n.State = placenames.Merged }, "state"},
		{"reuse of nothing", func(n *placenames.Name) { n.Reuses = &placenames.Reuse{ID: nobody, Reason: "x"} }, "reuses/id"},
	} {
		n := road("和顺路")
		tc.change(&n)
		if _, err := x.store.Create(t.Context(), x.registrar, n, because("登记"), today); fieldsOf(t, err) != tc.want {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	if _, err := x.store.Create(t.Context(), x.registrar, road("和顺路"), record.Change{}, today); fieldsOf(t, err) != "reason" {
		t.Errorf("no reason: %v", err)
	}
}

func TestAChange(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	made := x.create(road("和顺路"))
	got, err := x.change(made, because("核对"), func(n *placenames.Name) { n.Origin, n.Roman = "原为乡道", "Heshun Lu" })
	if err != nil || got.Version != 2 || got.Origin != "原为乡道" || got.ValidFrom != today {
		t.Fatalf("%+v, %v", got, err)
	}
	if same, err := x.change(got, because("核对"), func(*placenames.Name) {}); err != nil || same.Version != 2 {
		t.Errorf("nothing changed: version %d, %v", same.Version, err)
	}
	var stale *postgres.StaleError
	if _, err := x.change(made, because("核对"), func(n *placenames.Name) { n.Note = "x" }); !errors.As(err, &stale) || stale.Current != 2 {
		t.Errorf("stale: %v", err)
	}
	for want, change := range map[string]func(n *placenames.Name){
		"state":        func(n *placenames.Name) { n.State = placenames.Retired },
		"successor_id": func(n *placenames.Name) { n.SuccessorID = nobody },
		"text":         func(n *placenames.Name) { n.Text, n.Parts = "和平路", placenames.Parts{} },
		"decision":     func(n *placenames.Name) { n.Decision.Number = "1" },
		"former":       func(n *placenames.Name) { n.Former = []placenames.Former{{Text: "x", Decision: seen()}} },
	} {
		if _, err := x.change(got, because("核对"), change); !strings.HasPrefix(fieldsOf(t, err), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	right, err := x.change(got, record.Change{Reason: "录入有误", Correction: true}, func(n *placenames.Name) { n.Text, n.Parts = "和平路", placenames.Parts{} })
	if err != nil || right.Text != "和平路" || right.ValidFrom != got.ValidFrom || right.Parts.Specific != "和平" {
		t.Errorf("a correction: %+v, %v", right, err)
	}
	if _, err := x.store.Update(t.Context(), x.registrar, nobody, 1, nil, because("核对"), today); !errors.Is(err, placenames.ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
	no := func(n placenames.Name) (placenames.Name, []record.Fault) {
		return n, []record.Fault{{Field: "geometry", ZH: "不可", EN: "no"}}
	}
	if _, err := x.store.Update(t.Context(), x.registrar, right.ID, right.Version, no, because("核对"), today); fieldsOf(t, err) != "geometry" {
		t.Errorf("what cannot be read: %v", err)
	}
}

func TestWhoMayWrite(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	inWest := dbtest.Person(t, x.db, adcode, "place_name_registrar", west)
	approver := dbtest.Person(t, x.db, adcode, "approver", west)
	reader := dbtest.Person(t, x.db, adcode, "read_only", "")
	there, here := road("东路"), road("两界路")
	there.Divisions, here.Divisions = []string{east, west}, []string{west, east}
	var refused *postgres.ForbiddenError
	if _, err := x.store.Create(t.Context(), inWest, there, because("登记"), today); !errors.As(err, &refused) || refused.Division != east {
		t.Errorf("where another decides: %v", err)
	}
	made, err := x.store.Create(t.Context(), inWest, here, because("登记"), today)
	if err != nil {
		t.Fatalf("where the own division decides: %v", err)
	}
	ending := placenames.Move{To: placenames.Retired, Decision: decision(placenames.Retirement, today), Reason: "道路消失"}
	for _, w := range []postgres.Writer{reader, dbtest.Person(t, x.db, adcode, "place_name_registrar", east), dbtest.Person(t, x.db, adcode, "approver", east)} {
		if _, err := x.store.Move(t.Context(), w, made.ID, 1, ending, today); !errors.As(err, &refused) {
			t.Errorf("%s: %v", w.Who, err)
		}
	}
	seen, err := x.store.ByID(t.Context(), reader, made.ID)
	if err != nil || seen.MayWrite {
		t.Errorf("a reader: %+v, %v", seen, err)
	}
	if _, err := x.store.Update(t.Context(), approver, made.ID, 1, nil, because("改"), today); !errors.As(err, &refused) {
		t.Errorf("who decides keeps no records: %v", err)
	}
	if ended, err := x.store.Move(t.Context(), approver, made.ID, 1, ending, today); err != nil || ended.State != placenames.Retired || ended.MayWrite {
		t.Errorf("who decides: %+v, %v", ended, err)
	}
	if _, err := x.store.HistoryOf(t.Context(), reader, made.ID); !errors.As(err, &refused) {
		t.Errorf("history to a reader: %v", err)
	}
}

func TestADraftGoes(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	draft := x.create(placenames.Name{Text: "和顺路", Kind: "road", State: placenames.Draft, Divisions: []string{west}})
	part := x.create(placenames.Name{Text: "和顺北路", Kind: "road", State: placenames.Draft, Divisions: []string{west}, ParentID: draft.ID})
	for _, tc := range []struct {
		name     string
		id       string
		expected int
		c        record.Change
		want     error
	}{
		{"others refer to it", draft.ID, 1, because("误登"), placenames.ErrStays},
		{"nobody", nobody, 1, because("误登"), placenames.ErrNotFound},
		{"another version", part.ID, 2, because("误登"), postgres.ErrStale},
		{"in use", x.create(road("长安路")).ID, 1, because("误登"), placenames.ErrStays},
		{"it goes", part.ID, 1, because("误登"), nil},
		{"nothing refers to it any more", draft.ID, 1, because("误登"), nil},
	} {
		if err := x.store.Remove(t.Context(), x.registrar, tc.id, tc.expected, tc.c, today); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	versions, err := x.store.HistoryOf(t.Context(), x.registrar, draft.ID)
	if err != nil || len(versions) != 1 || versions[0].Removed == nil {
		t.Errorf("its history: %+v, %v", versions, err)
	}
	err = x.db.Write(t.Context(), postgres.System(adcode, "test"), "again", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO place_name (adcode, id, text, kind, class, state, divisions) VALUES (@adcode, @id, '甲', 'road', 'street', 'draft', '{990001001}')`,
			pgx.StrictNamedArgs{"adcode": adcode, "id": draft.ID})
		return err
	})
	if postgres.Code(err) != "YK003" {
		t.Errorf("its id again: %v", err)
	}
}

func TestTheListIsByPinyin(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	for _, text := range []string{"中山路", "安定路", "经2路", "经10路", "𬭚山路", "𫓧路", "八一路"} {
		x.create(road(text))
	}
	square := placenames.Name{
		Text: "重庆广场", Kind: "square", State: placenames.Customary, Divisions: []string{east}, Decision: seen(), Roman: "Chongqing Guangchang",
		Aliases: []placenames.Alias{{Text: "大转盘", Kind: placenames.Colloquial}}, Former: []placenames.Former{{Text: "胜利广场", Decision: seen()}},
		Heritage: &placenames.Heritage{List: "第一批"},
	}
	x.create(square)
	all := x.texts(placenames.Filter{})
	if !strings.HasPrefix(all, "安定路 八一路 ") || !strings.Contains(all, "经2路 经10路") || !strings.Contains(all, "𬭚山路") || !strings.Contains(all, "𫓧路") {
		t.Errorf("all: %s", all)
	}
	for _, tc := range []struct {
		name string
		f    placenames.Filter
		want string
	}{
		{"class", placenames.Filter{Classes: []string{"other"}}, "重庆广场"},
		{"kind", placenames.Filter{Kinds: []string{"square", "river"}}, "重庆广场"},
		{"state", placenames.Filter{States: []placenames.State{placenames.Customary}}, "重庆广场"},
		{"division", placenames.Filter{Within: []string{east}}, "重庆广场"},
		{"no division", placenames.Filter{Within: []string{}}, ""},
		{"heritage", placenames.Filter{Heritage: ptr(true)}, "重庆广场"},
		{"letter", placenames.Filter{Initial: "C"}, "重庆广场"},
		{"a part", placenames.Filter{Text: "庆广"}, "重庆广场"},
		{"an alias", placenames.Filter{Text: "转盘"}, "重庆广场"},
		{"a former name", placenames.Filter{Text: "胜利"}, "重庆广场"},
		{"what an alias is", placenames.Filter{Text: "colloquial"}, ""},
		{"its spelling", placenames.Filter{Text: "chongqing"}, "重庆广场"},
		{"syllables", placenames.Filter{Text: "zhongshan"}, "中山路"},
		{"initials", placenames.Filter{Text: "adl"}, "安定路"},
		{"two words", placenames.Filter{Text: "重庆 guangchang"}, "重庆广场"},
		{"a rare character", placenames.Filter{Text: "𬭚"}, "𬭚山路"},
		{"another rare character", placenames.Filter{Text: "𬬻"}, ""},
		{"a sign of patterns", placenames.Filter{Text: "%"}, ""},
	} {
		if got := x.texts(tc.f); got != tc.want {
			t.Errorf("%s: %q", tc.name, got)
		}
	}
	counts, err := x.store.Counts(t.Context(), x.registrar, placenames.Filter{}, record.At{})
	if diff := cmp.Diff([]placenames.Count{{Class: "other", State: placenames.Customary, N: 1}, {Class: "street", State: placenames.Approved, N: 7}}, counts); diff != "" {
		t.Errorf("counts: %s %v", diff, err)
	}
}

// TestPagesAreTheWholeList follows the list page by page, also as of a day on which half of
// the names were others.
func TestPagesAreTheWholeList(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	for i := range 12 {
		made := x.create(road(fmt.Sprintf("甲%d路", i)))
		if i%2 == 0 {
			d := decision(placenames.Renaming, "2025-06-01")
			if _, err := x.store.Rename(t.Context(), x.registrar, made.ID, 1, placenamedb.Renaming{Text: fmt.Sprintf("乙%d路", i), Decision: d, Reason: "更名"}, today); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, tc := range []struct {
		at   record.At
		want string
	}{
		{record.At{}, "甲1路 甲3路 甲5路 甲7路 甲9路 甲11路 乙0路 乙2路 乙4路 乙6路 乙8路 乙10路"},
		{record.At{Valid: "2025-05-31"}, "甲0路 甲1路 甲2路 甲3路 甲4路 甲5路 甲6路 甲7路 甲8路 甲9路 甲10路 甲11路"},
		{record.At{Valid: "2020-04-30"}, ""},
	} {
		var got []string
		after, pages := placenamedb.After{}, 0
		for {
			page, err := x.store.List(t.Context(), x.registrar, placenames.Filter{}, tc.at, after, 5)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range page.Rows {
				got = append(got, r.Text)
			}
			pages++
			if !page.More {
				break
			}
			last := page.Rows[len(page.Rows)-1]
			after = placenamedb.After{Text: last.Text, ID: last.ID}
		}
		if strings.Join(got, " ") != tc.want || tc.want != "" && pages != 3 {
			t.Errorf("%s: %d pages, %s", tc.at.Valid, pages, got)
		}
	}
}
