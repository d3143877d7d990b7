package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"rummage/graph"
)

// gathered is a batch of sources, read and sorted by rows.
type gathered struct {
	reader  graph.Reader
	spill   *spill
	in      cursor
	decoder *decoder
	sources map[graph.SourceID]*gatheredSource

	// The record at hand.
	key    key
	record []byte
	err    error
}

// gatheredSource is what the scan has told of one source.
type gatheredSource struct {
	no     int
	newest graph.Date
	row    int64 // of fact
	fact   *graph.Fact
}

func (g *gathered) close() error {
	if g.in != nil {
		g.in.close()
	}
	if g.spill != nil {
		g.spill.close()
	}
	if g.reader != nil {
		return g.reader.Close()
	}
	return nil
}

// gather reads those of the tasks that must be read, in one scan.
func (c *copier) gather(ctx context.Context, tasks []*task) (_ *gathered, err error) {
	g := &gathered{decoder: newDecoder(), sources: map[graph.SourceID]*gatheredSource{}}
	scope := graph.Scope{Sources: []graph.SourceID{}, Ended: true}
	for _, t := range tasks {
		if t.had == nil && t.want.EndedBy != graph.Purged {
			g.sources[t.want.ID] = &gatheredSource{no: len(scope.Sources)}
			scope.Sources = append(scope.Sources, t.want.ID)
		}
	}
	if len(g.sources) == 0 {
		return g, nil
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, g.close())
		}
	}()
	if g.reader, err = c.from.Within(ctx, scope); err != nil {
		return nil, err
	}
	if visible := len(g.reader.Scope().Sources); visible < len(g.sources) {
		return nil, fmt.Errorf("%d sources of the original were purged meanwhile: %w", len(g.sources)-visible, graph.ErrNotFound)
	}
	g.spill = &spill{dir: c.opts.Temp, chunk: c.opts.chunk, fan: c.opts.fan}
	s := &scan{ctx: ctx, gathered: g, step: func(n int64) { c.step(Reading, "", n, 0) }}
	for _, step := range []func() error{s.entities, s.consignments, s.links} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	if g.in, err = g.spill.read(); err != nil {
		return nil, err
	}
	g.next()
	return g, nil
}

func (g *gathered) next() { g.key, g.record, g.err = g.in.next() }

// scan takes records apart into what each of their origins says.
type scan struct {
	ctx context.Context //nolint:containedctx // a scan lives as long as one reading
	*gathered
	step func(n int64)
	done int64
	enc  encoder
}

// say adds the encoded record for one origin.
func (s *scan) say(origin graph.Origin, days ...graph.Date) (*gatheredSource, error) {
	if s.done++; s.done%1024 == 0 {
		if err := s.ctx.Err(); err != nil {
			return nil, err
		}
		s.step(s.done)
	}
	source := s.sources[origin.Source]
	if source == nil {
		return nil, fmt.Errorf("a record of source %s, which is not in scope: %w", origin.Source, graph.ErrDamaged)
	}
	for _, day := range days {
		source.newest = max(source.newest, day)
	}
	return source, s.spill.add(key{source.no, origin.Row}, s.enc.b)
}

func (s *scan) entities() error {
	for entity, err := range s.reader.Entities(s.ctx, graph.Want{Origins: true}) {
		if err != nil {
			return err
		}
		for i := range entity.Facts {
			if err := s.fact(&entity.Facts[i]); err != nil {
				return err
			}
		}
		if err := s.outcomes(entity.Outcomes); err != nil {
			return err
		}
	}
	return nil
}

func (s *scan) fact(f *graph.Fact) error {
	if len(f.Days) != len(f.Origins) {
		return fmt.Errorf("%s: %d days of %d origins: %w", f.Entity, len(f.Days), len(f.Origins), graph.ErrDamaged)
	}
	for i, origin := range f.Origins {
		s.enc.b = s.enc.b[:0]
		s.enc.fact(f, f.Days[i])
		source, err := s.say(origin, f.Days[i])
		if err != nil {
			return err
		}
		if source.fact == nil {
			source.row, source.fact = origin.Row, &graph.Fact{Entity: f.Entity, Property: f.Property, Value: f.Value, Mark: f.Mark}
		}
	}
	return nil
}

