package signs_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/signs"
)

const today = record.Day("2026-11-28")

func standing() signs.Sign {
	return signs.Sign{
		ID: "s", NameID: "n", Kind: "street", Text: "沣东大道", Roman: "Fengdong Dadao", Where: "沣东大道与沣惠路口东北角", State: signs.Standing,
		NeededOn: "2026-01-05", StoodOn: "2026-03-01", SeenOn: "2026-03-01",
	}
}

func fields(list []record.Fault) string {
	var out []string
	for _, f := range list {
		if f.ZH == "" || f.EN == "" {
			out = append(out, "no words: ")
		}
		out = append(out, f.Field)
	}
	return strings.Join(out, " ")
}

func TestValidate(t *testing.T) {
	t.Parallel()
	box := orb.Bound{Min: orb.Point{117, 39}, Max: orb.Point{118, 40}}
	for name, c := range map[string]struct {
		change func(*signs.Sign, *signs.Known)
		want   string
	}{
		"in order":              {func(*signs.Sign, *signs.Known) {}, ""},
		"of no name":            {func(_ *signs.Sign, k *signs.Known) { k.Name = false }, "name_id"},
		"of no kind":            {func(s *signs.Sign, _ *signs.Known) { s.Kind = "neon" }, "kind"},
		"in no state":           {func(s *signs.Sign, _ *signs.Known) { s.State = "" }, "state"},
		"without a text":        {func(s *signs.Sign, _ *signs.Known) { s.Text = "" }, "text"},
		"with too long a text":  {func(s *signs.Sign, _ *signs.Known) { s.Text = strings.Repeat("𬭚", placenames.LongestName+1) }, "text"},
		"standing nowhere":      {func(s *signs.Sign, _ *signs.Known) { s.Where = "" }, "where"},
		"placed, not described": {func(s *signs.Sign, _ *signs.Known) { s.Where, s.Placed, s.Point = "", true, orb.Point{117.5, 39.5} }, ""},
		"outside":               {func(s *signs.Sign, _ *signs.Known) { s.Placed, s.Point = true, orb.Point{116, 41} }, "lon lat"},
		"in no division":        {func(s *signs.Sign, k *signs.Known) { s.Division, k.Held = "9", false }, "division_code"},
		"put up tomorrow":       {func(s *signs.Sign, _ *signs.Known) { s.StoodOn = "2026-11-29" }, "stood_on"},
		"put up at no time":     {func(s *signs.Sign, _ *signs.Known) { s.StoodOn = "" }, "stood_on"},
		"needed, nothing known": {func(s *signs.Sign, _ *signs.Known) {
			*s = signs.Sign{NameID: "n", Kind: "street", Text: "沣东大道", State: signs.Needed}
		}, ""},
	} {
		s, k := standing(), signs.Known{Today: today, Name: true, Held: true, Box: box}
		c.change(&s, &k)
		if got := fields(signs.Validate(s, k)); got != c.want {
			t.Errorf("%s: faults of %q, want %q", name, got, c.want)
		}
	}
}

func TestAfter(t *testing.T) {
	t.Parallel()
	damaged, faults := standing().After(signs.Move{To: signs.Damaged, Day: "2026-06-01", Reason: "撞弯"}, today)
	if len(faults) > 0 || damaged.BadSince != "2026-06-01" || damaged.SeenOn != "2026-06-01" {
		t.Fatalf("%+v, %v", damaged, faults)
	}
	again, faults := damaged.After(signs.Move{To: signs.Standing, Day: "2026-06-09"}, today)
	if len(faults) > 0 || again.BadSince != "" || again.StoodOn != "2026-06-09" {
		t.Fatalf("%+v, %v", again, faults)
	}
	for name, c := range map[string]struct {
		of   signs.Sign
		move signs.Move
		want string
	}{
		"ordered while it stands":  {standing(), signs.Move{To: signs.Ordered, Day: "2026-06-01"}, "state"},
		"on no day":                {standing(), signs.Move{To: signs.Removed, Reason: "道路改造"}, "day"},
		"tomorrow":                 {standing(), signs.Move{To: signs.Removed, Day: "2026-11-29", Reason: "道路改造"}, "day"},
		"before it was put up":     {standing(), signs.Move{To: signs.Removed, Day: "2026-02-28", Reason: "道路改造"}, "day"},
		"without saying why":       {standing(), signs.Move{To: signs.Missing, Day: "2026-06-01"}, "reason"},
		"put up nobody says where": {signs.Sign{State: signs.Made}, signs.Move{To: signs.Standing, Day: "2026-06-01"}, "where"},
		"to a state that is none":  {standing(), signs.Move{To: "gone", Day: "2026-06-01"}, "state"},
		"after its end":            {signs.Sign{State: signs.Removed}, signs.Move{To: signs.Standing, Day: "2026-06-01"}, "state where"},
	} {
		after, faults := c.of.After(c.move, today)
		if got := fields(faults); got != c.want || after != c.of {
			t.Errorf("%s: faults of %q, want %q; %+v", name, got, c.want, after)
		}
	}
}

