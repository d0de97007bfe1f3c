package typedb_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/facilities/typedb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

const (
	adcode = "990001"
	today  = record.Day("2026-11-27")
)

func person(t *testing.T, db *postgres.DB, role, division string) postgres.Writer {
	t.Helper()
	w := postgres.Writer{AdCode: adcode, Who: role + division}
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "make an account", func(tx *postgres.Tx) error {
		return tx.QueryRow(t.Context(), `
WITH made AS (INSERT INTO account (adcode, id, name, display_name) VALUES (@adcode, gen_random_uuid(), @name, @name) RETURNING adcode, id)
INSERT INTO account_grant (adcode, id, account_id, role, division_code) SELECT adcode, gen_random_uuid(), id, @role, @division FROM made RETURNING account_id::text`,
			pgx.StrictNamedArgs{"adcode": adcode, "name": w.Who, "role": role, "division": division}).Scan(&w.Account)
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

type fixture struct {
	db        *postgres.DB
	catalogue *typedb.Catalogue
	store     *typedb.Store
	records   *facilitydb.Store
	planner   postgres.Writer
	keys      *int
}

func newFixture(t *testing.T) fixture {
	t.Helper()
	db := dbtest.New(t)
	c := typedb.New(facilities.Types{})
	return fixture{
		db: db, catalogue: c, store: typedb.NewStore(db, c, []string{"FAC-11"}, strings.ToLower), records: facilitydb.New(db).WithCatalogue(c),
		planner: person(t, db, "planner", ""), keys: new(int),
	}
}

func because(why string) record.Change { return record.Change{Reason: why} }

func ptr[T any](v T) *T { return &v }

func bath() facilities.TypeInfo {
	return facilities.TypeInfo{
		Type: "bath_point", ZH: "社区助浴点", EN: "bathing point", Group: "elderly", CapacityUnit: "visits_per_day", CapacityField: "visits", Serves: "elders",
		Measure: facilities.Walk, DoorPage: true, Standards: []string{"FAC-11"},
		Fields: []facilities.FieldInfo{
			{Field: "visits", ZH: "日服务能力", Kind: facilities.Integer, Unit: "visits_per_day", Tab: facilities.Service, Required: true},
			{Field: "ways", ZH: "助浴方式", Kind: facilities.Several, Tab: facilities.Service, Choices: []facilities.Choice{{Value: "there", ZH: "到点"}, {Value: "home", ZH: "上门"}}},
		},
	}
}

func (x fixture) add(t *testing.T) facilities.LocalType {
	t.Helper()
	made, err := x.store.Create(t.Context(), x.planner, bath(), because("新开助浴点"), today)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// register registers a bathing point.
func (x fixture) register(t *testing.T, fields map[string]any) (facilities.Facility, error) {
	t.Helper()
	w := x.planner
	*x.keys++
	w.Key = fmt.Sprint(*x.keys)
	return x.records.Create(t.Context(), w, facilities.Facility{
		Type: "bath_point", NameZH: "甲助浴点", Status: facilities.Open, Unplaced: true, DivisionCode: adcode, Address: "一号", Fields: fields,
	}, because("登记"), today)
}

func invalid(err error) string {
	var faults *record.InvalidError
	if !errors.As(err, &faults) {
		return ""
	}
	var out []string
	for _, f := range faults.Faults {
		out = append(out, f.Field)
	}
	return strings.Join(out, " ")
}

// A type that a planner adds is one at once: for what is registered after it, and not for
// another authority.
func TestATypeIsAdded(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	if _, err := x.register(t, nil); invalid(err) != "type" {
		t.Errorf("before it is there: %v", err)
	}
	w := x.planner
	w.Key = "once"
	made, err := x.store.Create(t.Context(), w, bath(), because("新开助浴点"), today)
	if err != nil || made.Version != 1 || made.Base != nil || made.Definition.Origin != facilities.FromBureau || made.Definition.Fields[0].Field != "operator" {
		t.Fatalf("%+v, %v", made, err)
	}
	if again, err := x.store.Create(t.Context(), w, bath(), because("新开助浴点"), today); err != nil || again.ID != made.ID {
		t.Errorf("the same request: %+v, %v", again, err)
	}
	if _, err := x.store.Create(t.Context(), x.planner, bath(), because("再来"), today); invalid(err) != "type" {
		t.Errorf("a second of its code word: %v", err)
	}
	got, err := x.register(t, map[string]any{"visits": 40.0, "ways": []string{"home"}})
	if err != nil || got.Capacity != 40 || got.Stage != facilities.Published {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := x.register(t, map[string]any{"baths": 1.0}); invalid(err) != "fields.baths" {
		t.Errorf("a field that it has not: %v", err)
	}
	there, err := x.catalogue.Present(t.Context(), x.db.Reader(), "990002")
	if err != nil || there.Mark != "" || len(there.Local) > 0 {
		t.Errorf("another authority: %+v, %v", there, err)
	}
	if _, ok := there.Types.Find("bath_point"); ok {
		t.Error("another authority has it")
	}
}

// Code words that nobody chose follow from names.
func TestCodeWordsFollow(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	b := bath()
	b.Type, b.ZH, b.Fields[1].Field, b.Fields[1].Choices[0].Value = "", "Bath point", "", ""
	made, err := x.store.Create(t.Context(), x.planner, b, because("新开"), today)
	if err != nil || made.Definition.Type != "bath_point" {
		t.Fatalf("%+v, %v", made.Definition, err)
	}
	if _, err := x.store.Create(t.Context(), x.planner, facilities.TypeInfo{}, because("空"), today); !strings.Contains(invalid(err), "type zh en group") {
		t.Errorf("nothing: %v", err)
	}
}

func TestChangesOfATypeInUse(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	made := x.add(t)
	f, err := x.register(t, map[string]any{"visits": 40.0, "ways": []string{"home"}})
	if err != nil {
		t.Fatal(err)
	}
	fields := func(change func([]facilities.FieldInfo) []facilities.FieldInfo) facilities.TypePatch {
		list := change(slices.Clone(made.Definition.Fields))
		return facilities.TypePatch{Fields: &list}
	}
	drop := func(code string) func([]facilities.FieldInfo) []facilities.FieldInfo {
		return func(list []facilities.FieldInfo) []facilities.FieldInfo {
			return slices.DeleteFunc(list, func(f facilities.FieldInfo) bool { return f.Field == code })
		}
	}
	update := func(version int, p facilities.TypePatch) (facilities.LocalType, error) {
		return x.store.Update(t.Context(), x.planner, "bath_point", version, p, because("调整"), today)
	}
	if _, err := update(1, fields(drop("ways"))); invalid(err) != "fields" || !strings.Contains(err.Error(), "1 facility has") {
		t.Errorf("a field in use: %v", err)
	}
	if _, err := update(1, fields(func(list []facilities.FieldInfo) []facilities.FieldInfo {
		list[len(list)-1].Kind, list[len(list)-1].Choices = facilities.Text, nil
		return list
	})); !strings.Contains(invalid(err), "kind") {
		t.Errorf("another kind: %v", err)
	}
	retire := fields(drop("ways"))
	ways, _ := made.Definition.Field("ways")
	retire.Past = &[]facilities.FieldInfo{ways}
	after, err := update(1, retire)
	if err != nil || after.Version != 2 || len(after.Definition.Past) != 1 {
		t.Fatalf("%+v, %v", after, err)
	}
	if now, err := x.records.Update(t.Context(), x.planner, f.ID, f.Version, facilities.Patch{NameZH: ptr("乙助浴点")}, because("更名"), today); err != nil || now.Fields["ways"] == nil {
		t.Errorf("what a record has of a past field: %+v, %v", now, err)
	}
	if same, err := update(2, facilities.TypePatch{ZH: ptr("社区助浴点")}); err != nil || same.Version != 2 {
		t.Errorf("a change of nothing: %+v, %v", same, err)
	}
	var stale *postgres.StaleError
	if _, err := update(1, facilities.TypePatch{ZH: ptr("助浴站")}); !errors.As(err, &stale) || stale.Current != 2 {
		t.Errorf("a version that is past: %v", err)
	}
	if _, err := update(2, facilities.TypePatch{Retired: ptr(true)}); err != nil {
		t.Fatal(err)
	}
	if _, err := x.register(t, map[string]any{"visits": 3.0}); invalid(err) != "type" {
		t.Errorf("a new one of a retired type: %v", err)
	}
	if err := x.store.Remove(t.Context(), x.planner, "bath_point", 3, because("不要了"), today); !errors.Is(err, typedb.ErrInUse) {
		t.Errorf("one that is in use goes: %v", err)
	}
	list, err := x.store.HistoryOf(t.Context(), x.planner, "bath_point")
	if err != nil || len(list) != 3 || list[0].Made.Why != "调整" || list[0].Changes[0].Name != "retired" {
		t.Errorf("%+v, %v", list, err)
	}
}

// Of a type of the program the bureau keeps what it wants otherwise, and takes it back.
func TestATypeOfTheProgramIsChanged(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	was, err := x.store.ByCode(t.Context(), x.planner, "love_post")
	if err != nil || was.Version != 0 || was.ID != "" || was.Base == nil || was.Definition.Origin != facilities.FromProgram {
		t.Fatalf("%+v, %v", was, err)
	}
	if same, err := x.store.Update(t.Context(), x.planner, "love_post", 0, facilities.TypePatch{}, because("无"), today); err != nil || same.Version != 0 {
		t.Errorf("a change of nothing: %+v, %v", same, err)
	}
	is, err := x.store.Update(t.Context(), x.planner, "love_post", 0, facilities.TypePatch{ZH: ptr("暖心驿站"), DoorPage: ptr(false)}, because("本区叫法"), today)
	if err != nil || is.Version != 1 || is.Definition.ZH != "暖心驿站" || is.Base.ZH != "爱心驿站" || is.Definition.DoorPage {
		t.Fatalf("%+v, %v", is, err)
	}
	if _, err := x.store.Update(t.Context(), x.planner, "columbarium", 0, facilities.TypePatch{DoorPage: ptr(true)}, because("公开"), today); !strings.HasPrefix(invalid(err), "door_page") {
		t.Errorf("a columbarium at doors: %v", err)
	}
	if err := x.store.Remove(t.Context(), x.planner, "love_post", 1, because("改回"), today); err != nil {
		t.Fatal(err)
	}
	back, err := x.store.ByCode(t.Context(), x.planner, "love_post")
	if err != nil || back.Version != 0 || back.Definition.ZH != "爱心驿站" {
		t.Errorf("%+v, %v", back, err)
	}
	if err := x.store.Remove(t.Context(), x.planner, "love_post", 0, because("再改回"), today); !errors.Is(err, typedb.ErrNotLocal) {
		t.Errorf("nothing to take back: %v", err)
	}
	if list, err := x.store.HistoryOf(t.Context(), x.planner, "love_post"); err != nil || len(list) != 1 || list[0].Removed == nil || list[0].Removed.Why != "改回" {
		t.Errorf("%+v, %v", list, err)
	}
	if list, err := x.store.HistoryOf(t.Context(), x.planner, "meal_point"); err != nil || len(list) != 0 {
		t.Errorf("one that was never changed: %+v, %v", list, err)
	}
}

// A check says what would be refused and what would come of it, and changes nothing.
func TestCheck(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	made := x.add(t)
	if _, err := x.register(t, map[string]any{"visits": 40.0, "ways": []string{"home"}}); err != nil {
		t.Fatal(err)
	}
	change := made.Definition
	change.Fields = slices.Clone(change.Fields)
	for i := range change.Fields {
		switch change.Fields[i].Field {
		case "visits":
			change.Fields[i].Max = ptr(20.0)
		case "operator":
			change.Fields[i].Required = true
		}
	}
	got, err := x.store.Check(t.Context(), x.planner, change)
	if err != nil || len(got.Faults) > 0 || got.Census.Records != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	var effects []string
	for _, e := range got.Census.Effects() {
		effects = append(effects, fmt.Sprint(e.Field.Field, " ", e.What, " ", e.Records))
	}
	if strings.Join(effects, ", ") != "operator lacking 1, visits faulty 1" {
		t.Error(effects)
	}
	change.Serves = "minors"
	if got, err := x.store.Check(t.Context(), x.planner, change); err != nil || len(got.Faults) != 1 || got.Faults[0].Field != "door_page" {
		t.Errorf("%+v, %v", got, err)
	}
	if now, err := x.store.ByCode(t.Context(), x.planner, "bath_point"); err != nil || now.Version != 1 {
		t.Errorf("%+v, %v", now, err)
	}
}

// Many who write the catalogue at one time take turns, so that no two types have one name,
// and who reads meanwhile sees whole catalogues.
func TestManyWriteAtOnce(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	const writers = 6
	var all sync.WaitGroup
	made := make([]error, writers)
	for i := range writers {
		all.Go(func() {
			b := bath()
			b.Type = facilities.Type(fmt.Sprint("bath_", i))
			_, made[i] = x.store.Create(t.Context(), x.planner, b, because("新开"), today)
		})
		all.Go(func() {
			if now, err := x.catalogue.Types(t.Context(), x.db.Reader(), adcode); err != nil || len(now.Types) < 30 {
				t.Errorf("%d types, %v", len(now.Types), err)
			}
		})
	}
	all.Wait()
	taken := 0
	for _, err := range made {
		if err == nil {
			taken++
		} else if invalid(err) != "zh en" {
			t.Error(err)
		}
	}
	if taken != 1 {
		t.Errorf("%d types of one name", taken)
	}
}
