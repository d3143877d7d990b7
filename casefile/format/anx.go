package format

import (
	"encoding/xml"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"

	"rummage/casefile/subgraph"
	"rummage/graph"
)

// The elements of a chart in the XML of i2 Analyst's Notebook that are written, in the order in which its schema has them. Charts refer to
// entities by EntityId, and to types and classes by name (IdReferenceLinking is false).
type (
	anxStrength struct {
		XMLName  xml.Name `xml:"Strength"`
		ID       string   `xml:"Id,attr"`
		Name     string   `xml:"Name,attr"`
		DotStyle string   `xml:"DotStyle,attr"`
	}
	anxClass struct {
		XMLName xml.Name `xml:"AttributeClass"`
		ID      string   `xml:"Id,attr"`
		Name    string   `xml:"Name,attr"`
		Type    string   `xml:"Type,attr"`
		IsUser  bool     `xml:"IsUser,attr"`
		Visible bool     `xml:"Visible,attr"`
	}
	anxEntityType struct {
		XMLName        xml.Name `xml:"EntityType"`
		ID             string   `xml:"Id,attr"`
		Name           string   `xml:"Name,attr"`
		IconFile       string   `xml:"IconFile,attr"`
		Colour         int      `xml:"Colour,attr"`
		Representation string   `xml:"PreferredRepresentation,attr"`
	}
	anxLinkType struct {
		XMLName xml.Name `xml:"LinkType"`
		ID      string   `xml:"Id,attr"`
		Name    string   `xml:"Name,attr"`
		Colour  int      `xml:"Colour,attr"`
	}
	anxField struct {
		Field string `xml:"Field,attr"`
		Type  string `xml:"Type,attr"`
	}
	anxProperty struct {
		Name  string `xml:"Name,attr"`
		Type  string `xml:"Type,attr"`
		Value string `xml:"Value,attr"`
	}
	anxSummary struct {
		XMLName    xml.Name      `xml:"Summary"`
		Fields     []anxField    `xml:"FieldCollection>Field"`
		Properties []anxProperty `xml:"CustomPropertyCollection>CustomProperty"`
	}
	anxItem struct {
		XMLName         xml.Name       `xml:"ChartItem"`
		ID              string         `xml:"Id,attr"`
		Label           string         `xml:"Label,attr"`
		Description     string         `xml:"Description,attr,omitempty"`
		DateSet         bool           `xml:"DateSet,attr"`
		TimeSet         bool           `xml:"TimeSet,attr"`
		DateTime        string         `xml:"DateTime,attr,omitempty"`
		SourceReference string         `xml:"SourceReference,attr,omitempty"`
		SourceType      string         `xml:"SourceType,attr,omitempty"`
		XPosition       int            `xml:"XPosition,attr"`
		End             *anxEnd        `xml:"End"`
		Link            *anxLink       `xml:"Link"`
		Attributes      *anxAttributes `xml:"AttributeCollection"`
	}
	anxAttributes struct {
		List []anxAttribute `xml:"Attribute"`
	}
	anxAttribute struct {
		Class     string `xml:"AttributeClass,attr"`
		Reference string `xml:"AttributeClassReference,attr"`
		Value     string `xml:"Value,attr"`
	}
	anxEnd struct {
		X      int       `xml:"X,attr"`
		Y      int       `xml:"Y,attr"`
		Entity anxEntity `xml:"Entity"`
	}
	anxEntity struct {
		EntityID string    `xml:"EntityId,attr"`
		Identity string    `xml:"Identity,attr"`
		IsLabel  bool      `xml:"LabelIsIdentity,attr"`
		Style    anxIcon   `xml:"Icon>IconStyle"`
		Cards    *anxCards `xml:"CardCollection"`
	}
	anxIcon struct {
		Enlargement string `xml:"Enlargement,attr"`
		Reference   string `xml:"EntityTypeReference,attr"`
		Type        string `xml:"Type,attr"`
	}
	anxCards struct {
		List []anxCard `xml:"Card"`
	}
	anxCard struct {
		SourceReference string `xml:"SourceReference,attr"`
		SourceType      string `xml:"SourceType,attr"`
		Summary         string `xml:"Summary,attr"`
	}
	anxLink struct {
		End1  string       `xml:"End1Id,attr"`
		End2  string       `xml:"End2Id,attr"`
		Style anxLinkStyle `xml:"LinkStyle"`
	}
	anxLinkStyle struct {
		Arrow     string `xml:"ArrowStyle,attr"`
		Reference string `xml:"LinkTypeReference,attr"`
		Strength  string `xml:"Strength,attr"`
		Type      string `xml:"Type,attr"`
	}
)

