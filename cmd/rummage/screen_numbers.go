package main

import (
	"fmt"
	"strings"

	"rummage/ingest/draft"
	"rummage/ingest/ident"
	"rummage/ingest/read"
	"rummage/resolve"
)

// Numbers that screen meets, and what it tells of them.

// numberHit is a number of the file, or of the command line, that a list has.
type numberHit struct {
	spelt
	numbered
}

// hits looks numbers up.
func (l numberList) hits(all []spelt) []numberHit {
	var found []numberHit
	for _, g := range all {
		for _, n := range l.find(g) {
			found = append(found, numberHit{g, n})
		}
	}
	return found
}

// text tells a hit.
func (h *numberHit) text() string {
	kind := strings.ReplaceAll(h.kind, "_", " ")
	if r, ok := ident.Lookup(h.kind); ok {
		kind = r.Title
	}
	text := fmt.Sprintf("%s: %s of %s", h.spelt.text, kind, h.of)
	if h.of != h.listed.id {
		text += ", which is linked to the listed"
	}
	return text
}

// text tells what was looked up.
func (n *numberRow) text() string {
	text := "looked up as the number " + n.Number
	if len(n.Kinds) > 0 {
		words := make([]string, len(n.Kinds))
		for i, kind := range n.Kinds {
			words[i] = strings.ReplaceAll(kind, "_", " ")
		}
		text += " (" + strings.Join(words, ", ") + ")"
	}
	if n.Wrong != "" {
		text += "; it is " + n.Wrong
	}
	return text
}

// hit adds a number that a list has to the answer.
func (s *screening) hit(a *asked, h *numberHit) {
	s.answer.Hits++
	if s.opts.limit > 0 && len(s.answer.Matches) >= s.opts.limit {
		return
	}
	name := h.spelt.text
	if len(a.party.Names) > 0 {
		name = a.party.Names[0]
	}
	s.answer.Matches = append(s.answer.Matches, screenRow{
		Row: a.row, Role: a.role, Name: name, Score: 1, ID: h.listed.id, Listed: h.listed.name,
		Reasons: []pairReason{{Feature: "number", Text: h.text()}}, Conflicts: []string{}, Against: []string{}, Judged: []judgedRow{},
	})
}

// numbersAmong are the names that are numbers.
func numbersAmong(names []string) []spelt {
	var all []spelt
	for _, name := range names {
		if g, ok := numberOf(name, false); ok {
			all = append(all, g)
		}
	}
	return all
}

// numberColumn is a column of a file that holds numbers.
type numberColumn struct {
	at    int
	role  string
	kinds []string
}

// numberColumns finds the columns whose cells are numbers, by what they were taken for or are called.
func (s *screening) numberColumns(columns []draft.Column) []numberColumn {
	var all []numberColumn
	for i := range columns {
		c := &columns[i]
		kinds := called(c.Name)
		switch {
		case c.Property == draft.ID && c.Subject == "vessel":
			kinds = []string{"imo_ship", "mmsi", "call_sign"}
		case c.Property == draft.ID && c.Subject == "equipment":
			kinds = []string{"container"}
		case kinds == nil:
			continue
		}
		all = append(all, numberColumn{i, c.Name, kinds})
		s.answer.Columns = append(s.answer.Columns, c.Name)
	}
	return all
}

// number notes the numbers in a cell of such a column.
func (s *screening) number(row int64, c *numberColumn, cells [][]byte) {
	if c.at >= len(cells) {
		return
	}
	for text := range strings.SplitSeq(string(cells[c.at]), read.Between) {
		g, labelled := numberOf(text, false)
		if !labelled || g.kinds == nil {
			g = spelt{text: strings.TrimSpace(text), key: keyOf(text), kinds: c.kinds}
		}
		s.party(row, c.role, resolve.Party{}, g)
	}
}

// secrets notes the identity numbers in the cells of a row that lists have, whatever their columns were taken for.
func (s *screening) secrets(row int64, columns []draft.Column, cells [][]byte) {
	for i := range cells {
		if found := s.secret.among(string(cells[i])); len(found) > 0 {
			role := ""
			if i < len(columns) {
				role = columns[i].Name
			}
			s.party(row, role, resolve.Party{}, found...)
		}
	}
}
