package csr

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"rummage/algo/csr/crew"
	"rummage/algo/csr/memory"
)

// segment is what became of one bucket: its rows, sorted and merged, without their offsets.
type segment struct {
	entries  rows
	parallel bool // a row names a neighbour twice
	fault    error
}

// settler sorts and merges buckets. It is the scratch memory of one worker.
type settler struct {
	*plan
	digits       *digits
	words, spare []uint64
	held         holdings
	idBits       int  // the low bits of a word that number an entry of held
	wide         bool // key and number do not fit a word together, so that a word is the number alone
	out          rows
	length       int // of out
}

// holdings are the edges of a bucket, as in chunks.
type holdings struct {
	key    []uint64
	weight []float64
	kind   []uint8
	count  []uint32
}

func (s shape) holdings(n int) holdings {
	h := holdings{key: make([]uint64, n)}
	if s.weight {
		h.weight = make([]float64, n)
	}
	if s.kind {
		h.kind = make([]uint8, n)
	}
	if s.count {
		h.count = make([]uint32, n)
	}
	return h
}

// copy copies what the edges of a chunk hold to place at, and their keys if these are wanted.
func (h *holdings) copy(at int, from *chunk, keys bool) {
	if keys {
		copy(h.key[at:], from.key[:from.length])
	}
	if h.weight != nil {
		copy(h.weight[at:], from.weight[:from.length])
	}
	if h.kind != nil {
		copy(h.kind[at:], from.kind[:from.length])
	}
	if h.count != nil {
		copy(h.count[at:], from.count[:from.length])
	}
}

// settle sorts every bucket by row, neighbour, type, weight and count, merges what is to be merged, and notes the degree of each row.
func (a *assembly) settle(ctx context.Context) error {
	a.segments = make([]segment, a.buckets)
	a.degree = memory.Make[uint32](a.opts.Nodes)
	settlers := make([]*settler, crew.Size(a.opts.Threads, a.buckets))
	err := crew.Run(ctx, a.opts.Threads, a.buckets, func(worker, b int) {
		if settlers[worker] == nil {
			settlers[worker] = &settler{plan: &a.plan, digits: new(digits)}
		}
		first, last := a.rows(b)
		a.segments[b] = settlers[worker].settle(ctx, a.pools, b, a.degree[first:last])
	})
	if err != nil {
		return err
	}
	for b := range a.segments {
		if a.segments[b].fault != nil {
			return a.segments[b].fault
		}
	}
	return nil
}

func (s *settler) settle(ctx context.Context, pools []*pool, b int, degree []uint32) segment {
	total := 0
	for _, l := range pools {
		total += l.held(b)
	}
	if total == 0 {
		return segment{entries: s.shape.rows(0)}
	}
	s.gather(ctx, pools, b, total)
	if s.wide {
		slices.SortFunc(s.words, func(a, b uint64) int { return cmp.Compare(s.key(a), s.key(b)) })
	} else {
		s.words, s.spare = s.digits.sort(ctx, s.words, s.spare, s.idBits, s.shift+s.toBits)
	}
	s.out = s.out.grow(s.shape, total)
	s.length = 0
	var out segment
	if s.shape.bare() {
		out.parallel = s.emitBare(ctx, degree)
	} else {
		out.parallel, out.fault = s.emit(ctx, uint32(b)<<s.shift, degree)
	}
	out.entries = s.out.head(s.length)
	return out
}

// gather collects the words of a bucket, and what its edges hold.
func (s *settler) gather(ctx context.Context, pools []*pool, b, total int) {
	s.words, s.spare = slices.Grow(s.words[:0], total)[:total], slices.Grow(s.spare[:0], total)[:total]
	at := 0
	if s.shape.bare() {
		for _, l := range pools {
			l.each(ctx, b, func(part *chunk) { at += copy(s.words[at:], part.key[:part.length]) })
		}
		return
	}
	s.idBits = bits.Len(uint(total - 1))
	s.wide = s.shift+s.toBits+s.idBits > 64
	if len(s.held.key) < total {
		s.held = s.shape.holdings(total + total/4)
	}
	for _, l := range pools {
		l.each(ctx, b, func(part *chunk) {
			s.held.copy(at, part, s.wide)
			for i, key := range part.key[:part.length] {
				s.words[at+i] = key<<s.idBits | uint64(at+i)
			}
			at += part.length
		})
	}
	if s.wide {
		for i := range s.words {
			s.words[i] = uint64(i)
		}
	}
}

