package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/internal/jobs"
	"yike/internal/jobs/jobhttp"
	"yike/internal/pack"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// jobRow is what a test looks at of a job.
type jobRow struct {
	ID, State, Error, Who, Step string
	Attempts                    int
	Result                      []byte
}

func jobsOf(t *testing.T, db *postgres.DB, kind string) []jobRow {
	t.Helper()
	rows, err := db.Pool().Query(t.Context(), `
SELECT id::text, state, error_en, asked_who, step_en, attempts, coalesce(result, '{}')::text::bytea FROM job WHERE kind = $1 ORDER BY id`, kind)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[jobRow])
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func openURL(t *testing.T, url string) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// A load by the verb is a job that everybody sees, and so is one that fails.
func TestLoadIsAJob(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	db, env, dir := openURL(t, url), []string{"DATABASE_URL=" + url}, town(t, 2000, 3)
	for range 2 {
		if code, said := runProgram(t, env, "load", dir); code != exitOK {
			t.Fatalf("load ends with %d: %s", code, said)
		}
	}
	list := jobsOf(t, db, kindLoad)
	if len(list) != 2 {
		t.Fatalf("%d jobs", len(list))
	}
	for i, want := range []string{"stored", "unchanged"} {
		var r loadResult
		if err := json.Unmarshal(list[i].Result, &r); err != nil {
			t.Fatal(err)
		}
		if list[i].State != "done" || list[i].Attempts != 1 || list[i].Who != "yike load" || len(r.Layers) != 5 || r.Layers[0].State != want {
			t.Errorf("load %d: %+v left %+v", i+1, list[i], r)
		}
	}
	if code, said := runProgram(t, env, "load", "--dry-run", dir); code != exitOK || len(jobsOf(t, db, kindLoad)) != 2 {
		t.Errorf("a dry run ends with %d and %d jobs: %s", code, len(jobsOf(t, db, kindLoad)), said)
	}

	if err := os.Truncate(filepath.Join(dir, "facilities.geojson"), 10); err != nil {
		t.Fatal(err)
	}
	code, said := runProgram(t, env, "load", dir)
	if code != exitBadInput || !strings.Contains(said, "facilities.geojson") {
		t.Errorf("a broken pack: ends with %d saying %s", code, said)
	}
	list = jobsOf(t, db, kindLoad)
	if last := list[len(list)-1]; last.State != "failed" || !strings.Contains(last.Error, "Wrong: facilities; facilities.geojson") {
		t.Errorf("the job of a broken pack: %+v", last)
	}
	if code, _ := runProgram(t, env, "load", filepath.Join(dir, "nowhere")); code != exitBadInput || len(jobsOf(t, db, kindLoad)) != 3 {
		t.Errorf("a folder that is not there: ends with %d and %d jobs", code, len(jobsOf(t, db, kindLoad)))
	}
}

// A person who stops a load ends its job.
func TestInterruptedLoadIsCancelled(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	db := openURL(t, url)
	p := start(t, []string{"DATABASE_URL=" + url}, "load", town(t, 20000, 3))
	p.waitFor(t, "storing divisions")
	if code := signalAndWait(t, p, syscall.SIGINT); code != exitFailed {
		t.Logf("the load was over before the signal (exit %d)", code)
	}
	if list := jobsOf(t, db, kindLoad); len(list) != 1 || list[0].State != "cancelled" && list[0].State != "done" {
		t.Errorf("the jobs are %+v", list)
	}
}

// TestServerGoesOnWithKilledLoads kills yike with kill -9 at points of chance in a load
// that replaces a pack: first the verb that began it, then the servers that go on with
// it, until one is let live. The district must be the one of an undisturbed load.
func TestServerGoesOnWithKilledLoads(t *testing.T) {
	t.Parallel()
	before, after := town(t, 3000, 3), town(t, 10000, 4)
	whole := dbtest.New(t)
	mustLoad(t, whole, after, loadOptions{})
	want := contents(t, whole, false)
	// All at once, since most of the time passes in waiting for leases to run out.
	type victim struct {
		says string
		db   *postgres.DB
		env  []string
	}
	var victims []victim
	for _, l := range layers() {
		url := dbtest.URL(t)
		v := victim{l.says, openURL(t, url), []string{"DATABASE_URL=" + url, "YIKE_STATE_DIR=" + t.TempDir()}}
		mustLoad(t, v.db, before, loadOptions{})
		verb := start(t, v.env, "load", after)
		verb.waitFor(t, l.says)
		spin(30_000_000)
		verb.kill()
		verb.wait()
		victims = append(victims, v)
	}
	var servers []*process
	for _, v := range victims {
		servers = append(servers, start(t, v.env, "serve"))
	}
	for i, v := range victims {
		j := waitForAttempt(t, v.db, 2)
		spin(300_000_000)
		servers[i].kill()
		servers[i].wait()
		t.Logf("killed while %s, then again: %+v", v.says, j)
	}
	for _, v := range victims {
		start(t, v.env, "serve")
	}
	for _, v := range victims {
		eventually(t, "the end of the load", func() bool { return jobsOf(t, v.db, kindLoad)[0].State == "done" })
		if d := cmp.Diff(want, contents(t, v.db, false)); d != "" {
			t.Errorf("killed while %s: %s", v.says, d)
		}
		if n := len(jobsOf(t, v.db, kindLoad)); n != 1 {
			t.Errorf("killed while %s: %d jobs", v.says, n)
		}
	}
}

