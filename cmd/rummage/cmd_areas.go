package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"rummage/algo/area"
	"rummage/algo/stat"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

type areasOptions struct {
	scopeFlags
	by                          []string
	limit, least, days, records int
}

// areasAnswer is what rummage areas says.
type areasAnswer struct {
	Until     graph.Date `json:"until"`
	Days      int        `json:"days"` // of the last period, and of the one before
	Inspected int        `json:"inspected"`
	Hits      int        `json:"hits"`
	Tested    int        `json:"tested"`
	Striking  int        `json:"striking"`
	Areas     []areaRow  `json:"areas"`
	Moves     []moveRow  `json:"moves"`
}

// areaRow is one area.
type areaRow struct {
	Dimensions   []string     `json:"dimensions"`
	Values       []string     `json:"values"`
	Declarations int          `json:"declarations"`
	Inspected    int          `json:"inspected"`
	Hits         int          `json:"hits"`
	Expected     output.Score `json:"expected"`
	Rate         output.Score `json:"rate"`
	Low          output.Score `json:"low"`
	High         output.Score `json:"high"`
	P            output.Score `json:"p"`
	Q            output.Score `json:"q"`
	Striking     bool         `json:"striking"`
	Before       tallyRow     `json:"before"`
	Now          tallyRow     `json:"now"`
	Rose         output.Score `json:"rose"`
	Fell         output.Score `json:"fell"`
	Records      []graph.ID   `json:"records"`
}

// tallyRow is what came in within a period.
type tallyRow struct {
	Declarations int `json:"declarations"`
	Inspected    int `json:"inspected"`
	Hits         int `json:"hits"`
}

// moveRow is trade that left an area for another.
type moveRow struct {
	Dimension string       `json:"dimension"`
	From      areaRow      `json:"from"`
	To        areaRow      `json:"to"`
	Traders   int          `json:"traders"`
	Left      output.Score `json:"left"`
	Came      output.Score `json:"came"`
}

func newAreasCommand(d *desk) *cobra.Command {
	var opts areasOptions
	c := &cobra.Command{
		Use:   "areas",
		Short: "Where inspections find more than expected: goods, origins, lanes, offices, seasons",
		Long: "Lists the areas of trade, by one dimension or several crossed, with what inspections found there: hits of\n" +
			"inspected, the hits to expect if each dimension were at its own rate and the base rate else, the exact chance\n" +
			"of as many (p), also among everything that was tested (q), and the rate with its 95 % interval, which leans on\n" +
			"the expected rate where there is little to go by. Striking areas (q of 0.05 or less) come first, by how many\n" +
			"times the expected rate theirs is at the least. TREND holds the last period against the one before.\n\n" +
			"Without --by every dimension stands by itself and in pairs. Dimensions: hs2, hs4, hs6, origin, departure,\n" +
			"loading, discharge, destination, lane, office, month, trader_class (new, dormant, by declarations before), value_band\n" +
			"(value a kilogram among the same goods), and every field of the records that has few values.\n\n" +
			"An area says where to look, and nothing about a trader in it. Where inspections were chosen, it says what was\n" +
			"found where somebody looked.",
		Example: "  rummage areas --limit 10\n  rummage areas --by hs4,origin --records 5\n  rummage areas --by lane --days 30 --json",
		Args:    none,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runAreas(cmd.Context(), d, opts) },
	}
	opts.scopeFlags.add(c)
	c.Flags().StringSliceVar(&opts.by, "by", nil, "`dimensions` to cross, such as hs4,origin")
	c.Flags().IntVar(&opts.limit, "limit", 20, "most areas to list; 0 lists all")
	c.Flags().IntVar(&opts.least, "least", 5, "list areas with at least so many inspections")
	c.Flags().IntVar(&opts.days, "days", 90, "days of the last period, and of the one before")
	c.Flags().IntVar(&opts.records, "records", 0, "list so many declarations of each area, hits first")
	return c
}

func (o *areasOptions) check() error {
	for _, f := range []struct {
		name        string
		given, from int
	}{{"limit", o.limit, 0}, {"least", o.least, 1}, {"days", o.days, 1}, {"records", o.records, 0}} {
		if f.given < f.from {
			return exit.Usagef("areas: --%s is %d or more, not %d", f.name, f.from, f.given)
		}
	}
	return nil
}

