package neo4j

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/graph"
	"rummage/graph/neo4j/neo4jtest"
	"rummage/graph/storetest"
)

func TestPlacesArePackedAndUnpacked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []place
		row := int64(0)
		for range rapid.IntRange(0, 40).Draw(t, "rows") {
			row += rapid.Int64Range(1, 1<<40).Draw(t, "gap")
			all = append(all, place{row, graph.Span{Offset: rapid.Int64Range(0, 1<<60).Draw(t, "offset"), Length: rapid.Int64Range(0, 1<<60).Draw(t, "length")}})
		}
		packed := packPlaces(all)
		back, err := unpackPlaces(packed)
		require.NoError(t, err)
		require.Equal(t, append([]place{}, all...), back)
		at := rapid.IntRange(0, len(packed)-1).Draw(t, "damaged")
		packed[at] ^= byte(rapid.IntRange(1, 255).Draw(t, "by"))
		_, err = unpackPlaces(packed)
		require.Error(t, err)
		_, err = unpackPlaces(packed[:at])
		require.Error(t, err)
	})
}

func TestIDsOfPartsAreInTheOrderOfRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Int64Range(0, 1<<33)
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		require.Equal(t, a < b, pageID(1, a) < pageID(1, b))
		require.Equal(t, a < b, refusedID(1, a) < refusedID(1, b))
		require.True(t, strings.HasPrefix(pageID(a, b), partsOf(a)) && strings.HasPrefix(refusedID(a, b), partsOf(a)))
		require.Equal(t, a == b, strings.HasPrefix(pageID(a, 1), partsOf(b)))
	})
}

// drawEntity is an entity that some sources name, stated fact by fact.
func drawEntity(t *rapid.T) *entity {
	e := &entity{id: "party/test/x"}
	for range rapid.IntRange(0, 20).Draw(t, "facts") {
		f := graph.Fact{Entity: e.id, Property: rapid.SampledFrom([]string{"name", "alias"}).Draw(t, "property"), Value: fmt.Sprint(rapid.IntRange(0, 12).Draw(t, "value")),
			Date: graph.Date(rapid.IntRange(0, 3).Draw(t, "day"))}
		e.gather(rapid.Int64Range(1, 3).Draw(t, "source"), rapid.Int64Range(1, 9).Draw(t, "row"), &f)
	}
	for range rapid.IntRange(0, 3).Draw(t, "outcomes") {
		e.report(rapid.Int64Range(1, 3).Draw(t, "source"), rapid.Int64Range(1, 9).Draw(t, "row"), &graph.Outcome{Subject: e.id, Result: graph.Hit, Date: graph.Date(rapid.IntRange(0, 2).Draw(t, "day"))})
	}
	e.settle()
	return e
}

// factsIn are the texts of facts among the properties of an entity, which has none where it has no facts.
func factsIn(p map[string]any) []string {
	texts, _ := p[propFacts].([]string)
	return texts
}

func copyOf(t require.TestingT, e *entity) *entity {
	p := e.properties()
	outcomes, _ := p[propOutcomes].([]string)
	c, err := entityOf(e.id, p[propSources].([]int64), p[propDays].([]int64), factsIn(p), outcomes)
	require.NoError(t, err)
	return c
}

func TestEntitiesAreUnitedInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawEntity(t), drawEntity(t)
		require.True(t, slices.IsSortedFunc(a.facts, func(x, y fact) int { return graph.CompareFacts(&x.Fact, &y.Fact) }))
		one, other := copyOf(t, a), copyOf(t, b)
		one.merge(b)
		other.merge(a)
		require.Equal(t, one.properties(), other.properties())
		require.False(t, one.merge(b), "what is there changes nothing")
		require.False(t, one.merge(a))
		for source := range int64(4) {
			one.drop(source)
		}
		require.Empty(t, one.supports)
		require.Empty(t, one.facts)
		require.Empty(t, one.outcomes)
	})
}

