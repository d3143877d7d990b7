package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"rummage/graph"
)

// erased is the kind of a decision whose words were forgotten. Its number stays, so that numbers are never given twice.
const erased graph.Verdict = "erased"

func decisionValues(d *graph.Decision) ([]any, error) {
	sources, err := json.Marshal(d.Sources)
	return []any{d.Seq, string(d.Subject), string(d.Other), string(d.Kind), d.Reason, d.Author, formatTime(d.Time), string(sources)}, err
}

func saveDecision(ctx context.Context, q querier, d *graph.Decision) error {
	values, err := decisionValues(d)
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `INSERT OR REPLACE INTO decision (seq, subject, other, kind, reason, author, time, sources, sum)
		VALUES (`+marks(len(values)+1)+`)`, append(values, sumOf("decision", values...))...)
	return err
}

// readDecisions visits all decisions in the order of saying, but not those
// that were erased.
func readDecisions(ctx context.Context, q querier, want int64, visit func(*graph.Decision)) error {
	rows, err := q.QueryContext(ctx, "SELECT seq, subject, other, kind, reason, author, time, sources, sum FROM decision ORDER BY seq")
	if err != nil {
		return err
	}
	defer rows.Close()
	n := int64(0)
	for rows.Next() {
		var d graph.Decision
		var at, sources string
		var sum int64
		if err := rows.Scan(&d.Seq, &d.Subject, &d.Other, &d.Kind, &d.Reason, &d.Author, &at, &sources, &sum); err != nil {
			return err
		}
		n++
		err := json.Unmarshal([]byte(sources), &d.Sources)
		if err == nil {
			d.Time, err = parseTime(at)
		}
		var values []any
		if err == nil {
			values, err = decisionValues(&d)
		}
		if err != nil || sum != sumOf("decision", values...) || d.Seq != n {
			return damaged(fmt.Sprint("decision ", d.Seq), "checksum or number")
		}
		if d.Kind != erased {
			visit(&d)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if n != want {
		return damaged("decision", fmt.Sprintf("%d rows instead of %d", n, want))
	}
	return nil
}

// Decide appends a decision.
func (s *Store) Decide(ctx context.Context, decision graph.Decision) (graph.Decision, error) {
	if err := decision.Check(); err != nil {
		return graph.Decision{}, err
	}
	decision.Time = instant(decision.Time)
	err := s.write(ctx, "decide", func(w *writeWork) error {
		w.state.decisions++
		decision.Seq = w.state.decisions
		return saveDecision(context.Background(), w.conn, &decision)
	})
	if err != nil {
		return graph.Decision{}, err
	}
	return decision, nil
}

func runValues(seq int64, r *graph.Run) ([]any, error) {
	scope, err := json.Marshal(r.Scope)
	return []any{seq, string(r.ID), string(r.Previous), r.Kind, string(scope), nullable(r.Settings), int64(r.Seed), nullable(r.Results),
		r.Decided, formatTime(r.Finished), r.Tool}, err
}

const runColumns = "seq, id, previous, kind, scope, settings, seed, results, decided, finished, tool"

// readRuns visits all runs in the order of saving.
func readRuns(ctx context.Context, q querier, want int64, visit func(*graph.Run)) error {
	rows, err := q.QueryContext(ctx, "SELECT "+runColumns+", sum FROM run ORDER BY seq")
	if err != nil {
		return err
	}
	defer rows.Close()
	n := int64(0)
	for ; rows.Next(); n++ {
		run, err := scanRun(rows)
		if err != nil {
			return err
		}
		visit(run)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if n != want {
		return damaged("run", fmt.Sprintf("%d rows instead of %d", n, want))
	}
	return nil
}

func scanRun(rows *sql.Rows) (*graph.Run, error) {
	r := &graph.Run{}
	var scope, finished string
	var settings, results sql.NullString
	var seq, seed, sum int64
	if err := rows.Scan(&seq, &r.ID, &r.Previous, &r.Kind, &scope, &settings, &seed, &results, &r.Decided, &finished, &r.Tool, &sum); err != nil {
		return nil, err
	}
	r.Seed = uint64(seed)
	if settings.Valid {
		r.Settings = json.RawMessage(settings.String)
	}
	if results.Valid {
		r.Results = json.RawMessage(results.String)
	}
	err := json.Unmarshal([]byte(scope), &r.Scope)
	if err == nil {
		r.Finished, err = parseTime(finished)
	}
	var values []any
	if err == nil {
		values, err = runValues(seq, r)
	}
	if err != nil || sum != sumOf("run", values...) {
		return nil, damaged(fmt.Sprint("run ", r.ID), "checksum")
	}
	return r, nil
}

// SaveRun stores a run; one that is there already stays as it is.
func (s *Store) SaveRun(ctx context.Context, run graph.Run) error {
	run.Finished = instant(run.Finished)
	return s.write(ctx, "save run", func(w *writeWork) error {
		bg := context.Background()
		var seq int64
		err := w.conn.QueryRowContext(bg, "SELECT seq FROM run WHERE id = ?", string(run.ID)).Scan(&seq)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if err := w.conn.QueryRowContext(bg, "SELECT COALESCE(MAX(seq), 0) + 1 FROM run").Scan(&seq); err != nil {
			return err
		}
		values, err := runValues(seq, &run)
		if err != nil {
			return err
		}
		w.state.runs++
		_, err = w.conn.ExecContext(bg, "INSERT INTO run ("+runColumns+", sum) VALUES ("+marks(len(values)+1)+")",
			append(values, sumOf("run", values...))...)
		return err
	})
}
