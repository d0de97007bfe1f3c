package paneldb_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
	"yike/placenames/panel"
)

func TestOfficesAnswerWhatTheyWereAsked(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	police, culture := x.person(t, "police", "consulted_department", "市公安局分局治安支队"), x.person(t, "culture", "consulted_department", "文化和旅游局")
	asks, err := x.store.Ask(t.Context(), x.registrar, x.caseID, panel.Questions{
		Offices: []string{"市公安局分局", "档案馆（史志）"}, Day: "2026-11-10", Question: "有无意见", Document: "地名函1号",
	}, today)
	if err != nil || len(asks) != 2 {
		t.Fatal(asks, err)
	}
	if _, err := x.store.Ask(t.Context(), x.registrar, x.caseID, panel.Questions{Offices: []string{"市公安局分局", ""}, Day: today}, today); faultsOf(t, err) != "offices/0 offices/1" {
		t.Error(err)
	}
	if _, err := x.store.Ask(t.Context(), x.registrar, x.caseID, panel.Questions{Day: today}, today); faultsOf(t, err) != "offices" {
		t.Error(err)
	}
	for w, sees := range map[*postgres.Writer]int{&police: 1, &culture: 0, &x.registrar: 2} {
		c, err := x.consulted(*w, x.caseID)
		if err != nil || len(c.Asks) != sees {
			t.Errorf("%s sees %d questions, %v", w.Who, len(c.Asks), err)
		}
	}
	agree := panel.Reply{Verdict: panel.Agree, Day: today}
	if err := x.store.Reply(t.Context(), culture, x.caseID, asks[0], agree, today); !errors.Is(err, panel.ErrNotFound) {
		t.Error("an answer for another office:", err)
	}
	if err := x.store.Reply(t.Context(), police, x.caseID, asks[1], agree, today); !errors.Is(err, panel.ErrNotFound) {
		t.Error("an answer for another office:", err)
	}
	if err := x.store.Reply(t.Context(), police, x.caseID, asks[0], agree, today); err != nil {
		t.Fatal(err)
	}
	change := panel.Reply{Verdict: panel.Change, Text: "请改用同音字以外的字", Day: today}
	if err := x.store.Reply(t.Context(), police, x.caseID, asks[0], change, today); err != nil {
		t.Fatal("a further answer:", err)
	}
	if err := x.store.Reply(t.Context(), x.registrar, x.caseID, asks[1], agree, today); faultsOf(t, err) != "document" {
		t.Error("entered without a letter:", err)
	}
	c, err := x.consulted(x.registrar, x.caseID)
	if err != nil {
		t.Fatal(err)
	}
	a := c.Asks[0]
	if len(a.Replies) != 2 || a.Last().Verdict != panel.Change || !a.Last().Own || a.Last().EnteredBy != "police" || a.Document != "地名函1号" || a.Due != "2026-11-20" {
		t.Errorf("%+v", a)
	}
	if got := c.Asks[1].Standing(today); got != panel.Silent {
		t.Errorf("silence is %s", got)
	}
	if err := x.store.Recall(t.Context(), x.registrar, x.caseID, asks[1], "", today); faultsOf(t, err) != "reason" {
		t.Error(err)
	}
	if err := x.store.Recall(t.Context(), x.registrar, x.caseID, asks[1], "机构合并", today); err != nil {
		t.Error(err)
	}
	if again, err := x.store.Ask(t.Context(), x.registrar, x.caseID, panel.Questions{Offices: []string{"档案馆（史志）"}, Day: today}, today); err != nil || len(again) != 1 {
		t.Error("asked again after it was recalled:", err)
	}
	if err := x.store.Reply(t.Context(), x.registrar, x.caseID, "x", agree, today); !errors.Is(err, panel.ErrNotFound) {
		t.Error(err)
	}
}

