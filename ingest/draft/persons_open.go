package draft

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"rummage/ingest/ident"
	"rummage/ingest/mapping"
)

// byChance is how likely it may be that cells keep a rule, though they are nothing of the kind.
const byChance = 1e-3

// beyondChance reports cells that would hardly all keep the rule if they were nothing of the
// kind; a number that stands in many rows is counted once.
func (c *Column) beyondChance(r *ident.Rule) bool {
	return math.Pow(r.Chance, c.rules[r.Name]*float64(c.distinct)) <= byChance
}

// kept counts the different values that keep a rule, and those that have its form.
type kept struct{ sound, formed int }

// keeps counts them. What keeps no check digit has the form if it has as many letters and digits
// as a number of the rule.
func (c *Column) keeps(r *ident.Rule) kept {
	var k kept
	width := marks(r.Example)
	for value := range c.seen {
		value, _, _ = strings.Cut(value, mapping.Between)
		switch r.Check(value).Mark {
		case ident.Fine:
			k.sound++
			k.formed++
		case ident.CheckDigit:
			k.formed++
		default:
			if !r.Checked && marks(value) == width {
				k.formed++
			}
		}
	}
	return k
}

// marks counts the letters and digits of a text.
func marks(text string) int {
	n := 0
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// hardly reports that so many of the values of that form would hardly keep the rule if they were
// nothing of the kind: how likely it is that as many do or more.
func (k kept) hardly(chance float64) bool {
	likely := 0.0
	for n := k.sound; n <= k.formed; n++ {
		all, _ := math.Lgamma(float64(k.formed + 1))
		some, _ := math.Lgamma(float64(n + 1))
		rest, _ := math.Lgamma(float64(k.formed - n + 1))
		likely += math.Exp(all - some - rest + float64(n)*math.Log(chance) + float64(k.formed-n)*math.Log1p(-chance))
	}
	return k.sound > 0 && likely <= byChance+1e-9
}

// ofPersons is the rule of numbers that identify persons that values of a column keep, and that
// they hardly would by chance or, where its name says that it identifies persons, more often than
// that; the one that most values keep, nil for none. A column whose rule is
// that of another register, or whose cells are days, is none.
func (c *Column) ofPersons() *ident.Rule {
	if c.filled == 0 || len(c.dates) > 0 || c.ruleOf() != "" && c.person == "" {
		return nil
	}
	var best *ident.Rule
	most, said := 0, saysPerson(c.Name)
	for _, r := range ident.Rules() {
		if !r.Personal || c.rules[r.Name] == 0 {
			continue
		}
		if k := c.keeps(&r); k.sound > most && (k.hardly(r.Chance) || said && r.Checked && c.rules[r.Name] > 3*r.Chance) {
			best, most = &r, k.sound
		}
	}
	return best
}

// guarded gives columns that are written under a rule of numbers that identify persons, as those of
// parties are whatever their name says, the same rule wherever else they stand.
func (d *Draft) guarded() {
	for i := range d.Columns {
		c := &d.Columns[i]
		if c.person != "" || c.filled == 0 {
			continue
		}
		if r, known := ident.Lookup(c.ruleOf()); known && r.Personal {
			c.person = r.Name
			c.say(c.Sure, "%s of the cells keep the rule %s of numbers that identify persons", percent(c.rules[r.Name]), r.Name)
		}
	}
}

// unruled are numbers that identify persons and that no rule checks: the form of a cell, folded and
// without blanks, with the words, folded, of which the name of the column has one.
var unruled = []struct {
	what  string
	form  *regexp.Regexp
	words []string
}{
	{"identity cards of Myanmar", regexp.MustCompile(`^[0-9၀-၉]{1,2}/[^0-9()]{1,40}\([^()]{1,12}\)[0-9၀-၉]{6}$`),
		strings.Split("nrc,nrc no,national registration card,registration card,scrutiny card,နိုင်ငံသားစိစစ်ရေး,မှတ်ပုံတင်,ကတ်အမှတ်", ",")},
	{"identity cards of Mongolia", regexp.MustCompile(`^[а-яөүё]{2}[0-9]{2}(0[1-9]|1[0-2]|2[1-9]|3[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{2}$`),
		strings.Split("регистр,регистрийн,register,registry,rd,рд,иргэний", ",")},
}

// carded counts the cells that have the form of such a number, where the name of the column says
// so too, and names the kind, "" for none.
func (c *Column) carded() (what string, cells int) {
	name := headed(c.Name)
	for _, u := range unruled {
		if !saysPerson(c.Name) && !slices.ContainsFunc(u.words, func(word string) bool { return name.has(folded(word)) }) {
			continue
		}
		for value, rows := range c.seen {
			if u.form.MatchString(strings.ReplaceAll(folded(value), " ", "")) {
				cells += rows
			}
		}
		if cells > 0 {
			return u.what, cells
		}
	}
	return "", 0
}

// openPersons notes what is kept of numbers that identify persons: keyed hashes where the name
// says what they are, and where only the cells do, the numbers as they stand.
func (d *Draft) openPersons() {
	for i := range d.Columns {
		c := &d.Columns[i]
		out := "take the column out and write withhold: [" + quoted(c.Name) + "], so that none of its cells is kept"
		if c.person != "" {
			d.open("%s: %s keep the rule %s of numbers that identify persons, so that keyed hashes of them are kept, and never the numbers: name the key by identity-key-file before they are brought in, "+
				"or the rows that they name are refused; or %s", c.Name, of(c.cells(c.rules[c.person]), c.filled), c.person, out)
			continue
		}
		if r := c.ofPersons(); r != nil {
			d.open("%s: %s keep the rule %s of numbers that identify persons, and stand in the store as they are: write {column: %s, rule: %s}, so that keyed hashes are kept, or %s",
				c.Name, of(c.cells(c.rules[r.Name]), c.filled), r.Name, quoted(c.Name), r.Name, out)
			continue
		}
		if what, cells := c.carded(); what != "" {
			d.open("%s: %s are written as numbers of %s, which no rule checks, and stand in the store as they are: %s; or give it any rule with secret: true, which keeps a keyed hash of every text", c.Name, of(cells, c.filled), what, out)
		}
	}
}

// cells is how many cells of a column a share is.
func (c *Column) cells(share float64) int { return int(share*float64(c.filled) + 0.5) }

// personal reports a column that identifies persons, as far as its rule, its cells or its name
// together with its cells say: it numbers nothing else.
func (c *Column) personal() bool {
	what, _ := c.carded()
	return c.person != "" || c.ofPersons() != nil || what != ""
}
