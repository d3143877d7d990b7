package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"rummage/algo/evaluate"
	"rummage/algo/flag"
	"rummage/cmd/rummage/internal/exit"
	"rummage/graph"
)

type evaluateOptions struct {
	worldFlags
	seeds    int
	worlds   []string
	shuffles int
	ratios   string

	ablations, stability, curves bool

	nights int
	plots  string

	set      []string
	settings flag.Settings

	labelled labelledOptions
}

// evaluateAnswer is what rummage evaluate says.
type evaluateAnswer struct {
	Runs      []evaluateRow     `json:"runs"`
	Methods   []comparedRow     `json:"methods"`
	Stability []stabilitySpread `json:"stability"`
	// Curves and Timeliness are empty unless asked for; Calibration is null for one world.
	Curves      []curveRow  `json:"curves"`
	Timeliness  []timelyRow `json:"timeliness"`
	Calibration *chancesRow `json:"calibration"`
	Ratios      string      `json:"ratios,omitempty"`

	reports []*evaluate.Report
}

// stabilitySpread is a stableRow over all worlds.
type stabilitySpread struct {
	Without string    `json:"without"`
	Jaccard spreadRow `json:"jaccard"`
}

func newEvaluateCommand(d *desk) *cobra.Command {
	opts := evaluateOptions{settings: flag.DefaultSettings()}
	c := &cobra.Command{
		Use:   "evaluate",
		Short: "Flags against known truth",
		Long: "Simulates worlds, or takes the one in --world, analyses each as flag does, and compares with what was\n" +
			"planted: average precision of leads and what their first 100 hold; findings of grade A, and all that pass\n" +
			"the rule of grade B (those of grade A too), with the share that holds two members of one ring; the share of\n" +
			"runs on shuffled outcomes that flag anything of grade A; and beside it plain personalised PageRank, the\n" +
			"first study's ratio, a score that sees no outcome, and what the number of ties and of consignments alone\n" +
			"give away. docs/analyst.md has every column. --world also writes every trader's ratios.\n\n" +
			"With --data it takes any graph whose bad nodes --truth names: hides half of them, ranks the rest by what is\n" +
			"left, and compares, ten times over. Both are tables or graph files that ingest can read, with a header.",
		Example: "  rummage evaluate --level L2 --seeds 10\n  rummage evaluate --world world --ratios ratios.csv\n" +
			"  rummage evaluate --seeds 3 --set peers=0 --set exporters=0\n  rummage evaluate --data transfers.csv --truth accounts.csv",
		Args: none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := opts.labelled.alone(cmd); err != nil {
				return err
			}
			if opts.labelled.data != "" {
				return d.evaluateLabelled(cmd.Context(), opts.labelled, opts.Seed)
			}
			for _, one := range opts.set {
				if err := opts.settings.Set(one); err != nil {
					return exit.With(exit.Usage, err, "rummage evaluate --help")
				}
			}
			for _, name := range []string{"level", "seed", "seeds", "scale", "benign"} {
				if len(opts.worlds) > 0 && cmd.Flags().Changed(name) {
					return exit.Usagef("evaluate: --world brings its own level and seed: leave out --%s", name)
				}
			}
			return runEvaluate(cmd.Context(), d, opts)
		},
	}
	opts.add(c)
	c.Flags().Uint64Var(&opts.Seed, "seed", 1, "first seed")
	c.Flags().IntVar(&opts.seeds, "seeds", 1, "how many worlds to make, one a seed")
	c.Flags().StringArrayVar(&opts.worlds, "world", nil, "`folder` of a world whose truth is known (repeatable)")
	c.Flags().IntVar(&opts.shuffles, "shuffles", 10, "whole runs on shuffled outcomes, for each null")
	c.Flags().BoolVar(&opts.ablations, "ablations", false, "leads with each part of the method off, too")
	c.Flags().BoolVar(&opts.stability, "stability", true, "what becomes of the first 100 where a tenth of the ties, or of the hits, is gone")
	c.Flags().BoolVar(&opts.curves, "curves", false, "how the ranking gets worse as ties, inspections or identifiers go missing")
	c.Flags().IntVar(&opts.nights, "nights", 0, "how soon rings are told of: analyse as many nights of each world's past")
	c.Flags().StringVar(&opts.plots, "plots", "", "`folder` for drawings of the curves")
	c.Flags().StringArrayVar(&opts.set, "set", nil, "a setting of the analysis, by its name in JSON: `name=value` (repeatable)")
	opts.labelled.add(c)
	c.Flags().StringVar(&opts.ratios, "ratios", "ratios.csv", "`file` for the ratios of a --world")
	return c
}