func runAreas(ctx context.Context, d *desk, opts areasOptions) error {
	if err := opts.check(); err != nil {
		return err
	}
	return d.reading(ctx, look, &opts.scopeFlags, func(a *archive) error {
		table, err := d.declarations(ctx, a, graph.NoDate)
		if err != nil {
			return err
		}
		survey, err := table.Survey(ctx, area.Surveying{Dimensions: opts.by, Least: opts.least, Days: opts.days})
		if err != nil {
			return learned(err)
		}
		answer := areasAnswer{
			Until: survey.Until, Days: survey.Days, Inspected: survey.Base.Trials, Hits: survey.Base.Hits, Tested: survey.Tested,
			Areas: []areaRow{}, Moves: []moveRow{},
		}
		for i := range survey.Areas {
			if survey.Areas[i].Striking() {
				answer.Striking++
			}
		}
		for i := range first(survey.Areas, opts.limit) {
			answer.Areas = append(answer.Areas, rowOfArea(table, &survey.Areas[i], opts.records))
		}
		for _, m := range first(survey.Moves, opts.limit) {
			answer.Moves = append(answer.Moves, moveRow{
				m.Dimension, rowOfArea(table, &m.From, opts.records), rowOfArea(table, &m.To, opts.records),
				m.Traders, output.Score(m.Left), output.Score(m.Came),
			})
		}
		return d.answer(answer)
	})
}

// declarations reads the table of what is in scope.
func (d *desk) declarations(ctx context.Context, a *archive, known graph.Date) (*area.Table, error) {
	return area.Read(ctx, a, area.Options{
		Known:    known,
		Progress: func(records int) { d.meter.Step("declarations", int64(records), 0) },
	})
}

func rowOfArea(table *area.Table, a *area.Area, records int) areaRow {
	row := areaRow{
		Dimensions: a.Dimensions, Values: a.Values, Declarations: a.Declarations, Inspected: a.Found.Trials, Hits: a.Found.Hits,
		Expected: output.Score(a.Expected), Rate: output.Score(a.Rate), Low: output.Score(a.Low), High: output.Score(a.High),
		P: output.Score(a.P), Q: output.Score(a.Q), Striking: a.Striking(),
		Before: rowOfTally(a.Trend.Declared, a.Trend.Before), Now: rowOfTally(a.Trend.DeclaredNow, a.Trend.Now),
		Rose: output.Score(a.Trend.Rose), Fell: output.Score(a.Trend.Fell), Records: []graph.ID{},
	}
	if records > 0 {
		row.Records = table.Records(a, records)
	}
	return row
}

func rowOfTally(declarations int, t stat.Tally) tallyRow {
	return tallyRow{declarations, t.Trials, t.Hits}
}

// name is an area as a person reads it.
func (r *areaRow) name() string {
	parts := make([]string, len(r.Values))
	for i, value := range r.Values {
		parts[i] = r.Dimensions[i] + " " + value
	}
	return strings.Join(parts, ", ")
}

// trend says in words what changed, "" where nothing did that chance does not do.
func (r *areaRow) trend() string {
	const surely = 0.01
	change := fmt.Sprintf("%d of %d, before %d of %d", r.Now.Hits, r.Now.Inspected, r.Before.Hits, r.Before.Inspected)
	switch {
	case float64(r.Rose) <= surely:
		return "rose: " + change
	case float64(r.Fell) <= surely:
		return "fell: " + change
	}
	return ""
}

// Print lists the areas, the most telling first.
func (a areasAnswer) Print(page *output.Page) {
	grid := output.NewGrid("area", "declarations>", "hits of inspected>", "expected>", "rate>", "p>", "q>", "striking", "trend", "records")
	for i := range a.Areas {
		r := &a.Areas[i]
		striking := ""
		if r.Striking {
			striking = "striking"
		}
		grid.Add(r.name(), number(page, r.Declarations), number(page, r.Hits)+" of "+number(page, r.Inspected),
			fmt.Sprintf("%.1f", float64(r.Expected)), fmt.Sprintf("%.3f (%.3f to %.3f)", float64(r.Rate), float64(r.Low), float64(r.High)),
			fmt.Sprintf("%.2g", float64(r.P)), fmt.Sprintf("%.2g", float64(r.Q)), striking, r.trend(), joinIDs(r.Records))
	}
	page.Rows(grid)
	if len(a.Areas) == 0 {
		page.Say("no area has so many inspections; rummage areas --least 1 lists those with fewer")
		return
	}
	for i := range a.Moves {
		m := &a.Moves[i]
		page.Say("\ntrade moved in %s, after hits: from %s (%d declarations, then %d) to %s (%d, then %d); %d traders of the one are new in the other",
			m.Dimension, m.From.name(), m.From.Before.Declarations, m.From.Now.Declarations,
			m.To.name(), m.To.Before.Declarations, m.To.Now.Declarations, m.Traders)
	}
	page.Say("\n%s of %s areas tested are striking; %s hits of %s inspected in all, until %s; next: rummage select",
		number(page, a.Striking), number(page, a.Tested), number(page, a.Hits), number(page, a.Inspected), a.Until)
}
