package neo4j

import (
	"errors"
	"fmt"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"rummage/graph"
)

// written is what became of the records of a transaction.
type written struct {
	consignments int64     // that the source had not named before
	entities     []*entity // as they now are
}

// put writes records, which are united with what is there of them. known are
// entities whose whole state is.
func (t *transaction) put(known []*entity, p *sealed) (*written, error) {
	w := &written{}
	steps := []func() error{
		func() error { return t.setEntities(known) },
		func() error { return t.putEntities(p.entities, w) },
		func() error { return t.putConsignments(p.source, p.consignments, w) },
		func() error { return t.putLinks(p.links) },
		func() error { return t.rows(len(p.pages), cypher{putPlaces, over(anyOf(p.pages))}) },
		func() error { return t.rows(len(p.refused), cypher{putRefused, over(anyOf(p.refused))}) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return w, nil
}

func anyOf[T any](all []T) []any {
	list := make([]any, len(all))
	for i := range all {
		list[i] = all[i]
	}
	return list
}

// over is the parameter of a statement over rows.
func over(rows []any) map[string]any { return map[string]any{"rows": rows} }

// rows runs a statement over n rows, unless there are none.
func (t *transaction) rows(n int, q cypher) error {
	if n == 0 {
		return nil
	}
	_, err := t.run(q)
	return err
}

// each runs a statement over n rows, each of which must find what it is about.
func (t *transaction) each(n int, q cypher) error {
	if n == 0 {
		return nil
	}
	found, err := t.run(q)
	if err != nil {
		return err
	}
	if len(found) != 1 || integer(found[0].Values[0]) != int64(n) {
		return t.vanished()
	}
	return nil
}

func (t *transaction) vanished() error {
	return t.store.broken(graph.ErrDamaged, "records went away while others were written that need them; something else than rummage writes into this database: run check")
}

// setEntities writes whole entities that are there.
func (t *transaction) setEntities(all []*entity) error {
	if err := t.each(len(all), cypher{setEntities, over(entityRows(all))}); err != nil {
		return err
	}
	return t.markLong(all)
}

func entityRows(all []*entity) []any {
	rows := make([]any, len(all))
	for i, e := range all {
		p := e.properties()
		p["id"] = string(e.id)
		rows[i] = p
	}
	return rows
}

// markLong marks the entities whose texts are cut in the index of searches.
func (t *transaction) markLong(all []*entity) error {
	var ids []any
	for _, e := range all {
		if e.long {
			ids = append(ids, string(e.id))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	_, err := t.run(cypher{markLong, map[string]any{"ids": ids}})
	return err
}

// putEntities makes entities, or adds to those that are there.
func (t *transaction) putEntities(all []*entity, w *written) error {
	ofKind := map[graph.Kind][]*entity{}
	for _, e := range all {
		ofKind[e.id.Kind()] = append(ofKind[e.id.Kind()], e)
	}
	var merged []*entity
	for _, kind := range graph.Kinds() {
		fresh := ofKind[kind]
		if len(fresh) == 0 {
			continue
		}
		found, err := t.run(cypher{textsOfKind[kind].put, over(entityRows(fresh))})
		if err != nil {
			return err
		}
		there, err := entitiesOf(found)
		if err != nil {
			return err
		}
		for _, e := range fresh {
			had := there[e.id]
			if had == nil {
				w.entities = append(w.entities, e)
				continue
			}
			w.entities = append(w.entities, had)
			if had.merge(e) {
				merged = append(merged, had)
			}
		}
		if err := t.markLong(fresh); err != nil {
			return err
		}
	}
	return t.setEntities(merged)
}

// entitiesOf reads entities from records of id, _sources, _days, _facts,
// _outcomes.
func entitiesOf(found []*driver.Record) (map[graph.ID]*entity, error) {
	all := make(map[graph.ID]*entity, len(found))
	for _, record := range found {
		v := record.Values
		e, err := entityOf(graph.ID(text(v[0])), integers(v[1]), integers(v[2]), texts(v[3]), texts(v[4]))
		if err != nil {
			return nil, err
		}
		all[e.id] = e
	}
	return all, nil
}

// putConsignments makes consignments with their ties, or adds to those that are
// there.
func (t *transaction) putConsignments(source int64, all []*consignment, w *written) error {
	var stated, reported []*consignment // reported: outcomes only
	for _, c := range all {
		if len(c.statements) > 0 {
			stated = append(stated, c)
		} else {
			reported = append(reported, c)
		}
	}
	ties := tieRows{}
	if err := t.putSome(source, stated, ties, w); err != nil {
		return err
	}
	if err := t.putSome(source, reported, ties, &written{}); err != nil {
		return err
	}
	return t.putTies(ties)
}

// tieRows are the ties to write by role: those to create, which nobody can have
// made, and those to merge.
type tieRows map[graph.Role]*struct{ create, merge []any }

func (r tieRows) add(c *consignment, fresh bool) {
	all := c.ties()
	for i := range all {
		tie := &all[i]
		of := r[tie.Role]
		if of == nil {
			of = &struct{ create, merge []any }{}
			r[tie.Role] = of
		}
		row := []any{string(c.id), string(tie.Entity), tie.properties()}
		if fresh {
			of.create = append(of.create, row)
		} else {
			of.merge = append(of.merge, row)
		}
	}
}

func (t *transaction) putSome(source int64, all []*consignment, ties tieRows, w *written) error {
	if len(all) == 0 {
		return nil
	}
	found, err := t.run(cypher{putConsignments, over(consignmentRows(all))})
	if err != nil {
		return err
	}
	there, err := consignmentsOf(found)
	if err != nil {
		return err
	}
	w.consignments += int64(t.created)
	// Where some were there just as they are written, as after an import that
	// was broken off, their ties must not be made twice.
	fresh := t.created+len(there) == len(all)
	var merged []*consignment
	for _, c := range all {
		had := there[c.id]
		if had == nil {
			ties.add(c, fresh)
			continue
		}
		named := had.names(source)
		if !had.merge(c) {
			continue
		}
		merged = append(merged, had)
		if !named && len(c.statements) > 0 {
			w.consignments++
		}
		if len(c.statements) > 0 {
			ties.add(had, false)
		}
	}
	return t.each(len(merged), cypher{setConsignments, over(consignmentRows(merged))})
}

// names reports whether a source states anything about the consignment.
func (c *consignment) names(source int64) bool {
	for i := range c.statements {
		for _, m := range c.statements[i].mentions {
			if m.source == source {
				return true
			}
		}
	}
	return false
}

func consignmentRows(all []*consignment) []any {
	rows := make([]any, len(all))
	for i, c := range all {
		p := c.properties()
		p["id"] = string(c.id)
		rows[i] = p
	}
	return rows
}

// consignmentsOf reads consignments from records of id, _statements, _fields,
// _outcomes.
func consignmentsOf(found []*driver.Record) (map[graph.ID]*consignment, error) {
	all := make(map[graph.ID]*consignment, len(found))
	for _, record := range found {
		v := record.Values
		c, err := consignmentOf(graph.ID(text(v[0])), texts(v[1]), texts(v[2]), texts(v[3]))
		if err != nil {
			return nil, err
		}
		c.remember()
		all[c.id] = c
	}
	return all, nil
}

func (t *transaction) putTies(ties tieRows) error {
	for _, role := range graph.Roles() {
		of := ties[role]
		if of == nil {
			continue
		}
		if err := t.each(len(of.create), cypher{textsOfRole[role].create, over(of.create)}); err != nil {
			return err
		}
		if err := t.each(len(of.merge), cypher{textsOfRole[role].merge, over(of.merge)}); err != nil {
			return err
		}
	}
	return nil
}

// putLinks makes links, or adds to those that are there. They are in the order
// of roles.
func (t *transaction) putLinks(all []*link) error {
	for len(all) > 0 {
		role, n := all[0].Role, 1
		for n < len(all) && all[n].Role == role {
			n++
		}
		if err := t.putLinksOf(role, all[:n]); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

func (t *transaction) putLinksOf(role graph.Role, all []*link) error {
	rows := make([]any, len(all))
	byID := make(map[string]*link, len(all))
	for i, l := range all {
		rows[i] = []any{string(l.From), string(l.To), l.properties()}
		byID[l.id] = l
	}
	found, err := t.run(cypher{textsOfRole[role].merge, over(rows)})
	if err != nil {
		return err
	}
	if len(found) != 1 || integer(found[0].Values[0]) != int64(len(all)) {
		return t.vanished()
	}
	differing, _ := found[0].Values[1].([]any)
	var merged []any
	for _, one := range differing {
		v, _ := one.([]any)
		had, err := mentionsOfLink(v)
		if err != nil {
			return err
		}
		l := byID[text(v[0])]
		for i := range had {
			had[i].day = l.Start
		}
		if all, changed := addMentions(had, l.mentions); changed {
			merged = append(merged, linkRow(l.id, all))
		}
	}
	return t.each(len(merged), cypher{textsOfRole[role].set, over(merged)})
}

// mentionsOfLink reads who states a link from its id, _sources and _rows. Days
// are left out: that of a link is part of what it is.
func mentionsOfLink(v []any) ([]mention, error) {
	if len(v) != 3 {
		return nil, fmt.Errorf("neo4j: link: %w: %w", errLengths, graph.ErrDamaged)
	}
	sources, rows := integers(v[1]), integers(v[2])
	if len(sources) != len(rows) {
		return nil, fmt.Errorf("neo4j: link %s: property %s: %w: %w", text(v[0]), propRows, errLengths, graph.ErrDamaged)
	}
	all := make([]mention, len(sources))
	for i := range sources {
		all[i] = mention{source: sources[i], row: rows[i]}
	}
	return all, nil
}

func linkRow(id string, all []mention) []any {
	sources, rows := make([]int64, len(all)), make([]int64, len(all))
	for i, m := range all {
		sources[i], rows[i] = m.source, m.row
	}
	return []any{id, sources, rows}
}

// divide reports an error after which half as much may do.
func divide(err error) bool { return tooLarge(err) || errors.Is(err, errSlow) }
