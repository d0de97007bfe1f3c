package authdb

import (
	"context"
	"runtime"
	"sync/atomic"
)

// Load is what the hashing was put to: how many hashes were made, and how many at once
// at most.
type Load struct{ Made, Most atomic.Int64 }

// Watch counts the hashes of a from now on.
func (a *Accounts) Watch() *Load {
	l, derive, now := &Load{}, a.hasher.derive, &atomic.Int64{}
	a.hasher.derive = func(password, salt []byte, passes, memoryKiB uint32, lanes uint8, length uint32) []byte {
		l.Made.Add(1)
		n := now.Add(1)
		defer now.Add(-1)
		for most := l.Most.Load(); n > most && !l.Most.CompareAndSwap(most, n); most = l.Most.Load() {
			continue
		}
		return derive(password, salt, passes, memoryKiB, lanes, length)
	}
	return l
}

// Hold takes the only slot until it is released.
func (a *Accounts) Hold(ctx context.Context) (release func()) {
	held, done := make(chan struct{}), make(chan struct{})
	go func() {
		_ = a.hasher.run(ctx, func(slot) error { // it fails only when ctx ends, with the test
			close(held)
			<-done
			return nil
		})
	}()
	<-held
	return func() {
		close(done)
		for a.hasher.present.Load() != 0 { // until the slot is free again
			runtime.Gosched()
		}
	}
}

// Check checks a password against a stored hash.
func Check(password, phc string) (bool, error) {
	return slot{newHasher(Hashing{MemoryKiB: 8, Passes: 1, Lanes: 1, AtOnce: 1})}.check(password, phc)
}
