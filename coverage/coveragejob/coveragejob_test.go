package coveragejob_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"yike/coverage"
	"yike/coverage/coveragedb"
	"yike/coverage/coveragejob"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/jobs"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

const adcode = "990101"

// district is a made-up one whose figures follow from the question and the version.
type district struct {
	mu      sync.Mutex
	version int
	asked   []string
	fail    func(asked int) error // nil for never
	there   bool
	empty   bool // without any facility
}

func (d *district) loaded(of string) (coveragejob.District, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	version := d.version
	types := []facilities.TypeInfo{
		{Type: "elderly_canteen", ZH: "食堂", EN: "canteens", Measure: facilities.Walk}, {Type: "columbarium", ZH: "骨灰堂", EN: "columbaria", Measure: facilities.Presence},
	}
	if d.empty {
		types = nil
	}
	return coveragejob.District{
		Version: fmt.Sprint("v", version), Bands: []coverage.Band{{ID: "all"}, {ID: "70+"}},
		Notices:   []coveragedb.Notice{{ZH: "注", EN: "note"}},
		Divisions: []divisions.Division{{Code: "990101001", Level: divisions.Subdistrict, NameZH: "某街道", NameEN: "Some Street"}},
		Bases:     []divisions.Base{divisions.Resident, divisions.Registered},
		Types:     types,
		LimitsS:   []int{600, 900}, Speeds: []walknet.Speed{900},
		Answer: func(ctx context.Context, q coveragejob.Question) (coverage.Summary, error) {
			d.mu.Lock()
			d.asked = append(d.asked, key(version, q))
			n := len(d.asked)
			d.mu.Unlock()
			if d.fail != nil {
				if err := d.fail(n); err != nil {
					return coverage.Summary{}, err
				}
			}
			return summary(version, q), ctx.Err()
		},
	}, d.there && of == adcode
}

func key(version int, q coveragejob.Question) string {
	return fmt.Sprint(version, q.Type.Type, q.Base, q.LimitS, q.Speed)
}

func summary(version int, q coveragejob.Question) coverage.Summary {
	covered := coverage.People(version*1_000_000 + q.LimitS*len(q.Type.Type) + len(q.Base))
	counts := []coverage.Count{{Population: covered + 5, Covered: covered, Uncovered: 3, Unsnapped: 2}, {}}
	units := coverage.Units{Total: 3, With: 1}
	return coverage.Summary{
		Total: counts, Divisions: [][]coverage.Count{counts}, Outside: []coverage.Count{{}, {}}, Units: []coverage.Units{units}, AllUnits: units,
	}
}

func quick() jobs.Timing {
	return jobs.Timing{Tell: 10 * time.Millisecond, Poll: 10 * time.Millisecond, Backoff: func(int) time.Duration { return time.Millisecond }}
}

