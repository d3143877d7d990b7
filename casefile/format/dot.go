package format

import (
	"bufio"
	"io"
	"strings"
)

// widest is how many signs of a name Graphviz is to draw: it refuses to lay out a graph with a sign wider than 65535 points.
const widest = 120

// writeDOT writes the language of Graphviz: names and kinds, the days of edges, the chosen drawn bold. The label of a node is its name,
// cut where it is too wide to be drawn. What a file says beyond that is in the other forms. Control characters, which C programs cannot
// hold, become their pictures. The handling code is drawn above the graph.
func writeDOT(to io.Writer, d *Document) error {
	g := d.Graph
	w := bufio.NewWriter(to)
	line := func(texts ...string) {
		for _, text := range texts {
			_, _ = w.WriteString(text) // Flush has its error
		}
		_ = w.WriteByte('\n')
	}
	line("digraph network {")
	if code := d.Handling.String(); code != "" {
		line(" handling=", dotID(code), "; label=", dotLabel(code), "; labelloc=t;")
	}
	line(" node [shape=box];")
	for i := range g.Nodes {
		n := &g.Nodes[i]
		style := ""
		if n.Chosen {
			style = ", style=bold"
		}
		line(" ", dotID(string(n.ID)), " [label=", dotLabel(short(n.Label)), ", fullname=", dotID(n.Label), ", kind=", dotID(n.Kind), style, "];")
	}
	for i := range g.Edges {
		e := &g.Edges[i]
		line(" ", dotID(string(e.From)), " -> ", dotID(string(e.To)), " [id=", dotID(edgeID(i)), ", label=", dotLabel(e.Kind),
			", start=", dotID(e.Start.String()), ", end=", dotID(e.End.String()), "];")
	}
	line("}")
	return w.Flush()
}

// short is a name as it is drawn.
func short(name string) string {
	signs := 0
	for at := range name {
		if signs == widest {
			return name[:at] + "…"
		}
		signs++
	}
	return name
}

// dotID quotes a text: within quotes the language knows one escape, that of the quote.
func dotID(text string) string {
	text = visible(text)
	// A backslash before the closing quote would escape it, before a quote it would be taken for that quote's.
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// dotLabel quotes a label, in which backslashes mean something (escString), so that each stands for itself, and line breaks are two signs.
func dotLabel(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(visible(text)) + `"`
}

// visible puts the picture of a control character (U+2400 and on) where one stands that is neither a tab nor a line break.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < ' ' && r != '\t' && r != '\n' && r != '\r':
			return 0x2400 + r
		case r == 0x7f:
			return 0x2421
		}
		return r
	}, text)
}
