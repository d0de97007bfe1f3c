package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"yike/coverage/coveragelive"
)

// liveFacilities keeps the facilities in memory as they are in the database.
type liveFacilities struct {
	held *coveragelive.Holder
	from coveragelive.Stores

	begun atomic.Uint64 // refreshes
	mu    sync.Mutex    // one at a time
	done  uint64        // the last that ended well, counted as begun
}

// refresh makes everything that was committed before the call be seen by all questions
// after it. Of many who ask at one time some share a refresh.
func (l *liveFacilities) refresh(ctx context.Context) error {
	wanted := l.begun.Load() + 1 // one that begins from now on
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.done >= wanted {
		return nil
	}
	now := l.begun.Add(1)
	next, err := l.held.State().Refresh(ctx, l.from)
	if errors.Is(err, coveragelive.ErrReloaded) {
		return nil // who follows the loads reads everything anew
	}
	if err != nil {
		return fmt.Errorf("read facilities again: %w", err)
	}
	l.held.Publish(next)
	l.done = now
	return nil
}

// look refreshes when facilities were changed elsewhere, which costs one query to know.
func (l *liveFacilities) look(ctx context.Context) error {
	outdated, err := l.held.State().Outdated(ctx, l.from)
	if err != nil || !outdated {
		return err
	}
	return l.refresh(ctx)
}
