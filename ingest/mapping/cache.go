package mapping

import (
	"encoding/binary"
	"math/bits"
	"strings"
)

const (
	// cacheLimit bounds each of the two generations of a cache.
	cacheLimit = 1 << 15
	// longKey is the length from which a key is not worth keeping: long texts
	// hardly repeat.
	longKey = 128
)

// cache maps bytes to what was made of them. It holds two generations: when
// the young one is full it becomes the old one, and what is asked for again
// moves back. So memory is bounded and the frequent stay, without a list of
// uses. Before both stands a table with one place a hash, which whoever comes
// first holds for a generation: the frequent come early, and are found by one
// comparison. It grows with what is kept, as most columns of most files hold
// little that differs.
type cache[T any] struct {
	young, old map[string]T
	front      []kept[T]
	shift      uint8 // of a hash, to its place in front
}

type kept[T any] struct {
	hash uint64
	key  string
	v    T
	set  bool
}

const (
	leastBits = 4
	mostBits  = 12
)

// quickHash looks at sixteen bytes of a key at most.
func quickHash(key []byte) uint64 {
	n := len(key)
	a, b := uint64(n), uint64(0)
	switch {
	case n >= 8:
		a ^= binary.LittleEndian.Uint64(key)
		b = binary.LittleEndian.Uint64(key[n-8:])
	case n >= 4:
		b = uint64(binary.LittleEndian.Uint32(key)) | uint64(binary.LittleEndian.Uint32(key[n-4:]))<<32
	case n > 0:
		b = uint64(key[0]) | uint64(key[n/2])<<8 | uint64(key[n-1])<<16
	}
	high, low := bits.Mul64(a^0x9E3779B97F4A7C15, b^0xD1B54A32D192ED03)
	return high ^ low
}

// get finds the value of a key without allocating.
func (c *cache[T]) get(key []byte) (T, bool) {
	if c.front != nil {
		hash := quickHash(key)
		if at := &c.front[hash>>c.shift]; at.hash == hash && at.set && at.key == string(key) {
			return at.v, true
		}
	}
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
		clear(c.front)
	}
	if len(c.young) >= len(c.front)/2 && len(c.front) < 1<<mostBits {
		c.grow()
	}
	own := string(key)
	c.young[own] = v
	if at := c.at(key); at != nil && (!at.set || at.key == own) {
		*at = kept[T]{hash: quickHash(key), key: own, v: v, set: true}
	}
}

// grow makes the table in front four times as long. Who held a place keeps one,
// and who found none before may find one.
func (c *cache[T]) grow() {
	held := c.front
	bits := leastBits
	if held != nil {
		bits = min(64-int(c.shift)+2, mostBits)
	}
	c.front, c.shift = make([]kept[T], 1<<bits), uint8(64-bits)
	for i := range held {
		if held[i].set {
			c.front[held[i].hash>>c.shift] = held[i]
		}
	}
	for key, v := range c.young {
		hash := quickHash([]byte(key))
		if at := &c.front[hash>>c.shift]; !at.set {
			*at = kept[T]{hash: hash, key: key, v: v, set: true}
		}
	}
}

// at returns the place of a key in front.
func (c *cache[T]) at(key []byte) *kept[T] {
	if c.front == nil {
		return nil
	}
	return &c.front[quickHash(key)>>c.shift]
}

func (c *cache[T]) remove(key []byte) {
	delete(c.young, string(key))
	delete(c.old, string(key))
	if at := c.at(key); at != nil && at.key == string(key) {
		*at = kept[T]{}
	}
}

func (c *cache[T]) clear() { c.young, c.old, c.front = nil, nil, nil }

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
