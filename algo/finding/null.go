package finding

import (
	"cmp"
	"math"
	"slices"
)

// Null is a way of dealing outcomes anew that leaves no network behind.
type Null uint8

const (
	// ShuffleConsignments deals the hits of each stratum to its inspected consignments at random: nobody is more of an offender than
	// others.
	ShuffleConsignments Null = iota
	// ShuffleImporters deals whole outcome histories to importers that were inspected equally often, in strata with like rates of
	// hits: repeat offenders stay repeat offenders, but whom they deal with no longer matters.
	ShuffleImporters
)

func (n Null) String() string {
	if n == ShuffleImporters {
		return "repeat offenders"
	}
	return "shuffled outcomes"
}

// mix is the finaliser of splitmix64 (Steele, Lea, Flood 2014): every bit of the input moves half of the output's.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// stream is the number that makes one draw of one null its own.
func (n Null) stream(draw uint64) uint64 {
	return mix(draw*0x9e3779b97f4a7c15 + mix(uint64(n)+0x5851f42d4c957f2d))
}

// dealer deals outcomes. It holds scratch space and is used by one goroutine. What it shares between draws depends on the
// trial's own outcomes only.
type dealer struct {
	trial   *Trial
	keys    []uint64 // by place
	names   []uint64 // keys of importers
	classes []class

	ranks  []ranked
	hit    []bool // by place, of the last draw
	places []uint32
}

type ranked struct {
	hash  uint64
	index uint32
}

// class is importers inspected equally often, of one band or more, with those of them that have a hit.
type class struct {
	members   []uint32
	offenders []uint32
}

func newDealer(t *Trial) *dealer {
	d := &dealer{trial: t, hit: make([]bool, len(t.row))}
	for _, i := range t.row {
		d.keys = append(d.keys, t.trade.Consignments.Key[i])
	}
	for _, v := range t.importers {
		d.names = append(d.names, t.trade.Keys[v])
	}
	byLength := make([]uint32, len(t.importers))
	for i := range byLength {
		byLength[i] = uint32(i)
	}
	length := func(i uint32) uint32 { return t.block[i+1] - t.block[i] }
	band := t.outcomes.band
	slices.SortFunc(byLength, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(length(a), length(b)), cmp.Compare(band[a], band[b]), cmp.Compare(a, b))
	})
	for from := 0; from < len(byLength); {
		to := from
		for to < len(byLength) && length(byLength[to]) == length(byLength[from]) {
			to++
		}
		d.classify(byLength[from:to])
		from = to
	}
	return d
}

// classify makes classes of importers inspected equally often, ordered by band: a band is a class; where it has few, together with the
// next ones.
func (d *dealer) classify(equal []uint32) {
	t := d.trial
	for from := 0; from < len(equal); {
		to := from
		for to < len(equal) && (to-from < exchangeable || t.outcomes.band[equal[to]] == t.outcomes.band[equal[to-1]]) {
			to++
		}
		if len(equal)-to < exchangeable {
			to = len(equal)
		}
		c := class{members: equal[from:to]}
		for _, i := range c.members {
			if slices.Contains(t.outcomes.hit[t.block[i]:t.block[i+1]], true) {
				c.offenders = append(c.offenders, i)
			}
		}
		if len(c.offenders) > 0 {
			d.classes = append(d.classes, c)
		}
		from = to
	}
}

// deal returns the places that are hits in one draw, ascending, and leaves them marked in d.hit; valid until the next call.
func (d *dealer) deal(null Null, draw uint64) []uint32 {
	for _, place := range d.places {
		d.hit[place] = false
	}
	d.places = d.places[:0]
	salt := null.stream(draw)
	if null == ShuffleImporters {
		d.dealImporters(salt)
	} else {
		d.dealConsignments(salt)
	}
	for place, hit := range d.hit {
		if hit {
			d.places = append(d.places, uint32(place))
		}
	}
	return d.places
}

// dealConsignments makes the hits of a stratum those of its places whose keys hash lowest, so that the order of rows does not matter and a new
// consignment displaces at most one.
func (d *dealer) dealConsignments(salt uint64) {
	for s, marked := range d.trial.outcomes.marked {
		places := d.trial.within.Of(uint32(s))
		for _, r := range d.first(marked, len(places), func(i int) (uint64, uint32) { return d.keys[places[i]], places[i] }, salt) {
			d.hit[r.index] = true
		}
	}
}

// dealImporters gives the history of the k-th offender of a class to the importer of the class whose key hashes k-th lowest. The
// places of a history are told in the order of consignment keys, which says nothing about whom a consignment was bought from.
func (d *dealer) dealImporters(salt uint64) {
	t := d.trial
	for _, c := range d.classes {
		takers := d.first(len(c.offenders), len(c.members), func(i int) (uint64, uint32) { return d.names[c.members[i]], c.members[i] }, salt)
		slices.SortFunc(takers, ranked.compare)
		for k, giver := range c.offenders {
			first, start := t.block[giver], t.block[takers[k].index]
			for offset, hit := range t.outcomes.hit[first:t.block[giver+1]] {
				if hit {
					d.hit[start+uint32(offset)] = true
				}
			}
		}
	}
}

// first returns, in no particular order, the k of n whose keys hash lowest. Hashes are even over all numbers, so most are passed
// over at a glance: those above where the k-th must lie but for an accident, after which everyone is looked at.
func (d *dealer) first(k, n int, of func(i int) (key uint64, index uint32), salt uint64) []ranked {
	likely := (float64(k) + 8*math.Sqrt(float64(k)) + 8) / float64(n)
	for cut := uint64(min(likely, 1) * (1 << 63)); ; cut = 1 << 63 {
		d.ranks = d.ranks[:0]
		for i := range n {
			key, index := of(i)
			if hash := mix(key ^ salt); hash>>1 <= cut {
				d.ranks = append(d.ranks, ranked{hash, index})
			}
		}
		if len(d.ranks) >= k {
			return lowest(d.ranks, k)
		}
	}
}

func (r ranked) compare(o ranked) int {
	if r == o {
		return 0
	}
	return sign(r.less(o))
}

func (r ranked) less(o ranked) bool {
	return r.hash < o.hash || (r.hash == o.hash && r.index < o.index)
}

// lowest moves the k lowest to the front and returns them in no particular order (Hoare's selection, expected O(n)).
func lowest(list []ranked, k int) []ranked {
	low, high := 0, len(list)
	for high-low > 1 && k > low && k < high {
		pivot := list[low+(high-low)/2]
		left, right := low, high-1
		for left <= right {
			for list[left].less(pivot) {
				left++
			}
			for pivot.less(list[right]) {
				right--
			}
			if left <= right {
				list[left], list[right] = list[right], list[left]
				left++
				right--
			}
		}
		switch {
		case k <= right+1:
			high = right + 1
		case k >= left:
			low = left
		default:
			return list[:k]
		}
	}
	return list[:k]
}
