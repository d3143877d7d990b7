package chart

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// parts counts the elements of a picture by name, and collects its text. It fails where the picture is no XML.
func parts(t *testing.T, svg string) (map[string]int, string) {
	t.Helper()
	count := map[string]int{}
	var text strings.Builder
	for decoder := xml.NewDecoder(strings.NewReader(svg)); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return count, text.String()
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			count[token.Name.Local]++
		case xml.CharData:
			text.Write(token)
		}
	}
}

func TestPlot(t *testing.T) {
	plot := Plot{Title: "a < b & c", X: "x", Y: "y", Note: "note", Groups: [][]Series{
		{{Name: "first", Points: [][2]float64{{1e5, 10}, {1e6, 20}, {1e8, 500}}}, {Dashed: true, Points: [][2]float64{{1e5, 20}}}},
		{{Name: "none"}},
	}}
	svg := plot.SVG()
	count, text := parts(t, svg)
	assert.Equal(t, 2, count["polyline"])
	assert.Equal(t, 4, count["circle"])
	for _, words := range []string{"a < b & c", "first", "none", "note"} {
		assert.Contains(t, text, words)
	}
	f := plot.frame()
	assert.Equal(t, [4]int{5, 8, 1, 3}, [4]int{f.x0, f.x1, f.y0, f.y1})
	assert.InDelta(t, left, f.x(1e5), 1e-9)
	assert.InDelta(t, right, f.x(1e8), 1e-9)
	assert.InDelta(t, (top+bottom)/2.0, f.y(100), 1e-9)
	assert.Contains(t, svg, `<polyline points="70.0,400.0 246.7,347.3 600.0,102.7"`)

	empty := Plot{}
	parts(t, empty.SVG())
}

func TestLinear(t *testing.T) {
	plot := Plot{Linear: true, Groups: [][]Series{{{Name: "a", Points: [][2]float64{{0, 0.48}, {0.6, 0.2}, {1, 0}}}}}}
	f := plot.frame()
	assert.InDelta(t, left, f.x(0), 1e-9)
	assert.InDelta(t, right, f.x(1), 1e-9)
	assert.InDelta(t, bottom, f.y(0), 1e-9)
	_, label := f.value(1, f.y1)
	assert.Equal(t, "0.5", label, "the least mark above all points")
	count, text := parts(t, plot.SVG())
	assert.Equal(t, 3, count["circle"])
	assert.Contains(t, text, "0.2")
	assert.NotContains(t, text, "NaN")
	assert.Equal(t, plot.SVG(), plot.SVG())
}

func TestSteps(t *testing.T) {
	for most, want := range map[float64]struct {
		marks int
		apart float64
	}{1: {10, 0.1}, 0.48: {10, 0.05}, 37: {8, 5}, 100: {10, 10}, 0: {1, 1}} {
		marks, apart := steps(most)
		assert.Equal(t, want.marks, marks, most)
		assert.InEpsilon(t, want.apart, apart, 1e-9, most)
	}
}
