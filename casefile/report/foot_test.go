package report_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/casefile/report"
	"rummage/casefile/typeface"
)

// leaf is a page of a PDF as a reader has it.
type leaf struct {
	wide, high float64
	words      []word
}

// word is a text with the start of its baseline, in points from the lower left.
type word struct {
	text string
	x, y float64
}

var (
	leaves   = regexp.MustCompile(`(?s)<</Type /Page\n(.*?)/Contents (\d+) 0 R>>`)
	measures = regexp.MustCompile(`/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]`)
	shows    = regexp.MustCompile(`(?s)BT ([\d.-]+) ([\d.-]+) Td \(((?:\\.|[^\\)])*)\) Tj ET`)
	escapes  = regexp.MustCompile(`(?s)\\(.)`)
)

// pages reads a PDF again: of every page its measures, and the texts of its stream, which stand there as UTF-16.
func pages(t *testing.T, pdf []byte) []leaf {
	t.Helper()
	standard := measures.FindSubmatch(pdf[bytes.LastIndex(pdf, []byte("/Type /Pages")):]) // for pages that have none of their own
	require.NotNil(t, standard)
	var all []leaf
	for _, at := range leaves.FindAllSubmatch(pdf, -1) {
		box := measures.FindSubmatch(at[1])
		if box == nil {
			box = standard
		}
		var p leaf
		_, err := fmt.Sscan(string(box[1])+" "+string(box[2]), &p.wide, &p.high)
		require.NoError(t, err)
		_, object, found := bytes.Cut(pdf, []byte("\n"+string(at[2])+" 0 obj\n"))
		require.True(t, found)
		_, stream, _ := bytes.Cut(object, []byte("stream\n"))
		z, err := zlib.NewReader(bytes.NewReader(stream))
		require.NoError(t, err)
		content, err := io.ReadAll(z)
		require.NoError(t, err)
		for _, m := range shows.FindAllSubmatch(content, -1) {
			var w word
			_, err := fmt.Sscan(string(m[1])+" "+string(m[2]), &w.x, &w.y)
			require.NoError(t, err)
			w.text = plain(t, m[3])
			p.words = append(p.words, w)
		}
		all = append(all, p)
	}
	return all
}

func plain(t *testing.T, literal []byte) string {
	t.Helper()
	raw := escapes.ReplaceAllFunc(literal, func(e []byte) []byte {
		if e[1] == 'r' {
			return []byte{'\r'}
		}
		return e[1:]
	})
	require.Zero(t, len(raw)%2, "%q", literal)
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = binary.BigEndian.Uint16(raw[2*i:])
	}
	return string(utf16.Decode(units))
}

// TestEveryPageSaysWhatItIs reads the PDF again: each page, upright or level, has the handling code above and below, in the middle, and its number
// of so many in the lower right corner.
func TestEveryPageSaysWhatItIs(t *testing.T) {
	var b bytes.Buffer
	d := told(t, nil)
	require.NoError(t, d.WritePDF(&b, made))
	all := pages(t, b.Bytes())
	upright, level := 0, 0
	for i, p := range all {
		if p.wide < p.high {
			upright++
		} else {
			level++
		}
		var codes, numbers []word
		for _, w := range p.words {
			switch {
			case w.text == d.Handling:
				codes = append(codes, w)
			case strings.HasSuffix(w.text, " / "+strconv.Itoa(len(all))):
				numbers = append(numbers, w)
			}
		}
		above, below := 0, 0
		for _, w := range codes {
			switch {
			case w.y > p.high-40:
				above++
			case w.y < 40:
				below++
			default:
				continue // in the picture, or in the table of sources
			}
			assert.InDelta(t, p.wide/2, w.x+typeface.Width(w.text, 11)/2, 1, "page %d: in the middle", i+1)
		}
		assert.Equal(t, [2]int{1, 1}, [2]int{above, below}, "page %d: above and below: %v", i+1, codes)
		require.Len(t, numbers, 1, "page %d", i+1)
		assert.Equal(t, fmt.Sprintf("%d / %d", i+1, len(all)), numbers[0].text)
		assert.True(t, numbers[0].y < 40 && numbers[0].x > p.wide/2 && numbers[0].x+typeface.Width(numbers[0].text, 9) < p.wide, "page %d: %v of %v", i+1, numbers[0], p.wide)
	}
	assert.Positive(t, upright)
	assert.Positive(t, level, "the picture of this network is wide")
}

// TestThePagesAreReadBack by the package itself as they are here, whatever letters and brackets are in them.
func TestThePagesAreReadBack(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, told(t, []string{`a (b) \\c\`, "琥珀貿易有限公司", "line\rend", "Жанар", "))((", "Lee Ka Ming"}).WritePDF(&b, made))
	var want []string
	for _, p := range pages(t, b.Bytes()) {
		for _, w := range p.words {
			want = append(want, w.text)
		}
	}
	got := report.Texts(b.Bytes())
	assert.Equal(t, want, got)
	for _, part := range []string{"Lee Ka Ming", "琥珀貿易有限公司", "Жанар", "))(("} {
		assert.True(t, slices.ContainsFunc(got, func(line string) bool { return strings.Contains(line, part) }), part)
	}
	assert.Empty(t, report.Texts([]byte("stream\nno stream")))
}

// TestNoPageEndsWithAHeading: under each heading stands something of its section, wherever on the page it comes to stand.
func TestNoPageEndsWithAHeading(t *testing.T) {
	for lines := 0; lines < 60; lines += 3 {
		d := told(t, nil)
		at := slices.IndexFunc(d.Sections, func(s report.Section) bool { return s.Heading == "Timeline" })
		require.Positive(t, at)
		d.Sections = slices.Insert(d.Sections, at, report.Section{Heading: "Before", List: slices.Repeat([]string{"a line"}, lines+1)})
		var b bytes.Buffer
		require.NoError(t, d.WritePDF(&b, made))
		headings := map[string]bool{}
		for _, s := range d.Sections {
			headings[s.Heading] = true
		}
		for i, p := range pages(t, b.Bytes()) {
			var lowest word
			for _, w := range p.words {
				if w.y >= 40 && (lowest.text == "" || w.y < lowest.y) {
					lowest = w
				}
			}
			assert.NotContains(t, headings, lowest.text, "page %d, %d lines before it", i+1, lines)
		}
	}
}
