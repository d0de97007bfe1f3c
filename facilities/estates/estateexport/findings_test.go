package estateexport_test

import (
	"bytes"
	"strings"
	"testing"

	"yike/facilities/estates"
	"yike/facilities/estates/estateexport"
	"yike/internal/rules"
)

func TestFindingsWorkbook(t *testing.T) {
	t.Parallel()
	e := example(2)
	e.Name = "=1+1"
	f := estateexport.FindingsFile{
		Estate: e, Place: []string{"西青区", "和苑社区"}, Set: set(t), Check: estates.CheckAll(set(t), e, context()), Day: "2026-11-28", Notices: []string{"合成示例数据"},
	}
	var out, again bytes.Buffer
	if err := f.WriteXLSX(&out); err != nil {
		t.Fatal(err)
	}
	if err := f.WriteXLSX(&again); err != nil || !bytes.Equal(out.Bytes(), again.Bytes()) {
		t.Errorf("two workbooks are not the same: %v", err)
	}
	lines := strings.Split(reportSheet(t, out.Bytes(), "核查明细"), "\n")
	text := strings.Join(lines, "\n")
	for _, want := range []string{"=1+1 配建核查明细", "西青区和苑社区", "2026-11-28；全部规则", "合成示例数据", "用房 1：", "不详（", "社区服务", "原文"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, text)
		}
	}
	last := -1
	for _, found := range f.Check.Findings {
		zh, _ := f.Set.Formula(found.Rule)
		if !strings.Contains(text, found.Rule.ID) || !strings.Contains(text, zh) {
			t.Errorf("%s is missing", found.Rule.ID)
		}
		if found.Rule.Severity == rules.Error && found.Outcome == rules.Fail {
			last = max(last, strings.Index(text, "\n"+found.Rule.ID))
		}
	}
	if open := strings.Index(text, "待定 必须"); last < 0 || open >= 0 && open < last {
		t.Errorf("what fails is at %d, what is open at %d", last, open)
	}
	due := estates.PlanReview
	f.English, f.Milestone, f.Place, f.Estate.Name = true, &due, nil, ""
	f.Check = estates.CheckAt(f.Set, e, context(), due)
	out.Reset()
	if err := f.WriteXLSX(&out); err != nil {
		t.Fatal(err)
	}
	if text := reportSheet(t, out.Bytes(), "Findings"); !strings.Contains(text, "Estate without a name – findings") || !strings.Contains(text, "the rules due until "+due.Code().EN) {
		t.Error(text)
	}
	f.Check = estates.Check{Conclusion: estates.Open}
	out.Reset()
	if err := f.WriteXLSX(&out); err != nil || f.WriteXLSX(noReport{}) == nil {
		t.Errorf("without findings: %v", err)
	}
}
