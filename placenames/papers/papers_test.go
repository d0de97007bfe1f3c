package papers_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yike/internal/record"
	"yike/placenames/papers"
	"yike/placenames/process"
)

// TestKindsStandInTheProcedure holds every kind to a step and a material of the program's
// procedures, and every step of theirs to find its papers.
func TestKindsStandInTheProcedure(t *testing.T) {
	t.Parallel()
	book, err := process.NewBook()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[papers.Kind]bool{}
	for _, track := range book.Tracks {
		for _, step := range track.Steps {
			for _, s := range papers.AtStep(track.Code.Code, step.Code.Code, step.NeedsOf(process.Naming)) {
				seen[s.Kind()] = true
			}
		}
	}
	for _, s := range papers.Kinds() {
		if !seen[s.Kind()] || s.ZH == "" || s.EN == "" {
			t.Errorf("%s stands at no step", s.Kind())
		}
		if got, ok := papers.Of(s.Kind()); !ok || got.Step != s.Step {
			t.Errorf("%s is not found", s.Kind())
		}
	}
	if _, ok := papers.Of("poem"); ok {
		t.Error("there is no such kind")
	}
	if got := papers.AtStep("decide", "filing", []string{"filing_form"}); len(got) != 1 || got[0].Kind() != papers.FilingForm {
		t.Error("a step that an authority changed has the papers it asks for:", got)
	}
	if got := papers.AtStep("opinion", "approval", []string{"approval"}); got != nil {
		t.Error("what another department approves is not written here:", got)
	}
}

func TestNumbersFollowOneAnother(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := papers.Series{Prefix: "清民地名"}
		if rapid.Bool().Draw(t, "goes on") {
			s.Year, s.First = 2026, rapid.IntRange(1, 500).Draw(t, "first")
		}
		last := map[int]int{}
		for range rapid.IntRange(1, 40).Draw(t, "papers") {
			year := rapid.IntRange(2025, 2028).Draw(t, "year")
			n := s.Next(year, last[year])
			want := last[year] + 1
			if last[year] == 0 && year == s.Year {
				want = s.First
			}
			if n.No != want || n.Year != year || n.Series != "清民地名" {
				t.Fatalf("%d after %d of %d", n.No, last[year], year)
			}
			last[year] = n.No
		}
	})
}

func TestTypedNumbers(t *testing.T) {
	t.Parallel()
	s := papers.Settings{Series: []papers.Series{{Prefix: "清民地名", Kinds: []papers.Kind{papers.Reply}}}}
	for _, c := range []struct {
		kind papers.Kind
		text string
		bad  bool
	}{
		{papers.Reply, "", false},
		{papers.Reply, "清政函〔2026〕1号", true},
		{papers.Approval, "清政函〔2026〕1号", false},
		{papers.Approval, " 清民地名 [2026] 7号", true},
	} {
		if got := s.Typed(c.kind, c.text); (len(got) > 0) != c.bad {
			t.Errorf("%s %q: %v", c.kind, c.text, got)
		}
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	ok := papers.Settings{
		Series: []papers.Series{{Prefix: " 清民地名 ", Kinds: []papers.Kind{papers.Reply, papers.Minutes}, Year: 2026, First: 13}, {Prefix: "清政地批", Kinds: []papers.Kind{papers.Approval}}},
		To:     map[papers.Kind]string{papers.FilingReport: " 市民政局 ", papers.Reply: " "},
	}.Clean()
	if f := ok.Validate(); f != nil {
		t.Error(f)
	}
	if len(ok.To) != 1 || ok.To[papers.FilingReport] != "市民政局" || ok.Series[0].Prefix != "清民地名" {
		t.Error(ok)
	}
	if s, has := ok.SeriesOf(papers.Minutes); !has || s.Prefix != "清民地名" {
		t.Error(s)
	}
	if _, has := ok.SeriesOf(papers.Announcement); has {
		t.Error("nobody set a series for it")
	}
	for what, c := range map[string]struct {
		s  papers.Settings
		at string
	}{
		"empty prefix":     {papers.Settings{Series: []papers.Series{{Kinds: []papers.Kind{papers.Reply}}}}, "series/0/prefix"},
		"a whole number":   {papers.Settings{Series: []papers.Series{{Prefix: "清民〔2026〕", Kinds: []papers.Kind{papers.Reply}}}}, "series/0/prefix"},
		"twice":            {papers.Settings{Series: []papers.Series{{Prefix: "甲", Kinds: []papers.Kind{papers.Reply}}, {Prefix: "甲", Kinds: []papers.Kind{papers.Minutes}}}}, "series/1/prefix"},
		"no kind":          {papers.Settings{Series: []papers.Series{{Prefix: "甲"}}}, "series/0/kinds"},
		"without a number": {papers.Settings{Series: []papers.Series{{Prefix: "甲", Kinds: []papers.Kind{papers.SurveyRecord}}}}, "series/0/kinds"},
		"of two series":    {papers.Settings{Series: []papers.Series{{Prefix: "甲", Kinds: []papers.Kind{papers.Reply}}, {Prefix: "乙", Kinds: []papers.Kind{papers.Reply}}}}, "series/1/kinds"},
		"first of no year": {papers.Settings{Series: []papers.Series{{Prefix: "甲", Kinds: []papers.Kind{papers.Reply}, First: 3}}}, "series/0/first"},
		"to nobody":        {papers.Settings{To: map[papers.Kind]string{"poem": "x"}}, "to/poem"},
		"to too long":      {papers.Settings{To: map[papers.Kind]string{papers.Reply: strings.Repeat("甲", 201)}}, "to/reply"},
		"too many":         {papers.Settings{Series: make([]papers.Series, 21)}, "series"},
	} {
		if f := c.s.Validate(); !slices.ContainsFunc(f, func(f record.Fault) bool { return f.Field == c.at && f.ZH != "" && f.EN != "" }) {
			t.Errorf("%s: %v", what, f)
		}
	}
}

func TestDrafts(t *testing.T) {
	t.Parallel()
	if f := (papers.Draft{Kind: papers.Reply, Day: "2026-11-27"}).Validate("2026-11-28"); f != nil {
		t.Error(f)
	}
	many := map[string]string{}
	for i := range 101 {
		many[strings.Repeat("x", i+1)] = ""
	}
	for field, d := range map[string]papers.Draft{
		"day": {Day: "2026-11-29"}, "number": {Day: "2026-11-28", Number: strings.Repeat("甲", 61)}, "to": {Day: "2026-11-28", To: strings.Repeat("甲", 201)},
		"filled": {Day: "2026-11-28", Filled: many}, "filled/意见": {Day: "2026-11-28", Filled: map[string]string{"意见": strings.Repeat("甲", 2001)}},
	} {
		if f := d.Validate("2026-11-28"); len(f) != 1 || f[0].Field != field {
			t.Errorf("%s: %v", field, f)
		}
	}
	if f := (papers.Draft{}).Validate("2026-11-28"); len(f) != 1 {
		t.Error("without a day:", f)
	}
}

func TestThePaperThatHolds(t *testing.T) {
	t.Parallel()
	list := []papers.Paper{{ID: "1", Kind: papers.Reply}, {ID: "2", Kind: papers.Reply}, {ID: "3", Kind: papers.Reply, Void: &papers.Void{}}, {ID: "4", Kind: papers.Minutes}}
	if p := papers.Present(list, papers.Reply); p == nil || p.ID != "2" {
		t.Error(p)
	}
	if p := papers.Present(list, papers.Approval); p != nil {
		t.Error(p)
	}
}
