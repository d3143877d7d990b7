package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

type decideOptions struct {
	scopeFlags
	subject graph.ID
	kind    graph.Verdict
	other   string
	reason  string
}

// decisionRow is one decision as the commands show it.
type decisionRow struct {
	Seq     int64         `json:"seq"`
	Subject graph.ID      `json:"subject"`
	Kind    graph.Verdict `json:"kind"`
	Other   graph.ID      `json:"other,omitempty"`
	Reason  string        `json:"reason"`
	Author  string        `json:"author"`
	Time    time.Time     `json:"time"`
	// NotFollowed says why it does not count, "" where it does or that was not asked.
	NotFollowed string `json:"not_followed,omitempty"`
}

func decisionRowOf(d *graph.Decision) decisionRow {
	return decisionRow{Seq: d.Seq, Subject: d.Subject, Kind: d.Kind, Other: d.Other, Reason: d.Reason, Author: d.Author, Time: d.Time.UTC()}
}

// decideAnswer is what rummage decide says.
type decideAnswer struct {
	Decision decisionRow  `json:"decision"`
	Against  *decisionRow `json:"against"` // for which it is not followed; null if it is
	// Doubts are "unsure" of others whom it makes one; Contradicts the facts that it stands against.
	Doubts      []decisionRow `json:"doubts"`
	Contradicts []string      `json:"contradicts"`
}

func newDecideCommand(d *desk) *cobra.Command {
	var opts decideOptions
	kinds := make([]string, 0, len(graph.Verdicts()))
	for _, v := range graph.Verdicts() {
		kinds = append(kinds, string(v))
	}
	c := &cobra.Command{
		Use:   "decide ID KIND",
		Short: "A person's word about a party, a consignment or a network",
		Long: "Notes what a person decided. Decisions are signed, dated and only ever added; a later one counts instead of\n" +
			"the earlier. They stand beside the data, so they survive every import. Kinds:\n\n" +
			"  same, different, unsure      two records are one party, or not (--other)\n" +
			"  open, cleared, confirmed     where the work on a network or party stands\n" +
			"  service, trader              a party offers a service to many traders, or does not, whatever its ties look like\n" +
			"  note, pinned                 a remark (--reason); something to keep in view",
		Example: "  rummage decide n-4f2a1c00aa55 open --reason \"taken up by unit 3\"\n  rummage decide party/a same --other party/b --author kim",
		Args:    exactly("ID", "KIND"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.subject, opts.kind = graph.ID(args[0]), graph.Verdict(args[1])
			return runDecide(cmd.Context(), d, opts)
		},
		ValidArgs: kinds,
	}
	c.Flags().StringVar(&opts.other, "other", "", "the second `id` of same, different and unsure")
	c.Flags().StringVar(&opts.reason, "reason", "", "a sentence; the text of a note")
	return c
}

func runDecide(ctx context.Context, d *desk, opts decideOptions) error {
	decision := graph.Decision{
		Subject: opts.subject, Kind: opts.kind, Other: graph.ID(opts.other), Reason: opts.reason,
		Author: d.set.Author, Time: d.clock().UTC().Truncate(time.Microsecond),
	}
	if err := pairOf(&decision); err != nil {
		return err
	}
	if err := decision.Check(); err != nil {
		return exit.With(exit.Usage, err, "rummage decide --help")
	}
	if decision.Kind == graph.Note && strings.TrimSpace(decision.Reason) == "" {
		return exit.With(exit.Usage, errors.New("decide: a note without --reason says nothing"), "rummage decide --help")
	}
	return d.reading(ctx, change, &opts.scopeFlags, func(a *archive) error {
		var err error
		if isNetwork(decision.Subject) {
			if decision.Subject, err = a.network(ctx, string(decision.Subject)); err != nil {
				return err
			}
		}
		var answer decideAnswer
		if answer.Contradicts, err = a.contradicts(ctx, &decision); err != nil {
			return err
		}
		said, err := a.say(ctx, decision)
		if err != nil {
			return fmt.Errorf("decide: %w", err)
		}
		answer.Decision = decisionRowOf(&said)
		if answer.Against, answer.Doubts, err = a.follows(ctx, []graph.Decision{said}); err != nil {
			return fmt.Errorf("decide: %w", err)
		}
		return d.answer(answer)
	})
}

