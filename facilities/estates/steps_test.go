package estates_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/internal/record"
)

func TestUsualDutiesChangeWithTheReform(t *testing.T) {
	t.Parallel()
	usual := estates.UsualDuties()
	if faults := usual.Validate(); len(faults) > 0 {
		t.Fatalf("the usual duties are not valid: %+v", faults)
	}
	for day, office := range map[record.Day]string{"2020-01-01": "区民政局", "2023-03-15": "区民政局", "2023-03-16": "区委社会工作部", "2026-11-28": "区委社会工作部"} {
		on := usual.On(day)
		if len(on) != 10 {
			t.Errorf("%s: %d duties", day, len(on))
		}
		for _, d := range on {
			want := office
			if d.Norm == premises.ElderlyNorm {
				want = "区民政局"
			}
			if d.Office != want || d.Source == "" {
				t.Errorf("%s: %+v, want %s", day, d, want)
			}
		}
	}
}

func TestFaultsOfDuties(t *testing.T) {
	t.Parallel()
	good := estates.Duty{Milestone: estates.Acceptance, Norm: premises.ElderlyNorm, Office: "区民政局", Days: 10, Series: "津西民意"}
	with := func(change func(*estates.Duty)) []estates.Duty {
		d := good
		change(&d)
		return []estates.Duty{d}
	}
	for name, c := range map[string]struct {
		duties estates.Duties
		field  string
	}{
		"good":         {estates.Duties{List: []estates.Duty{good}}, ""},
		"one after":    {estates.Duties{List: append(with(func(d *estates.Duty) { d.Until = "2023-01-31" }), with(func(d *estates.Duty) { d.From = "2023-02-01" })...)}, ""},
		"twice":        {estates.Duties{List: []estates.Duty{good, good}}, "duties/1/office"},
		"twice a day":  {estates.Duties{List: append(with(func(d *estates.Duty) { d.Until = "2023-02-01" }), with(func(d *estates.Duty) { d.From = "2023-02-01" })...)}, "duties/1/office"},
		"no office":    {estates.Duties{List: with(func(d *estates.Duty) { d.Office = " " })}, "duties/0/office"},
		"spaced":       {estates.Duties{List: with(func(d *estates.Duty) { d.Office = " 区民政局" })}, "duties/0/office"},
		"long":         {estates.Duties{List: with(func(d *estates.Duty) { d.Source = strings.Repeat("长", 301) })}, "duties/0/source"},
		"no norm":      {estates.Duties{List: with(func(d *estates.Duty) { d.Norm = premises.NoNorm })}, "duties/0/norm"},
		"no milestone": {estates.Duties{List: with(func(d *estates.Duty) { d.Milestone = 9 })}, "duties/0/milestone"},
		"days":         {estates.Duties{List: with(func(d *estates.Duty) { d.Days = -1 })}, "duties/0/days"},
		"series":       {estates.Duties{List: with(func(d *estates.Duty) { d.Series = "津西民意〔2026〕" })}, "duties/0/series"},
		"from":         {estates.Duties{List: with(func(d *estates.Duty) { d.From = "soon" })}, "duties/0/from"},
		"until":        {estates.Duties{List: with(func(d *estates.Duty) { d.From, d.Until = "2026-02-01", "2026-01-01" })}, "duties/0/until"},
		"rectify":      {estates.Duties{RectifyDays: 366}, "rectify_days"},
		"months":       {estates.Duties{HandoverMonths: 37}, "handover_months"},
		"many":         {estates.Duties{List: many(good)}, "duties"},
	} {
		faults := c.duties.Validate()
		switch {
		case c.field == "" && len(faults) > 0:
			t.Errorf("%s: %+v", name, faults)
		case c.field != "" && (len(faults) != 1 || faults[0].Field != c.field || faults[0].ZH == "" || faults[0].EN == ""):
			t.Errorf("%s: %+v, want %s", name, faults, c.field)
		}
	}
}

func many(d estates.Duty) []estates.Duty {
	out := make([]estates.Duty, estates.MostDuties+1)
	for i := range out {
		out[i] = d
		out[i].Office = fmt.Sprint("部门", i)
	}
	return out
}

