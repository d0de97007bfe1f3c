package coveragelive

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func TestLazyMakesOnceForAll(t *testing.T) {
	t.Parallel()
	l := newLazy[int]()
	var made atomic.Int32
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			v, err := l.get(t.Context(), func(context.Context) (int, error) { return int(made.Add(1)), nil })
			if v != 1 || err != nil {
				t.Errorf("got %d, %v", v, err)
			}
		})
	}
	wg.Wait()
}

func TestLazyTriesAgainAfterFailure(t *testing.T) {
	t.Parallel()
	l := newLazy[string]()
	broken := errors.New("broken")
	if _, err := l.get(t.Context(), func(context.Context) (string, error) { return "half", broken }); !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
	if v, err := l.get(t.Context(), func(context.Context) (string, error) { return "whole", nil }); v != "whole" || err != nil {
		t.Errorf("got %q, %v", v, err)
	}
}

// Who waits may leave without disturbing the one who works; when that one is
// cancelled, another who waits takes over.
func TestLazyIsCancelledByItsOwnCallerOnly(t *testing.T) {
	t.Parallel()
	l := newLazy[int]()
	working := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error, 1)
	go func() {
		_, err := l.get(ctx, func(ctx context.Context) (int, error) {
			close(working)
			<-ctx.Done()
			return 0, ctx.Err()
		})
		first <- err
	}()
	<-working
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := l.get(gone, func(context.Context) (int, error) { return 0, nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("one who left got %v", err)
	}
	second := make(chan int, 1)
	go func() {
		v, _ := l.get(t.Context(), func(context.Context) (int, error) { return 7, nil })
		second <- v
	}()
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("the first got %v", err)
	}
	if v := <-second; v != 7 {
		t.Errorf("the second got %d", v)
	}
}

func TestCacheForgetsTheOldest(t *testing.T) {
	t.Parallel()
	made := 0
	c := newCache[string](2, func() int { made++; return made })
	for _, step := range []struct {
		key  string
		want int
	}{
		{"a", 1},
		{"b", 2},
		{"a", 1},
		{"c", 3}, // b goes
		{"a", 1},
		{"b", 4}, // c goes
		{"a", 1},
		{"c", 5},
	} {
		if got := c.get(step.key); got != step.want {
			t.Errorf("%s: value %d, want %d", step.key, got, step.want)
		}
	}
}

func TestEachCallsEveryIndexOnce(t *testing.T) {
	t.Parallel()
	for _, workers := range []int{0, 1, 3, 100} {
		calls := make([]atomic.Int32, 57)
		if err := each(t.Context(), len(calls), workers, func(i int) { calls[i].Add(1) }); err != nil {
			t.Fatal(err)
		}
		for i := range calls {
			if n := calls[i].Load(); n != 1 {
				t.Errorf("%d workers: %d called %d times", workers, i, n)
			}
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := each(ctx, 5, 2, func(int) { t.Error("called after the end") }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// On a goroutine of its own a panic would end the whole program.
func TestEachTurnsAPanicIntoAnError(t *testing.T) {
	t.Parallel()
	err := each(t.Context(), 100, 3, func(i int) {
		if i == 7 {
			panic("seven")
		}
	})
	if err == nil || !strings.Contains(err.Error(), "seven") {
		t.Errorf("got %v; want an error that names the panic", err)
	}
}

func TestSlotsBoundWhatIsWorkedOut(t *testing.T) {
	t.Parallel()
	s := make(slots, 2)
	var now, most atomic.Int32
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			_, err := inSlot(s, func(context.Context) (int, error) {
				n := now.Add(1)
				defer now.Add(-1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				}
				runtime.Gosched()
				return 0, nil
			})(t.Context())
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if most.Load() > 2 {
		t.Errorf("%d at one time; want at most 2", most.Load())
	}
}

func TestWaitingForASlotEndsWithTheContext(t *testing.T) {
	t.Parallel()
	s := make(slots, 1)
	free, err := s.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer free()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = inSlot(s, func(context.Context) (int, error) { return 0, errors.New("made without a place") })(ctx)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v; want the context's error", err)
	}
}
