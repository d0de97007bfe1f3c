package indicatordb_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"yike/facilities"
	"yike/facilities/indicators"
	"yike/facilities/indicators/indicatordb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

const (
	adcode = "990001"
	today  = record.Day("2026-11-27")
	nobody = "01234567-89ab-7def-8123-456789abcdef"
)

func because(reason string) record.Change { return record.Change{Reason: reason} }

func ptr[T any](v T) *T { return &v }

type fixture struct {
	db      *postgres.DB
	store   *indicatordb.Store
	planner postgres.Writer
	types   []facilities.TypeInfo
}

func newFixture(t *testing.T) fixture {
	t.Helper()
	types, err := facilities.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	db := dbtest.New(t)
	return fixture{db: db, store: indicatordb.New(db), planner: dbtest.Person(t, db, adcode, "planner", ""), types: types}
}

// own is a plan somebody writes from scratch.
func own() indicators.Plan {
	return indicators.Plan{Title: indicators.Text{ZH: "“十五五”规划"}, BaseYear: 2025, TargetYear: 2030, Groups: []indicators.Group{{Key: "elderly", Text: indicators.Text{ZH: "养老服务"}}}}
}

func canteens() indicators.Indicator {
	return indicators.Indicator{
		Group: "elderly", Name: indicators.Text{ZH: "老人家食堂总数"}, Unit: indicators.Text{ZH: "个"}, Kind: indicators.Binding, Prefer: indicators.PreferComputed,
		Baseline: indicators.ParseAmount("—"), Target: indicators.ParseAmount("≥160"),
		Yearly:  []indicators.YearTarget{{Year: 2027, Target: indicators.ParseAmount("140"), Source: indicators.Source{Quote: "2027 年 140 个"}}},
		Sources: []indicators.Source{{Quote: "到 2030 年不少于 160 个"}},
		Formula: indicators.Formula{Kind: indicators.Count, Of: []indicators.Selection{{Type: "elderly_canteen"}}},
	}
}

func (x fixture) plan(t *testing.T, rows ...indicators.Indicator) indicators.Plan {
	t.Helper()
	p, err := x.store.Create(t.Context(), x.planner, own(), rows, nil, x.types, because("新规划"), today)
	if err != nil {
		t.Fatalf("make a plan: %v", err)
	}
	return p
}

func (x fixture) whole(t *testing.T, id string) indicators.Whole {
	t.Helper()
	w, err := x.store.Whole(t.Context(), x.planner, id)
	if err != nil {
		t.Fatalf("read a plan: %v", err)
	}
	return w
}

func (x fixture) indicator(t *testing.T, plan string) indicators.Indicator {
	t.Helper()
	i, err := x.store.AddIndicator(t.Context(), x.planner, plan, canteens(), x.types, because("新指标"), today)
	if err != nil {
		t.Fatalf("add an indicator: %v", err)
	}
	return i
}

