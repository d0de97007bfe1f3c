package facilitydb_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

// said is a result as words: of each record its name, the outcome, and the fields at fault.
func said(r facilities.BulkResult, err error) string {
	if err != nil {
		return invalidFields(err)
	}
	var out []string
	for _, o := range r.Outcomes {
		text := o.NameZH + ":" + string(o.Outcome)
		for _, f := range o.Faults {
			if f.ZH == "" || f.EN == "" {
				text += " (no words)"
			}
			text += "(" + f.Field + ")"
		}
		out = append(out, text)
	}
	return strings.Join(out, " ")
}

func all(list []facilities.Facility) []facilitydb.Seen {
	out := make([]facilitydb.Seen, len(list))
	for i, f := range list {
		out[i] = seen(f)
	}
	return out
}

func TestChangeMany(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	steward := dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001001")
	list := x.register(t, various()...) // B A D C E, of which A and C are not published, and B, A and C are the steward's
	seen := all(list)
	seen[0].Version, seen[1].Version = 7, 0
	seen = append(seen, facilitydb.Seen{ID: "x"}, seen[0])
	operator := facilities.Patch{Fields: map[string]any{"operator": "某公司"}}
	dry := facilitydb.Bulk{Seen: seen, Patch: operator, DryRun: true}
	const want = "B:stale A:changed D:refused(id) C:changed E:refused(id) :refused(id)"
	got, err := x.store.ChangeMany(t.Context(), steward, dry, because("统一运营"), today)
	if said(got, err) != want || got.Change != "" {
		t.Errorf("tried: %s, %q, %v", said(got, err), got.Change, err)
	}
	if f, err := x.store.ByID(t.Context(), steward, list[1].ID); err != nil || f.Version != 1 {
		t.Errorf("the trial wrote %+v, %v", f, err)
	}
	wet := dry
	wet.DryRun = false
	steward.Key, steward.RequestHash = "b", []byte{1}
	var first facilities.BulkResult
	for i := range 2 {
		got, err := x.store.ChangeMany(t.Context(), steward, wet, because("统一运营"), today)
		if said(got, err) != want || got.Change == "" || got.Count(facilities.OutcomeChanged) != 2 || i == 1 && !cmp.Equal(first, got) {
			t.Errorf("%s, %+v, %v", said(got, err), got, err)
		}
		first = got
	}
	steward.Key = ""
	if f, err := x.store.ByID(t.Context(), steward, list[3].ID); err != nil || f.Version != 2 || f.Fields["operator"] != "某公司" || f.Stage != facilities.Submitted || !f.Unplaced {
		t.Errorf("%+v, %v", f, err)
	}
	if got, err := x.store.ChangeMany(t.Context(), steward, facilitydb.Bulk{Seen: seen[1:2], Patch: operator}, because("又"), today); said(got, err) != "A:unchanged" || got.Change != "" {
		t.Errorf("again: %s %+v", said(got, err), got)
	}
	for _, tc := range []struct {
		name   string
		who    postgres.Writer
		filter facilities.Filter
		patch  facilities.Patch
		why    record.Change
		want   string
	}{
		{"by a filter", x.planner, facilities.Filter{Types: []facilities.Type{"columbarium"}}, facilities.Patch{Fields: map[string]any{"fate": "keep"}}, because("a"), "D:changed"},
		{
			"what cannot be so", x.planner,
			facilities.Filter{},
			facilities.Patch{Status: ptr(facilities.Suspended)},
			because("a"),
			"B:changed A:refused(status) D:refused(status) C:unchanged E:changed",
		},
		{
			"by those who may not publish", steward,
			facilities.Filter{},
			facilities.Patch{Stage: ptr(facilities.Published)},
			because("a"),
			"B:unchanged A:refused(stage) D:refused(id) C:refused(stage) E:refused(id)",
		},
		{
			"what lacks what publishing needs", x.planner,
			facilities.Filter{Stages: []facilities.Stage{facilities.Draft, facilities.Submitted}},
			facilities.Patch{Stage: ptr(facilities.Published)},
			because("a"), "A:refused(fields.meals_per_day) C:changed",
		},
		{
			"of a type that it is not", x.planner,
			facilities.Filter{},
			facilities.Patch{Fields: map[string]any{"niches_total": 9}},
			because("a"),
			"B:refused(fields.niches_total) A:refused(fields.niches_total) D:changed C:refused(fields.niches_total) E:refused(fields.niches_total)",
		},
		{"from before it was", x.planner, facilities.Filter{Types: []facilities.Type{"columbarium"}}, facilities.Patch{Address: ptr("x")}, record.Change{Reason: "a", ValidFrom: "2020-01-01"}, "D:refused(valid_from)"},
		{"where it is, placed or not", x.planner, facilities.Filter{IDs: []string{list[3].ID, list[4].ID}}, facilities.Patch{DivisionCode: ptr("")}, because("a"), "C:changed E:unchanged"},
		{"into next door", steward, facilities.Filter{IDs: []string{list[3].ID}}, facilities.Patch{DivisionCode: ptr("990001002")}, because("a"), "C:refused(id)"},
		{"nothing", x.planner, facilities.Filter{Text: "nothing"}, operator, because("a"), ""},
		{"without a change", x.planner, facilities.Filter{}, facilities.Patch{}, because("a"), "patch"},
		{"for no reason", x.planner, facilities.Filter{}, operator, because(""), "reason"},
		{"what tells them apart", x.planner, facilities.Filter{}, facilities.Patch{
			NameZH: ptr("x"), NameEN: ptr("x"), Lon: ptr(1.0), Lat: ptr(1.0), PlacedBy: ptr(facilities.PlacedMap), PlaceConfidence: ptr(1), Unplaced: ptr(true),
			InstitutionCode: ptr("x"), BureauNo: ptr("x"),
		}, because("a"), "name_zh name_en lon lat placed_by place_confidence unplaced institution_code bureau_no"},
		{"into a division that there is not", x.planner, facilities.Filter{}, facilities.Patch{DivisionCode: ptr("1")}, because("a"), "division_code"},
		{"of a division that there is not", x.planner, facilities.Filter{Division: "1"}, operator, because("a"), facilitydb.ErrUnknownDivision.Error()},
	} {
		got, err := x.store.ChangeMany(t.Context(), tc.who, facilitydb.Bulk{Filter: &tc.filter, Patch: tc.patch}, tc.why, today)
		if said(got, err) != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, said(got, err), tc.want)
		}
	}
	if _, err := x.store.ChangeMany(t.Context(), dbtest.Person(t, x.db, adcode, "read_only", ""), wet, because("a"), today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("by a reader: %v", err)
	}
	if _, err := x.store.ChangeMany(t.Context(), x.planner, facilitydb.Bulk{Seen: make([]facilitydb.Seen, facilities.MostBulk+1), Patch: operator}, because("a"), today); invalidFields(err) != "ids" {
		t.Errorf("too many: %v", err)
	}
}

