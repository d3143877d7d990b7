package draft

import "strings"

// recognise writes by what the mapping knows its files.
func (p *page) recognise(d *Draft) {
	if d.messages {
		p.messages(d)
		return
	}
	if !p.table.Header {
		p.line("recognise: {columns: %d}", len(p.table.Columns))
		return
	}
	var names, always []string
	for i := range d.Columns {
		name := p.column(&d.Columns[i])
		if name[0] != '"' {
			continue
		}
		names = append(names, name)
		if d.Columns[i].filled >= min(len(p.table.Rows), SampleRows) {
			always = append(always, name)
		}
	}
	if len(names) == 0 {
		return
	}
	if p.table.Tree && len(always) > 0 {
		names = always
	}
	p.line("recognise:\n  header: [%s]", strings.Join(names, ", "))
	switch {
	case p.table.Tree && p.table.Record != "":
		p.line("file: {record: %s, sparse: true}", quoted(p.table.Record))
	case p.table.Tree:
		p.line("file: {sparse: true}")
	}
}
