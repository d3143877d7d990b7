package format

import (
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"rummage/casefile/marking"
	"rummage/casefile/subgraph"
	"rummage/graph"
)

// Document is a graph on its way out, with what a format may say of it.
type Document struct {
	Graph *subgraph.Graph
	// Title names the network, or what was asked for.
	Title    string
	Handling marking.Code // the strictest of all sources
	// Purpose, Recipient and Author are those of the case file; Tool is the program that wrote it.
	Purpose, Recipient, Author, Tool string
	Made                             time.Time
	// Sources are the files that rows of the graph are from; rows of others are named all the same.
	Sources []graph.Source
}

// space is where the names of nodes and edges become UUIDs, so that two case files call the same thing by the same one.
const space = "5f0f2a5e7c0b4a399d1c2f6b3f4e8a71"

// named5 is the UUID of a name made of parts.
func named5(parts ...string) string { return uuid5(space, strings.Join(parts, "\x00")) }

// uuid5 is the UUID (RFC 9562, version 5) of a name in a space, which is given in hexadecimal digits.
func uuid5(space, name string) string {
	within, _ := hex.DecodeString(space) // a constant
	sum := sha1.Sum(append(within, name...))
	sum[6], sum[8] = sum[6]&0x0f|0x50, sum[8]&0x3f|0x80
	text := hex.EncodeToString(sum[:16])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// nodeUUID is the UUID of a node.
func nodeUUID(id graph.ID) string { return named5("node", string(id)) }

// edgeUUID is the UUID of an edge, made of what tells it from all others of its graph.
func edgeUUID(e *subgraph.Edge) string {
	return named5("edge", string(e.From), e.Kind, string(e.To), e.Start.String(), e.End.String(), e.Key)
}

// byID finds the sources that rows name.
func (d *Document) byID() map[graph.SourceID]*graph.Source {
	all := make(map[graph.SourceID]*graph.Source, len(d.Sources))
	for i := range d.Sources {
		all[d.Sources[i].ID] = &d.Sources[i]
	}
	return all
}

// about is what JSON forms have room for beside nodes and edges, as JSON.
func (d *Document) about() (string, error) {
	text, err := json.Marshal(struct {
		Name     string `json:"name"`
		Handling string `json:"handling"`
		Note     string `json:"note"`
	}{d.Title, d.Handling.String(), warning})
	return string(text), err
}

// warning stands in every format that has room for it.
const warning = "Being in this file is no proof of an offence."

// stamp is an instant to the second, UTC; "" where there is none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// nameOf is what a node is called where a name of blanks is no name.
func nameOf(n *subgraph.Node) string {
	if strings.TrimSpace(n.Label) == "" {
		return string(n.ID)
	}
	return n.Label
}
