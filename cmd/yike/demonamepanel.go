package main

import (
	"context"
	"errors"
	"fmt"

	"yike/internal/auth"
	"yike/internal/record"
	"yike/placenames/panel"
	"yike/placenames/paneldb"
)

// demoExperts are people whom nobody is; they say so.
func demoExperts() []panel.Expert {
	return []panel.Expert{
		{Name: "示例专家甲", Fields: []string{"语言文字"}, Unit: "示例大学文学院", Title: "教授", Account: auth.DemoName(auth.Expert)},
		{Name: "示例专家乙", Fields: []string{"历史文化"}, Unit: "示例史志办公室", Title: "研究员"},
		{Name: "示例专家丙", Fields: []string{"地理测绘"}, Unit: "示例测绘院", Title: "高级工程师"},
		{Name: "示例专家丁", Fields: []string{"城乡规划"}, Unit: "示例规划设计院", Title: "正高级规划师"},
		{Name: "示例专家戊", Fields: []string{"民俗", "历史文化"}, Unit: "示例民俗学会", Title: "副会长"},
		{Name: "示例专家己", Fields: []string{"法律"}, Unit: "示例律师事务所", Title: "律师"},
		{Name: "示例专家庚", Fields: []string{"语言文字", "罗马字母拼写"}, Unit: "示例语言文字培训中心", Title: "副研究员"},
		{Name: "示例专家辛", Fields: []string{"档案"}, Unit: "示例档案馆", Title: "研究馆员"},
	}
}

func demoMembers() []panel.Sitting {
	return []panel.Sitting{
		{Name: "示例主任", Post: panel.Chair, Office: "示例区人民政府", Account: auth.DemoName(auth.CommitteeMember)},
		{Name: "示例副主任", Post: panel.Vice, Office: "示例区民政局"},
		{Name: "示例委员一", Post: panel.Member, Office: "示例公安分局"},
		{Name: "示例委员二", Post: panel.Member, Office: "示例规划和自然资源局"},
		{Name: "示例委员三", Post: panel.Member, Office: "示例交通运输局"},
		{Name: "示例委员四", Post: panel.Member, Office: "示例文化和旅游局"},
	}
}

// namePanels makes a bank, a committee and, on the cases that are open, a review that is
// finished, a consultation with comments, and a meeting.
func (d *demoDesk) namePanels(ctx context.Context) error {
	store, err := newPanelStore(d.db)
	if err != nil {
		return err
	}
	bank, _, err := store.Experts(ctx, d.w)
	if err != nil || len(bank) > 0 {
		return err
	}
	from := record.Day(fmt.Sprintf("%d-01-01", d.today.Year()))
	var experts []string
	for _, e := range demoExperts() {
		e.From, e.Note = from, "演示数据，并无此人 / demonstration data; there is no such person"
		id, err := withoutAccount(func(with bool) (string, error) {
			if !with {
				e.Account = ""
			}
			return store.SaveExpert(ctx, d.w, 0, e, d.change, d.today)
		})
		if err != nil {
			return err
		}
		experts = append(experts, id)
	}
	for _, m := range demoMembers() {
		m.From = from
		_, err := withoutAccount(func(with bool) (string, error) {
			if !with {
				m.Account = ""
			}
			return store.SaveMember(ctx, d.w, 0, m, d.change, d.today)
		})
		if err != nil {
			return err
		}
	}
	open, err := store.Matters(ctx, d.w)
	if err != nil || len(open) == 0 {
		return err
	}
	if err := d.review(ctx, store, open[0].CaseID, experts[1:5]); err != nil {
		return err
	}
	if err := d.meeting(ctx, store, open[0].CaseID); err != nil {
		return err
	}
	second := open[min(1, len(open)-1)].CaseID
	if err := d.consultation(ctx, store, second); err != nil {
		return err
	}
	_, err = store.Invite(ctx, d.w, second, panel.Invitation{Experts: experts[:3], Day: d.today}, d.today)
	return err
}

