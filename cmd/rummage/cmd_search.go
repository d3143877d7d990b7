package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
	"rummage/resolve"
)

type searchOptions struct {
	scopeFlags
	text  string
	kinds []graph.Kind
	limit int
	least float64
	exact bool
}

// match is one entity that a search found, on two scales.
type match struct {
	ID      graph.ID      `json:"id"`
	Kind    string        `json:"kind"`
	Name    string        `json:"name"`
	Score   *output.Score `json:"score"` // how likely a party is called so; null where no name was compared
	Text    output.Score  `json:"text"`  // how much of a name, number or id the text is, 0 where it is not in it
	Reasons []string      `json:"reasons"`
}

// called is the score, less than any where there is none.
func (m *match) called() float64 {
	if m.Score == nil {
		return -1
	}
	return float64(*m.Score)
}

// searchAnswer is what rummage search says.
type searchAnswer struct {
	Query    string  `json:"query"`
	Parties  int     `json:"parties"`  // whose names were looked at
	Compared int     `json:"compared"` // and compared
	Matches  []match `json:"matches"`
	// Nearest are the parties whose names are nearest to the text, where nothing was found; each scores less than --least.
	Nearest []match `json:"nearest"`
	more    bool
}

func newSearchCommand(d *desk) *cobra.Command {
	var opts searchOptions
	var kinds []string
	c := &cobra.Command{
		Use:   "search TEXT",
		Short: "Find parties by name in any spelling, and anything by name, alias, number or id",
		Long: "Finds parties that may be called so, in any script and with slips: by the same score as resolve and screen, so that a\n" +
			"pair has one score wherever it is asked about. Words that many names have, and legal forms, say nothing.\n" +
			"And it finds whatever has the text in its name, alias, number or id: whole, at the start of a word or inside it,\n" +
			"from two characters on; case, accents and punctuation do not matter. First come those that the text is the whole\n" +
			"name or number of, then parties from --least on, the likeliest first, then the others by how much of them the text\n" +
			"is. These are two columns: CALLED SO is how likely a party has that name, blank for whatever is no party or was not\n" +
			"compared, TEXT how much of its name, number, address or id the text is. Each says why. Consignments are found by their number, or by the start of it from four characters on.\n" +
			"Where nothing is found, the nearest names are told with their scores, and the --least that would show them.\n" +
			"Every name and address of the scope is looked at, some million names in seconds; --exact looks for the text alone in names, numbers and ids, at once.",
		Example: "  rummage search \"amber trading\"\n  rummage search 97061800 --kind consignment\n  rummage search 海康 --kind party --limit 5\n" +
			"  rummage search \"kam fong\" --least 0.5",
		Args: some("TEXT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.text = strings.Join(args, " ")
			for _, name := range kinds {
				kind, err := graph.ParseKind(name)
				if err != nil {
					return exit.With(exit.Usage, err, "rummage search --help")
				}
				opts.kinds = append(opts.kinds, kind)
			}
			return runSearch(cmd.Context(), d, opts)
		},
	}
	opts.add(c)
	flags := c.Flags()
	flags.StringArrayVar(&kinds, "kind", nil, "only this `kind`: party, place, commodity, equipment, consignment, ... (repeatable)")
	flags.IntVar(&opts.limit, "limit", 20, "most matches to list; 0 lists all")
	flags.Float64Var(&opts.least, "least", 0.25, "find parties by name from this score on, above 0 and at most 1")
	flags.BoolVar(&opts.exact, "exact", false, "find by the text alone, without comparing names")
	return c
}

// check refuses what makes no sense, and says how many matches are wanted.
func (o *searchOptions) check() error {
	switch {
	case o.limit < 0:
		return exit.Usagef("--limit: %d is less than 0", o.limit)
	case o.least <= 0 || o.least > 1:
		return exit.Usagef("--least: %v is not above 0 and at most 1", o.least)
	case len([]rune(graph.Fold(o.text))) < 2:
		return exit.Usagef("search: %q: needs at least two letters or digits", o.text)
	}
	if o.limit == 0 {
		o.limit = math.MaxInt32 - 1
	}
	return nil
}

