package csr

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"

	"rummage/algo/csr/crew"
)

// ViewOptions say how View looks at a snapshot.
type ViewOptions struct {
	Threads int // goroutines that verify it; GOMAXPROCS when not positive
	// Unverified leaves out all that takes a look at every byte, so that View takes the same time for any snapshot. Only the header
	// is verified then: a graph of damaged sections may make whoever uses it panic. Verify tells later.
	Unverified bool
}

// View returns the graph of a snapshot that lies in memory, perhaps because a file is mapped there. Its columns are used where they
// lie, so content must neither change nor go while the graph or anything that shares its memory is in use. On machines that hold
// numbers the other way round, and where content does not begin at a multiple of 8 bytes, columns are copied.
//
// Errors and their limits are those of Read, or that of a cancelled context. Unless Unverified, it takes one look at every byte.
func View(ctx context.Context, content []byte, opts ViewOptions) (*Graph, error) {
	o, err := parse(content)
	if err != nil {
		return nil, fmt.Errorf("csr: view snapshot: %w", err)
	}
	switch length := uint64(len(content)); {
	case length < o.end:
		return nil, fmt.Errorf("csr: view snapshot: %w: it ends at byte %d", ErrDamaged, length)
	case length > o.end:
		return nil, fmt.Errorf("csr: view snapshot: %w: bytes follow its end at %d", ErrDamaged, o.end)
	}
	g := o.graph(content)
	if !opts.Unverified {
		if err := o.verify(ctx, opts.Threads, g, content); err != nil {
			return nil, fmt.Errorf("csr: view snapshot: %w", err)
		}
	}
	return g, nil
}

// Verify looks at every byte of a snapshot in memory and returns what View would, were it not for Unverified.
func Verify(ctx context.Context, content []byte, threads int) error {
	_, err := View(ctx, content, ViewOptions{Threads: threads})
	return err
}

// verify checks what every user of g relies on: that content is as it was written, and that it was written from a graph.
func (o *outline) verify(ctx context.Context, threads int, g *Graph, content []byte) error {
	columns := g.columns()
	all, err := sums(ctx, threads, columns)
	if err != nil {
		return err
	}
	for i, column := range columns {
		if column == nil {
			continue
		}
		entry := o.header[sectionsAt+i*sectionSize:][16:]
		if !bytes.Equal(all[i][:], entry[:len(all[i])]) {
			return fmt.Errorf("%w: section %d fails its checksum", ErrDamaged, i)
		}
		end := o.sections[i][0] + o.sections[i][1]
		if gap := content[end:aligned(end)]; !bytes.Equal(gap, make([]byte, len(gap))) {
			return fmt.Errorf("%w: section %d is not followed by zeros", ErrDamaged, i)
		}
	}
	if err := g.out.validate(ctx, threads, o.order); err != nil {
		return fmt.Errorf("rows: %w", err)
	}
	if g.directed {
		if err := g.in.validate(ctx, threads, o.order); err != nil {
			return fmt.Errorf("in-rows: %w", err)
		}
		if o.arcs[0] != o.arcs[1] {
			return fmt.Errorf("%w: %d arcs leave nodes and %d reach them", ErrDamaged, o.arcs[0], o.arcs[1])
		}
	}
	if err := g.tally(ctx, threads); err != nil {
		return err
	}
	if !bytes.Equal(g.header(columns, all), o.header) {
		return fmt.Errorf("%w: %d edges where the header says %d, or it holds more than a header does", ErrDamaged, g.size,
			binary.LittleEndian.Uint64(o.header[24:]))
	}
	return nil
}

// validate checks that offsets are in order and that every row is in order and names nodes.
func (r *rows) validate(ctx context.Context, threads int, order uint64) error {
	if r.offset[0] != 0 || r.offset[order] != uint64(len(r.to)) {
		return fmt.Errorf("%w: offsets do not fit the rows", ErrDamaged)
	}
	pieces := crew.Cut(int(order), 1<<14)
	faults := make([]error, len(pieces))
	err := crew.Run(ctx, threads, len(pieces)-1, func(_, piece int) {
		for u := uint64(pieces[piece]); u < uint64(pieces[piece+1]) && faults[piece] == nil; u++ {
			faults[piece] = r.validateRow(u, order)
		}
	})
	for _, fault := range faults {
		if fault != nil {
			return fault
		}
	}
	return err
}

func (r *rows) validateRow(u, order uint64) error {
	lo, hi := r.offset[u], r.offset[u+1]
	if lo > hi || hi > uint64(len(r.to)) {
		return fmt.Errorf("%w: offsets do not fit row %d", ErrDamaged, u)
	}
	last := uint32(0)
	for _, v := range r.to[lo:hi] {
		if v < last || uint64(v) >= order {
			return fmt.Errorf("%w: row %d", ErrDamaged, u)
		}
		last = v
	}
	if r.weight != nil {
		for _, w := range r.weight[lo:hi] {
			if !sound(w) {
				return fmt.Errorf("%w: weight %v in row %d", ErrDamaged, w, u)
			}
		}
	}
	return nil
}
