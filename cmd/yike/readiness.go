package main

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

// stage is what the server is doing, as /readyz tells it.
type stage struct {
	Stage string `json:"stage"` // stable word: starting, database, migrate, load, live, ready, recovering, stopping, failed; of checks: disk, sealing
	ZH    string `json:"zh"`
	EN    string `json:"en"`
	Done  int    `json:"done"`
	Total int    `json:"total"`
}

const (
	stageReady    = "ready"
	stageStopping = "stopping"
)

// finding is what a check found. One that is not OK and not grave is a warning: the
// server serves on.
type finding struct {
	Name  string  `json:"name"`
	OK    bool    `json:"ok"`
	ZH    string  `json:"zh"`
	EN    string  `json:"en"`
	Value float64 `json:"value"` // in the unit that the name says
	grave bool    // the server should be asked for nothing until this is mended
}

// checkFunc looks at something that a ready server needs.
type checkFunc func(context.Context) finding

// How long a check may take, and for how long what it found is told again: probes may
// come from many machines, and each must not cost a question to the database.
const (
	checkTime = 2 * time.Second
	checkAge  = time.Second
)

// readiness is the stage, shared between the boot and those who ask.
type readiness struct {
	mu  sync.Mutex
	now stage

	checks  []checkFunc
	clock   func() time.Time
	looking sync.Mutex // held while the checks run
	found   []finding
	foundAt time.Time
}

// newReadiness starts at the beginning. The checks are made when the server is ready.
func newReadiness(checks ...checkFunc) *readiness {
	return &readiness{now: stage{Stage: "starting", ZH: "正在启动", EN: "Starting"}, checks: checks, clock: time.Now}
}

// set enters a stage. Nothing follows the stop.
func (r *readiness) set(word, zh, en string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.now.Stage != stageStopping {
		r.now = stage{Stage: word, ZH: zh, EN: en}
	}
}

// stop enters the last stage.
func (r *readiness) stop() { r.set(stageStopping, "正在停止", "Stopping") }

// progress tells of the steps inside the present stage.
func (r *readiness) progress(zh, en string, done, total int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.now.Stage != stageStopping {
		r.now.ZH, r.now.EN, r.now.Done, r.now.Total = zh, en, done, total
	}
}

func (r *readiness) get() stage {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

// look gives what the checks find, or found a moment ago.
func (r *readiness) look(ctx context.Context) []finding {
	r.looking.Lock()
	defer r.looking.Unlock()
	if r.found != nil && r.clock().Sub(r.foundAt) < checkAge {
		return r.found
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), checkTime) // others are told of it, too
	defer cancel()
	found := make([]finding, len(r.checks))
	for i, check := range r.checks {
		found[i] = check(ctx)
	}
	r.found, r.foundAt = found, r.clock()
	return found
}

// report is the stage as it shows from outside: a ready server with a grave finding is
// in the stage of that name.
func (r *readiness) report(ctx context.Context) (stage, []finding) {
	now := r.get()
	if now.Stage != stageReady {
		return now, []finding{}
	}
	found := r.look(ctx)
	for _, f := range found {
		if f.grave {
			return stage{Stage: f.Name, ZH: f.ZH, EN: f.EN}, found
		}
	}
	return now, found
}

// ServeHTTP answers /readyz: 200 when everything is served, else 503; the stage, and
// what the checks of a ready server found.
func (r *readiness) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	now, found := r.report(req.Context())
	status := http.StatusServiceUnavailable
	if now.Stage == stageReady {
		status = http.StatusOK
	}
	writeJSON(w, status, struct {
		stage
		Checks []finding `json:"checks"`
	}{now, found})
}

// serveStatus answers /api/v1/status while the features that own it are not there yet,
// in the same shape.
func (r *readiness) serveStatus(w http.ResponseWriter, _ *http.Request) {
	now := r.get()
	writeJSON(w, http.StatusOK, map[string]any{
		"ready": false, "stage": now.Stage, "stage_zh": now.ZH, "stage_en": now.EN, "done": now.Done, "total": now.Total, "version": "",
	})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // a client that has gone hears nothing
}
