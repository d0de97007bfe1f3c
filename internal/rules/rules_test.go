package rules

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yike/internal/record"
)

const words = `"units":[{"value":"m2","zh":"㎡","en":"m²"},{"value":"beds","zh":"张","en":"beds"},{"value":"m2_per_bed","zh":"㎡/张","en":"m² per bed"},{"value":"percent","zh":"%","en":" %"}],
	"inputs":[{"name":"area","zh":"面积","en":"area","unit":"m2"},{"name":"beds","zh":"床位","en":"beds","unit":"beds"},{"name":"rate","zh":"比率","en":"rate"},
		{"name":"lift","zh":"电梯","en":"lift"},{"name":"door","zh":"出入口","en":"entrance"},
		{"name":"licence","zh":"许可证","en":"licence","choices":[{"value":"valid","zh":"有效","en":"valid"},{"value":"expired","zh":"过期","en":"expired"}]},
		{"name":"rooms","zh":"房间","en":"rooms","choices":[{"value":"x","zh":"登记室","en":"registry"},{"value":"y","zh":"大厅","en":"hall"}]}],
	"regions":[{"code":"12","zh":"天津市","en":"Tianjin"},{"code":"120111","zh":"西青区","en":"Xiqing"},{"code":"newarea","zh":"新区","en":"the new area","adcodes":["990003"]}],
	"sources":[{"source":"S0","zh":"规划","en":"the plan"}]`

const head = `{"id":"X-01","title_zh":"题","title_en":"title","subject":"facility","severity":"error","grade":"S0","cite":{"source":"S0"},`

// set makes a set of rules of a common head, each with what is said of it.
func set(t testing.TB, rules ...string) *Set {
	t.Helper()
	for i, r := range rules {
		if !strings.HasPrefix(r, "{") {
			rules[i] = head + r + "}"
		}
	}
	s, err := Parse([]byte("{" + words + `,"rules":[` + strings.Join(rules, ",") + "]}"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ask(s *Set, inputs map[string]Input) []Finding {
	return s.Evaluate(Question{Subject: "facility", Day: "2026-11-27", Inputs: inputs})
}

func known(pairs ...any) map[string]Input {
	out := map[string]Input{}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i].(string)] = Input{Value: pairs[i+1]}
	}
	return out
}

