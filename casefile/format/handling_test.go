package format_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/casefile/format"
	"rummage/casefile/format/formattest"
	"rummage/casefile/subgraph"
)

// roomless are the files that have no room for a handling code: tables, in which every line is a node or an edge, and options of a loader. A file
// beside them says it, see package casefile.
var roomless = map[string]bool{"nodes.csv": true, "edges.csv": true, "i2-entities.csv": true, "i2-links.csv": true, "neo4j-nodes.csv": true,
	"neo4j-relationships.csv": true, "neo4j-import.args": true}

// TestEveryFileBearsTheHandlingCode, as its form has it, whatever is in the graph.
func TestEveryFileBearsTheHandlingCode(t *testing.T) {
	small := world()
	small.Nodes, small.Edges = small.Nodes[:3], small.Edges[:2]
	for _, code := range []string{"TLP:RED", "TLP:AMBER+STRICT", "H2", "5x5x5:4", ""} {
		for _, f := range format.Formats() {
			for _, file := range f.Files {
				for _, g := range []*subgraph.Graph{small, {}} {
					if f.Name == "ftm" && len(g.Nodes) == 0 {
						continue // every line bears it, and there is none
					}
					document := formattest.Document(g, code)
					for i := range document.Sources {
						document.Sources[i].Handling = "" // those bear codes of their own
					}
					var text bytes.Buffer
					require.NoError(t, file.Write(&text, document))
					said := text.String()
					if filepath.Ext(file.Name) == ".xlsx" {
						parts, err := workbookParts(text.Bytes())
						require.NoError(t, err)
						said = parts
						assert.Equal(t, code != "", strings.Contains(said, "<oddHeader>&amp;C"+code+"</oddHeader>"), "%s: %s on every page", file.Name, code)
					}
					if f.Name == "misp" && strings.HasPrefix(code, "TLP:") {
						said = strings.ReplaceAll(said, strings.ToLower(code), code) // as the taxonomy writes it
					}
					if code == "" {
						for _, empty := range []string{"handling: \n", `handling=""`, `key="g0"`, "<keywords>", `\"handling\"`} {
							assert.NotContains(t, said, empty, file.Name)
						}
					} else {
						assert.Equal(t, !roomless[file.Name], strings.Contains(said, code), "%s: %s", file.Name, code)
					}
				}
			}
		}
	}
}
