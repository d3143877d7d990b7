package resolve

import (
	"context"
	"math/bits"
	"slices"
	"sync"
)

// hash is the number of a key. Two keys of one number are compared in vain, which
// costs a comparison and changes nothing.
func hash(kind string, texts ...string) uint64 {
	const basis, prime = 14695981039346656037, 1099511628211 // FNV-1a
	h := uint64(basis)
	for i := range len(kind) {
		h = (h ^ uint64(kind[i])) * prime
	}
	h *= prime
	for _, text := range texts {
		for i := range len(text) {
			h = (h ^ uint64(text[i])) * prime
		}
	}
	return mixed(h)
}

// mixed spreads a number over all bits (the finaliser of MurmurHash3, by Appleby).
func mixed(h uint64) uint64 {
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// both is the key of those who have two words, in any order.
func both(a, b uint64) uint64 {
	if b < a {
		a, b = b, a
	}
	return mixed(a*0x9E3779B97F4A7C15 + bits.RotateLeft64(b, 32))
}

// whole is the key of those whose words have a sum.
func whole(words uint64) uint64 { return mixed(words + 0x9E3779B97F4A7C15) }

// table finds who has a key: pairs of a key and a number, sorted, in parts by the
// first bits of the key. A pair is one word of memory: the bits of the key behind
// those of the part, and the number in the last ones.
type table struct {
	parts [tableParts]part
	width int // bits of a number
}

const (
	partBits   = 8
	tableParts = 1 << partBits
)

type part struct {
	mu    sync.Mutex // while pairs are added
	pairs []uint64
	// first is where the pairs begin whose first bits are at least its index.
	first []uint32
	shift int
}

// newTable makes a table for numbers below n.
func newTable(n int) *table { return &table{width: max(bits.Len(uint(n)), 1)} }

// adding collects pairs, so that goroutines seldom wait for each other.
type adding struct {
	t     *table
	pairs [tableParts][]uint64
}

func (a *adding) add(key uint64, who uint32) {
	p := key >> (64 - partBits)
	a.pairs[p] = append(a.pairs[p], a.t.pair(key, who))
}

// flush hands the pairs over.
func (a *adding) flush() {
	for p := range a.pairs {
		if len(a.pairs[p]) == 0 {
			continue
		}
		part := &a.t.parts[p]
		part.mu.Lock()
		part.pairs = append(part.pairs, a.pairs[p]...)
		part.mu.Unlock()
		a.pairs[p] = a.pairs[p][:0]
	}
}

// pair puts a key without the bits of its part before a number.
func (t *table) pair(key uint64, who uint32) uint64 {
	return key<<partBits>>t.width<<t.width | uint64(who)
}

// sort ends adding. The order of goroutines leaves no trace.
func (t *table) sort(ctx context.Context, threads int) error {
	return spread{threads: threads, n: tableParts, piece: 1}.do(ctx, func(from, _ int) { t.parts[from].sort() })
}

func (p *part) sort() {
	slices.Sort(p.pairs)
	p.pairs = slices.Clip(slices.Compact(p.pairs))
	p.shift = 64 - max(bits.Len(uint(len(p.pairs)))-2, 1)
	p.first = make([]uint32, 1<<(64-p.shift)+1)
	at := 0
	for i := range p.first {
		for at < len(p.pairs) && int(p.pairs[at]>>p.shift) < i {
			at++
		}
		p.first[i] = uint32(at)
	}
}

// group returns the pairs of a key.
func (t *table) group(key uint64) []uint64 { return t.within(t.bucket(key), key) }

// bucket returns the pairs of keys that begin as a key does, it among them.
func (t *table) bucket(key uint64) []uint64 {
	p := &t.parts[key>>(64-partBits)]
	at := t.pair(key, 0) >> p.shift
	return p.pairs[p.first[at]:p.first[at+1]]
}

// within finds the pairs of a key in its bucket.
func (t *table) within(pairs []uint64, key uint64) []uint64 {
	low := t.pair(key, 0)
	high := low | (1<<t.width - 1)
	from := 0
	for end := len(pairs); from < end; { // the first pair that is not less
		if m := (from + end) / 2; pairs[m] < low {
			from = m + 1
		} else {
			end = m
		}
	}
	end := from
	for ; end < len(pairs) && end-from < 8; end++ {
		if pairs[end] > high {
			return pairs[from:end]
		}
	}
	for stop := len(pairs); end < stop; { // a long group: its end likewise
		if m := (end + stop) / 2; pairs[m] <= high {
			end = m + 1
		} else {
			stop = m
		}
	}
	return pairs[from:end]
}

// find fills in the groups of many keys. Each is some waits for memory; those of all
// keys are waited for together.
func (t *table) find(steps []step) {
	for i := range steps {
		steps[i].group = t.bucket(steps[i].key)
	}
	for i := range steps {
		if s := &steps[i]; len(s.group) > 0 {
			s.first = s.group[0]
		}
	}
	for i := range steps {
		s := &steps[i]
		if len(s.group) > 0 && s.first > t.pair(s.key, 0)|(1<<t.width-1) {
			s.group = nil
			continue
		}
		s.group = t.within(s.group, s.key)
	}
}

// who is the number in a pair.
func (t *table) who(pair uint64) uint32 { return uint32(pair & (1<<t.width - 1)) }

// groups calls each for the pairs of one key after those of another, in an order
// that depends on the keys alone.
func (t *table) groups(each func(group []uint64)) {
	for i := range t.parts {
		all := t.parts[i].pairs
		for from, to := 0, 0; from < len(all); from = to {
			for to = from + 1; to < len(all) && all[to]>>t.width == all[from]>>t.width; to++ {
			}
			each(all[from:to])
		}
	}
}
