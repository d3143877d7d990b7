package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"time"

	"rummage/algo/flag"
	"rummage/casefile"
	"rummage/casefile/marking"
	"rummage/casefile/register"
	"rummage/casefile/row"
	"rummage/casefile/subgraph"
	"rummage/cmd/rummage/internal/exit"
	"rummage/graph"
	"rummage/ingest"
)

// What goes into a case file, gathered from a scope of the store.

// gathered are contents, with the run that a network is of.
type gathered struct {
	*casefile.Contents
	run graph.RunID
}

// allowed refuses a scope with a source above a ceiling before anything is gathered; the zero Code allows all.
func (a *archive) allowed(ceiling marking.Code) error {
	if ceiling == (marking.Code{}) {
		return nil
	}
	var all []graph.Source
	scope := a.Scope()
	for _, id := range slices.Concat(scope.Sources, scope.Past) {
		if s := a.sources[id]; s != nil {
			all = append(all, *s)
		}
	}
	_, err := casefile.Handling(all, ceiling)
	return err
}

// contents gathers all that goes into a case file.
func (d *desk) contents(ctx context.Context, a *archive, args []string, opts *exportOptions) (*gathered, error) {
	c := &gathered{Contents: &casefile.Contents{}}
	parties, texts, err := d.named(ctx, a, args, opts)
	if err != nil {
		return nil, err
	}
	c.Title = texts.title
	if texts.run != nil {
		c.run = texts.run.ID
	}
	step := func(done, total int) { d.meter.Step("gather", int64(done), int64(total)) }
	if c.Graph, err = subgraph.Collect(ctx, a, parties, step); err != nil {
		return nil, err
	}
	c.Graph.Score(texts.scores)
	if err := texts.tell(c.Contents); err != nil {
		return nil, err
	}
	rows := c.Graph.Rows()
	if err := a.cite(ctx, c.Contents, rows, texts.run); err != nil {
		return nil, err
	}
	c.Rows = a.lines(ctx, rows, c.Graph.Records.Says())
	c.Places = positions(c.Graph)
	request, err := a.request(args, opts, parties, texts.run)
	c.Texts = append(c.Texts, casefile.Text{Name: "request.json", Title: "what was asked for, of which scope and run", Content: request})
	return c, err
}

// cite lists the sources of the rows, and those behind what else is said: of a network all that its run read, since they drew its groups and
// its scores; and those that decisions about its parties rest on.
func (a *archive) cite(ctx context.Context, c *casefile.Contents, rows []graph.Origin, run *graph.Run) error {
	seen := map[graph.SourceID]bool{}
	for _, o := range rows {
		s := a.sources[o.Source]
		if s == nil || seen[o.Source] {
			continue
		}
		seen[o.Source] = true
		c.Sources = append(c.Sources, *s)
		said, err := ingest.CaseOf(s)
		if err != nil {
			return err
		}
		if said != nil {
			if c.Cases == nil {
				c.Cases = map[graph.SourceID]json.RawMessage{}
			}
			if c.Cases[s.ID], err = json.Marshal(said); err != nil {
				return err
			}
		}
	}
	behind, err := a.judgedBy(ctx, c.Graph)
	if err != nil {
		return err
	}
	if run != nil {
		behind = slices.Concat(behind, run.Scope.Sources, run.Scope.Past)
	}
	scope := a.Scope()
	for _, part := range []struct {
		ids  []graph.SourceID
		into *[]graph.Source
	}{{behind, &c.Behind}, {slices.Concat(scope.Sources, scope.Past), &c.Seen}} {
		for _, id := range part.ids {
			if s := a.sources[id]; s != nil && !seen[id] {
				seen[id] = true
				*part.into = append(*part.into, *s)
			}
		}
	}
	return nil
}

// judgedBy lists the sources that decisions rest on which join records in a graph.
func (a *archive) judgedBy(ctx context.Context, g *subgraph.Graph) ([]graph.SourceID, error) {
	joined := map[graph.ID]bool{}
	for i := range g.Nodes {
		for _, id := range g.Nodes[i].Records {
			joined[id] = true
		}
	}
	if len(joined) == 0 {
		return nil, nil
	}
	decisions, err := a.Decisions(ctx, "")
	var all []graph.SourceID
	for i := range decisions {
		if d := &decisions[i]; d.Kind.AboutPair() && (joined[d.Subject] || joined[d.Other]) {
			all = append(all, d.Sources...)
		}
	}
	return all, err
}

