package storetest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/graph"
)

func (suite) TestOtherOptionsAreAReading(t *testing.T, b *bench) {
	store, model := b.open(), NewModel()
	first := NewBatch("file", 1, Shipment("1", "imp", "exp", 2))
	second := *first
	second.Spec.Options, second.Spec.ImportedAt = "delimiter=;", Noon(3)
	for _, batch := range []*Batch{first, &second} {
		b.put(store, batch)
		require.True(t, model.Put(batch))
		b.listed(store, model)
		b.same(store, model, graph.Scope{})
	}
	b.same(store, model, graph.Scope{KnownOn: Noon(2)})
}

// TestALongFileIsSeenFromItsFirstDay has a party in every row, so that a store which keeps a file in pieces must remember the earliest.
func (suite) TestALongFileIsSeenFromItsFirstDay(_ *testing.T, b *bench) {
	store, model := b.open(), NewModel()
	var rows []graph.Row
	for i := range 84 {
		rows = append(rows, Shipment(fmt.Sprint(i), "hub", fmt.Sprint("exp ", i%4), 1+i/3))
	}
	batch := NewBatch("long", 1, rows...)
	b.put(store, batch)
	model.Put(batch)
	for _, day := range []int{1, 2, 9, 28} {
		b.same(store, model, graph.Scope{Until: Day(day)})
	}
}
