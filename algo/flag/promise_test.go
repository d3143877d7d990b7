package flag_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/flag"
	"rummage/algo/view"
	"rummage/algo/view/viewtest"
	"rummage/fixtures"
	"rummage/graph"
)

type scope = viewtest.Scope

// whole is a scope as runs want it: they also ask for names, and what two parties have to do with each other.
type whole struct {
	*scope
	graph.Finder
	of map[graph.ID][]int // party -> consignments
}

func wholeOf(s *viewtest.Scope) *whole {
	w := &whole{scope: s, of: map[graph.ID][]int{}}
	for i := range s.Trade {
		for _, tie := range s.Trade[i].Ties() {
			w.of[tie.Entity] = append(w.of[tie.Entity], i)
		}
	}
	return w
}

func (w *whole) Entity(_ context.Context, id graph.ID) (*graph.Entity, error) {
	return &graph.Entity{ID: id}, nil
}

func (w *whole) Connections(_ context.Context, q graph.ConnectionQuery) ([]graph.Connection, error) {
	var all []graph.Connection
	for _, i := range w.of[q.ID] {
		c := graph.Connection{Consignment: w.Trade[i].ID}
		for _, tie := range w.Trade[i].Ties() {
			switch tie.Entity {
			case q.ID:
				c.Roles = append(c.Roles, tie.Role)
			case q.With:
				c.WithRoles = append(c.WithRoles, tie.Role)
			}
		}
		if len(c.WithRoles) > 0 && len(all) < q.Limit {
			all = append(all, c)
		}
	}
	return all, nil
}

// Neighbours tells of one, with the days of all records: runs ask for these alone.
func (w *whole) Neighbours(_ context.Context, q graph.NeighbourQuery) ([]graph.Neighbour, error) {
	var n graph.Neighbour
	for _, i := range w.of[q.ID] {
		day := w.Trade[i].Current[0].Date
		if n.First == graph.NoDate || day < n.First {
			n.First = day
		}
		n.Last = max(n.Last, day)
	}
	return []graph.Neighbour{n}, nil
}

func flagged(t *testing.T, s *viewtest.Scope) *flag.Report {
	t.Helper()
	report, err := flag.Run(t.Context(), wholeOf(s), nil, flag.Options{Settings: flag.DefaultSettings(), Seed: 1})
	require.NoError(t, err)
	return report
}

func promised(t *testing.T) map[string]*viewtest.Scope {
	t.Helper()
	names := []string{"B2-11", "L2-11"}
	if testing.Short() {
		names = names[:1]
	}
	all := map[string]*viewtest.Scope{}
	for _, name := range names {
		w, err := viewtest.World(fixtures.Open, name)
		require.NoError(t, err)
		all[name] = w
	}
	return all
}

// without is the records less the ties of an evasion.
func without(s *viewtest.Scope, e *flag.Evasion) *viewtest.Scope {
	left := *s
	left.Trade = slices.DeleteFunc(slices.Clone(s.Trade), func(c graph.Consignment) bool {
		sides := map[graph.ID]string{}
		for _, tie := range c.Ties() {
			switch tie.Role {
			case graph.Importer, graph.Consignee, graph.NotifyParty:
				sides[tie.Entity] += "in"
			case graph.Exporter, graph.Consignor:
				sides[tie.Entity] += "out"
			}
		}
		return slices.ContainsFunc(e.Without, func(cut flag.CutTie) bool {
			return cut.Tie == "partner" && sides[cut.Without[0]] != "" && sides[cut.Without[1]] != "" && sides[cut.Without[0]] != sides[cut.Without[1]]
		})
	})
	left.Tied = slices.DeleteFunc(slices.Clone(s.Tied), func(l graph.Link) bool {
		return slices.ContainsFunc(e.Without, func(cut flag.CutTie) bool {
			return cut.Tie == "identifier" && cut.Without[0] == l.To && slices.Contains(cut.Parties, l.From)
		})
	})
	return &left
}

// TestWithoutItsLinksANetworkIsCleared deletes the links that an evasion names from the records and makes the whole run again, for
// every network, of which -short takes a fifth: none is left that has half of the smaller one's members.
func TestWithoutItsLinksANetworkIsCleared(t *testing.T) {
	fixtures.Figures(t)
	all, step := promised(t), 1
	if testing.Short() {
		step = 5
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		w := all[name]
		report := flagged(t, w)
		require.NotEmpty(t, report.Result.Networks)
		for i := 0; i < len(report.Result.Networks); i += step {
			n := &report.Result.Networks[i]
			e, err := report.Analysis.Evasion(t.Context(), wholeOf(w), n)
			require.NoError(t, err)
			require.True(t, e.Proven, "%s: %s", name, e.Text)
			left := without(w, e)
			assert.Len(t, left.Trade, len(w.Trade)-e.Consignments)
			assert.Len(t, left.Tied, len(w.Tied)-e.Parties)
			again := flagged(t, left)
			for k := range again.Result.Networks {
				other := &again.Result.Networks[k]
				common := 0
				for _, id := range other.Records {
					if slices.Contains(n.Records, id) {
						common++
					}
				}
				assert.Less(t, 2*common, min(len(other.Records), len(n.Records)), "%s: network %d is there without %s", name, i, e.Text)
			}
			t.Logf("%s: grade %s, %d members, %d hits of %d: %s", name, n.Grade, len(n.Members), n.Hits, n.Inspected, e.Text)
		}
	}
}

