package finding

import (
	"hash/fnv"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/algo/csr/csrtest"
	"rummage/fixtures"
)

// world is one of the synthetic trade worlds of fixtures as plain columns.
type world struct {
	ids   []string // dense id -> entity id
	trade Trade
	ring  []int // dense id -> planted ring, or -1
}

// worlds are read once and never changed.
var worlds = map[string]*world{}

// tried are the worlds of the fixtures; with -short one.
func tried() []string {
	if testing.Short() {
		return []string{"B2-11"}
	}
	return fixtures.Worlds()
}

func sharedWorld(t testing.TB, name string) *world {
	t.Helper()
	if worlds[name] == nil {
		worlds[name] = readWorld(t, name)
	}
	return worlds[name]
}

// key stands for hash(seed, id).
func key(id string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return mix(h.Sum64())
}

func keys(ids []string) []uint64 {
	list := make([]uint64, len(ids))
	for i, id := range ids {
		list[i] = key(id)
	}
	return list
}

// marks says which cells of a column say yes.
func marks(column []string) []bool {
	list := make([]bool, len(column))
	for i, cell := range column {
		list[i] = cell == "1"
	}
	return list
}

func readWorld(t testing.TB, name string) *world {
	t.Helper()
	rows := csrtest.Table(t, fixtures.Open, "worlds/"+name+"/consignments.csv.gz")
	addresses := csrtest.Table(t, fixtures.Open, "worlds/"+name+"/addresses.csv.gz")
	ids := slices.Concat(rows["importer"], rows["exporter"], rows["forwarder"], rows["port"], addresses["party"], addresses["address"])
	slices.Sort(ids)
	w := &world{ids: slices.Compact(ids)}
	w.trade.Nodes, w.trade.Keys = len(w.ids), keys(w.ids)
	w.trade.Consignments = Consignments{
		Key: keys(rows["number"]), Importer: w.nodes(rows["importer"]), Exporter: w.nodes(rows["exporter"]),
		Inspected: marks(rows["inspected"]), Hit: marks(rows["hit"]),
	}
	parties, used := w.nodes(addresses["party"]), w.nodes(addresses["address"])
	for i, party := range parties {
		w.trade.Identifiers = append(w.trade.Identifiers, Tie{Party: party, Identifier: used[i]})
	}
	w.readTruth(t, name)
	return w
}

func (w *world) node(id string) uint32 {
	at, ok := slices.BinarySearch(w.ids, id)
	if !ok {
		return None
	}
	return uint32(at)
}

func (w *world) nodes(ids []string) []uint32 { return mapped(ids, w.node) }

func (w *world) readTruth(t testing.TB, name string) {
	t.Helper()
	w.ring = make([]int, len(w.ids))
	for i := range w.ring {
		w.ring[i] = -1
	}
	truth := csrtest.Table(t, fixtures.Open, "worlds/"+name+"/truth.csv.gz")
	for i, party := range truth["party"] {
		v := w.node(party)
		if v == None || truth["ring"][i] == "" {
			continue // a party that never traded before the cut, or none of a ring
		}
		ring, err := strconv.Atoi(truth["ring"][i])
		require.NoError(t, err)
		w.ring[v] = ring
	}
}

// rings are the planted rings of which a group holds two members or more.
func (w *world) rings(members []uint32) []int {
	count := map[int]int{}
	var held []int
	for _, m := range members {
		if r := w.ring[m]; r >= 0 {
			count[r]++
			if count[r] == 2 {
				held = append(held, r)
			}
		}
	}
	return held
}