func TestForms(t *testing.T) {
	t.Parallel()
	const tiers = `"form":"minimum","over":["area"],"unit":"m2","at_least":{"value":0,"tier_of":"rate","tiers":[{"below":3,"value":300},{"below":10,"value":800},{"value":1700}]}`
	const ratio = `"form":"ratio","over":["area"],"under":["beds"],"unit":"m2_per_bed","at_least":{"value":35}`
	const need = `"form":"minimum","over":["beds"],"unit":"beds","at_least":{"value":0.5,"of":["area","rate"]}`
	for _, tc := range []struct {
		name, rule string
		inputs     map[string]Input
		want       Outcome
		missing    float64
		reason     string
	}{
		{"as many as asked", `"form":"minimum","over":["beds"],"at_least":{"value":50}`, known("beds", 50.0), Pass, 0, ""},
		{"one too few", `"form":"minimum","over":["beds"],"at_least":{"value":50}`, known("beds", 49.0), Fail, 1, ""},
		{"more than asked, strictly", `"form":"minimum","over":["beds"],"at_least":{"value":50,"strict":true}`, known("beds", 50.0), Fail, 0, ""},
		{"as few as allowed", `"form":"maximum","over":["area"],"at_most":{"value":300}`, known("area", 300.0), Pass, 0, ""},
		{"too much", `"form":"maximum","over":["area"],"at_most":{"value":300}`, known("area", 301.5), Fail, 1.5, ""},
		{"not under 700", `"form":"maximum","over":["area"],"at_most":{"value":700,"strict":true}`, known("area", 700.0), Fail, 0, ""},
		{"at the low end", `"form":"range","over":["beds"],"at_least":{"value":100},"at_most":{"value":700}`, known("beds", 100.0), Pass, 0, ""},
		{"at the high end", `"form":"range","over":["beds"],"at_least":{"value":100},"at_most":{"value":700}`, known("beds", 700.0), Pass, 0, ""},
		{"below the range", `"form":"range","over":["beds"],"at_least":{"value":100},"at_most":{"value":700}`, known("beds", 90.0), Fail, 10, ""},
		{"above the range", `"form":"range","over":["beds"],"at_least":{"value":100},"at_most":{"value":700}`, known("beds", 720.0), Fail, 20, ""},
		{"a ratio", ratio, known("area", 1400.0, "beds", 40.0), Pass, 0, ""},
		{"a ratio too low: the area that lacks", ratio, known("area", 1200.0, "beds", 40.0), Fail, 200, ""},
		{"nothing to divide by", ratio, known("area", 1200.0, "beds", 0.0), Undetermined, 0, "beds is 0"},
		{"a part not known", ratio, known("area", 1200.0), Undetermined, 0, "beds: not known"},
		{"a reason given", ratio, map[string]Input{"area": {Value: 1.0}, "beds": {WhyZH: "未填", WhyEN: "left blank"}}, Undetermined, 0, "beds: left blank"},
		{"no number", ratio, known("area", "large", "beds", 1.0), Undetermined, 0, "area: is no number"},
		{"not a number", ratio, known("area", math.NaN(), "beds", 1.0), Undetermined, 0, "area: not known"},
		{"a need", need, known("beds", 500.0, "area", 100.0, "rate", 10.0), Pass, 0, ""},
		{"a need not met", need, known("beds", 400.0, "area", 100.0, "rate", 10.0), Fail, 100, ""},
		{"a need not known", need, known("beds", 400.0, "area", 100.0), Undetermined, 0, "rate: not known"},
		{"the first tier", tiers, known("area", 300.0, "rate", 2.99), Pass, 0, ""},
		{"the second tier begins with its number", tiers, known("area", 300.0, "rate", 3.0), Fail, 500, ""},
		{"the last tier", tiers, known("area", 1700.0, "rate", 12.0), Pass, 0, ""},
		{"no tier known", tiers, known("area", 1700.0), Undetermined, 0, "rate"},
		{"one in the division", `"form":"per_division","over":["beds"],"at_least":{"value":1}`, known("beds", 1.0), Pass, 0, ""},
		{"none in the division", `"form":"per_division","over":["beds"],"at_least":{"value":1}`, known("beds", 0.0), Fail, 1, ""},
		{"all there", `"form":"presence","over":["lift","beds"]`, known("lift", true, "beds", 2.0), Pass, 0, ""},
		{"one lacks", `"form":"presence","over":["lift","beds"]`, known("lift", true, "beds", 0.0), Fail, 0, "beds is missing"},
		{"one not known", `"form":"presence","over":["lift","door"]`, known("lift", true), Undetermined, 0, "entrance"},
		{"one lacks, another not known", `"form":"presence","over":["door","lift"]`, known("lift", false), Fail, 0, "lift is missing"},
		{"none of them", `"form":"absence","over":["rooms","lift","beds"]`, known("rooms", []string{}, "lift", false, "beds", 0.0), Pass, 0, ""},
		{"some of them", `"form":"absence","over":["rooms"]`, known("rooms", []string{"y"}), Fail, 0, "rooms: hall"},
		{"valid", `"form":"one_of","over":["licence"],"among":["valid"]`, known("licence", "valid"), Pass, 0, ""},
		{"expired", `"form":"one_of","over":["licence"],"among":["valid"]`, known("licence", "expired"), Fail, 0, "licence is “expired”"},
		{"licence not known", `"form":"one_of","over":["licence"],"among":["valid"]`, nil, Undetermined, 0, "licence"},
		{"every room", `"form":"all_of","over":["rooms"],"among":["x","y"]`, known("rooms", []string{"y", "x"}), Pass, 0, ""},
		{"a room short", `"form":"all_of","over":["rooms"],"among":["x","y"]`, known("rooms", []string{"x"}), Fail, 0, "lacks hall"},
		{"rooms not known", `"form":"all_of","over":["rooms"],"among":["x","y"]`, nil, Undetermined, 0, "rooms"},
		{"in the case", `"form":"minimum","over":["area"],"at_least":{"value":5},"when":[{"input":"beds","at_least":20}]`, known("area", 5.0, "beds", 20.0), Pass, 0, ""},
		{"not in the case", `"form":"minimum","over":["area"],"at_least":{"value":5},"when":[{"input":"beds","at_least":20}]`, known("area", 4.0, "beds", 19.0), NotApplicable, 0, "does not apply where beds is 19"},
		{"the case not known", `"form":"minimum","over":["area"],"at_least":{"value":5},"when":[{"input":"beds","at_least":20}]`, known("area", 6.0), Undetermined, 0, "beds: not known"},
		{"a case in words", `"form":"minimum","over":["area"],"at_least":{"value":5},"when":[{"input":"lift","is":["true"]}]`, known("area", 6.0, "lift", false), NotApplicable, 0, "lift is no"},
	} {
		got := ask(set(t, tc.rule), tc.inputs)
		if len(got) != 1 {
			t.Fatalf("%s: %d findings", tc.name, len(got))
		}
		f := got[0]
		if f.Outcome != tc.want || math.Abs(f.Missing-tc.missing) > 1e-9 || !strings.Contains(f.ReasonEN, tc.reason) || (f.ReasonEN == "") != (f.ReasonZH == "") || tc.reason == "" && f.ReasonEN != "" {
			t.Errorf("%s: %s, missing %v, %q", tc.name, f.Outcome, f.Missing, f.ReasonEN)
		}
	}
}

