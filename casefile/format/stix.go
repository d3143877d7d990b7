package format

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"rummage/casefile/subgraph"
	"rummage/graph"
)

// stixObservable is the space of the names of observables, which STIX 2.1 (section 2.9) fixes.
const stixObservable = "00abedb4aa42466c9c01fed23315a9b7"

// What STIX has no word for are extensions (section 7.3): things of trade, and what files state of anything. A test holds what they are made of.
const (
	stixThings = "extension-definition--e824693f-1356-5bc5-a514-ed683504b195"
	stixStated = "extension-definition--97bb07b6-edab-5fb7-915c-a79dc498da24"
)

// stixThing is the type of nodes for which STIX has none; their property kind says what they are.
const stixThing = "trade-thing"

// stixTLP2 is the extension by which OASIS brings TLP 2.0 into STIX 2.1; the ids and days of its markings are fixed with it.
const (
	stixTLP2     = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
	stixTLP2Made = "2022-10-01T00:00:00.000Z"

	stixProperties = "property-extension"
)

var stixTLP = map[string]string{
	"TLP:CLEAR": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", "TLP:GREEN": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
	"TLP:AMBER": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", "TLP:AMBER+STRICT": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
	"TLP:RED": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}

// stixConfidence is what the second sign of an Admiralty grading is worth (STIX 2.1, appendix A); 6, which cannot be judged, is worth nothing
// that could be told.
var stixConfidence = map[byte]int{'1': 90, '2': 70, '3': 50, '4': 30, '5': 10}

var (
	admiralty = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-F][1-6]$`) })
	mailbox   = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$`)
	})
)

type (
	stixReference struct {
		Source string            `json:"source_name"`
		ID     string            `json:"external_id"`
		Hashes map[string]string `json:"hashes,omitempty"`
	}
	// stixSaid is what our extension adds.
	stixSaid struct {
		Extension  string               `json:"extension_type"`
		Node       graph.ID             `json:"node,omitempty"`
		Edge       string               `json:"edge,omitempty"`
		Kind       string               `json:"kind,omitempty"`
		Chosen     *bool                `json:"chosen,omitempty"`
		Records    []graph.ID           `json:"records,omitempty"`
		Start      string               `json:"start,omitempty"`
		End        string               `json:"end,omitempty"`
		Event      string               `json:"event,omitempty"`
		Attributes []subgraph.Attribute `json:"attributes,omitempty"`
		Scores     map[string]float64   `json:"scores,omitempty"`
		Rows       []string             `json:"rows,omitempty"`
	}
)

// stixBundle writes the objects of a bundle.
type stixBundle struct {
	*Document
	w       *bufio.Writer
	made    string
	author  string
	marking []string
	sources map[graph.SourceID]*graph.Source
	nodes   map[graph.ID]string
	refs    []string // of what the case file groups
	// mailboxes are the e-mail addresses that are written.
	mailboxes map[string]bool
	count     int
	err       error
}

// writeSTIX writes a bundle of STIX 2.1: parties are identities, places with a country are locations, mailboxes are e-mail addresses,
// everything else is a thing of our extension; edges are relationships, with days and a confidence where their sources are graded; each file is
// a file with its hash and an observation of rows in it; everything bears the handling code. All ids are made of what they name.
func writeSTIX(to io.Writer, d *Document) error {
	b := &stixBundle{Document: d, w: bufio.NewWriter(to), made: stixTime(d.Made), author: "identity--" + named5("author", d.Author),
		sources: d.byID(), nodes: make(map[graph.ID]string, len(d.Graph.Nodes)), mailboxes: map[string]bool{}}
	digest := sha256.New()
	_ = json.NewEncoder(digest).Encode([]any{d.Graph, d.Title, d.Made.UTC(), d.Handling.String()}) // a hash takes everything
	id, err := json.Marshal("bundle--" + named5("bundle", hex.EncodeToString(digest.Sum(nil))))
	if err != nil {
		return err
	}
	_, _ = b.w.WriteString(`{"type":"bundle","id":` + string(id) + `,"objects":[`)
	b.frame()
	for i := range d.Graph.Nodes {
		b.node(&d.Graph.Nodes[i])
	}
	for i := range d.Graph.Edges {
		b.edge(i, "relationship--"+edgeUUID(&d.Graph.Edges[i]), &d.Graph.Edges[i])
	}
	b.files()
	b.grouping()
	_, _ = b.w.WriteString("\n]}\n")
	return cmp.Or(b.err, b.w.Flush())
}

