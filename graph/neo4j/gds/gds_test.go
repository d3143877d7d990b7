package gds_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rummage/algo/centrality"
	"rummage/algo/community"
	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/algo/propagate"
	"rummage/algo/structure"
	"rummage/graph"
	store "rummage/graph/neo4j"
	"rummage/graph/neo4j/gds"
	"rummage/graph/neo4j/neo4jtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(neo4jtest.Main(m)) }

// open opens the library of a server for the length of a test.
func open(t *testing.T, s *neo4jtest.Server, o gds.Options) *gds.Library {
	t.Helper()
	o.User, o.Password, o.Tool = s.User, s.Password, "test"
	library, err := gds.Open(t.Context(), s.Address, o)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, library.Close()) })
	return library
}

// question asks the server for a number.
type question struct {
	text string //cypher:text
}

var (
	projections = question{"CALL gds.graph.list() YIELD graphName RETURN count(*)"}
	nodes       = question{"MATCH (n) RETURN count(n)"}
)

func count(t *testing.T, s *neo4jtest.Server, q question) int64 {
	t.Helper()
	found, err := neo4j.ExecuteQuery(t.Context(), s.Driver(t), q.text, nil, neo4j.EagerResultTransformer, neo4j.ExecuteQueryWithDatabase(s.Database))
	require.NoError(t, err)
	n, _ := found.Records[0].Values[0].(int64)
	return n
}

// town is a weighted graph of circles, an island and nodes without any edge.
func town(t *testing.T) (*csr.Graph, gds.Graph) {
	t.Helper()
	const circles, island, idle = 300, 4, 7
	c := csrtest.Planted(circles, 15, 4, 1, 7)
	for i := range uint32(island) {
		c.From, c.To, c.Weight = append(c.From, circles+i), append(c.To, circles+(i+1)%island), append(c.Weight, 1.5)
	}
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: circles + island + idle})
	require.NoError(t, err)
	c = g.Columns()
	return g, gds.Graph{Nodes: g.Order(), From: c.From, To: c.To, Weight: c.Weight}
}

// One server with the library serves all that follows, since it takes long to load.
func TestTheLibrary(t *testing.T) {
	s := neo4jtest.Own(t, neo4jtest.Options{GDS: true})
	library := open(t, s, gds.Options{Threads: 9})
	assert.Regexp(t, `^2\.`, library.Version())
	assert.Regexp(t, `^Neo4j/5\.`, library.Server())
	assert.Equal(t, gds.MostThreads, library.Threads())
	assert.Equal(t, 1, open(t, s, gds.Options{}).Threads())
	t.Run("agrees with the kernels", func(t *testing.T) { agrees(t, library) })
	t.Run("takes a graph without weights", func(t *testing.T) {
		p, err := library.Project(t.Context(), gds.Graph{Nodes: 4, From: []uint32{0, 1}, To: []uint32{1, 2}})
		require.NoError(t, err)
		defer func() { assert.NoError(t, p.Drop(t.Context())) }()
		between, err := p.Betweenness(t.Context())
		require.NoError(t, err)
		assert.Equal(t, []float64{0, 1, 0, 0}, between.Of, "unordered pairs")
		parts, err := p.Components(t.Context())
		require.NoError(t, err)
		assert.Equal(t, []uint32{0, 0, 0, 1}, parts.Of)
		assert.Equal(t, 2, parts.Parts)
	})
	t.Run("refuses what is no graph", func(t *testing.T) {
		for what, g := range map[string]gds.Graph{
			"columns differ":         {Nodes: 3, From: []uint32{0}, To: []uint32{1, 2}},
			"columns differ in":      {Nodes: 3, From: []uint32{0}, To: []uint32{1}, Weight: []float64{}},
			"edge 1 joins 1 and 3":   {Nodes: 3, From: []uint32{0, 1}, To: []uint32{1, 3}},
			"there are 3 nodes":      {Nodes: 3, From: []uint32{7}, To: []uint32{1}},
			"gds: edge 0 joins 0 an": {From: []uint32{0}, To: []uint32{1}},
		} {
			_, err := library.Project(t.Context(), g)
			assert.ErrorContains(t, err, what)
		}
	})
	t.Run("leaves nothing when called off or too slow", func(t *testing.T) {
		_, g := town(t)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		defer cancel()
		_, err := library.Project(ctx, g)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.NotContains(t, err.Error(), "take a smaller graph")
		p, err := library.Project(t.Context(), g)
		require.NoError(t, err)
		_, err = open(t, s, gds.Options{Limit: time.Second}).Project(t.Context(), gds.Graph{Nodes: 300_000})
		assert.ErrorContains(t, err, "take a smaller graph")
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = p.PageRank(gone, 0.85, 1e-9)
		assert.ErrorIs(t, err, context.Canceled)
		assert.NoError(t, p.Drop(gone), "it is dropped all the same")
		_, err = p.Components(t.Context())
		assert.ErrorContains(t, err, "does not exist")
	})
	t.Run("is what rummage selftest compares with", func(t *testing.T) { compares(t, s) })
	assert.Zero(t, count(t, s, projections), "every projection was dropped")
	assert.Zero(t, count(t, s, nodes), "nothing was written")
}

