package pattern

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// plan is a motif as it is written. The order in which it is matched depends on the records: see arrange.
type plan struct {
	variables  []string
	slots      []slot   // of find, then of none
	find       []clause // in an order in which each is joined to one before it
	none       []lack
	conditions []condition // of where
	by         []int       // places of variables
	common     needs       // what all rows of a match have in common
	anchor     int         // slot of the first consignment of the file, by which rows are put in order; -1 for none
	window     float64
	having     []func(*group) float64
	counts     []counted
	least      int // rows that a match has at least, by what it must have
	strength   func(*group) float64
	clears     []func(*group) float64 // beside the typology's against; nil where the records cannot tell

	dealt      map[string]bool // roles of rewire, and whether the motif has them
	roles      map[string]bool // of consignments
	attributes map[string]bool // of consignments
	facts      map[string]bool // of nodes
	needed     []string        // roles that a match cannot do without, of consignments
	linked     bool            // a match cannot do without links
}

// fixed lists the texts that clauses ask for, of those too that must not be found.
func (p *plan) fixed() []constant {
	var all []constant
	for i := range p.find {
		all = append(all, p.find[i].fixed...)
	}
	for i := range p.none {
		all = append(all, p.none[i].fixed...)
	}
	return all
}

// slot is the place of a clause's record in a row.
type slot struct {
	name string
	link bool
}

// clause asks for one record.
type clause struct {
	slot  int
	link  bool
	binds []join
	fresh []join // those of binds that name a variable first, in the order of the clauses
	fixed []constant
	times []timing
}

// lack is a record that must not be there.
type lack struct {
	clause
	where  []condition
	needs  needs // what must be known to tell
	others []int // slots whose records it differs from
}

// counted says that a match has so many of a column: distinct nodes or records.
type counted struct {
	needs needs
	least int
}

type join struct {
	role     string
	variable int
}

type constant struct {
	role  string
	texts []string
}

// timing bounds the day of a clause's record by that of another: between day + from and day + to.
type timing struct {
	slot     int
	link     bool
	from, to float64
}

// Limits of a motif, far beyond what a person can read.
const (
	mostClauses   = 16
	mostVariables = 32
)

// compiler makes a plan of a typology.
type compiler struct {
	t     *Typology
	m     *Motif
	p     *plan
	times []timeBetween
}

// timeBetween is a bound of the days of two records that no clause has yet.
type timeBetween struct {
	one, other int // slots
	from, to   float64
}

func (t *Typology) compile(m *Motif) (*plan, error) {
	c := &compiler{t: t, m: m, p: &plan{dealt: map[string]bool{}, roles: map[string]bool{}, attributes: map[string]bool{}, facts: map[string]bool{}, window: math.Inf(1)}}
	for _, part := range []func() error{c.clauses, c.order, c.conditions, c.nones, c.match, c.rewires} {
		if err := part(); err != nil {
			return nil, err
		}
	}
	return c.p, nil
}

// clauses looks at each by itself.
func (c *compiler) clauses() error {
	if len(c.m.Find)+len(c.m.None) > mostClauses {
		return fmt.Errorf("more than %d clauses", mostClauses)
	}
	seen := map[string]bool{"data": true}
	for i := range len(c.m.Find) + len(c.m.None) {
		clause := c.clause(i)
		switch {
		case !recordName.MatchString(clause.Name):
			return fmt.Errorf("clause %d: want record: or link: with a name in small letters", i+1)
		case seen[clause.Name]:
			return fmt.Errorf("%s stands for two things", clause.Name)
		case len(clause.Where) > 0 && i < len(c.m.Find):
			return fmt.Errorf("%s: conditions on what is to be found stand under where of the file", clause.Name)
		}
		if _, ok := c.t.Parameters[clause.Name]; ok {
			return fmt.Errorf("%s stands for two things", clause.Name)
		}
		seen[clause.Name] = true
		for k, bind := range clause.Binds {
			switch {
			case !isRole(clause.Link, bind.Role):
				return fmt.Errorf("%s: there is no role %q", clause.Name, bind.Role)
			case k > 0 && clause.Binds[k-1].Role == bind.Role:
				return fmt.Errorf("%s: role %s stands twice", clause.Name, bind.Role)
			case bind.Texts == nil && !nodeName.MatchString(bind.Variable):
				return fmt.Errorf("%s: %s wants a variable with a capital letter, or =text", clause.Name, bind.Role)
			}
			if !clause.Link {
				c.p.roles[bind.Role] = true
			}
		}
	}
	return nil
}

func (c *compiler) clause(i int) *Clause {
	if i < len(c.m.Find) {
		return &c.m.Find[i]
	}
	return &c.m.None[i-len(c.m.Find)]
}

