package flag_test

import (
	"context"
	"iter"
	"runtime"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/algo/flag"
	"rummage/algo/view/viewtest"
	"rummage/fixtures"
	"rummage/graph"
)

// copies is a world several times over, each time with parties of its own and always with the same ports. It makes its records
// when asked for them, so that memory measured is that of the analysis.
type copies struct {
	*sc
	n int
}

type sc = viewtest.Scope

func (c *copies) own(id graph.ID, n int) graph.ID {
	if id.Kind() == graph.Place {
		return id
	}
	return id + graph.ID("-"+strconv.Itoa(n))
}

func (c *copies) Entities(ctx context.Context, want graph.Want) iter.Seq2[*graph.Entity, error] {
	return func(yield func(*graph.Entity, error) bool) {
		for e, err := range c.sc.Entities(ctx, want) {
			for n := range c.n {
				if !yield(&graph.Entity{ID: c.own(e.ID, n)}, err) {
					return
				}
				if e.ID.Kind() == graph.Place {
					break
				}
			}
		}
	}
}

func (c *copies) Consignments(context.Context, graph.Want) iter.Seq2[*graph.Consignment, error] {
	return func(yield func(*graph.Consignment, error) bool) {
		ties := make([]graph.Tie, 8)
		for i := range c.Trade {
			one := c.Trade[i]
			for n := range c.n {
				copied := graph.Consignment{ID: c.own(one.ID, n), Current: []graph.Statement{one.Current[0]}, Outcomes: one.Outcomes}
				copied.Current[0].Ties = append(ties[:0], one.Current[0].Ties...)
				for t := range copied.Current[0].Ties {
					copied.Current[0].Ties[t].Entity = c.own(copied.Current[0].Ties[t].Entity, n)
				}
				if !yield(&copied, nil) {
					return
				}
			}
		}
	}
}

func (c *copies) Links(context.Context, graph.Want) iter.Seq2[*graph.Link, error] {
	return func(yield func(*graph.Link, error) bool) {
		for i := range c.Tied {
			l := c.Tied[i]
			for n := range c.n {
				if !yield(&graph.Link{Role: l.Role, From: c.own(l.From, n), To: c.own(l.To, n)}, nil) {
					return
				}
			}
		}
	}
}

// BenchmarkAnalyse is everything that flag does with a million declarations but reading a store and looking names up.
func BenchmarkAnalyse(b *testing.B) {
	world, err := viewtest.World(fixtures.Open, "L2-11")
	require.NoError(b, err)
	scope := &copies{sc: world, n: 10}
	runtime.GC()
	b.ReportAllocs()
	for b.Loop() {
		a, err := flag.Analyse(context.Background(), scope, flag.Options{Settings: flag.DefaultSettings(), Seed: 1})
		require.NoError(b, err)
		require.NotEmpty(b, a.Findings.List)
	}
	b.ReportMetric(float64(len(world.Trade)*scope.n)*float64(b.N)/b.Elapsed().Seconds(), "declarations/s")
}
