package scenarios_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/coverage"
	"yike/coverage/scenarios"
	"yike/internal/record"
)

func sound() scenarios.Scenario {
	return scenarios.Scenario{
		Name: "关二开一", Question: scenarios.Question{"type": "elderly_canteen", "limit": "900"},
		Steps: []scenarios.Step{
			{Do: "add", ID: "new-a", Name: "老菜场二楼", At: orb.Point{114.3, 30.6}},
			{Do: "close", ID: "x"},
			{Do: "add_path", ID: "path-a", Line: orb.LineString{{114.3, 30.6}, {114.31, 30.6}}},
		},
		Costs: []scenarios.CostLine{{What: "装修", Kind: scenarios.OneOff, Fen: 12_000_000, Source: "区财政"}},
	}
}

func fields(faults []record.Fault) string {
	var out []string
	for _, f := range faults {
		if f.ZH == "" || f.EN == "" {
			return "a fault without words"
		}
		out = append(out, f.Field)
	}
	return strings.Join(out, " ")
}

func TestValidate(t *testing.T) {
	t.Parallel()
	long := func(n int) string { return strings.Repeat("方", n) }
	for name, tt := range map[string]struct {
		change func(*scenarios.Scenario)
		want   string
	}{
		"sound":           {func(*scenarios.Scenario) {}, ""},
		"no name":         {func(s *scenarios.Scenario) { s.Name = "" }, "name"},
		"a long name":     {func(s *scenarios.Scenario) { s.Name = long(scenarios.LongestName + 1) }, "name"},
		"a bell":          {func(s *scenarios.Scenario) { s.Name = "\a" }, "name"},
		"no characters":   {func(s *scenarios.Scenario) { s.Name = "\xff" }, "name"},
		"lines in a note": {func(s *scenarios.Scenario) { s.Note = "一\n二" }, ""},
		"a long note":     {func(s *scenarios.Scenario) { s.Note = long(scenarios.LongestNote + 1) }, "note"},
		"no type":         {func(s *scenarios.Scenario) { s.Question = nil }, "question/type"},
		"words too long": {func(s *scenarios.Scenario) {
			s.Question = scenarios.Question{"type": long(65), "limit": long(65)}
		}, "question/limit question/type"},
		"too much is asked": {func(s *scenarios.Scenario) {
			for c := range 21 {
				s.Question[string(rune('a'+c))] = ""
			}
		}, "question"},
		"no steps":         {func(s *scenarios.Scenario) { s.Steps = nil }, "steps"},
		"many steps":       {func(s *scenarios.Scenario) { s.Steps = make([]scenarios.Step, 101) }, "steps " + everyStep()},
		"nowhere":          {func(s *scenarios.Scenario) { s.Steps[0].At = orb.Point{} }, "steps/0/lon"},
		"off earth":        {func(s *scenarios.Scenario) { s.Steps[0].At = orb.Point{math.NaN(), 1} }, "steps/0/lon"},
		"no id":            {func(s *scenarios.Scenario) { s.Steps[1].ID = "" }, "steps/1/id"},
		"no step":          {func(s *scenarios.Scenario) { s.Steps[1].Do = "burn" }, "steps/1/do"},
		"no path":          {func(s *scenarios.Scenario) { s.Steps[2].Line = s.Steps[2].Line[:1] }, "steps/2/line"},
		"a path off earth": {func(s *scenarios.Scenario) { s.Steps[2].Line[0] = orb.Point{200, 0} }, "steps/2/line"},
		"costs nothing":    {func(s *scenarios.Scenario) { s.Costs[0].Fen = 0 }, ""},
		"earns":            {func(s *scenarios.Scenario) { s.Costs[0].Fen = -1 }, "costs/0/fen"},
		"costs too much":   {func(s *scenarios.Scenario) { s.Costs[0].Fen = scenarios.MostFen + 1 }, "costs/0/fen"},
		"costs for what":   {func(s *scenarios.Scenario) { s.Costs[0].What, s.Costs[0].Kind = "", "" }, "costs/0/what costs/0/kind"},
		"too many costs": {func(s *scenarios.Scenario) {
			for range scenarios.MostCosts {
				s.Costs = append(s.Costs, s.Costs[0])
			}
		}, "costs"},
	} {
		s := sound()
		tt.change(&s)
		if got := fields(scenarios.Validate(s)); got != tt.want {
			t.Errorf("%s: faults in %q, want %q", name, got, tt.want)
		}
	}
}

