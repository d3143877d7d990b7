package neo4j

import (
	"fmt"
	"math/rand/v2"

	"rummage/graph"
)

// hubRows are declarations of one importer, each with nine other ties.
func hubRows(n int) []graph.Row {
	random := rand.New(rand.NewPCG(7, 7))
	pick := func(kind graph.Kind, system string, of int) graph.ID {
		x := random.ExpFloat64() * float64(of) / 5
		return graph.NewID(kind, system, fmt.Sprintf("%06d", int(x)%of))
	}
	rows := make([]graph.Row, n)
	for i := range rows {
		day := graph.Date(737791 + random.IntN(700))
		rows[i] = graph.Row{Number: int64(i + 2), Statements: []graph.Statement{{
			Consignment: graph.NewID(graph.KindConsignment, "hub", fmt.Sprintf("%08d", i)), View: graph.Declaration, Date: day,
			Fields: []graph.Field{{Name: "value", Value: fmt.Sprint(random.IntN(100000))}, {Name: "currency", Value: "HKD"}, {Name: "gross_mass", Value: fmt.Sprint(random.IntN(10000))}},
			Ties: []graph.Tie{
				{Role: graph.Importer, Entity: graph.NewID(graph.Party, "hub", "hub")},
				{Role: graph.Exporter, Entity: pick(graph.Party, "exp", 5000)},
				{Role: graph.Declarant, Entity: pick(graph.Party, "dec", 30)},
				{Role: graph.Carrier, Entity: pick(graph.Party, "car", 50)},
				{Role: graph.OriginCountry, Entity: pick(graph.Place, "cty", 40)},
				{Role: graph.Loading, Entity: pick(graph.Place, "port", 100)},
				{Role: graph.Discharge, Entity: pick(graph.Place, "port", 10)},
				{Role: graph.OfCommodity, Entity: pick(graph.Commodity, "hs", 2000)},
				{Role: graph.InEquipment, Entity: pick(graph.Equipment, "cont", 40000)},
				{Role: graph.Office, Entity: pick(graph.Place, "office", 12)},
			}}}}
	}
	return rows
}
