package contact

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestTablesAreSmall measures what the numbering plans of all countries and the
// lists of providers hold on the heap once they were needed.
func TestTablesAreSmall(t *testing.T) {
	before := heap()
	for _, number := range []string{"+85223456789", "+861065529988", "+12125552368", "+442071838750", "+81332112345"} {
		assert.True(t, Phones(number, "")[0].Valid)
	}
	Mailboxes("chan@wingon.com.hk")
	after := heap()
	t.Logf("phones and mailboxes: %.2f MB", float64(after-before)/1e6)
	assert.Less(t, after-before, int64(20_000_000))
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
