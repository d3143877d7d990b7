package csr

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"rummage/algo/csr/crew"
)

// direction says which end of an edge owns the arc.
type direction uint8

const (
	outward direction = iota
	inward
)

// bucketBits bounds the number of buckets at the first level of the sort: 2^10 write positions are about what the caches of a
// core keep open at once.
const bucketBits = 10

// arc is an entry on its way to its row: row, neighbour, and the edge it belongs to.
type arc struct{ row, to, edge uint32 }

// sorter turns columns into rows.
type sorter struct {
	edges Columns
	opts  Options
}

// segment is one bucket's part of the result.
type segment struct {
	degree []uint32
	loops  uint64
	rows   rows
	fault  error
}

// each calls take for every arc of the edges from lo to hi in the given direction.
func (s *sorter) each(lo, hi int, way direction, take func(a arc)) {
	for e := lo; e < hi; e++ {
		u, v := s.edges.From[e], s.edges.To[e]
		if way == inward {
			u, v = v, u
		}
		if u == v && s.opts.Loops == DropLoops {
			continue
		}
		take(arc{u, v, uint32(e)})
		if !s.opts.Directed && u != v {
			take(arc{v, u, uint32(e)})
		}
	}
}

// rows sorts the arcs of one direction and returns them with the number of self-loops among them.
func (s *sorter) rows(ctx context.Context, way direction) (rows, uint64, error) {
	shift := max(bits.Len(uint(max(s.opts.Nodes, 1)-1))-bucketBits, 0)
	if len(s.edges.From) < 1<<12 {
		shift = 32
	}
	arcs, starts, err := s.deal(ctx, way, shift)
	if err != nil {
		return rows{}, 0, err
	}
	segments := make([]segment, len(starts)-1)
	err = crew.Run(ctx, s.opts.Threads, len(segments), func(_, b int) {
		first := uint64(b) << shift
		last := min(first+1<<shift, uint64(s.opts.Nodes))
		segments[b] = s.settle(arcs[starts[b]:starts[b+1]], uint32(first), int(last-first))
	})
	if err != nil {
		return rows{}, 0, fmt.Errorf("csr: build: %w", err)
	}
	for b := range segments {
		if segments[b].fault != nil {
			return rows{}, 0, segments[b].fault
		}
	}
	return s.join(ctx, segments)
}

// deal is the first level: it writes the arcs grouped by bucket and returns the start of every bucket, closed by the total.
func (s *sorter) deal(ctx context.Context, way direction, shift int) ([]arc, []int, error) {
	buckets := 0
	if s.opts.Nodes > 0 {
		buckets = (s.opts.Nodes-1)>>shift + 1
	}
	m := len(s.edges.From)
	pieces := crew.Cut(m, m/crew.Size(s.opts.Threads, m)+1)
	at := make([][]int, len(pieces)-1)
	err := crew.Run(ctx, s.opts.Threads, len(at), func(_, p int) {
		at[p] = make([]int, buckets)
		s.each(pieces[p], pieces[p+1], way, func(a arc) { at[p][a.row>>shift]++ })
	})
	if err != nil {
		return nil, nil, fmt.Errorf("csr: build: %w", err)
	}
	starts := make([]int, buckets+1)
	total := 0
	for b := range buckets {
		starts[b] = total
		for p := range at {
			at[p][b], total = total, total+at[p][b]
		}
	}
	starts[buckets] = total
	arcs := make([]arc, total)
	err = crew.Run(ctx, s.opts.Threads, len(at), func(_, p int) {
		s.each(pieces[p], pieces[p+1], way, func(a arc) {
			b := a.row >> shift
			arcs[at[p][b]] = a
			at[p][b]++
		})
	})
	if err != nil {
		return nil, nil, fmt.Errorf("csr: build: %w", err)
	}
	return arcs, starts, nil
}

// settle is the second level: it sorts the arcs of consecutive rows by row, neighbour, type, weight and count, and merges what
// is to be merged.
func (s *sorter) settle(arcs []arc, first uint32, count int) segment {
	offset := make([]int, count+1)
	for _, a := range arcs {
		offset[a.row-first+1]++
	}
	for i := range count {
		offset[i+1] += offset[i]
	}
	keys := make([]uint64, len(arcs))
	at := slices.Clone(offset)
	for _, a := range arcs {
		row := a.row - first
		keys[at[row]] = uint64(a.to)<<32 | uint64(a.edge)
		at[row]++
	}
	out := segment{degree: make([]uint32, count), rows: s.empty(len(arcs))}
	for i := range count {
		row := keys[offset[i]:offset[i+1]]
		slices.Sort(row)
		before := len(out.rows.to)
		for lo, hi := 0, 0; lo < len(row); lo = hi {
			for hi = lo + 1; hi < len(row) && row[hi]>>32 == row[lo]>>32; hi++ {
			}
			held, to := len(out.rows.to), uint32(row[lo]>>32)
			if err := s.emit(&out.rows, row[lo:hi]); err != nil {
				out.fault = fmt.Errorf("csr: build: edges from %d to %d: %w", first+uint32(i), to, err)
				return out
			}
			if to == first+uint32(i) {
				out.loops += uint64(len(out.rows.to) - held)
			}
		}
		out.degree[i] = uint32(len(out.rows.to) - before)
	}
	return out
}

