package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	fence    = regexp.MustCompile("(?ms)^```[a-z]*\n(.*?)^```$")
	codeSpan = regexp.MustCompile("`([^`]+)`")
	typed    = regexp.MustCompile(`\brummage ((?:-\S+ (?:\S+ )?)*)([a-z]+)\b`)
	dashed   = regexp.MustCompile(`--([a-z][a-z-]*)`)
)

// commandLines lists what a document shows as code: spans, and the lines of blocks.
func commandLines(text string) []string {
	var all []string
	for _, block := range fence.FindAllStringSubmatch(text, -1) {
		for line := range strings.Lines(block[1]) {
			all = append(all, strings.TrimPrefix(line, "$ "))
		}
	}
	for _, span := range codeSpan.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		all = append(all, strings.Join(strings.Fields(span[1]), " "))
	}
	return all
}

// unknownIn says what of a command line the program does not know.
func unknownIn(root *cobra.Command, line string) string {
	line, _, _ = strings.Cut(line, "#")
	match := typed.FindStringSubmatch(line)
	if match == nil || !strings.HasPrefix(line, "rummage") && !strings.HasPrefix(line, "RUMMAGE_") {
		return ""
	}
	c, _, err := root.Find([]string{match[2]})
	if err != nil || c == root && match[2] != "help" {
		return "no command " + match[2]
	}
	for _, flag := range dashed.FindAllStringSubmatch(line, -1) {
		if c.Flags().Lookup(flag[1]) == nil && root.PersistentFlags().Lookup(flag[1]) == nil && flag[1] != "help" {
			return match[2] + " has no --" + flag[1]
		}
	}
	return ""
}

// TestDocumentsNameCommandsThatExist compares what is written for people with the command tree: the guides, the README, the help
// texts, and the advice in messages.
func TestDocumentsNameCommandsThatExist(t *testing.T) {
	root := newRoot(&desk{})
	seen := 0
	check := func(where string, lines []string) {
		for _, line := range lines {
			if strings.HasPrefix(line, "rummage ") {
				seen++
			}
			assert.Empty(t, unknownIn(root, line), "%s: %s", where, line)
		}
	}
	documents, err := filepath.Glob("../../docs/*.md")
	require.NoError(t, err)
	for _, name := range append(documents, "../../README.md", "../../CHANGELOG.md") {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		check(name, commandLines(string(text)))
	}
	assert.Greater(t, seen, 60, "the guides were not read")
	prose := []string{"turns", "that", "ms"} // where a sentence or the head of a column goes on
	for _, text := range literals(t) {
		for _, match := range typed.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(prose, match[2]) {
				assert.Empty(t, unknownIn(root, "rummage "+match[2]), "%q", text)
			}
		}
	}
}

// literals are all texts in the code of the commands.
func literals(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var all []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				text, err := strconv.Unquote(literal.Value)
				require.NoError(t, err)
				all = append(all, text)
			}
			return true
		})
	}
	return all
}

func TestUnknownIn(t *testing.T) {
	root := newRoot(&desk{})
	for line, want := range map[string]string{
		"rummage flag --seed 3":               "",
		"rummage --store a.db flag --seed 3":  "",
		"rummage merge":                       "no command merge",
		"rummage flag --sed 3":                "flag has no --sed",
		"RUMMAGE_STORE=a.db rummage confit":   "no command confit",
		"make demo":                           "",
		"rummage demo --dir x # then --what?": "",
	} {
		assert.Equal(t, want, unknownIn(root, line), line)
	}
}
