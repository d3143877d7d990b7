package behaviour

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/finding"
	"rummage/graph"
)

// scene is a small trade drawn at random: 30 importers, 12 exporters, one of whom is a service party.
type scene struct {
	records *Records
	trade   *finding.Trade
	groups  []finding.Group
}

func drawScene(t *rapid.T) scene {
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	n := rapid.IntRange(0, 400).Draw(t, "consignments")
	s := scene{&Records{}, &finding.Trade{Nodes: 42, Keys: make([]uint64, 42), Service: make([]bool, 42)}, nil}
	s.trade.Service[41] = true
	c := &s.trade.Consignments
	for i := range n {
		importer, exporter := uint32(random.IntN(30)), 30+uint32(random.IntN(12))
		if random.IntN(50) == 0 {
			exporter = None
		}
		c.Key, c.Importer, c.Exporter = append(c.Key, uint64(i)), append(c.Importer, importer), append(c.Exporter, exporter)
		c.Inspected, c.Hit = append(c.Inspected, false), append(c.Hit, false)
		r := s.records
		day := graph.Date(1000 + random.IntN(300))
		if random.IntN(20) == 0 {
			day = graph.NoDate
		}
		goods := uint32(1 + random.IntN(3))
		r.Hash, r.Day = append(r.Hash, uint64(i)), append(r.Day, day)
		r.Price, r.Mass = append(r.Price, random.NormFloat64()), append(r.Mass, 3+random.NormFloat64())
		r.goods, r.carried, r.broad = append(r.goods, goods), append(r.carried, goods), append(r.broad, 1)
		r.money, r.origin, r.left = append(r.money, uint32(random.IntN(3))), append(r.origin, uint32(1+random.IntN(2))), append(r.left, uint32(random.IntN(6)))
	}
	for g := range 5 {
		s.groups = append(s.groups, finding.Group{Members: []uint32{uint32(g), uint32(g + 7), uint32(g + 14), uint32(g + 30)}})
	}
	return s
}

func measured(t require.TestingT, s scene) *Measured {
	m, err := Measure(context.Background(), s.records, s.trade, Options{Groups: s.groups, Threads: 1})
	require.NoError(t, err)
	many, err := Measure(context.Background(), s.records, s.trade, Options{Groups: s.groups, Threads: 3})
	require.NoError(t, err)
	require.Equal(t, m, many, "threads change nothing")
	return m
}

func TestNumbersAreBoundedAndNameTheirPartner(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t)
		m := measured(t, s)
		for _, p := range Parts() {
			for v, x := range m.Value[p] {
				require.True(t, x >= 0 && x <= Most, "%s of %d: %v", p, v, x)
				if s.trade.Service[v] {
					require.Zero(t, x)
				}
				if with := m.With[p][v]; with != None {
					require.Positive(t, x)
					require.NotEqual(t, uint32(v), with)
				}
			}
		}
	})
}

// turned is the scene with its consignments in the opposite order.
func (s scene) turned() scene {
	r, c := s.records, &s.trade.Consignments
	back := func(column []uint32) []uint32 { return reversed(column) }
	trade := *s.trade
	trade.Consignments = finding.Consignments{
		Key: reversed(c.Key), Importer: back(c.Importer), Exporter: back(c.Exporter), Inspected: reversed(c.Inspected), Hit: reversed(c.Hit),
	}
	return scene{&Records{
		Hash: reversed(r.Hash), Day: reversed(r.Day), Price: reversed(r.Price), Mass: reversed(r.Mass), goods: back(r.goods),
		carried: back(r.carried), broad: back(r.broad), money: back(r.money), origin: back(r.origin), left: back(r.left),
	}, &trade, s.groups}
}

func reversed[T any](column []T) []T {
	out := make([]T, len(column))
	for i, x := range column {
		out[len(column)-1-i] = x
	}
	return out
}

func TestOrderOfConsignmentsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t)
		one, other := measured(t, s), measured(t, s.turned())
		for _, p := range Parts() {
			require.InDeltaSlice(t, one.Value[p], other.Value[p], 1e-9, p.String())
		}
	})
}

// What a currency is worth, and what a heading costs, say nothing of anybody.
func TestScaleOfCurrenciesAndHeadingsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t)
		before := measured(t, s)
		for i := range s.records.Price {
			s.records.Price[i] += float64(s.records.money[i])*2 + float64(s.records.goods[i])
		}
		after := measured(t, s)
		// Medians are taken off in a few turns, so what is left of a scale is small and not nothing.
		for _, p := range []Part{LowPrice, HighPrice} {
			if before.Value[p] != nil {
				require.InDeltaSlice(t, before.Value[p], after.Value[p], 1.5, p.String())
			}
		}
	})
}

