package sqlite

import (
	"context"
	"iter"
	"slices"
	"strings"

	"rummage/graph"
	"rummage/graph/sqlite/segment"
)

// linkCursor walks the visible links of one segment, with ids for numbers.
type linkCursor struct {
	cursor *segment.Cursor[*segment.LinkColumns]
	names  *segment.Names
	link   graph.Link
}

// Links streams the visible links.
func (r *reader) Links(ctx context.Context, want graph.Want) iter.Seq2[*graph.Link, error] {
	return scan(r, func(yield func(*graph.Link) bool) error {
		return errorOf("scan links", r.scanLinks(ctx, want, yield))
	})
}

func (r *reader) scanLinks(ctx context.Context, want graph.Want, yield func(*graph.Link) bool) error {
	var streams []*segment.Stream[*linkCursor]
	for i, v := range r.segments {
		if v.Links == 0 {
			continue
		}
		c := &linkCursor{cursor: v.ScanLinks(0, nil), names: v.Names()}
		streams = append(streams, &segment.Stream[*linkCursor]{Segment: i, Record: c, Advance: func() (bool, error) {
			for {
				ok, err := c.cursor.Next()
				if !ok || err != nil {
					return ok, err
				}
				if columns, j := c.cursor.Columns, c.cursor.I; r.sees(v, columns.Source[j], graph.Date(columns.Start[j])) {
					return true, fillLink(&c.link, v, c.names, columns, j)
				}
			}
		}})
	}
	weave, err := segment.NewWeave(streams, func(a, b *segment.Stream[*linkCursor]) int {
		if c := graph.CompareLinks(&a.Record.link, &b.Record.link); c != 0 {
			return c
		}
		return a.Segment - b.Segment
	})
	if err != nil {
		return err
	}
	var open *graph.Link
	finish := func() bool {
		if open == nil {
			return true
		}
		stripLink(open, want)
		return yield(open)
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
			finish()
			return nil
		}
		next := &at.Record.link
		if open != nil && graph.CompareLinks(open, next) == 0 {
			open.Origins = graph.MergeOrigins(open.Origins, next.Origins)
			continue
		}
		if !finish() {
			return nil
		}
		copied := *next
		copied.Fields = slices.Clone(next.Fields)
		open = &copied
	}
}

func stripLink(l *graph.Link, want graph.Want) {
	if want.Fields != nil {
		l.Fields = slices.DeleteFunc(l.Fields, func(f graph.Field) bool { return !slices.Contains(want.Fields, f.Name) })
	}
	if !want.Origins {
		l.Origins = nil
	}
}

func fillLink(l *graph.Link, v *view, names *segment.Names, c *segment.LinkColumns, i int) error {
	from, err := names.At(c.From[i])
	if err != nil {
		return err
	}
	to, err := names.At(c.To[i])
	if err != nil {
		return err
	}
	*l = graph.Link{
		Role: graph.Role(c.Role[i]), From: graph.ID(from), To: graph.ID(to), Start: graph.Date(c.Start[i]), End: graph.Date(c.End[i]),
		Key: c.Key.At(i), Fields: c.Fields.Append(l.Fields[:0], i),
		Origins: []graph.Origin{{Source: v.Sources[c.Source[i]], Row: c.Row[i]}},
	}
	if len(l.Fields) == 0 {
		l.Fields = nil
	}
	return nil
}

// linksOf returns the visible links of the given records, equal ones merged,
// in order.
func (r *reader) linksOf(named []naming) ([]graph.Link, error) {
	var all []graph.Link
	for i, v := range r.segments {
		names := v.Names()
		var b *segment.Records
		var c *segment.LinkColumns
		for _, ordinal := range named[i].links { // rising, so a block is opened once
			if b == nil || int(ordinal-b.First) >= b.N {
				var err error
				if b, err = v.Block(segment.LinkSection, segment.BlockOf(ordinal)); err != nil {
					return nil, err
				}
				if c, err = b.Links(nil); err != nil {
					return nil, err
				}
			}
			j := int(ordinal - b.First)
			if !r.sees(v, c.Source[j], graph.Date(c.Start[j])) {
				continue
			}
			var l graph.Link
			if err := fillLink(&l, v, names, c, j); err != nil {
				return nil, err
			}
			all = append(all, l)
		}
	}
	slices.SortFunc(all, func(a, b graph.Link) int {
		if c := graph.CompareLinks(&a, &b); c != 0 {
			return c
		}
		return strings.Compare(string(a.Origins[0].Source), string(b.Origins[0].Source))
	})
	merged := all[:0]
	for _, l := range all {
		if last := len(merged) - 1; last >= 0 && graph.CompareLinks(&merged[last], &l) == 0 {
			merged[last].Origins = graph.MergeOrigins(merged[last].Origins, l.Origins)
			continue
		}
		merged = append(merged, l)
	}
	return merged, nil
}