// stixTime is an instant to the millisecond.
func stixTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// object writes one object. Values are its properties; those that are empty are left out, since STIX has no empty ones.
func (b *stixBundle) object(kind, id string, values map[string]any) {
	values["type"], values["spec_version"], values["id"] = kind, "2.1", id
	for name, value := range values {
		switch v := value.(type) {
		case string:
			if v == "" {
				delete(values, name)
			}
		case []string:
			if len(v) == 0 {
				delete(values, name)
			}
		case []stixReference:
			if len(v) == 0 {
				delete(values, name)
			}
		}
	}
	if b.err == nil {
		b.err = jsonLine(b.w, b.count, values)
	}
	b.count++
}

// domain writes an object that is no observable: it was created by somebody at some time.
func (b *stixBundle) domain(kind, id string, values map[string]any) {
	values["created"], values["modified"], values["created_by_ref"], values["object_marking_refs"] = b.made, b.made, b.author, b.marking
	b.object(kind, id, values)
}

// frame writes who made the bundle, how it may be handled, and what the extension means.
func (b *stixBundle) frame() {
	code := b.Handling.String()
	if id := stixTLP[code]; id != "" {
		b.marking = []string{id}
		b.object("marking-definition", id, map[string]any{"created": stixTLP2Made, "name": code, "extensions": map[string]any{
			stixTLP2: map[string]any{"extension_type": stixProperties, "tlp_2_0": strings.ToLower(strings.TrimPrefix(code, "TLP:"))}}})
	} else if code != "" {
		id := "marking-definition--" + named5("marking", code)
		b.marking = []string{id}
		b.object("marking-definition", id, map[string]any{"created": b.made, "name": code, "definition_type": "statement",
			"definition": map[string]any{"statement": "Handling code " + code}})
	}
	b.domain("identity", b.author, map[string]any{"name": cmp.Or(b.Author, "unnamed"), "identity_class": "individual"})
	b.domain("extension-definition", stixThings, map[string]any{"name": "things of trade", "version": "1.0", "extension_types": []string{"new-sdo"},
		"description": "Nodes of a trade network for which STIX has no type.",
		"schema":      "A " + stixThing + " has a name and a kind: consignment, route, commodity, equipment, vessel, place, address, phone, email or identifier."})
	b.domain("extension-definition", stixStated, map[string]any{"name": "what files state", "version": "1.0",
		"extension_types": []string{"property-extension"}, "description": "What files state of a node or an edge of a trade network.",
		"schema": "node is the id of a node in the case file, edge that of an edge. attributes are values as they stood in files, with a mark where one is doubtful. " +
			"scores were computed. rows are SOURCE:ROW. start and end are days, both within. records are ids of records that were judged to be one."})
}

// said is what our extension says of a node.
func (b *stixBundle) said(n *subgraph.Node) map[string]any {
	said := stixSaid{Extension: stixProperties, Node: n.ID, Kind: n.Kind, Chosen: &n.Chosen, Records: n.Records, Start: n.Start.String(), End: n.End.String(),
		Attributes: n.Attributes, Rows: rowList(n.Sources)}
	if len(n.Scores) > 0 {
		said.Scores = scoresOf(n)
	}
	return map[string]any{stixStated: said}
}

func (b *stixBundle) node(n *subgraph.Node) {
	name := cmp.Or(n.Label, string(n.ID))
	id, said := nodeUUID(n.ID), b.said(n)
	values := map[string]any{"name": name, "external_references": b.references(n.Sources), "extensions": said}
	kind := stixThing
	email := ""
	if n.Kind == graph.Email.String() && mailbox().MatchString(n.Label) {
		text, _ := json.Marshal(map[string]string{"value": n.Label}) // plain ASCII: its canonical form
		email = "email-addr--" + uuid5(stixObservable, string(text))
	}
	switch country := n.ID.Country(); {
	case n.Kind == graph.Party.String():
		kind = "identity"
		values["identity_class"] = "unknown"
	case country != "":
		kind = "location"
		values["country"] = country
	case email != "" && !b.mailboxes[email]: // a second node of the same mailbox is a thing of our extension, so that nothing said of it is lost
		b.mailboxes[email] = true
		b.nodes[n.ID] = email
		b.refs = append(b.refs, email)
		b.object("email-addr", email, map[string]any{"value": n.Label, "object_marking_refs": b.marking, "extensions": said})
		return
	default:
		values["kind"] = n.Kind
		said[stixThings] = map[string]string{"extension_type": "new-sdo"}
	}
	b.nodes[n.ID] = kind + "--" + id
	b.refs = append(b.refs, b.nodes[n.ID])
	b.domain(kind, b.nodes[n.ID], values)
}

