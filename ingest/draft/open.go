package draft

import (
	"fmt"
	"slices"
	"strings"

	"rummage/ingest/ident"
)

// open notes a point that a person has to decide.
func (d *Draft) open(format string, args ...any) {
	d.Open = append(d.Open, strings.Map(printed, fmt.Sprintf(format, args...)))
}

// mostListed is how many values an open point names.
const mostListed = 8

// listed names values in quotes, the first ones of many.
func listed(values []string) string {
	shown := make([]string, 0, mostListed)
	for _, v := range values[:min(len(values), mostListed)] {
		if cut := []rune(v); len(cut) > longestNothing {
			v = string(cut[:longestNothing]) + "…"
		}
		shown = append(shown, quoted(v))
	}
	text := strings.Join(shown, ", ")
	if more := len(values) - len(shown); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// of writes a count beside what it is part of.
func of(some, all int) string { return fmt.Sprintf("%d of %d", some, all) }

// registers are the rules whose numbers go by a name of their own, folded, which the header states.
var registers = []struct{ word, rule string }{
	{"ruc", "ruc_pe"}, {"rut", "rut_cl"}, {"cuit", "cuit_ar"}, {"cnpj", "cnpj_br"}, {"cpf", "cpf_br"}, {"nit", "nit_co"}, {"rfc", "rfc_mx"},
	{"gstin", "gstin_in"}, {"abn", "abn"}, {"acn", "acn"}, {"uen", "uen_sg"}, {"lei", "lei"}, {"gln", "gln"}, {"eori", "eori"}, {"vat", "vat"},
	{"inn", "inn_ru"}, {"инн", "inn_ru"}, {"ubn", "ubn_tw"}, {"統一編號", "ubn_tw"}, {"uscc", "uscc_cn"}, {"统一社会信用代码", "uscc_cn"}, {"brn", "brn_kr"},
	{"사업자등록번호", "brn_kr"}, {"사업자번호", "brn_kr"}, {"mst", "mst_vn"}, {"ma so thue", "mst_vn"}, {"npwp", "npwp_id"}, {"法人番号", "corporate_jp"}, {"uid", "uid_ch"},
	{"imo", "imo_ship"}, {"container", "container"},
}

// register returns the rule that the header names and that the cells have the form of, though
// their check digits may be wrong, "" for none.
func (c *Column) register() string {
	if c.filled == 0 {
		return ""
	}
	name := headed(c.Name)
	for _, r := range registers {
		rule, known := ident.Lookup(r.rule)
		if known && rule.Checked && name.has(r.word) && c.rules[r.rule]+c.broken[r.rule] >= mostly {
			return r.rule
		}
	}
	return ""
}

// openDays notes cells that are no days: their rows are refused where the day is that of the
// record, and can be mended.
func (d *Draft) openDays() {
	for i := range d.Columns {
		c := &d.Columns[i]
		if c.ofDays() && c.undecided() {
			d.open("%s: nothing says whether the day or the month stands first in its days, and the draft takes the day where it reads them: look which it is, or name the country, whose way counts, by --region", c.Name)
		}
		if len(c.further) > 0 && c.isDay() {
			d.open("%s: the days are written in several ways, %s: look whether day and month stand in the same order in all of them", c.Name, c.written())
		}
		if c.undated > 0 && c.Meaning == (Meaning{Consignment, Date}) {
			d.open("%s: %s are no days written %s: if it is the day of the record, these rows are refused, and can be mended", c.Name, of(c.undated, c.filled), c.written())
		}
	}
}

// openNumbers notes numbers whose check digits are wrong: they are kept and marked where the
// register is known, and are numbers of this file alone where it is not.
func (d *Draft) openNumbers() {
	for i := range d.Columns {
		c := &d.Columns[i]
		numbers := c.Subject.isParty() || c.Subject == Record || c.Subject == "vessel" || c.Subject == "equipment"
		if c.Property != ID || c.filled == 0 || !numbers {
			continue
		}
		if rule := c.ruleOf(); rule != "" {
			if broken := int(c.broken[rule]*float64(c.filled) + 0.5); broken > 0 {
				d.open("%s: %s break the check digit of the rule %s: they are kept as they stand and marked check_digit", c.Name, of(broken, c.filled), rule)
			}
			continue
		}
		if rule := c.nearest(); rule != "" {
			good := int(c.rules[rule]*float64(c.filled) + 0.5)
			d.open("%s: only %s keep the rule %s, so they are taken for numbers of this file alone: give the id rule and namespace if they are of that register",
				c.Name, of(good, c.filled), rule)
		}
	}
}

// nearest is the rule of a register that more cells keep than chance would have, though too
// few to take it, "" for none.
func (c *Column) nearest() string {
	best, most := "", 0.0
	for _, r := range ident.Rules() {
		share := c.rules[r.Name]
		if r.Checked && !r.Personal && share > most && share >= 0.3 && share > 3*r.Chance && share+c.broken[r.Name] >= mostly && c.distinct >= enough {
			best, most = r.Name, share
		}
	}
	return best
}

// openRows notes consignments that nothing numbers: their rows count again when they are sent
// again.
func (d *Draft) openRows() {
	if d.Shape != Consignments || d.messages || d.rows == 0 || d.told != nil || d.find(Meaning{Consignment, Number}) != nil {
		return
	}
	if all := d.differing(); len(all) > 0 {
		d.open("no word says which column numbers the rows, so each is a consignment of its own, and counts twice where it is sent twice; in %s no two rows have the same: if it numbers them, write number: COLUMN in place of {row: file}", listed(all))
		return
	}
	d.open("no column numbers the rows, so each is a consignment of its own, and counts twice where it is sent twice: if columns do together, write number: {columns: [A, B]} in place of {row: file}")
}

// differing are the columns that differ from row to row, and may number them.
func (d *Draft) differing() (all []string) {
	for i := range d.Columns {
		c := &d.Columns[i]
		if c.unique(d.rows) && !c.many && !c.personal() && len(c.dates) == 0 && !c.counts && c.points == 0 && (c.Meaning == Meaning{} || c.Meaning == Meaning{Nobody, ID} || c.Meaning == Meaning{Consignment, None}) {
			all = append(all, c.Name)
		}
	}
	return all
}

// openNames notes things that only their names tell apart, where several rows have one name.
func (d *Draft) openNames() {
	if d.record == nil || d.record.id.Property != Name || d.record.id.distinct >= d.record.id.filled {
		return
	}
	c := d.record.id
	d.open("%s: %s rows have a name that another has, and all rows of a name are taken for one: give the id a column that tells them apart", c.Name, of(c.filled-c.distinct, c.filled))
}

// openNodes notes nodes that are kept apart by their file.
func (d *Draft) openNodes() {
	if d.filed && (d.Shape == Links || d.Shape == Register) {
		d.open("the numbers of nodes mean nothing outside their file, so that nodes of two files are kept apart: if all files number them alike, take within: file away in both drafts")
	}
}

// points are the open points of a draft, those that lose rows first.
func (d *Draft) points(table *Table) {
	d.openDays()
	d.openResults()
	d.openNumbers()
	d.openPersons()
	d.openRows()
	d.openRepeats(table)
	d.openNames()
	d.openNodes()
	d.openRoles()
	d.openUnsaid()
	d.openForwarders()
	d.openStrangers()
	d.openWatch()
	d.Open = slices.Compact(d.Open)
}