func runEvaluate(ctx context.Context, d *desk, opts evaluateOptions) (err error) {
	switch {
	case opts.seeds < 1:
		return exit.Usagef("evaluate: --seeds is 1 or more, not %d", opts.seeds)
	case opts.shuffles < 0:
		return exit.Usagef("evaluate: --shuffles is 0 or more, not %d", opts.shuffles)
	case opts.nights < 0:
		return exit.Usagef("evaluate: --nights is 0 or more, not %d", opts.nights)
	}
	scratch, err := os.MkdirTemp("", "rummage-evaluate-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	answer := evaluateAnswer{Runs: []evaluateRow{}}
	for i, dir := range opts.worlds {
		report, row, err := d.evaluate(ctx, dir, filepath.Join(scratch, fmt.Sprint(i)), opts)
		if err != nil {
			return err
		}
		row.World = dir
		answer.Runs, answer.reports = append(answer.Runs, row), append(answer.reports, report)
		answer.Ratios = opts.ratios
		if len(opts.worlds) > 1 {
			answer.Ratios = filepath.Base(dir) + "-" + opts.ratios
		}
		if err := writeRatios(answer.Ratios, report.Parties); err != nil {
			return err
		}
	}
	for i := 0; len(opts.worlds) == 0 && i < opts.seeds; i++ {
		world := opts.Options
		world.Seed += uint64(i)
		dir := filepath.Join(scratch, fmt.Sprintf("%s-%d", world.Level, world.Seed))
		if _, err := makeWorld(ctx, d, world, dir); err != nil {
			return err
		}
		report, row, err := d.evaluate(ctx, dir, dir, opts)
		if err != nil {
			return err
		}
		row.World = fmt.Sprintf("%s-%d", world.Level, world.Seed)
		report.Parties = nil // a million names of many worlds are not kept
		answer.Runs, answer.reports = append(answer.Runs, row), append(answer.reports, report)
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	if err := answer.sum(opts.Seed); err != nil {
		return err
	}
	if opts.plots != "" {
		if err := answer.draw(opts.plots); err != nil {
			return err
		}
	}
	return d.answer(answer)
}

// sum puts the worlds together.
func (a *evaluateAnswer) sum(seed uint64) (err error) {
	a.Methods, a.Stability = sideBySide(a.Runs, seed), []stabilitySpread{}
	for i, s := range a.Runs[0].Stability {
		figures := make([]float64, len(a.Runs))
		for k := range a.Runs {
			figures[k] = float64(a.Runs[k].Stability[i].Jaccard)
		}
		a.Stability = append(a.Stability, stabilitySpread{s.Without, spreadOf(figures)})
	}
	a.Curves, a.Timeliness = curvesOf(a.reports), timelinessOf(a.reports)
	a.Calibration, err = calibrationOf(a.reports)
	return err
}

// evaluate compares one world with its truth; its store is made beside scratch.
func (d *desk) evaluate(ctx context.Context, dir, scratch string, opts evaluateOptions) (*evaluate.Report, evaluateRow, error) {
	t, err := readTrial(dir)
	if err != nil {
		return nil, evaluateRow{}, err
	}
	var report *evaluate.Report
	err = d.inStore(ctx, scratch+".db", t.files, func(reader graph.Reader) error {
		how := d.analysis(opts.settings, 1)
		how.Cache.Dir = "" // the store is gone in a moment
		if opts.ablations {
			how.Cache.Dir = scratch + "-cache" // where most of them find the same graph
		}
		report, err = evaluate.Run(ctx, reader, t.truth, evaluate.Options{
			Flag: how, Shuffles: opts.shuffles, Baselines: true, Ablations: opts.ablations, Stability: opts.stability,
			Curves: opts.curves || opts.plots != "", Nights: opts.nights,
		})
		return err
	})
	if err != nil {
		return nil, evaluateRow{}, err
	}
	return report, rowOf(t, report, opts.shuffles), os.Remove(scratch + ".db")
}
