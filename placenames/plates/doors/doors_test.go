package doors_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"yike/facilities"
	"yike/placenames/plates/doors"
)

func TestWhatNeverStandsAtADoor(t *testing.T) {
	t.Parallel()
	catalogue, err := facilities.ParseCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	never := map[string]bool{}
	for _, g := range catalogue.Groups {
		never[g.Group] = g.NeverAtDoors
	}
	kept := 0
	for _, group := range []string{"funeral", "relief", "children"} {
		if !never[group] {
			t.Errorf("the catalogue lets %s stand at doors", group)
		}
	}
	for _, info := range catalogue.Types {
		ask := doors.AskOf(string(info.Type))
		if (never[info.Group] || info.Serves == "minors" || info.Serves == "bereaved" || info.Serves == "destitute" || !info.DoorPage) && ask >= 0 {
			t.Errorf("%s of the group %s is named at doors", info.Type, info.Group)
		}
		if ask >= 0 {
			kept++
		}
	}
	named := 0
	for i, a := range doors.Asks() {
		for _, code := range a.Types {
			named++
			if _, ok := catalogue.Find(facilities.Type(code)); !ok || doors.AskOf(code) != i {
				t.Errorf("%s is no type of the catalogue, or of another ask", code)
			}
		}
	}
	if kept != named {
		t.Errorf("%d of %d types that doors name are in the catalogue", kept, named)
	}
	if doors.AskOf("a_type_of_the_bureau") != -1 {
		t.Error("a type that nobody listed stands at doors")
	}
}

func TestAPublicDoorTellsNoMoreThanItsStanding(t *testing.T) {
	t.Parallel()
	full := doors.Door{
		Code: "X", Text: "甲区乙路1号", Short: "乙路1号", Roman: "Yi Lu 1 Hao", Chain: []string{"甲区"}, Former: []doors.Former{{Text: "丙路1号"}}, Successor: "丁路1号",
		Kind: "large", Face: "乙路 1", FixedOn: "2026-01-01", Photo: true, Walked: true, Issuer: "甲区民政局",
		Near: []doors.Near{{Ask: 3, NameZH: "远"}, {Ask: 0, NameZH: "近", WalkMS: 1}, {Ask: 0, NameZH: "又一处"}, {Ask: 9}, {Ask: -1}, {Ask: 1, WalkMS: doors.LongestWalk + 1}},
	}
	for _, s := range []doors.Standing{doors.Current, doors.Damaged, doors.Replaced, doors.NotYet, doors.Withdrawn, doors.Unknown, "other"} {
		d := full
		d.Standing = s
		got := d.Public()
		switch {
		case s.Names():
			if got.Text != full.Text || len(got.Near) != 2 || got.Near[0].NameZH != "近" || got.Near[1].Ask != 3 {
				t.Errorf("%s: %+v", s, got)
			}
		case fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", doors.Door{Code: "X", Standing: s, Issuer: full.Issuer}):
			t.Errorf("%s tells %+v", s, got)
		}
		if told := s.Tell(); told.Head.ZH == "" || told.Head.EN == "" || told.Text.ZH == "" || told.Text.EN == "" || told.Warn == (s == doors.Current || s == doors.Damaged) {
			t.Errorf("%s says %+v", s, told)
		}
	}
	if full.Near[0].Ask != 3 {
		t.Error("what was given was sorted")
	}
}

func TestStandings(t *testing.T) {
	t.Parallel()
	for state, want := range map[string]doors.Standing{
		"ordered": doors.NotYet, "made": doors.NotYet, "delivered": doors.NotYet, "fixed": doors.Current, "verified": doors.Current,
		"damaged": doors.Damaged, "replaced": doors.Replaced, "withdrawn": doors.Withdrawn, "lost": doors.Withdrawn, "": doors.Unknown, "new": doors.Unknown,
	} {
		if got := doors.StandingOf(state); got != want {
			t.Errorf("%q stands as %s, want %s", state, got, want)
		}
	}
}

func TestMinutesAreRoundedUp(t *testing.T) {
	t.Parallel()
	for ms, want := range map[int]int{0: 1, 1: 1, 60_000: 1, 60_001: 2, 599_999: 10, doors.LongestWalk: 60} {
		if got := doors.Minutes(ms); got != want {
			t.Errorf("%d ms are %d minutes, want %d", ms, got, want)
		}
	}
}

func TestReports(t *testing.T) {
	t.Parallel()
	good := doors.Report{Problem: doors.CoveredPlate, Note: " 贴了\r\n广告\x00\u202e ", Place: "西口\u200b"}.Clean()
	if good.Note != "贴了\n广告" || good.Place != "西口" || len(good.Validate()) != 0 {
		t.Errorf("%+v %v", good, good.Validate())
	}
	for _, bad := range []doors.Report{{}, {Problem: "other"}, {Problem: doors.FakePlate, Note: strings.Repeat("字", 301)}, {Problem: doors.FakePlate, Place: strings.Repeat("字", 61)}} {
		if len(bad.Validate()) != 1 {
			t.Errorf("%+v: %v", bad, bad.Validate())
		}
	}
	if kept := (doors.Report{Note: "\xff"}).Clean(); !utf8.ValidString(kept.Note) {
		t.Error("letters of nothing are kept")
	}
}

