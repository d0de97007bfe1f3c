package typedb_test

import (
	"errors"
	"testing"

	"yike/facilities"
	"yike/internal/postgres"
)

func TestRights(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	x.add(t)
	reader, steward, part := person(t, x.db, "read_only", ""), person(t, x.db, "subdistrict_steward", adcode+"001"), person(t, x.db, "planner", adcode+"001")
	other := bath()
	other.Type, other.ZH, other.EN = "other", "另一类", "other"
	for name, tc := range map[string]struct {
		do   func() error
		want error
	}{
		"a reader adds":    {func() error { _, err := x.store.Create(t.Context(), reader, other, because("a"), today); return err }, postgres.ErrForbidden},
		"a steward adds":   {func() error { _, err := x.store.Create(t.Context(), steward, other, because("a"), today); return err }, postgres.ErrForbidden},
		"a part's planner": {func() error { _, err := x.store.Create(t.Context(), part, other, because("a"), today); return err }, postgres.ErrForbidden},
		"a reader changes": {func() error {
			_, err := x.store.Update(t.Context(), reader, "bath_point", 1, facilities.TypePatch{}, because("a"), today)
			return err
		}, postgres.ErrForbidden},
		"a reader takes back": {func() error { return x.store.Remove(t.Context(), reader, "bath_point", 1, because("a"), today) }, postgres.ErrForbidden},
		"a reader checks":     {func() error { _, err := x.store.Check(t.Context(), reader, other); return err }, postgres.ErrForbidden},
		"a reader looks back": {func() error { _, err := x.store.HistoryOf(t.Context(), reader, "bath_point"); return err }, postgres.ErrForbidden},
		"a reader reads":      {func() error { _, err := x.store.ByCode(t.Context(), reader, "bath_point"); return err }, nil},
		"none of that name":   {func() error { _, err := x.store.ByCode(t.Context(), reader, "bath"); return err }, facilities.ErrNoType},
		"changes none": {func() error {
			_, err := x.store.Update(t.Context(), x.planner, "bath", 0, facilities.TypePatch{}, because("a"), today)
			return err
		}, facilities.ErrNoType},
		"takes back none":    {func() error { return x.store.Remove(t.Context(), x.planner, "bath", 0, because("a"), today) }, facilities.ErrNoType},
		"looks back at none": {func() error { _, err := x.store.HistoryOf(t.Context(), x.planner, "bath"); return err }, facilities.ErrNoType},
	} {
		if err := tc.do(); !errors.Is(err, tc.want) || tc.want == nil && err != nil {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
	if _, err := x.store.Create(t.Context(), x.planner, other, because(""), today); invalid(err) != "reason" {
		t.Errorf("without a reason: %v", err)
	}
	// The database asks, too, whatever the program does.
	err := x.db.Write(t.Context(), reader, "behind the store's back", func(tx *postgres.Tx) error {
		tag, err := tx.Exec(t.Context(), `DELETE FROM facility_type_local`)
		if err == nil && tag.RowsAffected() > 0 {
			return errors.New("a reader deleted a type")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// One that no longer fits is shown with why, stands in nobody's way, and is mended or taken
// back.
func TestMisfit(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	x.add(t)
	err := x.db.Write(t.Context(), postgres.System(adcode, "test"), "a unit that the program no longer knows", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE facility_type_local SET definition = jsonb_set(definition, '{capacity_unit}', '"buckets"')`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	now, err := x.store.Present(t.Context(), x.planner)
	if err != nil || len(now.Misfits) != 1 || len(now.Types.Types) < 30 {
		t.Fatalf("%+v, %v", now.Misfits, err)
	}
	got, err := x.store.ByCode(t.Context(), x.planner, "bath_point")
	if err != nil || got.Misfit == "" || got.Version != 2 {
		t.Errorf("%+v, %v", got, err)
	}
	again := bath()
	if _, err := x.store.Create(t.Context(), x.planner, again, because("重新添加"), today); invalid(err) != "type" {
		t.Errorf("its code word is not free: %v", err)
	}
	mended, err := x.store.Update(t.Context(), x.planner, "bath_point", 2, facilities.TypePatch{CapacityUnit: ptr("visits_per_day")}, because("改正"), today)
	if err != nil || mended.Misfit != "" {
		t.Errorf("%+v, %v", mended, err)
	}
	if err := x.store.Remove(t.Context(), x.planner, "bath_point", 3, because("不要了"), today); err != nil {
		t.Error(err)
	}
}
