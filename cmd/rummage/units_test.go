package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/night"
	"rummage/cmd/rummage/internal/output"
)

// commandOf makes sure that a command line of a guide is one of rummage, with flags that it has.
func commandOf(t *testing.T, line string) {
	t.Helper()
	words, err := night.Words(line)
	require.NoError(t, err)
	require.Equal(t, "rummage", filepath.Base(words[0]))
	found, rest, err := newRoot(&desk{}).Find(words[1:])
	require.NoError(t, err)
	require.NoError(t, found.ParseFlags(rest), line)
	assert.NoError(t, found.ValidateArgs(found.Flags().Args()), line)
}

// TestUnitsOfTheGuide reads the units of systemd and the line of cron in docs/batch.md as those who install them would.
func TestUnitsOfTheGuide(t *testing.T) {
	guide, err := os.ReadFile("../../docs/batch.md")
	require.NoError(t, err)
	units := regexp.MustCompile("(?s)```ini\n# (\\S+)\n(.*?)```").FindAllStringSubmatch(string(guide), -1)
	require.Len(t, units, 2)
	dir := t.TempDir()
	var files []string
	for _, u := range units {
		text := u[2]
		for _, line := range regexp.MustCompile(`(?m)^ExecStart=(.*)$`).FindAllStringSubmatch(text, -1) {
			commandOf(t, line[1])
		}
		if strings.Contains(text, "[Service]") {
			for _, code := range []exit.Code{exit.Flagged, exit.Quarantined} {
				assert.Regexp(t, `(?m)^SuccessExitStatus=.*\b`+string(rune('0'+int(code)))+`\b`, text)
			}
		}
		path := filepath.Join(dir, filepath.Base(u[1]))
		for _, moved := range []string{"/usr/local/bin/rummage", "/usr/local/bin/tell-the-desk"} {
			text = strings.ReplaceAll(text, moved, os.Args[0]) // which is there
		}
		require.NoError(t, os.WriteFile(path, []byte(strings.Replace(text, "User=rummage\n", "", 1)), 0o600))
		files = append(files, path)
	}
	if analyse, err := exec.LookPath("systemd-analyze"); err == nil {
		said, err := exec.Command(analyse, append([]string{"verify", "--man=no"}, files...)...).CombinedOutput()
		assert.NoError(t, err, string(said))
	}
	cron := regexp.MustCompile(`rummage (?:ingest|flag)[^>;]*`).FindAllString(regexp.MustCompile("(?s)```cron\n.*?```").FindString(string(guide)), -1)
	require.Len(t, cron, 2)
	for _, line := range cron {
		commandOf(t, line)
	}
}

// The table of the guide is that of the program.
func TestTheGuideHasEveryExitCode(t *testing.T) {
	guide, err := os.ReadFile("../../docs/batch.md")
	require.NoError(t, err)
	for _, row := range exit.Table() {
		meaning := strings.NewReplacer("`", "").Replace(string(guide))
		assert.Regexp(t, `(?m)^\| `+regexp.QuoteMeta(strings.TrimSpace(rowText(row)))+` \|$`, meaning)
	}
}

func rowText(row exit.Row) string {
	return strings.Join([]string{strconv.Itoa(int(row.Code)), row.Name, row.Meaning}, " | ")
}

// TestAPortIsToldToBeManyNodes: who asks for what stands in everybody's consignments is told so, and what to name.
func TestAPortIsToldToBeManyNodes(t *testing.T) {
	for nodes, told := range map[int]bool{manyNodes: false, manyNodes + 1: true} {
		var out strings.Builder
		page := output.New(&out, output.Table, false)
		exportAnswer{Nodes: nodes}.Print(page)
		assert.Equal(t, told, strings.Contains(out.String(), "nodes: a port, an office or a commodity stands in the consignments of everybody; name a network"), nodes)
	}
}