func TestABatchIsCutInOrder(t *testing.T) {
	b := newBatch(3, 10)
	for i := range 5 {
		row := storetest.Shipment(fmt.Sprint(i), fmt.Sprint("imp ", i), "exp", 1)
		row.Number = int64(i + 2)
		row.Links = []graph.Link{{Role: graph.OwnedBy, From: storetest.Trader("exp"), To: storetest.Trader(fmt.Sprint(i))}}
		b.place(nil, &row)
		b.add(&row)
	}
	require.True(t, b.full())
	b.refuse("s", &graph.Row{Number: 9, Errors: []graph.RowError{{Reason: "\xff"}}})
	s := b.seal()
	var want, got []string
	names := func(p *sealed) (all []string) {
		for _, e := range p.entities {
			all = append(all, string(e.id))
		}
		for _, c := range p.consignments {
			all = append(all, string(c.id))
		}
		for _, l := range p.links {
			all = append(all, l.id)
		}
		for _, rows := range [][]map[string]any{p.pages, p.refused} {
			for _, row := range rows {
				all = append(all, row["id"].(string))
			}
		}
		return all
	}
	want = names(s)
	require.Len(t, want, s.size())
	for size := 1; size <= s.size()+1; size++ {
		got = nil
		for from := 0; from < s.size(); from += size {
			got = append(got, names(s.part(from, min(from+size, s.size())))...)
		}
		require.Equal(t, want, got, size)
	}
}

func TestRowsThatSayTheSameHaveOneFingerprint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		row := func() *graph.Row {
			r := storetest.Shipment(rapid.SampledFrom([]string{"1", "11"}).Draw(t, "number"), rapid.SampledFrom([]string{"a", "b"}).Draw(t, "importer"), "exp", rapid.IntRange(1, 2).Draw(t, "day"))
			s := &r.Statements[0]
			if rapid.Bool().Draw(t, "turned") {
				slices.Reverse(s.Fields)
				slices.Reverse(s.Ties)
			}
			s.Document, s.Part = rapid.SampledFrom([]string{"", "1"}).Draw(t, "document"), rapid.SampledFrom([]string{"", "1"}).Draw(t, "part")
			return &r
		}
		a, b := row(), row()
		same := a.Statements[0].Content() == b.Statements[0].Content()
		require.Equal(t, same, string(appendRow(nil, a)) == string(appendRow(nil, b)))
	})
}

func TestTheCacheForgetsWhatIsNotAskedFor(t *testing.T) {
	c := newCache()
	of := func(i, size int) *entity {
		e := &entity{id: graph.ID(fmt.Sprint("party/", i))}
		e.gather(1, 1, &graph.Fact{Entity: e.id, Property: "name", Value: strings.Repeat("x", size)})
		return e
	}
	busy := of(0, 10)
	c.put(busy)
	for i := 1; i < 200; i++ {
		c.put(of(i, cacheBytes/20))
		require.Same(t, busy, c.get(busy.id))
	}
	require.Nil(t, c.get("party/1"))
	require.NotNil(t, c.get("party/199"))
	total := 0
	for _, half := range []map[graph.ID]*entity{c.young, c.old} {
		for _, e := range half {
			total += e.cost()
		}
	}
	require.LessOrEqual(t, total, 2*cacheBytes+cacheBytes/10)
	c.put(of(500, 2*cacheBytes))
	require.Nil(t, c.get("party/500"), "too large by itself")
}