func TestLetters(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]estates.Letter{
		"津西民意〔2026〕12号": {Series: "津西民意", Year: 2026, No: 12}, "津西民意[2026]12号": {Series: "津西民意", Year: 2026, No: 12}, "津西民意（2026）第3号": {Series: "津西民意", Year: 2026, No: 3},
		" 津西民意 ［2026］ 7 号": {Series: "津西民意", Year: 2026, No: 7}, "津西民意【2026】8号": {Series: "津西民意", Year: 2026, No: 8},
	} {
		if got, ok := estates.LetterOf("津西民意", text); !ok || got != want {
			t.Errorf("%s: %+v %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "津西民意", "津西民意〔2026〕12", "津西民意〔2026〕0号", "津西民意〔26〕1号", "津西民意〔2026]1号", "津西社〔2026〕1号", "津西民意〔2026〕十号"} {
		if _, ok := estates.LetterOf("津西民意", text); ok {
			t.Errorf("%s is none of the series", text)
		}
	}
	if _, ok := estates.LetterOf("", "〔2026〕1号"); ok {
		t.Error("an empty series has letters")
	}
	for name, c := range map[string]struct {
		series, typed string
		known         estates.Numbered
		want          string
		given         bool
		err           error
	}{
		"first":             {"津西民意", "", estates.Numbered{}, "津西民意〔2026〕1号", true, nil},
		"next":              {"津西民意", "", estates.Numbered{Last: 11, Given: true}, "津西民意〔2026〕12号", true, nil},
		"goes on":           {"津西民意", "", estates.Numbered{Last: 11}, "津西民意〔2026〕12号", true, nil},
		"begun on paper":    {"津西民意", "津西民意(2026)11号", estates.Numbered{}, "津西民意〔2026〕11号", false, nil},
		"chosen too late":   {"津西民意", "津西民意〔2026〕99号", estates.Numbered{Last: 1, Given: true}, "", false, estates.ErrLetterGiven},
		"of another year":   {"津西民意", "津西民意〔2025〕9号", estates.Numbered{}, "", false, estates.ErrNotBefore},
		"of another series": {"津西民意", " 函告3 ", estates.Numbered{Last: 1, Given: true}, "函告3", false, nil},
		"own":               {"", "西社工函〔2026〕4号", estates.Numbered{}, "西社工函〔2026〕4号", false, nil},
		"own, missing":      {"", " ", estates.Numbered{}, "", false, estates.ErrIncomplete},
	} {
		text, _, given, err := estates.NextLetter(c.series, c.typed, "2026-05-01", c.known)
		if text != c.want || given != c.given || !errors.Is(err, c.err) {
			t.Errorf("%s: %q %v %v", name, text, given, err)
		}
	}
}

func FuzzLetterOf(f *testing.F) {
	f.Add("津西民意", "津西民意〔2026〕12号")
	f.Add("a", "a[2026]1号")
	f.Fuzz(func(t *testing.T, series, text string) {
		l, ok := estates.LetterOf(series, text)
		if !ok {
			return
		}
		if again, ok := estates.LetterOf(l.Series, l.String()); !ok || again != l {
			t.Errorf("%q reads as %+v, which reads as %+v", text, l, again)
		}
	})
}

// story is a list of events that were taken one after the other.
type story struct {
	events []estates.Event
	p      estates.Progress
}

func (s *story) add(e estates.Event, err error, p estates.Progress) bool {
	if err != nil {
		return false
	}
	e.No = len(s.events) + 1
	s.events, s.p = append(s.events, e), p
	return true
}

func (s *story) ask(r estates.Request) bool {
	p, err := s.p.Ask(r, duties())
	return s.add(estates.Event{ID: fmt.Sprint("e", len(s.events)+1), Request: &r, Asked: duties()}, err, p)
}

func (s *story) answer(o estates.Opinion) bool {
	p, err := s.p.Answer(o)
	return s.add(estates.Event{ID: fmt.Sprint("e", len(s.events)+1), Opinion: &o}, err, p)
}

func (s *story) correct(e estates.Event) error {
	e.ID = fmt.Sprint("e", len(s.events)+1)
	p, err := estates.Correct(s.events, e)
	s.add(e, err, p)
	return err
}

