package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rummage/algo/pattern"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

type patternsOptions struct {
	scopeFlags
	id    string
	test  bool
	draws int
	seed  uint64
	limit int
}

// patternsAnswer is what rummage patterns says.
type patternsAnswer struct {
	Tested   bool         `json:"tested"`
	Level    output.Score `json:"level"` // share of false patterns accepted
	Patterns []patternRow `json:"patterns"`
}

// patternRow is one typology, and where records were searched, what they hold of it.
type patternRow struct {
	ID           string       `json:"id"`
	Number       int          `json:"number"`
	Version      int          `json:"version"`
	Title        string       `json:"title"`
	About        string       `json:"about"`
	Unobservable string       `json:"unobservable"`
	Basis        []string     `json:"basis"`
	For          []string     `json:"for"`
	Against      []string     `json:"against"`
	Needs        []string     `json:"needs"`
	Missing      []string     `json:"missing"`
	Found        int          `json:"found"`
	Cut          int          `json:"cut"`
	Draws        int          `json:"draws"`
	Expected     output.Score `json:"expected"`
	P            output.Score `json:"p"`
	Q            output.Score `json:"q"`
	Opens        int          `json:"opens"`

	Measured []measuredRow `json:"measured"` // where it is known what is there
	Korean   string        `json:"korean"`   // what it found in declarations that hold no scheme
}

// measuredRow is what a typology found in one simulated world.
type measuredRow struct {
	Level   string `json:"level"`
	Planted int    `json:"planted"`
	Met     int    `json:"met"`
	Matches int    `json:"matches"`
	Right   int    `json:"right"`
	Other   int    `json:"other"`
	Alike   int    `json:"look_alike"`
	Benign  int    `json:"benign_group"`
}

// patternAnswer is what rummage patterns ID says.
type patternAnswer struct {
	Pattern patternRow `json:"pattern"`
	Matches []matchRow `json:"matches"`
}

// matchRow is one place where a typology is met.
type matchRow struct {
	Strength output.Score    `json:"strength"`
	Q        output.Score    `json:"q"`
	First    graph.Date      `json:"first"`
	Last     graph.Date      `json:"last"`
	Nodes    []matchNode     `json:"nodes"`
	Records  []matchRecord   `json:"records"`
	Against  []matchClearing `json:"against"`
}

type matchNode struct {
	As   string `json:"as"`
	ID   string `json:"id"`
	Name string `json:"name"`
}

type matchRecord struct {
	As   string     `json:"as"`
	Day  graph.Date `json:"day"`
	ID   graph.ID   `json:"id"` // of a consignment; "" for a link
	From graph.ID   `json:"from"`
	Role string     `json:"role"`
	To   graph.ID   `json:"to"`
}

type matchClearing struct {
	Says   string `json:"says"`
	Result string `json:"result"`
}

func newPatternsCommand(d *desk) *cobra.Command {
	var opts patternsOptions
	c := &cobra.Command{
		Use:   "patterns [ID]",
		Short: "Smuggling typologies: what each looks for, on what basis, and where the records show it",
		Long: "Lists the typologies: schemes described in versioned files, each with its basis and with what records must hold\n" +
			"for it to be seen. With an ID it lists where the records in scope show that one: the parties and goods in their\n" +
			"roles, the records in the order of time, and what would clear it, with what the records say of that.\n\n" +
			"--test holds every typology against chance: the ties that it rests on are dealt out anew, among records of equal\n" +
			"month and chapter or what else its file names, so many times (--draws); p is the share of draws with as many\n" +
			"matches, q the same among all typologies, of a match the share of matches as strong that chance brings about.\n" +
			"A match says that records look like a scheme, and nothing about anybody's intent.",
		Example: "  rummage patterns\n  rummage patterns carousel --limit 5\n  rummage patterns --test --draws 199\n  rummage patterns split --json",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				opts.id = args[0]
			}
			return runPatterns(cmd.Context(), d, opts)
		},
	}
	opts.scopeFlags.add(c)
	c.Flags().BoolVar(&opts.test, "test", false, "hold every typology against chance")
	c.Flags().IntVar(&opts.draws, "draws", 499, "deal ties out anew so many times at most; 0 does not test")
	c.Flags().Uint64Var(&opts.seed, "seed", 1, "of the draws")
	c.Flags().IntVar(&opts.limit, "limit", 20, "most matches to list; 0 lists all")
	return c
}

