package placenamedb_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/placenamedb"
)

// TestTheDatabaseKnowsTheSameTransitions holds the table of the migration to the package.
func TestTheDatabaseKnowsTheSameTransitions(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	rows, err := x.db.Pool().Query(t.Context(), `SELECT from_state, to_state, decisions, successor FROM place_name_transition`)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]placenames.Transition{}
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (placenames.Transition, error) {
		var step placenames.Transition
		err := row.Scan(&step.From, &step.To, &step.Decisions, &step.Successor)
		if len(step.Decisions) == 0 {
			step.Decisions = nil
		}
		got[string(step.From)+" → "+string(step.To)] = step
		return step, err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]placenames.Transition{}
	for _, s := range placenames.Beginnings() {
		want[" → "+string(s)] = placenames.Transition{To: s}
	}
	for _, step := range placenames.Transitions() {
		want[string(step.From)+" → "+string(step.To)] = step
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the database knows other transitions: %s", diff)
	}
}

// TestWalksOfSQLAndOfThePackageAgree takes records from state to state by SQL alone, as no
// program of ours would, and holds that the database takes exactly the steps that the package
// does, and that what ended stays so.
func TestWalksOfSQLAndOfThePackageAgree(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	living := x.create(road("存续路"))
	begun := 0
	rapid.Check(t, func(rt *rapid.T) {
		begun++
		begin := rapid.SampledFrom(placenames.Beginnings()).Draw(rt, "begins")
		n := x.create(placenames.Name{Text: fmt.Sprintf("走%d路", begun), Kind: "road", State: begin, Divisions: []string{west}, Decision: seen()}).Name
		steps := rapid.IntRange(1, 6).Draw(rt, "steps")
		err := x.db.Write(t.Context(), postgres.System(adcode, "test"), "a walk", func(tx *postgres.Tx) error {
			for range steps {
				m := placenames.Move{Reason: "走", To: anyState(rt), Decision: decision(anyDecision(rt), today)}
				if rapid.Bool().Draw(rt, "successor") {
					m.SuccessorID = living.ID
				}
				if rapid.IntRange(0, 3).Draw(rt, "along") > 0 && len(n.State.Next()) > 0 { // most walks shall lead somewhere
					m.To = rapid.SampledFrom(n.State.Next()).Draw(rt, "next")
				}
				after, faults := n.After(m, today)
				if m.To == n.State {
					continue // no step
				}
				err := stepBySQL(t.Context(), tx, n.ID, m)
				if (err == nil) != (len(faults) == 0) {
					rt.Fatalf("from %s to %s by %s: the database says %v, the package %v", n.State, m.To, m.Decision.Kind, err, faults)
				}
				if err == nil && n.State.Ended() {
					rt.Fatalf("%s went on to %s", n.State, m.To)
				}
				if err == nil {
					n = after
				}
			}
			return nil
		})
		if err != nil {
			rt.Fatal(err)
		}
	})
}

func anyState(rt *rapid.T) placenames.State {
	return placenames.State(rapid.SampledFrom(placenames.States()).Draw(rt, "to").Code)
}

func anyDecision(rt *rapid.T) placenames.DecisionKind {
	kinds := placenames.DecisionKinds()
	return placenames.DecisionKind(rapid.SampledFrom(kinds[:len(kinds)-1]).Draw(rt, "by").Code)
}

// stepBySQL changes the state of a record and what a step needs.
func stepBySQL(ctx context.Context, tx *postgres.Tx, id string, m placenames.Move) error {
	inner, err := tx.Begin(ctx)
	if err != nil {
		return err
	}
	_, err = inner.Exec(ctx, `
UPDATE place_name SET state = @state, decision_kind = @kind, decision_number = '1', decision_day = '2026-11-27', decision_body = '区', successor_id = @successor
WHERE adcode = @adcode AND id = @id`,
		pgx.StrictNamedArgs{"adcode": adcode, "id": id, "state": string(m.To), "kind": string(m.Decision.Kind), "successor": orNull(m.SuccessorID)})
	if err != nil {
		_ = inner.Rollback(ctx)
		return err
	}
	return inner.Commit(ctx)
}

