package main

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
	"rummage/resolve"
)

type resolveOptions struct {
	scopeFlags
	least  float64
	limit  int
	region string
	review bool
}

// resolveAnswer is what rummage resolve says.
type resolveAnswer struct {
	Parties   int           `json:"parties"`
	Compared  int           `json:"compared"`
	Found     int           `json:"found"`
	Pairs     []pairRow     `json:"pairs"`
	Groups    []groupRow    `json:"groups"`
	Left      []crowdRow    `json:"left"`
	Decisions []decisionRow `json:"decisions,omitempty"`
	reviewed  bool
}

// groupRow is parties that agree exactly in their name and in whatever else is known of any two of them.
type groupRow struct {
	Name    string       `json:"name"`
	Score   output.Score `json:"score"` // the least of any two
	Pairs   int          `json:"pairs"`
	Parties []partyRow   `json:"parties"`
}

// pairRow is two parties that may be one.
type pairRow struct {
	A         partyRow     `json:"a"`
	B         partyRow     `json:"b"`
	Score     output.Score `json:"score"`
	Reasons   []pairReason `json:"reasons"`
	Conflicts []string     `json:"conflicts"`
	Against   []string     `json:"against"`
}

// partyRow is what is known of one of them.
type partyRow struct {
	ID        graph.ID `json:"id"`
	Names     []string `json:"names"`
	Addresses []string `json:"addresses"`
	Phones    []string `json:"phones"`
	Emails    []string `json:"emails"`
	Countries []string `json:"countries"`
}

type pairReason struct {
	Feature string       `json:"feature"`
	Text    string       `json:"text"`
	Points  output.Score `json:"points"`
}

type crowdRow struct {
	Key     string `json:"key"`
	Parties int    `json:"parties"`
}

func newResolveCommand(d *desk) *cobra.Command {
	var opts resolveOptions
	c := &cobra.Command{
		Use:   "resolve",
		Short: "Which records may be one party, and why",
		Long: "Compares the names, addresses, phones, mailboxes and register numbers of all parties and lists the pairs that may be\n" +
			"one, the likeliest first, with what speaks for it and against. Nothing is joined by itself: --review asks for each pair\n" +
			"and notes the answer as a decision (y same, n different, ? unsure, s leave it open, q stop). Three records or more that\n" +
			"agree exactly in the name, and in country, address, number and day of birth where both say one, are one question, the\n" +
			"answer a decision of each pair (o asks one by one). Where joining would contradict a fact, such as two numbers of one\n" +
			"register, y counts only with a reason. What was judged is not asked again; a later decision counts instead of an\n" +
			"earlier, so what was joined can be parted. All parties are held in memory: under 2 kB each, names and index together.",
		Example: "  rummage resolve --least 0.9\n  rummage resolve --review --author kim\n  rummage resolve --region HK --json",
		Args:    none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runResolve(cmd.Context(), d, opts)
		},
	}
	opts.add(c)
	flags := c.Flags()
	flags.Float64Var(&opts.least, "least", 0.5, "list pairs from this score on, above 0 and at most 1")
	flags.IntVar(&opts.limit, "limit", 50, "most pairs to list, or questions to ask; 0 is all")
	flags.StringVar(&opts.region, "region", "", "`country` of phones that say none, such as HK")
	flags.BoolVar(&opts.review, "review", false, "ask about each group and pair, and note what is answered")
	return c
}

func runResolve(ctx context.Context, d *desk, opts resolveOptions) error {
	if opts.least <= 0 || opts.least > 1 {
		return exit.Usagef("--least: %v is not above 0 and at most 1", opts.least)
	}
	if opts.limit < 0 {
		return exit.Usagef("--limit: %d is less than 0", opts.limit)
	}
	may := look
	if opts.review {
		may = change
	}
	return d.reading(ctx, may, &opts.scopeFlags, func(a *archive) error {
		answer, groups, err := a.propose(ctx, &opts, func(stage string, done, total int) { d.meter.Step(stage, int64(done), int64(total)) })
		if err != nil {
			return err
		}
		if opts.review {
			if err := d.review(ctx, a, answer, groups); err != nil {
				return err
			}
		}
		return d.answer(*answer)
	})
}

// resolveGC is how much the heap may grow between collections, in percent: what is held is most of it, and grows little.
const resolveGC = 50

// propose finds the pairs of the scope and the groups of those that agree exactly, and tells how far it is. For a review, pairs
// within a group are left out.
func (a *archive) propose(ctx context.Context, opts *resolveOptions, progress func(stage string, done, total int)) (*resolveAnswer, []resolve.Group, error) {
	defer debug.SetGCPercent(debug.SetGCPercent(resolveGC))
	progress("read", 0, 0)
	parties, err := partiesIn(ctx, a.Reader)
	if err != nil {
		return nil, nil, err
	}
	decisions, err := a.Decisions(ctx, "")
	if err != nil {
		return nil, nil, err
	}
	h := resolve.Preparing{Corpus: resolve.Learn(parties), Region: opts.region}
	subjects, err := h.All(ctx, parties, 0, func(done, total int) { progress("prepare", done, total) })
	if err != nil {
		return nil, nil, err
	}
	judged := resolve.Judged(decisions, a.Identity())
	groups := resolve.Groups(subjects, resolve.GroupOptions{Least: opts.least, Judged: judged})
	if opts.review {
		if opts.limit > 0 {
			groups = first(groups, opts.limit)
		}
		judged = apartFrom(groups, judged)
	}
	found, err := resolve.Propose(ctx, subjects, resolve.Options{Least: opts.least, Most: opts.limit, Judged: judged, Progress: progress})
	if err != nil {
		return nil, nil, err
	}
	answer := &resolveAnswer{Parties: found.Parties, Compared: found.Compared, Found: found.Found, Pairs: []pairRow{}, Groups: []groupRow{}, Left: []crowdRow{}, reviewed: opts.review}
	differ := differing{a, map[graph.ID]papers{}}
	for i := range found.Pairs {
		answer.Pairs = append(answer.Pairs, pairRowOf(&found.Pairs[i], subjects))
		if err := differ.tell(ctx, &answer.Pairs[i]); err != nil {
			return nil, nil, err
		}
	}
	if opts.review && opts.limit > 0 {
		answer.Pairs = answer.Pairs[:min(len(answer.Pairs), opts.limit-len(groups))]
	}
	for i := range groups {
		answer.Groups = append(answer.Groups, groupRowOf(&groups[i]))
	}
	for _, c := range found.Left {
		answer.Left = append(answer.Left, crowdRow{c.Key, c.Parties})
	}
	return answer, groups, nil
}

