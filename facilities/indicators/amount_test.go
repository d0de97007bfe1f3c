package indicators_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yike/facilities/indicators"
)

func TestParseAmount(t *testing.T) {
	t.Parallel()
	const none = -1.0
	for _, tc := range []struct {
		text    string
		number  float64
		compare indicators.Comparator
	}{
		{"60", 60, indicators.Plain},
		{"0", 0, indicators.Plain},
		{"85.97", 85.97, indicators.Plain},
		{"100%", 100, indicators.Plain},
		{" 3,893 ", 3893, indicators.Plain},
		{"≥30", 30, indicators.AtLeast},
		{"≧60", 60, indicators.AtLeast},
		{"不低于60", 60, indicators.AtLeast},
		{"55以上", 55, indicators.AtLeast},
		{"80%及以上", 80, indicators.AtLeast},
		{"3个以上", 3, indicators.AtLeast},
		{"1所以上", 1, indicators.AtLeast},
		{">30", 30, indicators.MoreThan},
		{">1500", 1500, indicators.MoreThan},
		{"≤5", 5, indicators.AtMost},
		{"10以下", 10, indicators.AtMost},
		{"<3", 3, indicators.LessThan},
		{"2-3", 2, indicators.Between},
		{"1至2名", none, indicators.Plain}, // a unit that nobody knows stays words
		{"3-2", none, indicators.Plain},
		{"全覆盖", 100, indicators.Everywhere},
		{"全部", 100, indicators.Everywhere},
		{"不低于市级标准", none, indicators.Plain},
		{"不低于城市低保标准的1.3倍", none, indicators.Plain},
		{"1000（散居）、 1400（机构）", none, indicators.Plain},
		{"对主动申请且符合条件的残疾人实现全覆盖", none, indicators.Plain},
		{"≥30以上", none, indicators.Plain},
		{"", none, indicators.Plain},
		{"—", none, indicators.Plain},
		{"--", none, indicators.Plain},
		{"---", none, indicators.Plain},
	} {
		a := indicators.ParseAmount(tc.text)
		switch {
		case a.Text != strings.TrimSpace(tc.text), a.Compare != tc.compare:
			t.Errorf("%q: %+v", tc.text, a)
		case (a.Number == nil) != (tc.number == none), a.Number != nil && *a.Number != tc.number:
			t.Errorf("%q: number %v", tc.text, a.Number)
		}
		blank := strings.Trim(tc.text, "—- ") == ""
		if a.Blank() != blank || a.Words() != (tc.number == none && !blank) {
			t.Errorf("%q: blank %v, words %v", tc.text, a.Blank(), a.Words())
		}
	}
}

// Whatever is written keeps its text, and what is blank never becomes a number.
func TestAmountKeepsItsText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("0159.,%≥≧><≤—-– 个以上下及不低于全覆盖至倍\u3000")), 0, 12, -1).Draw(rt, "text")
		a := indicators.ParseAmount(text)
		if a.Text != strings.TrimSpace(text) {
			rt.Fatalf("%q became %q", text, a.Text)
		}
		if a.Number != nil && !strings.ContainsAny(text, "0159全") {
			rt.Fatalf("%q became %v", text, *a.Number)
		}
		if strings.Trim(text, "—–- \u3000") == "" && (a.Number != nil || !a.Blank()) {
			rt.Fatalf("a blank, %q, became %+v", text, a)
		}
	})
}

func TestFormatNumber(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{0: "0", 34: "34", 33.7: "33.7", 66.666666: "66.67", -2: "−2", 3893: "3893", 0.001: "0", -0.001: "0", 0.1: "0.1"} {
		if got := indicators.FormatNumber(v); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
}

// Nothing that somebody writes makes the parser fail, lose a text or invent a number.
func FuzzParseAmount(f *testing.F) {
	for _, seed := range []string{"≥30", "55以上", "2-3", "全覆盖", "—", "100%", "1000（散居）、 1400（机构）", "3,893", "\xff", "1e999", "."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a := indicators.ParseAmount(text)
		if a.Text != strings.TrimSpace(text) {
			t.Errorf("%q became %q", text, a.Text)
		}
		if a.Number == nil && a.Compare != indicators.Plain || a.Number != nil && (*a.Number < 0 || a.Blank() || a.Words()) {
			t.Errorf("%q: %+v", text, a)
		}
	})
}
