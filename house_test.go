package rummage_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// longest is the most lines a file of code may have.
const longest = 500

// widest is the most methods, or embedded interfaces, one interface of the contract may list.
const widest = 6

// source is one parsed file of Go, at a path relative to the root.
type source struct {
	path   string
	lines  int
	syntax *ast.File
}

// dir is the package's folder, "." for the root.
func (s source) dir() string { return path.Dir(s.path) }

// tree visits every file of the repository that a person wrote or keeps: no build output, no .git.
func tree(visit func(name string)) error {
	return filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (name == ".git" || name == "bin") {
			return fs.SkipDir
		}
		if entry.Type().IsRegular() {
			visit(filepath.ToSlash(name))
		}
		return nil
	})
}

// sources parses every Go file once for all tests.
var sources = sync.OnceValues(func() ([]source, error) {
	var all []source
	var failed error
	set := token.NewFileSet()
	err := tree(func(name string) {
		if path.Ext(name) != ".go" || failed != nil {
			return
		}
		text, err := os.ReadFile(name)
		if err != nil {
			failed = err
			return
		}
		file, err := parser.ParseFile(set, name, text, parser.ParseComments)
		if err != nil {
			failed = err
			return
		}
		all = append(all, source{name, bytes.Count(text, []byte("\n")), file})
	})
	if err == nil {
		err = failed
	}
	return all, err
})

// parsed returns the module's files; tools/ is a module of its own.
func parsed(t *testing.T) []source {
	t.Helper()
	all, err := sources()
	require.NoError(t, err)
	require.NotEmpty(t, all)
	return slices.DeleteFunc(slices.Clone(all), func(s source) bool { return strings.HasPrefix(s.path, "tools/") })
}

func TestFilesAreShort(t *testing.T) {
	for _, s := range parsed(t) {
		assert.LessOrEqual(t, s.lines, longest, "%s has %d lines", s.path, s.lines)
	}
}

// processors are those that a file of Go may be for; "make cross" vets for one of them a system.
var processors = regexp.MustCompile(`(^|\W|_)(386|amd64|arm|arm64|loong64|mips\w*|ppc64\w*|riscv64|s390x|wasm)(\W|_|$)`)

func TestNoFileIsForOneProcessor(t *testing.T) {
	for _, s := range parsed(t) {
		assert.NotRegexp(t, processors, strings.TrimSuffix(path.Base(s.path), ".go"), s.path)
		for _, group := range s.syntax.Comments {
			for _, line := range group.List {
				if strings.HasPrefix(line.Text, "//go:build") {
					assert.NotRegexp(t, processors, line.Text, s.path)
				}
			}
		}
	}
}

func TestPackagesAreNamedByPlainNouns(t *testing.T) {
	dump := []string{"util", "utils", "common", "helper", "helpers", "manager", "misc", "shared", "base", "lib", "types"}
	for _, s := range parsed(t) {
		name := strings.TrimSuffix(s.syntax.Name.Name, "_test")
		assert.Regexp(t, `^[a-z][a-z0-9]*$`, name, s.path)
		assert.NotContains(t, dump, name, "%s: a room for everything is a room for nothing", s.path)
		for _, part := range strings.Split(s.dir(), "/") {
			assert.NotContains(t, dump, part, s.path)
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	said := map[string]bool{}
	for _, s := range parsed(t) {
		if !strings.HasSuffix(s.path, "_test.go") {
			said[s.dir()] = said[s.dir()] || s.syntax.Doc != nil
		}
	}
	for dir, ok := range said {
		assert.True(t, ok, "package in %s has no comment", dir)
	}
}

func TestTheContractIsNarrow(t *testing.T) {
	seen := 0
	for _, s := range parsed(t) {
		if s.dir() != "graph" || strings.HasSuffix(s.path, "_test.go") {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if contract, ok := spec.Type.(*ast.InterfaceType); ok {
				seen++
				assert.LessOrEqual(t, len(contract.Methods.List), widest,
					"%s: %s is too wide; extras are capability interfaces", s.path, spec.Name)
			}
			return true
		})
	}
	assert.GreaterOrEqual(t, seen, 5, "the contract of a store was not found")
}

// What may not stand in the repository. The patterns are put together here so that this file keeps
// its own rule.
var (
	machinePath = regexp.MustCompile(`(^|[^\w.*-])(/(wo` + `rk|ro` + `ot|ho` + `me|Use` + `rs)/\w|[A-Z]:\\Use` + `rs\\)`)
	unfinished  = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|X` + `XX|not impl` + `emented)\b`)
)

func TestNothingNamesAMachineOrIsUnfinished(t *testing.T) {
	written := []string{".go", ".md", ".yml", ".yaml", ".txtar", ".sh", ".mod", ".golden", ".txt", ""}
	require.NoError(t, tree(func(name string) {
		if !slices.Contains(written, path.Ext(name)) || strings.Contains(name, "testdata/fuzz/") {
			return
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for i, line := range strings.Split(string(text), "\n") {
			assert.NotRegexp(t, machinePath, line, "%s:%d", name, i+1)
			if path.Ext(name) == ".go" {
				assert.NotRegexp(t, unfinished, line, "%s:%d", name, i+1)
			}
		}
	}))
}

// direct returns the modules of go.mod that the code imports, by path.
func direct(t *testing.T) map[string]bool {
	t.Helper()
	text, err := os.ReadFile("go.mod")
	require.NoError(t, err)
	required := regexp.MustCompile(`(?m)^\t(\S+) v`).FindAllStringSubmatch(string(text), -1)
	require.NotEmpty(t, required)
	used := map[string]bool{}
	for _, s := range parsed(t) {
		for _, spec := range s.syntax.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			best := ""
			for _, r := range required {
				if (name == r[1] || strings.HasPrefix(name, r[1]+"/")) && len(r[1]) > len(best) {
					best = r[1]
				}
			}
			if best != "" {
				used[best] = true
			}
		}
	}
	return used
}

func TestDependenciesAreFewAndExplained(t *testing.T) {
	text, err := os.ReadFile("docs/dependencies.md")
	require.NoError(t, err)
	explained := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| .{20,} \\|$").FindAllStringSubmatch(string(text), -1) {
		explained[row[1]] = true
	}
	used := direct(t)
	assert.LessOrEqual(t, len(used), 30, "the budget that the page names")
	for name := range used {
		assert.True(t, explained[name], "docs/dependencies.md does not say why %s", name)
	}
	for name := range explained {
		assert.True(t, used[name], "docs/dependencies.md explains %s, which nothing imports", name)
	}
}
