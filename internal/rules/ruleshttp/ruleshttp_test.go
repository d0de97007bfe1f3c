package ruleshttp_test

import (
	"slices"
	"testing"

	"yike/internal/rules"
	"yike/internal/rules/ruleshttp"
)

const set = `{
"units": [{"value": "m2", "zh": "㎡", "en": "m²"}],
"inputs": [{"name": "area", "zh": "面积", "en": "area", "unit": "m2"}],
"regions": [{"code": "12", "zh": "天津市", "en": "Tianjin"}],
"sources": [{"source": "s", "zh": "规划", "en": "the plan"}],
"rules": [
{"id": "X-01", "title_zh": "用房", "title_en": "premises", "subject": "estate", "severity": "error", "grade": "R", "form": "minimum", "over": ["area"], "at_least": {"value": 300},
	"regions": ["12"], "unit": "m2", "from": "2021-01-01", "cite": {"source": "s", "sentence": "不低于300平方米", "clause_zh": "第三条"}},
{"id": "X-01", "title_zh": "用房", "title_en": "premises", "subject": "estate", "severity": "error", "grade": "r", "form": "minimum", "over": ["area"], "at_least": {"value": 200},
	"unit": "m2", "cite": {"source": "s"}}
]}`

func found(t *testing.T, in rules.Input) (*rules.Set, rules.Finding) {
	t.Helper()
	s, err := rules.Parse([]byte(set))
	if err != nil {
		t.Fatal(err)
	}
	all := s.Evaluate(rules.Question{Subject: "estate", Regions: s.Chain("120111"), Day: "2026-11-27", Inputs: map[string]rules.Input{"area": in}})
	if len(all) != 1 {
		t.Fatalf("%d findings", len(all))
	}
	return s, all[0]
}

func TestFinding(t *testing.T) {
	t.Parallel()
	f := ruleshttp.Finding(found(t, rules.Input{Value: 250.5}))
	if f.Outcome != "fail" || *f.Value != 250.5 || f.Missing != 49.5 || f.MissingZH != "还差 49.5\u2009㎡" || f.ThresholdEN != "≥ 300\u2009m²" || f.WhereZH != "天津市" ||
		f.SourceEN != "the plan" || f.ClauseZH != "第三条" || f.Sentence != "不低于300平方米" || f.From != "2021-01-01" || f.GradeZH == "" || f.FormulaZH != "面积" {
		t.Errorf("%+v", f)
	}
	if len(f.Inputs) != 1 || !f.Inputs[0].Known || f.Inputs[0].ShownEN != "250.5\u2009m²" {
		t.Errorf("inputs: %+v", f.Inputs)
	}
	if len(f.Beats) != 1 || f.Beats[0].ThresholdZH != "≥ 200\u2009㎡" || f.Beats[0].WhereEN != "the whole country" {
		t.Errorf("beats: %+v", f.Beats)
	}
	open := ruleshttp.Finding(found(t, rules.Input{WhyZH: "未填写", WhyEN: "not filled in"}))
	if open.Outcome != "undetermined" || open.Value != nil || open.ValueZH != "" || open.MissingZH != "" || open.Inputs[0].Known || open.Inputs[0].ShownZH != "未填写" || open.Beats == nil {
		t.Errorf("%+v", open)
	}
}

func TestUrgency(t *testing.T) {
	t.Parallel()
	var last []int
	for _, o := range []rules.Outcome{rules.Fail, rules.Undetermined, rules.Pass, rules.NotApplicable} {
		for _, s := range []rules.Severity{rules.Error, rules.Warning, rules.Info} {
			last = append(last, ruleshttp.Urgency(rules.Finding{Outcome: o, Rule: &rules.Rule{Severity: s}}))
		}
	}
	if !slices.IsSorted(last) || last[0] == last[11] {
		t.Errorf("%v", last)
	}
}