// withoutAccount tries to save somebody with an account, and without it where the demonstration
// has none.
func withoutAccount(save func(withAccount bool) (string, error)) (string, error) {
	id, err := save(true)
	var invalid *record.InvalidError
	if errors.As(err, &invalid) {
		return save(false)
	}
	return id, err
}

// review is finished: every expert gave an opinion on paper.
func (d *demoDesk) review(ctx context.Context, store *paneldb.Store, caseID string, experts []string) error {
	rules, _, err := store.Rules(ctx, d.w)
	if err != nil {
		return err
	}
	asked := panel.After(d.today, -14)
	reviews, err := store.Invite(ctx, d.w, caseID, panel.Invitation{Experts: experts, Day: asked, Due: panel.After(asked, rules.ReviewDays)}, d.today)
	if err != nil {
		return err
	}
	said := []struct {
		points  int
		verdict panel.Verdict
		text    string
	}{
		{5, panel.Agree, "名实相符，读音明确，同意。（示例）"},
		{4, panel.Agree, "与当地历史有关联，同意。（示例）"},
		{3, panel.Change, "建议在公告中注明读音。（示例）"},
		{4, panel.Agree, "通名使用规范，同意。（示例）"},
	}
	for i, id := range reviews {
		s := said[i%len(said)]
		o := panel.Opinion{Verdict: s.verdict, Text: s.text, Day: panel.After(asked, 3+i), Document: fmt.Sprintf("示例纸质意见 %d", i+1)}
		for j, c := range rules.Criteria {
			o.Scores = append(o.Scores, panel.Score{Criterion: c.Code.Code, Points: min(panel.MostPoints, s.points+j%2)})
		}
		if err := store.Opine(ctx, d.w, caseID, id, o, d.today); err != nil {
			return err
		}
	}
	return nil
}

// meeting is planned for next week.
func (d *demoDesk) meeting(ctx context.Context, store *paneldb.Store, caseID string) error {
	_, err := store.SaveMeeting(ctx, d.w, 0, panel.Meeting{
		Day: panel.After(d.today, 7), Time: "14:30", Place: "示例会议室", Agenda: []panel.Item{{CaseID: caseID}}, State: panel.Planned,
		Note: "演示数据 / demonstration data",
	}, d.today)
	return err
}

// consultation is open: two offices have time, and three people have commented.
func (d *demoDesk) consultation(ctx context.Context, store *paneldb.Store, caseID string) error {
	_, err := store.Ask(ctx, d.w, caseID, panel.Questions{
		Offices: []string{"区委社会工作部（示例）", "示例公安分局"}, Day: d.today, Question: "拟命名是否妥当，请函复。（示例）", Document: "示例函 1 号",
	}, d.today)
	if err != nil {
		return err
	}
	n, err := store.Publish(ctx, d.w, caseID, panel.Notice{
		Extent: "见示意图（示例）", Text: "演示数据：本公示由程序生成，并非真实的地名公示。", Contact: "示例区民政局地名科（示例，无电话）",
		Opens: d.today, Closes: panel.After(d.today, 13),
	}, d.today)
	if err != nil {
		return err
	}
	for _, c := range []panel.Comment{
		{Position: panel.Support, Grounds: []string{"clear"}, Text: "好记。（示例）"},
		{Position: panel.Object, Grounds: []string{"duplicate"}, Text: "听起来和旁边的路太像了。（示例）"},
		{Position: panel.Propose, Proposal: "示例道", Grounds: []string{"history"}, Text: "老人都这么叫。（示例）"},
	} {
		chance, err := chance()
		if err != nil {
			return err
		}
		if err := store.Take(ctx, d.w.AdCode, n.ID, c, panel.Person{}, panel.Receipt(chance), d.today); err != nil {
			return err
		}
	}
	return nil
}
