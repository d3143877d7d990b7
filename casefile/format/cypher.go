package format

import (
	"bufio"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"rummage/casefile/subgraph"
	"rummage/graph"
)

// cypherBatch is how many nodes or edges one statement makes.
const cypherBatch = 500

// caseLabel is the label of all nodes of a case file, beside that of their kind.
const caseLabel = "CaseFile"

// writeCypher writes a script of Cypher for Neo4j 5: a constraint, then nodes and relationships by id, so that running it twice, or the
// scripts of two case files, makes everything once. A statement ends a line, and nothing else does. Values are literals; labels and types are
// those of the vocabulary. Attributes are properties, several of one name joined; the property attributes has them all as JSON.
func writeCypher(to io.Writer, d *Document) error {
	g := d.Graph
	w := bufio.NewWriter(to)
	say := func(texts ...string) {
		for _, text := range texts {
			_, _ = w.WriteString(text) // Flush has its error
		}
	}
	if code := d.Handling.String(); code != "" {
		say("// handling: ", code, "\n")
	}
	say("CREATE CONSTRAINT casefile_id IF NOT EXISTS FOR (n:", caseLabel, ") REQUIRE n.id IS UNIQUE;\n")
	nodes, edges := importNodeColumns(g), importEdgeColumns(g)
	for _, kind := range kindsOf(len(g.Nodes), func(i int) string { return g.Nodes[i].Kind }) {
		for first := 0; first < len(kind.places); first += cypherBatch {
			say("UNWIND [")
			for i, place := range kind.places[first:min(first+cypherBatch, len(kind.places))] {
				say(","[:min(i, 1)], "\n", cypherMap(nodes.header, importNode(nodes, &g.Nodes[place])))
			}
			say("\n] AS p MERGE (n:", caseLabel, " {id: p.id}) SET n:", cypherName(nodeLabel(kind.name)), " SET n += p;\n")
		}
	}
	for _, kind := range kindsOf(len(g.Edges), func(i int) string { return g.Edges[i].Kind }) {
		for first := 0; first < len(kind.places); first += cypherBatch {
			say("UNWIND [")
			for i, place := range kind.places[first:min(first+cypherBatch, len(kind.places))] {
				e := &g.Edges[place]
				say(","[:min(i, 1)], "\n{from: ", cypherText(string(e.From)), ", to: ", cypherText(string(e.To)), ", p: ",
					cypherMap(edges.header, importEdge(edges, edgeUUID(e), place, e)), "}")
			}
			say("\n] AS row MATCH (a:", caseLabel, " {id: row.from}) MATCH (b:", caseLabel, " {id: row.to}) MERGE (a)-[r:",
				cypherName(edgeType(kind.name)), " {id: row.p.id}]->(b) SET r += row.p;\n")
		}
	}
	return w.Flush()
}

// kindPlaces are the places at which things of one kind stand.
type kindPlaces struct {
	name   string
	places []int
}

// kindsOf parts things by kind, in the order in which kinds come.
func kindsOf(n int, kind func(i int) string) []*kindPlaces {
	var all []*kindPlaces
	byName := map[string]*kindPlaces{}
	for i := range n {
		name := kind(i)
		if byName[name] == nil {
			byName[name] = &kindPlaces{name: name}
			all = append(all, byName[name])
		}
		byName[name].places = append(byName[name].places, i)
	}
	return all
}

// nodeLabel is the label of a kind: "Party" of "party".
func nodeLabel(kind string) string {
	var label strings.Builder
	for _, word := range strings.Split(kind, "_") {
		for i, r := range word {
			if i == 0 {
				r = unicode.ToUpper(r)
			}
			label.WriteRune(r)
		}
	}
	return label.String()
}

// edgeType is the type of relationships of a role: "NOTIFY_PARTY" of "notify_party".
func edgeType(kind string) string { return strings.ToUpper(kind) }

// importNodeColumns are the properties of nodes in Neo4j, and importEdgeColumns those of relationships.
func importNodeColumns(g *subgraph.Graph) *columns {
	return nodeColumnsOf(g, "id", "kind", "name", "chosen", "records", "start", "end", "doubts", "rows", "attributes").properties()
}

func importEdgeColumns(g *subgraph.Graph) *columns {
	return edgeColumnsOf(g, "id", "edge", "start", "end", "event", "doubts", "rows", "attributes").properties()
}

// importNode are the values of these, nil for what is not there.
func importNode(c *columns, n *subgraph.Node) []any {
	return importLine(c, []any{string(n.ID), n.Kind, n.Label, n.Chosen, idList(n.Records), n.Start, n.End, marks(n.Attributes), rowList(n.Sources),
		attributesText(n.Attributes)}, n.Scores, n.Attributes)
}

