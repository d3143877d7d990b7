package neo4j

import (
	"encoding/binary"

	"rummage/graph"
)

// appendRow appends everything that a row says, which is put into normal order
// first, so that two rows have equal bytes only when they say the same.
func appendRow(b []byte, row *graph.Row) []byte {
	for _, n := range []int64{row.Number, row.Offset, row.Length, int64(len(row.Facts)), int64(len(row.Statements)), int64(len(row.Links)),
		int64(len(row.Outcomes)), int64(len(row.Errors))} {
		b = binary.AppendVarint(b, n)
	}
	for _, e := range row.Errors {
		b = appendTexts(b, e.Column, e.Code, e.Reason)
	}
	if len(row.Errors) > 0 {
		return b // the rest is not stored
	}
	for i := range row.Facts {
		f := &row.Facts[i]
		b = appendTexts(b, string(f.Entity), f.Property, f.Value, f.Mark)
		b = binary.AppendVarint(b, int64(f.Date))
	}
	for i := range row.Statements {
		s := &row.Statements[i]
		s.Normalise()
		b = appendTexts(b, string(s.Consignment), s.Document, s.Part)
		for _, n := range []int64{int64(s.View), s.Version, int64(s.Amended), int64(s.Date), int64(len(s.Ties))} {
			b = binary.AppendVarint(b, n)
		}
		for _, t := range s.Ties {
			b = appendTexts(append(b, byte(t.Role)), string(t.Entity))
		}
		b = appendFields(b, s.Fields)
	}
	for i := range row.Links {
		l := &row.Links[i]
		l.Normalise()
		b = appendTexts(append(b, byte(l.Role)), string(l.From), string(l.To), l.Key)
		b = binary.AppendVarint(binary.AppendVarint(b, int64(l.Start)), int64(l.End))
		b = appendFields(b, l.Fields)
	}
	for i := range row.Outcomes {
		o := &row.Outcomes[i]
		o.Normalise()
		b = appendTexts(append(b, byte(o.Result), byte(o.Channel)), string(o.Subject))
		b = appendFields(binary.AppendVarint(b, int64(o.Date)), o.Fields)
	}
	return b
}

func appendFields(b []byte, fields []graph.Field) []byte {
	b = binary.AppendVarint(b, int64(len(fields)))
	for _, f := range fields {
		b = appendTexts(b, f.Name, f.Value, f.Mark)
	}
	return b
}

func appendTexts(b []byte, all ...string) []byte {
	for _, text := range all {
		b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
	}
	return b
}
