package structure_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/structure"
)

func drawContacts(t *rapid.T) (structure.Contacts, structure.JourneyOptions) {
	n := rapid.IntRange(1, 6).Draw(t, "nodes")
	var c structure.Contacts
	instant := rapid.Bool().Draw(t, "instant")
	for range rapid.IntRange(0, 10).Draw(t, "contacts") {
		c.From = append(c.From, rapid.Uint32Range(0, uint32(n-1)).Draw(t, "from"))
		c.To = append(c.To, rapid.Uint32Range(0, uint32(n-1)).Draw(t, "to"))
		c.Depart = append(c.Depart, int64(rapid.IntRange(-5, 5).Draw(t, "depart")))
		if !instant {
			c.Arrive = append(c.Arrive, c.Depart[len(c.Depart)-1]+int64(rapid.IntRange(0, 3).Draw(t, "takes")))
		}
	}
	opts := structure.JourneyOptions{Nodes: n, Undirected: rapid.Bool().Draw(t, "undirected"), Gap: int64(rapid.IntRange(0, 2).Draw(t, "gap"))}
	bound := func(name string) *int64 {
		if !rapid.Bool().Draw(t, name) {
			return nil
		}
		time := int64(rapid.IntRange(-6, 6).Draw(t, name))
		return &time
	}
	opts.Begin, opts.End = bound("begin"), bound("end")
	if len(c.From) == 0 {
		c.Arrive = nil
	}
	return c, opts
}

func arrival(c structure.Contacts, i int) int64 {
	if c.Arrive == nil {
		return c.Depart[i]
	}
	return c.Arrive[i]
}

// journeys calls use for every journey from a node that uses no contact twice, with its contacts and the node that it ends at.
func journeys(c structure.Contacts, opts structure.JourneyOptions, from uint32, use func(contacts []int, at uint32)) {
	var walk func(contacts []int, at uint32)
	walk = func(contacts []int, at uint32) {
		use(contacts, at)
		for i := range c.From {
			if slices.Contains(contacts, i) || (opts.Begin != nil && c.Depart[i] < *opts.Begin) || (opts.End != nil && arrival(c, i) > *opts.End) {
				continue
			}
			if len(contacts) > 0 && c.Depart[i] < arrival(c, contacts[len(contacts)-1])+opts.Gap {
				continue
			}
			if c.From[i] == at {
				walk(append(slices.Clone(contacts), i), c.To[i])
			}
			if opts.Undirected && c.To[i] == at {
				walk(append(slices.Clone(contacts), i), c.From[i])
			}
		}
	}
	walk(nil, from)
}

// assertJourney checks that contacts are a journey between two nodes.
func assertJourney(t *rapid.T, c structure.Contacts, opts structure.JourneyOptions, contacts []int, from, to uint32) {
	for i, e := range contacts {
		if i > 0 {
			require.GreaterOrEqual(t, c.Depart[e], arrival(c, contacts[i-1])+opts.Gap)
		}
		switch {
		case c.From[e] == from:
			from = c.To[e]
		case opts.Undirected && c.To[e] == from:
			from = c.From[e]
		default:
			require.Fail(t, "contacts do not join")
		}
		require.True(t, opts.Begin == nil || c.Depart[e] >= *opts.Begin)
		require.True(t, opts.End == nil || arrival(c, e) <= *opts.End)
	}
	require.Equal(t, to, from)
}

func TestJourneysAreTheBestOfAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range times {
			c, opts := drawContacts(t)
			node := rapid.Uint32Range(0, uint32(opts.Nodes-1)).Draw(t, "node")
			early := slices.Repeat([]int64{structure.Never}, opts.Nodes)
			fewest := slices.Repeat([]int32{-1}, opts.Nodes)
			late := slices.Repeat([]int64{structure.Never}, opts.Nodes)
			for from := range uint32(opts.Nodes) {
				journeys(c, opts, from, func(contacts []int, at uint32) {
					if len(contacts) == 0 {
						return
					}
					if from == node && at != node {
						early[at] = min(early[at], arrival(c, contacts[len(contacts)-1]))
						if n := int32(len(contacts)); fewest[at] < 0 || n < fewest[at] {
							fewest[at] = n
						}
					}
					if first := c.Depart[contacts[0]]; at == node && from != node && (late[from] == structure.Never || first > late[from]) {
						late[from] = first
					}
				})
			}
			first, err := structure.EarliestArrival(context.Background(), c, node, opts)
			require.NoError(t, err)
			last, err := structure.LatestDeparture(context.Background(), c, node, opts)
			require.NoError(t, err)
			short, err := structure.FewestContacts(context.Background(), c, node, opts)
			require.NoError(t, err)
			for u := range uint32(opts.Nodes) {
				if u == node {
					require.Empty(t, first.To(u))
					require.Zero(t, short.Hops[u])
					continue
				}
				require.Equal(t, early[u], first.Time[u])
				require.Equal(t, late[u], last.Time[u])
				require.Equal(t, fewest[u], short.Hops[u])
				require.Equal(t, early[u] == structure.Never, first.Hops[u] < 0)
				if fewest[u] >= 0 {
					assertJourney(t, c, opts, first.To(u), node, u)
					assertJourney(t, c, opts, short.To(u), node, u)
					require.Len(t, first.To(u), int(first.Hops[u]))
					require.Len(t, short.To(u), int(fewest[u]))
					require.Equal(t, short.Time[u], arrival(c, short.To(u)[fewest[u]-1]))
				} else {
					require.Nil(t, short.To(u))
				}
				if late[u] != structure.Never {
					assertJourney(t, c, opts, last.To(u), u, node)
					require.Equal(t, late[u], c.Depart[last.To(u)[0]])
				}
			}
		}
	})
}

