package trial_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/bench/edges"
	"rummage/bench/trial"
)

func tiny(t *testing.T) *trial.Input {
	t.Helper()
	g, err := edges.Make(context.Background(), t.TempDir(), "tiny")
	require.NoError(t, err)
	in := &trial.Input{Files: g}
	require.NoError(t, in.Load(context.Background()))
	return in
}

func answer(t *testing.T, in *trial.Input, side trial.Side, threads int) []float64 {
	t.Helper()
	run, err := side(in)
	require.NoError(t, err)
	got, err := run(context.Background(), threads)
	require.NoError(t, err)
	return got()
}

// TestEveryTask has both sides in Go do every task on a small graph.
func TestEveryTask(t *testing.T) {
	in := tiny(t)
	for _, task := range trial.Tasks() {
		t.Run(task.Name, func(t *testing.T) {
			ours := answer(t, in, task.Ours, 2)
			require.NotEmpty(t, ours)
			assert.Equal(t, ours, answer(t, in, task.Ours, 1), "the same bits on one thread")
			if task.Gonum == nil {
				return
			}
			verdict, err := task.Check(context.Background(), in, ours, answer(t, in, task.Gonum, 1))
			require.NoError(t, err)
			assert.True(t, verdict.Holds, verdict.Says)
		})
	}
}

func TestTable(t *testing.T) {
	seen := map[string]bool{}
	for _, task := range trial.Tasks() {
		assert.False(t, seen[task.Name], task.Name)
		seen[task.Name] = true
		assert.NotEmpty(t, task.Title)
		assert.NotNil(t, task.Check)
		for peer := range task.Aim {
			assert.Contains(t, []string{trial.Igraph, trial.NetworKit, trial.Gonum}, peer)
		}
		assert.Equal(t, task.Aim[trial.Gonum] > 0 && task.Gonum == nil, false, "%s: an aim wants a function", task.Name)
		found, known := trial.Find(task.Name)
		assert.True(t, known)
		assert.Equal(t, task.Title, found.Title)
	}
	_, known := trial.Find("nothing")
	assert.False(t, known)
}

// TestPythonHasTheTasks reads the sides in Python, so that a task with an aim does not get lost there.
func TestPythonHasTheTasks(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "peers", "peers.py"))
	require.NoError(t, err)
	for side, pattern := range map[string]string{trial.Igraph: `(?s)class Igraph:.*?\nclass `, trial.NetworKit: `(?s)class NetworKit:.*?\ndef `} {
		class := regexp.MustCompile(pattern).Find(text)
		require.NotNil(t, class)
		for _, task := range trial.Tasks() {
			if task.Aim[side] > 0 {
				assert.Contains(t, string(class), "\n    def "+task.Name+"(self):\n", side)
			}
		}
	}
}

func TestTries(t *testing.T) {
	limited := trial.Task{Reach: 1000, Few: 10, Gonum: func(*trial.Input) (trial.Run, error) { return nil, nil }}
	assert.True(t, limited.Tries(10, 100))
	assert.False(t, limited.Tries(10, 101))
	assert.True(t, (&trial.Task{}).Tries(math.MaxInt32, math.MaxInt32))
	assert.NotNil(t, limited.Side(trial.Gonum, 10))
	assert.Nil(t, limited.Side(trial.Gonum, 11), "all pairs of more nodes do not fit into memory")
	assert.Nil(t, limited.Side(trial.Igraph, 1))
}

