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
}

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
		if !r.Personal {
			names = append(names, r.Name)
		}
	}
	return names
}

func (w *walker) rule(n *yaml.Node) rule {
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
	switch {
	case !ok:
		w.fail(n.Line, "rule: unknown rule %q%s", name, suggestion(name, ruleNames()))
	case known.Personal:
		w.fail(n.Line, "rule: %s identifies a person and must not be stored as it stands; leave the column out", name)
	}
	return rule{name: name, check: known.Check}
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
