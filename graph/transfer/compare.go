package transfer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"iter"

	"rummage/graph"
)

// compare reads the original and the copy and returns where they first
// differ.
func (c *copier) compare(ctx context.Context) (err error) {
	if err := c.compareLists(ctx); err != nil {
		return err
	}
	scope := graph.Scope{Sources: []graph.SourceID{}, Ended: true}
	for i := range c.plan.listed {
		if c.plan.listed[i].EndedBy != graph.Purged {
			scope.Sources = append(scope.Sources, c.plan.listed[i].ID)
		}
	}
	from, err := c.from.Within(ctx, scope)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := c.to.Within(ctx, scope)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	w := &comparison{sum: sha256.New(), step: func(n int64) { c.step(Comparing, "", n, 0) }}
	for _, read := range []func(graph.Reader) iter.Seq2[told, error]{
		func(r graph.Reader) iter.Seq2[told, error] { return entities(ctx, r) },
		func(r graph.Reader) iter.Seq2[told, error] { return consignments(ctx, r) },
		func(r graph.Reader) iter.Seq2[told, error] { return links(ctx, r) },
		func(r graph.Reader) iter.Seq2[told, error] { return rowsOf(ctx, r, scope.Sources) },
	} {
		if err := w.both(ctx, read(from), read(to)); err != nil {
			return err
		}
	}
	c.report.Digest = graph.SHA256(hex.EncodeToString(w.sum.Sum(nil)))
	return nil
}

// compareLists compares what stores list: sources, decisions, runs.
func (c *copier) compareLists(ctx context.Context) error {
	there, err := c.to.Sources(ctx)
	if err != nil {
		return err
	}
	byID := map[graph.SourceID]*graph.Source{}
	for i := range there {
		byID[there[i].ID] = &there[i]
	}
	for i := range c.plan.listed {
		want := &c.plan.listed[i]
		had := byID[want.ID]
		what := "it is missing"
		if had != nil {
			if what = differs(had, want); what == "" && had.EndedBy != want.EndedBy {
				what = fmt.Sprintf("it is %q there and %q in the original", had.EndedBy, want.EndedBy)
			} else if what == "" {
				what = endsOtherwise(had, want)
			}
		}
		if what != "" {
			return fmt.Errorf("source %s (%s): %s: %w", want.ID, want.Name, what, ErrDifferent)
		}
		if want.HasEvidence && !had.HasEvidence && want.EndedBy != graph.Purged {
			c.report.Unkept++
		}
	}
	again := &plan{said: c.plan.said, reported: c.plan.reported}
	said, runs, err := readLedger(ctx, c.to)
	if err != nil {
		return err
	}
	if err := again.missing(said, runs); err != nil {
		return fmt.Errorf("%w: %w", err, ErrDifferent)
	}
	switch {
	case len(again.decisions) > 0:
		return fmt.Errorf("decision %d is missing: %w", again.decisions[0].Seq, ErrDifferent)
	case len(again.runs) > 0:
		return fmt.Errorf("run %s is missing: %w", again.runs[0].ID, ErrDifferent)
	}
	return nil
}

// told is one record as bytes, with what a person calls it.
type told struct {
	kind string
	id   string
	text []byte // valid until the next one is asked for
}

func (t *told) String() string { return t.kind + " " + t.id }

// comparison goes through two readings side by side.
type comparison struct {
	sum  hash.Hash
	step func(n int64)
	done int64
}

func (w *comparison) both(ctx context.Context, from, to iter.Seq2[told, error]) error {
	nextWant, stopWant := iter.Pull2(from)
	defer stopWant()
	nextHad, stopHad := iter.Pull2(to)
	defer stopHad()
	for {
		want, err, more := nextWant()
		if err != nil {
			return err
		}
		had, err, also := nextHad()
		if err != nil {
			return err
		}
		switch {
		case !more && !also:
			return ctx.Err()
		case more && also && want.id == had.id && bytes.Equal(want.text, had.text):
		case more && also && want.id == had.id:
			return fmt.Errorf("%s is not the same: %w", &want, ErrDifferent)
		case more && also && want.kind == aLinkIs: // their order is not that of their names
			return fmt.Errorf("the copy has %s where the original has %s: %w", &had, &want, ErrDifferent)
		case more && (!also || want.id < had.id):
			return fmt.Errorf("%s is missing in the copy: %w", &want, ErrDifferent)
		default:
			return fmt.Errorf("%s is in the copy alone: %w", &had, ErrDifferent)
		}
		w.sum.Write(want.text)
		if w.done++; w.done%1024 == 0 {
			w.step(w.done)
		}
	}
}

