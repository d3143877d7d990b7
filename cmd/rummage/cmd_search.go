package main

import (
	"context"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

type searchOptions struct {
	scopeFlags
	text  string
	kinds []string
	limit int
}

// match is one entity that a search found.
type match struct {
	ID      graph.ID     `json:"id"`
	Kind    string       `json:"kind"`
	Name    string       `json:"name"`
	Score   output.Score `json:"score"`
	Reasons []string     `json:"reasons"`
}

// searchAnswer is what rummage search says.
type searchAnswer struct {
	Query   string  `json:"query"`
	Matches []match `json:"matches"`
	more    bool
}

func newSearchCommand(d *desk) *cobra.Command {
	var opts searchOptions
	c := &cobra.Command{
		Use:   "search TEXT",
		Short: "Find entities by name, alias, number or id, consignments by number",
		Long: "Finds entities whose name, alias, number or id contains the text: whole, at the start of a word or\n" +
			"inside it, in any script, from two characters on. Case, accents and punctuation do not matter. The\n" +
			"score looks at the two texts alone: 1 is the same, then whole words, starts of words, parts of words.\n" +
			"Consignments are found by their number, or by the start of it from four characters on.",
		Example: "  rummage search \"amber trading\"\n  rummage search 97061800 --kind consignment\n  rummage search 海康 --kind party --limit 5",
		Args:    some("TEXT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.text = strings.Join(args, " ")
			return runSearch(cmd.Context(), d, opts)
		},
	}
	opts.add(c)
	c.Flags().StringArrayVar(&opts.kinds, "kind", nil, "only this `kind`: party, place, commodity, equipment, consignment, ... (repeatable)")
	c.Flags().IntVar(&opts.limit, "limit", 20, "most matches to list; 0 lists all")
	return c
}

func runSearch(ctx context.Context, d *desk, opts searchOptions) error {
	query := graph.SearchQuery{Text: opts.text, Limit: opts.limit + 1}
	if opts.limit < 0 {
		return exit.Usagef("--limit: %d is less than 0", opts.limit)
	}
	if opts.limit == 0 {
		opts.limit = math.MaxInt32
		query.Limit = opts.limit
	}
	if len([]rune(graph.Fold(opts.text))) < 2 {
		return exit.Usagef("search: %q: needs at least two letters or digits", opts.text)
	}
	for _, name := range opts.kinds {
		kind, err := graph.ParseKind(name)
		if err != nil {
			return exit.With(exit.Usage, err, "rummage search --help")
		}
		query.Kinds = append(query.Kinds, kind)
	}
	return d.reading(ctx, look, &opts.scopeFlags, func(a *archive) error {
		found, err := a.Search(ctx, query)
		if err != nil {
			return err
		}
		answer := searchAnswer{Query: opts.text, Matches: []match{}, more: len(found) > opts.limit}
		for _, m := range found[:min(len(found), opts.limit)] {
			answer.Matches = append(answer.Matches, match{
				ID: m.ID, Kind: m.ID.Kind().String(), Name: m.Name, Score: output.Score(m.Score), Reasons: m.Reasons,
			})
		}
		return d.answer(answer)
	})
}

// Print lists the matches, best first.
func (a searchAnswer) Print(page *output.Page) {
	grid := output.NewGrid("id", "name", "score>", "why")
	for _, m := range a.Matches {
		grid.Add(string(m.ID), m.Name, short(m.Score), strings.Join(m.Reasons, "; "))
	}
	page.Rows(grid)
	switch {
	case len(a.Matches) == 0:
		page.Say("nothing is called %q, nor has that number; try a part of a word, or another spelling", a.Query)
	case a.more:
		page.Say("... and more; --limit 0 lists all")
	}
}
