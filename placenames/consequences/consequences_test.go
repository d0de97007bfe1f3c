package consequences_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/consequences"
)

func TestWhatSpeaksOfAName(t *testing.T) {
	t.Parallel()
	longer := []string{"中山路北街", "东中山路", "中山路", "长安街"}
	for text, want := range map[string]bool{
		"中山路3号": true, "示例区中山路与长安街交叉口": true, "中山路北街3号": false, "东中山路8号": false, "中山路北街与中山路交叉口": true,
		"中山北路3号": false, "": false,
	} {
		if got := consequences.Speaks(text, "中山路", longer); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if consequences.Speaks("任何地方", "", nil) {
		t.Error("everything speaks of no name")
	}
}

// TestSpeakingWithoutOthers holds that without longer names it is a search for characters, and
// that longer names only ever take away.
func TestSpeakingWithoutOthers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		word := rapid.StringOfN(rapid.SampledFrom([]rune("中山路北")), 1, 4, -1)
		text, name := rapid.StringOfN(rapid.SampledFrom([]rune("中山路北3")), 0, 12, -1).Draw(rt, "text"), word.Draw(rt, "name")
		longer := rapid.SliceOfN(word, 0, 4).Draw(rt, "longer")
		if consequences.Speaks(text, name, nil) != strings.Contains(text, name) {
			rt.Fatal("not a search for characters")
		}
		if consequences.Speaks(text, name, longer) && !strings.Contains(text, name) {
			rt.Fatal("a longer name added one")
		}
	})
}

