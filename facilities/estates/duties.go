package estates

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"yike/facilities/premises"
	"yike/internal/record"
)

// Duty says which office gives an opinion on which premises at a milestone, and how long it
// has. It is data of the authority: since 2023 community premises may answer to another
// office than elderly ones.
type Duty struct {
	Milestone Milestone
	Norm      premises.Norm // of the premises
	Office    string        // 区民政局, 区委社会工作部 …
	Days      int           // days of the calendar after the request; 0 sets no clock
	From      record.Day    // the first day that it holds on; "" for ever
	Until     record.Day    // the last day; "" for ever
	// OwnOnly keeps the opinion to accounts of the office itself. Else whoever keeps the
	// records of the estate may also enter the letter that the office sent.
	OwnOnly bool
	Series  string // of the office's letters, as 津西民意; "" where the office numbers them itself
	Source  string // by which text the office has the duty
}

// holdsOn reports whether the duty holds on a day.
func (d Duty) holdsOn(day record.Day) bool { return d.From <= day && (d.Until == "" || day <= d.Until) }

// Duties are what an authority has set about the milestones.
type Duties struct {
	Version        int // of the record; 0 for the usual ones, which nobody has set
	List           []Duty
	RectifyDays    int // to put right what was refused, where the refusal names no day; 0 for none
	HandoverMonths int // from acceptance to hand-over where no rule of the place says; 0 for none
}

// Limits of what an authority may set.
const (
	MostDuties     = 60
	MostClockDays  = 365
	MostMonths     = 36
	longestOffice  = 60
	longestSeries  = 20
	longestSource  = 300
	usualDays      = 15
	usualMonths    = 3
	usualRectify   = 30
	reformDay      = record.Day("2023-03-16")
	beforeReform   = record.Day("2023-03-15")
	civilAffairs   = "区民政局"
	socialWork     = "区委社会工作部"
	elderlySource  = "《中华人民共和国老年人权益保障法》和本地养老服务条例由民政部门主管养老服务；核对时限 15 天为一刻的假设，请按本地规定设置"
	communityAfter = "《党和国家机构改革方案》（2023年3月16日公布）：指导城乡社区治理等职责划入社会工作部；各地区县承接的日期不同，请按本地“三定”规定设置；核对时限 15 天为一刻的假设"
	communityUntil = "2023 年机构改革之前，城乡社区治理由民政部门主管"
)

// UsualDuties are what holds until an authority sets its own: elderly premises answer to the
// civil-affairs bureau, community premises since the reform of 2023 to the social-work
// department, each in 15 days, which is an assumption; 30 days to put a refusal right and
// three months to hand over, as in Shandong, where no rule of the place says.
func UsualDuties() Duties {
	out := Duties{RectifyDays: usualRectify, HandoverMonths: usualMonths}
	for _, m := range Milestones() {
		out.List = append(out.List,
			Duty{Milestone: m, Norm: premises.ElderlyNorm, Office: civilAffairs, Days: usualDays, Source: elderlySource},
			Duty{Milestone: m, Norm: premises.CommunityNorm, Office: civilAffairs, Days: usualDays, Until: beforeReform, Source: communityUntil},
			Duty{Milestone: m, Norm: premises.CommunityNorm, Office: socialWork, Days: usualDays, From: reformDay, Source: communityAfter})
	}
	return out
}

// On are the duties that hold on a day.
func (d Duties) On(day record.Day) []Duty {
	return slices.DeleteFunc(slices.Clone(d.List), func(x Duty) bool { return !x.holdsOn(day) })
}

// Validate gives what is wrong with duties, by fields as duties/3/office.
func (d Duties) Validate() []record.Fault {
	var out []record.Fault
	add := func(field, value, zh, en string) {
		out = append(out, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
	}
	if len(d.List) > MostDuties {
		add("duties", fmt.Sprint(len(d.List)), fmt.Sprintf("不应多于 %d 项", MostDuties), fmt.Sprintf("at most %d", MostDuties))
	}
	span := func(field string, v, most int) {
		if v < 0 || v > most {
			add(field, fmt.Sprint(v), fmt.Sprintf("应为 0（不设）至 %d", most), fmt.Sprintf("must be from 0, for none, to %d", most))
		}
	}
	span("rectify_days", d.RectifyDays, MostClockDays)
	span("handover_months", d.HandoverMonths, MostMonths)
	for i, x := range d.List {
		at := fmt.Sprintf("duties/%d/", i)
		span(at+"days", x.Days, MostClockDays)
		x.words(func(field, value, zh, en string) { add(at+field, value, zh, en) })
		if j := slices.IndexFunc(d.List[:i], x.meets); j >= 0 {
			add(at+"office", x.Office, fmt.Sprintf("与第 %d 项重复：同一时期、同一节点、同一类用房的同一部门", j+1),
				fmt.Sprintf("is the same as number %d: one office, kind of premises and milestone at one time", j+1))
		}
	}
	return out
}

// meets reports whether two duties ask the same of the same office on some day.
func (d Duty) meets(o Duty) bool {
	apart := d.Until != "" && d.Until < o.From || o.Until != "" && o.Until < d.From
	return d.Milestone == o.Milestone && d.Norm == o.Norm && d.Office == o.Office && !apart
}

// words finds faults of a duty's words and days.
func (d Duty) words(add func(field, value, zh, en string)) {
	if d.Milestone < PlanningConditions || d.Milestone > HandOver {
		add("milestone", d.Milestone.Code().Code, "没有这个节点", "is no milestone")
	}
	if d.Norm != premises.CommunityNorm && d.Norm != premises.ElderlyNorm {
		add("norm", string(d.Norm), "没有这类用房", "is no kind of premises")
	}
	for _, t := range []struct {
		field, value string
		longest      int
		needed       bool
	}{{"office", d.Office, longestOffice, true}, {"series", d.Series, longestSeries, false}, {"source", d.Source, longestSource, false}} {
		switch n := utf8.RuneCountInString(t.value); {
		case t.needed && strings.TrimSpace(t.value) == "":
			add(t.field, "", "请填写", "is needed")
		case t.value != strings.TrimSpace(t.value) || n > t.longest || strings.ContainsAny(t.value, "\n\t"):
			add(t.field, t.value, fmt.Sprintf("不应超过 %d 个字，首尾和中间不应有空白行", t.longest), fmt.Sprintf("at most %d characters, without space around them", t.longest))
		}
	}
	if strings.ContainsAny(d.Series, "〔〕0123456789") {
		add("series", d.Series, "只填机关代字，如 津西民意；年份和序号由系统给出", "only the letters before the year, as 津西民意; year and number are given out")
	}
	for _, t := range []struct {
		field string
		day   record.Day
	}{{"from", d.From}, {"until", d.Until}} {
		if _, ok := record.ParseDay(string(t.day)); t.day != "" && !ok {
			add(t.field, string(t.day), "应为日期，如 2026-11-27", "must be a day such as 2026-11-27")
		}
	}
	if d.Until != "" && d.Until < d.From {
		add("until", string(d.Until), "不应早于生效日期", "must not be before the first day")
	}
}