// What is shown beside decides nothing, and is left out where it is not known.
func TestBeside(t *testing.T) {
	t.Parallel()
	s := set(t, `"form":"minimum","over":["beds"],"at_least":{"value":50},"beside":["area"]`)
	if f := ask(s, known("beds", 60.0))[0]; f.Outcome != Pass || len(f.Inputs) != 1 {
		t.Errorf("%+v", f)
	}
	if f := ask(s, known("beds", 60.0, "area", 1.0))[0]; f.Outcome != Pass || len(f.Inputs) != 2 || f.Inputs[1].Value != 1.0 {
		t.Errorf("%+v", f)
	}
}

func TestWhereAndWhen(t *testing.T) {
	t.Parallel()
	const rule = `"form":"minimum","over":["beds"],"at_least":{"value":50},"regions":["120111"],"from":"2021-01-01","until":"2026-12-31"`
	s := set(t, rule)
	for _, tc := range []struct {
		name, adcode string
		areas        []string
		day          record.Day
		want         Outcome
		reason       string
	}{
		{"here", "120111", nil, "2026-11-27", Pass, ""},
		{"its first day", "120111", nil, "2021-01-01", Pass, ""},
		{"its last day", "120111", nil, "2026-12-31", Pass, ""},
		{"the day before", "120111", nil, "2020-12-31", NotApplicable, "not in force on 2020-12-31"},
		{"the day after", "120111", nil, "2027-01-01", NotApplicable, "not in force"},
		{"another district of the city", "120104", nil, "2026-11-27", NotApplicable, "holds in Xiqing only"},
		{"a district that is said to be", "990001", []string{"120111"}, "2026-11-27", Pass, ""},
		{"no district", "", nil, "2026-11-27", NotApplicable, "Xiqing"},
	} {
		got := s.Evaluate(Question{Subject: "facility", Regions: s.Chain(tc.adcode, tc.areas...), Day: tc.day, Inputs: known("beds", 60.0)})[0]
		if got.Outcome != tc.want || !strings.Contains(got.ReasonEN, tc.reason) {
			t.Errorf("%s: %s, %s", tc.name, got.Outcome, got.ReasonEN)
		}
	}
	for _, tc := range []struct {
		adcode string
		areas  []string
		want   string
	}{
		{"120111", nil, "12 120111"}, {"120104", nil, "12"}, {"990003", nil, "newarea"}, {"990001", nil, ""}, {"990001", []string{"newarea", "12"}, "12 newarea"}, {"", nil, ""},
	} {
		if got := strings.Join(s.Chain(tc.adcode, tc.areas...), " "); got != tc.want {
			t.Errorf("%s %v: %q", tc.adcode, tc.areas, got)
		}
	}
	if got := s.Evaluate(Question{Subject: "grid"}); len(got) != 0 {
		t.Errorf("of another subject: %+v", got)
	}
	if got := s.Evaluate(Question{Subject: "facility", Only: []string{"X-02"}}); len(got) != 0 {
		t.Errorf("not asked for: %+v", got)
	}
}

