package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yike/internal/pack"
)

func TestDemoGenerate(t *testing.T) {
	t.Parallel()
	taken := t.TempDir()
	if err := os.WriteFile(filepath.Join(taken, "letter.txt"), []byte("keep me"), 0o600); err != nil {
		t.Fatal(err)
	}
	fresh := filepath.Join(t.TempDir(), "a", "b")
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"a small district", []string{"--people", "700", "--seed", "3", fresh}, exitOK, "700"},
		{"nobody", []string{"--people", "0", fresh}, exitBadInput, "人数须在"},
		{"too many", []string{"--people", "20000001", fresh}, exitBadInput, "20,000,000"},
		{"no number", []string{"--people", "many", fresh}, exitBadInput, "many"},
		{"no folder", nil, exitBadInput, "dir"},
		{"a folder of something else", []string{taken}, exitBadInput, "not made by this command"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			args := append([]string{"demo", "generate"}, c.args...)
			if code := run(t.Context(), args, func(string) string { return "" }, &out, &out); code != c.code {
				t.Errorf("exit %d, want %d: %s", code, c.code, out.String())
			}
			if !strings.Contains(out.String(), c.says) {
				t.Errorf("does not say %q: %s", c.says, out.String())
			}
		})
	}
	t.Cleanup(func() {
		if m, err := pack.Read(fresh); err != nil || !m.Synthetic {
			t.Errorf("what was written is no synthetic pack: %v", err)
		}
		if data, err := os.ReadFile(filepath.Join(taken, "letter.txt")); err != nil || string(data) != "keep me" {
			t.Error("a file that is not ours was touched")
		}
	})
}