// anxIcons are names of icons that every Analyst's Notebook has, by kinds of nodes; others get the one for what is unknown.
var anxIcons = map[string]string{
	graph.Party.String(): "Office", graph.Place.String(): "Port", graph.Route.String(): "Highway", graph.Commodity.String(): "Case",
	graph.Equipment.String(): "Container", graph.Vessel.String(): "Freightr", graph.Address.String(): "Building", graph.Phone.String(): "Phone",
	graph.Email.String(): "Email", graph.Identifier.String(): "Id", subgraph.Consignment: "Package",
}

// anxTypes are those of attribute classes, by types of columns.
var anxTypes = map[string]string{"string": "AttText", "double": "AttNumber", "boolean": "AttFlag"}

const (
	anxDefaultIcon = "Anon"
	anxStep        = 140 // between icons, in the units of a chart
	// How sure a link is: something in it is doubtful, or nothing is.
	anxStated, anxDoubtful = "as stated", "doubtful"
)

// chart numbers what a chart refers to.
type chart struct {
	*xmlDocument
	classes map[string]anxAttribute // by type and name of a column, without a value
	types   map[string]string       // ids of types of entities, and of links, by name
	sources map[graph.SourceID]*graph.Source
}

// writeANX writes a chart of i2 Analyst's Notebook: an icon a node, by its kind, a link an edge, with attributes, days, and a card a row of a
// file. Several values of one attribute are joined, since an item has a class once. Signs that XML 1.0 cannot hold become U+FFFD.
func writeANX(to io.Writer, d *Document) error {
	g := d.Graph
	c := &chart{&xmlDocument{encoder: xml.NewEncoder(to), to: to}, map[string]anxAttribute{}, map[string]string{}, d.byID()}
	nodes := nodeColumnsOf(g, "kind", "chosen", "records", "last day", "doubts", "rows")
	edges := edgeColumnsOf(g, "edge", "last day", "event", "doubts", "rows")
	c.begin("Chart", "SchemaVersion", "7.0.0.1", "BackColour", "16777215", "IdReferenceLinking", "false", "Rigorous", "true", "ShowAllFlag", "false")
	c.declare(g, nodes, edges)
	c.element(anxSummary{Fields: []anxField{{d.Title, "SummaryFieldTitle"}, {d.Author, "SummaryFieldAuthor"}, {d.Handling.String(), "SummaryFieldCategory"},
		{warning, "SummaryFieldComments"}}, Properties: []anxProperty{{"Handling", "String", d.Handling.String()}, {"Purpose", "String", d.Purpose},
		{"Recipient", "String", d.Recipient}, {"Made", "String", stamp(d.Made)}, {"Tool", "String", d.Tool}}})
	c.begin("ChartItemCollection")
	across := max(1, int(math.Ceil(math.Sqrt(float64(len(g.Nodes))))))
	for i := range g.Nodes {
		n := &g.Nodes[i]
		x, y := i%across*anxStep, i/across*anxStep
		item := c.item("n"+strconv.Itoa(i+1), n.Label, n.Start, n.Sources)
		item.XPosition = x
		item.End = &anxEnd{x, y, anxEntity{EntityID: string(n.ID), Identity: string(n.ID), Cards: c.cards(n.Sources),
			Style: anxIcon{"ICEnlargeSingle", c.types["entity "+n.Kind], n.Kind}}}
		item.Attributes = c.attributes(nodes, nodes.line([]string{n.Kind, strconv.FormatBool(n.Chosen), ids(n.Records), n.End.String(),
			marks(n.Attributes), rows(n.Sources)}, n.Scores, n.Attributes))
		c.element(item)
	}
	for i := range g.Edges {
		e := &g.Edges[i]
		strength := anxStated
		if marks(e.Attributes) != "" {
			strength = anxDoubtful
		}
		item := c.item(edgeID(i), e.Kind, e.Start, e.Sources)
		item.Link = &anxLink{string(e.From), string(e.To), anxLinkStyle{"ArrowOnHead", c.types["link "+e.Kind], strength, e.Kind}}
		item.Attributes = c.attributes(edges, edges.line([]string{edgeID(i), e.End.String(), e.Key, marks(e.Attributes), rows(e.Sources)}, nil, e.Attributes))
		c.element(item)
	}
	return c.close()
}

