// Package form knows the legal forms of companies, of the Asia/Pacific members
// of the WCO and of the other large traders, in their
// scripts and abbreviations. The table is forms.txt, made to be read. A form is
// taken off a name so that it weighs nothing in the comparison of words, and
// kept, since two forms that exclude each other speak against one company.
//
// It must not know how names are compared.
package form

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Class is what a form says about a company.
type Class uint8

// The classes, from the least telling to the most.
const (
	Unknown Class = iota
	Branch
	Company
	Limited
	Corporation
	Sole
	Nonprofit
	Cooperative
	Partnership
	State
	Stock
	Public
)

var classes = []string{"unknown", "branch", "company", "limited", "corporation", "sole", "nonprofit", "cooperative",
	"partnership", "state", "stock", "public"}

// String is the class in the word that forms.txt uses.
func (c Class) String() string { return classes[c] }

// Form is one legal form.
type Form struct {
	Name      string
	Class     Class
	Countries []string // ISO 3166 codes of where it is at home; none for many
	Loose     bool     // also stands for forms of other countries in translation
}

// Agreement compares the forms of two names.
type Agreement uint8

// What two forms say to each other.
const (
	Silent   Agreement = iota // at least one is missing, or too general to say anything
	Same                      // one form
	Alike                     // two forms of one class
	Contrary                  // two that exclude each other
)

// Compare says whether one company can have both forms. Nil is no form.
func Compare(a, b *Form) Agreement {
	switch {
	case a == nil || b == nil || a.Class <= Company || b.Class <= Company:
		return Silent
	case a == b:
		return Same
	case a.Class == b.Class, open(a.Class) && open(b.Class):
		return Alike
	case (a.Loose && !personal(b.Class)) || (b.Loose && !personal(a.Class)):
		return Silent
	}
	return Contrary
}

// open says whether a company of the class has shares that change hands.
func open(c Class) bool { return c == Stock || c == Public }

// personal says whether a class is never called Ltd or Inc, in no translation.
func personal(c Class) bool {
	return c == Partnership || c == Sole || c == Nonprofit || c == Cooperative
}

// Main returns the form that says most, of several in one name: public limited
// company before company. Of equals the first counts; nil for none.
func Main(forms []*Form) *Form {
	var best *Form
	for _, f := range forms {
		if best == nil || f.Class > best.Class {
			best = f
		}
	}
	return best
}

//go:embed forms.txt
var text string

// place is where a form is recognised.
type place uint8

const (
	anywhere place = iota
	ends
	tail
	head
	sign
	edge
)

var places = []string{"any", "ends", "tail", "head", "sign", "edge"}

// row is a line of the table with its spellings as they stand there.
type row struct {
	form      *Form
	where     place
	spellings []string
}

var rows = sync.OnceValue(func() []row {
	all, err := parse(text)
	if err != nil {
		panic(err) // the table is part of the program, and tested
	}
	return all
})

// All returns the forms in the order of the table.
func All() []*Form {
	out := make([]*Form, 0, len(rows()))
	for _, r := range rows() {
		out = append(out, r.form)
	}
	return out
}

func parse(text string) ([]row, error) {
	var all []row
	for n, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		cells := strings.Split(line, "|")
		if len(cells) != 5 {
			return nil, fmt.Errorf("form: forms.txt: line %d: %d cells instead of 5", n+1, len(cells))
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		class, where := slices.Index(classes, cells[0]), slices.Index(places, cells[2])
		if class < 0 || where < 0 {
			return nil, fmt.Errorf("form: forms.txt: line %d: no such class or place: %s, %s", n+1, cells[0], cells[2])
		}
		name, loose := strings.CutPrefix(cells[3], "*")
		f := &Form{Name: name, Class: Class(class), Loose: loose}
		if cells[1] != "-" {
			f.Countries = strings.Fields(cells[1])
		}
		r := row{form: f, where: place(where)}
		for _, s := range strings.Split(cells[4], ";") {
			if s = strings.TrimSpace(s); s != "" {
				r.spellings = append(r.spellings, s)
			}
		}
		all = append(all, r)
	}
	return all, nil
}
