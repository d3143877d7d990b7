package graph

import (
	"cmp"
	"slices"
	"strings"
)

// The orders in which records come back. They are total, so that equal sets of
// records are equal lists, whatever store they come from.

// CompareFacts orders the facts of one entity, or of the entities of one
// cluster, by property, value, mark, entity.
func CompareFacts(a, b *Fact) int {
	return cmp.Or(strings.Compare(a.Property, b.Property), strings.Compare(a.Value, b.Value),
		strings.Compare(a.Mark, b.Mark), strings.Compare(string(a.Entity), string(b.Entity)))
}

// CompareTies orders ties by role, then id.
func CompareTies(a, b Tie) int {
	if a.Role != b.Role { // of most, so that no text is looked at
		return cmp.Compare(a.Role, b.Role)
	}
	return strings.Compare(string(a.Entity), string(b.Entity))
}

// CompareFields orders fields by name, value, mark.
func CompareFields(a, b Field) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Value, b.Value), strings.Compare(a.Mark, b.Mark))
}

// CompareLinks orders links by From, Role, To, Start, End, Key, fields.
func CompareLinks(a, b *Link) int {
	return cmp.Or(strings.Compare(string(a.From), string(b.From)), cmp.Compare(a.Role, b.Role),
		strings.Compare(string(a.To), string(b.To)), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End),
		strings.Compare(a.Key, b.Key), slices.CompareFunc(a.Fields, b.Fields, CompareFields))
}

// CompareOutcomes orders the outcomes of one subject, or of one cluster, by
// day, result, channel, fields, subject.
func CompareOutcomes(a, b *Outcome) int {
	return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.Result, b.Result), cmp.Compare(a.Channel, b.Channel),
		slices.CompareFunc(a.Fields, b.Fields, CompareFields), strings.Compare(string(a.Subject), string(b.Subject)))
}

// CompareNeighbours orders neighbours by records, most first, then id, role,
// outgoing before incoming.
func CompareNeighbours(a, b *Neighbour) int {
	return cmp.Or(cmp.Compare(b.Records, a.Records), strings.Compare(string(a.ID), string(b.ID)),
		cmp.Compare(a.Role, b.Role), compareBools(a.Incoming, b.Incoming))
}

// CompareConnections orders connections by day, consignments before links,
// then id or the order of links.
func CompareConnections(a, b *Connection) int {
	if order := cmp.Or(cmp.Compare(a.Date, b.Date), compareBools(a.Link != nil, b.Link != nil),
		strings.Compare(string(a.Consignment), string(b.Consignment))); order != 0 || a.Link == nil {
		return order
	}
	return CompareLinks(a.Link, b.Link)
}

// CompareMatches orders matches by score, best first, then id.
func CompareMatches(a, b *Match) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(string(a.ID), string(b.ID)))
}

// CompareOrigins orders origins by source, then row.
func CompareOrigins(a, b Origin) int {
	return cmp.Or(strings.Compare(string(a.Source), string(b.Source)), cmp.Compare(a.Row, b.Row))
}

// MergeOrigins unites two lists of origins: ordered by source, of each source
// the smallest row.
func MergeOrigins(a, b []Origin) []Origin {
	all := append(slices.Clone(a), b...)
	slices.SortFunc(all, CompareOrigins)
	return slices.CompactFunc(all, func(x, y Origin) bool { return x.Source == y.Source })
}

// Normalise puts fields and ties into their order, doubled ones once: the form
// in which they come back from every store. The slices are reordered in place.
func (s *Statement) Normalise() {
	s.Fields = normalFields(s.Fields)
	if !slices.IsSortedFunc(s.Ties, CompareTies) {
		slices.SortFunc(s.Ties, CompareTies)
	}
	s.Ties = slices.Compact(s.Ties)
}

// Normalise puts the fields into their order, doubled ones once.
func (l *Link) Normalise() { l.Fields = normalFields(l.Fields) }

// Normalise puts the fields into their order, doubled ones once.
func (o *Outcome) Normalise() { o.Fields = normalFields(o.Fields) }

func normalFields(fields []Field) []Field {
	if !slices.IsSortedFunc(fields, CompareFields) {
		slices.SortFunc(fields, CompareFields)
	}
	return slices.Compact(fields)
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
