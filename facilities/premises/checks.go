package premises

import (
	"fmt"
	"slices"
	"strings"

	"yike/internal/record"
)

// Severity says how much a check that fails matters.
type Severity string

// The severities. Only a rule whose text was read is an error.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Result is what a check came to.
type Result string

// The results.
const (
	Passed  Result = "pass"
	Failed  Result = "fail"
	Unknown Result = "unknown" // a fact is missing
)

// Text is a sentence for people in both languages.
type Text struct{ ZH, EN string }

// Check is one rule held against one room: what it asks, what was put in, what came out,
// and where it is written.
type Check struct {
	Rule      string
	Title     Text
	Severity  Severity
	Result    Result
	Finding   Text // what it means here
	Formula   Text
	Threshold Text
	Source    Text
	Grade     string // of the evidence, as rules.Grade has it: S0 to S4 a plan read whole, R law read, P our own proposal
	Region    Text
}

// Checks holds a room against the rules of the ledger. The order is that of their
// numbers.
func Checks(r Room) []Check {
	out := []Check{complete(r), noAreaTwice(r), useUnchanged(r)}
	if r.ApprovedUse == PropertyOffice || slices.ContainsFunc(r.Parts, func(p Part) bool { return p.Use == PropertyOffice }) {
		out = append(out, propertyApart(r))
	}
	return out
}

// Fact is something that the ledger must know of each room.
type Fact struct {
	Field  string // as the API calls it
	ZH, EN string
	Known  bool
}

// Facts lists what the ledger must know of the room, and whether it does: owner, use,
// area and hand-over (FAC-34), and who has the key (COM-NOP). A state of hand-over is
// known with the day on which it was reached.
func (r Room) Facts() []Fact {
	return []Fact{
		{"owner", "产权单位", "owner", r.Owner != ""},
		{"approved_use", "批准用途", "approved use", r.ApprovedUse != ""},
		{"present_use", "现用途", "present use", r.PresentUse != "" || r.State == Planned},
		{"area_m2", "建筑面积", "floor area", r.Area > 0},
		{"state", "移交日期", "day of hand-over", r.State == Disputed || r.reachedOn() != ""},
		{"key_holder", "钥匙保管", "key-holder", r.KeyHolder != "" || r.State == Planned},
	}
}

// reachedOn is the day on which the room reached its state; "" where nobody knows.
func (r Room) reachedOn() record.Day {
	for _, m := range r.milestones() {
		if m.state == r.State {
			return m.day
		}
	}
	return ""
}

// Missing lists the facts that the ledger does not know; none of a withdrawn room.
func (r Room) Missing() []Fact {
	if r.State == Withdrawn {
		return nil
	}
	return slices.DeleteFunc(r.Facts(), func(f Fact) bool { return f.Known })
}

func complete(r Room) Check {
	c := Check{
		Rule: "FAC-34", Title: Text{"公建台账完整", "The ledger is complete"}, Severity: Warning, Result: Passed,
		Formula:   Text{"产权、用途、面积、移交、钥匙保管各项均有", "owner, use, area, hand-over and key-holder are all known"},
		Threshold: Text{"100 %", "100 %"},
		Source:    Text{"《2022年西青区民政工作要点》（十一）“建立社区非经营性公建底数台账”", "Xiqing civil affairs, work of 2022, (11)"},
		Grade:     "S2", Region: Text{"天津市西青区；其他地区供参考", "Xiqing, Tianjin; for reference elsewhere"},
		Finding: Text{"各项齐全", "nothing is missing"},
	}
	missing := r.Missing()
	if len(missing) == 0 {
		return c
	}
	var zh, en []string
	for _, f := range missing {
		zh, en = append(zh, f.ZH), append(en, f.EN)
	}
	c.Result = Failed
	c.Finding = Text{"缺少：" + strings.Join(zh, "、"), "missing: " + strings.Join(en, ", ")}
	return c
}

