package indicators_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/facilities/indicators"
	"yike/internal/record"
)

// canteens is a plan with one indicator that the registry tells and one that it does not.
func canteens(values ...indicators.Value) indicators.Whole {
	computed, entered := count("0", "4", year{2024, "2"}), ratio("50", "100")
	computed.ID, computed.Position, computed.Kind = "a", 2, indicators.Binding
	computed.Formula = indicators.Formula{Kind: indicators.Count, Of: of("elderly_canteen")}
	entered.ID, entered.Position = "b", 1
	return indicators.Whole{
		Plan: five(), Indicators: []indicators.Indicator{computed, entered}, Values: values,
		Projects: []indicators.Project{{ID: "3"}, {ID: "2", To: 2025}, {ID: "1", From: 2022}},
	}
}

func value(id string, year int, source indicators.ValueSource, v float64) indicators.Value {
	return indicators.Value{IndicatorID: id, Year: year, Source: source, Number: &v}
}

func facts() *indicators.Facts {
	f := town(place("1", "elderly_canteen", "990001001001", nil), place("2", "elderly_canteen", "990001001002", nil), place("3", "elderly_canteen", "990001101201", nil))
	return &f
}

func TestBoard(t *testing.T) {
	t.Parallel()
	b := indicators.MakeBoard(canteens(value("b", 2024, indicators.Entered, 91)), 2024, facts())
	if b.Year != 2024 || b.Day != day || len(b.Lines) != 2 || b.Lines[0].Indicator.ID != "b" {
		t.Fatalf("%+v", b)
	}
	if got := b.Projects[0].ID + b.Projects[1].ID + b.Projects[2].ID; got != "123" {
		t.Errorf("projects %s", got)
	}
	entered, computed := b.Lines[0], b.Lines[1]
	if entered.Live != nil || entered.From != indicators.LeadEntered || *entered.Actual.Number != 91 || entered.Judgement.Status != indicators.Met {
		t.Errorf("entered: %+v", entered)
	}
	if computed.From != indicators.LeadLive || *computed.Actual.Number != 3 || computed.Judgement.Status != indicators.Met || computed.Judgement.Against != indicators.AgainstYearly {
		t.Errorf("computed: %+v", computed)
	}
	var years []string
	for _, y := range computed.Years {
		target := "-"
		if y.Target != nil {
			target = y.Target.Text
		}
		years = append(years, fmt.Sprintf("%d %s %v %s %s", y.Year, target, show(y.Number), y.From, y.Status))
	}
	want := []string{
		"2020 - 0  unknown", "2021 - <nil>  unknown", "2022 - <nil>  unknown", "2023 - <nil>  unknown", "2024 2 3 computed met", "2025 4 <nil>  unknown",
	}
	if d := cmp.Diff(want, years); d != "" {
		t.Error(d)
	}
	all, binding := b.Tally()
	if d := cmp.Diff(map[indicators.Status]int{indicators.Met: 2}, all); d != "" || binding[indicators.Met] != 1 {
		t.Error(d, binding)
	}
}

// Which value leads, and that the others are shown where they differ.
func TestWhichValueLeads(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		values []indicators.Value
		prefer indicators.Prefer
		facts  *indicators.Facts
		number any
		from   indicators.Lead
		apart  string
	}{
		{"computed", nil, indicators.PreferComputed, facts(), 3.0, indicators.LeadLive, ""},
		{"nothing", nil, indicators.PreferComputed, nil, nil, indicators.LeadNone, ""},
		{"entered where nothing is computed", []indicators.Value{value("a", 2024, indicators.Entered, 5)}, indicators.PreferComputed, nil, 5.0, indicators.LeadEntered, ""},
		{"of another year", []indicators.Value{value("a", 2023, indicators.Entered, 5)}, indicators.PreferComputed, nil, nil, indicators.LeadNone, ""},
		{"computed before entered", []indicators.Value{value("a", 2024, indicators.Entered, 5)}, indicators.PreferComputed, facts(), 3.0, indicators.LeadLive, "填报 5\u2009个，登记算得 3\u2009个，相差 2\u2009个"},
		{"entered where somebody decided so", []indicators.Value{value("a", 2024, indicators.Entered, 5)}, indicators.PreferEntered, facts(), 5.0, indicators.LeadEntered, "相差 2"},
		{"computed where nothing is entered", nil, indicators.PreferEntered, facts(), 3.0, indicators.LeadLive, ""},
		{"sealed before computed", []indicators.Value{value("a", 2024, indicators.Sealed, 2)}, indicators.PreferComputed, facts(), 2.0, indicators.LeadSealed, "封存 2\u2009个，现在算得 3\u2009个，相差 1"},
		{"all three", []indicators.Value{value("a", 2024, indicators.Sealed, 2), value("a", 2024, indicators.Entered, 7)}, indicators.PreferComputed, facts(), 2.0, indicators.LeadSealed, "填报 7\u2009个，登记算得 2"},
		{"the same", []indicators.Value{value("a", 2024, indicators.Entered, 3)}, indicators.PreferComputed, facts(), 3.0, indicators.LeadLive, ""},
	} {
		w := canteens(tc.values...)
		w.Indicators[0].Prefer = tc.prefer
		l := indicators.MakeBoard(w, 2024, tc.facts).Lines[1]
		if show(l.Actual.Number) != tc.number || l.From != tc.from || !strings.Contains(l.Apart.ZH, tc.apart) || (l.Apart.ZH == "") != (tc.apart == "") {
			t.Errorf("%s: %v from %q; %s", tc.name, show(l.Actual.Number), l.From, l.Apart.ZH)
		}
	}
}

