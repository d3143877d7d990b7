package draft

import (
	"slices"
	"strings"
	"sync"

	"rummage/ingest/ident"
)

// identity is a rule with the words for its numbers; without a rule, those for numbers of any.
type identity struct {
	rule    string
	phrases []string
}

// identities are the words for numbers that identify persons, with the rule of those that go by a
// name of their own.
var identities = sync.OnceValue(func() []identity {
	var all []identity
	for _, line := range identityWords {
		all = append(all, identity{line.rule, strings.Split(folded(line.words), ",")})
	}
	return all
})

var identityWords = []struct{ rule, words string }{
	{"hkid", "hkid,hkic,hk id,hk ic,hong kong id,hong kong identity card,香港身份證,香港身份证,香港身分證"},
	{"nric_sg", "nric,fin,uin"},
	{"nric_my", "nric,mykad,no kp,kad pengenalan,no kad pengenalan"},
	{"aadhaar_in", "aadhaar,aadhar,uidai"},
	{"cpf_br", "cpf"},
	{"nik_id", "nik,ktp,no ktp,nomor induk kependudukan"},
	{"my_number_jp", "マイナンバー,個人番号"},
	{"rrn_kr", "rrn,주민등록번호,주민번호"},
	{"id_th", "เลขประจำตัวประชาชน,บัตรประชาชน"},
	{"", "identity card,identity no,identity number,identification card,identification no,identification number,id card,id card no,national id,national identity,personal id,personal number,citizen id,ic no,ic number,id no,id number," +
		"identity document,passport,身份证,身份證,身分證,身份证号,公民身份号码,居民身份证,documento identidad,cedula,cedula identidad,carteira identidade,carte identite,piece identite,personalausweis,ausweisnummer,carta identita,cmnd,cccd,so cmnd,so cccd"},
}

// ofPerson takes numbers whose header says that they identify persons, and that keep the check
// digit of such a number, for what they are: they are kept as keyed hashes only.
func (c *Column) ofPerson() {
	switch {
	case c.filled == 0:
		return
	case c.Subject != Nobody && c.Subject != From && c.Subject != To && c.Subject != Record && c.Subject != Officer && !c.Subject.isParty():
		return
	}
	best, name := ident.Rule{Chance: 1}, headed(c.Name)
	for _, r := range ident.Rules() {
		if r.Personal && c.rules[r.Name] > c.rules[best.Name] && c.identifies(&r, name) {
			best = r
		}
	}
	if best.Name == "" {
		if what, cells := c.carded(); what != "" && c.Property != ID {
			c.Property, c.whole = ID, false
			c.say(c.Sure, "%s of the cells are written as numbers of %s", percent(float64(cells)/float64(c.filled)), what)
		}
		return
	}
	c.person, c.Property, c.whole = best.Name, ID, true
	c.say(max(c.Sure, sureName), "%s of the cells keep the rule %s of numbers that identify persons, as the name says", percent(c.rules[best.Name]), best.Name)
}

// identifies reports cells that keep the rule and a name that says so: with the name that the
// number goes by their form is enough, with any other word they must keep the check digit more
// often than chance.
func (c *Column) identifies(r *ident.Rule, name heading) bool {
	for _, line := range identities() {
		if line.rule != "" && line.rule != r.Name || !slices.ContainsFunc(line.phrases, name.has) {
			continue
		}
		sound, formed := c.rules[r.Name], c.rules[r.Name]+c.broken[r.Name]
		if line.rule != "" && formed >= mostly && sound > 0 || sound >= mostly && c.beyondChance(r) {
			return true
		}
	}
	return false
}

// heading is the name of a column as phrases are looked for in it: its words, and for scripts
// without spaces the whole.
type heading struct {
	words, plain string
	joined       map[string]bool // what words beside each other are, written together
}

func headed(name string) heading {
	words := split(name)
	joined := map[string]bool{}
	for from := range words {
		for to := from + 1; to <= len(words); to++ {
			joined[strings.Join(words[from:to], "")] = true
		}
	}
	return heading{" " + strings.Join(words, " ") + " ", folded(name), joined}
}

// has reports a name with that phrase, which is to be folded, however its words are written
// together, as in IDCard.
func (h heading) has(phrase string) bool {
	return strings.Contains(h.words, " "+phrase+" ") || unspaced(phrase) && strings.Contains(h.plain, phrase) ||
		len(phrase) >= shortest && h.joined[strings.ReplaceAll(phrase, " ", "")]
}

// saysPerson reports a name that says that its numbers identify persons, if not of which kind.
func saysPerson(name string) bool {
	h := headed(name)
	return slices.ContainsFunc(identities(), func(line identity) bool { return slices.ContainsFunc(line.phrases, h.has) })
}

// withhold shows how to keep none of the numbers that identify persons.
func (p *page) withhold(d *Draft) {
	var names []string
	for i := range d.Columns {
		if c := &d.Columns[i]; c.person != "" {
			names = append(names, p.column(c))
		}
	}
	if len(names) > 0 {
		p.line("# withhold: [%s] # in place of every line that names such a column: then none of its cells is kept or shown", strings.Join(names, ", "))
	}
}
