package neo4j

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/graph"
	"rummage/graph/storetest"
)

// everyone is a gate that shows the sources 1 to 9 up to a day, in an order of
// ids that is not that of numbers.
func everyone(until graph.Date) *gate {
	return &gate{scope: graph.Scope{Until: until}, sources: map[int64]graph.SourceID{1: "s-c", 2: "s-a", 3: "s-b", 7: "s-d"}}
}

func TestAGateShowsWhatItsSourcesSayUpToADay(t *testing.T) {
	all := []mention{{1, 10, storetest.Day(5)}, {2, 20, storetest.Day(3)}, {3, 30, storetest.Day(9)}, {4, 40, storetest.Day(1)}, {7, 70, graph.NoDate}}
	for name, c := range map[string]struct {
		until   graph.Date
		origins []graph.Origin
		days    []graph.Date
	}{
		"everything":       {graph.NoDate, []graph.Origin{{Source: "s-a", Row: 20}, {Source: "s-b", Row: 30}, {Source: "s-c", Row: 10}, {Source: "s-d", Row: 70}}, []graph.Date{storetest.Day(3), storetest.Day(9), storetest.Day(5), 0}},
		"up to a day":      {storetest.Day(5), []graph.Origin{{Source: "s-a", Row: 20}, {Source: "s-c", Row: 10}, {Source: "s-d", Row: 70}}, []graph.Date{storetest.Day(3), storetest.Day(5), 0}},
		"before all dates": {1, []graph.Origin{{Source: "s-d", Row: 70}}, []graph.Date{0}},
	} {
		g := everyone(c.until)
		origins, day, ok := g.shown(all)
		require.True(t, ok, name)
		require.Equal(t, c.origins, origins, name)
		require.Equal(t, graph.NoDate, day, name)
		require.Equal(t, c.days, g.days(all, origins), name)
		require.True(t, g.any(all), name)
	}
	hidden := []mention{{4, 40, storetest.Day(1)}, {1, 10, storetest.Day(6)}}
	_, _, ok := everyone(storetest.Day(5)).shown(hidden)
	require.False(t, ok, "a source that is hidden, and a day to come")
	require.False(t, everyone(storetest.Day(5)).any(hidden))
	require.Equal(t, []int64{1, 2, 3, 7}, everyone(0).numbers())
}

func TestAMentionIsTheSmallestRowOfTheEarliestDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var said []mention
		for range rapid.IntRange(1, 20).Draw(t, "mentions") {
			said = append(said, mention{rapid.Int64Range(1, 4).Draw(t, "source"), rapid.Int64Range(1, 9).Draw(t, "row"), graph.Date(rapid.IntRange(0, 3).Draw(t, "day"))})
		}
		var all []mention
		for _, m := range said {
			had := len(all)
			next, changed := addMention(all, m)
			require.True(t, changed || len(next) == had)
			all = next
			_, again := addMention(all, m)
			require.False(t, again, "what is there changes nothing")
		}
		for i, m := range all {
			require.True(t, i == 0 || all[i-1].source < m.source)
			for _, other := range said {
				if other.source == m.source {
					require.False(t, other.day < m.day || other.day == m.day && other.row < m.row)
				}
			}
			require.Contains(t, said, m)
		}
	})
}

// What a node holds says everything: a record made of it is the record that it
// was written from.
func TestRecordsComeBackFromTheirProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := &entity{id: storetest.Trader("a")}
		c := &consignment{id: storetest.Consignment("1")}
		for source := range int64(rapid.IntRange(1, 4).Draw(t, "sources")) {
			for row := range int64(rapid.IntRange(1, 5).Draw(t, "rows")) {
				drawInto(t, e, c, source+1, row+2)
			}
		}
		e.settle()
		p := e.properties()
		facts, _ := p[propFacts].([]string)
		outcomes, _ := p[propOutcomes].([]string)
		sources, _ := p[propSources].([]int64)
		days, _ := p[propDays].([]int64)
		back, err := entityOf(e.id, sources, days, facts, outcomes)
		require.NoError(t, err)
		require.Equal(t, e, back)

		p = c.properties()
		statements, _ := p[propStatements].([]string)
		fields, _ := p[propFields].([]string)
		outcomes, _ = p[propOutcomes].([]string)
		again, err := consignmentOf(c.id, statements, fields, outcomes)
		require.NoError(t, err)
		again.remember()
		require.Equal(t, c, again)
		seesAsItsTies(t, c)
	})
}

