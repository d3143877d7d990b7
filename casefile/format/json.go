package format

import (
	"bufio"
	"encoding/json"
	"io"

	"rummage/casefile/subgraph"
	"rummage/graph"
)

type (
	jsonNode struct {
		*subgraph.Node
		Rows []jsonRow `json:"rows"`
	}
	jsonLink struct {
		ID         string               `json:"id"`
		Source     graph.ID             `json:"source"`
		Target     graph.ID             `json:"target"`
		Kind       string               `json:"kind"`
		Start      graph.Date           `json:"start"`
		End        graph.Date           `json:"end"`
		Event      string               `json:"event,omitempty"` // subgraph.Edge.Key; "key" is what NetworkX tells parallel edges apart by
		Key        string               `json:"key"`
		Attributes []subgraph.Attribute `json:"attributes"`
		Rows       []jsonRow            `json:"rows"`
	}
	jsonRow struct {
		Source graph.SourceID `json:"source"`
		Row    int64          `json:"row"`
	}
)

func jsonRows(origins []graph.Origin) []jsonRow {
	all := make([]jsonRow, 0, len(origins))
	for _, o := range origins {
		all = append(all, jsonRow(o))
	}
	return all
}

// writeJSON writes the node-link form of NetworkX, one node or link a line.
func writeJSON(to io.Writer, d *Document) error {
	g := d.Graph
	about, err := d.about()
	if err != nil {
		return err
	}
	w := bufio.NewWriter(to)
	_, _ = w.WriteString("{\"directed\":true,\"multigraph\":true,\"graph\":" + about + ",\n\"nodes\":[") // Flush has its error
	for i := range g.Nodes {
		if err := jsonLine(w, i, jsonNode{&g.Nodes[i], jsonRows(g.Nodes[i].Sources)}); err != nil {
			return err
		}
	}
	_, _ = w.WriteString("\n],\n\"links\":[")
	for i := range g.Edges {
		e := &g.Edges[i]
		if err := jsonLine(w, i, jsonLink{edgeID(i), e.From, e.To, e.Kind, e.Start, e.End, e.Key, edgeID(i), e.Attributes, jsonRows(e.Sources)}); err != nil {
			return err
		}
	}
	_, _ = w.WriteString("\n]}\n")
	return w.Flush()
}

func jsonLine(w *bufio.Writer, i int, value any) error {
	line, err := json.Marshal(value)
	if err != nil {
		return err
	}
	if i > 0 {
		_ = w.WriteByte(',')
	}
	_ = w.WriteByte('\n')
	_, err = w.Write(line)
	return err
}
