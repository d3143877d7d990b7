package finding

import "slices"

// Lists is a list of lists behind one another. The zero value has none.
type Lists struct {
	from []uint32
	item []uint32
}

// Of returns the i-th list, which must not be written to.
func (l *Lists) Of(i uint32) []uint32 { return l.item[l.from[i]:l.from[i+1]] }

// invert turns "which keys does item i have" into "which items does key k have", items ascending.
func invert(keys, items int, of func(item int) []uint32) Lists {
	l := Lists{from: make([]uint32, keys+1)}
	for i := range items {
		for _, k := range of(i) {
			l.from[k+1]++
		}
	}
	for k := range keys {
		l.from[k+1] += l.from[k]
	}
	l.item = make([]uint32, l.from[keys])
	next := slices.Clone(l.from[:keys])
	for i := range items {
		for _, k := range of(i) {
			l.item[next[k]] = uint32(i)
			next[k]++
		}
	}
	return l
}
