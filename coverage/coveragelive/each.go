package coveragelive

import (
	"context"
	"sync"
	"sync/atomic"
)

// each calls do for 0 … n-1 from so many goroutines and returns when all are done.
// It stops early with the context's error; then some were not called.
func each(ctx context.Context, n, workers int, do func(i int)) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range max(1, min(workers, n)) {
		wg.Go(func() {
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
	return ctx.Err()
}
