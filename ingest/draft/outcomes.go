package draft

import (
	"slices"
	"strings"
)

// found are the words for what someone found when looking, folded.
var found = map[string]string{
	"1": "hit", "y": "hit", "yes": "hit", "true": "hit", "hit": "hit", "positive": "hit", "fraud": "hit", "found": "hit", "si": "hit", "oui": "hit", "是": "hit",
	"not ok": "hit", "fail": "hit", "failed": "hit", "discrepancy": "hit", "irregular": "hit", "irregularity": "hit", "non compliant": "hit", "no conforme": "hit",
	"seizure": "seizure", "seized": "seizure",
	"ok": "clear", "pass": "clear", "passed": "clear", "compliant": "clear", "regular": "clear", "conforme": "clear", "released": "clear",
	"0": "clear", "n": "clear", "no": "clear", "false": "clear", "clear": "clear", "cleared": "clear", "negative": "clear", "none": "clear", "non": "clear", "否": "clear",
}

// results writes what the values of a column of outcomes mean, "" where it is none or
// where no word of it is known. Rows with other words are set aside until a person says
// what they mean.
func (c *Column) results() string {
	if c.Meaning != (Meaning{Consignment, Result}) || len(c.values) == 0 {
		return ""
	}
	var pairs []string
	for _, value := range c.values {
		if word := found[strings.Join(strings.Fields(strings.ReplaceAll(folded(value), "-", " ")), " ")]; word != "" {
			pairs = append(pairs, quoted(value)+": "+word)
		}
	}
	return strings.Join(pairs, ", ")
}

// outcome writes what someone found when looking.
func (p *page) outcome(d *Draft, told []Subject) {
	for i := range d.Columns {
		if c := &d.Columns[i]; c.results() != "" {
			p.line("outcomes: # an empty cell is no outcome: nobody looked")
			p.line("  - subject: shipment\n    result: %s %s", p.value(c, "", "{values: {"+c.results()+"}}"), why(c))
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

// looked reports rows that say what somebody found.
func (d *Draft) looked() bool {
	return slices.ContainsFunc(d.Columns, func(c Column) bool { return c.results() != "" })
}

// seized reports rows of seizures: some column is named by one, and none says of each row
// whether there was any.
func (d *Draft) seized() bool {
	return slices.ContainsFunc(d.Columns, func(c Column) bool {
		return c.results() == "" && c.filled > 0 && seizing(c.Name)
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