// entry is what the store keeps of a case file.
func (a *archive) entry(args []string, opts *exportOptions, c *casefile.Contents, custody *casefile.Custody) (*register.Entry, error) {
	scope, err := a.asked(&opts.scopeFlags)
	if err != nil {
		return nil, err
	}
	e := &register.Entry{Name: filepath.Base(opts.out), Purpose: custody.Purpose, Case: custody.Case, Recipient: custody.Recipient,
		Author: custody.Author, Ceiling: custody.Ceiling.String(), Made: custody.Made.UTC(), Tool: custody.Tool, Scope: scope, Below: opts.below, Redacted: c.Redaction != nil}
	if id := graph.ID(args[0]); isNetwork(id) {
		e.Network = id
	}
	e.Decided = custody.Store.Decided
	e.Held, err = register.Hold(c.Graph)
	return e, err
}

// state says what of the store goes into a case file.
func (a *archive) state(ctx context.Context, run graph.RunID) (casefile.StoreState, error) {
	scope := a.Scope()
	decided, err := a.decided(ctx)
	return casefile.StoreState{Sources: len(scope.Sources), Scope: scope.Fingerprint(), Until: scope.Until, KnownOn: scope.KnownOn, Decided: decided, Run: run}, err
}

// asked is the scope that flags ask for, before it is resolved.
func (a *archive) asked(flags *scopeFlags) (graph.Scope, error) {
	all := make([]graph.Source, 0, len(a.sources))
	for _, s := range a.sources {
		all = append(all, *s)
	}
	scope, err := flags.scope(all)
	scope.Past = nil
	return scope, err
}

// decided is the number of the last decision in scope.
func (a *archive) decided(ctx context.Context) (int64, error) {
	last := int64(0)
	all, err := a.Decisions(ctx, "")
	for i := range all {
		last = max(last, all[i].Seq)
	}
	return last, err
}

// chosenTexts is what is said of what was asked for.
type chosenTexts struct {
	title   string
	network *flag.Network // nil for parties named one by one, as are why and run
	why     explainAnswer
	run     *graph.Run
	ruling  *packedRuling                 // what was decided about it; nil for nothing
	untold  string                        // that its life is left out; "" where it is told
	scores  map[graph.ID][]subgraph.Score // what the run says of members
}

// tell writes why a network was flagged, without those who are not in the graph.
func (t *chosenTexts) tell(c *casefile.Contents) error {
	if t.network == nil {
		return nil
	}
	network, err := indented(packedNetwork{t.network, t.ruling, t.untold})
	if err != nil {
		return err
	}
	withhold(t.why.Explanation, c.Graph)
	why, err := indented(t.why)
	c.Story = t.story()
	c.Texts = append(c.Texts,
		casefile.Text{Name: "network.json", Title: "the network: members, roles, counts, life; by name who is next to it (boundary)", Content: network},
		casefile.Text{Name: "explanation.json", Title: "why it was flagged, what would clear it; the ledger names who is in this case file", Content: why})
	return err
}

// named finds the parties that were named: the members of a network, with its explanation, or single ones.
func (d *desk) named(ctx context.Context, a *archive, args []string, opts *exportOptions) ([]graph.ID, *chosenTexts, error) {
	if id := graph.ID(args[0]); isNetwork(id) {
		return d.namedNetwork(ctx, a, id, opts)
	}
	var parties []graph.ID
	for _, arg := range args {
		id, err := a.named(ctx, arg)
		if err != nil {
			return nil, nil, err
		}
		if id.Kind() == graph.KindConsignment {
			return nil, nil, exit.With(exit.Usage, fmt.Errorf("export: %s is a consignment: a case file is of a network, or of parties, places or things by their ids", id),
				"rummage show "+quote(string(id))+" lists who and what is in it")
		}
		parties = append(parties, id)
	}
	first, err := a.Entity(ctx, parties[0])
	if err != nil {
		return nil, nil, err
	}
	title := first.Name()
	if len(parties) > 1 {
		title += fmt.Sprintf(" and %d more", len(parties)-1)
	}
	return parties, &chosenTexts{title: title}, nil
}

