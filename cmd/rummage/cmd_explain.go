package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rummage/algo/flag"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

type explainOptions struct {
	runFlags
	id    graph.ID
	parts int
	rows  int
	// wordless leaves the reasons of decisions out.
	wordless bool
}

// explainAnswer is what rummage explain says.
type explainAnswer struct {
	*flag.Explanation
	Since *sinceRow `json:"since"`
}

func newExplainCommand(d *desk) *cobra.Command {
	var opts explainOptions
	c := &cobra.Command{
		Use:   "explain NETWORK|ID",
		Short: "Why a network was flagged, or where a lead's exposure comes from",
		Long: "Explains a network of the last run by the counts of its finding, by the hits that its members are exposed\n" +
			"to, and by what remains when one tie is left out, recomputed; or a party by the shares of the hits that it\n" +
			"is exposed to, which sum to 1; a service party also by its own record against its peers, a container also by numbers\n" +
			"one slip of a hand from its own that occur too. Every part names the rows it stands on; rummage why shows them.\n" +
			"It analyses the scope of the run again, with that run's settings; with --until, --known-on or --source that\n" +
			"is the last run that flag made with the same.",
		Example: "  rummage explain n-4f2a1c00aa55\n  rummage explain party/kr-importer/QLRUBN9 --json",
		Args:    exactly("NETWORK|ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.id = graph.ID(args[0])
			return runExplain(cmd.Context(), d, opts)
		},
	}
	opts.add(c)
	c.Flags().IntVar(&opts.parts, "parts", 5, "hits to tell one by one, with path and rows; the rest is told as one; 0 tells all")
	c.Flags().IntVar(&opts.rows, "rows", 5, "rows to name for each step")
	return c
}

func runExplain(ctx context.Context, d *desk, opts explainOptions) error {
	if opts.parts < 0 || opts.rows < 1 {
		return exit.Usagef("explain: --parts is 0 or more, --rows 1 or more")
	}
	return d.reading(ctx, look, &opts.scopeFlags, func(a *archive) error {
		var err error
		if opts.id, err = a.named(ctx, string(opts.id)); err != nil {
			return err
		}
		x, since, err := d.explanation(ctx, a, opts)
		if err != nil {
			return err
		}
		a.nameRecords(x)
		near, err := a.nearby(ctx, x.ID)
		if err != nil {
			return err
		}
		for i := range near {
			x.For = append(x.For, near[i].what()+": "+near[i].text())
		}
		return d.answer(explainAnswer{x, since})
	})
}

// explanation analyses the scope of the last run again and asks about one of its networks, or about a party.
func (d *desk) explanation(ctx context.Context, a *archive, opts explainOptions) (*flag.Explanation, *sinceRow, error) {
	result, run, err := a.chosen(ctx, &opts.runFlags)
	if err != nil {
		return nil, nil, err
	}
	return d.explained(ctx, a, analysed{result, run}, opts)
}

// analysed is a run with its result.
type analysed struct {
	result *flag.Result
	run    *graph.Run
}

// explained is explanation of a run that was read.
func (d *desk) explained(ctx context.Context, a *archive, of analysed, opts explainOptions) (*flag.Explanation, *sinceRow, error) {
	result, run := of.result, of.run
	if isNetwork(opts.id) {
		if _, err := networkOf(result, opts.id); err != nil {
			return nil, nil, err
		}
	} else if err := a.known(ctx, opts.id); err != nil {
		return nil, nil, err
	}
	settings, err := flag.ReadSettings(run.Settings)
	if err != nil {
		return nil, nil, err
	}
	settings.Draws = result.Stream.Draws(settings.Draws)
	scoped, err := a.store.Within(ctx, run.Scope)
	if err != nil {
		return nil, nil, err
	}
	defer scoped.Close()
	how := d.analysis(settings, run.Seed)
	how.Untested = !isNetwork(opts.id)
	if run.Kind == flag.Kind {
		how.Within = a.store.Within
	}
	analysis, err := flag.Analyse(ctx, scoped, how)
	if err != nil {
		return nil, nil, err
	}
	since, err := a.since(ctx, run)
	if err != nil {
		return nil, nil, err
	}
	var reader flag.Reader = scoped
	if opts.wordless {
		reader = wordless{scoped}
	}
	x, err := explainOf(ctx, analysis, reader, result, opts)
	return x, since, err
}

// explainOf asks an analysis about a network of its result, or about a party.
func explainOf(ctx context.Context, analysis *flag.Analysis, scoped flag.Reader, result *flag.Result, opts explainOptions) (*flag.Explanation, error) {
	much := flag.ExplainOptions{Paths: opts.parts, Records: opts.rows}
	if opts.parts == 0 {
		much.Paths = math.MaxInt
	}
	var x *flag.Explanation
	var err error
	if isNetwork(opts.id) {
		var n *flag.Network
		if n, err = networkOf(result, opts.id); err == nil {
			x, err = analysis.ExplainNetwork(ctx, scoped, n, much)
		}
	} else {
		much.Listed = listed(result, scoped.Identity().Cluster(opts.id))
		x, err = analysis.ExplainLead(ctx, scoped, opts.id, much)
	}
	if err != nil {
		return nil, err
	}
	x.Limit(opts.parts)
	return x, nil
}

