package imports

import (
	"math"
	"testing"
	"unicode/utf8"
)

func TestNumbersAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{
		"40": 40, "４０份": 40, "40 张": 40, "1,200": 1200, "1,200.50平方米": 1200.5, "1.2万": 12_000, "约 85.5 ㎡": 85.5,
		"¥300": 300, "-3": -3, "0": 0,
	} {
		if got, ok := parseNumber(text); !ok || math.Abs(got-want) > 1e-9 {
			t.Errorf("%q is %v, %v; want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "无", "50-60", "50~60", "1,5", "12,34,567", "四十", "3/4", "1.2.3", "NaN", "Inf"} {
		if got, ok := parseNumber(text); ok {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
}

func FuzzParseNumber(f *testing.F) {
	for _, text := range []string{"40", "1,200", "1.2万", "约８５．５", "1e308", "-", "1e999", ",,,"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if v, ok := parseNumber(text); ok && (math.IsNaN(v) || math.IsInf(v, 0)) {
			t.Errorf("%q is %v", text, v)
		}
	})
}

func FuzzTidy(f *testing.F) {
	f.Add("　Ａ １\u00a0\x00")
	f.Fuzz(func(t *testing.T, text string) {
		if tidy := Tidy(text); utf8.ValidString(text) && (!utf8.ValidString(tidy) || Tidy(tidy) != tidy) {
			t.Errorf("%q becomes %q and then %q", text, tidy, Tidy(tidy))
		}
	})
}
