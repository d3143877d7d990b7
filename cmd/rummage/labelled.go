package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rummage/algo/evaluate"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
	"rummage/ingest/format"
	"rummage/ingest/format/network"
	"rummage/ingest/read"
)

// labelledOptions name a graph whose bad nodes are known.
type labelledOptions struct {
	data, truth string
	columns     []string
	label       string
	splits      int
	known       float64
	own         *pflag.FlagSet // the flags of all these
}

func (o *labelledOptions) add(c *cobra.Command) {
	o.own = pflag.NewFlagSet("data", pflag.ContinueOnError)
	o.own.StringVar(&o.data, "data", "", "`file` of a graph, one event or edge a row, instead of worlds")
	o.own.StringVar(&o.truth, "truth", "", "`file` with its nodes in the first column and 1 beside those that are bad")
	o.own.StringSliceVar(&o.columns, "columns", nil, "names of the columns of --data: source, target and time; else they are guessed")
	o.own.StringVar(&o.label, "label", "", "name of the column of --truth that says who is bad; else it is guessed")
	o.own.IntVar(&o.splits, "splits", 10, "how many times the known nodes are drawn, for --data")
	o.own.Float64Var(&o.known, "known", 0.5, "share of the bad nodes that is known, for --data")
	c.Flags().AddFlagSet(o.own)
}

// alone refuses flags of one way to evaluate beside those of the other: --data knows no worlds and no settings of their analysis.
func (o *labelledOptions) alone(cmd *cobra.Command) (err error) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		switch ours := o.own.Lookup(f.Name) != nil; {
		case err != nil || f.Name == "seed" || cmd.InheritedFlags().Lookup(f.Name) != nil:
		case o.data != "" && !ours:
			err = exit.Usagef("evaluate: --%s is about worlds: leave it out with --data", f.Name)
		case o.data == "" && ours:
			err = exit.Usagef("evaluate: --%s is about a file of its own: name that with --data", f.Name)
		}
	})
	return err
}

// labelledRow is what one method reached over all splits.
type labelledRow struct {
	Method string    `json:"method"`
	AUC    spreadRow `json:"auc"`
	AP     spreadRow `json:"ap"`
	// Ahead is the first method less this one, in average precision.
	Ahead aheadRow `json:"ahead"`
}

// labelledAnswer is what rummage evaluate --data says.
type labelledAnswer struct {
	Data    string        `json:"data"`
	Truth   string        `json:"truth"`
	Nodes   int           `json:"nodes"`
	Events  int           `json:"events"`
	Bad     int           `json:"bad"`
	Known   int           `json:"known"`
	Splits  int           `json:"splits"`
	Methods []labelledRow `json:"methods"`
}

func (d *desk) evaluateLabelled(ctx context.Context, opts labelledOptions, seed uint64) error {
	how := evaluate.DefaultLabels()
	how.Splits, how.Known, how.Seed, how.Threads = opts.splits, opts.known, seed, d.set.Threads
	switch {
	case opts.truth == "":
		return exit.Usagef("evaluate: --data needs --truth, the file that says who is bad")
	case how.Splits < 1:
		return exit.Usagef("evaluate: --splits is 1 or more, not %d", how.Splits)
	case !(how.Known > 0 && how.Known < 1):
		return exit.Usagef("evaluate: --known is between 0 and 1, not %g", how.Known)
	}
	g, err := readLabelled(ctx, opts)
	if err != nil {
		return err
	}
	splits, err := evaluate.TryLabels(ctx, g, how, func(done, total int) { d.meter.Step("splits", int64(done), int64(total)) })
	if err != nil {
		return err
	}
	answer := labelledAnswer{Data: opts.data, Truth: opts.truth, Nodes: g.Nodes, Events: len(g.Arcs), Known: splits[0].Known, Splits: len(splits)}
	answer.Bad = splits[0].Known + splits[0].Hidden
	column := func(m int, of func(*evaluate.Split) []float64) []float64 {
		figures := make([]float64, len(splits))
		for k := range splits {
			figures[k] = of(&splits[k])[m]
		}
		return figures
	}
	auc := func(s *evaluate.Split) []float64 { return s.AUC }
	ap := func(s *evaluate.Split) []float64 { return s.AP }
	for m, name := range evaluate.LabelMethods() {
		row := labelledRow{Method: name, AUC: spreadOf(column(m, auc)), AP: spreadOf(column(m, ap))}
		if m > 0 {
			row.Ahead = aheadOf(column(0, ap), column(m, ap), seed)
		}
		answer.Methods = append(answer.Methods, row)
	}
	return d.answer(answer)
}

// Print shows a line a method.
func (a labelledAnswer) Print(page *output.Page) {
	page.Say("%s events of %s nodes, %s of them bad and %s of these known; %d splits\n",
		output.Count(a.Events), output.Count(a.Nodes), output.Count(a.Bad), output.Count(a.Known), a.Splits)
	grid := output.NewGrid("method", "auc>", "ap>", "ahead>", "95 % of draws>", "worse>")
	for _, m := range a.Methods {
		grid.Add(append([]string{m.Method, m.AUC.String(), m.AP.String()}, m.Ahead.cells()...)...)
	}
	page.Rows(grid)
}

