package funeral

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yike/facilities"
)

func n64(n int64) *int64 { return &n }

func hall(id, level string, fate Fate, total, used int64, serves ...string) Hall {
	return Hall{ID: id, NameZH: id, Level: level, Fate: fate, Status: facilities.Open, Total: n64(total), Used: n64(used), Serves: serves}
}

func village(code string, people int64) Community {
	return Community{Code: code, People: people * personUnits, Known: true}
}

// Worked by hand: 10,000 people × 5.715 ‰ = 57.15 deaths a year, half of them in niches:
// 28.575 a year, so 29, 58 and 86 after one, two and three years.
func TestBalanceByHand(t *testing.T) {
	t.Parallel()
	halls := []Hall{
		hall("街镇堂", "subdistrict", Improve, 300, 100, "b"),
		hall("甲村堂", "village", Merge, 80, 70, "a"),
		hall("乙村堂", "village", Ban, 50, 20, "c"),
	}
	transfers := []Transfer{
		{ID: "t1", From: "甲村堂", To: "街镇堂", Year: 2027, Niches: 70, Villages: []string{"a"}},
		{ID: "t2", From: "乙村堂", To: "街镇堂", Year: 2027, Niches: 5},
		{ID: "t3", From: "乙村堂", To: "街镇堂", Year: 2027, Niches: 15, Cancelled: true},
	}
	communities := []Community{village("a", 10_000), village("b", 10_000), village("c", 0), village("d", 10_000)}
	got := Balanced(halls, transfers, communities, DefaultAssumptions(2026, 2028))

	if d := cmp.Diff([]HallYear{
		{Year: 2026, Deaths: 29, Used: 129, Free: 171},
		{Year: 2027, Moved: 75, Deaths: 57, Used: 261, Free: 39}, // person-years 30,000: ceil(85.725) = 86
		{Year: 2028, Deaths: 57, Used: 318, Free: -18},           // 50,000: ceil(142.875) = 143
	}, got.Receiving[0].Years); d != "" {
		t.Error(d)
	}
	if r := got.Receiving[0]; r.Full != 2028 || r.Left != 0 || len(got.Receiving) != 1 || !cmp.Equal(r.Villages, []string{"a", "b"}) {
		t.Errorf("%+v", r)
	}
	a := got.Closing[1] // 甲 sorts after 乙
	if a.Hall.ID != "甲村堂" || a.Added != 29 || a.Remaining != 29 || len(a.Stranded) != 0 || !cmp.Equal(a.Villages, []string{"a"}) {
		t.Errorf("a hall whose village leaves after a year: %+v", a)
	}
	b := got.Closing[0]
	if b.Remaining != 15 || !cmp.Equal(b.Stranded, []string{"c"}) {
		t.Errorf("a hall with villages that nobody takes: %+v", b)
	}
	if d := cmp.Diff([]Year{
		{Year: 2026, ToMove: 70 + 29 + 20, Free: 171, Deaths: 29 + 29 + 29, Homeless: 29},
		{Year: 2027, ToMove: 29 + 15, Free: 39, Deaths: 57 + 29, Moved: 75, Homeless: 29},
		{Year: 2028, ToMove: 29 + 15, Free: -18, Deaths: 57 + 28, Homeless: 28, Shortfall: 18},
	}, got.Totals); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"c", "d"}, got.Unassigned); d != "" {
		t.Error(d)
	}
	if got.Demand == nil || *got.Demand != 1715 { // 30,000 × 5.715 ‰ × 20 × 50 % = 1714.5
		t.Errorf("demand %v", got.Demand)
	}
}

// The figure that the domain pages work out for a district of 851,000 people.
func TestDemandOfTheStandard(t *testing.T) {
	t.Parallel()
	got := Balanced(nil, nil, []Community{village("x", 851_000)}, DefaultAssumptions(2026, 2026))
	if got.Demand == nil || *got.Demand != 48_635 { // 48,634.65
		t.Errorf("%d", *got.Demand)
	}
}

func TestWhatIsNotKnownIsSaid(t *testing.T) {
	t.Parallel()
	unknown := hall("不详", "village", Keep, 0, 0, "a")
	unknown.Used = nil
	unsorted := hall("未定", "village", Undecided, 10, 1)
	later := hall("拟建", "subdistrict", Build, 500, 0)
	later.Status, later.Opens = facilities.Planned, 2028
	closing := hall("关", "village", Ban, 10, 10, "b")
	transfers := []Transfer{
		{ID: "late", From: "关", To: "拟建", Year: 2027, Niches: 1},
		{ID: "nowhere", From: "关", To: "不在", Year: 2027, Niches: 1},
		{ID: "long ago", From: "关", To: "拟建", Year: 2001, Niches: 1},
	}
	communities := []Community{{Code: "a"}, village("b", 1)}
	got := Balanced([]Hall{unknown, unsorted, later, closing}, transfers, communities, DefaultAssumptions(2026, 2028))
	if d := cmp.Diff([][]string{{"不详"}, {"a"}, {"未定"}, {"late"}, {"nowhere", "long ago"}}, [][]string{
		got.UnknownHalls, got.UnknownPeople, got.UnsortedHalls, got.LateTransfers, got.TransfersAside,
	}); d != "" {
		t.Error(d)
	}
	if got.Demand != nil {
		t.Error("a demand of people who are not known")
	}
	for _, r := range got.Receiving {
		if r.Hall.ID == "不详" && (r.Known || len(r.Years) > 0) {
			t.Error("years of a hall whose niches are not known")
		}
		if r.Hall.ID == "拟建" && (r.Years[1].Free != -1 || r.Years[2].Free != 499) {
			t.Errorf("a hall to come: %+v", r.Years)
		}
	}
	if !got.Closing[0].Moves[0].Late {
		t.Error("a move into a hall that is not there yet")
	}
	if empty := Balanced(nil, nil, nil, DefaultAssumptions(2026, 2025)); len(empty.Totals) != 0 || empty.Demand != nil {
		t.Errorf("%+v", empty)
	}
}

