package jobs_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yike/internal/jobs"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// Old jobs are forgotten when they are over, and those of the writer's authority only.
func TestForget(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	elsewhere := postgres.System("990102", "test")
	old, fresh, waits, other := ask(t, db, system(), jobs.Request{Kind: "work"}), ask(t, db, system(), jobs.Request{Kind: "work"}),
		ask(t, db, system(), jobs.Request{Kind: "other"}), ask(t, db, elsewhere, jobs.Request{Kind: "work"})
	for id, age := range map[string]string{old: "10 days", fresh: "1 day", other: "10 days"} {
		if _, err := db.Pool().Exec(t.Context(), `
UPDATE job SET state = 'done', finished_at = now() - $2::text::interval WHERE id = $1`, id, age); err != nil {
			t.Fatal(err)
		}
	}
	states, err := jobs.States(t.Context(), db)
	if d := cmp.Diff(map[string]float64{"done": 3, "queued": 1}, states); d != "" || err != nil {
		t.Error(err, d)
	}
	for kind, want := range map[string]bool{"work": true, "other": true, "none": false} {
		if got, err := jobs.Since(t.Context(), db, adcode, kind, 48*time.Hour); got != want || err != nil {
			t.Errorf("a job %s within two days: %v, %v", kind, got, err)
		}
	}
	if got, err := jobs.Since(t.Context(), db, adcode, "work", time.Hour); got || err != nil {
		t.Errorf("within an hour: %v, %v", got, err)
	}
	var n int64
	err = db.Write(t.Context(), system(), "forget", func(tx *postgres.Tx) (err error) {
		n, err = jobs.Forget(t.Context(), tx, time.Now().Add(-48*time.Hour))
		return err
	})
	if n != 1 || err != nil || count(t, db, `SELECT count(*) FROM job WHERE id = ANY ($1)`, []string{fresh, waits, other}) != 3 {
		t.Errorf("%d were forgotten: %v", n, err)
	}
}
