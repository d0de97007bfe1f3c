package facilitydb_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

func TestAreas(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	steward := dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001001")
	reader := dbtest.Person(t, x.db, adcode, "read_only", "")
	east := facilities.ServiceArea{NameZH: " 东片 ", NameEN: "East", Division: "990001001", Communities: []string{"990001001002", "990001001001"}}
	x.planner.Key, x.planner.RequestHash = "a", []byte{1}
	var made facilities.ServiceArea
	for range 2 {
		got, err := x.store.CreateArea(t.Context(), x.planner, east, because("划定"), today)
		if err != nil {
			t.Fatal(err)
		}
		made = got
	}
	x.planner.Key = ""
	want := facilities.ServiceArea{
		ID: made.ID, Version: 1, NameZH: "东片", NameEN: "East", Division: "990001001", Communities: []string{"990001001001", "990001001002"}, ValidFrom: today,
	}
	list, err := x.store.Areas(t.Context(), reader, "")
	if d := cmp.Diff([]facilities.ServiceArea{want}, list); d != "" || err != nil {
		t.Error(d, err)
	}
	if list, err := x.store.Areas(t.Context(), reader, "990001002"); len(list) != 0 || err != nil {
		t.Errorf("next door: %v, %v", list, err)
	}
	for _, tc := range []struct {
		name   string
		change func(*facilities.ServiceArea)
		why    record.Change
		want   string
	}{
		{"of a name that there is", func(*facilities.ServiceArea) {}, because("a"), "name_zh"},
		{"of a community", func(a *facilities.ServiceArea) { a.Division = "990001001001" }, because("a"), "division_code"},
		{"of communities elsewhere", func(a *facilities.ServiceArea) { a.Division, a.Communities = "990001002", []string{"990001001001"} }, because("a"), "communities"},
		{"for no reason", func(a *facilities.ServiceArea) { a.NameZH = "" }, because(""), "reason name_zh"},
	} {
		a := east
		tc.change(&a)
		if _, err := x.store.CreateArea(t.Context(), x.planner, a, tc.why, today); invalidFields(err) != tc.want {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	if _, err := x.store.CreateArea(t.Context(), steward, facilities.ServiceArea{NameZH: "甲", Division: "990001001"}, because("a"), today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("a steward draws areas: %v", err)
	}
	change := func(w postgres.Writer, id string, version int, p facilities.AreaPatch, why record.Change) error {
		_, err := x.store.UpdateArea(t.Context(), w, id, version, p, why, today)
		return err
	}
	closed := facilities.AreaPatch{Closed: ptr(true)}
	for _, tc := range []struct {
		name string
		err  error
		want error
	}{
		{"of nothing", change(x.planner, "x", 1, closed, because("a")), facilitydb.ErrNoArea},
		{"of another id", change(x.planner, "01900000-0000-7000-8000-000000000001", 1, closed, because("a")), facilitydb.ErrNoArea},
		{"of another version", change(x.planner, made.ID, 2, closed, because("a")), postgres.ErrStale},
		{"by a steward", change(steward, made.ID, 1, closed, because("a")), postgres.ErrForbidden},
	} {
		if !errors.Is(tc.err, tc.want) {
			t.Errorf("%s: %v", tc.name, tc.err)
		}
	}
	if err := change(x.planner, made.ID, 1, facilities.AreaPatch{Communities: &[]string{}}, because("a")); invalidFields(err) != "communities" {
		t.Errorf("emptied: %v", err)
	}
	if err := change(x.planner, made.ID, 1, closed, because("并入西片")); err != nil {
		t.Error(err)
	}
	if _, err := x.store.CreateArea(t.Context(), x.planner, east, because("重新划定"), today); err != nil {
		t.Errorf("the name of an area that was given up: %v", err)
	}
}

func TestStewardRecords(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	reader := dbtest.Person(t, x.db, adcode, "read_only", "")
	huaqiao := facilities.Steward{Division: "990001001", Office: " 花桥街道办事处 ", Post: "民政干事", Phone: "022-27391234", VerifyDays: 180}
	x.planner.Key, x.planner.RequestHash = "a", []byte{1}
	var made facilities.Steward
	for range 2 {
		got, err := x.store.CreateSteward(t.Context(), x.planner, huaqiao, because("明确责任"), today)
		if err != nil {
			t.Fatal(err)
		}
		made = got
	}
	x.planner.Key = ""
	want := huaqiao
	want.ID, want.Version, want.Office, want.ValidFrom = made.ID, 1, "花桥街道办事处", today
	list, err := x.store.Stewards(t.Context(), reader)
	if d := cmp.Diff([]facilities.Steward{want}, list); d != "" || err != nil {
		t.Error(d, err)
	}
	if _, err := x.store.CreateSteward(t.Context(), x.planner, huaqiao, because("a"), today); invalidFields(err) != "division_code" {
		t.Errorf("a second one: %v", err)
	}
	if _, err := x.store.CreateSteward(t.Context(), x.planner, facilities.Steward{Division: "990001009"}, because(""), today); invalidFields(err) != "reason office verify_days division_code" {
		t.Errorf("nothing at all: %v", err)
	}
	if _, err := x.store.CreateSteward(t.Context(), reader, huaqiao, because("a"), today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("by a reader: %v", err)
	}
	change := func(w postgres.Writer, id string, version int, p facilities.StewardPatch) (facilities.Steward, error) {
		return x.store.UpdateSteward(t.Context(), w, id, version, p, because("改"), today)
	}
	days := facilities.StewardPatch{VerifyDays: ptr(90), Phone: ptr("")}
	for id, version := range map[string]int{"x": 1, "01900000-0000-7000-8000-000000000001": 1} {
		if _, err := change(x.planner, id, version, days); !errors.Is(err, facilitydb.ErrNoSteward) {
			t.Errorf("%s: %v", id, err)
		}
	}
	if _, err := change(x.planner, made.ID, 2, days); !errors.Is(err, postgres.ErrStale) {
		t.Errorf("of another version: %v", err)
	}
	if _, err := change(reader, made.ID, 1, days); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("by a reader: %v", err)
	}
	if _, err := change(x.planner, made.ID, 1, facilities.StewardPatch{VerifyDays: ptr(0)}); invalidFields(err) != "verify_days" {
		t.Errorf("never: %v", err)
	}
	if got, err := change(x.planner, made.ID, 1, days); err != nil || got.Version != 2 || got.VerifyDays != 90 || got.Phone != "" || got.Office != want.Office {
		t.Errorf("%+v, %v", got, err)
	}
}
