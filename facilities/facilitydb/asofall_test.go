package facilitydb_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yike/facilities"
	"yike/internal/postgres"
	"yike/internal/record"
)

// on lists what there was on a day by what is known now, as names and statuses.
func (x fixture) on(t *testing.T, at record.At) string {
	t.Helper()
	list, err := x.store.AsOfAll(t.Context(), adcode, at)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range list {
		out = append(out, f.NameZH+" "+string(f.Status))
	}
	return strings.Join(out, ", ")
}

func TestAsOfAll(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	made := canteen(0)
	f, err := x.store.Create(t.Context(), x.planner, made, record.Change{Reason: "补录", ValidFrom: "2024-03-01"}, today)
	if err != nil {
		t.Fatal(err)
	}
	x.update(t, f, facilities.Patch{Status: ptr(facilities.Closed)}, record.Change{Reason: "关停", ValidFrom: "2026-02-01"}, today)
	for day, want := range map[record.Day]string{
		"2024-02-29": "", "2024-03-01": "甲食堂 open", "2025-12-31": "甲食堂 open", "2026-02-01": "甲食堂 closed", today: "甲食堂 closed",
	} {
		if got := x.on(t, record.At{Valid: day}); got != want {
			t.Errorf("on %s: %q, want %q", day, got, want)
		}
	}
	if got := x.on(t, record.At{Valid: today, Known: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)}); got != "" {
		t.Errorf("known before it was: %q", got)
	}
	if list, err := x.store.AsOfAll(t.Context(), "990002", record.At{Valid: today}); len(list) != 0 || err != nil {
		t.Errorf("another authority has %v, %v", list, err)
	}
}

// What is not published is not there, and neither is what others took the place of; what
// has no place yet is. On the present day it is what ByID gives.
func TestAsOfAllLeavesOut(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	shown := x.create(t, 0)
	draft := canteen(1)
	draft.NameZH, draft.Stage = "草稿", facilities.Draft
	unplaced := canteen(1)
	unplaced.NameZH, unplaced.Unplaced, unplaced.Stage = "待落图", true, facilities.Draft
	for _, f := range []facilities.Facility{draft, unplaced} {
		if _, err := x.store.Create(t.Context(), x.planner, f, because("新开"), today); err != nil {
			t.Fatal(err)
		}
	}
	gone := x.create(t, 1)
	err := x.db.Write(t.Context(), postgres.System(adcode, "test"), "merge and publish", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `
UPDATE facility SET replaced_by = CASE WHEN id = $1 THEN ARRAY[$2::uuid] ELSE replaced_by END, stage = CASE WHEN name_zh = '待落图' THEN 'published' ELSE stage END`, gone.ID, shown.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	list, err := x.store.AsOfAll(t.Context(), adcode, record.At{Valid: today})
	if err != nil || len(list) != 2 {
		t.Fatalf("%d facilities, %v", len(list), err)
	}
	for _, f := range list {
		now, err := x.store.ByID(t.Context(), x.planner, f.ID)
		if d := cmp.Diff(now, f); d != "" || err != nil || f.NameZH == "草稿" {
			t.Error(d, err)
		}
	}
}
