package flag

import (
	"context"
	"fmt"
	"slices"

	"rummage/algo/view"
	"rummage/graph"
)

// ExplainOptions say how much of an explanation is spelt out. The zero value is usable.
type ExplainOptions struct {
	Paths   int // seeds that get a path and their hits, the greatest shares first; 0 means 5
	Records int // records per step and hits per seed; 0 means 5

	// Listed is the lead as a result lists it. While its score is what the result says, its interval is taken from there, and not drawn again.
	Listed *Lead
}

func (o ExplainOptions) settle() ExplainOptions {
	if o.Paths == 0 {
		o.Paths = 5
	}
	if o.Records == 0 {
		o.Records = 5
	}
	return o
}

// Explanation says where an exposure comes from, down to rows of files.
type Explanation struct {
	ID    graph.ID `json:"id"`
	Kind  string   `json:"kind"` // of the entity, or network
	Name  string   `json:"name"`
	Score Number   `json:"score"` // of a lead: what it is ranked by; of a network: the sum of its members' exposure less 1 each

	// Exposure is the ratio, of a network the members' mean; Interval the middle 95 % of 200 bootstraps over seeds.
	Exposure Number    `json:"exposure"`
	Interval [2]Number `json:"interval"`

	// Drawn is the same of a lead's score and rank, by the draws of the whole list; null for what is no lead.
	Drawn *Interval `json:"drawn"`

	// Ledger are the named parts of a lead's score, which they sum to; absent for networks.
	Ledger []LedgerPart `json:"ledger,omitempty"`

	// Parts are the seeds' shares of the exposure, the greatest first. They sum to 1.
	Parts []Part `json:"parts"`

	// Ties split the same whole by the last step. They sum to 1, too.
	Ties []TieShare `json:"ties"`

	// Services are the records of a service party, by role, as Analysis orders them.
	Services []ServiceRecord `json:"services,omitempty"`

	Finding  *FindingRow  `json:"finding,omitempty"`  // of a network, its best
	Findings []FindingRow `json:"findings,omitempty"` // all of them
	Clears   []Clear      `json:"clears,omitempty"`
	Evasion  *Evasion     `json:"evasion,omitempty"`
	Missing  []Missing    `json:"missing,omitempty"` // inspections that would move its best finding most
	Reasons  []Reason     `json:"reasons"`           // the most telling first, five at most
	Base     BaseRate     `json:"base"`
	Bias     *Bias        `json:"bias,omitempty"`
	For      []string     `json:"for"`
	Against  []string     `json:"against"`
	Note     string       `json:"note,omitempty"`
}

// Part is the share of one seed.
type Part struct {
	From  graph.ID `json:"from"`
	Name  string   `json:"name"`
	Share Number   `json:"share"`

	// Seed is the weight with which it starts the walk: what its own hits come to, and what corroborates them.
	Seed Number `json:"seed"`

	// Path is the one that carries most of the share, from the seed; empty for a seed that is explained itself, and absent
	// beyond the first few parts. Hits are what makes it a seed. Records are all those behind path and hits.
	Path    []Step   `json:"path"`
	Covers  Number   `json:"covers"` // the part of its share that arrives by that path alone; 0 where none is told
	Hits    []Hit    `json:"hits"`
	Records []Record `json:"records"`

	// More is how many further seeds this part stands for, 0 for a seed's own: see Limit.
	More int `json:"more"`
}

// Limit folds all parts but the first n into one, so that the shares still sum to 1. 0 leaves them as they are.
func (x *Explanation) Limit(n int) {
	if n <= 0 || len(x.Parts) <= n {
		return
	}
	rest := Part{Path: []Step{}, Hits: []Hit{}, Records: []Record{}}
	for _, p := range x.Parts[n:] {
		rest.Share += p.Share
		rest.Seed += p.Seed
		rest.More++
	}
	rest.Name = fmt.Sprintf("%d more", rest.More)
	x.Parts = append(x.Parts[:n:n], rest)
}

// Step is one tie of a path.
type Step struct {
	From     graph.ID `json:"from"`
	FromName string   `json:"from_name"`
	To       graph.ID `json:"to"`
	ToName   string   `json:"to_name"`
	Tie      string   `json:"tie"` // kind of edge
	Count    int      `json:"n"`   // records that make the tie
	Records  []Record `json:"records"`
}

