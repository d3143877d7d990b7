package page_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/bench/page"
)

func TestOf(t *testing.T) {
	for name, c := range map[string]struct {
		figures []float64
		want    page.Spread
	}{
		"one":        {[]float64{3}, page.Spread{Median: 3, Least: 3, Most: 3}},
		"odd":        {[]float64{9, 1, 2}, page.Spread{Median: 2, Least: 1, Most: 9}},
		"even":       {[]float64{4, 1, 2, 9}, page.Spread{Median: 3, Least: 1, Most: 9}},
		"with equal": {[]float64{2, 2, 2, 5, 1}, page.Spread{Median: 2, Least: 1, Most: 5}},
	} {
		t.Run(name, func(t *testing.T) {
			before := append([]float64{}, c.figures...)
			assert.Equal(t, c.want, page.Of(c.figures))
			assert.Equal(t, before, c.figures, "figures stay in the order of their rounds")
		})
	}
}

func TestRatios(t *testing.T) {
	got, ok := page.Ratios([]float64{10, 30, 8}, []float64{2, 3, 4})
	assert.True(t, ok)
	assert.Equal(t, page.Spread{Median: 5, Least: 2, Most: 10}, got, "each round on its own, not median by median")

	got, ok = page.Ratios([]float64{10}, []float64{2, 1000})
	assert.True(t, ok)
	assert.Equal(t, page.Spread{Median: 5, Least: 5, Most: 5}, got, "rounds that one side lacks do not count")

	_, ok = page.Ratios(nil, []float64{1})
	assert.False(t, ok)
}

func TestFigure(t *testing.T) {
	for want, x := range map[string]float64{
		"0": 0, "0.00123": 0.0012345, "0.0000001": 1e-7, "1.23": 1.2345, "12.3": 12.345, "123": 123.45, "12300": 12345, "999": 999.4,
		"-4.50": -4.5, "NaN": math.NaN(),
	} {
		assert.Equal(t, want, page.Figure(x))
	}
}

func TestSpreadString(t *testing.T) {
	assert.Equal(t, "4.00", page.Spread{Median: 4, Least: 4, Most: 4}.String())
	assert.Equal(t, "4.00 (3.50–12.0)", page.Spread{Median: 4, Least: 3.5, Most: 12}.String())
}

func TestTable(t *testing.T) {
	assert.Equal(t, "| a | b |\n|---|---|\n| 1 | x\\|y |\n", page.Table([][]string{{"a", "b"}, {"1", "x|y"}}))
}

func TestPut(t *testing.T) {
	for name, c := range map[string]struct{ before, after string }{
		"between marks": {
			"top\n<!-- speed begin -->\nold\nold\n<!-- speed end -->\nfoot\n",
			"top\n<!-- speed begin -->\nnew\n<!-- speed end -->\nfoot\n",
		},
		"without marks": {
			"top\n",
			"top\n\n## Speed\n\n<!-- speed begin -->\nnew\n<!-- speed end -->\n",
		},
		"beside marks of others": {
			"<!-- size begin -->\nold\n<!-- size end -->\n",
			"<!-- size begin -->\nold\n<!-- size end -->\n\n## Speed\n\n<!-- speed begin -->\nnew\n<!-- speed end -->\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "doc.md")
			require.NoError(t, os.WriteFile(file, []byte(c.before), 0o600))
			for range 2 {
				require.NoError(t, page.Put(file, page.Part{Name: "speed", Heading: "Speed", Text: "\nnew\n\n"}))
				got, err := os.ReadFile(file)
				require.NoError(t, err)
				assert.Equal(t, c.after, string(got), "also when put twice")
			}
		})
	}
}

func TestPutRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"no end":     "<!-- speed begin -->\nold\n",
		"no begin":   "old\n<!-- speed end -->\n",
		"end before": "<!-- speed end -->\n<!-- speed begin -->\n",
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "doc.md")
			require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
			require.ErrorIs(t, page.Put(file, page.Part{Name: "speed", Text: "new"}), page.ErrMarks)
			got, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Equal(t, text, string(got))
		})
	}
	require.ErrorIs(t, page.Put(filepath.Join(t.TempDir(), "none.md"), page.Part{Name: "speed"}), os.ErrNotExist)
}
