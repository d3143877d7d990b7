package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"rummage/algo/area"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

type selectOptions struct {
	scopeFlags
	by          []string
	since, tune string
	limit       int
}

// selectAnswer is what rummage select says.
type selectAnswer struct {
	Base        tallyRow        `json:"base"`
	Rungs       []rungRow       `json:"rungs"`
	Strength    output.Score    `json:"strength"` // how many inspections the rate of the cell above counts for
	Corrections []correctionRow `json:"corrections"`
	Calibration calibrationRow  `json:"calibration"`
	Selected    []selectedRow   `json:"selected"`
	Doubts      []string        `json:"doubts"` // why the chances may be worth less than their order
	// Trial says how well the ranking told what was found in what it had not seen; nil where nobody looked at that.
	Trial *selectTrial `json:"trial"`
}

// rungRow is one dimension of the cells.
type rungRow struct {
	Dimension string `json:"dimension"`
	Cells     int    `json:"cells"`
}

// calibrationRow is how the sum of the parts becomes log odds: intercept + slope x sum, fitted to what was found in the tuning period.
type calibrationRow struct {
	Intercept output.Score `json:"intercept"`
	Slope     output.Score `json:"slope"`
	Hits      int          `json:"hits"`
	Inspected int          `json:"inspected"`
}

// correctionRow is what a dimension beside the cells adds for a value.
type correctionRow struct {
	Dimension string       `json:"dimension"`
	Value     string       `json:"value"`
	Points    output.Score `json:"points"`
	Hits      int          `json:"hits"`
	Expected  output.Score `json:"expected"`
}

// selectedRow is one declaration.
type selectedRow struct {
	Rank   int          `json:"rank"`
	ID     graph.ID     `json:"id"`
	Day    graph.Date   `json:"day"`
	Chance output.Score `json:"chance"`
	Odds   output.Score `json:"log_odds"`
	Parts  []partRow    `json:"parts"`
}

// partRow is a line of the ledger.
type partRow struct {
	Name      string       `json:"name"`
	Value     string       `json:"value"`
	Points    output.Score `json:"points"`
	Hits      int          `json:"hits"`
	Inspected int          `json:"inspected"`
}

type selectTrial struct {
	Inspected   int             `json:"inspected"`
	Hits        int             `json:"hits"`
	Precision1  output.Score    `json:"precision_at_1_percent"`
	Precision2  output.Score    `json:"precision_at_2_percent"`
	Precision5  output.Score    `json:"precision_at_5_percent"`
	Precision10 output.Score    `json:"precision_at_10_percent"`
	AP          output.Score    `json:"average_precision"`
	AUC         output.Score    `json:"auc"`
	ECE         output.Score    `json:"expected_calibration_error"`
	Bins        []calibratedRow `json:"bins"`
}

// calibratedRow is a tenth of the ranked.
type calibratedRow struct {
	Chance    output.Score `json:"chance"`
	Hits      int          `json:"hits"`
	Inspected int          `json:"inspected"`
}

func newSelectCommand(d *desk) *cobra.Command {
	var opts selectOptions
	c := &cobra.Command{
		Use:   "select",
		Short: "The declarations in which an inspection would most likely find something",
		Long: "Ranks declarations that nobody inspected by the chance that an inspection finds something, learned from those\n" +
			"that were. The chance is a sum of named parts, in log odds: the base rate, what each dimension of the declaration's\n" +
			"cell adds, coarse to fine, what others add, and a calibration; each with the inspections that it rests on. A cell\n" +
			"with few inspections leans on that above it. Parties are no part of it: see leads for those.\n\n" +
			"Dimensions are chosen by how well they tell later outcomes from earlier ones, or named with --by, coarse to fine.\n" +
			"With --since DAY nothing of that day or later is learned from, and where inspections since then have outcomes\n" +
			"the answer says how well the ranking told them. --tune names the first day of the period in which\n" +
			"corrections and calibration are learned; the newest fifth of what was inspected otherwise.",
		Example: "  rummage select --limit 50\n  rummage select --since 2021-04-01 --tune 2021-01-01\n  rummage select --by hs6,origin,departure --json",
		Args:    none,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runSelect(cmd.Context(), d, opts) },
	}
	opts.scopeFlags.add(c)
	c.Flags().StringSliceVar(&opts.by, "by", nil, "`dimensions` of the cells, coarse to fine, such as hs6,origin")
	c.Flags().StringVar(&opts.since, "since", "", "rank declarations from this `day` on, and learn from those before it alone")
	c.Flags().StringVar(&opts.tune, "tune", "", "first `day` of the period for corrections and calibration")
	c.Flags().IntVar(&opts.limit, "limit", 20, "most declarations to list; 0 lists all")
	return c
}

// days reads the days of the flags.
func (o *selectOptions) days() (since, tune graph.Date, err error) {
	if o.limit < 0 {
		return since, tune, exit.Usagef("select: --limit is 0 or more, not %d", o.limit)
	}
	for _, f := range []struct {
		name, text string
		day        *graph.Date
	}{{"since", o.since, &since}, {"tune", o.tune, &tune}} {
		if f.text == "" {
			continue
		}
		if *f.day, err = graph.ParseDate(f.text); err != nil {
			return since, tune, exit.With(exit.Usage, fmt.Errorf("--%s: %w", f.name, err), "")
		}
	}
	return since, tune, nil
}

