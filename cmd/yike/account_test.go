package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"yike/internal/auth"
	"yike/internal/auth/authdb"
	"yike/internal/keys"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// accountVerbs runs the verbs as main does, and gives the exit code and what each stream
// said.
func accountVerbs(t *testing.T, cfg config, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var verbs struct {
		Account accountCmd `cmd:""`
		Token   tokenCmd   `cmd:""`
	}
	var out, errs bytes.Buffer
	parser, err := kong.New(&verbs, kong.Writers(&out, &errs))
	if err != nil {
		t.Fatal(err)
	}
	verb, err := parser.Parse(args)
	if err != nil {
		return tell(&errs, usageError{err}), out.String(), errs.String()
	}
	verb.BindTo(t.Context(), (*context.Context)(nil))
	code = tell(&errs, verb.Run(&app{config: cfg, log: slog.New(slog.DiscardHandler), stdout: &out, stderr: &errs}))
	return code, out.String(), errs.String()
}

func TestAccountVerbs(t *testing.T) {
	t.Parallel()
	cfg := config{DatabaseURL: secret(dbtest.URL(t)), StateDir: t.TempDir()}
	do := func(code int, says string, args ...string) string {
		t.Helper()
		got, out, errs := accountVerbs(t, cfg, args...)
		if got != code || !strings.Contains(out+errs, says) {
			t.Errorf("%v ends with %d, want %d: %s%s", args, got, code, out, errs)
		}
		return strings.TrimSpace(out)
	}
	const of = "--pack=990101"
	do(exitBadInput, "yike load", "account", "list")
	once := do(exitOK, "", "account", "create", "wang", of, "--display-name", "王小明", "--phone", "13812341234", "--role", "planner", "--role", "subdistrict_steward@990101001")
	do(exitBadInput, "已被使用", "account", "create", "wang", of)
	do(exitBadInput, "role", "account", "create", "li", of, "--role", "king")
	do(exitBadInput, "name", "account", "create", "L I", of)
	do(exitOK, "wang  王小明                    138****1234  active  planner subdistrict_steward@990101001", "account", "list", of)
	do(exitOK, `"roles": [`, "account", "list", of, "--format", "json")
	do(exitOK, "wang,王小明,,138****1234,active,planner subdistrict_steward@990101001,no,,", "account", "list", of, "--format", "csv")
	do(exitOK, "[]", "account", "list", "--pack=990102", "--format", "json")
	do(exitOK, "", "account", "grant", "wang", "approver", of, "--reason", "到岗")
	do(exitBadInput, "already", "account", "grant", "wang", "approver", of)
	do(exitBadInput, "nobody", "account", "grant", "nobody", "approver", of)
	do(exitOK, "", "account", "revoke", "wang", "approver", of)
	do(exitBadInput, "approver", "account", "revoke", "wang", "approver", of)
	do(exitBadInput, "", "account", "unlock", "wang", of, "--reason", " ")
	do(exitOK, "", "account", "unlock", "wang", of)
	do(exitOK, "", "account", "link", "wang", of, "--issuer", "https://sso.example", "--subject", "007")
	do(exitBadInput, "days", "token", "create", of, "--account", "wang", "--name", "QGIS", "--actions", "map.read", "--days", "1000")
	token := do(exitOK, "", "token", "create", of, "--account", "wang", "--name", "QGIS", "--actions", "map.read,facility.write")
	if !auth.WellFormedToken(token) {
		t.Errorf("the token is %q", token)
	}
	again := do(exitOK, "", "account", "reset-password", "wang", of, "--remove-totp", "--reason", "手机丢失")
	if again == once || len(again) != len(once) {
		t.Errorf("passwords %q and %q", once, again)
	}
	signIn(t, cfg, once, auth.ErrBadCredentials)
	signIn(t, cfg, again, nil)
	do(exitOK, "", "account", "disable", "wang", of)
	signIn(t, cfg, again, auth.ErrBadCredentials)
	do(exitOK, "", "account", "enable", "wang", of)
	signIn(t, cfg, again, nil)
}

// signIn tries a password of wang's.
func signIn(t *testing.T, cfg config, password string, want error) {
	t.Helper()
	db, err := postgres.Open(t.Context(), string(cfg.DatabaseURL))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ring, err := keys.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	_, err = authdb.New(db, ring, slog.New(slog.DiscardHandler), authdb.Options{}).
		SignIn(t.Context(), "990101", auth.Credentials{Name: "wang", Password: password}, auth.Client{})
	if !errors.Is(err, want) {
		t.Errorf("signing in: %v, want %v", err, want)
	}
}

// TestAccountCSVIsNoFormula holds that a spreadsheet computes nothing.
func TestAccountCSVIsNoFormula(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := printAccounts(&out, "csv", []listedAccount{{Name: "wang", DisplayName: "=1+1"}}); err != nil || !strings.Contains(out.String(), "wang,'=1+1,") {
		t.Errorf("%s, %v", out.String(), err)
	}
}