func TestPurgeFindsEveryRecordWhateverItsID(t *testing.T) {
	ctx := context.Background()
	at := placeOn(t, neo4jtest.Shared(t))
	o := at.options()
	o.batch = 2
	s, err := Open(ctx, at.Address, o)
	require.NoError(t, err)
	defer s.Close()
	var rows []graph.Row
	for i, name := range []string{"z", "Z", "é", "\uFFFD", "\U0001F6A2", "中", "ｱ", "\U00020000", "a b", "a", "a-b", "a/b", "a%b"} {
		row := storetest.Shipment(name, name, "exp "+name, i+1)
		row.Links = []graph.Link{{Role: graph.Paid, From: storetest.Trader(name), To: storetest.Trader("hub"), Key: name}}
		rows = append(rows, row)
	}
	first, second := storetest.NewBatch("first", 1, rows...), storetest.NewBatch("second", 2, slices.Clone(rows[3:9])...)
	model := storetest.NewModel()
	for _, batch := range []*storetest.Batch{first, second} {
		_, err := batch.Import(ctx, s)
		require.NoError(t, err)
		model.Put(batch)
	}
	agrees(t, s, model)
	for day, batch := range []*storetest.Batch{first, second} {
		require.NoError(t, s.Purge(ctx, batch.Spec.ID(0), storetest.Noon(9+day), "court order"))
		model.End(batch.Spec.ID(0), graph.Purged, 9+day, "court order")
		agrees(t, s, model)
	}
	found, err := s.records(ctx, cypher{text: "MATCH (n) WHERE n:Entity OR n:Consignment OR n:Places RETURN n"})
	require.NoError(t, err)
	require.Empty(t, found)
}

func TestARunIsPublished(t *testing.T) {
	ctx := context.Background()
	s := emptyStore(t)
	_, err := storetest.NewBatch("first", 1, storetest.Shipment("1", "imp", "exp", 1)).Import(ctx, s)
	require.NoError(t, err)
	save := func(seed uint64) graph.RunID {
		run := graph.Run{Kind: "flag", Seed: seed, Finished: storetest.Noon(2)}
		run.ID = run.NewRunID()
		require.NoError(t, s.SaveRun(ctx, run))
		return run.ID
	}
	require.ErrorIs(t, s.Publish(ctx, graph.Publication{Run: "r-none", Kind: "flag"}), graph.ErrNotFound)
	for seed := range uint64(2) {
		p := graph.Publication{Run: save(seed), Kind: "flag",
			Networks: []graph.PublishedNetwork{{ID: "n-1", State: "new", Grade: "A", Figures: map[string]any{"q": 0.01, "id": "taken", "Bad Name": 1, "hits": 3},
				Members: []graph.PublishedMember{{Entity: storetest.Trader("imp"), Role: "hub"}, {Entity: storetest.Trader("exp"), Role: "member"}, {Entity: "party/nobody"}}}},
			Leads: []graph.PublishedLead{{Entity: storetest.Trader("exp"), Rank: 1, Score: 2.5}, {Entity: storetest.Trader("imp"), Rank: 2, Score: 1.5}}}
		require.NoError(t, s.Publish(ctx, p))
		found, err := s.records(ctx, cypher{text: `MATCH (r:Run)-[:REPORTED]->(n:Network {id: 'n-1'})-[m:MEMBER]->(e:Entity)
RETURN r.id, n.grade, n.state, n.q, n.hits, n.kind, collect(m.role + ' ' + e.id)`})
		require.NoError(t, err)
		require.Len(t, found, 1)
		require.Equal(t, []any{string(p.Run), "A", "new", 0.01, int64(3), "flag"}, found[0].Values[:6])
		require.ElementsMatch(t, []any{"hub party/test/imp", "member party/test/exp"}, found[0].Values[6])
		found, err = s.records(ctx, cypher{text: "MATCH (r:Run)-[:REPORTED]->(l:Lead)-[:ABOUT]->(e:Entity) RETURN r.id, l.rank, l.score, e.id ORDER BY l.rank"})
		require.NoError(t, err)
		require.Len(t, found, 2)
		require.Equal(t, []any{string(p.Run), int64(1), 2.5, "party/test/exp"}, found[0].Values)
	}
	sources, err := s.Sources(ctx)
	require.NoError(t, err)
	used := graph.Run{Kind: "flag", Seed: 9, Scope: graph.Scope{Sources: []graph.SourceID{sources[0].ID}}, Finished: storetest.Noon(3)}
	used.ID = used.NewRunID()
	require.NoError(t, s.SaveRun(ctx, used))
	require.NoError(t, s.Publish(ctx, graph.Publication{Run: used.ID, Kind: "flag", Networks: []graph.PublishedNetwork{{ID: "n-2"}}}))
	require.NoError(t, s.Purge(ctx, sources[0].ID, storetest.Noon(4), "court order"))
	found, err := s.records(ctx, cypher{text: "MATCH (n) WHERE n:Network OR n:Lead RETURN n"})
	require.NoError(t, err)
	require.Empty(t, found, "what rested on a source goes with it")
}

