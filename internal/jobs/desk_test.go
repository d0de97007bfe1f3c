package jobs_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"yike/internal/jobs"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// A job is there when its asker's own writes are, and not otherwise.
func TestAskIsPartOfTheWrite(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	broken := errors.New("broken")
	err := db.Write(t.Context(), system(), "ask and fail", func(tx *postgres.Tx) error {
		if _, err := jobs.Ask(t.Context(), tx, jobs.Request{Kind: "work"}); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) || count(t, db, `SELECT count(*) FROM job`) != 0 {
		t.Errorf("a job of a write that failed: %v", err)
	}
	err = db.Write(t.Context(), system(), "ask", func(tx *postgres.Tx) error {
		_, err := jobs.Ask(t.Context(), tx, jobs.Request{Kind: "work", Args: make(chan int)})
		return err
	})
	if err == nil {
		t.Error("arguments that are no JSON are taken")
	}
	ask(t, db, system(), jobs.Request{Kind: "work"})
	if n := count(t, db, `SELECT count(*) FROM job JOIN audit_entry a ON a.id = asked_change AND a.action = 'job.ask' AND a.subject_id = job.id::text`); n != 1 {
		t.Errorf("%d jobs name the audit entry of their asking", n)
	}
}

func TestDedupe(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	planner := person(t, db, "planner")
	r := jobs.Request{Kind: "coverage_report", Dedupe: "same"}
	first := ask(t, db, planner, r)
	for what, w := range map[string]postgres.Writer{"herself": planner, "another": person(t, db, "planner"), "the system": system()} {
		if again := ask(t, db, w, r); again != first {
			t.Errorf("asked again by %s: another job", what)
		}
	}
	for what, other := range map[string]jobs.Request{
		"of another kind": {Kind: "work", Dedupe: "same"}, "of another word": {Kind: r.Kind, Dedupe: "other"}, "of none": {Kind: r.Kind},
	} {
		if again := ask(t, db, system(), other); again == first {
			t.Errorf("a job %s is the same", what)
		}
	}
	if ask(t, db, postgres.System("990102", "test"), r) == first {
		t.Error("a job of another authority is the same")
	}
	if one := ask(t, db, system(), jobs.Request{Kind: r.Kind}); one == ask(t, db, system(), jobs.Request{Kind: r.Kind}) {
		t.Error("two without a word are the same")
	}
	if _, err := desk(db, planner).Cancel(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if ask(t, db, planner, r) == first {
		t.Error("a job that ended keeps others from being asked for")
	}
}

// Ten who ask for the same at once get one job.
func TestDedupeAtOnce(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	ids := make([]string, 10)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			err := db.Write(t.Context(), system(), "ask", func(tx *postgres.Tx) (err error) {
				ids[i], err = jobs.Ask(t.Context(), tx, jobs.Request{Kind: "work", Dedupe: "same"})
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("several jobs: %v", ids)
		}
	}
}

// What people may ask for is bounded by the database itself.
func TestWhoMayAsk(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	planner := person(t, db, "planner")
	token := planner
	token.TokenActions = []string{"map.read"}
	for name, tc := range map[string]struct {
		who   postgres.Writer
		kind  string
		taken bool
	}{
		"her own":             {planner, "coverage_report", true},
		"another role's":      {planner, "pack_load", false},
		"an administrator's":  {person(t, db, "system_admin"), "pack_load", true},
		"the system's":        {planner, "purge", false},
		"a reader":            {person(t, db, "read_only"), "coverage_report", false},
		"a token without it":  {token, "coverage_report", false},
		"the system, its own": {system(), "purge", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := db.Write(t.Context(), tc.who, "ask", func(tx *postgres.Tx) error {
				_, err := jobs.Ask(t.Context(), tx, jobs.Request{Kind: tc.kind})
				return err
			})
			if tc.taken && err != nil || !tc.taken && !errors.Is(err, postgres.ErrForbidden) {
				t.Errorf("got %v", err)
			}
		})
	}
	// Nor may a person say that a job is done, or is somebody else's.
	for what, sql := range map[string]string{
		"a state":     `INSERT INTO job (adcode, id, kind, asked_by, asked_who, state) VALUES ('990101', gen_random_uuid(), 'coverage_report', yike_account(), 'x', 'queued')`,
		"a result":    `UPDATE job SET result = '1'`,
		"another one": `INSERT INTO job (adcode, id, kind, asked_by, asked_who) VALUES ('990101', gen_random_uuid(), 'coverage_report', gen_random_uuid(), 'x')`,
	} {
		err := db.Write(t.Context(), planner, "write", func(tx *postgres.Tx) error {
			_, err := tx.Exec(t.Context(), sql)
			return err
		})
		if !errors.Is(err, postgres.ErrForbidden) {
			t.Errorf("%s is taken from a person: %v", what, err)
		}
	}
}

// Jobs of others are there only for those who may see them, and stopped only by those
// who may.
func TestWhoMaySeeAndCancel(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	admin, planner, colleague, reader := person(t, db, "system_admin"), person(t, db, "planner"), person(t, db, "planner"), person(t, db, "read_only")
	elsewhere := postgres.System("990102", "test")
	fresh := func() string { return ask(t, db, planner, jobs.Request{Kind: "coverage_report"}) }
	for name, tc := range map[string]struct {
		who    postgres.Writer
		sees   error
		cancel error
	}{
		"her own":                 {planner, nil, nil},
		"an administrator":        {admin, nil, nil},
		"a colleague, who sees":   {colleague, nil, postgres.ErrForbidden},
		"a reader, who does not":  {reader, jobs.ErrNotFound, jobs.ErrNotFound},
		"the system":              {system(), nil, nil},
		"the system of elsewhere": {elsewhere, jobs.ErrNotFound, jobs.ErrNotFound},
	} {
		d, id := desk(db, tc.who), fresh()
		if _, err := d.Get(t.Context(), id); !errors.Is(err, tc.sees) {
			t.Errorf("%s: Get gives %v; want %v", name, err, tc.sees)
		}
		if _, _, err := d.Watch(t.Context(), id); !errors.Is(err, tc.sees) {
			t.Errorf("%s: Watch gives %v; want %v", name, err, tc.sees)
		}
		list, _, err := d.List(t.Context(), jobs.Filter{Limit: 100})
		if err != nil || (len(list) > 0) != (tc.sees == nil) {
			t.Errorf("%s: %d jobs, %v", name, len(list), err)
		}
		j, err := d.Cancel(t.Context(), id)
		if !errors.Is(err, tc.cancel) {
			t.Errorf("%s: Cancel gives %v; want %v", name, err, tc.cancel)
		}
		if want := map[bool]jobs.State{true: jobs.Cancelled, false: jobs.Queued}[tc.cancel == nil]; get(t, db, id).State != want || err == nil && !j.CancelAsked {
			t.Errorf("%s: the job is then %s, %+v", name, get(t, db, id).State, j)
		}
		if _, err := d.Cancel(t.Context(), id); tc.cancel == nil && !errors.Is(err, jobs.ErrEnded) {
			t.Errorf("%s: cancelled twice: %v", name, err)
		}
	}
	for _, id := range []string{"nothing", uuid.NewString()} {
		if _, err := desk(db, admin).Get(t.Context(), id); !errors.Is(err, jobs.ErrNotFound) {
			t.Errorf("%s: %v", id, err)
		}
	}
}

// A cancelling that is sent twice with one key is answered twice, though the job is over
// by then.
func TestCancelOnce(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	w := system()
	w.Key, w.RequestHash = "k", []byte{1}
	id := ask(t, db, system(), jobs.Request{Kind: "work"})
	for range 2 {
		if j, err := desk(db, w).Cancel(t.Context(), id); err != nil || j.State != jobs.Cancelled {
			t.Errorf("%s, %v", j.State, err)
		}
	}
	w.RequestHash = []byte{2}
	if _, err := desk(db, w).Cancel(t.Context(), id); !errors.Is(err, postgres.ErrKeyReused) {
		t.Errorf("another request with the key: %v", err)
	}
}

// A job that runs is stopped at the next look or at the next write, whichever is first;
// what it was about to write is not written.
func TestCancelRunning(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	deaf := quick()
	deaf.Lease, deaf.Tell = time.Hour, time.Hour // no look: only a write hears of it
	for name, tc := range map[string]struct {
		timing jobs.Timing
		work   func(ctx context.Context, task *jobs.Task, asked <-chan struct{}) error
	}{
		"at a look": {quick(), func(ctx context.Context, _ *jobs.Task, _ <-chan struct{}) error {
			<-ctx.Done()
			if cause := context.Cause(ctx); !errors.Is(cause, jobs.ErrCancelled) {
				t.Errorf("the context ends by %v", cause)
			}
			return ctx.Err()
		}},
		"at a write": {deaf, func(ctx context.Context, task *jobs.Task, asked <-chan struct{}) error {
			<-asked
			return task.Write(ctx, "a step", 1, func(*postgres.Tx) error { t.Error("it went on"); return nil })
		}},
		"inside a write": {deaf, func(ctx context.Context, task *jobs.Task, asked <-chan struct{}) error {
			return task.Write(ctx, "a step", 1, func(*postgres.Tx) error { <-asked; return nil })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begun, asked := make(chan struct{}), make(chan struct{})
			run(t, jobs.Runner{DB: db, Timing: tc.timing, Kinds: map[string]jobs.Kind{name: {Run: func(ctx context.Context, task *jobs.Task) error {
				close(begun)
				return tc.work(ctx, task, asked)
			}}}})
			id := ask(t, db, system(), jobs.Request{Kind: name})
			<-begun
			if j, err := desk(db, system()).Cancel(t.Context(), id); err != nil || !j.CancelAsked {
				t.Fatalf("%+v, %v", j, err)
			}
			close(asked)
			if j := waitFor(t, db, id, jobs.Cancelled); j.ErrorEN != "" || j.FinishedAt == nil {
				t.Errorf("the job is %+v", j)
			}
			if n := count(t, db, `SELECT count(*) FROM job WHERE id = $1 AND checkpoint IS NOT NULL`, id); n != 0 {
				t.Error("it left a checkpoint")
			}
		})
	}
}

// A job whose cancelling was asked for while its worker lay dead is over without another
// attempt.
func TestCancelOfTheDead(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	id := ask(t, db, system(), jobs.Request{Kind: "work"})
	if _, err := db.Pool().Exec(t.Context(), `
UPDATE job SET state = 'running', lease_until = now() - interval '1 second', worker = 'dead', attempts = 1, cancel_asked = true`); err != nil {
		t.Fatal(err)
	}
	run(t, one(db, func(context.Context, *jobs.Task) error { t.Error("it was run"); return nil }))
	if j := waitFor(t, db, id, jobs.Cancelled); j.ErrorEN != "" {
		t.Errorf("it says %q", j.ErrorEN)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	var ids []string
	for _, kind := range []string{"a", "b", "a", "a"} {
		ids = append(ids, ask(t, db, system(), jobs.Request{Kind: kind}))
	}
	d := desk(db, system())
	if _, err := d.Cancel(t.Context(), ids[0]); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		filter jobs.Filter
		want   []int
		more   bool
	}{
		"all":            {jobs.Filter{Limit: 4}, []int{3, 2, 1, 0}, false},
		"a page":         {jobs.Filter{Limit: 3}, []int{3, 2, 1}, true},
		"the next page":  {jobs.Filter{Limit: 3, Before: ids[1]}, []int{0}, false},
		"by kind":        {jobs.Filter{Limit: 9, Kind: "a"}, []int{3, 2, 0}, false},
		"by state":       {jobs.Filter{Limit: 9, State: jobs.Cancelled}, []int{0}, false},
		"kind and state": {jobs.Filter{Limit: 9, Kind: "b", State: jobs.Cancelled}, nil, false},
	} {
		list, more, err := d.List(t.Context(), tc.filter)
		if err != nil || more != tc.more || len(list) != len(tc.want) {
			t.Errorf("%s: %d jobs, more %v, %v", name, len(list), more, err)
			continue
		}
		for i, at := range tc.want {
			if list[i].ID != ids[at] {
				t.Errorf("%s: job %d is not the one asked for as number %d", name, i, at)
			}
		}
	}
}

// Many who watch one job share their looks at it.
func TestWatchersShare(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	id := ask(t, db, system(), jobs.Request{Kind: "work"})
	d := desk(db, system())
	var looks []func(context.Context) (jobs.Job, error)
	for range 20 {
		look, done, err := d.Watch(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		defer done()
		defer done() // twice is once
		looks = append(looks, look)
	}
	if j, err := looks[0](t.Context()); err != nil || j.ID != id {
		t.Fatalf("%+v, %v", j, err)
	}
	// What nobody looks at anew is not seen: the others get what the first saw.
	if _, err := db.Pool().Exec(t.Context(), `UPDATE job SET seq = 99`); err != nil {
		t.Fatal(err)
	}
	shared := 0
	for _, look := range looks[1:] {
		j, err := look(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if j.Seq != 99 {
			shared++
		}
	}
	if shared == 0 {
		t.Error("each looks for itself")
	}
	eventually(t, "a new look", func() bool {
		j, err := looks[1](t.Context())
		return err == nil && j.Seq == 99
	})
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := db.Pool().Exec(t.Context(), `DELETE FROM job`); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the end of the job's row", func() bool {
		_, err := looks[0](t.Context())
		return errors.Is(err, jobs.ErrNotFound)
	})
	if _, err := looks[0](gone); err == nil {
		t.Error("a watcher that has gone is answered")
	}
}
