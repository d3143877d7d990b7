package storetest

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"rummage/graph"
)

// Dump writes down what every read path of a reader answers: the three scans,
// and for every entity and consignment in them all that Finder and Archive
// say. Two readers that show the same have equal dumps.
func Dump(ctx context.Context, reader graph.Reader) (string, error) {
	d := &dump{ctx: ctx, reader: reader}
	scope := reader.Scope()
	d.line("scope %v until %v known on %v", scope.Sources, scope.Until, scope.KnownOn.UTC())
	if len(scope.Past) > 0 {
		d.line("  past %v", scope.Past)
	}
	for _, step := range []func() error{d.entities, d.consignments, d.links, d.finder, d.searches, d.archive} {
		if err := step(); err != nil {
			return "", err
		}
	}
	return d.text.String(), nil
}

type dump struct {
	ctx       context.Context
	reader    graph.Reader
	text      strings.Builder
	ids       []graph.ID
	shipments []graph.ID
	names     []string
	origins   []graph.Origin
	bare      bool // leave origins out
}

func (d *dump) line(format string, args ...any) { fmt.Fprintf(&d.text, format+"\n", args...) }

// from writes origins down unless they are to be left out.
func (d *dump) from(origins []graph.Origin) []graph.Origin {
	if d.bare {
		return nil
	}
	return origins
}

func (d *dump) entities() error {
	for entity, err := range d.reader.Entities(d.ctx, graph.Want{Origins: true}) {
		if err != nil {
			return fmt.Errorf("storetest: scan of entities: %w", err)
		}
		d.ids = append(d.ids, entity.ID)
		d.entity("entity", entity)
	}
	return nil
}

func (d *dump) entity(what string, entity *graph.Entity) {
	d.line("%s %s kind %s name %q", what, entity.ID, entity.Kind(), entity.Name())
	for i := range entity.Facts {
		f := &entity.Facts[i]
		d.line("  fact %s %q mark %q day %s of %s from %v", f.Property, f.Value, f.Mark, f.Date, f.Entity, d.from(f.Origins))
		if len(f.Days) != len(f.Origins) {
			d.line("  %d days beside %d origins", len(f.Days), len(f.Origins))
		}
		if len(f.Days) > 1 && !d.bare {
			d.line("    on %v", f.Days)
		}
		d.names = append(d.names, f.Value)
		d.origins = append(d.origins, f.Origins...)
	}
	d.outcomes(entity.Outcomes)
	for _, s := range entity.Supports {
		if !d.bare {
			d.line("  named by %s since %s", s.Source, s.First)
		}
	}
}

func (d *dump) outcomes(all []graph.Outcome) {
	for i := range all {
		o := &all[i]
		d.line("  outcome of %s: %s by %q on %s %v from %v", o.Subject, o.Result, o.Channel, o.Date, o.Fields, d.from(o.Origins))
		d.origins = append(d.origins, o.Origins...)
	}
}

func (d *dump) statements(what string, all []graph.Statement) {
	for i := range all {
		s := &all[i]
		d.line("  %s %s %s document %q part %q version %d amended %s on %s", what, s.View, s.Consignment, s.Document, s.Part, s.Version, s.Amended, s.Date)
		d.line("    fields %v", s.Fields)
		d.line("    ties %v", s.Ties)
		d.line("    from %v", d.from(s.Origins))
		d.origins = append(d.origins, s.Origins...)
	}
}

func (d *dump) consignments() error {
	for c, err := range d.reader.Consignments(d.ctx, graph.Want{Origins: true, History: true}) {
		if err != nil {
			return fmt.Errorf("storetest: scan of consignments: %w", err)
		}
		d.shipments = append(d.shipments, c.ID)
		d.consignment("consignment", c)
	}
	return nil
}

func (d *dump) consignment(what string, c *graph.Consignment) {
	inspected, hit := c.Looked()
	d.line("%s %s on %s inspected %t hit %t ties %v", what, c.ID, c.Date(), inspected, hit, c.Ties())
	d.statements("current", c.Current)
	d.statements("history", c.History)
	d.outcomes(c.Outcomes)
}

func (d *dump) link(l *graph.Link) {
	d.line("link %s %s %s from %s to %s key %q %v from %v", l.From, l.Role, l.To, l.Start, l.End, l.Key, l.Fields, d.from(l.Origins))
}

func (d *dump) links() error {
	for link, err := range d.reader.Links(d.ctx, graph.Want{Origins: true}) {
		if err != nil {
			return fmt.Errorf("storetest: scan of links: %w", err)
		}
		d.link(link)
		d.origins = append(d.origins, link.Origins...)
	}
	return nil
}

