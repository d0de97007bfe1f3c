package jobs_test

import (
	"context"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"yike/internal/jobs"
	"yike/internal/postgres"
)

const adcode = "990101"

// TestMain makes the test binary a worker when the kill test starts it as one.
func TestMain(m *testing.M) {
	if url := os.Getenv(asWorker); url != "" {
		os.Exit(runAsWorker(url))
	}
	os.Exit(m.Run())
}

// quick is a worker's timing for tests that wait for nothing but what they test.
func quick() jobs.Timing {
	return jobs.Timing{
		Lease: 2 * time.Second, Tell: 20 * time.Millisecond, Poll: 20 * time.Millisecond, Patience: 10 * time.Second,
		Backoff: func(int) time.Duration { return time.Millisecond },
	}
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func system() postgres.Writer { return postgres.System(adcode, "test") }

// ask asks for a job in a transaction of its own.
func ask(t testing.TB, db *postgres.DB, w postgres.Writer, r jobs.Request) string {
	t.Helper()
	var id string
	err := db.Write(t.Context(), w, "ask for a job", func(tx *postgres.Tx) (err error) {
		id, err = jobs.Ask(t.Context(), tx, r)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// desk is the desk as the writer sees it.
func desk(db *postgres.DB, w postgres.Writer) *jobs.Desk {
	return jobs.NewDesk(db, func(context.Context) postgres.Writer { return w })
}

func get(t testing.TB, db *postgres.DB, id string) jobs.Job {
	t.Helper()
	j, err := desk(db, system()).Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// run runs a runner until the test ends, or until the function that it gives is called,
// which waits for its end.
func run(t testing.TB, r jobs.Runner) (stop func()) {
	t.Helper()
	if r.Log == nil {
		r.Log = quiet()
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the runner ends with %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// eventually asks again and again until cond holds.
func eventually(t testing.TB, what string, cond func() bool) {
	t.Helper()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	patience := time.NewTimer(time.Minute)
	defer patience.Stop()
	for !cond() {
		select {
		case <-again.C:
		case <-patience.C:
			t.Fatalf("%s did not come about", what)
		}
	}
}

// waitFor waits until the job is in a state and gives it.
func waitFor(t testing.TB, db *postgres.DB, id string, state jobs.State) (j jobs.Job) {
	t.Helper()
	eventually(t, "state "+string(state), func() bool {
		j = get(t, db, id)
		if j.State.Ended() && j.State != state {
			t.Fatalf("the job is %s (%s); want %s", j.State, j.ErrorEN, state)
		}
		return j.State == state
	})
	return j
}

// person makes an account with one role and gives its writer.
func person(t *testing.T, db *postgres.DB, role string) postgres.Writer {
	t.Helper()
	id := uuid.NewString()
	err := db.Write(t.Context(), system(), "make an account", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `
WITH made AS (INSERT INTO account (adcode, id, name, display_name) VALUES ($1, $2, $3, $3) RETURNING adcode, id)
INSERT INTO account_grant (adcode, id, account_id, role) SELECT adcode, gen_random_uuid(), id, $4 FROM made`,
			adcode, id, "a"+id, role)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return postgres.Writer{AdCode: adcode, Account: id, Who: role}
}

// stepTable makes a table that would take any row twice.
func stepTable(t testing.TB, db *postgres.DB) {
	t.Helper()
	if _, err := db.Pool().Exec(t.Context(), `CREATE TABLE step (job text NOT NULL, n int NOT NULL)`); err != nil {
		t.Fatal(err)
	}
}

func count(t testing.TB, db *postgres.DB, sql string, args ...any) (n int) {
	t.Helper()
	if err := db.Pool().QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
