package evaluate_test

import (
	"context"
	"encoding/json"
	goflag "flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/evaluate"
	"rummage/algo/flag"
	"rummage/algo/view/viewtest"
	"rummage/fixtures"
	"rummage/graph"
)

const worldName = "B2-11"

var update = goflag.Bool("update", false, "rewrite the golden files")

// world is a trade world of fixtures with its truth.
func world(name string) (*viewtest.Scope, evaluate.Truth, error) {
	source, err := viewtest.World(fixtures.Open, name)
	if err != nil {
		return nil, evaluate.Truth{}, err
	}
	rows, err := viewtest.Table(fixtures.Open, "worlds/"+name+"/truth.csv.gz")
	if err != nil {
		return nil, evaluate.Truth{}, err
	}
	var truth evaluate.Truth
	put := func(groups *[][]graph.ID, number string, id graph.ID) {
		n, err := strconv.Atoi(number)
		if err != nil {
			return
		}
		for len(*groups) <= n {
			*groups = append(*groups, nil)
		}
		(*groups)[n] = append((*groups)[n], id)
	}
	for _, row := range rows {
		id := viewtest.PartyID(row["party"])
		put(&truth.Rings, row["ring"], id)
		put(&truth.Benign, row["benign_group"], id)
		if row["lone_offender"] == "1" {
			truth.Lone = append(truth.Lone, id)
		}
	}
	return source, truth, nil
}

func options() evaluate.Options {
	return evaluate.Options{Flag: flag.Options{Settings: flag.DefaultSettings(), Seed: 1}, Baselines: true}
}

// report is computed once for the tests that read it.
var report = sync.OnceValues(func() (*evaluate.Report, error) {
	source, truth, err := world(worldName)
	if err != nil {
		return nil, err
	}
	opts := options()
	opts.Shuffles = 4
	return evaluate.Run(context.Background(), source, truth, opts)
})

// TestRatiosOfTheWorld compares with values that two other programs computed.
func TestRatiosOfTheWorld(t *testing.T) {
	fixtures.Figures(t)
	r, err := report()
	require.NoError(t, err)
	rows, err := viewtest.Table(fixtures.Open, "worlds/"+worldName+"/expected.csv.gz")
	require.NoError(t, err)
	expected := map[graph.ID]map[string]string{}
	for _, row := range rows {
		expected[viewtest.PartyID(row["party"])] = row
	}
	require.Len(t, r.Parties, len(expected))
	for _, p := range r.Parties {
		want := expected[p.ID]
		require.NotNil(t, want, p.ID)
		v1, err := strconv.ParseFloat(want["rr_v1"], 64)
		require.NoError(t, err)
		v2, err := strconv.ParseFloat(want["rr_v2"], 64)
		require.NoError(t, err)
		require.InDelta(t, v1, p.V1, 1e-9*max(1, v1), p.ID)
		require.InDelta(t, v2, p.V2, 1e-9*max(1, v2), p.ID)
		require.Equal(t, want["degree"], strconv.Itoa(p.Degree), p.ID)
		require.Equal(t, want["candidate"] == "1", p.Candidate, p.ID)
	}
}

