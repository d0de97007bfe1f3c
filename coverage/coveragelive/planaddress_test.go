package coveragelive_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/coverage/coveragelive"
)

func TestPlanAddresses(t *testing.T) {
	t.Parallel()
	const text = "a114.27,30.6;m0198f,114.3,-30.5;cx%2C1;ry;wway%2F7;ogate%2F1;sgate%2F2;p1,2,3,4,5,6.000001;a0,0"
	got, err := coveragelive.ParsePlan(text)
	if err != nil {
		t.Fatal(err)
	}
	want := []coveragelive.Step{
		{Kind: "add", ID: "new-a", At: orb.Point{114.27, 30.6}},
		{Kind: "move", ID: "0198f", At: orb.Point{114.3, -30.5}},
		{Kind: "close", ID: "x,1"},
		{Kind: "reopen", ID: "y"},
		{Kind: "close_way", ID: "way/7"},
		{Kind: "open_gate", ID: "gate/1"},
		{Kind: "shut_gate", ID: "gate/2"},
		{Kind: "add_path", ID: "path-a", Line: orb.LineString{{1, 2}, {3, 4}, {5, 6.000001}}},
		{Kind: "add", ID: "new-b"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if again := coveragelive.FormatPlan(got); again != text {
		t.Errorf("written again %s", again)
	}
	if empty, err := coveragelive.ParsePlan("0"); err != nil || len(empty) > 0 || coveragelive.FormatPlan(nil) != "0" {
		t.Errorf("the empty plan: %v, %v", empty, err)
	}
	if _, err := coveragelive.ParsePlan(strings.Repeat("a1,1;", 100) + "a1,1"); !errors.Is(err, coveragelive.ErrTooManySteps) {
		t.Errorf("too many: %v", err)
	}
	for _, bad := range []string{"", "x1", "a", "a1", "a1,91", "a1,2,3,4", "aNaN,1", "c", "cid,1,2", "mid", "mid,1", "m,1,2", "p1,2", "p", "c%zz", "c" + strings.Repeat("x", 65), "p" + strings.Repeat("1,1,", 51) + "2,2"} {
		if _, err := coveragelive.ParsePlan(bad); !errors.Is(err, coveragelive.ErrPlanText) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// FuzzParsePlan holds that what is read is written in one form, which reads the same.
func FuzzParsePlan(f *testing.F) {
	for _, text := range []string{"0", "a1,2", "mid,1.5,2", "cid;rid", "wway%2F1;p1,2,3,4"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		steps, err := coveragelive.ParsePlan(text)
		if err != nil {
			return
		}
		once := coveragelive.FormatPlan(steps)
		again, err := coveragelive.ParsePlan(once)
		if err != nil || coveragelive.FormatPlan(again) != once || len(again) != len(steps) {
			t.Fatalf("%q became %q, %v", text, once, err)
		}
	})
}