// TestWalks takes signs through any moves: states follow the table, days never go back, and a
// sign that stands is never said to be bad.
func TestWalks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := signs.Sign{State: signs.Needed, NeededOn: "2026-01-01", Where: "路口"}
		day := 1
		for range rapid.IntRange(1, 30).Draw(t, "moves") {
			to := signs.State(rapid.SampledFrom(signs.States()).Draw(t, "to").Code)
			day += rapid.IntRange(-1, 3).Draw(t, "days")
			m := signs.Move{To: to, Day: record.Day(fmt.Sprintf("2026-02-%02d", min(max(day, 1), 28))), Reason: "原因"}
			after, faults := s.After(m, today)
			if allowed := slices.Contains(s.State.Next(), to); len(faults) == 0 && !allowed {
				t.Fatalf("%s became %s", s.State, to)
			}
			if len(faults) > 0 {
				if after != s {
					t.Fatal("a refused move changed the sign")
				}
				continue
			}
			if after.State == signs.Standing && (after.BadSince != "" || after.StoodOn != m.Day) || !after.State.There() && after.State == signs.Damaged {
				t.Fatalf("%+v", after)
			}
			s = after
		}
	})
}

func TestKindFor(t *testing.T) {
	t.Parallel()
	c, err := placenames.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, class := range c.Classes {
		for _, kind := range class.Kinds {
			got := signs.KindFor(kind.Code.Code, class.Code.Code)
			if !slices.ContainsFunc(signs.Kinds(), func(k placenames.Code) bool { return k.Code == got }) {
				t.Errorf("%s of %s has signs of kind %q, which there is none", kind.Code.Code, class.Code.Code, got)
			}
		}
	}
	for kind, want := range map[string]string{"road": "street", "bridge": "bridge", "estate": "estate", "village_seat": "village", "river": "natural", "square": "other"} {
		_, class, ok := c.Of(kind)
		if got := signs.KindFor(kind, class.Code.Code); !ok || got != want {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	road := signs.Named{ID: "n", Text: "沣东大道", Roman: "Fengdong Dadao", Kind: "road", Class: "street", State: placenames.Approved, Since: "2026-01-01"}
	one := func(change func(*signs.Named, *signs.Sign)) ([]signs.Named, []signs.Sign) {
		n, s := road, standing()
		s.SeenOn = "2026-11-01"
		change(&n, &s)
		return []signs.Named{n}, []signs.Sign{s}
	}
	for name, c := range map[string]struct {
		change func(*signs.Named, *signs.Sign)
		task   signs.Task
		since  record.Day
		late   int
	}{
		"all is well":               {func(*signs.Named, *signs.Sign) {}, "", "", 0},
		"renamed":                   {func(n *signs.Named, _ *signs.Sign) { n.Text, n.Since = "沣渭大道", "2026-10-01" }, signs.Replace, "2026-10-01", 0},
		"spelled otherwise":         {func(_ *signs.Named, s *signs.Sign) { s.Roman = "Fengdong Avenue" }, signs.Replace, "2026-01-01", 0},
		"no spelling is known":      {func(n *signs.Named, s *signs.Sign) { n.Roman, s.Roman = "", "FENGDONG DADAO" }, "", "", 0},
		"the name ended":            {func(n *signs.Named, _ *signs.Sign) { n.State, n.Since = placenames.Retired, "2026-09-01" }, signs.TakeOff, "2026-09-01", 0},
		"the name ended before":     {func(n *signs.Named, s *signs.Sign) { n.State, s.State = placenames.Retired, signs.Ordered }, "", "", 0},
		"damaged":                   {func(_ *signs.Named, s *signs.Sign) { s.State, s.BadSince = signs.Damaged, "2026-08-01" }, signs.Repair, "2026-08-01", 0},
		"not put up yet":            {func(_ *signs.Named, s *signs.Sign) { s.State, s.DueBy = signs.Made, "2026-11-28" }, signs.PutUp, "2026-01-05", 0},
		"late":                      {func(_ *signs.Named, s *signs.Sign) { s.State, s.DueBy = signs.Needed, "2026-11-18" }, signs.PutUp, "2026-01-05", 10},
		"nobody looked for a year":  {func(_ *signs.Named, s *signs.Sign) { s.StoodOn, s.SeenOn = "2024-01-01", "2025-11-27" }, signs.Look, "2025-11-27", 0},
		"seen a year ago to a day":  {func(_ *signs.Named, s *signs.Sign) { s.StoodOn, s.SeenOn = "2024-01-01", "2025-11-28" }, "", "", 0},
		"removed, so there is none": {func(_ *signs.Named, s *signs.Sign) { s.State = signs.Removed }, signs.Add, "2026-01-01", 0},
		"of a class without signs":  {func(n *signs.Named, s *signs.Sign) { n.Class, s.State = "natural", signs.Removed }, "", "", 0},
		"only proposed":             {func(n *signs.Named, s *signs.Sign) { n.State, s.State = placenames.Proposed, signs.Removed }, "", "", 0},
	} {
		names, all := one(c.change)
		work := signs.List(names, all, signs.Usual(), today)
		switch {
		case c.task == "" && len(work) != 0, c.task != "" && len(work) != 1:
			t.Errorf("%s: %d things to do", name, len(work))
		case c.task != "" && (work[0].Task != c.task || work[0].Since != c.since || work[0].Late != c.late || (work[0].Sign == nil) != (c.task == signs.Add)):
			t.Errorf("%s: %+v", name, work[0])
		}
	}
}

// TestListIsInOrder puts the late first, and counts every task.
func TestListIsInOrder(t *testing.T) {
	t.Parallel()
	names := []signs.Named{
		{ID: "a", Text: "甲路", Class: "street", State: placenames.Approved, Since: "2026-02-01"},
		{ID: "b", Text: "乙路", Class: "street", State: placenames.Approved, Since: "2026-01-01"},
		{ID: "c", Text: "丙路", Class: "street", State: placenames.Approved, Since: "2026-01-01"},
		{ID: "d", Text: "丁路", Class: "street", State: placenames.Retired, Since: "2026-01-01"},
	}
	all := []signs.Sign{
		{ID: "1", NameID: "c", Text: "丙路", State: signs.Needed, NeededOn: "2026-01-02", DueBy: "2026-03-01"},
		{ID: "2", NameID: "d", Text: "丁路", State: signs.Standing, StoodOn: "2020-01-01", SeenOn: "2026-10-01"},
		{ID: "3", NameID: "nobody", Text: "无", State: signs.Standing},
	}
	work := signs.List(names, all, signs.Usual(), today)
	var got []string
	for _, w := range work {
		got = append(got, string(w.Task)+" "+w.Name.Text)
	}
	if want := []string{"put_up 丙路", "remove 丁路", "add 乙路", "add 甲路"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	tally := signs.Tally(work)
	if tally[signs.Add] != 2 || tally[signs.PutUp] != 1 || tally[signs.TakeOff] != 1 || len(tally) != 3 {
		t.Errorf("tally %v", tally)
	}
	if got := signs.List(nil, nil, signs.Usual(), today); len(got) != 0 {
		t.Errorf("nothing gives %v", got)
	}
}
