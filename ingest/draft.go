package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"rummage/ingest/draft"
	"rummage/ingest/format"
	"rummage/ingest/format/network"
	"rummage/ingest/format/tree"
	"rummage/ingest/mapping"
	"rummage/ingest/read"
)

// ErrParts is returned where a file has several parts and one is wanted.
var ErrParts = errors.New("it holds several files or tables; name one of them")

// PartsError wraps ErrParts and lists the parts, those apart that are sheets of one cell, as a note is.
type PartsError struct{ Parts, Blank []read.Part }

// Error names the parts.
func (e *PartsError) Error() string {
	text := ErrParts.Error() + ": " + named(e.Parts)
	if len(e.Blank) > 0 {
		text += "; of one cell: " + named(e.Blank)
	}
	return text
}

// Unwrap returns ErrParts.
func (e *PartsError) Unwrap() error { return ErrParts }

// Drafted is a mapping drafted for a file.
type Drafted struct {
	*draft.Draft
	Dialect string // how the file is written, in words
	Rows    int    // that were looked at
}

// DraftOptions say how a mapping is drafted.
type DraftOptions struct {
	Part   string       // a pattern for the part of the file, as in Options
	Hints  read.Hints   // how the file is written
	Region draft.Region // whose ways it is read by where there are several
	To     string       // the file that the draft goes to, as its comment names it
}

// Draft drafts a mapping for a file, or for a part of it.
//
// Errors: those of reading; ErrParts, which lists the parts, where there are several;
// ErrNoPart where none is named so.
func Draft(ctx context.Context, path string, options DraftOptions) (Drafted, error) {
	t, err := OpenTable(ctx, path, options)
	if err != nil {
		return Drafted{}, err
	}
	return t.Drafted, t.Close()
}

// A Table is a file of which nothing is imported: its rows are looked at, with what
// its columns were taken for.
type Table struct {
	Drafted
	job *job
}

// OpenTable opens a file as Draft does. It is to be closed.
func OpenTable(ctx context.Context, path string, options DraftOptions) (*Table, error) {
	t, err := openTable(ctx, path, &options)
	if err != nil {
		return nil, fmt.Errorf("ingest: look at %s: %w", path, err)
	}
	return t, nil
}

func openTable(ctx context.Context, path string, options *DraftOptions) (_ *Table, err error) {
	hints := options.Hints
	came, err := arrive(ctx, path, options.Part)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, came.file.Close())
		}
	}()
	j := &job{arrival: came, options: &Options{}}
	if len(came.parts) > 1 {
		return nil, j.several(ctx, hints)
	}
	j.part = came.parts[0]
	rows, err := j.sample(ctx, hints, draft.SampleRows+1)
	if err != nil {
		return nil, err
	}
	header := j.dialect.Header && j.cut == 0
	table := draft.Table{
		Name: mappingName(path, j.part), Space: j.space(path), Header: header, Columns: rows[0], Rows: rows, Tree: j.isTree(),
		File: options.To, Part: options.Part, Region: options.Region,
	}
	table.Encoding, table.Delimiter, table.Quote, table.Widths = string(hints.Encoding), hints.Delimiter, hints.Quote, hints.Widths
	if table.Tree && hints.Record != "" {
		table.Record = j.dialect.Record
	}
	if header {
		table.Rows = rows[1:]
	} else {
		table.Columns = make([]string, max(j.dialect.Columns, len(rows[0])))
		for i := range table.Columns {
			table.Columns[i] = strconv.Itoa(i + 1)
		}
	}
	table.Beside = j.beside(ctx, hints)
	table.Graph = slices.Contains(network.Formats(), j.dialect.Format)
	return &Table{Drafted{draft.Of(table), j.dialect.String(), len(table.Rows)}, j}, nil
}

// several tells the parts of a file. Of more than mostNamed, all of which no error names, none is looked at.
func (j *job) several(ctx context.Context, hints read.Hints) *PartsError {
	e := new(PartsError)
	for _, part := range j.parts {
		one := &job{arrival: j.arrival, options: j.options, part: part}
		if len(j.parts) <= mostNamed {
			if rows, err := one.sample(ctx, hints, 2); err == nil && one.oneCell(rows) {
				e.Blank = append(e.Blank, part)
				continue
			}
		}
		e.Parts = append(e.Parts, part)
	}
	if len(e.Parts) == 0 {
		e.Parts, e.Blank = e.Blank, nil
	}
	return e
}

// beside reads the other table of a graph file, nil where there is none. What is wrong with
// it is met again when that is read.
func (j *job) beside(ctx context.Context, hints read.Hints) *draft.Table {
	other := map[string]string{network.Nodes: network.Edges, network.Edges: network.Nodes}[j.part.Sheet]
	if other == "" || !slices.Contains(network.Formats(), j.dialect.Format) {
		return nil
	}
	beside := &job{arrival: j.arrival, options: j.options, part: read.Part{Member: j.part.Member, Sheet: other}}
	rows, err := beside.sample(ctx, hints, draft.SampleRows+1)
	if err != nil || len(rows) == 0 {
		return nil
	}
	return &draft.Table{Header: true, Columns: rows[0], Rows: rows[1:]}
}

// isTree reports a file of JSON or XML.
func (j *job) isTree() bool {
	return slices.Contains([]string{tree.JSON, tree.Lines, tree.XML}, j.dialect.Format)
}

// space is the namespace of a drafted mapping: of a file's nodes and edges the same, since
// edges name nodes.
func (j *job) space(path string) string {
	if j.part.Sheet == network.Nodes || j.part.Sheet == network.Edges {
		return mappingName(path, read.Part{Member: j.part.Member})
	}
	return ""
}

// Rows yields the rows of the table in order, each until the next is asked for. A row
// that cannot be read comes as its *read.RowError, and the next follows; any other
// error is the last.
func (t *Table) Rows(ctx context.Context) iter.Seq2[*read.Row, error] {
	return func(yield func(*read.Row, error) bool) {
		reader, err := format.Open(ctx, t.job.all(), t.job.dialect)
		if err != nil {
			yield(nil, err)
			return
		}
		defer reader.Close()
		reader = t.job.table(reader)
		for {
			row, err := reader.Next()
			if errors.Is(err, io.EOF) || !yield(row, err) || err != nil && !errors.As(err, new(*read.RowError)) {
				return
			}
		}
	}
}

// Close closes the file.
func (t *Table) Close() error { return t.job.file.Close() }

// mappingName makes the name of a mapping from that of a file.
func mappingName(path string, part read.Part) string {
	base := filepath.Base(path)
	if part.Member != "" {
		base = filepath.Base(part.Member)
	}
	base, _, _ = strings.Cut(base, ".")
	var b strings.Builder
	for _, r := range strings.ToLower(base + " " + part.Sheet) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	name := strings.Trim(b.String(), "-")
	if name == "" || name[0] < 'a' || name == mapping.Reserved {
		name = strings.TrimRight("file-"+name, "-")
	}
	return name
}
