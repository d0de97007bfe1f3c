package hanzi_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yike/internal/hanzi"
)

// spells reports whether some way of reading letters begins at some character of text.
func spells(s *hanzi.Speller, letters, text string) bool {
	runes := []rune(text)
	for _, way := range s.Ways(letters) {
		for from := range runes {
			if len(way) <= len(runes)-from && all(way, runes[from:]) {
				return true
			}
		}
	}
	return false
}

func all(way hanzi.Way, runes []rune) bool {
	for i, set := range way {
		if !strings.ContainsRune(set, runes[i]) {
			return false
		}
	}
	return true
}

func TestSpelling(t *testing.T) {
	t.Parallel()
	s := hanzi.NewSpeller(hanzi.NewSounds())
	for _, tc := range []struct {
		letters, text string
		want          bool
	}{
		{"hankouqu", "汉口区", true},
		{"HanKouQu", "汉口区", true},
		{"hkq", "汉口区", true},
		{"hankouq", "汉口区", true},
		{"hanko", "汉口区", true},
		{"h", "汉口区", true},
		{"kq", "汉口区", true},
		{"hq", "汉口区", false},
		{"anko", "汉口区", false},
		{"hakouqu", "汉口区", false},
		{"xian", "西安里", true},
		{"xian", "先锋里", true},
		{"zsj", "中山街", true},
		{"zhshj", "中山街", true},
		{"zhongshan", "中山街", true},
		{"chongqing", "重庆路", true},
		{"zhongqing", "重庆路", true},
		{"lv", "绿园", true},
		{"lüyuan", "绿园", true},
		{"a", "汉口", false},
		{"", "汉口", false},
		{"han kou", "汉口", false},
		{"汉口", "汉口", false},
		{"xyzzy!", "汉口", false},
		{"uuu", "汉口", false},
	} {
		if got := spells(s, tc.letters, tc.text); got != tc.want {
			t.Errorf("%q for %s: %v", tc.letters, tc.text, got)
		}
	}
}

// TestEveryCharacterIsSpelled holds that any text can be found by its readings, whole or by
// initials, whichever reading of each character is typed.
func TestEveryCharacterIsSpelled(t *testing.T) {
	t.Parallel()
	sounds := hanzi.NewSounds()
	s := hanzi.NewSpeller(sounds)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.RuneFrom([]rune("汉口重庆中山长者食堂绿女安西先行乐朝阳单曾查盖六安")), 2, 4).Draw(t, "text")
		whole, initials := "", ""
		for i, r := range text {
			reading := rapid.SampledFrom(sounds.Of(r)).Draw(t, "reading")
			if i == len(text)-1 {
				reading = reading[:rapid.IntRange(1, len(reading)).Draw(t, "typed")]
			}
			whole += reading
			initials += reading[:1]
		}
		for _, letters := range []string{whole, initials} {
			if ways := s.Ways(letters); !spells(s, letters, string(text)) && len(ways) < 16 {
				t.Fatalf("%q does not find %s", letters, string(text))
			}
		}
	})
}

func TestFewWays(t *testing.T) {
	t.Parallel()
	s := hanzi.NewSpeller(hanzi.NewSounds())
	for _, letters := range []string{strings.Repeat("zh", 50), strings.Repeat("xian", 25), strings.Repeat("a", 100), strings.Repeat("u", 100)} {
		if n := len(s.Ways(letters)); n > 16 {
			t.Errorf("%d ways", n)
		}
	}
}

func BenchmarkSpeller(b *testing.B) {
	s := hanzi.NewSounds()
	for b.Loop() {
		hanzi.NewSpeller(s)
	}
}
