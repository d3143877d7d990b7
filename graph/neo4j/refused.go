package neo4j

import (
	"context"
	"fmt"
	"iter"

	"rummage/graph"
)

// refusedID names a row in quarantine; ids are in the order of rows.
func refusedID(source, row int64) string { return fmt.Sprintf("%010d/%018d", source, row) }

// joinedMark stands in ids before rows of joined files: behind all digits.
const joinedMark = "x"

// refusedJoinedID names a row of the n-th joined file of a source; ids are in the order of
// files and rows, behind those of the source's own rows.
func refusedJoinedID(source int64, n int, row int64) string {
	return fmt.Sprintf("%010d/%s%06d/%018d", source, joinedMark, n, row)
}

const (
	askRefused = `MATCH (r:Refused) WHERE r.id STARTS WITH $prefix
RETURN r.row, r.offset, r.length, r.columns, r.codes, r.reasons, r.join ORDER BY r.id`
	putRefused = "UNWIND $rows AS row MERGE (r:Refused {id: row.id}) SET r = row"
)

// refusedProperties returns what the node of a row in quarantine holds.
func refusedProperties(source int64, id graph.SourceID, row *graph.Row) map[string]any {
	columns, codes, reasons := partedErrors(row.Errors)
	return map[string]any{"id": refusedID(source, row.Number), "source": string(id), "row": row.Number, "offset": row.Offset,
		"length": row.Length, "columns": columns, "codes": codes, "reasons": reasons}
}

// refusedJoinedProperties returns what the node of a row of the n-th joined file holds.
func refusedJoinedProperties(source int64, n int, id graph.SourceID, refused []graph.RowError) map[string]any {
	columns, codes, reasons := partedErrors(refused)
	first := &refused[0]
	return map[string]any{"id": refusedJoinedID(source, n, first.Row), "source": string(id), "join": valid(first.Join), "row": first.Row,
		"offset": first.Span.Offset, "length": first.Span.Length, "columns": columns, "codes": codes, "reasons": reasons}
}

// partedErrors are the errors of one row in lists of equal length, as a node has them. There are no columns where no error is about one:
// in a file of a bulk import a list of one empty text is an empty list.
func partedErrors(errors []graph.RowError) (columns, codes, reasons []string) {
	n := len(errors)
	columns, codes, reasons = make([]string, n), make([]string, n), make([]string, n)
	named := false
	for i, e := range errors {
		columns[i], codes[i], reasons[i] = valid(e.Column), valid(e.Code), valid(e.Reason)
		named = named || columns[i] != ""
	}
	if !named {
		columns = []string{}
	}
	return columns, codes, reasons
}

// refusedRows yields why rows of a source are in quarantine, in the order of
// rows. The last pair carries the error, if there was one.
func (s *Store) refusedRows(ctx context.Context, source *sourceNode) iter.Seq2[graph.RowError, error] {
	return func(yield func(graph.RowError, error) bool) {
		for record, err := range s.stream(ctx, cypher{askRefused, map[string]any{"prefix": partsOf(source.number)}}) {
			if err != nil {
				yield(graph.RowError{}, err)
				return
			}
			v := record.Values
			one := graph.RowError{Source: source.ID, Row: integer(v[0]), Span: graph.Span{Offset: integer(v[1]), Length: integer(v[2])}, Join: text(v[6])}
			columns, codes, reasons := texts(v[3]), texts(v[4]), texts(v[5])
			if len(columns) == 0 {
				columns = make([]string, len(codes))
			}
			if len(columns) != len(codes) || len(codes) != len(reasons) {
				yield(graph.RowError{}, s.broken(graph.ErrDamaged, "refused row %d of source %s: %v", one.Row, source.ID, errLengths))
				return
			}
			for i := range columns {
				one.Column, one.Code, one.Reason = columns[i], codes[i], reasons[i]
				if !yield(one, nil) {
					return
				}
			}
		}
	}
}
