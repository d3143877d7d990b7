// Package page writes what was measured for people: figures with as many digits as they deserve, the middle of several rounds with the
// extremes, and a part of a document between two marks.
//
// The package must not know what was measured.
package page

import (
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
)

// ErrMarks is returned for a document in which one mark stands without the other, or after it.
var ErrMarks = errors.New("marks do not stand in the document as a pair")

// Spread is the middle of several figures with their extremes.
type Spread struct {
	Median float64 `json:"median"`
	Least  float64 `json:"least"`
	Most   float64 `json:"most"`
}

// Of returns the spread of figures, of which there is at least one; the median of an even number is the mean of the middle two.
func Of(figures []float64) Spread {
	sorted := slices.Sorted(slices.Values(figures))
	n := len(sorted)
	return Spread{Median: (sorted[(n-1)/2] + sorted[n/2]) / 2, Least: sorted[0], Most: sorted[n-1]}
}

// Ratios returns the spread of the quotients of figures taken in the same rounds. Where one side has fewer rounds, the others do not
// count; ok is false when there is no round that both have.
func Ratios(over, under []float64) (s Spread, ok bool) {
	n := min(len(over), len(under))
	if n == 0 {
		return Spread{}, false
	}
	all := make([]float64, n)
	for i := range all {
		all[i] = over[i] / under[i]
	}
	return Of(all), true
}

// Figure writes a number with three digits that count, and no exponent.
func Figure(x float64) string {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	digits := 2 - int(math.Floor(math.Log10(math.Abs(x))))
	if digits < 0 {
		unit := math.Pow(10, float64(-digits))
		return strconv.FormatFloat(math.Round(x/unit)*unit, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'f', min(digits, 7), 64)
}

// String writes a spread: the median, and the extremes where they show.
func (s Spread) String() string {
	median, least, most := Figure(s.Median), Figure(s.Least), Figure(s.Most)
	if least == median && most == median {
		return median
	}
	return fmt.Sprintf("%s (%s–%s)", median, least, most)
}

// Table writes rows as a table in Markdown, the first of which is its head. Bars within a cell are escaped.
func Table(rows [][]string) string {
	var text strings.Builder
	for i, row := range rows {
		text.WriteString("|")
		for _, cell := range row {
			text.WriteString(" " + strings.ReplaceAll(cell, "|", `\|`) + " |")
		}
		text.WriteString("\n")
		if i == 0 {
			text.WriteString("|" + strings.Repeat("---|", len(row)) + "\n")
		}
	}
	return text.String()
}

// Part is a part of a document.
type Part struct {
	// Name is that of its marks, <!-- NAME begin --> and <!-- NAME end -->.
	Name string
	// Heading stands before it where the document has no such part yet.
	Heading string
	Text    string
}

// Put replaces what stands between the marks of the part in a document, or adds the part at its end. ErrMarks, or an error of the file.
func Put(document string, part Part) error {
	old, err := os.ReadFile(document)
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	changed, err := part.into(string(old))
	if err != nil {
		return fmt.Errorf("page: %s: %w", document, err)
	}
	if err := os.WriteFile(document, []byte(changed), 0o644); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	return nil
}

func (p Part) into(document string) (string, error) {
	begin, end := "<!-- "+p.Name+" begin -->", "<!-- "+p.Name+" end -->"
	block := begin + "\n" + strings.TrimSpace(p.Text) + "\n" + end
	from, to := strings.Index(document, begin), strings.Index(document, end)
	switch {
	case from < 0 && to < 0:
		return strings.TrimRight(document, "\n") + "\n\n## " + p.Heading + "\n\n" + block + "\n", nil
	case from < 0 || to < from:
		return "", fmt.Errorf("%w: %s", ErrMarks, p.Name)
	}
	return document[:from] + block + document[to+len(end):], nil
}
