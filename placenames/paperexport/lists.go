package paperexport

import (
	"cmp"
	"strconv"

	"yike/internal/papers"
	"yike/placenames/panel"
)

func list(zh, en string, items func(Facts) []map[string]string, names ...[2]string) field {
	return field{ZH: zh, EN: en, Items: items, Fields: papers.Names(names...)}
}

func no(i int) string { return strconv.Itoa(i + 1) }

func lists() []field {
	number := [2]string{"序号", "no"}
	return []field{
		list("材料", "materials", Facts.materials, number, [2]string{"名称", "name"}, [2]string{"来源", "from"}),
		list("踏勘", "survey_lines", Facts.survey, [2]string{"项目", "about"}, [2]string{"内容", "says"}),
		list("专家意见", "expert_opinions", Facts.opinions, number, [2]string{"姓名", "name"}, [2]string{"单位", "unit"}, [2]string{"职称", "title"},
			[2]string{"结论", "verdict"}, [2]string{"意见", "text"}, [2]string{"风险", "risks"}, [2]string{"建议", "advice"}, [2]string{"日期", "day"}),
		list("风险", "expert_risks", func(f Facts) []map[string]string { return f.said(func(o panel.Opinion) string { return o.Risks }) }, number, [2]string{"内容", "text"}),
		list("建议", "expert_advice", func(f Facts) []map[string]string { return f.said(func(o panel.Opinion) string { return o.Advice }) }, number, [2]string{"内容", "text"}),
		list("评分", "expert_scores", Facts.scores, number, [2]string{"标准", "criterion"}, [2]string{"平均分", "mean"}, [2]string{"最低分", "least"}, [2]string{"最高分", "most"}),
		list("部门意见", "office_replies", Facts.offices, number, [2]string{"部门", "office"}, [2]string{"发函日期", "asked"}, [2]string{"期限", "due"},
			[2]string{"结论", "verdict"}, [2]string{"意见", "text"}, [2]string{"文号", "document"}, [2]string{"日期", "day"}),
		list("公示", "public_notices", Facts.notices, number, [2]string{"编号", "number"}, [2]string{"开始", "opens"}, [2]string{"截止", "closes"}),
		list("公众意见", "public_comments", Facts.comments, number, [2]string{"立场", "position"}, [2]string{"意见", "text"}, [2]string{"处理", "handling"}, [2]string{"答复", "answer"}),
		list("出席", "presence", Facts.presence, number, [2]string{"姓名", "name"}, [2]string{"职务", "post"}, [2]string{"单位", "office"}, [2]string{"出席", "attendance"}),
	}
}

// materials are those that are there, each once.
func (f Facts) materials() []map[string]string {
	var out []map[string]string
	seen := map[string]bool{}
	for _, s := range f.Shown {
		if seen[s.Material] {
			continue
		}
		seen[s.Material] = true
		from := map[string]string{"case": "申请登记", "attachment": "附件"}[s.Kind]
		if s.Kind == "attachment" && s.Title != "" {
			from += "：" + s.Title
		}
		out = append(out, map[string]string{"序号": no(len(out)), "名称": f.material(s.Material), "来源": cmp.Or(from, "办理记录")})
	}
	return out
}

// survey are the lines of all visits, or those to fill in by hand where there was none.
func (f Facts) survey() []map[string]string {
	var out []map[string]string
	for i, v := range f.Visits {
		for _, l := range v.Lines {
			about := l.About
			if len(f.Visits) > 1 {
				about += "（第 " + no(i) + " 次）"
			}
			out = append(out, map[string]string{"项目": about, "内容": l.Says})
		}
	}
	if out != nil {
		return out
	}
	for _, about := range []string{"踏勘日期", "参加人员", "现场量测", "现有标志", "与申请是否一致", "踏勘结论", "照片"} {
		out = append(out, map[string]string{"项目": about, "内容": "　\n　"})
	}
	return out
}

// given are the opinions that count.
func (f Facts) given() []panel.Review {
	var out []panel.Review
	for _, r := range f.Panel.Present() {
		if r.Counts() && r.Opinion != nil {
			out = append(out, r)
		}
	}
	return out
}