func (d *dump) finder() error {
	for _, id := range d.ids {
		if err := d.one(id); err != nil {
			return fmt.Errorf("storetest: %s: %w", id, err)
		}
	}
	for _, id := range d.shipments {
		c, err := d.reader.Consignment(d.ctx, id)
		if err != nil {
			return fmt.Errorf("storetest: %s: %w", id, err)
		}
		d.consignment("one", c)
	}
	return nil
}

func (d *dump) one(id graph.ID) error {
	entity, err := d.reader.Entity(d.ctx, id)
	if err != nil {
		return err
	}
	d.entity("one", entity)
	counts, err := d.reader.Counts(d.ctx, id)
	if err != nil {
		return err
	}
	for _, c := range counts {
		d.line("  count %s incoming %t neighbours %d records %d", c.Role, c.Incoming, c.Neighbours, c.Records)
	}
	all, err := d.reader.Neighbours(d.ctx, graph.NeighbourQuery{ID: id, Limit: 1 << 20})
	if err != nil {
		return err
	}
	for _, n := range all {
		d.line("  neighbour %s %s incoming %t records %d from %s to %s", n.ID, n.Role, n.Incoming, n.Records, n.First, n.Last)
	}
	if len(all) > 0 {
		if err := d.connections(graph.ConnectionQuery{ID: id, With: all[0].ID, Limit: 1 << 20}); err != nil {
			return err
		}
	}
	return d.connections(graph.ConnectionQuery{ID: id, Limit: 1 << 20})
}

func (d *dump) connections(query graph.ConnectionQuery) error {
	all, err := d.reader.Connections(d.ctx, query)
	if err != nil {
		return err
	}
	for i := range all {
		c := &all[i]
		d.line("  with %q: %s roles %v %v on %s from %v", query.With, c.Consignment, c.Roles, c.WithRoles, c.Date, d.from(c.Origins))
		if c.Link != nil {
			d.link(c.Link)
		}
	}
	return nil
}

func (d *dump) searches() error {
	slices.Sort(d.names)
	for _, name := range slices.Compact(d.names) {
		all, err := d.reader.Search(d.ctx, graph.SearchQuery{Text: name, Limit: 1 << 20})
		if err != nil {
			return fmt.Errorf("storetest: search %q: %w", name, err)
		}
		for _, m := range all {
			d.line("search %q: %s %q %.6f %v", name, m.ID, m.Name, m.Score, m.Reasons)
		}
	}
	return nil
}

func (d *dump) archive() error {
	slices.SortFunc(d.origins, graph.CompareOrigins)
	for _, origin := range slices.Compact(d.origins) {
		span, err := d.reader.Locate(d.ctx, origin)
		if err != nil {
			return fmt.Errorf("storetest: locate %v: %w", origin, err)
		}
		d.line("row %v at %v", origin, span)
	}
	for _, source := range d.reader.Scope().Sources {
		for place, err := range d.reader.Places(d.ctx, source) {
			if err != nil {
				return fmt.Errorf("storetest: places of %s: %w", source, err)
			}
			d.line("place of %s: %d at %v", source, place.Row, place.Span)
		}
		for refused, err := range d.reader.Quarantine(d.ctx, source) {
			if err != nil {
				return fmt.Errorf("storetest: quarantine of %s: %w", source, err)
			}
			d.line("refused %+v", refused)
		}
	}
	return d.said()
}

func (d *dump) said() error {
	decisions, err := d.reader.Decisions(d.ctx, "")
	if err != nil {
		return err
	}
	for _, said := range decisions {
		d.line("decision %d %s %s %s by %s at %s: %s %v", said.Seq, said.Subject, said.Kind, said.Other, said.Author, said.Time.UTC(), said.Reason, said.Sources)
	}
	runs, err := d.reader.Runs(d.ctx, "")
	if err != nil {
		return err
	}
	for i := range runs {
		r := &runs[i]
		d.line("run %s %s after %q scope %v until %s known on %v settings %s seed %d results %s decided %d finished %v by %q", r.Kind, r.ID, r.Previous,
			r.Scope.Sources, r.Scope.Until, r.Scope.KnownOn.UTC(), r.Settings, r.Seed, r.Results, r.Decided, r.Finished.UTC(), r.Tool)
	}
	return nil
}

// readAll reads a kept file whole.
func readAll(file graph.Evidence) (string, error) {
	b, err := io.ReadAll(io.NewSectionReader(file, 0, file.Size()))
	return string(b), err
}
