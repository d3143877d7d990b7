package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rummage/algo/flag"
	"rummage/algo/view"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
	"rummage/resolve/name"
)

type flagOptions struct {
	scopeFlags
	settings flag.Settings
	seed     uint64
	exitCode bool
	log      bool
	leads    int
	set      []string
	nightOptions
}

// flagAnswer is what rummage flag says: the result of the run.
type flagAnswer struct {
	*flag.Result
	LeadsMore int     `json:"leads_left_out"` // of those that the run kept, by --leads
	KnownMore int     `json:"known_left_out"`
	OnNew     *handed `json:"on_new"` // nil without --on-new
	brief     bool
}

// answerOf is the answer with so many leads at most, 0 for all that the run kept.
func answerOf(r *flag.Result, leads int) flagAnswer {
	shown := *r
	shown.Leads, shown.Known = first(r.Leads, leads), first(r.Known, leads)
	return flagAnswer{Result: &shown, LeadsMore: len(r.Leads) - len(shown.Leads), KnownMore: len(r.Known) - len(shown.Known)}
}

func newFlagCommand(d *desk) *cobra.Command {
	opts := flagOptions{settings: flag.DefaultSettings()}
	c := &cobra.Command{
		Use:   "flag",
		Short: "The batch job: analyse, store the run, print what is new",
		Long: "Draws groups of traders without looking at outcomes, tests which hold more hits than chance explains,\n" +
			"ranks parties by their exposure to hits, holds what was found in the hands of service parties against their\n" +
			"peers, follows the networks of the last run, and stores the run.\n" +
			"The same records, decisions, settings and seed give the same answer, whatever the number of threads.\n\n" +
			"A run without --until, --known-on and --source is a standing one, and follows the standing run before. A\n" +
			"narrowed run takes the ids of networks from these and stands apart: networks, leads and explain show it\n" +
			"with the same flags or --run, and the next standing run knows nothing of it. Networks keep their ids when a\n" +
			"source is withdrawn, read anew or ingested again.\n\n" +
			"A network is news when something material changed since it was last told, or since a person decided about it:\n" +
			"it is new, back, merged, split or continues a former one under other names; who joined has hits of its own; there\n" +
			"are more hits between its members; its grade rose; its q fell to a tenth; it has a quarter more members (and two\n" +
			"more); its members are twice as exposed. Which rule it was stands in the answer. A service party is news when it\n" +
			"stands out for the first time. Under --exit-code a run with news ends with 3.\n\n" +
			"With --patterns a network also opens where the records look like a typology far more often than chance brings about\n" +
			"(grade P), at a level that falls from run to run; rummage patterns lists the typologies.\n\n" +
			"One standing run goes on at a time; a second ends with 6 and says who is at it. --on-new hands the news as JSON to\n" +
			"a command on standard input (no shell reads it; its output goes to standard error); where it fails, the run ends\n" +
			"with 7 and the next one hands the same news on again. --metrics leaves figures for Prometheus.",
		Example: "  rummage flag\n  rummage flag --until 2021-03-31 --exit-code --json\n  rummage flag --patterns 499\n" +
			"  rummage flag --on-new '/usr/local/bin/tell-the-desk --queue night' --metrics /var/lib/node_exporter/rummage.prom",
		Args: none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := once(cmd, opts.set); err != nil {
				return err
			}
			return runFlag(cmd.Context(), d, opts)
		},
	}
	opts.add(c)
	flags := c.Flags()
	flags.Uint64Var(&opts.seed, "seed", 1, "of visiting orders and shuffles")
	flags.BoolVar(&opts.exitCode, "exit-code", false, "end with 3 when there is news")
	flags.Float64Var(&opts.settings.Decay, "decay", 0, "half-life of a tie in `days`; 0: ties do not fade")
	flags.Float64Var(&opts.settings.Kappa, "kappa", 0, "weight of closeness in the score of leads, which no outcome has a part in")
	flags.BoolVar(&opts.log, "log", false, "let a tie count for log(1+n) of its n consignments, as the first study did")
	flags.Float64Var(&opts.settings.Q, "q", opts.settings.Q, "share of false findings allowed")
	flags.IntVar(&opts.settings.Draws, "draws", opts.settings.Draws, "shuffles for each null")
	flags.StringArrayVar(&opts.set, "set", nil, "another setting of the run, by its name in JSON: `name=value` (repeatable)")
	flags.IntVar(&opts.settings.Patterns, "patterns", 0, "look for typologies, and deal ties out anew so many `times` to hold them against chance; 0 looks for none")
	flags.IntVar(&opts.leads, "leads", 20, "most leads to list under --json, and as many parties hit themselves; 0 lists all that the run kept")
	flags.StringVar(&opts.onNew, "on-new", "", "hand the news to this `command` on standard input, as JSON")
	flags.DurationVar(&opts.timeout, "on-new-timeout", time.Minute, "how long that command may take")
	flags.StringVar(&opts.metrics, "metrics", "", "write figures to this `file` in the text format of Prometheus")
	flags.StringVar(&opts.state, "state", "", "`folder` of the lock and of the mark up to which news was handed on; default: beside the store, for a server the cache folder")
	return c
}

