package draft

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"rummage/ingest/ident"
)

// A Table is what a mapping is drafted for.
type Table struct {
	Name    string   // of the mapping: lower case letters, digits, hyphens
	File    string   // that the draft goes to, as its comment names it, "" for Name.yaml
	Part    string   // of the file that it is, as it was named, "" for the whole
	Space   string   // namespace of what it numbers, "" for Name: one for the tables of a file that speak of the same things
	Columns []string // names; numbers where Header is false
	Header  bool     // Columns are names
	Region  Region   // whose words, days and numbers are taken where there are several ways
	Rows    [][]string
	// Tree says that the columns are leaves of a tree, so that another file of the layout
	// may lack some. Record is what makes a row there, if a person named it.
	Tree   bool
	Record string
	// Encoding, Delimiter, Quote and Widths are how it is written, if a person named them.
	Encoding, Delimiter, Quote, Widths string
	// Graph says that it is the nodes or the edges of a graph file.
	Graph bool
	// Beside is the other of the two tables of a graph file: its edges, or its nodes.
	Beside *Table
}

// A Column is what one column was taken for.
type Column struct {
	Number int // from 1
	Name   string
	Meaning
	// Sure is between 0 and 1: how far name and cells speak for it.
	Sure float64
	// Why says what speaks for it, or against.
	Why []string

	look
	whole   bool
	guessed bool   // which party it is, no word says
	spoken  bool   // a link begins or ends with it
	field   string // its name as a field
	person  string // rule of the numbers that identify persons which it holds, "" for none
}

// Shape is what a row of a table is about.
type Shape string

// Shapes.
const (
	Consignments Shape = "consignments" // parties, goods and places of one shipment
	Register     Shape = "register"     // one party, place or vessel
	Links        Shape = "links"        // two things, and what joins them
)

// A Draft is a mapping to be finished by a person.
type Draft struct {
	Table   string
	Shape   Shape
	Columns []Column
	Records []Repeated // what could make the rows of a tree instead
	Open    []string   // what a person has to decide, that which loses rows first
	Text    string     // the mapping

	strangers []stranger
	otherwise *Column   // numbers the rows that the number of the consignment leaves empty
	roles     *roles    // of parties that stand in one column, nil for none
	tree      bool      // columns are leaves of a tree
	record    *entity   // what the rows of a register are about
	told      []*Column // what tells moves apart that nothing numbers
	filed     bool      // nodes of a graph file have numbers that mean nothing outside it
	graph     *graph    // of a graph file whose nodes are of several kinds
	matrix    *matrix   // whose columns name the things that its rows name
	messages  bool      // rows are of messages
	employed  bool      // rows are of companies with their officers
	rows      int       // that were looked at
	value     *Column   // what the row is worth, nil for none
	basis     string    // how that is counted, "" where no word says so
	numbers   []*Column // of messages, those that number their consignments, the first that a row states
}

// Of drafts a mapping. The same table gives the same draft.
func Of(table Table) *Draft {
	table.Space = cmp.Or(table.Space, table.Name)
	table.Rows = table.body()
	rules := guessed()
	d := &Draft{Table: table.Name, Columns: make([]Column, len(table.Columns)), messages: table.isMessages(), rows: len(table.Rows), tree: table.Tree}
	for i, name := range table.Columns {
		c := &d.Columns[i]
		*c = Column{Number: i + 1, Name: name, look: lookAt(table.Rows, i, rules)}
		c.settleRegion(table.Region)
		c.region = c.regionRule(table.Region)
		switch {
		case d.messages:
			c.ofMessage()
		case table.Header:
			c.ofName()
			c.ofRegion(table.Region)
		}
		c.ofCells(len(table.Rows))
		c.ofPerson()
	}
	if d.messages {
		d.settleMessages()
	}
	d.settle(table.Rows)
	d.guarded()
	d.matrix = matrixOf(&table)
	if d.Shape = d.shape(); d.Shape == Consignments && !d.messages {
		d.sailed()
		d.number(len(table.Rows))
	}
	d.filed = table.Graph && numbersNodes(&table)
	switch {
	case table.Beside == nil:
	case slices.Contains(table.Columns, sourceColumn):
		d.graph = graphOf(table.Beside, &table)
	default:
		d.graph = graphOf(&table, table.Beside)
	}
	d.fields()
	switch d.Shape {
	case Register:
		d.nameListed()
		d.record = d.subjectOf(table)
	case Consignments:
		d.told = d.tellsMoves(table.Rows)
	}
	if table.Tree {
		d.Records = d.records(table.Rows)
	}
	d.points(&table)
	d.Text = strings.Map(printed, write(d, table))
	return d
}

