package draft

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Messages of UN/EDIFACT and X12 come as rows whose columns are named by segment,
// qualifier and element, such as NAD+CN.name. What these mean the directories of
// the standards say, so they are read by table and not by words.

// partyRoles are the roles of parties by their qualifiers in NAD (data element
// 3035), N1 and NM1 (98).
var partyRoles = map[string]Subject{
	"NAD+CZ": "consignor", "NAD+CN": "consignee", "NAD+NI": "notify_party", "NAD+N1": "notify_party", "NAD+N2": "notify_party",
	"NAD+EX": "exporter", "NAD+IM": "importer", "NAD+DT": "declarant", "NAD+AE": "declarant", "NAD+CB": "declarant",
	"NAD+CA": "carrier", "NAD+CF": "carrier", "NAD+FW": "forwarder", "NAD+SE": "exporter", "NAD+BY": "importer",
	"N1+SH": "consignor", "N1+CN": "consignee", "N1+NP": "notify_party", "N1+N1": "notify_party", "N1+N2": "notify_party",
	"N1+EX": "exporter", "N1+IM": "importer", "N1+CB": "declarant", "N1+CA": "carrier", "N1+FW": "forwarder",
	"N1+SE": "exporter", "N1+BY": "importer",
}

// partyValues are what values of a party's segment in UN/EDIFACT, and of those that
// belong to it, say of the party.
var partyValues = map[string]Property{
	".name": Name, ".lines": Name, ".id": ID, ".address": Address, ".city": City, ".region": "region", ".region_name": "region",
	".postcode": Postcode, ".country": Country, "/COM+TE.number": Phone, "/COM+EM.number": Email, "/COM+FX.number": "fax",
	"/CTA+IC.name": "contact", "/RFF+VA.number": "vat_number",
}

// partyValuesX12 are what partyValues are.
var partyValuesX12 = map[string]Property{
	".name": Name, ".id": ID, "/N2.name": Alias, "/N3.address": Address, "/N3.address2": Address, "/N4.city": City, "/N4.region": "region",
	"/N4.postcode": Postcode, "/N4.country": Country, "/PER+IC.name": "contact", "/PER+IC.number": Phone, "/G61+IC.number": Phone,
}

// placeRoles are the roles of places by their qualifiers in LOC (data element
// 3227) and R4 (115). Of several in one role the first counts.
var placeRoles = []struct {
	segment string
	role    Subject
}{
	{"LOC+9", "loading"}, {"LOC+76", "loading"}, {"R4+L", "loading"},
	{"LOC+11", "discharge"}, {"LOC+60", "discharge"}, {"R4+D", "discharge"},
	{"LOC+13", "transit"}, {"LOC+165", "transit"}, {"LOC+17", "transit"}, {"R4+T", "transit"},
	{"LOC+88", "departure"}, {"LOC+5", "departure"}, {"LOC+35", "departure"}, {"R4+R", "departure"},
	{"LOC+7", "destination"}, {"LOC+8", "destination"}, {"LOC+20", "destination"}, {"LOC+36", "destination"}, {"LOC+28", "destination"}, {"R4+E", "destination"},
	{"LOC+27", "origin"},
	{"LOC+22", "office"}, {"LOC+41", "office"}, {"LOC+42", "office"},
}