func agrees(t *testing.T, library *gds.Library) {
	g, sent := town(t)
	p, err := library.Project(t.Context(), sent)
	require.NoError(t, err)
	defer func() { assert.NoError(t, p.Drop(t.Context())) }()

	rank, err := p.PageRank(t.Context(), 0.85, 1e-11)
	require.NoError(t, err)
	ours, err := centrality.PageRank(t.Context(), g, propagate.Options{Damping: 0.85, Dangling: propagate.DanglingLose})
	require.NoError(t, err)
	for u, score := range ours.Scores {
		assert.InDelta(t, score*float64(g.Order()), rank.Of[u], 1e-9)
	}
	assert.Positive(t, rank.Took)
	_, err = p.PageRank(t.Context(), 0.85, -1)
	assert.Error(t, err)

	parts, err := p.Components(t.Context())
	require.NoError(t, err)
	weak, err := structure.Weak(t.Context(), g, structure.Options{})
	require.NoError(t, err)
	assert.Equal(t, weak.Of, parts.Of)
	assert.Len(t, weak.First, parts.Parts)

	between, err := p.Betweenness(t.Context())
	require.NoError(t, err)
	counted, err := centrality.Betweenness(t.Context(), g.Unweighted(), centrality.Options{})
	require.NoError(t, err)
	for u, want := range counted.Nodes {
		assert.InDelta(t, want, between.Of[u], 1e-9*max(1, want))
	}

	theirs, err := p.Leiden(t.Context(), 3)
	require.NoError(t, err)
	quality, err := community.Quality(g, theirs.Of, community.Options{})
	require.NoError(t, err)
	assert.InDelta(t, theirs.Modularity, quality, 1e-9, "one division, one modularity")
	division, err := community.Leiden(t.Context(), g, community.Options{Seed: 3})
	require.NoError(t, err)
	assert.InDelta(t, quality, division.Quality, 0.02)
	again, err := p.Leiden(t.Context(), 3)
	require.NoError(t, err, "what was computed can be computed again")
	assert.Equal(t, theirs.Of, again.Of)
	for name, divide := range map[string]func(context.Context) (gds.Division, error){"Leiden": p.LeidenUnseeded, "Louvain": p.Louvain} {
		free, err := divide(t.Context())
		require.NoError(t, err, name)
		own, err := community.Quality(g, free.Of, community.Options{})
		require.NoError(t, err)
		assert.InDelta(t, free.Modularity, own, 1e-9, name)
		assert.InDelta(t, quality, own, 0.05, name)
	}
	sampled, err := p.SampledBetweenness(t.Context(), g.Order(), 5)
	require.NoError(t, err)
	for u, want := range between.Of {
		assert.InDelta(t, want, sampled.Of[u], 1e-9*max(1, want), "all nodes are sources")
	}
	assert.Equal(t, g.Size(), p.Edges())
	assert.Positive(t, p.Took())
	labels, found := community.Canonical(theirs.Of)
	assert.Equal(t, labels, theirs.Of)
	assert.Equal(t, found, theirs.Parts)
}

// build builds the program.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "rummage.exe")
	said, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "rummage/cmd/rummage").CombinedOutput()
	require.NoError(t, err, string(said))
	return program
}

