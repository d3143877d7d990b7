package area_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/area"
	"rummage/graph"
)

// market is declarations of three goods from four origins over two years, in which
// goods 870323 from XB are hit half of the time and all else a twentieth.
func market(t testing.TB, seed uint64, n int) records {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	goods, origins := []string{"870323", "870421", "240220"}, []string{"XA", "XB", "XC", "XD"}
	first := day(t, "2023-01-01")
	all := make(records, 0, n)
	for i := range n {
		g, o := goods[random.IntN(len(goods))], origins[random.IntN(len(origins))]
		rate := 0.05
		if g == "870323" && o == "XB" {
			rate = 0.5
		}
		result := graph.Clear
		switch {
		case random.Float64() < 0.3:
			result = graph.NoResult
		case random.Float64() < rate:
			result = graph.Hit
		}
		on := first + graph.Date(i*730/n)
		all = append(all, declaration(t, fmt.Sprintf("%06d", i), on.String(), result,
			[]string{"commodity commodity/hs2022/" + g, "origin place/" + o, fmt.Sprintf("importer party/test/%d", random.IntN(40)), "office place/o/7"},
			[]string{"mode " + []string{"sea", "air"}[random.IntN(2)], fmt.Sprintf("value %d", 900+random.IntN(200)), "net_mass 10"}))
	}
	return all
}

func read(t testing.TB, from records) *area.Table {
	t.Helper()
	table, err := area.Read(t.Context(), from, area.Options{})
	require.NoError(t, err)
	return table
}

func TestDimensionsOfATable(t *testing.T) {
	table := read(t, market(t, 1, 400))
	var names []string
	for _, c := range table.Columns {
		names = append(names, c.Name)
		assert.True(t, slices.IsSorted(c.Values))
		assert.Empty(t, c.Values[0])
		assert.Len(t, c.Codes, 400)
	}
	// The one office tells nothing apart, and no value is unusual; value and mass are quantities.
	assert.Equal(t, []string{"hs2", "hs4", "hs6", "origin", "month", "trader_class", "mode"}, names)
	_, err := table.Column("orgin")
	require.ErrorIs(t, err, area.ErrNoDimension)
	assert.ErrorContains(t, err, "the records have hs2, hs4")
}

func TestPlacesGoodsAndLanes(t *testing.T) {
	cases := map[string]struct {
		ties []string
		want map[string]string
	}{
		"ports name their countries": {
			[]string{"departure place/CNSHA", "discharge place/JPTYO"},
			map[string]string{"departure": "CN", "loading": "CNSHA", "discharge": "JPTYO", "destination": "JP", "lane": "CN>JPTYO"},
		},
		"a country is no port": {
			[]string{"departure place/CN", "destination place/JP"},
			map[string]string{"departure": "CN", "loading": "", "destination": "JP", "lane": "CN>JP"},
		},
		"lines that differ": {
			[]string{"origin place/CN", "origin place/VN", "commodity commodity/hs2022/870323", "commodity commodity/hs2022/870421"},
			map[string]string{"origin": "several", "hs2": "hs2022/87", "hs4": "several"},
		},
		"codes too short, and of no edition": {
			[]string{"commodity commodity/hs2022/8703"}, map[string]string{"hs4": "hs2022/8703", "hs6": ""},
		},
		"goods by another list": {[]string{"commodity commodity/own/870323"}, map[string]string{"hs2": ""}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			// The second makes every dimension tell something apart, so that none is left out.
			other := []string{
				"origin place/ZZ", "departure place/ZZAAA", "discharge place/ZZBBB", "commodity commodity/hs2012/010121",
			}
			table := read(t, records{
				declaration(t, "1", "2023-01-01", graph.Clear, c.ties, nil), declaration(t, "2", "2023-02-01", graph.Clear, other, nil),
			})
			for dimension, want := range c.want {
				column, err := table.Column(dimension)
				require.NoError(t, err)
				assert.Equal(t, want, column.Values[column.Codes[0]], dimension)
			}
		})
	}
}