// Hit is an outcome that makes a seed.
type Hit struct {
	Consignment graph.ID   `json:"consignment,omitempty"` // "" where the entity itself was listed or found in breach
	Result      string     `json:"result"`
	Date        graph.Date `json:"date"`
	Records     []Record   `json:"records"`
}

// Record is a row of a file.
type Record struct {
	Consignment graph.ID       `json:"consignment,omitempty"`
	Link        string         `json:"link,omitempty"` // role of a link
	Date        graph.Date     `json:"date"`
	Source      graph.SourceID `json:"source"`
	Row         int64          `json:"row"`
}

// ExplainLead says where the exposure of an entity comes from. An entity that the scope does not show gives an error wrapping
// graph.ErrNotFound. One that no hit reaches has no parts.
//
// Cost: one walk, reading the records of the first few seeds and paths, and where Listed has no interval that holds, those of 16 walks and
// ranking all leads in 200 draws.
func (a *Analysis) ExplainLead(ctx context.Context, reader Reader, id graph.ID, opts ExplainOptions) (*Explanation, error) {
	id = reader.Identity().Cluster(id)
	v, ok := a.View.Node(id)
	if !ok {
		return a.explainLoose(ctx, reader, id, opts)
	}
	x := &Explanation{
		ID: id, Kind: id.Kind().String(), Score: Number(a.Score(v)), Exposure: Number(a.Exposure.Ratio[v]), Ledger: a.ledger(v),
		For: []string{}, Against: []string{},
	}
	t := newTeller(ctx, a, reader, opts)
	x.Name = t.names.of(id)
	if err := t.exposure(x, []uint32{v}); err != nil {
		return nil, err
	}
	inspected, hits := a.own(v)
	switch {
	case a.Trade.IsService(v):
		x.Note = "a service party: never flagged by exposure, but by its own record"
		if err := t.service(x, v); err != nil {
			return nil, err
		}
		if len(x.Services) == 0 {
			x.Note += "; nothing that it served was inspected"
		}
	case hits > 0:
		x.For = append(x.For, fmt.Sprintf("%d of %d inspected consignments of its own were hits", hits, inspected))
	case inspected > 0:
		x.Against = append(x.Against, fmt.Sprintf("%s of its own inspected, and no hit among them", counted(inspected, "consignment")))
	}
	if a.Trade.IsListed(v) {
		x.For = append(x.For, "listed, or found in breach itself")
	}
	var err error
	if l := opts.Listed; l != nil && l.ID == id && l.Score == x.Score && l.Interval != nil {
		x.Drawn = l.Interval
	} else if x.Drawn, err = a.intervalOf(ctx, id); err != nil {
		return nil, err
	}
	x.Reasons = reasonsOfLead(x, hits, a.Trade.IsListed(v))
	if err := t.decisions(x, id); err != nil {
		return nil, err
	}
	return x, t.names.err
}

// explainLoose tells of an entity that the view left out: nothing that the walk follows leads to it.
func (a *Analysis) explainLoose(ctx context.Context, reader Reader, id graph.ID, opts ExplainOptions) (*Explanation, error) {
	entity, err := reader.Entity(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("flag: explain %s: %w", id, err)
	}
	x := &Explanation{
		ID: id, Kind: id.Kind().String(), Name: entity.Name(), Score: Number(Score(0, 0, a.Settings.Kappa)),
		Ledger: []LedgerPart{exposurePart(0)}, Parts: []Part{}, Ties: []TieShare{}, For: []string{}, Against: []string{},
		Reasons: []Reason{}, Base: a.baseRate(),
		Note: "no tie that exposure follows leads to it",
	}
	return x, newTeller(ctx, a, reader, opts).decisions(x, id)
}

// teller fills explanations from a reader.
type teller struct {
	ctx    context.Context
	a      *Analysis
	reader Reader
	names  namer
	opts   ExplainOptions
}

func newTeller(ctx context.Context, a *Analysis, reader Reader, opts ExplainOptions) *teller {
	return &teller{
		ctx: ctx, a: a, reader: reader, opts: opts.settle(),
		names: namer{ctx: ctx, finder: reader, known: make(map[graph.ID]string)},
	}
}

