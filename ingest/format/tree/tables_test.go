package tree_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/ingest/format/tree"
	"rummage/ingest/read"
)

// TestTables: what Detect finds comes first, then each other record that is wanted and there, with the columns that Detect would give it.
func TestTables(t *testing.T) {
	const file = `<l><p><r><a>1</a><b>2</b></r><r><a>3</a></r></p><q><s i="1"><c>4</c></s></q></l>`
	tables, at, err := tree.Tables(t.Context(), strings.NewReader(file), read.Hints{}, []string{"q.s", "none", "l.p.r", "s", "l..p"})
	require.NoError(t, err)
	require.Equal(t, []int{1, -1, 0, 1, -1}, at)
	require.Len(t, tables, 2)
	require.Equal(t, detect(t, file, read.Hints{}), tables[0])
	require.Equal(t, detect(t, file, read.Hints{Record: "q.s"}), tables[1])

	for name, broken := range map[string]string{
		"in the first kind": `<l><r><a>1</b></r><r><a>3</a></r><q><s><c>4</c></s></q></l>`,
		"in the second":     `<l><r><a>1</a></r><r><a>3</a></r><q><s><c>&x;</c></s><s><c>5</c></s></q></l>`,
	} {
		t.Run(name, func(t *testing.T) {
			tables, at, err := tree.Tables(t.Context(), strings.NewReader(broken), read.Hints{Record: "l.r"}, []string{"q.s"})
			require.NoError(t, err)
			require.Equal(t, []int{1}, at)
			require.Equal(t, detect(t, broken, read.Hints{Record: "q.s"}), tables[1])
		})
	}

	_, _, err = tree.Tables(t.Context(), strings.NewReader("<html><body/></html>"), read.Hints{}, nil)
	require.ErrorIs(t, err, read.ErrFormat)
	_, _, err = tree.Tables(t.Context(), strings.NewReader(" "), read.Hints{}, nil)
	require.ErrorIs(t, err, read.ErrEmpty)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err = tree.Tables(ctx, strings.NewReader(file), read.Hints{}, []string{"q.s"})
	require.ErrorIs(t, err, context.Canceled)
}