func TestStrictest(t *testing.T) {
	t.Parallel()
	rule := func(id, severity, more string) string {
		return strings.NewReplacer(`"X-01"`, `"`+id+`"`, `"error"`, `"`+severity+`"`).Replace(head) + `"aspect":"radius","form":"maximum","over":["area"],"unit":"m2",` + more + "}"
	}
	const m700, below700, m300 = `"at_most":{"value":700}`, `"at_most":{"value":700,"strict":true}`, `"at_most":{"value":300}`
	const whenLift = `,"when":[{"input":"lift","is":["true"]}]`
	for _, tc := range []struct {
		name   string
		rules  []string
		inputs map[string]Input
		want   string // id and what it beat
	}{
		{"the nearer", []string{rule("A", "warning", m700), rule("B", "warning", m300)}, known("area", 500.0), "B>A"},
		{"the graver of two alike", []string{rule("A", "warning", m300), rule("B", "error", m300)}, known("area", 500.0), "B>A"},
		{"the first of two alike", []string{rule("A", "error", m300), rule("B", "error", m300)}, known("area", 500.0), "A>B"},
		{"strictly less", []string{rule("A", "warning", m700), rule("B", "warning", below700)}, known("area", 700.0), "B>A"},
		{"stricter but less grave: both", []string{rule("A", "error", m700), rule("B", "warning", m300)}, known("area", 500.0), "A B"},
		{"three", []string{rule("A", "warning", m700), rule("B", "warning", m300), rule("C", "warning", below700)}, known("area", 500.0), "B>A,C"},
		{"not known", []string{rule("A", "warning", m700), rule("B", "warning", m300)}, nil, "B>A"},
		{"perhaps not the case: both", []string{rule("A", "warning", m700), rule("B", "warning", m300+whenLift)}, known("area", 500.0), "A B"},
		{"not the case", []string{rule("A", "warning", m700), rule("B", "warning", m300+whenLift)}, known("area", 500.0, "lift", false), "A B"},
		{"elsewhere", []string{rule("A", "warning", m700), rule("B", "warning", m300+`,"regions":["12"]`)}, known("area", 500.0), "A B"},
		{"neither: a longer range", []string{
			rule("A", "warning", m700), strings.Replace(rule("B", "warning", `"at_least":{"value":1},"at_most":{"value":900}`), "maximum", "range", 1),
		}, known("area", 500.0), "A B"},
		{"a range within", []string{
			rule("A", "warning", m700), strings.Replace(rule("B", "warning", `"at_least":{"value":1},"at_most":{"value":600}`), "maximum", "range", 1),
		}, known("area", 500.0), "B>A"},
	} {
		var got []string
		for _, f := range ask(set(t, tc.rules...), tc.inputs) {
			word := f.Rule.ID
			for i, b := range f.Beat {
				word += map[bool]string{true: ">", false: ","}[i == 0] + b.ID
			}
			got = append(got, word)
		}
		if d := cmp.Diff(tc.want, strings.Join(got, " ")); d != "" {
			t.Errorf("%s: %s", tc.name, d)
		}
	}
}