func orNull(id string) any {
	if id == "" {
		return nil
	}
	return id
}

// TestTheDatabaseRefuses holds what is impossible whichever program writes.
func TestTheDatabaseRefuses(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	inUse := x.create(road("在用路"))
	part := x.create(func() placenames.Name { n := road("在用北路"); n.ParentID = inUse.ID; return n }())
	old := x.create(func() placenames.Name {
		n := road("旧路")
		n.State, n.Decision = placenames.Retired, decision(placenames.Retirement, "2021-01-01")
		return n
	}())
	draft := x.create(placenames.Name{Text: "草路", Kind: "road", State: placenames.Draft, Divisions: []string{west}})
	plan, err := x.store.Reserve(t.Context(), x.registrar, placenames.Planned{Text: "草路", Kind: "road", Plan: "规划", Division: west}, because("预留"), today)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, sql, id, code string }{
		{"no document", `UPDATE place_name SET decision_number = '' WHERE id = @id`, inUse.ID, "23514"},
		{"an observation of nothing", `UPDATE place_name SET decision_kind = 'observed', decision_title = '' WHERE id = @id`, inUse.ID, "23514"},
		{"another id", `UPDATE place_name SET id = gen_random_uuid() WHERE id = @id`, inUse.ID, "YK003"},
		{"a retired name revives", `UPDATE place_name SET state = 'approved', decision_kind = 'naming' WHERE id = @id`, old.ID, "YK003"},
		{"a retired name revives as a draft", `UPDATE place_name SET state = 'draft' WHERE id = @id`, old.ID, "YK003"},
		{"another name without a decision", `UPDATE place_name SET text = '别路', specific = '别', valid = '[2026-11-27,)' WHERE id = @id`, inUse.ID, "YK003"},
		{"a renaming that forgets the name before", `UPDATE place_name SET text = '别路', specific = '别', decision_kind = 'renaming' WHERE id = @id`, inUse.ID, "YK003"},
		{"the characters of a retired name", `UPDATE place_name SET text = '旧路', specific = '旧' WHERE id = @id`, draft.ID, "YK003"},
		{"reuse of a name in use", `UPDATE place_name SET text = '旧路', specific = '旧', reuses_reason = 'x', reuses_id = (SELECT id FROM place_name WHERE text = '在用路') WHERE id = @id`, draft.ID, "YK003"},
		{"a circle", `UPDATE place_name SET parent_id = (SELECT id FROM place_name WHERE text = '在用北路') WHERE id = @id`, inUse.ID, "YK003"},
		{"its own parent", `UPDATE place_name SET parent_id = id WHERE id = @id`, part.ID, "YK003"},
		{"merged into what ended", `UPDATE place_name SET state = 'merged', decision_kind = 'retirement', successor_id = (SELECT id FROM place_name WHERE text = '旧路') WHERE id = @id`, part.ID, "YK003"},
		{"parts that are not the name", `UPDATE place_name SET specific = 'x' WHERE id = @id`, inUse.ID, "23514"},
		{"readings of another name", `UPDATE place_name SET readings = '{a}' WHERE id = @id`, inUse.ID, "23514"},
		{"a state that is none", `UPDATE place_name SET state = 'lost' WHERE id = @id`, inUse.ID, "YK003"},
		{"nowhere", `UPDATE place_name SET divisions = '{}' WHERE id = @id`, inUse.ID, "23502"},
		{"a division without a code", `UPDATE place_name SET divisions = '{990001001,""}' WHERE id = @id`, inUse.ID, "23514"},
		{"a geometry of two kinds", `UPDATE place_name SET geom = 'SRID=4326;GEOMETRYCOLLECTION(POINT(117 39))' WHERE id = @id`, inUse.ID, "23514"},
		{"a name that is a part", `DELETE FROM place_name WHERE id = @id`, inUse.ID, "23503"},
		{"all at once", `TRUNCATE place_name CASCADE`, "", "YK003"},
		{"a reserved name that two take", `UPDATE place_name SET planned = (SELECT id FROM planned_name) WHERE id IN (@id, (SELECT id FROM place_name WHERE text = '在用路'))`, draft.ID, "YK003"},
	} {
		err := x.db.Write(t.Context(), postgres.System(adcode, "test"), "a trespass", func(tx *postgres.Tx) error {
			args := []any{}
			if tc.id != "" {
				args = append(args, pgx.StrictNamedArgs{"id": tc.id})
			}
			_, err := tx.Exec(t.Context(), tc.sql, args...)
			return err
		})
		if postgres.Code(err) != tc.code {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	if free, err := x.store.PlannedByID(t.Context(), x.registrar, plan.ID); err != nil || free.TakenBy != "" {
		t.Errorf("the reserved name after all: %+v, %v", free, err)
	}
}

func (x *fixture) move(i placenames.Item, m placenames.Move) (placenames.Item, error) {
	if m.Reason == "" {
		m.Reason = "办理"
	}
	return x.store.Move(x.t.Context(), x.registrar, i.ID, i.Version, m, today)
}

func TestMoves(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	proposed := x.create(placenames.Name{Text: "和顺路", Kind: "road", State: placenames.Proposed, Divisions: []string{west}})
	if _, err := x.move(proposed, placenames.Move{To: placenames.Approved, Decision: decision(placenames.Retirement, today)}); fieldsOf(t, err) != "decision/kind" {
		t.Errorf("by a document of another kind: %v", err)
	}
	if _, err := x.move(proposed, placenames.Move{To: placenames.Retired}); fieldsOf(t, err) != "state" {
		t.Errorf("no such step: %v", err)
	}
	approved, err := x.move(proposed, placenames.Move{To: placenames.Approved, Decision: decision(placenames.Naming, "2026-11-20")})
	if err != nil || approved.ValidFrom != "2026-11-20" || approved.Decision.Kind != placenames.Naming || approved.Version != 2 {
		t.Fatalf("%+v, %v", approved, err)
	}
	if _, err := x.move(approved, placenames.Move{To: placenames.Retired, Decision: decision(placenames.Retirement, "2026-11-19")}); fieldsOf(t, err) != "decision/day" {
		t.Errorf("retired before it was approved: %v", err)
	}
	if _, err := x.move(proposed, placenames.Move{To: placenames.Rejected}); !errors.Is(err, postgres.ErrStale) {
		t.Errorf("stale: %v", err)
	}
	for name, id := range map[string]string{"nobody": nobody, "no id": "x", "itself": approved.ID} {
		m := placenames.Move{To: placenames.Retired, Decision: decision(placenames.Retirement, today), SuccessorID: id}
		if _, err := x.move(approved, m); fieldsOf(t, err) != "successor_id" {
			t.Errorf("%s has its place: %v", name, err)
		}
	}
	// What ended is not given again by accident.
	retired, err := x.move(approved, placenames.Move{To: placenames.Retired, Decision: decision(placenames.Retirement, "2026-11-25")})
	if err != nil {
		t.Fatal(err)
	}
	again := road("和顺路")
	if _, err := x.store.Create(t.Context(), x.registrar, again, because("登记"), today); fieldsOf(t, err) != "text" {
		t.Errorf("its characters: %v", err)
	}
	again.Reuses = &placenames.Reuse{ID: retired.ID}
	if _, err := x.store.Create(t.Context(), x.registrar, again, because("登记"), today); fieldsOf(t, err) != "reuses/reason" {
		t.Errorf("without a reason: %v", err)
	}
	again.Reuses.Reason = "原址复建"
	if made := x.create(again); made.Reuses == nil || *made.Reuses != (placenames.Reuse{ID: retired.ID, Reason: "原址复建"}) || made.ID == retired.ID {
		t.Errorf("on purpose: %+v", made)
	}
	if _, err := x.move(retired, placenames.Move{To: placenames.Approved, Decision: decision(placenames.Naming, today)}); fieldsOf(t, err) != "state" {
		t.Errorf("it revives: %v", err)
	}
	w := x.registrar
	w.Key, w.RequestHash = "key", []byte("a")
	other := x.create(placenames.Name{Text: "和平路", Kind: "road", State: placenames.Draft, Divisions: []string{west}})
	for range 2 {
		if i, err := x.store.Move(t.Context(), w, other.ID, 1, placenames.Move{To: placenames.Proposed, Reason: "申报"}, today); err != nil || i.Version != 2 {
			t.Errorf("once for a key: %+v, %v", i, err)
		}
	}
}

func TestTwoRecordsOfOnePlace(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	kept, double := x.create(road("和顺路")), x.create(func() placenames.Name {
		n := road("和顺路")
		n.State, n.Decision = placenames.Customary, seen()
		return n
	}())
	part := x.create(func() placenames.Name { n := road("和顺北路"); n.ParentID = double.ID; return n }())
	m := placenames.Move{To: placenames.Merged, SuccessorID: kept.ID, Reason: "同一条路"}
	if _, err := x.move(double, m); fieldsOf(t, err) != "to" {
		t.Errorf("with a part: %v", err)
	}
	if _, err := x.change(part, because("归并"), func(n *placenames.Name) { n.ParentID = kept.ID }); err != nil {
		t.Fatal(err)
	}
	for name, id := range map[string]string{"nobody": nobody, "no id": "x", "itself": double.ID} {
		m := m
		m.SuccessorID = id
		if _, err := x.move(double, m); fieldsOf(t, err) != "successor_id" {
			t.Errorf("into %s: %v", name, err)
		}
	}
	merged, err := x.move(double, m)
	if err != nil || merged.State != placenames.Merged || merged.SuccessorID != kept.ID {
		t.Fatalf("%+v, %v", merged, err)
	}
	// The one that stays may go on with its own name.
	if _, err := x.change(kept, because("核对"), func(n *placenames.Name) { n.Note = "已并入一条重复记录" }); err != nil {
		t.Errorf("the one that stays: %v", err)
	}
	third := x.create(func() placenames.Name {
		n := road("和平路")
		n.State, n.Decision = placenames.Customary, seen()
		return n
	}())
	m.SuccessorID = merged.ID
	if _, err := x.move(third, m); fieldsOf(t, err) != "successor_id" {
		t.Errorf("into a merged one: %v", err)
	}
}

func TestARenaming(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	made := x.create(func() placenames.Name {
		n := road("和顺路")
		n.Heritage = &placenames.Heritage{List: "第一批"}
		return n
	}())
	r := placenamedb.Renaming{Text: "和平北路", Roman: "Heping Beilu", Decision: decision(placenames.Renaming, "2026-06-01"), Reason: "更名"}
	if _, err := x.store.Rename(t.Context(), x.registrar, made.ID, 1, r, today); fieldsOf(t, err) != "heritage/measures" {
		t.Errorf("a protected name: %v", err)
	}
	r.Measures, r.Readings = "立牌说明", []string{"hé", "píng"}
	if _, err := x.store.Rename(t.Context(), x.registrar, made.ID, 1, r, today); fieldsOf(t, err) != "readings" {
		t.Errorf("readings of another name: %v", err)
	}
	r.Readings, r.Planned = nil, nobody
	if _, err := x.store.Rename(t.Context(), x.registrar, made.ID, 1, r, today); fieldsOf(t, err) != "planned" {
		t.Errorf("no such name of the plan: %v", err)
	}
	r.Planned = ""
	got, err := x.store.Rename(t.Context(), x.registrar, made.ID, 1, r, today)
	if err != nil {
		t.Fatal(err)
	}
	want := placenames.Former{Text: "和顺路", From: "2020-05-01", Until: "2026-06-01", Decision: r.Decision}
	if got.ID != made.ID || got.Text != "和平北路" || got.ValidFrom != "2026-06-01" || len(got.Former) != 1 || got.Former[0] != want || got.Parts.Specific != "和平" || got.Heritage.Measures != "立牌说明" {
		t.Errorf("%+v", got)
	}
	for day, text := range map[record.Day]string{"2020-05-01": "和顺路", "2026-05-31": "和顺路", "2026-06-01": "和平北路", today: "和平北路"} {
		if then, err := x.store.AsOf(t.Context(), x.registrar, made.ID, record.At{Valid: day}); err != nil || then.Text != text {
			t.Errorf("on %s: %s, %v", day, then.Text, err)
		}
	}
	if _, err := x.store.AsOf(t.Context(), x.registrar, made.ID, record.At{Valid: "2020-04-30"}); !errors.Is(err, placenames.ErrNotFound) {
		t.Errorf("before it was named: %v", err)
	}
	if _, err := x.store.Rename(t.Context(), x.registrar, made.ID, 1, r, today); !errors.Is(err, postgres.ErrStale) {
		t.Errorf("stale: %v", err)
	}
	if _, err := x.store.Rename(t.Context(), x.registrar, nobody, 0, r, today); !errors.Is(err, placenames.ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
}

// TestEveryDayIsReproduced changes records on random days and holds that the register as of
// each day, by what was known at each moment, is what was believed then.
func TestEveryDayIsReproduced(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	rapid.Check(t, func(rt *rapid.T) {
		n := road("日路")
		n.Decision.Day = "2026-01-01"
		made := x.create(n)
		type belief struct {
			at   record.At
			note string
		}
		days := []record.Day{"2026-01-01", "2026-03-05", "2026-06-30", "2026-09-09", today}
		truth := map[record.Day]string{} // what each day is believed to have been
		var asked []belief
		now, last := made, record.Day("2026-01-01")
		for i := range rapid.IntRange(1, 4).Draw(rt, "changes") {
			from := rapid.SampledFrom(days[slices.Index(days, last):]).Draw(rt, "from")
			note := fmt.Sprintf("改%d", i)
			var err error
			if now, err = x.change(now, record.Change{Reason: "改", ValidFrom: from}, func(n *placenames.Name) { n.Note = note }); err != nil {
				rt.Fatal(err)
			}
			for _, d := range days {
				if d >= from {
					truth[d] = note
				}
			}
			last = from
			var since time.Time
			if err := x.db.Pool().QueryRow(t.Context(), `SELECT lower(recorded) FROM place_name WHERE id = $1`, made.ID).Scan(&since); err != nil {
				rt.Fatal(err)
			}
			for _, d := range days {
				asked = append(asked, belief{record.At{Valid: d, Known: since}, truth[d]})
			}
		}
		for range 3 {
			b := rapid.SampledFrom(asked).Draw(rt, "asked")
			if then, err := x.store.AsOf(t.Context(), x.registrar, made.ID, b.at); err != nil || then.Note != b.note {
				rt.Fatalf("on %s as known at %s: %q, want %q, %v", b.at.Valid, b.at.Known, then.Note, b.note, err)
			}
		}
		if err := endWithout(x, now); err != nil {
			rt.Fatal(err)
		}
	})
}

// endWithout retires a record, so that the next has the name for itself on purpose only.
func endWithout(x *fixture, i placenames.Item) error {
	_, err := x.change(i, record.Change{Reason: "让出名称", Correction: true}, func(n *placenames.Name) { n.Text, n.Parts = "日"+n.ID[len(n.ID)-4:]+"路", placenames.Parts{} })
	return err
}
