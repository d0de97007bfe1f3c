package gazetteer_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/geo/divisions"
	"yike/placenames"
	"yike/placenames/gazetteer"
)

func catalogue(t *testing.T) *placenames.Catalogue {
	t.Helper()
	c, err := placenames.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func entry(text, class, initial string, s placenames.State) gazetteer.Entry {
	return gazetteer.Entry{Name: placenames.Name{ID: text, Text: text, State: s}, Class: class, Initial: initial}
}

// texts are the classes, letters and names of a book, one after another.
func texts(book []gazetteer.Chapter) []string {
	var out []string
	for _, c := range book {
		out = append(out, c.Class.Code)
		for _, g := range c.Groups {
			out = append(out, "-"+g.Initial)
			for _, e := range g.Entries {
				out = append(out, e.Text)
			}
		}
	}
	return out
}

func TestBook(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	first, last := c.Classes[0].Code.Code, c.Classes[len(c.Classes)-1].Code.Code
	for name, test := range map[string]struct {
		list []gazetteer.Entry
		want []string
	}{
		"nothing": {},
		"one":     {[]gazetteer.Entry{entry("甲", last, "J", placenames.Approved)}, []string{last, "-J", "甲"}},
		"many": {
			[]gazetteer.Entry{
				entry("？", last, "", placenames.Approved), entry("乙", last, "Y", placenames.Approved), entry("新", "zz", "X", placenames.Approved), entry("安", last, "A", placenames.Retired),
				entry("山", first, "S", placenames.Draft), entry("银", last, "Y", placenames.Approved), entry("旧", "aa", "J", placenames.Approved),
			},
			[]string{first, "-S", "山", last, "-A", "安", "-Y", "乙", "银", "-", "？", "aa", "-J", "旧", "zz", "-X", "新"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, texts(gazetteer.Book(test.list, c))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	e := entry("甲", "street", "J", placenames.Approved)
	e.Note, e.Meaning, e.Aliases = "内部", "美", []placenames.Alias{{Text: "小甲", Note: "居民说"}}
	list := []gazetteer.Entry{e, entry("乙", "street", "Y", placenames.Draft), entry("丙", "street", "B", placenames.Retired), entry("丁", "street", "D", placenames.Customary)}
	got := gazetteer.Open(list)
	if len(got) != 2 || got[0].Note != "" || got[0].Aliases[0] != (placenames.Alias{Text: "小甲"}) || got[0].Meaning != "美" || got[1].Text != "丁" {
		t.Errorf("%+v", got)
	}
	if list[0].Note != "内部" || list[0].Aliases[0].Note != "居民说" {
		t.Errorf("the list given was changed: %+v", list[0])
	}
}

func places() []divisions.Division {
	return []divisions.Division{
		{Code: "9", Level: divisions.District},
		{Code: "91", ParentCode: "9", Level: divisions.Subdistrict},
		{Code: "92", ParentCode: "9", Level: divisions.Subdistrict},
		{Code: "911", ParentCode: "91", Level: divisions.Community},
		{Code: "93", ParentCode: "9", Level: divisions.Subdistrict},
	}
}

func TestCount(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	whole := entry("甲", "street", "J", placenames.Approved)
	whole.Roman, whole.Geometry, whole.Heritage = "Jia", orb.Point{117, 39}, &placenames.Heritage{List: "名录"}
	whole.Divisions = []string{"911", "91", "92"}
	whole.Decision = placenames.Decision{Kind: placenames.Naming, Number: "1", Day: "2020-05-01", Body: "区"}
	bare := entry("乙", "street", "Y", placenames.Customary)
	bare.Divisions, bare.Decision = []string{"92", "gone"}, placenames.Decision{Kind: placenames.Observed}
	draft := entry("丙", "new", "B", placenames.Draft)
	draft.Divisions, draft.Heritage = []string{"gone"}, whole.Heritage
	renamed := entry("丁", "street", "D", placenames.Approved)
	renamed.Divisions, renamed.Decision = []string{"91"}, placenames.Decision{Kind: placenames.Renaming, Number: "2", Day: "2024-01-02", Body: "区"}
	got := gazetteer.Count([]gazetteer.Entry{whole, bare, draft, renamed}, c, places())
	if want := (gazetteer.Figures{Names: 4, InUse: 3, Protected: 1, NoSpelling: 2, NoGeometry: 2, NoDocument: 1}); got.Total != want {
		t.Errorf("%+v", got.Total)
	}
	var lines []string
	for _, d := range got.Divisions {
		lines = append(lines, d.Division.Code)
	}
	if diff := cmp.Diff([]string{"9", "91", "92", "911", ""}, lines); diff != "" {
		t.Fatal(diff)
	}
	for i, want := range []int{3, 2, 2, 1, 1} {
		if got.Divisions[i].Names != want {
			t.Errorf("%s: %d names; want %d", lines[i], got.Divisions[i].Names, want)
		}
	}
	years := []gazetteer.YearLine{
		{Year: "2024", Names: 1, Kinds: map[placenames.DecisionKind]int{placenames.Renaming: 1}},
		{Year: "2020", Names: 1, Kinds: map[placenames.DecisionKind]int{placenames.Naming: 1}},
		{Names: 1, Kinds: map[placenames.DecisionKind]int{placenames.Observed: 1}},
	}
	if diff := cmp.Diff(years, got.Years); diff != "" {
		t.Error(diff)
	}
	if n := len(c.Classes); len(got.Classes) != n+1 || got.Classes[n].Class.Code != "new" || got.Classes[n].States[placenames.Draft] != 1 {
		t.Errorf("%+v", got.Classes)
	}
	if none := gazetteer.Count(nil, c, nil); none.Total != (gazetteer.Figures{}) || len(none.Classes) != len(c.Classes) || none.Divisions != nil || none.Years != nil {
		t.Errorf("%+v", none)
	}
}

// TestNothingIsLost holds that each record is in the book once, and in each part of the
// figures as often as in the total.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	states := placenames.States()
	rapid.Check(t, func(t *rapid.T) {
		var list []gazetteer.Entry
		for range rapid.IntRange(0, 40).Draw(t, "records") {
			e := entry(rapid.StringMatching(`[甲乙丙]{1,3}`).Draw(t, "text"), rapid.SampledFrom([]string{"street", "building", c.Classes[0].Code.Code, "unknown"}).Draw(t, "class"),
				rapid.SampledFrom([]string{"", "A", "M", "Z"}).Draw(t, "initial"), placenames.State(rapid.SampledFrom(states).Draw(t, "state").Code))
			e.Divisions = rapid.SliceOfN(rapid.SampledFrom([]string{"9", "91", "92", "911", "gone"}), 0, 3).Draw(t, "divisions")
			list = append(list, e)
		}
		inBook := 0
		for _, chapter := range gazetteer.Book(list, c) {
			inBook += chapter.Names()
			if !slices.IsSortedFunc(chapter.Groups, func(a, b gazetteer.Group) int {
				return cmpInitial(a.Initial, b.Initial)
			}) {
				t.Errorf("the letters are not in order: %v", texts([]gazetteer.Chapter{chapter}))
			}
		}
		got := gazetteer.Count(list, c, places())
		inClasses, inStates := 0, 0
		for _, l := range got.Classes {
			inClasses += l.Names
		}
		for _, l := range got.States {
			inStates += l.Names
		}
		inDistrict := 0
		for _, l := range got.Divisions {
			if l.Division.Code == "9" || l.Division.Code == "" {
				inDistrict += l.Names
			}
		}
		for what, n := range map[string]int{"book": inBook, "classes": inClasses, "states": inStates, "district": inDistrict, "total": got.Total.Names} {
			if n != len(list) {
				t.Errorf("%s: %d of %d", what, n, len(list))
			}
		}
	})
}

func cmpInitial(a, b string) int {
	switch {
	case a == b:
		return 0
	case b == "" || a != "" && a < b:
		return -1
	}
	return 1
}