// say notes a decision, with the sources that named its subjects first.
func (a *archive) say(ctx context.Context, decision graph.Decision) (graph.Decision, error) {
	for _, id := range []graph.ID{decision.Subject, decision.Other} {
		if id == "" {
			continue
		}
		if err := a.known(ctx, id); err != nil {
			return decision, err
		}
		first, err := a.firstSource(ctx, id)
		if err != nil {
			return decision, err
		}
		decision.Sources = append(decision.Sources, first...)
	}
	slices.Sort(decision.Sources)
	decision.Sources = slices.Compact(decision.Sources)
	return a.store.Decide(ctx, decision)
}

// pairOf refuses two ids that cannot be one entity.
func pairOf(d *graph.Decision) error {
	if !d.Kind.AboutPair() || d.Subject == "" || d.Other == "" {
		return nil
	}
	for _, id := range []graph.ID{d.Subject, d.Other} {
		if isNetwork(id) || id.Kind() == graph.NoKind || id.Kind() == graph.KindConsignment {
			return exit.With(exit.Usage, fmt.Errorf("decide: %s is about two entities, and %s is none", d.Kind, id),
				"rummage search finds the ids of entities")
		}
	}
	if d.Subject.Kind() != d.Other.Kind() {
		return exit.With(exit.Usage, fmt.Errorf("decide: %s is about two entities of one kind; the kind of %s is %s, that of %s is %s", d.Kind,
			d.Subject, d.Subject.Kind(), d.Other, d.Other.Kind()), "name two ids that start alike, such as party/a and party/b")
	}
	return nil
}

// known refuses an id that the scope does not show. A network is known by any run, also one of a narrowed scope or of sources that
// have ended, since what was said about it outlasts them.
func (a *archive) known(ctx context.Context, id graph.ID) error {
	var err error
	switch {
	case isNetwork(id):
		_, _, err = a.formerly(ctx, id)
	case id.Kind() == graph.KindConsignment:
		_, err = a.Consignment(ctx, id)
	default:
		_, err = a.Entity(ctx, id)
	}
	return err
}

// firstSource returns the source that named an entity or a consignment first: who may see that one may see what is said of it.
// Naming every source that mentions it would make the word of a person vanish with any of them. What is said of a network rests on
// no single source.
func (a *archive) firstSource(ctx context.Context, id graph.ID) ([]graph.SourceID, error) {
	if isNetwork(id) {
		return nil, nil
	}
	origins, err := a.originsOf(ctx, id)
	if err != nil || len(origins) == 0 {
		return nil, err
	}
	first := slices.MinFunc(origins, func(x, y graph.Origin) int {
		return cmp.Or(a.sources[x.Source].ImportedAt.Compare(a.sources[y.Source].ImportedAt), graph.CompareOrigins(x, y))
	})
	return []graph.SourceID{first.Source}, nil
}

// originsOf lists rows that name an entity or a consignment; of an entity that no fact describes, those of its connections.
func (a *archive) originsOf(ctx context.Context, id graph.ID) (origins []graph.Origin, err error) {
	if id.Kind() == graph.KindConsignment {
		c, err := a.Consignment(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, s := range slices.Concat(c.Current, c.History) {
			origins = append(origins, s.Origins...)
		}
		for _, o := range c.Outcomes {
			origins = append(origins, o.Origins...)
		}
		return origins, nil
	}
	e, err := a.Entity(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, f := range e.Facts {
		origins = append(origins, f.Origins...)
	}
	for _, o := range e.Outcomes {
		origins = append(origins, o.Origins...)
	}
	if len(origins) > 0 {
		return origins, nil
	}
	connections, err := a.Connections(ctx, graph.ConnectionQuery{ID: id})
	for _, c := range connections {
		origins = append(origins, c.Origins...)
	}
	return origins, err
}

// isNetwork tells the id of a network from that of a record.
func isNetwork(id graph.ID) bool { return strings.HasPrefix(string(id), "n-") }

// Print shows the decision as it was noted.
func (a decideAnswer) Print(page *output.Page) {
	page.Rows(decisionGrid([]decisionRow{a.Decision}))
	if len(a.Contradicts) > 0 {
		page.Say("although that contradicts itself: %s", strings.Join(a.Contradicts, ", "))
	}
	if a.Against != nil {
		page.Say("not followed: %s", a.Against.parts())
	}
	for i := range a.Doubts {
		page.Say("%s", a.Doubts[i].doubted())
	}
}

func decisionGrid(all []decisionRow) output.Grid {
	grid := output.NewGrid("decision>", "subject", "kind", "other", "author", "time", "reason", "not followed")
	for _, r := range all {
		grid.Add(fmt.Sprint(r.Seq), string(r.Subject), string(r.Kind), string(r.Other), r.Author, clockTime(r.Time), r.Reason, r.NotFollowed)
	}
	return grid
}
