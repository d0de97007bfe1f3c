package imports

import (
	"math"
	"testing"
	"unicode/utf8"

	"yike/internal/record"
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

func TestDaysAsPeopleAndSpreadsheetsWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		day record.Day
		fit dayFit
	}{
		"2024-5-6": {"2024-05-06", wholeDay}, "2024/05/06": {"2024-05-06", wholeDay}, "2024.5.6": {"2024-05-06", wholeDay},
		"20240506": {"2024-05-06", wholeDay}, "2024年5月6日": {"2024-05-06", wholeDay}, "２０２４年５月６日": {"2024-05-06", wholeDay},
		"2024-05-06 10:30:00": {"2024-05-06", wholeDay}, "2024-05-06T10:30:00Z": {"2024-05-06", wholeDay},
		"45418": {"2024-05-06", wholeDay}, "2024年5月": {"2024-05-01", monthOnly}, "202405": {"2024-05-01", monthOnly},
	} {
		if day, fit := parseDay(text); day != want.day || fit != want.fit {
			t.Errorf("%q is %q, %d; want %q, %d", text, day, fit, want.day, want.fit)
		}
	}
	for text, want := range map[string]dayFit{"": noDay, "去年": noDay, "12": noDay, "2024-04-31": impossible, "20240431": impossible} {
		if day, fit := parseDay(text); fit != want {
			t.Errorf("%q is %q, %d; want %d", text, day, fit, want)
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

func FuzzParseDay(f *testing.F) {
	for _, text := range []string{"2024-5-6", "20240506", "45418", "2024年5月", "24/5/6", "99999999", "2024-02-30 1:2"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		day, fit := parseDay(text)
		if fit == wholeDay || fit == monthOnly {
			if _, ok := record.ParseDay(string(day)); !ok {
				t.Errorf("%q is %q, which is no day", text, day)
			}
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