func TestClassesOfTraders(t *testing.T) {
	var all records
	add := func(trader, on string) {
		all = append(all, declaration(t, fmt.Sprintf("%03d", len(all)), on, graph.NoResult, []string{"importer party/test/" + trader}, nil))
	}
	add("a", "2020-01-01") // the records begin
	add("a", "2020-01-02")
	add("b", "2020-08-01") // after half a year
	add("b", "2020-08-01") // on the same day
	add("a", "2021-03-01") // after more than a year
	for i := range 12 {
		add("c", fmt.Sprintf("2021-04-%02d", i+1))
	}
	column, err := read(t, all).Column(area.TraderClass)
	require.NoError(t, err)
	var got []string
	for _, code := range column.Codes {
		got = append(got, column.Values[code])
	}
	few := slices.Repeat([]string{area.ClassFew}, 9)
	assert.Equal(t, slices.Concat(
		[]string{"", area.ClassFew, area.ClassNew, area.ClassNew, area.ClassDormant, area.ClassNew}, few,
		[]string{area.ClassSome, area.ClassSome}), got)
}

func TestBandsOfValue(t *testing.T) {
	all := market(t, 3, 300)
	odd := declaration(t, "999999", "2023-06-01", graph.NoResult,
		[]string{"commodity commodity/hs2022/870323"}, []string{"value 10", "net_mass 10"})
	table := read(t, append(slices.Clone(all), odd))
	column, err := table.Column(area.ValueBand)
	require.NoError(t, err)
	assert.Equal(t, area.BandFarBelow, column.Values[column.Codes[len(column.Codes)-1]])
	usual := 0
	for _, code := range column.Codes[:300] {
		if column.Values[code] == area.BandUsual {
			usual++
		}
	}
	assert.Greater(t, usual, 200)
}

// TestThePlantedAreaIsFound: by its pair of dimensions and first of all; and a market
// without it has none.
func TestThePlantedAreaIsFound(t *testing.T) {
	survey, err := read(t, market(t, 5, 3000)).Survey(t.Context(), area.Surveying{Dimensions: []string{"hs6", "origin"}})
	require.NoError(t, err)
	top := survey.Areas[0]
	assert.Equal(t, []string{"hs2022/870323", "XB"}, top.Values)
	assert.True(t, top.Striking())
	assert.Greater(t, top.Lift(), 1.0)
	assert.InDelta(t, 0.5, top.Rate, 0.1)
	assert.Less(t, top.Low, top.Rate)
	assert.Greater(t, top.High, top.Rate)
	for _, a := range survey.Areas[1:] {
		assert.False(t, a.Striking(), "%v", a.Values)
	}
	first := read(t, market(t, 5, 3000))
	for _, id := range first.Records(&top, 5) {
		assert.Contains(t, string(id), "consignment/test/")
	}
	assert.Len(t, first.Records(&top, 0), top.Declarations)
}

func TestShuffledOutcomesHaveNoStrikingArea(t *testing.T) {
	found := 0
	for seed := range uint64(20) {
		all := market(t, 100+seed, 1500)
		random := rand.New(rand.NewPCG(seed, 9))
		random.Shuffle(len(all), func(a, b int) {
			all[a].Outcomes, all[b].Outcomes = all[b].Outcomes, all[a].Outcomes
		})
		survey, err := read(t, all).Survey(t.Context(), area.Surveying{})
		require.NoError(t, err)
		for _, a := range survey.Areas {
			if a.Striking() {
				found++
				break
			}
		}
	}
	assert.LessOrEqual(t, found, 3, "of 20 markets without areas")
}

// TestTheOrderOfRecordsChangesNothing: nor does that of their ties and fields.
func TestTheOrderOfRecordsChangesNothing(t *testing.T) {
	all := market(t, 7, 600)
	show := func(from records) string {
		table := read(t, from)
		survey, err := table.Survey(t.Context(), area.Surveying{})
		require.NoError(t, err)
		model, err := area.Fit(t.Context(), table, area.Fitting{})
		require.NoError(t, err)
		var b strings.Builder
		for i := range survey.Areas {
			a := &survey.Areas[i]
			fmt.Fprintf(&b, "%v %v %v %.12g %.12g %.12g\n", a.Dimensions, a.Values, a.Found, a.Expected, a.Q, a.Low)
		}
		fmt.Fprintf(&b, "%v %.10g %.10g\n", model.Rungs, model.Intercept, model.Slope)
		return b.String()
	}
	want := show(all)
	shuffled := slices.Clone(all)
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(shuffled), func(a, b int) { shuffled[a], shuffled[b] = shuffled[b], shuffled[a] })
	assert.Equal(t, want, show(shuffled))
}

