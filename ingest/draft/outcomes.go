package draft

import (
	"maps"
	"slices"
	"strings"
)

// mostResults is how many values a column of outcomes has at most.
const mostResults = 40

// results writes what the values of a column of outcomes mean, "" where it is none or where
// no word of it is known. Rows with other words are set aside until a person says what they
// mean: see unsaid.
func (c *Column) results() string {
	if c.Meaning != (Meaning{Consignment, Result}) || len(c.seen)+len(c.empty) > mostResults {
		return ""
	}
	var pairs []string
	known := 0
	for _, value := range c.told() {
		if word := found()[resultText(value)]; word != "" {
			pairs = append(pairs, quoted(value)+": "+word)
			known += c.seen[value] + c.empty[value]
		}
	}
	if len(c.seen) > fewValues && 2*known < c.filled {
		return "" // free text, in which some word happens to be one
	}
	return strings.Join(pairs, ", ")
}

// told lists what stands in the cells, words for nothing too.
func (c *Column) told() []string {
	return slices.Sorted(maps.Keys(merged(c.seen, c.empty)))
}

func merged(a, b map[string]int) map[string]int {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// resultText is a value as found has it.
func resultText(value string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(plainText(value), "-", " ")), " ")
}

// unsaid lists the values of a column of outcomes of which no word list says what they mean,
// and counts their rows.
func (c *Column) unsaid() (values []string, rows int) {
	for _, value := range slices.Sorted(maps.Keys(c.seen)) {
		if found()[resultText(value)] == "" {
			values = append(values, value)
			rows += c.seen[value]
		}
	}
	return values, rows
}

// openResults notes what a person has to say of outcomes: words that no list has.
func (d *Draft) openResults() {
	for i := range d.Columns {
		c := &d.Columns[i]
		if c.Meaning != (Meaning{Consignment, Result}) || c.filled == 0 || len(c.seen) > mostResults {
			continue
		}
		values, rows := c.unsaid()
		switch known := c.results() != ""; {
		case len(values) == 0:
		case known:
			d.open("%s: no word list has %s (%s of the rows looked at): say hit, seizure or clear of each in the table of values, else these rows are refused",
				c.Name, listed(values), of(rows, c.filled))
		case !seizing(c.Name) && len(c.seen) <= fewValues:
			d.open("%s: its name says that it holds what somebody found, and no word list has any of its values: %s. It is a field; if it holds outcomes, write a table of values under outcomes",
				c.Name, listed(values))
		}
	}
}

// outcome writes what someone found when looking.
func (p *page) outcome(d *Draft, told []Subject) {
	for i := range d.Columns {
		if c := &d.Columns[i]; c.results() != "" {
			p.line("outcomes: # an empty cell is no outcome: nobody looked")
			if values, rows := c.unsaid(); len(values) > 0 {
				p.line("  # open: %s is in no word list (%s of the rows looked at). Add each to the values, as hit, seizure or clear, else its rows are refused.",
					listed(values), of(rows, c.filled))
			}
			p.line("  - subject: shipment\n    result: %s %s", p.result(d, c), why(c))
			return
		}
	}
	accused, result := slices.Contains(told, Suspect), "seizure # the columns speak of seizures"
	switch {
	case d.seized():
	case accused:
		result = "hit # or seizure: somebody is named who broke the law"
	default:
		return
	}
	p.line("outcomes:\n  - subject: shipment\n    result: %s", result)
	if accused {
		p.line("  - subject: %s\n    result: %s", Suspect, result)
	}
}

// result writes the value of an outcome. What stands for an empty cell elsewhere, such as the
// word for nothing, may be an outcome here, so the column has empty texts of its own.
func (p *page) result(d *Draft, c *Column) string {
	then := "{values: {" + c.results() + "}}"
	clash := func(text string) bool { return found()[resultText(text)] != "" }
	if len(c.empty) == 0 && !slices.ContainsFunc(d.nulls(), clash) {
		return p.value(c, "", then)
	}
	var empty []string
	for _, value := range slices.Sorted(maps.Keys(c.empty)) {
		if !clash(value) {
			empty = append(empty, quoted(value))
		}
	}
	if len(empty) == 0 {
		empty = []string{quoted("-")} // an empty list would leave the cells to those of the mapping
	}
	if c.many {
		then = `{split: "\x1F"}, ` + then
	}
	return "{column: " + p.column(c) + ", then: [" + then + "], null: [" + strings.Join(empty, ", ") + "]}"
}

// looked reports rows that say what somebody found.
func (d *Draft) looked() bool {
	return slices.ContainsFunc(d.Columns, func(c Column) bool { return c.results() != "" })
}

// seized reports rows of seizures: some column is named by one, and none says of each row
// whether there was any.
func (d *Draft) seized() bool {
	return slices.ContainsFunc(d.Columns, func(c Column) bool {
		return c.results() == "" && c.filled > 0 && (seizing(c.Name) || c.taken >= mostly)
	})
}

// seizing reports a name with a word for a seizure.
func seizing(name string) bool { return seizes(split(name)) }

// seizes reports words of which one is a word for a seizure.
func seizes(words []string) bool {
	all := " " + strings.Join(words, " ") + " "
	return slices.ContainsFunc(seizures, func(w string) bool { return strings.Contains(all, " "+w+" ") })
}

// seizures are the words for seizures.
var seizures = strings.Split("seizure,seized,detention,detained,confiscation,confiscated,incautacion,incautado,incautada,decomiso,decomisado,decomisada,"+
	"aprehension,apreensao,apreendido,apreendida,saisie,saisi,interception,intercepted,sitaan,penyitaan,penindakan,tangkapan,rampasan,"+
	"tich thu,bat giu,thu giu,查获,查獲,缉获,緝獲,扣押,扣留,检获,檢獲,적발,압수,押収,摘発,изъятие,задержание", ",")