func TestUndoMany(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	steward := dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001001")
	reader := dbtest.Person(t, x.db, adcode, "field_worker", "")
	list := x.register(t, canteen(0), canteen(1), canteen(2))
	close := facilities.Patch{Status: ptr(facilities.Closed), Fields: map[string]any{"operator": "某公司"}}
	done, err := x.store.ChangeMany(t.Context(), x.planner, facilitydb.Bulk{Seen: all(list), Patch: close}, because("误关"), "2026-12-01")
	if err != nil || done.Count(facilities.OutcomeChanged) != 3 {
		t.Fatal(said(done, err))
	}
	now := x.update(t, facilities.Facility{ID: list[1].ID, Version: 2}, facilities.Patch{Capacity: ptr(3)}, because("改"), "2026-12-02")
	for _, tc := range []struct {
		who    postgres.Writer
		change string
		want   error
	}{
		{x.planner, "x", facilitydb.ErrNoChange},
		{x.planner, "01900000-0000-7000-8000-000000000001", facilitydb.ErrNoChange},
		{reader, done.Change, postgres.ErrForbidden},
	} {
		if _, err := x.store.UndoMany(t.Context(), tc.who, tc.change, "撤销", "2026-12-03"); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", tc.change, err)
		}
	}
	if _, err := x.store.UndoMany(t.Context(), x.planner, done.Change, "", "2026-12-03"); invalidFields(err) != "reason" {
		t.Errorf("for no reason: %v", err)
	}
	versions, err := x.store.HistoryOf(t.Context(), x.planner, now.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.store.UndoMany(t.Context(), x.planner, versions[0].Made.Change, "撤销", "2026-12-03"); !errors.Is(err, facilitydb.ErrNoChange) {
		t.Errorf("a change of one record: %v", err)
	}
	got, err := x.store.UndoMany(t.Context(), steward, done.Change, "误操作", "2026-12-03")
	if said(got, err) != "甲食堂:changed 甲食堂:stale 甲食堂:refused(id)" {
		t.Fatal(said(got, err))
	}
	back, err := x.store.ByID(t.Context(), x.planner, list[0].ID)
	same := cmpopts.IgnoreFields(facilities.Facility{}, "Version")
	if d := cmp.Diff(list[0], back, same); d != "" || back.Version != 3 || err != nil {
		t.Error(d, back.Version, err)
	}
	then, err := x.store.AsOf(t.Context(), x.planner, list[0].ID, record.At{Valid: "2026-12-01"})
	if err != nil || then.Status != facilities.Open {
		t.Errorf("on the day of the change it was %+v, %v", then, err)
	}
	// What was undone can be done again by undoing that.
	if got, err := x.store.UndoMany(t.Context(), x.planner, got.Change, "还是关停", "2026-12-04"); said(got, err) != "甲食堂:changed" {
		t.Error(said(got, err))
	}
	if f, err := x.store.ByID(t.Context(), x.planner, list[0].ID); err != nil || f.Status != facilities.Closed || f.Fields["operator"] != "某公司" {
		t.Errorf("%+v, %v", f, err)
	}
	if got := x.deeds(t, list[1].ID); got != "facility.create facility.update" {
		t.Errorf("the log says %s of one of many", got)
	}
}