func everyStep() string {
	var all []string
	for i := range 101 {
		all = append(all, fmt.Sprintf("steps/%d/id steps/%d/do", i, i))
	}
	return strings.Join(all, " ")
}

func TestCleanTakesSpaceAwayAndLeavesTheRest(t *testing.T) {
	t.Parallel()
	s := sound()
	s.Name, s.Steps[0].Name, s.Costs[0].What, s.Costs[0].Source = " 甲 ", " 乙", "丙\t", " "
	was := s.Steps[0].Name
	got := scenarios.Clean(s)
	if got.Name != "甲" || got.Steps[0].Name != "乙" || got.Costs[0].What != "丙" || got.Costs[0].Source != "" {
		t.Errorf("%+v", got)
	}
	if s.Steps[0].Name != was {
		t.Error("the scenario before was changed")
	}
}

func TestQuestionsAreOneWhateverTheirOrder(t *testing.T) {
	t.Parallel()
	a := scenarios.Question{"type": "x", "limit": "900"}
	b := scenarios.Question{"limit": "900", "type": "x"}
	if !a.Same(b) || a.String() != "limit=900&type=x" || a.Same(scenarios.Question{"type": "x"}) {
		t.Errorf("%s and %s", a, b)
	}
}

// What each source pays adds up to the cost, whatever the lines are.
func TestCostsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) scenarios.CostLine {
			return scenarios.CostLine{
				What: "x", Kind: rapid.SampledFrom(scenarios.CostKinds()).Draw(t, "kind"),
				Fen: rapid.Int64Range(0, scenarios.MostFen).Draw(t, "fen"), Source: rapid.SampledFrom([]string{"", "区", "街道"}).Draw(t, "source"),
			}
		}), 0, scenarios.MostCosts).Draw(t, "lines")
		total := scenarios.Cost(lines)
		if total.Known != (len(lines) > 0) {
			t.Fatalf("%d lines: %+v", len(lines), total)
		}
		for i, s := range scenarios.BySource(lines) {
			if s.Source == "" && i < len(scenarios.BySource(lines))-1 {
				t.Fatal("those without a name are not last")
			}
			total.OneOff, total.PerYear = total.OneOff-s.OneOff, total.PerYear-s.PerYear
		}
		if total.OneOff != 0 || total.PerYear != 0 {
			t.Fatalf("%+v is left", total)
		}
	})
}

func TestFigures(t *testing.T) {
	t.Parallel()
	list := []scenarios.Figure{{Band: "70+", Gained: 30, Lost: 40}}
	if f, ok := scenarios.FigureOf(list, "70+"); !ok || f.Net() != -10 {
		t.Errorf("%+v", f)
	}
	if _, ok := scenarios.FigureOf(list, "80+"); ok {
		t.Error("a band that is not there")
	}
	d := &coverage.Delta{
		Baseline: &coverage.Baseline{
			Ground:  &coverage.Ground{Demand: &coverage.Demand{Bands: []coverage.Band{{ID: "70+"}}}},
			Summary: coverage.Summary{Total: []coverage.Count{{Population: 9, Covered: 4, Uncovered: 5}}},
		},
		Total: []coverage.Change{{Gained: 3, Lost: 1}},
	}
	if diff := cmp.Diff([]scenarios.Figure{{"70+", 9, 4, 3, 1}}, scenarios.FiguresOf(d)); diff != "" {
		t.Error(diff)
	}
}

// Steps are kept as JSON: what is written is what is read.
func TestStepsSurviveJSON(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(sound().Steps)
	if err != nil {
		t.Fatal(err)
	}
	var back []scenarios.Step
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sound().Steps, back); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(string(text), `"at":[0,0]`) {
		t.Errorf("a step without a place has one: %s", text)
	}
}

func TestPrivateUntilShared(t *testing.T) {
	t.Parallel()
	if s := sound(); !s.Private() {
		t.Error("a draft is seen")
	}
	if s := (scenarios.Scenario{State: scenarios.Archived, SharedOn: "2026-11-27"}); s.Private() {
		t.Error("what was shared is hidden when it is archived")
	}
	if n := len(scenarios.States()); n != 3 {
		t.Errorf("%d states", n)
	}
}
