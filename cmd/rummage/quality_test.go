package main

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/fixtures"
)

var full = flag.Bool("full", false, "TestQuality runs every command of fixtures/quality.golden, also those that take many minutes")

const byCommand = "# the rest by: go test ./cmd/rummage -run TestQuality -full -timeout 2h\n"

// section is a command of fixtures/quality.golden and what it printed.
type section struct{ command, output string }

func sections(text string) []section {
	var all []section
	for _, part := range strings.Split("\n"+text, "\n$ ")[1:] {
		command, output, _ := strings.Cut(part, "\n")
		all = append(all, section{command, strings.TrimSpace(output)})
	}
	return all
}

func quality(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(fixtures.Path("quality.golden"))
	require.NoError(t, err)
	return string(text)
}

// TestQuality runs the commands of fixtures/quality.golden again, in the folder of fixtures, and compares what they print: how well the method does,
// as text, so that a change of it shows. Those above the mark take seconds and are run always, the others with -full. With -update
// it writes what they print, and what was not run stays.
func TestQuality(t *testing.T) {
	fixtures.Figures(t)
	quick, slow, marked := strings.Cut(quality(t), byCommand)
	require.True(t, marked, "quality.golden has no line %q", byCommand)
	t.Chdir(fixtures.Path(""))
	again := func(part string) string {
		var text strings.Builder
		for _, s := range sections(part) {
			args, err := words(s.command)
			require.NoError(t, err)
			var out, errs bytes.Buffer
			code := do(t, process{stdout: &out, stderr: &errs, env: []string{"RUMMAGE_OUTPUT=table", "RUMMAGE_THREADS=2", "USER=kim"}}, args[1:]...)
			require.Zero(t, code, "%s\n%s", s.command, errs.String())
			got := strings.TrimSpace(out.String())
			if !*update {
				assert.Equal(t, s.output, got, s.command)
			}
			text.WriteString("$ " + s.command + "\n" + got + "\n\n")
		}
		return text.String()
	}
	quick = again(quick)
	if *full {
		slow = "\n" + again(slow)
	}
	if *update {
		require.NoError(t, os.WriteFile(fixtures.Path("quality.golden"), []byte(quick+byCommand+slow), 0o644))
	}
}

// TestQualityIsQuoted holds the figures of two documents against fixtures/quality.golden: the lines of a block of text stand there, and a
// figure in backquotes stands there.
func TestQualityIsQuoted(t *testing.T) {
	golden := quality(t)
	said, lines := map[string]bool{}, map[string]bool{}
	for line := range strings.Lines(golden) {
		lines[strings.TrimSpace(line)] = true
	}
	for _, figure := range regexp.MustCompile(`[+-]?\d[\d.]*`).FindAllString(golden, -1) {
		said[strings.TrimPrefix(figure, "+")] = true
	}
	for _, name := range []string{"quality", "methodology"} {
		text, err := os.ReadFile("../../docs/" + name + ".md")
		require.NoError(t, err)
		for _, block := range regexp.MustCompile("(?s)```text\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
			for line := range strings.Lines(block[1]) {
				assert.True(t, lines[strings.TrimSpace(line)], "%s.md quotes what quality.golden does not hold: %s", name, line)
			}
		}
		figures := regexp.MustCompile("`([+-]?\\d[\\d.]*)`").FindAllStringSubmatch(string(text), -1)
		for _, figure := range figures {
			assert.True(t, said[figure[1]], "%s.md says %s, quality.golden does not", name, figure[1])
		}
		assert.NotEmpty(t, figures, "%s.md has figures", name)
	}
}
