package facilityimport

import (
	"fmt"
	"strings"

	"yike/facilities"
	"yike/internal/pack"
)

// mostNamed bounds the lists in a report; the history has them all.
const mostNamed = 20

// Kept says in a layer's report which facilities of people the load left as they are,
// and where the pack has them otherwise. given are the rows of the pack.
func Kept(r *pack.Report, edited, given []facilities.Facility) {
	if len(edited) == 0 {
		return
	}
	r.Count("kept", int64(len(edited)))
	zh, en := names(edited)
	r.Warn(fmt.Sprintf("%d 处设施由人员登记或修改，保留不动：%s", len(edited), zh),
		fmt.Sprintf("%d facilities that people registered or changed are kept as they are: %s", len(edited), en))
	bySource := map[string]facilities.Facility{}
	for _, f := range given {
		bySource[f.SourceID] = f
	}
	said := 0
	for _, f := range edited {
		row, ok := bySource[f.SourceID]
		zh, en := "数据包中已没有", "the pack no longer has it"
		if ok {
			zh, en = otherwise(f, row)
		}
		if zh == "" || !ok && strings.HasPrefix(f.SourceID, facilities.OwnSource) {
			continue
		}
		if said++; said > mostNamed {
			continue
		}
		r.Warn(fmt.Sprintf("保留的「%s」（%s）：%s", f.NameZH, f.SourceID, zh), fmt.Sprintf("%s (%s) is kept: %s", f.NameZH, f.SourceID, en))
	}
	if more := said - mostNamed; more > 0 {
		r.Warn(fmt.Sprintf("另有 %d 处与数据包不同", more), fmt.Sprintf("%d more differ from the pack", more))
	}
}

// otherwise says what the pack has otherwise; "" for nothing.
func otherwise(kept, row facilities.Facility) (zh, en string) {
	var partsZH, partsEN []string
	for _, d := range facilities.Differences(kept, row) {
		zh, en := d.Text()
		partsZH, partsEN = append(partsZH, zh), append(partsEN, en)
	}
	if len(partsZH) == 0 {
		return "", ""
	}
	return "数据包另作 " + strings.Join(partsZH, "；"), "the pack has " + strings.Join(partsEN, "; ")
}

// Gone says in a report that another pack took the place of what people wrote.
func Gone(r *pack.Report, edited []facilities.Facility) {
	if len(edited) == 0 {
		return
	}
	r.Count("edits_removed", int64(len(edited)))
	zh, en := names(edited)
	r.Warn(fmt.Sprintf("换用另一个数据包，人员登记或修改的 %d 处设施随之移除，历史中保留：%s", len(edited), zh),
		fmt.Sprintf("another pack took the place: %d facilities that people registered or changed went with the old one; the history keeps them: %s", len(edited), en))
}

// Outside says in a report that facilities of people lie in no division any more.
func Outside(r *pack.Report, list []facilities.Facility) {
	if len(list) == 0 {
		return
	}
	zh, en := names(list)
	r.Warn(fmt.Sprintf("人员登记或修改的 %d 处设施不在新的任何辖区内，仍记在原辖区名下：%s", len(list), zh),
		fmt.Sprintf("%d facilities that people registered or changed lie in no division any more and stay with the one they had: %s", len(list), en))
}

// names lists facilities, as many as a person reads.
func names(list []facilities.Facility) (zh, en string) {
	var parts []string
	for i, f := range list {
		if i == mostNamed {
			return strings.Join(parts, "、") + " 等", strings.Join(parts, ", ") + " and others"
		}
		parts = append(parts, f.NameZH)
	}
	return strings.Join(parts, "、"), strings.Join(parts, ", ")
}
