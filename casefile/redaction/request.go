package redaction

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"rummage/casefile/subgraph"
	"rummage/graph"
)

var (
	// ErrRequest is returned for a word that names nothing that can be redacted.
	ErrRequest = errors.New("nothing that can be redacted: use persons, the id of an entity or a consignment, or field:NAME")
	// ErrAbsent is returned for what is not in the case file: whoever asks for it may have mistyped it, and think that it is gone.
	ErrAbsent = errors.New("what is to be redacted is not there")
	// ErrNoKey is returned where there is no key.
	ErrNoKey = errors.New("pseudonyms need a key")
	// ErrKey is returned for a key that could be guessed.
	ErrKey = errors.New("the key is too short: 16 bytes at least")
)

// leastKey is the least length of a key, in bytes.
const leastKey = 16

// CheckKey refuses a key that could be guessed: ErrNoKey, ErrKey.
func CheckKey(key []byte) error {
	switch {
	case len(key) == 0:
		return fmt.Errorf("redaction: %w", ErrNoKey)
	case len(key) < leastKey:
		return fmt.Errorf("redaction: %w", ErrKey)
	}
	return nil
}

// Request says what is to be redacted.
type Request struct {
	Persons bool
	IDs     []graph.ID
	Fields  []string // names of properties and fields
}

// Parse reads words: persons, an id, or field:NAME. ErrRequest.
func Parse(words []string) (*Request, error) {
	r := &Request{}
	for _, word := range words {
		field, isField := strings.CutPrefix(word, "field:")
		id := graph.ID(word)
		switch {
		case word == "persons":
			r.Persons = true
		case isField && graph.ValidName(field):
			r.Fields = append(r.Fields, field)
		case !isField && id.Kind() != graph.NoKind && id.Check() == nil:
			r.IDs = append(r.IDs, id)
		default:
			return nil, fmt.Errorf("redaction: %q: %w", word, ErrRequest)
		}
	}
	slices.Sort(r.IDs)
	slices.Sort(r.Fields)
	r.IDs, r.Fields = slices.Compact(r.IDs), slices.Compact(r.Fields)
	return r, nil
}

// ofPersons are properties that only persons have.
var ofPersons = []string{"born", "birth_date", "birth_place", "given_name", "family_name", "gender", "sex", "passport", "identity_number"}

// descriptive are names of values that many share. They are taken out with whom they describe, and not hunted: a country stands in many places.
var descriptive = []string{
	"city", "country", "currency", "gender", "legal_form", "nationality", "position", "postcode", "region", "sector", "sex", "shares",
	"since", "status", "type", "until", "view", subgraph.Outcome, "topics", "program", "list",
}

// contacts are kinds that lead to those that have them: they are redacted with these, unless somebody else has them too.
var contacts = []string{graph.Address.String(), graph.Phone.String(), graph.Email.String(), graph.Identifier.String()}

// persons lists the parties that are persons: directors, those with a property that only persons have, and those of whom known says so.
func persons(g *subgraph.Graph, known func(*subgraph.Node) bool) map[graph.ID]bool {
	directs := map[graph.ID]bool{}
	for i := range g.Edges {
		if g.Edges[i].Kind == graph.DirectorOf.String() {
			directs[g.Edges[i].From] = true
		}
	}
	all := map[graph.ID]bool{}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if n.Kind != graph.Party.String() {
			continue
		}
		personal := slices.ContainsFunc(n.Attributes, func(a subgraph.Attribute) bool { return slices.Contains(ofPersons, a.Name) })
		if directs[n.ID] || personal || known != nil && known(n) {
			all[n.ID] = true
		}
	}
	return all
}

// chosen lists the nodes to be redacted, the contacts that only they have among them. ErrAbsent.
func (r *Request) chosen(g *subgraph.Graph, known func(*subgraph.Node) bool) (map[graph.ID]bool, error) {
	all := map[graph.ID]bool{}
	if r.Persons {
		all = persons(g, known)
	}
	for _, id := range r.IDs {
		i := slices.IndexFunc(g.Nodes, func(n subgraph.Node) bool { return n.ID == id || slices.Contains(n.Records, id) })
		if i < 0 {
			return nil, fmt.Errorf("redaction: %s: %w", id, ErrAbsent)
		}
		all[g.Nodes[i].ID] = true
	}
	for _, field := range r.Fields {
		if !holds(g, field) {
			return nil, fmt.Errorf("redaction: field %s: %w; there are: %s", field, ErrAbsent, strings.Join(fields(g), ", "))
		}
	}
	shared := map[graph.ID]bool{} // that somebody else is tied to
	had := map[graph.ID]bool{}
	for i := range g.Edges {
		e := &g.Edges[i]
		for _, end := range [][2]graph.ID{{e.From, e.To}, {e.To, e.From}} {
			if all[end[1]] {
				had[end[0]] = true
			} else {
				shared[end[0]] = true
			}
		}
	}
	for i := range g.Nodes {
		if n := &g.Nodes[i]; slices.Contains(contacts, n.Kind) && had[n.ID] && !shared[n.ID] {
			all[n.ID] = true
		}
	}
	return all, nil
}

// fields lists the names of all attributes, ordered.
func fields(g *subgraph.Graph) []string {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(g.NodeNames(), g.EdgeNames()))))
}

func holds(g *subgraph.Graph, field string) bool { return slices.Contains(fields(g), field) }