func TestCheckFindsWhatOthersChanged(t *testing.T) {
	ctx := context.Background()
	server := neo4jtest.Shared(t)
	at := placeOn(t, server)
	for _, c := range []struct {
		change cypher
		want   string
	}{
		{cypher{text: "MATCH (e:Entity {id: 'party/test/imp 1'}) SET e.name = 'somebody else'"}, "what its properties show"},
		{cypher{text: "MATCH (e:Entity {id: 'party/test/imp 1'}) REMOVE e:Party"}, "labels"},
		{cypher{text: "MATCH (e:Entity {id: 'party/test/imp 1'}) SET e._facts = ['{']"}, "property _facts"},
		{cypher{text: "MATCH (e:Entity {id: 'party/test/imp 1'}) SET e._sources = [77], e._days = [1]"}, "not among those that name it"},
		{cypher{text: "MATCH (c:Consignment {id: 'consignment/test/first-000002'}) SET c.value = '1'"}, "what its properties show"},
		{cypher{text: "MATCH (c:Consignment {id: 'consignment/test/first-000002'})-[r:IMPORTER]->() DELETE r"}, "no relationship IMPORTER"},
		{cypher{text: "MATCH (c:Consignment {id: 'consignment/test/first-000002'})-[r:IMPORTER]->() SET r._seen = 1"}, "its properties are not"},
		{cypher{text: "MATCH (c:Consignment {id: 'consignment/test/first-000002'})-[:IMPORTER]->(e) CREATE (c)-[:CARRIER]->(e)"}, "no source states"},
		{cypher{text: "MATCH (c:Consignment {id: 'consignment/test/first-000002'}) DETACH DELETE c"}, "consignments instead of"},
		{cypher{text: "MATCH ()-[r:OWNED_BY]->() WITH r LIMIT 1 SET r._rows = [1]"}, "row 1 of source"},
		{cypher{text: "MATCH (p:Places) DELETE p"}, "places of 0 rows"},
		{cypher{text: "MATCH (r:Refused) WITH r LIMIT 1 DELETE r"}, "rows in quarantine"},
		{cypher{text: "MATCH (s:Source) SET s.rows = 1"}, "1 rows read"},
		{cypher{text: "MATCH (s:Source) SET s.newest = null"}, "the newest record"},
		{cypher{text: "CREATE (:Person {name: 'x'})"}, "nothing of rummage's"},
		{cypher{"MATCH (s:Source) SET s.sha256 = $sha", map[string]any{"sha": strings.Repeat("0", 64)}}, "its evidence"},
		{cypher{text: "MATCH (s:Source) SET s.ended_by = 'replaced', s.replaced = 's-none', s._over = 1"}, "which is not there"},
		{cypher{text: "MATCH (s:Source) SET s.ended = s.imported, s.ended_by = 'purged', s._over = 1"}, "not there or purged"},
	} {
		t.Run(c.want, func(t *testing.T) {
			server.Empty(t)
			s := small(t, at.Address, at, defaultPatience)
			_, err := many("first", 60).Import(ctx, s)
			require.NoError(t, err)
			run(t, server, c.change)
			problems, err := s.Check(ctx, func(int64, int64) {})
			require.NoError(t, err)
			require.Contains(t, fmt.Sprint(problems), c.want)
			require.LessOrEqual(t, len(problems), mostProblems+1)
		})
	}
}