func TestVerdictLeads(t *testing.T) {
	t.Parallel()
	w := canteens(indicators.Value{IndicatorID: "b", Year: 2025, Source: indicators.Entered, Verdict: indicators.VerdictMet, Words: "已建成"})
	w.Indicators[1].Target = indicators.ParseAmount("建成")
	if l := indicators.MakeBoard(w, 2025, nil).Lines[0]; l.From != indicators.LeadEntered || l.Judgement.Status != indicators.Met {
		t.Errorf("%q %s", l.From, l.Judgement.Why.ZH)
	}
}

func TestLowerBoundLeads(t *testing.T) {
	t.Parallel()
	w := canteens()
	w.Indicators[0].Formula = indicators.Formula{Kind: indicators.Count, Of: []indicators.Selection{where("elderly_canteen", "grade", "1")}}
	l := indicators.MakeBoard(w, 2024, facts()).Lines[1]
	if l.From != indicators.LeadLive || l.Actual.Number != nil || *l.Actual.AtLeast != 0 || l.Judgement.Status != indicators.Unknown {
		t.Errorf("%+v", l)
	}
	values, unknown := indicators.MakeBoard(w, 2024, facts()).Seal("王", "2025-01-03")
	if len(values) != 0 || unknown != 1 {
		t.Errorf("sealed %v, %d unknown", values, unknown)
	}
}

func TestSeal(t *testing.T) {
	t.Parallel()
	values, unknown := indicators.MakeBoard(canteens(), 2024, facts()).Seal("王", "2025-01-03")
	if len(values) != 1 || unknown != 0 {
		t.Fatalf("%d values, %d unknown", len(values), unknown)
	}
	v := values[0]
	if v.IndicatorID != "a" || v.Year != 2024 || v.Source != indicators.Sealed || *v.Number != 3 || v.Who != "王" || v.On != "2025-01-03" ||
		v.Kept.Day != day || v.Kept.Formula.Kind != indicators.Count || len(v.Kept.Result.Counted) != 3 {
		t.Errorf("%+v", v)
	}
}

func TestFactsDay(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		year  int
		today record.Day
		want  record.Day
		ok    bool
	}{
		{2026, "2026-11-27", "2026-11-27", true},
		{2025, "2026-11-27", "2025-12-31", true},
		{2027, "2026-11-27", "", false},
		{2026, "2026-01-01", "2026-01-01", true},
		{2026, "2025-12-31", "", false},
	} {
		if got, ok := indicators.FactsDay(tc.year, tc.today); got != tc.want || ok != tc.ok {
			t.Errorf("%d on %s: %s %v", tc.year, tc.today, got, ok)
		}
	}
}

func TestReviewYears(t *testing.T) {
	t.Parallel()
	p := five()
	if m, f := p.ReviewYearOf(indicators.MidTerm), p.ReviewYearOf(indicators.Final); m != 2023 || f != 2025 {
		t.Errorf("%d and %d", m, f)
	}
	p.Reviews = []indicators.ReviewYear{{Year: 2022, Kind: indicators.MidTerm}}
	if m := p.ReviewYearOf(indicators.MidTerm); m != 2022 {
		t.Errorf("%d", m)
	}
}
