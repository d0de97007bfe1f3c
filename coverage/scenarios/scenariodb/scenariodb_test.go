package scenariodb_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/coverage/scenarios"
	"yike/coverage/scenarios/scenariodb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

const (
	adcode = "990001"
	west   = "990001001"
	today  = record.Day("2026-11-27")
)

type fixture struct {
	db                                        *postgres.DB
	store                                     *scenariodb.Store
	planner, colleague, steward, east, reader postgres.Writer
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	db := dbtest.New(t)
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "a town", func(tx *postgres.Tx) error {
		for _, code := range []string{west, "990001002"} {
			_, err := tx.Exec(t.Context(), `
INSERT INTO division (adcode, id, code, level, name_zh, geom)
VALUES (@adcode, gen_random_uuid(), @code, 'subdistrict', @code, ST_Multi(ST_MakeEnvelope(117, 39, 117.1, 39.1, 4326)))`,
				pgx.StrictNamedArgs{"adcode": adcode, "code": code})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return &fixture{
		db: db, store: scenariodb.New(db), planner: dbtest.Person(t, db, adcode, "planner", ""), colleague: dbtest.Person(t, db, adcode, "planner", adcode),
		steward: dbtest.Person(t, db, adcode, "subdistrict_steward", west), east: dbtest.Person(t, db, adcode, "subdistrict_steward", "990001002"), reader: dbtest.Person(t, db, adcode, "read_only", ""),
	}
}

func plan(name string) scenarios.Scenario {
	return scenarios.Scenario{
		Name: name, Note: "一\n二", Question: scenarios.Question{"type": "elderly_canteen", "limit": "900"},
		Steps: []scenarios.Step{
			{Do: "add", ID: "new-a", Name: "老菜场二楼", At: orb.Point{117.05, 39.05}},
			{Do: "close", ID: "x"},
			{Do: "add_path", ID: "path-a", Line: orb.LineString{{117, 39}, {117.01, 39}}},
		},
		Costs:       []scenarios.CostLine{{What: "装修", Kind: scenarios.OneOff, Fen: 12_000_000, Source: "区财政"}},
		Saved:       []scenarios.Figure{{Band: "70+", Population: 9, Before: 4, Gained: 3, Lost: 1}},
		DataVersion: "v1",
	}
}

func (x *fixture) create(t *testing.T, w postgres.Writer, name string) scenarios.Item {
	t.Helper()
	i, err := x.store.Create(t.Context(), w, plan(name), "")
	if err != nil {
		t.Fatalf("create %s: %v", name, err)
	}
	return i
}

func (x *fixture) update(t *testing.T, w postgres.Writer, i scenarios.Item, p scenarios.Patch) scenarios.Item {
	t.Helper()
	got, err := x.store.Update(t.Context(), w, i.ID, i.Version, p, nil, "", today)
	if err != nil {
		t.Fatalf("update: %v", err)
	}
	return got
}

func (x *fixture) share(t *testing.T, w postgres.Writer, i scenarios.Item) scenarios.Item {
	t.Helper()
	return x.update(t, w, i, scenarios.Patch{State: ptr(scenarios.Shared)})
}

func ptr[T any](v T) *T { return &v }

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

func TestWhatIsKeptIsWhatWasWritten(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	made := x.create(t, x.planner, " 关二开一 ")
	want := scenarios.Item{Scenario: plan("关二开一"), Mine: true, MayDecide: true}
	want.AdCode, want.DivisionCode, want.State, want.Version = adcode, adcode, scenarios.Draft, 1
	want.Owner = scenarios.Owner{AccountID: x.planner.Account, Name: x.planner.Who}
	if diff := cmp.Diff(want, made, cmpopts.IgnoreFields(scenarios.Scenario{}, "ID", "ChangedAt")); diff != "" {
		t.Error(diff)
	}
	if made.ChangedAt.IsZero() {
		t.Error("not changed at any time")
	}
	steward := x.create(t, x.steward, "街道")
	if steward.DivisionCode != west || !steward.MayDecide {
		t.Errorf("a steward's is of %q", steward.DivisionCode)
	}
	again := x.planner
	again.Key, again.RequestHash = "k", []byte("h")
	first, err := x.store.Create(t.Context(), again, plan("一次"), "")
	if err != nil {
		t.Fatal(err)
	}
	if second, err := x.store.Create(t.Context(), again, plan("一次"), ""); err != nil || second.ID != first.ID {
		t.Errorf("the same request made %s and %s: %v", first.ID, second.ID, err)
	}
	demo := postgres.System(adcode, "演示")
	if i := x.create(t, demo, "示例"); i.Owner.AccountID != "" || i.DivisionCode != adcode {
		t.Errorf("the system's: %+v", i)
	}
	if _, err := x.store.Create(t.Context(), demo, plan("示例"), ""); invalidFields(err) != "name" {
		t.Errorf("the system's twice: %v", err)
	}
}

func TestCreateRefuses(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	x.create(t, x.planner, "甲")
	x.create(t, x.colleague, "甲") // another owner's name
	for name, tt := range map[string]struct {
		w      postgres.Writer
		change func(*scenarios.Scenario)
		want   string
	}{
		"a name twice":       {x.planner, func(*scenarios.Scenario) {}, "name"},
		"no steps":           {x.planner, func(s *scenarios.Scenario) { s.Name, s.Steps = "乙", nil }, "steps"},
		"no such division":   {x.planner, func(s *scenarios.Scenario) { s.Name, s.DivisionCode = "乙", "1" }, "division_code"},
		"next door":          {x.steward, func(s *scenarios.Scenario) { s.DivisionCode = "990001002" }, ""},
		"the whole district": {x.steward, func(s *scenarios.Scenario) { s.DivisionCode = adcode }, ""},
		"a reader":           {x.reader, func(*scenarios.Scenario) {}, ""},
	} {
		s := plan("甲")
		tt.change(&s)
		_, err := x.store.Create(t.Context(), tt.w, s, "")
		if tt.want == "" && !errors.Is(err, postgres.ErrForbidden) || tt.want != "" && invalidFields(err) != tt.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Who sees what: a draft its owner alone, through the store and by plain SQL.
func TestADraftIsItsOwners(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	draft := x.create(t, x.planner, "草稿")
	shared := x.share(t, x.planner, x.create(t, x.planner, "共享"))
	names := func(w postgres.Writer) string {
		list, _, err := x.store.List(t.Context(), w, scenarios.Filter{}, scenarios.After{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, i := range list {
			out = append(out, i.Name)
		}
		return strings.Join(out, " ")
	}
	if got := names(x.planner); got != "共享 草稿" {
		t.Errorf("the owner sees %s", got)
	}
	for _, w := range []postgres.Writer{x.colleague, x.steward, x.reader} {
		if got := names(w); got != "共享" {
			t.Errorf("%s sees %s", w.Who, got)
		}
		if _, err := x.store.ByID(t.Context(), w, draft.ID); !errors.Is(err, scenarios.ErrNotFound) {
			t.Errorf("%s reads the draft: %v", w.Who, err)
		}
		if _, err := x.store.HistoryOf(t.Context(), w, draft.ID); !errors.Is(err, scenarios.ErrNotFound) {
			t.Errorf("%s reads the draft's history: %v", w.Who, err)
		}
		if i, err := x.store.ByID(t.Context(), w, shared.ID); err != nil || i.Mine || i.MayDecide != (w.Account == x.colleague.Account) {
			t.Errorf("%s reads the shared one: %v %+v", w.Who, err, i)
		}
		if _, err := x.store.Decide(t.Context(), w, draft.ID, 1, scenarios.Decision{Verdict: scenarios.Adopted, Reason: "x", On: today}); err == nil {
			t.Errorf("%s decides about the draft", w.Who)
		}
		err := x.db.Read(t.Context(), w, func(q postgres.Querier) error {
			var rows, past int
			if err := q.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM scenario WHERE shared_on IS NULL), (SELECT count(*) FROM scenario_history WHERE shared_on IS NULL)`).Scan(&rows, &past); err != nil {
				return err
			}
			if rows != 0 || past != 0 {
				t.Errorf("%s sees %d drafts and %d former ones by SQL", w.Who, rows, past)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	// What it was before it was shared stays its owner's.
	for w, want := range map[*postgres.Writer]int{&x.planner: 2, &x.reader: 1} {
		list, err := x.store.HistoryOf(t.Context(), *w, shared.ID)
		if err != nil || len(list) != want {
			t.Errorf("%s sees %d versions: %v", w.Who, len(list), err)
		}
	}
	back := x.update(t, x.planner, shared, scenarios.Patch{State: ptr(scenarios.Draft)})
	if _, err := x.store.ByID(t.Context(), x.reader, back.ID); !errors.Is(err, scenarios.ErrNotFound) {
		t.Errorf("taken back and still seen: %v", err)
	}
	hidden := x.update(t, x.planner, draft, scenarios.Patch{State: ptr(scenarios.Archived)})
	if _, err := x.store.ByID(t.Context(), x.reader, hidden.ID); !errors.Is(err, scenarios.ErrNotFound) {
		t.Errorf("a draft that was archived is seen: %v", err)
	}
}

// What row level security and the trigger hold, whatever the program asks.
func TestTheDatabaseRefuses(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	draft := x.create(t, x.planner, "草稿")
	shared := x.share(t, x.planner, x.create(t, x.planner, "共享"))
	run := func(w postgres.Writer, id, sql string) (int64, error) {
		var rows int64
		err := x.db.Write(t.Context(), w, "test", func(tx *postgres.Tx) error {
			tag, err := tx.Exec(t.Context(), sql, pgx.StrictNamedArgs{"id": id})
			rows = tag.RowsAffected()
			return err
		})
		return rows, err
	}
	for name, tt := range map[string]struct {
		w       postgres.Writer
		id, sql string
	}{
		"another's words":    {x.colleague, shared.ID, `UPDATE scenario SET name = 'x' WHERE id = @id`},
		"another's draft":    {x.colleague, draft.ID, `UPDATE scenario SET name = 'x' WHERE id = @id`},
		"share another's":    {x.colleague, draft.ID, `UPDATE scenario SET state = 'shared', shared_on = now() WHERE id = @id`},
		"take another's":     {x.colleague, shared.ID, `UPDATE scenario SET account_id = yike_account() WHERE id = @id`},
		"give one away":      {x.planner, shared.ID, `UPDATE scenario SET account_id = NULL WHERE id = @id`},
		"decide next door":   {x.east, shared.ID, `UPDATE scenario SET verdict = 'adopted', verdict_reason = 'x', verdict_on = now() WHERE id = @id`},
		"remove another's":   {x.colleague, shared.ID, `DELETE FROM scenario WHERE id = @id`},
		"a reader writes":    {x.reader, shared.ID, `UPDATE scenario SET note = '' WHERE id = @id`},
		"in another's name":  {x.colleague, shared.ID, `INSERT INTO scenario (adcode, id, division_code, name, question, steps, owner, account_id) SELECT adcode, gen_random_uuid(), division_code, 'x', question, steps, owner, account_id FROM scenario WHERE id = @id`},
		"a reader adds":      {x.reader, shared.ID, `INSERT INTO scenario (adcode, id, division_code, name, question, steps, owner, account_id) SELECT adcode, gen_random_uuid(), division_code, 'x', question, steps, owner, yike_account() FROM scenario WHERE id = @id`},
		"decide on a draft":  {x.planner, draft.ID, `UPDATE scenario SET verdict = 'adopted', verdict_reason = 'x', verdict_on = now() WHERE id = @id`},
		"decide for nothing": {x.planner, shared.ID, `UPDATE scenario SET verdict = 'adopted', verdict_on = now() WHERE id = @id`},
	} {
		if rows, err := run(tt.w, tt.id, tt.sql); err == nil && rows > 0 {
			t.Errorf("%s: done", name)
		}
	}
	if rows, err := run(x.colleague, shared.ID, `UPDATE scenario SET verdict = 'adopted', verdict_reason = 'x', verdict_on = now() WHERE id = @id`); err != nil || rows != 1 {
		t.Errorf("a colleague decides: %d %v", rows, err)
	}
	if rows, err := run(x.planner, shared.ID, `DELETE FROM scenario WHERE id = @id`); err == nil && rows > 0 {
		t.Error("what was decided about is removed")
	}
}

func TestOnlyTheOwnerChangesIt(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	i := x.share(t, x.planner, x.create(t, x.planner, "甲"))
	other := x.create(t, x.planner, "乙")
	for name, tt := range map[string]struct {
		w       postgres.Writer
		version int
		patch   scenarios.Patch
		want    error
		fields  string
	}{
		"another":       {x.colleague, i.Version, scenarios.Patch{Note: ptr("x")}, scenarios.ErrNotOwner, ""},
		"too late":      {x.planner, 1, scenarios.Patch{Note: ptr("x")}, postgres.ErrStale, ""},
		"a name twice":  {x.planner, i.Version, scenarios.Patch{Name: ptr("乙")}, nil, "name"},
		"no such state": {x.planner, i.Version, scenarios.Patch{State: ptr(scenarios.State("lost"))}, nil, "state"},
		"no steps":      {x.planner, i.Version, scenarios.Patch{Steps: &[]scenarios.Step{}}, nil, "steps"},
	} {
		_, err := x.store.Update(t.Context(), tt.w, i.ID, tt.version, tt.patch, nil, "", today)
		if tt.want != nil && !errors.Is(err, tt.want) || tt.want == nil && invalidFields(err) != tt.fields {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := x.store.Update(t.Context(), x.planner, "x", 1, scenarios.Patch{}, nil, "", today); !errors.Is(err, scenarios.ErrNotFound) {
		t.Errorf("no such scenario: %v", err)
	}
	if same := x.update(t, x.planner, i, scenarios.Patch{Name: ptr("甲")}); same.Version != i.Version {
		t.Errorf("nothing changed, and it is version %d", same.Version)
	}
	fresh := &scenariodb.Figures{Saved: []scenarios.Figure{{Band: "70+", Gained: 7}}, DataVersion: "v2"}
	now, err := x.store.Update(t.Context(), x.planner, i.ID, i.Version, scenarios.Patch{Costs: &[]scenarios.CostLine{}}, fresh, "新数据", today)
	if err != nil || now.DataVersion != "v2" || now.Saved[0].Gained != 7 || len(now.Costs) != 0 || now.Version != i.Version+1 {
		t.Errorf("%v %+v", err, now)
	}
	// An archived one gives its name free, and takes it back only while it is.
	x.update(t, x.planner, other, scenarios.Patch{State: ptr(scenarios.Archived)})
	x.create(t, x.planner, "乙")
	archived, err := x.store.ByID(t.Context(), x.planner, other.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.store.Update(t.Context(), x.planner, archived.ID, archived.Version, scenarios.Patch{State: ptr(scenarios.Draft)}, nil, "", today); invalidFields(err) != "name" {
		t.Errorf("the name came back: %v", err)
	}
}

func TestDecisions(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	adopt := scenarios.Decision{Verdict: scenarios.Adopted, Reason: "覆盖最多", On: today}
	draft := x.create(t, x.planner, "草稿")
	if _, err := x.store.Decide(t.Context(), x.planner, draft.ID, 1, adopt); !errors.Is(err, scenarios.ErrNotShared) {
		t.Errorf("a draft: %v", err)
	}
	i := x.share(t, x.planner, draft)
	for name, tt := range map[string]struct {
		w       postgres.Writer
		version int
		d       scenarios.Decision
		want    error
	}{
		"a reader":   {x.reader, i.Version, adopt, postgres.ErrForbidden},
		"a steward":  {x.steward, i.Version, adopt, postgres.ErrForbidden},
		"too late":   {x.colleague, 1, adopt, postgres.ErrStale},
		"no verdict": {x.colleague, i.Version, scenarios.Decision{Verdict: "maybe"}, nil},
	} {
		_, err := x.store.Decide(t.Context(), tt.w, i.ID, tt.version, tt.d)
		if tt.want != nil && !errors.Is(err, tt.want) || tt.want == nil && invalidFields(err) != "verdict reason" {
			t.Errorf("%s: %v", name, err)
		}
	}
	done, err := x.store.Decide(t.Context(), x.colleague, i.ID, i.Version, adopt)
	if want := (scenarios.Decision{Verdict: scenarios.Adopted, Reason: "覆盖最多", On: today, By: x.colleague.Who}); err != nil || done.Decision != want {
		t.Fatalf("%v %+v", err, done.Decision)
	}
	for name, p := range map[string]scenarios.Patch{"words": {Note: ptr("x")}, "hide": {State: ptr(scenarios.Draft)}} {
		if _, err := x.store.Update(t.Context(), x.planner, i.ID, done.Version, p, nil, "", today); !errors.Is(err, scenarios.ErrDecided) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := x.store.Remove(t.Context(), x.planner, i.ID, done.Version, "x", today); !errors.Is(err, scenarios.ErrDecided) {
		t.Errorf("removed: %v", err)
	}
	owned, err := x.store.ByID(t.Context(), x.planner, i.ID)
	if err != nil {
		t.Fatal(err)
	}
	archived := x.update(t, x.planner, owned, scenarios.Patch{State: ptr(scenarios.Archived)})
	back, err := x.store.Decide(t.Context(), x.colleague, i.ID, archived.Version, scenarios.Decision{Reason: "重议", On: today})
	if err != nil || back.Decision != (scenarios.Decision{}) {
		t.Errorf("%v %+v", err, back.Decision)
	}
}

func TestRemove(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	i := x.create(t, x.planner, "甲")
	if err := x.store.Remove(t.Context(), x.planner, i.ID, i.Version, " ", today); invalidFields(err) != "reason" {
		t.Errorf("for no reason: %v", err)
	}
	if err := x.store.Remove(t.Context(), x.planner, i.ID, i.Version+1, "x", today); !errors.Is(err, postgres.ErrStale) {
		t.Errorf("another version: %v", err)
	}
	if err := x.store.Remove(t.Context(), x.planner, i.ID, i.Version, "误建", today); err != nil {
		t.Fatal(err)
	}
	if err := x.store.Remove(t.Context(), x.planner, i.ID, i.Version, "误建", today); !errors.Is(err, scenarios.ErrNotFound) {
		t.Errorf("twice: %v", err)
	}
	if list, err := x.store.HistoryOf(t.Context(), x.planner, i.ID); err != nil || len(list) != 1 || list[0].Removed == nil || list[0].Removed.Why != "误建" {
		t.Errorf("%v %+v", err, list)
	}
	if _, err := x.store.HistoryOf(t.Context(), x.planner, "x"); !errors.Is(err, scenarios.ErrNotFound) {
		t.Errorf("no such history: %v", err)
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	for n := range 5 {
		x.create(t, x.planner, fmt.Sprintf("方案 %d", n))
	}
	archived := x.update(t, x.planner, x.create(t, x.planner, "旧"), scenarios.Patch{State: ptr(scenarios.Archived)})
	x.share(t, x.colleague, x.create(t, x.colleague, "同事的"))
	for name, tt := range map[string]struct {
		f    scenarios.Filter
		want string
	}{
		"live":       {scenarios.Filter{}, "同事的 方案 4 方案 3 方案 2 方案 1 方案 0"},
		"mine":       {scenarios.Filter{Mine: true, Text: "方案 1"}, "方案 1"},
		"shared":     {scenarios.Filter{State: scenarios.Shared}, "同事的"},
		"archived":   {scenarios.Filter{State: scenarios.Archived}, archived.Name},
		"by place":   {scenarios.Filter{Text: "菜场", State: scenarios.Shared}, "同事的"},
		"by owner":   {scenarios.Filter{Text: strings.ToUpper(x.colleague.Who)}, "同事的"},
		"other type": {scenarios.Filter{Type: "day_care_centre"}, ""},
		"of type":    {scenarios.Filter{Type: "elderly_canteen", State: scenarios.Archived}, archived.Name},
	} {
		if got := x.pages(t, tt.f); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// pages gives the names of all pages of two.
func (x *fixture) pages(t *testing.T, f scenarios.Filter) string {
	t.Helper()
	var names []string
	after := &scenarios.After{}
	for after != nil {
		var list []scenarios.Item
		var err error
		if list, after, err = x.store.List(t.Context(), x.planner, f, *after, 2); err != nil {
			t.Fatal(err)
		}
		for _, i := range list {
			names = append(names, i.Name)
		}
	}
	return strings.Join(names, " ")
}

func TestAFailureIsNamed(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := x.store.List(gone, x.planner, scenarios.Filter{}, scenarios.After{}, 1); err == nil {
		t.Error("listed without a database")
	}
	if _, err := x.store.HistoryOf(gone, x.planner, x.planner.Account); err == nil {
		t.Error("a history without a database")
	}
}
