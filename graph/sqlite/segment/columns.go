package segment

import (
	"cmp"
	"slices"
	"strings"

	"rummage/graph"
)

// StatementColumns is a block of statements with its columns unpacked.
type StatementColumns struct {
	IDs, Document, Part         *Texts
	View, Version, Amended, Day []int64
	Source                      []uint32
	Row                         []int64
	Ties                        *TieTable
	Fields                      *FieldReader
	block                       *Records
}

// Whole returns a reader of all fields, whichever were wanted.
func (c *StatementColumns) Whole() (*FieldReader, error) { return c.block.Fields(nil) }

// Statements unpacks a block of statements with the wanted fields.
func (b *Records) Statements(want []string) (*StatementColumns, error) {
	c := &StatementColumns{block: b}
	var err error
	if c.IDs, err = b.IDs(); err != nil {
		return nil, err
	}
	if c.Document, c.Part, err = b.Document(); err != nil {
		return nil, err
	}
	if err := b.load(map[string]*[]int64{
		"view": &c.View, "version": &c.Version, "amended": &c.Amended, "date": &c.Day, "row": &c.Row,
	}); err != nil {
		return nil, err
	}
	if c.Source, err = b.Sources(); err != nil {
		return nil, err
	}
	if c.Ties, err = b.Ties(); err != nil {
		return nil, err
	}
	c.Fields, err = b.Fields(want)
	return c, err
}

func (b *Records) load(columns map[string]*[]int64) error {
	for name, to := range columns {
		var err error
		if *to, err = b.Ints(name); err != nil {
			return err
		}
	}
	return nil
}

// Seen returns the day that a scope compares with Until.
func (c *StatementColumns) Seen(i int) graph.Date {
	if c.Amended[i] != int64(graph.NoDate) {
		return graph.Date(c.Amended[i])
	}
	return graph.Date(c.Day[i])
}

// Fill writes the i-th statement into s, reusing its slices.
func (c *StatementColumns) Fill(i int, s *Statement) {
	s.ID, s.View, s.Document, s.Part = c.IDs.At(i), graph.View(c.View[i]), c.Document.At(i), c.Part.At(i)
	s.Version, s.Amended, s.Date = c.Version[i], graph.Date(c.Amended[i]), graph.Date(c.Day[i])
	s.Source, s.Row = c.Source[i], c.Row[i]
	s.Fields = c.Fields.Append(s.Fields[:0], i)
	s.Ties = c.Ties.Append(s.Ties[:0], i)
}

// LinkColumns is a block of links with its columns unpacked.
type LinkColumns struct {
	From, To         []uint32
	Role, Start, End []int64
	Key              *Texts
	Source           []uint32
	Row              []int64
	Fields           *FieldReader
}

// Links unpacks a block of links with the wanted fields.
func (b *Records) Links(want []string) (*LinkColumns, error) {
	c := &LinkColumns{}
	var err error
	if c.From, c.To, err = b.Ends(); err != nil {
		return nil, err
	}
	if err := b.load(map[string]*[]int64{"role": &c.Role, "start": &c.Start, "end": &c.End, "row": &c.Row}); err != nil {
		return nil, err
	}
	if c.Key, err = b.Keys(); err != nil {
		return nil, err
	}
	if c.Source, err = b.Sources(); err != nil {
		return nil, err
	}
	c.Fields, err = b.Fields(want)
	return c, err
}

// Fill writes the i-th link into l, reusing its slice.
func (c *LinkColumns) Fill(i int, l *Link) {
	l.From, l.To, l.Role = c.From[i], c.To[i], graph.Role(c.Role[i])
	l.Start, l.End, l.Key = graph.Date(c.Start[i]), graph.Date(c.End[i]), c.Key.At(i)
	l.Source, l.Row = c.Source[i], c.Row[i]
	l.Fields = c.Fields.Append(l.Fields[:0], i)
}

// OutcomeColumns is a block of outcomes with its columns unpacked.
type OutcomeColumns struct {
	Subject              *Texts
	Result, Channel, Day []int64
	Source               []uint32
	Row                  []int64
	Fields               *FieldReader
}

// Outcomes unpacks a block of outcomes with the wanted fields.
func (b *Records) Outcomes(want []string) (*OutcomeColumns, error) {
	c := &OutcomeColumns{}
	var err error
	if c.Subject, err = b.IDs(); err != nil {
		return nil, err
	}
	if err := b.load(map[string]*[]int64{"result": &c.Result, "channel": &c.Channel, "date": &c.Day, "row": &c.Row}); err != nil {
		return nil, err
	}
	if c.Source, err = b.Sources(); err != nil {
		return nil, err
	}
	c.Fields, err = b.Fields(want)
	return c, err
}

// Fill writes the i-th outcome into o, reusing its slice.
func (c *OutcomeColumns) Fill(i int, o *Outcome) {
	o.Subject, o.Result, o.Channel = c.Subject.At(i), graph.Result(c.Result[i]), graph.Channel(c.Channel[i])
	o.Date, o.Source, o.Row = graph.Date(c.Day[i]), c.Source[i], c.Row[i]
	o.Fields = c.Fields.Append(o.Fields[:0], i)
}

// compareStatements is the order of statements in a segment: by consignment,
// chain, version, amendment, then whatever makes the order whole.
func compareStatements(a, b *Statement) int {
	if c := strings.Compare(a.ID, b.ID); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(a.View, b.View),
		strings.Compare(a.Document, b.Document), strings.Compare(a.Part, b.Part),
		cmp.Compare(a.Version, b.Version), cmp.Compare(a.Amended, b.Amended), cmp.Compare(a.Date, b.Date),
		cmp.Compare(a.Source, b.Source), cmp.Compare(a.Row, b.Row))
}

// compareLinks is the order of links in a segment: by number of entities,
// which is that of ids within one segment.
func compareLinks(a, b *Link) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Role, b.Role), cmp.Compare(a.To, b.To),
		cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), strings.Compare(a.Key, b.Key),
		slices.CompareFunc(a.Fields, b.Fields, graph.CompareFields), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Row, b.Row))
}

// compareOutcomes is the order of outcomes in a segment: by subject, day,
// result, channel, fields.
func compareOutcomes(a, b *Outcome) int {
	return cmp.Or(strings.Compare(a.Subject, b.Subject), cmp.Compare(a.Date, b.Date),
		cmp.Compare(a.Result, b.Result), cmp.Compare(a.Channel, b.Channel),
		slices.CompareFunc(a.Fields, b.Fields, graph.CompareFields), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Row, b.Row))
}