func (d *desk) namedNetwork(ctx context.Context, a *archive, id graph.ID, opts *exportOptions) ([]graph.ID, *chosenTexts, error) {
	result, run, err := a.chosen(ctx, &opts.runFlags)
	if err != nil {
		return nil, nil, err
	}
	since, err := a.fresh(ctx, run, opts)
	if err != nil {
		return nil, nil, err
	}
	ceiling, err := marking.Parse(opts.ceiling)
	if err != nil {
		return nil, nil, err
	}
	above := a.holdsAbove(ceiling)
	texts, err := a.networkTexts(ctx, id, analysed{result, run}, above)
	if err != nil {
		return nil, nil, err
	}
	n := texts.network
	x, _, err := d.explained(ctx, a, analysed{result, run}, explainOptions{runFlags: opts.runFlags, id: id, rows: 5, wordless: above})
	if err != nil {
		return nil, nil, err
	}
	a.nameRecords(x)
	var parties []graph.ID
	scores := map[graph.ID][]subgraph.Score{}
	for i := range n.Members {
		m := &n.Members[i]
		parties = append(parties, m.ID)
		scores[m.ID] = []subgraph.Score{{Name: "exposure", Value: float64(m.Exposure)}, {Name: "hits", Value: float64(m.Hits)},
			{Name: "inspected", Value: float64(m.Inspected)}, {Name: "ties", Value: float64(m.Ties)}, {Name: "betweenness", Value: float64(m.Betweenness)}}
	}
	texts.why, texts.scores = explainAnswer{x, since}, scores
	return parties, texts, nil
}

// networkTexts finds a network of a run, with the last word of a person on it. Above tells that the store has something that must not be
// told; then, as of a run that stands apart, its life is left out, and then alone the words of people.
func (a *archive) networkTexts(ctx context.Context, id graph.ID, of analysed, above bool) (*chosenTexts, error) {
	said, err := a.Decisions(ctx, "")
	if err != nil {
		return nil, err
	}
	if above {
		said = unspoken(said)
	}
	of.result.Rule(said)
	t := &chosenTexts{title: "network " + string(id), run: of.run}
	if t.network, err = networkOf(of.result, id); err != nil {
		return nil, err
	}
	if above || of.run.Kind != flag.Kind {
		t.network, t.untold = withoutLife(t.network), lifeUntold
	}
	t.ruling = rulingOf(t.network, said)
	return t, nil
}

func indented(value any) ([]byte, error) {
	line, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = json.Indent(&text, line, "", " ")
	text.WriteByte('\n')
	return text.Bytes(), err
}

// requestScope is the scope of a case file: sources, the last day, and the moment whose knowledge counts.
type requestScope struct {
	Sources []graph.SourceID `json:"sources"`
	Until   graph.Date       `json:"until"`
	KnownOn time.Time        `json:"known_on,omitzero"`
}

// request is how a case file was asked for, so that it can be made again.
func (a *archive) request(args []string, opts *exportOptions, parties []graph.ID, run *graph.Run) ([]byte, error) {
	scope := a.Scope()
	said := struct {
		Asked    []string        `json:"asked"`
		Formats  []string        `json:"formats"`
		Ceiling  string          `json:"ceiling"`
		Original bool            `json:"originals,omitempty"`
		Parties  []graph.ID      `json:"parties"`
		Scope    requestScope    `json:"scope"`
		Run      graph.RunID     `json:"run,omitempty"`
		Settings json.RawMessage `json:"settings,omitempty"`
		Seed     uint64          `json:"seed,omitempty"`
		Tool     string          `json:"run_by,omitempty"`
	}{Asked: args, Formats: append([]string{}, opts.formats...), Ceiling: opts.ceiling, Original: opts.originals, Parties: parties,
		Scope: requestScope{scope.Sources, scope.Until, scope.KnownOn}}
	if run != nil {
		said.Run, said.Settings, said.Seed, said.Tool = run.ID, run.Settings, run.Seed, run.Tool
	}
	return indented(said)
}

// lines yields rows as rummage why shows them, with what was read from each, one JSON object each.
func (a *archive) lines(ctx context.Context, rows []graph.Origin, says map[graph.Origin]*row.Says) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		for _, o := range rows {
			shown, err := a.record(ctx, claim{origins: []graph.Origin{o}})
			var line, record []byte
			if err == nil {
				record, err = json.Marshal(shown.Record)
			}
			if err == nil {
				of := row.Line{Source: o.Source, Row: o.Row, Note: shown.Note, Record: record}
				if said := says[o]; said != nil {
					of.Says = *said
				}
				line, err = json.Marshal(of)
			}
			if !yield(line, err) || err != nil {
				return
			}
		}
	}
}