// through takes an estate through every milestone up to one, all agreed.
func through(t *testing.T, last estates.Milestone) *story {
	t.Helper()
	var s story
	for _, m := range estates.Milestones() {
		if m > last {
			break
		}
		day := func(d int) record.Day { return record.Day(fmt.Sprintf("2026-%02d-%02d", 1+int(m), d)) }
		if !s.ask(ask(m, day(1))) || !s.answer(answer(m, premises.ElderlyNorm, "区民政局", estates.Agreed, day(5))) || !s.answer(answer(m, premises.CommunityNorm, "区委社会工作部", estates.Conditional, day(9))) {
			t.Fatalf("the story stops at %s", m.Code().EN)
		}
	}
	return &s
}

func TestCorrections(t *testing.T) {
	t.Parallel()
	s := through(t, estates.PlanReview)
	first := estates.PlanningConditions
	restate := func(corrects string, change func(*estates.Opinion)) estates.Event {
		o := answer(first, premises.ElderlyNorm, "区民政局", estates.Agreed, "2026-01-05")
		change(&o)
		return estates.Event{Corrects: corrects, Opinion: &o}
	}
	for name, c := range map[string]struct {
		event estates.Event
		field string
		err   error
	}{
		"nothing such": {restate("e99", func(*estates.Opinion) {}), "event", estates.ErrNoEvent},
		"a request":    {restate("e1", func(*estates.Opinion) {}), "event", estates.ErrNoEvent},
		"milestone":    {restate("e2", func(o *estates.Opinion) { o.Milestone = estates.Acceptance }), "milestone", estates.ErrNoEvent},
		"office":       {restate("e2", func(o *estates.Opinion) { o.Office = "别的局" }), "office", estates.ErrNoEvent},
		"signer":       {restate("e2", func(o *estates.Opinion) { o.Signer = "" }), "signer", estates.ErrIncomplete},
		"too early":    {restate("e2", func(o *estates.Opinion) { o.Day = "2025-01-05" }), "day", estates.ErrNotBefore},
		"too late":     {restate("e2", func(o *estates.Opinion) { o.Day = "2026-02-02" }), "day", estates.ErrFollows},
		"a refusal":    {restate("e2", func(o *estates.Opinion) { o.Verdict = estates.Refused }), "verdict", estates.ErrFollows},
	} {
		before := len(s.events)
		err := s.correct(c.event)
		var step *estates.StepError
		if !errors.As(err, &step) || step.Field != c.field || !errors.Is(err, c.err) || len(s.events) != before {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.correct(restate("e2", func(o *estates.Opinion) { o.Signer, o.Day = "李", "2026-01-06" })); err != nil {
		t.Fatal(err)
	}
	if err := s.correct(restate("e2", func(o *estates.Opinion) { o.Signer, o.Day = "李四", "2026-01-07" })); err != nil {
		t.Fatal(err)
	}
	r := ask(first, "2025-12-30")
	if err := s.correct(estates.Event{Corrects: "e1", Request: &r}); err != nil {
		t.Fatal(err)
	}
	list, corrections := estates.Corrected(s.events)
	if len(list) != 6 || len(corrections["e2"]) != 2 || list[1].Opinion.Signer != "李四" || list[0].Request.Day != "2025-12-30" {
		t.Errorf("corrected: %+v %+v", list[1].Opinion, corrections)
	}
	if got := s.p.Rounds[0].Opinions[0]; got.Signer != "李四" || got.ID != "e2" || s.p.Rounds[0].Request.ID != "e1" || !s.p.Passed(estates.PlanReview) {
		t.Errorf("replayed: %+v", got)
	}
	if s.events[1].Opinion.Signer != "王" {
		t.Error("the event itself was changed")
	}
	if err := estates.Conforms(s.events[0], "2025-12-31"); !errors.Is(err, estates.ErrFuture) {
		t.Errorf("a day to come: %v", err)
	}
	if err := estates.Conforms(s.events[1], "2026-01-05"); err != nil {
		t.Error(err)
	}
}

// TestStoriesReplay holds that however events and corrections follow one another, what is
// kept of them says the same again, no milestone is passed before the one ahead of it, and
// every one that is passed has all its opinions.
func TestStoriesReplay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var s story
		verdicts := []estates.Verdict{estates.Agreed, estates.Agreed, estates.Conditional, estates.Refused}
		for range rapid.IntRange(1, 60).Draw(t, "events") {
			m := estates.Milestones()[rapid.IntRange(0, 4).Draw(t, "milestone")]
			if next, ok := s.p.Next(); ok && rapid.IntRange(0, 3).Draw(t, "next") > 0 {
				m = next
			}
			day := estates.DaysAfter("2026-01-01", len(s.events)+rapid.IntRange(-2, 2).Draw(t, "day"))
			d := duties()[rapid.IntRange(0, 9).Draw(t, "duty")]
			o := answer(m, d.Norm, d.Office, rapid.SampledFrom(verdicts).Draw(t, "verdict"), day)
			switch rapid.IntRange(0, 5).Draw(t, "what") {
			case 0, 1:
				s.ask(ask(m, day))
			case 2:
				if len(s.events) > 0 {
					e := s.events[rapid.IntRange(0, len(s.events)-1).Draw(t, "corrects")]
					c := estates.Event{Corrects: e.ID, Opinion: &o}
					if e.Request != nil {
						r := ask(e.Request.Milestone, day)
						c.Opinion, c.Request = nil, &r
					} else {
						o.Milestone, o.Norm, o.Office = e.Opinion.Milestone, e.Opinion.Norm, e.Opinion.Office
					}
					_ = s.correct(c)
				}
			default:
				s.answer(o)
			}
			again, err := estates.Replay(s.events)
			if err != nil || fmt.Sprint(again) != fmt.Sprint(withIDs(s, again)) {
				t.Fatalf("replayed otherwise: %v", err)
			}
			for _, m := range estates.Milestones() {
				if m > 0 && again.Passed(m) && !again.Passed(m-1) {
					t.Fatalf("%s is passed before the one ahead of it", m.Code().EN)
				}
				if again.Passed(m) != s.p.Passed(m) {
					t.Fatal("a milestone is passed otherwise")
				}
			}
			for _, r := range again.Rounds {
				if r.Passed() && len(r.Opinions) != len(r.Asked) || len(r.Waiting)+len(r.Opinions) != len(r.Asked) {
					t.Fatalf("%d asked, %d answered, %d waiting", len(r.Asked), len(r.Opinions), len(r.Waiting))
				}
			}
		}
	})
}