// exposure fills in what all explanations have.
func (t *teller) exposure(x *Explanation, nodes []uint32) error {
	x.Parts, x.Ties, x.Base = []Part{}, t.a.byTie(nodes), t.a.baseRate()
	shares, err := t.a.shares(t.ctx, nodes)
	if err != nil {
		return err
	}
	total := 0.0
	var seeds []uint32
	for i, s := range shares {
		total += s.ratio
		if i < t.opts.Paths {
			seeds = append(seeds, s.node)
		}
	}
	x.Interval = t.a.interval(shares, x.ID)
	for i := range x.Interval {
		x.Interval[i] /= Number(len(nodes))
	}
	paths, err := t.a.paths(t.ctx, nodes, seeds)
	if err != nil {
		return err
	}
	for i, s := range shares {
		part := Part{
			From: t.a.View.IDs[s.node], Share: Number(s.ratio / total), Seed: Number(t.a.Exposure.Seeds[s.node]),
			Path: []Step{}, Hits: []Hit{}, Records: []Record{},
		}
		if i < t.opts.Paths {
			part.Covers = Number(t.a.covers(s, paths[s.node]))
			if err := t.spell(&part, s.node, paths[s.node]); err != nil {
				return err
			}
		}
		x.Parts = append(x.Parts, part)
	}
	return t.names.err
}

// spell tells a part's path and hits with their records.
func (t *teller) spell(part *Part, seed uint32, path []hop) error {
	part.Name = t.names.of(part.From)
	for _, h := range path {
		step, err := t.step(h)
		if err != nil {
			return err
		}
		part.Path = append(part.Path, step)
		part.Records = append(part.Records, step.Records...)
	}
	var err error
	if part.Hits, err = t.hits(seed); err != nil {
		return err
	}
	for i := range part.Hits {
		part.Records = append(part.Records, part.Hits[i].Records...)
	}
	part.Records = unique(part.Records)
	return nil
}

// unique keeps the first of equal records.
func unique(records []Record) []Record {
	kept := []Record{}
	for _, r := range records {
		if !slices.Contains(kept, r) {
			kept = append(kept, r)
		}
	}
	return kept
}

// step tells a tie with the first records that make it.
func (t *teller) step(h hop) (Step, error) {
	ids := t.a.View.IDs
	s := Step{
		From: ids[h.from], To: ids[h.to], FromName: t.names.of(ids[h.from]), ToName: t.names.of(ids[h.to]),
		Tie: view.Edge(h.kind).String(), Count: t.a.count(h), Records: []Record{},
	}
	rule := ruleOf(view.Edge(h.kind))
	if rule.Shape == view.Bought {
		return s, nil // a lane is no entity, so no record names it
	}
	const page = 100
	for offset := 0; len(s.Records) < t.opts.Records; offset += page {
		found, err := t.reader.Connections(t.ctx, graph.ConnectionQuery{ID: s.From, With: s.To, Offset: offset, Limit: page})
		if err != nil {
			return s, fmt.Errorf("flag: records between %s and %s: %w", s.From, s.To, err)
		}
		for i := range found {
			if fits(&rule, &found[i]) && len(s.Records) < t.opts.Records {
				s.Records = append(s.Records, recordsOf(&found[i])...)
			}
		}
		if len(found) < page {
			break
		}
	}
	return s, nil
}

func (a *Analysis) count(h hop) int {
	types, counts := a.View.Ties.Types(h.from), a.View.Ties.Counts(h.from)
	for i, v := range a.View.Ties.Neighbours(h.from) {
		if v == h.to && types[i] == h.kind {
			return int(counts[i])
		}
	}
	return 0
}

func ruleOf(kind view.Edge) view.Rule {
	for _, rule := range view.Rules() {
		if rule.Edge == kind {
			return rule
		}
	}
	return view.Rule{}
}

// fits says whether a connection is one that the rule makes an edge of.
func fits(rule *view.Rule, c *graph.Connection) bool {
	if rule.Shape == view.Linked {
		return c.Link != nil && slices.Contains(rule.Roles, c.Link.Role)
	}
	if c.Link != nil || len(rule.Roles) == 0 {
		return c.Link == nil
	}
	named := func(role graph.Role) bool { return slices.Contains(rule.Roles, role) }
	return slices.ContainsFunc(c.Roles, named) || slices.ContainsFunc(c.WithRoles, named)
}

// recordsOf lists the rows behind a connection.
func recordsOf(c *graph.Connection) []Record {
	records := make([]Record, len(c.Origins))
	for i, origin := range c.Origins {
		records[i] = Record{Consignment: c.Consignment, Date: c.Date, Source: origin.Source, Row: origin.Row}
		if c.Link != nil {
			records[i].Link = c.Link.Role.String()
		}
	}
	return records
}
