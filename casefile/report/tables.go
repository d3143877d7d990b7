package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rummage/casefile/subgraph"
	"rummage/graph"
)

// teller makes tables of a graph.
type teller struct {
	*Case
	nodes map[graph.ID]*subgraph.Node
	place map[graph.SourceID]int // of sources in their table, from 1
	// touching are the ties and links of each node.
	touching map[graph.ID][]*subgraph.Edge
}

func newTeller(c *Case) *teller {
	t := &teller{Case: c, nodes: map[graph.ID]*subgraph.Node{}, place: map[graph.SourceID]int{}, touching: map[graph.ID][]*subgraph.Edge{}}
	for i := range c.Sources {
		t.place[c.Sources[i].ID] = i + 1
	}
	for i := range c.Graph.Nodes {
		t.nodes[c.Graph.Nodes[i].ID] = &c.Graph.Nodes[i]
	}
	for i := range c.Graph.Edges {
		e := &c.Graph.Edges[i]
		t.touching[e.From] = append(t.touching[e.From], e)
		if e.To != e.From {
			t.touching[e.To] = append(t.touching[e.To], e)
		}
	}
	return t
}

// short is the number of a source in the table of sources, its id where it is not listed there.
func (t *teller) short(id graph.SourceID) string {
	if place := t.place[id]; place > 0 {
		return "S" + strconv.Itoa(place)
	}
	return string(id)
}

// size tells how much there is.
func (t *teller) size() string {
	chosen, consignments := 0, 0
	for i := range t.Graph.Nodes {
		n := &t.Graph.Nodes[i]
		if n.Chosen {
			chosen++
		}
		if n.Kind == subgraph.Consignment {
			consignments++
		}
	}
	return fmt.Sprintf("Parties asked for: %d. Consignments: %d. Other parties, places and things: %d. Ties and links: %d. Sources: %d.",
		chosen, consignments, len(t.Graph.Nodes)-chosen-consignments, len(t.Graph.Edges), len(t.Sources))
}

func (t *teller) name(id graph.ID) string {
	if n := t.nodes[id]; n != nil && n.Label != "" {
		return n.Label
	}
	return id.Label()
}

// sides are the columns in which the ties of a consignment stand, each with its roles.
var sides = [][]graph.Role{
	{graph.Exporter, graph.Consignor}, {graph.Importer, graph.Consignee},
	{graph.OriginCountry, graph.Departure, graph.Loading, graph.Transit, graph.Discharge, graph.Destination, graph.OnRoute},
	{graph.OfCommodity, graph.InEquipment, graph.Sealed, graph.OnVessel}, {graph.Declarant, graph.Carrier, graph.Forwarder, graph.NotifyParty, graph.Office},
}

// consignments lists them by day.
func (t *teller) consignments() *Table {
	table := &Table{Columns: []Column{{"day", 0.08, false}, {"consignment", 0.13, false}, {"seller", 0.13, false}, {"buyer", 0.13, false},
		{"way", 0.13, false}, {"goods, containers, vessel", 0.13, false}, {"served by", 0.11, false}, {"found", 0.08, false}, {"rows", 0.08, false}}}
	var all []*subgraph.Node
	for i := range t.Graph.Nodes {
		if n := &t.Graph.Nodes[i]; n.Kind == subgraph.Consignment {
			all = append(all, n)
		}
	}
	slices.SortStableFunc(all, func(a, b *subgraph.Node) int { return int(a.Start) - int(b.Start) })
	for _, n := range all {
		row := []string{days(n.Start, n.End), n.Label}
		for _, roles := range sides {
			row = append(row, t.tied(n.ID, roles))
		}
		table.Rows = append(table.Rows, append(row, subgraph.Value(n.Attributes, subgraph.Outcome), t.rows(n.Sources)))
	}
	return table
}

