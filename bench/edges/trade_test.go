package edges

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/csr"
	"rummage/fixtures/simulate"
)

func TestSimulatedWorldIsAGraph(t *testing.T) {
	nodes, columns, err := simulated(context.Background(), 0.02)
	require.NoError(t, err)
	options := simulate.DefaultOptions()
	options.Scale = 0.02
	world, err := simulate.New(options)
	require.NoError(t, err)
	assert.Greater(t, nodes, world.Counts().Importers, "traders, forwarders, ports and identifiers")
	assert.Greater(t, len(columns.From), nodes/2)
	g, err := csr.Build(context.Background(), columns, csr.Options{Nodes: nodes, Parallel: csr.KeepParallel, Loops: csr.RefuseLoops})
	require.NoError(t, err)
	assert.True(t, g.IsSimple())
	again, same, err := simulated(context.Background(), 0.02)
	require.NoError(t, err)
	assert.Equal(t, nodes, again)
	assert.Equal(t, columns, same)

	_, _, err = simulated(context.Background(), 0)
	require.ErrorIs(t, err, simulate.ErrOptions)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, _, err = simulated(ctx, 0.02)
	require.ErrorIs(t, err, context.Canceled)
}

func TestRows(t *testing.T) {
	take := func(text string, wanted ...string) (all [][]string, err error) {
		err = rows(func(to io.Writer) error { _, err := io.WriteString(to, text); return err }, wanted, func(row []string) error {
			all = append(all, append([]string{}, row...))
			return nil
		})
		return all, err
	}
	all, err := take("a,b,c\n1,2,3\n4,5,6\n", "c", "a")
	require.NoError(t, err)
	assert.Equal(t, [][]string{{"3", "1"}, {"6", "4"}}, all)
	for name, text := range map[string]string{"no header": "", "another header": "a,b\n1,2\n", "a short row": "a,c\n1\n"} {
		_, err := take(text, "c", "a")
		assert.Error(t, err, name)
	}
	broken := errors.New("broken")
	require.ErrorIs(t, rows(func(io.Writer) error { return broken }, nil, nil), broken)
	require.ErrorIs(t, rows(func(to io.Writer) error {
		_, err := io.WriteString(to, strings.Repeat("a\n", 100_000))
		return err
	}, []string{"a"}, func([]string) error { return broken }), broken, "the reader leaves, and the writer ends")
}
