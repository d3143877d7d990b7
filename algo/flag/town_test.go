package flag_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/algo/flag"
	"rummage/graph"
	"rummage/graph/storetest"
)

// town is a small trade: 150 importers, 80 exporters, three agents, and a ring of one exporter and five importers, three of them at
// one address.
type town struct {
	declared []graph.Row
	register []graph.Row
	looked   []graph.Row
	number   int
	random   *rand.Rand
}

func newTown() *town {
	t := &town{random: rand.New(rand.NewPCG(3, 4))}
	for i := range 150 {
		importer := fmt.Sprintf("imp-%03d", i)
		t.live(importer, "street-"+importer)
		for range 1 + t.random.IntN(3) {
			exporter := fmt.Sprintf("exp-%02d", t.random.IntN(80))
			for range 1 + t.random.IntN(3) {
				t.ship(importer, exporter, t.random.Float64() < 0.2, t.random.Float64() < 0.02)
			}
		}
	}
	return t
}

// ring adds the ring with the given importers, each with two consignments inspected and hit.
func (t *town) ring(importers ...int) *town {
	for _, i := range importers {
		importer := fmt.Sprintf("ring-%d", i)
		address := "street-" + importer
		if i < 3 {
			address = "tower"
		}
		t.live(importer, address)
		for n := range 4 {
			t.ship(importer, "ring-exp", n < 2, n < 2)
		}
		t.ship(importer, fmt.Sprintf("exp-%02d", t.random.IntN(80)), false, false)
	}
	return t
}

func (t *town) live(party, address string) {
	t.register = append(t.register, graph.Row{
		Facts: []graph.Fact{{Entity: storetest.Trader(party), Property: graph.PropertyName, Value: "The firm of " + party}},
		Links: []graph.Link{{Role: graph.RegisteredAt, From: storetest.Trader(party), To: graph.NewID(graph.Address, address)}},
	})
}

func (t *town) ship(importer, exporter string, inspected, hit bool) {
	t.number++
	number, day := fmt.Sprintf("%05d", t.number), 1+t.number%200
	row := storetest.Shipment(number, importer, exporter, day)
	row.Statements[0].Ties = append(row.Statements[0].Ties,
		graph.Tie{Role: graph.Declarant, Entity: storetest.Trader(fmt.Sprint("agent-", t.number%3))},
		graph.Tie{Role: graph.Discharge, Entity: graph.NewID(graph.Place, "HKHKG")})
	t.declared = append(t.declared, row)
	result := graph.Clear
	if hit {
		result = graph.Hit
	}
	if inspected {
		t.looked = append(t.looked, storetest.Found(number, result, day+10))
	}
}

func (t *town) model(tb testing.TB) *storetest.Model {
	tb.Helper()
	m := storetest.NewModel()
	for i, rows := range [][]graph.Row{t.declared, t.register, t.looked} {
		require.True(tb, m.Put(storetest.NewBatch([]string{"declarations", "register", "inspections"}[i], i+1, slices.Clone(rows)...)))
	}
	return m
}

// settings are the defaults with short lists, as the model looks every name up slowly.
func settings() flag.Settings {
	s := flag.DefaultSettings()
	s.Leads, s.Known, s.Draws = 8, 4, 200
	return s
}

// run flags what the model shows, and stores the run in it.
func run(t testing.TB, m *storetest.Model, scope graph.Scope) *flag.Report {
	t.Helper()
	ctx := context.Background()
	reader := m.Within(scope)
	previous, err := reader.Runs(ctx, flag.Kind)
	require.NoError(t, err)
	report, err := flag.Run(ctx, reader, previous, flag.Options{Settings: settings(), Seed: 7})
	require.NoError(t, err)
	m.SaveRun(report.Run)
	return report
}

func rand2() *rand.Rand { return rand.New(rand.NewPCG(5, 6)) }
