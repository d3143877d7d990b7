package format

import (
	"bufio"
	"encoding/json"
	"io"

	"rummage/casefile/subgraph"
	"rummage/graph"
)

type (
	cx2Kind struct {
		Type string `json:"d"`
	}
	cx2Count struct {
		Name  string `json:"name"`
		Count int    `json:"elementCount"`
	}
	cx2Node struct {
		ID     int            `json:"id"`
		Values map[string]any `json:"v"`
	}
	cx2Edge struct {
		ID     int            `json:"id"`
		Source int            `json:"s"`
		Target int            `json:"t"`
		Values map[string]any `json:"v"`
	}
)

// cx2Lists are the fixed columns that hold lists, beside all attributes.
var cx2Lists = map[string]bool{"records": true, "rows": true}

// cx2Declared gives each column its type.
func cx2Declared(c *columns) map[string]cx2Kind {
	all := map[string]cx2Kind{}
	for i, name := range c.header {
		kind := c.kind(i)
		if i >= len(c.fixed)+len(c.scores) || i < len(c.fixed) && cx2Lists[name] {
			kind = "list_of_string"
		}
		all[name] = cx2Kind{kind}
	}
	return all
}

// cx2Values are what a node or an edge has: every value of an attribute for itself, and nothing where nothing is said.
func cx2Values(c *columns, fixed map[string]any, scores []subgraph.Score, all []subgraph.Attribute) map[string]any {
	for name, value := range fixed {
		if list, ok := value.([]string); value == "" || ok && len(list) == 0 {
			delete(fixed, name)
		}
	}
	for _, s := range scores {
		fixed[scorePrefix+s.Name] = s.Value
	}
	for i, name := range c.names {
		var list []string
		for _, a := range all {
			if a.Name == name {
				list = append(list, a.Value)
			}
		}
		if list != nil {
			fixed[c.stated()[i]] = list
		}
	}
	return fixed
}

// writeCX2 writes the Cytoscape Exchange format in its version 2, one node or edge a line. Nodes and edges are numbered; their ids are values.
func writeCX2(to io.Writer, d *Document) error {
	g := d.Graph
	nodes := nodeColumnsOf(g, "node", "kind", "name", "chosen", "records", "start", "end", "doubts", "rows")
	edges := edgeColumnsOf(g, "edge", "interaction", "start", "end", "event", "doubts", "rows")
	about := map[string]string{"name": d.Title, "handling": d.Handling.String(), "description": warning}
	w := bufio.NewWriter(to)
	for i, aspect := range []any{
		map[string]any{"CXVersion": "2.0", "hasFragments": false},
		map[string]any{"metaData": []cx2Count{{"attributeDeclarations", 1}, {"networkAttributes", 1}, {"nodes", len(g.Nodes)}, {"edges", len(g.Edges)}}},
		map[string]any{"attributeDeclarations": []any{map[string]any{"networkAttributes": map[string]cx2Kind{"name": {"string"},
			"handling": {"string"}, "description": {"string"}}, "nodes": cx2Declared(nodes), "edges": cx2Declared(edges)}}},
		map[string]any{"networkAttributes": []any{about}},
	} {
		text, err := json.Marshal(aspect)
		if err != nil {
			return err
		}
		_ = w.WriteByte("[,"[min(i, 1)]) // Flush has its error
		_, _ = w.Write(append(text, '\n'))
	}
	number := make(map[graph.ID]int, len(g.Nodes))
	_, _ = w.WriteString(`,{"nodes":[`)
	for i := range g.Nodes {
		n := &g.Nodes[i]
		number[n.ID] = i
		if err := jsonLine(w, i, cx2Node{i, cx2Values(nodes, map[string]any{"node": string(n.ID), "kind": n.Kind, "name": n.Label, "chosen": n.Chosen,
			"records": idList(n.Records), "start": n.Start.String(), "end": n.End.String(), "doubts": marks(n.Attributes), "rows": rowList(n.Sources),
		}, n.Scores, n.Attributes)}); err != nil {
			return err
		}
	}
	_, _ = w.WriteString("\n]}\n,{\"edges\":[")
	for i := range g.Edges {
		e := &g.Edges[i]
		if err := jsonLine(w, i, cx2Edge{i, number[e.From], number[e.To], cx2Values(edges, map[string]any{"edge": edgeID(i), "interaction": e.Kind,
			"start": e.Start.String(), "end": e.End.String(), "event": e.Key, "doubts": marks(e.Attributes), "rows": rowList(e.Sources),
		}, nil, e.Attributes)}); err != nil {
			return err
		}
	}
	_, _ = w.WriteString("\n]}\n,{\"status\":[{\"success\":true}]}]\n")
	return w.Flush()
}
