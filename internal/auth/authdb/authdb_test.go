package authdb_test

import (
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"yike/internal/auth"
	"yike/internal/auth/authdb"
	"yike/internal/keys"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

const adcode = "990101"

// clock is a time that only a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// house is a store on a database of its own, with its clock.
type house struct {
	*authdb.Accounts
	db    *postgres.DB
	clock *clock
}

// cheap is hashing that costs nearly nothing.
func cheap() authdb.Hashing {
	return authdb.Hashing{MemoryKiB: 8, Passes: 1, Lanes: 1, AtOnce: 3, Waiting: 100}
}

func open(t *testing.T) house { return openWith(t, dbtest.New(t), cheap()) }

func openWith(t *testing.T, db *postgres.DB, h authdb.Hashing) house {
	t.Helper()
	ring, err := keys.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c := &clock{at: time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)}
	return house{
		Accounts: authdb.New(db, ring, slog.New(slog.DiscardHandler), authdb.Options{Now: c.now, Hashing: h}),
		db:       db, clock: c,
	}
}

// system is the writer of the command line.
func system() postgres.Writer { return postgres.System(adcode, "test") }

// as is the writer of an account's requests.
func as(acc auth.Account) postgres.Writer {
	return postgres.Writer{AdCode: adcode, Account: acc.ID, Who: acc.Name, From: "192.0.2.1"}
}

const goodPassword = "correct-horse-battery-7"

// person makes an account with roles everywhere, whose password is goodPassword.
func (h house) person(t *testing.T, name string, roles ...auth.Role) auth.Account {
	t.Helper()
	acc, once, err := h.Create(t.Context(), system(), auth.NewAccount{Name: name, DisplayName: "王小明", Department: "民政局", Phone: "13812341234"})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range roles {
		if _, err := h.Grant(t.Context(), system(), acc.ID, auth.Grant{Role: r}, "a test"); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.ChangePassword(t.Context(), as(acc), "", once, goodPassword); err != nil {
		t.Fatal(err)
	}
	if acc, err = h.Account(t.Context(), system(), acc.ID); err != nil {
		t.Fatal(err)
	}
	return acc
}

func client(from string) auth.Client {
	return auth.Client{From: from, Agent: "a browser", TraceID: "t1"}
}

// signIn signs in with goodPassword.
func (h house) signIn(t *testing.T, name string) auth.SignedIn {
	t.Helper()
	in, err := h.SignIn(t.Context(), adcode, auth.Credentials{Name: name, Password: goodPassword}, client("192.0.2.1"))
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// alive reports whether a session is still taken.
func (h house) alive(t *testing.T, in auth.SignedIn) bool {
	t.Helper()
	_, err := h.Resolve(t.Context(), adcode, auth.Credential{Session: in.Token}, client("192.0.2.1"))
	if err != nil && !errors.Is(err, auth.ErrNoSession) {
		t.Fatal(err)
	}
	return err == nil
}

// entries counts audit entries of an action with an outcome.
func (h house) entries(t *testing.T, action, outcome string) int {
	t.Helper()
	var n int
	err := h.db.Pool().QueryRow(t.Context(), `SELECT count(*) FROM audit_entry WHERE action = $1 AND outcome = $2`, action, outcome).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func locked(err error) bool {
	var l *auth.LockedError
	return errors.As(err, &l)
}
