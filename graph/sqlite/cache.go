package sqlite

import (
	"container/list"
	"sync"

	"rummage/graph/sqlite/segment"
)

// blockCache keeps decoded blocks of segments, those used last, up to a number
// of bytes. Segments never change and their ids are never given twice, so
// nothing in it can be stale.
type blockCache struct {
	mu    sync.Mutex
	room  int64
	at    map[int64]*list.Element
	order *list.List // of *cacheEntry, used last in front
}

type cacheEntry struct {
	key   int64
	value any
	size  int64
}

func newBlockCache(room int64) *blockCache {
	return &blockCache{room: room, at: make(map[int64]*list.Element), order: list.New()}
}

func (c *blockCache) get(key int64) (any, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.at[key]
	if !ok {
		return nil, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*cacheEntry).value, true
}

func (c *blockCache) put(key int64, value any, size int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.at[key]; ok {
		return
	}
	c.at[key] = c.order.PushFront(&cacheEntry{key, value, size})
	c.room -= size
	for c.room < 0 && c.order.Len() > 1 {
		last := c.order.Back()
		entry := c.order.Remove(last).(*cacheEntry)
		delete(c.at, entry.key)
		c.room += entry.size
	}
}

// clear forgets everything.
func (c *blockCache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for e := c.order.Front(); e != nil; e = e.Next() {
		c.room += e.Value.(*cacheEntry).size
	}
	c.order.Init()
	clear(c.at)
}

// segmentCache is the part of the cache that holds one segment.
type segmentCache struct {
	all *blockCache
	id  int64
}

func (c segmentCache) Get(section segment.Section, no int) (any, bool) {
	return c.all.get(joinKey(c.id, section, no))
}

func (c segmentCache) Put(section segment.Section, no int, value any, size int) {
	c.all.put(joinKey(c.id, section, no), value, int64(size))
}
