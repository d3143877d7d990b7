package evaluate

import (
	"errors"
	"fmt"

	"rummage/algo/flag"
	"rummage/graph"
)

// ErrTruth is returned for a truth that has nothing to do with the data.
var ErrTruth = errors.New("truth does not fit the data")

// Truth is what was planted in a world, by the ids of parties. Parties that
// never traded may be among them.
type Truth struct {
	Rings  [][]graph.ID
	Benign [][]graph.ID // closed groups that commit no crime
	Lone   []graph.ID   // offenders outside any ring
}

const nobody = -1

// planted is the truth as the analysis numbers parties.
type planted struct {
	ring   []int32 // of each node; nobody for most
	benign []int32
	lone   []bool
	size   []int // of each ring, members in the data
}

// plant finds the parties of the truth among the nodes.
func plant(a *flag.Analysis, identity *graph.Identity, truth Truth) (*planted, error) {
	n := len(a.View.IDs)
	p := &planted{ring: make([]int32, n), benign: make([]int32, n), lone: make([]bool, n), size: make([]int, len(truth.Rings))}
	for v := range n {
		p.ring[v], p.benign[v] = nobody, nobody
	}
	found := 0
	mark := func(groups [][]graph.ID, of []int32) {
		for g, members := range groups {
			for _, id := range members {
				if v, ok := a.View.Node(identity.Cluster(id)); ok {
					of[v] = int32(g)
					found++
				}
			}
		}
	}
	mark(truth.Rings, p.ring)
	if found == 0 {
		return nil, fmt.Errorf("evaluate: none of the members of %d rings is in the data: %w", len(truth.Rings), ErrTruth)
	}
	for _, ring := range p.ring {
		if ring != nobody {
			p.size[ring]++
		}
	}
	mark(truth.Benign, p.benign)
	for _, id := range truth.Lone {
		if v, ok := a.View.Node(identity.Cluster(id)); ok {
			p.lone[v] = true
		}
	}
	return p, nil
}