func (x *fixture) publish(t testing.TB, opens, closes record.Day) panel.Notice {
	t.Helper()
	n, err := x.store.Publish(t.Context(), x.registrar, x.caseID, panel.Notice{
		Extent: "东起甲路，西至乙路", Text: "新建道路命名", Contact: "区地名办 022-00000000", Opens: opens, Closes: closes,
	}, opens)
	if err != nil {
		t.Fatalf("publish: %v", err)
	}
	return n
}

func (x *fixture) comment(t testing.TB, n panel.Notice, c panel.Comment, receipt string) error {
	t.Helper()
	return x.store.Take(t.Context(), adcode, n.ID, c.Clean(), panel.Person{Name: "王**", Contact: "138****5678"}, receipt, today)
}

func TestNoticesAreNumberedAndStay(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	first := x.publish(t, today, "2026-12-03")
	if first.Number != "2026-001" || first.Name != "和顺道" || first.Roman != "Heshun Dao" || first.Kind != "road" || len(first.Sketch.Subject) != 1 || first.Sketch.Metres == 0 {
		t.Errorf("%+v", first)
	}
	second := x.publish(t, today, "2026-12-03")
	got, err := x.store.ByNumber(t.Context(), adcode, second.Number)
	if err != nil || got.ID != second.ID || second.Number != "2026-002" || got.Text != "新建道路命名" || got.Sketch.Metres != first.Sketch.Metres {
		t.Errorf("%+v %v", got, err)
	}
	for _, number := range []string{"2026-003", "2026-1", "x", "", "99999-001", "2026-0000000"} {
		if _, err := x.store.ByNumber(t.Context(), adcode, number); !errors.Is(err, panel.ErrNotFound) {
			t.Errorf("%q: %v", number, err)
		}
	}
	if all, err := x.store.Published(t.Context(), adcode); err != nil || len(all) != 2 || all[0].ID != second.ID {
		t.Error(all, err)
	}
	if _, err := x.store.Publish(t.Context(), x.registrar, x.caseID, panel.Notice{Opens: today, Closes: today}, today); faultsOf(t, err) != "extent text contact" {
		t.Error(err)
	}
	var stale *postgres.StaleError
	if err := x.store.ChangeNotice(t.Context(), x.registrar, first.ID, 2, "2026-12-09", "", because("延长"), today); !errors.As(err, &stale) {
		t.Error(err)
	}
	for _, c := range []struct {
		closes record.Day
		want   string
	}{{"2026-12-02", "closes"}, {"2026-12-09", ""}} {
		if err := x.store.ChangeNotice(t.Context(), x.registrar, first.ID, 1, c.closes, "", because("延长"), today); faultsOf(t, err) != c.want {
			t.Errorf("to %s: %v", c.closes, err)
		}
	}
	if err := x.store.ChangeNotice(t.Context(), x.registrar, first.ID, 2, "", "申请撤回", because("申请撤回"), today); err != nil {
		t.Error(err)
	}
	if err := x.store.ChangeNotice(t.Context(), x.registrar, first.ID, 3, "2026-12-20", "", because("x"), today); faultsOf(t, err) != "withdrawn" {
		t.Error(err)
	}
	if err := x.store.ChangeNotice(t.Context(), x.registrar, nobody, 1, "", "x", because("x"), today); !errors.Is(err, panel.ErrNotFound) {
		t.Error(err)
	}
	if err := x.store.ChangeNotice(t.Context(), dbtest.Person(t, x.db, adcode, "planner", ""), second.ID, 1, "", "x", because("x"), today); !errors.Is(err, postgres.ErrForbidden) {
		t.Error(err)
	}
	err = x.db.Write(t.Context(), postgres.System(adcode, "test"), "rewrite", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE name_notice SET text = 'x' WHERE id = @id`, pgx.StrictNamedArgs{"id": second.ID})
		return err
	})
	if postgres.Code(err) != "YK003" {
		t.Error("a notice is rewritten:", err)
	}
}

func TestCommentsAreKeptApartFromWhoMadeThem(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	n := x.publish(t, today, "2026-12-03")
	who := panel.Person{Name: "王小明", Contact: "13812345678"}
	if err := x.comment(t, n, panel.Comment{Position: panel.Object, Grounds: []string{"hard"}, Text: "<b>难读</b>", Person: who}, "7KQ2-XW9D-M4TB"); err != nil {
		t.Fatal(err)
	}
	if err := x.comment(t, n, panel.Comment{Position: panel.Support}, "0000-0000-0000"); err != nil {
		t.Fatal(err)
	}
	got, c, err := x.store.Fate(t.Context(), adcode, "7KQ2-XW9D-M4TB")
	if err != nil || got.ID != n.ID || c.Text != "<b>难读</b>" || c.Person != (panel.Person{}) || c.Day != today {
		t.Fatalf("%+v %v", c, err)
	}
	if _, _, err := x.store.Fate(t.Context(), adcode, "7KQ2-XW9D-M4TC"); !errors.Is(err, panel.ErrNotFound) {
		t.Error(err)
	}
	for role, want := range map[string]string{"approver": "", "place_name_registrar": "王**"} {
		w := x.registrar
		if role != "place_name_registrar" {
			w = dbtest.Person(t, x.db, adcode, role, "")
		}
		k, err := x.consulted(w, x.caseID)
		if err != nil || len(k.Comments) != 2 || k.Comments[0].Person.Name != want {
			t.Errorf("%s: %+v %v", role, k.Comments, err)
		}
	}
	if k, err := x.consulted(dbtest.Person(t, x.db, adcode, "planner", ""), x.caseID); err != nil || len(k.Comments) != 0 {
		t.Error("a planner reads comments:", k.Comments, err)
	}
	// Not even by hand do requests read who it was.
	err = x.db.Read(t.Context(), x.registrar, func(q postgres.Querier) error {
		var name string
		return q.QueryRow(t.Context(), `SELECT name FROM name_comment_person LIMIT 1`).Scan(&name)
	})
	if !errors.Is(err, postgres.ErrForbidden) {
		t.Error("a registrar reads a name:", err)
	}
	if _, err := x.store.Reveal(t.Context(), x.registrar, c.ID, "核实", today); !errors.Is(err, postgres.ErrForbidden) {
		t.Error(err)
	}
	admin := dbtest.Person(t, x.db, adcode, "system_admin", "")
	if _, err := x.store.Reveal(t.Context(), admin, c.ID, "", today); faultsOf(t, err) != "reason" {
		t.Error(err)
	}
	if p, err := x.store.Reveal(t.Context(), admin, c.ID, "向本人核实", today); err != nil || p != who {
		t.Error(p, err)
	}
	if _, err := x.store.Reveal(t.Context(), admin, nobody, "x", today); !errors.Is(err, panel.ErrNotFound) {
		t.Error(err)
	}
	var leaked int
	if err := x.db.Reader().QueryRow(t.Context(), `SELECT count(*) FROM audit_entry WHERE detail::text LIKE '%王小明%' OR detail::text LIKE '%1381234%' OR detail::text LIKE '%难读%'`).Scan(&leaked); err != nil || leaked != 0 {
		t.Error("the audit log holds what a visitor wrote:", leaked, err)
	}
	forget := func(day record.Day) (n int64) {
		err := x.db.Write(t.Context(), postgres.System(adcode, "test"), "forget", func(tx *postgres.Tx) (err error) {
			n, err = x.store.ForgetPeople(t.Context(), tx, day)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if a, b, again := forget("2027-06-01"), forget("2027-06-02"), forget("2027-06-02"); a != 0 || b != 1 || again != 0 {
		t.Errorf("forgotten %d, %d, %d", a, b, again)
	}
	if p, err := x.store.Reveal(t.Context(), admin, c.ID, "再看", today); err != nil || p != (panel.Person{}) {
		t.Error("it is still there:", p, err)
	}
}

func TestCommentsAreTakenWhileANoticeIsOpen(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	late, open := x.publish(t, "2026-11-01", "2026-11-26"), x.publish(t, today, "2026-12-03")
	support := panel.Comment{Position: panel.Support}
	if err := x.comment(t, late, support, "0000-0000-0001"); !errors.Is(err, panel.ErrEnded) {
		t.Error("a late comment:", err)
	}
	if err := x.comment(t, panel.Notice{ID: nobody}, support, "0000-0000-0001"); !errors.Is(err, panel.ErrNotFound) {
		t.Error(err)
	}
	if err := x.comment(t, open, panel.Comment{Position: panel.Object, Text: "不好"}, "0000-0000-0002"); err != nil {
		t.Fatal(err)
	}
	k, err := x.consulted(x.registrar, x.caseID)
	if err != nil || len(k.Comments) != 1 {
		t.Fatal(k.Comments, err)
	}
	id := k.Comments[0].ID
	if err := x.store.Answer(t.Context(), x.registrar, id, panel.Answer{Handling: panel.NotAdopted}, today); faultsOf(t, err) != "reason" {
		t.Error(err)
	}
	if err := x.store.Answer(t.Context(), dbtest.Person(t, x.db, adcode, "approver", ""), id, panel.Answer{Handling: panel.Adopted, Reason: "x"}, today); !errors.Is(err, postgres.ErrForbidden) {
		t.Error(err)
	}
	if err := x.store.Answer(t.Context(), x.registrar, nobody, panel.Answer{Handling: panel.Adopted, Reason: "x"}, today); !errors.Is(err, panel.ErrNotFound) {
		t.Error(err)
	}
	for _, h := range []panel.Handling{panel.NotAdopted, panel.Partly} {
		if err := x.store.Answer(t.Context(), x.registrar, id, panel.Answer{Handling: h, Reason: "理由"}, today); err != nil {
			t.Fatal(err)
		}
	}
	_, c, err := x.store.Fate(t.Context(), adcode, "0000-0000-0002")
	if err != nil || len(c.Answers) != 2 || c.Last().Handling != panel.Partly || c.Last().By != x.registrar.Who {
		t.Errorf("%+v %v", c, err)
	}
}

func (x *fixture) member(t testing.TB, name, account string, post panel.Post) string {
	t.Helper()
	id, err := x.store.SaveMember(t.Context(), x.registrar, 0, panel.Sitting{Name: name, Office: "某局", Post: post, From: "2026-01-01", Account: account}, because("任命"), today)
	if err != nil {
		t.Fatalf("a member: %v", err)
	}
	return id
}

func TestMeetingsFromAgendaToMinutes(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	zhang := x.person(t, "zhang", "committee_member", "")
	chair := x.member(t, "主任", "zhang", panel.Chair)
	others := []string{x.member(t, "委员甲", "", panel.Member), x.member(t, "委员乙", "", panel.Member)}
	m := panel.Meeting{Day: today, Time: "14:30", Place: "三楼会议室", Agenda: []panel.Item{{CaseID: x.caseID}}}
	id, err := x.store.SaveMeeting(t.Context(), x.registrar, 0, m, today)
	if err != nil {
		t.Fatal(err)
	}
	got, _, may, err := x.store.Meeting(t.Context(), x.registrar, id)
	if err != nil || !may || got.Number != "2026-01" || got.Agenda[0].Name != "和顺道" || got.Agenda[0].Number != "2026-001" || len(got.Presence) != 3 || got.State != panel.Planned {
		t.Fatalf("%+v %v %v", got, may, err)
	}
	if w, err := x.store.Work(t.Context(), zhang); err != nil || !w.Sits || len(w.Meetings) != 1 || w.Matters[x.caseID].Name != "和顺道" {
		t.Errorf("%+v %v", w, err)
	}
	stranger := dbtest.Person(t, x.db, adcode, "committee_member", "")
	if _, _, _, err := x.store.Meeting(t.Context(), stranger, id); !errors.Is(err, panel.ErrNotFound) {
		t.Error("an account that no member has:", err)
	}
	if _, err := x.store.SaveMeeting(t.Context(), zhang, 1, got, today); !errors.Is(err, postgres.ErrForbidden) {
		t.Error(err)
	}
	got.State, got.ChairID = panel.Held, chair
	got.Agenda[0].Decision, got.Agenda[0].Notes = panel.Agreed, "无异议"
	if _, err := x.store.SaveMeeting(t.Context(), x.registrar, 1, got, today); faultsOf(t, err) != "presence chair_id" {
		t.Error("closed without a quorum:", err)
	}
	for i, p := range got.Presence {
		if p.MemberID != others[1] {
			got.Presence[i].Attendance = panel.Present
		}
	}
	if _, err := x.store.SaveMeeting(t.Context(), x.registrar, 1, got, today); err != nil {
		t.Fatal(err)
	}
	closed, rules, may, err := x.store.Meeting(t.Context(), zhang, id)
	if err != nil || may || closed.State != panel.Held || !closed.Quorate(rules) || closed.Present(rules) != 2 {
		t.Errorf("%+v %v %v", closed, may, err)
	}
	if _, err := x.store.SaveMeeting(t.Context(), x.registrar, 2, closed, today); faultsOf(t, err) != "state" {
		t.Error("minutes are changed:", err)
	}
	err = x.db.Write(t.Context(), postgres.System(adcode, "test"), "rewrite", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE name_meeting SET note = 'x'`)
		return err
	})
	if postgres.Code(err) != "YK003" {
		t.Error("minutes are changed:", err)
	}
	if list, may, err := x.store.Meetings(t.Context(), x.registrar, x.caseID); err != nil || !may || len(list) != 1 {
		t.Error(list, may, err)
	}
	if list, _, err := x.store.Meetings(t.Context(), x.registrar, nobody); err != nil || len(list) != 0 {
		t.Error(list, err)
	}
	if _, err := x.store.SaveMeeting(t.Context(), x.registrar, 0, panel.Meeting{Day: today, Place: "x", Agenda: []panel.Item{{CaseID: nobody}}}, today); faultsOf(t, err) != "agenda/0/case_id" {
		t.Error(err)
	}
}

