package structure

import (
	"context"
	"math/bits"

	"rummage/algo/csr/crew"
)

// span goes through every component breadth first, from its smallest node, level by level. Where that is less work, a level is found by
// the nodes not met yet, each of which looks for a neighbour that has been (Beamer, Asanović and Patterson 2012): most find one among
// their first arcs, so that far from all arcs are looked at.
func (f *fences) span(ctx context.Context) error {
	n := f.g.Order()
	f.order, f.above = make([]uint32, 0, n), make([]uint32, n)
	s := spanner{fences: f, seen: newWords(n), rest: breath{ctx: ctx}}
	for root := range uint32(n) {
		if s.seen.has(int(root)) {
			continue
		}
		s.seen.set(int(root))
		f.above[root] = root
		f.order = append(f.order, root)
		for at, end := len(f.order)-1, len(f.order); at < end && end < n; at, end = end, len(f.order) {
			var err error
			if s.wide(end - at) {
				err = s.rise(ctx)
			} else {
				err = s.descend(ctx, at, end)
			}
			if err != nil {
				return err
			}
		}
	}
	// What warm adds up has no meaning, but must be kept for the rows to be looked at.
	if f.first = make([]uint32, n); n > 0 {
		f.first[0] = s.warmth
	}
	return ctx.Err()
}

// spanner lays a forest. seen are the nodes met, next those met on a level that is looked for from below.
type spanner struct {
	*fences
	seen, next words
	rest       breath
	warmth     uint32
}

// wide tells whether the level after one of the given number of nodes is found with less work from below: by the mean row, and as if every arc
// led to a node of the level with the same chance.
func (s *spanner) wide(level int) bool {
	n := s.g.Order()
	row := s.g.Arcs()/n + 1
	return (n-len(s.order))*min(row, n/level)+len(s.seen) < level*row
}

// descend looks at all arcs of the nodes from at to end in the order.
func (s *spanner) descend(ctx context.Context, at, end int) error {
	for warmed := at; at < end; at++ {
		if at == warmed {
			warmed = min(at+ahead, end)
			s.warmth += warm(s.g, s.order[at:warmed])
		}
		u := s.order[at]
		row := s.g.Neighbours(u)
		for _, v := range row {
			if word, bit := &s.seen[v/64], uint64(1)<<(v%64); *word&bit == 0 {
				*word |= bit
				s.above[v] = u
				s.order = append(s.order, v)
			}
		}
		if s.rest.taken(len(row)) {
			return ctx.Err()
		}
	}
	return nil
}

// pieceWords is how many words of a set are one piece of work.
const pieceWords = 1 << 7

// rise has the nodes not met look for a neighbour that has been. It must be one of the last level, since those before have no neighbours left
// that were not met.
func (s *spanner) rise(ctx context.Context) error {
	if s.next == nil {
		s.next = newWords(s.g.Order())
	}
	pieces := crew.Cut(len(s.seen), pieceWords)
	threads := crew.Share(s.opts.Threads, 4*(s.g.Order()-len(s.order)))
	err := crew.Run(ctx, threads, len(pieces)-1, func(_, p int) { s.look(ctx, pieces[p], pieces[p+1]) })
	if err != nil {
		return err
	}
	for w, now := range s.next {
		s.seen[w] |= now
		for ; now != 0; now &= now - 1 {
			s.order = append(s.order, uint32(w*64+bits.TrailingZeros64(now)))
		}
		s.next[w] = 0
	}
	return nil
}

// look does so for the nodes of some words.
func (s *spanner) look(ctx context.Context, first, last int) {
	rest := breath{ctx: ctx}
	for w := first; w < last; w++ {
		met := uint64(0)
		missing := ^s.seen[w]
		if beyond := s.g.Order() - w*64; beyond < 64 {
			missing &= 1<<beyond - 1
		}
		for ; missing != 0; missing &= missing - 1 {
			i := bits.TrailingZeros64(missing)
			u := w*64 + i
			row := s.g.Neighbours(uint32(u))
			looked := len(row)
			for j, v := range row {
				if s.seen.has(int(v)) {
					met |= 1 << i
					s.above[u], looked = v, j+1
					break
				}
			}
			if rest.taken(looked) {
				return
			}
		}
		s.next[w] = met
	}
}
