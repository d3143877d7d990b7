package pattern

import (
	"hash/fnv"
	"math"
	"math/bits"
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
	decks   []*deck
}

// deck is the ties of one role, and the records that may change them with each other.
type deck struct {
	role   tieRole
	ties   *ties
	spots  []spot   // of records
	order  []uint32 // place -> record; those of a stratum lie together
	strata []stratum
}

// spot is where a record lies in a deck.
type spot struct{ place, stratum uint32 }

// stratum is records that are alike.
type stratum struct {
	first, size uint32 // places
	half        uint32 // of the permutation, where it is large
}

// tieRole is a role of consignments or of links.
type tieRole struct {
	link bool
	role string
}

const unplaced = math.MaxUint32 // of a record that has no tie of the role

// dealt are the roles whose ties a typology has dealt out anew, as far as records have them.
func (t *Typology) dealt() map[tieRole]bool {
	all := map[tieRole]bool{}
	for _, r := range t.Rewire {
		all[tieRole{r.Role == roleTo, r.Role}] = true
	}
	return all
}

func (r *Records) dealer(t *Typology) *dealer {
	d := &dealer{records: r, id: t.ID}
	for i, rewire := range t.Rewire {
		k := &deck{role: tieRole{rewire.Role == roleTo, rewire.Role}}
		again := func(later Rewire) bool { return later.Role == rewire.Role }
		tab := r.table(k.role.link)
		if k.ties = tab.ties[k.role.role]; k.ties != nil && !slices.ContainsFunc(t.Rewire[i+1:], again) {
			k.sort(tab, rewire.Within)
			d.decks = append(d.decks, k)
		}
	}
	return d
}

// hands makes what one worker deals with.
func (d *dealer) hands() []*hand {
	all := make([]*hand, len(d.decks))
	for i, k := range d.decks {
		all[i] = &hand{deck: k, dealt: make([]uint32, len(k.strata))}
	}
	return all
}

// deal is one draw. It depends on the seed and the number of the draw alone, and costs nothing: who got what is told when it is asked.
func (d *dealer) deal(hands []*hand, seed uint64, draw int) {
	for k, h := range hands {
		h.seed, h.key, h.draw = seed, keyOf(d.id, draw, k), uint32(draw)+1
	}
}

func keyOf(id string, draw, k int) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return h.Sum64() ^ uint64(draw+1)*0x9e3779b97f4a7c15 ^ uint64(k)<<56
}

