package sqlite

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"rummage/graph"
)

// AdoptSource adds the line of a source that another store purged.
func (s *Store) AdoptSource(ctx context.Context, source graph.Source) error {
	if source.EndedBy != graph.Purged || source.Ended.IsZero() || source.ImportedAt.IsZero() {
		return fmt.Errorf("sqlite: adopt source %s: it was not purged: %w", source.ID, graph.ErrInvalidRecord)
	}
	if source.Rows != source.Stored+source.Quarantined {
		return fmt.Errorf("sqlite: adopt source %s: %d rows are not %d and %d: %w", source.ID, source.Rows, source.Stored, source.Quarantined, graph.ErrInvalidRecord)
	}
	source.ImportedAt, source.Ended = instant(source.ImportedAt), instant(source.Ended)
	return s.write(ctx, "adopt source "+string(source.ID), func(w *writeWork) error { return w.adopt(source) })
}

func (w *writeWork) adopt(source graph.Source) error {
	all, err := w.sources()
	if err != nil {
		return err
	}
	n := 0
	for i := range all {
		had := &all[i]
		if had.ID == source.ID {
			return nil
		}
		if had.Reading() == source.Reading() {
			if had.Ended.IsZero() {
				return &graph.AlreadyImportedError{Source: had.Source}
			}
			n++
		}
	}
	if want := source.SourceSpec.ID(n); want != source.ID {
		return fmt.Errorf("the next import of its file, part, mapping and options is %s here: %w", want, graph.ErrInvalidRecord)
	}
	if err := w.replaceReadings(all, &source); err != nil {
		return err
	}
	row := sourceRow{Source: source, num: w.state.sources + 1}
	row.Dialect, row.Joined = slices.Clone(source.Dialect), slices.Clone(source.Joined)
	w.state.sources++
	return row.save(context.Background(), w.conn)
}

// AdoptDecision appends a decision under the number that another store gave
// it. Numbers that it skips are kept as those of erased decisions.
func (s *Store) AdoptDecision(ctx context.Context, decision graph.Decision) error {
	if decision.Seq < 1 || decision.Subject == "" || decision.Time.IsZero() || !slices.Contains(graph.Verdicts(), decision.Kind) {
		return fmt.Errorf("sqlite: adopt decision %d: without number, subject, kind or time: %w", decision.Seq, graph.ErrInvalidRecord)
	}
	decision.Time = instant(decision.Time)
	return s.write(ctx, fmt.Sprint("adopt decision ", decision.Seq), func(w *writeWork) error {
		if decision.Seq <= w.state.decisions {
			return w.holds(&decision)
		}
		bg := context.Background()
		for w.state.decisions++; w.state.decisions < decision.Seq; w.state.decisions++ {
			if err := saveDecision(bg, w.conn, &graph.Decision{Seq: w.state.decisions, Kind: erased}); err != nil {
				return err
			}
		}
		return saveDecision(bg, w.conn, &decision)
	})
}

// holds returns an error unless the decision is there with the same words.
func (w *writeWork) holds(want *graph.Decision) error {
	same := false
	err := readDecisions(context.Background(), w.conn, w.state.decisions, func(d *graph.Decision) {
		if d.Seq != want.Seq {
			return
		}
		had, is := *d, *want
		same = slices.Equal(had.Sources, is.Sources) && had.Time.Equal(is.Time)
		had.Sources, is.Sources, is.Time = nil, nil, had.Time
		same = same && reflect.DeepEqual(had, is)
	})
	if err == nil && !same {
		err = fmt.Errorf("the number was given to other words: %w", graph.ErrInvalidRecord)
	}
	return err
}