func TestHalfPriceOfOnePartner(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	s := scene{&Records{}, &finding.Trade{Nodes: 120, Keys: make([]uint64, 120)}, nil}
	add := func(importer, exporter uint32, price float64) {
		i := len(s.records.Day)
		c, r := &s.trade.Consignments, s.records
		c.Key, c.Importer, c.Exporter = append(c.Key, uint64(i)), append(c.Importer, importer), append(c.Exporter, exporter)
		c.Inspected, c.Hit = append(c.Inspected, false), append(c.Hit, false)
		r.Hash, r.Day = append(r.Hash, uint64(i)), append(r.Day, graph.Date(1000+i%300))
		r.Price, r.Mass = append(r.Price, price+0.3*random.NormFloat64()), append(r.Mass, math.NaN())
		for _, codes := range []*[]uint32{&r.goods, &r.carried, &r.broad, &r.money, &r.origin, &r.left} {
			*codes = append(*codes, 1)
		}
	}
	for i := range uint32(600) {
		add(i%100, 100+i%100%19, 2)
	}
	for range 12 {
		add(3, 119, 2+math.Log(0.5))
	}
	m := measured(t, s)
	for v, x := range m.Value[LowPrice] {
		if v == 3 || v == 119 {
			assert.Greater(t, x, 1.0)
			continue
		}
		assert.Zero(t, x, v)
	}
	assert.Equal(t, uint32(119), m.With[LowPrice][3])
	assert.Equal(t, uint32(3), m.With[LowPrice][119])
	assert.Nil(t, m.Value[Mass], "no mass is stated")
	assert.Zero(t, m.Of(Mass, 3))
}

func TestRecordsOfAnotherTradeAreRefused(t *testing.T) {
	_, err := Measure(t.Context(), &Records{Day: make([]graph.Date, 3)}, &finding.Trade{}, Options{})
	assert.ErrorIs(t, err, ErrRecords)
}

// drawRows are importers whose hits hang on exposure and on low prices, and on nothing else.
func drawRows(n int, low float64) *Rows {
	random := rand.New(rand.NewPCG(3, 4))
	rows := &Rows{}
	rows.Value[LowPrice], rows.Value[Route] = make([]float64, n), make([]float64, n)
	for i := range n {
		exposed := -1.2 + max(0, random.NormFloat64())
		if random.IntN(4) == 0 {
			rows.Value[LowPrice][i] = 3 * random.Float64()
		}
		if random.IntN(4) == 0 {
			rows.Value[Route][i] = 3 * random.Float64()
		}
		odds := -2 + exposed + low*rows.Value[LowPrice][i]
		rows.Exposed = append(rows.Exposed, exposed)
		rows.Found = append(rows.Found, random.Float64() < 1/(1+math.Exp(-odds)))
	}
	return rows
}

func TestLearnsWhatTellsAndNothingElse(t *testing.T) {
	all := func(int) bool { return true }
	m := Learn(drawRows(20_000, 0.7), all)
	assert.InDelta(t, 0.7, m.Weights[LowPrice], 0.15)
	assert.InDelta(t, 0, m.Weights[Route], 0.1)
	assert.InDelta(t, 1, m.Slope, 0.15)
	assert.InDelta(t, 0, m.Weights[Mass], 0, "not measured")
	// What speaks for a trader is not learned: a part may only add.
	assert.Zero(t, Learn(drawRows(20_000, -1), all).Weights[LowPrice])
	assert.LessOrEqual(t, Learn(drawRows(20_000, 20), all).Weights[LowPrice], MostWeight)
}

// What parts add is bounded, is theirs in proportion, and grows with each number.
func TestWhatPartsAdd(t *testing.T) {
	w := Weights{LowPrice: 1, Route: 0.5}
	rapid.Check(t, func(t *rapid.T) {
		low, route := rapid.Float64Range(0, Most).Draw(t, "low"), rapid.Float64Range(0, Most).Draw(t, "route")
		sum := func(low, route float64) (float64, Weights) {
			m := &Measured{}
			m.Value[LowPrice], m.Value[Route], m.Value[Mass] = []float64{low}, []float64{route}, []float64{Most}
			adds := w.Adds(m, 0)
			return adds[LowPrice] + adds[Route] + adds[Mass], adds
		}
		got, adds := sum(low, route)
		require.InDelta(t, min(MostSum, low+route/2), got, 1e-12)
		require.InDelta(t, adds[LowPrice]*route/2, adds[Route]*low, 1e-9)
		more, _ := sum(min(Most, low+0.1), route)
		require.GreaterOrEqual(t, more, got-1e-12)
	})
}

func TestNothingToLearnFrom(t *testing.T) {
	rows := drawRows(50, 1)
	assert.Zero(t, Learn(rows, func(int) bool { return false }).Weights)
	for i := range rows.Found {
		rows.Found[i] = true
	}
	assert.Zero(t, Learn(rows, func(int) bool { return true }).Weights)
}

// The fit is where the likelihood is greatest: no step along a weight makes it greater, beside the ridge.
func TestFitIsBest(t *testing.T) {
	rows := drawRows(2000, 0.4)
	m := Learn(rows, func(int) bool { return true })
	total := func(m Model) float64 {
		sum := -ridge / 2 * m.Slope * m.Slope * m.Weights[LowPrice] * m.Weights[LowPrice]
		for i := range rows.Found {
			sum += m.LogLikelihood(rows, i)
		}
		return sum
	}
	best := total(m)
	for _, step := range []float64{-0.05, 0.05} {
		off := m
		off.Weights[LowPrice] += step
		assert.Less(t, total(off), best)
		off = m
		off.Constant += step
		assert.Less(t, total(off), best)
	}
}
