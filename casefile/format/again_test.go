package format_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/format/network"
	"rummage/ingest/read"
)

// table reads a part of a graph file with the reader that ingest has for such files, as one map a row.
func table(t *testing.T, content []byte, part string) []map[string]string {
	t.Helper()
	file := bytes.NewReader(content)
	d, err := network.Detect(context.Background(), file, read.Part{Sheet: part}, read.Hints{})
	require.NoError(t, err)
	reader, err := network.Open(context.Background(), file, d)
	require.NoError(t, err)
	return cells(t, reader, d)
}

// cells reads all rows.
func cells(t *testing.T, reader read.Reader, d read.Dialect) []map[string]string {
	t.Helper()
	defer reader.Close()
	names := strings.Split(d.Names, read.Between)
	if d.Names == "" {
		names = reader.Header().Names()
	}
	var all []map[string]string
	for {
		row, err := reader.Next()
		var refused *read.RowError
		switch {
		case errors.Is(err, io.EOF):
			return all
		case errors.As(err, &refused):
			// No name in a store holds it, since ingest takes none that does.
			require.Equal(t, read.NULByte, refused.Reason)
			all = append(all, nil)
			continue
		}
		require.NoError(t, err)
		cells := map[string]string{}
		for i, cell := range row.Cells {
			cells[names[i]] = string(cell)
		}
		all = append(all, cells)
	}
}

// TestIngestReadsThemAgain hands every graph file to the readers of ingest, which were written for those of other programs: as many nodes and
// edges, parallel ones too, between the same ends and in the same order, and labels that say the same.
func TestIngestReadsThemAgain(t *testing.T) {
	g := world()
	for name, label := range map[string]func(string) string{
		"network.graphml": held, "network.gexf": held,
		"network.json": func(text string) string { return text }, "network.cyjs": func(text string) string { return text },
		"network.jgf.json": func(text string) string { return text },
	} {
		t.Run(name, func(t *testing.T) {
			content := written(t, name, g)
			nodes := table(t, content, network.Nodes)
			require.Len(t, nodes, len(g.Nodes))
			for i, n := range nodes {
				if n == nil {
					require.Contains(t, g.Nodes[i].Label, "\x00")
					continue
				}
				require.Equal(t, string(g.Nodes[i].ID), n["id"])
				want := label(g.Nodes[i].Label)
				assert.Contains(t, []string{want, strings.TrimSpace(want), strings.ReplaceAll(want, "\r\n", "\n")}, n["label"], "of node %d", i)
			}
			edges := table(t, content, network.Edges)
			require.Len(t, edges, len(g.Edges))
			for i, e := range edges {
				if e == nil {
					require.Contains(t, g.Edges[i].Key, "\x00")
					continue
				}
				require.Equal(t, string(g.Edges[i].From)+" "+string(g.Edges[i].To), e["source"]+" "+e["target"])
			}
		})
	}
}

// TestIngestReadsTheTextsAgain does so with the two forms that keep labels alone, one of which cannot hold all signs.
func TestIngestReadsTheTextsAgain(t *testing.T) {
	g := world()
	for _, name := range []string{"network.dot", "network.net"} {
		t.Run(name, func(t *testing.T) {
			content := written(t, name, g)
			nodes, edges := table(t, content, network.Nodes), table(t, content, network.Edges)
			require.Len(t, nodes, len(g.Nodes))
			require.Len(t, edges, len(g.Edges))
			var labels []string
			for _, n := range nodes {
				labels = append(labels, n["label"])
			}
			for _, plain := range []string{"永昌貿易有限公司", "شركة التجارة", "<script>alert(1)</script>", "a & b", "🚢⚓"} {
				assert.True(t, slices.ContainsFunc(labels, func(l string) bool { return strings.HasPrefix(l, plain) }), "%s among %d", plain, len(labels))
			}
		})
	}
}
