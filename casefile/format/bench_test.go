package format_test

import (
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/casefile/format"
	"rummage/casefile/format/formattest"
)

// BenchmarkLarge writes a network of 200,000 edges, by format. It prints seconds, the greatest memory that the process held meanwhile, the network
// included, and the size of the files.
func BenchmarkLarge(b *testing.B) {
	document := formattest.Document(formattest.Large(200_000), "TLP:AMBER")
	require.Len(b, document.Graph.Edges, 199_998)
	for _, f := range format.Formats() {
		b.Run(f.Name, func(b *testing.B) {
			debug.FreeOSMemory()
			var most atomic.Uint64
			stop, stopped := make(chan struct{}), make(chan struct{})
			go func() {
				defer close(stopped)
				for tick := time.Tick(2 * time.Millisecond); ; {
					select {
					case <-tick:
						most.Store(max(most.Load(), resident()))
					case <-stop:
						return
					}
				}
			}()
			var size counter
			for b.Loop() {
				size = 0
				for _, file := range f.Files {
					require.NoError(b, file.Write(&size, document))
				}
			}
			close(stop)
			<-stopped
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/op")
			b.ReportMetric(float64(most.Load())/(1<<20), "MiB-held")
			b.ReportMetric(float64(size)/(1<<20), "MiB-written")
		})
	}
}

// resident is the memory that the process has from the system.
func resident() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64() - samples[1].Value.Uint64()
}

// counter counts bytes.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
