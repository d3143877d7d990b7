package neo4j

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"rummage/graph"
)

// erased is the kind of a decision whose words were forgotten. Its number stays, so that numbers are never given twice.
const erased graph.Verdict = "erased"

const (
	askDecisions = "MATCH (d:Decision) RETURN properties(d) ORDER BY d.id"
	askDecision  = "MATCH (d:Decision {id: $id}) RETURN properties(d)"
	lastDecision = "MATCH (s:Store {id: 'rummage'}) RETURN s.decisions"
	putDecision  = `MATCH (s:Store {id: 'rummage'}) SET s.decisions = $row.id
WITH s MERGE (d:Decision {id: $row.id}) SET d = $row`
	askRun = "MATCH (r:Run {id: $id}) RETURN r.id"
	putRun = `MATCH (s:Store {id: 'rummage'}) SET s.runs = s.runs + 1
WITH s CREATE (r:Run) SET r = $row, r.seq = s.runs`
	askRuns = "MATCH (r:Run) WHERE $kind = '' OR r.kind = $kind RETURN properties(r) ORDER BY r.seq"
)

func decisionProperties(d *graph.Decision) map[string]any {
	sources := make([]string, len(d.Sources))
	for i, id := range d.Sources {
		sources[i] = string(id)
	}
	return map[string]any{"id": d.Seq, "subject": string(d.Subject), "other": given(string(d.Other)), "kind": string(d.Kind),
		"reason": given(d.Reason), "author": given(d.Author), "time": givenTime(d.Time), "sources": sources}
}

func decisionOf(p map[string]any) graph.Decision {
	d := graph.Decision{Seq: integer(p["id"]), Subject: graph.ID(text(p["subject"])), Other: graph.ID(text(p["other"])),
		Kind: graph.Verdict(text(p["kind"])), Reason: text(p["reason"]), Author: text(p["author"]), Time: instantOf(p["time"])}
	for _, id := range texts(p["sources"]) {
		d.Sources = append(d.Sources, graph.SourceID(id))
	}
	return d
}

// readDecisions returns all decisions in the order of saying, but not those
// that were erased.
func (s *Store) readDecisions(ctx context.Context) ([]graph.Decision, error) {
	var all []graph.Decision
	for record, err := range s.stream(ctx, cypher{text: askDecisions}) {
		if err != nil {
			return nil, err
		}
		p, _ := record.Values[0].(map[string]any)
		if d := decisionOf(p); d.Kind != erased {
			all = append(all, d)
		}
	}
	return all, nil
}

// Decide appends a decision.
func (s *Store) Decide(ctx context.Context, decision graph.Decision) (graph.Decision, error) {
	if err := decision.Check(); err != nil {
		return graph.Decision{}, err
	}
	ownTexts(&decision)
	err := s.write(ctx, "decide", func(t *transaction) error {
		found, err := t.run(cypher{text: lastDecision})
		if err != nil {
			return err
		}
		if len(found) != 1 {
			return s.broken(graph.ErrNotAStore, "database %s is no store any more", s.options.Database)
		}
		decision.Seq = integer(found[0].Values[0]) + 1
		_, err = t.run(cypher{putDecision, map[string]any{"row": decisionProperties(&decision)}})
		return err
	}, func(ctx context.Context) (bool, error) {
		had, err := s.decision(ctx, decision.Seq)
		return had != nil && sameDecision(had, &decision), err
	})
	if err != nil {
		return graph.Decision{}, err
	}
	return decision, nil
}

// ownTexts puts a decision into the form that comes back.
func ownTexts(d *graph.Decision) {
	d.Time = instant(d.Time)
	d.Subject, d.Other = graph.ID(valid(string(d.Subject))), graph.ID(valid(string(d.Other)))
	d.Reason, d.Author = valid(d.Reason), valid(d.Author)
}

// decision returns the decision of a number, nil when there is none.
func (s *Store) decision(ctx context.Context, seq int64) (*graph.Decision, error) {
	found, err := s.records(ctx, cypher{askDecision, map[string]any{"id": seq}})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	p, _ := found[0].Values[0].(map[string]any)
	d := decisionOf(p)
	return &d, nil
}

func sameDecision(a, b *graph.Decision) bool {
	return a.Subject == b.Subject && a.Other == b.Other && a.Kind == b.Kind && a.Reason == b.Reason && a.Author == b.Author &&
		a.Time.Equal(b.Time) && slices.Equal(a.Sources, b.Sources)
}

// SaveRun stores a run; one that is there already stays as it is.
func (s *Store) SaveRun(ctx context.Context, run graph.Run) error {
	run.Finished = instant(run.Finished)
	row, err := runProperties(&run)
	if err != nil {
		return fmt.Errorf("neo4j: save run %s: %w", run.ID, err)
	}
	// An answer that was lost does no harm: the run is then there already.
	return s.write(ctx, "save run", func(t *transaction) error {
		found, err := t.run(cypher{askRun, map[string]any{"id": row["id"]}})
		if err != nil || len(found) > 0 {
			return err
		}
		_, err = t.run(cypher{putRun, map[string]any{"row": row}})
		return err
	}, nil)
}

func runProperties(r *graph.Run) (map[string]any, error) {
	scope, err := json.Marshal(r.Scope)
	if err != nil {
		return nil, err
	}
	sources := make([]string, len(r.Scope.Sources))
	for i, id := range r.Scope.Sources {
		sources[i] = string(id)
	}
	return map[string]any{"id": string(r.ID), "previous": given(string(r.Previous)), "kind": r.Kind, "sources": sources,
		"until": givenDay(r.Scope.Until), "known_on": givenTime(r.Scope.KnownOn), "settings": rawText(r.Settings), "seed": int64(r.Seed),
		"results": rawText(r.Results), "decided": r.Decided, "finished": givenTime(r.Finished), "tool": r.Tool, propScope: string(scope)}, nil
}

func runOf(p map[string]any) (*graph.Run, error) {
	r := &graph.Run{ID: graph.RunID(text(p["id"])), Previous: graph.RunID(text(p["previous"])), Kind: text(p["kind"]),
		Settings: rawOf(p["settings"]), Seed: uint64(integer(p["seed"])), Results: rawOf(p["results"]), Decided: integer(p["decided"]),
		Finished: instantOf(p["finished"]), Tool: text(p["tool"])}
	err := json.Unmarshal([]byte(text(p[propScope])), &r.Scope)
	return r, err
}

// readRuns returns the runs of a kind, or all for "", in the order of saving.
func (s *Store) readRuns(ctx context.Context, kind string) ([]graph.Run, error) {
	var all []graph.Run
	for record, err := range s.stream(ctx, cypher{askRuns, map[string]any{"kind": kind}}) {
		if err != nil {
			return nil, err
		}
		p, _ := record.Values[0].(map[string]any)
		run, err := runOf(p)
		if err != nil {
			return nil, s.broken(graph.ErrDamaged, "run %s: scope: %v", text(p["id"]), err)
		}
		all = append(all, *run)
	}
	return all, nil
}
