package premises

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"yike/internal/record"
)

// Verdict is what an inspection comes to.
type Verdict string

// The verdicts.
const (
	Fine       Verdict = "ok"
	Misuse     Verdict = "misuse"
	Idle       Verdict = "vacant"
	AreaShort  Verdict = "area_short"
	Damaged    Verdict = "damaged"
	NotEntered Verdict = "not_entered"
)

// Condition is how a room looked; "" where nobody says.
type Condition string

// The conditions.
const (
	Good      Condition = "good"
	Fair      Condition = "fair"
	Poor      Condition = "poor"
	Dangerous Condition = "dangerous"
)

// Verdicts lists the verdicts in the order in which people are shown them.
func Verdicts() []Code {
	return []Code{
		{string(Fine), "与批准用途一致", "as approved"},
		{string(Misuse), "挪作他用", "misused"},
		{string(Idle), "空置", "vacant"},
		{string(AreaShort), "面积不足", "area short"},
		{string(Damaged), "破损待修", "damaged"},
		{string(NotEntered), "未能入内", "not entered"},
	}
}

// Conditions lists the conditions.
func Conditions() []Code {
	return []Code{
		{string(Good), "良好", "good"},
		{string(Fair), "一般", "fair"},
		{string(Poor), "较差", "poor"},
		{string(Dangerous), "有安全隐患", "dangerous"},
	}
}

// Inspection is one look at a room. It is never changed: what was wrong about it, the
// next one says.
type Inspection struct {
	ID         string // UUIDv7, text form
	RoomID     string
	Day        record.Day
	By         string // who looked
	UseFound   Use    // "" where nobody came in
	AreaFound  Area   // 0 where nobody measured
	Condition  Condition
	Verdict    Verdict
	Note       string
	RecordedAt time.Time
	RecordedBy string // the account, for people
}

// Order is what the holder of a misused room is told: to put it right by a day.
type Order struct {
	Deadline record.Day
	Number   string // of the written order; "" where there is none yet
}

// Progress is how far a rectification is.
type Progress string

// The steps: ordered, reported as done by the holder, and found done by a re-check.
const (
	Ordered  Progress = "ordered"
	Reported Progress = "reported"
	Closed   Progress = "closed"
)

// Steps lists the steps of a rectification.
func Steps() []Code {
	return []Code{
		{string(Ordered), "责令整改", "ordered"},
		{string(Reported), "报告已改，待复查", "reported done, to be re-checked"},
		{string(Closed), "复查合格", "closed after a re-check"},
	}
}

// Rectification is a misuse that is to be put right.
type Rectification struct {
	ID         string // UUIDv7, text form
	Version    int
	RoomID     string
	Found      string // id of the inspection that found it
	FoundOn    record.Day
	UseFound   Use
	Order      Order
	Progress   Progress
	ReportedOn record.Day // "" until the holder says that it is done
	Report     string     // what was done
	Recheck    string     // id of the inspection that closed it; "" until then
	ClosedOn   record.Day
}

// Overdue reports whether a misuse should have been put right by now.
func (r Rectification) Overdue(today record.Day) bool {
	return r.Progress == Ordered && r.Order.Deadline < today
}

// Outcome is what an inspection changes besides being recorded.
type Outcome struct {
	Room          Room           // with what was found, where this is the latest look
	Rectification *Rectification // opened, renewed or closed; nil where none is touched
	Opened        bool           // it is a new one
}

// Inspect works out what an inspection of a room changes, or what is wrong with it. open
// is the room's rectification that is not closed, nil where there is none. The order is
// needed where a misuse is found, and otherwise ignored. An inspection earlier than the
// last changes nothing but the record of it.
func Inspect(room Room, in Inspection, open *Rectification, order Order, today record.Day) (Outcome, []record.Fault) {
	out := Outcome{Room: room}
	f := checkInspection(room, in, today)
	latest := in.Day >= room.InspectedOn
	if in.Verdict == Misuse && latest {
		f.order(in, order)
	}
	if len(f) > 0 || !latest {
		return out, f
	}
	out.Room.InspectedOn = in.Day
	if in.UseFound != "" {
		out.Room.PresentUse = in.UseFound
	}
	switch {
	case in.Verdict == Misuse && open == nil:
		out.Opened = true
		out.Rectification = &Rectification{
			RoomID: room.ID, Found: in.ID, FoundOn: in.Day, UseFound: in.UseFound, Order: order, Progress: Ordered,
		}
	case in.Verdict == Misuse: // still, or again
		again := *open
		again.UseFound, again.Order, again.Progress, again.ReportedOn, again.Report = in.UseFound, order, Ordered, "", ""
		out.Rectification = &again
	case in.Verdict == Fine && open != nil:
		closed := *open
		closed.Progress, closed.Recheck, closed.ClosedOn = Closed, in.ID, in.Day
		out.Rectification = &closed
	}
	return out, nil
}

