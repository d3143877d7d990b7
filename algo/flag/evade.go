package flag

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rummage/algo/finding"
	"rummage/graph"
)

// Evasion is the fewest links found without which a network would not have been flagged: what it rests on, and what it would have cost
// its members to stay unseen. Groups are drawn and tested anew without them, with the margins, shuffles and thresholds that are then.
type Evasion struct {
	Without []CutTie `json:"without"`

	// Links is how many are given up, of all OfLinks among the members: a trade pair is one, an identifier one for each who uses it.
	Links   int `json:"links"`
	OfLinks int `json:"of_links"`

	Consignments int `json:"consignments"` // between the pairs that are given up: they would have to go under other names
	Parties      int `json:"parties"`      // that leave an identifier: they would have to be registered elsewhere

	Proven bool   `json:"proven"` // drawn and tested anew, no finding is left in its place
	Fewest bool   `json:"fewest"` // no set of fewer links was found to do
	Rounds int    `json:"rounds"` // times everything was drawn and tested anew
	Text   string `json:"text"`
}

// CutTie is a tie that is given up.
type CutTie struct {
	Tie     string     `json:"tie"`     // identifier, or partner
	Without []graph.ID `json:"without"` // the identifier, or the two traders
	Links   int        `json:"links"`
	Parties []graph.ID `json:"parties"` // that leave the identifier; none for traders
	Records int        `json:"records"` // consignments of the two; 0 for an identifier
	Text    string     `json:"text"`
}

// Evasion looks for the fewest links without which no finding is left where a network's findings are. It is nil for a network that
// has none. Cost: that of drawing and testing for each round, one to three as a rule.
func (a *Analysis) Evasion(ctx context.Context, reader Reader, n *Network) (*Evasion, error) {
	nodes, err := a.nodesOf(reader, n)
	if err != nil {
		return nil, err
	}
	t := newTeller(ctx, a, reader, ExplainOptions{})
	e, err := t.evasion(nodes)
	if err != nil {
		return nil, err
	}
	return e, t.names.err
}

func (t *teller) evasion(nodes []uint32) (*Evasion, error) {
	if !slices.ContainsFunc(t.a.Findings.List, func(f finding.Finding) bool { return halved(f.Members, nodes) }) {
		return nil, nil
	}
	c, err := t.a.Findings.Clear(t.ctx, t.a.Trial, nodes, finding.ClearOptions{Trial: t.a.trialOptions()})
	if err != nil {
		return nil, err
	}
	e := &Evasion{
		Without: []CutTie{}, Links: c.Links, Consignments: c.Consignments, Proven: c.Proven, Fewest: c.Fewest, Rounds: c.Rounds,
	}
	for _, l := range t.a.Trial.Levers(nodes) {
		if e.OfLinks++; l.Identifier != finding.None {
			e.OfLinks += len(t.a.Trial.UsersAmong(l.Identifier, nodes)) - 1
		}
	}
	for _, l := range c.Levers {
		tie := t.cut(l, c.Reach)
		e.Parties += len(tie.Parties)
		e.Without = append(e.Without, tie)
	}
	e.Text = e.say()
	return e, nil
}

// cut tells a tie that is given up.
func (t *teller) cut(l finding.Lever, reach []uint32) CutTie {
	ids := t.a.View.IDs
	if l.Identifier != finding.None {
		c := CutTie{Tie: "identifier", Without: []graph.ID{ids[l.Identifier]}, Parties: []graph.ID{}}
		for _, v := range t.a.Trial.UsersAmong(l.Identifier, reach) {
			c.Parties = append(c.Parties, ids[v])
		}
		c.Links = len(c.Parties)
		c.Text = fmt.Sprintf("%s leave the shared %s %s", partiesText(c.Links), ids[l.Identifier].Kind(), t.names.of(ids[l.Identifier]))
		return c
	}
	c := CutTie{Tie: "partner", Without: []graph.ID{ids[l.Pair.A], ids[l.Pair.B]}, Links: 1, Parties: []graph.ID{}}
	for _, end := range [2][2]uint32{{l.Pair.A, l.Pair.B}, {l.Pair.B, l.Pair.A}} {
		for _, i := range t.a.imports.Of(end[0]) {
			if t.a.Trade.Consignments.Exporter[i] == end[1] {
				c.Records++
			}
		}
	}
	c.Text = fmt.Sprintf("%s deals no more with %s (%s)", t.names.of(c.Without[0]), t.names.of(c.Without[1]), counted(c.Records, "consignment"))
	return c
}

func partiesText(n int) string {
	if n == 1 {
		return "1 party"
	}
	return fmt.Sprintf("%d parties", n)
}

// say puts an evasion into words: the smaller it is, the less the network rests on.
func (e *Evasion) say() string {
	if !e.Proven {
		return fmt.Sprintf("no set of links was found that clears it (everything drawn and tested anew %s)", counted(e.Rounds, "time"))
	}
	var cost []string
	if e.Consignments > 0 {
		cost = append(cost, "put "+counted(e.Consignments, "consignment")+" under other names")
	}
	if e.Parties > 0 {
		cost = append(cost, "register "+partiesText(e.Parties)+" elsewhere")
	}
	of := fmt.Sprintf("%d of its %s", e.Links, counted(e.OfLinks, "link"))
	if e.Links > e.OfLinks {
		of = counted(e.Links, "link") // some lead to who would have been flagged in its place
	}
	return fmt.Sprintf("without %s it is cleared (drawn and tested anew); to stay unseen it would have had to %s", of, strings.Join(cost, " and "))
}
