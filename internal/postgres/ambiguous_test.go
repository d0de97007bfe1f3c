package postgres_test

import (
	"bytes"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// How a connection is cut at a COMMIT.
const (
	cutNone     = iota
	cutAnswer   // PostgreSQL has answered, and nobody hears it
	cutUnderWay // PostgreSQL got it and may be at it still
	cutBefore   // PostgreSQL never got it
)

// cutter stands between a program and PostgreSQL and cuts the connection at the next
// COMMIT in the way that was set.
type cutter struct {
	t      *testing.T
	server string // path of PostgreSQL's socket
	mu     sync.Mutex
	next   int
	cuts   int
}

func (c *cutter) set(how int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next = how
}

func (c *cutter) take() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	how := c.next
	if c.next = cutNone; how != cutNone {
		c.cuts++
	}
	return how
}

// commit is the message that pgx sends; it comes in one piece, since nothing is sent
// before its answer is here.
func commit() []byte { return []byte("Q\x00\x00\x00\x0bcommit\x00") }

func (c *cutter) serve(l net.Listener) {
	for {
		client, err := l.Accept()
		if err != nil {
			return // the test is over
		}
		go c.carry(client)
	}
}

func (c *cutter) carry(client net.Conn) {
	defer client.Close() //nolint:errcheck // cutting is what it is for
	server, err := net.Dial("unix", c.server)
	if err != nil {
		c.t.Errorf("reach PostgreSQL: %v", err)
		return
	}
	defer server.Close() //nolint:errcheck // the same
	muted := make(chan struct{})
	answered := make(chan struct{}, 1)
	go func() { // answers
		defer client.Close() //nolint:errcheck // the same
		buf := make([]byte, 64<<10)
		for {
			n, err := server.Read(buf)
			if err != nil {
				return
			}
			select {
			case <-muted:
				answered <- struct{}{}
				return
			default:
			}
			if _, err := client.Write(buf[:n]); err != nil {
				return
			}
		}
	}()
	buf := make([]byte, 64<<10)
	for {
		n, err := client.Read(buf)
		if err != nil {
			return
		}
		how := cutNone
		if bytes.Equal(buf[:n], commit()) {
			how = c.take()
		}
		if how == cutBefore {
			return
		}
		if how != cutNone {
			close(muted)
		}
		if _, err := server.Write(buf[:n]); err != nil {
			return
		}
		switch how {
		case cutAnswer:
			<-answered
			return
		case cutUnderWay:
			return
		}
	}
}

// through opens a database through a cutter.
func through(t *testing.T, address string) (*postgres.DB, *cutter) {
	t.Helper()
	cfg, err := pgx.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	network, server := pgxAddress(cfg)
	if network != "unix" {
		t.Fatalf("the test cluster listens on %s", network)
	}
	dir := t.TempDir()
	l, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	c := &cutter{t: t, server: server}
	go c.serve(l)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("host", dir)
	q.Set("port", "5432")
	u.RawQuery = q.Encode()
	db, err := postgres.Open(t.Context(), u.String())
	if err != nil {
		t.Fatalf("open through the cutter: %v", err)
	}
	t.Cleanup(db.Close)
	return db, c
}

func pgxAddress(cfg *pgx.ConnConfig) (network, address string) {
	if filepath.IsAbs(cfg.Host) {
		return "unix", filepath.Join(cfg.Host, fmt.Sprint(".s.PGSQL.", cfg.Port))
	}
	return "tcp", net.JoinHostPort(cfg.Host, fmt.Sprint(cfg.Port))
}

// TestAmbiguousCommits holds that a writer who does not hear of his commit and asks
// again with the same key has exactly one effect, and one answer: 1,000 times, with the
// connection cut after, in and before the commit.
func TestAmbiguousCommits(t *testing.T) {
	t.Parallel()
	const workers, trials = 4, 250
	address := dbtest.URL(t)
	var wg sync.WaitGroup
	answers := make([]map[string]string, workers)
	cuts := make([]int, workers)
	for i := range workers {
		db, c := through(t, address)
		wg.Go(func() {
			answers[i] = map[string]string{}
			for trial := range trials {
				key := fmt.Sprintf("%d/%d", i, trial)
				answers[i][key] = insist(t, db, c, key, 1+trial%3)
			}
			cuts[i] = c.cuts
		})
	}
	wg.Wait()
	db, err := postgres.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	cut := 0
	for i := range answers {
		cut += cuts[i]
		checkEffects(t, db, answers[i])
	}
	if cut != workers*trials {
		t.Errorf("%d commits were cut, not %d", cut, workers*trials)
	}
}

// insist writes once, with the connection cut at the first commit, and asks again until
// there is an answer.
func insist(t *testing.T, db *postgres.DB, c *cutter, key string, how int) string {
	w := postgres.Writer{AdCode: "990101", Who: "test", Key: key, RequestHash: []byte(key)}
	write := func() (string, error) {
		return postgres.WriteOnce(t.Context(), db, w, key, func(tx *postgres.Tx) (string, error) {
			var id string
			err := tx.QueryRow(t.Context(), `
INSERT INTO division_people (adcode, id, division_code, base, band, people)
VALUES ('990101', gen_random_uuid(), gen_random_uuid(), 'resident', @key, 1) RETURNING id::text`,
				pgx.StrictNamedArgs{"key": key}).Scan(&id)
			return id, err
		})
	}
	c.set(how)
	if _, err := write(); err == nil {
		t.Errorf("%s: a commit whose answer nobody heard succeeded", key)
	}
	for range 5 {
		if id, err := write(); err == nil {
			return id
		}
	}
	t.Errorf("%s: no answer", key)
	return ""
}

func checkEffects(t *testing.T, db *postgres.DB, answers map[string]string) {
	t.Helper()
	for key, id := range answers {
		var ids []string
		var entries int
		err := db.Pool().QueryRow(t.Context(), `
SELECT (SELECT array_agg(id::text) FROM division_people WHERE band = @key), (SELECT count(*) FROM audit_entry WHERE why = @key)`,
			pgx.StrictNamedArgs{"key": key}).Scan(&ids, &entries)
		if err != nil || len(ids) != 1 || ids[0] != id || entries != 1 {
			t.Errorf("%s: stored %v with %d audit entries, answered %s: %v", key, ids, entries, id, err)
		}
	}
}