// Wordy reports a column that nothing says the meaning of and whose cells are words, as names
// are.
func (c *Column) Wordy() bool { return c.Property == None && c.wordy >= mostly/2 }

// Taken says what the mapping takes the column for. A field of the consignment whose name is understood in part
// keeps that name in the mapping, and what it may be stands behind it.
func (c *Column) Taken() string {
	switch {
	case c.Property == None && (c.Subject == Nobody || c.Subject == Consignment):
		return "field"
	case c.Subject == Consignment && c.Property != Number && !c.isDay() && c.results() == "" && !c.whole && c.field != string(c.Property) && strings.HasPrefix(c.field, slug(c.Name, c.Number)):
		return "field, perhaps " + string(c.Property)
	}
	return strings.TrimSpace(string(c.Subject) + " " + string(c.Property))
}

// ofName takes over what the name says.
func (c *Column) ofName() {
	r := read(c.Name)
	c.Meaning, c.Sure, c.whole = r.Meaning, r.sure, r.whole
	if len(r.because) > 0 {
		c.Why = append(c.Why, "the name says "+strings.Join(r.because, ", "))
	}
}

// say notes how the cells change how sure a meaning is.
func (c *Column) say(sure float64, format string, args ...any) {
	c.Sure = sure
	c.Why = append(c.Why, fmt.Sprintf(format, args...))
}

// percent writes a share.
func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

// settle decides where columns speak of the same thing.
func (d *Draft) settle(rows [][]string) {
	d.unnamed()
	d.accounts()
	d.typed()
	d.housed(rows)
	d.texted()
	d.lasting()
	d.ends()
	d.employed = d.employs()
	d.only(Meaning{Consignment, Date})
	d.only(Meaning{Consignment, Number})
	d.only(Meaning{"commodity", ID})
	if d.find(Meaning{"vessel", ID}) == nil {
		d.only(Meaning{"vessel", Name}) // the other is another ship, such as that which it left on
	}
	d.boxed()
	d.only(Meaning{Consignment, Result})
	d.weak("exporter", "consignor")
	d.weak("importer", "consignee")
	d.severally(rows)
	d.paired(rows)
	d.masterly()
	d.nobodys()
	d.housedAt()
	d.strange(rows)
	d.beside()
}

// lasting takes an empty column beside that of the day from which something holds for the day
// until which it does: where the one is called From, the other is called To.
func (d *Draft) lasting() {
	from := d.surest(func(c *Column) bool {
		return c.Meaning == Meaning{Nobody, Since} && slices.Contains(split(c.Name), "from")
	})
	if from == nil {
		return
	}
	for i := range d.Columns {
		if c := &d.Columns[i]; c.Meaning == (Meaning{To, ID}) && c.filled == 0 {
			c.Meaning = Meaning{Nobody, Until}
			c.Why = append(c.Why, from.Name+" is a day")
		}
	}
}

// reach is how many columns away a party may stand that an address belongs to.
const reach = 3

// beside gives an address, a town or a number that no word gives to anybody to the
// party in the columns before it or, of numbers, in the one behind it.
func (d *Draft) beside() {
	for i := range d.Columns {
		c := &d.Columns[i]
		own := slices.Contains([]Property{Address, City, Postcode, Phone, Email}, c.Property)
		if c.Subject != Nobody || !own && (c.Property != ID || !c.whole || slices.Contains(split(c.Name), "ref")) {
			continue
		}
		for n := 1; n <= reach; n++ {
			before, behind := i-n, i+n
			switch {
			case before >= 0 && d.Columns[before].Subject.isParty() && (own || n == 1) && d.together(c, &d.Columns[before]):
				c.Subject = d.Columns[before].Subject
			case n == 1 && c.Property == ID && behind < len(d.Columns) && d.Columns[behind].Subject.isParty() && d.Columns[behind].Property == Name && d.together(c, &d.Columns[behind]):
				c.Subject = d.Columns[behind].Subject
			default:
				continue
			}
			c.Why = append(c.Why, "it stands beside the "+string(c.Subject))
			break
		}
	}
}

