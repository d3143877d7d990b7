package mapping

import "strings"

const (
	// cacheLimit bounds each of the two generations of a cache.
	cacheLimit = 1 << 16
	// longKey is the length from which a key is not worth keeping: long texts
	// hardly repeat.
	longKey = 128
)

// cache maps bytes to what was made of them. It holds two generations: when
// the young one is full it becomes the old one, and what is asked for again
// moves back. So memory is bounded and the frequent stay, without a list of
// uses.
type cache[T any] struct {
	young, old map[string]T
}

// get finds the value of a key without allocating.
func (c *cache[T]) get(key []byte) (T, bool) {
	if v, ok := c.young[string(key)]; ok {
		return v, true
	}
	v, ok := c.old[string(key)]
	if ok {
		c.put(key, v)
	}
	return v, ok
}

func (c *cache[T]) put(key []byte, v T) {
	if len(key) > longKey {
		return
	}
	if c.young == nil || len(c.young) >= cacheLimit {
		c.old, c.young = c.young, make(map[string]T)
	}
	c.young[string(key)] = v
}

func (c *cache[T]) remove(key []byte) {
	delete(c.young, string(key))
	delete(c.old, string(key))
}

func (c *cache[T]) clear() { c.young, c.old = nil, nil }

// arenaSize is how much text shares one allocation.
const arenaSize = 64 << 10

// arena copies bytes into strings, many to an allocation. A chunk is only ever
// appended to, so the strings stay valid for as long as someone holds them.
type arena struct {
	chunk strings.Builder
}

func (a *arena) text(b []byte) string {
	start := a.begin(len(b))
	a.chunk.Write(b)
	return a.chunk.String()[start:]
}

// joined is text for prefix and b in one.
func (a *arena) joined(prefix string, b []byte) string {
	start := a.begin(len(prefix) + len(b))
	a.chunk.WriteString(prefix)
	a.chunk.Write(b)
	return a.chunk.String()[start:]
}

// begin makes room for n bytes and returns where they will stand.
func (a *arena) begin(n int) int {
	if a.chunk.Cap()-a.chunk.Len() < n {
		a.chunk = strings.Builder{}
		a.chunk.Grow(max(arenaSize, n))
	}
	return a.chunk.Len()
}
