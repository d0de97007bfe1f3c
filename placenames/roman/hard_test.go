package roman_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yike/internal/hanzi"
	"yike/placenames"
	"yike/placenames/roman"
)

// hardName is a line of testdata/hard.txt.
type hardName struct {
	q        roman.Request
	readings []string
	text     string
}

func hardNames(t testing.TB, file string) []hardName {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	var out []hardName
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(strings.TrimSpace(line), "|")
		if len(f) != 6 || slices.Contains(f, "") {
			t.Fatalf("%q has not six fields", line)
		}
		n := hardName{q: ask(f[1], f[0], ""), text: f[3]}
		if f[1] == "village" {
			n.q.Class, n.q.Joined = "other", true
		}
		n.readings = strings.Fields(f[2])
		if len(n.readings) != len([]rune(n.q.Text)) {
			t.Fatalf("%s: %d readings", n.q.Text, len(n.readings))
		}
		out = append(out, n)
	}
	return out
}

// score is how many names and syllables a speller has right.
type score struct{ names, nameRight, spelled, syllables, syllableRight, toneless int }

func (c score) shares() (names, spelled, syllables, toneless float64) {
	of := func(a, b int) float64 { return 100 * float64(a) / float64(max(b, 1)) }
	return of(c.nameRight, c.names), of(c.spelled, c.names), of(c.syllableRight, c.syllables), of(c.toneless, c.syllables)
}

func (c *score) add(n hardName, got roman.Spelling) bool {
	c.names++
	all := true
	for i, r := range got.Readings {
		c.syllables++
		right := r.Chosen == n.readings[i]
		all = all && right
		if right {
			c.syllableRight++
		}
		if hanzi.Toneless(r.Chosen) == hanzi.Toneless(n.readings[i]) {
			c.toneless++
		}
	}
	if all {
		c.nameRight++
	}
	if got.Text == n.text {
		c.spelled++
	}
	return all && got.Text == n.text
}

// TestHardNames holds how well names are read before anybody confirmed anything. hard.txt was at
// hand while the tables were made, so the share of its names says that they hold, and blind.txt,
// which was not, how well they read others. Names that our own list of places has a part in are
// counted apart.
func TestHardNames(t *testing.T) {
	t.Parallel()
	s := speller(t)
	var chars, hard, unlisted, blindChars, blind score
	for _, n := range hardNames(t, "hard.txt") {
		chars.add(n, s.Bare().Spell(n.q))
		got := s.Spell(n.q)
		if !hard.add(n, got) {
			t.Logf("%s: %s (%s), want %s", n.q.Text, got.Toned, got.Text, n.text)
		}
		if !slices.ContainsFunc(got.Readings, func(r roman.Reading) bool { return r.Source == roman.InPlace }) {
			unlisted.add(n, got)
		}
		checkHonest(t, s, n, got)
	}
	for _, n := range hardNames(t, "blind.txt") {
		blindChars.add(n, s.Bare().Spell(n.q))
		got := s.Spell(n.q)
		if !blind.add(n, got) {
			t.Logf("%s: %s (%s), want %s", n.q.Text, got.Toned, got.Text, n.text)
		}
		checkHonest(t, s, n, got)
	}
	for _, c := range []struct {
		of                                  string
		score                               score
		names, spelled, syllables, toneless float64 // floors, per cent
	}{
		{"hard, characters alone", chars, 0, 0, 0, 0},
		{"hard", hard, 99, 99, 99.5, 99.5},
		{"hard, without those of the list of places", unlisted, 99, 99, 99.5, 99.5},
		{"blind, characters alone", blindChars, 0, 0, 0, 0},
		{"blind", blind, 90, 90, 97, 97},
	} {
		names, spelled, syllables, toneless := c.score.shares()
		t.Logf("%s: %d names: %.1f %% read with all tones, %.1f %% spelled; of %d syllables %.1f %%, without tones %.1f %%", c.of, c.score.names, names, spelled, c.score.syllables, syllables, toneless)
		if names < c.names || spelled < c.spelled || syllables < c.syllables || toneless < c.toneless {
			t.Errorf("%s: fewer than the floors %v %v %v %v", c.of, c.names, c.spelled, c.syllables, c.toneless)
		}
	}
	if hard.names < 300 || hard.nameRight <= chars.nameRight {
		t.Errorf("%d names, %d right, %d by characters alone", hard.names, hard.nameRight, chars.nameRight)
	}
}

// checkHonest holds that what is wrong is never called certain, that the right reading is shown,
// and that with the right readings confirmed the spelling is the official one.
func checkHonest(t *testing.T, s *roman.Speller, n hardName, got roman.Spelling) {
	t.Helper()
	for i, r := range got.Readings {
		if r.Chosen != n.readings[i] && (got.Certain || !slices.Contains(r.Candidates, n.readings[i])) {
			t.Errorf("%s: %s is read %q, which is %q; certain %v, candidates %v", n.q.Text, r.Character, r.Chosen, n.readings[i], got.Certain, r.Candidates)
		}
	}
	n.q.Readings = n.readings
	if got := s.Spell(n.q); got.Text != n.text || !got.Certain {
		t.Errorf("%s, confirmed: %s, want %s; %v", n.q.Text, got.Text, n.text, got.WhyEN)
	}
}

// TestDivisionsRead holds how well the names of a real table of divisions are read, which
// nobody here had a hand in. The table is not kept with the program.
func TestDivisionsRead(t *testing.T) {
	t.Parallel()
	s := speller(t)
	bare := s.Bare()
	var chars, whole score
	for _, row := range divisions(t) {
		n := hardName{q: roman.Request{Text: row[0], Parts: placenames.Parts{Specific: row[0]}}, readings: strings.Fields(strings.ReplaceAll(row[1], "ü", "v"))}
		if len([]rune(row[0])) != len(n.readings) {
			continue
		}
		plain := func(all []roman.Reading) roman.Spelling {
			for i := range all {
				all[i].Chosen = hanzi.Toneless(all[i].Chosen)
			}
			return roman.Spelling{Readings: all}
		}
		chars.add(n, plain(bare.Read(n.q)))
		whole.add(n, plain(s.Read(n.q)))
	}
	before, _, charSyllables, _ := chars.shares()
	names, _, syllables, _ := whole.shares()
	t.Logf("%d names of divisions, without tones: characters alone read %.2f %% (of %d syllables %.2f %%), all tables %.2f %% (%.2f %%)",
		whole.names, before, chars.syllables, charSyllables, names, syllables)
	if whole.names < 1500 || names < 99 || syllables < 99.6 || names <= before {
		t.Error("fewer than the floors")
	}
}

// divisions are the names and readings of the table of divisions, where it is.
func divisions(t *testing.T) [][2]string {
	t.Helper()
	dir := os.Getenv("YIKE_DATA_DIR")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data", "hankou")
	}
	f, err := os.Open(filepath.Join(dir, "..", "divisions_pinyin", "divisions_with_pinyin_subset.csv"))
	if err != nil {
		t.Skipf("the table of divisions with pinyin is not here: %v", err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out [][2]string
	for _, row := range rows[1:] {
		out = append(out, [2]string{row[3], row[5]})
	}
	return out
}