func (s *scan) outcomes(all []graph.Outcome) error {
	for i := range all {
		s.enc.b = s.enc.b[:0]
		s.enc.outcome(&all[i])
		for _, origin := range all[i].Origins {
			if _, err := s.say(origin, all[i].Date); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *scan) consignments() error {
	for c, err := range s.reader.Consignments(s.ctx, graph.Want{Origins: true, History: true}) {
		if err != nil {
			return err
		}
		for _, statements := range [][]graph.Statement{c.Current, c.History} {
			for i := range statements {
				one := &statements[i]
				s.enc.b = s.enc.b[:0]
				s.enc.statement(one)
				for _, origin := range one.Origins {
					if _, err := s.say(origin, one.Date, one.Amended); err != nil {
						return err
					}
				}
			}
		}
		if err := s.outcomes(c.Outcomes); err != nil {
			return err
		}
	}
	return nil
}

func (s *scan) links() error {
	for l, err := range s.reader.Links(s.ctx, graph.Want{Origins: true}) {
		if err != nil {
			return err
		}
		s.enc.b = s.enc.b[:0]
		s.enc.link(l)
		for _, origin := range l.Origins {
			if _, err := s.say(origin, l.Start); err != nil {
				return err
			}
		}
	}
	return nil
}

// late returns a fact to be said again on the source's newest day, "" of an
// entity when there is no need. A fact that several rows state keeps the
// earliest of its days, so the newest may be of a row that said nothing else;
// a row that states its fact on both days answers alike.
func (g *gatheredSource) late(newest graph.Date) (graph.Fact, error) {
	switch {
	case g.newest == newest:
		return graph.Fact{}, nil
	case g.newest > newest || g.fact == nil:
		return graph.Fact{}, fmt.Errorf("no record is of its newest day %s: %w", newest, graph.ErrDamaged)
	}
	late := *g.fact
	late.Date = newest
	return late, nil
}

// rows appends all rows of a source in order.
func (c *copier) rows(ctx context.Context, t *task, g *gathered, work graph.Import) error {
	source := g.sources[t.want.ID]
	late, err := source.late(t.want.Newest)
	if err != nil {
		return err
	}
	refused, stop := iter.Pull2(g.reader.Quarantine(ctx, t.want.ID))
	defer stop()
	q := &quarantine{next: refused}
	q.step()
	row, done := graph.Row{}, int64(0)
	for place, err := range g.reader.Places(ctx, t.want.ID) {
		if err != nil {
			return err
		}
		row = graph.Row{Number: place.Row, Offset: place.Span.Offset, Length: place.Span.Length, Facts: row.Facts[:0],
			Statements: row.Statements[:0], Links: row.Links[:0], Outcomes: row.Outcomes[:0], Errors: row.Errors[:0]}
		if err := g.fill(source.no, &row); err != nil {
			return err
		}
		if err := q.fill(&row); err != nil {
			return err
		}
		if late.Entity != "" && place.Row == source.row {
			row.Facts = append(row.Facts, late)
		}
		if err := work.Append(ctx, &row); err != nil {
			return err
		}
		if done++; done%1024 == 0 || done == t.want.Rows {
			c.step(Writing, t.want.Name, done, t.want.Rows)
		}
	}
	if err := q.joined(ctx, work); err != nil {
		return err
	}
	switch {
	case q.err != nil:
		return q.err
	case g.err != nil && !errors.Is(g.err, io.EOF):
		return g.err
	case q.more, g.err == nil && g.key.source <= source.no:
		return fmt.Errorf("a row has no place: %w", graph.ErrDamaged)
	}
	return nil
}

// fill puts the records of a row into it.
func (g *gathered) fill(source int, row *graph.Row) error {
	for ; g.err == nil && g.key == (key{source, row.Number}); g.next() {
		if err := g.decoder.addTo(row, g.record); err != nil {
			return fmt.Errorf("temporary file: %w", err)
		}
	}
	if errors.Is(g.err, io.EOF) {
		return nil
	}
	return g.err
}

// quarantine goes along the refused rows.
type quarantine struct {
	next func() (graph.RowError, error, bool)
	row  graph.RowError
	err  error
	more bool
}

func (q *quarantine) step() { q.row, q.err, q.more = q.next() }

// fill puts the errors of a row into it.
func (q *quarantine) fill(row *graph.Row) error {
	for ; q.more && q.err == nil && q.row.Join == "" && q.row.Row == row.Number; q.step() {
		row.Errors = append(row.Errors, graph.RowError{Column: q.row.Column, Code: q.row.Code, Reason: q.row.Reason})
	}
	return q.err
}

// joined hands over the refused rows of joined files, which stand behind the others.
func (q *quarantine) joined(ctx context.Context, work graph.Import) error {
	for q.more && q.err == nil && q.row.Join != "" {
		first := q.row
		var row []graph.RowError
		for ; q.more && q.err == nil && q.row.Join == first.Join && q.row.Row == first.Row; q.step() {
			row = append(row, q.row)
		}
		if err := work.Refuse(ctx, row); err != nil {
			return err
		}
	}
	return q.err
}
