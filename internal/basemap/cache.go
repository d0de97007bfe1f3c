package basemap

import (
	"container/list"
	"sync"
)

// cache keeps the tiles used last, up to a number of bytes.
type cache struct {
	limit int64

	mu    sync.Mutex
	used  int64
	order *list.List // of kept, the last used in front
	at    map[address]*list.Element
}

type kept struct {
	at  address
	img Image
}

func (k kept) size() int64 { return int64(len(k.img.Body)) + 200 }

func newCache(limit int64) *cache {
	return &cache{limit: limit, order: list.New(), at: map[address]*list.Element{}}
}

func (c *cache) get(at address) (Image, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.at[at]
	if !ok {
		return Image{}, false
	}
	c.order.MoveToFront(e)
	return e.Value.(kept).img, true
}

func (c *cache) put(at address, img Image) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := kept{at, img}
	if _, ok := c.at[at]; ok || k.size() > c.limit {
		return
	}
	c.at[at] = c.order.PushFront(k)
	c.used += k.size()
	for c.used > c.limit {
		last := c.order.Back()
		old := last.Value.(kept)
		c.order.Remove(last)
		delete(c.at, old.at)
		c.used -= old.size()
	}
}