// drawRules draws rules of one aspect, national, of any severity and thresholds.
func drawRules(t *rapid.T) *Set {
	var s Set
	if err := json.Unmarshal([]byte("{"+words+"}"), &s); err != nil {
		t.Fatal(err)
	}
	for range rapid.IntRange(1, 5).Draw(t, "rules") {
		r := Rule{
			ID: rapid.StringMatching(`[A-Z]{3}`).Draw(t, "id"), TitleZH: "题", TitleEN: "title", Subject: "facility", Aspect: "a", Grade: "S0", Cite: Citation{Source: "S0"},
			Severity: rapid.SampledFrom([]Severity{Error, Warning, Info}).Draw(t, "severity"), Form: Ratio, Over: []string{"area"}, Under: []string{"beds"}, Factor: 1,
		}
		low := rapid.IntRange(0, 10).Draw(t, "low")
		side := rapid.IntRange(0, 2).Draw(t, "side")
		if side != 1 {
			r.AtLeast = &Bound{Value: float64(low), Strict: rapid.Bool().Draw(t, "strict")}
		}
		if side != 0 {
			r.AtMost = &Bound{Value: float64(low + rapid.IntRange(0, 5).Draw(t, "width")), Strict: rapid.Bool().Draw(t, "strict")}
		}
		s.Rules = append(s.Rules, r)
	}
	if err := s.check(); err != nil {
		t.Fatal(err)
	}
	return &s
}

// What the strictest finds is as grave as what any rule that it beat finds, and no rule
// is lost: each is reported or named as beaten.
func TestStrictestHidesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawRules(t)
		inputs := known("area", float64(rapid.IntRange(0, 60).Draw(t, "area")), "beds", float64(rapid.IntRange(1, 4).Draw(t, "beds")))
		all := 0
		for _, f := range ask(s, inputs) {
			all += 1 + len(f.Beat)
			for _, b := range f.Beat {
				alone := Set{Units: s.Units, Inputs: s.Inputs, Sources: s.Sources, Rules: []Rule{*b}}
				if got := ask(&alone, inputs)[0]; got.Outcome == Fail && (f.Outcome != Fail || f.Rule.Severity.rank() < b.Severity.rank()) {
					t.Fatalf("%s fails of %s, hidden by %s of %s", b.ID, b.Severity, f.Rule.ID, f.Outcome)
				}
			}
		}
		if all != len(s.Rules) {
			t.Fatalf("%d of %d rules", all, len(s.Rules))
		}
	})
}

// More of what has a least amount never turns a pass into a fail, and what is said to be
// missing is just enough.
func TestMonotonic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawRules(t)
		area, beds := float64(rapid.IntRange(0, 60).Draw(t, "area")), float64(rapid.IntRange(1, 4).Draw(t, "beds"))
		more := area + float64(rapid.IntRange(0, 20).Draw(t, "more"))
		for i := range s.Rules {
			alone := Set{Units: s.Units, Inputs: s.Inputs, Sources: s.Sources, Rules: s.Rules[i : i+1]}
			f, g := ask(&alone, known("area", area, "beds", beds))[0], ask(&alone, known("area", more, "beds", beds))[0]
			if r := s.Rules[i]; r.AtMost == nil && f.Outcome == Pass && g.Outcome == Fail || r.AtLeast == nil && f.Outcome == Fail && g.Outcome == Pass {
				t.Fatalf("%+v: %v passes %s, %v %s", r, area, f.Outcome, more, g.Outcome)
			}
			if f.Outcome == Fail && s.Rules[i].AtMost == nil && !s.Rules[i].AtLeast.Strict {
				if h := ask(&alone, known("area", math.Ceil(area+f.Missing-1e-9), "beds", beds))[0]; h.Outcome != Pass {
					t.Fatalf("%v more is not enough: %+v", f.Missing, s.Rules[i])
				}
			}
			for _, lacks := range []string{"area", "beds"} {
				inputs := known("area", area, "beds", beds)
				delete(inputs, lacks)
				if got := ask(&alone, inputs)[0].Outcome; got != Undetermined {
					t.Fatalf("without %s: %s", lacks, got)
				}
			}
		}
	})
}

