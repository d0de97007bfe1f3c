package pdf

import (
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yike/internal/pdf/objects"
)

func typesetterOf(t *testing.T) *typesetter {
	t.Helper()
	fonts, err := OpenFonts(SystemFonts())
	if errors.Is(err, ErrNoFont) && os.Getenv("CI") == "" {
		t.Skip("no font with Chinese characters; apt-get install fonts-noto-cjk")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = fonts.Close() })
	return newTypesetter(fonts, objects.New(io.Discard))
}

func TestLinesBreakAsChineseDoes(t *testing.T) {
	t.Parallel()
	faces := typesetterOf(t)
	// At ten points a Chinese character is ten points wide.
	for name, tc := range map[string]struct {
		text  string
		width float64
		want  []string
	}{
		"nothing":                          {"", 50, []string{""}},
		"fits":                             {"一二三四五", 50, []string{"一二三四五"}},
		"between characters":               {"一二三四五六七", 50, []string{"一二三四五", "六七"}},
		"no comma first":                   {"一二三四五，六七", 50, []string{"一二三四", "五，六七"}},
		"no two marks first":               {"一二三四五。”六七", 50, []string{"一二三四", "五。”六七"}},
		"no bracket last":                  {"一二三四（五六）", 50, []string{"一二三四", "（五六）"}},
		"words whole":                      {"see the words", 45, []string{"see the", "words"}},
		"a word longer than a line":        {"aaaaaaaaaaaaaaaa", 30, []string{"aaaaa", "aaaaa", "aaaaa", "a"}},
		"a short word before a long one":   {"a bbbbbbbbbbbb", 30, []string{"a", "bbbb", "bbbb", "bbbb"}},
		"newlines stay":                    {"一\n\n二", 50, []string{"一", "", "二"}},
		"a figure keeps its unit":          {"一二三 15\u2009分钟", 50, []string{"一二三", "15\u2009分钟"}},
		"a dash of two stays one":          {"一二三四——五", 50, []string{"一二三四", "——五"}},
		"spaces at the end are left out":   {"一二三四五    六", 50, []string{"一二三四五", "六"}},
		"narrower than a character":        {"一二", 1, []string{"一", "二"}},
		"between Latin and Chinese":        {"一二三abc四", 50, []string{"一二三abc", "四"}},
		"a day is not broken":              {"一二三四 2026-11-27", 60, []string{"一二三四", "2026-11-27"}},
		"rare characters beyond the BMP":   {"一𠮷三𬭎五六", 30, []string{"一𠮷三", "𬭎五六"}},
		"a percent sign stays with digits": {"一二三四 98%", 50, []string{"一二三四", "98%"}},
	} {
		if got := faces.wrap(tc.text, 10, false, tc.width); !slices.Equal(got, tc.want) {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
}

func TestWrapLosesNothing(t *testing.T) {
	t.Parallel()
	faces := typesetterOf(t)
	letters := []rune("张家窝镇，。（）“”一二abcXYZ 0123—-/\n\u2009𠮷")
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOfN(rapid.SampledFrom(letters), 0, 80).Draw(t, "text"))
		width := rapid.Float64Range(0, 200).Draw(t, "width")
		lines := faces.wrap(text, 9, rapid.Bool().Draw(t, "bold"), width)
		bare := func(s string) string { return strings.NewReplacer(" ", "", "\n", "").Replace(s) }
		if got, want := bare(strings.Join(lines, "")), bare(text); got != want {
			t.Fatalf("%q became %q", want, got)
		}
		for _, line := range lines {
			if w := faces.width(line, 9, false); w > width+0.2 && len([]rune(line)) > 1 && faces.width(line, 9, true) > width+0.2 {
				t.Fatalf("line %q is %.1f wide, more than %.1f", line, w, width)
			}
		}
	})
}

func TestTextIsCleaned(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"张家窝，镇":               "张家窝，镇",
		"a\tb\r\nc":           "a b\nc",
		"\u202eabc\u200b":     "abc",
		"\xff张":               "\uFFFD张",
		"\ufeff一\ufe0f":       "一",
		"a\u00adb\u2028c\x00": "ab\nc",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFiguresStandUnderOneAnother(t *testing.T) {
	t.Parallel()
	faces := typesetterOf(t)
	for _, bold := range []bool{false, true} {
		want := faces.width("0", 10, bold)
		for _, digit := range "123456789" {
			if got := faces.width(string(digit), 10, bold); got != want {
				t.Errorf("%c is %.2f wide, 0 is %.2f", digit, got, want)
			}
		}
	}
}

func TestColumnsShareTheWidth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Column {
			return Column{Width: rapid.SampledFrom([]float64{0, -5, 1, 20, 90, 400}).Draw(t, "width"), Weight: rapid.SampledFrom([]float64{0, -1, 0.5, 3}).Draw(t, "weight")}
		}), 1, 40).Draw(t, "columns")
		edges := columnEdges(columns, 500)
		for i := range columns {
			if edges[i+1] <= edges[i] {
				t.Fatalf("column %d is %.2f wide", i, edges[i+1]-edges[i])
			}
		}
		if last := edges[len(columns)]; last > 500.01 {
			t.Fatalf("the table is %.2f wide, more than 500", last)
		}
	})
}
