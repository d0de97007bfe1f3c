package facilityimport

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/internal/pack"
)

func named(source, name string, capacity int) facilities.Facility {
	return facilities.Facility{SourceID: source, NameZH: name, Capacity: capacity, Status: facilities.Open, Point: orb.Point{117, 39}}
}

func TestKept(t *testing.T) {
	t.Parallel()
	edited := []facilities.Facility{named("a", "甲改", 80), named("b", "乙", 1), named("c", "丙", 1), named("yike:1", "丁", 1)}
	given := []facilities.Facility{named("a", "甲", 90), named("c", "丙", 1), named("d", "戊", 1)}
	var r pack.Report
	Kept(&r, edited, given)
	want := []pack.Text{
		{ZH: "4 处设施由人员登记或修改，保留不动：甲改、乙、丙、丁", EN: "4 facilities that people registered or changed are kept as they are: 甲改, 乙, 丙, 丁"},
		{ZH: "保留的「甲改」（a）：数据包另作 名称 甲改→甲；容量 80→90", EN: "甲改 (a) is kept: the pack has name 甲改→甲; capacity 80→90"},
		{ZH: "保留的「乙」（b）：数据包中已没有", EN: "乙 (b) is kept: the pack no longer has it"},
	}
	if d := cmp.Diff(want, r.Warnings); d != "" || r.Counts["kept"] != 4 {
		t.Error(d, r.Counts)
	}
}

func TestNothingOfPeople(t *testing.T) {
	t.Parallel()
	var r pack.Report
	Kept(&r, nil, []facilities.Facility{named("a", "甲", 1)})
	Gone(&r, nil)
	Outside(&r, nil)
	if d := cmp.Diff(pack.Report{}, r); d != "" {
		t.Error(d)
	}
}

// Reports stay readable however much people wrote.
func TestLongLists(t *testing.T) {
	t.Parallel()
	var edited, given []facilities.Facility
	for i := range 50 {
		edited = append(edited, named(fmt.Sprint(i), fmt.Sprint("堂", i), 1))
		given = append(given, named(fmt.Sprint(i), fmt.Sprint("堂", i), 2))
	}
	var r pack.Report
	Kept(&r, edited, given)
	if len(r.Warnings) != 1+mostNamed+1 || !strings.HasSuffix(r.Warnings[0].ZH, "堂19 等") || r.Warnings[1+mostNamed].EN != "30 more differ from the pack" {
		t.Errorf("%d warnings: %+v", len(r.Warnings), r.Warnings)
	}
	r = pack.Report{}
	Gone(&r, edited)
	Outside(&r, edited[:1])
	if len(r.Warnings) != 2 || !strings.Contains(r.Warnings[0].ZH, "50 处设施随之移除，历史中保留") || r.Counts["edits_removed"] != 50 || !strings.Contains(r.Warnings[1].EN, "1 facilities") {
		t.Errorf("%+v", r)
	}
}
