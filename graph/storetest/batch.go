package storetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"rummage/graph"
)

// Batch is one source in memory: what to import, and its file.
type Batch struct {
	Spec graph.SourceSpec
	Rows []graph.Row
	File []byte // nil: no evidence

	Beside [][]byte // the bytes of Spec.Joined

	Refused [][]graph.RowError // rows of joined files that were left out
}

// Day is a day in 2021 by its number, so that tests read as a calendar.
func Day(n int) graph.Date { return graph.DateOf(time.Date(2021, 1, n, 0, 0, 0, 0, time.UTC)) }

// Noon is an instant on the same day.
func Noon(n int) time.Time { return time.Date(2021, 1, n, 12, 0, 0, 0, time.UTC) }

// NewBatch makes a source named name, imported at noon of a day, with rows
// numbered from 2 on as below a header, and a file that holds one line a row.
func NewBatch(name string, day int, rows ...graph.Row) *Batch {
	var file bytes.Buffer
	fmt.Fprintf(&file, "%s\n", name)
	for i := range rows {
		line := fmt.Sprintf("%s row %d", name, i+2)
		rows[i].Number, rows[i].Offset, rows[i].Length = int64(i+2), int64(file.Len()), int64(len(line))
		fmt.Fprintf(&file, "%s\n", line)
	}
	sum := sha256.Sum256(file.Bytes())
	return &Batch{
		Spec: graph.SourceSpec{
			Name: name + ".csv", SHA256: graph.SHA256(hex.EncodeToString(sum[:])), Size: int64(file.Len()),
			Mapping: "test", Rules: graph.SHA256(strings.Repeat("0", 64)), Options: "delimiter=,",
			Dialect: []byte(`{"delimiter":","}`), Handling: "TLP:AMBER", Grading: "B2", Owner: "unit 1",
			ImportedAt: Noon(day),
		},
		Rows: rows, File: file.Bytes(),
	}
}

// Reread returns the same file read under other rules into other rows.
func (b *Batch) Reread(day int, rules string, rows ...graph.Row) *Batch {
	again := *b
	again.Spec.Rules = graph.SHA256(fmt.Sprintf("%064x", sha256.Sum256([]byte(rules))))
	again.Spec.ImportedAt = Noon(day)
	again.Rows = make([]graph.Row, len(rows))
	for i := range rows {
		again.Rows[i] = rows[i]
		again.Rows[i].Number = int64(i + 2)
	}
	return &again
}

// Join returns the same file read beside another one, whose bytes are text.
func (b *Batch) Join(day int, join, name, text string) *Batch {
	again := *b
	sum := sha256.Sum256([]byte(text))
	again.Spec.ImportedAt = Noon(day)
	again.Spec.Joined = append(slices.Clone(b.Spec.Joined), graph.Joined{
		Join: join, Name: name, SHA256: graph.SHA256(hex.EncodeToString(sum[:])), Size: int64(len(text))})
	again.Beside = append(slices.Clone(b.Beside), []byte(text))
	return &again
}

func (b *Batch) joined() []graph.SHA256 {
	var all []graph.SHA256
	for i := range b.Spec.Joined {
		all = append(all, b.Spec.Joined[i].SHA256)
	}
	return all
}

// bytes returns those of one of the files that the batch stands on.
func (b *Batch) bytes(sha graph.SHA256) []byte {
	if sha == b.Spec.SHA256 {
		return b.File
	}
	return b.Beside[slices.Index(b.joined(), sha)]
}

// Import puts the batch into a store.
func (b *Batch) Import(ctx context.Context, store graph.Store) (graph.Source, error) {
	work, err := store.Begin(ctx, b.Spec)
	if err != nil {
		return graph.Source{}, err
	}
	defer func() { _ = work.Abort() }()
	if err := b.append(ctx, work); err != nil {
		return graph.Source{}, err
	}
	return work.Commit(ctx)
}

func (b *Batch) append(ctx context.Context, work graph.Import) error {
	if b.File != nil {
		for i, sha := range append([]graph.SHA256{b.Spec.SHA256}, b.joined()...) {
			file := b.File
			if i > 0 {
				file = b.Beside[i-1]
			}
			if err := work.Keep(ctx, sha, bytes.NewReader(file)); err != nil {
				return err
			}
		}
	}
	for i := range b.Rows {
		row := cloneRow(&b.Rows[i])
		if err := work.Append(ctx, &row); err != nil {
			return err
		}
	}
	for _, refused := range b.Refused {
		if err := work.Refuse(ctx, slices.Clone(refused)); err != nil {
			return err
		}
	}
	return nil
}

// cloneRow copies the row as deep as Append may reorder it.
func cloneRow(row *graph.Row) graph.Row {
	c := *row
	c.Facts = append([]graph.Fact(nil), row.Facts...)
	c.Errors = append([]graph.RowError(nil), row.Errors...)
	c.Statements = append([]graph.Statement(nil), row.Statements...)
	for i := range c.Statements {
		c.Statements[i].Fields = append([]graph.Field(nil), c.Statements[i].Fields...)
		c.Statements[i].Ties = append([]graph.Tie(nil), c.Statements[i].Ties...)
	}
	c.Links = append([]graph.Link(nil), row.Links...)
	for i := range c.Links {
		c.Links[i].Fields = append([]graph.Field(nil), c.Links[i].Fields...)
	}
	c.Outcomes = append([]graph.Outcome(nil), row.Outcomes...)
	for i := range c.Outcomes {
		c.Outcomes[i].Fields = append([]graph.Field(nil), c.Outcomes[i].Fields...)
	}
	return c
}

// Consignment is the id of a consignment in the tests' own system.
func Consignment(number string) graph.ID {
	return graph.NewID(graph.KindConsignment, "test", number)
}

// Trader is the id of a party in the tests' own register.
func Trader(name string) graph.ID { return graph.NewID(graph.Party, "test", name) }

// Shipment is a row with one declaration between an importer and an exporter.
func Shipment(number, importer, exporter string, day int) graph.Row {
	return graph.Row{Statements: []graph.Statement{{
		Consignment: Consignment(number), View: graph.Declaration, Date: Day(day),
		Fields: []graph.Field{{Name: graph.FieldValue, Value: "1200.50"}, {Name: graph.FieldCurrency, Value: "HKD"}},
		Ties: []graph.Tie{
			{Role: graph.Importer, Entity: Trader(importer)},
			{Role: graph.Exporter, Entity: Trader(exporter)},
		},
	}}}
}

// Named is a row with the name of a party.
func Named(party, name string) graph.Row {
	return graph.Row{Facts: []graph.Fact{{Entity: Trader(party), Property: graph.PropertyName, Value: name}}}
}

// Found is a row with the outcome of an inspection.
func Found(number string, result graph.Result, day int) graph.Row {
	return graph.Row{Outcomes: []graph.Outcome{{
		Subject: Consignment(number), Result: result, Channel: graph.Targeted, Date: Day(day)}}}
}
