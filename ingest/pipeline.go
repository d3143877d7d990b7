package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"rummage/graph"
	"rummage/ingest/format"
	"rummage/ingest/mapping"
	"rummage/ingest/read"
)

const (
	batchRows  = 64
	batchBytes = 64 << 10 // a batch ends with the row that passes this
	batches    = 8        // in flight between the goroutines
)

// batch carries rows from the goroutine that reads to the one that maps, and
// on to the one that stores.
type batch struct {
	text []byte
	ends []int // of each cell in text
	rows []line
	last bool
	read.Stats
	err error // ends the file, after the rows of the batch

	mapped []graph.Row // as many as rows; used again with all that they hold
	room   mapping.Room
}

// line is one row of a batch.
type line struct {
	number int64
	at     read.Position
	cells  int
	bad    *read.RowError
}

func (b *batch) reset() {
	b.text, b.ends, b.rows = b.text[:0], b.ends[:0], b.rows[:0]
	b.room.Reset()
}

func (b *batch) full() bool { return len(b.rows) >= batchRows || len(b.text) >= batchBytes }

// add copies a row: the reader uses its own buffers again.
func (b *batch) add(row *read.Row) {
	for _, cell := range row.Cells {
		b.text = append(b.text, cell...)
		b.ends = append(b.ends, len(b.text))
	}
	b.rows = append(b.rows, line{number: row.Number, at: row.Position, cells: len(row.Cells)})
}

// rows reads the file in one goroutine, maps its rows in a second and stores
// them in this one. It fails when the bytes read are not those that were hashed.
func (j *job) rows(ctx context.Context, into graph.Import) (read.Stats, error) {
	ctx, cancel := context.WithCancel(ctx)
	empty, full, mapped := make(chan *batch, batches), make(chan *batch, batches), make(chan *batch, batches)
	for range batches {
		empty <- new(batch)
	}
	var others sync.WaitGroup
	others.Go(func() { j.fill(ctx, empty, full) })
	others.Go(func() { j.translate(ctx, full, mapped) })
	stats, err := j.drain(ctx, into, mapped, empty)
	cancel()
	others.Wait()
	return stats, err
}

// fill reads the file into batches until its end.
func (j *job) fill(ctx context.Context, empty <-chan *batch, full chan<- *batch) {
	h := sha256.New()
	stream := j.stream(ctx, StageRows)
	from := io.TeeReader(stream, h)
	reader, err := format.Open(ctx, hashed{from, stream}, j.dialect)
	opened := err == nil
	if opened {
		defer reader.Close()
		reader = j.table(reader)
	}
	for last := false; !last; {
		var b *batch
		select {
		case b = <-empty:
		case <-ctx.Done():
			return
		}
		b.reset()
		for err == nil && !b.full() {
			err = b.next(reader)
		}
		if last = err != nil; last {
			if opened && errors.Is(err, io.EOF) {
				b.Stats = reader.Stats()
				err = j.unchanged(from, h.Sum)
			} else if sizeErr := j.sameSize(); sizeErr != nil {
				err = errors.Join(sizeErr, err)
			}
			b.last, b.err = true, err
		}
		full <- b // there is room for every batch
	}
}

// hashed is a file whose stream is hashed as it is read. What is read at random
// is not; unchanged then hashes all of it.
type hashed struct {
	io.Reader
	read.Input
}

// next reads one row, bad ones too.
func (b *batch) next(reader read.Reader) error {
	row, err := reader.Next()
	bad := new(read.RowError)
	switch {
	case err == nil:
		b.add(row)
		return nil
	case errors.As(err, &bad):
		b.rows = append(b.rows, line{number: bad.Row, at: bad.Position, bad: bad})
		return nil
	}
	return err
}

// unchanged reads what the reader left, and compares hashes and sizes: what was
// added meanwhile, the hashes do not see.
func (j *job) unchanged(from io.Reader, sum func([]byte) []byte) error {
	if _, err := io.Copy(io.Discard, from); err != nil {
		return err
	}
	if err := j.sameSize(); err != nil {
		return err
	}
	if got := graph.SHA256(hex.EncodeToString(sum(nil))); got != j.sha {
		return changed(fmt.Errorf("SHA-256 %.16s, then %.16s: %w", j.sha, got, graph.ErrEvidenceMismatch))
	}
	return nil
}