func TestWords(t *testing.T) {
	t.Parallel()
	s := set(t,
		`"form":"ratio","over":["area"],"under":["beds"],"unit":"m2_per_bed","at_least":{"value":35},"regions":["12","120111"]`,
		`"id":"2","form":"minimum","over":["beds"],"unit":"beds","at_least":{"value":0.5,"of":["area","rate"],"strict":true}`,
		`"id":"3","form":"minimum","over":["area"],"unit":"m2","at_least":{"value":0,"tier_of":"rate","tiers":[{"below":3,"value":300},{"value":800}]}`,
		`"id":"4","form":"all_of","over":["rooms"],"among":["x","y"]`,
		`"id":"5","form":"one_of","over":["licence"],"among":["valid","expired"]`,
		`"id":"6","form":"presence","over":["lift","door"]`,
		`"id":"7","form":"absence","over":["lift"]`,
		`"id":"8","form":"ratio","over":["beds"],"under":["rate","area"],"factor":100,"unit":"percent","at_least":{"value":1},"at_most":{"value":2}`,
	)
	in := known("area", 1200.0, "beds", 40.0, "rate", 4.0, "lift", true, "rooms", []string{}, "licence", "valid")
	in["door"] = Input{}
	got := ask(s, in)
	for i, want := range []string{
		"面积 ÷ 床位|≥ 35\u2009㎡/张|还差 200\u2009㎡|area ÷ beds|≥ 35\u2009m² per bed|lacks 200\u2009m²",
		"床位|> 2\u2009400\u2009张（面积 × 比率 × 0.5）|还差 2\u2009360\u2009张|beds|> 2,400\u2009beds (area × rate × 0.5)|lacks 2,360\u2009beds",
		"面积|≥ 800\u2009㎡（按比率分档：300\u2009㎡、800\u2009㎡）||area|≥ 800\u2009m² (by rate: 300\u2009m², 800\u2009m²)|",
		"房间|应有登记室、大厅||rooms|has registry, hall|",
		"许可证|应为有效、过期||licence|is valid or expired|",
		"电梯、出入口|均应具备||lift, entrance|all there|",
		"电梯|均不应有||lift|none of them|",
		"床位 ÷ 比率 ÷ 面积 × 100|≥ 1%，≤ 2%|还差 8\u2009张|beds ÷ rate ÷ area × 100|≥ 1 %, ≤ 2 %|lacks 8\u2009beds",
	} {
		if i == 0 { // it holds elsewhere, so it is asked by itself
			got[0] = s.Evaluate(Question{Subject: "facility", Only: []string{"X-01"}, Regions: []string{"12"}, Inputs: in})[0]
		}
		f := got[i]
		a, b := s.Formula(f.Rule)
		c, d := s.Threshold(f.Rule, f.Limits)
		e, g := s.ShowMissing(f)
		if diff := cmp.Diff(want, strings.Join([]string{a, c, e, b, d, g}, "|")); diff != "" {
			t.Error(diff)
		}
	}
	if zh, en := s.Where(&s.Rules[0]); zh != "天津市、西青区" || en != "Tianjin, Xiqing" {
		t.Error(zh, en)
	}
	if zh, en := s.Where(&s.Rules[1]); zh != "全国" || en != "the whole country" {
		t.Error(zh, en)
	}
	if zh, en := s.Threshold(&s.Rules[1], Limits{}); zh != "> 面积 × 比率 × 0.5" || en != "> area × rate × 0.5" {
		t.Error(zh, en)
	}
	if zh, en := s.Source(&s.Rules[1]); zh != "规划" || en != "the plan" {
		t.Error(zh, en)
	}
	over := ask(set(t, `"form":"maximum","over":["area"],"unit":"m2","at_most":{"value":300}`), known("area", 310.0))[0]
	if zh, en := s.ShowMissing(over); zh != "超出 10\u2009㎡" || en != "over by 10\u2009m²" {
		t.Error(zh, en)
	}
	for v, want := range map[string]any{"不详": nil, "无": []string{}, "大厅": []string{"y"}, "a": "a"} {
		if zh, _ := s.ShowInput("rooms", want); zh != v {
			t.Errorf("%v is shown as %s", want, zh)
		}
	}
	for v, want := range map[float64]string{1250.126: "1\u2009250.13", 1_234_567: "1\u2009234\u2009567", -123: "-123", -1234: "-1\u2009234", 614.285: "614.29", 614.285 - 300: "314.29", -0.125: "-0.13", -0.001: "0", 3: "3"} {
		if zh, _ := s.ShowInput("beds", v); zh != want+"\u2009张" {
			t.Errorf("%v is shown as %s", v, zh)
		}
	}
	if _, en := s.ShowInput("beds", 12345.5); en != "12,345.5\u2009beds" {
		t.Error(en)
	}
	if zh, _ := s.ShowValue(&s.Rules[0], 30); zh != "30\u2009㎡/张" {
		t.Error(zh)
	}
	for _, g := range []Grade{"S0", ReadWhole, ReadExcerpt, Derived, Proposed, Remembered} {
		if zh, en := g.Words(); zh == "" || en == "" {
			t.Errorf("%s has no words", g)
		}
	}
}

