package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rummage/graph"
	"rummage/ingest/ident"
	"rummage/resolve"
)

// Numbers of ships, containers, companies and passports: whom a list means by them.

// spelt is a text that was taken for a number.
type spelt struct {
	text   string
	key    string   // without what only parts it for the eye
	kinds  []string // of what; nil for whatever has such numbers
	marked string   // what is wrong with it, "" for nothing
}

// numberKinds are the kinds of numbers that are told apart, by what people call them. A rule of package ident has the name of its
// kind, where there is one.
var numberKinds = []struct {
	label string // an expression
	kinds []string
}{
	{`imo(?: ship)?(?: number)?`, []string{"imo_ship", "imo_company"}},
	{`mmsi`, []string{"mmsi"}},
	{`call ?signs?`, []string{"call_sign"}},
	{`(?:diplomatic )?passports?|travel documents?`, []string{"passport"}},
	{`containers?|equipment`, []string{"container"}},
	{`lei`, []string{"lei", "registration"}},
	{`(?:company|business|enterprise|trade)(?: (?:registration|registry|register|licen[cs]e)| (?:id|no|nr|num(?:ber)?|code))|registration|reg\.?|crn|brn|ubn|uen|uscc|abn|acn|gstin|cnpj|cuit|` +
		`(?:tax|vat|v\.a\.t\.)(?: id(?:entification)?)?|tin|eori`, []string{"registration", "tax_number"}},
}

// labelled reads a number behind what it is called, such as "IMO 9074729" or "Passport no. A1234567".
var labelled = func() []*regexp.Regexp {
	all := make([]*regexp.Regexp, len(numberKinds))
	for i, k := range numberKinds {
		all[i] = regexp.MustCompile(`(?i)^\s*(?:` + k.label + `)\s*(?:id|no|nr|num(?:ber)?|code)?s?\s*[.:#-]*\s*(\S.*)$`)
	}
	return all
}()

// called says of which kinds the numbers are that a column of that name holds; nil where its name says nothing of it.
func called(column string) []string {
	column = strings.NewReplacer("_", " ", ".", " ").Replace(column)
	for i, k := range numberKinds {
		if labelled[i].MatchString(column+" 1") && labelled[i].FindStringSubmatch(column + " 1")[1] == "1" {
			return k.kinds
		}
	}
	return nil
}

// ofLists are the rules whose numbers may stand for a ship, a container or a company.
func ofLists(r *ident.Rule) bool {
	switch r.Name {
	case "container", "imo_ship", "imo_company", "mmsi":
		return true
	}
	return r.Checked && !r.Personal && r.Chance <= 0.1 && r.Name != "air_waybill" && r.Name != "postal_item" && r.Name != "hs"
}

// leastKey and leastDigits are what a number must have that nothing says the kind of.
const (
	leastKey    = 5
	leastDigits = 4
)

