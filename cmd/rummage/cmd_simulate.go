package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"rummage/algo/flag"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/fixtures/simulate"
)

// worldFlags name a simulated world.
type worldFlags struct{ simulate.Options }

func (f *worldFlags) add(c *cobra.Command) {
	f.Options = simulate.DefaultOptions()
	c.Flags().StringVar(&f.Level, "level", f.Level, "how well the rings hide, from L1 to L5")
	c.Flags().Float64Var(&f.Scale, "scale", f.Scale, "size; 1 is about 105 000 consignments")
	c.Flags().IntVar(&f.Benign, "benign", f.Benign, "closed groups without any crime, at scale 1")
	c.Flags().StringVar(&f.Laws, "laws", f.Laws, "measured fits ordinary trade to declarations of Korea; the first worlds' laws if left out")
	c.Flags().BoolVar(&f.Conduct, "conduct", f.Conduct, "rings also show in prices, masses, ports and days, and benign groups look like it")
	c.Flags().IntVar(&f.Schemes, "schemes", f.Schemes, "how many of each scheme, and of each look-alike, at scale 1")
}

// simulateAnswer is what rummage simulate says.
type simulateAnswer struct {
	Out           string   `json:"out"`
	Level         string   `json:"level"`
	Seed          uint64   `json:"seed"`
	Scale         float64  `json:"scale"`
	Consignments  int      `json:"consignments"`
	Importers     int      `json:"importers"`
	Exporters     int      `json:"exporters"`
	Forwarders    int      `json:"forwarders"`
	Rings         int      `json:"rings"`
	BenignGroups  int      `json:"benign_groups"`
	LoneOffenders int      `json:"lone_offenders"`
	Schemes       int      `json:"schemes"`
	LookAlikes    int      `json:"look_alikes"`
	Files         []string `json:"files"`
	Truth         string   `json:"truth"`

	// Leak is what the world gives away by itself; null without --checks, or where too little was inspected to tell.
	Leak *leakRow `json:"leak"`
}

// leakRow holds what a score without any link evidence reaches, beside what leads reach. A world in which it reaches much is no
// test of anything: its rings could be told by their size or shape.
type leakRow struct {
	Degree    output.Score `json:"degree_auc"`
	Volume    output.Score `json:"volume_auc"`
	Structure output.Score `json:"structure_ap"`
	Leads     output.Score `json:"leads_ap"`

	Trivial []trivialRow `json:"trivial"`
}

// trivialRow is what one feature that needs no analysis tells.
type trivialRow struct {
	Feature string       `json:"feature"`
	Who     string       `json:"who"`
	Planted int          `json:"planted"`
	Of      int          `json:"candidates"`
	AUC     output.Score `json:"auc"`
	AP      output.Score `json:"ap"`
	Tells   bool         `json:"tells_too_much"`
}

func trivialRows(leaks []simulate.Leak) []trivialRow {
	rows := make([]trivialRow, len(leaks))
	for i, l := range leaks {
		rows[i] = trivialRow{l.Feature, l.Who, l.Planted, l.Candidates, output.Score(l.AUC), output.Score(l.AP), l.Tells()}
	}
	return rows
}

// What a world may give away: AUC of the number of ties and of consignments, and average precision of a score that sees no outcome
// as a share of that of the leads.
const (
	mostAUC   = 0.60
	mostShare = 0.25
)

type simulateOptions struct {
	worldFlags
	out    string
	checks bool
}

