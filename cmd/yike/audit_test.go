package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"yike/internal/audit"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// auditRun parses the arguments of yike audit and runs the verb on an installation.
func auditRun(t *testing.T, url, state string, args ...string) (string, error) {
	t.Helper()
	var verbs struct {
		Audit auditCmd `cmd:""`
	}
	parser, err := kong.New(&verbs, kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	verb, err := parser.Parse(append([]string{"audit"}, args...))
	if err != nil {
		return "", err
	}
	var out, errs bytes.Buffer
	verb.BindTo(t.Context(), (*context.Context)(nil))
	err = verb.Run(&app{config: config{DatabaseURL: secret(url), StateDir: state}, log: slog.New(slog.DiscardHandler), stdout: &out, stderr: &errs})
	return out.String(), err
}

// sealedLog writes and seals a few entries with the keys of a state folder.
func sealedLog(t *testing.T, url, state string) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	a := &app{config: config{StateDir: state}}
	ring, err := a.openKeys()
	if err != nil {
		t.Fatal(err)
	}
	heads, err := audit.OpenHeads(a.headsFile(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if err := db.Write(t.Context(), postgres.System("990101", "test"), fmt.Sprint(i), func(*postgres.Tx) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	sealer := audit.NewSealer(db, ring, slog.New(slog.DiscardHandler), audit.SealerOptions{Heads: heads})
	for { // other tests of the cluster may have transactions under way
		if _, err := sealer.Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
		lag, err := audit.ReadLag(t.Context(), db.Pool())
		if err != nil {
			t.Fatal(err)
		}
		if lag.Unsealed == 0 {
			break
		}
	}
	if _, err := heads.Flush(sealer.Now(), true); err != nil {
		t.Fatal(err)
	}
	return db
}

// TestAuditVerbs goes the way of an auditor: verify, export, verify the file elsewhere,
// and find out about tampering.
func TestAuditVerbs(t *testing.T) {
	t.Parallel()
	url, state := dbtest.URL(t), t.TempDir()
	db := sealedLog(t, url, state)
	if out, err := auditRun(t, url, state, "verify"); err != nil || !strings.Contains(out, "whole: ") || !strings.Contains(out, "3 entries") || strings.Contains(out, "no heads") {
		t.Errorf("verify: %v\n%s", err, out)
	}
	key, err := auditRun(t, url, state, "public-key")
	if key = strings.TrimSpace(key); err != nil || len(key) != 64 {
		t.Errorf("public-key: %q, %v", key, err)
	}
	file := filepath.Join(t.TempDir(), "log.ndjson")
	if out, err := auditRun(t, url, state, "export", "--out", file, "--authority", "990101"); err != nil || !strings.Contains(out, "with 3 entries") {
		t.Errorf("export: %v\n%s", err, out)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info, err)
	}
	elsewhere := t.TempDir()
	verifyFile := []string{"verify", "--file", file, "--public-key", key}
	if out, err := auditRun(t, "postgres://nowhere", elsewhere, verifyFile...); err != nil || !strings.Contains(out, "3 entries") || !strings.Contains(out, "no heads") {
		t.Errorf("verify the file: %v\n%s", err, out)
	}
	heads := (&app{config: config{StateDir: state}}).headsFile()
	if out, err := auditRun(t, "postgres://nowhere", elsewhere, append(verifyFile, "--heads", heads)...); err != nil || strings.Contains(out, "no heads") {
		t.Errorf("verify the file with heads: %v\n%s", err, out)
	}
	if left, err := os.ReadDir(elsewhere); err != nil || len(left) != 0 {
		t.Errorf("verifying a file left %v, %v", left, err)
	}
	if out, err := auditRun(t, url, state, "export", "--out", file, "--to", "2020-01-01"); err != nil || !strings.Contains(out, "wrote 0 blocks") {
		t.Errorf("export of another time: %v\n%s", err, out)
	}
	var noted int
	if err := db.Pool().QueryRow(t.Context(), `SELECT count(*) FROM audit_entry WHERE action = 'audit.export'`).Scan(&noted); err != nil || noted != 2 {
		t.Errorf("%d exports are noted, %v", noted, err)
	}
	if _, err := db.Pool().Exec(t.Context(), `ALTER TABLE audit_entry DISABLE TRIGGER USER`); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Pool().Exec(t.Context(), `UPDATE audit_entry SET who = 'nobody' WHERE why = '1'`); err != nil {
		t.Fatal(err)
	}
	if out, err := auditRun(t, url, state, "verify"); !errors.Is(err, errBroken) || !strings.Contains(out, "990101 block 1") {
		t.Errorf("verify a changed log: %v\n%s", err, out)
	}
	if err := os.WriteFile(heads, []byte("torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, _ := auditRun(t, url, state, "verify"); !strings.Contains(out, "1 lines of the heads cannot be read") {
		t.Errorf("verify with spoilt heads:\n%s", out)
	}
}

// TestAuditExample holds that the verifier takes a file of an earlier version.
func TestAuditExample(t *testing.T) {
	t.Parallel()
	dir := filepath.Join("..", "..", "internal", "audit", "testdata", "export")
	key, err := os.ReadFile(filepath.Join(dir, "public.key"))
	if err != nil {
		t.Fatal(err)
	}
	out, err := auditRun(t, "", t.TempDir(), "verify", "--file", filepath.Join(dir, "log.ndjson"), "--public-key", strings.TrimSpace(string(key)))
	if err != nil || !strings.Contains(out, "14 entries") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestAuditBadInput(t *testing.T) {
	t.Parallel()
	state := t.TempDir()
	key := hex.EncodeToString(make([]byte, 32))
	missing := filepath.Join(state, "none")
	for name, args := range map[string][]string{
		"a file without a key":     {"verify", "--file", missing},
		"a key that is none":       {"verify", "--public-key", "abc"},
		"a file that is not there": {"verify", "--file", missing, "--public-key", key},
		"heads that are not there": {"verify", "--heads", missing},
		"a day that is none":       {"export", "--out", missing, "--from", "today"},
	} {
		if _, err := auditRun(t, "", state, args...); !isBadInput(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := auditRun(t, "", state, "export"); err == nil {
		t.Error("exported without a file to write")
	}
	blocked := filepath.Join(state, "blocked")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, verb := range [][]string{{"public-key"}, {"verify"}, {"export", "--out", missing}} {
		if _, err := auditRun(t, "", blocked, verb...); err == nil {
			t.Errorf("%v: ran without keys", verb)
		}
	}
}
