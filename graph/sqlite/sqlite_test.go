package sqlite

import (
	"context"
	"path/filepath"
	"testing"

	"rummage/graph"
	"rummage/graph/storetest"
)

func backend(options Options) storetest.Backend {
	options.Create, options.Holder = true, "storetest"
	return storetest.Backend{
		Place: func(t testing.TB) string { return filepath.Join(t.TempDir(), "store.rummage") },
		Open: func(ctx context.Context, place string) (graph.Store, error) {
			return Open(ctx, place, options)
		},
	}
}

func TestStore(t *testing.T) { storetest.Run(t, backend(Options{})) }

// TestStoreOfManySegments has every import make a segment of every other row
// or so, and keeps little in the cache.
func TestStoreOfManySegments(t *testing.T) {
	storetest.Run(t, backend(Options{chunk: 2, Cache: 1 << 18}))
}