func newSimulateCommand(d *desk) *cobra.Command {
	var opts simulateOptions
	c := &cobra.Command{
		Use:   "simulate --out DIR",
		Short: "Write a synthetic trade world with planted schemes and benign look-alikes",
		Long: "Writes two years of declarations, a company register and inspection results as CSV, in which\n" +
			"smuggling rings, lone offenders and benign closed groups are planted. Whom a member of a ring deals\n" +
			"with differs; activity, size, names and dates are drawn like everyone's. The truth stands apart in\n" +
			"truth.json, which no analysis reads. The same options give the same bytes on any machine.\n\n" +
			"From L1 to L3 rings share fewer identifiers and deal more with others. In L4 one consignment in a hundred is\n" +
			"inspected, some parties also trade under another name, and names have slips. In L5 companies are succeeded by\n" +
			"others, and rings change ports, forwarders, sizes and names once they are found out.\n\n" +
			"--schemes adds typologies (carousels, phoenix companies, splitting and more) with an innocent look-alike of each.\n" +
			"--laws measured fits how much traders do, prices, masses, offices and days of the week to declarations of Korea.\n\n" +
			"Then it checks what the world gives away by itself, which takes as long as ingest and flag do: how well the\n" +
			"number of ties and of consignments alone, and a score that sees no outcome, tell the members of rings.",
		Example: "  rummage simulate --level L2 --seed 7 --scale 0.1 --out world\n" +
			"  rummage simulate --level L4 --schemes 5 --out world",
		Args: none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runSimulate(cmd.Context(), d, opts)
		},
	}
	opts.add(c)
	c.Flags().BoolVar(&opts.Movements, "movements", opts.Movements, "also write what carriers and gates list of containers, and the schemes that it shows")
	c.Flags().Uint64Var(&opts.Seed, "seed", opts.Seed, "which of the worlds of a level")
	c.Flags().StringVar(&opts.out, "out", "", "folder to write to")
	c.Flags().BoolVar(&opts.checks, "checks", true, "check what the world gives away by itself")
	_ = c.MarkFlagRequired("out")
	return c
}

func runSimulate(ctx context.Context, d *desk, opts simulateOptions) error {
	world, err := makeWorld(ctx, d, opts.Options, opts.out)
	if err != nil {
		return err
	}
	n := world.Counts()
	answer := simulateAnswer{
		Out: opts.out, Level: opts.Level, Seed: opts.Seed, Scale: opts.Scale,
		Consignments: n.Consignments, Importers: n.Importers, Exporters: n.Exporters, Forwarders: n.Forwarders,
		Rings: n.Rings, BenignGroups: n.BenignGroups, LoneOffenders: n.Lone,
		Schemes: n.Schemes, LookAlikes: n.LookAlikes, Files: tables(), Truth: simulate.TruthFile,
	}
	if opts.Movements {
		answer.Files = append(answer.Files, simulate.MovementsFile)
	}
	if opts.checks {
		if answer.Leak, err = d.leaks(ctx, opts.out); err != nil {
			return err
		}
		answer.Leak.Trivial = trivialRows(world.Leaks())
	}
	return d.answer(answer)
}

