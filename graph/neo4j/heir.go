package neo4j

import (
	"context"
	"fmt"
	"slices"

	"rummage/graph"
)

var (
	_ graph.Heir      = (*Store)(nil)
	_ graph.Publisher = (*Store)(nil)
)

// AdoptSource adds the line of a source that another store purged.
func (s *Store) AdoptSource(ctx context.Context, source graph.Source) error {
	if source.EndedBy != graph.Purged || source.ImportedAt.IsZero() || source.Ended.IsZero() {
		return fmt.Errorf("neo4j: adopt source %s: it was not purged: %w", source.ID, graph.ErrInvalidRecord)
	}
	if source.Rows != source.Stored+source.Quarantined {
		return fmt.Errorf("neo4j: adopt source %s: %d rows are not %d and %d: %w", source.ID, source.Rows, source.Stored, source.Quarantined, graph.ErrInvalidRecord)
	}
	w, err := s.begin(ctx, "adopt source "+string(source.ID))
	if err != nil {
		return err
	}
	defer w.release()
	c, err := w.census(ctx)
	if err != nil || c.find(source.ID) != nil {
		return err
	}
	id, err := c.next(&source.SourceSpec)
	if err != nil {
		return err
	}
	if id != source.ID {
		return fmt.Errorf("neo4j: adopt source %s: the next import of its file, mapping and options is %s here: %w", source.ID, id, graph.ErrInvalidRecord)
	}
	n := sourceNode{Source: source, number: c.given + 1, born: c.generation + 1, over: c.generation + 1}
	n.ImportedAt, n.Ended = instant(n.ImportedAt), instant(n.Ended)
	if err := w.transact(ctx, func(t *transaction) error { return t.putSource(&n, c.replacedBy(&n)) }, nil); err != nil {
		return err
	}
	return w.show(ctx, n.born)
}

// AdoptDecision appends a decision under the number that another store gave it.
func (s *Store) AdoptDecision(ctx context.Context, decision graph.Decision) error {
	if decision.Seq < 1 || decision.Subject == "" || decision.Time.IsZero() || !slices.Contains(graph.Verdicts(), decision.Kind) {
		return fmt.Errorf("neo4j: adopt decision %d: without number, subject, kind or time: %w", decision.Seq, graph.ErrInvalidRecord)
	}
	ownTexts(&decision)
	// An answer that was lost does no harm: the decision is then there already.
	return s.write(ctx, fmt.Sprint("adopt decision ", decision.Seq), func(t *transaction) error {
		found, err := t.run(cypher{askDecision, map[string]any{"id": decision.Seq}})
		if err != nil {
			return err
		}
		if len(found) > 0 {
			p, _ := found[0].Values[0].(map[string]any)
			if had := decisionOf(p); !sameDecision(&had, &decision) {
				return s.broken(graph.ErrInvalidRecord, "decision %d is there with other words", decision.Seq)
			}
			return nil
		}
		if found, err = t.run(cypher{text: lastDecision}); err != nil {
			return err
		}
		if len(found) != 1 || decision.Seq <= integer(found[0].Values[0]) {
			return s.broken(graph.ErrInvalidRecord, "decision %d comes after a later one", decision.Seq)
		}
		_, err = t.run(cypher{putDecision, map[string]any{"row": decisionProperties(&decision)}})
		return err
	}, nil)
}

const (
	dropPublished = `MATCH (r:Run {kind: $kind})-[:REPORTED]->(x) DETACH DELETE x`
	putNetworks   = `MATCH (run:Run {id: $run})
UNWIND $rows AS row
CREATE (n:Network) SET n = row.p
CREATE (run)-[:REPORTED]->(n)
WITH n, row UNWIND row.members AS member
MATCH (e:Entity {id: member[0]}) CREATE (n)-[:MEMBER {role: member[1]}]->(e)`
	putLeads = `MATCH (run:Run {id: $run})
UNWIND $rows AS row
CREATE (l:Lead) SET l = row.p
CREATE (run)-[:REPORTED]->(l)
WITH l, row MATCH (e:Entity {id: row.entity}) CREATE (l)-[:ABOUT]->(e)`
)

// Publish shows what a run reported: networks with a relationship to each
// member, leads with one to the entity that they are about. The run must be
// saved. What an earlier run of the same kind reported goes away with it.
func (s *Store) Publish(ctx context.Context, p graph.Publication) error {
	networks := make([]any, len(p.Networks))
	for i := range p.Networks {
		networks[i] = networkRow(&p, &p.Networks[i])
	}
	leads := make([]any, len(p.Leads))
	for i, l := range p.Leads {
		leads[i] = map[string]any{"entity": string(l.Entity), "p": map[string]any{
			"id": fmt.Sprintf("%s/%06d", p.Kind, l.Rank), "kind": p.Kind, "run": string(p.Run), "rank": int64(l.Rank), "score": l.Score}}
	}
	return s.write(ctx, "publish", func(t *transaction) error {
		found, err := t.run(cypher{askRun, map[string]any{"id": string(p.Run)}})
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return s.broken(graph.ErrNotFound, "run %s is not saved, so that what it reported cannot be shown", p.Run)
		}
		if _, err := t.run(cypher{dropPublished, map[string]any{"kind": p.Kind}}); err != nil {
			return err
		}
		if err := t.rows(len(networks), cypher{putNetworks, map[string]any{"run": string(p.Run), "rows": networks}}); err != nil {
			return err
		}
		return t.rows(len(leads), cypher{putLeads, map[string]any{"run": string(p.Run), "rows": leads}})
	}, nil)
}

// ofNetwork are names that a figure must not take.
var ofNetwork = []string{"id", "kind", "run", "state", "grade"}

func networkRow(p *graph.Publication, n *graph.PublishedNetwork) map[string]any {
	properties := map[string]any{}
	for name, value := range n.Figures {
		if graph.ValidName(name) && !slices.Contains(ofNetwork, name) {
			properties[name] = value
		}
	}
	properties["id"], properties["kind"], properties["run"] = n.ID, p.Kind, string(p.Run)
	properties["state"], properties["grade"] = given(n.State), given(n.Grade)
	members := make([]any, len(n.Members))
	for i, m := range n.Members {
		members[i] = []any{string(m.Entity), m.Role}
	}
	return map[string]any{"p": properties, "members": members}
}