func (t *teller) tied(id graph.ID, roles []graph.Role) string {
	var names []string
	for _, role := range roles {
		for _, e := range t.touching[id] {
			if name := t.name(e.To); e.From == id && e.Kind == role.String() && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return strings.Join(names, "; ")
}

func days(start, end graph.Date) string {
	if start == end || end == graph.NoDate {
		return start.String()
	}
	return start.String() + " – " + end.String()
}

// links lists what ties entities directly.
func (t *teller) links() *Table {
	table := &Table{Columns: []Column{{"from", 0.27, false}, {"is", 0.15, false}, {"to", 0.27, false}, {"days", 0.14, false}, {"rows", 0.17, false}}}
	for i := range t.Graph.Edges {
		e := &t.Graph.Edges[i]
		if n := t.nodes[e.From]; n != nil && n.Kind == subgraph.Consignment {
			continue
		}
		table.Rows = append(table.Rows, []string{t.name(e.From), strings.ReplaceAll(e.Kind, "_", " "), t.name(e.To), days(e.Start, e.End), t.rows(e.Sources)})
	}
	return table
}

// entities lists all nodes that are no consignments, by kind, those asked for first.
func (t *teller) entities() *Table {
	table := &Table{Columns: []Column{{"kind", 0.09, false}, {"name", 0.24, false}, {"id", 0.22, false}, {"what is said of it", 0.31, false}, {"rows", 0.14, false}}}
	kind := func(n *subgraph.Node) int {
		k, err := graph.ParseKind(n.Kind)
		if err != nil {
			return 1 << 8
		}
		return int(k)
	}
	var all []*subgraph.Node
	for i := range t.Graph.Nodes {
		if n := &t.Graph.Nodes[i]; n.Kind != subgraph.Consignment {
			all = append(all, n)
		}
	}
	slices.SortStableFunc(all, func(a, b *subgraph.Node) int {
		if a.Chosen != b.Chosen {
			if a.Chosen {
				return -1
			}
			return 1
		}
		return kind(a) - kind(b)
	})
	for _, n := range all {
		var said []string
		for _, a := range n.Attributes {
			text := strings.ReplaceAll(a.Name, "_", " ") + ": " + a.Value
			if a.Mark != "" {
				text += " (doubtful: " + a.Mark + ")"
			}
			said = append(said, text)
		}
		name := n.Label
		if n.Chosen {
			name += " (asked for)"
		}
		id := string(n.ID)
		for _, r := range n.Records {
			id += "\n" + string(r)
		}
		rows := n.Sources
		if len(rows) == 0 {
			rows = t.tying(n.ID)
		}
		table.Rows = append(table.Rows, []string{n.Kind, name, id, strings.Join(said, "; "), t.rows(rows)})
	}
	return table
}

// tying are the rows of the ties and links of a node, each once. Places and things of which no file has a row of their own stand on these.
func (t *teller) tying(id graph.ID) []graph.Origin {
	var all []graph.Origin
	for _, e := range t.touching[id] {
		all = append(all, e.Sources...)
	}
	slices.SortFunc(all, func(a, b graph.Origin) int {
		return cmp.Or(cmp.Compare(t.place[a.Source], t.place[b.Source]), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Row, b.Row))
	})
	return slices.Compact(all)
}

// mostRows is how many rows a line of a table names; the graph files name them all.
const mostRows = 6

func (t *teller) rows(all []graph.Origin) string {
	var names []string
	for i, o := range all {
		if i == mostRows {
			names = append(names, fmt.Sprintf("and %d more", len(all)-mostRows))
			break
		}
		names = append(names, t.short(o.Source)+":"+strconv.FormatInt(o.Row, 10))
	}
	return strings.Join(names, " ")
}

func (t *teller) sources() *Table {
	table := &Table{Columns: []Column{{"source", 0.06, false}, {"file", 0.2, false}, {"id, SHA-256", 0.36, false}, {"read by", 0.12, false},
		{"handling, grading", 0.12, false}, {"imported", 0.14, false}}}
	for i := range t.Sources {
		s := &t.Sources[i]
		table.Rows = append(table.Rows, []string{t.short(s.ID), s.Title(), string(s.ID) + "\n" + string(s.SHA256), s.Mapping,
			strings.TrimSpace(s.Handling + " " + s.Grading), s.ImportedAt.UTC().Format("2006-01-02 15:04:05Z")})
	}
	return table
}
