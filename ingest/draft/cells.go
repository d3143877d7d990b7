package draft

import (
	"cmp"
	"slices"
	"strings"
)

// confirming are the rules that cells of a subject keep.
var confirming = map[Subject][]string{
	"commodity": {"hs"}, "equipment": {"container"}, "vessel": {"imo_ship"},
	"origin": {"country", "country_name"}, "departure": {"country", "locode", "country_name", "port"},
	"loading": {"locode", "country", "port", "country_name"}, "discharge": {"locode", "country", "port", "country_name"},
	"destination": {"country", "locode", "country_name", "port"}, "transit": {"locode", "country", "port", "country_name"},
}

// ofCells holds the meaning that the name gave against the cells, and asks the
// cells where the name gave none.
func (c *Column) ofCells(rows int) {
	switch {
	case c.filled == 0:
		if c.Meaning != (Meaning{}) && rows > 0 {
			c.say(c.Sure, "no cell holds anything")
		}
	case c.plainly(), c.channelled():
	case c.epochs >= mostly && c.saysTime():
		c.Meaning, c.dates = Meaning{Consignment, Date}, []string{"unix"}
		c.say(0.9, "the cells are seconds since 1970")
	case (c.Subject == From || c.Subject == To) && c.Property == ID && len(c.dates) > 0 && c.calendar == "":
		c.Meaning = Meaning{Nobody, map[Subject]Property{From: Since, To: Until}[c.Subject]}
		c.say(c.Sure, "the cells are days written %s", c.dates[0])
	case c.names() && c.daily():
		c.Meaning = Meaning{Consignment, Date}
		c.say(sureName/2, "the cells are days written %s, and name nothing", c.written())
	case c.counts && (c.fromOne && !c.isKey() && c.Subject == Nobody || c.Meaning == Meaning{Consignment, "sequence"}):
		c.Meaning = Meaning{Consignment, "sequence"}
		c.say(0.9, "the cells count the rows")
	case c.Property == "packages" && c.Subject == Consignment && c.number() < 0 && c.points < mostly && !c.digital():
		c.Property = "package_type"
		c.say(c.Sure*0.8, "the cells are words")
	case c.Property == Date && c.times >= mostly:
		c.Meaning = Meaning{Consignment, "time"}
		c.say(c.Sure, "the cells are times of day")
	case slices.Contains([]Property{Since, Until, Founded}, c.Property) && len(c.dates) > 0:
		c.say(min(c.Sure+0.09, 0.99), "the cells are days written %s", c.dates[0])
	case c.Meaning == Meaning{}:
		c.guess(rows)
	case c.Property == Date && c.Subject == Consignment:
		c.confirmDate()
	case c.Subject == Consignment && isAmount(c.Property):
		switch _, ok := c.amount(); {
		case c.Property == "duty" && c.mostTelling() != "":
			c.Meaning, c.whole = Meaning{Nobody, ID}, true
			c.say(bareName, "the cells keep the rule %s", c.mostTelling())
		case !ok:
			c.say(c.Sure/2, "the cells are no numbers")
		}
	case c.Meaning == Meaning{"commodity", Name} && c.rules["hs"] >= mostly && c.number() >= 0:
		c.Property = ID
		c.confirmID()
	case c.Property == ID:
		c.confirmID()
	case c.Property == Name && c.Subject.isParty() && c.number() >= 0:
		c.Property = ID
		c.say(c.Sure*0.9, "the cells are numbers, so it is a number that stands for the party")
	case c.Property == Email && c.mails < mostly:
		c.say(c.Sure/2, "only %s of the cells are mail addresses", percent(c.mails))
	}
}

// saysTime reports a name that speaks of a time.
func (c *Column) saysTime() bool {
	return says(c.Name, []string{"epoch", "unix", "timestamp", "ts", "time", "date", "start", "datetime", "utc"})
}

// isKey reports the name of a column that names things, even where it counts them: a key, or the
// number of a register.
func (c *Column) isKey() bool {
	return keys[plainText(c.Name)] || c.Property == ID && says(c.Name, registries)
}

// registries are the words for numbers that a register gives.
var registries = []string{"registration", "registry", "register", "registered", "reg", "company", "companies", "incorporation", "licence", "license", "cr", "brn",
	"registro", "matricula", "inscripcion", "immatriculation", "登记", "登記", "注册", "註冊", "登録", "등록"}

// keys are names of columns that name things, even where they count them.
var keys = wordSet("id,key,code,uid,node,node id")

// plainly takes cells for what hardly anything else looks like, whatever the name says.
func (c *Column) plainly() bool {
	for _, p := range []struct {
		rule    string
		meaning Meaning
	}{
		{"container", Meaning{"equipment", ID}},
		{"imo_ship", Meaning{"vessel", ID}},
		{"postal_item", Meaning{Consignment, Number}},
	} {
		if c.rules[p.rule] >= 0.9 && c.distinct > 2 && c.Meaning != p.meaning {
			c.Meaning = p.meaning
			c.say(0.95, "%s of the cells keep the rule %s", percent(c.rules[p.rule]), p.rule)
			return true
		}
	}
	if c.sizes >= 0.9 && (c.Subject == Nobody || c.Subject == "equipment") {
		c.Meaning = Meaning{"equipment", "equipment_type"}
		c.say(0.9, "the cells are types of containers")
		return true
	}
	return false
}