func runPatterns(ctx context.Context, d *desk, opts patternsOptions) error {
	for name, given := range map[string]int{"limit": opts.limit, "draws": opts.draws} {
		if given < 0 {
			return exit.Usagef("patterns: --%s is 0 or more, not %d", name, given)
		}
	}
	all, err := pattern.Library()
	if err != nil {
		return err
	}
	quality, err := pattern.ReadQuality()
	if err != nil {
		return err
	}
	if opts.id == "" && !opts.test {
		answer := patternsAnswer{Level: pattern.Share, Patterns: []patternRow{}}
		for _, t := range all {
			answer.Patterns = append(answer.Patterns, rowOfPattern(&pattern.Result{Typology: t, P: 1, Q: 1}, quality))
		}
		return d.answer(answer)
	}
	if opts.id != "" {
		at := slices.IndexFunc(all, func(t *pattern.Typology) bool { return t.ID == opts.id })
		if at < 0 {
			return exit.With(exit.Usage, fmt.Errorf("patterns: there is no typology %q", opts.id), "rummage patterns lists them")
		}
		all = all[at : at+1]
	}
	return d.reading(ctx, look, &opts.scopeFlags, func(a *archive) error {
		results, err := d.matched(ctx, a, all, opts)
		if err != nil {
			return err
		}
		if opts.id != "" {
			answer, err := a.matches(ctx, results[0], rowOfPattern(results[0], quality), opts.limit)
			if err != nil {
				return err
			}
			return d.answer(answer)
		}
		answer := patternsAnswer{Tested: true, Level: pattern.Share, Patterns: []patternRow{}}
		for _, r := range results {
			answer.Patterns = append(answer.Patterns, rowOfPattern(r, quality))
		}
		return d.answer(answer)
	})
}

// matched searches the records in scope.
func (d *desk) matched(ctx context.Context, a *archive, all []*pattern.Typology, opts patternsOptions) ([]*pattern.Result, error) {
	records, err := pattern.Read(ctx, a, all, pattern.Options{
		Progress: func(records int) { d.meter.Step("records", int64(records), 0) },
	})
	if err != nil {
		return nil, err
	}
	if opts.draws == 0 {
		opts.draws = -1
	}
	return pattern.Test(ctx, records, all, pattern.Testing{
		Draws: opts.draws, Seed: opts.seed,
		Progress: func(_ string, done, total int) { d.meter.Step("typologies", int64(done), int64(total)) },
	})
}

func rowOfPattern(r *pattern.Result, quality *pattern.Quality) patternRow {
	t := r.Typology
	row := patternRow{
		ID: t.ID, Number: t.Number, Version: t.Version, Title: t.Title, About: t.About, Unobservable: t.Unobservable,
		Basis: t.Basis, For: t.For, Against: []string{}, Needs: orEmpty(t.Needs()), Missing: orEmpty(r.Missing),
		Found: len(r.Matches), Cut: r.Cut, Draws: r.Draws, Expected: output.Score(r.Expected), P: output.Score(r.P), Q: output.Score(r.Q),
		Measured: []measuredRow{}, Korean: quality.Korean[t.ID],
	}
	for _, m := range quality.Worlds[t.ID] {
		row.Measured = append(row.Measured, measuredRow(m))
	}
	for i := range t.Against {
		row.Against = append(row.Against, t.Against[i].Says)
	}
	for i := range r.Matches {
		if r.Matches[i].Opens {
			row.Opens++
		}
	}
	return row
}

