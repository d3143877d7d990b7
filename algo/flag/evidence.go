package flag

import (
	"cmp"
	"fmt"
	"slices"

	"rummage/graph"
)

// hits tells what makes a node a seed: its own listings, and the first consignments of its own that were hits.
func (t *teller) hits(seed uint32) ([]Hit, error) {
	id := t.a.View.IDs[seed]
	hits := []Hit{}
	if t.a.Trade.IsListed(seed) {
		entity, err := t.reader.Entity(t.ctx, id)
		if err != nil {
			return nil, fmt.Errorf("flag: listings of %s: %w", id, err)
		}
		hits = append(hits, tellOutcomes("", entity.Outcomes, true)...)
	}
	for _, own := range t.a.hitsOf(seed) {
		if len(hits) >= t.opts.Records {
			break
		}
		found, err := t.found(own)
		if err != nil {
			return nil, err
		}
		hits = append(hits, found...)
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(a.Date, b.Date) })
	return hits, nil
}

// found tells the hits on a consignment.
func (t *teller) found(id graph.ID) ([]Hit, error) {
	c, err := t.reader.Consignment(t.ctx, id)
	if err != nil {
		return nil, fmt.Errorf("flag: outcome of %s: %w", id, err)
	}
	return tellOutcomes(c.ID, c.Outcomes, false), nil
}

// hitAt is the id of the consignment at that place, which is a hit.
func (a *Analysis) hitAt(place uint32) graph.ID {
	at, _ := slices.BinarySearch(a.hit, place)
	return a.View.Consignments.HitIDs[at]
}

// hitsOf lists a node's own consignments that were hits, by id.
func (a *Analysis) hitsOf(v uint32) []graph.ID {
	var places []uint32
	for _, rows := range [2][]uint32{a.imports.Of(v), a.exports.Of(v)} {
		for _, i := range rows {
			if a.Trade.Consignments.Hit[i] {
				places = append(places, i)
			}
		}
	}
	slices.Sort(places)
	var own []graph.ID
	for _, i := range slices.Compact(places) {
		own = append(own, a.hitAt(i))
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
