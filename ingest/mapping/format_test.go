package mapping

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/graph"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares text with a file of testdata, or writes it there.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

// format writes the records of a row, one a line.
func format(row *graph.Row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "row %d\n", row.Number)
	for _, e := range row.Errors {
		fmt.Fprintf(&b, "  error %s: %s: %s\n", e.Code, e.Column, e.Reason)
	}
	for _, s := range row.Statements {
		fmt.Fprintf(&b, "  %s  %s", s.Consignment, s.View)
		for _, p := range []struct{ name, text string }{
			{"document", s.Document}, {"part", s.Part}, {"amended", s.Amended.String()}, {"date", s.Date.String()},
		} {
			if p.text != "" {
				fmt.Fprintf(&b, "  %s %s", p.name, p.text)
			}
		}
		if s.Version != 0 {
			fmt.Fprintf(&b, "  version %d", s.Version)
		}
		b.WriteString("\n")
		for _, tie := range s.Ties {
			fmt.Fprintf(&b, "    %s %s\n", tie.Role, tie.Entity)
		}
		formatFields(&b, s.Fields)
	}
	for _, l := range row.Links {
		fmt.Fprintf(&b, "  %s %s %s", l.From, l.Role, l.To)
		if l.Start+l.End != graph.NoDate {
			fmt.Fprintf(&b, "  from %s to %s", l.Start, l.End)
		}
		if l.Key != "" {
			fmt.Fprintf(&b, "  key %s", l.Key)
		}
		b.WriteString("\n")
		formatFields(&b, l.Fields)
	}
	for _, o := range row.Outcomes {
		fmt.Fprintf(&b, "  %s %s", o.Subject, o.Result)
		if o.Channel != graph.NoChannel {
			fmt.Fprintf(&b, "  channel %s", o.Channel)
		}
		if o.Date != graph.NoDate {
			fmt.Fprintf(&b, "  date %s", o.Date)
		}
		b.WriteString("\n")
		formatFields(&b, o.Fields)
	}
	for _, f := range row.Facts {
		fmt.Fprintf(&b, "  %s.%s = %q%s", f.Entity, f.Property, f.Value, marked(f.Mark))
		if f.Date != graph.NoDate {
			fmt.Fprintf(&b, "  date %s", f.Date)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func formatFields(b *strings.Builder, fields []graph.Field) {
	for _, f := range fields {
		fmt.Fprintf(b, "    .%s = %q%s\n", f.Name, f.Value, marked(f.Mark))
	}
}

func marked(mark string) string {
	if mark == "" {
		return ""
	}
	return " [" + mark + "]"
}
