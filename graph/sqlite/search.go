package sqlite

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"rummage/graph"
)

// candidate is a record whose kept texts hold every word of a query. Bound is
// what it can score at most: its texts may come from sources that the scope
// hides.
type candidate struct {
	id, cluster graph.ID
	bound       float64
}

// Search finds entities by text, consignments by their number. Trigrams say which blocks may hold the words,
// the folded texts of these say which entities do and what they can score.
// What the scope shows of them is then ranked by graph.MatchEntity, the
// promising first, until no other can come among the best.
func (r *reader) Search(ctx context.Context, query graph.SearchQuery) ([]graph.Match, error) {
	if err := r.snap.open(); err != nil {
		return nil, err
	}
	folded := graph.Fold(query.Text)
	if folded == "" {
		return nil, nil
	}
	limit := query.Limit
	if limit <= 0 {
		limit = 20
	}
	bounds := make(map[graph.ID]float64)
	for _, v := range r.segments {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := r.bound(v, folded, query.Kinds, bounds); err != nil {
			return nil, errorOf("search", err)
		}
	}
	all := make([]candidate, 0, len(bounds))
	for id, bound := range bounds {
		all = append(all, candidate{id: id, cluster: r.identity.Cluster(id), bound: bound})
	}
	slices.SortFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.bound, a.bound), strings.Compare(string(a.cluster), string(b.cluster)), strings.Compare(string(a.id), string(b.id)))
	})
	matches, err := r.best(ctx, query.Text, all, limit)
	if err != nil {
		return nil, errorOf("search", err)
	}
	consignments, err := r.numbered(ctx, query, limit)
	matches = append(matches, consignments...)
	slices.SortFunc(matches, func(a, b graph.Match) int { return graph.CompareMatches(&a, &b) })
	return matches[:min(len(matches), limit)], errorOf("search", err)
}

// best ranks candidates until limit matches are found that none of the rest
// can come before.
func (r *reader) best(ctx context.Context, text string, all []candidate, limit int) ([]graph.Match, error) {
	best := make(map[graph.ID]graph.Match)
	var found []graph.Match // of best, in order, as far as they matter
	for n, c := range all {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if len(found) == limit {
			last := &found[limit-1]
			if c.bound < last.Score || c.bound == last.Score && c.cluster > last.ID {
				break
			}
		}
		e, err := r.record(c.id)
		if err != nil {
			return nil, err
		}
		match, ok := graph.MatchEntity(text, e)
		if !ok {
			continue
		}
		match.ID = c.cluster
		had, there := best[c.cluster]
		if there && cmp.Or(cmp.Compare(had.Score, match.Score), strings.Compare(match.Name, had.Name)) >= 0 {
			continue
		}
		best[c.cluster] = match
		found = slices.DeleteFunc(found, func(m graph.Match) bool { return m.ID == c.cluster })
		at, _ := slices.BinarySearchFunc(found, match, func(a, b graph.Match) int { return graph.CompareMatches(&a, &b) })
		found = slices.Insert(found, at, match)
		found = found[:min(len(found), limit)]
	}
	return found, nil
}

// bound notes the entities of a segment of which one kept text holds every
// word, if the segment shows them at all.
func (r *reader) bound(v *view, query string, kinds []graph.Kind, bounds map[graph.ID]float64) error {
	words := strings.Fields(query)
	blocks, err := v.BlocksWith(words)
	if err != nil {
		return err
	}
	longest := slices.MaxFunc(words, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	for _, no := range blocks {
		b, err := v.EntityBlock(no)
		if err != nil {
			return err
		}
		folded, err := b.Folded()
		if err != nil {
			return err
		}
		ids, err := b.IDs()
		if err != nil {
			return err
		}
		supports, err := b.Supports(len(v.Sources))
		if err != nil {
			return err
		}
		folded.Containing(longest, func(i int) {
			id := graph.ID(ids.At(i))
			if kinds != nil && !slices.Contains(kinds, r.identity.Cluster(id).Kind()) || !r.supported(v, supports, i) {
				return
			}
			for text := range strings.Lines(folded.At(i)) {
				if score, _ := graph.RankFolded(query, strings.TrimSuffix(text, "\n")); score > bounds[id] {
					bounds[id] = score
				}
			}
		})
	}
	return nil
}

// record returns one entity, not its cluster, with its visible facts.
func (r *reader) record(id graph.ID) (*graph.Entity, error) {
	e := &graph.Entity{ID: id}
	for _, v := range r.segments {
		num, ok, err := v.FindEntity(string(id))
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if e.Facts, err = r.factsOf(e.Facts, v, num); err != nil {
			return nil, err
		}
	}
	return e, nil
}
