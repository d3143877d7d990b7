package main

import (
	"fmt"
	"slices"
	"strings"

	"rummage/algo/flag"
	"rummage/casefile/story"
	"rummage/casefile/subgraph"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
	"rummage/ingest/ident"
)

// story tells a network in the words that report and viewer of a case file show.
func (t *chosenTexts) story() *story.Story {
	n, x := t.network, t.why
	s := &story.Story{
		Heading: n.Heading + ", grade " + n.Grade, Decision: t.ruling.text(), Base: x.Base.Text,
		For: x.For, Against: x.Against, Without: x.without(),
	}
	if n.State != "" {
		s.Heading += ", " + string(n.State)
	}
	if t.ruling != nil {
		s.Heading += ", " + string(t.ruling.Kind)
	}
	if x.Finding != nil {
		s.Summary = append(s.Summary, findingText(x.Finding))
	}
	for _, r := range x.Reasons {
		s.Summary = append(s.Summary, r.Text)
	}
	for i := range x.Missing {
		s.Missing = append(s.Missing, x.Missing[i].Text)
	}
	s.Ledger = ledgerOf(x.Explanation)
	for i := range n.Schemes {
		p := &n.Schemes[i]
		var where []string
		for _, id := range p.Records {
			where = append(where, id.Label())
		}
		s.Patterns = append(s.Patterns, story.Pattern{Name: p.Title, Text: strings.Join(where, ", "),
			Shows: []string{fmt.Sprintf("q %s: the share of false ones among matches as strong", short(output.Score(p.Q)))}, Against: p.Against})
	}
	for i := range n.Members {
		m := &n.Members[i]
		s.Members = append(s.Members, story.Member{ID: m.ID, Name: m.Name, Role: m.Role, Evidence: m.Evidence, Trades: m.Trades,
			Exposure: fmt.Sprintf("%.3g", float64(m.Exposure)), Hits: m.Hits, Inspected: m.Inspected, Listed: m.Listed})
	}
	for _, note := range []string{x.Since.text(), biasText(x.Bias), x.Note, t.untold} {
		if note != "" {
			s.Notes = append(s.Notes, note)
		}
	}
	return s
}

func biasText(b *flag.Bias) string {
	if b == nil {
		return ""
	}
	return b.Text
}

// mostTold is how many seeds the ledger of a report tells one by one; explanation.json has all that are told.
const mostTold = 15

// leastShare is the least share of an exposure that a case file tells: less is printed as 0.0 %.
const leastShare = 0.0005

// withhold folds the seeds of an exposure that a case file is not about into one part: those whose share rounds to 0.0 %, and those that are not
// in its graph. That somebody else was hit is not the recipient's business. Shares still sum to 1; paths through others are left out.
func withhold(x *flag.Explanation, g *subgraph.Graph) {
	held := map[graph.ID]bool{"": true}
	for i := range g.Nodes {
		held[g.Nodes[i].ID] = true
		for _, id := range g.Nodes[i].Records {
			held[id] = true
		}
	}
	others := flag.Part{Path: []flag.Step{}, Hits: []flag.Hit{}, Records: []flag.Record{}}
	kept := []flag.Part{}
	for _, p := range x.Parts {
		if p.Share < leastShare || p.More > 0 || !held[p.From] {
			others.Share, others.Seed, others.More = others.Share+p.Share, others.Seed+p.Seed, others.More+max(p.More, 1)
			continue
		}
		if slices.ContainsFunc(p.Path, func(s flag.Step) bool { return !held[s.From] || !held[s.To] }) {
			p.Path, p.Covers, p.Records = []flag.Step{}, 0, []flag.Record{}
			for _, h := range p.Hits {
				p.Records = append(p.Records, h.Records...)
			}
		}
		kept = append(kept, p)
	}
	if others.More > 0 {
		others.Name = fmt.Sprintf("others (%d)", others.More)
		kept = append(kept, others)
	}
	x.Parts = kept
}

// ledgerOf tells the shares of an exposure, those behind the first mostTold together, and together those that withhold folded.
func ledgerOf(x *flag.Explanation) []story.Entry {
	var all []story.Entry
	var small, held struct {
		share float64
		count int
	}
	for i := range x.Parts {
		p := &x.Parts[i]
		switch {
		case p.More > 0:
			held.share, held.count = held.share+float64(p.Share), held.count+p.More
		case i >= mostTold:
			small.share, small.count = small.share+float64(p.Share), small.count+1
		default:
			all = append(all, story.Entry{Share: float64(p.Share), What: throughText(p), Rows: recordsText(p.Records)})
		}
	}
	if small.count > 0 {
		all = append(all, story.Entry{Share: small.share, What: fmt.Sprintf("%d more, which explanation.json names", small.count)})
	}
	if held.count > 0 {
		all = append(all, story.Entry{Share: held.share, What: fmt.Sprintf("others (%d): shares of 0.0 %%, or not in this case file", held.count)})
	}
	return all
}

// positions finds where ports lie, in degrees east and north.
func positions(g *subgraph.Graph) map[graph.ID][2]float64 {
	all := map[graph.ID][2]float64{}
	for i := range g.Nodes {
		if n := &g.Nodes[i]; n.Kind == graph.Place.String() {
			if port, known := ident.Port(n.ID.Label()); known && port.Located {
				all[n.ID] = [2]float64{port.Lon, port.Lat}
			}
		}
	}
	return all
}
