package campaigns

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yike/internal/record"
)

const today = record.Day("2026-11-27")

func form() Form {
	return Form{Questions: []Question{
		{Code: "matches", ZH: "一致吗？", EN: "Agrees?", Kind: YesNo, Required: true, Problem: []string{"no"}, Verifies: true, Points: 30},
		{Code: "state", ZH: "状态", Kind: Choice, Required: true, Options: []Option{{"open", "开", "open"}, {"shut", "关", "shut"}}, Problem: []string{"shut"}, Points: 20},
		{Code: "area", ZH: "面积", EN: "Area", Kind: Number},
		{Code: "front", ZH: "门头", EN: "Front", Kind: Photo, Required: true},
		{Code: "remark", ZH: "其他", EN: "Else", Kind: Text},
	}}
}

func campaign() Campaign {
	return Campaign{Title: "清查", Kind: Census, Year: 2026, State: Draft, Deadline: "2026-12-31", Form: form()}
}

func fields(t *testing.T, faults []record.Fault) string {
	t.Helper()
	var out []string
	for _, f := range faults {
		if f.ZH == "" || f.EN == "" {
			t.Errorf("a fault of %s without words", f.Field)
		}
		out = append(out, f.Field)
	}
	return strings.Join(out, " ")
}

func TestValidate(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*Campaign)
		want   string
	}{
		{"as it should be", func(*Campaign) {}, ""},
		{"no title", func(c *Campaign) { c.Title = " " }, "title"},
		{"a long title", func(c *Campaign) { c.Title = strings.Repeat("长", longestTitle+1) }, "title"},
		{"a long guide", func(c *Campaign) { c.Guide = strings.Repeat("长", longestText+1) }, "guide"},
		{"no kind", func(c *Campaign) { c.Kind = "" }, "kind"},
		{"no year", func(c *Campaign) { c.Year = 0 }, "year"},
		{"no day", func(c *Campaign) { c.Deadline = "soon" }, "deadline"},
		{"no questions", func(c *Campaign) { c.Form = Form{} }, "form"},
		{"too many questions", func(c *Campaign) {
			c.Form = Form{}
			for i := range mostAsked + 1 {
				c.Form.Questions = append(c.Form.Questions, Question{Code: fmt.Sprint(i), ZH: "问", Kind: Text})
			}
		}, "form"},
		{"a code twice", func(c *Campaign) { c.Form.Questions[1].Code = "matches" }, "form"},
		{"no question", func(c *Campaign) { c.Form.Questions[0].ZH = "" }, "form"},
		{"no form of answer", func(c *Campaign) { c.Form.Questions[0].Kind = "sound" }, "form"},
		{"a choice of nothing", func(c *Campaign) { c.Form.Questions[1].Options = nil }, "form"},
		{"points for a text", func(c *Campaign) { c.Form.Questions[4].Points = 1 }, "form"},
		{"points below none", func(c *Campaign) { c.Form.Questions[0].Points = -1 }, "form"},
		{"verified by a text", func(c *Campaign) { c.Form.Questions[4].Verifies = true }, "form"},
		{"a problem that cannot be answered", func(c *Campaign) { c.Form.Questions[1].Problem = []string{"burnt"} }, "form"},
		{"a problem of a number", func(c *Campaign) { c.Form.Questions[2].Problem = []string{"no"} }, "form"},
		{"a problem that is perhaps", func(c *Campaign) { c.Form.Questions[0].Problem = []string{"perhaps"} }, "form"},
	} {
		c := campaign()
		tc.change(&c)
		if got := fields(t, Validate(c)); got != tc.want {
			t.Errorf("%s: faults in %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestChangesOfWhatIsOut(t *testing.T) {
	t.Parallel()
	before := campaign()
	title, deadline, year, kind, guide := " 新名 ", record.Day("2027-01-31"), 2027, Assessment, "说明"
	after := Patch{Title: &title, Deadline: &deadline, Year: &year, Kind: &kind, Guide: &guide, Form: &Form{}}.Apply(before)
	if after.Title != "新名" || after.Year != 2027 || len(after.Form.Questions) != 0 || before.Title != "清查" {
		t.Errorf("%+v", after)
	}
	if got := fields(t, ValidateChange(before, Patch{Title: &title, Year: &year}.Apply(before))); got != "" {
		t.Errorf("a draft: %q", got)
	}
	before.State = Sent
	if got := fields(t, ValidateChange(before, after)); got != "kind year form form" {
		t.Errorf("one that is out: %q", got)
	}
	if got := fields(t, ValidateChange(before, Patch{Title: &title, Deadline: &deadline}.Apply(before))); got != "" {
		t.Errorf("more time: %q", got)
	}
	before.State = Closed
	if got := fields(t, ValidateChange(before, before)); got != "state" {
		t.Errorf("a closed one: %q", got)
	}
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	list, err := Templates()
	if err != nil || len(list) != len(Kinds()) {
		t.Fatalf("%d templates, %v", len(list), err)
	}
	for i, kind := range Kinds() {
		if zh, en := kind.Text(); list[i].Kind != kind || zh == "" || en == "" {
			t.Errorf("%+v", list[i].Kind)
		}
	}
	if got := list[2].Form.Score(map[string]any{}); got == nil || *got != 0 {
		t.Error("an assessment has scores")
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	whole := Answer{Answers: map[string]any{"matches": "yes", "state": "open", "area": 80.5, "remark": "无"}, VisitedOn: today, Final: true}
	for _, tc := range []struct {
		name   string
		change func(*Answer)
		photos int
		want   string
	}{
		{"whole", func(*Answer) {}, 1, ""},
		{"no picture", func(*Answer) {}, 0, "answers.front"},
		{"not yet final", func(a *Answer) { *a = Answer{} }, 0, ""},
		{"nothing", func(a *Answer) { *a = Answer{Final: true} }, 0, "visited_on answers.matches answers.state answers.front"},
		{"perhaps", func(a *Answer) { a.Answers["matches"] = true }, 1, "answers.matches"},
		{"burnt", func(a *Answer) { a.Answers["state"] = "burnt" }, 1, "answers.state"},
		{"fewer than none", func(a *Answer) { a.Answers["area"] = -1.0 }, 1, "answers.area"},
		{"no number", func(a *Answer) { a.Answers["area"] = math.NaN() }, 1, "answers.area"},
		{"a number for a text", func(a *Answer) { a.Answers["remark"] = 1.0 }, 1, "answers.remark"},
		{"no text at all", func(a *Answer) { a.Answers["remark"] = "\xff" }, 1, "answers.remark"},
		{"not asked", func(a *Answer) { a.Answers["colour"] = "red" }, 1, "answers.colour"},
		{"tomorrow", func(a *Answer) { a.VisitedOn = "2026-11-28" }, 1, "visited_on"},
		{"some day", func(a *Answer) { a.VisitedOn = "soon" }, 1, "visited_on"},
		{"a long note", func(a *Answer) { a.Note = strings.Repeat("长", longestText+1) }, 1, "note"},
	} {
		a := whole
		a.Answers = map[string]any{}
		for k, v := range whole.Answers {
			a.Answers[k] = v
		}
		tc.change(&a)
		if got := fields(t, a.Problems(campaign(), tc.photos, today)); got != tc.want {
			t.Errorf("%s: faults in %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestFoundAndScore(t *testing.T) {
	t.Parallel()
	f := form()
	answers := map[string]any{"matches": "no", "state": "open", "remark": "no"}
	if d := cmp.Diff([]Found{{Question: "matches", ZH: "一致吗？ 否", EN: "Agrees? No"}}, f.Found(answers)); d != "" {
		t.Error(d)
	}
	answers["state"] = "shut"
	if got := f.Found(answers); len(got) != 2 || got[1].ZH != "状态 关" || got[1].EN != "状态 shut" {
		t.Errorf("%+v", got)
	}
	for _, tc := range []struct {
		answers map[string]any
		want    int
	}{
		{nil, 0},
		{map[string]any{"matches": "yes"}, 60},
		{map[string]any{"matches": "yes", "state": "open"}, 100},
		{map[string]any{"matches": "yes", "state": "shut"}, 60},
		{map[string]any{"state": "open"}, 40},
	} {
		if got := f.Score(tc.answers); got == nil || *got != tc.want {
			t.Errorf("%v: %v, want %d", tc.answers, got, tc.want)
		}
	}
	if (Form{Questions: []Question{{Code: "a", Kind: Text}}}).Score(nil) != nil {
		t.Error("a score without points")
	}
	if !f.Verifies(map[string]any{"matches": "yes"}) || f.Verifies(answers) || f.Verifies(map[string]any{"state": "yes"}) {
		t.Error("a record is verified when it is found to agree, and only then")
	}
}

func TestSteps(t *testing.T) {
	t.Parallel()
	open := Problem{State: Unsolved, FoundOn: "2026-11-01", DueOn: "2026-11-15"}
	done, faults := open.Take(Rectify, "2026-11-10", "", " 修好了 ", today)
	if len(faults) > 0 || done.State != Rectified || done.DoneOn != "2026-11-10" || done.Note != "修好了" {
		t.Fatalf("%+v %v", done, faults)
	}
	again, faults := done.Take(Reopen, "2026-11-12", "2026-12-01", "", today)
	if len(faults) > 0 || again.State != Unsolved || again.Rounds != 1 || again.DueOn != "2026-12-01" || again.DoneOn != "" || again.CheckedOn != "2026-11-12" {
		t.Errorf("%+v %v", again, faults)
	}
	shut, faults := done.Take(Recheck, "2026-11-12", "", "", today)
	if len(faults) > 0 || shut.State != Solved || shut.CheckedOn != "2026-11-12" {
		t.Errorf("%+v %v", shut, faults)
	}
	late, faults := open.Take(Extend, "2026-11-12", "2026-12-12", "", today)
	if len(faults) > 0 || late.DueOn != "2026-12-12" || late.State != Unsolved {
		t.Errorf("%+v %v", late, faults)
	}
	if !open.Overdue("2026-11-16") || open.Overdue("2026-11-15") || shut.Overdue("2027-01-01") {
		t.Error("overdue is after the day on which it is due")
	}
	for _, tc := range []struct {
		name    string
		p       Problem
		step    Step
		on, due record.Day
		note    string
		want    string
	}{
		{"not known", open, "burn", today, "", "", "step"},
		{"seen before it is done", open, Recheck, today, "", "", "step"},
		{"done twice", done, Rectify, today, "", "", "step"},
		{"before it was found", open, Rectify, "2026-10-31", "", "", "on"},
		{"tomorrow", open, Rectify, "2026-11-28", "", "", "on"},
		{"no day", open, Rectify, "", "", "", "on"},
		{"no due day", done, Reopen, today, "", "", "due_on"},
		{"due before", open, Extend, today, "2026-11-26", "", "due_on"},
		{"a long note", open, Rectify, today, "", strings.Repeat("长", longestNote+1), "note"},
	} {
		got, faults := tc.p.Take(tc.step, tc.on, tc.due, tc.note, today)
		if f := fields(t, faults); f != tc.want {
			t.Errorf("%s: faults in %q, want %q", tc.name, f, tc.want)
		}
		if d := cmp.Diff(tc.p, got); d != "" {
			t.Errorf("%s changed something: %s", tc.name, d)
		}
	}
}

// Whatever is done in whatever order, a problem is closed only by a re-check that follows
// a rectification, and rounds count the re-checks that found it still there.
func TestProblemsNeverSkip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := Problem{State: Unsolved, FoundOn: "2026-11-01", DueOn: "2026-11-15"}
		rounds := 0
		for range rapid.IntRange(0, 30).Draw(t, "steps") {
			step := rapid.SampledFrom([]Step{Rectify, Recheck, Reopen, Extend}).Draw(t, "step")
			before := p
			var faults []record.Fault
			if p, faults = p.Take(step, today, "2026-12-31", "", today); len(faults) > 0 {
				continue
			}
			if p.State == Solved && before.State != Rectified {
				t.Fatalf("closed from %s", before.State)
			}
			if step == Reopen {
				rounds++
			}
		}
		if p.Rounds != rounds {
			t.Fatalf("%d rounds, want %d", p.Rounds, rounds)
		}
	})
}

func TestProgressed(t *testing.T) {
	t.Parallel()
	n := func(v int) *int { return &v }
	tasks := []Task{
		{DivisionCode: "990001001001", State: Accepted, Score: n(90)},
		{DivisionCode: "990001001002", State: Returned, Score: n(71)},
		{DivisionCode: "990001002001", State: Open},
		{DivisionCode: "990001001001", State: SentBack},
	}
	problems := []Problem{{DivisionCode: "990001001001", State: Solved}, {DivisionCode: "990001001001", State: Unsolved}}
	got := Progressed(tasks, problems, func(code string) string { return code[:9] })
	want := []Progress{
		{DivisionCode: "990001001", Tasks: 3, Returned: 2, Accepted: 1, Problems: 2, Solved: 1, Score: n(81)}, // 80.5
		{DivisionCode: "990001002", Tasks: 1},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if len(Progressed(nil, nil, func(string) string { return "" })) != 0 {
		t.Error("progress of nothing")
	}
}