// run asks for a report and has it computed until its end.
func run(t *testing.T, db *postgres.DB, d *district, a coveragejob.Args) jobs.Job {
	t.Helper()
	var id string
	err := db.Write(t.Context(), postgres.System(adcode, "somebody"), "ask", func(tx *postgres.Tx) (err error) {
		id, err = coveragejob.Ask(t.Context(), tx, a)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		work := coveragejob.Job{Store: coveragedb.New(db), Loaded: d.loaded}
		r := jobs.Runner{DB: db, Log: slog.New(slog.DiscardHandler), Kinds: map[string]jobs.Kind{coveragejob.Kind: work.Kind()}, Timing: quick()}
		ended <- r.Run(ctx)
	}()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	desk := jobs.NewDesk(db, func(context.Context) postgres.Writer { return postgres.System(adcode, "test") })
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		j, err := desk.Get(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if j.State.Ended() {
			return j
		}
		<-again.C
	}
}

// check holds that the report has exactly these questions, with the figures of the
// version.
func check(t *testing.T, db *postgres.DB, d *district, id string, version int, want []coveragejob.Question) {
	t.Helper()
	r, answered, err := coveragedb.ReadReport(t.Context(), db.Reader(), adcode, id)
	if err != nil {
		t.Fatal(err)
	}
	if r.Version != fmt.Sprint("v", version) || r.Questions != len(want) || len(answered) != len(want) || r.AskedWho != "somebody" || len(r.Notices) != 1 {
		t.Fatalf("the report is %+v with %d answers; want %d", r, len(answered), len(want))
	}
	loaded, _ := d.loaded(adcode)
	for i, q := range want {
		a := answered[i]
		if a.Number != i+1 || a.Type != string(q.Type.Type) || a.Base != q.Base || a.LimitS != q.LimitS || a.Speed != q.Speed {
			t.Errorf("question %d is %+v; want %+v", i+1, a, q)
		}
		var lines []coverage.Line
		err := coveragedb.EachLine(t.Context(), db.Reader(), adcode, id, coveragedb.LineFilter{Number: i + 1}, func(_ int, l coverage.Line) error {
			lines = append(lines, l)
			return nil
		})
		if diff := cmp.Diff(summary(version, q).Lines(loaded.Divisions), lines); diff != "" || err != nil {
			t.Errorf("question %d: %v %s", i+1, err, diff)
		}
	}
}

// product is every combination, as a report orders them.
func product(d *district, bases []divisions.Base, limits []int, speeds []walknet.Speed) (out []coveragejob.Question) {
	loaded, _ := d.loaded(adcode)
	for _, base := range bases {
		for _, info := range loaded.Types {
			for _, limit := range limits {
				for _, speed := range speeds {
					out = append(out, coveragejob.Question{Type: info, Base: base, LimitS: limit, Speed: speed})
				}
			}
		}
	}
	return out
}

func TestReport(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	d := &district{version: 1, there: true}
	j := run(t, db, d, coveragejob.Args{})
	if j.State != jobs.Done || j.Done != 8 || j.Total != 8 || !strings.Contains(string(j.Result), `"questions": 8`) {
		t.Fatalf("the job is %+v", j)
	}
	check(t, db, d, j.ID, 1, product(d, []divisions.Base{divisions.Resident, divisions.Registered}, []int{600, 900}, []walknet.Speed{900}))

	j = run(t, db, d, coveragejob.Args{Types: []facilities.Type{"columbarium"}, LimitsS: []int{60}, Speeds: []walknet.Speed{700, 1200}, Base: divisions.Registered})
	if j.State != jobs.Done {
		t.Fatalf("the job is %+v", j)
	}
	check(t, db, d, j.ID, 1, product(d, []divisions.Base{divisions.Registered}, []int{60}, []walknet.Speed{700, 1200})[2:])
}

// A report that is interrupted goes on with the question that it was at.
func TestReportGoesOn(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	d := &district{version: 1, there: true, fail: func(asked int) error {
		if asked == 3 || asked == 6 {
			return errors.New("interrupted")
		}
		return nil
	}}
	j := run(t, db, d, coveragejob.Args{})
	if j.State != jobs.Done || j.Attempts != 3 || len(d.asked) != 8+2 {
		t.Fatalf("after %d questions the job is %+v", len(d.asked), j)
	}
	check(t, db, d, j.ID, 1, product(d, []divisions.Base{divisions.Resident, divisions.Registered}, []int{600, 900}, []walknet.Speed{900}))
}

// A report whose data changed between two attempts begins anew: it is of one version.
func TestReportOfChangedData(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	d := &district{version: 1, there: true}
	d.fail = func(asked int) error {
		if asked == 4 {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.version = 2
			return errors.New("interrupted")
		}
		return nil
	}
	j := run(t, db, d, coveragejob.Args{})
	if j.State != jobs.Done || len(d.asked) != 4+8 {
		t.Fatalf("after %d questions the job is %+v", len(d.asked), j)
	}
	check(t, db, d, j.ID, 2, product(d, []divisions.Base{divisions.Resident, divisions.Registered}, []int{600, 900}, []walknet.Speed{900}))
}

// A district that is not there yet is waited for.
func TestReportWaits(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	d := &district{version: 1}
	var id string
	err := db.Write(t.Context(), postgres.System(adcode, "somebody"), "ask", func(tx *postgres.Tx) (err error) {
		id, err = coveragejob.Ask(t.Context(), tx, coveragejob.Args{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	work := coveragejob.Job{Store: coveragedb.New(db), Loaded: d.loaded}
	_, _, err = jobs.RunOne(t.Context(), db, jobs.One{AdCode: adcode, ID: id, Run: work.Kind().Run, Log: slog.New(slog.DiscardHandler), Timing: quick()})
	if err == nil || !strings.Contains(err.Error(), "not loaded yet") {
		t.Errorf("got %v", err)
	}
}

// What no attempt can answer fails at once, and says so.
func TestReportsThatCannotBe(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	many := make([]int, 1001)
	for i := range many {
		many[i] = 60 + i
	}
	for name, tc := range map[string]struct {
		args coveragejob.Args
		says string
	}{
		"a type that is not there": {coveragejob.Args{Types: []facilities.Type{"pub"}}, "pub"},
		"a base that is not there": {coveragejob.Args{Base: "visitors"}, "base"},
		"too many":                 {coveragejob.Args{LimitsS: many, Base: divisions.Resident}, "2000"},
		"nothing":                  {coveragejob.Args{}, "nothing to compute"},
	} {
		j := run(t, db, &district{version: 1, there: true, empty: tc.says == "nothing to compute"}, tc.args)
		if j.State != jobs.Failed || j.Attempts != 1 || !strings.Contains(j.ErrorEN, tc.says) || j.ErrorZH == "" {
			t.Errorf("%s: %s after %d attempts, %q", name, j.State, j.Attempts, j.ErrorEN)
		}
	}
}

// Only who may have reports may ask for one, and two who ask for the same share it.
func TestWhoMayAsk(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	hire := func(role string) postgres.Writer {
		id := uuid.NewString()
		err := db.Write(t.Context(), postgres.System(adcode, "test"), "hire", func(tx *postgres.Tx) error {
			_, err := tx.Exec(t.Context(), `
WITH made AS (INSERT INTO account (adcode, id, name, display_name) VALUES ($1, $2, $3, $3) RETURNING adcode, id)
INSERT INTO account_grant (adcode, id, account_id, role) SELECT adcode, gen_random_uuid(), id, $4 FROM made`, adcode, id, "a"+id, role)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return postgres.Writer{AdCode: adcode, Account: id, Who: role}
	}
	ask := func(w postgres.Writer, a coveragejob.Args) (id string, err error) {
		err = db.Write(t.Context(), w, "ask", func(tx *postgres.Tx) (err error) {
			id, err = coveragejob.Ask(t.Context(), tx, a)
			return err
		})
		return id, err
	}
	if _, err := ask(hire("read_only"), coveragejob.Args{}); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("a reader: %v", err)
	}
	one, err1 := ask(hire("planner"), coveragejob.Args{LimitsS: []int{600}})
	two, err2 := ask(hire("planner"), coveragejob.Args{LimitsS: []int{600}})
	other, err3 := ask(hire("planner"), coveragejob.Args{LimitsS: []int{900}})
	if err := errors.Join(err1, err2, err3); err != nil || one != two || one == other {
		t.Errorf("%s, %s, %s: %v", one, two, other, err)
	}
}