// withIDs is how far the story is, with the ids that events have once they are kept.
func withIDs(s story, p estates.Progress) estates.Progress {
	if len(s.p.Rounds) != len(p.Rounds) {
		return s.p
	}
	out := estates.Progress{Rounds: slices.Clone(s.p.Rounds)}
	for i := range out.Rounds {
		out.Rounds[i].Request.ID = p.Rounds[i].Request.ID
		out.Rounds[i].Opinions = slices.Clone(out.Rounds[i].Opinions)
		for j := range min(len(out.Rounds[i].Opinions), len(p.Rounds[i].Opinions)) {
			out.Rounds[i].Opinions[j].ID = p.Rounds[i].Opinions[j].ID
		}
	}
	return out
}

func TestDues(t *testing.T) {
	t.Parallel()
	set, limit := set(t), estates.HandoverLimit{Months: 3}
	room := estates.Room{ID: "r", Name: "日间照料中心", AcceptedOn: "2026-04-01"}
	later := estates.Room{ID: "s"}
	estate := estates.Estate{Kind: estates.New, Rooms: []estates.Room{later, room, {HandedOverOn: "2026-05-01"}, {LedgerID: "x"}}}
	s := through(t, estates.Acceptance)
	if !s.p.OpinionKept() || !s.p.OpinionKnown() {
		t.Error("the acceptance is passed, and nobody knows")
	}
	// The conditions of the story, which have no day, stay due throughout.
	duesOf := func(limit estates.HandoverLimit, today record.Day) []estates.Due {
		all := estates.Dues(estate, s.p, limit, today)
		rest := slices.DeleteFunc(slices.Clone(all), func(d estates.Due) bool { return d.Kind == estates.ConditionDue })
		if estate.Kind == estates.New && len(all)-len(rest) != len(s.p.Conditions()) {
			t.Errorf("%d conditions, %d are due", len(s.p.Conditions()), len(all)-len(rest))
		}
		return rest
	}
	dues := duesOf(limit, "2026-07-01")
	if len(dues) != 1 || dues[0].Kind != estates.HandoverDue || dues[0].Rooms != 2 || dues[0].Since != "2026-04-01" || dues[0].By != "2026-07-01" || dues[0].Late != 0 {
		t.Errorf("in time: %+v", dues)
	}
	if late := estates.Overdue(duesOf(limit, "2026-07-03")); len(late) != 1 || late[0].Late != 2 {
		t.Errorf("late: %+v", late)
	}
	if free := duesOf(estates.HandoverLimit{}, "2030-01-01"); len(free) != 1 || free[0].By != "" || free[0].Late != 0 {
		t.Errorf("without a limit: %+v", free)
	}
	s.ask(ask(estates.HandOver, "2026-06-01"))
	refusal := answer(estates.HandOver, premises.ElderlyNorm, "区民政局", estates.Refused, "2026-06-05")
	refusal.RectifyBy = "2026-06-20"
	s.answer(refusal)
	dues = duesOf(limit, "2026-06-25")
	if len(dues) != 2 || dues[0].Kind != estates.RectifyDue || dues[0].Late != 5 || dues[0].Office != "区民政局" || dues[1].Kind != estates.HandoverDue {
		t.Errorf("refused: %+v", dues)
	}
	s.ask(ask(estates.HandOver, "2026-06-26"))
	dues = duesOf(limit, "2026-06-26")
	if len(dues) != 3 || dues[0].Kind != estates.HandoverDue || dues[1].By != "2026-07-06" || dues[2].Office != "区委社会工作部" {
		t.Errorf("asked again: %+v", dues)
	}
	estate.Kind = estates.Built
	if dues := duesOf(limit, "2030-01-01"); len(dues) != 0 {
		t.Errorf("of one that stands: %+v", dues)
	}
	for region, want := range map[string]int{"37": 3, "12": 5} {
		got := estates.LimitOf(set, []string{region}, "2026-01-01", estates.Duties{HandoverMonths: 5})
		if got.Months != want || (got.Rule != nil) != (region == "37") {
			t.Errorf("%s: %+v", region, got)
		}
	}
}

