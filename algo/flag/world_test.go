package flag

import (
	"encoding/csv"
	"hash/fnv"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/fixtures"
)

// world is one of the synthetic trade worlds of fixtures/worlds, read with nothing but encoding/csv.
type world struct {
	ids   []string // dense id -> entity id
	trade Trade
	ring  []int // dense id -> planted ring, or -1
}

var worldNames = []string{"L2-11", "B2-11", "B2-12", "B3-11"}

// worlds are read once and never changed.
var worlds sync.Map

func sharedWorld(name string) *world {
	read, _ := worlds.LoadOrStore(name, sync.OnceValue(func() *world {
		w, err := readWorld(name)
		if err != nil {
			panic(err) // a fixture of ours is broken; no test can go on
		}
		return w
	}))
	return read.(func() *world)()
}

func readRows(t testing.TB, name string) [][]string {
	t.Helper()
	rows, err := readFixture(name)
	require.NoError(t, err)
	return rows
}

// readFixture returns the rows below the header.
func readFixture(name string) ([][]string, error) {
	file, err := fixtures.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, err
	}
	return rows[1:], nil
}

// key stands for hash(seed, id).
func key(id string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return mix(h.Sum64())
}

func readWorld(name string) (*world, error) {
	rows, err := readFixture("worlds/" + name + "/consignments.csv.gz") // number,day,importer,exporter,forwarder,port,inspected,hit
	if err != nil {
		return nil, err
	}
	addresses, err := readFixture("worlds/" + name + "/addresses.csv.gz") // party,address
	if err != nil {
		return nil, err
	}
	w := &world{}
	for _, r := range rows {
		w.ids = append(w.ids, r[2:6]...)
	}
	for _, r := range addresses {
		w.ids = append(w.ids, r...)
	}
	slices.Sort(w.ids)
	w.ids = slices.Compact(w.ids)
	w.trade.Nodes = len(w.ids)
	for _, id := range w.ids {
		w.trade.Keys = append(w.trade.Keys, key(id))
	}
	c := &w.trade.Consignments
	for _, r := range rows {
		c.Key = append(c.Key, key(r[0]))
		c.Importer, c.Exporter = append(c.Importer, w.node(r[2])), append(c.Exporter, w.node(r[3]))
		c.Inspected, c.Hit = append(c.Inspected, r[6] == "1"), append(c.Hit, r[7] == "1")
	}
	for _, r := range addresses {
		w.trade.Identifiers = append(w.trade.Identifiers, Tie{Party: w.node(r[0]), Identifier: w.node(r[1])})
	}
	return w, w.readTruth(name)
}

func (w *world) node(id string) uint32 {
	at, ok := slices.BinarySearch(w.ids, id)
	if !ok {
		return None
	}
	return uint32(at)
}

func (w *world) readTruth(name string) error {
	w.ring = make([]int, len(w.ids))
	for i := range w.ring {
		w.ring[i] = -1
	}
	rows, err := readFixture("worlds/" + name + "/truth.csv.gz") // party,ring,benign_group,lone_offender
	if err != nil {
		return err
	}
	for _, r := range rows {
		v := w.node(r[0])
		if v == None || r[1] == "" {
			continue // a party that never traded before the cut, or none of a ring
		}
		if w.ring[v], err = strconv.Atoi(r[1]); err != nil {
			return err
		}
	}
	return nil
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
