package neo4j

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"rummage/graph"
)

const (
	// searchEntities asks the index of texts for the longest word. What is
	// found may have it from sources that the scope hides.
	searchEntities = `MATCH (e:Entity) WHERE e._search CONTAINS $longest AND all(w IN $words WHERE e._search CONTAINS w)
AND any(s IN e._sources WHERE s IN $numbers) AND ($kinds IS NULL OR any(k IN $kinds WHERE e.id STARTS WITH k))
RETURN e.id, e._search, e:LongText`
	// searchLong asks for texts of which the index has the beginning only.
	searchLong = `MATCH (e:LongText)
WHERE any(s IN e._sources WHERE s IN $numbers) AND ($kinds IS NULL OR any(k IN $kinds WHERE e.id STARTS WITH k))
RETURN e.id, e._search, true`

	// searchNumber and searchNumbers list visible consignments of one
	// statement; the others must be looked at.
	searchNumber = `MATCH (c:Consignment) WHERE c._number = $start AND c._seen <= $until AND any(s IN c._sources WHERE s IN $numbers)
RETURN c.id AS id ORDER BY id LIMIT $limit`
	searchNumbers = `MATCH (c:Consignment) WHERE c._number STARTS WITH $start AND c._seen <= $until AND any(s IN c._sources WHERE s IN $numbers)
RETURN c.id AS id ORDER BY id LIMIT $limit`
	lookNumber = `MATCH (c:Consignment) WHERE c._number = $start AND (c._several IS NOT NULL OR c._looked IS NOT NULL)
AND (any(s IN c._sources WHERE s IN $numbers) OR any(s IN c._looked WHERE s IN $numbers))
RETURN c.id AS id, c._statements, c._fields, c._outcomes ORDER BY id`
	lookNumbers = `MATCH (c:Consignment) WHERE c._number STARTS WITH $start AND (c._several IS NOT NULL OR c._looked IS NOT NULL)
AND (any(s IN c._sources WHERE s IN $numbers) OR any(s IN c._looked WHERE s IN $numbers))
RETURN c.id AS id, c._statements, c._fields, c._outcomes ORDER BY id`
)

// candidate is a record whose kept texts hold every word of a query. Bound is
// what it can score at most.
type candidate struct {
	id, cluster graph.ID
	bound       float64
}

// chunk is how many candidates are looked at together.
const chunk = 200

// Search finds entities by text, consignments by their number. The server finds
// candidates, what the scope shows of them is ranked by graph.MatchEntity, the
// promising first, until no other can come among the best.
func (r *reader) Search(ctx context.Context, query graph.SearchQuery) ([]graph.Match, error) {
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	folded := graph.Fold(query.Text)
	if folded == "" {
		return nil, nil
	}
	limit := limitOf(query.Limit, defaultSearch)
	var matches []graph.Match
	if kinds, some := entityKinds(query.Kinds); some {
		all, err := r.candidates(ctx, folded, kinds)
		if err != nil {
			return nil, err
		}
		if matches, err = r.best(ctx, query.Text, all, limit); err != nil {
			return nil, err
		}
	}
	numbered, err := r.numbered(ctx, query, limit)
	if err != nil {
		return nil, err
	}
	matches = append(matches, numbered...)
	slices.SortFunc(matches, func(a, b graph.Match) int { return graph.CompareMatches(&a, &b) })
	return matches[:min(len(matches), limit)], nil
}

// entityKinds returns how the ids of the kinds asked for begin, nil for all;
// some is false when none of them is one of entities.
func entityKinds(kinds []graph.Kind) (starts []string, some bool) {
	if kinds == nil {
		return nil, true
	}
	for _, kind := range kinds {
		if _, is := kindLabels[kind]; is {
			starts = append(starts, kind.String()+"/")
		}
	}
	return starts, len(starts) > 0
}

// candidates returns the entities whose texts hold all words, the most
// promising first.
func (r *reader) candidates(ctx context.Context, folded string, kinds []string) ([]candidate, error) {
	words := strings.Fields(folded)
	values := map[string]any{"words": words, "numbers": r.numbers, "kinds": nil,
		"longest": slices.MaxFunc(words, func(a, b string) int { return cmp.Compare(utf8.RuneCountInString(a), utf8.RuneCountInString(b)) })}
	if kinds != nil {
		values["kinds"] = kinds
	}
	bounds := make(map[graph.ID]float64)
	for _, q := range []cypher{{searchEntities, values}, {searchLong, values}} {
		if err := r.bound(ctx, q, folded, bounds); err != nil {
			return nil, err
		}
	}
	all := make([]candidate, 0, len(bounds))
	for id, bound := range bounds {
		all = append(all, candidate{id: id, cluster: r.identity.Cluster(id), bound: bound})
	}
	slices.SortFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.bound, a.bound), cmp.Compare(a.cluster, b.cluster), cmp.Compare(a.id, b.id))
	})
	return all, nil
}

