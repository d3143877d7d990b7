package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"rummage/algo/evaluate"
	"rummage/algo/finding"
	"rummage/algo/flag"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

type evaluateOptions struct {
	worldFlags
	seeds    int
	worlds   []string
	shuffles int
	ratios   string
}

// gradeRow is what the findings of one grade hold.
type gradeRow struct {
	Flagged      int          `json:"flagged"`
	NetPrecision output.Score `json:"net_precision"`
	RingsTouched int          `json:"rings_touched"`
}

// evaluateRow is what flag reaches in one world.
type evaluateRow struct {
	World          string       `json:"world"`
	Level          string       `json:"level"`
	Seed           uint64       `json:"seed"`
	Consignments   int          `json:"consignments"`
	Inspected      int          `json:"inspected"`
	Hits           int          `json:"hits"`
	Candidates     int          `json:"candidates"`
	Positives      int          `json:"positives"`
	AP             output.Score `json:"ap"`
	PAt100         output.Score `json:"p_at_100"`
	RingsHitAt100  output.Score `json:"rings_hit_at_100"`
	ServiceIn100   output.Score `json:"service_in_top_100"`
	BenignInTop100 output.Score `json:"benign_in_top_100"`
	Findings       struct {
		A gradeRow `json:"grade_a"`
		B gradeRow `json:"grade_b"`
	} `json:"findings"`
	Shuffles int `json:"shuffles"`
	Nulls    struct {
		Consignment output.Score `json:"consignment"`
		Block       output.Score `json:"block"`
	} `json:"nulls"`
	Baselines struct {
		PPR       output.Score `json:"ppr_ap"`
		V1        output.Score `json:"v1_ap"`
		Structure output.Score `json:"structure_ap"`
	} `json:"baselines"`
	Leak struct {
		Degree output.Score `json:"degree_auc"`
		Volume output.Score `json:"volume_auc"`
	} `json:"leak"`
}

// evaluateAnswer is what rummage evaluate says.
type evaluateAnswer struct {
	Runs   []evaluateRow `json:"runs"`
	Ratios string        `json:"ratios,omitempty"`
}

