package authdb_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yike/internal/auth"
	"yike/internal/auth/authdb"
	"yike/internal/postgres/dbtest"
)

func TestSignIn(t *testing.T) {
	t.Parallel()
	h := open(t)
	acc := h.person(t, "wang", auth.Planner)
	in := h.signIn(t, " Wang ")
	if i := in.Identity; i.AccountID != acc.ID || i.Name != "wang" || i.Method != auth.ByPassword || i.SessionID == "" || i.Must != "" ||
		!i.May(auth.FacilityWrite, "990101001") || i.May(auth.AccountWrite, "") || in.ExpiresAt != h.clock.now().Add(12*time.Hour) {
		t.Errorf("signed in as %+v until %v", in.Identity, in.ExpiresAt)
	}
	if h.entries(t, "session.create", "done") != 1 {
		t.Error("the sign-in is not in the audit log")
	}
	for _, tc := range []struct {
		name     string
		typed    auth.Credentials
		want     error
		why      string
		disabled bool
	}{
		{name: "wrong password", typed: auth.Credentials{Name: "wang", Password: "wrong"}, want: auth.ErrBadCredentials},
		{name: "no password", typed: auth.Credentials{Name: "wang"}, want: auth.ErrBadCredentials},
		{name: "a very long password", typed: auth.Credentials{Name: "wang", Password: strings.Repeat("a", 100_000)}, want: auth.ErrBadCredentials},
		{name: "unknown name", typed: auth.Credentials{Name: "secret-typed-as-name", Password: goodPassword}, want: auth.ErrBadCredentials},
		{name: "empty name", typed: auth.Credentials{Password: goodPassword}, want: auth.ErrBadCredentials},
		{name: "disabled", typed: auth.Credentials{Name: "wang", Password: goodPassword}, want: auth.ErrBadCredentials, disabled: true},
	} {
		if tc.disabled {
			off := auth.Disabled
			if _, err := h.Update(t.Context(), system(), acc.ID, acc.Version, auth.AccountChange{Status: &off}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := h.SignIn(t.Context(), adcode, tc.typed, client("192.0.2.1")); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	if h.entries(t, "session.create", "failed") != 6 {
		t.Error("failures are missing from the audit log")
	}
	if h.alive(t, in) {
		t.Error("a disabled account's session is still taken")
	}
	h.holdsNothing(t, "secret-typed-as-name", goodPassword)
}

// holdsNothing fails when a text is anywhere in the log or among the failures.
func (h house) holdsNothing(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		var n int
		err := h.db.Pool().QueryRow(t.Context(), `
SELECT (SELECT count(*) FROM audit_entry e WHERE e::text LIKE '%' || $1 || '%') + (SELECT count(*) FROM login_failure f WHERE f::text LIKE '%' || $1 || '%')
	+ (SELECT count(*) FROM idempotency_key k WHERE k::text LIKE '%' || $1 || '%')`, text).Scan(&n)
		if err != nil || n != 0 {
			t.Errorf("%q is kept in %d rows: %v", text, n, err)
		}
	}
}

// TestUnknownNamesCostTheSame holds that neither the answer nor the work tells whether
// there is an account.
func TestUnknownNamesCostTheSame(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.person(t, "wang")
	load := h.Watch()
	for _, name := range []string{"wang", "nobody"} {
		for try := range 7 {
			before := load.Made.Load()
			_, err := h.SignIn(t.Context(), adcode, auth.Credentials{Name: name, Password: "wrong"}, client(""))
			if wantLock := try >= 5; wantLock != locked(err) || !wantLock && !errors.Is(err, auth.ErrBadCredentials) {
				t.Errorf("%s, try %d: %v", name, try, err)
			}
			if want := int64(1); try < 5 && load.Made.Load()-before != want || try >= 5 && load.Made.Load() != before {
				t.Errorf("%s, try %d: %d hashes", name, try, load.Made.Load()-before)
			}
		}
	}
	if n := h.entries(t, "account.lock", "refused"); n != 2 {
		t.Errorf("%d locks in the audit log, want one each", n)
	}
}

func TestLockEnds(t *testing.T) {
	t.Parallel()
	h := open(t)
	acc := h.person(t, "wang")
	guess := func(password string) error {
		_, err := h.SignIn(t.Context(), adcode, auth.Credentials{Name: "wang", Password: password}, client("192.0.2.1"))
		return err
	}
	fail := func(n int) {
		t.Helper()
		for range n {
			if err := guess("wrong"); !errors.Is(err, auth.ErrBadCredentials) {
				t.Fatalf("%v; want a wrong password", err)
			}
		}
	}
	fail(4)
	if err := guess(goodPassword); err != nil {
		t.Fatalf("the fifth try, a right one: %v", err)
	}
	fail(5)
	if err := guess(goodPassword); !locked(err) {
		t.Fatalf("after five wrong ones: %v", err)
	}
	seen, err := h.Account(t.Context(), system(), acc.ID)
	if err != nil || !seen.LockedUntil.Equal(h.clock.now().Add(15*time.Minute)) {
		t.Errorf("locked until %v, %v", seen.LockedUntil, err)
	}
	h.clock.pass(15*time.Minute + time.Second)
	fail(4)
	h.clock.pass(16 * time.Minute)
	fail(4) // those of long ago are forgotten
	if err := guess(goodPassword); err != nil {
		t.Errorf("the lock is over, yet: %v", err)
	}
	fail(5)
	if err := h.Unlock(t.Context(), system(), acc.ID, "asked by telephone"); err != nil {
		t.Fatal(err)
	}
	if err := guess(goodPassword); err != nil || h.entries(t, "account.unlock", "done") != 1 {
		t.Errorf("unlocked, yet: %v", err)
	}
}

// TestAddressesAreCounted holds that one address that guesses at many names is stopped,
// and that this locks nobody's account.
func TestAddressesAreCounted(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.person(t, "wang")
	guess := func(name, password, from string) error {
		_, err := h.SignIn(t.Context(), adcode, auth.Credentials{Name: name, Password: password}, client(from))
		return err
	}
	for i := range 50 {
		if err := guess(fmt.Sprintf("nobody%d", i), "wrong", "2001:db8::1"); !errors.Is(err, auth.ErrBadCredentials) {
			t.Fatalf("try %d: %v", i, err)
		}
		if i%10 == 0 { // a right one counts for nothing
			if err := guess("wang", goodPassword, "2001:db8::7"); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := guess("wang", goodPassword, "2001:db8::2"); !locked(err) {
		t.Errorf("from the same site: %v", err)
	}
	if err := guess("wang", goodPassword, "2001:db8:0:1::2"); err != nil {
		t.Errorf("from another: %v", err)
	}
}

// TestManyGuesses is the flood: 10,000 guesses from 1,000 addresses, 50 at a time. No more
// passwords are checked than the policy lets, and never more hashes at once than there
// are slots.
func TestManyGuesses(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.person(t, "wang")
	load := h.Watch()
	var wrong, refused, busy atomic.Int64
	flood(t, 10_000, 50, func(ctx context.Context, i int) error {
		_, err := h.SignIn(ctx, adcode, auth.Credentials{Name: "wang", Password: fmt.Sprint("guess ", i)}, client(fmt.Sprintf("10.0.%d.%d", i/250%4, i%250)))
		switch {
		case errors.Is(err, auth.ErrBadCredentials):
			wrong.Add(1)
		case locked(err):
			refused.Add(1)
		case errors.Is(err, auth.ErrBusy):
			busy.Add(1)
		default:
			return err
		}
		return nil
	})
	if wrong.Load() != 5 || load.Made.Load() != 5 || wrong.Load()+refused.Load()+busy.Load() != 10_000 {
		t.Errorf("%d checked with %d hashes, %d refused, %d told to wait; want 5 checked", wrong.Load(), load.Made.Load(), refused.Load(), busy.Load())
	}
	if most := load.Most.Load(); most > 3 {
		t.Errorf("%d hashes at once; there are 3 slots", most)
	}
	if _, err := h.SignIn(t.Context(), adcode, auth.Credentials{Name: "wang", Password: goodPassword}, client("192.0.2.9")); !locked(err) {
		t.Errorf("the account is not locked: %v", err)
	}
	if n := h.entries(t, "account.lock", "refused"); n != 1 {
		t.Errorf("%d locks in the audit log", n)
	}
}

// flood calls fn n times, so many at a time, and fails the test with the first error.
func flood(t *testing.T, n, atOnce int, fn func(ctx context.Context, i int) error) {
	t.Helper()
	var all sync.WaitGroup
	var next atomic.Int64
	for range atOnce {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				if err := fn(t.Context(), int(i)); err != nil {
					t.Errorf("call %d: %v", i, err)
					return
				}
			}
		})
	}
	all.Wait()
}

// TestRealHashingIsBounded holds the memory with the costs that are used: 30 names are
// guessed at once, and never more hashes are under way than there are slots.
func TestRealHashingIsBounded(t *testing.T) {
	t.Parallel()
	costs := authdb.DefaultHashing()
	costs.Waiting = 20
	h := openWith(t, dbtest.New(t), costs)
	load := h.Watch()
	var busy atomic.Int64
	flood(t, 30, 30, func(ctx context.Context, i int) error {
		_, err := h.SignIn(ctx, adcode, auth.Credentials{Name: fmt.Sprint("nobody", i), Password: "wrong"}, client(""))
		if errors.Is(err, auth.ErrBusy) {
			busy.Add(1)
			return nil
		}
		if !errors.Is(err, auth.ErrBadCredentials) {
			return err
		}
		return nil
	})
	if most := load.Most.Load(); most > int64(costs.AtOnce) || load.Made.Load()+busy.Load() != 30 {
		t.Errorf("%d hashes at once for %d slots; %d made, %d told to wait", most, costs.AtOnce, load.Made.Load(), busy.Load())
	}
	if costs.MemoryKiB*uint32(costs.AtOnce) > 80*1024 {
		t.Errorf("%d KiB for %d hashes at once", costs.MemoryKiB, costs.AtOnce)
	}
}

// TestCostsAreRaised holds that a hash of other costs is made anew when its owner comes,
// and that the session of the old one is not disturbed.
func TestCostsAreRaised(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.person(t, "wang")
	dear := cheap()
	dear.Passes = 2
	later := openWith(t, h.db, dear)
	hashes := func() (out string) {
		if err := h.db.Pool().QueryRow(t.Context(), `SELECT password_hash FROM account_secret`).Scan(&out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	if old := hashes(); !strings.HasPrefix(old, "$argon2id$v=19$m=8,t=1,p=1$") {
		t.Errorf("made as %s", old)
	}
	later.signIn(t, "wang")
	if raised := hashes(); !strings.HasPrefix(raised, "$argon2id$v=19$m=8,t=2,p=1$") {
		t.Errorf("raised to %s", raised)
	}
	later.signIn(t, "wang")
	h.signIn(t, "wang")
}
