package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// readyAnswer is the wire form, declared anew so that the test holds the names still.
type readyAnswer struct {
	Stage, ZH, EN string
	Done, Total   int
	Checks        []struct {
		Name   string
		OK     bool
		ZH, EN string
		Value  float64
	}
}

func askReady(t *testing.T, r *readiness) (int, readyAnswer) {
	t.Helper()
	w := httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", nil))
	var a readyAnswer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatalf("%s: %v", w.Body, err)
	}
	if a.Checks == nil || a.ZH == "" || a.EN == "" {
		t.Errorf("%s; want both languages and a list of checks", w.Body)
	}
	return w.Code, a
}

func ready(checks ...checkFunc) *readiness {
	r := newReadiness(checks...)
	r.set(stageReady, "就绪", "Ready")
	return r
}

const gib = 1 << 30

func TestReadyzKnowsTheDisk(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		free, total uint64
		err         error
		status      int
		stage       string
		ok          bool
	}{
		"room":            {50 * gib, 100 * gib, nil, 200, "ready", true},
		"a tenth":         {10 * gib, 100 * gib, nil, 200, "ready", true},
		"less":            {10*gib - 1, 100 * gib, nil, 200, "ready", false},
		"the floor":       {gib / 4, 100 * gib, nil, 200, "ready", false},
		"below the floor": {gib/4 - 1, 100 * gib, nil, 503, "disk", false},
		"a small disk":    {gib/4 - 1, gib / 3, nil, 503, "disk", false},
		"unknown":         {0, 0, errors.New("x"), 200, "ready", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, a := askReady(t, ready(checkDisk("/state", func(dir string) (uint64, uint64, error) {
				if dir != "/state" {
					t.Errorf("looks at %s", dir)
				}
				return tc.free, tc.total, tc.err
			})))
			if status != tc.status || a.Stage != tc.stage || len(a.Checks) != 1 {
				t.Fatalf("%d %+v; want %d %s", status, a, tc.status, tc.stage)
			}
			if c := a.Checks[0]; c.Name != "disk" || c.OK != tc.ok || c.Value != float64(tc.free) || c.ZH == "" || c.EN == "" {
				t.Errorf("check %+v", c)
			}
		})
	}
}

func TestReadyzKnowsTheSealing(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		lag    time.Duration
		err    error
		status int
		stage  string
		ok     bool
	}{
		"nothing to seal": {0, nil, 200, "ready", true},
		"in time":         {30 * time.Second, nil, 200, "ready", true},
		"late":            {30*time.Second + 1, nil, 200, "ready", false},
		"very late":       {5 * time.Minute, nil, 200, "ready", false},
		"behind":          {5*time.Minute + 1, nil, 503, "sealing", false},
		"unknown":         {0, errors.New("x"), 200, "ready", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, a := askReady(t, ready(checkSealing(func(ctx context.Context) (time.Duration, error) {
				if _, bounded := ctx.Deadline(); !bounded {
					t.Error("asked without a limit of time")
				}
				return tc.lag, tc.err
			})))
			if status != tc.status || a.Stage != tc.stage || len(a.Checks) != 1 {
				t.Fatalf("%d %+v; want %d %s", status, a, tc.status, tc.stage)
			}
			if c := a.Checks[0]; c.Name != "sealing" || c.OK != tc.ok || c.ZH == "" || c.EN == "" {
				t.Errorf("check %+v", c)
			}
		})
	}
}

func TestReadyzStages(t *testing.T) {
	t.Parallel()
	r := newReadiness(func(context.Context) finding { return finding{Name: "x", OK: true, ZH: "好", EN: "Good"} })
	if status, a := askReady(t, r); status != 503 || a.Stage != "starting" || len(a.Checks) != 0 {
		t.Errorf("at first %d %+v", status, a)
	}
	r.set("load", "正在载入", "Loading")
	r.progress("正在读取道路", "Reading roads", 3, 9)
	if status, a := askReady(t, r); status != 503 || a.Stage != "load" || a.EN != "Reading roads" || a.Done != 3 || a.Total != 9 {
		t.Errorf("while loading %d %+v", status, a)
	}
	r.set(stageReady, "就绪", "Ready")
	if status, a := askReady(t, r); status != 200 || a.Stage != "ready" || len(a.Checks) != 1 {
		t.Errorf("when ready %d %+v", status, a)
	}
	r.stop()
	r.set(stageReady, "就绪", "Ready") // as the watch of the database would, a moment later
	r.progress("正在读取道路", "Reading roads", 4, 9)
	if status, a := askReady(t, r); status != 503 || a.Stage != "stopping" || a.EN != "Stopping" || a.Total != 0 {
		t.Errorf("while stopping %d %+v", status, a)
	}
}

// However many ask, the checks are made once in a while.
func TestChecksAreNotMadeForEachProbe(t *testing.T) {
	t.Parallel()
	made := 0
	r := ready(func(context.Context) finding { made++; return finding{Name: "x", OK: true, ZH: "好", EN: "Good"} })
	now := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	r.clock = func() time.Time { return now }
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() { r.look(t.Context()) })
	}
	wait.Wait()
	if made != 1 {
		t.Errorf("made %d times; want once", made)
	}
	now = now.Add(checkAge)
	gone, leave := context.WithCancel(t.Context())
	leave()
	r.look(gone) // what it finds is for others, too
	if made != 2 {
		t.Errorf("made %d times after a while; want once more", made)
	}
}

func TestDiskSpace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, total, err := diskSpace(dir)
	if err != nil || total == 0 {
		t.Fatalf("%d bytes, %v", total, err)
	}
	_, below, err := diskSpace(filepath.Join(dir, "not", "there", "yet"))
	if err != nil || below != total {
		t.Errorf("a folder that is to come: %d bytes, %v; want those of its disk, %d", below, err, total)
	}
	if _, _, err := diskSpace("a\x00b"); err == nil {
		t.Error("a name that no folder can have has a disk")
	}
}
