package casefile

import (
	"bytes"
	"fmt"
	"io"

	"rummage/casefile/marking"
)

// readme says to whoever opens the case file what is in it and how it is checked.
func readme(to io.Writer, c *Contents, custody *Custody, handling marking.Code) error {
	var text bytes.Buffer
	fmt.Fprintf(&text, "%s\n\nCase file: %s\n\n", banner(handling), c.Title)
	for _, line := range custody.said(c.Redaction) {
		fmt.Fprintf(&text, "  %-10s %s\n", line[0], line[1])
	}
	chosen := 0
	for i := range c.Graph.Nodes {
		if c.Graph.Nodes[i].Chosen {
			chosen++
		}
	}
	if s := c.told(); s.Heading != "" {
		fmt.Fprintf(&text, "\n%s.\n", s.Heading)
		if s.Decision != "" {
			fmt.Fprintf(&text, "%s\n", s.Decision)
		}
	}
	fmt.Fprintf(&text, "\nIt holds %d nodes, of which %d were asked for, and %d edges.\n\n", len(c.Graph.Nodes), chosen, len(c.Graph.Edges))
	for _, f := range forPeople {
		fmt.Fprintf(&text, "  data/%-30s %s\n", f[0], f[1])
	}
	for _, f := range c.Formats {
		for _, file := range f.Files {
			fmt.Fprintf(&text, "  data/graph/%-24s %s\n", file.Name, f.Title)
		}
	}
	fmt.Fprintf(&text, "  data/%-30s %s\n", "*/"+marking.File, "the handling code of all files beside it")
	for _, t := range c.Texts {
		fmt.Fprintf(&text, "  data/%-30s %s\n", t.Name, t.Title)
	}
	if c.Redaction != nil {
		fmt.Fprintf(&text, "  data/%-30s %s\n", redactionFile, redactionTitle)
	}
	fmt.Fprintf(&text, "  data/%-30s %s\n", "custody.json", "who made it, for whom, from which state of the store")
	fmt.Fprintf(&text, "  data/%-30s %s\n  data/%-30s %s\n", "evidence/sources.json", "the files that it stands on, with their hashes",
		"evidence/rows.jsonl", "their rows, cell by cell as they stood, and what was read from each, one a line")
	if len(c.Originals) > 0 {
		fmt.Fprintf(&text, "  data/%-30s %s\n", originalFolder, "these files whole, as they were imported, each under its SHA-256")
	}
	text.WriteString("\nThe rows named with nodes and edges are SOURCE:ROW; SOURCE is an id of sources.json, ROW as a spreadsheet shows it.\n" +
		"A consignment is a node; an edge leads from it to each party, place or thing in it, and is called by that one's role.\n\n" +
		"To check that nothing was changed: rummage verify PATH, or any BagIt tool (RFC 8493). Without a signature that finds\n" +
		"accidents, not forgery. Being in this file is no proof of an offence.\n\n" + banner(handling) + "\n")
	_, err := to.Write(text.Bytes())
	return err
}

// banner is a handling code as it stands above and below.
func banner(handling marking.Code) string {
	if code := handling.String(); code != "" {
		return code
	}
	return "no handling code"
}
