package paperexport

import (
	"fmt"
	"strconv"
	"strings"

	"yike/internal/papers"
	"yike/internal/record"
	"yike/placenames/panel"
	namepapers "yike/placenames/papers"
	"yike/placenames/process"
)

// What stands where a record says nothing.
const (
	blank       = "＿＿＿＿＿＿"
	blankDay    = "　　　　年　　月　　日"
	blankNumber = "　　　　〔　　　　〕　　号"
)

type field = papers.Field[Facts]

func text(zh, en string, of func(Facts) string) field {
	return field{ZH: zh, EN: en, Text: of}
}

// needed is a text that a paper has to have.
func needed(zh, en string, of func(Facts) string) field {
	return field{ZH: zh, EN: en, Text: of, Blank: blank}
}

func neededDay(zh, en string, of func(Facts) record.Day) field {
	return field{ZH: zh, EN: en, Text: func(f Facts) string { return dayZH(of(f)) }, Blank: blankDay}
}

// Placeholders lists every name that templates of papers may have, those of texts first.
func Placeholders() []field {
	var out []field
	for _, some := range [][]field{paperFields(), caseFields(), nameFields(), panelFields(), meetingFields(), decisionFields(), lists()} {
		out = append(out, some...)
	}
	return out
}

func paperFields() []field {
	return []field{
		needed("发文机关", "office", Facts.signer),
		{ZH: "发文字号", EN: "paper.number", Text: func(f Facts) string { return f.Number }, Blank: blankNumber},
		neededDay("成文日期", "paper.day", func(f Facts) record.Day { return f.Day }),
		needed("主送单位", "addressee", Facts.Addressee),
		{ZH: "签发人", EN: "signer", Text: func(Facts) string { return "" }, Blank: "＿＿＿＿"},
		needed("联系方式", "office.contact", func(f Facts) string {
			for i := len(f.Panel.Consulted.Notices) - 1; i >= 0; i-- {
				if c := f.Panel.Consulted.Notices[i].Contact; c != "" {
					return c
				}
			}
			return ""
		}),
	}
}

func caseFields() []field {
	return []field{
		text("办件编号", "case.number", func(f Facts) string { return f.Case.Number }),
		text("事项", "act", Facts.act),
		text("命名", "naming", func(f Facts) string { return f.is(process.Naming) }),
		text("更名", "renaming", func(f Facts) string { return f.is(process.Renaming) }),
		text("注销", "retirement", func(f Facts) string { return f.is(process.Retirement) }),
		needed("决定内容", "matter", Facts.matter),
		needed("申请单位", "applicant", func(f Facts) string { return f.Case.Applicant }),
		text("联系部门", "applicant.office", func(f Facts) string { return f.Case.Contact }),
		neededDay("申请日期", "applied.day", func(f Facts) record.Day {
			for _, e := range f.Case.Events {
				if e.Kind == process.Done {
					return e.Day
				}
			}
			return ""
		}),
		needed("申请理由", "reason", func(f Facts) string { return f.Case.Reason }),
		neededDay("受理日期", "accepted.day", func(f Facts) record.Day { return f.doneOn("acceptance") }),
		needed("补正内容", "correct", func(f Facts) string {
			var out []string
			for _, m := range f.correction().Missing {
				out = append(out, f.material(m))
			}
			return strings.Join(out, "、")
		}),
		text("补正说明", "correct.reason", func(f Facts) string { return f.correction().Reason }),
		neededDay("踏勘日期", "survey.day", func(f Facts) record.Day {
			if len(f.Visits) > 0 {
				return f.Visits[len(f.Visits)-1].Day
			}
			return f.doneOn("survey")
		}),
	}
}

