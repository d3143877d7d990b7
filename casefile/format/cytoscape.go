package format

import (
	"bufio"
	"encoding/json"
	"io"
	"strconv"

	"rummage/casefile/subgraph"
)

// writeCytoscape writes the JSON of Cytoscape and Cytoscape.js, one element a line. Values are texts, several of one name joined.
func writeCytoscape(to io.Writer, d *Document) error {
	g := d.Graph
	nodes := nodeColumnsOf(g, append(nodeColumns[:len(nodeColumns):len(nodeColumns)], "name", "value")...)
	edges := edgeColumnsOf(g, append(edgeColumns[:len(edgeColumns):len(edgeColumns)], "source", "target", "interaction", "event")...)
	about, err := d.about()
	if err != nil {
		return err
	}
	w := bufio.NewWriter(to)
	_, _ = w.WriteString("{\"format_version\":\"1.0\",\"target_cytoscapejs_version\":\"~3\",\"directed\":true,\"multigraph\":true,\"data\":" + about + ",\n\"elements\":{\"nodes\":[")
	for i := range g.Nodes {
		n := &g.Nodes[i]
		data := nodes.named(n.Scores, n.Attributes)
		for name, value := range map[string]string{
			"id": string(n.ID), "name": n.Label, "value": string(n.ID), "label": n.Label, "kind": n.Kind, "chosen": strconv.FormatBool(n.Chosen),
			"records": ids(n.Records), "start": n.Start.String(), "end": n.End.String(), "doubts": marks(n.Attributes), "rows": rows(n.Sources),
		} {
			data[name] = value
		}
		if err := jsonLine(w, i, map[string]any{"data": data}); err != nil {
			return err
		}
	}
	_, _ = w.WriteString("\n],\n\"edges\":[")
	for i := range g.Edges {
		e := &g.Edges[i]
		data := edges.named(nil, e.Attributes)
		for name, value := range map[string]string{
			"id": edgeID(i), "source": string(e.From), "target": string(e.To), "interaction": e.Kind, "kind": e.Kind, "start": e.Start.String(),
			"end": e.End.String(), "key": edgeID(i), "event": e.Key, "doubts": marks(e.Attributes), "rows": rows(e.Sources),
		} {
			data[name] = value
		}
		if err := jsonLine(w, i, map[string]any{"data": data}); err != nil {
			return err
		}
	}
	_, _ = w.WriteString("\n]}}\n")
	return w.Flush()
}

// named are scores and attributes by the names of their columns.
func (c *columns) named(scores []subgraph.Score, all []subgraph.Attribute) map[string]any {
	data, stated := map[string]any{}, c.stated()
	for _, s := range scores {
		data[scorePrefix+s.Name] = s.Value
	}
	for i, value := range values(all, c.names) {
		if value != "" {
			data[stated[i]] = value
		}
	}
	return data
}

type (
	jgfNode struct {
		Label    string         `json:"label"`
		Metadata map[string]any `json:"metadata"`
	}
	jgfEdge struct {
		ID       string         `json:"id"`
		Source   string         `json:"source"`
		Target   string         `json:"target"`
		Relation string         `json:"relation"`
		Directed bool           `json:"directed"`
		Metadata map[string]any `json:"metadata"`
	}
)

// writeJGF writes the JSON Graph Format 2 (https://jsongraphformat.info), attributes as they stood in the metadata.
func writeJGF(to io.Writer, d *Document) error {
	g := d.Graph
	about, err := d.about()
	if err != nil {
		return err
	}
	w := bufio.NewWriter(to)
	_, _ = w.WriteString("{\"graph\":{\"directed\":true,\"type\":\"rummage\",\"metadata\":" + about + ",\n\"nodes\":{")
	for i := range g.Nodes {
		n := &g.Nodes[i]
		id, err := json.Marshal(n.ID)
		if err != nil {
			return err
		}
		metadata := map[string]any{"kind": n.Kind, "chosen": n.Chosen, "records": n.Records, "start": n.Start, "end": n.End,
			"attributes": n.Attributes, "rows": jsonRows(n.Sources)}
		if len(n.Scores) > 0 {
			metadata["scores"] = scoresOf(n)
		}
		node, err := json.Marshal(jgfNode{n.Label, metadata})
		if err != nil {
			return err
		}
		if i > 0 {
			_ = w.WriteByte(',')
		}
		_, _ = w.WriteString("\n" + string(id) + ":")
		if _, err := w.Write(node); err != nil {
			return err
		}
	}
	_, _ = w.WriteString("\n},\n\"edges\":[")
	for i := range g.Edges {
		e := &g.Edges[i]
		edge := jgfEdge{edgeID(i), string(e.From), string(e.To), e.Kind, true, map[string]any{"start": e.Start, "end": e.End, "event": e.Key,
			"attributes": e.Attributes, "rows": jsonRows(e.Sources)}}
		if err := jsonLine(w, i, edge); err != nil {
			return err
		}
	}
	_, _ = w.WriteString("\n]}}\n")
	return w.Flush()
}

// scoresOf are the scores of a node by name.
func scoresOf(n *subgraph.Node) map[string]float64 {
	all := make(map[string]float64, len(n.Scores))
	for _, s := range n.Scores {
		all[s.Name] = s.Value
	}
	return all
}
