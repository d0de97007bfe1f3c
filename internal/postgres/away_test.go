package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

func TestKindsOfFailure(t *testing.T) {
	t.Parallel()
	code := func(c string) error { return fmt.Errorf("read: %w", &pgconn.PgError{Code: c}) }
	for name, tc := range map[string]struct {
		err                        error
		away, busy, full, timedOut bool
	}{
		"nothing":           {err: nil},
		"something else":    {err: errors.New("x")},
		"the caller left":   {err: context.Canceled},
		"a wrong statement": {err: code("42601")},
		"shutting down":     {err: code("57P01"), away: true},
		"starting":          {err: code("57P03"), away: true},
		"a lost connection": {err: code("08006"), away: true},
		"cut short":         {err: fmt.Errorf("read: %w", io.ErrUnexpectedEOF), away: true},
		"closed":            {err: fmt.Errorf("read: %w", pgconn.ErrConnClosed), away: true},
		"no more sessions":  {err: code("53300"), busy: true},
		"a lock":            {err: code("55P03"), busy: true},
		"a deadlock":        {err: code("40P01"), busy: true},
		"a full disk":       {err: code("53100"), full: true},
		"too slow":          {err: code("57014"), timedOut: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := postgres.Away(tc.err); got != tc.away {
				t.Errorf("Away = %v", got)
			}
			if got := postgres.Busy(tc.err); got != tc.busy {
				t.Errorf("Busy = %v", got)
			}
			if got := postgres.Full(tc.err); got != tc.full {
				t.Errorf("Full = %v", got)
			}
			if got := postgres.TimedOut(tc.err); got != tc.timedOut {
				t.Errorf("TimedOut = %v", got)
			}
		})
	}
}

// The driver's own errors must be known for what they are.
func TestAwayKnowsTheDriver(t *testing.T) {
	t.Parallel()
	if _, err := postgres.Open(t.Context(), "postgres://u:p@/x?host=/nowhere"); !postgres.Away(err) {
		t.Errorf("no server at the address: %v; want it away", err)
	}
	if _, err := postgres.Open(t.Context(), strings.Replace(dbtest.URL(t), "?", "-not?", 1)); err == nil || postgres.Away(err) {
		t.Errorf("no such database: %v; want an error that is not of being away", err)
	}
	db := dbtest.New(t)
	conn, err := db.Pool().Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	if _, err := db.Pool().Exec(t.Context(), `SELECT pg_terminate_backend($1, 60000)`, conn.Conn().PgConn().PID()); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), `SELECT 1`); !postgres.Away(err) {
		t.Errorf("ended by the server: %v; want it away", err)
	}
	if _, err := conn.Exec(t.Context(), `SELECT 1`); !postgres.Away(err) {
		t.Errorf("after that: %v; want it away", err)
	}
}

// A query must not live on when nobody waits for its answer.
func TestCancellingEndsTheQuery(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		_, err := db.Pool().Exec(ctx, `SELECT pg_sleep(50)`)
		ended <- err
	}()
	sleepers := func() (n int) {
		t.Helper()
		err := db.Pool().QueryRow(t.Context(), `
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE 'SELECT pg_sleep%'`).Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	until(t, "the query to begin", func() bool { return sleepers() == 1 })
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the caller is told %v; want context.Canceled", err)
	}
	until(t, "the query to end", func() bool { return sleepers() == 0 })
}

// Who waits for an answer does not wait long for a connection, and is told so before
// its own time is over; who has time, waits.
func TestWaitingForAConnection(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	for range db.Pool().Config().MaxConns {
		conn, err := db.Pool().Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Release()
	}
	patient, leave := context.WithCancel(t.Context())
	got := make(chan error, 1)
	go func() {
		_, err := db.Pool().Exec(patient, `SELECT 1`)
		got <- err
	}()
	hurried, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	if _, err := db.Pool().Exec(hurried, `SELECT 1`); !errors.Is(err, context.DeadlineExceeded) || hurried.Err() != nil {
		t.Errorf("no connection free: %v, and the caller's own time: %v; want a limit of the wait alone", err, hurried.Err())
	}
	select {
	case err := <-got:
		t.Errorf("without a deadline: %v; want it to wait on", err)
	default:
	}
	leave()
	if err := <-got; !errors.Is(err, context.Canceled) {
		t.Errorf("called off: %v; want context.Canceled", err)
	}
}

// until asks again and again until cond holds.
func until(t *testing.T, what string, cond func() bool) {
	t.Helper()
	again := time.NewTicker(20 * time.Millisecond)
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
