package flag_test

import (
	"context"
	"encoding/json"
	"math"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/finding"
	"rummage/algo/flag"
	"rummage/algo/propagate"
	"rummage/algo/stat"
	"rummage/algo/view"
	"rummage/algo/view/viewtest"
	"rummage/fixtures"
	"rummage/graph"
	"rummage/graph/sqlite"
	"rummage/graph/storetest"
	"rummage/ingest"
)

// judged is a world with what other programs found out about it.
type judged struct {
	name  string
	view  *view.View
	trade *finding.Trade

	party    []uint32 // rows of expected.csv
	expected []map[string]string
	ring     map[uint32]string
}

// judgedWorlds are read once and never changed.
var judgedWorlds struct {
	sync.Mutex
	read map[string]*judged
}

func judgedWorld(t testing.TB, name string) *judged {
	t.Helper()
	judgedWorlds.Lock()
	defer judgedWorlds.Unlock()
	if judgedWorlds.read == nil {
		judgedWorlds.read = map[string]*judged{}
	}
	if judgedWorlds.read[name] == nil {
		judgedWorlds.read[name] = readJudged(t, name)
	}
	return judgedWorlds.read[name]
}

// worlds are those of the fixtures; with -short the one that every test has something to say of.
func worlds() []string {
	if testing.Short() {
		return []string{"B2-11"}
	}
	return fixtures.Worlds()
}

func readJudged(t testing.TB, name string) *judged {
	t.Helper()
	ctx := context.Background()
	scope := ingested(t, fixtures.Path("worlds/"+name+"/consignments.csv.gz"), fixtures.Path("worlds/"+name+"/addresses.csv.gz"))
	w := &judged{name: name, ring: map[uint32]string{}}
	var err error
	w.view, err = view.Build(ctx, scope, view.Options{})
	require.NoError(t, err)
	w.trade = flag.TradeOf(w.view, 7)
	w.expected, err = viewtest.Table(fixtures.Open, "worlds/"+name+"/expected.csv.gz")
	require.NoError(t, err)
	for _, row := range w.expected {
		u, ok := w.view.Node(viewtest.PartyID(row["party"]))
		require.True(t, ok)
		w.party = append(w.party, u)
	}
	truth, err := viewtest.Table(fixtures.Open, "worlds/"+name+"/truth.csv.gz")
	require.NoError(t, err)
	for _, row := range truth {
		if u, ok := w.view.Node(viewtest.PartyID(row["party"])); ok {
			if row["ring"] != "" {
				w.ring[u] = row["ring"]
			}
		}
	}
	return w
}

// ingested reads files into a store of their own, by the mappings that are shipped, and returns what it shows.
func ingested(t testing.TB, files ...string) graph.Reader {
	t.Helper()
	ctx := context.Background()
	store, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "world.rummage"), sqlite.Options{Create: true})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	_, err = ingest.Run(ctx, store, files, ingest.Options{NoEvidence: true, Now: func() time.Time { return storetest.Noon(1) }})
	require.NoError(t, err)
	reader, err := store.Within(ctx, graph.Scope{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, reader.Close()) })
	return reader
}

func (w *judged) expose(t testing.TB, weights view.Weights, seeds []float64) *flag.Exposure {
	t.Helper()
	g, err := w.view.Weigh(context.Background(), 0, weights)
	require.NoError(t, err)
	e, err := flag.Expose(context.Background(), g, seeds, propagate.Options{})
	require.NoError(t, err)
	return e
}

// quality returns AP and P@100 among candidates.
func (w *judged) quality(t testing.TB, score []float64) (ap, p100 float64) {
	var scores []float64
	var positive []bool
	for i, row := range w.expected {
		if row["candidate"] == "1" {
			scores = append(scores, score[w.party[i]])
			positive = append(positive, w.ring[w.party[i]] != "")
		}
	}
	ranking, err := stat.NewRanking(scores, positive)
	require.NoError(t, err)
	return ranking.AveragePrecision(), ranking.PrecisionAt(100)
}

// Two programs not ours computed these ratios; see fixtures/worlds.
func TestExposureOfWorlds(t *testing.T) {
	for _, name := range worlds() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := judgedWorld(t, name)
			second := w.expose(t, view.SecondWeights(), flag.Seeds(w.trade, flag.ShrunkenSeeds))
			first := w.expose(t, view.FirstWeights(), flag.Seeds(w.trade, flag.PlainSeeds))
			closeness, err := finding.MeasureCloseness(context.Background(), w.trade, finding.DefaultCloseness())
			require.NoError(t, err)
			var worst float64
			for i, row := range w.expected {
				v := w.party[i]
				for column, got := range map[string]float64{
					"rr_v1": first.Ratio[v], "rr_v2": second.Ratio[v],
					"score_v2_uncorroborated": flag.Score(second.Ratio[v], closeness.Of(v), 1),
				} {
					want, err := strconv.ParseFloat(row[column], 64)
					require.NoError(t, err)
					worst = max(worst, math.Abs(want-got))
				}
			}
			t.Logf("largest difference %.2g", worst)
			assert.Less(t, worst, 1e-9)
			w.compare(t, "v1", first.Ratio)
			w.compare(t, "v2 walk", second.Ratio)
		})
	}
}

// compare holds a ranking against the published figures, which are rounded to four places.
func (w *judged) compare(t *testing.T, method string, score []float64) {
	t.Helper()
	file, err := fixtures.Open("worlds/" + w.name + "/results.json")
	require.NoError(t, err)
	defer file.Close()
	var published struct {
		Results map[string]struct {
			AP   float64 `json:"ap"`
			P100 float64 `json:"p_at_100"`
		}
	}
	require.NoError(t, json.NewDecoder(file).Decode(&published))
	ap, p100 := w.quality(t, score)
	t.Logf("%s: AP %.4f, P@100 %.3f", method, ap, p100)
	assert.InDelta(t, published.Results[method].AP, ap, 0.00005001, method)
	assert.InDelta(t, published.Results[method].P100, p100, 0.01001, method)
}

// TestCorroborationLiftsLeads holds average precision with corroborated hits against the walk without them, and against what the
// study reached, from which another drawing of communities may differ by a little.
func TestCorroborationLiftsLeads(t *testing.T) {
	fixtures.Figures(t)
	reached := map[string]float64{"L2-11": 0.475, "B2-11": 0.484, "B2-12": 0.470, "B3-11": 0.211}
	for _, name := range worlds() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := judgedWorld(t, name)
			seeds := flag.Seeds(w.trade, flag.ShrunkenSeeds)
			plain, _ := w.quality(t, w.expose(t, view.SecondWeights(), seeds).Ratio)
			candidates, err := finding.Draw(context.Background(), w.trade, finding.DefaultDraw())
			require.NoError(t, err)
			for v, factor := range finding.NewTrial(candidates).Corroboration() {
				seeds[v] *= factor
			}
			ap, p100 := w.quality(t, w.expose(t, view.SecondWeights(), seeds).Ratio)
			t.Logf("AP %.4f without, %.4f with corroboration (study %.3f), P@100 %.2f", plain, ap, reached[name], p100)
			assert.Greater(t, ap, plain)
			assert.InDelta(t, reached[name], ap, 0.015)
		})
	}
}
