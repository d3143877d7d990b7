package pattern

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite what is generated in the guide")

// TestTheGuideListsEverything compares docs/typologies.md, from its words on, with the files
// and with what conditions may ask. With -update it rewrites them.
func TestTheGuideListsEverything(t *testing.T) {
	const guide, mark = "../../docs/typologies.md", "## The words\n"
	text, err := os.ReadFile(guide)
	require.NoError(t, err)
	written, listed, _ := strings.Cut(string(text), mark)
	all, err := Library()
	require.NoError(t, err)
	want := vocabulary() + catalogue(all)
	if *update {
		require.NoError(t, os.WriteFile(guide, []byte(written+mark+want), 0o644))
		return
	}
	assert.Equal(t, want, listed, "docs/typologies.md: make golden rewrites it")
}

func vocabulary() string {
	var out strings.Builder
	row := func(name, means string) { fmt.Fprintf(&out, "| `%s` | %s |\n", name, means) }
	out.WriteString("\nRoles of a record are those of ties ([mapping.md](mapping.md)), `field.` with the name of a field for its text, and\n\n| role | means |\n|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(derived)) {
		row(name, derived[name].means)
	}
	out.WriteString("\nA link has `from` and `to`, the party and what it has, also where it is a director, and `as`, the role of the link.\n")
	out.WriteString("\n| attribute of a record | means |\n|---|---|\n")
	row("day", "its day; a link's begins on it")
	for _, name := range slices.Sorted(maps.Keys(recordAttributes)) {
		row(name, recordAttributes[name].means)
	}
	out.WriteString("\n| attribute of a node | means |\n|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(nodeAttributes)) {
		row(name, nodeAttributes[name].means)
	}
	return out.String()
}

func catalogue(all []*Typology) string {
	var out strings.Builder
	out.WriteString("\n## The catalogue\n")
	for _, t := range all {
		fmt.Fprintf(&out, "\n### %d. %s\n\n`%s`, version %d. %s\n", t.Number, t.Title, t.ID, t.Version, t.About)
		if t.Unobservable != "" {
			fmt.Fprintf(&out, "\n**Not observable yet**: %s\n", t.Unobservable)
		}
		fmt.Fprintf(&out, "\n- basis: %s\n", strings.Join(t.Basis, "; "))
		for _, says := range t.For {
			fmt.Fprintf(&out, "- for: %s\n", says)
		}
		for i := range t.Against {
			told := ""
			if t.Against[i].When != "" {
				told = " (the records tell: `" + t.Against[i].When + "`)"
			}
			fmt.Fprintf(&out, "- against: %s%s\n", t.Against[i].Says, told)
		}
		if needs := t.Needs(); len(needs) > 0 {
			fmt.Fprintf(&out, "- needs: %s\n", strings.Join(needs, ", "))
		}
		for _, r := range t.Rewire {
			fmt.Fprintf(&out, "- dealt out anew: %s, within %s\n", r.Role, cmp.Or(strings.Join(r.Within, ", "), "all records"))
		}
		if len(t.Parameters) == 0 {
			continue
		}
		out.WriteString("\n| parameter | value | why |\n|---|---|---|\n")
		for _, name := range slices.Sorted(maps.Keys(t.Parameters)) {
			p := t.Parameters[name]
			fmt.Fprintf(&out, "| `%s` | %g %s | %s |\n", name, p.Value, p.Unit, p.Why)
		}
	}
	return out.String()
}
