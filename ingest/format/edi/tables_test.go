package edi

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/format/edi/segment"
)

// TestTables: what the tables say can be used as they say it.
func TestTables(t *testing.T) {
	for _, s := range []*standard{edifact(), x12()} {
		for at, l := range s.layouts {
			assert.Equal(t, at, tagOf(l.name))
			assert.True(t, s.names([]byte(l.name)), l.name)
			assert.LessOrEqual(t, len(l.qualifiers), len(machine{}.used))
			for _, name := range l.names {
				assert.Regexp(t, `^[a-z][a-z0-9_]*$`, name, l.name)
			}
			for _, owned := range l.owned {
				assert.Contains(t, s.layouts, owned, "%s owns a segment without names", l.name)
			}
		}
		for kind, m := range s.messages {
			kinds := map[string]bool{"": true}
			assert.LessOrEqual(t, len(m.parts), len(machine{}.subs))
			for i := range m.parts {
				kinds[m.parts[i].kind] = true
				assert.Contains(t, s.layouts, tagOf(m.parts[i].tag), kind)
			}
			for i := range m.parts {
				assert.Contains(t, kinds, m.parts[i].under, kind)
			}
		}
		for i := range s.envelopes {
			assert.Contains(t, s.layouts, s.envelopes[i].opens)
		}
	}
}

func TestLayout(t *testing.T) {
	l := newLayout("XYZ", "!|a - b|lines*2 c|! d +e")
	assert.Equal(t, []string{"a", "b", "lines", "c", "d", "e"}, l.names)
	assert.Equal(t, []place{{1, 1}, {4, 1}}, l.qualifiers)
	for at, want := range map[place]int32{
		{1, 1}: qualifier, {2, 1}: 0, {2, 2}: unnamed, {2, 3}: 1, {3, 1}: 2, {3, 2}: 2, {3, 3}: 3, {3, 4}: unnamed, {4, 2}: 4, {4, 3}: unnamed, {5, 1}: unnamed,
	} {
		assert.Equal(t, want, l.slot(at), at)
	}
	assert.EqualValues(t, 5, l.find("e"))
	assert.EqualValues(t, unnamed, l.find("f"))
	assert.Equal(t, "7", number(place{7, 1}))
	assert.Equal(t, "7.2", number(place{7, 2}))
}

func TestISODate(t *testing.T) {
	for text, want := range map[string]string{
		"2 310524": "2024-05-31", "3 053124": "2024-05-31", "4 31052024": "2024-05-31", "5 310520241430": "2024-05-31T14:30",
		"101 240531": "2024-05-31", "101 691231": "2069-12-31", "101 700101": "1970-01-01", "102 20240531": "2024-05-31",
		"201 2405311430": "2024-05-31T14:30", "202 240531143005": "2024-05-31T14:30:05",
		"203 202405311430": "2024-05-31T14:30", "204 20240531143005": "2024-05-31T14:30:05",
		"205 202405311430+0800": "2024-05-31T14:30+08:00", "205 202405311430-0930": "2024-05-31T14:30-09:30",
		"303 202405311430UTC": "2024-05-31T14:30Z", "303 202405311430HKT": "2024-05-31T14:30", "304 20240531143005GMT": "2024-05-31T14:30:05Z",
		"102 20240230": "", "102 2024053": "", "102 202405311": "", "102 2024O531": "", "203 202405312500": "", "205 202405311430+8": "2024-05-31T14:30",
		"102 20240229": "2024-02-29", "102 20230229": "", "102 00000000": "",
	} {
		code, value, _ := strings.Cut(text, " ")
		assert.Equal(t, want, string(isoDate(nil, []byte(value), datePatterns[code])), text)
	}
}

func TestAdvice(t *testing.T) {
	for text, want := range map[string]string{
		":+.? '": "", ":+,?*'": "", ":+.  '": "", "\x1f\x1d. \x1e\x1c": "", ":+.? \n": "",
		":+.?A'": "letter", ":+.? :": "two purposes", "::.? '": "two purposes", ":+.+ '": "two purposes", ":+.?  ": "letter", "A+.? '": "letter",
	} {
		x, flaw := advice([]byte(text))
		if want == "" {
			require.Empty(t, flaw, text)
			require.NotNil(t, x)
			continue
		}
		assert.Contains(t, flaw, want, text)
	}
}

func TestRepeating(t *testing.T) {
	x := segment.New(levelA)
	assert.EqualValues(t, '*', repeating(x, []byte("4")).Repetition)
	assert.Zero(t, repeating(x, []byte("3")).Repetition)
	assert.Zero(t, repeating(x, nil).Repetition)
	x = segment.New(segment.Syntax{Component: ':', Element: '+', Terminator: '\''})
	assert.Zero(t, repeating(x, []byte("4")).Repetition, "a service string advice without it means none")
}

// page is the document that the tables are printed in.
const page = "../../../docs/messages.md"

// TestThePageSaysWhatTheTablesSay: with -update, the tables are written into it.
func TestThePageSaysWhatTheTablesSay(t *testing.T) {
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	got := string(text)
	for heading, table := range map[string]string{
		"Messages of UN/EDIFACT": messageTable(edifact()), "Messages of X12": messageTable(x12()),
		"Segments of UN/EDIFACT": segmentTable(edifact()), "Segments of X12": segmentTable(x12()),
	} {
		before, rest, found := strings.Cut(got, "### "+heading+"\n\n")
		require.True(t, found, heading)
		_, after, _ := strings.Cut(rest, "\n\n")
		got = before + "### " + heading + "\n\n" + table + "\n" + after
	}
	if flag.Lookup("update").Value.String() == "true" {
		require.NoError(t, os.WriteFile(page, []byte(got), 0o644))
		return
	}
	assert.Equal(t, got, string(text))
}

// messageTable prints which parts make rows.
func messageTable(s *standard) string {
	var b strings.Builder
	b.WriteString("| message | what it is | a row | by item also |\n|---|---|---|---|\n")
	for _, kind := range slices.Sorted(maps.Keys(s.messages)) {
		m := s.messages[kind]
		rows := [2][]string{}
		for i := range m.parts {
			p := &m.parts[i]
			tag := p.tag
			if p.code != "" {
				tag += "+" + p.code
			}
			text := fmt.Sprintf("%s `%s`", p.kind, tag)
			fine := 0
			if p.fine {
				fine = 1
			}
			if !slices.Contains(rows[fine], text) {
				rows[fine] = append(rows[fine], text)
			}
		}
		if len(rows[0]) == 0 {
			rows[0] = []string{"message"}
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", kind, m.about, strings.Join(rows[0], ", "), strings.Join(rows[1], ", "))
	}
	return b.String()
}

// segmentTable prints the names of columns.
func segmentTable(s *standard) string {
	var b strings.Builder
	b.WriteString("| segment | values |\n|---|---|\n")
	for _, l := range slices.SortedFunc(maps.Values(s.layouts), func(a, b *layout) int { return strings.Compare(a.name, b.name) }) {
		name := l.name
		for i := range l.qualifiers {
			name += []string{"+q", ".r"}[i]
		}
		owned := ""
		if l.owned != nil {
			owned = "; with " + strings.Join(names(s, l.owned), ", ")
			if l.loose != "" {
				owned += ", except for " + l.loose
			}
		}
		fmt.Fprintf(&b, "| `%s` | %s%s |\n", name, strings.Join(l.names, ", "), owned)
	}
	return b.String()
}

// names spells segments.
func names(s *standard, tags []tag) []string {
	var all []string
	for _, at := range tags {
		all = append(all, s.layouts[at].name)
	}
	slices.Sort(all)
	return all
}
