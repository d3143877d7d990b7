package graph

import (
	"fmt"
	"unicode/utf8"
)

// Check returns an error wrapping ErrInvalidRecord that names the row and the
// first record in it that breaks the rules of the vocabulary: an id that
// NewID cannot build, a tie with a link's role or the reverse, an unnamed
// property, text that is not UTF-8. A row in quarantine needs only its number.
//
// Cost: linear in the length of the row's text.
func (r *Row) Check() error {
	if r.Number < 1 || r.Offset < 0 || r.Length < 0 {
		return fmt.Errorf("graph: row %d at byte %d: %w", r.Number, r.Offset, ErrInvalidRecord)
	}
	if len(r.Errors) > 0 {
		return nil
	}
	for i := range r.Facts {
		if err := r.Facts[i].check(); err != nil {
			return fmt.Errorf("graph: row %d: fact: %w", r.Number, err)
		}
	}
	for i := range r.Statements {
		if err := r.Statements[i].check(); err != nil {
			return fmt.Errorf("graph: row %d: statement: %w", r.Number, err)
		}
	}
	for i := range r.Links {
		if err := r.Links[i].check(); err != nil {
			return fmt.Errorf("graph: row %d: link: %w", r.Number, err)
		}
	}
	for i := range r.Outcomes {
		if err := r.Outcomes[i].check(); err != nil {
			return fmt.Errorf("graph: row %d: outcome: %w", r.Number, err)
		}
	}
	return nil
}

func (f *Fact) check() error {
	if err := checkEntity(f.Entity); err != nil {
		return err
	}
	return checkField(Field{Name: f.Property, Value: f.Value, Mark: f.Mark})
}

func (s *Statement) check() error {
	if err := checkConsignment(s.Consignment); err != nil {
		return err
	}
	if !s.View.Known() {
		return fmt.Errorf("%s: no view: %w", s.Consignment, ErrInvalidRecord)
	}
	if !utf8.ValidString(s.Document) || !utf8.ValidString(s.Part) {
		return fmt.Errorf("%s: document or part is not UTF-8: %w", s.Consignment, ErrInvalidRecord)
	}
	for _, tie := range s.Ties {
		if !tie.Role.IsTie() {
			return fmt.Errorf("%s: %q is no role of a tie: %w", s.Consignment, tie.Role, ErrInvalidRecord)
		}
		if err := checkEntity(tie.Entity); err != nil {
			return err
		}
	}
	return checkFields(s.Fields)
}

func (l *Link) check() error {
	if !l.Role.IsLink() {
		return fmt.Errorf("%s to %s: %q is no role of a link: %w", l.From, l.To, l.Role, ErrInvalidRecord)
	}
	if err := checkEntity(l.From); err != nil {
		return err
	}
	if err := checkEntity(l.To); err != nil {
		return err
	}
	if !utf8.ValidString(l.Key) {
		return fmt.Errorf("%s to %s: key is not UTF-8: %w", l.From, l.To, ErrInvalidRecord)
	}
	return checkFields(l.Fields)
}

func (o *Outcome) check() error {
	if err := o.Subject.Check(); err != nil {
		return err
	}
	if o.Result == NoResult || int(o.Result) >= len(resultNames) || int(o.Channel) >= len(channelNames) {
		return fmt.Errorf("%s: result %q by channel %q: %w", o.Subject, o.Result, o.Channel, ErrInvalidRecord)
	}
	return checkFields(o.Fields)
}

func checkEntity(id ID) error {
	if err := id.Check(); err != nil {
		return err
	}
	if id.Kind() == KindConsignment {
		return fmt.Errorf("graph: id %q: a consignment is no entity: %w", string(id), ErrInvalidRecord)
	}
	return nil
}

func checkConsignment(id ID) error {
	if err := id.Check(); err != nil {
		return err
	}
	if id.Kind() != KindConsignment {
		return fmt.Errorf("graph: id %q: no consignment: %w", string(id), ErrInvalidRecord)
	}
	return nil
}

func checkFields(fields []Field) error {
	for _, f := range fields {
		if err := checkField(f); err != nil {
			return err
		}
	}
	return nil
}

func checkField(f Field) error {
	if !ValidName(f.Name) || f.Mark != "" && !ValidName(f.Mark) {
		return fmt.Errorf("graph: field %q, mark %q: want lower case letters, digits, underscores: %w", f.Name, f.Mark, ErrInvalidRecord)
	}
	if f.Value == "" || !utf8.ValidString(f.Value) {
		return fmt.Errorf("graph: field %s: empty or not UTF-8: %w", f.Name, ErrInvalidRecord)
	}
	return nil
}

// ValidName reports whether text can name a property, a field or a mark: a
// lower case ASCII letter, then letters, digits and underscores, at most 60
// bytes.
func ValidName(text string) bool {
	if text == "" || len(text) > 60 || text[0] < 'a' || text[0] > 'z' {
		return false
	}
	for i := 1; i < len(text); i++ {
		c := text[i]
		if c != '_' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
