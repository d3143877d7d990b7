package ingest

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"rummage/casefile/row"
	"rummage/graph"
	"rummage/ingest/read"
)

// reasonColumns stand before the columns of a file in what ExportQuarantine
// writes. Run knows them and passes over them.
var reasonColumns = []string{"rummage_row", "rummage_column", "rummage_code", "rummage_reason"}

// originColumn stands behind the reasons. It says of which source the row is, or of which
// second file, so that a row which is mended is known again. Files of earlier versions
// have none.
const originColumn = "rummage_source"

// joinedColumn stands behind that where a source has second files. It says
// which of their rows go with the row.
const joinedColumn = "rummage_joined"

// reasonsIn counts the columns of reasons in the first row of a file: some only in
// one that ExportQuarantine wrote.
func reasonsIn(row []string) int {
	n := len(reasonColumns)
	if len(row) <= n || !slices.Equal(row[:n], reasonColumns) {
		return 0
	}
	for _, name := range []string{originColumn, joinedColumn} {
		if len(row) > n+1 && row[n] == name {
			n++
		}
	}
	return n
}

// originIn is the place of the originColumn in such a row, -1 where there is none.
func originIn(row []string) int {
	if reasonsIn(row) == 0 {
		return -1
	}
	return slices.Index(row[:reasonsIn(row)], originColumn)
}

// sourceOrigin is what stands in the originColumn for a row of a source. Anything else there was
// written by somebody else, and is no source.
var sourceOrigin = regexp.MustCompile(`^s-[0-9a-f]{16}$`)

// fileOrigin is what stands in the originColumn for a row of a second file.
func fileOrigin(sha graph.SHA256) string { return "f-" + string(sha[:min(len(sha), 16)]) }

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

// ExportQuarantine writes the rows in quarantine of a source that are still to be mended (see
// Open) as CSV in UTF-8: row, column, code and reason, the source, where rows of second files
// go with it which, then the cells as they stand in the file, too few
// or too many if that is what is wrong. U+FFFD stands for what is no text and
// for the rest of a row that is too long; an apostrophe stands before what a
// spreadsheet would run as a formula. Once repaired, the file can be imported
// as it is: the columns of the reasons are passed over, the apostrophes taken
// off, and rows that still hold U+FFFD refused, so that nothing comes in that
// the file did not say. It returns how many rows it wrote.
//
// Numbers that identify persons are written as pseudonyms, which Run takes as such,
// or as U+FFFD where there is no key or the row's cells cannot be told apart: who
// repairs such a row puts the number back from the file.
//
// Rows of second files are not among them: those are for ExportJoined.
//
// The error wraps graph.ErrNoEvidence when the file was not kept.
func (e *Explainer) ExportQuarantine(ctx context.Context, id graph.SourceID, to io.Writer) (int64, error) {
	return e.export(ctx, id, "", to)
}

// ExportJoined is ExportQuarantine for the rows of a second file, by the name of its join in
// the source's Joined. Once repaired, what it wrote is named as one more file of that join,
// behind the second file, and the source's own file imported again beside both.
func (e *Explainer) ExportJoined(ctx context.Context, id graph.SourceID, join string, to io.Writer) (int64, error) {
	return e.export(ctx, id, join, to)
}

func (e *Explainer) export(ctx context.Context, id graph.SourceID, join string, to io.Writer) (int64, error) {
	source, ok := e.sources[id]
	if !ok {
		return 0, fmt.Errorf("ingest: quarantine: %s: %w", id, graph.ErrUnknownSource)
	}
	rows := refused{explainer: e, join: join, out: csv.NewWriter(to)}
	err := rows.open(ctx, &source)
	if err == nil {
		err = rows.header()
	}
	if err == nil {
		err = rows.all(ctx, id)
	}
	rows.out.Flush()
	if err = errors.Join(err, rows.out.Error()); err != nil {
		return rows.n, fmt.Errorf("ingest: quarantine: %s: %w", source.Title(), err)
	}
	return rows.n, nil
}

// refused writes the rows in quarantine of one file, all errors of one row together.
type refused struct {
	explainer *Explainer
	join      string // of a second file; "" for the source's own
	how       *layout
	origin    string // what stands in the originColumn
	out       *csv.Writer
	n         int64
	at        graph.RowError // errors joined so far
}

// open opens the file that the rows are of.
func (r *refused) open(ctx context.Context, source *graph.Source) (err error) {
	if r.how, err = r.explainer.open(ctx, source); err != nil || r.join == "" {
		r.origin = string(source.ID)
		return err
	}
	at := slices.IndexFunc(r.how.joins, func(j *joinedFile) bool { return j.Join == r.join })
	if at < 0 {
		return fmt.Errorf("it has no second file %q", r.join)
	}
	second := r.how.joins[at]
	r.how, r.origin = &second.how, fileOrigin(second.SHA256)
	return second.open(ctx, r.explainer.reader)
}

func (r *refused) header() error {
	names := slices.Clone(r.how.ownColumns())
	if r.how.names == nil {
		for i := range names {
			names[i] = strconv.Itoa(i + 1)
		}
	}
	header := append(slices.Clone(reasonColumns), originColumn)
	if len(r.how.joins) > 0 {
		header = append(header, joinedColumn)
	}
	for _, name := range names {
		header = append(header, Harmless(name))
	}
	return r.out.Write(header)
}