func TestADayWithoutAnOrder(t *testing.T) {
	// Both contacts are on one day, the second in the list before the first on the way.
	c := structure.Contacts{From: []uint32{1, 0}, To: []uint32{2, 1}, Depart: []int64{7, 7}}
	same, err := structure.EarliestArrival(t.Context(), c, 0, structure.JourneyOptions{Nodes: 3})
	require.NoError(t, err)
	assert.Equal(t, []int64{1 - structure.Never, 7, 7}, same.Time)
	assert.Equal(t, []int{1, 0}, same.To(2))
	next, err := structure.EarliestArrival(t.Context(), c, 0, structure.JourneyOptions{Nodes: 3, Gap: 1})
	require.NoError(t, err)
	assert.Equal(t, []int64{1 - structure.Never, 7, structure.Never}, next.Time)
	back, err := structure.LatestDeparture(t.Context(), c, 2, structure.JourneyOptions{Nodes: 3})
	require.NoError(t, err)
	assert.Equal(t, []int64{7, 7, structure.Never - 1}, back.Time)
	assert.Equal(t, []int{1, 0}, back.To(0))
}

func TestJourneyRefusals(t *testing.T) {
	good := structure.Contacts{From: []uint32{0}, To: []uint32{1}, Depart: []int64{1}, Arrive: []int64{2}}
	for name, c := range map[string]struct {
		contacts structure.Contacts
		opts     structure.JourneyOptions
		want     error
		text     string
	}{
		"a short column":    {structure.Contacts{From: []uint32{0}, To: []uint32{1}}, structure.JourneyOptions{Nodes: 2}, structure.ErrOption, "0 in Depart"},
		"no nodes":          {good, structure.JourneyOptions{}, structure.ErrNode, "there are 0"},
		"a negative order":  {good, structure.JourneyOptions{Nodes: -1}, structure.ErrNode, "there are -1"},
		"a node too great":  {good, structure.JourneyOptions{Nodes: 1}, structure.ErrNode, "contact 0 from 0 to 1"},
		"a negative gap":    {good, structure.JourneyOptions{Nodes: 2, Gap: -1}, structure.ErrOption, "-1"},
		"arrival too early": {structure.Contacts{From: []uint32{0}, To: []uint32{1}, Depart: []int64{2}, Arrive: []int64{1}}, structure.JourneyOptions{Nodes: 2}, structure.ErrDate, "departs at 2, arrives at 1"},
		"beyond all time":   {structure.Contacts{From: []uint32{0}, To: []uint32{1}, Depart: []int64{structure.Never}}, structure.JourneyOptions{Nodes: 2}, structure.ErrDate, "contact 0"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, find := range []func(context.Context, structure.Contacts, uint32, structure.JourneyOptions) (structure.Journeys, error){
				structure.EarliestArrival, structure.LatestDeparture, structure.FewestContacts,
			} {
				_, err := find(t.Context(), c.contacts, 0, c.opts)
				require.ErrorIs(t, err, c.want)
				require.ErrorContains(t, err, c.text)
			}
		})
	}
}

// manyContacts is a year of contacts among many.
func manyContacts(n, m int) structure.Contacts {
	random := rand.New(rand.NewPCG(3, 4))
	var c structure.Contacts
	for range m {
		c.From, c.To = append(c.From, random.Uint32N(uint32(n))), append(c.To, random.Uint32N(uint32(n)))
		c.Depart = append(c.Depart, random.Int64N(365))
	}
	return c
}

func TestJourneysAreStoppedAndTellTheirProgress(t *testing.T) {
	const n = 20_000
	c := manyContacts(n, 10*n)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, find := range []func(context.Context, structure.Contacts, uint32, structure.JourneyOptions) (structure.Journeys, error){
		structure.EarliestArrival, structure.LatestDeparture, structure.FewestContacts,
	} {
		_, err := find(ctx, c, 0, structure.JourneyOptions{Nodes: n})
		require.ErrorIs(t, err, context.Canceled)
		told := 0
		found, err := find(t.Context(), c, 0, structure.JourneyOptions{Nodes: n, Progress: func(int, int) { told++ }})
		require.NoError(t, err)
		assert.Positive(t, told)
		assert.Positive(t, found.Taken)
	}
}

func BenchmarkJourneys(b *testing.B) {
	const n = 100_000
	c := manyContacts(n, 10*n)
	for name, find := range map[string]func(context.Context, structure.Contacts, uint32, structure.JourneyOptions) (structure.Journeys, error){
		"earliest": structure.EarliestArrival, "latest": structure.LatestDeparture, "fewest": structure.FewestContacts,
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, err := find(b.Context(), c, 0, structure.JourneyOptions{Nodes: n})
				require.NoError(b, err)
			}
		})
	}
}
