package main

import (
	"fmt"
	"strings"

	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
	"rummage/resolve"
)

// screenAnswer is what rummage screen says.
type screenAnswer struct {
	List     int         `json:"list"`
	Stated   listStated  `json:"stated"` // by the list: what is compared
	Rows     int         `json:"rows"`
	Unread   int         `json:"unread"`
	Screened int         `json:"screened"`
	Matched  int         `json:"matched"`  // of these, the ones with a hit
	Hits     int         `json:"hits"`     // pairs: a party may be several of the list
	Judged   int         `json:"judged"`   // hits that somebody judged to be somebody else, or could not tell
	Columns  []string    `json:"columns"`  // of the file that were compared, where no mapping knew it
	Mappings []string    `json:"mappings"` // that the file was read by
	Number   *numberRow  `json:"number"`   // that --name was taken for; null for a name
	Secrets  string      `json:"secrets"`  // whether identity numbers were looked up; "" where no list has any
	Matches  []screenRow `json:"matches"`
	Nearest  *screenRow  `json:"nearest"` // of one party that has no match: whom it would be but for what speaks against it
}

// listStated counts those of a list of whom it states something that is compared, and the numbers that are looked up.
type listStated struct {
	Names     int `json:"names"`
	Addresses int `json:"addresses"`
	Countries int `json:"countries"`
	Born      int `json:"born"`
	Phones    int `json:"phones"`
	Emails    int `json:"emails"`
	Numbers   int `json:"numbers"`
}

// add counts one of the list.
func (l *listStated) add(p *resolve.Party) {
	for _, one := range []struct {
		count *int
		texts []string
	}{{&l.Names, p.Names}, {&l.Addresses, p.Addresses}, {&l.Countries, p.Countries}, {&l.Born, p.Born}, {&l.Phones, p.Phones}, {&l.Emails, p.Emails}} {
		if len(one.texts) > 0 {
			*one.count++
		}
	}
}

// text says what is compared, in words.
func (l *listStated) text() string {
	return fmt.Sprintf("compared of the list: name of %s, address of %s, country of %s, birth of %s, phone of %s, mailbox of %s, and %s numbers; what else it says is not",
		output.Count(l.Names), output.Count(l.Addresses), output.Count(l.Countries), output.Count(l.Born), output.Count(l.Phones), output.Count(l.Emails), output.Count(l.Numbers))
}

// numberRow is what a text was taken for besides a name.
type numberRow struct {
	Text   string   `json:"text"`
	Number string   `json:"number"`
	Kinds  []string `json:"kinds"` // that it may be; empty for any
	Wrong  string   `json:"wrong"` // why it can be none, "" for a sound one
}

// screenRow is a party that may be one of the list.
type screenRow struct {
	Row       int64        `json:"row"`
	Role      string       `json:"role"`
	Name      string       `json:"name"`
	Score     output.Score `json:"score"`
	ID        graph.ID     `json:"id"`
	Listed    string       `json:"listed"`
	Reasons   []pairReason `json:"reasons"`
	Conflicts []string     `json:"conflicts"`
	Against   []string     `json:"against"`
	Judged    []judgedRow  `json:"judged"`
}

// Print lists the matches in the order of rows.
func (a screenAnswer) Print(page *output.Page) {
	grid := output.NewGrid("row>", "role", "name", "score>", "may be", "listed as", "for", "against", "judged")
	for _, m := range a.Matches {
		said := make([]string, len(m.Judged))
		for i := range m.Judged {
			said[i] = m.Judged[i].text()
		}
		grid.Add(fmt.Sprint(m.Row), m.Role, m.Name, short(m.Score), string(m.ID), m.Listed, speaksFor(m.Reasons), strings.Join(m.Against, "; "), strings.Join(said, "; "))
	}
	page.Rows(grid)
	if n := a.Number; n != nil {
		page.Say("%s", n.text())
	}
	if a.Secrets != "" {
		page.Say("%s", a.Secrets)
	}
	pairs := ""
	if a.Hits != a.Matched {
		pairs = ", in " + output.Count(a.Hits) + " pairs"
	}
	page.Say("%s of %s parties may be among the %s listed%s; %s rows", output.Count(a.Matched), output.Count(a.Screened), output.Count(a.List), pairs, output.Count(a.Rows))
	page.Say("%s", a.Stated.text())
	if n := a.Nearest; n != nil {
		page.Say("but for what speaks against it: %s %s, score %s; for: %s; against: %s", n.ID, n.Listed, short(n.Score), speaksFor(n.Reasons),
			strings.Join(n.Against, "; "))
	}
	if len(a.Mappings) > 0 {
		page.Say("read by the mapping %s: each party once, with the first row that names it", strings.Join(a.Mappings, ", "))
	}
	if len(a.Columns) > 0 {
		page.Say("compared: %s; what stands in other columns was not", strings.Join(a.Columns, ", "))
	}
	if a.Judged > 0 {
		page.Say("%s of these look no less like a party that was judged not to be the listed one, or that could not be told from it", output.Count(a.Judged))
	}
	if a.Unread > 0 {
		page.Say("%s rows could not be read and were not screened", output.Count(a.Unread))
	}
	if a.Hits > len(a.Matches) {
		page.Say("... and %s more; --limit 0 lists all", output.Count(a.Hits-len(a.Matches)))
	}
}