func TestDecisions(t *testing.T) {
	t.Parallel()
	declined := 0
	for _, o := range doors.Outcomes() {
		if got, ok := doors.OutcomeOf(o.Code); !ok || got != o || o.ZH == "" || o.EN == "" {
			t.Errorf("%+v", o)
		}
		if !doors.Received.May(o.To) {
			t.Errorf("what was received cannot be %s", o.To)
		}
		if o.To == doors.Declined {
			declined++
		}
	}
	if _, ok := doors.OutcomeOf("because"); ok || declined != 6 {
		t.Errorf("%d reasons to decline, or any word is one", declined)
	}
	states := []doors.State{doors.Received, doors.Accepted, doors.Done, doors.Declined}
	for _, from := range states {
		if from.StateWords().ZH == "" || from.May(doors.Received) || from.May(from) {
			t.Error(from)
		}
		if (from == doors.Done || from == doors.Declined) && slices.ContainsFunc(states, from.May) {
			t.Errorf("%s goes on", from)
		}
	}
}

// TestFakesAmongAMillionScans seeds plates that somebody made up among the scans of two weeks:
// one in a hundred is of a code that is nobody's.
func TestFakesAmongAMillionScans(t *testing.T) {
	t.Parallel()
	const scans, fakes, now = 1_000_000, 20, int64(500_000)
	for seed := range uint64(3) {
		rng := rand.New(rand.NewPCG(seed, 7))
		hour := func() int64 { // by day
			return now - int64(rng.IntN(14))*24 - int64(rng.IntN(12))
		}
		count := map[doors.Miss]int{}
		made := map[string]bool{}
		unknown := scans / 100
		for i := range fakes {
			code := fmt.Sprintf("FAKE%d", i)
			made[code] = true
			for range 8 + rng.IntN(60) {
				count[doors.Miss{Code: code, Hour: hour()}]++
				unknown--
			}
		}
		for i := 0; unknown > 0; i++ { // typed wrongly: once, or again and again by one person
			code, at := fmt.Sprintf("TYPO%d", i), hour()
			for range 1 + rng.IntN(4) {
				count[doors.Miss{Code: code, Hour: at + int64(rng.IntN(2))}]++
				unknown--
			}
		}
		var misses []doors.Miss
		for m, n := range count {
			m.Scans = n
			misses = append(misses, m)
		}
		found, wrong := 0, 0
		for _, a := range doors.Alarms(misses, nil, now, doors.UsualAlarms()) {
			if made[a.Code] {
				found++
			} else {
				wrong++
			}
			if a.Kind != doors.AlarmUnknownCode || a.First > a.Last || a.Hours < 3 || a.Days < 2 {
				t.Errorf("%+v", a)
			}
		}
		if found < 19 || wrong > 5 {
			t.Errorf("seed %d: %d of %d fakes found, %d false alarms", seed, found, fakes, wrong)
		}
	}
}

func TestSuspicions(t *testing.T) {
	t.Parallel()
	const now = 1000
	at := func(code, division string, reports int, isPlate bool) doors.Suspicion {
		return doors.Suspicion{Code: code, Division: division, Hour: now - 5, Reports: reports, Real: isPlate}
	}
	for name, c := range map[string]struct {
		given []doors.Suspicion
		want  []string
	}{
		"none":                      {nil, nil},
		"one of a plate":            {[]doors.Suspicion{at("A", "1", 1, true)}, nil},
		"two of a plate":            {[]doors.Suspicion{at("A", "1", 2, true)}, []string{"plate A"}},
		"one of a code of nobody":   {[]doors.Suspicion{at("B", "", 1, false)}, []string{"plate B"}},
		"three plates of one place": {[]doors.Suspicion{at("A", "1", 1, true), at("B", "1", 1, true), at("C", "1", 1, true)}, []string{"area 1"}},
		"three of different places": {[]doors.Suspicion{at("A", "1", 1, true), at("B", "2", 1, true), at("C", "3", 1, true)}, nil},
		"long ago":                  {[]doors.Suspicion{{Code: "A", Division: "1", Hour: now - 14*24, Reports: 9, Real: true}}, nil},
		"to come":                   {[]doors.Suspicion{{Code: "A", Division: "1", Hour: now + 1, Reports: 9, Real: true}}, nil},
	} {
		var got []string
		for _, a := range doors.Alarms(nil, c.given, now, doors.UsualAlarms()) {
			if a.Kind == doors.AlarmPlate {
				got = append(got, "plate "+a.Code)
			} else {
				got = append(got, string(a.Kind)+" "+a.Division)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestKindsOfPlatesHaveWords(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"large", "medium", "small", "building", "unit", "room"} {
		if w := doors.KindWords(kind); w.ZH == kind || w.EN == "" {
			t.Error(kind, w)
		}
	}
	if doors.KindWords("x").ZH != "x" || len(doors.Contacts()) == 0 || len(doors.Problems()) != 4 {
		t.Error("words are missing")
	}
}
