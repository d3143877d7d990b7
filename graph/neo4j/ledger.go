package neo4j

import (
	"context"
	"encoding/json"

	"rummage/graph"
)

// erased is the kind of a decision whose words were purged with a source that
// it rested on. Its number stays, so that numbers are never given twice.
const erased graph.Verdict = "erased"

const (
	askDecisions = "MATCH (d:Decision) RETURN properties(d) ORDER BY d.id"
	askRuns      = "MATCH (r:Run) WHERE $kind = '' OR r.kind = $kind RETURN properties(r) ORDER BY r.seq"
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

func runProperties(seq int64, r *graph.Run) (map[string]any, error) {
	scope, err := json.Marshal(r.Scope)
	if err != nil {
		return nil, err
	}
	sources := make([]string, len(r.Scope.Sources))
	for i, id := range r.Scope.Sources {
		sources[i] = string(id)
	}
	return map[string]any{"id": string(r.ID), "seq": seq, "previous": given(string(r.Previous)), "kind": r.Kind, "sources": sources,
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