func (r *refused) all(ctx context.Context, id graph.SourceID) error {
	for rowErr, err := range r.explainer.Open(ctx, id) {
		switch {
		case err != nil:
			return err
		case rowErr.Join != r.join:
			continue
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
	cells, err := r.how.refused(ctx, read.Position{Offset: r.at.Span.Offset, Length: r.at.Span.Length})
	if err != nil {
		return fmt.Errorf("row %d: %w", r.at.Row, err)
	}
	record := []string{strconv.FormatInt(r.at.Row, 10), Harmless(r.at.Column), r.at.Code, Harmless(r.at.Reason), r.origin}
	if len(r.how.joins) > 0 {
		joined, more, err := r.explainer.joined(ctx, r.how, cells)
		if err != nil {
			return fmt.Errorf("row %d: %w", r.at.Row, err)
		}
		record = append(record, Harmless(listed(joined, more)))
	}
	cells = r.how.masked(cells, r.explainer.key, read.Lost)
	for _, cell := range r.how.own(cells) {
		record = append(record, Harmless(string(cell)))
	}
	r.n++
	return r.out.Write(record)
}

// FindRefused looks for a row in quarantine that is still to be mended and that has a cell of
// this text, outer spaces aside, among the first most rows of a source. It returns the row, with
// number 0 where there is none, and how many were looked at. A row costs one read of the kept
// file: about ten microseconds, more in packed files.
func (e *Explainer) FindRefused(ctx context.Context, id graph.SourceID, text string, most int) (row graph.RowError, looked int, err error) {
	source, ok := e.sources[id]
	if !ok {
		return row, 0, fmt.Errorf("ingest: quarantine: %s: %w", id, graph.ErrUnknownSource)
	}
	how, err := e.open(ctx, &source)
	if err != nil {
		return row, 0, fmt.Errorf("ingest: quarantine: %s: %w", source.Title(), err)
	}
	last := int64(0)
	for at, err := range e.Open(ctx, id) {
		if err != nil {
			return row, looked, err
		}
		if at.Join != "" || looked == most {
			return row, looked, nil
		}
		if at.Row == last {
			continue
		}
		last, looked = at.Row, looked+1
		cells, err := how.refused(ctx, read.Position{Offset: at.Span.Offset, Length: at.Span.Length})
		if err != nil {
			return row, looked, fmt.Errorf("ingest: quarantine: %s: row %d: %w", source.Title(), at.Row, err)
		}
		if slices.ContainsFunc(how.masked(cells, e.key, read.Lost), func(cell []byte) bool { return string(bytes.TrimSpace(cell)) == text }) {
			return at, looked, nil
		}
	}
	return row, looked, nil
}

const (
	mostListed = 4096 // bytes of joined rows in one cell, about
	mostCell   = 200  // bytes of each of their cells
)

// listed tells joined rows in one cell, as many as fit:
// "traders: traders.csv row 3, SHA-256 9f86d081884c7d65, Code=T1, Name=Kam Fung; ...".
func listed(joined []row.Joined, more int) string {
	var b strings.Builder
	for i := range joined {
		if b.Len() > mostListed {
			more += len(joined) - i
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		j := &joined[i]
		fmt.Fprintf(&b, "%s: %s row %d, SHA-256 %.16s", j.Join, j.Source, j.Row, j.SHA256)
		for _, c := range j.Columns {
			if c.Value != "" {
				fmt.Fprintf(&b, ", %s=%s", c.Name, short(c.Value))
			}
		}
	}
	if more > 0 {
		fmt.Fprintf(&b, "; and %d more", more)
	}
	return b.String()
}

// short is the beginning of a text, cut between characters.
func short(text string) string {
	if len(text) <= mostCell {
		return text
	}
	end := mostCell
	for end > mostCell-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}

// refused reads the cells of a row that could not be read or mapped.
func (l *layout) refused(ctx context.Context, at read.Position) ([][]byte, error) {
	cells, err := l.spans.Cells(ctx, at)
	if bad := new(read.RowError); errors.As(err, &bad) || errors.Is(err, read.ErrSpan) {
		if cells, err = l.spans.Salvage(ctx, at); len(l.guards) > 0 {
			for i := range cells {
				cells[i] = []byte(read.Lost) // pieces of a row that cannot be read
			}
		}
	}
	return cells, err
}

// own returns the cells of a row that are the file's own: in a repaired file
// those behind the reasons, as they were before ExportQuarantine wrote them.
// Where a piece was lost and nobody has put it back, lost is the number of the
// cell from 1, else 0.
func (j *job) own(cells [][]byte) (own [][]byte, lost int) {
	if j.cut == 0 {
		return cells, 0
	}
	own = cells[min(j.cut, len(cells)):]
	for i, cell := range own {
		if len(cell) > 0 && cell[0] == '\'' {
			own[i] = []byte(asWritten(string(cell)))
		}
		if lost == 0 && bytes.Contains(cell, []byte(read.Lost)) {
			lost = i + 1
		}
	}
	return own, lost
}

// ownNames is own for a row of the sample.
func (j *job) ownNames(row []string) []string {
	if j.cut == 0 {
		return row
	}
	own := slices.Clone(row[j.cut:])
	for i, name := range own {
		own[i] = asWritten(name)
	}
	return own
}

// triggers begin what a spreadsheet takes for a formula, full width ones too.
const triggers = "=+-@\t\r\n＝＋－＠"

// Harmless puts an apostrophe before a cell that a spreadsheet would run, and
// one more where apostrophes stand there already, so that asWritten can tell.
func Harmless(cell string) string {
	if isFormula(cell) {
		return "'" + cell
	}
	return cell
}

// asWritten takes off what Harmless put on.
func asWritten(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && isFormula(rest) {
		return rest
	}
	return cell
}

func isFormula(cell string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(cell, "' "))
	return strings.ContainsRune(triggers, first) && !isNumber(cell)
}

// isNumber reports a cell that is a number and nothing else, sign included.
func isNumber(cell string) bool {
	_, err := strconv.ParseFloat(cell, 64)
	return err == nil
}
