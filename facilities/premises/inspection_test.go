package premises_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yike/facilities/premises"
	"yike/internal/record"
)

func look(verdict premises.Verdict, found premises.Use) premises.Inspection {
	return premises.Inspection{ID: "i", RoomID: "r", Day: "2026-11-20", By: "街道城建科", UseFound: found, Verdict: verdict}
}

func ordered() *premises.Rectification {
	return &premises.Rectification{
		ID: "x", Version: 3, RoomID: "r", Found: "i0", FoundOn: "2026-10-01", UseFound: premises.Commercial,
		Order: premises.Order{Deadline: "2026-11-01"}, Progress: premises.Reported, ReportedOn: "2026-10-30", Report: "已腾退",
	}
}

func TestInspect(t *testing.T) {
	t.Parallel()
	until := premises.Order{Deadline: "2026-12-20", Number: "整改〔2026〕8 号"}
	shop := room()
	shop.PresentUse, shop.InspectedOn = premises.Commercial, "2026-10-01"
	for name, tc := range map[string]struct {
		room    premises.Room
		in      premises.Inspection
		open    *premises.Rectification
		order   premises.Order
		present premises.Use
		want    *premises.Rectification
		opened  bool
	}{
		"fine":             {room(), look(premises.Fine, premises.ElderlyService), nil, premises.Order{}, premises.ElderlyService, nil, false},
		"vacant":           {room(), look(premises.Idle, premises.Vacant), nil, premises.Order{}, premises.Vacant, nil, false},
		"not entered":      {room(), look(premises.NotEntered, ""), nil, premises.Order{}, premises.CommunityService, nil, false},
		"a misuse":         {room(), look(premises.Misuse, premises.Commercial), nil, until, premises.Commercial, &premises.Rectification{RoomID: "r", Found: "i", FoundOn: "2026-11-20", UseFound: premises.Commercial, Order: until, Progress: premises.Ordered}, true},
		"still misused":    {shop, look(premises.Misuse, premises.Residential), ordered(), until, premises.Residential, &premises.Rectification{ID: "x", Version: 3, RoomID: "r", Found: "i0", FoundOn: "2026-10-01", UseFound: premises.Residential, Order: until, Progress: premises.Ordered}, false},
		"put right":        {shop, look(premises.Fine, premises.CommunityService), ordered(), premises.Order{}, premises.CommunityService, &premises.Rectification{ID: "x", Version: 3, RoomID: "r", Found: "i0", FoundOn: "2026-10-01", UseFound: premises.Commercial, Order: premises.Order{Deadline: "2026-11-01"}, Progress: premises.Closed, ReportedOn: "2026-10-30", Report: "已腾退", Recheck: "i", ClosedOn: "2026-11-20"}, false},
		"given up, vacant": {shop, look(premises.Idle, premises.Vacant), ordered(), premises.Order{}, premises.Vacant, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, faults := premises.Inspect(tc.room, tc.in, tc.open, tc.order, today)
			want := tc.room
			want.PresentUse, want.InspectedOn = tc.present, "2026-11-20"
			if d := cmp.Diff(premises.Outcome{Room: want, Rectification: tc.want, Opened: tc.opened}, got); d != "" || len(faults) != 0 {
				t.Error(d, faults)
			}
		})
	}
	late := room()
	late.InspectedOn = "2026-11-21"
	got, faults := premises.Inspect(late, look(premises.Misuse, premises.Commercial), nil, premises.Order{}, today)
	if d := cmp.Diff(premises.Outcome{Room: late}, got); d != "" || len(faults) != 0 {
		t.Errorf("entered late: %s %v", d, faults)
	}
}