// TestTheLastDayInTime holds the deadline to the rule: on it the hand-over took no more than
// the months of the rule, on the day after it did.
func TestTheLastDayInTime(t *testing.T) {
	t.Parallel()
	set := set(t)
	rapid.Check(t, func(t *rapid.T) {
		accepted := estates.DaysAfter("2020-01-01", rapid.IntRange(0, 4000).Draw(t, "day"))
		by := estates.MonthsAfter(accepted, 3)
		for day, fails := range map[record.Day]int{by: 0, estates.DaysAfter(by, 1): 1} {
			e := estates.Estate{Kind: estates.New, Rooms: []estates.Room{{AcceptedOn: accepted, HandedOverOn: day, Use: premises.ElderlyService, Area: 1}}}
			found := 0
			for _, f := range estates.CheckAll(set, e, estates.Context{Regions: []string{"37"}, Day: day}).Findings {
				if f.Rule.ID == "RAT-15" && f.Outcome == "fail" {
					found++
				}
			}
			if found != fails {
				t.Fatalf("accepted %s, handed over %s: %d fail", accepted, day, found)
			}
		}
	})
	if estates.DaysAfter("soon", 1) != "" || estates.MonthsAfter("soon", 1) != "" {
		t.Error("a day after no day")
	}
}

func TestTransfer(t *testing.T) {
	t.Parallel()
	estate := estates.Estate{
		Name: "春和家园", Kind: estates.New, DivisionCode: "120111001001", Plan: estates.Paper{Title: "修建性详细规划", Number: "规〔2024〕3号", Day: "2024-03-01"},
		Rooms: []estates.Room{
			{ID: "a", Name: "社区用房", Building: "3", Floor: "1", RoomNo: "101", Use: premises.CommunityService, Area: 40_000, AcceptedOn: "2026-04-02"},
			{ID: "b", Building: "3", Floor: "1", RoomNo: "102", Use: premises.ElderlyService, Area: 20_000, Placed: true, Parts: []premises.Part{{Use: premises.ElderlyService, Area: 20_000, CountsFor: premises.ElderlyNorm}}},
			{ID: "c", Name: "已移交", LedgerID: "there"},
		},
	}
	const today = record.Day("2026-11-28")
	give := estates.Transfer{Day: "2026-06-01", Owner: " 李七庄街道办事处 ", KeyHolder: "社区居委会"}
	if _, err := estate.Transfer(through(t, estates.Acceptance).p, give, today); !errors.Is(err, estates.ErrSkips) {
		t.Errorf("before the hand-over: %v", err)
	}
	p := through(t, estates.HandOver).p
	taken, err := estate.Transfer(p, give, today)
	if err != nil || len(taken) != 2 {
		t.Fatalf("%+v %v", taken, err)
	}
	first, second := taken[0].Room, taken[1].Room
	if first.State != premises.HandedOver || first.ObtainedBy != premises.ByProvision || first.Estate != "春和家园" || first.Owner != "李七庄街道办事处" ||
		first.DivisionCode != "120111001001" || first.HandedOverOn != "2026-06-01" || first.AcceptedOn != "2026-04-02" || first.PlannedOn != "2024-03-01" || len(first.Documents) != 3 {
		t.Errorf("%+v", first)
	}
	if second.DivisionCode != "" || second.AcceptedOn != "2026-04-09" || second.Name != "春和家园31102" || len(second.Parts) != 1 {
		t.Errorf("%+v", second)
	}
	some := give
	some.Rooms = []string{"b", "c"}
	if taken, err := estate.Transfer(p, some, today); err != nil || len(taken) != 1 || taken[0].Index != 1 {
		t.Errorf("one of them: %+v %v", taken, err)
	}
	estate.Rooms[0].Use, estate.Rooms[1].Area = "", 0
	bad := estates.Transfer{Day: "2026-01-01", Rooms: []string{"a", "b", "z"}}
	_, err = estate.Transfer(p, bad, today)
	var invalid *record.InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("%v", err)
	}
	var fields []string
	for _, f := range invalid.Faults {
		fields = append(fields, f.Field)
	}
	if got := strings.Join(fields, " "); got != "day owner rooms/2 rooms/0/use rooms/1/area rooms/1/parts" || !strings.Contains(invalid.Faults[3].ZH, "社区用房") {
		t.Errorf("faults %s: %+v", got, invalid.Faults)
	}
	for _, day := range []record.Day{"soon", "2026-12-01"} {
		bad.Day = day
		if _, err := estate.Transfer(p, bad, today); !errors.As(err, &invalid) || invalid.Faults[0].Field != "day" {
			t.Errorf("%s: %v", day, err)
		}
	}
	estate.Kind = estates.Built
	if _, err := estate.Transfer(p, give, today); !errors.Is(err, estates.ErrBuilt) {
		t.Errorf("one that stands: %v", err)
	}
}

