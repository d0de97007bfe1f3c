package authdb

import "sync/atomic"

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
