package output_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"rummage/cmd/rummage/internal/output"
)

// prose is an answer of running text.
type prose []string

func (p prose) Print(page *output.Page) {
	for _, line := range p {
		page.Say("%s", line)
	}
}

func TestProseIsFolded(t *testing.T) {
	for name, test := range map[string]struct {
		width int
		line  string
		want  string
	}{
		"short":      {20, "all of it fits", "all of it fits\n"},
		"unknown":    {0, "a line that is as long as it is", "a line that is as long as it is\n"},
		"long":       {20, "a line that has no room on one line", "a line that has no\nroom on one line\n"},
		"margin":     {20, "  a line that has no room", "  a line that has no\n  room\n"},
		"label":      {24, "read  3 sources, 20 935 consignments", "read  3 sources, 20 935\n      consignments\n"},
		"numbers":    {12, "there are 1 000 000 of it", "there are\n1 000 000 of\nit\n"},
		"percent":    {12, "these are 37 % of it", "these are\n37 % of it\n"},
		"wide label": {24, "  --a-flag-of-length  what it is and does", "  --a-flag-of-length\n      what it is and\n      does\n"},
		"next": {24, "next: rummage explain n-1     rummage decide n-1 open",
			"next: rummage explain n-1\n      rummage decide n-1 open\n"},
		"next after":   {24, "no verdict; next: rummage explain n-123456", "no verdict\nnext: rummage explain n-123456\n"},
		"blanks after": {8, " aaaaaaaa  ", " aaaaaaa\n a\n"},
		"two lines":    {10, "one\nand two more", "one\nand two\nmore\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			page := output.New(&out, output.Table, false)
			page.Fit(test.width)
			assert.NoError(t, page.Answer(prose{test.line}))
			assert.Equal(t, test.want, out.String())
		})
	}
}

func TestFold(t *testing.T) {
	text := "A paragraph that the source\nbreaks elsewhere.\nAnother one:\n  3  a code with a long meaning\n\nExamples:\n  rummage flag --until 2021-03-31\n\nFlags:\n"
	want := "A paragraph that the\nsource breaks\nelsewhere. Another\none:\n  3  a code with a\n     long meaning\n\nExamples:\n  rummage flag --until 2021-03-31\n\nFlags:\n"
	assert.Equal(t, want, output.Fold(text, 20))
	assert.Equal(t, text, output.Fold(text, 0))
}

func TestNoProseIsWiderThanTheTerminal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.StringOfN(rapid.SampledFrom([]rune("ab  c 12%광-1 ")), 0, 120, -1).Draw(t, "line")
		width := rapid.IntRange(8, 90).Draw(t, "width")
		var out bytes.Buffer
		page := output.New(&out, output.Table, false)
		page.Fit(width)
		assert.NoError(t, page.Answer(prose{line}))
		for folded := range strings.Lines(out.String()) {
			if wide := cells(strings.TrimRight(folded, "\n")); wide > width && cells(line) > width {
				t.Fatalf("%d cells on a terminal of %d: %q", wide, width, folded)
			}
		}
		bare := func(s string) string { return strings.Join(strings.Fields(s), "") }
		assert.Equal(t, bare(line), bare(out.String()), "nothing is lost")
	})
}

func TestWhatIsNextIsToldForTheStore(t *testing.T) {
	for again, want := range map[string]string{
		"rummage":                    "next: rummage flag     the rummage of old\nsee rummage flag\n7 rows: rummage sources\n",
		"rummage --store \"a b.db\"": "next: rummage --store \"a b.db\" flag     the rummage --store \"a b.db\" of old\nsee rummage flag\n7 rows: rummage --store \"a b.db\" sources\n",
		"":                           "see rummage flag\n7 rows: rummage sources\n",
	} {
		var out bytes.Buffer
		page := output.New(&out, output.Table, false)
		page.Again(again)
		assert.NoError(t, page.Answer(prose{"next: rummage flag     the rummage of old", "see rummage flag", "7 rows: rummage sources"}))
		assert.Equal(t, want, out.String())
	}
}
