package flag

import (
	"context"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func number(t testing.TB, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	require.NoError(t, err)
	return v
}

func TestStructureOfTheWorlds(t *testing.T) {
	for _, name := range worldNames {
		t.Run(name, func(t *testing.T) {
			w := sharedWorld(name)
			got, err := Structure(context.Background(), &w.trade, DefaultStructure())
			require.NoError(t, err)
			rows := readRows(t, "worlds/"+name+"/expected.csv.gz")
			require.NotEmpty(t, rows)
			for _, r := range rows { // party,candidate,degree,rr_v1,rr_v2,loops_L,shared_S,score
				v := w.node(r[0])
				require.InDelta(t, number(t, r[5]), got.Loops[v], 1e-9, "loops of %s", r[0])
				require.InDelta(t, number(t, r[6]), got.Shared[v], 1e-9, "shared of %s", r[0])
				require.InDelta(t, number(t, r[7]), got.Score(v, number(t, r[4]), 1), 1e-9, "score of %s", r[0])
				assert.Less(t, got.Score(v, 1, 0), got.Score(v, 2, 0))
			}
		})
	}
}