// sort puts records that have the role together that are alike.
func (k *deck) sort(t *table, within []string) {
	at := map[string]uint32{}
	k.spots = make([]spot, t.len())
	placed := uint32(0)
	var key []byte
	for record := range uint32(t.len()) {
		k.spots[record].place = unplaced
		if len(k.ties.of(record)) == 0 {
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
		s, ok := at[string(key)]
		if !ok {
			s = uint32(len(k.strata))
			at[string(key)] = s
			k.strata = append(k.strata, stratum{})
		}
		k.spots[record] = spot{k.strata[s].size, s}
		k.strata[s].size++
		placed++
	}
	k.order = make([]uint32, placed)
	first := uint32(0)
	for s := range k.strata {
		k.strata[s].first, k.strata[s].half = first, root(k.strata[s].size)
		first += k.strata[s].size
	}
	for record := range k.spots {
		if spot := &k.spots[record]; spot.place != unplaced {
			spot.place += k.strata[spot.stratum].first
			k.order[spot.place] = uint32(record)
		}
	}
}

func month(day graph.Date) uint32 {
	if day == graph.NoDate {
		return 0
	}
	t := day.Time()
	return uint32(t.Year()*12 + int(t.Month()))
}

// hand is a deck as one draw deals it.
//
// A small stratum is shuffled when one of its records is first asked for. A large one is never
// written down: a permutation of it is computed place by place, forwards and backwards, by a
// Feistel network over pairs of numbers, walked until it is back inside (Black and Rogaway 2002,
// Ciphers with arbitrary finite domains; Luby and Rackoff 1988 for why that looks drawn at random).
type hand struct {
	*deck
	seed, key uint64
	draw      uint32

	dealt         []uint32 // small stratum -> the draw that it was last shuffled in
	giver, getter []uint32 // place -> record, in small strata that were shuffled
}

// small is the size up to which a stratum is shuffled as a whole.
const small = 256

// from names the record whose ties this one got.
func (h *hand) from(record uint32) uint32 { return h.other(record, true) }

// to names the record that got the ties of this one.
func (h *hand) to(record uint32) uint32 { return h.other(record, false) }

func (h *hand) other(record uint32, forwards bool) uint32 {
	spot := h.spots[record]
	if spot.place == unplaced {
		return record
	}
	s := &h.strata[spot.stratum]
	switch {
	case s.size == 1:
		return record
	case s.size <= small:
		if h.dealt[spot.stratum] != h.draw {
			h.shuffle(spot.stratum)
		}
		if forwards {
			return h.giver[spot.place]
		}
		return h.getter[spot.place]
	}
	p := permutation{size: s.size, half: s.half, key: h.key + uint64(spot.stratum)*0xd1342543de82ef95, tweak: h.seed}
	if forwards {
		return h.order[s.first+p.at(spot.place-s.first)]
	}
	return h.order[s.first+p.back(spot.place-s.first)]
}

// shuffle deals a small stratum (Fisher and Yates).
func (h *hand) shuffle(at uint32) {
	if h.giver == nil {
		h.giver, h.getter = make([]uint32, len(h.order)), make([]uint32, len(h.order))
	}
	h.dealt[at] = h.draw
	var random rand.PCG
	random.Seed(h.seed, h.key^uint64(at+1)*0xd1342543de82ef95)
	first, size := h.strata[at].first, h.strata[at].size
	giver := h.giver[first : first+size]
	copy(giver, h.order[first:first+size])
	for i := size - 1; i > 0; i-- {
		j, _ := bits.Mul64(random.Uint64(), uint64(i)+1)
		giver[i], giver[j] = giver[j], giver[i]
	}
	for i, from := range giver {
		h.getter[h.spots[from].place] = h.order[first+uint32(i)]
	}
}

// permutation is one of the numbers below size.
type permutation struct {
	size, half uint32 // half times half is size or more
	key, tweak uint64
}

// rounds of the network; four would do for who may only ask forwards (Luby and Rackoff).
const rounds = 8

// root is the least number whose square is n or more.
func root(n uint32) uint32 {
	r := uint32(math.Sqrt(float64(n)))
	for uint64(r)*uint64(r) < uint64(n) {
		r++
	}
	return r
}

// round is a number below half that looks drawn at random for each round and number.
func (p *permutation) round(i, x uint32) uint32 {
	hi, lo := bits.Mul64((uint64(x)<<8|uint64(i))+p.key, p.tweak*2+0x9e3779b97f4a7c15)
	hi, lo = bits.Mul64(hi^lo^p.key, 0xe7037ed1a0b428db)
	at, _ := bits.Mul64(hi^lo, uint64(p.half))
	return uint32(at)
}

func (p *permutation) at(x uint32) uint32 {
	for {
		left, right := x/p.half, x%p.half
		for i := range uint32(rounds) {
			next := left + p.round(i, right)
			if next >= p.half {
				next -= p.half
			}
			left, right = right, next
		}
		if x = left*p.half + right; x < p.size {
			return x
		}
	}
}

func (p *permutation) back(x uint32) uint32 {
	for {
		left, right := x/p.half, x%p.half
		for i := uint32(rounds); i > 0; i-- {
			before := right + p.half - p.round(i-1, left)
			if before >= p.half {
				before -= p.half
			}
			left, right = before, left
		}
		if x = left*p.half + right; x < p.size {
			return x
		}
	}
}
