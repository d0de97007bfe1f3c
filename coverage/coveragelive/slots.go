package coveragelive

import "context"

// slots are places to work at: whoever works out something large takes one, so that
// ever new questions wait instead of using up processors and memory.
type slots chan struct{}

// take waits for a place until the context ends, and gives it with what frees it.
func (s slots) take(ctx context.Context) (free func(), err error) {
	select {
	case s <- struct{}{}:
		return func() { <-s }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// inSlot is makeIt, run when there is a place for it.
func inSlot[T any](s slots, makeIt func(context.Context) (T, error)) func(context.Context) (T, error) {
	return func(ctx context.Context) (T, error) {
		free, err := s.take(ctx)
		if err != nil {
			var zero T
			return zero, err
		}
		defer free()
		return makeIt(ctx)
	}
}
