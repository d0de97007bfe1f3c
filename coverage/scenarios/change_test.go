package scenarios_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/scenarios"
	"yike/internal/record"
)

const today = record.Day("2026-11-27")

func ptr[T any](v T) *T { return &v }

func TestPatchSharesAndTakesBack(t *testing.T) {
	t.Parallel()
	s := sound()
	s.State = scenarios.Draft
	shared := scenarios.Patch{State: ptr(scenarios.Shared), Name: ptr(" 甲 ")}.Apply(s, today)
	if shared.SharedOn != today || shared.Name != "甲" || shared.Private() {
		t.Errorf("shared: %+v", shared)
	}
	later := scenarios.Patch{State: ptr(scenarios.Archived)}.Apply(shared, "2027-01-01")
	if later.SharedOn != today || later.State != scenarios.Archived {
		t.Errorf("archived: %+v", later)
	}
	if again := (scenarios.Patch{State: ptr(scenarios.Shared)}).Apply(later, "2027-01-02"); again.SharedOn != today {
		t.Errorf("shared again: %+v", again)
	}
	if back := (scenarios.Patch{State: ptr(scenarios.Draft)}).Apply(later, "2027-01-02"); !back.Private() {
		t.Errorf("taken back: %+v", back)
	}
	if hidden := (scenarios.Patch{State: ptr(scenarios.Archived)}).Apply(s, today); !hidden.Private() {
		t.Errorf("a draft that is archived is seen: %+v", hidden)
	}
	all := scenarios.Patch{
		Note: ptr("x"), DivisionCode: ptr("1"), Question: &scenarios.Question{"type": "y"}, Steps: &[]scenarios.Step{}, Costs: &[]scenarios.CostLine{},
	}.Apply(s, today)
	if all.Note != "x" || all.DivisionCode != "1" || all.Question["type"] != "y" || len(all.Steps)+len(all.Costs) != 0 {
		t.Errorf("%+v", all)
	}
}

func TestWhatAsksForOtherFigures(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*scenarios.Scenario)
		want   bool
	}{
		"nothing":       {func(*scenarios.Scenario) {}, false},
		"a name":        {func(s *scenarios.Scenario) { s.Name = "乙" }, false},
		"a place's":     {func(s *scenarios.Scenario) { s.Steps[0].Name = "乙" }, false},
		"a place":       {func(s *scenarios.Scenario) { s.Steps[0].At = orb.Point{114.31, 30.6} }, true},
		"a path":        {func(s *scenarios.Scenario) { s.Steps[2].Line = s.Steps[2].Line[:1] }, true},
		"a step less":   {func(s *scenarios.Scenario) { s.Steps = s.Steps[:1] }, true},
		"the question":  {func(s *scenarios.Scenario) { s.Question = scenarios.Question{"type": "elderly_canteen"} }, true},
		"what it costs": {func(s *scenarios.Scenario) { s.Costs = nil }, false},
	} {
		s := sound()
		tt.change(&s)
		if got := scenarios.Asks(sound(), s); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	s := sound()
	if _, err := scenarios.Decide(s, scenarios.Decision{Verdict: scenarios.Adopted}); !errors.Is(err, scenarios.ErrNotShared) {
		t.Errorf("a draft: %v", err)
	}
	s.SharedOn = today
	d := scenarios.Decision{Verdict: scenarios.Adopted, Reason: "覆盖最多", On: today, By: "甲"}
	got, err := scenarios.Decide(s, d)
	if err != nil || got.Decision != d {
		t.Errorf("%v %+v", err, got.Decision)
	}
	if back, err := scenarios.Decide(got, scenarios.Decision{Reason: "重议", On: today, By: "甲"}); err != nil || back.Decision != (scenarios.Decision{}) {
		t.Errorf("taken back: %v %+v", err, back.Decision)
	}
	mine := scenarios.Item{Scenario: got, Mine: true}
	if mine.MayChange() {
		t.Error("what was decided about is changed")
	}
	mine.Decision = scenarios.Decision{}
	if !mine.MayChange() {
		t.Error("the owner may not change it")
	}
	for want, d := range map[string]scenarios.Decision{
		"": d, "verdict": {Verdict: "maybe", Reason: "x"}, "reason": {},
	} {
		if f := fields(scenarios.ValidateDecision(d)); f != want {
			t.Errorf("%+v: faults in %q", d, f)
		}
	}
	if fields(scenarios.ValidateState("lost")) != "state" || fields(scenarios.ValidateState(scenarios.Shared)) != "" {
		t.Error("states")
	}
}

func TestDifferencesNameWhatChanged(t *testing.T) {
	t.Parallel()
	a, b := sound(), sound()
	b.ID, b.Version, b.Note, b.Costs = "x", 3, "新", nil
	var got []string
	for _, d := range scenarios.Differences(a, b) {
		got = append(got, d.Field)
	}
	if diff := cmp.Diff([]string{"note", "costs"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestRemark(t *testing.T) {
	t.Parallel()
	figure := func(gained, lost coverage.People) []scenarios.Figure {
		return []scenarios.Figure{{Band: "70+", Population: 9, Gained: gained * coverage.Person, Lost: lost * coverage.Person}}
	}
	for name, tt := range map[string]struct {
		saved, now []scenarios.Figure
		band, want string
	}{
		"the same":         {figure(1, 2), figure(1, 2), "70+", ""},
		"fewer":            {figure(1234, 0), figure(1198, 0), "70+", "数据已更新：保存时新增覆盖 1,234 人，现为 1,198 人"},
		"some lost":        {figure(1, 0), figure(1, 2), "70+", "数据已更新：保存时新增覆盖 1 人，现为 1 人；失去覆盖 0 人，现为 2 人"},
		"of another base":  {figure(1, 0), []scenarios.Figure{{Band: "70+", Population: 8, Gained: coverage.Person}}, "70+", "数据已更新：新增覆盖仍为 1 人，人口或现有覆盖有变"},
		"of no such band":  {figure(1, 0), figure(2, 0), "80+", ""},
		"not answered now": {figure(1, 0), nil, "70+", ""},
	} {
		got := scenarios.Remark(tt.saved, tt.now, tt.band)
		switch {
		case (got == nil) != (tt.want == ""), got != nil && (got.ZH != tt.want || got.EN == ""):
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestWhole(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]coverage.People{
		"0": 4_999, "999": 999 * coverage.Person, "1,000": 1000 * coverage.Person, "-1,234,568": -12_345_675_000,
	} {
		if got := scenarios.Whole(p); got != want {
			t.Errorf("%d: %s, want %s", p, got, want)
		}
	}
}
