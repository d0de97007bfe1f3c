package wordlists_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/wordlists"
)

func fields(faults []record.Fault) string {
	var out []string
	for _, f := range faults {
		if f.ZH == "" || f.EN == "" {
			return "a fault without words"
		}
		out = append(out, f.Field)
	}
	return strings.Join(out, " ")
}

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]wordlists.Word{
		"":           nil,
		"词语\n\n":     nil,
		"甲乙丙\r\n丁戊己": {{Word: "甲乙丙"}, {Word: "丁戊己"}},
		"词\t读音\t备注\t来源\n甲乙\tjiǎ yǐ\t例\t通知": {{Word: "甲乙", Reading: "jiǎ yǐ", Note: "例", Source: "通知"}},
		"甲乙,jiǎ yǐ，例;通知":                   {{Word: "甲乙", Reading: "jiǎ yǐ", Note: "例", Source: "通知"}},
		"“甲乙”":                             {{Word: "甲乙"}},
	} {
		if got := wordlists.Parse(text); !slices.Equal(got, want) {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("甲乙\t1\n,,;")
	f.Fuzz(func(t *testing.T, text string) {
		for _, w := range wordlists.Parse(text) {
			if w.Word == "" || strings.ContainsAny(w.Word, "\n\r\t") {
				t.Errorf("%q gives %q", text, w.Word)
			}
		}
	})
}

func TestValidate(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("长", wordlists.LongestNote+1)
	for _, tc := range []struct {
		name string
		list wordlists.List
		want string
	}{
		{"empty", wordlists.List{Kind: wordlists.Leaders}, ""},
		{"good", wordlists.List{Kind: wordlists.Leaders, Words: []wordlists.Word{{Word: "甲乙丙"}}, Whole: true}, ""},
		{"empty and whole", wordlists.List{Kind: wordlists.Leaders, Whole: true}, "whole"},
		{"one character", wordlists.List{Kind: wordlists.Brands, Words: []wordlists.Word{{Word: "甲"}}}, "words/0/word"},
		{"one that is not used", wordlists.List{Kind: wordlists.Banned, Words: []wordlists.Word{{Word: "死"}}}, ""},
		{"long", wordlists.List{Kind: wordlists.Brands, Words: []wordlists.Word{{Word: long, Reading: long, Note: long, Source: long}}}, "words/0/word words/0/reading words/0/note words/0/source"},
		{"many", wordlists.List{Kind: wordlists.Brands, Words: make([]wordlists.Word, wordlists.MostWords+1)}, "words"},
		{"a long source", wordlists.List{Source: strings.Repeat("长", placenames.LongestText+1), Note: strings.Repeat("长", placenames.LongestText+1)}, "source note"},
	} {
		if got := fields(wordlists.Validate(tc.list)); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

// TestCleanAndBetween: what is cleaned has each word once and stays so; what came and went
// makes of one list the other.
func TestCleanAndBetween(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"甲乙", " 甲乙", "丙丁", "戊己 ", "", " "})
		list := func(name string) wordlists.List {
			var l wordlists.List
			for _, w := range rapid.SliceOf(word).Draw(t, name) {
				l.Words = append(l.Words, wordlists.Word{Word: w})
			}
			return wordlists.Clean(l)
		}
		a, b := list("a"), list("b")
		if !slices.Equal(wordlists.Clean(a).Texts(), a.Texts()) || slices.Contains(a.Texts(), "") {
			t.Fatalf("cleaned: %q", a.Texts())
		}
		c := wordlists.Between(a.Texts(), b.Texts())
		made := slices.DeleteFunc(a.Texts(), func(w string) bool { return slices.Contains(c.Removed, w) })
		made = append(made, c.Added...)
		want := b.Texts()
		slices.Sort(made)
		slices.Sort(want)
		if !slices.Equal(made, want) {
			t.Fatalf("%q and %q: %+v", a.Texts(), b.Texts(), c)
		}
	})
}

func TestClearance(t *testing.T) {
	t.Parallel()
	good := wordlists.Clearance{Kind: wordlists.Persons, Word: "丁戊", Text: "丁戊苑", By: "某专家", Reason: "系自然地名，与人物无特定联系"}
	for _, tc := range []struct {
		name   string
		change func(*wordlists.Clearance)
		want   string
	}{
		{"good", func(*wordlists.Clearance) {}, ""},
		{"all beyond the list", func(c *wordlists.Clearance) { c.Kind, c.Word = wordlists.Leaders, "" }, ""},
		{"a leader", func(c *wordlists.Clearance) { c.Kind = wordlists.Leaders }, "word"},
		{"a word that is not there", func(c *wordlists.Clearance) { c.Word = "甲乙" }, "word"},
		{"nobody, without a reason", func(c *wordlists.Clearance) { c.By, c.Reason = " ", "" }, "by reason"},
		{"of no list", func(c *wordlists.Clearance) { c.Kind = "stars" }, "kind"},
	} {
		c := good
		tc.change(&c)
		if got := fields(c.Check()); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestCovers(t *testing.T) {
	t.Parallel()
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	good := wordlists.Cover{Class: "street", Area: "秦汉", Source: "第二次全国地名普查", Since: "2018-06-30"}
	for want, c := range map[string]wordlists.Cover{
		"":             good,
		"class":        {Class: "streets", Source: "普查", Since: "2018-06-30"},
		"source since": {Class: "street", Since: "2026-11-28"},
		"area since":   {Class: "street", Area: strings.Repeat("长", 31), Source: "普查"},
	} {
		if got := fields(c.Check(catalogue, "2026-11-27")); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	all := []wordlists.Cover{good, {Class: "seat"}, {Class: "residence"}}
	for _, tc := range []struct {
		class, scope, area string
		want               bool
	}{
		{"street", placenames.BuiltUpArea, "秦汉", true},
		{"street", placenames.BuiltUpArea, "沣东", false},
		{"street", placenames.BuiltUpArea, "", false},
		{"residence", placenames.BuiltUpArea, "沣东", true}, // of all of the territory
		{"seat", placenames.County, "", true},
		{"street", placenames.County, "", false}, // of one built-up area only
		{"seat", placenames.Province, "", false},
		{"seat", placenames.Nation, "", false},
		{"park", placenames.NoScope, "", false},
	} {
		if got := wordlists.Whole(all, tc.class, tc.scope, tc.area); got != tc.want {
			t.Errorf("%+v: %v", tc, got)
		}
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for _, k := range wordlists.Kinds() {
		if got, ok := wordlists.ParseKind(k.Code); !ok || string(got) != k.Code || k.ZH == "" || k.EN == "" {
			t.Errorf("%+v", k)
		}
	}
	if _, ok := wordlists.ParseKind("stars"); ok {
		t.Error("a kind that there is not")
	}
}