func TestParseFaults(t *testing.T) {
	t.Parallel()
	const good = head + `"form":"minimum","over":["beds"],"at_least":{"value":50}}`
	swap := func(old, to string) string { return strings.Replace(good, old, to, 1) }
	form := func(rest string) string { return head + rest + "}" }
	for _, tc := range []struct{ name, rule, says string }{
		{"unknown key", swap(`"form"`, `"shape"`), "shape"},
		{"no title", swap(`"title"`, `""`), "title_en"},
		{"no severity", swap(`"error"`, `"grave"`), "severity"},
		{"no grade", swap(`"grade":"S0"`, `"grade":"S9"`), "grade"},
		{"an error from memory", swap(`"grade":"S0"`, `"grade":"M"`), "never an error"},
		{"an error on a text not read", swap(`"subject"`, `"unread":true,"subject"`), "not read"},
		{"a warning on a text not read", strings.Replace(swap(`"subject"`, `"unread":true,"subject"`), `"error"`, `"warning"`, 1), "not read"},
		{"no source", swap(`"source":"S0"`, `"source":"S1"`), "cite"},
		{"no unit", swap(`"over"`, `"unit":"mu","over"`), "unit"},
		{"half a note", swap(`"over"`, `"note_zh":"注","over"`), "note_zh"},
		{"no day", swap(`"over"`, `"from":"soon","over"`), "from"},
		{"ends before it begins", swap(`"over"`, `"from":"2026-01-02","until":"2026-01-01","over"`), "until"},
		{"no region", swap(`"over"`, `"regions":["31"],"over"`), "regions"},
		{"no input to show", swap(`"over"`, `"beside":["seats"],"over"`), "input"},
		{"no input", swap(`["beds"]`, `["seats"]`), "input"},
		{"no form", swap(`"minimum"`, `"median"`), "form"},
		{"nothing to measure", swap(`["beds"]`, `[]`), "over"},
		{"two things to measure", swap(`["beds"]`, `["beds","area"]`), "over"},
		{"no threshold", form(`"form":"minimum","over":["beds"]`), "at_least"},
		{"the wrong threshold", form(`"form":"minimum","over":["beds"],"at_most":{"value":1}`), "at_least"},
		{"a ratio of one thing", form(`"form":"ratio","over":["beds"],"at_least":{"value":1}`), "under"},
		{"a ratio without a threshold", form(`"form":"ratio","over":["beds"],"under":["area"]`), "at_least"},
		{"a minimum that divides", form(`"form":"minimum","over":["beds"],"under":["area"],"at_least":{"value":1}`), "under"},
		{"a factor of no ratio", form(`"form":"minimum","factor":2,"over":["beds"],"at_least":{"value":1}`), "factor"},
		{"a negative factor", form(`"form":"ratio","factor":-2,"over":["beds"],"under":["area"],"at_least":{"value":1}`), "factor"},
		{"among nothing", form(`"form":"one_of","over":["licence"]`), "among"},
		{"a minimum among things", form(`"form":"minimum","among":["x"],"over":["beds"],"at_least":{"value":1}`), "among"},
		{"a range the wrong way round", form(`"form":"range","over":["beds"],"at_least":{"value":2},"at_most":{"value":1}`), "at_least"},
		{"tiers of nothing", form(`"form":"minimum","over":["beds"],"at_least":{"value":0,"tiers":[{"value":1}]}`), "tier"},
		{"tiers without an end", form(`"form":"minimum","over":["beds"],"at_least":{"value":0,"tier_of":"rate","tiers":[{"below":1,"value":1}]}`), "tiers"},
		{"tiers out of order", form(`"form":"minimum","over":["beds"],"at_least":{"value":0,"tier_of":"rate","tiers":[{"below":2,"value":1},{"below":1,"value":1},{"value":3}]}`), "order"},
		{"tiers with a value", form(`"form":"minimum","over":["beds"],"at_least":{"value":9,"tier_of":"rate","tiers":[{"value":1}]}`), "tiers"},
		{"a condition of nothing", swap(`"over"`, `"when":[{"input":"lift"}],"over"`), "when"},
		{"a condition on no input", swap(`"over"`, `"when":[{"input":"roof","is":["true"]}],"over"`), "roof"},
		{"an aspect of another value", good + "," + strings.Replace(swap(`["beds"]`, `["area"]`), `"form"`, `"aspect":"X-01","form"`, 1), "aspect"},
	} {
		_, err := Parse([]byte("{" + words + `,"rules":[` + tc.rule + "]}"))
		if err == nil {
			t.Errorf("%s was taken", tc.name)
		} else if !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: %v, which does not say %q", tc.name, err, tc.says)
		}
	}
	for _, text := range []string{
		"", "[]", "{}{}", `{"units":[{"value":"m2","zh":"","en":"m²"}]}`, `{"units":[{"value":"a","zh":"a","en":"a"},{"value":"a","zh":"a","en":"a"}]}`,
		`{"inputs":[{"name":"a","zh":"a","en":"a","unit":"none"}]}`, `{"inputs":[{"name":"a","zh":"a","en":"a","choices":[{"value":"","zh":"a","en":"a"}]}]}`,
	} {
		if _, err := Parse([]byte(text)); err == nil {
			t.Errorf("%s was taken", text)
		}
	}
	if _, err := Parse([]byte("{" + words + `,"rules":[` + good + "]}")); err != nil {
		t.Error(err)
	}
}

// Whatever is written as rules is refused or can be asked, and never errs on memory.
func FuzzParse(f *testing.F) {
	f.Add([]byte("{" + words + `,"rules":[` + head + `"form":"minimum","over":["beds"],"at_least":{"value":50}}]}`))
	f.Add([]byte("{" + words + `,"rules":[` + head + `"form":"ratio","over":["beds","rate"],"under":["area"],"at_most":{"value":2,"of":["rate"]}}]}`))
	f.Add([]byte(`{"rules":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse(data)
		if err != nil {
			return
		}
		for _, r := range s.Rules {
			got := s.Evaluate(Question{Subject: r.Subject, Regions: r.Regions, Day: max(r.From, "2026-11-27"), Inputs: known("beds", 3.0, "area", 0.0, "rooms", []string{"x"}, "licence", "valid")})
			for _, f := range got {
				if f.Outcome == "" || r.Grade == Remembered && r.Severity == Error {
					t.Fatalf("%+v", f)
				}
				s.Threshold(f.Rule, f.Limits)
				s.Formula(f.Rule)
				s.ShowMissing(f)
			}
		}
	})
}
