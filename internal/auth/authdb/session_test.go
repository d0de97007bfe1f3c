package authdb_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yike/internal/auth"
)

// TestTablesAreTwins holds what the database allows equal to what the program allows.
func TestTablesAreTwins(t *testing.T) {
	t.Parallel()
	rows, err := open(t).db.Pool().Query(t.Context(), `SELECT role || ' ' || action FROM role_action`)
	if err != nil {
		t.Fatal(err)
	}
	got, want := map[string]bool{}, map[string]bool{}
	for rows.Next() {
		var pair string
		if err := rows.Scan(&pair); err != nil {
			t.Fatal(err)
		}
		got[pair] = true
	}
	for _, r := range auth.Roles() {
		for _, a := range auth.Actions() {
			if auth.Allows(r.Role, a) {
				want[string(r.Role)+" "+string(a)] = true
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || rows.Err() != nil {
		t.Errorf("role_action is not auth.Allows (-want +got): %s %v", diff, rows.Err())
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.person(t, "wang")
	idle, busy := h.signIn(t, "wang"), h.signIn(t, "wang")
	h.clock.pass(59 * time.Minute)
	if !h.alive(t, busy) {
		t.Fatal("ended before an hour without use")
	}
	h.clock.pass(2 * time.Minute)
	if h.alive(t, idle) {
		t.Error("not ended after an hour without use")
	}
	for range 10 { // 570 minutes
		h.clock.pass(57 * time.Minute)
		if !h.alive(t, busy) {
			t.Fatal("ended although it was used")
		}
	}
	h.clock.pass(50 * time.Minute) // 681 of the 720 minutes
	if !h.alive(t, busy) {
		t.Error("ended before twelve hours")
	}
	h.clock.pass(39 * time.Minute)
	if h.alive(t, busy) {
		t.Error("not ended after twelve hours")
	}
	h.clock.pass(time.Second)
	if gone := h.forget(t); gone.Sessions != 2 {
		t.Errorf("forgot %+v; want both sessions", gone)
	}
}

// TestSessionsObeyTheClock lets time pass at random and holds each answer to the rule.
func TestSessionsObeyTheClock(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.person(t, "wang")
	rapid.Check(t, func(rt *rapid.T) {
		in := h.signIn(t, "wang")
		began, used, alive := h.clock.now(), h.clock.now(), true
		for _, minutes := range rapid.SliceOfN(rapid.IntRange(0, 70), 1, 30).Draw(rt, "minutes between requests") {
			h.clock.pass(time.Duration(minutes) * time.Minute)
			now := h.clock.now()
			alive = alive && now.Sub(used) < time.Hour && now.Sub(began) < 12*time.Hour
			if got := h.alive(t, in); got != alive {
				rt.Fatalf("alive is %v; begun %v ago, used %v ago", got, now.Sub(began), now.Sub(used))
			}
			used = now
		}
	})
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	h := open(t)
	acc, other := h.person(t, "wang"), h.person(t, "li")
	in, second := h.signIn(t, "wang"), h.signIn(t, "wang")
	for range 2 { // read twice, so that what is held is asked too
		if !h.alive(t, in) {
			t.Fatal("not signed in")
		}
	}
	if err := h.EndSession(t.Context(), as(other), in.Identity.SessionID); !errors.Is(err, auth.ErrNotFound) || !h.alive(t, in) {
		t.Errorf("somebody else ends it: %v", err)
	}
	for range 2 { // the second time it has ended
		if err := h.SignOut(t.Context(), as(acc), in.Identity.SessionID); err != nil {
			t.Fatal(err)
		}
	}
	if h.alive(t, in) || !h.alive(t, second) {
		t.Error("the wrong session ended")
	}
	if err := h.EndSession(t.Context(), as(acc), "no id"); !errors.Is(err, auth.ErrNotFound) {
		t.Errorf("no id: %v", err)
	}
	if h.entries(t, "session.end", "done") != 1 {
		t.Error("the end is not in the audit log once")
	}
	list, err := h.Sessions(t.Context(), as(acc))
	if err != nil || len(list) != 1 || list[0].ID != second.Identity.SessionID || list[0].From != "192.0.2.1" || list[0].Agent != "a browser" {
		t.Errorf("sessions: %+v, %v", list, err)
	}
	own, err := h.Own(t.Context(), as(acc), second.Identity.SessionID)
	if err != nil || own.LastLogin.From != "192.0.2.1" || !own.LastLogin.At.Equal(h.clock.now()) || own.Phone != "13812341234" || own.TOTP {
		t.Errorf("own: %+v, %v", own, err)
	}
}

// TestRolesActAtOnce holds that a role given or taken is in the next request.
func TestRolesActAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	acc := h.person(t, "wang")
	in := h.signIn(t, "wang")
	may := func() bool {
		t.Helper()
		i, err := h.Resolve(t.Context(), adcode, auth.Credential{Session: in.Token}, client(""))
		if err != nil {
			t.Fatal(err)
		}
		return i.May(auth.FacilityWrite, "")
	}
	if may() {
		t.Fatal("may already")
	}
	g, err := h.Grant(t.Context(), system(), acc.ID, auth.Grant{Role: auth.Planner}, "a test")
	if err != nil || !may() {
		t.Errorf("the role was given, yet: %v", err)
	}
	if err := h.Revoke(t.Context(), system(), acc.ID, g.ID, "a test"); err != nil || may() {
		t.Errorf("the role was taken, yet: %v", err)
	}
}

func TestBadSecrets(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, c := range []auth.Credential{
		{},
		{Session: "x"},
		{Session: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
		{Token: "yk_"},
		{Token: auth.FormToken([20]byte{1})},
	} {
		if _, err := h.Resolve(t.Context(), adcode, c, client("")); !errors.Is(err, auth.ErrNoSession) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// TestSessionsAreOfOneAuthority holds that another authority knows nothing of it.
func TestSessionsAreOfOneAuthority(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.person(t, "wang")
	in := h.signIn(t, "wang")
	if _, err := h.Resolve(t.Context(), "990102", auth.Credential{Session: in.Token}, client("")); !errors.Is(err, auth.ErrNoSession) {
		t.Errorf("in another authority: %v", err)
	}
}

// TestUseIsNotedOnceAMinute holds how often a session's use is written.
func TestUseIsNotedOnceAMinute(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.person(t, "wang")
	in := h.signIn(t, "wang")
	began := h.clock.now()
	for _, tc := range []struct {
		pass time.Duration
		seen time.Duration // after the beginning
	}{{30 * time.Second, 0}, {29 * time.Second, 0}, {2 * time.Second, 61 * time.Second}, {30 * time.Second, 61 * time.Second}, {time.Minute, 151 * time.Second}} {
		h.clock.pass(tc.pass)
		if !h.alive(t, in) {
			t.Fatal("ended")
		}
		var seen time.Time
		if err := h.db.Pool().QueryRow(t.Context(), `SELECT last_seen_at FROM session`).Scan(&seen); err != nil || !seen.Equal(began.Add(tc.seen)) {
			t.Errorf("at %v it was seen last after %v, want %v: %v", h.clock.now().Sub(began), seen.Sub(began), tc.seen, err)
		}
	}
}

// TestSignInRaces signs in while the account is disabled or its password reset: no
// session comes out of it that lives on.
func TestSignInRaces(t *testing.T) {
	t.Parallel()
	h := open(t)
	acc := h.person(t, "wang")
	off, on := auth.Disabled, auth.Active
	for round := range 20 {
		var in auth.SignedIn
		flood(t, 2, 2, func(ctx context.Context, i int) error {
			var err error
			switch {
			case i == 0:
				in, err = h.SignIn(ctx, adcode, auth.Credentials{Name: "wang", Password: goodPassword}, client(""))
				if errors.Is(err, auth.ErrBadCredentials) || errors.Is(err, auth.ErrNoSession) {
					err = nil
				}
			case round%2 == 0:
				_, err = h.Update(ctx, system(), acc.ID, acc.Version, auth.AccountChange{Status: &off})
			default:
				_, err = h.ResetPassword(ctx, system(), acc.ID, auth.Reset{Reason: "a test"})
			}
			return err
		})
		now, err := h.Account(t.Context(), system(), acc.ID)
		if err != nil {
			t.Fatal(err)
		}
		if round%2 == 0 {
			if now, err = h.Update(t.Context(), system(), acc.ID, now.Version, auth.AccountChange{Status: &on}); err != nil {
				t.Fatal(err)
			}
		} else {
			once, err := h.ResetPassword(t.Context(), system(), acc.ID, auth.Reset{Reason: "a test"})
			if err != nil {
				t.Fatal(err)
			}
			if err := h.ChangePassword(t.Context(), as(acc), "", once, goodPassword); err != nil {
				t.Fatal(err)
			}
		}
		acc = now
		if in.Token != "" && h.alive(t, in) {
			t.Fatalf("round %d: the session lives on", round)
		}
	}
}