func newEvaluateCommand(d *desk) *cobra.Command {
	var opts evaluateOptions
	c := &cobra.Command{
		Use:   "evaluate",
		Short: "Flags against known truth",
		Long: "Simulates worlds, or takes the one in --world, analyses each as flag does, and compares with what was\n" +
			"planted: average precision of leads and what their first 100 hold; findings of grade A, and all that pass\n" +
			"the rule of grade B (those of grade A too), with the share that holds two members of one ring; the share of\n" +
			"runs on shuffled outcomes that flag anything of grade A; and beside it plain personalised PageRank, the\n" +
			"first study's ratio, a score that sees no outcome, and what the number of ties and of consignments alone\n" +
			"give away. docs/analyst.md has every column. --world also writes every trader's ratios.",
		Example: "  rummage evaluate --level L2 --seeds 5\n  rummage evaluate --world world --ratios ratios.csv",
		Args:    none,
		RunE: func(cmd *cobra.Command, _ []string) error {
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
	c.Flags().StringVar(&opts.ratios, "ratios", "ratios.csv", "`file` for the ratios of a --world")
	return c
}

func runEvaluate(ctx context.Context, d *desk, opts evaluateOptions) (err error) {
	switch {
	case opts.seeds < 1:
		return exit.Usagef("evaluate: --seeds is 1 or more, not %d", opts.seeds)
	case opts.shuffles < 0:
		return exit.Usagef("evaluate: --shuffles is 0 or more, not %d", opts.shuffles)
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
		answer.Runs = append(answer.Runs, row)
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
		_, row, err := d.evaluate(ctx, dir, dir, opts)
		if err != nil {
			return err
		}
		row.World = fmt.Sprintf("%s-%d", world.Level, world.Seed)
		answer.Runs = append(answer.Runs, row)
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	return d.answer(answer)
}

// evaluate compares one world with its truth; its store is made beside scratch.
func (d *desk) evaluate(ctx context.Context, dir, scratch string, opts evaluateOptions) (*evaluate.Report, evaluateRow, error) {
	t, err := readTrial(dir)
	if err != nil {
		return nil, evaluateRow{}, err
	}
	var report *evaluate.Report
	err = d.inStore(ctx, scratch+".db", t.files, func(reader graph.Reader) error {
		how := d.analysis(flag.DefaultSettings(), 1)
		how.Cache.Dir = "" // the store is gone in a moment
		report, err = evaluate.Run(ctx, reader, t.truth, evaluate.Options{Flag: how, Shuffles: opts.shuffles})
		return err
	})
	if err != nil {
		return nil, evaluateRow{}, err
	}
	return report, rowOf(t, report, opts.shuffles), os.Remove(scratch + ".db")
}

func rowOf(t *trial, r *evaluate.Report, shuffles int) evaluateRow {
	row := evaluateRow{
		Level: t.level, Seed: t.seed, Consignments: r.Consignments, Inspected: r.Inspected, Hits: r.Hits,
		Candidates: r.Candidates, Positives: r.Positives, AP: output.Score(r.AP), PAt100: output.Score(r.PAt),
		RingsHitAt100: output.Score(r.Held), ServiceIn100: output.Score(r.Service), BenignInTop100: output.Score(r.Benign), Shuffles: shuffles,
	}
	grade := func(g evaluate.Grade) gradeRow {
		return gradeRow{Flagged: g.Flagged, NetPrecision: output.Score(g.NetPrecision), RingsTouched: g.RingsTouched}
	}
	row.Findings.A, row.Findings.B = grade(r.GradeA), grade(r.GradeB)
	row.Nulls.Consignment, row.Nulls.Block = output.Score(r.Shuffled[finding.ShuffleConsignments]), output.Score(r.Shuffled[finding.ShuffleImporters])
	row.Baselines.PPR, row.Baselines.V1, row.Baselines.Structure = output.Score(r.PPR), output.Score(r.V1), output.Score(r.Structure)
	row.Leak.Degree, row.Leak.Volume = output.Score(r.Degree), output.Score(r.Volume)
	return row
}

// Print shows a line a world and the means.
func (a evaluateAnswer) Print(page *output.Page) {
	grid := output.NewGrid("world", "ap>", "p@100>", "rings@100>", "service>", "benign>", "grade a>", "a net>", "a rings>",
		"rule b>", "b net>", "b rings>", "null>", "block null>", "ppr ap>", "v1 ap>", "structure ap>", "degree auc>", "volume auc>")
	mean := make([]float64, 18)
	for _, r := range a.Runs {
		values := r.values()
		grid.Add(append([]string{filepath.Base(r.World)}, cells(values)...)...)
		for i, v := range values {
			mean[i] += v / float64(len(a.Runs))
		}
	}
	if len(a.Runs) > 1 && page.Format() == output.Table {
		grid.Add(append([]string{"mean"}, cells(mean)...)...)
	}
	page.Rows(grid)
	if a.Ratios != "" {
		page.Say("\nratios of every trader: %s", a.Ratios)
	}
}

// values are the columns of the table, in its order.
func (r *evaluateRow) values() []float64 {
	return []float64{
		float64(r.AP), float64(r.PAt100), float64(r.RingsHitAt100), float64(r.ServiceIn100), float64(r.BenignInTop100),
		float64(r.Findings.A.Flagged), float64(r.Findings.A.NetPrecision), float64(r.Findings.A.RingsTouched),
		float64(r.Findings.B.Flagged), float64(r.Findings.B.NetPrecision), float64(r.Findings.B.RingsTouched),
		float64(r.Nulls.Consignment), float64(r.Nulls.Block),
		float64(r.Baselines.PPR), float64(r.Baselines.V1), float64(r.Baselines.Structure),
		float64(r.Leak.Degree), float64(r.Leak.Volume),
	}
}

// cells spells the values; a number that does not exist, as a null without shuffles, is a dash.
func cells(values []float64) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = "-"
		if !math.IsNaN(v) {
			all[i] = fmt.Sprintf("%.3g", v)
		}
	}
	return all
}
