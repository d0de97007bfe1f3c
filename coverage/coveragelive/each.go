package coveragelive

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// each calls do for 0 … n-1 from so many goroutines and returns when all are done.
// It stops early with the context's error, or with that of a call that panicked, which
// would else end the whole program; then some were not called.
func each(ctx context.Context, n, workers int, do func(i int)) error {
	asked := ctx
	ctx, stop := context.WithCancelCause(asked)
	defer stop(nil)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range max(1, min(workers, n)) {
		wg.Go(func() {
			defer func() {
				if cause := recover(); cause != nil {
					stop(fmt.Errorf("panic: %v\n%s", cause, debug.Stack()))
				}
			}()
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				do(i)
			}
		})
	}
	wg.Wait()
	if err := asked.Err(); err != nil {
		return err
	}
	return context.Cause(ctx)
}
