package rummage_test

import (
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// document reads a text of the repository.
func document(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}

// documents lists every Markdown file.
func documents(t *testing.T) []string {
	t.Helper()
	var all []string
	require.NoError(t, tree(func(name string) {
		if path.Ext(name) == ".md" {
			all = append(all, name)
		}
	}))
	return all
}

func TestReadmeIsOnePage(t *testing.T) {
	readme := document(t, "README.md")
	assert.LessOrEqual(t, strings.Count(readme, "\n"), 150)
	first := regexp.MustCompile("(?s)```sh\n(.*?)```").FindStringSubmatch(readme)
	require.NotNil(t, first)
	assert.Regexp(t, `^make demo\b.*\nmake test\b.*\n$`, first[1], "the two commands come first")
}

// declared is every name of a package: functions, types, constants, variables, and Type.Member for
// methods and fields. Test files declare nothing.
func declared(t *testing.T) map[string]map[string]bool {
	t.Helper()
	names := map[string]map[string]bool{}
	for _, s := range parsed(t) {
		if strings.HasSuffix(s.path, "_test.go") {
			continue
		}
		mine := names[s.syntax.Name.Name]
		if mine == nil {
			mine = map[string]bool{}
			names[s.syntax.Name.Name] = mine
		}
		for _, d := range s.syntax.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				mine[member(d)] = true
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					declare(mine, spec)
				}
			}
		}
	}
	return names
}

// member names a function, or a method with its type.
func member(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return d.Name.Name
	}
	owner := d.Recv.List[0].Type
	for {
		switch t := owner.(type) {
		case *ast.StarExpr:
			owner = t.X
		case *ast.IndexExpr:
			owner = t.X
		case *ast.IndexListExpr:
			owner = t.X
		case *ast.Ident:
			return t.Name + "." + d.Name.Name
		default:
			return d.Name.Name
		}
	}
}

func declare(mine map[string]bool, spec ast.Spec) {
	switch spec := spec.(type) {
	case *ast.ValueSpec:
		for _, name := range spec.Names {
			mine[name.Name] = true
		}
	case *ast.TypeSpec:
		mine[spec.Name.Name] = true
		var fields *ast.FieldList
		switch t := spec.Type.(type) {
		case *ast.StructType:
			fields = t.Fields
		case *ast.InterfaceType:
			fields = t.Methods
		}
		if fields == nil {
			return
		}
		for _, field := range fields.List {
			for _, name := range field.Names {
				mine[spec.Name.Name+"."+name.Name] = true
			}
		}
	}
}

var (
	quoted = regexp.MustCompile("`([^`\n]+)`")
	// named is package.Name or package.Type.Member; of package main also what is not exported.
	named  = regexp.MustCompile(`^(?:main\.[A-Za-z]\w*|[a-z][a-z0-9]*\.[A-Z]\w*)(?:\.[A-Za-z]\w*)?$`)
	folder = regexp.MustCompile(`^[\w.-]+(?:/[\w.-]+)*/$`)
)

func TestNamesInTheDocumentsExist(t *testing.T) {
	names := declared(t)
	for _, name := range documents(t) {
		if strings.HasPrefix(name, "docs/decisions/") || name == "CHANGELOG.md" {
			continue // dated: they speak of their own day
		}
		for _, match := range quoted.FindAllStringSubmatch(document(t, name), -1) {
			word := strings.TrimSuffix(match[1], "()")
			switch {
			case named.MatchString(word):
				pkg, rest, _ := strings.Cut(word, ".")
				if assert.Contains(t, names, pkg, "%s: `%s`: no such package", name, word) {
					assert.True(t, names[pkg][rest], "%s: `%s` is not declared", name, word)
				}
			case folder.MatchString(word) && name == "docs/architecture.md":
				assert.DirExists(t, filepath.FromSlash(word), "%s: `%s`", name, word)
			}
		}
	}
}

