package indicators_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yike/facilities/indicators"
)

func ptr(v float64) *float64 { return &v }

// five is a plan from 2020 to 2025.
func five() indicators.Plan { return indicators.Plan{BaseYear: 2020, TargetYear: 2025} }

type year struct {
	year   int
	target string
}

func count(baseline, target string, yearly ...year) indicators.Indicator {
	i := indicators.Indicator{
		Unit: indicators.Text{ZH: "个"}, Baseline: indicators.ParseAmount(baseline), Target: indicators.ParseAmount(target),
	}
	for _, y := range yearly {
		i.Yearly = append(i.Yearly, indicators.YearTarget{Year: y.year, Target: indicators.ParseAmount(y.target)})
	}
	return i
}

func ratio(baseline, target string, yearly ...year) indicators.Indicator {
	i := count(baseline, target, yearly...)
	i.Ratio, i.Unit = true, indicators.Text{ZH: "%", EN: "%"}
	return i
}

func TestJudge(t *testing.T) {
	t.Parallel()
	number := func(v float64) indicators.Actual { return indicators.Actual{Number: &v} }
	const nothing = -1.0
	for _, tc := range []struct {
		name     string
		of       indicators.Indicator
		year     int
		is       indicators.Actual
		status   indicators.Status
		against  indicators.Against
		expected float64
		says     string
	}{
		{"the base year asks for nothing", count("50", "75"), 2020, number(50), indicators.Unknown, "", nothing, "2020 年是规划的基期"},
		{"the last year, reached", count("50", "75"), 2025, number(75), indicators.Met, "final", 75, "规划期末应达 75\u2009个，实际 75\u2009个，已达到"},
		{"the last year, near", count("50", "75"), 2025, number(72), indicators.Near, "final", 75, "差 3\u2009个，不超过应达数的 5\u2009%，接近"},
		{"exactly as short as is near", count("50", "80"), 2025, number(76), indicators.Near, "final", 80, "接近"},
		{"the last year, behind", count("50", "75"), 2025, number(60), indicators.Behind, "final", 75, "差 15\u2009个，落后"},
		{"after the last year", count("50", "75"), 2027, number(60), indicators.Behind, "final", 75, ""},
		{"nothing known", count("50", "75"), 2025, indicators.Actual{}, indicators.Unknown, "", 75, "没有 2025 年的数"},
		{"nothing known of a year without a target", count("50", "75"), 2023, indicators.Actual{}, indicators.Unknown, "", nothing, "没有 2023 年的数"},
		{"nothing known of a year on a line", ratio("44", "60"), 2023, indicators.Actual{}, indicators.Unknown, "", 53.6, "没有 2023 年的数"},
		{"a blank is not 0", count("—", "75"), 2025, indicators.Actual{}, indicators.Unknown, "", 75, "没有 2025 年的数"},
		{"0 is a number", count("0", "1"), 2025, number(0), indicators.Behind, "final", 1, "实际 0"},
		{"enough is known", count("50", "75"), 2025, indicators.Actual{AtLeast: ptr(80)}, indicators.Met, "final", 75, "已知部分已有 80"},
		{"not enough is known", count("50", "75"), 2025, indicators.Actual{AtLeast: ptr(74)}, indicators.Unknown, "", 75, "没有 2025 年的数"},

		{"a target of the year", ratio("37", "100", year{2022, "90以上"}), 2022, number(91), indicators.Met, "yearly", 90, "2022 年应达不低于 90\u2009%，实际 91"},
		{"a target of the year, missed", ratio("37", "100", year{2022, "90以上"}), 2022, number(50), indicators.Behind, "yearly", 90, ""},
		{"a line after a target of a year", ratio("37", "100", year{2022, "90"}), 2023, number(95), indicators.Met, "line", 90 + 10.0/3, ""},
		{"a line for a ratio", ratio("44", "60"), 2022, number(50.4), indicators.Met, "line", 50.4, "规划没有 2022 年的目标，按两个有数年份之间的直线应达 50.4\u2009%"},
		{"a line for a ratio, behind", ratio("44", "60"), 2023, number(44), indicators.Behind, "line", 53.6, "差 9.6\u2009个百分点，落后"},
		{"no line without a baseline", ratio("", "60"), 2023, number(44), indicators.Unknown, "", nothing, "没有基期数，画不出直线。距期末目标 60\u2009%还差 16\u2009个百分点"},
		{"never a line for a count", count("50", "75"), 2023, number(60), indicators.Unknown, "", nothing, "个数按步增长，不按直线推算。距期末目标 75\u2009个还差 15"},
		{"a count that fell back", count("50", "75"), 2023, number(40), indicators.Unknown, "", nothing, "还差 35\u2009个。比基期的 50\u2009个还差。"},
		{"a ratio that is there already", ratio("44", "60"), 2023, number(61), indicators.Met, "final", 53.6, "规划期末应达 60"},
		{"a count that is there already", count("50", "75"), 2022, number(76), indicators.Met, "final", 75, ""},
		{"a count behind an earlier year", count("0", "11", year{2022, "11"}), 2023, number(9), indicators.Behind, "earlier", 11, "此前最近的年度目标为 11"},
		{"what is kept is asked for every year", count("41", "41"), 2022, number(39), indicators.Near, "final", 41, "差 2"},
		{"more than what is kept", count("41", "41"), 2022, number(42), indicators.Met, "final", 41, ""},
		{"a floor below the baseline is no way down", ratio("38", "≥30"), 2022, number(31), indicators.Met, "final", 30, "不低于 30"},
		{"a floor below the baseline, missed", ratio("38", "≥30"), 2022, number(20), indicators.Behind, "final", 30, ""},

		{"more than", ratio("30", ">30"), 2025, number(30), indicators.Near, "final", 30, "目标要求超过，刚好相等"},
		{"more than, reached", ratio("30", ">30"), 2025, number(30.1), indicators.Met, "final", 30, "超过 30"},
		{"everywhere", ratio("", "全覆盖"), 2025, number(99), indicators.Near, "final", 100, ""},
		{"to be fallen to", count("100", "40"), 2025, number(39), indicators.Met, "final", 40, ""},
		{"to be fallen to, not yet", count("100", "40"), 2025, number(60), indicators.Behind, "final", 40, "差 20"},
		{"at most", ratio("8", "≤5"), 2025, number(6), indicators.Behind, "final", 5, "不高于 5"},

		{"words", count("740", "不低于市级标准"), 2025, number(800), indicators.Unknown, "", nothing, "目标是文字“不低于市级标准”"},
		{"words that a person judges met", count("740", "不低于市级标准"), 2025, indicators.Actual{Number: ptr(800), Verdict: indicators.VerdictMet}, indicators.Met, "final", nothing, "判断为达到"},
		{"words that a person judges not met", count("740", "不低于市级标准"), 2025, indicators.Actual{Verdict: indicators.VerdictNot}, indicators.Behind, "final", nothing, "判断为没有达到"},
		{"no number and a verdict", count("", "75"), 2025, indicators.Actual{Verdict: indicators.VerdictMet}, indicators.Met, "final", 75, ""},
		{"no target at all", ratio("35", ""), 2025, number(36), indicators.Unknown, "", nothing, "规划没有 2025 年的目标"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			j := indicators.Judge(five(), tc.of, tc.year, tc.is)
			if j.Status != tc.status || j.Against != tc.against || !strings.Contains(j.Why.ZH, tc.says) || j.Why.EN == "" {
				t.Errorf("%s against %q: %s / %s", j.Status, j.Against, j.Why.ZH, j.Why.EN)
			}
			if (j.Expected == nil) != (tc.expected == nothing) || j.Expected != nil && abs(*j.Expected-tc.expected) > 1e-9 {
				t.Errorf("expected %v", show(j.Expected))
			}
		})
	}
}