func orEmpty(list []string) []string { return append([]string{}, list...) }

// matches tells what was found of one typology.
func (a *archive) matches(ctx context.Context, r *pattern.Result, row patternRow, limit int) (patternAnswer, error) {
	answer := patternAnswer{Pattern: row, Matches: []matchRow{}}
	for i := range first(r.Matches, limit) {
		m := &r.Matches[i]
		row := matchRow{
			Strength: output.Score(m.Strength), Q: output.Score(m.Q), First: m.First, Last: m.Last,
			Nodes: []matchNode{}, Records: []matchRecord{}, Against: []matchClearing{},
		}
		for _, n := range m.Nodes {
			node := matchNode{As: n.Variable, ID: n.Name, Name: n.Name}
			if id := graph.ID(n.Name); id.Check() == nil {
				entity, err := a.Entity(ctx, id)
				if err != nil {
					return answer, err
				}
				node.Name = entity.Name()
			}
			row.Nodes = append(row.Nodes, node)
		}
		for _, record := range m.Records {
			out := matchRecord{As: record.As, Day: record.Day, ID: record.ID}
			if l := record.Link; l != nil {
				out.From, out.Role, out.To = l.From, l.Role.String(), l.To
			}
			row.Records = append(row.Records, out)
		}
		for k, result := range m.Against {
			row.Against = append(row.Against, matchClearing{r.Typology.Against[k].Says, result})
		}
		answer.Matches = append(answer.Matches, row)
	}
	return answer, nil
}

// Print lists the typologies.
func (a patternsAnswer) Print(page *output.Page) {
	if !a.Tested {
		grid := output.NewGrid("no>", "pattern", "version>", "title", "needs", "basis")
		for i := range a.Patterns {
			p := &a.Patterns[i]
			needs := strings.Join(p.Needs, ", ")
			if p.Unobservable != "" {
				needs = "not observable yet: " + p.Unobservable
			}
			grid.Add(number(page, p.Number), p.ID, number(page, p.Version), p.Title, needs, strings.Join(p.Basis, "; "))
		}
		page.Rows(grid)
		page.Say("\nnext: rummage patterns ID, or rummage patterns --test")
		return
	}
	grid := output.NewGrid("pattern", "title", "found>", "by chance>", "draws>", "p>", "q>", "opens>", "cut>", "not looked for")
	for i := range a.Patterns {
		p := &a.Patterns[i]
		chance := []string{"", "", "", "", ""} // of what was found nowhere, there is nothing to hold against chance
		if p.Draws > 0 {
			chance = []string{
				fmt.Sprintf("%.1f", float64(p.Expected)), number(page, p.Draws), fmt.Sprintf("%.2g", float64(p.P)), fmt.Sprintf("%.2g", float64(p.Q)),
				number(page, p.Opens),
			}
		}
		found := number(page, p.Found)
		if p.unseen() != "" {
			found = ""
		}
		grid.Add(slices.Concat([]string{p.ID, p.Title, found}, chance, []string{number(page, p.Cut), p.unseen()})...)
	}
	page.Rows(grid)
	page.Say("\nfound: places where the records look like it; by chance: the mean when the ties it rests on are dealt out anew")
	page.Say("opens: matches that may open a network, at most %.2g of them false; next: rummage patterns ID", float64(a.Level))
	a.quality(page)
}

// quality tells how good the rules are where it is known what is there, by level of the simulated world.
func (a patternsAnswer) quality(page *output.Page) {
	grid := output.NewGrid("pattern", "level", "planted>", "met>", "recall>", "matches>", "right>", "precision>", "other scheme>", "look-alike>", "benign group>")
	for i := range a.Patterns {
		for _, m := range a.Patterns[i].Measured {
			grid.Add(m.cells(page, a.Patterns[i].ID)...)
		}
	}
	page.Gap()
	page.Say("measured in simulated worlds, where it is known what is there (docs/typologies.md, Against chance):")
	page.Rows(grid)
	grid = output.NewGrid("pattern", "in 54,000 declarations without any scheme")
	for i := range a.Patterns {
		if p := &a.Patterns[i]; p.Korean != "" {
			grid.Add(p.ID, p.Korean)
		}
	}
	page.Gap()
	page.Rows(grid)
}

