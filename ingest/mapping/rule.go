package mapping

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"rummage/ingest/ident"
)

// rule checks a text and gives the form in which it enters an id.
type rule struct {
	name  string // "" for no rule
	check func(text string) ident.Result
	// secret says that what the rule gives is kept as a pseudonym only. persons,
	// if not "", names the rule under which identity numbers of persons are kept
	// so, where the rule finds one.
	secret  bool
	persons string
}

// guards says whether texts of the rule may be such as must not be kept or shown
// as they stand.
func (r *rule) guards() bool { return r.secret || r.persons != "" }

// ruleNumber asks for a decimal number with a point and no separators.
const ruleNumber = "number"

// hsEdition names the rule of commodity codes in an earlier edition, such as
// hs_2017. The rule "hs" is that of 2022.
const hsEdition = "hs_"

var editions = []ident.Edition{ident.HS2002, ident.HS2007, ident.HS2012, ident.HS2017, ident.HS2022, ident.HS2028}

// ruleNames lists the rules in order.
func ruleNames() []string {
	names := []string{ruleNumber}
	for _, e := range editions {
		names = append(names, hsEdition+strconv.Itoa(int(e)))
	}
	for _, r := range ident.Rules() {
		names = append(names, r.Name)
	}
	return names
}

// ruleKeys are those of a rule that says more than its name.
var ruleKeys = []string{"name", "secret"}

func (w *walker) rule(n *yaml.Node) rule {
	if n.Kind == yaml.ScalarNode {
		return w.ruleNamed(n)
	}
	fields := w.object(n, "rule", ruleKeys)
	if fields["name"] == nil {
		w.fail(n.Line, "rule: needs name")
		return rule{}
	}
	found := w.ruleNamed(fields["name"])
	if secret := fields["secret"]; secret != nil {
		if given := w.flag(secret, "secret"); found.secret && !given {
			w.fail(secret.Line, "secret: %s identifies a person and is always kept as a pseudonym", found.name)
		} else if given {
			found.secret, found.persons = true, ""
		}
	}
	return found
}

func (w *walker) ruleNamed(n *yaml.Node) rule {
	name := w.text(n, "rule")
	if name == ruleNumber {
		return rule{name: name, check: checkNumber}
	}
	if year, ok := strings.CutPrefix(name, hsEdition); ok {
		for _, e := range editions {
			if strconv.Itoa(int(e)) == year {
				return rule{name: name, check: func(text string) ident.Result { return ident.HSOf(text, e) }}
			}
		}
	}
	known, ok := ident.Lookup(name)
	if !ok {
		w.fail(n.Line, "rule: unknown rule %q%s", name, suggestion(name, ruleNames()))
	}
	return rule{name: name, check: known.Check, secret: known.Personal, persons: known.Persons}
}

func checkNumber(text string) ident.Result {
	if !isNumber([]byte(text)) {
		return ident.Result{Value: text, Mark: ident.Format}
	}
	return ident.Result{Value: text}
}

func isNumber(text []byte) bool {
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		text = text[1:]
	}
	points := 0
	for _, c := range text {
		switch {
		case c == '.':
			points++
		case c < '0' || c > '9':
			return false
		}
	}
	n := len(text)
	return points < 2 && n > 0 && text[0] != '.' && text[n-1] != '.'
}
