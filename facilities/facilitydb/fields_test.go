package facilitydb_test

import (
	"errors"
	"strings"
	"testing"

	"yike/facilities"
	"yike/internal/record"
)

func faultFields(err error) string {
	var invalid *record.InvalidError
	if !errors.As(err, &invalid) {
		return ""
	}
	var out []string
	for _, f := range invalid.Faults {
		out = append(out, f.Field)
	}
	return strings.Join(out, " ")
}

// What a type declares is held to its declaration, the capacity follows its field, and
// only what is whole is published.
func TestFieldsOfTheType(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	create := func(key string, f facilities.Facility) (facilities.Facility, error) {
		w := x.planner
		w.Key = key
		return x.store.Create(t.Context(), w, f, because("登记"), today)
	}
	bare := canteen(0)
	bare.Capacity, bare.Stage = 0, ""
	made, err := create("bare", bare)
	if err != nil || made.Stage != facilities.Submitted {
		t.Fatalf("without what publishing needs: %s, %v", made.Stage, err)
	}
	bare.Stage = facilities.Published
	if _, err := create("published", bare); faultFields(err) != "fields.meals_per_day" {
		t.Errorf("published at once: %v", err)
	}
	publish := facilities.Patch{Stage: ptr(facilities.Published)}
	if _, err := x.store.Update(t.Context(), x.planner, made.ID, made.Version, publish, because("发布"), today); faultFields(err) != "fields.meals_per_day" {
		t.Errorf("published afterwards: %v", err)
	}
	wrong := facilities.Patch{Fields: map[string]any{"meals_per_day": -1.0, "grade": "9", "niches_total": 3.0}}
	if _, err := x.store.Update(t.Context(), x.planner, made.ID, made.Version, wrong, because("改"), today); faultFields(err) != "fields.grade fields.meals_per_day fields.niches_total" {
		t.Errorf("what the type does not take: %v", err)
	}
	publish.Fields = map[string]any{"meals_per_day": 120.0, "meal_times": "午餐：11:00～13:00"}
	whole, err := x.store.Update(t.Context(), x.planner, made.ID, made.Version, publish, because("补全"), today)
	if err != nil || whole.Stage != facilities.Published || whole.Capacity != 120 || whole.Fields["meal_times"] != "午餐 11:00-13:00" {
		t.Errorf("%+v, %v", whole, err)
	}
	more, err := x.store.Update(t.Context(), x.planner, made.ID, whole.Version, facilities.Patch{Capacity: ptr(150)}, because("扩容"), today)
	if err != nil || more.Fields["meals_per_day"] != 150.0 {
		t.Errorf("%+v, %v", more, err)
	}
}

// A type that an installation added is written like any other.
func TestTypeOfAnInstallation(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	types, err := facilities.ParseCatalogue([]byte(`{"types":[{"type":"reading_room","zh":"书房","en":"reading room","group":"community","capacity_unit":"seats",
		"capacity_field":"seats","serves":"residents","measure":"walk","fields":[{"field":"seats","zh":"座位","en":"seats","kind":"integer","unit":"seats","tab":"service"}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	f := canteen(0)
	f.Type, f.Fields = "reading_room", map[string]any{"seats": 30.0}
	if _, err := x.store.Create(t.Context(), x.planner, f, because("登记"), today); faultFields(err) != "type" {
		t.Errorf("without the file: %v", err)
	}
	w := x.planner
	w.Key = "reading"
	made, err := x.store.WithTypes(types).Create(t.Context(), w, f, because("登记"), today)
	if err != nil || made.Type != "reading_room" || made.Capacity != 30 {
		t.Errorf("%+v, %v", made, err)
	}
}
