package pattern

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"

	"rummage/graph"
)

// A dealer deals ties out anew that a motif rests on: those of a role, among records that are
// alike in what the typology names. So every record keeps its day, its goods and its numbers,
// every node stands in the role as often as before and in the same months, and who meets whom
// is left to chance.
type dealer struct {
	records *Records
	id      string
	decks   []deck
}

// deck is the ties of one role, and the records that may change them with each other.
type deck struct {
	role   string
	link   bool
	ties   *ties
	strata [][]uint32
}

func (r *Records) dealer(t *Typology) *dealer {
	d := &dealer{records: r, id: t.ID}
	for _, rewire := range t.Rewire {
		k := deck{role: rewire.Role, link: rewire.Role == roleTo}
		tab := (&board{Records: r}).table(k.link)
		if k.ties = tab.ties[k.role]; k.ties != nil {
			k.strata = r.strata(tab, rewire.Within, k.ties)
			d.decks = append(d.decks, k)
		}
	}
	return d
}

// deal is one draw. It depends on the seed and the number of the draw alone.
func (d *dealer) deal(seed uint64, draw int) *board {
	b := &board{Records: d.records, dealt: map[bool]map[string]*ties{false: {}, true: {}}}
	for k := range d.decks {
		deck := &d.decks[k]
		random := rand.New(rand.NewPCG(seed, keyOf(d.id, draw, k)))
		b.dealt[deck.link][deck.role] = deal(deck.ties, deck.strata, random, len(d.records.names))
	}
	return b
}

func keyOf(id string, draw, k int) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return h.Sum64() ^ uint64(draw+1)*0x9e3779b97f4a7c15 ^ uint64(k)<<56
}

// strata puts records that have the role into lists of such that are alike.
func (r *Records) strata(t *table, within []string, role *ties) [][]uint32 {
	at := map[string]int{}
	var all [][]uint32
	var key []byte
	for record := range uint32(t.len()) {
		if len(role.of(record)) == 0 {
			continue
		}
		key = key[:0]
		for _, name := range within {
			value := uint32(0)
			if name == "month" {
				value = month(t.days[record])
			} else if ties := t.ties[name]; ties != nil && len(ties.of(record)) > 0 {
				value = ties.of(record)[0] + 1
			}
			key = append(key, byte(value), byte(value>>8), byte(value>>16), byte(value>>24))
		}
		k, ok := at[string(key)]
		if !ok {
			k = len(all)
			at[string(key)] = k
			all = append(all, nil)
		}
		all[k] = append(all[k], record)
	}
	return all
}

func month(day graph.Date) uint32 {
	if day == graph.NoDate {
		return 0
	}
	t := day.Time()
	return uint32(t.Year()*12 + int(t.Month()))
}

// deal gives each record the nodes of another of its stratum.
func deal(from *ties, strata [][]uint32, random *rand.Rand, nodes int) *ties {
	source := make([]uint32, len(from.start)-1)
	for i := range source {
		source[i] = uint32(i)
	}
	for _, stratum := range strata {
		dealt := slices.Clone(stratum)
		random.Shuffle(len(dealt), func(i, j int) { dealt[i], dealt[j] = dealt[j], dealt[i] })
		for i, record := range stratum {
			source[record] = dealt[i]
		}
	}
	to := &ties{start: make([]uint32, 1, len(from.start)), nodes: make([]uint32, 0, len(from.nodes))}
	for _, record := range source {
		to.nodes = append(to.nodes, from.of(record)...)
		to.start = append(to.start, uint32(len(to.nodes)))
	}
	to.index(nodes)
	return to
}
