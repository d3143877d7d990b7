package flag

import (
	"fmt"

	"rummage/algo/view"
	"rummage/graph"
)

// hits tells what makes a node a seed: its own listings, and the first consignments of its own that were hits, by day.
func (t *teller) hits(seed uint32) ([]Hit, error) {
	id := t.a.View.IDs[seed]
	hits := []Hit{}
	if t.a.Trade.listed(seed) {
		entity, err := t.reader.Entity(t.ctx, id)
		if err != nil {
			return nil, fmt.Errorf("flag: listings of %s: %w", id, err)
		}
		hits = append(hits, tellOutcomes("", entity.Outcomes, true)...)
	}
	own := t.a.hitsOf(seed)
	const page = 500
	for offset := 0; len(own) > 0 && len(hits) < t.opts.Records; offset += page {
		found, err := t.reader.Connections(t.ctx, graph.ConnectionQuery{ID: id, Offset: offset, Limit: page})
		if err != nil {
			return nil, fmt.Errorf("flag: consignments of %s: %w", id, err)
		}
		for i := range found {
			if hash := view.HashID(found[i].Consignment); own[hash] && len(hits) < t.opts.Records {
				delete(own, hash)
				c, err := t.reader.Consignment(t.ctx, found[i].Consignment)
				if err != nil {
					return nil, fmt.Errorf("flag: outcome of %s: %w", found[i].Consignment, err)
				}
				hits = append(hits, tellOutcomes(c.ID, c.Outcomes, false)...)
			}
		}
		if len(found) < page {
			break
		}
	}
	return hits, nil
}

// hitsOf lists the hashes of a node's own consignments that were hits.
func (a *Analysis) hitsOf(v uint32) map[uint64]bool {
	own := make(map[uint64]bool)
	c := &a.Trade.Consignments
	for _, rows := range [2][]uint32{a.imports.of(v), a.exports.of(v)} {
		for _, i := range rows {
			if c.Hit[i] {
				own[a.View.Consignments.Hash[i]] = true
			}
		}
	}
	return own
}

func tellOutcomes(consignment graph.ID, outcomes []graph.Outcome, listed bool) []Hit {
	var hits []Hit
	for i := range outcomes {
		o := &outcomes[i]
		if !o.Result.IsHit() && (!listed || o.Result != graph.Listed) {
			continue
		}
		hit := Hit{Consignment: consignment, Result: o.Result.String(), Date: o.Date, Records: []Record{}}
		for _, origin := range o.Origins {
			hit.Records = append(hit.Records, Record{Consignment: consignment, Date: o.Date, Source: origin.Source, Row: origin.Row})
		}
		hits = append(hits, hit)
	}
	return hits
}

// decisions tells what people said about the subject.
func (t *teller) decisions(x *Explanation, subject graph.ID) error {
	said, err := t.reader.Decisions(t.ctx, subject)
	if err != nil {
		return fmt.Errorf("flag: decisions about %s: %w", subject, err)
	}
	for i := range said {
		d := &said[i]
		if d.Subject != subject {
			continue
		}
		line := fmt.Sprintf("%s was %s on %s by %s", subject, d.Kind, d.Time.UTC().Format("2006-01-02"), d.Author)
		if d.Reason != "" {
			line += ": " + d.Reason
		}
		switch d.Kind {
		case graph.Confirmed:
			x.For = append(x.For, line)
		case graph.Cleared:
			x.Against = append(x.Against, line)
		}
	}
	return nil
}
