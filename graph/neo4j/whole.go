package neo4j

import "rummage/graph"

// numbering gives the sources of another store the numbers that they have in
// this one.
type numbering map[graph.SourceID]int64

// entityFrom is what a scan with origins of everything says of an entity.
func (n numbering) entityFrom(one *graph.Entity) *entity {
	e := &entity{id: one.ID}
	for _, s := range one.Supports {
		e.name(n[s.Source], s.First)
	}
	for i := range one.Facts {
		f := one.Facts[i]
		for j, origin := range f.Origins {
			f.Date = f.Days[j]
			e.gather(n[origin.Source], origin.Row, &f)
		}
	}
	for i := range one.Outcomes {
		for _, origin := range one.Outcomes[i].Origins {
			e.report(n[origin.Source], origin.Row, &one.Outcomes[i])
		}
	}
	e.settle()
	return e
}

// consignmentFrom is what a scan with origins and history says of a
// consignment. Statements keep the slices that the scan lent; their contents
// are not computed, since they are known to differ.
func (n numbering) consignmentFrom(one *graph.Consignment) *consignment {
	c := &consignment{id: one.ID}
	for _, statements := range [][]graph.Statement{one.Current, one.History} {
		for i := range statements {
			s := statement{Statement: statements[i]}
			for _, origin := range s.Origins {
				s.mentions, _ = addMention(s.mentions, mention{source: n[origin.Source], row: origin.Row, day: s.Seen()})
			}
			s.Origins = nil
			c.statements = append(c.statements, s)
		}
	}
	for i := range one.Outcomes {
		for _, origin := range one.Outcomes[i].Origins {
			c.report(n[origin.Source], origin.Row, &one.Outcomes[i])
		}
	}
	return c
}

// linkFrom is what a scan with origins says of a link.
func (n numbering) linkFrom(one *graph.Link) *link {
	l := &link{Link: *one}
	l.Origins = nil
	for _, origin := range one.Origins {
		l.state(n[origin.Source], origin.Row)
	}
	return l
}
