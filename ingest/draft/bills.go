package draft

import (
	"slices"
	"strings"
)

// housed leaves the number of the consignment to the house bill, where there is one: the
// master bill is that of all houses that it covers.
func (d *Draft) housed(rows [][]string) {
	if d.find(Meaning{Consignment, Number}) != nil {
		return
	}
	var house *Column
	for i := range d.Columns {
		if c := &d.Columns[i]; c.Meaning == (Meaning{Consignment, Document}) && says(c.Name, houses) && c.filled >= min(len(rows), SampleRows)/2 {
			house = c
			break
		}
	}
	if house == nil || house.filled == 0 {
		return
	}
	for i := range d.Columns {
		if c := &d.Columns[i]; c.Meaning == (Meaning{Consignment, Document}) && !says(c.Name, houses) {
			c.Meaning = Meaning{Consignment, masterBill}
			c.Why = append(c.Why, house.Name+" is the bill of each consignment in it")
		}
	}
	master := d.find(Meaning{Consignment, masterBill})
	switch {
	case house.filled >= min(len(rows), SampleRows):
		house.say(house.Sure, "the house bill numbers the consignment")
	case master != nil && oneOf(house, master, rows):
		d.otherwise = master
		house.say(house.Sure, "the house bill numbers the consignment, and the master bill those rows that have none")
	default:
		return
	}
	house.Meaning = Meaning{Consignment, Number}
}

// masterBill is the field of the bill of all houses that it covers.
const masterBill Property = "master_bill"

// oneOf reports rows all of which fill one of two columns.
func oneOf(a, b *Column, rows [][]string) bool {
	return !slices.ContainsFunc(rows[:min(len(rows), SampleRows)], func(row []string) bool {
		return strings.Join(pieces(row, a), "") == "" && strings.Join(pieces(row, b), "") == ""
	})
}

// typed leaves kinds of bills out of their numbers: a column of few words whose name says so.
func (d *Draft) typed() {
	for i := range d.Columns {
		c := &d.Columns[i]
		if (c.Meaning == Meaning{Consignment, Document} || c.Meaning == Meaning{Consignment, Number}) && c.filled > c.distinct && len(c.values) > 0 &&
			says(c.Name, []string{"type", "kind", "indicator", "status", "tipo", "类型", "類型", "구분"}) {
			c.Meaning = Meaning{Consignment, None}
			c.Why = append(c.Why, "the cells are kinds, not numbers")
		}
	}
}

// houses are the words for bills of houses.
var houses = []string{"house", "hbl", "hawb", "hbol", "분", "分"}
