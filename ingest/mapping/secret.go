package mapping

import (
	"fmt"
	"strconv"

	"go.yaml.in/yaml/v3"

	"rummage/ingest/ident"
)

// MarkWithheld marks a number that identifies a person where there is no key to
// make a pseudonym with: the text beside it is Withheld, not the number.
const MarkWithheld = "withheld"

// Withheld stands for what is not shown.
const Withheld = "withheld"

// Guard says how the cells of a column must be kept from sight.
type Guard struct {
	// Rule is the rule that a whole cell goes through; "" where several cells, or
	// pieces of one, do, so that none of it may be shown.
	Rule string `json:"rule,omitempty"`
	// Persons, if not "", names the rule under which numbers of persons among the
	// cells go; other cells may be shown. "" guards every cell.
	Persons string `json:"persons,omitempty"`
	// Withhold says that the mapping keeps none of the cells: Withheld stands for each.
	Withhold bool `json:"withhold,omitempty"`
}

// Mask returns what may be shown of a cell: the cell itself where it holds no
// guarded number, its pseudonym under the key, or instead.
func (g Guard) Mask(key ident.Key, cell, instead string) string {
	known, ok := ident.Lookup(g.Rule)
	if !ok {
		switch {
		case cell == "":
			return ""
		case g.Withhold:
			return Withheld
		}
		return instead
	}
	r := rule{name: g.Rule, check: known.Check, secret: g.Persons == "", persons: g.Persons}
	c, stated := r.content(key, cell)
	switch {
	case !stated, c.mark != MarkWithheld && c.text == cell:
		return cell
	case c.mark == MarkWithheld:
		return instead
	}
	return c.text
}

// content is what a text comes to under the rule; stated is false for words that
// stand for none. Numbers of persons, and every text of a secret rule, leave as
// pseudonyms, or marked MarkWithheld where key is none. What is a pseudonym of the
// rule already stays: files that were exported hold them.
func (r *rule) content(key ident.Key, text string) (c content, stated bool) {
	if r.guards() {
		for _, name := range [...]string{r.name, r.persons} {
			if known := ident.AsPseudonym(name, text); known != "" {
				return content{text: known, normal: known}, true
			}
		}
	}
	found := r.check(text)
	if found.Mark == ident.Blank {
		return content{}, false
	}
	name := r.name
	switch {
	case r.secret:
	case found.Person && r.persons != "":
		name = r.persons
	default:
		return content{text: text, normal: found.Value, mark: string(found.Mark)}, true
	}
	pseudonym := key.Pseudonym(name, found.Value)
	if pseudonym == "" {
		return content{text: Withheld, mark: MarkWithheld}, true
	}
	return content{text: pseudonym, normal: pseudonym, mark: string(found.Mark)}, true
}

// Identify gives the key under which numbers that identify persons are kept as
// pseudonyms. It is to be called before the first row; without it such numbers
// are kept out.
func (m *Mapper) Identify(key ident.Key) {
	m.identity = key
	for i := range m.joins {
		m.joins[i].reader.identity = key
	}
}

// Guards returns how columns must be kept from sight, by their index from 0; nil
// where the mapping has no rule for numbers of persons.
func (m *Mapper) Guards() map[int]Guard { return m.guards }

// Guarded reports whether any column of the file, or of a second one, must be kept
// from sight.
func (m *Mapper) Guarded() bool { return m.guarded }

// withhold puts the row into quarantine, since what a value says may not be kept.
func (m *Mapper) withhold(v *value) {
	m.fail(v.label, CodeWithheld, fmt.Sprintf("%s holds a number that identifies a person, which is kept as a keyed hash only, and no key is set; "+
		"set identity-key-file, or take the column out of the mapping and name it under withhold, so that none of its cells is kept", v.label))
}

// shown is a text as messages quote it. Where the mapping guards any column they
// do not: in a row whose cells are shifted the number may stand anywhere.
func (m *Mapper) shown(text string) string {
	if m.guarded {
		return "a text that is not shown"
	}
	return strconv.Quote(text)
}

// guard notes the columns of a value whose rule guards them.
func (b *binder) guard(v *value) {
	spec := v.spec
	if !spec.rule.guards() {
		return
	}
	own := Guard{Rule: spec.rule.name, Persons: spec.rule.persons}
	if len(spec.columns) != 1 || len(spec.steps) > 0 || len(spec.where) > 0 {
		own = Guard{}
	}
	for _, at := range v.places {
		if known, ok := b.guards[at]; ok && known != own {
			own = Guard{} // read in two ways: nothing of it is shown
		}
		if at.column >= 0 {
			b.guards[at] = own
		}
	}
}

// withhold reads the columns whose cells are never kept.
func (p *parser) withhold(n *yaml.Node) {
	if n == nil {
		return
	}
	all := []*yaml.Node{n}
	if n.Kind != yaml.ScalarNode {
		all = p.items(n)
	}
	for _, item := range all {
		p.mapping.withheld = append(p.mapping.withheld, p.column(item))
	}
}

// withhold guards the columns whose cells are never kept. A file without one of them is
// refused as for any other column: a name that is misspelt would keep the cells.
func (b *binder) withhold() {
	for _, ref := range b.mapping.withheld {
		at := columnAt{own, -1}
		if ref.join != "" {
			at.join = b.joinOf(ref)
		}
		at.column = b.sheetOf(at.join).find(ref, at.join == own && b.mapping.mayLack(ref))
		if at.column >= 0 {
			b.guards[at] = Guard{Withhold: true}
		}
	}
}

// guardsOf returns the guards of one file, nil for none.
func (b *binder) guardsOf(join int) map[int]Guard {
	var all map[int]Guard
	for at, g := range b.guards {
		if at.join != join {
			continue
		}
		if all == nil {
			all = make(map[int]Guard)
		}
		all[at.column] = g
	}
	return all
}

// exposed notes the columns that one value guards and another would keep as they
// stand.
func (b *binder) exposed() {
	for _, v := range b.values {
		if v.spec.rule.guards() {
			continue
		}
		for k, at := range v.places {
			switch g, ok := b.guards[at]; {
			case g.Withhold:
				note(&b.sheetOf(at.join).err.Withheld, v.refs[k])
			case ok:
				note(&b.sheetOf(at.join).err.Exposed, v.refs[k])
			}
		}
	}
}