// numberOf takes a text for a number if it says of what, keeps a rule by more than its form, or, where any will do, looks like one.
func numberOf(text string, anything bool) (spelt, bool) {
	if !strings.ContainsAny(text, "0123456789") {
		return spelt{}, false // as nearly all names
	}
	for i, re := range labelled {
		if number := labelledBy(re, text); number != "" {
			g := spelt{text: strings.TrimSpace(text), key: ident.Compact(number), kinds: numberKinds[i].kinds}
			g.marked = wrong(g.kinds, number)
			return g, true
		}
	}
	g := spelt{text: strings.TrimSpace(text), key: ident.Compact(text)}
	if len(g.key) < leastKey {
		return spelt{}, false
	}
	digits := 0
	for _, c := range g.key {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	telling := slices.ContainsFunc(ident.Guess(text), func(r ident.Rule) bool { return ofLists(&r) })
	return g, digits >= leastDigits && (telling || anything && len(strings.Fields(text)) == 1)
}

// labelledBy returns the number behind a label, "" where there is none: every word of it holds a digit or is short.
func labelledBy(label *regexp.Regexp, text string) string {
	at := label.FindStringSubmatchIndex(text)
	if at == nil {
		return ""
	}
	number := strings.TrimSpace(text[at[2]:])
	first, _ := utf8.DecodeRuneInString(number)
	before, _ := utf8.DecodeLastRuneInString(text[:at[2]])
	if unicode.IsLetter(first) && unicode.IsLetter(before) || !strings.ContainsAny(number, "0123456789") {
		return ""
	}
	for _, word := range strings.Fields(number) {
		if utf8.RuneCountInString(word) > 4 && !strings.ContainsAny(word, "0123456789") {
			return ""
		}
	}
	return number
}

// wrong says what is wrong with a number by the rules of its kinds, "" where one of them finds nothing.
func wrong(kinds []string, number string) string {
	marked := ""
	for _, kind := range kinds {
		r, ok := ident.Lookup(kind)
		if !ok {
			continue
		}
		result := r.Check(number)
		if result.Mark == ident.Fine {
			return ""
		}
		if marked == "" {
			marked = "no " + r.Title + ": " + result.Mark.Explain()
		}
	}
	return marked
}

// numbered is a number by which a list means somebody.
type numbered struct {
	kind   string
	of     graph.ID // the ship, container or party that has it
	listed listedParty
}

// numberList finds these by the compact text.
type numberList map[string][]numbered

// find returns what lists say of a number, in the order of ids.
func (l numberList) find(g spelt) []numbered {
	var found []numbered
	for _, n := range l[g.key] {
		if g.kinds == nil || slices.Contains(g.kinds, n.kind) {
			found = append(found, n)
		}
	}
	return found
}

// numberFacts are the properties of facts that hold such numbers, with the kind of each. A fact number is that of an entry of the list.
var numberFacts = map[string]string{
	"passport": "passport", "registration": "registration", "tax_number": "tax_number", "mmsi": "mmsi", "call_sign": "call_sign",
	"imo": "imo_ship", "serial": "serial",
}

// propertiesOf lists the keys of numberFacts and the names that things are told by.
func numberProperties() []string {
	all := []string{graph.PropertyName}
	for property := range numberFacts {
		all = append(all, property)
	}
	slices.Sort(all)
	return all
}

// listedNumbers gathers the numbers of whoever a list in scope names, and of what these are linked to; and the papers of the former.
func listedNumbers(ctx context.Context, reader graph.Reader, parties []resolve.Party, things map[graph.ID][]listedParty) (numberList, map[graph.ID]papers, error) {
	who := map[graph.ID][]listedParty{}
	for i := range parties {
		if p := &parties[i]; p.Listed {
			who[p.ID] = []listedParty{{p.ID, calledOr(p)}}
		}
	}
	list, held := numberList{}, map[graph.ID]papers{}
	for e, err := range reader.Entities(ctx, graph.Want{Properties: numberProperties()}) {
		if err != nil {
			return nil, nil, fmt.Errorf("screen: %w", err)
		}
		id := reader.Identity().Cluster(e.ID)
		listed := slices.Concat(who[id], things[id])
		if named := slices.ContainsFunc(e.Outcomes, func(o graph.Outcome) bool { return o.Result == graph.Listed }); len(listed) == 0 && named {
			listed = []listedParty{{e.ID, e.Name()}}
		}
		for _, l := range listed {
			list.add(e, l)
		}
		if p := papersOf(e.Facts); len(who[id]) > 0 && len(p) > 0 {
			held[id] = held[id].and(p)
		}
	}
	return list, held, nil
}

func (l numberList) add(e *graph.Entity, listed listedParty) {
	put := func(kind, key string) {
		n := numbered{kind, e.ID, listed}
		if len(key) >= leastKey && !slices.Contains(l[key], n) {
			l[key] = append(l[key], n)
		}
	}
	if kind := spaceOf(e.ID); kind != "" {
		put(kind, ident.Compact(e.ID.Label()))
	}
	for i := range e.Facts {
		f := &e.Facts[i]
		if kind := numberFacts[f.Property]; kind != "" {
			put(kind, keyOf(f.Value))
		}
	}
}

// spaceOf says what the id of a thing is a number of, "" for a name or for the number of an entry of a list.
func spaceOf(id graph.ID) string {
	parts := strings.Split(string(id), "/")
	space := ""
	if len(parts) == 3 {
		space = strings.ReplaceAll(parts[1], "-", "_")
	}
	switch id.Kind() {
	case graph.Equipment:
		return "container"
	case graph.Vessel:
		if space == "imo" {
			return "imo_ship"
		}
		return space
	case graph.Identifier:
		return space
	case graph.Party:
		if r, ok := ident.Lookup(space); ok && !r.Personal {
			return "registration"
		}
	}
	return ""
}

// unnumbered is what lists write behind a number: the country that issued it, in brackets, behind a comma or as a word.
var unnumbered = regexp.MustCompile(`\s*[(,;].*$|\s+(?:expires|issued|exp\.).*$|(?:\s+[^\s0-9]+)+$`)

// keyOf is the number in a fact: "1084010 (Egypt)" is 1084010.
func keyOf(value string) string {
	value = unnumbered.ReplaceAllString(strings.TrimSpace(value), "")
	if g, ok := numberOf(value, false); ok {
		return g.key
	}
	return ident.Compact(value)
}
