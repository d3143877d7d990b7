package ingest

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/graph"
)

// watched is a store that counts the rows of quarantines that were read.
type watched struct {
	graph.Store
	rows int
}

func (w *watched) Within(ctx context.Context, scope graph.Scope) (graph.Reader, error) {
	reader, err := w.Store.Within(ctx, scope)
	return &watchedReader{reader, w}, err
}

type watchedReader struct {
	graph.Reader
	by *watched
}

func (w *watchedReader) Quarantine(ctx context.Context, id graph.SourceID) iter.Seq2[graph.RowError, error] {
	return func(yield func(graph.RowError, error) bool) {
		for row, err := range w.Reader.Quarantine(ctx, id) {
			w.by.rows++
			if !yield(row, err) {
				return
			}
		}
	}
}

// TestASourceReplacedInTheSameRun: what took its place is what a further file may mend; the one that is gone is not asked.
func TestASourceReplacedInTheSameRun(t *testing.T) {
	const broken = world + "C1,0,I1,E1,F1,P1,0,0\nC2,soon,I2,E1,F1,P1,0,0\n"
	store := open(t)
	o := options()
	o.Now = clock()
	path := write(t, "broken.csv", broken)
	_, err := Run(t.Context(), store, []string{path}, o)
	require.NoError(t, err)
	o.Hints.Delimiter = ","
	report, err := Run(t.Context(), store, []string{path, write(t, "other.csv", world+"C8,1,I8,E8,F1,P1,0,0\n"),
		write(t, "whole.csv", strings.Replace(broken, "soon", "1", 1))}, o)
	require.NoError(t, err)
	assert.Equal(t, []State{Replaced, Imported, Imported}, []State{report.Files[0].State, report.Files[1].State, report.Files[2].State})
	assert.Empty(t, report.Files[1].Repairs)
	assert.Equal(t, report.Files[0].Source.ID, report.Files[2].Repairs)
	assert.Zero(t, report.Unresolved())
}

// TestQuarantinesAreReadNoFurtherThanTold: of a file with many broken rows, another file and a count of what is open read next to nothing.
func TestQuarantinesAreReadNoFurtherThanTold(t *testing.T) {
	const n = 500
	text := world + "C1,0,I1,E1,F1,P1,0,0\n"
	for i := range n {
		text += fmt.Sprintf("B%d,soon,I2,E1,F1,P1,0,0\n", i)
	}
	store := &watched{Store: open(t)}
	o := options()
	o.Now = clock()
	report, err := Run(t.Context(), store, []string{write(t, "broken.csv", text), write(t, "other.csv", world+"C8,1,I8,E8,F1,P1,0,0\nC9,1,I8,E8,F1,P1,0,0\n")}, o)
	require.NoError(t, err)
	assert.Equal(t, int64(n), report.Unresolved())
	assert.LessOrEqual(t, store.rows, 1)

	// The file mended as a whole is known again, and what it left open counted.
	whole := strings.Replace(text, "B0,soon", "B0,1", 1)
	report, err = Run(t.Context(), store, []string{write(t, "whole.csv", whole)}, o)
	require.NoError(t, err)
	assert.NotEmpty(t, report.Files[0].Repairs)
	assert.Equal(t, int64(n-1), report.Unresolved())
}

// TestRowsAreOpenUntilTheyAreKnownToBeMended: a run that ends before it could count tells of all rows in quarantine.
func TestRowsAreOpenUntilTheyAreKnownToBeMended(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o := options()
	second := write(t, "second.csv", world+"C3,0,I1,E1,F1,P1,0,0\n")
	o.Progress = func(p Progress) {
		if p.File == second {
			cancel()
		}
	}
	report, err := Run(ctx, open(t), []string{write(t, "broken.csv", world+"C1,0,I1,E1,F1,P1,0,0\nC2,soon,I2,E1,F1,P1,0,0\n"), second}, o)
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, []State{Imported, Failed}, []State{report.Files[0].State, report.Files[1].State})
	assert.Equal(t, int64(1), report.Unresolved())
}

// TestOnlySourcesAreMended: what somebody else wrote where a mended row says whose it is stands nowhere.
func TestOnlySourcesAreMended(t *testing.T) {
	mended := strings.Join(reasonColumns, ",") + "," + originColumn + "," + world
	for _, of := range []string{"s-0123456789abcdef", "s-0123456789ABCDEF", "=HYPERLINK(1)", strings.Repeat("x", 9000), ""} {
		mended += "2,day,date,it is no day," + of + ",C1,1,I1,E1,F1,P1,0,0\n"
	}
	report, err := Run(t.Context(), open(t), []string{write(t, "mended.csv", mended)}, options())
	require.NoError(t, err)
	assert.Equal(t, []string{"s-0123456789abcdef"}, report.Files[0].Mends)
	assert.Equal(t, int64(5), report.Files[0].Source.Stored)
}