func TestArchitectureWalksARow(t *testing.T) {
	walk := document(t, "docs/architecture.md")
	seen := 0
	for _, match := range quoted.FindAllStringSubmatch(walk, -1) {
		if named.MatchString(strings.TrimSuffix(match[1], "()")) {
			seen++
		}
	}
	assert.GreaterOrEqual(t, seen, 15, "the walk names the functions a row passes through")
	assert.NotRegexp(t, `\.go:\d`, walk, "names, never line numbers")
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ +(.+?) *$`)
	fenced  = regexp.MustCompile("(?ms)^```.*?^```$")
)

// anchors lists the headings of a document as links name them: lower case, blanks as hyphens, other
// punctuation left out.
func anchors(text string) []string {
	var all []string
	for _, match := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
		slug := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r > 0x7f:
				return r
			default:
				return -1
			}
		}, strings.ToLower(match[1]))
		all = append(all, slug)
	}
	return all
}

func TestLinksResolve(t *testing.T) {
	for _, name := range documents(t) {
		text := fenced.ReplaceAllString(document(t, name), "")
		for _, match := range link.FindAllStringSubmatch(text, -1) {
			target, anchor, _ := strings.Cut(match[1], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			there := name
			if target != "" {
				there = path.Join(path.Dir(name), target)
			}
			if _, err := os.Stat(filepath.FromSlash(there)); !assert.NoError(t, err, "%s links to %s", name, match[1]) {
				continue
			}
			if anchor != "" {
				assert.True(t, slices.Contains(anchors(document(t, there)), anchor), "%s links to %s: no such heading", name, match[1])
			}
		}
	}
}

func TestDecisionsAreDated(t *testing.T) {
	entries, err := os.ReadDir("docs/decisions")
	require.NoError(t, err)
	require.NotEmpty(t, entries)
	for _, entry := range entries {
		assert.Regexp(t, `^20\d\d-\d\d-\d\d-[a-z0-9.-]+\.md$`, entry.Name())
		text := document(t, path.Join("docs/decisions", entry.Name()))
		assert.Regexp(t, `^# .+\n\n20\d\d-\d\d-\d\d`, text, "%s: a heading, then the day", entry.Name())
		assert.Greater(t, len(text), 400, "%s: a decision gives its reasons", entry.Name())
	}
}

// rooms are the folders of the table in docs/architecture.md.
func rooms(t *testing.T) []string {
	t.Helper()
	table := regexp.MustCompile(`(?m)^\| folder .*\n(?:\|.*\n)+`).FindString(document(t, "docs/architecture.md"))
	require.NotEmpty(t, table)
	var all []string
	for _, row := range strings.Split(table, "\n") {
		cell, _, _ := strings.Cut(strings.TrimPrefix(row, "|"), "|")
		for _, match := range quoted.FindAllStringSubmatch(cell, -1) {
			all = append(all, strings.TrimSuffix(match[1], "/"))
		}
	}
	return all
}

func TestEveryPackageIsARoomOfTheArchitecture(t *testing.T) {
	listed := rooms(t)
	for _, room := range listed {
		assert.DirExists(t, filepath.FromSlash(room))
	}
	for _, s := range parsed(t) {
		if s.dir() == "." || strings.Contains(s.dir(), "testdata") || strings.HasPrefix(s.dir(), "fixtures/") {
			continue
		}
		assert.Contains(t, listed, s.dir(), "docs/architecture.md has no line for %s", s.dir())
	}
}

// TestPlannedRoomsAreCalledPlanned keeps the documents from speaking of rooms that do not stand yet as if they did.
func TestPlannedRoomsAreCalledPlanned(t *testing.T) {
	for _, name := range []string{"docs/architecture.md", "docs/decisions/2026-11-26-layout-and-import-rules.md"} {
		text := document(t, name)
		for room, path := range map[string]string{"web": "web", "casefile": "casefile", "resolve": "resolve", "neo4j": "graph/neo4j"} {
			if _, err := os.Stat(filepath.FromSlash(path)); err == nil {
				continue
			}
			planned := regexp.MustCompile(`(?is)[^.]*\bplanned\b[^.]*`).FindAllString(text, -1)
			assert.True(t, slices.ContainsFunc(planned, func(sentence string) bool { return strings.Contains(sentence, room) }),
				"%s: %s is not built, and is not called planned", name, room)
		}
	}
}

func TestLinesOfTheReadmeAreEven(t *testing.T) {
	for i, line := range strings.Split(document(t, "README.md"), "\n") {
		if !strings.HasPrefix(line, "|") {
			assert.LessOrEqual(t, len([]rune(line)), 120, "README.md:%d", i+1)
		}
	}
}
