package propagate_test

import (
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/algo/propagate"
	"rummage/algo/stat"
	"rummage/fixtures"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// contest is a world with what every method is given, and whom it is to find.
type contest struct {
	g *csr.Graph
	// hits are today's seeds; both adds parties inspected and clear, below 0, so that the two sides cancel.
	hits, both []float64
	candidates []uint32
	truth      []bool
	// homophily and scale are half of the largest usable ones, once they are known.
	homophily, scale float64
}

func readContest(t testing.TB, name string) *contest {
	w := readWorld(t, name)
	ties, err := csr.Build(t.Context(), w.edges, csr.Options{Nodes: len(w.names)})
	require.NoError(t, err)
	factors := map[uint8][2]float64{trade: {1, 1.25}, address: {6, 0.5}, forwarder: {1, 1}, port: {0.1, 1}}
	c := &contest{hits: make([]float64, ties.Order())}
	c.g, err = ties.Reweight(t.Context(), 0, func(a csr.Arc) float64 {
		return factors[a.Type][0] / math.Pow(float64(max(ties.Degree(a.From), ties.Degree(a.To))), factors[a.Type][1])
	})
	require.NoError(t, err)
	base := w.hits / w.all
	for u, h := range w.hit {
		c.hits[u] = 1
		if !w.exporter[u] {
			c.hits[u] = max((h+base)/(w.inspected[u]+1)-base, 0)
		}
	}
	var sum, cleared float64
	for _, x := range c.hits {
		sum += x
	}
	for u := range w.inspected {
		if w.hit[u] == 0 {
			cleared++
		}
	}
	c.both = append([]float64{}, c.hits...)
	for u := range w.inspected {
		if w.hit[u] == 0 {
			c.both[u] = -sum / cleared
		}
	}
	ring := map[string]bool{}
	planted := csrtest.Table(t, fixtures.Open, "worlds/"+name+"/truth.csv.gz")
	for i, party := range planted["party"] {
		ring[party] = planted["ring"][i] != ""
	}
	expected := csrtest.Table(t, fixtures.Open, "worlds/"+name+"/expected.csv.gz")
	for i, party := range expected["party"] {
		if expected["candidate"][i] == "1" {
			c.candidates, c.truth = append(c.candidates, w.number[party]), append(c.truth, ring[party])
		}
	}
	return c
}

// precision is the average precision of a ranking of the candidates.
func (c *contest) precision(t testing.TB, scores []float64) float64 {
	of := make([]float64, len(c.candidates))
	for i, u := range c.candidates {
		of[i] = scores[u]
	}
	ranking, err := stat.NewRanking(of, c.truth)
	require.NoError(t, err)
	return ranking.AveragePrecision()
}

// over divides what a method makes of the seeds by what it makes of everyone.
func over(t testing.TB, c *contest, method func(priors []float64) []float64) []float64 {
	ones := make([]float64, c.g.Order())
	for u := range ones {
		ones[u] = 1
	}
	return propagate.Ratio(method(c.hits), method(ones))
}

type ranker struct {
	name string
	rank func(t testing.TB, c *contest) []float64
}

func rankers() []ranker {
	birank := func(t testing.TB, c *contest) func(priors []float64) []float64 {
		return func(priors []float64) []float64 {
			r, err := propagate.BiRank(t.Context(), c.g, priors, propagate.BiRankOptions{})
			require.NoError(t, err)
			return r.Scores
		}
	}
	fabp := func(t testing.TB, c *contest, share float64) func(priors []float64) []float64 {
		return func(priors []float64) []float64 {
			r, err := propagate.FaBP(t.Context(), c.g, priors, propagate.FaBPOptions{Homophily: c.homophily * share * 2})
			require.NoError(t, err)
			if c.homophily == 0 {
				c.homophily = r.Scale
			}
			return r.Scores[0]
		}
	}
	// Two classes with a coupling that lets hits speak louder for hits than clearances for clearances, which FaBP cannot.
	linbp := func(t testing.TB, c *contest, both bool) []float64 {
		other := make([]float64, c.g.Order())
		for u, x := range c.both {
			if both {
				other[u] = max(-x, 0)
			}
		}
		r, err := propagate.LinBP(t.Context(), c.g, [][]float64{c.hits, other},
			propagate.LinBPOptions{Coupling: [][]float64{{1, -0.5}, {-0.5, 0.5}}, Scale: c.scale})
		require.NoError(t, err)
		c.scale = r.Scale
		return r.Scores[0]
	}
	sybil := func(t testing.TB, c *contest, priors []float64) []float64 {
		r, err := propagate.SybilSCAR(t.Context(), c.g, priors, propagate.SybilSCAROptions{})
		require.NoError(t, err)
		return r.Scores
	}
	return []ranker{
		{"exposure ratio, as today", func(t testing.TB, c *contest) []float64 {
			r, err := propagate.Exposure(t.Context(), c.g, [][]float64{c.hits}, nil, propagate.Options{})
			require.NoError(t, err)
			return r.Ratio[0]
		}},
		{"walk from hits", func(t testing.TB, c *contest) []float64 {
			r, err := propagate.Walk(t.Context(), c.g, [][]float64{c.hits}, propagate.Options{})
			require.NoError(t, err)
			return r.Scores[0]
		}},
		{"BiRank of hits", func(t testing.TB, c *contest) []float64 { return birank(t, c)(c.hits) }},
		{"BiRank of both", func(t testing.TB, c *contest) []float64 { return birank(t, c)(c.both) }},
		{"BiRank of hits over that of everyone", func(t testing.TB, c *contest) []float64 { return over(t, c, birank(t, c)) }},
		{"FaBP of hits, half of the largest h", func(t testing.TB, c *contest) []float64 { return fabp(t, c, 0.5)(c.hits) }},
		{"FaBP of both, half of the largest h", func(t testing.TB, c *contest) []float64 { return fabp(t, c, 0.5)(c.both) }},
		{"FaBP of hits over that of everyone, half", func(t testing.TB, c *contest) []float64 { return over(t, c, fabp(t, c, 0.5)) }},
		{"FaBP of hits, 0.95 of the largest h", func(t testing.TB, c *contest) []float64 { return fabp(t, c, 0.95)(c.hits) }},
		{"LinBP of hits, uneven coupling", func(t testing.TB, c *contest) []float64 { return linbp(t, c, false) }},
		{"LinBP of both, uneven coupling", func(t testing.TB, c *contest) []float64 { return linbp(t, c, true) }},
		{"SybilSCAR-D of hits", func(t testing.TB, c *contest) []float64 { return sybil(t, c, c.hits) }},
		{"SybilSCAR-D of both", func(t testing.TB, c *contest) []float64 { return sybil(t, c, c.both) }},
	}
}

// Which method ranks members of planted rings best, in average precision: figures that a decision rests on.
func TestMethodsBesideTheExposureRatio(t *testing.T) {
	worlds := []string{"L2-11", "B2-11", "B2-12", "B3-11"}
	if fixtures.UnderRace() {
		worlds = worlds[:1]
	}
	var contests []*contest
	text := &strings.Builder{}
	fmt.Fprintf(text, "%-42s", "average precision")
	for _, name := range worlds {
		contests = append(contests, readContest(t, name))
		fmt.Fprintf(text, "%8s", name)
	}
	fmt.Fprintln(text)
	for _, r := range rankers() {
		fmt.Fprintf(text, "%-42s", r.name)
		for _, c := range contests {
			fmt.Fprintf(text, "%8.3f", c.precision(t, r.rank(t, c)))
		}
		fmt.Fprintln(text)
	}
	const golden = "testdata/methods.golden"
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(text.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	lines := strings.SplitAfter(string(want), "\n")
	for i, line := range lines {
		if wide := 42 + 8*len(worlds); len(line) > wide+1 {
			lines[i] = line[:wide] + "\n"
		}
	}
	require.Equal(t, strings.Join(lines, ""), text.String())
}
