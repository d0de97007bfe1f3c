package main

import (
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/facilities/estates"
	"yike/facilities/estates/estatedb"
	"yike/facilities/matrix/matrixdb"
	"yike/facilities/premises/premisesdb"
	"yike/geo/divisions/divisiondb"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/internal/rules"
)

// TestDemoMilestones holds that the estates of the demonstration are at every milestone, some
// late, some refused, some asked again, and those that are through have their rooms in the
// ledger.
func TestDemoMilestones(t *testing.T) {
	t.Parallel()
	state, db := demo(t)
	const adcode, today = "990100", record.Day("2026-11-27")
	records := demoRecords(state, db)
	types, err := facilities.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time changes nothing
		if err := fillDemoDesk(t.Context(), db, adcode, types, today); err != nil {
			t.Fatal(err)
		}
		if err := fillDemoSteps(t.Context(), records); err != nil {
			t.Fatal(err)
		}
	}
	w, store := postgres.System(adcode, "test"), estatedb.New(db)
	all, err := store.All(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	events, err := store.EventsOf(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	var late, refused, again, through, conditions int
	next := map[estates.Milestone]int{}
	for _, e := range all {
		p, err := estates.Replay(events[e.ID])
		if err != nil {
			t.Fatalf("%s: %v", e.Name, err)
		}
		for _, d := range estates.Dues(e.Estate, p, estates.HandoverLimit{Months: 3}, today) {
			late += map[bool]int{true: 1}[d.Late > 0]
			refused += map[bool]int{true: 1}[d.Kind == estates.RectifyDue]
		}
		conditions += len(p.Conditions())
		for i := 1; i < len(p.Rounds); i++ {
			again += map[bool]int{true: 1}[p.Rounds[i].Request.Milestone == p.Rounds[i-1].Request.Milestone]
		}
		m, more := p.Next()
		switch {
		case e.Kind == estates.Built && len(p.Rounds) > 0:
			t.Errorf("%s stands already and passes milestones", e.Name)
		case !more:
			through++
			for _, r := range e.Rooms {
				if r.LedgerID == "" {
					t.Errorf("%s: %s is not in the ledger", e.Name, r.Name)
				}
			}
		case e.Kind == estates.New:
			next[m]++
		}
	}
	if late == 0 || refused == 0 || again == 0 || through == 0 || conditions == 0 || len(next) < 4 {
		t.Errorf("late %d, refused %d, asked again %d, through %d, conditions %d, next %v", late, refused, again, through, conditions, next)
	}
	checkFrozen(t, records, all)
	checkLocalRule(t, records, all)
}

// demoRecords are the estates of a district as Xixian's rules, too, hold in it.
func demoRecords(state *coveragelive.State, db *postgres.DB) *estateRecords {
	now := func() time.Time { return time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC) }
	held := &coveragelive.Holder{}
	held.Publish(state)
	table := &communityMatrix{store: matrixdb.New(db), ledger: premisesdb.New(db), grounds: grounds{held: held, db: divisiondb.New(db)}, now: now}
	records := newEstateRecords(config{Regions: []string{"xixian"}}, desk{db: db, adcode: state.Pack.AdCode, served: &districtAPI{held: held}}, table,
		refusals{db: db, log: slog.New(slog.DiscardHandler)}, now)
	records.program = new(postgres.System(state.Pack.AdCode, "test"))
	table.program = records.program
	return records
}

// checkFrozen holds that what was kept with the last events of the milestone that an estate is at
// is what the check says today, its day apart, and that every event knew its community.
func checkFrozen(t *testing.T, records *estateRecords, all []estates.Item) {
	t.Helper()
	compared, failed := 0, 0
	for _, e := range all {
		steps, err := records.store.Steps(t.Context(), *records.program, e.ID)
		if err != nil {
			t.Fatal(err)
		}
		p, err := estates.Replay(steps.Events)
		if err != nil {
			t.Fatal(err)
		}
		next, _ := p.Next()
		for i, event := range steps.Events {
			if event.Checked == nil {
				continue
			}
			kept := *event.Checked
			for _, f := range kept.Findings {
				if strings.Contains(f.ReasonZH, "所属社区的现状未填写") {
					t.Errorf("%s, event %d: its community was not known", e.Name, i)
				}
			}
			if reached(e.Estate, estates.HandOver) != "" || kept.Day < "2026-08-01" {
				continue
			}
			var m estates.Milestone
			if event.Request != nil {
				m = event.Request.Milestone
			} else {
				m = event.Opinion.Milestone
			}
			if m != next {
				continue // opinions that came after it are part of a check
			}
			live, err := records.Check(t.Context(), e.ID, &m)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(live.Freeze(live.Set, live.Estate, kept.Day), kept); diff != "" {
				t.Errorf("%s, event %d: %s", e.Name, i, diff)
			}
			compared++
			failed += kept.Failed
		}
	}
	if compared < 5 || failed == 0 {
		t.Errorf("%d compared, %d failed", compared, failed)
	}
}

// checkLocalRule holds that the rule of the bureau's own stands on a document and is all that
// one estate fails of.
func checkLocalRule(t *testing.T, records *estateRecords, all []estates.Item) {
	t.Helper()
	list, err := (&estateRuleDesk{records}).Rules(t.Context())
	if err != nil || len(list) != 1 || list[0].State != estates.Adopted || !list[0].Source.Known() || !strings.Contains(list[0].Source.Title, "示例") || !strings.Contains(list[0].Sentence, "示例") {
		t.Fatalf("%v: %+v", err, list)
	}
	decided := 0
	for _, e := range all {
		now := estates.DueNow
		c, err := records.Check(t.Context(), e.ID, &now)
		if err != nil {
			t.Fatal(err)
		}
		if c.Failed == 1 && slices.ContainsFunc(c.Findings, func(f estates.Found) bool {
			return f.Rule.Local == list[0].ID && f.Outcome == rules.Fail && f.Missing > 0
		}) {
			decided++
		}
	}
	if decided == 0 {
		t.Error("the local rule decides of no estate")
	}
}
