package draft

import (
	"slices"
	"strings"
)

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
	at := d.find(Meaning{Consignment, "time"})
	if at != nil {
		columns = append(columns, at)
	}
	if at == nil && !strings.HasSuffix(day.dates[0], "*") { // of one day a container has several events
		for i := range d.Columns {
			if c := &d.Columns[i]; c.filled >= rows && !c.many && (c.Subject.isPlace() || says(c.Name, events)) && c != day {
				columns = append(columns, c)
			}
		}
	}
	return d.apart(columns, table)
}

// events are the words for what happened to a container or a ship, folded.
var events = strings.Split("status,event,events,move,movement,activity,milestone,estado,evento,movimiento,situacao,statut,evenement,mouvement,ereignis,статус,событие,операция,"+
	"状态,狀態,动态,動態,事件,상태,이벤트,ステータス,สถานะ,trang thai,su kien,kejadian,peristiwa", ",")

// furtherColumns is how many columns are added at most to those that tell moves apart.
const furtherColumns = 3

// apart adds to columns those that tell apart the rows which these do not, though they differ; none where no few do.
func (d *Draft) apart(columns []*Column, rows [][]string) []*Column {
	alike := collisions(columns, rows)
	for n := 0; alike > 0; n++ {
		var best *Column
		for i := range d.Columns {
			c := &d.Columns[i]
			if c.many || c.filled < min(len(rows), SampleRows) || slices.Contains(columns, c) || c.person != "" {
				continue
			}
			if left := collisions(append(columns[:len(columns):len(columns)], c), rows); left < alike {
				alike, best = left, c
			}
		}
		if best == nil || n == furtherColumns {
			return nil
		}
		columns = append(columns, best)
	}
	return columns
}

// moves reports rows that say where ships or containers were, and not whose goods.
func (d *Draft) moves() bool {
	has := func(s Subject) bool { return d.find(Meaning{s, ID}) != nil || d.find(Meaning{s, Name}) != nil }
	return (has("vessel") || has("equipment")) && !has("commodity") && !d.traded() && !d.seized() && !has(Suspect)
}
