package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"rummage/algo/evaluate"
	"rummage/algo/flag"
	"rummage/casefile"
	"rummage/casefile/format"
	"rummage/cmd/rummage/internal/output"
	"rummage/fixtures/simulate"
	"rummage/graph"
	"rummage/ingest"
)

type demoOptions struct {
	worldFlags
	dir, caseFile string
}

// demoAnswer is what rummage demo says: every step of the main job.
type demoAnswer struct {
	World       simulateAnswer `json:"world"`
	Sources     []sourceRow    `json:"sources"`
	Run         *flag.Result   `json:"run"`
	Explanation *explainAnswer `json:"explanation"`
	Why         *whyRecord     `json:"why"`
	Truth       demoTruth      `json:"truth"`
	Dir         string         `json:"dir"`       // "" when nothing was kept
	CaseFile    *exportAnswer  `json:"case_file"` // of the first network; null where none was written

	before string // a case file that was there
	more   bool   // rummage why has more rows than the one here
}

// demoTruth compares the flagged networks with what was planted.
type demoTruth struct {
	Rings    int `json:"rings"`
	Benign   int `json:"benign_groups"`
	Networks int `json:"networks"`
	True     int `json:"two_members_of_one_ring"`
	Touched  int `json:"rings_touched"`
	BenignIn int `json:"two_members_of_one_benign_group"`
}

func newDemoCommand(d *desk) *cobra.Command {
	var opts demoOptions
	c := &cobra.Command{
		Use:   "demo",
		Short: "The main job on a simulated world, start to finish",
		Long: "Simulates a trade world with planted rings and benign look-alikes, ingests its files, flags networks,\n" +
			"explains the first one down to the rows of the files, and, since the truth is known here, counts how many\n" +
			"of the flagged networks hold two members of one planted ring. Every number is computed. It ends by writing the\n" +
			"first network into a case file, where --dir or --case-file says where. Without either nothing is kept.",
		Example: "  rummage demo\n  rummage demo --dir demo --seed 3\n  rummage demo --case-file demo-case.zip",
		Args:    none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runDemo(cmd.Context(), d, opts)
		},
	}
	opts.add(c)
	c.Flags().Uint64Var(&opts.Seed, "seed", opts.Seed, "which of the worlds of a level")
	c.Flags().StringVar(&opts.dir, "dir", "", "folder that keeps the world and its store")
	c.Flags().StringVar(&opts.caseFile, "case-file", "", "`path` of the case file of the first network; default: case.zip in --dir")
	return c
}

