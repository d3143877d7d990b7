package finding

import (
	"bytes"
	"context"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/fixtures"
	"rummage/fixtures/simulate"
)

func fixtureWorlds(t testing.TB) []*world {
	t.Helper()
	var list []*world
	for _, name := range fixtures.Worlds() {
		list = append(list, sharedWorld(t, name))
	}
	return list
}

// simulatedMade are made once and never changed.
var simulatedMade []*world

// simulatedWorlds makes three worlds of level L2 with 200 benign groups.
func simulatedWorlds(t testing.TB) []*world {
	t.Helper()
	for seed := uint64(len(simulatedMade) + 1); seed <= 3; seed++ {
		options := simulate.DefaultOptions()
		options.Seed = seed
		made, err := simulate.New(options)
		require.NoError(t, err)
		simulatedMade = append(simulatedMade, simulated(t, made))
	}
	return simulatedMade
}

// simulated reads a world from the files that it writes.
func simulated(t testing.TB, made *simulate.World) *world {
	t.Helper()
	read := func(write func(context.Context, *bytes.Buffer) error) map[string][]string {
		var text bytes.Buffer
		require.NoError(t, write(t.Context(), &text))
		rows, err := csv.NewReader(&text).ReadAll()
		require.NoError(t, err)
		table := map[string][]string{}
		for i, column := range rows[0] {
			for _, row := range rows[1:] {
				table[column] = append(table[column], row[i])
			}
		}
		return table
	}
	rows := read(func(ctx context.Context, to *bytes.Buffer) error { return made.WriteDeclarations(ctx, to) })
	register := read(func(ctx context.Context, to *bytes.Buffer) error { return made.WriteRegistry(ctx, to) })
	looked := read(func(ctx context.Context, to *bytes.Buffer) error { return made.WriteInspections(ctx, to) })
	w := &world{ids: slices.Concat(rows["importer_id"], rows["exporter_id"], register["company_id"])}
	columns := []string{"address_id", "phone", "director_id"}
	for _, column := range columns {
		for i, text := range register[column] {
			register[column][i] = column + "/" + text
		}
		w.ids = append(w.ids, register[column]...)
	}
	slices.Sort(w.ids)
	w.ids = slices.Compact(w.ids)
	w.trade.Nodes, w.trade.Keys = len(w.ids), keys(w.ids)
	inspected := map[string]string{}
	for i, number := range looked["declaration"] {
		inspected[number] = looked["result"][i]
	}
	c := Consignments{Key: keys(rows["declaration"]), Importer: w.nodes(rows["importer_id"]), Exporter: w.nodes(rows["exporter_id"])}
	for _, number := range rows["declaration"] {
		c.Inspected, c.Hit = append(c.Inspected, inspected[number] != ""), append(c.Hit, inspected[number] == "hit")
	}
	w.trade.Consignments = c
	w.cells(rows, looked)
	traded := make([]bool, len(w.ids))
	for i := range c.Key {
		traded[c.Importer[i]], traded[c.Exporter[i]] = true, true
	}
	for _, column := range columns {
		for i, id := range register[column] {
			if !strings.HasSuffix(id, "/") {
				w.trade.Identifiers = append(w.trade.Identifiers, Tie{Party: w.node(register["company_id"][i]), Identifier: w.node(id)})
			}
		}
	}
	w.ring = make([]int, len(w.ids))
	for v := range w.ring {
		w.ring[v] = -1
	}
	for ring, group := range made.Truth().Rings {
		for _, id := range group.Members() {
			if v := w.node(id); traded[v] {
				w.ring[v] = ring
			}
		}
	}
	return w
}

// cells says why each consignment was looked at and where, as the files do.
func (w *world) cells(rows, looked map[string][]string) {
	channels := map[string]uint8{}
	for i, number := range looked["declaration"] {
		channels[number] = map[string]uint8{"random": 1, "targeted": 2}[looked["channel"][i]]
	}
	offices := slices.Compact(slices.Sorted(slices.Values(rows["office"])))
	for i, number := range rows["declaration"] {
		office, _ := slices.BinarySearch(offices, rows["office"][i])
		chapter, _ := strconv.Atoi(rows["hs6"][i][:2])
		year, _ := strconv.Atoi(rows["date"][i][:4])
		month, _ := strconv.Atoi(rows["date"][i][5:7])
		w.trade.Consignments.Cell = append(w.trade.Consignments.Cell, Cell{
			Channel: channels[number], Office: uint32(office), Chapter: uint8(chapter), Month: uint16(12*year + month),
		})
	}
}