func TestWhatIsKnownOfACase(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	x.person(t, "wang", "expert", "")
	ids := []string{x.expert(t, "王", "大学", "wang"), x.expert(t, "李", "大学", ""), x.expert(t, "赵", "大学", "")}
	reviews, err := x.store.Invite(t.Context(), x.registrar, x.caseID, panel.Invitation{Experts: ids, Day: "2026-11-01", Due: "2026-11-10"}, today)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range reviews {
		o := x.opinion(4, panel.Agree)
		o.Document = "纸质意见"
		if err := x.store.Opine(t.Context(), x.registrar, x.caseID, r, o, today); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := x.store.Ask(t.Context(), x.registrar, x.caseID, panel.Questions{Offices: []string{"档案馆"}, Day: "2026-11-01", Due: "2026-11-02"}, today); err != nil {
		t.Fatal(err)
	}
	x.publish(t, "2026-11-01", "2026-11-20")
	ready := func() string {
		t.Helper()
		c, err := x.store.Case(t.Context(), x.registrar, x.caseID)
		if err != nil || !c.Reads || len(c.Sketch.Subject) == 0 {
			t.Fatal(c.Reads, err)
		}
		return strings.Join(c.Ready(today).Materials, " ")
	}
	if got := ready(); got != "expert_report consultation_report" {
		t.Error(got)
	}
	x.send(t, "consultation")
	if got := ready(); got != "expert_report" {
		t.Error("the consultation is taken again:", got)
	}
	x.send(t, "survey")
	if got := ready(); got != "" {
		t.Error("all is taken again:", got)
	}
	if _, err := x.store.Case(t.Context(), x.registrar, nobody); !errors.Is(err, panel.ErrNotFound) {
		t.Error(err)
	}
}
