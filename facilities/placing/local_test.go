package placing_test

import (
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/facilities/placing"
	"yike/geo"
)

// localWorld adds to the world what people of a community call by short names.
func localWorld() *world {
	w := newWorld()
	extra := []placing.Entry{
		{Kind: placing.Facility, ID: "x1", Name: "何家洼村农村幸福院", Point: w.at(2300, 1700), Address: "何家洼村"},
		{Kind: placing.Facility, ID: "x2", Name: "何家洼村党群服务中心", Point: w.at(2320, 1720), Address: "何家洼村"},
		{Kind: placing.Facility, ID: "x3", Name: "翠荣社区党群服务中心", Point: w.at(3500, 1500), Address: "石桥二路"},
		{Kind: placing.Facility, ID: "x4", Name: "翠荣社区东区卫生站", Point: w.at(3400, 1500)},
		{Kind: placing.Facility, ID: "x5", Name: "翠荣社区西区卫生站", Point: w.at(3600, 1500)},
		// 长江道 is numbered closely: 2 and 8 are 36 m apart, 20 and 60 stand on one spot.
		{Kind: placing.Door, ID: "d1", Name: "长江道", Number: "2", Point: w.at(500, 1970)},
		{Kind: placing.Door, ID: "d2", Name: "长江道", Number: "8", Point: w.at(536, 1970)},
		{Kind: placing.Door, ID: "d3", Name: "长江道", Number: "20", Point: w.at(700, 1970)},
		{Kind: placing.Door, ID: "d4", Name: "长江道", Number: "60", Point: w.at(707, 1970)},
	}
	w.entries = append(w.entries, extra...)
	w.gaz = placing.New(w.list, func(yield func(placing.Entry) bool) {
		for _, e := range w.entries {
			if !yield(e) {
				return
			}
		}
	})
	return w
}

// TestWhatACommunityCallsSo finds what a short name means within its community, for a
// person to confirm.
func TestWhatACommunityCallsSo(t *testing.T) {
	t.Parallel()
	w := localWorld()
	const village, urban = "120111002003", "120111002004"
	for _, tc := range []struct {
		text, division string
		id             string // of the best; "" for none with a position
		says           string
	}{
		{"何家洼村幸福院内", "", "x1", "只有"},
		{"幸福院", village, "x1", "只有"},
		{"村委会东侧", village, "x2", "居（村）委会多设在此"},
		{"何家洼村村委会", "", "x2", "居（村）委会多设在此"},
		{"翠荣社区居委会一楼", "", "x3", "居（村）委会多设在此"},
		{"翠荣社区卫生站", "", "", ""}, // there are two
		{"村委会东侧", "", "", ""},   // of which village?
		{"村委会东侧", "120111002", "", ""},
		{"老供销社", village, "", ""},
		{"院内", village, "", ""},
	} {
		r := w.gaz.Place(placing.Query{Text: tc.text, Division: tc.division})
		var best placing.Candidate
		if len(r.Candidates) > 0 && r.Candidates[0].Placed {
			best = r.Candidates[0]
		}
		if best.ID != tc.id || !strings.Contains(best.ZH, tc.says) {
			t.Errorf("%s in %q: %+v; want %q", tc.text, tc.division, best, tc.id)
		}
		if _, kept := r.Best(); kept {
			t.Errorf("%s is kept without a look: %+v", tc.text, best)
		}
	}
	// The record itself is no evidence of its own place.
	if r := w.gaz.Place(placing.Query{Text: "何家洼村幸福院", Except: "x1"}); len(r.Candidates) > 0 && r.Candidates[0].ID == "x1" {
		t.Errorf("%+v", r.Candidates[0])
	}
}

// TestBetweenDoorsThatAreNear keeps a number between two that stand a few houses apart, and
// none between two that cannot be where they are said to be.
func TestBetweenDoorsThatAreNear(t *testing.T) {
	t.Parallel()
	w := localWorld()
	best, kept := w.gaz.Place(placing.Query{Text: "长江道4号"}).Best()
	if !kept || best.Kind != placing.Between || geo.Distance(best.Point, w.at(512, 1990)) > 5 {
		t.Errorf("kept %v: %+v", kept, best)
	}
	r := w.gaz.Place(placing.Query{Text: "长江道40号"})
	if _, kept := r.Best(); kept || r.Candidates[0].Kind != placing.Between || !strings.Contains(r.Candidates[0].ZH, "隔得太近") {
		t.Errorf("kept %v: %+v", kept, r.Candidates)
	}
	// Beyond the last number that is known nothing is made up.
	if r := w.gaz.Place(placing.Query{Text: "长江道62号"}); len(r.Candidates) == 0 || r.Candidates[0].Placed || r.Candidates[0].Point != (orb.Point{}) {
		t.Errorf("%+v", r.Candidates)
	}
}

// TestANameSaidTwice takes 嘉枫苑小区 for 嘉枫苑 without a doubt.
func TestANameSaidTwice(t *testing.T) {
	t.Parallel()
	w := newWorld()
	plain, _ := w.gaz.Place(placing.Query{Text: "怀湖花园3号楼"}).Best()
	twice, kept := w.gaz.Place(placing.Query{Text: "怀湖花园小区3栋底商"}).Best()
	if !kept || twice.ID != plain.ID || twice.Confidence != plain.Confidence-12 {
		t.Errorf("kept %v: %+v; %+v", kept, twice, plain)
	}
}
