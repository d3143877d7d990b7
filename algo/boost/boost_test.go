package boost_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/boost"
	"rummage/algo/stat"
)

// table is rows whose label only two columns together tell, and one that says nothing.
func table(seed uint64, rows int) (columns [][]float64, labels []bool) {
	random := rand.New(rand.NewPCG(seed, 0))
	columns = [][]float64{make([]float64, rows), make([]float64, rows), make([]float64, rows)}
	for i := range rows {
		for c := range columns {
			columns[c][i] = random.Float64()
		}
		chance := 0.05
		if (columns[0][i] > 0.5) != (columns[1][i] > 0.3) {
			chance = 0.9
		}
		labels = append(labels, random.Float64() < chance)
	}
	return columns, labels
}

func scores(m *boost.Model, columns [][]float64) []float64 {
	all := make([]float64, len(columns[0]))
	row := make([]float64, len(columns))
	for i := range all {
		for c := range row {
			row[c] = columns[c][i]
		}
		all[i] = m.Score(row)
	}
	return all
}

// TestFit learns from one table what another of the same law holds: a rule that no column tells alone, and its chances.
func TestFit(t *testing.T) {
	columns, labels := table(1, 3000)
	m, err := boost.Fit(columns, labels, nil, boost.Default())
	require.NoError(t, err)
	fresh, truth := table(2, 3000)
	got := scores(m, fresh)
	ranking, err := stat.NewRanking(got, truth)
	require.NoError(t, err)
	assert.Greater(t, ranking.AUC(), 0.90)
	sum := [2]float64{}
	count := [2]float64{}
	for i, s := range got {
		k := 0
		if (fresh[0][i] > 0.5) != (fresh[1][i] > 0.3) {
			k = 1
		}
		sum[k] += 1 / (1 + math.Exp(-s))
		count[k]++
	}
	assert.InDelta(t, 0.05, sum[0]/count[0], 0.03)
	assert.InDelta(t, 0.90, sum[1]/count[1], 0.03)
	again, err := boost.Fit(columns, labels, nil, boost.Default())
	require.NoError(t, err)
	assert.Equal(t, m, again)
}

// TestWeights counts a row of weight 2 as two rows.
func TestWeights(t *testing.T) {
	columns, labels := table(3, 300)
	weight := make([]float64, len(labels))
	twice := make([][]float64, len(columns))
	var doubled []bool
	for i := range labels {
		weight[i] = float64(1 + i%2)
		for range 1 + i%2 {
			for c := range columns {
				twice[c] = append(twice[c], columns[c][i])
			}
			doubled = append(doubled, labels[i])
		}
	}
	opts := boost.Default()
	opts.Bins, opts.Trees = 256, 5
	for c := range columns { // few values, so that both tables are cut alike
		for i := range columns[c] {
			columns[c][i] = math.Round(10 * columns[c][i])
		}
		for i := range twice[c] {
			twice[c][i] = math.Round(10 * twice[c][i])
		}
	}
	one, err := boost.Fit(columns, labels, weight, opts)
	require.NoError(t, err)
	other, err := boost.Fit(twice, doubled, nil, opts)
	require.NoError(t, err)
	assert.InDeltaSlice(t, scores(one, columns), scores(other, columns), 1e-9)
}

// TestOrderAlone: trees ask whether a value is above another, so whatever keeps the order keeps the answer.
func TestOrderAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns, labels := table(rapid.Uint64().Draw(t, "seed"), 200)
		bent := make([][]float64, len(columns))
		for c := range columns {
			for _, v := range columns[c] {
				bent[c] = append(bent[c], math.Exp(3*v)-7)
			}
		}
		opts := boost.Default()
		opts.Trees = 10
		straight, err := boost.Fit(columns, labels, nil, opts)
		require.NoError(t, err)
		other, err := boost.Fit(bent, labels, nil, opts)
		require.NoError(t, err)
		assert.InDeltaSlice(t, scores(straight, columns), scores(other, bent), 1e-9)
	})
}

func TestRefused(t *testing.T) {
	for name, fit := range map[string]func() (*boost.Model, error){
		"no rows":    func() (*boost.Model, error) { return boost.Fit([][]float64{{}}, nil, nil, boost.Default()) },
		"no columns": func() (*boost.Model, error) { return boost.Fit(nil, []bool{true}, nil, boost.Default()) },
		"short": func() (*boost.Model, error) {
			return boost.Fit([][]float64{{1}}, []bool{true, false}, nil, boost.Default())
		},
		"no number": func() (*boost.Model, error) {
			return boost.Fit([][]float64{{math.NaN()}}, []bool{true}, nil, boost.Default())
		},
		"weights": func() (*boost.Model, error) {
			return boost.Fit([][]float64{{1}}, []bool{true}, []float64{1, 2}, boost.Default())
		},
		"no bins": func() (*boost.Model, error) { return boost.Fit([][]float64{{1}}, []bool{true}, nil, boost.Options{}) },
	} {
		_, err := fit()
		assert.ErrorIs(t, err, boost.ErrRows, name)
	}
	m, err := boost.Fit([][]float64{{1, 1, 1}}, []bool{true, true, true}, nil, boost.Default())
	require.NoError(t, err)
	assert.False(t, math.IsNaN(m.Score([]float64{1})), "one kind alone is no error")
}
