package marking_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/casefile/marking"
)

func parse(t require.TestingT, text string) marking.Code {
	c, err := marking.Parse(text)
	require.NoError(t, err)
	return c
}

func TestCodesFromOpenToClosed(t *testing.T) {
	for _, scheme := range [][]string{
		{"", "TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"},
		{"", "H0", "H1", "H2", "H3"}, {"", "5x5x5:1", "5x5x5:2"}, {"", "5x5x5:3", "5x5x5:4", "5x5x5:5"},
	} {
		for i, text := range scheme {
			c := parse(t, text)
			assert.Equal(t, text, c.String())
			for _, lower := range scheme[:i] {
				assert.True(t, c.Above(parse(t, lower)), "%s above %q", text, lower)
				assert.False(t, parse(t, lower).Above(c))
			}
			assert.False(t, c.Above(c))
		}
	}
	assert.Equal(t, "TLP:AMBER+STRICT", parse(t, " tlp:amber+strict ").String())
	assert.True(t, parse(t, "TLP:RED").Above(parse(t, "H0")), "across schemes")
	for _, text := range []string{"TLP", "TLP:WHITE", "TLP: RED", "secret", "H4", "5x5x5", "5x5x5:6"} {
		_, err := marking.Parse(text)
		require.ErrorIs(t, err, marking.ErrCode, text)
	}
}

func TestTheStrictestWins(t *testing.T) {
	codes := []string{"", "TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED", "H0", "H1", "H2", "H3", "5x5x5:1", "5x5x5:5"}
	rapid.Check(t, func(t *rapid.T) {
		var all []marking.Code
		for _, text := range rapid.SliceOf(rapid.SampledFrom(codes)).Draw(t, "codes") {
			all = append(all, parse(t, text))
		}
		most := marking.Strictest(all...)
		for _, c := range all {
			require.False(t, c.Above(most))
		}
		shuffled := rapid.Permutation(all).Draw(t, "order")
		require.Equal(t, most, marking.Strictest(shuffled...), "whatever the order")
	})
	assert.Equal(t, marking.Code{}, marking.Strictest())
}