// Whatever is done to many records, undoing it leaves each as it was, for the same days,
// and those that were not touched as they are.
func TestUndoIsTheWayBack(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	base := various()
	for i := range base {
		base[i].BureauNo, base[i].InstitutionCode = "", ""
	}
	day := 0
	rapid.Check(t, func(rt *rapid.T) {
		list := make([]facilities.Facility, rapid.IntRange(1, 4).Draw(rt, "records"))
		for i := range list {
			f := base[rapid.IntRange(0, len(base)-1).Draw(rt, "kind")]
			made, err := x.store.Create(t.Context(), x.planner, f, because("登记"), today)
			if err != nil {
				rt.Fatal(err)
			}
			list[i] = made
		}
		p := facilities.Patch{Address: ptr(rapid.SampledFrom([]string{"", "新址", "解放路 100% 号"}).Draw(rt, "address"))}
		if rapid.Bool().Draw(rt, "status") {
			p.Status = ptr(rapid.SampledFrom([]facilities.Status{facilities.Open, facilities.Closed, facilities.Suspended}).Draw(rt, "to"))
		}
		if rapid.Bool().Draw(rt, "stage") {
			p.Stage = ptr(rapid.SampledFrom([]facilities.Stage{facilities.Draft, facilities.Submitted, facilities.Published}).Draw(rt, "step"))
		}
		if rapid.Bool().Draw(rt, "fields") {
			p.Fields = map[string]any{"operator": rapid.SampledFrom([]any{nil, "某公司"}).Draw(rt, "operator"), "floor_area": rapid.SampledFrom([]any{nil, 120}).Draw(rt, "area")}
		}
		c := record.Change{Reason: "批量", Correction: rapid.Bool().Draw(rt, "correction")}
		day++
		then := record.Day(fmt.Sprintf("2027-%02d-%02d", 1+day/27%12, 1+day%27))
		done, err := x.store.ChangeMany(t.Context(), x.planner, facilitydb.Bulk{Seen: all(list), Patch: p}, c, then)
		if err != nil {
			rt.Fatal(err)
		}
		if done.Change != "" {
			undone, err := x.store.UndoMany(t.Context(), x.planner, done.Change, "撤销", then)
			if err != nil || undone.Count(facilities.OutcomeChanged) != done.Count(facilities.OutcomeChanged) {
				rt.Fatalf("did %s, undid %s", said(done, nil), said(undone, err))
			}
		}
		for i, f := range list {
			now, err := x.store.ByID(t.Context(), x.planner, f.ID)
			if err != nil {
				rt.Fatal(err)
			}
			changed := done.Outcomes[i].Outcome == facilities.OutcomeChanged
			if d := cmp.Diff(f, now, cmpopts.IgnoreFields(facilities.Facility{}, "Version")); d != "" || now.Version != map[bool]int{true: 3, false: 1}[changed] {
				rt.Fatalf("version %d: %s", now.Version, d)
			}
		}
	})
}