func checkInspection(room Room, in Inspection, today record.Day) faults {
	var f faults
	if _, ok := record.ParseDay(string(in.Day)); !ok {
		f.add("day", string(in.Day), "应为日期，如 2026-11-27", "must be a day such as 2026-11-27")
	} else if in.Day > today {
		f.add("day", string(in.Day), fmt.Sprintf("不应晚于今天（%s）", today), fmt.Sprintf("must not be after today, %s", today))
	}
	if room.State == Withdrawn {
		f.add("verdict", string(in.Verdict), "这处用房已退出台账，无从检查", "the room is withdrawn, so there is nothing to inspect")
	}
	if strings.TrimSpace(in.By) == "" {
		f.add("by", "", "请填写检查人", "say who looked")
	}
	f.text("by", in.By, LongestName)
	f.text("note", in.Note, LongestNote)
	if in.AreaFound < 0 || in.AreaFound > MostArea {
		f.add("area_found_m2", in.AreaFound.String(), "面积有误", "is no area")
	}
	for _, c := range []struct {
		field, value string
		list         []Code
		needed       bool
	}{{"verdict", string(in.Verdict), Verdicts(), true}, {"condition", string(in.Condition), Conditions(), false}} {
		known := slices.ContainsFunc(c.list, func(i Code) bool { return i.Code == c.value })
		if !known && (c.value != "" || c.needed) {
			zh, en := listed(c.list)
			f.add(c.field, c.value, "应为："+zh, "must be one of: "+en)
		}
	}
	f.found(room, in)
	return f
}

// found holds the verdict to what was found: nobody calls a shop in a day-care room fine.
func (f *faults) found(room Room, in Inspection) {
	use, ok := in.UseFound.Info()
	if in.UseFound != "" && !ok {
		f.add("use_found", string(in.UseFound), "没有这种用途", "is no use")
		return
	}
	said := func(zh, en string) { f.add("verdict", string(in.Verdict), zh, en) }
	approved := room.ApprovedUse != "" || len(room.Parts) > 0
	switch {
	case in.Verdict == NotEntered && in.UseFound != "":
		said("未能入内，就不应填写发现的用途", "nobody came in, so no use was found")
	case in.Verdict == NotEntered || in.Verdict == "":
	case in.UseFound == "":
		f.add("use_found", "", "请填写现场用途", "say what the room is used for")
	case (in.Verdict == Idle) != (in.UseFound == Vacant):
		said("结论“空置”与现场用途应一致", "the verdict and the use found must both be vacant, or neither")
	case in.Verdict == Misuse && !approved:
		said("批准用途不详，无从认定挪用；请先补充批准用途", "the approved use is unknown, so nobody can say that it is misused; add it first")
	case in.Verdict == Misuse && room.allowed(in.UseFound):
		said(fmt.Sprintf("现场用途“%s”正是批准用途", use.ZH), fmt.Sprintf("%s is what the room was approved for", use.EN))
	case in.Verdict != Misuse && in.Verdict != Idle && approved && !room.allowed(in.UseFound):
		said(fmt.Sprintf("现场用途“%s”不是批准用途，结论应为挪作他用", use.ZH), fmt.Sprintf("%s is not what the room was approved for, so it is misused", use.EN))
	case in.Verdict == AreaShort && (in.AreaFound == 0 || in.AreaFound >= room.Area):
		f.add("area_found_m2", in.AreaFound.String(), fmt.Sprintf("认定面积不足，实测面积应小于台账面积 %s 平方米", room.Area), fmt.Sprintf("an area that is short must be less than the ledger's %s m²", room.Area))
	}
}

func (f *faults) order(in Inspection, o Order) {
	if _, ok := record.ParseDay(string(o.Deadline)); !ok {
		f.add("deadline", string(o.Deadline), "发现挪用，请填写整改期限", "a misuse was found: say by which day it must be put right")
	} else if o.Deadline < in.Day {
		f.add("deadline", string(o.Deadline), fmt.Sprintf("不应早于检查日期 %s", in.Day), fmt.Sprintf("must not be before the inspection on %s", in.Day))
	}
	f.text("order_no", o.Number, LongestName)
}

// Follow is what a person says of a rectification between the order and the re-check;
// nil leaves a part as it is.
type Follow struct {
	Deadline   *record.Day
	Number     *string
	ReportedOn *record.Day // "" takes the report back
	Report     *string
}

// Apply gives the rectification with what is said, or what is wrong with it. A closed
// one no longer changes.
func (w Follow) Apply(r Rectification, today record.Day) (Rectification, []record.Fault) {
	var f faults
	if r.Progress == Closed {
		f.add("progress", string(r.Progress), "已复查合格，不再变更", "is closed and no longer changes")
		return r, f
	}
	set(&r.Order.Deadline, w.Deadline)
	set(&r.Order.Number, w.Number)
	set(&r.ReportedOn, w.ReportedOn)
	set(&r.Report, w.Report)
	r.Order.Number, r.Report = strings.TrimSpace(r.Order.Number), strings.TrimSpace(r.Report)
	f.order(Inspection{Day: r.FoundOn}, r.Order)
	f.text("report", r.Report, LongestNote)
	if r.ReportedOn != "" {
		if _, ok := record.ParseDay(string(r.ReportedOn)); !ok || r.ReportedOn > today || r.ReportedOn < r.FoundOn {
			f.add("reported_on", string(r.ReportedOn), fmt.Sprintf("应在 %s 至今天（%s）之间", r.FoundOn, today),
				fmt.Sprintf("must be from %s, when it was found, to today, %s", r.FoundOn, today))
		}
	}
	r.Progress = Ordered
	if r.ReportedOn != "" {
		r.Progress = Reported
	}
	return r, f
}
