package main

import (
	"context"
	"runtime"
	"runtime/debug"
	"strconv"

	"github.com/spf13/cobra"

	"rummage/cmd/rummage/internal/output"
	"rummage/graph/sqlite"
)

// commit is set by the linker (make build), since a reproducible build leaves out what Go would note.
var commit string

// versionAnswer is what rummage version says.
type versionAnswer struct {
	Version  string `json:"version"`
	Commit   string `json:"commit"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
	Format   int    `json:"store_format"`
	SQLite   string `json:"sqlite"`
}

func newVersionCommand(d *desk) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Build, commit and store format",
		Long:    "Prints the version and commit of this binary, the format of the stores it writes, and what it was built with.",
		Example: "  rummage version --json",
		Args:    none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runVersion(cmd.Context(), d)
		},
	}
}

func runVersion(ctx context.Context, d *desk) error {
	a := d.version()
	var err error
	if a.SQLite, err = sqlite.Version(ctx); err != nil {
		return err
	}
	return d.answer(a)
}

// version is what this binary knows of itself.
func (d *desk) version() versionAnswer {
	info, _ := debug.ReadBuildInfo()
	return versionOf(info, commit)
}

// versionOf puts together what the linker and the Go tool noted; a build from a clean tag has a
// version, any other says "devel".
func versionOf(info *debug.BuildInfo, linked string) versionAnswer {
	a := versionAnswer{
		Version:  "devel",
		Commit:   linked,
		Go:       runtime.Version(),
		Platform: runtime.GOOS + "/" + runtime.GOARCH,
		Format:   sqlite.FormatVersion,
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
	grid.Add("store format", strconv.Itoa(a.Format))
	grid.Add("sqlite", a.SQLite)
	page.Rows(grid)
}
