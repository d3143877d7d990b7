package sqlite

import (
	"context"
	"path/filepath"
	"testing"

	"rummage/graph"
	"rummage/graph/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, storetest.Backend{
		Place: func(t testing.TB) string { return filepath.Join(t.TempDir(), "store.rummage") },
		Open: func(ctx context.Context, place string) (graph.Store, error) {
			return Open(ctx, place, Options{Create: true, Holder: "storetest"})
		},
	})
}
