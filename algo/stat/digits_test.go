package stat_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/stat"
)

func TestDigits(t *testing.T) {
	for in, want := range map[float64][2]string{
		-math.MaxFloat64: {"-1.79769313486e+308", "-1.79769313486e+308"},
		1. / 3:           {"0.333333333333", "0.333333333333"},
		2:                {"2", "2"},
		1e-5:             {"1e-05", "0.00001"},
		1e-30 / 3:        {"3.33333333333e-31", "3.33333333333e-31"},
		1e12:             {"1e+12", "1000000000000"},
		math.Inf(1):      {"+Inf", "null"},
	} {
		text, err := stat.JSON(in)
		require.NoError(t, err)
		assert.Equal(t, want, [2]string{stat.Digits(in), string(text)})
	}
	text, err := stat.JSON(math.NaN())
	require.NoError(t, err)
	assert.Equal(t, "null", string(text))
}
