package view_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/algo/view"
	"rummage/algo/view/viewtest"
	"rummage/fixtures"
)

// The degrees of the worlds were counted by two other programs.
func TestWorldDegrees(t *testing.T) {
	world, err := viewtest.World(fixtures.Open, "B2-11")
	require.NoError(t, err)
	v, err := view.Build(context.Background(), world, view.Options{})
	require.NoError(t, err)
	rows, err := viewtest.Table(fixtures.Open, "worlds/B2-11/expected.csv.gz")
	require.NoError(t, err)
	for _, row := range rows {
		u, ok := v.Node(viewtest.PartyID(row["party"]))
		require.True(t, ok, row["party"])
		degree, err := strconv.Atoi(row["degree"])
		require.NoError(t, err)
		require.Equal(t, degree, v.Ties.Degree(u), row["party"])
	}
	inspected, hits := v.Count()
	require.Equal(t, 5201, inspected)
	require.Equal(t, 126, hits)
}
