package area_test

import (
	"context"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/algo/csr/csrtest"
	"rummage/fixtures"
	"rummage/graph"
)

// records is a scope in a slice.
type records []graph.Consignment

func (r records) Identity() *graph.Identity { return graph.NewIdentity(nil) }

func (r records) Entities(context.Context, graph.Want) iter.Seq2[*graph.Entity, error] {
	return func(func(*graph.Entity, error) bool) {}
}

func (r records) Links(context.Context, graph.Want) iter.Seq2[*graph.Link, error] {
	return func(func(*graph.Link, error) bool) {}
}

func (r records) Consignments(context.Context, graph.Want) iter.Seq2[*graph.Consignment, error] {
	return func(yield func(*graph.Consignment, error) bool) {
		for i := range r {
			if !yield(&r[i], nil) {
				return
			}
		}
	}
}

// declaration makes a consignment of ties and fields, each "role id" or "name value",
// with an outcome of that result where it is not NoResult.
func declaration(t testing.TB, number, on string, result graph.Result, ties, fields []string) graph.Consignment {
	t.Helper()
	s := graph.Statement{Consignment: graph.NewID(graph.KindConsignment, "test", number), View: graph.Declaration, Date: day(t, on)}
	for _, text := range ties {
		name, id, _ := strings.Cut(text, " ")
		role, err := graph.ParseRole(name)
		require.NoError(t, err)
		s.Ties = append(s.Ties, graph.Tie{Role: role, Entity: graph.ID(id)})
	}
	slices.SortFunc(s.Ties, graph.CompareTies)
	for _, text := range fields {
		name, value, _ := strings.Cut(text, " ")
		s.Fields = append(s.Fields, graph.Field{Name: name, Value: value})
	}
	c := graph.Consignment{ID: s.Consignment, Current: []graph.Statement{s}}
	if result != graph.NoResult {
		c.Outcomes = []graph.Outcome{{Subject: s.Consignment, Result: result, Date: s.Date}}
	}
	return c
}

// load reads the Korean declarations as their shipped mapping does.
func load(t testing.TB, files ...string) records {
	t.Helper()
	var all records
	for _, file := range files {
		rows := csrtest.Table(t, fixtures.Open, file)
		for i := range rows["Declaration ID"] {
			cell := func(name string) string { return rows[name][i] }
			result := graph.Clear
			if cell("Fraud") == "1" {
				result = graph.Hit
			}
			ties := []string{
				"importer party/kr-importer/" + cell("Importer ID"), "exporter party/kr-seller/" + cell("Seller ID"),
				"commodity commodity/hs2017/" + cell("HS6 Code"), "departure place/" + cell("Country of Departure"),
				"origin place/" + cell("Country of Origin"), "office place/kr-office/" + cell("Office ID"),
			}
			var fields []string
			for name, column := range map[string]string{
				"process": "Process Type", "import_type": "Import Type", "import_use": "Import Use", "payment_type": "Payment Type",
				"mode": "Mode of Transport", "tax_rate": "Tax Rate", "tax_type": "Tax Type", "origin_indicator": "Country of Origin Indicator",
				"net_mass": "Net Mass", "value": "Item Price",
			} {
				if cell(column) != "" {
					fields = append(fields, name+" "+cell(column))
				}
			}
			slices.Sort(fields)
			all = append(all, declaration(t, cell("Declaration ID"), cell("Date"), result, ties, fields))
		}
	}
	slices.SortFunc(all, func(a, b graph.Consignment) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return all
}
