package process_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/process"
)

func cited() process.Cite { return process.Cite{Source: "local1", Grade: "R", ClauseZH: "第三条"} }

func local(change func(*process.Local)) process.Local {
	l := process.Local{
		Preset: "xixian", Offices: map[string]string{"city_county_government": "咸阳市人民政府"},
		Sources: []placenames.Code{{Code: "local1", ZH: "本区地名工作规程", EN: "our rules of procedure"}},
	}
	change(&l)
	return l
}

func fieldsOf(list []record.Fault) []string {
	var out []string
	for _, f := range list {
		out = append(out, f.Field)
	}
	return out
}

// TestLocalProcedure holds what an authority may change and what it may not.
func TestLocalProcedure(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	b := book(t)
	clock := func(change func(*process.Clock)) func(*process.Local) {
		return func(l *process.Local) {
			k := process.Clock{
				Code: placenames.Code{Code: "filing", ZH: "备案期限", EN: "filing"}, From: "approval", To: "filing", Days: 10, Unit: process.CalendarDays, Severity: "error", Cite: cited(),
			}
			change(&k)
			l.Clocks = []process.ClockChange{{Track: "decide", Clock: k}}
		}
	}
	step := func(c process.StepChange) func(*process.Local) {
		return func(l *process.Local) { c.Track, c.Cite = "decide", cited(); l.Changes = []process.StepChange{c} }
	}
	for name, tc := range map[string]struct {
		change func(*process.Local)
		fault  string
	}{
		"nothing":                    {func(*process.Local) {}, ""},
		"stricter":                   {step(process.StepChange{Step: "assessment", Waivable: &no}), ""},
		"waivable as in the track":   {step(process.StepChange{Step: "survey", Waivable: &yes}), ""},
		"approval set aside":         {step(process.StepChange{Step: "approval", Waivable: &yes}), "changes/0/waivable"},
		"one paper more":             {step(process.StepChange{Step: "filing", Needs: []string{"filing_form", "filing_report", "map"}}), ""},
		"a paper of the text less":   {step(process.StepChange{Step: "filing", Needs: []string{"filing_form"}}), "changes/0/needs"},
		"no office":                  {step(process.StepChange{Step: "survey", By: []string{}}), "changes/0/by"},
		"by the applicant":           {step(process.StepChange{Step: "survey", By: []string{"applicant"}}), "changes/0/by"},
		"no such step":               {step(process.StepChange{Step: "moon"}), "changes/0/step"},
		"an unknown office":          {step(process.StepChange{Step: "survey", By: []string{"moon"}}), "changes"},
		"a shorter clock":            {clock(func(*process.Clock) {}), ""},
		"a longer clock":             {clock(func(k *process.Clock) { k.Days = 20 }), "clocks/0/clock/days"},
		"a milder clock":             {clock(func(k *process.Clock) { k.Severity = "warning" }), "clocks/0/clock/days"},
		"a clock of working days":    {clock(func(k *process.Clock) { k.Unit = process.WorkingDays }), "clocks/0/clock/days"},
		"a clock of its own":         {clock(func(k *process.Clock) { k.Code.Code, k.Days, k.Severity = "own", 40, "warning" }), ""},
		"an error nobody read":       {clock(func(k *process.Clock) { k.Code.Code, k.Cite.Grade = "own", "P" }), "clocks/0/clock/severity"},
		"no days":                    {clock(func(k *process.Clock) { k.Days = 0 }), "clocks/0/clock/days"},
		"no code":                    {clock(func(k *process.Clock) { k.Code.Code = "Own clock" }), "clocks/0/clock/code"},
		"no source":                  {clock(func(k *process.Clock) { k.Cite.Source = "" }), "clocks/0/clock/cite/source"},
		"no grade":                   {clock(func(k *process.Clock) { k.Cite.Grade = "" }), "clocks/0/clock/cite/grade"},
		"a source that is not there": {clock(func(k *process.Clock) { k.Cite.Source = "moon" }), "changes"},
		"no track":                   {func(l *process.Local) { clock(func(*process.Clock) {})(l); l.Clocks[0].Track = "moon" }, "clocks/0/track"},
		"an unknown preset":          {func(l *process.Local) { l.Preset = "moon" }, "preset"},
		"an office that is none":     {func(l *process.Local) { l.Offices["moon"] = "月亮" }, "offices/moon"},
		"an office with blanks":      {func(l *process.Local) { l.Offices["committee"] = " 地名委" }, "offices/committee"},
		"a source twice":             {func(l *process.Local) { l.Sources = append(l.Sources, l.Sources[0]) }, "sources/1/code"},
		"a source of the program":    {func(l *process.Local) { l.Sources[0].Code = "decree753" }, "sources/0/code"},
		"a source without a title":   {func(l *process.Local) { l.Sources[0].ZH = "" }, "sources/0/zh"},
		"another authority":          {func(l *process.Local) { l.Authorities = map[string][]string{"street": {"new_area_authority"}} }, ""},
		"the applicant decides":      {func(l *process.Local) { l.Authorities = map[string][]string{"street": {"applicant"}} }, "authorities/street"},
		"authority of nothing":       {func(l *process.Local) { l.Authorities = map[string][]string{"moon": {"committee"}} }, "authorities/moon"},
	} {
		l := local(tc.change)
		got, faults := b.With(l)
		if tc.fault == "" && len(faults) > 0 || tc.fault != "" && !slices.Contains(fieldsOf(faults), tc.fault) {
			t.Errorf("%s: %+v, want a fault of %q", name, faults, tc.fault)
		}
		if tc.fault == "" {
			if f, err := b.Freeze("decide", l); err != nil || f.Rules.Preset != "xixian" {
				t.Errorf("%s: %v", name, err)
			}
		} else if got != b {
			if _, err := b.Freeze("decide", l); err == nil {
				t.Errorf("%s was frozen", name)
			}
		}
	}
	r, _ := b.For("decide", "xixian")
	if i := slices.IndexFunc(r.Clocks, func(k process.Clock) bool { return k.Code.Code == "filing" }); r.Clocks[i].Days != 15 {
		t.Error("an authority changed the book of the program")
	}
	if _, faults := b.With(process.UsualLocal()); len(faults) > 0 {
		t.Errorf("the usual procedure is refused: %v", faults)
	}
}

