package sqlite

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"

	"rummage/graph"
	"rummage/graph/sqlite/segment"
)

// checkEvery is after how many records a scan looks at its context.
const checkEvery = 1024

// scan runs a walk that yields records and makes its error the last pair.
func scan[T any](r *reader, walk func(yield func(T) bool) error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		stopped := false
		err := r.snap.open()
		if err == nil {
			err = walk(func(record T) bool {
				stopped = !yield(record, nil)
				return !stopped
			})
		}
		if err != nil && !stopped {
			var none T
			yield(none, err)
		}
	}
}

// Entities streams the visible entities.
func (r *reader) Entities(ctx context.Context, want graph.Want) iter.Seq2[*graph.Entity, error] {
	return scan(r, func(yield func(*graph.Entity) bool) error {
		return errorOf("scan entities", r.scanEntities(ctx, want, yield))
	})
}

// entityStream walks the visible entities of one segment.
func (r *reader) entityStream(i int, from uint32, want segment.EntityWant) *segment.Stream[*segment.EntityCursor] {
	v := r.segments[i]
	c := v.ScanEntities(from, want)
	return &segment.Stream[*segment.EntityCursor]{Segment: i, Record: c, Advance: func() (bool, error) {
		for {
			ok, err := c.Next()
			if !ok || err != nil || slices.ContainsFunc(c.Support, func(s segment.Support) bool { return r.sees(v, s.Source, s.Day) }) {
				return ok, err
			}
		}
	}}
}

func (r *reader) scanEntities(ctx context.Context, want graph.Want, yield func(*graph.Entity) bool) error {
	facts := want.Properties == nil || len(want.Properties) > 0
	streams := make([]*segment.Stream[*segment.EntityCursor], len(r.segments))
	for i := range r.segments {
		streams[i] = r.entityStream(i, 0, segment.EntityWant{Facts: facts})
	}
	weave, err := segment.NewWeave(streams, func(a, b *segment.Stream[*segment.EntityCursor]) int {
		return cmp.Or(strings.Compare(a.Record.ID, b.Record.ID), cmp.Compare(a.Segment, b.Segment))
	})
	if err != nil {
		return err
	}
	outcomes, err := r.outcomeFeed("", want.Origins)
	if err != nil {
		return err
	}
	e := &graph.Entity{}
	finish := func() (bool, error) {
		if e.ID == "" {
			return true, nil
		}
		e.Facts = mergeFacts(e.Facts, want.Origins)
		e.Supports = graph.MergeSupports(e.Supports)
		if e.Outcomes, err = outcomes.of(e.Outcomes[:0], string(e.ID)); err != nil {
			return false, err
		}
		return yield(e), nil
	}
	for n := 0; ; n++ {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		at, err := weave.Next()
		if err != nil {
			return err
		}
		if at == nil {
			_, err := finish()
			return err
		}
		if string(e.ID) != at.Record.ID {
			if ok, err := finish(); !ok || err != nil {
				return err
			}
			e.ID, e.Facts, e.Supports = graph.ID(at.Record.ID), e.Facts[:0], e.Supports[:0]
		}
		if want.Origins {
			e.Supports = r.appendSupports(e.Supports, r.segments[at.Segment], at.Record.Support)
		}
		e.Facts = r.appendFacts(e.Facts, r.segments[at.Segment], at.Record, want.Properties)
	}
}

// appendFacts appends the visible facts of an entity in one segment.
func (r *reader) appendFacts(dst []graph.Fact, v *view, e *segment.EntityCursor, properties []string) []graph.Fact {
	for i := range e.Facts {
		f := &e.Facts[i]
		if !r.sees(v, f.Source, f.Day) || properties != nil && !slices.Contains(properties, f.Property) {
			continue
		}
		dst = append(dst, graph.Fact{Entity: graph.ID(e.ID), Property: f.Property, Value: f.Value, Mark: f.Mark, Date: f.Day,
			Origins: []graph.Origin{{Source: v.Sources[f.Source], Row: f.Row}}})
	}
	return dst
}

// appendSupports appends the visible ones of those that a segment holds.
func (r *reader) appendSupports(dst []graph.Support, v *view, all []segment.Support) []graph.Support {
	for _, s := range all {
		if r.sees(v, s.Source, s.Day) {
			dst = append(dst, graph.Support{Source: v.Sources[s.Source], First: s.Day})
		}
	}
	return dst
}

