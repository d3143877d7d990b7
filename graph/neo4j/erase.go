package neo4j

import (
	"context"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"rummage/graph"
)

// erasePage is how many records are taken out, or freed of a source, in one
// transaction.
const erasePage = 2000

const (
	pageConsignments = `MATCH (c:Consignment) WHERE c.id > $after AND ($number IN c._sources OR $number IN c._looked)
RETURN c.id, c._statements, c._fields, c._outcomes ORDER BY c.id LIMIT $limit`
	pageEntities = `MATCH (e:Entity) WHERE e.id > $after AND $number IN e._sources
RETURN e.id, e._sources, e._days, e._facts, e._outcomes ORDER BY e.id LIMIT $limit`
	dropPlaces  = "MATCH (p:Places) WHERE p.id STARTS WITH $prefix WITH p LIMIT $limit DELETE p RETURN count(p)"
	dropRefused = "MATCH (r:Refused) WHERE r.id STARTS WITH $prefix WITH r LIMIT $limit DELETE r RETURN count(r)"
)

// erasing is some records of a kind that a source names, and what to do with them.
type erasing struct {
	ask  string //cypher:text
	free func(t *transaction, found []*driver.Record) error
}

// eraseRecords takes out what a source says: relationships first, then what
// they lead to, so that nothing that stays loses what it needs. Doing so again
// does no harm.
func (w *work) eraseRecords(ctx context.Context, number int64) error {
	var pages []erasing
	for _, role := range graph.Roles() {
		if role.IsLink() {
			of := textsOfRole[role]
			pages = append(pages, erasing{of.page, func(t *transaction, found []*driver.Record) error { return freeLinks(t, number, of, found) }})
		}
	}
	pages = append(pages,
		erasing{pageConsignments, func(t *transaction, found []*driver.Record) error { return freeConsignments(t, number, found) }},
		erasing{pageEntities, func(t *transaction, found []*driver.Record) error { return freeEntities(t, number, found) }})
	for _, p := range pages {
		if err := w.erasePages(ctx, number, p); err != nil {
			return err
		}
	}
	of := map[string]any{"prefix": partsOf(number), "limit": erasePage}
	if err := w.eraseParts(ctx, cypher{dropPlaces, of}); err != nil {
		return err
	}
	return w.eraseParts(ctx, cypher{dropRefused, of})
}

// erasePages goes through records in the order of ids, a page a transaction,
// until a whole pass finds none: what would be passed over because the server
// compares ids otherwise than it orders them is found by the next pass.
func (w *work) erasePages(ctx context.Context, number int64, p erasing) error {
	limit := min(erasePage, w.store.options.batch)
	for after := ""; ; {
		var found []*driver.Record
		err := w.transact(ctx, func(t *transaction) (err error) {
			if found, err = t.run(cypher{p.ask, map[string]any{"after": after, "number": number, "limit": limit}}); err != nil || len(found) == 0 {
				return err
			}
			return p.free(t, found)
		}, nil)
		switch {
		case err != nil && divide(err) && limit > 1:
			limit /= 2
			continue
		case err != nil:
			return err
		case len(found) == 0 && after == "":
			return nil
		case len(found) < limit:
			after = ""
		default:
			after = text(found[len(found)-1].Values[0])
		}
	}
}

// eraseParts takes out what has the number of the source in its id.
func (w *work) eraseParts(ctx context.Context, q cypher) error {
	for {
		var n int64
		err := w.transact(ctx, func(t *transaction) error {
			found, err := t.run(q)
			if err == nil {
				n = integer(found[0].Values[0])
			}
			return err
		}, nil)
		if err != nil || n < erasePage {
			return err
		}
	}
}

func freeLinks(t *transaction, number int64, of roleTexts, found []*driver.Record) error {
	var gone, rows []any
	for _, record := range found {
		all, err := mentionsOfLink(record.Values)
		if err != nil {
			return err
		}
		if all = dropMention(all, number); len(all) == 0 {
			gone = append(gone, record.Values[0])
		} else {
			rows = append(rows, linkRow(text(record.Values[0]), all))
		}
	}
	if err := t.rows(len(gone), cypher{of.drop, among(gone)}); err != nil {
		return err
	}
	return t.each(len(rows), cypher{of.set, over(rows)})
}

// among is the parameter of a statement over ids.
func among(ids []any) map[string]any { return map[string]any{"ids": ids} }

func freeConsignments(t *transaction, number int64, found []*driver.Record) error {
	all, err := consignmentsOf(found)
	if err != nil {
		return err
	}
	var gone []any
	var left []*consignment
	ties, old := tieRows{}, map[graph.Role][]any{}
	for _, record := range found { // in their order, not that of a map
		c := all[graph.ID(text(record.Values[0]))]
		before := c.ties()
		if c.drop(number) {
			gone = append(gone, string(c.id))
			continue
		}
		left = append(left, c)
		ties.add(c, false)
		after := map[graph.Tie]bool{}
		for _, tie := range c.ties() {
			after[tie.Tie] = true
		}
		for _, tie := range before {
			if !after[tie.Tie] {
				old[tie.Role] = append(old[tie.Role], []any{string(c.id), string(tie.Entity)})
			}
		}
	}
	if err := t.rows(len(gone), cypher{dropConsignments, among(gone)}); err != nil {
		return err
	}
	if err := t.each(len(left), cypher{setConsignments, over(consignmentRows(left))}); err != nil {
		return err
	}
	for _, role := range graph.Roles() {
		if err := t.rows(len(old[role]), cypher{textsOfRole[role].drop, over(old[role])}); err != nil {
			return err
		}
	}
	return t.putTies(ties)
}

func freeEntities(t *transaction, number int64, found []*driver.Record) error {
	all, err := entitiesOf(found)
	if err != nil {
		return err
	}
	var gone, short []any
	var left []*entity
	for _, record := range found {
		e := all[graph.ID(text(record.Values[0]))]
		if e.drop(number) {
			gone = append(gone, string(e.id))
			continue
		}
		left = append(left, e)
	}
	if err := t.rows(len(gone), cypher{dropEntities, among(gone)}); err != nil {
		return err
	}
	if err := t.setEntities(left); err != nil {
		return err
	}
	for _, e := range left {
		if !e.long {
			short = append(short, string(e.id))
		}
	}
	return t.rows(len(short), cypher{unmarkLong, among(short)})
}
