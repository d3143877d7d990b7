package draft

import (
	"cmp"
	"slices"
	"strings"
)

// Words of names of files and columns that speak of watch lists.
var (
	// watching say it alone.
	watching = wordSet("watchlist,sanction,sanctions,sanctioned,debarred,blacklist,blacklisted,sdn,sanciones,sanctionne,制裁,黑名单,黑名單,제재")
	// ofFiles say it where a file is called so.
	ofFiles = wordSet("watch,embargo")
	// either have other meanings too, such as the designation of a post, an application denied, or a
	// watch that is sold: they say it beside a word of whom lists name.
	either = wordSet("watch,designated,designation,denied,embargo,embargoed")
	whom   = wordSet("list,lists,party,parties,person,persons,individual,individuals,entity,entities,national,nationals")
)

// watched writes that whoever a watch list names is listed, which screening looks for. Where nothing says that
// it is such a list, a person takes the sign away.
func (p *page) watched(d *Draft, e *entity) {
	if !e.listable() {
		return
	}
	said, _ := d.watching()
	if said == "" {
		p.line("# outcomes: [{subject: record, result: listed}] # take the first sign away if this is a watch list")
		return
	}
	p.line("outcomes: # %s says that it is a watch list: screening compares with whom it lists\n  - {subject: record, result: listed}", strings.Map(printed, said))
}

// listable reports what watch lists name.
func (e *entity) listable() bool { return e.kind == "party" || e.kind == "vessel" }

// watching finds the name, of the file or of a column, that says that this is a watch list, and the first name of a
// column that may; each "" for none.
func (d *Draft) watching() (said, doubted string) {
	if watches(d.Table, true) {
		said = d.Table
	}
	for i := range d.Columns {
		c := &d.Columns[i]
		switch {
		case watches(c.Name, false) && c.ofAll(d.rows):
			said = cmp.Or(said, c.Name)
		case watches(c.Name, false), slices.ContainsFunc(split(c.Name), func(word string) bool { return either[word] }):
			doubted = cmp.Or(doubted, c.Name)
		}
	}
	return said, doubted
}

// listing are the words of watch lists for whom they list, which say who it is in no other register.
var listing = strings.Split("subject,subjects,entity,entities,target,party,person,individual,company,firm,organisation,organization,listed,designee,who,对象,對象,主体,主體,실체,объект,субъект", ",")

// nameListed takes a column for the names of whom a watch list names, where none is: that which is called
// so, else the first of words that nothing else explains and that look like names of companies.
func (d *Draft) nameListed() {
	said, _ := d.watching()
	if d.Shape != Register || said == "" || d.graph != nil || d.namesRecords() {
		return
	}
	for _, fits := range []func(c *Column) bool{
		func(c *Column) bool { return says(c.Name, listing) },
		func(c *Column) bool { return c.legal >= mostly/2 && c.length <= longName },
	} {
		i := slices.IndexFunc(d.Columns, func(c Column) bool {
			free := c.Meaning == Meaning{} || c.Meaning == Meaning{Consignment, None}
			return free && c.filled > 0 && c.number() < 0 && len(c.dates) == 0 && !c.personal() && c.wordy >= mostly/2 && fits(&c)
		})
		if i >= 0 {
			d.Columns[i].Meaning = Meaning{Nobody, Name}
			d.Columns[i].say(bareName/2, "it is a watch list, and no other column names whom it lists")
			return
		}
	}
}

// namesRecords reports that some column names what the rows of a register are about.
func (d *Draft) namesRecords() bool {
	return slices.ContainsFunc(d.Columns, func(c Column) bool {
		return c.filled > 0 && (c.Property == Name || c.Property == Alias && c.Subject != Consignment) || c.Subject == "vessel" && c.Property == ID
	})
}

// openWatch notes a register that may be a watch list, and a watch list that names nobody.
func (d *Draft) openWatch() {
	if d.record == nil || d.graph != nil || !d.record.listable() {
		return
	}
	said, doubted := d.watching()
	if said != "" && d.rows > 0 && !d.namesRecords() {
		d.open("no column was taken for the names of whom this list names, so that screening compares with nobody by name: give the fact name the column that has them")
	}
	if said == "" && doubted != "" {
		d.open("%s may say that this is a watch list: take the sign before outcomes away if it is one, so that screening compares with whom it lists", doubted)
	}
}

// watches reports whether the name of a file or a column says that whoever stands there is on a watch list.
func watches(name string, file bool) bool {
	words := append(split(name), folded(name))
	has := func(set map[string]bool) bool {
		return slices.ContainsFunc(words, func(word string) bool { return set[word] })
	}
	return has(watching) || file && has(ofFiles) || has(either) && has(whom)
}

// ofAll reports that what a column says holds for all rows: most have something there, and none says no.
// A column of answers, such as sanctioned: yes or no, makes no list of the others.
func (c *Column) ofAll(rows int) bool {
	for _, value := range c.told() {
		if found()[resultText(value)] == "clear" {
			return false
		}
	}
	return 2*c.filled >= rows
}