// flagOf is the flag that sets a setting, by the name that --set has for it; most settings have none. --leads is none of these: it says how
// many are listed, and the setting of that name how many are kept.
var flagOf = map[string]string{"decay": "decay", "kappa": "kappa", "q": "q", "draws": "draws", "patterns": "patterns", "weights": "log"}

// once refuses a setting that stands in a flag of its own and in --set as well.
func once(cmd *cobra.Command, set []string) error {
	for _, one := range set {
		name, _, _ := strings.Cut(one, "=")
		if own := flagOf[strings.ToLower(name)]; own != "" && cmd.Flags().Changed(own) {
			return exit.Usagef("%s: --%s and --set %s both say it: leave one out", cmd.Name(), own, one)
		}
	}
	return nil
}

func runFlag(ctx context.Context, d *desk, opts flagOptions) error {
	opts.settings.Weights.Log = opts.log
	for _, one := range opts.set {
		if err := opts.settings.Set(one); err != nil {
			return exit.With(exit.Usage, err, "rummage flag --help")
		}
	}
	if err := opts.settings.Check(); err != nil {
		return exit.With(exit.Usage, err, "rummage flag --help")
	}
	if opts.leads < 0 {
		return exit.Usagef("--leads: %d is less than 0", opts.leads)
	}
	if err := opts.nightOptions.check(opts.narrow()); err != nil {
		return exit.With(exit.Usage, err, "rummage flag --help")
	}
	watch := d.watch()
	report, err := d.flagAlone(ctx, opts, watch)
	if opts.metrics == "" || exit.Of(err) == exit.Busy {
		return err
	}
	if fault := watch.metrics(opts.metrics, report, exit.Of(err), d.version()).Write(opts.metrics); fault != nil {
		return errors.Join(err, exit.With(exit.Failed, fault, "name another file with --metrics"))
	}
	return err
}

// flagAlone makes a run and answers with it, a standing one under the lock. The report is nil where nothing was stored.
func (d *desk) flagAlone(ctx context.Context, opts flagOptions, watch *stopwatch) (report *flag.Report, err error) {
	base := d.base(opts.state)
	if !opts.narrow() {
		lock, busy := d.alone(base)
		if busy != nil {
			return nil, busy
		}
		if lock != nil {
			defer func() { err = errors.Join(err, lock.Release()) }()
		}
	}
	err = d.reading(ctx, change, &opts.scopeFlags, func(a *archive) error {
		made, missed, err := d.analyse(ctx, a, opts, watch)
		if err != nil {
			return err
		}
		report = made
		answer := answerOf(report.Result, opts.leads)
		if opts.onNew != "" {
			watch.step("hand on", 0, 0)
			told, err := gather(missed, report.Result)
			if err != nil {
				return err
			}
			if answer.OnNew, err = d.hand(ctx, &opts.nightOptions, told, base+handedSuffix, &report.Run); err != nil {
				return err
			}
		}
		said, err := a.Decisions(ctx, "")
		if err != nil {
			return err
		}
		answer.Rule(said)
		if err := d.answer(answer); err != nil {
			return err
		}
		switch {
		case answer.OnNew != nil && answer.OnNew.Error != "":
			return exit.Status(exit.Unhanded)
		case opts.exitCode && report.Result.News() > 0:
			return exit.Status(exit.Flagged)
		}
		return nil
	})
	return report, err
}

