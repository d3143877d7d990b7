package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/cmd/rummage/internal/exit"
)

// everyCommand visits the commands a person can see.
func everyCommand(visit func(*cobra.Command)) {
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		visit(c)
		for _, sub := range c.Commands() {
			if !sub.Hidden && sub.Name() != "help" {
				walk(sub)
			}
		}
	}
	walk(newRoot(&desk{}))
}

func TestEveryCommandHasHelp(t *testing.T) {
	everyCommand(func(c *cobra.Command) {
		t.Run(c.CommandPath(), func(t *testing.T) {
			assert.NotEmpty(t, c.Short)
			assert.NotEmpty(t, c.Long)
			assert.NotContains(t, strings.TrimSuffix(c.Short, "."), ".", "the short text is one phrase")
			for line := range strings.Lines(c.Example) {
				assert.Regexp(t, `^  (RUMMAGE_\w+=\S+ )?rummage( |\n|$)`, line, "an example is a command line")
			}
			assert.NotEmpty(t, c.Example)
		})
	})
}

func TestEveryExampleParses(t *testing.T) {
	everyCommand(func(c *cobra.Command) {
		for line := range strings.Lines(c.Example) {
			_, args, _ := strings.Cut(strings.TrimSpace(line), "rummage")
			t.Run(strings.TrimSpace(line), func(t *testing.T) {
				words, err := words(args)
				require.NoError(t, err)
				root := newRoot(&desk{})
				found, rest, err := root.Find(words)
				require.NoError(t, err)
				require.NoError(t, found.ParseFlags(rest))
				assert.NoError(t, found.ValidateArgs(found.Flags().Args()))
			})
		}
	})
}

func TestInterruptedEndsWith130(t *testing.T) {
	var out, errs bytes.Buffer
	d := &desk{process: process{stdout: &out, stderr: &errs}}
	root := newRoot(d)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	root.AddCommand(&cobra.Command{Use: "wait", RunE: func(cmd *cobra.Command, _ []string) error {
		return fmt.Errorf("wait: %w", cmd.Context().Err())
	}})
	root.SetArgs([]string{"wait"})
	assert.Equal(t, exit.Interrupted, exit.Of(root.ExecuteContext(ctx)))
}

func TestOnlyYesConfirms(t *testing.T) {
	for typed, want := range map[string]bool{"y\n": true, " YES \n": true, "no\n": false, "\n": false, "": false} {
		var asked bytes.Buffer
		d := &desk{process: process{stdin: strings.NewReader(typed), stderr: &asked}}
		assert.Equal(t, want, d.confirm("erase it?"), "%q", typed)
		assert.Equal(t, "erase it? [y/N] ", asked.String())
	}
}

func TestStatusIsNotAnError(t *testing.T) {
	assert.True(t, exit.Silent(advise(exit.Status(exit.Flagged), "rummage flag")))
	assert.Equal(t, exit.Flagged, exit.Of(advise(exit.Status(exit.Flagged), "rummage flag")))
}

func TestWrongFlagInJSON(t *testing.T) {
	for _, args := range [][]string{{"config", "--json", "--x"}, {"config", "--output", "json", "--x"}, {"config", "--output=json", "--x"}} {
		var out, errs bytes.Buffer
		assert.Equal(t, 2, do(t, process{stdout: &out, stderr: &errs}, args...))
		assert.Contains(t, out.String(), `"message": "unknown flag --x"`)
		assert.Empty(t, errs.String())
	}
}

func TestVersionOf(t *testing.T) {
	noted := &debug.BuildInfo{
		Main:     debug.Module{Version: "v0.1.0"},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}},
	}
	tests := map[string]struct {
		info            *debug.BuildInfo
		linked          string
		version, commit string
	}{
		"nothing noted":   {nil, "", "devel", "unknown"},
		"noted by Go":     {noted, "", "v0.1.0", "abc"},
		"the linker wins": {noted, "def", "v0.1.0", "def"},
		"working copy":    {&debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}, "", "devel", "unknown"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := versionOf(test.info, test.linked)
			assert.Equal(t, test.version, got.Version)
			assert.Equal(t, test.commit, got.Commit)
		})
	}
}

// words splits a command line as a shell does, as far as the guides need it: blanks, and single or
// double quotes.
func words(line string) ([]string, error) {
	var all []string
	var word strings.Builder
	var quote rune
	open := false
	for _, r := range strings.TrimSpace(line) {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, open = r, true
		case quote == 0 && r == ' ':
			if open {
				all = append(all, word.String())
			}
			word.Reset()
			open = false
		default:
			word.WriteRune(r)
			open = true
		}
	}
	if quote != 0 {
		return nil, errors.New("unclosed quote in " + line)
	}
	if open {
		all = append(all, word.String())
	}
	return all, nil
}

func TestOneFileACommand(t *testing.T) {
	everyCommand(func(c *cobra.Command) {
		if c.HasParent() {
			assert.FileExists(t, "cmd_"+c.Name()+".go")
		}
	})
}