// TestPartsOfAScoreAddUp: to its log odds, and these to its chance.
func TestPartsOfAScoreAddUp(t *testing.T) {
	table := read(t, market(t, 11, 2500))
	model, err := area.Fit(t.Context(), table, area.Fitting{})
	require.NoError(t, err)
	require.NotEmpty(t, model.Rungs)
	for row := range table.IDs {
		s := model.Score(row)
		sum := 0.0
		for _, p := range s.Parts {
			sum += p.Points
		}
		require.InDelta(t, s.Odds, sum, 1e-9)
		require.InDelta(t, s.Chance, 1/(1+math.Exp(-sum)), 1e-12)
		require.InDelta(t, s.Chance, model.Chance(row), 1e-12)
	}
}

func TestTheSelectionFindsThePlantedArea(t *testing.T) {
	table := read(t, market(t, 13, 4000))
	since := day(t, "2024-07-01")
	model, err := area.Fit(t.Context(), table, area.Fitting{Until: since - 1})
	require.NoError(t, err)
	for _, r := range model.Rank(since, false, 20) {
		assert.GreaterOrEqual(t, r.Day, since)
		assert.InDelta(t, 0.5, r.Chance, 0.2, "%+v", r)
	}
	trial, err := model.Try(since)
	require.NoError(t, err)
	assert.InDelta(t, 0.5, trial.Precision[2], 0.25)
	assert.LessOrEqual(t, trial.ECE, 0.05)
	assert.Greater(t, trial.AUC, 0.6)
}

// TestTooLittleToLearnFrom is an error, no guess.
func TestTooLittleToLearnFrom(t *testing.T) {
	all := market(t, 17, 200)
	for i := range all {
		all[i].Outcomes = nil
	}
	table := read(t, all)
	_, err := area.Fit(t.Context(), table, area.Fitting{})
	require.ErrorIs(t, err, area.ErrOutcomes)
	_, err = table.Survey(t.Context(), area.Surveying{})
	require.ErrorIs(t, err, area.ErrOutcomes)
	empty := read(t, nil)
	_, err = area.Fit(t.Context(), empty, area.Fitting{})
	require.ErrorIs(t, err, area.ErrOutcomes)
	_, err = read(t, market(t, 17, 200)).Survey(t.Context(), area.Surveying{Dimensions: []string{"nothing"}})
	require.ErrorIs(t, err, area.ErrNoDimension)
}

// TestTradeThatMoved: goods caught on one lane come up on another, with the same
// importers, who were not there before.
func TestTradeThatMoved(t *testing.T) {
	all := market(t, 19, 1200)
	last := day(t, "2024-12-30")
	add := func(n int, origin string, from graph.Date, result graph.Result) {
		for i := range n {
			all = append(all, declaration(t, fmt.Sprintf("m%s%d-%03d", origin, from, i), (from+graph.Date(i%80)).String(), result,
				[]string{"commodity commodity/hs2022/240220", "origin place/" + origin, fmt.Sprintf("importer party/ring/%d", i%4)}, nil))
		}
	}
	add(40, "XY", last-175, graph.Hit)
	add(40, "XZ", last-85, graph.NoResult)
	add(3, "XZ", last-400, graph.Clear)
	slices.SortFunc(all, func(a, b graph.Consignment) int { return strings.Compare(string(a.ID), string(b.ID)) })
	survey, err := read(t, all).Survey(t.Context(), area.Surveying{Dimensions: []string{"hs6", "origin"}})
	require.NoError(t, err)
	require.Len(t, survey.Moves, 1)
	m := survey.Moves[0]
	assert.Equal(t, []string{"hs2022/240220", "XY"}, m.From.Values)
	assert.Equal(t, []string{"hs2022/240220", "XZ"}, m.To.Values)
	assert.Equal(t, "origin", m.Dimension)
	assert.Equal(t, 4, m.Traders)
}

func TestExpectedHitsComeFromTheMargins(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		survey, err := read(t, market(t, seed, 300)).Survey(t.Context(), area.Surveying{Dimensions: []string{"origin"}, Least: 1})
		require.NoError(rt, err)
		inspected, hits, expected := 0, 0, 0.0
		for i := range survey.Areas {
			a := &survey.Areas[i]
			inspected, hits, expected = inspected+a.Found.Trials, hits+a.Found.Hits, expected+a.Expected
			require.True(rt, a.P >= 0 && a.P <= 1+1e-12 && a.Q >= 0 && a.Q <= 1)
			require.True(rt, a.Low <= a.Rate && a.Rate <= a.High)
		}
		require.Equal(rt, survey.Base.Trials, inspected)
		require.Equal(rt, survey.Base.Hits, hits)
		require.InDelta(rt, (float64(hits)+0.5)/(float64(inspected)+1)*float64(inspected), expected, 1e-9)
	})
}
