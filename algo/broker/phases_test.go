package broker_test

import (
	"cmp"
	"context"
	goflag "flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/centrality"
	"rummage/algo/csr/csrtest"
	"rummage/algo/stat"
	"rummage/fixtures"
)

var update = goflag.Bool("update", false, "rewrite the golden files")

// standing is how central somebody is in one phase.
type standing struct {
	name    string
	ties    int
	between float64 // share of the pairs whose shortest ways lead through
}

// phase reads a part of the CAVIAR network, undirected and without weights.
func phase(t *testing.T, part string) []standing {
	t.Helper()
	rows := csrtest.Table(t, fixtures.Open, "graphs/caviar/"+part+".edges.csv.gz")
	var names []string
	for _, end := range []string{"source", "target"} {
		names = append(names, rows[end]...)
	}
	slices.SortFunc(names, func(x, y string) int { return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)) })
	names = slices.Compact(names)
	directed := csrtest.Network(t, rows, names, true)
	g, err := directed.Symmetric(context.Background())
	require.NoError(t, err)
	g = g.Unweighted()
	between, err := centrality.Betweenness(context.Background(), g, centrality.Options{Normalised: true})
	require.NoError(t, err)
	all := make([]standing, len(names))
	for v := range names {
		all[v] = standing{names[v], g.Degree(uint32(v)), between.Nodes[v]}
	}
	return all
}

// leading names the first three by one measure, equal ones by number.
func leading(all []standing, by func(standing) float64) string {
	order := slices.Clone(all)
	slices.SortStableFunc(order, func(x, y standing) int { return cmp.Compare(by(y), by(x)) })
	var text []string
	for _, s := range order[:3] {
		text = append(text, fmt.Sprintf("N%s %.3g", s.name, by(s)))
	}
	return strings.Join(text, ", ")
}

func ties(s standing) float64    { return float64(s.ties) }
func between(s standing) float64 { return s.between }

// TestRolesOfCaviar tells how hubs and brokers, ranked apart, changed places over the eleven phases of the investigation. That ties and brokerage are no
// sign of guilt stands below: they tell traffickers (numbers up to 82) from those who only helped no better than chance.
func TestRolesOfCaviar(t *testing.T) {
	var text strings.Builder
	followed := []string{"1", "3", "12", "41", "76", "87"}
	fmt.Fprintf(&text, "%-5s %5s  %-28s %-36s", "phase", "nodes", "hubs: most ties", "brokers: share of shortest ways")
	for _, name := range followed {
		fmt.Fprintf(&text, " %6s", "N"+name)
	}
	text.WriteString("\n")
	share := map[string]map[string]float64{}
	for _, part := range []string{"phase1", "phase2", "phase3", "phase4", "phase5", "phase6", "phase7", "phase8", "phase9", "phase10", "phase11", "all_phases"} {
		all := phase(t, part)
		share[part] = map[string]float64{}
		for _, s := range all {
			share[part][s.name] = s.between
		}
		fmt.Fprintf(&text, "%-5s %5d  %-28s %-36s", strings.TrimSuffix(strings.TrimPrefix(part, "phase"), "_phases"), len(all), leading(all, ties), leading(all, between))
		for _, name := range followed {
			at, seen := share[part][name]
			if !seen {
				fmt.Fprintf(&text, " %6s", "-")
				continue
			}
			fmt.Fprintf(&text, " %6.3f", at)
		}
		text.WriteString("\n")
		if part != "all_phases" {
			continue
		}
		var traffickers []bool
		var byTies, byWays []float64
		for _, s := range all {
			number, err := strconv.Atoi(s.name)
			require.NoError(t, err)
			traffickers, byTies, byWays = append(traffickers, number <= 82), append(byTies, ties(s)), append(byWays, s.between)
		}
		for _, one := range []struct {
			name  string
			score []float64
		}{{"ties", byTies}, {"shortest ways", byWays}} {
			ranking, err := stat.NewRanking(one.score, traffickers)
			require.NoError(t, err)
			fmt.Fprintf(&text, "traffickers told from others by %s: AUC %.3f\n", one.name, ranking.AUC())
			assert.InDelta(t, 0.48, ranking.AUC(), 0.03, "published figures are 0.475 and 0.486")
		}
	}
	// Published of other copies of these phases, which have the same ties where these figures agree.
	assert.InDelta(t, 0.907, share["phase1"]["1"], 5e-4)
	assert.InDelta(t, 0.884, share["phase5"]["1"], 5e-4)
	assert.InDelta(t, 0.343, share["phase10"]["1"], 5e-4)
	assert.InDelta(t, 0.554, share["phase11"]["41"], 5e-4)
	assert.InDelta(t, 0.526, share["phase11"]["1"], 5e-4)
	assert.InDelta(t, 0.430, share["phase11"]["12"], 5e-4)
	const path = "testdata/caviar_roles.golden"
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), text.String())
}
