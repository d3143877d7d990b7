package flag_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/flag"
	"rummage/algo/view"
	"rummage/fixtures/simulate"
	"rummage/graph"
)

// analysed is a small simulated world, analysed with nothing but exposure and behaviour in the score, and settings changed.
func analysed(t *testing.T, reader graph.Reader, threads int, set ...string) *flag.Analysis {
	t.Helper()
	s := flag.DefaultSettings()
	for _, one := range append([]string{"peers=0", "exporters=0", "exposed_closeness=0"}, set...) {
		require.NoError(t, s.Set(one))
	}
	a, err := flag.Analyse(context.Background(), reader, flag.Options{Settings: s, Seed: 1, Untested: true, Threads: threads})
	require.NoError(t, err)
	return a
}

func smallWorld(t *testing.T) graph.Reader {
	t.Helper()
	options := simulate.DefaultOptions()
	options.Seed, options.Scale = 5, 0.15
	world, err := simulate.New(options)
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, world.Write(context.Background(), dir))
	return ingested(t, dir+"/"+simulate.DeclarationsFile, dir+"/"+simulate.RegistryFile, dir+"/"+simulate.InspectionsFile)
}

// Every part that a setting adds stands in the ledger, and they sum to the score; on one thread as on many.
func TestSettingsOfTheScore(t *testing.T) {
	reader := smallWorld(t)
	set := []string{
		"exporters=0.5", "exposed_closeness=0.2", "peers=0.5", "observed=0.3", "seed_decay=365", "kappa=0.1", "kappa_by_data=true",
		"learn_weights=true", "behaviour=false",
	}
	a, same := analysed(t, reader, 1, set...), analysed(t, reader, 4, set...)
	leads, _ := a.Leads()
	again, _ := same.Leads()
	require.Equal(t, leads, again)
	seen := map[string]bool{}
	for _, lead := range leads[:40] {
		x, err := a.ExplainLead(context.Background(), reader, lead.ID, flag.ExplainOptions{Paths: 1, Records: 1})
		require.NoError(t, err)
		sum := 0.0
		for _, part := range x.Ledger {
			sum += float64(part.Adds)
			seen[part.Part] = true
		}
		require.InDelta(t, float64(lead.Score), sum, 1e-9)
		require.NotNil(t, x.Drawn)
		require.LessOrEqual(t, x.Drawn.Rank[0], x.Drawn.Rank[1])
	}
	for _, part := range []string{flag.PartExposure, flag.PartExposedCloseness, flag.PartPeers, flag.PartObserved, flag.PartCloseness} {
		assert.True(t, seen[part], part)
	}
	k := a.Kappa
	assert.GreaterOrEqual(t, float64(k.AP), float64(k.Settled))
	assert.Equal(t, k.Taken, float64(k.Value) != 0.1)
	if k.Taken {
		assert.GreaterOrEqual(t, float64(k.AP), 1.1*float64(k.Settled))
	}
	l := a.Learned
	require.NotNil(t, l)
	assert.Positive(t, l.Hit)
	for kind, factor := range l.Factors {
		assert.Contains(t, []float64{0.2, 0.5, 1, 2, 5}, math.Round(1e9*float64(factor))/1e9, kind)
		assert.True(t, l.Taken || float64(factor) == 1, kind)
	}
	assert.LessOrEqual(t, float64(l.Settled), float64(l.AP))
}

// Weights of ties are tried from where a walk of leads on that day begins, under the same settings.
func TestThePastBeginsAsLeadsDo(t *testing.T) {
	reader := smallWorld(t)
	a := analysed(t, reader, 2, "exporters=0.7", "seed_decay=200", "behaviour=false", "corroborate=false")
	past, seeds, err := flag.PastSeeds(context.Background(), a, reader)
	require.NoError(t, err)
	then, err := flag.Analyse(context.Background(), past, flag.Options{Settings: a.Settings, Seed: 1, Untested: true, Threads: 2})
	require.NoError(t, err)
	walked := 0
	for v, seed := range then.Exposure.Seeds {
		if seed > 0 {
			require.InDelta(t, seed, seeds[then.View.IDs[v]], 1e-12)
			walked++
		}
	}
	require.Greater(t, walked, 10)
	require.LessOrEqual(t, walked, len(seeds))
}

