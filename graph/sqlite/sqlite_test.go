package sqlite

import (
	"context"
	"fmt"
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

// many makes a batch of n rows with texts that do not pack well.
func many(name string, n int) *storetest.Batch {
	rows := make([]graph.Row, n)
	for i := range rows {
		rows[i] = storetest.Shipment(fmt.Sprintf("%s-%d", name, i), fmt.Sprint("imp ", i%97), fmt.Sprint("exp ", name, i), 1+i%28)
		sum := graph.SourceSpec{Name: name, Options: fmt.Sprint(i)}
		rows[i].Statements[0].Fields[0].Value = string(sum.ID(i)) + string(sum.ID(i+n))
	}
	return storetest.NewBatch(name, 1+n%28, rows...)
}
