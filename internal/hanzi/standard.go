package hanzi

import (
	_ "embed"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
)

//go:embed standard.txt
var standardText string

// Characters knows the standard characters (通用规范汉字表): the level of each and how it is
// read, with tones. What a character is read as in a name no dictionary of characters knows;
// it says what may be. Read-only once made.
type Characters struct {
	level map[rune]int
	reads map[rune][]string
}

// The levels of the table: how many characters it has up to the end of each.
const (
	firstLevel  = 3500
	secondLevel = 6500
)

// NewCharacters reads the table, which takes some milliseconds; keep what it gives.
// Source: the Unihan database of Unicode 15.0 (Unicode License), see standard.txt.
func NewCharacters() *Characters {
	c := &Characters{level: make(map[rune]int, 8200), reads: make(map[rune][]string, 8200)}
	no := 0
	for line := range strings.Lines(standardText) {
		fields := strings.Fields(line)
		if len(fields) < 2 || fields[0] == "#" {
			continue
		}
		no++
		r, _ := utf8.DecodeRuneInString(fields[0])
		c.level[r], c.reads[r] = levelOf(no), fields[1:]
	}
	return c
}

func levelOf(no int) int {
	switch {
	case no <= firstLevel:
		return 1
	case no <= secondLevel:
		return 2
	}
	return 3
}

// Level is the level of a character in the table of standard characters, 1 to 3; 0 for one
// that is not in it.
func (c *Characters) Level(r rune) int { return c.level[r] }

// Readings are the readings of a character with their tones (zhòng), the most usual first:
// those of the standard table, and of characters that are not in it those of
// mozillazg/go-pinyin, also beyond the first 65,536 of Unicode. None for what neither knows.
func (c *Characters) Readings(r rune) []string {
	if of, ok := c.reads[r]; ok {
		return of
	}
	if of, ok := pinyin.PinyinDict[int(r)]; ok {
		return slices.DeleteFunc(strings.Split(of, ","), func(s string) bool { return s == "" })
	}
	return nil
}

// Toneless gives a reading without its tone, with v for ü: lǜ is lv. O(n).
func Toneless(reading string) string { return toneless(reading) }