// order puts the clauses of find so that each is joined to one before it by a variable.
func (c *compiler) order() error {
	left := make([]*Clause, len(c.m.Find))
	for i := range left {
		left[i] = &c.m.Find[i]
	}
	for len(left) > 0 {
		next := 0
		if len(c.p.find) > 0 {
			next = slices.IndexFunc(left, func(clause *Clause) bool {
				return slices.ContainsFunc(clause.Binds, func(b Bind) bool { return slices.Contains(c.p.variables, b.Variable) })
			})
		}
		if next < 0 {
			return fmt.Errorf("%s shares nothing with the other records", left[0].Name)
		}
		c.p.find = append(c.p.find, c.compiled(left[next], len(c.p.slots)))
		c.p.slots = append(c.p.slots, slot{left[next].Name, left[next].Link})
		left = slices.Delete(left, next, next+1)
	}
	if len(c.p.variables) > mostVariables {
		return fmt.Errorf("more than %d variables", mostVariables)
	}
	for i := range c.m.None {
		c.p.slots = append(c.p.slots, slot{c.m.None[i].Name, c.m.None[i].Link})
	}
	for i := range c.m.Find {
		if err := c.timesOf(&c.m.Find[i], len(c.p.find)); err != nil {
			return err
		}
	}
	for _, b := range c.times {
		one, other := &c.p.find[b.one], &c.p.find[b.other]
		one.times = append(one.times, timing{b.other, other.link, b.from, b.to})
		other.times = append(other.times, timing{b.one, one.link, -b.to, -b.from})
	}
	return nil
}

// compiled names the variables of a clause that have no name yet.
func (c *compiler) compiled(from *Clause, at int) clause {
	out := clause{slot: at, link: from.Link}
	for _, bind := range from.Binds {
		if bind.Texts != nil {
			out.fixed = append(out.fixed, constant{bind.Role, bind.Texts})
		} else {
			v := slices.Index(c.p.variables, bind.Variable)
			if v < 0 {
				v = len(c.p.variables)
				c.p.variables = append(c.p.variables, bind.Variable)
				out.fresh = append(out.fresh, join{bind.Role, v})
			}
			out.binds = append(out.binds, join{bind.Role, v})
		}
		if from.Link {
			c.p.linked = true
		} else if !slices.Contains(c.p.needed, bind.Role) {
			c.p.needed = append(c.p.needed, bind.Role)
		}
	}
	return out
}

// timesOf notes when the record of a clause is, as seen from those among the first slots.
func (c *compiler) timesOf(clause *Clause, among int) error {
	at := c.slot(clause.Name)
	for _, when := range clause.Times {
		other := c.slot(when.Other)
		if other < 0 || other >= among || other == at {
			return fmt.Errorf("%s: %s wants another record that is to be found, not %q", clause.Name, when.Relation, when.Other)
		}
		within := math.Inf(1)
		if when.Within != "" {
			var err error
			if within, err = c.number(when.Within); err != nil {
				return fmt.Errorf("%s: within: %w", clause.Name, err)
			}
		}
		b := timeBetween{one: at, other: other, from: 1, to: within}
		switch when.Relation {
		case "before":
			b.from, b.to = -within, -1
		case "near":
			b.from = -within
		}
		c.times = append(c.times, b)
	}
	return nil
}

func (c *compiler) slot(name string) int {
	return slices.IndexFunc(c.p.slots, func(s slot) bool { return s.name == name })
}

// number compiles what must not depend on records: numbers and parameters.
func (c *compiler) number(text string) (float64, error) {
	t, err := parseTerm(text)
	if err != nil {
		return 0, err
	}
	plain := true
	t.each(func(t *term) { plain = plain && t.op != "attribute" && t.op != "call" })
	if !plain {
		return 0, fmt.Errorf("%q is no number or parameter", text)
	}
	of, err := c.row(t)
	if err != nil {
		return 0, err
	}
	value := of.value(nil)
	if math.IsNaN(value) || value < 0 {
		return 0, fmt.Errorf("%q is not 0 or more", text)
	}
	return value, nil
}

// known is what is known when everything is found.
func (c *compiler) known() needs {
	var n needs
	for i := range c.p.find {
		n.records |= 1 << c.p.find[i].slot
		for _, join := range c.p.find[i].binds {
			n.nodes |= 1 << join.variable
		}
	}
	return n
}

// conditions are those of the file on a row.
func (c *compiler) conditions() error {
	for _, text := range c.m.Where {
		t, err := parseTerm(text)
		if err != nil {
			return err
		}
		of, err := c.row(t)
		if err != nil {
			return fmt.Errorf("where %q: %w", text, err)
		}
		if !of.needs.within(c.known()) {
			return fmt.Errorf("where %q: it names a record that must not be there", text)
		}
		c.p.conditions = append(c.p.conditions, of)
	}
	return nil
}

