package placenamedb_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"yike/placenames"
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
