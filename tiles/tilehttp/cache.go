package tilehttp

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// cache keeps finished tiles up to a number of bytes, those asked for last. Requests
// for one tile at one time make it once.
type cache struct {
	limit int64
	made  atomic.Int64 // how many tiles were made, for tests and benchmarks

	mu      sync.Mutex
	used    int64
	order   *list.List // of *entry, the last used in front
	byKey   map[string]*list.Element
	flights map[string]*flight
}

type entry struct {
	key  string
	body []byte
}

// size is about what an entry costs, its bookkeeping included; empty tiles cost too.
func (e *entry) size() int64 { return int64(len(e.key)+len(e.body)) + 200 }

// flight is a tile in the making; done is closed when it is finished.
type flight struct {
	done chan struct{}
	body []byte
	err  error
}

func newCache(limit int64) *cache {
	return &cache{limit: limit, order: list.New(), byKey: map[string]*list.Element{}, flights: map[string]*flight{}}
}

// get returns the tile of the key, making it when it is not kept. A caller whose
// maker was cancelled by its own client makes it anew.
func (c *cache) get(ctx context.Context, key string, makeIt func(context.Context) ([]byte, error)) ([]byte, error) {
	for {
		body, ok, f, mine := c.join(key)
		if ok {
			return body, nil
		}
		if mine {
			c.fly(ctx, key, f, makeIt)
			return f.body, f.err
		}
		select {
		case <-f.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if f.err == nil || !cancelled(f.err) {
			return f.body, f.err
		}
	}
}

func cancelled(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// join finds the tile, or the flight that makes it, or begins one.
func (c *cache) join(key string) (body []byte, ok bool, f *flight, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[key]; ok {
		c.order.MoveToFront(e)
		return e.Value.(*entry).body, true, nil, false
	}
	if f, ok := c.flights[key]; ok {
		return nil, false, f, false
	}
	f = &flight{done: make(chan struct{}), err: errAbandoned}
	c.flights[key] = f
	return nil, false, f, true
}

// errAbandoned is what waiters see when a maker panicked.
var errAbandoned = errors.New("the tile was not finished")

func (c *cache) fly(ctx context.Context, key string, f *flight, makeIt func(context.Context) ([]byte, error)) {
	defer func() {
		c.mu.Lock()
		delete(c.flights, key)
		if f.err == nil {
			c.keep(&entry{key: key, body: f.body})
		}
		c.mu.Unlock()
		close(f.done)
	}()
	c.made.Add(1)
	f.body, f.err = makeIt(ctx)
}

// keep stores a tile and drops the ones not used for longest. The lock is held.
func (c *cache) keep(e *entry) {
	if e.size() > c.limit {
		return
	}
	c.byKey[e.key] = c.order.PushFront(e)
	c.used += e.size()
	for c.used > c.limit {
		last := c.order.Back()
		old := last.Value.(*entry)
		c.order.Remove(last)
		delete(c.byKey, old.key)
		c.used -= old.size()
	}
}