// told are the meanings of columns, the surest of several with one meaning first.
var told = []struct {
	column string
	Meaning
}{
	{"RFF+BM.number", Meaning{Consignment, Number}}, {"RFF+AWB.number", Meaning{Consignment, Number}}, {"M11.number", Meaning{Consignment, Number}},
	{"B3.number", Meaning{Consignment, Number}}, {"CNI.number", Meaning{Consignment, Number}}, {"BGM.number", Meaning{Consignment, Document}},
	{"CNI.item", Meaning{Consignment, "sequence"}}, {"CST.item", Meaning{Consignment, "item"}}, {"GID.item", Meaning{Consignment, "item"}},
	{"DTM+7.date", Meaning{Consignment, Date}}, {"DTM+178.date", Meaning{Consignment, Date}}, {"DTM+132.date", Meaning{Consignment, Date}},
	{"DTM+150.date", Meaning{Consignment, Date}}, {"DTM+148.date", Meaning{Consignment, Date}}, {"DTM+136.date", Meaning{Consignment, Date}},
	{"DTM+133.date", Meaning{Consignment, Date}}, {"P4.day", Meaning{Consignment, Date}}, {"B3.day", Meaning{Consignment, Date}},
	{"DTM+137.date", Meaning{Consignment, Date}}, {"UNB.date", Meaning{Consignment, Date}}, {"GS.date", Meaning{Consignment, Date}},
	{"TDT+20.imo", Meaning{"vessel", ID}}, {"TDT+11.imo", Meaning{"vessel", ID}}, {"M10.imo", Meaning{"vessel", ID}}, {"V1.imo", Meaning{"vessel", ID}},
	{"TDT+20.vessel", Meaning{"vessel", Name}}, {"TDT+11.vessel", Meaning{"vessel", Name}}, {"M10.vessel", Meaning{"vessel", Name}}, {"V1.vessel", Meaning{"vessel", Name}},
	{"TDT+20.callsign", Meaning{"vessel", "call_sign"}}, {"TDT+20.flag", Meaning{"vessel", "flag"}}, {"M10.country", Meaning{"vessel", "flag"}}, {"V1.flag", Meaning{"vessel", "flag"}},
	{"TDT+20.voyage", Meaning{Consignment, "voyage"}}, {"M10.voyage", Meaning{Consignment, "voyage"}}, {"V1.voyage", Meaning{Consignment, "voyage"}},
	{"TDT+20.mode", Meaning{Consignment, "mode"}}, {"TDT+20.carrier", Meaning{"carrier", ID}}, {"TDT+20.carrier_name", Meaning{"carrier", Name}},
	{"M10.carrier", Meaning{"carrier", ID}}, {"B3.carrier", Meaning{"carrier", ID}},
	{"P4.port", Meaning{"discharge", ID}}, {"M11.place", Meaning{"loading", ID}}, {"M11.receipt", Meaning{"departure", ID}},
	{"EQD+CN.number", Meaning{"equipment", ID}}, {"SGP.number", Meaning{"equipment", ID}}, {"VID.equipment", Meaning{"equipment", ID}}, {"N7.equipment", Meaning{"equipment", ID}},
	{"EQD+CN.type", Meaning{"equipment", "equipment_type"}}, {"VID.iso", Meaning{"equipment", "equipment_type"}},
	{"EQD/SEL.number", Meaning{"seal", ID}}, {"SEL.number", Meaning{"seal", ID}}, {"VID.seal", Meaning{"seal", ID}}, {"M7.seal", Meaning{"seal", ID}},
	{"CST.code", Meaning{"commodity", ID}}, {"PIA+5.code", Meaning{"commodity", ID}}, {"N10.code", Meaning{"commodity", ID}}, {"L5.code", Meaning{"commodity", ID}},
	{"FTX+AAA.text", Meaning{Consignment, "description"}}, {"N10.description", Meaning{Consignment, "description"}}, {"L5.description", Meaning{Consignment, "description"}},
	{"PCI.marks", Meaning{Consignment, "marks"}}, {"N10.marks", Meaning{Consignment, "marks"}},
	{"MEA+AAE.G.value", Meaning{Consignment, "gross_mass"}}, {"MEA+AAE.WT.value", Meaning{Consignment, "gross_mass"}}, {"MEA+AAE.AAB.value", Meaning{Consignment, "gross_mass"}},
	{"MEA+WT.value", Meaning{Consignment, "gross_mass"}}, {"MEA+AAE.VGM.value", Meaning{Consignment, "gross_mass"}}, {"M11.weight", Meaning{Consignment, "gross_mass"}},
	{"MEA+AAE.AAA.value", Meaning{Consignment, "net_mass"}},
	{"GID.packages", Meaning{Consignment, "packages"}}, {"PAC.packages", Meaning{Consignment, "packages"}}, {"M11.quantity", Meaning{Consignment, "packages"}},
	{"GID.package_type", Meaning{Consignment, "package_type"}}, {"PAC.type", Meaning{Consignment, "package_type"}}, {"M11.package_type", Meaning{Consignment, "package_type"}},
	{"MOA+40.amount", Meaning{Consignment, "value"}}, {"MOA+38.amount", Meaning{Consignment, "value"}}, {"MOA+39.amount", Meaning{Consignment, "value"}},
	{"MOA+40.currency", Meaning{Consignment, "currency"}}, {"MOA+38.currency", Meaning{Consignment, "currency"}}, {"MOA+39.currency", Meaning{Consignment, "currency"}},
	{"TOD.terms", Meaning{Consignment, "incoterm"}}, {"CST.code2", Meaning{Consignment, "procedure"}},
	{"RFF+MB.number", Meaning{Consignment, "master_bill"}}, {"M11.master", Meaning{Consignment, "master_bill"}}, {"RFF+BN.number", Meaning{Consignment, "booking"}},
	{"EQD+CN.full", Meaning{Consignment, "full"}}, {"DGS.un", Meaning{Consignment, "dangerous"}}, {"H1.un", Meaning{Consignment, "dangerous"}},
}

