package format

import (
	"bufio"
	"cmp"
	"encoding/json"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"rummage/casefile/subgraph"
	"rummage/graph"
)

type (
	mispTag struct {
		Name string `json:"name"`
	}
	mispAttribute struct {
		UUID         string `json:"uuid"`
		Relation     string `json:"object_relation,omitempty"`
		Type         string `json:"type"`
		Category     string `json:"category"`
		Value        string `json:"value"`
		Comment      string `json:"comment,omitempty"`
		ToIDs        bool   `json:"to_ids"`
		Uncorrelated bool   `json:"disable_correlation"`
		Distribution string `json:"distribution"`
		Timestamp    string `json:"timestamp"`
	}
	mispReference struct {
		UUID         string `json:"uuid"`
		Object       string `json:"object_uuid"`
		Referenced   string `json:"referenced_uuid"`
		Relationship string `json:"relationship_type"`
		Comment      string `json:"comment"`
		Timestamp    string `json:"timestamp"`
	}
	mispObject struct {
		UUID            string          `json:"uuid"`
		Name            string          `json:"name"`
		MetaCategory    string          `json:"meta-category"`
		Description     string          `json:"description"`
		TemplateUUID    string          `json:"template_uuid"`
		TemplateVersion string          `json:"template_version"`
		Distribution    string          `json:"distribution"`
		Comment         string          `json:"comment"`
		FirstSeen       string          `json:"first_seen,omitempty"`
		LastSeen        string          `json:"last_seen,omitempty"`
		Timestamp       string          `json:"timestamp"`
		Attributes      []mispAttribute `json:"Attribute"`
		References      []mispReference `json:"ObjectReference"`
	}
	// mispEdge is the comment of a reference, which has room for nothing else.
	mispEdge struct {
		Edge       string               `json:"edge"`
		Start      graph.Date           `json:"start"`
		End        graph.Date           `json:"end"`
		Event      string               `json:"event"`
		Attributes []subgraph.Attribute `json:"attributes"`
		Rows       []string             `json:"rows"`
	}
)

const (
	mispOther    = "Other"
	mispInherit  = "5" // of the event
	mispMeta     = "misc"
	mispTemplate = "1"
	mispInstant  = "2006-01-02T15:04:05.000000+00:00"
)

