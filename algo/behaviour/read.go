package behaviour

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"rummage/algo/view"
	"rummage/graph"
)

// Source is the part of graph.Reader that records are read from.
type Source interface{ graph.Scanner }

// Records are what consignments state, in columns of equal length, by id.
type Records struct {
	Hash []uint64 // of the id, as the view has it
	Day  []graph.Date

	// Price is ln of the value of a kilogram, or of another unit where no mass is stated; Mass is ln of the kilograms. NaN where the
	// document does not say, or speaks of several headings.
	Price, Mass []float64

	// Codes of texts, 0 where there is none: the heading with the unit, the heading with the mode of transport, its first four digits with
	// the unit, currency, country of origin, and the port where the goods left.
	goods, carried, broad, money, origin, left []uint32
}

// progressStep is how many records pass between two calls of progress.
const progressStep = 1 << 14

// Read reads the consignments in scope. progress, if not nil, is called now and then with the records read.
//
// Cost: a scan of consignments with seven of their fields, and 52 bytes for each.
func Read(ctx context.Context, source Source, progress func(done int)) (*Records, error) {
	r := &reading{out: &Records{}}
	want := graph.Want{Properties: []string{}, Fields: []string{
		graph.FieldValue, graph.FieldCurrency, graph.FieldNetMass, graph.FieldGrossMass, graph.FieldQuantity, graph.FieldUnit, graph.FieldMode,
	}}
	for c, err := range source.Consignments(ctx, want) {
		if err != nil {
			return nil, fmt.Errorf("behaviour: read consignments: %w", err)
		}
		r.add(c)
		if n := len(r.out.Day); progress != nil && n%progressStep == 0 {
			progress(n)
		}
	}
	return r.out, nil
}

// reading fills records.
type reading struct {
	out                          *Records
	goods, money, origins, ports codes
	room                         []byte // the text being coded
	heading, country, from, mode string // of the consignment at hand
}

// codes number texts in the order in which they come, from 1.
type codes map[string]uint32

func (k *codes) of(text []byte) uint32 {
	if n, ok := (*k)[string(text)]; ok {
		return n
	}
	if *k == nil {
		*k = codes{}
	}
	n := uint32(len(*k) + 1)
	(*k)[string(text)] = n
	return n
}

func (r *reading) add(c *graph.Consignment) {
	o := r.out
	o.Hash, o.Day = append(o.Hash, view.HashID(c.ID)), append(o.Day, c.Date())
	r.look(c)
	value, mass, unit := amount(c, graph.FieldValue), amount(c, graph.FieldNetMass), "kg"
	if !(mass > 0) {
		mass = amount(c, graph.FieldGrossMass)
	}
	of := mass
	if !(mass > 0) {
		mass, of = math.NaN(), amount(c, graph.FieldQuantity)
		shown, _ := c.Field(graph.FieldUnit)
		unit = shown.Value
	}
	price := math.NaN()
	if value > 0 && of > 0 {
		price = math.Log(value / of)
	}
	if r.heading == "" {
		price, mass = math.NaN(), math.NaN()
	}
	o.Price, o.Mass = append(o.Price, price), append(o.Mass, math.Log(mass))
	currency, _ := c.Field(graph.FieldCurrency)
	o.goods, o.carried = append(o.goods, r.good(r.heading, "", unit)), append(o.carried, r.good(r.heading, "by", r.mode))
	o.broad = append(o.broad, r.good(r.heading[:min(4, len(r.heading))], "of", unit))
	o.money = append(o.money, r.text(&r.money, currency.Value))
	o.origin, o.left = append(o.origin, r.text(&r.origins, r.country)), append(o.left, r.text(&r.ports, r.from))
}

// look notes what the ties of a consignment say.
func (r *reading) look(c *graph.Consignment) {
	r.heading, r.country, r.from = "", "", ""
	several, departed := false, false
	for _, t := range c.Ties() {
		switch t.Role {
		case graph.OfCommodity:
			label := t.Entity.Label()
			label = label[:min(6, len(label))]
			several = several || r.heading != "" && r.heading != label
			r.heading = label
		case graph.OriginCountry:
			r.country = t.Entity.Label()
		case graph.Departure:
			r.from, departed = t.Entity.Label(), true
		case graph.Loading:
			if !departed {
				r.from = t.Entity.Label()
			}
		}
	}
	if several {
		r.heading = ""
	}
	mode, _ := c.Field(graph.FieldMode)
	r.mode = mode.Value
}

func (r *reading) good(heading, how, with string) uint32 {
	if heading == "" {
		return 0
	}
	r.room = append(append(append(append(r.room[:0], heading...), how...), ' '), with...)
	return r.goods.of(r.room)
}

func (r *reading) text(k *codes, text string) uint32 {
	if text == "" {
		return 0
	}
	r.room = append(r.room[:0], text...)
	return k.of(r.room)
}

// amount is a field as a number, NaN where it is none.
func amount(c *graph.Consignment, field string) float64 {
	shown, _ := c.Field(field)
	if shown.Value == "" {
		return math.NaN()
	}
	value, err := strconv.ParseFloat(shown.Value, 64)
	if err != nil {
		return math.NaN()
	}
	return value
}
