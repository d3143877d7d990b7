package viewtest

import (
	"fmt"
	"slices"

	"rummage/graph"
)

// Korean reads the Korean declarations of fixtures as their shipped mapping does: traders, goods, places, value and mass, and
// what inspections found.
func Korean(open Open) (*Scope, error) {
	s := &Scope{Range: graph.Scope{Sources: []graph.SourceID{"s-korean"}, Until: 800000}}
	for _, file := range []string{"train", "valid", "test"} {
		rows, err := Table(open, "korean-customs/"+file+".csv.gz")
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			day, err := graph.ParseDate(row["Date"])
			if err != nil {
				return nil, fmt.Errorf("viewtest: %s: %w", file, err)
			}
			result := graph.Clear
			if row["Fraud"] == "1" {
				result = graph.Hit
			}
			var ties []graph.Tie
			for _, column := range koreanTies {
				if text := row[column.name]; text != "" {
					ties = append(ties, graph.Tie{Role: column.role, Entity: graph.NewID(column.kind, append(slices.Clone(column.in), text)...)})
				}
			}
			s.Declare(row["Declaration ID"], day, result, ties...)
			statement := &s.Trade[len(s.Trade)-1].Current[0]
			for _, field := range [][2]string{{graph.FieldNetMass, "Net Mass"}, {graph.FieldProcedure, "Process Type"}, {graph.FieldValue, "Item Price"}} {
				if text := row[field[1]]; text != "" {
					statement.Fields = append(statement.Fields, graph.Field{Name: field[0], Value: text})
				}
			}
		}
	}
	return s, nil
}

var koreanTies = []struct {
	name string
	role graph.Role
	kind graph.Kind
	in   []string
}{
	{"Importer ID", graph.Importer, graph.Party, []string{"kr-importer"}},
	{"Seller ID", graph.Exporter, graph.Party, []string{"kr-seller"}},
	{"Declarant ID", graph.Declarant, graph.Party, []string{"kr-declarant"}},
	{"Courier ID", graph.Carrier, graph.Party, []string{"kr-courier"}},
	{"HS6 Code", graph.OfCommodity, graph.Commodity, []string{"hs2017"}},
	{"Country of Departure", graph.Departure, graph.Place, nil},
	{"Country of Origin", graph.OriginCountry, graph.Place, nil},
	{"Office ID", graph.Office, graph.Place, []string{"kr-office"}},
}
