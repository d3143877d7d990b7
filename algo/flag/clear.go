package flag

import (
	"cmp"
	"context"
	"fmt"
	"math/bits"
	"slices"

	"rummage/algo/finding"
	"rummage/graph"
)

// Clear says what remains of a finding when one tie is left out, tested again.
type Clear struct {
	Tie     string     `json:"tie"`     // identifier, or partner
	Without []graph.ID `json:"without"` // the identifier, or the two traders

	// Counts are of what still hangs together; no members where that is too little to be tested.
	Counts
	Q       Number `json:"q"`
	QBlock  Number `json:"q_block"`
	Flagged bool   `json:"flagged"` // still a finding of its grade
	Text    string `json:"text"`
}

// Bias compares how often a network's importers were inspected with how often their peers were, importers of about as many
// consignments. Whoever is looked at more is found more.
type Bias struct {
	Consignments int    `json:"consignments"` // that they imported
	Inspected    int    `json:"inspected"`
	Expected     Number `json:"expected"` // inspections, had they been chosen like their peers
	Ratio        Number `json:"ratio"`
	Text         string `json:"text"`
}

// ExplainNetwork says why a network of a result was flagged: its finding's counts, where its members' exposure comes from, and
// what would clear it. The analysis must be of the run's own scope and settings; where decisions made since have changed what the
// records say, Note tells so.
func (a *Analysis) ExplainNetwork(ctx context.Context, reader Reader, n *Network, opts ExplainOptions) (*Explanation, error) {
	x := &Explanation{ID: n.ID, Kind: "network", Name: n.Heading, For: []string{}, Against: []string{}}
	nodes, err := a.nodesOf(reader, n)
	if err != nil {
		return nil, err
	}
	for _, v := range nodes {
		x.Score += Number(a.Exposure.Ratio[v] - 1)
		x.Exposure += Number(a.Exposure.Ratio[v] / float64(len(nodes)))
	}
	t := newTeller(ctx, a, reader, opts)
	if err := t.exposure(x, nodes); err != nil {
		return nil, err
	}
	x.Bias = a.bias(nodes)
	if err := t.tests(x, n, nodes); err != nil {
		return nil, err
	}
	t.sides(x, n)
	for _, id := range append([]graph.ID{n.ID}, n.Records...) {
		if err := t.decisions(x, id); err != nil {
			return nil, err
		}
	}
	return x, t.names.err
}

// nodesOf are the members of a network of a result, ascending, as the records are understood today.
func (a *Analysis) nodesOf(reader Reader, n *Network) ([]uint32, error) {
	var nodes []uint32
	for _, record := range n.Records {
		if v, ok := a.View.Node(reader.Identity().Cluster(record)); ok {
			nodes = append(nodes, v)
		}
	}
	if len(nodes) == 0 {
		return nil, fmt.Errorf("flag: explain %s: members: %w", n.ID, graph.ErrNotFound)
	}
	slices.Sort(nodes)
	return slices.Compact(nodes), nil
}

// tests fills in the findings inside the network, and what is left of the best without each of its ties.
func (t *teller) tests(x *Explanation, n *Network, nodes []uint32) error {
	list := t.a.Findings.List
	best := -1
	for i := range list {
		if overlap(list[i].Members, nodes) < len(list[i].Members) {
			continue
		}
		row := t.a.row(&list[i])
		row.Network = n.ID
		if best < 0 {
			best, x.Finding = i, &row
		}
		x.Findings = append(x.Findings, row)
	}
	if best < 0 && len(n.Schemes) > 0 {
		return nil
	}
	if best < 0 {
		x.Note = "by what is decided today, no finding is left of it"
		return nil
	}
	x.Clears = []Clear{}
	for _, lever := range t.a.Trial.Levers(list[best].Members) {
		left, err := t.a.Findings.Without(t.a.Trial, &list[best], lever)
		if err != nil {
			return err
		}
		x.Clears = append(x.Clears, t.clear(&left))
	}
	var err error
	if x.Missing, err = t.missing(&list[best]); err != nil {
		return err
	}
	if x.Evasion, err = t.evasion(nodes); err != nil {
		return err
	}
	slices.SortStableFunc(x.Clears, func(a, b Clear) int {
		if a.Flagged != b.Flagged {
			if b.Flagged {
				return -1
			}
			return 1
		}
		return cmp.Compare(b.Q, a.Q)
	})
	return nil
}

