package migrations_test

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"yike/migrations"
)

// TestNumbersHaveNoGap holds the order: a gap is a file that was lost, or one that
// arrives later and would run out of turn.
func TestNumbersHaveNoGap(t *testing.T) {
	t.Parallel()
	entries, err := fs.ReadDir(migrations.Files, ".")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) == 0 {
		t.Fatal("no migrations")
	}
	form := regexp.MustCompile(`^[0-9]{4}_[a-z0-9_]+\.sql$`)
	for i, e := range entries {
		if !form.MatchString(e.Name()) || !strings.HasPrefix(e.Name(), fmt.Sprintf("%04d_", i+1)) {
			t.Errorf("file %d is named %s; want %04d_words.sql", i+1, e.Name(), i+1)
		}
		text, err := fs.ReadFile(migrations.Files, e.Name())
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(text), "-- +goose Up\n") {
			t.Errorf("%s does not begin with -- +goose Up", e.Name())
		}
	}
}