func TestInspectionsThatAreNotTaken(t *testing.T) {
	t.Parallel()
	order := premises.Order{Deadline: "2026-12-20"}
	for name, tc := range map[string]struct {
		change func(*premises.Room, *premises.Inspection, *premises.Order)
		want   string
	}{
		"tomorrow":  {func(_ *premises.Room, in *premises.Inspection, _ *premises.Order) { in.Day = "2026-11-28" }, "day"},
		"no day":    {func(_ *premises.Room, in *premises.Inspection, _ *premises.Order) { in.Day = "" }, "day"},
		"nobody":    {func(_ *premises.Room, in *premises.Inspection, _ *premises.Order) { in.By = " " }, "by"},
		"withdrawn": {func(r *premises.Room, _ *premises.Inspection, _ *premises.Order) { r.State = premises.Withdrawn }, "verdict"},
		"words of no list": {func(_ *premises.Room, in *premises.Inspection, _ *premises.Order) {
			in.Verdict, in.Condition = "bad", "wet"
		}, "verdict condition"},
		"no verdict":                 {func(_ *premises.Room, in *premises.Inspection, _ *premises.Order) { in.Verdict = "" }, "verdict"},
		"a use of no list":           {func(_ *premises.Room, in *premises.Inspection, _ *premises.Order) { in.UseFound = "pub" }, "use_found"},
		"a shop that is fine":        {func(_ *premises.Room, in *premises.Inspection, _ *premises.Order) { in.UseFound = premises.Commercial }, "verdict"},
		"fine and nothing found":     {func(_ *premises.Room, in *premises.Inspection, _ *premises.Order) { in.UseFound = "" }, "use_found"},
		"vacant and fine":            {func(_ *premises.Room, in *premises.Inspection, _ *premises.Order) { in.UseFound = premises.Vacant }, "verdict"},
		"vacant and in use":          {func(_ *premises.Room, in *premises.Inspection, _ *premises.Order) { in.Verdict = premises.Idle }, "verdict"},
		"found behind a locked door": {func(_ *premises.Room, in *premises.Inspection, _ *premises.Order) { in.Verdict = premises.NotEntered }, "verdict"},
		"misused as approved":        {func(_ *premises.Room, in *premises.Inspection, _ *premises.Order) { in.Verdict = premises.Misuse }, "verdict"},
		"misused, approved for nobody knows what": {func(r *premises.Room, in *premises.Inspection, _ *premises.Order) {
			r.ApprovedUse, r.Parts, in.Verdict, in.UseFound = "", nil, premises.Misuse, premises.Commercial
		}, "verdict"},
		"misused without an order": {func(_ *premises.Room, in *premises.Inspection, o *premises.Order) {
			in.Verdict, in.UseFound, o.Deadline = premises.Misuse, premises.Commercial, ""
		}, "deadline"},
		"to be put right before it was found": {func(_ *premises.Room, in *premises.Inspection, o *premises.Order) {
			in.Verdict, in.UseFound, o.Deadline, o.Number = premises.Misuse, premises.Commercial, "2026-11-19", strings.Repeat("长", 101)
		}, "deadline order_no"},
		"short of nothing": {func(_ *premises.Room, in *premises.Inspection, _ *premises.Order) {
			in.Verdict, in.AreaFound = premises.AreaShort, m2(500)
		}, "area_found_m2"},
		"short, not measured":   {func(_ *premises.Room, in *premises.Inspection, _ *premises.Order) { in.Verdict = premises.AreaShort }, "area_found_m2"},
		"an area below nothing": {func(_ *premises.Room, in *premises.Inspection, _ *premises.Order) { in.AreaFound = -1 }, "area_found_m2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, in, o := room(), look(premises.Fine, premises.CommunityService), order
			tc.change(&r, &in, &o)
			out, faults := premises.Inspect(r, in, nil, o, today)
			if got := fieldsOf(faults); got != tc.want {
				t.Errorf("faults of %q, want %q", got, tc.want)
			}
			if d := cmp.Diff(premises.Outcome{Room: r}, out); d != "" {
				t.Errorf("it changed something: %s", d)
			}
		})
	}
}

func TestFollow(t *testing.T) {
	t.Parallel()
	open := *ordered()
	open.Progress, open.ReportedOn, open.Report = premises.Ordered, "", ""
	reported, faults := premises.Follow{ReportedOn: ptr(record.Day("2026-11-02")), Report: ptr(" 已腾退 "), Number: ptr("1"), Deadline: ptr(record.Day("2026-12-01"))}.Apply(open, today)
	want := open
	want.Progress, want.ReportedOn, want.Report, want.Order = premises.Reported, "2026-11-02", "已腾退", premises.Order{Deadline: "2026-12-01", Number: "1"}
	if d := cmp.Diff(want, reported); d != "" || len(faults) != 0 {
		t.Error(d, faults)
	}
	back, faults := premises.Follow{ReportedOn: ptr(record.Day(""))}.Apply(reported, today)
	if back.Progress != premises.Ordered || len(faults) != 0 {
		t.Errorf("taken back: %+v %v", back, faults)
	}
	for want, f := range map[string]premises.Follow{
		"deadline":    {Deadline: ptr(record.Day("2026-09-30"))},
		"reported_on": {ReportedOn: ptr(record.Day("2026-11-28"))},
		"report":      {Report: ptr(strings.Repeat("长", 1001))},
	} {
		if _, faults := f.Apply(open, today); fieldsOf(faults) != want {
			t.Errorf("faults %v, want %s", faults, want)
		}
	}
	closed := open
	closed.Progress = premises.Closed
	if got, faults := (premises.Follow{Report: ptr("再改")}).Apply(closed, today); fieldsOf(faults) != "progress" || got != closed {
		t.Errorf("after it was closed: %+v %v", got, faults)
	}
	if !open.Overdue(today) || open.Overdue("2026-11-01") || reported.Overdue(today) || closed.Overdue(today) {
		t.Error("overdue is not told rightly")
	}
}

