package format

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"strings"

	"rummage/casefile/subgraph"
	"rummage/graph"
)

// ftmEntity is a line: an entity of a schema, each of its properties a list of texts.
type ftmEntity struct {
	ID         string              `json:"id"`
	Schema     string              `json:"schema"`
	Properties map[string][]string `json:"properties"`
}

// Schemata of FollowTheMoney that are written.
const (
	ftmCompany      = "Company"
	ftmParty        = "LegalEntity" // a person or a company: which is not said
	ftmConsignment  = "Event"
	ftmAddress      = "Address"
	ftmVessel       = "Vessel"
	ftmAccount      = "UserAccount"
	ftmThing        = "Asset" // what there is no schema for; keywords says what it is
	ftmLink         = "UnknownLink"
	ftmOwnership    = "Ownership"
	ftmDirectorship = "Directorship"
)

// ftmSchemata are those of kinds of nodes; parties see ftmCompanies.
var ftmSchemata = map[string]string{
	subgraph.Consignment: ftmConsignment, graph.Place.String(): ftmAddress, graph.Address.String(): ftmAddress, graph.Vessel.String(): ftmVessel,
	graph.Phone.String(): ftmAccount, graph.Email.String(): ftmAccount,
}

// ftmDocument writes entities.
type ftmDocument struct {
	*Document
	w         *bufio.Writer
	companies map[graph.ID]bool
	parties   map[graph.ID]bool
	err       error
}

// writeFTM writes entities of FollowTheMoney, one a line: nodes, then edges. Who is directed or owned is a Company, other parties are
// LegalEntity; direction and ownership between such are what they are called, every other edge is an UnknownLink with its role. Attributes,
// scores and rows of files are notes (of edges: descriptions) of JSON, so that nothing is lost.
func writeFTM(to io.Writer, d *Document) error {
	f := &ftmDocument{Document: d, w: bufio.NewWriter(to), companies: map[graph.ID]bool{}, parties: map[graph.ID]bool{}}
	g := d.Graph
	for i := range g.Nodes {
		if g.Nodes[i].Kind == graph.Party.String() {
			f.parties[g.Nodes[i].ID] = true
		}
	}
	for i := range g.Edges {
		switch e := &g.Edges[i]; e.Kind {
		case graph.DirectorOf.String():
			f.companies[e.To] = f.parties[e.To]
		case graph.OwnedBy.String():
			f.companies[e.From] = f.parties[e.From]
		}
	}
	for i := range g.Nodes {
		f.node(&g.Nodes[i])
	}
	for i := range g.Edges {
		f.edge(i, edgeUUID(&g.Edges[i]), &g.Edges[i])
	}
	return cmp.Or(f.err, f.w.Flush())
}

func (f *ftmDocument) entity(id, schema string, properties map[string][]string) {
	for name, texts := range properties {
		if len(texts) == 0 || len(texts) == 1 && texts[0] == "" {
			delete(properties, name)
		}
	}
	line, err := json.Marshal(ftmEntity{id, schema, properties})
	f.err = cmp.Or(f.err, err)
	_, _ = f.w.Write(append(line, '\n')) // Flush has its error
}

// ftmID is an id as FollowTheMoney takes it.
func ftmID(id graph.ID) string {
	sum := sha256.Sum256([]byte(id))
	return "rummage-" + hex.EncodeToString(sum[:20])
}

// notes are attributes and what else has no property, each as JSON.
func (f *ftmDocument) notes(all []subgraph.Attribute, more map[string]any) []string {
	var texts []string
	add := func(value any) {
		text, err := json.Marshal(value)
		f.err = cmp.Or(f.err, err)
		texts = append(texts, string(text))
	}
	for _, a := range all {
		add(a)
	}
	add(more)
	return texts
}

// mark has every line bear the handling code, since the file has no other place for it.
func (f *ftmDocument) mark(more map[string]any) {
	if code := f.Handling.String(); code != "" {
		more["handling"] = code
	}
}

func (f *ftmDocument) node(n *subgraph.Node) {
	schema := cmp.Or(ftmSchemata[n.Kind], ftmThing)
	if f.parties[n.ID] {
		schema = ftmParty
	}
	if f.companies[n.ID] {
		schema = ftmCompany
	}
	name := nameOf(n)
	more := map[string]any{"node": n.ID, "chosen": n.Chosen, "rows": rowList(n.Sources)}
	f.mark(more)
	if name != n.Label {
		more["label"] = n.Label
	}
	if len(n.Records) > 0 {
		more["records"] = n.Records
	}
	if len(n.Scores) > 0 {
		more["scores"] = scoresOf(n)
	}
	properties := map[string][]string{"name": {name}, "keywords": {n.Kind}, "notes": f.notes(n.Attributes, more)}
	switch schema {
	case ftmConsignment:
		properties["startDate"], properties["endDate"] = []string{n.Start.String()}, []string{n.End.String()}
		properties["recordId"] = rowList(n.Sources)
	case ftmAddress:
		properties["full"] = []string{name}
		if country := n.ID.Country(); country != "" {
			properties["country"] = []string{strings.ToLower(country)}
		}
	case ftmAccount:
		properties["username"] = []string{name}
		switch mispType(n) {
		case "email":
			properties["email"] = []string{name}
		case "phone-number":
			properties["number"] = []string{name}
		}
	}
	f.entity(ftmID(n.ID), schema, properties)
}

func (f *ftmDocument) edge(i int, id string, e *subgraph.Edge) {
	schema, from, to := ftmLink, "subject", "object"
	switch {
	case e.Kind == graph.DirectorOf.String() && f.parties[e.From] && f.companies[e.To]:
		schema, from, to = ftmDirectorship, "director", "organization"
	case e.Kind == graph.OwnedBy.String() && f.companies[e.From] && f.parties[e.To]:
		schema, from, to = ftmOwnership, "asset", "owner"
	}
	more := map[string]any{"edge": edgeID(i), "event": e.Key}
	f.mark(more)
	f.entity("rummage-"+id, schema, map[string][]string{
		from: {ftmID(e.From)}, to: {ftmID(e.To)}, "role": {e.Kind}, "startDate": {e.Start.String()}, "endDate": {e.End.String()},
		"recordId": rowList(e.Sources), "description": f.notes(e.Attributes, more),
	})
}