// digital reports a column with values of which some hold a digit.
func (c *Column) digital() bool {
	for value := range c.seen {
		if strings.ContainsAny(value, "0123456789") {
			return true
		}
	}
	return false
}

// isAmount reports a field that is a number.
func isAmount(p Property) bool {
	return slices.Contains([]Property{"value", "fob", "cif", "unit_price", "gross_mass", "net_mass", "quantity", "packages", "freight", "insurance", "duty", "rate"}, p)
}

func (c *Column) confirmDate() {
	switch {
	case len(c.dates) == 0:
		c.Meaning = Meaning{Consignment, "period"}
		c.say(c.Sure/2, "the cells are days in no format that is known, such as %s", formats())
	case c.ambiguous():
		c.say(c.Sure*0.6, "the cells fit %s alike: look which it is", strings.Join(c.dates, " and "))
	default:
		c.say(min(c.Sure+0.09, 0.99), "the cells are days written %s", c.written())
	}
}

func formats() string { return dateForms[0].format + " or " + dateForms[6].format }

// confirmID holds the cells against the rules that identifiers of the subject keep.
func (c *Column) confirmID() {
	rules := confirming[c.Subject]
	if len(rules) == 0 {
		return
	}
	best := slices.MaxFunc(rules, func(a, b string) int { return cmp.Compare(c.rules[a], c.rules[b]) })
	switch share := c.rules[best]; {
	case share >= mostly:
		c.say(min(c.Sure+0.09, 0.99), "%s of the cells keep the rule %s", percent(share), best)
	case c.Subject == "origin" && (share >= mostly/2 || speaksOf(c.Name, Country)):
		c.say(c.Sure*0.8, "%s of the cells keep the rule %s", percent(share), best)
	case c.Subject == "origin":
		c.Subject = "departure"
		c.say(c.Sure*0.8, "only %s of the cells are countries, so it is where it came from", percent(share))
	case c.Subject.isPlace():
		c.say(c.Sure, "the cells are names or codes of another list")
	case c.Subject == "commodity" && c.number() >= 0:
		c.say(c.Sure, "the cells are numbers, %s of them in the edition of 2022", percent(share))
	case c.Subject == "vessel" && c.wordy > mostly/2:
		c.Property = Name
		c.say(c.Sure, "the cells are names")
	default:
		c.say(c.Sure/2, "only %s of the cells keep the rule %s", percent(share), best)
	}
}

// guess asks the cells alone.
func (c *Column) guess(rows int) {
	if len(c.dates) > 0 && c.distinct > 1 && c.number() < 0 {
		c.Meaning = Meaning{Consignment, Date}
		c.say(0.6, "the cells are days written %s", c.dates[0])
		return
	}
	for _, g := range []struct {
		rule    string
		least   float64
		sure    float64
		meaning Meaning
	}{
		{"container", 0.7, 0.95, Meaning{"equipment", ID}},
		{"imo_ship", 0.9, 0.9, Meaning{"vessel", ID}},
		{"currency", 0.95, 0.8, Meaning{Consignment, "currency"}},
		{"locode", 0.9, 0.4, Meaning{"discharge", ID}},
		{"country", 0.95, 0.4, Meaning{"origin", ID}},
		{"hs", 0.95, 0.6, Meaning{"commodity", ID}},
	} {
		if share := c.rules[g.rule]; share >= g.least && (g.rule != "hs" || c.length >= 6) {
			c.Meaning, c.whole = g.meaning, true
			c.say(g.sure, "%s of the cells keep the rule %s", percent(share), g.rule)
			return
		}
	}
	switch {
	case len(c.dates) > 0 && c.distinct > 1:
		c.Meaning = Meaning{Consignment, Date}
		c.say(0.6, "the cells are days written %s", c.dates[0])
	case c.mails >= mostly:
		c.Meaning = Meaning{Nobody, Email}
		c.say(0.5, "the cells are mail addresses")
	case c.legal >= mostly/2 && c.wordy >= mostly/2 && c.length <= longName:
		c.Meaning = Meaning{Nobody, Name}
		c.say(0.3, "%s of the cells look like names of companies", percent(c.legal))
	case c.unique(rows) && rows >= enough && c.wordy < 0.1 && c.points < 0.1 && c.number() < 1 && c.length >= 4 && c.length <= 40 && (c.number() < 0 || c.even || c.Number == 1):
		// Of plain numbers, amounts differ too.
		c.Meaning = Meaning{Nobody, ID}
		c.say(0.3, "every cell differs")
	}
}

// enough is how many rows that all differ make a column seem to number them.
const enough = 10
