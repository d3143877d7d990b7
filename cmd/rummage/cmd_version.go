package main

import (
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"rummage/cmd/rummage/internal/output"
)

// commit is set by the linker (make build), since a reproducible build leaves out what Go would note.
var commit string

// versionAnswer is what rummage version says.
type versionAnswer struct {
	Version  string `json:"version"`
	Commit   string `json:"commit"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func newVersionCommand(d *desk) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Build, commit and store format",
		Long:    "Prints the version and commit of this binary, the format of the stores it writes, and what it was built with.",
		Example: "  rummage version --json",
		Args:    none,
		RunE: func(*cobra.Command, []string) error {
			return runVersion(d)
		},
	}
}

func runVersion(d *desk) error {
	info, _ := debug.ReadBuildInfo()
	return d.answer(versionOf(info, commit))
}

// versionOf puts together what the linker and the Go tool noted; a build from a clean tag has a
// version, any other says "devel".
func versionOf(info *debug.BuildInfo, linked string) versionAnswer {
	a := versionAnswer{
		Version:  "devel",
		Commit:   linked,
		Go:       runtime.Version(),
		Platform: runtime.GOOS + "/" + runtime.GOARCH,
	}
	if info != nil {
		if v := info.Main.Version; v != "" && v != "(devel)" {
			a.Version = v
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && a.Commit == "" {
				a.Commit = s.Value
			}
		}
	}
	if a.Commit == "" {
		a.Commit = "unknown"
	}
	return a
}

// Print shows one line a fact.
func (a versionAnswer) Print(page *output.Page) {
	grid := output.NewGrid("rummage", a.Version)
	grid.Add("commit", a.Commit)
	grid.Add("go", a.Go)
	grid.Add("platform", a.Platform)
	page.Rows(grid)
}