func TestCostIsNeverInvented(t *testing.T) {
	t.Parallel()
	price := consequences.Price{Kind: consequences.Plate, Fen: 4550, Source: "示例合同", Day: "2026-01-01"}
	groups := []consequences.Group{
		{Kind: consequences.Sign, Count: 3}, {Kind: consequences.Plate, Count: 5000}, {Kind: consequences.Facility, Count: 2}, {Kind: consequences.Address},
	}
	got := consequences.Weigh(groups, []consequences.Price{price})
	want := consequences.Cost{
		Lines: []consequences.Line{{Kind: consequences.Sign, Count: 3}, {Kind: consequences.Plate, Count: 5000, Price: &price, Fen: 22_750_000}},
		Fen:   22_750_000, Missing: []consequences.Kind{consequences.Sign},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := consequences.Weigh(nil, nil); got.Fen != 0 || got.Lines != nil || got.Missing != nil {
		t.Errorf("of nothing: %+v", got)
	}
	if !(consequences.Group{Count: 2, Items: make([]consequences.Carrier, 1)}).More() {
		t.Error("one of two is all")
	}
}

func TestPricesHaveASource(t *testing.T) {
	t.Parallel()
	good := consequences.Price{Kind: consequences.Sign, Fen: 120000, Source: "2026年招标", Day: "2026-05-01"}
	if f := consequences.ValidatePrices([]consequences.Price{good}, "2026-11-28"); f != nil {
		t.Errorf("%+v", f)
	}
	bad := []consequences.Price{
		good, good,
		{Kind: "house", Fen: 1, Source: "x", Day: "2026-01-01"},
		{Kind: consequences.Plate, Fen: -1, Day: "2027-01-01", Source: " "},
		{Kind: consequences.Address, Fen: 1_000_000_01, Source: "x", Day: "x"},
	}
	var fields []string
	for _, f := range consequences.ValidatePrices(bad, "2026-11-28") {
		fields = append(fields, f.Field)
	}
	if want := []string{"1/kind", "2/kind", "3/fen", "3/source", "3/day", "4/fen", "4/day"}; !slices.Equal(fields, want) {
		t.Errorf("%v, want %v", fields, want)
	}
}

func TestWhatHasToFollow(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	c := func(k consequences.Kind, id, text string) consequences.Carrier {
		return consequences.Carrier{Kind: k, ID: id, Text: text}
	}
	open := []consequences.Carrier{c(consequences.Facility, "1", "乙站"), c(consequences.Facility, "2", "甲站"), c(consequences.Sign, "1", "牌"), c(consequences.Sign, "1", "牌")}
	past := []consequences.Past{{c(consequences.Facility, "2", "甲站"), "甲", at}, {c(consequences.Facility, "3", "丙站"), "乙", at}, {c(consequences.Facility, "3", "丙站"), "丁", at}}
	marks := []consequences.Mark{
		{Kind: consequences.Facility, ItemID: "1", State: consequences.SetAside, Reason: "历史建筑", By: "丙", At: at},
		{Kind: consequences.Sign, ItemID: "1", State: consequences.Open, Reason: "还没有换"},
		{Kind: consequences.Facility, ItemID: "3", State: consequences.SetAside, Reason: "x"},
	}
	got := consequences.Follow(open, past, marks)
	want := []consequences.Task{
		{Carrier: c(consequences.Sign, "1", "牌"), State: consequences.Open},
		{Carrier: c(consequences.Facility, "2", "甲站"), State: consequences.Open},
		{Carrier: c(consequences.Facility, "1", "乙站"), State: consequences.SetAside, By: "丙", At: at, Reason: "历史建筑"},
		{Carrier: c(consequences.Facility, "3", "丙站"), State: consequences.Done, By: "乙", At: at},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := consequences.Tally(got); n[consequences.Facility][consequences.Open] != 1 || n[consequences.Sign][consequences.Open] != 1 {
		t.Errorf("%+v", n)
	}
	if got := consequences.Follow(nil, nil, marks); got != nil {
		t.Errorf("of nothing: %+v", got)
	}
}

func TestMarksSayWhy(t *testing.T) {
	t.Parallel()
	if f := (consequences.Mark{Kind: consequences.Sign, State: consequences.Done, Reason: "照片"}).Validate(); f != nil {
		t.Errorf("%+v", f)
	}
	if f := (consequences.Mark{Kind: "x", State: "y", Reason: " "}).Validate(); len(f) != 3 {
		t.Errorf("%+v", f)
	}
}

func TestTheOldNewTable(t *testing.T) {
	t.Parallel()
	by := func(k placenames.DecisionKind, day record.Day) placenames.Decision {
		return placenames.Decision{Kind: k, Number: "1", Day: day, Body: "区"}
	}
	n := placenames.Name{
		ID: "1", Text: "丙路", Roman: "Bing Lu", Kind: "road", State: placenames.Retired, Divisions: []string{"990001"}, Decision: by(placenames.Retirement, "2026-01-01"),
		Former: []placenames.Former{
			{Text: "甲路", Until: "2010-01-01", Decision: by(placenames.Renaming, "2010-01-01")},
			{Text: "乙路", Roman: "Yi Lu", Until: "2020-01-01", Decision: by(placenames.Renaming, "2020-01-01")},
		},
	}
	all := consequences.Of(n, consequences.Successor{ID: "2", Text: "丁路"})
	consequences.Sort(all)
	var got []string
	for _, c := range all {
		got = append(got, string(c.Day)+" "+string(c.Act)+" "+c.Old+"→"+c.New+" "+c.NewRoman+" "+c.NewID+" "+c.Division)
	}
	want := []string{"2026-01-01 ended 丙路→丁路  2 990001", "2020-01-01 renamed 乙路→丙路 Bing Lu 1 990001", "2010-01-01 renamed 甲路→乙路 Yi Lu 1 990001"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if told := consequences.Told(n); !slices.Equal(told, []string{"丙路", "甲路", "乙路"}) {
		t.Errorf("%v", told)
	}
	n.State, n.Former = placenames.Approved, append(n.Former, placenames.Former{Text: "丙路"})
	if told := consequences.Told(n); !slices.Equal(told, []string{"甲路", "乙路"}) {
		t.Errorf("what is its name again: %v", told)
	}
	if all := consequences.Of(placenames.Name{Text: "x", State: placenames.Approved}, consequences.Successor{}); all != nil {
		t.Errorf("nothing changed: %+v", all)
	}
	for _, code := range consequences.Acts() {
		if code.ZH == "" || code.EN == "" {
			t.Errorf("%+v", code)
		}
	}
}