// listed is a party among the leads of a result; nil where it is none that the run kept.
func listed(r *flag.Result, id graph.ID) *flag.Lead {
	for _, list := range [][]flag.Lead{r.Leads, r.Known} {
		if at := slices.IndexFunc(list, func(l flag.Lead) bool { return l.ID == id }); at >= 0 {
			return &list[at]
		}
	}
	return nil
}

// nameRecords puts the names of files where the analysis has ids of sources, as everywhere else in what the commands say.
func (a *archive) nameRecords(x *flag.Explanation) {
	name := func(records []flag.Record) {
		for i := range records {
			records[i].Source = graph.SourceID(a.nameOf(records[i].Source))
		}
	}
	for i := range x.Services {
		for j := range x.Services[i].Evidence {
			name(x.Services[i].Evidence[j].Records)
		}
	}
	for i := range x.Parts {
		p := &x.Parts[i]
		name(p.Records)
		for j := range p.Path {
			name(p.Path[j].Records)
		}
		for j := range p.Hits {
			name(p.Hits[j].Records)
		}
	}
}

// Print shows the counts, the parts with their rows, what speaks for and against, and what would clear it. A pipe gets all of it as
// one table.
func (a explainAnswer) Print(page *output.Page) {
	if page.Format() == output.TSV {
		page.Rows(a.table())
		return
	}
	switch {
	case a.Finding != nil:
		page.Say("%s  %s", a.ID, findingText(a.Finding))
	case a.Kind == "network":
		page.Say("%s  %s", a.ID, a.Name)
	case len(a.Services) > 0:
		page.Say("%s  %s: a service party", a.ID, a.Name)
		a.records(page)
		page.Say("exposure %.3g (95 %% of bootstraps: %.3g to %.3g; 1 is everyone's), which is nothing that it is judged by",
			float64(a.Exposure), float64(a.Interval[0]), float64(a.Interval[1]))
	default:
		page.Say("%s  %s: exposure %.3g (95 %% of bootstraps: %.3g to %.3g; 1 is everyone's)", a.ID, a.Name,
			float64(a.Exposure), float64(a.Interval[0]), float64(a.Interval[1]))
	}
	if a.Drawn != nil {
		score, rank := intervalText(page, a.Drawn)
		page.Say("score    %s (95 %% of bootstraps: %s; its rank: %s)", short(output.Score(a.Score)), score, rank)
	}
	for _, r := range a.Reasons {
		page.Say("reason   %s (%s)", r.Text, r.Code)
	}
	page.Say("base     %s", a.Base.Text)
	a.ledger(page)
	page.Say("exposure by hit:")
	grid := output.NewGrid("share>", "through", "rows")
	for i := range a.Parts {
		p := &a.Parts[i]
		grid.Add(fmt.Sprintf("%.0f %%", 100*float64(p.Share)), throughText(p), recordsText(p.Records))
	}
	page.Rows(grid)
	if len(a.Parts) == 0 {
		page.Say("  no hit reaches it")
	}
	a.sides(page)
}

// ledger shows the named parts that a lead's score is the sum of, where there is more than exposure.
func (a explainAnswer) ledger(page *output.Page) {
	if len(a.Ledger) < 2 {
		return
	}
	grid := output.NewGrid("adds>", "part", "measured>", "what")
	for i := range a.Ledger {
		p := &a.Ledger[i]
		grid.Add(short(output.Score(p.Adds)), p.Part, short(output.Score(p.Value)), p.Text)
	}
	grid.Add(short(output.Score(a.Score)), "score", "", "what leads are ranked by, the sum")
	page.Rows(grid)
}

// records tells what was found in the hands of a service party, each record with the rows of its first hits.
func (a explainAnswer) records(page *output.Page) {
	for i := range a.Services {
		s := &a.Services[i]
		page.Say("record   %s", s.Text())
		if len(s.Evidence) > 0 {
			page.Say("         %s", recordsText(evidenceOf(s)))
		}
	}
}

// evidenceOf lists the rows behind the first hits of a record.
func evidenceOf(s *flag.ServiceRecord) []flag.Record {
	var all []flag.Record
	for i := range s.Evidence {
		all = append(all, s.Evidence[i].Records...)
	}
	return all
}

