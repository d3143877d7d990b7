// Package mappingtest writes records as text, for golden files and for the examples in documents. It must not know how records came to be, so that
// tests of mappings and tests of whole files share one form.
package mappingtest

import (
	"fmt"
	"strings"

	"rummage/graph"
)

// Format writes the records of a row: one a line, fields and ties beneath what
// they belong to, in the order in which the row holds them. A row in quarantine
// shows its errors.
func Format(row *graph.Row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "row %d\n", row.Number)
	for _, e := range row.Errors {
		fmt.Fprintf(&b, "  error %s: %s: %s\n", e.Code, e.Column, e.Reason)
	}
	for i := range row.Statements {
		writeStatement(&b, &row.Statements[i])
	}
	for i := range row.Links {
		writeLink(&b, &row.Links[i])
	}
	for i := range row.Outcomes {
		writeOutcome(&b, &row.Outcomes[i])
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

func writeStatement(b *strings.Builder, s *graph.Statement) {
	fmt.Fprintf(b, "  %s  %s", s.Consignment, s.View)
	for _, p := range []struct{ name, text string }{
		{"document", s.Document}, {"part", s.Part}, {"amended", s.Amended.String()}, {"date", s.Date.String()},
	} {
		if p.text != "" {
			fmt.Fprintf(b, "  %s %s", p.name, p.text)
		}
	}
	if s.Version != 0 {
		fmt.Fprintf(b, "  version %d", s.Version)
	}
	b.WriteString("\n")
	for _, tie := range s.Ties {
		fmt.Fprintf(b, "    %s %s\n", tie.Role, tie.Entity)
	}
	writeFields(b, s.Fields)
}

func writeLink(b *strings.Builder, l *graph.Link) {
	fmt.Fprintf(b, "  %s %s %s", l.From, l.Role, l.To)
	if l.Start+l.End != graph.NoDate {
		fmt.Fprintf(b, "  from %s to %s", l.Start, l.End)
	}
	if l.Key != "" {
		fmt.Fprintf(b, "  key %s", l.Key)
	}
	b.WriteString("\n")
	writeFields(b, l.Fields)
}

func writeOutcome(b *strings.Builder, o *graph.Outcome) {
	fmt.Fprintf(b, "  %s %s", o.Subject, o.Result)
	if o.Channel != graph.NoChannel {
		fmt.Fprintf(b, "  channel %s", o.Channel)
	}
	if o.Date != graph.NoDate {
		fmt.Fprintf(b, "  date %s", o.Date)
	}
	b.WriteString("\n")
	writeFields(b, o.Fields)
}

func writeFields(b *strings.Builder, fields []graph.Field) {
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
