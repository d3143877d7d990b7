package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rummage/casefile/picture"
	"rummage/casefile/story"
	"rummage/casefile/subgraph"
	"rummage/graph"
)

// Case is what a report tells.
type Case struct {
	Title    string
	Handling string // "" for none
	Custody  [][2]string
	Graph    *subgraph.Graph
	Sources  []graph.Source
	Story    *story.Story
	Picture  *picture.Sheet
}

// Document is a report before it has a form.
type Document struct {
	Title    string
	Handling string
	Custody  [][2]string
	Sections []Section
}

// Section is a chapter: sentences, a list, a picture, a table; of each what it has.
type Section struct {
	Heading string
	Texts   []string
	List    []string
	Sheet   *picture.Sheet
	Table   *Table
}

// Table has columns of which each takes a part of the width.
type Table struct {
	Columns []Column
	Rows    [][]string
}

// Column is the head of a column.
type Column struct {
	Name  string
	Share float64 // of the width; those of a table sum to 1
	Right bool    // numbers stand on the right
}

// limits are what a report says of itself.
var limits = []string{
	"This report is a reason to look, and no proof of an offence. Nobody in it is called guilty.",
	"A party stands in it because it was asked for, or because the records tie it to one that was. Ports, carriers and declarants stand in many consignments that have nothing to do with each other.",
	"What no source of this case says is not in it: it shows what was declared, registered, seen and found, within the scope that the file request.json names, and not what happened.",
	"Two records are shown as one party where they were judged to be one; the tables name all the records behind it.",
	"Every consignment, link, party, place and thing names the rows that it stands on, as SOURCE:ROW; a place or thing of which no file has a row of its own those of its ties. The rows stand in evidence/rows.jsonl as they were read, the files are named with their SHA-256 below.",
	"The score of a network rests on the whole scope. Rows that its ledger names, by file and number, are in evidence/rows.jsonl only where something else in this case file stands on them too.",
}

// Limits lists what a case file does not say, for whoever reads it.
func Limits() []string { return slices.Clone(limits) }

// Compose tells a case.
func Compose(c *Case) *Document {
	d := &Document{Title: c.Title, Handling: c.Handling, Custody: c.Custody}
	t := newTeller(c)
	d.add(Section{Heading: "What this is", List: limits[:1], Texts: []string{t.size()}})
	d.reasons(c.Story)
	d.add(Section{Heading: "Picture", Sheet: c.Picture})
	d.members(c.Story)
	d.ledger(c.Story)
	d.patterns(c.Story)
	d.add(Section{Heading: "Timeline", Sheet: timeline(c.Graph)})
	d.add(Section{Heading: "Consignments", Table: t.consignments()})
	d.add(Section{Heading: "Links", Table: t.links()})
	d.add(Section{Heading: "Parties, places and things", Table: t.entities()})
	d.add(Section{Heading: "Sources", Table: t.sources()})
	d.add(Section{Heading: "What it does not say", List: limits})
	return d
}

// add takes a section unless there is nothing in it.
func (d *Document) add(s Section) {
	if len(s.Texts) == 0 && len(s.List) == 0 && s.Sheet == nil && (s.Table == nil || len(s.Table.Rows) == 0) {
		return
	}
	d.Sections = append(d.Sections, s)
}

func (d *Document) reasons(s *story.Story) {
	why := Section{Heading: "Why", List: s.Summary}
	for _, text := range []string{s.Heading, s.Decision, s.Base} {
		if text != "" {
			why.Texts = append(why.Texts, text)
		}
	}
	d.add(why)
	d.add(Section{Heading: "What speaks for it", List: s.For})
	d.add(Section{Heading: "What speaks against it", List: s.Against})
	d.add(Section{Heading: "What remains without one tie or another", List: s.Without})
	d.add(Section{Heading: "What nobody has looked at", List: s.Missing})
	d.add(Section{Heading: "Notes", List: s.Notes})
}

func (d *Document) members(s *story.Story) {
	table := &Table{Columns: []Column{{"party", 0.3, false}, {"role", 0.12, false}, {"trades", 0.1, false}, {"exposure", 0.1, true},
		{"own hits of inspected", 0.1, true}, {"what speaks for the role", 0.28, false}}}
	for i := range s.Members {
		m := &s.Members[i]
		name := m.Name
		if m.Listed {
			name += " (on a watch list)"
		}
		table.Rows = append(table.Rows, []string{name + "\n" + string(m.ID), m.Role, m.Trades, m.Exposure,
			fmt.Sprintf("%d of %d", m.Hits, m.Inspected), strings.Join(m.Evidence, "; ")})
	}
	d.add(Section{Heading: "Members", Table: table})
}

func (d *Document) ledger(s *story.Story) {
	table := &Table{Columns: []Column{{"share", 0.08, true}, {"through", 0.6, false}, {"rows", 0.32, false}}}
	for _, e := range s.Ledger {
		table.Rows = append(table.Rows, []string{percent(e.Share), e.What, e.Rows})
	}
	d.add(Section{Heading: "Ledger of the score", Table: table})
}

func percent(share float64) string { return strconv.FormatFloat(100*share, 'f', 1, 64) + " %" }

func (d *Document) patterns(s *story.Story) {
	table := &Table{Columns: []Column{{"pattern", 0.16, false}, {"where", 0.32, false}, {"what shows it", 0.24, false}, {"what would clear it", 0.28, false}}}
	for i := range s.Patterns {
		p := &s.Patterns[i]
		table.Rows = append(table.Rows, []string{p.Name, p.Text, strings.Join(p.Shows, "; "), strings.Join(p.Against, "; ")})
	}
	d.add(Section{Heading: "Patterns", Table: table})
}