// No niche is lost or made: what is used at the end is what was used at the beginning and
// what deaths needed, wherever it was moved.
func TestNichesAreConserved(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		halls, transfers, communities := drawDistrict(t)
		b := Balanced(halls, transfers, communities, DefaultAssumptions(2026, 2026+rapid.IntRange(0, 6).Draw(t, "years")))
		var before, deaths int64
		for _, h := range halls {
			before += *h.Used
		}
		for i, y := range b.Totals {
			deaths += y.Deaths - y.Homeless
			now := y.ToMove
			for _, r := range b.Receiving {
				now += r.Years[i].Used
			}
			if now != before+deaths {
				t.Fatalf("%d: %d niches used, want %d and %d for deaths", y.Year, now, before, deaths)
			}
		}
		for _, v := range b.Villages {
			if (v.After == "") && v.Deaths < 0 {
				t.Fatal("negative deaths")
			}
		}
		for _, c := range b.Closing {
			if len(c.Stranded) > len(c.Villages) {
				t.Fatal("more stranded than there were")
			}
		}
	})
}

// A hall that is larger is never full sooner, and more deaths never leave more free.
func TestBalanceIsMonotone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		halls, transfers, communities := drawDistrict(t)
		a := DefaultAssumptions(2026, 2030)
		base := Balanced(halls, transfers, communities, a)
		a.MortalityPPM += 2_000
		more := Balanced(halls, transfers, communities, a)
		for i := range base.Totals {
			if more.Totals[i].Free > base.Totals[i].Free || more.Totals[i].ToMove < base.Totals[i].ToMove {
				t.Fatalf("more deaths leave more free: %+v, %+v", base.Totals[i], more.Totals[i])
			}
		}
	})
}

func drawDistrict(t *rapid.T) ([]Hall, []Transfer, []Community) {
	var communities []Community
	for i := range rapid.IntRange(0, 5).Draw(t, "communities") {
		communities = append(communities, village(fmt.Sprint("c", i), rapid.Int64Range(0, 20_000).Draw(t, "people")))
	}
	code := rapid.SampledFrom([]string{"c0", "c1", "c2", "c3", "c4"})
	var halls []Hall
	for i := range rapid.IntRange(1, 4).Draw(t, "halls") {
		fate := rapid.SampledFrom(Fates()).Draw(t, "fate")
		h := hall(fmt.Sprint("h", i), rapid.SampledFrom([]string{"village", "subdistrict"}).Draw(t, "level"), fate,
			rapid.Int64Range(0, 500).Draw(t, "total"), rapid.Int64Range(0, 500).Draw(t, "used"), rapid.SliceOfN(code, 0, 3).Draw(t, "serves")...)
		halls = append(halls, h)
	}
	var transfers []Transfer
	for i := range rapid.IntRange(0, 4).Draw(t, "transfers") {
		from, to := rapid.SampledFrom(halls).Draw(t, "from"), rapid.SampledFrom(halls).Draw(t, "to")
		if from.Fate.Closes() && to.Receives() {
			transfers = append(transfers, Transfer{
				ID: fmt.Sprint("t", i), From: from.ID, To: to.ID, Year: rapid.IntRange(2026, 2032).Draw(t, "year"),
				Niches: rapid.Int64Range(0, 100).Draw(t, "niches"), Villages: rapid.SliceOfN(code, 0, 2).Draw(t, "villages"),
			})
		}
	}
	return halls, transfers, communities
}

func TestHallOf(t *testing.T) {
	t.Parallel()
	f := facilities.Facility{ID: "1", NameZH: "堂", Status: facilities.Open, Capacity: 40, Fields: map[string]any{
		"niches_used": 12.0, "level": "village", "fate": "merge", "opens_year": 2028.0,
	}}
	h := HallOf(f)
	if h.Level != "village" || h.Fate != Merge || *h.Total != 40 || *h.Used != 12 || h.Opens != 2028 || *h.Free() != 28 {
		t.Errorf("%+v", h)
	}
	f.Fields = map[string]any{"niches_total": 10.5, "niches_used": -1.0, "fate": "sell", "level": 3.0}
	f.Capacity = 0
	if h := HallOf(f); h.Total != nil || h.Used != nil || h.Fate != Undecided || h.Level != "" || h.Free() != nil {
		t.Errorf("%+v", h)
	}
	for _, fate := range Fates() {
		if zh, en := fate.Text(); zh == "" || en == "" {
			t.Errorf("no words for %q", fate)
		}
	}
}
