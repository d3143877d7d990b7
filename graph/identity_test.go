package graph_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/graph"
)

func said(seq int64, a graph.ID, kind graph.Verdict, b graph.ID) graph.Decision {
	return graph.Decision{Seq: seq, Subject: a, Other: b, Kind: kind}
}

// of is a said of two parties.
func of(seq int64, a string, kind graph.Verdict, b string) graph.Decision {
	return said(seq, graph.NewID(graph.Party, a), kind, graph.NewID(graph.Party, b))
}

func TestClusters(t *testing.T) {
	for name, c := range map[string]struct {
		decisions []graph.Decision
		clusters  []graph.ID
		conflicts int
		doubted   int
	}{
		"none":                  {nil, []graph.ID{}, 0, 0},
		"a chain":               {[]graph.Decision{of(1, "b", graph.Same, "c"), of(2, "a", graph.Same, "b")}, []graph.ID{"party/a"}, 0, 0},
		"taken back":            {[]graph.Decision{of(1, "a", graph.Same, "b"), of(2, "b", graph.Different, "a")}, []graph.ID{}, 0, 0},
		"doubted":               {[]graph.Decision{of(1, "a", graph.Same, "b"), of(2, "b", graph.Unsure, "a")}, []graph.ID{}, 0, 0},
		"said again":            {[]graph.Decision{of(1, "a", graph.Different, "b"), of(2, "a", graph.Same, "b")}, []graph.ID{"party/a"}, 0, 0},
		"against a difference":  {[]graph.Decision{of(1, "a", graph.Same, "b"), of(2, "a", graph.Different, "c"), of(3, "b", graph.Same, "c")}, []graph.ID{"party/a"}, 1, 0},
		"of two kinds":          {[]graph.Decision{said(1, "party/a", graph.Same, "address/a")}, []graph.ID{}, 0, 0},
		"a network":             {[]graph.Decision{said(1, "party/a", graph.Same, "n-0123456789ab")}, []graph.ID{}, 0, 0},
		"two networks":          {[]graph.Decision{said(1, "n-0123456789aa", graph.Same, "n-0123456789ab")}, []graph.ID{}, 0, 0},
		"two consignments":      {[]graph.Decision{said(1, "consignment/a", graph.Same, "consignment/b")}, []graph.ID{}, 0, 0},
		"not quite an id":       {[]graph.Decision{said(1, "party/a", graph.Same, "party//b")}, []graph.ID{}, 0, 0},
		"a doubt, round about":  {[]graph.Decision{of(1, "a", graph.Unsure, "b"), of(2, "a", graph.Same, "c"), of(3, "b", graph.Same, "c")}, []graph.ID{"party/a"}, 0, 1},
		"a note is no identity": {[]graph.Decision{of(1, "a", graph.Note, "")}, []graph.ID{}, 0, 0},
	} {
		identity := graph.NewIdentity(c.decisions)
		require.Equal(t, c.clusters, identity.Clusters(), name)
		require.Len(t, identity.Conflicts(), c.conflicts, name)
		require.Len(t, identity.Doubted(), c.doubted, name)
	}
	var nobody *graph.Identity
	require.Equal(t, graph.ID("x"), nobody.Cluster("x"))
	require.Equal(t, []graph.ID{"x"}, nobody.Members("x"))
	require.Empty(t, nobody.Clusters())
	require.Empty(t, nobody.Conflicts())
	require.Empty(t, nobody.Doubted())
}

func TestDifferentEntitiesAreNeverInOneCluster(t *testing.T) {
	names := []graph.ID{"party/a", "party/b", "party/c", "party/d", "party/e"}
	rapid.Check(t, func(t *rapid.T) {
		var decisions []graph.Decision
		last := map[[2]graph.ID]graph.Verdict{}
		for seq := range rapid.IntRange(0, 12).Draw(t, "decisions") {
			a, b := rapid.SampledFrom(names).Draw(t, "a"), rapid.SampledFrom(names).Draw(t, "b")
			kind := rapid.SampledFrom([]graph.Verdict{graph.Same, graph.Same, graph.Different, graph.Unsure}).Draw(t, "kind")
			decisions = append(decisions, said(int64(seq+1), a, kind, b))
			if a != b {
				last[[2]graph.ID{min(a, b), max(a, b)}] = kind
			}
		}
		identity := graph.NewIdentity(decisions)
		for pair, kind := range last {
			together := identity.Cluster(pair[0]) == identity.Cluster(pair[1])
			if kind == graph.Different {
				require.False(t, together)
			}
			if kind == graph.Same && len(identity.Conflicts()) == 0 {
				require.True(t, together)
			}
		}
		for _, name := range names {
			require.Contains(t, identity.Members(identity.Cluster(name)), name)
		}
	})
}
