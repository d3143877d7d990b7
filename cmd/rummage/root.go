package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/cmd/rummage/internal/settings"
)

// process is what the operating system hands a program. Tests hand in their own.
type process struct {
	args, env      []string
	stdin          io.Reader
	stdout, stderr io.Writer
}

// desk is what a command works with, once its flags have been read.
type desk struct {
	process

	set   settings.Settings
	page  *output.Page
	meter *output.Meter
	clock func() time.Time

	// called is the command as it was called, which is what other writers are told about this one.
	called string

	// started is set when a command's own work begins; until then an error is one of usage.
	started bool
}

// run is the whole program: it reads the arguments, does what they say, and returns the exit code.
func run(ctx context.Context, p process) exit.Code {
	d := &desk{process: p, clock: time.Now}
	d.page = output.New(p.stdout, early(p.args), isTerminal(p.stdout))
	root := newRoot(d)
	root.SetArgs(p.args)
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	called, err := root.ExecuteContextC(ctx)
	d.meter.Clear()
	if err != nil && !d.started && exit.Of(err) == exit.Failed {
		err = exit.With(exit.Usage, err, "")
	}
	if err = advise(err, called.CommandPath()); err != nil && !exit.Silent(err) {
		d.page.Fail(p.stderr, d.width(p.stderr), err)
	}
	return exit.Of(err)
}

// early guesses the format before the flags are read, so that a wrong flag is told in JSON too.
func early(args []string) output.Format {
	for i, arg := range args {
		if arg == "--json" || arg == "--json=true" || arg == "--output=json" ||
			arg == "json" && i > 0 && args[i-1] == "--output" {
			return output.JSON
		}
	}
	return output.Auto
}

// newRoot builds the command tree. Nothing registers itself.
func newRoot(d *desk) *cobra.Command {
	root := &cobra.Command{
		Use:   "rummage",
		Short: "Find smuggling networks in trade data, and say why",
		Long: "rummage turns declarations, manifests, company registers, watch lists and inspection results\n" +
			"into one graph, finds the networks in it that behave like smuggling networks, and says exactly why.\n" +
			"It opens no outside connection.\n\n" +
			"Settings: a flag wins over RUMMAGE_<NAME>, that over the configuration file, that over the default.\n\n" +
			exit.Help(),
		Example: "  rummage demo\n  rummage ingest declarations.csv registry.csv inspections.csv\n" +
			"  rummage flag\n  rummage version --json\n" +
			"  rummage flag --store cases/north.db\n  RUMMAGE_NEO4J_PASSWORD=... rummage flag --store bolt://localhost:7687\n" +
			"  rummage networks --store neo4j+s://graph.example.org --neo4j-user kim --neo4j-password-file neo4j.secret",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          knownCommand,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return d.prepare(cmd)
		},
	}
	root.SetFlagErrorFunc(flagMistake)
	root.SetHelpCommand(newHelpCommand())
	root.SetHelpFunc(d.help)
	settings.Flags(root.PersistentFlags(), d.env)
	root.CompletionOptions.HiddenDefaultCmd = true
	keepOrder()
	for _, group := range groups(d) {
		root.AddGroup(&cobra.Group{ID: group.title, Title: group.title})
		for _, c := range group.commands {
			c.GroupID = group.title
			root.AddCommand(c)
		}
	}
	for _, c := range root.Commands() {
		d.mark(c)
	}
	return root
}

// keepOrder has commands listed in our order. There is no other way than this one setting for all, so it is made once.
var keepOrder = sync.OnceFunc(func() { cobra.EnableCommandSorting = false })

// group is a heading of the help text.
type group struct {
	title    string
	commands []*cobra.Command
}

// groups lists every command, in the order of a day's work.
func groups(d *desk) []group {
	return []group{
		{"Files in:", []*cobra.Command{
			newIngestCommand(d), newMapCommand(d), newSourcesCommand(d), newWithdrawCommand(d), newPurgeCommand(d),
		}},
		{"Networks flagged:", []*cobra.Command{
			newFlagCommand(d), newNetworksCommand(d), newLeadsCommand(d), newServicesCommand(d), newExplainCommand(d), newWhyCommand(d),
			newAreasCommand(d), newSelectCommand(d), newPatternsCommand(d),
			newDecideCommand(d),
		}},
		{"The graph walked:", []*cobra.Command{
			newResolveCommand(d), newScreenCommand(d), newSearchCommand(d), newShowCommand(d), newExpandCommand(d), newPathCommand(d),
		}},
		{"Case files:", []*cobra.Command{newExportCommand(d), newCasefilesCommand(d), newVerifyCommand(d), newCustodyCommand(d)}},
		{"Tried on known truth:", []*cobra.Command{
			newDemoCommand(d), newSimulateCommand(d), newEvaluateCommand(d),
		}},
		{"The store and the program:", []*cobra.Command{
			newCheckCommand(d), newBackupCommand(d), newRestoreCommand(d), newCopyCommand(d), newSelftestCommand(d), newConfigCommand(d),
			newVersionCommand(d),
		}},
	}
}

// prepare reads the settings and lays out the page and the meter.
func (d *desk) prepare(cmd *cobra.Command) error {
	if !cmd.HasParent() {
		return nil // only help is printed
	}
	if err := complete(cmd); err != nil {
		return err
	}
	set, err := settings.Load(cmd.Root().PersistentFlags(), d.env)
	if err != nil {
		return exit.With(exit.Usage, err, "rummage config --help")
	}
	d.set = set
	d.called = cmd.CommandPath()
	d.page = output.New(d.stdout, output.Format(set.Output), isTerminal(d.stdout))
	d.page.Fit(d.width(d.stdout))
	if cmd.Flags().Changed("store") {
		d.page.Again("rummage --store " + quote(set.Store))
	}
	if set.Progress == "always" || set.Progress == "auto" && isTerminal(d.stderr) {
		d.meter = output.NewMeter(d.stderr, d.clock)
	}
	return nil
}

// mark notes when a command's own work begins.
func (d *desk) mark(c *cobra.Command) {
	if work := c.RunE; work != nil {
		c.RunE = func(cmd *cobra.Command, args []string) error {
			d.started = true
			return work(cmd, args)
		}
	}
	for _, sub := range c.Commands() {
		d.mark(sub)
	}
}

// answer clears the meter and prints what a command found.
func (d *desk) answer(a output.Answer) error {
	d.meter.Clear()
	return d.page.Answer(a)
}

// isTerminal reports whether a person is looking at a stream.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// narrowest is the fewest cells that a line is laid out for; a terminal that has fewer breaks lines by itself.
const narrowest = 20

// width is the number of cells in a line of a stream: what COLUMNS says, else that of the terminal, 0 where there is none.
func (d *desk) width(stream io.Writer) int {
	for _, line := range d.env {
		if text, ok := strings.CutPrefix(line, "COLUMNS="); ok {
			if n, err := strconv.Atoi(text); err == nil && n > 0 {
				return max(n, narrowest)
			}
		}
	}
	if !isTerminal(stream) {
		return 0
	}
	if file, ok := stream.(*os.File); ok {
		if width, _, err := term.GetSize(int(file.Fd())); err == nil && width > 0 {
			return max(width, narrowest)
		}
	}
	return output.Customary
}

// none refuses arguments and says which.
func none(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes no argument, but got %q", cmd.Name(), strings.Join(args, " "))
	}
	return nil
}
