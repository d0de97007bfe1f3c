package tilehttp

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/go-chi/chi/v5"
)

// TestMadeOnce asks for one tile from many sides at once, and again.
func TestMadeOnce(t *testing.T) {
	t.Parallel()
	s := ready()
	s.gate = make(chan struct{})
	handler := New(Config{Source: s})
	r := chi.NewRouter()
	handler.Mount(r)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if resp := ask(t, r, "/tiles/roads/"+herePath, nil); resp.Code != 200 {
				t.Errorf("%d", resp.Code)
			}
		})
	}
	close(s.gate)
	wg.Wait()
	// The versioned address is the same tile.
	ask(t, r, "/tiles/roads/vabc1/"+herePath, nil)
	if handler.cache.made.Load() != 1 || s.loads.Load() != 1 {
		t.Errorf("made %d times, loaded %d times", handler.cache.made.Load(), s.loads.Load())
	}
}

// TestOneLeavesOthersStay cancels the request that makes the tile; the next in line
// makes it instead.
func TestOneLeavesOthersStay(t *testing.T) {
	t.Parallel()
	c := newCache(1 << 20)
	ctx, leave := context.WithCancel(t.Context())
	begun := make(chan struct{})
	first := make(chan error)
	go func() {
		_, err := c.get(ctx, "k", func(ctx context.Context) ([]byte, error) {
			close(begun)
			<-ctx.Done()
			return nil, ctx.Err()
		})
		first <- err
	}()
	<-begun
	second := make(chan string)
	go func() {
		b, err := c.get(t.Context(), "k", func(context.Context) ([]byte, error) { return []byte("tile"), nil })
		if err != nil {
			t.Error(err)
		}
		second <- string(b)
	}()
	leave()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("first: %v", err)
	}
	if got := <-second; got != "tile" {
		t.Errorf("second: %q", got)
	}
}

func TestCacheIsBounded(t *testing.T) {
	t.Parallel()
	c := newCache(3000)
	get := func(key string, size int) {
		t.Helper()
		if _, err := c.get(t.Context(), key, func(context.Context) ([]byte, error) { return make([]byte, size), nil }); err != nil {
			t.Fatal(err)
		}
		if c.used > c.limit || c.order.Len() != len(c.byKey) || len(c.flights) != 0 {
			t.Fatalf("used %d of %d, %d entries, %d keys, %d flights", c.used, c.limit, c.order.Len(), len(c.byKey), len(c.flights))
		}
	}
	for _, k := range []string{"a", "b", "a", "c", "d", "a"} {
		get(k, 700)
	}
	if made := c.made.Load(); made != 4 {
		t.Errorf("made %d tiles, want 4: a was used last and stays", made)
	}
	get("huge", 5000)
	get("huge", 5000)
	if made := c.made.Load(); made != 6 {
		t.Errorf("made %d tiles, want 6: what does not fit is not kept", made)
	}
}