// internationalPhone is a number that MISP takes as one.
var internationalPhone = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\+[0-9][0-9 ()-]{4,}$`) })

// mispEvent writes an event.
type mispEvent struct {
	*Document
	w     *bufio.Writer
	stamp string
}

// writeMISP writes an event of MISP that stays in the organisation that takes it in (distribution 0) and looks for nothing (to_ids is off):
// an object a node, called trade- and its kind, a reference an edge, and the files with their hashes. Handling and grading are tags. What is
// known of an edge is JSON in the comment of its reference.
func writeMISP(to io.Writer, d *Document) error {
	g := d.Graph
	m := &mispEvent{Document: d, w: bufio.NewWriter(to), stamp: strconv.FormatInt(max(0, d.Made.Unix()), 10)}
	fixed := map[string]any{"uuid": named5("misp event", d.Title, stixTime(d.Made)), "info": cmp.Or(d.Title, "network"), "date": d.Made.UTC().Format(time.DateOnly),
		"timestamp": m.stamp, "publish_timestamp": "0", "published": false, "threat_level_id": "4", "analysis": "2", "distribution": "0",
		"Orgc": map[string]string{"name": cmp.Or(d.Author, "unnamed"), "uuid": named5("author", d.Author)},
		"Tag":  m.tags(), "Attribute": m.files()}
	head, err := json.Marshal(map[string]any{"Event": fixed})
	if err != nil {
		return err
	}
	_, _ = m.w.Write(head[:len(head)-2]) // Flush has its error
	_, _ = m.w.WriteString(`,"Object":[`)
	edges := map[graph.ID][]mispReference{}
	for i := range g.Edges {
		reference, err := m.reference(i, edgeUUID(&g.Edges[i]))
		if err != nil {
			return err
		}
		edges[g.Edges[i].From] = append(edges[g.Edges[i].From], reference)
	}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if err := jsonLine(m.w, i, m.object(n, edges[n.ID])); err != nil {
			return err
		}
	}
	_, _ = m.w.WriteString("\n]}}\n")
	return m.w.Flush()
}

// tags are the handling code and the gradings of the sources, in the words of MISP's taxonomies where these have them.
func (m *mispEvent) tags() []mispTag {
	all := []mispTag{}
	add := func(name string) {
		for _, had := range all {
			if had.Name == name {
				return
			}
		}
		all = append(all, mispTag{name})
	}
	switch code := m.Handling.String(); {
	case strings.HasPrefix(code, "TLP:"):
		add(strings.ToLower(code))
	case code != "":
		add("handling:code=\"" + code + "\"")
	}
	for i := range m.Sources {
		if grading := m.Sources[i].Grading; admiralty().MatchString(grading) {
			add("admiralty-scale:source-reliability=\"" + strings.ToLower(grading[:1]) + "\"")
			add("admiralty-scale:information-credibility=\"" + grading[1:] + "\"")
		}
	}
	return all
}

// files are the files that the graph stands on.
func (m *mispEvent) files() []mispAttribute {
	all := []mispAttribute{}
	for i := range m.Sources {
		s := &m.Sources[i]
		if len(s.SHA256) != 64 || s.Name == "" {
			continue
		}
		a := m.attribute(string(s.ID), "", "filename|sha256", s.Name+"|"+string(s.SHA256))
		a.Category, a.Comment = "External analysis", string(s.ID)
		all = append(all, a)
	}
	return all
}

// attribute makes one; of whom, what and which value make its UUID.
func (m *mispEvent) attribute(of, relation, kind, value string) mispAttribute {
	return mispAttribute{UUID: named5("misp attribute", of, relation, kind, value), Relation: relation, Type: kind, Category: mispOther, Value: value,
		Distribution: mispInherit, Timestamp: m.stamp, Uncorrelated: true}
}

// object is a node. Its name, and it alone, is compared with other events.
func (m *mispEvent) object(n *subgraph.Node, edges []mispReference) *mispObject {
	o := &mispObject{UUID: nodeUUID(n.ID), Name: "trade-" + n.Kind, MetaCategory: mispMeta, Description: "A node of a trade network: " + n.Kind,
		TemplateUUID: named5("misp template", n.Kind), TemplateVersion: mispTemplate, Distribution: mispInherit, Comment: strings.Join(rowList(n.Sources), " "),
		Timestamp: m.stamp, References: append([]mispReference{}, edges...)}
	if n.Start != graph.NoDate {
		o.FirstSeen = n.Start.Time().Format(mispInstant)
	}
	if n.End != graph.NoDate && n.End >= n.Start {
		o.LastSeen = n.End.Time().Format(mispInstant)
	}
	id := string(n.ID)
	name := m.attribute(id, "name", mispType(n), nameOf(n))
	name.Uncorrelated = false
	if name.Type != "text" {
		name.Category = "Person"
	}
	o.Attributes = append(o.Attributes, name, m.attribute(id, "node", "text", id), m.attribute(id, "chosen", "boolean", map[bool]string{true: "1", false: "0"}[n.Chosen]))
	for _, record := range n.Records {
		o.Attributes = append(o.Attributes, m.attribute(id, "record", "text", string(record)))
	}
	for _, s := range n.Scores {
		o.Attributes = append(o.Attributes, m.attribute(id, scorePrefix+s.Name, "float", scoreText(n.Scores, s.Name)))
	}
	for _, a := range n.Attributes {
		if strings.TrimSpace(a.Value) == "" {
			continue // MISP takes no blanks for a value
		}
		stated := m.attribute(id, "stated_"+a.Name, "text", a.Value)
		if stated.Comment = a.Mark; a.Mark != "" { // the same may stand beside it without the mark
			stated.UUID = named5("misp attribute", id, "stated_"+a.Name, "text", a.Value, a.Mark)
		}
		o.Attributes = append(o.Attributes, stated)
	}
	return o
}

// mispType is the type of a name.
func mispType(n *subgraph.Node) string {
	switch {
	case n.Kind == graph.Email.String() && mailbox().MatchString(n.Label):
		return "email"
	case n.Kind == graph.Phone.String() && internationalPhone().MatchString(n.Label):
		return "phone-number"
	}
	return "text"
}

// reference is an edge.
func (m *mispEvent) reference(i int, id string) (mispReference, error) {
	e := &m.Graph.Edges[i]
	comment, err := json.Marshal(mispEdge{edgeID(i), e.Start, e.End, e.Key, e.Attributes, rowList(e.Sources)})
	return mispReference{id, nodeUUID(e.From), nodeUUID(e.To), e.Kind, string(comment), m.stamp}, err
}