func abs(v float64) float64 { return max(v, -v) }

func show(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

func TestWay(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		of   indicators.Indicator
		is   *float64
		want *float64
	}{
		{count("50", "75"), ptr(60), ptr(0.4)},
		{count("50", "75"), ptr(40), ptr(0)},
		{count("50", "75"), ptr(90), ptr(1)},
		{count("100", "40"), ptr(70), ptr(0.5)},
		{count("", "75"), ptr(60), nil},
		{count("50", "75"), nil, nil},
		{count("41", "41"), ptr(41), nil},
		{ratio("38", "≥30"), ptr(31), nil},
	} {
		j := indicators.Judge(five(), tc.of, 2023, indicators.Actual{Number: tc.is})
		if (j.Way == nil) != (tc.want == nil) || j.Way != nil && abs(*j.Way-*tc.want) > 1e-9 {
			t.Errorf("%s to %s at %v: %v", tc.of.Baseline.Text, tc.of.Target.Text, show(tc.is), show(j.Way))
		}
	}
}

// Where a plan wants more, more is never worse; where it wants less, less never is.
func TestProgressIsMonotone(t *testing.T) {
	t.Parallel()
	rank := map[indicators.Status]int{indicators.Behind: 0, indicators.Unknown: 1, indicators.Near: 1, indicators.Met: 2}
	rapid.Check(t, func(rt *rapid.T) {
		whole := rapid.IntRange(0, 120)
		form := rapid.SampledFrom([]string{"%", "≥%", ">%", "%以上"})
		amount := func(v int) string {
			return strings.Replace(form.Draw(rt, "form"), "%", indicators.FormatNumber(float64(v)), 1)
		}
		base, end := whole.Draw(rt, "baseline"), whole.Draw(rt, "target")
		if base > end {
			base, end = end, base
		}
		i := count(rapid.SampledFrom([]string{"", indicators.FormatNumber(float64(base))}).Draw(rt, "baseline text"), amount(end))
		i.Ratio = rapid.Bool().Draw(rt, "ratio")
		last := base
		for y := 2021; y < 2025; y++ {
			if last < end && rapid.IntRange(0, 2).Draw(rt, "has") == 0 {
				last = rapid.IntRange(last, end).Draw(rt, "yearly")
				i.Yearly = append(i.Yearly, indicators.YearTarget{Year: y, Target: indicators.ParseAmount(amount(last))})
			}
		}
		y := rapid.IntRange(2021, 2027).Draw(rt, "year")
		a, b := float64(whole.Draw(rt, "a")), float64(whole.Draw(rt, "b"))
		if a > b {
			a, b = b, a
		}
		less, more := indicators.Judge(five(), i, y, indicators.Actual{Number: &a}), indicators.Judge(five(), i, y, indicators.Actual{Number: &b})
		if rank[less.Status] > rank[more.Status] {
			rt.Fatalf("%v is %s (%s), %v is %s (%s)", a, less.Status, less.Why.ZH, b, more.Status, more.Why.ZH)
		}
		if less.Way != nil && *less.Way > *more.Way {
			rt.Fatalf("%v is further than %v", a, b)
		}
	})
}

// Without a figure nothing is judged, whatever the plan says: a blank is not 0.
func TestNothingIsNotZero(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		i := count(rapid.SampledFrom([]string{"", "—", "0", "5"}).Draw(rt, "baseline"), rapid.SampledFrom([]string{"", "0", "≥0", "≤5", "10", "全覆盖", "不低于市级标准"}).Draw(rt, "target"))
		i.Ratio = rapid.Bool().Draw(rt, "ratio")
		j := indicators.Judge(five(), i, rapid.IntRange(2018, 2028).Draw(rt, "year"), indicators.Actual{})
		if j.Status != indicators.Unknown || j.Way != nil {
			rt.Fatalf("nothing is %s: %s", j.Status, j.Why.ZH)
		}
	})
}