// analyse makes a run and stores it. missed are earlier runs whose news was not handed on, where news is to be.
func (d *desk) analyse(ctx context.Context, a *archive, opts flagOptions, watch *stopwatch) (report *flag.Report, missed []graph.Run, err error) {
	if len(a.Scope().Sources) == 0 {
		return nil, nil, exit.With(exit.Failed, errors.New("flag: no source is in scope"), "rummage ingest FILE, or rummage sources")
	}
	how := d.analysis(opts.settings, opts.seed)
	how.Progress = watch.step
	if how.Scoped = opts.narrow(); !how.Scoped {
		how.Within = a.store.Within
	}
	kinds := []string{flag.Kind}
	if how.Scoped {
		kinds = append(kinds, flag.ScopedKind)
	}
	earlier, err := a.history(ctx, kinds...)
	if err != nil {
		return nil, nil, err
	}
	if opts.onNew != "" {
		if missed, err = waiting(d.base(opts.state)+handedSuffix, earlier); err != nil {
			return nil, nil, err
		}
	}
	report, err = flag.Run(ctx, a, earlier, how)
	if err != nil {
		return nil, nil, err
	}
	watch.step("store", 0, 0)
	report.Run.Finished, report.Run.Tool = d.clock().UTC().Truncate(time.Microsecond), d.version().Version
	if err := a.store.SaveRun(ctx, report.Run); err != nil {
		return nil, nil, err
	}
	return report, missed, d.publish(ctx, a.store, report)
}

// analysis are the options of an analysis as the settings of this process have them.
func (d *desk) analysis(settings flag.Settings, seed uint64) flag.Options {
	return flag.Options{
		Settings: settings, Seed: seed, Threads: d.set.Threads,
		Alike:    alike,
		Cache:    view.Cache{Dir: d.set.Cache, Version: d.version().Commit},
		Progress: func(stage string, done, total int) { d.meter.Step(stage, int64(done), int64(total)) },
	}
}

// likely is the score from which two names are taken for those of one firm that was renamed.
const likely = 0.7

// alike compares the names of members of two networks.
func alike(a, b string) bool {
	return name.Compare(name.Prepare(name.Unknown, a), name.Prepare(name.Unknown, b)) >= likely
}

// Print shows the run as people read it: what was read, what is new, the networks.
func (a flagAnswer) Print(page *output.Page) {
	a.head(page)
	page.Rows(networkGrid(page, a.Result))
	if len(a.Networks) == 0 {
		page.Say("%s", noNetwork(a.Result))
	}
	above := aboveOnly(a.Services)
	if len(above) > 0 {
		page.Gap()
		page.Say("service parties with more hits than their peers explain, %d of %d records tested:", len(above), a.ServicesTested)
		page.Rows(serviceGrid(page, above))
	}
	if a.brief {
		return
	}
	if a.OnNew != nil {
		page.Say("\n%s", a.OnNew.text())
	}
	run := ""
	if a.Scoped {
		page.Say("\nthis run stands apart, as its scope was narrowed; --run %s or the same flags show it again", a.Run)
		run = " --run " + string(a.Run)
	}
	undecided := slices.IndexFunc(a.Networks, func(n flag.Network) bool { return n.Decision == nil })
	switch {
	case a.Inspected == 0:
		page.Say("\nnext: rummage ingest FILE, with the results of inspections")
	case len(a.Networks) == 0 && len(above) > 0:
		page.Say("\nnext: rummage explain %s%s     rummage leads%s", quote(string(above[0].ID)), run, run)
	case len(a.Networks) == 0:
		page.Say("\nnext: rummage leads%s", run)
	case undecided < 0:
		page.Say("\nevery network was decided about; next: rummage leads%s", run)
	default:
		first := a.Networks[undecided].ID
		page.Say("\nnext: rummage explain %s%s     rummage decide %s open", first, run, first)
	}
}

// noNetwork says why a run has no network.
func noNetwork(r *flag.Result) string {
	if r.Inspected == 0 {
		return "nothing could be tested: no result of an inspection is in scope"
	}
	return "no network holds more hits than chance explains"
}