// references name the rows of files.
func (b *stixBundle) references(origins []graph.Origin) []stixReference {
	var all []stixReference
	for _, o := range origins {
		r := stixReference{Source: string(o.Source), ID: rowOf(o)}
		if s := b.sources[o.Source]; s != nil {
			r.Source = s.Title()
		}
		all = append(all, r)
	}
	return all
}

func (b *stixBundle) edge(i int, id string, e *subgraph.Edge) {
	values := map[string]any{"relationship_type": strings.ReplaceAll(e.Kind, "_", "-"), "source_ref": b.nodes[e.From], "target_ref": b.nodes[e.To],
		"description": e.Key, "external_references": b.references(e.Sources),
		"extensions": map[string]any{stixStated: stixSaid{Extension: stixProperties, Edge: edgeID(i), Start: e.Start.String(), End: e.End.String(),
			Event: e.Key, Attributes: e.Attributes, Rows: rowList(e.Sources)}}}
	if e.Start != graph.NoDate {
		values["start_time"] = stixTime(e.Start.Time())
	}
	if e.End != graph.NoDate && e.End >= e.Start {
		values["stop_time"] = stixTime((e.End + 1).Time()) // which is no longer within
	}
	if confidence := b.confidence(e.Sources); confidence > 0 {
		values["confidence"] = confidence
	}
	b.refs = append(b.refs, id)
	b.domain("relationship", id, values)
}

// confidence is that of the best graded source; 0 where none is graded so that it can be told.
func (b *stixBundle) confidence(origins []graph.Origin) int {
	best := 0
	for _, o := range origins {
		if s := b.sources[o.Source]; s != nil && admiralty().MatchString(s.Grading) {
			best = max(best, stixConfidence[s.Grading[1]])
		}
	}
	return best
}

// files writes the files that the graph stands on, and an observation of the rows in each.
func (b *stixBundle) files() {
	used := map[graph.SourceID]int{}
	for _, o := range b.Graph.Rows() {
		used[o.Source]++
	}
	for i := range b.Sources {
		s := &b.Sources[i]
		if used[s.ID] == 0 {
			continue
		}
		file := b.file(s)
		seen := stixTime(s.ImportedAt)
		observed := "observed-data--" + named5("observed", string(s.ID))
		b.refs = append(b.refs, observed)
		b.domain("observed-data", observed, map[string]any{"first_observed": seen, "last_observed": seen,
			"number_observed": used[s.ID], "object_refs": []string{file}, "external_references": []stixReference{{Source: s.Title(), ID: string(s.ID)}}})
	}
}

// file writes a file once, however many sources it is, and returns its id.
func (b *stixBundle) file(s *graph.Source) string {
	named := map[string]any{"name": cmp.Or(s.Name, string(s.ID))}
	if len(s.SHA256) == 2*sha256.Size {
		named["hashes"] = map[string]string{"SHA-256": string(s.SHA256)}
	}
	var text bytes.Buffer
	canonical := json.NewEncoder(&text)
	canonical.SetEscapeHTML(false)
	if err := canonical.Encode(named); err != nil && b.err == nil {
		b.err = err
	}
	id := "file--" + uuid5(stixObservable, strings.TrimSuffix(text.String(), "\n"))
	if slices.Contains(b.refs, id) {
		return id
	}
	b.refs = append(b.refs, id)
	named["object_marking_refs"] = b.marking
	if s.Size > 0 {
		named["size"] = s.Size
	}
	b.object("file", id, named)
	return id
}

// grouping names the whole, if there is something in it.
func (b *stixBundle) grouping() {
	if len(b.refs) == 0 {
		return
	}
	b.domain("grouping", "grouping--"+named5("grouping", b.Title, b.made), map[string]any{"name": cmp.Or(b.Title, "network"),
		"context": "suspicious-activity", "description": warning, "object_refs": b.refs})
}
