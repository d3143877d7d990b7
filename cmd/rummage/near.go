package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"rummage/graph"
	"rummage/ingest/ident"
)

// Container numbers that are one slip of a hand from each other, as evidence: the valid ones near a broken one, and the broken ones
// near a valid one, where both occur.

// nearRow is a number that occurs in the store too, one slip away from the one asked for.
type nearRow struct {
	ID           graph.ID  `json:"id"`
	Number       string    `json:"number"`
	Valid        bool      `json:"valid"` // its check digit fits; then that of the one asked for does not
	Edits        []editRow `json:"edits"`
	Consignments []nearUse `json:"consignments"` // that it is in, by day
	More         bool      `json:"more"`         // it is in more than these
}

// editRow is where the broken number differs from the valid one.
type editRow struct {
	Position int    `json:"position"`
	Written  string `json:"written"`
	Meant    string `json:"meant"`
}

// nearUse is a consignment that holds such a number.
type nearUse struct {
	ID      graph.ID   `json:"id"`
	Date    graph.Date `json:"date"`
	Rows    []rowRef   `json:"rows"`
	origins []graph.Origin
}

// mostUses is how many consignments of a near number are told.
const mostUses = 5

// nearby lists the numbers one slip from that of a container that the scope shows: of one whose check digit fails the valid ones, of
// a valid one the broken ones. It is empty for whatever is no container. It looks up to some two hundred ids.
func (a *archive) nearby(ctx context.Context, id graph.ID) ([]nearRow, error) {
	rows := []nearRow{}
	if id.Kind() != graph.Equipment {
		return rows, nil
	}
	number := ident.Container(id.Label())
	var others []string
	valid := number.Mark == ident.Fine || number.Mark == ident.Discouraged
	if valid {
		others = ident.ContainerTwins(number.Value)
	} else {
		others = ident.ContainerNear(number.Value)
	}
	before := string(id)[:strings.LastIndexByte(string(id), '/')+1]
	for _, other := range others {
		row := nearRow{ID: graph.ID(before + other), Number: other, Valid: !valid, Consignments: []nearUse{}}
		if a.Identity().Cluster(row.ID) == a.Identity().Cluster(id) {
			continue
		}
		_, err := a.Reader.Entity(ctx, row.ID)
		if errors.Is(err, graph.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("near misses: %s: %w", row.ID, err)
		}
		written, meant := number.Value, other
		if valid {
			written, meant = other, number.Value
		}
		for _, e := range ident.ContainerEdits(written, meant) {
			row.Edits = append(row.Edits, editRow{e.Position, e.Written, e.Meant})
		}
		if err := a.uses(ctx, &row); err != nil {
			return nil, fmt.Errorf("near misses: %s: %w", row.ID, err)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// uses fills in the consignments that a near number is in.
func (a *archive) uses(ctx context.Context, row *nearRow) error {
	found, err := a.Connections(ctx, graph.ConnectionQuery{ID: row.ID, Limit: 4 * mostUses})
	for i := range found {
		c := &found[i]
		switch {
		case c.Consignment == "":
		case len(row.Consignments) == mostUses:
			row.More = true
		default:
			row.Consignments = append(row.Consignments, nearUse{c.Consignment, c.Date, a.refs(c.Origins), c.Origins})
		}
	}
	return err
}

// edits tells where the broken number differs.
func (r *nearRow) edits() string {
	all := make([]string, len(r.Edits))
	for i, e := range r.Edits {
		all[i] = ident.Edit{Position: e.Position, Written: e.Written, Meant: e.Meant}.String()
	}
	return strings.Join(all, ", ")
}

// what names the row in a table.
func (r *nearRow) what() string {
	if r.Valid {
		return "near miss"
	}
	return "broken twin"
}

// text tells the row in a line: the number, the edit, where it occurs.
func (r *nearRow) text() string {
	state := "valid"
	if !r.Valid {
		state = "check digit fails"
	}
	text := fmt.Sprintf("%s (%s), %s", r.Number, state, r.edits())
	uses := make([]string, len(r.Consignments))
	for i, c := range r.Consignments {
		uses[i] = string(c.ID)
		if c.Date != graph.NoDate {
			uses[i] += " on " + c.Date.String()
		}
	}
	if len(uses) > 0 {
		text += "; in " + strings.Join(uses, ", ")
	}
	if r.More {
		text += " and more"
	}
	return text
}

// rows are those of the files that state where the number occurs.
func (r *nearRow) rows() []rowRef {
	var all []rowRef
	for _, c := range r.Consignments {
		all = append(all, c.Rows...)
	}
	return all
}

// nearClaims are what near numbers add to the rows that a container stands on.
func nearClaims(rows []nearRow) []claim {
	var claims []claim
	for i := range rows {
		r := &rows[i]
		for _, c := range r.Consignments {
			claims = append(claims, claim{says: fmt.Sprintf("%s: %s, %s; equipment of %s", r.what(), r.Number, r.edits(), c.ID), origins: c.origins})
		}
	}
	return claims
}
