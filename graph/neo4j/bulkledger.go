package neo4j

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"rummage/graph"
	"rummage/graph/neo4j/evidence"
)

// ledger writes what is not a record: sources, places and refused rows,
// decisions, runs, and the node of the store itself.
func (w *bulkWriter) ledger(ctx context.Context) error {
	for i := range w.sources {
		if err := w.source(ctx, &w.sources[i]); err != nil {
			return err
		}
	}
	decisions, err := w.reader.Decisions(ctx, "")
	if err != nil {
		return err
	}
	last := int64(0)
	for i := range decisions {
		d := &decisions[i]
		last = max(last, d.Seq)
		if err := w.node(labelDecision, strconv.FormatInt(d.Seq, 10), decisionProperties(d), "id"); err != nil {
			return err
		}
	}
	runs, err := w.reader.Runs(ctx, "")
	if err != nil {
		return err
	}
	for i := range runs {
		properties, err := runProperties(&runs[i])
		if err != nil {
			return err
		}
		properties["seq"] = int64(i + 1)
		if err := w.node(labelRun, string(runs[i].ID), properties); err != nil {
			return err
		}
	}
	return w.node(labelStore, "rummage", map[string]any{
		"format": int64(format), "generation": w.generation(), "sources": int64(len(w.sources)), "decisions": last, "runs": int64(len(runs)),
	})
}

// generation is the number of the last commit: one a source.
func (w *bulkWriter) generation() int64 { return int64(len(w.sources)) }

// node writes a node whose id is text. keep names properties that the id's own
// column does not write, since they are no text.
func (w *bulkWriter) node(label, id string, properties map[string]any, keep ...string) error {
	if len(keep) == 0 {
		delete(properties, "id")
	}
	w.count(1)
	return w.table(fileOf(label)).row([]string{id}, present(properties))
}

func (w *bulkWriter) source(ctx context.Context, s *graph.Source) error {
	number := w.numbers[s.ID]
	n := sourceNode{Source: *s, number: number, born: number}
	if s.EndedBy != graph.NotEnded {
		n.over = w.generation()
	}
	if err := w.node(labelSource, string(s.ID), n.properties()); err != nil {
		return err
	}
	if s.Replaced != "" {
		if err := w.table("replaced").row([]string{string(s.ID), string(s.Replaced)}, nil); err != nil {
			return err
		}
	}
	if s.EndedBy == graph.Purged {
		return nil
	}
	if err := w.places(ctx, s.ID, number); err != nil {
		return err
	}
	return w.refused(ctx, s, number)
}

func (w *bulkWriter) places(ctx context.Context, id graph.SourceID, number int64) error {
	var page []place
	flush := func() error {
		if len(page) == 0 {
			return nil
		}
		at := pageID(number, page[0].row>>pageBits)
		err := w.node(labelPlaces, at, map[string]any{"source": number, propPacked: packPlaces(page)})
		page = page[:0]
		return err
	}
	for one, err := range w.reader.Places(ctx, id) {
		if err != nil {
			return err
		}
		if len(page) > 0 && page[0].row>>pageBits != one.Row>>pageBits {
			if err := flush(); err != nil {
				return err
			}
		}
		page = append(page, place{one.Row, one.Span})
	}
	return flush()
}

func (w *bulkWriter) refused(ctx context.Context, s *graph.Source, number int64) error {
	var row []graph.RowError // the errors of one row
	flush := func() error {
		if len(row) == 0 {
			return nil
		}
		properties := refusedProperties(number, s.ID, &graph.Row{Number: row[0].Row, Offset: row[0].Span.Offset, Length: row[0].Span.Length, Errors: row})
		if row[0].Join != "" {
			n := slices.IndexFunc(s.Joined, func(j graph.Joined) bool { return j.Join == row[0].Join })
			properties = refusedJoinedProperties(number, n, s.ID, row)
		}
		err := w.node(labelRefused, properties["id"].(string), properties)
		row = row[:0]
		return err
	}
	for one, err := range w.reader.Quarantine(ctx, s.ID) {
		if err != nil {
			return err
		}
		if len(row) > 0 && (one.Row != row[0].Row || one.Join != row[0].Join) {
			if err := flush(); err != nil {
				return err
			}
		}
		row = append(row, one)
	}
	return flush()
}

// evidence copies the files' bytes into the folder.
func (w *bulkWriter) evidence(ctx context.Context) error {
	if w.options.Evidence == "" {
		return nil
	}
	folder, err := evidence.Open(w.options.Evidence)
	if err != nil {
		return err
	}
	var done []graph.SHA256
	for i := range w.sources {
		s := &w.sources[i]
		for _, sha := range s.Files() {
			if !s.Needs(sha) || slices.Contains(done, sha) {
				continue
			}
			done = append(done, sha)
			if err := w.keep(ctx, folder, sha); err != nil {
				return fmt.Errorf("neo4j: evidence of %s: %w", s.Name, err)
			}
		}
	}
	return nil
}

func (w *bulkWriter) keep(ctx context.Context, folder *evidence.Folder, sha graph.SHA256) error {
	file, err := w.reader.Evidence(ctx, sha)
	if err != nil {
		return err
	}
	_, err = folder.Keep(ctx, io.NewSectionReader(file, 0, file.Size()), sha)
	return errors.Join(err, file.Close())
}
