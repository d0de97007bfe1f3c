package authdb_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"yike/internal/auth"
	"yike/internal/postgres"
)

// setPolicy sets a policy that was never set before.
func (h house) setPolicy(t *testing.T, p auth.Policy) {
	t.Helper()
	if _, err := h.SetPolicy(t.Context(), system(), 0, p, "a test"); err != nil {
		t.Fatal(err)
	}
}

// TestRightsAreAskedInTheStore holds that no store method does for somebody what the
// routes would have refused.
func TestRightsAreAskedInTheStore(t *testing.T) {
	t.Parallel()
	h := open(t)
	target, planner := h.person(t, "target"), as(h.person(t, "planner", auth.Planner))
	other := "x"
	for name, do := range map[string]func() error{
		"create": func() error {
			_, _, err := h.Create(t.Context(), planner, auth.NewAccount{Name: "new", DisplayName: "x"})
			return err
		},
		"unlock": func() error { return h.Unlock(t.Context(), planner, target.ID, "x") },
		"reset": func() error {
			_, err := h.ResetPassword(t.Context(), planner, target.ID, auth.Reset{Reason: "x"})
			return err
		},
		"reveal": func() error { _, err := h.Reveal(t.Context(), planner, target.ID, "x"); return err },
		"update": func() error {
			_, err := h.Update(t.Context(), planner, target.ID, 1, auth.AccountChange{Phone: &other})
			if errors.As(err, new(*auth.InvalidError)) {
				_, err = h.Update(t.Context(), planner, target.ID, 1, auth.AccountChange{Department: &other})
			}
			return err
		},
		"grant": func() error {
			_, err := h.Grant(t.Context(), planner, target.ID, auth.Grant{Role: auth.Planner}, "x")
			return err
		},
		"revoke": func() error { return h.Revoke(t.Context(), planner, target.ID, target.ID, "x") },
		"policy": func() error {
			_, err := h.SetPolicy(t.Context(), planner, 0, auth.Standard(), "x")
			return err
		},
		"another's token": func() error {
			_, _, err := h.CreateToken(t.Context(), as(h.person(t, "boss", auth.SystemAdmin)), target.ID, auth.NewToken{Name: "x", Actions: []auth.Action{auth.MapRead}, Days: 1})
			return err
		},
		"another's identity": func() error {
			return h.LinkIdentity(t.Context(), planner, target.ID, auth.Vouched{Issuer: "i", Subject: "s"})
		},
	} {
		if err := do(); !errors.Is(err, auth.ErrForbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := h.Account(t.Context(), planner, target.ID); !errors.Is(err, auth.ErrNotFound) {
		t.Errorf("sees another's account: %v", err)
	}
	if page, _, err := h.List(t.Context(), planner, auth.AccountQuery{Limit: 10}); err != nil || len(page) != 1 || page[0].Name != "planner" {
		t.Errorf("lists %+v, %v", page, err)
	}
}

// TestTheDatabaseRefusesToo holds what row level security keeps a person from, whatever a
// store sends.
func TestTheDatabaseRefusesToo(t *testing.T) {
	t.Parallel()
	h := open(t)
	boss, sec := h.person(t, "boss", auth.SystemAdmin), h.person(t, "sec", auth.SecurityAdmin)
	for name, tc := range map[string]struct {
		who auth.Account
		sql string
	}{
		"rename an account":         {boss, `UPDATE account SET name = 'x' WHERE name = 'sec'`},
		"be a demonstration":        {boss, `UPDATE account SET demo = true`},
		"make a demonstration":      {boss, `INSERT INTO account (adcode, id, name, display_name, demo) VALUES ('990101', gen_random_uuid(), 'demo', 'x', true)`},
		"take a role of one's own":  {sec, `INSERT INTO account_grant (adcode, id, account_id, role) VALUES ('990101', gen_random_uuid(), yike_account(), 'system_admin')`},
		"give roles as system":      {boss, `INSERT INTO account_grant (adcode, id, account_id, role) SELECT '990101', gen_random_uuid(), id, 'planner' FROM account WHERE name = 'sec'`},
		"set the policy as system":  {boss, `INSERT INTO security_policy (adcode, id, policy) VALUES ('990101', gen_random_uuid(), '{}')`},
		"read secrets":              {boss, `SELECT FROM account_secret`},
		"read sessions":             {boss, `SELECT FROM session`},
		"read tokens":               {boss, `SELECT FROM api_token`},
		"read failures":             {boss, `SELECT FROM login_failure`},
		"link an identity":          {boss, `INSERT INTO account_identity VALUES ('990101', yike_account(), 'i', 's')`},
		"delete an account":         {boss, `DELETE FROM account`},
		"change what a role may do": {sec, `UPDATE role_action SET role = 'security_admin'`},
	} {
		err := h.db.Write(t.Context(), as(tc.who), "a test", func(tx *postgres.Tx) error {
			_, err := tx.Exec(t.Context(), tc.sql)
			return err
		})
		if !errors.Is(err, postgres.ErrForbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestUpdateIsOptimistic(t *testing.T) {
	t.Parallel()
	h := open(t)
	acc := h.person(t, "wang")
	var done, stale atomic.Int64
	flood(t, 30, 10, func(ctx context.Context, i int) error {
		department := fmt.Sprint("部门", i)
		_, err := h.Update(ctx, system(), acc.ID, 1, auth.AccountChange{Department: &department})
		switch {
		case err == nil:
			done.Add(1)
		case errors.Is(err, auth.ErrStale) && errors.Is(err, postgres.ErrStale):
			stale.Add(1)
		default:
			return err
		}
		return nil
	})
	if done.Load() != 1 || stale.Load() != 29 {
		t.Errorf("%d changes, %d stale; want 1 and 29", done.Load(), stale.Load())
	}
}

// TestApartRace gives two of the three roles to one account at the same moment, again and
// again: it never holds both.
func TestApartRace(t *testing.T) {
	t.Parallel()
	h := open(t)
	strict := auth.Standard()
	strict.StrictApart = true
	h.setPolicy(t, strict)
	for round := range 10 {
		acc := h.person(t, fmt.Sprint("wang", round))
		var given, apart atomic.Int64
		flood(t, 6, 6, func(ctx context.Context, i int) error {
			_, err := h.Grant(ctx, system(), acc.ID, auth.Grant{Role: auth.Apart()[i%3]}, "a test")
			switch {
			case err == nil:
				given.Add(1)
			case errors.Is(err, auth.ErrRolesApart):
				apart.Add(1)
			case !errors.Is(err, auth.ErrGranted):
				return err
			}
			return nil
		})
		if given.Load() != 1 || apart.Load() != 4 {
			t.Errorf("%d roles given, %d refused", given.Load(), apart.Load())
		}
	}
}

// TestPolicyAndGrantRace makes the policy strict while a second role is given: either the
// policy or the role is refused, never neither.
func TestPolicyAndGrantRace(t *testing.T) {
	t.Parallel()
	for range 5 {
		h := open(t)
		acc := h.person(t, "wang", auth.SystemAdmin)
		strict := auth.Standard()
		strict.StrictApart = true
		var refused atomic.Int64
		flood(t, 2, 2, func(ctx context.Context, i int) error {
			var err error
			if i == 0 {
				_, err = h.SetPolicy(ctx, system(), 0, strict, "a test")
			} else {
				_, err = h.Grant(ctx, system(), acc.ID, auth.Grant{Role: auth.SecurityAuditor}, "a test")
			}
			if errors.Is(err, auth.ErrRolesApart) {
				refused.Add(1)
				return nil
			}
			return err
		})
		if refused.Load() != 1 {
			t.Errorf("%d refused, want one of the two", refused.Load())
		}
	}
}

// TestApartHolds gives and takes roles at random, under a strict policy, and holds that
// nobody ever has two of the three.
func TestApartHolds(t *testing.T) {
	t.Parallel()
	h := open(t)
	strict := auth.Standard()
	strict.StrictApart = true
	h.setPolicy(t, strict)
	acc := h.person(t, "wang")
	rapid.Check(t, func(rt *rapid.T) {
		for range rapid.IntRange(1, 6).Draw(rt, "steps") {
			now, err := h.Account(t.Context(), system(), acc.ID)
			if err != nil {
				rt.Fatal(err)
			}
			if len(now.Grants) > 0 && rapid.Bool().Draw(rt, "take one") {
				gone := rapid.SampledFrom(now.Grants).Draw(rt, "which")
				if err := h.Revoke(t.Context(), system(), acc.ID, gone.ID, "a test"); err != nil {
					rt.Fatal(err)
				}
				continue
			}
			role := rapid.SampledFrom(append(auth.Apart(), auth.Planner, auth.ReadOnly)).Draw(rt, "role")
			_, err = h.Grant(t.Context(), system(), acc.ID, auth.Grant{Role: role}, "a test")
			held := now.Roles()
			switch {
			case slices.Contains(held, role) && slices.Contains(auth.Apart(), role):
				if !errors.Is(err, auth.ErrGranted) {
					rt.Fatalf("%s given twice: %v", role, err)
				}
			case slices.Contains(held, role):
				if !errors.Is(err, auth.ErrGranted) {
					rt.Fatalf("%s given twice: %v", role, err)
				}
			case auth.TogetherApart(append(held, role)) != nil:
				if !errors.Is(err, auth.ErrRolesApart) {
					rt.Fatalf("%s beside %v: %v", role, held, err)
				}
			case err != nil:
				rt.Fatalf("%s beside %v: %v", role, held, err)
			}
		}
	})
}

// TestFirstAdministrator lets several servers start at once.
func TestFirstAdministrator(t *testing.T) {
	t.Parallel()
	h := open(t)
	if err := h.DemoAccounts(t.Context(), adcode); err != nil { // they count for nothing
		t.Fatal(err)
	}
	var told atomic.Pointer[[]auth.FirstPassword]
	var times atomic.Int64
	flood(t, 5, 5, func(ctx context.Context, _ int) error {
		passwords, err := h.FirstAdministrator(ctx, adcode)
		if len(passwords) > 0 {
			told.Store(&passwords)
			times.Add(1)
		}
		return err
	})
	if times.Load() != 1 || len(*told.Load()) != 1 {
		t.Fatalf("told %d times", times.Load())
	}
	first := (*told.Load())[0]
	in, err := h.SignIn(t.Context(), adcode, auth.Credentials{Name: "admin", Password: first.Password}, client("127.0.0.1"))
	if err != nil || first.Name != "admin" || in.Identity.Must != auth.MustChangePassword || len(in.Identity.Grants) != 3 {
		t.Errorf("signed in as %+v, %v", in.Identity, err)
	}
	h.holdsNothing(t, first.Password)
	if again, err := h.FirstAdministrator(t.Context(), adcode); err != nil || again != nil {
		t.Errorf("again: %v, %v", again, err)
	}
	if other, err := h.FirstAdministrator(t.Context(), "990102"); err != nil || len(other) != 1 {
		t.Errorf("another authority: %v, %v", other, err)
	}
}

func TestFirstAdministratorsApart(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.setPolicy(t, auth.DJBH())
	passwords, err := h.FirstAdministrator(t.Context(), adcode)
	if err != nil || len(passwords) != 3 {
		t.Fatalf("%v, %v", passwords, err)
	}
	for i, p := range passwords {
		in, err := h.SignIn(t.Context(), adcode, auth.Credentials{Name: p.Name, Password: p.Password}, client("127.0.0.1"))
		if err != nil || len(in.Identity.Grants) != 1 || in.Identity.Grants[0].Role != auth.Apart()[i] {
			t.Errorf("%s: %+v, %v", p.Name, in.Identity, err)
		}
	}
}

func TestDemoAccounts(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.person(t, "planner") // a real account has the name and keeps it
	flood(t, 4, 4, func(ctx context.Context, _ int) error { return h.DemoAccounts(ctx, adcode, "990101001", "990101002") })
	page, _, err := h.List(t.Context(), system(), auth.AccountQuery{Limit: 100})
	if err != nil || len(page) != len(auth.Roles()) {
		t.Fatalf("%d accounts, %v", len(page), err)
	}
	here := auth.Client{From: "127.0.0.1", Demo: true}
	in, err := h.SignIn(t.Context(), adcode, auth.Credentials{Name: "subdistrict-steward", Password: auth.DemoPassword}, here)
	if err != nil || !in.Identity.Demo || !in.Identity.May(auth.FacilityWrite, "990101001") || in.Identity.May(auth.FacilityWrite, "990101002") {
		t.Fatalf("the steward is %+v, %v", in.Identity, err)
	}
	if _, err := h.Resolve(t.Context(), adcode, auth.Credential{Session: in.Token}, auth.Client{From: "127.0.0.1"}); !errors.Is(err, auth.ErrDemoNotHere) {
		t.Errorf("where demonstrations are not: %v", err)
	}
	if _, err := h.SignIn(t.Context(), adcode, auth.Credentials{Name: "expert", Password: auth.DemoPassword}, client("192.0.2.1")); !errors.Is(err, auth.ErrDemoNotHere) {
		t.Errorf("from another machine: %v", err)
	}
	if h.entries(t, "session.create", "refused") != 1 {
		t.Error("the refusal is not in the audit log")
	}
	before := h.entries(t, "account.create", "done")
	if err := h.DemoAccounts(t.Context(), adcode, "990101001"); err != nil || h.entries(t, "account.create", "done") != before {
		t.Errorf("again: %v", err)
	}
	if err := h.DemoAccounts(t.Context(), adcode, "990101002"); err != nil {
		t.Fatal(err)
	}
	if i, err := h.Resolve(t.Context(), adcode, auth.Credential{Session: in.Token}, here); err != nil || !i.May(auth.FacilityWrite, "990101002") || i.May(auth.FacilityWrite, "990101001") {
		t.Errorf("after the districts changed the steward is %+v, %v", i, err)
	}
}

func TestIdentities(t *testing.T) {
	t.Parallel()
	h := open(t)
	acc, other := h.person(t, "wang"), h.person(t, "li")
	v := auth.Vouched{Issuer: "https://sso.example", Subject: "007"}
	if _, err := h.SignInAs(t.Context(), adcode, v, client("192.0.2.1")); !errors.Is(err, auth.ErrUnknownIdentity) {
		t.Errorf("nobody linked: %v", err)
	}
	for range 2 {
		if err := h.LinkIdentity(t.Context(), as(acc), acc.ID, v); err != nil {
			t.Fatal(err)
		}
	}
	if n := h.entries(t, "identity.link", "done"); n != 1 {
		t.Errorf("linked %d times", n)
	}
	if err := h.LinkIdentity(t.Context(), as(other), other.ID, v); !errors.Is(err, auth.ErrIdentityTaken) {
		t.Errorf("another account: %v", err)
	}
	if err := h.LinkIdentity(t.Context(), as(acc), acc.ID, auth.Vouched{Issuer: v.Issuer, Subject: "008"}); !errors.Is(err, auth.ErrIdentityTaken) {
		t.Errorf("another identity there: %v", err)
	}
	for _, bad := range []auth.Vouched{{}, {Issuer: "i"}, {Issuer: "i", Subject: "a\x00"}} {
		if err := h.LinkIdentity(t.Context(), as(acc), acc.ID, bad); !errors.Is(err, auth.ErrUnknownIdentity) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	h.setPolicy(t, auth.DJBH())
	in, err := h.SignInAs(t.Context(), adcode, v, client("192.0.2.1"))
	if err != nil || in.Identity.AccountID != acc.ID || in.Identity.Method != auth.ByOIDC || in.Identity.Must != "" {
		t.Errorf("signed in as %+v, %v", in.Identity, err)
	}
	if _, err := h.SignInAs(t.Context(), "990102", v, client("")); !errors.Is(err, auth.ErrUnknownIdentity) {
		t.Errorf("in another authority: %v", err)
	}
	off := auth.Disabled
	if _, err := h.Update(t.Context(), system(), acc.ID, acc.Version, auth.AccountChange{Status: &off}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.SignInAs(t.Context(), adcode, v, client("192.0.2.1")); !errors.Is(err, auth.ErrUnknownIdentity) {
		t.Errorf("disabled: %v", err)
	}
	if err := h.DemoAccounts(t.Context(), adcode); err != nil {
		t.Fatal(err)
	}
	demo, err := h.AccountByName(t.Context(), system(), "expert")
	if err != nil {
		t.Fatal(err)
	}
	if err := h.LinkIdentity(t.Context(), system(), demo.ID, auth.Vouched{Issuer: "i", Subject: "demo"}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.SignInAs(t.Context(), adcode, auth.Vouched{Issuer: "i", Subject: "demo"}, client("192.0.2.1")); !errors.Is(err, auth.ErrDemoNotHere) {
		t.Errorf("a demonstration elsewhere: %v", err)
	}
}

// TestOtherSpellingsAreNobody: PostgreSQL takes an id in upper case or without dashes, so
// one that is spelt otherwise must not get past what holds for oneself.
func TestOtherSpellingsAreNobody(t *testing.T) {
	t.Parallel()
	h := open(t)
	admin := h.person(t, "admin", auth.SystemAdmin, auth.SecurityAdmin)
	off := auth.Disabled
	for _, id := range []string{
		strings.ToUpper(admin.ID), strings.ReplaceAll(admin.ID, "-", ""), "{" + admin.ID + "}", "urn:uuid:" + admin.ID,
	} {
		_, errReset := h.ResetPassword(t.Context(), as(admin), id, auth.Reset{Reason: "a test"})
		_, errUpdate := h.Update(t.Context(), as(admin), id, admin.Version, auth.AccountChange{Status: &off})
		_, errGrant := h.Grant(t.Context(), as(admin), id, auth.Grant{Role: auth.Planner}, "a test")
		_, errReveal := h.Reveal(t.Context(), as(admin), id, "a test")
		errUnlock := h.Unlock(t.Context(), as(admin), id, "a test")
		for what, err := range map[string]error{"reset": errReset, "update": errUpdate, "grant": errGrant, "reveal": errReveal, "unlock": errUnlock} {
			if !errors.Is(err, auth.ErrNotFound) {
				t.Errorf("%s of %s: %v; want ErrNotFound", what, id, err)
			}
		}
	}
}

// TestResetUnlinks holds that a reset takes away every other way in.
func TestResetUnlinks(t *testing.T) {
	t.Parallel()
	h := open(t)
	admin, acc := h.person(t, "admin", auth.SystemAdmin), h.person(t, "wang", auth.Planner)
	v := auth.Vouched{Issuer: "https://sso.example", Subject: "7"}
	if err := h.LinkIdentity(t.Context(), as(acc), acc.ID, v); err != nil {
		t.Fatal(err)
	}
	if _, err := h.SignInAs(t.Context(), adcode, v, client("192.0.2.1")); err != nil {
		t.Fatal(err)
	}
	if _, err := h.ResetPassword(t.Context(), as(admin), acc.ID, auth.Reset{Reason: "lost"}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.SignInAs(t.Context(), adcode, v, client("192.0.2.1")); !errors.Is(err, auth.ErrUnknownIdentity) {
		t.Errorf("after the reset: %v", err)
	}
	if err := h.LinkIdentity(t.Context(), system(), acc.ID, v); err != nil {
		t.Fatal(err)
	}
	if err := h.UnlinkIdentities(t.Context(), as(acc), admin.ID); !errors.Is(err, auth.ErrForbidden) {
		t.Errorf("somebody else's: %v", err)
	}
	if err := h.UnlinkIdentities(t.Context(), system(), acc.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := h.SignInAs(t.Context(), adcode, v, client("192.0.2.1")); !errors.Is(err, auth.ErrUnknownIdentity) {
		t.Errorf("after unlinking: %v", err)
	}
}
