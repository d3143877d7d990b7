package draft

import (
	"slices"
	"strings"
	"unicode"
)

// forwarding are how words for forwarders begin in the names of companies, folded.
var forwarding = strings.Split("logisti,forwarding,forwarder,freight,cargo,spedition,spedizion,speditor,expediteur,transitair,aduaner,despachant,логисти,экспедитор,экспедиц,"+
	"物流,货代,貨代,货运,貨運,ロジスティ,フォワー,물류,로지스틱,포워딩,โลจิสติก,giao nhan", ",")

// Of a column of traders that names forwarders in their place: the share of its rows, and how many it has at least.
const (
	forwarded = 0.2
	leastOf   = 20
)

// forwards reports a name with a word for a forwarder.
func forwards(name string) bool {
	plain := folded(name)
	words := strings.FieldsFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
	return slices.ContainsFunc(forwarding, func(word string) bool {
		if unspaced(word) || strings.Contains(word, " ") {
			return strings.Contains(plain, word)
		}
		return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, word) })
	})
}

// openForwarders notes traders many of which are forwarders: whoever they act for is then somebody else, and they
// join what has nothing else in common.
func (d *Draft) openForwarders() {
	if d.Shape != Consignments {
		return
	}
	for i := range d.Columns {
		c := &d.Columns[i]
		trades := slices.Contains([]Subject{"importer", "exporter", "consignee", "consignor"}, c.Subject)
		if !trades || c.Property != Name || c.filled < leastOf {
			continue
		}
		named := 0
		for name, rows := range c.seen {
			if forwards(name) {
				named += rows
			}
		}
		if float64(named) >= forwarded*float64(c.filled) {
			d.open("%s: %s have a word for a forwarder in the name, as one who acts for others: if another column names for whom, give that one the role %s, and this one the role forwarder",
				c.Name, of(named, c.filled), c.Subject)
		}
	}
}
