package sqlite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"rummage/graph"
)

// ending finds the source that is to end, and all of them.
func (w *writeWork) ending(id graph.SourceID) (*sourceRow, []sourceRow, error) {
	all, err := w.sources()
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(all, func(r sourceRow) bool { return r.ID == id })
	if i < 0 {
		return nil, nil, fmt.Errorf("source %s: %w", id, graph.ErrUnknownSource)
	}
	return &all[i], all, nil
}

func ended(r *sourceRow) error {
	return fmt.Errorf("source %s: %s on %s: %w", r.ID, r.EndedBy, formatTime(r.Ended), graph.ErrEnded)
}

// Withdraw ends a source by a dated mark.
func (s *Store) Withdraw(ctx context.Context, id graph.SourceID, when time.Time, reason string) error {
	if when.IsZero() {
		return fmt.Errorf("sqlite: withdraw %s: no time: %w", id, graph.ErrInvalidRecord)
	}
	return s.write(ctx, "withdraw", func(w *writeWork) error {
		r, _, err := w.ending(id)
		if err != nil {
			return err
		}
		if !r.Ended.IsZero() {
			return ended(r)
		}
		r.Ended, r.EndedBy, r.Reason = instant(when), graph.Withdrawn, reason
		return r.save(context.Background(), w.conn)
	})
}

// Purge erases a source. Its segments are rewritten without it; runs that used
// it are deleted, since nobody could see them any more; pages that are left over
// are cut off the file, and the journal is emptied as soon as no reader needs it.
func (s *Store) Purge(ctx context.Context, id graph.SourceID, when time.Time, reason string) error {
	if when.IsZero() {
		return fmt.Errorf("sqlite: purge %s: no time: %w", id, graph.ErrInvalidRecord)
	}
	w, err := s.begin(ctx, "purge")
	if err != nil {
		return err
	}
	if err := w.purge(ctx, id, when, reason); err != nil {
		w.abort()
		return errorOf(w.what, err)
	}
	return w.commitClean(ctx)
}

func (w *writeWork) purge(ctx context.Context, id graph.SourceID, when time.Time, reason string) error {
	r, all, err := w.ending(id)
	if err != nil {
		return err
	}
	if r.EndedBy == graph.Purged {
		return ended(r)
	}
	bg := context.Background()
	if err := w.purgeSegments(ctx, id); err != nil {
		return err
	}
	if err := errors.Join(placeBlocks.erase(bg, w.conn, r.num), refusedBlocks.erase(bg, w.conn, r.num)); err != nil {
		return err
	}
	if err := w.purgeFiles(r, all); err != nil {
		return err
	}
	if err := w.purgeRuns(id); err != nil {
		return err
	}
	r.Ended, r.EndedBy, r.Reason = instant(when), graph.Purged, reason
	r.places, r.refused = 0, 0
	return r.save(bg, w.conn)
}

// purgeSegments rewrites the segments that hold the source.
func (w *writeWork) purgeSegments(ctx context.Context, id graph.SourceID) error {
	rows, err := readSegments(context.Background(), w.conn, w.state.segments)
	if err != nil {
		return err
	}
	readers, err := openSegments(w.conn, w.store, w.state.segments)
	if err != nil {
		return err
	}
	for i := range rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		if slices.Contains(readers[i].Sources, id) {
			if err := w.merge(rows[i:i+1], id); err != nil {
				return err
			}
		}
	}
	return nil
}

// purgeFiles erases the files of a source that no other needs.
func (w *writeWork) purgeFiles(r *sourceRow, all []sourceRow) error {
	if !r.HasEvidence {
		return nil
	}
	for _, sha := range r.Files() {
		if slices.ContainsFunc(all, func(other sourceRow) bool { return other.ID != r.ID && other.Needs(sha) }) {
			continue
		}
		if err := w.purgeFile(sha); err != nil {
			return err
		}
	}
	return nil
}

func (w *writeWork) purgeFile(sha graph.SHA256) error {
	num, _, err := findFile(context.Background(), w.conn, sha)
	if err != nil {
		return err
	}
	w.state.files--
	if err := fileBlocks.erase(context.Background(), w.conn, num); err != nil {
		return err
	}
	return execOne(context.Background(), w.conn, "DELETE FROM file WHERE num = ?", num)
}

func (w *writeWork) purgeRuns(id graph.SourceID) error {
	bg := context.Background()
	var runs []graph.RunID
	err := readRuns(bg, w.conn, w.state.runs, func(run *graph.Run) {
		if slices.Contains(run.Scope.Sources, id) {
			runs = append(runs, run.ID)
		}
	})
	if err != nil {
		return err
	}
	for _, run := range runs {
		if err := execOne(bg, w.conn, "DELETE FROM run WHERE id = ?", string(run)); err != nil {
			return err
		}
		w.state.runs--
	}
	return nil
}

// Forget erases the words of decisions, off the disk too.
func (s *Store) Forget(ctx context.Context, decisions []int64) error {
	w, err := s.begin(ctx, "forget")
	if err != nil {
		return err
	}
	var words []graph.Decision
	err = readDecisions(ctx, w.conn, w.state.decisions, func(d *graph.Decision) {
		if slices.Contains(decisions, d.Seq) {
			words = append(words, graph.Decision{Seq: d.Seq, Kind: erased, Sources: d.Sources})
		}
	})
	for i := 0; i < len(words) && err == nil; i++ {
		err = saveDecision(context.Background(), w.conn, &words[i])
	}
	if err != nil {
		w.abort()
		return errorOf(w.what, interrupted(ctx, err))
	}
	return w.commitClean(ctx)
}

// commitClean commits and gives what was freed back to the disk. Free pages
// still hold what was deleted; cutting them off the file takes it out.
func (w *writeWork) commitClean(ctx context.Context) error {
	w.store.cache.clear()
	w.keepOpen = true
	if err := w.commit(ctx); err != nil {
		return err
	}
	defer w.close()
	rows, err := w.conn.QueryContext(context.Background(), "PRAGMA incremental_vacuum")
	if err == nil {
		for rows.Next() { // it does a page a step
		}
		err = errors.Join(rows.Err(), rows.Close())
	}
	if err != nil {
		return errorOf(w.what, fmt.Errorf("it is done, but what was freed is still in the file: %w", err))
	}
	w.checkpoint()
	return nil
}

// Compact merges all segments into one and gives freed space back to the disk.
func (s *Store) Compact(ctx context.Context) error {
	w, err := s.begin(ctx, "compact")
	if err != nil {
		return err
	}
	rows, err := readSegments(context.Background(), w.conn, w.state.segments)
	if err == nil && len(rows) > 1 {
		err = w.merge(rows, "")
	}
	if err != nil {
		w.abort()
		return errorOf(w.what, err)
	}
	return w.commitClean(ctx)
}
