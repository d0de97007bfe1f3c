package process_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/process"
)

func book(t testing.TB) *process.Book {
	t.Helper()
	b, err := process.NewBook()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func rulesFor(t testing.TB, track, preset string) process.Rules {
	t.Helper()
	r, err := book(t).For(track, preset)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func after(d record.Day, n int) record.Day {
	t, _ := time.Parse(time.DateOnly, string(d))
	return record.Day(t.AddDate(0, 0, n).Format(time.DateOnly))
}

// take is the event by which a step is done in order.
func take(r process.Rules, m process.Matter, step string, day record.Day) process.Event {
	s := r.Steps[slices.IndexFunc(r.Steps, func(s process.Step) bool { return s.Code.Code == step })]
	return process.Event{
		Kind: process.Done, Step: step, Day: day, Office: r.Offices(s, m.Class)[0], Person: "张某",
		Materials: s.NeedsOf(m.Act), Document: "咸地名〔2026〕1号", Verdict: process.Agree,
	}
}

func whole(r process.Rules, m process.Matter, day record.Day) []process.Event {
	var out []process.Event
	for _, s := range r.Steps {
		out = append(out, take(r, m, s.Code.Code, day))
		day = after(day, 2)
	}
	return out
}

var (
	street = process.Matter{Act: process.Naming, Class: "street"}
	estate = process.Matter{Act: process.Naming, Class: "residence"}
)

func TestBook(t *testing.T) {
	t.Parallel()
	b := book(t)
	c, err := placenames.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, class := range c.Classes {
		tracks := 0
		for _, tr := range b.Tracks {
			if slices.Contains(tr.Classes, class.Code.Code) {
				tracks++
			}
		}
		if tracks != 1 {
			t.Errorf("%s goes %d ways", class.Code.Code, tracks)
		}
	}
	for _, tr := range b.Tracks {
		for _, p := range b.Presets {
			r := rulesFor(t, tr.Code.Code, p.Code.Code)
			m := process.Matter{Act: process.Renaming, Class: tr.Classes[0]}
			got, err := r.Replay(m, whole(r, m, "2026-01-05"))
			if err != nil || got.Ending != process.Completed {
				t.Errorf("%s of %s: %q %v", tr.Code.Code, p.Code.Code, got.Ending, err)
			}
			if len(got.Record()) != len(r.Steps) || got.Record()[0].Person == "" {
				t.Errorf("the record of %s is %v", tr.Code.Code, got.Record())
			}
		}
	}
	if _, err := b.For("decide", "moon"); err == nil {
		t.Error("a preset that is not there was given")
	}
	x := rulesFor(t, "decide", "xixian")
	for _, s := range x.Steps {
		if slices.Contains([]string{"survey", "experts", "consultation", "deliberation"}, s.Code.Code) && s.Waivable {
			t.Errorf("%s may be set aside in Xixian", s.Code.Code)
		}
	}
	n := rulesFor(t, "decide", "national")
	if i := slices.IndexFunc(n.Steps, func(s process.Step) bool { return s.Code.Code == "survey" }); !n.Steps[i].Waivable {
		t.Error("a preset changed the track of another")
	}
}

func TestBookRefused(t *testing.T) {
	t.Parallel()
	good := func(steps, clocks, presets string) string {
		return `{"offices":[{"code":"o","zh":"甲","en":"o"}],"materials":[{"code":"m","zh":"乙","en":"m"}],"sources":[{"code":"s","zh":"丙","en":"s"}],
		"tracks":[{"code":"t","zh":"丁","en":"t","classes":[],"steps":[` + steps + `],"clocks":[` + clocks + `]}],"presets":[` + presets + `]}`
	}
	step := func(code, by, after, needs, source string) string {
		return `{"code":"` + code + `","zh":"环节","en":"step","by":[` + by + `],"after":[` + after + `],"needs":[` + needs + `],"cite":{"source":"` + source + `","grade":"R"}}`
	}
	clock := func(from, to, unit, severity, grade, alarm string) string {
		return `{"code":"c","zh":"时限","en":"clock","from":"` + from + `","to":"` + to + `","days":1,"unit":"` + unit + `","severity":"` + severity + `","alarms":[{"days":1,"to":"` + alarm + `"}],"cite":{"source":"s","grade":"` + grade + `"}}`
	}
	a, b := step("a", `"o"`, ``, `"m"`, "s"), step("b", `"o"`, `"a"`, ``, "s")
	const preset = `{"code":"p","zh":"戊","en":"p","regions":[],"authorities":{},"changes":[],"clocks":[],"notes":[]}`
	if _, err := process.ParseBook([]byte(good(a+","+b, clock("a", "b", "working", "error", "R", "o"), preset))); err != nil {
		t.Fatalf("a good book was refused: %v", err)
	}
	for name, tc := range map[string]struct{ json, says string }{
		"no JSON":             {`[`, "read procedures"},
		"no presets":          {good(a, "", ""), "no presets"},
		"no steps":            {good("", "", preset), "needs steps"},
		"a step twice":        {good(a+","+a, "", preset), "twice"},
		"nobody":              {good(step("a", ``, ``, ``, "s"), "", preset), "by"},
		"an unknown office":   {good(step("a", `"x"`, ``, ``, "s"), "", preset), "office"},
		"an unknown paper":    {good(step("a", `"o"`, ``, `"x"`, "s"), "", preset), "material"},
		"an unknown source":   {good(step("a", `"o"`, ``, ``, "x"), "", preset), "source"},
		"after a later step":  {good(step("a", `"o"`, `"b"`, ``, "s")+","+step("b", `"o"`, ``, ``, "s"), "", preset), "comes after"},
		"a clock backwards":   {good(a+","+b, clock("b", "a", "working", "error", "R", "o"), preset), "later one"},
		"a clock of moons":    {good(a+","+b, clock("a", "b", "moon", "error", "R", "o"), preset), "unit"},
		"an error not read":   {good(a+","+b, clock("a", "b", "working", "error", "P", "o"), preset), "never an error"},
		"an alarm to nobody":  {good(a+","+b, clock("a", "b", "working", "error", "R", "x"), preset), "office"},
		"a change of nothing": {good(a, "", strings.Replace(preset, `"changes":[]`, `"changes":[{"track":"t","step":"x","cite":{"source":"s","grade":"R"}}]`, 1)), "no step"},
		"authority unknown":   {good(a, "", strings.Replace(preset, `"authorities":{}`, `"authorities":{"street":["x"]}`, 1)), "authority"},
	} {
		if _, err := process.ParseBook([]byte(tc.json)); err == nil || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A case of no events has done nothing, and an event of the zero value does nothing.
func TestNothingIsDoneByNothing(t *testing.T) {
	t.Parallel()
	r := rulesFor(t, "decide", "national")
	c, err := r.Replay(street, nil)
	if err != nil || len(c.Taken) != 0 || c.Ending != process.Open || !slices.Equal(r.OpenSteps(c), []string{"application"}) {
		t.Errorf("%+v %v", c, err)
	}
	if _, faults := r.Apply(c, process.Event{}); len(faults) == 0 {
		t.Error("the zero value of an event was taken")
	}
	cal, _ := process.NewCalendar(nil, nil, "", "")
	if dues := r.Dues(c, cal, "2026-11-27"); len(dues) != 0 {
		t.Errorf("clocks run of nothing: %+v", dues)
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	r := rulesFor(t, "decide", "national")
	upTo := func(n int) []process.Event { return whole(r, street, "2026-01-05")[:n] }
	by := func(e process.Event, change func(*process.Event)) process.Event { change(&e); return e }
	authority := func(kind process.Kind, step string) process.Event {
		return process.Event{Kind: kind, Step: step, Day: "2026-03-01", Office: "place_name_authority", Person: "张某", Reason: "理由"}
	}
	next := take(r, street, "acceptance", "2026-03-01")
	for _, tc := range []struct {
		name  string
		have  int // events before
		event process.Event
		field string
	}{
		{"in order", 1, next, ""},
		{"a step too early", 1, take(r, street, "survey", "2026-03-01"), "step"},
		{"a step twice", 2, next, "step"},
		{"no such step", 1, by(next, func(e *process.Event) { e.Step = "moon" }), "step"},
		{"another office", 1, by(next, func(e *process.Event) { e.Office = "applicant" }), "office"},
		{"nobody", 1, by(next, func(e *process.Event) { e.Person = " " }), "person"},
		{"before the last", 1, by(next, func(e *process.Event) { e.Day = "2025-01-01" }), "day"},
		{"on no day", 1, by(next, func(e *process.Event) { e.Day = "soon" }), "day"},
		{"a paper missing", 1, by(next, func(e *process.Event) { e.Materials = nil }), "materials"},
		{"set aside", 2, authority(process.Waived, "survey"), ""},
		{"set aside without a word", 2, by(authority(process.Waived, "survey"), func(e *process.Event) { e.Reason = "" }), "reason"},
		{"set aside by the applicant", 2, by(authority(process.Waived, "survey"), func(e *process.Event) { e.Office = "applicant" }), "office"},
		{"what may not be set aside", 1, authority(process.Waived, "acceptance"), "step"},
		{"returned", 1, by(authority(process.Returned, "acceptance"), func(e *process.Event) { e.Missing = []string{"map"} }), ""},
		{"returned for nothing", 1, authority(process.Returned, "acceptance"), "missing"},
		{"returned before it came", 0, by(authority(process.Returned, "application"), func(e *process.Event) { e.Missing, e.Office = []string{"map"}, "applicant" }), "step"},
		{"corrected what nobody asked", 1, authority(process.Corrected, "acceptance"), "step"},
		{"refused", 1, authority(process.Refused, "acceptance"), ""},
		{"refused without a word", 1, by(authority(process.Refused, "acceptance"), func(e *process.Event) { e.Reason = "" }), "reason"},
		{"refused where it cannot be", 2, authority(process.Refused, "survey"), "step"},
		{"withdrawn", 1, by(authority(process.Withdrawn, ""), func(e *process.Event) { e.Office = "applicant" }), ""},
		{"withdrawn by another", 1, authority(process.Withdrawn, ""), "office"},
		{"withdrawn before it came", 0, by(authority(process.Withdrawn, ""), func(e *process.Event) { e.Office = "applicant" }), "step"},
		{"withdrawn when approved", 8, by(authority(process.Withdrawn, ""), func(e *process.Event) { e.Office = "applicant" }), "step"},
		{"sent back", 7, by(authority(process.SentBack, "approval"), func(e *process.Event) { e.Office, e.To = "city_county_government", "experts" }), ""},
		{"sent back to the beginning", 7, by(authority(process.SentBack, "approval"), func(e *process.Event) { e.Office, e.To = "city_county_government", "application" }), "to"},
		{"sent forward", 7, by(authority(process.SentBack, "approval"), func(e *process.Event) { e.Office, e.To = "city_county_government", "sign" }), "to"},
		{"sent back where it cannot be", 2, by(authority(process.SentBack, "survey"), func(e *process.Event) { e.To = "acceptance" }), "step"},
		{"approved without a number", 7, by(take(r, street, "approval", "2026-03-01"), func(e *process.Event) { e.Document = "" }), "document"},
		{"approved by the housing department", 7, by(take(r, street, "approval", "2026-03-01"), func(e *process.Event) { e.Office = "housing_department" }), "office"},
		{"filed and announced side by side", 8, take(r, street, "announcement", "2026-03-01"), ""},
		{"a vote below nothing", 6, by(take(r, street, "deliberation", "2026-03-01"), func(e *process.Event) { e.Vote = &process.Vote{For: -1} }), "vote"},
		{"after the end", 11, next, "kind"},
		{"of no kind", 1, by(next, func(e *process.Event) { e.Kind = "moon" }), "kind"},
	} {
		c, err := r.Replay(street, upTo(tc.have))
		if err != nil {
			t.Fatal(err)
		}
		_, faults := r.Apply(c, tc.event)
		var got []string
		for _, f := range faults {
			if f.ZH == "" || f.EN == "" {
				t.Errorf("%s: a fault without words", tc.name)
			}
			got = append(got, f.Field)
		}
		if tc.field == "" && len(got) > 0 || tc.field != "" && !slices.Contains(got, tc.field) {
			t.Errorf("%s: faults in %v, want %q", tc.name, got, tc.field)
		}
	}
	bad := upTo(3)
	bad[2].Person = ""
	if c, err := r.Replay(street, bad); err == nil || len(c.Events) != 2 || !strings.Contains(err.Error(), "event 3") {
		t.Errorf("replayed %d events: %v", len(c.Events), err)
	}
}

func TestCorrections(t *testing.T) {
	t.Parallel()
	r := rulesFor(t, "decide", "national")
	events := append(whole(r, street, "2026-01-05")[:1], process.Event{
		Kind: process.Returned, Step: "acceptance", Day: "2026-01-07", Office: "place_name_authority", Person: "张某", Reason: "缺图", Missing: []string{"map"},
	})
	c, err := r.Replay(street, events)
	if err != nil || c.Pending == nil || len(r.OpenSteps(c)) != 0 {
		t.Fatalf("%+v %v", c, err)
	}
	if _, faults := r.Apply(c, take(r, street, "acceptance", "2026-01-08")); len(faults) == 0 {
		t.Error("accepted while corrections are outstanding")
	}
	fix := process.Event{Kind: process.Corrected, Step: "acceptance", Day: "2026-01-10", Office: "applicant", Person: "李某"}
	if _, faults := r.Apply(c, fix); len(faults) == 0 {
		t.Error("corrected without what was missing")
	}
	fix.Materials = []string{"map"}
	c, faults := r.Apply(c, fix)
	if len(faults) > 0 || c.Pending != nil || !slices.Equal(r.OpenSteps(c), []string{"acceptance"}) {
		t.Errorf("%+v %v", c, faults)
	}
	// What is not corrected may be refused.
	c, _ = r.Replay(street, events)
	refuse := process.Event{Kind: process.Refused, Step: "acceptance", Day: "2026-02-10", Office: "place_name_authority", Person: "张某", Reason: "逾期未补正"}
	if c, faults := r.Apply(c, refuse); len(faults) > 0 || c.Ending != process.Refusal {
		t.Errorf("%q %v", c.Ending, faults)
	}
}

func TestSentBackIsTakenAgain(t *testing.T) {
	t.Parallel()
	r := rulesFor(t, "decide", "national")
	c, err := r.Replay(street, append(whole(r, street, "2026-01-05")[:7], process.Event{
		Kind: process.SentBack, Step: "approval", To: "experts", Day: "2026-02-01", Office: "city_county_government", Person: "王某", Reason: "补充论证",
	}))
	if err != nil {
		t.Fatal(err)
	}
	if c.Stands("experts") || c.Stands("deliberation") || !c.Stands("consultation") || c.Round != 1 || !slices.Equal(r.OpenSteps(c), []string{"experts"}) {
		t.Errorf("open %v, taken %v", r.OpenSteps(c), c.Taken)
	}
}

func TestOpinionNeedsReasons(t *testing.T) {
	t.Parallel()
	r := rulesFor(t, "opinion", "xixian")
	c, err := r.Replay(estate, whole(r, estate, "2026-01-05")[:2])
	if err != nil {
		t.Fatal(err)
	}
	e := take(r, estate, "reply", "2026-02-01")
	e.Verdict = process.Disagree
	if _, faults := r.Apply(c, e); len(faults) == 0 {
		t.Error("disagreed without a word")
	}
	e.Reason = "与建成区内街路同音"
	if _, faults := r.Apply(c, e); len(faults) > 0 {
		t.Errorf("%v", faults)
	}
	e.Verdict = ""
	if _, faults := r.Apply(c, e); len(faults) == 0 {
		t.Error("a reply that says nothing was taken")
	}
}

// 10,000 random walks over both tracks of all presets: nothing is skipped, nothing happens
// while corrections are outstanding or after the end, every ending has its reason.
func TestWalks(t *testing.T) {
	t.Parallel()
	b := book(t)
	r := rand.New(rand.NewPCG(7, 8))
	endings := map[process.Ending]int{}
	kinds := []process.Kind{process.Done, process.Done, process.Done, process.Done, process.Done, process.Waived, process.Returned, process.Corrected, process.SentBack, process.Refused, process.Withdrawn, ""}
	var rules []process.Rules
	for _, tr := range b.Tracks {
		for _, p := range b.Presets {
			rules = append(rules, rulesFor(t, tr.Code.Code, p.Code.Code))
		}
	}
	for i := range 10_000 {
		rule := rules[i%len(rules)]
		m := process.Matter{Act: []string{process.Naming, process.Renaming, process.Retirement}[r.IntN(3)], Class: rule.Classes[r.IntN(len(rule.Classes))]}
		c, day := rule.Start(m), record.Day("2026-01-05")
		for range 60 {
			step := rule.Steps[r.IntN(len(rule.Steps))]
			if open := rule.OpenSteps(c); len(open) > 0 && r.IntN(3) > 0 {
				step = rule.Steps[slices.IndexFunc(rule.Steps, func(s process.Step) bool { return s.Code.Code == open[0] })]
			}
			e := take(rule, m, step.Code.Code, day)
			e.Kind = kinds[r.IntN(len(kinds))]
			e.To = rule.Steps[r.IntN(len(rule.Steps))].Code.Code
			switch r.IntN(8) {
			case 0:
				e.Office = b.Offices[r.IntN(len(b.Offices))].Code
			case 1:
				e.Materials = nil
			case 2:
				e.Missing = []string{"map"}
			}
			if e.Kind == process.Withdrawn || e.Kind == process.Corrected {
				e.Office = "applicant"
			}
			if e.Kind == process.Corrected {
				e.Materials = append(e.Materials, "map")
			}
			if r.IntN(4) > 0 {
				e.Reason = "理由"
			}
			next, faults := rule.Apply(c, e)
			if len(faults) > 0 {
				if len(next.Events) != len(c.Events) {
					t.Fatal("a refused event was kept")
				}
				continue
			}
			holds(t, rule, c, next, e)
			c, day = next, after(day, r.IntN(4))
		}
		endings[c.Ending]++
		if again, err := rule.Replay(m, c.Events); err != nil || again.Ending != c.Ending || len(again.Taken) != len(c.Taken) {
			t.Fatalf("replayed otherwise: %v", err)
		}
	}
	for _, e := range []process.Ending{process.Open, process.Completed, process.Refusal, process.Withdrawal} {
		if endings[e] == 0 {
			t.Errorf("no walk ended %q: the test is too weak (%v)", e, endings)
		}
	}
}

// holds what must be so of every event that was taken.
func holds(t *testing.T, rule process.Rules, before, after process.Case, e process.Event) {
	t.Helper()
	if before.Ending != process.Open {
		t.Fatalf("%s after the end", e.Kind)
	}
	if before.Pending != nil && (e.Kind == process.Done || e.Kind == process.Waived || e.Kind == process.SentBack || e.Kind == process.Returned) {
		t.Fatalf("%s while corrections are outstanding", e.Kind)
	}
	if e.Reason == "" && e.Kind != process.Done && e.Kind != process.Corrected {
		t.Fatalf("%s without a reason", e.Kind)
	}
	for _, s := range rule.Steps {
		if !after.Stands(s.Code.Code) {
			continue
		}
		for _, b := range s.After {
			if !after.Stands(b) {
				t.Fatalf("%s stands, and %s before it does not", s.Code.Code, b)
			}
		}
		at := after.Taken[s.Code.Code]
		if at.Kind == process.Waived && !s.Waivable {
			t.Fatalf("%s was set aside", s.Code.Code)
		}
		if at.Kind == process.Done && !slices.Contains(rule.Offices(s, after.Matter.Class), at.Office) {
			t.Fatalf("%s was taken by %s", s.Code.Code, at.Office)
		}
	}
	if after.Ending == process.Completed && len(after.Taken) != len(rule.Steps) {
		t.Fatal("completed with steps open")
	}
}