// pairRowOf is a pair with what is known of both, from the parties by id.
func pairRowOf(p *resolve.Pair, parties []*resolve.Subject) pairRow {
	of := func(id graph.ID) partyRow {
		at, _ := slices.BinarySearchFunc(parties, id, func(s *resolve.Subject, id graph.ID) int { return strings.Compare(string(s.ID), string(id)) })
		return partyRowOf(&parties[at].Party)
	}
	row := pairRow{A: of(p.A), B: of(p.B), Score: output.Score(p.Score), Conflicts: p.Conflicts}
	for _, r := range p.Reasons {
		row.Reasons = append(row.Reasons, pairReason{r.Feature, r.Text, output.Score(r.Points)})
	}
	return row
}

func groupRowOf(g *resolve.Group) groupRow {
	n := len(g.Parties)
	row := groupRow{Name: g.Parties[0].Names[0], Score: output.Score(g.Score), Pairs: n * (n - 1) / 2}
	for _, p := range g.Parties {
		row.Parties = append(row.Parties, partyRowOf(&p.Party))
	}
	return row
}

// apartFrom adds the pairs within groups to those that are judged.
func apartFrom(groups []resolve.Group, judged func(a, b graph.ID) bool) func(a, b graph.ID) bool {
	in := map[graph.ID]int{}
	for i := range groups {
		for _, p := range groups[i].Parties {
			in[p.ID] = i + 1
		}
	}
	return func(a, b graph.ID) bool { return in[a] > 0 && in[a] == in[b] || judged(a, b) }
}

func partyRowOf(p *resolve.Party) partyRow {
	return partyRow{ID: p.ID, Names: p.Names, Addresses: p.Addresses, Phones: p.Phones, Emails: p.Emails, Countries: p.Countries}
}

// sides shows two parties beside each other, then the reasons.
func (p *pairRow) sides() string {
	var b strings.Builder
	for _, line := range []struct {
		what string
		a, b []string
	}{
		{"id", []string{string(p.A.ID)}, []string{string(p.B.ID)}}, {"names", p.A.Names, p.B.Names}, {"addresses", p.A.Addresses, p.B.Addresses},
		{"phones", p.A.Phones, p.B.Phones}, {"mailboxes", p.A.Emails, p.B.Emails}, {"countries", p.A.Countries, p.B.Countries},
	} {
		for i := range max(len(line.a), len(line.b)) {
			what := line.what
			if i > 0 {
				what = ""
			}
			fmt.Fprintf(&b, "  %-10s %-40s | %s\n", what, at(line.a, i), at(line.b, i))
		}
	}
	for _, r := range p.Reasons {
		if r.Points >= 0 {
			fmt.Fprintf(&b, "  for: %s %+.1f: %s\n", r.Feature, float64(r.Points), r.Text)
		}
	}
	for _, text := range p.Against {
		fmt.Fprintf(&b, "  against: %s\n", text)
	}
	return b.String()
}

// at returns a text of a list, "" behind its end.
func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

// Print lists the pairs, or what was decided of them.
func (a resolveAnswer) Print(page *output.Page) {
	if a.reviewed {
		page.Rows(decisionGrid(a.Decisions))
		asked := len(a.Pairs)
		for _, g := range a.Groups {
			asked += g.Pairs
		}
		page.Say("%d of %d pairs decided; a later decision counts instead of an earlier: rummage decide", len(a.Decisions), asked)
		return
	}
	grid := output.NewGrid("score>", "a", "name", "b", "name", "for", "against")
	for i := range a.Pairs {
		p := &a.Pairs[i]
		grid.Add(short(p.Score), string(p.A.ID), at(p.A.Names, 0), string(p.B.ID), at(p.B.Names, 0), speaksFor(p.Reasons), strings.Join(p.Against, "; "))
	}
	page.Rows(grid)
	page.Say("%s parties, %s pairs compared, %s found", output.Count(a.Parties), output.Count(a.Compared), output.Count(a.Found))
	for _, c := range a.Left[:min(len(a.Left), 3)] {
		page.Say("not followed: %s, which %s parties share", c.Key, output.Count(c.Parties))
	}
	if n := len(a.Groups); n > 0 {
		records := 0
		for _, g := range a.Groups {
			records += len(g.Parties)
		}
		page.Say("%s of them agree exactly, in %s %s: --review asks once a group", output.Count(records), output.Count(n), plural(n, "group"))
	}
	if len(a.Pairs) > 0 {
		page.Say("next: rummage resolve --review")
	}
}
