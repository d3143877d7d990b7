package mapping

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ErrSyntax is wrapped by SyntaxError.
var ErrSyntax = errors.New("mapping is not usable")

// Problem is one fault of a mapping.
type Problem struct {
	Line int // of the YAML text, from 1
	Text string
}

// SyntaxError lists everything that is wrong with a mapping, by line.
type SyntaxError struct {
	Name     string // of the file
	Problems []Problem
}

// Error names the file and every line.
func (e *SyntaxError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "mapping: %s: %v", e.Name, ErrSyntax)
	for _, p := range e.Problems {
		fmt.Fprintf(&b, "\n  line %d: %s", p.Line, p.Text)
	}
	return b.String()
}

// Unwrap returns ErrSyntax.
func (e *SyntaxError) Unwrap() error { return ErrSyntax }

// walker reads YAML nodes and collects what is wrong with them, so that the
// author of a mapping sees all faults at once.
type walker struct {
	problems []Problem
	joins    []string // names of the joins whose columns may be named
	joined   []string // those of columns that are
}

func (w *walker) fail(line int, format string, args ...any) {
	w.problems = append(w.problems, Problem{Line: line, Text: fmt.Sprintf(format, args...)})
}

// err returns what was collected, nil if nothing was.
func (w *walker) err(name string) error {
	if len(w.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(w.problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return &SyntaxError{Name: name, Problems: slices.Compact(w.problems)}
}

// pair is one key of an object, in the order of the file.
type pair struct {
	key  string
	line int
	node *yaml.Node
}

// pairs reads an object whose keys are the author's own.
func (w *walker) pairs(n *yaml.Node, what string) []pair {
	if n.Kind != yaml.MappingNode {
		w.fail(n.Line, "%s: want keys with values, found %s", what, describe(n))
		return nil
	}
	all := make([]pair, 0, len(n.Content)/2)
	seen := make(map[string]int)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, node := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			w.fail(key.Line, "%s: a key must be a word", what)
			continue
		}
		if line, ok := seen[key.Value]; ok {
			w.fail(key.Line, "%s: %q stands twice, first on line %d", what, key.Value, line)
			continue
		}
		seen[key.Value] = key.Line
		all = append(all, pair{key: key.Value, line: key.Line, node: node})
	}
	return all
}

// object reads an object whose keys the language defines.
func (w *walker) object(n *yaml.Node, what string, known []string) map[string]*yaml.Node {
	fields := make(map[string]*yaml.Node)
	for _, p := range w.pairs(n, what) {
		if !slices.Contains(known, p.key) {
			w.fail(p.line, "%s: unknown key %q%s", what, p.key, suggestion(p.key, known))
			continue
		}
		fields[p.key] = p.node
	}
	return fields
}

// text reads a scalar as it is written.
func (w *walker) text(n *yaml.Node, what string) string {
	if n == nil {
		return ""
	}
	if n.Kind != yaml.ScalarNode {
		w.fail(n.Line, "%s: want a text, found %s", what, describe(n))
		return ""
	}
	return n.Value
}

// flag reads true or false.
func (w *walker) flag(n *yaml.Node, what string) bool {
	text := w.text(n, what)
	if n != nil && text != "true" && text != "false" {
		w.fail(n.Line, "%s: want true or false, found %q", what, text)
	}
	return text == "true"
}

// items reads a list; one item may stand without brackets.
func (w *walker) items(n *yaml.Node) []*yaml.Node {
	switch {
	case n == nil:
		return nil
	case n.Kind == yaml.SequenceNode:
		return n.Content
	}
	return []*yaml.Node{n}
}

// texts reads a list of scalars.
func (w *walker) texts(n *yaml.Node, what string) []string {
	if n == nil {
		return nil
	}
	all := []string{}
	for _, item := range w.items(n) {
		all = append(all, w.text(item, what))
	}
	return all
}

func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "keys with values"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias, which mappings do not use"
	}
	return fmt.Sprintf("%q", n.Value)
}

// suggestion names the known word that the author most likely meant.
func suggestion(word string, known []string) string {
	best, least := "", len(word)/2+1
	for _, k := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	if best != "" {
		return fmt.Sprintf("; did you mean %q?", best)
	}
	sorted := slices.Sorted(slices.Values(known))
	return fmt.Sprintf(" (known: %s)", strings.Join(sorted, ", "))
}

// distance counts the letters to insert, delete or replace to make a into b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