// TestLivesOfMisuse holds that whatever inspections follow one another, a room is in its
// last misuse exactly while its rectification is open, there is never a second one, and a
// misuse that was found ends only by a look that found the room as approved.
func TestLivesOfMisuse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := room()
		var open *premises.Rectification
		day := []record.Day{"2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01"}
		opened, closed := 0, 0
		for _, d := range day {
			in := rapid.SampledFrom([]premises.Inspection{
				look(premises.Fine, premises.CommunityService), look(premises.Misuse, premises.Commercial), look(premises.Idle, premises.Vacant), look(premises.NotEntered, ""),
			}).Draw(t, "look")
			in.Day = d
			out, faults := premises.Inspect(r, in, open, premises.Order{Deadline: d}, today)
			if len(faults) != 0 {
				t.Fatal(faults)
			}
			r = out.Room
			if out.Opened {
				opened++
				out.Rectification.ID = "x"
			}
			if out.Rectification != nil {
				open = out.Rectification
			}
			if open != nil && open.Progress == premises.Closed {
				closed++
				if in.Verdict != premises.Fine {
					t.Fatalf("closed by %s", in.Verdict)
				}
				open = nil
			}
			if r.Misused() && open == nil || in.Verdict == premises.Fine && open != nil || opened-closed > 1 || opened < closed {
				t.Fatalf("after %s: misused %v, open %+v, %d opened, %d closed", in.Verdict, r.Misused(), open, opened, closed)
			}
		}
	})
}

func TestChecks(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*premises.Room)
		want   string
	}{
		"all is well":    {func(*premises.Room) {}, "FAC-34 pass, RAT-11 pass, RAT-21 pass"},
		"a shop":         {func(r *premises.Room) { r.PresentUse = premises.Commercial }, "FAC-34 pass, RAT-11 pass, RAT-21 fail"},
		"vacant":         {func(r *premises.Room) { r.PresentUse = premises.Vacant }, "FAC-34 pass, RAT-11 pass, RAT-21 fail"},
		"nothing known":  {func(r *premises.Room) { *r = premises.Room{State: premises.HandedOver} }, "FAC-34 fail, RAT-11 unknown, RAT-21 unknown"},
		"nobody looked":  {func(r *premises.Room) { r.PresentUse = "" }, "FAC-34 fail, RAT-11 pass, RAT-21 unknown"},
		"stored too big": {func(r *premises.Room) { r.Area = 1 }, "FAC-34 pass, RAT-11 fail, RAT-21 pass"},
		"not split":      {func(r *premises.Room) { r.Parts = nil }, "FAC-34 pass, RAT-11 pass, RAT-21 pass"},
		"property": {func(r *premises.Room) {
			r.Parts, r.ApprovedUse, r.PresentUse = nil, premises.PropertyOffice, premises.PropertyOffice
		}, "FAC-34 pass, RAT-11 pass, RAT-21 pass, RAT-26 pass"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := room()
			tc.change(&r)
			var got []string
			for _, c := range premises.Checks(r) {
				got = append(got, c.Rule+" "+string(c.Result))
				for _, text := range []premises.Text{c.Title, c.Finding, c.Formula, c.Threshold, c.Source, c.Region} {
					if text.ZH == "" || text.EN == "" {
						t.Errorf("%s says nothing: %+v", c.Rule, c)
					}
				}
				if c.Result == premises.Failed && c.Severity == premises.Error && c.Grade == "M" {
					t.Errorf("%s is an error on what nobody read", c.Rule)
				}
			}
			if s := strings.Join(got, ", "); s != tc.want {
				t.Errorf("got %s, want %s", s, tc.want)
			}
		})
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	missing := func(r premises.Room) []string {
		var out []string
		for _, f := range r.Missing() {
			out = append(out, f.Field)
		}
		return out
	}
	if got := missing(premises.Room{State: premises.HandedOver}); !slices.Equal(got, []string{"owner", "approved_use", "present_use", "area_m2", "state", "key_holder"}) {
		t.Errorf("of nothing: %v", got)
	}
	if got := missing(premises.Room{State: premises.Withdrawn}); got != nil {
		t.Errorf("withdrawn: %v", got)
	}
	planned := premises.Room{State: premises.Planned, Owner: "甲", ApprovedUse: premises.Health, Area: 1, PlannedOn: today}
	if got := missing(planned); len(got) != 0 {
		t.Errorf("planned: %v", got)
	}
	disputed := room()
	disputed.State = premises.Disputed
	if got := missing(disputed); len(got) != 0 {
		t.Errorf("disputed: %v", got)
	}
}
