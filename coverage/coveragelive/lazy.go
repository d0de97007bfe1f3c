package coveragelive

import (
	"context"
	"sync/atomic"
)

// lazy is a value made once, by whoever asks first, while others wait. A maker that
// fails or is cancelled leaves nothing behind: the next in line tries again.
type lazy[T any] struct {
	value atomic.Pointer[T]
	door  chan struct{} // one place: who holds it makes the value
}

func newLazy[T any]() *lazy[T] { return &lazy[T]{door: make(chan struct{}, 1)} }

// get returns the value, making it under the caller's own context when there is
// none yet. Waiting ends with the caller's context too.
func (l *lazy[T]) get(ctx context.Context, makeIt func(context.Context) (T, error)) (T, error) {
	if v := l.value.Load(); v != nil {
		return *v, nil
	}
	var zero T
	select {
	case l.door <- struct{}{}:
	case <-ctx.Done():
		return zero, ctx.Err()
	}
	defer func() { <-l.door }()
	if v := l.value.Load(); v != nil {
		return *v, nil
	}
	v, err := makeIt(ctx)
	if err != nil {
		return zero, err
	}
	l.value.Store(&v)
	return v, nil
}
