package row

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"rummage/graph"
)

// ErrLine is returned for a line that is no row of a case file, or holds a word that the vocabulary does not have.
var ErrLine = errors.New("no row of a case file")

// Line is one row.
type Line struct {
	Source graph.SourceID `json:"source_id"` // as the office that made the case file lists it
	Row    int64          `json:"row"`       // as a spreadsheet shows it
	// Note says why the cells are not in Record; "" where they are.
	Note string `json:"note"`
	// Record is the row as rummage why shows it: file, hash, bytes and cells.
	Record json.RawMessage `json:"record"`
	Says   Says            `json:"says"`
}

// Says is what was read from a row. Ids are those of records, whoever was judged to be one with whom.
type Says struct {
	Facts      []Fact      `json:"facts,omitempty"`
	Statements []Statement `json:"statements,omitempty"`
	Links      []Link      `json:"links,omitempty"`
	Outcomes   []Outcome   `json:"outcomes,omitempty"`
}

// Fact is a graph.Fact.
type Fact struct {
	Entity   graph.ID   `json:"entity"`
	Property string     `json:"property"`
	Value    string     `json:"value"`
	Mark     string     `json:"mark,omitempty"`
	Date     graph.Date `json:"date"`
}

// Field is a graph.Field.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Mark  string `json:"mark,omitempty"`
}

// Tie is a graph.Tie.
type Tie struct {
	Role   string   `json:"role"`
	Entity graph.ID `json:"entity"`
}

// Statement is a graph.Statement.
type Statement struct {
	Consignment graph.ID   `json:"consignment"`
	View        string     `json:"view"`
	Document    string     `json:"document,omitempty"`
	Part        string     `json:"part,omitempty"`
	Version     int64      `json:"version,omitempty"`
	Amended     graph.Date `json:"amended"`
	Date        graph.Date `json:"date"`
	Fields      []Field    `json:"fields,omitempty"`
	Ties        []Tie      `json:"ties,omitempty"`
}

// Link is a graph.Link.
type Link struct {
	Role   string     `json:"role"`
	From   graph.ID   `json:"from"`
	To     graph.ID   `json:"to"`
	Start  graph.Date `json:"start"`
	End    graph.Date `json:"end"`
	Key    string     `json:"key,omitempty"`
	Fields []Field    `json:"fields,omitempty"`
}

// Outcome is a graph.Outcome.
type Outcome struct {
	Subject graph.ID   `json:"subject"`
	Result  string     `json:"result"`
	Channel string     `json:"channel,omitempty"`
	Date    graph.Date `json:"date"`
	Fields  []Field    `json:"fields,omitempty"`
}

// Parse reads a line. ErrLine, with what is wrong.
func Parse(text []byte) (*Line, error) {
	var line Line
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&line); err != nil {
		return nil, fmt.Errorf("row: %w: %w", ErrLine, err)
	}
	if line.Source == "" || line.Row < 1 {
		return nil, fmt.Errorf("row: %w: it names no source and row", ErrLine)
	}
	return &line, nil
}

// Bare is the record without its cells, and without those of rows that go with it: where it stands, and no more. ErrLine.
func (l *Line) Bare() (json.RawMessage, error) {
	var kept struct {
		Record
		Joined json.RawMessage `json:"joined"` // whatever it is, it does not stay
	}
	if err := json.Unmarshal(l.Record, &kept); err != nil {
		return nil, fmt.Errorf("row: %w: record: %w", ErrLine, err)
	}
	kept.Columns, kept.MoreJoined = nil, 0
	return json.Marshal(kept.Record)
}

// Records fills in what the row says, in the words of the vocabulary. ErrLine for a word that it does not have; what graph.Row.Check
// objects to is left to that.
func (s *Says) Records(into *graph.Row) error {
	for _, f := range s.Facts {
		into.Facts = append(into.Facts, graph.Fact{Entity: f.Entity, Property: f.Property, Value: f.Value, Mark: f.Mark, Date: f.Date})
	}
	for i := range s.Statements {
		statement, err := s.Statements[i].record()
		if err != nil {
			return err
		}
		into.Statements = append(into.Statements, statement)
	}
	for _, l := range s.Links {
		role, err := graph.ParseRole(l.Role)
		if err != nil {
			return fmt.Errorf("row: %w: %w", ErrLine, err)
		}
		into.Links = append(into.Links, graph.Link{Role: role, From: l.From, To: l.To, Start: l.Start, End: l.End, Key: l.Key, Fields: records(l.Fields)})
	}
	for _, o := range s.Outcomes {
		outcome := graph.Outcome{Subject: o.Subject, Date: o.Date, Fields: records(o.Fields)}
		var err error
		if outcome.Result, err = graph.ParseResult(o.Result); err == nil && o.Channel != "" {
			outcome.Channel, err = graph.ParseChannel(o.Channel)
		}
		if err != nil {
			return fmt.Errorf("row: %w: %w", ErrLine, err)
		}
		into.Outcomes = append(into.Outcomes, outcome)
	}
	return nil
}

func (s *Statement) record() (graph.Statement, error) {
	into := graph.Statement{Consignment: s.Consignment, Document: s.Document, Part: s.Part, Version: s.Version, Amended: s.Amended, Date: s.Date,
		Fields: records(s.Fields)}
	var err error
	if into.View, err = graph.ParseView(s.View); err != nil {
		return into, fmt.Errorf("row: %w: %w", ErrLine, err)
	}
	for _, t := range s.Ties {
		role, err := graph.ParseRole(t.Role)
		if err != nil {
			return into, fmt.Errorf("row: %w: %w", ErrLine, err)
		}
		into.Ties = append(into.Ties, graph.Tie{Role: role, Entity: t.Entity})
	}
	return into, nil
}

func records(fields []Field) []graph.Field {
	var all []graph.Field
	for _, f := range fields {
		all = append(all, graph.Field(f))
	}
	return all
}

// AddFact adds a fact.
func (s *Says) AddFact(f *graph.Fact) {
	s.Facts = append(s.Facts, Fact{f.Entity, f.Property, f.Value, f.Mark, f.Date})
}

// AddStatement adds a statement.
func (s *Says) AddStatement(st *graph.Statement) {
	statement := Statement{st.Consignment, st.View.String(), st.Document, st.Part, st.Version, st.Amended, st.Date, fields(st.Fields), nil}
	for _, t := range st.Ties {
		statement.Ties = append(statement.Ties, Tie{t.Role.String(), t.Entity})
	}
	s.Statements = append(s.Statements, statement)
}

// AddLink adds a link.
func (s *Says) AddLink(l *graph.Link) {
	s.Links = append(s.Links, Link{l.Role.String(), l.From, l.To, l.Start, l.End, l.Key, fields(l.Fields)})
}

// AddOutcome adds an outcome.
func (s *Says) AddOutcome(o *graph.Outcome) {
	s.Outcomes = append(s.Outcomes, Outcome{o.Subject, o.Result.String(), o.Channel.String(), o.Date, fields(o.Fields)})
}

func fields(all []graph.Field) []Field {
	var list []Field
	for _, f := range all {
		list = append(list, Field(f))
	}
	return list
}