// leaks measures what the world in a folder gives away, in a store that is gone afterwards.
func (d *desk) leaks(ctx context.Context, world string) (leak *leakRow, err error) {
	scratch, err := os.MkdirTemp("", "rummage-simulate-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	_, row, err := d.evaluate(ctx, world, filepath.Join(scratch, "world"), evaluateOptions{settings: flag.DefaultSettings()})
	if err != nil {
		return nil, err
	}
	return &leakRow{Degree: row.Leak.Degree, Volume: row.Leak.Volume, Structure: row.Baselines.Structure, Leads: row.AP}, nil
}

// tables are the files of a world that are there to be ingested.
func tables() []string {
	return []string{simulate.DeclarationsFile, simulate.RegistryFile, simulate.InspectionsFile}
}

// makeWorld plants a world and writes it to a folder.
func makeWorld(ctx context.Context, d *desk, opts simulate.Options, out string) (*simulate.World, error) {
	d.meter.Step("simulate", 0, 0)
	opts.Threads = d.set.Threads
	world, err := simulate.New(opts)
	if err == nil {
		err = world.Write(ctx, out)
	}
	if errors.Is(err, simulate.ErrOptions) {
		err = exit.With(exit.Usage, err, "") // the help of the command that makes it
	}
	return world, err
}

// Print says what was written and what to do with it.
func (a simulateAnswer) Print(page *output.Page) {
	page.Say("%s, seed %d: %s consignments of %s importers and %s exporters; %d rings, %d benign groups, %d lone offenders",
		a.Level, a.Seed, output.Count(a.Consignments), output.Count(a.Importers), output.Count(a.Exporters),
		a.Rings, a.BenignGroups, a.LoneOffenders)
	if a.Schemes > 0 {
		page.Say("%d schemes of %d kinds, and %d look-alikes without any crime", a.Schemes, len(simulate.Catalogue())/2, a.LookAlikes)
	}
	grid := output.NewGrid("file", "holds")
	holds := map[string]string{
		simulate.DeclarationsFile: "import declarations, one a row",
		simulate.RegistryFile:     "companies with address, phone and director",
		simulate.InspectionsFile:  "what inspections found",
		simulate.MovementsFile:    "movements of containers, as carriers and gates list them",
	}
	for _, name := range a.Files {
		grid.Add(filepath.Join(a.Out, name), holds[name])
	}
	grid.Add(filepath.Join(a.Out, a.Truth), "what was planted; no analysis reads it")
	page.Rows(grid)
	if a.Leak != nil {
		a.Leak.show(page, a.Scale)
	}
	page.Say("\nnext: rummage ingest %s", quoteAll(a.Out, a.Files))
}

// show says what the world gives away, and how much it may.
func (l *leakRow) show(page *output.Page, scale float64) {
	share := float64(l.Structure) / float64(l.Leads)
	page.Gap()
	page.Say("what the world gives away by itself:")
	checks := output.NewGrid("by", "measure", "value>", "verdict")
	checks.Add("number of ties", "AUC", fmt.Sprintf("%.2f", float64(l.Degree)), verdict(float64(l.Degree), mostAUC))
	checks.Add("number of consignments", "AUC", fmt.Sprintf("%.2f", float64(l.Volume)), verdict(float64(l.Volume), mostAUC))
	checks.Add("shape, outcomes unseen", "AP", fmt.Sprintf("%.3f", float64(l.Structure)),
		fmt.Sprintf("%.2f of the leads' %.3f: %s", share, float64(l.Leads), verdict(share, mostShare)))
	page.Rows(checks)
	page.Gap()
	grid := output.NewGrid("told by", "members of", "AUC", "AP", "by chance", "too much")
	for _, t := range l.Trivial {
		grid.Add(t.Feature, t.Who, fmt.Sprintf("%.3f", float64(t.AUC)), fmt.Sprintf("%.4f", float64(t.AP)),
			fmt.Sprintf("%.4f", float64(t.Planted)/float64(max(1, t.Of))), map[bool]string{true: "yes", false: "no"}[t.Tells])
	}
	page.Rows(grid)
	if scale < 1 {
		page.Say("Worlds this small scatter: judge by the means of several at scale 1 (rummage evaluate --seeds 5).")
	}
}

func verdict(value, most float64) string {
	switch {
	case math.IsNaN(value):
		return "too little was inspected to tell"
	case value <= most:
		return fmt.Sprintf("good, at most %.2f", most)
	}
	return fmt.Sprintf("above %.2f", most)
}

// quoteAll lists files of a folder as a command line.
func quoteAll(folder string, names []string) string {
	line := ""
	for i, name := range names {
		if i > 0 {
			line += " "
		}
		line += quote(filepath.Join(folder, name))
	}
	return line
}

// quote makes a text one word of a shell's command line.
func quote(text string) string {
	if text == "" {
		return `""`
	}
	for _, r := range text {
		plain := r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r > 0x7f
		if !plain && r != '.' && r != '/' && r != '-' && r != '_' && r != ':' {
			return strconv.Quote(text)
		}
	}
	return text
}
