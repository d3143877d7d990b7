package store

import (
	"context"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

func asked(ctx context.Context, s *neo4j.Session, query string) { _ = s.Run(ctx, query, nil) }
