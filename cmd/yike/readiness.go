package main

import (
	"encoding/json"
	"net/http"
	"sync"
)

// stage is what the server is doing, as /readyz tells it.
type stage struct {
	Stage string `json:"stage"` // stable word: starting, database, migrate, load, live, ready, recovering, failed
	ZH    string `json:"zh"`
	EN    string `json:"en"`
	Done  int    `json:"done"`
	Total int    `json:"total"`
}

const stageReady = "ready"

// readiness is the stage, shared between the boot and those who ask.
type readiness struct {
	mu  sync.Mutex
	now stage
}

func newReadiness() *readiness {
	return &readiness{now: stage{Stage: "starting", ZH: "正在启动", EN: "Starting"}}
}

// set enters a stage.
func (r *readiness) set(word, zh, en string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = stage{Stage: word, ZH: zh, EN: en}
}

// progress tells of the steps inside the present stage.
func (r *readiness) progress(zh, en string, done, total int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now.ZH, r.now.EN, r.now.Done, r.now.Total = zh, en, done, total
}

func (r *readiness) get() stage {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

// ServeHTTP answers /readyz: 200 when everything is served, else 503, and the stage.
func (r *readiness) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	now := r.get()
	status := http.StatusServiceUnavailable
	if now.Stage == stageReady {
		status = http.StatusOK
	}
	writeJSON(w, status, now)
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