func nameFields() []field {
	return []field{
		needed("标准名称", "name", func(f Facts) string { n, _ := f.name(); return n }),
		needed("罗马字母拼写", "name.roman", func(f Facts) string { _, r := f.name(); return r }),
		text("原名称", "name.former", Facts.former),
		text("专名", "name.specific", func(f Facts) string { return f.parts().Specific }),
		text("通名", "name.generic", func(f Facts) string { return f.parts().Generic }),
		needed("地名类别", "name.class", func(f Facts) string { return f.ClassName }),
		needed("地名种类", "name.kind", func(f Facts) string { return f.KindName }),
		needed("所属政区", "name.divisions", func(f Facts) string { return strings.Join(f.Place, "、") }),
		needed("位置描述", "name.position", Facts.position),
		needed("规模", "name.size", Facts.size),
		needed("含义", "name.meaning", func(f Facts) string { return f.Name.Meaning }),
		text("来历", "name.origin", func(f Facts) string { return f.Name.Origin }),
	}
}

// count writes how many there are.
func count(zh, en string, of func(Facts) int) field {
	return text(zh, en, func(f Facts) string { return strconv.Itoa(of(f)) })
}

func (f Facts) experts() panel.Summary {
	return panel.Summarise(f.Panel.Present(), f.Panel.Rules.Quorum, f.Today)
}

func (f Facts) consultation() panel.Consultation {
	return f.Panel.Consulted.InRound(f.Panel.Matter.Rounds.Consultation).Report(f.Today)
}

func panelFields() []field {
	return []field{
		count("专家应到数", "experts.asked", func(f Facts) int { return f.experts().Asked }),
		count("专家意见数", "experts.given", func(f Facts) int { return f.experts().Given }),
		count("专家回避数", "experts.barred", func(f Facts) int { return f.experts().Barred }),
		count("专家法定数", "experts.quorum", func(f Facts) int { return f.experts().Quorum }),
		count("专家同意数", "experts.agree", func(f Facts) int { return f.experts().Agree }),
		count("专家修改后同意数", "experts.change", func(f Facts) int { return f.experts().Change }),
		count("专家不同意数", "experts.disagree", func(f Facts) int { return f.experts().Disagree }),
		needed("专家平均分", "experts.mean", func(f Facts) string {
			if s := f.experts().All; s.N > 0 {
				return points(s.Mean)
			}
			return ""
		}),
		needed("专家结论", "experts.conclusion", Facts.concluded),
		neededDay("征求开始日期", "consultation.from", func(f Facts) record.Day { return f.consultation().From }),
		neededDay("征求截止日期", "consultation.until", func(f Facts) record.Day { return f.consultation().Until }),
		count("部门数", "offices.asked", func(f Facts) int { return len(f.consultation().Asks) }),
		count("部门同意数", "offices.agree", func(f Facts) int { return f.consultation().Offices.Agree }),
		count("部门修改后同意数", "offices.change", func(f Facts) int { return f.consultation().Offices.Change }),
		count("部门不同意数", "offices.disagree", func(f Facts) int { return f.consultation().Offices.Disagree }),
		count("部门未答复数", "offices.silent", func(f Facts) int {
			n := f.consultation().Offices
			return n.Silent + n.SilentAgreed + n.Waiting
		}),
		count("公示数", "notices", func(f Facts) int { return len(f.consultation().Notices) }),
		count("公众意见数", "comments", func(f Facts) int { return f.consultation().Public.All }),
		count("公众支持数", "comments.support", func(f Facts) int { return f.consultation().Public.Support }),
		count("公众反对数", "comments.object", func(f Facts) int { return f.consultation().Public.Object }),
		count("公众另提名称数", "comments.propose", func(f Facts) int { return f.consultation().Public.Propose }),
		count("公众意见采纳数", "comments.adopted", func(f Facts) int { return f.consultation().Public.Adopted + f.consultation().Public.Partly }),
		count("公众意见未采纳数", "comments.not_adopted", func(f Facts) int { return f.consultation().Public.NotAdopted }),
		count("公众意见未答复数", "comments.unanswered", func(f Facts) int { return f.consultation().Public.Unanswered }),
	}
}

// points writes a mean of points: 4.33.
func points(h panel.Hundredths) string { return fmt.Sprintf("%d.%02d", h/100, h%100) }

// concluded says what the experts come to, once enough of them gave an opinion.
func (f Facts) concluded() string {
	s := f.experts()
	if !s.Reached || s.Given == 0 {
		return ""
	}
	return fmt.Sprintf("%d 位专家提出意见，其中同意 %d 位、修改后同意 %d 位、不同意 %d 位", s.Given, s.Agree, s.Change, s.Disagree)
}

