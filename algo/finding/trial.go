package finding

import (
	"cmp"
	"slices"
)

// Trial is a list of groups and the outcomes of inspections, laid out so that one set of outcomes is judged in the time it
// takes to visit its hits. It is immutable; any number of goroutines may use one.
//
// A consignment counts for a group when both its ends are members. Its margins are all inspected consignments between two
// traders neither of whom is listed, internal to a group or not.
type Trial struct {
	trade  *Trade
	circle *circle
	groups []Group

	// One place per inspected consignment of the margins, ordered by importer, then key.
	row      []uint32 // its place in the trade's columns
	importer []uint32 // index into importers
	holders  Lists    // the groups it is internal to

	importers []uint32 // dense ids, ascending
	block     []uint32 // importer -> its first place; one more at the end

	strata  []Stratum
	stratum []uint32 // place -> index into strata
	within  Lists    // stratum -> its places, ascending

	// One place per group.
	inside    Lists    // its internal inspected consignments, ascending
	inspected []uint32 // distinct importers among these

	outcomes *outcomes
}

// outcomes says which places of a trial's margins are hits.
type outcomes struct {
	hit       []bool
	hits      int
	offenders int   // importers with a hit
	marked    []int // hits by stratum

	band   []uint32 // importer -> band
	bands  []int    // importers by band
	caught []int    // offenders by band
}

// NewTrial lays out candidates against the outcomes of the trade they were drawn from. Cost O(consignments * log) and a search
// per group that a consignment's exporter is in.
func NewTrial(c *Candidates) *Trial {
	trade := c.circle.trade
	t := &Trial{trade: trade, circle: c.circle, groups: c.Groups}
	t.layRows()
	t.stratify()
	t.layGroups()
	hit := make([]bool, len(t.row))
	for place, i := range t.row {
		hit[place] = trade.Consignments.Hit[i]
	}
	t.outcomes = t.tally(hit)
	return t
}

func (t *Trial) layRows() {
	c := &t.trade.Consignments
	for i := range c.Len() {
		if t.trade.counted(i) {
			t.row = append(t.row, uint32(i))
		}
	}
	slices.SortFunc(t.row, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(c.Importer[a], c.Importer[b]), cmp.Compare(c.Key[a], c.Key[b]), cmp.Compare(c.Exporter[a], c.Exporter[b]))
	})
	t.importer = make([]uint32, len(t.row))
	for place, i := range t.row {
		if n := len(t.importers); n == 0 || t.importers[n-1] != c.Importer[i] {
			t.importers = append(t.importers, c.Importer[i])
			t.block = append(t.block, uint32(place))
		}
		t.importer[place] = uint32(len(t.importers) - 1)
	}
	t.block = append(t.block, uint32(len(t.row)))
}

// layGroups finds which groups hold both ends of each inspected consignment.
func (t *Trial) layGroups() {
	member := invert(t.trade.Nodes, len(t.groups), func(g int) []uint32 { return t.groups[g].Members })
	c := &t.trade.Consignments
	t.holders.from = make([]uint32, 1, len(t.row)+1)
	for _, i := range t.row {
		rarer, other := c.Exporter[i], c.Importer[i]
		if len(member.Of(other)) < len(member.Of(rarer)) {
			rarer, other = other, rarer
		}
		for _, g := range member.Of(rarer) {
			if _, in := slices.BinarySearch(t.groups[g].Members, other); in {
				t.holders.item = append(t.holders.item, g)
			}
		}
		t.holders.from = append(t.holders.from, uint32(len(t.holders.item)))
	}
	t.inside = invert(len(t.groups), len(t.row), func(place int) []uint32 { return t.holders.Of(uint32(place)) })
	t.inspected = make([]uint32, len(t.groups))
	for g := range t.groups {
		last := None
		for _, place := range t.inside.Of(uint32(g)) {
			if t.importer[place] != last {
				last = t.importer[place]
				t.inspected[g]++
			}
		}
	}
}

func (t *Trial) tally(hit []bool) *outcomes {
	o := &outcomes{hit: hit, marked: make([]int, len(t.strata))}
	var offenders []uint32
	for place, is := range hit {
		if !is {
			continue
		}
		o.hits++
		o.marked[t.stratum[place]]++
		if importer := t.importer[place]; len(offenders) == 0 || offenders[len(offenders)-1] != importer {
			offenders = append(offenders, importer)
		}
	}
	o.offenders = len(offenders)
	t.band(o)
	o.caught = make([]int, len(o.bands))
	for _, importer := range offenders {
		o.caught[o.band[importer]]++
	}
	return o
}
