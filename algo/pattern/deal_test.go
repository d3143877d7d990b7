package pattern

import (
	"fmt"
	"math"
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
		d := records.dealer(p)
		b, plain := &board{Records: records, hands: d.hands()}, &board{Records: records}
		d.deal(b.hands, 7, rapid.IntRange(0, 5).Draw(r, "draw"))
		count := func(of held) map[string]int {
			out := map[string]int{}
			for record := range uint32(records.consignments.len()) {
				for _, node := range of.of(record) {
					chapter := records.consignments.ties["chapter"].of(record)[0]
					out[fmt.Sprint(node, chapter, month(records.consignments.days[record]))]++
				}
			}
			return out
		}
		require.Equal(t, count(plain.ties(importingRole)), count(b.ties(importingRole)))
		require.Equal(t, plain.ties(exportingRole), b.ties(exportingRole), "nobody asked for these")
		dealt := b.ties(importingRole)
		for record := range uint32(records.consignments.len()) {
			hand := dealt.hand
			require.Equal(t, record, hand.to(hand.from(record)), "who gave and who got")
			for _, node := range dealt.of(record) {
				require.Contains(t, dealt.with(node, new([]uint32)), record)
			}
		}
	})
}

// TestPermutationsGoBack: whatever the size, every number is met once, and the way back leads to it.
func TestPermutationsGoBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		size := rapid.Uint32Range(1, 3000).Draw(r, "size")
		p := permutation{size: size, half: root(size), key: rapid.Uint64().Draw(r, "key"), tweak: rapid.Uint64().Draw(r, "seed")}
		met := newSet(int(size))
		for x := range size {
			y := p.at(x)
			require.Less(t, y, size)
			require.False(t, met.has(y), "%d is met twice", y)
			met.add(y)
			require.Equal(t, x, p.back(y))
		}
	})
}

// TestPermutationsLookDrawnAtRandom: where one number goes, and how far from it the next one and the last, is spread evenly over
// many draws (chi-square within four standard deviations of its mean).
func TestPermutationsLookDrawnAtRandom(t *testing.T) {
	const size, draws = 257, 200 * 257
	var first, next, last [size]float64
	for draw := range draws {
		p := permutation{size: size, half: root(size), key: keyOf("carousel", draw, 0), tweak: 1}
		at := p.at(0)
		first[at]++
		next[(p.at(1)+size-at)%size]++
		last[(p.at(size-1)+size-at)%size]++
	}
	for name, count := range map[string][]float64{"first": first[:], "next": next[1:], "last": last[1:]} {
		expected, sum := float64(draws)/float64(len(count)), 0.0
		for _, n := range count {
			sum += (n - expected) * (n - expected) / expected
		}
		free := float64(len(count) - 1)
		require.InDelta(t, free, sum, 4*math.Sqrt(2*free), name)
	}
}
