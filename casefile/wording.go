package casefile

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"rummage/casefile/bag"
	"rummage/casefile/redaction"
	"rummage/casefile/row"
	"rummage/casefile/story"
	"rummage/casefile/subgraph"
	"rummage/graph"
)

// Wording is what a case file of this shape says whoever it is of: that of nobody is written, in the same formats, with the same names of columns,
// kinds, roles, codes and keys, and nothing of what stands in them. It takes as long as a case file of one consignment. Errors are those of Pack.
func Wording(ctx context.Context, c *Contents, custody *Custody) (*redaction.Wording, error) {
	nobody, err := c.nobody()
	if err != nil {
		return nil, fmt.Errorf("casefile: wording: %w", err)
	}
	handling, err := Handling(slices.Concat(c.Sources, c.Behind), custody.Ceiling)
	if err != nil {
		return nil, err
	}
	said := Custody{Purpose: none, Case: none, Recipient: none, Author: none, Ceiling: custody.Ceiling, Made: custody.Made, Tool: custody.Tool}
	var texts bytes.Buffer
	p := &packer{ctx: ctx, packed: &Packed{Handling: handling}, open: func(name string) (io.WriteCloser, error) {
		texts.WriteString("\n" + name + "\n")
		return &unzipped{zipped: redaction.Zipped(name), into: &texts}, nil
	}}
	if nobody, err = nobody.redacted(); err == nil {
		err = p.all(nobody, &said)
	}
	if err != nil {
		return nil, fmt.Errorf("casefile: wording: %w", err)
	}
	texts.WriteByte('\n')
	texts.Write(bag.Wording(said.info(none, handling)))
	return redaction.NewWording(texts.Bytes()), nil
}

// unzipped takes a file, and hands its members on if it is a zip file.
type unzipped struct {
	bytes.Buffer
	zipped bool
	into   *bytes.Buffer
}

// Close hands on what was written.
func (u *unzipped) Close() error {
	if !u.zipped {
		_, err := u.WriteTo(u.into)
		return err
	}
	return redaction.Members(&u.Buffer, func(name string, content io.Reader) error {
		u.into.WriteString("\n" + name + "\n")
		_, err := u.into.ReadFrom(content)
		return err
	})
}

// none stands for all that a case file says of somebody.
const none = "0"

// nobody are contents of the same shape of which nothing is of anybody: one node of each kind and one edge of each, one of them redacted.
func (c *Contents) nobody() (*Contents, error) {
	out := &Contents{Title: none, Formats: c.Formats, Graph: shapeOf(c.Graph), Story: toldOf(c.told()), Rows: rowOfNobody, Cases: map[graph.SourceID]json.RawMessage{}}
	for i := range c.Sources {
		s := &c.Sources[i]
		out.Sources = append(out.Sources, graph.Source{ID: none, SourceSpec: graph.SourceSpec{Name: none, Part: none, Options: none, Owner: none,
			Joined: []graph.Joined{{Name: none, Part: none}}, Handling: s.Handling, Grading: s.Grading}})
	}
	for id, said := range c.Cases {
		var err error
		if out.Cases[id], err = redaction.Keys(said); err != nil {
			return nil, err
		}
		out.Sources = append(out.Sources, graph.Source{ID: id})
	}
	for _, t := range c.Texts {
		content := []byte(none)
		if path.Ext(t.Name) == ".json" {
			var err error
			if content, err = redaction.Keys(t.Content); err != nil {
				return nil, fmt.Errorf("%s: %w", t.Name, err)
			}
		}
		out.Texts = append(out.Texts, Text{Name: t.Name, Title: none, Content: content})
	}
	request := &redaction.Request{}
	for i := range out.Graph.Nodes {
		if n := &out.Graph.Nodes[i]; n.Kind == graph.Party.String() {
			request.IDs = []graph.ID{n.ID}
		}
	}
	var err error
	out.Redaction, err = redaction.New(make([]byte, 32), request, out.Graph, redaction.Knowledge{})
	return out, err
}

