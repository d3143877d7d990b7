package sqlite

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"strings"

	"rummage/graph"
	"rummage/graph/sqlite/segment"
)

type statementStream = segment.Stream[*segment.Cursor[*segment.StatementColumns]]

// Consignments streams the consignments with a visible statement or outcome.
func (r *reader) Consignments(ctx context.Context, want graph.Want) iter.Seq2[*graph.Consignment, error] {
	return scan(r, func(yield func(*graph.Consignment) bool) error {
		return errorOf("scan consignments", r.scanConsignments(ctx, want, yield))
	})
}

// statementStream walks the visible statements of one segment.
func (r *reader) statementStream(i int, from uint32, fields []string) *statementStream {
	v := r.segments[i]
	c := v.ScanStatements(from, fields)
	return &statementStream{Segment: i, Record: c, Advance: func() (bool, error) {
		for {
			ok, err := c.Next()
			if !ok || err != nil || r.sees(v, c.Columns.Source[c.I], c.Columns.Seen(c.I)) {
				return ok, err
			}
		}
	}}
}

func consignmentOf(s *statementStream) string { return s.Record.Columns.IDs.At(s.Record.I) }

func (r *reader) weaveStatements(streams []*statementStream) (*segment.Weave[*segment.Cursor[*segment.StatementColumns]], error) {
	return segment.NewWeave(streams, func(a, b *statementStream) int {
		return cmp.Or(strings.Compare(consignmentOf(a), consignmentOf(b)), cmp.Compare(a.Segment, b.Segment))
	})
}

// uniter puts the visible statements of one consignment together.
type uniter struct {
	reader *reader
	want   graph.Want
	names  []*segment.Names // per segment
	said   []said
	room   []graph.Statement // reused
	ties   []segment.Tie     // reused
}

// said is a statement in a block.
type said struct {
	segment int
	columns *segment.StatementColumns
	i       int
}

func (r *reader) uniter(want graph.Want) *uniter {
	u := &uniter{reader: r, want: want, names: make([]*segment.Names, len(r.segments))}
	for i, v := range r.segments {
		u.names[i] = v.Names()
	}
	return u
}

// fill writes a statement into s, reusing its slices.
func (u *uniter) fill(s *graph.Statement, at said, fields *segment.FieldReader, origin bool) error {
	c, i := at.columns, at.i
	s.Consignment, s.View = graph.ID(c.IDs.At(i)), graph.View(c.View[i])
	s.Document, s.Part = c.Document.At(i), c.Part.At(i)
	s.Version, s.Amended, s.Date = c.Version[i], graph.Date(c.Amended[i]), graph.Date(c.Day[i])
	s.Fields, s.Ties, s.Origins = fields.Append(s.Fields[:0], i), s.Ties[:0], nil
	names := u.names[at.segment]
	u.ties = c.Ties.Append(u.ties[:0], i)
	for _, tie := range u.ties {
		id, err := names.At(tie.Num)
		if err != nil {
			return err
		}
		s.Ties = append(s.Ties, graph.Tie{Role: tie.Role, Entity: graph.ID(id)})
	}
	if origin {
		s.Origins = []graph.Origin{{Source: u.reader.segments[at.segment].Sources[c.Source[i]], Row: c.Row[i]}}
	}
	return nil
}

// unite fills the consignment from what was said about it. Which statement of
// a chain counts depends on all its fields, wanted or not.
func (u *uniter) unite(c *graph.Consignment) error {
	for len(u.room) < len(u.said) {
		u.room = append(u.room, graph.Statement{})
	}
	statements := u.room[:len(u.said)]
	for i, at := range u.said {
		fields := at.columns.Fields
		if len(u.said) > 1 {
			var err error
			if fields, err = at.columns.Whole(); err != nil {
				return err
			}
		}
		if err := u.fill(&statements[i], at, fields, u.want.Origins || len(u.said) > 1); err != nil {
			return err
		}
	}
	c.Unite(statements)
	if !u.want.History {
		c.History = nil
	}
	if len(u.said) > 1 {
		u.strip(c.Current)
		u.strip(c.History)
	}
	return nil
}

// strip takes away what was read for uniting only.
func (u *uniter) strip(statements []graph.Statement) {
	for i := range statements {
		s := &statements[i]
		if u.want.Fields != nil {
			// Unite copied the statement but not its fields, which are reused.
			s.Fields = slices.DeleteFunc(slices.Clone(s.Fields), func(f graph.Field) bool { return !slices.Contains(u.want.Fields, f.Name) })
		}
		if !u.want.Origins {
			s.Origins = nil
		}
	}
}