func TestChecks(t *testing.T) {
	in := tiny(t)
	n := in.Files.Nodes
	even := make([]float64, n)
	for i := range even {
		even[i] = 1 / float64(n)
	}
	with := func(answer []float64, at int, x float64) []float64 {
		changed := append([]float64{}, answer...)
		changed[at] = x
		return changed
	}
	leiden, known := trial.Find("leiden")
	require.True(t, known)
	groups := answer(t, in, leiden.Ours, 1)
	torn := append([]float64{}, groups...)
	for u := range torn {
		torn[u] = 0
	}
	// A node joined to a community in which it has no neighbour.
	alone := append([]float64{}, groups...)
	for u := range alone {
		near := map[float64]bool{groups[u]: true}
		for _, v := range in.Graph.Neighbours(uint32(u)) {
			near[groups[v]] = true
		}
		if far := 0.0; !near[far] {
			alone[u] = far
			break
		}
	}
	require.NotEqual(t, groups, alone)
	for name, c := range map[string]struct {
		check        trial.Check
		ours, theirs []float64
		holds        bool
		says         string
	}{
		"equal":                        {trial.Equal, []float64{1, 2}, []float64{1, 2}, true, "0 of 2"},
		"equal, one differs":           {trial.Equal, []float64{1, 2}, []float64{1, 3}, false, "1 of 2"},
		"equal, not a number":          {trial.Equal, []float64{1}, []float64{math.NaN()}, false, "1 of 1"},
		"equal, too few":               {trial.Equal, []float64{1, 2}, []float64{1}, false, "2 numbers against 1"},
		"parts, other numbers":         {trial.Parts, []float64{0, 0, 1}, []float64{7, 7, 3}, true, "2 parts"},
		"parts, another":               {trial.Parts, []float64{0, 0, 1}, []float64{7, 3, 3}, false, "1 of 3"},
		"parts, too few":               {trial.Parts, []float64{0}, nil, false, "1 numbers"},
		"exact, within rounding":       {trial.Exact, []float64{1e6, 1}, []float64{1e6, 1 + 1e-6}, true, ""},
		"exact, greatest differs":      {trial.Exact, []float64{1e6, 1}, []float64{1e6 + 1, 1}, false, "greatest 1000000 against 1000001"},
		"exact, halved":                {trial.Exact, []float64{4, 2}, []float64{2, 1}, false, ""},
		"exact, not a number":          {trial.Exact, []float64{4, 2}, []float64{math.NaN(), 2}, false, "NaN"},
		"exact, too many":              {trial.Exact, []float64{4}, []float64{4, 2}, false, "1 numbers"},
		"greatest, others differ":      {trial.Greatest, []float64{1e6, 1}, []float64{1e6, 9}, true, "greatest difference 8"},
		"greatest, it differs":         {trial.Greatest, []float64{1e6, 1}, []float64{1e6 + 2, 1}, false, ""},
		"greatest, not a number":       {trial.Greatest, []float64{4, 2}, []float64{4, math.NaN()}, false, "NaN"},
		"greatest, too many":           {trial.Greatest, []float64{4}, []float64{4, 2}, false, "1 numbers"},
		"walks":                        {trial.Walks, even, with(even, 3, even[3]+0.9e-8), true, "9e-09"},
		"walks, too far":               {trial.Walks, even, with(even, 3, even[3]+1.1e-8), false, "1.1e-08"},
		"walks, second one too far":    {trial.Walks, append(even, even...), append(even, with(even, 0, 0)...), false, ""},
		"walks, not a number":          {trial.Walks, even, with(even, 3, math.NaN()), false, "NaN"},
		"walks, too few":               {trial.Walks, even, nil, false, "against 0"},
		"sampled":                      {trial.Sampled, even, with(even, 5, even[5]+0.02), true, "0.02"},
		"sampled, too far":             {trial.Sampled, even, with(even, 5, even[5]+0.03), false, "0.03"},
		"sampled, not a number":        {trial.Sampled, even, with(even, 5, math.NaN()), false, "NaN"},
		"sampled, too few":             {trial.Sampled, even, nil, false, "against 0"},
		"division, itself":             {trial.Division, groups, groups, true, "0 communities in pieces"},
		"division, worse than peer":    {trial.Division, torn, groups, false, "0.0000 against"},
		"division, better than peer":   {trial.Division, groups, torn, true, "0.0000, 0 comm"},
		"division, with one in pieces": {trial.Division, alone, torn, false, "1 communities in pieces"},
		"division, too few":            {trial.Division, groups, nil, false, "against 0"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.check(context.Background(), in, c.ours, c.theirs)
			require.NoError(t, err)
			assert.Equal(t, c.holds, got.Holds, got.Says)
			assert.Contains(t, got.Says, c.says)
		})
	}
}

// TestSampledIsNearTheTruth holds the sampled task against the exact one.
func TestSampledIsNearTheTruth(t *testing.T) {
	in := tiny(t)
	sampled, known := trial.Find("sampled")
	require.True(t, known)
	exact, known := trial.Find("betweenness")
	require.True(t, known)
	truth := answer(t, in, exact.Ours, 1)
	pairs := float64((in.Files.Nodes - 1) * (in.Files.Nodes - 2) / 2)
	for u, x := range answer(t, in, sampled.Ours, 1) {
		assert.InDelta(t, truth[u]/pairs, x, in.Files.Epsilon)
	}
}

func TestSidesTellOfMissingFiles(t *testing.T) {
	in := &trial.Input{Files: &edges.Graph{Folder: t.TempDir()}}
	require.ErrorIs(t, in.Load(context.Background()), os.ErrNotExist)
	for _, task := range trial.Tasks() {
		if task.Gonum == nil {
			continue
		}
		_, err := task.Gonum(in)
		require.ErrorIs(t, err, os.ErrNotExist, task.Name)
	}
}
