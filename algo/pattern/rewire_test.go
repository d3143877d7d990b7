package pattern

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/view/viewtest"
	"rummage/graph"
)

// TestDealingKeepsDegreesWithinStrata: whatever was drawn, every node stands in the role as
// often as before in every stratum, and the order of the records' days is untouched.
func TestDealingKeepsDegreesWithinStrata(t *testing.T) {
	all, err := Library()
	require.NoError(t, err)
	at := slices.IndexFunc(all, func(p *Typology) bool { return p.ID == "carousel" })
	p := all[at]
	rapid.Check(t, func(r *rapid.T) {
		s := &viewtest.Scope{}
		for i := range rapid.IntRange(1, 40).Draw(r, "n") {
			s.Declare(fmt.Sprint(i), graph.Date(730000+rapid.IntRange(0, 90).Draw(r, "day")), graph.NoResult,
				graph.Tie{Role: graph.Exporter, Entity: viewtest.PartyID(fmt.Sprint("e", rapid.IntRange(0, 5).Draw(r, "e")))},
				graph.Tie{Role: graph.Importer, Entity: viewtest.PartyID(fmt.Sprint("i", rapid.IntRange(0, 5).Draw(r, "i")))},
				graph.Tie{Role: graph.OfCommodity, Entity: graph.NewID(graph.Commodity, "hs2022", fmt.Sprint(851712+10000*rapid.IntRange(0, 2).Draw(r, "goods")))})
		}
		records, err := Read(t.Context(), s, []*Typology{p}, Options{})
		require.NoError(t, err)
		b := records.dealer(p).deal(7, rapid.IntRange(0, 5).Draw(r, "draw"))
		count := func(of *ties) map[string]int {
			out := map[string]int{}
			for record := range uint32(records.consignments.len()) {
				for _, node := range of.of(record) {
					chapter := records.consignments.ties["chapter"].of(record)[0]
					out[fmt.Sprint(node, chapter, month(records.consignments.days[record]))]++
				}
			}
			return out
		}
		require.Equal(t, count(records.consignments.ties[roleImporting]), count(b.ties(false, roleImporting)))
		require.Same(t, records.consignments.ties[roleExporting], b.ties(false, roleExporting))
	})
}