func TestFrozenChecks(t *testing.T) {
	t.Parallel()
	set := set(t)
	e := estates.Estate{Version: 7, Kind: estates.New, Households: 1000, Rooms: []estates.Room{{Building: "3", Use: premises.ElderlyService, Area: 10_000}}}
	c := estates.CheckAt(set, e, estates.Context{Regions: []string{"34"}, Day: "2026-05-01"}, estates.PlanReview)
	f := c.Freeze(set, e, "2026-05-01")
	if f.Version != 7 || f.Day != "2026-05-01" || f.Conclusion != c.Conclusion || f.Failed != c.Failed || f.Failed == 0 || len(f.Findings) < f.Failed+f.Unknown {
		t.Fatalf("%+v", f)
	}
	short := slices.IndexFunc(f.Findings, func(x estates.FrozenFinding) bool { return x.Rule == "RAT-04" })
	if short < 0 || f.Findings[short].MissingZH == "" || f.Findings[short].ThresholdZH == "" || f.Findings[short].TitleEN == "" || f.Findings[short].SourceZH == "" {
		t.Errorf("%+v", f.Findings)
	}
	named := slices.ContainsFunc(f.Findings, func(x estates.FrozenFinding) bool { return x.Room == "3" })
	if !named {
		t.Errorf("no finding names the room: %+v", f.Findings)
	}
	if (estates.Room{}).Called() != "?" {
		t.Error("a room without a name")
	}
}