// spin does nothing for a while of chance, without a clock.
func spin(most int) {
	for range rand.IntN(most) { //nolint:gosec // where it is killed is of no matter
		continue
	}
}

// waitForAttempt waits until the job was taken up so often, or is done.
func waitForAttempt(t *testing.T, db *postgres.DB, n int) (j jobRow) {
	t.Helper()
	eventually(t, "another attempt", func() bool {
		j = jobsOf(t, db, kindLoad)[0]
		return j.Attempts >= n || j.State == "done"
	})
	return j
}

// A start that finds a load under way waits for it, and loads once more what it read.
func TestStartOverAKilledLoad(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	db, dir := openURL(t, url), town(t, 6000, 3)
	env := []string{"DATABASE_URL=" + url, "YIKE_STATE_DIR=" + t.TempDir()}
	p := start(t, env, "load", dir)
	p.waitFor(t, "reading roads")
	p.kill()
	p.wait()
	serving(t, env, "--data", dir)
	list := jobsOf(t, db, kindLoad)
	if len(list) != 1 || list[0].State != "done" || list[0].Attempts != 2 {
		t.Errorf("the jobs are %+v", list)
	}
}

// packsDir makes a folder of packs with all that may lie there.
func packsDir(t *testing.T) (packs, outside string) {
	t.Helper()
	root := t.TempDir()
	packs, outside = filepath.Join(root, "packs"), filepath.Join(root, "outside")
	for _, dir := range []string{packs, outside, filepath.Join(packs, "empty"), filepath.Join(packs, "broken"), filepath.Join(packs, ".hidden")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	manifest, err := os.ReadFile("../../packs/hankou/manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	put := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(filepath.Join(packs, "hankou", "manifest.yaml"), string(manifest))
	put(filepath.Join(outside, "manifest.yaml"), string(manifest))
	put(filepath.Join(packs, ".hidden", "manifest.yaml"), string(manifest))
	put(filepath.Join(packs, "hankou", "deep", "manifest.yaml"), string(manifest))
	put(filepath.Join(packs, "broken", "manifest.yaml"), "colour: red\n")
	put(filepath.Join(packs, "file"), "")
	for name, to := range map[string]string{"out": outside, "in": filepath.Join(packs, "hankou"), "self": packs, "dangling": filepath.Join(root, "nothing")} {
		if err := os.Symlink(to, filepath.Join(packs, name)); err != nil {
			t.Fatal(err)
		}
	}
	return packs, outside
}

func TestPackFolders(t *testing.T) {
	t.Parallel()
	packs, outside := packsDir(t)
	for name, want := range map[string]bool{
		"hankou": true, "in": true, "empty": true, "broken": true,
		"out": false, "self": false, "dangling": false, "file": false, ".hidden": false, "nothing": false,
		"": false, ".": false, "..": false, "../outside": false, "hankou/deep": false, "hankou/..": false, `..\outside`: false,
		"/etc": false, outside: false, "hankou/": false, "hankou\x00": false,
	} {
		dir, err := packFolder(packs, name)
		if (err == nil) != want || err != nil && !errors.Is(err, jobhttp.ErrNoFolder) {
			t.Errorf("%q: %q, %v; want one: %v", name, dir, err, want)
		}
	}
	p := packLoads{packs: packs, log: slog.New(slog.DiscardHandler)}
	list, err := p.Folders(t.Context())
	var names []string
	for _, f := range list {
		names = append(names, f.Name)
		if f.AdCode != "990001" || f.ZH == "" || f.EN == "" {
			t.Errorf("%+v", f)
		}
	}
	if d := cmp.Diff([]string{"hankou", "in"}, names); d != "" || err != nil {
		t.Error(err, d)
	}
	p.packs = filepath.Join(packs, "nowhere")
	if list, err := p.Folders(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("without a folder of packs: %v, %v", list, err)
	}
}

// hire makes an account of the demonstration's authority.
func hire(t *testing.T, db *postgres.DB, adcode, role string) postgres.Writer {
	t.Helper()
	id := uuid.NewString()
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "make an account", func(tx *postgres.Tx) error {
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

// People ask for packs of the folder and of their own authority, and a server loads
// them.
func TestPeopleAskForLoads(t *testing.T) {
	t.Parallel()
	db, dir := dbtest.New(t), town(t, 2000, 3)
	m, err := pack.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	var asks postgres.Writer
	p := packLoads{db: db, packs: filepath.Dir(dir), writer: func(context.Context) postgres.Writer { return asks }, log: slog.New(slog.DiscardHandler)}
	request := jobhttp.LoadRequest{Folder: filepath.Base(dir)}
	for role, want := range map[string]error{"planner": postgres.ErrForbidden, "read_only": postgres.ErrForbidden} {
		asks = hire(t, db, m.AdCode, role)
		if _, err := p.Load(t.Context(), request); !errors.Is(err, want) {
			t.Errorf("%s: %v; want %v", role, err, want)
		}
	}
	asks = hire(t, db, "990199", "system_admin")
	if _, err := p.Load(t.Context(), request); !errors.Is(err, jobhttp.ErrOtherAuthority) {
		t.Errorf("another authority's administrator: %v", err)
	}
	asks = hire(t, db, m.AdCode, "system_admin")
	for _, name := range []string{"nothing", "../town", "."} {
		if _, err := p.Load(t.Context(), jobhttp.LoadRequest{Folder: name}); !errors.Is(err, jobhttp.ErrNoFolder) {
			t.Errorf("%s: %v", name, err)
		}
	}
	asks.Key, asks.RequestHash = "k", []byte{1}
	id, err := p.Load(t.Context(), request)
	again, err2 := p.Load(t.Context(), request)
	if err := errors.Join(err, err2); err != nil || id != again {
		t.Fatalf("asked twice: %s, %s, %v", id, again, err)
	}
	runJobs(t, db, map[string]jobs.Kind{kindLoad: {Run: p.run}})
	eventually(t, "the end of the load", func() bool {
		j := jobsOf(t, db, kindLoad)[0]
		if j.State == "failed" {
			t.Fatal(j.Error)
		}
		return j.State == "done"
	})
	whole := dbtest.New(t)
	mustLoad(t, whole, dir, loadOptions{})
	if d := cmp.Diff(contents(t, whole, false), contents(t, db, false)); d != "" {
		t.Error(d)
	}
}

// runJobs runs jobs until the test ends.
func runJobs(t *testing.T, db *postgres.DB, kinds map[string]jobs.Kind) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		r := jobs.Runner{DB: db, Kinds: kinds, Log: slog.New(slog.DiscardHandler), Timing: jobs.Timing{Poll: 10 * time.Millisecond}}
		ended <- r.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// What a job must not be made to load: a folder that a person named anywhere, a pack of
// another authority, one that has gone.
func TestLoadsThatJobsRefuse(t *testing.T) {
	t.Parallel()
	db, dir := dbtest.New(t), town(t, 2000, 3)
	m, err := pack.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	admin := hire(t, db, m.AdCode, "system_admin")
	p := packLoads{db: db, packs: filepath.Dir(dir), log: slog.New(slog.DiscardHandler)}
	runJobs(t, db, map[string]jobs.Kind{kindLoad: {Run: p.run}})
	for name, tc := range map[string]struct {
		who  postgres.Writer
		args loadArgs
		says string
	}{
		"a folder anywhere":    {admin, loadArgs{Dir: dir}, "log has the cause"},
		"one that has gone":    {admin, loadArgs{Folder: "gone"}, "no such folder"},
		"another authority's":  {postgres.System("990199", "test"), loadArgs{Dir: dir}, "another authority"},
		"one without manifest": {postgres.System(m.AdCode, "test"), loadArgs{Dir: filepath.Dir(dir)}, "Wrong: manifest"},
	} {
		var id string
		err := db.Write(t.Context(), tc.who, "ask", func(tx *postgres.Tx) (err error) {
			id, err = jobs.Ask(t.Context(), tx, loadRequest(name, tc.args))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		eventually(t, "the end of "+name, func() bool {
			for _, j := range jobsOf(t, db, kindLoad) {
				if j.ID == id && j.State == "failed" {
					if !strings.Contains(j.Error, tc.says) || j.Attempts != 1 {
						t.Errorf("%s: after %d attempts %q; want %q", name, j.Attempts, j.Error, tc.says)
					}
					return true
				}
				if j.ID == id && j.State == "done" {
					t.Fatalf("%s was loaded", name)
				}
			}
			return false
		})
	}
}
