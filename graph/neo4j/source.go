package neo4j

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"rummage/graph"
)

// sourceNode is a source with what the database adds.
type sourceNode struct {
	graph.Source
	number int64 // under which records name it; never given twice
	born   int64 // generation of the store that shows it first
	over   int64 // generation that shows it as ended first, 0 while it counts
}

const (
	askGeneration = "MATCH (s:Store {id: 'rummage'}) RETURN s.generation"
	askSources    = "MATCH (s:Source) RETURN properties(s) ORDER BY s.number"
)

// properties returns what the node holds.
func (n *sourceNode) properties() map[string]any {
	p := map[string]any{
		"id": string(n.ID), "number": n.number, "name": n.Name, "sha256": string(n.SHA256), "size": n.Size, "mapping": n.Mapping,
		"part": given(n.Part), "rules": string(n.Rules), "options": n.Options, "joined": joinedText(n.Joined), "dialect": rawText(n.Dialect), "handling": given(n.Handling), "grading": given(n.Grading),
		"owner": given(n.Owner), "retention": givenDay(n.Retention), "imported": instant(n.ImportedAt),
		"rows": n.Rows, "stored": n.Stored, "quarantined": n.Quarantined, "consignments": n.Consignments, "newest": givenDay(n.Newest),
		"evidence": n.HasEvidence, "ended": givenTime(n.Ended), "ended_by": given(string(n.EndedBy)), "reason": given(n.Reason),
		"replaced": given(string(n.Replaced)), propBorn: n.born, propOver: given(n.over),
	}
	return p
}

// sourceOf reads what properties wrote.
func sourceOf(p map[string]any) sourceNode {
	n := sourceNode{number: integer(p["number"]), born: integer(p[propBorn]), over: integer(p[propOver])}
	n.ID, n.Name, n.SHA256, n.Size = graph.SourceID(text(p["id"])), text(p["name"]), graph.SHA256(text(p["sha256"])), integer(p["size"])
	n.Part = text(p["part"])
	n.Mapping, n.Rules, n.Options = text(p["mapping"]), graph.SHA256(text(p["rules"])), text(p["options"])
	n.Joined, n.Dialect = joinedOf(p["joined"]), rawOf(p["dialect"])
	n.Handling, n.Grading, n.Owner = text(p["handling"]), text(p["grading"]), text(p["owner"])
	n.Retention, n.ImportedAt = dayOf(p["retention"]), instantOf(p["imported"])
	n.Rows, n.Stored, n.Quarantined = integer(p["rows"]), integer(p["stored"]), integer(p["quarantined"])
	n.Consignments, n.Newest = integer(p["consignments"]), dayOf(p["newest"])
	n.HasEvidence, _ = p["evidence"].(bool)
	n.Ended, n.EndedBy, n.Reason = instantOf(p["ended"]), graph.EndKind(text(p["ended_by"])), text(p["reason"])
	n.Replaced = graph.SourceID(text(p["replaced"]))
	return n
}

// joinedText writes the joined files as one text.
func joinedText(all []graph.Joined) any {
	if len(all) == 0 {
		return nil
	}
	text, _ := json.Marshal(all) // of texts and numbers: it cannot fail
	return string(text)
}

// joinedOf reads what joinedText wrote; what others wrote there is no list.
func joinedOf(value any) (all []graph.Joined) {
	if t, ok := value.(string); !ok || json.Unmarshal([]byte(t), &all) != nil {
		return nil
	}
	return all
}

func rawText(raw json.RawMessage) any {
	if raw == nil {
		return nil
	}
	return string(raw)
}

func rawOf(value any) json.RawMessage {
	if t, ok := value.(string); ok {
		return json.RawMessage(t)
	}
	return nil
}

// at returns the source as a generation of the store shows it, ok false when it
// does not. A server shows the changes of a transaction one after another, so
// the one number of the generation, read first, says which of them count.
func (n *sourceNode) at(generation int64) (shown sourceNode, ok bool) {
	shown = *n
	if n.over > generation {
		shown.Ended, shown.EndedBy, shown.Reason, shown.Replaced, shown.over = graph.Source{}.Ended, graph.NotEnded, "", "", 0
	}
	return shown, n.born <= generation
}

// sourceNodes returns the sources as the last commit left them, by number. The
// list is kept as long as nothing is committed, since every reader begins with
// it, with the generation of that commit. The caller must not change what Dialect
// and Joined point to.
func (s *Store) sourceNodes(ctx context.Context) (all []sourceNode, generation int64, err error) {
	generation, err = s.generation(ctx)
	if err != nil {
		return nil, 0, err
	}
	s.mu.Lock()
	if s.listed != nil && s.listedAt == generation {
		defer s.mu.Unlock()
		return slices.Clone(s.listed), generation, nil
	}
	s.mu.Unlock()
	all = []sourceNode{}
	for record, err := range s.stream(ctx, cypher{text: askSources}) {
		if err != nil {
			return nil, 0, err
		}
		p, _ := record.Values[0].(map[string]any)
		whole := sourceOf(p)
		if shown, ok := whole.at(generation); ok {
			all = append(all, shown)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listed, s.listedAt = all, generation
	return slices.Clone(all), generation, nil
}

// generation returns the number of the last commit that changed sources.
func (s *Store) generation(ctx context.Context) (int64, error) {
	found, err := s.records(ctx, cypher{text: askGeneration})
	if err != nil {
		return 0, err
	}
	if len(found) != 1 {
		return 0, s.broken(graph.ErrNotAStore, "database %s is no store any more", s.options.Database)
	}
	return integer(found[0].Values[0]), nil
}

// Sources lists every source ever imported, by time of import, then id.
func (s *Store) Sources(ctx context.Context) ([]graph.Source, error) {
	nodes, _, err := s.sourceNodes(ctx)
	if err != nil {
		return nil, err
	}
	erasing := map[graph.SourceID]bool{}
	for record, err := range s.stream(ctx, cypher{text: askUnfinished}) {
		if err != nil {
			return nil, err
		}
		p, _ := record.Values[0].(map[string]any)
		if l := ledgerOf(p); l.erase {
			erasing[l.id] = true
		}
	}
	all := make([]graph.Source, len(nodes))
	for i := range nodes {
		all[i] = nodes[i].Source
		all[i].Unfinished = erasing[all[i].ID]
		all[i].Dialect, all[i].Joined = slices.Clone(nodes[i].Dialect), slices.Clone(nodes[i].Joined)
	}
	slices.SortFunc(all, func(a, b graph.Source) int {
		return cmp.Or(a.ImportedAt.Compare(b.ImportedAt), strings.Compare(string(a.ID), string(b.ID)))
	})
	return all, nil
}