// TestMeasuresOfTheWorld compares with results.json of the same programs, which hold four digits.
func TestMeasuresOfTheWorld(t *testing.T) {
	fixtures.Figures(t)
	r, err := report()
	require.NoError(t, err)
	file, err := fixtures.Open("worlds/" + worldName + "/results.json")
	require.NoError(t, err)
	defer file.Close()
	text, err := io.ReadAll(file)
	require.NoError(t, err)
	var known struct {
		Consignments, Inspected, Hits, Candidates, Positives int
		Results                                              map[string]map[string]float64
	}
	require.NoError(t, json.Unmarshal(text, &known))
	assert.Equal(t, []int{known.Consignments, known.Inspected, known.Hits, known.Candidates, known.Positives},
		[]int{r.Consignments, r.Inspected, r.Hits, r.Candidates, r.Positives})
	near := func(method, measure string, got float64) {
		t.Helper()
		assert.InDelta(t, known.Results[method][measure], got, 5.1e-5, "%s %s", method, measure)
	}
	near("degree", "auc", r.Of(evaluate.Degree).AUC)
	assert.InDelta(t, known.Results["structure only"]["ap"], r.Of(evaluate.Structure).AP, 1e-3, "many parties tie but for rounding")
	near("plain PPR, equal weights", "ap", r.Of(evaluate.PageRank).AP)
	near("v1", "ap", r.Of(evaluate.FirstStudy).AP)
	assert.Greater(t, r.Of(evaluate.Leads).AP, known.Results["v2 walk"]["ap"], "corroborated hits rank better")
	assert.Zero(t, r.Service)
	assert.LessOrEqual(t, r.Of(evaluate.Leads).Benign, 0.05)
	assert.Greater(t, r.Of(evaluate.Leads).PAt, known.Results["v1"]["p_at_100"])
	assert.Greater(t, r.Of(evaluate.Leads).Held, known.Results["v1"]["rings_at_100"]-0.05)
	assert.InDelta(t, 0.5, r.Of(evaluate.Volume).AUC, 0.1, "volume gives nothing away")
	for _, g := range []evaluate.Grade{r.GradeA, r.GradeB} {
		assert.Positive(t, g.Flagged)
		assert.GreaterOrEqual(t, g.NetPrecision, 0.9)
		assert.LessOrEqual(t, g.RingsTouched, 40)
		assert.LessOrEqual(t, g.Net, g.Flagged)
	}
	for _, rate := range r.Shuffled {
		assert.LessOrEqual(t, rate, 0.5)
	}
}

// TestQuality keeps what the method reaches on the four worlds as text, so that a change of method shows in the diff, and holds the
// promises that do not depend on it: whom a flag of grade A may name, and who never stands among the first 100.
func TestQuality(t *testing.T) {
	fixtures.Figures(t)
	var text strings.Builder
	fmt.Fprintf(&text, "%-6s %6s %6s %6s %8s %7s %9s %9s %9s %9s %8s %6s %13s\n", "world", "AP", "P@100", "rings", "service", "benign",
		"A flagged", "A rings", "B flagged", "B rings", "PPR AP", "v1 AP", "structure AP")
	falseA, flaggedB, netB := 0, 0, 0
	for _, name := range []string{"L2-11", "B2-11", "B2-12", "B3-11"} {
		r, err := report()
		if name != worldName {
			source, truth, failed := world(name)
			require.NoError(t, failed)
			r, err = evaluate.Run(context.Background(), source, truth, options())
		}
		require.NoError(t, err)
		fmt.Fprintf(&text, "%-6s %6.3f %6.2f %6.3f %8.2f %7.2f %9d %9d %9d %9d %8.3f %6.3f %13.3f\n", name, r.Of(evaluate.Leads).AP, r.Of(evaluate.Leads).PAt, r.Of(evaluate.Leads).Held, r.Service, r.Of(evaluate.Leads).Benign,
			r.GradeA.Flagged, r.GradeA.RingsTouched, r.GradeB.Flagged, r.GradeB.RingsTouched, r.Of(evaluate.PageRank).AP, r.Of(evaluate.FirstStudy).AP, r.Of(evaluate.Structure).AP)
		falseA += r.GradeA.Flagged - r.GradeA.Net
		flaggedB, netB = flaggedB+r.GradeB.Flagged, netB+r.GradeB.Net
		assert.Zero(t, r.Service, "%s: service parties among the first 100", name)
		assert.Greater(t, r.Of(evaluate.Leads).AP, r.Of(evaluate.FirstStudy).AP, "%s: better than the first study", name)
		assert.Greater(t, r.Of(evaluate.Leads).AP, r.Of(evaluate.PageRank).AP, "%s: better than plain PageRank", name)
	}
	assert.LessOrEqual(t, falseA, 1, "flags of grade A without two members of one ring")
	assert.GreaterOrEqual(t, float64(netB), 0.92*float64(flaggedB), "net precision of grade B")
	const path = "testdata/quality.golden"
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), text.String())
}

func TestTruthOfAnotherWorld(t *testing.T) {
	source, _, err := world(worldName)
	require.NoError(t, err)
	_, err = evaluate.Run(context.Background(), source, evaluate.Truth{Rings: [][]graph.ID{{"party/mars/1"}}}, options())
	assert.ErrorIs(t, err, evaluate.ErrTruth)
}
