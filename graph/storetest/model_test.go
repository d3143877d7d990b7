package storetest

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/graph"
)

var update = flag.Bool("update", false, "write golden files")

// The model is the oracle of every store, so what it answers is written down
// where a person can read it against the contract.
func TestTheModelReadsAsTheContractSays(t *testing.T) {
	amended := chain()
	model := NewModel()
	for _, batch := range []*Batch{
		everything(),
		NewBatch("first state", 2, amended[0], Named("imp", "Importers United"), Found("1", graph.Hit, 9)),
		NewBatch("second state", 3, amended[1], Named("imp", "Importers United")),
		NewBatch("taken out", 4, amended[2]),
	} {
		require.True(t, model.Put(batch))
	}
	model.End(model.Sources()[2].ID, graph.Withdrawn, 10, "wrong file")
	model.Decide(graph.Decision{Subject: Trader("imp"), Other: Trader("chan"), Kind: graph.Same, Author: "li", Reason: "one passport", Time: Noon(21)})
	got := ""
	for _, scope := range []graph.Scope{{}, {KnownOn: Noon(9)}, {Until: Day(5), KnownOn: Noon(22)}} {
		text, err := Dump(context.Background(), model.Within(scope))
		require.NoError(t, err)
		got += text + "\n"
	}
	golden := filepath.Join("testdata", "model.golden")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

// What few random histories leave out must not be a kind of step: a slow store is tried with these alone.
func TestFewHistoriesHoldEveryKindOfStep(t *testing.T) {
	steps := map[string]int{}
	for seed := range fewRounds {
		for _, kind := range NewHistory(seed).drawn.kinds {
			steps[kind]++
		}
	}
	for _, kind := range []string{"import", "reread", "decide", string(graph.Withdrawn), string(graph.Purged)} {
		require.GreaterOrEqual(t, steps[kind], 1, kind)
	}
}
