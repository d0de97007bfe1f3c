package funeral

import (
	"strings"
	"testing"

	"yike/facilities"
)

func TestValidateTransfer(t *testing.T) {
	t.Parallel()
	suspended := hall("停", "village", Keep, 1, 1)
	suspended.Status = facilities.Suspended
	halls := []Hall{hall("关", "village", Merge, 10, 10), hall("收", "subdistrict", Improve, 100, 0), hall("留", "village", Keep, 1, 1), suspended}
	good := Transfer{From: "关", To: "收", Year: 2027, Niches: 5, Villages: []string{"a"}}
	for _, tc := range []struct {
		name   string
		change func(*Transfer)
		want   string
	}{
		{"as it should be", func(*Transfer) {}, ""},
		{"villages alone", func(t *Transfer) { t.Niches = 0 }, ""},
		{"nothing", func(t *Transfer) { t.Niches, t.Villages = 0, nil }, "niches"},
		{"out of a hall that stays", func(t *Transfer) { t.From = "留" }, "from"},
		{"out of nowhere", func(t *Transfer) { t.From = "x" }, "from"},
		{"into itself", func(t *Transfer) { t.To = "关" }, "to"},
		{"into nowhere", func(t *Transfer) { t.To = "x" }, "to"},
		{"into one out of use", func(t *Transfer) { t.To = "停" }, "to"},
		{"long ago", func(t *Transfer) { t.Year = FirstYear - 1 }, "year"},
		{"far away", func(t *Transfer) { t.Year = LastYear + 1 }, "year"},
		{"fewer than none", func(t *Transfer) { t.Niches = -1 }, "niches"},
		{"too many", func(t *Transfer) { t.Niches = mostNiches + 1 }, "niches"},
		{"unknown villages", func(t *Transfer) { t.Villages = []string{"a", "b", "c"} }, "villages villages"},
		{"villages without end", func(t *Transfer) {
			t.Villages = nil
			for range mostMoved + 1 {
				t.Villages = append(t.Villages, "a")
			}
		}, "villages"},
		{"a long note", func(t *Transfer) { t.Note = strings.Repeat("长", longestNote+1) }, "note"},
		{"cancelled", func(t *Transfer) { t.Cancelled, t.From, t.Niches, t.Villages = true, "留", 0, nil }, ""},
	} {
		transfer := good
		tc.change(&transfer)
		var got []string
		for _, f := range Validate(transfer, halls, []string{"a"}) {
			if f.ZH == "" || f.EN == "" {
				t.Errorf("%s: a fault without words", tc.name)
			}
			got = append(got, f.Field)
		}
		if strings.Join(got, " ") != tc.want {
			t.Errorf("%s: faults in %v, want %q", tc.name, got, tc.want)
		}
	}
}

func TestPatchTransfer(t *testing.T) {
	t.Parallel()
	to, year, niches, villages, note, cancelled := "x", 2030, int64(7), []string{"b"}, "n", true
	before := Transfer{ID: "1", From: "关", To: "收", Year: 2027, Niches: 5}
	after := Patch{&to, &year, &niches, &villages, &note, &cancelled}.Apply(before)
	want := Transfer{ID: "1", From: "关", To: "x", Year: 2030, Niches: 7, Villages: villages, Note: "n", Cancelled: true}
	if !Same(after, want) || Same(before, after) || !Same(before, Patch{}.Apply(before)) {
		t.Errorf("%+v", after)
	}
}