// nones are what must not be found.
func (c *compiler) nones() error {
	for i := range c.m.None {
		from, at := &c.m.None[i], len(c.p.find)+i
		l := lack{clause: c.compiled(from, at)}
		if len(l.fresh) > 0 {
			return fmt.Errorf("%s: %s is in nothing that is to be found", from.Name, c.p.variables[len(c.p.variables)-1])
		}
		if len(l.binds) == 0 {
			return fmt.Errorf("%s shares nothing with the other records", from.Name)
		}
		c.times = nil
		if err := c.timesOf(from, len(c.p.find)); err != nil {
			return err
		}
		for _, b := range c.times {
			l.others = append(l.others, b.other)
			l.times = append(l.times, timing{b.other, c.p.slots[b.other].link, b.from, b.to})
			l.needs.records |= 1 << b.other
		}
		for _, join := range l.binds {
			l.needs.nodes |= 1 << join.variable
		}
		for _, text := range from.Where {
			t, err := parseTerm(text)
			if err != nil {
				return err
			}
			of, err := c.row(t)
			if err != nil {
				return fmt.Errorf("%s: where %q: %w", from.Name, text, err)
			}
			l.where = append(l.where, of)
			l.needs = l.needs.plus(of.needs)
		}
		l.needs.records &^= 1 << at
		if !l.needs.within(c.known()) {
			return fmt.Errorf("%s: where names another record that must not be there", from.Name)
		}
		c.p.none = append(c.p.none, l)
	}
	return nil
}

// match compiles what makes rows a match.
func (c *compiler) match() error {
	c.p.anchor = -1
	if first := slices.IndexFunc(c.m.Find, func(clause Clause) bool { return !clause.Link }); first >= 0 {
		c.p.anchor = c.slot(c.m.Find[first].Name)
	}
	c.p.common = c.known()
	if len(c.m.By) > 0 {
		c.p.common = needs{}
	}
	for _, name := range c.m.By {
		v := slices.Index(c.p.variables, name)
		if v < 0 {
			return fmt.Errorf("by: %q is no variable", name)
		}
		c.p.by = append(c.p.by, v)
		c.p.common.nodes |= 1 << v
	}
	if len(c.m.By) == 0 && (c.m.Window != "" || len(c.m.Having) > 0) {
		return errors.New("window and having want by, which says what belongs together")
	}
	if c.m.Window != "" {
		var err error
		if c.p.window, err = c.number(c.m.Window); err != nil {
			return fmt.Errorf("window: %w", err)
		}
		if c.p.anchor < 0 {
			return errors.New("window wants a consignment")
		}
	}
	for _, text := range c.m.Having {
		of, err := c.groupedText(text)
		if err != nil {
			return fmt.Errorf("having %q: %w", text, err)
		}
		c.p.having = append(c.p.having, of)
		if n := c.counted(text); n.least > 0 {
			c.p.counts, c.p.least = append(c.p.counts, n), max(c.p.least, n.least)
		}
	}
	if err := c.clears(); err != nil {
		return err
	}
	if c.m.Strength == "" {
		c.p.strength = func(g *group) float64 { return float64(len(g.consignments())) }
		return nil
	}
	var err error
	if c.p.strength, err = c.groupedText(c.m.Strength); err != nil {
		return fmt.Errorf("strength: %w", err)
	}
	return nil
}

// counted reads a condition "count(NAME) >= n": no match has fewer rows than what is counted.
func (c *compiler) counted(text string) counted {
	t, err := parseTerm(text)
	if err != nil || t.op != ">=" || t.of[0].op != "call" || t.of[0].name != "count" || t.of[1].op != "name" && t.of[1].op != "number" {
		return counted{}
	}
	n, err := c.row(t.of[1])
	if err != nil {
		return counted{}
	}
	of := counted{least: int(max(0, min(n.value(nil), mostRows)))}
	if column := c.column(t.of[0].of[0].name); column < len(c.p.variables) {
		of.needs.nodes = 1 << column
	} else {
		of.needs.records = 1 << (column - len(c.p.variables))
	}
	return of
}

// mostRows keeps a parameter that is no sensible number of rows from being taken for one.
const mostRows = 1 << 20

// clears compiles what the records can say against a match: in the words of the first motif,
// and of another as far as that has them too.
func (c *compiler) clears() error {
	c.p.clears = make([]func(*group) float64, len(c.t.Against))
	for i := range c.t.Against {
		a := &c.t.Against[i]
		if a.Says == "" {
			return errors.New("against: says is missing")
		}
		if a.When == "" {
			continue
		}
		of, err := c.groupedText(a.When)
		if err != nil && c.m == &c.t.Motif {
			return fmt.Errorf("against %q: %w", a.When, err)
		}
		if err == nil {
			c.p.clears[i] = of
		}
	}
	return nil
}

func (c *compiler) groupedText(text string) (func(*group) float64, error) {
	t, err := parseTerm(text)
	if err != nil {
		return nil, err
	}
	return c.grouped(t)
}

// rewires looks at what is dealt out anew.
func (c *compiler) rewires() error {
	if len(c.t.Rewire) == 0 {
		return errors.New("rewire is missing: which ties would chance deal out anew?")
	}
	for _, r := range c.t.Rewire {
		link := r.Role == roleTo
		c.p.dealt[r.Role] = link && c.p.linked || !link && c.p.roles[r.Role]
		for _, name := range r.Within {
			if name == "month" && !link {
				continue
			}
			if !isRole(link, name) {
				return fmt.Errorf("rewire: records are not alike in %q", name)
			}
			if !link {
				c.p.roles[name] = true
			}
		}
	}
	return nil
}