// An exporter that was found out once in many inspections starts the walk with less, and nobody with more; importers start as before.
func TestExportersAreShrunk(t *testing.T) {
	reader := smallWorld(t)
	plain, a := analysed(t, reader, 2, "behaviour=false"), analysed(t, reader, 2, "behaviour=false", "exporters=1")
	imports := plain.Trade.Imports()
	less := 0
	for v, seed := range plain.Exposure.Seeds {
		if len(imports.Of(uint32(v))) > 0 {
			require.InDelta(t, seed, a.Exposure.Seeds[v], 0)
			continue
		}
		require.LessOrEqual(t, a.Exposure.Seeds[v], seed)
		if seed > 0 {
			require.Positive(t, a.Exposure.Seeds[v])
			less++
		}
	}
	require.Positive(t, less)
}

// What an office looks at cannot be had for closeness alone: a party that no hit reaches scores what nothing scores, however closed its circle.
func TestExposedClosenessNeedsExposure(t *testing.T) {
	reader := smallWorld(t)
	a, plain := analysed(t, reader, 2, "exposed_closeness=0.4", "behaviour=false"), analysed(t, reader, 2, "behaviour=false")
	lifted, apart := 0, 0
	for v, ratio := range a.Exposure.Ratio {
		was, is := plain.Score(uint32(v)), a.Score(uint32(v))
		if ratio == 0 {
			apart++
			require.InDelta(t, math.Log(0.3), is, 1e-12)
			continue
		}
		require.GreaterOrEqual(t, is, was)
		require.LessOrEqual(t, is-was, 0.4*a.Closeness.Of(uint32(v))+1e-9)
		if is > was+0.01 {
			lifted++
		}
	}
	require.Greater(t, lifted, 10)
	require.Positive(t, apart)
}

// Among parties with as many ties the order stays; and where peers count in full, the upper ends of busy and of other parties are about alike.
func TestPeersKeepTheOrderOfEquals(t *testing.T) {
	reader := smallWorld(t)
	plain, a := analysed(t, reader, 2, "behaviour=false"), analysed(t, reader, 2, "behaviour=false", "peers=1")
	ties := func(v uint32) (n int) {
		for _, kind := range plain.View.Ties.Types(v) {
			if e := view.Edge(kind); e == view.Partner || e == view.Identifier {
				n++
			}
		}
		return n
	}
	off := map[int]float64{}
	leads, _ := plain.Leads()
	var before, after [2][]float64 // of those with few ties, and with many
	for _, lead := range leads {
		v, ok := plain.View.Node(lead.ID)
		require.True(t, ok)
		n, moved := ties(v), a.Score(v)-plain.Score(v)
		if had, known := off[n]; known {
			require.InDelta(t, had, moved, 1e-9, "%d ties", n)
		}
		off[n] = moved
		if n <= 4 || n >= 10 {
			side := 0
			if n >= 10 {
				side = 1
			}
			before[side], after[side] = append(before[side], plain.Score(v)), append(after[side], a.Score(v))
		}
	}
	apart := func(sides [2][]float64) float64 {
		var end [2]float64
		for i, scores := range sides {
			require.NotEmpty(t, scores)
			slices.Sort(scores)
			end[i] = scores[len(scores)*95/100]
		}
		return math.Abs(end[1] - end[0])
	}
	assert.Less(t, apart(after), apart(before))
}

func TestOneSettingAtATime(t *testing.T) {
	s := flag.DefaultSettings()
	require.NoError(t, s.Set("peers=0.5"))
	require.InDelta(t, 0.5, s.Peers, 0)
	require.NoError(t, s.Set(`also=[0.2,0.3]`))
	require.Equal(t, []float64{0.1, 0.05}[1:], flag.DefaultSettings().Also, "the defaults are nobody's to change")
	require.NoError(t, s.Set(`weights={"edges":{"partner":{"beta":2,"exponent":1}}}`))
	require.InDelta(t, 1, flag.DefaultSettings().Weights.Edges[view.Partner].Beta, 0)
	require.Equal(t, []view.Edge{view.Partner}, s.Weights.Kinds(), "as where settings are read: kinds left out weigh nothing")
	require.NoError(t, s.Set("Peers=0.25"))
	require.InDelta(t, 0.25, s.Peers, 0, "a name is one whatever its case")
	for _, wrong := range []string{"", "peers", "peers=", "peers=x", "peers=2", "peers=null", "pears=1", "=1", `a":1,"b=2`} {
		before := s
		require.ErrorIs(t, s.Set(wrong), flag.ErrSettings, wrong)
		require.Equal(t, before, s)
	}
}