// telling turns a scan into records as bytes.
func telling[T any](all iter.Seq2[T, error], tell func(T, *encoder) told) iter.Seq2[told, error] {
	return func(yield func(told, error) bool) {
		var e encoder
		for one, err := range all {
			if err != nil {
				yield(told{}, err)
				return
			}
			e.b = e.b[:0]
			t := tell(one, &e)
			t.text = e.b
			if !yield(t, nil) {
				return
			}
		}
	}
}

func entities(ctx context.Context, r graph.Reader) iter.Seq2[told, error] {
	return telling(r.Entities(ctx, graph.Want{Origins: true}), func(entity *graph.Entity, e *encoder) told {
		e.text(string(entity.ID))
		for i := range entity.Facts {
			f := &entity.Facts[i]
			e.fact(f, f.Date)
			e.origins(f.Origins)
			for _, day := range f.Days {
				e.num(int64(day))
			}
		}
		e.found(entity.Outcomes)
		return told{kind: "the entity", id: string(entity.ID)}
	})
}

// found writes outcomes with their origins.
func (e *encoder) found(all []graph.Outcome) {
	for i := range all {
		e.outcome(&all[i])
		e.origins(all[i].Origins)
	}
}

func consignments(ctx context.Context, r graph.Reader) iter.Seq2[told, error] {
	return telling(r.Consignments(ctx, graph.Want{Origins: true, History: true}), func(c *graph.Consignment, e *encoder) told {
		e.text(string(c.ID))
		for _, statements := range [][]graph.Statement{c.Current, c.History} {
			e.num(int64(len(statements)))
			for i := range statements {
				e.statement(&statements[i])
				e.origins(statements[i].Origins)
			}
		}
		e.found(c.Outcomes)
		return told{kind: "the consignment", id: string(c.ID)}
	})
}

// aLinkIs is what a person calls a link.
const aLinkIs = "the link"

func links(ctx context.Context, r graph.Reader) iter.Seq2[told, error] {
	return telling(r.Links(ctx, graph.Want{Origins: true}), func(l *graph.Link, e *encoder) told {
		e.link(l)
		e.origins(l.Origins)
		return told{kind: aLinkIs, id: fmt.Sprintf("from %s, %s, to %s", l.From, l.Role, l.To)}
	})
}

// rowsOf tells the place of every row of sources, and why it was refused.
func rowsOf(ctx context.Context, r graph.Reader, sources []graph.SourceID) iter.Seq2[told, error] {
	return func(yield func(told, error) bool) {
		for _, id := range sources {
			for t, err := range telling(r.Places(ctx, id), func(p graph.RowPlace, e *encoder) told {
				e.num(p.Row)
				e.num(p.Span.Offset)
				e.num(p.Span.Length)
				return told{kind: "the place of row", id: fmt.Sprintf("%s:%012d", id, p.Row)}
			}) {
				if !yield(t, err) {
					return
				}
			}
			for t, err := range telling(r.Quarantine(ctx, id), func(q graph.RowError, e *encoder) told {
				e.num(q.Row)
				e.text(q.Column)
				e.text(q.Code)
				e.text(q.Reason)
				if q.Join != "" {
					e.text(q.Join)
					e.num(q.Span.Offset)
					e.num(q.Span.Length)
					return told{kind: "the refused row of a joined file", id: fmt.Sprintf("%s:%s:%012d", id, q.Join, q.Row)}
				}
				return told{kind: "the refused row", id: fmt.Sprintf("%s:%012d", id, q.Row)}
			}) {
				if !yield(t, err) {
					return
				}
			}
		}
	}
}
