package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rummage/graph"
)

// sourceRow is a row of the table source.
type sourceRow struct {
	graph.Source
	num     int64
	places  int64
	refused int64
}

const sourceColumns = `num, id, name, sha256, size, part, mapping, rules, options, joined, dialect, handling, grading, owner, retention,
	imported_at, rows, stored, quarantined, consignments, newest, has_evidence, ended, ended_by, reason, replaced, places, refused`

// instant is a time as it is kept: in UTC, to the microsecond.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func parseTime(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339Nano, text)
}

func nullable(raw json.RawMessage) any {
	if raw == nil {
		return nil
	}
	return string(raw)
}

// joinedText writes the joined files as they are kept.
func joinedText(all []graph.Joined) any {
	if len(all) == 0 {
		return nil
	}
	text, _ := json.Marshal(all) // of texts and numbers: it cannot fail
	return string(text)
}

func (r *sourceRow) values() []any {
	evidence := 0
	if r.HasEvidence {
		evidence = 1
	}
	return []any{r.num, string(r.ID), r.Name, string(r.SHA256), r.Size, r.Part, r.Mapping, string(r.Rules), r.Options,
		joinedText(r.Joined), nullable(r.Dialect), r.Handling, r.Grading, r.Owner, r.Retention.String(), formatTime(r.ImportedAt),
		r.Rows, r.Stored, r.Quarantined, r.Consignments, r.Newest.String(), evidence,
		formatTime(r.Ended), string(r.EndedBy), r.Reason, string(r.Replaced), r.places, r.refused}
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// save writes the row, over the one with the same num if there is one.
func (r *sourceRow) save(ctx context.Context, q querier) error {
	values := r.values()
	_, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO source ("+sourceColumns+", sum) VALUES ("+marks(len(values)+1)+")",
		append(values, sumOf("source", values...))...)
	return err
}

func (r *sourceRow) scan(rows *sql.Rows) error {
	var joined, dialect sql.NullString
	var retention, newest, imported, ended string
	var sum int64
	if err := rows.Scan(&r.num, &r.ID, &r.Name, &r.SHA256, &r.Size, &r.Part, &r.Mapping, &r.Rules, &r.Options, &joined, &dialect,
		&r.Handling, &r.Grading, &r.Owner, &retention, &imported, &r.Rows, &r.Stored, &r.Quarantined, &r.Consignments,
		&newest, &r.HasEvidence, &ended, &r.EndedBy, &r.Reason, &r.Replaced, &r.places, &r.refused, &sum); err != nil {
		return err
	}
	if dialect.Valid {
		r.Dialect = json.RawMessage(dialect.String)
	}
	var errs [5]error
	if joined.Valid {
		errs[4] = json.Unmarshal([]byte(joined.String), &r.Joined)
	}
	r.ImportedAt, errs[0] = parseTime(imported)
	r.Ended, errs[1] = parseTime(ended)
	errs[2] = r.Retention.UnmarshalText([]byte(retention))
	errs[3] = r.Newest.UnmarshalText([]byte(newest))
	if err := errors.Join(errs[:]...); err != nil {
		return damaged("source "+string(r.ID), err.Error())
	}
	if sum != sumOf("source", r.values()...) {
		return damaged("source "+string(r.ID), "checksum")
	}
	return nil
}

// readSources reads the whole table, in the order of import.
func readSources(ctx context.Context, q querier, want int64) ([]sourceRow, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+sourceColumns+", sum FROM source ORDER BY num")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []sourceRow
	for rows.Next() {
		var r sourceRow
		if err := r.scan(rows); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if int64(len(all)) != want {
		return nil, damaged("source", fmt.Sprintf("%d rows instead of %d", len(all), want))
	}
	return all, nil
}

// Sources lists every source ever imported, by time of import, then id.
func (s *Store) Sources(ctx context.Context) ([]graph.Source, error) {
	snap, err := s.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer snap.close()
	rows, err := s.sourcesAt(ctx, snap)
	if err != nil {
		return nil, errorOf("list sources", err)
	}
	all := make([]graph.Source, len(rows))
	for i := range rows {
		all[i] = rows[i].Source
		all[i].Dialect, all[i].Joined = slices.Clone(rows[i].Dialect), slices.Clone(rows[i].Joined)
	}
	slices.SortFunc(all, func(a, b graph.Source) int {
		return cmp.Or(a.ImportedAt.Compare(b.ImportedAt), strings.Compare(string(a.ID), string(b.ID)))
	})
	return all, nil
}

// sources returns all sources as the last commit left them, the caller's own.
func (w *writeWork) sources() ([]sourceRow, error) {
	s := w.store
	s.mu.Lock()
	if s.listed != nil && s.listedAt == w.state.generation {
		defer s.mu.Unlock()
		return slices.Clone(s.listed), nil
	}
	s.mu.Unlock()
	return readSources(context.Background(), w.conn, w.state.sources)
}

// remember keeps the list that a commit left, so that one import after another
// need not read it anew.
func (s *Store) remember(rows []sourceRow, generation int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listed, s.listedAt = rows, generation
}

// sourcesAt returns the sources that a snapshot sees. The list is kept as long
// as nothing is committed, since every reader begins with it.
func (s *Store) sourcesAt(ctx context.Context, snap *snapshot) ([]sourceRow, error) {
	s.mu.Lock()
	if s.listed != nil && s.listedAt == snap.state.generation {
		defer s.mu.Unlock()
		return s.listed, nil
	}
	s.mu.Unlock()
	rows, err := readSources(ctx, snap.conn, snap.state.sources)
	if err != nil {
		return nil, interrupted(ctx, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listed, s.listedAt = rows, snap.state.generation
	return rows, nil
}
