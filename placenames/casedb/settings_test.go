package casedb_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/internal/auth"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/process"
)

// TestRunningCasesKeepTheirProcedure holds that what an authority changes is for cases that
// begin afterwards.
func TestRunningCasesKeepTheirProcedure(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	before := x.begin(process.Naming, x.name("先办路", "road", placenames.Draft).ID)
	x.follow(process.Local{
		Preset: "national", Sources: []placenames.Code{{Code: "local1", ZH: "本区规程", EN: "ours"}},
		Clocks: []process.ClockChange{{Track: "decide", Clock: process.Clock{
			Code: placenames.Code{Code: "acceptance", ZH: "受理期限", EN: "acceptance"}, From: "application", To: "acceptance", Days: 3, Unit: process.WorkingDays, Severity: "info",
			Cite: process.Cite{Source: "local1", Grade: "R"},
		}}},
	})
	after := x.begin(process.Naming, x.name("后办路", "road", placenames.Draft).ID)
	days := func(v process.View) int {
		i := slices.IndexFunc(v.Frozen.Rules.Clocks, func(k process.Clock) bool { return k.Code.Code == "acceptance" })
		return v.Frozen.Rules.Clocks[i].Days
	}
	if got := x.see(before.ID); got.Frozen.Rules.Preset != "xixian" || days(got) != 5 {
		t.Errorf("the running case goes by %s with %d days", got.Frozen.Rules.Preset, days(got))
	}
	if after.Frozen.Rules.Preset != "national" || days(after) != 3 || len(after.Frozen.Sources) != 1 {
		t.Errorf("the new case goes by %s with %d days", after.Frozen.Rules.Preset, days(after))
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	other := postgres.System("990002", "test")
	if got, err := x.store.Settings(t.Context(), other); err != nil || got.Local.Preset != "national" || got.Version != 0 || got.Years != nil || !got.May {
		t.Errorf("where nobody set anything: %+v %v", got, err)
	}
	if got, err := x.store.Settings(t.Context(), x.people[auth.Expert]); err != nil || got.May || got.Local.Preset != "xixian" {
		t.Errorf("an expert may change it: %+v %v", got, err)
	}
	years := process.Years{{Year: 2026, Off: []record.Day{"2026-10-01"}, Worked: []record.Day{"2026-10-10"}, Source: "国办通知"}}
	set := func(w postgres.Writer, version int, y process.Years, reason string) error {
		return x.store.SetYears(t.Context(), w, version, y, reason, today)
	}
	if err := set(x.registrar(), 0, years, "录入"); err != nil {
		t.Fatal(err)
	}
	got, err := x.store.Settings(t.Context(), x.registrar())
	if err != nil || got.CalendarVersion != 1 || cmp.Diff(years, got.Years) != "" {
		t.Errorf("%+v %v", got, err)
	}
	if err := set(x.registrar(), 0, years, "录入"); !errors.Is(err, postgres.ErrStale) {
		t.Errorf("an old version: %v", err)
	}
	if err := set(x.people[auth.Approver], 1, years, "录入"); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("an approver: %v", err)
	}
	if err := set(x.registrar(), 1, years, ""); !slices.Contains(faultsOf(err), "reason") {
		t.Errorf("without a reason: %v", err)
	}
	if err := set(x.registrar(), 1, process.Years{{Year: 2026}}, "x"); !slices.Contains(faultsOf(err), "years/0/source") {
		t.Errorf("without a source: %v", err)
	}
	if err := x.store.SetProcedure(t.Context(), x.registrar(), got.Version, process.Local{Preset: "moon"}, "x", today); !slices.Contains(faultsOf(err), "preset") {
		t.Errorf("an unknown preset: %v", err)
	}
	if err := set(x.registrar(), 1, nil, "清空"); err != nil {
		t.Errorf("emptied: %v", err)
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	first := x.begin(process.Naming, x.name("列表一路", "road", placenames.Draft).ID)
	second := x.begin(process.Naming, x.name("列表小区", "estate", placenames.Draft).ID)
	third := x.begin(process.Renaming, x.name("列表三路", "road", placenames.Approved).ID)
	x.walk(first.ID, "application")
	if err := x.take(auth.PlaceNameRegistrar, first.ID, process.Entry{Event: process.Event{Kind: process.Withdrawn, Day: today, Reason: "取消"}}); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		f    process.Filter
		want []string
	}{
		"all":           {process.Filter{}, []string{third.ID, second.ID, first.ID}},
		"open":          {process.Filter{Open: true}, []string{third.ID, second.ID}},
		"ended":         {process.Filter{Ended: true}, []string{first.ID}},
		"of an act":     {process.Filter{Act: process.Renaming}, []string{third.ID}},
		"of a track":    {process.Filter{Track: "opinion"}, []string{second.ID}},
		"of a class":    {process.Filter{Class: "street"}, []string{third.ID, first.ID}},
		"of a name":     {process.Filter{NameID: third.NameID}, []string{third.ID}},
		"of no id":      {process.Filter{NameID: "x"}, nil},
		"with a text":   {process.Filter{Text: "小区"}, []string{second.ID}},
		"a new name":    {process.Filter{Text: "清河"}, []string{third.ID}},
		"a number":      {process.Filter{Text: "2026-002"}, []string{second.ID}},
		"elsewhere":     {process.Filter{Within: []string{east}}, nil},
		"there":         {process.Filter{Within: []string{west}}, []string{third.ID, second.ID, first.ID}},
		"the next page": {process.Filter{BeforeYear: 2026, BeforeNo: 3}, []string{second.ID, first.ID}},
	} {
		tc.f.Limit = 10
		list, err := x.store.List(t.Context(), x.people[auth.ReadOnly], tc.f)
		var got []string
		for _, d := range list {
			got = append(got, d.ID)
		}
		if err != nil || !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
	x.bring(second.ID, "letter")
	told := func(process.Dossier) []string { return []string{"committee"} }
	open, err := x.store.Open(t.Context(), x.people[auth.CommitteeMember], told)
	if err != nil || len(open) != 2 || len(open[0].Acting) != 1 || open[0].Acting[0].Step != "" {
		t.Errorf("a member's desk: %+v %v", open, err)
	}
	open, err = x.store.Open(t.Context(), x.registrar(), told)
	if err != nil || len(open) != 2 || open[0].Acting[0].Step != "letter" || open[0].Acting[0].Entered || !open[1].Acting[0].Entered {
		t.Errorf("the registrar's desk: %v", err)
	}
}
