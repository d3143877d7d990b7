package propagate_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/algo/propagate"
	"rummage/fixtures"
)

// kinds of ties in a world.
const (
	trade uint8 = iota
	forwarder
	port
	address
)

// world is a whole trade world as a graph: counts are consignments, types are kinds of ties.
type world struct {
	number    map[string]uint32
	names     []string
	edges     csr.Columns
	hit       map[uint32]float64
	inspected map[uint32]float64
	exporter  map[uint32]bool
	hits, all float64
}

func (w *world) node(name string) uint32 {
	u, known := w.number[name]
	if !known {
		u = uint32(len(w.names))
		w.number[name] = u
		w.names = append(w.names, name)
	}
	return u
}

func (w *world) tie(u, v uint32, kind uint8) {
	w.edges.From, w.edges.To = append(w.edges.From, u), append(w.edges.To, v)
	w.edges.Type, w.edges.Count = append(w.edges.Type, kind), append(w.edges.Count, 1)
}

func readWorld(t testing.TB, name string) *world {
	w := &world{number: map[string]uint32{}, hit: map[uint32]float64{}, inspected: map[uint32]float64{}, exporter: map[uint32]bool{}}
	table := csrtest.Table(t, fixtures.Open, "worlds/"+name+"/consignments.csv.gz")
	for i := range table["importer"] {
		importer, exporter := w.node(table["importer"][i]), w.node(table["exporter"][i])
		w.tie(importer, exporter, trade)
		w.tie(importer, w.node(table["forwarder"][i]), forwarder)
		w.tie(importer, w.node(table["port"][i]), port)
		if table["inspected"][i] == "1" {
			w.inspected[importer]++
			w.all++
		}
		if table["hit"][i] == "1" {
			w.hit[importer]++
			w.hit[exporter]++
			w.hits++
		}
		w.exporter[exporter] = true
	}
	table = csrtest.Table(t, fixtures.Open, "worlds/"+name+"/addresses.csv.gz")
	for i := range table["party"] {
		w.tie(w.node(table["party"][i]), w.node(table["address"][i]), address)
	}
	return w
}

// The exposure ratios of a world of 100,000 consignments, computed by two other programs, come out to the ninth digit.
func TestExposureInATradeWorld(t *testing.T) {
	w := readWorld(t, "L2-11")
	g, err := csr.Build(t.Context(), w.edges, csr.Options{Nodes: len(w.names)})
	require.NoError(t, err)
	factors := map[uint8][2]float64{trade: {1, 1.25}, address: {6, 0.5}, forwarder: {1, 1}, port: {0.1, 1}}
	v2, err := g.Reweight(t.Context(), 0, func(a csr.Arc) float64 {
		d := float64(max(g.Degree(a.From), g.Degree(a.To)))
		return factors[a.Type][0] / math.Pow(d, factors[a.Type][1])
	})
	require.NoError(t, err)
	betas := map[uint8]float64{trade: 1, address: 3 / math.Log(2), forwarder: 0.3, port: 0.1}
	v1, err := g.Reweight(t.Context(), 0, func(a csr.Arc) float64 {
		d := float64(max(g.Degree(a.From), g.Degree(a.To)))
		return betas[a.Type] * math.Log(1+float64(a.Count)) / d
	})
	require.NoError(t, err)
	seeds1, seeds2 := make([]float64, g.Order()), make([]float64, g.Order())
	base := w.hits / w.all
	for u, h := range w.hit {
		seeds1[u] = 1
		if w.exporter[u] {
			seeds2[u] = 1
		} else {
			seeds2[u] = max((h+base)/(w.inspected[u]+1)-base, 0)
		}
	}
	expected := csrtest.Table(t, fixtures.Open, "worlds/L2-11/expected.csv.gz")
	for column, c := range map[string]struct {
		g     *csr.Graph
		seeds []float64
	}{"rr_v1": {v1, seeds1}, "rr_v2": {v2, seeds2}} {
		exposed, err := propagate.Exposure(t.Context(), c.g, [][]float64{c.seeds}, nil, propagate.Options{})
		require.NoError(t, err)
		assert.Less(t, exposed.Walk.Residual[0], 1e-13)
		worst := 0.0
		for i, want := range csrtest.Numbers(t, expected[column]) {
			u, known := w.number[expected["party"][i]]
			require.True(t, known)
			worst = max(worst, math.Abs(want-exposed.Ratio[0][u]))
		}
		assert.Less(t, worst, 1e-9, column)
		t.Logf("%s: largest difference %.2g, %d steps, residual %.2g", column, worst, exposed.Walk.Steps[0], exposed.Walk.Residual[0])
	}
}