// sitting is the last meeting that was held with the case on its agenda, and its item.
func (f Facts) sitting() (panel.Meeting, panel.Item) {
	var m panel.Meeting
	var item panel.Item
	for _, each := range f.Panel.Meetings {
		if each.State != panel.Held || each.Day < m.Day {
			continue
		}
		for _, it := range each.Agenda {
			if it.CaseID == f.Case.ID {
				m, item = each, it
			}
		}
	}
	return m, item
}

func meetingFields() []field {
	item := func(of func(panel.Item) string) func(Facts) string {
		return func(f Facts) string { _, it := f.sitting(); return of(it) }
	}
	meeting := func(of func(panel.Meeting) string) func(Facts) string {
		return func(f Facts) string { m, _ := f.sitting(); return of(m) }
	}
	return []field{
		needed("会议编号", "meeting.number", meeting(func(m panel.Meeting) string { return m.Number })),
		neededDay("会议日期", "meeting.day", func(f Facts) record.Day { m, _ := f.sitting(); return m.Day }),
		text("会议时间", "meeting.time", meeting(func(m panel.Meeting) string { return m.Time })),
		needed("会议地点", "meeting.place", meeting(func(m panel.Meeting) string { return m.Place })),
		needed("主持人", "meeting.chair", meeting(func(m panel.Meeting) string {
			for _, p := range m.Presence {
				if p.MemberID == m.ChairID {
					return p.Name
				}
			}
			return ""
		})),
		count("应到人数", "meeting.members", func(f Facts) int { m, _ := f.sitting(); return len(m.Presence) }),
		count("实到人数", "meeting.present", func(f Facts) int { m, _ := f.sitting(); return m.Present(f.Panel.Rules) }),
		text("讨论情况", "meeting.notes", item(func(it panel.Item) string { return it.Notes })),
		needed("审议结果", "meeting.decision", item(func(it panel.Item) string { return decisionZH(it.Decision) })),
		text("审议意见", "meeting.text", item(func(it panel.Item) string { return it.Text })),
		text("表决情况", "meeting.vote", item(func(it panel.Item) string {
			if it.Vote == nil {
				return ""
			}
			return fmt.Sprintf("赞成 %d 票、反对 %d 票、弃权 %d 票", it.Vote.For, it.Vote.Against, it.Vote.Abstain)
		})),
	}
}

func decisionZH(d panel.Decision) string {
	return map[panel.Decision]string{
		panel.Agreed: "同意", panel.Changed: "修改后同意", panel.Refused: "不同意", panel.SentBack: "退回", panel.Deferred: "暂缓审议",
	}[d]
}

func verdictZH(v string) string {
	return map[string]string{"agree": "同意", "change": "修改后同意", "disagree": "不同意"}[v]
}

func decisionFields() []field {
	return []field{
		needed("批准机关", "approval.office", Facts.authority),
		needed("批准文号", "approval.number", func(f Facts) string {
			if f.Kind == namepapers.Approval {
				return f.Number
			}
			n, _ := f.approval()
			return n
		}),
		neededDay("批准日期", "approval.day", func(f Facts) record.Day {
			if f.Kind == namepapers.Approval {
				return f.Day
			}
			_, d := f.approval()
			return d
		}),
		text("批准理由", "approval.reason", func(f Facts) string { e, _ := f.done("approval"); return e.Reason }),
		neededDay("备案期限", "filing.due", func(f Facts) record.Day { _, d := f.approval(); return plus(d, 15) }),
		neededDay("来文日期", "letter.day", func(f Facts) record.Day { return f.doneOn("letter") }),
		needed("来文文号", "letter.number", func(f Facts) string { e, _ := f.done("letter"); return e.Document }),
		needed("复函结论", "reply.verdict", func(f Facts) string { e, _ := f.done("reply"); return verdictZH(string(e.Verdict)) }),
		needed("复函意见", "reply.text", func(f Facts) string { e, _ := f.done("reply"); return e.Reason }),
	}
}
