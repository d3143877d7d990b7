package neo4j

import (
	"context"
	"fmt"

	"rummage/graph"
)

// errorOf turns what the driver returned into an error of the contract.
func (s *Store) errorOf(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("neo4j: %s: %w", s.address, ctx.Err())
	}
	return fmt.Errorf("neo4j: %s: %w: %w", s.address, err, graph.ErrUnreachable)
}