// withTown is a world with ten thousand more importers, who use its ports and forwarders; every tenth buys from an exporter of the
// world. Whoever is not of the world trades by that forwarder, too, unless it is "".
func withTown(w *viewtest.Scope, forwarder graph.ID) *viewtest.Scope {
	more := *w
	more.Trade = slices.Clone(w.Trade)
	random := rand.New(rand.NewPCG(5, 6))
	for i := range 10_000 {
		for k := range 2 {
			model := w.Trade[random.IntN(len(w.Trade))]
			exporter := viewtest.PartyID(fmt.Sprint("town-exporter-", random.IntN(3_000)))
			var ties []graph.Tie
			for _, tie := range model.Ties() {
				switch {
				case tie.Role == graph.Forwarder || tie.Role == graph.Discharge:
					ties = append(ties, tie)
				case tie.Role == graph.Exporter && k == 0 && i%10 == 0:
					exporter = tie.Entity
				}
			}
			ties = append(ties, graph.Tie{Role: graph.Exporter, Entity: exporter},
				graph.Tie{Role: graph.Importer, Entity: viewtest.PartyID(fmt.Sprint("town-importer-", i))})
			if forwarder != "" {
				ties = append(ties, graph.Tie{Role: graph.Forwarder, Entity: forwarder})
			}
			more.Declare(fmt.Sprint("town-", i, "-", k), model.Current[0].Date, graph.NoResult, ties...)
		}
	}
	return &more
}

// TestAForwarderOfTenThousandMovesNobodyElse lets one new forwarder act for ten thousand traders. Whoever has no tie to it, nor a
// partner that has one, keeps its score within 1 %, or within 0.01 where the score is below 1.
func TestAForwarderOfTenThousandMovesNobodyElse(t *testing.T) {
	fixtures.Figures(t)
	w, err := viewtest.World(fixtures.Open, "B2-11")
	require.NoError(t, err)
	opts := flag.Options{Settings: flag.DefaultSettings(), Seed: 1, Untested: true}
	forwarder := viewtest.PartyID("forwarder of all")
	before, err := flag.Analyse(t.Context(), withTown(w, ""), opts)
	require.NoError(t, err)
	after, err := flag.Analyse(t.Context(), withTown(w, forwarder), opts)
	require.NoError(t, err)
	v, ok := after.View.Node(forwarder)
	require.True(t, ok)
	require.GreaterOrEqual(t, len(after.View.Ties.Neighbours(v)), 10_000)

	related := map[graph.ID]bool{}
	for _, u := range after.View.Ties.Neighbours(v) {
		related[after.View.IDs[u]] = true
		types := after.View.Ties.Types(u)
		for i, z := range after.View.Ties.Neighbours(u) {
			if view.Edge(types[i]) == view.Partner {
				related[after.View.IDs[z]] = true
			}
		}
	}
	unrelated, worst := 0, 0.0
	for u, id := range before.View.IDs {
		if id.Kind() != graph.Party || related[id] || before.Trade.IsService(uint32(u)) {
			continue
		}
		at, ok := after.View.Node(id)
		require.True(t, ok)
		unrelated++
		was := before.Score(uint32(u))
		worst = max(worst, math.Abs(after.Score(at)-was)/max(1, math.Abs(was)))
	}
	t.Logf("%d unrelated traders, scores moved by %.2g %% at most", unrelated, 100*worst)
	require.Greater(t, unrelated, 10_000)
	assert.LessOrEqual(t, worst, 0.01)
}

// TestAnIsolatedPairChangesNothing adds two traders that deal with each other alone, at three places in the order of ids, with -short at one.
func TestAnIsolatedPairChangesNothing(t *testing.T) {
	w, err := viewtest.World(fixtures.Open, "B2-11")
	require.NoError(t, err)
	before := flagged(t, w)
	pairs := map[string][2]string{"before all others": {"0", "00"}, "among them": {"E00000x", "I00000x"}, "after all others": {"zz", "zzz"}}
	if testing.Short() {
		pairs = map[string][2]string{"among them": pairs["among them"]}
	}
	for name, pair := range pairs {
		more := *w
		more.Trade = slices.Clone(w.Trade)
		more.Declare("a pair", more.Trade[0].Current[0].Date, graph.NoResult,
			graph.Tie{Role: graph.Exporter, Entity: viewtest.PartyID(pair[0])}, graph.Tie{Role: graph.Importer, Entity: viewtest.PartyID(pair[1])})
		after := flagged(t, &more)
		was, is := before.Result, after.Result
		assert.Equal(t, text(t, was.Networks), text(t, is.Networks), name)
		assert.Equal(t, text(t, was.Findings), text(t, is.Findings), name)
		assert.Equal(t, text(t, was.Leads), text(t, is.Leads), name)
		assert.Equal(t, was.Candidates, is.Candidates, name)
	}
}

func text(t *testing.T, of any) string {
	t.Helper()
	out, err := json.MarshalIndent(of, "", " ")
	require.NoError(t, err)
	return string(out)
}
