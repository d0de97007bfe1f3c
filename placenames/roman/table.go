package roman

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// entry is how a table reads a text.
type entry struct {
	readings []string
	where    string // "" where the table as a whole is the source
}

// table is a dictionary of texts of two characters and more.
type table struct {
	by   map[string]entry
	most int // characters of the longest
}

func newTable(size int) *table { return &table{by: make(map[string]entry, size)} }

func (t *table) add(text string, e entry) {
	t.by[text] = e
	t.most = max(t.most, utf8.RuneCountInString(text))
}

// found is where a text of a table stands in a name.
type found struct {
	from, to int
	text     string
	entry
}

// find finds the texts of a table in a name that do not overlap: the longest first, and of two
// that are as long the first. What may not be taken together fits says. O(n × longest).
func find(runes []rune, most int, look func(text string) (entry, bool), fits func(from, to int) bool) []found {
	var out []found
	taken := make([]bool, len(runes))
	for n := min(most, len(runes)); n >= 2; n-- {
		for i := 0; i+n <= len(runes); i++ {
			if slices.Contains(taken[i:i+n], true) || !fits(i, i+n) {
				continue
			}
			text := string(runes[i : i+n])
			e, ok := look(text)
			if !ok {
				continue
			}
			for k := range n {
				taken[i+k] = true
			}
			out = append(out, found{from: i, to: i + n, text: text, entry: e})
		}
	}
	return out
}

func (t *table) look(text string) (entry, bool) {
	e, ok := t.by[text]
	return e, ok
}

//go:embed phrases.txt
var phrasesText string

//go:embed places.txt
var placesText string

// ours reads a line of our own tables, whose syllables tests hold to be some: it costs a tenth of
// what ParseReading does.
func ours(line string) (string, entry, error) {
	fields := strings.Fields(line)
	if len(fields) < 2 || utf8.RuneCountInString(fields[0]) != len(fields)-1 {
		return "", entry{}, fmt.Errorf("%w: %q", ErrReading, line)
	}
	return fields[0], entry{readings: fields[1:]}, nil
}

// readPhrases reads the table of phrases; its head says where it is from.
func readPhrases() (*table, error) {
	t := newTable(strings.Count(phrasesText, "\n"))
	for line := range strings.Lines(phrasesText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		text, e, err := ours(line)
		if err != nil {
			return nil, fmt.Errorf("table of phrases: %w", err)
		}
		t.add(text, e)
	}
	return t, nil
}

// readPlaces reads our own list of names of places, each with the code of what it was taken
// from after a bar; lines of = give the codes their titles.
func readPlaces() (*table, error) {
	t, titles := newTable(strings.Count(placesText, "\n")), map[string]string{}
	for line := range strings.Lines(placesText) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if rest, ok := strings.CutPrefix(line, "= "); ok {
			code, title, _ := strings.Cut(rest, " ")
			titles[code] = title
			continue
		}
		reading, code, _ := strings.Cut(line, "|")
		text, e, err := ours(reading)
		if err != nil {
			return nil, fmt.Errorf("list of places: %w", err)
		}
		title := titles[strings.TrimSpace(code)]
		if _, twice := t.by[text]; twice || title == "" {
			return nil, fmt.Errorf("list of places: %s is there twice or has no source", text)
		}
		e.where = title
		t.add(text, e)
	}
	return t, nil
}