func runSelect(ctx context.Context, d *desk, opts selectOptions) error {
	since, tune, err := opts.days()
	if err != nil {
		return err
	}
	known := graph.NoDate
	if since != graph.NoDate {
		known = since - 1
	}
	return d.reading(ctx, look, &opts.scopeFlags, func(a *archive) error {
		table, err := d.declarations(ctx, a, known)
		if err != nil {
			return err
		}
		d.meter.Step("learn", 0, 0)
		model, err := area.Fit(ctx, table, area.Fitting{Dimensions: opts.by, Tune: tune, Until: known})
		if err != nil {
			return learned(err)
		}
		answer := selectAnswer{
			Base: rowOfTally(len(table.IDs), model.Base), Strength: output.Score(model.Strength), Rungs: []rungRow{}, Corrections: []correctionRow{}, Selected: []selectedRow{},
		}
		for _, r := range model.Rungs {
			answer.Rungs = append(answer.Rungs, rungRow{r.Dimension, r.Cells})
		}
		for _, c := range model.Corrections {
			answer.Corrections = append(answer.Corrections,
				correctionRow{c.Dimension, c.Value, output.Score(c.Points), c.Hits, output.Score(c.Expected)})
		}
		answer.Calibration = calibrationRow{output.Score(model.Intercept), output.Score(model.Slope), model.Tuned.Hits, model.Tuned.Trials}
		answer.Doubts = append([]string{}, model.Doubts()...)
		for k, r := range model.Rank(since, false, opts.limit) {
			answer.Selected = append(answer.Selected, rowOfRanked(k+1, &r))
		}
		if since != graph.NoDate {
			if answer.Trial, err = tried(model, since); err != nil {
				return err
			}
		}
		return d.answer(answer)
	})
}

// learned puts what cannot be learned from into the words of the command line.
func learned(err error) error {
	switch {
	case errors.Is(err, area.ErrOutcomes):
		return exit.With(exit.Failed, err, "import inspections with their results; rummage sources lists what is there")
	case errors.Is(err, area.ErrNoDimension):
		return exit.With(exit.Usage, err, "")
	}
	return err
}

func tried(model *area.Model, since graph.Date) (*selectTrial, error) {
	t, err := model.Try(since)
	if errors.Is(err, area.ErrOutcomes) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	trial := &selectTrial{
		Inspected: t.Found.Trials, Hits: t.Found.Hits,
		Precision1: output.Score(t.Precision[0]), Precision2: output.Score(t.Precision[1]),
		Precision5: output.Score(t.Precision[2]), Precision10: output.Score(t.Precision[3]),
		AP: output.Score(t.AP), AUC: output.Score(t.AUC), ECE: output.Score(t.ECE),
	}
	for _, b := range t.Bins {
		trial.Bins = append(trial.Bins, calibratedRow{output.Score(b.Chance), b.Found.Hits, b.Found.Trials})
	}
	return trial, nil
}

func rowOfRanked(rank int, r *area.Ranked) selectedRow {
	row := selectedRow{Rank: rank, ID: r.ID, Day: r.Day, Chance: output.Score(r.Chance), Odds: output.Score(r.Odds)}
	for _, p := range r.Parts {
		row.Parts = append(row.Parts, partRow{p.Name, p.Value, output.Score(p.Points), p.Cell.Hits, p.Cell.Trials})
	}
	return row
}

// ledger is the parts as a person reads them.
func (r *selectedRow) ledger() string {
	parts := make([]string, len(r.Parts))
	for i, p := range r.Parts {
		parts[i] = fmt.Sprintf("%s %+.2f", strings.TrimSpace(p.Name+" "+p.Value), float64(p.Points))
		if p.Inspected > 0 {
			parts[i] += fmt.Sprintf(" (%d of %d)", p.Hits, p.Inspected)
		}
	}
	return strings.Join(parts, "; ")
}

// Print lists the declarations, the likeliest first.
func (a selectAnswer) Print(page *output.Page) {
	grid := output.NewGrid("rank>", "id", "day", "chance>", "log odds>", "because")
	for i := range a.Selected {
		r := &a.Selected[i]
		grid.Add(number(page, r.Rank), string(r.ID), r.Day.String(), fmt.Sprintf("%.3f", float64(r.Chance)), fmt.Sprintf("%+.2f", float64(r.Odds)), r.ledger())
	}
	page.Rows(grid)
	var rungs []string
	for _, r := range a.Rungs {
		rungs = append(rungs, r.Dimension)
	}
	if len(a.Selected) == 0 {
		page.Say("there is no declaration that nobody inspected")
	}
	cells := "cells by " + strings.Join(rungs, " > ")
	if len(rungs) == 0 {
		cells = "no dimension tells later outcomes from earlier ones, so that there are no cells and single corrections rank alone; --by hs6,origin names dimensions"
	}
	page.Say("\nlearned from %s hits of %s inspected; %s", number(page, a.Base.Hits), number(page, a.Base.Inspected), cells)
	page.Say("calibration: log odds are %.2f + %.2f x the sum of the other parts, fitted to %s hits of %s inspected last", float64(a.Calibration.Intercept),
		float64(a.Calibration.Slope), number(page, a.Calibration.Hits), number(page, a.Calibration.Inspected))
	for _, doubt := range a.Doubts {
		page.Say("doubt: %s", doubt)
	}
	if t := a.Trial; t != nil {
		page.Say("tried on %s inspected since, %s of them hits: of the highest 1, 2, 5 and 10 %% %.1f, %.1f, %.1f and %.1f %% were hits; calibration error %.3f",
			number(page, t.Inspected), number(page, t.Hits), 100*float64(t.Precision1), 100*float64(t.Precision2),
			100*float64(t.Precision5), 100*float64(t.Precision10), float64(t.ECE))
	}
	if len(a.Selected) > 0 {
		page.Say("a chance is no verdict; next: rummage show %s", quote(string(a.Selected[0].ID)))
	}
}
