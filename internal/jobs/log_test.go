package jobs_test

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
)

// records keeps what was logged.
type records struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write keeps one record.
func (r *records) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

func (r *records) has(text string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Contains(r.text.String(), text)
}

func (r *records) logger() *slog.Logger { return slog.New(slog.NewTextHandler(r, nil)) }