// empty returns rows with the columns that the result has and room for n arcs.
func (s *sorter) empty(n int) rows {
	r := rows{to: make([]uint32, 0, n)}
	if s.edges.Weight != nil {
		r.weight = make([]float64, 0, n)
	}
	if s.edges.Type != nil {
		r.kind = make([]uint8, 0, n)
	}
	if s.edges.Count != nil {
		r.count = make([]uint32, 0, n)
	}
	return r
}

// emit appends the arcs of one row to one neighbour, whose keys are given.
func (s *sorter) emit(r *rows, keys []uint64) error {
	if len(keys) > 1 {
		slices.SortFunc(keys, s.compare)
	}
	for lo, hi := 0, 0; lo < len(keys); lo = hi {
		hi = lo + 1
		if s.opts.Parallel == MergeParallel {
			for hi < len(keys) && s.kind(keys[hi]) == s.kind(keys[lo]) {
				hi++
			}
		}
		r.to = append(r.to, uint32(keys[lo]>>32))
		if r.kind != nil {
			r.kind = append(r.kind, s.kind(keys[lo]))
		}
		if r.weight != nil {
			var sum float64
			for _, key := range keys[lo:hi] {
				sum += s.edges.Weight[uint32(key)]
			}
			r.weight = append(r.weight, sum)
		}
		if r.count != nil {
			var sum uint64
			for _, key := range keys[lo:hi] {
				sum += uint64(s.edges.Count[uint32(key)])
			}
			if sum > math.MaxUint32 {
				return fmt.Errorf("%w: %d together", ErrCount, sum)
			}
			r.count = append(r.count, uint32(sum))
		}
	}
	return nil
}

func (s *sorter) kind(key uint64) uint8 {
	if s.edges.Type == nil {
		return 0
	}
	return s.edges.Type[uint32(key)]
}

// compare orders parallel arcs by what they hold, so that arcs which compare equal are equal.
func (s *sorter) compare(a, b uint64) int {
	if c := cmp.Compare(s.kind(a), s.kind(b)); c != 0 {
		return c
	}
	if s.edges.Weight != nil {
		if c := cmp.Compare(s.edges.Weight[uint32(a)], s.edges.Weight[uint32(b)]); c != 0 {
			return c
		}
	}
	if s.edges.Count != nil {
		return cmp.Compare(s.edges.Count[uint32(a)], s.edges.Count[uint32(b)])
	}
	return 0
}

// join lays the segments behind one another.
func (s *sorter) join(ctx context.Context, segments []segment) (rows, uint64, error) {
	starts := make([]int, len(segments)+1)
	var loops uint64
	for b := range segments {
		starts[b+1] = starts[b] + len(segments[b].rows.to)
		loops += segments[b].loops
	}
	total := starts[len(segments)]
	r := s.empty(total)
	r.to = r.to[:total]
	if r.weight != nil {
		r.weight = r.weight[:total]
	}
	if r.kind != nil {
		r.kind = r.kind[:total]
	}
	if r.count != nil {
		r.count = r.count[:total]
	}
	r.offset = make([]uint64, 1, s.opts.Nodes+1)
	for b := range segments {
		for _, degree := range segments[b].degree {
			r.offset = append(r.offset, r.offset[len(r.offset)-1]+uint64(degree))
		}
	}
	err := crew.Run(ctx, s.opts.Threads, len(segments), func(_, b int) {
		part := &segments[b].rows
		copy(r.to[starts[b]:], part.to)
		if r.weight != nil {
			copy(r.weight[starts[b]:], part.weight)
		}
		if r.kind != nil {
			copy(r.kind[starts[b]:], part.kind)
		}
		if r.count != nil {
			copy(r.count[starts[b]:], part.count)
		}
		*part = rows{}
	})
	if err != nil {
		return rows{}, 0, fmt.Errorf("csr: build: %w", err)
	}
	return r, loops, nil
}