// head says what was looked at.
func (a flagAnswer) head(page *output.Page) {
	until := a.Until.String()
	if until == "" {
		until = "no dated event"
	}
	page.Say("read       %s %s, %s consignments, %s parties, data until %s", output.Count(a.Sources), plural(a.Sources, "source"),
		output.Count(a.Consignments), output.Count(a.Parties), until)
	rate := 0.0
	if a.Inspected > 0 {
		rate = 100 * float64(a.Hits) / float64(a.Inspected)
	}
	page.Say("inspected  %s consignments   hits %s (%.1f %%)   groups drawn %s, tested %s", output.Count(a.Inspected),
		output.Count(a.Hits), rate, output.Count(a.Candidates), output.Count(a.Tested))
	if s := a.Stream; s != nil && a.Inspected > 0 {
		page.Say("level      %.2g of new findings may be false, in look %d of the stream   told so far %d   withheld %d   spent %.2g",
			float64(s.Level), s.Look, s.Told, s.Withheld, float64(s.Spent))
	}
	if text := strataText(a.Strata); text != "" {
		page.Say("strata     %s", text)
	}
	s := a.States
	words := fmt.Sprintf("%d new   %d grown   %d gone", s.New, s.Grown, s.Gone)
	for _, w := range []struct {
		n    int
		word string
	}{
		{s.Same, "as before"}, {s.Shrunk, "shrunk"}, {s.Merged, "merged"}, {s.Split, "split"}, {s.Returned, "back"}, {s.Phoenix, "under new names"},
		{s.Alerting, "news"},
	} {
		if w.n > 0 {
			words += fmt.Sprintf("   %d %s", w.n, w.word)
		}
	}
	page.Say("networks   %s", words)
	if n := a.NullFlags; a.Inspected > 0 && n.GradeA != nil && n.GradeB != nil {
		page.Say("expected   false flags: grade A %.2g, grade B %.2g (shuffled outcomes)   grade A %.2g, grade B %.2g (repeat offenders)",
			float64(n.GradeA.Consignment), float64(n.GradeB.Consignment), float64(n.GradeA.Block), float64(n.GradeB.Block))
	}
	page.Say("")
}

// newsText says whether a network is news, and by which rules it changed.
func newsText(n *flag.Network) string {
	var rules []string
	for _, one := range n.Alerts {
		if one.Rule == flag.RuleNew {
			return "new"
		}
		rules = append(rules, string(one.Rule))
	}
	if len(rules) == 0 {
		return "no"
	}
	return "changed: " + strings.Join(rules, ", ")
}

// strataText tells what outcomes were shuffled within, "" where they were among all.
func strataText(strata []flag.StratumRow) string {
	if len(strata) < 2 {
		return ""
	}
	var by [5]int
	for _, s := range strata {
		by[s.By]++
	}
	var parts []string
	for n, name := range []string{"of what was left over", "of a channel", "of an office", "of a chapter", "of a month"} {
		if by[n] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", by[n], name))
		}
	}
	return fmt.Sprintf("outcomes shuffled within %d: %s", len(strata), strings.Join(parts, ", "))
}

// networkGrid lists the networks of a run, each with its best finding, those that are news first.
func networkGrid(page *output.Page, r *flag.Result) output.Grid {
	grid := output.NewGrid("network", "news", "state", "grade", "members>", "hits of inspected>", "expected>", "p>", "q>", "decision", "what")
	var news, rest []*flag.Network
	for i := range r.Networks {
		if n := &r.Networks[i]; len(n.Alerts) > 0 {
			news = append(news, n)
		} else {
			rest = append(rest, n)
		}
	}
	for _, n := range append(news, rest...) {
		f := bestOf(r, n.ID)
		what := strings.Join(n.What, "; ")
		for i := len(n.Alerts) - 1; i >= 0; i-- {
			if one := n.Alerts[i]; one.Rule != flag.RuleNew && one.Text != n.Change {
				what = one.Text + "; " + what
			}
		}
		if n.Change != "" {
			what = n.Change + "; " + what
		}
		if n.Grade == "B" {
			what = strings.TrimSuffix(n.Heading+": "+what, ": ")
		}
		if n.Grade == flag.GradeP {
			grid.Add(string(n.ID), newsText(n), string(n.State), n.Grade, number(page, len(n.Members)), fmt.Sprintf("%d of %d", n.Hits, n.Inspected),
				"", "", fmt.Sprintf("%.2g", float64(n.Q)), rulingText(n.Decision), n.Heading+": "+what)
			continue
		}
		grid.Add(string(n.ID), newsText(n), string(n.State), n.Grade, number(page, len(n.Members)), fmt.Sprintf("%d of %d", f.Hits, f.Inspected),
			fmt.Sprintf("%.2f", float64(f.Expected)), fmt.Sprintf("%.2g", float64(f.P)), fmt.Sprintf("%.2g", float64(f.Q)), rulingText(n.Decision), what)
	}
	for _, t := range r.Gone {
		if t.State == flag.Gone {
			grid.Add(string(t.ID), "gone", string(t.State), t.Grade, number(page, t.Members), "", "", "", "", "", "")
		}
	}
	return grid
}

// rulingText tells who decided what.
func rulingText(r *flag.Ruling) string {
	if r == nil {
		return ""
	}
	return fmt.Sprintf("%s by %s", r.Kind, r.Author)
}

// bestOf is the first finding of a network; a result lists the best first.
func bestOf(r *flag.Result, network graph.ID) flag.FindingRow {
	for _, f := range r.Findings {
		if f.Network == network {
			return f
		}
	}
	return flag.FindingRow{}
}
