package address

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"

	"rummage/resolve/name/script"
)

// TestTablesAreSmall measures what the tables hold on the heap once they are built.
func TestTablesAreSmall(t *testing.T) {
	vocabulary()
	script.Simple('號')
	before := heap()
	g := buildGazetteer()
	after := heap()
	t.Logf("gazetteer: %d names, %.2f MB", len(g.names), float64(after-before)/1e6)
	assert.Less(t, after-before, int64(10_000_000))
	runtime.KeepAlive(g)
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