func drawInto(t *rapid.T, e *entity, c *consignment, source, row int64) {
	switch rapid.IntRange(0, 4).Draw(t, "what") {
	case 0:
		e.gather(source, row, &graph.Fact{Entity: e.id, Property: rapid.SampledFrom([]string{"name", "alias", "country"}).Draw(t, "property"),
			Value: "V" + rapid.String().Draw(t, "value"), Mark: rapid.SampledFrom([]string{"", "format"}).Draw(t, "mark"), Date: drawDay(t)})
	case 1:
		e.name(source, drawDay(t))
	case 2:
		o := graph.Outcome{Subject: e.id, Result: graph.Listed, Channel: rapid.SampledFrom([]graph.Channel{graph.NoChannel, graph.TipOff}).Draw(t, "channel"), Date: drawDay(t),
			Fields: []graph.Field{{Name: "list", Value: "L" + rapid.String().Draw(t, "list")}}}
		e.report(source, row, &o)
		o.Subject = c.id
		c.report(source, row, &o)
	default:
		s := drawStatement(t)
		s.Consignment = c.id
		s.Normalise()
		c.state(source, row, &s)
	}
}

// seesAsItsTies compares what ties say of their consignment with the
// consignment.
func seesAsItsTies(t *rapid.T, c *consignment) {
	firsts := map[graph.ID]int{}
	ties := c.ties()
	for i := range ties {
		tie := &ties[i]
		p := tie.properties()
		_, seen := p[propSeen]
		require.Equal(t, c.several(), p[propSeveral] == true)
		require.False(t, c.several() && seen)
		if seen {
			firsts[tie.Entity]++
			require.EqualValues(t, c.statements[0].Seen(), p[propSeen])
			require.Equal(t, givenNumber(c.statements[0].Date), p[propDay])
		}
		twice, _ := p[propTwice].([]string)
		for _, other := range ties {
			stands := 0
			for _, one := range ties {
				if one.Role == other.Role {
					stands++
				}
			}
			require.Equal(t, seen && stands > 1, contains(twice, roleTypes[other.Role]))
		}
	}
	for i := range ties {
		require.Equal(t, !c.several(), firsts[ties[i].Entity] == 1, "of each entity one tie counts")
	}
}

func contains(all []string, one string) bool {
	for _, had := range all {
		if had == one {
			return true
		}
	}
	return false
}

func TestLinksComeBackFromTheirProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := &link{Link: graph.Link{Role: graph.Paid, From: storetest.Trader("a"), To: storetest.Trader(drawName(t)), Start: drawDay(t), End: drawDay(t),
			Key: rapid.SampledFrom([]string{"", "k"}).Draw(t, "key")}}
		for range rapid.IntRange(0, 3).Draw(t, "fields") {
			l.Fields = append(l.Fields, drawField(t))
		}
		l.Normalise()
		for source := range int64(rapid.IntRange(1, 4).Draw(t, "sources")) {
			l.state(source+1, rapid.Int64Range(1, 9).Draw(t, "row"))
		}
		p := l.properties()
		received := map[string]any{propStart: p[propStart], "end": p["end"], "key": p["key"], propFields: p[propFields]}
		for _, name := range []string{propSources, propRows} {
			var list []any
			for _, n := range p[name].([]int64) {
				list = append(list, n)
			}
			received[name] = list
		}
		back, err := linkOf(l.From, l.Role, l.To, received)
		require.NoError(t, err)
		require.Equal(t, len(l.Fields), len(back.Fields))
		require.Equal(t, linkID(&l.Link), linkID(&back.Link))
		require.Equal(t, l.mentions, back.mentions)
	})
}
