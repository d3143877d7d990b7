package main

import (
	"github.com/spf13/cobra"

	"rummage/cmd/rummage/internal/output"
	"rummage/cmd/rummage/internal/settings"
)

// configAnswer is what rummage config says.
type configAnswer struct {
	Settings []settings.Origin `json:"settings"`
	Ignored  []string          `json:"ignored"`
}

func newConfigCommand(d *desk) *cobra.Command {
	return &cobra.Command{
		Use:   "config",
		Short: "The settings in force and where each came from",
		Long: "Prints every setting, its value, and whether a flag, the environment, the configuration file\n" +
			"or the default gave it. Of the password and of the key of identity numbers it says whether\n" +
			"there is one and where it came from, never what it is. Variables that start with RUMMAGE_ and are no setting are listed as ignored.\n\n" +
			"The configuration file is YAML, one key a setting: the file named by --config or RUMMAGE_CONFIG,\n" +
			"else rummage/config.yaml in the configuration folder of the person ($XDG_CONFIG_HOME, %APPDATA% or ~/.config).",
		Example: "  RUMMAGE_STORE=cases.db rummage config",
		Args:    none,
		RunE: func(*cobra.Command, []string) error {
			return runConfig(d)
		},
	}
}

func runConfig(d *desk) error {
	// An empty list, not null, is what a program expects under a plural key.
	return d.answer(configAnswer{Settings: d.set.Origins, Ignored: append([]string{}, d.set.Ignored...)})
}

// Print lists the settings, then what was ignored.
func (a configAnswer) Print(page *output.Page) {
	grid := output.NewGrid("setting", "value", "from")
	for _, s := range a.Settings {
		grid.Add(s.Key, s.Value, s.From)
	}
	for _, name := range a.Ignored {
		grid.Add(name, "", "ignored: no such setting")
	}
	page.Rows(grid)
}
