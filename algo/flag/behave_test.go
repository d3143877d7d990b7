package flag_test

import (
	"cmp"
	"context"
	"encoding/json"
	goflag "flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/behaviour"
	"rummage/algo/flag"
	"rummage/algo/stat"
	"rummage/fixtures/simulate"
	"rummage/graph"
)

var update = goflag.Bool("update", false, "rewrite the golden files")

// behaved is a simulated world with who is planted.
type behaved struct {
	analysis     *flag.Analysis
	reader       graph.Reader
	candidates   []uint32
	ring, benign map[uint32]bool
}

// behave makes a world, and analyses it.
func behave(t *testing.T, options simulate.Options) *behaved {
	t.Helper()
	ctx, dir := context.Background(), t.TempDir()
	world, err := simulate.New(options)
	require.NoError(t, err)
	require.NoError(t, world.Write(ctx, dir))
	reader := ingested(t, filepath.Join(dir, simulate.DeclarationsFile), filepath.Join(dir, simulate.RegistryFile), filepath.Join(dir, simulate.InspectionsFile))
	b := &behaved{reader: reader, ring: map[uint32]bool{}, benign: map[uint32]bool{}}
	alone := flag.DefaultSettings() // beside exposure, behaviour is all that there is
	alone.Peers, alone.Exporters, alone.ExposedCloseness = 0, 0, 0
	b.analysis, err = flag.Analyse(ctx, reader, flag.Options{Settings: alone, Seed: 1, Untested: true})
	require.NoError(t, err)
	truth, lone := world.Truth(), map[uint32]bool{}
	mark := func(names []string, of map[uint32]bool) {
		for _, name := range names {
			if v, ok := b.analysis.View.Node(graph.NewID(graph.Party, "rummage", name)); ok {
				of[v] = true
			}
		}
	}
	for _, g := range truth.Rings {
		mark(g.Members(), b.ring)
	}
	for _, g := range truth.Benign {
		mark(g.Members(), b.benign)
	}
	for _, s := range truth.Schemes {
		mark(s.Parties(), map[bool]map[uint32]bool{false: b.ring, true: b.benign}[s.Benign])
	}
	mark(truth.LoneOffenders, lone)
	looked, trades := map[uint32]bool{}, map[uint32]bool{}
	c := &b.analysis.Trade.Consignments
	for i := range c.Len() {
		for _, v := range [2]uint32{c.Importer[i], c.Exporter[i]} {
			trades[v], looked[v] = true, looked[v] || c.Inspected[i]
		}
	}
	for v := range uint32(len(b.analysis.View.IDs)) {
		if trades[v] && !looked[v] && !lone[v] {
			b.candidates = append(b.candidates, v)
		}
	}
	return b
}

// line tells how well three scores rank those of whom nothing was inspected.
func (b *behaved) line(t *testing.T, name string) (ap [3]float64, text string) {
	t.Helper()
	a := b.analysis
	exposed := func(v uint32) float64 { return flag.Score(a.Exposure.Ratio[v], 0, 0) }
	var members [2][2]int
	for k, score := range []func(v uint32) float64{exposed, a.Score, func(v uint32) float64 { return a.Score(v) - exposed(v) }} {
		scores, truth := make([]float64, len(b.candidates)), make([]bool, len(b.candidates))
		for i, v := range b.candidates {
			scores[i], truth[i] = score(v), b.ring[v]
		}
		ranking, err := stat.NewRanking(scores, truth)
		require.NoError(t, err)
		ap[k] = ranking.AveragePrecision()
		order := slices.Clone(b.candidates)
		slices.SortStableFunc(order, func(x, y uint32) int { return cmp.Compare(score(y), score(x)) })
		for _, v := range order[:100] {
			if k < 2 && b.ring[v] {
				members[k][0]++
			}
			if k < 2 && b.benign[v] {
				members[k][1]++
			}
		}
	}
	w := a.Behaviour
	return ap, fmt.Sprintf("%-22s %5v %6.1f %7.3f %7.3f %8.3f %5d %5d %8d %8d %9.3f\n", name, w.Taken, w.Gain, w.Without, w.With, ap[0], members[0][0],
		members[0][1], members[1][0], members[1][1], ap[1]) + fmt.Sprintf("%-22s behaviour alone: AP %.3f of %d in %d\n", "", ap[2], len(b.ring), len(b.candidates))
}