// number finds a column that numbers consignments where none says that it does: the
// number of a document that every row has, else one of nobody's that differs from row to
// row and, in a short table, is called a number.
func (d *Draft) number(rows int) {
	if d.find(Meaning{Consignment, Number}) != nil {
		return
	}
	for _, fits := range []func(c *Column) bool{ // of a column with one value in each row
		func(c *Column) bool {
			return c.Meaning == Meaning{Consignment, Document} && c.filled >= min(rows, SampleRows)
		},
		func(c *Column) bool {
			return c.Meaning == Meaning{Consignment, "item"} && c.unique(rows) && rows >= enough && c.length > 4
		},
		func(c *Column) bool {
			guessed := c.Sure <= 0.3 && d.moves() // of moves, what they are of and the time tell more
			return c.Meaning == Meaning{Nobody, ID} && !c.personal() && c.unique(rows) && (rows >= enough || c.Sure > 0) && !guessed
		},
		func(c *Column) bool { // of what stands around the rows of a tree
			return c.Meaning == Meaning{Nobody, ID} && !c.personal() && strings.HasPrefix(c.Name, "../") && c.filled >= min(rows, SampleRows) && c.distinct > 1
		},
	} {
		if i := slices.IndexFunc(d.Columns, func(c Column) bool { return !c.many && fits(&c) }); i >= 0 {
			c := &d.Columns[i]
			c.Meaning = Meaning{Consignment, Number}
			c.say(min(c.Sure, 0.6), "%s", d.numbersToo(c, rows))
			return
		}
	}
}

// only leaves a meaning to the column that is surest of it, the first of several
// or, of those as sure, the one that more rows fill; the others become fields.
func (d *Draft) only(m Meaning) {
	var best *Column
	for i := range d.Columns {
		if c := &d.Columns[i]; c.Meaning == m && (best == nil || c.Sure > best.Sure+1e-9 || c.Sure > best.Sure-1e-9 && c.filled > best.filled) {
			best = c
		}
	}
	for i := range d.Columns {
		if c := &d.Columns[i]; c.Meaning == m && c != best {
			c.Meaning = Meaning{Consignment, None}
			c.Why = append(c.Why, best.Name+" says it")
		}
	}
}

// weak gives columns of a party that a weak word named, such as the supplier, to
// another role where a stronger word names that party.
func (d *Draft) weak(role, other Subject) {
	strong := slices.ContainsFunc(d.Columns, func(c Column) bool { return c.Subject == role && c.Property == Name && c.Sure > weakName+0.1 })
	named := func(c Column) bool {
		return c.Subject == role && (c.Property == Name || c.Property == ID) && speaksWeakly(c.Name)
	}
	if !strong || !slices.ContainsFunc(d.Columns, named) {
		return // what the weak word says alone, such as an address, is said of that party
	}
	for i := range d.Columns {
		if c := &d.Columns[i]; c.Subject == role && speaksWeakly(c.Name) {
			c.Subject = other
		}
	}
}

func speaksWeakly(name string) bool {
	phrases, _ := parse(split(name))
	subject, _ := leading(phrases, false)
	return subject.weak
}

// nobodys gives names of companies that no word explains the roles that are open. Who is called by words that nobody
// knows, beside those who send and get the goods, may have any role.
func (d *Draft) nobodys() {
	if d.find(Meaning{From, ID}) != nil && d.find(Meaning{To, ID}) != nil {
		return
	}
	named := func(s Subject) bool { return d.find(Meaning{s, Name}) != nil || d.find(Meaning{s, ID}) != nil }
	for _, role := range []Subject{"consignee", "consignor", "notify_party"} {
		i := slices.IndexFunc(d.Columns, func(c Column) bool {
			return c.Meaning == Meaning{Nobody, Name} && c.legal >= mostly/2 && !c.whole && (role != "notify_party" || !strings.ContainsFunc(c.Name, unicode.IsLetter))
		})
		if i < 0 || named(role) || role == "consignee" && named("importer") || role == "consignor" && named("exporter") {
			continue
		}
		d.Columns[i].Subject, d.Columns[i].guessed = role, true
		d.Columns[i].Why = append(d.Columns[i].Why, "which party it is, no word says: see whether it is the "+string(role))
	}
}

// find returns the first column of a meaning, nil if there is none.
func (d *Draft) find(m Meaning) *Column {
	for i := range d.Columns {
		if d.Columns[i].Meaning == m {
			return &d.Columns[i]
		}
	}
	return nil
}