func faults(err error) string {
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

// audited gives the action that the last entry of the log says of a record.
func (x fixture) audited(t *testing.T, id string) string {
	t.Helper()
	var action, why string
	err := x.db.Pool().QueryRow(t.Context(), `SELECT action, why FROM audit_entry WHERE subject_id = $1 ORDER BY id DESC LIMIT 1`, id).Scan(&action, &why)
	if err != nil {
		t.Fatal(err)
	}
	return action + " " + why
}

// Every plan that ships can be taken over, and comes back as it was.
func TestAdopt(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	templates, err := indicators.Templates()
	if err != nil {
		t.Fatal(err)
	}
	for _, tpl := range templates {
		p, err := x.store.Create(t.Context(), x.planner, tpl.Plan, tpl.Indicators, tpl.Projects, x.types, because("采用"), today)
		if err != nil {
			t.Fatalf("%s: %v", tpl.Key, err)
		}
		w := x.whole(t, p.ID)
		if d := cmp.Diff(tpl.Plan, w.Plan, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(indicators.Plan{}, "ID", "Version")); d != "" {
			t.Errorf("%s: %s", tpl.Key, d)
		}
		if d := cmp.Diff(tpl.Indicators, w.Indicators, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(indicators.Indicator{}, "ID", "Version", "PlanID")); d != "" {
			t.Errorf("%s: %s", tpl.Key, d)
		}
		if len(w.Projects) != len(tpl.Projects) {
			t.Errorf("%s: %d projects", tpl.Key, len(w.Projects))
		}
		for _, j := range w.Projects {
			at := slices.IndexFunc(tpl.Projects, func(p indicators.Project) bool { return p.Key == j.Key })
			serves := slices.IndexFunc(w.Indicators, func(i indicators.Indicator) bool { return i.ID == j.IndicatorID })
			if key := tpl.Projects[at].IndicatorKey; key == "" && serves >= 0 || key != "" && w.Indicators[serves].Key != key {
				t.Errorf("%s %s serves %d", tpl.Key, j.Key, serves)
			}
		}
		if x.audited(t, p.ID) != "plan.create 采用" {
			t.Errorf("the audit log says %s", x.audited(t, p.ID))
		}
	}
	list, err := x.store.List(t.Context(), x.planner)
	numbered := 0
	for _, s := range list {
		numbered += s.Numbered
		if s.Indicators <= s.Numbered || s.Projects == 0 {
			t.Errorf("%+v", s)
		}
	}
	if err != nil || len(list) != 4 || numbered != 72 {
		t.Errorf("%d plans with %d rows, %v", len(list), numbered, err)
	}
}

func TestCreateOnce(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	x.planner.Key, x.planner.RequestHash = "k", []byte{1}
	first, second := x.plan(t, canteens()), x.plan(t, canteens())
	if d := cmp.Diff(first, second); d != "" {
		t.Error(d)
	}
	x.planner.Key = ""
	if list, err := x.store.List(t.Context(), x.planner); len(list) != 1 || err != nil {
		t.Errorf("%d plans, %v", len(list), err)
	}
}

func TestCreateRefuses(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	bad, badRow := own(), canteens()
	bad.Title.ZH, bad.TargetYear = " ", 2025
	badRow.Formula.Of[0].Type = "pub"
	many := make([]indicators.Indicator, indicators.MostRows+1)
	for _, tc := range []struct {
		name   string
		plan   indicators.Plan
		rows   []indicators.Indicator
		change record.Change
		want   string
	}{
		{"a plan without a title or years", bad, nil, because("a"), "title.zh target_year"},
		{"a row that cannot be computed", own(), []indicators.Indicator{badRow}, because("a"), "formula.of[0].type"},
		{"too many rows", own(), many, because("a"), "indicators"},
		{"no reason", own(), nil, record.Change{}, "reason"},
	} {
		_, err := x.store.Create(t.Context(), x.planner, tc.plan, tc.rows, nil, x.types, tc.change, today)
		if got := faults(err); got != tc.want {
			t.Errorf("%s: %s", tc.name, got)
		}
	}
	if list, err := x.store.List(t.Context(), x.planner); len(list) != 0 || err != nil {
		t.Errorf("%d plans are left, %v", len(list), err)
	}
}

// Plans are read by everybody, and written by who may in all of the authority.
func TestWhoMay(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	p := x.plan(t, canteens())
	row := x.whole(t, p.ID).Indicators[0]
	for _, w := range []postgres.Writer{dbtest.Person(t, x.db, adcode, "planner", "990001001"), dbtest.Person(t, x.db, adcode, "read_only", ""), dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001001")} {
		if got, err := x.store.Whole(t.Context(), w, p.ID); err != nil || got.Plan.ID != p.ID {
			t.Errorf("%s reads %v, %v", w.Who, got.Plan.ID, err)
		}
		writes := map[string]error{}
		_, writes["create"] = x.store.Create(t.Context(), w, own(), nil, nil, x.types, because("a"), today)
		_, writes["update"] = x.store.Update(t.Context(), w, p.ID, 1, own(), x.types, because("a"), today)
		writes["delete"] = x.store.Delete(t.Context(), w, p.ID, 1, because("a"), today)
		_, writes["indicator"] = x.store.AddIndicator(t.Context(), w, p.ID, canteens(), x.types, because("a"), today)
		_, writes["value"] = x.store.AddValue(t.Context(), w, p.ID, indicators.Value{IndicatorID: row.ID, Year: 2026, Number: ptr(1.0), Evidence: indicators.Evidence{Document: "a"}}, because("a"), today)
		_, writes["project"] = x.store.AddProject(t.Context(), w, p.ID, indicators.Project{Name: indicators.Text{ZH: "a"}, State: indicators.ProjectPlanned}, because("a"), today)
		_, writes["seal"] = x.store.Seal(t.Context(), w, p.ID, nil, false, because("a"), today)
		for what, err := range writes {
			if !errors.Is(err, postgres.ErrForbidden) {
				t.Errorf("%s, %s: %v", w.Who, what, err)
			}
		}
		// The database itself refuses too.
		err := x.db.Write(t.Context(), w, "a", func(tx *postgres.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO plan (adcode, id, title_zh, base_year, target_year) VALUES ($1, gen_random_uuid(), 'a', 2020, 2025)`, adcode)
			return err
		})
		if !errors.Is(err, postgres.ErrForbidden) {
			t.Errorf("%s inserts: %v", w.Who, err)
		}
		for _, sql := range []string{`UPDATE plan SET title_zh = 'a'`, `DELETE FROM plan_target`, `UPDATE plan_indicator SET target = '1'`} {
			err := x.db.Write(t.Context(), w, "a", func(tx *postgres.Tx) error {
				tag, err := tx.Exec(t.Context(), sql)
				if err == nil && tag.RowsAffected() > 0 {
					t.Errorf("%s: %s wrote %d rows", w.Who, sql, tag.RowsAffected())
				}
				return err
			})
			if err != nil && !errors.Is(err, postgres.ErrForbidden) {
				t.Errorf("%s: %s: %v", w.Who, sql, err)
			}
		}
	}
	other := x.planner
	other.AdCode = "990002"
	if _, err := x.store.Whole(t.Context(), other, p.ID); !errors.Is(err, indicatordb.ErrNotFound) {
		t.Errorf("another authority reads: %v", err)
	}
}

func TestUpdatePlan(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	p := x.plan(t, canteens())
	p.Title.ZH, p.Ended, p.Reviews = "民政“十五五”规划", true, []indicators.ReviewYear{{Year: 2028, Kind: indicators.MidTerm}}
	got, err := x.store.Update(t.Context(), x.planner, p.ID, 1, p, x.types, because("更名"), today)
	if err != nil || got.Version != 2 || got.Title.ZH != p.Title.ZH || !got.Ended || x.audited(t, p.ID) != "plan.update 更名" {
		t.Fatalf("%+v, %v", got, err)
	}
	same, err := x.store.Update(t.Context(), x.planner, p.ID, 2, got, x.types, because("再存"), today)
	if err != nil || same.Version != 2 {
		t.Errorf("what changes nothing makes version %d, %v", same.Version, err)
	}
	var stale *postgres.StaleError
	if _, err := x.store.Update(t.Context(), x.planner, p.ID, 1, p, x.types, because("迟"), today); !errors.As(err, &stale) || stale.Current != 2 {
		t.Errorf("of an old version: %v", err)
	}
	short := got
	short.TargetYear, short.Groups = 2026, nil
	if _, err := x.store.Update(t.Context(), x.planner, p.ID, 2, short, x.types, because("a"), today); faults(err) != "indicators.group indicators.yearly[0].year" {
		t.Errorf("a plan too short for its rows: %s", faults(err))
	}
	for _, id := range []string{nobody, "nothing", ""} {
		if _, err := x.store.Update(t.Context(), x.planner, id, 1, p, x.types, because("a"), today); !errors.Is(err, indicatordb.ErrNotFound) {
			t.Errorf("%q: %v", id, err)
		}
		if _, err := x.store.Whole(t.Context(), x.planner, id); !errors.Is(err, indicatordb.ErrNotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestDeletePlan(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	templates, err := indicators.Templates()
	if err != nil {
		t.Fatal(err)
	}
	tpl := templates[0]
	p, err := x.store.Create(t.Context(), x.planner, tpl.Plan, tpl.Indicators, tpl.Projects, x.types, because("采用"), today)
	if err != nil {
		t.Fatal(err)
	}
	other := x.plan(t, canteens())
	var stale *postgres.StaleError
	if err := x.store.Delete(t.Context(), x.planner, p.ID, 7, because("a"), today); !errors.As(err, &stale) {
		t.Errorf("of another version: %v", err)
	}
	if err := x.store.Delete(t.Context(), x.planner, p.ID, 1, because("误采用"), today); err != nil {
		t.Fatal(err)
	}
	if _, err := x.store.Whole(t.Context(), x.planner, p.ID); !errors.Is(err, indicatordb.ErrNotFound) {
		t.Errorf("it is there: %v", err)
	}
	if err := x.store.Delete(t.Context(), x.planner, p.ID, 1, because("a"), today); !errors.Is(err, indicatordb.ErrNotFound) {
		t.Errorf("again: %v", err)
	}
	if w := x.whole(t, other.ID); len(w.Indicators) != 1 || len(w.Indicators[0].Yearly) != 1 {
		t.Errorf("the other plan has %+v", w)
	}
	var left, past int
	err = x.db.Pool().QueryRow(t.Context(), `SELECT (SELECT count(*) FROM plan_indicator), (SELECT count(*) FROM plan_indicator_history)`).Scan(&left, &past)
	if err != nil || left != 1 || past != len(tpl.Indicators) {
		t.Errorf("%d rows left, %d in the history, %v", left, past, err)
	}
}

func TestIndicators(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	p := x.plan(t, canteens())
	i := x.indicator(t, p.ID)
	if i.Position != 2 || i.Version != 1 || i.PlanID != p.ID || len(i.Yearly) != 1 || i.Baseline.Text != "—" || i.Baseline.Number != nil {
		t.Fatalf("%+v", i)
	}
	// Only a yearly target differs: that is a new version all the same.
	changed := i
	changed.Yearly = []indicators.YearTarget{{Year: 2029, Target: indicators.ParseAmount("155")}, {Year: 2027, Target: indicators.ParseAmount("142")}}
	got, err := x.store.UpdateIndicator(t.Context(), x.planner, p.ID, i.ID, 1, changed, x.types, because("下达年度目标"), today)
	if err != nil || got.Version != 2 || len(got.Yearly) != 2 || got.Yearly[0].Target.Text != "142" || got.Yearly[1].Year != 2029 {
		t.Fatalf("%+v, %v", got, err)
	}
	if x.audited(t, i.ID) != "plan_indicator.update 下达年度目标" {
		t.Errorf("the audit log says %s", x.audited(t, i.ID))
	}
	got.Yearly = got.Yearly[1:]
	if got, err = x.store.UpdateIndicator(t.Context(), x.planner, p.ID, i.ID, 2, got, x.types, because("撤销"), today); err != nil || len(got.Yearly) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	if same, err := x.store.UpdateIndicator(t.Context(), x.planner, p.ID, i.ID, 3, got, x.types, because("a"), today); err != nil || same.Version != 3 {
		t.Errorf("what changes nothing: version %d, %v", same.Version, err)
	}
	bad := got
	bad.Name.ZH, bad.Kind, bad.Base, bad.Prefer, bad.Group, bad.Number = "", "x", "x", "x", "x", -1
	bad.Yearly = []indicators.YearTarget{{Year: 2025, Target: indicators.ParseAmount("1")}, {Year: 2027}, {Year: 2027, Target: indicators.ParseAmount("1")}}
	_, err = x.store.UpdateIndicator(t.Context(), x.planner, p.ID, i.ID, 3, bad, x.types, because("a"), today)
	if faults(err) != "name.zh number kind base prefer group yearly[0].year yearly[1].target yearly[2].year" {
		t.Errorf("faults in %s", faults(err))
	}
	var stale *postgres.StaleError
	if _, err := x.store.UpdateIndicator(t.Context(), x.planner, p.ID, i.ID, 1, got, x.types, because("a"), today); !errors.As(err, &stale) || stale.Current != 3 {
		t.Errorf("of an old version: %v", err)
	}
	other := x.plan(t)
	for _, id := range []string{nobody, "nothing", i.ID} {
		if _, err := x.store.UpdateIndicator(t.Context(), x.planner, other.ID, id, 3, got, x.types, because("a"), today); !errors.Is(err, indicatordb.ErrNotFound) {
			t.Errorf("%s of another plan: %v", id, err)
		}
		if err := x.store.DeleteIndicator(t.Context(), x.planner, other.ID, id, 3, because("a"), today); !errors.Is(err, indicatordb.ErrNotFound) {
			t.Errorf("%s of another plan is deleted: %v", id, err)
		}
	}
	if err := x.store.DeleteIndicator(t.Context(), x.planner, p.ID, i.ID, 1, because("a"), today); !errors.As(err, &stale) {
		t.Errorf("delete an old version: %v", err)
	}
}

func (x fixture) enter(t *testing.T, plan, indicator string, v float64) indicators.Value {
	t.Helper()
	made, err := x.store.AddValue(t.Context(), x.planner, plan, indicators.Value{
		IndicatorID: indicator, Year: 2026, Number: &v, Evidence: indicators.Evidence{Document: "2026 年统计表", Quote: "第 3 行", Day: "2026-11-01"},
	}, because("填报"), today)
	if err != nil {
		t.Fatalf("enter a value: %v", err)
	}
	return made
}

func TestValues(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	p := x.plan(t)
	i := x.indicator(t, p.ID)
	v := x.enter(t, p.ID, i.ID, 0)
	if v.Number == nil || *v.Number != 0 || v.Who != x.planner.Who || v.On != today || v.Source != indicators.Entered || x.audited(t, v.ID) != "plan_value.create 填报" {
		t.Errorf("%+v", v)
	}
	if w := x.whole(t, p.ID); len(w.Values) != 1 || cmp.Diff(v, w.Values[0]) != "" {
		t.Errorf("%+v", w.Values)
	}
	_, err := x.store.AddValue(t.Context(), x.planner, p.ID, v, because("a"), today)
	if faults(err) != "year" {
		t.Errorf("twice for a year: %v", err)
	}
	// A number that is taken back is nothing, not 0.
	words := v
	words.Number, words.Words, words.Verdict = nil, "尚未统计", indicators.VerdictNot
	got, err := x.store.UpdateValue(t.Context(), x.planner, p.ID, v.ID, 1, words, because("更正"), today)
	if err != nil || got.Number != nil || got.Words != "尚未统计" || got.Version != 2 || got.Year != 2026 {
		t.Errorf("%+v, %v", got, err)
	}
	if same, err := x.store.UpdateValue(t.Context(), x.planner, p.ID, v.ID, 2, got, because("a"), today); err != nil || same.Version != 2 {
		t.Errorf("what changes nothing: %+v, %v", same, err)
	}
	past, err := x.store.ValueHistory(t.Context(), x.planner, p.ID, v.ID)
	if err != nil || len(past) != 2 || past[0].Made.Why != "更正" || past[0].Made.Who != x.planner.Who || string(past[1].Changes[0].After) != "0" || string(past[0].Changes[0].After) != "null" {
		t.Errorf("%+v, %v", past, err)
	}
	if _, err := x.store.ValueHistory(t.Context(), x.planner, p.ID, nobody); !errors.Is(err, indicatordb.ErrNotFound) {
		t.Errorf("of no value: %v", err)
	}
	if _, err := x.store.ValueHistory(t.Context(), dbtest.Person(t, x.db, adcode, "read_only", ""), p.ID, v.ID); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("a reader reads history: %v", err)
	}
	var stale *postgres.StaleError
	if _, err := x.store.UpdateValue(t.Context(), x.planner, p.ID, v.ID, 1, got, because("a"), today); !errors.As(err, &stale) {
		t.Errorf("of an old version: %v", err)
	}
	for name, tc := range map[string]struct {
		change func(*indicators.Value)
		want   string
	}{
		"nothing said":       {func(v *indicators.Value) { v.Number, v.Words, v.Verdict = nil, " ", "" }, "number"},
		"no evidence":        {func(v *indicators.Value) { v.Evidence = indicators.Evidence{} }, "evidence.document"},
		"a day that is none": {func(v *indicators.Value) { v.Evidence.Day = "soon" }, "evidence.day"},
		"a verdict of none":  {func(v *indicators.Value) { v.Verdict = "perhaps" }, "verdict"},
		"beyond all bounds":  {func(v *indicators.Value) { v.Number = ptr(1e300) }, "number"},
		"before the plan":    {func(v *indicators.Value) { v.Year = 2024 }, "year"},
		"not yet":            {func(v *indicators.Value) { v.Year = 2027 }, "year"},
	} {
		bad := indicators.Value{IndicatorID: i.ID, Year: 2025, Number: ptr(1.0), Evidence: indicators.Evidence{Document: "a"}}
		tc.change(&bad)
		if _, err := x.store.AddValue(t.Context(), x.planner, p.ID, bad, because("a"), today); faults(err) != tc.want {
			t.Errorf("%s: %s", name, faults(err))
		}
	}
	if _, err := x.store.AddValue(t.Context(), x.planner, p.ID, indicators.Value{IndicatorID: nobody, Year: 2026, Number: ptr(1.0)}, because("a"), today); !errors.Is(err, indicatordb.ErrNotFound) {
		t.Errorf("of no indicator: %v", err)
	}
	if err := x.store.DeleteValue(t.Context(), x.planner, p.ID, v.ID, 2, because("撤回"), today); err != nil {
		t.Error(err)
	}
	if err := x.store.DeleteValue(t.Context(), x.planner, p.ID, v.ID, 2, because("a"), today); !errors.Is(err, indicatordb.ErrNotFound) {
		t.Errorf("again: %v", err)
	}
	var kept int
	if err := x.db.Pool().QueryRow(t.Context(), `SELECT count(*) FROM plan_value_history WHERE id = $1`, v.ID).Scan(&kept); err != nil || kept != 2 {
		t.Errorf("%d versions in the history, %v", kept, err)
	}
}

func TestSeal(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	p := x.plan(t)
	i := x.indicator(t, p.ID)
	x.enter(t, p.ID, i.ID, 9)
	sealed := func(v float64) []indicators.Value {
		return []indicators.Value{{IndicatorID: i.ID, Year: 2026, Number: &v, Kept: &indicators.Kept{
			Day: "2026-11-27", Formula: i.Formula, Result: indicators.Result{Number: &v, Counted: []string{nobody}, Inputs: []indicators.Input{{Number: &v}}},
		}}}
	}
	for _, tc := range []struct {
		name   string
		value  float64
		again  bool
		want   indicatordb.Sealing
		stands float64
	}{
		{"the first time", 7, false, indicatordb.Sealing{Kept: 1}, 7},
		{"what was sealed stands", 8, false, indicatordb.Sealing{Stood: 1}, 7},
		{"unless somebody says so", 8, true, indicatordb.Sealing{Renewed: 1}, 8},
	} {
		got, err := x.store.Seal(t.Context(), x.planner, p.ID, sealed(tc.value), tc.again, because("封存 2026 年度数值"), today)
		if err != nil || got != tc.want {
			t.Errorf("%s: %+v, %v", tc.name, got, err)
		}
		values := x.whole(t, p.ID).Values
		if len(values) != 2 || values[1].Source != indicators.Sealed || *values[1].Number != tc.stands || values[1].Kept.Result.Counted[0] != nobody || values[1].Who != x.planner.Who {
			t.Errorf("%s: %+v", tc.name, values)
		}
	}
	v := x.whole(t, p.ID).Values[1]
	if err := x.store.DeleteValue(t.Context(), x.planner, p.ID, v.ID, v.Version, because("a"), today); !errors.Is(err, indicatordb.ErrNotFound) {
		t.Errorf("a sealed value is deleted: %v", err)
	}
	if _, err := x.store.UpdateValue(t.Context(), x.planner, p.ID, v.ID, v.Version, v, because("a"), today); !errors.Is(err, indicatordb.ErrNotFound) {
		t.Errorf("a sealed value is changed: %v", err)
	}
	alien := sealed(1)
	alien[0].IndicatorID = nobody
	if _, err := x.store.Seal(t.Context(), x.planner, p.ID, alien, false, because("a"), today); !errors.Is(err, indicatordb.ErrNotFound) {
		t.Errorf("of another plan's indicator: %v", err)
	}
	if _, err := x.store.Seal(t.Context(), x.planner, nobody, nil, false, because("a"), today); !errors.Is(err, indicatordb.ErrNotFound) {
		t.Errorf("of no plan: %v", err)
	}
}

func TestProjects(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	p := x.plan(t)
	i := x.indicator(t, p.ID)
	j, err := x.store.AddProject(t.Context(), x.planner, p.ID, indicators.Project{
		Name: indicators.Text{ZH: "新建食堂"}, From: 2026, To: 2027, State: indicators.ProjectBuilding, Place: "中北镇", IndicatorID: i.ID,
	}, because("立项"), today)
	if err != nil || j.IndicatorID != i.ID || j.Version != 1 || x.audited(t, j.ID) != "plan_project.create 立项" {
		t.Fatalf("%+v, %v", j, err)
	}
	done := j
	done.State, done.Note = indicators.ProjectDone, "已开放"
	got, err := x.store.UpdateProject(t.Context(), x.planner, p.ID, j.ID, 1, done, because("完工"), today)
	if err != nil || got.State != indicators.ProjectDone || got.Version != 2 {
		t.Errorf("%+v, %v", got, err)
	}
	if same, err := x.store.UpdateProject(t.Context(), x.planner, p.ID, j.ID, 2, got, because("a"), today); err != nil || same.Version != 2 {
		t.Errorf("what changes nothing: %+v, %v", same, err)
	}
	bad := got
	bad.Name.ZH, bad.State, bad.From, bad.To, bad.IndicatorID, bad.FacilityID = "", "x", 2027, 2026, nobody, nobody
	if _, err := x.store.UpdateProject(t.Context(), x.planner, p.ID, j.ID, 2, bad, because("a"), today); faults(err) != "name.zh to state indicator facility" {
		t.Errorf("faults in %s", faults(err))
	}
	bad = got
	bad.FacilityID, bad.From = "nothing", 12
	if _, err := x.store.UpdateProject(t.Context(), x.planner, p.ID, j.ID, 2, bad, because("a"), today); faults(err) != "from facility" {
		t.Errorf("faults in %s", faults(err))
	}
	var stale *postgres.StaleError
	if _, err := x.store.UpdateProject(t.Context(), x.planner, p.ID, j.ID, 1, got, because("a"), today); !errors.As(err, &stale) {
		t.Errorf("of an old version: %v", err)
	}
	// A project outlives its indicator.
	if err := x.store.DeleteIndicator(t.Context(), x.planner, p.ID, i.ID, 1, because("撤销"), today); err != nil {
		t.Fatal(err)
	}
	w := x.whole(t, p.ID)
	if len(w.Indicators) != 0 || len(w.Projects) != 1 || w.Projects[0].IndicatorID != "" {
		t.Errorf("%+v", w)
	}
	if err := x.store.DeleteProject(t.Context(), x.planner, p.ID, j.ID, 3, because("撤销"), today); err != nil {
		t.Error(err)
	}
	if err := x.store.DeleteProject(t.Context(), x.planner, p.ID, j.ID, 3, because("a"), today); !errors.Is(err, indicatordb.ErrNotFound) {
		t.Errorf("again: %v", err)
	}
	if _, err := x.store.AddProject(t.Context(), x.planner, nobody, got, because("a"), today); !errors.Is(err, indicatordb.ErrNotFound) {
		t.Errorf("of no plan: %v", err)
	}
}