// TestBehaviourIsTakenWhereItTells holds behaviour against worlds that show some and worlds that show none, of a seed that no setting was
// chosen on. Where there is none it is left out, and the leads are those of exposure alone.
func TestBehaviourIsTakenWhereItTells(t *testing.T) {
	if testing.Short() {
		t.Skip("whole worlds")
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%-22s %5s %6s %7s %7s %8s %5s %5s %8s %8s %9s\n", "world", "taken", "gain", "without", "with", "AP alone", "rings", "benign", "rings", "benign", "AP leads")
	for _, kind := range []string{"plain", "conduct", "schemes"} {
		options := simulate.DefaultOptions()
		options.Seed, options.Conduct = 43, kind == "conduct"
		if kind == "schemes" {
			options.Schemes = 5
		}
		b := behave(t, options)
		ap, line := b.line(t, "L2-43 "+kind)
		text.WriteString(line)
		assert.Equal(t, kind != "plain", b.analysis.Behaviour.Taken, kind)
		if kind == "plain" {
			assert.InDelta(t, ap[0], ap[1], 0, "left out, it changes nothing")
		} else {
			assert.Greater(t, ap[1], ap[0])
		}
		b.ledgers(t)
	}
	const path = "testdata/behaviour.golden"
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), text.String())
}

// behaves is what behaviour adds to a score.
func (b *behaved) behaves(v uint32) (sum float64) {
	if w := b.analysis.Behaviour; w != nil && w.Taken {
		for _, adds := range w.Weights.Adds(w.Measured, v) {
			sum += adds
		}
	}
	return sum
}

// ledgers checks that the named parts of the first leads sum to what they are ranked by.
func (b *behaved) ledgers(t *testing.T) {
	t.Helper()
	leads, _ := b.analysis.Leads()
	seen := map[string]bool{}
	for _, lead := range leads[:20] {
		x, err := b.analysis.ExplainLead(context.Background(), b.reader, lead.ID, flag.ExplainOptions{Paths: 1, Records: 1})
		require.NoError(t, err)
		sum, behaves := 0.0, 0.0
		for _, part := range x.Ledger {
			sum += float64(part.Adds)
			if slices.ContainsFunc(behaviour.Parts(), func(p behaviour.Part) bool { return p.String() == part.Part }) {
				behaves += float64(part.Adds)
				seen[part.Part] = true
			}
			assert.NotEmpty(t, part.Text)
		}
		assert.InDelta(t, float64(x.Score), sum, 1e-9)
		assert.InDelta(t, float64(lead.Score), sum, 1e-9)
		assert.InDelta(t, float64(lead.Behaviour), behaves, 1e-9)
	}
	assert.Equal(t, b.analysis.Behaviour.Taken, len(seen) > 0)
	for v := range b.ring {
		sum := b.behaves(v)
		assert.LessOrEqual(t, sum, behaviour.MostSum+1e-9)
		assert.GreaterOrEqual(t, sum, -1e-9)
	}
}

// Where little was found nothing is learned, and no record is read for it.
func TestFewHitsTeachNothing(t *testing.T) {
	report := run(t, newTown().ring(0, 1, 2).model(t), graph.Scope{})
	b := report.Result.Behaviour
	require.NotNil(t, b)
	assert.False(t, b.Taken)
	assert.Empty(t, b.Weights)
	assert.Positive(t, b.Hit)
	text, err := json.Marshal(report.Result)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"behaviour":{"taken":false`)
}
