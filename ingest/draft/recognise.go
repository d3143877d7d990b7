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
		p.written("")
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
		p.written("")
		return
	}
	if p.table.Tree && len(always) > 0 {
		names = always
	}
	p.line("recognise:\n  header: [%s]", strings.Join(names, ", "))
	if p.table.Tree {
		p.written("sparse: true")
	} else {
		p.written("")
	}
}

// written writes how the file is written, as far as a person had to say it.
func (p *page) written(more string) {
	var parts []string
	for _, w := range []struct{ key, value string }{
		{"record", p.table.Record}, {"encoding", p.table.Encoding}, {"delimiter", p.table.Delimiter}, {"quote", p.table.Quote}, {"widths", p.table.Widths},
	} {
		if w.value != "" {
			parts = append(parts, w.key+": "+quoted(w.value))
		}
	}
	if more != "" {
		parts = append(parts, more)
	}
	if len(parts) > 0 {
		p.line("file: {%s}", strings.Join(parts, ", "))
	}
}
