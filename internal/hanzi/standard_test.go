package hanzi_test

import (
	"slices"
	"testing"

	"yike/internal/hanzi"
)

func TestStandardCharacters(t *testing.T) {
	t.Parallel()
	c := hanzi.NewCharacters()
	for _, tc := range []struct {
		char  rune
		level int
		reads []string
	}{
		{'一', 1, []string{"yī"}},
		{'重', 1, []string{"zhòng", "chóng"}},
		{'厦', 1, []string{"shà", "xià"}},
		{'堡', 1, []string{"bǎo", "bǔ", "pù"}},
		{'六', 1, []string{"liù", "lù"}}, // 六安, 六合
		{'𫖯', 3, []string{"fǔ"}},        // beyond the first 65,536
		{'龘', 0, []string{"dá"}},        // not in the table, and read all the same
		{'a', 0, nil},
	} {
		if got := c.Level(tc.char); got != tc.level {
			t.Errorf("%c: level %d, want %d", tc.char, got, tc.level)
		}
		if got := c.Readings(tc.char); !slices.Equal(got, tc.reads) {
			t.Errorf("%c: read %v, want %v", tc.char, got, tc.reads)
		}
	}
	levels := map[int]int{}
	for r := rune(0x3400); r < 0x33000; r++ {
		if l := c.Level(r); l > 0 {
			levels[l]++
			if len(c.Readings(r)) == 0 {
				t.Errorf("%c has no reading", r)
			}
		}
	}
	if levels[1]+levels[2]+levels[3] < 8100 || levels[3] < 1600 {
		t.Errorf("levels %v", levels)
	}
}

func TestToneless(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"lǜ": "lv", "zhòng": "zhong", "ér": "er", "ńg": "ng", "a": "a", "": ""} {
		if got := hanzi.Toneless(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
