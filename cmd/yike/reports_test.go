package main

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/coverage"
	"yike/coverage/coveragehttp"
	"yike/coverage/coveragejob"
	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/internal/auth"
	"yike/internal/postgres/dbtest"
)

// A report of a whole town holds what its questions are answered when they are asked one
// by one, exactly.
func TestCoverageReport(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	mustLoad(t, db, town(t, 2000, 3), loadOptions{})
	state, err := coveragelive.Load(t.Context(), stores(db), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	held := &coveragelive.Holder{}
	s := &server{db: db, people: &people{}, app: &app{log: slog.New(slog.DiscardHandler)}}
	s.held.Store(held)
	adcode := state.Pack.AdCode
	r := &reportAPI{db: db, adcode: adcode, held: held}
	as := func(adcode, role string) context.Context {
		w := hire(t, db, adcode, role)
		return auth.With(t.Context(), auth.Identity{AdCode: adcode, AccountID: w.Account, Display: role})
	}

	planner := as(adcode, "planner")
	if _, err := r.AskReport(planner, coveragehttp.ReportArgs{}); !errors.Is(err, coveragehttp.ErrNotReady) {
		t.Errorf("before there is a district: %v", err)
	}
	held.Publish(state)
	if _, err := r.AskReport(planner, coveragehttp.ReportArgs{Base: "visitors"}); !errors.Is(err, coveragehttp.ErrUnknownBase) {
		t.Errorf("people that the data have not: %v", err)
	}
	id, err := r.AskReport(planner, coveragehttp.ReportArgs{Types: []facilities.Type{"elderly_canteen"}, LimitsS: []int{600, 900}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Report(planner, id); !errors.Is(err, coveragehttp.ErrNoReport) {
		t.Errorf("before it has begun: %v", err)
	}
	runJobs(t, db, s.kinds())
	eventually(t, "the end of the report", func() bool { return jobsOf(t, db, coveragejob.Kind)[0].State == "done" })

	reader := as(adcode, "read_only")
	kept, err := r.Report(reader, id)
	if err != nil {
		t.Fatal(err)
	}
	if want := len(state.Bases) * 2 * 3; kept.Questions != want || len(kept.Answered) != want || kept.Version != state.Version {
		t.Fatalf("%d of %d questions are answered; want %d", len(kept.Answered), kept.Questions, want)
	}
	for _, q := range kept.Answered {
		a, err := state.Coverage(t.Context(), liveQuery(q.Query))
		if err != nil {
			t.Fatal(err)
		}
		var lines []coverage.Line
		err = r.ReportLines(reader, id, coveragehttp.ReportPick{Question: q.Number}, func(_ int, l coverage.Line) error {
			lines = append(lines, l)
			return nil
		})
		if d := cmp.Diff(a.Summary.Lines(state.Divisions), lines); d != "" || err != nil {
			t.Errorf("question %d: %v %s", q.Number, err, d)
		}
	}
	r.adcode = "990199"
	if _, err := r.Report(as("990199", "planner"), id); !errors.Is(err, coveragehttp.ErrNoReport) {
		t.Errorf("another authority's planner: %v", err)
	}
}

// A report waits for a district that is not served here.
func TestReportsOfWhatIsServed(t *testing.T) {
	t.Parallel()
	s := &server{}
	if _, ok := s.districtForReports("990101"); ok {
		t.Error("a district before there is one")
	}
}