func (t *teller) clear(left *finding.Remainder) Clear {
	ids := t.a.View.IDs
	c := Clear{
		Counts: countsOf(&left.Finding),
		Q:      Number(left.Q[finding.ShuffleConsignments]), QBlock: Number(left.Q[finding.ShuffleImporters]), Flagged: left.Flagged,
	}
	var what string
	if z := left.Without[0].Identifier; z != finding.None {
		c.Tie, c.Without = "identifier", []graph.ID{ids[z]}
		what = "the shared " + ids[z].Kind().String() + " " + t.names.of(ids[z])
	} else {
		pair := left.Without[0].Pair
		c.Tie, c.Without = "partner", []graph.ID{ids[pair.A], ids[pair.B]}
		what = "the trade of " + t.names.of(ids[pair.A]) + " with " + t.names.of(ids[pair.B])
	}
	verdict := "no longer a finding"
	if c.Flagged {
		verdict = "still a finding"
	}
	remains := fmt.Sprintf("%s in %d inspected, q %.2g", counted(c.Hits, "hit"), c.Inspected, float64(c.Q))
	if c.Members == 0 {
		remains = "the group is no longer drawn"
	}
	c.Text = fmt.Sprintf("without %s: %s, %s (recomputed)", what, remains, verdict)
	return c
}

// sides tells what speaks for the network and what against it.
func (t *teller) sides(x *Explanation, n *Network) {
	if f := x.Finding; f != nil {
		x.For = append(x.For, f.Text())
		if f.Grade == finding.GradeB.String() {
			x.Against = append(x.Against, fmt.Sprintf("grade B: repeat offenders alone may explain it (q %.2g under that null)", float64(f.QBlock)))
		}
	}
	x.For = append(x.For, n.What...)
	x.Reasons = t.a.reasonsOfNetwork(n, x.Finding)
	for i := range n.Schemes {
		for _, text := range n.Schemes[i].Against {
			if text = n.Schemes[i].Pattern + ": " + text; !slices.Contains(x.Against, text) {
				x.Against = append(x.Against, text)
			}
		}
	}
	for _, s := range n.Shared {
		switch {
		case s.Users > t.a.Settings.RareUsers:
			x.Against = append(x.Against, fmt.Sprintf("the %s %s has %d users: a formation agent's, and not counted", s.Kind, s.Name, s.Users))
		case s.Users > s.Members:
			x.Against = append(x.Against, fmt.Sprintf("the %s %s has %d users, %d of them not in this network", s.Kind, s.Name, s.Users, s.Users-s.Members))
		}
	}
	if x.Finding != nil && x.Finding.Loops > 0 {
		x.Against = append(x.Against, "family firms trade in closed circles, too; closeness alone is no sign of crime")
	}
}

// bias compares the inspections of the importers among nodes with those of their peers: importers outside with as many
// consignments, to the power of two. It is nil where none of them imports, or there are no peers.
func (a *Analysis) bias(nodes []uint32) *Bias {
	var inspected, all [65]int
	b := &Bias{}
	c := &a.Trade.Consignments
	looked := func(v uint32) int {
		n := 0
		for _, i := range a.imports.Of(v) {
			if c.Inspected[i] {
				n++
			}
		}
		return n
	}
	for v := range uint32(a.Trade.Nodes) {
		if rows := len(a.imports.Of(v)); rows > 0 && !a.Trade.IsService(v) && !contains(nodes, v) {
			band := bits.Len(uint(rows))
			all[band], inspected[band] = all[band]+rows, inspected[band]+looked(v)
		}
	}
	for _, v := range nodes {
		rows := len(a.imports.Of(v))
		if band := bits.Len(uint(rows)); rows > 0 && all[band] > 0 {
			b.Consignments += rows
			b.Inspected += looked(v)
			b.Expected += Number(float64(rows) * float64(inspected[band]) / float64(all[band]))
		}
	}
	if b.Expected == 0 {
		return nil
	}
	b.Ratio = Number(float64(b.Inspected)) / b.Expected
	b.Text = fmt.Sprintf("its importers were inspected %.1f times as often as their peers (%s, %.1f expected)",
		float64(b.Ratio), counted(b.Inspected, "inspection"), float64(b.Expected))
	return b
}
