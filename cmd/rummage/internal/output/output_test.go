package output_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
)

// parties is an answer with prose and a table.
type parties struct {
	Names []string `json:"names"`
	fill  func(*output.Grid)
}

func (p parties) Print(page *output.Page) {
	page.Say("parties  %d", len(p.Names))
	grid := output.NewGrid("name", "hits>")
	for _, name := range p.Names {
		grid.Add(name, "7")
	}
	if p.fill != nil {
		p.fill(&grid)
	}
	page.Rows(grid)
}

func TestAnswer(t *testing.T) {
	answer := parties{Names: []string{"광동 주식회사", "Kim & Co"}}
	tests := map[string]struct {
		format   output.Format
		terminal bool
		want     string
	}{
		"auto on a terminal": {output.Auto, true, "parties  2\nNAME           HITS\n광동 주식회사     7\nKim & Co          7\n"},
		"auto in a pipe":     {output.Auto, false, "name\thits\n광동 주식회사\t7\nKim & Co\t7\n"},
		"table in a pipe":    {output.Table, false, "parties  2\nNAME           HITS\n광동 주식회사     7\nKim & Co          7\n"},
		"tsv on a terminal":  {output.TSV, true, "name\thits\n광동 주식회사\t7\nKim & Co\t7\n"},
		"json":               {output.JSON, true, "{\n  \"names\": [\n    \"광동 주식회사\",\n    \"Kim & Co\"\n  ]\n}\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			require.NoError(t, output.New(&out, test.format, test.terminal).Answer(answer))
			assert.Equal(t, test.want, out.String())
		})
	}
}

func TestEmptyTable(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, output.New(&out, output.Table, true).Answer(parties{}))
	assert.Equal(t, "parties  0\n", out.String())
	out.Reset()
	require.NoError(t, output.New(&out, output.TSV, true).Answer(parties{}))
	assert.Equal(t, "name\thits\n", out.String(), "a pipe can rely on the header")
}

func TestHostileNamesStayInTheirCell(t *testing.T) {
	hostile := "a\tb\nc\r\x1b[31m\u202eevil\u0085\x7f"
	for _, format := range []output.Format{output.Table, output.TSV} {
		var out bytes.Buffer
		require.NoError(t, output.New(&out, format, false).Answer(parties{Names: []string{hostile}}))
		last := out.String()[strings.LastIndex(strings.TrimSpace(out.String()), "\n")+1:]
		assert.Contains(t, last, `a\tb\nc\r\u001b[31m\u202eevil\u0085\u007f`, format)
		assert.NotContains(t, out.String(), "\x1b")
	}
}

func TestFail(t *testing.T) {
	err := exit.With(exit.Store, errors.New("sqlite: open a.db: locked\x1b"), "wait, or stop process 7")
	var out, errs bytes.Buffer
	output.New(&out, output.Table, true).Fail(&errs, 0, err)
	assert.Empty(t, out.String())
	assert.Equal(t, "rummage: sqlite: open a.db: locked\\u001b\nnext: wait, or stop process 7\n", errs.String())

	errs.Reset()
	output.New(&out, output.JSON, false).Fail(&errs, 0, err)
	assert.Empty(t, errs.String())
	var told map[string]map[string]string
	require.NoError(t, json.Unmarshal(out.Bytes(), &told))
	assert.Equal(t, map[string]map[string]string{"error": {
		"code": "store", "message": "sqlite: open a.db: locked\x1b", "hint": "wait, or stop process 7",
	}}, told)
}

// broken is a pipe whose reader has gone.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestBrokenPipe(t *testing.T) {
	for _, format := range []output.Format{output.Table, output.TSV, output.JSON} {
		err := output.New(broken{}, format, false).Answer(parties{Names: []string{"Kim"}})
		assert.ErrorContains(t, err, "broken pipe", format)
	}
	var errs bytes.Buffer
	output.New(broken{}, output.JSON, false).Fail(&errs, 0, errors.New("told anyway"))
	assert.Equal(t, "rummage: told anyway\n", errs.String())
}