func (m *measuredRow) cells(page *output.Page, id string) []string {
	of := pattern.Measured(*m)
	ratio := func(share float64, ok bool) string {
		if !ok {
			return ""
		}
		return fmt.Sprintf("%.2f", share)
	}
	return []string{
		id, m.Level, number(page, m.Planted), number(page, m.Met), ratio(of.Recall()), number(page, m.Matches), number(page, m.Right),
		ratio(of.Precision()), number(page, m.Other), number(page, m.Alike), number(page, m.Benign),
	}
}

// unseen says why a typology was not looked for, "" if it was.
func (p *patternRow) unseen() string {
	switch {
	case p.Unobservable != "":
		return "not observable yet"
	case len(p.Missing) > 0:
		return "no record has " + strings.Join(p.Missing, ", ")
	}
	return ""
}

// Print tells a typology and its matches.
func (a patternAnswer) Print(page *output.Page) {
	p := &a.Pattern
	page.Say("%s (typology %d, version %d): %s", p.Title, p.Number, p.Version, p.About)
	if why := p.unseen(); why != "" {
		if p.Unobservable != "" {
			why += ": " + p.Unobservable
		}
		page.Say("not looked for: %s", why)
		return
	}
	switch {
	case p.Found == 0:
		page.Say("found nowhere in the records in scope, so that there is nothing to hold against chance")
	case p.Draws == 0:
		page.Say("found %s; not held against chance", number(page, p.Found))
	default:
		page.Say("found %s, by chance %.1f (%s draws), p %.2g", number(page, p.Found), float64(p.Expected), number(page, p.Draws), float64(p.P))
	}
	for _, m := range p.Measured {
		page.Say("measured in a simulated world of level %s: %d of %d planted schemes met; of %d matches %d right, %d on a look-alike, %d in a benign group",
			m.Level, m.Met, m.Planted, m.Matches, m.Right, m.Alike, m.Benign)
	}
	if p.Cut > 0 {
		page.Say("the search was cut short from %s records", number(page, p.Cut))
	}
	grid := output.NewGrid("match>", "q>", "as", "day", "record")
	for i := range a.Matches {
		q := "" // of what was not held against chance
		if a.Pattern.Draws > 0 {
			q = fmt.Sprintf("%.2g", float64(a.Matches[i].Q))
		}
		a.Matches[i].add(&grid, number(page, i+1), q)
	}
	page.Rows(grid)
	if len(a.Matches) > 0 {
		page.Say("\nlooks like, which is no verdict; next: rummage why %s", quote(string(a.Matches[0].last())))
	}
}

// last is the last consignment of a match, else the first party.
func (m *matchRow) last() graph.ID {
	for _, r := range slices.Backward(m.Records) {
		if r.ID != "" {
			return r.ID
		}
	}
	return m.Records[0].From
}

// add lists a match: who is in which role, the records in the order of time, and what would clear it.
func (m *matchRow) add(grid *output.Grid, rank, q string) {
	for _, n := range m.Nodes {
		shown := n.ID
		if n.Name != n.ID {
			shown += " (" + n.Name + ")"
		}
		grid.Add(rank, q, n.As, "", shown)
	}
	for _, r := range m.Records {
		shown := string(r.ID)
		if r.Role != "" {
			shown = string(r.From) + " " + r.Role + " " + string(r.To)
		}
		grid.Add(rank, q, r.As, r.Day.String(), shown)
	}
	for _, c := range m.Against {
		grid.Add(rank, q, "against", "", pattern.Told(c.Result, c.Says))
	}
}