// meanings are those of every column of a message that has one, with how sure it
// is: what stands further down in a table less than what stands above it.
var meanings = sync.OnceValue(func() map[string]Column {
	all := map[string]Column{}
	add := func(column string, m Meaning, sure float64) {
		all[column] = Column{Meaning: m, Sure: sure, whole: true}
	}
	for i, t := range told {
		add(t.column, t.Meaning, sureName-0.001*float64(i))
	}
	for segment, role := range partyRoles {
		values := partyValues
		if !strings.HasPrefix(segment, "NAD") {
			values = partyValuesX12
		}
		for value, property := range values {
			add(segment+value, Meaning{role, property}, sureName)
		}
	}
	for i, p := range placeRoles {
		add(p.segment+".code", Meaning{p.role, ID}, sureName-0.001*float64(i))
		add(p.segment+".name", Meaning{p.role, Name}, sureName-0.001*float64(i))
	}
	return all
})

// typeColumns hold the type of the message.
var typeColumns = []string{"UNH.type", "ST.type"}

// kindColumn holds what a row of a message is about.
const kindColumn = "record"

// unnamed is a value that the directory of the reader has no name for.
var unnamed = regexp.MustCompile(`\.\d+(\.\d+)?$`)

// isMessages reports a table of messages of UN/EDIFACT or X12.
func (t *Table) isMessages() bool {
	return t.Header && slices.Contains(t.Columns, kindColumn) && slices.ContainsFunc(typeColumns, func(name string) bool { return slices.Contains(t.Columns, name) })
}

// ofMessage takes over what the directory says of a column. What it does not tell
// of is a field, but for values that it has no name for: these the cells may tell.
func (c *Column) ofMessage() {
	m, known := meanings()[c.Name]
	switch {
	case known:
		c.Meaning, c.Sure, c.whole = m.Meaning, m.Sure, true
		c.Why = append(c.Why, "the directory of the message says so")
	case !unnamed.MatchString(c.Name):
		c.Meaning = Meaning{Consignment, None}
		c.Why = append(c.Why, "the directory of the message has no role for it")
	}
}

// settleMessages decides where columns of messages speak of the same thing: of two
// that name it, the one that more rows state.
func (d *Draft) settleMessages() {
	d.numbering()
	for i := range d.Columns {
		c := &d.Columns[i]
		names := c.Property == ID || c.Meaning == Meaning{Consignment, Number} || c.Meaning == Meaning{Consignment, Date}
		if !names {
			continue
		}
		for k := range d.Columns {
			if o := &d.Columns[k]; o.Meaning == c.Meaning && o.filled > c.filled {
				c.Sure = min(c.Sure, o.Sure-0.01)
			}
		}
	}
	for _, s := range order {
		d.only(Meaning{s, ID})
		d.alone(s)
		id, name := d.find(Meaning{s, ID}), d.find(Meaning{s, Name})
		if s.isParty() && id != nil && name != nil && id.filled < name.filled {
			id.Property = Number
			id.Why = append(id.Why, "fewer rows have it than have a name")
		}
	}
}