// TestFrozenIsKept holds that rules survive being kept.
func TestFrozenIsKept(t *testing.T) {
	t.Parallel()
	b := book(t)
	for _, track := range []string{"decide", "opinion"} {
		f, err := b.Freeze(track, local(func(*process.Local) {}))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		var got process.Frozen
		if err := got.Parse(raw); err != nil || cmp.Diff(f, got) != "" {
			t.Errorf("%s: %v\n%s", track, err, cmp.Diff(f, got))
		}
		if got.Parse([]byte(`[`)) == nil {
			t.Error("broken rules were read")
		}
	}
	if c, ok := b.TrackOf("street"); !ok || c != "decide" {
		t.Errorf("a street goes %q", c)
	}
	if _, ok := b.TrackOf("moon"); ok {
		t.Error("a class that is none goes somewhere")
	}
}

func TestYears(t *testing.T) {
	t.Parallel()
	good := process.Year{Year: 2026, Off: []record.Day{"2026-10-01"}, Worked: []record.Day{"2026-10-10"}, Source: "国办通知（演示）"}
	with := func(change func(*process.Year)) process.Years {
		y := process.Year{Year: good.Year, Off: slices.Clone(good.Off), Worked: slices.Clone(good.Worked), Source: good.Source}
		change(&y)
		return process.Years{y}
	}
	for name, tc := range map[string]struct {
		years process.Years
		fault string
	}{
		"none":                {nil, ""},
		"good":                {process.Years{good}, ""},
		"without a source":    {with(func(y *process.Year) { y.Source = "" }), "years/0/source"},
		"of no year":          {with(func(y *process.Year) { y.Year = 0 }), "years/0/year"},
		"a year twice":        {process.Years{good, good}, "years/1/year"},
		"no day":              {with(func(y *process.Year) { y.Off = []record.Day{"soon"} }), "years/0/off/0"},
		"another year's day":  {with(func(y *process.Year) { y.Off = []record.Day{"2030-01-01"} }), "years/0/off/0"},
		"a day twice":         {with(func(y *process.Year) { y.Off = append(y.Off, y.Off[0]) }), "years/0/off/1"},
		"a weekday is worked": {with(func(y *process.Year) { y.Worked = []record.Day{"2026-10-09"} }), "years/0/worked/0"},
		"both":                {with(func(y *process.Year) { y.Off = []record.Day{"2026-10-10"} }), "years/0/worked"},
		"two years differ":    {process.Years{good, {Year: 2025, Off: []record.Day{"2026-10-10"}, Source: "x"}}, "years/1/off/0"},
	} {
		got := fieldsOf(tc.years.Validate())
		if tc.fault == "" && len(got) > 0 || tc.fault != "" && !slices.Contains(got, tc.fault) {
			t.Errorf("%s: faults in %v, want %q", name, got, tc.fault)
		}
	}
	cal, err := process.Years{good, {Year: 2028, Source: "x"}, {Year: 2025, Source: "x"}}.Calendar("2026-11-27")
	if err != nil || cal.Working("2026-10-01") || !cal.Working("2026-10-10") {
		t.Fatalf("%v", err)
	}
	if !cal.Covers("2025-01-01", "2026-12-31") || cal.Covers("2026-12-31", "2027-01-01") || cal.Covers("2028-01-01", "2028-01-02") {
		t.Error("it covers other years than those one after another")
	}
	if cal, _ = (process.Years{good}).Calendar("2027-01-01"); cal.Covers("2026-01-01", "2026-01-02") {
		t.Error("it covers a year though today's was not entered")
	}
}