func (f Facts) opinions() []map[string]string {
	var out []map[string]string
	for i, r := range f.given() {
		out = append(out, map[string]string{
			"序号": no(i), "姓名": r.Expert.Name, "单位": r.Expert.Unit, "职称": r.Expert.Title, "结论": verdictZH(string(r.Opinion.Verdict)),
			"意见": r.Opinion.Text, "风险": r.Opinion.Risks, "建议": r.Opinion.Advice, "日期": dayZH(r.Opinion.Day),
		})
	}
	return out
}

func (f Facts) said(of func(panel.Opinion) string) []map[string]string {
	var out []map[string]string
	for _, r := range f.given() {
		if text := of(*r.Opinion); text != "" {
			out = append(out, map[string]string{"序号": no(len(out)), "内容": text})
		}
	}
	return out
}

func (f Facts) scores() []map[string]string {
	var out []map[string]string
	for i, c := range f.experts().Criteria {
		row := map[string]string{"序号": no(i), "标准": c.Criterion.ZH}
		if c.N > 0 {
			row["平均分"], row["最低分"], row["最高分"] = points(c.Mean), strconv.Itoa(c.Least), strconv.Itoa(c.Most)
		}
		out = append(out, row)
	}
	return out
}

func (f Facts) offices() []map[string]string {
	var out []map[string]string
	for i, a := range f.consultation().Asks {
		row := map[string]string{"序号": no(i), "部门": a.Office, "发函日期": dayZH(a.AskedOn), "期限": dayZH(a.Due)}
		switch a.Standing(f.Today) {
		case panel.Answered:
			r := a.Last()
			row["结论"], row["意见"], row["文号"], row["日期"] = verdictZH(string(r.Verdict)), r.Text, r.Document, dayZH(r.Day)
		case panel.Silent:
			row["结论"] = "逾期未答复"
		case panel.SilentAgreed:
			row["结论"], row["意见"] = "逾期未答复，视为同意", a.Source
		case panel.Waiting, panel.NotAsked:
			row["结论"] = "尚未答复"
		}
		out = append(out, row)
	}
	return out
}

func (f Facts) notices() []map[string]string {
	var out []map[string]string
	for i, n := range f.consultation().Notices {
		out = append(out, map[string]string{"序号": no(i), "编号": n.Number, "开始": dayZH(n.Opens), "截止": dayZH(n.Closes)})
	}
	return out
}

// comments are what the public said, without who said it.
func (f Facts) comments() []map[string]string {
	grounds := map[string]string{}
	for _, g := range f.Panel.Rules.Grounds {
		grounds[g.Code] = g.ZH
	}
	var out []map[string]string
	for i, c := range f.consultation().Comments {
		text := ""
		for _, g := range c.Grounds {
			text += cmp.Or(grounds[g], g) + "；"
		}
		if c.Proposal != "" {
			text += "提议“" + c.Proposal + "”；"
		}
		row := map[string]string{"序号": no(i), "立场": positionZH(c.Position), "意见": text + c.Text, "处理": "尚未答复"}
		if a := c.Last(); a != nil {
			row["处理"], row["答复"] = handlingZH(a.Handling), a.Reason
		}
		out = append(out, row)
	}
	return out
}

func positionZH(p panel.Position) string {
	return map[panel.Position]string{panel.Support: "支持", panel.Object: "反对", panel.Propose: "另提名称"}[p]
}

func handlingZH(h panel.Handling) string {
	return map[panel.Handling]string{panel.Adopted: "采纳", panel.Partly: "部分采纳", panel.NotAdopted: "未采纳", panel.Noted: "已知悉"}[h]
}

func (f Facts) presence() []map[string]string {
	m, _ := f.sitting()
	var out []map[string]string
	for i, p := range m.Presence {
		came := map[panel.Attendance]string{panel.Present: "出席", panel.Deputy: "代为出席：" + p.DeputyName, panel.Excused: "请假", panel.Absent: "缺席"}[p.Attendance]
		post := map[panel.Post]string{panel.Chair: "主任", panel.Vice: "副主任", panel.Member: "委员"}[p.Post]
		out = append(out, map[string]string{"序号": no(i), "姓名": p.Name, "职务": post, "单位": p.Office, "出席": came})
	}
	return out
}