// numbering finds what numbers the consignments. A declaration has the number of its
// message; what else is numbered there is a document beside it.
func (d *Draft) numbering() {
	declares := d.messageView() == "declaration"
	for _, t := range told {
		i := slices.IndexFunc(d.Columns, func(c Column) bool { return c.Name == t.column && c.filled > 0 })
		if i < 0 {
			continue
		}
		c := &d.Columns[i]
		switch {
		case declares && t.Meaning == Meaning{Consignment, Number}:
			c.Property = Document
		case declares && t.column == messageNumber:
			c.Property = Number
			d.numbers = append(d.numbers, c)
		case t.Meaning == Meaning{Consignment, Number}, t.column == messageNumber && slices.Contains(d.kinds(), "message"):
			d.numbers = append(d.numbers, c)
		}
	}
}

// messageNumber numbers the message, and so what it is about where that is one
// consignment.
const messageNumber = "BGM.number"

// kinds lists what rows are about.
func (d *Draft) kinds() []string {
	i := slices.IndexFunc(d.Columns, func(c Column) bool { return c.Name == kindColumn })
	return d.Columns[i].values
}

// things are the kinds of rows that are about no consignment where others are.
var things = []string{"equipment", "port"}

// alone leaves a subject to the segment that names it: two carriers of one message
// are not one, and what is said of one is not said of the other.
func (d *Draft) alone(s Subject) {
	lead := d.find(Meaning{s, ID})
	if lead == nil {
		lead = d.find(Meaning{s, Name})
	}
	if lead == nil {
		return
	}
	for i := range d.Columns {
		if c := &d.Columns[i]; c.Subject == s && segmentOf(c.Name) != segmentOf(lead.Name) {
			c.Meaning = Meaning{Consignment, None}
			c.Why = append(c.Why, lead.Name+" names the "+string(s))
		}
	}
}

// segmentOf returns the segment that the name of a column begins with, and its
// qualifier.
func segmentOf(name string) string {
	if i := strings.IndexAny(name, "./"); i >= 0 {
		return name[:i]
	}
	return name
}

// messageView tells which document rows of messages were read from.
func (d *Draft) messageView() string {
	has := func(name string) bool {
		return slices.ContainsFunc(d.Columns, func(c Column) bool { return c.Name == name && c.filled > 0 })
	}
	switch {
	case has("CST.item") && !has("CNI.item"):
		return "declaration"
	case has("CNI.item"), has("M11.number"):
		return "manifest"
	case has("EQD+CN.number") && !has("NAD+CN.name") && !has("NAD+CZ.name"):
		return "movement"
	}
	return "bill_of_lading"
}

// number writes what numbers the consignments of messages, and which rows are about
// one.
func (p *page) number(d *Draft) {
	var names []string
	then := ""
	for _, c := range d.numbers {
		names = append(names, p.column(c))
		if c.many {
			then = `, then: {match: "^[^\x1F]+"}`
		}
	}
	if len(names) == 0 {
		p.line("    number: {row: file} # no column numbers the rows, so each is a consignment of its own")
	} else {
		p.line("    number: {first: [%s]%s} # a row that states none is a consignment of its own", strings.Join(append(names, "{row: file}"), ", "), then)
	}
	var none []string
	for _, kind := range d.kinds() {
		if slices.Contains(things, kind) {
			none = append(none, kind)
		}
	}
	if n := len(none); n > 0 && n < len(d.kinds()) {
		p.line("    when: {column: %s, unequal: [%s]} # these rows tell of things alone", quoted(kindColumn), strings.Join(none, ", "))
	}
}

// messages writes by what the mapping knows its files: the types of the messages,
// since every file has columns of its own.
func (p *page) messages(d *Draft) {
	names := []string{quoted(kindColumn)}
	tests := ""
	for i := range d.Columns {
		c := &d.Columns[i]
		if !slices.Contains(typeColumns, c.Name) {
			continue
		}
		names = append(names, quoted(c.Name))
		var types []string
		for _, value := range c.values {
			types = append(types, regexp.QuoteMeta(value))
		}
		if len(types) > 0 {
			tests += quoted(c.Name) + ": " + quoted("^("+strings.Join(types, "|")+")$")
		}
	}
	p.line("recognise:\n  header: [%s]", strings.Join(names, ", "))
	if tests != "" {
		p.line("  tests: {%s}", tests)
	}
	p.line("file: {sparse: true} # every file has the columns that it fills")
}
