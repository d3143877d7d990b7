package draft

import "strings"

// columns lists columns.
func (p *page) columns(all []*Column) string {
	var names []string
	for _, c := range all {
		names = append(names, p.column(c))
	}
	return strings.Join(names, ", ")
}

// tellsMoves lists the columns that tell moves apart: the container or the ship, and the time; none
// where rows lack any of them.
func (d *Draft) tellsMoves(table [][]string) []*Column {
	thing := d.find(Meaning{"equipment", ID})
	if thing == nil {
		thing = d.find(Meaning{"vessel", ID})
	}
	if thing == nil {
		thing = d.find(Meaning{"vessel", Name})
	}
	day := d.find(Meaning{Consignment, Date})
	if !d.moves() || thing == nil || day == nil || thing.many {
		return nil
	}
	rows := min(len(table), SampleRows)
	if rows == 0 || thing.filled < rows || day.filled < rows {
		return nil
	}
	columns := []*Column{thing, day}
	if at := d.find(Meaning{Consignment, "time"}); at != nil {
		columns = append(columns, at)
	}
	return columns
}

// moves reports rows that say where ships or containers were, and not whose goods.
func (d *Draft) moves() bool {
	has := func(s Subject) bool { return d.find(Meaning{s, ID}) != nil || d.find(Meaning{s, Name}) != nil }
	return (has("vessel") || has("equipment")) && !has("commodity") && !d.traded() && !d.seized() && !has(Suspect)
}
