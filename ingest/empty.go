package ingest

import (
	"bytes"
	"slices"

	"rummage/ingest/format/edi"
	"rummage/ingest/format/network"
	"rummage/ingest/format/parquet"
	"rummage/ingest/read"
)

// stating reads a table without its rows of empty cells only: they are passed over as blank lines are,
// and counted among them. Spreadsheets write such rows below what was deleted.
type stating struct {
	read.Reader
	cut    int // columns that were put in front when a row was refused
	passed int64
}

// table reads the rows of a table; what is none, as trees, messages and graphs, stays as it stands.
func (j *job) table(reader read.Reader) read.Reader {
	if j.isTree() || j.dialect.Format == parquet.Format || slices.Contains(network.Formats(), j.dialect.Format) || slices.Contains(edi.Formats(), j.dialect.Format) {
		return reader
	}
	return &stating{Reader: reader, cut: j.cut}
}

// Next returns the next row that states something, or that cannot be read.
func (s *stating) Next() (*read.Row, error) {
	for {
		row, err := s.Reader.Next()
		if err != nil || len(row.Cells) <= s.cut+1 || slices.ContainsFunc(row.Cells[s.cut:], states) {
			return row, err
		}
		s.passed++
	}
}

// oneCell reports a sheet whose first rows are all that is in it, and state one thing.
func (j *job) oneCell(rows [][]string) bool {
	return j.part.Sheet != "" && !j.dialect.Named() && len(rows) == 1 && len(rows[0]) == 1
}

// passBlank passes over the sheets of one cell of a workbook, where it has others.
func passBlank(parts []File) {
	if !slices.ContainsFunc(parts, func(f File) bool { return !f.blank }) {
		return
	}
	for i := range parts {
		if f := &parts[i]; f.blank {
			f.State, f.Err = Blank, nil
		}
	}
}

func states(cell []byte) bool { return len(bytes.TrimSpace(cell)) > 0 }

// Stats counts what was returned, and what was passed over.
func (s *stating) Stats() read.Stats {
	all := s.Reader.Stats()
	all.Rows, all.Blank = all.Rows-s.passed, all.Blank+s.passed
	return all
}