// rummage runs its check of itself against a server.
func rummage(t *testing.T, program string, s *neo4jtest.Server, words ...string) (said string, code int) {
	t.Helper()
	run := exec.CommandContext(t.Context(), program, append([]string{"selftest", "--gds", "--store", s.Address, "--threads", "2"}, words...)...)
	run.Env = append(run.Environ(), "RUMMAGE_NEO4J_PASSWORD="+s.Password, "RUMMAGE_NEO4J_USER="+s.User)
	var out bytes.Buffer
	run.Stdout, run.Stderr = &out, &out
	var ended *exec.ExitError
	if err := run.Run(); !errors.As(err, &ended) {
		require.NoError(t, err, out.String())
	}
	return out.String(), run.ProcessState.ExitCode()
}

func compares(t *testing.T, s *neo4jtest.Server) {
	program := build(t)
	said, code := rummage(t, program, s, "--json", "--nodes", "7200", "--edges", "7100", "--seed", "5")
	assert.Zero(t, code, said)
	var answer struct {
		OK  bool `json:"ok"`
		GDS struct {
			OK          bool   `json:"ok"`
			Address     string `json:"address"`
			Threads     int    `json:"threads"`
			Comparisons []struct {
				Graph, Measure string
				Nodes, Edges   int
				Agrees         bool
				GDS            float64
				Rummage        float64
				Millis         *float64 `json:"rummage_ms"`
			} `json:"comparisons"`
		} `json:"gds"`
	}
	require.NoError(t, json.Unmarshal([]byte(said), &answer), said)
	assert.True(t, answer.OK)
	assert.True(t, answer.GDS.OK)
	assert.Equal(t, s.Address, answer.GDS.Address)
	assert.Equal(t, 2, answer.GDS.Threads)
	measures := map[string]int{}
	for _, c := range answer.GDS.Comparisons {
		measures[c.Measure]++
		assert.True(t, c.Agrees, "%s: %s: %v, %v", c.Graph, c.Measure, c.GDS, c.Rummage)
		assert.Equal(t, c.Measure == "modularity of one division", c.Millis == nil)
	}
	assert.Equal(t, map[string]int{"PageRank, of the mean": 4, "components": 4, "modularity of one division": 4, "modularity that Leiden reaches": 4, "betweenness": 4}, measures)
	last := answer.GDS.Comparisons[len(answer.GDS.Comparisons)-1]
	assert.Equal(t, "part of it", last.Graph)
	assert.Equal(t, 3600, last.Nodes)
	said, code = rummage(t, program, s, "--nodes", "3")
	assert.Equal(t, 2, code)
	assert.Contains(t, said, "size out of range")
}

func TestAServerWithoutTheLibrary(t *testing.T) {
	s := neo4jtest.Shared(t)
	_, err := gds.Open(t.Context(), s.Address, gds.Options{User: s.User, Password: s.Password})
	require.ErrorIs(t, err, gds.ErrAbsent)
	said, code := rummage(t, build(t), s)
	assert.Equal(t, 5, code)
	assert.Contains(t, said, "no Graph Data Science on this server")
	assert.Contains(t, said, "next: put the Graph Data Science plug-in on the server")

	_, err = gds.Open(t.Context(), s.Address, gds.Options{User: s.User, Password: "wrong"})
	require.ErrorIs(t, err, graph.ErrUnreachable)
	assert.ErrorContains(t, err, "does not take this user and password")
	_, err = gds.Open(t.Context(), s.Address, gds.Options{User: s.User, Password: s.Password, Database: "other"})
	require.ErrorIs(t, err, graph.ErrUnreachable)
	assert.NotErrorIs(t, err, gds.ErrAbsent)
	assert.ErrorContains(t, err, `no database "other"`)
}

func TestNoServer(t *testing.T) {
	for address, want := range map[string]struct {
		is   error
		says string
	}{
		"bolt://127.0.0.1:1": {graph.ErrUnreachable, "nothing listens there"},
		"bolt://a:b@host":    {store.ErrAddress, "holds a user or password"},
		"http://127.0.0.1:1": {store.ErrAddress, "want one that begins with"},
	} {
		_, err := gds.Open(t.Context(), address, gds.Options{Patience: 5 * time.Second})
		require.ErrorIs(t, err, want.is, address)
		assert.ErrorContains(t, err, want.says)
	}
}