// table is the explanation with one line a part, reason or test.
func (a explainAnswer) table() output.Grid {
	grid := output.NewGrid("what", "share", "text", "rows")
	for _, r := range a.Reasons {
		grid.Add("reason", "", r.Code+": "+r.Text, "")
	}
	grid.Add("base rate", "", a.Base.Text, "")
	if a.Finding != nil {
		grid.Add("finding", "", findingText(a.Finding), "")
	}
	for i := range a.Services {
		s := &a.Services[i]
		grid.Add("record", "", s.Text(), recordsText(evidenceOf(s)))
	}
	if i := a.Drawn; i != nil {
		grid.Add("interval", "", fmt.Sprintf("95 %% of bootstraps: score %s to %s, rank %d to %d", short(output.Score(i.Score[0])),
			short(output.Score(i.Score[1])), i.Rank[0], i.Rank[1]), "")
	}
	for i := range a.Ledger {
		p := &a.Ledger[i]
		grid.Add("score", output.Score(p.Adds).String(), p.Part+": "+p.Text, "")
	}
	for i := range a.Parts {
		p := &a.Parts[i]
		grid.Add("exposure", output.Score(p.Share).String(), throughText(p), recordsText(p.Records))
	}
	for _, text := range a.For {
		grid.Add("for", "", text, "")
	}
	for _, text := range a.Against {
		grid.Add("against", "", text, "")
	}
	for _, text := range a.without() {
		grid.Add("without", "", text, "")
	}
	for i := range a.Missing {
		grid.Add("missing", "", a.Missing[i].Text, "")
	}
	if a.Evasion != nil {
		grid.Add("evasion", "", a.Evasion.Text, "")
		for i := range a.Evasion.Without {
			grid.Add("evasion", "", a.Evasion.Without[i].Text, "")
		}
	}
	if a.Bias != nil {
		grid.Add("bias", "", a.Bias.Text, "")
	}
	if a.Note != "" {
		grid.Add("note", "", a.Note, "")
	}
	return grid
}

// sides tells what speaks for and against, and what would clear it.
func (a explainAnswer) sides(page *output.Page) {
	for _, text := range a.For {
		page.Say("for      %s", text)
	}
	for _, text := range a.Against {
		page.Say("against  %s", text)
	}
	const most = 3
	for i, text := range a.without() {
		if i == most {
			page.Say("         and %d more ties left out in turn (--json)", len(a.Clears)-most)
			break
		}
		page.Say("without  %s", text)
		if i == 0 && a.Clears[0].Flagged {
			break
		}
	}
	if len(a.Missing) > 0 {
		page.Say("missing  %s", a.Missing[0].Text)
	}
	if a.Evasion != nil {
		page.Say("evasion  %s", a.Evasion.Text)
		for i := range a.Evasion.Without {
			page.Say("         %s", a.Evasion.Without[i].Text)
		}
	}
	if a.Bias != nil {
		page.Say("bias     %s", a.Bias.Text)
	}
	if a.Note != "" {
		page.Say("note     %s", a.Note)
	}
	a.Since.say(page)
	if id := a.firstRecord(); id != "" {
		page.Say("\nnext: rummage why %s", quote(id))
	}
}

// without tells what remains without one tie or another: first those that would clear it, or that none does.
func (a explainAnswer) without() []string {
	var all []string
	if len(a.Clears) > 0 && a.Clears[0].Flagged {
		all = append(all, fmt.Sprintf("no single tie clears it (%d left out in turn, and tested again)", len(a.Clears)))
	}
	for i := range a.Clears {
		all = append(all, strings.TrimPrefix(a.Clears[i].Text, "without "))
	}
	return all
}

// firstRecord is a consignment that the explanation stands on.
func (a explainAnswer) firstRecord() string {
	for i := range a.Services {
		for _, hit := range a.Services[i].Evidence {
			return string(hit.Consignment)
		}
	}
	for _, p := range a.Parts {
		for _, r := range p.Records {
			if r.Consignment != "" {
				return string(r.Consignment)
			}
		}
	}
	return ""
}

// throughText tells the way from a hit to who is exposed to it.
func throughText(p *flag.Part) string {
	if p.More > 0 {
		return fmt.Sprintf("%d more (--parts 0 tells all)", p.More)
	}
	var b strings.Builder
	b.WriteString(p.Name)
	for i, h := range p.Hits {
		if i == 0 {
			fmt.Fprintf(&b, " (%s", h.Result)
			if h.Date != graph.NoDate { // a list says no day
				fmt.Fprintf(&b, " %s", h.Date)
			}
			if len(p.Hits) > 1 {
				fmt.Fprintf(&b, " and %d more", len(p.Hits)-1)
			}
			b.WriteString(")")
		}
	}
	for _, s := range p.Path {
		fmt.Fprintf(&b, " - %s - %s", s.Tie, s.ToName)
	}
	return b.String()
}

// recordsText names the rows behind a part.
func recordsText(records []flag.Record) string {
	rows := make([]rowRef, len(records))
	for i, r := range records {
		rows[i] = rowRef{Source: string(r.Source), Row: r.Row}
	}
	return rowsText(rows)
}
