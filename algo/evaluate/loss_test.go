package evaluate_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/evaluate"
	"rummage/algo/view"
	"rummage/algo/view/viewtest"
	"rummage/fixtures"
)

// TestLoss takes parts of a world away and counts what is left.
func TestLoss(t *testing.T) {
	fixtures.Figures(t)
	source, err := viewtest.World(fixtures.Open, worldName)
	require.NoError(t, err)
	build := func(loss evaluate.Loss) *view.View {
		v, err := view.Build(context.Background(), evaluate.Without(source, loss), view.Options{})
		require.NoError(t, err)
		return v
	}
	whole := build(evaluate.Loss{Seed: 1})
	inspected, hits := whole.Count()

	less := build(evaluate.Loss{Seed: 1, Ties: 0.1})
	assert.InEpsilon(t, 0.9, float64(less.Ties.Size())/float64(whole.Ties.Size()), 0.01, "ties left")
	assert.Equal(t, whole.Consignments.Hits(), less.Consignments.Hits(), "outcomes stay")
	assert.NotEqual(t, less.Ties.Size(), build(evaluate.Loss{Seed: 2, Ties: 0.1}).Ties.Size(), "another seed takes others")

	less = build(evaluate.Loss{Seed: 1, Hits: 0.3})
	lookedAt, left := less.Count()
	assert.InDelta(t, 0.7*float64(hits), float64(left), 0.15*float64(hits), "hits left")
	assert.Equal(t, inspected-lookedAt, hits-left, "nothing else is gone")
	assert.Equal(t, whole.Ties.Size(), less.Ties.Size(), "ties stay")

	lookedAt, _ = build(evaluate.Loss{Seed: 1, Inspections: 0.5}).Count()
	assert.InEpsilon(t, 0.5*float64(inspected), float64(lookedAt), 0.05, "inspections left")

	less = build(evaluate.Loss{Seed: 1, Identifiers: 1})
	assert.Empty(t, less.Identifiers)
	assert.Equal(t, whole.Consignments.Hits(), less.Consignments.Hits())

	more, fewer := build(evaluate.Loss{Seed: 1, Hits: 0.4}), build(evaluate.Loss{Seed: 1, Hits: 0.2})
	assert.Subset(t, fewer.Consignments.HitIDs, more.Consignments.HitIDs, "a larger loss takes all that a smaller one does")
}

// TestDealt keeps what was inspected and how much was found, and changes where.
func TestDealt(t *testing.T) {
	fixtures.Figures(t)
	source, err := viewtest.World(fixtures.Open, worldName)
	require.NoError(t, err)
	build := func(loss evaluate.Loss) *view.View {
		v, err := view.Build(context.Background(), evaluate.Without(source, loss), view.Options{})
		require.NoError(t, err)
		return v
	}
	whole, dealt := build(evaluate.Loss{}), build(evaluate.Loss{Seed: 1, Dealt: true})
	assert.Equal(t, whole.Consignments.Inspected, dealt.Consignments.Inspected)
	assert.Len(t, dealt.Consignments.HitIDs, len(whole.Consignments.HitIDs))
	both := map[string]bool{}
	for _, id := range whole.Consignments.HitIDs {
		both[string(id)] = true
	}
	same := 0
	for _, id := range dealt.Consignments.HitIDs {
		if both[string(id)] {
			same++
		}
	}
	assert.Less(t, same, len(whole.Consignments.HitIDs)/5, "as many at the old places as chance has it")
	assert.Equal(t, dealt.Consignments.HitIDs, build(evaluate.Loss{Seed: 1, Dealt: true}).Consignments.HitIDs)

	half := build(evaluate.Loss{Until: 730000 + 127})
	assert.InEpsilon(t, 0.5, float64(len(half.Consignments.Hash))/float64(len(whole.Consignments.Hash)), 0.1, "half of the days, half of the trade")
	assert.Less(t, len(half.Consignments.HitIDs), len(whole.Consignments.HitIDs))
}