func noAreaTwice(r Room) Check {
	var sum Area
	for _, p := range r.Parts {
		sum += p.Area
	}
	c := Check{
		Rule: "RAT-11", Title: Text{"面积不重复计算", "No area counts twice"}, Severity: Error, Result: Passed,
		Formula:   Text{"各用途面积之和 ≤ 建筑面积，每平方米只有一个用途", "sum of the parts ≤ the room's area; each m² has one purpose"},
		Threshold: Text{r.Area.String() + " m²", r.Area.String() + " m²"},
		Source:    Text{"每百户社区用房与每百户养老用房是两项指标，同一面积只计一项", "community and elderly premises per 100 households are two norms; an area counts for one"},
		Grade:     "P", Region: Text{"通用", "everywhere"},
		Finding: Text{fmt.Sprintf("已分 %s m²，余 %s m²", sum, r.Area-sum), fmt.Sprintf("%s m² split, %s m² left", sum, r.Area-sum)},
	}
	switch {
	case r.Area == 0 && sum == 0:
		c.Result, c.Threshold = Unknown, Text{"–", "–"}
		c.Finding = Text{"建筑面积不详", "the room's area is unknown"}
	case len(r.Parts) == 0:
		c.Finding = Text{"未分用途，全部按批准用途计", "not split: all of it is of the approved use"}
	case sum > r.Area:
		c.Result = Failed
	}
	return c
}

func useUnchanged(r Room) Check {
	present, presentEN := UseWords(r.PresentUse)
	approved, approvedEN := UseWords(r.ApprovedUse)
	c := Check{
		Rule: "RAT-21", Title: Text{"用途未改", "The use is as approved"}, Severity: Error, Result: Passed,
		Formula:   Text{"现用途 = 批准用途（含已批准的各部分）", "present use = approved use, or that of an approved part"},
		Threshold: Text{approved, approvedEN},
		Source:    Text{"《东昌区民政事业发展“十四五”规划（征求意见稿）》三（2）“不得挪作他用”", "Dongchang civil affairs plan 2021–2025 (draft), 3(2)"},
		Grade:     "S4", Region: Text{"通用", "everywhere"},
		Finding: Text{"现用途：" + present, "used for: " + presentEN},
	}
	switch {
	case r.ApprovedUse == "":
		c.Result, c.Finding = Unknown, Text{"批准用途不详", "the approved use is unknown"}
		c.Threshold = Text{"–", "–"}
	case r.PresentUse == "":
		c.Result, c.Finding = Unknown, Text{"现用途不详，尚未检查", "the present use is unknown; nobody looked yet"}
	case r.PresentUse == Vacant:
		// Idle is not misused, but somebody should know.
		c.Severity, c.Result, c.Finding = Info, Failed, Text{"空置，未发挥作用", "vacant, of use to nobody"}
	case r.Misused():
		c.Result = Failed
		c.Finding = Text{"批准为" + approved + "，现用作" + present, "approved for " + approvedEN + ", used for " + presentEN}
	}
	return c
}

func propertyApart(r Room) Check {
	var area Area
	for _, p := range r.Purposes() {
		if p.Use == PropertyOffice {
			area += p.Area
		}
	}
	return Check{
		Rule: "RAT-26", Title: Text{"物业用房不计入", "Property management counts for nothing else"}, Severity: Error, Result: Passed,
		Formula:   Text{"物业管理用房不计入社区用房或养老用房", "rooms of property management count for neither community nor elderly premises"},
		Threshold: Text{"0 m²", "0 m²"},
		Source:    Text{"物业管理用房另有比例，如《山东省物业管理条例》按总建筑面积 3–5‰", "property management has a ratio of its own, e.g. 3–5‰ of the floor area in Shandong"},
		Grade:     "R", Region: Text{"通用", "everywhere"},
		Finding: Text{fmt.Sprintf("物业管理用房 %s m²，均未计入", area), fmt.Sprintf("%s m² of property management, none of it counted", area)},
	}
}