// mergeFacts orders facts and makes equal ones one. Of one source the origin
// with the earliest day counts, then the smallest row.
func mergeFacts(facts []graph.Fact, origins bool) []graph.Fact {
	slices.SortFunc(facts, func(a, b graph.Fact) int {
		return cmp.Or(graph.CompareFacts(&a, &b), strings.Compare(string(a.Origins[0].Source), string(b.Origins[0].Source)),
			cmp.Compare(a.Date, b.Date), cmp.Compare(a.Origins[0].Row, b.Origins[0].Row))
	})
	merged := facts[:0]
	for _, f := range facts {
		last := len(merged) - 1
		if last < 0 || graph.CompareFacts(&merged[last], &f) != 0 {
			merged = append(merged, f)
			continue
		}
		had := &merged[last]
		if had.Origins[len(had.Origins)-1].Source != f.Origins[0].Source {
			if had.Days == nil {
				had.Days = []graph.Date{had.Date}
			}
			had.Origins, had.Days = append(had.Origins, f.Origins[0]), append(had.Days, f.Date)
		}
		had.Date = min(had.Date, f.Date)
	}
	for i := range merged {
		switch f := &merged[i]; {
		case !origins:
			f.Origins, f.Days = nil, nil
		case f.Days == nil:
			f.Days = []graph.Date{f.Date}
		}
	}
	return merged
}

// outcomeFeed hands out the outcomes of subjects that are asked for in rising
// order.
type outcomeFeed struct {
	reader  *reader
	origins bool
	weave   *segment.Weave[*segment.Cursor[*segment.OutcomeColumns]]
	at      *segment.Stream[*segment.Cursor[*segment.OutcomeColumns]]
}

func subjectOf(s *segment.Stream[*segment.Cursor[*segment.OutcomeColumns]]) string {
	return s.Record.Columns.Subject.At(s.Record.I)
}

func (r *reader) outcomeFeed(from string, origins bool) (*outcomeFeed, error) {
	f := &outcomeFeed{reader: r, origins: origins}
	var streams []*segment.Stream[*segment.Cursor[*segment.OutcomeColumns]]
	for i, v := range r.segments {
		if v.Outcomes == 0 {
			continue
		}
		start := uint32(0)
		if from != "" {
			var err error
			if start, err = v.SeekID(segment.OutcomeSection, from); err != nil {
				return nil, err
			}
		}
		// Equal outcomes can only be told when all fields are there.
		c := v.ScanOutcomes(start, nil)
		streams = append(streams, &segment.Stream[*segment.Cursor[*segment.OutcomeColumns]]{Segment: i, Record: c, Advance: func() (bool, error) {
			for {
				ok, err := c.Next()
				if !ok || err != nil || r.sees(v, c.Columns.Source[c.I], graph.Date(c.Columns.Day[c.I])) {
					return ok, err
				}
			}
		}})
	}
	var err error
	f.weave, err = segment.NewWeave(streams, func(a, b *segment.Stream[*segment.Cursor[*segment.OutcomeColumns]]) int {
		return cmp.Or(strings.Compare(subjectOf(a), subjectOf(b)), cmp.Compare(a.Segment, b.Segment))
	})
	if err == nil {
		f.at, err = f.weave.Next()
	}
	return f, err
}

// subject returns the subject of the next outcome, "" at the end.
func (f *outcomeFeed) subject() string {
	if f.at == nil {
		return ""
	}
	return subjectOf(f.at)
}

// of appends the outcomes of a subject, passing over earlier subjects.
func (f *outcomeFeed) of(dst []graph.Outcome, subject string) (all []graph.Outcome, err error) {
	all = dst
	for f.at != nil && subjectOf(f.at) <= subject {
		if subjectOf(f.at) == subject {
			c, i := f.at.Record.Columns, f.at.Record.I
			all = append(all, graph.Outcome{
				Subject: graph.ID(subject), Result: graph.Result(c.Result[i]), Channel: graph.Channel(c.Channel[i]),
				Date: graph.Date(c.Day[i]), Fields: c.Fields.Append(nil, i),
				Origins: []graph.Origin{{Source: f.reader.segments[f.at.Segment].Sources[c.Source[i]], Row: c.Row[i]}},
			})
		}
		if f.at, err = f.weave.Next(); err != nil {
			return nil, err
		}
	}
	return mergeOutcomes(all, f.origins), nil
}

// mergeOutcomes orders outcomes and makes equal ones one.
func mergeOutcomes(all []graph.Outcome, origins bool) []graph.Outcome {
	if len(all) == 0 {
		return nil
	}
	slices.SortStableFunc(all, func(a, b graph.Outcome) int { return graph.CompareOutcomes(&a, &b) })
	merged := all[:0]
	for _, o := range all {
		if last := len(merged) - 1; last >= 0 && graph.CompareOutcomes(&merged[last], &o) == 0 {
			merged[last].Origins = graph.MergeOrigins(merged[last].Origins, o.Origins)
			continue
		}
		merged = append(merged, o)
	}
	if !origins {
		for i := range merged {
			merged[i].Origins = nil
		}
	}
	return merged
}
