package ingest

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"rummage/graph"
)

// reasonColumns stand before the columns of a file in what ExportQuarantine
// writes. Run knows them and passes over them.
var reasonColumns = []string{"rummage_row", "rummage_column", "rummage_code", "rummage_reason"}

// isRepaired reports the first row of a file that ExportQuarantine wrote.
func isRepaired(row []string) bool {
	return len(row) > len(reasonColumns) && slices.Equal(row[:len(reasonColumns)], reasonColumns)
}

// isNumbered reports the header that ExportQuarantine writes for a file that
// has none.
func isNumbered(names []string) bool {
	for i, name := range names {
		if name != strconv.Itoa(i+1) {
			return false
		}
	}
	return true
}

// ExportQuarantine writes the refused rows of a source as CSV in UTF-8: row,
// column, code and reason, then the cells as they stand in the file, too few
// or too many if that is what is wrong. Once repaired, the file can be
// imported as it is: the columns of the reasons are passed over. It returns
// how many rows it wrote.
//
// The error wraps graph.ErrNoEvidence when the file was not kept.
func (e *Explainer) ExportQuarantine(ctx context.Context, id graph.SourceID, to io.Writer) (int64, error) {
	source, ok := e.sources[id]
	if !ok {
		return 0, fmt.Errorf("ingest: quarantine: %s: %w", id, graph.ErrUnknownSource)
	}
	how, err := e.open(ctx, &source)
	if err != nil {
		return 0, fmt.Errorf("ingest: quarantine: %s: %w", source.Name, err)
	}
	out := csv.NewWriter(to)
	names := how.names
	if names == nil {
		for i := range how.dialect.Columns {
			names = append(names, strconv.Itoa(i+1))
		}
	}
	if isRepaired(names) {
		names = names[len(reasonColumns):]
	}
	rows := refused{explainer: e, how: how, out: out, cut: len(how.names) - len(names)}
	if err = out.Write(append(slices.Clone(reasonColumns), names...)); err == nil {
		err = rows.all(ctx, id)
	}
	out.Flush()
	if err = errors.Join(err, out.Error()); err != nil {
		return rows.n, fmt.Errorf("ingest: quarantine: %s: %w", source.Name, err)
	}
	return rows.n, nil
}

// refused writes the rows in quarantine, all errors of one row together.
type refused struct {
	explainer *Explainer
	how       *layout
	out       *csv.Writer
	cut       int // reason columns of an earlier repair
	n         int64
	at        graph.RowError // errors joined so far
}

func (r *refused) all(ctx context.Context, id graph.SourceID) error {
	for rowErr, err := range r.explainer.reader.Quarantine(ctx, id) {
		switch {
		case err != nil:
			return err
		case rowErr.Row == r.at.Row:
			r.at.Column += "; " + rowErr.Column
			r.at.Code += "; " + rowErr.Code
			r.at.Reason += "; " + rowErr.Reason
			continue
		}
		if err := r.write(ctx); err != nil {
			return err
		}
		r.at = rowErr
	}
	return r.write(ctx)
}

func (r *refused) write(ctx context.Context) error {
	if r.at.Row == 0 {
		return nil
	}
	cells, err := r.how.cells(ctx, r.explainer.file, r.at.Span)
	if err != nil {
		return fmt.Errorf("row %d: %w", r.at.Row, err)
	}
	record := []string{strconv.FormatInt(r.at.Row, 10), r.at.Column, r.at.Code, r.at.Reason}
	for _, cell := range cells[min(max(r.cut, 0), len(cells)):] {
		record = append(record, string(cell))
	}
	r.n++
	return r.out.Write(record)
}