// names says whether names of parties are to be compared: not with an id, nor with a number.
func (o *searchOptions) names() bool {
	party := o.kinds == nil || slices.Contains(o.kinds, graph.Party)
	return !o.exact && party && graph.ID(o.text).Kind() == graph.NoKind && strings.ContainsFunc(o.text, unicode.IsLetter)
}

func runSearch(ctx context.Context, d *desk, opts searchOptions) error {
	if err := opts.check(); err != nil {
		return err
	}
	return d.reading(ctx, look, &opts.scopeFlags, func(a *archive) error {
		found, err := a.Search(ctx, graph.SearchQuery{Text: opts.text, Kinds: opts.kinds, Limit: opts.limit + 1})
		if err != nil {
			return err
		}
		answer := searchAnswer{Query: opts.text, Matches: []match{}, Nearest: []match{}}
		for _, m := range found {
			answer.Matches = append(answer.Matches, match{ID: m.ID, Kind: m.ID.Kind().String(), Name: m.Name, Text: output.Score(m.Score), Reasons: m.Reasons})
		}
		if !opts.exact {
			if err := a.addressed(ctx, &opts, &answer); err != nil {
				return err
			}
		}
		if opts.names() {
			if err := d.compareNames(ctx, a, &opts, &answer); err != nil {
				return err
			}
		}
		slices.SortStableFunc(answer.Matches, func(x, y match) int { return opts.order(&x, &y) })
		answer.more = len(answer.Matches) > opts.limit
		answer.Matches = answer.Matches[:min(len(answer.Matches), opts.limit)]
		return d.answer(answer)
	})
}

// order sorts the matches: what the text is the whole of, then parties called so, then the rest.
func (o *searchOptions) order(x, y *match) int {
	class := func(m *match) int {
		switch {
		case m.Text == 1:
			return 0
		case m.called() >= o.least:
			return 1
		}
		return 2
	}
	a, b := class(x), class(y)
	byScore, byText := cmp.Compare(y.called(), x.called()), cmp.Compare(y.Text, x.Text)
	if a == 1 {
		byScore, byText = byText, byScore
	}
	return cmp.Or(cmp.Compare(a, b), byText, byScore, strings.Compare(string(x.ID), string(y.ID)))
}

// compareNames adds the parties that may be called as the text says, and gives those that hold the text their score too.
func (d *desk) compareNames(ctx context.Context, a *archive, opts *searchOptions, answer *searchAnswer) error {
	at, also := map[graph.ID]int{}, map[graph.ID]bool{}
	for i := range answer.Matches {
		if m := &answer.Matches[i]; m.ID.Kind() == graph.Party {
			at[m.ID], also[m.ID] = i, byName(m)
		}
	}
	found, err := resolve.Find(ctx, a.Reader, opts.text, resolve.FindOptions{
		Least: opts.least, Also: also, Threads: d.set.Threads, Progress: func(n int64) { d.meter.Step("names", n, 0) },
	})
	if err != nil {
		return err
	}
	answer.Parties, answer.Compared = found.Parties, found.Compared
	if len(answer.Matches) == 0 && len(found.Matches) == 0 {
		for _, m := range found.Nearest {
			answer.Nearest = append(answer.Nearest, named(&m))
		}
	}
	for _, m := range slices.Concat(found.Also, found.Matches) {
		i, there := at[m.Entry.ID]
		if !there {
			i = len(answer.Matches)
			at[m.Entry.ID] = i
			answer.Matches = append(answer.Matches, named(&m))
			continue
		}
		if !also[m.Entry.ID] {
			continue
		}
		also[m.Entry.ID] = false
		called := named(&m)
		answer.Matches[i].Score = called.Score
		answer.Matches[i].Reasons = append(answer.Matches[i].Reasons, called.Reasons...)
	}
	return nil
}

// named is a party whose name was compared.
func named(m *resolve.Match) match {
	score := output.Score(m.Score)
	row := match{ID: m.Entry.ID, Kind: graph.Party.String(), Name: m.Entry.Names[0], Score: &score, Reasons: []string{}}
	for _, r := range m.Reasons {
		row.Reasons = append(row.Reasons, fmt.Sprintf("%s %+.1f: %s", r.Feature, r.Points, r.Text))
	}
	return row
}

