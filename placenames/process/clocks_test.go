package process_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yike/internal/record"
	"yike/placenames/process"
)

func calendar(t testing.TB, off, on []record.Day) *process.Calendar {
	t.Helper()
	c, err := process.NewCalendar(off, on, "2026-01-01", "2026-12-31")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCalendar(t *testing.T) {
	t.Parallel()
	c := calendar(t, []record.Day{"2026-10-01", "2026-10-02", "2026-10-03"}, []record.Day{"2026-10-10", "2026-10-12"})
	for d, want := range map[record.Day]bool{
		"2026-10-01": false, "2026-10-03": false, "2026-10-05": true, "2026-10-10": true, "2026-10-11": false, "2026-10-12": true, "soon": false,
	} {
		if c.Working(d) != want {
			t.Errorf("%s works: %v", d, !want)
		}
	}
	if !c.Covers("2026-01-01", "2026-12-31") || c.Covers("2026-12-01", "2027-01-01") || c.Covers("", "2026-12-01") {
		t.Error("what the notices cover is told wrongly")
	}
	for name, err := range map[string]error{
		"no day":         second(process.NewCalendar([]record.Day{"soon"}, nil, "", "")),
		"both":           second(process.NewCalendar([]record.Day{"2026-10-10"}, []record.Day{"2026-10-10"}, "", "")),
		"backwards":      second(process.NewCalendar(nil, nil, "2026-12-31", "2026-01-01")),
		"half of a time": second(process.NewCalendar(nil, nil, "2026-12-31", "")),
	} {
		if err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func second(_ *process.Calendar, err error) error { return err }

// oracle counts day by day, as a clerk would with a calendar on the wall.
func oracle(k process.Clock, cal *process.Calendar, events []process.Event, begun, today record.Day) (by record.Day, paused bool) {
	type span struct{ from, until record.Day }
	var still []span
	for _, e := range events {
		switch e.Kind {
		case process.Returned:
			still = append(still, span{e.Day, "9999-12-31"})
		case process.Corrected:
			still[len(still)-1].until = e.Day
		}
	}
	counted := 0
	for d := after(begun, 1); ; d = after(d, 1) {
		if d > after(today, 400) {
			return "", true // it stands still
		}
		if k.Pauses && slices.ContainsFunc(still, func(s span) bool { return s.from <= d && d <= s.until }) {
			continue
		}
		if k.Unit == process.WorkingDays && !cal.Working(d) {
			continue
		}
		if counted++; counted == k.Days {
			return d, false
		}
	}
}

func days(a, b record.Day) int {
	x, _ := time.Parse(time.DateOnly, string(a))
	y, _ := time.Parse(time.DateOnly, string(b))
	return int(y.Sub(x).Hours() / 24)
}

// holidays are a year as notices make them: some spans off, and weekends worked for them.
func holidays(r *rand.Rand) (off, on []record.Day) {
	for _, first := range []record.Day{"2026-01-01", "2026-02-15", "2026-04-04", "2026-05-01", "2026-06-19", "2026-09-25", "2026-10-01"} {
		for i := range 1 + r.IntN(9) {
			off = append(off, after(first, i))
		}
	}
	for range r.IntN(12) {
		d := after("2026-01-03", 7*r.IntN(50)+r.IntN(2)) // a Saturday or Sunday
		if !slices.Contains(off, d) && !slices.Contains(on, d) {
			on = append(on, d)
		}
	}
	return off, on
}

// simulate takes a case through a track by chance: late steps, returns and corrections.
func simulate(r *rand.Rand, rule process.Rules, m process.Matter) process.Case {
	c, day := rule.Start(m), after("2026-01-01", r.IntN(250))
	for c.Ending == process.Open && len(c.Events) < 40 {
		open := rule.OpenSteps(c)
		step := open[r.IntN(len(open))]
		if r.IntN(5) == 0 && len(c.Events) > 0 {
			e := take(rule, m, step, day)
			e.Kind, e.Missing, e.Reason = process.Returned, []string{"map"}, "缺图"
			if next, faults := rule.Apply(c, e); len(faults) == 0 {
				day = after(day, r.IntN(12))
				fix := process.Event{Kind: process.Corrected, Step: step, Day: day, Office: "applicant", Person: "李某", Materials: []string{"map"}}
				if r.IntN(12) == 0 {
					return next // never corrected
				}
				c, _ = rule.Apply(next, fix)
				continue
			}
		}
		next, faults := rule.Apply(c, take(rule, m, step, day))
		if len(faults) > 0 {
			panic(faults[0].EN)
		}
		c, day = next, after(day, r.IntN(14))
		if r.IntN(40) == 0 {
			return c // left lying
		}
	}
	return c
}

// A thousand cases with holidays, looked at on each day of their life: every clock says the
// last day that counting day by day says, and none that is late is missed.
func TestLawClocks(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 10))
	b := book(t)
	var rules []process.Rules
	for _, tr := range b.Tracks {
		for _, p := range b.Presets {
			rules = append(rules, rulesFor(t, tr.Code.Code, p.Code.Code))
		}
	}
	looked, late, paused, told := 0, 0, 0, 0
	for i := range 1000 {
		rule := rules[i%len(rules)]
		m := process.Matter{Act: process.Naming, Class: rule.Classes[r.IntN(len(rule.Classes))]}
		cal := calendar(t, first(holidays(r)), nil)
		if i%2 == 0 {
			off, on := holidays(r)
			cal = calendar(t, off, on)
		}
		c := simulate(r, rule, m)
		begun := c.Events[0].Day
		for d := begun; d <= after(c.Last, 30); d = after(d, 1+r.IntN(4)) {
			n := 0
			for n < len(c.Events) && c.Events[n].Day <= d {
				n++
			}
			then, err := rule.Replay(m, c.Events[:n])
			if err != nil {
				t.Fatal(err)
			}
			dues := rule.Dues(then, cal, d)
			clocks, lates := 0, 0
			for _, k := range rule.Clocks {
				from, ok := then.Taken[k.From]
				if !ok {
					continue
				}
				to, done := then.Taken[k.To]
				before := then.Events
				if done {
					before = before[:slices.IndexFunc(before, func(e process.Event) bool { return e.Kind == process.Done && e.Step == k.To })]
				}
				by, still := oracle(k, cal, before, from.Day, d)
				clocks++
				at := slices.IndexFunc(dues, func(x process.Due) bool { return x.Clock.Code.Code == k.Code.Code })
				if at < 0 {
					t.Fatalf("the clock %s was missed on %s", k.Code.Code, d)
				}
				got := dues[at]
				looked++
				want := 0
				switch {
				case still && !done:
					paused++
					if !got.Paused || got.By != "" {
						t.Fatalf("%s stands still on %s: %+v", k.Code.Code, d, got)
					}
					continue
				case done:
					want = max(0, days(by, to.Day))
				default:
					want = max(0, days(by, d))
				}
				if got.Paused || got.By != by || got.Late != want {
					t.Fatalf("%s on %s: last day %s and %d late, want %s and %d", k.Code.Code, d, got.By, got.Late, by, want)
				}
				if want > 0 {
					late++
					lates++
				}
				for _, a := range k.Alarms {
					tell := !done && days(by, d) >= a.Days
					if tell != slices.Contains(got.Tell, a.To) && tell {
						t.Fatalf("%s was not told of %s on %s", a.To, k.Code.Code, d)
					}
					if tell {
						told++
					}
				}
			}
			if clocks != len(dues) {
				t.Fatalf("%d clocks run, %d are shown", clocks, len(dues))
			}
			if got := len(process.Missed(dues)); got != lates {
				t.Fatalf("%d are called late, %d are", got, lates)
			}
		}
	}
	if looked < 5000 || late < 100 || paused < 20 || told < 100 {
		t.Errorf("looked %d, late %d, paused %d, told %d: the test is too weak", looked, late, paused, told)
	}
}

func first(off, _ []record.Day) []record.Day { return off }

// Filing and announcement run side by side from the approval; the fifteenth day is in time.
func TestFifteenDays(t *testing.T) {
	t.Parallel()
	rule := rulesFor(t, "decide", "xixian")
	cal := calendar(t, nil, nil)
	c, err := rule.Replay(street, whole(rule, street, "2026-01-05")[:8])
	if err != nil {
		t.Fatal(err)
	}
	approved := c.Last
	for _, tc := range []struct{ days, late int }{{0, 0}, {15, 0}, {16, 1}, {30, 15}} {
		dues := rule.Dues(c, cal, after(approved, tc.days))
		n := 0
		for _, d := range dues {
			if d.Clock.Code.Code != "filing" && d.Clock.Code.Code != "announcement" {
				continue
			}
			n++
			if d.By != after(approved, 15) || d.Late != tc.late || d.Provisional {
				t.Errorf("after %d days: %+v", tc.days, d)
			}
		}
		if n != 2 {
			t.Errorf("%d of two clocks run", n)
		}
	}
	// Announced late for ever stays so; a step taken in time is no longer told of.
	c, faults := rule.Apply(c, take(rule, street, "filing", after(approved, 15)))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for _, d := range rule.Dues(c, cal, after(approved, 40)) {
		if d.Clock.Code.Code == "filing" && (d.Late != 0 || d.DoneOn == "" || len(d.Tell) > 0) {
			t.Errorf("%+v", d)
		}
	}
}

// Of the opinion track the announcement counts from the filing (article 14).
func TestOthersAreAnnouncedFromTheFiling(t *testing.T) {
	t.Parallel()
	rule := rulesFor(t, "opinion", "national")
	cal := calendar(t, nil, nil)
	events := whole(rule, estate, "2026-01-05")[:4]
	filing := take(rule, estate, "filing", after(events[3].Day, 10))
	c, err := rule.Replay(estate, append(events, filing))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range rule.Dues(c, cal, filing.Day) {
		if d.Clock.Code.Code == "announcement" && d.By != after(filing.Day, 15) {
			t.Errorf("%+v", d)
		}
	}
}

// Working days beyond the notices are provisional, and say so.
func TestProvisional(t *testing.T) {
	t.Parallel()
	rule := rulesFor(t, "opinion", "national")
	c, err := rule.Replay(estate, whole(rule, estate, "2026-12-28")[:1])
	if err != nil {
		t.Fatal(err)
	}
	dues := rule.Dues(c, calendar(t, nil, nil), "2026-12-29")
	if len(dues) != 1 || !dues[0].Provisional {
		t.Errorf("%+v", dues)
	}
	if rule.Dues(c, nil, "2026-12-29") != nil || rule.Dues(c, calendar(t, nil, nil), "soon") != nil {
		t.Error("clocks run without calendar or day")
	}
}

func TestWorkingDaysAnywhere(t *testing.T) {
	t.Parallel()
	rule := rulesFor(t, "opinion", "national")
	k := rule.Clocks[0]
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.Custom(func(t *rapid.T) record.Day { return after("2026-01-01", rapid.IntRange(-400, 700).Draw(t, "day")) })
		off := rapid.SliceOfN(day, 0, 40).Draw(t, "off")
		on := slices.DeleteFunc(rapid.SliceOfN(day, 0, 20).Draw(t, "on"), func(d record.Day) bool { return slices.Contains(off, d) })
		cal, err := process.NewCalendar(off, on, "", "")
		if err != nil {
			t.Fatal(err)
		}
		begun := day.Draw(t, "begun")
		c, err := rule.Replay(estate, []process.Event{take(rule, estate, "letter", begun)})
		if err != nil {
			t.Fatal(err)
		}
		want, _ := oracle(k, cal, nil, begun, begun)
		if got := rule.Dues(c, cal, begun); len(got) != 1 || got[0].By != want {
			t.Fatalf("got %+v, want %s", got, want)
		}
	})
}

// A step that was in time stays so when the case is sent back and the step is taken again.
func TestSentBackIsNotLate(t *testing.T) {
	t.Parallel()
	rule := rulesFor(t, "decide", "national")
	events := append(whole(rule, street, "2026-01-05")[:7], process.Event{
		Kind: process.SentBack, Step: "approval", To: "acceptance", Day: "2026-06-01", Office: "city_county_government", Person: "王某", Reason: "重新受理",
	}, take(rule, street, "acceptance", "2026-06-02"))
	c, err := rule.Replay(street, events)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range rule.Dues(c, calendar(t, nil, nil), "2026-06-03") {
		if d.Clock.Code.Code == "acceptance" && (d.Late != 0 || d.DoneOn != "2026-01-07") {
			t.Errorf("%+v", d)
		}
	}
}