func (r *reader) scanConsignments(ctx context.Context, want graph.Want, yield func(*graph.Consignment) bool) error {
	streams := make([]*statementStream, len(r.segments))
	for i := range r.segments {
		streams[i] = r.statementStream(i, 0, want.Fields)
	}
	weave, err := r.weaveStatements(streams)
	if err != nil {
		return err
	}
	outcomes, err := r.outcomeFeed(graph.KindConsignment.String()+"/", want.Origins)
	if err != nil {
		return err
	}
	u, c := r.uniter(want), &graph.Consignment{}
	at, err := weave.Next()
	for n := 0; err == nil; n++ {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		id := nextConsignment(at, outcomes)
		if id == "" {
			return nil
		}
		c.ID, u.said = graph.ID(id), u.said[:0]
		for at != nil && err == nil && consignmentOf(at) == id {
			u.said = append(u.said, said{at.Segment, at.Record.Columns, at.Record.I})
			at, err = weave.Next()
		}
		if err != nil {
			return err
		}
		if err := u.unite(c); err != nil {
			return err
		}
		if c.Outcomes, err = outcomes.of(c.Outcomes[:0], id); err != nil {
			return err
		}
		if !yield(c) {
			return nil
		}
	}
	return err
}

// nextConsignment is the lesser of the next statement's consignment and the
// next outcome's, "" at the end.
func nextConsignment(at *statementStream, outcomes *outcomeFeed) string {
	subject := outcomes.subject()
	if graph.ID(subject).Kind() != graph.KindConsignment {
		subject = "" // kinds are ordered too: what comes now are entities
	}
	switch {
	case at == nil:
		return subject
	case subject == "":
		return consignmentOf(at)
	}
	return min(subject, consignmentOf(at))
}

// Consignment returns one consignment with origins and history.
func (r *reader) Consignment(ctx context.Context, id graph.ID) (*graph.Consignment, error) {
	if err := errors.Join(r.snap.open(), ctx.Err()); err != nil {
		return nil, err
	}
	c, err := r.consignment(r.uniter(graph.Want{Origins: true, History: true}), id)
	if err != nil {
		return nil, errorOf("consignment", err)
	}
	if len(c.Current)+len(c.Outcomes) == 0 {
		return nil, notFound("consignment", id)
	}
	return c, nil
}

// consignment looks one consignment up in every segment.
func (r *reader) consignment(u *uniter, id graph.ID) (*graph.Consignment, error) {
	u.said, u.room = u.said[:0], nil
	c := &graph.Consignment{ID: id}
	for i, v := range r.segments {
		may, err := v.MayHold(string(id))
		if err != nil {
			return nil, err
		}
		if !may {
			continue
		}
		if err := r.collect(u, i, string(id)); err != nil {
			return nil, err
		}
		if c.Outcomes, err = r.appendOutcomes(c.Outcomes, v, string(id)); err != nil {
			return nil, err
		}
	}
	c.Outcomes = mergeOutcomes(c.Outcomes, true)
	return c, u.unite(c)
}

// collect adds the visible statements of one segment about a consignment.
func (r *reader) collect(u *uniter, i int, id string) error {
	v := r.segments[i]
	from, err := v.SeekID(segment.StatementSection, id)
	if err != nil {
		return err
	}
	for ; int(from) < v.Statements; from++ {
		b, err := v.Block(segment.StatementSection, segment.BlockOf(from))
		if err != nil {
			return err
		}
		columns, err := b.Statements(nil)
		if err != nil {
			return err
		}
		j := int(from - b.First)
		if columns.IDs.At(j) != id {
			return nil
		}
		if r.sees(v, columns.Source[j], columns.Seen(j)) {
			u.said = append(u.said, said{i, columns, j})
		}
	}
	return nil
}

// appendOutcomes appends the visible outcomes of one segment about a subject.
func (r *reader) appendOutcomes(dst []graph.Outcome, v *view, subject string) ([]graph.Outcome, error) {
	from, err := v.SeekID(segment.OutcomeSection, subject)
	if err != nil {
		return nil, err
	}
	for ; int(from) < v.Outcomes; from++ {
		b, err := v.Block(segment.OutcomeSection, segment.BlockOf(from))
		if err != nil {
			return nil, err
		}
		c, err := b.Outcomes(nil)
		if err != nil {
			return nil, err
		}
		i := int(from - b.First)
		if c.Subject.At(i) != subject {
			return dst, nil
		}
		if r.sees(v, c.Source[i], graph.Date(c.Day[i])) {
			dst = append(dst, graph.Outcome{
				Subject: graph.ID(subject), Result: graph.Result(c.Result[i]), Channel: graph.Channel(c.Channel[i]),
				Date: graph.Date(c.Day[i]), Fields: c.Fields.Append(nil, i),
				Origins: []graph.Origin{{Source: v.Sources[c.Source[i]], Row: c.Row[i]}},
			})
		}
	}
	return dst, nil
}