// declare writes strengths, classes of attributes, and types of entities and links.
func (c *chart) declare(g *subgraph.Graph, nodes, edges *columns) {
	c.begin("StrengthCollection")
	c.element(anxStrength{ID: "s1", Name: anxStated, DotStyle: "DotStyleSolid"})
	c.element(anxStrength{ID: "s2", Name: anxDoubtful, DotStyle: "DotStyleDashed"})
	c.end()
	c.begin("AttributeClassCollection")
	for _, all := range []*columns{nodes, edges} {
		for i, name := range all.header {
			kind := all.kind(i)
			if _, known := c.classes[kind+name]; known {
				continue
			}
			class := anxAttribute{Class: name, Reference: "a" + strconv.Itoa(len(c.classes)+1)}
			if all == edges && slices.ContainsFunc(slices.Collect(maps.Values(c.classes)), func(a anxAttribute) bool { return a.Class == name }) {
				class.Class = "link " + name // of another type for entities
			}
			c.classes[kind+name] = class
			c.element(anxClass{ID: class.Reference, Name: class.Class, Type: anxTypes[kind], IsUser: true})
		}
	}
	c.end()
	c.begin("EntityTypeCollection")
	for i := range g.Nodes {
		if kind := g.Nodes[i].Kind; c.types["entity "+kind] == "" {
			icon := anxIcons[kind]
			if icon == "" {
				icon = anxDefaultIcon
			}
			c.types["entity "+kind] = "t" + strconv.Itoa(len(c.types)+1)
			c.element(anxEntityType{ID: c.types["entity "+kind], Name: kind, IconFile: icon, Representation: "RepresentAsIcon"})
		}
	}
	c.end()
	c.begin("LinkTypeCollection")
	for i := range g.Edges {
		if kind := g.Edges[i].Kind; c.types["link "+kind] == "" {
			c.types["link "+kind] = "t" + strconv.Itoa(len(c.types)+1)
			c.element(anxLinkType{ID: c.types["link "+kind], Name: kind})
		}
	}
	c.end()
}

// item is what an entity and a link have in common.
func (c *chart) item(id, label string, day graph.Date, origins []graph.Origin) *anxItem {
	item := &anxItem{ID: id, Label: label, DateSet: day != graph.NoDate}
	if item.DateSet {
		item.DateTime = day.String() + "T00:00:00.000"
	}
	if len(origins) > 0 {
		item.SourceReference, item.SourceType = rowOf(origins[0]), "file"
	}
	return item
}

func (c *chart) attributes(all *columns, line []string) *anxAttributes {
	var list []anxAttribute
	for i, value := range line {
		if value != "" {
			attribute := c.classes[all.kind(i)+all.header[i]]
			attribute.Value = value
			list = append(list, attribute)
		}
	}
	if list == nil {
		return nil
	}
	return &anxAttributes{list}
}

// cards tell the rows of files that something stands on.
func (c *chart) cards(origins []graph.Origin) *anxCards {
	if len(origins) == 0 {
		return nil
	}
	all := &anxCards{}
	for _, o := range origins {
		name := string(o.Source)
		if s := c.sources[o.Source]; s != nil {
			name = s.Title()
		}
		all.List = append(all.List, anxCard{rowOf(o), "file", name + ", row " + strconv.FormatInt(o.Row, 10)})
	}
	return all
}

// writeI2Entities writes a line an entity, as the import of i2 Analyst's Notebook and the tables of its server want them: an identity, a type
// and a label, then what else is known.
func writeI2Entities(to io.Writer, g *subgraph.Graph) error {
	c := nodeColumnsOf(g, "identity", "type", "label", "date", "end_date", "source_reference", "chosen", "records", "doubts")
	return table(to, c.header, len(g.Nodes), func(i int) []string {
		n := &g.Nodes[i]
		return c.line([]string{string(n.ID), n.Kind, n.Label, n.Start.String(), n.End.String(), rows(n.Sources), strconv.FormatBool(n.Chosen),
			ids(n.Records), marks(n.Attributes)}, n.Scores, n.Attributes)
	})
}

// writeI2Links writes a line a link, with both of its ends in full, since an import makes ends and link of one line.
func writeI2Links(to io.Writer, g *subgraph.Graph) error {
	nodes := make(map[graph.ID]*subgraph.Node, len(g.Nodes))
	for i := range g.Nodes {
		nodes[g.Nodes[i].ID] = &g.Nodes[i]
	}
	c := edgeColumnsOf(g, "identity", "from_identity", "from_type", "from_label", "to_identity", "to_type", "to_label", "type", "direction", "date",
		"end_date", "source_reference", "event", "doubts")
	return table(to, c.header, len(g.Edges), func(i int) []string {
		e := &g.Edges[i]
		from, to := nodes[e.From], nodes[e.To]
		if from == nil {
			from = &subgraph.Node{}
		}
		if to == nil {
			to = &subgraph.Node{}
		}
		return c.line([]string{edgeID(i), string(e.From), from.Kind, from.Label, string(e.To), to.Kind, to.Label, e.Kind, "with", e.Start.String(),
			e.End.String(), rows(e.Sources), e.Key, marks(e.Attributes)}, nil, e.Attributes)
	})
}
