package panel

import (
	"fmt"

	"yike/internal/record"
)

// The materials that panels make, by their codes in the procedure.
const (
	ExpertReport       = "expert_report"
	ConsultationReport = "consultation_report"
	Minutes            = "minutes"
)

// Consulted is everything that was asked and answered about one round of a case.
type Consulted struct {
	Asks     []Ask
	Notices  []Notice
	Comments []Comment
}

// Counts are numbers of opinions.
type Counts struct{ Agree, Change, Disagree, Silent, SilentAgreed, Waiting int }

// Crowd are numbers of comments.
type Crowd struct{ All, Support, Object, Propose, Adopted, Partly, NotAdopted, Noted, Unanswered int }

// Consultation is the report on a consultation as data, under the heads of article 5 of
// measures 71: process, range, opinions, handling.
type Consultation struct {
	From, Until record.Day // process: the first day of asking, the last on which anybody could answer
	Asks        []Ask      // range and opinions, of the offices; none that is asked no more
	Notices     []Notice   // range, of the public; none that was taken off
	Offices     Counts
	Public      Crowd
	Comments    []Comment // opinions and handling
}

// Report gathers the report on what was asked by a day.
func (c Consulted) Report(today record.Day) Consultation {
	var out Consultation
	span := func(from, until record.Day) {
		if out.From == "" || from < out.From {
			out.From = from
		}
		out.Until = max(out.Until, until)
	}
	for _, a := range c.Asks {
		if a.Withdrawn == "" {
			out.Asks = append(out.Asks, a)
			span(a.AskedOn, a.Due)
			out.Offices.add(a, today)
		}
	}
	kept := map[string]bool{}
	for _, n := range c.Notices {
		if n.Withdrawn == "" {
			out.Notices = append(out.Notices, n)
			span(n.Opens, n.Closes)
		}
		kept[n.ID] = true
	}
	for _, x := range c.Comments {
		if kept[x.NoticeID] {
			out.Comments = append(out.Comments, x)
			out.Public.add(x)
		}
	}
	return out
}

func (n *Counts) add(a Ask, today record.Day) {
	switch a.Standing(today) {
	case Waiting:
		n.Waiting++
	case Silent:
		n.Silent++
	case SilentAgreed:
		n.SilentAgreed++
	case Answered:
		switch a.Last().Verdict {
		case Agree:
			n.Agree++
		case Change:
			n.Change++
		case Disagree:
			n.Disagree++
		}
	}
}

func (n *Crowd) add(c Comment) {
	n.All++
	switch c.Position {
	case Support:
		n.Support++
	case Object:
		n.Object++
	case Propose:
		n.Propose++
	}
	last := c.Last()
	if last == nil {
		n.Unanswered++
		return
	}
	switch last.Handling {
	case Adopted:
		n.Adopted++
	case Partly:
		n.Partly++
	case NotAdopted:
		n.NotAdopted++
	case Noted:
		n.Noted++
	}
}

// Lack is what keeps a material from being there.
type Lack struct {
	Material string
	ZH, EN   string
}

// Readiness says which materials are there and what the others lack.
type Readiness struct {
	Materials []string
	Lacks     []Lack
}

// Known is what Ready goes by: the reviews and consultation of the present round, and the
// meetings that had the case on their agenda.
type Known struct {
	CaseID    string
	Round     int
	Reviews   []Review
	Consulted Consulted
	Meetings  []Meeting
}

// Ready says which of the expert report, the consultation report and the minutes are there:
// the first with its quorum and nobody asked whose time is not over; the second when what the
// rules ask for was asked, every period is over or everybody answered, and every comment has
// its answer; the third when a meeting that was held decided on the case.
func Ready(k Known, rules Rules, today record.Day) Readiness {
	var out Readiness
	take := func(material string, lacks []Lack) {
		if len(lacks) == 0 {
			out.Materials = append(out.Materials, material)
			return
		}
		for _, l := range lacks {
			l.Material = material
			out.Lacks = append(out.Lacks, l)
		}
	}
	take(ExpertReport, expertLacks(k.Reviews, rules, today))
	take(ConsultationReport, consultationLacks(k.Consulted, rules, today))
	take(Minutes, minutesLacks(k))
	return out
}

func lack(zh, en string, args ...any) Lack {
	return Lack{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}
}

func expertLacks(reviews []Review, rules Rules, today record.Day) []Lack {
	s := Summarise(reviews, rules.Quorum, today)
	if !s.Reached {
		return []Lack{lack("专家意见 %[1]d 份，未达 %[2]d 份", "opinions of experts: %[1]d of %[2]d that are needed", s.Given, rules.Quorum)}
	}
	waiting := 0
	for _, r := range reviews {
		if r.Counts() && !r.Given && today <= r.Due {
			waiting++
		}
	}
	if waiting > 0 {
		return []Lack{lack("还有 %d 位专家在期限内未答复", "experts who still have time to answer: %d", waiting)}
	}
	return nil
}

func consultationLacks(c Consulted, rules Rules, today record.Day) []Lack {
	var out []Lack
	r := c.Report(today)
	if rules.OfficesNeeded && len(r.Asks) == 0 {
		out = append(out, lack("还没有征求部门意见", "no office has been asked"))
	}
	if r.Offices.Waiting > 0 {
		out = append(out, lack("还有 %d 个部门在期限内未答复", "offices that still have time to answer: %d", r.Offices.Waiting))
	}
	if rules.PublicNeeded && len(r.Notices) == 0 {
		out = append(out, lack("还没有公示", "there was no public notice"))
	}
	for _, n := range r.Notices {
		if today <= n.Closes {
			out = append(out, lack("公示 %s 到 %s 截止", "notice %s is open until %s", n.Number, n.Closes))
		}
	}
	if r.Public.Unanswered > 0 {
		out = append(out, lack("还有 %d 条公众意见未答复", "comments of the public without an answer: %d", r.Public.Unanswered))
	}
	return out
}

func minutesLacks(k Known) []Lack {
	for _, m := range k.Meetings {
		if m.State != Held {
			continue
		}
		for _, it := range m.Agenda {
			if it.CaseID == k.CaseID && it.Round == k.Round && it.Decision != Deferred && it.Decision != Undecided {
				return nil
			}
		}
	}
	return []Lack{lack("地名委会议还没有审议结果", "no meeting of the committee has decided on it")}
}