// id returns the place in held of the entry that a word stands for.
func (s *settler) id(word uint64) uint64 {
	if s.wide {
		return word
	}
	return word & (1<<s.idBits - 1)
}

func (s *settler) key(word uint64) uint64 {
	if s.wide {
		return s.held.key[word]
	}
	return word >> s.idBits
}

// emitBare writes the sorted edges that are nothing but their ends.
func (s *settler) emitBare(ctx context.Context, degree []uint32) (parallel bool) {
	keep := s.opts.Parallel == KeepParallel
	mask := uint64(1)<<s.toBits - 1
	out, n := s.out.to, 0
	last := ^uint64(0)
	for rest := s.words; len(rest) > 0 && ctx.Err() == nil; {
		now := min(breath, len(rest))
		for _, w := range rest[:now] {
			if w == last {
				if !keep {
					continue
				}
				parallel = true
			}
			last = w
			out[n] = uint32(w & mask)
			n++
			degree[w>>s.toBits]++
		}
		rest = rest[now:]
	}
	s.length = n
	return parallel
}

// emit writes the sorted edges with what they hold. first is the number of the bucket's first row.
func (s *settler) emit(ctx context.Context, first uint32, degree []uint32) (parallel bool, err error) {
	mask := uint64(1)<<s.toBits - 1
	look := breath
	for lo, hi := 0, 0; lo < len(s.words); lo = hi {
		if lo >= look {
			if look = lo + breath; ctx.Err() != nil {
				return parallel, nil
			}
		}
		key := s.key(s.words[lo])
		for hi = lo + 1; hi < len(s.words) && s.key(s.words[hi]) == key; hi++ {
		}
		before := s.length
		to := uint32(key & mask)
		if hi == lo+1 {
			s.one(s.id(s.words[lo]), to)
		} else if err := s.several(s.words[lo:hi], to); err != nil {
			return parallel, fmt.Errorf("edges from %d to %d: %w", first+uint32(key>>s.toBits), to, err)
		}
		parallel = parallel || s.length > before+1
		degree[key>>s.toBits] += uint32(s.length - before)
	}
	return parallel, nil
}

// one writes a single entry. Adding zero makes a plain zero of a negative one.
func (s *settler) one(id uint64, to uint32) {
	n := s.length
	s.out.to[n] = to
	if s.shape.weight {
		s.out.weight[n] = s.held.weight[id] + 0
	}
	if s.shape.kind {
		s.out.kind[n] = s.held.kind[id]
	}
	if s.shape.count {
		s.out.count[n] = s.held.count[id]
	}
	s.length = n + 1
}

// several writes the entries of one row to one neighbour, merged when that is wanted.
func (s *settler) several(words []uint64, to uint32) error {
	slices.SortFunc(words, func(a, b uint64) int { return s.held.compare(s.id(a), s.id(b)) })
	for lo, hi := 0, 0; lo < len(words); lo = hi {
		hi = lo + 1
		if s.opts.Parallel == MergeParallel {
			for hi < len(words) && (!s.shape.kind || s.held.kind[s.id(words[hi])] == s.held.kind[s.id(words[lo])]) {
				hi++
			}
		}
		s.one(s.id(words[lo]), to)
		if hi == lo+1 {
			continue
		}
		var weight float64
		var count uint64
		for _, word := range words[lo:hi] {
			if s.shape.weight {
				weight += s.held.weight[s.id(word)]
			}
			if s.shape.count {
				count += uint64(s.held.count[s.id(word)])
			}
		}
		if count > math.MaxUint32 {
			return fmt.Errorf("%w: %d together", ErrCount, count)
		}
		if s.shape.weight {
			s.out.weight[s.length-1] = weight
		}
		if s.shape.count {
			s.out.count[s.length-1] = uint32(count)
		}
	}
	return nil
}

// compare orders parallel edges by what they hold, so that edges which compare equal are equal.
func (h *holdings) compare(a, b uint64) int {
	if h.kind != nil {
		if c := cmp.Compare(h.kind[a], h.kind[b]); c != 0 {
			return c
		}
	}
	if h.weight != nil {
		if c := cmp.Compare(h.weight[a], h.weight[b]); c != 0 {
			return c
		}
	}
	if h.count != nil {
		return cmp.Compare(h.count[a], h.count[b])
	}
	return 0
}
