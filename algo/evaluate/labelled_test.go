package evaluate_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/evaluate"
	"rummage/algo/view/viewtest"
	"rummage/fixtures"
)

// payments reads a graph of fixtures/amlsim.
func payments(t *testing.T, name string) *evaluate.Labelled {
	t.Helper()
	g := &evaluate.Labelled{}
	nodes, err := viewtest.Table(fixtures.Open, "amlsim/"+name+"/nodes.csv.gz")
	require.NoError(t, err)
	at := map[string]uint32{}
	for i, row := range nodes {
		at[row["nodeid"]] = uint32(i)
		g.Truth = append(g.Truth, row["isFraud"] == "1")
	}
	g.Nodes = len(nodes)
	arcs, err := viewtest.Table(fixtures.Open, "amlsim/"+name+"/transactions.csv.gz")
	require.NoError(t, err)
	for _, row := range arcs {
		time, err := strconv.ParseFloat(row["time"], 64)
		require.NoError(t, err)
		g.Arcs = append(g.Arcs, evaluate.Arc{From: at[row["sourceNodeId"]], To: at[row["targetNodeId"]], Time: time})
	}
	return g
}

func TestPayments(t *testing.T) {
	for _, name := range []string{"20K_fanin200", "20K_cycle200"} {
		opts := evaluate.DefaultLabels()
		opts.Splits = 2
		splits, err := evaluate.TryLabels(context.Background(), payments(t, name), opts, nil)
		require.NoError(t, err)
		for m, method := range evaluate.LabelMethods() {
			var auc, ap []float64
			for _, s := range splits {
				auc, ap = append(auc, s.AUC[m]), append(ap, s.AP[m])
			}
			t.Logf("%s %-20s AUC %.4f AP %.4f", name, method, evaluate.NewSpread(auc).Mean, evaluate.NewSpread(ap).Mean)
		}
		assert.NotEmpty(t, splits)
	}
}
