package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/require"

	"rummage/casefile/format"
	"rummage/casefile/format/formattest"
	"rummage/casefile/subgraph"
	"rummage/graph/neo4j/neo4jtest"
)

// loadCaseFile has neo4j-admin load a case file with 200 hostile names, and then the same server run its script, twice: both times every node and
// edge is there with what was said of it, and nothing else is.
func loadCaseFile(t *testing.T, server *neo4jtest.Server) {
	t.Helper()
	ctx, dir := context.Background(), t.TempDir()
	document := formattest.Document(formattest.World(), "TLP:AMBER")
	chosen, err := format.Chosen([]string{"neo4j-import", "cypher"})
	require.NoError(t, err)
	var script string
	for _, f := range chosen {
		for _, file := range f.Files {
			var text bytes.Buffer
			require.NoError(t, file.Write(&text, document))
			require.NoError(t, os.WriteFile(filepath.Join(dir, file.Name), text.Bytes(), 0o600))
			if file.Name == "network.cypher" {
				script = text.String()
			}
		}
	}
	server.Load(t, dir, "neo4j-import.args")
	session := server.Driver(t).NewSession(ctx, neo4j.SessionConfig{DatabaseName: server.Database})
	defer func() { require.NoError(t, session.Close(ctx)) }()
	inNeo4j(t, session, document.Graph)

	server.Empty(t)
	for range 2 {
		for _, statement := range strings.SplitAfter(script, ";\n") {
			if statement = strings.TrimSpace(strings.TrimSuffix(statement, ";\n")); statement == "" {
				continue
			}
			result, err := session.Run(ctx, statement, nil)
			require.NoError(t, err, "%.2000s", statement)
			_, err = result.Consume(ctx)
			require.NoError(t, err, "%.2000s", statement)
		}
		inNeo4j(t, session, document.Graph)
	}
}

// inNeo4j compares what a database holds with a graph, value by value.
func inNeo4j(t *testing.T, session neo4j.SessionWithContext, g *subgraph.Graph) {
	t.Helper()
	ctx := context.Background()
	collect := func(query string) []*neo4j.Record {
		result, err := session.Run(ctx, query, nil)
		require.NoError(t, err)
		records, err := result.Collect(ctx)
		require.NoError(t, err)
		return records
	}
	nodes := map[any]neo4j.Node{}
	for _, record := range collect("MATCH (n) RETURN n") {
		n := record.Values[0].(neo4j.Node)
		nodes[n.Props["id"]] = n
	}
	require.Len(t, nodes, len(g.Nodes))
	for i := range g.Nodes {
		n := &g.Nodes[i]
		got := nodes[string(n.ID)]
		require.Contains(t, got.Labels, "CaseFile")
		require.Contains(t, got.Labels, strings.ToUpper(n.Kind[:1])+n.Kind[1:])
		require.Equal(t, n.Label, inText(got.Props["name"]))
		require.Equal(t, n.Chosen, got.Props["chosen"])
		require.Equal(t, n.Start.String(), inText(got.Props["start"]))
		require.Equal(t, n.End.String(), inText(got.Props["end"]))
		for _, s := range n.Scores {
			require.InDelta(t, s.Value, got.Props["score_"+s.Name], 0)
		}
		same(t, n.Attributes, got.Props["attributes"])
		require.Equal(t, subgraph.Value(n.Attributes, "kind"), inText(got.Props["stated_kind"]))
		var rows []any
		for _, o := range n.Sources {
			rows = append(rows, fmt.Sprintf("%s:%d", o.Source, o.Row))
		}
		found, _ := got.Props["rows"].([]any)
		require.Equal(t, rows, found)
	}
	edges := map[any]*neo4j.Record{}
	for _, record := range collect("MATCH (a)-[r]->(b) RETURN r, a.id, b.id") {
		edges[record.Values[0].(neo4j.Relationship).Props["edge"]] = record
	}
	require.Len(t, edges, len(g.Edges), "parallel ones too")
	for i := range g.Edges {
		e := &g.Edges[i]
		record := edges["e"+strconv.Itoa(i+1)]
		require.NotNil(t, record)
		got := record.Values[0].(neo4j.Relationship)
		require.Equal(t, []any{string(e.From), string(e.To)}, record.Values[1:])
		require.Equal(t, strings.ToUpper(e.Kind), got.Type)
		require.Equal(t, []string{e.Start.String(), e.End.String(), e.Key}, []string{inText(got.Props["start"]), inText(got.Props["end"]), inText(got.Props["event"])})
		same(t, e.Attributes, got.Props["attributes"])
	}
}

// inText is a property as text, "" for none.
func inText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case neo4j.Date:
		return v.Time().Format("2006-01-02")
	}
	return fmt.Sprint(value)
}

// same compares attributes with those of a property.
func same(t *testing.T, want []subgraph.Attribute, property any) {
	t.Helper()
	got := []subgraph.Attribute{}
	if property != nil {
		require.NoError(t, json.Unmarshal([]byte(inText(property)), &got))
	}
	require.Equal(t, want, got)
}