// sailed takes places that a row goes from and to for those of departure and destination.
func (d *Draft) sailed() {
	agent := d.moves() && d.find(Meaning{"forwarder", Name}) == nil
	for i := range d.Columns {
		c := &d.Columns[i]
		if agent && c.Subject == "declarant" {
			c.Subject = "forwarder" // the agent of a ship
		}
		role := map[Subject]Subject{From: "departure", To: "destination"}[c.Subject]
		if role == "" || c.Property != ID || max(c.rules["locode"], c.rules["country"], c.rules["port"], c.rules["country_name"]) < mostly {
			continue
		}
		c.Meaning = Meaning{role, ID}
		c.Why = append(c.Why, "the cells are places")
	}
}

// fields names the columns that are fields: by their property if they are the
// first that has it and every word was understood, else by their own name.
func (d *Draft) fields() {
	taken := map[string]bool{}
	if d.Shape == Consignments && !d.messages {
		if d.value, d.basis = d.valued(); d.value != nil {
			taken["value"] = true
		}
	}
	for i := range d.Columns {
		c := &d.Columns[i]
		if c == d.value {
			c.field = "value"
			continue
		}
		c.field = slug(c.Name, c.Number)
		if d.Shape == Consignments && c.Subject == Consignment && c.whole && c.Property != None && !taken[string(c.Property)] {
			c.field = string(c.Property)
		}
		if name := readByHouse[c.Property]; d.Shape == Links && c.Subject == Consignment && name != "" && !taken[name] {
			c.field = name
		}
		if d.Shape == Consignments && c.Subject == Consignment && measured(c) && c.field == fmt.Sprintf("column_%d", c.Number) && !taken[string(c.Property)] {
			c.field = string(c.Property) // its own name has no letters that a field may have
		}
		if c.Subject == Nobody && c.Property != None && c.Property != ID && c.field == fmt.Sprintf("column_%d", c.Number) && !taken[string(c.Property)] {
			c.field = string(c.Property)
		}
		for n := 2; taken[c.field]; n++ {
			c.field = fmt.Sprintf("%s_%d", slug(c.Name, c.Number), n)
		}
		taken[c.field] = true
	}
}

// measured reports numbers of what they are called, other than values, of which a row may have
// several, and in thousands.
func measured(c *Column) bool {
	_, numbers := c.amount()
	return numbers && isAmount(c.Property) && !slices.Contains([]Property{"value", "fob", "cif", "unit_price"}, c.Property)
}

// readByHouse are the fields of links that the house itself reads.
var readByHouse = map[Property]string{"value": "amount", "currency": "currency", "duration": "duration"}

// slug makes the name of a field from that of a column.
func slug(name string, number int) string {
	var b strings.Builder
	for _, r := range folded(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	text := strings.TrimRight(b.String(), "_")
	switch {
	case text == "" || text == strconv.Itoa(number):
		return fmt.Sprintf("column_%d", number)
	case text[0] <= '9':
		text = "column_" + text
	}
	return text[:min(len(text), 60)]
}

// ruleOf returns the identifier rule that a column of a subject is given, "" if its
// cells do not keep one.
func (c *Column) ruleOf() string {
	if c.person != "" {
		return c.person
	}
	if c.Subject == "commodity" && (c.rules["hs"] >= mostly || c.filled == 0) {
		return "hs"
	}
	for _, name := range confirming[c.Subject] {
		if c.rules[name] >= mostly {
			return name
		}
	}
	if c.Subject == "equipment" {
		return "container"
	}
	if c.Subject.isParty() || c.Subject == Record {
		return c.mostTelling()
	}
	return ""
}

// mostTelling returns the rule that the cells of a number keep and that they least
// would by chance, "" if they well might. Rules for numbers of persons are among
// them: what they find is kept as a keyed hash only.
func (c *Column) mostTelling() string {
	if c.region != "" {
		return c.region
	}
	if named := c.register(); named != "" {
		return named
	}
	best := ident.Rule{Chance: 1}
	for _, r := range ident.Rules() {
		if (r.Checked || r.Personal) && c.rules[r.Name] >= mostly && c.rules[r.Name]+c.broken[r.Name] >= 0.95 && r.Chance < best.Chance {
			best = r
		}
	}
	if !c.beyondChance(&best) {
		return ""
	}
	return best.Name
}

// printed is a character as it may stand in a comment, where names of columns are
// told as they are: YAML takes no control characters. In quotes there are none.
func printed(r rune) rune {
	if r != '\n' && !unicode.IsGraphic(r) {
		return ' '
	}
	return r
}
