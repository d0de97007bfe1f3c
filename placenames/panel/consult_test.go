package panel_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yike/internal/record"
	"yike/placenames/panel"
)

func ask(due record.Day, replies ...panel.Reply) panel.Ask {
	return panel.Ask{ID: "1", Office: "公安分局", AskedOn: "2026-11-01", Due: due, Replies: replies}
}

func TestSilenceIsSilence(t *testing.T) {
	t.Parallel()
	agreed := panel.Reply{Verdict: panel.Agree, Day: "2026-11-05"}
	agreeing, off := ask("2026-11-26"), ask("2026-11-26", agreed)
	agreeing.SilenceAgrees, off.Withdrawn = true, "撤回"
	for name, c := range map[string]struct {
		ask  panel.Ask
		want panel.AskStanding
	}{
		"on the last day":        {ask(today), panel.Waiting},
		"a day later":            {ask("2026-11-26"), panel.Silent},
		"where a rule says so":   {agreeing, panel.SilentAgreed},
		"answered":               {ask("2026-11-26", agreed), panel.Answered},
		"asked no more":          {off, panel.NotAsked},
		"answered in due course": {ask(today, agreed), panel.Answered},
	} {
		if got := c.ask.Standing(today); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	r := panel.Consulted{Asks: []panel.Ask{ask("2026-11-26"), agreeing, off, ask("2026-11-26", agreed)}}.Report(today)
	if r.Offices != (panel.Counts{Agree: 1, Silent: 1, SilentAgreed: 1}) || len(r.Asks) != 3 || r.From != "2026-11-01" || r.Until != "2026-11-26" {
		t.Errorf("%+v", r)
	}
}

func TestAsksAndRepliesThatAreWrong(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]panel.Ask{
		"":         {Office: "公安", AskedOn: today, Due: today},
		"office":   {AskedOn: today, Due: today},
		"day":      {Office: "公安", AskedOn: "2026-11-28", Due: "2026-11-28"},
		"due":      {Office: "公安", AskedOn: today, Due: "2026-11-26"},
		"day due":  {Office: "公安"},
		"question": {Office: "公安", AskedOn: today, Due: today, Question: strings.Repeat("问", 2001)},
	} {
		if got := fields(t, a.Validate(today)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	off := ask(today)
	off.Withdrawn = "x"
	for want, r := range map[string]panel.Reply{
		"":         {Verdict: panel.Agree, Day: today, Own: true},
		"verdict":  {Verdict: "x", Text: "x", Day: today, Own: true},
		"text":     {Verdict: panel.Change, Day: today, Own: true},
		"document": {Verdict: panel.Agree, Day: today},
		"day":      {Verdict: panel.Agree, Day: "2026-10-31", Own: true},
	} {
		if got := fields(t, ask("2026-11-10").Check(r, today)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if got := fields(t, off.Check(r, today)); got != "ask" {
			t.Errorf("asked no more: %q", got)
		}
	}
}

func notice() panel.Notice {
	return panel.Notice{ID: "n", Number: "2026-001", Name: "和顺道", Extent: "东起 A 路，西至 B 路", Text: "新建道路命名", Contact: "地名办", Opens: today, Closes: "2026-12-03"}
}

func TestNotices(t *testing.T) {
	t.Parallel()
	rules := usual(t)
	n := notice()
	if got := fields(t, n.Validate(rules, today)); got != "" {
		t.Error(got)
	}
	for day, want := range map[record.Day]panel.NoticeState{"2026-11-26": panel.Coming, today: panel.Open, "2026-12-03": panel.Open, "2026-12-04": panel.Closed} {
		if got := n.State(day); got != want {
			t.Errorf("%s: %s, want %s", day, got, want)
		}
	}
	n.Withdrawn = "申请撤回"
	if n.State(today) != panel.TakenOff {
		t.Error(n.State(today))
	}
	for want, change := range map[string]func(*panel.Notice){
		"closes":                   func(n *panel.Notice) { n.Closes = "2026-12-02" },
		"opens":                    func(n *panel.Notice) { n.Opens = "2026-11-26" },
		"name extent text contact": func(n *panel.Notice) { n.Name, n.Extent, n.Text, n.Contact = "", " ", "", "" },
		"opens closes":             func(n *panel.Notice) { n.Opens, n.Closes = "", "x" },
	} {
		n := notice()
		change(&n)
		if got := fields(t, n.Validate(rules, today)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestComments(t *testing.T) {
	t.Parallel()
	rules := usual(t)
	for name, c := range map[string]struct {
		comment panel.Comment
		want    string
	}{
		"support":           {panel.Comment{Position: panel.Support, Proposal: "left over"}, ""},
		"no position":       {panel.Comment{}, "position text"},
		"against nothing":   {panel.Comment{Position: panel.Object}, "text"},
		"against by a word": {panel.Comment{Position: panel.Object, Grounds: []string{"hard", "hard"}}, ""},
		"no ground":         {panel.Comment{Position: panel.Object, Grounds: []string{"x"}}, "grounds"},
		"no proposal":       {panel.Comment{Position: panel.Propose, Text: "x"}, "proposal"},
		"a thousand":        {panel.Comment{Position: panel.Object, Text: strings.Repeat("字", 1000)}, ""},
		"one more":          {panel.Comment{Position: panel.Object, Text: strings.Repeat("𠮷", 1001)}, "text"},
		"who":               {panel.Comment{Position: panel.Support, Person: panel.Person{Name: strings.Repeat("名", 41), Contact: "a\x00b"}}, "person_name contact"},
	} {
		if got := fields(t, c.comment.Clean().Validate(rules)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	mask := func(name, contact string) panel.Person {
		return panel.Person{Name: name, Contact: contact}.Masked(func(phone string) string {
			return strings.Replace(phone, "1234", "****", 1)
		})
	}
	for _, c := range []struct{ got, want panel.Person }{
		{mask("王小明", "13812345678"), panel.Person{Name: "王**", Contact: "138****5678"}},
		{mask("欧阳", "ouyang@example.cn"), panel.Person{Name: "欧**", Contact: "o***@example.cn"}},
		{mask("", ""), panel.Person{}},
	} {
		if c.got != c.want {
			t.Errorf("%+v, want %+v", c.got, c.want)
		}
	}
}

func TestAnswersToComments(t *testing.T) {
	t.Parallel()
	support, against := panel.Comment{Position: panel.Support}, panel.Comment{Position: panel.Object}
	for _, c := range []struct {
		comment panel.Comment
		answer  panel.Answer
		want    string
	}{
		{support, panel.Answer{Handling: panel.Noted}, ""},
		{against, panel.Answer{Handling: panel.Noted}, "handling"},
		{against, panel.Answer{Handling: panel.NotAdopted}, "reason"},
		{against, panel.Answer{Handling: panel.Partly, Reason: "改用"}, ""},
		{against, panel.Answer{Handling: "x", Reason: "y"}, "handling"},
	} {
		if got := fields(t, c.comment.Check(c.answer)); got != c.want {
			t.Errorf("%+v: %q, want %q", c.answer, got, c.want)
		}
	}
}

func FuzzReadReceipt(f *testing.F) {
	for _, s := range []string{"7KQ2-XW9D-M4TB", " 7kq2 xw9d m4tb ", "", "-", "OIl0-OIl0-OIl0", "7KQ2-XW9D-M4T", "ſſſſ", strings.Repeat("7", 70)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		code, ok := panel.ReadReceipt(typed)
		if !ok {
			return
		}
		if len(code) != 14 || code[4] != '-' || code[9] != '-' {
			t.Fatalf("%q is read as %q", typed, code)
		}
		if again, ok := panel.ReadReceipt(code); !ok || again != code {
			t.Fatalf("%q is read as %q", code, again)
		}
	})
}

func TestReceiptsComeBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var chance [8]byte
		copy(chance[:], rapid.SliceOfN(rapid.Byte(), 8, 8).Draw(t, "chance"))
		code := panel.Receipt(chance)
		typed := strings.ToLower(strings.ReplaceAll(code, "-", " "))
		typed = strings.NewReplacer("1", "l", "0", "o").Replace(typed)
		if got, ok := panel.ReadReceipt(typed); !ok || got != code {
			t.Fatalf("%q typed as %q is read as %q", code, typed, got)
		}
	})
	if code, ok := panel.ReadReceipt("OIl0-OIl0-OIl0"); !ok || code != "0110-0110-0110" {
		t.Error(code, ok)
	}
	for _, typed := range []string{"7KQ2-XW9D-M4T", "7KQ2-XW9D-M4TBB", "7KQ2-XW9D-M4TU", "", "中文"} {
		if code, ok := panel.ReadReceipt(typed); ok {
			t.Errorf("%q is read as %q", typed, code)
		}
	}
}

func TestDays(t *testing.T) {
	t.Parallel()
	if panel.DaysFrom("2026-02-27", "2026-03-01") != 3 || panel.DaysFrom("2026-03-01", "2026-02-27") != 0 || panel.DaysFrom("", "2026-02-27") != 0 {
		t.Error("days are counted wrongly")
	}
	if panel.After("2028-02-28", 2) != "2028-03-01" || panel.After("x", 2) != "x" {
		t.Error("days are added wrongly")
	}
}

// TestWhatIsReady goes through a case from nothing asked to everything answered.
func TestWhatIsReady(t *testing.T) {
	t.Parallel()
	rules := usual(t)
	k := panel.Known{CaseID: "c", Round: 1}
	holds := func(step, want string, lacks int) {
		t.Helper()
		r := panel.Ready(k, rules, today)
		if got := strings.Join(r.Materials, " "); got != want || len(r.Lacks) != lacks {
			t.Errorf("%s: %q, lacks %v; want %q and %d", step, got, r.Lacks, want, lacks)
		}
	}
	holds("nothing", "", 4)
	k.Reviews = []panel.Review{review(4, 4), review(5, 5)}
	holds("two opinions", "", 4)
	k.Reviews = append(k.Reviews, review(3, 3))
	holds("three opinions", "expert_report", 3)
	open := review()
	open.Due = today
	k.Reviews = append(k.Reviews, open)
	holds("one asked who has time", "", 4)
	k.Reviews[3].Due = "2026-11-26"
	holds("whose time is over", "expert_report", 3)
	k.Consulted.Asks = []panel.Ask{ask(today)}
	holds("an office has time", "expert_report", 3)
	k.Consulted.Asks[0].Due = "2026-11-26"
	holds("and was silent", "expert_report", 2)
	n := notice()
	k.Consulted.Notices = []panel.Notice{n}
	holds("a notice is open", "expert_report", 2)
	k.Consulted.Notices[0].Closes = "2026-11-26"
	k.Consulted.Comments = []panel.Comment{{NoticeID: "n", Position: panel.Object}}
	holds("a comment waits", "expert_report", 2)
	k.Consulted.Comments[0].Answers = []panel.Answer{{Handling: panel.NotAdopted, Reason: "x"}}
	holds("it was answered", "expert_report consultation_report", 1)
	k.Meetings = []panel.Meeting{{State: panel.Planned, Agenda: []panel.Item{{CaseID: "c", Round: 1, Decision: panel.Agreed}}}}
	holds("a meeting is planned", "expert_report consultation_report", 1)
	k.Meetings[0].State = panel.Held
	holds("it was held", "expert_report consultation_report minutes", 0)
	k.Meetings[0].Agenda[0].Decision = panel.Deferred
	holds("it deferred", "expert_report consultation_report", 1)
	k.Meetings[0].Agenda[0].Decision, k.Round = panel.Agreed, 2
	holds("in a round before", "expert_report consultation_report", 1)
	rules.PublicNeeded, rules.OfficesNeeded = false, false
	k.Consulted = panel.Consulted{}
	holds("where nobody need be asked", "expert_report consultation_report", 1)
}

func members(n int) []panel.Sitting {
	var out []panel.Sitting
	for i := range n {
		out = append(out, panel.Sitting{ID: string(rune('a' + i)), Name: string(rune('甲' + i)), Post: panel.Member, From: "2026-01-01"})
	}
	out[n-1].Post = panel.Chair
	return out
}

func meeting(present int, decisions ...panel.Decision) panel.Meeting {
	m := panel.Meeting{Day: today, Place: "会议室", Presence: panel.PresenceOf(members(6), today, nil)}
	m.ChairID = m.Presence[0].MemberID
	for i := range present {
		m.Presence[i].Attendance = panel.Present
	}
	for i, d := range decisions {
		m.Agenda = append(m.Agenda, panel.Item{CaseID: string(rune('A' + i)), Decision: d, Text: "x"})
	}
	return m
}

func TestWhoSitsOnTheDay(t *testing.T) {
	t.Parallel()
	list := members(3)
	list[0].Until = "2026-11-26"
	p := panel.PresenceOf(list, today, []panel.Presence{{MemberID: "b", Attendance: panel.Deputy, DeputyName: " 代 "}, {MemberID: "a", Attendance: panel.Present}})
	if len(p) != 2 || p[0].Post != panel.Chair || p[1].MemberID != "b" || p[1].DeputyName != "代" || p[0].Attendance != panel.Absent {
		t.Errorf("%+v", p)
	}
	if got := fields(t, panel.Sitting{Post: "king", From: "x"}.Validate()); got != "name post from" {
		t.Error(got)
	}
}

func TestQuorumOfMeetings(t *testing.T) {
	t.Parallel()
	rules := usual(t) // two of three
	for _, c := range []struct {
		present, deputies int
		count             bool
		want              bool
	}{{4, 0, false, true}, {3, 0, false, false}, {3, 1, false, false}, {3, 1, true, true}, {0, 0, true, false}, {6, 0, false, true}} {
		m := meeting(c.present)
		for i := range c.deputies {
			m.Presence[c.present+i].Attendance = panel.Deputy
		}
		rules.DeputiesCount = c.count
		if got := m.Quorate(rules); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
	if (panel.Meeting{}).Quorate(rules) {
		t.Error("nobody of nobody decides")
	}
}

func TestClosingMinutes(t *testing.T) {
	t.Parallel()
	rules := usual(t)
	voting := rules
	voting.Votes = true
	vote := func(m panel.Meeting, f, a, x int) panel.Meeting {
		m.Agenda = slices.Clone(m.Agenda)
		m.Agenda[0].Vote = &panel.Vote{For: f, Against: a, Abstain: x}
		return m
	}
	recused := vote(meeting(5, panel.Agreed), 3, 1, 0)
	recused.Agenda[0].Recused = []string{recused.Presence[1].MemberID}
	headless, later := meeting(5, panel.Agreed), meeting(5, panel.Agreed)
	headless.ChairID, later.Day = "", "2026-11-28"
	for name, c := range map[string]struct {
		m     panel.Meeting
		rules panel.Rules
		want  string
	}{
		"decided":                      {meeting(4, panel.Agreed, panel.SentBack, panel.Deferred), rules, ""},
		"one open":                     {meeting(4, panel.Agreed, panel.Undecided), rules, "agenda/1/decision"},
		"too few":                      {meeting(3, panel.Agreed), rules, "presence"},
		"too few, but nothing decided": {meeting(3, panel.Deferred), rules, ""},
		"nobody in the chair":          {headless, rules, "chair_id"},
		"to come":                      {later, rules, "day"},
		"a vote asked for":             {meeting(5, panel.Agreed), voting, "agenda/0/vote"},
		"a vote carried":               {vote(meeting(6, panel.Agreed), 4, 1, 1), voting, ""},
		"a vote lost":                  {vote(meeting(6, panel.Agreed), 3, 2, 1), voting, "agenda/0/decision"},
		"lost, and refused":            {vote(meeting(6, panel.Refused), 3, 2, 1), voting, ""},
		"votes that do not add up":     {vote(meeting(6, panel.Agreed), 6, 1, 0), voting, "agenda/0/vote"},
		"one recused":                  {recused, voting, ""},
		"no vote on what is deferred":  {meeting(5, panel.Deferred), voting, ""},
	} {
		if got := fields(t, c.m.CloseFaults(c.rules, today)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestMeetingsThatAreWrong(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*panel.Meeting){
		"":                       func(*panel.Meeting) {},
		"day place agenda":       func(m *panel.Meeting) { m.Day, m.Place, m.Agenda = "", " ", nil },
		"time":                   func(m *panel.Meeting) { m.Time = "25:00" },
		"agenda/1/case_id":       func(m *panel.Meeting) { m.Agenda[1].CaseID = m.Agenda[0].CaseID },
		"agenda/0/decision":      func(m *panel.Meeting) { m.Agenda[0].Decision = "x" },
		"agenda/0/text":          func(m *panel.Meeting) { m.Agenda[0].Decision, m.Agenda[0].Text = panel.SentBack, "" },
		"agenda/0/vote":          func(m *panel.Meeting) { m.Agenda[0].Vote = &panel.Vote{For: -1} },
		"presence/0/attendance":  func(m *panel.Meeting) { m.Presence[0].Attendance = "" },
		"presence/1/deputy_name": func(m *panel.Meeting) { m.Presence[1].Attendance = panel.Deputy },
	} {
		m := meeting(4, panel.Agreed, panel.Undecided)
		change(&m)
		if got := fields(t, m.Clean().Validate()); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