func TestWideTablesFitTheTerminal(t *testing.T) {
	long := "two members share the address 1 Mill Lane; closed circle: 4 ties beyond what holds it together"
	narrow := output.NewGrid("network", "what")
	narrow.Add("n-1", "two members share the address 1 Mill Lane; closed circle")
	narrow.Add("n-2", "short")
	wide := output.NewGrid("network", "hits of inspected>", "seen", "what")
	wide.Add("n-f65c98e0714a", "5 of 7", "Nagoya Tokubashi Import & Export G.K.", long)
	wide.Add("n-beabdb72002d", "3 of 4", "", "")
	bare := output.NewGrid("id", "decision", "hits>", "decided by whom", "what")
	bare.Add("n-1", "", "5 of 17", "", "two")
	tests := map[string]struct {
		grid  output.Grid
		width int
		want  string
	}{
		"unknown": {narrow, 0, "NETWORK  WHAT\nn-1      two members share the address 1 Mill Lane; closed circle\nn-2      short\n"},
		"the last column is wrapped": {narrow, 40, "NETWORK  WHAT\nn-1      two members share the address 1\n         Mill Lane; closed circle\n" +
			"n-2      short\n"},
		"the last column beneath": {narrow, 30, "NETWORK\n  WHAT\nn-1\n  two members share the\n  address 1 Mill Lane; closed\n  circle\nn-2\n  short\n"},
		"heads of several words": {wide, 100, "" +
			"NETWORK           HITS OF  SEEN                                   WHAT\n" +
			"                INSPECTED\n" +
			"n-f65c98e0714a     5 of 7  Nagoya Tokubashi Import & Export G.K.  two members share the address 1\n" +
			"                                                                  Mill Lane; closed circle: 4 ties\n" +
			"                                                                  beyond what holds it together\n" +
			"n-beabdb72002d     3 of 4\n"},
		"beneath, the widest wrapped": {wide, 60, "" +
			"NETWORK           HITS OF  SEEN\n                INSPECTED\n  WHAT\n" +
			"n-f65c98e0714a     5 of 7  Nagoya Tokubashi Import & Export\n                           G.K.\n" +
			"  two members share the address 1 Mill Lane; closed circle:\n  4 ties beyond what holds it together\n" +
			"n-beabdb72002d     3 of 4\n"},
		"empty columns are left out": {bare, 30, "" +
			"ID      HITS  WHAT\n" +
			"n-1  5 of 17  two\n"},
		"a line a cell": {wide, 48, "" +
			"NETWORK            n-f65c98e0714a\nHITS OF INSPECTED  5 of 7\n" +
			"SEEN               Nagoya Tokubashi Import &\n                   Export G.K.\n" +
			"WHAT               two members share the address\n                   1 Mill Lane; closed circle: 4\n" +
			"                   ties beyond what holds it\n                   together\n\n" +
			"NETWORK            n-beabdb72002d\nHITS OF INSPECTED  3 of 4\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			page := output.New(&out, output.Table, false)
			page.Fit(test.width)
			page.Rows(test.grid)
			assert.Equal(t, test.want, out.String())
		})
	}
}

func TestNoTableIsWiderThanTheTerminal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("ab c 광동n-1 ")), 0, 90, -1)
		heads := rapid.SliceOfN(rapid.SampledFrom([]string{"id", "hits of inspected>", "what", "consignments>"}), 1, 20).Draw(t, "heads")
		grid := output.NewGrid(heads...)
		for range rapid.IntRange(1, 4).Draw(t, "rows") {
			grid.Add(rapid.SliceOfN(text, len(heads), len(heads)).Draw(t, "cells")...)
		}
		for _, width := range []int{12, 60, 80, 120} {
			var out bytes.Buffer
			page := output.New(&out, output.Table, false)
			page.Fit(width)
			page.Rows(grid)
			for line := range strings.Lines(out.String()) {
				if wide := cells(strings.TrimRight(line, "\n")); wide > width {
					t.Fatalf("%d cells on a terminal of %d: %q", wide, width, line)
				}
			}
		}
	})
}

// cells counts the terminal cells of a line: a syllable of Hangul takes two.
func cells(line string) int {
	n := 0
	for _, r := range line {
		n++
		if r >= 0xac00 && r <= 0xd7a3 {
			n++
		}
	}
	return n
}

func TestScore(t *testing.T) {
	tests := map[string]output.Score{
		"0.333333333333": 1.0 / 3,
		"1e-20":          1e-20,
		"2":              2,
		"null":           output.Score(math.NaN()),
	}
	for want, score := range tests {
		got, err := json.Marshal(score)
		require.NoError(t, err)
		assert.Equal(t, want, string(got))
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1 000", -54000: "-54 000", 1234567: "1 234 567"} {
		assert.Equal(t, want, output.Count(n))
	}
}

func TestMeter(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(0, 0)
	m := output.NewMeter(&out, func() time.Time { return now })
	m.Step("read", 10, 0)
	m.Step("read", 20, 0)
	assert.Equal(t, "\rread  10", out.String(), "not drawn more often than every tenth of a second")
	now = now.Add(time.Second)
	m.Step("read", 2000, 4000)
	assert.Contains(t, out.String(), "\rread   50 %  2 000 of 4 000")
	m.Step("rank", 1, 0)
	assert.True(t, strings.HasSuffix(out.String(), "\rrank  1"+strings.Repeat(" ", 20)), "a new phase is drawn at once, over the old one: %q", out.String())
	out.Reset()
	m.Clear()
	assert.Equal(t, "\r       \r", out.String())
	out.Reset()
	m.Step("publish", 0, 0)
	assert.Equal(t, "\rpublish", out.String(), "no bare 0")
	out.Reset()
	m.Share("rows a.csv", 30, 40, "1 200 rows")
	assert.Equal(t, "\rrows a.csv   75 %  1 200 rows", out.String())
	out.Reset()
	m.Share("hash a.csv", 0, 0, "")
	assert.Equal(t, "\rhash a.csv    0 %"+strings.Repeat(" ", 12), out.String())
	m.Clear()
	out.Reset()
	m.Clear()
	assert.Empty(t, out.String(), "nothing to clear")

	var none *output.Meter
	none.Step("read", 1, 1)
	none.Share("read", 1, 1, "")
	none.Clear()
}
