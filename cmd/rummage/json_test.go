package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/cmd/rummage/internal/output"
)

// answers are what the commands print under --json, by the command.
func answers() map[string][]output.Answer {
	return map[string][]output.Answer{
		"demo": {demoAnswer{}}, "simulate": {simulateAnswer{}}, "ingest": {ingestAnswer{}}, "map": {mapAnswer{}},
		"sources": {sourcesAnswer{}, errorsAnswer{}}, "withdraw": {endedAnswer{}}, "purge": {endedAnswer{}},
		"decide": {decideAnswer{}}, "flag": {flagAnswer{}}, "leads": {leadsAnswer{}}, "services": {servicesAnswer{}},
		"areas": {areasAnswer{}}, "select": {selectAnswer{}}, "patterns": {patternsAnswer{}, patternAnswer{}}, "networks": {networksAnswer{}, networkAnswer{}, storyAnswer{}}, "resolve": {resolveAnswer{}}, "screen": {screenAnswer{}}, "search": {searchAnswer{}}, "show": {showAnswer{}},
		"expand": {expandAnswer{}}, "path": {pathAnswer{}}, "why": {whyAnswer{}}, "explain": {explainAnswer{}},
		"evaluate": {evaluateAnswer{}, labelledAnswer{}}, "check": {checkAnswer{}}, "backup": {copyAnswer{}}, "restore": {copyAnswer{}},
		"copy": {transferAnswer{}}, "export": {exportAnswer{}, bulkAnswer{}}, "casefiles": {casefilesAnswer{}}, "custody": {custodyAnswer{}}, "verify": {verifyAnswer{}}, "selftest": {selftestAnswer{}},
		"config": {configAnswer{}}, "version": {versionAnswer{}},
	}
}

// shape lists the keys of every object in what a type looks like as JSON, by the object's place: "" for the answer itself,
// "networks[]" for each of its networks.
type shape map[string][]string

func (s shape) add(t reflect.Type, place string) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		s.add(t.Elem(), place+"[]")
	case t.Kind() != reflect.Struct:
	case t.Implements(reflect.TypeFor[json.Marshaler]()):
		s.sample(t, place)
	default:
		s.fields(t, place)
	}
}

// sample looks at a type that writes itself.
func (s shape) sample(t reflect.Type, place string) {
	text, err := json.Marshal(reflect.Zero(t).Interface())
	if err != nil || !strings.HasPrefix(string(text), "{") {
		return
	}
	var keys map[string]json.RawMessage
	if json.Unmarshal(text, &keys) == nil {
		for key := range keys {
			s.put(place, key)
		}
	}
}

func (s shape) put(place, key string) {
	if !slices.Contains(s[place], key) {
		s[place] = append(s[place], key)
		slices.Sort(s[place])
	}
}

func (s shape) fields(t reflect.Type, place string) {
	if strings.Count(place, ".") > 8 {
		panic("a type holds itself: " + place)
	}
	for i := range t.NumField() {
		field := t.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case field.Anonymous && name == "":
			s.add(field.Type, place)
		case !field.IsExported() || name == "-" || name == "":
		default:
			s.put(place, name)
			if field.Type.Kind() == reflect.Pointer && field.Type.Elem() == t {
				continue // a part of the same kind has the same keys
			}
			s.add(field.Type, strings.TrimPrefix(place+"."+name, "."))
		}
	}
}

// rows renders the shape as docs/json.md holds it.
func (s shape) rows() []string {
	var places []string
	for place := range s {
		places = append(places, place)
	}
	slices.Sort(places)
	rows := make([]string, len(places))
	for i, place := range places {
		shown := "`" + place + "`"
		if place == "" {
			shown = "answer"
		}
		rows[i] = fmt.Sprintf("| %s | `%s` |", shown, strings.Join(s[place], "`, `"))
	}
	return rows
}

// elsewhere are parts of the answer of demo that are those of other commands, and documented there.
var elsewhere = []string{"world", "sources[]", "run", "explanation", "why", "case_file"}

// TestEveryKeyIsDocumented compares docs/json.md with what the commands encode: no key is undocumented, none is made up.
// With -update it rewrites the tables and leaves the words around them.
func TestEveryKeyIsDocumented(t *testing.T) {
	const path = "../../docs/json.md"
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	parts := strings.Split(string(text), "\n## ")
	documented := map[string]bool{}
	for i, part := range parts[1:] {
		heading, _, _ := strings.Cut(part, "\n")
		name, _, _ := strings.Cut(strings.Trim(strings.Split(heading, ",")[0], "`"), " ")
		types, ok := answers()[name]
		if !ok {
			continue
		}
		for _, all := range regexp.MustCompile("`(\\w+)`").FindAllStringSubmatch(heading, -1) {
			documented[all[1]] = true
		}
		s := shape{}
		for _, answer := range types {
			s.add(reflect.TypeOf(answer), "")
		}
		if name == "demo" {
			for _, place := range elsewhere {
				maps.DeleteFunc(s, func(at string, _ []string) bool {
					return at == place || strings.HasPrefix(at, place+".") || strings.HasPrefix(at, place+"[")
				})
			}
		}
		want := "| object | keys |\n|---|---|\n" + strings.Join(s.rows(), "\n") + "\n"
		got := keyTable.FindString(part)
		if *update {
			parts[i+1] = strings.Replace(part, got, want, 1)
			continue
		}
		assert.Equal(t, want, got, "docs/json.md, %s", heading)
	}
	for name := range answers() {
		assert.True(t, documented[name], "docs/json.md has no section for %s", name)
	}
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(strings.Join(parts, "\n## ")), 0o644))
	}
}

// keyTable is the first table of a section.
var keyTable = regexp.MustCompile(`(?m)^\| object \| keys \|\n\|---\|---\|\n(?:^\|.*\n)*`)

// TestEveryCommandAnswersInJSON makes sure that no command is left out above.
func TestEveryCommandAnswersInJSON(t *testing.T) {
	everyCommand(func(c *cobra.Command) {
		if c.HasParent() {
			assert.NotEmpty(t, answers()[c.Name()], c.Name())
		}
	})
}
