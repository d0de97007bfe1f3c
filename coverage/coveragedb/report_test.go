package coveragedb_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/coverage"
	"yike/coverage/coveragedb"
	"yike/geo/divisions"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

func line(level, code string, covered coverage.People) coverage.Line {
	c := coverage.Count{Population: covered + 3, Covered: covered, Uncovered: 2, Unsnapped: 1}
	return coverage.Line{
		Level: level, Code: code, NameZH: "甲", NameEN: "A", Complete: true, Counts: []coverage.Count{c, {}}, Units: coverage.Units{Total: 2, With: 1},
	}
}

func TestReports(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := coveragedb.New(db)
	report := coveragedb.Report{
		ID: uuid.NewString(), Version: "v1", Bands: []string{"all", "70+"}, Notices: []coveragedb.Notice{{ZH: "注", EN: "note", Licence: "ODbL"}},
		Questions: 2, AskedWho: "somebody",
	}
	questions := []coveragedb.Question{
		{Number: 1, Type: "elderly_canteen", TypeZH: "食堂", TypeEN: "canteens", Measure: "walk", Base: divisions.Resident, LimitS: 900, Speed: 900},
		{Number: 2, Type: "columbarium", TypeZH: "骨灰堂", TypeEN: "columbaria", Measure: "presence", Base: divisions.Registered, LimitS: 600, Speed: 1200},
	}
	lines := []coverage.Line{line("community", "990001001001", 20_000), line("subdistrict", "990001001", 7), line("total", "", 40_000_000_000)}
	begin := func() {
		write(t, db, func(tx pgx.Tx) (postgres.Changes, error) {
			return postgres.Changes{}, s.BeginReport(t.Context(), tx, adcode, report)
		})
	}
	answer := func(q coveragedb.Question) {
		write(t, db, func(tx pgx.Tx) (postgres.Changes, error) {
			return postgres.Changes{}, s.AddAnswer(t.Context(), tx, adcode, report.ID, q, lines)
		})
	}
	begin()
	answer(questions[0])
	answer(questions[1])
	got, answered, err := coveragedb.ReadReport(t.Context(), db.Reader(), adcode, report.ID)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(report, got, cmpopts.IgnoreFields(coveragedb.Report{}, "BegunAt")); d != "" || got.BegunAt.IsZero() {
		t.Error(d, got.BegunAt)
	}
	if d := cmp.Diff(questions, answered); d != "" {
		t.Error(d)
	}
	for name, tc := range map[string]struct {
		filter coveragedb.LineFilter
		want   []coverage.Line
	}{
		"all":                 {coveragedb.LineFilter{}, append(append([]coverage.Line{}, lines...), lines...)},
		"one question":        {coveragedb.LineFilter{Number: 2}, lines},
		"a level":             {coveragedb.LineFilter{Level: "subdistrict"}, []coverage.Line{lines[1], lines[1]}},
		"a level, and totals": {coveragedb.LineFilter{Number: 1, Level: "community", Totals: true}, []coverage.Line{lines[0], lines[2]}},
		"none":                {coveragedb.LineFilter{Number: 3}, nil},
	} {
		var found []coverage.Line
		err := coveragedb.EachLine(t.Context(), db.Reader(), adcode, report.ID, tc.filter, func(_ int, l coverage.Line) error {
			found = append(found, l)
			return nil
		})
		if d := cmp.Diff(tc.want, found); d != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, d)
		}
	}
	enough := errors.New("enough")
	if err := coveragedb.EachLine(t.Context(), db.Reader(), adcode, report.ID, coveragedb.LineFilter{}, func(int, coverage.Line) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("stopped: %v", err)
	}

	begin() // anew
	if _, answered, err := coveragedb.ReadReport(t.Context(), db.Reader(), adcode, report.ID); err != nil || len(answered) != 0 {
		t.Errorf("begun anew it has %d answers: %v", len(answered), err)
	}
	for _, id := range []string{"nothing", uuid.NewString()} {
		if _, _, err := coveragedb.ReadReport(t.Context(), db.Reader(), adcode, id); !errors.Is(err, coveragedb.ErrNoReport) {
			t.Errorf("%s: %v", id, err)
		}
	}
	if _, _, err := coveragedb.ReadReport(t.Context(), db.Reader(), "990002", report.ID); !errors.Is(err, coveragedb.ErrNoReport) {
		t.Errorf("under another authority: %v", err)
	}
}

// Reports are bounded as the map is: to one's own authority, and to those who may see
// it.
func TestReportsAreBounded(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := coveragedb.New(db)
	id := uuid.NewString()
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "write", func(tx *postgres.Tx) error {
		if _, err := tx.Exec(t.Context(), `
WITH made AS (INSERT INTO account (adcode, id, name, display_name) VALUES ($1, $2, 'reader', 'reader') RETURNING adcode, id)
INSERT INTO account_grant (adcode, id, account_id, role) SELECT adcode, gen_random_uuid(), id, 'read_only' FROM made`, adcode, id); err != nil {
			return err
		}
		r := coveragedb.Report{ID: id, Version: "v1", Bands: []string{"all"}, Questions: 1, AskedWho: "somebody"}
		if err := s.BeginReport(t.Context(), tx, adcode, r); err != nil {
			return err
		}
		return s.AddAnswer(t.Context(), tx, adcode, id, coveragedb.Question{Number: 1, Base: divisions.Resident, LimitS: 1, Speed: 1}, []coverage.Line{line("total", "", 1)})
	})
	if err != nil {
		t.Fatal(err)
	}
	reader := postgres.Writer{AdCode: adcode, Account: id, Who: "reader"}
	elsewhere, token := reader, reader
	elsewhere.AdCode, token.TokenActions = "990002", []string{"audit.read"}
	for name, tc := range map[string]struct {
		who   postgres.Writer
		lines int
	}{"a reader": {reader, 1}, "under another authority": {elsewhere, 0}, "a token for something else": {token, 0}} {
		n := 0
		err := db.Read(t.Context(), tc.who, func(q postgres.Querier) error {
			_, _, err := coveragedb.ReadReport(t.Context(), q, adcode, id)
			if (err == nil) != (tc.lines > 0) {
				t.Errorf("%s: %v", name, err)
			}
			return coveragedb.EachLine(t.Context(), q, adcode, id, coveragedb.LineFilter{}, func(int, coverage.Line) error { n++; return nil })
		})
		if err != nil || n != tc.lines {
			t.Errorf("%s sees %d lines: %v", name, n, err)
		}
	}
	err = db.Write(t.Context(), reader, "forge", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE coverage_report SET data_version = 'v2'`)
		return err
	})
	if !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("a report is changed by a person: %v", err)
	}
}