func runDemo(ctx context.Context, d *desk, opts demoOptions) (err error) {
	// A demonstration is read by people, also through a pager.
	if d.page.Format() == output.TSV {
		d.page = output.New(d.stdout, output.Table, false)
		d.page.Fit(d.width(d.stdout))
	}
	dir := opts.dir
	if dir == "" {
		if dir, err = os.MkdirTemp("", "rummage-demo-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		d.set.Cache = ""
	}
	answer := demoAnswer{Dir: opts.dir}
	world, err := makeWorld(ctx, d, opts.Options, dir)
	if err != nil {
		return err
	}
	n := world.Counts()
	answer.World = simulateAnswer{
		Out: dir, Level: opts.Level, Seed: opts.Seed, Scale: opts.Scale,
		Consignments: n.Consignments, Importers: n.Importers, Exporters: n.Exporters, Forwarders: n.Forwarders,
		Rings: n.Rings, BenignGroups: n.BenignGroups, LoneOffenders: n.Lone,
		Schemes: n.Schemes, LookAlikes: n.LookAlikes, Files: tables(), Truth: simulate.TruthFile,
	}
	d.set.Store = filepath.Join(dir, "rummage.db")
	if answer.Sources, err = d.demoIngest(ctx, dir); err != nil {
		return err
	}
	if opts.caseFile == "" && opts.dir != "" {
		opts.caseFile = filepath.Join(opts.dir, "case.zip")
		if _, err := os.Lstat(opts.caseFile); err == nil { // of a demonstration before
			answer.before, opts.caseFile = opts.caseFile, ""
		}
	}
	if err := d.demoFlag(ctx, &answer, opts.caseFile); err != nil {
		return err
	}
	answer.Truth = compare(answer.Run.Networks, truthOf(world.Truth()))
	return d.answer(answer)
}

func (d *desk) demoIngest(ctx context.Context, dir string) (rows []sourceRow, err error) {
	files := make([]string, 0, 3)
	for _, name := range tables() {
		files = append(files, filepath.Join(dir, name))
	}
	return rows, d.with(ctx, create, func(store graph.Store) error {
		report, err := ingest.Run(ctx, store, files, ingest.Options{Now: d.clock, Progress: func(p ingest.Progress) {
			d.bringing(p, filepath.Base(p.File))
		}})
		var answer ingestAnswer
		for i := range report.Files {
			answer.add(&report.Files[i])
		}
		rows = answer.Sources
		return err
	})
}

// demoFlag flags, explains the first network, shows one row behind it, and packs it.
func (d *desk) demoFlag(ctx context.Context, answer *demoAnswer, caseFile string) error {
	if err := d.demoRun(ctx, answer); err != nil || caseFile == "" || answer.Explanation == nil {
		return err
	}
	return d.reading(ctx, change, &scopeFlags{}, func(a *archive) (err error) {
		answer.CaseFile, err = d.demoCase(ctx, a, answer.Explanation.ID, caseFile)
		return err
	})
}

// What the case file of a demonstration is for, and for whom.
const (
	demoPurpose   = "demonstration"
	demoRecipient = "whoever tries rummage"
)

// demoCase writes the case file of a network, as rummage export does.
func (d *desk) demoCase(ctx context.Context, a *archive, network graph.ID, out string) (*exportAnswer, error) {
	opts := &exportOptions{out: out, purpose: demoPurpose, forWhom: demoRecipient}
	formats, err := format.Chosen(nil)
	if err != nil {
		return nil, err
	}
	custody, err := d.custody(opts)
	if err != nil {
		return nil, err
	}
	return d.export(ctx, a, []string{string(network)}, opts, handOver{formats: formats, custody: custody, packing: casefile.Packing{Zip: zipped(out)}})
}

// demoRun flags, explains the first network, and shows one row behind it.
func (d *desk) demoRun(ctx context.Context, answer *demoAnswer) error {
	return d.reading(ctx, change, &scopeFlags{}, func(a *archive) error {
		report, _, err := d.analyse(ctx, a, flagOptions{settings: flag.DefaultSettings(), seed: 1}, d.watch())
		if err != nil {
			return err
		}
		answer.Run = report.Result
		if len(report.Result.Networks) == 0 {
			return nil
		}
		// As rummage explain and rummage why tell it, unless they are told otherwise.
		opts := explainOptions{id: report.Result.Networks[0].ID, parts: 5, rows: 5}
		x, err := explainOf(ctx, report.Analysis, a, report.Result, opts)
		if err != nil {
			return err
		}
		a.nameRecords(x)
		answer.Explanation = &explainAnswer{Explanation: x}
		y, err := explainOf(ctx, report.Analysis, a, report.Result, behind(opts.id))
		if err != nil {
			return err
		}
		if rows := byRow(exposureClaims(y)); len(rows) > 0 {
			first, err := a.record(ctx, rows[0])
			if err != nil {
				return err
			}
			answer.Why, answer.more = &first, len(rows) > 1
		}
		return nil
	})
}

// compare counts which networks hold two members of one planted group.
func compare(networks []flag.Network, truth evaluate.Truth) demoTruth {
	t := demoTruth{Rings: len(truth.Rings), Benign: len(truth.Benign), Networks: len(networks)}
	touched := map[int]bool{}
	for i := range networks {
		rings, benign := held(&networks[i], truth.Rings), held(&networks[i], truth.Benign)
		if len(rings) > 0 {
			t.True++
		}
		if len(benign) > 0 {
			t.BenignIn++
		}
		for _, g := range rings {
			touched[g] = true
		}
	}
	t.Touched = len(touched)
	return t
}

// held lists the groups that have two members or more in a network.
func held(n *flag.Network, groups [][]graph.ID) []int {
	member := map[graph.ID]bool{}
	for _, id := range n.Records {
		member[id] = true
	}
	var all []int
	for g, ids := range groups {
		in := 0
		for _, id := range ids {
			if member[id] {
				in++
			}
		}
		if in >= 2 {
			all = append(all, g)
		}
	}
	return all
}

// Print tells the steps in their order.
func (a demoAnswer) Print(page *output.Page) {
	page.Again("") // of a store that will be gone nothing can be asked
	if a.Dir != "" {
		page.Again("rummage --store " + quote(filepath.Join(a.Dir, "rummage.db")))
	}
	w := a.World
	page.Say("A simulated trade world, level %s, seed %d: %s declarations in two years, %s importers, %s exporters.", w.Level, w.Seed,
		output.Count(w.Consignments), output.Count(w.Importers), output.Count(w.Exporters))
	page.Say("Planted: %d rings, %d benign groups of the same shape, %d lone offenders. flag does not see the truth.\n", w.Rings, w.BenignGroups, w.LoneOffenders)
	ingestAnswer{Sources: a.Sources, brief: true}.Print(page)
	page.Say("\n$ rummage flag")
	flagAnswer{Result: a.Run, brief: true}.Print(page)
	if a.Explanation != nil {
		page.Say("\n$ rummage explain %s", a.Explanation.ID)
		a.Explanation.Print(page)
	}
	if a.Why != nil {
		page.Say("\n$ rummage why %s", a.Run.Networks[0].ID)
		whyAnswer{Records: []whyRecord{*a.Why}}.Print(page)
		if a.more {
			page.Say("...")
		}
	}
	a.Truth.tell(page)
	a.tellCase(page)
	if a.Dir == "" {
		page.Again("rummage")
		page.Say("\nnext: rummage demo --dir demo     keeps the files and the store, so that you can walk on from here")
		return
	}
	page.Say("\nnext: rummage leads     rummage search TEXT")
}

// tellCase says how the case file is opened and checked.
func (a *demoAnswer) tellCase(page *output.Page) {
	if a.before != "" {
		page.Say("\n%s is of a demonstration before; rummage verify %s", a.before, quote(a.before))
	}
	if a.CaseFile == nil {
		return
	}
	page.Say("\n$ rummage export %s --out %s --purpose %s --recipient %s", a.Explanation.ID, quote(a.CaseFile.Path), quote(demoPurpose), quote(demoRecipient))
	page.Rows(a.CaseFile.grid(page))
	page.Say("\nopen it:  unpack it, and read data/README.txt, which says what each file in it is and which programs open it")
	page.Say("check it: rummage verify %s", quote(a.CaseFile.Path))
}

func (t *demoTruth) tell(page *output.Page) {
	page.Say("\nThe truth is known here: %d of %d flagged networks hold two or more members of one planted ring; together they touch %d of %d rings. "+
		"%d of them hold two members of one of the %d benign groups.", t.True, t.Networks, t.Touched, t.Rings, t.BenignIn, t.Benign)
}