// addressed adds what holds the text in an address that is stated of it, as lists state it, and that search does not keep by text. It
// reads the addresses of the scope.
func (a *archive) addressed(ctx context.Context, opts *searchOptions, answer *searchAnswer) error {
	if graph.ID(opts.text).Kind() != graph.NoKind {
		return nil
	}
	there := map[graph.ID]bool{}
	for i := range answer.Matches {
		there[answer.Matches[i].ID] = true
	}
	query := graph.Fold(opts.text)
	for entity, err := range a.Entities(ctx, graph.Want{Properties: []string{graph.PropertyName, graph.PropertyAddress}}) {
		if err != nil {
			return err
		}
		kind := entity.ID.Kind()
		if there[entity.ID] || opts.kinds != nil && !slices.Contains(opts.kinds, kind) {
			continue
		}
		best := match{ID: a.Identity().Cluster(entity.ID), Kind: kind.String(), Name: entity.Name()}
		for _, f := range entity.Facts {
			if f.Property != graph.PropertyAddress {
				continue
			}
			if score, reason := graph.RankFolded(query, graph.Fold(f.Value)); output.Score(score) > best.Text {
				best.Text, best.Reasons = output.Score(score), []string{fmt.Sprintf("address: %s: %s", reason, f.Value)}
			}
		}
		if best.Text > 0 && !there[best.ID] {
			there[best.ID] = true
			answer.Matches = append(answer.Matches, best)
		}
	}
	return nil
}

// byName says whether the text stands in a name. What has it in its id or number is found for sure, whatever it is called.
func byName(m *match) bool {
	return slices.ContainsFunc(m.Reasons, func(reason string) bool {
		return strings.HasPrefix(reason, graph.PropertyName+":") || strings.HasPrefix(reason, graph.PropertyAlias+":")
	})
}

// Print lists the matches, best first; where there is none, what is nearest.
func (a searchAnswer) Print(page *output.Page) {
	list := a.Matches
	if len(list) == 0 {
		page.Say("nothing is called %q, nor has that number or address", a.Query)
		if page.Format() == output.Table {
			list = a.Nearest
		}
	}
	if len(a.Matches) == 0 && len(list) > 0 {
		page.Say("the nearest names, which are less likely than --least asks for:")
	}
	grid := output.NewGrid("id", "name", "called so>", "text>", "why")
	scored := false
	for i := range list {
		m := &list[i]
		called := ""
		if m.Score != nil {
			called, scored = short(*m.Score), true
		}
		text := ""
		if len(a.Matches) > 0 {
			text = short(m.Text)
		}
		grid.Add(string(m.ID), m.Name, called, text, strings.Join(m.Reasons, "; "))
	}
	page.Rows(grid)
	if a.more {
		page.Say("... and more; --limit 0 lists all")
	}
	if a.Parties > 0 {
		page.Say("%s parties, %s names compared", output.Count(a.Parties), output.Count(a.Compared))
	}
	a.advise(page, scored)
}

// advise says what the figures mean, or what else to try.
func (a *searchAnswer) advise(page *output.Page, scored bool) {
	const text = "text: how much of a name, number or address the text is; 1 is all"
	switch {
	case len(a.Matches) > 0 && scored:
		page.Say("called so: how likely the party has that name, as resolve and screen score it; %s", text)
	case len(a.Matches) > 0:
		page.Say("%s", text)
	case len(a.Nearest) > 0:
		page.Say("next: rummage search %s --least %s", quote(a.Query), below(*a.Nearest[0].Score))
	default:
		page.Say("try a part of a word; addresses that are spelt otherwise: rummage screen --address")
	}
}

// below is a score cut to two digits, so that it finds what has the score.
func below(score output.Score) string {
	digits := math.Pow(10, math.Floor(math.Log10(float64(score)))-1)
	return fmt.Sprintf("%.2g", math.Floor(float64(score)/digits)*digits)
}
