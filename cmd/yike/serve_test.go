package main

import (
	"errors"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"yike/internal/auth"
	"yike/internal/postgres/dbtest"
)

func TestBadInputEndsWithTwo(t *testing.T) {
	t.Parallel()
	busy, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = busy.Close() })
	_, port, err := net.SplitHostPort(busy.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		env  []string
		args []string
		says string
	}{
		{name: "an unknown verb", args: []string{"dance"}, says: "dance"},
		{name: "a setting that makes no sense", env: []string{"PORT=-1"}, args: []string{"stop"}, says: "PORT=-1"},
		{
			name: "a database that is not there", env: []string{"PORT=0", "DATABASE_URL=" + strings.Replace(dbtest.URL(t), "?", "-not?", 1)},
			args: []string{"serve"}, says: "DATABASE_URL",
		},
		{name: "a port that is taken", env: []string{"PORT=" + port}, args: []string{"serve"}, says: "PORT="},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			code, said := runProgram(t, append([]string{"YIKE_STATE_DIR=" + t.TempDir()}, tc.env...), tc.args...)
			if code != exitBadInput || !strings.Contains(said, tc.says) {
				t.Errorf("ends with %d saying %q; want 2 and a word of %q", code, said, tc.says)
			}
		})
	}
}

func TestServeWithoutData(t *testing.T) {
	t.Parallel()
	env := []string{"DATABASE_URL=" + dbtest.URL(t)}
	code, said := runProgram(t, env, "serve")
	if code != exitBadInput || !strings.Contains(said, "yike load") {
		t.Errorf("an empty database: ends with %d saying %q; want 2 and what to do", code, said)
	}
	code, said = runProgram(t, env, "serve", "--data", filepath.Join(t.TempDir(), "nowhere"))
	if code != exitBadInput || !strings.Contains(said, "nowhere") {
		t.Errorf("a folder that is not there: ends with %d saying %q; want 2 and the folder", code, said)
	}
}

func TestServeTellsItsStages(t *testing.T) {
	t.Parallel()
	env := []string{"DATABASE_URL=" + dbtest.URL(t), "DATA=" + demoPack(t, 3000)}
	p := start(t, env, "serve")
	_, address, _ := strings.Cut(p.waitFor(t, "msg=listening"), "address=")
	if status, body := fetch(t, address+"/healthz"); status != http.StatusOK {
		t.Errorf("/healthz while starting gives %d %s", status, body)
	}
	var ready struct{ Stage, ZH, EN string }
	p.waitFor(t, "msg=ready")
	fetchJSON(t, address+"/readyz", &ready)
	if ready.Stage != "ready" || ready.ZH == "" || ready.EN == "" {
		t.Errorf("/readyz says %+v", ready)
	}
	var status struct{ Ready bool }
	fetchJSON(t, address+"/api/v1/status", &status)
	if !status.Ready {
		t.Error("/api/v1/status is not ready after /readyz is")
	}
	if code := signalAndWait(t, p, syscall.SIGTERM); code != exitOK {
		t.Errorf("SIGTERM ends it with %d; want 0\n%s", code, p.output())
	}
}

// TestServeSurvivesKills kills yike and then PostgreSQL with kill -9: the cluster must
// outlive the one, and be brought back by yike after the other, with all that was loaded.
func TestServeSurvivesKills(t *testing.T) {
	t.Parallel()
	state := privateState(t)
	env := []string{"YIKE_STATE_DIR=" + state}
	migrateOrSkip(t, env)

	first, address := serving(t, env, "--data", demoPack(t, 3000))
	before := population(t, address)
	pid := clusterPID(t, state)
	first.kill()
	first.wait()
	if err := syscall.Kill(pid, 0); err != nil {
		t.Fatalf("the cluster died with yike: %v", err)
	}

	second, address := serving(t, env)
	if got := clusterPID(t, state); got != pid {
		t.Errorf("the cluster was started anew (%d, then %d); want it joined", pid, got)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	second.waitFor(t, "the database answers again")
	eventually(t, "readiness after PostgreSQL was killed", func() bool {
		status, _ := fetch(t, address+"/readyz")
		return status == http.StatusOK
	})
	if code := signalAndWait(t, second, syscall.SIGINT); code != exitOK {
		t.Errorf("SIGINT ends it with %d; want 0", code)
	}

	third, address := serving(t, env)
	if after := population(t, address); after != before || before == 0 {
		t.Errorf("population %v before the kills, %v after", before, after)
	}

	// What is stopped on purpose stays stopped, and takes the server with it.
	if code, said := runProgram(t, env, "stop"); code != exitOK {
		t.Fatalf("stop ends with %d: %s", code, said)
	}
	if code := third.wait(); code != exitOK {
		t.Errorf("a server whose database was stopped ends with %d; want 0\n%s", code, third.output())
	}
	if _, err := os.Stat(filepath.Join(state, "pgdata", "data", "postmaster.pid")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the stopped database runs again: %v", err)
	}
}

// TestServeFollowsLoads loads a pack again under a running server, which must show it.
func TestServeFollowsLoads(t *testing.T) {
	t.Parallel()
	env := []string{"DATABASE_URL=" + dbtest.URL(t)}
	dir := town(t, 3000, 5)
	_, address := serving(t, env, "--data", dir)
	before := population(t, address)
	setCell(t, dir, 1, 3, "1000")
	if code, said := runProgram(t, env, "load", dir); code != exitOK {
		t.Fatalf("load ends with %d: %s", code, said)
	}
	eventually(t, "the server to show what was loaded", func() bool { return population(t, address) > before })
}

// population is the number of people that coverage of canteens speaks of.
func population(t *testing.T, address string) float64 {
	t.Helper()
	var coverage struct {
		Bands []struct{ Population float64 }
	}
	fetchJSONAs(t, cookieOf(t, address, auth.Planner), address+"/api/v1/coverage?type=elderly_canteen", &coverage)
	if len(coverage.Bands) == 0 {
		t.Fatal("coverage without bands")
	}
	return coverage.Bands[0].Population
}

func clusterPID(t *testing.T, state string) int {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(state, "pgdata", "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(raw), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}
