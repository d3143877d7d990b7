package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
)

// How a mistake in the command line is told: one line, in the words of the command line, with the nearest name there is.

// near lists the names that a mistyped one may stand for, as "; did you mean x or y?", or nothing.
func near(typed string, names []string) string {
	// The measure of nearness is cobra's, so that commands and flags are judged alike.
	judge := &cobra.Command{SuggestionsMinimumDistance: 2}
	for _, name := range names {
		judge.AddCommand(&cobra.Command{Use: name, Run: func(*cobra.Command, []string) {}})
	}
	found := judge.SuggestionsFor(typed)
	if typed == "" || len(found) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(found, " or ") + "?"
}

// unknownCommand refuses a name that is no command.
func unknownCommand(root *cobra.Command, typed string) error {
	var names []string
	for _, c := range root.Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	return exit.With(exit.Usage, fmt.Errorf("unknown command %q%s", typed, near(typed, names)), "rummage --help")
}

// knownCommand is the check of what is left when no command was found.
func knownCommand(root *cobra.Command, args []string) error {
	if len(args) > 0 {
		return unknownCommand(root, args[0])
	}
	return nil
}

// newHelpCommand is cobra's help, but for an unknown command it fails.
func newHelpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "The help of a command",
		Long:  "Prints the help of a command, as --help does.",
		// Help needs no settings, so that a mistake in them cannot keep it away.
		PersistentPreRun: func(*cobra.Command, []string) {},
		RunE: func(c *cobra.Command, args []string) error {
			found, rest, err := c.Root().Find(args)
			if err != nil || found == c.Root() && len(rest) > 0 {
				return unknownCommand(c.Root(), args[0])
			}
			found.InitDefaultHelpFlag()
			return found.Help()
		},
	}
}

// help prints the help of a command, folded to the width of the terminal, in a pipe to the customary one.
func (d *desk) help(c *cobra.Command, _ []string) {
	text := strings.TrimRight(cmp.Or(c.Long, c.Short), " \n") + "\n\n" + c.UsageString()
	fmt.Fprint(d.stdout, output.Fold(text, cmp.Or(d.width(d.stdout), output.Customary)))
}

// flagMistake tells a flag that could not be read in the words of the command line.
func flagMistake(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var wrong *pflag.InvalidValueError
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return err
	case errors.As(err, &unknown):
		typed := unknown.GetSpecifiedName()
		if unknown.GetSpecifiedShortnames() != "" {
			err = fmt.Errorf("unknown flag -%s", typed)
			break
		}
		var names []string
		c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		err = fmt.Errorf("unknown flag --%s%s", typed, near("--"+typed, names))
	case errors.As(err, &bare):
		err = fmt.Errorf("--%s needs a value", bare.GetFlag().Name)
	case errors.As(err, &wrong):
		err = fmt.Errorf("--%s: %q is not %s", wrong.GetFlag().Name, wrong.GetValue(), kindOf(wrong.GetFlag().Value.Type()))
	}
	return exit.With(exit.Usage, err, c.CommandPath()+" --help")
}

// kindOf names what a flag of that type takes.
func kindOf(kind string) string {
	switch {
	case strings.HasPrefix(kind, "uint"):
		return "a whole number of 0 or more"
	case strings.HasPrefix(kind, "int"):
		return "a whole number"
	case strings.HasPrefix(kind, "float"):
		return "a number"
	case kind == "bool":
		return "true or false"
	default:
		return "a " + kind
	}
}

// complete refuses a command line that lacks a flag it cannot do without.
func complete(c *cobra.Command) error {
	var missing []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Annotations[cobra.BashCompOneRequiredFlag] != nil && !f.Changed {
			missing = append(missing, "--"+f.Name)
		}
	})
	if len(missing) == 0 {
		return nil
	}
	return exit.With(exit.Usage, fmt.Errorf("%s needs %s", c.Name(), strings.Join(missing, " and ")), c.CommandPath()+" --help")
}
