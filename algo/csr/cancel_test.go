package csr

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// countdown is a context that is cancelled once it has been asked so many times.
type countdown struct {
	context.Context
	left atomic.Int64
}

func (c *countdown) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// Wherever a build is cancelled, it ends with the error and without a graph, and does not trip over what is half done. A star is the
// hardest case: one row holds everything.
func TestEveryStepCanBeCancelled(t *testing.T) {
	const n = 1 << 19
	star := Columns{From: make([]uint32, n), To: make([]uint32, n), Weight: make([]float64, n)}
	for i := range star.From {
		star.To[i], star.Weight[i] = uint32(i), 1
	}
	for name, work := range map[string]func(ctx context.Context) (*Graph, error){
		"plain": func(ctx context.Context) (*Graph, error) {
			return Build(ctx, Columns{From: star.From, To: star.To}, Options{Nodes: n, Threads: 2})
		},
		"weighted": func(ctx context.Context) (*Graph, error) {
			return Build(ctx, star, Options{Nodes: n, Threads: 1, Directed: true})
		},
	} {
		t.Run(name, func(t *testing.T) {
			whole := &countdown{Context: t.Context()}
			whole.left.Store(1 << 40)
			g, err := work(whole)
			require.NoError(t, err)
			asked := 1<<40 - whole.left.Load()
			for _, share := range []int64{0, 5, 20, 40, 55, 70, 90} {
				ctx := &countdown{Context: t.Context()}
				ctx.left.Store(asked * share / 100)
				made, err := work(ctx)
				require.ErrorIs(t, err, context.Canceled)
				require.Nil(t, made)
			}
			for name, again := range map[string]func(ctx context.Context) error{
				"relabel": func(ctx context.Context) error { _, err := g.ByDegree(ctx, 2); return err },
				"reweight": func(ctx context.Context) error {
					_, err := g.Reweight(ctx, 2, func(Arc) float64 { return 1 })
					return err
				},
				"symmetric": func(ctx context.Context) error { _, err := directed(g).Symmetric(ctx); return err },
			} {
				ctx := &countdown{Context: t.Context()}
				ctx.left.Store(3)
				require.ErrorIs(t, again(ctx), context.Canceled, name)
			}
		})
	}
}

// directed returns g as a directed graph whose edges all point in both directions.
func directed(g *Graph) *Graph {
	both := g.share()
	both.directed = true
	return both
}
