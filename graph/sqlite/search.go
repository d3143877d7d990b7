package sqlite

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"rummage/graph"
)

// Search finds entities by text. Trigrams say which blocks may hold the words,
// the folded texts of these say which entities do; what the scope shows of
// them is ranked by graph.MatchEntity.
func (r *reader) Search(ctx context.Context, query graph.SearchQuery) ([]graph.Match, error) {
	words := strings.Fields(graph.Fold(query.Text))
	if len(words) == 0 {
		return nil, nil
	}
	candidates := make(map[graph.ID]bool)
	for _, v := range r.segments {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := r.candidates(v, words, query.Kinds, candidates); err != nil {
			return nil, errorOf("search", err)
		}
	}
	best := make(map[graph.ID]graph.Match)
	n := 0
	for id := range candidates {
		if n++; n%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		e, visible, err := r.record(id)
		if err != nil {
			return nil, errorOf("search", err)
		}
		match, ok := graph.MatchEntity(query.Text, e)
		if !ok || !visible {
			continue
		}
		match.ID = r.identity.Cluster(id)
		if had, there := best[match.ID]; !there || cmp.Or(cmp.Compare(had.Score, match.Score), strings.Compare(match.Name, had.Name)) < 0 {
			best[match.ID] = match
		}
	}
	all := make([]graph.Match, 0, len(best))
	for _, match := range best {
		all = append(all, match)
	}
	slices.SortFunc(all, func(a, b graph.Match) int { return graph.CompareMatches(&a, &b) })
	return page(all, 0, query.Limit, 20), nil
}

// candidates adds the entities of a segment whose texts hold every word.
func (r *reader) candidates(v *view, words []string, kinds []graph.Kind, found map[graph.ID]bool) error {
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
		folded.Containing(longest, func(i int) {
			text, id := folded.At(i), graph.ID(ids.At(i))
			kind := r.identity.Cluster(id).Kind()
			if (kinds == nil || slices.Contains(kinds, kind)) && !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
				found[id] = true
			}
		})
	}
	return nil
}

// record returns one entity, not its cluster, with its visible facts.
func (r *reader) record(id graph.ID) (*graph.Entity, bool, error) {
	e, visible := &graph.Entity{ID: id}, false
	for _, v := range r.segments {
		num, ok, err := v.FindEntity(string(id))
		if err != nil {
			return nil, false, err
		}
		if !ok {
			continue
		}
		if !visible {
			if visible, err = r.supports(v, num); err != nil {
				return nil, false, err
			}
		}
		if e.Facts, err = r.factsOf(e.Facts, v, num); err != nil {
			return nil, false, err
		}
	}
	return e, visible, nil
}