// bound notes what the entities that a query finds can score at most: what
// the best of their kept texts does, and 1 where not all are kept.
func (r *reader) bound(ctx context.Context, q cypher, folded string, bounds map[graph.ID]float64) error {
	for record, err := range r.store.stream(ctx, q) {
		if err != nil {
			return err
		}
		id, best := graph.ID(text(record.Values[0])), 0.0
		if record.Values[2] == true {
			best = 1
		} else {
			for one := range strings.SplitSeq(text(record.Values[1]), "|") {
				score, _ := graph.RankFolded(folded, one)
				best = max(best, score)
			}
		}
		if best > 0 {
			bounds[id] = best
		}
	}
	return nil
}

// best ranks candidates until limit matches are found that none of the rest
// can come before.
func (r *reader) best(ctx context.Context, query string, all []candidate, limit int) ([]graph.Match, error) {
	best := make(map[graph.ID]graph.Match)
	var found []graph.Match // of best, in order, as far as they matter
	for some := range slices.Chunk(all, chunk) {
		if len(found) == limit {
			last := &found[limit-1]
			if some[0].bound < last.Score || some[0].bound == last.Score && some[0].cluster > last.ID {
				break
			}
		}
		ids := make([]graph.ID, len(some))
		for i := range some {
			ids[i] = some[i].id
		}
		entities, err := r.entities(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, e := range entities {
			found = r.rank(query, e, best, found, limit)
		}
	}
	return found, nil
}

// rank puts an entity among the best, if it belongs there.
func (r *reader) rank(query string, e *entity, best map[graph.ID]graph.Match, found []graph.Match, limit int) []graph.Match {
	shown := e.shown(r.gate, graph.Want{Properties: graph.Searched()})
	if shown == nil {
		return found
	}
	match, ok := graph.MatchEntity(query, shown)
	if !ok {
		return found
	}
	match.ID = r.identity.Cluster(e.id)
	had, there := best[match.ID]
	if there && cmp.Or(cmp.Compare(had.Score, match.Score), strings.Compare(match.Name, had.Name)) >= 0 {
		return found
	}
	best[match.ID] = match
	found = slices.DeleteFunc(found, func(m graph.Match) bool { return m.ID == match.ID })
	at, _ := slices.BinarySearchFunc(found, match, func(a, b graph.Match) int { return graph.CompareMatches(&a, &b) })
	found = slices.Insert(found, at, match)
	return found[:min(len(found), limit)]
}

// numbered finds consignments by their number. No more than the limit of each
// spelling can be wanted: they rank by id, the whole number first.
func (r *reader) numbered(ctx context.Context, query graph.SearchQuery, limit int) ([]graph.Match, error) {
	if query.Kinds != nil && !slices.Contains(query.Kinds, graph.KindConsignment) {
		return nil, nil
	}
	found := make(map[graph.ID]graph.Match)
	for _, start := range graph.NumbersFrom(query.Text) {
		asks := []numberTexts{{searchNumber, lookNumber}}
		if _, starts := graph.MatchConsignment(query.Text, graph.ID(graph.KindConsignment.String()+"/x/"+start+"x")); starts {
			asks = append(asks, numberTexts{searchNumbers, lookNumbers})
		}
		for _, ask := range asks {
			ids, err := r.numberedFrom(ctx, ask, start, limit)
			if err != nil {
				return nil, err
			}
			for _, id := range ids {
				if match, ok := graph.MatchConsignment(query.Text, id); ok {
					found[id] = match
				}
			}
		}
	}
	matches := make([]graph.Match, 0, len(found))
	for _, match := range found {
		matches = append(matches, match)
	}
	return matches, nil
}

// numberTexts ask for the same numbers: sure for those that the server knows to
// be visible, look for those that must be looked at.
type numberTexts struct {
	sure string //cypher:text
	look string //cypher:text
}

// numberedFrom returns the first visible consignments of a number, or of
// numbers that begin alike.
func (r *reader) numberedFrom(ctx context.Context, ask numberTexts, start string, limit int) (ids []graph.ID, err error) {
	values := r.about(nil)
	values["start"], values["limit"] = start, limit
	for record, err := range r.store.stream(ctx, cypher{ask.sure, values}) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, graph.ID(text(record.Values[0])))
	}
	looked := 0
	for record, err := range r.store.stream(ctx, cypher{ask.look, values}) {
		if err != nil {
			return nil, err
		}
		again := cypher{oneConsignment, map[string]any{"fields": true, "id": record.Values[0]}}
		c, err := whole(ctx, r.store, record, consignmentOfRecord, again)
		if err != nil {
			return nil, err
		}
		if c.shown(r.gate, graph.Want{}) == nil {
			continue
		}
		ids = append(ids, c.id)
		if looked++; looked == limit {
			break
		}
	}
	return ids, nil
}