// rowOfNobody yields a row, with one that was joined and one that it cites.
func rowOfNobody(yield func(json.RawMessage, error) bool) {
	record, err := json.Marshal(row.Record{Source: none, ID: none, SHA256: none, Mapping: none, Row: 1, Joined: []row.Joined{{Join: none, Source: none, SHA256: none, Row: 1}},
		Cited: &row.Citation{Source: none, ID: none, SHA256: none, Mapping: none, Row: 1}})
	if err != nil {
		yield(nil, err)
		return
	}
	line, err := json.Marshal(row.Line{Source: none, Row: 1, Record: record})
	yield(line, err)
}

// shapeOf is a graph with a node of each kind and an edge of each, which have all attributes that any of a graph has.
func shapeOf(g *subgraph.Graph) *subgraph.Graph {
	out := &subgraph.Graph{}
	here := []graph.Origin{{Source: none, Row: 1}}
	attributes := valueless(g.NodeNames())
	for i := range g.Nodes {
		for _, a := range g.Nodes[i].Attributes {
			if result, _, _ := strings.Cut(a.Value, " "); a.Name == subgraph.Outcome && !slices.Contains(attributes, subgraph.Attribute{Name: a.Name, Value: result}) {
				attributes = append(attributes, subgraph.Attribute{Name: a.Name, Value: result})
			}
		}
	}
	var scores []subgraph.Score
	for _, name := range g.ScoreNames() {
		scores = append(scores, subgraph.Score{Name: name})
	}
	first, kinds := map[string]graph.ID{}, map[graph.ID]string{}
	for i := range g.Nodes {
		kind := g.Nodes[i].Kind
		kinds[g.Nodes[i].ID] = kind
		if first[kind] == "" {
			first[kind] = graph.NewID(g.Nodes[i].ID.Kind(), none, none)
			out.Nodes = append(out.Nodes, subgraph.Node{ID: first[kind], Kind: kind, Label: none, Chosen: true, Attributes: attributes, Scores: scores, Sources: here})
		}
	}
	seen := map[[3]string]bool{}
	for i := range g.Edges {
		e := &g.Edges[i]
		if is := [3]string{kinds[e.From], e.Kind, kinds[e.To]}; !seen[is] {
			seen[is] = true
			out.Edges = append(out.Edges, subgraph.Edge{From: first[is[0]], Kind: e.Kind, To: first[is[2]], Attributes: valueless(g.EdgeNames()), Sources: here})
		}
	}
	id, fields := graph.NewID(graph.Party, none, none), []graph.Field{{Name: none, Value: none}}
	out.Records = subgraph.Records{
		Facts: []graph.Fact{{Entity: id, Property: none, Value: none, Origins: here}},
		Statements: []graph.Statement{{Consignment: graph.NewID(graph.KindConsignment, none, none), View: graph.Declaration, Document: none, Part: none, Version: 1, Fields: fields,
			Ties: []graph.Tie{{Role: graph.Importer, Entity: id}}, Origins: here}},
		Links:    []graph.Link{{Role: graph.OwnedBy, From: id, To: id, Key: none, Fields: fields, Origins: here}},
		Outcomes: []graph.Outcome{{Subject: id, Result: graph.Hit, Fields: fields, Origins: here}},
	}
	out.Settle()
	return out
}

// valueless are attributes of these names.
func valueless(names []string) []subgraph.Attribute {
	var all []subgraph.Attribute
	for _, name := range names {
		all = append(all, subgraph.Attribute{Name: name, Value: none})
	}
	return all
}

// toldOf is a story with one of each, and the words that are of no party.
func toldOf(told *story.Story) *story.Story {
	some := []string{none}
	out := &story.Story{Heading: told.Heading, Summary: some, Base: none, For: some, Against: some, Without: some, Missing: some, Notes: some,
		Ledger: []story.Entry{{Share: 1, What: none, Rows: none}}}
	for i := range told.Patterns {
		out.Patterns = append(out.Patterns, story.Pattern{Name: told.Patterns[i].Name, Text: none, Shows: some, Against: some})
	}
	for i := range told.Members {
		out.Members = append(out.Members, story.Member{ID: graph.NewID(graph.Party, none, none), Name: none, Role: told.Members[i].Role, Evidence: some})
	}
	return out
}
