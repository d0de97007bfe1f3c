package coveragelive

import (
	"container/list"
	"sync"
)

// cache keeps the values of the keys asked for last. Get makes an empty value for a
// new key, so callers fill it (once, see lazy) outside the lock.
type cache[K comparable, V any] struct {
	mu     sync.Mutex
	size   int
	order  *list.List // of entry, the last used in front
	byKey  map[K]*list.Element
	create func() V
}

type entry[K comparable, V any] struct {
	key   K
	value V
}

func newCache[K comparable, V any](size int, create func() V) *cache[K, V] {
	return &cache[K, V]{size: size, order: list.New(), byKey: map[K]*list.Element{}, create: create}
}

// peek gives the value of a key that there is, and leaves the order as it is.
func (c *cache[K, V]) peek(k K) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[k]; ok {
		return e.Value.(entry[K, V]).value, true
	}
	var none V
	return none, false
}

func (c *cache[K, V]) get(k K) V {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[k]; ok {
		c.order.MoveToFront(e)
		return e.Value.(entry[K, V]).value
	}
	e := entry[K, V]{key: k, value: c.create()}
	c.byKey[k] = c.order.PushFront(e)
	if c.order.Len() > c.size {
		last := c.order.Back()
		delete(c.byKey, last.Value.(entry[K, V]).key)
		c.order.Remove(last)
	}
	return e.value
}
