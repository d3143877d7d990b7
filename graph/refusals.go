package graph

import (
	"fmt"
	"slices"
)

// Refusals checks what a store is given by Import.Refuse, call by call.
type Refusals struct {
	join int // index in the spec's Joined of the file that was last
	row  int64
}

// Check reports the index in spec.Joined of the file whose row the errors are of. An error
// wraps ErrInvalidRecord: where there are none, they are of several rows or of a file that
// the spec does not name, or come out of order.
func (r *Refusals) Check(spec *SourceSpec, refused []RowError) (join int, err error) {
	if len(refused) == 0 {
		return 0, fmt.Errorf("a refused row of a joined file has no reason: %w", ErrInvalidRecord)
	}
	first := &refused[0]
	join = slices.IndexFunc(spec.Joined, func(j Joined) bool { return j.Join == first.Join })
	switch {
	case join < 0:
		return 0, fmt.Errorf("a refused row is of %q, which is no joined file: %w", first.Join, ErrInvalidRecord)
	case first.Row < 1 || first.Span.Offset < 0 || first.Span.Length < 0:
		return 0, fmt.Errorf("refused row %d of %q at byte %d: %w", first.Row, first.Join, first.Span.Offset, ErrInvalidRecord)
	case join < r.join || join == r.join && first.Row <= r.row:
		return 0, fmt.Errorf("refused row %d of %q after row %d of %q: %w", first.Row, first.Join, r.row, spec.Joined[r.join].Join, ErrInvalidRecord)
	}
	for i := range refused[1:] {
		if e := &refused[i+1]; e.Join != first.Join || e.Row != first.Row || e.Span != first.Span {
			return 0, fmt.Errorf("refused rows %d and %d come together: %w", first.Row, e.Row, ErrInvalidRecord)
		}
	}
	r.join, r.row = join, first.Row
	return join, nil
}

// Begun reports whether a refused row has come.
func (r *Refusals) Begun() bool { return r.row > 0 }
