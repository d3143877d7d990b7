package redaction

import (
	"fmt"
	"slices"
	"strings"

	"rummage/casefile/subgraph"
	"rummage/graph"
)

// Log says what was taken out, without saying it.
type Log struct {
	// Persons, IDs and Fields are what was asked for: all persons, how many ids, values of which names.
	Persons bool     `json:"persons"`
	IDs     int      `json:"ids"`
	Fields  []string `json:"fields"`
	// Key tells case files that were redacted with the same key: in these a pseudonym is the same party.
	Key string `json:"key"`
	// Removed counts the attributes that were left out, by name.
	Removed map[string]int `json:"removed"`
	// Respelled counts what was found in another spelling than it is stored in, and replaced: by the name of the attribute; label for names of
	// who is shown, rows for cells, texts for explanations and the like.
	Respelled map[string]int `json:"respelled"`
	// Wording counts what is a word of the case file's own wording, and was taken out where it stood as a word of its own, see Wording.
	Wording int `json:"wording"`
	// Rows counts the rows whose cells were withheld, since they speak of somebody who is redacted.
	Rows       int         `json:"rows_withheld"`
	Pseudonyms []Pseudonym `json:"pseudonyms"`
}

// Pseudonym is one that was redacted.
type Pseudonym struct {
	ID   graph.ID `json:"id"`
	Kind string   `json:"kind"`
	// K is among how many pseudonyms it is one that cannot be told apart by kind, ties and partners. Who knows the partners of one with K 1
	// knows who it is.
	K int `json:"k"`
}

// Values is how many attributes were left out.
func (l *Log) Values() int {
	n := 0
	for _, count := range l.Removed {
		n += count
	}
	return n
}

// Below counts the pseudonyms that are one of fewer than k that look alike; below 2 are those that no other one looks like.
func (l *Log) Below(k int) int {
	n := 0
	for _, p := range l.Pseudonyms {
		if p.K < k {
			n++
		}
	}
	return n
}

// anonymity counts for each pseudonym how many have the same signature: kind, whether it was asked for, and each tie by role, direction and
// partner; a partner that is shown counts by its id, a redacted one by its kind and degree.
func anonymity(g *subgraph.Graph, pseudonyms []graph.ID) []Pseudonym {
	degree, kinds, chosen := map[graph.ID]int{}, map[graph.ID]string{}, map[graph.ID]bool{}
	for i := range g.Nodes {
		kinds[g.Nodes[i].ID], chosen[g.Nodes[i].ID] = g.Nodes[i].Kind, g.Nodes[i].Chosen
	}
	for i := range g.Edges {
		degree[g.Edges[i].From]++
		degree[g.Edges[i].To]++
	}
	seen := func(id graph.ID) string {
		if _, redacted := slices.BinarySearch(pseudonyms, id); redacted {
			return fmt.Sprintf("%s of %d", kinds[id], degree[id])
		}
		return string(id)
	}
	ties := map[graph.ID][]string{}
	for i := range g.Edges {
		e := &g.Edges[i]
		ties[e.From] = append(ties[e.From], "to "+e.Kind+" "+seen(e.To))
		ties[e.To] = append(ties[e.To], "from "+e.Kind+" "+seen(e.From))
	}
	signatures, count := make([]string, len(pseudonyms)), map[string]int{}
	for i, id := range pseudonyms {
		slices.Sort(ties[id])
		signatures[i] = fmt.Sprintf("%s %t\n%s", kinds[id], chosen[id], strings.Join(ties[id], "\n"))
		count[signatures[i]]++
	}
	all := make([]Pseudonym, 0, len(pseudonyms))
	for i, id := range pseudonyms {
		all = append(all, Pseudonym{id, kinds[id], count[signatures[i]]})
	}
	return all
}
