package flag_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/algo/flag"
	"rummage/algo/view/viewtest"
	"rummage/fixtures"
	"rummage/graph"
)

// million is ten copies of a world, each with parties of its own and all with the same ports: a million declarations.
func million(tb testing.TB) *viewtest.Scope {
	world, err := viewtest.World(fixtures.Open, "L2-11")
	require.NoError(tb, err)
	all := &viewtest.Scope{Range: world.Range}
	for n := range 10 {
		own := func(id graph.ID) graph.ID {
			if id.Kind() == graph.Place {
				return id
			}
			return graph.ID(fmt.Sprintf("%s-%d", id, n))
		}
		for i := range world.Trade {
			c := world.Trade[i]
			c.ID = own(c.ID)
			c.Current = slices.Clone(c.Current)
			c.Current[0].Ties = slices.Clone(c.Current[0].Ties)
			for t := range c.Current[0].Ties {
				c.Current[0].Ties[t].Entity = own(c.Current[0].Ties[t].Entity)
			}
			all.Trade = append(all.Trade, c)
		}
		for _, l := range world.Tied {
			all.Tied = append(all.Tied, graph.Link{Role: l.Role, From: own(l.From), To: own(l.To)})
		}
	}
	slices.SortFunc(all.Trade, func(a, b graph.Consignment) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return all
}

// BenchmarkAnalyse is everything that flag does but reading a store and looking names up.
func BenchmarkAnalyse(b *testing.B) {
	scope := million(b)
	b.ReportAllocs()
	for b.Loop() {
		a, err := flag.Analyse(context.Background(), scope, flag.Options{Settings: flag.DefaultSettings(), Seed: 1})
		require.NoError(b, err)
		require.NotEmpty(b, a.Findings.List)
	}
	b.ReportMetric(float64(len(scope.Trade))*float64(b.N)/b.Elapsed().Seconds(), "declarations/s")
}