// sameSize fails when the file has become longer or shorter.
func (j *job) sameSize() error {
	grown, err := j.file.Grown()
	if err != nil || grown == 0 {
		return err
	}
	return changed(fmt.Errorf("%d bytes, then %d: %w", j.file.Size(), j.file.Size()+grown, graph.ErrEvidenceMismatch))
}

// translate maps the rows of each batch.
func (j *job) translate(ctx context.Context, full <-chan *batch, mapped chan<- *batch) {
	var cells [][]byte
	for last := false; !last; {
		var b *batch
		select {
		case b = <-full:
		case <-ctx.Done():
			return
		}
		start, cell := 0, 0
		b.mapped = slices.Grow(b.mapped[:0], len(b.rows))[:len(b.rows)]
		for i := range b.rows {
			l, row := &b.rows[i], &b.mapped[i]
			if l.bad != nil {
				refuse(row, l)
			} else {
				cells = cells[:0]
				for _, end := range b.ends[cell : cell+l.cells] {
					cells = append(cells, b.text[start:end:end])
					start = end
				}
				cell += l.cells
				j.translateRow(b, l, cells, row)
			}
			row.Offset, row.Length = l.at.Offset, l.at.Length
			for k := range row.Errors {
				row.Errors[k].Span = graph.Span{Offset: row.Offset, Length: row.Length}
			}
		}
		last = b.last
		mapped <- b // there is room for every batch
	}
}

// translateRow maps one row that could be read.
func (j *job) translateRow(b *batch, l *line, cells [][]byte, row *graph.Row) {
	own, lost := j.own(cells)
	if lost == 0 {
		j.mapper.MapInto(&b.room, l.number, own, row)
		return
	}
	l.bad = lostError(j.mapper.Columns()[lost-1])
	refuse(row, l)
}

// lostError refuses a row of a repaired file in which nobody has put back what was lost.
func lostError(column string) *read.RowError {
	return &read.RowError{
		Name: column, Reason: read.InvalidEncoding,
		Detail: "holds U+FFFD, which stands for something that could not be read; write what belongs there",
	}
}

// drain stores the batches.
func (j *job) drain(ctx context.Context, into graph.Import, mapped <-chan *batch, empty chan<- *batch) (read.Stats, error) {
	appended := int64(0)
	j.doubts, j.consigned = doubts{}, nil
	for {
		var b *batch
		select {
		case b = <-mapped:
		case <-ctx.Done():
			return read.Stats{}, ctx.Err()
		}
		for i := range b.mapped {
			if err := into.Append(ctx, &b.mapped[i]); err != nil {
				return read.Stats{}, ofStore(err)
			}
			j.doubts.note(&b.mapped[i])
			j.consigned.note(&b.mapped[i])
		}
		appended += int64(len(b.mapped))
		j.tell(func(p *Progress) {
			if p.Stage != StageRows {
				p.Stage, p.Done = StageRows, 0 // so little was read that nothing was told of it
			}
			p.Rows = appended
		})
		if b.last && b.err == nil && appended != b.Rows+b.Bad {
			return b.Stats, fmt.Errorf("%w: %d of %d and %d", ErrCount, appended, b.Rows, b.Bad)
		}
		if b.last {
			return b.Stats, b.err
		}
		empty <- b
	}
}

// codes gives the reasons of the reader their code in quarantine.
var codes = map[read.Reason]string{
	read.TooFewCells:     "ragged",
	read.TooManyCells:    "ragged",
	read.UnclosedQuote:   "quote",
	read.RecordTooLong:   "size",
	read.InvalidEncoding: "encoding",
	read.NULByte:         "nul",
	read.Malformed:       "malformed",
	read.Miscounted:      "count",
}

// refuse makes a row of one that could not be read.
func refuse(row *graph.Row, l *line) {
	column := l.bad.Name
	if column == "" && l.bad.Column > 0 {
		column = fmt.Sprint(l.bad.Column)
	}
	row.Number = l.number
	row.Facts, row.Statements, row.Links, row.Outcomes = row.Facts[:0], row.Statements[:0], row.Links[:0], row.Outcomes[:0]
	row.Errors = append(row.Errors[:0], graph.RowError{
		Row: l.number, Column: visible(column), Code: codes[l.bad.Reason], Reason: visible(l.bad.Detail),
	})
}

// visible is a text as people may see it: what a file brings into a message must
// not move the cursor of a terminal, nor be no text.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(text, read.Lost))
}