// readLabelled reads who dealt with whom, and who is bad. Nodes are numbered in the order of the truth, then of the data; whoever the truth
// does not name is good.
func readLabelled(ctx context.Context, opts labelledOptions) (*evaluate.Labelled, error) {
	g := &evaluate.Labelled{}
	number := map[string]uint32{}
	at := func(name string) uint32 {
		v, ok := number[name]
		if !ok {
			v = uint32(len(number))
			number[name] = v
			g.Truth = append(g.Truth, false)
		}
		return v
	}
	err := readTable(ctx, opts.truth, network.Nodes, func(names []string) (func(cells []string) error, error) {
		label, err := theColumn(names, opts.label, []string{"isfraud", "fraud", "is_fraud", "illicit", "bad", "label", "class"}, 1)
		if err != nil {
			return nil, err
		}
		return func(cells []string) error {
			v := at(cells[0])
			g.Truth[v] = g.Truth[v] || slices.Contains([]string{"1", "true", "yes", "y"}, strings.ToLower(cells[label]))
			return nil
		}, nil
	})
	if err != nil {
		return nil, err
	}
	err = readTable(ctx, opts.data, network.Edges, func(names []string) (func(cells []string) error, error) {
		ends, err := theEnds(names, opts.columns)
		if err != nil {
			return nil, err
		}
		return func(cells []string) error {
			arc := evaluate.Arc{From: at(cells[ends[0]]), To: at(cells[ends[1]])}
			if ends[2] >= 0 {
				if arc.Time, err = moment(cells[ends[2]]); err != nil {
					return err
				}
			}
			g.Arcs = append(g.Arcs, arc)
			return nil
		}, nil
	})
	g.Nodes = len(number)
	return g, err
}

// theEnds are the columns of source, target and time; time is -1 where there is none.
func theEnds(names, given []string) ([3]int, error) {
	ends := [3]int{-1, -1, -1}
	if n := len(given); n != 0 && n != 2 && n != 3 {
		return ends, exit.Usagef("evaluate: --columns names source, target and perhaps time, not %d columns", n)
	}
	guesses := [3][]string{
		{"source", "sourcenodeid", "from", "src", "sender", "nameorig"},
		{"target", "targetnodeid", "to", "dst", "receiver", "namedest"},
		{"time", "timestamp", "date", "day", "step"},
	}
	for i := range ends {
		name := ""
		if i < len(given) {
			name = given[i]
		}
		fallback := i
		if i == 2 {
			fallback = -1
		}
		at, err := theColumn(names, name, guesses[i], fallback)
		if err != nil {
			return ends, err
		}
		ends[i] = at
	}
	return ends, nil
}

// theColumn finds a column by the name given, else by one that it often has, else takes the one at a place.
func theColumn(names []string, given string, usual []string, fallback int) (int, error) {
	for i, name := range names {
		if given != "" && name == given || given == "" && slices.Contains(usual, strings.ToLower(name)) {
			return i, nil
		}
	}
	if given != "" || fallback >= len(names) {
		return 0, exit.With(exit.Usage, fmt.Errorf("evaluate: no column %q among %s", given, strings.Join(names, ", ")), "name another with --columns or --label")
	}
	return fallback, nil
}

// moment reads a number, or a day as its number.
func moment(cell string) (float64, error) {
	if x, err := strconv.ParseFloat(cell, 64); err == nil {
		return x, nil
	}
	day, err := graph.ParseDate(cell[:min(len(cell), len("2006-01-02"))])
	return float64(day), err
}

// readTable reads the rows of a file that ingest can read: of a graph file its nodes or its edges. A row that cannot be read ends it, as a graph
// with holes has another truth.
func readTable(ctx context.Context, path, sheet string, begin func(names []string) (func(cells []string) error, error)) error {
	file, err := read.OpenFile(path)
	if err != nil {
		return fmt.Errorf("evaluate: %w", err)
	}
	defer file.Close()
	parts, err := format.Parts(ctx, file)
	if err != nil {
		return fmt.Errorf("evaluate: %s: %w", path, err)
	}
	part := parts[0]
	if i := slices.IndexFunc(parts, func(p read.Part) bool { return p.Sheet == sheet }); i >= 0 {
		part = parts[i]
	}
	dialect, err := format.Detect(ctx, file, part, read.Hints{})
	if err != nil {
		return fmt.Errorf("evaluate: %s: %w", path, err)
	}
	rows, err := format.Open(ctx, io.NewSectionReader(file, 0, file.Size()), dialect)
	if err != nil {
		return fmt.Errorf("evaluate: %s: %w", path, err)
	}
	defer rows.Close()
	var names []string
	switch {
	case dialect.Named():
		names = strings.Split(dialect.Names, read.Between)
	case rows.Header() != nil:
		names = rows.Header().Names()
	default:
		return exit.With(exit.Failed, fmt.Errorf("evaluate: %s has no header", filepath.Base(path)), "write a line with the names of the columns above the rows")
	}
	take, err := begin(names)
	if err != nil {
		return err
	}
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil && len(row.Cells) != len(names) {
			err = fmt.Errorf("%d cells under %d names", len(row.Cells), len(names))
		}
		if err == nil {
			err = take(row.Names())
		}
		if err != nil {
			return fmt.Errorf("evaluate: %s: row %d: %w", path, rowNumber(row), err)
		}
	}
}

func rowNumber(row *read.Row) int64 {
	if row == nil {
		return 0
	}
	return row.Number
}