func importEdge(c *columns, id string, place int, e *subgraph.Edge) []any {
	return importLine(c, []any{id, edgeID(place), e.Start, e.End, e.Key, marks(e.Attributes), rowList(e.Sources), attributesText(e.Attributes)}, nil,
		e.Attributes)
}

// attributesText is JSON, which loses nothing and holds no control characters.
func attributesText(all []subgraph.Attribute) string {
	if len(all) == 0 {
		return ""
	}
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(all) // three strings each
	return strings.TrimSuffix(text.String(), "\n")
}

func importLine(c *columns, line []any, scores []subgraph.Score, all []subgraph.Attribute) []any {
	for i, value := range line {
		switch v := value.(type) {
		case string:
			if v == "" {
				line[i] = nil
			}
		case []string:
			if len(v) == 0 {
				line[i] = nil
			}
		case graph.Date:
			if v == graph.NoDate {
				line[i] = nil
			}
		}
	}
	for _, name := range c.scores {
		var value any
		for _, s := range scores {
			if s.Name == name {
				value = s.Value
			}
		}
		line = append(line, value)
	}
	for _, value := range values(all, c.names) {
		if value == "" {
			line = append(line, nil)
			continue
		}
		line = append(line, value)
	}
	return line
}

// cypherMap is a literal of a map, without what is not there.
func cypherMap(names []string, values []any) string {
	var text strings.Builder
	text.WriteByte('{')
	for i, value := range values {
		if value == nil {
			continue
		}
		if text.Len() > 1 {
			text.WriteString(", ")
		}
		text.WriteString(cypherName(names[i]) + ": " + cypherValue(value))
	}
	text.WriteByte('}')
	return text.String()
}

func cypherValue(value any) string {
	switch v := value.(type) {
	case string:
		return cypherText(v)
	case bool:
		return strconv.FormatBool(v)
	case float64:
		text := strconv.FormatFloat(v, 'g', -1, 64)
		if !strings.ContainsAny(text, ".e") {
			text += ".0"
		}
		return text
	case graph.Date:
		return "date(" + cypherText(v.String()) + ")"
	case []string:
		texts := make([]string, len(v))
		for i, one := range v {
			texts[i] = cypherText(one)
		}
		return "[" + strings.Join(texts, ", ") + "]"
	}
	return "null"
}

// cypherText is a literal of a text. A server may read \uXXXX anywhere before it reads literals, so that a u that
// is data never stands behind a backslash: it is written by its number, as is what cannot be seen.
func cypherText(text string) string {
	var b strings.Builder
	b.WriteByte('\'')
	after := false // a backslash
	for _, r := range text {
		switch {
		case r == '\\':
			b.WriteString(`\\`)
		case r == '\'':
			b.WriteString(`\'`)
		case after && (r == 'u' || r == 'U'):
			b.WriteString(cypherNumber(r))
		case r == ' ' || unicode.IsGraphic(r) && !unicode.IsSpace(r):
			b.WriteRune(r)
		case r > 0xffff:
			b.WriteString(string(r)) // beyond what four digits can say
		default:
			b.WriteString(cypherNumber(r))
		}
		after = r == '\\'
	}
	b.WriteByte('\'')
	return b.String()
}

// cypherNumber is a sign by its number.
func cypherNumber(r rune) string {
	digits := strconv.FormatInt(int64(r), 16)
	return `\u` + strings.Repeat("0", 4-len(digits)) + digits
}

// cypherName is a name of a property, a label or a type. Names that are not plain are quoted, as propertyName left them.
func cypherName(name string) string {
	plain := name != ""
	for i, r := range name {
		plain = plain && (r == '_' || r < 0x80 && unicode.IsLetter(r) || i > 0 && r >= '0' && r <= '9')
	}
	if plain {
		return name
	}
	return "`" + propertyName(name) + "`"
}

// propertyName is a name as both forms for Neo4j can have it: what ends a name in one of them, and what cannot be seen, is put by a sign
// that looks like it.
func propertyName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '`':
			return 'ˋ'
		case r == '\\':
			return '＼'
		case r == ':':
			return '：'
		case r != ' ' && (!unicode.IsGraphic(r) || unicode.IsSpace(r)):
			return 0xfffd
		}
		return r
	}, name)
}

// properties gives the columns names that Neo4j can have, each once.
func (c *columns) properties() *columns {
	for i, name := range c.header {
		name = propertyName(name)
		for name == "" || slices.Contains(c.header[:i], name) {
			name += "_"
		}
		c.header[i] = name
	}
	return c
}
