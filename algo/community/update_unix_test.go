//go:build unix

package community_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/algo/community"
	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
)

// BenchmarkUpdate takes a change of a thousandth of the edges, half of them removed, and divides the graph after it anew beside that, until
// nothing changes and in two passes, and makes the graph and a state of it. It prints how many times as long that takes as the update, by
// the clock and in processor time, which company on the machine hardly changes, and how much more modularity is found.
func BenchmarkUpdate(b *testing.B) {
	parts, _ := csrtest.Partition{Nodes: 100_000, Degree: 18, Mixing: 0.3, Seed: 1, Weighted: true}.Draw()
	hubs := csrtest.RMAT{Scale: 17, Factor: 10, Seed: 1, Weighted: true}.Draw()
	for _, c := range []struct {
		name  string
		nodes int
		edges csr.Columns
	}{{"parts 100k", 100_000, parts}, {"hubs 131k", 1 << 17, hubs}} {
		batch := len(c.edges.From) / 2000
		s := seriesOf(b, c.nodes, c.edges, batch)
		before, err := community.Leiden(b.Context(), s.g, community.Options{Seed: 1})
		require.NoError(b, err)
		old, state := s.g, stateOf(b, s.g, before.Membership, community.Options{Seed: 1})
		change := s.next(b, batch)
		var quality float64
		clock, processor := timed(b, c.name+"/update", func(b *testing.B) (float64, error) {
			got, err := state.Update(b.Context(), s.g, change, nil)
			quality = got.Quality
			return 0, err
		}, 0, 0)
		leiden := func(passes int) func(b *testing.B) (float64, error) {
			return func(b *testing.B) (float64, error) {
				got, err := community.Leiden(b.Context(), s.g, community.Options{Seed: 1, Passes: passes})
				return got.Quality - quality, err
			}
		}
		timed(b, c.name+"/anew", leiden(0), clock, processor)
		timed(b, c.name+"/two passes", leiden(2), clock, processor)
		timed(b, c.name+"/patch", func(b *testing.B) (float64, error) {
			_, _, err := old.Patch(b.Context(), change, 0)
			return 0, err
		}, clock, processor)
		timed(b, c.name+"/state", func(b *testing.B) (float64, error) {
			_, err := community.NewState(b.Context(), old, before.Membership, community.Options{Seed: 1})
			return 0, err
		}, clock, processor)
	}
}

// timed prints what work takes, in multiples of the given times too if they are known, and how much more modularity it tells of.
func timed(b *testing.B, name string, work func(b *testing.B) (float64, error), unit, processorUnit time.Duration) (clock, processor time.Duration) {
	b.Run(name, func(b *testing.B) {
		begun, gap := community.Processor(b), 0.0
		for b.Loop() {
			var err error
			gap, err = work(b)
			require.NoError(b, err)
		}
		clock, processor = b.Elapsed()/time.Duration(b.N), (community.Processor(b)-begun)/time.Duration(b.N)
		b.ReportMetric(processor.Seconds()*1e3, "cpu-ms/op")
		if unit > 0 {
			b.ReportMetric(float64(clock)/float64(unit), "×update")
			b.ReportMetric(float64(processor)/float64(processorUnit), "×update-cpu")
			b.ReportMetric(gap, "gap")
		}
	})
	return clock, processor
}
